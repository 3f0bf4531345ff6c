//! What one call changed in the content, as data that works in both directions.
//!
//! An entry keeps no snapshot: a snapshot of a document in many pieces owns kilobytes of tree nodes after every small write.
//! It keeps the units that the call took out and those it put in, which is all there is to go either way.

use super::delta::{From, Run};
use super::log::{self, Log};
use crate::buffer::{Buffer, ByteRange, Offset};
use crate::document::{Data, Shift, StreamKind};
use crate::stream::Text;

/// Runs of at most this many units are kept as plain bytes of their own; longer ones share the document's memory.
const SHORT: u64 = 255;

/// Units that were taken out or put in.
#[derive(Clone, Debug)]
enum Part {
    /// Bytes, or code points below U+0100.
    Short(Box<[u8]>),
    Long(Box<Data>),
}

/// Units from `at` on became others.
#[derive(Clone, Debug)]
pub(in crate::document) struct Patch {
    at: u64,
    removed: Part,
    inserted: Part,
    /// Where the log has what was put in, and in units of how many bytes.
    logged: Option<(u32, u8)>,
}

impl Part {
    fn of(data: Data) -> Self {
        if data.len() > SHORT {
            return Self::Long(Box::new(data));
        }
        let short: Option<Vec<u8>> = match &data {
            Data::Bytes(bytes) => bytes.to_vec_all().ok(),
            Data::Text(text) => text.code_points().map(|point| u8::try_from(point).ok()).collect(),
        };
        short.map_or_else(|| Self::Long(Box::new(data)), |short| Self::Short(short.into()))
    }

    fn len(&self) -> u64 {
        match self {
            Self::Short(units) => units.len() as u64,
            Self::Long(data) => data.len(),
        }
    }

    fn data(&self, kind: StreamKind) -> Data {
        match (self, kind) {
            (Self::Long(data), _) => data.as_ref().clone(),
            (Self::Short(units), StreamKind::Bytes) => Data::Bytes(Buffer::from(&units[..])),
            (Self::Short(units), StreamKind::Text) => Data::Text(Text::from_code_points(units.iter().copied().map(u32::from))),
        }
    }

    /// Bytes of memory that it alone may keep.
    fn cost(&self) -> u64 {
        match self {
            Self::Short(units) => units.len() as u64,
            Self::Long(data) => match data.as_ref() {
                Data::Bytes(bytes) => bytes.memory().get(),
                Data::Text(text) => text.byte_len().get(),
            },
        }
    }
}

impl Patch {
    /// The change from `before` to `after`, of which the first `prefix` and the last `suffix` units are known to be equal.
    pub(in crate::document) fn between(before: &Data, after: &Data, prefix: u64, suffix: u64) -> Self {
        let shorter = before.len().min(after.len());
        let prefix = prefix.min(shorter);
        let suffix = suffix.min(shorter - prefix);
        Self {
            at: prefix,
            removed: Part::of(before.slice(prefix, before.len() - suffix)),
            inserted: Part::of(after.slice(prefix, after.len() - suffix)),
            logged: None,
        }
    }

    /// This change and a `next` one as one; `middle` is the content between them, `after` behind both.
    pub(in crate::document) fn join(&self, next: &Self, middle: &Data, after: &Data) -> Self {
        let kind = middle.kind();
        let mine_end = self.at + self.inserted.len();
        let (start, end) = (self.at.min(next.at), mine_end.max(next.at + next.removed.len()));
        let mut removed = middle.slice(start, self.at);
        removed.push(&self.removed.data(kind));
        removed.push(&middle.slice(mine_end, end));
        let inserted = after.slice(start, end - next.removed.len() + next.inserted.len());
        Self { at: start, removed: Part::of(removed), inserted: Part::of(inserted), logged: None }
    }

    /// Changes the content before the call to that after it.
    pub(in crate::document) fn apply(&self, content: &mut Data) {
        content.replace(self.at, self.at + self.removed.len(), &self.inserted.data(content.kind()));
    }

    /// Changes the content after the call back to that before it.
    pub(in crate::document) fn revert(&self, content: &mut Data) {
        content.replace(self.at, self.at + self.inserted.len(), &self.removed.data(content.kind()));
    }

    /// What it does to places.
    pub(in crate::document) fn shift(&self) -> Shift {
        Shift { at: self.at, removed: self.removed.len(), inserted: self.inserted.len() }
    }

    /// Where it begins.
    pub(in crate::document) fn at(&self) -> u64 {
        self.at
    }

    /// The place behind what it took out.
    pub(in crate::document) fn removed_end(&self) -> u64 {
        self.at + self.removed.len()
    }

    /// The place behind what it put in.
    pub(in crate::document) fn inserted_end(&self) -> u64 {
        self.at + self.inserted.len()
    }

    /// What it put in.
    pub(in crate::document) fn inserted(&self, kind: StreamKind) -> Data {
        self.inserted.data(kind)
    }

    /// Puts what it put in into the log, where that is short.
    pub(super) fn log(&mut self, log: &mut Log) {
        self.logged = match &self.inserted {
            Part::Short(units) => log.push(units).map(|at| (at, 1)),
            Part::Long(data) => data.short_units(log::SHORT).and_then(|(units, bytes)| Some((log.push(&units)?, bytes))),
        };
    }

    /// What it put in, for a content that is made of runs; `number` is its entry's.
    pub(super) fn run(&self, number: u64) -> Option<Run> {
        let (from, start) = match self.logged {
            Some((at, bytes)) => (From::Log(bytes), at.into()),
            None => (From::Entry(number), 0),
        };
        let len = self.inserted.len();
        (len > 0).then_some(Run { from, start, len })
    }

    /// Bytes of memory that only this change keeps, for the budget of undo.
    pub(in crate::document) fn cost(&self) -> u64 {
        self.removed.cost()
    }
}

impl Data {
    /// Which stream takes it.
    pub fn kind(&self) -> StreamKind {
        match self {
            Self::Bytes(_) => StreamKind::Bytes,
            Self::Text(_) => StreamKind::Text,
        }
    }

    /// The units from `start` up to `end`; shares memory.
    pub fn slice(&self, start: u64, end: u64) -> Self {
        match self {
            Self::Bytes(bytes) => Self::Bytes(bytes.slice(ByteRange::between(Offset(start), Offset(end.max(start))))),
            Self::Text(text) => Self::Text(text.slice(start, end.max(start))),
        }
    }

    /// Puts units of the same kind behind the last one.
    pub(super) fn push(&mut self, more: &Self) {
        let len = self.len();
        self.replace(len, len, more);
    }

    /// Replaces the units from `start` up to `end` by others of the same kind.
    fn replace(&mut self, start: u64, end: u64, with: &Self) {
        match (self, with) {
            (Self::Bytes(bytes), Self::Bytes(with)) => bytes.replace(ByteRange::between(Offset(start), Offset(end)), with),
            (Self::Text(text), Self::Text(with)) => text.replace(start, end, with),
            _ => debug_assert!(false, "bytes among code points"),
        }
    }

    /// How many units at the start and at the end are equal, as far as that is quickly told: at least none.
    pub(in crate::document) fn common_ends(&self, other: &Self) -> (u64, u64) {
        match (self, other) {
            (Self::Bytes(a), Self::Bytes(b)) => {
                let (prefix, suffix) = a.common_ends(b);
                (prefix.get(), suffix.get())
            }
            (Self::Text(a), Self::Text(b)) => a.common_ends(b),
            _ => (0, 0),
        }
    }
}
