//! Rows in another order.

use std::cmp::Ordering;
use std::ops::Range;

use rayon::slice::ParallelSliceMut;

use super::condition::Rules;
use super::keys::Column;
use super::order::RowOrder;
use super::parts;
use crate::formats::FormatError;
use crate::formats::table::Table;
use crate::tasks::Progress;

/// What may be held while rows are sorted.
const MEMORY: u64 = 2 << 30;

/// How cells are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum By {
    /// Character by character, in the order of Unicode's code points.
    #[default]
    Text,
    /// As numbers, exactly. Behind them all, whichever way is sorted: NaN, then cells that are no numbers, then empty ones.
    Number,
    /// As people sort names: capital and small letters are the same, and runs of digits are compared as numbers (`a9` before
    /// `A10`).
    Natural,
    /// By the number of characters.
    Length,
}

impl By {
    /// All of them, in the order in which a menu shows them.
    pub const ALL: [Self; 4] = [Self::Text, Self::Number, Self::Natural, Self::Length];

    /// Its name, as [`SortKey::parse`] reads it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Natural => "natural",
            Self::Length => "length",
        }
    }
}

/// A column to sort by. Rows that are equal stay in the order in which they were; empty and missing cells come last whichever
/// way is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SortKey {
    /// The column, from 0 on.
    pub column: usize,
    /// How its cells are compared.
    pub by: By,
    /// The greatest first.
    pub descending: bool,
}

/// A row while it is sorted: the word of its first key, and its place among the rows that are sorted.
type Entry = (u64, u32);

/// The rows that `rules` let through, in the order of `keys`.
pub(super) fn sort(table: &Table, rules: &Rules, keys: &[SortKey], progress: &Progress) -> Result<RowOrder, FormatError> {
    if table.row_count() > u64::from(u32::MAX) {
        return Err(FormatError::Limit {
            what: format!("{} rows are to be sorted", table.row_count()),
            limit: format!("{} rows", u32::MAX),
        });
    }
    let (rows, columns) = gather(table, rules, keys, progress)?;
    let mut entries: Vec<Entry> = Vec::new();
    entries.try_reserve_exact(rows.len()).map_err(|_| too_much())?;
    entries.extend(columns[0].words.iter().copied().zip(0..));
    progress.check()?;
    let ties = |a: u32, b: u32| {
        for (key, column) in keys.iter().zip(&columns) {
            let words = column.words[a as usize].cmp(&column.words[b as usize]);
            let order = words.then_with(|| column.compare_rest(key, a, b));
            if order != Ordering::Equal {
                return order;
            }
        }
        a.cmp(&b)
    };
    sorted(&mut entries, progress, &ties)?;
    drop(columns);
    Ok(RowOrder::narrow(entries.into_iter().map(|(_, at)| rows[at as usize]).collect(), false))
}

/// Runs that are sorted at once: few enough rows that stopping takes a few milliseconds.
const RUN: usize = 1 << 17;

/// Sorts in runs that are merged, so that stopping never waits for a whole sort.
fn sorted(
    entries: &mut Vec<Entry>,
    progress: &Progress,
    ties: &(dyn Fn(u32, u32) -> Ordering + Sync),
) -> Result<(), FormatError> {
    let compare = |a: &Entry, b: &Entry| a.0.cmp(&b.0).then_with(|| ties(a.1, b.1));
    for run in entries.chunks_mut(RUN) {
        progress.check()?;
        run.par_sort_unstable_by(compare);
    }
    let mut spare: Vec<Entry> = Vec::new();
    spare.try_reserve_exact(entries.len()).map_err(|_| too_much())?;
    let mut run = RUN;
    while run < entries.len() {
        spare.clear();
        for pair in entries.chunks(2 * run) {
            let (mut one, mut other) = pair.split_at(run.min(pair.len()));
            while let (Some(first), Some(second)) = (one.first(), other.first()) {
                if compare(first, second) == Ordering::Greater {
                    spare.push(*second);
                    other = &other[1..];
                } else {
                    spare.push(*first);
                    one = &one[1..];
                }
                if spare.len().is_multiple_of(RUN) {
                    progress.check()?;
                }
            }
            spare.extend_from_slice(one);
            spare.extend_from_slice(other);
        }
        std::mem::swap(entries, &mut spare);
        run *= 2;
    }
    Ok(())
}

/// The rows to sort and their keys.
fn gather(table: &Table, rules: &Rules, keys: &[SortKey], progress: &Progress) -> Result<(Vec<u32>, Vec<Column>), FormatError> {
    let parts = parts::parts(table);
    let mut rows: Vec<u32> = Vec::new();
    let mut columns: Vec<Column> = keys.iter().map(|_| Column::default()).collect();
    // What came out of parts before one that is still missing.
    let mut waiting: Vec<Option<(Vec<u32>, Vec<Column>)>> = parts.iter().map(|_| None).collect();
    let (mut next, mut held) = (0, 0_u64);
    let work = |folded: &mut Vec<u8>, part: Range<u64>| {
        let mut rows = Vec::new();
        let mut columns: Vec<Column> = keys.iter().map(|_| Column::default()).collect();
        parts::each(table, part, progress, &mut |record| {
            if rules.hold(record) {
                rows.push(record.row as u32);
                for (key, column) in keys.iter().zip(&mut columns) {
                    column.push(key, record, folded)?;
                }
            }
            Ok(true)
        })?;
        Ok((rows, columns))
    };
    parts::run(&parts, progress, Vec::new, work, |number, part| {
        held += part.1.iter().map(Column::memory).sum::<u64>() + 24 * part.0.len() as u64;
        if held > MEMORY {
            return Err(too_much());
        }
        waiting[number] = Some(part);
        while let Some((more, keys)) = waiting.get_mut(next).and_then(Option::take) {
            rows.extend_from_slice(&more);
            for (column, more) in columns.iter_mut().zip(&keys) {
                column.append(more)?;
            }
            next += 1;
        }
        Ok(())
    })?;
    Ok((rows, columns))
}

fn too_much() -> FormatError {
    FormatError::Limit { what: "sorting these rows takes more memory".into(), limit: "2 GiB; filter the rows first".into() }
}
