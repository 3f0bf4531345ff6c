//! Scrolling by whole rows, exact at any size; shared by the hex, text and table views.
//!
//! A position is a row number and the pixels of that row that are above the edge ([`RowScroll`]). Nothing is ever the
//! product of a row number and a height in `f32`, so the last of 2^60 rows is reached as exactly as the first.

use std::ops::Range;

use egui::{CursorIcon, Id, Painter, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

pub use crate::app::RowScroll;

use super::theme::{Theme, UNIT};

/// Width of a scroll bar in points.
pub const BAR: f32 = 3.0 * UNIT;

/// Shortest length of a scroll bar's thumb in points.
pub const THUMB: f32 = 6.0 * UNIT;

/// Rows that stay visible above and below a row that is brought into sight.
pub const CONTEXT: u64 = 2;

/// How many rows there are, how high each is, and how much of them is seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rows {
    /// The number of rows.
    pub total: u64,
    /// The height of each in points; more than 0.
    pub row_height: f32,
    /// The height of the part of the pane that shows rows, in points.
    pub view_height: f32,
}

/// The thumb of a scroll bar, in points along its track.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thumb {
    /// Where it begins.
    pub start: f32,
    /// How long it is.
    pub len: f32,
}

/// Steps that a point of a scroll bar is divided in, so that its place is a whole number.
const STEPS: f32 = 4096.0;

impl Rows {
    /// Rows that fit as a whole; at least 1.
    pub fn whole(&self) -> u64 {
        ((self.view_height / self.row_height).floor() as u64).max(1)
    }

    /// How many rows PageUp and PageDown move: one row of the old page stays in sight.
    pub fn page(&self) -> u64 {
        self.whole().saturating_sub(1).max(1)
    }

    /// Whether all rows are seen at once.
    pub fn fits(&self) -> bool {
        self.total <= self.whole()
    }

    /// The lowest position: the last row stands whole at the lower edge.
    pub fn end(&self) -> RowScroll {
        if self.fits() {
            return RowScroll::default();
        }
        let rest = self.view_height - self.whole() as f32 * self.row_height;
        let top = self.total - self.whole();
        if rest <= 0.0 || self.view_height < self.row_height {
            return RowScroll { top_row: top, sub_px: 0.0 };
        }
        RowScroll { top_row: top - 1, sub_px: self.row_height - rest }
    }

    /// The position, brought into the rows that there are.
    pub fn clamp(&self, scroll: RowScroll) -> RowScroll {
        let sub_px = if scroll.sub_px.is_finite() { scroll.sub_px.clamp(0.0, self.row_height * 0.9999) } else { 0.0 };
        let (scroll, end) = (RowScroll { sub_px, ..scroll }, self.end());
        if (scroll.top_row, scroll.sub_px) > (end.top_row, end.sub_px) { end } else { scroll }
    }

    /// The position `points` further down (negative: up).
    pub fn scroll_by(&self, scroll: RowScroll, points: f32) -> RowScroll {
        let height = f64::from(self.row_height);
        let moved = f64::from(scroll.sub_px) + f64::from(points);
        if !moved.is_finite() {
            return self.clamp(scroll);
        }
        let rows = (moved / height).floor();
        let sub_px = (moved - rows * height) as f32;
        let rows = rows as i64;
        match scroll.top_row.checked_add_signed(rows) {
            Some(top_row) => self.clamp(RowScroll { top_row, sub_px }),
            None if rows < 0 => RowScroll::default(),
            None => self.end(),
        }
    }

    /// The position `rows` rows further down (negative: up), part of a row kept.
    pub fn scroll_rows(&self, scroll: RowScroll, rows: i64) -> RowScroll {
        if rows < 0 && scroll.top_row < rows.unsigned_abs() {
            return RowScroll::default();
        }
        self.clamp(RowScroll { top_row: scroll.top_row.saturating_add_signed(rows), ..scroll })
    }

    /// The nearest position that shows `row` with `context` rows above and below it. A row that is far away comes to a
    /// third of the height.
    pub fn reveal(&self, scroll: RowScroll, row: u64, context: u64) -> RowScroll {
        let scroll = self.clamp(scroll);
        let row = row.min(self.total.saturating_sub(1));
        let whole = self.whole();
        let context = context.min(whole.saturating_sub(1) / 2);
        let first_whole = scroll.top_row + u64::from(scroll.sub_px > 0.0);
        let above = row.saturating_sub(context);
        let last_seen = self.y(scroll, row.saturating_add(context).min(self.total.saturating_sub(1)));
        let below_edge = last_seen.is_none_or(|y| y + self.row_height > self.view_height + 0.01);
        if above < first_whole {
            let far = first_whole - above > whole;
            let top_row = if far { row.saturating_sub(whole / 3) } else { above };
            return self.clamp(RowScroll { top_row, sub_px: 0.0 });
        }
        if below_edge {
            let last = row.saturating_add(context).min(self.total.saturating_sub(1));
            let far = last - first_whole > 2 * whole;
            if far {
                return self.clamp(RowScroll { top_row: row.saturating_sub(whole / 3), sub_px: 0.0 });
            }
            let shown = Self { total: last + 1, ..*self };
            return self.clamp(shown.end());
        }
        scroll
    }

    /// The rows that are at least partly seen.
    pub fn visible(&self, scroll: RowScroll) -> Range<u64> {
        let count = ((self.view_height + scroll.sub_px) / self.row_height).ceil().max(0.0) as u64;
        let start = scroll.top_row.min(self.total);
        start..start.saturating_add(count).min(self.total)
    }

    /// The upper edge of a row in points below the upper edge of the pane; `None` where it is more than a million rows
    /// away. Exact for every row in sight.
    pub fn y(&self, scroll: RowScroll, row: u64) -> Option<f32> {
        let distance = i128::from(row) - i128::from(scroll.top_row);
        (distance.unsigned_abs() < 1_000_000).then_some(distance as f32 * self.row_height - scroll.sub_px)
    }

    /// The row at a distance below the upper edge of the pane (negative: above it); rows past the ends are not invented.
    pub fn row_at(&self, scroll: RowScroll, y: f32) -> Option<u64> {
        if !y.is_finite() {
            return None;
        }
        let rows = ((y + scroll.sub_px) / self.row_height).floor() as i64;
        scroll.top_row.checked_add_signed(rows).filter(|&row| row < self.total)
    }

    /// The thumb on a track of `track` points. It touches an end only where the position does.
    pub fn thumb(&self, scroll: RowScroll, track: f32) -> Thumb {
        if self.fits() || track <= 0.0 {
            return Thumb { start: 0.0, len: track.max(0.0) };
        }
        let scroll = self.clamp(scroll);
        let part = f64::from(self.view_height / self.row_height) / self.total as f64;
        let len = ((f64::from(track) * part) as f32).max(THUMB.min(track));
        let free = track - len;
        let end = self.end();
        if scroll == end {
            return Thumb { start: free, len };
        }
        if scroll == RowScroll::default() {
            return Thumb { start: 0.0, len };
        }
        let place = |scroll: RowScroll| scroll.top_row as f64 + f64::from(scroll.sub_px / self.row_height);
        let edge = free.min(1.0);
        let start = (place(scroll) / place(end) * f64::from(free)) as f32;
        Thumb { start: start.clamp(edge.min(free - edge), (free - edge).max(0.0)), len }
    }

    /// The position whose thumb begins at `start` on a track of `track` points. Both ends of the track are the exact first
    /// and last position; between them positions are whole rows, counted in whole numbers.
    pub fn at_thumb(&self, start: f32, track: f32) -> RowScroll {
        let free = track - self.thumb(RowScroll::default(), track).len;
        if self.fits() || free <= 0.0 || start <= 0.0 || !start.is_finite() {
            return RowScroll::default();
        }
        if start >= free {
            return self.end();
        }
        let steps = (free * STEPS) as u128;
        let step = (start * STEPS) as u128;
        let end = self.end();
        // A short document moves by points, not by rows: its thumb would jump otherwise.
        if end.top_row < 1 << 20 {
            let whole = f64::from(end.sub_px) + end.top_row as f64 * f64::from(self.row_height);
            let at = whole * f64::from(start) / f64::from(free);
            let top_row = (at / f64::from(self.row_height)).floor();
            let sub_px = (at - top_row * f64::from(self.row_height)) as f32;
            return self.clamp(RowScroll { top_row: top_row as u64, sub_px });
        }
        let top_row = u128::from(end.top_row) * step / steps.max(1);
        self.clamp(RowScroll { top_row: top_row as u64, sub_px: 0.0 })
    }

    /// What the wheel or touchpad does while the pointer is over `response`: the new position, and the points that it
    /// moved sideways.
    pub fn wheel(&self, ui: &Ui, response: &Response, scroll: RowScroll) -> (RowScroll, f32) {
        if !response.contains_pointer() {
            return (scroll, 0.0);
        }
        let delta = ui.input(egui::InputState::smooth_scroll_delta);
        if delta.y == 0.0 { (scroll, -delta.x) } else { (self.scroll_by(scroll, -delta.y), -delta.x) }
    }

    /// A vertical scroll bar: its thumb is dragged, a click on the track goes a page, and holding repeats it. Returns the
    /// new position.
    pub fn bar(&self, ui: &Ui, rect: Rect, id: Id, name: &str, scroll: RowScroll, theme: &Theme) -> RowScroll {
        let scroll = self.clamp(scroll);
        let response = ui.interact(rect, id, Sense::CLICK | Sense::DRAG);
        let enabled = !self.fits();
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::ScrollBar, enabled, name);
            info.value = Some(scroll.top_row as f64);
            info
        });
        let thumb = self.thumb(scroll, rect.height());
        let grip = bar_drag(ui, &response, rect.min.y, thumb, Axis::Vertical);
        let next = match grip {
            Grip::None => scroll,
            Grip::To(start) => self.at_thumb(start, rect.height()),
            Grip::Page(down) => {
                let page = self.page().min(i64::MAX as u64) as i64;
                self.scroll_rows(scroll, if down { page } else { -page })
            }
        };
        let shown = self.thumb(next, rect.height());
        let thumb_rect = Rect::from_min_size(pos2(rect.min.x, rect.min.y + shown.start), vec2(rect.width(), shown.len));
        paint_bar(ui, rect, enabled.then_some(thumb_rect), &response, theme);
        next
    }
}

/// A horizontal scroll bar for a width of `content` points seen through `rect`; `x` is what is scrolled out to the left.
/// Returns the new `x`.
pub fn horizontal_bar(ui: &Ui, rect: Rect, id: Id, name: &str, content: f32, x: f32, theme: &Theme) -> f32 {
    let (track, most) = (rect.width(), (content - rect.width()).max(0.0));
    let response = ui.interact(rect, id, Sense::CLICK | Sense::DRAG);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ScrollBar, most > 0.0, name);
        info.value = Some(f64::from(x));
        info
    });
    let len = (track * track / content.max(1.0)).max(THUMB.min(track)).min(track);
    let place = |x: f32| if most > 0.0 { (x / most).clamp(0.0, 1.0) * (track - len) } else { 0.0 };
    let next = match bar_drag(ui, &response, rect.min.x, Thumb { start: place(x), len }, Axis::Horizontal) {
        Grip::None => x,
        Grip::To(start) if track > len => start / (track - len) * most,
        Grip::To(_) => x,
        Grip::Page(forward) => x + if forward { track } else { -track },
    }
    .clamp(0.0, most);
    let thumb = Rect::from_min_size(pos2(rect.min.x + place(next), rect.min.y), vec2(len, rect.height()));
    paint_bar(ui, rect, (most > 0.0).then_some(thumb), &response, theme);
    next
}

#[derive(Clone, Copy, PartialEq)]
enum Axis {
    Vertical,
    Horizontal,
}

/// What the pointer wants of a scroll bar.
enum Grip {
    None,
    /// The thumb is to begin here.
    To(f32),
    /// A page; forward or back.
    Page(bool),
}

fn bar_drag(ui: &Ui, response: &Response, origin: f32, thumb: Thumb, axis: Axis) -> Grip {
    let along = |pos: egui::Pos2| if axis == Axis::Vertical { pos.y } else { pos.x } - origin;
    let id = response.id.with("grip");
    if response.contains_pointer() || response.dragged() {
        ui.set_cursor_icon(CursorIcon::Default);
    }
    if !response.is_pointer_button_down_on() {
        ui.data_mut(|data| data.remove::<f32>(id));
        return Grip::None;
    }
    let (pressed, pos) = ui.input(|input| (input.pointer.primary_pressed(), input.pointer.interact_pos()));
    let Some(at) = pos.map(along) else { return Grip::None };
    let on_thumb = (thumb.start..thumb.start + thumb.len).contains(&at);
    if pressed {
        if !on_thumb {
            return Grip::Page(at > thumb.start);
        }
        ui.data_mut(|data| data.insert_temp(id, at - thumb.start));
        return Grip::None;
    }
    match ui.data(|data| data.get_temp::<f32>(id)) {
        Some(held) if response.dragged() => Grip::To(at - held),
        _ => Grip::None,
    }
}

fn paint_bar(ui: &Ui, rect: Rect, thumb: Option<Rect>, response: &Response, theme: &Theme) {
    let painter = ui.painter();
    painter.rect_filled(rect, 0.0, theme.panel);
    if let Some(thumb) = thumb {
        let color = if response.is_pointer_button_down_on() {
            theme.text_dim
        } else if response.hovered() {
            Theme::mix(theme.text_dim, theme.panel, 0.3)
        } else {
            Theme::mix(theme.text_dim, theme.panel, 0.55)
        };
        painter.rect_filled(thumb.shrink(2.0), 4.0, color);
    }
}

/// The ring around a painted view that has the keyboard.
pub fn focus_ring(ui: &Ui, rect: Rect, theme: &Theme) {
    let stroke = Stroke::new(super::theme::FOCUS_RING, theme.accent);
    ui.painter().rect_stroke(rect, 0.0, stroke, StrokeKind::Inside);
}

/// Slanted lines over a rectangle that has the gap's ground: the bytes between the end and a cursor past it.
pub fn hatch(painter: &Painter, rect: Rect, theme: &Theme) {
    let stroke = Stroke::new(1.0, Theme::mix(theme.gap, theme.text_dim, 0.35));
    let step = 2.0 * UNIT;
    // From one rectangle to the next the lines go on.
    let mut x = ((rect.min.x - rect.height()) / step).floor() * step;
    while x < rect.max.x {
        let (left, right) = (x.max(rect.min.x), (x + rect.height()).min(rect.max.x));
        if right > left {
            let y = |at: f32| rect.max.y - (at - x);
            painter.line_segment([pos2(left, y(left)), pos2(right, y(right))], stroke);
        }
        x += step;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HUGE: u64 = 1 << 60;

    fn rows(total: u64) -> Rows {
        Rows { total, row_height: 20.0, view_height: 205.0 }
    }

    fn at(top_row: u64, sub_px: f32) -> RowScroll {
        RowScroll { top_row, sub_px }
    }

    #[test]
    fn the_last_row_stands_whole_at_the_lower_edge() {
        let huge = rows(HUGE);
        let end = huge.end();
        assert_eq!(end, at(HUGE - 11, 15.0));
        assert_eq!(huge.y(end, HUGE - 1), Some(185.0));
        assert_eq!(huge.visible(end), HUGE - 11..HUGE);
        assert_eq!(rows(10).end(), at(0, 0.0));
        assert_eq!(rows(11).end(), at(0, 15.0));
        assert_eq!(rows(0).end(), at(0, 0.0));
        assert_eq!(rows(0).visible(at(0, 0.0)), 0..0);
    }

    #[test]
    fn points_carry_into_rows_at_any_size() {
        let huge = rows(HUGE);
        for start in [0, 1 << 24, 1 << 53, HUGE - 1000] {
            assert_eq!(huge.scroll_by(at(start, 5.0), 17.0), at(start + 1, 2.0));
            assert_eq!(huge.scroll_by(at(start + 2, 5.0), -17.0), at(start + 1, 8.0));
            assert_eq!(huge.scroll_by(at(start, 0.0), 0.25), at(start, 0.25));
        }
        assert_eq!(huge.scroll_by(at(1, 0.0), -1e9), at(0, 0.0));
        assert_eq!(huge.scroll_by(at(HUGE - 12, 0.0), 1e9), huge.end());
        assert_eq!(huge.scroll_by(at(3, 0.0), f32::NAN), at(3, 0.0));
        assert_eq!(rows(4).scroll_by(at(0, 0.0), 50.0), at(0, 0.0));
    }

    #[test]
    fn every_row_in_sight_has_its_place_and_is_found_there() {
        let huge = rows(HUGE);
        let scroll = at((1 << 59) + 7, 6.5);
        for row in huge.visible(scroll) {
            let y = huge.y(scroll, row).unwrap();
            assert_eq!(y, (row - scroll.top_row) as f32 * 20.0 - 6.5);
            assert_eq!(huge.row_at(scroll, y + 0.01), Some(row));
            assert_eq!(huge.row_at(scroll, y + 19.9), Some(row));
        }
        assert_eq!(huge.row_at(scroll, -7.0), Some(1 << 59 | 6));
        assert_eq!(huge.row_at(huge.end(), 206.0), None);
        assert_eq!(huge.y(scroll, 0), None);
    }

    #[test]
    fn the_thumb_reaches_both_ends_exactly_and_only_there() {
        for total in [12, 1000, 1 << 24, 1 << 40, HUGE] {
            let rows = rows(total);
            let free = 300.0 - rows.thumb(at(0, 0.0), 300.0).len;
            assert!(rows.thumb(at(0, 0.0), 300.0).len >= THUMB);
            assert_eq!(rows.thumb(at(0, 0.0), 300.0).start, 0.0);
            assert_eq!(rows.thumb(rows.end(), 300.0).start, free);
            assert_eq!(rows.at_thumb(0.0, 300.0), at(0, 0.0));
            assert_eq!(rows.at_thumb(free, 300.0), rows.end());
            assert_eq!(rows.at_thumb(1e9, 300.0), rows.end());
            let below = rows.scroll_by(at(0, 0.0), 1.0);
            assert!(rows.thumb(below, 300.0).start > 0.0, "{total}");
            let above = rows.scroll_by(rows.end(), -1.0);
            assert!(rows.thumb(above, 300.0).start < free, "{total}");
        }
    }

    #[test]
    fn a_drag_of_the_thumb_is_monotone_and_its_own_inverse_to_a_point() {
        for total in [50, 5000, 1 << 30, HUGE] {
            let rows = rows(total);
            let free = 300.0 - rows.thumb(at(0, 0.0), 300.0).len;
            let mut last = at(0, 0.0);
            for step in 0..=200 {
                let start = free * step as f32 / 200.0;
                let scroll = rows.at_thumb(start, 300.0);
                assert!((scroll.top_row, scroll.sub_px) >= (last.top_row, last.sub_px), "{total} at {start}");
                assert!((rows.thumb(scroll, 300.0).start - start).abs() <= 1.0, "{total} at {start}");
                last = scroll;
            }
        }
        let middle = rows(HUGE).at_thumb((300.0 - THUMB) / 2.0, 300.0);
        assert!(middle.top_row.abs_diff(HUGE / 2) < HUGE >> 12);
    }

    #[test]
    fn a_row_is_brought_into_sight_with_rows_around_it() {
        let huge = rows(HUGE);
        let scroll = at(1 << 59, 0.0);
        let reveal = |scroll, row| huge.reveal(scroll, row, 2);
        // In sight with its context: nothing moves.
        assert_eq!(reveal(scroll, (1 << 59) + 5), scroll);
        assert_eq!(reveal(scroll, (1 << 59) + 2), scroll);
        // Too near to an edge: just far enough.
        assert_eq!(reveal(scroll, (1 << 59) + 1), at((1 << 59) - 1, 0.0));
        let lower = reveal(scroll, (1 << 59) + 9);
        assert_eq!(huge.y(lower, (1 << 59) + 11), Some(185.0));
        // Far away: at a third.
        assert_eq!(reveal(scroll, 1 << 50), at((1 << 50) - 3, 0.0));
        assert_eq!(reveal(scroll, HUGE - 100), at(HUGE - 103, 0.0));
        // The ends, and rows that do not exist.
        assert_eq!(reveal(scroll, 0), at(0, 0.0));
        assert_eq!(reveal(scroll, HUGE - 1), huge.end());
        assert_eq!(reveal(scroll, u64::MAX), huge.end());
        // A pane lower than its context.
        let low = Rows { view_height: 45.0, ..huge };
        let seen = low.reveal(at(0, 0.0), 77, 3);
        let y = low.y(seen, 77).unwrap();
        assert!((0.0..=25.0).contains(&y), "{y}");
    }

    #[test]
    fn a_page_keeps_one_row_and_never_stands_still() {
        assert_eq!(rows(HUGE).page(), 9);
        assert_eq!(Rows { view_height: 3.0, ..rows(9) }.page(), 1);
        let huge = rows(HUGE);
        assert_eq!(huge.scroll_rows(at(5, 3.0), -6), at(0, 0.0));
        assert_eq!(huge.scroll_rows(at(5, 3.0), 9), at(14, 3.0));
        assert_eq!(huge.scroll_rows(at(HUGE - 20, 3.0), i64::MAX), huge.end());
    }
}
