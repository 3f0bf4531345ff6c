//! Ctrl and the wheel over a view of bytes or text: its letters become larger or smaller.

use egui::{Response, Ui};

use crate::ui::theme;

/// One step of the size for each so much that the fingers or the wheel say.
const STEP: f32 = 1.08;

/// Height of a row for a size of text, in points.
pub(in crate::ui) fn row_height(font_size: f32) -> f32 {
    (font_size * theme::ROW / theme::MONO).round()
}

/// What was turned and no step of the size was made of yet, as a factor.
#[derive(Default)]
pub(in crate::ui) struct Zoom(f32);

impl Zoom {
    /// How many steps the size of the text under the pointer changes in this frame.
    pub(in crate::ui) fn steps(&mut self, ui: &Ui, response: &Response) -> i8 {
        let delta = if response.contains_pointer() { ui.input(egui::InputState::zoom_delta) } else { 1.0 };
        if delta == 1.0 || !delta.is_finite() {
            self.0 = 1.0;
            return 0;
        }
        self.0 = (self.0 * delta).clamp(0.1, 10.0);
        let mut steps = 0;
        while self.0 >= STEP {
            (self.0, steps) = (self.0 / STEP, steps + 1);
        }
        while self.0 <= 1.0 / STEP {
            (self.0, steps) = (self.0 * STEP, steps - 1);
        }
        steps
    }
}
