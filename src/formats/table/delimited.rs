//! Rows of a delimited file, found again through a sparse index of their offsets.

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::index::{self, Index};
use super::pass::{Pass, Rest};
use super::record::cells_of;
use super::scan::{RowReader, Want};
use super::{Cells, Dialect, RowSource, RowView, Scanner, Shape, Table, Visitor};
use crate::buffer::{Buffer, ByteRange, Offset};
use crate::formats::text::{self, Encoding};
use crate::formats::{FormatError, Limits};
use crate::tasks::Progress;

/// Text that must be decoded as a whole may be this long.
const DECODED_LIMIT: u64 = 256 << 20;

/// A delimited file and where some of its rows start.
#[derive(Debug)]
struct DelimitedRows {
    input: Buffer,
    dialect: Dialect,
    index: Index,
    rows: u64,
    /// Whether offsets of `input` are offsets of what was opened.
    has_ranges: bool,
}

/// Takes tables of the rows that are known so far.
pub(super) type Growing<'a> = &'a mut dyn FnMut(Table);

/// Between two tables of the rows known so far, beside the time that such a table takes.
const PUBLISHED: Duration = Duration::from_millis(150);

pub(super) fn open(
    input: &Buffer,
    dialect: Dialect,
    limits: Limits,
    progress: &Progress,
    growing: Growing<'_>,
) -> Result<Table, FormatError> {
    dialect.check()?;
    let encoding = dialect.encoding.canonical();
    let quote_safe = dialect.quote.is_none_or(|quote| encoding.keeps_ascii(quote));
    let has_ranges = encoding.unit() == 2 || (encoding.keeps_ascii(dialect.delimiter) && quote_safe);
    if has_ranges {
        return index(input.clone(), Dialect { encoding, ..dialect }, true, progress, growing);
    }
    let limit = limits.or(DECODED_LIMIT);
    if input.len().0 > limit {
        let delimiter = char::from(dialect.delimiter);
        let what =
            format!("{} bytes of {encoding} with the delimiter {delimiter:?}, which has to be decoded as a whole", input.len());
        return Err(Limits::refuse(what, limit));
    }
    let (text, _) = text::decode_within(input, encoding, limits, progress)?;
    index(Buffer::from(text.into_bytes()), Dialect { encoding: Encoding::Utf8, ..dialect }, false, progress, growing)
}

fn index(
    input: Buffer,
    dialect: Dialect,
    has_ranges: bool,
    progress: &Progress,
    growing: Growing<'_>,
) -> Result<Table, FormatError> {
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
    let first_row = reader.offset();
    if has_ranges {
        shape.preamble = ByteRange::between(Offset::ZERO, Offset(header_start));
        shape.mark = text::mark_len(&input, dialect.encoding)?;
    } else {
        shape.header_range = ByteRange::default();
    }
    shape.width = shape.header.as_ref().map_or(0, Vec::len);
    shape.partial = true;
    let source = |index: Index, rows| DelimitedRows { input: input.clone(), dialect, index, rows, has_ranges };
    let mut told: Option<Instant> = None;
    let (mut shape, mut index) = index::find(&input, &dialect, first_row, shape, progress, |shape, index| {
        // The first time at once, then less and less often, since each time the index is copied.
        let wait = PUBLISHED.max(Duration::from_nanos(index.entries.len() as u64 * 200));
        if shape.rows > 0 && told.is_none_or(|told| told.elapsed() >= wait) {
            let rows = shape.rows;
            growing(Table { source: Arc::new(source(index.clone(), rows)), shape: Arc::new(shape.clone()) });
            told = Some(Instant::now());
        }
    })?;
    progress.set_done(len);
    shape.partial = false;
    index.entries.shrink_to_fit();
    let rows = shape.rows;
    Ok(Table { source: Arc::new(source(index, rows)), shape: Arc::new(shape) })
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

/// The most bytes of a row that are held where rows are wanted whole.
const WHOLE: u64 = 512 << 20;

impl DelimitedRows {
    fn reader(&self, entry: (u64, u64)) -> RowReader<'_> {
        RowReader::new(&self.input, &self.dialect, entry.1)
    }

    fn pass(&self, rest: Rest) -> Pass<'_> {
        Pass { input: &self.input, dialect: &self.dialect, index: &self.index, has_ranges: self.has_ranges, rest }
    }

    /// Rows cut to what a view shows of them.
    fn visit_shown(&self, first: u64, visitor: Visitor<'_>) -> Result<(), FormatError> {
        let entry = self.index.before(first);
        let mut reader = self.reader(entry);
        let mut cells = Cells::new(if self.dialect.encoding.unit() == 2 { Encoding::Utf8 } else { self.dialect.encoding });
        let mut row = entry.0;
        while row < self.rows {
            let want = if row < first { Want::Count } else { Want::Shown };
            let Some(mut scanned) = reader.next(want, &mut cells)? else { break };
            row += 1;
            if scanned.cut {
                // The index has an entry behind each row that is too long.
                let next = self.index.before(row);
                let end = if next.0 == row { next.1 } else { self.index.end };
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
}

impl RowSource for DelimitedRows {
    fn visit(&self, first: u64, shown: bool, visitor: Visitor<'_>) -> Result<(), FormatError> {
        if shown {
            return self.visit_shown(first, visitor);
        }
        let mut cells = Cells::new(Encoding::Utf8);
        self.pass(Rest::Refused(WHOLE)).rows(first..self.rows, &mut |record| {
            cells_of(record, &mut cells);
            visitor(RowView { cells: &cells, range: record.range })
        })
    }

    fn row_at(&self, offset: Offset) -> Result<Option<u64>, FormatError> {
        let first = self.index.entries[0].1;
        if !self.has_ranges || offset.0 < first || offset.0 >= self.index.end {
            return Ok(None);
        }
        let entry = self.index.before_offset(offset.0);
        let mut found = None;
        self.pass(Rest::Left).rows(entry.0..self.rows, &mut |record| {
            if offset < record.range.end() {
                found = Some(record.row);
            }
            Ok(found.is_none())
        })?;
        Ok(found)
    }

    fn cuts(&self, bytes: u64) -> Vec<u64> {
        let mut cuts = Vec::new();
        let mut next = 0;
        for &(row, offset) in &self.index.entries {
            if offset >= next && row < self.rows {
                cuts.push(row);
                next = offset + bytes;
            }
        }
        cuts
    }

    fn scan(&self, rows: Range<u64>, whole: bool, visitor: Scanner<'_>) -> Result<(), FormatError> {
        self.pass(if whole { Rest::Refused(WHOLE) } else { Rest::Left }).rows(rows, visitor)
    }

    fn cell_ranges(&self, row: u64) -> Result<Vec<ByteRange>, FormatError> {
        let mut ranges = Vec::new();
        if self.has_ranges {
            self.pass(Rest::Left).rows(row..row + 1, &mut |record| {
                ranges = record.cell_ranges();
                Ok(false)
            })?;
        }
        Ok(ranges)
    }
}
