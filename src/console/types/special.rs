//! Methods with two underscores on each side, called by name: each is an operator or a built-in function.

use crate::console::call::Args;
use crate::console::class::{self, Class};
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

use super::classes::{self, class_of};
use super::{Binary, Comparison, Unary};

/// What every object has.
const COMMON: &[&str] = &[
    "__eq__",
    "__format__",
    "__ge__",
    "__gt__",
    "__hash__",
    "__le__",
    "__lt__",
    "__ne__",
    "__repr__",
    "__str__",
    "__getattribute__",
    "__setattr__",
    "__delattr__",
    "__dir__",
    "__sizeof__",
    "__init__",
];

const CONTAINER: &[&str] = &["__contains__", "__iter__", "__len__"];
const INDEXED: &[&str] = &["__getitem__"];
const MUTABLE: &[&str] = &["__delitem__", "__setitem__"];
const SEQUENCE: &[&str] = &["__add__", "__mul__", "__rmul__"];
const NUMBER: &[&str] = &[
    "__abs__",
    "__add__",
    "__bool__",
    "__divmod__",
    "__float__",
    "__floordiv__",
    "__int__",
    "__mod__",
    "__mul__",
    "__neg__",
    "__pos__",
    "__pow__",
    "__radd__",
    "__rmul__",
    "__round__",
    "__rsub__",
    "__rtruediv__",
    "__sub__",
    "__truediv__",
    "__trunc__",
    "__ceil__",
    "__floor__",
];
const INTEGER: &[&str] = &["__and__", "__index__", "__invert__", "__lshift__", "__or__", "__rshift__", "__xor__"];
const SET: &[&str] = &["__and__", "__or__", "__sub__", "__xor__"];
const ITERATOR: &[&str] = &["__iter__", "__next__"];

/// The groups of special methods that a class has beyond the common ones.
fn groups(class: Class) -> &'static [&'static [&'static str]] {
    if class.is_subclass_of(classes::INT) {
        return &[NUMBER, INTEGER];
    }
    match class.0.name {
        "float" => &[NUMBER],
        "str" | "bytes" => &[CONTAINER, INDEXED, SEQUENCE, &["__mod__", "__getnewargs__"]],
        "bytearray" => &[CONTAINER, INDEXED, MUTABLE, SEQUENCE, &["__iadd__", "__imul__", "__mod__", "__alloc__"]],
        "list" => &[CONTAINER, INDEXED, MUTABLE, SEQUENCE, &["__iadd__", "__imul__", "__reversed__"]],
        "tuple" => &[CONTAINER, INDEXED, SEQUENCE],
        "dict" => &[CONTAINER, INDEXED, MUTABLE, &["__or__", "__ior__", "__reversed__"]],
        "set" | "frozenset" => &[CONTAINER, SET],
        "dict_keys" | "dict_items" => &[CONTAINER, SET, &["__reversed__"]],
        "dict_values" => &[&["__iter__", "__len__", "__reversed__"]],
        "range" => &[CONTAINER, INDEXED, &["__reversed__", "__bool__"]],
        "memoryview" => &[&["__len__", "__enter__", "__exit__", "__iter__"], INDEXED, MUTABLE],
        "NoneType" => &[&["__bool__"]],
        "function" | "builtin_function_or_method" | "method" | "type" | "method_descriptor" => &[&["__call__"]],
        name if name.ends_with("iterator")
            || matches!(name, "generator" | "zip" | "map" | "filter" | "enumerate" | "reversed") =>
        {
            &[ITERATOR]
        }
        _ => &[],
    }
}

/// Whether the object has the special method `name`.
pub(super) fn has(object: &Object, name: &str) -> bool {
    if !name.starts_with("__") || matches!(object, Object::Stream(_)) {
        return false;
    }
    if let Object::Native(native) = object
        && native.is_context_manager()
        && matches!(name, "__enter__" | "__exit__")
    {
        return true;
    }
    has_in_class(class_of(object), name)
}

/// Whether objects of the class have the special method `name`.
pub(super) fn has_in_class(class: Class, name: &str) -> bool {
    COMMON.contains(&name) || groups(class).iter().any(|group| group.contains(&name))
}

/// Their names, for `dir`.
pub(super) fn names(object: &Object) -> Vec<String> {
    let class = match object {
        Object::Class(class) => *class,
        other => class_of(other),
    };
    let all = COMMON.iter().chain(groups(class).iter().copied().flatten());
    all.chain(&["__class__", "__doc__"]).map(|name| (*name).to_owned()).collect()
}

fn comparison(name: &str) -> Option<Comparison> {
    Some(match name {
        "__eq__" => Comparison::Eq,
        "__ne__" => Comparison::Ne,
        "__lt__" => Comparison::Lt,
        "__le__" => Comparison::Le,
        "__gt__" => Comparison::Gt,
        "__ge__" => Comparison::Ge,
        _ => return None,
    })
}

fn operator(name: &str) -> Option<Binary> {
    Some(match name {
        "add" => Binary::Add,
        "sub" => Binary::Sub,
        "mul" => Binary::Mul,
        "truediv" => Binary::Div,
        "floordiv" => Binary::FloorDiv,
        "mod" => Binary::Mod,
        "pow" => Binary::Pow,
        "lshift" => Binary::LShift,
        "rshift" => Binary::RShift,
        "and" => Binary::And,
        "or" => Binary::Or,
        "xor" => Binary::Xor,
        _ => return None,
    })
}

/// The arguments of a special method, which say in their own words how many they are.
fn exactly<const N: usize>(args: Args) -> Outcome<[Object; N]> {
    args.no_keywords("wrapper")?;
    <[Object; N]>::try_from(args.positional).map_err(|args| {
        let plural = if N == 1 { "" } else { "s" };
        Raise::type_error(format!("expected {N} argument{plural}, got {}", args.len()))
    })
}

/// `receiver.__name__(*args)`
pub(super) fn call(vm: &Vm, receiver: &Object, name: &str, args: Args) -> Outcome {
    if let Some(comparison) = comparison(name) {
        let [other] = exactly(args)?;
        return match super::compare(vm, comparison, receiver, &other) {
            Err(raise) if raise.is(class::TYPE_ERROR) && !comparison.is_equality() => Ok(Object::NotImplemented),
            outcome => outcome,
        };
    }
    let bare = name.trim_matches('_');
    match name {
        "__len__" => {
            let [] = exactly(args)?;
            super::len(vm, receiver).map(Object::int)
        }
        "__iter__" => {
            let [] = exactly(args)?;
            super::iterate(vm, receiver)
        }
        "__next__" => {
            let [] = exactly(args)?;
            super::next(vm, receiver)?.ok_or_else(Raise::stop_iteration)
        }
        "__contains__" => {
            let [item] = exactly(args)?;
            super::contains(vm, receiver, &item).map(Object::Bool)
        }
        "__getitem__" => {
            let [key] = exactly(args)?;
            super::get_item(vm, receiver, &key)
        }
        "__setitem__" => {
            let [key, value] = exactly(args)?;
            super::set_item(vm, receiver, &key, value).map(|()| Object::None)
        }
        "__delitem__" => {
            let [key] = exactly(args)?;
            super::delete_item(vm, receiver, &key).map(|()| Object::None)
        }
        "__repr__" => {
            let [] = exactly(args)?;
            vm.repr(receiver).map(Object::Str)
        }
        "__str__" => {
            let [] = exactly(args)?;
            vm.str(receiver).map(Object::Str)
        }
        "__hash__" => {
            let [] = exactly(args)?;
            super::hash(vm, receiver).map(Object::Int)
        }
        "__bool__" => {
            let [] = exactly(args)?;
            super::truth(vm, receiver).map(Object::Bool)
        }
        "__format__" => {
            let [spec] = exactly(args)?;
            match spec {
                Object::Str(spec) => vm.format(receiver, &spec).map(Object::Str),
                other => {
                    let kind = super::type_name(&other);
                    Err(Raise::type_error(format!("__format__() argument must be str, not {kind}")))
                }
            }
        }
        "__getattribute__" => {
            let [name] = exactly(args)?;
            super::get_attribute(vm, receiver, &super::arguments::string("__getattribute__", "1", &name)?)
        }
        "__setattr__" => {
            let [name, value] = exactly(args)?;
            let name = super::arguments::string("__setattr__", "1", &name)?;
            super::set_attribute(vm, receiver, &name, value).map(|()| Object::None)
        }
        "__delattr__" => {
            let [name] = exactly(args)?;
            let name = super::arguments::string("__delattr__", "1", &name)?;
            super::delete_attribute(vm, receiver, &name).map(|()| Object::None)
        }
        "__dir__" => {
            let [] = exactly(args)?;
            Ok(Object::list(super::names_of(receiver).into_iter().map(Object::str).collect()))
        }
        "__enter__" | "__exit__" => match receiver {
            Object::View(view) => super::view::call(vm, view, name, args),
            Object::Native(native) => native.call(vm, receiver, name, args),
            other => Err(Raise::no_attribute(&super::type_name(other), name)),
        },
        "__call__" => vm.call(receiver, args),
        "__init__" => Ok(Object::None),
        "__abs__" => super::number::absolute(receiver).ok_or_else(Raise::stop_iteration),
        "__neg__" => super::unary(vm, Unary::Neg, receiver),
        "__pos__" => super::unary(vm, Unary::Pos, receiver),
        "__invert__" => super::unary(vm, Unary::Invert, receiver),
        "__int__" | "__index__" | "__trunc__" => {
            (classes::INT.0.construct).map_or(Ok(Object::None), |int| int(vm, classes::INT, Args::new([receiver.clone()])))
        }
        "__float__" => Ok(super::number::to_float(receiver)?.map_or(Object::None, Object::Float)),
        "__round__" => {
            let mut all = vec![receiver.clone()];
            all.extend(args.positional);
            super::rounding::round(vm, Args::new(all))
        }
        "__ceil__" | "__floor__" => super::rounding::whole(receiver, name == "__ceil__"),
        "__divmod__" => {
            let [other] = exactly(args)?;
            super::rounding::div_mod(vm, receiver, &other)
        }
        "__reversed__" => super::iterators::reversed(vm, classes::REVERSED, Args::new([receiver.clone()])),
        "__sizeof__" => Ok(Object::Int(64)),
        _ => {
            let [other] = exactly(args)?;
            let outcome = if let Some(operator) = operator(bare) {
                super::binary(vm, operator, receiver, &other)
            } else if let Some(operator) = bare.strip_prefix('i').and_then(operator) {
                super::in_place(vm, operator, receiver, &other)
            } else if let Some(operator) = bare.strip_prefix('r').and_then(operator) {
                super::binary(vm, operator, &other, receiver)
            } else {
                Err(Raise::no_attribute(&super::type_name(receiver), name))
            };
            match outcome {
                Err(raise) if raise.is(class::TYPE_ERROR) && super::number::is_number(receiver) => Ok(Object::NotImplemented),
                outcome => outcome,
            }
        }
    }
}
