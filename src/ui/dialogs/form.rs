//! What dialogs with several fields share: a field with its label, the line about what is wrong, and Enter.

use egui::{Key, RichText, TextEdit, Ui};

use super::{buttons, cancel};
use crate::app::{Command, DialogCommand};
use crate::ui::ViewCx;
use crate::ui::number_field::select_all;
use crate::ui::theme::UNIT;

/// The fields of one frame.
#[derive(Default)]
pub(super) struct Fields {
    /// Enter was pressed in one of them.
    entered: bool,
}

impl Fields {
    /// A field of one line in a grid of two columns; the new text where it changed.
    pub(super) fn line(&mut self, ui: &mut Ui, label: &str, text: &str, hint: &str, focus: bool) -> Option<String> {
        let label = ui.label(label);
        let mut edited = text.to_owned();
        let response = ui.add(TextEdit::singleline(&mut edited).hint_text(hint).desired_width(300.0)).labelled_by(label.id);
        if focus {
            response.request_focus();
            if !text.is_empty() {
                select_all(ui, response.id, text);
            }
        }
        if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
            self.entered = true;
            response.request_focus();
        }
        ui.end_row();
        response.changed().then_some(edited)
    }

    /// The buttons; Enter in a field presses the main one.
    pub(super) fn buttons(&self, ui: &mut Ui, accept: &str, enabled: bool, focus: bool, commands: &mut Vec<Command>) {
        if self.entered && enabled {
            commands.push(Command::Dialog(DialogCommand::Accept));
        }
        buttons(ui, &[cancel(), (accept, DialogCommand::Accept)], enabled, focus, commands);
    }
}

/// A line of its own height, so that the dialog does not jump while one types: what is wrong, or what would happen.
pub(super) fn verdict(ui: &mut Ui, error: Option<&str>, otherwise: &str, cx: &ViewCx<'_>) {
    ui.add_space(UNIT);
    let text = match error {
        Some(error) => RichText::new(error).color(cx.theme.error),
        None if otherwise.is_empty() => RichText::new(" "),
        None => RichText::new(otherwise).color(cx.theme.text_dim),
    };
    ui.add(egui::Label::new(text).wrap());
}
