//! The whole document as a strip beside its bytes: where the text is, where the zeros, what is compressed, what was changed.
//! The part in sight is framed; a click or a drag goes there.

use std::sync::Arc;

use egui::pos2;
use egui::{ColorImage, CursorIcon, Id, Rect, Role, Sense, Stroke, StrokeKind, TextureHandle, TextureOptions, Ui, WidgetInfo};

use super::ViewCx;
use super::rows::{RowScroll, Rows};
use super::theme::{NO_TINT, Theme};
use crate::app::numbers::{count, percent, place};
use crate::app::{MinimapMode, OpenDocument};
use crate::buffer::Offset;
use crate::explore::overview::{Bucket, Class, Overview};

/// Width in points.
pub const WIDTH: f32 = 64.0;

/// Least height of the frame around what is in sight, in points.
const FRAME: f32 = 6.0;

/// The strip. Holds the picture that was made last.
#[derive(Default)]
pub struct Minimap {
    shown: Option<Shown>,
}

struct Shown {
    overview: Arc<Overview>,
    mode: MinimapMode,
    dark: bool,
    height: usize,
    texture: TextureHandle,
}

impl Minimap {
    /// How much of the width of the bytes' pane it takes.
    pub fn width(cx: &ViewCx<'_>) -> f32 {
        if cx.settings.minimap.is_some() { WIDTH } else { 0.0 }
    }

    /// Paints it, and returns where the view is to be scrolled to. The rows are those of the view: `columns` bytes each.
    pub fn show(
        &mut self,
        ui: &Ui,
        rect: Rect,
        open: &OpenDocument,
        (rows, columns): (Rows, u64),
        scroll: RowScroll,
        cx: &ViewCx<'_>,
    ) -> RowScroll {
        let Some(mode) = cx.settings.minimap else { return scroll };
        let theme = cx.theme;
        ui.painter().rect_filled(rect, 0.0, theme.ground);
        ui.painter().vline(rect.left(), rect.y_range(), Stroke::new(1.0, theme.line));
        let strip = Rect::from_min_max(pos2(rect.left() + 1.0, rect.top()), rect.max);
        let response = ui.interact(strip, Id::unique("seektell minimap"), Sense::click_and_drag());
        let overview = open.explored.whole.shown();
        let size = overview.as_ref().map_or(0, |overview| overview.range.len.get());
        let spoken = overview.as_ref().map_or_else(|| "not made yet".to_owned(), |overview| spoken(overview, mode));
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("Minimap, {}: {spoken}", mode.name())));
        let Some(overview) = overview.filter(|_| size > 0) else { return scroll };
        self.update(ui, &overview, mode, strip, theme);
        if let Some(shown) = &self.shown {
            let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
            ui.painter().image(shown.texture.id(), strip, whole, NO_TINT);
        }
        let mut next = scroll;
        if response.is_pointer_button_down_on()
            && let Some(at) = response.interact_pointer_pos()
        {
            // The byte under the pointer comes to the middle.
            let row = offset_at(strip, at.y, size) / columns.max(1);
            next = rows.clamp(RowScroll { top_row: row.saturating_sub(rows.whole() / 2), sub_px: 0.0 });
        }
        let seen = rows.visible(next);
        let y = |byte: u64| strip.top() + (byte.min(size) as f64 / size as f64) as f32 * strip.height();
        let (top, bottom) = (y(seen.start.saturating_mul(columns)), y(seen.end.saturating_mul(columns)));
        let middle = f32::midpoint(top, bottom).clamp(strip.top() + FRAME / 2.0, strip.bottom() - FRAME / 2.0);
        let half = (bottom - top).max(FRAME) / 2.0;
        let frame = Rect::from_min_max(pos2(strip.left(), middle - half), pos2(strip.right(), middle + half)).intersect(strip);
        ui.painter().rect_stroke(frame, 1.0, Stroke::new(2.0, theme.accent), StrokeKind::Inside);
        if let Some(at) = response.hover_pos() {
            ui.set_cursor_icon(CursorIcon::PointingHand);
            let offset = offset_at(strip, at.y, size);
            if let Some(bucket) = overview.bucket_at(Offset(offset)) {
                response.on_hover_ui_at_pointer(|ui| {
                    about(ui, bucket, overview.compared);
                    if mode == MinimapMode::Change && !overview.compared {
                        ui.label("Nothing was saved yet to compare with");
                    }
                });
            }
        }
        next
    }

    fn update(&mut self, ui: &Ui, overview: &Arc<Overview>, mode: MinimapMode, strip: Rect, theme: &Theme) {
        let scale = ui.ctx().pixels_per_point();
        let most = ui.input(|input| input.max_texture_side).min(8192);
        let height = ((strip.height() * scale).round() as usize).clamp(1, most);
        let same = self.shown.as_ref().is_some_and(|shown| {
            Arc::ptr_eq(&shown.overview, overview) && (shown.mode, shown.dark, shown.height) == (mode, theme.dark, height)
        });
        if same {
            return;
        }
        let picture = picture(overview, mode, WIDTH as usize, height, theme);
        let texture = ui.ctx().load_texture("minimap", picture, TextureOptions::NEAREST);
        self.shown = Some(Shown { overview: Arc::clone(overview), mode, dark: theme.dark, height, texture });
    }
}

/// The byte at a height of the strip; counted in whole numbers.
fn offset_at(strip: Rect, y: f32, size: u64) -> u64 {
    const STEPS: f32 = 65536.0;
    let share = ((y - strip.top()) / strip.height().max(1.0)).clamp(0.0, 1.0);
    let offset = u128::from(size) * (share * STEPS) as u128 / STEPS as u128;
    u64::try_from(offset).unwrap_or(u64::MAX).min(size.saturating_sub(1))
}

/// What a part is, in a few lines.
pub(super) fn about(ui: &mut Ui, bucket: &Bucket, compared: bool) {
    let end = bucket.range.end().get();
    ui.label(format!("{} to {}", place(bucket.range.start.get()), place(end.saturating_sub(1))));
    if bucket.read > 0 {
        // A few bytes have no entropy to speak of: theirs is that of the bytes around them.
        let around = if bucket.range.len.get() < 256 { " in the 256 bytes around" } else { "" };
        ui.label(format!("Entropy {:.2} bits a byte{around}", bucket.entropy));
        let share = |class: Class| bucket.classes[class as usize] as f32 / bucket.read as f32;
        let mut classes: Vec<_> = Class::ALL.into_iter().filter(|&class| share(class) > 0.0).collect();
        classes.sort_by(|&a, &b| share(b).total_cmp(&share(a)));
        let texts: Vec<_> = classes.iter().take(3).map(|&class| format!("{} {}", percent(share(class)), class.name())).collect();
        ui.label(texts.join(", "));
    }
    if !bucket.is_exact() {
        ui.label(if bucket.read > 0 { "Of a sample; the rest is being read" } else { "Not read yet" });
    }
    if bucket.unreadable > 0 {
        ui.label(format!("{} cannot be read", count(bucket.unreadable, "byte")));
    }
    if compared && bucket.changed > 0 {
        ui.label(format!("{} changed since it was saved", count(bucket.changed, "byte")));
    }
}

fn spoken(overview: &Overview, mode: MinimapMode) -> String {
    let read = overview.read().get().max(1) as f32;
    match mode {
        MinimapMode::Class => {
            let share = |class| format!("{} {}", percent(overview.class_count(class) as f32 / read), class.name());
            Class::ALL.map(share).join(", ")
        }
        MinimapMode::Entropy => format!("{:.2} bits a byte altogether", overview.entropy()),
        MinimapMode::Change => {
            let changed: u64 = overview.buckets.iter().map(|bucket| bucket.changed).sum();
            if overview.compared { format!("{} changed", count(changed, "byte")) } else { "nothing to compare with".to_owned() }
        }
    }
}

/// The numbers of all parts that share a row of pixels.
#[derive(Default)]
struct Line {
    classes: [f32; 6],
    read: f32,
    entropy: f32,
    unreadable: bool,
    changed: bool,
    exact: bool,
}

/// The strip as pixels, the start of the document at the top.
fn picture(overview: &Overview, mode: MinimapMode, width: usize, height: usize, theme: &Theme) -> ColorImage {
    let mut pixels = Vec::with_capacity(width * height);
    let mut last = Line::default();
    let size = overview.range.len.get();
    for y in 0..height {
        let at = |y: usize| overview.range.start.get() + (u128::from(size) * y as u128 / height as u128) as u64;
        let line = line(overview, at(y), at(y + 1).max(at(y) + 1));
        // What was not looked at yet looks like what is before it, but paler.
        let line = if line.read > 0.0 || line.unreadable {
            last = line;
            &last
        } else {
            last.exact = false;
            &last
        };
        paint_line(&mut pixels, line, mode, width, overview.compared, theme);
    }
    ColorImage::new([width, height], pixels)
}

fn line(overview: &Overview, from: u64, to: u64) -> Line {
    let first = overview.buckets.partition_point(|bucket| bucket.range.end() <= Offset(from));
    let mut line = Line { exact: true, ..Line::default() };
    for bucket in overview.buckets[first..].iter().take_while(|bucket| bucket.range.start < Offset(to)) {
        let read = bucket.read as f32;
        line.classes.iter_mut().zip(bucket.classes).for_each(|(sum, count)| *sum += count as f32);
        line.entropy += bucket.entropy * read;
        line.read += read;
        line.unreadable |= bucket.unreadable > 0;
        line.changed |= bucket.changed > 0;
        line.exact &= bucket.is_exact();
    }
    if line.read > 0.0 {
        line.entropy /= line.read;
    }
    line
}

fn paint_line(pixels: &mut Vec<egui::Color32>, line: &Line, mode: MinimapMode, width: usize, compared: bool, theme: &Theme) {
    let pale = |color| if line.exact { color } else { Theme::mix(color, theme.ground, 0.35) };
    if line.unreadable {
        // A broken place is no place without bytes.
        pixels.extend((0..width).map(|x| if x % 4 < 2 { theme.byte_unreadable } else { theme.ground }));
        return;
    }
    if line.read <= 0.0 {
        pixels.extend(std::iter::repeat_n(theme.ground, width));
        return;
    }
    match mode {
        MinimapMode::Class => {
            let (mut sum, mut x) = (0.0, 0);
            for (count, color) in line.classes.iter().zip(theme.classes) {
                sum += count;
                let end = ((sum / line.read) * width as f32).round() as usize;
                pixels.extend(std::iter::repeat_n(pale(color), end.min(width) - x.min(width)));
                x = end;
            }
            pixels.extend(std::iter::repeat_n(theme.ground, width.saturating_sub(x)));
        }
        MinimapMode::Entropy => {
            let share = line.entropy / 8.0;
            let end = ((share * width as f32).round() as usize).clamp(1, width);
            pixels.extend(std::iter::repeat_n(pale(theme.ramp_at(share)), end));
            pixels.extend(std::iter::repeat_n(theme.ground, width - end));
        }
        MinimapMode::Change => {
            let color = match (compared, line.changed) {
                (true, true) => theme.warning,
                (true, false) => theme.control,
                (false, _) => theme.ground,
            };
            pixels.extend(std::iter::repeat_n(pale(color), width));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::buffer::Buffer;
    use crate::explore::overview::{Request, scan};
    use crate::tasks::Progress;

    #[test]
    fn each_row_shows_the_bytes_at_its_height() {
        let mut bytes = vec![0; 40_000];
        bytes.extend([b'x'; 40_000]);
        let mut buffer = Buffer::from(bytes);
        let base = buffer.clone();
        buffer.overwrite(Offset(60_000), b"\xFF\xFF");
        let request = Request { base: Some(base), ..Request::whole(&buffer) };
        let overview = scan(&buffer, &request, None, &Progress::new(), &|_| {}).unwrap();
        let theme = Theme::dark();
        let class = picture(&overview, MinimapMode::Class, 64, 100, &theme);
        assert_eq!(class.pixels[10 * 64 + 5], theme.classes[Class::Null as usize]);
        assert_eq!(class.pixels[60 * 64 + 5], theme.classes[Class::Printable as usize]);
        let change = picture(&overview, MinimapMode::Change, 64, 100, &theme);
        let marked: Vec<usize> = (0..100).filter(|y| change.pixels[y * 64] == theme.warning).collect();
        assert_eq!(marked, [75]);
        // More rows than parts, and fewer bytes than rows.
        let one = Buffer::from(b"\0");
        let overview = scan(&one, &Request::whole(&one), None, &Progress::new(), &|_| {}).unwrap();
        let picture = picture(&overview, MinimapMode::Class, 64, 500, &theme);
        assert!(picture.pixels.iter().all(|&pixel| pixel == theme.classes[0]));
    }

    #[test]
    fn the_strip_reaches_every_byte() {
        let strip = Rect::from_min_size(pos2(0.0, 10.0), egui::vec2(WIDTH, 1000.0));
        assert_eq!((offset_at(strip, 10.0, 1 << 60), offset_at(strip, 2000.0, 1 << 60)), (0, (1 << 60) - 1));
        assert_eq!(offset_at(strip, 510.0, 1 << 60), 1 << 59);
        assert_eq!(offset_at(strip, 510.0, 0), 0);
    }
}
