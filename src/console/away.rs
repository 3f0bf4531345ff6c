//! Long work on plain data, done on a thread of its own so that Stop need not wait for it.

use super::raise::Outcome;
use super::vm::Vm;
use crate::tasks::apart_while;

/// Work on fewer bytes is done at once: it takes less than a person notices.
const LONG: u64 = 4 << 20;

impl Vm {
    /// Does `work`, which takes time in proportion to `bytes`. Where that is long, Stop ends the script without waiting for it: what
    /// was begun goes on for nobody and is dropped. So it must not touch anything that lives on.
    pub(super) fn away<T: Send + 'static>(&self, bytes: u64, work: impl FnOnce() -> T + Send + 'static) -> Outcome<T> {
        if bytes < LONG { Ok(work()) } else { apart_while(&mut || self.look(), work) }
    }
}
