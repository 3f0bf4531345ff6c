//! The calls made on a document, oldest first, with their results.

use egui::{Color32, FontId, Frame, Label, Rect, RichText, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::theme::{MONO, ROW, SMALL, UNIT};
use super::{View, ViewCx};
use crate::app::numbers::{count, group, place};
use crate::app::{Command, OpenDocument};
use crate::document::{DocumentId, Entry, Operation, StreamKind, Timeline};

/// Units of data that one copied call spells out, and characters that all copied calls have together.
const COPIED_UNITS: u64 = 1 << 16;
const COPIED_CHARACTERS: usize = 4 << 20;

/// Panes at least so wide, in points, show sizes in the list.
const WIDE: f32 = 130.0 * UNIT;

/// The timeline pane. Holds which entry is selected.
#[derive(Default)]
pub struct TimelineView {
    /// The document, and the entry counted from the very first call, so that it stays when old ones are forgotten.
    selected: Option<(DocumentId, u64)>,
}

impl View for TimelineView {
    fn show(&mut self, ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>, _commands: &mut Vec<Command>) {
        let document = &open.document;
        let timeline = document.timeline();
        if timeline.is_empty() {
            ui.add_space(UNIT);
            ui.label(RichText::new("No calls yet: move the cursor, read or write").color(cx.theme.text_dim));
            return;
        }
        let selected = self
            .selected
            .filter(|(id, _)| *id == document.id())
            .and_then(|(_, number)| number.checked_sub(timeline.forgotten()))
            .and_then(|index| usize::try_from(index).ok())
            .filter(|&index| index < timeline.len());
        header(ui, document.kind(), timeline, cx);
        let details = if selected.is_some() { 4.0 * ROW + 5.0 * UNIT } else { 0.0 };
        let height = (ui.available_height() - details).max(2.0 * ROW);
        let mut clicked = None;
        ScrollArea::vertical()
            .id_salt(("timeline", document.id().get()))
            .max_height(height)
            .min_scrolled_height(height)
            .auto_shrink([false, false])
            .stick_to_bottom(true)
            .show_rows(ui, ROW - ui.spacing().item_spacing.y, timeline.len(), |ui, range| {
                for index in range {
                    let Some(entry) = timeline.get(index) else { continue };
                    if show_entry(ui, entry, index, selected == Some(index), cx) {
                        clicked = Some(index);
                    }
                }
            });
        if let Some(index) = clicked {
            let number = timeline.forgotten() + index as u64;
            self.selected = (selected != Some(index)).then_some((document.id(), number));
        }
        if let Some(entry) = selected.and_then(|index| timeline.get(index)) {
            show_details(ui, entry, cx);
        }
    }
}

fn header(ui: &mut Ui, kind: StreamKind, timeline: &Timeline, cx: &ViewCx<'_>) {
    ui.horizontal_wrapped(|ui| {
        let copy = ui.button("Copy as Python").on_hover_text("Copy these calls as Python statements");
        if copy.clicked() {
            ui.ctx().copy_text(script(kind, timeline));
        }
        ui.label(RichText::new(count(timeline.len() as u64, "call")).color(cx.theme.text_dim));
        if timeline.forgotten() > 0 {
            let earlier = match timeline.forgotten() {
                1 => "1 earlier call is no longer kept".into(),
                n => format!("{} earlier calls are no longer kept", group(n)),
            };
            ui.label(RichText::new(earlier).color(cx.theme.text_dim));
        }
    });
}

/// The calls as statements that Python runs, data spelled out; what would be too long is said in a comment.
fn script(kind: StreamKind, timeline: &Timeline) -> String {
    let mut script = format!("# buf is an io.{}\n", kind.class());
    if timeline.forgotten() > 0 {
        script += &format!("# {} earlier calls are no longer kept\n", timeline.forgotten());
    }
    for (done, entry) in timeline.entries().enumerate() {
        if script.len() > COPIED_CHARACTERS {
            script += &format!("# {} more calls are left out\n", timeline.len() - done);
            break;
        }
        if added(&entry.operation) > COPIED_UNITS {
            let unit = kind.unit();
            script += &format!("# left out: a call with {}\n", count(added(&entry.operation), unit));
        } else {
            script += &entry.operation.python(kind, COPIED_UNITS);
            script.push('\n');
        }
    }
    script
}

fn added(operation: &Operation) -> u64 {
    match operation {
        Operation::Write(data) | Operation::Insert { data, .. } | Operation::Replace { data, .. } => data.len(),
        _ => 0,
    }
}

/// What a call did, as a colour: raised, changed the content, read.
fn color(entry: &Entry, cx: &ViewCx<'_>) -> Color32 {
    match entry.operation {
        _ if entry.raised => cx.theme.error,
        Operation::Read(_) | Operation::ReadLine(_) | Operation::GetValue => cx.theme.good,
        Operation::Seek { .. } | Operation::Tell => cx.theme.line,
        _ => cx.theme.accent,
    }
}

/// Where the cursor went, and where there is room for it what became of the size.
fn moved(entry: &Entry, short: bool) -> String {
    let (before, after) = (entry.position_before, entry.position_after());
    let mut moved = if before == after { group(after) } else { format!("{} → {}", group(before), group(after)) };
    if !short && entry.size_before != entry.size_after() {
        moved += &format!("   size {} → {}", group(entry.size_before), group(entry.size_after()));
    }
    moved
}

fn spoken(entry: &Entry, index: usize) -> String {
    let result = match (entry.raised, &*entry.result) {
        (true, result) => format!("raised {result}"),
        (false, "") => "returned None".into(),
        (false, result) => format!("returned {result}"),
    };
    let call = entry.call();
    format!("call {}, {call}, {result}, position {} to {}", index + 1, entry.position_before, entry.position_after())
}

fn show_entry(ui: &mut Ui, entry: &Entry, index: usize, selected: bool, cx: &ViewCx<'_>) -> bool {
    let height = ROW - ui.spacing().item_spacing.y;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    response.widget_info(|| WidgetInfo::selected(egui::Role::ListBoxOption, true, selected, spoken(entry, index)));
    let theme = cx.theme;
    let painter = ui.painter_at(rect);
    if selected {
        painter.rect_filled(rect, 0.0, theme.selection);
    } else if response.hovered() {
        painter.rect_filled(rect, 0.0, theme.panel);
    }
    if response.has_focus() {
        painter.rect_stroke(rect, 0.0, Stroke::new(2.0, theme.accent), StrokeKind::Inside);
    }
    let bar = Rect::from_min_size(rect.min, vec2(UNIT, rect.height())).shrink2(vec2(0.0, 2.0));
    painter.rect_filled(bar, 1.0, color(entry, cx));
    let y = rect.center().y;
    let mut x = rect.left() + 2.0 * UNIT;
    let mono = FontId::monospace(MONO);
    let right = painter.layout_no_wrap(moved(entry, rect.width() < WIDE), FontId::monospace(SMALL), theme.text_dim);
    // The places stand at the right; a narrow pane gives the room to the call.
    let limit = if rect.width() > right.size().x + 40.0 * UNIT {
        let left = rect.right() - right.size().x - UNIT;
        painter.galley(pos2(left, y - right.size().y / 2.0), right, theme.text_dim);
        left - 2.0 * UNIT
    } else {
        rect.right()
    };
    let clipped = painter.with_clip_rect(Rect::from_min_max(rect.min, pos2(limit, rect.max.y)));
    let mut put = |text: String, color| {
        let galley = clipped.layout_no_wrap(text, mono.clone(), color);
        clipped.galley(pos2(x, y - galley.size().y / 2.0), galley.clone(), color);
        x += galley.size().x;
    };
    put(entry.call(), theme.text);
    if !entry.result.is_empty() {
        put("  → ".into(), theme.text_dim);
        put(entry.result.to_string(), if entry.raised { theme.error } else { theme.text_dim });
    }
    response.clicked()
}

fn show_details(ui: &mut Ui, entry: &Entry, cx: &ViewCx<'_>) {
    ui.add_space(UNIT);
    Frame::new().fill(cx.theme.panel).inner_margin(UNIT).corner_radius(UNIT).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ScrollArea::vertical().id_salt("details").auto_shrink([false, false]).show(ui, |ui| {
            let call = entry.operation.python(entry.kind, 1024);
            ui.horizontal(|ui| {
                let copy = ui.small_button("Copy").on_hover_text("Copy this call");
                if copy.accessible_name("Copy this call").clicked() {
                    ui.ctx().copy_text(entry.operation.python(entry.kind, COPIED_UNITS));
                }
                let unit = entry.kind.unit();
                let (before, after) = (entry.position_before, entry.position_after());
                let places = format!("position {} → {}", place(before), place(after));
                let sizes = format!("size {} → {}", group(entry.size_before), count(entry.size_after(), unit));
                let dim = |text: String| Label::new(RichText::new(text).monospace().small().color(cx.theme.text_dim)).truncate();
                ui.add(dim(format!("{places}   {sizes}")));
            });
            let line = |ui: &mut Ui, text: String, color| {
                ui.add(Label::new(RichText::new(text).monospace().color(color)).wrap().selectable(true));
            };
            line(ui, format!(">>> {call}"), cx.theme.text_dim);
            if !entry.result.is_empty() {
                line(ui, entry.result.to_string(), if entry.raised { cx.theme.error } else { cx.theme.text });
            }
        });
    });
}
