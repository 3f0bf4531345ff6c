//! What wrappers hold, among the bytes: their own cursors, and bytes that they will write.

use egui::epaint::Mesh;
use egui::{Painter, Rect, Shape, Stroke, StrokeKind, pos2, vec2};

use super::glyphs;
use super::paint::{COLUMNS, Frame};
use crate::stream::Link;

/// What wrappers paint over the bytes.
#[derive(Default)]
pub(super) struct Ghosts<'a> {
    /// Bytes that will be written, and where.
    pending: Vec<(u64, &'a [u8])>,
    /// The cursors of wrappers.
    cursors: Vec<u64>,
}

impl<'a> Ghosts<'a> {
    pub(super) fn of(links: &'a [Link]) -> Self {
        let mut ghosts = Self::default();
        for link in links {
            if let Some(text) = &link.text {
                let used = usize::try_from(text.used).unwrap_or(usize::MAX);
                if let (Some(&from), Some(_)) = (text.starts.get(used), text.chunk) {
                    ghosts.cursors.push(from);
                }
                if !text.pending.is_empty() {
                    ghosts.pending.push((text.pending_at, &text.pending));
                }
            }
            if let Some(window) = &link.window {
                if let Some((from, to)) = window.dirty {
                    let index = |at: u64| at.checked_sub(window.start).and_then(|at| usize::try_from(at).ok());
                    let bytes = index(from).zip(index(to)).and_then(|(from, to)| window.bytes.get(from..to));
                    ghosts.pending.push((from, bytes.unwrap_or_default()));
                }
                ghosts.cursors.push(window.position);
            }
        }
        // Two wrappers in each other often stand at one place.
        ghosts.cursors.dedup();
        ghosts
    }
}

impl Frame<'_> {
    /// What stands over the bytes: cursors of wrappers, and bytes that are yet to come behind the end.
    pub(super) fn wrapper_marks(&self, painter: &Painter) {
        let theme = self.theme;
        for &at in &self.ghosts.cursors {
            for column in COLUMNS {
                let Some(cell) = self.places.cell_in(column, at) else { continue };
                painter.rect_stroke(cell.shrink2(vec2(0.5, 1.5)), 2.0, Stroke::new(1.0, theme.byte_high), StrokeKind::Inside);
                painter.rect_filled(Rect::from_min_size(cell.min, vec2(2.0, cell.height())), 0.0, theme.byte_high);
            }
        }
        let mut mesh = Mesh::default();
        for (start, bytes) in &self.ghosts.pending {
            self.push_ghosts(&mut mesh, *start, bytes);
        }
        if !mesh.is_empty() {
            glyphs::join(&mut mesh);
            painter.add(Shape::mesh(mesh));
        }
    }

    /// Bytes that are not there yet, quieter than those that are.
    fn push_ghosts(&self, mesh: &mut Mesh, start: u64, bytes: &[u8]) {
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
