//! What is in JSON that is looked at as rows: how many, which columns, where some of them start, and what does not fit into cells.
//!
//! Of JSON Lines a line end begins a record wherever it stands, since a string has none; so pieces of it are looked at on all cores,
//! and what was found is put together in their order.

use std::collections::HashMap;
use std::sync::Arc;

use super::machine::{Machine, Part};
use super::plain::{Not, Sink, Taken, Usual};
use super::records::{Kind, Layer, Record, Records};
use super::rows::JsonRows;
use super::source::{self, Bytes, Text};
use super::unescape::unescape;
use crate::buffer::{Buffer, ByteRange, Offset};
use crate::formats::table::{Shape, Table, counted};
use crate::formats::{Format, FormatError, Limits, Loss, stages};
use crate::tasks::Progress;

/// The most columns that keys may make.
const COLUMN_LIMIT: usize = 65_536;
/// The most bytes of all different keys together.
const KEYS_LIMIT: usize = 64 << 20;
/// The most bytes that one record's cells take in memory when rows are wanted whole, where nobody chose another limit.
const ROW_LIMIT: u64 = 512 << 20;
/// How far apart the entries of the index are, at least.
const STRIDE: u64 = 64 * 1024;
/// About how many entries there are at most.
const ENTRIES: u64 = 1 << 20;
/// Bytes that one core looks at at a time, about.
const PIECE: u64 = 1 << 20;
/// How many times that a piece has of which only one is in memory at a time, since it holds a long record.
const LONG: u64 = 8;

pub(super) fn open(
    input: &Buffer,
    format: Format,
    missing: &str,
    limits: Limits,
    progress: &Progress,
) -> Result<Table, FormatError> {
    let text = source::open(input, format, limits, progress)?;
    let len = text.buffer.len().0;
    progress.set_done(0);
    progress.set_total(len);
    let (layer, start) = layer_of(&text, format)?;
    let limit = limits.or(ROW_LIMIT);
    let stride = STRIDE.max(len / ENTRIES);
    let seen = match layer {
        Layer::Lines => in_pieces(&text, limit, stride, PIECE, progress)?,
        _ => {
            let mut records = Records::new(&text, format, layer, start, limit);
            if layer == Layer::Array {
                // With the bracket itself, so that places in errors are right.
                records.bytes = Bytes::new(&text.buffer, format, Machine::new(), text.start);
                while records.bytes.machine.depth() == 0 && records.bytes.next()?.is_some() {}
            }
            records.bytes.ask(progress);
            let mut seen = Seen { index: vec![(0, records.bytes.offset())], ..Seen::default() };
            seen.read(&mut records, u64::MAX, stride, |end| progress.set_done(end))?;
            seen
        }
    };
    progress.set_done(len);
    Ok(seen.table(text, format, layer, missing, limit))
}

/// Looks at the lines on all cores.
fn in_pieces(text: &Text, limit: u64, stride: u64, size: u64, progress: &Progress) -> Result<Seen, FormatError> {
    /// From where to where, and what is there.
    #[derive(Default)]
    struct Piece {
        start: u64,
        end: u64,
        seen: Seen,
    }
    let len = text.buffer.len().0;
    let mut start = text.start;
    let next = |piece: &mut Piece| {
        if start >= len {
            return Ok(false);
        }
        piece.start = start;
        start = match start.saturating_add(size) {
            end if end >= len => len,
            end => next_line(&text.buffer, end, progress)?,
        };
        piece.end = start;
        Ok(true)
    };
    let read = |piece: &mut Piece| {
        let mut records = Records::new(text, Format::JsonLines, Layer::Lines, piece.start, limit);
        records.bytes.count_lines_from(text.start);
        records.bytes.ask(progress);
        piece.seen = Seen::default();
        piece.seen.read(&mut records, piece.end, stride, |_| ())
    };
    let is_long = |piece: &Piece| piece.end - piece.start > LONG * size;
    let make = |piece: &mut Piece| if is_long(piece) { Ok(()) } else { read(piece) };
    let mut all = Seen { index: vec![(0, text.start)], ..Seen::default() };
    stages(usize::MAX, next, make, |piece| {
        if is_long(piece) {
            read(piece)?;
        }
        all.add(std::mem::take(&mut piece.seen))?;
        progress.set_done(piece.end);
        Ok(())
    })?;
    Ok(all)
}

/// Behind the next line end from `at` on.
fn next_line(buffer: &Buffer, at: u64, progress: &Progress) -> Result<u64, FormatError> {
    let mut at = at;
    for chunk in buffer.chunks(ByteRange::between(Offset(at), buffer.len().end())) {
        progress.check()?;
        let chunk = chunk?;
        if let Some(place) = memchr::memchr(b'\n', &chunk) {
            return Ok(at + place as u64 + 1);
        }
        at += chunk.len() as u64;
    }
    Ok(at)
}

/// Whether the text is an array, and where its first record may start.
fn layer_of(text: &Text, format: Format) -> Result<(Layer, u64), FormatError> {
    if format == Format::JsonLines {
        return Ok((Layer::Lines, text.start));
    }
    let mut bytes = Bytes::new(&text.buffer, format, Machine::new(), text.start);
    while let Some((byte, part)) = bytes.next()? {
        match part {
            Part::Space => {}
            Part::Open if byte == b'[' => return Ok((Layer::Array, bytes.offset())),
            _ => break,
        }
    }
    Ok((Layer::Single, text.start))
}

/// What was seen of the rows of a text, or of a piece of it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    rows: u64,
    counts: Counts,
    /// The keys in the order in which they came first, their numbers, and their bytes.
    names: Vec<String>,
    columns: HashMap<String, usize>,
    key_bytes: usize,
    /// How many arrays have so many cells, and how many the first one has that has any.
    arrays: HashMap<usize, u64>,
    usual: Option<usize>,
    /// Number of a row and offset, ascending.
    index: Vec<(u64, u64)>,
}

impl Seen {
    /// Looks at the records that begin before `until`.
    fn read(&mut self, records: &mut Records<'_>, until: u64, stride: u64, mut tell: impl FnMut(u64)) -> Result<(), FormatError> {
        let mut record = Record::new();
        let (mut columns, mut usual): (Vec<usize>, Usual) = Default::default();
        let mut scratch = Vec::new();
        let mut last_entry = records.bytes.offset();
        let mut told = last_entry;
        let roomy = records.is_roomy();
        while records.bytes.offset() < until {
            // Most records have their keys in the order of the one before.
            let mut like_before = None;
            if let Some(columns) = usual.expected().filter(|_| roomy) {
                let mut look = Look { names: &self.names, columns, next: 0, counts: Counts::default(), scratch: &mut scratch };
                like_before = records.plain(&mut look)?.map(|range| (range, look.counts));
            }
            let range = if let Some((range, counts)) = like_before {
                if range.start.0 >= until {
                    break;
                }
                self.rows += 1;
                self.counts.add(&counts);
                range
            } else {
                if records.next(false, &mut record)?.is_none() || record.range.start.0 >= until {
                    // Behind blank lines stands one of the next piece.
                    break;
                }
                self.rows += 1;
                self.take(&record, &mut columns)?;
                usual.set(&columns, |column| &self.names[column]);
                self.counts.look_at(&record);
                record.range
            };
            let end = records.bytes.offset();
            if end - last_entry >= stride || range.len.0 > Table::SHOWN_ROW_BYTES {
                self.index.push((self.rows, end));
                last_entry = end;
            }
            if end - told >= 1 << 20 {
                told = end;
                tell(end);
            }
        }
        Ok(())
    }

    /// Counts a record, and says which columns its keys are.
    fn take(&mut self, record: &Record, columns: &mut Vec<usize>) -> Result<(), FormatError> {
        match record.kind {
            Kind::Object => self.counts.objects += 1,
            Kind::Array => {
                self.counts.arrays += 1;
                let cells = record.values.len();
                *self.arrays.entry(cells).or_default() += 1;
                self.usual = self.usual.or((cells > 0).then_some(cells));
            }
            Kind::Scalar => self.counts.scalars += 1,
        }
        columns.clear();
        for key in 0..record.keys.len() {
            columns.push(self.column(&record.keys.text(key))?);
        }
        let keys = columns.len() as u64;
        let mut different = std::borrow::Cow::Borrowed(&columns[..]);
        if !columns.is_sorted_by(|one, other| one < other) {
            let different = different.to_mut();
            different.sort_unstable();
            different.dedup();
        }
        self.counts.doubled += keys - different.len() as u64;
        self.counts.filled += different.len() as u64;
        Ok(())
    }

    /// The number of the column of this name.
    fn column(&mut self, name: &str) -> Result<usize, FormatError> {
        if let Some(column) = self.columns.get(name) {
            return Ok(*column);
        }
        self.key_bytes += name.len();
        if self.names.len() >= COLUMN_LIMIT || self.key_bytes > KEYS_LIMIT {
            return Err(FormatError::Limit {
                what: format!("a table of more than {} different keys ({} bytes)", self.names.len(), self.key_bytes),
                limit: format!("{COLUMN_LIMIT} columns (64 MiB)"),
            });
        }
        self.names.push(name.to_owned());
        self.columns.insert(name.to_owned(), self.names.len() - 1);
        Ok(self.names.len() - 1)
    }

    /// Adds what was seen behind this.
    fn add(&mut self, behind: Self) -> Result<(), FormatError> {
        self.index.extend(behind.index.iter().map(|(row, offset)| (self.rows + row, *offset)));
        self.rows += behind.rows;
        self.counts.add(&behind.counts);
        for name in &behind.names {
            self.column(name)?;
        }
        for (cells, count) in behind.arrays {
            *self.arrays.entry(cells).or_default() += count;
        }
        self.usual = self.usual.or(behind.usual);
        Ok(())
    }

    fn table(self, text: Text, format: Format, layer: Layer, missing: &str, limit: u64) -> Table {
        let Self { rows, counts, mut names, columns, arrays, usual, index, .. } = self;
        let mut shape = Shape { rows, ..Shape::default() };
        let mut value_column = None;
        let positional = counts.arrays > 0 && counts.objects == 0 && counts.scalars == 0;
        if positional {
            let usual = usual.unwrap_or_default();
            for (cells, count) in arrays {
                shape.width = shape.width.max(cells);
                match cells {
                    0 => shape.blank += count,
                    cells => {
                        shape.ragged += if cells == usual { 0 } else { count };
                        shape.long += if cells > usual { count } else { 0 };
                    }
                }
            }
        } else {
            if counts.arrays + counts.scalars > 0 {
                let name = unused_name("value", |name| columns.contains_key(name));
                value_column = Some(names.len());
                names.push(name);
            }
            shape.width = names.len();
            if rows > 0 {
                shape.header = Some(names);
            }
        }
        shape.losses = counts.losses(&shape, positional, missing);
        let width = shape.width;
        let source = JsonRows { text, format, layer, columns, value_column, width, index, rows, missing: missing.into(), limit };
        Table { source: Arc::new(source), shape: Arc::new(shape) }
    }
}

/// What was seen on the way.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    objects: u64,
    arrays: u64,
    scalars: u64,
    nulls: u64,
    nested: u64,
    retyped: u64,
    doubled: u64,
    lone: u64,
    filled: u64,
}

/// Looks at an object that has the keys of the one before it.
struct Look<'a> {
    names: &'a [String],
    columns: &'a [usize],
    next: usize,
    counts: Counts,
    scratch: &'a mut Vec<u8>,
}

impl Sink for Look<'_> {
    fn clear(&mut self) {
        self.next = 0;
        self.counts = Counts::default();
    }

    fn begin(&mut self, kind: Kind) -> Taken<()> {
        if kind == Kind::Object { Ok(()) } else { Err(Not::Plain) }
    }

    fn expected(&self) -> Option<&[u8]> {
        self.columns.get(self.next).map(|column| self.names[*column].as_bytes())
    }

    fn as_expected(&mut self) {
        self.next += 1;
    }

    fn key(&mut self, _: &[u8], _: bool) -> Taken<()> {
        Err(Not::Plain)
    }

    fn scalar(&mut self, raw: &[u8], escapes: bool) {
        self.counts.scalar(raw, escapes);
    }

    fn nested(&mut self, read: &mut dyn FnMut(&mut Vec<u8>) -> Taken<()>) -> Taken<()> {
        self.counts.nested += 1;
        self.scratch.clear();
        read(self.scratch)
    }

    fn end(&mut self) -> Taken<()> {
        if self.next < self.columns.len() {
            return Err(Not::Plain);
        }
        self.counts.objects = 1;
        self.counts.filled = self.next as u64;
        Ok(())
    }
}

impl Counts {
    fn look_at(&mut self, record: &Record) {
        for value in 0..record.values.len() {
            match record.values.raw(value) {
                [b'[' | b'{', ..] => self.nested += 1,
                raw => self.scalar(raw, memchr::memchr(b'\\', raw).is_some()),
            }
        }
    }

    fn scalar(&mut self, raw: &[u8], escapes: bool) {
        match raw {
            b"null" => self.nulls += 1,
            [b'"', ..] => {
                if escapes && memchr::memmem::find(raw, b"\\u").is_some() {
                    self.lone += unescape(raw).1;
                }
            }
            _ => self.retyped += 1,
        }
    }

    fn add(&mut self, other: &Self) {
        let Self { objects, arrays, scalars, nulls, nested, retyped, doubled, lone, filled } = other;
        self.objects += objects;
        self.arrays += arrays;
        self.scalars += scalars;
        self.nulls += nulls;
        self.nested += nested;
        self.retyped += retyped;
        self.doubled += doubled;
        self.lone += lone;
        self.filled += filled;
    }

    fn losses(&self, shape: &Shape, positional: bool, missing: &str) -> Vec<Loss> {
        let mut losses = Vec::new();
        let mut say = |count: u64, one: &str, many: &str, then: &str| {
            if count > 0 {
                losses.push(Loss::new(format!("{} {then}", counted(count, one, many))));
            }
        };
        say(self.retyped, "number, true or false", "numbers, true and false", "become text");
        say(self.nulls, "null", "nulls", "become empty cells, like empty text");
        say(self.nested, "array or object", "arrays and objects", "inside records become JSON text in their cell");
        let absent = if positional { 0 } else { (shape.width as u64).saturating_mul(self.objects).saturating_sub(self.filled) };
        let absent = absent.saturating_sub(if self.arrays + self.scalars > 0 { self.objects } else { 0 });
        let filled = if missing.is_empty() { "empty" } else { "filled in" };
        say(absent, "cell is", "cells are", &format!("{filled} because the record has no such key"));
        say(self.doubled, "key comes", "keys come", "again in the same record; the last value counts");
        say(self.lone, "half of a surrogate pair", "halves of surrogate pairs", "become U+FFFD");
        if self.objects > 0 && self.arrays + self.scalars > 0 {
            say(self.arrays + self.scalars, "record is", "records are", "no object and stand in the last column");
        } else if self.arrays > 0 && self.scalars > 0 {
            say(self.arrays, "array", "arrays", "among the values become JSON text");
        }
        losses
    }
}

/// `name`, or with a number behind it, so that it is none of those that are taken.
pub(super) fn unused_name(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    if !is_taken(name) {
        return name.into();
    }
    (2_u64..).map(|number| format!("{name}_{number}")).find(|name| !is_taken(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: Vec<u8>) -> Text {
        Text { buffer: Buffer::from(bytes), start: 0, has_ranges: true }
    }

    #[test]
    fn pieces_tell_what_one_look_tells() {
        let records = [
            r#"{"a":1,"b":"x"}"#,
            r#"{"a":null,"b":"\ud800"}"#,
            r#"{"b":[1,2],"c":{}}"#,
            r#"{"a":"\\n","b":"é","c":[ {"x": "y"} ]}"#,
            r#"{ "a" : 12 , "c" : true }"#,
            r#"{"b":1,"a":2}"#,
            r#"{"a":1,"a":2}"#,
            "[1,2,3]",
            "[]",
            "[1]",
            "7",
            "\"text\"",
            "",
            "  ",
            r#"{"a":1"#,
            "{} {}",
        ];
        let mut random = fastrand::Rng::with_seed(9);
        let (mut whole, mut wrong) = (0, 0);
        for round in 0..3_000 {
            let kinds = if round % 2 == 0 { 0..random.usize(1..14) } else { 7..10 };
            let kinds = if round % 5 == 0 { 0..records.len() } else { kinds };
            let lines: Vec<_> = (0..random.usize(..40)).map(|_| records[random.usize(kinds.clone())]).collect();
            let mut lines = lines.join(*random.choice(&["\n", "\r\n"]).unwrap());
            if random.bool() {
                lines.push('\n');
            }
            let text = text(lines.clone().into_bytes());
            let mut once = Seen { index: vec![(0, 0)], ..Seen::default() };
            // A limit this low has the keys looked up for each record.
            let mut records = Records::new(&text, Format::JsonLines, Layer::Lines, 0, (1 << 20) - 1);
            let read = once.read(&mut records, u64::MAX, u64::MAX, |_| ()).map(|()| once).map_err(|error| error.to_string());
            let pieces = in_pieces(&text, 1 << 20, u64::MAX, random.u64(1..60), &Progress::new());
            assert_eq!(pieces.map_err(|error| error.to_string()), read, "{lines:?}");
            if read.is_ok() {
                whole += 1;
            } else {
                wrong += 1;
            }
            let rows = |limit: u64| {
                let table = open(
                    &text.buffer,
                    Format::JsonLines,
                    "-",
                    Limits { max_bytes: limit, ..Limits::default() },
                    &Progress::new(),
                );
                let mut rows = Vec::new();
                let table = table.map_err(|error| error.to_string())?;
                let first = table.row_count() / 3;
                let visited = table.source.visit(first, false, &mut |row| {
                    rows.push((row.cells.iter().map(String::from).collect::<Vec<_>>(), row.range));
                    Ok(true)
                });
                visited.map(|()| rows).map_err(|error| error.to_string())
            };
            assert_eq!(rows(1 << 20), rows((1 << 20) - 1), "{lines:?}");
        }
        assert!(whole > 500 && wrong > 200, "{whole} and {wrong}");
    }
}
