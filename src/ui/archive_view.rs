//! The members of an archive, as a list of any length: its name, sizes, date and kind, and what is wrong with each.

use std::sync::Arc;

use egui::{
    Align, Align2, Button, CursorIcon, EventFilter, Id, Key, Layout, Modifiers, Rect, Response, RichText, Role, Sense, TextEdit,
    Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use super::ViewCx;
use super::rows::{self, BAR, Rows};
use super::theme::{ROW, SMALL, Theme, UNIT, mono, words};
use crate::app::numbers::{binary_size, count, group};
use crate::app::{ArchiveSort, Command, OpenDocument, RowScroll, SourceCommand, ViewCommand};
use crate::document::DocumentId;
use crate::formats::archive::{Archive, Member, What};

/// Characters of a name that a row shows.
const SHOWN: usize = 400;

/// The columns: what they order by, their heading, their width in points, and whether they stand on the right.
const COLUMNS: [(ArchiveSort, &str, f32, bool); 5] = [
    (ArchiveSort::Name, "Name", 220.0, false),
    (ArchiveSort::Size, "Size", 104.0, true),
    (ArchiveSort::Packed, "Packed", 104.0, true),
    (ArchiveSort::Modified, "Modified", 172.0, false),
    (ArchiveSort::Kind, "Kind", 220.0, false),
];

/// The list. Holds which members are shown for the archive that was shown last.
#[derive(Default)]
pub(super) struct ArchiveView {
    shown: Option<Shown>,
}

struct Shown {
    archive: Arc<Archive>,
    of: (DocumentId, String, ArchiveSort, bool),
    members: Vec<usize>,
}

type Choices = crate::app::ArchiveView;

impl ArchiveView {
    /// Paints the members of `archive` and adds what the user did.
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        open: &OpenDocument,
        archive: &Arc<Archive>,
        cx: &ViewCx<'_>,
        commands: &mut Vec<Command>,
    ) {
        ui.spacing_mut().item_spacing.y = UNIT;
        let mut choices = open.view.archive.clone();
        let id = open.document.id();
        controls(ui, archive, &mut choices, commands);
        let members = self.members(id, archive, &choices);
        summary(ui, archive, members.len(), cx);
        list(ui, id, archive, members, &mut choices, cx, commands);
        if choices != open.view.archive {
            commands.push(Command::View(ViewCommand::Archive(Box::new(choices))));
        }
    }

    fn members(&mut self, id: DocumentId, archive: &Arc<Archive>, choices: &Choices) -> &[usize] {
        let of = (id, choices.query.clone(), choices.sort, choices.descending);
        let same = self.shown.as_ref().is_some_and(|shown| Arc::ptr_eq(&shown.archive, archive) && shown.of == of);
        if !same {
            self.shown = Some(Shown { archive: Arc::clone(archive), of, members: choices.shown(archive) });
        }
        self.shown.as_ref().map_or(&[], |shown| &shown.members)
    }
}

/// The field for names, and what can be done with members.
fn controls(ui: &mut Ui, archive: &Archive, choices: &mut Choices, commands: &mut Vec<Command>) {
    ui.horizontal_wrapped(|ui| {
        ui.set_min_height(ROW);
        let field = TextEdit::singleline(&mut choices.query).hint_text("Find a name").desired_width(36.0 * UNIT);
        if ui.add(field).accessible_name("Find members by name").changed() {
            (choices.row, choices.scroll) = (None, RowScroll::default());
        }
        let chosen: Vec<usize> = choices.chosen.iter().copied().filter(|&index| index < archive.members().len()).collect();
        let any = !chosen.is_empty();
        let opens = chosen.iter().any(|&index| archive.members()[index].can_open());
        let button = ui.add_enabled(opens, Button::new("Open")).on_hover_text("Make a document of each chosen member");
        if button.clicked() {
            commands.push(Command::Source(SourceCommand::OpenMembers(chosen.clone())));
        }
        let button = ui.add_enabled(any, Button::new("Extract…")).on_hover_text("Write the chosen members into a folder");
        if button.clicked() {
            commands.push(Command::Source(SourceCommand::ExtractMembers(chosen)));
        }
        let all = !archive.members().is_empty();
        let button = ui.add_enabled(all, Button::new("Extract all…")).on_hover_text("Write all members into a folder");
        if button.clicked() {
            commands.push(Command::Source(SourceCommand::ExtractMembers(Vec::new())));
        }
    });
}

/// How many there are, and what is wrong with the whole.
fn summary(ui: &mut Ui, archive: &Archive, shown: usize, cx: &ViewCx<'_>) {
    let members = archive.members();
    let mut text = format!("{} archive, {}", archive.kind().name(), count(members.len() as u64, "member"));
    if shown < members.len() {
        text.push_str(&format!(", {} shown", group(shown as u64)));
    }
    let bytes = members.iter().map(|member| member.size).fold(0, u64::saturating_add);
    text.push_str(&format!(", {}", binary_size(bytes).unwrap_or_else(|| count(bytes, "byte"))));
    ui.label(RichText::new(text).color(cx.theme.text_dim));
    let marked = members.iter().filter(|member| !member.remarks().is_empty()).count() as u64;
    if marked > 0 {
        let text = format!("{} with remarks: unsafe names are shown and never followed", count(marked, "member"));
        ui.label(RichText::new(text).color(cx.theme.warning));
    }
    for problem in &archive.problems {
        ui.add(egui::Label::new(RichText::new(problem).color(cx.theme.warning)).wrap());
    }
}

#[expect(clippy::too_many_lines, reason = "one list from its heading to its last row")]
fn list(
    ui: &mut Ui,
    document: DocumentId,
    archive: &Archive,
    members: &[usize],
    choices: &mut Choices,
    cx: &ViewCx<'_>,
    commands: &mut Vec<Command>,
) {
    let theme = cx.theme;
    let area = ui.available_rect_before_wrap();
    ui.advance_cursor_after_rect(area);
    if area.height() < 3.0 * ROW {
        return;
    }
    let least: f32 = COLUMNS.iter().map(|(.., width, _)| width).sum();
    let seen = area.width() - BAR;
    let wide = least.max(seen);
    // What is left over belongs to the names.
    let extra = wide - least;
    let id = Id::unique(("archive", document.get()));
    let foot = if wide > seen { BAR } else { 0.0 };
    let head = Rect::from_min_size(area.min, vec2(seen, ROW));
    let body = Rect::from_min_max(pos2(area.min.x, head.max.y), pos2(area.min.x + seen, area.max.y - foot));
    choices.scroll_x = choices.scroll_x.clamp(0.0, wide - seen);
    heading(ui, head, extra, choices, theme);
    let rows = Rows { total: members.len() as u64, row_height: ROW, view_height: body.height() };
    let response = ui.interact(body, id, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Grid, true, format!("Members, {}", count(rows.total, "row"))));
    let (mut scroll, sideways) = rows.wheel(ui, &response, rows.clamp(choices.scroll));
    let bar = Rect::from_min_max(pos2(body.max.x, body.min.y), pos2(area.max.x, body.max.y));
    scroll = rows.bar(ui, bar, id.with("bar"), "Scroll members", scroll, theme);
    choices.scroll_x = (choices.scroll_x + sideways).clamp(0.0, wide - seen);
    if foot > 0.0 {
        let bar = Rect::from_min_max(pos2(area.min.x, body.max.y), pos2(body.max.x, area.max.y));
        choices.scroll_x =
            rows::horizontal_bar(ui, bar, id.with("across"), "Scroll members sideways", wide, choices.scroll_x, theme);
    }
    let under = response.interact_pointer_pos().and_then(|at| rows.row_at(scroll, at.y - body.top()));
    if response.clicked() || response.double_clicked() {
        response.request_focus();
        if let Some(row) = under {
            let modifiers = ui.input(|input| input.modifiers);
            choose(choices, members, row, modifiers);
        }
    }
    if response.double_clicked()
        && let Some(&index) = under.and_then(|row| members.get(row as usize))
    {
        commands.push(Command::Source(SourceCommand::OpenMembers(vec![index])));
    }
    if response.has_focus() {
        if let Some((row, extend)) = keys(ui, &response, &rows, choices.row) {
            let modifiers = if extend { Modifiers::SHIFT } else { Modifiers::NONE };
            choose(choices, members, row, modifiers);
            scroll = rows.reveal(scroll, row, 0);
        }
        if ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::A)) {
            choices.chosen = members.iter().copied().collect();
        }
        if ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter)) && !choices.chosen.is_empty() {
            commands.push(Command::Source(SourceCommand::OpenMembers(choices.chosen.iter().copied().collect())));
        }
    }
    choices.scroll = scroll;
    let painter = ui.painter_at(body);
    painter.rect_filled(body, 0.0, theme.ground);
    let hovered = response.hover_pos().and_then(|pos| rows.row_at(scroll, pos.y - body.top()));
    let speaks = ui.ctx().accesskit_node_builder(response.id, |node| node.set_row_count(members.len())).is_some();
    let mut child = ui.new_child(UiBuilder::new().max_rect(body).accessibility_parent(response.id));
    child.set_clip_rect(body.intersect(ui.clip_rect()));
    for row in rows.visible(scroll) {
        let (Some(member), Some(y)) = (member_at(archive, members, row), rows.y(scroll, row)) else { continue };
        let line = Rect::from_min_size(pos2(body.left(), body.top() + y), vec2(body.width(), ROW));
        let chosen = members.get(row as usize).is_some_and(|index| choices.chosen.contains(index));
        let ground = match (chosen, hovered == Some(row)) {
            (true, _) => Some(theme.selection),
            (false, true) => Some(theme.hover),
            (false, false) => None,
        };
        if let Some(ground) = ground {
            painter.rect_filled(line, 0.0, ground);
        }
        paint_row(&child, line, extra, choices.scroll_x, member, theme);
        if speaks {
            let node = id.with(("row", row));
            child.interact(line.intersect(body), node, Sense::hover());
            child.ctx().accesskit_node_builder(node, |node| {
                node.set_role(Role::Row);
                node.set_selected(chosen);
                node.set_label(spoken(member));
            });
        }
    }
    if members.is_empty() {
        let text = if archive.members().is_empty() { "The archive is empty" } else { "No member has such a name" };
        painter.text(body.center_top() + vec2(0.0, ROW), Align2::CENTER_CENTER, text, words(SMALL), theme.text_dim);
    }
    if response.has_focus() {
        rows::focus_ring(ui, body, theme);
    }
    if let Some(member) = hovered.and_then(|row| member_at(archive, members, row)) {
        ui.set_cursor_icon(CursorIcon::PointingHand);
        let remarks = member.remarks();
        if !remarks.is_empty() || member.name.chars().count() > 30 {
            response.on_hover_ui_at_pointer(|ui| {
                ui.add(egui::Label::new(RichText::new(inert(&member.name)).monospace()).wrap());
                for remark in remarks {
                    ui.add(egui::Label::new(RichText::new(inert(&remark)).color(theme.warning)).wrap());
                }
            });
        }
    }
}

fn member_at<'a>(archive: &'a Archive, members: &[usize], row: u64) -> Option<&'a Member> {
    archive.members().get(*members.get(usize::try_from(row).ok()?)?)
}

/// A row was clicked, or gone to: it is the chosen one, one more, or the end of a range.
fn choose(choices: &mut Choices, members: &[usize], row: u64, modifiers: Modifiers) {
    let Some(&index) = members.get(row as usize) else { return };
    if modifiers.command {
        if !choices.chosen.remove(&index) {
            choices.chosen.insert(index);
        }
    } else if let (true, Some(from)) = (modifiers.shift, choices.row) {
        let (first, last) = (from.min(row) as usize, from.max(row) as usize);
        choices.chosen.extend(members.get(first..=last).unwrap_or_default());
    } else {
        choices.chosen = [index].into();
    }
    choices.row = Some(row);
}

/// The row that a key goes to, and whether the ones on the way are chosen too.
fn keys(ui: &Ui, response: &Response, rows: &Rows, row: Option<u64>) -> Option<(u64, bool)> {
    let filter = EventFilter { vertical_arrows: true, ..Default::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let last = rows.total.checked_sub(1)?;
    for (modifiers, extend) in [(Modifiers::NONE, false), (Modifiers::SHIFT, true)] {
        let pressed = |key| ui.input_mut(|input| input.count_and_consume_key(modifiers, key)) as u64;
        let down = pressed(Key::ArrowDown) + rows.page() * pressed(Key::PageDown);
        let up = pressed(Key::ArrowUp) + rows.page() * pressed(Key::PageUp);
        if pressed(Key::Home) > 0 {
            return Some((0, extend));
        }
        if pressed(Key::End) > 0 {
            return Some((last, extend));
        }
        if down + up > 0 {
            let to = row.map_or(0, |now| now.saturating_add(down).saturating_sub(up).min(last));
            return Some((to, extend));
        }
    }
    None
}

/// The left edge and the width of each column, in points from the left of the content.
fn places(extra: f32) -> impl Iterator<Item = (usize, f32, f32)> {
    let mut left = 0.0;
    COLUMNS.iter().enumerate().map(move |(index, (.., width, _))| {
        let width = if index == 0 { width + extra } else { *width };
        let place = (index, left, width);
        left += width;
        place
    })
}

/// The headings, which also order the list.
fn heading(ui: &mut Ui, head: Rect, extra: f32, choices: &mut Choices, theme: &Theme) {
    let mut line = ui.new_child(UiBuilder::new().max_rect(head));
    line.set_clip_rect(head.intersect(ui.clip_rect()));
    for (index, left, width) in places(extra) {
        let (sort, name, _, right) = COLUMNS[index];
        let cell = Rect::from_min_size(pos2(head.left() + left - choices.scroll_x, head.top()), vec2(width, ROW))
            .shrink2(vec2(UNIT, 0.0));
        let chosen = choices.sort == sort;
        let arrow = match (chosen, choices.descending) {
            (false, _) => "",
            (true, false) => " ▲",
            (true, true) => " ▼",
        };
        let layout = if right { Layout::right_to_left(Align::Center) } else { Layout::left_to_right(Align::Center) };
        let mut child = line.new_child(UiBuilder::new().max_rect(cell).layout(layout));
        let color = if chosen { theme.text } else { theme.text_dim };
        let button = Button::new(RichText::new(format!("{name}{arrow}")).size(SMALL).color(color)).frame(false);
        let response = child.add(button).accessible_name(format!("Order by {}", name.to_lowercase()));
        if response.on_hover_text("Put the list in this order; again: the other way round; a third time: as it was").clicked() {
            (choices.sort, choices.descending) = match (chosen, choices.descending) {
                (false, _) => (sort, false),
                (true, false) => (sort, true),
                (true, true) => (ArchiveSort::Place, false),
            };
            (choices.row, choices.scroll) = (None, RowScroll::default());
        }
    }
}

/// A size as a column of it shows: exact while it is short.
fn size(bytes: u64) -> String {
    if bytes < 10_000_000 { group(bytes) } else { binary_size(bytes).unwrap_or_else(|| group(bytes)) }
}

/// What a member is, and what is wrong with it.
fn kind(member: &Member) -> String {
    let remarks = member.remarks();
    let packed = if member.what == What::File { member.method.as_str() } else { member.what.name() };
    if remarks.is_empty() { packed.to_owned() } else { format!("{packed}; {}", remarks.join("; ")) }
}

/// A name in which characters that are not seen, or turn others round, are seen.
fn inert(text: &str) -> String {
    crate::files::display_path(std::path::Path::new(text))
}

fn spoken(member: &Member) -> String {
    let date = member.modified.as_deref().unwrap_or("no date");
    format!("{}, {}, packed {}, {date}, {}", inert(&member.name), count(member.size, "byte"), group(member.packed), kind(member))
}

fn paint_row(ui: &Ui, line: Rect, extra: f32, scroll_x: f32, member: &Member, theme: &Theme) {
    let middle = line.center().y;
    let bad = !member.remarks().is_empty();
    for (index, left, width) in places(extra) {
        let cell = Rect::from_min_size(pos2(line.left() + left - scroll_x, line.top()), vec2(width, line.height()));
        let cell = cell.shrink2(vec2(UNIT, 0.0));
        let painter = ui.painter_at(cell.intersect(ui.clip_rect()));
        let file = member.what == What::File;
        let (text, color) = match index {
            0 => {
                let name: String = inert(&member.name).chars().take(SHOWN).collect();
                (name, if bad { theme.warning } else { theme.text })
            }
            1 => (if file { size(member.size) } else { String::new() }, theme.text),
            2 => (if file { size(member.packed) } else { String::new() }, theme.text_dim),
            3 => (member.modified.clone().unwrap_or_default(), theme.text_dim),
            _ => (inert(&kind(member)).chars().take(SHOWN).collect(), if bad { theme.warning } else { theme.text_dim }),
        };
        let font = if index == 4 { words(SMALL) } else { mono() };
        let (x, align) = if COLUMNS[index].3 { (cell.right(), Align2::RIGHT_CENTER) } else { (cell.left(), Align2::LEFT_CENTER) };
        painter.text(pos2(x, middle), align, text, font, color);
    }
}
