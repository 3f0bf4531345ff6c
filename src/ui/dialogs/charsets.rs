//! The encoding of the text column, found by a part of its name.

use egui::{Key, ScrollArea, TextEdit, Ui};

use super::{buttons, cancel, title};
use crate::app::{Command, DialogCommand, HexChoice};
use crate::ui::{ViewCx, charsets};

/// Remembers which line is chosen.
#[derive(Default)]
pub(super) struct Charsets {
    chosen: usize,
    query: String,
}

impl Charsets {
    pub(super) fn show(&mut self, ui: &mut Ui, query: &str, cx: &ViewCx<'_>, fresh: bool, commands: &mut Vec<Command>) {
        ui.set_width(420.0);
        title(ui, "Encoding of the text column");
        let Some(open) = cx.state.active() else { return };
        let (side, charset) = (open.view.hex_front, open.view.charset);
        let found = charsets::found(query);
        if fresh || self.query != query {
            self.chosen = found.iter().position(|&each| each == charset).filter(|_| query.is_empty()).unwrap_or(0);
            self.query = query.to_owned();
        }
        let (down, up, enter) = ui.input_mut(|input| {
            let mut key = |key| input.consume_key(egui::Modifiers::NONE, key);
            (key(Key::ArrowDown), key(Key::ArrowUp), key(Key::Enter))
        });
        self.chosen = (self.chosen + usize::from(down)).saturating_sub(usize::from(up)).min(found.len().saturating_sub(1));
        let mut text = query.to_owned();
        let hint = "A part of its name: cyrillic, sjis, ebcdic";
        let response = ui.add(TextEdit::singleline(&mut text).hint_text(hint).desired_width(f32::INFINITY));
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_label("Encoding"));
        if fresh {
            response.request_focus();
        }
        if response.changed() {
            commands.push(Command::Dialog(DialogCommand::Text(text)));
        }
        ui.add_space(4.0);
        let area = ScrollArea::vertical().max_height(340.0).auto_shrink([false, true]);
        let reveal = fresh || up || down;
        let clicked = area.show(ui, |ui| charsets::lines(ui, &found, charset, Some(self.chosen), reveal, cx)).inner;
        if let Some(chosen) = clicked.or_else(|| found.get(self.chosen).copied().filter(|_| enter)) {
            commands.push(Command::Dialog(DialogCommand::Cancel));
            commands.push(Command::Hex(side, HexChoice::Charset(chosen)));
        }
        buttons(ui, &[cancel()], true, false, commands);
    }
}
