//! What window tests share: egui_kittest rendering with the program's own painter.

use egui_kittest::TestRenderer;
use seektell::ui::painter::SoftwarePainter;

/// Renders a harness in software: no display, no graphics driver, the same pixels everywhere.
#[derive(Default)]
pub(crate) struct SoftwareRenderer(SoftwarePainter);

impl TestRenderer for SoftwareRenderer {
    fn handle_delta(&mut self, delta: &mut egui::TexturesDelta) {
        self.0.apply(delta);
    }

    fn render(&mut self, ctx: &egui::Context, output: &egui::FullOutput) -> Result<image::RgbaImage, String> {
        Ok(self.0.render(ctx, output, egui::Color32::BLACK))
    }
}
