//! The painted grid: only what is in sight is laid out.

use egui::{Color32, FontId, Id, Painter, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::Shown;
use super::cells::job;
use crate::app::numbers::{count, group, shorten};
use crate::app::table::Selected;
use crate::app::{Command, OpenDocument, RowScroll};
use crate::formats::table::{Row, Table};
use crate::ui::ViewCx;
use crate::ui::rows::{BAR, Rows, focus_ring, horizontal_bar};
use crate::ui::theme::{ROW, SMALL, TEXT, Theme, UNIT, words};

/// Space left and right of a cell's text, in points.
pub(super) const PAD: f32 = 2.0 * UNIT;

/// Characters of a cell that a hover shows.
const HOVER: usize = 1000;

/// The parts of the grid.
#[derive(Clone, Copy)]
pub(super) struct Areas {
    /// The corner above the row numbers.
    corner: Rect,
    pub(super) header: Rect,
    pub(super) numbers: Rect,
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

    pub(super) fn all(&self) -> Rect {
        self.corner.union(self.cells)
    }

    /// What stands above the cells and the row numbers.
    pub(super) fn top(&self) -> Rect {
        self.corner.union(self.header)
    }
}

/// Room for the largest row number and its mark.
pub(super) fn numbers_width(ui: &Ui, rows: u64) -> f32 {
    let text = format!("{} !", group(rows.max(100)));
    ui.painter().layout_no_wrap(text, FontId::monospace(SMALL), Color32::PLACEHOLDER).size().x + 2.0 * PAD
}

/// The name of a column, or its number where it has none.
pub(in crate::ui) fn column_name(table: &Table, column: usize) -> String {
    match table.header().and_then(|header| header.get(column)) {
        Some(name) if !name.is_empty() => shorten(name, 80),
        _ => format!("column {}", column + 1),
    }
}

/// The width that shows a column's name and all of `rows`.
pub(super) fn natural_width<'a>(
    ui: &Ui,
    header: Option<&[String]>,
    rows: impl Iterator<Item = &'a Row>,
    column: usize,
    cx: &ViewCx<'_>,
) -> f32 {
    let color = cx.theme.text;
    let width = |text: &str| ui.painter().layout_job(job(text, color, color)).size().x;
    let name = header.and_then(|header| header.get(column)).map_or(0.0, |name| width(name) + UNIT);
    let cells = rows.filter_map(|row| row.cells.get(column)).map(|cell| width(cell));
    (cells.fold(name, f32::max) + 2.0 * PAD).ceil()
}

/// One painting of the grid.
pub(super) struct Grid<'a> {
    pub(super) open: &'a OpenDocument,
    pub(super) table: &'a Table,
    pub(super) shown: &'a Shown,
    pub(super) areas: Areas,
    pub(super) rows: Rows,
    /// The chosen cell: the place of its row, and its column.
    pub(super) cell: Option<(u64, usize)>,
    pub(super) selected: Option<Selected>,
    /// The cell that the document's cursor is in: the number of its row, and its column.
    pub(super) cursor: Option<(u64, usize)>,
    pub(super) cx: &'a ViewCx<'a>,
}

/// What the grid is called while it has the keyboard.
pub(super) fn id() -> Id {
    Id::unique("cells of the table")
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
        let id = id();
        let response = ui.interact(areas.all(), id, Sense::click_and_drag());
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
        for place in self.rows.visible(scroll) {
            if let (Some(y), Some((number, row))) = (self.rows.y(scroll, place), self.shown.row(place)) {
                self.row(ui, (place, number), row, areas.cells.top() + y, x, visible.clone());
            }
        }
        self.header(ui, x, visible, commands);
        let line = Stroke::new(1.0, theme.line);
        painter.hline(areas.all().x_range(), areas.header.bottom() - 0.5, line);
        painter.vline(areas.numbers.right() - 0.5, areas.all().y_range(), line);
        let frozen = self.shown.columns.frozen_width();
        if frozen > 0.0 {
            let edge = areas.cells.left() + frozen;
            painter.vline(edge - 0.5, areas.all().y_range(), Stroke::new(2.0, theme.line));
        }

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
        if let Some(to) = self.pointer(ui, &response, scroll, x, commands) {
            next = self.rows.reveal(next, to.0, 0);
            next_x = self.shown.columns.reveal(to.1, next_x, areas.cells.width()).min(most);
        }
        self.menu(&response, commands);
        self.hover(&response, scroll, x);
        if response.has_focus() {
            focus_ring(ui, areas.all(), theme);
            if let Some((place, column)) = self.keys(ui, commands) {
                next = self.rows.reveal(next, place, 0);
                next_x = self.shown.columns.reveal(column, next_x, areas.cells.width()).min(most);
            }
        }
        (next, next_x)
    }

    /// Where a cell is painted, as far as it is in sight.
    pub(super) fn rect_of(&self, place: u64, column: usize, scroll: RowScroll, x: f32) -> Option<Rect> {
        let y = self.areas.cells.top() + self.rows.y(scroll, place)?;
        let at = self.shown.columns.place(column)?;
        let left = self.areas.cells.left() + self.shown.columns.left(at, x);
        Some(Rect::from_min_size(pos2(left, y), vec2(self.shown.columns.width(at), ROW)))
    }

    /// Where the name of a column is painted.
    pub(super) fn header_rect(&self, column: usize, x: f32) -> Option<Rect> {
        let at = self.shown.columns.place(column)?;
        let left = self.areas.header.left() + self.shown.columns.left(at, x);
        Some(Rect::from_min_size(pos2(left, self.areas.header.top()), vec2(self.shown.columns.width(at), ROW)))
    }

    /// The places of the columns that are at least partly in sight.
    pub(super) fn columns_in_sight(&self, x: f32) -> impl Iterator<Item = usize> + use<> {
        self.shown.columns.visible(x, self.areas.cells.width())
    }

    /// The cell under a point: the place of its row, and the place of its column; of the row numbers the first column.
    pub(super) fn cell_at(&self, at: Pos2, scroll: RowScroll, x: f32) -> Option<(u64, usize)> {
        let cells = self.areas.cells;
        if at.y < cells.top() || !self.areas.all().contains(at) {
            return None;
        }
        let row = self.rows.row_at(scroll, at.y - cells.top())?;
        if at.x < cells.left() {
            return Some((row, 0));
        }
        Some((row, self.shown.columns.at(at.x - cells.left(), x)?))
    }

    /// The part of the grid where a column is painted: those that stay hide the others.
    pub(super) fn clip(&self, place: usize, area: Rect) -> Rect {
        match self.shown.columns.is_frozen(place) {
            true => area,
            false => Rect::from_min_max(pos2(area.left() + self.shown.columns.frozen_width(), area.top()), area.max),
        }
    }

    fn row(&self, ui: &Ui, (place, number): (u64, u64), row: &Row, y: f32, x: f32, visible: impl Iterator<Item = usize>) {
        let theme = self.cx.theme;
        let areas = &self.areas;
        let ragged = self.shown.is_ragged(row);
        let chosen = self.cell.is_some_and(|(chosen, _)| chosen == place);
        let in_rows = self.selected.as_ref().filter(|selected| selected.rows.contains(&place));
        let several = self.selected.as_ref().is_some_and(|selected| selected.cells() > 1);
        for at in visible {
            let column = self.shown.columns.column(at);
            let painter = ui.painter_at(self.clip(at, areas.cells));
            let left = areas.cells.left() + self.shown.columns.left(at, x);
            let rect = Rect::from_min_size(pos2(left, y), vec2(self.shown.columns.width(at), ROW));
            let text = row.cells.get(column);
            let extra = column >= self.shown.expected && text.is_some();
            let head = self.cell == Some((place, column));
            let inside = in_rows.is_some_and(|selected| selected.columns.contains(&column));
            let ground = if head && !several || inside && several {
                Some(theme.selection)
            } else if self.shown.is_found(number, column) {
                Some(theme.found)
            } else if extra {
                Some(Theme::mix(theme.ground, theme.warning, 0.18))
            } else if chosen && !several {
                Some(Theme::mix(theme.ground, theme.selection, 0.4))
            } else {
                None
            };
            if let Some(ground) = ground {
                painter.rect_filled(rect, 0.0, ground);
            }
            if head {
                painter.rect_stroke(rect.shrink(0.5), 0.0, Stroke::new(1.5, theme.accent), StrokeKind::Inside);
            } else if self.cursor == Some((number, column)) {
                painter.rect_stroke(rect.shrink(0.5), 0.0, Stroke::new(1.0, theme.text_dim), StrokeKind::Inside);
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
            self.cell_node(ui, (place, number), column, rect.intersect(painter.clip_rect()), text, inside || head);
        }
        let line = Stroke::new(1.0, Theme::mix(theme.ground, theme.line, 0.6));
        ui.painter_at(areas.cells).hline(areas.cells.x_range(), y + ROW - 0.5, line);
        self.number(ui, number, row, y, ragged, chosen || in_rows.is_some());
    }

    /// What a screen reader finds of a cell.
    fn cell_node(&self, ui: &Ui, (place, number): (u64, u64), column: usize, rect: Rect, text: Option<&String>, selected: bool) {
        if !rect.is_positive() {
            return;
        }
        let id = ui.make_persistent_id(("cell", place, column));
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
        if selected {
            ui.ctx().accesskit_node_builder(response.id, |node| node.set_selected(true));
        }
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
        let cursor = self.cursor.is_some_and(|(row, _)| row == number);
        if cursor {
            let bar = Rect::from_min_size(rect.min, vec2(3.0, ROW));
            painter.rect_filled(bar, 0.0, theme.accent);
        }
        let seen = rect.intersect(numbers);
        if !seen.is_positive() {
            return;
        }
        let response = ui.interact(seen, ui.make_persistent_id(("row", number)), Sense::hover());
        let cells = count(row.cells.len() as u64, "cell");
        response.widget_info(|| {
            let note = if ragged { ", ragged" } else { "" };
            let cursor = if cursor { ", the cursor is in it" } else { "" };
            let text = format!("row {} of {}, {cells}{note}{cursor}", number + 1, self.table.row_count());
            WidgetInfo::labeled(Role::RowHeader, true, text)
        });
        if ragged {
            response.on_hover_text(format!("{cells} where {} are expected", group(self.shown.expected as u64)));
        }
    }

    /// The full text of a cell that is cut off, while the pointer rests on it.
    fn hover(&self, response: &Response, scroll: RowScroll, x: f32) {
        let Some((place, at)) = response.hover_pos().and_then(|at| self.cell_at(at, scroll, x)) else { return };
        let inside = response.hover_pos().is_some_and(|at| self.areas.cells.contains(at)) && !response.dragged();
        let column = self.shown.columns.column(at);
        let Some(text) = self.shown.row(place).and_then(|(_, row)| row.cells.get(column)).filter(|_| inside) else { return };
        let color = self.cx.theme.text;
        let width = response.ctx.fonts_mut(|fonts| fonts.layout_job(job(text, color, color)).size().x);
        if width + 2.0 * PAD > self.shown.columns.width(at) || text.contains(['\n', '\r']) {
            response.clone().on_hover_text_at_pointer(shorten(text, HOVER));
        }
    }
}

pub(super) fn put(painter: &Painter, rect: Rect, text: &str, color: Color32, dim: Color32) {
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
