//! Two documents beside each other: what differs is tinted, what only one side has faces a gap, equal rows are folded.
//!
//! The rows are places of a comparison (see [`crate::explore::compare::Places`]), so they are exact at any size, and what is
//! painted are the snapshots that were compared: the marks always fit the bytes.

mod header;
mod input;
mod sides;
mod strip;

use std::sync::Arc;

use egui::emath::GuiRounding as _;
use egui::{Id, Rect, Sense, Ui, pos2, vec2};

use super::ViewCx;
use super::hex_view::side::{SidePlaces, SideRows};
use super::rows::{self, BAR, Rows};
use super::theme::{self, ROW, UNIT};
use crate::app::{Command, CompareCommand, CompareId, Compared, OpenComparison, RowScroll, Side};
use crate::document::DocumentId;
use crate::explore::compare::CompareRows;

/// Width of the overview beside the bytes.
const STRIP: f32 = 4.0 * UNIT;

/// Width of the line between the sides.
const MIDDLE: f32 = 2.0 * UNIT;

/// What the rows were made for.
#[derive(Clone, PartialEq)]
struct RowsOf {
    comparison: CompareId,
    compared: usize,
    columns: u64,
    unfolded: bool,
    opened: usize,
}

/// The view of a comparison. Holds caches only.
#[derive(Default)]
pub struct CompareView {
    painter: SideRows,
    rows: Option<(RowsOf, Arc<CompareRows>)>,
    /// The reveals of a comparison that were followed.
    followed: Option<(CompareId, u64)>,
    geometry: Option<CompareGeometry>,
    held: input::Held,
    /// Selections of texts in bytes, and what they were made for.
    selected: [Option<(SelectedIn, (u64, u64))>; 2],
}

/// A document, its revision, and what is selected in it.
type SelectedIn = (DocumentId, u64, (u64, u64));

/// Where things were in the last frame, for tests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CompareGeometry {
    places: SidePlaces,
    /// The parts of the window that show the rows of the left and of the right side.
    pub bodies: [Rect; 2],
    /// The overview.
    pub strip: Rect,
    /// Rows in all, folds counted as one.
    pub rows: u64,
    /// Places a row.
    pub columns: u64,
}

impl CompareGeometry {
    /// The cell of a byte in the column of digits and in that of characters, of a row counted from the top of what is in sight, where
    /// it is not scrolled by a part of a row.
    pub fn cells(&self, side: usize, row: u64, column: u64) -> [Rect; 2] {
        let body = self.bodies[side];
        self.places.rects(body.min.x, body.min.y + row as f32 * ROW, column, column + 1)
    }
}

impl CompareView {
    /// The widget of a side that takes the keyboard.
    pub fn id(side: Side) -> Id {
        Id::unique(("seektell compare", side.index()))
    }

    /// Where things were in the last frame.
    pub fn geometry(&self) -> Option<&CompareGeometry> {
        self.geometry.as_ref()
    }

    /// Paints a comparison and adds what the user did.
    pub fn show(&mut self, ui: &mut Ui, open: &OpenComparison, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        ui.spacing_mut().item_spacing.y = 0.0;
        header::show(ui, open, cx, commands);
        let Some((compared, _)) = &open.found else {
            self.geometry = None;
            header::nothing(ui, open, cx, commands);
            return;
        };
        let scale = ui.ctx().pixels_per_point();
        let rect = ui.available_rect_before_wrap().round_to_pixels(scale);
        ui.advance_cursor_after_rect(rect);
        if rect.width() < 40.0 * UNIT || rect.height() < 4.0 * ROW {
            return;
        }
        ui.painter().rect_filled(rect, 0.0, cx.theme.panel);
        self.painter.update(ui);
        // After a click on a button or the overview, the keys still are of the bytes.
        if ui.memory(|memory| memory.focused().is_none()) && cx.state.dialog().is_none() && !cx.state.is_asking() {
            ui.memory_mut(|memory| memory.request_focus(Self::id(open.view.side)));
        }
        let areas = Areas::of(rect, open.view.apart);
        let longest = compared.comparison.left_len.max(compared.comparison.right_len);
        let digits = (64 - longest.leading_zeros() as usize).div_ceil(4).next_multiple_of(2).max(8);
        let wanted = cx.settings.columns.map(u64::from);
        let places = self.painter.places(scale, digits, wanted, areas.bodies[0].width());
        let (model, before) = self.rows(open, compared, places.columns());
        let rows = Rows { total: model.total(), row_height: ROW, view_height: areas.bodies[0].height() };
        let mut scroll = open.view.scroll;
        if let Some(before) = before {
            // The same bytes stay in sight when rows are folded, opened or made wider.
            scroll = scroll.map(|scroll| RowScroll { top_row: model.row_of(before.place_of(scroll.top_row)), ..scroll });
        }
        scroll = scroll.map(|scroll| rows.clamp(scroll));
        let seen = (open.id, open.view.reveal);
        if self.followed != Some(seen) {
            self.followed = Some(seen);
            scroll = scroll.map(|scroll| rows.reveal(scroll, model.row_of(open.view.cursor), rows::CONTEXT));
        }
        let selected = self.selected(open, cx);
        let frame = sides::Sides { open, compared, model: &model, places, rows, areas: &areas, theme: cx.theme, scale, selected };
        let scroll = frame.interact(ui, scroll, &mut self.held, commands);
        frame.paint(ui, &mut self.painter, scroll);
        frame.menus(ui, scroll, cx, commands);
        strip::show(ui, areas.strip, &frame, scroll[open.view.side.index()], commands);
        if scroll != open.view.scroll {
            commands.push(Command::Compare(CompareCommand::Scroll(scroll)));
        }
        self.geometry = Some(CompareGeometry {
            places,
            bodies: areas.bodies,
            strip: areas.strip,
            rows: model.total(),
            columns: places.columns(),
        });
    }

    /// What is selected in the documents of both sides, in bytes, as long as they are what was compared.
    fn selected(&mut self, open: &OpenComparison, cx: &ViewCx<'_>) -> [Option<(u64, u64)>; 2] {
        Side::BOTH.map(|side| {
            let document = &cx.state.document(open.documents[side.index()])?.document;
            let (_, revisions) = open.found.as_ref()?;
            let selection = document.selection().filter(|_| document.revision() == revisions[side.index()])?;
            let selected = (selection.anchor, selection.head);
            let Some(text) = document.as_text() else { return Some(selected) };
            let of = (document.id(), document.revision(), selected);
            let kept = &mut self.selected[side.index()];
            if kept.as_ref().is_none_or(|(kept, _)| *kept != of) {
                let bytes = |units: u64| text.slice(0, units).utf8_len();
                *kept = Some((of, (bytes(selected.0), bytes(selected.1))));
            }
            kept.as_ref().map(|(_, bytes)| *bytes)
        })
    }

    /// The rows, made anew where something changed; those of the last frame too then.
    fn rows(
        &mut self,
        open: &OpenComparison,
        compared: &Arc<Compared>,
        columns: u64,
    ) -> (Arc<CompareRows>, Option<Arc<CompareRows>>) {
        let of = RowsOf {
            comparison: open.id,
            compared: Arc::as_ptr(compared) as usize,
            columns,
            unfolded: open.view.unfolded,
            opened: open.view.opened.len(),
        };
        if let Some((last, rows)) = &self.rows
            && *last == of
        {
            return (Arc::clone(rows), None);
        }
        let found = &compared.comparison;
        let rows = Arc::new(CompareRows::new(found, &compared.places, columns, !of.unfolded, &open.view.opened));
        let before = self.rows.replace((of.clone(), Arc::clone(&rows)));
        let before = before.filter(|(last, _)| last.comparison == of.comparison).map(|(_, rows)| rows);
        (rows, before)
    }
}

/// The parts of the view under its header.
struct Areas {
    /// The line over the rows of each side.
    rulers: [Rect; 2],
    /// The rows of each side.
    bodies: [Rect; 2],
    /// The scroll bar of each side; both are one where the sides are scrolled together.
    bars: [Rect; 2],
    strip: Rect,
}

impl Areas {
    fn of(rect: Rect, apart: bool) -> Self {
        let left_bar = if apart { BAR } else { 0.0 };
        let half = ((rect.width() - STRIP - BAR - left_bar - MIDDLE) / 2.0).floor();
        let column = |x: f32, width: f32| Rect::from_min_size(pos2(x, rect.min.y), vec2(width, rect.height()));
        let left = column(rect.min.x, half);
        let left_bar = column(left.max.x, left_bar);
        let right = column(left_bar.max.x + MIDDLE, half);
        let strip = Rect::from_min_max(pos2(right.max.x, rect.min.y), pos2(right.max.x + STRIP, rect.max.y));
        let bar = Rect::from_min_max(pos2(strip.max.x, rect.min.y), rect.max);
        let under = |side: Rect| Rect::from_min_max(pos2(side.min.x, side.min.y + ROW), side.max);
        let over = |side: Rect| Rect::from_min_size(side.min, vec2(side.width(), ROW));
        let bars = if apart { [under(left_bar), under(bar)] } else { [under(bar); 2] };
        Self { rulers: [over(left), over(right)], bodies: [under(left), under(right)], bars, strip: under(strip) }
    }
}

/// An interaction that needs the pointer only.
fn pointer_only() -> Sense {
    Sense::CLICK | Sense::DRAG
}

/// What a side is called in words.
fn spoken(side: Side) -> &'static str {
    match side {
        Side::Left => "left",
        Side::Right => "right",
    }
}

/// Text of the small size in the quiet colour.
fn quiet(text: impl Into<String>, cx: &ViewCx<'_>) -> egui::RichText {
    egui::RichText::new(text).size(theme::SMALL).color(cx.theme.text_dim)
}
