//! Exceptions as values: what they say, and their attributes.

use std::rc::Rc;

use crate::console::call::Args;
use crate::console::class::{self, Class};
use crate::console::object::Object;
use crate::console::raise::{ExceptionObject, Outcome, Raise};
use crate::console::vm::Vm;
use crate::stream::{Text, TextBuilder};

use super::arguments::Call;
use super::type_name;

/// The message of an exception that is under way, if it is a single text.
pub(super) fn message(raise: &Raise) -> Option<String> {
    let Raise::Exception(exception) = raise else { return None };
    match exception.args.borrow().as_slice() {
        [Object::Str(text)] => Some(text.to_string_lossy()),
        _ => None,
    }
}

/// An attribute that its class gives it by its arguments' order.
fn argument(exception: &ExceptionObject, at: usize) -> Option<Object> {
    exception.args.borrow().get(at).cloned()
}

/// An attribute that was set on it.
fn own(exception: &ExceptionObject, name: &str) -> Option<Object> {
    exception.attributes.borrow().iter().find(|(known, _)| **known == *name).map(|(_, value)| value.clone())
}

/// `repr(exception)`
pub(super) fn repr(vm: &Vm, exception: &ExceptionObject) -> Outcome<Text> {
    let _entered = vm.enter()?;
    let args = shown_args(exception);
    let mut out = TextBuilder::new();
    out.push_str(exception.class.0.name);
    out.push_str("(");
    for (n, arg) in args.iter().enumerate() {
        if n > 0 {
            out.push_str(", ");
        }
        out.push_text(&vm.repr(arg)?);
    }
    out.push_str(")");
    Ok(out.finish())
}

/// `args`: of an `OSError` with a file's name only the first two.
fn shown_args(exception: &ExceptionObject) -> Vec<Object> {
    let mut args = exception.args.borrow().clone();
    if exception.class.is_subclass_of(class::OS_ERROR) && (3..=5).contains(&args.len()) {
        args.truncate(2);
    }
    args
}

/// `str(exception)`
pub(super) fn str(vm: &Vm, exception: &ExceptionObject) -> Outcome<Text> {
    let _entered = vm.enter()?;
    let args = exception.args.borrow().clone();
    let class = exception.class;
    if class.is_subclass_of(class::KEY_ERROR)
        && let [key] = args.as_slice()
    {
        return vm.repr(key);
    }
    if class.is_subclass_of(class::OS_ERROR)
        && let [number, words, rest @ ..] = args.as_slice()
        && args.len() <= 5
    {
        let mut out = TextBuilder::new();
        out.push_str("[Errno ");
        out.push_text(&vm.str(number)?);
        out.push_str("] ");
        out.push_text(&vm.str(words)?);
        if let Some(name) = rest.first().filter(|name| !name.is_none()) {
            out.push_str(": ");
            out.push_text(&vm.repr(name)?);
            if let Some(second) = rest.get(2).filter(|name| !name.is_none()) {
                out.push_str(" -> ");
                out.push_text(&vm.repr(second)?);
            }
        }
        return Ok(out.finish());
    }
    if class.is_subclass_of(class::UNICODE_DECODE_ERROR) || class.is_subclass_of(class::UNICODE_ENCODE_ERROR) {
        if let [_, _, _, _, _] = args.as_slice() {
            return Ok(unicode_message(vm, exception)?.into());
        }
    } else if class.is_subclass_of(class::UNICODE_TRANSLATE_ERROR)
        && let [_, _, _, _] = args.as_slice()
    {
        return Ok(unicode_message(vm, exception)?.into());
    }
    if class.is_subclass_of(class::SYNTAX_ERROR) {
        return match args.first() {
            Some(words) => vm.str(words),
            None => Ok("None".into()),
        };
    }
    match args.as_slice() {
        [] => Ok(Text::default()),
        [one] => vm.str(one),
        _ => vm.repr(&Object::tuple(args)),
    }
}

/// `'utf-8' codec can't decode byte 0xff in position 0: invalid start byte`
fn unicode_message(vm: &Vm, exception: &ExceptionObject) -> Outcome<String> {
    let part = |name: &str| attribute_of(exception, name).unwrap_or(Object::None);
    let number = |name: &str| part(name).index().and_then(|n| i64::try_from(n).ok()).unwrap_or(0);
    let (start, end) = (number("start"), number("end"));
    let reason = vm.str(&part("reason"))?.to_string_lossy();
    let subject = part("object");
    let translate = exception.class.is_subclass_of(class::UNICODE_TRANSLATE_ERROR);
    let decode = exception.class.is_subclass_of(class::UNICODE_DECODE_ERROR);
    let verb = if translate {
        "translate"
    } else if decode {
        "decode"
    } else {
        "encode"
    };
    let codec = if translate { String::new() } else { format!("'{}' codec ", vm.str(&part("encoding"))?.to_string_lossy()) };
    let place = usize::try_from(start).unwrap_or(0);
    if decode {
        let bytes = super::bytes::bytes_like(&subject)?.unwrap_or_default();
        if end == start + 1
            && let Some(byte) = bytes.get(place)
        {
            return Ok(format!("{codec}can't decode byte {byte:#04x} in position {start}: {reason}"));
        }
        return Ok(format!("{codec}can't decode bytes in position {start}-{}: {reason}", end - 1));
    }
    let point = match &subject {
        Object::Str(text) => text.get(place as u64),
        _ => None,
    };
    if end == start + 1
        && let Some(point) = point
    {
        let escape = match point {
            ..=0xFF => format!("\\x{point:02x}"),
            0x100..=0xFFFF => format!("\\u{point:04x}"),
            _ => format!("\\U{point:08x}"),
        };
        return Ok(format!("{codec}can't {verb} character '{escape}' in position {start}: {reason}"));
    }
    Ok(format!("{codec}can't {verb} characters in position {start}-{}: {reason}", end - 1))
}

/// The attributes that classes of exceptions have beyond `args`, and where their values come from.
fn attribute_of(exception: &ExceptionObject, name: &str) -> Option<Object> {
    if let Some(value) = own(exception, name) {
        return Some(value);
    }
    let class = exception.class;
    let count = exception.args.borrow().len();
    let at = |at: usize| Some(argument(exception, at).unwrap_or(Object::None));
    if class.is_subclass_of(class::OS_ERROR) {
        let known = (2..=5).contains(&count);
        let at = |place: usize| Some(if known { argument(exception, place).unwrap_or(Object::None) } else { Object::None });
        match name {
            "errno" => return at(0),
            "strerror" => return at(1),
            "filename" => return at(2),
            "filename2" => return at(4),
            "characters_written" if class.is_subclass_of(class::BLOCKING_IO_ERROR) && count == 3 => return at(2),
            _ => {}
        }
    }
    if class.is_subclass_of(class::STOP_ITERATION) && name == "value" {
        return at(0);
    }
    if class.is_subclass_of(class::SYSTEM_EXIT) && name == "code" {
        return match count {
            0 | 1 => at(0),
            _ => Some(Object::tuple(exception.args.borrow().clone())),
        };
    }
    if class.is_subclass_of(class::UNICODE_DECODE_ERROR) || class.is_subclass_of(class::UNICODE_ENCODE_ERROR) {
        let names = ["encoding", "object", "start", "end", "reason"];
        return names.iter().position(|known| *known == name).and_then(at);
    }
    if class.is_subclass_of(class::UNICODE_TRANSLATE_ERROR) {
        let names = ["object", "start", "end", "reason"];
        return names.iter().position(|known| *known == name).and_then(at);
    }
    if class.is_subclass_of(class::SYNTAX_ERROR) {
        let details = ["filename", "lineno", "offset", "text", "end_lineno", "end_offset"];
        if name == "msg" {
            return at(0);
        }
        if let Some(place) = details.iter().position(|known| *known == name) {
            return match argument(exception, 1) {
                Some(Object::Tuple(tuple)) => Some(tuple.items.get(place).cloned().unwrap_or(Object::None)),
                _ => Some(Object::None),
            };
        }
        return (name == "print_file_and_line").then_some(Object::None);
    }
    let unset: &[&str] = if class.is_subclass_of(class::IMPORT_ERROR) {
        if name == "msg" && count == 1 {
            return at(0);
        }
        &["msg", "name", "path"]
    } else if class.is_subclass_of(class::ATTRIBUTE_ERROR) {
        &["name", "obj"]
    } else if class.is_subclass_of(class::NAME_ERROR) {
        &["name"]
    } else {
        &[]
    };
    unset.contains(&name).then_some(Object::None)
}

/// `exception.name`, but for methods.
pub(super) fn attribute(exception: &Rc<ExceptionObject>, name: &str) -> Option<Object> {
    match name {
        "args" => Some(Object::tuple(shown_args(exception))),
        "__context__" | "__cause__" => {
            if let Some(value) = own(exception, name) {
                return Some(value);
            }
            // A cause is a context too, marked as such by whoever raised it.
            let is_cause = own(exception, "__suppress_context__").is_some();
            if name == "__cause__" && !is_cause {
                return Some(Object::None);
            }
            Some(exception.context.borrow().clone().map_or(Object::None, Object::Exception))
        }
        "__suppress_context__" => Some(own(exception, name).unwrap_or(Object::Bool(false))),
        "__traceback__" => Some(own(exception, name).unwrap_or(Object::None)),
        _ => attribute_of(exception, name),
    }
}

/// `exception.name = value`
pub(super) fn set_attribute(vm: &Vm, exception: &Rc<ExceptionObject>, name: &str, value: Object) -> Outcome<()> {
    match name {
        "args" => {
            let items = super::list::collect(vm, &value)?;
            let old = exception.args.replace(items);
            drop(old);
        }
        "__context__" | "__cause__" if !matches!(value, Object::None | Object::Exception(_)) => {
            let what = name.trim_matches('_');
            let words = format!("exception {what} must be None or derive from BaseException");
            return Err(Raise::type_error(words));
        }
        _ => {
            let old = {
                let mut attributes = exception.attributes.borrow_mut();
                match attributes.iter_mut().find(|(known, _)| **known == *name) {
                    Some((_, old)) => Some(std::mem::replace(old, value)),
                    None => {
                        attributes.push((name.into(), value));
                        None
                    }
                }
            };
            drop(old);
        }
    }
    Ok(())
}

/// `del exception.name`
pub(super) fn delete_attribute(exception: &ExceptionObject, name: &str) -> Outcome<()> {
    let removed = {
        let mut attributes = exception.attributes.borrow_mut();
        attributes.iter().position(|(known, _)| **known == *name).map(|at| attributes.remove(at))
    };
    match removed {
        Some(_) => Ok(()),
        None => Err(Raise::new(class::ATTRIBUTE_ERROR, name)),
    }
}

pub(super) fn call(vm: &Vm, exception: &Rc<ExceptionObject>, name: &str, args: Args) -> Outcome {
    let value = Call::new("BaseException", name, args).one()?;
    if name == "with_traceback" {
        return match value {
            Object::None => Ok(Object::Exception(Rc::clone(exception))),
            _ => Err(Raise::type_error("__traceback__ must be a traceback or None")),
        };
    }
    let Object::Str(_) = value else {
        return Err(Raise::type_error(format!("note must be a str, not '{}'", type_name(&value))));
    };
    match own(exception, "__notes__") {
        Some(Object::List(notes)) => super::list::push(vm, &notes, value)?,
        Some(_) => return Err(Raise::type_error("Cannot add note: __notes__ is not a list")),
        None => set_attribute(vm, exception, "__notes__", Object::list(vec![value]))?,
    }
    Ok(Object::None)
}

/// Calling an exception class.
pub(in crate::console) fn construct(vm: &Vm, class: Class, mut args: Args) -> Outcome {
    let mut extra: Vec<(Rc<str>, Object)> = Vec::new();
    let named: &[&str] = if class.is_subclass_of(class::IMPORT_ERROR) {
        &["name", "path"]
    } else if class.is_subclass_of(class::ATTRIBUTE_ERROR) {
        &["name", "obj"]
    } else if class.is_subclass_of(class::NAME_ERROR) {
        &["name"]
    } else {
        &[]
    };
    for name in named {
        extra.extend(args.take_keyword(name).map(|value| (Rc::from(*name), value)));
    }
    if let Some((name, _)) = args.keywords.first() {
        if named.is_empty() {
            return Err(Raise::type_error(format!("{}() takes no keyword arguments", class.0.name)));
        }
        let function = if class.is_subclass_of(class::IMPORT_ERROR) { "ImportError" } else { class.0.name };
        return Err(Raise::type_error(format!("'{name}' is an invalid keyword argument for {function}()")));
    }
    check_arguments(class, &args.positional)?;
    let class = specific_os_error(class, &args.positional);
    let _ = vm;
    let exception = ExceptionObject::new(class, args.positional);
    exception.attributes.replace(extra);
    Ok(Object::Exception(Rc::new(exception)))
}

/// Some classes say how many arguments they take, and of which kind.
fn check_arguments(class: Class, args: &[Object]) -> Outcome<()> {
    let decode = class == class::UNICODE_DECODE_ERROR;
    let translate = class == class::UNICODE_TRANSLATE_ERROR;
    if !decode && !translate && class != class::UNICODE_ENCODE_ERROR {
        return Ok(());
    }
    let wanted = if translate { 4 } else { 5 };
    if args.len() != wanted {
        let count = args.len();
        return Err(Raise::type_error(format!("function takes exactly {wanted} arguments ({count} given)")));
    }
    let string = |at: usize| match &args[at] {
        Object::Str(_) => Ok(()),
        other => Err(Raise::type_error(format!("argument {} must be str, not {}", at + 1, type_name(other)))),
    };
    let number = |at: usize| super::arguments::ssize(&args[at]).map(drop);
    if translate {
        string(0)?;
        number(1)?;
        number(2)?;
        return string(3);
    }
    string(0)?;
    if decode {
        super::bytes::need_bytes(&args[1])?;
    } else {
        string(1)?;
    }
    number(2)?;
    number(3)?;
    string(4)
}

/// `OSError(2, '…')` makes a `FileNotFoundError`.
fn specific_os_error(class: Class, args: &[Object]) -> Class {
    let (true, 2..=5, Some(Object::Int(number))) = (class == class::OS_ERROR, args.len(), args.first()) else { return class };
    match number {
        1 | 13 => class::PERMISSION_ERROR,
        2 => class::FILE_NOT_FOUND_ERROR,
        11 | 114 | 115 => class::BLOCKING_IO_ERROR,
        17 => class::FILE_EXISTS_ERROR,
        110 => class::TIMEOUT_ERROR,
        _ => class,
    }
}
