//! Wheel, pinch, drag, click and keys.

use egui::{CursorIcon, EventFilter, Key, Modifiers, Response, Ui, Vec2};

use super::geometry::{self, Placement};
use super::{Shown, shown};
use crate::app::{Action, Command, OpenDocument, PictureCommand, Zoom};
use crate::formats::picture::ops::Crop;

/// What the pointer and the keys did.
#[derive(Default)]
pub(super) struct Done {
    /// Where the picture went.
    pub(super) place: Option<Shown>,
    /// What else is wanted.
    pub(super) commands: Vec<Command>,
}

/// Where a drag that selects began.
pub(super) type DragFrom = Option<(u32, u32)>;

pub(super) fn gestures(ui: &Ui, response: &Response, placed: &Placement, open: &OpenDocument, drag: &mut DragFrom) -> Done {
    let mut now = *placed;
    let mut done = Done::default();
    let look = &open.view.picture;
    if response.clicked() || response.drag_started() {
        response.request_focus();
    }
    if response.double_clicked() {
        let at = response.interact_pointer_pos().unwrap_or(placed.pane.center());
        let fitted = open.view.zoom == Zoom::Fit;
        done.place = Some(if fitted { shown(&placed.zoomed(1.0, at)) } else { (Zoom::Fit, None) });
        return done;
    }
    if response.clicked()
        && let Some((x, y)) = response.interact_pointer_pos().and_then(|at| placed.pixel(at))
    {
        if look.area.is_some() {
            done.commands.push(Command::Picture(PictureCommand::Area(None)));
        }
        done.commands.push(Command::Picture(PictureCommand::Pixel(x, y)));
    }
    let selects = look.selecting || ui.input(|input| input.modifiers.shift);
    if response.drag_started() {
        let origin = ui.input(|input| input.pointer.press_origin());
        *drag = origin.filter(|_| selects).map(|at| placed.nearest(at));
    }
    if response.dragged() && response.drag_delta() != Vec2::ZERO {
        match (*drag, response.interact_pointer_pos()) {
            (Some(from), Some(at)) => {
                let area = between(from, placed.nearest(at));
                done.commands.push(Command::Picture(PictureCommand::Area(Some(area))));
            }
            _ => {
                now = now.panned(response.drag_delta());
                done.place = Some(shown(&now));
            }
        }
    }
    if response.drag_stopped() {
        *drag = None;
    }
    if response.hovered()
        && let Some(at) = response.hover_pos()
    {
        let (wheel, pinch) = ui.input(|input| (input.smooth_scroll_delta().y, input.zoom_delta()));
        let factor = pinch * (wheel / 200.0).exp2();
        if factor != 1.0 && factor.is_finite() {
            now = now.zoomed(now.scale * factor, at);
            done.place = Some(shown(&now));
        }
    }
    let pannable = placed.rect().width() > placed.pane.width() + 0.5 || placed.rect().height() > placed.pane.height() + 0.5;
    if response.hovered() || response.dragged() {
        if selects || drag.is_some() {
            ui.set_cursor_icon(CursorIcon::Crosshair);
        } else if pannable {
            ui.set_cursor_icon(if response.dragged() { CursorIcon::Grabbing } else { CursorIcon::Grab });
        }
    }
    if response.has_focus() {
        let escape = look.area.is_some();
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, escape, ..Default::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        done.place = keys(ui, &now).or(done.place);
        done.commands.extend(other_keys(ui, open));
    }
    done
}

/// The area from one pixel to another, both of them in it.
fn between(from: (u32, u32), to: (u32, u32)) -> Crop {
    let (x, y) = (from.0.min(to.0), from.1.min(to.1));
    Crop { x, y, width: from.0.abs_diff(to.0) + 1, height: from.1.abs_diff(to.1) + 1 }
}

/// The keys that do something else than to move the picture.
fn other_keys(ui: &Ui, open: &OpenDocument) -> Vec<Command> {
    ui.input_mut(|input| {
        let mut commands = Vec::new();
        if open.view.picture.area.is_some() && input.consume_key(Modifiers::NONE, Key::Escape) {
            commands.push(Command::Picture(PictureCommand::Area(None)));
        }
        if open.film().is_some() {
            let keys = [
                (Key::Space, Action::FramePlay),
                (Key::Period, Action::FrameNext),
                (Key::Comma, Action::FramePrevious),
                (Key::Home, Action::FrameFirst),
                (Key::End, Action::FrameLast),
            ];
            let pressed = keys.into_iter().filter(|(key, _)| input.consume_key(Modifiers::NONE, *key));
            commands.extend(pressed.map(|(_, action)| Command::Do(action)));
        }
        commands
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_has_both_its_corners() {
        assert_eq!(between((3, 9), (3, 9)), Crop { x: 3, y: 9, width: 1, height: 1 });
        assert_eq!(between((10, 2), (4, 5)), Crop { x: 4, y: 2, width: 7, height: 4 });
    }
}
