//! Cells, rows and columns that are changed: each change is one edit of the stream, and one step of undo.

use std::ops::Range;

use super::{shows, units};
use crate::app::numbers::{count, group};
use crate::app::table::{EditCommand, Selected, Span, TableEdit, TableRows, Wish};
use crate::app::{AppState, Effect, Job};
use crate::buffer::Buffer;
use crate::document::{Data, DocumentId, Operation, StreamKind};
use crate::formats::FormatError;
use crate::formats::table::edit::{self, CellChange, Change, EditError, Splice};
use crate::formats::table::{Dialect, Table};
use crate::tasks::Progress;

/// So many rows are changed while the window waits; a job changes more.
const AT_ONCE: u64 = 500;

/// So many rows are changed in one step.
const MOST_ROWS: u64 = 1_000_000;

impl AppState {
    pub(super) fn edit_cell(&mut self, command: EditCommand, effects: &mut Vec<Effect>) {
        match command {
            EditCommand::Begin(place, column, text) => self.begin_edit(place, column, text),
            EditCommand::Text(text) => {
                if let Some(edit) = self.active_mut().and_then(|open| open.view.table.edit.as_mut()) {
                    edit.text = text;
                }
            }
            EditCommand::Commit { down, right } => {
                let Some(open) = self.active_mut() else { return };
                let Some(edit) = open.view.table.edit.take() else { return };
                open.view.table.ask(Wish::Grid);
                if edit.text != edit.before {
                    let TableEdit { row, column, text, .. } = edit;
                    self.change_table(Change::Cells(vec![CellChange { row, column, text }]), effects);
                }
                if edit.row.is_some() {
                    self.step_cell(down, right);
                }
            }
            EditCommand::Cancel => {
                if let Some(open) = self.active_mut() {
                    open.view.table.edit = None;
                    open.view.table.ask(Wish::Grid);
                }
            }
        }
    }

    /// Why the cells of the table in front cannot be changed, in a sentence.
    fn not_editable(&self) -> Option<String> {
        let open = self.active()?;
        let (table, dialect) = open.table()?;
        let why = edit::read_only(table, open.detection.format, dialect)?;
        Some(format!("The cells of {} cannot be changed: {why}", open.document.name()))
    }

    fn begin_edit(&mut self, place: Option<u64>, column: usize, text: Option<String>) {
        if self.active.is_some_and(|id| self.refuses_changes(id).is_some()) {
            return;
        }
        if let Some(why) = self.not_editable() {
            self.info(why);
            return;
        }
        let Some(open) = self.active_mut() else { return };
        let Some(rows) = open.table_rows() else { return };
        let row = place.and_then(|place| rows.number(place));
        let before = match (place, row) {
            (None, _) => rows.table().header().and_then(|header| header.get(column)).cloned().unwrap_or_default(),
            (Some(_), None) => return,
            (Some(_), Some(number)) => match rows.table().rows(number, 1).map(|mut rows| rows.pop()) {
                Ok(Some(row)) if row.is_cut() => {
                    self.info("This row is too long to be changed cell by cell; change its bytes or its text");
                    return;
                }
                Ok(row) => row.and_then(|row| row.cells.into_iter().nth(column)).unwrap_or_default(),
                Err(error) => {
                    self.error(error.to_string());
                    return;
                }
            },
        };
        if let Some(place) = place {
            open.view.table_cell = Some((place, column));
            (open.view.table.anchor, open.view.table.span) = (None, Span::Cells);
        }
        let text = text.unwrap_or_else(|| before.clone());
        open.view.table.edit = Some(TableEdit { row, column, before, text });
    }

    /// The cell goes on; at the edge it stays.
    fn step_cell(&mut self, down: i8, right: i8) {
        let Some((rows, shown)) = self.shown_columns() else { return };
        let Some((place, column)) = self.table_cell() else { return };
        let at = shown.iter().position(|&other| other == column).unwrap_or(0);
        let place = place.saturating_add_signed(i64::from(down)).min(rows.len().saturating_sub(1));
        let at = at.saturating_add_signed(isize::from(right)).min(shown.len().saturating_sub(1));
        if let Some(&column) = shown.get(at) {
            self.choose_cell(place, column);
        }
    }

    /// The numbers of selected rows as ranges that ascend; `None` where there are too many, which is said.
    fn selected_rows(&mut self) -> Option<(TableRows, Selected, Vec<Range<u64>>)> {
        let open = self.active()?;
        let (rows, selected) = (open.table_rows()?, open.selected_cells()?);
        let many = selected.rows.end - selected.rows.start;
        let ranges = match rows.order() {
            None => vec![selected.rows.clone()],
            Some(_) if many > MOST_ROWS => {
                self.warn(format!("{} are changed at once at most; here are {}", count(MOST_ROWS, "row"), group(many)));
                return None;
            }
            Some(order) => {
                let mut numbers = order.rows(selected.rows.clone());
                numbers.sort_unstable();
                let mut ranges: Vec<Range<u64>> = Vec::new();
                for number in numbers {
                    match ranges.last_mut() {
                        Some(last) if last.end == number => last.end += 1,
                        _ => ranges.push(number..number + 1),
                    }
                }
                ranges
            }
        };
        Some((rows, selected, ranges))
    }

    pub(super) fn delete_rows(&mut self, effects: &mut Vec<Effect>) {
        let Some((_, selected, ranges)) = self.selected_rows() else { return };
        if selected.rows.is_empty() {
            return;
        }
        self.change_table(Change::DeleteRows(ranges), effects);
        if let Some(open) = self.active_mut() {
            open.view.table.anchor = None;
            open.view.table.span = Span::Cells;
            open.view.table_cell = open.view.table_cell.map(|(_, column)| (selected.rows.start, column));
        }
    }

    pub(super) fn insert_row(&mut self, below: bool, effects: &mut Vec<Effect>) {
        let Some(open) = self.active() else { return };
        let Some(rows) = open.table_rows() else { return };
        let many = open.selected_cells().map_or(1, |selected| match open.view.table.span {
            Span::Rows => selected.rows.end - selected.rows.start,
            _ => 1,
        });
        if many > AT_ONCE {
            self.warn(format!("{} are inserted at once at most", count(AT_ONCE, "row")));
            return;
        }
        let selected = open.selected_cells().map(|selected| selected.rows);
        let place = selected.map(|rows| if below { rows.end.saturating_sub(1) } else { rows.start });
        let number = place.and_then(|place| rows.number(place));
        let at = number.map_or(rows.table().row_count(), |number| number + u64::from(below));
        let new = vec![vec![String::new(); rows.table().usual_width().max(1)]; many as usize];
        let arranged = rows.order().is_some();
        self.change_table(Change::InsertRows { at, rows: new }, effects);
        match (self.active_mut(), place, arranged) {
            (Some(open), Some(place), false) => {
                let column = open.view.table_cell.map_or(0, |(_, column)| column);
                open.view.table_cell = Some((place + u64::from(below), column));
                (open.view.table.anchor, open.view.table.span) = (None, Span::Cells);
            }
            (_, _, true) => self.info(format!("A row was inserted as row {} of the file", group(at + 1))),
            _ => {}
        }
    }

    pub(super) fn insert_column(&mut self, right: bool, effects: &mut Vec<Effect>) {
        let Some((_, column)) = self.table_cell() else { return };
        let Some(table) = self.active().and_then(|open| open.table()).map(|(table, _)| std::sync::Arc::clone(table)) else {
            return;
        };
        let at = column + usize::from(right);
        let taken = |name: &str| table.header().is_some_and(|header| header.iter().any(|other| other == name));
        let name = (1..).map(|n| if n == 1 { "new".to_owned() } else { format!("new {n}") }).find(|name| !taken(name));
        self.change_table(Change::InsertColumn { at, name: name.unwrap_or_default() }, effects);
    }

    pub(super) fn clear_cells(&mut self, effects: &mut Vec<Effect>) {
        let Some((rows, selected, ranges)) = self.selected_rows() else { return };
        if selected.cells() > MOST_ROWS {
            self.warn(format!("{} are emptied at once at most", count(MOST_ROWS, "cell")));
            return;
        }
        let columns = &selected.columns;
        let cell = |row: u64| columns.iter().map(move |&column| CellChange { row: Some(row), column, text: String::new() });
        let cells: Vec<_> = ranges.into_iter().flatten().flat_map(cell).collect();
        if !cells.is_empty() && !rows.is_empty() {
            self.change_table(Change::Cells(cells), effects);
        }
    }

    /// Text from the clipboard goes into cells from the upper left one of the selection on; a single text goes into all of
    /// them. What goes past the last row makes new rows.
    pub(super) fn paste_cells(&mut self, text: &str, effects: &mut Vec<Effect>) {
        let Some((rows, shown)) = self.shown_columns() else { return };
        let Some(selected) = self.active().and_then(|open| open.selected_cells()) else { return };
        if text.is_empty() {
            self.info("Nothing was pasted: the clipboard holds no text");
            return;
        }
        let Some(pasted) = parse(text) else {
            self.error("Nothing was pasted: the clipboard's text cannot be read as cells");
            return;
        };
        let all = pasted.iter().map(Vec::len).sum::<usize>() as u64;
        if all > MOST_ROWS || selected.cells() > MOST_ROWS {
            self.warn(format!("{} are pasted at once at most", count(MOST_ROWS, "cell")));
            return;
        }
        let mut cells = Vec::new();
        let mut left_out = 0;
        if let [row] = pasted.as_slice()
            && let [single] = row.as_slice()
        {
            for place in selected.rows.clone() {
                let row = rows.number(place);
                let change = |&column: &usize| CellChange { row, column, text: single.clone() };
                cells.extend(selected.columns.iter().map(change));
            }
        } else {
            let first = selected.columns.first().and_then(|first| shown.iter().position(|column| column == first)).unwrap_or(0);
            let mut beyond = rows.table().row_count();
            for (index, texts) in pasted.into_iter().enumerate() {
                let row = rows.number(selected.rows.start + index as u64).unwrap_or_else(|| {
                    beyond += 1;
                    beyond - 1
                });
                for (index, text) in texts.into_iter().enumerate() {
                    match shown.get(first + index) {
                        Some(&column) => cells.push(CellChange { row: Some(row), column, text }),
                        None => left_out += 1,
                    }
                }
            }
        }
        if left_out > 0 {
            self.warn(format!("{} past the last column: not pasted", count(left_out, "cell")));
        }
        self.change_table(Change::Cells(cells), effects);
    }

    /// Makes a change of the table, or keeps it until the table of the content as it is now is known.
    pub(super) fn change_table(&mut self, change: Change, effects: &mut Vec<Effect>) {
        let Some(id) = self.active else { return };
        if self.refuses_changes(id).is_some() {
            return;
        }
        if self.console.is_running() {
            self.warn("The console runs statements on the documents: press Stop, or wait for their end");
            return;
        }
        if let Some(why) = self.not_editable() {
            self.info(why);
            return;
        }
        if let Some(open) = self.active_mut() {
            open.table.pending.push(change);
        }
        self.go_on_changing(effects);
    }

    /// The first change that waits is made, where the table is known.
    pub(super) fn go_on_changing(&mut self, effects: &mut Vec<Effect>) {
        let Some(id) = self.active else { return };
        let busy = self.jobs.iter().any(|running| matches!(&running.job, Job::ChangeTable { document, .. } if *document == id));
        let Some(open) = self.active_mut() else { return };
        if busy || open.table.pending.is_empty() || !open.is_table_fresh() {
            return;
        }
        let Some((table, dialect)) = open.table() else { return };
        let (table, dialect) = (std::sync::Arc::clone(table), dialect.copied());
        let change = open.table.pending.remove(0);
        let (input, format, revision) = (open.document.snapshot(), open.detection.format, open.document.revision());
        if is_small(&change) {
            let made = make(&input, &table, format, dialect.as_ref(), &change, &Progress::new());
            self.table_changed(id, revision, made, &change);
        } else {
            let table = crate::app::table::TableRef(table);
            self.start(Job::ChangeTable { document: id, revision, input, table, format, dialect, change }, effects);
        }
    }

    /// What of the document becomes what is known: that is one edit.
    pub(in crate::app) fn table_changed(
        &mut self,
        id: DocumentId,
        revision: u64,
        made: Result<Option<Splice>, EditError>,
        change: &Change,
    ) {
        let drop_rest = |state: &mut Self| {
            if let Some(open) = state.document_mut(id) {
                open.table.pending.clear();
            }
        };
        let splice = match made {
            Ok(Some(splice)) => splice,
            Ok(None) => return,
            Err(EditError::Format(FormatError::Cancelled(_))) => {
                drop_rest(self);
                return self.info("The table was not changed");
            }
            Err(error) => {
                drop_rest(self);
                let text = error.to_string();
                let mut letters = text.chars();
                let first = letters.next().map(char::to_uppercase).into_iter().flatten();
                return self.error(first.chain(letters).collect::<String>());
            }
        };
        let Some(open) = self.document(id).filter(|open| open.document.revision() == revision && shows(open, revision)) else {
            drop_rest(self);
            return self.warn("The table was not changed, because its document changed meanwhile");
        };
        let (start, end) = units(open, splice.range);
        let data = match open.document.kind() {
            StreamKind::Bytes => Data::Bytes(splice.with),
            StreamKind::Text => match splice.with.to_vec_all().ok().and_then(|bytes| String::from_utf8(bytes).ok()) {
                Some(text) => Data::Text(text.as_str().into()),
                None => return self.error("The table was not changed: its text cannot be read"),
            },
        };
        let operation = match (start == end, data.is_empty()) {
            (true, _) => Operation::Insert { at: start, data },
            (false, true) => Operation::Delete { start, end },
            (false, false) => Operation::Replace { start, end, data },
        };
        if self.locked(id, &operation).is_some() {
            return drop_rest(self);
        }
        let Some(open) = self.document_mut(id) else { return };
        let position = open.document.position();
        let result = open.document.perform(operation);
        // The cursor stays in the cell that was changed rather than behind it.
        if result.is_ok() && position <= open.document.size() {
            open.document.perform(Operation::seek(start)).ok();
        }
        open.show_last_entry();
        match (result, change) {
            (Err(exception), _) => self.error(exception.to_string()),
            (Ok(_), Change::InsertColumn { at, .. }) => {
                let at = *at;
                self.columns_moved(id, move |column| Some(if column >= at { column + 1 } else { column }));
            }
            (Ok(_), Change::DeleteColumns(gone)) => {
                let gone = gone.clone();
                self.columns_moved(id, move |column| {
                    let before = gone.iter().filter(|&&other| other < column).count();
                    (!gone.contains(&column)).then(|| column - before)
                });
            }
            (Ok(_), _) => {}
        }
    }

    /// Columns have other numbers now: what belongs to them goes with them.
    fn columns_moved(&mut self, id: DocumentId, moved: impl Fn(usize) -> Option<usize>) {
        let Some(open) = self.document_mut(id) else { return };
        let view = &mut open.view;
        view.table.columns.follow(&moved);
        view.table.sort.retain_mut(|key| moved(key.column).map(|column| key.column = column).is_some());
        view.table.conditions.filters.retain_mut(|filter| match filter.column {
            None => true,
            Some(column) => {
                filter.column = moved(column);
                filter.column.is_some()
            }
        });
        let widths = std::mem::take(&mut view.column_widths);
        for (column, width) in widths.into_iter().enumerate() {
            if let (Some(column), Some(width)) = (moved(column), width) {
                if view.column_widths.len() <= column {
                    view.column_widths.resize(column + 1, None);
                }
                view.column_widths[column] = Some(width);
            }
        }
        view.table.anchor = None;
        view.table.span = Span::Cells;
        view.table_cell = view.table_cell.map(|(place, column)| (place, moved(column).unwrap_or(column.saturating_sub(1))));
    }
}

/// Does the work of a change.
pub(in crate::app) fn make(
    input: &Buffer,
    table: &Table,
    format: crate::formats::Format,
    dialect: Option<&Dialect>,
    change: &Change,
    progress: &Progress,
) -> Result<Option<Splice>, EditError> {
    edit::apply(input, table, format, dialect, change, progress)
}

/// Whether a change is made while the window waits.
fn is_small(change: &Change) -> bool {
    match change {
        Change::Cells(cells) => cells.len() as u64 <= AT_ONCE,
        Change::InsertRows { .. } => true,
        Change::DeleteRows(ranges) => ranges.len() as u64 <= AT_ONCE / 2,
        Change::InsertColumn { .. } | Change::DeleteColumns(_) => false,
    }
}

/// Text of the clipboard as rows of cells, read as spreadsheets write it.
fn parse(text: &str) -> Option<Vec<Vec<String>>> {
    let dialect = Dialect { delimiter: b'\t', header: false, ..Dialect::default() };
    // Text that is one line is one text, whatever quotes are in it.
    if !text.trim_end_matches(['\r', '\n']).contains(['\t', '\n', '\r']) {
        return Some(vec![vec![text.trim_end_matches(['\r', '\n']).to_owned()]]);
    }
    let table = Table::open(&Buffer::from(text.as_bytes()), dialect, &Progress::new()).ok()?;
    let rows = table.rows(0, usize::MAX).ok()?;
    Some(rows.into_iter().map(|row| if row.cells.is_empty() { vec![String::new()] } else { row.cells }).collect())
}
