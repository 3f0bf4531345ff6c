//! What wrappers hold of the bytes, among the bytes: their own cursors, what they have read ahead, what they will write.

use egui::epaint::Mesh;
use egui::{Painter, Rect, Shape, Stroke, StrokeKind, pos2, vec2};

use super::glyphs;
use super::paint::{COLUMNS, Frame};
use crate::stream::Link;

/// What is marked among the bytes.
#[derive(Default)]
pub(super) struct Marks<'a> {
    /// Held by a wrapper and not asked for yet: first and behind the last.
    pub(super) ahead: Vec<(u64, u64)>,
    /// Bytes that will be written, and where.
    pub(super) pending: Vec<(u64, &'a [u8])>,
    /// The cursors of wrappers.
    pub(super) cursors: Vec<u64>,
    /// What the pointer is on in another view.
    pub(super) linked: Option<(u64, u64)>,
}

impl<'a> Marks<'a> {
    pub(super) fn of(links: &'a [Link], linked: Option<(u64, u64)>) -> Self {
        let mut marks = Self { linked: linked.filter(|(start, end)| start < end), ..Self::default() };
        for link in links {
            if let Some(text) = &link.text {
                let used = usize::try_from(text.used).unwrap_or(usize::MAX);
                if let (Some(&from), Some((_, end))) = (text.starts.get(used), text.chunk) {
                    marks.ahead.push((from, end));
                    marks.cursors.push(from);
                }
                if !text.pending.is_empty() {
                    marks.pending.push((text.pending_at, &text.pending));
                }
            }
            if let Some(window) = &link.window {
                let end = window.start + window.bytes.len() as u64;
                if window.position < end && window.dirty.is_none() {
                    marks.ahead.push((window.position, end));
                }
                if let Some((from, to)) = window.dirty {
                    let index = |at: u64| at.checked_sub(window.start).and_then(|at| usize::try_from(at).ok());
                    let bytes = index(from).zip(index(to)).and_then(|(from, to)| window.bytes.get(from..to));
                    marks.pending.push((from, bytes.unwrap_or_default()));
                }
                marks.cursors.push(window.position);
            }
        }
        // Two wrappers in each other often stand at one place.
        marks.cursors.dedup();
        marks
    }
}

impl Frame<'_> {
    /// Grounds and lines under the bytes.
    pub(super) fn wrapper_grounds(&self, painter: &Painter) {
        let theme = self.theme;
        for (start, bytes) in &self.marks.pending {
            self.fill(painter, *start, start + bytes.len() as u64, theme.written);
        }
        for &(start, end) in &self.marks.ahead {
            for (row, from, to) in self.runs(start, end) {
                for rect in self.run_rects(row, from, to) {
                    painter.hline(rect.x_range(), rect.max.y - 1.5, Stroke::new(2.0, theme.byte_high));
                }
            }
        }
    }

    /// What stands over the bytes: cursors of wrappers, and bytes that are yet to come behind the end.
    pub(super) fn wrapper_marks(&self, painter: &Painter) {
        let theme = self.theme;
        for &at in &self.marks.cursors {
            for column in COLUMNS {
                let Some(cell) = self.places.cell_in(column, at) else { continue };
                painter.rect_stroke(cell.shrink2(vec2(0.5, 1.5)), 2.0, Stroke::new(1.0, theme.byte_high), StrokeKind::Inside);
                painter.rect_filled(Rect::from_min_size(cell.min, vec2(2.0, cell.height())), 0.0, theme.byte_high);
            }
        }
        if let Some((start, end)) = self.marks.linked {
            for (row, from, to) in self.runs(start, end) {
                for rect in self.run_rects(row, from, to) {
                    painter.rect_stroke(rect, 2.0, Stroke::new(1.5, theme.text), StrokeKind::Inside);
                }
            }
        }
        let mut mesh = Mesh::default();
        for (start, bytes) in &self.marks.pending {
            self.ghosts(&mut mesh, *start, bytes);
        }
        if !mesh.is_empty() {
            glyphs::join(&mut mesh);
            painter.add(Shape::mesh(mesh));
        }
    }

    /// Bytes that are not there yet, quieter than those that are.
    fn ghosts(&self, mesh: &mut Mesh, start: u64, bytes: &[u8]) {
        let (widths, left) = (&self.places.widths, self.places.body.min.x - self.places.scroll_x);
        let first = self.content.size.max(start);
        for (row, from, to) in self.runs(first, start + bytes.len() as u64) {
            let Some(top) = self.places.row_top(row) else { continue };
            for i in from..to {
                let index = (row * widths.columns + i).checked_sub(start).and_then(|index| usize::try_from(index).ok());
                let Some(&byte) = index.and_then(|index| bytes.get(index)) else { continue };
                self.push_byte(mesh, pos2(left + widths.hex_x(i), top), byte, self.theme.text_dim);
                if byte.is_ascii_graphic() {
                    self.glyphs.push(mesh, pos2(left + widths.text_x(i), top), byte, self.theme.text_dim);
                }
            }
        }
    }
}
