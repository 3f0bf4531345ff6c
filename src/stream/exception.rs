//! Python's exceptions, as values.

use super::Value;
use crate::buffer::Offset;

/// An exception of Python, by class and message; `Display` is the last line of CPython's traceback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// The class.
    pub kind: ExceptionKind,
    /// The text after the colon; may be empty.
    pub message: String,
    /// What `UnicodeDecodeError` and `UnicodeEncodeError` tell beyond their message.
    pub unicode: Option<Box<UnicodeProblem>>,
}

/// The attributes of a `UnicodeDecodeError` or a `UnicodeEncodeError`; its `args` are these in this order.
#[derive(Clone, Debug)]
pub struct UnicodeProblem {
    /// The codec that met it, by the name it uses for itself.
    pub encoding: String,
    /// All that was to be decoded (`bytes`) or encoded (`str`).
    pub object: Value,
    /// The first byte or code point of `object` that is wrong.
    pub start: u64,
    /// Behind the last one.
    pub end: u64,
    /// What is wrong.
    pub reason: String,
}

impl PartialEq for UnicodeProblem {
    fn eq(&self, other: &Self) -> bool {
        (&self.encoding, self.start, self.end, &self.reason) == (&other.encoding, other.start, other.end, &other.reason)
            && self.object == other.object
    }
}

// The object is a `str` or `bytes`, which equal themselves.
impl Eq for UnicodeProblem {}

impl UnicodeProblem {
    /// What `str()` of the exception gives.
    pub fn message(&self) -> String {
        let Self { encoding, object, start, end, reason } = self;
        let last = end.saturating_sub(1);
        let (verb, one, many) = match object {
            Value::Str(text) => {
                let one = (last == *start).then(|| text.get(*start)).flatten().map(|point| match point {
                    ..=0xFF => format!("character '\\x{point:02x}'"),
                    0x100..=0xFFFF => format!("character '\\u{point:04x}'"),
                    _ => format!("character '\\U{point:08x}'"),
                });
                ("encode", one, "characters")
            }
            Value::Bytes(bytes) => {
                let byte = (last == *start).then(|| bytes.byte_at(Offset(*start)).ok().flatten()).flatten();
                ("decode", byte.map(|byte| format!("byte 0x{byte:02x}")), "bytes")
            }
            _ => ("decode", None, "bytes"),
        };
        match one {
            Some(one) => format!("'{encoding}' codec can't {verb} {one} in position {start}: {reason}"),
            None => format!("'{encoding}' codec can't {verb} {many} in position {start}-{last}: {reason}"),
        }
    }
}

/// The exception classes that streams raise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExceptionKind {
    /// `TypeError`
    Type,
    /// `ValueError`
    Value,
    /// `OverflowError`
    Overflow,
    /// `BufferError`
    Buffer,
    /// `OSError`
    Os,
    /// `io.UnsupportedOperation`
    UnsupportedOperation,
    /// `AttributeError`
    Attribute,
    /// `IndexError`
    Index,
    /// `MemoryError`
    Memory,
    /// `StopIteration`
    StopIteration,
    /// `NotImplementedError`
    NotImplemented,
    /// `UnicodeError`
    Unicode,
    /// `UnicodeDecodeError`
    UnicodeDecode,
    /// `UnicodeEncodeError`
    UnicodeEncode,
    /// `LookupError`
    Lookup,
    /// `BlockingIOError`
    BlockingIo,
    /// `RuntimeError`
    Runtime,
    /// `RecursionError`
    Recursion,
}

impl ExceptionKind {
    /// The name as a traceback prints it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Type => "TypeError",
            Self::Value => "ValueError",
            Self::Overflow => "OverflowError",
            Self::Buffer => "BufferError",
            Self::Os => "OSError",
            Self::UnsupportedOperation => "io.UnsupportedOperation",
            Self::Attribute => "AttributeError",
            Self::Index => "IndexError",
            Self::Memory => "MemoryError",
            Self::StopIteration => "StopIteration",
            Self::NotImplemented => "NotImplementedError",
            Self::Unicode => "UnicodeError",
            Self::UnicodeDecode => "UnicodeDecodeError",
            Self::UnicodeEncode => "UnicodeEncodeError",
            Self::Lookup => "LookupError",
            Self::BlockingIo => "BlockingIOError",
            Self::Runtime => "RuntimeError",
            Self::Recursion => "RecursionError",
        }
    }
}

/// What a change of a protected stream says: CPython's words for a stream that cannot be written, and why.
const PROTECTED: &str = "not writable: the document is protected against changes (Edit, Protect against changes)";

impl Exception {
    /// An exception of class `kind`.
    pub fn new(kind: ExceptionKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), unicode: None }
    }

    /// A `UnicodeDecodeError` or, where the object is a `str`, a `UnicodeEncodeError`.
    #[cold]
    pub fn from_unicode(problem: UnicodeProblem) -> Self {
        let is_text = matches!(problem.object, Value::Str(_));
        let kind = if is_text { ExceptionKind::UnicodeEncode } else { ExceptionKind::UnicodeDecode };
        Self { kind, message: problem.message(), unicode: Some(Box::new(problem)) }
    }

    pub(super) fn lookup(message: impl Into<String>) -> Self {
        Self::new(ExceptionKind::Lookup, message)
    }

    pub(super) fn type_error(message: impl Into<String>) -> Self {
        Self::new(ExceptionKind::Type, message)
    }

    pub(super) fn value_error(message: impl Into<String>) -> Self {
        Self::new(ExceptionKind::Value, message)
    }

    pub(super) fn overflow(message: impl Into<String>) -> Self {
        Self::new(ExceptionKind::Overflow, message)
    }

    pub(super) fn no_attribute(type_name: &str, name: &str) -> Self {
        Self::new(ExceptionKind::Attribute, format!("'{type_name}' object has no attribute '{name}'"))
    }

    pub(super) fn unsupported(operation: &str) -> Self {
        Self::new(ExceptionKind::UnsupportedOperation, operation)
    }

    pub(super) fn stop_iteration() -> Self {
        Self::new(ExceptionKind::StopIteration, "")
    }

    /// What a stream says that takes no changes.
    #[cold]
    pub(super) fn protected() -> Self {
        Self::new(ExceptionKind::UnsupportedOperation, PROTECTED)
    }

    /// What a stream says whose content is exported through a view.
    #[cold]
    pub(super) fn exported() -> Self {
        Self::new(ExceptionKind::Buffer, "Existing exports of data: object cannot be re-sized")
    }
}

impl std::fmt::Display for Exception {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.kind.name())?;
        if self.message.is_empty() { Ok(()) } else { write!(f, ": {}", self.message) }
    }
}

impl std::error::Error for Exception {}

/// An unreadable file under the content is an `OSError`, too little memory a `MemoryError`.
impl From<crate::buffer::ReadError> for Exception {
    fn from(error: crate::buffer::ReadError) -> Self {
        match error.kind {
            crate::buffer::ReadErrorKind::OutOfMemory(_) => Self::new(ExceptionKind::Memory, ""),
            _ => Self::new(ExceptionKind::Os, error.to_string()),
        }
    }
}

/// For `std::io`: the exception is carried inside.
impl From<Exception> for std::io::Error {
    fn from(exception: Exception) -> Self {
        let kind = match exception.kind {
            ExceptionKind::Value | ExceptionKind::Overflow | ExceptionKind::Type => std::io::ErrorKind::InvalidInput,
            ExceptionKind::Buffer => std::io::ErrorKind::ResourceBusy,
            ExceptionKind::Memory => std::io::ErrorKind::OutOfMemory,
            ExceptionKind::UnsupportedOperation | ExceptionKind::NotImplemented => std::io::ErrorKind::Unsupported,
            ExceptionKind::BlockingIo => std::io::ErrorKind::WouldBlock,
            _ => std::io::ErrorKind::Other,
        };
        Self::new(kind, exception)
    }
}
