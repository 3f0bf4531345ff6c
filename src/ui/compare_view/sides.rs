//! The rows of both sides: pointer, keys, pixels, words.

use egui::{Align2, Color32, Rect, Role, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::{Areas, CompareView, spoken};
use crate::app::numbers::{count, group};
use crate::app::{Compared, OpenComparison, RowScroll, Side};
use crate::buffer::Offset;
use crate::explore::compare::{CompareRows, Place, RowKind};
use crate::ui::hex_view::side::{SideCell, SidePlaces, SideRow, SideRows};
use crate::ui::rows::{self, Rows};
use crate::ui::theme::{self, ROW, Theme, UNIT};

/// All that a frame of both sides is made from.
pub(super) struct Sides<'a> {
    pub(super) open: &'a OpenComparison,
    pub(super) compared: &'a Compared,
    pub(super) model: &'a CompareRows,
    pub(super) places: SidePlaces,
    pub(super) rows: Rows,
    pub(super) areas: &'a Areas,
    pub(super) theme: &'a Theme,
    pub(super) scale: f32,
    /// What is selected in each side's document, in its bytes: where it began, and where it ends.
    pub(super) selected: [Option<(u64, u64)>; 2],
}

/// A row of one side, read.
struct Read {
    top: f32,
    address: Option<u64>,
    cells: Vec<SideCell>,
    grounds: Vec<Option<Color32>>,
}

impl Sides<'_> {
    pub(super) fn offset(side: Side, place: &Place) -> Option<u64> {
        match side {
            Side::Left => place.left,
            Side::Right => place.right,
        }
    }

    pub(super) fn top(&self, body: Rect, scroll: RowScroll, row: u64) -> Option<f32> {
        let y = self.rows.y(scroll, row)?;
        Some(((body.min.y + y) * self.scale).round() / self.scale)
    }

    // ---- pixels ----

    pub(super) fn paint(&self, ui: &mut Ui, painter: &mut SideRows, scroll: [RowScroll; 2]) {
        let theme = self.theme;
        for side in Side::BOTH {
            let (body, ruler) = (self.areas.bodies[side.index()], self.areas.rulers[side.index()]);
            let scroll =
                RowScroll { sub_px: (scroll[side.index()].sub_px * self.scale).round() / self.scale, ..scroll[side.index()] };
            let whole = ui.painter();
            whole.rect_filled(ruler, 0.0, theme.panel);
            whole.rect_filled(body, 0.0, theme.ground);
            whole.hline(ruler.x_range(), ruler.max.y - 0.5, Stroke::new(1.0, theme.line));
            painter.ruler(&ui.painter_at(ruler), ruler.min, &self.places, theme);
            let inside = ui.painter_at(body);
            let mut read = Vec::new();
            let seen = self.rows.visible(scroll);
            for row in seen.clone() {
                let Some(top) = self.top(body, scroll, row) else { continue };
                match self.model.row(row) {
                    RowKind::Fold { start, end } => self.fold(&inside, body, top, start, end, side),
                    RowKind::Places(first) => {
                        let row = self.read(side, top, first);
                        self.gaps(&inside, body.min.x, &row);
                        read.push(row);
                    }
                }
            }
            let rows =
                read.iter().map(|row| SideRow { top: row.top, address: row.address, cells: &row.cells, grounds: &row.grounds });
            painter.paint(&inside, body.min.x, &self.places, theme, side.index(), rows);
            self.cursor(ui, &inside, side, body, scroll);
            self.nodes(ui, side, body, scroll, seen);
        }
        let (left, right) = (self.areas.bodies[0], self.areas.bodies[1]);
        let middle = Rect::from_min_max(pos2(left.max.x, self.areas.rulers[0].min.y), pos2(right.min.x, left.max.y));
        let middle = if self.open.view.apart { middle.with_min_x(self.areas.bars[0].max.x) } else { middle };
        ui.painter().rect_filled(middle, 0.0, theme.panel);
    }

    /// The cells of a row; the bytes are read from what was compared.
    fn read(&self, side: Side, top: f32, first: u64) -> Read {
        let end = first.saturating_add(self.model.columns()).min(self.compared.places.total());
        let here: Vec<Place> = (first..end).map(|place| self.compared.places.at(&self.compared.comparison, place)).collect();
        let bytes = self.bytes(side, &here);
        let others = self.bytes(side.other(), &here);
        let mut row = Read { top, address: None, cells: Vec::new(), grounds: Vec::new() };
        let selected = self.range(side);
        for ((place, mine), other) in here.iter().zip(bytes).zip(others) {
            row.address = row.address.or(Self::offset(side, place));
            let selected = Self::offset(side, place).is_some_and(|offset| selected.contains(&offset));
            row.grounds.push(match (place.difference, mine, other) {
                _ if selected => Some(self.theme.selection),
                (None, ..) | (_, SideCell::Gap, _) => None,
                (Some(_), _, SideCell::Gap) => Some(self.theme.added),
                // Where differences were joined, what is equal between them is not marked.
                (Some(_), SideCell::Byte(a), SideCell::Byte(b)) if a == b => None,
                _ => Some(self.theme.differs),
            });
            row.cells.push(mine);
        }
        row
    }

    /// What is selected on a side, in bytes.
    pub(super) fn range(&self, side: Side) -> std::ops::Range<u64> {
        self.selected[side.index()].map_or(0..0, |(anchor, head)| anchor.min(head)..anchor.max(head))
    }

    /// The bytes of a side at places in a row.
    fn bytes(&self, side: Side, places: &[Place]) -> Vec<SideCell> {
        let buffer = &self.compared.bytes[side.index()];
        let offsets = places.iter().map(|place| Self::offset(side, place));
        let Some(first) = offsets.clone().flatten().next() else { return vec![SideCell::Gap; places.len()] };
        // What a side has in a row follows one another there.
        let mut all = vec![0; offsets.clone().flatten().count()];
        let whole = buffer.read_at(Offset(first), &mut all).is_ok();
        let cell = |offset: u64| match usize::try_from(offset - first).ok().and_then(|index| all.get(index)) {
            Some(&byte) if whole => SideCell::Byte(byte),
            _ => buffer.byte_at(Offset(offset)).ok().flatten().map_or(SideCell::Unreadable, SideCell::Byte),
        };
        offsets.map(|offset| offset.map_or(SideCell::Gap, cell)).collect()
    }

    /// Places that this side does not have.
    fn gaps(&self, painter: &egui::Painter, left: f32, row: &Read) {
        let mut from = 0;
        for same in row.cells.chunk_by(|a, b| (*a == SideCell::Gap) == (*b == SideCell::Gap)) {
            let to = from + same.len() as u64;
            if same[0] == SideCell::Gap {
                for rect in self.places.rects(left, row.top, from, to) {
                    painter.rect_filled(rect, 0.0, self.theme.missing);
                    rows::hatch(&painter.with_clip_rect(rect.intersect(painter.clip_rect())), rect, self.theme);
                }
            }
            from = to;
        }
    }

    fn fold(&self, painter: &egui::Painter, body: Rect, top: f32, start: u64, end: u64, side: Side) {
        let theme = self.theme;
        let rect = Rect::from_min_size(pos2(body.min.x, top), vec2(body.width(), ROW));
        painter.rect_filled(rect, 0.0, theme.panel);
        painter.hline(rect.x_range(), rect.min.y + 0.5, Stroke::new(1.0, theme.line));
        painter.hline(rect.x_range(), rect.max.y - 0.5, Stroke::new(1.0, theme.line));
        let here = (start..end).contains(&self.open.view.cursor) && side == self.open.view.side;
        let color = if here { theme.accent } else { theme.text_dim };
        let words = format!("… {}", count(end - start, "equal byte"));
        painter.text(rect.center(), Align2::CENTER_CENTER, words, theme::words(theme::SMALL), color);
    }

    /// The cursor on both sides, and a line beside the difference that it is in.
    fn cursor(&self, ui: &Ui, painter: &egui::Painter, side: Side, body: Rect, scroll: RowScroll) {
        let (view, theme) = (&self.open.view, self.theme);
        let focused = ui.memory(|memory| memory.has_focus(CompareView::id(side)));
        if let Some(index) = self.compared.places.difference_at(&self.compared.comparison, view.cursor)
            && let (Some(start), Some(difference)) =
                (self.compared.places.start(index), self.compared.comparison.differences.get(index))
        {
            let (first, last) = (self.model.row_of(start), self.model.row_of(start + difference.span() - 1));
            let seen = self.rows.visible(scroll);
            for row in first.max(seen.start)..(last + 1).min(seen.end) {
                let Some(top) = self.top(body, scroll, row) else { continue };
                let bar = Rect::from_min_size(pos2(body.min.x, top), vec2(UNIT * 0.75, ROW));
                painter.rect_filled(bar, 0.0, theme.accent);
            }
        }
        let row = self.model.row_of(view.cursor);
        if let RowKind::Places(first) = self.model.row(row)
            && let Some(top) = self.top(body, scroll, row)
            && self.rows.visible(scroll).contains(&row)
        {
            let column = view.cursor - first;
            let strong = side == view.side;
            let stroke =
                Stroke::new(if strong && focused { 2.0 } else { 1.0 }, if strong { theme.accent } else { theme.text_dim });
            for cell in self.places.rects(body.min.x, top, column, column + 1) {
                painter.rect_stroke(cell.shrink2(vec2(0.5, 1.5)), 2.0, stroke, StrokeKind::Inside);
            }
        }
        if focused {
            rows::focus_ring(ui, body, theme);
        }
    }

    // ---- words ----

    /// "offset 1F0, byte 4A, changed; the other side has 4B".
    fn spoken_place(&self, side: Side, place: u64) -> String {
        let at = self.compared.places.at(&self.compared.comparison, place);
        let cell = self.bytes(side, &[at])[0];
        let other = self.bytes(side.other(), &[at])[0];
        let say = |cell| match cell {
            SideCell::Gap => "nothing".to_owned(),
            SideCell::Byte(byte) => format!("byte {byte:02X}"),
            SideCell::Unreadable => "unreadable".to_owned(),
        };
        match (Self::offset(side, &at), at.difference) {
            (Some(offset), None) => format!("offset {offset:X}, {}, equal", say(cell)),
            (Some(offset), Some(_)) => format!("offset {offset:X}, {}, the other side has {}", say(cell), say(other)),
            (None, _) if place >= self.compared.places.total() => "end".to_owned(),
            (None, _) => format!("nothing here, the other side has {}", say(other)),
        }
    }

    fn spoken_row(&self, side: Side, row: u64) -> String {
        let first = match self.model.row(row) {
            RowKind::Fold { start, end } => return format!("{} equal bytes, folded; Enter shows them", group(end - start)),
            RowKind::Places(first) => first,
        };
        let read = self.read(side, 0.0, first);
        let address = read.address.map_or_else(|| "row".to_owned(), |address| format!("row at {address:08X}"));
        let differing = read.grounds.iter().flatten().count();
        let mut words = if differing > 0 { format!("{address}, {differing} differ:") } else { format!("{address}, equal:") };
        for cell in &read.cells {
            words.push_str(&match cell {
                SideCell::Gap => " --".to_owned(),
                SideCell::Byte(byte) => format!(" {byte:02X}"),
                SideCell::Unreadable => " ??".to_owned(),
            });
        }
        words
    }

    /// A node for each side, and one for each of its rows in sight.
    fn nodes(&self, ui: &mut Ui, side: Side, body: Rect, scroll: RowScroll, seen: std::ops::Range<u64>) {
        let id = CompareView::id(side);
        let response = ui.interact(body, id, egui::Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Grid, true, format!("Bytes of the {} side", spoken(side))));
        let builder = |node: &mut egui::accesskit::Node| {
            let selected = self.range(side);
            let selected = match selected.end - selected.start {
                0 => String::new(),
                len => format!("; {} selected from {:X}", count(len, "byte"), selected.start),
            };
            node.set_value(self.spoken_place(side, self.open.view.cursor) + &selected);
            node.set_column_count(self.model.columns() as usize);
            node.set_row_count(usize::try_from(self.rows.total).unwrap_or(usize::MAX));
        };
        if ui.ctx().accesskit_node_builder(response.id, builder).is_none() {
            return;
        }
        let mut child = ui.new_child(UiBuilder::new().max_rect(body).accessibility_parent(response.id));
        child.set_clip_rect(body.intersect(ui.clip_rect()));
        for row in seen {
            let Some(top) = self.top(body, scroll, row) else { continue };
            let rect = Rect::from_min_size(pos2(body.min.x, top), vec2(body.width(), ROW)).intersect(body);
            let id = id.with(("row", row));
            child.interact(rect, id, egui::Sense::hover());
            ui.ctx().accesskit_node_builder(id, |node| {
                node.set_role(Role::Row);
                node.set_label(self.spoken_row(side, row));
            });
        }
    }
}
