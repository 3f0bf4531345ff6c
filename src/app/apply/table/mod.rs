//! The table of the document in front: its selection, its columns, its order, its cells.

mod arrange;
mod edit;

pub(in crate::app) use edit::make as make_table_change;

use crate::app::numbers::{count, group};
use crate::app::table::{COPY_CELLS, CopyStyle, EditCommand, Span, TableAction, TableCommand, TableLook, TableRows, Wish};
use crate::app::{AppState, Effect, Job, PasteInto, PreviewState, RowScroll};
use crate::buffer::{ByteRange, Offset};
use crate::document::StreamKind;
use crate::formats::FormatError;
use crate::formats::table::edit::Change;

impl AppState {
    pub(in crate::app) fn table_command(&mut self, command: TableCommand, effects: &mut Vec<Effect>) {
        if command == TableCommand::Grown {
            return self.table_grew();
        }
        if self.active().is_none_or(|open| open.table().is_none()) {
            return;
        }
        match command {
            TableCommand::Extend(place, column) => self.extend_cells(place, column, Span::Cells),
            TableCommand::Rows(place, extend) => {
                let column = self.first_column();
                match extend {
                    true => self.extend_cells(place, column, Span::Rows),
                    false => self.choose_cells(place, column, Span::Rows),
                }
            }
            TableCommand::Column(column, extend) => {
                let place = self.table_cell().map_or(0, |(place, _)| place);
                match extend {
                    true => self.extend_cells(place, column, Span::Columns),
                    false => self.choose_cells(place, column, Span::Columns),
                }
            }
            TableCommand::MoveColumn { column, to } => self.columns(|columns, width| columns.put(column, to, width)),
            TableCommand::ShowColumn(column, shown) => self.columns(|columns, width| columns.show(column, shown, width)),
            TableCommand::Freeze(count) => self.columns(|columns, _| columns.freeze(count)),
            TableCommand::CycleSort { column, add } => self.cycle_sort(column, add),
            TableCommand::Sort(keys) => self.arrange(|look| look.sort = keys),
            TableCommand::AddFilter(filter) => self.filter(|filters| filters.push(filter)),
            TableCommand::ChangeFilter(at, filter) => self.filter(|filters| {
                if let Some(place) = filters.get_mut(at) {
                    *place = filter;
                }
            }),
            TableCommand::RemoveFilter(at) => self.filter(|filters| {
                if at < filters.len() {
                    filters.remove(at);
                }
            }),
            TableCommand::Search(search) => {
                if let Some(open) = self.active_mut() {
                    if open.view.table.search.open && !search.open {
                        open.view.table.ask(Wish::Grid);
                    }
                    open.view.table.search = search;
                }
            }
            TableCommand::SearchStep { forward } => self.search_table(forward, effects),
            TableCommand::Edit(command) => self.edit_cell(command, effects),
            TableCommand::Statistics(look) => {
                if let Some(open) = self.active_mut() {
                    open.view.table.statistics = look;
                }
            }
            TableCommand::Again => {
                if let Some(open) = self.active_mut() {
                    open.table.retry();
                }
            }
            TableCommand::Paste(text) => self.paste_cells(&text, effects),
            TableCommand::Grown => {}
        }
    }

    pub(in crate::app) fn table_action(&mut self, action: TableAction, effects: &mut Vec<Effect>) {
        if let Some(style) = action.copies() {
            self.copy_cells(style, effects);
            if action == TableAction::Cut {
                self.clear_cells(effects);
            }
            return;
        }
        let cell = self.table_cell();
        let Some(open) = self.active_mut() else { return };
        let look = &mut open.view.table;
        match action {
            TableAction::Edit => {
                if let Some((place, column)) = cell {
                    self.edit_cell(EditCommand::Begin(Some(place), column, None), effects);
                }
            }
            TableAction::RenameColumn => {
                if let Some((_, column)) = cell {
                    self.edit_cell(EditCommand::Begin(None, column, None), effects);
                }
            }
            TableAction::Paste => effects.push(Effect::RequestPaste { into: PasteInto::Cells }),
            TableAction::Clear => self.clear_cells(effects),
            TableAction::SelectAll => {
                let (rows, shown) = match self.shown_columns() {
                    Some(known) => known,
                    None => return,
                };
                if let (Some(&first), Some(&last)) = (shown.first(), shown.last())
                    && let Some(open) = self.active_mut()
                {
                    open.view.table_cell = Some((0, first));
                    open.view.table.anchor = Some((rows.len().saturating_sub(1), last));
                    open.view.table.span = Span::Cells;
                }
            }
            TableAction::InsertRowAbove => self.insert_row(false, effects),
            TableAction::InsertRowBelow => self.insert_row(true, effects),
            TableAction::DeleteRows => self.delete_rows(effects),
            TableAction::InsertColumnLeft => self.insert_column(false, effects),
            TableAction::InsertColumnRight => self.insert_column(true, effects),
            TableAction::DeleteColumns => {
                if let Some(selected) = self.active().and_then(|open| open.selected_cells()) {
                    self.change_table(Change::DeleteColumns(selected.columns), effects);
                }
            }
            TableAction::HideColumns => {
                if let Some(selected) = self.active().and_then(|open| open.selected_cells()) {
                    for column in selected.columns {
                        self.columns(|columns, width| columns.show(column, false, width));
                    }
                    self.leave_hidden_column();
                }
            }
            TableAction::ShowAllColumns => self.columns(|columns, _| columns.show_all()),
            TableAction::ResetColumns => self.columns(|columns, _| columns.reset()),
            TableAction::FreezeColumns => {
                let Some((_, shown)) = self.shown_columns() else { return };
                let at = cell.and_then(|(_, column)| shown.iter().position(|&other| other == column));
                self.columns(|columns, _| columns.freeze(at.map_or(0, |at| at + 1)));
            }
            TableAction::UnfreezeColumns => self.columns(|columns, _| columns.freeze(0)),
            TableAction::FitColumns => look.ask(Wish::Fit),
            TableAction::SortAscending | TableAction::SortDescending => {
                if let Some((_, column)) = cell {
                    let by = self.compared_by(column);
                    let descending = action == TableAction::SortDescending;
                    self.arrange(|look| look.sort = vec![crate::explore::table::SortKey { column, by, descending }]);
                }
            }
            TableAction::SortAsInFile => self.arrange(|look| look.sort.clear()),
            TableAction::Filter => look.ask(Wish::Filter),
            TableAction::FilterByCell => self.filter_by_cell(false),
            TableAction::FilterOutCell => self.filter_by_cell(true),
            TableAction::ClearFilters => self.filter(Vec::clear),
            TableAction::Find => {
                look.search.open = true;
                look.ask(Wish::Search);
            }
            TableAction::FindNext => self.search_table(true, effects),
            TableAction::FindPrevious => self.search_table(false, effects),
            TableAction::GoToCursor => self.go_to_cursor_row(),
            TableAction::GoToBytes => self.link_cell(),
            TableAction::Copy
            | TableAction::Cut
            | TableAction::CopyWithHeader
            | TableAction::CopyCsv
            | TableAction::CopyMarkdown
            | TableAction::CopyHtml
            | TableAction::CopyJson => {}
        }
    }

    fn table_cell(&self) -> Option<(u64, usize)> {
        self.active().and_then(|open| open.view.table_cell)
    }

    /// The rows that are shown, and the columns in their order.
    fn shown_columns(&self) -> Option<(TableRows, Vec<usize>)> {
        let open = self.active()?;
        let rows = open.table_rows()?;
        let shown = open.view.table.columns.shown(rows.table().width());
        Some((rows, shown))
    }

    fn first_column(&self) -> usize {
        self.shown_columns().and_then(|(_, shown)| shown.first().copied()).unwrap_or(0)
    }

    /// Changes which columns are shown and how.
    fn columns(&mut self, change: impl FnOnce(&mut crate::app::table::ColumnOrder, usize)) {
        let Some(open) = self.active_mut() else { return };
        let Some(width) = open.table().map(|(table, _)| table.width()) else { return };
        change(&mut open.view.table.columns, width);
    }

    /// The cell goes to a column that is shown.
    fn leave_hidden_column(&mut self) {
        let Some((_, shown)) = self.shown_columns() else { return };
        let Some(open) = self.active_mut() else { return };
        open.view.table.anchor = None;
        open.view.table.span = Span::Cells;
        if let Some((_, column)) = &mut open.view.table_cell
            && !shown.contains(column)
        {
            *column = shown.iter().copied().find(|other| other > column).or(shown.last().copied()).unwrap_or(0);
        }
    }

    /// One cell is chosen; its bytes are selected.
    pub(in crate::app) fn choose_cell(&mut self, place: u64, column: usize) {
        self.choose_cells(place, column, Span::Cells);
    }

    fn choose_cells(&mut self, place: u64, column: usize, span: Span) {
        let Some(open) = self.active_mut() else { return };
        open.view.table_cell = Some((place, column));
        open.view.table.span = span;
        open.view.table.anchor = (span != Span::Cells).then_some((place, column));
        open.view.table.edit = None;
        self.link_cell();
    }

    fn extend_cells(&mut self, place: u64, column: usize, span: Span) {
        let Some(open) = self.active_mut() else { return };
        let look = &mut open.view.table;
        if look.span != span || look.anchor.is_none() {
            look.anchor = open.view.table_cell.or(Some((place, column)));
        }
        look.span = span;
        look.edit = None;
        open.view.table_cell = Some((place, column));
    }

    /// Selects the bytes of the chosen cell, or of its row, in the document. While a walk or the console is on, they are
    /// only brought into sight: a selection is a call.
    fn link_cell(&mut self) {
        let Some(open) = self.active().filter(|open| open.is_table_fresh() && !open.document.is_closed()) else { return };
        let (Some((place, column)), Some(rows)) = (open.view.table_cell, open.table_rows()) else { return };
        let Some(number) = rows.number(place) else { return };
        let cell = match open.view.table.span {
            Span::Rows => None,
            _ => rows.table().cell_range(number, column).ok().flatten(),
        };
        let Some(range) = cell.or_else(|| rows.table().row_range(number).ok().flatten()) else { return };
        let (start, end) = (range.start.0, range.end().0);
        if open.document.is_walking() || self.console.is_running() {
            if let Some(open) = self.active_mut() {
                open.view.linked = Some((start, end));
                open.view.shown = (start, open.view.shown.1 + 1);
            }
        } else {
            self.select_bytes(start, end);
        }
    }

    /// Where the cursor of the document stands in the table: the number of the row, and the column.
    pub fn cursor_cell(&self) -> Option<(u64, usize)> {
        let open = self.active().filter(|open| open.is_table_fresh())?;
        let (table, _) = open.table()?;
        let position = open.document.position();
        let byte = match open.document.kind() {
            StreamKind::Bytes => position,
            StreamKind::Text => open.document.as_text()?.slice(0, position.min(open.document.size())).to_utf8().len().get(),
        };
        // Behind the last byte is still the last row.
        let last = open.document.snapshot().len().get().checked_sub(1)?;
        table.cell_at(Offset(byte.min(last))).ok().flatten()
    }

    fn go_to_cursor_row(&mut self) {
        let Some((number, column)) = self.cursor_cell() else {
            self.info("The cursor is in no row of the table");
            return;
        };
        let place = self.active().and_then(|open| open.table_rows()).and_then(|rows| rows.place(number));
        let Some(place) = place else {
            self.info(format!("Row {}, where the cursor is, is left out by the filters", group(number + 1)));
            return;
        };
        let Some(open) = self.active_mut() else { return };
        open.view.table_cell = Some((place, column));
        (open.view.table.anchor, open.view.table.span) = (None, Span::Cells);
        open.view.table_scroll = RowScroll { top_row: place.saturating_sub(crate::app::table::ABOVE), sub_px: 0.0 };
    }

    fn copy_cells(&mut self, style: CopyStyle, effects: &mut Vec<Effect>) {
        let Some(open) = self.active() else { return };
        let (Some(rows), Some(selected)) = (open.table_rows(), open.selected_cells()) else { return };
        if selected.cells() > COPY_CELLS {
            self.warn(format!(
                "{} are more than a clipboard takes ({}): export the table instead",
                count(selected.cells(), "cell"),
                count(COPY_CELLS, "cell")
            ));
            return;
        }
        self.start(Job::CopyCells { rows, places: selected.rows, columns: selected.columns, style }, effects);
    }

    /// Cells are text now.
    pub(in crate::app) fn cells_copied(&mut self, result: Result<String, FormatError>, job: &Job, effects: &mut Vec<Effect>) {
        let Job::CopyCells { places, columns, style, .. } = job else { return };
        match result {
            Ok(text) => {
                let cells = (places.end - places.start) * columns.len() as u64;
                if cells > 1 || *style != CopyStyle::Cells {
                    self.info(format!("{} copied as {}", count(cells, "cell"), style.name()));
                }
                self.clip = None;
                effects.push(Effect::CopyText(text));
            }
            Err(FormatError::Cancelled(_)) => self.info("Nothing was copied"),
            Err(error) => self.error(format!("Not copied: {error}")),
        }
    }

    /// The first rows are shown while the others are being read.
    fn table_grew(&mut self) {
        let Some(id) = self.active else { return };
        let grown = self.jobs.iter().find_map(|running| match &running.job {
            Job::Preview { document, revision, growing, .. } if *document == id => Some((*revision, growing.get()?)),
            _ => None,
        });
        let (Some((revision, preview)), Some(open)) = (grown, self.active_mut()) else { return };
        // What is whole, if of an earlier content, is more than a part of the new one.
        if open.document.revision() == revision && open.table().is_none_or(|(table, _)| !table.is_complete()) {
            open.preview = PreviewState::Ready { preview, revision };
        }
    }

    /// A table that was just read may be another one: what the view remembers of the old one that has no place in it goes.
    pub(in crate::app) fn table_arrived(&mut self, document: crate::document::DocumentId, effects: &mut Vec<Effect>) {
        let Some(open) = self.document_mut(document) else { return };
        let Some(width) = open.table().map(|(table, _)| table.width()) else { return };
        let look: &mut TableLook = &mut open.view.table;
        look.sort.retain(|key| key.column < width);
        look.conditions.filters.retain(|filter| filter.column.is_none_or(|column| column < width));
        if self.active == Some(document) {
            self.go_on_changing(effects);
        }
    }
}

/// Whether the preview that is there is of this revision.
fn shows(open: &crate::app::OpenDocument, revision: u64) -> bool {
    matches!(open.preview, PreviewState::Ready { revision: shown, .. } if shown == revision)
}

/// The bytes of `range` as places of a document: bytes, or characters of a text stream.
fn units(open: &crate::app::OpenDocument, range: ByteRange) -> (u64, u64) {
    let bytes = open.document.snapshot();
    match open.document.kind() {
        StreamKind::Bytes => (range.start.0, range.end().0),
        StreamKind::Text => {
            let at = |offset| crate::app::apply::explored::characters(&bytes, offset);
            (at(range.start.0), at(range.end().0))
        }
    }
}
