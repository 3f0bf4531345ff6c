//! Charts: axes with round numbers, grid lines, bars and curves, painted with the theme's colours. What a chart shows it
//! also says to those who do not see it.
//!
//! A [`Chart`] takes its place in a panel and gives back a [`Plot`], which turns values into points and back. What lies in
//! the plot is painted by whoever has the numbers, with [`Plot::bars`], [`Plot::curve`] or a painter of its own.

use egui::epaint::{Mesh, Vertex, WHITE_UV};
use egui::{Align2, Color32, Painter, Pos2, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::theme::{SMALL, Theme, UNIT, words};

/// Points between two numbers of the lower axis, at least.
const X_STEP: f32 = 72.0;

/// Points between two numbers of the left axis, at least.
const Y_STEP: f32 = 26.0;

/// One direction of a chart.
pub struct Axis<'a> {
    /// The value at its start.
    pub from: f64,
    /// The value at its end; greater than `from`.
    pub to: f64,
    /// Steps are 1, 2 or 5 times powers of ten, or else powers of two, as offsets have them.
    pub binary: bool,
    /// Values grow with the logarithm of one more than they.
    pub log: bool,
    /// A value in words.
    pub text: &'a dyn Fn(f64) -> String,
}

impl Axis<'_> {
    fn place(&self, value: f64) -> f64 {
        let scaled = |value: f64| if self.log { value.max(0.0).ln_1p() } else { value };
        let (from, to) = (scaled(self.from), scaled(self.to));
        if to > from { ((scaled(value) - from) / (to - from)).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// The values that are written, at most `most`.
    pub fn ticks(&self, most: usize) -> Vec<f64> {
        let most = most.max(1);
        let span = self.to - self.from;
        if !span.is_finite() || span <= 0.0 {
            return vec![self.from];
        }
        if self.log {
            // Powers of ten, as many of them as there is room for.
            let decades = self.to.max(1.0).log10().floor() as usize;
            let every = (decades + 1).div_ceil(most);
            return (0..=decades).step_by(every).map(|power| 10f64.powi(power as i32)).collect();
        }
        let step = step(span / most as f64, self.binary);
        let first = (self.from / step).ceil();
        (0..=most).map(|index| (first + index as f64) * step).take_while(|&value| value <= self.to + step * 1e-9).collect()
    }
}

/// The smallest round number that is not less than `least`.
fn step(least: f64, binary: bool) -> f64 {
    if binary {
        return 2f64.powf(least.max(1.0).log2().ceil());
    }
    let power = 10f64.powf(least.log10().floor());
    let factor = [1.0, 2.0, 5.0, 10.0].into_iter().find(|factor| factor * power >= least * (1.0 - 1e-9)).unwrap_or(10.0);
    factor * power
}

/// A chart that is to be shown.
pub struct Chart<'a> {
    /// What it is called; also its name for the layout.
    pub name: &'a str,
    /// What it shows, in words and with the numbers that matter.
    pub spoken: String,
    /// Its height in points, with the numbers of the axis below.
    pub height: f32,
    /// From left to right.
    pub x: Axis<'a>,
    /// From bottom to top.
    pub y: Axis<'a>,
}

/// The part of a chart where values are painted.
pub struct Plot {
    /// Where it is, without the numbers of the axes.
    pub rect: Rect,
    /// Clicks and drags on it.
    pub response: Response,
    painter: Painter,
    x: (f64, f64),
    y: (f64, f64, bool),
}

impl Chart<'_> {
    /// Takes the width there is, and paints ground, grid and numbers.
    pub fn show(&self, ui: &mut Ui, theme: &Theme) -> Plot {
        let (outer, _) = ui.allocate_exact_size(vec2(ui.available_width(), self.height), Sense::hover());
        let galley = |text: String| ui.painter().layout_no_wrap(text, words(SMALL), theme.text_dim);
        let below = SMALL + UNIT;
        let rows = ((self.height - below) / Y_STEP).floor().max(1.0) as usize;
        let labels: Vec<_> = self.y.ticks(rows).into_iter().map(|value| (value, galley((self.y.text)(value)))).collect();
        let left = labels.iter().map(|(_, label)| label.size().x).fold(0.0, f32::max) + UNIT;
        let rect = Rect::from_min_max(pos2(outer.min.x + left, outer.min.y + UNIT), pos2(outer.max.x - 1.0, outer.max.y - below));
        let rect = if rect.is_positive() { rect } else { Rect::from_min_size(outer.min, vec2(1.0, 1.0)) };
        let response = ui.interact(rect, ui.scope_id().with(("chart", self.name)), Sense::click_and_drag());
        let (name, spoken) = (self.name, self.spoken.clone());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("{name}: {spoken}")));
        let painter = ui.painter_at(outer);
        painter.rect_filled(rect, 0.0, theme.ground);
        for (value, label) in labels {
            let y = rect.bottom() - (self.y.place(value) as f32) * rect.height();
            painter.hline(rect.x_range(), y, Stroke::new(1.0, Theme::mix(theme.ground, theme.line, 0.7)));
            let top = (y - label.size().y / 2.0).clamp(outer.top(), rect.bottom() - label.size().y);
            painter.galley(pos2(rect.left() - UNIT - label.size().x, top), label, theme.text_dim);
        }
        let columns = (rect.width() / X_STEP).floor().max(1.0) as usize;
        for value in self.x.ticks(columns) {
            let x = rect.left() + (self.x.place(value) as f32) * rect.width();
            painter.vline(x, rect.bottom()..=rect.bottom() + UNIT / 2.0, Stroke::new(1.0, theme.line));
            let label = galley((self.x.text)(value));
            let half = label.size().x / 2.0;
            let x = x.clamp(rect.left() + half - left, (outer.right() - half).max(rect.left()));
            painter.galley(pos2(x - half, rect.bottom() + UNIT / 2.0), label, theme.text_dim);
        }
        let painter = painter.with_clip_rect(rect.expand(1.0));
        Plot { rect, response, painter, x: (self.x.from, self.x.to), y: (self.y.from, self.y.to, self.y.log) }
    }
}

impl Plot {
    /// The point across of a value.
    pub fn x(&self, value: f64) -> f32 {
        let (from, to) = self.x;
        self.rect.left() + (((value - from) / (to - from).max(f64::MIN_POSITIVE)) as f32) * self.rect.width()
    }

    /// The point up of a value.
    pub fn y(&self, value: f64) -> f32 {
        let (from, to, log) = self.y;
        let none = |_: f64| String::new();
        let axis = Axis { from, to, binary: false, log, text: &none };
        self.rect.bottom() - (axis.place(value) as f32) * self.rect.height()
    }

    /// The value across at a point, brought into the axis.
    pub fn value(&self, at: Pos2) -> f64 {
        let (from, to) = self.x;
        let share = f64::from((at.x - self.rect.left()) / self.rect.width().max(1.0)).clamp(0.0, 1.0);
        from + (to - from) * share
    }

    /// Painting in it; what lies outside is cut off.
    pub fn painter(&self) -> &Painter {
        &self.painter
    }

    /// Bars that stand side by side over the whole width, one a value; each has its colour.
    pub fn bars(&self, values: impl ExactSizeIterator<Item = (f64, Color32)>) {
        let width = self.rect.width() / values.len().max(1) as f32;
        let gap = if width >= 4.0 { 1.0 } else { 0.0 };
        let mut mesh = Mesh::default();
        for (index, (value, color)) in values.enumerate() {
            if value > 0.0 {
                let left = self.rect.left() + index as f32 * width;
                // What occurs at all can be seen.
                let top = self.y(value).min(self.rect.bottom() - 1.0);
                mesh.add_colored_rect(Rect::from_min_max(pos2(left, top), pos2(left + width - gap, self.rect.bottom())), color);
            }
        }
        self.painter.add(mesh);
    }

    /// A curve with its area filled, from points in the order of their places; `None` leaves a gap.
    pub fn curve(&self, points: impl Iterator<Item = (f64, Option<f64>)>, color: Color32, fill: Color32) {
        let mut runs: Vec<Vec<Pos2>> = vec![Vec::new()];
        for (x, y) in points {
            match (y, runs.last_mut()) {
                (Some(y), Some(run)) => run.push(pos2(self.x(x), self.y(y))),
                _ => runs.push(Vec::new()),
            }
        }
        for run in runs.into_iter().filter(|run| run.len() > 1) {
            let mut mesh = Mesh::default();
            for pair in run.windows(2) {
                let first = mesh.vertices.len() as u32;
                let bottom = self.rect.bottom();
                for pos in [pair[0], pair[1], pos2(pair[1].x, bottom), pos2(pair[0].x, bottom)] {
                    mesh.vertices.push(Vertex { pos, uv: WHITE_UV, color: fill });
                }
                mesh.add_triangle(first, first + 1, first + 2);
                mesh.add_triangle(first, first + 2, first + 3);
            }
            self.painter.add(mesh);
            self.painter.line(run, Stroke::new(1.5, color));
        }
    }

    /// A line from top to bottom at a value.
    pub fn marker(&self, value: f64, color: Color32) {
        self.painter.vline(self.x(value), self.rect.y_range(), Stroke::new(1.0, color));
    }

    /// Words in the middle, where there is nothing to paint.
    pub fn note(&self, text: &str, theme: &Theme) {
        self.painter.text(self.rect.center(), Align2::CENTER_CENTER, text, words(SMALL), theme.text_dim);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(from: f64, to: f64, binary: bool, log: bool) -> Axis<'static> {
        Axis { from, to, binary, log, text: &|value| value.to_string() }
    }

    #[test]
    fn numbers_on_axes_are_round() {
        assert_eq!(axis(0.0, 8.0, false, false).ticks(4), [0.0, 2.0, 4.0, 6.0, 8.0]);
        assert_eq!(axis(0.0, 1.0, false, false).ticks(2), [0.0, 0.5, 1.0]);
        assert_eq!(axis(3.0, 97.0, false, false).ticks(5), [20.0, 40.0, 60.0, 80.0]);
        assert_eq!(axis(0.0, 1000.0, true, false).ticks(4), [0.0, 256.0, 512.0, 768.0]);
        assert_eq!(axis(0.0, 12_345.0, false, true).ticks(5), [1.0, 10.0, 100.0, 1000.0, 10_000.0]);
        assert_eq!(axis(0.0, 1e12, false, true).ticks(5).len(), 5);
        assert_eq!(axis(5.0, 5.0, false, false).ticks(5), [5.0]);
        assert!(axis(0.0, 1e19, true, false).ticks(6).len() <= 7);
    }

    #[test]
    fn logarithms_begin_at_nothing() {
        let log = axis(0.0, 999.0, false, true);
        assert_eq!((log.place(0.0), log.place(999.0)), (0.0, 1.0));
        assert!((log.place(9.0) - 1.0 / 3.0).abs() < 1e-9);
    }
}
