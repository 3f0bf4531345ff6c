//! By position: blocks on all cores, bytes only where blocks differ.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::block::{self, Found};
use super::collect::Collector;
use super::{CompareError, Difference};
use crate::buffer::{Buffer, Len, Likeness, Offset};
use crate::tasks::Progress;

/// Bytes of each side that one core compares at a time. A little over a mebibyte: a file reads requests of that size
/// without its cache, which a scan would only sweep clean.
pub(super) const BLOCK: u64 = (1 << 20) + 4096;

/// Blocks that are under way at once, for each core: what they find is kept in order.
const BLOCKS_A_CORE: usize = 4;

/// The most blocks under way at once, however many cores there are: they bound the memory.
const BLOCKS: usize = 32;

/// What is looked at before many cores are called.
const PROBE: u64 = 64 << 10;

/// Two sides, read on all cores.
pub(super) struct Scanner<'a> {
    pub(super) left: &'a Buffer,
    pub(super) right: &'a Buffer,
    pub(super) unit: u64,
    pub(super) progress: &'a Progress,
    /// A pair of blocks for each thread of the pool, and one for a thread outside of it; made when they are needed.
    scratch: Vec<Mutex<(Vec<u8>, Vec<u8>)>>,
    wave: usize,
}

/// A part of both sides that is compared by position.
#[derive(Clone, Copy, Debug)]
struct Part {
    left: u64,
    right: u64,
    len: u64,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(left: &'a Buffer, right: &'a Buffer, unit: u64, progress: &'a Progress) -> Self {
        let threads = rayon::current_num_threads();
        let scratch = (0..=threads).map(|_| Mutex::default()).collect();
        Self { left, right, unit, progress, scratch, wave: (threads * BLOCKS_A_CORE).min(BLOCKS) }
    }

    /// Adds where `len` bytes of both sides differ.
    pub(super) fn scan(&self, left: u64, right: u64, len: u64, into: &mut Collector) -> Result<(), CompareError> {
        let mut done = 0;
        while done < len {
            self.progress.check()?;
            let part = Part { left: left + done, right: right + done, len: len - done };
            match self.known(part) {
                (run, Likeness::Same) => {
                    self.progress.advance(run);
                    done += run;
                }
                (run, Likeness::Apart) => {
                    into.push(Difference { left: part.left, left_len: run, right: part.right, right_len: run });
                    self.progress.advance(run);
                    done += run;
                }
                (run, Likeness::Unknown) => {
                    let blocks = blocks(Part { len: run, ..part }, self.wave);
                    let join = into.join();
                    let found: Vec<_> = blocks
                        .par_iter()
                        .map(|block| self.with(*block, |a, b| block::differing(a, b, self.unit as usize, join)))
                        .collect();
                    for (block, found) in blocks.iter().zip(found) {
                        add(*block, &found?, into);
                        done += block.len;
                    }
                }
            }
        }
        Ok(())
    }

    /// How many of `len` bytes from these places on are equal.
    pub(super) fn equal_prefix(&self, left: u64, right: u64, len: u64) -> Result<u64, CompareError> {
        let (mut done, mut probe) = (0, true);
        while done < len {
            self.progress.check()?;
            let part = Part { left: left + done, right: right + done, len: len - done };
            let (run, likeness) = self.known(part);
            match likeness {
                Likeness::Same => done += run,
                Likeness::Apart => return Ok(done),
                Likeness::Unknown => {
                    let run = if probe { run.min(PROBE) } else { run };
                    let blocks = blocks(Part { len: run, ..part }, self.wave);
                    let first = |block: &Part| self.with(*block, block::first_difference);
                    let found: Vec<_> =
                        if probe { blocks.iter().map(first).collect() } else { blocks.par_iter().map(first).collect() };
                    for (block, found) in blocks.iter().zip(found) {
                        match found? {
                            Some(at) => return Ok(self.floor(done + at as u64)),
                            None => done += block.len,
                        }
                    }
                    probe = false;
                }
            }
        }
        Ok(len)
    }

    /// How many of `len` bytes up to these places are equal, counted from the end.
    pub(super) fn equal_suffix(&self, left_end: u64, right_end: u64, len: u64) -> Result<u64, CompareError> {
        let (mut done, mut probe) = (0, true);
        while done < len {
            self.progress.check()?;
            let (left, right) = (left_end - done, right_end - done);
            let (run, likeness) = self.known_before(left, right, len - done);
            match likeness {
                Likeness::Same => done += run,
                Likeness::Apart => return Ok(done),
                Likeness::Unknown => {
                    let run = if probe { run.min(PROBE) } else { run.min(BLOCK * self.wave as u64) };
                    let mut blocks = blocks(Part { left: left - run, right: right - run, len: run }, self.wave);
                    blocks.reverse();
                    let equal = |block: &Part| self.with(*block, block::equal_at_end);
                    let found: Vec<_> =
                        if probe { blocks.iter().map(equal).collect() } else { blocks.par_iter().map(equal).collect() };
                    for (block, found) in blocks.iter().zip(found) {
                        let equal = found? as u64;
                        if equal < block.len {
                            return Ok(self.floor(done + equal));
                        }
                        done += equal;
                    }
                    probe = false;
                }
            }
        }
        Ok(len)
    }

    fn floor(&self, at: u64) -> u64 {
        at - at % self.unit
    }

    /// What is known without reading, at the start of a part and for how many bytes. What is not known is gathered over
    /// many pieces, up to what all cores compare at once.
    fn known(&self, part: Part) -> (u64, Likeness) {
        let most = BLOCK * self.wave as u64;
        let mut unknown = 0;
        while unknown < part.len.min(most) {
            let (left, right) = (Offset(part.left + unknown), Offset(part.right + unknown));
            let Some((Len(run), likeness)) = self.left.likeness(left, self.right, right) else { break };
            let run = run.min(part.len - unknown);
            // A unit is known as a whole or not at all.
            let whole = self.floor(run);
            match likeness {
                Likeness::Unknown => unknown += run,
                _ if unknown == 0 && whole > 0 => return (whole, likeness),
                // What is known begins here, on the edge of a unit; short runs are not worth a pause.
                _ if run >= PROBE && unknown.is_multiple_of(self.unit) => break,
                _ => unknown += run,
            }
        }
        (unknown.next_multiple_of(self.unit).min(part.len).min(most), Likeness::Unknown)
    }

    /// The same, backwards from these places.
    fn known_before(&self, left: u64, right: u64, len: u64) -> (u64, Likeness) {
        let most = BLOCK * self.wave as u64;
        let mut unknown = 0;
        while unknown < len.min(most) {
            let (last_left, last_right) = (Offset(left - unknown - 1), Offset(right - unknown - 1));
            let starts = self.left.piece_start(last_left).zip(self.right.piece_start(last_right));
            let Some((start_left, start_right)) = starts else { break };
            let run = (left - unknown - start_left.get()).min(right - unknown - start_right.get()).min(len - unknown);
            let at = |end: u64| Offset(end - unknown - run);
            let Some((Len(known), likeness)) = self.left.likeness(at(left), self.right, at(right)) else { break };
            let whole = self.floor(run);
            match likeness {
                Likeness::Unknown => unknown += run,
                // A hole that ends in front of these places.
                _ if known < run => unknown += run,
                _ if unknown == 0 && whole > 0 => return (whole, likeness),
                _ if run >= PROBE && unknown.is_multiple_of(self.unit) => break,
                _ => unknown += run,
            }
        }
        (unknown.next_multiple_of(self.unit).min(len), Likeness::Unknown)
    }

    /// Gives the bytes of both sides to `look`: as they lie in memory where they do, else read into a block of the thread's own.
    fn with<T>(&self, part: Part, look: impl FnOnce(&[u8], &[u8]) -> T) -> Result<T, CompareError> {
        self.progress.check()?;
        let len = part.len as usize;
        let in_memory = |side: &'a Buffer, at| side.contiguous(Offset(at)).and_then(|run| run.get(..len));
        let (left, right) = (in_memory(self.left, part.left), in_memory(self.right, part.right));
        let result = if let (Some(left), Some(right)) = (left, right) {
            look(left, right)
        } else {
            let slot = rayon::current_thread_index().map_or(0, |index| index + 1);
            let slot = &self.scratch[slot.min(self.scratch.len() - 1)];
            let mut pair = slot.lock().unwrap_or_else(PoisonError::into_inner);
            let (a, b) = &mut *pair;
            let left = match left {
                Some(left) => left,
                None => read(self.left, part.left, len, a).map_err(CompareError::Left)?,
            };
            let right = match right {
                Some(right) => right,
                None => read(self.right, part.right, len, b).map_err(CompareError::Right)?,
            };
            look(left, right)
        };
        self.progress.advance(part.len);
        Ok(result)
    }
}

fn read<'b>(side: &Buffer, at: u64, len: usize, into: &'b mut Vec<u8>) -> Result<&'b [u8], crate::buffer::ReadError> {
    if into.len() < len {
        into.resize(len, 0);
    }
    side.read_at(Offset(at), &mut into[..len])?;
    Ok(&into[..len])
}

/// The first blocks of a part, at most `most`.
fn blocks(part: Part, most: usize) -> Vec<Part> {
    let count = part.len.div_ceil(BLOCK).min(most as u64);
    let block = |number: u64| {
        let skip = number * BLOCK;
        Part { left: part.left + skip, right: part.right + skip, len: BLOCK.min(part.len - skip) }
    };
    (0..count).map(block).collect()
}

fn add(block: Part, found: &Found, into: &mut Collector) {
    for run in &found.runs {
        let (start, len) = (u64::from(run.start), u64::from(run.end - run.start));
        let difference = Difference { left: block.left + start, left_len: len, right: block.right + start, right_len: len };
        into.push_joined(difference, run.places.into(), run.changed.into());
    }
}

/// Whether both contents are the same: stops at the first difference.
///
/// # Errors
/// Where a file under one of them cannot be read, or the work was cancelled.
pub fn is_same(left: &Buffer, right: &Buffer, progress: &Progress) -> Result<bool, CompareError> {
    let len = left.len();
    if len != right.len() {
        return Ok(false);
    }
    progress.set_total(len.get());
    Ok(Scanner::new(left, right, 1, progress).equal_prefix(0, 0, len.get())? == len.get())
}
