//! The filled cells of a sheet, gathered and given as rows.

use std::sync::Arc;

use crate::buffer::ByteRange;
use crate::formats::table::{Cells, RowSource, RowView, Shape, Table, Visitor};
use crate::formats::text::Encoding;
use crate::formats::{FormatError, Limits, Loss};

/// A cell's place, and where its text is.
#[derive(Clone, Copy, Debug)]
struct Entry {
    row: u32,
    column: u32,
    start: u32,
    len: u32,
}

/// Takes cells in any order.
#[derive(Debug, Default)]
pub(super) struct Collector {
    entries: Vec<Entry>,
    text: Vec<u8>,
    /// A cell came before one that stands before it.
    mixed: bool,
    /// Bytes that cells may take.
    limit: u64,
}

impl Collector {
    pub(super) fn new(limit: u64) -> Self {
        // Places in the text are counted in 32 bits.
        Self { limit: limit.min(u32::MAX.into()), ..Self::default() }
    }

    /// Adds a cell; an empty one is none.
    pub(super) fn push(&mut self, (row, column): (u32, u32), text: &str) -> Result<(), FormatError> {
        if text.is_empty() {
            return Ok(());
        }
        let memory = (self.text.len() + text.len()) as u64 + (self.entries.len() as u64 + 1) * size_of::<Entry>() as u64;
        if memory > self.limit || column >= 16_384 || row >= 1_048_576 {
            let what = format!(
                "the sheet has more cells than {}",
                crate::formats::table::counted(self.entries.len() as u64, "cell", "cells")
            );
            let limit = format!("{}, or 1048576 rows and 16384 columns", Limits::words(self.limit));
            return Err(FormatError::Limit { what, limit });
        }
        let full =
            |_| FormatError::Limit { what: "the sheet needs more memory".into(), limit: "what this machine has left".into() };
        self.entries.try_reserve(1).map_err(full)?;
        self.text.try_reserve(text.len()).map_err(full)?;
        self.mixed |= self.entries.last().is_some_and(|last| (last.row, last.column) >= (row, column));
        // The limit above is below what 32 bits count.
        self.entries.push(Entry { row, column, start: self.text.len() as u32, len: text.len() as u32 });
        self.text.extend_from_slice(text.as_bytes());
        Ok(())
    }

    /// The rows from the first filled one on.
    pub(super) fn into_table(mut self, header: bool, mut losses: Vec<Loss>) -> Table {
        if self.mixed {
            self.entries.sort_by_key(|entry| (entry.row, entry.column));
            // Of two texts for one place the last one counts.
            self.entries.dedup_by(|later, kept| {
                let same = (later.row, later.column) == (kept.row, kept.column);
                if same {
                    *kept = *later;
                }
                same
            });
        }
        let first = self.entries.first().map_or(0, |entry| entry.row);
        if first > 0 {
            losses.push(Loss::new(format!(
                "{} before the first filled one {} left out",
                crate::formats::table::counted(first.into(), "blank row", "blank rows"),
                if first == 1 { "is" } else { "are" }
            )));
        }
        let mut rows = SheetRows { entries: self.entries, text: self.text, first, rows: 0, least: 0 };
        let mut shape = Shape { losses, ..Shape::default() };
        let end = rows.entries.last().map_or(0, |entry| entry.row + 1);
        let head = rows.row(first);
        let usual = head.last().map_or(0, |entry| entry.column as usize + 1);
        if header && !head.is_empty() {
            let mut cells = Cells::new(Encoding::Utf8);
            rows.fill(first, &mut cells);
            shape.header = Some(cells.iter().map(std::borrow::Cow::into_owned).collect());
            rows.first += 1;
        }
        rows.rows = u64::from(end.saturating_sub(rows.first));
        rows.least = usual;
        let mut filled = 0;
        for row in rows.entries.chunk_by(|one, other| one.row == other.row) {
            let (Some(any), Some(last)) = (row.first(), row.last()) else { continue };
            let width = last.column as usize + 1;
            shape.width = shape.width.max(width);
            if any.row >= rows.first {
                filled += 1;
                shape.long += u64::from(width > usual);
            }
        }
        shape.ragged = shape.long;
        shape.rows = rows.rows;
        shape.blank = rows.rows - filled;
        Table { source: Arc::new(rows), shape: Arc::new(shape) }
    }
}

#[derive(Debug)]
struct SheetRows {
    entries: Vec<Entry>,
    text: Vec<u8>,
    /// The sheet's row that is the table's first.
    first: u32,
    rows: u64,
    /// A row that is not blank has at least so many cells.
    least: usize,
}

impl SheetRows {
    fn row(&self, row: u32) -> &[Entry] {
        let start = self.entries.partition_point(|entry| entry.row < row);
        let rest = &self.entries[start..];
        &rest[..rest.iter().take_while(|entry| entry.row == row).count()]
    }

    fn fill(&self, row: u32, cells: &mut Cells) {
        self.fill_from(self.row(row), cells);
    }

    fn fill_from(&self, entries: &[Entry], cells: &mut Cells) {
        cells.clear();
        for entry in entries {
            while cells.len() < entry.column as usize {
                cells.push("");
            }
            cells.push_bytes(&self.text[entry.start as usize..(entry.start + entry.len) as usize]);
            cells.end_cell();
        }
        while !entries.is_empty() && cells.len() < self.least {
            cells.push("");
        }
    }
}

impl RowSource for SheetRows {
    fn visit(&self, first: u64, _shown: bool, visitor: Visitor<'_>) -> Result<(), FormatError> {
        let mut cells = Cells::new(Encoding::Utf8);
        let start = self.first.saturating_add(u32::try_from(first).unwrap_or(u32::MAX));
        let mut at = self.entries.partition_point(|entry| entry.row < start);
        for number in first..self.rows {
            let row = self.first + number as u32;
            let len = self.entries[at..].iter().take_while(|entry| entry.row == row).count();
            self.fill_from(&self.entries[at..at + len], &mut cells);
            at += len;
            if !visitor(RowView { cells: &cells, range: ByteRange::default() })? {
                break;
            }
        }
        Ok(())
    }
}
