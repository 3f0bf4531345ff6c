//! What a person can choose about a conversion, and what it will lose.

use super::table::Dialect;
use super::text::{Encoding, NewlineStyle};

/// All choices of a conversion; each writer takes its own part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// Writers of pictures.
    pub picture: PictureOptions,
    /// Readers and writers of tables.
    pub table: TableOptions,
    /// Writers of JSON.
    pub json: JsonOptions,
    /// Readers and writers of text.
    pub text: TextOptions,
    /// Writers of hex, dumps, base64 and data URLs.
    pub dump: DumpOptions,
}

/// How a picture is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureOptions {
    /// JPEG quality, 1 to 100; 85 by default.
    pub quality: u8,
    /// PNG effort, 0 (fast) to 9 (small); 6 by default.
    pub png_level: u8,
    /// Red, green, blue behind transparent pixels where the target has no alpha; white by default.
    pub background: [u8; 3],
}

impl Default for PictureOptions {
    fn default() -> Self {
        Self { quality: 85, png_level: 6, background: [255, 255, 255] }
    }
}

/// How a table is read (what is `None` is guessed) and written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableOptions {
    /// The dialect of the input, where the user chose one.
    pub input: Option<Dialect>,
    /// The delimiter of the output; the format's own by default.
    pub delimiter: Option<u8>,
    /// `\n`, or `\r\n` as Python's `csv` writes by default.
    pub newline: Option<NewlineStyle>,
}

/// How JSON is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JsonOptions {
    /// Spaces a level; `None` writes it on one line.
    pub indent: Option<u8>,
}

/// How text is read and written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextOptions {
    /// The encoding of the input, where the user chose one; guessed otherwise.
    pub input: Option<Encoding>,
    /// The encoding of the output; UTF-8 by default.
    pub encoding: Encoding,
    /// Whether a byte order mark is written.
    pub bom: bool,
    /// The line ends of the output; kept as they are by default.
    pub newline: Option<NewlineStyle>,
}

/// How bytes are written as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DumpOptions {
    /// Characters a line for hex text and base64; `None` writes one line.
    pub wrap: Option<u32>,
    /// Upper case hex digits.
    pub upper_case: bool,
    /// `-` and `_` in base64.
    pub url_safe: bool,
    /// The media type of a data URL; detected by default.
    pub mime: Option<String>,
}

/// Something that the result will not have any more. Shown before anything is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// One sentence, with the number ("3 characters cannot be written in windows-1252").
    pub what: String,
}

impl Loss {
    /// A loss in words.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into() }
    }
}
