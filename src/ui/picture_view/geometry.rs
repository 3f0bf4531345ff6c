//! Where a picture lies in its pane: scale, centre, and what a zoom or a pan does to them.

use egui::{Pos2, Rect, Vec2, pos2, vec2};

use crate::app::Zoom;

/// Least and largest scale in points a pixel.
pub(super) const SCALES: (f32, f32) = (1.0 / 64.0, 64.0);

/// Pictures with no longer side than this are enlarged by whole numbers to fit.
const TINY: f32 = 64.0;

/// A picture in its pane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Placement {
    /// The pane.
    pub(super) pane: Rect,
    /// Width and height in pixels.
    pub(super) size: Vec2,
    /// Points a pixel.
    pub(super) scale: f32,
    /// The point of the picture, in its pixels, in the middle of the pane.
    pub(super) center: Pos2,
}

impl Placement {
    pub(super) fn new(pane: Rect, size: Vec2, zoom: Zoom, center: Option<[f32; 2]>) -> Self {
        let scale = match zoom {
            Zoom::Fit => fit(pane, size),
            Zoom::Scale(scale) if scale.is_finite() => scale.clamp(SCALES.0, SCALES.1),
            Zoom::Scale(_) => 1.0,
        };
        let middle = (size / 2.0).to_pos2();
        let center = match (zoom, center) {
            (Zoom::Scale(_), Some([x, y])) if x.is_finite() && y.is_finite() => pos2(x, y),
            _ => middle,
        };
        Self { pane, size, scale, center }.clamped()
    }

    /// The picture never leaves the pane: what is smaller is centred, what is larger leaves no gap at its edges.
    fn clamped(self) -> Self {
        let half = self.pane.size() / (2.0 * self.scale);
        let axis =
            |center: f32, size: f32, half: f32| if size <= 2.0 * half { size / 2.0 } else { center.clamp(half, size - half) };
        let center = pos2(axis(self.center.x, self.size.x, half.x), axis(self.center.y, self.size.y, half.y));
        Self { center, ..self }
    }

    /// The picture's place on the screen.
    pub(super) fn rect(&self) -> Rect {
        let min = self.pane.center() - self.center.to_vec2() * self.scale;
        Rect::from_min_size(min, self.size * self.scale)
    }

    /// The point of the picture, in its pixels, under a point of the screen; may lie outside of the picture.
    pub(super) fn at(&self, screen: Pos2) -> Pos2 {
        self.center + (screen - self.pane.center()) / self.scale
    }

    /// The pixel under a point of the screen.
    pub(super) fn pixel(&self, screen: Pos2) -> Option<(u32, u32)> {
        let at = self.at(screen);
        let inside = self.pane.contains(screen) && at.x >= 0.0 && at.y >= 0.0 && at.x < self.size.x && at.y < self.size.y;
        inside.then_some((at.x as u32, at.y as u32))
    }

    /// The pixel that is nearest to a point of the screen.
    pub(super) fn nearest(&self, screen: Pos2) -> (u32, u32) {
        let at = self.at(screen);
        let side = |at: f32, size: f32| at.clamp(0.0, (size - 1.0).max(0.0)) as u32;
        (side(at.x, self.size.x), side(at.y, self.size.y))
    }

    /// Zoomed to a scale so that what is under `screen` stays there.
    pub(super) fn zoomed(&self, scale: f32, screen: Pos2) -> Self {
        let scale = scale.clamp(SCALES.0, SCALES.1);
        let under = self.at(screen);
        let center = under - (screen - self.pane.center()) / scale;
        Self { scale, center, ..*self }.clamped()
    }

    /// The next round scale up or down: powers of two.
    pub(super) fn step(&self, up: bool) -> f32 {
        let power = self.scale.log2();
        let next = if up { (power + 0.001).floor() + 1.0 } else { (power - 0.001).ceil() - 1.0 };
        next.exp2().clamp(SCALES.0, SCALES.1)
    }

    /// Moved by a distance on the screen, as if the picture were pushed.
    pub(super) fn panned(&self, by: Vec2) -> Self {
        Self { center: self.center - by / self.scale, ..*self }.clamped()
    }
}

fn fit(pane: Rect, size: Vec2) -> f32 {
    let room = (pane.width() / size.x.max(1.0)).min(pane.height() / size.y.max(1.0));
    if size.max_elem() <= TINY && room >= 2.0 { room.floor().min(16.0) } else { room.clamp(SCALES.0, 1.0) }
}

/// How far one press of an arrow key goes, in points.
pub(super) fn arrow(horizontal: f32, vertical: f32) -> Vec2 {
    vec2(horizontal, vertical) * 48.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pane() -> Rect {
        Rect::from_min_size(pos2(10.0, 20.0), vec2(400.0, 300.0))
    }

    #[test]
    fn fitting_never_enlarges_but_what_is_tiny() {
        let scale = |w, h| Placement::new(pane(), vec2(w, h), Zoom::Fit, None).scale;
        assert_eq!(scale(800.0, 600.0), 0.5);
        assert_eq!(scale(100.0, 100.0), 1.0);
        assert_eq!(scale(16.0, 16.0), 16.0);
        assert_eq!(scale(40.0, 30.0), 10.0);
        assert_eq!(Placement::new(pane(), vec2(800.0, 600.0), Zoom::Fit, None).rect(), pane());
    }

    #[test]
    fn zooming_keeps_what_is_under_the_pointer() {
        let placed = Placement::new(pane(), vec2(4000.0, 3000.0), Zoom::Scale(1.0), Some([2000.0, 1500.0]));
        let pointer = pos2(110.0, 70.0);
        let zoomed = placed.zoomed(2.0, pointer);
        assert_eq!(zoomed.scale, 2.0);
        assert!((zoomed.at(pointer) - placed.at(pointer)).length() < 0.01);
    }

    #[test]
    fn a_picture_never_leaves_its_pane() {
        let placed = Placement::new(pane(), vec2(1000.0, 100.0), Zoom::Scale(1.0), Some([5000.0, 0.0]));
        assert_eq!(placed.center, pos2(800.0, 50.0));
        assert_eq!(placed.panned(vec2(9999.0, 9999.0)).center, pos2(200.0, 50.0));
        assert_eq!(placed.pixel(pane().center()), Some((800, 50)));
        assert_eq!(placed.pixel(pane().min), None);
    }

    #[test]
    fn steps_are_round() {
        let at = |scale| Placement::new(pane(), vec2(10.0, 10.0), Zoom::Scale(scale), None);
        assert_eq!((at(1.0).step(true), at(1.0).step(false)), (2.0, 0.5));
        assert_eq!((at(0.7).step(true), at(0.7).step(false)), (1.0, 0.5));
        assert_eq!((at(64.0).step(true), at(1.0 / 64.0).step(false)), (64.0, 1.0 / 64.0));
    }
}
