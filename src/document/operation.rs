//! What can be done to a document, and how Python would say it.

use std::sync::Arc;

use crate::buffer::Buffer;
use crate::stream::{StreamState, Text, Value, Whence, bytes_repr, str_repr};

use super::StreamKind;

/// Bytes or text that goes into a stream.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Bytes.
    Bytes(Buffer),
    /// Code points.
    Text(Text),
}

impl Data {
    /// What a stream holds.
    pub fn of(state: &StreamState) -> Self {
        match state {
            StreamState::Bytes(state) => Self::Bytes(state.value.clone()),
            StreamState::Text(state) => Self::Text(state.value.clone()),
        }
    }

    /// How many units: bytes, or code points.
    pub fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len().0,
            Self::Text(text) => text.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The Python literal, of at most about `limit` units; `...` stands for the rest.
    pub fn literal(&self, limit: u64) -> String {
        let more = if self.len() > limit { "..." } else { "" };
        match self {
            Self::Bytes(bytes) => {
                let range = crate::buffer::ByteRange::new(crate::buffer::Offset::ZERO, crate::buffer::Len(limit));
                bytes_repr(&bytes.to_vec(range).unwrap_or_default()) + more
            }
            Self::Text(text) => str_repr(&text.slice(0, limit)) + more,
        }
    }
}

/// ASCII convenience: what a bytes document takes of a short text.
impl From<&str> for Data {
    fn from(text: &str) -> Self {
        Self::Bytes(Buffer::from(text.as_bytes()))
    }
}

impl From<Buffer> for Data {
    fn from(bytes: Buffer) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<Text> for Data {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}

/// One thing done to a document. The first group is Python's calls; the second is what editors add, which Python says
/// in several calls. All places and sizes are in units of the stream.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// `seek(offset, whence)`
    Seek {
        /// How far.
        offset: i64,
        /// From where.
        whence: Whence,
    },
    /// `tell()`
    Tell,
    /// `read(size)`
    Read(Option<u64>),
    /// `readline(size)`
    ReadLine(Option<u64>),
    /// `write(data)`
    Write(Data),
    /// `truncate(size)`
    Truncate(Option<i64>),
    /// `getvalue()`
    GetValue,
    /// `close()`
    Close,
    /// Puts data in at a place, moving what follows; the cursor ends up behind it.
    Insert {
        /// Where.
        at: u64,
        /// What.
        data: Data,
    },
    /// Takes units out; the cursor ends up where they were.
    Delete {
        /// The first unit.
        start: u64,
        /// The place behind the last one.
        end: u64,
    },
    /// Replaces units by data of any length; the cursor ends up behind it.
    Replace {
        /// The first unit.
        start: u64,
        /// The place behind the last one.
        end: u64,
        /// What comes there.
        data: Data,
    },
    /// Replaces units by what a rule makes of them. Where the length stays, so do cursor and selection; else the cursor ends
    /// up behind the new units.
    Transform {
        /// The first unit.
        start: u64,
        /// The place behind the last one.
        end: u64,
        /// What comes there.
        data: Data,
        /// How it is made, for those who read the timeline.
        rule: Arc<Rule>,
    },
    /// Any other call of Python's, or a change that no call made.
    Call(Box<Call>),
    /// No call: what was done to the document beside its stream, in words.
    Note(Arc<str>),
}

/// How new bytes are made of old ones, said for people and for programs, so that a timeline need not spell out what it can
/// explain. In both expressions `old` is the bytes before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What undo calls it.
    pub label: &'static str,
    /// A Python expression of the new bytes.
    pub python: String,
    /// The modules that the expression names, other than `io`.
    pub modules: &'static [&'static str],
    /// A Rust expression of a `Vec<u8>`, where `old` is one too; `None` where the data has to be spelled out.
    pub rust: Option<String>,
}

impl Rule {
    /// The bytes of a file.
    pub fn of_file(path: &str) -> Self {
        let python = format!("open({}, 'rb').read()", str_repr(&Text::from(path)));
        Self { label: "Insert file", python, modules: &[], rust: Some(super::script::read_file_in_rust(path)) }
    }
}

/// A call by its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The method; `None` where the content changed without a call: through a view, or out of sight.
    pub method: Option<Box<str>>,
    /// Its arguments, as they were when it was made.
    pub args: Box<[Value]>,
    /// Arguments are missing, because they were too large to keep or were no plain values.
    pub cut: bool,
    /// Where it stands for calls that were not recorded: how many, in words.
    pub more: Option<Box<str>>,
}

impl Call {
    fn python(&self, limit: u64) -> String {
        let Some(method) = &self.method else { return format!("# {}", self.more.as_deref().unwrap_or("changed")) };
        let mut args: Vec<String> = self.args.iter().map(|arg| short_repr(arg, limit)).collect();
        if self.cut {
            args.push("...".into());
        }
        format!("buf.{method}({})", args.join(", "))
    }
}

/// Items of a list that are shown.
const SHOWN_ITEMS: usize = 8;

/// The `repr` of a value, shortened: for the eye.
pub(super) fn short_repr(value: &Value, limit: u64) -> String {
    let list = |items: &[Value], open: &str, close: &str| {
        let mut shown: Vec<String> = items.iter().take(SHOWN_ITEMS).map(|item| short_repr(item, limit)).collect();
        if items.len() > SHOWN_ITEMS {
            shown.push("...".into());
        }
        format!("{open}{}{close}", shown.join(", "))
    };
    match value {
        Value::Bytes(bytes) => Data::Bytes(bytes.clone()).literal(limit),
        Value::Str(text) => Data::Text(text.clone()).literal(limit),
        Value::List(items) => list(items, "[", "]"),
        Value::Tuple(items) => list(items, "(", if items.len() == 1 { ",)" } else { ")" }),
        Value::Int(number) if number.bits() > 256 => format!("<int of {} bits>", number.bits()),
        other => other.repr_within(limit),
    }
}

impl Operation {
    /// Whether it is there to change the content. Of a call only the stream knows.
    pub fn changes(&self) -> bool {
        !matches!(self, Self::Seek { .. } | Self::Tell | Self::Read(_) | Self::ReadLine(_) | Self::GetValue | Self::Call(_))
    }

    /// `seek(offset)`, from the start.
    pub fn seek(offset: u64) -> Self {
        Self::Seek { offset: i64::try_from(offset).unwrap_or(i64::MAX), whence: Whence::Start }
    }

    /// Python's statements for it, on one line, data cut to about `limit` units.
    pub fn python(&self, kind: StreamKind, limit: u64) -> String {
        let number = |size: &Option<u64>| size.map(|n| n.to_string()).unwrap_or_default();
        match self {
            Self::Seek { offset, whence: Whence::Start } => format!("buf.seek({offset})"),
            Self::Seek { offset, whence: Whence::Current } => format!("buf.seek({offset}, 1)"),
            Self::Seek { offset, whence: Whence::End } => format!("buf.seek({offset}, 2)"),
            Self::Tell => "buf.tell()".into(),
            Self::Read(size) => format!("buf.read({})", number(size)),
            Self::ReadLine(size) => format!("buf.readline({})", number(size)),
            Self::Write(data) => format!("buf.write({})", data.literal(limit)),
            Self::Truncate(size) => format!("buf.truncate({})", size.map(|n| n.to_string()).unwrap_or_default()),
            Self::GetValue => "buf.getvalue()".into(),
            Self::Close => "buf.close()".into(),
            Self::Insert { at, data } => splice(*at, *at, Some(data), kind, limit),
            Self::Delete { start, end } => splice(*start, *end, None, kind, limit),
            Self::Replace { start, end, data } => splice(*start, *end, Some(data), kind, limit),
            Self::Transform { start, end, data, rule } => transform(*start, *end, data.len(), rule, None),
            Self::Call(call) => call.python(limit),
            Self::Note(note) => format!("# {note}"),
        }
    }
}

/// A rule in Python, on one line; the cursor goes to `cursor` where that is given.
pub(super) fn transform(start: u64, end: u64, len: u64, rule: &Rule, cursor: Option<u64>) -> String {
    let old = end - start;
    let mut calls = vec![format!("buf.seek({start})")];
    match (old, len) {
        (0, 0) => calls.push("old = b''".into()),
        (0, _) => {}
        _ => calls.push(format!("old = buf.read({old})")),
    }
    if len != old {
        calls.push("tail = buf.read()".into());
    }
    if old > 0 || len != old {
        calls.push(format!("buf.seek({start})"));
    }
    calls.push(format!("buf.write({}{})", rule.python, if len == old { "" } else { " + tail" }));
    if len < old {
        calls.push("buf.truncate()".into());
    }
    calls.extend(cursor.map(|cursor| format!("buf.seek({cursor})")));
    calls.join("; ")
}

/// Python has no insert: read the tail, write the new part and the tail, cut what is left over.
fn splice(start: u64, end: u64, data: Option<&Data>, kind: StreamKind, limit: u64) -> String {
    let added = data.map_or(0, Data::len);
    let new = match (data, kind) {
        (Some(data), _) => format!("{} + tail", data.literal(limit)),
        (None, _) => "tail".into(),
    };
    let cut = if added < end - start { " buf.truncate();" } else { "" };
    format!("buf.seek({end}); tail = buf.read(); buf.seek({start}); buf.write({new});{cut} buf.seek({})", start + added)
}
