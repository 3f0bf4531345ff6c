//! The pass over a range on all cores.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::bucket::Bucket;
use super::count::{Counter, Histogram, entropy};
use super::read::{Run, STEP, runs};
use super::{Overview, Request, sample, update};
use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::tasks::{Cancelled, Progress};

/// Bytes of parts that one core takes at once; a part that is longer is taken alone.
const UNIT: u64 = 4 << 20;

/// From this length on a sample is taken first.
const SAMPLED: u64 = if cfg!(test) { 4 << 20 } else { 32 << 20 };

/// Between two partial results.
const PUBLISHED: Duration = Duration::from_millis(150);

/// The shortest part, and the length from which on a part has an entropy of its own.
const SHORTEST: u64 = 16;
const WINDOW: u64 = 256;

/// Looks at `request.range` of `buffer`; see the [module](super). `before` is the overview of an earlier moment of the same
/// document, by whose help only what changed is read. `partial` is given what there is from time to time, first a sample.
///
/// # Errors
/// Only [`Cancelled`], within a few milliseconds; what cannot be read is in the overview.
pub fn scan(
    buffer: &Buffer,
    request: &Request,
    before: Option<&Overview>,
    progress: &Progress,
    partial: &(dyn Fn(Overview) + Sync),
) -> Result<Overview, Cancelled> {
    let range = request.range.clamp_to(buffer.len());
    if let Some(before) = before
        && let Some(mut overview) = update::update(before, buffer, range, request, progress)?
    {
        mark_changes(&mut overview, request);
        return Ok(overview);
    }
    progress.set_total(range.len.0);
    let mut overview = empty(buffer, range, request);
    mark_changes(&mut overview, request);
    if range.len.0 >= SAMPLED {
        sample::sample(buffer, &mut overview, progress)?;
        partial(overview.clone());
        progress.set_done(0);
    }
    pass(buffer, &mut overview, progress, Some(partial))?;
    if overview.buckets.first().is_some_and(|bucket| bucket.range.len.0 < WINDOW) {
        entropy_around(buffer, &mut overview);
    }
    Ok(overview)
}

/// No part was looked at yet.
pub(super) fn empty(buffer: &Buffer, range: ByteRange, request: &Request) -> Overview {
    Overview {
        range,
        buckets: divided(range, bucket_len(range.len.0, request.buckets)).collect(),
        histogram: Box::new([0; 256]),
        pairs: vec![0; if request.pairs { 1 << 16 } else { 0 }],
        problem: None,
        compared: request.base.is_some(),
        content: buffer.clone(),
    }
}

/// How long the parts are: a power of two, so that a document that grows keeps its parts for a while.
pub(super) fn bucket_len(len: u64, buckets: usize) -> u64 {
    let buckets = (buckets as u64).max(1);
    len.div_ceil(buckets).max(SHORTEST).checked_next_power_of_two().unwrap_or(1 << 63)
}

pub(super) fn divided(range: ByteRange, len: u64) -> impl Iterator<Item = Bucket> {
    let end = range.end();
    let mut at = range.start;
    std::iter::from_fn(move || {
        let start = at;
        at = at.saturating_add(Len(len)).min(end);
        (start < end).then(|| Bucket::new(ByteRange::between(start, at)))
    })
}

/// What the cores share while they work.
struct Shared<'a> {
    overview: Mutex<&'a mut Overview>,
    /// Of the parts that are done; the overview's own numbers are those of the sample until everything is done.
    totals: Mutex<Totals>,
    published: Mutex<Instant>,
}

pub(super) struct Totals {
    pub(super) histogram: Box<Histogram>,
    pub(super) pairs: Vec<u64>,
}

impl Totals {
    pub(super) fn new(pairs: bool) -> Self {
        Self { histogram: Box::new([0; 256]), pairs: vec![0; if pairs { 1 << 16 } else { 0 }] }
    }

    fn add(&mut self, histogram: &Histogram) {
        self.histogram.iter_mut().zip(histogram).for_each(|(sum, count)| *sum += count);
    }
}

/// Reads every part and puts its numbers in, and the totals.
pub(super) fn pass(
    buffer: &Buffer,
    overview: &mut Overview,
    progress: &Progress,
    partial: Option<&(dyn Fn(Overview) + Sync)>,
) -> Result<(), Cancelled> {
    let with_pairs = !overview.pairs.is_empty();
    let ranges: Vec<ByteRange> = overview.buckets.iter().map(|bucket| bucket.range).collect();
    let units = units(&ranges);
    let next = AtomicUsize::new(0);
    let sampled = overview.buckets.iter().any(|bucket| bucket.read > 0);
    let shared = Shared {
        overview: Mutex::new(overview),
        totals: Mutex::new(Totals::new(with_pairs)),
        published: Mutex::new(Instant::now()),
    };
    let work = || {
        let mut worker = Worker { counter: Counter::new(with_pairs), block: Vec::new(), totals: Totals::new(with_pairs) };
        while let Some(&(from, to)) = units.get(next.fetch_add(1, Ordering::Relaxed)) {
            if worker.unit(buffer, &ranges[from..to], from, &shared, progress).is_err() {
                return;
            }
            if let Some(partial) = partial {
                worker.publish(&shared, sampled, partial);
            }
        }
        worker.hand_in(&shared);
    };
    let helpers = units.len().min(rayon::current_num_threads()).saturating_sub(1);
    // This thread works too: where the others are busy with something else, it does all of it.
    rayon::in_place_scope(|scope| {
        (0..helpers).for_each(|_| scope.spawn(|_| work()));
        work();
    });
    progress.check()?;
    let totals = shared.totals.into_inner().unwrap_or_else(PoisonError::into_inner);
    let overview = shared.overview.into_inner().unwrap_or_else(PoisonError::into_inner);
    (overview.histogram, overview.pairs) = (totals.histogram, totals.pairs);
    Ok(())
}

/// Which parts are taken together: from, and to behind the last.
fn units(ranges: &[ByteRange]) -> Vec<(usize, usize)> {
    let (mut units, mut from, mut len) = (Vec::new(), 0, 0);
    for (index, range) in ranges.iter().enumerate() {
        if len > 0 && len + range.len.0 > UNIT {
            units.push((from, index));
            (from, len) = (index, 0);
        }
        len += range.len.0;
    }
    if from < ranges.len() {
        units.push((from, ranges.len()));
    }
    units
}

struct Worker {
    counter: Counter,
    block: Vec<u8>,
    totals: Totals,
}

impl Worker {
    /// Reads parts that follow each other.
    fn unit(
        &mut self,
        buffer: &Buffer,
        ranges: &[ByteRange],
        first: usize,
        shared: &Shared<'_>,
        progress: &Progress,
    ) -> Result<(), Cancelled> {
        let start = ranges.first().map_or(0, |range| range.start.0);
        let overview_start = lock(&shared.overview).range.start.0;
        let with_pairs = !self.totals.pairs.is_empty();
        let mut last = if with_pairs && start > overview_start { buffer.byte_at(Offset(start - 1)).ok().flatten() } else { None };
        let mut done = Vec::with_capacity(ranges.len());
        let mut problem = None;
        for range in ranges {
            let mut bucket = Bucket::new(*range);
            let mut unreadable = 0;
            let (counter, totals) = (&mut self.counter, &mut self.totals);
            let mut histogram = [0; 256];
            runs(buffer, range.start.0, range.end().0, &mut self.block, progress, &mut |run| match run {
                Run::Bytes(bytes) => {
                    if counter.is_full(STEP) {
                        counter.flush_pairs(&mut totals.pairs);
                        histogram.iter_mut().zip(counter.take()).for_each(|(sum, count)| *sum += count);
                    }
                    counter.add(bytes, last);
                    last = bytes.last().copied();
                    progress.advance(bytes.len() as u64);
                }
                Run::Fill(byte, len) => {
                    counter.add_fill(byte, len, last);
                    last = Some(byte);
                    progress.advance(len);
                }
                Run::Unreadable(len, why) => {
                    unreadable += len;
                    last = None;
                    problem.get_or_insert(why);
                    progress.advance(len);
                }
            })?;
            histogram.iter_mut().zip(counter.take()).for_each(|(sum, count)| *sum += count);
            bucket.set(&histogram, unreadable);
            totals.add(&histogram);
            done.push(bucket);
        }
        let mut overview = lock(&shared.overview);
        for (old, mut new) in overview.buckets[first..].iter_mut().zip(done) {
            new.changed = old.changed;
            *old = new;
        }
        if overview.problem.is_none() {
            overview.problem = problem;
        }
        Ok(())
    }

    fn hand_in(&mut self, shared: &Shared<'_>) {
        self.counter.flush_pairs(&mut self.totals.pairs);
        let mut totals = lock(&shared.totals);
        totals.add(&self.totals.histogram);
        totals.pairs.iter_mut().zip(&self.totals.pairs).for_each(|(sum, count)| *sum += count);
        *self.totals.histogram = [0; 256];
        self.totals.pairs.fill(0);
    }

    /// Hands out what there is, where it is time for it. Without a sample the totals are those of the parts that are done;
    /// with one they stay those of the sample, which speaks for the whole.
    fn publish(&mut self, shared: &Shared<'_>, sampled: bool, partial: &(dyn Fn(Overview) + Sync)) {
        let mut published = lock(&shared.published);
        if published.elapsed() < PUBLISHED {
            return;
        }
        *published = Instant::now();
        drop(published);
        let mut copy = lock(&shared.overview).clone();
        if !sampled {
            self.hand_in(shared);
            let totals = lock(&shared.totals);
            copy.histogram.clone_from(&totals.histogram);
            copy.pairs.clone_from(&totals.pairs);
        }
        partial(copy);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Parts that are too short for an entropy of their own get that of the bytes around them. Such ranges are short.
fn entropy_around(buffer: &Buffer, overview: &mut Overview) {
    let range = overview.range;
    let (first, last) = (range.start.0, range.end().0);
    for bucket in &mut overview.buckets {
        let middle = bucket.range.start.0 + bucket.range.len.0 / 2;
        let start = middle.saturating_sub(WINDOW / 2).max(first).min(last.saturating_sub(WINDOW).max(first));
        let around = ByteRange::between(Offset(start), Offset((start + WINDOW).min(last)));
        if let Ok(bytes) = buffer.to_vec(around) {
            let mut histogram = [0; 256];
            for byte in bytes {
                histogram[usize::from(byte)] += 1;
            }
            bucket.entropy = entropy(&histogram);
        }
    }
}

/// Counts what of each part differs from the saved document.
fn mark_changes(overview: &mut Overview, request: &Request) {
    overview.compared = request.base.is_some();
    let changes = request.base.as_ref().map(|base| overview.content.changes_from(base)).unwrap_or_default();
    overview.buckets.iter_mut().for_each(|bucket| bucket.changed = 0);
    let mut first = 0;
    for change in changes {
        first += overview.buckets[first..].partition_point(|bucket| bucket.range.end() <= change.start);
        for bucket in overview.buckets[first..].iter_mut().take_while(|bucket| bucket.range.start < change.end()) {
            let (from, to) = (bucket.range.start.max(change.start), bucket.range.end().min(change.end()));
            bucket.changed += to.saturating_since(from).0;
        }
    }
}
