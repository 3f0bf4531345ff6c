//! Where rows start: one pass over the bytes, and a list of some places.
//!
//! The pass goes over pieces on all cores. A piece ends with a line end, and is taken for one that begins with a row; whether it does is
//! known when all before it was looked at. Where it does not, since that line end stands in a quoted cell, it is looked at once more.

use memchr::memrchr;

use super::structure::{State, Structure, narrow};
use super::{Dialect, Shape, Table};
use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::formats::text::Encoding;
use crate::formats::{FormatError, stages};
use crate::tasks::Progress;

/// How far apart the entries of the index are, at least: what a row costs that is looked up.
const STRIDE: u64 = 2 * 1024;

/// About how many entries there are at most; the stride grows with the file.
const ENTRIES: u64 = 1 << 20;

/// Bytes of the first step, about: a few thousand rows of most tables.
const FIRST: usize = 256 * 1024;

/// Bytes of a piece behind it, about.
const PIECE: usize = 1 << 20;

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

/// Finds the rows from the first one on, which starts at `first`, of a table of which `shape` says what stands before it. After each step
/// `known` is given what is known by then.
pub(super) fn find(
    input: &Buffer,
    dialect: &Dialect,
    first: u64,
    shape: Shape,
    progress: &Progress,
    known: impl FnMut(&Shape, &Index),
) -> Result<(Shape, Index), FormatError> {
    let scan = Scan {
        input,
        encoding: dialect.encoding,
        structure: Structure::new(dialect.delimiter, dialect.quote),
        stride: STRIDE.max(input.len().0 / ENTRIES),
    };
    scan.find((FIRST, PIECE), first, shape, progress, known)
}

/// What all pieces have in common.
struct Scan<'a> {
    input: &'a Buffer,
    encoding: Encoding,
    structure: Structure,
    stride: u64,
}

impl Scan<'_> {
    /// Finds them in steps of these many bytes: until the first row is known, and from then on.
    fn find(
        &self,
        (first_size, size): (usize, usize),
        first: u64,
        shape: Shape,
        progress: &Progress,
        mut known: impl FnMut(&Shape, &Index),
    ) -> Result<(Shape, Index), FormatError> {
        let usual = shape.header.as_ref().map(|header| header.len() as u64);
        let mut found = Found::new(first, usual, shape);
        let (mut next, end) = (first, self.input.len().0);
        let mut piece = Piece::default();
        // The first rows are wanted at once, and tell how many cells are usual.
        while self.read(&mut next, first_size, &mut piece, progress)? {
            found.look(self, &piece)?;
            progress.set_done(next);
            known(&found.shape, &found.index);
            if found.usual.is_some() {
                break;
            }
        }
        let usual = found.usual;
        let pieces = usize::try_from((end - next).div_ceil(size as u64)).unwrap_or(usize::MAX);
        let look = |piece: &mut Piece| {
            let mut found = Found::new(piece.start, usual, Shape::default());
            found.look(self, piece)?;
            piece.found = Some(found);
            Ok(())
        };
        stages(
            pieces,
            |piece| self.read(&mut next, size, piece, progress),
            look,
            |piece| {
                found.append(self, piece)?;
                progress.set_done(found.index.end);
                known(&found.shape, &found.index);
                Ok(())
            },
        )?;
        if found.row_start < end {
            found.row(self, end, end);
        }
        Ok((found.shape, found.index))
    }

    /// Reads about `size` bytes from `next` on, up to a line end where there is one; `false` at the end.
    fn read(&self, next: &mut u64, size: usize, piece: &mut Piece, progress: &Progress) -> Result<bool, FormatError> {
        progress.check()?;
        let left = self.input.len().0.saturating_sub(*next);
        let size = usize::try_from(left).unwrap_or(size).min(size);
        let Piece { start, bytes, units, .. } = piece;
        bytes.resize(size, 0);
        let read = self.input.read_at(Offset(*next), bytes)?;
        bytes.truncate(read);
        let wide = self.encoding.unit() == 2;
        if wide {
            narrow(bytes, self.encoding == Encoding::Utf16Le, units);
        }
        if (read as u64) < left {
            let seen: &[u8] = if wide { units } else { bytes };
            // Behind a carriage return at the end may come a line feed.
            let returns = &seen[..seen.len().saturating_sub(1)];
            if let Some(line_end) = memrchr(b'\n', seen).or_else(|| memrchr(b'\r', returns)) {
                bytes.truncate((line_end + 1) * self.encoding.unit());
                units.truncate(line_end + 1);
            }
        }
        *start = *next;
        *next += bytes.len() as u64;
        Ok(read > 0)
    }
}

/// Some bytes behind each other, and what was found in them as if a row began with the first one.
#[derive(Default)]
struct Piece {
    start: u64,
    bytes: Vec<u8>,
    /// Of UTF-16 one byte a unit.
    units: Vec<u8>,
    found: Option<Found>,
}

impl Piece {
    /// One byte a unit.
    fn seen(&self, scan: &Scan<'_>) -> &[u8] {
        if scan.encoding.unit() == 2 { &self.units } else { &self.bytes }
    }
}

/// What is known of the rows up to a place.
struct Found {
    state: State,
    /// Where the row starts that is being read, and its delimiters so far.
    row_start: u64,
    delimiters: u64,
    last_entry: u64,
    /// Cells of a row that is not ragged.
    usual: Option<u64>,
    shape: Shape,
    index: Index,
}

impl Found {
    /// Nothing yet, before a row that starts at `first`.
    fn new(first: u64, usual: Option<u64>, shape: Shape) -> Self {
        Self {
            state: State::START,
            row_start: first,
            delimiters: 0,
            last_entry: first,
            usual,
            shape,
            index: Index { entries: vec![(0, first)], end: first, tidy: true },
        }
    }

    /// Adds a piece that was looked at by itself, or looks at it where no row begins with it.
    fn append(&mut self, scan: &Scan<'_>, piece: &mut Piece) -> Result<(), FormatError> {
        // A line feed may belong to the line end before it.
        let feed = piece.seen(scan).first() == Some(&b'\n');
        let begins = self.state == State::START && self.row_start == piece.start && !feed;
        let Some(found) = piece.found.take().filter(|_| begins) else { return self.look(scan, piece) };
        let rows = self.shape.rows;
        let near = piece.start - self.last_entry < scan.stride;
        let entries = &found.index.entries[usize::from(near)..];
        self.index.entries.extend(entries.iter().map(|&(row, offset)| (rows + row, offset)));
        if !entries.is_empty() {
            self.last_entry = found.last_entry;
        }
        (self.state, self.row_start, self.delimiters) = (found.state, found.row_start, found.delimiters);
        self.index.end = found.index.end;
        self.index.tidy &= found.index.tidy;
        let (shape, more) = (&mut self.shape, found.shape);
        shape.width = shape.width.max(more.width);
        shape.rows += more.rows;
        shape.blank += more.blank;
        shape.ragged += more.ragged;
        shape.long += more.long;
        Ok(())
    }

    fn look(&mut self, scan: &Scan<'_>, piece: &Piece) -> Result<(), FormatError> {
        let (unit, start) = (scan.encoding.unit() as u64, piece.start);
        let bytes = piece.seen(scan);
        let len = scan.input.len().0;
        let mut at = 0;
        while at < bytes.len() {
            let word = scan.structure.word(&bytes[at..], &mut self.state);
            self.index.tidy &= !word.untidy;
            let mut delimiters = word.delimiters;
            let mut lines = word.lines;
            while lines != 0 {
                let bit = lines.trailing_zeros();
                lines &= lines - 1;
                let place = at + bit as usize;
                let end = start + place as u64 * unit;
                if bytes[place] == b'\n' && self.is_behind_return(scan, bytes, place, end)? {
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
                self.row(scan, end, (end + unit).min(len));
            }
            self.delimiters += u64::from(delimiters.count_ones());
            at += word.len;
        }
        Ok(())
    }

    /// Whether the byte before a line feed at `end` is a carriage return that ended a row.
    fn is_behind_return(&self, scan: &Scan<'_>, bytes: &[u8], place: usize, end: u64) -> Result<bool, FormatError> {
        if end != self.row_start || self.shape.rows == 0 {
            return Ok(false);
        }
        if let Some(before) = place.checked_sub(1) {
            return Ok(bytes[before] == b'\r');
        }
        // What ended a row is one unit of ASCII.
        let unit = scan.encoding.unit() as u64;
        let before = scan.input.to_vec(ByteRange::new(Offset(end - unit), Len(unit)))?;
        Ok(before.contains(&b'\r'))
    }

    /// Counts the row that ends at `end`, behind which the next one starts at `next`.
    fn row(&mut self, scan: &Scan<'_>, end: u64, next: u64) {
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
        if next - self.last_entry >= scan.stride || next - self.row_start > Table::SHOWN_ROW_BYTES {
            self.index.entries.push((shape.rows, next));
            self.last_entry = next;
        }
        self.row_start = next;
        self.index.end = next;
        self.delimiters = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(random: &mut fastrand::Rng) -> Vec<u8> {
        let words: &[&[u8]] = match random.u8(..4) {
            0 => &[b"a", b",", b"\"", b"\n", b"\r\n", b"\r", b"\xC3\xA9"],
            1 => &[b"\"a,b\"", b"\"x\"\"y\"", b",", b"\n", b"\n", b"plain", b"\"l1\nl2\n\"", b",,"],
            2 => &[b"a", b",", b"\r", b"\"b\rc\""],
            _ => &[b"one,two,three\r\n", b"four,five\n", b"\n", b"\"six\n\",seven,eight,nine\r\n"],
        };
        (0..random.usize(..80)).flat_map(|_| *random.choice(words).unwrap()).copied().collect()
    }

    #[test]
    fn pieces_give_what_one_look_at_everything_gives() {
        let mut random = fastrand::Rng::with_seed(12);
        let mut appended = 0;
        for round in 0..4000 {
            let text = text(&mut random);
            let wide = round % 4 == 0;
            let bytes = if wide { text.iter().flat_map(|byte| [*byte, 0]).collect() } else { text.clone() };
            let input = Buffer::from(bytes);
            let scan = Scan {
                input: &input,
                encoding: if wide { Encoding::Utf16Le } else { Encoding::Utf8 },
                structure: Structure::new(b',', Some(b'"')),
                stride: 4,
            };
            let find = |sizes| scan.find(sizes, 0, Shape::default(), &Progress::new(), |_, _| {}).unwrap();
            let (whole, whole_index) = find((1 << 20, 1 << 20));
            let size = random.usize(1..24) * 2;
            let (shape, index) = find((size, size));
            let facts = |shape: &Shape| (shape.rows, shape.width, shape.usual, shape.ragged, shape.long, shape.blank);
            assert_eq!(facts(&shape), facts(&whole), "{:?}", text.escape_ascii().to_string());
            assert_eq!((index.end, index.tidy), (whole_index.end, whole_index.tidy));
            // Entries may be others, but each says where its row starts.
            let mut every = Scan { stride: 0, ..scan }.find((1 << 20, 1 << 20), 0, Shape::default(), &Progress::new(), |_, _| {});
            let every = every.as_mut().unwrap().1.entries.clone();
            assert!(index.entries.iter().all(|entry| every.contains(entry)), "{:?}", text.escape_ascii().to_string());
            assert!(index.entries.is_sorted_by(|one, other| one < other));
            appended += index.entries.len();
        }
        assert!(appended > 10_000);
    }
}
