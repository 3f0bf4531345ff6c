//! A pass over a table on all cores, part by part.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::formats::FormatError;
use crate::formats::table::{Record, Table};
use crate::tasks::Progress;

/// Bytes of a part: enough that dividing costs nothing, few enough that all cores have something to do and that stopping
/// takes a few milliseconds.
const PART: u64 = 1 << 20;

/// Rows between two questions whether to stop.
const ASK: u64 = 1024;

/// The parts of a table.
pub(super) fn parts(table: &Table) -> Vec<Range<u64>> {
    table.parts(PART)
}

/// Gives the rows of a part to `visit`, asking from time to time whether to stop.
pub(super) fn each(
    table: &Table,
    rows: Range<u64>,
    progress: &Progress,
    visit: &mut dyn FnMut(&Record<'_>) -> Result<bool, FormatError>,
) -> Result<(), FormatError> {
    let mut next = rows.start + ASK;
    table.scan(rows, &mut |record| {
        if record.row >= next || record.range.len.0 > PART {
            next = record.row + ASK;
            progress.check()?;
        }
        visit(record)
    })
}

/// Runs `work` on every part, in whatever order, on all cores; `worker` makes what a core keeps from one part to the next.
/// `done` gets the number of each part and what came out of it, one call at a time. Returns what the cores kept.
pub(super) fn run<W: Send, T>(
    parts: &[Range<u64>],
    progress: &Progress,
    worker: impl Fn() -> W + Sync,
    work: impl Fn(&mut W, Range<u64>) -> Result<T, FormatError> + Sync,
    done: impl FnMut(usize, T) -> Result<(), FormatError> + Send,
) -> Result<Vec<W>, FormatError> {
    let (next, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
    let done = Mutex::new(done);
    let failure: Mutex<Option<FormatError>> = Mutex::new(None);
    let kept = Mutex::new(Vec::new());
    let go = || {
        let mut state = worker();
        while !stopped.load(Ordering::Relaxed) {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(part) = parts.get(number) else { break };
            let result = progress.check().map_err(FormatError::from).and_then(|()| work(&mut state, part.clone()));
            let result = result.and_then(|value| {
                progress.advance(part.end - part.start);
                let mut done = lock(&done);
                done(number, value)
            });
            if let Err(error) = result {
                stopped.store(true, Ordering::Relaxed);
                lock(&failure).get_or_insert(error);
            }
        }
        lock(&kept).push(state);
    };
    let helpers = parts.len().min(rayon::current_num_threads()).saturating_sub(1);
    // This thread works too: where the others are busy with something else, it does all of it.
    rayon::in_place_scope(|scope| {
        (0..helpers).for_each(|_| scope.spawn(|_| go()));
        go();
    });
    match failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(error) => Err(error),
        None => Ok(kept.into_inner().unwrap_or_else(PoisonError::into_inner)),
    }
}

pub(super) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
