//! A way to stop a call that takes long because a value is large.
//!
//! Most calls take a moment; some follow the size of what they work on (all lines of half a gigabyte). Whoever runs calls for a person
//! who may lose patience gives the thread a flag; the long loops of the streams look at it now and then.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Exception, ExceptionKind};

thread_local! {
    static FLAG: RefCell<Option<Arc<AtomicBool>>> = const { RefCell::new(None) };
}

/// From now on a long call on this thread ends with a `RuntimeError` soon after `flag` was set; it may have done a part of its work.
/// `None` takes the flag back.
pub fn interrupt_by(flag: Option<Arc<AtomicBool>>) {
    let _ = FLAG.try_with(|place| *place.borrow_mut() = flag);
}

/// Items between two looks.
pub(super) const LOOK: usize = 4096;

/// What long loops ask every few thousand items.
pub(super) fn check_interrupt() -> Result<(), Exception> {
    let is_set = |flag: &Arc<AtomicBool>| flag.load(Ordering::Relaxed);
    if FLAG.try_with(|place| place.borrow().as_ref().is_some_and(is_set)).unwrap_or(false) {
        return Err(Exception::new(ExceptionKind::Runtime, "the call was interrupted"));
    }
    Ok(())
}
