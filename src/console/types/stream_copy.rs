//! `__getstate__` and `__setstate__` of `BytesIO` and `StringIO`, and the `__dict__` of any stream.

use std::rc::Rc;

use super::stream::{set_attribute, to_object, to_value};
use crate::buffer::Offset;
use crate::console::call::Args;
use crate::console::class;
use crate::console::object::{Dict, Object};
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;
use crate::stream::{BytesState, Newline, StreamObject, StreamState, TextState, Value};

/// What was set on the stream, as a `dict` of its own.
pub(super) fn attributes(vm: &Vm, stream: &StreamObject) -> Outcome {
    let items = stream.extras().into_iter().map(|(name, value)| Ok((vm.key(&Object::str(name))?, to_object(value))));
    let items = items.collect::<Outcome<indexmap::IndexMap<_, _>>>()?;
    Ok(Object::Dict(Rc::new(Dict { items: items.into() })))
}

/// `stream.__getstate__()`
pub(super) fn get_state(vm: &Vm, stream: &StreamObject, args: Args) -> Outcome {
    args.none(&format!("{}.__getstate__", stream.class().name()))?;
    let state = match stream.state() {
        Some(StreamState::Bytes(state)) => {
            check_open(state.closed, "I/O operation on closed file.")?;
            vec![Object::bytes(state.value), Object::int(state.position.get())]
        }
        Some(StreamState::Text(state)) => {
            check_open(state.closed, "I/O operation on closed file")?;
            vec![Object::Str(state.value), to_object(state.newline.to_value()), Object::int(state.position)]
        }
        None => return Err(Raise::no_attribute(stream.type_name(), "__getstate__")),
    };
    let attributes = if stream.extras().is_empty() { Object::None } else { attributes(vm, stream)? };
    Ok(Object::tuple(state.into_iter().chain([attributes]).collect()))
}

fn check_open(closed: bool, message: &str) -> Outcome<()> {
    if closed { Err(Raise::value_error(message)) } else { Ok(()) }
}

/// `stream.__setstate__(state)`
pub(super) fn set_state(vm: &Vm, stream: &StreamObject, args: Args) -> Outcome {
    let argument = args.one(&format!("{}.__setstate__", stream.class().name()))?;
    let is_bytes = stream.is_bytes();
    if !is_bytes && let Some(StreamState::Text(state)) = stream.state() {
        check_open(state.closed, "I/O operation on closed file")?;
    }
    let (type_name, count) = (stream.type_name(), if is_bytes { 3 } else { 4 });
    let items = match &argument {
        Object::Tuple(tuple) if tuple.items.len() >= count => &tuple.items,
        other => {
            let name = vm.type_name(other);
            return Err(Raise::type_error(format!("{type_name}.__setstate__ argument should be {count}-tuple, got {name}")));
        }
    };
    let attributes = if is_bytes {
        // Writing the content is what checks that it can be.
        let position = stream.call("tell", &[], &[])?;
        stream.call("seek", &[Value::from(0)], &[])?;
        stream.call("truncate", &[Value::from(0)], &[])?;
        if let Err(exception) = stream.call("write", &[to_value(vm, &items[0])?], &[]) {
            stream.call("seek", &[position], &[])?;
            return Err(exception.into());
        }
        let position = position_of(vm, &items[1], "second", "not")?;
        if let Some(StreamState::Bytes(state)) = stream.state() {
            stream.restore(&StreamState::Bytes(BytesState { position: Offset(position), ..state }));
        }
        (&items[2], "third")
    } else {
        let value = match &items[0] {
            Object::Str(text) => text.clone(),
            other => {
                let message = format!("initial_value must be str or None, not {}", vm.type_name(other));
                return Err(Raise::type_error(message));
            }
        };
        let newline = Newline::from_value(&to_value(vm, &items[1])?)?;
        let position = position_of(vm, &items[2], "third", "got")?;
        let state = TextState { value, position, closed: false, newline, seen: Default::default() };
        stream.restore(&StreamState::Text(state));
        (&items[3], "fourth")
    };
    match attributes {
        (Object::None, _) => {}
        (Object::Dict(dict), _) => {
            let items: Vec<_> = dict.items.borrow().iter().map(|(key, value)| (key.object().clone(), value.clone())).collect();
            for (key, value) in items {
                set_attribute(vm, stream, &vm.str(&key)?.to_string_lossy(), &value)?;
            }
        }
        (other, which) => {
            let name = vm.type_name(other);
            return Err(Raise::type_error(format!("{which} item of state should be a dict, got a {name}")));
        }
    }
    Ok(Object::None)
}

fn position_of(vm: &Vm, object: &Object, which: &str, but: &str) -> Outcome<u64> {
    let Some(position) = object.index() else {
        let name = vm.type_name(object);
        return Err(Raise::type_error(format!("{which} item of state must be an integer, {but} {name}")));
    };
    let Ok(position) = i64::try_from(position) else {
        return Err(Raise::new(class::OVERFLOW_ERROR, "Python int too large to convert to C ssize_t"));
    };
    u64::try_from(position).map_err(|_| Raise::value_error("position value cannot be negative"))
}
