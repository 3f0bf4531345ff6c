//! What a source becomes: its size against the source's, and a look at it.

use std::sync::Arc;

use egui::{
    Color32, ColorImage, CursorIcon, Grid, Rect, Response, RichText, ScrollArea, Sense, Stroke, TextureHandle, TextureOptions,
    Ui, Vec2, WidgetInfo, pos2, vec2,
};
use image::RgbaImage;

use super::size_words;
use crate::app::{ConvertPanel, ConvertPreview, Previewed, Sample};
use crate::ui::theme::{NO_TINT, SMALL, TEXT, Theme, UNIT};
use crate::ui::{ViewCx, visible};

/// Squares behind what is transparent, in points.
const CHECK: f32 = 8.0;

/// Textures of what is shown, and the divider between before and after.
pub(super) struct ResultView {
    textures: Option<(Arc<RgbaImage>, Arc<RgbaImage>, [TextureHandle; 2])>,
    /// Where the divider stands, from 0 (all of it is the result) to 1 (all is the source).
    divider: f32,
}

impl Default for ResultView {
    fn default() -> Self {
        Self { textures: None, divider: 0.5 }
    }
}

impl ResultView {
    pub(super) fn show(&mut self, ui: &mut Ui, panel: &ConvertPanel, cx: &ViewCx<'_>) {
        let theme = cx.theme;
        let Some(shown) = panel.preview.shown() else {
            let words = match &panel.preview {
                Previewed::Impossible(why) => RichText::new(why).color(theme.error),
                Previewed::Asking(..) => RichText::new("Converting it to see…").color(theme.text_dim),
                _ => RichText::new("The result is shown here").color(theme.text_dim),
            };
            ui.centered_and_justified(|ui| ui.add(egui::Label::new(words).wrap()));
            return;
        };
        let stale = matches!(panel.preview, Previewed::Asking(..));
        heading(ui, shown, panel, stale, theme);
        ui.add_space(2.0 * UNIT);
        match &shown.sample {
            Sample::Pictures { before, after, sizes } => self.pictures(ui, before, after, *sizes, theme),
            Sample::Lines(lines) => text_lines(ui, lines),
            Sample::Rows(rows) => text_rows(ui, rows),
            Sample::Nothing => {
                ui.label(RichText::new("This result has nothing that can be shown before it is made").color(theme.text_dim));
            }
        }
    }

    fn pictures(&mut self, ui: &mut Ui, before: &Arc<RgbaImage>, after: &Arc<RgbaImage>, sizes: [(u32, u32); 2], theme: &Theme) {
        let same = |held: &(Arc<RgbaImage>, Arc<RgbaImage>, _)| Arc::ptr_eq(&held.0, before) && Arc::ptr_eq(&held.1, after);
        if !self.textures.as_ref().is_some_and(same) {
            let load = |name: &str, image: &RgbaImage| {
                let side = [image.width() as usize, image.height() as usize];
                let pixels = ColorImage::from_rgba_unmultiplied(side, image.as_raw());
                ui.ctx().load_texture(
                    name,
                    pixels,
                    TextureOptions { magnification: egui::TextureFilter::Nearest, ..TextureOptions::LINEAR },
                )
            };
            let pair = [load("before", before), load("after", after)];
            self.textures = Some((before.clone(), after.clone(), pair));
        }
        let Some((.., [old, new])) = self.textures.as_ref().map(|held| (&held.0, held.2.clone())) else { return };
        let space = ui.available_size() - vec2(0.0, 28.0);
        let (width, height) = (sizes[1].0.max(1) as f32, sizes[1].1.max(1) as f32);
        let scale = (space.x / width).min(space.y / height).min(if width.max(height) < 64.0 { 8.0 } else { 1.0 });
        let size = (vec2(width, height) * scale).max(Vec2::splat(1.0));
        let (place, response) = ui.allocate_exact_size(vec2(space.x, space.y.max(40.0)), Sense::click_and_drag());
        let rect = Rect::from_center_size(place.center(), size);
        // A result of another shape has no pixels at the same places: both are seen whole, one after the other.
        let alike = (f64::from(sizes[0].0) * f64::from(sizes[1].1) - f64::from(sizes[1].0) * f64::from(sizes[0].1)).abs()
            <= f64::from(sizes[0].0.max(sizes[0].1).max(sizes[1].0.max(sizes[1].1)));
        self.steer(ui, &response, rect, alike);
        let painter = ui.painter().with_clip_rect(place);
        checker(&painter, rect, theme);
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        painter.image(new.id(), rect, whole, NO_TINT);
        if alike && self.divider > 0.0 {
            let cut = rect.left() + rect.width() * self.divider;
            let left = Rect::from_min_max(rect.min, pos2(cut, rect.bottom()));
            checker(&painter, left, theme);
            painter.image(old.id(), left, Rect::from_min_max(pos2(0.0, 0.0), pos2(self.divider, 1.0)), NO_TINT);
            painter.vline(cut, rect.y_range(), Stroke::new(3.0, theme.ground));
            painter.vline(cut, rect.y_range(), Stroke::new(1.0, theme.accent));
        }
        let words =
            if alike { "source left, result right of the divider: drag it, or press to see the source" } else { "the result" };
        let caption = RichText::new(format!("{} · {words}", pixels(sizes))).size(SMALL).color(theme.text_dim);
        ui.add(egui::Label::new(caption).truncate());
        let name = format!("Preview: {}", pixels(sizes));
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Slider, true, &name));
    }

    /// The divider follows the pointer, and the arrow keys.
    fn steer(&mut self, ui: &Ui, response: &Response, rect: Rect, alike: bool) {
        if !alike {
            return;
        }
        if response.hovered() {
            ui.set_cursor_icon(CursorIcon::ResizeHorizontal);
        }
        if let Some(at) = response.interact_pointer_pos() {
            self.divider = ((at.x - rect.left()) / rect.width()).clamp(0.0, 1.0);
        }
        if response.has_focus() {
            let step = ui.input(|input| {
                let pressed = |key| i32::from(input.key_pressed(key));
                pressed(egui::Key::ArrowRight) - pressed(egui::Key::ArrowLeft)
            });
            self.divider = (self.divider + step as f32 * 0.05).clamp(0.0, 1.0);
        }
    }
}

fn pixels(sizes: [(u32, u32); 2]) -> String {
    let [(w, h), (width, height)] = sizes;
    if sizes[0] == sizes[1] { format!("{w} × {h} pixels") } else { format!("{w} × {h} → {width} × {height} pixels") }
}

/// The sizes, large: what people come for.
fn heading(ui: &mut Ui, shown: &ConvertPreview, panel: &ConvertPanel, stale: bool, theme: &Theme) {
    let words = match shown.written {
        Some(written) if shown.read > 0 => {
            let share = share_words(written, shown.read);
            format!("{} → {}, {share}", size_words(shown.read), size_words(written))
        }
        Some(written) => format!("{} → {}", size_words(shown.read), size_words(written)),
        None => format!("{}: only its start is shown, and the size of the result is known afterwards", size_words(shown.read)),
    };
    let color = if stale { theme.text_dim } else { theme.text };
    ui.horizontal(|ui| {
        ui.label(RichText::new(words).size(TEXT + 4.0).color(color));
        if stale {
            ui.label(RichText::new("…").color(theme.text_dim));
        }
    });
    let to = format!("{} → {}", shown.from.info().name, panel.recipe.to.info().name);
    ui.label(RichText::new(to).size(SMALL).color(theme.text_dim));
}

/// How much of the source the result is: "14 %", "103 %", "4.1 times as much".
fn share_words(written: u64, read: u64) -> String {
    let share = written as f64 / read.max(1) as f64;
    match share {
        share if share >= 2.0 => format!("{share:.1} times as much"),
        share if share < 0.01 => "less than 1 %".to_owned(),
        share => format!("{:.0} %", share * 100.0),
    }
}

fn text_lines(ui: &mut Ui, lines: &[String]) {
    ScrollArea::both().id_salt("lines").auto_shrink([false, false]).show(ui, |ui| {
        for line in lines {
            ui.add(egui::Label::new(RichText::new(visible(&line.replace('\t', "→   "))).font(crate::ui::theme::mono())).extend());
        }
    });
}

fn text_rows(ui: &mut Ui, rows: &[Vec<String>]) {
    ScrollArea::both().id_salt("rows").auto_shrink([false, false]).show(ui, |ui| {
        Grid::new("rows of the result").striped(true).spacing([4.0 * UNIT, UNIT]).show(ui, |ui| {
            for row in rows {
                for cell in row.iter().take(40) {
                    ui.add(egui::Label::new(crate::ui::shortened(cell, 60)).extend());
                }
                ui.end_row();
            }
        });
    });
}

/// Squares behind what is transparent.
fn checker(painter: &egui::Painter, rect: Rect, theme: &Theme) {
    let [light, dark]: [Color32; 2] = theme.checker;
    painter.rect_filled(rect, 0.0, light);
    let clip = rect.intersect(painter.clip_rect());
    let (columns, rows) = ((clip.width() / CHECK).ceil() as i32, (clip.height() / CHECK).ceil() as i32);
    let mut mesh = egui::Mesh::default();
    for row in 0..rows {
        for column in (row % 2..columns).step_by(2) {
            let min = clip.min + vec2(column as f32, row as f32) * CHECK;
            mesh.add_colored_rect(Rect::from_min_size(min, Vec2::splat(CHECK)).intersect(clip), dark);
        }
    }
    painter.add(mesh);
}
