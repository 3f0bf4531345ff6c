//! What the bytes mean, as a picture or a table; or in a sentence why there is nothing to see.

use std::time::Duration;

use egui::{Align, Label, Layout, RichText, Ui};

use super::archive_view::ArchiveView;
use super::picture_view::PictureView;
use super::table_view::TableView;
use super::theme::UNIT;
use super::{View, ViewCx, capital};
use crate::app::{Command, OpenDocument, Preview, PreviewState, SourceCommand};
use crate::document::DocumentId;
use crate::formats::{Format, Limits};

/// The preview pane.
#[derive(Default)]
pub struct PreviewView {
    picture: PictureView,
    table: TableView,
    /// Frames of an animation were in sight in the last frame.
    pub(super) film_seen: bool,
    archive: ArchiveView,
    /// Since when the shown content is an earlier one, in egui's seconds.
    stale: Option<(DocumentId, f64)>,
}

/// How long an earlier content may be shown without a word, in seconds: most edits are read again sooner, and a line
/// that comes and goes would make the pane jump with every key.
const PATIENCE: f64 = 0.5;

impl PreviewView {
    /// Whether to say that the content is an earlier one.
    fn is_stale(&mut self, ui: &Ui, id: DocumentId, stale: bool) -> bool {
        if !stale {
            self.stale = None;
            return false;
        }
        let now = ui.input(|input| input.time);
        let since = match self.stale {
            Some((shown, since)) if shown == id => since,
            _ => now,
        };
        self.stale = Some((id, since));
        let left = since + PATIENCE - now;
        if left > 0.0 {
            ui.ctx().request_repaint_after(Duration::from_secs_f64(left));
        }
        left <= 0.0
    }
}

impl View for PreviewView {
    fn show(&mut self, ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let looking = cx.state.is_previewing(open.document.id());
        if looking && open.table().is_none_or(|(table, _)| !table.is_complete()) {
            // The first rows of a large table are shown while the others are read.
            if cx.state.has_grown(open) {
                commands.push(Command::Table(crate::app::table::TableCommand::Grown));
            }
            ui.ctx().request_repaint_after(Duration::from_millis(100));
        }
        match &open.preview {
            PreviewState::Ready { preview, revision } => {
                if self.is_stale(ui, open.document.id(), *revision != open.document.revision()) {
                    let note = if looking { "An earlier content; the new one is being read" } else { "An earlier content" };
                    ui.label(RichText::new(note).color(cx.theme.warning));
                }
                match preview.as_ref() {
                    Preview::Archive(archive) => self.archive.show(ui, open, archive, cx, commands),
                    Preview::Picture(picture) => {
                        self.film_seen = open.film().is_some();
                        let shown = open.shown_picture().unwrap_or(picture);
                        self.picture.show(ui, open, shown, cx, commands);
                    }
                    Preview::Table { dialect, .. } => {
                        self.table.show(ui, open, dialect.as_ref(), cx, commands);
                    }
                }
            }
            PreviewState::Failed { reason, needs, .. } => {
                let title = format!("This {} cannot be shown", open.detection.label);
                sentence(ui, &title, Some((&capital(reason), cx.theme.error)), cx);
                if let Some(needs) = *needs {
                    ui.with_layout(Layout::top_down(Align::Center), |ui| {
                        let text = format!("Open anyway (needs up to {})", Limits::words(needs));
                        let response = ui.button(text).on_hover_text("Raises the limit of memory for this document alone");
                        if response.clicked() {
                            commands.push(Command::Source(SourceCommand::OpenAnyway(needs)));
                        }
                    });
                }
            }
            PreviewState::None { .. } => {
                let title = match open.detection.format {
                    _ if open.document.size() == 0 => "An empty document has no preview".to_owned(),
                    Format::Bytes => "Bytes have no preview".to_owned(),
                    _ => format!("{} has no preview", open.detection.label),
                };
                sentence(ui, &title, Some((&capital(&open.detection.reason), cx.theme.text_dim)), cx);
            }
            PreviewState::Nothing if looking => sentence(ui, "Looking at the content", None, cx),
            PreviewState::Nothing => sentence(ui, "Nothing to show", None, cx),
        }
        if let Some(mismatch) = &open.detection.mismatch
            && !matches!(open.preview, PreviewState::Ready { .. })
        {
            ui.add(Label::new(RichText::new(mismatch).color(cx.theme.warning)).wrap());
        }
    }
}

/// A title in the upper third, and a line below it.
fn sentence(ui: &mut Ui, title: &str, below: Option<(&str, egui::Color32)>, cx: &ViewCx<'_>) {
    ui.with_layout(Layout::top_down(Align::Center), |ui| {
        ui.add_space((ui.available_height() / 3.0 - 6.0 * UNIT).max(UNIT));
        ui.label(RichText::new(title).color(cx.theme.text).strong());
        if let Some((text, color)) = below {
            ui.add(Label::new(RichText::new(text).color(color)).wrap().selectable(true));
        }
    });
}
