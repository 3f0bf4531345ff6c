//! The painted grid: only what is in sight is laid out.

use egui::{
    Button, Color32, CursorIcon, EventFilter, FontId, Key, Modifiers, Painter, Pos2, Rect, Response, Role, Sense, Stroke,
    StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use super::Shown;
use super::cells::job;
use crate::app::numbers::{count, group, shorten};
use crate::app::{Command, OpenDocument, RowScroll, ViewCommand};
use crate::formats::table::{Row, Table};
use crate::ui::rows::{BAR, Rows, focus_ring, horizontal_bar};
use crate::ui::theme::{ROW, SMALL, TEXT, Theme, UNIT, words};
use crate::ui::{ViewCx, context_menu};

/// Space left and right of a cell's text, in points.
const PAD: f32 = 2.0 * UNIT;

/// Half the width of the zone at a column's right edge that changes its width.
const GRIP: f32 = UNIT;

/// Characters of a cell that a hover shows.
const HOVER: usize = 1000;

/// The parts of the grid.
#[derive(Clone, Copy)]
pub(super) struct Areas {
    /// The corner above the row numbers.
    corner: Rect,
    header: Rect,
    numbers: Rect,
    pub(super) cells: Rect,
    vertical: Rect,
    /// The horizontal scroll bar, where columns do not fit.
    horizontal: Option<Rect>,
}

impl Areas {
    pub(super) fn new(area: Rect, numbers: f32, columns: f64) -> Self {
        let header = ROW + UNIT;
        let left = area.left() + numbers;
        let right = (area.right() - BAR).max(left);
        let wide = columns > f64::from(right - left);
        let bottom = if wide { area.bottom() - BAR } else { area.bottom() };
        let top = area.top() + header;
        let rect = |x0: f32, y0: f32, x1: f32, y1: f32| Rect::from_min_max(pos2(x0, y0), pos2(x1.max(x0), y1.max(y0)));
        Self {
            corner: rect(area.left(), area.top(), left, top),
            header: rect(left, area.top(), right, top),
            numbers: rect(area.left(), top, left, bottom),
            cells: rect(left, top, right, bottom),
            vertical: rect(right, top, area.right(), bottom),
            horizontal: wide.then(|| rect(left, bottom, right, area.bottom())),
        }
    }

    fn all(&self) -> Rect {
        self.corner.union(self.cells)
    }
}

/// Room for the largest row number and its mark.
pub(super) fn numbers_width(ui: &Ui, rows: u64) -> f32 {
    let text = format!("{} !", group(rows.max(100)));
    ui.painter().layout_no_wrap(text, FontId::monospace(SMALL), Color32::PLACEHOLDER).size().x + 2.0 * PAD
}

/// The name of a column, or its number where it has none.
pub(super) fn column_name(table: &Table, column: usize) -> String {
    match table.header().and_then(|header| header.get(column)) {
        Some(name) if !name.is_empty() => shorten(name, 80),
        _ => format!("column {}", column + 1),
    }
}

/// The width that shows a column's name and all of `rows`.
pub(super) fn natural_width(ui: &Ui, header: Option<&[String]>, rows: &[Row], column: usize, cx: &ViewCx<'_>) -> f32 {
    let color = cx.theme.text;
    let width = |text: &str| ui.painter().layout_job(job(text, color, color)).size().x;
    let name = header.and_then(|header| header.get(column)).map_or(0.0, |name| width(name) + UNIT);
    let cells = rows.iter().filter_map(|row| row.cells.get(column)).map(|cell| width(cell));
    (cells.fold(name, f32::max) + 2.0 * PAD).ceil()
}

/// One painting of the grid.
pub(super) struct Grid<'a> {
    pub(super) open: &'a OpenDocument,
    pub(super) table: &'a Table,
    pub(super) shown: &'a Shown,
    pub(super) areas: Areas,
    pub(super) rows: Rows,
    pub(super) cell: Option<(u64, usize)>,
    pub(super) cx: &'a ViewCx<'a>,
}

impl Grid<'_> {
    /// Paints, and returns where the table is scrolled to now.
    pub(super) fn show(
        &self,
        ui: &mut Ui,
        scroll: RowScroll,
        x: f32,
        most: f32,
        commands: &mut Vec<Command>,
    ) -> (RowScroll, f32) {
        let theme = self.cx.theme;
        let areas = &self.areas;
        let id = ui.make_persistent_id("grid");
        let response = ui.interact(areas.all(), id, Sense::click());
        let name = format!("Table, {}", super::dialect::summary(self.table));
        response.widget_info(|| WidgetInfo::labeled(Role::Grid, true, &name));
        let painter = ui.painter_at(areas.all());
        painter.rect_filled(areas.all(), 0.0, theme.ground);
        let visible = self.shown.columns.visible(x, areas.cells.width());
        if let Err(reason) = &self.shown.rows {
            let at = areas.cells.min + vec2(PAD, PAD);
            let galley = painter.layout(reason.clone(), words(TEXT), theme.error, (areas.cells.width() - 2.0 * PAD).max(0.0));
            painter.galley(at, galley, theme.error);
        }
        for number in self.rows.visible(scroll) {
            if let (Some(y), Some(row)) = (self.rows.y(scroll, number), self.shown.row(number)) {
                self.row(ui, number, row, areas.cells.top() + y, x, visible.clone());
            }
        }
        self.header(ui, x, visible, commands);
        let line = Stroke::new(1.0, theme.line);
        painter.hline(areas.all().x_range(), areas.header.bottom() - 0.5, line);
        painter.vline(areas.numbers.right() - 0.5, areas.all().y_range(), line);

        let mut next = self.rows.bar(ui, areas.vertical, id.with("rows"), "Scroll the table", scroll, theme);
        let mut next_x = match areas.horizontal {
            Some(rect) => {
                let width = self.shown.columns.total() as f32;
                horizontal_bar(ui, rect, id.with("columns"), "Scroll the table sideways", width, x, theme)
            }
            None => x,
        };
        let (wheeled, sideways) = self.rows.wheel(ui, &response, next);
        next = wheeled;
        next_x = (next_x + sideways).clamp(0.0, most);
        if response.clicked() {
            response.request_focus();
            if let Some(cell) = response.interact_pointer_pos().and_then(|at| self.cell_at(at, scroll, x)) {
                commands.push(Command::View(ViewCommand::TableCell(cell.0, cell.1)));
            }
        }
        if response.secondary_clicked()
            && let Some(cell) = response.interact_pointer_pos().and_then(|at| self.cell_at(at, scroll, x))
        {
            response.request_focus();
            commands.push(Command::View(ViewCommand::TableCell(cell.0, cell.1)));
        }
        self.menu(&response, commands);
        self.hover(&response, scroll, x);
        if response.has_focus() {
            focus_ring(ui, areas.all(), theme);
            let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..Default::default() };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
            if let Some((row, column)) = self.keys(ui) {
                commands.push(Command::View(ViewCommand::TableCell(row, column)));
                next = self.rows.reveal(next, row, 0);
                next_x = self.shown.columns.reveal(column, next_x, areas.cells.width()).min(most);
            }
        }
        (next, next_x)
    }

    /// What the chosen cell offers, and what the actions do.
    fn menu(&self, response: &Response, commands: &mut Vec<Command>) {
        context_menu::show_with(response, context_menu::Place::Table, None, self.cx, commands, |ui, commands| {
            let Some((row, column)) = self.cell else { return };
            let Some(record) = self.shown.row(row) else { return };
            let cell = record.cells.get(column);
            if ui.add_enabled(cell.is_some(), Button::new("Copy cell")).clicked() {
                ui.ctx().copy_text(cell.cloned().unwrap_or_default());
                ui.close();
            }
            if ui.button("Copy row").on_hover_text("The cells with tabs between them").clicked() {
                ui.ctx().copy_text(record.cells.join("\t"));
                ui.close();
            }
            let range = record.range;
            if ui.add_enabled(!range.is_empty() && super::links_to_bytes(self.open), Button::new("Go to bytes")).clicked() {
                commands.push(Command::MoveCursor { to: range.start.0, extend: false });
                commands.push(Command::Select { anchor: range.end().0, head: range.start.0 });
                ui.close();
            }
            ui.separator();
        });
    }

    fn cell_at(&self, at: Pos2, scroll: RowScroll, x: f32) -> Option<(u64, usize)> {
        let cells = self.areas.cells;
        if at.y < cells.top() || !self.areas.all().contains(at) {
            return None;
        }
        let row = self.rows.row_at(scroll, at.y - cells.top())?;
        if at.x < cells.left() {
            return Some((row, self.cell.map_or(0, |(_, column)| column)));
        }
        let column = self.shown.columns.at(f64::from(at.x - cells.left()) + f64::from(x))?;
        Some((row, column))
    }

    fn row(&self, ui: &Ui, number: u64, row: &Row, y: f32, x: f32, visible: std::ops::Range<usize>) {
        let theme = self.cx.theme;
        let areas = &self.areas;
        let ragged = self.shown.is_ragged(row);
        let selected = self.cell.is_some_and(|(selected, _)| selected == number);
        let painter = ui.painter_at(areas.cells);
        for column in visible {
            let left = areas.cells.left() + self.shown.columns.left(column, x);
            let rect = Rect::from_min_size(pos2(left, y), vec2(self.shown.columns.width(column), ROW));
            let text = row.cells.get(column);
            let extra = column >= self.shown.expected && text.is_some();
            if self.cell == Some((number, column)) {
                painter.rect_filled(rect, 0.0, theme.selection);
                painter.rect_stroke(rect.shrink(0.5), 0.0, Stroke::new(1.5, theme.accent), StrokeKind::Inside);
            } else if extra {
                painter.rect_filled(rect, 0.0, Theme::mix(theme.ground, theme.warning, 0.18));
            } else if selected {
                painter.rect_filled(rect, 0.0, Theme::mix(theme.ground, theme.selection, 0.4));
            }
            match text {
                Some(text) => put(&painter, rect, text, theme.text, theme.text_dim),
                // Only cells that the row ought to have are missing; further right there is nothing to say.
                None if ragged && column < self.shown.expected => {
                    let clip = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
                    let galley = clip.layout_no_wrap("missing".into(), words(SMALL), theme.warning);
                    clip.galley(pos2(rect.left() + PAD, rect.center().y - galley.size().y / 2.0), galley, theme.warning);
                }
                None => {}
            }
            painter.vline(rect.right() - 0.5, rect.y_range(), Stroke::new(1.0, Theme::mix(theme.ground, theme.line, 0.6)));
            self.cell_node(ui, number, column, rect.intersect(areas.cells), text);
        }
        let line = Stroke::new(1.0, Theme::mix(theme.ground, theme.line, 0.6));
        painter.hline(areas.cells.x_range(), y + ROW - 0.5, line);
        self.number(ui, number, row, y, ragged, selected);
    }

    /// What a screen reader finds of a cell.
    fn cell_node(&self, ui: &Ui, number: u64, column: usize, rect: Rect, text: Option<&String>) {
        if !rect.is_positive() {
            return;
        }
        let id = ui.make_persistent_id(("cell", number, column));
        let response = ui.interact(rect, id, Sense::hover());
        response.widget_info(|| {
            let value = match text {
                None => "missing".into(),
                Some(text) if text.is_empty() => "empty".into(),
                Some(text) => shorten(text, 200),
            };
            let (row, rows) = (number + 1, self.table.row_count());
            let name = column_name(self.table, column);
            WidgetInfo::labeled(Role::Cell, true, format!("row {row} of {rows}, {name}, {value}"))
        });
    }

    fn number(&self, ui: &Ui, number: u64, row: &Row, y: f32, ragged: bool, selected: bool) {
        let theme = self.cx.theme;
        let numbers = self.areas.numbers;
        let painter = ui.painter_at(numbers);
        let rect = Rect::from_min_size(pos2(numbers.left(), y), vec2(numbers.width(), ROW));
        painter.rect_filled(rect, 0.0, if selected { theme.selection } else { theme.panel });
        let color = match (ragged, selected) {
            (true, _) => theme.warning,
            (false, true) => theme.text,
            (false, false) => theme.text_dim,
        };
        let text = if ragged { format!("{} !", group(number + 1)) } else { group(number + 1) };
        let galley = painter.layout_no_wrap(text, FontId::monospace(SMALL), color);
        let at = pos2(rect.right() - PAD - galley.size().x, rect.center().y - galley.size().y / 2.0);
        painter.galley(at, galley, color);
        let seen = rect.intersect(numbers);
        if !seen.is_positive() {
            return;
        }
        let response = ui.interact(seen, ui.make_persistent_id(("row", number)), Sense::hover());
        let cells = count(row.cells.len() as u64, "cell");
        response.widget_info(|| {
            let note = if ragged { ", ragged" } else { "" };
            let text = format!("row {} of {}, {cells}{note}", number + 1, self.table.row_count());
            WidgetInfo::labeled(Role::RowHeader, true, text)
        });
        if ragged {
            response.on_hover_text(format!("{cells} where {} are expected", group(self.shown.expected as u64)));
        }
    }

    fn header(&self, ui: &mut Ui, x: f32, visible: std::ops::Range<usize>, commands: &mut Vec<Command>) {
        let theme = self.cx.theme;
        let areas = &self.areas;
        let painter = ui.painter_at(areas.all());
        painter.rect_filled(areas.corner.union(areas.header), 0.0, theme.panel);
        let clipped = ui.painter_at(areas.header);
        for column in visible {
            let left = areas.header.left() + self.shown.columns.left(column, x);
            let width = self.shown.columns.width(column);
            let rect = Rect::from_min_size(pos2(left, areas.header.top()), vec2(width, areas.header.height()));
            let header = self.table.header().and_then(|header| header.get(column)).filter(|name| !name.is_empty());
            let name = column_name(self.table, column);
            match header {
                Some(name) => put(&clipped, rect, name, theme.text, theme.text_dim),
                None => put(&clipped, rect, &(column + 1).to_string(), theme.text_dim, theme.text_dim),
            }
            clipped.vline(rect.right() - 0.5, rect.y_range(), Stroke::new(1.0, theme.line));
            let seen = rect.intersect(areas.header);
            if seen.is_positive() {
                let response = ui.interact(seen, ui.make_persistent_id(("column", column)), Sense::hover());
                response.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, &name));
            }
            self.grip(ui, column, rect, &name, commands);
        }
    }

    /// The right edge of a column: drag it, or click twice to fit what is in sight.
    fn grip(&self, ui: &Ui, column: usize, header: Rect, name: &str, commands: &mut Vec<Command>) {
        let edge = header.right();
        let zone = Rect::from_min_max(pos2(edge - GRIP, header.top()), pos2(edge + GRIP, header.bottom()));
        let zone = zone.intersect(self.areas.header.expand2(vec2(GRIP, 0.0)));
        if !zone.is_positive() {
            return;
        }
        let response = ui.interact(zone, ui.make_persistent_id(("width", column)), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Splitter, true, format!("Width of {name}")));
        let response = response.on_hover_cursor(CursorIcon::ResizeColumn);
        let width = self.shown.columns.width(column);
        let mut set = |width: f32| commands.push(Command::View(ViewCommand::ColumnWidth(column, width)));
        if response.double_clicked() {
            let rows = self.shown.rows.as_deref().unwrap_or_default();
            set(natural_width(ui, self.table.header(), rows, column, self.cx));
        } else if response.dragged() {
            // From where the pointer is, not from how far it went: a width that hit its limit follows when it comes back.
            if let Some(at) = response.interact_pointer_pos()
                && response.drag_delta().x != 0.0
            {
                set((at.x - header.left()).max(24.0));
            }
        } else if response.has_focus() {
            let step = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key)) as f32 * 2.0 * UNIT;
            let by = step(Key::Plus) - step(Key::Minus);
            if by != 0.0 {
                set(width + by);
            }
        }
        if response.hovered() || response.dragged() || response.has_focus() {
            let stroke = Stroke::new(2.0, self.cx.theme.accent);
            ui.painter_at(self.areas.all()).vline(edge - 0.5, header.y_range(), stroke);
        }
    }

    /// The full text of a cell that is cut off, while the pointer rests on it.
    fn hover(&self, response: &Response, scroll: RowScroll, x: f32) {
        let Some((number, column)) = response.hover_pos().and_then(|at| self.cell_at(at, scroll, x)) else { return };
        let inside = response.hover_pos().is_some_and(|at| self.areas.cells.contains(at));
        let Some(text) = self.shown.row(number).and_then(|row| row.cells.get(column)).filter(|_| inside) else { return };
        let color = self.cx.theme.text;
        let width = response.ctx.fonts_mut(|fonts| fonts.layout_job(job(text, color, color)).size().x);
        if width + 2.0 * PAD > self.shown.columns.width(column) || text.contains(['\n', '\r']) {
            response.clone().on_hover_text_at_pointer(shorten(text, HOVER));
        }
    }

    /// The cell that a key goes to.
    fn keys(&self, ui: &Ui) -> Option<(u64, usize)> {
        let (rows, columns) = (self.table.row_count(), self.table.width());
        if rows == 0 || columns == 0 {
            return None;
        }
        let (row, column) = self.cell.unwrap_or((self.open.view.table_scroll.top_row.min(rows - 1), 0));
        let (last_row, last_column) = (rows - 1, columns - 1);
        let page = self.rows.page();
        let first = self.cell.is_none();
        ui.input_mut(|input| {
            let mut pressed = |modifiers, key| input.consume_key(modifiers, key);
            let (plain, ctrl) = (Modifiers::NONE, Modifiers::COMMAND);
            let to = if pressed(ctrl, Key::Home) {
                (0, 0)
            } else if pressed(ctrl, Key::End) {
                (last_row, last_column)
            } else if pressed(plain, Key::Home) {
                (row, 0)
            } else if pressed(plain, Key::End) {
                (row, last_column)
            } else if pressed(plain, Key::PageUp) {
                (row.saturating_sub(page), column)
            } else if pressed(plain, Key::PageDown) {
                (row.saturating_add(page).min(last_row), column)
            } else if pressed(plain, Key::ArrowUp) {
                (row.saturating_sub(1), column)
            } else if pressed(plain, Key::ArrowDown) {
                (if first { row } else { row.saturating_add(1).min(last_row) }, column)
            } else if pressed(plain, Key::ArrowLeft) {
                (row, column.saturating_sub(1))
            } else if pressed(plain, Key::ArrowRight) {
                (row, if first { column } else { (column + 1).min(last_column) })
            } else {
                return None;
            };
            Some(to)
        })
    }
}

fn put(painter: &Painter, rect: Rect, text: &str, color: Color32, dim: Color32) {
    let inner = rect.shrink2(vec2(PAD, 0.0));
    let clip = painter.with_clip_rect(rect.shrink2(vec2(UNIT, 0.0)).intersect(painter.clip_rect()));
    let galley = clip.layout_job(job(text, color, dim));
    let cut = galley.size().x > inner.width();
    let at = pos2(inner.left(), rect.center().y - galley.size().y / 2.0);
    if cut {
        // Room for a mark that says that there is more.
        let more = clip.layout_no_wrap("…".into(), words(TEXT), dim);
        let left = rect.right() - UNIT - more.size().x;
        let shorter = clip.with_clip_rect(Rect::from_min_max(rect.min, pos2(left, rect.max.y)).intersect(clip.clip_rect()));
        shorter.galley(at, galley, color);
        clip.galley(pos2(left, rect.center().y - more.size().y / 2.0), more, dim);
    } else {
        clip.galley(at, galley, color);
    }
}
