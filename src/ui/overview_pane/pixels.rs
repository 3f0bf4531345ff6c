//! Bytes taken for pixels: pictures, tables and code show themselves by their patterns when the width is right.

use egui::{
    Color32, ColorImage, ComboBox, CursorIcon, EventFilter, Key, Rect, Role, Sense, TextureHandle, TextureOptions, Ui,
    WidgetInfo, pos2, vec2,
};
use image::RgbaImage;

use super::{Page, set};
use crate::app::numbers::place;
use crate::app::{Command, OverviewOptions};
use crate::buffer::{Buffer, Len, Offset};
use crate::document::DocumentId;
use crate::explore::overview::{PixelFormat, Pixels};
use crate::ui::number_field::{NumberField, say};
use crate::ui::rows::focus_ring;
use crate::ui::screenshot;
use crate::ui::theme::{NO_TINT, ROW, Theme, UNIT};

/// Height of the picture in points.
const HEIGHT: f32 = 320.0;

/// Pixels of a picture that is saved, at most.
const SAVED: u64 = 16 << 20;

/// The picture that was made last.
#[derive(Default)]
pub(super) struct PixelView {
    shown: Option<(Made, TextureHandle)>,
}

/// What the picture was made from.
#[derive(Clone, Copy, PartialEq)]
struct Made {
    document: DocumentId,
    revision: u64,
    pixels: Pixels,
    from: u64,
    end: u64,
    size: [usize; 2],
    dark: bool,
}

impl PixelView {
    pub(super) fn show(&mut self, ui: &mut Ui, page: &Page<'_>, content: &Buffer, commands: &mut Vec<Command>) {
        ui.vertical(|ui| self.show_inner(ui, page, content, commands));
    }

    fn show_inner(&mut self, ui: &mut Ui, page: &Page<'_>, content: &Buffer, commands: &mut Vec<Command>) {
        let (options, theme) = (page.options, page.cx.theme);
        let end = options.range.map_or(content.len().get(), |(_, to)| to).min(content.len().get());
        page.heading(ui, "Bytes as pixels", "click it to scroll by rows; + and - change the width", |ui| {
            page.save_button(ui, "pixels", commands, || saved(content, options.pixels, options.pixels_from, end, theme));
        });
        let next = controls(ui, options, end);
        let zoom = f32::from(options.pixels_zoom);
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::click_and_drag());
        let scale = zoom;
        let seen = [
            ((rect.width() / scale).ceil() as usize).clamp(1, options.pixels.width as usize),
            ((rect.height() / scale).ceil() as usize).max(1),
        ];
        ui.painter().rect_filled(rect, 0.0, theme.ground);
        let document = &page.open.document;
        let key = Made {
            document: document.id(),
            revision: document.revision(),
            pixels: options.pixels,
            from: options.pixels_from,
            end,
            size: seen,
            dark: theme.dark,
        };
        if self.shown.as_ref().is_none_or(|(shown, _)| *shown != key) {
            let image = picture(content, &key, theme);
            self.shown = Some((key, ui.ctx().load_texture("bytes as pixels", image, TextureOptions::NEAREST)));
        }
        let painter = ui.painter_at(rect);
        if let Some((_, texture)) = &self.shown {
            let size = vec2(seen[0] as f32, seen[1] as f32) * scale;
            painter.image(
                texture.id(),
                Rect::from_min_size(rect.min, size),
                Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0)),
                NO_TINT,
            );
        }
        let pixels = options.pixels;
        response.widget_info(|| {
            let label = format!(
                "Bytes as pixels from {}, {}, {} pixels a row",
                place(options.pixels_from),
                pixels.format.name(),
                pixels.width
            );
            WidgetInfo::labeled(Role::Image, true, label)
        });
        let place_at = |at: egui::Pos2| {
            let (x, y) = ((at.x - rect.left()) / scale, (at.y - rect.top()) / scale);
            let inside = x >= 0.0 && y >= 0.0 && (x as u32) < pixels.width;
            let offset = options.pixels_from.saturating_add(pixels.offset(x as u32, y as u64));
            (inside && offset < end).then_some(offset)
        };
        let bytes = pixels.format.bits().div_ceil(8);
        if response.clicked() {
            response.request_focus();
            if let Some(from) = response.interact_pointer_pos().and_then(place_at) {
                commands.push(Command::SelectBytes { from, to: from.saturating_add(bytes).min(end) });
            }
        }
        let first = options.range.map_or(0, |(from, _)| from);
        let mut next = next.unwrap_or(options);
        if response.has_focus() {
            focus_ring(ui, rect, theme);
            keys(ui, &response, &mut next, seen[1] as u64, first, end);
        }
        if response.contains_pointer() && response.has_focus() {
            // The page around it does not scroll too.
            let delta = ui.input_mut(|input| std::mem::take(&mut input.smooth_scroll_delta.y));
            let rows = (-delta / scale).round() as i64;
            if rows != 0 {
                move_by(&mut next, rows, first, end);
            }
        }
        if next != options {
            set(commands, next);
        }
        if let Some(offset) = response.hover_pos().and_then(place_at) {
            ui.set_cursor_icon(CursorIcon::Crosshair);
            response.on_hover_ui_at_pointer(|ui| {
                let mut value = [0; 4];
                let value = &mut value[..bytes as usize];
                let text = match content.read_at(Offset(offset), value) {
                    Ok(got) => value[..got].iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" "),
                    Err(error) => error.to_string(),
                };
                ui.label(place(offset));
                ui.label(text);
            });
        }
    }
}

/// Rows further down, or up.
fn move_by(options: &mut OverviewOptions, rows: i64, first: u64, end: u64) {
    let by = rows.unsigned_abs().saturating_mul(options.pixels.stride());
    let last = end.saturating_sub(1).max(first);
    let to = if rows < 0 { options.pixels_from.saturating_sub(by) } else { options.pixels_from.saturating_add(by) };
    options.pixels_from = to.clamp(first, last);
}

/// Format, width, stride, place and zoom.
fn controls(ui: &mut Ui, options: OverviewOptions, end: u64) -> Option<OverviewOptions> {
    let (mut next, mut wrong) = (options, Vec::new());
    ui.horizontal(|ui| {
        ui.set_min_height(ROW);
        let format = ComboBox::from_id_salt("pixel format").width(28.0 * UNIT).selected_text(next.pixels.format.name());
        let format = format.show_ui(ui, |ui| {
            for format in PixelFormat::ALL {
                ui.selectable_value(&mut next.pixels.format, format, format.name());
            }
        });
        format.response.accessible_name("Pixel format");
        ui.label("Width");
        let width = NumberField::new("Pixels a row", 1..=Pixels::WIDEST.into()).width(10.0 * UNIT);
        let width = width.show(ui, next.pixels.width.into());
        if let Some(width) = width.changed {
            next.pixels.width = width as u32;
        }
        wrong.extend(width.error.map(|error| format!("Width: {error}")));
        width.response.on_hover_text("Pixels a row; drag, or type a number");
        ui.label("Zoom");
        let zoom = NumberField::new("Points a pixel", 1..=OverviewOptions::MAX_ZOOM.into()).width(6.0 * UNIT);
        let zoom = zoom.show(ui, next.pixels_zoom.into());
        if let Some(zoom) = zoom.changed {
            next.pixels_zoom = zoom as u8;
        }
        wrong.extend(zoom.error.map(|error| format!("Zoom: {error}")));
        zoom.response.on_hover_text("Points on a side of a pixel");
    });
    ui.horizontal(|ui| {
        ui.set_min_height(ROW);
        let mut own = next.pixels.stride.is_some();
        if ui.checkbox(&mut own, "Stride").on_hover_text("Bytes from one row to the next, where rows have gaps").changed() {
            next.pixels.stride = own.then(|| next.pixels.row_bytes());
        }
        if let Some(stride) = &mut next.pixels.stride {
            let typed = NumberField::new("Bytes from row to row", 1..=1u64 << 40).show(ui, *stride);
            *stride = typed.changed.unwrap_or(*stride);
            wrong.extend(typed.error.map(|error| format!("Stride: {error}")));
        }
        ui.label("From");
        let from = NumberField::new("First byte", 0..=end.saturating_sub(1)).hex().width(24.0 * UNIT);
        let from = from.show(ui, next.pixels_from);
        next.pixels_from = from.changed.unwrap_or(next.pixels_from);
        wrong.extend(from.error.map(|error| format!("From: {error}")));
        from.response.on_hover_text("The byte that the picture begins with; drag, or type an offset");
    });
    for error in &wrong {
        say(ui, Some(error));
    }
    (next != options).then_some(next)
}

/// Up, down, page: by rows; left, right: by bytes; plus, minus: the width; Home, End.
fn keys(ui: &Ui, response: &egui::Response, next: &mut OverviewOptions, page: u64, first: u64, end: u64) {
    let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..Default::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let pressed = |key| ui.input_mut(|input| input.count_and_consume_key(egui::Modifiers::NONE, key)) as i64;
    let page = page.saturating_sub(1).max(1) as i64;
    let rows = pressed(Key::ArrowDown) - pressed(Key::ArrowUp) + page * (pressed(Key::PageDown) - pressed(Key::PageUp));
    if rows != 0 {
        move_by(next, rows, first, end);
    }
    let bytes = pressed(Key::ArrowRight) - pressed(Key::ArrowLeft);
    next.pixels_from = next.pixels_from.saturating_add_signed(bytes).clamp(first, end.saturating_sub(1).max(first));
    let wider = pressed(Key::Plus) + pressed(Key::Equals) - pressed(Key::Minus);
    next.pixels.width = next.pixels.width.saturating_add_signed(wider as i32).clamp(1, Pixels::WIDEST);
    if pressed(Key::Home) > 0 {
        next.pixels_from = first;
    }
    if pressed(Key::End) > 0 {
        next.pixels_from = end.saturating_sub(1).max(first);
        move_by(next, 1 - page, first, end);
    }
}

fn classes(theme: &Theme) -> [[u8; 4]; 6] {
    theme.classes.map(|color| color.to_array())
}

/// The part of the picture in sight. Rows that cannot be read are marked.
fn picture(content: &Buffer, key: &Made, theme: &Theme) -> ColorImage {
    let [width, height] = key.size;
    let seen = Pixels { width: width as u32, ..key.pixels };
    let (stride, len) = (key.pixels.stride(), seen.row_bytes());
    let classes = classes(theme);
    let mut colors: Vec<Color32> = Vec::with_capacity(width * height);
    let (mut bytes, mut row) = (Vec::new(), Vec::new());
    for y in 0..height {
        let at = key.from.saturating_add(stride.saturating_mul(y as u64));
        let len = len.min(stride).min(key.end.saturating_sub(at)) as usize;
        bytes.resize(len, 0);
        row.clear();
        let broken = content.read_at(Offset(at), &mut bytes).is_err();
        if broken {
            colors.extend((0..width).map(|x| if (x + y) % 4 < 2 { theme.byte_unreadable } else { theme.ground }));
        } else {
            seen.row(&bytes, &classes, &mut row);
            colors.extend(row.iter().map(|&pixel| Theme::pixel(pixel)));
        }
        colors.resize((y + 1) * width, theme.ground);
    }
    ColorImage::new([width, height], colors)
}

/// The picture from its first byte to the end, as far as a picture may be large.
fn saved(content: &Buffer, pixels: Pixels, from: u64, end: u64, theme: &Theme) -> Result<Vec<u8>, String> {
    let rows = pixels.rows(end.saturating_sub(from)).min(SAVED / u64::from(pixels.width.max(1))).max(1);
    let rows = u32::try_from(rows).map_err(|_| "the picture is too high".to_owned())?;
    let mut image = RgbaImage::new(pixels.width, rows);
    let (classes, mut row, mut bytes) = (classes(theme), Vec::new(), Vec::new());
    for y in 0..rows {
        let at = from.saturating_add(pixels.stride().saturating_mul(u64::from(y)));
        let len = Len(pixels.row_bytes().min(pixels.stride()).min(end.saturating_sub(at)));
        bytes.resize(len.get() as usize, 0);
        content.read_at(Offset(at), &mut bytes).map_err(|error| error.to_string())?;
        row.clear();
        pixels.row(&bytes, &classes, &mut row);
        for (x, pixel) in (0..pixels.width).zip(&row) {
            image.put_pixel(x, y, image::Rgba(*pixel));
        }
    }
    screenshot::to_png(&image)
}
