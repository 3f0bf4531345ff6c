//! Rows in the order in which they are shown.

use std::ops::Range;

/// Which rows are shown, and in what order: a place in the view is a *position*, a row keeps its number in the table.
///
/// All rows as they stand take no memory; others four bytes each, eight in a table of more than 2^32 rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowOrder {
    rows: Rows,
    /// Whether the numbers ascend: filtered, and not sorted.
    ascending: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Rows {
    All(u64),
    Narrow(Vec<u32>),
    Wide(Vec<u64>),
}

impl RowOrder {
    /// All rows of a table of so many, as they stand.
    pub fn all(rows: u64) -> Self {
        Self { rows: Rows::All(rows), ascending: true }
    }

    /// These rows in this order.
    ///
    /// ```
    /// use seektell::explore::table::RowOrder;
    /// let order = RowOrder::from_rows([5, 2, 9]);
    /// assert_eq!((order.get(0), order.position_of(9)), (Some(5), Some(2)));
    /// ```
    pub fn from_rows(rows: impl IntoIterator<Item = u64>) -> Self {
        let rows: Vec<u64> = rows.into_iter().collect();
        let ascending = rows.is_sorted_by(|a, b| a < b);
        let narrow: Option<Vec<u32>> = rows.iter().map(|&row| u32::try_from(row).ok()).collect();
        Self { rows: narrow.map_or(Rows::Wide(rows), Rows::Narrow), ascending }
    }

    pub(super) fn narrow(rows: Vec<u32>, ascending: bool) -> Self {
        Self { rows: Rows::Narrow(rows), ascending }
    }

    pub(super) fn wide(rows: Vec<u64>, ascending: bool) -> Self {
        Self { rows: Rows::Wide(rows), ascending }
    }

    /// How many rows are shown.
    pub fn len(&self) -> u64 {
        match &self.rows {
            Rows::All(rows) => *rows,
            Rows::Narrow(rows) => rows.len() as u64,
            Rows::Wide(rows) => rows.len() as u64,
        }
    }

    /// Whether no row is shown.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether these are all rows, as they stand.
    pub fn is_all(&self) -> bool {
        matches!(self.rows, Rows::All(_))
    }

    /// Whether the rows come in the order of the table.
    pub fn is_ascending(&self) -> bool {
        self.ascending
    }

    /// The row at a position.
    pub fn get(&self, position: u64) -> Option<u64> {
        let at = usize::try_from(position).ok();
        match &self.rows {
            Rows::All(rows) => (position < *rows).then_some(position),
            Rows::Narrow(rows) => rows.get(at?).copied().map(u64::from),
            Rows::Wide(rows) => rows.get(at?).copied(),
        }
    }

    /// The rows at positions, cut to what there is; for [`Table::rows_of`](crate::formats::table::Table::rows_of).
    pub fn rows(&self, positions: Range<u64>) -> Vec<u64> {
        (positions.start..positions.end.min(self.len())).filter_map(|position| self.get(position)).collect()
    }

    /// The position of a row; `None` where it is not shown. Cost: a binary search, or where rows are sorted a look through them
    /// all (some milliseconds for millions).
    pub fn position_of(&self, row: u64) -> Option<u64> {
        let place = match &self.rows {
            Rows::All(rows) => return (row < *rows).then_some(row),
            Rows::Narrow(rows) => {
                let row = u32::try_from(row).ok()?;
                if self.ascending { rows.binary_search(&row).ok() } else { rows.iter().position(|other| *other == row) }
            }
            Rows::Wide(rows) if self.ascending => rows.binary_search(&row).ok(),
            Rows::Wide(rows) => rows.iter().position(|other| *other == row),
        };
        place.map(|place| place as u64)
    }

    /// The bytes that the list takes.
    pub fn memory(&self) -> u64 {
        match &self.rows {
            Rows::All(_) => 0,
            Rows::Narrow(rows) => 4 * rows.capacity() as u64,
            Rows::Wide(rows) => 8 * rows.capacity() as u64,
        }
    }

    /// Which rows are shown, for passes in the order of the table.
    pub(super) fn set(&self, rows: u64) -> RowSet {
        if self.is_all() {
            return RowSet { bits: Vec::new() };
        }
        let mut set = RowSet::empty(rows);
        match &self.rows {
            Rows::All(_) => {}
            Rows::Narrow(rows) => rows.iter().for_each(|&row| set.insert(u64::from(row))),
            Rows::Wide(rows) => rows.iter().for_each(|&row| set.insert(row)),
        }
        set
    }
}

/// A set of rows, one bit each; without bits it is all of them.
#[derive(Clone, Debug, Default)]
pub(super) struct RowSet {
    bits: Vec<u64>,
}

impl RowSet {
    /// No row.
    pub(super) fn none() -> Self {
        Self { bits: vec![0] }
    }

    /// No row of so many yet.
    pub(super) fn empty(rows: u64) -> Self {
        Self { bits: vec![0; usize::try_from(rows.div_ceil(64)).unwrap_or(usize::MAX).max(1)] }
    }

    pub(super) fn insert(&mut self, row: u64) {
        if let Some(word) = self.bits.get_mut((row / 64) as usize) {
            *word |= 1 << (row % 64);
        }
    }

    pub(super) fn contains(&self, row: u64) -> bool {
        self.bits.is_empty() || self.bits.get((row / 64) as usize).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    /// Whether there is one of these rows in it.
    pub(super) fn touches(&self, rows: Range<u64>) -> bool {
        if self.bits.is_empty() {
            return !rows.is_empty();
        }
        let words = (rows.start / 64) as usize..(rows.end.div_ceil(64) as usize).min(self.bits.len());
        self.bits.get(words).is_some_and(|words| words.iter().any(|word| *word != 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_and_rows() {
        let all = RowOrder::all(3);
        assert_eq!((all.len(), all.get(2), all.get(3), all.position_of(1), all.memory()), (3, Some(2), None, Some(1), 0));
        let sorted = RowOrder::from_rows([4, 1, 7]);
        assert!(!sorted.is_ascending());
        assert_eq!(sorted.rows(1..9), [1, 7]);
        assert_eq!((sorted.position_of(7), sorted.position_of(2)), (Some(2), None));
        let wide = RowOrder::from_rows([1, 1 << 40]);
        assert!(wide.is_ascending());
        assert_eq!((wide.get(1), wide.position_of(1 << 40)), (Some(1 << 40), Some(1)));
        let set = sorted.set(100);
        assert!(set.contains(7) && !set.contains(8) && set.touches(0..64) && !set.touches(64..100));
    }
}
