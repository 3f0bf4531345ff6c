//! The window painted in software: for slides, lessons, the README, and "Save a picture of the view".

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use egui::{Context, FullOutput, RawInput, Rect, Vec2};
use image::RgbaImage;

use super::native::ScriptedDialogs;
use super::painter::SoftwarePainter;
use super::theme::{self, Theme};
use super::window::Scene;
use super::{Runner, Window};
use crate::app::{AppState, Command, Settings, SourceCommand, ThemeChoice};
use crate::formats::picture::{self, Picture};
use crate::formats::{Format, PictureOptions};
use crate::tasks::Progress;

/// Frames after which a window that still wants to repaint is painted as it is.
const MAX_FRAMES: usize = 600;

/// The window with these files open, in `size` points at one pixel a point. Files that cannot be opened are the error.
/// `limit` is what the one that is shown may take in memory, where that is more than usual.
pub fn screenshot(
    paths: Vec<PathBuf>,
    size: (u32, u32),
    theme: ThemeChoice,
    mut limit: Option<u64>,
) -> Result<RgbaImage, String> {
    let ctx = Context::default();
    let settings = Settings { theme, ..Settings::default() };
    let runner = Runner::new(Arc::new(|| {}), Box::new(ScriptedDialogs::default()), None);
    let mut window = Window::new(&ctx, settings, runner);
    if !paths.is_empty() {
        window.send(&ctx, [Command::OpenPaths(paths)]);
    }
    let mut frames = Frames::new(ctx, Vec2::new(size.0 as f32, size.1 as f32), 1.0);
    let mut output = frames.next(&mut |ui| window.ui(ui));
    for _ in 0..MAX_FRAMES {
        if frames.rests(&output) && window.runner().is_idle() {
            // Once the file is there, as a person would press Open anyway.
            let Some(limit) = limit.take() else { break };
            window.send(&frames.ctx, [Command::Source(SourceCommand::OpenAnyway(limit))]);
        }
        if !window.runner().is_idle() {
            std::thread::sleep(Duration::from_millis(5));
        }
        window.logic(&frames.ctx);
        output = frames.next(&mut |ui| window.ui(ui));
    }
    let errors: Vec<&str> = window
        .state()
        .notices()
        .all()
        .iter()
        .filter(|notice| notice.level == crate::app::Level::Error)
        .map(|notice| notice.text.as_str())
        .collect();
    if !errors.is_empty() {
        return Err(errors.join("; "));
    }
    Ok(frames.picture(&output))
}

/// The state as a window of `size` points would show it.
pub(super) fn paint_state(state: &AppState, mut scene: Scene, size: Vec2, scale: f32, theme: egui::Theme) -> RgbaImage {
    let ctx = Context::default();
    theme::install(&ctx);
    ctx.set_theme(theme);
    let mut frames = Frames::new(ctx, size, scale);
    let mut paint = |ui: &mut egui::Ui| scene.paint(ui, state, &[], 0.0, &mut Vec::new());
    // Panels know their sizes from the second frame on.
    frames.next(&mut paint);
    frames.next(&mut paint);
    let output = frames.next(&mut paint);
    frames.picture(&output)
}

/// A part of the window by itself, of `size` points.
pub(super) fn paint_part(size: Vec2, scale: f32, theme: egui::Theme, mut paint: impl FnMut(&mut egui::Ui)) -> RgbaImage {
    let ctx = Context::default();
    theme::install(&ctx);
    ctx.set_theme(theme);
    let mut frames = Frames::new(ctx, size, scale);
    frames.next(&mut paint);
    let output = frames.next(&mut paint);
    frames.picture(&output)
}

/// A picture as a PNG image; the error is a sentence.
pub fn to_png(image: &RgbaImage) -> Result<Vec<u8>, String> {
    let picture = Picture::from_rgba8(Format::Png, image.clone());
    let mut png = Vec::new();
    picture::encode(&picture, Format::Png, &PictureOptions::default(), &mut png, &Progress::new())
        .map_err(|error| error.to_string())?;
    Ok(png)
}

/// Frames of a context that no window shows.
struct Frames {
    ctx: Context,
    painter: SoftwarePainter,
    size: Vec2,
    scale: f32,
    time: f64,
}

impl Frames {
    fn new(ctx: Context, size: Vec2, scale: f32) -> Self {
        ctx.set_pixels_per_point(scale);
        Self { ctx, painter: SoftwarePainter::new(), size, scale, time: 0.0 }
    }

    fn next(&mut self, paint: &mut dyn FnMut(&mut egui::Ui)) -> FullOutput {
        self.time += 0.25;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(egui::Pos2::ZERO, self.size)),
            time: Some(self.time),
            focused: false,
            viewports: std::iter::once((
                egui::ViewportId::ROOT,
                egui::ViewportInfo { native_pixels_per_point: Some(self.scale), ..Default::default() },
            ))
            .collect(),
            ..Default::default()
        };
        let mut output = self.ctx.run_ui(input, paint);
        self.painter.apply(&mut output.textures_delta);
        output
    }

    fn rests(&self, output: &FullOutput) -> bool {
        output.viewport_output.values().all(|viewport| viewport.repaint_delay > Duration::from_millis(500))
    }

    fn picture(&self, output: &FullOutput) -> RgbaImage {
        self.painter.render(&self.ctx, output, Theme::of(&self.ctx).ground)
    }
}
