//! Edits of a table as edits of the bytes that it came from.
//!
//! [`apply`] says which bytes of the input are replaced by which others, so that cells, rows or a column are what somebody
//! typed and every other byte stays as it is: the line ends, the quotes of the other cells, the order of keys, the spaces. What
//! cannot be written so is refused in words ([`EditError`]), never bent.

mod json;
mod places;
mod rows;

use std::ops::Range;

use super::{Dialect, Table};
use crate::buffer::{Buffer, Builder, ByteRange, Offset};
use crate::formats::text::{Encoder, Encoding};
use crate::formats::{Format, FormatError};
use crate::tasks::Progress;

/// The longest row that is edited, in bytes.
const ROW_LIMIT: u64 = 256 << 20;

/// A replacement of so many bytes is compared with what it replaces.
const COMPARED: u64 = 1 << 20;

/// What is to be changed in a table. Rows count from 0 behind the header, columns from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Cells become other texts. A cell that its row does not have is added, with empty ones before it; rows past the last one
    /// become new rows, one behind the other.
    Cells(Vec<CellChange>),
    /// New rows before a row, or behind the last one; each has its cells.
    InsertRows {
        /// The row that stands behind them then.
        at: u64,
        /// Their cells.
        rows: Vec<Vec<String>>,
    },
    /// Rows are taken out. The ranges ascend and do not meet.
    DeleteRows(Vec<Range<u64>>),
    /// A new column of empty cells.
    InsertColumn {
        /// The column that stands behind it then.
        at: usize,
        /// Its name, where the columns have names.
        name: String,
    },
    /// Columns are taken out.
    DeleteColumns(Vec<usize>),
}

/// One cell that becomes another text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellChange {
    /// Its row; `None` is the header.
    pub row: Option<u64>,
    /// Its column.
    pub column: usize,
    /// What it holds then.
    pub text: String,
}

/// Bytes that are replaced by others.
#[derive(Clone, Debug)]
pub struct Splice {
    /// The bytes that go.
    pub range: ByteRange,
    /// What stands there then; parts that stay are shared with the input.
    pub with: Buffer,
}

/// Why a table was not changed.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// This table can only be looked at.
    #[error("this table can only be looked at: {0}")]
    ReadOnly(String),
    /// What was typed cannot be written in this file.
    #[error("{0}")]
    Unwritable(String),
    /// The bytes could not be read, or the work was stopped.
    #[error(transparent)]
    Format(#[from] FormatError),
}

impl From<crate::buffer::ReadError> for EditError {
    fn from(error: crate::buffer::ReadError) -> Self {
        Self::Format(error.into())
    }
}

impl From<crate::tasks::Cancelled> for EditError {
    fn from(cancelled: crate::tasks::Cancelled) -> Self {
        Self::Format(cancelled.into())
    }
}

/// Why the cells of a table cannot be changed, in half a sentence; `None` where they can. `dialect` is how a delimited file
/// was read.
pub fn read_only(table: &Table, format: Format, dialect: Option<&Dialect>) -> Option<String> {
    match format {
        Format::Csv | Format::Tsv => {
            let dialect = dialect?;
            (!has_places(dialect)).then(|| {
                format!(
                    "in {} the delimiter can be half of a character, so cells have no bytes of their own; convert it to UTF-8 first",
                    dialect.encoding.name()
                )
            })
        }
        Format::Json | Format::JsonLines => {
            let first = table.rows(0, 1).ok()?;
            let unplaced = first.first().is_some_and(|row| row.range.is_empty());
            unplaced.then(|| "its text had to be decoded first, so values have no bytes of their own".to_owned())
        }
        Format::Parquet | Format::Arrow => {
            Some("the cells of a columnar file are stored packed; export it as CSV to change it".into())
        }
        _ if format.is_workbook() => Some("a workbook is stored compressed; export it as CSV to change it".into()),
        _ => Some("its rows did not come from bytes".into()),
    }
}

/// Whether the cells of a file in this dialect have bytes of their own.
fn has_places(dialect: &Dialect) -> bool {
    let encoding = dialect.encoding.canonical();
    let safe = |byte: u8| encoding.keeps_ascii(byte);
    encoding.unit() == 2 || (safe(dialect.delimiter) && dialect.quote.is_none_or(safe))
}

/// What of `input` is replaced by what; `None` where nothing changes. `table` is `input` as it was read with `dialect`
/// (`None` for JSON).
///
/// Cost: the rows that are changed, and at most 64 KiB before each run of them; a column takes one pass over the bytes.
///
/// # Errors
/// `ReadOnly` as [`read_only`] says, `Unwritable` for characters that the encoding does not have and for cells that would
/// need quotes where there are none, and what reading the bytes can fail with.
///
/// ```
/// use seektell::buffer::Buffer;
/// use seektell::formats::Format;
/// use seektell::formats::table::edit::{CellChange, Change, apply};
/// use seektell::formats::table::{Dialect, Table};
/// use seektell::tasks::Progress;
///
/// let input = Buffer::from(b"name,town\nAda,London\n");
/// let dialect = Dialect::default();
/// let table = Table::open(&input, dialect, &Progress::new())?;
/// let change = Change::Cells(vec![CellChange { row: Some(0), column: 1, text: "Paris, Texas".into() }]);
/// let splice = apply(&input, &table, Format::Csv, Some(&dialect), &change, &Progress::new())?.unwrap();
/// assert_eq!((splice.range.start.get(), splice.with), (14, Buffer::from(b"\"Paris, Texas\"")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn apply(
    input: &Buffer,
    table: &Table,
    format: Format,
    dialect: Option<&Dialect>,
    change: &Change,
    progress: &Progress,
) -> Result<Option<Splice>, EditError> {
    if let Some(why) = read_only(table, format, dialect) {
        return Err(EditError::ReadOnly(why));
    }
    let mut patches = Patches::new(input);
    match dialect {
        Some(dialect) => rows::Rows::new(input, table, dialect, progress).change(change, &mut patches)?,
        None => json::change(input, table, format, change, &mut patches)?,
    }
    Ok(patches.finish())
}

/// Replacements one behind the other, put together as one.
struct Patches<'a> {
    input: &'a Buffer,
    with: Builder,
    /// Where the first one begins and the last one ends.
    range: Option<(u64, u64)>,
}

impl<'a> Patches<'a> {
    fn new(input: &'a Buffer) -> Self {
        Self { input, with: Builder::new(), range: None }
    }

    /// The bytes of `range`, which begins behind those of the last call, become `bytes`.
    fn replace(&mut self, range: ByteRange, bytes: &[u8]) {
        let start = match self.range {
            None => range.start.0,
            Some((start, end)) => {
                self.with.push_range(self.input, end, range.start.0);
                start
            }
        };
        self.with.push(bytes);
        self.range = Some((start, range.end().0));
    }

    fn finish(self) -> Option<Splice> {
        let (start, end) = self.range?;
        let (range, with) = (ByteRange::between(Offset(start), Offset(end)), self.with.finish());
        // What is the same as before is no change; whoever rewrites megabytes means it.
        let short = range.len.0 <= COMPARED && range.len == with.len();
        let same = short && self.input.slice(range) == with;
        (!same).then_some(Splice { range, with })
    }
}

/// `text` in an encoding; refused where a character has no place in it.
fn encode(text: &str, encoding: Encoding, out: &mut Vec<u8>) -> Result<(), EditError> {
    let mut encoder = Encoder::new(encoding);
    encoder.encode(text, true, out);
    match encoder.first_unmappable() {
        None => Ok(()),
        Some((character, _)) => Err(EditError::Unwritable(format!(
            "{} has no “{character}” (U+{:04X}): nothing was changed. Export the table as UTF-8 to have it",
            encoding.name(),
            u32::from(character)
        ))),
    }
}
