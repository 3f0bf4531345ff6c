//! The rows of a report's table: chosen, calculated and written out anew on every pass.

use std::borrow::Cow;
use std::sync::Arc;

use super::expression::{Expression, Value};
use super::template::Template;
use super::value::{Scope, Tally};
use crate::buffer::ByteRange;
use crate::formats::table::{Cells, Table, counted};
use crate::formats::text::Encoding;
use crate::formats::{FormatError, Loss};
use crate::tasks::Progress;

/// Rows between two looks at whether somebody wants to stop.
const BETWEEN_CHECKS: u64 = 256;

/// A table of a report: columns of a source's rows.
#[derive(Clone, Debug)]
pub struct ReportTable {
    /// What stands above it.
    pub title: Option<String>,
    /// What the columns are called; `None` where no header is wanted.
    pub header: Option<Vec<String>>,
    /// Rows at the end, such as sums.
    pub totals: Vec<Vec<String>>,
    /// What a workbook calls its sheet.
    pub name: String,
    pub(super) table: Table,
    /// What each cell is; `None` where all cells are taken as they are.
    pub(super) columns: Option<Vec<Template>>,
    pub(super) only: Option<Expression>,
    pub(super) first: Option<u64>,
    pub(super) values: Arc<[Value]>,
}

/// What a pass over rows saw.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pass {
    pub(super) rows: u64,
    pub(super) malformed: u64,
    pub(super) tally: Tally,
}

impl ReportTable {
    /// A whole table, with its header.
    pub fn whole(name: impl Into<String>, table: Table) -> Self {
        Self {
            title: None,
            header: table.header().map(<[String]>::to_vec),
            totals: Vec::new(),
            name: name.into(),
            table,
            columns: None,
            only: None,
            first: None,
            values: Arc::from([]),
        }
    }

    /// Columns, those of the header and of the widest row included.
    pub fn width(&self) -> usize {
        let cells = self.columns.as_ref().map_or(self.table.width(), Vec::len);
        let header = self.header.as_ref().map_or(0, Vec::len);
        self.totals.iter().map(Vec::len).fold(cells.max(header), usize::max)
    }

    /// The columns of its source, by their names, or by their numbers where they have none.
    pub fn source_columns(&self) -> Vec<String> {
        match self.table.header() {
            Some(header) => header.to_vec(),
            None => (1..=self.table.width()).map(|number| number.to_string()).collect(),
        }
    }

    /// Rows of its source.
    pub(super) fn source_rows(&self) -> u64 {
        self.first.map_or(self.table.row_count(), |first| first.min(self.table.row_count()))
    }

    /// Gives row after row to `visitor` as UTF-8 cells; `false` says that it wants no more.
    pub(super) fn visit(
        &self,
        progress: &Progress,
        visitor: &mut dyn FnMut(&Cells) -> Result<bool, FormatError>,
    ) -> Result<Pass, FormatError> {
        let mut pass = Pass::default();
        let mut made = Cells::new(Encoding::Utf8);
        let mut text = String::new();
        let mut seen = 0_u64;
        let first = self.first.unwrap_or(u64::MAX);
        if first == 0 {
            return Ok(pass);
        }
        self.table.each(&mut |row, _: ByteRange| {
            seen += 1;
            if seen.is_multiple_of(BETWEEN_CHECKS) {
                progress.advance(BETWEEN_CHECKS);
                progress.check()?;
            }
            let mut scope = Scope { row: Some(row), totals: &self.values, tally: &mut pass.tally };
            if self.only.as_ref().is_some_and(|only| !only.value(&mut scope).holds()) {
                return Ok(true);
            }
            pass.rows += 1;
            made.clear();
            match &self.columns {
                // A row without cells stays one.
                Some(columns) if row.len() > 0 || self.only.is_some() => {
                    for column in columns {
                        match column.as_cell() {
                            Some(column) if column < row.len() => push(&mut made, row, column, &mut pass.malformed),
                            Some(_) => made.push(""),
                            None => {
                                text.clear();
                                let mut scope = Scope { row: Some(row), totals: &self.values, tally: &mut pass.tally };
                                column.write(&mut scope, &mut text);
                                made.push(&text);
                            }
                        }
                    }
                }
                Some(_) => {}
                None => (0..row.len()).for_each(|column| push(&mut made, row, column, &mut pass.malformed)),
            }
            Ok(visitor(&made)? && pass.rows < first)
        })?;
        Ok(pass)
    }
}

fn push(made: &mut Cells, row: &Cells, column: usize, malformed: &mut u64) {
    if let Ok(text) = std::str::from_utf8(row.raw(column)).map_err(drop)
        && row.is_utf8()
    {
        made.push(text);
        return;
    }
    *malformed += row.malformed(column);
    let text: Cow<'_, str> = row.text(column);
    made.push(&text);
}

impl Pass {
    /// What it saw, in sentences about the table called `name`.
    pub(super) fn losses(&self, name: &str) -> Vec<Loss> {
        let mut losses = self.tally.losses(name);
        if self.malformed > 0 {
            let bytes = counted(self.malformed, "byte sequence", "byte sequences");
            losses.push(Loss::new(format!("{bytes} of {name} cannot be decoded; U+FFFD stands for them")));
        }
        losses
    }
}

impl Tally {
    pub(super) fn losses(&self, name: &str) -> Vec<Loss> {
        let mut losses = Vec::new();
        if self.no_numbers > 0 {
            let cells = counted(self.no_numbers, "value", "values");
            losses.push(Loss::new(format!(
                "{cells} of {name} should be a number and is none; sums leave it out, texts keep it as it is"
            )));
        }
        if self.divisions_by_zero > 0 {
            let times = counted(self.divisions_by_zero, "division", "divisions");
            losses.push(Loss::new(format!("{times} by zero in {name}; nothing stands there")));
        }
        losses
    }
}
