//! A page as it will be: laid out by the engine that writes the PDF, painted on white.

use std::sync::Arc;

use egui::{
    Button, Color32, ColorImage, FontId, Label, Pos2, Rect, RichText, Role, ScrollArea, Sense, TextureHandle, TextureOptions, Ui,
    WidgetInfo, pos2, vec2,
};

use super::send;
use crate::app::numbers::group;
use crate::app::{Command, ReportCommand, ReportForm};
use crate::formats::Format;
use crate::formats::report::pages::{Ink, Item, Page, Preview};
use crate::ui::ViewCx;
use crate::ui::theme::{PAPER, UNIT};

/// How pages are looked at.
#[derive(Default)]
pub(super) struct PageView {
    /// The page is as wide as the room, and is scrolled.
    wide: bool,
    /// The pictures of a preview, by section; they may vanish.
    textures: Option<(Arc<Result<Preview, String>>, Textures)>,
}

/// Pictures by their sections.
type Textures = Vec<(usize, TextureHandle)>;

impl PageView {
    pub(super) fn show(&mut self, ui: &mut Ui, form: &ReportForm, height: f32, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let pages = form.look.pages.clone();
        let total = match pages.as_deref() {
            Some(Ok(preview)) => preview.total,
            _ => 0,
        };
        self.bar(ui, form, total, commands);
        ui.add_space(UNIT);
        let Some(pages) = pages else {
            self.textures = None;
            ui.label(RichText::new("Laying out the pages…").color(cx.theme.text_dim));
            return;
        };
        let preview = match &*pages {
            Ok(preview) => preview,
            Err(error) => {
                self.textures = None;
                ui.add(Label::new(RichText::new(error).color(cx.theme.error)).wrap());
                return;
            }
        };
        let losses = losses(ui, form, preview, cx);
        let Some(page) = preview.pages.iter().find(|page| page.number == form.page) else {
            ui.label(RichText::new("Laying out the pages…").color(cx.theme.text_dim));
            return;
        };
        if !self.textures.as_ref().is_some_and(|(of, _)| Arc::ptr_eq(of, &pages)) {
            let load = |(section, pixels): &(usize, image::RgbaImage)| {
                let size = [pixels.width() as usize, pixels.height() as usize];
                let image = ColorImage::from_rgba_unmultiplied(size, pixels.as_raw());
                (*section, ui.ctx().load_texture(format!("report picture {section}"), image, TextureOptions::LINEAR))
            };
            let loaded = preview.pictures.iter().map(load).collect();
            self.textures = Some((Arc::clone(&pages), loaded));
        }
        let room = vec2(ui.available_width(), (height - 34.0 - losses).max(80.0));
        let geometry = preview.geometry;
        let whole = ((room.x - 4.0) / geometry.width).min((room.y - 8.0) / geometry.height);
        let scale = if self.wide { (room.x - 4.0 * UNIT) / geometry.width } else { whole };
        let size = vec2(geometry.width, geometry.height) * scale;
        ScrollArea::vertical().id_salt("report page").auto_shrink([false, false]).max_height(room.y).show(ui, |ui| {
            ui.vertical_centered(|ui| {
                let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
                response.widget_info(|| WidgetInfo::labeled(Role::Image, true, said(page, preview.total)));
                self.paint(ui, rect, scale, page, preview, cx);
            });
        });
    }

    /// Which page is shown, and how large.
    fn bar(&mut self, ui: &mut Ui, form: &ReportForm, total: u64, commands: &mut Vec<Command>) {
        ui.horizontal(|ui| {
            ui.set_min_height(28.0);
            for (sign, name, enabled, page) in [
                ("←", "Previous page", form.page > 1, form.page.saturating_sub(1)),
                ("→", "Next page", form.page < total, form.page + 1),
            ] {
                let button = ui.add_enabled(enabled, Button::new(sign).min_size(vec2(28.0, 26.0)));
                if button.accessible_name(name).on_hover_text(name).clicked() {
                    send(commands, ReportCommand::Page(page));
                }
            }
            let place = if total == 0 { String::new() } else { format!("Page {} of {}", form.page, group(total)) };
            ui.label(place);
            ui.add_space(3.0 * UNIT);
            for (wide, name) in [(false, "Whole page"), (true, "Page width")] {
                if ui.selectable_label(self.wide == wide, name).clicked() {
                    self.wide = wide;
                }
            }
        });
    }

    fn paint(&self, ui: &Ui, rect: Rect, scale: f32, page: &Page, preview: &Preview, cx: &ViewCx<'_>) {
        let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
        painter.rect_filled(rect, 0.0, PAPER.sheet);
        let at = |x: f32, y: f32| rect.min + vec2(x, y) * scale;
        for item in &page.items {
            match item {
                Item::Text { x, y, width, size, bold, ink, text } => {
                    let text = Line { text, size: size * scale, width: width * scale, bold: *bold, color: color(*ink) };
                    text.paint(&painter, at(*x, *y));
                }
                Item::Fill { x, y, width, height, ink } => {
                    // A line is never thinner than the screen can show.
                    let size = vec2(width * scale, (height * scale).max(0.75));
                    painter.rect_filled(Rect::from_min_size(at(*x, *y), size), 0.0, color(*ink));
                }
                Item::Picture { x, y, width, height, section } => {
                    let place = Rect::from_min_size(at(*x, *y), vec2(*width, *height) * scale);
                    let texture = self.textures.iter().flat_map(|(_, textures)| textures).find(|(known, _)| known == section);
                    if let Some((_, texture)) = texture {
                        let whole = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
                        painter.image(texture.id(), place, whole, PAPER.sheet);
                    }
                }
            }
        }
        if preview.numbers {
            let (y, split) = preview.geometry.foot();
            let text = format!("Page {} of {}", page.number, preview.total);
            let size = preview.geometry.foot_size() * scale;
            let before =
                painter.layout_no_wrap(format!("Page {}", page.number), FontId::proportional(size), PAPER.muted).size().x;
            let line = Line { text: &text, size, width: 0.0, bold: false, color: PAPER.muted };
            line.paint(&painter, at(split, y) - vec2(before, 0.0));
        }
        ui.painter().rect_stroke(rect, 0.0, egui::Stroke::new(1.0, cx.theme.line), egui::StrokeKind::Outside);
    }
}

fn color(ink: Ink) -> Color32 {
    match ink {
        Ink::Text => PAPER.text,
        Ink::Muted => PAPER.muted,
        Ink::Rule => PAPER.rule,
        Ink::Shade => PAPER.shade,
    }
}

struct Line<'a> {
    text: &'a str,
    size: f32,
    /// The width on paper; 0 where it does not matter.
    width: f32,
    bold: bool,
    color: Color32,
}

impl Line<'_> {
    /// Paints the line with its baseline at `at`.
    fn paint(&self, painter: &egui::Painter, at: Pos2) {
        // Too small to be read, too small to be laid out.
        if self.size < 1.5 {
            return;
        }
        let mut galley = painter.layout_no_wrap(self.text.to_owned(), FontId::proportional(self.size), self.color);
        // The screen rounds widths of glyphs; the line is as wide as on paper.
        let shown = galley.size().x;
        if self.width > 0.0 && shown > self.width * 1.02 {
            let size = self.size * self.width / shown;
            galley = painter.layout_no_wrap(self.text.to_owned(), FontId::proportional(size), self.color);
        }
        let baseline =
            galley.rows.first().and_then(|row| row.glyphs.first().map(|glyph| row.pos.y + glyph.pos.y)).unwrap_or(self.size);
        let at = at - vec2(0.0, baseline);
        // Of small letters an outline would fill the inside.
        if self.bold && self.size >= 9.0 {
            // Text stands on whole pixels, so less than one would now show and now not.
            painter.galley(at + vec2(1.0 / painter.pixels_per_point(), 0.0), Arc::clone(&galley), self.color);
        }
        painter.galley(at, galley, self.color);
    }
}

/// What the file will not have; gives the height that it takes.
fn losses(ui: &mut Ui, form: &ReportForm, preview: &Preview, cx: &ViewCx<'_>) -> f32 {
    let before = ui.cursor().top();
    if form.to != Format::Pdf {
        let what = match form.to {
            Format::Csv => "CSV has no pages and no pictures: the sections stand below each other",
            Format::Xlsx => "A workbook has no pages: the sections stand on sheets",
            _ => "HTML has no pages until it is printed",
        };
        ui.label(RichText::new(what).color(cx.theme.text_dim));
    }
    for loss in preview.losses.iter().take(3) {
        ui.add(Label::new(RichText::new(format!("• {}", loss.what)).color(cx.theme.warning)).wrap());
    }
    if preview.losses.len() > 3 {
        ui.label(RichText::new(format!("and {} more", preview.losses.len() - 3)).color(cx.theme.warning));
    }
    ui.cursor().top() - before
}

/// What a screen reader says of a page.
fn said(page: &Page, total: u64) -> String {
    const LONGEST: usize = 2000;
    let mut text = format!("Page {} of {total}: ", page.number);
    for item in &page.items {
        match item {
            Item::Text { text: line, .. } => {
                text.push_str(line);
                text.push('\n');
            }
            Item::Picture { .. } => text.push_str("(a picture)\n"),
            Item::Fill { .. } => {}
        }
        if text.len() > LONGEST {
            text.push('…');
            break;
        }
    }
    text
}
