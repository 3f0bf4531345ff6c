//! The latest of what a job has so far, for somebody who looks now and then.

use std::sync::{Arc, Mutex, PoisonError};

/// A place for one value, shared by the one who makes better and better ones and the one who shows them. Clones are the same
/// place, and are equal; what was there before is dropped, so it never holds more than one.
#[derive(Debug)]
pub struct Latest<T> {
    place: Arc<Mutex<Option<Arc<T>>>>,
}

impl<T> Latest<T> {
    /// A place with nothing in it.
    pub fn new() -> Self {
        Self { place: Arc::default() }
    }

    /// Puts a value there.
    pub fn put(&self, value: T) {
        let value = Some(Arc::new(value));
        // What was there is dropped without the lock.
        let old = std::mem::replace(&mut *self.place.lock().unwrap_or_else(PoisonError::into_inner), value);
        drop(old);
    }

    /// The value that was put there last.
    pub fn get(&self) -> Option<Arc<T>> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl<T> Default for Latest<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Clone for Latest<T> {
    fn clone(&self) -> Self {
        Self { place: Arc::clone(&self.place) }
    }
}

impl<T> PartialEq for Latest<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.place, &other.place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_value_is_seen_by_every_clone() {
        let place = Latest::new();
        let other = place.clone();
        assert_eq!((other.get(), &other), (None, &place));
        place.put(1);
        place.put(2);
        assert_eq!(other.get(), Some(Arc::new(2)));
        assert_ne!(other, Latest::new());
    }
}
