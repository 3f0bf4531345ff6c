//! The rows that are shown: filtered, then sorted.

use std::time::{Duration, Instant};

use super::condition::{Conditions, Rules};
use super::order::RowOrder;
use super::parts;
use super::sort::{self, SortKey};
use crate::formats::FormatError;
use crate::formats::table::Table;
use crate::tasks::Progress;

/// Rows that a filter may let through; more are refused.
const MOST: usize = 1 << 28;

/// Between two partial results.
const PUBLISHED: Duration = Duration::from_millis(150);

/// The rows of `table` for which `conditions` hold, in the order of `keys` (the first one decides, the next where it finds
/// rows equal); without keys in the order of the table. `progress` counts rows. While rows are only filtered, `partial` is
/// given from time to time what is known of the first ones.
///
/// Cost: one pass over the bytes on all cores; for the memory see the [module](super).
///
/// # Errors
/// `Option` for an expression or a number that is none; `Limit`, `Read`, `Cancelled`.
pub fn view(
    table: &Table,
    conditions: &Conditions,
    keys: &[SortKey],
    progress: &Progress,
    partial: &(dyn Fn(RowOrder) + Sync),
) -> Result<RowOrder, FormatError> {
    let rules = Rules::new(conditions, table)?;
    progress.set_done(0);
    progress.set_total(table.row_count());
    if !keys.is_empty() {
        return sort::sort(table, &rules, keys, progress);
    }
    if conditions.filters.is_empty() {
        return Ok(RowOrder::all(table.row_count()));
    }
    let parts = parts::parts(table);
    let mut waiting: Vec<Option<Vec<u32>>> = parts.iter().map(|_| None).collect();
    let (mut kept, mut next) = (Kept::new(table.row_count()), 0);
    let mut told = Instant::now();
    parts::run(
        &parts,
        progress,
        || (),
        |(), part| {
            let mut rows = Vec::new();
            let first = part.start;
            parts::each(table, part, progress, &mut |record| {
                if rules.hold(record) {
                    rows.push((record.row - first) as u32);
                }
                Ok(true)
            })?;
            Ok(rows)
        },
        |number, rows| {
            waiting[number] = Some(rows);
            while let Some(rows) = waiting.get_mut(next).and_then(Option::take) {
                kept.extend(parts[next].start, &rows)?;
                next += 1;
            }
            if told.elapsed() >= PUBLISHED {
                told = Instant::now();
                partial(kept.clone().order());
            }
            Ok(())
        },
    )?;
    Ok(kept.order())
}

/// Rows that passed.
#[derive(Clone)]
enum Kept {
    Narrow(Vec<u32>),
    Wide(Vec<u64>),
}

impl Kept {
    fn new(rows: u64) -> Self {
        if u32::try_from(rows).is_ok() { Self::Narrow(Vec::new()) } else { Self::Wide(Vec::new()) }
    }

    fn extend(&mut self, first: u64, rows: &[u32]) -> Result<(), FormatError> {
        let len = match self {
            Self::Narrow(all) => {
                all.extend(rows.iter().map(|row| first as u32 + row));
                all.len()
            }
            Self::Wide(all) => {
                all.extend(rows.iter().map(|&row| first + u64::from(row)));
                all.len()
            }
        };
        if len > MOST {
            return Err(FormatError::Limit {
                what: format!("at least {len} rows meet the conditions"),
                limit: format!("{MOST} rows in a list; narrow the conditions"),
            });
        }
        Ok(())
    }

    fn order(self) -> RowOrder {
        match self {
            Self::Narrow(rows) => RowOrder::narrow(rows, true),
            Self::Wide(rows) => RowOrder::wide(rows, true),
        }
    }
}
