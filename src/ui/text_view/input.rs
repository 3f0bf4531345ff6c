//! Mouse and keyboard in the text view, as commands.

use egui::{Event, EventFilter, ImeEvent, Key, Pos2, Response, Ui};

use super::index::{Row, Source};
use super::{Scene, TextView};
use crate::app::{Command, RowScroll, ViewCommand};
use crate::formats::text::Encoding;
use crate::ui::ViewCx;
use crate::ui::theme::Theme;

/// Arrows stay in the view. Tab leaves it, and so does Escape.
const FILTER: EventFilter = EventFilter { tab: false, horizontal_arrows: true, vertical_arrows: true, escape: false };

/// A press of the mouse that is still held.
#[derive(Clone, Copy, Debug)]
pub(super) struct Drag {
    anchor: u64,
    head: Option<u64>,
}

/// Typing means the characters that are seen: an encoding that was guessed becomes the chosen one, so that what is typed
/// is written in it, and another guess does not turn the text into something else.
fn keep_guess(scene: &Scene<'_>, commands: &mut Vec<Command>) {
    if let (Source::Bytes(_, encoding), None) = (scene.source, scene.open.view.encoding)
        && *encoding != Encoding::Utf8
    {
        commands.push(Command::View(ViewCommand::Encoding(Some(*encoding))));
    }
}

impl TextView {
    /// The place that a point means; the nearest one for points outside.
    fn place_at(&self, pos: Pos2, floor: bool) -> Option<u64> {
        let rows = &self.placed.rows;
        let after = rows.partition_point(|(y, ..)| *y <= pos.y);
        let (_, row, line, galley) = rows.get(after.saturating_sub(1))?;
        let past_the_last = after == rows.len() && pos.y > rows.last().map_or(0.0, |(y, ..)| y + self.placed.row);
        if past_the_last && self.placed.body.contains(pos) {
            return Some(row.end);
        }
        Some(line.at_x(galley, pos.x - self.placed.left, floor))
    }

    fn number_at(&self, pos: Pos2) -> Option<Row> {
        let body = self.placed.body;
        let on = pos.x < body.min.x && pos.y >= body.min.y && pos.y < body.max.y;
        on.then(|| self.placed.rows.iter().find(|(y, ..)| (*y..y + self.placed.row).contains(&pos.y)).map(|(_, row, ..)| *row))
            .flatten()
    }

    /// Presses, drags and double clicks. Returns the scroll position, which a drag past an edge moves.
    pub(super) fn mouse(
        &mut self,
        ui: &Ui,
        response: &Response,
        scene: &Scene<'_>,
        scroll: RowScroll,
        commands: &mut Vec<Command>,
    ) -> RowScroll {
        let (pos, pressed, shift) =
            ui.input(|input| (input.pointer.interact_pos(), input.pointer.primary_pressed(), input.modifiers.shift));
        let Some(pos) = pos else { return scroll };
        if response.double_clicked() {
            let word = self.place_at(pos, true).and_then(|at| self.placed.row_of(at).and_then(|(_, _, line, _)| line.word(at)));
            if let Some((anchor, head)) = word {
                commands.push(Command::Select { anchor, head });
            }
            self.drag = None;
            return scroll;
        }
        if response.secondary_clicked() {
            response.request_focus();
            let selected = |at: u64| {
                let selection = scene.open.document.selection();
                selection.is_some_and(|selection| (selection.start()..selection.end()).contains(&at))
            };
            // The menu is about what it is pressed on, or about the selection where that is there.
            if let Some(at) = self.place_at(pos, true).filter(|&at| !selected(at)) {
                self.clicked = true;
                commands.push(Command::MoveCursor { to: at, extend: false });
            }
        }
        let begins = (pressed && response.is_pointer_button_down_on())
            || (response.clicked_by(egui::PointerButton::Primary) && self.drag.is_none());
        if begins {
            response.request_focus();
            self.goal = None;
            if let Some(row) = self.number_at(pos) {
                commands.push(Command::Select { anchor: row.start, head: row.end });
                self.drag = None;
            } else if let (Some(at), Some(edge)) = (self.place_at(pos, !scene.between()), self.place_at(pos, false)) {
                let document = &scene.open.document;
                self.clicked = true;
                if shift {
                    let anchor = document.selection().map_or(scene.cursor, |selection| selection.anchor);
                    commands.push(Command::Select { anchor, head: edge });
                    self.drag = Some(Drag { anchor, head: Some(edge) });
                } else {
                    commands.push(Command::MoveCursor { to: at, extend: false });
                    self.drag = Some(Drag { anchor: edge, head: None });
                }
            }
        }
        if !response.is_pointer_button_down_on() {
            self.drag = None;
            return scroll;
        }
        let Some(mut drag) = self.drag.filter(|_| !begins) else { return scroll };
        if let Some(head) = self.place_at(pos, false)
            && drag.head.unwrap_or(drag.anchor) != head
        {
            drag.head = Some(head);
            self.drag = Some(drag);
            commands.push(Command::Select { anchor: drag.anchor, head });
        }
        let body = self.placed.body;
        let past = (pos.y - body.max.y).max(0.0) - (body.min.y - pos.y).max(0.0);
        if past == 0.0 {
            return scroll;
        }
        ui.ctx().request_repaint();
        let seconds = ui.input(|input| input.stable_dt).min(0.1);
        scene.rows.scroll_by(scroll, (past * 12.0 + past.signum() * 4.0 * self.placed.row) * seconds)
    }

    /// Keys and typed characters, while the view has the keyboard. Returns the scroll position, which a page moves.
    pub(super) fn keyboard(
        &mut self,
        ui: &Ui,
        scene: &Scene<'_>,
        cx: &ViewCx<'_>,
        mut scroll: RowScroll,
        commands: &mut Vec<Command>,
    ) -> RowScroll {
        ui.memory_mut(|memory| memory.set_focus_lock_filter(Self::id(), FILTER));
        let events = ui.input(|input| input.filtered_events(&FILTER));
        let now = cx.now;
        let mut cursor = scene.cursor;
        for event in events {
            match event {
                Event::Key { key: Key::Enter, pressed: true, modifiers, .. } if modifiers.is_none() => {
                    keep_guess(scene, commands);
                    commands.push(Command::TypeText { text: "\n".into(), now });
                    cursor += 1;
                }
                Event::Key { key: Key::Backspace, pressed: true, modifiers, .. } if modifiers.is_none() => {
                    cursor = self.backspace(scene, cursor, now, commands);
                }
                Event::Key { key, pressed: true, modifiers, .. } if !modifiers.alt => {
                    let command = modifiers.command || modifiers.ctrl;
                    let Some(to) = self.target(ui, scene, cx.theme, key, command, cursor) else { continue };
                    let page = scene.rows.page() as i64;
                    match key {
                        Key::PageUp => scroll = scene.rows.scroll_rows(scroll, -page),
                        Key::PageDown => scroll = scene.rows.scroll_rows(scroll, page),
                        _ => {}
                    }
                    commands.push(Command::MoveCursor { to, extend: modifiers.shift });
                    cursor = to;
                }
                Event::Text(text) | Event::Ime(ImeEvent::Commit(text)) if !text.is_empty() => {
                    self.composed.clear();
                    keep_guess(scene, commands);
                    cursor += match scene.source {
                        Source::Bytes(..) => text.len() as u64,
                        Source::Text(_) => text.chars().count() as u64,
                    };
                    commands.push(Command::TypeText { text, now });
                }
                Event::Ime(ImeEvent::Preedit { text, .. }) => self.composed = text,
                _ => {}
            }
        }
        scroll
    }

    /// Takes out the character before the cursor: in bytes it may be several.
    fn backspace(&self, scene: &Scene<'_>, cursor: u64, now: f64, commands: &mut Vec<Command>) -> u64 {
        let before = if cursor <= scene.size { self.left(scene, cursor) } else { cursor - 1 };
        if cursor - before > 1 && scene.open.document.selection().is_none() {
            commands.push(Command::Select { anchor: before, head: cursor });
        }
        commands.push(Command::Backspace { now });
        before
    }

    fn left(&self, scene: &Scene<'_>, at: u64) -> u64 {
        let Some(row) = scene.row_at(at) else { return at.saturating_sub(1) };
        if let Some(before) = scene.line(&row).before(at) {
            return before;
        }
        let previous = row.row.checked_sub(1).and_then(|number| scene.row(number));
        previous.and_then(|row| scene.line(&row).before(row.end)).unwrap_or(at.saturating_sub(1))
    }

    /// Where a key takes the cursor, in units of the stream.
    fn target(&mut self, ui: &Ui, scene: &Scene<'_>, theme: &Theme, key: Key, command: bool, cursor: u64) -> Option<u64> {
        let rows = match (key, command) {
            (Key::ArrowUp, false) => -1,
            (Key::ArrowDown, false) => 1,
            (Key::PageUp, false) => -(scene.rows.page() as i64),
            (Key::PageDown, false) => scene.rows.page() as i64,
            _ => 0,
        };
        if rows != 0 {
            return self.vertically(ui, scene, theme, cursor, rows);
        }
        let inside = cursor.min(scene.size);
        let to = match (key, command) {
            (Key::Home, true) => 0,
            (Key::End, true) => scene.size,
            (Key::ArrowLeft, false) if cursor > scene.size => cursor - 1,
            (Key::ArrowLeft, false) => self.left(scene, cursor),
            (Key::ArrowRight, false) if cursor >= scene.size => cursor,
            (Key::ArrowRight, false) => match scene.row_at(cursor) {
                Some(row) => scene.line(&row).after(cursor).unwrap_or(cursor + 1),
                None => cursor + 1,
            },
            (Key::ArrowLeft | Key::ArrowRight, true) => self.word(scene, inside, key == Key::ArrowRight),
            (Key::Home, false) => scene.row_at(inside)?.start,
            (Key::End, false) => {
                let row = scene.row_at(inside)?;
                let line = scene.line(&row);
                // A row that goes on in the next one ends in front of its last character.
                let goes_on = row.newline == 0 && row.row + 1 < scene.index.rows;
                if goes_on { line.before(row.end)? } else { line.content_end }
            }
            _ => return None,
        };
        self.goal = None;
        Some(to)
    }

    /// The next end of a word to the right, or its start to the left.
    fn word(&self, scene: &Scene<'_>, at: u64, forward: bool) -> u64 {
        let from = if forward { at } else { self.left(scene, at) };
        let Some(row) = scene.row_at(from) else { return from };
        let line = scene.line(&row);
        match (line.word(from), forward) {
            (Some((_, end)), true) => end,
            (Some((start, _)), false) => start,
            (None, _) => from,
        }
    }

    fn vertically(&mut self, ui: &Ui, scene: &Scene<'_>, theme: &Theme, cursor: u64, rows: i64) -> Option<u64> {
        let row = scene.row_at(cursor.min(scene.size))?;
        let x = match self.goal {
            Some((at, x)) if at == cursor => x,
            _ => {
                let line = scene.line(&row);
                line.x(&line.layout(ui, &self.placed.font, theme), cursor.min(scene.size))
            }
        };
        let wanted = row.row.saturating_add_signed(rows).min(scene.index.rows.saturating_sub(1));
        let to = if wanted == row.row {
            if rows < 0 { row.start } else { cursor.max(row.end) }
        } else {
            let target = scene.row(wanted)?;
            let line = scene.line(&target);
            let at = line.at_x(&line.layout(ui, &self.placed.font, theme), x, false);
            // Behind the last character of a row that goes on is the next row already.
            if at >= target.end && target.row + 1 < scene.index.rows {
                line.before(target.end).unwrap_or(target.start)
            } else {
                at
            }
        };
        self.goal = Some((to, x));
        Some(to)
    }
}
