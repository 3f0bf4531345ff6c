//! What was done to a document, call by call.

use super::{Operation, StreamKind, StreamState};

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

/// One call: what was asked, what came of it, and the stream behind it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What was done.
    pub operation: Operation,
    /// The class it was done to.
    pub kind: StreamKind,
    /// The result's `repr`, shortened; empty for `None`. An exception reads as the last line of a traceback.
    pub result: String,
    /// Whether it raised.
    pub raised: bool,
    /// What it touched.
    pub span: Option<Span>,
    /// Cursor before.
    pub position_before: u64,
    /// Size before.
    pub size_before: u64,
    /// The stream after the call.
    pub after: StreamState,
    /// The content after the call, as [`super::Document::revision`] names it.
    pub revision: u64,
}

impl Entry {
    /// The call in Python syntax, short enough for one line of a list.
    pub fn call(&self) -> String {
        self.operation.python(self.kind, 24)
    }

    /// Cursor after.
    pub fn position_after(&self) -> u64 {
        self.after.position()
    }

    /// Size after.
    pub fn size_after(&self) -> u64 {
        self.after.size()
    }
}

/// The calls in order.
#[derive(Debug, Default)]
pub struct Timeline {
    entries: Vec<Entry>,
    forgotten: u64,
}

/// Entries kept; each holds a snapshot, so the oldest are forgotten (and counted) past this many.
const KEPT: usize = 10_000;

impl Timeline {
    /// The calls that are kept, oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// How many older calls are no longer kept.
    pub fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// Adds a call. Movements of the cursor that follow each other become one, and so do writes of one run of typing.
    pub(super) fn push(&mut self, entry: Entry, run: bool) {
        let is_seek = |entry: &Entry| matches!(entry.operation, Operation::Seek { .. }) && !entry.raised;
        if let Some(last) = self.entries.last_mut() {
            if is_seek(last) && is_seek(&entry) {
                let (position_before, size_before) = (last.position_before, last.size_before);
                *last = Entry { position_before, size_before, ..entry };
                return;
            }
            if run && last.join(&entry) {
                return;
            }
        }
        if self.entries.len() >= KEPT {
            let drop = KEPT / 10;
            self.entries.drain(..drop);
            self.forgotten += drop as u64;
        }
        self.entries.push(entry);
    }
}

impl Entry {
    /// Takes a following entry of the same run of typing in; `false` where the two do not join.
    fn join(&mut self, next: &Self) -> bool {
        use super::Data;
        if self.raised || next.raised || self.position_after() != next.position_before {
            return false;
        }
        let join = |a: &mut Data, b: &Data| match (a, b) {
            (Data::Bytes(a), Data::Bytes(b)) => {
                a.append_buffer(b);
                true
            }
            (Data::Text(a), Data::Text(b)) => {
                *a = super::edit::concat(a, b);
                true
            }
            _ => false,
        };
        let joined = match (&mut self.operation, &next.operation) {
            (Operation::Write(a), Operation::Write(b)) => join(a, b),
            (Operation::Insert { data: a, .. }, Operation::Insert { data: b, .. }) => join(a, b),
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
        if joined {
            if let (Operation::Write(data), false) = (&self.operation, self.result.is_empty()) {
                self.result = data.len().to_string();
            }
            if let (Some(span), Some(next_span)) = (&mut self.span, next.span) {
                span.end = next_span.end.max(span.end);
                span.start = next_span.start.min(span.start);
            } else {
                self.span = next.span;
            }
            self.after = next.after.clone();
            self.revision = next.revision;
        }
        joined
    }
}
