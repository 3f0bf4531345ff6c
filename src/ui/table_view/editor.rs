//! The field in which a cell is typed, over the cell.

use egui::{Id, Key, KeyboardShortcut, Modifiers, Rect, TextEdit, Ui, UiBuilder, pos2, vec2};

use crate::app::Command;
use crate::app::table::{EditCommand, TableCommand, TableEdit};
use crate::ui::ViewCx;
use crate::ui::theme::{ROW, UNIT};

/// Lines of a cell that are seen at once.
const LINES: usize = 8;

/// The field's least width, in points.
const LEAST: f32 = 40.0 * UNIT;

/// Shows the field at `cell`, inside `area`. Enter and Tab write, Escape forgets, Alt+Enter makes a line.
pub(super) fn show(
    ui: &mut Ui,
    edit: &TableEdit,
    name: &str,
    cell: Rect,
    area: Rect,
    fresh: bool,
    cx: &ViewCx<'_>,
    commands: &mut Vec<Command>,
) {
    let id = Id::unique("seektell cell field");
    let mut push = |command| commands.push(Command::Table(TableCommand::Edit(command)));
    let has_focus = ui.memory(|memory| memory.has_focus(id));
    // Before the field sees them: it would put a tab in.
    let take = |modifiers, key| has_focus && ui.input_mut(|input| input.consume_key(modifiers, key));
    let steps =
        [(Modifiers::SHIFT, Key::Tab, (0, -1)), (Modifiers::NONE, Key::Tab, (0, 1)), (Modifiers::SHIFT, Key::Enter, (-1, 0))];
    let mut step = steps.into_iter().find_map(|(modifiers, key, step)| take(modifiers, key).then_some(step));
    let alt = has_focus && ui.input(|input| input.modifiers.alt);
    if step.is_none() && !alt && take(Modifiers::NONE, Key::Enter) {
        step = Some((1, 0));
    }
    let escape = take(Modifiers::NONE, Key::Escape);
    let lines = edit.text.split('\n').count().clamp(1, LINES);
    let width = cell.width().max(LEAST).min(area.width());
    let height = ROW + (lines - 1) as f32 * (ROW - UNIT) + UNIT;
    let left = cell.left().clamp(area.left(), (area.right() - width).max(area.left()));
    let top = (cell.top() - UNIT / 2.0).clamp(area.top() - ROW, (area.bottom() - height).max(area.top()));
    let rect = Rect::from_min_size(pos2(left, top), vec2(width, height));
    let mut text = edit.text.clone();
    let mut field = ui.new_child(UiBuilder::new().max_rect(rect));
    field.painter().rect_filled(rect, 2.0, cx.theme.control);
    let edit_field = TextEdit::multiline(&mut text)
        .id(id)
        .desired_rows(lines)
        .desired_width(width - 2.0 * UNIT)
        .lock_focus(true)
        .return_key(KeyboardShortcut::new(Modifiers::ALT, Key::Enter));
    let response = field.add_sized(rect.size(), edit_field).accessible_name(format!("Cell of {name}"));
    if fresh {
        response.request_focus();
        // The caret stands at the end; what is typed goes on there.
        let end = egui::text::CCursor::new(text.chars().count());
        let mut state = egui::text_edit::TextEditState::load(ui.ctx(), id).unwrap_or_default();
        state.cursor.set_char_range(Some(egui::text::CCursorRange::one(end)));
        state.store(ui.ctx(), id);
    }
    if text != edit.text {
        push(EditCommand::Text(text));
    }
    if escape {
        push(EditCommand::Cancel);
    } else if let Some((down, right)) = step {
        push(EditCommand::Commit { down, right });
    } else if response.lost_focus() && !fresh {
        // A click elsewhere: what was typed is meant.
        push(EditCommand::Commit { down: 0, right: 0 });
    }
}
