//! Bookmarks among the bytes: beside their ground, a line under the bytes that stays in sight whatever else covers them.

use egui::{Painter, Rect, Stroke, vec2};

use super::paint::{COLUMNS, Frame};
use crate::document::BookmarkColor;

impl Frame<'_> {
    /// The bookmarks that have a byte among those in sight, or stand there.
    pub(super) fn bookmarks_in_sight(&self) -> impl Iterator<Item = (u64, u64, BookmarkColor)> {
        let (first, behind) = (self.start, self.start + self.bytes.len() as u64);
        let begin_in_sight = self.content.bookmarks.iter().take_while(move |mark| mark.0 <= behind);
        begin_in_sight.filter(move |mark| mark.1 > first || mark.0 >= first).copied()
    }

    pub(super) fn bookmark_lines(&self, painter: &Painter) {
        for (start, end, color) in self.bookmarks_in_sight() {
            let line = self.theme.bookmark(color).1;
            for (row, from, to) in self.runs(start, end.min(self.content.size)) {
                for rect in self.run_rects(row, from, to) {
                    painter.hline(rect.x_range(), rect.max.y - 1.0, Stroke::new(2.0, line));
                }
            }
            // Where it begins, and where it stands if it has no bytes.
            for column in COLUMNS {
                if let Some(cell) = self.places.cell_in(column, start) {
                    let height = if start == end { cell.height() } else { cell.height() / 2.0 };
                    let at = cell.min + vec2(0.0, cell.height() - height);
                    painter.rect_filled(Rect::from_min_size(at, vec2(2.0, height)), 0.0, line);
                }
            }
        }
    }
}
