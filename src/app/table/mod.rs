//! How the table of a document is looked at and changed: its columns, its selection, its order, its filters, what is typed.
//!
//! Two numberings: a row has a *number* in the file and a *place* among the rows that are shown, which differ as soon as
//! the view is sorted or filtered. [`ViewState::table_cell`](super::ViewState::table_cell) and the anchor are places; what is
//! read, changed and linked with bytes is asked by number. Columns are always those of the file.

mod action;
mod columns;
mod copy;
mod facts;
mod look;
mod rows;

pub use action::TableAction;
pub use columns::ColumnOrder;
pub use copy::{COPY_CELLS, CopyStyle, copy_cells};
pub use facts::{ABOVE, ColumnFacts, FACTS_POINTS, FOUND_KEPT, Series};
pub use look::{
    OrderRef, SearchKey, SearchLook, Span, StatisticsKey, StatisticsLook, TableEdit, TableLook, TableRef, ViewKey, Wish,
};
pub use rows::{TableRows, TableWork};

use std::ops::Range;

use crate::explore::table::{Filter, SortKey};

/// Something about the table of the document in front.
#[derive(Clone, Debug, PartialEq)]
pub enum TableCommand {
    /// The selection grows up to a cell: its place and its column.
    Extend(u64, usize),
    /// Whole rows are selected; with `true` the selection grows up to there.
    Rows(u64, bool),
    /// A whole column is selected; with `true` the selection grows up to there.
    Column(usize, bool),
    /// A column goes to another place among those that are shown.
    MoveColumn {
        /// The column.
        column: usize,
        /// Its place then.
        to: usize,
    },
    /// A column is shown or not.
    ShowColumn(usize, bool),
    /// So many columns stay in sight on the left.
    Freeze(usize),
    /// The next order of a click on a header: ascending, descending, none. `add` keeps the other columns that are
    /// sorted by.
    CycleSort {
        /// The column.
        column: usize,
        /// Shift is held.
        add: bool,
    },
    /// These columns order the rows.
    Sort(Vec<SortKey>),
    /// Rows have to pass one more filter.
    AddFilter(Filter),
    /// A filter becomes another one.
    ChangeFilter(usize, Filter),
    /// A filter is removed.
    RemoveFilter(usize),
    /// What is wanted of the search.
    Search(SearchLook),
    /// The next or the previous match.
    SearchStep {
        /// Towards the end.
        forward: bool,
    },
    /// Cells are typed into.
    Edit(EditCommand),
    /// What the pane of a column shows.
    Statistics(StatisticsLook),
    /// What was stopped is wanted after all.
    Again,
    /// Text from the clipboard goes into cells.
    Paste(String),
    /// More rows are known of a table that is being read.
    Grown,
}

/// What happens to the cell that is typed into.
#[derive(Clone, Debug, PartialEq)]
pub enum EditCommand {
    /// A cell is opened: its place, its column (`None` as place is the header), and what it holds instead of its text.
    Begin(Option<u64>, usize, Option<String>),
    /// The text became another one.
    Text(String),
    /// It is written, and the cell goes on by so many rows and columns.
    Commit {
        /// Rows.
        down: i8,
        /// Columns.
        right: i8,
    },
    /// It is forgotten.
    Cancel,
}

/// Cells that are selected: places of rows, and columns in the order that they are shown in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selected {
    /// Places of the rows.
    pub rows: Range<u64>,
    /// The columns.
    pub columns: Vec<usize>,
}

impl Selected {
    /// How many cells there are.
    pub fn cells(&self) -> u64 {
        (self.rows.end - self.rows.start).saturating_mul(self.columns.len() as u64)
    }

    /// Whether a cell is one of them.
    pub fn contains(&self, place: u64, column: usize) -> bool {
        self.rows.contains(&place) && self.columns.contains(&column)
    }
}
