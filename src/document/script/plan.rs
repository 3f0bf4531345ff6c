//! What a program has to do to repeat a timeline, in no language yet.

use crate::buffer::Offset;
use crate::document::timeline::{Entry, Scalars};
use crate::document::{Data, Operation, Rule, StreamKind, Timeline};
use crate::stream::{BytesIO, BytesState, Exception, ExceptionKind, StreamState, StringIO, TextState, Value, Whence};

/// One thing to do.
pub(in crate::document) enum Line<'a> {
    /// A call that does again what it did. Where it raised, `raises` is the class; `locked` says that a view of the content
    /// has to exist for that.
    Call { call: Said<'a>, raises: Option<&'a str>, locked: bool },
    /// Units become others, and the cursor is set.
    Edit { start: u64, end: u64, data: Data, cursor: u64 },
    /// Bytes become as many others, the cursor stays.
    View { start: u64, data: Data },
    /// Bytes become what a rule makes of them.
    Rule { start: u64, end: u64, data: &'a Data, rule: &'a Rule, cursor: u64 },
    /// The cursor is set.
    Move(u64),
    /// The stream is another one from here on.
    New { content: Data, scalars: Scalars },
    /// The stream is closed.
    Close,
    /// What was called, where it is not called again.
    Note(String),
}

/// How a call is said.
pub(in crate::document) enum Said<'a> {
    Plain(&'a Operation),
    Named(&'a str, &'a [Value]),
}

/// Calls `line` for each thing to do on the way from the start to the shown moment, with the entry it repeats.
pub(in crate::document) fn plan<E>(
    timeline: &Timeline,
    mut line: impl FnMut(&Entry, Line<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let path = timeline.path_to(timeline.current_number());
    let mut content = timeline.root().content.clone();
    let mut before = timeline.root().scalars;
    for entry in timeline.along(&path) {
        let old = content.clone();
        if let Some(patch) = &entry.patch {
            patch.apply(&mut content);
        }
        step(entry, before, &old, &content, &mut |next| line(entry, next))?;
        before = entry.after;
    }
    Ok(())
}

fn step<'a, E>(
    entry: &'a Entry,
    before: Scalars,
    old: &Data,
    new: &Data,
    line: &mut dyn FnMut(Line<'a>) -> Result<(), E>,
) -> Result<(), E> {
    let after = entry.after;
    if entry.note().is_some() {
        return Ok(());
    }
    let said = match &entry.operation {
        Operation::Insert { .. } | Operation::Delete { .. } | Operation::Replace { .. } | Operation::Transform { .. } => None,
        Operation::Call(call) => match &call.method {
            Some(method) if !call.cut && call.args.iter().all(is_plain) => Some(Said::Named(method, &call.args)),
            _ => None,
        },
        // Put in place as data, which finds out whether it can be spelled out.
        Operation::Write(data) if data.len() > super::DATA => None,
        plain => Some(Said::Plain(plain)),
    };
    if let Some(call) = said {
        let known = !entry.raised && matches!(call, Said::Plain(_));
        let class = entry.raised.then(|| class_of(&entry.result));
        if known {
            return line(Line::Call { call, raises: None, locked: false });
        }
        let locked = class == Some(ExceptionKind::Buffer.name());
        if repeats(entry, &call, locked, before, old, new) {
            return line(Line::Call { call, raises: class, locked });
        }
    }
    if let Operation::Transform { start, end, data, rule } = &entry.operation
        && !entry.raised
    {
        return line(Line::Rule { start: *start, end: *end, data, rule, cursor: after.position });
    }
    let edits = matches!(entry.operation, Operation::Insert { .. } | Operation::Delete { .. } | Operation::Replace { .. });
    if !edits || entry.raised {
        let raised = if entry.raised { format!(" raised {}", entry.result) } else { String::new() };
        line(Line::Note(entry.call_within(64) + &raised))?;
    }
    if after.closed {
        return if before.closed { Ok(()) } else { line(Line::Close) };
    }
    if before.closed || before.newline != after.newline {
        return line(Line::New { content: new.clone(), scalars: after });
    }
    match &entry.patch {
        Some(patch)
            if entry.kind == StreamKind::Bytes
                && patch.inserted_end() == patch.removed_end()
                && before.position == after.position =>
        {
            line(Line::View { start: patch.at(), data: patch.inserted(entry.kind) })
        }
        Some(patch) => line(Line::Edit {
            start: patch.at(),
            end: patch.removed_end(),
            data: patch.inserted(entry.kind),
            cursor: after.position,
        }),
        None if before.position != after.position => line(Line::Move(after.position)),
        None => Ok(()),
    }
}

/// The class of an exception, of the last line of its traceback.
fn class_of(result: &str) -> &str {
    result.split(':').next().unwrap_or(result)
}

fn is_plain(value: &Value) -> bool {
    match value {
        Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_) | Value::Bytes(_) => true,
        Value::ByteArray(_) => true,
        Value::List(items) | Value::Tuple(items) => items.iter().all(is_plain),
        _ => false,
    }
}

/// Whether a call, made again where it was made, does again what it did.
fn repeats(entry: &Entry, call: &Said<'_>, locked: bool, before: Scalars, old: &Data, new: &Data) -> bool {
    let (result, state) = match old {
        Data::Bytes(value) => {
            let mut stream = BytesIO::default();
            stream.restore(&BytesState { value: value.clone(), position: Offset(before.position), closed: before.closed });
            let view = if locked { stream.getbuffer().ok() } else { None };
            let result = make(call, |method, args| stream.call(method, args));
            drop(view);
            (result, StreamState::Bytes(stream.state()))
        }
        Data::Text(value) => {
            let mut stream = StringIO::default();
            let Scalars { position, closed, newline, seen, .. } = before;
            stream.restore(&TextState { value: value.clone(), position, closed, newline, seen });
            (make(call, |method, args| stream.call(method, args)), StreamState::Text(stream.state()))
        }
    };
    let same_result = match &result {
        // What this machine has too little memory for, another may do.
        Err(exception) if exception.kind == ExceptionKind::Memory => false,
        Err(exception) => entry.raised && exception.kind.name() == class_of(&entry.result),
        Ok(_) => !entry.raised,
    };
    let changed = entry.patch.as_ref().is_none_or(|patch| {
        Data::of(&state).slice(patch.at(), patch.inserted_end()) == new.slice(patch.at(), patch.inserted_end())
    });
    same_result && Scalars::of(&state) == entry.after && changed
}

/// Makes a call by its Python name.
fn make(call: &Said<'_>, mut by_name: impl FnMut(&str, &[Value]) -> Result<Value, Exception>) -> Result<Value, Exception> {
    let size = |size: &Option<u64>| size.map(Value::from).into_iter().collect::<Vec<_>>();
    let operation = match call {
        Said::Named(method, args) => return by_name(method, args),
        Said::Plain(operation) => operation,
    };
    match operation {
        Operation::Seek { offset, whence } => by_name("seek", &[Value::from(*offset), Value::from(number(*whence))]),
        Operation::Read(n) => by_name("read", &size(n)),
        Operation::ReadLine(n) => by_name("readline", &size(n)),
        Operation::Write(Data::Bytes(bytes)) => by_name("write", &[Value::from(bytes.clone())]),
        Operation::Write(Data::Text(text)) => by_name("write", &[Value::from(text.clone())]),
        Operation::Truncate(n) => by_name("truncate", &n.map(Value::from).into_iter().collect::<Vec<_>>()),
        Operation::GetValue => by_name("getvalue", &[]),
        Operation::Close => by_name("close", &[]),
        _ => by_name("tell", &[]),
    }
}

fn number(whence: Whence) -> i64 {
    match whence {
        Whence::Start => 0,
        Whence::Current => 1,
        Whence::End => 2,
    }
}
