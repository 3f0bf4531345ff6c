//! The records of JSON, one after the other.

use super::machine::{Machine, Part};
use super::plain::{Lead, Sink};
use super::source::{BLOCK, Bytes, Text};
use super::unescape::unescape;
use crate::buffer::{ByteRange, Offset};
use crate::formats::table::{Cells, Table};
use crate::formats::text::Encoding;
use crate::formats::{Format, FormatError, Limits};

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
        record.clear();
        // Who wants to know where the values stand gets that from the long way.
        if record.places.is_none()
            && let Some(range) = self.plain(record)?
        {
            record.range = range;
            return self.within_limit(record, range.start).map(Some);
        }
        record.clear();
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
            self.within_limit(record, Offset(start.unwrap_or(at)))?;
        }
        let Some(start) = start else { return Ok(None) };
        record.range = ByteRange::between(Offset(start), Offset(end));
        Ok(Some(()))
    }

    /// Gives the next record to `sink` if it is one that can be read in one step; where it is. The next one is the same otherwise.
    pub(super) fn plain(&mut self, sink: &mut impl Sink) -> Result<Option<ByteRange>, FormatError> {
        let lead = match self.layer {
            Layer::Lines => self.bytes.machine.is_before_value().then_some(Lead::Line),
            Layer::Array => self.bytes.machine.lead_in_array(),
            Layer::Single => None,
        };
        lead.map_or(Ok(None), |lead| self.bytes.plain(lead, sink))
    }

    /// Whether no record that can be read in one step takes more than is allowed.
    pub(super) fn is_roomy(&self) -> bool {
        self.limit >= 16 * BLOCK as u64
    }

    fn within_limit(&self, record: &Record, start: Offset) -> Result<(), FormatError> {
        let memory = record.keys.memory() + record.values.memory();
        if memory <= self.limit {
            return Ok(());
        }
        Err(Limits::refuse(format!("the record at offset {start} takes more than {memory} bytes"), self.limit))
    }

    /// The text has ended.
    fn finish(&mut self, in_record: bool) -> Result<(), FormatError> {
        if self.layer == Layer::Lines && !in_record && self.bytes.machine.is_before_value() {
            return Ok(());
        }
        self.bytes.finish()
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

    /// Makes it ready for the next one.
    pub(super) fn clear(&mut self) {
        self.keys.clear();
        self.values.clear();
        self.cut = false;
        self.kind = Kind::Scalar;
        if let Some(places) = &mut self.places {
            places.clear();
        }
    }

    /// The cell text of a value.
    pub(super) fn push_value(&self, index: usize, cells: &mut Cells) {
        match self.values.raw(index) {
            b"null" => cells.push(""),
            [b'"', inner @ .., b'"'] if memchr::memchr(b'\\', inner).is_none() && simdutf8::basic::from_utf8(inner).is_ok() => {
                cells.push_bytes(inner);
                cells.end_cell();
            }
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
