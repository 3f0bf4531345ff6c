//! The choices of text and JSON.

use super::within;
use crate::formats::FormatError;
use crate::formats::text::{Encoding, NewlineStyle};

/// How JSON is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JsonOptions {
    /// Spaces a level; `None` writes it on one line.
    pub indent: Option<u8>,
    /// The members of every object stand in the order of their keys; JSON that was no table before.
    pub sort_keys: bool,
}

impl JsonOptions {
    /// The deepest indent a level may have; more is surely a mistake.
    pub const MAX_INDENT: u8 = 16;

    /// Names an indent outside its range.
    pub fn validate(&self) -> Result<(), FormatError> {
        within("the indent", self.indent.unwrap_or(0).into(), 0..=Self::MAX_INDENT.into())
    }
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
