//! Python's exceptions, as values.

/// An exception of Python, by class and message; `Display` is the last line of CPython's traceback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// The class.
    pub kind: ExceptionKind,
    /// The text after the colon; may be empty.
    pub message: String,
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
    /// `UnicodeEncodeError`
    UnicodeEncode,
    /// `RuntimeError`
    Runtime,
    /// `RecursionError`
    Recursion,
    /// `BlockingIOError`
    BlockingIo,
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
            Self::UnicodeEncode => "UnicodeEncodeError",
            Self::Runtime => "RuntimeError",
            Self::Recursion => "RecursionError",
            Self::BlockingIo => "BlockingIOError",
        }
    }
}

impl Exception {
    /// An exception of class `kind`.
    pub fn new(kind: ExceptionKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
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
