//! A picture: fitted, at its own size or zoomed, with the value of the pixel under the pointer.

mod geometry;
mod texture;

use std::sync::Arc;

use egui::{
    Align, Color32, CursorIcon, EventFilter, Key, Label, Layout, Mesh, Modifiers, Painter, Pos2, Rect, Response, RichText, Role,
    Sense, Ui, Vec2, WidgetInfo, vec2,
};

use super::ViewCx;
use super::rows::focus_ring;
use super::theme::{ROW, TEXT, UNIT, words};
use crate::app::numbers::{group, scale as scale_text};
use crate::app::{Command, OpenDocument, ViewCommand, Zoom};
use crate::formats::picture::Picture;
use geometry::Placement;
use texture::Textures;

/// Side of a square of the board behind transparent pixels, in points.
const SQUARE: f32 = 8.0;

/// The picture pane. Holds the textures of the picture that was shown last.
#[derive(Default)]
pub struct PictureView {
    shown: Option<(Arc<Picture>, Textures)>,
    pointed: Option<(u32, u32)>,
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
        let lines = lines(ui, picture);
        let bottom = lines.iter().sum::<usize>() as f32 * ROW + 2.0 * UNIT;
        let bar = ROW + 3.0 * UNIT;
        let outer = ui.available_rect_before_wrap();
        let pane = Rect::from_min_max(
            egui::pos2(outer.left(), outer.top() + bar),
            egui::pos2(outer.right(), (outer.bottom() - bottom).max(outer.top() + bar + ROW)),
        );
        let placed = Placement::new(pane, size, view.zoom, view.picture_center);
        let mut next = None;
        ui.allocate_ui_with_layout(vec2(outer.width(), bar), Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_height(bar);
            next = buttons(ui, view.zoom, &placed, cx);
        });
        let response = ui.interact(pane, ui.make_persistent_id(("picture", open.document.id().get())), Sense::click_and_drag());
        ui.allocate_rect(pane, Sense::hover());
        let name = name(picture);
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
        if let Some(done) = gestures(ui, &response, &placed, view.zoom) {
            next = Some(done);
        }
        if let Some((zoom, center)) = next
            && (zoom, center) != (view.zoom, view.picture_center)
        {
            commands.push(Command::View(ViewCommand::Picture(zoom, center)));
        }
        self.paint(ui, picture, &placed, cx);
        if response.has_focus() {
            focus_ring(ui, pane, cx.theme);
        }
        self.pointed = response.hover_pos().and_then(|at| placed.pixel(at));
        ui.add_space(UNIT);
        self.facts(ui, picture, lines, cx);
    }

    fn paint(&mut self, ui: &Ui, picture: &Arc<Picture>, placed: &Placement, cx: &ViewCx<'_>) {
        let painter = ui.painter_at(placed.pane);
        painter.rect_filled(placed.pane, 0.0, cx.theme.ground);
        let same = self.shown.as_ref().is_some_and(|(shown, _)| Arc::ptr_eq(shown, picture));
        if !same {
            self.shown = Some((Arc::clone(picture), Textures::new(ui.ctx(), &picture.image)));
        }
        let rect = placed.rect();
        if picture.info.alpha || picture.image.color().has_alpha() {
            board(&painter, rect.intersect(placed.pane), rect.min, cx.theme.checker);
        }
        if let Some((_, textures)) = &mut self.shown {
            textures.paint(&painter, &picture.image, rect, placed.scale);
        }
    }

    /// Below the picture: the pixel under the pointer, what the picture is, and what is wrong with it.
    fn facts(&self, ui: &mut Ui, picture: &Picture, lines: [usize; 3], cx: &ViewCx<'_>) {
        ui.spacing_mut().item_spacing.y = 0.0;
        let line = |ui: &mut Ui, text: RichText, lines: usize| {
            let size = vec2(ui.available_width(), lines as f32 * ROW);
            ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
                ui.set_min_height(size.y);
                let label = Label::new(text);
                ui.add(if lines == 1 { label.truncate() } else { label.wrap() });
            });
        };
        let pointed = self.pointed.and_then(|(x, y)| Some((x, y, picture.pixel(x, y)?)));
        match pointed {
            Some((x, y, pixel)) => {
                let [r, g, b, a] = pixel.rgba8;
                let mut hex = format!("#{r:02X}{g:02X}{b:02X}");
                if picture.image.color().has_alpha() {
                    hex += &format!("{a:02X}");
                }
                let text = format!("x {}  y {}   {pixel}   {hex}", group(x.into()), group(y.into()));
                line(ui, RichText::new(text).monospace(), 1);
            }
            None => line(ui, RichText::new("Point at a pixel to see its value").color(cx.theme.text_dim), 1),
        }
        line(ui, RichText::new(facts(picture)).color(cx.theme.text_dim), lines[1]);
        if let Some(reason) = incomplete(picture) {
            line(ui, RichText::new(reason).color(cx.theme.warning), lines[2]);
        }
    }
}

/// How many lines the pixel, the facts and the warning take below the picture; a narrow pane takes two.
fn lines(ui: &Ui, picture: &Picture) -> [usize; 3] {
    let width = ui.available_width();
    let rows = |text: String| {
        let galley = ui.painter().layout_no_wrap(text, words(TEXT), Color32::PLACEHOLDER);
        if galley.size().x > width { 2 } else { 1 }
    };
    [1, rows(facts(picture)), incomplete(picture).map_or(0, rows)]
}

fn incomplete(picture: &Picture) -> Option<String> {
    picture.truncated.as_ref().map(|reason| format!("Incomplete: {reason}"))
}

fn name(picture: &Picture) -> String {
    let info = &picture.info;
    format!("Picture, {}, {} by {}", info.format.info().name, info.width, info.height)
}

fn facts(picture: &Picture) -> String {
    let info = &picture.info;
    let mut facts = vec![
        info.format.info().name.to_owned(),
        format!("{} × {}", group(info.width.into()), group(info.height.into())),
        info.color.clone(),
    ];
    if let Some(frames) = info.frames.filter(|&frames| frames > 1) {
        facts.push(format!("{} frames, the first is shown", group(frames.into())));
    }
    if info.orientation > 1 {
        facts.push(format!("turned upright (EXIF orientation {})", info.orientation));
    }
    if !info.metadata.is_empty() {
        facts.push(info.metadata.join(", "));
    }
    facts.join("   ")
}

type Shown = (Zoom, Option<[f32; 2]>);

fn shown(placed: &Placement) -> Shown {
    (Zoom::Scale(placed.scale), Some([placed.center.x, placed.center.y]))
}

fn buttons(ui: &mut Ui, zoom: Zoom, placed: &Placement, cx: &ViewCx<'_>) -> Option<Shown> {
    let mut next = None;
    let middle = placed.pane.center();
    let fit = ui.selectable_label(zoom == Zoom::Fit, "Fit").on_hover_text("As large as the pane allows (0)");
    if fit.accessible_name("Fit the picture").clicked() {
        next = Some((Zoom::Fit, None));
    }
    let actual = ui.selectable_label(zoom == Zoom::Scale(1.0), "1:1").on_hover_text("One pixel is one point (1)");
    if actual.accessible_name("Actual size").clicked() {
        next = Some(shown(&placed.zoomed(1.0, middle)));
    }
    if ui.button("−").on_hover_text("Zoom out (-)").accessible_name("Zoom out").clicked() {
        next = Some(shown(&placed.zoomed(placed.step(false), middle)));
    }
    if ui.button("+").on_hover_text("Zoom in (+)").accessible_name("Zoom in").clicked() {
        next = Some(shown(&placed.zoomed(placed.step(true), middle)));
    }
    ui.label(RichText::new(scale_text(placed.scale)).monospace().color(cx.theme.text_dim));
    next
}

/// Wheel, pinch, drag, double click and keys.
fn gestures(ui: &Ui, response: &Response, placed: &Placement, zoom: Zoom) -> Option<Shown> {
    let mut now = *placed;
    let mut next = None;
    if response.clicked() || response.drag_started() {
        response.request_focus();
    }
    if response.double_clicked() {
        let at = response.interact_pointer_pos().unwrap_or(placed.pane.center());
        return Some(if zoom == Zoom::Fit { shown(&placed.zoomed(1.0, at)) } else { (Zoom::Fit, None) });
    }
    if response.dragged() && response.drag_delta() != Vec2::ZERO {
        now = now.panned(response.drag_delta());
        next = Some(shown(&now));
    }
    if response.hovered()
        && let Some(at) = response.hover_pos()
    {
        let (wheel, pinch) = ui.input(|input| (input.smooth_scroll_delta().y, input.zoom_delta()));
        let factor = pinch * (wheel / 200.0).exp2();
        if factor != 1.0 && factor.is_finite() {
            now = now.zoomed(now.scale * factor, at);
            next = Some(shown(&now));
        }
    }
    let pannable = placed.rect().width() > placed.pane.width() + 0.5 || placed.rect().height() > placed.pane.height() + 0.5;
    if pannable && (response.hovered() || response.dragged()) {
        ui.set_cursor_icon(if response.dragged() { CursorIcon::Grabbing } else { CursorIcon::Grab });
    }
    if response.has_focus() {
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..Default::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        next = keys(ui, &now).or(next);
    }
    next
}

fn keys(ui: &Ui, placed: &Placement) -> Option<Shown> {
    let middle = placed.pane.center();
    let zoom = |scale: f32| shown(&placed.zoomed(scale, middle));
    let pan = |x: f32, y: f32| shown(&placed.panned(geometry::arrow(x, y)));
    ui.input_mut(|input| {
        let mut pressed = |key| input.consume_key(Modifiers::NONE, key);
        if pressed(Key::Num0) {
            Some((Zoom::Fit, None))
        } else if pressed(Key::Num1) {
            Some(zoom(1.0))
        } else if pressed(Key::Plus) || pressed(Key::Equals) {
            Some(zoom(placed.step(true)))
        } else if pressed(Key::Minus) {
            Some(zoom(placed.step(false)))
        } else if pressed(Key::ArrowLeft) {
            Some(pan(1.0, 0.0))
        } else if pressed(Key::ArrowRight) {
            Some(pan(-1.0, 0.0))
        } else if pressed(Key::ArrowUp) {
            Some(pan(0.0, 1.0))
        } else if pressed(Key::ArrowDown) {
            Some(pan(0.0, -1.0))
        } else {
            None
        }
    })
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
