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
//! A table keeps a snapshot of its bytes and the places of some rows, one entry for every 64 KiB; all else is read again
//! when it is asked for. [`Table::rows`] is for views: of a row it gives what the first [`Table::SHOWN_ROW_BYTES`] hold
//! and at most [`Table::SHOWN_COLUMNS`] cells. Writing takes rows whole, up to 512 MiB each.

mod cells;
mod delimited;
pub mod edit;
mod losses;
mod markup;
mod memory;
mod prose;
mod read;
mod scan;
mod select;
mod sniff;
mod sql;
mod write;
mod xlsx;

use std::io::Write;
use std::sync::Arc;

pub(crate) use cells::Cells;
pub(in crate::formats) use losses::counted;
pub use losses::{losses_of_table, write_telling};
pub(in crate::formats) use markup::escape_html;
pub(in crate::formats) use prose::Prose;
pub use read::{Opened, read};
pub use sniff::sniff;
pub(in crate::formats) use write::Sink;
pub(in crate::formats) use xlsx::number;

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
    pub(super) rows: u64,
    pub(super) ragged: u64,
    /// How many of the ragged rows have more cells than usual.
    pub(super) long: u64,
    pub(super) blank: u64,
    pub(super) losses: Vec<Loss>,
}

/// One row on its way to a view or a writer.
#[derive(Clone, Copy, Debug)]
pub(super) struct RowView<'a> {
    pub(super) cells: &'a Cells,
    pub(super) range: ByteRange,
}

/// Takes rows; `false` says that it wants no more.
pub(super) type Visitor<'a> = &'a mut dyn FnMut(RowView<'_>) -> Result<bool, FormatError>;

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
}

impl Table {
    /// Of a longer row, [`Table::rows`] gives the cells that the first so many bytes hold.
    pub const SHOWN_ROW_BYTES: u64 = 1 << 20;

    /// Of a row with more cells, [`Table::rows`] gives the first so many.
    pub const SHOWN_COLUMNS: usize = 16_384;

    /// Indexes a delimited file. Cost: one pass over the bytes, 16 bytes of memory for every 64 KiB of them.
    ///
    /// Text in UTF-16 is decoded while it is read. Text whose delimiter could be half of a character (ISO-2022-JP; the
    /// East Asian encodings with a delimiter such as `|`) is decoded as a whole first, up to 256 MiB; its rows have no
    /// byte ranges.
    pub fn open(input: &Buffer, dialect: Dialect, progress: &Progress) -> Result<Self, FormatError> {
        delimited::open(input, dialect, Limits::default(), progress)
    }

    /// The same with another limit for what has to be decoded as a whole.
    ///
    /// # Errors
    /// Those of [`Table::open`].
    pub fn open_within(input: &Buffer, dialect: Dialect, limits: Limits, progress: &Progress) -> Result<Self, FormatError> {
        delimited::open(input, dialect, limits, progress)
    }

    /// A table of given rows.
    pub fn from_rows(header: Option<Vec<String>>, rows: Vec<Vec<String>>) -> Self {
        let width = rows.iter().chain(&header).map(Vec::len).max().unwrap_or(0);
        let usual = header.as_ref().or(rows.iter().find(|row| !row.is_empty())).map_or(0, Vec::len);
        let blank = rows.iter().filter(|row| row.is_empty()).count() as u64;
        let ragged = rows.iter().filter(|row| !row.is_empty() && row.len() != usual).count() as u64;
        let long = rows.iter().filter(|row| row.len() > usual).count() as u64;
        let shape = Shape { header, width, rows: rows.len() as u64, ragged, long, blank, ..Shape::default() };
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

    /// Writes the table as CSV or TSV, quoting as Python's `csv.writer` does by default: cells with a delimiter, a quote
    /// or a line end in them, and an empty cell that is alone in its row.
    ///
    /// Text goes through unchanged, byte for byte where the encoding stays. Rows end with `\r\n` where `options` says
    /// nothing else. What the encoding cannot write becomes `?`; [`losses_of_table`] tells before.
    pub fn write(&self, format: Format, options: &Options, out: &mut dyn Write, progress: &Progress) -> Result<(), FormatError> {
        write::write(self, format, options, out, progress).map(drop)
    }
}
