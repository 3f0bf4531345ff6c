//! The dialogs inside the window, one file a subject.

mod bytes;
mod charsets;
mod compare;
mod copying;
mod export;
mod form;
mod keys;
mod lists;
mod palette;
mod places;
mod questions;
mod report;
mod source;
mod text;

use egui::{Context, Frame, Id, Modal, Ui};

use super::ViewCx;
use super::theme::UNIT;
use crate::app::{Command, Dialog, DialogCommand};

/// What the dialogs remember between frames: which one had its first field focused.
#[derive(Default)]
pub(super) struct Dialogs {
    focused: Option<std::mem::Discriminant<Dialog>>,
    palette: palette::Palette,
    keys: keys::Keys,
    charsets: charsets::Charsets,
    compare: compare::CompareWith,
    report: report::ReportDialog,
}

impl Dialogs {
    /// Paints the dialog that is open, if any.
    pub(super) fn show(&mut self, ctx: &Context, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let Some(dialog) = cx.state.dialog() else {
            self.focused = None;
            return;
        };
        let kind = std::mem::discriminant(dialog);
        let fresh = self.focused != Some(kind);
        self.focused = Some(kind);
        let frame = Frame::new()
            .fill(cx.theme.panel)
            .stroke(egui::Stroke::new(1.0, cx.theme.line))
            .corner_radius(2.0 * UNIT)
            .inner_margin(egui::Margin::same(5 * UNIT as i8));
        let modal = Modal::new(Id::unique("dialog").with(kind)).frame(frame).show(ctx, |ui| match dialog {
            Dialog::GoTo { text, error, preview, extend } => {
                text::go_to(ui, text, error.as_deref(), preview, *extend, fresh, commands);
            }
            Dialog::GoToRow { text, error } => text::go_to_row(ui, text, error.as_deref(), fresh, commands),
            Dialog::Columns { text, error, .. } => text::columns(ui, text, error.as_deref(), fresh, commands),
            Dialog::BaseAddress { text, error } => text::base_address(ui, text, error.as_deref(), fresh, commands),
            Dialog::SelectRange(range) => places::select_range(ui, range, cx, fresh, commands),
            Dialog::Resize(resize) => places::resize(ui, resize, cx, fresh, commands),
            Dialog::CopyAs(copy) => copying::copy_as(ui, copy, cx, fresh, commands),
            Dialog::PasteAs(paste) => copying::paste_as(ui, paste, cx, fresh, commands),
            Dialog::Bytes(bytes) => bytes::show(ui, bytes, cx, fresh, commands),
            Dialog::TypedPath { .. } => text::typed_path(ui, dialog, fresh, commands),
            Dialog::Unsaved { documents, .. } => questions::unsaved(ui, cx, documents, fresh, commands),
            Dialog::Overwrite { path, .. } => questions::overwrite(ui, path, fresh, commands),
            Dialog::ChangedOnDisk { path, .. } => questions::changed_on_disk(ui, path, fresh, commands),
            Dialog::OfferLesson(path) => questions::offer_lesson(ui, path, fresh, commands),
            Dialog::ReplaceEverywhere(what) => questions::replace_everywhere(ui, what, cx, fresh, commands),
            Dialog::Report => self.report.show(ui, cx, fresh, commands),
            Dialog::Source(dialog) => source::show(ui, dialog, cx, fresh, commands),
            Dialog::Export(export) => export::show(ui, export, cx, fresh, commands),
            Dialog::CompareWith { document, query } => self.compare.show(ui, *document, query, cx, fresh, commands),
            Dialog::Charset { query } => self.charsets.show(ui, query, cx, fresh, commands),
            Dialog::Palette { query } => self.palette.show(ui, query, cx, fresh, commands),
            Dialog::Notices => lists::notices(ui, cx, commands),
            Dialog::Shortcuts(dialog) => self.keys.show(ui, dialog, cx, fresh, commands),
            Dialog::About => lists::about(ui, commands),
        });
        if modal.should_close() {
            commands.push(Command::Dialog(DialogCommand::Cancel));
        }
    }
}

/// The heading of a dialog.
fn title(ui: &mut Ui, text: &str) {
    ui.label(egui::RichText::new(text).heading());
    ui.add_space(2.0 * UNIT);
}

/// The buttons at the foot, right-aligned, the one that Enter presses last. Each is a label and what it means.
fn buttons(ui: &mut Ui, choices: &[(&str, DialogCommand)], enabled: bool, focus_last: bool, commands: &mut Vec<Command>) {
    let last = choices.len().wrapping_sub(1);
    let can = |i: usize| enabled || i != last;
    buttons_of(ui, choices, &can, focus_last.then_some(last), commands);
}

/// The same, of which `can` says which may be pressed, and `focus` which one has the keyboard.
fn buttons_of(
    ui: &mut Ui,
    choices: &[(&str, DialogCommand)],
    can: &dyn Fn(usize) -> bool,
    focus: Option<usize>,
    commands: &mut Vec<Command>,
) {
    ui.add_space(4.0 * UNIT);
    // No higher than the buttons: a dialog that was longer a moment ago becomes short again.
    let size = egui::vec2(ui.available_width(), 28.0);
    ui.allocate_ui_with_layout(size, egui::Layout::right_to_left(egui::Align::Center), |ui| {
        for (i, (label, command)) in choices.iter().enumerate().rev() {
            let main = i + 1 == choices.len();
            let text = egui::RichText::new(*label);
            let button = egui::Button::new(if main { text.strong() } else { text }).min_size(egui::vec2(88.0, 28.0));
            let response = ui.add_enabled(can(i), button);
            if focus == Some(i) {
                response.request_focus();
            }
            if response.clicked() {
                commands.push(Command::Dialog(command.clone()));
            }
        }
    });
}

fn cancel() -> (&'static str, DialogCommand) {
    ("Cancel", DialogCommand::Cancel)
}
