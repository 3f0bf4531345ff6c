//! A press of the mouse that selects bytes, for all views that show them.

use egui::{Pos2, Rect, Ui};

use crate::app::{HexColumn, RowScroll};
use crate::buffer::{Buffer, Offset};
use crate::ui::rows::Rows;

/// Bytes on either side that a double click looks at for the run that it selects.
const RUN: u64 = 4096;

/// A press of the mouse that is still held.
#[derive(Clone, Copy, Debug)]
pub(in crate::ui) struct Drag {
    /// The column that it began in.
    pub(in crate::ui) column: HexColumn,
    /// The cell pressed on, or the place that a selection was extended from.
    pub(in crate::ui) anchor: u64,
    pub(in crate::ui) kind: DragKind,
    /// Bytes of a cell of the column.
    pub(in crate::ui) step: u64,
    /// The head that was sent last.
    pub(in crate::ui) head: Option<u64>,
}

/// What a drag selects.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::ui) enum DragKind {
    /// From a cell: both ends of the drag are selected.
    Cells,
    /// From a place between cells, with Shift.
    Extend,
    /// Whole rows, on the addresses.
    Rows,
}

impl Drag {
    /// The anchor and head of the selection when the pointer is on the cell `at`.
    pub(in crate::ui) fn selection(self, at: u64, columns: u64) -> (u64, u64) {
        let anchor = self.anchor;
        match self.kind {
            DragKind::Cells if at >= anchor => (anchor, at + self.step),
            DragKind::Cells => (anchor + self.step, at),
            DragKind::Extend if at >= anchor => (anchor, at + self.step),
            DragKind::Extend => (anchor, at),
            DragKind::Rows => {
                let row = |at: u64| at - at % columns;
                if at >= anchor { (anchor, row(at).saturating_add(columns)) } else { (anchor.saturating_add(columns), row(at)) }
            }
        }
    }

    /// The pointer is on the cell `at` now: the selection, where that is another one than before.
    pub(in crate::ui) fn moved(&mut self, at: u64, columns: u64) -> Option<(u64, u64)> {
        let left_the_cell = self.head.is_some() || at != self.anchor;
        if !left_the_cell || self.head == Some(at) {
            return None;
        }
        self.head = Some(at);
        Some(self.selection(at, columns))
    }
}

/// Where rows are scrolled to while the pointer of a drag is over or under them: the farther, the faster.
pub(in crate::ui) fn past_edge(ui: &Ui, rows: &Rows, scroll: RowScroll, body: Rect, pos: Pos2) -> RowScroll {
    let past = (pos.y - body.max.y).max(0.0) - (body.min.y - pos.y).max(0.0);
    if past == 0.0 {
        return scroll;
    }
    ui.ctx().request_repaint();
    let seconds = ui.input(|input| input.stable_dt).min(0.1);
    rows.scroll_by(scroll, (past * 12.0 + past.signum() * 4.0 * rows.row_height) * seconds)
}

/// The run of bytes of one kind around a place: a word, a number, blanks, zeros.
pub(in crate::ui) fn run(content: &Buffer, offset: u64) -> Option<(u64, u64)> {
    if offset >= content.len().get() {
        return None;
    }
    let from = offset.saturating_sub(RUN);
    let mut bytes = vec![0; (offset - from + RUN) as usize];
    let len = content.read_at(Offset(from), &mut bytes).ok()?;
    bytes.truncate(len);
    let at = (offset - from) as usize;
    let kind = |byte: u8| match byte {
        0 => 0,
        b' ' | b'\t'..=b'\r' => 1,
        b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => 2,
        0x21..=0x7E => 3,
        0x80.. => 4,
        _ => 5,
    };
    let wanted = kind(*bytes.get(at)?);
    let start = bytes[..at].iter().rposition(|&byte| kind(byte) != wanted).map_or(0, |i| i + 1);
    let end = bytes[at..].iter().position(|&byte| kind(byte) != wanted).map_or(bytes.len(), |i| at + i);
    Some((from + start as u64, from + end as u64))
}
