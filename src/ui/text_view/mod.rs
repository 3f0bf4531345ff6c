//! The lines of a document, with the one cursor among them.
//!
//! A bytes document is decoded in an encoding that is guessed or chosen; its places are bytes. A text document shows its
//! code points. What has no shape of its own (control characters, line ends, marks that turn the reading direction) is
//! shown by a sign, and what means nothing in the encoding by its bytes, so that nothing in a file can hide.

mod bar;
mod index;
mod input;
mod line;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use egui::emath::GuiRounding as _;
use egui::{
    Align2, CursorIcon, FontId, Galley, Id, Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use super::hex_view::zoom::{Zoom, row_height};
use super::matches::{Matches, Sight};
use super::rows::{self, BAR, RowScroll, Rows};
use super::theme::{self, ROW, Theme, UNIT};
use super::{View, ViewCx, context_menu};
use crate::app::{Command, HexChoice, OpenDocument, ViewCommand};
use crate::document::{DocumentId, SpanKind, Stream};
use crate::formats::text::{Encoding, Guess, guess};
use index::{Index, Row, Source};
use line::Line;

/// Documents up to this many units are looked at as a whole before the first frame.
const AT_ONCE: u64 = 4 << 20;
/// How long a frame looks for lines in larger ones.
const SLICE: Duration = Duration::from_millis(5);

/// The text view. Holds caches only.
#[derive(Default)]
pub struct TextView {
    index: Option<Indexed>,
    guess: Option<(DocumentId, u64, Guess)>,
    followed: HashMap<DocumentId, u64>,
    drag: Option<input::Drag>,
    clicked: bool,
    /// Where the cursor goes to in up and down, while it only goes up and down: its place, and how far right it wants to be.
    goal: Option<(u64, f32)>,
    /// What an input method has composed and not yet committed.
    composed: String,
    /// The widest row seen, for the bar below.
    width: f32,
    placed: Placed,
    matches: Matches,
    zoom: Zoom,
}

/// An index, and what it is of.
struct Indexed {
    document: DocumentId,
    revision: u64,
    encoding: Option<Encoding>,
    index: Index,
}

/// The rows of the last frame on the screen.
struct Placed {
    body: Rect,
    /// The left edge of the text.
    left: f32,
    /// Height of a row, and the letters in it.
    row: f32,
    font: FontId,
    rows: Vec<(f32, Row, Line, Arc<Galley>)>,
}

impl Default for Placed {
    fn default() -> Self {
        Self { body: Rect::NOTHING, left: 0.0, row: ROW, font: theme::mono(), rows: Vec::new() }
    }
}

impl Placed {
    fn row_of(&self, at: u64) -> Option<&(f32, Row, Line, Arc<Galley>)> {
        let holds = |row: &Row| row.start <= at && at < row.end;
        let last = |row: &Row, line: &Line| at == row.end && row.newline == 0 && line.end == at;
        self.rows.iter().find(|(_, row, ..)| holds(row)).or_else(|| self.rows.iter().find(|(_, row, line, _)| last(row, line)))
    }

    fn caret(&self, at: u64) -> Option<Pos2> {
        let (y, _, line, galley) = self.row_of(at)?;
        Some(pos2(self.left + line.x(galley, at), *y))
    }
}

impl TextView {
    /// A view with nothing remembered.
    pub fn new() -> Self {
        Self::default()
    }

    /// The widget that takes the keyboard, for [`egui::Memory::request_focus`].
    pub fn id() -> Id {
        Id::unique("seektell text view")
    }

    /// The cell of the character at a place (bytes, or code points of a text document) in the last frame; `None` where it
    /// is not in sight.
    pub fn cell(&self, at: u64) -> Option<Rect> {
        let (y, _, line, galley) = self.placed.row_of(at)?;
        let (from, to) = (line.x(galley, at), line.right(galley, at));
        let cell = Rect::from_min_max(
            pos2(self.placed.left + from, *y),
            pos2(self.placed.left + to.max(from + 2.0), y + self.placed.row),
        );
        self.placed.body.intersects(cell).then_some(cell)
    }

    fn encoding(&mut self, open: &OpenDocument) -> Option<(Encoding, bool)> {
        let document = &open.document;
        let bytes = document.as_bytes()?;
        if let Some(encoding) = open.view.encoding {
            return Some((encoding, false));
        }
        let key = (document.id(), document.revision());
        if self.guess.as_ref().is_none_or(|(id, revision, _)| (*id, *revision) != key) {
            let guessed =
                guess(bytes).unwrap_or(Guess { encoding: Encoding::Utf8, bom_len: 0, reason: "assumed".into(), binary: false });
            self.guess = Some((key.0, key.1, guessed));
        }
        self.guess.as_ref().map(|(_, _, guess)| (guess.encoding, true))
    }

    /// Brings the index up to date: an edit keeps what was before it.
    fn update_index(&mut self, ui: &Ui, open: &OpenDocument, source: &Source, encoding: Option<Encoding>) -> Indexed {
        let document = &open.document;
        let (id, revision, len) = (document.id(), document.revision(), source.len());
        let near = document.position();
        let fresh = || Indexed { document: id, revision, encoding, index: Index::new(len, near) };
        let mut indexed = match self.index.take().filter(|old| old.document == id && old.encoding == encoding) {
            None => fresh(),
            Some(mut old) => {
                if old.revision != revision {
                    match edited_at(open, old.revision) {
                        Some(at) if at > old.index.from => {
                            old.index.edited(len, at);
                            old.revision = revision;
                        }
                        _ => old = fresh(),
                    }
                }
                if old.index.is_elsewhere(len, near) { fresh() } else { old }
            }
        };
        if !indexed.index.is_done() {
            indexed.index.extend(source, (len > AT_ONCE).then_some(SLICE));
            if !indexed.index.is_done() {
                ui.ctx().request_repaint();
            }
        }
        indexed
    }
}

/// The first place that may differ from the content named by `revision`, where that is known.
fn edited_at(open: &OpenDocument, revision: u64) -> Option<u64> {
    // Newlines that a text stream translates may join what is in front of them.
    open.document.differs_from(revision).map(|at| at.saturating_sub(2))
}

/// What a frame knows of the document.
struct Scene<'a> {
    open: &'a OpenDocument,
    source: &'a Source,
    index: &'a Index,
    rows: Rows,
    cursor: u64,
    size: u64,
}

impl Scene<'_> {
    fn row_at(&self, at: u64) -> Option<Row> {
        self.index.row_at(self.source, at).ok().flatten()
    }

    fn line(&self, row: &Row) -> Line {
        Line::read(self.source, row).unwrap_or_default()
    }

    /// The row with a number.
    fn row(&self, number: u64) -> Option<Row> {
        self.index.rows(self.source, number, 1).ok()?.first().copied()
    }

    /// Whether places between characters are meant, as an inserting caret stands; else the characters themselves.
    fn between(&self) -> bool {
        self.open.view.insert
    }
}

impl View for TextView {
    fn show(&mut self, ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let available = ui.available_rect_before_wrap();
        ui.advance_cursor_after_rect(available);
        let rect = available.round_to_pixels(ui.ctx().pixels_per_point());
        let size = cx.settings.hex.font_size;
        let (row, font) = (row_height(size.into()), FontId::monospace(size.into()));
        if rect.width() < 16.0 * UNIT || rect.height() < bar::HEIGHT + 2.0 * row {
            return;
        }
        // Larger or smaller letters: the same ones stay at the left edge, and the same row at the top.
        let grown = font.size / self.placed.font.size;
        if grown != 1.0 {
            self.width *= grown;
            self.goal = self.goal.map(|(at, x)| (at, x * grown));
        }
        (self.placed.row, self.placed.font) = (row, font.clone());
        self.followed.retain(|id, _| cx.state.document(*id).is_some() || *id == open.document.id());
        let document = &open.document;
        let encoding = self.encoding(open);
        let source = match document.stream() {
            Stream::Bytes(stream) => Source::Bytes(stream.value().clone(), encoding.map_or(Encoding::Utf8, |(e, _)| e)),
            Stream::Text(stream) => Source::Text(stream.value().clone()),
        };
        let indexed = self.update_index(ui, open, &source, encoding.map(|(encoding, _)| encoding));
        let index = &indexed.index;

        let top = rect.min.y + bar::HEIGHT;
        let digits = if index.from == 0 { index.lines.max(1).ilog10() as usize + 1 } else { 1 }.max(3);
        let digit = ui.ctx().fonts_mut(|fonts| fonts.glyph_width(&font, '0'));
        let gutter = digits as f32 * digit + 5.0 * UNIT;
        let right = rect.max.x - BAR;
        let visible = right - rect.min.x - gutter - UNIT;
        let overflow = self.width > visible + 0.5 || open.view.text_scroll_x > 0.0;
        let bottom = rect.max.y - if overflow { BAR } else { 0.0 };
        let area = Rect::from_min_max(pos2(rect.min.x, top), pos2(right, bottom));
        let body = Rect::from_min_max(pos2(rect.min.x + gutter, top), area.max);
        let rows = Rows { total: index.rows.max(1), row_height: row, view_height: body.height() };
        let (cursor, size) = (document.position(), document.size());
        let scene = Scene { open, source: &source, index, rows, cursor, size };

        let shown = open.view.text_scroll;
        let shown = RowScroll { sub_px: shown.sub_px * grown, ..shown };
        let (mut scroll, mut scroll_x) = (rows.clamp(shown), open.view.text_scroll_x * grown);
        let cursor_row = scene.row_at(cursor.min(size));
        let followed = self.followed.entry(document.id()).or_default();
        if *followed != open.view.reveal
            && let Some(row) = cursor_row
        {
            *followed = open.view.reveal;
            scroll = rows.reveal(scroll, row.row, if self.clicked { 0 } else { rows::CONTEXT });
            let line = scene.line(&row);
            let x = line.x(&line.layout(ui, &font, cx.theme), cursor);
            let margin = (8.0 * digit).min(visible / 3.0);
            if x < scroll_x + margin.min(x) {
                scroll_x = (x - margin).max(0.0);
            } else if x > scroll_x + visible - margin {
                scroll_x = x - visible + margin;
                self.width = self.width.max(x + margin);
            }
        }
        self.clicked = false;

        let response = ui.interact(area, Self::id(), Sense::click_and_drag());
        let steps = self.zoom.steps(ui, &response);
        if steps != 0 {
            commands.push(Command::Hex(open.view.hex_front, HexChoice::Enlarge(steps)));
        }
        let (wheeled, sideways) = rows.wheel(ui, &response, scroll);
        (scroll, scroll_x) = (wheeled, scroll_x + sideways);
        let track = Rect::from_min_max(pos2(right, top), pos2(rect.max.x, bottom));
        scroll = rows.bar(ui, track, Self::id().with("bar"), "Scroll text", scroll, cx.theme);
        scroll_x = scroll_x.clamp(0.0, (self.width - visible).max(0.0));
        if overflow {
            let track = Rect::from_min_max(pos2(rect.min.x, bottom), pos2(right, rect.max.y));
            ui.painter().rect_filled(Rect::from_min_max(pos2(right, bottom), rect.max), 0.0, cx.theme.panel);
            let content = self.width + track.width() - visible;
            scroll_x = rows::horizontal_bar(
                ui,
                track,
                Self::id().with("bar across"),
                "Scroll text sideways",
                content,
                scroll_x,
                cx.theme,
            );
        }

        self.place(ui, &scene, body, scroll, scroll_x, cx.theme);
        scroll = self.mouse(ui, &response, &scene, scroll, commands);
        if response.has_focus() {
            scroll = self.keyboard(ui, &scene, cx, scroll, commands);
        }
        if (scroll, scroll_x) != (open.view.text_scroll, open.view.text_scroll_x) {
            commands.push(Command::View(ViewCommand::TextScroll(scroll, scroll_x)));
            self.place(ui, &scene, body, scroll, scroll_x, cx.theme);
        }
        let caret = self.cell(cursor).map(|cell| cell.left_bottom());
        context_menu::show(&response, context_menu::Place::Text, caret, cx, commands);
        if response.hovered() && ui.input(|input| input.pointer.hover_pos()).is_some_and(|pos| body.contains(pos)) {
            ui.set_cursor_icon(CursorIcon::Text);
        }
        let mut matches = std::mem::take(&mut self.matches);
        let seen = self.placed.rows.first().zip(self.placed.rows.last());
        let seen = seen.map_or(0..0, |((_, first, ..), (_, last, ..))| first.start..last.end);
        let found = matches.in_sight(cx.state, open, seen);
        self.paint(ui, &scene, area, body, response.has_focus(), found, cx.theme);
        self.matches = matches;

        let position = bar::position(&scene, cursor_row.as_ref());
        let strip = Rect::from_min_max(rect.min, pos2(rect.max.x, top));
        bar::show(ui, strip, &scene, encoding, self.guess.as_ref().map(|(_, _, guess)| guess), &position, cx, commands);
        self.describe(ui, &response, &scene, body, &position);
        self.index = Some(indexed);
    }
}

impl TextView {
    /// Lays out the rows in sight.
    fn place(&mut self, ui: &Ui, scene: &Scene<'_>, body: Rect, scroll: RowScroll, scroll_x: f32, theme: &Theme) {
        let scale = ui.ctx().pixels_per_point();
        let round = |value: f32| (value * scale).round() / scale;
        let scroll = RowScroll { sub_px: round(scroll.sub_px), ..scroll };
        let seen = scene.rows.visible(scroll);
        self.placed.body = body;
        self.placed.left = body.min.x - round(scroll_x);
        self.placed.rows.clear();
        let rows = scene.index.rows(scene.source, seen.start, seen.end - seen.start).unwrap_or_default();
        let mut width: f32 = 0.0;
        for row in rows {
            let Some(y) = scene.rows.y(scroll, row.row) else { continue };
            let line = scene.line(&row);
            let galley = line.layout(ui, &self.placed.font, theme);
            width = width.max(line.width(&galley) + 4.0 * UNIT);
            self.placed.rows.push((body.min.y + y, row, line, galley));
        }
        // While rows scroll by, the bar below must not jump to and fro.
        self.width = if scroll_x > 0.0 { self.width.max(width) } else { width };
    }

    #[expect(clippy::too_many_arguments, reason = "everything that a frame knows")]
    fn paint(&self, ui: &Ui, scene: &Scene<'_>, area: Rect, body: Rect, focused: bool, found: Sight<'_>, theme: &Theme) {
        let document = &scene.open.document;
        let all = ui.painter_at(area);
        all.rect_filled(area, 0.0, theme.ground);
        let gutter = Rect::from_min_max(area.min, pos2(body.min.x - 2.0 * UNIT, area.max.y));
        all.vline(gutter.max.x, area.y_range(), Stroke::new(1.0, theme.line));
        let painter = all.with_clip_rect(body.intersect(all.clip_rect()));
        let touched = document.touched().map(|span| {
            let color = if span.kind == SpanKind::Read { theme.read } else { theme.written };
            (span.start, span.end, color)
        });
        let selected = document.selection().map(|s| (s.start(), s.end(), theme.selection));
        let caret_row = self.placed.row_of(scene.cursor.min(scene.size)).map(|(_, row, ..)| row.row);
        for (y, row, line, galley) in &self.placed.rows {
            let from = found.hits.partition_point(|(_, end, _)| *end <= row.start);
            let hits = found.hits[from..].iter().take_while(|(start, ..)| *start < row.end);
            let hits = hits.map(|&(start, end, needle)| (start, end, theme.found_of(needle)));
            let current = found.current.map(|(start, end)| (start, end, theme.found_now));
            let mut under_lines = Vec::new();
            for mark in document.bookmarks().within(row.start, row.end.max(row.start + 1)) {
                let (ground, under) = theme.bookmark(mark.color);
                let (from, to) = (mark.start().max(row.start), mark.end().min(row.end));
                let (x0, x1) = (line.x(galley, from.min(row.end)), line.x(galley, to.max(from).min(row.end)));
                let left = self.placed.left;
                let area = Rect::from_min_max(pos2(left + x0, *y), pos2(left + x1.max(x0 + 2.0), y + self.placed.row));
                painter.rect_filled(area, 0.0, ground);
                under_lines.push((area, under));
            }
            for (start, end, color) in touched.into_iter().chain(hits).chain(selected).chain(current) {
                let (from, to) = (start.max(row.start), end.min(row.end));
                if from < to {
                    let (x0, x1) = (line.x(galley, from), line.x(galley, to));
                    let left = self.placed.left;
                    painter.rect_filled(
                        Rect::from_min_max(pos2(left + x0, *y), pos2(left + x1, y + self.placed.row)),
                        0.0,
                        color,
                    );
                }
            }
            for (area, color) in under_lines {
                painter.hline(area.x_range(), area.max.y - 1.0, Stroke::new(2.0, color));
            }
            let text_y = y + ((self.placed.row - galley.size().y) / 2.0).round();
            painter.galley(pos2(self.placed.left, text_y), Arc::clone(galley), theme.text);
            let number = match (row.continued, scene.index.from) {
                (true, _) => "·".to_owned(),
                (false, 0) => (row.line + 1).to_string(),
                (false, _) => "…".to_owned(),
            };
            let color = if caret_row == Some(row.row) { theme.text } else { theme.text_dim };
            let at = pos2(gutter.max.x - 1.5 * UNIT, y + self.placed.row / 2.0);
            all.text(at, Align2::RIGHT_CENTER, number, self.placed.font.clone(), color);
        }
        self.caret(ui, &painter, scene, focused, theme);
        let note = match &scene.index.error {
            Some(error) => Some(format!("The rest cannot be read: {error}")),
            None if scene.size == 0 && scene.cursor == 0 && document.is_closed() => Some("The stream is closed".to_owned()),
            None if scene.size == 0 && scene.cursor == 0 => Some("No text yet. Type, paste, or drop a file".to_owned()),
            None => None,
        };
        if let Some(note) = note {
            let y = self.placed.rows.last().map_or(body.min.y, |(y, ..)| y + self.placed.row) + self.placed.row / 2.0;
            let color = if scene.index.error.is_some() { theme.error } else { theme.text_dim };
            painter.text(pos2(body.min.x, y), Align2::LEFT_CENTER, note, theme::words(theme::TEXT), color);
        }
        if focused {
            rows::focus_ring(ui, area, theme);
        }
    }

    fn caret(&self, ui: &Ui, painter: &egui::Painter, scene: &Scene<'_>, focused: bool, theme: &Theme) {
        let shown = scene.cursor.min(scene.size);
        let Some(mut at) = self.placed.caret(shown) else { return };
        if scene.cursor > scene.size {
            // The gap up to a cursor past the end, in no scale: the bar says how long it is.
            let gap = Rect::from_min_size(at + vec2(1.0, 1.0), vec2(8.0 * UNIT, self.placed.row - 2.0));
            painter.rect_filled(gap, 2.0, theme.gap);
            rows::hatch(painter, gap, theme);
            at.x = gap.max.x;
        }
        let cell = self.cell(shown).filter(|_| scene.cursor < scene.size);
        match cell {
            Some(cell) if !scene.between() => {
                let stroke = Stroke::new(if focused { 1.5 } else { 1.0 }, theme.accent);
                painter.rect_stroke(cell.shrink2(vec2(0.0, 1.0)), 2.0, stroke, StrokeKind::Inside);
                if focused {
                    painter.rect_filled(Rect::from_min_size(cell.min, vec2(2.0, self.placed.row)), 0.0, theme.accent);
                }
            }
            _ => {
                painter.rect_filled(
                    Rect::from_min_size(at, vec2(if focused { 2.0 } else { 1.0 }, self.placed.row)),
                    0.0,
                    theme.accent,
                );
            }
        }
        if focused {
            let caret = Rect::from_min_size(at, vec2(1.0, self.placed.row));
            if !self.composed.is_empty() {
                let galley = painter.layout_no_wrap(self.composed.clone(), self.placed.font.clone(), theme.text);
                let place = Rect::from_min_size(at + vec2(3.0, 0.0), vec2(galley.size().x, self.placed.row));
                painter.rect_filled(place, 0.0, theme.control);
                painter.hline(place.x_range(), place.max.y - 1.0, Stroke::new(1.0, theme.accent));
                painter.galley(place.min, galley, theme.text);
            }
            ui.output_mut(|output| {
                output.ime = Some(egui::output::IMEOutput {
                    purpose: egui::IMEPurpose::default(),
                    rect: self.placed.body,
                    cursor_rect: caret,
                    should_interrupt_composition: false,
                });
            });
        }
    }

    /// The same for a screen reader: the cursor's line, and the rows in sight.
    fn describe(&self, ui: &mut Ui, response: &egui::Response, scene: &Scene<'_>, body: Rect, position: &str) {
        let name = format!("Text of {}", scene.open.document.name());
        response.widget_info(|| WidgetInfo::labeled(Role::Document, true, &name));
        let current = self.placed.row_of(scene.cursor.min(scene.size)).map_or("", |(_, _, line, _)| line.spoken());
        let value = format!("{position}: {current}");
        if ui.ctx().accesskit_node_builder(response.id, |node| node.set_value(value)).is_none() {
            return;
        }
        let mut child = ui.new_child(UiBuilder::new().max_rect(body).accessibility_parent(response.id));
        child.set_clip_rect(body.intersect(ui.clip_rect()));
        for (y, row, line, _) in &self.placed.rows {
            let rect = Rect::from_min_max(pos2(body.min.x, *y), pos2(body.max.x, y + self.placed.row)).intersect(body);
            let id = Self::id().with(("row", row.row));
            child.interact(rect, id, Sense::hover());
            child.ctx().accesskit_node_builder(id, |node| {
                node.set_role(Role::Paragraph);
                let number = if scene.index.from == 0 { (row.line + 1).to_string() } else { "…".into() };
                node.set_label(format!("line {number}: {}", line.spoken()));
            });
        }
    }
}
