//! Rows and columns: a frozen header, frozen row numbers, and as many rows as a file has.

mod cells;
mod columns;
mod dialect;
mod grid;

use std::sync::Arc;

use egui::{Label, RichText, ScrollArea, Ui, vec2};

use super::ViewCx;
use super::rows::Rows;
use super::theme::{ROW, UNIT};
use crate::app::numbers::{count, group, places};
use crate::app::{Command, OpenDocument, PreviewState, ViewCommand};
use crate::document::DocumentId;
use crate::formats::table::{Dialect, Row, Table};
use crate::formats::{Format, FormatError};
use columns::Columns;

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
}

/// What was made from a table.
struct Shown {
    table: Arc<Table>,
    first: u64,
    rows: Result<Vec<Row>, String>,
    /// Rows asked for, of which `rows` may be fewer at the end.
    asked: usize,
    /// Cells that a row ought to have.
    expected: usize,
    auto: Vec<f32>,
    columns: Columns,
    set: Vec<Option<f32>>,
}

impl Shown {
    fn new(ui: &Ui, table: &Arc<Table>, cx: &ViewCx<'_>) -> Self {
        let sample = table.rows(0, 50);
        let expected = match (table.header(), &sample) {
            (Some(header), _) => header.len(),
            (None, Ok(rows)) => rows.iter().map(|row| row.cells.len()).find(|&cells| cells > 0).unwrap_or(0),
            (None, Err(_)) => 0,
        };
        let rows = sample.as_deref().unwrap_or_default();
        let measured = table.width().min(columns::MEASURED);
        let auto = (0..measured).map(|column| grid::natural_width(ui, table.header(), rows, column, cx)).collect();
        Self {
            table: Arc::clone(table),
            first: 0,
            rows: Ok(Vec::new()),
            asked: 0,
            expected,
            auto,
            columns: Columns::default(),
            set: Vec::new(),
        }
    }

    /// Reads the rows in sight, where they are not those that were read last.
    fn read(&mut self, range: std::ops::Range<u64>) {
        let asked = (range.end - range.start) as usize;
        if self.first == range.start && self.asked == asked {
            return;
        }
        (self.first, self.asked) = (range.start, asked);
        self.rows = self.table.rows(range.start, asked).map_err(|error: FormatError| error.to_string());
    }

    /// Whether a row has another number of cells than it ought to. Blank rows have none, and of a very long row the cells
    /// are not all known.
    fn is_ragged(&self, row: &Row) -> bool {
        !row.cells.is_empty() && !row.is_cut() && row.cells.len() != self.expected
    }

    fn row(&self, number: u64) -> Option<&Row> {
        let index = usize::try_from(number.checked_sub(self.first)?).ok()?;
        self.rows.as_ref().ok()?.get(index)
    }
}

impl TableView {
    /// Paints a table of the document and adds what the user did. `dialect` is how a delimited file was read, and why.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        open: &OpenDocument,
        table: &Arc<Table>,
        dialect: Option<&(Dialect, String)>,
        cx: &ViewCx<'_>,
        commands: &mut Vec<Command>,
    ) {
        let id = open.document.id();
        let mut other = self.other.take().filter(|(kept, _)| *kept == id).map(|(_, text)| text);
        ui.push_id(("table", id.get()), |ui| {
            ui.spacing_mut().item_spacing.y = UNIT;
            dialect::bar(ui, open, table, dialect, &mut other, cx, commands);
            self.show_table(ui, open, table, cx, commands);
        });
        self.other = other.map(|text| (id, text));
    }

    fn show_table(&mut self, ui: &mut Ui, open: &OpenDocument, table: &Arc<Table>, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        if table.width() == 0 {
            ui.label(RichText::new("The table is empty").color(cx.theme.text_dim));
            return;
        }
        let view = &open.view;
        if self.shown.as_ref().is_none_or(|shown| !Arc::ptr_eq(&shown.table, table)) {
            self.shown = Some(Shown::new(ui, table, cx));
            self.revealed = view.table_cell;
        }
        let Some(shown) = &mut self.shown else { return };
        if shown.columns.count() != table.width() || shown.set != view.column_widths {
            shown.columns = Columns::new(table.width(), &shown.auto, &view.column_widths);
            shown.set.clone_from(&view.column_widths);
        }
        let cell = view.table_cell.filter(|&(row, column)| row < table.row_count() && column < table.width());
        let details = if cell.is_some() { (1.0 + DETAIL_LINES) * ROW + 3.0 * UNIT } else { 0.0 };
        let outer = ui.available_rect_before_wrap();
        let height = (outer.height() - details).max(4.0 * ROW);
        let (area, _) = ui.allocate_exact_size(vec2(outer.width(), height), egui::Sense::hover());
        let numbers = grid::numbers_width(ui, table.row_count());
        let layout = grid::Areas::new(area, numbers, shown.columns.total());
        let rows = Rows { total: table.row_count(), row_height: ROW, view_height: layout.cells.height() };
        let mut scroll = rows.clamp(view.table_scroll);
        let most = (shown.columns.total() - f64::from(layout.cells.width())).max(0.0) as f32;
        let mut x = view.table_scroll_x.clamp(0.0, most);
        // A cell that was chosen elsewhere (a dialog, a key) is brought into sight once.
        if let Some((row, column)) = cell
            && cell != self.revealed
        {
            scroll = rows.reveal(scroll, row, 0);
            x = shown.columns.reveal(column, x, layout.cells.width()).min(most);
        }
        self.revealed = cell;
        shown.read(rows.visible(scroll));
        let grid = grid::Grid { open, table, shown, areas: layout, rows, cell, cx };
        (scroll, x) = grid.show(ui, scroll, x, most, commands);
        if (scroll, x) != (view.table_scroll, view.table_scroll_x) {
            commands.push(Command::View(ViewCommand::TableScroll(scroll, x)));
        }
        if let Some((row, column)) = cell {
            show_details(ui, open, shown, row, column, cx, commands);
        }
    }
}

/// The selected cell in full, and where its row stands in the bytes.
fn show_details(
    ui: &mut Ui,
    open: &OpenDocument,
    shown: &Shown,
    row: u64,
    column: usize,
    cx: &ViewCx<'_>,
    commands: &mut Vec<Command>,
) {
    let outside = match shown.row(row) {
        Some(_) => None,
        None => shown.table.rows(row, 1).ok().and_then(|mut rows| rows.pop()),
    };
    let Some(record) = shown.row(row).or(outside.as_ref()) else { return };
    ui.horizontal(|ui| {
        ui.set_min_height(ROW);
        let place = format!("Row {}, {}", group(row + 1), grid::column_name(&shown.table, column));
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
    let fresh = matches!(open.preview, PreviewState::Ready { revision, .. } if revision == open.document.revision());
    let delimited = matches!(open.detection.format, Format::Csv | Format::Tsv);
    fresh && open.document.as_bytes().is_some() && delimited
}
