//! The bridge between the console's values and the streams'.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::thread::ThreadId;

use super::stream_copy;
use crate::console::call::Args;
use crate::console::class::Class;
use crate::console::modules::{io::classes, sys};
use crate::console::object::{Method, Object};
use crate::console::raise::Outcome;
use crate::console::vm::Vm;
use crate::stream::{Exception, ExceptionKind, Foreign, Slice, StreamObject, Text, Value};

// ---- values ----

/// A value of the console as an argument of a stream's method. Lists and tuples become copies: streams only look at them to say
/// what they are, or show them.
pub(in crate::console) fn to_value(vm: &Vm, object: &Object) -> Outcome<Value> {
    Ok(match object {
        Object::None => Value::None,
        Object::Bool(b) => Value::Bool(*b),
        Object::Int(n) => Value::from(*n),
        Object::BigInt(n) => Value::Int((**n).clone()),
        Object::Float(n) => Value::Float(*n),
        Object::Str(text) => Value::Str(text.clone()),
        Object::Bytes(bytes) => Value::Bytes(bytes.clone()),
        Object::ByteArray(array) => Value::ByteArray(array.clone()),
        Object::View(view) => Value::View(view.clone()),
        Object::Stream(stream) => Value::Stream(stream.clone()),
        Object::List(list) => {
            let items = list.items.borrow().clone();
            Value::List(to_values(vm, &items)?)
        }
        Object::Tuple(tuple) => Value::Tuple(to_values(vm, &tuple.items)?),
        Object::Slice(slice) => Value::Slice(Box::new(Slice {
            start: to_value(vm, &slice.start)?,
            stop: to_value(vm, &slice.stop)?,
            step: to_value(vm, &slice.step)?,
        })),
        Object::Module(module) => Value::Foreign(Foreign::new("module", None).with_subject(&format!("module '{}'", module.name))),
        Object::Class(class) => {
            Value::Foreign(Foreign::new("type", None).with_subject(&format!("type object '{}'", class.0.name)))
        }
        other => Value::Foreign(Foreign::new(vm.type_name(other), None)),
    })
}

fn to_values(vm: &Vm, objects: &[Object]) -> Outcome<Vec<Value>> {
    vm.step(objects.len() as u64)?;
    objects.iter().map(|object| to_value(vm, object)).collect()
}

thread_local! {
    /// The objects that streams hold, each under the number of its [`Place`].
    static KEPT: RefCell<HashMap<u64, Object>> = RefCell::default();
    static NEXT_PLACE: Cell<u64> = const { Cell::new(0) };
}

/// Where an object is kept that a stream cannot hold itself. The object is let go with the last clone of the value that names it.
#[derive(Debug)]
struct Place {
    thread: ThreadId,
    number: u64,
}

impl Drop for Place {
    fn drop(&mut self) {
        // Another thread has another table; what is left in this one goes with its thread.
        if std::thread::current().id() == self.thread {
            let object = KEPT.try_with(|kept| kept.borrow_mut().remove(&self.number));
            drop(object);
        }
    }
}

/// A value of the console as an attribute of a stream, which gives back the same object later.
fn to_kept_value(vm: &Vm, object: &Object) -> Outcome<Value> {
    let is_own = match object {
        Object::List(_) | Object::Tuple(_) | Object::Slice(_) => false,
        other => !matches!(to_value(vm, other)?, Value::Foreign(_)),
    };
    if is_own {
        return to_value(vm, object);
    }
    let number = NEXT_PLACE.with(|next| next.replace(next.get() + 1));
    // Only a name is ever shown by a stream itself: in the `repr` of a wrapper.
    let repr = vm.repr(object)?.to_string_lossy();
    let old = KEPT.with(|kept| kept.borrow_mut().insert(number, object.clone()));
    drop(old);
    let place = Place { thread: std::thread::current().id(), number };
    Ok(Value::Foreign(Foreign::new(vm.type_name(object), Some(&repr)).with_handle(Arc::new(place))))
}

/// The object behind a value that a stream gave back.
fn kept_object(foreign: &Foreign) -> Object {
    let place = foreign.handle().and_then(|handle| handle.downcast_ref::<Place>());
    let find = |place: &Place| KEPT.with(|kept| kept.borrow().get(&place.number).cloned());
    place.and_then(find).unwrap_or(Object::None)
}

/// A value of the streams as one of the console.
pub(in crate::console) fn to_object(value: Value) -> Object {
    match value {
        Value::None => Object::None,
        Value::Bool(b) => Object::Bool(b),
        Value::Int(n) => Object::int(n),
        Value::Float(n) => Object::Float(n),
        Value::Str(text) => Object::Str(text),
        Value::Bytes(bytes) => Object::Bytes(bytes),
        Value::ByteArray(array) => Object::ByteArray(array),
        Value::View(view) => Object::View(view),
        Value::Stream(stream) => Object::Stream(stream),
        Value::Foreign(foreign) => kept_object(&foreign),
        Value::List(items) => Object::list(items.into_iter().map(to_object).collect()),
        Value::Tuple(items) => Object::tuple(items.into_iter().map(to_object).collect()),
        Value::Slice(slice) => Object::Slice(Rc::new(crate::console::object::Slice {
            start: to_object(slice.start),
            stop: to_object(slice.stop),
            step: to_object(slice.step),
        })),
    }
}

/// The arguments by position.
pub(in crate::console) fn positional_values(vm: &Vm, args: &Args) -> Outcome<Vec<Value>> {
    args.positional.iter().map(|object| to_value(vm, object)).collect()
}

/// The arguments by name.
pub(in crate::console) fn keyword_values(vm: &Vm, args: &Args) -> Outcome<Vec<(Rc<str>, Value)>> {
    args.keywords.iter().map(|(name, object)| Ok((Rc::clone(name), to_value(vm, object)?))).collect()
}

// ---- the object ----

/// `type(stream)`
pub(in crate::console) fn class_of(stream: &StreamObject) -> Class {
    classes::of_streams(stream.class())
}

/// `repr(stream)`
pub(in crate::console) fn repr(stream: &StreamObject) -> Outcome<Text> {
    Ok(stream.repr().into())
}

/// `repr` of a method of the stream.
pub(in crate::console) fn method_repr(stream: &StreamObject, name: &str) -> String {
    let (kind, name) = match name {
        "__init__" | "__iter__" | "__next__" | "__del__" => ("method-wrapper", format!("'{name}'")),
        _ => ("built-in method", name.to_owned()),
    };
    format!("<{kind} {name} of {} object at {:#x}>", stream.type_name(), stream.id())
}

/// Methods beyond those that `dir` shows without an underscore.
const SPECIAL: &[&str] = &["__init__", "__enter__", "__exit__", "__iter__", "__next__", "__del__"];

/// Methods that only a `BytesIO` or a `StringIO` has, for copying it.
const COPYING: &[&str] = &["__getstate__", "__setstate__"];

/// Whether `stream.name` is a method of its class.
pub(in crate::console) fn has_method(stream: &StreamObject, name: &str) -> bool {
    stream.has_method(name) || SPECIAL.contains(&name) || (COPYING.contains(&name) && stream.class().holds_content())
}

/// `stream.name`: attributes of the class, what was set on the object, methods, in this order.
pub(in crate::console) fn get_attribute(vm: &Vm, stream: &StreamObject, name: &str) -> Outcome {
    if has_method(stream, name) {
        return Ok(match stream.extra(name) {
            Some(value) => to_object(value),
            None => Object::Method(Rc::new(Method { receiver: Object::Stream(stream.clone()), name: name.into() })),
        });
    }
    match name {
        "__class__" => Ok(Object::Class(class_of(stream))),
        "__dict__" => stream_copy::attributes(vm, stream),
        _ => Ok(to_object(stream.attribute(name)?)),
    }
}

/// `stream.name = value`
pub(in crate::console) fn set_attribute(vm: &Vm, stream: &StreamObject, name: &str, value: &Object) -> Outcome<()> {
    Ok(stream.set_attribute(name, to_kept_value(vm, value)?)?)
}

/// `del stream.name`
pub(in crate::console) fn delete_attribute(stream: &StreamObject, name: &str) -> Outcome<()> {
    Ok(stream.delete_attribute(name)?)
}

// ---- calls ----

/// `stream.method(*args)`; what was set on the object under that name comes first.
pub(in crate::console) fn call(vm: &Vm, stream: &StreamObject, method: &str, args: Args) -> Outcome {
    if let Some(own) = stream.extra(method) {
        return vm.call(&to_object(own), args);
    }
    if !has_method(stream, method) {
        let attribute = get_attribute(vm, stream, method)?;
        return vm.call(&attribute, args);
    }
    call_class_method(vm, stream, method, args)
}

/// The class's method of that name, whatever was set on the object.
pub(in crate::console) fn call_class_method(vm: &Vm, stream: &StreamObject, method: &str, args: Args) -> Outcome {
    if method == "writelines"
        && args.keywords.is_empty()
        && let [lines] = args.positional.as_slice()
    {
        return write_lines(vm, stream, lines);
    }
    match method {
        "__getstate__" => return stream_copy::get_state(vm, stream, args),
        "__setstate__" => return stream_copy::set_state(vm, stream, args),
        "__del__" => {
            args.none("__del__")?;
            // As at the end of its life: it is closed, and what goes wrong is not told.
            let _ = stream.call("close", &[], &[]);
            return Ok(Object::None);
        }
        _ => {}
    }
    let values = positional_values(vm, &args)?;
    let is_standard = sys::is_standard(stream);
    let result = if args.keywords.is_empty() {
        stream.call(method, &values, &[])
    } else {
        let keywords = keyword_values(vm, &args)?;
        let keywords: Vec<_> = keywords.iter().map(|(name, value)| (&**name, value.clone())).collect();
        stream.call(method, &values, &keywords)
    };
    if is_standard {
        sys::drain(vm)?;
    }
    if result.is_err() {
        // It may have been interrupted.
        vm.look()?;
    }
    Ok(to_object(result?))
}

/// `stream.writelines(lines)`: each line is written before the next one is asked for.
fn write_lines(vm: &Vm, stream: &StreamObject, lines: &Object) -> Outcome {
    let own_write = stream.extra("write").is_some() && !stream.is_bytes();
    let calls_back = !matches!(lines, Object::List(_) | Object::Tuple(_) | Object::Stream(_));
    if !calls_back && !own_write && !sys::is_standard(stream) {
        return Ok(to_object(stream.call("writelines", &[to_value(vm, lines)?], &[])?));
    }
    // Nothing is written by it, but what must be checked before the iteration begins is.
    stream.call("writelines", &[Value::List(Vec::new())], &[])?;
    let lines = vm.iterate(lines)?;
    while let Some(line) = vm.next(&lines)? {
        vm.step(1)?;
        if own_write {
            call(vm, stream, "write", Args::new([line]))?;
        } else {
            call_class_method(vm, stream, "write", Args::new([line]))?;
        }
    }
    Ok(Object::None)
}

/// `iter(stream)`
pub(in crate::console) fn iterate(stream: &StreamObject) -> Outcome {
    Ok(to_object(stream.call("__iter__", &[], &[])?))
}

/// `next(stream)`; `None` at the end.
pub(in crate::console) fn next(stream: &StreamObject) -> Outcome<Option<Object>> {
    match stream.call("__next__", &[], &[]) {
        Ok(line) => Ok(Some(to_object(line))),
        Err(Exception { kind: ExceptionKind::StopIteration, .. }) => Ok(None),
        Err(exception) => Err(exception.into()),
    }
}
