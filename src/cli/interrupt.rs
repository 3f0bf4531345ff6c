//! Ctrl-C, and whatever else asks a program to end, as a cancel: what was half written is taken away before the end.
//!
//! Only commands that write files ask for it; the others end as every program does. Where the system ignores such a signal for this
//! program (`nohup`), nothing is changed.

use std::process::ExitCode;
use std::sync::OnceLock;
use std::time::Duration;

use crate::tasks::Progress;

/// The exit status of what was interrupted, as shells say it: 128 and the number of the signal of Ctrl-C.
const STATUS: u8 = 130;
/// How long the end may take. What does not listen by then waits for something that may never come.
const PATIENCE: Duration = Duration::from_secs(3);

static ALL: OnceLock<Progress> = OnceLock::new();

/// A handle that is cancelled when somebody interrupts the program. The second time, or when it takes too long, the program ends at once.
pub(super) fn progress() -> Progress {
    ALL.get_or_init(|| {
        let all = Progress::new();
        listen(&all);
        all
    })
    .part(0)
}

/// Cancels `all` at the first signal. Where nobody can listen, the program ends at it as it would.
#[cfg(unix)]
fn listen(all: &Progress) {
    use std::sync::mpsc::sync_channel;

    use signal_hook::consts::signal::{SIGHUP, SIGINT, SIGTERM};

    let all = all.clone();
    let (tell, ready) = sync_channel(1);
    let listen = move || {
        let heard = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| !is_ignored(*signal));
        let Ok(mut signals) = signal_hook::iterator::Signals::new(heard) else { return };
        tell.send(()).ok();
        for _ in signals.forever() {
            if all.is_cancelled() {
                std::process::exit(STATUS.into());
            }
            all.cancel();
            let wait = || {
                std::thread::sleep(PATIENCE);
                std::process::exit(STATUS.into());
            };
            std::thread::Builder::new().name("patience".into()).spawn(wait).ok();
        }
    };
    if std::thread::Builder::new().name("signals".into()).spawn(listen).is_ok() {
        // What is written from here on is taken away; or nobody listens, and the other side is gone.
        ready.recv().ok();
    }
}

#[cfg(not(unix))]
fn listen(_: &Progress) {}

/// Whether whoever started this program said that it shall ignore this signal, where the system tells.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    mask >> (signal - 1) & 1 == 1
}

/// The exit status of a command that failed, where that was because it was interrupted.
pub(super) fn status() -> Option<ExitCode> {
    ALL.get().filter(|all| all.is_cancelled()).map(|_| ExitCode::from(STATUS))
}
