//! `memoryview`.

use crate::console::call::Args;
use crate::console::class::Class;
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;
use crate::stream::{Slice, Value, View, bytes_of};

use super::arguments::{Call, named};
use super::type_name;

pub(super) const METHODS: &[&str] = &["cast", "hex", "release", "tobytes", "tolist", "toreadonly"];

/// The attributes that are not methods.
pub(super) const ATTRIBUTES: &[&str] = &[
    "c_contiguous",
    "contiguous",
    "f_contiguous",
    "format",
    "itemsize",
    "nbytes",
    "ndim",
    "obj",
    "readonly",
    "shape",
    "strides",
    "suboffsets",
];

pub(super) fn construct(_vm: &Vm, _class: Class, args: Args) -> Outcome {
    let [object] = named("memoryview", args, ["object"], 0, 1, 1)?;
    let value = match object.unwrap_or(Object::None) {
        Object::Bytes(bytes) => Value::Bytes(bytes),
        Object::ByteArray(array) => Value::ByteArray(array),
        Object::View(view) => Value::View(view),
        other => {
            let message = format!("memoryview: a bytes-like object is required, not '{}'", type_name(&other));
            return Err(Raise::type_error(message));
        }
    };
    Ok(Object::View(View::of(&value)?))
}

/// What a view takes as a key or value; all else is given to it as a thing it does not know.
fn value(object: &Object) -> Value {
    match object {
        Object::None => Value::None,
        Object::Bool(b) => Value::Bool(*b),
        Object::Int(n) => Value::from(*n),
        Object::BigInt(n) => Value::Int((**n).clone()),
        Object::Str(text) => Value::Str(text.clone()),
        Object::Bytes(bytes) => Value::Bytes(bytes.clone()),
        Object::ByteArray(array) => Value::ByteArray(array.clone()),
        Object::View(view) => Value::View(view.clone()),
        Object::Tuple(tuple) => Value::Tuple(tuple.items.iter().map(value).collect()),
        Object::Slice(slice) => {
            Value::Slice(Box::new(Slice { start: value(&slice.start), stop: value(&slice.stop), step: value(&slice.step) }))
        }
        _ => Value::Float(0.0),
    }
}

fn object(value: Value) -> Object {
    match value {
        Value::Bool(b) => Object::Bool(b),
        Value::Int(n) => Object::int(n),
        Value::Str(text) => Object::Str(text),
        Value::Bytes(bytes) => Object::Bytes(bytes),
        Value::ByteArray(array) => Object::ByteArray(array),
        Value::View(view) => Object::View(view),
        Value::List(items) => Object::list(items.into_iter().map(object).collect()),
        Value::Tuple(items) => Object::tuple(items.into_iter().map(object).collect()),
        Value::Stream(stream) => Object::Stream(stream),
        _ => Object::None,
    }
}

/// Whether it can be hashed: only what cannot change can.
pub(super) fn is_readonly(view: &View) -> bool {
    matches!(view.attribute("readonly"), Ok(Value::Bool(true)))
}

/// The bytes, for who takes only contiguous memory.
pub(super) fn contiguous(view: &View) -> Outcome<Vec<u8>> {
    Ok(bytes_of(&view.contiguous_bytes()?).into_owned())
}

/// The byte at `at`.
pub(super) fn byte_at(view: &View, at: u64) -> Outcome {
    Ok(object(view.get_item(&Value::from(at))?))
}

pub(super) fn get_item(view: &View, key: &Object) -> Outcome {
    Ok(object(view.get_item(&value(key))?))
}

pub(super) fn set_item(_vm: &Vm, view: &View, key: &Object, item: &Object) -> Outcome<()> {
    if matches!(item, Object::None | Object::Float(_) | Object::List(_) | Object::Tuple(_) | Object::Dict(_))
        && matches!(key, Object::Slice(_))
        && !is_readonly(view)
    {
        view.length()?;
        return Err(super::bytes::not_bytes(item));
    }
    Ok(view.set_item(&value(key), &value(item))?)
}

/// An attribute that is no method.
pub(super) fn attribute(view: &View, name: &str) -> Outcome<Option<Object>> {
    match name {
        "obj" => Ok(Some(view.object()?.map_or(Object::None, object))),
        name if ATTRIBUTES.contains(&name) => Ok(Some(object(view.attribute(name)?))),
        _ => Ok(None),
    }
}

pub(super) fn call(vm: &Vm, view: &View, name: &str, args: Args) -> Outcome {
    let call = Call::new("memoryview", name, args);
    let this = || Object::View(view.clone());
    match name {
        "release" => {
            call.none()?;
            view.release();
            Ok(Object::None)
        }
        "__enter__" => {
            call.none()?;
            view.length()?;
            Ok(this())
        }
        "__exit__" => {
            view.release();
            Ok(Object::None)
        }
        "tobytes" => {
            let [order] = call.named(["order"], 0, 0)?;
            vm.allocate(view.length()?)?;
            let args: Vec<Value> = order.iter().map(value).collect();
            if let Some(order) = &order
                && !matches!(order, Object::None | Object::Str(_))
            {
                let message = format!("tobytes() argument 'order' must be str or None, not {}", type_name(order));
                return Err(Raise::type_error(message));
            }
            Ok(object(view.call(name, &args)?))
        }
        "hex" => {
            let [separator, group] = call.named(["sep", "bytes_per_sep"], 0, 0)?;
            let group = group.as_ref().map_or(Ok(1), super::arguments::c_int)?;
            vm.allocate(view.length()?.saturating_mul(3))?;
            super::bytes::hex(vm, &view.to_vec()?, separator.as_ref(), group)
        }
        "tolist" => {
            call.none()?;
            let bytes = view.to_vec()?;
            super::list::announce(vm, bytes.len())?;
            Ok(Object::list(bytes.into_iter().map(|byte| Object::Int(byte.into())).collect()))
        }
        "toreadonly" => {
            call.none()?;
            Ok(object(view.call(name, &[])?))
        }
        _ => {
            let [format, _shape] = call.named(["format", "shape"], 0, 1)?;
            view.length()?;
            match format {
                Some(Object::Str(format)) if ["B", "b", "c", "@B"].iter().any(|known| format == **known) => {
                    if format == *"B" || format == *"@B" {
                        return Ok(Object::View(View::of(&Value::View(view.clone()))?));
                    }
                    Err(not_that_format())
                }
                Some(Object::Str(_)) => Err(not_that_format()),
                other => {
                    let kind = type_name(&other.unwrap_or(Object::None));
                    Err(Raise::type_error(format!("cast() argument 'format' must be str, not {kind}")))
                }
            }
        }
    }
}

fn not_that_format() -> Raise {
    let message = "views of this console have the format 'B' only";
    Raise::new(crate::console::class::NOT_IMPLEMENTED_ERROR, message)
}
