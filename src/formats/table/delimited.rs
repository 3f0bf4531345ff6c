//! Rows of a delimited file, found again through a sparse index of their offsets.

use std::sync::Arc;

use super::scan::{RowReader, Want};
use super::{Cells, Dialect, RowSource, RowView, Shape, Table, Visitor};
use crate::buffer::{Buffer, ByteRange, Offset};
use crate::formats::text::{self, Encoding};
use crate::formats::{FormatError, Limits};
use crate::tasks::Progress;

/// Text that must be decoded as a whole may be this long.
const DECODED_LIMIT: u64 = 256 << 20;

/// How far apart the entries of the index are, at least.
const STRIDE: u64 = 64 * 1024;

/// About how many entries there are at most; the stride grows with the file.
const ENTRIES: u64 = 1 << 20;

/// A delimited file and where some of its rows start.
#[derive(Debug)]
struct DelimitedRows {
    input: Buffer,
    dialect: Dialect,
    /// Row number and offset, ascending, the first row first.
    index: Vec<(u64, u64)>,
    rows: u64,
    /// Whether offsets of `input` are offsets of what was opened.
    has_ranges: bool,
}

pub(super) fn open(input: &Buffer, dialect: Dialect, limits: Limits, progress: &Progress) -> Result<Table, FormatError> {
    dialect.check()?;
    let encoding = dialect.encoding.canonical();
    let quote_safe = dialect.quote.is_none_or(|quote| encoding.keeps_ascii(quote));
    let has_ranges = encoding.unit() == 2 || (encoding.keeps_ascii(dialect.delimiter) && quote_safe);
    if has_ranges {
        return index(input.clone(), Dialect { encoding, ..dialect }, true, progress);
    }
    let limit = limits.or(DECODED_LIMIT);
    if input.len().0 > limit {
        let delimiter = char::from(dialect.delimiter);
        let what =
            format!("{} bytes of {encoding} with the delimiter {delimiter:?}, which has to be decoded as a whole", input.len());
        return Err(Limits::refuse(what, limit));
    }
    let (text, _) = text::decode_within(input, encoding, limits, progress)?;
    index(Buffer::from(text.into_bytes()), Dialect { encoding: Encoding::Utf8, ..dialect }, false, progress)
}

fn index(input: Buffer, dialect: Dialect, has_ranges: bool, progress: &Progress) -> Result<Table, FormatError> {
    let len = input.len().0;
    progress.set_done(0);
    progress.set_total(len);
    let mut shape = Shape::default();
    let mut cells = Cells::new(if dialect.encoding.unit() == 2 { Encoding::Utf8 } else { dialect.encoding });

    let start = preamble_len(&input, &dialect)?;
    let mut reader = RowReader::new(&input, &dialect, start);
    let mut header_start = start;
    if dialect.header {
        // Blank lines before the header belong to the preamble: a header without names would name nothing.
        while let Some(row) = reader.next(Want::Whole, &mut cells)? {
            if row.cells > 0 {
                shape.header = Some(cells.iter().map(std::borrow::Cow::into_owned).collect());
                shape.header_cells = Some(cells.clone());
                shape.header_range = row.range;
                break;
            }
            header_start = reader.offset();
        }
    }
    let usual = shape.header.as_ref().map(Vec::len);
    let first_row = reader.offset();
    shape.width = usual.unwrap_or(0);
    let mut usual = usual.map(|cells| cells as u64);
    let stride = STRIDE.max(len / ENTRIES);
    let mut index = vec![(0, first_row)];
    let (mut last_entry, mut checked) = (first_row, first_row);
    while let Some(row) = reader.next(Want::Count, &mut cells)? {
        shape.rows += 1;
        shape.width = shape.width.max(usize::try_from(row.cells).unwrap_or(usize::MAX));
        if row.cells == 0 {
            shape.blank += 1;
        } else {
            let usual = *usual.get_or_insert(row.cells);
            shape.ragged += u64::from(row.cells != usual);
            shape.long += u64::from(row.cells > usual);
        }
        let end = reader.offset();
        // Behind a row too long to be shown whole there must be an entry, or a view would have to read all of it.
        if end - last_entry >= stride || row.range.len.0 > Table::SHOWN_ROW_BYTES {
            index.push((shape.rows, end));
            last_entry = end;
        }
        if shape.rows.is_multiple_of(1000) || end - checked >= 1 << 20 {
            checked = end;
            progress.set_done(end);
            progress.check()?;
        }
    }
    progress.set_done(len);
    if has_ranges {
        shape.preamble = ByteRange::between(Offset::ZERO, Offset(header_start));
        shape.mark = text::mark_len(&input, dialect.encoding)?;
    } else {
        shape.header_range = ByteRange::default();
    }
    let source = DelimitedRows { input, dialect, index, rows: shape.rows, has_ranges };
    Ok(Table { source: Arc::new(source), shape: Arc::new(shape) })
}

/// Bytes before the first row: the byte order mark, and a line such as `sep=;` that names the delimiter in use.
fn preamble_len(input: &Buffer, dialect: &Dialect) -> Result<u64, FormatError> {
    let mark = text::mark_len(input, dialect.encoding)?;
    let start = input.to_vec(ByteRange::new(Offset(mark), 32_usize.into()))?;
    Ok(mark + sep_line(&start, dialect.encoding).filter(|(named, _)| *named == dialect.delimiter).map_or(0, |(_, len)| len))
}

/// The delimiter that a `sep=` line at the start of `bytes` names, and the line's length in bytes with its line end.
pub(super) fn sep_line(bytes: &[u8], encoding: Encoding) -> Option<(u8, u64)> {
    let unit = encoding.unit();
    let narrow: Vec<u8> = match encoding.canonical() {
        Encoding::Utf16Le => bytes.chunks_exact(2).map_while(|pair| (pair[1] == 0).then_some(pair[0])).collect(),
        Encoding::Utf16Be => bytes.chunks_exact(2).map_while(|pair| (pair[0] == 0).then_some(pair[1])).collect(),
        _ => bytes.to_vec(),
    };
    if !narrow.get(..4)?.eq_ignore_ascii_case(b"sep=") {
        return None;
    }
    let delimiter = *narrow.get(4)?;
    let end = match narrow.get(5..) {
        Some([b'\r', b'\n', ..]) => 7,
        Some([b'\n' | b'\r', ..]) => 6,
        Some([]) => 5,
        _ => return None,
    };
    (delimiter.is_ascii() && !matches!(delimiter, b'\r' | b'\n')).then_some((delimiter, (end * unit) as u64))
}

impl DelimitedRows {
    fn reader(&self, entry: (u64, u64)) -> RowReader<'_> {
        RowReader::new(&self.input, &self.dialect, entry.1)
    }

    fn entry_before(&self, row: u64) -> (u64, u64) {
        self.index[self.index.partition_point(|entry| entry.0 <= row).saturating_sub(1)]
    }
}

impl RowSource for DelimitedRows {
    fn visit(&self, first: u64, shown: bool, visitor: Visitor<'_>) -> Result<(), FormatError> {
        let entry = self.entry_before(first);
        let mut reader = self.reader(entry);
        let mut cells = Cells::new(if self.dialect.encoding.unit() == 2 { Encoding::Utf8 } else { self.dialect.encoding });
        let mut row = entry.0;
        while row < self.rows {
            let want = match (row < first, shown) {
                (true, _) => Want::Count,
                (false, true) => Want::Shown,
                (false, false) => Want::Whole,
            };
            let Some(mut scanned) = reader.next(want, &mut cells)? else { break };
            row += 1;
            if scanned.cut {
                // The index has an entry behind each row that is too long.
                let next = self.entry_before(row);
                let end = if next.0 == row { next.1 } else { self.input.len().0 };
                scanned.range = ByteRange::between(scanned.range.start, Offset(end));
                reader = self.reader((row, end));
            }
            if !self.has_ranges {
                scanned.range = ByteRange::default();
            }
            if row > first && !visitor(RowView { cells: &cells, range: scanned.range })? {
                break;
            }
        }
        Ok(())
    }

    fn row_at(&self, offset: Offset) -> Result<Option<u64>, FormatError> {
        let first = self.index[0].1;
        if !self.has_ranges || offset.0 < first || offset.0 >= self.input.len().0 {
            return Ok(None);
        }
        let entry = self.index[self.index.partition_point(|entry| entry.1 <= offset.0).saturating_sub(1)];
        let mut reader = self.reader(entry);
        let mut cells = Cells::new(Encoding::Utf8);
        let mut row = entry.0;
        while let Some(scanned) = reader.next(Want::Shown, &mut cells)? {
            if scanned.cut || offset < scanned.range.end() {
                return Ok(Some(row));
            }
            row += 1;
        }
        Ok(None)
    }
}
