//! What a hex view shows of a document: its bytes, and the cursor, selection and last call in bytes.

use std::collections::HashMap;

use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::document::{BookmarkColor, Document, DocumentId, SpanKind, Stream};
use crate::stream::Text;

/// A text stream's UTF-8 form is shown up to this many bytes.
pub(super) const TEXT_LIMIT: u64 = 64 << 20;

/// Bookmarks of a text whose places are converted to bytes; the text view shows all of them.
const CONVERTED: usize = 200;

/// A document in bytes.
#[derive(Clone)]
pub(super) struct Content {
    pub(super) bytes: Buffer,
    pub(super) size: u64,
    /// The cursor in bytes.
    pub(super) cursor: u64,
    pub(super) selection: Option<(u64, u64)>,
    /// What the last call read or wrote.
    pub(super) touched: Option<(SpanKind, u64, u64)>,
    /// Bookmarks in bytes, by where they stand.
    pub(super) bookmarks: Vec<(u64, u64, BookmarkColor)>,
    /// A text stream: places are converted through it.
    pub(super) text: Option<Text>,
}

/// The UTF-8 form of a text stream, and the places in it that were asked for; made once for each content.
#[derive(Default)]
pub(super) struct Snapshots {
    of: Option<(DocumentId, u64)>,
    bytes: Option<Buffer>,
    places: HashMap<u64, u64>,
}

impl Content {
    /// `None` where a text is too large to be shown as bytes.
    pub(super) fn of(document: &Document, snapshots: &mut Snapshots) -> Option<Self> {
        let touched = document.touched();
        let selection = document.selection().map(|selection| (selection.start(), selection.end()));
        match document.stream() {
            Stream::Bytes(_) => {
                let bytes = document.as_bytes()?.clone();
                Some(Self {
                    size: bytes.len().get(),
                    bytes,
                    cursor: document.position(),
                    selection,
                    touched: touched.map(|span| (span.kind, span.start, span.end)),
                    bookmarks: document.bookmarks().iter().map(|mark| (mark.start(), mark.end(), mark.color)).collect(),
                    text: None,
                })
            }
            Stream::Text(_) => {
                let text = document.as_text()?.clone();
                let bytes = snapshots.get(document, &text)?;
                let size = bytes.len().get();
                let mut to_bytes = |units: u64| snapshots.place(&text, size, units);
                Some(Self {
                    cursor: to_bytes(document.position()),
                    selection: selection.map(|(start, end)| (to_bytes(start), to_bytes(end))),
                    touched: touched.map(|span| (span.kind, to_bytes(span.start), to_bytes(span.end))),
                    bookmarks: document
                        .bookmarks()
                        .iter()
                        .take(CONVERTED)
                        .map(|mark| (to_bytes(mark.start()), to_bytes(mark.end()), mark.color))
                        .collect(),
                    bytes,
                    size,
                    text: Some(text),
                })
            }
        }
    }

    /// The place in units of the stream of a place in bytes; inside a character it is the character's.
    pub(super) fn to_units(&self, offset: u64) -> u64 {
        let Some(text) = &self.text else { return offset };
        if offset >= self.size {
            return text.len() + (offset - self.size);
        }
        let mut units = 0;
        let mut starts = 0;
        for chunk in self.bytes.chunks(ByteRange::new(Offset::ZERO, Len(offset + 1))) {
            let Ok(chunk) = chunk else { break };
            starts += chunk.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() as u64;
            units = starts;
        }
        units.saturating_sub(1)
    }

    /// Reads `range` into `out` row by row of `columns` bytes. What cannot be read is put down in `holes` with the reason.
    pub(super) fn read(&self, start: u64, out: &mut Vec<u8>, len: usize, columns: usize, holes: &mut Vec<Hole>) {
        out.clear();
        holes.clear();
        out.resize(len, 0);
        let Err(_) = self.bytes.read_at(Offset(start), out) else { return };
        for (row, slice) in out.chunks_mut(columns).enumerate() {
            let at = start + (row * columns) as u64;
            let Err(error) = self.bytes.read_at(Offset(at), slice) else { continue };
            // The first row that fails may begin with bytes that can still be read.
            let goes_on = holes.last().is_some_and(|hole| hole.end == at);
            let good = if goes_on { 0 } else { self.readable(at, slice) };
            let (from, to) = (at + good as u64, at + slice.len() as u64);
            match holes.last_mut() {
                Some(last) if last.end == from && good == 0 => last.end = to,
                _ => holes.push(Hole { start: from, end: to, reason: error.to_string() }),
            }
        }
    }
}

impl Content {
    /// How many bytes from `at` on can be read, fewer than `out` has room for; they are in `out` then.
    fn readable(&self, at: u64, out: &mut [u8]) -> usize {
        let (mut good, mut bad) = (0, out.len());
        while bad - good > 1 {
            let middle = good.midpoint(bad);
            match self.bytes.read_at(Offset(at), &mut out[..middle]) {
                Ok(_) => good = middle,
                Err(_) => bad = middle,
            }
        }
        let again = self.bytes.read_at(Offset(at), &mut out[..good]);
        if again.is_ok() { good } else { 0 }
    }
}

/// Bytes that could not be read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Hole {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) reason: String,
}

impl Snapshots {
    fn get(&mut self, document: &Document, text: &Text) -> Option<Buffer> {
        let of = Some((document.id(), document.revision()));
        if self.of != of {
            let small = text.len() <= TEXT_LIMIT && text.utf8_len() <= TEXT_LIMIT;
            *self = Self { of, bytes: small.then(|| document.snapshot()), places: HashMap::new() };
        }
        self.bytes.clone()
    }

    /// Bytes in front of a code point; a place past the end is as far past it in bytes.
    fn place(&mut self, text: &Text, size: u64, units: u64) -> u64 {
        if let Some(past) = units.checked_sub(text.len()) {
            return size.saturating_add(past);
        }
        if self.places.len() > 1000 {
            self.places.clear();
        }
        *self.places.entry(units).or_insert_with(|| text.slice(0, units).utf8_len())
    }
}
