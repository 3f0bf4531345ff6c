//! What the document in front is compared with: another open document, or a file.

use egui::{Button, Key, ScrollArea, TextEdit, Ui};

use super::palette::score;
use super::{buttons, cancel, title};
use crate::app::numbers::count;
use crate::app::{Command, CompareCommand, DialogCommand};
use crate::document::DocumentId;
use crate::ui::ViewCx;

/// Remembers which entry is chosen.
#[derive(Default)]
pub(super) struct CompareWith {
    chosen: usize,
    query: String,
}

impl CompareWith {
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        document: DocumentId,
        query: &str,
        cx: &ViewCx<'_>,
        fresh: bool,
        commands: &mut Vec<Command>,
    ) {
        ui.set_width(480.0);
        let name = cx.state.document(document).map_or("", |open| open.document.name());
        title(ui, &format!("Compare {} with", crate::ui::shortened(name, 40)));
        if fresh || self.query != query {
            self.chosen = 0;
            self.query = query.to_owned();
        }
        let mut text = query.to_owned();
        let response = ui.add(TextEdit::singleline(&mut text).hint_text("A part of its name").desired_width(f32::INFINITY));
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_label("Document to compare with"));
        if fresh {
            response.request_focus();
        }
        if response.changed() {
            commands.push(Command::Dialog(DialogCommand::Text(text)));
        }
        let mut others: Vec<_> = cx
            .state
            .documents()
            .iter()
            .filter(|open| open.document.id() != document)
            .filter_map(|open| Some((score(query, open.document.name())?, open)))
            .collect();
        others.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        let (down, up, enter) = ui.input_mut(|input| {
            let mut key = |key| input.consume_key(egui::Modifiers::NONE, key);
            (key(Key::ArrowDown), key(Key::ArrowUp), key(Key::Enter))
        });
        self.chosen = (self.chosen + usize::from(down)).saturating_sub(usize::from(up)).min(others.len().saturating_sub(1));
        ui.add_space(4.0);
        ScrollArea::vertical().max_height(280.0).auto_shrink([false, true]).show(ui, |ui| {
            if others.is_empty() {
                ui.label(if query.is_empty() { "No other document is open" } else { "No open document has this in its name" });
            }
            for (i, (_, open)) in others.iter().enumerate() {
                let size = count(open.document.size(), open.document.kind().unit());
                let label = crate::ui::shortened(open.document.name(), 48);
                let button = Button::selectable(i == self.chosen, label).shortcut_text(size).min_size(egui::vec2(460.0, 24.0));
                let response = ui.add(button);
                if i == self.chosen && (up || down) {
                    response.scroll_to_me(None);
                }
                if response.clicked() || (enter && i == self.chosen) {
                    commands.push(Command::Compare(CompareCommand::With(open.document.id())));
                }
            }
        });
        ui.add_space(8.0);
        let file = ui.button("Choose a file…").on_hover_text("Opens it and compares");
        if file.clicked() || (enter && others.is_empty()) {
            commands.push(Command::Compare(CompareCommand::WithFile));
        }
        buttons(ui, &[cancel()], true, false, commands);
    }
}
