//! The menu bar, made from the actions and the registry of formats.

use egui::{Button, Ui};

use super::ViewCx;
use super::shortcuts::keyboard_shortcut;
use crate::app::{Action, Command, Menu};
use crate::formats;

/// Paints the menu bar.
pub(super) fn show(ui: &mut Ui, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    egui::MenuBar::new().ui(ui, |ui| {
        for menu in Menu::ALL {
            ui.menu_button(menu.label(), |ui| {
                ui.set_min_width(220.0);
                let mut group = None;
                for action in Action::all().filter(|action| action.menu() == menu) {
                    if group.is_some_and(|group| group != action.group()) {
                        ui.separator();
                    }
                    group = Some(action.group());
                    item(ui, action, cx, commands);
                }
                match menu {
                    Menu::Convert => convert_items(ui, cx, commands),
                    Menu::File => recent_items(ui, cx, commands),
                    _ => {}
                }
            });
        }
    });
}

fn item(ui: &mut Ui, action: Action, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let state = cx.state;
    let undo = state.active().map(|open| open.document.history());
    let label = match (action, undo) {
        (Action::Undo, Some(history)) => history.undo_label().map(|what| format!("Undo {}", what.to_lowercase())),
        (Action::Redo, Some(history)) => history.redo_label().map(|what| format!("Redo {}", what.to_lowercase())),
        _ => None,
    };
    let label = label.unwrap_or_else(|| action.label().to_owned());
    let mut button = Button::new(match action.checked(state) {
        Some(true) => format!("✓ {label}"),
        Some(false) => format!("   {label}"),
        None => label,
    });
    if let Some(&shortcut) = action.shortcuts().first() {
        button = button.shortcut_text(ui.ctx().format_shortcut(&keyboard_shortcut(shortcut)));
    }
    let response = ui.add_enabled(action.enabled(state), button).on_hover_text(action.help());
    if response.clicked() {
        commands.push(Command::Do(action));
        ui.close();
    }
}

/// Every format that the document in front can be written as.
fn convert_items(ui: &mut Ui, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let Some(open) = cx.state.active().filter(|open| !open.document.is_closed()) else { return };
    let from = open.detection.format;
    ui.separator();
    for to in formats::targets(from).into_iter().filter(|&to| to != from) {
        if ui.button(format!("{}…", to.info().name)).on_hover_text(to.info().note).clicked() {
            commands.push(Command::ExportAs(to));
            ui.close();
        }
    }
}

fn recent_items(ui: &mut Ui, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    if cx.settings.recent.is_empty() {
        return;
    }
    ui.separator();
    ui.menu_button("Open recent", |ui| {
        for path in &cx.settings.recent {
            if ui.button(super::shown_path(path)).clicked() {
                commands.push(Command::OpenPaths(vec![path.clone()]));
                ui.close();
            }
        }
    });
}
