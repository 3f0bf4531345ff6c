//! Runs of text in bytes of any kind, as a person looks for them in programs and pictures.
//!
//! [`find`] goes once over a range on all cores. A *string* is a run of printable characters in one of the chosen encodings,
//! as long as it goes, at least [`Request::min`] characters; a tab is printable, a line end is not. UTF-16 is looked for at
//! every byte, not only at even places. What is kept is where each is, never its text, and only as many as
//! [`Request::most`]; the others are counted.
//!
//! - ASCII and UTF-8 are found together: a run of ASCII alone is called ASCII.
//! - UTF-16 means, in any bytes whatever, some character of some script; so only the alphabets up to U+05FF (Latin, Greek,
//!   Cyrillic, Armenian, Hebrew) and the common punctuation count, unless [`Request::every_script`] says otherwise. Then text
//!   in ASCII, each pair of which means something in UTF-16 too, is still not taken for that.
//! - Bytes that are text in UTF-16 are often text in the other order too, one byte off; of strings that lie over each other
//!   the longer one counts, or else the one that begins at an even place.
//! - A run in a charset of one byte a character that is ASCII alone is listed once, as ASCII, where that is looked for too.
//!
//! ```
//! use seektell::buffer::Buffer;
//! use seektell::explore::strings::{Request, find, text};
//! use seektell::tasks::Progress;
//!
//! let buffer = Buffer::from(b"\x7FELF\x02\0hello\0\0w\0i\0d\0e\0\0\0");
//! let found = find(&buffer, &Request::of(&buffer), &Progress::new(), &|_| {})?;
//! let texts: Vec<_> = found.strings.iter().map(|string| text(&buffer, string, 100)).collect();
//! assert_eq!(texts, [Ok("hello".to_owned()), Ok("wide".to_owned())]);
//! # Ok::<(), seektell::tasks::Cancelled>(())
//! ```

mod encoding;
mod filter;
mod list;
mod merge;
mod run;
mod scan;
#[cfg(test)]
mod tests;

pub use encoding::{Encoding, SingleByte};
pub use filter::{Filter, FilterError};
pub use list::{Sort, escaped, order, refine, text, to_csv, to_json, to_text};
pub use scan::find;

use crate::buffer::{Buffer, ByteRange, Len, Offset};

/// A string that was found: where it is and in what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its first byte.
    pub offset: Offset,
    /// Its bytes.
    pub len: Len,
    /// Its characters.
    pub chars: u64,
    /// What it is written in.
    pub encoding: Encoding,
}

/// What is looked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The part of the buffer.
    pub range: ByteRange,
    /// The fewest characters of a string; at least 1.
    pub min: u64,
    /// The encodings; [`Encoding::Ascii`] beside [`Encoding::Utf8`] says nothing more.
    pub encodings: Vec<Encoding>,
    /// In UTF-16, characters of every script.
    pub every_script: bool,
    /// Only strings that this is found in.
    pub filter: Option<Filter>,
    /// How many are kept at most.
    pub most: usize,
}

impl Request {
    /// The usual fewest characters.
    pub const MIN: u64 = 4;
    /// The usual most strings; 40 MB.
    pub const MOST: usize = 1_000_000;

    /// All of a buffer, in UTF-8 and UTF-16, four characters.
    pub fn of(buffer: &Buffer) -> Self {
        Self {
            range: ByteRange::new(Offset::ZERO, buffer.len()),
            min: Self::MIN,
            encodings: vec![Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be],
            every_script: false,
            filter: None,
            most: Self::MOST,
        }
    }
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Strings {
    /// The first ones, by their offset.
    pub strings: Vec<Found>,
    /// How many there are altogether.
    pub total: u64,
    /// Bytes that could not be read, and were passed over.
    pub unreadable: u64,
    /// Why the first of them could not.
    pub problem: Option<String>,
}
