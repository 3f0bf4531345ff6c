//! The list of matches: where each is, and what stands around it.

use egui::emath::GuiRounding as _;
use egui::{
    Button, Event, EventFilter, FontId, Id, Key, Label, Rect, RichText, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use super::rows::{self, BAR, Rows};
use super::theme::{MONO, ROW, SMALL, UNIT};
use super::{View, ViewCx};
use crate::app::numbers::{group, matches, percent};
use crate::app::{Action, Command, OpenDocument, Results, RowScroll, SearchCommand, Tally};
use crate::buffer::{ByteRange, Offset};
use crate::document::DocumentId;
use crate::explore::search::{Content, Hit, Needle};

/// Characters of a row's surroundings: in front of the match, and at least of it and what follows.
const AROUND: (u64, u64) = (12, 36);

/// The most characters that a row shows, however wide it is.
const WIDEST: u64 = 1024;

/// What is said of a match that an expression might go on behind; see [`Query::is_cut`](crate::explore::search::Query::is_cut).
const CUT: &str = "cut at 64 KiB";

/// Bytes of a match that its row shows in hex.
const DIGITS: u64 = 8;

/// The list. Holds where it stood.
#[derive(Default)]
pub struct SearchView {
    scroll: RowScroll,
    /// The row that the keyboard is at.
    selected: Option<u64>,
    /// The search that the two belong to, by its first document and content.
    of: Option<(DocumentId, u64)>,
}

/// A row: its search, and its match.
struct Entry<'a> {
    results: &'a Results,
    hit: Hit,
}

/// The rows of all searches.
struct List<'a> {
    results: &'a [Results],
    /// Rows in front of each search, and in all.
    starts: Vec<u64>,
}

impl<'a> List<'a> {
    fn new(results: &'a [Results]) -> Self {
        let mut starts = vec![0];
        for each in results {
            starts.push(starts[starts.len() - 1] + each.target.feed.0.kept() as u64);
        }
        Self { results, starts }
    }

    fn len(&self) -> u64 {
        self.starts[self.starts.len() - 1]
    }

    fn get(&self, row: u64) -> Option<Entry<'a>> {
        let at = self.starts.partition_point(|&start| start <= row).checked_sub(1)?;
        let results = self.results.get(at)?;
        let hit = results.target.feed.0.get((row - self.starts[at]) as usize)?;
        Some(Entry { results, hit })
    }

    /// The row of a match.
    fn row_of(&self, document: DocumentId, offset: u64) -> Option<u64> {
        let at = self.results.iter().position(|results| results.target.document == document)?;
        Some(self.starts[at] + self.results[at].target.feed.0.number_of(offset)? as u64)
    }
}

impl SearchView {
    /// The widget that takes the keyboard.
    pub fn id() -> Id {
        Id::unique("seektell search results")
    }
}

impl View for SearchView {
    fn show(&mut self, ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let results = cx.state.search().results();
        let list = List::new(results);
        head(ui, &list, cx, commands);
        let Some(first) = results.first() else { return };
        let of = Some((first.target.document, first.target.revision));
        if std::mem::replace(&mut self.of, of) != of {
            (self.scroll, self.selected) = (RowScroll::default(), None);
        }
        let available = ui.available_rect_before_wrap();
        ui.advance_cursor_after_rect(available);
        let rect = available.round_to_pixels(ui.ctx().pixels_per_point());
        if rect.height() < ROW || rect.width() < 20.0 * UNIT {
            return;
        }
        let area = Rect::from_min_max(rect.min, pos2(rect.max.x - BAR, rect.max.y));
        let rows = Rows { total: list.len().max(1), row_height: ROW, view_height: area.height() };
        let response = ui.interact(area, Self::id(), Sense::click());
        let mut scroll = rows.wheel(ui, &response, rows.clamp(self.scroll)).0;
        let bar = Rect::from_min_max(pos2(area.max.x, rect.min.y), rect.max);
        scroll = rows.bar(ui, bar, Self::id().with("bar"), "Scroll matches", scroll, cx.theme);
        // Where a step went the list follows.
        if let Some(hit) = cx.state.search().current(&open.document)
            && let Some(row) = list.row_of(open.document.id(), hit.offset)
            && self.selected != Some(row)
            && !response.has_focus()
        {
            self.selected = Some(row);
            scroll = rows.reveal(scroll, row, 1);
        }
        if response.clicked() {
            response.request_focus();
            let at = response.interact_pointer_pos().and_then(|pos| rows.row_at(scroll, pos.y - area.min.y));
            if let Some(row) = at.filter(|&row| row < list.len()) {
                self.go(row, &list, commands);
            }
        }
        if response.has_focus()
            && let Some(row) = self.keyboard(ui, rows, &list, commands)
        {
            scroll = rows.reveal(scroll, row, 1);
        }
        self.scroll = scroll;
        self.paint(ui, area, rows, &list, response.has_focus(), cx);
        response.widget_info(|| WidgetInfo::labeled(Role::ListBox, true, "Matches"));
        self.describe(ui, &response, area, rows, &list);
    }
}

/// How many, how far, and what can be done with them.
fn head(ui: &mut Ui, list: &List<'_>, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let theme = cx.theme;
    let search = cx.state.search();
    if list.results.is_empty() {
        ui.add_space(UNIT);
        let keys = |action| crate::ui::shortcuts::keys_of(ui.ctx(), action, cx);
        let part = |action, does: &str| keys(action).map(|keys| format!("{keys} {does}"));
        let parts: Vec<String> =
            [part(Action::Find, "searches"), part(Action::FindAll, "lists every match")].into_iter().flatten().collect();
        let words = if parts.is_empty() { "No search yet".to_owned() } else { format!("No search yet: {}", parts.join(", ")) };
        ui.add(Label::new(RichText::new(words).color(theme.text_dim)).wrap());
        return;
    }
    let tally = Tally::new(list.results);
    let total = tally.matches;
    let mut words = matches(total);
    if list.len() < total {
        words += &format!(", the first {} listed", group(list.len()));
    }
    words += &tally.among();
    let mut trouble = tally.trouble();
    for results in list.results {
        let now = cx.state.document(results.target.document).map(|open| open.document.revision());
        if now != Some(results.target.revision) {
            trouble = trouble.or(Some(format!("{} has changed since", results.name)));
        }
    }
    ui.horizontal(|ui| {
        let response = ui.label(&words);
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(egui::accesskit::Live::Polite));
        if search.job().is_some() {
            let done: u64 = list.results.iter().map(|results| results.target.feed.0.reached()).fold(0, u64::saturating_add);
            let all: u64 = list.results.iter().map(|results| results.target.content.len()).fold(0, u64::saturating_add);
            ui.label(RichText::new(percent((done as f64 / all.max(1) as f64) as f32)).color(theme.text_dim));
            if ui.button("Stop").clicked() {
                commands.push(Command::Search(SearchCommand::Stop));
            }
        }
        if ui.add_enabled(list.len() > 0, Button::new("Save list…")).on_hover_text("As CSV, TSV or JSON").clicked() {
            commands.push(Command::Search(SearchCommand::Export));
        }
        if let Some(trouble) = trouble {
            if ui.button("Search again").clicked() {
                commands.push(Command::Search(SearchCommand::All));
            }
            ui.add(Label::new(RichText::new(trouble).color(theme.warning)).truncate());
        }
    });
}

impl SearchView {
    fn go(&mut self, row: u64, list: &List<'_>, commands: &mut Vec<Command>) {
        self.selected = Some(row);
        if let Some(Entry { results, hit }) = list.get(row) {
            let document = results.target.document;
            commands.push(Command::Search(SearchCommand::Go { document, hit }));
        }
    }

    /// The row that the keyboard went to.
    fn keyboard(&mut self, ui: &Ui, rows: Rows, list: &List<'_>, commands: &mut Vec<Command>) -> Option<u64> {
        const FILTER: EventFilter = EventFilter { tab: false, horizontal_arrows: false, vertical_arrows: true, escape: false };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(Self::id(), FILTER));
        let last = list.len().checked_sub(1)?;
        let mut went = None;
        for event in ui.input(|input| input.filtered_events(&FILTER)) {
            let Event::Key { key, pressed: true, modifiers, .. } = event else { continue };
            if modifiers.any() {
                continue;
            }
            let at = self.selected.unwrap_or(0);
            let to = match key {
                Key::ArrowDown => self.selected.map_or(0, |at| at + 1),
                Key::ArrowUp => at.saturating_sub(1),
                Key::PageDown => at.saturating_add(rows.page()),
                Key::PageUp => at.saturating_sub(rows.page()),
                Key::Home => 0,
                Key::End => last,
                Key::Enter => at,
                _ => continue,
            };
            went = Some(to.min(last));
            self.go(to.min(last), list, commands);
        }
        went
    }

    fn paint(&self, ui: &Ui, area: Rect, rows: Rows, list: &List<'_>, focused: bool, cx: &ViewCx<'_>) {
        let theme = cx.theme;
        let painter = ui.painter_at(area);
        painter.rect_filled(area, 0.0, theme.ground);
        let names = list.results.len() > 1;
        let digit = painter.layout_no_wrap("0".repeat(16), FontId::monospace(MONO), theme.text).size().x / 16.0;
        // As many characters as the width may take; what is before them takes its own part.
        let room = (area.width() / digit.max(1.0)) as u64;
        let pointer = ui.input(|input| input.pointer.hover_pos()).filter(|pos| area.contains(*pos));
        for row in rows.visible(self.scroll) {
            let (Some(entry), Some(y)) = (list.get(row), rows.y(self.scroll, row)) else { continue };
            let rect = Rect::from_min_size(pos2(area.min.x, area.min.y + y), vec2(area.width(), ROW));
            if self.selected == Some(row) {
                painter.rect_filled(rect, 0.0, theme.selection);
            } else if pointer.is_some_and(|pos| rect.contains(pos)) {
                painter.rect_filled(rect, 0.0, theme.hover);
            }
            let mut x = rect.min.x + 2.0 * UNIT;
            let mut put = |text: String, color, ground: Option<egui::Color32>, gap: f32| {
                let galley = painter.layout_no_wrap(text, FontId::monospace(MONO), color);
                let at = pos2(x, rect.center().y - galley.size().y / 2.0);
                if let Some(ground) = ground {
                    painter.rect_filled(Rect::from_min_size(at, galley.size()), 2.0, ground);
                }
                x += galley.size().x + gap;
                painter.galley(at, galley, color);
            };
            if names {
                put(super::shortened(&entry.results.name, 24), theme.text_dim, None, 3.0 * UNIT);
            }
            put(format!("{:08X}", entry.hit.offset), theme.text_dim, None, 4.0 * UNIT);
            if let [_, _, ..] = entry.results.query.needles.as_slice() {
                let written = super::shortened(&entry.needle(), 16);
                put(format!("{written:<17}"), theme.text, Some(theme.found_of(entry.hit.needle)), 3.0 * UNIT);
            }
            if entry.is_cut() {
                put(CUT.to_owned(), theme.warning, None, 3.0 * UNIT);
            }
            let around = entry.around(room);
            if let Some(digits) = around.digits {
                put(format!("{digits:<width$}", width = DIGITS as usize * 3 + 1), theme.text_dim, None, 3.0 * UNIT);
            }
            put(format!("{:>width$}", around.before, width = AROUND.0 as usize), theme.text_dim, None, 0.0);
            put(around.found, theme.text, Some(theme.found_of(entry.hit.needle)), 0.0);
            put(around.behind, theme.text_dim, None, 0.0);
        }
        if list.len() == 0 {
            let at = area.min + vec2(2.0 * UNIT, ROW / 2.0 + UNIT);
            let words = match Tally::new(list.results).trouble() {
                _ if cx.state.search().job().is_some() => "Searching…",
                Some(_) => "Not searched to the end",
                None => "Not found",
            };
            painter.text(at, egui::Align2::LEFT_CENTER, words, FontId::proportional(SMALL), theme.text_dim);
        }
        if focused {
            rows::focus_ring(ui, area, theme);
        }
    }

    fn describe(&self, ui: &mut Ui, response: &egui::Response, area: Rect, rows: Rows, list: &List<'_>) {
        let selected = self.selected.and_then(|row| Some((row, list.get(row)?)));
        let count = list.len();
        let builder = |node: &mut egui::accesskit::Node| {
            if let Some((row, entry)) = &selected {
                node.set_value(format!("{} of {}, {}", row + 1, count, entry.spoken()));
            }
        };
        if ui.ctx().accesskit_node_builder(response.id, builder).is_none() {
            return;
        }
        let mut child = ui.new_child(UiBuilder::new().max_rect(area).accessibility_parent(response.id));
        child.set_clip_rect(area.intersect(ui.clip_rect()));
        for row in rows.visible(self.scroll) {
            let (Some(entry), Some(y)) = (list.get(row), rows.y(self.scroll, row)) else { continue };
            let rect = Rect::from_min_size(pos2(area.min.x, area.min.y + y), vec2(area.width(), ROW)).intersect(area);
            let id = Self::id().with(("row", row));
            child.interact(rect, id, Sense::hover());
            ui.ctx().accesskit_node_builder(id, |node| {
                node.set_role(Role::ListBoxOption);
                node.set_label(entry.spoken());
                node.set_selected(self.selected == Some(row));
            });
        }
    }
}

/// What stands around a match, each on one line.
struct Around {
    digits: Option<String>,
    before: String,
    found: String,
    behind: String,
}

impl Entry<'_> {
    /// Whether the match was cut at the longest length there is.
    fn is_cut(&self) -> bool {
        self.results.query.is_cut(&self.results.target.content, self.hit)
    }

    /// What stands around, for a row of so many characters.
    fn around(&self, room: u64) -> Around {
        let hit = self.hit;
        let needle = self.results.query.needles.get(usize::from(hit.needle));
        let unit = match &self.results.target.content {
            Content::Bytes(_) => needle.map_or(1, Needle::unit),
            Content::Text(_) => 1,
        };
        // From a whole unit on, as the match counts them.
        let before = (AROUND.0 * unit).min(hit.offset);
        let start = hit.offset - before / unit * unit;
        let most = room.clamp(AROUND.1, WIDEST) * unit;
        let middle = hit.end().min(hit.offset.saturating_add(most));
        let end = hit.offset.saturating_add(most).max(middle);
        match &self.results.target.content {
            Content::Bytes(buffer) => {
                let read = |from: u64, to: u64| {
                    buffer.to_vec(ByteRange::between(Offset(from), Offset(to.max(from)))).unwrap_or_default()
                };
                let sign = |c: char| if c.is_control() || c == char::REPLACEMENT_CHARACTER { '·' } else { c };
                let read_as = |bytes: &[u8]| needle.map_or_else(String::new, |needle| needle.read(bytes));
                let shown = |text: &str| super::visible(&text.chars().map(sign).collect::<String>());
                // Where the surroundings are cut the first and the last character may be half there.
                let half = char::REPLACEMENT_CHARACTER;
                let text = needle.is_some_and(|needle| needle.encoding().is_some());
                let ahead = read_as(&read(start, hit.offset));
                let ahead = if text && start > 0 { ahead.trim_start_matches(half) } else { &ahead };
                let after = read_as(&read(middle, end));
                let after = if text && end < buffer.len().get() { after.trim_end_matches(half) } else { &after };
                let found = read(hit.offset, middle);
                let digits = found.iter().take(DIGITS as usize).map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ");
                let more = if u64::from(hit.len) > DIGITS { "…" } else { "" };
                Around { digits: Some(digits + more), before: shown(ahead), found: shown(&read_as(&found)), behind: shown(after) }
            }
            Content::Text(text) => {
                let sign = |c: char| if c.is_control() { '·' } else { c };
                let shown =
                    |from, to| super::visible(&text.slice(from, to).to_string_lossy().chars().map(sign).collect::<String>());
                Around {
                    digits: None,
                    before: shown(start, hit.offset),
                    found: shown(hit.offset, middle),
                    behind: shown(middle, end),
                }
            }
        }
    }

    /// What it is a match of, as it was typed.
    fn needle(&self) -> String {
        self.results.query.needles.get(usize::from(self.hit.needle)).map_or_else(String::new, Needle::written)
    }

    fn spoken(&self) -> String {
        let around = self.around(0);
        let cut = if self.is_cut() { format!(", {CUT}") } else { String::new() };
        let needle = match self.results.query.needles.as_slice() {
            [_, _, ..] => format!(", match of {}", self.needle()),
            _ => String::new(),
        };
        format!(
            "{}{needle}, offset {:X}{cut}, {} {}",
            self.results.name,
            self.hit.offset,
            around.digits.unwrap_or_default(),
            around.found
        )
    }
}
