//! The bytes of a document: addresses, hex digits, characters, and the stream's cursor among them.
//!
//! The caret of this view *is* the stream's cursor: a click is a `seek`, typing is a `write`. The cursor may stand past the
//! end; the gap up to it is drawn. Only what is in sight is read and painted, in a few meshes (see `glyphs`), so the size of
//! the document does not matter.

mod bookmarks;
mod characters;
mod content;
pub(in crate::ui) mod drag;
mod geometry;
mod glyphs;
mod ink;
mod input;
mod marks;
mod options;
mod paint;
pub(in crate::ui) mod side;
mod sources;
mod words;
mod wrappers;
pub(in crate::ui) mod zoom;

use std::collections::HashMap;
use std::sync::Arc;

use egui::emath::GuiRounding as _;
use egui::epaint::Mesh;
use egui::{Id, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2};

pub use geometry::HexGeometry;
pub use marks::{MarkKind, Marks};

use super::matches::Matches;
use super::minimap::Minimap;
use super::rows::{self, BAR, Rows};
use super::theme::UNIT;
use super::{View, ViewCx, context_menu};
use crate::app::bytes_view::HexSide;
use crate::app::{Command, HexChoice, OpenDocument, PaneKind, RowScroll, ViewCommand};
use crate::document::{DocumentId, Wrappers};
use crate::stream::codec::Charset;
use characters::Letters;
use content::{Content, Hole, Snapshots};
use geometry::{Spec, Widths};
use glyphs::Glyphs;
use ink::Ink;
use wrappers::Ghosts;
use zoom::{Zoom, row_height};

/// The hex view. Holds caches only.
#[derive(Default)]
pub struct HexView {
    side: HexSide,
    glyphs: Glyphs,
    ink: Ink,
    letters: Letters,
    /// All characters of the last frame; its memory serves the next.
    meshes: Vec<Arc<Mesh>>,
    snapshots: Snapshots,
    bytes: Vec<u8>,
    holes: Vec<Hole>,
    marks: Marks,
    changed: sources::Changed,
    geometry: Option<HexGeometry>,
    scroll_x: f32,
    /// The count of reveals that each document's view has followed.
    followed: HashMap<DocumentId, u64>,
    /// The count of bytes to show that was followed last.
    shown: (Option<DocumentId>, u64),
    /// The pointer was on a byte in the last frame, and wrappers were told.
    pointed: bool,
    /// The bytes a row of the last frame, so that the same bytes stay in sight when it changes.
    columns: Option<(DocumentId, u64)>,
    drag: Option<drag::Drag>,
    minimap: Minimap,
    /// The cursor's next movement is our own click: nothing is scrolled but what hides the cell.
    clicked: bool,
    matches: Matches,
    zoom: Zoom,
}

impl HexView {
    /// The first view, with nothing remembered.
    pub fn new() -> Self {
        Self::default()
    }

    /// A view with nothing remembered.
    pub fn of(side: HexSide) -> Self {
        Self { side, ..Self::default() }
    }

    /// The widget of the first view that takes the keyboard, for [`egui::Memory::request_focus`].
    pub fn id() -> Id {
        Self::id_of(HexSide::Main)
    }

    /// The widget of a view that takes the keyboard.
    pub fn id_of(side: HexSide) -> Id {
        match side {
            HexSide::Main => Id::unique("seektell hex view"),
            HexSide::Second => Id::unique("seektell second hex view"),
        }
    }

    /// Where each byte was in the last frame.
    pub fn geometry(&self) -> Option<&HexGeometry> {
        self.geometry.as_ref()
    }

    /// Where the document is scrolled to this frame, and whether that was to bring the cursor into sight.
    fn scrolled(
        &mut self,
        open: &OpenDocument,
        cx: &ViewCx<'_>,
        content: &Content,
        rows: Rows,
        columns: u64,
    ) -> (RowScroll, bool) {
        let id = open.document.id();
        let mut scroll = open.view.hex_scroll(self.side);
        if let Some((last_id, last_columns)) = self.columns.replace((id, columns))
            && last_id == id
            && last_columns != columns
        {
            let byte = u128::from(scroll.top_row) * u128::from(last_columns);
            scroll.top_row = u64::try_from(byte / u128::from(columns)).unwrap_or(u64::MAX);
        }
        scroll = rows.clamp(scroll);
        let followed = self.followed.entry(id).or_default();
        let follows = *followed != open.view.reveal;
        // Of two views the one that is used shows the cursor; the other keeps its place.
        let front = self.side == open.view.hex_front || !cx.settings.panes.contains(&PaneKind::SecondHex);
        *followed = open.view.reveal;
        let follows = follows && front;
        if follows {
            let context = if self.clicked { 0 } else { rows::CONTEXT };
            scroll = rows.reveal(scroll, content.cursor / columns, context);
        }
        self.clicked = false;
        let (byte, count) = open.view.shown;
        if std::mem::replace(&mut self.shown, (Some(id), count)) == (Some(id), count.wrapping_sub(1)) {
            scroll = rows.reveal(scroll, byte / columns, rows::CONTEXT);
        }
        (scroll, follows)
    }
}

/// The second view of the bytes.
pub struct SecondHexView(HexView);

impl Default for SecondHexView {
    fn default() -> Self {
        Self(HexView::of(HexSide::Second))
    }
}

impl SecondHexView {
    /// Where each byte was in the last frame.
    pub fn geometry(&self) -> Option<&HexGeometry> {
        self.0.geometry()
    }
}

impl View for SecondHexView {
    fn show(&mut self, ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        self.0.show(ui, open, cx, commands);
    }
}

impl HexView {
    /// Grid, rows and cursor in words, for who does not see them.
    fn speak(&self, ui: &mut Ui, response: &egui::Response, frame: &paint::Frame<'_>, name: &str) {
        let (places, body) = (frame.places, frame.places.body);
        response.widget_info(|| WidgetInfo::labeled(Role::Grid, true, name));
        let builder = |node: &mut egui::accesskit::Node| {
            node.set_value(frame.spoken_cursor());
            node.set_column_count((places.widths.columns / places.widths.unit) as usize);
            node.set_row_count(usize::try_from(places.rows.total).unwrap_or(usize::MAX));
        };
        if ui.ctx().accesskit_node_builder(response.id, builder).is_none() {
            return;
        }
        let mut child = ui.new_child(UiBuilder::new().max_rect(body).accessibility_parent(response.id));
        child.set_clip_rect(body.intersect(ui.clip_rect()));
        for row in places.rows.visible(places.scroll) {
            let Some(top) = places.row_top(row) else { continue };
            let row_rect = Rect::from_min_max(pos2(body.min.x, top), pos2(body.max.x, top + frame.row())).intersect(body);
            let id = response.id.with(("row", row));
            child.interact(row_rect, id, Sense::hover());
            ui.ctx().accesskit_node_builder(id, |node| {
                node.set_role(Role::Row);
                node.set_label(frame.spoken_row(row));
            });
        }
    }
}

impl View for HexView {
    fn show(&mut self, ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let available = ui.available_rect_before_wrap();
        ui.advance_cursor_after_rect(available);
        let scale = ui.ctx().pixels_per_point();
        let rect = available.round_to_pixels(scale);
        let hex = &cx.settings.hex;
        let row = row_height(hex.font_size.into());
        if rect.width() < 8.0 * UNIT || rect.height() < 2.0 * row {
            return;
        }
        let (side, id) = (self.side, Self::id_of(self.side));
        self.followed.retain(|id, _| cx.state.document(*id).is_some() || *id == open.document.id());
        self.glyphs.begin(ui, hex.font_size.into(), row);
        self.ink.update(cx.theme, hex);
        let document = &open.document;
        let Some(content) = Content::of(document, &mut self.snapshots) else {
            ui.painter().rect_filled(rect, 0.0, cx.theme.ground);
            let limit = content::TEXT_LIMIT >> 20;
            let note = format!("The bytes of a text stream are shown up to {limit} MiB. The text view shows all of it");
            ui.put(rect, egui::Label::new(note).wrap());
            return;
        };
        let last = content.size.max(content.cursor);
        let cells = hex.cells(side);
        let charset = if content.text.is_some() { Charset::UTF8 } else { open.view.charset };
        let inner = Rect::from_min_max(rect.min, pos2(rect.max.x - BAR - Minimap::width(cx), rect.max.y));
        let widths = Widths::new(&Spec {
            digit: self.glyphs.advance,
            scale,
            address_digits: hex.radix.digits(u128::from(last) + u128::from(open.view.base)),
            columns: open.view.columns(side).map(u64::from),
            cells,
            available: inner.width(),
        });
        let overflow = widths.total > inner.width() + 0.5;
        let bottom = rect.max.y - if overflow { BAR } else { 0.0 };
        let body = Rect::from_min_max(pos2(inner.min.x, inner.min.y + row), pos2(inner.max.x, bottom));
        let rows = Rows { total: last / widths.columns + 1, row_height: row, view_height: body.height() };
        let (mut scroll, follows) = self.scrolled(open, cx, &content, rows, widths.columns);

        let area = Rect::from_min_max(inner.min, body.max);
        let mut response = ui.interact(area, id, Sense::click_and_drag());
        let steps = self.zoom.steps(ui, &response);
        if steps != 0 {
            commands.push(Command::Hex(side, HexChoice::Enlarge(steps)));
        }
        let (wheeled, sideways) = rows.wheel(ui, &response, scroll);
        scroll = wheeled;
        let bar = Rect::from_min_max(pos2(rect.max.x - BAR, rect.min.y), pos2(rect.max.x, bottom));
        let strip = Rect::from_min_max(pos2(inner.max.x, rect.min.y), pos2(bar.min.x, bottom));
        scroll = self.minimap.show(ui, strip, open, (rows, widths.columns), scroll, cx);
        scroll = rows.bar(ui, bar, id.with("bar"), "Scroll bytes", scroll, cx.theme);
        self.scroll_x = if overflow {
            let most = widths.total - inner.width();
            let track = Rect::from_min_max(pos2(rect.min.x, bottom), pos2(inner.max.x, rect.max.y));
            let mut x = self.scroll_x + sideways;
            if follows {
                let i = content.cursor % widths.columns;
                let (from, to) = widths.span(open.view.hex_column, i, i + 1);
                x = x.max(to + widths.margin - inner.width()).min(from - widths.margin);
            }
            let x = x.clamp(0.0, most);
            ui.painter().rect_filled(Rect::from_min_max(pos2(inner.max.x, bottom), rect.max), 0.0, cx.theme.panel);
            rows::horizontal_bar(ui, track, id.with("bar across"), "Scroll bytes sideways", widths.total, x, cx.theme)
        } else {
            0.0
        };

        // The mouse speaks of what the user sees: the frame before this one.
        let geometry = |scroll: RowScroll, scroll_x: f32| HexGeometry {
            widths,
            body,
            scroll: RowScroll { sub_px: (scroll.sub_px * scale).round() / scale, ..scroll },
            rows,
            scroll_x: (scroll_x * scale).round() / scale,
            last,
            scale,
        };
        let places = geometry(scroll, self.scroll_x);
        scroll = self.mouse(ui, &response, &places, &content, document, scroll, commands);
        if response.has_focus() {
            if open.view.hex_front != side {
                commands.push(Command::View(ViewCommand::HexFront(side)));
            }
            scroll = self.keyboard(ui, &places, &content, open, cells, cx.now, scroll, commands);
        }
        if scroll != open.view.hex_scroll(side) {
            commands.push(Command::View(match side {
                HexSide::Main => ViewCommand::HexScroll(scroll),
                HexSide::Second => ViewCommand::SecondHexScroll(scroll),
            }));
        }

        let places = geometry(scroll, self.scroll_x);
        self.geometry = Some(places);
        let start = places.scroll.top_row.saturating_mul(widths.columns).min(content.size);
        let seen = rows.visible(places.scroll);
        let len = seen.end.saturating_mul(widths.columns).min(content.size).saturating_sub(start);
        content.read(start, &mut self.bytes, len as usize, widths.columns as usize, &mut self.holes);
        self.letters.read(ui, &mut self.glyphs, &content, charset, start, &self.bytes);
        self.glyphs.end(ui);
        let links = match cx.state.console().wrappers(document) {
            Wrappers::Held(links) => links,
            Wrappers::Within | Wrappers::Forgotten => &[],
        };
        let ghosts = if content.text.is_none() { Ghosts::of(links) } else { Ghosts::default() };
        // The place behind the last byte is in sight too.
        self.marks.clear(start..seen.end.saturating_mul(widths.columns).max(start));
        sources::collect(open, cx, &content, links, &mut self.changed, &mut self.marks);
        let sight = match content.text {
            None => self.matches.in_sight(cx.state, open, start..start + len),
            Some(_) => self.matches.in_utf8(cx.state, open, &content.bytes, start..start + len),
        };
        sources::matches(sight, &mut self.marks);
        self.marks.merge();
        let frame = paint::Frame {
            theme: cx.theme,
            glyphs: &self.glyphs,
            ink: &self.ink,
            places: &places,
            content: &content,
            view: &open.view,
            side,
            hex,
            cells,
            charset,
            start,
            bytes: &self.bytes,
            letters: &self.letters,
            holes: &self.holes,
            focused: response.has_focus(),
            closed: document.is_closed(),
            marks: &self.marks,
            ghosts: &ghosts,
        };
        frame.paint(ui, area, &mut self.meshes);
        let caret = places.cell(content.cursor).map(|cell| cell.left_bottom());
        context_menu::show(&response, context_menu::Place::Bytes, caret, cx, commands);
        let name = match side {
            HexSide::Main => format!("Bytes of {}", document.name()),
            HexSide::Second => format!("Bytes of {}, second view", document.name()),
        };
        self.speak(ui, &response, &frame, &name);
        let pointed = ui.input(|input| input.pointer.hover_pos()).and_then(|pos| places.offset_at(pos));
        // With wrappers about, the pointer speaks to their pane too.
        let linked = pointed.filter(|&offset| offset < content.size).map(|offset| (offset, offset + 1));
        let linked = linked.filter(|_| !links.is_empty() && response.contains_pointer());
        let told = std::mem::replace(&mut self.pointed, linked.is_some());
        if (told || linked.is_some()) && open.view.linked != linked {
            commands.push(Command::View(ViewCommand::Linked(linked)));
        }
        if let Some(offset) = pointed.filter(|_| !response.is_pointer_button_down_on()) {
            let hole = self.holes.iter().find(|h| (h.start..h.end).contains(&offset));
            let words = hole.map_or_else(|| frame.told(offset), |hole| hole.reason.clone());
            response = response.on_hover_ui_at_pointer(|ui| {
                ui.label(words);
            });
        }
        drop(response);
        options::button(ui, open, cx, side, &widths, Rect::from_min_max(area.min, pos2(area.max.x, body.min.y)), commands);
    }
}
