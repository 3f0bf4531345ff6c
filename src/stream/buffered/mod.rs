//! `io.BufferedReader`, `BufferedWriter`, `BufferedRandom` and `BufferedRWPair`.
//!
//! All rules of the window are in `window`, `read` and `write`, over any [`RawIo`]. [`Buffered`] is the typed stream made of it;
//! `BufferedStream` and `BufferedPair` are the classes of the language, over any stream object.

mod call;
mod object;
mod pair;
mod raw;
mod read;
mod typed;
mod window;
mod write;

pub(super) use call::{BufferedStream, Mode};
pub(super) use pair::BufferedPair;
pub use raw::RawIo;
pub use typed::Buffered;

/// How many bytes a buffered stream holds unless it is told otherwise: Python's `io.DEFAULT_BUFFER_SIZE`.
pub const DEFAULT_BUFFER_SIZE: u64 = 8192;
