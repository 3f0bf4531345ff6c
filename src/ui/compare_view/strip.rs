//! The overview: where in both documents the differences are, from the first place at the top to the last at the bottom.

use egui::{Color32, Rect, Role, Stroke, Ui, WidgetInfo, pos2};

use super::sides::Sides;
use super::{CompareView, pointer_only};
use crate::app::{Command, CompareCommand, RowScroll, Side};
use crate::explore::compare::Difference;
use crate::ui::theme::{Theme, UNIT};

/// The least height of a mark, in points.
const MARK: f32 = 2.0;

/// The colour of a difference in the overview.
pub(super) fn color(theme: &Theme, difference: &Difference) -> Color32 {
    theme.compare_marks[usize::from(difference.changed() == 0)]
}

pub(super) fn show(ui: &mut Ui, rect: Rect, sides: &Sides<'_>, scroll: RowScroll, commands: &mut Vec<Command>) {
    let (compared, theme) = (sides.compared, sides.theme);
    let total = compared.places.total();
    let response = ui.interact(rect, CompareView::id(Side::Left).with("overview"), pointer_only());
    response.widget_info(|| {
        let count = compared.comparison.differences.len();
        WidgetInfo::labeled(Role::ScrollBar, total > 0, format!("Overview, {count} differences"))
    });
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 0.0, theme.panel);
    let inner = rect.shrink2(egui::vec2(UNIT / 2.0, 0.0));
    let steps = inner.height().floor().max(1.0) as u64;
    let place = |step: u64| (u128::from(step) * u128::from(total) / u128::from(steps)) as u64;
    for step in 0..steps {
        let (from, to) = (place(step), place(step + 1).max(place(step) + 1));
        let here = compared.places.difference_at(&compared.comparison, from).or_else(|| {
            let next = compared.places.first_from(from);
            compared.places.start(next).filter(|&start| start < to).map(|_| next)
        });
        let Some(difference) = here.and_then(|index| compared.comparison.differences.get(index)) else { continue };
        let top = inner.min.y + step as f32;
        let mark = Rect::from_min_max(pos2(inner.min.x, top), pos2(inner.max.x, (top + MARK).min(inner.max.y)));
        painter.rect_filled(mark, 0.0, color(theme, difference));
    }
    // What is in sight.
    let seen = sides.rows.visible(scroll);
    let y = |place: u64| inner.min.y + (place as f64 / total.max(1) as f64 * f64::from(inner.height())) as f32;
    let (top, bottom) = (y(sides.model.place_of(seen.start)), y(sides.model.place_of(seen.end).min(total)));
    let shown = Rect::from_min_max(pos2(rect.min.x, top), pos2(rect.max.x, bottom.max(top + 3.0)));
    painter.rect_stroke(shown, 1.0, Stroke::new(1.0, theme.text_dim), egui::StrokeKind::Inside);
    if response.is_pointer_button_down_on()
        && let Some(pos) = response.interact_pointer_pos()
    {
        let part = f64::from(((pos.y - inner.min.y) / inner.height()).clamp(0.0, 1.0));
        let mut to = ((total as f64 * part) as u64).min(total.saturating_sub(1));
        // A click on a mark means its difference.
        let near = (total / steps).max(1).saturating_mul(3);
        let next = compared.places.first_from(to.saturating_sub(near));
        if let Some(start) = compared.places.start(next).filter(|start| start.abs_diff(to) <= near)
            && !response.dragged()
        {
            to = start;
        }
        let side = sides.open.view.side;
        if to != sides.open.view.cursor {
            commands.push(Command::Compare(CompareCommand::Cursor { place: to, side, reveal: true }));
        }
    }
}
