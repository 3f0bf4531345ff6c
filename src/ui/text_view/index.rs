//! Where the lines of a document begin, found a piece at a time.
//!
//! Unlike [`crate::formats::text::LineIndex`], which a job builds over bytes in one pass, this index counts code points as
//! well as bytes, grows a little each frame, and survives an edit up to the place that was edited. It covers a window of
//! the document, so that a view of an exabyte is as quick as one of a page.

use std::time::{Duration, Instant};

use crate::buffer::{Buffer, Offset, ReadError};
use crate::formats::text::Encoding;
use crate::stream::Text;

/// What is shown: bytes in an encoding, or code points. Places are in its units.
#[derive(Clone, Debug)]
pub(super) enum Source {
    Bytes(Buffer, Encoding),
    Text(Text),
}

impl Source {
    pub(super) fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes, _) => bytes.len().get(),
            Self::Text(text) => text.len(),
        }
    }
}

/// A line, or a piece of one that is too long to be shown in one row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) row: u64,
    /// Counted from the start of the window.
    pub(super) line: u64,
    /// It goes on with the line of the row before.
    pub(super) continued: bool,
    pub(super) start: u64,
    /// Behind its line end.
    pub(super) end: u64,
    /// Units of line end.
    pub(super) newline: u64,
}

/// The line ends of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct LineEnds {
    pub(super) lf: u64,
    pub(super) crlf: u64,
    pub(super) cr: u64,
}

/// The longest row in units, without its line end.
pub(super) const SPLIT: usize = 1024;
/// Units of a document that are looked at at most; more are reached by moving the window.
pub(super) const WINDOW: u64 = 64 << 20;
/// Rows between two marks.
const STRIDE: u64 = 256;
/// Units read at once.
const BLOCK: usize = 64 * 1024;

#[derive(Clone, Copy, Debug, PartialEq)]
struct Mark {
    at: u64,
    row: u64,
    line: u64,
    continued: bool,
    ends: LineEnds,
}

/// The rows of a window of a document.
#[derive(Debug)]
pub(super) struct Index {
    /// The units that it covers.
    pub(super) from: u64,
    pub(super) to: u64,
    marks: Vec<Mark>,
    /// The start of the first row not looked at yet; `None` when all are known.
    next: Option<Mark>,
    pub(super) rows: u64,
    pub(super) lines: u64,
    pub(super) ends: LineEnds,
    /// Why the rest could not be read.
    pub(super) error: Option<ReadError>,
}

impl Index {
    /// An index that knows nothing yet, over the window of a document of `len` units that has `near` in it.
    pub(super) fn new(len: u64, near: u64) -> Self {
        let (from, to) = window(len, near);
        let start = Mark { at: from, row: 0, line: 0, continued: from > 0, ends: LineEnds::default() };
        Self { from, to, marks: vec![start], next: Some(start), rows: 0, lines: 0, ends: LineEnds::default(), error: None }
    }

    /// Whether every row of the window is known.
    pub(super) fn is_done(&self) -> bool {
        self.next.is_none()
    }

    /// Whether the window would be another one for this place.
    pub(super) fn is_elsewhere(&self, len: u64, near: u64) -> bool {
        let near = near.min(len);
        near < self.from || near > self.to || (near == self.to && near < len) || self.to > len
    }

    /// Looks at more rows until they are all known, or for about `time`.
    pub(super) fn extend(&mut self, source: &Source, time: Option<Duration>) {
        let Some(start) = self.next else { return };
        let began = Instant::now();
        let mut walk = Walk::new(source, start, self.to);
        loop {
            let before = walk.mark;
            match walk.next() {
                Ok(Some(row)) => {
                    if self.marks.last().is_none_or(|mark| row.row >= mark.row + STRIDE)
                        && let Some(mark) = before
                    {
                        self.marks.push(mark);
                    }
                    (self.rows, self.lines) = (row.row + 1, row.line + 1);
                    self.ends = walk.ends;
                    self.next = walk.mark;
                    let out_of_time = row.row % 64 == 0 && time.is_some_and(|time| began.elapsed() > time);
                    if self.next.is_none() || out_of_time {
                        return;
                    }
                }
                Ok(None) => {
                    self.next = None;
                    return;
                }
                Err(error) => {
                    self.next = None;
                    self.error = Some(error);
                    self.rows = self.rows.max(1);
                    self.lines = self.lines.max(1);
                    return;
                }
            }
        }
    }

    /// Forgets what an edit at `at` may have changed; `len` is the new size.
    pub(super) fn edited(&mut self, len: u64, at: u64) {
        let keep = self.marks.partition_point(|mark| mark.at + 8 < at).max(1);
        self.marks.truncate(keep);
        self.to = window_end(len, self.from);
        self.error = None;
        let Some(&last) = self.marks.last() else { return };
        self.next = Some(last);
        (self.rows, self.lines, self.ends) = (last.row, last.line, last.ends);
    }

    /// Rows `first..first + count`, as far as they are known.
    pub(super) fn rows(&self, source: &Source, first: u64, count: u64) -> Result<Vec<Row>, ReadError> {
        let end = first.saturating_add(count).min(self.rows);
        let mut rows = Vec::new();
        if first >= end {
            return Ok(rows);
        }
        let mut walk = self.walk(source, self.marks.partition_point(|mark| mark.row <= first));
        // Not one row more than asked for: it may be the one that cannot be read.
        while walk.mark.is_some_and(|mark| mark.row < end)
            && let Some(row) = walk.next()?
        {
            if row.row >= first {
                rows.push(row);
            }
        }
        Ok(rows)
    }

    /// The row that holds a place; the last one for the end and past it. `None` while that is not known.
    pub(super) fn row_at(&self, source: &Source, at: u64) -> Result<Option<Row>, ReadError> {
        if at < self.from || self.next.is_some_and(|next| at >= next.at) {
            return Ok(None);
        }
        let mut walk = self.walk(source, self.marks.partition_point(|mark| mark.at <= at));
        let mut found = None;
        while let Some(row) = walk.next()? {
            found = Some(row);
            if at < row.end || row.row + 1 >= self.rows {
                break;
            }
        }
        Ok(found)
    }

    fn walk<'a>(&self, source: &'a Source, behind: usize) -> Walk<'a> {
        let at = behind.saturating_sub(1).min(self.marks.len() - 1);
        Walk::new(source, self.marks[at], self.to)
    }
}

/// The window around a place: all of a document that is not larger, and else two halves with the place in the second one.
fn window(len: u64, near: u64) -> (u64, u64) {
    let half = WINDOW / 2;
    let from = if len <= WINDOW { 0 } else { (near.min(len) / half).saturating_sub(1) * half };
    (from, window_end(len, from))
}

fn window_end(len: u64, from: u64) -> u64 {
    from.saturating_add(WINDOW).min(len)
}

/// Units as they were read.
enum Block {
    Bytes(Vec<u8>, Encoding),
    Points(Vec<u32>),
}

impl Block {
    fn len(&self) -> usize {
        match self {
            Self::Bytes(bytes, _) => bytes.len(),
            Self::Points(points) => points.len(),
        }
    }
}

/// Row after row; the one place that knows what a row is.
struct Walk<'a> {
    source: &'a Source,
    end: u64,
    mark: Option<Mark>,
    ends: LineEnds,
    block: Block,
    block_at: u64,
}

impl<'a> Walk<'a> {
    fn new(source: &'a Source, from: Mark, end: u64) -> Self {
        let block = match source {
            Source::Bytes(_, encoding) => Block::Bytes(Vec::new(), *encoding),
            Source::Text(_) => Block::Points(Vec::new()),
        };
        Self { source, end, mark: Some(from), ends: from.ends, block, block_at: from.at }
    }

    fn fill(&mut self, at: u64) -> Result<(), ReadError> {
        let block_end = self.block_at + self.block.len() as u64;
        if block_end >= self.end || block_end >= at + SPLIT as u64 + 8 {
            return Ok(());
        }
        // A few rows are wanted most of the time: the first block is small.
        let size = if self.block.len() == 0 { BLOCK / 4 } else { BLOCK };
        let size = (size as u64).min(self.end - at) as usize;
        match (&mut self.block, self.source) {
            (Block::Bytes(block, _), Source::Bytes(bytes, _)) => {
                block.resize(size, 0);
                // Where something cannot be read, what is in front of it is still text: ask for less and less.
                let mut wanted = block.len();
                let read = loop {
                    match bytes.read_at(Offset(at), &mut block[..wanted]) {
                        Ok(read) => break read,
                        Err(error) if wanted <= 1 => return Err(error),
                        Err(_) => wanted /= 2,
                    }
                };
                block.truncate(read);
            }
            (Block::Points(block), Source::Text(text)) => {
                block.clear();
                block.extend(text.slice(at, at + size as u64).code_points());
            }
            _ => {}
        }
        self.block_at = at;
        Ok(())
    }

    fn next(&mut self) -> Result<Option<Row>, ReadError> {
        let Some(mark) = self.mark else { return Ok(None) };
        self.fill(mark.at)?;
        let skip = ((mark.at - self.block_at) as usize).min(self.block.len());
        let (content, newline) = match &self.block {
            Block::Bytes(bytes, encoding) => measure_bytes(&bytes[skip..], *encoding),
            Block::Points(points) => {
                let rest = &points[skip..];
                let find = |window: &[u32]| window.iter().position(|&point| point == 10 || point == 13);
                measure(rest, 1, find, |at| rest.get(at).copied(), |limit| limit)
            }
        };
        let end = mark.at + content as u64 + newline.len() as u64;
        match newline {
            Newline::None => {}
            Newline::Lf(_) => self.ends.lf += 1,
            Newline::CrLf(_) => self.ends.crlf += 1,
            Newline::Cr(_) => self.ends.cr += 1,
        }
        let row =
            Row { row: mark.row, line: mark.line, continued: mark.continued, start: mark.at, end, newline: newline.len() as u64 };
        let has_newline = newline.len() > 0;
        let goes_on = has_newline || (end < self.end && end > mark.at);
        self.mark = goes_on.then(|| Mark {
            at: end,
            row: mark.row + 1,
            line: mark.line + u64::from(has_newline),
            continued: !has_newline,
            ends: self.ends,
        });
        // A line end that closes the window opens no row there: the next window has it.
        if end >= self.end && self.end < self.source.len() {
            self.mark = None;
        }
        Ok(Some(row))
    }
}

#[derive(Clone, Copy)]
enum Newline {
    None,
    Lf(usize),
    CrLf(usize),
    Cr(usize),
}

impl Newline {
    fn len(self) -> usize {
        match self {
            Self::None => 0,
            Self::Lf(len) | Self::CrLf(len) | Self::Cr(len) => len,
        }
    }
}

fn measure_bytes(rest: &[u8], encoding: Encoding) -> (usize, Newline) {
    let unit = encoding.unit();
    let code = |at: usize| match (unit, rest.get(at..at + unit)?) {
        (2, &[a, b]) if encoding.canonical() == Encoding::Utf16Le => Some(u32::from(u16::from_le_bytes([a, b]))),
        (2, &[a, b]) => Some(u32::from(u16::from_be_bytes([a, b]))),
        (_, bytes) => bytes.first().map(|&byte| u32::from(byte)),
    };
    let find = |window: &[u8]| match unit {
        1 => memchr::memchr2(b'\n', b'\r', window),
        _ => (0..window.len()).step_by(2).find(|&at| matches!(code(at), Some(10 | 13))),
    };
    measure(rest, unit, find, code, |limit| boundary(rest, limit, encoding))
}

/// Units of content, and the line end, of the row at the start of `rest`.
fn measure<T>(
    rest: &[T],
    unit: usize,
    find: impl Fn(&[T]) -> Option<usize>,
    code: impl Fn(usize) -> Option<u32>,
    boundary: impl Fn(usize) -> usize,
) -> (usize, Newline) {
    let window = rest.len().min(SPLIT + unit);
    match find(&rest[..window]) {
        Some(at) => {
            let newline = match (code(at), code(at + unit)) {
                (Some(13), Some(10)) => Newline::CrLf(2 * unit),
                (Some(13), _) => Newline::Cr(unit),
                _ => Newline::Lf(unit),
            };
            (at, newline)
        }
        None if rest.len() <= SPLIT => (rest.len(), Newline::None),
        None => (boundary(SPLIT).max(1), Newline::None),
    }
}

/// The last place between two characters that is not behind `limit`.
fn boundary(bytes: &[u8], limit: usize, encoding: Encoding) -> usize {
    if encoding.canonical() == Encoding::Utf8 {
        let back = (0..4).find(|back| bytes.get(limit - back).is_none_or(|byte| byte & 0xC0 != 0x80));
        return limit - back.unwrap_or(0);
    }
    let mut at = 0;
    while at < limit {
        let next = at + encoding.char_len(&bytes[at..]).max(1);
        if next > limit {
            break;
        }
        at = next;
    }
    if at == 0 { limit } else { at }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(source: &Source) -> (Index, Vec<Row>) {
        let mut index = Index::new(source.len(), 0);
        index.extend(source, None);
        assert!(index.is_done());
        let rows = index.rows(source, 0, u64::MAX).unwrap();
        (index, rows)
    }

    fn utf8(bytes: &[u8]) -> Source {
        Source::Bytes(Buffer::from(bytes), Encoding::Utf8)
    }

    #[test]
    fn rows_of_every_line_end() {
        for source in [utf8(b"ab\ncd\r\nef\rgh\n"), Source::Text(Text::from("ab\ncd\r\nef\rgh\n"))] {
            let (index, rows) = all(&source);
            let places: Vec<_> = rows.iter().map(|row| (row.start, row.end, row.newline, row.line)).collect();
            assert_eq!(places, [(0, 3, 1, 0), (3, 7, 2, 1), (7, 10, 1, 2), (10, 13, 1, 3), (13, 13, 0, 4)]);
            assert_eq!(index.ends, LineEnds { lf: 2, crlf: 1, cr: 1 });
            assert_eq!(index.lines, 5);
        }
        let (index, rows) = all(&utf8(b""));
        assert_eq!((index.rows, rows[0].start, rows[0].end), (1, 0, 0));
    }

    #[test]
    fn wide_units_end_lines_on_their_own_boundaries() {
        // U+0A0D is one character, no line end.
        let bytes: Vec<u8> = "a\u{A0D}\n\u{D0A}b\r\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let source = Source::Bytes(Buffer::from(bytes), Encoding::Utf16Be);
        let (_, rows) = all(&source);
        assert_eq!(rows.iter().map(|row| (row.start, row.end)).collect::<Vec<_>>(), [(0, 6), (6, 14), (14, 14)]);
    }

    #[test]
    fn long_lines_are_cut_between_characters() {
        let line = "é".repeat(3000) + "\nx";
        let (index, rows) = all(&utf8(line.as_bytes()));
        assert!(rows.iter().all(|row| row.start % 2 == 0 || row.line == 1));
        assert_eq!((rows.len(), index.lines), (7, 2));
        assert!(rows[1].continued && !rows[0].continued && !rows[6].continued);
        for pair in rows.windows(2) {
            assert_eq!(pair[0].end, pair[1].start);
        }
    }

    #[test]
    fn every_place_is_found_in_its_row_and_an_edit_keeps_what_was_before() {
        let mut text: Vec<u8> = (0..5000_u32).flat_map(|i| format!("line {i}\n").into_bytes()).collect();
        let source = utf8(&text);
        let (mut index, rows) = all(&source);
        for row in rows.iter().step_by(97) {
            assert_eq!(index.row_at(&source, row.start).unwrap(), Some(*row));
            assert_eq!(index.row_at(&source, row.end - u64::from(row.newline > 0)).unwrap(), Some(*row));
        }
        assert_eq!(index.row_at(&source, u64::MAX).unwrap().unwrap().row, 5000);
        let at = 30_000;
        text.splice(at..at, *b"new\r\nlines\n");
        let edited = utf8(&text);
        index.edited(edited.len(), at as u64);
        assert!(index.marks.len() > 2 && index.marks.len() < 20, "{}", index.marks.len());
        assert_eq!(index.row_at(&edited, at as u64).unwrap(), None);
        index.extend(&edited, None);
        let (fresh, rows) = all(&edited);
        assert_eq!(index.rows(&edited, 0, u64::MAX).unwrap(), rows);
        assert_eq!((index.ends, index.lines, index.rows), (fresh.ends, fresh.lines, fresh.rows));
    }

    #[derive(Debug)]
    struct Shrunk;

    impl crate::buffer::Source for Shrunk {
        fn len(&self) -> crate::buffer::Len {
            crate::buffer::Len(200)
        }

        fn read_at(&self, offset: Offset, out: &mut [u8]) -> Result<(), crate::buffer::ReadErrorKind> {
            if offset.0 + out.len() as u64 > 40 {
                return Err(crate::buffer::ReadErrorKind::Shrunk);
            }
            out.fill(b'\n');
            Ok(())
        }
    }

    #[test]
    fn what_cannot_be_read_ends_the_text() {
        let buffer = Buffer::from_source(std::sync::Arc::new(Shrunk));
        let source = Source::Bytes(buffer, Encoding::Utf8);
        let mut index = Index::new(source.len(), 0);
        index.extend(&source, None);
        assert!(index.is_done() && index.error.is_some());
        let rows = index.rows(&source, 0, u64::MAX).unwrap_or_default();
        assert_eq!((rows.len(), index.rows), (40, 40));
    }

    #[test]
    fn only_a_window_of_a_vast_document_is_looked_at() {
        let len = 1 << 60;
        for near in [0, 5, WINDOW, 1 << 59, len - 1, len, u64::MAX] {
            let index = Index::new(len, near);
            assert!(index.to - index.from <= WINDOW && index.to <= len);
            assert!(!index.is_elsewhere(len, near), "{near}");
        }
        let source = Source::Bytes(Buffer::filled(b'x', crate::buffer::Len(len)), Encoding::Utf8);
        let mut index = Index::new(len, 1 << 59);
        index.extend(&source, Some(Duration::from_millis(1)));
        assert!(index.rows > 0 && !index.is_done());
    }
}
