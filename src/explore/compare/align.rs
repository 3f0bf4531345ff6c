//! Aligned: ties between chunks that each side has once, then the gaps between them.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::chunk::{self, Chunk};
use super::collect::Collector;
use super::gap::{self, Filled};
use super::position::Scanner;
use super::{CompareError, Difference, Surplus};
use crate::buffer::{Buffer, Offset, Origin, ReadError};

/// Gaps of at most so many units, both sides together, are aligned unit by unit. Myers' algorithm takes steps with the
/// square of that at worst, about sixteen million: a cancel waits no longer, and the result does not depend on the clock.
const SMALL: u64 = 4096;

/// The smallest chunks have about `1 << LEAST_BITS` bytes.
const LEAST_BITS: u32 = 4;

/// A gap is cut into about `1 << CHUNK_BITS` chunks first.
const CHUNK_BITS: u32 = 16;

/// The most chunks that each side of a gap is cut into, about; each takes 16 bytes.
const MOST_CHUNKS: u64 = 1 << 18;

/// Shorter runs that both sides share are not worth a tie.
const SHARED: u64 = 4096;

/// Gaps in gaps in gaps; content made to go deeper is said to be replaced.
const DEEPEST: u32 = 24;

/// Differences of a gap that was only overwritten; with more it was replaced.
const KEPT: usize = 1 << 16;

/// Small gaps that are filled at once.
const BATCH: usize = 256;

/// Equal ranges of both sides.
#[derive(Clone, Copy, Debug)]
struct Tie {
    left: u64,
    right: u64,
    len: u64,
}

pub(super) struct Aligner<'s, 'a> {
    scanner: &'s Scanner<'a>,
    time: Option<Duration>,
    /// Runs from the moment that the whole is tied: to read both sides takes the time that it takes.
    until: OnceLock<Option<Instant>>,
}

impl<'s, 'a> Aligner<'s, 'a> {
    /// Gaps between the first ties are looked into for so long altogether.
    pub(super) fn new(scanner: &'s Scanner<'a>, time: Option<Duration>) -> Self {
        Self { scanner, time, until: OnceLock::new() }
    }

    /// Adds the differences of both sides.
    pub(super) fn align(&self, left_len: u64, right_len: u64, into: &mut Collector) -> Result<(), CompareError> {
        self.gap(Difference { left: 0, left_len, right: 0, right_len }, 0, into)
    }

    fn is_late(&self) -> bool {
        self.until.get().copied().flatten().is_some_and(|until| Instant::now() >= until)
    }

    fn is_small(&self, gap: &Difference) -> bool {
        gap.left_len + gap.right_len <= SMALL * self.scanner.unit
    }

    /// A gap of any size: without its equal ends, then tied inside.
    fn gap(&self, mut gap: Difference, depth: u32, into: &mut Collector) -> Result<(), CompareError> {
        self.scanner.progress.check()?;
        let prefix = self.scanner.equal_prefix(gap.left, gap.right, gap.changed())?;
        gap.left += prefix;
        gap.right += prefix;
        gap.left_len -= prefix;
        gap.right_len -= prefix;
        let suffix = self.scanner.equal_suffix(gap.left_end(), gap.right_end(), gap.changed())?;
        gap.left_len -= suffix;
        gap.right_len -= suffix;
        if gap.changed() == 0 {
            into.push(gap);
            return Ok(());
        }
        if self.is_small(&gap) {
            let filled = self.small(gap)?;
            add(gap, filled, into);
            return Ok(());
        }
        if depth == DEEPEST || self.is_late() {
            return self.replaced(gap, into);
        }
        let mut ties = if depth == 0 && self.scanner.unit == 1 { self.shared(gap) } else { Vec::new() };
        if ties.is_empty() {
            ties = self.ties(gap)?;
        }
        if ties.is_empty() {
            return self.replaced(gap, into);
        }
        self.until.get_or_init(|| self.time.and_then(|time| Instant::now().checked_add(time)));
        self.between(gap, &ties, depth, into)
    }

    /// The gaps in front of, between and behind ties, in order; small ones many at once.
    fn between(&self, gap: Difference, ties: &[Tie], depth: u32, into: &mut Collector) -> Result<(), CompareError> {
        let end = Tie { left: gap.left_end(), right: gap.right_end(), len: 0 };
        let (mut left, mut right) = (gap.left, gap.right);
        let mut batch = Vec::new();
        for tie in ties.iter().chain([&end]) {
            let inner = Difference { left, left_len: tie.left - left, right, right_len: tie.right - right };
            (left, right) = (tie.left + tie.len, tie.right + tie.len);
            if inner.span() == 0 {
                continue;
            }
            if inner.changed() == 0 {
                // What was put in may be the same as what stands beside it; it is where it is.
                self.flush(&mut batch, into)?;
                into.push(inner);
            } else if self.is_small(&inner) {
                batch.push(inner);
                if batch.len() == BATCH {
                    self.flush(&mut batch, into)?;
                }
            } else {
                self.flush(&mut batch, into)?;
                self.gap(inner, depth + 1, into)?;
            }
        }
        self.flush(&mut batch, into)
    }

    fn flush(&self, batch: &mut Vec<Difference>, into: &mut Collector) -> Result<(), CompareError> {
        let filled: Vec<_> = batch.par_iter().map(|gap| self.small(*gap)).collect();
        for (gap, filled) in batch.drain(..).zip(filled) {
            add(gap, filled?, into);
        }
        Ok(())
    }

    /// A gap that fits into memory.
    fn small(&self, gap: Difference) -> Result<Filled, CompareError> {
        self.scanner.progress.check()?;
        let left = bytes(self.scanner.left, gap.left, gap.left_len).map_err(CompareError::Left)?;
        let right = bytes(self.scanner.right, gap.right, gap.right_len).map_err(CompareError::Right)?;
        Ok(gap::fill(&left, &right, self.scanner.unit as usize))
    }

    /// A gap in which nothing could be tied to anything.
    fn replaced(&self, gap: Difference, into: &mut Collector) -> Result<(), CompareError> {
        if gap.left_len == gap.right_len {
            // Perhaps it was only overwritten here and there.
            let mut found = Collector::new(KEPT, Surplus::Count, self.scanner.unit);
            self.scanner.scan(gap.left, gap.right, gap.left_len, &mut found)?;
            let found = found.finish(super::Method::Position, gap.left_len, gap.right_len);
            if found.left_out == 0 && found.counts.changed * self.scanner.unit <= gap.left_len / 2 {
                found.differences.into_iter().for_each(|difference| into.push(difference));
                return Ok(());
            }
        }
        into.unaligned(gap.left_len + gap.right_len);
        into.push(gap);
        Ok(())
    }

    /// What both sides share, wherever it stands in them: an edited document and what it was before have nearly everything in
    /// common, and nothing of that is read.
    fn shared(&self, gap: Difference) -> Vec<Tie> {
        let (left, right) = (self.scanner.left, self.scanner.right);
        let mut mine = left.origins(gap.left, gap.left_end(), SHARED);
        let mut theirs = right.origins(gap.right, gap.right_end(), SHARED);
        mine.sort_unstable_by_key(|origin| (origin.id, origin.start));
        theirs.sort_unstable_by_key(|origin| (origin.id, origin.start));
        let mut ties = Vec::new();
        let mut first = 0;
        for one in &theirs {
            let behind = |other: &Origin| other.id < one.id || (other.id == one.id && other.start + other.len <= one.start);
            while mine.get(first).is_some_and(behind) {
                first += 1;
            }
            let overlap = |other: &&Origin| other.id == one.id && other.start < one.start + one.len;
            ties.extend(mine[first..].iter().take_while(overlap).filter_map(|other| {
                let from = one.start.max(other.start);
                let to = (one.start + one.len).min(other.start + other.len);
                (to > from).then(|| Tie {
                    left: other.at + (from - other.start),
                    right: one.at + (from - one.start),
                    len: to - from,
                })
            }));
        }
        ties.retain(|tie| tie.len >= SHARED);
        ties.sort_unstable_by_key(|tie| (tie.left, tie.right));
        in_order(&ties)
    }

    /// Ranges of a gap that are equal, in order on both sides; none where nothing is alike.
    fn ties(&self, gap: Difference) -> Result<Vec<Tie>, CompareError> {
        let size = gap.span().ilog2() + 1;
        let mut bits = size.saturating_sub(CHUNK_BITS).clamp(LEAST_BITS, 26);
        loop {
            let (left, right) = self.cut(gap, bits)?;
            let ties = self.verified(runs(&left, &right, &once_on_both(&left, &right)))?;
            if !ties.is_empty() {
                return Ok(ties);
            }
            let finer = bits.saturating_sub(3);
            if finer < LEAST_BITS || gap.span() >> finer > MOST_CHUNKS || self.is_late() {
                break;
            }
            bits = finer;
        }
        // Content that repeats itself has nothing that is there once: the longest way through both rows of chunks then,
        // which must be short.
        let (left, right) = self.cut(gap, (size + 2).saturating_sub(SMALL.ilog2()).clamp(LEAST_BITS, 26))?;
        if (left.len() + right.len()) as u64 > SMALL {
            return Ok(Vec::new());
        }
        self.verified(runs(&left, &right, &in_sequence(&left, &right)))
    }

    fn cut(&self, gap: Difference, bits: u32) -> Result<(Vec<Chunk>, Vec<Chunk>), CompareError> {
        let scanner = self.scanner;
        let cut = |side, from, to, wrong| chunk::chunks(side, from, to, bits, scanner.unit, scanner.progress, wrong);
        let left = cut(scanner.left, gap.left, gap.left_end(), CompareError::Left)?;
        let right = cut(scanner.right, gap.right, gap.right_end(), CompareError::Right)?;
        Ok((left, right))
    }

    /// The part of each tie, from its start on, that really is equal.
    fn verified(&self, ties: Vec<Tie>) -> Result<Vec<Tie>, CompareError> {
        let verify = |tie: Tie| {
            let len = self.scanner.equal_prefix(tie.left, tie.right, tie.len)?;
            Ok(Tie { len, ..tie })
        };
        let checked: Result<Vec<_>, CompareError> = ties.into_par_iter().map(verify).collect();
        let mut ties = checked?;
        ties.retain(|tie| tie.len > 0);
        Ok(ties)
    }
}

fn add(gap: Difference, filled: Filled, into: &mut Collector) {
    if filled.hopeless {
        into.unaligned(gap.left_len + gap.right_len);
    }
    for mut difference in filled.differences {
        difference.left += gap.left;
        difference.right += gap.right;
        into.push(difference);
    }
}

fn bytes(side: &Buffer, at: u64, len: u64) -> Result<Vec<u8>, ReadError> {
    let mut bytes = vec![0; len as usize];
    side.read_at(Offset(at), &mut bytes)?;
    Ok(bytes)
}

/// As many ties as can be in one order, without what overlaps.
fn in_order(ties: &[Tie]) -> Vec<Tie> {
    let places: Vec<_> = ties.iter().enumerate().map(|(i, tie)| (i, tie.right as usize)).collect();
    let mut kept: Vec<Tie> = Vec::new();
    for (i, _) in longest_rising(&places) {
        let mut tie = ties[i];
        if let Some(last) = kept.last() {
            let over = (last.left + last.len).saturating_sub(tie.left).max((last.right + last.len).saturating_sub(tie.right));
            if over >= tie.len {
                continue;
            }
            tie = Tie { left: tie.left + over, right: tie.right + over, len: tie.len - over };
        }
        kept.push(tie);
    }
    kept
}

/// The pairs on the longest way through both rows of chunks.
fn in_sequence(left: &[Chunk], right: &[Chunk]) -> Vec<(usize, usize)> {
    let keys = |chunks: &[Chunk]| chunks[..chunks.len() - 1].iter().map(|chunk| chunk.key).collect::<Vec<_>>();
    let ops = capture_diff_slices(Algorithm::Myers, &keys(left), &keys(right));
    let equal = ops.into_iter().filter_map(|op| match op {
        DiffOp::Equal { old_index, new_index, len } => Some((0..len).map(move |i| (old_index + i, new_index + i))),
        _ => None,
    });
    equal.flatten().collect()
}

/// Chunks that each side has exactly once: as many as can be in one order.
fn once_on_both(left: &[Chunk], right: &[Chunk]) -> Vec<(usize, usize)> {
    let (a, b) = (once(left), once(right));
    let mut pairs = Vec::new();
    let mut j = 0;
    for &(key, i) in &a {
        while b.get(j).is_some_and(|other| other.0 < key) {
            j += 1;
        }
        if let Some(&(other, at)) = b.get(j)
            && other == key
        {
            pairs.push((i as usize, at as usize));
        }
    }
    drop((a, b));
    pairs.sort_unstable();
    longest_rising(&pairs)
}

/// The keys that occur once, sorted, with the place of their chunk. The chunk at the end, which has no bytes, is none.
fn once(chunks: &[Chunk]) -> Vec<(u64, u32)> {
    let mut keys: Vec<(u64, u32)> =
        chunks[..chunks.len() - 1].iter().enumerate().map(|(i, chunk)| (chunk.key, i as u32)).collect();
    keys.par_sort_unstable();
    let mut kept = Vec::with_capacity(keys.len());
    for same in keys.chunk_by(|a, b| a.0 == b.0) {
        if let [one] = same {
            kept.push(*one);
        }
    }
    kept
}

/// Of pairs sorted by their first number, the most whose second numbers rise too.
fn longest_rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // The pair that ends the best row of each length, and the pair in front of each one.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<usize> = Vec::with_capacity(pairs.len());
    for (i, pair) in pairs.iter().enumerate() {
        let len = ends.partition_point(|&end| pairs[end].1 < pair.1);
        before.push(if len == 0 { usize::MAX } else { ends[len - 1] });
        match ends.get_mut(len) {
            Some(end) => *end = i,
            None => ends.push(i),
        }
    }
    let mut row = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied();
    while let Some(i) = at {
        row.push(pairs[i]);
        at = Some(before[i]).filter(|&i| i != usize::MAX);
    }
    row.reverse();
    row
}

/// Pairs of chunks as ranges; those that follow one another on both sides are one.
fn runs(left: &[Chunk], right: &[Chunk], pairs: &[(usize, usize)]) -> Vec<Tie> {
    let mut ties: Vec<Tie> = Vec::new();
    for &(i, j) in pairs {
        let (at_left, at_right) = (left[i].start, right[j].start);
        // Chunks of one key have one length, but for fills.
        let len = (left[i + 1].start - at_left).min(right[j + 1].start - at_right);
        match ties.last_mut() {
            Some(last) if last.left + last.len == at_left && last.right + last.len == at_right => last.len += len,
            _ => ties.push(Tie { left: at_left, right: at_right, len }),
        }
    }
    ties
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_rising_row_is_found() {
        let pairs: Vec<_> = [5, 1, 2, 9, 3, 4, 0].into_iter().enumerate().collect();
        let seconds: Vec<_> = longest_rising(&pairs).iter().map(|pair| pair.1).collect();
        assert_eq!(seconds, [1, 2, 3, 4]);
        assert!(longest_rising(&[]).is_empty());
    }
}
