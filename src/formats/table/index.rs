//! Where rows start: one pass over the bytes, and a list of some places.

use super::scan::BLOCK;
use super::structure::{State, Structure, narrow};
use super::{Dialect, Shape, Table};
use crate::buffer::{Buffer, Offset};
use crate::formats::FormatError;
use crate::formats::text::Encoding;
use crate::tasks::Progress;

/// How far apart the entries of the index are, at least: what a row costs that is looked up.
const STRIDE: u64 = 2 * 1024;

/// About how many entries there are at most; the stride grows with the file.
const ENTRIES: u64 = 1 << 20;

/// Bytes looked at in one step.
const STEP: usize = 1 << 20;

/// Where some rows start.
#[derive(Clone, Debug)]
pub(super) struct Index {
    /// Row number and offset, ascending, the first row first.
    pub(super) entries: Vec<(u64, u64)>,
    /// Where the last row ends that is known.
    pub(super) end: u64,
    /// Whether nothing stands directly behind a closing quote, so that cells differ from their bytes by quotes only.
    pub(super) tidy: bool,
}

impl Index {
    /// The last entry at or before a row.
    pub(super) fn before(&self, row: u64) -> (u64, u64) {
        self.entries[self.place_of(row)]
    }

    /// Its number.
    pub(super) fn place_of(&self, row: u64) -> usize {
        self.entries.partition_point(|entry| entry.0 <= row).saturating_sub(1)
    }

    /// The last entry at or before an offset.
    pub(super) fn before_offset(&self, offset: u64) -> (u64, u64) {
        self.entries[self.entries.partition_point(|entry| entry.1 <= offset).saturating_sub(1)]
    }
}

/// The pass that finds them.
pub(super) struct Counter<'a> {
    input: &'a Buffer,
    encoding: Encoding,
    structure: Structure,
    state: State,
    stride: u64,
    /// Bytes of the input, and of UTF-16 one byte a unit.
    block: Vec<u8>,
    units: Vec<u8>,
    /// Where the next block starts, and the row that is being read.
    next: u64,
    row_start: u64,
    /// Delimiters of that row so far.
    delimiters: u64,
    last_entry: u64,
    usual: Option<u64>,
    pub(super) shape: Shape,
    pub(super) index: Index,
}

impl<'a> Counter<'a> {
    /// A pass from the first row on, which starts at `first`.
    pub(super) fn new(input: &'a Buffer, dialect: &Dialect, first: u64, shape: Shape) -> Self {
        Self {
            input,
            encoding: dialect.encoding,
            structure: Structure::new(dialect.delimiter, dialect.quote),
            state: State::START,
            stride: STRIDE.max(input.len().0 / ENTRIES),
            block: Vec::new(),
            units: Vec::new(),
            next: first,
            row_start: first,
            delimiters: 0,
            last_entry: first,
            usual: shape.header.as_ref().map(|header| header.len() as u64),
            shape,
            index: Index { entries: vec![(0, first)], end: first, tidy: true },
        }
    }

    /// Looks at the next bytes; `false` at the end.
    pub(super) fn step(&mut self, progress: &Progress) -> Result<bool, FormatError> {
        progress.check()?;
        let unit = self.encoding.unit() as u64;
        let left = self.input.len().0.saturating_sub(self.next);
        // The first rows are wanted at once.
        let wanted = if self.shape.rows == 0 { BLOCK } else { STEP };
        let len = usize::try_from(left).unwrap_or(wanted).min(wanted);
        self.block.resize(len, 0);
        let read = self.input.read_at(Offset(self.next), &mut self.block)?;
        self.block.truncate(read);
        if read == 0 {
            if self.row_start < self.input.len().0 {
                let end = self.input.len().0;
                self.row(end, end);
            }
            return Ok(false);
        }
        let block = std::mem::take(&mut self.block);
        let mut units = std::mem::take(&mut self.units);
        let bytes = if unit == 2 {
            narrow(&block, self.encoding == Encoding::Utf16Le, &mut units);
            &units
        } else {
            &block
        };
        self.units(bytes, self.next, unit)?;
        self.next += read as u64;
        (self.block, self.units) = (block, units);
        progress.set_done(self.next);
        Ok(true)
    }

    fn units(&mut self, bytes: &[u8], start: u64, unit: u64) -> Result<(), FormatError> {
        let len = self.input.len().0;
        let mut at = 0;
        while at < bytes.len() {
            let word = self.structure.word(&bytes[at..], &mut self.state);
            self.index.tidy &= !word.untidy;
            let mut delimiters = word.delimiters;
            let mut lines = word.lines;
            while lines != 0 {
                let bit = lines.trailing_zeros();
                lines &= lines - 1;
                let place = at + bit as usize;
                let end = start + place as u64 * unit;
                if bytes[place] == b'\n' && self.is_behind_return(bytes, place, start, unit)? {
                    // The second half of a line end.
                    self.row_start = end + unit;
                    if let Some(entry) = self.index.entries.last_mut().filter(|entry| entry.1 == end) {
                        entry.1 += unit;
                        self.last_entry += unit;
                    }
                    self.index.end = self.row_start;
                    continue;
                }
                let here = delimiters & ((1 << bit) - 1);
                self.delimiters += u64::from(here.count_ones());
                delimiters &= !here;
                self.row(end, (end + unit).min(len));
            }
            self.delimiters += u64::from(delimiters.count_ones());
            at += word.len;
        }
        Ok(())
    }

    /// Whether the byte before a line feed is a carriage return that ended a row.
    fn is_behind_return(&self, bytes: &[u8], place: usize, start: u64, unit: u64) -> Result<bool, FormatError> {
        let end = start + place as u64 * unit;
        if end != self.row_start || self.shape.rows == 0 {
            return Ok(false);
        }
        if let Some(before) = place.checked_sub(1) {
            return Ok(bytes[before] == b'\r');
        }
        // What ended a row is one unit of ASCII.
        let before = self.input.to_vec(crate::buffer::ByteRange::new(Offset(end - unit), crate::buffer::Len(unit)))?;
        Ok(before.contains(&b'\r'))
    }

    /// Counts the row that ends at `end`, behind which the next one starts at `next`.
    fn row(&mut self, end: u64, next: u64) {
        let shape = &mut self.shape;
        shape.rows += 1;
        if end == self.row_start {
            shape.blank += 1;
        } else {
            let cells = self.delimiters + 1;
            shape.width = shape.width.max(usize::try_from(cells).unwrap_or(usize::MAX));
            let usual = *self.usual.get_or_insert_with(|| {
                shape.usual = usize::try_from(cells).unwrap_or(usize::MAX);
                cells
            });
            shape.ragged += u64::from(cells != usual);
            shape.long += u64::from(cells > usual);
        }
        // Behind a row too long to be shown whole there must be an entry, or a view would have to read all of it.
        if next - self.last_entry >= self.stride || next - self.row_start > Table::SHOWN_ROW_BYTES {
            self.index.entries.push((shape.rows, next));
            self.last_entry = next;
        }
        self.row_start = next;
        self.index.end = next;
        self.delimiters = 0;
    }
}
