//! The pass over a range on all cores, and how the runs of its blocks become strings in order.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::encoding::Encoding;
use super::list::decoded;
use super::merge::Merge;
use super::run::{LONGEST, Run, Stream};
use super::{Filter, Found, Request, Strings};
use crate::buffer::{Buffer, Len, Offset};
use crate::tasks::{Cancelled, Progress};

/// Bytes that one core takes at once; even, so that phases of UTF-16 are the same in each, and above what files keep in
/// their cache.
const BLOCK: u64 = if cfg!(test) { 256 } else { (1 << 20) + (1 << 18) };

/// Between two partial results.
const PUBLISHED: Duration = Duration::from_millis(150);

/// At most this long a thread waits before it looks whether it is to stop.
const WAITED: Duration = Duration::from_millis(10);

/// Finds the strings of `request.range`; see the [module](super). `partial` is given what there is from time to time.
///
/// # Errors
/// Only [`Cancelled`], within milliseconds. What cannot be read is passed over and counted.
pub fn find(
    buffer: &Buffer,
    request: &Request,
    progress: &Progress,
    partial: &(dyn Fn(Strings) + Sync),
) -> Result<Strings, Cancelled> {
    let range = request.range.clamp_to(buffer.len());
    progress.set_total(range.len.0);
    let looking = Looking::new(buffer, request);
    // The grid begins at an even offset, whatever the range.
    let (start, end) = (range.start.0, range.end().0);
    let grid = start & !1;
    let blocks = usize::try_from((end - grid).div_ceil(BLOCK)).unwrap_or(usize::MAX);
    let next = AtomicUsize::new(0);
    let merge = Mutex::new(Merge::new(&looking));
    let turn = Condvar::new();
    let published = Mutex::new(Instant::now());
    let work = || {
        let mut memory = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= blocks || progress.is_cancelled() {
                return;
            }
            let from = (grid + index as u64 * BLOCK).max(start);
            let to = (grid + (index as u64 + 1) * BLOCK).min(end);
            let block = looking.block(from, to, end, &mut memory);
            progress.advance(to - from);
            let mut merge = merge.lock().unwrap_or_else(PoisonError::into_inner);
            // Whoever is far ahead of the slowest waits for it, so that what was found does not pile up.
            while !merge.has_room(index) && !progress.is_cancelled() {
                merge = turn.wait_timeout(merge, WAITED).unwrap_or_else(PoisonError::into_inner).0;
            }
            merge.take(index, block);
            turn.notify_all();
            let mut published = published.lock().unwrap_or_else(PoisonError::into_inner);
            if published.elapsed() >= PUBLISHED {
                *published = Instant::now();
                let copy = merge.strings.clone();
                drop((merge, published));
                partial(copy);
            }
        }
    };
    let helpers = blocks.min(rayon::current_num_threads()).saturating_sub(1);
    rayon::in_place_scope(|scope| {
        (0..helpers).for_each(|_| scope.spawn(|_| work()));
        work();
    });
    progress.check()?;
    let merge = merge.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(merge.finish())
}

pub(super) struct Looking<'a> {
    pub(super) buffer: &'a Buffer,
    pub(super) streams: Vec<Stream>,
    pub(super) min: u64,
    pub(super) most: usize,
    pub(super) filter: Option<&'a Filter>,
    /// ASCII is looked for by itself.
    pub(super) plain: bool,
}

/// What one block gave, for each stream.
#[derive(Default)]
pub(super) struct Block {
    pub(super) to: u64,
    pub(super) streams: Vec<StreamRuns>,
    pub(super) unreadable: u64,
    pub(super) problem: Option<String>,
}

/// The runs of one stream in a block: the one that goes on from the block before, those that are whole, the one that goes on.
#[derive(Default)]
pub(super) struct StreamRuns {
    pub(super) first: Option<(u64, Run)>,
    pub(super) whole: Vec<Found>,
    pub(super) last: Option<(u64, Run)>,
}

impl<'a> Looking<'a> {
    fn new(buffer: &'a Buffer, request: &'a Request) -> Self {
        let mut encodings = request.encodings.clone();
        if encodings.contains(&Encoding::Utf8) {
            encodings.retain(|encoding| *encoding != Encoding::Ascii);
        }
        encodings.sort_by_key(Encoding::rank);
        encodings.dedup();
        let plain = encodings.iter().any(|encoding| matches!(encoding, Encoding::Ascii | Encoding::Utf8));
        let streams = encodings.into_iter().flat_map(|encoding| Stream::of(encoding, request.every_script)).collect();
        Self { buffer, streams, min: request.min.max(1), most: request.most, filter: request.filter.as_ref(), plain }
    }

    /// Looks at one block. What cannot be read ends runs, as zeros do.
    fn block(&self, from: u64, to: u64, end: u64, memory: &mut Vec<u8>) -> Block {
        let mut block = Block { to, ..Block::default() };
        block.streams.resize_with(self.streams.len(), StreamRuns::default);
        // Long fills and holes have no characters, or one that goes on for ever; only the zeros are worth a shortcut.
        if self.buffer.repeated_at(Offset(from)).is_some_and(|(byte, len)| byte == 0 && len.0 >= to - from + LONGEST as u64) {
            return block;
        }
        let len = (to - from) as usize;
        let beyond = (end - to).min(LONGEST as u64 - 1) as usize;
        let bytes = match self.buffer.contiguous(Offset(from)).and_then(|run| run.get(..len + beyond)) {
            Some(run) => run,
            None => {
                memory.clear();
                memory.resize(len + beyond, 0);
                if let Err(error) = self.buffer.read_at(Offset(from), memory) {
                    block.problem = Some(error.to_string());
                    block.unreadable = self.read_around(from, memory);
                }
                memory.as_slice()
            }
        };
        let mut runs = Vec::new();
        for (stream, found) in self.streams.iter().zip(&mut block.streams) {
            runs.clear();
            stream.runs(bytes, len, from, self.min, &mut runs);
            for run in &runs {
                if run.end >= len && to < end {
                    found.last = Some((from, *run));
                } else if run.start < LONGEST && found.first.is_none() && found.whole.is_empty() {
                    found.first = Some((from, *run));
                } else if stream.accepts(run, self.min, self.plain) {
                    let encoding = stream.encoding(run);
                    if self.filter.is_none_or(|filter| {
                        let most = run.end.min(run.start + 4 * Filter::LOOKED_AT);
                        filter.accepts(&decoded(&bytes[run.start..most], encoding))
                    }) {
                        found.whole.push(self.found(stream, from, run));
                    }
                }
            }
        }
        block
    }

    /// Reads what can be read in small parts; returns how much cannot.
    fn read_around(&self, from: u64, memory: &mut [u8]) -> u64 {
        let (mut unreadable, mut at) = (0, from);
        memory.fill(0);
        for part in memory.chunks_mut(64 * 1024) {
            if self.buffer.read_at(Offset(at), part).is_err() {
                part.fill(0);
                unreadable += part.len() as u64;
            }
            at += part.len() as u64;
        }
        unreadable
    }

    fn found(&self, stream: &Stream, from: u64, run: &Run) -> Found {
        Found {
            offset: Offset(from + run.start as u64),
            len: Len::from(run.end - run.start),
            chars: run.chars,
            encoding: stream.encoding(run),
        }
    }
}
