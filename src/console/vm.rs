//! The interpreter's state, and the operations on values that every part uses.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::call::Args;
use super::class::Class;
use super::native::Module;
use super::object::{Key, Object};
use super::raise::{Outcome, Raise};
use super::{modules, types};
use crate::stream::Text;

/// What a script may use up. Reaching a limit is an exception where Python has one (`MemoryError`, `RecursionError`) and ends the
/// script otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Steps: about one for each expression and each item of a loop.
    pub steps: u64,
    /// Bytes that all values together may take, about.
    pub memory: u64,
    /// Calls of functions within each other.
    pub recursion: u32,
    /// Bytes that a run may print.
    pub output: u64,
}

/// A `def` or a `lambda`.
#[derive(Debug)]
pub struct Function {
    /// Its name.
    pub name: Rc<str>,
}

/// An interpreter: one namespace, its modules, its limits. A clone is another handle to the same one.
#[derive(Clone, Debug)]
pub struct Vm {
    state: Rc<State>,
}

#[derive(Debug)]
struct State {
    limits: Limits,
    steps: Cell<u64>,
    modules: RefCell<Vec<(Rc<str>, Rc<Module>)>>,
}

impl Vm {
    // ---- bounds ----

    /// Counts `count` steps: every loop of native code that follows the size of a value calls it, at least every few thousand
    /// items. Ends the script when Stop was pressed or the limit is reached.
    pub fn step(&self, count: u64) -> Outcome<()> {
        self.state.steps.set(self.state.steps.get() + count);
        Ok(())
    }

    /// Announces `bytes` that a value is about to take: `MemoryError` where that is more than one value or all together may.
    pub fn allocate(&self, bytes: u64) -> Outcome<()> {
        if bytes > self.state.limits.memory {
            return Err(Raise::new(super::class::MEMORY_ERROR, ""));
        }
        Ok(())
    }

    /// Whoever recurses calls it first: `RecursionError` before the stack is used up.
    pub fn enter(&self) -> Outcome<()> {
        unimplemented!()
    }

    // ---- calls ----

    /// `callee(*args)`
    pub fn call(&self, callee: &Object, args: Args) -> Outcome {
        let _ = (callee, args);
        unimplemented!()
    }

    /// `receiver.name(*args)`, without making a bound method.
    pub fn call_method(&self, receiver: &Object, name: &str, args: Args) -> Outcome {
        types::call_method(self, receiver, name, args)
    }

    /// The module, loaded if need be: `ModuleNotFoundError: No module named 'x'`.
    pub fn import(&self, name: &str) -> Outcome<Rc<Module>> {
        if let Some((_, module)) = self.state.modules.borrow().iter().find(|(known, _)| **known == *name) {
            return Ok(Rc::clone(module));
        }
        let module = modules::load(self, name)?;
        self.state.modules.borrow_mut().push((name.into(), Rc::clone(&module)));
        Ok(module)
    }

    // ---- operations on values: all of them are written in `types` ----

    /// `type(object)`
    pub fn class_of(&self, object: &Object) -> Class {
        types::class_of(object)
    }

    /// The name of its type, as messages write it: `int`, `_io.BytesIO`.
    pub fn type_name(&self, object: &Object) -> String {
        types::type_name(object)
    }

    /// `object.name`
    pub fn get_attribute(&self, object: &Object, name: &str) -> Outcome {
        types::get_attribute(self, object, name)
    }

    /// `bool(object)`
    pub fn truth(&self, object: &Object) -> Outcome<bool> {
        types::truth(self, object)
    }

    /// `repr(object)`
    pub fn repr(&self, object: &Object) -> Outcome<Text> {
        types::repr(self, object)
    }

    /// `str(object)`
    pub fn str(&self, object: &Object) -> Outcome<Text> {
        types::str(self, object)
    }

    /// `format(object, spec)`
    pub fn format(&self, object: &Object, spec: &Text) -> Outcome<Text> {
        types::format(self, object, spec)
    }

    /// `a == b`
    pub fn equals(&self, a: &Object, b: &Object) -> Outcome<bool> {
        types::equals(self, a, b)
    }

    /// The value as a key of a `dict` or `set`: `TypeError: unhashable type: 'list'`.
    pub fn key(&self, object: &Object) -> Outcome<Key> {
        types::key(self, object)
    }

    /// `len(object)`
    pub fn len(&self, object: &Object) -> Outcome<u64> {
        types::len(self, object)
    }

    /// `iter(object)`
    pub fn iterate(&self, object: &Object) -> Outcome {
        types::iterate(self, object)
    }

    /// `next(iterator)`; `None` at the end.
    pub fn next(&self, iterator: &Object) -> Outcome<Option<Object>> {
        types::next(self, iterator)
    }

    /// All that iterating gives.
    pub fn collect(&self, object: &Object) -> Outcome<Vec<Object>> {
        let iterator = self.iterate(object)?;
        let mut items = Vec::new();
        while let Some(item) = self.next(&iterator)? {
            self.step(1)?;
            items.push(item);
        }
        Ok(items)
    }
}
