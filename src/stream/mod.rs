//! The streams of Python's `io`, rule for rule (CPython 3.11), over a [`Buffer`](crate::buffer::Buffer).
//!
//! SKELETON: signatures are the contract other layers build on; bodies are naive until this layer is written.

mod bytes_io;
mod exception;
mod string_io;
mod text;
mod value;

pub use bytes_io::{BytesIO, BytesState};
pub use exception::{Exception, ExceptionKind};
pub use string_io::{Newline, StringIO, TextState};
pub use text::Text;
pub use value::{Value, bytes_repr, str_repr};

/// Where a seek counts from: Python's `SEEK_SET`, `SEEK_CUR`, `SEEK_END`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Whence {
    /// From the start (0).
    #[default]
    Start,
    /// From the cursor (1).
    Current,
    /// From the end (2).
    End,
}
