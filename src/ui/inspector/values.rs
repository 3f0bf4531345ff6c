//! The rows of values.

use egui::{Align, CursorIcon, Key, Label, Layout, Response, RichText, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

use super::Line;
use super::edit::Edit;
use crate::app::Command;
use crate::app::numbers::{count, group, places};
use crate::explore::inspect::{ByteOrder, Reading, Value};
use crate::ui::ViewCx;
use crate::ui::theme::{self, FOCUS_RING, MONO, ROW, SMALL, UNIT, mono};

/// Width of the names of bytes' values in points.
pub(super) const NAMES: f32 = 17.0 * UNIT;

/// Width of the names of values that take a row for each byte order.
const WIDE_NAMES: f32 = 22.0 * UNIT;

/// Width of the names of what a character is.
pub(super) const LONG_NAMES: f32 = 22.0 * UNIT;

/// Everything that rows are painted from.
pub(super) struct Pane<'a> {
    pub(super) cx: &'a ViewCx<'a>,
    pub(super) position: u64,
    /// What follows the cursor.
    pub(super) bytes: &'a [u8],
    pub(super) editable: bool,
}

impl Pane<'_> {
    /// The heads of the two columns, where there are two.
    pub(super) fn column_names(&self, ui: &mut Ui) {
        let orders = self.cx.settings.inspector.orders.shown();
        columns(ui, orders.len(), |ui, width| {
            name(ui, "", NAMES, self.cx);
            for order in orders {
                let text = RichText::new(order_name(*order)).small().color(self.cx.theme.text_dim);
                sized(ui, width, |ui| ui.label(text));
            }
        });
    }

    /// A row, and what is typed in it below.
    pub(super) fn line(
        &self,
        ui: &mut Ui,
        line: &Line,
        edit: &mut Option<Edit>,
        pointed: &mut Option<(u64, u64)>,
        commands: &mut Vec<Command>,
    ) {
        let value = line.value;
        if value == Value::Bits {
            return self.bits(ui, pointed, commands);
        }
        // What is long in both orders takes a row for each.
        let long = matches!(value, Value::Guid | Value::Time(_) | Value::Unsigned(16) | Value::Signed(16));
        let rows: Vec<&[(ByteOrder, Reading)]> = match long {
            true => line.readings.chunks(1).collect(),
            false => vec![&line.readings],
        };
        let (mut finished, mut begun) = (false, None);
        for readings in rows {
            let mark = match (long && line.readings.len() > 1, readings[0].0) {
                (true, ByteOrder::Little) => " LE",
                (true, ByteOrder::Big) => " BE",
                (false, _) => "",
            };
            columns(ui, readings.len(), |ui, width| {
                let names = if mark.is_empty() { NAMES } else { WIDE_NAMES };
                name(ui, &format!("{}{mark}", value.name()), names, self.cx);
                let width = width - (names - NAMES);
                for (order, reading) in readings {
                    let label = match value.has_order() {
                        true => format!("{} {}", value.name(), order_name(*order).to_lowercase()),
                        false => value.name(),
                    };
                    sized(ui, width, |ui| match edit.as_mut() {
                        Some(edit) if edit.value == value && edit.order == *order => {
                            finished |= edit.field(ui, &label, self, commands);
                        }
                        _ => {
                            begun = begun.take().or(self.reading(ui, &label, value, *order, reading, pointed));
                        }
                    });
                }
            });
            if let Some(edit) = edit.as_ref().filter(|edit| edit.value == value && readings.iter().any(|(o, _)| *o == edit.order))
            {
                edit.note(ui, self);
            }
        }
        if finished {
            *edit = None;
        }
        if begun.is_some() {
            *edit = begun;
        }
    }

    /// A value; the edit that a click or Enter begins.
    fn reading(
        &self,
        ui: &mut Ui,
        label: &str,
        value: Value,
        order: ByteOrder,
        reading: &Reading,
        pointed: &mut Option<(u64, u64)>,
    ) -> Option<Edit> {
        if let Some(color) = value.color(self.bytes, order) {
            self.swatch(ui, color);
        }
        let typed = self.editable && value.can_be_typed();
        let (text, dim, why) = match reading {
            Reading::Value { text, len } => {
                let end = self.position.saturating_add(*len as u64);
                (text.clone(), false, format!("{} at {}", count(*len as u64, "byte"), places(self.position, end)))
            }
            Reading::Missing { more } => {
                let missing = count(*more as u64, "more byte");
                let why = format!("{label} needs {missing} than the stream has from the cursor on");
                (format!("{} more needed", group(*more as u64)), true, why)
            }
            Reading::Invalid(why) => (why.clone(), true, format!("{label}: {why}")),
        };
        let shown = if dim { String::new() } else { text.clone() };
        let hint = match (typed, dim) {
            (true, true) => "Click to write a value here",
            (true, false) => "Click to edit or copy",
            (false, false) => "Click to copy",
            (false, true) => "",
        };
        let color = if dim { self.cx.theme.text_dim } else { self.cx.theme.text };
        let response = cell(ui, label, &text, color, self.cx);
        if response.contains_pointer() && reading.covered() > 0 {
            *pointed = Some((self.position, self.position.saturating_add(reading.covered() as u64)));
        }
        let clicked = response.clicked() || (response.has_focus() && ui.input(|input| input.key_pressed(Key::F2)));
        let hover = if dim { format!("{why}\n{hint}") } else { format!("{label}: {text}\n{why}\n{hint}") };
        let response = response.on_hover_text(hover.trim_end());
        if !dim {
            response.context_menu(|ui| {
                if ui.button("Copy").clicked() {
                    ui.ctx().copy_text(text.clone());
                    ui.close();
                }
            });
        }
        if !clicked {
            return None;
        }
        if typed {
            return Some(Edit::new(value, order, &shown));
        }
        if !dim {
            ui.ctx().copy_text(text);
        }
        None
    }

    /// The bits of the byte at the cursor, each a switch.
    fn bits(&self, ui: &mut Ui, pointed: &mut Option<(u64, u64)>, commands: &mut Vec<Command>) {
        ui.horizontal(|ui| {
            name(ui, "Bits", NAMES, self.cx);
            let Some(&byte) = self.bytes.first() else {
                ui.label(RichText::new("1 more needed").color(self.cx.theme.text_dim));
                return;
            };
            ui.spacing_mut().item_spacing.x = 1.0;
            ui.spacing_mut().button_padding = vec2(UNIT, 0.0);
            for bit in (0..8u8).rev() {
                let set = byte >> bit & 1 == 1;
                let digit = RichText::new(if set { "1" } else { "0" }).monospace();
                let button = egui::Button::selectable(set, digit).min_size(vec2(4.0 * UNIT, ROW));
                let response = ui.add_enabled(self.editable, button);
                response.widget_info(|| {
                    WidgetInfo::selected(Role::CheckBox, self.editable, set, format!("Bit {bit} of the byte at the cursor"))
                });
                if response.contains_pointer() {
                    *pointed = Some((self.position, self.position.saturating_add(1)));
                }
                if response.on_hover_text(format!("Bit {bit}, worth {}. Click to change it", 1u16 << bit)).clicked() {
                    commands.push(Command::WriteHere(vec![byte ^ 1 << bit]));
                }
                if bit == 4 {
                    ui.add_space(2.0 * UNIT);
                }
            }
        });
    }

    fn swatch(&self, ui: &mut Ui, rgba: [u8; 4]) {
        let (rect, _) = ui.allocate_exact_size(vec2(4.0 * UNIT, ROW), Sense::hover());
        let rect = egui::Rect::from_center_size(rect.center(), vec2(3.5 * UNIT, 3.5 * UNIT));
        let painter = ui.painter();
        painter.rect_filled(rect, 2.0, self.cx.theme.checker[0]);
        painter.rect_filled(egui::Rect::from_min_max(rect.min, rect.center()), 0.0, self.cx.theme.checker[1]);
        painter.rect_filled(egui::Rect::from_min_max(rect.center(), rect.max), 0.0, self.cx.theme.checker[1]);
        painter.rect_filled(rect, 2.0, theme::content(rgba));
        painter.rect_stroke(rect, 2.0, Stroke::new(1.0, self.cx.theme.line), StrokeKind::Inside);
    }
}

const fn order_name(order: ByteOrder) -> &'static str {
    match order {
        ByteOrder::Little => "Little-endian",
        ByteOrder::Big => "Big-endian",
    }
}

/// A value on one line, written smaller before it is cut.
fn cell(ui: &mut Ui, name: &str, value: &str, color: egui::Color32, cx: &ViewCx<'_>) -> Response {
    let width = ui.painter().layout_no_wrap(value.to_owned(), mono(), color).size().x;
    let size = if width > ui.available_width() { SMALL } else { MONO };
    let text = RichText::new(value).monospace().size(size).color(color);
    let response = ui.add(Label::new(text).truncate().selectable(false).sense(Sense::click()).show_tooltip_when_elided(false));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{name}: {value}")));
    if response.has_focus() {
        let stroke = Stroke::new(FOCUS_RING, cx.theme.accent);
        ui.painter().rect_stroke(response.rect.expand(1.0), 2.0, stroke, StrokeKind::Outside);
    }
    response.on_hover_cursor(CursorIcon::PointingHand)
}

/// A value that a click, or Enter on the focused value, puts on the clipboard.
pub(super) fn copyable(ui: &mut Ui, name: &str, value: &str, covered: &str, cx: &ViewCx<'_>) {
    let response = cell(ui, name, value, cx.theme.text, cx);
    if response.clicked() {
        ui.ctx().copy_text(value.to_owned());
    }
    response.on_hover_text(format!("{name}: {value}\n{covered}\nClick to copy"));
}

pub(super) fn name(ui: &mut Ui, text: &str, width: f32, cx: &ViewCx<'_>) {
    sized(ui, width, |ui| {
        if !text.is_empty() {
            ui.label(RichText::new(text).color(cx.theme.text_dim));
        }
    });
}

/// A row whose value columns share what the names leave.
fn columns(ui: &mut Ui, count: usize, add: impl FnOnce(&mut Ui, f32)) {
    ui.horizontal(|ui| {
        let gap = ui.spacing().item_spacing.x;
        let count = count.max(1) as f32;
        let width = ((ui.available_width() - NAMES - count * gap) / count).max(16.0 * UNIT);
        add(ui, width);
    });
}

/// A cell of a fixed width, so that columns stand under each other.
fn sized<R>(ui: &mut Ui, width: f32, add: impl FnOnce(&mut Ui) -> R) {
    ui.allocate_ui_with_layout(vec2(width, ROW), Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_size(vec2(width, ROW));
        ui.set_max_width(width);
        add(ui);
    });
}
