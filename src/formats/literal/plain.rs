//! Digits with spaces, percent encoding, and rows with addresses.

use super::{Choices, Style};
use crate::formats::dump::sink::Sink;
use crate::formats::dump::{Decode, Decoded, Encode, malformed, named};
use crate::formats::{Format, FormatError};

const LOWER: &[u8; 16] = b"0123456789abcdef";
const UPPER: &[u8; 16] = b"0123456789ABCDEF";

/// The two hex digits of a byte.
pub(super) fn digits(byte: u8, upper_case: bool) -> [u8; 2] {
    let table = if upper_case { UPPER } else { LOWER };
    [table[usize::from(byte >> 4)], table[usize::from(byte & 15)]]
}

/// `48 69 0A`
pub(super) struct Spaced {
    upper_case: bool,
    line: u64,
    column: u64,
}

impl Spaced {
    pub(super) fn new(choices: &Choices) -> Self {
        Self { upper_case: choices.upper_case, line: choices.line(Style::HexSpaced), column: 0 }
    }
}

impl Encode for Spaced {
    fn feed(&mut self, bytes: &[u8], sink: &mut Sink<'_>) -> Result<(), FormatError> {
        for &byte in bytes {
            if self.column == self.line {
                sink.block().push(b'\n');
                self.column = 0;
            } else if self.column > 0 {
                sink.block().push(b' ');
            }
            self.column += 1;
            sink.push(&digits(byte, self.upper_case))?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &mut Sink<'_>) -> Result<(), FormatError> {
        Ok(())
    }
}

/// Rows with addresses, in the layout of the hex view or of xxd.
pub(super) struct Rows {
    style: Style,
    upper_case: bool,
    columns: usize,
    address: u64,
    row: Vec<u8>,
}

impl Rows {
    pub(super) fn new(style: Style, choices: &Choices) -> Self {
        let columns = if style == Style::Xxd { 16 } else { choices.line(style) as usize };
        Self { style, upper_case: choices.upper_case, columns, address: choices.address, row: Vec::with_capacity(columns) }
    }

    fn end_row(&mut self, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        let out = sink.block();
        let xxd = self.style == Style::Xxd;
        let address = if self.upper_case { format!("{:08X}", self.address) } else { format!("{:08x}", self.address) };
        out.extend_from_slice(address.as_bytes());
        out.push(if xxd { b':' } else { b' ' });
        for place in 0..self.columns {
            // xxd writes pairs of bytes, the view leaves a gap after every eight.
            if if xxd { place % 2 == 0 } else { place == 0 || place % 8 == 0 } {
                out.push(b' ');
            }
            if !xxd && place > 0 {
                out.push(b' ');
            }
            match self.row.get(place) {
                Some(&byte) => out.extend_from_slice(&digits(byte, self.upper_case)),
                None => out.extend_from_slice(b"  "),
            }
        }
        out.extend_from_slice(b"  ");
        if !xxd {
            out.push(b'|');
        }
        out.extend(self.row.iter().map(|&byte| if matches!(byte, 0x20..=0x7E) { byte } else { b'.' }));
        if !xxd {
            out.push(b'|');
        }
        out.push(b'\n');
        self.address = self.address.saturating_add(self.row.len() as u64);
        self.row.clear();
        sink.settle()
    }
}

impl Encode for Rows {
    fn feed(&mut self, mut bytes: &[u8], sink: &mut Sink<'_>) -> Result<(), FormatError> {
        while !bytes.is_empty() {
            let part = bytes.len().min(self.columns - self.row.len());
            self.row.extend_from_slice(&bytes[..part]);
            bytes = &bytes[part..];
            if self.row.len() == self.columns {
                self.end_row(sink)?;
            }
        }
        Ok(())
    }

    fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        if self.row.is_empty() { Ok(()) } else { self.end_row(sink) }
    }
}

/// Percent encoding by RFC 3986: unreserved characters stand for themselves.
pub(super) struct Percent;

impl Encode for Percent {
    fn feed(&mut self, bytes: &[u8], sink: &mut Sink<'_>) -> Result<(), FormatError> {
        for &byte in bytes {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                sink.push(&[byte])?;
            } else {
                let [high, low] = digits(byte, true);
                sink.push(&[b'%', high, low])?;
            }
        }
        Ok(())
    }

    fn finish(&mut self, _: &mut Sink<'_>) -> Result<(), FormatError> {
        Ok(())
    }
}

/// The other way; a line end at the end of the text is none of its characters.
#[derive(Default)]
pub(super) struct PercentDecoder {
    /// Where a percent sign stands, and its first digit.
    percent: Option<(u64, Option<u8>)>,
    /// Line ends that only count if something follows.
    held: Vec<u8>,
}

impl Decode for PercentDecoder {
    fn feed(&mut self, text: &[u8], at: u64, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        for (&byte, at) in text.iter().zip(at..) {
            match self.percent {
                None if matches!(byte, b'\r' | b'\n') => self.held.push(byte),
                None => {
                    sink.push(&self.held)?;
                    self.held.clear();
                    if byte == b'%' {
                        self.percent = Some((at, None));
                    } else {
                        sink.push(&[byte])?;
                    }
                }
                Some((start, first)) => {
                    let Some(digit) = char::from(byte).to_digit(16).map(|digit| digit as u8) else {
                        let what = format!("{} is not a hexadecimal digit: write %25 for a percent sign", named(byte));
                        return Err(malformed(Format::Text, what, at));
                    };
                    match first {
                        None => self.percent = Some((start, Some(digit))),
                        Some(high) => {
                            self.percent = None;
                            sink.push(&[high << 4 | digit])?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn finish(&mut self, _: &mut Sink<'_>, _: &mut Decoded) -> Result<(), FormatError> {
        match self.percent {
            Some((at, _)) => Err(malformed(Format::Text, "a percent sign needs two hexadecimal digits", at)),
            None => Ok(()),
        }
    }
}
