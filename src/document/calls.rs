//! Calls that the console made on a document's stream, taken over into its timeline.

use std::sync::Arc;

use num_traits::ToPrimitive as _;

use super::edit::{changed, shown};
use super::history::Step;
use super::operation::Call;
use super::timeline::{Patch, Scalars};
use super::{Data, Document, Entry, Operation, Span, SpanKind, StreamKind};
use crate::stream::{CallRecord, Exception, Link, StreamState, Value, Whence};

/// Bytes of arguments that an entry keeps: what a call wrote is in its change anyway.
const ARGUMENTS: u64 = 4096;

impl Document {
    /// Takes over what a console's statement did: its calls in order, how many `more` were not recorded, and what the stream
    /// holds now. All of it is one undo step. What the stream held before need not be what this document holds: the difference
    /// becomes an entry of its own.
    pub fn adopt_calls(&mut self, calls: Vec<CallRecord>, more: u64, now: &StreamState, statement: &str) {
        if calls.is_empty() && more == 0 && same(&self.state(), now) {
            return;
        }
        self.stay();
        let statement: Arc<str> = statement.into();
        let (before, revision_before, selection_before) = (self.timeline.current_number(), self.revision, self.selection);
        self.history.end_run();
        let mut state = self.state();
        for record in calls {
            if !is_of(self.kind(), &record) {
                continue;
            }
            if !same(&state, &record.before) {
                self.adopt(unseen(None), &state, &record.before, Ok(Value::None), &statement);
            }
            let operation = operation(&record);
            self.adopt(operation, &record.before, &record.after, record.result, &statement);
            state = record.after;
        }
        if more > 0 || !same(&state, now) {
            self.adopt(unseen((more > 0).then_some(more)), &state, now, Ok(Value::None), &statement);
        }
        self.restore(now);
        self.selection = None;
        if self.revision != revision_before {
            let after = self.timeline.current_number();
            self.history.push(Step { label: "Statement", before, selection_before, after, run: None, bookmarks: None }, false);
            self.history.end_run();
        }
        self.forget_old();
    }

    /// Says what the wrappers over the document hold at the moment that is shown; `None` where it is the same as was said last.
    pub fn set_wrappers(&mut self, links: Option<&[Link]>) {
        self.timeline.set_wrappers(links);
    }

    fn adopt(
        &mut self,
        operation: Operation,
        before: &StreamState,
        after: &StreamState,
        result: Result<Value, Exception>,
        statement: &Arc<str>,
    ) {
        self.enter(operation, before, after, &result, false, Some(Arc::clone(statement)));
    }

    /// Adds an entry for what led from one state to another. `joins` says that it belongs to a run of typing.
    pub(super) fn enter(
        &mut self,
        operation: Operation,
        before: &StreamState,
        after: &StreamState,
        result: &Result<Value, Exception>,
        joins: bool,
        statement: Option<Arc<str>>,
    ) {
        let (content_before, content_after) = (Data::of(before), Data::of(after));
        let patch = changed(before, after).then(|| {
            let (prefix, suffix) = ends(&operation, before, after, &content_before, &content_after);
            let patch = Patch::between(&content_before, &content_after, prefix, suffix);
            let from = self.revision;
            self.next_revision();
            self.change = Some((from, self.revision, patch.at()));
            Box::new(patch)
        });
        let result_text = match result {
            Ok(value) => shown(value),
            Err(exception) => exception.to_string(),
        };
        let shift = patch.as_ref().map(|patch| patch.shift());
        let current = self.timeline.current_number();
        let entry = Entry {
            kind: self.kind(),
            span: span(&operation, before, after, patch.as_deref(), result.is_err()),
            operation,
            result: result_text.into(),
            raised: result.is_err(),
            position_before: before.position(),
            size_before: before.size(),
            revision: self.revision,
            statement,
            after: Scalars::of(after),
            patch,
            number: 0,
            parent: 0,
            branch: 0,
            wrappers: 0,
        };
        self.timeline.push(entry, joins, &content_before, &content_after);
        let Some(shift) = shift else { return };
        let now = self.timeline.current_number();
        if now != current {
            self.bookmarks.entered(now, shift);
        } else if let Some(whole) = self.timeline.shift(now) {
            self.bookmarks.went_on(now, shift, whole);
        }
    }
}

/// Whether a call was made on a stream of this kind, both before and after it.
fn is_of(kind: StreamKind, record: &CallRecord) -> bool {
    [&record.before, &record.after].into_iter().all(|state| Data::of(state).kind() == kind)
}

/// Whether nothing tells two states apart.
fn same(a: &StreamState, b: &StreamState) -> bool {
    Scalars::of(a) == Scalars::of(b) && (!changed(a, b) || Data::of(a) == Data::of(b))
}

/// A change that no recorded call made.
fn unseen(calls: Option<u64>) -> Operation {
    let method = calls.map(|calls| format!("{calls} more calls").into());
    Operation::Call(Box::new(Call { method: None, args: Box::default(), cut: method.is_some(), more: method }))
}

/// The operation that a recorded call is: one of the plain ones where its arguments are plain.
fn operation(record: &CallRecord) -> Operation {
    let Some(method) = &record.method else { return unseen(None) };
    let size = |value: &Value| value_to_u64(value);
    let signed = |value: &Value| if let Value::Int(number) = value { number.to_i64() } else { None };
    let plain = match (method.as_str(), record.args.as_slice()) {
        ("read", [] | [Value::None]) => Some(Operation::Read(None)),
        ("read", [value]) => size(value).map(|size| Operation::Read(Some(size))),
        ("readline", [] | [Value::None]) => Some(Operation::ReadLine(None)),
        ("readline", [value]) => size(value).map(|size| Operation::ReadLine(Some(size))),
        ("write", [Value::Bytes(bytes)]) => Some(Operation::Write(Data::Bytes(bytes.clone()))),
        ("write", [Value::Str(text)]) => Some(Operation::Write(Data::Text(text.clone()))),
        ("seek", [offset]) => signed(offset).map(|offset| Operation::Seek { offset, whence: Whence::Start }),
        ("seek", [offset, Value::Int(whence)]) => match (signed(offset), whence.to_u8()) {
            (Some(offset), Some(0)) => Some(Operation::Seek { offset, whence: Whence::Start }),
            (Some(offset), Some(1)) => Some(Operation::Seek { offset, whence: Whence::Current }),
            (Some(offset), Some(2)) => Some(Operation::Seek { offset, whence: Whence::End }),
            _ => None,
        },
        ("tell", []) => Some(Operation::Tell),
        ("truncate", [] | [Value::None]) => Some(Operation::Truncate(None)),
        ("truncate", [value]) => signed(value).map(|size| Operation::Truncate(Some(size))),
        ("getvalue", []) => Some(Operation::GetValue),
        ("close", []) => Some(Operation::Close),
        _ => None,
    };
    plain.unwrap_or_else(|| {
        let mut room = ARGUMENTS;
        let args: Option<Box<[Value]>> = record.args.iter().map(|arg| frozen(arg, &mut room)).collect();
        let cut = args.is_none();
        Operation::Call(Box::new(Call { method: Some(method.as_str().into()), args: args.unwrap_or_default(), cut, more: None }))
    })
}

fn value_to_u64(value: &Value) -> Option<u64> {
    match value {
        Value::Int(number) => number.to_u64(),
        _ => None,
    }
}

/// A value as it is now, where it is plain and small.
fn frozen(value: &Value, room: &mut u64) -> Option<Value> {
    let cost = match value {
        Value::Bytes(bytes) => bytes.len().get(),
        Value::Str(text) => text.byte_len().get(),
        Value::ByteArray(array) => array.len() as u64,
        Value::View(view) => view.length().ok()?,
        Value::Int(number) => number.bits() / 8,
        _ => 0,
    };
    *room = room.checked_sub(cost + 16)?;
    Some(match value {
        Value::ByteArray(array) => Value::bytearray(array.to_vec()),
        Value::View(view) => Value::from(&view.to_vec().ok()?[..]),
        Value::List(items) => Value::List(items.iter().map(|item| frozen(item, room)).collect::<Option<_>>()?),
        Value::Tuple(items) => Value::Tuple(items.iter().map(|item| frozen(item, room)).collect::<Option<_>>()?),
        Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_) | Value::Bytes(_) => value.clone(),
        _ => return None,
    })
}

/// How many units at both ends of the content a call cannot have changed.
fn ends(operation: &Operation, before: &StreamState, after: &StreamState, old: &Data, new: &Data) -> (u64, u64) {
    let (size, start, end) = (before.size(), before.position(), after.position());
    match operation {
        Operation::Write(_) => (start.min(size), size - end.min(size)),
        Operation::Insert { at, .. } => (*at, size - (*at).min(size)),
        Operation::Delete { start, end } | Operation::Replace { start, end, .. } | Operation::Transform { start, end, .. } => {
            (*start, size - (*end).min(size))
        }
        Operation::Truncate(_) => (after.size(), 0),
        Operation::Close => (0, 0),
        Operation::Call(call) if matches!(call.method.as_deref(), Some("write" | "writelines")) && end >= start => {
            (start.min(size), size - end.min(size))
        }
        _ => old.common_ends(new),
    }
}

fn span(operation: &Operation, before: &StreamState, after: &StreamState, patch: Option<&Patch>, raised: bool) -> Option<Span> {
    let (from, to) = (before.position(), after.position());
    let read = Span { kind: SpanKind::Read, start: from, end: to };
    let written = Span { kind: SpanKind::Written, start: from, end: to };
    let span = match operation {
        Operation::Call(call) => match call.method.as_deref() {
            Some("read" | "read1" | "readline" | "readlines" | "readinto" | "readinto1" | "__next__") => read,
            Some("write" | "writelines") => written,
            _ => Span { kind: SpanKind::Written, start: patch?.at(), end: patch?.inserted_end() },
        },
        _ if raised => return None,
        Operation::Read(_) | Operation::ReadLine(_) => read,
        Operation::Write(_) => written,
        Operation::Insert { at, .. } => Span { start: *at, ..written },
        Operation::Replace { start, .. } => Span { start: *start, ..written },
        Operation::Transform { start, data, .. } => Span { start: *start, end: start + data.len(), ..written },
        _ => return None,
    };
    (span.start < span.end).then_some(span)
}
