//! Pointer and keys in the rows of both sides.

use egui::{CursorIcon, Event, EventFilter, Key, Modifiers, PointerButton, Pos2, Response, Ui};

use super::CompareView;
use super::sides::Sides;
use crate::app::{Command, CompareCommand, HexColumn, RowScroll, Side, ViewCommand};
use crate::explore::compare::RowKind;
use crate::ui::hex_view::drag::{Drag, DragKind, past_edge, run};
use crate::ui::theme::ROW;
use crate::ui::{ViewCx, context_menu};

const FILTER: EventFilter = EventFilter { tab: false, horizontal_arrows: true, vertical_arrows: true, escape: false };

/// A press of the mouse on a side that is still held; it counts in places.
pub(super) type Held = Option<(Side, Drag)>;

impl Sides<'_> {
    /// What the user does with the rows; returns where both sides are scrolled to.
    pub(super) fn interact(
        &self,
        ui: &mut Ui,
        mut scroll: [RowScroll; 2],
        held: &mut Held,
        commands: &mut Vec<Command>,
    ) -> [RowScroll; 2] {
        let apart = self.open.view.apart;
        for side in Side::BOTH {
            let (i, body) = (side.index(), self.areas.bodies[side.index()]);
            let response = ui.interact(body, CompareView::id(side), egui::Sense::click_and_drag());
            let (mut to, _) = self.rows.wheel(ui, &response, scroll[i]);
            if apart || side == Side::Right {
                to = self.rows.bar(
                    ui,
                    self.areas.bars[i],
                    CompareView::id(side).with("bar"),
                    "Scroll the comparison",
                    to,
                    self.theme,
                );
            }
            to = self.mouse(ui, &response, side, to, held, commands);
            if response.gained_focus() && side != self.open.view.side && !response.is_pointer_button_down_on() {
                commands.push(self.turn_to(side, self.open.view.cursor));
            }
            if response.has_focus() {
                to = self.keys(ui, side, to, commands);
            }
            if to != scroll[i] {
                scroll[i] = to;
                if !apart {
                    scroll = [to; 2];
                }
            }
        }
        scroll
    }

    /// Presses, drags and double clicks. Returns the scroll position, which a drag past an edge moves.
    fn mouse(
        &self,
        ui: &Ui,
        response: &Response,
        side: Side,
        scroll: RowScroll,
        held: &mut Held,
        commands: &mut Vec<Command>,
    ) -> RowScroll {
        let (pos, pressed, shift) =
            ui.input(|input| (input.pointer.interact_pos(), input.pointer.primary_pressed(), input.modifiers.shift));
        let Some(pos) = pos else { return scroll };
        let body = self.areas.bodies[side.index()];
        let columns = self.model.columns();
        let which = self.places.which(pos.x - body.min.x);
        let fold = match self.rows.row_at(scroll, pos.y - body.min.y).map(|row| self.model.row(row)) {
            Some(RowKind::Fold { start, .. }) if body.contains(pos) => Some(start),
            _ => None,
        };
        if response.hovered() && which.is_some() && fold.is_none() {
            ui.set_cursor_icon(CursorIcon::Text);
        }
        let select =
            |(anchor, head)| Command::Compare(CompareCommand::Select { side, anchor, head: self.clamped(head), reveal: false });
        if let Some(start) = fold
            && held.is_none()
        {
            if response.clicked() || response.secondary_clicked() {
                response.request_focus();
            }
            if response.clicked() {
                commands.push(Command::Compare(CompareCommand::Open(start)));
            }
            return scroll;
        }
        let at = self.nearest(side, scroll, pos, which.unwrap_or_default(), None);
        if response.double_clicked() {
            let offset = Self::offset(side, &self.compared.places.at(&self.compared.comparison, at));
            let run = offset.and_then(|offset| run(&self.compared.bytes[side.index()], offset));
            if let Some((start, end)) = run {
                // The end of the run, not what comes behind a gap after it.
                let last = self.compared.place(end - 1, side);
                commands.push(select((self.compared.place(start, side), last + 1)));
            }
            *held = None;
            return scroll;
        }
        if response.secondary_clicked() {
            response.request_focus();
            let offset = self.compared.offset(at, side);
            let is_selected = self.range(side).contains(&offset);
            // The menu is about what it is pressed on, or about the selection where that is there.
            if !is_selected {
                commands.push(Command::Compare(CompareCommand::Cursor { place: at, side, reveal: false }));
            } else if side != self.open.view.side {
                commands.push(self.turn_to(side, at));
            }
        }
        let begins =
            (pressed && response.is_pointer_button_down_on()) || (response.clicked_by(PointerButton::Primary) && held.is_none());
        if begins {
            response.request_focus();
            *held = Some((side, self.press(side, at, which, shift, commands)));
        }
        if !response.is_pointer_button_down_on() {
            if held.is_some_and(|(of, _)| of == side) {
                *held = None;
            }
            return scroll;
        }
        let Some((_, drag)) = held.as_mut().filter(|(of, _)| *of == side && !begins) else { return scroll };
        let at = self.nearest(side, scroll, pos, drag.column, Some(drag.anchor));
        if let Some(selection) = drag.moved(at, columns) {
            commands.push(select(selection));
        }
        past_edge(ui, &self.rows, scroll, body, pos)
    }

    /// The mouse was pressed on a place: what begins with it.
    fn press(&self, side: Side, at: u64, which: Option<HexColumn>, shift: bool, commands: &mut Vec<Command>) -> Drag {
        let columns = self.model.columns();
        let column = which.unwrap_or_default();
        let select =
            |(anchor, head)| Command::Compare(CompareCommand::Select { side, anchor, head: self.clamped(head), reveal: false });
        if which.is_none() {
            let anchor = at - at % columns;
            let drag = Drag { column, anchor, kind: DragKind::Rows, step: 1, head: Some(anchor) };
            commands.push(select(drag.selection(anchor, columns)));
            return drag;
        }
        let drag = if shift {
            let drag = Drag { column, anchor: self.anchor(side), kind: DragKind::Extend, step: 1, head: Some(at) };
            commands.push(select(drag.selection(at, columns)));
            drag
        } else {
            commands.push(Command::Compare(CompareCommand::Cursor { place: at, side, reveal: false }));
            Drag { column, anchor: at, kind: DragKind::Cells, step: 1, head: None }
        };
        // The document of the side is the one in front by now.
        commands.push(Command::View(ViewCommand::HexColumn(column)));
        drag
    }

    /// Where a selection of a side began, or would begin.
    fn anchor(&self, side: Side) -> u64 {
        match self.selected[side.index()] {
            Some((anchor, _)) => self.compared.place(anchor, side),
            None => self.open.view.cursor,
        }
    }

    /// Another side has the keyboard: the cursor goes to the end of what is selected there, or to a place.
    fn turn_to(&self, side: Side, place: u64) -> Command {
        Command::Compare(match self.selected[side.index()] {
            Some((anchor, head)) => {
                let (anchor, head) = (self.compared.place(anchor, side), self.compared.place(head, side));
                CompareCommand::Select { side, anchor, head, reveal: false }
            }
            None => CompareCommand::Cursor { place, side, reveal: false },
        })
    }

    fn clamped(&self, place: u64) -> u64 {
        place.min(self.compared.places.total())
    }

    /// The place of the nearest cell to a point, of the rows in sight. A drag from `anchor` takes folds in as a whole.
    fn nearest(&self, side: Side, scroll: RowScroll, pos: Pos2, column: HexColumn, anchor: Option<u64>) -> u64 {
        let body = self.areas.bodies[side.index()];
        let y = pos.y.clamp(body.min.y, body.max.y - 0.5) - body.min.y;
        let row = self.rows.row_at(scroll, y).unwrap_or(self.rows.total.saturating_sub(1));
        let place = match self.model.row(row) {
            RowKind::Places(first) => first.saturating_add(self.places.nearest(column, pos.x - body.min.x)),
            RowKind::Fold { start, end } if anchor.is_some_and(|anchor| anchor <= start) => end.saturating_sub(1),
            RowKind::Fold { start, .. } => start,
        };
        place.min(self.compared.places.total().saturating_sub(1))
    }

    /// The menus of the right button, at the cursor where a key opened them.
    pub(super) fn menus(&self, ui: &mut Ui, scroll: [RowScroll; 2], cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        for side in Side::BOTH {
            let body = self.areas.bodies[side.index()];
            let response = ui.interact(body, CompareView::id(side), egui::Sense::click_and_drag());
            let row = self.model.row_of(self.open.view.cursor);
            let caret = self.top(body, scroll[side.index()], row).map(|top| egui::pos2(body.center().x, top + ROW));
            let caret = caret.filter(|caret| body.contains(*caret));
            context_menu::show_with(&response, context_menu::Place::Comparison, caret, cx, commands, |ui, commands| {
                if ui.button("Show in the document").on_hover_text("Goes to these bytes in their document (Enter)").clicked() {
                    commands.push(Command::Compare(CompareCommand::ShowInDocument));
                }
                ui.separator();
            });
        }
    }

    fn keys(&self, ui: &Ui, side: Side, mut scroll: RowScroll, commands: &mut Vec<Command>) -> RowScroll {
        ui.memory_mut(|memory| memory.set_focus_lock_filter(CompareView::id(side), FILTER));
        let end = self.compared.places.total();
        let last = end.saturating_sub(1);
        let columns = self.model.columns();
        let mut cursor = self.open.view.cursor.min(end);
        let mut anchor = self.anchor(side);
        for event in ui.input(|input| input.filtered_events(&FILTER)) {
            let Event::Key { key, pressed: true, modifiers, .. } = event else { continue };
            let extend = modifiers.shift;
            let modifiers = Modifiers { shift: false, ..modifiers };
            let control = modifiers.matches_logically(Modifiers::COMMAND);
            if !modifiers.is_none() && !control {
                continue;
            }
            let row = self.model.row_of(cursor).min(self.model.total() - 1);
            let fold = match self.model.row(row) {
                RowKind::Fold { start, end } if (start..end).contains(&cursor) => Some((start, end)),
                _ => None,
            };
            // To another row, in the same column where it has one.
            let to_row = |row: u64| {
                let row = row.min(self.model.total() - 1);
                match self.model.row(row) {
                    RowKind::Fold { start, .. } => start,
                    RowKind::Places(first) => first + cursor % columns,
                }
            };
            let page = self.rows.page();
            let to = match key {
                Key::ArrowLeft if !control => fold.map_or(cursor, |(start, _)| start).saturating_sub(1),
                Key::ArrowRight if !control => fold.map_or(cursor + 1, |(_, end)| end),
                Key::ArrowUp if !control => to_row(row.saturating_sub(1)),
                Key::ArrowDown if !control => to_row(row + 1),
                Key::PageUp if !control => {
                    scroll = self.rows.scroll_rows(scroll, -(page as i64));
                    to_row(row.saturating_sub(page))
                }
                Key::PageDown if !control => {
                    scroll = self.rows.scroll_rows(scroll, page as i64);
                    to_row(row.saturating_add(page))
                }
                Key::Home if control => 0,
                Key::End if control => end,
                Key::Home => cursor / columns * columns,
                // With Shift the row's last byte is taken in.
                Key::End => cursor / columns * columns + if extend { columns } else { columns - 1 },
                Key::Enter if !extend => {
                    commands.push(Command::Compare(match fold {
                        Some((start, _)) => CompareCommand::Open(start),
                        None => CompareCommand::ShowInDocument,
                    }));
                    continue;
                }
                _ => continue,
            }
            // Behind the last byte only a selection ends.
            .min(if extend { end } else { last });
            if extend {
                cursor = to;
                commands.push(Command::Compare(CompareCommand::Select { side, anchor, head: to, reveal: true }));
            } else if to != cursor || !self.range(side).is_empty() {
                (cursor, anchor) = (to, to);
                commands.push(Command::Compare(CompareCommand::Cursor { place: to, side, reveal: true }));
            }
        }
        scroll
    }
}
