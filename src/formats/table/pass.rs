//! Rows of a delimited file, part by part: the places of their cells, in bytes that are read once and not copied.

use std::ops::Range;

use super::index::Index;
use super::record::Span;
use super::structure::{State, Structure, narrow};
use super::{Dialect, Record, Scanner};
use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::formats::FormatError;
use crate::formats::text::Encoding;

/// Bytes read at once, but for a row that is longer.
const PART: u64 = 256 * 1024;

/// Of a row with more cells, so many are looked at.
const CELLS: usize = 1 << 20;

/// Bytes of a row that are looked at where the rest may be left.
const LOOKED_AT: u64 = 16 << 20;

/// What becomes of rows that are very long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rest {
    /// Only their start is given, and said to be cut.
    Left,
    /// Those of more bytes than this are an error.
    Refused(u64),
}

/// A way over the rows.
pub(super) struct Pass<'a> {
    pub(super) input: &'a Buffer,
    pub(super) dialect: &'a Dialect,
    pub(super) index: &'a Index,
    pub(super) has_ranges: bool,
    pub(super) rest: Rest,
}

/// Memory that serves for one part after the other.
#[derive(Default)]
struct Memory {
    bytes: Vec<u8>,
    units: Vec<u8>,
    spans: Vec<Span>,
}

impl Pass<'_> {
    /// Gives `rows` to `visitor`.
    pub(super) fn rows(&self, rows: Range<u64>, visitor: Scanner<'_>) -> Result<(), FormatError> {
        if rows.is_empty() {
            return Ok(());
        }
        let mut memory = Memory::default();
        let entries = &self.index.entries;
        let mut place = self.index.place_of(rows.start);
        while place < entries.len() && entries[place].0 < rows.end {
            let (row, start) = entries[place];
            // As many entries as fit into a part, one at least, and none behind the rows that are wanted.
            let fit = entries[place + 1..].partition_point(|entry| entry.1 <= start + PART);
            let needed = entries[place + 1..].partition_point(|entry| entry.0 < rows.end) + 1;
            place += fit.max(1).min(needed);
            let end = entries.get(place).map_or(self.index.end, |entry| entry.1);
            if !self.part(row, start..end, &rows, &mut memory, visitor)? {
                break;
            }
        }
        Ok(())
    }

    /// The rows that lie in some bytes, of which the first one is `row`.
    fn part(
        &self,
        row: u64,
        bytes: Range<u64>,
        rows: &Range<u64>,
        memory: &mut Memory,
        visitor: Scanner<'_>,
    ) -> Result<bool, FormatError> {
        let len = bytes.end - bytes.start;
        let most = match self.rest {
            Rest::Left => LOOKED_AT,
            Rest::Refused(most) if len > most => {
                return Err(FormatError::Limit {
                    what: format!("a row of more than {} behind offset {}", Len(most).in_words(), Offset(bytes.start)),
                    limit: format!("{} MiB for one row (a quote that is not closed makes one)", most >> 20),
                });
            }
            Rest::Refused(_) => len,
        };
        let most = len.min(most);
        let size = usize::try_from(most).unwrap_or(usize::MAX);
        let Memory { bytes: block, units, spans } = memory;
        let block: &[u8] = match self.input.contiguous(Offset(bytes.start)).and_then(|run| run.get(..size)) {
            Some(run) => run,
            None => {
                block.clear();
                block.try_reserve(size).map_err(|_| FormatError::Limit {
                    what: format!("a row of about {size} bytes"),
                    limit: "the memory that is free".into(),
                })?;
                block.resize(size, 0);
                let read = self.input.read_at(Offset(bytes.start), block)?;
                &block[..read]
            }
        };
        let unit = self.dialect.encoding.unit();
        let valid = self.dialect.encoding == Encoding::Utf8 && simdutf8::basic::from_utf8(block).is_ok();
        let narrowed = if unit == 2 {
            narrow(block, self.dialect.encoding == Encoding::Utf16Le, units);
            units.as_slice()
        } else {
            block
        };
        let mut part =
            Part { pass: self, block, valid, bytes, unit, row, wanted: rows, spans, start: 0, quoted: false, left: false };
        part.run(narrowed, most < len, visitor)
    }
}

/// A part while it is gone over. Places are units: bytes, or two of them in UTF-16.
struct Part<'a, 'b> {
    pass: &'a Pass<'a>,
    block: &'a [u8],
    valid: bool,
    /// Where in the input the part stands.
    bytes: Range<u64>,
    unit: usize,
    row: u64,
    wanted: &'a Range<u64>,
    spans: &'b mut Vec<Span>,
    /// Where the row starts.
    start: usize,
    quoted: bool,
    /// Whether cells of the row were left out.
    left: bool,
}

impl Part<'_, '_> {
    /// `false` where no more rows are wanted.
    fn run(&mut self, units: &[u8], cut: bool, visitor: Scanner<'_>) -> Result<bool, FormatError> {
        let structure = Structure::new(self.pass.dialect.delimiter, self.pass.dialect.quote);
        let mut state = State::START;
        let mut at = 0;
        let mut cell = 0;
        self.spans.clear();
        while at < units.len() {
            let word = structure.word(&units[at..], &mut state);
            let mut quotes = word.quotes;
            let mut bits = word.delimiters | word.lines;
            while bits != 0 {
                let lowest = bits & bits.wrapping_neg();
                let place = at + bits.trailing_zeros() as usize;
                bits ^= lowest;
                if word.delimiters & lowest != 0 {
                    self.cell(cell, place);
                    cell = place + 1;
                    continue;
                }
                if place < self.start {
                    // The second half of a line end.
                    continue;
                }
                self.quoted |= quotes & (lowest - 1) != 0;
                quotes &= !(lowest - 1);
                if place > self.start {
                    self.cell(cell, place);
                }
                let pair = units[place] == b'\r' && units.get(place + 1) == Some(&b'\n');
                let next = place + 1 + usize::from(pair);
                if !self.finish(place, next, false, visitor)? {
                    return Ok(false);
                }
                cell = next;
            }
            self.quoted |= quotes != 0;
            at += word.len;
        }
        if self.start < units.len() {
            self.cell(cell, units.len());
            return self.finish(units.len(), units.len(), cut, visitor);
        }
        Ok(true)
    }

    fn cell(&mut self, start: usize, end: usize) {
        if self.spans.len() >= CELLS && self.pass.rest == Rest::Left {
            self.left = true;
            return;
        }
        let place = |unit: usize| (unit * self.unit).min(self.block.len());
        self.spans.push(Span { start: place(start), end: place(end) });
    }

    /// The row ends at `end`, the next one starts at `next`.
    fn finish(&mut self, end: usize, next: usize, cut: bool, visitor: Scanner<'_>) -> Result<bool, FormatError> {
        let place = |unit: usize| (unit * self.unit).min(self.block.len());
        let go_on = if self.row < self.wanted.start {
            true
        } else {
            let offset = |unit: usize| Offset(self.bytes.start + place(unit) as u64);
            let behind = if cut { Offset(self.bytes.end) } else { offset(next) };
            let record = Record {
                row: self.row,
                range: if self.pass.has_ranges { ByteRange::between(offset(self.start), behind) } else { ByteRange::default() },
                cut: cut || self.left,
                bytes: self.block,
                line: Span { start: place(self.start), end: place(end) },
                spans: self.spans,
                quote: self.pass.dialect.quote,
                quoted: self.quoted,
                encoding: self.pass.dialect.encoding,
                delimiter: Some(self.pass.dialect.delimiter),
                valid: self.valid,
            };
            visitor(&record)? && self.row + 1 < self.wanted.end
        };
        self.row += 1;
        self.start = next;
        self.spans.clear();
        (self.quoted, self.left) = (false, false);
        Ok(go_on)
    }
}
