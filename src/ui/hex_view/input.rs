//! Mouse and keyboard in the hex view, as commands.

use egui::{CursorIcon, Event, EventFilter, ImeEvent, Key, Modifiers, Pos2, Response, Ui};

use super::HexView;
use super::content::Content;
use super::drag::{Drag, DragKind, past_edge, run};
use super::geometry::HexGeometry;
use crate::app::bytes_view::{CellFormat, Cells};
use crate::app::{CellCommand, Command, HexColumn, OpenDocument, RowScroll, ViewCommand};
use crate::document::Document;

/// Keys that stay in the view: Tab and the arrows would move the focus otherwise. Escape leaves it.
const FILTER: EventFilter = EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: false };

impl HexView {
    /// Presses, drags and double clicks. Returns the scroll position, which a drag past an edge moves.
    #[expect(clippy::too_many_arguments, reason = "everything that a frame knows")]
    pub(super) fn mouse(
        &mut self,
        ui: &Ui,
        response: &Response,
        places: &HexGeometry,
        content: &Content,
        document: &Document,
        scroll: RowScroll,
        commands: &mut Vec<Command>,
    ) -> RowScroll {
        let (pos, pressed, modifiers) =
            ui.input(|input| (input.pointer.interact_pos(), input.pointer.primary_pressed(), input.modifiers));
        let Some(pos) = pos else { return scroll };
        if response.hovered() && places.column_at(pos).is_some() {
            ui.set_cursor_icon(CursorIcon::Text);
        }
        let columns = places.columns();
        let select = |anchor: u64, head: u64| Command::Select { anchor: content.to_units(anchor), head: content.to_units(head) };
        if response.double_clicked() {
            if let Some((start, end)) = places.offset_at(pos).and_then(|offset| run(&content.bytes, offset)) {
                commands.push(select(start, end));
            }
            self.drag = None;
            return scroll;
        }
        if response.secondary_clicked() {
            response.request_focus();
            self.point_at(places, content, pos, commands);
        }
        let begins = (pressed && response.is_pointer_button_down_on())
            || (response.clicked_by(egui::PointerButton::Primary) && self.drag.is_none());
        if begins {
            response.request_focus();
            if let Some(row) = places.address_at(pos) {
                let drag = Drag { column: HexColumn::Hex, anchor: row * columns, kind: DragKind::Rows, step: 1, head: None };
                let (anchor, head) = drag.selection(row * columns, columns);
                commands.push(select(anchor, head));
                self.drag = Some(Drag { head: Some(row * columns), ..drag });
            } else if let Some(column) = places.column_at(pos) {
                let at = places.nearest(column, pos);
                let step = if column == HexColumn::Hex { places.widths.unit } else { 1 };
                commands.push(Command::View(ViewCommand::HexColumn(column)));
                self.clicked = true;
                if modifiers.shift {
                    let held = document.selection().map_or(document.position(), |selection| selection.anchor);
                    let anchor = if content.text.is_none() {
                        held
                    } else if content.selection.is_some_and(|(start, _)| content.to_units(start) != held) {
                        content.selection.map_or(content.cursor, |(_, end)| end)
                    } else {
                        content.selection.map_or(content.cursor, |(start, _)| start)
                    };
                    let drag = Drag { column, anchor, kind: DragKind::Extend, step, head: Some(at) };
                    let (anchor, head) = drag.selection(at, columns);
                    commands.push(select(anchor, head));
                    self.drag = Some(drag);
                } else {
                    commands.push(Command::MoveCursor { to: content.to_units(at), extend: false });
                    self.drag = Some(Drag { column, anchor: at, kind: DragKind::Cells, step, head: None });
                }
            }
        }
        if !response.is_pointer_button_down_on() {
            self.drag = None;
            return scroll;
        }
        let Some(mut drag) = self.drag.filter(|_| !begins) else { return scroll };
        let at = places.nearest(drag.column, pos);
        if let Some((anchor, head)) = drag.moved(at, columns) {
            commands.push(select(anchor, head));
        }
        self.drag = Some(drag);
        past_edge(ui, &places.rows, scroll, places.body, pos)
    }

    /// The right button: the menu is about what it is pressed on, or about the selection where that is there.
    fn point_at(&mut self, places: &HexGeometry, content: &Content, pos: Pos2, commands: &mut Vec<Command>) {
        let Some(column) = places.column_at(pos) else { return };
        commands.push(Command::View(ViewCommand::HexColumn(column)));
        let at = places.nearest(column, pos);
        if content.selection.is_none_or(|(start, end)| !(start..end).contains(&at)) {
            self.clicked = true;
            commands.push(Command::MoveCursor { to: content.to_units(at), extend: false });
        }
    }

    /// Keys and typed characters, while the view has the keyboard. Returns the scroll position, which a page moves.
    #[expect(clippy::too_many_arguments, reason = "everything that a frame knows")]
    pub(super) fn keyboard(
        &mut self,
        ui: &Ui,
        places: &HexGeometry,
        content: &Content,
        open: &OpenDocument,
        cells: Cells,
        now: f64,
        mut scroll: RowScroll,
        commands: &mut Vec<Command>,
    ) -> RowScroll {
        // Escape takes back what is being typed, then the selection, before it leaves the view.
        let mut selected = open.document.selection().is_some();
        let typing = open.view.cell_edit.is_some() || open.view.nibble.is_some();
        let filter = EventFilter { escape: typing || selected, ..FILTER };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(Self::id_of(self.side), filter));
        let events = ui.input(|input| input.filtered_events(&filter));
        let is_text = content.text.is_some();
        let (size, columns) = (content.size, places.columns());
        // Several keys may come in one frame: the later ones count from where the earlier ones lead.
        let mut cursor = content.cursor;
        let mut units = open.document.position();
        let mut column = open.view.hex_column;
        let mut pending = open.view.nibble.is_some();
        let mut edits = open.view.cell_edit.is_some();
        for event in events {
            match event {
                Event::Key { key: Key::Tab, pressed: true, modifiers, .. } if modifiers.is_none() => {
                    column = if column == HexColumn::Hex { HexColumn::Text } else { HexColumn::Hex };
                    commands.push(Command::View(ViewCommand::HexColumn(column)));
                }
                Event::Key { key: Key::Backspace, pressed: true, modifiers, .. } if modifiers.is_none() => {
                    commands.push(Command::Backspace { now });
                    if edits {
                        continue;
                    }
                    (cursor, units) = (cursor.saturating_sub(1), units.saturating_sub(1));
                }
                Event::Key { key: Key::Enter, pressed: true, modifiers, .. } if modifiers.is_none() && edits => {
                    commands.push(Command::Cell(CellCommand::Commit { now }));
                    cursor = cursor.saturating_add(cells.unit());
                    units = content.to_units(cursor);
                }
                Event::Key { key: Key::Escape, pressed: true, .. } if edits || pending => {
                    commands.push(Command::Cell(CellCommand::Cancel));
                    (edits, pending) = (false, false);
                }
                Event::Key { key: Key::Escape, pressed: true, .. } if selected => {
                    commands.push(Command::Select { anchor: units, head: units });
                    selected = false;
                }
                Event::Key { key, pressed: true, modifiers, .. } => {
                    if is_text && matches!(key, Key::ArrowLeft | Key::ArrowRight) && plain(modifiers) {
                        // A character may be several bytes: sideways goes by characters.
                        let end = open.document.size().max(units);
                        units = if key == Key::ArrowLeft { units.saturating_sub(1) } else { (units + 1).min(end) };
                        commands.push(Command::MoveCursor { to: units, extend: modifiers.shift });
                        continue;
                    }
                    let page = places.rows.page();
                    let unit = if column == HexColumn::Hex { cells.unit() } else { 1 };
                    if unit > 1 && matches!(key, Key::ArrowLeft | Key::ArrowRight) && plain(modifiers) {
                        cursor = beside(key, cursor, size, unit);
                        units = content.to_units(cursor);
                        edits = false;
                        commands.push(Command::MoveCursor { to: units, extend: modifiers.shift });
                        continue;
                    }
                    let Some(to) = target(key, modifiers, cursor, size, columns, page) else { continue };
                    match key {
                        Key::PageUp => scroll = places.rows.scroll_rows(scroll, -(page as i64)),
                        Key::PageDown => scroll = places.rows.scroll_rows(scroll, page as i64),
                        _ => {}
                    }
                    edits = false;
                    cursor = to;
                    units = content.to_units(to);
                    commands.push(Command::MoveCursor { to: units, extend: modifiers.shift });
                }
                Event::Text(text) | Event::Ime(ImeEvent::Commit(text)) => {
                    // A text stream holds characters, and is typed in as such wherever the cursor is shown.
                    if column == HexColumn::Hex && !is_text && cells.format != CellFormat::Hex {
                        let typed: String = text.chars().filter(|&c| cells.format.accepts(c)).collect();
                        if !typed.is_empty() {
                            commands.push(Command::Cell(CellCommand::Type(self.side, typed)));
                            edits = true;
                        }
                    } else if column == HexColumn::Hex && !is_text {
                        for digit in text.chars().filter_map(|c| c.to_digit(16)) {
                            commands.push(Command::TypeNibble { digit: digit as u8, now });
                            cursor += u64::from(pending);
                            pending = !pending;
                        }
                    } else if !text.is_empty() {
                        let bytes = if is_text { text.len() } else { open.view.charset.encode(&text).map_or(0, |b| b.len()) };
                        cursor += bytes as u64;
                        units += text.chars().count() as u64;
                        commands.push(if is_text { Command::TypeText { text, now } } else { Command::TypeInBytes { text, now } });
                    }
                }
                _ => {}
            }
        }
        scroll
    }
}

fn plain(modifiers: Modifiers) -> bool {
    !modifiers.alt && !modifiers.ctrl && !modifiers.command
}

/// The cell to the left or the right: of one that the cursor is inside of, to the left is its start.
fn beside(key: Key, cursor: u64, size: u64, unit: u64) -> u64 {
    let start = cursor - cursor % unit;
    match key {
        Key::ArrowLeft if start == cursor => cursor.saturating_sub(unit),
        Key::ArrowLeft => start,
        _ => start.saturating_add(unit).min(size.max(cursor)),
    }
}

/// Where a key takes the cursor, in bytes. Keys never go further past the end than the cursor already is.
fn target(key: Key, modifiers: Modifiers, cursor: u64, size: u64, columns: u64, page: u64) -> Option<u64> {
    let end = size.max(cursor);
    let row = cursor - cursor % columns;
    if modifiers.command && !modifiers.alt {
        return match key {
            Key::Home => Some(0),
            Key::End => Some(size),
            _ => None,
        };
    }
    if !plain(modifiers) {
        return None;
    }
    // Below the last row there is nothing: the cursor goes to the end, as it does in text.
    let down = |rows: u64| cursor.checked_add(rows.saturating_mul(columns)).filter(|&to| to <= end).unwrap_or(end);
    // Above the first one it goes to the first row, in its column.
    let up = |rows: u64| cursor.checked_sub(rows.saturating_mul(columns)).unwrap_or(cursor % columns);
    Some(match key {
        Key::ArrowLeft => cursor.saturating_sub(1),
        Key::ArrowRight => cursor.saturating_add(1).min(end),
        Key::ArrowUp if cursor < columns => cursor,
        Key::ArrowUp => up(1),
        Key::ArrowDown => down(1),
        Key::PageUp => up(page),
        Key::PageDown => down(page),
        Key::Home => row,
        // With Shift the row's last byte is taken in.
        Key::End => row.saturating_add(if modifiers.shift { columns } else { columns - 1 }).min(end),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Modifiers = Modifiers::NONE;

    #[test]
    fn keys_at_the_edges() {
        let go = |key, cursor| target(key, NONE, cursor, 100, 16, 9);
        assert_eq!(go(Key::ArrowLeft, 0), Some(0));
        assert_eq!(go(Key::ArrowRight, 99), Some(100));
        assert_eq!(go(Key::ArrowRight, 100), Some(100));
        assert_eq!(go(Key::ArrowUp, 5), Some(5));
        assert_eq!(go(Key::ArrowUp, 21), Some(5));
        assert_eq!(go(Key::ArrowDown, 83), Some(99));
        assert_eq!(go(Key::ArrowDown, 95), Some(100));
        assert_eq!(go(Key::PageUp, 35), Some(3));
        assert_eq!(go(Key::PageDown, 3), Some(100));
        assert_eq!(go(Key::Home, 37), Some(32));
        assert_eq!(go(Key::End, 37), Some(47));
        assert_eq!(go(Key::End, 97), Some(100));
        assert_eq!(target(Key::End, Modifiers::SHIFT, 37, 100, 16, 9), Some(48));
        assert_eq!(target(Key::End, Modifiers::COMMAND, 37, 100, 16, 9), Some(100));
        assert_eq!(target(Key::Home, Modifiers::COMMAND, 37, 100, 16, 9), Some(0));
        assert_eq!(target(Key::A, NONE, 37, 100, 16, 9), None);
        // A cursor past the end stays there until it goes back.
        assert_eq!(go(Key::ArrowRight, 200), Some(200));
        assert_eq!(go(Key::ArrowLeft, 200), Some(199));
    }

    #[test]
    fn a_drag_takes_both_cells_in() {
        let drag = Drag { column: HexColumn::Hex, anchor: 10, kind: DragKind::Cells, step: 1, head: None };
        assert_eq!(drag.selection(12, 16), (10, 13));
        assert_eq!(drag.selection(10, 16), (10, 11));
        assert_eq!(drag.selection(7, 16), (11, 7));
        let extend = Drag { kind: DragKind::Extend, ..drag };
        assert_eq!(extend.selection(12, 16), (10, 13));
        assert_eq!(extend.selection(7, 16), (10, 7));
        let rows = Drag { anchor: 32, kind: DragKind::Rows, ..drag };
        assert_eq!(rows.selection(32, 16), (32, 48));
        assert_eq!(rows.selection(64, 16), (32, 80));
        assert_eq!(rows.selection(0, 16), (48, 0));
        let wide = Drag { anchor: 8, step: 4, ..drag };
        assert_eq!((wide.selection(16, 16), wide.selection(0, 16)), ((8, 20), (12, 0)));
        assert_eq!((beside(Key::ArrowLeft, 8, 100, 4), beside(Key::ArrowLeft, 9, 100, 4)), (4, 8));
        assert_eq!((beside(Key::ArrowRight, 9, 100, 4), beside(Key::ArrowRight, 99, 99, 4)), (12, 99));
    }
}
