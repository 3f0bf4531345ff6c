//! Performing operations: the only place where a document's stream changes.

use super::history::{Run, Step};
use super::{Data, Document, Entry, Operation, Selection, Span, SpanKind, Stream, StreamState};
use crate::buffer::{Buffer, ByteRange, Offset};
use crate::stream::{Exception, ExceptionKind, Text, Value};

/// Units of a result that the timeline shows.
const RESULT_UNITS: u64 = 64;

impl Document {
    /// Performs one operation, makes it an undo step where it changed the content, and enters it in the timeline.
    /// The result is Python's value or exception; an exception changed nothing.
    pub fn perform(&mut self, operation: Operation) -> Result<Value, Exception> {
        self.perform_in_run(operation, None)
    }

    /// [`Document::perform`] for a key of a run of typing: keys that follow each other within two seconds (`now` is in
    /// seconds) are one undo step and one entry of the timeline.
    pub fn perform_typing(&mut self, operation: Operation, now: f64) -> Result<Value, Exception> {
        let run = Run { label: label(&operation), at: now };
        self.perform_in_run(operation, Some(run))
    }

    fn perform_in_run(&mut self, operation: Operation, run: Option<Run>) -> Result<Value, Exception> {
        let before = self.state();
        let selection_before = self.selection;
        let result = self.execute(&operation);
        let after = self.state();
        let joins = run.is_some() && self.history.continues(run, &before);
        if changed(&before, &after) {
            let revision_before = self.revision;
            self.next_revision();
            let cost = cost(&operation, &before, &after);
            let label = label(&operation);
            let step = Step {
                label,
                before: before.clone(),
                revision_before,
                selection_before,
                after: after.clone(),
                revision_after: self.revision,
                cost,
                run,
            };
            self.history.push(step, joins);
        } else if run.is_none() {
            self.history.end_run();
        }
        if result.is_ok() && !matches!(operation, Operation::Tell | Operation::GetValue) {
            self.selection = None;
        }
        self.record(operation, &before, after, &result, joins);
        result
    }

    fn record(
        &mut self,
        operation: Operation,
        before: &StreamState,
        after: StreamState,
        result: &Result<Value, Exception>,
        joins: bool,
    ) {
        let span = result.is_ok().then(|| span(&operation, before, &after)).flatten();
        let shown = match result {
            Ok(value) => shown(value),
            Err(exception) => exception.to_string(),
        };
        let entry = Entry {
            kind: self.kind(),
            operation,
            result: shown,
            raised: result.is_err(),
            span,
            position_before: before.position(),
            size_before: before.size(),
            after,
            revision: self.revision,
        };
        self.timeline.push(entry, joins);
    }

    fn execute(&mut self, operation: &Operation) -> Result<Value, Exception> {
        match &mut self.stream {
            Stream::Bytes(stream) => {
                let data = |data: &Data| match data {
                    Data::Bytes(bytes) => Ok(bytes.clone()),
                    Data::Text(_) => Err(Exception::new(ExceptionKind::Type, "a bytes-like object is required, not 'str'")),
                };
                let mut edit = |start: u64, end: u64, with: &Buffer| {
                    let range = ByteRange::between(Offset(start), Offset(end));
                    stream.edit(range, with, Offset(start) + with.len()).map(|()| Value::None)
                };
                match operation {
                    Operation::Insert { at, data: new } => edit(*at, *at, &data(new)?),
                    Operation::Delete { start, end } => edit(*start, *end, &Buffer::new()),
                    Operation::Replace { start, end, data: new } => edit(*start, *end, &data(new)?),
                    Operation::Seek { offset, whence } => stream.seek(*offset, *whence).map(int),
                    Operation::Tell => stream.tell().map(int),
                    Operation::Read(size) => stream.read(*size).map(Value::Bytes),
                    Operation::ReadLine(size) => stream.read_line(*size).map(Value::Bytes),
                    Operation::Write(new) => stream.write_buffer(&data(new)?).map(int),
                    Operation::Truncate(size) => stream.truncate(*size).map(int),
                    Operation::GetValue => stream.getvalue().map(Value::Bytes),
                    Operation::Close => stream.close().map(|()| Value::None),
                }
            }
            Stream::Text(stream) => {
                let data = |data: &Data| match data {
                    Data::Text(text) => Ok(text.clone()),
                    Data::Bytes(_) => Err(Exception::new(ExceptionKind::Type, "string argument expected, got 'bytes'")),
                };
                let mut edit =
                    |start: u64, end: u64, with: &Text| stream.edit(start, end, with, start + with.len()).map(|()| Value::None);
                match operation {
                    Operation::Insert { at, data: new } => edit(*at, *at, &data(new)?),
                    Operation::Delete { start, end } => edit(*start, *end, &Text::default()),
                    Operation::Replace { start, end, data: new } => edit(*start, *end, &data(new)?),
                    Operation::Seek { offset, whence } => stream.seek(*offset, *whence).map(int),
                    Operation::Tell => stream.tell().map(int),
                    Operation::Read(size) => stream.read(*size).map(Value::Str),
                    Operation::ReadLine(size) => stream.read_line(*size).map(Value::Str),
                    Operation::Write(new) => stream.write(&data(new)?).map(int),
                    Operation::Truncate(size) => stream.truncate(*size).map(int),
                    Operation::GetValue => stream.getvalue().map(Value::Str),
                    Operation::Close => stream.close().map(|()| Value::None),
                }
            }
        }
    }

    /// Selects from `anchor` to `head` and moves the cursor to `head`, as one `seek` in the timeline. Both are cut to
    /// the content.
    pub fn select(&mut self, anchor: u64, head: u64) {
        let size = self.size();
        let (anchor, head) = (anchor.min(size), head.min(size));
        if self.perform(Operation::seek(head)).is_ok() {
            self.selection = Some(Selection { anchor, head });
        }
    }

    /// Forgets the selection; the cursor stays.
    pub fn clear_selection(&mut self) {
        self.selection = None;
    }

    /// Takes the last step back, cursor and selection included; `false` where there is none.
    pub fn undo(&mut self) -> bool {
        let Some(step) = self.history.undo() else { return false };
        let (state, revision, selection) = (step.before.clone(), step.revision_before, step.selection_before);
        self.restore(&state);
        self.revision = revision;
        self.selection = selection;
        true
    }

    /// Brings the last undone step back; `false` where there is none.
    pub fn redo(&mut self) -> bool {
        let Some(step) = self.history.redo() else { return false };
        let (state, revision) = (step.after.clone(), step.revision_after);
        self.restore(&state);
        self.revision = revision;
        self.selection = None;
        true
    }
}

/// Two texts as one.
pub(super) fn concat(a: &Text, b: &Text) -> Text {
    Text::from_code_points(a.code_points().chain(b.code_points()))
}

fn int(n: impl Into<num_bigint::BigInt>) -> Value {
    Value::Int(n.into())
}

/// Whether the content (not only the cursor) differs: constant time, because an edit never yields the same snapshot.
pub(super) fn changed(before: &StreamState, after: &StreamState) -> bool {
    match (before, after) {
        (StreamState::Bytes(a), StreamState::Bytes(b)) => a.closed != b.closed || !a.value.is_same(&b.value),
        (StreamState::Text(a), StreamState::Text(b)) => a.closed != b.closed || a.value != b.value,
        _ => true,
    }
}

fn label(operation: &Operation) -> &'static str {
    match operation {
        Operation::Write(_) => "Write",
        Operation::Insert { .. } => "Insert",
        Operation::Delete { .. } => "Delete",
        Operation::Replace { .. } => "Replace",
        Operation::Truncate(_) => "Truncate",
        Operation::Close => "Close stream",
        Operation::Seek { .. } => "Seek",
        Operation::Tell | Operation::Read(_) | Operation::ReadLine(_) | Operation::GetValue => "Read",
    }
}

/// Bytes of memory that only the state before keeps; pieces of files and fills cost nothing.
fn cost(operation: &Operation, before: &StreamState, after: &StreamState) -> u64 {
    let (StreamState::Bytes(before), StreamState::Bytes(after)) = (before, after) else {
        return before.size().saturating_sub(after.size()).saturating_mul(4);
    };
    match operation {
        Operation::Write(data) => data.len(),
        _ => before.value.memory().0.saturating_sub(after.value.memory().0),
    }
}

fn span(operation: &Operation, before: &StreamState, after: &StreamState) -> Option<Span> {
    let (from, to) = (before.position(), after.position());
    let span = match operation {
        Operation::Read(_) | Operation::ReadLine(_) => Span { kind: SpanKind::Read, start: from, end: to },
        Operation::Write(_) => Span { kind: SpanKind::Written, start: from, end: to },
        Operation::Insert { at, .. } => Span { kind: SpanKind::Written, start: *at, end: to },
        Operation::Replace { start, .. } => Span { kind: SpanKind::Written, start: *start, end: to },
        _ => return None,
    };
    (span.start < span.end).then_some(span)
}

/// The result as the console would print it, shortened.
fn shown(value: &Value) -> String {
    let cut = |data: Data| if data.len() > RESULT_UNITS { data.literal(RESULT_UNITS) } else { data.literal(u64::MAX) };
    match value {
        Value::None => String::new(),
        Value::Bytes(bytes) => cut(Data::Bytes(bytes.clone())),
        Value::Str(text) => cut(Data::Text(text.clone())),
        other => other.repr(),
    }
}
