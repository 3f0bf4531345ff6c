//! Where each byte is on the screen.

use egui::{Pos2, Rect, pos2};

use crate::app::HexColumn;
use crate::ui::rows::{RowScroll, Rows};
use crate::ui::theme::{ROW, UNIT};

/// Bytes between two wider gaps.
const GROUP: u64 = 8;

/// Room for the address, for `columns` bytes and for their characters, in points from the left edge.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Widths {
    pub(super) digit: f32,
    pub(super) address_digits: usize,
    pub(super) columns: u64,
    gap: f32,
    /// The space left of the address.
    pub(super) margin: f32,
    pub(super) hex: f32,
    pub(super) text: f32,
    pub(super) total: f32,
}

impl Widths {
    /// For `columns` bytes a row, or as many groups as fit into `available` points.
    pub(super) fn new(digit: f32, scale: f32, address_digits: usize, columns: Option<u64>, available: f32) -> Self {
        let gap = ((digit * 0.75 * scale).round() / scale).max(1.0);
        let of = |columns: u64| {
            let margin = (2.0 * UNIT * scale).round() / scale;
            let hex = margin + address_digits as f32 * digit + 2.0 * digit;
            let mut widths = Self { digit, address_digits, columns, gap, margin, hex, text: 0.0, total: 0.0 };
            widths.text = widths.hex_x(columns - 1) + 2.0 * digit + 2.0 * digit;
            widths.total = widths.text + columns as f32 * digit + margin;
            widths
        };
        match columns {
            Some(columns) => of(columns.clamp(1, 128)),
            None => (1..=16).rev().map(|groups| of(groups * GROUP)).find(|w| w.total <= available).unwrap_or_else(|| of(GROUP)),
        }
    }

    /// The left edge of the digits of the byte in column `i`.
    pub(super) fn hex_x(&self, i: u64) -> f32 {
        self.hex + i as f32 * (2.0 * self.digit + self.gap) + (i / GROUP) as f32 * self.digit
    }

    /// The left edge of the character of the byte in column `i`.
    pub(super) fn text_x(&self, i: u64) -> f32 {
        self.text + i as f32 * self.digit
    }

    /// The ground behind columns `from..to`, from left to right; grounds of neighbours touch.
    pub(super) fn span(&self, column: HexColumn, from: u64, to: u64) -> (f32, f32) {
        match column {
            HexColumn::Hex => {
                let half = self.gap / 2.0;
                (self.hex_x(from) - half, self.hex_x(to - 1) + 2.0 * self.digit + half)
            }
            HexColumn::Text => (self.text_x(from), self.text_x(to)),
        }
    }

    /// The byte of a row that is nearest to `x`, in either column; `None` on the address.
    pub(super) fn nearest_column(&self, x: f32) -> Option<u64> {
        match x {
            _ if x < self.hex - self.digit => None,
            _ if x < self.text - self.digit => Some(self.column_at(HexColumn::Hex, x)),
            _ => Some(self.column_at(HexColumn::Text, x)),
        }
    }

    fn column_at(&self, column: HexColumn, x: f32) -> u64 {
        let index = match column {
            HexColumn::Hex => {
                let pitch = 2.0 * self.digit + self.gap;
                let group = GROUP as f32 * pitch + self.digit;
                let x = x - self.hex + self.gap / 2.0;
                let groups = (x / group).floor().max(0.0);
                let inside = ((x - groups * group) / pitch).floor().clamp(0.0, (GROUP - 1) as f32);
                groups as u64 * GROUP + inside as u64
            }
            HexColumn::Text => ((x - self.text) / self.digit).floor().max(0.0) as u64,
        };
        index.min(self.columns - 1)
    }
}

/// The places of the bytes in the last frame of a hex view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HexGeometry {
    pub(super) widths: Widths,
    /// The part of the pane that shows rows.
    pub(super) body: Rect,
    pub(super) scroll: RowScroll,
    pub(super) rows: Rows,
    /// Points scrolled out to the left.
    pub(super) scroll_x: f32,
    /// The last place that has a cell: the end, or a cursor past it.
    pub(super) last: u64,
    /// Pixels a point.
    pub(super) scale: f32,
}

impl HexGeometry {
    /// Bytes a row.
    pub fn columns(&self) -> u64 {
        self.widths.columns
    }

    /// Rows that are seen as a whole.
    pub fn whole_rows(&self) -> u64 {
        self.rows.whole()
    }

    /// The cell of the byte at `offset` in the hex column, or `None` where it is not in sight. The end has a cell too.
    pub fn cell(&self, offset: u64) -> Option<Rect> {
        self.cell_in(HexColumn::Hex, offset)
    }

    /// The cell of the byte at `offset` in the text column, or `None` where it is not in sight.
    pub fn text_cell(&self, offset: u64) -> Option<Rect> {
        self.cell_in(HexColumn::Text, offset)
    }

    /// The place of the address of the row that holds `offset`.
    pub fn address(&self, offset: u64) -> Option<Rect> {
        let top = self.row_top(offset / self.widths.columns)?;
        let left = self.body.min.x - self.scroll_x;
        Some(Rect::from_min_max(pos2(left, top), pos2(left + self.widths.hex - self.widths.digit, top + ROW)))
    }

    /// The offset whose cell, in either column, is nearest to a point of the body; `None` outside of it, past the last cell
    /// and on the addresses.
    pub fn offset_at(&self, pos: Pos2) -> Option<u64> {
        let column = self.column_at(pos)?;
        let row = self.rows.row_at(self.scroll, pos.y - self.body.min.y)?;
        Some(self.in_row(column, row, pos.x)).filter(|&offset| offset <= self.last)
    }

    pub(super) fn cell_in(&self, column: HexColumn, offset: u64) -> Option<Rect> {
        if offset > self.last {
            return None;
        }
        let top = self.row_top(offset / self.widths.columns)?;
        let i = offset % self.widths.columns;
        let (from, to) = self.widths.span(column, i, i + 1);
        let left = self.body.min.x - self.scroll_x;
        Some(Rect::from_min_max(pos2(left + from, top), pos2(left + to, top + ROW)))
    }

    /// The upper edge of a row on a whole pixel, where it is in sight.
    pub(super) fn row_top(&self, row: u64) -> Option<f32> {
        let y = self.rows.y(self.scroll, row)?;
        let top = ((self.body.min.y + y) * self.scale).round() / self.scale;
        (y > -ROW && y < self.body.height()).then_some(top)
    }

    /// Which column a point of the body is in; `None` on the addresses and outside.
    pub(super) fn column_at(&self, pos: Pos2) -> Option<HexColumn> {
        if !self.body.contains(pos) {
            return None;
        }
        let x = pos.x - self.body.min.x + self.scroll_x;
        let widths = &self.widths;
        match x {
            _ if x < widths.hex - widths.digit => None,
            _ if x < widths.text - widths.digit => Some(HexColumn::Hex),
            _ => Some(HexColumn::Text),
        }
    }

    /// The row whose address is at a point.
    pub(super) fn address_at(&self, pos: Pos2) -> Option<u64> {
        let on = self.body.contains(pos) && pos.x - self.body.min.x + self.scroll_x < self.widths.hex - self.widths.digit;
        on.then(|| self.rows.row_at(self.scroll, pos.y - self.body.min.y)).flatten()
    }

    /// The cell nearest to a point that may be outside, as a drag wants it.
    pub(super) fn nearest(&self, column: HexColumn, pos: Pos2) -> u64 {
        let y = pos.y.clamp(self.body.min.y, self.body.max.y - 0.5) - self.body.min.y;
        let row = self.rows.row_at(self.scroll, y).unwrap_or(self.rows.total.saturating_sub(1));
        self.in_row(column, row, pos.x).min(self.last)
    }

    fn in_row(&self, column: HexColumn, row: u64, x: f32) -> u64 {
        let i = self.widths.column_at(column, x - self.body.min.x + self.scroll_x);
        row.saturating_mul(self.widths.columns).saturating_add(i)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn geometry(columns: u64, top_row: u64) -> HexGeometry {
        let widths = Widths::new(8.0, 1.0, 16, Some(columns), 0.0);
        let last = 1 << 60;
        HexGeometry {
            widths,
            body: Rect::from_min_max(pos2(10.0, 30.0), pos2(910.0, 430.0)),
            scroll: RowScroll { top_row, sub_px: 5.0 },
            rows: Rows { total: last / columns + 1, row_height: ROW, view_height: 400.0 },
            scroll_x: 0.0,
            last,
            scale: 1.0,
        }
    }

    #[test]
    fn the_middle_of_every_cell_is_that_cell() {
        for columns in [1, 8, 10, 16, 24] {
            let geometry = geometry(columns, (1 << 59) / columns);
            let first = geometry.scroll.top_row * columns;
            for offset in first..first + 19 * columns {
                for cell in [geometry.cell(offset).unwrap(), geometry.text_cell(offset).unwrap()] {
                    if cell.center().y > geometry.body.min.y {
                        assert_eq!(geometry.offset_at(cell.center()), Some(offset), "{columns} columns");
                    }
                }
            }
        }
    }

    #[test]
    fn grounds_of_neighbours_touch_and_columns_do_not_overlap() {
        let widths = geometry(16, 0).widths;
        for i in 0..15 {
            let (_, right) = widths.span(HexColumn::Hex, i, i + 1);
            let (left, _) = widths.span(HexColumn::Hex, i + 1, i + 2);
            assert_eq!(left - right, if i == 7 { widths.digit } else { 0.0 });
        }
        assert!(widths.span(HexColumn::Hex, 0, 16).1 < widths.text);
    }

    #[test]
    fn as_many_groups_as_fit() {
        for available in [100.0, 400.0, 700.0, 1000.0, 4000.0, 99_999.0] {
            let widths = Widths::new(8.0, 1.0, 8, None, available);
            assert_eq!(widths.columns % 8, 0);
            assert!(widths.total <= available || widths.columns == 8);
            if widths.columns < 128 {
                assert!(Widths::new(8.0, 1.0, 8, Some(widths.columns + 8), 0.0).total > available);
            }
        }
    }

    #[test]
    fn nothing_is_found_where_nothing_is() {
        let geometry = geometry(16, 0);
        assert_eq!(geometry.offset_at(pos2(0.0, 0.0)), None);
        assert_eq!(geometry.offset_at(geometry.address(32).unwrap().center()), None);
        assert_eq!(geometry.address_at(geometry.address(32).unwrap().center()), Some(2));
        assert_eq!(geometry.cell(16 * 1000), None);
    }
}
