//! A stream as a shared Python object.

use std::sync::{Arc, Mutex};

use super::arguments::{Arguments, Items};
use super::memory::lock;
use super::{BytesIO, Exception, ExceptionKind, StringIO, Value};

/// A [`BytesIO`] or [`StringIO`] that several values refer to, with the extra attributes such objects take. A clone is another
/// reference to the same object.
#[derive(Clone, Debug)]
pub struct StreamObject {
    object: Arc<Object>,
}

#[derive(Debug)]
struct Object {
    stream: Mutex<Stream>,
    extra: Mutex<Vec<(String, Value)>>,
    is_bytes: bool,
}

#[derive(Debug)]
enum Stream {
    Bytes(BytesIO),
    Text(StringIO),
}

impl From<BytesIO> for StreamObject {
    fn from(stream: BytesIO) -> Self {
        Self::new(Stream::Bytes(stream))
    }
}

impl From<StringIO> for StreamObject {
    fn from(stream: StringIO) -> Self {
        Self::new(Stream::Text(stream))
    }
}

impl StreamObject {
    fn new(stream: Stream) -> Self {
        let is_bytes = matches!(stream, Stream::Bytes(_));
        Self { object: Arc::new(Object { stream: Mutex::new(stream), extra: Mutex::default(), is_bytes }) }
    }

    /// Whether both are the same object: Python's `is`, and `==` of streams.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.object, &other.object)
    }

    /// A number that no other object has while this one lives: where it is.
    pub fn address(&self) -> usize {
        Arc::as_ptr(&self.object) as usize
    }

    /// Whether it is a [`BytesIO`].
    pub fn is_bytes(&self) -> bool {
        self.object.is_bytes
    }

    /// Works with the [`BytesIO`] inside; `None` for a `StringIO`. The work must not use this object.
    pub fn with_bytes<R>(&self, work: impl FnOnce(&mut BytesIO) -> R) -> Option<R> {
        match &mut *lock(&self.object.stream) {
            Stream::Bytes(stream) => Some(work(stream)),
            Stream::Text(_) => None,
        }
    }

    /// Works with the [`StringIO`] inside; `None` for a `BytesIO`. The work must not use this object.
    pub fn with_text<R>(&self, work: impl FnOnce(&mut StringIO) -> R) -> Option<R> {
        match &mut *lock(&self.object.stream) {
            Stream::Text(stream) => Some(work(stream)),
            Stream::Bytes(_) => None,
        }
    }

    /// `_io.BytesIO` or `_io.StringIO`.
    pub fn type_name(&self) -> &'static str {
        if self.object.is_bytes { BytesIO::TYPE_NAME } else { StringIO::TYPE_NAME }
    }

    /// Python's `repr`; the address is the object's own.
    pub fn repr(&self) -> String {
        format!("<{} object at {:#x}>", self.type_name(), Arc::as_ptr(&self.object) as usize)
    }

    fn methods(&self) -> &'static [&'static str] {
        if self.object.is_bytes { BytesIO::METHODS } else { StringIO::METHODS }
    }

    /// Whether `name` is a public method of its class.
    pub fn has_method(&self, name: &str) -> bool {
        self.methods().contains(&name)
    }

    fn direct_call(&self, method: &str, args: &[Value], keywords: &[(&str, Value)]) -> Result<Value, Exception> {
        match &mut *lock(&self.object.stream) {
            Stream::Bytes(stream) => stream.call_with_keywords(method, args, keywords),
            Stream::Text(stream) => stream.call_with_keywords(method, args, keywords),
        }
    }

    /// A call by name: [`BytesIO::call`] or [`StringIO::call`], where `__iter__` and `__enter__` return this object, and
    /// `writelines` may be given any stream, this one too.
    pub fn call(&self, method: &str, args: &[Value], keywords: &[(&str, Value)]) -> Result<Value, Exception> {
        match method {
            "__iter__" | "__enter__" => {
                self.direct_call(method, args, keywords)?;
                Ok(Value::Stream(self.clone()))
            }
            "writelines" if keywords.is_empty() => {
                let class = if self.object.is_bytes { "BytesIO" } else { "_IOBase" };
                let lines = Arguments { class, method, args }.one()?;
                // Nothing is written, but what must be checked before the iteration begins is.
                self.direct_call(method, &[Value::List(Vec::new())], &[])?;
                let mut items = Items::of(lines)?;
                while let Some(item) = items.next()? {
                    self.direct_call("write", &[item], &[])?;
                }
                Ok(Value::None)
            }
            _ => self.direct_call(method, args, keywords),
        }
    }

    /// What iterating over it checks first.
    pub(super) fn check_iterable(&self) -> Result<(), Exception> {
        self.direct_call("__iter__", &[], &[]).map(|_| ())
    }

    /// An attribute that is not a method: of the class, or one that was set.
    pub fn attribute(&self, name: &str) -> Result<Value, Exception> {
        let own = match &*lock(&self.object.stream) {
            Stream::Bytes(stream) => stream.attribute(name),
            Stream::Text(stream) => stream.attribute(name),
        };
        match own {
            Err(exception) if exception.kind == ExceptionKind::Attribute => self.extra(name).ok_or(exception),
            own => own,
        }
    }

    /// An attribute that was set on this object; it hides a method of the same name.
    pub fn extra(&self, name: &str) -> Option<Value> {
        lock(&self.object.extra).iter().find(|(extra, _)| extra == name).map(|(_, value)| value.clone())
    }

    /// `stream.name = value`: everything but the attributes of the class can be set.
    pub fn set_attribute(&self, name: &str, value: Value) -> Result<(), Exception> {
        self.check_writable(name)?;
        let mut extra = lock(&self.object.extra);
        match extra.iter_mut().find(|(extra, _)| extra == name) {
            Some((_, old)) => *old = value,
            None => extra.push((name.to_owned(), value)),
        }
        Ok(())
    }

    /// `del stream.name`
    pub fn delete_attribute(&self, name: &str) -> Result<(), Exception> {
        self.check_writable(name)?;
        let mut extra = lock(&self.object.extra);
        match extra.iter().position(|(extra, _)| extra == name) {
            Some(at) => {
                extra.remove(at);
                Ok(())
            }
            None => Err(Exception::new(ExceptionKind::Attribute, name)),
        }
    }

    fn check_writable(&self, name: &str) -> Result<(), Exception> {
        let own = if self.object.is_bytes { BytesIO::ATTRIBUTES } else { StringIO::ATTRIBUTES };
        if !own.contains(&name) {
            return Ok(());
        }
        let class = if matches!(name, "encoding" | "errors") { "_io._TextIOBase" } else { self.type_name() };
        let message = format!("attribute '{name}' of '{class}' objects is not writable");
        Err(Exception::new(ExceptionKind::Attribute, message))
    }
}

/// By identity, as Python compares streams.
impl PartialEq for StreamObject {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other)
    }
}
