//! Dialogs to read: notices, keys, about.

use egui::{Grid, RichText, ScrollArea, Ui};

use super::{buttons, title};
use crate::app::{Action, Command, DialogCommand, Level, Menu};
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

pub(super) fn shortcuts(ui: &mut Ui, _cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    ui.set_width(640.0);
    title(ui, "Keyboard shortcuts");
    ScrollArea::vertical().max_height(460.0).auto_shrink([false, true]).show(ui, |ui| {
        for menu in Menu::ALL {
            ui.add_space(6.0);
            ui.label(RichText::new(menu.label()).strong());
            // One width for the grids of all menus, so that their columns stand under each other.
            Grid::new(("keys", menu.label())).num_columns(3).min_col_width(164.0).spacing([16.0, 4.0]).show(ui, |ui| {
                for action in Action::all().filter(|action| action.menu() == menu) {
                    let keys: Vec<String> =
                        action.shortcuts().iter().map(|&keys| crate::ui::shortcuts::shortcut_text(ui.ctx(), keys)).collect();
                    ui.label(action.label());
                    ui.label(RichText::new(keys.join(" or ")).monospace());
                    ui.label(RichText::new(action.help()).weak());
                    ui.end_row();
                }
            });
        }
        ui.add_space(6.0);
        ui.label(RichText::new("In the bytes").strong());
        Grid::new("keys in the bytes").num_columns(2).spacing([16.0, 4.0]).show(ui, |ui| {
            for (keys, what) in [
                ("Arrows, Home, End, Page Up, Page Down", "move the cursor; with Shift they select"),
                ("Ctrl+Home, Ctrl+End", "to the start, to the end"),
                ("0-9, A-F", "two digits write a byte, as write() does"),
                ("Enter, Escape", "writes or forgets a value typed into a cell that is not hex"),
                ("Ctrl+wheel", "size of the text of the bytes"),
                ("Tab", "to the other column"),
                ("Backspace", "takes the byte before the cursor out"),
                ("F6, Shift+F6", "to the next pane, to the one before"),
            ] {
                ui.label(RichText::new(keys).monospace());
                ui.label(what);
                ui.end_row();
            }
        });
    });
    buttons(ui, &[("Close", DialogCommand::Cancel)], true, true, commands);
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
