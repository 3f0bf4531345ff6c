//! Questions with buttons. The button that does it stands last; the one that has the focus, which Enter presses, loses nothing.

use std::path::Path;

use egui::Ui;

use super::{buttons, buttons_of, cancel, title};
use crate::app::numbers::{count, matches};
use crate::app::{Command, DialogCommand, ReplaceEverywhere};
use crate::document::DocumentId;
use crate::ui::theme::UNIT;
use crate::ui::{ViewCx, shortened, shown_path};

/// Documents that the question lists.
const LISTED: usize = 6;

pub(super) fn unsaved(ui: &mut Ui, cx: &ViewCx<'_>, documents: &[DocumentId], fresh: bool, commands: &mut Vec<Command>) {
    ui.set_width(420.0);
    let names: Vec<&str> = documents.iter().filter_map(|&id| cx.state.document(id)).map(|open| open.document.name()).collect();
    match names.as_slice() {
        [name] => {
            title(ui, &format!("Save {}?", shortened(name, 40)));
            ui.label("It has changes that are not saved");
        }
        names => {
            title(ui, &format!("Save {} documents?", names.len()));
            ui.label("They have changes that are not saved");
            for name in names.iter().take(LISTED) {
                ui.label(format!("• {}", shortened(name, 56)));
            }
            if names.len() > LISTED {
                ui.label(format!("and {} more", names.len() - LISTED));
            }
        }
    }
    let choices = [cancel(), ("Don't save", DialogCommand::Discard), ("Save", DialogCommand::Accept)];
    buttons(ui, &choices, true, fresh, commands);
}

pub(super) fn overwrite(ui: &mut Ui, path: &Path, fresh: bool, commands: &mut Vec<Command>) {
    ui.set_width(420.0);
    title(ui, "Replace the file?");
    ui.label("There is a file of this name already. Its content will be replaced.");
    ui.label(egui::RichText::new(shown_path(path)).weak());
    // Nothing is replaced by an Enter too many: Cancel has the keyboard.
    buttons_of(ui, &[cancel(), ("Replace", DialogCommand::Accept)], &|_| true, fresh.then_some(0), commands);
}

pub(super) fn changed_on_disk(ui: &mut Ui, path: &Path, fresh: bool, commands: &mut Vec<Command>) {
    ui.set_width(460.0);
    title(ui, "The file changed on disk");
    ui.label("Another program wrote to it after it was opened here. Saving now replaces that version.");
    ui.label(egui::RichText::new(shown_path(path)).weak());
    let choices = [cancel(), ("Save as…", DialogCommand::SaveAsInstead), ("Replace it", DialogCommand::Accept)];
    buttons_of(ui, &choices, &|_| true, fresh.then_some(0), commands);
}

pub(super) fn offer_lesson(ui: &mut Ui, path: &Path, fresh: bool, commands: &mut Vec<Command>) {
    ui.set_width(460.0);
    title(ui, "Take this lesson?");
    ui.label("Its statements run in a new console session; your documents stay as they are.");
    ui.label(egui::RichText::new(shown_path(path)).weak());
    let choices = [cancel(), ("Open as a document", DialogCommand::Discard), ("Take the lesson", DialogCommand::Accept)];
    buttons(ui, &choices, true, fresh, commands);
}

pub(super) fn replace_everywhere(
    ui: &mut Ui,
    what: &ReplaceEverywhere,
    cx: &ViewCx<'_>,
    fresh: bool,
    commands: &mut Vec<Command>,
) {
    const LISTED: usize = 8;
    ui.set_width(460.0);
    title(ui, &format!("Replace {} in {}?", matches(what.count()), count(what.documents.len() as u64, "document")));
    for (.., name, replaced) in what.documents.iter().take(LISTED) {
        let name = shortened(name, 40);
        ui.label(format!("{name}: {}", matches(replaced.count)));
    }
    if let Some(more @ 1..) = what.documents.len().checked_sub(LISTED) {
        ui.label(egui::RichText::new(format!("and {}", count(more as u64, "more document"))).weak());
    }
    for sentence in what.left_out.iter().take(LISTED) {
        ui.label(egui::RichText::new(sentence).color(cx.theme.warning));
    }
    ui.add_space(2.0 * UNIT);
    ui.label(egui::RichText::new("One step in each document, which Undo takes back there.").weak());
    let choices = [cancel(), ("Replace all", DialogCommand::Accept)];
    buttons(ui, &choices, true, fresh, commands);
}
