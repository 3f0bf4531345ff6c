//! `json`, with the texts, numbers and complaints of CPython.

mod decode;
mod encode;

use std::rc::Rc;

use super::{Loaded, module};
use crate::console::call::{Args, missing_arguments};
use crate::console::class;
use crate::console::object::Object;
use crate::console::raise::{ExceptionObject, Outcome, Raise};
use crate::console::vm::Vm;
use crate::stream::Text;

pub(super) fn load(_vm: &Vm) -> Loaded {
    let names = [
        ("dump", function!("dump", python, encode::dump)),
        ("dumps", function!("dumps", python, encode::dumps)),
        ("load", function!("load", python, decode::load)),
        ("loads", function!("loads", python, decode::loads)),
        ("detect_encoding", function!("detect_encoding", python, decode::detect_encoding)),
        ("JSONEncoder", Object::Class(encode::ENCODER)),
        ("JSONDecoder", Object::Class(decode::DECODER)),
        ("JSONDecodeError", Object::Class(class::JSON_DECODE_ERROR)),
    ];
    Ok(module("json", names))
}

/// Arguments of a function with `required` ones by position and the rest by name only; what is unknown goes to `inner`, which
/// refuses it.
fn options<const N: usize>(
    args: Args,
    function: &str,
    required: &[&str],
    names: [&str; N],
    inner: &str,
) -> Outcome<(Vec<Object>, [Option<Object>; N])> {
    let Args { mut positional, keywords } = args;
    if positional.len() > required.len() {
        let plural = if required.len() == 1 { "" } else { "s" };
        let count = positional.len();
        let were = if count == 1 { "was" } else { "were" };
        return Err(Raise::type_error(format!(
            "{function}() takes {} positional argument{plural} but {count} {were} given",
            required.len()
        )));
    }
    let mut by_name: Vec<Option<Object>> = vec![None; required.len()];
    let mut values: [Option<Object>; N] = std::array::from_fn(|_| None);
    let mut unknown = None;
    for (name, value) in keywords {
        if let Some(at) = required.iter().position(|known| **known == *name) {
            if at < positional.len() {
                return Err(Raise::type_error(format!("{function}() got multiple values for argument '{name}'")));
            }
            by_name[at] = Some(value);
        } else if let Some(at) = names.iter().position(|known| **known == *name) {
            values[at] = Some(value);
        } else {
            unknown = unknown.or(Some(name));
        }
    }
    let given = positional.len();
    let missing: Vec<&str> = (given..required.len()).filter(|&at| by_name[at].is_none()).map(|at| required[at]).collect();
    if !missing.is_empty() {
        return Err(missing_arguments(function, &missing, "positional"));
    }
    positional.extend(by_name.into_iter().flatten());
    if let Some(name) = unknown {
        return Err(Raise::type_error(format!("{inner}.__init__() got an unexpected keyword argument '{name}'")));
    }
    Ok((positional, values))
}

/// What an option is where it was not given.
fn given(value: Option<Object>) -> Option<Object> {
    value.filter(|value| !value.is_none())
}

/// A `JSONDecodeError` at code point `at` of `document`.
fn decode_error(message: &str, document: &Object, points: &[u32], at: usize) -> Raise {
    let before = &points[..at.min(points.len())];
    let line = 1 + before.iter().filter(|&&point| point == 0x0A).count();
    let column = before.iter().rev().take_while(|&&point| point != 0x0A).count() + 1 + (at - before.len());
    Raise::Exception(Rc::new(error_object(message, document, at, line, column)))
}

fn error_object(message: &str, document: &Object, at: usize, line: usize, column: usize) -> ExceptionObject {
    let text = format!("{message}: line {line} column {column} (char {at})");
    let exception = ExceptionObject::new(class::JSON_DECODE_ERROR, vec![Object::str(text)]);
    *exception.attributes.borrow_mut() = vec![
        ("msg".into(), Object::str(message)),
        ("doc".into(), document.clone()),
        ("pos".into(), Object::int(at)),
        ("lineno".into(), Object::int(line)),
        ("colno".into(), Object::int(column)),
    ];
    exception
}

/// `json.JSONDecodeError(msg, doc, pos)`
pub(in crate::console) fn construct_decode_error(vm: &Vm, args: Args) -> Outcome {
    let mut positional = vec![Object::None];
    positional.extend(args.positional);
    let bound =
        Args { positional, keywords: args.keywords }.bind("JSONDecodeError.__init__", &["self", "msg", "doc", "pos"], 4)?;
    let [_, Some(message), Some(document), Some(at)] = bound.as_slice() else {
        return Err(Raise::type_error("JSONDecodeError.__init__() takes 3 arguments"));
    };
    let (Object::Str(text), Some(at)) = (document, at.index().and_then(|at| usize::try_from(at).ok())) else {
        let name = vm.type_name(document);
        return Err(Raise::type_error(format!("'{name}' object has no attribute 'count'")));
    };
    let points: Vec<u32> = text.code_points().collect();
    let message = vm.str(message)?.to_string_lossy();
    Ok(match decode_error(&message, document, &points, at) {
        Raise::Exception(exception) => Object::Exception(exception),
        halt @ Raise::Halt(_) => return Err(halt),
    })
}

/// Points of ASCII.
fn ascii(text: &str) -> impl Iterator<Item = u32> + '_ {
    text.bytes().map(u32::from)
}

fn text_of(points: Vec<u32>) -> Object {
    Object::Str(Text::from_code_points(points))
}

/// A recursion that is too deep, told in the words of what recursed.
fn too_deep(raise: Raise, doing: &str) -> Raise {
    if raise.is(class::RECURSION_ERROR) {
        Raise::new(class::RECURSION_ERROR, format!("maximum recursion depth exceeded while {doing}"))
    } else {
        raise
    }
}
