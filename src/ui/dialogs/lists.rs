//! Dialogs to read: notices, about.

use egui::{RichText, ScrollArea, Ui};

use super::{buttons, title};
use crate::app::{Command, DialogCommand, Level};
use crate::ui::ViewCx;

pub(super) fn notices(ui: &mut Ui, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    ui.set_width(560.0);
    title(ui, "Notices");
    let all = cx.state.notices().all();
    if all.is_empty() {
        ui.label("Nothing was said in this session yet");
    }
    ScrollArea::vertical().max_height(420.0).auto_shrink([false, true]).stick_to_bottom(true).show(ui, |ui| {
        for notice in all {
            let (mark, color) = match notice.level {
                Level::Info => ("Done", cx.theme.good),
                Level::Warning => ("Note", cx.theme.warning),
                Level::Error => ("Error", cx.theme.error),
            };
            ui.horizontal_top(|ui| {
                ui.add_sized([48.0, 18.0], egui::Label::new(RichText::new(mark).color(color)));
                ui.add(egui::Label::new(&notice.text).wrap().selectable(true));
            });
        }
    });
    let text = || all.iter().map(|notice| notice.text.as_str()).collect::<Vec<_>>().join("\n");
    ui.add_space(8.0);
    if ui.add_enabled(!all.is_empty(), egui::Button::new("Copy all")).clicked() {
        ui.ctx().copy_text(text());
    }
    buttons(ui, &[("Close", DialogCommand::Cancel)], true, false, commands);
}

pub(super) fn about(ui: &mut Ui, commands: &mut Vec<Command>) {
    ui.set_width(420.0);
    title(ui, "Seektell");
    ui.label(format!("Version {}", env!("CARGO_PKG_VERSION")));
    ui.add_space(4.0);
    ui.label("Open anything as an in-memory stream, watch its cursor move, look inside it, and save it as something else.");
    ui.add_space(4.0);
    ui.label("Nothing is sent anywhere, and nothing is written before you save.");
    ui.add_space(4.0);
    ui.label(RichText::new("MIT or Apache 2.0; the fonts under the SIL Open Font Licence").weak());
    buttons(ui, &[("Close", DialogCommand::Cancel)], true, true, commands);
}
