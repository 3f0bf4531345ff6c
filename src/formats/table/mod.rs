//! Tables: CSV, TSV and what becomes rows and columns.
//!
//! # What a row is
//!
//! Rows are those of Python's `csv.reader` (and of the `csv` crate, whose parser does the work), with nothing left out:
//!
//! * A row ends at `\n`, `\r\n` or `\r` outside of quotes. A quoted cell may hold all of them. A quote that is never
//!   closed reaches to the end of the file.
//! * A blank line is a row without cells, as Python's `[]`; `""` on a line is a row with one empty cell.
//! * A row may have more or fewer cells than the others. It is kept as it is and counted ([`Table::ragged_rows`]).
//! * Every byte belongs to a row, to the header, or to what stands before them ([`Table::preamble`]: a byte order mark,
//!   a `sep=` line, blank lines before the header).
//! * Cells are text. Nothing is taken for a number or a date, and no space is trimmed.
//!
//! # How big a table may be
//!
//! A table keeps a snapshot of its bytes and the places of some rows, one entry for every 2 KiB up to a million entries; all else
//! is read again when it is asked for. [`Table::rows`] is for views: of a row it gives what the first [`Table::SHOWN_ROW_BYTES`] hold
//! and at most [`Table::SHOWN_COLUMNS`] cells. Writing takes rows whole, up to 512 MiB each.

mod arranged;
mod cells;
mod delimited;
pub mod edit;
mod index;
mod losses;
mod markup;
mod memory;

mod parallel;
mod pass;
mod plain;
mod prose;
mod read;
mod record;
mod scan;
mod select;
mod sniff;
mod sql;
mod structure;
mod write;
mod xlsx;
mod xlsx_failure;
mod xlsx_pack;

use std::io::Write;
use std::ops::Range;
use std::sync::Arc;

pub use arranged::{RowNumbers, TableView};
pub(crate) use cells::Cells;
pub(in crate::formats) use losses::counted;
pub use losses::{losses_of_table, write_telling};
pub(in crate::formats) use markup::escape_html;
pub(super) use parallel::write_rows;
pub(in crate::formats) use prose::Prose;
pub use read::{Opened, read, read_growing};
pub(crate) use record::Record;
pub use sniff::sniff;
pub(in crate::formats) use write::Sink;
pub(crate) use xlsx::filled_rows;
pub(in crate::formats) use xlsx::number;
pub(in crate::formats) use xlsx_failure::Failure as WorkbookFailure;
pub(in crate::formats) use xlsx_pack::pack as pack_workbook;

use super::text::Encoding;
use super::{Format, FormatError, Limits, Loss, Options};
use crate::buffer::{Buffer, ByteRange, Offset};
use crate::tasks::Progress;

/// How a delimited file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dialect {
    /// The byte between cells.
    pub delimiter: u8,
    /// The byte around cells that need it, or none.
    pub quote: Option<u8>,
    /// Whether the first row names the columns.
    pub header: bool,
    /// The text encoding.
    pub encoding: Encoding,
}

impl Default for Dialect {
    fn default() -> Self {
        Self { delimiter: b',', quote: Some(b'"'), header: true, encoding: Encoding::Utf8 }
    }
}

impl Dialect {
    /// An error where delimiter and quote are such that no file could be read with them.
    pub(crate) fn check(&self) -> Result<(), FormatError> {
        let bad = |byte: u8| byte == b'\n' || byte == b'\r' || !byte.is_ascii();
        if bad(self.delimiter) || self.quote.is_some_and(bad) {
            return Err(FormatError::Option("delimiter and quote must be ASCII characters other than line ends".into()));
        }
        if self.quote == Some(self.delimiter) {
            return Err(FormatError::Option("delimiter and quote must be two different characters".into()));
        }
        Ok(())
    }
}

/// One row. Cells are text, exactly as they stand (unquoted), never retyped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The cells; fewer or more than the table's width where the row is ragged.
    pub cells: Vec<String>,
    /// The bytes it came from, its line end included; empty where it did not come from bytes.
    pub range: ByteRange,
}

impl Row {
    /// Whether the row is longer than what [`Table::rows`] gives of a row.
    pub fn is_cut(&self) -> bool {
        self.range.len.0 > Table::SHOWN_ROW_BYTES || self.cells.len() >= Table::SHOWN_COLUMNS
    }
}

/// A table over a snapshot. Delimited files of any size keep only an index of row offsets in memory.
#[derive(Clone, Debug)]
pub struct Table {
    pub(super) source: Arc<dyn RowSource>,
    pub(super) shape: Arc<Shape>,
}

/// What is known about a table besides its rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    pub(super) header: Option<Vec<String>>,
    /// The header as it stands in the input, for writers that do not decode.
    pub(super) header_cells: Option<Cells>,
    pub(super) header_range: ByteRange,
    pub(super) preamble: ByteRange,
    /// Bytes of byte order mark in it.
    pub(super) mark: u64,
    pub(super) width: usize,
    /// Cells of a row that is not ragged.
    pub(super) usual: usize,
    pub(super) rows: u64,
    pub(super) ragged: u64,
    /// How many of the ragged rows have more cells than usual.
    pub(super) long: u64,
    pub(super) blank: u64,
    pub(super) losses: Vec<Loss>,
    /// Whether more rows may follow.
    pub(super) partial: bool,
}

/// One row on its way to a view or a writer.
#[derive(Clone, Copy, Debug)]
pub(super) struct RowView<'a> {
    pub(super) cells: &'a Cells,
    pub(super) range: ByteRange,
}

/// Takes rows; `false` says that it wants no more.
pub(super) type Visitor<'a> = &'a mut dyn FnMut(RowView<'_>) -> Result<bool, FormatError>;

/// Takes rows as they stand; `false` says that it wants no more.
pub(crate) type Scanner<'a> = &'a mut dyn FnMut(&Record<'_>) -> Result<bool, FormatError>;

/// Where rows come from.
pub(super) trait RowSource: Send + Sync + std::fmt::Debug {
    /// Gives row after row from `first` (0 is the first behind the header) to `visitor`, whole ones or (`shown`) cut as
    /// [`Table::rows`] says.
    fn visit(&self, first: u64, shown: bool, visitor: Visitor<'_>) -> Result<(), FormatError>;

    /// The row that the byte at `offset` belongs to, for an offset inside the rows.
    fn row_at(&self, offset: Offset) -> Result<Option<u64>, FormatError> {
        let _ = offset;
        Ok(None)
    }

    /// First rows of parts of about so many bytes that can be read apart from each other, ascending, row 0 first.
    fn cuts(&self, bytes: u64) -> Vec<u64> {
        let _ = bytes;
        vec![0]
    }

    /// Gives the rows of `rows` to `visitor` as they stand; very long ones whole, or only the start of them.
    fn scan(&self, rows: Range<u64>, whole: bool, visitor: Scanner<'_>) -> Result<(), FormatError> {
        let _ = whole;
        let (mut row, mut spans) = (rows.start, Vec::new());
        if rows.is_empty() {
            return Ok(());
        }
        self.visit(rows.start, false, &mut |view| {
            record::spans_of(view.cells, &mut spans);
            let record = Record::of(row, view.range, view.cells, &spans);
            row += 1;
            Ok(visitor(&record)? && row < rows.end)
        })
    }

    /// Where the cells of a row stand in the input, their quotes included; none where they have no bytes of their own.
    fn cell_ranges(&self, row: u64) -> Result<Vec<ByteRange>, FormatError> {
        let _ = row;
        Ok(Vec::new())
    }

    /// The same of one cell; `None` where it has none.
    fn cell_range(&self, row: u64, column: usize) -> Result<Option<ByteRange>, FormatError> {
        Ok(self.cell_ranges(row)?.get(column).copied())
    }

    /// The same rows, read by something that hears a cancel within a row too; `None` where rows are no longer than that between two
    /// of them is soon enough, or where that is heard otherwise.
    fn asking(self: Arc<Self>, progress: &Progress) -> Option<Arc<dyn RowSource>> {
        let _ = progress;
        None
    }

    /// The column of the cell that the byte at `offset` of a row belongs to.
    fn cell_at(&self, row: u64, offset: Offset) -> Result<usize, FormatError> {
        Ok(self.cell_ranges(row)?.partition_point(|cell| cell.start <= offset).saturating_sub(1))
    }
}

impl Table {
    /// Of a longer row, [`Table::rows`] gives the cells that the first so many bytes hold.
    pub const SHOWN_ROW_BYTES: u64 = 1 << 20;

    /// Of a row with more cells, [`Table::rows`] gives the first so many.
    pub const SHOWN_COLUMNS: usize = 16_384;

    /// Indexes a delimited file. Cost: one pass over the bytes, 16 bytes of memory for every 2 KiB of them, at most 16 MiB.
    ///
    /// Text in UTF-16 is decoded while it is read. Text whose delimiter could be half of a character (ISO-2022-JP; the
    /// East Asian encodings with a delimiter such as `|`) is decoded as a whole first, up to 256 MiB; its rows have no
    /// byte ranges.
    pub fn open(input: &Buffer, dialect: Dialect, progress: &Progress) -> Result<Self, FormatError> {
        delimited::open(input, dialect, Limits::default(), progress, &mut |_| {})
    }

    /// The same with another limit for what has to be decoded as a whole, and on the way `growing` is given the table of the rows
    /// that are known so far ([`Table::is_complete`] says no): the first ones at once, then a few times a second. Such a table is one
    /// like any other; its rows are those of the whole.
    ///
    /// # Errors
    /// Those of [`Table::open`].
    pub fn open_growing(
        input: &Buffer,
        dialect: Dialect,
        limits: Limits,
        progress: &Progress,
        growing: &mut dyn FnMut(Self),
    ) -> Result<Self, FormatError> {
        delimited::open(input, dialect, limits, progress, growing)
    }

    /// Whether these are all rows; false for what [`Table::open_growing`] gives on the way.
    pub fn is_complete(&self) -> bool {
        !self.shape.partial
    }

    /// A table of given rows.
    pub fn from_rows(header: Option<Vec<String>>, rows: Vec<Vec<String>>) -> Self {
        let width = rows.iter().chain(&header).map(Vec::len).max().unwrap_or(0);
        let usual = header.as_ref().or(rows.iter().find(|row| !row.is_empty())).map_or(0, Vec::len);
        let blank = rows.iter().filter(|row| row.is_empty()).count() as u64;
        let ragged = rows.iter().filter(|row| !row.is_empty() && row.len() != usual).count() as u64;
        let long = rows.iter().filter(|row| row.len() > usual).count() as u64;
        let shape = Shape { header, width, usual, rows: rows.len() as u64, ragged, long, blank, ..Shape::default() };
        Self { source: Arc::new(memory::MemoryRows { rows }), shape: Arc::new(shape) }
    }

    /// Rows, without the header.
    pub fn row_count(&self) -> u64 {
        self.shape.rows
    }

    /// The widest row's cells, the header's included.
    pub fn width(&self) -> usize {
        self.shape.width
    }

    /// The names of the columns, where there are any.
    pub fn header(&self) -> Option<&[String]> {
        self.shape.header.as_deref()
    }

    /// The bytes of the header row; empty where there is none, or it did not come from bytes.
    pub fn header_range(&self) -> ByteRange {
        self.shape.header_range
    }

    /// The bytes before header and rows that are no cells: a byte order mark, a `sep=` line, blank lines before the header.
    pub fn preamble(&self) -> ByteRange {
        self.shape.preamble
    }

    /// How many rows have another number of cells than the header (or the first row). Blank rows are counted apart.
    pub fn ragged_rows(&self) -> u64 {
        self.shape.ragged
    }

    /// How many rows have no cell at all.
    pub fn blank_rows(&self) -> u64 {
        self.shape.blank
    }

    /// What is not the same any more since the input became a table (JSON's `null`, nested values, doubled keys).
    pub fn losses(&self) -> &[Loss] {
        &self.shape.losses
    }

    /// Rows `first..first + count` (cut to what is there), for a view: cut to what the limits above say.
    /// Cost: at most 64 KiB of text before them, and themselves.
    pub fn rows(&self, first: u64, count: usize) -> Result<Vec<Row>, FormatError> {
        let mut rows = Vec::new();
        if count == 0 || first >= self.shape.rows {
            return Ok(rows);
        }
        self.source.visit(first, true, &mut |row| {
            rows.push(Row {
                cells: row.cells.iter().take(Self::SHOWN_COLUMNS).map(std::borrow::Cow::into_owned).collect(),
                range: row.range,
            });
            Ok(rows.len() < count)
        })?;
        Ok(rows)
    }

    /// The row that the byte at `offset` belongs to; `None` in the header, before it, and where rows have no bytes.
    pub fn row_at(&self, offset: Offset) -> Result<Option<u64>, FormatError> {
        self.source.row_at(offset)
    }

    /// Gives every row behind the header to `visitor`, whole; `false` says that it wants no more.
    pub(in crate::formats) fn each(
        &self,
        visitor: &mut dyn FnMut(&Cells, ByteRange) -> Result<bool, FormatError>,
    ) -> Result<(), FormatError> {
        self.source.visit(0, false, &mut |row| visitor(row.cells, row.range))
    }

    /// The same table for one piece of work, which a cancel of `progress` ends within a row too.
    pub(super) fn asking(&self, progress: &Progress) -> Self {
        let source = Arc::clone(&self.source).asking(progress).unwrap_or_else(|| Arc::clone(&self.source));
        Self { source, shape: Arc::clone(&self.shape) }
    }

    /// The row and the cell that the byte at `offset` belongs to. A delimiter belongs to the cell before it, a line end to
    /// the last one, a key of JSON to its value; a row without cells answers 0, and so does one whose cells have no bytes of their own.
    pub fn cell_at(&self, offset: Offset) -> Result<Option<(u64, usize)>, FormatError> {
        let Some(row) = self.row_at(offset)? else { return Ok(None) };
        Ok(Some((row, self.source.cell_at(row, offset)?)))
    }

    /// The rows of these numbers in this order, cut as [`Table::rows`] cuts them; what lies outside of the table is a row
    /// without cells. Rows near each other are read together.
    pub fn rows_of(&self, rows: &[u64]) -> Result<Vec<Row>, FormatError> {
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(|&at| rows[at]);
        let mut found = vec![Row::default(); rows.len()];
        let mut next = 0;
        while next < order.len() {
            let first = rows[order[next]];
            // As long as few rows lie between two that are asked for, reading on is cheaper than looking one up.
            let near = order[next..].windows(2).take_while(|pair| rows[pair[1]] - rows[pair[0]] <= 16).count();
            let group = &order[next..=next + near];
            let last = rows[group[near]];
            if first < self.shape.rows {
                let read = self.rows(first, usize::try_from(last - first + 1).unwrap_or(usize::MAX))?;
                for &at in group {
                    if let Some(row) = usize::try_from(rows[at] - first).ok().and_then(|at| read.get(at)) {
                        found[at].clone_from(row);
                    }
                }
            }
            next += near + 1;
        }
        Ok(found)
    }

    /// The bytes of a row, its line end included; `None` past the last row and where rows have no bytes.
    pub fn row_range(&self, row: u64) -> Result<Option<ByteRange>, FormatError> {
        Ok(self.rows(row, 1)?.first().map(|row| row.range).filter(|range| !range.is_empty()))
    }

    /// The bytes of a cell with its quotes, of delimited files in every encoding whose rows have bytes, and of JSON (of a value, without
    /// its key); `None` where there is no such cell, and for other formats.
    pub fn cell_range(&self, row: u64, column: usize) -> Result<Option<ByteRange>, FormatError> {
        if row >= self.shape.rows {
            return Ok(None);
        }
        self.source.cell_range(row, column)
    }

    /// Parts of the rows, of about `bytes` bytes each, that can be read at the same time; together they are all rows.
    pub(crate) fn parts(&self, bytes: u64) -> Vec<Range<u64>> {
        let cuts = self.source.cuts(bytes);
        let ends = cuts.iter().skip(1).copied().chain([self.shape.rows]);
        cuts.iter().copied().zip(ends).map(|(first, end)| first..end).filter(|part| !part.is_empty()).collect()
    }

    /// Gives the rows of `rows` to `visitor` as they stand, without copies where they come from a file; of a row longer than 16 MiB
    /// so much.
    pub(crate) fn scan(&self, rows: Range<u64>, visitor: Scanner<'_>) -> Result<(), FormatError> {
        self.source.scan(rows.start..rows.end.min(self.shape.rows), false, visitor)
    }

    /// The same with very long rows whole, for writers.
    pub(super) fn scan_whole(&self, rows: Range<u64>, visitor: Scanner<'_>) -> Result<(), FormatError> {
        self.source.scan(rows.start..rows.end.min(self.shape.rows), true, visitor)
    }

    /// How many cells a row has that is not ragged: those of the header, or of the first row that is not blank.
    pub fn usual_width(&self) -> usize {
        self.shape.header.as_ref().map_or(self.shape.usual, Vec::len)
    }

    /// Writes the table as CSV or TSV, quoting as Python's `csv.writer` does by default: cells with a delimiter, a quote
    /// or a line end in them, and an empty cell that is alone in its row.
    ///
    /// Text goes through unchanged, byte for byte where the encoding stays. Rows end with `\r\n` where `options` says
    /// nothing else. What the encoding cannot write becomes `?`; [`losses_of_table`] tells before.
    pub fn write(&self, format: Format, options: &Options, out: &mut dyn Write, progress: &Progress) -> Result<(), FormatError> {
        write::write(self, format, options, out, progress).map(drop)
    }
}
