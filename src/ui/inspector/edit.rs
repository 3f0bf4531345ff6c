//! A value that is being typed.

use egui::text::{CCursor, CCursorRange};
use egui::{Key, Label, RichText, TextEdit, Ui};

use super::values::{NAMES, Pane};
use crate::app::Command;
use crate::app::numbers::count;
use crate::explore::inspect::{ByteOrder, Value};
use crate::ui::theme::{ROW, UNIT};

/// What is typed over a value.
pub(super) struct Edit {
    pub(super) value: Value,
    pub(super) order: ByteOrder,
    text: String,
    /// The field has not been painted yet.
    fresh: bool,
}

impl Edit {
    /// Begins with the value that stands there.
    pub(super) fn new(value: Value, order: ByteOrder, text: &str) -> Self {
        Self { value, order, text: text.to_owned(), fresh: true }
    }

    /// The field. Whether it is done with.
    pub(super) fn field(&mut self, ui: &mut Ui, label: &str, pane: &Pane<'_>, commands: &mut Vec<Command>) -> bool {
        let written = self.written(pane);
        let edit = TextEdit::singleline(&mut self.text)
            .id_salt(("inspected", label))
            .font(egui::TextStyle::Monospace)
            .desired_width(ui.available_width() - 2.0 * UNIT)
            .min_size(egui::vec2(0.0, ROW))
            .margin(egui::Margin::symmetric(4, 0));
        let mut output = edit.show(ui);
        let response = output.response.response.accessible_name(format!("New value of {label}"));
        if std::mem::take(&mut self.fresh) {
            // All of it is selected: a key replaces it, and copying copies it.
            let end = CCursor::new(self.text.chars().count());
            output.state.cursor.set_char_range(Some(CCursorRange::two(CCursor::new(0), end)));
            output.state.store(ui.ctx(), response.id);
            response.request_focus();
            response.scroll_to_me(None);
            return false;
        }
        if !response.lost_focus() {
            return false;
        }
        if ui.input(|input| input.key_pressed(Key::Enter)) {
            match written {
                Ok(bytes) if pane.bytes.starts_with(&bytes) => {}
                Ok(bytes) => commands.push(Command::WriteHere(bytes)),
                Err(_) => {
                    response.request_focus();
                    return false;
                }
            }
        }
        true
    }

    fn written(&self, pane: &Pane<'_>) -> Result<Vec<u8>, String> {
        self.value.write(&self.text, self.order, pane.cx.settings.inspector.radix, pane.bytes)
    }

    /// What is wrong with what is typed, or what Enter will write.
    pub(super) fn note(&self, ui: &mut Ui, pane: &Pane<'_>) {
        let (text, color) = match self.written(pane) {
            Ok(bytes) => {
                let digits: Vec<String> = bytes.iter().take(16).map(|byte| format!("{byte:02X}")).collect();
                let more = if bytes.len() > 16 { " …" } else { "" };
                let len = count(bytes.len() as u64, "byte");
                (format!("Enter writes {len}: {}{more}", digits.join(" ")), pane.cx.theme.text_dim)
            }
            Err(error) => (error, pane.cx.theme.error),
        };
        ui.horizontal(|ui| {
            ui.add_space(NAMES + ui.spacing().item_spacing.x);
            ui.add(Label::new(RichText::new(text).small().color(color)).wrap());
        });
    }
}
