//! Some rows of a table, in another order: what a filtered and sorted view is written from.

use std::fmt::Debug;
use std::ops::Range;
use std::sync::Arc;

use super::record::{cells_of, spans_of};
use super::{Cells, Record, RowSource, RowView, Scanner, Shape, Table, Visitor, counted};
use crate::buffer::{ByteRange, Offset};
use crate::formats::text::Encoding;
use crate::formats::{FormatError, Loss};
use crate::tasks::Progress;

/// Rows of a part that can be read apart from others.
const PART: u64 = 4096;

/// As many rows that are not wanted are read between two that are, rather than looking the next one up.
const NEAR: u64 = 8;

/// Row numbers in the order in which rows are wanted.
pub trait RowNumbers: Debug + Send + Sync {
    /// How many there are.
    fn len(&self) -> u64;

    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row at a position.
    fn get(&self, position: u64) -> Option<u64>;
}

impl Table {
    /// The table that has these rows of this one, in this order, and the same header. It can be shown, written and explored like any
    /// other; its rows have the bytes that they have here.
    ///
    /// Cost: nothing where this table has only rows of one width; else a pass that counts those of others.
    ///
    /// # Errors
    /// `Read`, `Cancelled`.
    pub fn arranged(&self, rows: Arc<dyn RowNumbers>, progress: &Progress) -> Result<Self, FormatError> {
        let mut shape = (*self.shape).clone();
        shape.rows = rows.len();
        if shape.ragged + shape.blank > 0 {
            let mut wanted = vec![0_u64; usize::try_from(self.shape.rows.div_ceil(64)).unwrap_or(usize::MAX)];
            for row in (0..rows.len()).filter_map(|position| rows.get(position)) {
                if let Some(word) = wanted.get_mut((row / 64) as usize) {
                    *word |= 1 << (row % 64);
                }
            }
            let usual = self.usual_width();
            (shape.ragged, shape.blank, shape.long) = (0, 0, 0);
            self.scan(0..self.shape.rows, &mut |record| {
                if record.row.is_multiple_of(1024) {
                    progress.check()?;
                }
                if wanted[(record.row / 64) as usize] >> (record.row % 64) & 1 == 1 {
                    let cells = record.len();
                    shape.blank += u64::from(cells == 0);
                    shape.ragged += u64::from(cells != 0 && cells != usual);
                    shape.long += u64::from(cells > usual);
                }
                Ok(true)
            })?;
        }
        let source = ArrangedRows { source: Arc::clone(&self.source), rows };
        Ok(Self { source: Arc::new(source), shape: Arc::new(shape) })
    }
}

/// Which rows and columns of a table a view shows, in its order. Numbers are those of the table as it is read with the options that
/// this stands in.
#[derive(Clone, Debug, Default)]
pub struct TableView {
    /// The rows; all by default.
    pub rows: Option<Arc<dyn RowNumbers>>,
    /// The columns; all by default.
    pub columns: Option<Vec<usize>>,
}

impl PartialEq for TableView {
    fn eq(&self, other: &Self) -> bool {
        let same = match (&self.rows, &other.rows) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        };
        same && self.columns == other.columns
    }
}

impl Eq for TableView {}

impl TableView {
    /// The table that this shows of `table`, which tells as a loss what it leaves out.
    ///
    /// # Errors
    /// Those of [`Table::arranged`].
    pub fn of(&self, table: &Table, progress: &Progress) -> Result<Table, FormatError> {
        let mut shown = match &self.rows {
            Some(rows) => table.arranged(Arc::clone(rows), progress)?,
            None => table.clone(),
        };
        let mut losses = shown.shape.losses.clone();
        let left_out = table.row_count().saturating_sub(shown.row_count());
        if left_out > 0 {
            let rows = counted(left_out, "row is", "rows are");
            losses.push(Loss::new(format!("{rows} not shown and left out")));
        }
        if let Some(columns) = &self.columns {
            let hidden = (0..table.width()).filter(|column| !columns.contains(column)).count() as u64;
            if hidden > 0 {
                let columns = counted(hidden, "column is", "columns are");
                losses.push(Loss::new(format!("{columns} hidden and left out")));
            }
            if shown.shape.ragged > 0 {
                let rows = counted(shown.shape.ragged, "row has", "rows have");
                losses.push(Loss::new(format!("{rows} another width; missing cells become empty")));
            }
            shown = shown.with_columns(columns);
        }
        Ok(Table { source: shown.source, shape: Arc::new(Shape { losses, ..(*shown.shape).clone() }) })
    }
}

#[derive(Debug)]
struct ArrangedRows {
    source: Arc<dyn RowSource>,
    rows: Arc<dyn RowNumbers>,
}

impl ArrangedRows {
    /// The positions from `first` on whose rows follow each other closely in the table, and their rows.
    fn run(&self, first: u64, end: u64) -> Vec<u64> {
        let mut run = Vec::new();
        for position in first..end.min(first.saturating_add(PART)) {
            let Some(row) = self.rows.get(position) else { break };
            if run.last().is_some_and(|&last| row <= last || row - last > NEAR) {
                break;
            }
            run.push(row);
        }
        run
    }
}

impl RowSource for ArrangedRows {
    fn visit(&self, first: u64, shown: bool, visitor: Visitor<'_>) -> Result<(), FormatError> {
        let mut position = first;
        while position < self.rows.len() {
            let run = self.run(position, self.rows.len());
            let (Some(&start), Some(&last)) = (run.first(), run.last()) else { break };
            let (mut row, mut next, mut go_on) = (start, 0, true);
            let mut take = |view: RowView<'_>| {
                if run.get(next) == Some(&row) {
                    next += 1;
                    go_on = visitor(view)?;
                }
                row += 1;
                Ok(go_on && row <= last)
            };
            if shown {
                self.source.visit(start, true, &mut take)?;
            } else {
                let mut cells = Cells::new(Encoding::Utf8);
                self.source.scan(start..last + 1, true, &mut |record| {
                    cells_of(record, &mut cells);
                    take(RowView { cells: &cells, range: record.range })
                })?;
            }
            if !go_on {
                break;
            }
            position += run.len() as u64;
        }
        Ok(())
    }

    fn cuts(&self, bytes: u64) -> Vec<u64> {
        let _ = bytes;
        (0..self.rows.len().max(1)).step_by(PART as usize).collect()
    }

    fn scan(&self, rows: Range<u64>, whole: bool, visitor: Scanner<'_>) -> Result<(), FormatError> {
        let mut position = rows.start;
        let end = rows.end.min(self.rows.len());
        while position < end {
            let run = self.run(position, end);
            let (Some(&start), Some(&last)) = (run.first(), run.last()) else { break };
            let (mut next, mut go_on) = (0, true);
            self.source.scan(start..last + 1, whole, &mut |record| {
                if run.get(next) == Some(&record.row) {
                    go_on = visitor(&Record { row: position + next as u64, ..*record })?;
                    next += 1;
                }
                Ok(go_on)
            })?;
            if !go_on {
                break;
            }
            position += run.len() as u64;
        }
        Ok(())
    }

    fn cell_ranges(&self, row: u64) -> Result<Vec<ByteRange>, FormatError> {
        self.rows.get(row).map_or_else(|| Ok(Vec::new()), |row| self.source.cell_ranges(row))
    }

    fn cell_range(&self, row: u64, column: usize) -> Result<Option<ByteRange>, FormatError> {
        self.rows.get(row).map_or(Ok(None), |row| self.source.cell_range(row, column))
    }

    fn cell_at(&self, row: u64, offset: Offset) -> Result<usize, FormatError> {
        self.rows.get(row).map_or(Ok(0), |row| self.source.cell_at(row, offset))
    }
}

/// A column with numbers before the others, such as where each row stands in the file.
#[derive(Debug)]
pub(super) struct PlacedRows {
    pub(super) source: Arc<dyn RowSource>,
}

impl Table {
    /// The same table with two columns before the others: the offset of each row in its input, and how many bytes it has there, line
    /// end included. Both are empty where rows have no bytes.
    #[must_use]
    pub fn with_places(&self) -> Self {
        let mut shape = (*self.shape).clone();
        if let Some(header) = &mut shape.header {
            header.splice(0..0, ["offset".to_owned(), "bytes".to_owned()]);
        }
        shape.header_cells = None;
        shape.width += 2;
        shape.usual += 2;
        Self { source: Arc::new(PlacedRows { source: Arc::clone(&self.source) }), shape: Arc::new(shape) }
    }
}

fn push_place(range: ByteRange, cells: &mut Cells) {
    for number in [range.start.0, range.len.0] {
        cells.push(&if range.is_empty() { String::new() } else { number.to_string() });
    }
}

impl RowSource for PlacedRows {
    fn visit(&self, first: u64, shown: bool, visitor: Visitor<'_>) -> Result<(), FormatError> {
        let mut cells = Cells::new(Encoding::Utf8);
        self.source.visit(first, shown, &mut |view| {
            cells.clear();
            push_place(view.range, &mut cells);
            for cell in 0..view.cells.len() {
                cells.push(&view.cells.text(cell));
            }
            visitor(RowView { cells: &cells, range: view.range })
        })
    }

    fn cuts(&self, bytes: u64) -> Vec<u64> {
        self.source.cuts(bytes)
    }

    fn scan(&self, rows: Range<u64>, whole: bool, visitor: Scanner<'_>) -> Result<(), FormatError> {
        let (mut cells, mut spans) = (Cells::new(Encoding::Utf8), Vec::new());
        self.source.scan(rows, whole, &mut |record| {
            cells.clear();
            push_place(record.range, &mut cells);
            for cell in 0..record.len() {
                cells.push(&record.text(cell));
            }
            spans_of(&cells, &mut spans);
            visitor(&Record::of(record.row, record.range, &cells, &spans))
        })
    }
}
