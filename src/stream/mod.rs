//! The streams of Python's `io`, rule for rule (CPython 3.11), over a [`Buffer`](crate::buffer::Buffer).
//!
//! Two ways to use a stream:
//!
//! - **typed**: [`BytesIO::read`], [`StringIO::write`] and so on take and give Rust values; [`BytesIO`] is also a
//!   [`std::io::Read`], [`Write`](std::io::Write), [`Seek`](std::io::Seek) and [`BufRead`](std::io::BufRead);
//! - **dynamic**: [`BytesIO::call`] and [`StringIO::call`] take a method's name and Python [`Value`]s, convert and check them in
//!   CPython's order and fail with its exceptions and messages; [`StreamObject`] is such a stream as a shared Python object.
//!
//! The buffered classes stand over a raw stream: typed as [`Buffered`] over any [`RawIo`], dynamic as a [`StreamObject`] over another.
//!
//! ```
//! use seektell::stream::{BytesIO, Value};
//!
//! let mut stream = BytesIO::new(b"0123456789");
//! assert_eq!(stream.call("read", &[Value::from(3)])?.repr(), "b'012'");
//! assert_eq!(stream.call("seek", &[]).unwrap_err().to_string(), "TypeError: seek expected at least 1 argument, got 0");
//! # Ok::<(), seektell::stream::Exception>(())
//! ```

mod arguments;
mod base;
mod buffered;
mod bytes_call;
mod bytes_io;
mod bytes_std;
mod class;
pub mod codec;
mod exception;
mod guard;
mod interrupt;
mod memory;
mod newline;
mod object;
mod packed;
mod printable;
mod record;
mod repr;
mod store;
mod string_call;
mod string_io;
mod text;
mod text_io;
mod text_ops;
mod text_parts;
mod value;
mod view;
mod watch;

pub use buffered::{Buffered, DEFAULT_BUFFER_SIZE, RawIo};
pub use bytes_io::{BytesIO, BytesState, Lines};
pub use class::StreamClass;
pub use exception::{Exception, ExceptionKind, UnicodeProblem};
pub use interrupt::interrupt_by;
pub use memory::ByteArray;
pub use newline::{Newline, SeenNewlines};
pub use object::{StreamObject, WeakStream};
pub use printable::is_printable;
pub use record::{CallRecord, Link, StreamState, TextLink, WindowLink};
pub use repr::{bytes_repr, float_repr, str_repr};
pub use string_io::{StringIO, TextLines, TextState};
pub use text::Text;
pub use text_io::{DEFAULT_ENCODING, Reconfigure, TextIOWrapper, TextOptions, WrapperLines};
pub use text_ops::{TextBuilder, bytes_of, repeat_buffer};
pub(crate) use text_parts::TextParts;
pub use value::{Foreign, Slice, Value};
pub use view::View;

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
