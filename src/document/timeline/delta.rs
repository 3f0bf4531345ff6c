//! What a document's content became, said by where each of its units comes from: a run of the start, or of what a call put in.
//!
//! A snapshot of a document that was written to all over keeps a tree of its own, and copies of what lies between the writes. A
//! delta says the same in a few bytes a run: changes are made to it many times faster than to the content itself, and the
//! content is put together once, at the end.

use super::log::Log;
use crate::buffer::Builder;
use crate::document::Data;
use crate::stream::TextParts;

/// Runs of one block; a block with more is divided.
const BLOCK: usize = 128;

/// Where a run comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    /// The content before the first entry; places are units.
    Start,
    /// The log, in units of so many bytes; places are bytes.
    Log(u8),
    /// What the entry with this number put in; places are units.
    Entry(u64),
}

/// Units that follow each other where they come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) from: From,
    pub(super) start: u64,
    /// Units.
    pub(super) len: u64,
}

impl Run {
    /// Its units from one up to another.
    fn part(self, from: u64, to: u64) -> Self {
        Self { start: self.start + from * self.step(), len: to - from, ..self }
    }

    /// What a unit adds to a place.
    fn step(self) -> u64 {
        if let From::Log(bytes) = self.from { bytes.into() } else { 1 }
    }

    fn end(self) -> u64 {
        self.start + self.len * self.step()
    }

    /// Takes the next run in where that goes on from this one.
    fn join(&mut self, next: Self) -> bool {
        let joins = self.from == next.from && self.end() == next.start;
        if joins {
            self.len += next.len;
        }
        joins
    }
}

/// The runs of a content in order, in blocks, with a tree of sums (Fenwick's) over their lengths: a place is found and a change
/// made in time that hardly grows with their number.
#[derive(Debug)]
pub(super) struct Delta {
    blocks: Vec<Block>,
    sums: Vec<u64>,
}

#[derive(Debug, Default)]
struct Block {
    runs: Vec<Run>,
    len: u64,
}

impl Delta {
    /// The start, with so many units, unchanged.
    pub(super) fn new(len: u64) -> Self {
        Self::of_runs((len > 0).then_some(Run { from: From::Start, start: 0, len }).into_iter())
    }

    fn of_runs(runs: impl Iterator<Item = Run>) -> Self {
        let mut blocks = vec![Block::default()];
        for run in runs {
            let mut last = blocks.len() - 1;
            if blocks[last].runs.len() >= BLOCK / 2 {
                blocks.push(Block { runs: Vec::with_capacity(BLOCK), len: 0 });
                last += 1;
            }
            blocks[last].runs.push(run);
            blocks[last].len += run.len;
        }
        let mut delta = Self { blocks, sums: Vec::new() };
        delta.sum();
        delta
    }

    fn sum(&mut self) {
        let count = self.blocks.len();
        self.sums.clear();
        self.sums.resize(count + 1, 0);
        for index in 1..=count {
            self.sums[index] += self.blocks[index - 1].len;
            let above = index + (index & index.wrapping_neg());
            if above <= count {
                self.sums[above] += self.sums[index];
            }
        }
    }

    /// A block became longer by `more`, in arithmetic that wraps.
    fn grow(&mut self, block: usize, more: u64) {
        self.blocks[block].len = self.blocks[block].len.wrapping_add(more);
        let mut index = block + 1;
        while index < self.sums.len() {
            self.sums[index] = self.sums[index].wrapping_add(more);
            index += index & index.wrapping_neg();
        }
    }

    /// The block that holds a place, and the place in it; the end is in the last one.
    fn find(&self, mut at: u64) -> (usize, u64) {
        let count = self.blocks.len();
        let (mut block, mut step) = (0, count.next_power_of_two());
        while step > 0 {
            if let Some(&sum) = self.sums.get(block + step)
                && sum <= at
            {
                at -= sum;
                block += step;
            }
            step /= 2;
        }
        if block < count { (block, at) } else { (count - 1, at + self.blocks[count - 1].len) }
    }

    /// Takes `removed` units out at `at` and puts others in.
    pub(super) fn replace(&mut self, at: u64, mut removed: u64, inserted: Option<Run>) {
        let (mut block, inside) = self.find(at);
        let first = removed.min(self.blocks[block].len.saturating_sub(inside));
        let more = inserted.map_or(0, |run| run.len);
        splice(&mut self.blocks[block].runs, inside, first, inserted);
        self.grow(block, more.wrapping_sub(first));
        removed -= first;
        let changed = block;
        while removed > 0 && block + 1 < self.blocks.len() {
            block += 1;
            let here = removed.min(self.blocks[block].len);
            splice(&mut self.blocks[block].runs, 0, here, None);
            self.grow(block, 0_u64.wrapping_sub(here));
            removed -= here;
        }
        if self.blocks[changed].runs.len() > BLOCK {
            self.divide(changed);
        }
    }

    fn divide(&mut self, block: usize) {
        let mut runs = Vec::with_capacity(BLOCK);
        let whole = &mut self.blocks[block];
        runs.extend(whole.runs.drain(whole.runs.len() / 2..));
        let len = runs.iter().map(|run| run.len).sum();
        whole.len -= len;
        self.blocks.insert(block + 1, Block { runs, len });
        self.sum();
    }

    fn runs(&self) -> impl Iterator<Item = Run> + '_ {
        self.blocks.iter().flat_map(|block| block.runs.iter().copied())
    }

    /// The content: `start` is that before the first entry, `entry` gives what an entry put in.
    pub(super) fn content(&self, start: &Data, log: &Log, entry: impl Fn(u64) -> Option<Data>) -> Data {
        match start {
            Data::Bytes(start) => {
                let mut builder = Builder::new();
                for run in self.runs() {
                    match run.from {
                        From::Start => builder.push_range(start, run.start, run.end()),
                        From::Log(_) => builder.push(log.get(run.start, run.end())),
                        From::Entry(number) => {
                            if let Some(Data::Bytes(bytes)) = entry(number) {
                                builder.push_range(&bytes, run.start, run.end());
                            }
                        }
                    }
                }
                Data::Bytes(builder.finish())
            }
            Data::Text(start) => {
                let width = |run: Run| match run.from {
                    From::Start => start.point_len(),
                    From::Log(bytes) => bytes.into(),
                    From::Entry(number) => match entry(number) {
                        Some(Data::Text(text)) => text.point_len(),
                        _ => 1,
                    },
                };
                let mut builder = TextParts::new(self.runs().map(width).max().unwrap_or(1));
                for run in self.runs() {
                    match run.from {
                        From::Start => builder.push(start, run.start, run.end()),
                        From::Log(bytes) => builder.push_units(log.get(run.start, run.end()), bytes.into()),
                        From::Entry(number) => {
                            if let Some(Data::Text(text)) = entry(number) {
                                builder.push(&text, run.start, run.end());
                            }
                        }
                    }
                }
                Data::Text(builder.finish())
            }
        }
    }

    /// In a few bytes a run.
    pub(super) fn pack(&self) -> Packed {
        let (mut bytes, mut last) = (Vec::new(), Last::default());
        for run in self.runs() {
            let tag = match run.from {
                From::Start => 0,
                From::Log(1) => 1,
                From::Log(2) => 2,
                From::Log(_) => 3,
                From::Entry(_) => 4,
            };
            let short = run.len.min(LONG);
            bytes.push(tag | (short as u8) << 3);
            if short == LONG {
                put(&mut bytes, run.len - LONG);
            }
            match run.from {
                From::Start => put_signed(&mut bytes, run.start.wrapping_sub(last.start)),
                From::Log(_) => put_signed(&mut bytes, run.start.wrapping_sub(last.log)),
                From::Entry(number) => {
                    put_signed(&mut bytes, number.wrapping_sub(last.entry));
                    put(&mut bytes, run.start);
                }
            }
            last.after(run);
        }
        Packed(bytes.into())
    }
}

/// Replaces `removed` units at a place of a row of runs.
fn splice(runs: &mut Vec<Run>, mut at: u64, removed: u64, inserted: Option<Run>) {
    let mut first = 0;
    while first < runs.len() && at >= runs[first].len {
        at -= runs[first].len;
        first += 1;
    }
    let (mut behind, mut end) = (first, at + removed);
    while behind < runs.len() && end >= runs[behind].len {
        end -= runs[behind].len;
        behind += 1;
    }
    let left = (at > 0).then(|| runs[first].part(0, at));
    let right = (end > 0 && behind < runs.len()).then(|| runs[behind].part(end, runs[behind].len));
    let behind = behind + usize::from(right.is_some());
    let mut inserted = inserted.filter(|run| run.len > 0);
    if left.is_none()
        && let (Some(run), Some(before)) = (inserted, first.checked_sub(1))
        && runs[before].join(run)
    {
        inserted = None;
    }
    let (mut new, mut count) = ([Run { from: From::Start, start: 0, len: 0 }; 3], 0);
    for run in [left, inserted, right].into_iter().flatten() {
        if count == 0 || !new[count - 1].join(run) {
            new[count] = run;
            count += 1;
        }
    }
    runs.splice(first..behind, new.into_iter().take(count));
}

/// The runs of a [`Delta`] in a row of bytes: a kind and a length, and how far the place is from where the last run of that
/// kind ended. Numbers take seven bits a byte.
#[derive(Clone, Debug)]
pub(super) struct Packed(std::sync::Arc<[u8]>);

/// Lengths from here on do not fit beside the kind.
const LONG: u64 = 31;

/// Where the last run of each kind ended.
#[derive(Default)]
struct Last {
    start: u64,
    log: u64,
    entry: u64,
}

impl Last {
    fn after(&mut self, run: Run) {
        match run.from {
            From::Start => self.start = run.end(),
            From::Log(_) => self.log = run.end(),
            From::Entry(number) => self.entry = number,
        }
    }
}

impl Packed {
    /// Bytes of memory.
    pub(super) fn cost(&self) -> usize {
        self.0.len()
    }

    /// The runs again, to be changed.
    pub(super) fn unpack(&self) -> Delta {
        let (mut at, mut last) = (0, Last::default());
        Delta::of_runs(std::iter::from_fn(|| {
            let head = *self.0.get(at)?;
            at += 1;
            let mut len = u64::from(head >> 3);
            if len == LONG {
                len += take(&self.0, &mut at);
            }
            let (from, start) = match head & 7 {
                0 => (From::Start, last.start.wrapping_add(take_signed(&self.0, &mut at))),
                tag @ 1..=3 => (From::Log(1 << (tag - 1)), last.log.wrapping_add(take_signed(&self.0, &mut at))),
                _ => {
                    let number = last.entry.wrapping_add(take_signed(&self.0, &mut at));
                    (From::Entry(number), take(&self.0, &mut at))
                }
            };
            let run = Run { from, start, len };
            last.after(run);
            Some(run)
        }))
    }
}

fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// A difference, small ones of either sign in few bytes.
fn put_signed(bytes: &mut Vec<u8>, difference: u64) {
    let signed = difference as i64;
    put(bytes, (signed << 1 ^ signed >> 63) as u64);
}

#[inline]
fn take(bytes: &[u8], at: &mut usize) -> u64 {
    let (mut number, mut shift) = (0, 0);
    while let Some(&byte) = bytes.get(*at) {
        *at += 1;
        number |= u64::from(byte & 0x7F) << shift;
        shift += 7;
        if byte < 0x80 || shift > 63 {
            break;
        }
    }
    number
}

#[inline]
fn take_signed(bytes: &[u8], at: &mut usize) -> u64 {
    let number = take(bytes, at);
    number >> 1 ^ (number & 1).wrapping_neg()
}

impl Data {
    /// Units of this kind of stream, one after the other in at most `most` bytes, and how many bytes each takes.
    pub(super) fn short_units(&self, most: u64) -> Option<(Vec<u8>, u8)> {
        match self {
            Self::Bytes(bytes) if bytes.len().get() <= most => Some((bytes.to_vec_all().ok()?, 1)),
            Self::Bytes(_) => None,
            Self::Text(text) => Some((text.short_units(most)?, text.point_len() as u8)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A content as its runs say it, unit by unit.
    fn units(delta: &Delta) -> Vec<(From, u64)> {
        delta.runs().flat_map(|run| (0..run.len).map(move |n| (run.from, run.part(n, run.len).start))).collect()
    }

    #[test]
    fn changes_come_out_as_in_a_list_of_units() {
        let mut random = fastrand::Rng::with_seed(3);
        for round in 0..20 {
            let len = random.u64(0..3000);
            let mut delta = Delta::new(len);
            let mut model: Vec<_> = (0..len).map(|at| (From::Start, at)).collect();
            let mut log = 0;
            for number in 1..1500_u64 {
                let at = random.usize(..=model.len());
                let most = if random.u8(..) < 5 { 2000 } else { 12 };
                let removed = random.usize(..=(model.len() - at).min(most));
                let from = match random.u8(..4) {
                    0 => From::Entry(number),
                    1 => From::Log(2),
                    2 => From::Log(4),
                    _ => From::Log(1),
                };
                let mut run = Run { from, start: random.u64(..40), len: random.u64(..20) };
                if let From::Log(_) = from {
                    run.start = log;
                    log = run.end();
                }
                delta.replace(at as u64, removed as u64, Some(run));
                model.splice(at..at + removed, (0..run.len).map(|n| (from, run.part(n, run.len).start)));
                if number % 300 == 0 {
                    assert!(units(&delta) == model, "round {round}, change {number}");
                    let packed = delta.pack();
                    assert!(packed.cost() > 0 || model.is_empty());
                    delta = packed.unpack();
                    assert!(units(&delta) == model, "round {round}, packed after change {number}");
                }
            }
        }
    }

    #[test]
    fn numbers_of_every_size_are_packed() {
        for number in [0, 1, 31, 127, 128, 1 << 40, u64::MAX >> 1, u64::MAX] {
            let (mut bytes, mut at) = (Vec::new(), 0);
            put(&mut bytes, number);
            put_signed(&mut bytes, number);
            assert_eq!((take(&bytes, &mut at), take_signed(&bytes, &mut at), at), (number, number, bytes.len()));
        }
        let huge = Delta::new(i64::MAX as u64);
        assert_eq!(huge.pack().unpack().runs().next().unwrap().len, i64::MAX as u64);
    }

    #[test]
    fn what_follows_in_the_log_is_one_run() {
        let mut delta = Delta::new(0);
        for n in 0..1000 {
            delta.replace(n * 20, 0, Some(Run { from: From::Log(1), start: n * 20, len: 20 }));
        }
        assert_eq!(delta.runs().count(), 1);
    }
}
