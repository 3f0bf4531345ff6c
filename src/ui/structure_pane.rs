//! What a container is made of: a tree of parts, each linked with its bytes both ways.

use std::sync::Arc;

use egui::{
    EventFilter, FontId, Key, Label, Rect, RichText, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use super::hex_view::MarkKind;
use super::theme::{FOCUS_RING, MONO, ROW, SMALL, TEXT, UNIT, words};
use super::{View, ViewCx};
use crate::app::numbers::{count, group, hex, places};
use crate::app::{Command, OpenDocument, StructureCommand, StructureRead, ViewCommand};
use crate::document::{DocumentId, Operation};
use crate::formats::structure::{Node, NodeId, Structure};

/// How far a part stands to the right of what it is a part of, in points.
const INDENT: f32 = 3.5 * UNIT;

/// Panes at least so wide, in points, show where each part is.
const WIDE: f32 = 90.0 * UNIT;

/// The pane of parts. Holds the rows that are shown, and where they stood.
#[derive(Default)]
pub struct StructurePane {
    /// What the rows were made of.
    made_of: Option<(DocumentId, u64)>,
    rows: Vec<NodeId>,
    /// The row of the part that the cursor was in.
    current: Option<(DocumentId, NodeId)>,
    /// The pointer was on a row in the last frame.
    pointed: bool,
    seen: (f32, f32),
}

impl View for StructurePane {
    fn show(&mut self, ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let quiet = |ui: &mut Ui, text: &str| {
            ui.add_space(UNIT);
            ui.add(Label::new(RichText::new(text).color(cx.theme.text_dim)).wrap());
        };
        if open.document.as_bytes().is_none() {
            return quiet(ui, "Text has no parts: encode it to a bytes stream first");
        }
        let tree = match &open.structure.read {
            None => return quiet(ui, "Reading the parts…"),
            Some((_, StructureRead::None)) => {
                let known = "PNG, JPEG, GIF, WebP, TIFF, ZIP, gzip, BMP, ICO, WAV, QOI and PNM";
                return quiet(ui, &format!("This is no container that is known here. The parts of {known} are shown"));
            }
            Some((_, StructureRead::Failed(why))) => return quiet(ui, why),
            Some((_, StructureRead::Tree(tree))) => Arc::clone(tree),
        };
        bar(ui, &tree, cx, commands);
        let id = open.document.id();
        let made_of = Some((id, open.structure.shown));
        if self.made_of != made_of {
            self.made_of = made_of;
            self.rows = rows(&tree, &open.structure.open);
        }
        let current = current(&tree, open);
        let height = ui.available_height();
        let mut list = ScrollArea::vertical().id_salt(("structure", id.get())).auto_shrink([false, false]);
        if let Some(offset) = self.follow(id, current, height) {
            list = list.vertical_scroll_offset(offset);
        }
        let mut pointed = None;
        ui.spacing_mut().item_spacing.y = 0.0;
        let output = list.show_rows(ui, ROW, self.rows.len(), |ui, range| {
            for &node_id in &self.rows[range] {
                let Some(node) = tree.node(node_id) else { continue };
                let row = Row { tree: &tree, id: node_id, node, open: open.structure.open.contains(&node_id) };
                if row.show(ui, current == Some(node_id), cx, commands) && node.len > 0 {
                    pointed = Some((node.start, node.end()));
                }
            }
        });
        self.seen = (output.state.clamped_offset().y, output.inner_rect.height());
        let told = std::mem::replace(&mut self.pointed, pointed.is_some());
        if (told || pointed.is_some()) && open.view.linked != pointed {
            commands.push(Command::View(ViewCommand::Linked(pointed)));
        }
    }
}

fn bar(ui: &mut Ui, tree: &Structure, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    ui.horizontal_wrapped(|ui| {
        let mut colors = cx.settings.hex.by_structure();
        if ui.checkbox(&mut colors, "Colour the bytes").on_hover_text("Colours the bytes by the parts they belong to").changed() {
            commands.push(Command::Structure(StructureCommand::Colors(colors)));
        }
        for (all, name, hover) in
            [(true, "Open all", "Shows the parts of every part"), (false, "Close all", "Shows the first level only")]
        {
            if ui.button(name).on_hover_text(hover).clicked() {
                commands.push(Command::Structure(StructureCommand::OpenAll(all)));
            }
        }
        match tree.problems() {
            0 => _ = ui.label(RichText::new("No problems").color(cx.theme.good)),
            n => _ = ui.label(RichText::new(count(n as u64, "problem")).color(cx.theme.warning)),
        }
    });
}

/// The nodes that are shown, in order.
fn rows(tree: &Structure, open: &std::collections::HashSet<NodeId>) -> Vec<NodeId> {
    let mut rows = Vec::new();
    let mut waiting = vec![0];
    while let Some(id) = waiting.pop() {
        rows.push(id);
        if let Some(node) = tree.node(id).filter(|_| open.contains(&id)) {
            waiting.extend(node.children.iter().rev());
        }
    }
    rows
}

/// The node that the cursor's byte belongs to, or what is shown of those that it is in.
fn current(tree: &Structure, open: &OpenDocument) -> Option<NodeId> {
    let deepest = tree.deepest(open.document.position())?;
    let mut way = vec![deepest];
    while let Some(node) = way.last().and_then(|&id| tree.node(id)).filter(|node| node.depth > 0) {
        way.push(node.parent);
    }
    // From the root down to the first one whose parts are hidden.
    let hidden = way.iter().rev().find(|id| !open.structure.open.contains(id));
    hidden.copied().or(Some(deepest))
}

impl StructurePane {
    /// Where the list must be scrolled to so that the part that the cursor went to is in sight.
    fn follow(&mut self, document: DocumentId, current: Option<NodeId>, height: f32) -> Option<f32> {
        let current = current.map(|node| (document, node));
        if std::mem::replace(&mut self.current, current) == current {
            return None;
        }
        let (_, node) = current?;
        let row = self.rows.iter().position(|&id| id == node)?;
        let (top, bottom) = (row as f32 * ROW, (row + 1) as f32 * ROW);
        let (from, seen) = (self.seen.0, self.seen.1.min(height));
        match top < from || bottom > from + seen {
            true => Some((top - height / 3.0).max(0.0)),
            false => None,
        }
    }
}

struct Row<'a> {
    tree: &'a Structure,
    id: NodeId,
    node: &'a Node,
    open: bool,
}

impl Row<'_> {
    fn spoken(&self) -> String {
        let node = self.node;
        let value = if node.value.is_empty() { String::new() } else { format!(": {}", node.value) };
        let problems: String = node.problems.iter().map(|problem| format!(", problem: {problem}")).collect();
        format!("{}{value}, {} at {}{problems}", node.name, count(node.len, "byte"), hex(node.start))
    }

    /// Paints it; whether the pointer is on it.
    fn show(&self, ui: &mut Ui, current: bool, cx: &ViewCx<'_>, commands: &mut Vec<Command>) -> bool {
        let (node, theme) = (self.node, cx.theme);
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::TreeItem, true, current, self.spoken()));
        let has_parts = !node.children.is_empty();
        ui.ctx().accesskit_node_builder(response.id, |access| {
            access.set_role(Role::TreeItem);
            access.set_level(usize::from(node.depth) + 1);
            access.set_selected(current);
            if has_parts {
                access.set_expanded(self.open);
            }
        });
        let painter = ui.painter_at(rect);
        if current {
            painter.rect_filled(rect, 0.0, theme.selection);
        } else if response.hovered() {
            painter.rect_filled(rect, 0.0, theme.hover);
        }
        let left = rect.left() + f32::from(node.depth) * INDENT;
        let icon = Rect::from_center_size(pos2(left + 2.0 * UNIT, rect.center().y), vec2(2.0 * UNIT, 2.0 * UNIT));
        if has_parts {
            triangle(&painter, icon, self.open, theme.text_dim);
        } else if cx.settings.hex.by_structure()
            && let Some(color) =
                self.tree.region_at(node.start).filter(|region| region.node == self.id).map(|region| region.color)
            && let Some(color) = MarkKind::Structure(color).ground(theme)
        {
            painter.rect_filled(icon.expand(1.0), 2.0, color);
            painter.rect_stroke(icon.expand(1.0), 2.0, Stroke::new(1.0, theme.line), StrokeKind::Inside);
        }
        let mut right = rect.right();
        if rect.width() >= WIDE {
            let place = format!("{}  {}", hex(node.start), group(node.len));
            let galley = painter.layout_no_wrap(place, FontId::monospace(SMALL), theme.text_dim);
            right -= galley.size().x + UNIT;
            painter.galley(pos2(right, rect.center().y - galley.size().y / 2.0), galley, theme.text_dim);
            right -= 2.0 * UNIT;
        }
        let clipped = painter.with_clip_rect(Rect::from_min_max(rect.min, pos2(right, rect.max.y)));
        let mut x = left + 5.0 * UNIT;
        let mut put = |text: &str, font: FontId, color| {
            let galley = clipped.layout_no_wrap(text.to_owned(), font, color);
            clipped.galley(pos2(x, rect.center().y - galley.size().y / 2.0), galley.clone(), color);
            x += galley.size().x + 2.0 * UNIT;
        };
        let wrong = !node.problems.is_empty();
        put(&node.name, words(TEXT), if wrong { theme.warning } else { theme.text });
        put(&node.value, FontId::monospace(MONO - 1.0), if node.more.is_some() { theme.accent } else { theme.text_dim });
        if let Some(problem) = node.problems.first() {
            put(problem, words(SMALL), theme.warning);
        }
        if response.has_focus() {
            painter.rect_stroke(rect, 0.0, Stroke::new(FOCUS_RING, theme.accent), StrokeKind::Inside);
        }
        self.act(ui, &response, icon, cx, commands);
        let hovered = response.contains_pointer();
        response.on_hover_ui(|ui| {
            let value = if node.value.is_empty() { String::new() } else { format!(": {}", node.value) };
            ui.label(format!("{}{value}", node.name));
            ui.label(format!("{} at {}", count(node.len, "byte"), places(node.start, node.end())));
            for problem in &node.problems {
                ui.label(RichText::new(problem).color(theme.warning));
            }
        });
        hovered
    }

    fn act(&self, ui: &Ui, response: &egui::Response, icon: Rect, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let node = self.node;
        let toggle = Command::Structure(StructureCommand::Toggle(self.id));
        if response.has_focus() && !node.children.is_empty() {
            let filter = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
            let pressed = |key| ui.input(|input| input.key_pressed(key) && input.modifiers.is_none());
            if (self.open && pressed(Key::ArrowLeft)) || (!self.open && pressed(Key::ArrowRight)) {
                commands.push(toggle);
                return;
            }
        }
        if !response.clicked() {
            return;
        }
        if node.more.is_some() {
            commands.push(Command::Structure(StructureCommand::More(self.id)));
            return;
        }
        let on_icon = ui.input(|input| input.pointer.interact_pos()).is_some_and(|pos| icon.expand(UNIT).contains(pos));
        if !node.children.is_empty() && (on_icon || response.double_clicked()) {
            commands.push(toggle);
            return;
        }
        if cx.state.active().is_some_and(|open| open.document.is_closed()) {
            return;
        }
        // The cursor goes to the first byte, so that the part that is current is this one.
        commands.push(match node.len {
            0 => Command::Perform(Operation::seek(node.start)),
            _ => Command::Select { anchor: node.end(), head: node.start },
        });
        commands.push(Command::View(ViewCommand::ShowLinked((node.start, node.end()))));
    }
}

fn triangle(painter: &egui::Painter, rect: Rect, open: bool, color: egui::Color32) {
    let points = match open {
        true => vec![rect.left_top(), rect.right_top(), rect.center_bottom()],
        false => vec![rect.left_top(), rect.right_center(), rect.left_bottom()],
    };
    painter.add(egui::Shape::convex_polygon(points, color, Stroke::NONE));
}
