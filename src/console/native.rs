//! What modules in Rust are made of.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use indexmap::IndexMap;

use super::call::Args;
use super::class::Class;
use super::object::Object;
use super::raise::{Outcome, Raise};
use super::vm::Vm;

/// A function in Rust.
pub struct Builtin {
    /// Its name.
    pub name: &'static str,
    /// Whether it is written in Python in CPython: decides its `repr`.
    pub python: bool,
    /// What it does.
    pub run: fn(&Vm, Args) -> Outcome,
}

impl std::fmt::Debug for Builtin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// A module: names and what they stand for.
#[derive(Debug)]
pub struct Module {
    /// Its name.
    pub name: &'static str,
    /// Its names. Scripts may set some (`sys.stdout`).
    pub names: RefCell<IndexMap<Rc<str>, Object>>,
}

/// An object that a native module makes. State is behind `Cell` and `RefCell`; never hold a borrow while the interpreter is
/// called. Its `Drop` is the finaliser. All methods but the first two have the answer of an object that cannot do it.
pub trait Native: Any + std::fmt::Debug {
    /// Its class.
    fn class(&self) -> Class;

    /// For [`downcast`].
    fn as_any(&self) -> &dyn Any;

    /// `repr`
    fn repr(&self, _vm: &Vm) -> Outcome<String> {
        Ok(format!("<{} object at {:#x}>", self.class().qualified_name(), std::ptr::from_ref(self).cast::<()>() as usize))
    }

    /// `str`; the `repr` unless it says otherwise.
    fn str(&self, vm: &Vm) -> Outcome<String> {
        self.repr(vm)
    }

    /// A call of one of its methods (those its class lists). `this` is the object itself.
    fn call(&self, _vm: &Vm, _this: &Object, method: &str, _args: Args) -> Outcome {
        Err(Raise::no_attribute(self.class().0.name, method))
    }

    /// An attribute that is not a method; `None` where it has no such one.
    fn attribute(&self, _vm: &Vm, _name: &str) -> Outcome<Option<Object>> {
        Ok(None)
    }

    /// `object.name = value`; `false` where that cannot be set.
    fn set_attribute(&self, _vm: &Vm, _name: &str, _value: Object) -> Outcome<bool> {
        Ok(false)
    }

    /// `iter(object)`; `None` where it is not iterable.
    fn iterate(&self, _vm: &Vm, _this: &Object) -> Outcome<Option<Object>> {
        Ok(None)
    }

    /// `next(object)` of an iterator, which returns itself from `iterate`; the inner `None` is the end.
    fn next(&self, _vm: &Vm) -> Outcome<Option<Option<Object>>> {
        Ok(None)
    }

    /// `object[key]`
    fn get_item(&self, _vm: &Vm, _key: &Object) -> Outcome<Option<Object>> {
        Ok(None)
    }

    /// `object[key] = value`; `false` where it does not support that.
    fn set_item(&self, _vm: &Vm, _key: &Object, _value: Object) -> Outcome<bool> {
        Ok(false)
    }

    /// `item in object`; `None`: by iterating.
    fn contains(&self, _vm: &Vm, _item: &Object) -> Outcome<Option<bool>> {
        Ok(None)
    }

    /// `len(object)`
    fn len(&self, _vm: &Vm) -> Outcome<Option<usize>> {
        Ok(None)
    }

    /// `object + other` and so on by operator (`"+"`, `"-"`, `"<"`, `"=="`); `None` is `NotImplemented`.
    fn binary(&self, _vm: &Vm, _operator: &str, _other: &Object, _reflected: bool) -> Outcome<Option<Object>> {
        Ok(None)
    }

    /// `-object`, `+object`, `~object`, `abs(object)` by operator (`"-"`, `"+"`, `"~"`, `"abs"`); `None` where there is no such one.
    fn unary(&self, _vm: &Vm, _operator: &str) -> Outcome<Option<Object>> {
        Ok(None)
    }

    /// `bool(object)`; `None`: by its length, and true without one.
    fn truth(&self) -> Option<bool> {
        None
    }

    /// `format(object, spec)`; `None`: as `str`, and only an empty spec.
    fn format(&self, _vm: &Vm, _spec: &str) -> Outcome<Option<String>> {
        Ok(None)
    }

    /// A number for `hash`; `None`: by identity.
    fn hash(&self) -> Option<u64> {
        None
    }

    /// `with object`: whether it has `__enter__` and `__exit__`, which then come as calls.
    fn is_context_manager(&self) -> bool {
        false
    }

    /// Whether it can be called.
    fn is_callable(&self) -> bool {
        false
    }

    /// `object(...)`; `None` where it cannot be called.
    fn call_object(&self, _vm: &Vm, _args: Args) -> Outcome<Option<Object>> {
        Ok(None)
    }
}

/// The native object of type `T` in `object`.
pub fn downcast<T: Native>(object: &Object) -> Option<&T> {
    match object {
        Object::Native(native) => native.as_any().downcast_ref(),
        _ => None,
    }
}
