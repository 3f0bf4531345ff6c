//! One call of a timeline.

use std::sync::Arc;

use super::Patch;
use crate::document::{Data, Operation, StreamKind};
use crate::stream::{Newline, SeenNewlines, StreamState, Whence};

/// The units that a call touched, for tinting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// What happened to them.
    pub kind: SpanKind,
    /// The first.
    pub start: u64,
    /// The place behind the last.
    pub end: u64,
}

/// What a call did to a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanKind {
    /// A read consumed it.
    Read,
    /// A write made it.
    Written,
}

/// One call: what was asked, what came of it, and what it changed.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What was done.
    pub operation: Operation,
    /// The class it was done to.
    pub kind: StreamKind,
    /// The result's `repr`, shortened; empty for `None`. An exception reads as the last line of a traceback.
    pub result: Box<str>,
    /// Whether it raised.
    pub raised: bool,
    /// What it touched.
    pub span: Option<Span>,
    /// Cursor before.
    pub position_before: u64,
    /// Size before.
    pub size_before: u64,
    /// The content after the call, as [`crate::document::Document::revision`] names it.
    pub revision: u64,
    /// The console's statement that made the call.
    pub statement: Option<Arc<str>>,
    pub(in crate::document) after: Scalars,
    pub(in crate::document) patch: Option<Box<Patch>>,
    /// Given by the timeline, like the two below.
    pub(in crate::document) number: u64,
    pub(in crate::document) parent: u64,
    pub(in crate::document) branch: u32,
    /// What the wrappers held after it; given by the timeline too.
    pub(in crate::document) wrappers: u32,
}

/// What a stream holds beside its content.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::document) struct Scalars {
    pub(in crate::document) position: u64,
    pub(in crate::document) size: u64,
    pub(in crate::document) closed: bool,
    pub(in crate::document) newline: Newline,
    pub(in crate::document) seen: SeenNewlines,
}

impl Scalars {
    pub(in crate::document) fn of(state: &StreamState) -> Self {
        let (position, size) = (state.position(), state.size());
        match state {
            StreamState::Bytes(state) => {
                Self { position, size, closed: state.closed, newline: Newline::default(), seen: SeenNewlines::default() }
            }
            StreamState::Text(state) => Self { position, size, closed: state.closed, newline: state.newline, seen: state.seen },
        }
    }
}

impl Entry {
    /// Its number, counted from the first call ever made: it names the entry for as long as it is kept.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The number of the entry that it was made after; 0, or a number that is no longer kept, for the start.
    pub fn parent(&self) -> u64 {
        self.parent
    }

    /// Which branch it is on; the first is 0.
    pub fn branch(&self) -> usize {
        self.branch as usize
    }

    /// The call in Python syntax, short enough for one line of a list.
    pub fn call(&self) -> String {
        self.call_within(24)
    }

    /// The call in Python syntax, data cut to about `limit` units.
    pub fn call_within(&self, limit: u64) -> String {
        match (&self.operation, &self.patch) {
            (Operation::Call(call), Some(patch)) if call.method.is_none() && call.more.is_none() => {
                let inserted = patch.inserted(self.kind).literal(limit);
                if patch.inserted_end() == patch.removed_end() {
                    format!("buf.getbuffer()[{}:{}] = {inserted}", patch.at(), patch.removed_end())
                } else {
                    format!("# [{}:{}] became {inserted}", patch.at(), patch.removed_end())
                }
            }
            _ => self.operation.python(self.kind, limit),
        }
    }

    /// What was done beside the stream, in words; `None` for a call.
    pub fn note(&self) -> Option<&str> {
        if let Operation::Note(note) = &self.operation { Some(note) } else { None }
    }

    /// Cursor after.
    pub fn position_after(&self) -> u64 {
        self.after.position
    }

    /// Size after.
    pub fn size_after(&self) -> u64 {
        self.after.size
    }

    /// Whether it changed the content, or closed the stream.
    pub fn changed(&self) -> bool {
        self.patch.is_some()
    }

    /// Bytes of memory that only this entry keeps, as far as they come from the content.
    pub(super) fn cost(&self) -> u64 {
        self.patch.as_ref().map_or(0, |patch| patch.cost())
    }

    /// Takes a following movement of the cursor in.
    pub(super) fn join_seek(&mut self, next: Self) -> bool {
        let moves = |entry: &Self| {
            matches!(entry.operation, Operation::Seek { .. }) && !entry.raised && entry.statement.is_none() && !entry.changed()
        };
        if !moves(self) || !moves(&next) {
            return false;
        }
        // A movement from where the first one led to is said from the start.
        let relative = matches!(next.operation, Operation::Seek { whence: Whence::Current, .. });
        self.operation = if relative { Operation::seek(next.after.position) } else { next.operation };
        self.result = next.result;
        self.after = next.after;
        true
    }

    /// Takes a following entry of the same run of typing in; `false` where the two do not join. `middle` is the content
    /// between the two, `after` the content after them.
    pub(super) fn join_run(&mut self, next: &Self, middle: &Data, after: &Data) -> bool {
        if self.raised || next.raised || self.position_after() != next.position_before {
            return false;
        }
        let (Some(mine), Some(theirs)) = (&self.patch, &next.patch) else { return false };
        let joined = match (&mut self.operation, &next.operation) {
            (Operation::Write(a), Operation::Write(b)) if a.kind() == b.kind() => {
                a.push(b);
                true
            }
            (Operation::Insert { data: a, .. }, Operation::Insert { data: b, .. }) if a.kind() == b.kind() => {
                a.push(b);
                true
            }
            // Backspace after backspace: the run of deleted units grows towards the start.
            (Operation::Delete { start, end }, Operation::Delete { start: s, end: e }) if *e == *start => {
                *start = *s;
                *end = (*end).max(*e);
                true
            }
            // Delete after delete: units of the original run follow each other at one place.
            (Operation::Delete { start, end }, Operation::Delete { start: s, end: e }) if *s == *start => {
                *end += e - s;
                true
            }
            _ => false,
        };
        if !joined {
            return false;
        }
        self.patch = Some(Box::new(mine.join(theirs, middle, after)));
        if let (Operation::Write(data), false) = (&self.operation, self.result.is_empty()) {
            self.result = data.len().to_string().into();
        }
        if let (Some(span), Some(next_span)) = (&mut self.span, next.span) {
            span.end = next_span.end.max(span.end);
            span.start = next_span.start.min(span.start);
        } else {
            self.span = next.span;
        }
        self.after = next.after;
        self.revision = next.revision;
        true
    }
}
