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
        }
    }
}

impl Exception {
    /// An exception of class `kind`.
    pub fn new(kind: ExceptionKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
}

impl std::fmt::Display for Exception {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.kind.name())?;
        if self.message.is_empty() { Ok(()) } else { write!(f, ": {}", self.message) }
    }
}

impl std::error::Error for Exception {}
