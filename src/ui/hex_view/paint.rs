//! The pixels of a hex view, and the same in words.

use std::sync::Arc;

use egui::epaint::Mesh;
use egui::{Align2, Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Ui, pos2, vec2};

use super::characters::Letters;
use super::content::{Content, Hole};
use super::geometry::HexGeometry;
use super::glyphs::{self, Glyphs, Sign};
use super::ink::Ink;
use super::marks::{MarkKind, Marks};
use super::wrappers::Ghosts;
use crate::app::bytes_view::{CellFormat, Cells, HexSettings, HexSide, Radix};
use crate::app::{HexColumn, ViewState};
use crate::stream::codec::Charset;
use crate::ui::rows;
use crate::ui::theme::{self, Theme, UNIT};

pub(super) const COLUMNS: [HexColumn; 2] = [HexColumn::Hex, HexColumn::Text];
/// Glyphs of one mesh. What egui makes of a mesh stays below the size from which allocators fetch memory from the system
/// anew in every frame; each band of rows has a clip rectangle of its own, so that egui does not join them again.
const BAND: u64 = 1024;
const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
const SMALL_DIGITS: &[u8; 16] = b"0123456789abcdef";

/// All that a frame paints from.
pub(super) struct Frame<'a> {
    pub(super) theme: &'a Theme,
    pub(super) glyphs: &'a Glyphs,
    pub(super) ink: &'a Ink,
    pub(super) places: &'a HexGeometry,
    pub(super) content: &'a Content,
    pub(super) view: &'a ViewState,
    pub(super) side: HexSide,
    pub(super) hex: &'a HexSettings,
    pub(super) cells: Cells,
    pub(super) charset: Charset,
    /// The offset of the first of `bytes`.
    pub(super) start: u64,
    pub(super) bytes: &'a [u8],
    pub(super) letters: &'a Letters,
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
        self.character_lines(&inside);
        self.cursor_ground(&inside);
        // The memory of the last frame's mesh is free again, unless somebody keeps that frame.
        let seen = self.places.rows.visible(self.places.scroll);
        let widths = &self.places.widths;
        let per_row =
            (widths.columns / widths.unit) * self.cells.format.chars() as u64 + widths.columns + widths.address_digits as u64;
        let per_band = (BAND / per_row).max(1);
        // Where each column is: divisions for every byte of every row would cost more than its glyphs.
        let places: Vec<f32> = (0..widths.columns).map(|i| self.left() + widths.hex_x(i)).collect();
        let bands = (seen.end - seen.start).div_ceil(per_band);
        meshes.resize_with(bands as usize, Arc::default);
        for (mesh, first) in meshes.iter_mut().zip(seen.clone().step_by(per_band as usize)) {
            let rows = first..(first + per_band).min(seen.end);
            let Some(top) = self.places.row_top(first) else { continue };
            let cells = Arc::make_mut(mesh);
            cells.vertices.clear();
            self.cells(cells, rows.clone(), &places);
            glyphs::join(cells);
            let height = (rows.end - rows.start) as f32 * self.row();
            let band = Rect::from_min_size(pos2(area.min.x, top), vec2(area.width(), height));
            inside.with_clip_rect(inside.clip_rect().intersect(band)).add(Shape::Mesh(Arc::clone(mesh)));
        }
        self.bookmark_lines(&inside);
        self.drawn_over(&inside);
        self.wrapper_marks(&inside);
        self.cursor_outline(&inside);
        self.edit_error(&inside);
        self.header(&painter, area);
        if self.content.size == 0 && self.content.cursor == 0 && self.view.nibble.is_none() {
            let words = if self.closed { "The stream is closed" } else { "No bytes yet. Type, paste, or drop a file" };
            let at = self.places.body.min + vec2(self.places.widths.margin - self.places.scroll_x, 2.0 * self.row());
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
        let title = if self.view.base == 0 { "Offset" } else { "Address" };
        self.glyphs.push_text(&mut mesh, pos2(left + widths.margin, band.min.y), title, theme.text_dim);
        // Rulers count as addresses do; what has no room for all digits shows the last ones.
        let room = (widths.cell / widths.digit) as usize;
        let digits = match self.hex.radix {
            Radix::Hex if widths.columns > 256 => 3,
            Radix::Hex => 2,
            Radix::Decimal | Radix::Octal if widths.columns > 100 => 3,
            Radix::Decimal | Radix::Octal => 2,
        };
        let digits = digits.min(room);
        let mut number = [b'0'; 3];
        for i in (0..widths.columns).step_by(widths.unit as usize) {
            let color = if i == current - current % widths.unit { theme.accent } else { theme.text_dim };
            let number = &mut number[..digits];
            self.hex.radix.write(i.into(), number, self.hex.upper);
            // Numbers stand over the ends of their cells, as the values do.
            let mut at = pos2(left + widths.hex_x(i) + widths.cell - digits as f32 * widths.digit, band.min.y);
            for &digit in &*number {
                self.glyphs.push(&mut mesh, at, digit, color);
                at.x += widths.digit;
            }
        }
        self.glyphs.push_text(&mut mesh, pos2(left + widths.text_x(0), band.min.y), "Text", theme.text_dim);
        glyphs::join(&mut mesh);
        painter.add(Shape::mesh(mesh));
    }

    /// Height of a row in points.
    pub(super) fn row(&self) -> f32 {
        self.places.rows.row_height
    }

    fn digits(&self) -> &'static [u8; 16] {
        if self.hex.upper { DIGITS } else { SMALL_DIGITS }
    }

    pub(super) fn push_byte(&self, mesh: &mut Mesh, at: Pos2, byte: u8, color: Color32) {
        let digits = self.digits();
        self.glyphs.push(mesh, at, digits[usize::from(byte >> 4)], color);
        let low = pos2(at.x + self.places.widths.digit, at.y);
        self.glyphs.push(mesh, low, digits[usize::from(byte & 15)], color);
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
            top.map(|top| Rect::from_min_max(pos2(left + x0, top), pos2(left + x1, top + self.row())))
        })
    }

    /// The merged grounds of all marks, a rectangle for each run of a row. A cell of several bytes has one ground: of its
    /// bytes' the one that wins.
    fn grounds(&self, painter: &Painter) {
        let (columns, unit) = (self.places.widths.columns, self.places.widths.unit as usize);
        let mut mesh = Mesh::default();
        let mut cells = Vec::new();
        for row in self.places.rows.visible(self.places.scroll) {
            let grounds = self.marks.slice(row * columns, columns as usize);
            self.row_grounds(&mut mesh, HexColumn::Text, row, grounds, 1);
            if unit == 1 {
                self.row_grounds(&mut mesh, HexColumn::Hex, row, grounds, 1);
            } else {
                cells.clear();
                cells.extend(grounds.chunks(unit).map(|cell| cell.iter().max().copied().flatten()));
                self.row_grounds(&mut mesh, HexColumn::Hex, row, &cells, unit);
            }
        }
        if !mesh.vertices.is_empty() {
            glyphs::join(&mut mesh);
            painter.add(Shape::mesh(mesh));
        }
        if self.content.cursor > self.content.size {
            self.gap(painter, self.content.size, self.content.cursor);
        }
    }

    /// One row of one column; `grounds` has an entry for each `unit` bytes.
    fn row_grounds(&self, mesh: &mut Mesh, column: HexColumn, row: u64, grounds: &[Option<MarkKind>], unit: usize) {
        let Some(top) = self.places.row_top(row) else { return };
        let mut from = 0;
        for run in grounds.chunk_by(|a, b| a == b) {
            let to = from + (run.len() * unit) as u64;
            if let Some(color) = run[0].and_then(|kind| kind.ground(self.theme)) {
                let (x0, x1) = self.places.widths.span(column, from, to);
                let snap = |x: f32| (x * self.places.scale).round() / self.places.scale;
                let (x0, x1) = (snap(self.left() + x0), snap(self.left() + x1));
                glyphs::push_ground(mesh, Rect::from_min_max(pos2(x0, top), pos2(x1, top + self.row())), color);
            }
            from = to;
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

    /// Addresses, cells and characters.
    fn cells(&self, mesh: &mut Mesh, seen: std::ops::Range<u64>, places: &[f32]) {
        let widths = &self.places.widths;
        let per_row = (widths.columns / widths.unit) as usize * self.cells.format.chars() + widths.columns as usize;
        mesh.vertices.reserve((seen.end - seen.start) as usize * (per_row + widths.address_digits) * 4);
        let mut address = [b'0'; 48];
        let mut text = String::new();
        for row in seen {
            let Some(top) = self.places.row_top(row) else { continue };
            self.address(mesh, row, top, &mut address);
            if self.cells.format == CellFormat::Hex {
                self.hex_cells(mesh, row, top, places);
            } else {
                self.value_cells(mesh, row, top, &mut text);
            }
            self.characters(mesh, row, top);
        }
    }

    fn left(&self) -> f32 {
        self.places.body.min.x - self.places.scroll_x
    }

    fn address(&self, mesh: &mut Mesh, row: u64, top: f32, digits: &mut [u8; 48]) {
        let (theme, widths) = (self.theme, &self.places.widths);
        let offset = row * widths.columns;
        let color = if row == self.content.cursor / widths.columns { theme.text } else { theme.text_dim };
        let digits = &mut digits[..widths.address_digits.min(48)];
        self.hex.radix.write(u128::from(offset) + u128::from(self.view.base), digits, self.hex.upper);
        let mut at = pos2(self.left() + widths.margin, top);
        for &digit in &*digits {
            self.glyphs.push(mesh, at, digit, color);
            at.x += widths.digit;
        }
    }

    /// The bytes of a row in sight, and the index of the first.
    fn row_bytes(&self, row: u64) -> (usize, &[u8]) {
        let columns = self.places.widths.columns;
        let from = usize::try_from((row * columns).saturating_sub(self.start)).unwrap_or(usize::MAX).min(self.bytes.len());
        (from, &self.bytes[from..(from + columns as usize).min(self.bytes.len())])
    }

    fn is_hole(&self, offset: u64) -> bool {
        self.holes.iter().any(|hole| (hole.start..hole.end).contains(&offset))
    }

    /// The colour of what stands on the filled box of the cursor, or `color`.
    fn on_cursor(&self, column: HexColumn, from: u64, to: u64, color: Color32) -> Color32 {
        let filled = self.filled_cursor() == Some(column) && (from..to).contains(&self.content.cursor);
        if filled { self.theme.on_accent } else { color }
    }

    fn hex_cells(&self, mesh: &mut Mesh, row: u64, top: f32, places: &[f32]) {
        let (widths, left, content) = (&self.places.widths, self.left(), self.content);
        let address = row * widths.columns;
        let (_, bytes) = self.row_bytes(row);
        let grounds = self.marks.slice(address, bytes.len());
        let cursor = content.cursor.checked_sub(address).filter(|&i| i < widths.columns);
        for (i, &byte) in bytes.iter().enumerate() {
            let offset = address + i as u64;
            let Some(&x) = places.get(i) else { break };
            let at = pos2(x, top);
            if cursor == Some(i as u64) && self.view.nibble.is_some() {
                continue;
            }
            if !self.holes.is_empty() && self.is_hole(offset) {
                let color = self.on_cursor(HexColumn::Hex, offset, offset + 1, self.theme.byte_unreadable);
                self.glyphs.push_text(mesh, at, "??", color);
                continue;
            }
            let mut color = self.ink.of(byte, grounds.get(i).is_some_and(Option::is_some));
            if cursor == Some(i as u64) {
                color = self.on_cursor(HexColumn::Hex, offset, offset + 1, color);
            }
            self.push_byte(mesh, at, byte, color);
        }
        if let (Some(i), Some(high)) = (cursor, self.view.nibble) {
            // The digit that waits for its second half.
            let at = pos2(left + widths.hex_x(i), top);
            let color = self.on_cursor(HexColumn::Hex, content.cursor, content.cursor + 1, self.theme.accent);
            self.glyphs.push(mesh, at, self.digits()[usize::from(high & 15)], color);
            self.glyphs.push(mesh, pos2(at.x + widths.digit, at.y), b'_', color);
        }
    }

    /// Cells of any other kind, their values at the right edge.
    fn value_cells(&self, mesh: &mut Mesh, row: u64, top: f32, text: &mut String) {
        let (widths, left) = (&self.places.widths, self.left());
        let address = row * widths.columns;
        let (_, bytes) = self.row_bytes(row);
        let grounds = self.marks.slice(address, bytes.len());
        let unit = widths.unit as usize;
        let edit = self.view.cell_edit.as_ref().filter(|edit| edit.side == self.side);
        for i in (0..widths.columns as usize).step_by(unit) {
            let (from, to) = (address + i as u64, address + (i + unit) as u64);
            text.clear();
            let color = if let Some(edit) = edit.filter(|edit| (from..to).contains(&edit.at)) {
                text.push_str(&edit.text);
                text.push('_');
                let right = self.cells.format.parse(&edit.text, self.cells.big_endian).is_ok();
                let color = if right { self.theme.accent } else { self.theme.error };
                if self.filled_cursor() == Some(HexColumn::Hex) { self.theme.on_accent } else { color }
            } else {
                let Some(rest) = bytes.get(i..).filter(|rest| !rest.is_empty()) else { break };
                let cell = &rest[..unit.min(rest.len())];
                let ground = grounds.iter().skip(i).take(unit).any(Option::is_some);
                let color = if !self.holes.is_empty() && (from..to).any(|offset| self.is_hole(offset)) {
                    text.push_str("??");
                    self.theme.byte_unreadable
                } else {
                    self.cells.format.write(cell, self.cells.big_endian, self.hex.upper, text);
                    let whole = cell.len() == unit;
                    if whole { self.ink.of_cell(cell, self.cells.big_endian, ground) } else { self.theme.text_dim }
                };
                self.on_cursor(HexColumn::Hex, from, to, color)
            };
            // What is typed may be longer than its cell: the end of it is what one looks at.
            let room = self.cells.format.chars();
            let shown = &text[text.len().saturating_sub(room)..];
            let x = left + widths.hex_x(i as u64) + widths.cell - shown.len() as f32 * widths.digit;
            self.glyphs.push_text(mesh, pos2(x, top), shown, color);
        }
    }

    fn characters(&self, mesh: &mut Mesh, row: u64, top: f32) {
        let (widths, left) = (&self.places.widths, self.left());
        let address = row * widths.columns;
        let (first, bytes) = self.row_bytes(row);
        let grounds = self.marks.slice(address, bytes.len());
        for (i, &byte) in bytes.iter().enumerate() {
            let letter = self.letters.at(first + i);
            if letter.sign == Sign::Blank && self.holes.is_empty() {
                continue;
            }
            let offset = address + i as u64;
            let at = pos2(left + widths.text_x(i as u64), top);
            if !self.holes.is_empty() && self.is_hole(offset) {
                let color = self.on_cursor(HexColumn::Text, offset, offset + 1, self.theme.byte_unreadable);
                self.glyphs.push(mesh, at, b'?', color);
                continue;
            }
            let mut color = self.ink.of(byte, grounds.get(i).is_some_and(Option::is_some));
            if offset == self.content.cursor {
                color = self.on_cursor(HexColumn::Text, offset, offset + 1, color);
            }
            let cells = u64::from(letter.len).clamp(1, widths.columns - i as u64);
            self.glyphs.push_sign(mesh, at, letter.sign, cells as f32 * widths.digit, color);
        }
    }

    /// Lines under the characters that take several bytes, as long as their bytes.
    fn character_lines(&self, painter: &Painter) {
        let (widths, left) = (&self.places.widths, self.left());
        let mut mesh = Mesh::default();
        let color = Theme::mix(self.theme.ground, self.theme.text_dim, 0.6);
        for &(start, end) in &self.letters.wide {
            for (row, from, to) in self.runs(start, end) {
                let Some(top) = self.places.row_top(row) else { continue };
                let y = top + self.row() - 2.0;
                let open_left = if row * widths.columns + from == start { 1.0 } else { 0.0 };
                let open_right = if row * widths.columns + to == end { 1.0 } else { 0.0 };
                let x = left + widths.text_x(from) + open_left;
                let line = Rect::from_min_max(pos2(x, y), pos2(left + widths.text_x(to) - open_right, y + 1.0));
                glyphs::push_ground(&mut mesh, line, color);
            }
        }
        if !mesh.vertices.is_empty() {
            glyphs::join(&mut mesh);
            painter.add(Shape::mesh(mesh));
        }
    }

    /// What is wrong with the value that is being typed, under its cell.
    fn edit_error(&self, painter: &Painter) {
        let Some(edit) = self.view.cell_edit.as_ref().filter(|edit| edit.side == self.side) else { return };
        let Err(error) = self.cells.format.parse(&edit.text, self.cells.big_endian) else { return };
        let Some(cell) = self.places.cell(edit.at) else { return };
        let galley = painter.layout_no_wrap(error.to_string(), theme::words(theme::SMALL), self.theme.error);
        let size = galley.size() + vec2(2.0 * UNIT, UNIT);
        let body = self.places.body;
        let below = cell.max.y + size.y <= body.max.y;
        let y = if below { cell.max.y } else { cell.min.y - size.y };
        let x = cell.min.x.min(body.max.x - size.x).max(body.min.x);
        let place = Rect::from_min_size(pos2(x, y), size);
        painter.rect(place, 3.0, self.theme.panel, Stroke::new(1.0, self.theme.error), StrokeKind::Inside);
        painter.galley(place.min + vec2(UNIT, UNIT / 2.0), galley, self.theme.error);
    }
}
