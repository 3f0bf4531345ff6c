//! The call that is shown, in full.

use egui::{Frame, Label, RichText, ScrollArea, Ui};

use crate::app::numbers::{count, group, place};
use crate::app::{Action, Command};
use crate::document::Entry;
use crate::ui::ViewCx;
use crate::ui::theme::{ROW, UNIT};

/// Its usual height in points, and that in a low pane.
pub(super) const HEIGHT: f32 = 4.0 * ROW + 5.0 * UNIT;
pub(super) const LEAST: f32 = 3.0 * ROW + 4.0 * UNIT;

/// Units of data that a copied call spells out, and that are shown here.
const COPIED: u64 = 1 << 16;
const SHOWN: u64 = 1024;

pub(super) fn show(ui: &mut Ui, entry: &Entry, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    ui.add_space(UNIT);
    Frame::new().fill(cx.theme.control).inner_margin(UNIT).corner_radius(UNIT).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ScrollArea::vertical().id_salt("details").min_scrolled_height(ROW).auto_shrink([false, false]).show(ui, |ui| {
            ui.horizontal(|ui| {
                let copy = ui.small_button("Copy").on_hover_text("Copy this call");
                if copy.accessible_name("Copy this call").clicked() {
                    ui.ctx().copy_text(entry.call_within(COPIED));
                }
                let stay = ui.small_button("Go on from here").on_hover_text(Action::WalkStay.help());
                if stay.clicked() {
                    commands.push(Command::Do(Action::WalkStay));
                }
                let (before, after) = (entry.position_before, entry.position_after());
                let places = format!("position {} → {}", place(before), place(after));
                let sizes = format!("size {} → {}", group(entry.size_before), count(entry.size_after(), entry.kind.unit()));
                let dim = |text: String| Label::new(RichText::new(text).monospace().small().color(cx.theme.text_dim)).truncate();
                ui.add(dim(format!("{places}   {sizes}")));
            });
            let line = |ui: &mut Ui, text: String, color| {
                ui.add(Label::new(RichText::new(text).monospace().color(color)).wrap().selectable(true));
            };
            match entry.note() {
                Some(note) => line(ui, note.to_owned(), cx.theme.text),
                None => line(ui, format!(">>> {}", entry.call_within(SHOWN)), cx.theme.text_dim),
            }
            if !entry.result.is_empty() {
                line(ui, entry.result.to_string(), if entry.raised { cx.theme.error } else { cx.theme.text });
            }
            if let Some(statement) = &entry.statement {
                line(ui, format!("# of the statement: {statement}"), cx.theme.text_dim);
            }
        });
    });
}
