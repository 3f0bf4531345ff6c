//! Which byte follows which, as a picture of 256 by 256.

use std::sync::Arc;

use egui::{Color32, ColorImage, CursorIcon, Rect, Role, Sense, TextureHandle, TextureOptions, Ui, WidgetInfo, pos2, vec2};
use image::RgbaImage;

use super::{Page, WIDE};
use crate::app::Command;
use crate::app::numbers::{group, hex};
use crate::explore::overview::Overview;
use crate::ui::screenshot;
use crate::ui::theme::{NO_TINT, SMALL, Theme, UNIT};

/// Pixels a pair in the file that is saved.
const SAVED: u32 = 3;

/// The picture that was made last.
#[derive(Default)]
pub(super) struct Digram {
    shown: Option<(Arc<Overview>, bool, TextureHandle)>,
}

impl Digram {
    pub(super) fn show(&mut self, ui: &mut Ui, page: &Page<'_>, commands: &mut Vec<Command>) {
        let (overview, theme) = (page.overview, page.cx.theme);
        ui.vertical(|ui| {
            page.heading(ui, "Pairs", "first byte down, next byte across", |ui| {
                page.save_button(ui, "pairs", commands, || {
                    let colors = colors(overview, theme);
                    let pixel = |x: u32, y: u32| image::Rgba(colors[((y / SAVED) * 256 + x / SAVED) as usize].to_array());
                    screenshot::to_png(&RgbaImage::from_fn(256 * SAVED, 256 * SAVED, pixel))
                });
                page.copy_button(ui, "pairs", || overview.pairs_csv());
            });
            if overview.pairs.is_empty() {
                ui.label(egui::RichText::new("Being counted…").color(theme.text_dim));
                return;
            }
            let side =
                if ui.available_width() + UNIT < WIDE / 2.0 { ui.available_width() } else { ui.available_width().min(384.0) };
            let label = SMALL + UNIT;
            let (outer, _) = ui.allocate_exact_size(vec2(side, side), Sense::hover());
            let rect = Rect::from_min_max(outer.min + vec2(label * 1.5, 0.0), outer.max - vec2(0.0, label));
            let square = rect.width().min(rect.height());
            let rect = Rect::from_min_size(rect.min, vec2(square, square));
            self.paint(ui, rect, overview, theme);
            for byte in [0, 64, 128, 192, 255] {
                let along = byte as f32 / 256.0 * square;
                let text = format!("{byte:02X}");
                let font = crate::ui::theme::words(SMALL);
                let across = pos2((rect.left() + along).min(rect.right() - label), rect.bottom() + 2.0);
                ui.painter().text(across, egui::Align2::LEFT_TOP, &text, font.clone(), theme.text_dim);
                let down = pos2(rect.left() - UNIT, (rect.top() + along).min(rect.bottom() - label));
                ui.painter().text(down, egui::Align2::RIGHT_TOP, &text, font, theme.text_dim);
            }
            let response = ui.interact(rect, ui.scope_id().with("pairs"), Sense::click());
            response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("Pairs of bytes: {}", spoken(overview))));
            if let Some(at) = response.hover_pos() {
                ui.set_cursor_icon(CursorIcon::Crosshair);
                let place = |along: f32| ((along / square * 256.0) as usize).min(255);
                let (first, second) = (place(at.y - rect.top()), place(at.x - rect.left()));
                response.on_hover_ui_at_pointer(|ui| {
                    ui.label(format!("{} then {}", hex(first as u64), hex(second as u64)));
                    ui.label(format!("{} times", group(overview.pairs[first << 8 | second])));
                });
            }
        });
    }

    fn paint(&mut self, ui: &Ui, rect: Rect, overview: &Arc<Overview>, theme: &Theme) {
        let same = self.shown.as_ref().is_some_and(|(shown, dark, _)| Arc::ptr_eq(shown, overview) && *dark == theme.dark);
        if !same {
            let image = ColorImage::new([256, 256], colors(overview, theme));
            let options = TextureOptions { magnification: egui::TextureFilter::Nearest, ..TextureOptions::LINEAR };
            self.shown = Some((Arc::clone(overview), theme.dark, ui.ctx().load_texture("pairs", image, options)));
        }
        if let Some((_, _, texture)) = &self.shown {
            ui.painter().image(texture.id(), rect, Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0)), NO_TINT);
        }
    }
}

/// A colour for each pair, by the logarithm of its count; the ground where it does not occur.
fn colors(overview: &Overview, theme: &Theme) -> Vec<Color32> {
    let most = overview.pairs.iter().copied().max().unwrap_or(0).max(1) as f32;
    let color = |&count: &u64| match count {
        0 => theme.ground,
        count => theme.ramp_at(if most > 1.0 { (count as f32).ln() / most.ln() } else { 1.0 }),
    };
    let mut colors: Vec<Color32> = overview.pairs.iter().map(color).collect();
    colors.resize(1 << 16, theme.ground);
    colors
}

fn spoken(overview: &Overview) -> String {
    let found = overview.pairs.iter().filter(|&&count| count > 0).count();
    let most = overview.pairs.iter().enumerate().max_by_key(|&(pair, count)| (*count, std::cmp::Reverse(pair)));
    match most.filter(|&(_, &count)| count > 0) {
        Some((pair, count)) => format!(
            "{} of 65,536 occur; most frequent {} then {}, {} times",
            group(found as u64),
            hex((pair >> 8) as u64),
            hex((pair & 0xFF) as u64),
            group(*count)
        ),
        None => "none".to_owned(),
    }
}
