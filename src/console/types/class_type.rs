//! `type`: calling it, and the attributes of classes.

use crate::console::call::Args;
use crate::console::class::{self, Class};
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

/// `type(object)`
pub(super) fn construct(vm: &Vm, _class: Class, args: Args) -> Outcome {
    match (args.len(), args.keywords.is_empty()) {
        (1, true) => Ok(Object::Class(vm.class_of(&args.positional[0]))),
        (1, false) => Err(Raise::type_error("type() takes no keyword arguments")),
        (3, _) => {
            let wanted = [super::classes::STR, super::classes::TUPLE, super::classes::DICT];
            for (n, (object, class)) in args.positional.iter().zip(wanted).enumerate() {
                if vm.class_of(object) != class {
                    let (n, kind) = (n + 1, vm.type_name(object));
                    let words = format!("type.__new__() argument {n} must be {}, not {kind}", class.0.name);
                    return Err(Raise::type_error(words));
                }
            }
            Err(Raise::type_error("this console makes no classes"))
        }
        _ => Err(Raise::type_error("type() takes 1 or 3 arguments")),
    }
}

/// An attribute that a class has itself: its name, its bases.
pub(super) fn attribute(class: Class, name: &str) -> Option<Object> {
    let classes = |classes: &[Class]| Object::tuple(classes.iter().copied().map(Object::Class).collect());
    Some(match name {
        "__name__" | "__qualname__" => Object::str(class.0.name),
        "__module__" => Object::str(class.0.module),
        "__class__" => Object::Class(super::classes::TYPE),
        "__bases__" => classes(class.0.bases),
        "__base__" => class.0.bases.first().copied().map_or(Object::None, Object::Class),
        "__mro__" => classes(&class.mro()),
        "__doc__" => Object::None,
        _ => return None,
    })
}

/// Whether `class` is, or comes from, one of `classes`: a class, or a tuple of such.
pub(in crate::console) fn is_one_of(vm: &Vm, class: Class, classes: &Object, function: &str) -> Outcome<bool> {
    match classes {
        Object::Class(other) => Ok(class.is_subclass_of(*other)),
        Object::Tuple(tuple) => {
            let _entered = vm.enter()?;
            for classes in &tuple.items {
                if is_one_of(vm, class, classes, function)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        _ => {
            let words = if function == "isinstance" { "a type, a tuple of types" } else { "a class, a tuple of classes" };
            Err(Raise::type_error(format!("{function}() arg 2 must be {words}, or a union")))
        }
    }
}

/// `object()`
pub(in crate::console) fn construct_object(_vm: &Vm, class: Class, args: Args) -> Outcome {
    if !args.is_empty() {
        return Err(Raise::type_error(format!("{}() takes no arguments", class.0.name)));
    }
    Ok(Object::Native(std::rc::Rc::new(Plain)))
}

/// An object of class `object`: nothing but an identity.
#[derive(Debug)]
struct Plain;

impl crate::console::native::Native for Plain {
    fn class(&self) -> Class {
        class::OBJECT
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}
