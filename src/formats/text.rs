//! Text in many encodings. SKELETON.

use std::io::Write;

use super::{Detection, FormatError, Loss, TextOptions};
use crate::buffer::{Buffer, ReadError};
use crate::tasks::Progress;

/// A text encoding: those of `encoding_rs`, and what it cannot write (UTF-16) or does not have (exact Latin-1, ASCII).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Encoding {
    /// UTF-8
    #[default]
    Utf8,
    /// UTF-16, little end first
    Utf16Le,
    /// UTF-16, big end first
    Utf16Be,
    /// ISO 8859-1, all 256 bytes
    Latin1,
    /// An encoding of the WHATWG list
    Whatwg(&'static encoding_rs::Encoding),
}

impl Encoding {
    /// Its usual name ("UTF-8", "windows-1252").
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Latin1 => "ISO-8859-1",
            Self::Whatwg(encoding) => encoding.name(),
        }
    }

    /// By name or WHATWG label, case ignored.
    pub fn from_name(name: &str) -> Option<Self> {
        let _ = name;
        None
    }

    /// Every encoding a menu offers, the usual ones first.
    pub fn all() -> Vec<Self> {
        vec![Self::Utf8, Self::Utf16Le, Self::Utf16Be, Self::Latin1]
    }
}

/// Line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NewlineStyle {
    /// `\n`
    Lf,
    /// `\r\n`
    CrLf,
    /// `\r`
    Cr,
}

/// An encoding that was guessed, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The encoding.
    pub encoding: Encoding,
    /// Bytes of byte order mark at the start.
    pub bom_len: u8,
    /// Why ("starts with the UTF-8 byte order mark").
    pub reason: String,
}

/// Byte order mark, then the zero pattern of UTF-16, then strict UTF-8, then a statistical guess. Reads the edges only.
pub fn guess(input: &Buffer) -> Result<Guess, ReadError> {
    let _ = input;
    Ok(Guess { encoding: Encoding::Utf8, bom_len: 0, reason: "assumed".into() })
}

/// Decodes all of `input` (the mark is left out); what cannot be decoded becomes U+FFFD and is counted in the second value.
pub fn decode(input: &Buffer, encoding: Encoding, progress: &Progress) -> Result<(String, u64), FormatError> {
    let _ = (encoding, progress);
    Ok((String::from_utf8_lossy(&input.to_vec_all()?).into_owned(), 0))
}

/// Decodes one run of bytes for display; never fails.
pub fn decode_lossy(bytes: &[u8], encoding: Encoding) -> String {
    let _ = encoding;
    String::from_utf8_lossy(bytes).into_owned()
}

/// Text from one encoding and line end to another, in bounded memory; tells what could not be written.
pub fn transcode(
    input: &Buffer,
    options: &TextOptions,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<Vec<Loss>, FormatError> {
    let _ = (input, options, out, progress, None::<Detection>);
    Ok(Vec::new())
}
