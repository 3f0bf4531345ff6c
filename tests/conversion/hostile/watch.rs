//! What one case takes, and what it breaks.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Mutex, Once};
use std::time::{Duration, Instant};

/// Far more than any case needs in a build without optimisation on a machine that does other things, far less than endless.
const TIME: Duration = Duration::from_secs(30);
/// What is told as slow where cases are watched.
const SLOW: Duration = Duration::from_millis(1_500);
/// What a case may take of the memory, where it is watched.
const MEMORY: u64 = 400 << 20;

thread_local! {
    static IN_CASE: Cell<bool> = const { Cell::new(false) };
}

/// Where our own code panicked, or what broke out.
static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Panics of a case are gathered with their place; all others go where they went.
fn gather_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !IN_CASE.get() {
                return before(panic);
            }
            let place = panic.location().map_or_else(String::new, |at| format!("{}:{}", at.file(), at.line()));
            PANICS.lock().unwrap().push(format!("{place}: {}", panic.payload_as_str().unwrap_or("no message")));
        }));
    });
}

pub(super) struct Watch {
    log: Option<PathBuf>,
    findings: Vec<String>,
    /// Panics of other people's decoders, which became errors: how many by place.
    contained: BTreeMap<String, u64>,
    cases: u64,
}

impl Watch {
    pub(super) fn new() -> Self {
        gather_panics();
        let log = std::env::var_os("SEEKTELL_HOSTILE_LOG").map(PathBuf::from);
        Self { log, findings: Vec::new(), contained: BTreeMap::new(), cases: 0 }
    }

    pub(super) fn case(&mut self, name: &str, bytes: &[u8], work: impl FnOnce()) {
        self.cases += 1;
        if let Some(log) = &self.log {
            std::fs::write(log, name).unwrap();
            std::fs::write(log.with_extension("bytes"), bytes).unwrap();
        }
        let before = self.log.is_some().then(reset_peak).flatten();
        let begun = Spent::now();
        IN_CASE.set(true);
        let ended = catch_unwind(AssertUnwindSafe(work));
        IN_CASE.set(false);
        let took = begun.since();
        let panics = std::mem::take(&mut *PANICS.lock().unwrap());
        let mut wrong = Vec::new();
        if let Err(panic) = ended {
            let said = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|&text| text.into()));
            wrong.push(format!("broke out: {} ({panics:?})", said.unwrap_or_default()));
        }
        for panic in panics {
            if panic.starts_with("src/") {
                wrong.push(format!("our own code panicked: {panic}"));
            } else {
                *self.contained.entry(panic).or_default() += 1;
            }
        }
        if took > if self.log.is_some() { SLOW } else { TIME } {
            wrong.push(format!("took {} ms", took.as_millis()));
        }
        if let (Some(before), Some(peak)) = (before, status("VmHWM")) {
            let grew = peak.saturating_sub(before);
            if grew > MEMORY {
                wrong.push(format!("took {} MiB", grew >> 20));
            }
        }
        for what in wrong {
            if let Some(log) = &self.log {
                let number = self.findings.len();
                println!("{name}: {what}");
                std::fs::write(log.with_extension(format!("found-{}-{number}", std::process::id())), bytes).unwrap();
            }
            self.findings.push(format!("{name}: {what}"));
        }
    }

    pub(super) fn judge(self) {
        if self.log.is_some() {
            println!("{} cases; panics of decoders that became errors: {:#?}", self.cases, self.contained);
        }
        let shown = self.findings.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
        assert!(self.findings.is_empty(), "{} of {} cases:\n{shown}", self.findings.len(), self.cases);
    }
}

/// The time that this thread worked, where the system tells, so that a busy machine makes nothing slow; else the clock's.
struct Spent {
    worked: Option<u64>,
    clock: Instant,
}

impl Spent {
    fn now() -> Self {
        Self { worked: worked(), clock: Instant::now() }
    }

    fn since(&self) -> Duration {
        let worked = worked().zip(self.worked).map(|(now, then)| Duration::from_nanos(now.saturating_sub(then)));
        worked.unwrap_or_else(|| self.clock.elapsed())
    }
}

fn worked() -> Option<u64> {
    std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse().ok()
}

/// Forgets the most that was taken so far; what is taken now, in bytes.
fn reset_peak() -> Option<u64> {
    std::fs::write("/proc/self/clear_refs", "5").ok()?;
    status("VmRSS")
}

fn status(name: &str) -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes << 10)
}
