//! Lines out of runs of text, and the bytes that a line writes in hexadecimal.

use super::super::{FormatError, malformed, named};
use crate::formats::Format;

/// The longest record: S, its type, and 256 bytes; blanks around it included.
const MAX_LINE: usize = 1024;

/// Gathers lines and counts them from 1.
#[derive(Default)]
pub(super) struct Lines {
    line: Vec<u8>,
    at: u64,
    number: u64,
    /// The byte before was a carriage return: a line feed belongs to it.
    returned: bool,
}

/// A line that is whole.
pub(in crate::formats::dump) struct Line {
    pub(super) text: Vec<u8>,
    /// Its first byte in the input.
    pub(super) at: u64,
    /// Its number, from 1.
    pub(super) number: u64,
}

impl Line {
    /// What is wrong with it, with its number.
    pub(super) fn wrong(&self, format: Format, (what, column): (String, usize)) -> FormatError {
        malformed(format, format!("{what} (line {})", self.number), self.at + column as u64)
    }
}

impl Lines {
    /// Hands over each whole line of `text` that is not blank.
    pub(super) fn feed(
        &mut self,
        format: Format,
        text: &[u8],
        at: u64,
        mut take: impl FnMut(&Line) -> Result<(), FormatError>,
    ) -> Result<(), FormatError> {
        let mut start = 0;
        while start < text.len() {
            if self.line.is_empty() {
                self.at = at + start as u64;
            }
            let end = memchr::memchr2(b'\n', b'\r', &text[start..]).map(|len| start + len);
            let part = &text[start..end.unwrap_or(text.len())];
            if self.line.len() + part.len() > MAX_LINE {
                let what = format!("a line is longer than any record (line {})", self.number + 1);
                return Err(malformed(format, what, self.at));
            }
            self.line.extend_from_slice(part);
            self.returned &= part.is_empty();
            let Some(end) = end else { break };
            let second_half = text[end] == b'\n' && self.returned && part.is_empty();
            self.returned = text[end] == b'\r';
            if !second_half {
                self.number += 1;
                self.end(&mut take)?;
            }
            start = end + 1;
        }
        Ok(())
    }

    /// The last line, which no line end closes.
    pub(super) fn finish(&mut self, mut take: impl FnMut(&Line) -> Result<(), FormatError>) -> Result<(), FormatError> {
        self.number += 1;
        self.end(&mut take)
    }

    fn end(&mut self, take: &mut impl FnMut(&Line) -> Result<(), FormatError>) -> Result<(), FormatError> {
        if self.line.trim_ascii().is_empty() {
            self.line.clear();
            return Ok(());
        }
        let line = Line { text: std::mem::take(&mut self.line), at: self.at, number: self.number };
        take(&line)?;
        self.line = line.text;
        self.line.clear();
        Ok(())
    }
}

/// The bytes that two hexadecimal digits each stand for; `column` is where `digits` begin in the line.
pub(super) fn unhex(digits: &[u8], column: usize) -> Result<Vec<u8>, (String, usize)> {
    if let Some(index) = digits.iter().position(|byte| !byte.is_ascii_hexdigit()) {
        return Err((format!("{} is not a hexadecimal digit", named(digits[index])), column + index));
    }
    hex::decode(digits).map_err(|_| ("a digit has no second one to make a byte".into(), column + digits.len() - 1))
}

/// A number, big end first, of at most eight bytes.
pub(super) fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, &byte| number << 8 | u64::from(byte))
}
