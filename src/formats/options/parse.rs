//! Choices as a person writes them.

use super::within;
use crate::formats::FormatError;
use crate::formats::text::{Encoding, NewlineStyle};

/// A colour as a person writes it: `#RRGGBB`, `#RGB` (the `#` may be left out), or one of a few names.
///
/// # Errors
/// [`FormatError::Option`] that says what is accepted.
///
/// ```
/// use seektell::formats::options::parse_color;
/// assert_eq!(parse_color("#6495ED").unwrap(), [100, 149, 237]);
/// assert_eq!(parse_color("white").unwrap(), [255, 255, 255]);
/// assert!(parse_color("#12").is_err());
/// ```
pub fn parse_color(text: &str) -> Result<[u8; 3], FormatError> {
    let named = match text.trim().to_ascii_lowercase().as_str() {
        "white" => Some([255, 255, 255]),
        "black" => Some([0, 0, 0]),
        "gray" | "grey" => Some([128, 128, 128]),
        "red" => Some([255, 0, 0]),
        "green" => Some([0, 128, 0]),
        "blue" => Some([0, 0, 255]),
        "yellow" => Some([255, 255, 0]),
        "magenta" => Some([255, 0, 255]),
        "cyan" => Some([0, 255, 255]),
        _ => None,
    };
    let digits = text.trim().trim_start_matches('#');
    let long: String = if digits.len() == 3 { digits.chars().flat_map(|digit| [digit, digit]).collect() } else { digits.into() };
    let mut color = [0; 3];
    match named {
        Some(color) => Ok(color),
        None if hex::decode_to_slice(&long, &mut color).is_ok() => Ok(color),
        None => Err(FormatError::Option(format!("{text:?} is not a colour: write #RRGGBB or white, black, gray, red and so on"))),
    }
}

/// A delimiter as a person writes it: one ASCII character, `\t`, or a word (`tab`, `comma`, `semicolon`, `pipe`, `space`).
///
/// # Errors
/// [`FormatError::Option`] for anything longer, and for quotes and line ends.
pub fn parse_delimiter(text: &str) -> Result<u8, FormatError> {
    let byte = match text.to_ascii_lowercase().as_str() {
        "tab" | "\\t" => b'\t',
        "comma" => b',',
        "semicolon" => b';',
        "pipe" => b'|',
        "space" => b' ',
        _ if text.len() == 1 => text.as_bytes()[0],
        _ => {
            let what = format!("{text:?} is not a delimiter: give one character, or tab, comma, semicolon, pipe or space");
            return Err(FormatError::Option(what));
        }
    };
    check_delimiter(byte).map(|()| byte)
}

/// A line end by its name: `lf`, `crlf` or `cr`.
///
/// # Errors
/// [`FormatError::Option`] for any other word.
pub fn parse_newline(text: &str) -> Result<NewlineStyle, FormatError> {
    match text.to_ascii_lowercase().as_str() {
        "lf" | "\\n" | "unix" => Ok(NewlineStyle::Lf),
        "crlf" | "\\r\\n" | "windows" | "dos" => Ok(NewlineStyle::CrLf),
        "cr" | "\\r" => Ok(NewlineStyle::Cr),
        _ => Err(FormatError::Option(format!("{text:?} is not a line end: lf, crlf or cr"))),
    }
}

/// An encoding by its name ("utf-8", "windows-1252", "shift_jis").
///
/// # Errors
/// [`FormatError::Option`] for a name that nobody knows.
pub fn parse_encoding(text: &str) -> Result<Encoding, FormatError> {
    let unknown = || FormatError::Option(format!("{text:?} is not an encoding: utf-8, utf-16le, latin1, windows-1252 and so on"));
    Encoding::from_name(text).ok_or_else(unknown)
}

/// A whole number inside a range, named where it is not one.
///
/// # Errors
/// [`FormatError::Option`] with the range.
pub fn parse_within(name: &str, text: &str, range: std::ops::RangeInclusive<u32>) -> Result<u32, FormatError> {
    let (low, high) = (*range.start(), *range.end());
    match text.parse() {
        Ok(value) => within(name, value, range).map(|()| value),
        Err(_) => Err(FormatError::Option(format!("{name} must be a number from {low} to {high}, not {text:?}"))),
    }
}

pub(super) fn check_delimiter(byte: u8) -> Result<(), FormatError> {
    match byte {
        b'"' | b'\n' | b'\r' => Err(FormatError::Option("the delimiter cannot be a quote or a line end".into())),
        0x80.. => Err(FormatError::Option("the delimiter must be one ASCII character".into())),
        _ => Ok(()),
    }
}
