//! Long work on plain data, done on a thread of its own so that Stop need not wait for it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::raise::Outcome;
use super::vm::Vm;

/// Work on fewer bytes is done at once: it takes less than a person notices.
const LONG: u64 = 4 << 20;

/// Between two looks at the Stop flag.
const LOOK: Duration = Duration::from_millis(5);

/// Work that goes on after Stop, at most; it ends by itself, but takes memory until then.
const LEFT_MAX: usize = 4;

static LEFT: AtomicUsize = AtomicUsize::new(0);

impl Vm {
    /// Does `work`, which takes time in proportion to `bytes`. Where that is long, Stop ends the script without waiting for it: what
    /// was begun goes on for nobody and is dropped. So it must not touch anything that lives on.
    pub(super) fn away<T: Send + 'static>(&self, bytes: u64, work: impl FnOnce() -> T + Send + 'static) -> Outcome<T> {
        if bytes < LONG || LEFT.load(Ordering::Relaxed) >= LEFT_MAX {
            return Ok(work());
        }
        let (send, receive) = sync_channel(1);
        // Taken back where there is no thread for it.
        let work = Arc::new(Mutex::new(Some(work)));
        let take = |work: &Mutex<Option<_>>| work.lock().unwrap_or_else(PoisonError::into_inner).take();
        let theirs = Arc::clone(&work);
        let thread = std::thread::Builder::new().name("console-work".to_owned()).spawn(move || {
            if let Some(work) = take(&theirs)
                && send.send(work()).is_err()
            {
                LEFT.fetch_sub(1, Ordering::Relaxed);
            }
        });
        let Ok(thread) = thread else {
            return match take(&work) {
                Some(work) => Ok(work()),
                None => Err(super::raise::Raise::new(super::class::RUNTIME_ERROR, "can't start new thread")),
            };
        };
        loop {
            match receive.recv_timeout(LOOK) {
                Ok(result) => return Ok(result),
                Err(RecvTimeoutError::Timeout) => {
                    if let Err(stopped) = self.look() {
                        LEFT.fetch_add(1, Ordering::Relaxed);
                        return Err(stopped);
                    }
                }
                Err(RecvTimeoutError::Disconnected) => match thread.join() {
                    Err(panic) => std::panic::resume_unwind(panic),
                    Ok(()) => return Err(super::raise::Raise::new(super::class::RUNTIME_ERROR, "the work was lost")),
                },
            }
        }
    }
}
