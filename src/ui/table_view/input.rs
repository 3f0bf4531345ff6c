//! The pointer and the keyboard on the cells.

use egui::{Event, EventFilter, InputState, Key, Modifiers, Response, Ui};

use super::grid::Grid;
use crate::app::table::{EditCommand, TableAction, TableCommand};
use crate::app::{Action, Command, RowScroll, ViewCommand};
use crate::ui::{context_menu, menu};

impl Grid<'_> {
    /// Chooses what is clicked and dragged over; returns the place of the row and of the column that has to come into sight.
    pub(super) fn pointer(
        &self,
        ui: &Ui,
        response: &Response,
        scroll: RowScroll,
        x: f32,
        commands: &mut Vec<Command>,
    ) -> Option<(u64, usize)> {
        let shift = ui.input(|input| input.modifiers.shift);
        let cells = self.areas.cells;
        let table = |command| Command::Table(command);
        let numbers = |at: egui::Pos2| at.x < cells.left();
        let column = |place: usize| self.shown.columns.column(place);
        let at = response.interact_pointer_pos();
        let cell = at.and_then(|at| self.cell_at(at, scroll, x));
        if response.clicked() || response.drag_started() || response.secondary_clicked() {
            response.request_focus();
            // What was typed into another cell is written first.
            if self.open.view.table.edit.is_some() {
                commands.push(table(TableCommand::Edit(EditCommand::Commit { down: 0, right: 0 })));
            }
        }
        if response.drag_started()
            && let Some(from) = ui.input(|input| input.pointer.press_origin())
            && let Some((row, place)) = self.cell_at(from, scroll, x)
            && !shift
        {
            commands.push(match numbers(from) {
                true => table(TableCommand::Rows(row, false)),
                false => Command::View(ViewCommand::TableCell(row, column(place))),
            });
        }
        if response.dragged()
            && let (Some(at), Some(from)) = (at, ui.input(|input| input.pointer.press_origin()))
            && from.y >= cells.top()
        {
            // Beyond an edge the table scrolls.
            let inside = egui::pos2(at.x.clamp(cells.left(), cells.right() - 1.0), at.y.clamp(cells.top(), cells.bottom() - 1.0));
            let (mut row, mut place) = self.cell_at(inside, scroll, x)?;
            let outside = !cells.contains(at);
            if at.y > cells.bottom() {
                row = (row + 1).min(self.rows.total.saturating_sub(1));
            } else if at.y < cells.top() {
                row = row.saturating_sub(1);
            }
            if at.x > cells.right() {
                place = (place + 1).min(self.shown.columns.count() - 1);
            } else if at.x < cells.left() && !numbers(from) {
                place = place.saturating_sub(1);
            }
            if outside && !numbers(at) || outside && at.y > cells.bottom() {
                ui.ctx().request_repaint_after(std::time::Duration::from_millis(30));
            }
            let to = match numbers(from) {
                true => TableCommand::Rows(row, true),
                false => TableCommand::Extend(row, column(place)),
            };
            if self.cell != Some((row, column(place))) || numbers(from) {
                commands.push(table(to));
            }
            return outside.then_some((row, place));
        }
        if response.double_clicked()
            && let (Some(at), Some((row, place))) = (at, cell)
            && !numbers(at)
        {
            commands.push(table(TableCommand::Edit(EditCommand::Begin(Some(row), column(place), None))));
        } else if response.clicked()
            && let (Some(at), Some((row, place))) = (at, cell)
        {
            commands.push(match (numbers(at), shift) {
                (true, shift) => table(TableCommand::Rows(row, shift)),
                (false, true) => table(TableCommand::Extend(row, column(place))),
                (false, false) => Command::View(ViewCommand::TableCell(row, column(place))),
            });
        }
        if response.secondary_clicked()
            && let (Some(at), Some((row, place))) = (at, cell)
        {
            let inside = |column| self.selected.as_ref().is_some_and(|selected| selected.contains(row, column));
            match numbers(at) {
                true if !inside(column(0)) => commands.push(table(TableCommand::Rows(row, false))),
                false if !inside(column(place)) => commands.push(Command::View(ViewCommand::TableCell(row, column(place)))),
                _ => {}
            }
        }
        None
    }

    /// What the chosen cells offer, and what the actions do.
    pub(super) fn menu(&self, response: &Response, commands: &mut Vec<Command>) {
        context_menu::show_with(response, context_menu::Place::Table, None, self.cx, commands, |ui, commands| {
            for action in [TableAction::Edit, TableAction::GoToBytes] {
                menu::item(ui, Action::Table(action), self.cx, commands);
            }
            ui.separator();
        });
    }

    /// What keys ask for; returns the place of the row and of the column that has to come into sight.
    pub(super) fn keys(&self, ui: &Ui, commands: &mut Vec<Command>) -> Option<(u64, usize)> {
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..Default::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(super::grid::id(), filter));
        let (rows, columns) = (self.rows.total, self.shown.columns.count());
        if rows == 0 || columns == 0 || self.open.view.table.edit.is_some() {
            return None;
        }
        let (last_row, last) = (rows - 1, columns - 1);
        let first = self.cell.is_none();
        let (row, column) =
            self.cell.unwrap_or_else(|| (self.open.view.table_scroll.top_row.min(last_row), self.shown.columns.column(0)));
        let at = self.shown.columns.place(column).unwrap_or(0);
        let page = self.rows.page();
        if self.begin_typing(ui, row, column, commands) {
            return None;
        }
        let found = ui.input_mut(|input| {
            for shift in [false, true] {
                let with = |modifiers: Modifiers| if shift { modifiers | Modifiers::SHIFT } else { modifiers };
                let mut times = |modifiers, key| take(input, with(modifiers), key);
                let (plain, ctrl) = (Modifiers::NONE, Modifiers::COMMAND);
                let steps = [
                    (times(plain, Key::ArrowUp), times(plain, Key::PageUp).saturating_mul(page)),
                    (times(plain, Key::ArrowDown), times(plain, Key::PageDown).saturating_mul(page)),
                    (times(plain, Key::ArrowLeft), 0),
                    (times(plain, Key::ArrowRight), 0),
                ];
                let [up, down, left, right] = steps.map(|(single, pages)| single.saturating_add(pages));
                let to = if times(ctrl, Key::Home) > 0 {
                    (0, 0)
                } else if times(ctrl, Key::End) > 0 {
                    (last_row, last)
                } else if times(ctrl, Key::ArrowUp) > 0 {
                    (0, at)
                } else if times(ctrl, Key::ArrowDown) > 0 {
                    (last_row, at)
                } else if times(ctrl, Key::ArrowLeft) + times(plain, Key::Home) > 0 {
                    (row, 0)
                } else if times(ctrl, Key::ArrowRight) + times(plain, Key::End) > 0 {
                    (row, last)
                } else if up + down + left + right == 0 {
                    continue;
                } else if first {
                    (row, at)
                } else {
                    let row = row.saturating_sub(up).saturating_add(down).min(last_row);
                    (row, at.saturating_sub(left as usize).saturating_add(right as usize).min(last))
                };
                return Some((shift, to));
            }
            None
        });
        if let Some((shift, (row, place))) = found {
            let column = self.shown.columns.column(place);
            commands.push(match shift {
                true => Command::Table(TableCommand::Extend(row, column)),
                false => Command::View(ViewCommand::TableCell(row, column)),
            });
            return Some((row, place));
        }
        self.other_keys(ui, row, column, commands);
        None
    }

    /// Whole rows and columns, and going back to one cell.
    fn other_keys(&self, ui: &Ui, row: u64, column: usize, commands: &mut Vec<Command>) {
        let pressed = |modifiers, key| ui.input_mut(|input| take(input, modifiers, key)) > 0;
        if pressed(Modifiers::COMMAND, Key::Space) {
            commands.push(Command::Table(TableCommand::Column(column, false)));
        } else if pressed(Modifiers::SHIFT, Key::Space) {
            commands.push(Command::Table(TableCommand::Rows(row, false)));
        } else if self.open.view.table.anchor.is_some() && pressed(Modifiers::NONE, Key::Escape) {
            commands.push(Command::View(ViewCommand::TableCell(row, column)));
        }
    }

    /// Enter, F2 and typing open the cell.
    fn begin_typing(&self, ui: &Ui, row: u64, column: usize, commands: &mut Vec<Command>) -> bool {
        if self.cell.is_none() {
            return false;
        }
        let open = ui.input_mut(|input| take(input, Modifiers::NONE, Key::F2) + take(input, Modifiers::NONE, Key::Enter) > 0);
        let text = ui.input_mut(|input| {
            let mut typed = String::new();
            input.events.retain(|event| match event {
                Event::Text(text) if !text.chars().all(|c| c == ' ') || !typed.is_empty() => {
                    typed += text;
                    false
                }
                _ => true,
            });
            typed
        });
        if !open && text.is_empty() {
            return false;
        }
        let text = (!open).then_some(text);
        commands.push(Command::Table(TableCommand::Edit(EditCommand::Begin(Some(row), column, text))));
        true
    }
}

/// Takes the presses of this key with exactly these others held out of the input; says how many there were.
fn take(input: &mut InputState, held: Modifiers, wanted: Key) -> u64 {
    let mut taken = 0;
    input.events.retain(|event| {
        let Event::Key { key, pressed: true, modifiers, .. } = event else { return true };
        let hit = *key == wanted && modifiers.matches_exact(held);
        taken += u64::from(hit);
        !hit
    });
    taken
}
