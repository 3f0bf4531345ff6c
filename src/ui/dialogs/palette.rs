//! The command palette: every action by its name.

use egui::{Key, ScrollArea, TextEdit, Ui};

use crate::app::{Action, Command, CompareCommand, DialogCommand};
use crate::formats::{self, literal::Style};
use crate::ui::ViewCx;

/// Remembers which entry is chosen.
#[derive(Default)]
pub(super) struct Palette {
    chosen: usize,
    query: String,
}

enum Entry {
    Action(Action),
    Export(formats::Format),
    Compare(crate::document::DocumentId),
    CopyAs(Style),
}

impl Palette {
    pub(super) fn show(&mut self, ui: &mut Ui, query: &str, cx: &ViewCx<'_>, fresh: bool, commands: &mut Vec<Command>) {
        ui.set_width(520.0);
        if fresh || self.query != query {
            self.chosen = 0;
            self.query = query.to_owned();
        }
        let mut entries: Vec<(i32, String, String, Entry, bool)> = Vec::new();
        for action in Action::all().filter(|&action| action != Action::Palette) {
            let label = format!("{}: {}", action.menu().label(), action.label());
            if let Some(score) = score(query, &label) {
                let keys = crate::ui::shortcuts::keys_of(ui.ctx(), action, cx);
                entries.push((score, label, keys.unwrap_or_default(), Entry::Action(action), action_enabled(action, cx)));
            }
        }
        for style in Style::ALL {
            let label = format!("Edit: Copy as {}", style.name());
            if let Some(score) = score(query, &label) {
                entries.push((score, label, String::new(), Entry::CopyAs(style), action_enabled(Action::CopyAs, cx)));
            }
        }
        if let Some(open) = cx.state.active().filter(|open| !open.document.is_closed()) {
            for to in formats::targets(open.detection.format) {
                let label = format!("Convert: {}…", to.info().name);
                if let Some(score) = score(query, &label) {
                    entries.push((score, label, String::new(), Entry::Export(to), true));
                }
            }
        }
        let front = cx.state.active().map(|open| open.document.id());
        for open in cx.state.documents().iter().filter(|open| front.is_some() && Some(open.document.id()) != front) {
            let label = format!("Compare with: {}", crate::ui::shortened(open.document.name(), 48));
            if let Some(score) = score(query, &label) {
                entries.push((score, label, String::new(), Entry::Compare(open.document.id()), true));
            }
        }
        entries.sort_by_key(|entry| (std::cmp::Reverse(entry.4), std::cmp::Reverse(entry.0)));
        ui.input_mut(|input| {
            if input.consume_key(egui::Modifiers::NONE, Key::ArrowDown) {
                self.chosen += 1;
            }
            if input.consume_key(egui::Modifiers::NONE, Key::ArrowUp) {
                self.chosen = self.chosen.saturating_sub(1);
            }
        });
        self.chosen = self.chosen.min(entries.len().saturating_sub(1));
        let mut text = query.to_owned();
        let field = TextEdit::singleline(&mut text).hint_text("Type a part of a command's name").desired_width(f32::INFINITY);
        let response = ui.add(field);
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_label("Command"));
        if fresh {
            response.request_focus();
        }
        if response.changed() {
            commands.push(Command::Dialog(DialogCommand::Text(text)));
        }
        let entered = ui.input(|input| input.key_pressed(Key::Enter));
        ui.add_space(4.0);
        let moved = ui.input(|input| input.key_pressed(Key::ArrowDown) || input.key_pressed(Key::ArrowUp));
        ScrollArea::vertical().max_height(360.0).auto_shrink([false, true]).show(ui, |ui| {
            if entries.is_empty() {
                ui.label("No command has this in its name");
            }
            for (i, (_, label, keys, entry, enabled)) in entries.iter().enumerate() {
                let mut button = egui::Button::selectable(i == self.chosen, label.as_str()).min_size(egui::vec2(500.0, 24.0));
                if !keys.is_empty() {
                    button = button.shortcut_text(keys.as_str());
                }
                let response = ui.add_enabled(*enabled, button);
                if i == self.chosen && moved {
                    response.scroll_to_me(None);
                }
                if *enabled && (response.clicked() || (entered && i == self.chosen)) {
                    commands.push(match entry {
                        Entry::Action(action) => Command::Do(*action),
                        Entry::Export(to) => Command::ExportAs(*to),
                        Entry::Compare(other) => Command::Compare(CompareCommand::With(*other)),
                        Entry::CopyAs(style) => Command::CopyAs(*style),
                    });
                }
            }
        });
    }
}

/// Whether it makes sense behind the palette.
fn action_enabled(action: Action, cx: &ViewCx<'_>) -> bool {
    action.enabled(cx.state)
}

/// How well a query fits a name: a part of the name as it stands is best, at the start of a word better still; then all
/// its letters in order, wherever they are; `None` where they are not.
pub(super) fn score(query: &str, name: &str) -> Option<i32> {
    let (query, name) = (query.trim().to_lowercase(), name.to_lowercase());
    let length = name.chars().count() as i32;
    if let Some(at) = name.find(&query) {
        let word = name[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
        return Some(1000 + if word { 500 } else { 0 } - length);
    }
    let mut rest = name.chars();
    let mut skipped = 0;
    for wanted in query.chars().filter(|c| !c.is_whitespace()) {
        skipped += rest.by_ref().position(|c| c == wanted)? as i32;
    }
    Some(500 - skipped * 4 - length)
}

#[cfg(test)]
mod tests {
    use super::score;

    #[test]
    fn letters_that_follow_each_other_win() {
        assert!(score("trunc", "Stream: Truncate here") > score("trunc", "View: Theme run across unclear"));
        assert!(score("save as", "File: Save as…").is_some());
        assert_eq!(score("zzz", "File: Save"), None);
        assert!(score("", "File: Save").is_some());
    }
}
