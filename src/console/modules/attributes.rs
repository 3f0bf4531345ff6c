//! The attributes of an object that takes any.

use std::cell::RefCell;
use std::rc::Rc;

use crate::console::object::{Object, drop_items};

/// Names and values, in the order in which they were set first.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    items: RefCell<Vec<(Rc<str>, Object)>>,
}

impl Attributes {
    pub(super) fn new(items: impl IntoIterator<Item = (&'static str, Object)>) -> Self {
        Self { items: RefCell::new(items.into_iter().map(|(name, value)| (name.into(), value)).collect()) }
    }

    pub(super) fn get(&self, name: &str) -> Option<Object> {
        self.items.borrow().iter().find(|(known, _)| **known == *name).map(|(_, value)| value.clone())
    }

    /// The value; `None` where it was deleted.
    pub(super) fn value(&self, name: &str) -> Object {
        self.get(name).unwrap_or(Object::None)
    }

    pub(super) fn set(&self, name: &str, value: Object) {
        let mut items = self.items.borrow_mut();
        let old = match items.iter_mut().find(|(known, _)| **known == *name) {
            Some((_, old)) => Some(std::mem::replace(old, value)),
            None => {
                items.push((name.into(), value));
                None
            }
        };
        drop(items);
        // A finaliser may look at this very object.
        drop(old);
    }
}

impl Drop for Attributes {
    fn drop(&mut self) {
        drop_items(self.items.get_mut().drain(..).map(|(_, value)| value).collect());
    }
}
