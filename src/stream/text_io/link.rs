//! What a `TextIOWrapper` holds, for views that show it beside the stream under it. Nothing is called and nothing changes.

use super::super::{StreamState, TextLink};
use super::{TextDecoder, TextIOWrapper};
use crate::buffer::Buffer;

/// The longest chunk whose characters are traced back to their bytes.
const TRACED_MAX: u64 = 1 << 16;

impl TextIOWrapper {
    /// What it holds now.
    pub fn link(&self) -> TextLink {
        let position = self.position_under();
        let mut link = TextLink {
            encoding: self.encoding.clone(),
            pending: self.pending.as_deref().unwrap_or_default().into(),
            pending_at: position.unwrap_or_default(),
            used: self.used,
            ..TextLink::default()
        };
        let Some(position) = position else { return link };
        if self.seekable && self.telling {
            link.tell = match &self.pending {
                // What is pending is written first.
                Some(pending) => Some((position + pending.len() as u64).into()),
                None => self.place(position, self.decoder.clone().as_mut()).ok(),
            };
        }
        if let (Some(snapshot), Some(decoded)) = (&self.snapshot, &self.decoded)
            && let Some(start) = position.checked_sub(snapshot.input.len().get())
        {
            link.chunk = Some((start, position));
            link.decoded = decoded.clone();
            link.starts = self.starts(start).unwrap_or_default().into();
        }
        link
    }

    /// Where the stream under it stands, if that can be told without asking it.
    fn position_under(&self) -> Option<u64> {
        let buffer = self.buffer.as_ref()?;
        match buffer.state() {
            Some(StreamState::Bytes(state)) if !state.closed => Some(state.position.get()),
            Some(_) => None,
            None => buffer.link()?.window.map(|window| window.position),
        }
    }

    /// Where the bytes of each decoded character begin, and where those of the last one end; the chunk begins at `origin`.
    fn starts(&self, origin: u64) -> Option<Vec<u64>> {
        let (snapshot, decoded) = (self.snapshot.as_ref()?, self.decoded.as_ref()?);
        let len = snapshot.input.len().get();
        if decoded.len() == len && !self.codec.keeps_bytes() {
            return Some((origin..=origin + len).collect());
        }
        if len > TRACED_MAX {
            return None;
        }
        let mut decoder = self.decoder.clone()?;
        if origin == 0 && snapshot.flags == 0 {
            decoder.reset();
        } else {
            decoder.set_state(&[], snapshot.flags);
        }
        let mut starts = Vec::with_capacity(decoded.len() as usize + 1);
        let mut at_cr = false;
        for (at, byte) in (origin..).zip(snapshot.input.to_vec_all().ok()?) {
            let held = decoder.state().0.len() as u64;
            let count = decoder.decode(&Buffer::from(&[byte]), false).ok()?.len();
            let begin = at - held.min(at);
            // A `\r` that had to wait comes out together with what follows it.
            if at_cr && count > 0 {
                starts.push(begin.saturating_sub(1));
            }
            starts.extend((u64::from(at_cr)..count).map(|_| begin));
            at_cr = match &decoder {
                TextDecoder::Universal(decoder) => decoder.state().1 & 1 == 1,
                TextDecoder::Plain(_) => false,
            };
        }
        starts.truncate(decoded.len() as usize);
        let end = origin + len - decoder.state().0.len() as u64 - u64::from(at_cr && decoded.len() > starts.len() as u64);
        while (starts.len() as u64) < decoded.len() {
            starts.push(end);
        }
        starts.push(end.max(starts.last().copied().unwrap_or(end)));
        Some(starts)
    }
}
