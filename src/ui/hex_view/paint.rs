//! The pixels of a hex view, and the same in words.

use std::sync::Arc;

use egui::epaint::Mesh;
use egui::{Align2, Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Ui, pos2, vec2};

use super::content::{Content, Hole};
use super::geometry::HexGeometry;
use super::glyphs::{self, Glyphs};
use super::marks::Marks;
use super::wrappers::Ghosts;
use crate::app::{HexColumn, ViewState};
use crate::ui::rows;
use crate::ui::theme::{self, ROW, Theme, UNIT};

pub(super) const COLUMNS: [HexColumn; 2] = [HexColumn::Hex, HexColumn::Text];
/// Glyphs of one mesh. What egui makes of a mesh stays below the size from which allocators fetch memory from the system
/// anew in every frame; each band of rows has a clip rectangle of its own, so that egui does not join them again.
const BAND: u64 = 1024;
const DIGITS: &[u8; 16] = b"0123456789ABCDEF";

/// All that a frame paints from.
pub(super) struct Frame<'a> {
    pub(super) theme: &'a Theme,
    pub(super) glyphs: &'a Glyphs,
    pub(super) places: &'a HexGeometry,
    pub(super) content: &'a Content,
    pub(super) view: &'a ViewState,
    /// The offset of the first of `bytes`.
    pub(super) start: u64,
    pub(super) bytes: &'a [u8],
    pub(super) holes: &'a [Hole],
    pub(super) focused: bool,
    pub(super) closed: bool,
    /// Merged.
    pub(super) marks: &'a Marks,
    pub(super) ghosts: &'a Ghosts<'a>,
}

impl Frame<'_> {
    pub(super) fn paint(&self, ui: &Ui, area: Rect, meshes: &mut Vec<Arc<Mesh>>) {
        let painter = ui.painter_at(area);
        let theme = self.theme;
        painter.rect_filled(area, 0.0, theme.ground);
        let inside = painter.with_clip_rect(self.places.body.intersect(painter.clip_rect()));
        self.grounds(&inside);
        self.end_mark(&inside);
        self.cursor_ground(&inside);
        // The memory of the last frame's mesh is free again, unless somebody keeps that frame.
        let seen = self.places.rows.visible(self.places.scroll);
        let per_band = (BAND / (3 * self.places.widths.columns + self.places.widths.address_digits as u64)).max(1);
        let bands = (seen.end - seen.start).div_ceil(per_band);
        meshes.resize_with(bands as usize, Arc::default);
        for (mesh, first) in meshes.iter_mut().zip(seen.clone().step_by(per_band as usize)) {
            let rows = first..(first + per_band).min(seen.end);
            let Some(top) = self.places.row_top(first) else { continue };
            let cells = Arc::make_mut(mesh);
            cells.vertices.clear();
            self.cells(cells, rows.clone());
            glyphs::join(cells);
            let height = (rows.end - rows.start) as f32 * ROW;
            let band = Rect::from_min_size(pos2(area.min.x, top), vec2(area.width(), height));
            inside.with_clip_rect(inside.clip_rect().intersect(band)).add(Shape::Mesh(Arc::clone(mesh)));
        }
        self.bookmark_lines(&inside);
        self.drawn_over(&inside);
        self.wrapper_marks(&inside);
        self.cursor_outline(&inside);
        self.header(&painter, area);
        if self.content.size == 0 && self.content.cursor == 0 && self.view.nibble.is_none() {
            let words = if self.closed { "The stream is closed" } else { "No bytes yet. Type, paste, or drop a file" };
            let at = self.places.body.min + vec2(self.places.widths.margin - self.places.scroll_x, 2.0 * ROW);
            inside.text(at, Align2::LEFT_CENTER, words, theme::words(theme::TEXT), theme.text_dim);
        }
        if self.focused {
            rows::focus_ring(ui, area, theme);
        }
    }

    /// The ruler: what column is what.
    fn header(&self, painter: &Painter, area: Rect) {
        let (theme, widths) = (self.theme, &self.places.widths);
        let band = Rect::from_min_max(area.min, pos2(area.max.x, self.places.body.min.y));
        painter.rect_filled(band, 0.0, theme.panel);
        painter.hline(band.x_range(), band.max.y - 0.5, Stroke::new(1.0, theme.line));
        let left = band.min.x - self.places.scroll_x;
        let mut mesh = Mesh::default();
        let current = self.content.cursor % widths.columns;
        self.glyphs.push_text(&mut mesh, pos2(left + widths.margin, band.min.y), "Offset", theme.text_dim);
        for i in 0..widths.columns {
            let color = if i == current { theme.accent } else { theme.text_dim };
            let at = pos2(left + widths.hex_x(i), band.min.y);
            self.push_byte(&mut mesh, at, i as u8, color);
        }
        self.glyphs.push_text(&mut mesh, pos2(left + widths.text_x(0), band.min.y), "Text", theme.text_dim);
        glyphs::join(&mut mesh);
        painter.add(Shape::mesh(mesh));
    }

    pub(super) fn push_byte(&self, mesh: &mut Mesh, at: Pos2, byte: u8, color: Color32) {
        self.glyphs.push(mesh, at, DIGITS[usize::from(byte >> 4)], color);
        let low = pos2(at.x + self.places.widths.digit, at.y);
        self.glyphs.push(mesh, low, DIGITS[usize::from(byte & 15)], color);
    }

    /// The places of `start..end` in sight, row by row: the row, and the first column and the one behind the last.
    pub(super) fn runs(&self, start: u64, end: u64) -> impl Iterator<Item = (u64, u64, u64)> {
        let columns = self.places.widths.columns;
        let seen = self.places.rows.visible(self.places.scroll);
        let (first, last) = (start / columns, end.saturating_sub(1) / columns);
        let range = if start < end { first.max(seen.start)..(last + 1).min(seen.end) } else { 0..0 };
        range.map(move |row| {
            let from = if row == first { start % columns } else { 0 };
            let to = if row == last { (end - 1) % columns + 1 } else { columns };
            (row, from, to)
        })
    }

    pub(super) fn fill(&self, painter: &Painter, start: u64, end: u64, color: Color32) {
        for (row, from, to) in self.runs(start, end) {
            for rect in self.run_rects(row, from, to) {
                painter.rect_filled(rect, 0.0, color);
            }
        }
    }

    pub(super) fn run_rects(&self, row: u64, from: u64, to: u64) -> impl Iterator<Item = Rect> {
        let left = self.places.body.min.x - self.places.scroll_x;
        let top = self.places.row_top(row);
        let widths = self.places.widths;
        COLUMNS.into_iter().filter_map(move |column| {
            let (x0, x1) = widths.span(column, from, to);
            top.map(|top| Rect::from_min_max(pos2(left + x0, top), pos2(left + x1, top + ROW)))
        })
    }

    /// The merged grounds of all marks, a rectangle for each run of a row.
    fn grounds(&self, painter: &Painter) {
        let columns = self.places.widths.columns;
        let mut mesh = Mesh::default();
        for row in self.places.rows.visible(self.places.scroll) {
            let grounds = self.marks.slice(row * columns, columns as usize);
            let mut from = 0;
            for run in grounds.chunk_by(|a, b| a == b) {
                let to = from + run.len() as u64;
                if let Some(color) = run[0].and_then(|kind| kind.ground(self.theme)) {
                    for rect in self.run_rects(row, from, to) {
                        mesh.add_colored_rect(rect, color);
                    }
                }
                from = to;
            }
        }
        if !mesh.is_empty() {
            painter.add(Shape::mesh(mesh));
        }
        if self.content.cursor > self.content.size {
            self.gap(painter, self.content.size, self.content.cursor);
        }
    }

    /// Lines under the bytes, and frames around them.
    fn drawn_over(&self, painter: &Painter) {
        for (kind, range) in self.marks.over() {
            for (row, from, to) in self.runs(range.start, range.end) {
                for rect in self.run_rects(row, from, to) {
                    if let Some(color) = kind.line(self.theme) {
                        painter.hline(rect.x_range(), rect.max.y - 1.5, Stroke::new(2.0, color));
                    }
                    if let Some(color) = kind.frame(self.theme) {
                        painter.rect_stroke(rect, 2.0, Stroke::new(1.5, color), StrokeKind::Inside);
                    }
                }
            }
        }
    }

    /// What is between the end and a cursor past it: a hatched ground. A write there fills it with zeros.
    fn gap(&self, painter: &Painter, start: u64, end: u64) {
        self.fill(painter, start, end, self.theme.gap);
        for (row, from, to) in self.runs(start, end) {
            for rect in self.run_rects(row, from, to) {
                rows::hatch(painter, rect, self.theme);
            }
        }
    }

    /// Where the content ends.
    fn end_mark(&self, painter: &Painter) {
        let content = self.content;
        if content.size == 0 && content.cursor == 0 {
            return;
        }
        for column in COLUMNS {
            if let Some(cell) = self.places.cell_in(column, content.size) {
                let line = Rect::from_min_size(cell.min, vec2(2.0, cell.height()));
                painter.rect_filled(line, 0.0, self.theme.text_dim);
            }
        }
        let room = self.places.widths.columns - content.size % self.places.widths.columns;
        if content.cursor >= content.size.saturating_add(3)
            && room >= 3
            && let Some(cell) = self.places.cell(content.size)
        {
            let at = cell.left_center() + vec2(1.5 * UNIT, 0.0);
            let galley = painter.layout_no_wrap("end".into(), theme::words(theme::SMALL), self.theme.text_dim);
            let place = Align2::LEFT_CENTER.anchor_size(at, galley.size());
            painter.rect_filled(place.expand2(vec2(UNIT / 2.0, 0.0)), 2.0, self.theme.gap);
            painter.galley(place.min, galley, self.theme.text_dim);
        }
    }

    /// The box of overwriting is filled in the column that typing goes to, while the view has the keyboard.
    fn filled_cursor(&self) -> Option<HexColumn> {
        (self.focused && !self.view.insert).then_some(self.view.hex_column)
    }

    fn cursor_ground(&self, painter: &Painter) {
        if let Some(cell) = self.filled_cursor().and_then(|column| self.places.cell_in(column, self.content.cursor)) {
            painter.rect_filled(cell.shrink2(vec2(0.0, 1.0)), 2.0, self.theme.accent);
        }
    }

    fn cursor_outline(&self, painter: &Painter) {
        let stroke = Stroke::new(if self.focused { 1.5 } else { 1.0 }, self.theme.accent);
        for column in COLUMNS {
            let Some(cell) = self.places.cell_in(column, self.content.cursor) else { continue };
            if self.view.insert && column == self.view.hex_column {
                let bar = Rect::from_min_size(cell.min, vec2(2.0, cell.height()));
                painter.rect_filled(bar, 0.0, self.theme.accent);
            } else if self.filled_cursor() != Some(column) {
                painter.rect_stroke(cell.shrink2(vec2(0.5, 1.5)), 2.0, stroke, StrokeKind::Inside);
            }
        }
    }

    /// Addresses, digits and characters.
    fn cells(&self, mesh: &mut Mesh, seen: std::ops::Range<u64>) {
        let (theme, widths, content) = (self.theme, &self.places.widths, self.content);
        let left = self.places.body.min.x - self.places.scroll_x;
        let count = (seen.end - seen.start) as usize * (3 * widths.columns as usize + widths.address_digits);
        mesh.vertices.reserve(count * 4);
        let filled = self.filled_cursor();
        let cursor_row = content.cursor / widths.columns;
        let mut holes = self.holes.iter().peekable();
        for row in seen {
            let Some(top) = self.places.row_top(row) else { continue };
            let address = row * widths.columns;
            let color = if row == cursor_row { theme.text } else { theme.text_dim };
            for digit in 0..widths.address_digits {
                let nibble = (address >> (4 * (widths.address_digits - 1 - digit))) & 15;
                let at = pos2(left + widths.margin + digit as f32 * widths.digit, top);
                self.glyphs.push(mesh, at, DIGITS[nibble as usize], color);
            }
            for i in 0..widths.columns {
                let offset = address + i;
                let at = pos2(left + widths.hex_x(i), top);
                let text_at = pos2(left + widths.text_x(i), top);
                let on_cursor = |column| offset == content.cursor && filled == Some(column);
                let pick = |column, color| if on_cursor(column) { theme.on_accent } else { color };
                let index = offset.checked_sub(self.start).and_then(|index| usize::try_from(index).ok());
                let byte = index.and_then(|index| self.bytes.get(index)).copied();
                if let (true, Some(high)) = (offset == content.cursor, self.view.nibble) {
                    // The digit that waits for its second half.
                    let color = pick(HexColumn::Hex, theme.accent);
                    self.glyphs.push(mesh, at, DIGITS[usize::from(high & 15)], color);
                    self.glyphs.push(mesh, pos2(at.x + widths.digit, at.y), b'_', color);
                    continue;
                }
                let Some(byte) = byte else { continue };
                while holes.peek().is_some_and(|hole| hole.end <= offset) {
                    holes.next();
                }
                if holes.peek().is_some_and(|hole| hole.start <= offset) {
                    let color = theme.byte_unreadable;
                    self.glyphs.push_text(mesh, at, "??", pick(HexColumn::Hex, color));
                    self.glyphs.push(mesh, text_at, b'?', pick(HexColumn::Text, color));
                    continue;
                }
                let color = byte_color(theme, byte, self.marks.at(offset).is_some());
                self.push_byte(mesh, at, byte, pick(HexColumn::Hex, color));
                let color = pick(HexColumn::Text, color);
                match byte {
                    0x21..=0x7E => self.glyphs.push(mesh, text_at, byte, color),
                    b' ' => {}
                    _ => self.glyphs.push_dot(mesh, text_at, color),
                }
            }
        }
    }

    fn byte(&self, offset: u64) -> Option<Result<u8, ()>> {
        if self.holes.iter().any(|hole| (hole.start..hole.end).contains(&offset)) {
            return Some(Err(()));
        }
        let index = usize::try_from(offset.checked_sub(self.start)?).ok()?;
        match self.bytes.get(index) {
            Some(&byte) => Some(Ok(byte)),
            None if offset < self.content.size => {
                self.content.bytes.byte_at(crate::buffer::Offset(offset)).ok().flatten().map(Ok)
            }
            None => None,
        }
    }

    /// "offset 1F0, byte 4A, J".
    pub(super) fn spoken_cursor(&self) -> String {
        let cursor = self.content.cursor;
        let place = format!("offset {cursor:X}");
        let mut words = match self.byte(cursor) {
            Some(Ok(byte)) if byte.is_ascii_graphic() => format!("{place}, byte {byte:02X}, {}", char::from(byte)),
            Some(Ok(byte)) => format!("{place}, byte {byte:02X}"),
            Some(Err(())) => format!("{place}, unreadable"),
            None if cursor > self.content.size => format!("{place}, {} past the end", cursor - self.content.size),
            None if cursor == self.content.size => format!("{place}, end"),
            None => format!("{place}, unreadable"),
        };
        if let Some(high) = self.view.nibble {
            words.push_str(&format!(", typed {high:X}"));
        }
        if let Some((start, end)) = self.content.selection {
            words.push_str(&format!(", {} selected", end - start));
        }
        words
    }

    /// "row at 000001F0: 4A 6F".
    pub(super) fn spoken_row(&self, row: u64) -> String {
        use std::fmt::Write as _;
        let start = row * self.places.widths.columns;
        let mut words = format!("row at {:0width$X}:", start, width = self.places.widths.address_digits);
        for offset in start..start + self.places.widths.columns {
            match self.byte(offset) {
                Some(Ok(byte)) => _ = write!(words, " {byte:02X}"),
                Some(Err(())) => words.push_str(" ??"),
                None => break,
            }
        }
        words
    }
}

pub(super) fn byte_color(theme: &Theme, byte: u8, tinted: bool) -> Color32 {
    match byte {
        0 if tinted => theme.text_dim,
        0 => theme.byte_zero,
        0x21..=0x7E => theme.byte_ascii,
        0x01..=0x20 | 0x7F => theme.byte_control,
        0x80.. => theme.byte_high,
    }
}
