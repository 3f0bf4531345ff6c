//! The calls made on a document, oldest first, with their results, and the walk through them.
//!
//! The list holds every call of every branch in the order in which they were made; those that are not on the way that is walked
//! stand back. A click on a call shows the document as it was right after it.

mod bar;
mod details;

use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Color32, FontId, Galley, Painter, Rect, RichText, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::theme::{MONO, ROW, SMALL, UNIT};
use super::{View, ViewCx};
use crate::app::numbers::group;
use crate::app::{Command, OpenDocument, WalkCommand};
use crate::document::{BookmarkColor, DocumentId, Entry, Moment, Operation, Path, Timeline};

/// Panes at least so wide, in points, show sizes in the list.
const WIDE: f32 = 130.0 * UNIT;

/// How far calls of other branches are moved to the right, for each up to this many.
const INDENTS: usize = 6;

/// The timeline pane. Holds where its list stood.
#[derive(Default)]
pub struct TimelineView {
    /// The document, and the call that was shown in the last frame.
    shown: Option<(DocumentId, Option<u64>)>,
    /// The part of the list that was seen: its upper edge and its height.
    seen: (f32, f32),
}

impl View for TimelineView {
    fn show(&mut self, ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let document = &open.document;
        let timeline = document.timeline();
        if timeline.is_empty() {
            ui.add_space(UNIT);
            ui.label(RichText::new("No calls yet: move the cursor, read or write").color(cx.theme.text_dim));
            return;
        }
        bar::show(ui, open, cx, commands);
        let walked = timeline.current().filter(|_| document.is_walking());
        // A low pane gives most of its room to the list.
        let room = ui.available_height() * 0.45;
        let details = if walked.is_some() { room.clamp(details::LEAST, details::HEIGHT) } else { 0.0 };
        let height = (ui.available_height() - details).max(2.0 * ROW);
        // New calls stand at the end; whoever looks at another one is not pulled away from it.
        let last = timeline.get(timeline.len() - 1).map(Entry::number);
        let at_end = !document.is_walking() && timeline.current().map(Entry::number) == last;
        let mut list = ScrollArea::vertical()
            .id_salt(("timeline", document.id().get()))
            .max_height(height)
            .min_scrolled_height(height)
            .auto_shrink([false, false])
            .stick_to_bottom(at_end);
        if let Some(offset) = self.follow(open, height) {
            list = list.vertical_scroll_offset(offset);
        }
        let way = timeline.way();
        let mut clicked = None;
        let output = list.show_rows(ui, ROW - ui.spacing().item_spacing.y, timeline.len(), |ui, range| {
            for index in range {
                let Some(entry) = timeline.get(index) else { continue };
                let row = Row { entry, index, walked: walked.is_some_and(|walked| walked.number() == entry.number()) };
                if row.show(ui, timeline, &way, cx) {
                    clicked = Some(entry.number());
                }
            }
        });
        self.seen = (output.state.clamped_offset().y, output.inner_rect.height());
        if let Some(number) = clicked {
            commands.push(Command::Walk(WalkCommand::To(Moment::After(number))));
        }
        if let Some(entry) = walked {
            details::show(ui, entry, cx, commands);
        }
    }
}

impl TimelineView {
    /// Where the list must be scrolled to so that the call that is shown now is in sight, where it is not.
    fn follow(&mut self, open: &OpenDocument, height: f32) -> Option<f32> {
        let timeline = open.document.timeline();
        let shown = (open.document.id(), timeline.current().map(Entry::number));
        if self.shown.replace(shown) == Some(shown) {
            return None;
        }
        let row = timeline.current().and_then(|entry| timeline.index_of(entry.number())).unwrap_or(0);
        // At the end the list stays by itself once it is there.
        if !open.document.is_walking() && row + 1 == timeline.len() {
            return Some((timeline.len() as f32 * ROW - height).max(0.0));
        }
        let (top, bottom) = (row as f32 * ROW, (row + 1) as f32 * ROW);
        let (from, seen) = (self.seen.0, self.seen.1.min(height));
        if top < from {
            Some((top - 2.0 * ROW).max(0.0))
        } else if bottom > from + seen {
            Some(bottom.max((bottom + 2.0 * ROW).min(timeline.len() as f32 * ROW)) - height)
        } else {
            None
        }
    }
}

/// What a call did, as a colour: raised, changed the content, read.
fn color(entry: &Entry, cx: &ViewCx<'_>) -> Color32 {
    match entry.operation {
        _ if entry.raised => cx.theme.error,
        _ if entry.changed() => cx.theme.accent,
        Operation::Read(_) | Operation::ReadLine(_) | Operation::GetValue => cx.theme.good,
        Operation::Note(_) => cx.theme.bookmark(BookmarkColor::default()).1,
        _ if entry.span.is_some() => cx.theme.good,
        _ => cx.theme.line,
    }
}

/// Where the cursor went, and where there is room for it what became of the size.
fn moved(entry: &Entry, short: bool) -> String {
    if entry.note().is_some() {
        return String::new();
    }
    let (before, after) = (entry.position_before, entry.position_after());
    let mut moved = if before == after { group(after) } else { format!("{} → {}", group(before), group(after)) };
    if !short && entry.size_before != entry.size_after() {
        moved += &format!("   size {} → {}", group(entry.size_before), group(entry.size_after()));
    }
    moved
}

/// A call of the list.
struct Row<'a> {
    entry: &'a Entry,
    index: usize,
    /// The document is shown as it was right after it.
    walked: bool,
}

impl Row<'_> {
    fn spoken(&self, on_way: bool) -> String {
        let entry = self.entry;
        let result = match (entry.raised, &*entry.result) {
            (true, result) => format!("raised {result}"),
            (false, "") => "returned None".into(),
            (false, result) => format!("returned {result}"),
        };
        let (call, before, after) = (entry.call(), entry.position_before, entry.position_after());
        let branch = if on_way { String::new() } else { format!(", on branch {}", entry.branch() + 1) };
        if let Some(note) = entry.note() {
            return format!("note {}, {note}{branch}", self.index + 1);
        }
        format!("call {}, {call}, {result}, position {before} to {after}{branch}", self.index + 1)
    }

    /// Paints it, and tells whether it was clicked.
    fn show(&self, ui: &mut Ui, timeline: &Timeline, way: &Path, cx: &ViewCx<'_>) -> bool {
        let (entry, theme) = (self.entry, cx.theme);
        let on_way = timeline.place_on(way, entry).is_some();
        let height = ROW - ui.spacing().item_spacing.y;
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
        response.widget_info(|| WidgetInfo::selected(egui::Role::ListBoxOption, true, self.walked, self.spoken(on_way)));
        let painter = ui.painter_at(rect);
        if self.walked {
            painter.rect_filled(rect, 0.0, theme.selection);
        } else if response.hovered() {
            painter.rect_filled(rect, 0.0, theme.hover);
        }
        if response.has_focus() {
            painter.rect_stroke(rect, 0.0, Stroke::new(2.0, theme.accent), StrokeKind::Inside);
        }
        let indent = entry.branch().min(INDENTS) as f32 * 2.0 * UNIT;
        if indent > 0.0 {
            let x = rect.left() + indent - UNIT;
            painter.vline(x, rect.expand2(vec2(0.0, UNIT)).y_range(), Stroke::new(1.0, theme.line));
            let begins = timeline
                .index_of(entry.parent())
                .is_none_or(|parent| timeline.get(parent).is_none_or(|parent| parent.branch() != entry.branch()));
            if begins {
                let y = rect.center().y;
                painter.hline(rect.left() + indent - 2.0 * UNIT..=x, y, Stroke::new(1.0, theme.line));
            }
        }
        let bar = Rect::from_min_size(rect.min + vec2(indent, 0.0), vec2(UNIT, rect.height())).shrink2(vec2(0.0, 2.0));
        let kind = color(entry, cx);
        if on_way {
            painter.rect_filled(bar, 1.0, kind);
        } else {
            painter.rect_stroke(bar, 1.0, Stroke::new(1.0, kind), StrokeKind::Inside);
        }
        let y = rect.center().y;
        let mut x = rect.left() + indent + 2.0 * UNIT;
        let mono = FontId::monospace(MONO);
        let short = rect.width() < WIDE;
        let right = painter.layout_no_wrap(moved(entry, short), FontId::monospace(SMALL), theme.text_dim);
        // The places stand at the right; a narrow pane gives the room to the call.
        let limit = if rect.width() > right.size().x + 40.0 * UNIT {
            let left = rect.right() - right.size().x - UNIT;
            painter.galley(pos2(left, y - right.size().y / 2.0), right, theme.text_dim);
            left - 2.0 * UNIT
        } else {
            rect.right()
        };
        let (call, result) = (entry.note().map_or_else(|| entry.call(), str::to_owned), entry.result.to_string());
        let call_color = if on_way { theme.text } else { theme.text_dim };
        let result_color = if entry.raised { theme.error } else { theme.text_dim };
        let arrow = painter.layout_no_wrap(if result.is_empty() { "" } else { "  → " }.into(), mono.clone(), theme.text_dim);
        let room = (limit - x - arrow.size().x).max(0.0);
        let width = |text: &str| painter.layout_no_wrap(text.to_owned(), mono.clone(), call_color).size().x;
        let (call_room, result_room) = shares(room, width(&call), width(&result));
        let parts = [
            elided(&painter, &call, &mono, call_color, call_room),
            arrow,
            elided(&painter, &result, &mono, result_color, result_room),
        ];
        let cut = parts.iter().any(|part| part.elided);
        for part in parts {
            let at = pos2(x, y - part.size().y / 2.0);
            x += part.size().x;
            painter.galley(at, part, theme.text_dim);
        }
        if cut {
            let full = if result.is_empty() { call } else { format!("{call}  → {result}") };
            return response.on_hover_text(full).clicked();
        }
        response.clicked()
    }
}

/// How wide a call and its result may be, in points, where both together have `room`: a result that needs less than a share of
/// it is shown whole, and the call gets the rest.
fn shares(room: f32, call: f32, result: f32) -> (f32, f32) {
    const SHARE: f32 = 0.45;
    let result = result.min((room - call).max(room * SHARE)).max(0.0);
    (call.min(room - result), result)
}

/// A line of text with an ellipsis for what does not fit.
fn elided(painter: &Painter, text: &str, font: &FontId, color: Color32, room: f32) -> Arc<Galley> {
    let mut job = LayoutJob::single_section(text.to_owned(), TextFormat::simple(font.clone(), color));
    // Half a point for what adding up widths rounds away.
    job.wrap = TextWrapping { max_rows: 1, break_anywhere: true, ..TextWrapping::wrap_at_width(room + 0.5) };
    painter.layout_job(job)
}
