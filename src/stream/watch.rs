//! Watching a stream: the calls that reach it, kept for those who look at them later.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use super::memory::lock;
use super::{CallRecord, Foreign, StreamState, Value, View};
use crate::buffer::Buffer;

/// Bytes that the records of one stream may keep from being freed.
const MEMORY_MAX: u64 = 256 << 20;

/// What a record takes in any case, with the piece of the content that a small change copies.
const RECORD: u64 = 4096;

/// Copies of mutable arguments up to this length go into a record; longer ones are only named.
const COPIED_MAX: usize = 64 << 10;

/// Items of lists that go into the records of one stream.
const ITEMS_MAX: u64 = 1 << 20;

/// Whether a stream is watched, and what was seen.
#[derive(Debug, Default)]
pub(super) struct Watch {
    on: AtomicBool,
    log: Mutex<Log>,
}

#[derive(Debug, Default)]
struct Log {
    records: Vec<CallRecord>,
    limit: usize,
    /// Calls after the last one that was kept.
    more: u64,
    /// The stream after the last call; `None` where that was not looked at.
    last: Option<StreamState>,
    memory: u64,
    items: u64,
}

impl Watch {
    #[inline]
    pub(super) fn is_on(&self) -> bool {
        self.on.load(Ordering::Relaxed)
    }

    pub(super) fn start(&self, limit: usize, state: StreamState) {
        *lock(&self.log) = Log { limit, last: Some(state), ..Log::default() };
        self.on.store(true, Ordering::Relaxed);
    }

    pub(super) fn stop(&self, state: &StreamState) -> (Vec<CallRecord>, u64) {
        self.on.store(false, Ordering::Relaxed);
        let mut log = std::mem::take(&mut *lock(&self.log));
        log.note_change(state);
        (log.records, log.more)
    }

    /// Counts a call; whether it is to be kept.
    pub(super) fn wants(&self) -> bool {
        let mut log = lock(&self.log);
        if log.has_room() {
            return true;
        }
        log.more += 1;
        log.last = None;
        false
    }

    /// Before a call that is to be kept.
    pub(super) fn before(&self, state: &StreamState) {
        lock(&self.log).note_change(state);
    }

    /// The arguments of a call as they are now.
    pub(super) fn freeze<'a>(&self, args: impl Iterator<Item = &'a Value>) -> Vec<Value> {
        let mut log = lock(&self.log);
        let mut ice = Ice { items: ITEMS_MAX.saturating_sub(log.items), bytes: 0 };
        let frozen = args.map(|arg| ice.freeze(arg, 0)).collect();
        log.items = ITEMS_MAX - ice.items;
        log.memory += ice.bytes;
        frozen
    }

    pub(super) fn push(&self, record: CallRecord) {
        let mut log = lock(&self.log);
        log.memory += RECORD;
        log.last = Some(record.after.clone());
        log.records.push(record);
    }

    /// Forgets how the stream was left: it was set to another state from outside.
    pub(super) fn set_last(&self, state: StreamState) {
        lock(&self.log).last = Some(state);
    }
}

impl Log {
    fn has_room(&self) -> bool {
        self.records.len() < self.limit && self.memory < MEMORY_MAX
    }

    /// What changed since the last call did so without one.
    fn note_change(&mut self, state: &StreamState) {
        let Some(last) = self.last.take() else { return };
        if !last.is_same(state) && self.has_room() {
            self.memory += RECORD;
            let (args, result) = (Vec::new(), Ok(Value::None));
            self.records.push(CallRecord { method: None, args, result, before: last, after: state.clone() });
        }
        self.last = Some(state.clone());
    }
}

/// A result as it is now, without holding on to anything whose life others can notice.
pub(super) fn frozen(result: &Value) -> Value {
    // What it is made of is the stream's own content, in memory that its states share.
    Ice { items: ITEMS_MAX, bytes: 0 }.freeze(result, 0)
}

/// Turns values into such as nobody can change, and that keep no stream and no view alive.
struct Ice {
    items: u64,
    bytes: u64,
}

impl Ice {
    fn freeze(&mut self, value: &Value, depth: u32) -> Value {
        match value {
            Value::Bytes(bytes) => {
                self.bytes += bytes.len().get();
                value.clone()
            }
            Value::Str(text) => {
                self.bytes += text.byte_len().get();
                value.clone()
            }
            Value::ByteArray(array) if array.len() <= COPIED_MAX => {
                let copy = array.to_vec();
                self.bytes += copy.len() as u64;
                Value::bytearray(copy)
            }
            Value::View(view) => match view.length() {
                Ok(len) if len <= COPIED_MAX as u64 => {
                    let copy = view.to_vec().unwrap_or_default();
                    self.bytes += copy.len() as u64;
                    View::of(&Value::Bytes(Buffer::from(copy))).map_or_else(|_| named(value), Value::View)
                }
                _ => named(value),
            },
            Value::List(items) if self.takes(items, depth) => Value::List(self.freeze_all(items, depth)),
            Value::Tuple(items) if self.takes(items, depth) => Value::Tuple(self.freeze_all(items, depth)),
            Value::List(items) => Value::from(Foreign::new("list", Some(&format!("[… {} items]", items.len())))),
            Value::Tuple(items) => Value::from(Foreign::new("tuple", Some(&format!("(… {} items)", items.len())))),
            Value::Foreign(foreign) => Value::Foreign(foreign.without_handle()),
            Value::ByteArray(_) | Value::Stream(_) | Value::Slice(_) => named(value),
            Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) => value.clone(),
        }
    }

    fn takes(&self, items: &[Value], depth: u32) -> bool {
        depth < 4 && items.len() as u64 <= self.items
    }

    fn freeze_all(&mut self, items: &[Value], depth: u32) -> Vec<Value> {
        self.items -= items.len() as u64;
        items.iter().map_while(|item| (self.items > 0 || depth == 0).then(|| self.freeze(item, depth + 1))).collect()
    }
}

/// The value's class and a short text in its place.
fn named(value: &Value) -> Value {
    const SHOWN: u64 = 64;
    Value::from(Foreign::new(value.type_name().to_owned(), Some(&value.repr_within(SHOWN))))
}
