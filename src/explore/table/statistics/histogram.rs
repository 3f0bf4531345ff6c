//! How numbers are spread.

use super::super::number::Number;
use super::super::order::{RowOrder, RowSet};
use super::super::parts;
use crate::formats::FormatError;
use crate::formats::table::Table;
use crate::tasks::Progress;

/// Bins of the histogram that comes with statistics.
pub(super) const BINS: usize = 48;

/// Numbers counted in bins of equal width.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// Where the first bin starts.
    pub first: f64,
    /// Where the last one ends; a number that is this much belongs to it.
    pub last: f64,
    /// How many numbers lie in each bin: from its start up to, not including, its end.
    pub bins: Vec<u64>,
    /// Whether all were counted; else the numbers of a sample, scaled up.
    pub exact: bool,
}

impl Histogram {
    pub(super) fn new(first: f64, last: f64, bins: usize) -> Self {
        Self { first, last, bins: vec![0; bins.max(1)], exact: true }
    }

    /// The numbers at which a bin starts and ends.
    pub fn edges(&self, bin: usize) -> (f64, f64) {
        let edge = |number: usize| {
            let part = number as f64 / self.bins.len() as f64;
            // Two products, since the difference of two numbers may be beyond all numbers.
            self.first * (1.0 - part) + self.last * part
        };
        (edge(bin), edge(bin + 1))
    }

    /// Counts a number; one that lies outside is left out.
    pub(super) fn add(&mut self, value: f64, times: u64) {
        if !(self.first..=self.last).contains(&value) {
            return;
        }
        // Halves, since the difference of two numbers may be beyond all numbers.
        let width = self.last / 2.0 - self.first / 2.0;
        let place = if width > 0.0 { (value / 2.0 - self.first / 2.0) / width } else { 0.0 };
        let bin = ((place * self.bins.len() as f64) as usize).min(self.bins.len() - 1);
        self.bins[bin] += times;
    }

    /// Scales the counts of a sample up to those of `count` numbers.
    pub(super) fn scale(&mut self, sampled: u64, count: u64) {
        self.exact = false;
        for bin in &mut self.bins {
            *bin = (u128::from(*bin) * u128::from(count) / u128::from(sampled.max(1))) as u64;
        }
    }
}

/// Counts the numbers of a column between `first` and `last` in `bins` bins of equal width (at most 4096), exactly, in a pass of
/// its own over the rows that `rows` shows.
///
/// # Errors
/// `Option` where `last` is not a number greater than or equal to `first`; `Read`, `Cancelled`.
pub fn histogram(
    table: &Table,
    column: usize,
    rows: Option<&RowOrder>,
    (first, last): (f64, f64),
    bins: usize,
    progress: &Progress,
) -> Result<Histogram, FormatError> {
    if !(first.is_finite() && last.is_finite() && first <= last) {
        return Err(FormatError::Option(format!("there are no numbers from {first} to {last}")));
    }
    progress.set_done(0);
    progress.set_total(table.row_count());
    let shown = match rows {
        Some(rows) if rows.is_empty() => RowSet::none(),
        Some(rows) => rows.set(table.row_count()),
        None => RowSet::default(),
    };
    let fresh = || Histogram::new(first, last, bins.min(4096));
    let workers = parts::run(
        &parts::parts(table),
        progress,
        fresh,
        |counted, part| {
            if !shown.touches(part.clone()) {
                return Ok(());
            }
            parts::each(table, part, progress, &mut |record| {
                if column < record.len()
                    && shown.contains(record.row)
                    && let Some(number) = Number::parse(&record.utf8(column))
                {
                    counted.add(number.value, 1);
                }
                Ok(true)
            })
        },
        |_, ()| Ok(()),
    )?;
    let mut all = fresh();
    for worker in workers {
        all.bins.iter_mut().zip(worker.bins).for_each(|(sum, count)| *sum += count);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_have_edges() {
        let mut counted = Histogram::new(0.0, 10.0, 5);
        for value in [0.0, 1.9, 2.0, 10.0, 10.1, -0.1, f64::NAN] {
            counted.add(value, 1);
        }
        assert_eq!(counted.bins, [2, 1, 0, 0, 1]);
        assert_eq!(counted.edges(1), (2.0, 4.0));
        let mut wide = Histogram::new(f64::MIN, f64::MAX, 2);
        wide.add(f64::MAX, 1);
        wide.add(f64::MIN, 1);
        assert_eq!(wide.bins, [1, 1]);
        let mut point = Histogram::new(3.0, 3.0, 4);
        point.add(3.0, 7);
        assert_eq!(point.bins[0], 7);
    }
}
