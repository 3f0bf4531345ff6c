//! Rows and columns: a frozen header, frozen row numbers, and as many rows as a file has.

mod bars;
mod cells;
mod columns;
mod dialect;
mod editor;
mod filter;
mod find;
mod grid;
mod header;
mod input;

use std::sync::Arc;

use egui::{Label, RichText, ScrollArea, Ui, vec2};

use super::ViewCx;
use super::rows::Rows;
use super::theme::{ROW, UNIT};
use crate::app::numbers::{count, group, places};
use crate::app::table::{ColumnOrder, TableRows, Wish};
use crate::app::{Command, OpenDocument, ViewCommand};
use crate::document::DocumentId;
use crate::explore::table::Found;
use crate::formats::FormatError;
use crate::formats::table::{Dialect, Row};
use columns::Columns;
use filter::Draft;

pub(super) use grid::column_name;

/// Lines of the selected cell's text below the grid.
const DETAIL_LINES: f32 = 3.0;

/// Characters of the selected cell's text below the grid.
const DETAIL: usize = 10_000;

/// The table pane. Holds the rows in sight and the measured widths of the table that was shown last.
#[derive(Default)]
pub struct TableView {
    shown: Option<Shown>,
    /// What stands in the field of a delimiter without a name.
    other: Option<(DocumentId, String)>,
    /// The cell that was last brought into sight, so that scrolling away from it is possible.
    revealed: Option<(u64, usize)>,
    /// The wish that was followed last.
    wish: Option<(DocumentId, u64)>,
    /// The filter that is being made.
    draft: Option<(DocumentId, Draft)>,
    find: find::FindBar,
    /// The cell that was typed into in the last frame.
    edited: Option<(Option<u64>, usize)>,
    /// Where the document's cursor is in the table, and of what that was found out.
    cursor: Option<(CursorKey, Option<(u64, usize)>)>,
}

/// The document, its revision, its cursor, and whether the table is that of its content.
type CursorKey = (DocumentId, u64, u64, bool);

/// What was made from a table.
struct Shown {
    table: TableRows,
    first: u64,
    /// Rows with their numbers.
    rows: Result<Vec<(u64, Row)>, String>,
    /// Rows asked for, of which `rows` may be fewer at the end.
    asked: usize,
    /// Cells that a row ought to have.
    expected: usize,
    auto: Vec<f32>,
    columns: Columns,
    set: Vec<Option<f32>>,
    order: ColumnOrder,
    /// The matches of the search.
    found: Option<Arc<Found>>,
}

impl Shown {
    fn new(ui: &Ui, rows: &TableRows, cx: &ViewCx<'_>) -> Self {
        let table = rows.table();
        let sample = table.rows(0, 50);
        let expected = match (table.header(), &sample) {
            (Some(header), _) => header.len(),
            (None, Ok(rows)) => rows.iter().map(|row| row.cells.len()).find(|&cells| cells > 0).unwrap_or(0),
            (None, Err(_)) => 0,
        };
        let sample = sample.as_deref().unwrap_or_default();
        let measured = table.width().min(columns::MEASURED);
        let auto = (0..measured).map(|column| grid::natural_width(ui, table.header(), sample.iter(), column, cx)).collect();
        Self {
            table: rows.clone(),
            first: 0,
            rows: Ok(Vec::new()),
            asked: 0,
            expected,
            auto,
            columns: Columns::default(),
            set: Vec::new(),
            order: ColumnOrder::default(),
            found: None,
        }
    }

    /// Reads the rows in sight, where they are not those that were read last.
    fn read(&mut self, range: std::ops::Range<u64>) {
        let asked = (range.end - range.start) as usize;
        if self.first == range.start && self.asked == asked {
            return;
        }
        (self.first, self.asked) = (range.start, asked);
        self.rows = self.table.read(range).map_err(|error: FormatError| error.to_string());
    }

    /// Whether a row has another number of cells than it ought to. Blank rows have none, and of a very long row the cells
    /// are not all known.
    fn is_ragged(&self, row: &Row) -> bool {
        !row.cells.is_empty() && !row.is_cut() && row.cells.len() != self.expected
    }

    /// The row at a place, and its number.
    fn row(&self, place: u64) -> Option<(u64, &Row)> {
        let index = usize::try_from(place.checked_sub(self.first)?).ok()?;
        self.rows.as_ref().ok()?.get(index).map(|(number, row)| (*number, row))
    }

    /// The rows in sight.
    fn read_rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.as_deref().unwrap_or_default().iter().map(|(_, row)| row)
    }

    /// Whether the search found a cell.
    fn is_found(&self, number: u64, column: usize) -> bool {
        let places = self.found.as_ref().map(|found| found.places.as_slice()).unwrap_or_default();
        places.binary_search_by_key(&(number, column), |place| (place.row, place.column)).is_ok()
    }
}

impl TableView {
    /// Paints a table of the document and adds what the user did. `dialect` is how a delimited file was read, and why.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        open: &OpenDocument,
        dialect: Option<&(Dialect, String)>,
        cx: &ViewCx<'_>,
        commands: &mut Vec<Command>,
    ) {
        let id = open.document.id();
        let mut other = self.other.take().filter(|(kept, _)| *kept == id).map(|(_, text)| text);
        ui.push_id(("table", id.get()), |ui| {
            ui.spacing_mut().item_spacing.y = UNIT;
            let Some(rows) = open.table_rows() else { return };
            dialect::bar(ui, open, &rows, dialect, &mut other, cx, commands);
            self.show_table(ui, open, &rows, cx, commands);
        });
        self.other = other.map(|text| (id, text));
    }

    fn show_table(&mut self, ui: &mut Ui, open: &OpenDocument, rows: &TableRows, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let table = rows.table();
        if table.width() == 0 {
            ui.label(RichText::new("The table is empty").color(cx.theme.text_dim));
            return;
        }
        let id = open.document.id();
        let view = &open.view;
        let mut draft = self.draft.take().filter(|(kept, _)| *kept == id).map(|(_, draft)| draft);
        let wish = self.wish(id, open);
        if wish == Wish::Filter {
            draft = Some(Draft::new(view.table_cell.map(|(_, column)| column)));
        }
        bars::arranged(ui, open, rows, &mut draft, cx, commands);
        filter::form(ui, open, table, &mut draft, cx, commands);
        self.draft = draft.map(|draft| (id, draft));
        self.find.show(ui, open, rows, cx, commands);
        if self.shown.as_ref().is_none_or(|shown| shown.table != *rows) {
            let same = self.shown.take().filter(|shown| Arc::ptr_eq(shown.table.table(), table));
            self.shown = Some(match same {
                // Another order of the same rows: the widths stay.
                Some(shown) => Shown { table: rows.clone(), first: 0, rows: Ok(Vec::new()), asked: 0, ..shown },
                None => Shown::new(ui, rows, cx),
            });
            self.revealed = view.table_cell;
        }
        let cursor = self.cursor(open, cx);
        let Some(shown) = &mut self.shown else { return };
        let look = &view.table;
        if shown.columns.count() == 0 || shown.set != view.column_widths || shown.order != look.columns {
            shown.columns =
                Columns::new(look.columns.shown(table.width()), look.columns.frozen(), &shown.auto, &view.column_widths);
            shown.set.clone_from(&view.column_widths);
            shown.order.clone_from(&look.columns);
        }
        let found = open.table.found.done().filter(|(key, _)| look.search.open && key.search == look.search && key.rows == *rows);
        shown.found = found.map(|(_, found)| Arc::clone(found));
        let cell = view.table_cell.filter(|&(place, column)| place < rows.len() && shown.columns.place(column).is_some());
        let details = if cell.is_some() { (1.0 + DETAIL_LINES) * ROW + 3.0 * UNIT } else { 0.0 };
        let outer = ui.available_rect_before_wrap();
        let height = (outer.height() - details).max(4.0 * ROW);
        let (area, _) = ui.allocate_exact_size(vec2(outer.width(), height), egui::Sense::hover());
        let numbers = grid::numbers_width(ui, table.row_count());
        let layout = grid::Areas::new(area, numbers, shown.columns.total());
        shown.columns.fit(layout.cells.width());
        let lines = Rows { total: rows.len(), row_height: ROW, view_height: layout.cells.height() };
        let mut scroll = lines.clamp(view.table_scroll);
        let most = (shown.columns.total() - f64::from(layout.cells.width())).max(0.0) as f32;
        let mut x = view.table_scroll_x.clamp(0.0, most);
        // A cell that was chosen elsewhere (a dialog, a key) is brought into sight once.
        if let Some((place, column)) = cell
            && cell != self.revealed
        {
            scroll = lines.reveal(scroll, place, 0);
            let at = shown.columns.place(column).unwrap_or(0);
            x = shown.columns.reveal(at, x, layout.cells.width()).min(most);
        }
        self.revealed = cell;
        shown.read(lines.visible(scroll));
        let selected = if cell.is_some() { open.selected_cells() } else { None };
        let grid = grid::Grid { open, table, shown, areas: layout, rows: lines, cell, selected, cursor, cx };
        if wish == Wish::Fit {
            for place in grid.columns_in_sight(x) {
                let column = shown.columns.column(place);
                let width = grid::natural_width(ui, table.header(), shown.read_rows(), column, cx);
                commands.push(Command::View(ViewCommand::ColumnWidth(column, width)));
            }
        }
        if wish == Wish::Grid {
            ui.memory_mut(|memory| memory.request_focus(grid::id()));
        }
        let now = grid.show(ui, scroll, x, most, commands);
        if let Some(edit) = &look.edit {
            let key = (edit.row, edit.column);
            let rect = match edit.row {
                None => grid.header_rect(edit.column, x),
                Some(_) => cell.and_then(|(place, column)| grid.rect_of(place, column, scroll, x)),
            };
            // A cell that scrolled away is still typed into at the edge.
            let rect = rect.unwrap_or_else(|| egui::Rect::from_min_size(layout.cells.min, vec2(160.0, ROW)));
            let fresh = self.edited.replace(key) != Some(key);
            editor::show(ui, edit, &column_name(table, edit.column), rect, layout.cells, fresh, cx, commands);
        } else {
            self.edited = None;
        }
        (scroll, x) = now;
        if (scroll, x) != (view.table_scroll, view.table_scroll_x) {
            commands.push(Command::View(ViewCommand::TableScroll(scroll, x)));
        }
        if let Some((place, column)) = cell {
            show_details(ui, open, shown, place, column, cx, commands);
        }
    }

    /// What the view is to do once, where that was not done yet.
    fn wish(&mut self, id: DocumentId, open: &OpenDocument) -> Wish {
        let (count, wish) = open.view.table.wish;
        let before = self.wish.replace((id, count));
        // A view that comes to a document does not do what was wanted there long ago.
        if before.is_some_and(|(known, followed)| known == id && followed != count) { wish } else { Wish::Nothing }
    }

    /// The cell that the document's cursor is in. Found out once for each place.
    fn cursor(&mut self, open: &OpenDocument, cx: &ViewCx<'_>) -> Option<(u64, usize)> {
        let document = &open.document;
        let key = (document.id(), document.revision(), document.position(), open.is_table_fresh());
        if self.cursor.as_ref().is_none_or(|(known, _)| *known != key) {
            self.cursor = Some((key, cx.state.cursor_cell()));
        }
        self.cursor.as_ref().and_then(|(_, cell)| *cell)
    }
}

/// Whether the cells of the table have the keyboard.
pub(super) fn has_focus(ctx: &egui::Context) -> bool {
    ctx.memory(|memory| memory.has_focus(grid::id()))
}

/// The selected cell in full, and where its row stands in the bytes.
fn show_details(
    ui: &mut Ui,
    open: &OpenDocument,
    shown: &Shown,
    place: u64,
    column: usize,
    cx: &ViewCx<'_>,
    commands: &mut Vec<Command>,
) {
    let outside = match shown.row(place) {
        Some(_) => None,
        None => shown.table.read(place..place + 1).ok().and_then(|mut rows| rows.pop()),
    };
    let outside = outside.as_ref().map(|(number, row)| (*number, row));
    let Some((number, record)) = shown.row(place).or(outside) else { return };
    ui.horizontal(|ui| {
        ui.set_min_height(ROW);
        let place = match open.selected_cells().filter(|selected| selected.cells() > 1) {
            Some(selected) => {
                let size = format!(
                    "{} × {}",
                    count(selected.rows.end - selected.rows.start, "row"),
                    count(selected.columns.len() as u64, "column")
                );
                format!("{size} selected; row {}, {}", group(number + 1), column_name(shown.table.table(), column))
            }
            None => format!("Row {}, {}", group(number + 1), column_name(shown.table.table(), column)),
        };
        let range = record.range;
        if !range.is_empty() && links_to_bytes(open) {
            let go = ui.small_button("Go to bytes").on_hover_text("Select the bytes of this row");
            if go.clicked() {
                // The move scrolls the bytes there, and the head at the start leaves the cursor on the row's first byte.
                commands.push(Command::MoveCursor { to: range.start.0, extend: false });
                commands.push(Command::Select { anchor: range.end().0, head: range.start.0 });
            }
            let bytes = format!("{} at {}", count(range.len.0, "byte"), places(range.start.0, range.end().0));
            ui.add(Label::new(place).truncate());
            ui.add(Label::new(RichText::new(bytes).color(cx.theme.text_dim)).truncate());
        } else {
            ui.add(Label::new(place).truncate());
        }
        if let Some(text) = record.cells.get(column) {
            let copy = ui.small_button("Copy").on_hover_text("Copy this cell").accessible_name("Copy this cell");
            if copy.clicked() {
                ui.ctx().copy_text(text.clone());
            }
        }
    });
    ScrollArea::vertical().id_salt("cell").max_height(DETAIL_LINES * ROW).auto_shrink([false, false]).show(ui, |ui| {
        let text = match record.cells.get(column) {
            None if record.is_cut() => RichText::new("Only the start of this very long row is shown").color(cx.theme.warning),
            None => RichText::new("This row has no such cell").color(cx.theme.text_dim),
            Some(text) if text.is_empty() => RichText::new("Empty").color(cx.theme.text_dim),
            Some(text) => RichText::new(crate::app::numbers::shorten(text, DETAIL)),
        };
        ui.add(Label::new(text).wrap().selectable(true));
    });
}

/// Whether the offsets of the table's rows are offsets of the document as it is now.
fn links_to_bytes(open: &OpenDocument) -> bool {
    open.is_table_fresh() && open.document.as_bytes().is_some()
}
