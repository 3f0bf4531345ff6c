//! Text in many encodings: what an encoding is called, which one a file seems to have, bytes to characters and back,
//! line ends, and an index of lines for views over files of any size.
//!
//! Two names that look alike mean two things. [`Encoding::Latin1`] is ISO 8859-1 as the standard has it: byte n is
//! character n, all 256 of them, as Python's `latin-1`. The WHATWG list gives the label "iso-8859-1" to windows-1252,
//! because web pages do; here that encoding goes by its own name only.
//!
//! Nothing here fails on odd input: bytes that mean nothing in the encoding become U+FFFD, characters that the
//! encoding does not have become `?`, and both are counted and told as a [`Loss`](super::Loss).

mod codec;
mod encoding;
mod guess;
mod lines;
mod transcode;

pub use codec::{Decoder, Encoder, NewlineConverter};
pub use encoding::{Encoding, NewlineStyle};
pub use guess::{Guess, guess};
pub use lines::{LineIndex, TextRow};
pub(crate) use transcode::mark_len;
pub use transcode::{decode, decode_lossy, decode_within, transcode};
