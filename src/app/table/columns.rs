//! Which columns are shown, in which order, and which stay in sight.

use std::collections::BTreeSet;

/// The columns of a view. What nobody chose costs nothing: a table may have a million columns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ColumnOrder {
    /// The order that the user chose, hidden ones included; empty is the order of the file.
    order: Vec<usize>,
    hidden: BTreeSet<usize>,
    frozen: usize,
}

impl ColumnOrder {
    /// The columns that are shown of a table of `width` columns, in their order.
    pub fn shown(&self, width: usize) -> Vec<usize> {
        self.all(width).filter(|column| !self.hidden.contains(column)).collect()
    }

    /// All columns of a table of `width`, hidden ones included, in their order.
    pub fn all(&self, width: usize) -> impl Iterator<Item = usize> {
        let rest = if self.order.is_empty() { 0..width } else { self.order.len().min(width)..width };
        self.order.iter().copied().filter(move |&column| column < width).chain(rest)
    }

    /// Whether a column is not shown.
    pub fn is_hidden(&self, column: usize) -> bool {
        self.hidden.contains(&column)
    }

    /// How many columns are not shown.
    pub fn hidden(&self) -> usize {
        self.hidden.len()
    }

    /// How many of the shown columns stay in sight on the left.
    pub fn frozen(&self) -> usize {
        self.frozen
    }

    /// Whether the file's columns are shown as they are.
    pub fn is_plain(&self) -> bool {
        self.order.is_empty() && self.hidden.is_empty()
    }

    /// So many columns stay in sight.
    pub fn freeze(&mut self, count: usize) {
        self.frozen = count;
    }

    /// Shows a column or not. The last one of `width` that is shown stays.
    pub fn show(&mut self, column: usize, shown: bool, width: usize) {
        if shown {
            self.hidden.remove(&column);
        } else if self.hidden.iter().filter(|&&hidden| hidden < width).count() + 1 < width {
            self.hidden.insert(column);
        }
    }

    /// Shows every column.
    pub fn show_all(&mut self) {
        self.hidden.clear();
    }

    /// Every column in the order of the file, and none hidden.
    pub fn reset(&mut self) {
        *self = Self { frozen: self.frozen, ..Self::default() };
    }

    /// Puts a column to the place `to` among those of `width` that are shown.
    pub fn put(&mut self, column: usize, to: usize, width: usize) {
        let shown = self.shown(width);
        let Some(from) = shown.iter().position(|&other| other == column) else { return };
        let to = to.min(shown.len() - 1);
        if from == to {
            return;
        }
        let neighbour = shown[to];
        let mut order: Vec<usize> = self.all(width).filter(|&other| other != column).collect();
        let at = order.iter().position(|&other| other == neighbour).unwrap_or(order.len());
        order.insert(if to > from { at + 1 } else { at }, column);
        self.order = if order.iter().copied().eq(0..width) { Vec::new() } else { order };
    }

    /// A column was inserted at `at`, or the columns of `gone` were taken out: what was chosen stays with its columns.
    pub fn follow(&mut self, moved: impl Fn(usize) -> Option<usize>) {
        self.order = self.order.iter().filter_map(|&column| moved(column)).collect();
        // An order has every column of its length in it.
        let mut seen = self.order.clone();
        seen.sort_unstable();
        if !seen.iter().copied().eq(0..seen.len()) {
            self.order.clear();
        }
        self.hidden = self.hidden.iter().filter_map(|&column| moved(column)).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_moved_hidden_and_shown_again() {
        let mut columns = ColumnOrder::default();
        assert_eq!(columns.shown(4), [0, 1, 2, 3]);
        columns.put(0, 2, 4);
        assert_eq!(columns.shown(4), [1, 2, 0, 3]);
        columns.show(2, false, 4);
        assert_eq!((columns.shown(4), columns.hidden()), (vec![1, 0, 3], 1));
        columns.put(3, 0, 4);
        assert_eq!(columns.shown(4), [3, 1, 0]);
        columns.show_all();
        assert_eq!(columns.shown(4), [3, 1, 2, 0]);
        assert_eq!(columns.shown(6), [3, 1, 2, 0, 4, 5], "columns that come later stand behind");
        assert_eq!(columns.shown(2), [1, 0], "and those that went are gone");
        for column in 0..6 {
            columns.show(column, false, 4);
        }
        assert_eq!(columns.shown(4).len(), 1, "one column stays");
        columns.reset();
        columns.put(1, 0, 3);
        columns.put(1, 1, 3);
        assert!(columns.is_plain(), "back in the order of the file");
    }
}
