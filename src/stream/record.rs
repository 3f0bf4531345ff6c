//! What happened to a stream, for those who watch it.

use std::sync::Arc;

use super::{BytesState, Exception, TextState, Value};

/// All of a stream at one moment; constant time to take and to put back.
#[derive(Clone, Debug, PartialEq)]
pub enum StreamState {
    /// Of a stream of bytes.
    Bytes(BytesState),
    /// Of a stream of code points.
    Text(TextState),
}

impl StreamState {
    /// The cursor.
    pub fn position(&self) -> u64 {
        match self {
            Self::Bytes(state) => state.position.0,
            Self::Text(state) => state.position,
        }
    }

    /// The size in units of the stream.
    pub fn size(&self) -> u64 {
        match self {
            Self::Bytes(state) => state.value.len().0,
            Self::Text(state) => state.value.len(),
        }
    }

    /// Whether nothing changed between the two; may say no of equal content that was made anew.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bytes(a), Self::Bytes(b)) => a.position == b.position && a.closed == b.closed && a.value.is_same(&b.value),
            (Self::Text(a), Self::Text(b)) => {
                a.position == b.position
                    && a.closed == b.closed
                    && (a.newline, a.seen) == (b.newline, b.seen)
                    && a.value.units().is_same(b.value.units())
            }
            _ => false,
        }
    }
}

/// One call that was made on a watched stream.
#[derive(Clone, Debug)]
pub struct CallRecord {
    /// The method, or `None` where the content changed without a call: through a view.
    pub method: Option<String>,
    /// Its arguments.
    pub args: Vec<Value>,
    /// What it returned or raised.
    pub result: Result<Value, Exception>,
    /// The stream before.
    pub before: StreamState,
    /// The stream after.
    pub after: StreamState,
}

/// What a wrapper over a stream holds, in plain data, for views that show it beside the stream's own bytes.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Link {
    /// The wrapper's class: `TextIOWrapper`, `BufferedReader`, …
    pub class: &'static str,
    /// A number that is the same as long as the wrapper lives.
    pub id: usize,
    /// The name that stands for it, where there is one.
    pub name: Option<String>,
    /// Of a `TextIOWrapper`: its text.
    pub text: Option<TextLink>,
    /// Of a `Buffered…`: its window.
    pub window: Option<WindowLink>,
}

/// Bytes of memory of a link beside what it refers to.
const LINK: u64 = 384;

impl Link {
    /// Lets states share what they have in common with earlier ones of the same wrappers; returns about how many bytes of memory
    /// the rest takes. Such states follow each other closely: most of a chunk that was read ahead is the same in all of them.
    pub fn share_all(links: &mut [Self], before: &[Self]) -> u64 {
        let same = |id| before.iter().find(|earlier| earlier.id == id);
        links.iter_mut().map(|link| link.share(same(link.id))).sum()
    }

    fn share(&mut self, before: Option<&Self>) -> u64 {
        let mut cost = LINK;
        if let Some(text) = &mut self.text {
            let before = before.and_then(|before| before.text.as_ref());
            cost += share(&mut text.starts, before.map(|before| &before.starts));
            cost += share(&mut text.pending, before.map(|before| &before.pending));
            match before {
                Some(before) if before.decoded == text.decoded => text.decoded = before.decoded.clone(),
                _ => cost += text.decoded.byte_len().get(),
            }
        }
        if let Some(window) = &mut self.window {
            cost += share(&mut window.bytes, before.and_then(|before| before.window.as_ref()).map(|before| &before.bytes));
        }
        cost
    }
}

/// Takes what is equal from an earlier state; returns the bytes of what is not.
fn share<T: PartialEq>(items: &mut Arc<[T]>, before: Option<&Arc<[T]>>) -> u64 {
    match before {
        Some(before) if before == items => {
            *items = Arc::clone(before);
            0
        }
        _ => size_of_val(&**items) as u64,
    }
}

/// What a `TextIOWrapper` holds. Offsets are of the stream right under it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextLink {
    /// The encoding, as it was given.
    pub encoding: String,
    /// The chunk that was read last: where its bytes begin, and their end, which is where the stream's cursor was left.
    pub chunk: Option<(u64, u64)>,
    /// The decoded characters of that chunk.
    pub decoded: super::Text,
    /// How many of them were returned already.
    pub used: u64,
    /// Where each decoded character's bytes begin (one more than there are characters: the last is the end), where that is known.
    pub starts: Arc<[u64]>,
    /// Encoded bytes that are not written yet.
    pub pending: Arc<[u8]>,
    /// Where they will be written.
    pub pending_at: u64,
    /// `tell()`, where it can be told now.
    pub tell: Option<num_bigint::BigInt>,
}

/// What a `Buffered…` stream holds. Offsets are of the raw stream.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WindowLink {
    /// Where its window begins in the raw stream.
    pub start: u64,
    /// The bytes that it holds: read ahead, or to be written.
    pub bytes: Arc<[u8]>,
    /// How large it may become.
    pub capacity: u64,
    /// Its own cursor.
    pub position: u64,
    /// The raw stream's cursor.
    pub raw_position: u64,
    /// The part that is not written yet, first and behind the last.
    pub dirty: Option<(u64, u64)>,
}
