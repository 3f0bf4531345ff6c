//! Stand-ins until the views land.
use super::*;
struct Nothing;
impl View for Nothing {
    fn show(&mut self, ui: &mut egui::Ui, open: &OpenDocument, _cx: &ViewCx<'_>, _commands: &mut Vec<Command>) {
        ui.label(open.document.name());
    }
}
impl Default for Views {
    fn default() -> Self {
        Self {
            hex: Box::new(Nothing),
            text: Box::new(Nothing),
            preview: Box::new(preview::PreviewView::default()),
            inspector: Box::new(inspector::Inspector::default()),
            stream: Box::new(stream_panel::StreamPanel::default()),
            timeline: Box::new(timeline_view::TimelineView::default()),
        }
    }
}
