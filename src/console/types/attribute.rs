//! `object.name`, and calls of methods by name.

use std::rc::Rc;

use crate::console::call::Args;
use crate::console::class::{self, Class};
use crate::console::modules::{self, io::classes::data_attributes};
use crate::console::object::{Method, Object};
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

use super::classes::class_of;
use super::{bytearray, bytes, class_type, classes, dict, exception, float, int, special, text, type_name, view};

/// `receiver.name(*args)`
pub(in crate::console) fn call_method(vm: &Vm, receiver: &Object, name: &str, args: Args) -> Outcome {
    match receiver {
        Object::Stream(stream) => return super::stream::call(vm, stream, name, args),
        Object::Module(_) | Object::Class(_) => {
            let function = get_attribute(vm, receiver, name)?;
            return vm.call(&function, args);
        }
        _ => {}
    }
    if has_method(class_of(receiver), name) {
        return call_listed(vm, receiver, name, args);
    }
    if let Object::Native(native) = receiver
        && name.starts_with("__")
        && native.is_context_manager()
        && matches!(name, "__enter__" | "__exit__")
    {
        return native.call(vm, receiver, name, args);
    }
    if special::has(receiver, name) {
        return special::call(vm, receiver, name, args);
    }
    let function = get_attribute(vm, receiver, name)?;
    vm.call(&function, args)
}

/// A method that the class of the receiver lists.
fn call_listed(vm: &Vm, receiver: &Object, name: &str, args: Args) -> Outcome {
    match receiver {
        Object::Str(text) => text::call(vm, text, name, args),
        Object::Bytes(_) => bytes::call(vm, receiver, name, args),
        Object::ByteArray(array) => bytearray::call(vm, receiver, array, name, args),
        Object::View(view) => view::call(vm, view, name, args),
        Object::List(list) => super::list::call(vm, list, name, args),
        Object::Tuple(tuple) => super::tuple::call(vm, tuple, name, args),
        Object::Dict(dict) => dict::call(vm, dict, name, args),
        Object::Set(set) => super::set::call(vm, set, name, args),
        Object::Int(_) | Object::BigInt(_) | Object::Bool(_) => int::call(vm, receiver, name, args),
        Object::Float(n) => float::call(vm, *n, name, args),
        Object::Range(range) => super::range::call(vm, range, name, args),
        Object::Slice(slice) => super::slice::call(vm, slice, name, args),
        Object::Exception(exception) => match own_attribute(exception, name) {
            Some(function) => vm.call(&function, args),
            None => exception::call(vm, exception, name, args),
        },
        Object::Native(native) => native.call(vm, receiver, name, args),
        // Generators are the evaluator's.
        other => Err(no_attribute(other, name)),
    }
}

fn own_attribute(exception: &crate::console::raise::ExceptionObject, name: &str) -> Option<Object> {
    exception.attributes.borrow().iter().find(|(known, _)| **known == *name).map(|(_, value)| value.clone())
}

/// Whether the class or one that it comes from lists the method.
pub(in crate::console) fn has_method(class: Class, name: &str) -> bool {
    class.0.methods.contains(&name) || class.0.bases.iter().any(|base| has_method(*base, name))
}

/// `AttributeError`, which knows the name and the object.
fn no_attribute(object: &Object, name: &str) -> Raise {
    match object {
        Object::Class(class) => {
            let words = format!("type object '{}' has no attribute '{name}'", classes::message_name(*class));
            Raise::new(class::ATTRIBUTE_ERROR, words)
        }
        Object::Module(module) => modules::no_attribute(module, name),
        other => Raise::no_attribute(&type_name(other), name),
    }
}

fn bound(object: &Object, name: &str) -> Object {
    Object::Method(Rc::new(Method { receiver: object.clone(), name: name.into() }))
}

/// `object.name`
pub(in crate::console) fn get_attribute(vm: &Vm, object: &Object, name: &str) -> Outcome {
    match object {
        Object::Stream(stream) => return super::stream::get_attribute(vm, stream, name),
        Object::Module(module) => {
            if let Some(value) = modules::own_attribute(module, name) {
                return Ok(value);
            }
        }
        Object::Class(class) => {
            if let Some(value) = class_attribute(*class, name) {
                return Ok(value);
            }
            if let Some(value) = modules::class_attribute(*class, name) {
                return Ok(value);
            }
        }
        Object::Exception(exception) => {
            if let Some(value) = exception::attribute(exception, name) {
                return Ok(value);
            }
        }
        Object::Native(native) => {
            if let Some(value) = native.attribute(vm, name)? {
                return Ok(value);
            }
        }
        Object::View(view) => {
            if let Some(value) = view::attribute(view, name)? {
                return Ok(value);
            }
        }
        Object::Int(_) | Object::BigInt(_) | Object::Bool(_) => {
            if let Some(value) = int::attribute(object, name) {
                return Ok(value);
            }
        }
        Object::Float(n) => {
            if let Some(value) = float::attribute(*n, name) {
                return Ok(value);
            }
        }
        Object::Range(range) => {
            if let Some(value) = super::range::attribute(range, name) {
                return Ok(value);
            }
        }
        Object::Slice(slice) => {
            if let Some(value) = super::slice::attribute(slice, name) {
                return Ok(value);
            }
        }
        Object::Function(_) | Object::Builtin(_) | Object::Method(_) | Object::ClassMethod(..) => {
            if let Some(value) = super::function::attribute(object, name) {
                return Ok(value);
            }
        }
        _ => {}
    }
    let class = class_of(object);
    if is_of_class(class, name) && !matches!(object, Object::Class(_)) {
        return Ok(Object::ClassMethod(class, name.into()));
    }
    if !matches!(object, Object::Class(_)) && has_method(class, name) || special::has(object, name) {
        return Ok(bound(object, name));
    }
    match name {
        "__class__" => Ok(Object::Class(class)),
        "__doc__" => Ok(Object::None),
        _ => Err(no_attribute(object, name)),
    }
}

/// Whether the method is one of the class itself, which needs no object.
pub(super) fn is_of_class(class: Class, name: &str) -> bool {
    matches!(
        (class.0.name, name),
        ("bytes" | "bytearray" | "float", "fromhex")
            | ("dict", "fromkeys")
            | ("int" | "bool", "from_bytes")
            | ("str" | "bytes" | "bytearray", "maketrans")
    )
}

/// `Class.name`
fn class_attribute(class: Class, name: &str) -> Option<Object> {
    if let Some(value) = class_type::attribute(class, name) {
        return Some(value);
    }
    if let Some(value) = modules::class_attribute(class, name) {
        return Some(value);
    }
    let listed = has_method(class, name) || special::has_in_class(class, name);
    if listed {
        return Some(Object::ClassMethod(class, name.into()));
    }
    (name == "mro").then(|| Object::ClassMethod(class, "mro".into()))
}

/// `object.name = value`
pub(in crate::console) fn set_attribute(vm: &Vm, object: &Object, name: &str, value: Object) -> Outcome<()> {
    if name == "__class__" && !matches!(object, Object::Class(_)) {
        return Err(Raise::type_error(match value {
            Object::Class(_) => "__class__ assignment only supported for mutable types or ModuleType subclasses".to_owned(),
            other => format!("__class__ must be set to a class, not '{}' object", type_name(&other)),
        }));
    }
    match object {
        Object::Stream(stream) => super::stream::set_attribute(vm, stream, name, &value),
        Object::Module(module) => {
            modules::set_attribute(module, name, value);
            Ok(())
        }
        Object::Exception(exception) => exception::set_attribute(vm, exception, name, value),
        Object::Function(function) => function.set_attribute(name, value),
        Object::Native(native) if native.set_attribute(vm, name, value)? => Ok(()),
        other => Err(not_settable(vm, other, name)),
    }
}

/// `del object.name`
pub(in crate::console) fn delete_attribute(vm: &Vm, object: &Object, name: &str) -> Outcome<()> {
    match object {
        Object::Stream(stream) => super::stream::delete_attribute(stream, name),
        Object::Module(module) => modules::delete_attribute(module, name),
        Object::Exception(exception) => exception::delete_attribute(exception, name),
        Object::Function(function) => function.delete_attribute(name),
        other => Err(not_settable(vm, other, name)),
    }
}

/// Why an attribute cannot be set: the class has none like it, a read-only one, or is no place for any.
fn not_settable(vm: &Vm, object: &Object, name: &str) -> Raise {
    let class = class_of(object);
    if let Object::Class(class) = object {
        let words = format!("cannot set '{name}' attribute of immutable type '{}'", class.qualified_name());
        return Raise::type_error(words);
    }
    if has_method(class, name) || special::has(object, name) {
        let words = format!("'{}' object attribute '{name}' is read-only", type_name(object));
        return Raise::new(class::ATTRIBUTE_ERROR, words);
    }
    match object {
        Object::Range(_) | Object::Slice(_) if matches!(name, "start" | "stop" | "step") => {
            Raise::new(class::ATTRIBUTE_ERROR, "readonly attribute")
        }
        _ if get_attribute(vm, object, name).is_ok() => {
            let owner = if matches!(object, Object::Bool(_)) { "int".to_owned() } else { type_name(object) };
            let words = format!("attribute '{name}' of '{owner}' objects is not writable");
            Raise::new(class::ATTRIBUTE_ERROR, words)
        }
        _ => no_attribute(object, name),
    }
}

/// Calling `Class.name`: a method of the class itself, or one that is given its object first.
pub(in crate::console) fn call_class_method(vm: &Vm, class: Class, name: &str, mut args: Args) -> Outcome {
    match (class.0.name, name) {
        ("bytes", "fromhex") => {
            return Ok(Object::bytes(bytes::from_hex(vm, &super::arguments::Call::new("bytes", name, args).one()?)?));
        }
        ("bytearray", "fromhex") => {
            let bytes = bytes::from_hex(vm, &super::arguments::Call::new("bytearray", name, args).one()?)?;
            return Ok(Object::ByteArray(crate::stream::ByteArray::new(bytes)));
        }
        ("bytes" | "bytearray", "maketrans") => {
            return bytes::make_translation(super::arguments::Call::new("bytes", name, args));
        }
        ("str", "maketrans") => return text::make_translation(vm, super::arguments::Call::new("str", name, args)),
        ("dict", "fromkeys") => return dict::from_keys(vm, args),
        ("int", "from_bytes") => return int::from_bytes(vm, args),
        ("bool", "from_bytes") => {
            let number = int::from_bytes(vm, args)?;
            return super::truth(vm, &number).map(Object::Bool);
        }
        ("float", "fromhex") => return float::from_hex(&super::arguments::Call::new("float", name, args).one()?),
        (_, "mro") if !has_method(class, name) || class == classes::TYPE => {
            return match args.positional.first() {
                Some(Object::Class(class)) => Ok(mro(*class)),
                _ => Ok(mro(class)),
            };
        }
        _ => {}
    }
    let owner = owner(class, name);
    let special = name.starts_with("__");
    if args.positional.is_empty() {
        let words = if special {
            format!("descriptor '{name}' of '{}' object needs an argument", classes::message_name(owner))
        } else {
            format!("unbound method {}.{name}() needs an argument", owner.0.name)
        };
        return Err(Raise::type_error(words));
    }
    let receiver = args.positional.remove(0);
    if !class_of(&receiver).is_subclass_of(owner) {
        let kind = type_name(&receiver);
        let words = if special {
            format!("descriptor '{name}' requires a '{}' object but received a '{kind}'", classes::message_name(owner))
        } else {
            format!("descriptor '{name}' for '{}' objects doesn't apply to a '{kind}' object", classes::message_name(owner))
        };
        return Err(Raise::type_error(words));
    }
    call_method(vm, &receiver, name, args)
}

fn mro(class: Class) -> Object {
    Object::list(class.mro().into_iter().map(Object::Class).collect())
}

/// The class in the line of `class` that lists the method.
pub(super) fn owner(class: Class, name: &str) -> Class {
    class.mro().into_iter().find(|class| class.0.methods.contains(&name)).unwrap_or(class)
}

/// `repr` of `Class.name`.
pub(super) fn unbound_repr(class: Class, name: &str) -> String {
    let owner = owner(class, name);
    let address = std::ptr::from_ref(class.0) as usize;
    match (class.0.name, name) {
        _ if is_of_class(class, name) => format!("<built-in method {name} of type object at {address:#x}>"),
        _ if !classes::is_c_module(owner) => format!("<function {}.{name} at {address:#x}>", owner.0.name),
        _ if name.starts_with("__") => format!("<slot wrapper '{name}' of '{}' objects>", classes::message_name(owner)),
        _ => format!("<method '{name}' of '{}' objects>", classes::message_name(owner)),
    }
}

/// `dir(object)`, sorted.
pub(in crate::console) fn names_of(object: &Object) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let class = match object {
        Object::Class(class) => *class,
        other => class_of(other),
    };
    for class in class.mro() {
        names.extend(class.0.methods.iter().chain(data_attributes(class)).map(|name| (*name).to_owned()));
    }
    let more: &[&str] = match class.0.name {
        "int" | "bool" => int::ATTRIBUTES,
        "float" => float::ATTRIBUTES,
        "memoryview" => view::ATTRIBUTES,
        "range" | "slice" => &["start", "step", "stop"],
        _ if class.is_subclass_of(class::BASE_EXCEPTION) => &["args"],
        _ => &[],
    };
    names.extend(more.iter().map(|name| (*name).to_owned()));
    match object {
        Object::Module(module) => names = modules::names_of(module),
        Object::Stream(stream) => names.extend(stream.extras().into_iter().map(|(name, _)| name)),
        Object::Exception(exception) => {
            names.extend(exception.attributes.borrow().iter().map(|(name, _)| name.to_string()));
        }
        _ => {}
    }
    names.extend(special::names(object));
    names.sort_unstable();
    names.dedup();
    names
}
