//! Where each byte is on the screen.

use egui::{Pos2, Rect, pos2};

use crate::app::HexColumn;
use crate::app::bytes_view::{Cells, MAX_COLUMNS};
use crate::ui::rows::{RowScroll, Rows};
use crate::ui::theme::UNIT;

/// What the widths of a row follow from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spec {
    /// Width of a digit in points, whole pixels.
    pub(super) digit: f32,
    /// Pixels a point.
    pub(super) scale: f32,
    pub(super) address_digits: usize,
    /// Bytes a row; as many groups as fit where it is `None`.
    pub(super) columns: Option<u64>,
    pub(super) cells: Cells,
    /// Room in points.
    pub(super) available: f32,
}

/// Room for the address, for `columns` bytes and for their characters, in points from the left edge.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Widths {
    pub(super) digit: f32,
    pub(super) address_digits: usize,
    pub(super) columns: u64,
    /// Bytes a cell.
    pub(super) unit: u64,
    /// Width of a cell's characters.
    pub(super) cell: f32,
    /// Bytes between two wider gaps, at least a cell; 0 for none.
    group: u64,
    gap: f32,
    /// The space left of the address.
    pub(super) margin: f32,
    pub(super) hex: f32,
    pub(super) text: f32,
    pub(super) total: f32,
}

impl Widths {
    pub(super) fn new(spec: &Spec) -> Self {
        let &Spec { digit, scale, address_digits, cells, available, .. } = spec;
        let gap = ((digit * 0.75 * scale).round() / scale).max(1.0);
        let unit = cells.unit();
        let group = if cells.group() > unit { cells.group() } else { 0 };
        let cell = cells.format.chars() as f32 * digit;
        let of = |columns: u64| {
            let columns = cells.columns(columns);
            let margin = (2.0 * UNIT * scale).round() / scale;
            let hex = margin + address_digits as f32 * digit + 2.0 * digit;
            let text = 0.0;
            let mut widths = Self { digit, address_digits, columns, unit, cell, group, gap, margin, hex, text, total: 0.0 };
            widths.text = widths.hex_x(columns - 1) + cell + 2.0 * digit;
            widths.total = widths.text + columns as f32 * digit + margin;
            widths
        };
        match spec.columns {
            Some(columns) => of(columns),
            None => {
                // Without groups eights are the steps too: odd numbers of columns are nobody's wish.
                let step = cells.group().max(8);
                let (mut fits, mut too_many) = (1, u64::from(MAX_COLUMNS) / step + 1);
                while too_many - fits > 1 {
                    let middle = fits.midpoint(too_many);
                    if of(middle * step).total <= available { fits = middle } else { too_many = middle }
                }
                of(fits * step)
            }
        }
    }

    /// The left edge of the cell of the byte in column `i`.
    pub(super) fn hex_x(&self, i: u64) -> f32 {
        let groups = i.checked_div(self.group).unwrap_or(0);
        self.hex + (i / self.unit) as f32 * (self.cell + self.gap) + groups as f32 * self.digit
    }

    /// The left edge of the character of the byte in column `i`.
    pub(super) fn text_x(&self, i: u64) -> f32 {
        self.text + i as f32 * self.digit
    }

    /// The ground behind columns `from..to`, from left to right; grounds of neighbours touch. In the column of cells it
    /// is that of whole cells.
    pub(super) fn span(&self, column: HexColumn, from: u64, to: u64) -> (f32, f32) {
        match column {
            HexColumn::Hex => {
                let half = self.gap / 2.0;
                (self.hex_x(from) - half, self.hex_x(to - 1) + self.cell + half)
            }
            HexColumn::Text => (self.text_x(from), self.text_x(to)),
        }
    }

    /// The column at `x`; `None` on the address.
    pub(super) fn which(&self, x: f32) -> Option<HexColumn> {
        match x {
            _ if x < self.hex - self.digit => None,
            _ if x < self.text - self.digit => Some(HexColumn::Hex),
            _ => Some(HexColumn::Text),
        }
    }

    /// The byte of a row that is nearest to `x` in a column.
    pub(super) fn column_at(&self, column: HexColumn, x: f32) -> u64 {
        let index = match column {
            HexColumn::Hex => {
                let pitch = self.cell + self.gap;
                let x = x - self.hex + self.gap / 2.0;
                if self.group == 0 {
                    (x / pitch).floor().max(0.0) as u64 * self.unit
                } else {
                    let cells = (self.group / self.unit) as f32;
                    let group = cells * pitch + self.digit;
                    let groups = (x / group).floor().max(0.0);
                    let inside = ((x - groups * group) / pitch).floor().clamp(0.0, cells - 1.0);
                    groups as u64 * self.group + inside as u64 * self.unit
                }
            }
            HexColumn::Text => ((x - self.text) / self.digit).floor().max(0.0) as u64,
        };
        let last = match column {
            HexColumn::Hex => self.columns - self.unit,
            HexColumn::Text => self.columns - 1,
        };
        index.min(last)
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

    /// The cell that holds the byte at `offset` in the hex column, or `None` where it is not in sight. The end has a cell too.
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
        Some(Rect::from_min_max(pos2(left, top), pos2(left + self.widths.hex - self.widths.digit, top + self.rows.row_height)))
    }

    /// The offset whose cell, in either column, is nearest to a point of the body, the first one of a cell of several bytes;
    /// `None` outside of it, past the last cell and on the addresses.
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
        Some(Rect::from_min_max(pos2(left + from, top), pos2(left + to, top + self.rows.row_height)))
    }

    /// The upper edge of a row on a whole pixel, where it is in sight.
    pub(super) fn row_top(&self, row: u64) -> Option<f32> {
        let y = self.rows.y(self.scroll, row)?;
        let top = ((self.body.min.y + y) * self.scale).round() / self.scale;
        (y > -self.rows.row_height && y < self.body.height()).then_some(top)
    }

    /// Which column a point of the body is in; `None` on the addresses and outside.
    pub(super) fn column_at(&self, pos: Pos2) -> Option<HexColumn> {
        if !self.body.contains(pos) {
            return None;
        }
        self.widths.which(pos.x - self.body.min.x + self.scroll_x)
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
    use crate::app::bytes_view::CellFormat;

    fn spec(columns: Option<u64>, cells: Cells, available: f32) -> Spec {
        Spec { digit: 8.0, scale: 1.0, address_digits: 16, columns, cells, available }
    }

    fn geometry(columns: u64, top_row: u64) -> HexGeometry {
        geometry_of(columns, top_row, Cells::default())
    }

    fn geometry_of(columns: u64, top_row: u64, cells: Cells) -> HexGeometry {
        let widths = Widths::new(&spec(Some(columns), cells, 0.0));
        let columns = widths.columns;
        let last = 1 << 60;
        HexGeometry {
            widths,
            body: Rect::from_min_max(pos2(10.0, 30.0), pos2(910.0, 430.0)),
            scroll: RowScroll { top_row, sub_px: 5.0 },
            rows: Rows { total: last / columns + 1, row_height: 20.0, view_height: 400.0 },
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
    fn cells_of_several_bytes_are_found_by_their_first() {
        for format in CellFormat::ALL {
            for group in Cells::GROUPS {
                let cells = Cells { format, group, ..Cells::default() };
                let geometry = geometry_of(20, 1 << 40, cells);
                let (columns, unit) = (geometry.columns(), cells.unit());
                assert_eq!(columns % unit, 0);
                let first = (geometry.scroll.top_row + 1) * columns;
                for offset in first..first + 2 * columns {
                    let cell = geometry.cell(offset).unwrap();
                    if !geometry.body.contains(geometry.text_cell(offset).unwrap().center()) {
                        continue;
                    }
                    assert_eq!(geometry.offset_at(cell.center()), Some(offset - offset % unit), "{cells:?}");
                    assert_eq!(geometry.offset_at(geometry.text_cell(offset).unwrap().center()), Some(offset));
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
        for (format, group) in [(CellFormat::Hex, 8), (CellFormat::Hex, 1), (CellFormat::Binary, 16), (CellFormat::F64, 4)] {
            let cells = Cells { format, group, ..Cells::default() };
            let step = cells.group().max(8);
            for available in [100.0, 400.0, 700.0, 1000.0, 4000.0, 99_999.0] {
                let widths = Widths::new(&spec(None, cells, available));
                assert_eq!(widths.columns % step, 0);
                assert!(widths.total <= available || widths.columns == step);
                if widths.columns < u64::from(MAX_COLUMNS) {
                    assert!(Widths::new(&spec(Some(widths.columns + step), cells, 0.0)).total > available);
                }
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
