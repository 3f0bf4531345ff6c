//! What the bytes mean, as a picture or a table; or in a sentence why there is nothing to see.

use egui::{Align, Label, Layout, RichText, Ui};

use super::picture_view::PictureView;
use super::table_view::TableView;
use super::theme::UNIT;
use super::{View, ViewCx};
use crate::app::{Command, OpenDocument, Preview, PreviewState};

/// The preview pane.
#[derive(Default)]
pub struct PreviewView {
    picture: PictureView,
    table: TableView,
}

impl View for PreviewView {
    fn show(&mut self, ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let looking = cx.state.is_previewing(open.document.id());
        let now = open.document.revision();
        match &open.preview {
            PreviewState::Ready { preview, revision } => {
                if *revision != now {
                    let note = if looking { "An earlier content; the new one is being read" } else { "An earlier content" };
                    ui.label(RichText::new(note).color(cx.theme.warning));
                }
                match preview.as_ref() {
                    Preview::Picture(picture) => self.picture.show(ui, open, picture, cx, commands),
                    Preview::Table { table, dialect } => {
                        self.table.show(ui, open, table, dialect.as_ref(), cx, commands);
                    }
                }
            }
            PreviewState::Failed { reason, .. } => {
                let title = format!("No preview of this {}", open.detection.label);
                sentence(ui, &title, Some((reason.as_str(), cx.theme.error)), cx);
            }
            PreviewState::None { .. } => {
                let title = format!("No preview of {}", open.detection.label);
                sentence(ui, &title, Some((&open.detection.reason, cx.theme.text_dim)), cx);
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
