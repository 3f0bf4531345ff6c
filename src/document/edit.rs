//! Performing operations: the only place where a document's stream changes.

use super::history::{Run, Step};
use super::operation::short_repr;
use super::{Data, Document, Moment, Operation, Selection, Stream, StreamState};
use crate::buffer::{Buffer, ByteRange, Offset};
use crate::stream::{Exception, ExceptionKind, Text, Value, Whence};

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
        if self.is_protected() && (operation.changes() || self.is_walking()) {
            // What is read at an earlier moment would go on from there, which is a change: it leaves no trace instead.
            let result = self.execute(&operation);
            if result.is_ok() {
                self.selection = None;
            }
            return result;
        }
        // What is done at an earlier moment goes on from there.
        self.stay();
        let before = self.state();
        let (selection_before, moment_before) = (self.selection, self.timeline.current_number());
        let result = self.execute(&operation);
        let after = self.state();
        let joins = run.is_some() && self.history.continues(run, moment_before);
        let changed = changed(&before, &after);
        if !changed && run.is_none() {
            self.history.end_run();
        }
        let keeps = match &operation {
            Operation::Transform { start, end, data, .. } => data.len() == end - start,
            operation => matches!(operation, Operation::Tell | Operation::GetValue | Operation::Note(_)),
        };
        if result.is_ok() && !keeps {
            self.selection = None;
        }
        let label = label(&operation);
        self.enter(operation, &before, &after, &result, joins, None);
        if changed {
            let moment_after = self.timeline.current_number();
            let step = Step { label, before: moment_before, selection_before, after: moment_after, run, bookmarks: None };
            self.history.push(step, joins);
        }
        drop((before, after));
        self.forget_old();
        result
    }

    fn execute(&mut self, operation: &Operation) -> Result<Value, Exception> {
        match &mut self.stream {
            Stream::Bytes(stream) => {
                let data = |data: &Data| match data {
                    Data::Bytes(bytes) => Ok(bytes.clone()),
                    Data::Text(_) => Err(Exception::new(ExceptionKind::Type, "a bytes-like object is required, not 'str'")),
                };
                let position = stream.position();
                let mut edit = |start: u64, end: u64, with: &Buffer| {
                    let range = ByteRange::between(Offset(start), Offset(end));
                    stream.edit(range, with, Offset(start) + with.len()).map(|()| Value::None)
                };
                match operation {
                    Operation::Insert { at, data: new } => edit(*at, *at, &data(new)?),
                    Operation::Delete { start, end } => edit(*start, *end, &Buffer::new()),
                    Operation::Replace { start, end, data: new } => edit(*start, *end, &data(new)?),
                    Operation::Transform { start, end, data: new, .. } => {
                        let new = data(new)?;
                        edit(*start, *end, &new)?;
                        if new.len().get() == end - start {
                            stream.seek(i64::try_from(position.get()).unwrap_or(i64::MAX), Whence::Start)?;
                        }
                        Ok(Value::None)
                    }
                    Operation::Seek { offset, whence } => stream.seek(*offset, *whence).map(int),
                    Operation::Tell => stream.tell().map(int),
                    Operation::Read(size) => stream.read(*size).map(Value::Bytes),
                    Operation::ReadLine(size) => stream.read_line(*size).map(Value::Bytes),
                    Operation::Write(new) => stream.write_buffer(&data(new)?).map(int),
                    Operation::Truncate(size) => stream.truncate(*size).map(int),
                    Operation::GetValue => stream.getvalue().map(Value::Bytes),
                    Operation::Close => stream.close().map(|()| Value::None),
                    Operation::Call(call) => match &call.method {
                        Some(method) => stream.call(method, &call.args),
                        None => Ok(Value::None),
                    },
                    Operation::Note(_) => Ok(Value::None),
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
                    Operation::Replace { start, end, data: new } | Operation::Transform { start, end, data: new, .. } => {
                        edit(*start, *end, &data(new)?)
                    }
                    Operation::Seek { offset, whence } => stream.seek(*offset, *whence).map(int),
                    Operation::Tell => stream.tell().map(int),
                    Operation::Read(size) => stream.read(*size).map(Value::Str),
                    Operation::ReadLine(size) => stream.read_line(*size).map(Value::Str),
                    Operation::Write(new) => stream.write(&data(new)?).map(int),
                    Operation::Truncate(size) => stream.truncate(*size).map(int),
                    Operation::GetValue => stream.getvalue().map(Value::Str),
                    Operation::Close => stream.close().map(|()| Value::None),
                    Operation::Call(call) => match &call.method {
                        Some(method) => stream.call(method, &call.args),
                        None => Ok(Value::None),
                    },
                    Operation::Note(_) => Ok(Value::None),
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

    /// Takes the last step back, cursor and selection included; `false` where there is none. A walk ends: what is taken back
    /// is the last step of the latest moment.
    pub fn undo(&mut self) -> bool {
        if self.is_protected() {
            return false;
        }
        self.walk_to(Moment::Latest);
        let Some(step) = self.history.undo() else { return false };
        let (moment, selection) = (step.before, step.selection_before);
        if let Some(change) = &mut step.bookmarks {
            self.bookmarks.exchange(change);
        }
        self.show_moment(moment, true);
        self.selection = selection;
        true
    }

    /// Brings the last undone step back; `false` where there is none. A walk ends, as with [`Document::undo`].
    pub fn redo(&mut self) -> bool {
        if self.is_protected() {
            return false;
        }
        self.walk_to(Moment::Latest);
        let Some(step) = self.history.redo() else { return false };
        let moment = step.after;
        // A bookmark that comes or goes leaves what is selected.
        let selection = step.bookmarks.as_ref().and(step.selection_before);
        if let Some(change) = &mut step.bookmarks {
            self.bookmarks.exchange(change);
        }
        self.show_moment(moment, true);
        self.selection = selection;
        true
    }
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
        Operation::Transform { rule, .. } => rule.label,
        Operation::Truncate(_) => "Truncate",
        Operation::Close => "Close stream",
        Operation::Seek { .. } => "Seek",
        Operation::Call(_) => "Call",
        Operation::Note(_) => "Note",
        Operation::Tell | Operation::Read(_) | Operation::ReadLine(_) | Operation::GetValue => "Read",
    }
}

/// The result as the console would print it, shortened.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::None => String::new(),
        other => short_repr(other, RESULT_UNITS),
    }
}
