//! A chart with the keyboard: a point of it that arrows move, and a range that Shift and arrows take in.

use egui::{Event, EventFilter, Key, Rect, Response, Stroke, StrokeKind, Ui, pos2, vec2};

use super::chart::Plot;
use super::theme::{SMALL, Theme, UNIT, words};

const FILTER: EventFilter = EventFilter { tab: false, horizontal_arrows: true, vertical_arrows: false, escape: false };

/// A page is this part of all points.
const PAGE: usize = 16;

/// The point of a chart that the keyboard is on. A cache of one pane: it may vanish.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct ChartPoint {
    /// Its number among the points of the chart; `None` before the chart had the keyboard.
    pub(super) at: Option<usize>,
    /// Where the range began that ends at it.
    pub(super) anchor: Option<usize>,
}

/// What was asked of a chart with a key, besides to go to another point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Asked {
    /// Enter: what is at the point, or the range, is wanted; `back` with Shift.
    Go {
        /// Shift was held.
        back: bool,
    },
    /// Backspace: the whole again.
    Whole,
}

impl ChartPoint {
    /// The first and the last point of the range, where there is one.
    pub(super) fn range(&self) -> Option<(usize, usize)> {
        let (at, anchor) = (self.at?, self.anchor?);
        Some((at.min(anchor), at.max(anchor)))
    }

    /// Puts it on a point of `count`, without a range.
    pub(super) fn put(&mut self, at: usize, count: usize) {
        *self = Self { at: Some(at.min(count.saturating_sub(1))), anchor: None };
    }

    /// Keys that came while the chart has the keyboard. It begins at the point `first`.
    pub(super) fn keys(&mut self, ui: &Ui, response: &Response, count: usize, first: usize) -> Option<Asked> {
        let last = count.checked_sub(1)?;
        if !response.has_focus() {
            return None;
        }
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, FILTER));
        self.at = Some(self.at.unwrap_or(first).min(last));
        self.anchor = self.anchor.map(|anchor| anchor.min(last));
        let mut asked = None;
        for event in ui.input(|input| input.filtered_events(&FILTER)) {
            let Event::Key { key, pressed: true, modifiers, .. } = event else { continue };
            let at = self.at.unwrap_or(first);
            let page = (count / PAGE).max(1);
            let step = if modifiers.command { page } else { 1 };
            let to = match key {
                _ if modifiers.alt => continue,
                Key::ArrowLeft => at.saturating_sub(step),
                Key::ArrowRight => at.saturating_add(step),
                Key::PageUp => at.saturating_sub(page),
                Key::PageDown => at.saturating_add(page),
                Key::Home => 0,
                Key::End => last,
                Key::Enter => {
                    asked = Some(Asked::Go { back: modifiers.shift });
                    continue;
                }
                Key::Backspace => {
                    asked = Some(Asked::Whole);
                    continue;
                }
                _ => continue,
            };
            self.anchor = modifiers.shift.then(|| self.anchor.unwrap_or(at));
            self.at = Some(to.min(last));
        }
        asked
    }
}

impl Plot {
    /// What the keyboard is on: marks the values from one to another, and says in words what is there, to the eye and to a screen
    /// reader.
    pub(super) fn point(&self, ui: &Ui, (from, to): (f64, f64), text: &str, theme: &Theme) {
        if !self.response.has_focus() {
            return;
        }
        let (left, right) = (self.x(from), self.x(to).max(self.x(from) + 1.0));
        let part = Rect::from_x_y_ranges(left..=right, self.rect.y_range());
        self.painter().rect_filled(part, 0.0, theme.selection.gamma_multiply(0.5));
        self.painter().rect_stroke(part, 0.0, Stroke::new(1.0, theme.accent), StrokeKind::Outside);
        let galley = self.painter().layout_no_wrap(text.to_owned(), words(SMALL), theme.text);
        let size = galley.size() + vec2(2.0 * UNIT, UNIT);
        // On the side where it hides less of what it is about.
        let on_left = part.center().x > self.rect.center().x;
        let x = if on_left { self.rect.left() + UNIT } else { (self.rect.right() - UNIT - size.x).max(self.rect.left()) };
        let ground = Rect::from_min_size(pos2(x, self.rect.top() + UNIT), size);
        self.painter().rect(ground, 2.0, theme.panel, Stroke::new(1.0, theme.line), StrokeKind::Inside);
        self.painter().galley(ground.min + vec2(UNIT, UNIT / 2.0), galley, theme.text);
        ui.painter().rect_stroke(self.rect, 0.0, Stroke::new(2.0, theme.accent), StrokeKind::Outside);
        ui.ctx().accesskit_node_builder(self.response.id, |node| {
            node.set_value(text);
            node.set_live(egui::accesskit::Live::Polite);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_between_both_points() {
        let mut point = ChartPoint { at: Some(3), anchor: Some(9) };
        assert_eq!(point.range(), Some((3, 9)));
        point.put(100, 40);
        assert_eq!((point.at, point.range()), (Some(39), None));
        point.put(5, 0);
        assert_eq!(point.at, Some(0));
    }
}
