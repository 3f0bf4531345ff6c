//! What is shown of one column: its statistics, and what a plot of its numbers needs.

use crate::explore::table::ColumnStatistics;

/// Points of a plot of values by row; more rows share them.
pub const FACTS_POINTS: usize = 1024;

/// Places of matches that are kept to be marked.
pub const FOUND_KEPT: usize = 100_000;

/// Rows that are shown above a row that was gone to.
pub const ABOVE: u64 = 2;

/// What a job found out about a column.
#[derive(Clone, Debug)]
pub struct ColumnFacts {
    /// Its statistics.
    pub statistics: ColumnStatistics,
    /// Rows that were looked at.
    pub rows: u64,
    /// Its numbers by row; empty until all rows were looked at, and where there are no numbers.
    pub series: Series,
}

/// Numbers by row, for a plot: of the rows that share a point the least, the greatest and the mean.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// Rows of a point.
    pub rows_each: u64,
    /// The points, in the order of the rows; `None` where a point has no number.
    pub points: Vec<Option<[f64; 3]>>,
}

impl Series {
    /// A series of so many rows with at most `most` points.
    pub fn new(rows: u64, most: usize) -> Self {
        let rows_each = rows.div_ceil(most.max(1) as u64).max(1);
        let points = vec![None; usize::try_from(rows.div_ceil(rows_each)).unwrap_or(0)];
        Self { rows_each, points }
    }
}
