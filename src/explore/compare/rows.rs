//! Places as rows to look at, with equal rows folded into one.

use std::collections::BTreeSet;

use super::{Comparison, Places};

/// Equal rows that stay beside rows that differ.
const CONTEXT: u64 = 2;

/// Fewer equal rows than this are not folded.
const LEAST: u64 = 3;

/// What a row shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// As many places as there are columns, from this one on; the last row may have fewer.
    Places(u64),
    /// Equal places from `start` up to `end`, folded into one row.
    Fold {
        /// The first of them.
        start: u64,
        /// Behind the last.
        end: u64,
    },
}

#[derive(Clone, Copy, Debug)]
struct Fold {
    /// The first row that is folded, counted without folds.
    first: u64,
    /// How many rows are.
    rows: u64,
    /// The row that stands for them.
    shown: u64,
}

/// The rows of a comparison. Exact at any size; takes memory with the number of differences, not of rows.
#[derive(Clone, Debug)]
pub struct CompareRows {
    columns: u64,
    places: u64,
    folds: Vec<Fold>,
    total: u64,
}

impl CompareRows {
    /// Rows of `columns` places (at least 1). Equal rows are folded where `folded`, but for folds that begin at a place of
    /// `opened`.
    pub fn new(comparison: &Comparison, places: &Places, columns: u64, folded: bool, opened: &BTreeSet<u64>) -> Self {
        let columns = columns.max(1);
        let all = places.total().div_ceil(columns).max(1);
        let mut folds = Vec::new();
        if folded {
            let (mut free, mut hidden) = (0, 0);
            let mut fold = |first: u64, end: u64| {
                let rows = end.saturating_sub(first);
                if rows >= LEAST && !opened.contains(&(first * columns)) {
                    folds.push(Fold { first, rows, shown: first - hidden });
                    hidden += rows - 1;
                }
            };
            for (index, difference) in comparison.differences.iter().enumerate() {
                let Some(start) = places.start(index) else { break };
                fold(free, (start / columns).saturating_sub(CONTEXT));
                free = (start + difference.span() - 1) / columns + 1 + CONTEXT;
            }
            fold(free, all);
        }
        let hidden: u64 = folds.iter().map(|fold| fold.rows - 1).sum();
        Self { columns, places: places.total(), folds, total: all - hidden }
    }

    /// How many rows there are, folds counted as one each; at least 1.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Places a row.
    pub fn columns(&self) -> u64 {
        self.columns
    }

    /// What a row shows.
    pub fn row(&self, row: u64) -> RowKind {
        let before = self.folds.partition_point(|fold| fold.shown <= row);
        let Some(fold) = before.checked_sub(1).map(|index| self.folds[index]) else {
            return RowKind::Places(row * self.columns);
        };
        if fold.shown == row {
            let end = (fold.first + fold.rows).saturating_mul(self.columns).min(self.places);
            return RowKind::Fold { start: fold.first * self.columns, end };
        }
        RowKind::Places((fold.first + fold.rows + (row - fold.shown - 1)) * self.columns)
    }

    /// The row that shows a place, or the fold that it is in.
    pub fn row_of(&self, place: u64) -> u64 {
        let row = place / self.columns;
        let before = self.folds.partition_point(|fold| fold.first <= row);
        let Some(fold) = before.checked_sub(1).map(|index| self.folds[index]) else { return row };
        fold.shown + (row - fold.first).saturating_sub(fold.rows - 1)
    }

    /// The first place of a row.
    pub fn place_of(&self, row: u64) -> u64 {
        match self.row(row) {
            RowKind::Places(place) => place,
            RowKind::Fold { start, .. } => start,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::compare::{Counts, Difference, Method};

    fn comparison(left_len: u64, differences: Vec<Difference>) -> (Comparison, Places) {
        let grown: u64 = differences.iter().map(|d| d.right_len).sum();
        let shrunk: u64 = differences.iter().map(|d| d.left_len).sum();
        let right_len = left_len + grown - shrunk;
        let counts = Counts { places: differences.len() as u64, ..Counts::default() };
        let found = Comparison { method: Method::Aligned, left_len, right_len, differences, counts, joined: 0, left_out: 0 };
        let places = Places::new(&found);
        (found, places)
    }

    #[test]
    fn every_byte_of_both_sides_has_a_place_and_is_found_there() {
        let d = |left, left_len, right, right_len| Difference { left, left_len, right, right_len };
        let (found, places) = comparison(40, vec![d(5, 2, 5, 4), d(10, 3, 12, 0), d(20, 0, 19, 5), d(30, 4, 34, 4)]);
        let (mut left, mut right) = (0, 0);
        for place in 0..places.total() {
            let at = places.at(&found, place);
            if let Some(offset) = at.left {
                assert_eq!((offset, places.of_left(&found, offset)), (left, place));
                left += 1;
            }
            if let Some(offset) = at.right {
                assert_eq!((offset, places.of_right(&found, offset)), (right, place));
                right += 1;
            }
            assert_eq!(at.difference, places.difference_at(&found, place));
        }
        assert_eq!((left, right), (found.left_len, found.right_len));
        assert_eq!(places.at(&found, places.total()).left, None);
    }

    #[test]
    fn rows_are_exact_at_any_size_and_folds_open() {
        let end = 1 << 60;
        let at = end / 2 + 3;
        let (found, places) = comparison(end, vec![Difference { left: at, left_len: 20, right: at, right_len: 20 }]);
        let mut opened = BTreeSet::new();
        let rows = CompareRows::new(&found, &places, 16, true, &opened);
        // A fold, context, two rows, context, a fold.
        assert_eq!(rows.total(), 1 + 2 + 2 + 2 + 1);
        let first = end / 2 - 32;
        assert_eq!(rows.row(0), RowKind::Fold { start: 0, end: first });
        assert_eq!(rows.row(1), RowKind::Places(first));
        assert_eq!(rows.row(7), RowKind::Fold { start: end / 2 + 64, end });
        assert_eq!([rows.row_of(0), rows.row_of(at), rows.row_of(end - 1)], [0, 3, 7]);
        opened.insert(0);
        let rows = CompareRows::new(&found, &places, 16, true, &opened);
        assert_eq!(rows.row_of(at), at / 16);
        assert_eq!(rows.row(5), RowKind::Places(80));
        for row in [0, 1, at / 16, at / 16 + 1, rows.total() - 1] {
            assert_eq!(rows.row_of(rows.place_of(row)), row);
        }
        let plain = CompareRows::new(&found, &places, 16, false, &opened);
        assert_eq!((plain.total(), plain.row_of(end - 1)), (1 << 56, (1 << 56) - 1));
    }
}
