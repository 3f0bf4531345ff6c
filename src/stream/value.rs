//! The Python values that go into and come out of stream calls.

use std::any::Any;
use std::borrow::Cow;
use std::sync::Arc;

use num_bigint::BigInt;

use super::repr::{float_repr, push_bytes, push_str};
use super::{ByteArray, Exception, ExceptionKind, StreamObject, Text, View};
use crate::buffer::{Buffer, ByteRange, Len, Offset};

/// A Python value. Cloning the mutable kinds (`bytearray`, `memoryview`, streams) gives another reference to the same object.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// `None`
    None,
    /// `bool`
    Bool(bool),
    /// `int`, of any size
    Int(BigInt),
    /// `float`
    Float(f64),
    /// `str`
    Str(Text),
    /// `bytes`
    Bytes(Buffer),
    /// `bytearray`
    ByteArray(ByteArray),
    /// `list`
    List(Vec<Value>),
    /// `tuple`
    Tuple(Vec<Value>),
    /// `slice`, as an index of a view
    Slice(Box<Slice>),
    /// `memoryview`
    View(View),
    /// `io.BytesIO`, `io.StringIO` or a wrapper
    Stream(StreamObject),
    /// A value of any other class: a stream can only name it in an error, keep it as an attribute, and give it back.
    Foreign(Foreign),
}

/// A value that streams know nothing about but its class. A clone is another reference to the same object.
#[derive(Clone)]
pub struct Foreign {
    type_name: Cow<'static, str>,
    repr: Option<Arc<str>>,
    subject: Option<Arc<str>>,
    handle: Option<Arc<dyn Any + Send + Sync>>,
}

impl Foreign {
    /// A value of class `type_name`; without `repr` it is shown as `<… object>`.
    pub fn new(type_name: impl Into<Cow<'static, str>>, repr: Option<&str>) -> Self {
        Self { type_name: type_name.into(), repr: repr.map(Arc::from), subject: None, handle: None }
    }

    /// With what Python says of it where an attribute is missing: `module 'io'`. Without, it is `'its class' object`.
    #[must_use]
    pub fn with_subject(self, subject: &str) -> Self {
        Self { subject: Some(subject.into()), ..self }
    }

    /// With something by which its owner finds the object again; dropped with the last clone of this value.
    #[must_use]
    pub fn with_handle(self, handle: Arc<dyn Any + Send + Sync>) -> Self {
        Self { handle: Some(handle), ..self }
    }

    /// What [`Foreign::with_handle`] was given.
    pub fn handle(&self) -> Option<&Arc<dyn Any + Send + Sync>> {
        self.handle.as_ref()
    }

    pub(super) fn without_handle(&self) -> Self {
        Self { handle: None, ..self.clone() }
    }

    /// The name of its class.
    pub fn type_name(&self) -> &str {
        &self.type_name
    }

    /// Python's `repr`, as far as it is known.
    pub fn repr(&self) -> String {
        self.repr.as_ref().map_or_else(|| format!("<{} object>", self.type_name), ToString::to_string)
    }
}

impl std::fmt::Debug for Foreign {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.repr())
    }
}

/// By identity where there is a handle, else by what is shown.
impl PartialEq for Foreign {
    fn eq(&self, other: &Self) -> bool {
        match (&self.handle, &other.handle) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => self.type_name == other.type_name && self.repr == other.repr,
            _ => false,
        }
    }
}

/// Python's `slice` object; absent parts are [`Value::None`].
#[derive(Clone, Debug, PartialEq)]
pub struct Slice {
    /// Where it begins.
    pub start: Value,
    /// Before which it ends.
    pub stop: Value,
    /// From one item to the next.
    pub step: Value,
}

/// Values with more bytes or code points than this have a shortened `repr`: it is for people, and takes up to 10 times the memory.
const REPR_MAX: u64 = 1 << 26;

impl Value {
    /// Python's `repr()`. Bytes and texts beyond 64 Mi are cut there, and their length is named.
    pub fn repr(&self) -> String {
        self.repr_within(REPR_MAX)
    }

    /// Python's `repr()`, with at most `max` bytes or code points of each value shown; what was cut is named behind the quotes.
    pub fn repr_within(&self, max: u64) -> String {
        let mut out = String::new();
        self.push_repr(&mut out, max);
        out
    }

    fn push_repr(&self, out: &mut String, max: u64) {
        match self {
            Self::None => out.push_str("None"),
            Self::Bool(b) => out.push_str(if *b { "True" } else { "False" }),
            Self::Int(n) => out.push_str(&n.to_string()),
            Self::Float(n) => out.push_str(&float_repr(*n)),
            Self::Str(text) => {
                push_str(out, &text.slice(0, max));
                push_rest(out, text.len(), max, "code points");
            }
            Self::Bytes(bytes) => {
                out.push('b');
                match bytes.to_vec(ByteRange::new(Offset::ZERO, Len(max))) {
                    Ok(shown) => push_bytes(out, &shown, false),
                    Err(error) => out.push_str(&format!("'…' ({error})")),
                }
                push_rest(out, bytes.len().get(), max, "bytes");
            }
            Self::ByteArray(array) => {
                out.push_str("bytearray(b");
                let max_here = usize::try_from(max).unwrap_or(usize::MAX);
                array.with_bytes(|bytes| push_bytes(out, &bytes[..bytes.len().min(max_here)], true));
                push_rest(out, array.len() as u64, max, "bytes");
                out.push(')');
            }
            Self::List(items) => {
                out.push('[');
                push_items(out, items, max);
                out.push(']');
            }
            Self::Tuple(items) => {
                out.push('(');
                push_items(out, items, max);
                out.push_str(if items.len() == 1 { ",)" } else { ")" });
            }
            Self::Slice(slice) => {
                out.push_str("slice(");
                for (n, part) in [&slice.start, &slice.stop, &slice.step].into_iter().enumerate() {
                    out.push_str(if n == 0 { "" } else { ", " });
                    part.push_repr(out, max);
                }
                out.push(')');
            }
            Self::View(view) => out.push_str(&view.repr()),
            Self::Stream(stream) => out.push_str(&stream.repr()),
            Self::Foreign(foreign) => out.push_str(&foreign.repr()),
        }
    }

    /// What Python raises where it has no attribute `name`.
    pub(super) fn no_attribute(&self, name: &str) -> Exception {
        match self {
            Self::Foreign(Foreign { subject: Some(subject), .. }) => {
                Exception::new(ExceptionKind::Attribute, format!("{subject} has no attribute '{name}'"))
            }
            _ => Exception::no_attribute(self.type_name(), name),
        }
    }

    /// The name of its type, as error messages write it.
    pub fn type_name(&self) -> &str {
        match self {
            Self::None => "NoneType",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Str(_) => "str",
            Self::Bytes(_) => "bytes",
            Self::ByteArray(_) => "bytearray",
            Self::List(_) => "list",
            Self::Tuple(_) => "tuple",
            Self::Slice(_) => "slice",
            Self::View(_) => "memoryview",
            Self::Stream(stream) => stream.type_name(),
            Self::Foreign(foreign) => foreign.type_name(),
        }
    }

    /// A `bytearray` of its own.
    pub fn bytearray(bytes: impl Into<Vec<u8>>) -> Self {
        Self::ByteArray(ByteArray::new(bytes))
    }

    /// A `slice` of integers, `None` for absent parts.
    pub fn slice(start: Option<i64>, stop: Option<i64>, step: Option<i64>) -> Self {
        let part = |part: Option<i64>| part.map_or(Self::None, Self::from);
        Self::Slice(Box::new(Slice { start: part(start), stop: part(stop), step: part(step) }))
    }

    /// The integer of an `int` or `bool`, as `__index__` gives it.
    pub(super) fn index(&self) -> Option<BigInt> {
        match self {
            Self::Int(n) => Some(n.clone()),
            Self::Bool(b) => Some(BigInt::from(u8::from(*b))),
            _ => None,
        }
    }
}

fn push_rest(out: &mut String, len: u64, max: u64, what: &str) {
    if len > max {
        out.push_str(&format!("… ({len} {what})"));
    }
}

fn push_items(out: &mut String, items: &[Value], max: u64) {
    for (n, item) in items.iter().enumerate() {
        if n > 0 {
            out.push_str(", ");
        }
        item.push_repr(out, max);
    }
}

macro_rules! value_from {
    ($($from:ty => |$value:ident| $to:expr;)*) => {
        $(impl From<$from> for Value {
            fn from($value: $from) -> Self {
                $to
            }
        })*
    };
}

value_from! {
    () => |_none| Self::None;
    bool => |b| Self::Bool(b);
    i32 => |n| Self::Int(n.into());
    i64 => |n| Self::Int(n.into());
    u64 => |n| Self::Int(n.into());
    usize => |n| Self::Int(n.into());
    BigInt => |n| Self::Int(n);
    f64 => |n| Self::Float(n);
    &str => |text| Self::Str(text.into());
    Text => |text| Self::Str(text);
    &[u8] => |bytes| Self::Bytes(bytes.into());
    Buffer => |bytes| Self::Bytes(bytes);
    ByteArray => |array| Self::ByteArray(array);
    View => |view| Self::View(view);
    StreamObject => |stream| Self::Stream(stream);
    Foreign => |foreign| Self::Foreign(foreign);
}

impl<const N: usize> From<&[u8; N]> for Value {
    fn from(bytes: &[u8; N]) -> Self {
        Self::Bytes(bytes.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_nest() {
        let value = Value::Tuple(vec![
            Value::List(vec![Value::from(b"a\n"), Value::from("é'")]),
            Value::Tuple(vec![Value::None]),
            Value::Tuple(vec![]),
            Value::bytearray(*b"x"),
            Value::from(-1),
            Value::from(true),
            Value::from(1e100),
            Value::slice(None, Some(2), None),
        ]);
        let shown = r#"([b'a\n', "é'"], (None,), (), bytearray(b'x'), -1, True, 1e+100, slice(None, 2, None))"#;
        assert_eq!(value.repr(), shown);
        assert_eq!(Value::from("abcdef").repr_within(3), "'abc'… (6 code points)");
        assert_eq!(Value::from(b"abcdef").repr_within(3), "b'abc'… (6 bytes)");
    }

    #[test]
    fn a_huge_value_is_shown_in_part() {
        let huge = Value::from(Buffer::filled(0, Len(1 << 20)));
        assert!(huge.repr_within(16).len() < 100);
    }
}
