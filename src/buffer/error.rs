//! Why bytes could not be read.

use std::io;

use super::{Len, Offset};

/// Bytes of a buffer could not be read: only pieces that live in a file can fail, and requests larger than memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The cause.
    pub kind: ReadErrorKind,
    /// The place in the buffer where reading stopped.
    pub offset: Offset,
}

/// The causes of a [`ReadError`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadErrorKind {
    /// The file under the buffer is not the one that was opened: it was replaced, or written to.
    Changed,
    /// The file under the buffer is shorter than it was; the bytes are gone.
    Shrunk,
    /// The operating system could not read; its own words.
    Io(io::ErrorKind, String),
    /// There is not enough memory for this many bytes at once.
    OutOfMemory(Len),
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "at offset {}: ", self.offset)?;
        match &self.kind {
            ReadErrorKind::Changed => write!(f, "the file changed on disk since it was opened; reload it"),
            ReadErrorKind::Shrunk => write!(f, "the file became shorter since it was opened; reload it"),
            ReadErrorKind::Io(_, words) => write!(f, "the file cannot be read ({words})"),
            ReadErrorKind::OutOfMemory(len) => write!(f, "not enough memory for {len} bytes at once"),
        }
    }
}

impl std::error::Error for ReadError {}

impl From<ReadError> for io::Error {
    fn from(error: ReadError) -> Self {
        let kind = match &error.kind {
            ReadErrorKind::Io(kind, _) => *kind,
            ReadErrorKind::OutOfMemory(_) => io::ErrorKind::OutOfMemory,
            ReadErrorKind::Changed => io::ErrorKind::InvalidData,
            ReadErrorKind::Shrunk => io::ErrorKind::UnexpectedEof,
        };
        Self::new(kind, error)
    }
}
