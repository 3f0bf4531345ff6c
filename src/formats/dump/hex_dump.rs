//! The canonical hex dump, byte for byte as `hexdump -C` prints it, and the reader of its layout and xxd's.

use super::sink::Sink;
use super::{Decode, Decoded, Encode, Format, FormatError, malformed, named, usual_row};
use crate::buffer::{Len, Offset};

/// Bytes in a row of the canonical layout.
pub(super) const ROW: usize = 16;

const LOWER: &[u8; 16] = b"0123456789abcdef";
const UPPER: &[u8; 16] = b"0123456789ABCDEF";

/// Whether rows equal to the one before are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Squeeze {
    /// They become one `*`, as `hexdump -C` does.
    Repeats,
    /// Every row is written.
    Nothing,
}

/// One row of the canonical dump, without a line end: address, up to 16 bytes (more are cut off), their printable characters.
///
/// ```
/// use seektell::buffer::Offset;
/// use seektell::formats::dump::row_text;
/// assert_eq!(row_text(Offset(0x20), b"Hi\n", false).trim_end(),
///     "00000020  48 69 0a                                          |Hi.|");
/// ```
pub fn row_text(address: Offset, bytes: &[u8], upper_case: bool) -> String {
    let mut line = Vec::new();
    push_row(&mut line, address.get(), &bytes[..bytes.len().min(ROW)], upper_case);
    line.pop();
    String::from_utf8(line).expect("a dump is ASCII")
}

fn push_address(line: &mut Vec<u8>, address: u64, upper_case: bool) {
    let table = if upper_case { UPPER } else { LOWER };
    let digits = (64 - address.leading_zeros()).div_ceil(4).max(8);
    for place in (0..digits).rev() {
        line.push(table[(address >> (place * 4) & 15) as usize]);
    }
}

/// Both digits of every byte.
const fn pairs(digits: &[u8; 16]) -> [[u8; 2]; 256] {
    let mut table = [[0; 2]; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = [digits[byte >> 4], digits[byte & 15]];
        byte += 1;
    }
    table
}

const LOWER_PAIRS: [[u8; 2]; 256] = pairs(LOWER);
const UPPER_PAIRS: [[u8; 2]; 256] = pairs(UPPER);

/// The character that stands for each byte.
const SHOWN: [u8; 256] = {
    let mut table = [b'.'; 256];
    let mut byte = 0x20;
    while byte < 0x7F {
        table[byte] = byte as u8;
        byte += 1;
    }
    table
};

/// A whole row whose address has eight digits: the one that nearly all rows are.
fn push_full_row(text: &mut Vec<u8>, address: u32, row: &[u8; ROW], upper_case: bool) {
    let pairs = if upper_case { &UPPER_PAIRS } else { &LOWER_PAIRS };
    let mut line = *b"00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n";
    for (place, byte) in address.to_be_bytes().into_iter().enumerate() {
        line[place * 2..place * 2 + 2].copy_from_slice(&pairs[usize::from(byte)]);
    }
    for (place, &byte) in row.iter().enumerate() {
        let column = 10 + place * 3 + place / 8;
        line[column..column + 2].copy_from_slice(&pairs[usize::from(byte)]);
        line[61 + place] = SHOWN[usize::from(byte)];
    }
    text.extend_from_slice(&line);
}

fn push_row(line: &mut Vec<u8>, address: u64, bytes: &[u8], upper_case: bool) {
    let table = if upper_case { UPPER } else { LOWER };
    push_address(line, address, upper_case);
    for place in 0..ROW {
        if place % 8 == 0 {
            line.push(b' ');
        }
        match bytes.get(place) {
            Some(byte) => line.extend_from_slice(&[b' ', table[usize::from(byte >> 4)], table[usize::from(byte & 15)]]),
            None => line.extend_from_slice(b"   "),
        }
    }
    line.extend_from_slice(b"  |");
    line.extend(bytes.iter().map(|&byte| SHOWN[usize::from(byte)]));
    line.extend_from_slice(b"|\n");
}

pub(super) struct Encoder {
    address: u64,
    upper_case: bool,
    squeeze: Squeeze,
    /// The start of a row that the next bytes complete.
    rest: Vec<u8>,
    last: Option<[u8; ROW]>,
    starred: bool,
    empty: bool,
}

impl Encoder {
    pub(super) fn new(start: Offset, upper_case: bool, squeeze: Squeeze) -> Self {
        let rest = Vec::with_capacity(ROW);
        Self { address: start.get(), upper_case, squeeze, rest, last: None, starred: false, empty: true }
    }

    fn full_row(&mut self, row: &[u8; ROW], sink: &mut Sink<'_>) -> Result<(), FormatError> {
        let repeats = self.squeeze == Squeeze::Repeats && self.last.as_ref() == Some(row);
        if !repeats {
            match u32::try_from(self.address) {
                Ok(address) => push_full_row(sink.block(), address, row, self.upper_case),
                Err(_) => push_row(sink.block(), self.address, row, self.upper_case),
            }
            self.last = Some(*row);
            self.starred = false;
        } else if !self.starred {
            sink.push(b"*\n")?;
            self.starred = true;
        }
        self.address += ROW as u64;
        sink.settle()
    }
}

impl Encode for Encoder {
    fn feed(&mut self, mut bytes: &[u8], sink: &mut Sink<'_>) -> Result<(), FormatError> {
        self.empty &= bytes.is_empty();
        if !self.rest.is_empty() {
            let missing = (ROW - self.rest.len()).min(bytes.len());
            self.rest.extend_from_slice(&bytes[..missing]);
            bytes = &bytes[missing..];
            if let Ok(row) = <[u8; ROW]>::try_from(self.rest.as_slice()) {
                self.rest.clear();
                self.full_row(&row, sink)?;
            }
        }
        let (rows, rest) = bytes.as_chunks::<ROW>();
        for row in rows {
            self.full_row(row, sink)?;
        }
        self.rest.extend_from_slice(rest);
        Ok(())
    }

    fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        if self.empty {
            return Ok(());
        }
        if !self.rest.is_empty() {
            push_row(sink.block(), self.address, &self.rest, self.upper_case);
            self.address += self.rest.len() as u64;
        }
        push_address(sink.block(), self.address, self.upper_case);
        sink.push(b"\n")
    }
}

/// Writes a canonical dump of runs of bytes whose first one stands at `start`, the closing address included.
///
/// # Errors
/// Those of `runs`, `Write`, `Cancelled`.
pub fn write_rows<B: std::ops::Deref<Target = [u8]>>(
    start: Offset,
    runs: impl Iterator<Item = Result<B, crate::buffer::ReadError>>,
    squeeze: Squeeze,
    upper_case: bool,
    out: &mut dyn std::io::Write,
    progress: &crate::tasks::Progress,
) -> Result<u64, FormatError> {
    let mut encoder = Encoder::new(start, upper_case, squeeze);
    let mut sink = Sink::new(out, progress);
    for run in runs {
        for run in run?.chunks(crate::buffer::Buffer::CHUNK_LEN) {
            progress.check()?;
            encoder.feed(run, &mut sink)?;
        }
    }
    encoder.finish(&mut sink)?;
    sink.finish()
}

/// What one line of a dump says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// Nothing.
    Empty,
    /// `*`: the row before, over and over up to the next address.
    Repeat,
    /// Bytes and where they stand; no bytes in the line that closes a dump.
    Bytes {
        /// The address of the first byte.
        address: u64,
        /// The bytes.
        bytes: Vec<u8>,
        /// Whether the line can hardly be anything else: an address followed by a colon, or characters between bars.
        certain: bool,
    },
}

/// Understands one line of a hex dump, in the canonical or in xxd's layout.
///
/// # Errors
/// What is wrong, and the column (from 0) where.
pub fn parse_row(line: &[u8]) -> Result<Row, (String, usize)> {
    let line = line.trim_ascii_end();
    let start = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    match &line[start..] {
        b"" => return Ok(Row::Empty),
        b"*" => return Ok(Row::Repeat),
        _ => {}
    }
    let mut at = start;
    if line[at..].starts_with(b"0x") {
        at += 2;
    }
    let digits = line[at..].iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let address = std::str::from_utf8(&line[at..at + digits]).ok().and_then(|digits| u64::from_str_radix(digits, 16).ok());
    let Some(address) = address.filter(|_| digits >= 4) else {
        return Err(("a row must start with its address, at least four hexadecimal digits".into(), start));
    };
    at += digits;
    let colon = line.get(at) == Some(&b':');
    at += usize::from(colon);
    if !matches!(line.get(at), None | Some(b' ' | b'\t')) {
        return Err((format!("{} follows the address", named(line[at])), at));
    }
    let columns = if colon { colon_columns(line, at)? } else { bar_columns(line, at)? };
    Ok(Row::Bytes { address, bytes: columns.bytes, certain: colon || columns.bars })
}

#[derive(Default)]
struct Columns {
    bytes: Vec<u8>,
    bars: bool,
}

/// xxd: groups with one space between them; two spaces end them.
fn colon_columns(line: &[u8], mut at: usize) -> Result<Columns, (String, usize)> {
    let mut bytes = Vec::new();
    let mut groups = 0;
    let mut bits = true;
    at += line[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    while at < line.len() && line[at] != b' ' {
        let len = line[at..].iter().take_while(|byte| !matches!(byte, b' ' | b'\t')).count();
        let group = &line[at..at + len];
        bits &= len == 8 && group.iter().all(|byte| matches!(byte, b'0' | b'1'));
        groups += 1;
        push_group(&mut bytes, group, at)?;
        at += len + 1;
    }
    let characters = line.len().saturating_sub(at + 1);
    if bits && groups > 1 && characters == groups {
        return Err(("this is a dump of bits; only hexadecimal dumps can be read".into(), at));
    }
    Ok(Columns { bytes, bars: false })
}

/// hexdump and od: pairs, however spaced; a bar, an angle bracket or a wide gap ends them.
fn bar_columns(line: &[u8], mut at: usize) -> Result<Columns, (String, usize)> {
    let mut columns = Columns::default();
    while at < line.len() {
        let gap = line[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'-')).count();
        at += gap;
        match line.get(at) {
            None => break,
            Some(b'|' | b'>') => {
                columns.bars = line.len() > at + 1 && matches!(line[line.len() - 1], b'|' | b'<');
                break;
            }
            Some(_) if gap >= 3 && !columns.bytes.is_empty() => break,
            Some(_) => {
                let end = |byte: &&u8| !matches!(**byte, b' ' | b'\t' | b'-' | b'|' | b'>');
                let len = line[at..].iter().take_while(end).count();
                push_group(&mut columns.bytes, &line[at..at + len], at)?;
                at += len;
            }
        }
    }
    Ok(columns)
}

fn push_group(bytes: &mut Vec<u8>, group: &[u8], at: usize) -> Result<(), (String, usize)> {
    let start = bytes.len();
    bytes.resize(start + group.len() / 2, 0);
    hex::decode_to_slice(group, &mut bytes[start..]).map_err(|error| match error {
        hex::FromHexError::InvalidHexCharacter { index, .. } => {
            (format!("{} is not a hexadecimal digit", named(group[index])), at + index)
        }
        _ => match group.iter().position(|byte| !byte.is_ascii_hexdigit()) {
            Some(index) => (format!("{} is not a hexadecimal digit", named(group[index])), at + index),
            None => ("a digit has no second one to make a byte".into(), at + group.len().saturating_sub(1)),
        },
    })
}

#[derive(Default)]
pub(super) struct Decoder {
    line: Vec<u8>,
    line_at: u64,
    base: Option<u64>,
    /// The address behind the last byte.
    next: u64,
    last: Vec<u8>,
    star_at: Option<u64>,
    filled: u64,
    repeated: u64,
}

impl Decoder {
    /// Longer lines are no dump.
    const MAX_LINE: usize = 16 * 1024;
    /// Zeros that gaps between addresses may make, all together.
    const MAX_GAPS: u64 = 64 << 20;
    /// Bytes that the `*` of a dump may stand for, all together.
    const MAX_REPEAT: u64 = 16 << 30;

    /// Takes a line that starts at `at`.
    fn end_line(&mut self, line: &[u8], at: u64, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        if let Some((address, bytes)) = usual_row::row(line) {
            return self.row(address.into(), &bytes, at, sink);
        }
        let row = parse_row(line).map_err(|(what, column)| malformed(Format::HexDump, what, at + column as u64))?;
        match row {
            Row::Empty => {}
            Row::Repeat if self.last.is_empty() => return Err(malformed(Format::HexDump, "no row stands before the *", at)),
            Row::Repeat => self.star_at = Some(at),
            Row::Bytes { address, bytes, .. } => self.row(address, &bytes, at, sink)?,
        }
        Ok(())
    }

    /// Takes the line that was begun in an earlier piece of the text.
    fn end_begun(&mut self, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        let line = std::mem::take(&mut self.line);
        self.end_line(&line, self.line_at, sink)?;
        self.line = line;
        self.line.clear();
        Ok(())
    }

    fn row(&mut self, address: u64, bytes: &[u8], at: u64, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        if self.base.is_none() {
            self.base = Some(address);
            self.next = address;
        }
        let Some(distance) = address.checked_sub(self.next) else {
            return Err(malformed(Format::HexDump, format!("the address goes back from {:08x}", self.next), at));
        };
        let too_far = |limit: u64| FormatError::Limit {
            what: format!("the dump jumps {} ahead to {address:08x}", Len(distance).in_words()),
            limit: format!("{} MiB", limit >> 20),
        };
        if self.star_at.take().is_some() {
            if distance > Self::MAX_REPEAT.saturating_sub(self.repeated) {
                return Err(too_far(Self::MAX_REPEAT));
            }
            sink.push_cycle(&self.last, distance)?;
            self.repeated += distance;
        } else if distance > 0 {
            if distance > Self::MAX_GAPS.saturating_sub(self.filled) {
                return Err(too_far(Self::MAX_GAPS));
            }
            sink.push_cycle(&[0], distance)?;
            self.filled += distance;
        }
        let end = address.checked_add(bytes.len() as u64);
        self.next = end.ok_or_else(|| malformed(Format::HexDump, "the addresses pass the largest number", at))?;
        sink.push(bytes)?;
        if !bytes.is_empty() {
            self.last.clear();
            self.last.extend_from_slice(bytes);
        }
        Ok(())
    }
}

impl Decode for Decoder {
    fn feed(&mut self, text: &[u8], at: u64, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        let mut start = 0;
        while start < text.len() {
            if self.line.is_empty() {
                self.line_at = at + start as u64;
            }
            let end = memchr::memchr2(b'\n', b'\r', &text[start..]).map(|len| start + len);
            let part = &text[start..end.unwrap_or(text.len())];
            if self.line.len() + part.len() > Self::MAX_LINE {
                return Err(malformed(Format::HexDump, "a line is longer than any row of a dump", self.line_at));
            }
            match end {
                Some(_) if self.line.is_empty() => self.end_line(part, self.line_at, sink)?,
                _ => self.line.extend_from_slice(part),
            }
            let Some(end) = end else { break };
            if !self.line.is_empty() {
                self.end_begun(sink)?;
            }
            start = end + 1;
        }
        Ok(())
    }

    fn finish(&mut self, sink: &mut Sink<'_>, decoded: &mut Decoded) -> Result<(), FormatError> {
        self.end_begun(sink)?;
        if let Some(at) = self.star_at {
            return Err(malformed(Format::HexDump, "no address says where the repeated rows end", at));
        }
        decoded.base = self.base.unwrap_or(0);
        decoded.filled = self.filled;
        Ok(())
    }
}
