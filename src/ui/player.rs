//! The buttons of everything that plays: painted, since no bundled font has their signs.

use egui::{Color32, Painter, Rect, Response, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::ViewCx;
use super::theme::{FOCUS_RING, ROW, UNIT};

/// Width of a button in points.
const BUTTON: f32 = 7.0 * UNIT;

/// What is painted on a button.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Icon {
    First,
    Back,
    Play,
    Pause,
    On,
    Last,
}

/// A button with a sign; `name` is what it is called.
pub(super) fn button(ui: &mut Ui, icon: Icon, name: &'static str, enabled: bool, cx: &ViewCx<'_>) -> Response {
    let sense = if enabled { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(BUTTON, ROW + UNIT), sense);
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, enabled, name));
    let theme = cx.theme;
    let painter = ui.painter_at(rect);
    let ground = if enabled && response.hovered() { theme.hover } else { theme.control };
    painter.rect_filled(rect, UNIT, ground);
    if response.has_focus() {
        painter.rect_stroke(rect, UNIT, Stroke::new(FOCUS_RING, theme.accent), StrokeKind::Inside);
    }
    let color = if enabled { theme.text } else { theme.line };
    paint(&painter, icon, Rect::from_center_size(rect.center(), vec2(3.0 * UNIT, 3.0 * UNIT)), color);
    response
}

fn paint(painter: &Painter, icon: Icon, rect: Rect, color: Color32) {
    let triangle = |from: f32, to: f32| {
        // The point is at `to`, the upright side at `from`.
        let points = vec![pos2(from, rect.min.y), pos2(to, rect.center().y), pos2(from, rect.max.y)];
        painter.add(Shape::convex_polygon(points, color, Stroke::NONE));
    };
    let upright = |x: f32, width: f32| {
        painter.rect_filled(Rect::from_min_max(pos2(x, rect.min.y), pos2(x + width, rect.max.y)), 0.0, color);
    };
    let (left, right, middle, bar) = (rect.min.x, rect.max.x, rect.center().x, 2.0);
    match icon {
        Icon::First => {
            upright(left, bar);
            triangle(middle + 2.0, left + bar);
            triangle(right + 1.0, middle);
        }
        Icon::Back => triangle(right - bar, left + bar),
        Icon::Play => {
            triangle(left + 1.0, right);
            painter.rect_stroke(rect.expand(3.0), 3.0, Stroke::new(1.0, color), StrokeKind::Inside);
        }
        Icon::Pause => {
            upright(left + 2.0, 3.0);
            upright(right - 5.0, 3.0);
        }
        Icon::On => triangle(left + bar, right - bar),
        Icon::Last => {
            triangle(left - 1.0, middle);
            triangle(middle - 2.0, right - bar);
            upright(right - bar, bar);
        }
    }
}
