//! A long list that is cheap to clone and never moves its items.

use std::sync::Arc;

/// Items of one segment. Adding one to a list that was cloned copies at most so many.
const SEGMENT: usize = 256;

/// A list that grows at its end. A clone shares everything: what is exported on another thread is such a clone.
#[derive(Clone, Debug)]
pub(super) struct Segments<T> {
    parts: Vec<Arc<Vec<T>>>,
    len: usize,
}

impl<T> Default for Segments<T> {
    fn default() -> Self {
        Self { parts: Vec::new(), len: 0 }
    }
}

impl<T: Clone> Segments<T> {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn get(&self, index: usize) -> Option<&T> {
        self.parts.get(index / SEGMENT)?.get(index % SEGMENT)
    }

    pub(super) fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        Arc::make_mut(self.parts.get_mut(index / SEGMENT)?).get_mut(index % SEGMENT)
    }

    pub(super) fn push(&mut self, item: T) {
        match self.parts.last_mut().filter(|last| last.len() < SEGMENT) {
            Some(last) => Arc::make_mut(last).push(item),
            None => {
                let mut part = Vec::with_capacity(SEGMENT);
                part.push(item);
                self.parts.push(Arc::new(part));
            }
        }
        self.len += 1;
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.parts.iter().flat_map(|part| part.iter())
    }
}
