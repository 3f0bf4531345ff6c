//! The names of the columns: what is sorted, filtered, moved, made wider.

use egui::{CursorIcon, Key, Modifiers, Popup, Rect, Response, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::grid::{Grid, column_name, natural_width, put};
use crate::app::table::TableCommand;
use crate::app::{Command, ViewCommand};
use crate::explore::table::{By, SortKey};
use crate::ui::context_menu;
use crate::ui::theme::{SMALL, UNIT, words};

/// Half the width of the zone at a column's right edge that changes its width.
const GRIP: f32 = UNIT;

/// Width of the marks behind a name.
const MARK: f32 = 4.0 * UNIT;

impl Grid<'_> {
    pub(super) fn header(&self, ui: &mut Ui, x: f32, visible: impl Iterator<Item = usize>, commands: &mut Vec<Command>) {
        let theme = self.cx.theme;
        let areas = &self.areas;
        let painter = ui.painter_at(areas.all());
        painter.rect_filled(areas.top(), 0.0, theme.panel);
        let mut edges = Vec::new();
        for place in visible {
            let column = self.shown.columns.column(place);
            let clip = self.clip(place, areas.header);
            let clipped = ui.painter_at(clip);
            let left = areas.header.left() + self.shown.columns.left(place, x);
            let width = self.shown.columns.width(place);
            let rect = Rect::from_min_size(pos2(left, areas.header.top()), vec2(width, areas.header.height()));
            clipped.rect_filled(rect, 0.0, theme.panel);
            if self.selected.as_ref().is_some_and(|selected| selected.columns.contains(&column)) {
                clipped.rect_filled(rect, 0.0, theme.selection.gamma_multiply(0.6));
            }
            let name = column_name(self.table, column);
            let look = &self.open.view.table;
            let sorted = look.sort.iter().position(|key| key.column == column);
            let filtered = look.conditions.filters.iter().any(|filter| filter.column == Some(column));
            let marks = f32::from(u8::from(sorted.is_some())) + f32::from(u8::from(filtered));
            let text = rect.with_max_x(rect.right() - marks * MARK);
            let header = self.table.header().and_then(|header| header.get(column)).filter(|name| !name.is_empty());
            match header {
                Some(name) => put(&clipped, text, name, theme.text, theme.text_dim),
                None => put(&clipped, text, &(column + 1).to_string(), theme.text_dim, theme.text_dim),
            }
            let mut right = rect.right() - 2.0 * UNIT;
            if let Some(at) = sorted {
                let key = look.sort[at];
                let number = (look.sort.len() > 1).then(|| (at + 1).to_string());
                arrow(&clipped, pos2(right, rect.center().y), key.descending, theme.accent);
                if let Some(number) = number {
                    let at = pos2(right - 2.0 * UNIT, rect.center().y);
                    clipped.text(at, egui::Align2::RIGHT_CENTER, number, words(SMALL), theme.accent);
                }
                right -= MARK;
            }
            if filtered {
                funnel(&clipped, pos2(right, rect.center().y), theme.accent);
            }
            clipped.vline(rect.right() - 0.5, rect.y_range(), Stroke::new(1.0, theme.line));
            let seen = rect.intersect(clip);
            if seen.is_positive() {
                let id = ui.make_persistent_id(("column", column));
                let response = ui.interact(seen, id, Sense::click_and_drag());
                response.widget_info(|| {
                    let sorted = sorted.map(|at| said(&look.sort[at], at, look.sort.len())).unwrap_or_default();
                    let filtered = if filtered { ", filtered" } else { "" };
                    WidgetInfo::labeled(Role::ColumnHeader, true, format!("{name}{sorted}{filtered}"))
                });
                self.use_header(ui, &response, (place, column), x, commands);
            }
            edges.push((column, rect, clip, name));
        }
        // Over the names, or the next one would take half of them.
        for (column, rect, clip, name) in edges {
            self.grip(ui, column, rect, clip, &name, commands);
        }
    }

    /// A click sorts, a drag moves, the right button opens the menu.
    fn use_header(&self, ui: &Ui, response: &Response, (place, column): (usize, usize), x: f32, commands: &mut Vec<Command>) {
        let modifiers = ui.input(|input| input.modifiers);
        if response.clicked() {
            let command = match modifiers.command {
                true => TableCommand::Column(column, modifiers.shift),
                false => TableCommand::CycleSort { column, add: modifiers.shift },
            };
            commands.push(Command::Table(command));
        }
        if response.secondary_clicked() && !self.selected.as_ref().is_some_and(|selected| selected.columns.contains(&column)) {
            commands.push(Command::Table(TableCommand::Column(column, false)));
        }
        context_menu::show_with(response, context_menu::Place::Column, None, self.cx, commands, |ui, commands| {
            let sort = &self.open.view.table.sort;
            ui.menu_button("Sort by", |ui| {
                let key = sort.iter().find(|key| key.column == column);
                for by in By::ALL {
                    let label = match by {
                        By::Text => "Text, character by character",
                        By::Number => "Number",
                        By::Natural => "Name: digits count as numbers",
                        By::Length => "Number of characters",
                    };
                    if ui.selectable_label(key.is_some_and(|key| key.by == by), label).clicked() {
                        let descending = key.is_some_and(|key| key.descending);
                        let key = SortKey { column, by, descending };
                        let mut keys = sort.clone();
                        match keys.iter_mut().find(|key| key.column == column) {
                            Some(place) => *place = key,
                            None => keys = vec![key],
                        }
                        commands.push(Command::Table(TableCommand::Sort(keys)));
                        ui.close();
                    }
                }
            });
        });
        if response.drag_started() || response.dragged() {
            let Some(at) = response.interact_pointer_pos() else { return };
            let to = self.shown.columns.at(at.x - self.areas.cells.left(), x);
            if let Some(to) = to.filter(|&to| to != place) {
                // A line where the column would come to stand.
                let left = self.areas.header.left() + self.shown.columns.left(to, x);
                let edge = if to > place { left + self.shown.columns.width(to) } else { left };
                let painter = ui.painter_at(self.areas.all());
                painter.vline(edge, self.areas.all().y_range(), Stroke::new(2.0, self.cx.theme.accent));
            }
            ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
        }
        if response.drag_stopped()
            && let Some(at) = response.interact_pointer_pos()
            && let Some(to) = self.shown.columns.at(at.x - self.areas.cells.left(), x)
            && to != place
        {
            commands.push(Command::Table(TableCommand::MoveColumn { column, to }));
        }
        if !response.dragged() && !Popup::is_any_open(ui.ctx()) {
            response.clone().on_hover_text("Click to sort, Shift and click to sort by this too; drag to move");
        }
    }

    /// The right edge of a column: drag it, or click twice to fit what is in sight.
    fn grip(&self, ui: &Ui, column: usize, header: Rect, clip: Rect, name: &str, commands: &mut Vec<Command>) {
        let edge = header.right();
        let zone = Rect::from_min_max(pos2(edge - GRIP, header.top()), pos2(edge + GRIP, header.bottom()));
        let zone = zone.intersect(clip.expand2(vec2(GRIP, 0.0)));
        if !zone.is_positive() || edge < clip.left() {
            return;
        }
        let response = ui.interact(zone, ui.make_persistent_id(("width", column)), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Splitter, true, format!("Width of {name}")));
        let response = response.on_hover_cursor(CursorIcon::ResizeColumn);
        let width = header.width();
        let mut set = |width: f32| commands.push(Command::View(ViewCommand::ColumnWidth(column, width)));
        if response.double_clicked() {
            set(natural_width(ui, self.table.header(), self.shown.read_rows(), column, self.cx));
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
}

/// How a column is sorted, for those who do not see the arrow.
fn said(key: &SortKey, at: usize, keys: usize) -> String {
    let way = if key.descending { "descending" } else { "ascending" };
    let place = if keys > 1 { format!(", key {}", at + 1) } else { String::new() };
    format!(", sorted {way} by {}{place}", key.by.name())
}

fn arrow(painter: &egui::Painter, at: egui::Pos2, down: bool, color: egui::Color32) {
    let h = if down { 3.0 } else { -3.0 };
    let points = vec![at + vec2(-4.0, -h), at + vec2(4.0, -h), at + vec2(0.0, h)];
    painter.add(Shape::convex_polygon(points, color, Stroke::NONE));
}

fn funnel(painter: &egui::Painter, at: egui::Pos2, color: egui::Color32) {
    let points = vec![at + vec2(-4.5, -4.0), at + vec2(4.5, -4.0), at + vec2(1.0, 0.5), at + vec2(-1.0, 0.5)];
    painter.add(Shape::convex_polygon(points, color, Stroke::NONE));
    painter.vline(at.x, at.y..=at.y + 4.0, Stroke::new(2.0, color));
}
