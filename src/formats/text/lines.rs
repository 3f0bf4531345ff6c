//! A sparse index of lines over a snapshot of any size, for views that show a few rows of it.

use super::{Encoding, decode_lossy};
use crate::buffer::{Buffer, ByteRange, Len, Offset, ReadError};
use crate::formats::FormatError;
use crate::tasks::Progress;

/// One row of a text view: a line, or one piece of a line that is too long to be shown in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextRow {
    /// The row's number, from 0.
    pub row: u64,
    /// The number of the line that it is (a piece of), from 0.
    pub line: u64,
    /// Whether it goes on with the line of the row before: that row was split at [`LineIndex::SPLIT`] bytes.
    pub continued: bool,
    /// Its bytes, the line end included.
    pub range: ByteRange,
    /// Bytes of line end among them: 0 on a piece that is followed by another, and on the last line.
    pub newline_len: u8,
}

impl TextRow {
    /// Its bytes without the line end.
    pub fn content(&self) -> ByteRange {
        let len = self.range.len.0.saturating_sub(u64::from(self.newline_len));
        ByteRange::new(self.range.start, Len(len))
    }
}

/// Where lines begin, in bounded memory: one entry for every 64 KiB of text, more seldom in files beyond 16 GiB.
///
/// Lines end at `\n`, `\r\n` and `\r`, as Python's universal newlines have it. As in editors the text behind the last line
/// end is a line too, so a text has one line more than line ends, and an empty text has one empty line.
///
/// A line longer than [`LineIndex::SPLIT`] bytes is split into rows of at most that many bytes, between characters
/// (in ISO-2022-JP between bytes: the pieces of a split line may show differently from the line). Rows and lines are
/// therefore counted apart; without long lines the two numbers are the same.
#[derive(Clone, Debug)]
pub struct LineIndex {
    buffer: Buffer,
    encoding: Encoding,
    marks: Vec<Mark>,
    rows: u64,
    lines: u64,
}

/// The start of a row.
#[derive(Clone, Copy, Debug)]
struct Mark {
    offset: u64,
    row: u64,
    line: u64,
    continued: bool,
}

/// How far apart the marks are, at least.
const STRIDE: u64 = 64 * 1024;
/// About how many marks there are at most (32 bytes each).
const MARKS: u64 = 1 << 18;
/// Bytes read at once; more than [`LineIndex::SPLIT`] by much.
const BLOCK: usize = 64 * 1024;

impl LineIndex {
    /// The longest row, in bytes without its line end.
    pub const SPLIT: usize = 8192;

    /// Indexes `buffer`. Cost: one pass over the bytes. A byte order mark is part of the first line.
    pub fn build(buffer: &Buffer, encoding: Encoding, progress: &Progress) -> Result<Self, FormatError> {
        let encoding = encoding.canonical();
        let len = buffer.len().0;
        let stride = STRIDE.max(len / MARKS);
        progress.set_total(len);
        let mut marks: Vec<Mark> = Vec::new();
        let mut walk = Walk::new(buffer, encoding, Mark { offset: 0, row: 0, line: 0, continued: false });
        let (mut rows, mut lines) = (0, 0);
        let mut checked = 0;
        while let Some(row) = walk.next()? {
            if marks.last().is_none_or(|mark| row.range.start.0 - mark.offset >= stride) {
                marks.push(Mark { offset: row.range.start.0, row: row.row, line: row.line, continued: row.continued });
            }
            rows = row.row + 1;
            lines = row.line + 1;
            if row.range.start.0 - checked >= 1 << 20 {
                checked = row.range.start.0;
                progress.set_done(checked);
                progress.check()?;
            }
        }
        progress.set_done(len);
        Ok(Self { buffer: buffer.clone(), encoding, marks, rows, lines })
    }

    /// The snapshot it was built over.
    pub fn buffer(&self) -> &Buffer {
        &self.buffer
    }

    /// The encoding it was built with.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Rows to show, at least 1.
    pub fn row_count(&self) -> u64 {
        self.rows
    }

    /// Lines, at least 1; fewer than rows where long lines are split.
    pub fn line_count(&self) -> u64 {
        self.lines
    }

    /// Rows `first..first + count`, cut to what is there.
    pub fn rows(&self, first: u64, count: usize) -> Result<Vec<TextRow>, ReadError> {
        let mut rows = Vec::new();
        let end = first.saturating_add(count as u64).min(self.rows);
        if first >= end {
            return Ok(rows);
        }
        let mut walk = self.walk_from(self.marks.partition_point(|mark| mark.row <= first));
        while let Some(row) = walk.next()? {
            if row.row >= end {
                break;
            }
            if row.row >= first {
                rows.push(row);
            }
        }
        Ok(rows)
    }

    /// The row that holds the byte at `offset`; the last row for the end of the text and past it.
    pub fn row_at(&self, offset: Offset) -> Result<TextRow, ReadError> {
        let mut walk = self.walk_from(self.marks.partition_point(|mark| mark.offset <= offset.0));
        let mut found = None;
        while let Some(row) = walk.next()? {
            let is_it = offset < row.range.end();
            found = Some(row);
            if is_it {
                break;
            }
        }
        Ok(found.unwrap_or(TextRow { row: 0, line: 0, continued: false, range: ByteRange::default(), newline_len: 0 }))
    }

    /// The first row of line `line`, from 0; `None` past the last.
    pub fn row_of_line(&self, line: u64) -> Result<Option<TextRow>, ReadError> {
        // The mark before a line may stand on a continuation of the same line: go to the last one before the line begins.
        let mut walk =
            self.walk_from(self.marks.partition_point(|mark| mark.line < line || (mark.line == line && !mark.continued)));
        while let Some(row) = walk.next()? {
            if row.line == line && !row.continued {
                return Ok(Some(row));
            }
            if row.line > line {
                break;
            }
        }
        Ok(None)
    }

    /// The text of a row, without its line end, decoded for display.
    pub fn text(&self, row: &TextRow) -> Result<String, ReadError> {
        // A range from elsewhere must not ask for more than a row can hold.
        let mut range = row.content();
        range.len = range.len.min(Len::from(Self::SPLIT));
        Ok(decode_lossy(&self.buffer.to_vec(range)?, self.encoding))
    }

    /// A walk from the last of the first `behind` marks.
    fn walk_from(&self, behind: usize) -> Walk<'_> {
        let start = Mark { offset: 0, row: 0, line: 0, continued: false };
        let mark = behind.checked_sub(1).and_then(|at| self.marks.get(at)).copied().unwrap_or(start);
        Walk::new(&self.buffer, self.encoding, mark)
    }
}

/// Row after row from a given one; the one place that knows what a row is.
struct Walk<'a> {
    buffer: &'a Buffer,
    encoding: Encoding,
    next: Option<Mark>,
    block: Vec<u8>,
    block_start: u64,
}

impl<'a> Walk<'a> {
    fn new(buffer: &'a Buffer, encoding: Encoding, from: Mark) -> Self {
        Self { buffer, encoding, next: Some(from), block: Vec::new(), block_start: from.offset }
    }

    fn next(&mut self) -> Result<Option<TextRow>, ReadError> {
        let Some(mark) = self.next else { return Ok(None) };
        let len = self.buffer.len().0;
        // A row needs its bytes, a line end behind them and the rest of a character to be seen at once.
        let needed = (LineIndex::SPLIT + 8) as u64;
        let block_end = self.block_start + self.block.len() as u64;
        if block_end < len && block_end < mark.offset + needed {
            self.block.resize(BLOCK, 0);
            let read = self.buffer.read_at(Offset(mark.offset), &mut self.block)?;
            self.block.truncate(read);
            self.block_start = mark.offset;
        }
        let at = usize::try_from(mark.offset - self.block_start).unwrap_or(usize::MAX).min(self.block.len());
        let rest = &self.block[at..];
        let (content, newline) = measure(rest, self.encoding);
        let size = (content + newline) as u64;
        let end = mark.offset + size;
        let row = TextRow {
            row: mark.row,
            line: mark.line,
            continued: mark.continued,
            range: ByteRange::new(Offset(mark.offset), Len(size)),
            newline_len: newline as u8,
        };
        // Behind a line end there is always a row, behind a piece only where bytes follow.
        self.next = (newline > 0 || (end < len && size > 0)).then(|| Mark {
            offset: end,
            row: mark.row + 1,
            line: mark.line + u64::from(newline > 0),
            continued: newline == 0,
        });
        Ok(Some(row))
    }
}

/// Bytes of content and of line end of the row at the start of `rest`, which holds all that follows or at least
/// [`LineIndex::SPLIT`] and 8 bytes.
fn measure(rest: &[u8], encoding: Encoding) -> (usize, usize) {
    let unit = encoding.unit();
    let window = rest.len().min(LineIndex::SPLIT + unit);
    if let Some((at, is_cr)) = find_newline(&rest[..window], encoding) {
        let follows = rest.get(at + unit..at + 2 * unit).and_then(|bytes| code_unit(bytes, encoding));
        return (at, if is_cr && follows == Some(0x0A) { 2 * unit } else { unit });
    }
    if rest.len() <= LineIndex::SPLIT {
        return (rest.len(), 0);
    }
    (boundary(rest, LineIndex::SPLIT, encoding), 0)
}

/// The first line end in `bytes`, and whether it is a carriage return.
fn find_newline(bytes: &[u8], encoding: Encoding) -> Option<(usize, bool)> {
    if encoding.unit() == 1 {
        return memchr::memchr2(b'\n', b'\r', bytes).map(|at| (at, bytes[at] == b'\r'));
    }
    bytes
        .chunks_exact(2)
        .map(|pair| code_unit(pair, encoding))
        .position(|unit| matches!(unit, Some(0x0A | 0x0D)))
        .map(|at| (at * 2, code_unit(&bytes[at * 2..at * 2 + 2], encoding) == Some(0x0D)))
}

fn code_unit(bytes: &[u8], encoding: Encoding) -> Option<u16> {
    match (encoding, bytes) {
        (Encoding::Utf16Le, &[low, high]) | (Encoding::Utf16Be, &[high, low]) => Some(u16::from_be_bytes([high, low])),
        (_, &[byte]) => Some(u16::from(byte)),
        _ => None,
    }
}

/// The last place between two characters that is not behind `limit`, for a row that starts at a character.
fn boundary(bytes: &[u8], limit: usize, encoding: Encoding) -> usize {
    if encoding == Encoding::Utf8 {
        // Without a walk, and safe in broken text: at most three continuation bytes belong to a character.
        let back = (0..4).find(|back| bytes.get(limit - back).is_none_or(|byte| byte & 0xC0 != 0x80));
        return limit - back.unwrap_or(0);
    }
    let mut at = 0;
    loop {
        let next = at + encoding.char_len(&bytes[at..]).max(1);
        if next > limit || next > bytes.len() {
            return if at == 0 { limit } else { at };
        }
        at = next;
    }
}
