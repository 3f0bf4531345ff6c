//! The scan: blocks of a snapshot, on all cores, put together in order.
//!
//! The thread that asked puts the blocks' results together and searches blocks itself while it has nothing to put together; the
//! threads of the pool help. So a search never waits for another one that has the pool, and one that is cancelled is over at once:
//! its helpers end behind their block, by themselves.

use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rayon::{ThreadPool, ThreadPoolBuilder};

use super::matcher::{Found, Matcher, Scratches};
use super::plan::{Block, Plan};
use super::unread::is_local;
use super::{Hit, LOOK, SearchError};
use crate::buffer::{Buffer, ByteRange, Extent, Offset, ReadError};
use crate::tasks::{Cancelled, Progress};

/// Where a search tells what it finds, in the order of the offsets.
pub(super) trait Sink {
    /// How many more hits are wanted one by one; the others are counted only.
    fn room(&self) -> usize;
    /// Hits.
    fn hits(&mut self, hits: &[Hit]);
    /// So many hits that were not wanted one by one; the last of them.
    fn counted(&mut self, count: u64, last: Hit);
    /// Hits at regular distances.
    fn run(&mut self, run: &Run);
    /// A range that cannot be read was passed over.
    fn unreadable(&mut self, range: Range<u64>, why: &ReadError);
    /// Everything in front of this place has been told. `Break` ends the search.
    fn reached(&mut self, at: u64) -> ControlFlow<()>;
}

/// Hits inside of a long run of one byte: at `first`, at `first + step` and so on, `count` places in all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) byte: u8,
    pub(super) first: u64,
    pub(super) step: u64,
    pub(super) count: u64,
    /// Length and needle of each hit at a place.
    pub(super) shapes: Vec<(u32, u16)>,
}

impl Run {
    /// How many hits.
    pub(super) fn total(&self) -> u64 {
        self.count.saturating_mul(self.shapes.len() as u64)
    }

    /// The hits, one by one.
    pub(super) fn hits(&self) -> impl Iterator<Item = Hit> + '_ {
        (0..self.count).flat_map(|place| {
            let offset = self.first + place * self.step;
            self.shapes.iter().map(move |&(len, needle)| Hit { offset, len, needle })
        })
    }

    /// The last of them.
    pub(super) fn last(&self) -> Option<Hit> {
        let &(len, needle) = self.shapes.last()?;
        Some(Hit { offset: self.first + self.count.checked_sub(1)? * self.step, len, needle })
    }
}

/// Where a file cannot be read, parts of this length are tried one by one, as an overview does.
const SKIPPED: u64 = crate::explore::overview::SKIPPED;

/// Helpers for the thread that asked: as many threads as there are cores, of which one is not used.
static HELPERS: LazyLock<Option<ThreadPool>> = LazyLock::new(|| {
    let pool = ThreadPoolBuilder::new().thread_name(|i| format!("seektell search {i}")).build().ok();
    pool.filter(|pool| pool.current_num_threads() > 1)
});

/// What all threads of one search share.
struct Shared {
    buffer: Buffer,
    range: (u64, u64),
    matcher: Arc<Matcher>,
    progress: Progress,
    over: AtomicBool,
    /// How many hits are still wanted one by one.
    room: AtomicUsize,
    board: Mutex<Board>,
    changed: Condvar,
}

struct Board {
    plan: Plan,
    /// The number of the next block to be taken, and of the next to be put in its place.
    next: usize,
    merged: usize,
    /// Blocks that may be taken before those in front of them are done.
    ahead: usize,
    done: BTreeMap<usize, Done>,
}

/// A block that was looked at; `Err` of what a thread died of.
type Done = (Block, Result<Result<Found, ReadError>, ()>);

/// What one thread keeps between blocks.
struct Bench {
    scratch: Scratches,
    window: Vec<u8>,
}

impl Board {
    fn take(&mut self, buffer: &Buffer) -> Option<(usize, Block)> {
        if self.next >= self.merged + self.ahead {
            return None;
        }
        let block = self.plan.next(buffer)?;
        self.next += 1;
        Some((self.next - 1, block))
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stopped(&self) -> bool {
        self.over.load(Ordering::Relaxed) || self.progress.is_cancelled()
    }

    /// Matches that begin in a block, from `from` on.
    fn look(&self, block: Block, from: u64, room: usize, bench: &mut Bench) -> Result<Found, ReadError> {
        if block.fill.is_some() {
            return Ok(Found::default());
        }
        let (start, end) = self.range;
        let first = from.max(block.start);
        let window_start = first.saturating_sub(LOOK as u64).max(start);
        let window_end = (block.end - 1).saturating_add((self.matcher.longest() + LOOK) as u64).min(end);
        let len = (window_end - window_start) as usize;
        let starts = (first - window_start) as usize..(block.end - window_start) as usize;
        let window = match self.buffer.extent_at(Offset(window_start)) {
            Some(Extent::Memory(bytes)) if bytes.len() >= len => &bytes[..len],
            _ => {
                if bench.window.len() < len {
                    bench.window.resize(len, 0);
                }
                let window = &mut bench.window[..len];
                match self.buffer.read_at(Offset(window_start), window) {
                    Ok(_) => &*window,
                    Err(error) if is_local(&error) => {
                        return self.look_around(block, first, window_start, window, room, &mut bench.scratch);
                    }
                    Err(error) => return Err(error),
                }
            }
        };
        Ok(self.matcher.scan(window, window_start, starts, room, &mut bench.scratch, &|| self.stopped()))
    }

    /// The same where a part of the window cannot be read: what can be is searched run by run, as if it were all there is. The
    /// parts are the same for all blocks, so that neighbours agree.
    fn look_around(
        &self,
        block: Block,
        first: u64,
        base: u64,
        window: &mut [u8],
        room: usize,
        scratch: &mut Scratches,
    ) -> Result<Found, ReadError> {
        let end = base + window.len() as u64;
        let mut found = Found::default();
        let (mut at, mut run) = (base, base);
        while at < end && !self.stopped() {
            let next = (at + 1).next_multiple_of(SKIPPED).min(end);
            let part = &mut window[(at - base) as usize..(next - base) as usize];
            match self.buffer.read_at(Offset(at), part) {
                Ok(_) => {}
                Err(error) if is_local(&error) => {
                    self.look_at_run(block, first, (base, window), run..at, room, scratch, &mut found);
                    let inside = at.max(block.start)..next.min(block.end);
                    if inside.start < inside.end {
                        found.unreadable.push((inside, error));
                    }
                    run = next;
                }
                Err(error) => return Err(error),
            }
            at = next;
        }
        self.look_at_run(block, first, (base, window), run..at, room, scratch, &mut found);
        Ok(found)
    }

    #[expect(clippy::too_many_arguments, reason = "a block, a window, a run of it, and where it goes")]
    fn look_at_run(
        &self,
        block: Block,
        first: u64,
        (base, window): (u64, &[u8]),
        run: Range<u64>,
        room: usize,
        scratch: &mut Scratches,
        found: &mut Found,
    ) {
        let (from, to) = (run.start.max(first), run.end.min(block.end));
        if from < to {
            let bytes = &window[(run.start - base) as usize..(run.end - base) as usize];
            let starts = (from - run.start) as usize..(to - run.start) as usize;
            let room = room.saturating_sub(found.hits.len());
            found.append(self.matcher.scan(bytes, run.start, starts, room, scratch, &|| self.stopped()));
        }
    }

    fn bench(&self) -> Bench {
        Bench { scratch: self.matcher.scratch(), window: Vec::new() }
    }

    /// Looks at blocks until there are none, or somebody stops it.
    fn help(&self) {
        let mut bench = self.bench();
        loop {
            let taken = {
                let mut board = self.lock();
                loop {
                    if self.stopped() || (board.plan.is_done()) {
                        return;
                    }
                    match board.take(&self.buffer) {
                        Some(taken) => break taken,
                        None => board = self.changed.wait(board).unwrap_or_else(PoisonError::into_inner),
                    }
                }
            };
            self.work(taken, &mut bench);
        }
    }

    fn work(&self, (number, block): (usize, Block), bench: &mut Bench) {
        let room = self.room.load(Ordering::Relaxed);
        let found = catch_unwind(AssertUnwindSafe(|| self.look(block, block.start, room, bench)));
        self.lock().done.insert(number, (block, found.map_err(|_| ())));
        self.changed.notify_all();
    }
}

/// Stops the helpers whatever way a search ends.
struct Over<'a>(&'a Shared);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.over.store(true, Ordering::Relaxed);
        // Whoever is about to wait has seen it, or waits already.
        drop(self.0.lock());
        self.0.changed.notify_all();
    }
}

/// Tells `sink` every match inside `range` of a snapshot that begins in `starts`, in order. The range is all there is: nothing
/// outside of it is seen. `progress` says whether to stop; how far the search is, the sink is told.
pub(super) fn scan(
    buffer: &Buffer,
    range: ByteRange,
    starts: Range<u64>,
    matcher: &Arc<Matcher>,
    progress: &Progress,
    sink: &mut dyn Sink,
) -> Result<(), SearchError> {
    let range = range.clamp_to(buffer.len());
    let (start, end) = (range.start.0, range.end().0);
    let starts = starts.start.clamp(start, end)..starts.end.clamp(start, end);
    let plan = Plan::new(starts.start, starts.end, matcher.longest());
    let helpers = HELPERS.as_ref().filter(|_| starts.end.saturating_sub(starts.start) > 2 * super::plan::BLOCK);
    let threads = helpers.map_or(1, ThreadPool::current_num_threads);
    let board = Board { plan, next: 0, merged: 0, ahead: threads + 2, done: BTreeMap::new() };
    let shared = Arc::new(Shared {
        buffer: buffer.clone(),
        range: (start, end),
        matcher: Arc::clone(matcher),
        progress: progress.clone(),
        over: AtomicBool::new(false),
        room: AtomicUsize::new(sink.room()),
        board: Mutex::new(board),
        changed: Condvar::new(),
    });
    let _over = Over(&shared);
    if let Some(pool) = helpers {
        for _ in 1..threads {
            let shared = Arc::clone(&shared);
            pool.spawn(move || shared.help());
        }
    }
    Merge { shared: &shared, bench: shared.bench(), from: start, fills: BTreeMap::new() }.run(sink)
}

/// Puts results together.
struct Merge<'a> {
    shared: &'a Shared,
    bench: Bench,
    /// The end of the last match: the next one begins here or later, unless matches may overlap.
    from: u64,
    /// What matches in runs of a byte.
    fills: BTreeMap<u8, Vec<(u32, u16)>>,
}

impl Merge<'_> {
    fn run(mut self, sink: &mut dyn Sink) -> Result<(), SearchError> {
        let shared = self.shared;
        loop {
            shared.progress.check()?;
            let mut board = shared.lock();
            let merged = board.merged;
            if let Some((block, found)) = board.done.remove(&merged) {
                board.merged += 1;
                drop(board);
                shared.changed.notify_all();
                let Ok(found) = found else { return Err(SearchError::Broken) };
                self.put(block, found.map_err(SearchError::Read)?, sink)?;
                shared.room.store(sink.room(), Ordering::Relaxed);
                if sink.reached(block.end).is_break() {
                    return Ok(());
                }
            } else if board.plan.is_done() && merged == board.next {
                return Ok(());
            } else if let Some(taken) = board.take(&shared.buffer) {
                drop(board);
                shared.work(taken, &mut self.bench);
            } else {
                // A helper has the block. Nobody wakes this thread where it is cancelled: it looks itself.
                drop(shared.changed.wait_timeout(board, Duration::from_millis(10)));
            }
        }
    }

    fn put(&mut self, block: Block, mut found: Found, sink: &mut dyn Sink) -> Result<(), SearchError> {
        // What a stopped scan found is not whole.
        self.shared.progress.check()?;
        let matcher = &self.shared.matcher;
        if let Some(byte) = block.fill {
            self.put_fill(block, byte, sink);
            return Ok(());
        }
        for (range, why) in std::mem::take(&mut found.unreadable) {
            sink.unreadable(range, &why);
        }
        if !matcher.overlapping() && found.first.is_some_and(|first| first < self.from) {
            // The last match of the blocks before reaches into this one: what comes behind it is found anew.
            found = if self.from < block.end {
                self.shared.look(block, self.from, sink.room(), &mut self.bench).map_err(SearchError::Read)?
            } else {
                Found::default()
            };
            self.shared.progress.check()?;
        }
        let Some(last) = found.last else { return Ok(()) };
        self.from = last.end();
        // A block may have been looked at before the blocks in front of it took all the room.
        found.hits.truncate(sink.room());
        let rest = found.count - found.hits.len() as u64;
        sink.hits(&found.hits);
        if rest > 0 {
            sink.counted(rest, last);
        }
        Ok(())
    }

    fn put_fill(&mut self, block: Block, byte: u8, sink: &mut dyn Sink) {
        let (matcher, scratch) = (&self.shared.matcher, &mut self.bench.scratch);
        let shapes = self.fills.entry(byte).or_insert_with(|| matcher.in_fill(byte, scratch));
        let Some(&(len, _)) = shapes.first() else { return };
        let align = matcher.align().max(1);
        let up = |at: u64| at.checked_next_multiple_of(align);
        let from = if matcher.overlapping() { block.start } else { block.start.max(self.from) };
        let step = if matcher.overlapping() { Some(align) } else { up(len.into()) };
        let (Some(first), Some(step)) = (up(from), step) else { return };
        if first >= block.end {
            return;
        }
        let count = (block.end - 1 - first) / step + 1;
        let run = Run { byte, first, step, count, shapes: shapes.clone() };
        if let Some(last) = run.last() {
            self.from = last.end();
        }
        sink.run(&run);
    }
}

impl From<Cancelled> for SearchError {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}
