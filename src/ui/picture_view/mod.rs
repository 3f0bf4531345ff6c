//! A picture: fitted, at its own size or zoomed, with the value of the pixel under the pointer; and the frames of an animation.

mod bar;
mod film;
mod geometry;
mod input;
mod texture;

use std::sync::Arc;

use egui::{
    Align, Align2, Color32, Label, Layout, Mesh, Painter, Pos2, Rect, RichText, Role, Sense, Stroke, StrokeKind, Ui, Vec2,
    WidgetInfo, emath::GuiRounding as _, vec2,
};

use super::rows::focus_ring;
use super::theme::{ROW, TEXT, UNIT, mono, words};
use super::{ViewCx, capital};
use crate::app::numbers::{count, group, places};
use crate::app::{Command, Film, OpenDocument, ViewCommand, Zoom};
use crate::formats::picture::Picture;
use geometry::Placement;
use texture::{Ink, Textures};

/// Side of a square of the board behind transparent pixels, in points.
const SQUARE: f32 = 8.0;

/// From this scale on enlarged pixels are squares, below they are smooth.
const SHARP: f32 = 2.0;

/// The picture pane. Holds the textures of the picture that was shown last.
#[derive(Default)]
pub struct PictureView {
    shown: Option<(Arc<Picture>, Textures)>,
    pointed: Option<(u32, u32)>,
    drag: input::DragFrom,
    /// How high the bar above the picture was: it says how large the picture is before it is painted.
    bar: f32,
}

impl PictureView {
    /// Paints a picture of the document and adds what the user did.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        open: &OpenDocument,
        picture: &Arc<Picture>,
        cx: &ViewCx<'_>,
        commands: &mut Vec<Command>,
    ) {
        let size = vec2(picture.image.width() as f32, picture.image.height() as f32);
        if size.min_elem() < 1.0 {
            ui.label(RichText::new("The picture has no pixels").color(cx.theme.text_dim));
            return;
        }
        let view = &open.view;
        let outer = ui.available_rect_before_wrap();
        let lines = self.lines(ui, open, picture, cx);
        let film = open.film();
        let bottom =
            lines.iter().map(|line| line.rows).sum::<usize>() as f32 * ROW + 2.0 * UNIT + film.map_or(0.0, |_| film::HEIGHT);
        let below = |top: f32| {
            Rect::from_min_max(egui::pos2(outer.left(), top), egui::pos2(outer.right(), (outer.bottom() - bottom).max(top + ROW)))
        };
        let before = Placement::new(below(outer.top() + self.bar), size, view.zoom, view.picture_center);
        let mut next = None;
        ui.horizontal_wrapped(|ui| {
            ui.set_min_height(ROW + UNIT);
            ui.spacing_mut().item_spacing.x = UNIT;
            next = bar::show(ui, open, picture, &before, cx, commands);
        });
        let top = ui.next_widget_position().y + UNIT;
        if (top - outer.top() - self.bar).abs() > 0.5 {
            self.bar = top - outer.top();
            ui.ctx().request_discard("the bar above the picture has another height");
        }
        let pane = below(top);
        let placed = Placement::new(pane, size, view.zoom, view.picture_center);
        let response = ui.interact(pane, ui.make_persistent_id(("picture", open.document.id().get())), Sense::click_and_drag());
        ui.allocate_rect(pane, Sense::hover());
        let name = name(picture, film);
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
        let done = input::gestures(ui, &response, &placed, open, &mut self.drag);
        commands.extend(done.commands);
        next = done.place.or(next);
        if let Some((zoom, center)) = next
            && (zoom, center) != (view.zoom, view.picture_center)
        {
            commands.push(Command::View(ViewCommand::Picture(zoom, center)));
        }
        self.paint(ui, open, picture, &placed, cx);
        if response.has_focus() {
            focus_ring(ui, pane, cx.theme);
        }
        self.pointed = response.hover_pos().and_then(|at| placed.pixel(at));
        ui.add_space(UNIT);
        if let Some(film) = film {
            film::show(ui, film, cx, commands);
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        for line in lines {
            line.show(ui);
        }
    }

    fn paint(&mut self, ui: &Ui, open: &OpenDocument, picture: &Arc<Picture>, placed: &Placement, cx: &ViewCx<'_>) {
        let painter = ui.painter_at(placed.pane);
        painter.rect_filled(placed.pane, 0.0, cx.theme.ground);
        let look = &open.view.picture;
        let details = open.picture_details();
        let screen = details.and_then(|details| details.to_screen.as_ref());
        // At whole sizes every pixel is as many of the screen, and nothing is to be smoothed.
        let exact = placed.scale * painter.pixels_per_point();
        let ink = Ink {
            channel: look.channel,
            profile: screen.is_some() && !look.raw,
            sharp: look.sharp || placed.scale >= SHARP || (exact >= 1.0 && exact.fract() == 0.0),
        };
        let textures = match self.shown.take() {
            Some((shown, textures)) if Arc::ptr_eq(&shown, picture) && textures.ink() == ink => textures,
            Some((_, textures)) => textures.replaced(ui.ctx(), &picture.image, ink, screen),
            None => Textures::new(ui.ctx(), &picture.image, ink, screen),
        };
        let (_, textures) = self.shown.insert((Arc::clone(picture), textures));
        let mut rect = placed.rect();
        rect = Rect::from_min_size(rect.min.round_to_pixels(painter.pixels_per_point()), rect.size());
        if picture.image.color().has_alpha() {
            board(&painter, rect.intersect(placed.pane), rect.min, bar::board_colors(look.board, cx));
        }
        let levels = details.and_then(|details| details.levels.as_ref());
        if !textures.paint(&painter, &picture.image, levels, rect, placed.scale) {
            let text = "Preparing a picture of this size…";
            painter.text(placed.pane.center(), Align2::CENTER_CENTER, text, words(TEXT), cx.theme.text_dim);
        }
        let pixels = |x: u32, y: u32, width: u32, height: u32| {
            let min = rect.min + vec2(x as f32, y as f32) * placed.scale;
            Rect::from_min_size(min, vec2(width as f32, height as f32) * placed.scale)
        };
        // Two lines, one of which is seen on any ground.
        let frame = |place: Rect, color: Color32| {
            let place = place.expand(1.0);
            painter.rect_stroke(place, 0.0, Stroke::new(3.0, cx.theme.ground), StrokeKind::Outside);
            painter.rect_stroke(place, 0.0, Stroke::new(1.5, color), StrokeKind::Outside);
        };
        // The pixel of the byte at the cursor, where bytes and pixels belong together; else the one that was clicked.
        let first = open.film().is_none_or(|film| film.at() == 0);
        if let Some((x, y)) = open.pixel_at_cursor().filter(|_| first).or(look.pixel) {
            frame(pixels(x, y, 1, 1), cx.theme.accent);
        }
        if let Some(area) = look.area {
            frame(pixels(area.x, area.y, area.width, area.height), cx.theme.accent);
        }
    }

    /// Below the picture: the pixel under the pointer, the frame, what the picture is, and what is wrong with it.
    fn lines(&self, ui: &Ui, open: &OpenDocument, picture: &Picture, cx: &ViewCx<'_>) -> Vec<Line> {
        let theme = cx.theme;
        let look = &open.view.picture;
        let mut lines = Vec::new();
        let pointed =
            self.pointed.or(open.pixel_at_cursor()).or(look.pixel).and_then(|(x, y)| Some((x, y, picture.pixel(x, y)?)));
        lines.push(match pointed {
            Some((x, y, pixel)) => {
                let [r, g, b, a] = pixel.rgba8;
                let mut hex = format!("#{r:02X}{g:02X}{b:02X}");
                if picture.image.color().has_alpha() {
                    hex += &format!("{a:02X}");
                }
                let mut text = format!("x {}  y {}   {pixel}   {hex}", group(x.into()), group(y.into()));
                if let Some((from, to)) = open.bytes_of_pixel(x, y) {
                    text += &format!("   bytes {}", places(from, to));
                }
                Line::of(ui, RichText::new(text).font(mono()), mono())
            }
            None => Line { text: RichText::new("Point at a pixel to see its value").color(theme.text_dim), rows: 1 },
        });
        if let Some(area) = look.area {
            let text = format!(
                "Selected {} × {} from {}, {}",
                group(area.width.into()),
                group(area.height.into()),
                group(area.x.into()),
                group(area.y.into())
            );
            lines.push(Line { text: RichText::new(text).color(theme.text), rows: 1 });
        }
        if let Some(film) = open.film() {
            lines.push(Line { text: RichText::new(film::words(film)).color(theme.text), rows: 1 });
        }
        lines.push(Line::wrapped(ui, facts(picture, open.film(), colors(open)), theme.text_dim));
        if let Some(problem) = open.film().and_then(Film::problem) {
            lines.push(Line::wrapped(ui, format!("Later frames are missing: {problem}"), theme.warning));
        }
        lines.extend(incomplete(open, picture).map(|reason| Line::wrapped(ui, reason, theme.warning)));
        lines
    }
}

/// A line below the picture.
struct Line {
    text: RichText,
    rows: usize,
}

impl Line {
    /// One that takes two rows where the pane is too narrow for it.
    fn wrapped(ui: &Ui, text: String, color: Color32) -> Self {
        Self::of(ui, RichText::new(text).color(color), words(TEXT))
    }

    fn of(ui: &Ui, text: RichText, font: egui::FontId) -> Self {
        let galley = ui.painter().layout_no_wrap(text.text().to_owned(), font, Color32::PLACEHOLDER);
        let rows = if galley.size().x > ui.available_width() { 2 } else { 1 };
        Self { text, rows }
    }

    fn show(self, ui: &mut Ui) {
        let size = vec2(ui.available_width(), self.rows as f32 * ROW);
        ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_height(size.y);
            let label = Label::new(self.text);
            ui.add(if self.rows == 1 { label.truncate() } else { label.wrap() });
        });
    }
}

fn incomplete(open: &OpenDocument, picture: &Picture) -> Option<String> {
    let reason = picture.truncated.as_ref()?;
    Some(match open.picture_details().and_then(|details| details.rows) {
        Some(rows) => {
            let turned = picture.info.orientation >= 5;
            let (all, lines) = if turned { (picture.image.width(), "columns") } else { (picture.image.height(), "rows") };
            let (rows, all) = (group(rows.into()), group(all.into()));
            format!("Incomplete, shown as far as it goes: {rows} of {all} {lines}. {}", capital(reason))
        }
        None => format!("Incomplete: {reason}"),
    })
}

/// What the colours went through, where they are not simply shown.
fn colors(open: &OpenDocument) -> Option<String> {
    let details = open.picture_details()?;
    let assumed = details.assumed.as_ref()?;
    if details.to_screen.is_some() && open.view.picture.raw {
        return Some("colour profile not applied".to_owned());
    }
    (assumed.converted || assumed.broken || assumed.words.starts_with("CMYK")).then(|| assumed.words.clone())
}

fn name(picture: &Picture, film: Option<&Film>) -> String {
    let info = &picture.info;
    let name = format!("Picture, {}, {} by {}", info.format.info().name, info.width, info.height);
    match film.filter(|film| film.shown().is_some()) {
        Some(film) if film.is_pages() => format!("{name}, page {} of {}", film.at() + 1, film.count()),
        Some(film) => format!("{name}, frame {} of {}", film.at() + 1, film.count()),
        None => name,
    }
}

fn facts(picture: &Picture, film: Option<&Film>, note: Option<String>) -> String {
    let info = &picture.info;
    let mut facts = vec![
        info.format.info().name.to_owned(),
        format!("{} × {}", group(info.width.into()), group(info.height.into())),
        info.color.clone(),
    ];
    if !picture.image.color().has_alpha() {
        facts.push("no alpha".to_owned());
    }
    let frames = film.map(Film::count).or(info.frames).unwrap_or(1);
    if frames > 1 {
        let unit = if film.is_some_and(Film::is_pages) { "page" } else { "frame" };
        let note = if film.is_some() { "" } else { ", the first is shown" };
        facts.push(format!("{}{note}", count(frames.into(), unit)));
    }
    if info.orientation > 1 {
        facts.push(format!("turned upright (EXIF orientation {})", info.orientation));
    }
    if !info.metadata.is_empty() {
        facts.push(info.metadata.join(", "));
    }
    facts.extend(note);
    facts.join("   ")
}

type Shown = (Zoom, Option<[f32; 2]>);

fn shown(placed: &Placement) -> Shown {
    (Zoom::Scale(placed.scale), Some([placed.center.x, placed.center.y]))
}

/// The board behind transparent pixels. It stands still under the picture's corner, and only what is seen is painted.
fn board(painter: &Painter, seen: Rect, origin: Pos2, colors: [Color32; 2]) {
    if !seen.is_positive() {
        return;
    }
    painter.rect_filled(seen, 0.0, colors[0]);
    let first = |from: f32, origin: f32| ((from - origin) / SQUARE).floor() as i64;
    let (left, top) = (first(seen.left(), origin.x), first(seen.top(), origin.y));
    let (right, bottom) = (first(seen.right(), origin.x), first(seen.bottom(), origin.y));
    let mut mesh = Mesh::default();
    for row in top..=bottom {
        for column in (left..=right).filter(|column| (row + column).rem_euclid(2) == 1) {
            let min = origin + vec2(column as f32, row as f32) * SQUARE;
            let square = Rect::from_min_size(min, Vec2::splat(SQUARE)).intersect(seen);
            if square.is_positive() {
                mesh.add_colored_rect(square, colors[1]);
            }
        }
    }
    painter.add(mesh);
}
