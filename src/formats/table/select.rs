//! Chosen columns in a chosen order, and what stands where a row has nothing: `csv.DictWriter`'s rules for every target.

use std::sync::Arc;

use super::{Cells, RowSource, RowView, Shape, Table, Visitor, counted};
use crate::buffer::Offset;
use crate::formats::options::Extras;
use crate::formats::text::{Encoder, Encoding};
use crate::formats::{FormatError, Loss, TableOptions};

/// The table that `options` make of `table`: its columns, its filled gaps, with or without its header.
///
/// # Errors
/// `Option` where fields are chosen of a table whose columns have no names, and where columns or cells are left over and
/// nobody said what becomes of them, as `csv.DictWriter` raises `ValueError`.
pub(super) fn apply(table: &Table, options: &TableOptions) -> Result<Table, FormatError> {
    let mut shape = (*table.shape).clone();
    let missing = options.missing.clone().unwrap_or_default();
    let plan = match (&options.fields, table.header()) {
        (Some(fields), Some(header)) => Some(Plan::new(fields, header, options.extras, &missing, &mut shape)?),
        (Some(_), None) => return Err(FormatError::Option("the columns have no names, so no fields can be chosen".into())),
        (None, Some(header)) if !missing.is_empty() => Some(Plan::filling(header.len(), &mut shape)),
        _ => None,
    };
    if options.without_header {
        (shape.header, shape.header_cells) = (None, None);
    }
    let source = match plan {
        Some(plan) => Arc::new(SelectedRows { source: Arc::clone(&table.source), plan, missing }),
        None => Arc::clone(&table.source),
    };
    Ok(Table { source, shape: Arc::new(shape) })
}

/// Where each cell of a row comes from.
#[derive(Debug)]
struct Plan {
    /// For each column, that of the input; `None` where it has none.
    columns: Vec<Option<usize>>,
    /// Cells from this one on have no name; they come last, or not at all.
    named: usize,
    keep_rest: bool,
}

impl Plan {
    fn filling(width: usize, shape: &mut Shape) -> Self {
        shape.ragged = shape.long;
        Self { columns: (0..width).map(Some).collect(), named: width, keep_rest: true }
    }

    fn new(fields: &[String], header: &[String], extras: Extras, missing: &str, shape: &mut Shape) -> Result<Self, FormatError> {
        // Of columns with the same name the last one counts, as in csv.DictReader.
        let place = |field: &String| header.iter().rposition(|name| name == field);
        let mut columns: Vec<_> = fields.iter().map(place).collect();
        let mut names = fields.to_vec();
        for (field, column) in fields.iter().zip(&columns) {
            if column.is_none() {
                let what = format!("The input has no column \"{field}\"; its cells are \"{missing}\"");
                shape.losses.push(Loss::new(what));
            }
            let same = header.iter().filter(|name| *name == field).count();
            if same > 1 {
                shape.losses.push(Loss::new(format!("{same} columns are named \"{field}\"; the last one is taken")));
            }
        }
        let rest: Vec<usize> = (0..header.len()).filter(|&column| !fields.contains(&header[column])).collect();
        let cells = (shape.long > 0).then(|| counted(shape.long, "row has", "rows have"));
        match extras {
            Extras::Raise => {
                if !rest.is_empty() {
                    let many = if rest.len() == 1 { "column is" } else { "columns are" };
                    let what = format!(
                        "the {many} not among the chosen fields: {}; say whether to keep or ignore extras",
                        listed(header, &rest)
                    );
                    return Err(FormatError::Option(what));
                }
                if let Some(rows) = cells {
                    let what = format!("{rows} more cells than the header; say whether to keep or ignore extras");
                    return Err(FormatError::Option(what));
                }
            }
            Extras::Ignore => {
                if !rest.is_empty() {
                    let columns = counted(rest.len() as u64, "column is", "columns are");
                    shape.losses.push(Loss::new(format!("{columns} left out: {}", listed(header, &rest))));
                }
                if let Some(rows) = cells {
                    shape.losses.push(Loss::new(format!("{rows} more cells than the header; they are left out")));
                }
            }
            Extras::Keep => {
                names.extend(rest.iter().map(|&column| header[column].clone()));
                columns.extend(rest.into_iter().map(Some));
            }
        }
        let keep_rest = extras == Extras::Keep;
        let beyond = if keep_rest { shape.width.saturating_sub(header.len()) } else { 0 };
        shape.long = if keep_rest { shape.long } else { 0 };
        shape.ragged = shape.long;
        shape.width = columns.len() + beyond;
        (shape.header, shape.header_cells) = (Some(names), None);
        Ok(Self { columns, named: header.len(), keep_rest })
    }
}

/// Names of columns in quotes; of many the first ones.
fn listed(header: &[String], columns: &[usize]) -> String {
    const SHOWN: usize = 8;
    let names: Vec<_> = columns.iter().take(SHOWN).map(|&column| format!("\"{}\"", header[column])).collect();
    let more = if columns.len() > SHOWN { format!(" and {} more", columns.len() - SHOWN) } else { String::new() };
    names.join(", ") + &more
}

#[derive(Debug)]
struct SelectedRows {
    source: Arc<dyn RowSource>,
    plan: Plan,
    missing: String,
}

impl RowSource for SelectedRows {
    fn visit(&self, first: u64, shown: bool, visitor: Visitor<'_>) -> Result<(), FormatError> {
        let mut cells = Cells::new(Encoding::Utf8);
        let mut missing = self.missing.as_bytes().to_vec();
        self.source.visit(first, shown, &mut |row| {
            if row.cells.encoding != cells.encoding {
                cells = Cells::new(row.cells.encoding);
                missing.clear();
                Encoder::new(cells.encoding).encode(&self.missing, true, &mut missing);
            }
            cells.clear();
            let len = row.cells.len();
            let rest = if self.plan.keep_rest { self.plan.named..len.max(self.plan.named) } else { 0..0 };
            // A row without cells stays one.
            let named = if len == 0 { &[][..] } else { &self.plan.columns };
            for column in named.iter().copied().chain(rest.map(Some)) {
                match column.filter(|&column| column < len) {
                    Some(column) => cells.push_bytes(row.cells.raw(column)),
                    None => cells.push_bytes(&missing),
                }
                cells.end_cell();
            }
            visitor(RowView { cells: &cells, range: row.range })
        })
    }

    fn row_at(&self, offset: Offset) -> Result<Option<u64>, FormatError> {
        self.source.row_at(offset)
    }

    fn cuts(&self, bytes: u64) -> Vec<u64> {
        self.source.cuts(bytes)
    }
}
