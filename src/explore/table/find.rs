//! Where something stands in a table.

use std::ops::Range;

use super::condition::{Filter, Matcher, Test};
use super::order::{RowOrder, RowSet};
use super::parts;
use crate::formats::FormatError;
use crate::formats::table::{Record, Table};
use crate::tasks::Progress;

/// What is looked for in cells.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Query {
    /// What a cell is asked; [`Test::Ragged`], which is asked of rows, finds nothing.
    pub test: Test,
    /// Whether capital and small letters differ.
    pub case: bool,
    /// The columns to look in, or `None` for all.
    pub columns: Option<Vec<usize>>,
}

impl Query {
    /// A text anywhere, capital and small letters being the same.
    pub fn text(text: impl Into<String>) -> Self {
        Self { test: Test::Contains(text.into()), case: false, columns: None }
    }
}

/// A cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Its row in the table (not its position in the view).
    pub row: u64,
    /// Its column, from 0 on.
    pub column: usize,
}

/// All cells in which something was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The first ones in the order of the table, up to the number that was asked for.
    pub places: Vec<Place>,
    /// How many cells there are in all.
    pub cells: u64,
    /// How many rows they stand in.
    pub rows: u64,
}

/// A query in the form in which cells are asked quickly.
struct Finder<'a> {
    matcher: Matcher,
    columns: Option<&'a [usize]>,
}

impl<'a> Finder<'a> {
    fn new(query: &'a Query) -> Result<Self, FormatError> {
        let filter = Filter { column: None, test: query.test.clone(), case: query.case, negate: false };
        Ok(Self { matcher: Matcher::new(&filter)?, columns: query.columns.as_deref() })
    }

    /// Gives the columns of a row in which it is found, ascending.
    fn row(&self, record: &Record<'_>, visit: &mut dyn FnMut(usize)) {
        if self.matcher.cannot_match(record) {
            return;
        }
        match self.columns {
            Some(columns) => {
                for &column in columns.iter().filter(|column| **column < record.len()) {
                    if self.matcher.cell(&record.utf8(column)) {
                        visit(column);
                    }
                }
            }
            None => {
                for column in 0..record.len() {
                    if self.matcher.cell(&record.utf8(column)) {
                        visit(column);
                    }
                }
            }
        }
    }
}

/// Looks for `query` in the rows that `rows` shows (all without it), counts the cells and keeps the first `most` places.
/// `progress` counts rows; `partial` gets from time to time how many cells were found so far.
///
/// # Errors
/// `Option` for an expression that is none; `Read`, `Cancelled`.
pub fn find_all(
    table: &Table,
    query: &Query,
    rows: Option<&RowOrder>,
    most: usize,
    progress: &Progress,
    partial: &(dyn Fn(u64) + Sync),
) -> Result<Found, FormatError> {
    let finder = Finder::new(query)?;
    let shown = shown(table, rows);
    progress.set_done(0);
    progress.set_total(table.row_count());
    let parts = parts::parts(table);
    let mut kept: Vec<Vec<Place>> = parts.iter().map(|_| Vec::new()).collect();
    let mut found = Found::default();
    // Places of parts that are behind enough of others are not kept.
    let mut held = 0;
    parts::run(
        &parts,
        progress,
        || (),
        |(), part| {
            let mut here = Found::default();
            if !shown.touches(part.clone()) {
                return Ok(here);
            }
            parts::each(table, part, progress, &mut |record| {
                if !shown.contains(record.row) {
                    return Ok(true);
                }
                let before = here.cells;
                finder.row(record, &mut |column| {
                    here.cells += 1;
                    if here.places.len() < most {
                        here.places.push(Place { row: record.row, column });
                    }
                });
                here.rows += u64::from(here.cells > before);
                Ok(true)
            })?;
            Ok(here)
        },
        |number, here| {
            found.cells += here.cells;
            found.rows += here.rows;
            held += here.places.len();
            kept[number] = here.places;
            if held > most.saturating_mul(2) {
                held = trim(&mut kept, most);
            }
            partial(found.cells);
            Ok(())
        },
    )?;
    trim(&mut kept, most);
    found.places = kept.concat();
    Ok(found)
}

/// Leaves the first `most` places; how many there are then.
fn trim(kept: &mut [Vec<Place>], most: usize) -> usize {
    let mut held = 0;
    for part in kept {
        part.truncate(most - held);
        part.shrink_to_fit();
        held += part.len();
    }
    held
}

fn shown(table: &Table, rows: Option<&RowOrder>) -> RowSet {
    rows.map_or_else(RowSet::default, |rows| if rows.is_empty() { RowSet::none() } else { rows.set(table.row_count()) })
}

/// The next cell in which `query` is found, in the order in which rows are shown: its position in the view, and the cell.
///
/// `from` is a position and a column that is left out itself; without it the search starts at the first cell (forward) or the
/// last one. At the end it goes on at the other end where `around` says so, and then comes to `from` last.
///
/// # Errors
/// `Option` for an expression that is none; `Read`, `Cancelled`.
pub fn find_next(
    table: &Table,
    query: &Query,
    rows: Option<&RowOrder>,
    from: Option<(u64, usize)>,
    forward: bool,
    around: bool,
    progress: &Progress,
) -> Result<Option<(u64, Place)>, FormatError> {
    let all = RowOrder::all(table.row_count());
    let order = rows.unwrap_or(&all);
    let finder = Finder::new(query)?;
    progress.set_done(0);
    progress.set_total(table.row_count());
    let columns_of = |row: u64| -> Result<Vec<usize>, FormatError> {
        let mut columns = Vec::new();
        table.scan(row..row + 1, &mut |record| {
            finder.row(record, &mut |column| columns.push(column));
            Ok(false)
        })?;
        Ok(columns)
    };
    let place = |position: u64, column: usize| order.get(position).map(|row| (position, Place { row, column }));
    let pick = |columns: &[usize]| if forward { columns.first().copied() } else { columns.last().copied() };
    // The rest of the row in which the search starts.
    let mut start_columns = Vec::new();
    if let Some((position, column)) = from
        && let Some(row) = order.get(position)
    {
        start_columns = columns_of(row)?;
        let rest: Vec<usize> =
            start_columns.iter().copied().filter(|&other| if forward { other > column } else { other < column }).collect();
        if let Some(column) = pick(&rest) {
            return Ok(place(position, column));
        }
    }
    let len = order.len();
    let ranges: Vec<Range<u64>> = match (from, forward) {
        (None, _) => std::iter::once(0..len).collect(),
        (Some((position, _)), true) => vec![position.saturating_add(1).min(len)..len, 0..position.min(len)],
        (Some((position, _)), false) => vec![0..position.min(len), position.saturating_add(1).min(len)..len],
    };
    let walk = Walk { table, order, finder: &finder, progress, forward };
    for range in ranges.into_iter().take(if around { 2 } else { 1 }) {
        if let Some(position) = walk.first(range)? {
            let columns = order.get(position).map(columns_of).transpose()?.unwrap_or_default();
            return Ok(pick(&columns).and_then(|column| place(position, column)));
        }
    }
    // Once around, what is left is the row of the start.
    match (from, around) {
        (Some((position, _)), true) => Ok(pick(&start_columns).and_then(|column| place(position, column))),
        _ => Ok(None),
    }
}

struct Walk<'a> {
    table: &'a Table,
    order: &'a RowOrder,
    finder: &'a Finder<'a>,
    progress: &'a Progress,
    forward: bool,
}

impl Walk<'_> {
    /// The first position of a range (the last one backwards) whose row has a match.
    fn first(&self, positions: Range<u64>) -> Result<Option<u64>, FormatError> {
        if positions.is_empty() {
            return Ok(None);
        }
        if !self.order.is_ascending() {
            return self.first_sorted(positions);
        }
        let (Some(low), Some(high)) = (self.order.get(positions.start), self.order.get(positions.end - 1)) else {
            return Ok(None);
        };
        let shown = self.order.set(self.table.row_count());
        let mut parts = parts::parts(self.table);
        if !self.forward {
            parts.reverse();
        }
        for part in parts {
            self.progress.check()?;
            self.progress.advance(part.end - part.start);
            let part = part.start.max(low)..part.end.min(high + 1);
            if part.is_empty() || !shown.touches(part.clone()) {
                continue;
            }
            let mut found = None;
            parts::each(self.table, part, self.progress, &mut |record| {
                if shown.contains(record.row) {
                    let mut hit = false;
                    self.finder.row(record, &mut |_| hit = true);
                    if hit {
                        found = Some(record.row);
                    }
                }
                Ok(found.is_none() || !self.forward)
            })?;
            if let Some(row) = found {
                return Ok(self.order.position_of(row));
            }
        }
        Ok(None)
    }

    /// Where rows are sorted, all are looked at in the order of the table, and then the view is walked.
    fn first_sorted(&self, positions: Range<u64>) -> Result<Option<u64>, FormatError> {
        let shown = self.order.set(self.table.row_count());
        let mut hits = RowSet::empty(self.table.row_count());
        let parts = parts::parts(self.table);
        parts::run(
            &parts,
            self.progress,
            || (),
            |(), part| {
                let mut rows = Vec::new();
                parts::each(self.table, part, self.progress, &mut |record| {
                    if shown.contains(record.row) {
                        let mut hit = false;
                        self.finder.row(record, &mut |_| hit = true);
                        if hit {
                            rows.push(record.row);
                        }
                    }
                    Ok(true)
                })?;
                Ok(rows)
            },
            |_, rows: Vec<u64>| {
                for row in rows {
                    hits.insert(row);
                }
                Ok(())
            },
        )?;
        let mut hit = |position: &u64| self.order.get(*position).is_some_and(|row| hits.contains(row));
        Ok(if self.forward { positions.into_iter().find(&mut hit) } else { positions.rev().find(&mut hit) })
    }
}
