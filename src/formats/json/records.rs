//! JSON as rows: records found again through a sparse index of their offsets.

use std::collections::HashMap;
use std::sync::Arc;

use super::machine::{Machine, Part};
use super::rows::JsonRows;
use super::source::{self, Bytes, Text};
use super::unescape::unescape;
use crate::buffer::{ByteRange, Offset};
use crate::formats::table::{Cells, Shape, Table, counted};
use crate::formats::text::Encoding;
use crate::formats::{Format, FormatError, Limits, Loss};
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

/// How the records lie in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layer {
    /// One a line.
    Lines,
    /// In a top-level array.
    Array,
    /// The text is the only one.
    Single,
}

impl Layer {
    /// Brackets open around a record.
    fn depth(self) -> usize {
        usize::from(self == Self::Array)
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Array,
    #[default]
    Scalar,
}

/// One record, in memory that is used again for the next.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) kind: Kind,
    /// The keys of an object, as text.
    pub(super) keys: Cells,
    /// The values as JSON without spaces, one for each key, or the elements, or the one value.
    pub(super) values: Cells,
    pub(super) range: ByteRange,
    pub(super) cut: bool,
    /// Where the values stand, and from where on bytes belong to them: from their keys on. Gathered where somebody asks for it.
    pub(super) places: Option<Vec<(u64, ByteRange)>>,
}

/// Reads record after record.
pub(super) struct Records<'a> {
    pub(super) bytes: Bytes<'a>,
    layer: Layer,
    /// The most bytes that a record's cells may take.
    limit: u64,
}

impl<'a> Records<'a> {
    pub(super) fn new(text: &'a Text, format: Format, layer: Layer, offset: u64, limit: u64) -> Self {
        let machine = if layer == Layer::Array { Machine::in_array() } else { Machine::new() };
        Self { bytes: Bytes::new(&text.buffer, format, machine, offset), layer, limit }
    }

    /// Reads the next record; `None` at the end, which has then been checked. With `shown`, reading stops inside a record
    /// that is longer than a view shows.
    pub(super) fn next(&mut self, shown: bool, record: &mut Record) -> Result<Option<()>, FormatError> {
        let base = self.layer.depth();
        record.keys.clear();
        record.values.clear();
        record.cut = false;
        record.kind = Kind::Scalar;
        if let Some(places) = &mut record.places {
            places.clear();
        }
        let mut key_start = None;
        let mut key = Vec::new();
        let mut start = None;
        let mut end = 0;
        // Whether bytes belong to a value now, and whether it has any yet.
        let (mut in_value, mut open) = (false, false);
        loop {
            let at = self.bytes.offset();
            let Some((byte, part)) = self.bytes.next()? else {
                self.finish(start.is_some())?;
                if open {
                    record.values.end_cell();
                }
                break;
            };
            let depth = self.bytes.machine.depth();
            if part == Part::Space {
                if byte == b'\n' && self.layer == Layer::Lines && self.bytes.end_line()? && start.is_some() {
                    if open {
                        record.values.end_cell();
                    }
                    break;
                }
                if start.is_none() {
                    continue;
                }
            } else if start.is_none() {
                if depth < base || (depth == base && part == Part::Comma) {
                    continue; // the end of the array, or the comma before this record
                }
                start = Some(at);
                record.kind = match byte {
                    b'{' => Kind::Object,
                    b'[' => Kind::Array,
                    _ => Kind::Scalar,
                };
                in_value = record.kind != Kind::Object;
                if record.kind != Kind::Scalar {
                    end = self.bytes.offset();
                    continue;
                }
            }
            if part != Part::Space && depth >= base && !(depth == base && part == Part::Comma) {
                end = self.bytes.offset();
            }
            let inside = base + usize::from(record.kind != Kind::Scalar);
            let is_key = record.kind == Kind::Object && depth == inside && self.bytes.machine.is_key();
            match part {
                Part::StringStart | Part::StringByte | Part::StringEnd if is_key && !in_value => {
                    key_start = key_start.or(Some(at));
                    key.extend_from_slice(self.bytes.taken());
                    if key.len() > Table::SHOWN_ROW_BYTES as usize {
                        return Err(FormatError::Limit {
                            what: "a key of more than 1,048,576 bytes".into(),
                            limit: "1 MiB".into(),
                        });
                    }
                    if part == Part::StringEnd {
                        record.keys.push(&unescape(&key).0);
                        key.clear();
                    }
                }
                Part::Colon if !in_value && depth == inside => in_value = true,
                Part::Comma if depth == inside && record.kind != Kind::Scalar => {
                    record.values.end_cell();
                    open = false;
                    in_value = record.kind == Kind::Array;
                }
                Part::Close if depth == base && record.kind != Kind::Scalar => {
                    if open {
                        record.values.end_cell();
                    }
                    open = false;
                    in_value = false;
                }
                Part::Comma | Part::Close if depth <= base && record.kind == Kind::Scalar => {}
                Part::Space => {}
                _ if in_value => {
                    if let Some(places) = &mut record.places {
                        if !open {
                            places.push((key_start.take().unwrap_or(at), ByteRange::between(Offset(at), Offset(at))));
                        }
                        if let Some((_, place)) = places.last_mut() {
                            *place = ByteRange::between(place.start, Offset(self.bytes.offset()));
                        }
                    }
                    record.values.push_bytes(self.bytes.taken());
                    open = true;
                }
                _ => {}
            }
            // A string or a bracket says itself that the record ends; a number only what comes behind it.
            let ended = depth < base
                || (depth == base && part == Part::Comma)
                || (self.layer == Layer::Array && depth == base && self.bytes.machine.is_after_value());
            if ended {
                if open {
                    record.values.end_cell();
                }
                break;
            }
            if shown && at - start.unwrap_or(at) > Table::SHOWN_ROW_BYTES {
                if open {
                    record.values.end_cell();
                }
                record.cut = true;
                end = self.bytes.offset();
                break;
            }
            let memory = record.keys.memory() + record.values.memory();
            if memory > self.limit {
                let what = format!("the record at offset {} takes more than {memory} bytes", Offset(start.unwrap_or(at)));
                return Err(Limits::refuse(what, self.limit));
            }
        }
        let Some(start) = start else { return Ok(None) };
        record.range = ByteRange::between(Offset(start), Offset(end));
        Ok(Some(()))
    }

    /// The text has ended.
    fn finish(&mut self, in_record: bool) -> Result<(), FormatError> {
        if self.layer == Layer::Lines && !in_record && self.bytes.machine.is_before_value() {
            return Ok(());
        }
        self.bytes.finish()
    }
}

/// What was seen on the way.
#[derive(Default)]
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

pub(super) fn open(
    input: &crate::buffer::Buffer,
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
    let mut records = Records::new(&text, format, layer, start, limit);
    if layer == Layer::Array {
        // With the bracket itself, so that places in errors are right.
        records = Records { bytes: Bytes::new(&text.buffer, format, Machine::new(), text.start), layer, limit };
        while records.bytes.machine.depth() == 0 && records.bytes.next()?.is_some() {}
    }

    // One record can be as long as the text.
    records.bytes.ask(progress);

    let mut shape = Shape::default();
    let mut counts = Counts::default();
    let mut columns = HashMap::new();
    let mut names: Vec<String> = Vec::new();
    let mut key_bytes = 0;
    let mut record = Record::new();
    let mut usual = None;
    let mut index = vec![(0, records.bytes.offset())];
    let (mut last_entry, mut checked) = (0, 0);
    let mut seen: Vec<usize> = Vec::new();
    while records.next(false, &mut record)?.is_some() {
        shape.rows += 1;
        match record.kind {
            Kind::Object => counts.objects += 1,
            Kind::Array => counts.arrays += 1,
            Kind::Scalar => counts.scalars += 1,
        }
        seen.clear();
        for key in 0..record.keys.len() {
            let name = record.keys.text(key);
            let column = if let Some(&column) = columns.get(name.as_ref()) {
                column
            } else {
                key_bytes += name.len();
                if names.len() >= COLUMN_LIMIT || key_bytes > KEYS_LIMIT {
                    return Err(FormatError::Limit {
                        what: format!("a table of more than {} different keys ({key_bytes} bytes)", names.len()),
                        limit: format!("{COLUMN_LIMIT} columns (64 MiB)"),
                    });
                }
                names.push(name.clone().into_owned());
                columns.insert(name.into_owned(), names.len() - 1);
                names.len() - 1
            };
            seen.push(column);
        }
        let keys = seen.len() as u64;
        seen.sort_unstable();
        seen.dedup();
        counts.doubled += keys - seen.len() as u64;
        counts.filled += seen.len() as u64;
        counts.look_at(&record);
        if record.kind == Kind::Array {
            let cells = record.values.len();
            shape.width = shape.width.max(cells);
            shape.blank += u64::from(cells == 0);
            if cells > 0 {
                let usual = *usual.get_or_insert(cells);
                shape.ragged += u64::from(cells != usual);
                shape.long += u64::from(cells > usual);
            }
        }
        let end = records.bytes.offset();
        if end - last_entry >= STRIDE.max(len / ENTRIES) || record.range.len.0 > Table::SHOWN_ROW_BYTES {
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

    let mut value_column = None;
    let positional = counts.arrays > 0 && counts.objects == 0 && counts.scalars == 0;
    if !positional {
        shape.width = 0;
        (shape.ragged, shape.long, shape.blank) = (0, 0, 0);
        if counts.arrays + counts.scalars > 0 {
            let name = unused_name("value", |name| columns.contains_key(name));
            value_column = Some(names.len());
            names.push(name);
        }
        shape.width = names.len();
        if shape.rows > 0 {
            shape.header = Some(names);
        }
    }
    shape.losses = counts.losses(&shape, positional, missing);
    let rows = JsonRows {
        text,
        format,
        layer,
        columns,
        value_column,
        width: shape.width,
        index,
        rows: shape.rows,
        missing: missing.into(),
        limit,
    };
    Ok(Table { source: Arc::new(rows), shape: Arc::new(shape) })
}

/// `name`, or with a number behind it, so that it is none of those that are taken.
pub(super) fn unused_name(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    if !is_taken(name) {
        return name.into();
    }
    (2_u64..).map(|number| format!("{name}_{number}")).find(|name| !is_taken(name)).unwrap_or_default()
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

impl Counts {
    fn look_at(&mut self, record: &Record) {
        for value in 0..record.values.len() {
            match record.values.raw(value) {
                b"null" => self.nulls += 1,
                raw if raw.starts_with(b"\"") => {
                    if memchr::memmem::find(raw, b"\\u").is_some() {
                        self.lone += unescape(raw).1;
                    }
                }
                raw if raw.starts_with(b"[") || raw.starts_with(b"{") => self.nested += 1,
                _ => self.retyped += 1,
            }
        }
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

impl Record {
    pub(super) fn new() -> Self {
        Self {
            kind: Kind::Scalar,
            keys: Cells::new(Encoding::Utf8),
            values: Cells::new(Encoding::Utf8),
            range: ByteRange::default(),
            cut: false,
            places: None,
        }
    }

    /// The cell text of a value.
    pub(super) fn push_value(&self, index: usize, cells: &mut Cells) {
        match self.values.raw(index) {
            b"null" => cells.push(""),
            raw if raw.starts_with(b"\"") => cells.push(&unescape(raw).0),
            raw => cells.push(&String::from_utf8_lossy(raw)),
        }
    }

    /// The whole record as one cell, for one that is no object among others.
    pub(super) fn push_whole(&self, cells: &mut Cells) {
        if self.kind == Kind::Scalar {
            if self.values.len() > 0 {
                return self.push_value(0, cells);
            }
            return cells.push("");
        }
        let mut text = String::from("[");
        for index in 0..self.values.len() {
            if index > 0 {
                text.push(',');
            }
            text.push_str(&String::from_utf8_lossy(self.values.raw(index)));
        }
        text.push(']');
        cells.push(&text);
    }
}
