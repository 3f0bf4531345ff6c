//! Rows of bytes for other views: the hex view's places, glyphs and colours, without its document and its cursor.

use std::sync::Arc;

use egui::epaint::Mesh;
use egui::{Color32, Painter, Pos2, Rect, Shape, Ui, pos2};

use super::geometry::{Spec, Widths};
use super::glyphs::{self, Glyphs};
use super::paint::COLUMNS;
use crate::app::HexColumn;
use crate::app::bytes_view::Cells;
use crate::ui::theme::{MONO, ROW, Theme};

const DIGITS: &[u8; 16] = b"0123456789ABCDEF";

/// One cell of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum SideCell {
    /// Nothing is here on this side.
    Gap,
    /// A byte.
    Byte(u8),
    /// A byte that could not be read.
    Unreadable,
}

/// A row to paint.
pub(in crate::ui) struct SideRow<'a> {
    /// Its upper edge, on a whole pixel.
    pub(in crate::ui) top: f32,
    /// The address in front, where the row has bytes.
    pub(in crate::ui) address: Option<u64>,
    /// The cells; the row ends with them.
    pub(in crate::ui) cells: &'a [SideCell],
    /// The ground of each cell, where it has one.
    pub(in crate::ui) grounds: &'a [Option<Color32>],
}

/// Where the cells of a row are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::ui) struct SidePlaces {
    widths: Widths,
}

impl SidePlaces {
    /// Bytes a row.
    pub(in crate::ui) fn columns(&self) -> u64 {
        self.widths.columns
    }

    /// Digits or characters, at a point so far from the left edge; `None` on the address.
    pub(in crate::ui) fn which(&self, x: f32) -> Option<HexColumn> {
        self.widths.which(x)
    }

    /// The cell of a row that is nearest to such a point.
    pub(in crate::ui) fn nearest(&self, column: HexColumn, x: f32) -> u64 {
        self.widths.column_at(column, x).min(self.columns() - 1)
    }

    /// The grounds of a cell, in the column of digits and in that of characters.
    pub(in crate::ui) fn rects(&self, left: f32, top: f32, from: u64, to: u64) -> [Rect; 2] {
        let widths = self.widths;
        COLUMNS.map(|column| {
            let (x0, x1) = widths.span(column, from, to);
            Rect::from_min_max(pos2(left + x0, top), pos2(left + x1, top + ROW))
        })
    }
}

/// Glyphs and meshes; a cache.
#[derive(Default)]
pub(in crate::ui) struct SideRows {
    glyphs: Glyphs,
    meshes: Vec<Arc<Mesh>>,
}

impl SideRows {
    /// To be called once a frame.
    pub(in crate::ui) fn update(&mut self, ui: &Ui) {
        self.glyphs.begin(ui, MONO, ROW);
        self.glyphs.end(ui);
    }

    /// The places for a width: `columns` bytes a row where they fit, else as many groups of eight as do.
    pub(in crate::ui) fn places(&self, scale: f32, address_digits: usize, columns: Option<u64>, available: f32) -> SidePlaces {
        let (digit, cells) = (self.glyphs.advance, Cells::default());
        let of = |columns| Widths::new(&Spec { digit, scale, address_digits, columns, cells, available });
        let widths = of(columns);
        SidePlaces { widths: if widths.total > available { of(None) } else { widths } }
    }

    /// The line over the rows that says which column is which.
    pub(in crate::ui) fn ruler(&self, painter: &Painter, at: Pos2, places: &SidePlaces, theme: &Theme) {
        let widths = &places.widths;
        let mut mesh = Mesh::default();
        self.glyphs.push_text(&mut mesh, pos2(at.x + widths.margin, at.y), "Offset", theme.text_dim);
        for i in 0..widths.columns {
            self.push_byte(&mut mesh, pos2(at.x + widths.hex_x(i), at.y), i as u8, widths.digit, theme.text_dim);
        }
        self.glyphs.push_text(&mut mesh, pos2(at.x + widths.text_x(0), at.y), "Text", theme.text_dim);
        glyphs::join(&mut mesh);
        painter.add(Shape::mesh(mesh));
    }

    /// Paints rows whose left edge is at `left`. `slot` tells the meshes of several sides apart, from 0 on.
    pub(in crate::ui) fn paint<'a>(
        &mut self,
        painter: &Painter,
        left: f32,
        places: &SidePlaces,
        theme: &Theme,
        slot: usize,
        rows: impl Iterator<Item = SideRow<'a>>,
    ) {
        if self.meshes.len() <= slot {
            self.meshes.resize_with(slot + 1, Arc::default);
        }
        let mut shared = std::mem::take(&mut self.meshes[slot]);
        let mesh = Arc::make_mut(&mut shared);
        mesh.vertices.clear();
        for row in rows {
            self.row(painter, mesh, left, places, theme, &row);
        }
        glyphs::join(mesh);
        painter.add(Shape::Mesh(Arc::clone(&shared)));
        self.meshes[slot] = shared;
    }

    fn row(&self, painter: &Painter, mesh: &mut Mesh, left: f32, places: &SidePlaces, theme: &Theme, row: &SideRow<'_>) {
        let widths = &places.widths;
        let mut from = 0;
        for same in row.grounds.chunk_by(|a, b| a == b) {
            let to = from + same.len() as u64;
            if let Some(color) = same[0] {
                for rect in places.rects(left, row.top, from, to) {
                    painter.rect_filled(rect, 0.0, color);
                }
            }
            from = to;
        }
        if let Some(address) = row.address {
            for digit in 0..widths.address_digits {
                let nibble = (address >> (4 * (widths.address_digits - 1 - digit))) & 15;
                let at = pos2(left + widths.margin + digit as f32 * widths.digit, row.top);
                self.glyphs.push(mesh, at, DIGITS[nibble as usize], theme.text_dim);
            }
        }
        for (i, cell) in row.cells.iter().enumerate() {
            let at = pos2(left + widths.hex_x(i as u64), row.top);
            let text_at = pos2(left + widths.text_x(i as u64), row.top);
            match cell {
                SideCell::Gap => {}
                SideCell::Unreadable => {
                    self.glyphs.push_text(mesh, at, "??", theme.byte_unreadable);
                    self.glyphs.push(mesh, text_at, b'?', theme.byte_unreadable);
                }
                SideCell::Byte(byte) => {
                    let tinted = row.grounds.get(i).is_some_and(Option::is_some);
                    let color = if *byte == 0 && tinted { theme.text_dim } else { theme.byte_class(*byte) };
                    self.push_byte(mesh, at, *byte, widths.digit, color);
                    match byte {
                        0x21..=0x7E => self.glyphs.push(mesh, text_at, *byte, color),
                        b' ' => {}
                        _ => self.glyphs.push_dot(mesh, text_at, color),
                    }
                }
            }
        }
    }

    fn push_byte(&self, mesh: &mut Mesh, at: Pos2, byte: u8, digit: f32, color: Color32) {
        self.glyphs.push(mesh, at, DIGITS[usize::from(byte >> 4)], color);
        self.glyphs.push(mesh, pos2(at.x + digit, at.y), DIGITS[usize::from(byte & 15)], color);
    }
}
