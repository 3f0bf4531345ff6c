//! The lines of a document.
/// stand-in
#[derive(Default)]
pub struct TextView;
impl super::View for TextView {
    fn show(
        &mut self,
        ui: &mut egui::Ui,
        _open: &crate::app::OpenDocument,
        _cx: &super::ViewCx<'_>,
        _c: &mut Vec<crate::app::Command>,
    ) {
        ui.label("text");
    }
}
