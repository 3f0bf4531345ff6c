//! Blocks: the parts of a range that are searched one by one, each by one thread.

use super::LOOK;
use crate::buffer::{Buffer, Offset};

/// Starts in a block: what a thread looks at between two looks at whether to stop. More than what the block cache of files takes,
/// so that the reads of a search pass it by.
pub(super) const BLOCK: u64 = 1 << 20;

/// A run of one byte (a fill, or a hole of a sparse file) is answered by rule from this length on, and looked at like all
/// others below.
const FILL: u64 = 1 << 19;

/// A part of a range: the places where matches may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) start: u64,
    pub(super) end: u64,
    /// Deep inside a run of this byte: every match that begins here sees nothing else.
    pub(super) fill: Option<u8>,
}

/// Cuts a range into blocks.
#[derive(Debug)]
pub(super) struct Plan {
    next: u64,
    end: u64,
    /// The bytes in front of `next` are those of the run that `next` is in.
    inside: bool,
    /// How far a match may reach, and look.
    reach: u64,
}

impl Plan {
    pub(super) fn new(start: u64, end: u64, longest: usize) -> Self {
        Self { next: start, end, inside: false, reach: (longest + LOOK) as u64 }
    }

    /// Whether there is no further block.
    pub(super) fn is_done(&self) -> bool {
        self.next >= self.end
    }

    /// The next block.
    pub(super) fn next(&mut self, buffer: &Buffer) -> Option<Block> {
        if self.is_done() {
            return None;
        }
        let start = self.next;
        if self.inside {
            self.inside = false;
            if let Some((byte, len)) = buffer.repeated_at(Offset(start)) {
                let end = start.saturating_add(len.0).min(self.end).saturating_sub(self.reach);
                if end > start {
                    self.next = end;
                    return Some(Block { start, end, fill: Some(byte) });
                }
            }
        }
        let mut at = start;
        while at < self.end && at - start < BLOCK {
            let Some(extent) = buffer.extent_at(Offset(at)) else { break };
            match buffer.repeated_at(Offset(at)) {
                Some((_, len)) if len.0.min(self.end - at) > FILL + self.reach => {
                    // Behind the places that see what is in front of the run.
                    at += LOOK as u64;
                    self.inside = true;
                    break;
                }
                // A hole ends before its piece does.
                Some((_, len)) => at = at.saturating_add(len.0),
                None => at = at.saturating_add(extent.len().0),
            }
        }
        let end = if self.inside { at } else { at.min(start + BLOCK) }.min(self.end).max(start + 1);
        self.next = end;
        Some(Block { start, end, fill: None })
    }
}
