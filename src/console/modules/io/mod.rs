//! `io`

mod abstract_stream;
pub(in crate::console) mod classes;
mod newline_decoder;

use std::any::Any;
use std::rc::Rc;

use super::{Loaded, module};
use crate::console::call::Args;
use crate::console::class::{self, Class, ClassInfo, OBJECT};
use crate::console::native::Native;
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::types::stream::{keyword_values, positional_values};
use crate::console::vm::Vm;
use crate::stream::{StreamObject, Whence};

/// The module. There is no `open` and no `FileIO`: this language has no file system.
pub(super) fn load(_vm: &Vm) -> Loaded {
    let classes = [
        ("IOBase", classes::IO_BASE),
        ("RawIOBase", classes::RAW_IO_BASE),
        ("BufferedIOBase", classes::BUFFERED_IO_BASE),
        ("TextIOBase", classes::TEXT_IO_BASE),
        ("BytesIO", classes::BYTES_IO),
        ("StringIO", classes::STRING_IO),
        ("BufferedReader", classes::BUFFERED_READER),
        ("BufferedWriter", classes::BUFFERED_WRITER),
        ("BufferedRandom", classes::BUFFERED_RANDOM),
        ("BufferedRWPair", classes::BUFFERED_RW_PAIR),
        ("TextIOWrapper", classes::TEXT_IO_WRAPPER),
        ("IncrementalNewlineDecoder", newline_decoder::NEWLINE_DECODER),
        ("UnsupportedOperation", class::UNSUPPORTED_OPERATION),
        ("BlockingIOError", class::BLOCKING_IO_ERROR),
    ];
    let numbers = [
        ("SEEK_SET", i64::from(Whence::Start.number())),
        ("SEEK_CUR", i64::from(Whence::Current.number())),
        ("SEEK_END", i64::from(Whence::End.number())),
        ("DEFAULT_BUFFER_SIZE", 8192),
    ];
    let classes = classes.into_iter().map(|(name, class)| (name, Object::Class(class)));
    let numbers = numbers.into_iter().map(|(name, number)| (name, Object::Int(number)));
    let functions = [("text_encoding", function!("text_encoding", text_encoding))];
    Ok(module("io", classes.chain(numbers).chain(functions)))
}

/// An attribute of a class of streams that is no method: `io.BytesIO.closed`.
pub(super) fn class_attribute(class: Class, name: &str) -> Option<Object> {
    let owner = class.mro().into_iter().find(|class| classes::data_attributes(*class).contains(&name))?;
    let kind = match (name, owner) {
        ("raw", _) => "member",
        ("buffer" | "encoding" | "line_buffering" | "write_through", owner) if owner == classes::TEXT_IO_WRAPPER => "member",
        _ => "attribute",
    };
    Some(Object::Native(Rc::new(Descriptor { owner, name: name.to_owned(), kind })))
}

/// An attribute without an object.
#[derive(Debug)]
struct Descriptor {
    owner: Class,
    name: String,
    kind: &'static str,
}

static DESCRIPTOR: ClassInfo =
    ClassInfo { name: "getset_descriptor", module: "builtins", bases: &[OBJECT], construct: None, methods: &[] };

static MEMBER: ClassInfo =
    ClassInfo { name: "member_descriptor", module: "builtins", bases: &[OBJECT], construct: None, methods: &[] };

impl Native for Descriptor {
    fn class(&self) -> Class {
        Class(if self.kind == "member" { &MEMBER } else { &DESCRIPTOR })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn repr(&self, _vm: &Vm) -> Outcome<String> {
        Ok(format!("<{} '{}' of '{}' objects>", self.kind, self.name, self.owner.qualified_name()))
    }

    fn attribute(&self, _vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        Ok(match name {
            "__name__" => Some(Object::str(&self.name)),
            "__objclass__" => Some(Object::Class(self.owner)),
            _ => None,
        })
    }
}

/// Calling one of the classes of streams.
fn construct(vm: &Vm, class: Class, args: Args) -> Outcome {
    // The stream in a spooled file stands for it.
    let mut args = args;
    if let Some(first) = args.positional.first_mut()
        && let Some(inner) = super::tempfile::inner_stream(first)
    {
        *first = inner;
    }
    let values = positional_values(vm, &args)?;
    let keywords = keyword_values(vm, &args)?;
    let keywords: Vec<_> = keywords.iter().map(|(name, value)| (&**name, value.clone())).collect();
    let class = classes::stream_class(class)
        .ok_or_else(|| Raise::type_error(format!("cannot create '{}' instances", class.qualified_name())))?;
    Ok(Object::Stream(StreamObject::construct(class, &values, &keywords)?))
}

/// `io.text_encoding(encoding, stacklevel=2, /)`: the name of the encoding to use where none is given, in UTF-8 mode.
fn text_encoding(vm: &Vm, args: Args) -> Outcome {
    let args = args.between("text_encoding", 1, 2)?;
    if let Some(level) = args.get(1).filter(|level| level.index().is_none()) {
        let message = format!("'{}' object cannot be interpreted as an integer", vm.type_name(level));
        return Err(Raise::type_error(message));
    }
    Ok(if args[0].is_none() { Object::str("utf-8") } else { args[0].clone() })
}
