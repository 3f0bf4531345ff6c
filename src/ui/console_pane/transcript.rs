//! The transcript: rows of fixed width, of which only those in sight are laid out.

use std::sync::Arc;

use egui::text::{CCursor, LayoutJob, TextFormat};
use egui::{
    Color32, Event, EventFilter, Galley, Id, Key, Pos2, Rect, Response, Role, Sense, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2,
};

use crate::app::{ConsoleState, LineKind, RowScroll, Transcript, TranscriptLine};
use crate::ui::rows::{BAR, Rows};
use crate::ui::theme::{self, ROW, Theme, UNIT};

/// Rows are not narrower than this many characters, however narrow the pane is.
const NARROWEST: usize = 16;

/// A place in the transcript: the line, counted from the very first one, and a character of it, prompt included.
type Place = (u64, usize);

/// The transcript's part of the pane. Holds where it is scrolled to, and what is selected.
#[derive(Default)]
pub(super) struct TranscriptView {
    scroll: RowScroll,
    /// The end stays in sight as lines come, until the user scrolls away from it.
    left_end: bool,
    index: Index,
    selection: Option<(Place, Place)>,
    placed: Vec<Row>,
    origin: Pos2,
}

/// Which rows each line takes.
#[derive(Default)]
struct Index {
    of: Option<(u64, usize)>,
    /// The first row of each line, and behind the last one the number of rows.
    starts: Vec<u64>,
}

/// A row in sight.
struct Row {
    line: u64,
    /// The first character of the row.
    from: usize,
    top: f32,
    galley: Arc<Galley>,
}

impl Index {
    fn update(&mut self, transcript: &Transcript, columns: usize) {
        let of = Some((transcript.version(), columns));
        if self.of == of {
            return;
        }
        self.of = of;
        self.starts.clear();
        let mut row = 0;
        for line in transcript.lines() {
            self.starts.push(row);
            row += (line.prompt().len() + line.chars as usize).div_ceil(columns).max(1) as u64;
        }
        self.starts.push(row);
    }

    fn rows(&self) -> u64 {
        self.starts.last().copied().unwrap_or_default()
    }

    /// The line of a row, and which of its rows that is.
    fn line_of(&self, row: u64) -> (usize, u64) {
        let line = self.starts.partition_point(|&start| start <= row).saturating_sub(1);
        (line, row - self.starts[line])
    }
}

impl TranscriptView {
    pub(super) fn id() -> Id {
        Id::unique("seektell console transcript")
    }

    /// What was typed while the transcript had the keyboard is meant for the editor.
    pub(super) fn show(&mut self, ui: &mut Ui, rect: Rect, console: &ConsoleState, theme: &Theme) -> Option<String> {
        let transcript = console.transcript();
        let advance = ui.fonts_mut(|fonts| fonts.glyph_width(&theme::mono(), '0'));
        let body = Rect::from_min_max(rect.min, pos2(rect.max.x - BAR, rect.max.y));
        let columns = ((body.width() - 3.0 * UNIT) / advance).floor().max(0.0) as usize;
        let columns = columns.max(NARROWEST);
        self.index.update(transcript, columns);
        let rows = Rows { total: self.index.rows(), row_height: ROW, view_height: body.height() };
        let response = ui.interact(body, Self::id(), Sense::click_and_drag());
        let mut scroll = if self.left_end { rows.clamp(self.scroll) } else { rows.end() };
        scroll = rows.wheel(ui, &response, scroll).0;
        let bar = Rect::from_min_max(pos2(body.max.x, rect.min.y), rect.max);
        scroll = rows.bar(ui, bar, Self::id().with("bar"), "Scroll the transcript", scroll, theme);
        self.mouse(ui, &response, transcript);
        let typed = if response.has_focus() { self.keys(ui, transcript, &rows, &mut scroll) } else { None };
        self.scroll = scroll;
        self.left_end = scroll != rows.end();
        self.paint(ui, body, &rows, transcript, columns, theme);
        if response.has_focus() {
            crate::ui::rows::focus_ring(ui, rect, theme);
        }
        self.speak(ui, body, &response, transcript);
        typed
    }

    fn paint(&mut self, ui: &Ui, body: Rect, rows: &Rows, transcript: &Transcript, columns: usize, theme: &Theme) {
        let painter = ui.painter().with_clip_rect(body.intersect(ui.clip_rect()));
        self.origin = body.min + vec2(2.0 * UNIT, 0.0);
        self.placed.clear();
        // Few rows stand at the lower edge of a pane, where the next statement is typed.
        for row in rows.visible(self.scroll) {
            let Some(y) = rows.y(self.scroll, row) else { continue };
            let (index, part) = self.index.line_of(row);
            let Some(line) = transcript.lines().get(index) else { continue };
            let from = part as usize * columns;
            let galley = ui.fonts_mut(|fonts| fonts.layout_job(job(line, from, columns, theme)));
            let (number, top) = (transcript.dropped() + index as u64, body.min.y + y);
            let x = |at: usize| self.origin.x + galley.pos_from_cursor(CCursor::new(at.saturating_sub(from))).left();
            if let Some((a, b)) = self.selected_in(number, from, columns) {
                let rect = Rect::from_min_max(pos2(x(a), top), pos2(x(b).max(x(a) + UNIT), top + ROW));
                painter.rect_filled(rect, 0.0, theme.selection);
            }
            if let Some((a, b)) = line.mark {
                let prompt = line.prompt().len();
                let (a, b) = ((prompt + a as usize).max(from), (prompt + b as usize).min(from + columns));
                if a < b {
                    let y = top + ROW - 2.5;
                    painter.hline(x(a)..=x(b).max(x(a) + UNIT), y, egui::Stroke::new(2.0, theme.error));
                }
            }
            let at = pos2(self.origin.x, top + (ROW - galley.size().y) / 2.0);
            painter.galley(at, galley.clone(), theme.text);
            self.placed.push(Row { line: number, from, top, galley });
        }
    }

    /// The selected characters of a row.
    fn selected_in(&self, line: u64, from: usize, columns: usize) -> Option<(usize, usize)> {
        let (a, b) = self.selection?;
        let (a, b) = (a.min(b), a.max(b));
        if a == b || line < a.0 || line > b.0 {
            return None;
        }
        let start = if line == a.0 { a.1 } else { 0 };
        let end = if line == b.0 { b.1 } else { usize::MAX };
        let (start, end) = (start.max(from), end.min(from + columns));
        (start < end || (start == from && line < b.0)).then_some((start, end.max(start)))
    }

    fn place_at(&self, pos: Pos2) -> Option<Place> {
        let after = self.placed.partition_point(|row| row.top <= pos.y);
        let row = self.placed.get(after.saturating_sub(1))?;
        let cursor = row.galley.cursor_from_pos(Vec2::new(pos.x - self.origin.x, 1.0));
        Some((row.line, row.from + cursor.index.0))
    }

    fn mouse(&mut self, ui: &Ui, response: &Response, transcript: &Transcript) {
        let Some(pos) = response.interact_pointer_pos() else { return };
        let pressed = ui.input(|input| input.pointer.primary_pressed());
        let Some(at) = self.place_at(pos) else { return };
        if pressed && response.is_pointer_button_down_on() {
            response.request_focus();
            self.selection = Some((at, at));
        } else if response.dragged() {
            self.selection = self.selection.map(|(anchor, _)| (anchor, at));
        } else if response.double_clicked() {
            let chars = line_at(transcript, at.0).map_or(0, |line| line.prompt().len() + line.chars as usize);
            self.selection = Some(((at.0, 0), (at.0, chars)));
        }
        if response.hovered() {
            ui.set_cursor_icon(egui::CursorIcon::Text);
        }
    }

    fn keys(&mut self, ui: &Ui, transcript: &Transcript, rows: &Rows, scroll: &mut RowScroll) -> Option<String> {
        let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(Self::id(), filter));
        let mut typed = String::new();
        let events = ui.input(|input| input.filtered_events(&filter));
        // The editor gets the keyboard in this very frame: it must not read the same keys again.
        ui.input_mut(|input| input.events.retain(|event| !matches!(event, Event::Text(_) | Event::Paste(_))));
        for event in events {
            match event {
                Event::Text(text) | Event::Paste(text) => typed.push_str(&text),
                Event::Copy => {
                    let text = self.selected_text(transcript);
                    if !text.is_empty() {
                        ui.ctx().copy_text(text);
                    }
                }
                Event::Key { key, pressed: true, modifiers, .. } => match key {
                    Key::ArrowUp => *scroll = rows.scroll_rows(*scroll, -1),
                    Key::ArrowDown => *scroll = rows.scroll_rows(*scroll, 1),
                    Key::PageUp => *scroll = rows.scroll_rows(*scroll, -(rows.page() as i64)),
                    Key::PageDown => *scroll = rows.scroll_rows(*scroll, rows.page() as i64),
                    Key::Home => *scroll = RowScroll::default(),
                    Key::End => *scroll = rows.end(),
                    Key::A if modifiers.command => {
                        let last = transcript.dropped() + transcript.lines().len() as u64;
                        self.selection = Some(((transcript.dropped(), 0), (last, 0)));
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        (!typed.is_empty()).then_some(typed)
    }

    /// The selected text, prompts included where they are selected.
    fn selected_text(&self, transcript: &Transcript) -> String {
        let Some((a, b)) = self.selection.map(|(a, b)| (a.min(b), a.max(b))) else { return String::new() };
        let mut text = String::new();
        for (index, line) in transcript.lines().iter().enumerate() {
            let number = transcript.dropped() + index as u64;
            if number < a.0 || number > b.0 {
                continue;
            }
            let whole = line.prompt().chars().chain(line.text.chars());
            let (from, to) = (if number == a.0 { a.1 } else { 0 }, if number == b.0 { b.1 } else { usize::MAX });
            text.extend(whole.skip(from).take(to.saturating_sub(from)));
            if number < b.0 {
                text.push('\n');
            }
        }
        text
    }

    fn speak(&self, ui: &mut Ui, body: Rect, response: &Response, transcript: &Transcript) {
        response.widget_info(|| WidgetInfo::labeled(Role::Log, true, "Transcript of the console"));
        let builder = |node: &mut egui::accesskit::Node| {
            if let Some(line) = transcript.lines().back() {
                node.set_value(spoken(line));
            }
        };
        if ui.ctx().accesskit_node_builder(response.id, builder).is_none() {
            return;
        }
        let mut child = ui.new_child(UiBuilder::new().max_rect(body).accessibility_parent(response.id));
        child.set_clip_rect(body.intersect(ui.clip_rect()));
        for row in &self.placed {
            let Some(line) = line_at(transcript, row.line).filter(|_| row.from == 0) else { continue };
            let rect = Rect::from_min_max(pos2(body.min.x, row.top), pos2(body.max.x, row.top + ROW)).intersect(body);
            let id = Self::id().with(("line", row.line));
            child.interact(rect, id, Sense::hover());
            ui.ctx().accesskit_node_builder(id, |node| {
                node.set_role(Role::Label);
                node.set_label(spoken(line));
            });
        }
    }
}

fn line_at(transcript: &Transcript, number: u64) -> Option<&TranscriptLine> {
    transcript.lines().get(usize::try_from(number.checked_sub(transcript.dropped())?).ok()?)
}

/// A line for the ear.
fn spoken(line: &TranscriptLine) -> String {
    match line.mark {
        Some((from, _)) => format!("{}, wrong from character {}", line.text, from + 1),
        None => format!("{}{}", line.prompt(), line.text),
    }
}

/// The text of a row: the prompt quieter than the statement.
fn job(line: &TranscriptLine, from: usize, columns: usize, theme: &Theme) -> LayoutJob {
    let format = |color: Color32| TextFormat::simple(theme::mono(), color);
    let mut job = LayoutJob::default();
    job.wrap.max_width = f32::INFINITY;
    let prompt = line.prompt().len();
    if from < prompt {
        job.append(&line.prompt()[from..prompt.min(from + columns)], 0.0, format(theme.text_dim));
    }
    let (start, end) = (from.saturating_sub(prompt), (from + columns).saturating_sub(prompt));
    let text: String = line.text.chars().skip(start).take(end.saturating_sub(start)).collect();
    job.append(&text, 0.0, format(color(line.kind, theme)));
    job
}

fn color(kind: LineKind, theme: &Theme) -> Color32 {
    match kind {
        LineKind::Input | LineKind::More | LineKind::Output | LineKind::Place => theme.text,
        LineKind::Value => theme.byte_high,
        LineKind::Error => theme.warning,
        LineKind::Exception => theme.error,
        LineKind::Note => theme.text_dim,
    }
}
