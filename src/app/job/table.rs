//! Jobs on the tables of documents.

use std::sync::Arc;

use super::{Job, JobOutcome};
use crate::app::apply::make_table_change;
use crate::app::table::{ColumnFacts, FOUND_KEPT, SearchKey, Series, StatisticsKey, TableRows, copy_cells};
use crate::explore::table::{Query, Statistics, Test, find_all, find_next, statistics, view};
use crate::formats::FormatError;
use crate::tasks::Progress;

/// Rows between two questions whether to stop.
const CHECKED: u64 = 4096;

/// What the status bar calls it.
pub(super) fn title(job: &Job) -> &'static str {
    match job {
        Job::CopyCells { .. } => "Copying cells",
        Job::ChangeTable { .. } => "Changing the table",
        Job::ArrangeTable { key, .. } if key.sort.is_empty() => "Filtering",
        Job::ArrangeTable { .. } => "Sorting",
        Job::ColumnFacts { .. } => "Looking at a column",
        _ => "Searching the table",
    }
}

pub(super) fn run(job: &Job, progress: &Progress) -> JobOutcome {
    match job {
        Job::CopyCells { rows, places, columns, style } => {
            JobOutcome::CopyCells(copy_cells(rows, places.clone(), columns, *style, progress))
        }
        Job::ChangeTable { input, table, format, dialect, change, .. } => {
            JobOutcome::ChangeTable(make_table_change(input, &table.0, *format, dialect.as_ref(), change, progress))
        }
        Job::ArrangeTable { key, latest, .. } => {
            let order = view(&key.table.0, &key.conditions, &key.sort, progress, &|part| latest.put(part));
            JobOutcome::ArrangeTable(order.map(Arc::new))
        }
        Job::SearchTable { key, .. } => {
            let order = key.rows.order().map(Arc::as_ref);
            let found = find_all(key.rows.table(), &query(key), order, FOUND_KEPT, progress, &|_| ());
            JobOutcome::SearchTable(found.map(Arc::new))
        }
        Job::SeekInTable { key, from, forward, .. } => {
            let order = key.rows.order().map(Arc::as_ref);
            JobOutcome::SeekInTable(find_next(key.rows.table(), &query(key), order, *from, *forward, true, progress))
        }
        Job::ColumnFacts { key, points, latest, .. } => {
            let facts = facts(key, *points, progress, &|facts| latest.put(facts));
            JobOutcome::ColumnFacts(facts.map(Arc::new))
        }
        _ => JobOutcome::Cancelled,
    }
}

/// What a search asks cells.
fn query(key: &SearchKey) -> Query {
    let text = key.search.text.clone();
    let test = match (key.search.regex, key.search.whole) {
        (true, false) => Test::Regex(text),
        (true, true) => Test::Regex(format!("^(?:{text})$")),
        (false, true) => Test::Equals(text),
        (false, false) => Test::Contains(text),
    };
    Query { test, case: key.search.case, columns: (!key.columns.is_empty()).then(|| key.columns.clone()) }
}

fn facts(
    key: &StatisticsKey,
    points: usize,
    progress: &Progress,
    partial: &(dyn Fn(ColumnFacts) + Sync),
) -> Result<ColumnFacts, FormatError> {
    let order = key.rows.order().map(Arc::as_ref);
    let one = |mut statistics: Statistics| {
        let rows = statistics.rows;
        statistics.columns.pop().map(|statistics| ColumnFacts { statistics, rows, series: Series::default() })
    };
    let part = |statistics| {
        if let Some(facts) = one(statistics) {
            partial(facts);
        }
    };
    let known = statistics(key.rows.table(), &[key.column], order, progress, &part)?;
    let Some(mut facts) = one(known) else {
        return Err(FormatError::Option("there is no such column".into()));
    };
    if facts.statistics.numbers.is_some() {
        facts.series = series(&key.rows, key.column, points, progress)?;
    }
    Ok(facts)
}

/// The numbers of a column by the place of their row, in at most `most` points.
fn series(rows: &TableRows, column: usize, most: usize, progress: &Progress) -> Result<Series, FormatError> {
    let count = rows.table().row_count();
    let mut shown = Vec::new();
    if let Some(order) = rows.order() {
        shown = vec![false; usize::try_from(count).unwrap_or(0)];
        for row in order.rows(0..order.len()) {
            if let Some(place) = usize::try_from(row).ok().and_then(|row| shown.get_mut(row)) {
                *place = true;
            }
        }
    }
    let mut series = Series::new(count, most);
    let mut sums: Vec<(f64, u64)> = vec![(0.0, 0); series.points.len()];
    let each = series.rows_each;
    rows.table().scan(0..count, &mut |record| {
        if record.row.is_multiple_of(CHECKED) {
            progress.set_done(record.row);
            progress.check()?;
        }
        if (rows.order().is_none() || shown.get(record.row as usize) == Some(&true))
            && column < record.len()
            && let Some(value) = record.text(column).trim().parse::<f64>().ok().filter(|value| value.is_finite())
        {
            let at = (record.row / each) as usize;
            let [low, high, _] = series.points[at].unwrap_or([value, value, value]);
            sums[at] = (sums[at].0 + value, sums[at].1 + 1);
            series.points[at] = Some([low.min(value), high.max(value), sums[at].0 / sums[at].1 as f64]);
        }
        Ok(true)
    })?;
    Ok(series)
}
