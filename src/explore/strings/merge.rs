//! How the runs of blocks become strings, in order.

use std::collections::BTreeMap;

use super::list::text;
use super::run::{Run, Stream};
use super::scan::{Block, Looking};
use super::{Encoding, Filter, Found, Strings};
use crate::buffer::{Len, Offset};

/// Blocks that may wait for an earlier one.
const WAITING: usize = 64;

/// Strings in UTF-16 that lie over each other end no further apart than this.
const APART: u64 = 8;

/// Strings that wait for one that lies over them.
const HELD: usize = 4096;

/// A run whose end is not known yet, by its place in the buffer.
#[derive(Clone, Copy)]
struct Open {
    start: u64,
    end: u64,
    run: Run,
}

impl Open {
    fn new(from: u64, run: Run) -> Self {
        Self { start: from + run.start as u64, end: from + run.end as u64, run }
    }
}

/// Takes blocks in any order and strings in theirs.
pub(super) struct Merge<'a> {
    looking: &'a Looking<'a>,
    next: usize,
    waiting: BTreeMap<usize, Block>,
    open: Vec<Option<Open>>,
    /// Strings in UTF-16 near the end of the last block: what comes may lie over them.
    held: Vec<Found>,
    pub(super) strings: Strings,
}

impl<'a> Merge<'a> {
    pub(super) fn new(looking: &'a Looking<'a>) -> Self {
        let open = vec![None; looking.streams.len()];
        Self { looking, next: 0, waiting: BTreeMap::new(), open, held: Vec::new(), strings: Strings::default() }
    }

    /// Whether the block with this number may be handed in.
    pub(super) fn has_room(&self, index: usize) -> bool {
        index < self.next + WAITING
    }

    pub(super) fn take(&mut self, index: usize, block: Block) {
        self.waiting.insert(index, block);
        while let Some(block) = self.waiting.remove(&self.next) {
            self.next += 1;
            self.join(block);
        }
    }

    fn join(&mut self, block: Block) {
        self.strings.unreadable += block.unreadable;
        if self.strings.problem.is_none() {
            self.strings.problem = block.problem;
        }
        let mut finished = Vec::new();
        for (index, runs) in block.streams.into_iter().enumerate() {
            let mut open = self.open[index].take();
            let mut last = runs.last.map(|(from, run)| Open::new(from, run));
            if let Some((from, run)) = runs.first {
                let run = Open::new(from, run);
                match &mut open {
                    Some(open) if open.end == run.start => extend(open, run),
                    _ => {
                        self.close(index, open.take(), &mut finished);
                        open = Some(run);
                    }
                }
            }
            // The run that reaches the end may be the one that began before the block.
            if let (Some(before), Some(run)) = (open, last)
                && before.end == run.start
            {
                let mut joined = before;
                extend(&mut joined, run);
                (open, last) = (None, Some(joined));
            }
            // A character that began in the block before may reach into this one.
            let reaches = open.is_some_and(|open| open.end >= block.to);
            if let Some(before) = open.filter(|_| !reaches) {
                self.close(index, Some(before), &mut finished);
            }
            self.open[index] = if last.is_some() { last } else { open.filter(|_| reaches) };
            finished.extend(runs.whole);
        }
        self.emit(finished, block.to);
    }

    /// Adds strings to the list, but for those that one of the next block may lie over.
    fn emit(&mut self, mut finished: Vec<Found>, to: u64) {
        finished.append(&mut self.held);
        finished.sort_unstable_by_key(|found| (found.offset, found.encoding.rank()));
        drop_shadows(&mut finished);
        // One that is not over yet may lie over them too.
        let wide = |(stream, open): (&Stream, &Option<Open>)| open.filter(|_| matches!(stream, Stream::Utf16 { .. }));
        let open = self.looking.streams.iter().zip(&self.open).filter_map(wide).map(|open| open.start).min();
        let from = open.unwrap_or(u64::MAX).min(to.saturating_sub(APART));
        let mut room = HELD;
        let held = |found: &mut Found| {
            let held = is_wide(found) && found.offset.0 + found.len.0 > from && room > 0;
            room -= usize::from(held);
            held
        };
        self.held = finished.extract_if(.., held).collect();
        self.strings.total += finished.len() as u64;
        let room = self.looking.most.saturating_sub(self.strings.strings.len());
        self.strings.strings.extend(finished.into_iter().take(room));
    }

    /// A run has ended that lay on an edge.
    fn close(&self, stream: usize, open: Option<Open>, finished: &mut Vec<Found>) {
        let Some(Open { start, end, run }) = open else { return };
        let stream = &self.looking.streams[stream];
        if !stream.accepts(&run, self.looking.min, self.looking.plain) {
            return;
        }
        let encoding = stream.encoding(&run);
        let found = Found { offset: Offset(start), len: Len(end - start), chars: run.chars, encoding };
        let passes = self
            .looking
            .filter
            .is_none_or(|filter| text(self.looking.buffer, &found, Filter::LOOKED_AT).is_ok_and(|text| filter.accepts(&text)));
        if passes {
            finished.push(found);
        }
    }

    pub(super) fn finish(mut self) -> Strings {
        let mut finished = Vec::new();
        for index in 0..self.open.len() {
            let open = self.open[index].take();
            self.close(index, open, &mut finished);
        }
        self.emit(finished, u64::MAX);
        debug_assert!(self.held.is_empty());
        // What lay on an edge is told with the block that ends it.
        self.strings.strings.sort_by_key(|found| (found.offset, found.encoding.rank()));
        self.strings
    }
}

fn is_wide(found: &Found) -> bool {
    matches!(found.encoding, Encoding::Utf16Le | Encoding::Utf16Be)
}

/// Of strings in UTF-16 that lie over each other only the likelier one stays. They are in the order of their offsets.
fn drop_shadows(strings: &mut Vec<Found>) {
    let wide: Vec<usize> = (0..strings.len()).filter(|&index| is_wide(&strings[index])).collect();
    let mut dropped = vec![false; strings.len()];
    for (at, &one) in wide.iter().enumerate() {
        for &other in &wide[at + 1..] {
            let (a, b) = (&strings[one], &strings[other]);
            let (a_end, b_end) = (a.offset.0 + a.len.0, b.offset.0 + b.len.0);
            if b.offset.0 + 2 >= a_end || dropped[one] {
                break;
            }
            if dropped[other] || a_end.min(b_end) - b.offset.0 <= 2 {
                continue;
            }
            let worth = |found: &Found| (found.chars, found.offset.0.is_multiple_of(2), found.encoding == Encoding::Utf16Le);
            dropped[if worth(a) >= worth(b) { other } else { one }] = true;
        }
    }
    let mut dropped = dropped.into_iter();
    strings.retain(|_| dropped.next() != Some(true));
}

fn extend(open: &mut Open, by: Open) {
    open.end = by.end;
    open.run.chars += by.run.chars;
    open.run.ascii &= by.run.ascii;
    open.run.doubtful += by.run.doubtful;
}
