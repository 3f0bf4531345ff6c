//! How a table is looked at: plain data, changed by commands only.

use std::sync::Arc;

use super::ColumnOrder;
use crate::explore::table::{Conditions, RowOrder, SortKey};
use crate::formats::table::Table;

/// How the table of a document is shown, beside what [`ViewState`](crate::app::ViewState) has of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableLook {
    /// The columns.
    pub columns: ColumnOrder,
    /// Where the selection began; without it only [`ViewState::table_cell`](crate::app::ViewState::table_cell) is selected.
    pub anchor: Option<(u64, usize)>,
    /// What the selection is made of.
    pub span: Span,
    /// The cell that is typed into.
    pub edit: Option<TableEdit>,
    /// What the rows are ordered by, the first key first.
    pub sort: Vec<SortKey>,
    /// Which rows are shown.
    pub conditions: Conditions,
    /// What is searched for.
    pub search: SearchLook,
    /// How a column's statistics are shown.
    pub statistics: StatisticsLook,
    /// Something that the view has to do once.
    pub wish: (u64, Wish),
}

impl TableLook {
    /// Whether the rows are not those of the file in its order.
    pub fn is_arranged(&self) -> bool {
        !self.sort.is_empty() || !self.conditions.filters.is_empty()
    }

    /// The view is to do this once.
    pub(in crate::app) fn ask(&mut self, wish: Wish) {
        self.wish = (self.wish.0 + 1, wish);
    }
}

/// What a view does once when it is asked to: it alone knows letters, widths and the keyboard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wish {
    /// Nothing.
    #[default]
    Nothing,
    /// Columns become as wide as what is in sight of them.
    Fit,
    /// The field of the search takes the keyboard.
    Search,
    /// A filter for the column of the cell is being made.
    Filter,
    /// The grid takes the keyboard.
    Grid,
}

/// What a selection is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Span {
    /// A rectangle of cells.
    #[default]
    Cells,
    /// Whole rows.
    Rows,
    /// Whole columns.
    Columns,
}

/// A cell that is typed into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableEdit {
    /// The number of its row; `None` is the header.
    pub row: Option<u64>,
    /// Its column.
    pub column: usize,
    /// What it held.
    pub before: String,
    /// What is typed.
    pub text: String,
}

/// The search in a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SearchLook {
    /// The bar is open.
    pub open: bool,
    /// What is typed.
    pub text: String,
    /// It is a regular expression.
    pub regex: bool,
    /// Capital and small letters differ.
    pub case: bool,
    /// Only cells that are this as a whole.
    pub whole: bool,
}

/// How a column's statistics are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatisticsLook {
    /// The plot shows values by row rather than how often they come.
    pub by_row: bool,
    /// Points rather than a line.
    pub points: bool,
}

/// A table that jobs were given: the same one is equal.
#[derive(Clone, Debug)]
pub struct TableRef(pub Arc<Table>);

impl PartialEq for TableRef {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// An order of rows that jobs were given: the same one is equal.
#[derive(Clone, Debug)]
pub struct OrderRef(pub Arc<RowOrder>);

impl PartialEq for OrderRef {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// What rows in an order were made of.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewKey {
    /// The table.
    pub table: TableRef,
    /// The order.
    pub sort: Vec<SortKey>,
    /// The filters.
    pub conditions: Conditions,
}

/// What statistics were made of.
#[derive(Clone, Debug, PartialEq)]
pub struct StatisticsKey {
    /// The rows.
    pub rows: super::TableRows,
    /// The column.
    pub column: usize,
}

/// What matches were made of.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchKey {
    /// The rows.
    pub rows: super::TableRows,
    /// What is searched for.
    pub search: SearchLook,
    /// The columns that are searched.
    pub columns: Vec<usize>,
}
