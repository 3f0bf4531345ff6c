//! What the cells of columns are like, in one pass on all cores.

mod column;
mod dictionary;
mod distinct;
mod histogram;
mod total;

use std::sync::Mutex;
use std::time::{Duration, Instant};

use column::Column;
pub use histogram::{Histogram, histogram};
use rayon::prelude::*;
pub use total::{Sum, Total};

use super::order::{RowOrder, RowSet};
use super::parts;
use crate::formats::FormatError;
use crate::formats::table::Table;
use crate::tasks::Progress;

/// Between two partial results, at least.
const PUBLISHED: Duration = Duration::from_millis(300);

/// A partial result takes one part in so many of a core's time.
const TELLING: u32 = 24;

/// Texts of a result are cut to so many characters.
pub(super) const SHOWN: usize = 1000;

/// Values of a column of which all are counted, and texts that are counted for the whole table.
const BUDGET: usize = 1 << 22;

/// How many different values a column has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distinct {
    /// So many.
    Exact(u64),
    /// About so many (HyperLogLog, 2^14 registers: two times in three within 0.8 %).
    About(u64),
}

impl Distinct {
    /// The number, exact or not.
    pub fn get(self) -> u64 {
        match self {
            Self::Exact(count) | Self::About(count) => count,
        }
    }
}

/// A value that comes often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopValue {
    /// Its text, cut to 1,000 characters.
    pub text: String,
    /// How often it was counted.
    pub count: u64,
    /// Whether that is all; else it comes at least so often.
    pub exact: bool,
}

/// What the cells of one column are like.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnStatistics {
    /// The column, from 0 on.
    pub column: usize,
    /// Cells with text.
    pub count: u64,
    /// Cells without, those that rows do not have included.
    pub empty: u64,
    /// Cells that rows do not have.
    pub missing: u64,
    /// How many cells look like what, in the order of [`CellType::ALL`](super::CellType::ALL).
    pub types: [u64; 6],
    /// How many different texts there are; no text is none of them.
    pub distinct: Distinct,
    /// The texts that come most often, at most 20, the most frequent first; those that come equally often by their text.
    pub top: Vec<TopValue>,
    /// The first and the last text in the order of code points, cut to 1,000 characters.
    pub text_range: Option<(String, String)>,
    /// Characters of the shortest and of the longest cell that has text.
    pub lengths: Option<(u64, u64)>,
    /// All characters.
    pub characters: u64,
    /// What the numbers amount to; `None` where there are none.
    pub numbers: Option<Total>,
    /// How the numbers are spread, for a plot; infinity and NaN left out.
    pub histogram: Option<Histogram>,
}

/// What the columns of a table are like.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    /// Rows that were looked at.
    pub rows: u64,
    /// Rows of which only the first 16 MiB, or the first 2^20 cells, were looked at.
    pub cut_rows: u64,
    /// Whether these are all rows; false for partial results.
    pub complete: bool,
    /// One for each column that was asked for.
    pub columns: Vec<ColumnStatistics>,
}

/// Looks at `columns` of the rows that `rows` shows (of all without it). `progress` counts rows; `partial` gets results of the
/// rows that were looked at so far, a few times a second.
///
/// Exact are the counts, types, lengths, extremes, and the sum of numbers as [`Sum`] says. How many values differ is exact up to
/// 65,536 of a column, fewer where there are more than 64 columns; the quartiles are where so many differ or fewer, or up to
/// 262,144 rows, beyond that they are those of an even sample of so many ([`Total::sampled`]). At most 16,384 columns.
///
/// # Errors
/// `Read`, `Cancelled`; `Limit` for more columns.
pub fn statistics(
    table: &Table,
    columns: &[usize],
    rows: Option<&RowOrder>,
    progress: &Progress,
    partial: &(dyn Fn(Statistics) + Sync),
) -> Result<Statistics, FormatError> {
    if columns.len() > Table::SHOWN_COLUMNS {
        let what = format!("statistics of {} columns are wanted", columns.len());
        return Err(FormatError::Limit { what, limit: format!("{} at once", Table::SHOWN_COLUMNS) });
    }
    progress.set_done(0);
    progress.set_total(table.row_count());
    let shown = match rows {
        Some(rows) if rows.is_empty() => RowSet::none(),
        Some(rows) => rows.set(table.row_count()),
        None => RowSet::default(),
    };
    let total = rows.map_or(table.row_count(), RowOrder::len);
    let share = BUDGET / columns.len().max(1);
    let sample = Sample::new(total, share.clamp(1 << 10, 1 << 18) as u64);
    let texts = share.clamp(1 << 8, 1 << 16);
    let fresh = || Worker {
        rows: 0,
        cut: 0,
        columns: columns.iter().map(|_| Column::new(texts)).collect(),
        told: Instant::now(),
        wait: PUBLISHED,
    };
    let told: Mutex<Vec<Worker>> = Mutex::new(Vec::new());
    let ids = Mutex::new(0..);
    let workers = parts::run(
        &parts::parts(table),
        progress,
        || (parts::lock(&ids).next().unwrap_or(0_usize), fresh()),
        |(id, worker), part| {
            if !shown.touches(part.clone()) {
                return Ok(());
            }
            parts::each(table, part, progress, &mut |record| {
                if !shown.contains(record.row) {
                    return Ok(true);
                }
                worker.rows += 1;
                worker.cut += u64::from(record.cut);
                let sampled = sample.takes(record.row);
                for (statistics, &column) in worker.columns.iter_mut().zip(columns) {
                    if column < record.len() {
                        statistics.add(&record.utf8(column), sampled);
                    } else {
                        statistics.add_missing();
                    }
                }
                Ok(true)
            })?;
            // Where somebody else is telling just now, the next part is time enough.
            if worker.told.elapsed() >= worker.wait
                && let Ok(mut all) = told.try_lock()
            {
                let started = Instant::now();
                while all.len() <= *id {
                    all.push(fresh());
                }
                all[*id] = worker.clone();
                let together = merged(all.iter().cloned(), &fresh);
                drop(all);
                partial(together.finish(columns, false));
                worker.told = Instant::now();
                worker.wait = PUBLISHED.max(started.elapsed() * TELLING);
            }
            Ok(())
        },
        |_, ()| Ok(()),
    )?;
    let all = merged(workers.into_iter().map(|(_, worker)| worker), &fresh);
    Ok(all.finish(columns, true))
}

/// What one core has seen.
#[derive(Clone)]
struct Worker {
    rows: u64,
    cut: u64,
    columns: Vec<Column>,
    /// When it last told of it, and how long it waits before it does again.
    told: Instant,
    wait: Duration,
}

fn merged(workers: impl Iterator<Item = Worker>, fresh: &dyn Fn() -> Worker) -> Worker {
    let all = workers.reduce(|mut all, other| {
        all.rows += other.rows;
        all.cut += other.cut;
        for (column, more) in all.columns.iter_mut().zip(other.columns) {
            column.merge(more);
        }
        all
    });
    all.unwrap_or_else(fresh)
}

impl Worker {
    fn finish(self, columns: &[usize], complete: bool) -> Statistics {
        // What is left is sorting, which takes a while for columns of many numbers.
        let finished = self.columns.into_par_iter().zip(columns).map(|(found, &column)| found.finish(column)).collect();
        Statistics { rows: self.rows, cut_rows: self.cut, complete, columns: finished }
    }
}

/// Which rows stand for all where not all numbers are kept: the same ones whoever looks at them.
struct Sample {
    /// Rows whose mixed number is at most this are taken.
    most: u64,
}

impl Sample {
    fn new(rows: u64, wanted: u64) -> Self {
        if rows <= wanted {
            return Self { most: u64::MAX };
        }
        Self { most: ((u128::from(u64::MAX) * u128::from(wanted)) / u128::from(rows)) as u64 }
    }

    fn takes(&self, row: u64) -> bool {
        // The finalizer of SplitMix64.
        let mut mixed = row.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31) <= self.most
    }
}
