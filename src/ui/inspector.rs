//! What stands at the cursor: numbers in both byte orders, characters, text; of a text stream the character.

use egui::{Align, Label, Layout, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, vec2};

use super::theme::{MONO, ROW, SMALL, UNIT, mono};
use super::{View, ViewCx};
use crate::app::numbers::{count, group, place, places};
use crate::app::{Command, INSPECTED, Inspected, OpenDocument, Reading, Values, inspect, inspect_char};
use crate::buffer::{ByteRange, Len, Offset};
use crate::document::{DocumentId, StreamKind};

/// Width of the names of bytes' values in points.
const NAMES: f32 = 13.0 * UNIT;

/// Width of the names of what a character is.
const LONG_NAMES: f32 = 18.0 * UNIT;

/// The inspector pane. Holds the values of the place that was shown last.
#[derive(Default)]
pub struct Inspector {
    shown: Option<(Key, Shown)>,
}

/// What the shown values were made from.
#[derive(Clone, Copy, PartialEq)]
struct Key {
    document: DocumentId,
    revision: u64,
    position: u64,
    closed: bool,
}

enum Shown {
    Bytes(Vec<Inspected>),
    Character(Vec<(&'static str, String)>),
    End,
    Unreadable(String),
}

impl View for Inspector {
    fn show(&mut self, ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>, _commands: &mut Vec<Command>) {
        let document = &open.document;
        let position = document.position();
        let key = Key { document: document.id(), revision: document.revision(), position, closed: document.is_closed() };
        if self.shown.as_ref().is_none_or(|(shown, _)| *shown != key) {
            self.shown = Some((key, read(open)));
        }
        let Some((_, shown)) = &self.shown else { return };
        ScrollArea::vertical().id_salt("inspector").auto_shrink([false, false]).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.spacing_mut().interact_size.y = ROW;
            heading(ui, open, cx);
            match shown {
                Shown::Bytes(lines) => {
                    let both = lines.iter().filter(|line| matches!(line.values, Values::Both { .. }));
                    let one = lines.iter().filter(|line| matches!(line.values, Values::One(_)));
                    for line in one.clone().take(2) {
                        show_line(ui, line, position, cx);
                    }
                    columns(ui, |ui, width| {
                        name(ui, "", NAMES, cx);
                        for order in ["Little-endian", "Big-endian"] {
                            sized(ui, width, |ui| ui.label(RichText::new(order).small().color(cx.theme.text_dim)));
                        }
                    });
                    for line in both {
                        show_line(ui, line, position, cx);
                    }
                    ui.add_space(UNIT);
                    for line in one.skip(2) {
                        show_line(ui, line, position, cx);
                    }
                }
                Shown::Character(lines) => {
                    for (label, value) in lines {
                        ui.horizontal(|ui| {
                            ui.set_min_height(ROW);
                            name(ui, label, LONG_NAMES, cx);
                            copyable(ui, label, value, &format!("Character {}", group(position)), cx);
                        });
                    }
                }
                Shown::End => {
                    ui.label(RichText::new("No value: the cursor is at the end").color(cx.theme.text_dim));
                }
                Shown::Unreadable(reason) => {
                    ui.label(RichText::new(reason).color(cx.theme.error));
                }
            }
        });
    }
}

fn read(open: &OpenDocument) -> Shown {
    let document = &open.document;
    let position = document.position();
    if let Some(text) = document.as_text() {
        return match text.slice(position, position.saturating_add(1)).code_points().next() {
            Some(code) => Shown::Character(inspect_char(code)),
            None => Shown::End,
        };
    }
    let Some(bytes) = document.as_bytes() else { return Shown::End };
    match bytes.to_vec(ByteRange::new(Offset(position), Len(INSPECTED as u64))) {
        Ok(bytes) if bytes.is_empty() => Shown::End,
        Ok(bytes) => Shown::Bytes(inspect(&bytes)),
        Err(error) => Shown::Unreadable(error.to_string()),
    }
}

fn heading(ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>) {
    let document = &open.document;
    let (position, size) = (document.position(), document.size());
    let unit = document.kind().unit();
    ui.horizontal_wrapped(|ui| {
        ui.set_min_height(ROW);
        let at = match document.kind() {
            StreamKind::Bytes => format!("At {}", place(position)),
            StreamKind::Text => format!("At character {}", group(position)),
        };
        ui.label(RichText::new(at).strong());
        let note = if document.is_closed() {
            "the stream is closed".into()
        } else if position > size {
            format!("{} past the end", count(position - size, unit))
        } else if position == size {
            "at the end".into()
        } else {
            format!("{} to the end", count(size - position, unit))
        };
        ui.label(RichText::new(note).color(cx.theme.text_dim));
    });
}

fn show_line(ui: &mut Ui, line: &Inspected, position: u64, cx: &ViewCx<'_>) {
    columns(ui, |ui, width| {
        name(ui, line.name, NAMES, cx);
        match &line.values {
            Values::One(reading) => show_reading(ui, line.name, reading, position, cx),
            Values::Both { little, big } => {
                for (order, reading) in [("little-endian", little), ("big-endian", big)] {
                    let name = format!("{} {order}", line.name);
                    sized(ui, width, |ui| show_reading(ui, &name, reading, position, cx));
                }
            }
        }
    });
}

fn show_reading(ui: &mut Ui, name: &str, reading: &Reading, position: u64, cx: &ViewCx<'_>) {
    let dim = |ui: &mut Ui, text: String, why: String| {
        ui.add(Label::new(RichText::new(text).color(cx.theme.text_dim)).truncate()).on_hover_text(why);
    };
    match reading {
        Reading::Value { text, len } => {
            let covered = format!("{} at {}", count(*len as u64, "byte"), places(position, position.saturating_add(*len as u64)));
            copyable(ui, name, text, &covered, cx);
        }
        Reading::Missing { more } => {
            let missing = count(*more as u64, "more byte");
            dim(
                ui,
                format!("{} more needed", group(*more as u64)),
                format!("{name} needs {missing} than the stream has from the cursor on"),
            );
        }
        Reading::Invalid(why) => dim(ui, (*why).into(), format!("{name}: {why}")),
    }
}

/// A value that a click, or Enter on the focused value, puts on the clipboard.
fn copyable(ui: &mut Ui, name: &str, value: &str, covered: &str, cx: &ViewCx<'_>) {
    // A number that its column cannot hold is written smaller before it is cut.
    let digits = ui.painter().layout_no_wrap(value.to_owned(), mono(), cx.theme.text).size().x;
    let size = if digits > ui.available_width() { SMALL } else { MONO };
    let text = RichText::new(value).monospace().size(size).color(cx.theme.text);
    let response = ui.add(Label::new(text).truncate().selectable(false).sense(Sense::click()).show_tooltip_when_elided(false));
    let hover = format!("{name}: {value}\n{covered}\nClick to copy");
    let response = response.on_hover_cursor(egui::CursorIcon::PointingHand).on_hover_text(hover);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{name}: {value}")));
    if response.clicked() {
        ui.ctx().copy_text(value.to_owned());
    }
    if response.has_focus() {
        let stroke = egui::Stroke::new(2.0, cx.theme.accent);
        ui.painter().rect_stroke(response.rect.expand(1.0), 2.0, stroke, egui::StrokeKind::Outside);
    }
}

fn name(ui: &mut Ui, text: &str, width: f32, cx: &ViewCx<'_>) {
    sized(ui, width, |ui| {
        if !text.is_empty() {
            ui.label(RichText::new(text).color(cx.theme.text_dim));
        }
    });
}

/// A row whose two value columns share what the names leave.
fn columns(ui: &mut Ui, add: impl FnOnce(&mut Ui, f32)) {
    ui.horizontal(|ui| {
        let gap = ui.spacing().item_spacing.x;
        let width = ((ui.available_width() - NAMES - 2.0 * gap) / 2.0).max(16.0 * UNIT);
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
