//! A lock that notices when its holder asks for it again.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard};

use super::memory::lock;

/// A value behind a lock. Other threads wait for it; the thread that holds it is told so instead of waiting for itself for ever.
#[derive(Debug, Default)]
pub(super) struct Guarded<T> {
    /// The thread that holds the lock; 0 while nobody does.
    holder: AtomicUsize,
    value: Mutex<T>,
}

thread_local! {
    static THREAD: u8 = const { 0 };
}

/// A number that no other living thread has; not 0.
fn this_thread() -> usize {
    // While a thread ends its number can be gone: what it still does then can only be taken for another thread that ends.
    THREAD.try_with(|place| std::ptr::from_ref(place).addr()).unwrap_or(1)
}

impl<T> Guarded<T> {
    pub(super) fn new(value: T) -> Self {
        Self { holder: AtomicUsize::new(0), value: Mutex::new(value) }
    }

    /// The value; `None` if this thread holds it already.
    #[inline]
    pub(super) fn hold(&self) -> Option<Held<'_, T>> {
        let thread = this_thread();
        // Only this thread itself writes its own number, so what is read here cannot be out of date in the case that matters.
        if self.holder.load(Ordering::Relaxed) == thread {
            return None;
        }
        let value = lock(&self.value);
        self.holder.store(thread, Ordering::Relaxed);
        Some(Held { value, holder: &self.holder })
    }

    /// The value, where nobody else can have it.
    pub(super) fn get_mut(&mut self) -> &mut T {
        self.value.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The value of a [`Guarded`], until it is dropped.
pub(super) struct Held<'a, T> {
    value: MutexGuard<'a, T>,
    holder: &'a AtomicUsize,
}

impl<T> Deref for Held<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Held<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T> Drop for Held<'_, T> {
    #[inline]
    fn drop(&mut self) {
        self.holder.store(0, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_holder_is_told_and_others_wait() {
        let guarded = Guarded::new(1);
        let held = guarded.hold().unwrap();
        assert!(guarded.hold().is_none());
        std::thread::scope(|scope| {
            let other = scope.spawn(|| *guarded.hold().unwrap());
            drop(held);
            assert_eq!(other.join().unwrap(), 1);
        });
        *guarded.hold().unwrap() = 2;
        assert_eq!(*guarded.hold().unwrap(), 2);
    }
}
