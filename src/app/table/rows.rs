//! The rows of a table as they are shown, and the work on them that jobs do.

use std::ops::Range;
use std::sync::Arc;

use super::Selected;
use super::look::{OrderRef, SearchKey, StatisticsKey, TableRef, ViewKey};
use crate::app::{OpenDocument, Preview, PreviewState, Work};
use crate::explore::table::{Found, RowOrder};
use crate::formats::table::edit::Change;
use crate::formats::table::{Dialect, Row, RowNumbers, Table, TableView};
use crate::formats::{FormatError, Kind};

/// A table and which of its rows are shown in what order.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRows {
    table: TableRef,
    order: Option<OrderRef>,
}

impl TableRows {
    /// All rows as they stand, or those of an order.
    pub fn new(table: Arc<Table>, order: Option<Arc<RowOrder>>) -> Self {
        Self { table: TableRef(table), order: order.map(OrderRef) }
    }

    /// The table.
    pub fn table(&self) -> &Arc<Table> {
        &self.table.0
    }

    /// The order, where it is not that of the file.
    pub fn order(&self) -> Option<&Arc<RowOrder>> {
        self.order.as_ref().map(|order| &order.0)
    }

    /// How many rows are shown.
    pub fn len(&self) -> u64 {
        self.order().map_or(self.table.0.row_count(), |order| order.len())
    }

    /// Whether no row is shown.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of the row at a place.
    pub fn number(&self, place: u64) -> Option<u64> {
        match self.order() {
            Some(order) => order.get(place),
            None => (place < self.table.0.row_count()).then_some(place),
        }
    }

    /// The place of the row with a number, where it is shown.
    pub fn place(&self, number: u64) -> Option<u64> {
        match self.order() {
            Some(order) => order.position_of(number),
            None => (number < self.table.0.row_count()).then_some(number),
        }
    }

    /// The rows at places, each with its number.
    ///
    /// # Errors
    /// Those of reading them.
    pub fn read(&self, places: Range<u64>) -> Result<Vec<(u64, Row)>, FormatError> {
        let places = places.start..places.end.min(self.len());
        if places.is_empty() {
            return Ok(Vec::new());
        }
        match self.order() {
            Some(order) => {
                let numbers = order.rows(places);
                Ok(numbers.iter().copied().zip(self.table.0.rows_of(&numbers)?).collect())
            }
            None => {
                let count = usize::try_from(places.end - places.start).unwrap_or(usize::MAX);
                Ok((places.start..).zip(self.table.0.rows(places.start, count)?).collect())
            }
        }
    }
}

/// What jobs make of a document's table, and the changes that wait for it.
#[derive(Debug, Default)]
pub struct TableWork {
    /// The rows in their order.
    pub view: Work<ViewKey, RowOrder>,
    /// Statistics of a column.
    pub statistics: Work<StatisticsKey, crate::app::table::ColumnFacts>,
    /// The matches of the search.
    pub found: Work<SearchKey, Found>,
    /// Why the last order or search was not made.
    pub failure: Option<String>,
    /// Changes that wait until the table of the content as it is now is there.
    pub(in crate::app) pending: Vec<Change>,
}

impl TableWork {
    /// A job is not waited for any more; it may be begun again.
    pub(in crate::app) fn stop(&mut self, job: crate::app::JobId) {
        self.view.stop(job);
        self.statistics.stop(job);
        self.found.stop(job);
    }

    /// What was given up is tried again.
    pub(in crate::app) fn retry(&mut self) {
        self.failure = None;
        self.view.retry();
        self.statistics.retry();
        self.found.retry();
    }
}

impl OpenDocument {
    /// The table of the document and how its text was read, where it is one.
    pub fn table(&self) -> Option<(&Arc<Table>, Option<&Dialect>)> {
        match &self.preview {
            PreviewState::Ready { preview, .. } => match preview.as_ref() {
                Preview::Table { table, dialect } => Some((table, dialect.as_ref().map(|(dialect, _)| dialect))),
                _ => None,
            },
            _ => None,
        }
    }

    /// The rows as they are shown. While another order is being made, it is the last one.
    pub fn table_rows(&self) -> Option<TableRows> {
        let (table, _) = self.table()?;
        let order = self.view.table.is_arranged().then(|| self.table.view.done().map(|(_, order)| Arc::clone(order)));
        Some(TableRows::new(Arc::clone(table), order.flatten()))
    }

    /// The rows and columns as they are shown, where that is not all of them as they stand in a table of the content as it is now,
    /// and the order of the rows is made.
    pub fn table_view(&self) -> Option<TableView> {
        let (table, look) = (self.table()?.0, &self.view.table);
        let rows = if look.is_arranged() {
            let (key, order) = self.table.view.done()?;
            let now = key.table == TableRef(Arc::clone(table)) && key.sort == look.sort && key.conditions == look.conditions;
            Some(Arc::clone(order)).filter(|_| now).map(|order| order as Arc<dyn RowNumbers>)
        } else {
            None
        };
        let shown = look.columns.shown(table.width());
        let columns = Some(shown).filter(|shown| !shown.iter().copied().eq(0..table.width()));
        let whole = look.is_arranged() == rows.is_some() && self.is_table_fresh();
        (whole && (rows.is_some() || columns.is_some())).then_some(TableView { rows, columns })
    }

    /// Whether the table is that of the content as it is now: its places in the bytes are right.
    pub fn is_table_fresh(&self) -> bool {
        let revision = self.document.revision();
        let whole = self.table().is_some_and(|(table, _)| table.is_complete());
        // What is shown of an encoded document is not made of its bytes.
        let own = matches!(self.detection.format.info().kind, Kind::Table | Kind::Json);
        whole && own && matches!(self.preview, PreviewState::Ready { revision: shown, .. } if shown == revision)
    }

    /// The cells that are selected.
    pub fn selected_cells(&self) -> Option<Selected> {
        let rows = self.table_rows()?;
        let look = &self.view.table;
        let (place, column) = self.view.table_cell?;
        let (from, from_column) = look.anchor.unwrap_or((place, column));
        let shown = look.columns.shown(rows.table().width());
        let at = |column: usize| shown.iter().position(|&other| other == column);
        let all = 0..rows.len();
        let lines = place.min(from)..place.max(from).saturating_add(1).min(rows.len());
        let (lines, columns) = match look.span {
            super::Span::Rows => (lines, shown.clone()),
            span => {
                let (a, b) = (at(column)?, at(from_column).or_else(|| at(column))?);
                (if span == super::Span::Columns { all } else { lines }, shown[a.min(b)..=a.max(b)].to_vec())
            }
        };
        Some(Selected { rows: lines, columns })
    }
}
