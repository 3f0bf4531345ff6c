//! What the window shows while nothing is open.

use egui::{Button, RichText, Ui, vec2};

use super::ViewCx;
use super::theme::UNIT;
use crate::app::{Action, Command};

/// Paints the start page.
pub(super) fn show(ui: &mut Ui, cx: &ViewCx<'_>, opening: bool, commands: &mut Vec<Command>) {
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.24).max(2.0 * UNIT));
        ui.label(RichText::new("Seektell").size(30.0).color(cx.theme.text));
        ui.add_space(UNIT);
        ui.label(RichText::new("Open anything as an in-memory stream").color(cx.theme.text_dim));
        ui.add_space(6.0 * UNIT);
        if opening {
            ui.label("Opening…");
            return;
        }
        for action in [Action::Open, Action::NewBytes, Action::NewText, Action::ToggleConsole, Action::Lessons] {
            let label = if action == Action::Lessons { "Start a lesson" } else { action.label() };
            let mut button = Button::new(label).min_size(vec2(260.0, 32.0));
            if let Some(keys) = super::shortcuts::keys_of(ui.ctx(), action, cx) {
                button = button.shortcut_text(keys);
            }
            if ui.add(button).on_hover_text(action.help()).clicked() {
                commands.push(Command::Do(action));
            }
            ui.add_space(UNIT);
        }
        ui.add_space(3.0 * UNIT);
        ui.label(RichText::new("or drop files here, or paste").color(cx.theme.text_dim));
        if !cx.settings.recent.is_empty() {
            ui.add_space(8.0 * UNIT);
            ui.label(RichText::new("Recent files").color(cx.theme.text_dim));
            ui.add_space(UNIT);
            for path in &cx.settings.recent {
                let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
                if ui.link(super::shortened(&name, 60)).on_hover_text(super::shown_path(path)).clicked() {
                    commands.push(Command::OpenPaths(vec![path.clone()]));
                }
            }
        }
    });
}
