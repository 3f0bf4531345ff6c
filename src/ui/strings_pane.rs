//! All runs of text in the bytes, as a list of any length: where each is, in what encoding, how long, what it says.

use std::sync::Arc;
use std::time::Duration;

use egui::{
    Align, Align2, Button, CursorIcon, EventFilter, Id, Key, Label, Layout, Modifiers, Rect, Response, RichText, Role, Sense,
    TextEdit, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use super::number_field::{self, NumberField};
use super::rows::{self, BAR, Rows};
use super::theme::{MONO, ROW, SMALL, Theme, UNIT, mono, words};
use super::{View, ViewCx};
use crate::app::numbers::{count, group, hex};
use crate::app::{Command, ListFormat, OpenDocument, RowScroll, StringsOptions, ViewCommand};
use crate::buffer::Buffer;
use crate::document::DocumentId;
use crate::explore::strings::{self, Encoding, Found, Sort, Strings};

/// Characters of a string that a row shows.
const SHOWN: usize = 400;

/// The pane. Holds the text of the rows in sight, and what is being typed.
#[derive(Default)]
pub struct StringsPane {
    content: Option<(DocumentId, u64, Buffer)>,
    /// The list that `texts` are of, the first of them, and they.
    list: Option<Arc<Strings>>,
    first: u64,
    texts: Vec<Result<String, String>>,
}

impl View for StringsPane {
    fn show(&mut self, ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let mut options = open.view.strings.clone();
        ui.spacing_mut().item_spacing.y = UNIT;
        controls(ui, &mut options, cx, commands);
        let work = &open.explored.strings;
        let strings = work.shown();
        status(ui, open, strings.as_deref(), &options, cx, commands);
        if let Some(strings) = strings {
            let content = self.content(open);
            self.list(ui, open, &content, &strings, &mut options, cx, commands);
        }
        if options != open.view.strings {
            commands.push(Command::View(ViewCommand::Strings(Box::new(options))));
        }
    }
}

/// What is looked for.
fn controls(ui: &mut Ui, options: &mut StringsOptions, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    ui.horizontal_wrapped(|ui| {
        ui.set_min_height(ROW);
        let broken = options.condition().err();
        let mut field = TextEdit::singleline(&mut options.filter).hint_text("Filter").desired_width(36.0 * UNIT);
        if broken.is_some() {
            field = field.text_color(cx.theme.error);
        }
        let response = ui.add(field).accessible_name("Filter strings");
        if let Some(error) = &broken {
            response.on_hover_text(error.as_str());
        }
        ui.checkbox(&mut options.regex, "Regex").on_hover_text("The filter is a regular expression");
        ui.label("At least");
        let field = NumberField::new("Fewest characters", 1..=StringsOptions::MOST_MIN).width(10.0 * UNIT);
        let least = field.show(ui, options.min);
        if let Some(least) = least.changed {
            options.min = least;
        }
        least.response.on_hover_text("Fewest characters of a string");
        ui.menu_button("Encodings", |ui| encodings(ui, options)).response.on_hover_text("What strings are looked for in");
        ui.menu_button("Save", |ui| {
            let names = ["As CSV…", "As JSON…", "As text…"];
            for (format, name) in ListFormat::ALL.into_iter().zip(names) {
                if ui.button(name).clicked() {
                    commands.push(Command::SaveStrings(format));
                    ui.close();
                }
            }
        })
        .response
        .on_hover_text("Write the list to a file");
        number_field::say(ui, least.error.as_deref());
        if let Some(error) = broken {
            ui.label(RichText::new(error).color(cx.theme.error));
        }
    });
}

fn encodings(ui: &mut Ui, options: &mut StringsOptions) {
    let mut choice = |ui: &mut Ui, encoding: Encoding, name: &str| {
        let mut on = options.encodings.contains(&encoding);
        if ui.checkbox(&mut on, name).changed() {
            match on {
                true => options.encodings.push(encoding),
                // Something is always looked for.
                false if options.encodings.len() > 1 => options.encodings.retain(|&other| other != encoding),
                false => {}
            }
        }
    };
    choice(ui, Encoding::Utf8, "ASCII and UTF-8");
    choice(ui, Encoding::Utf16Le, "UTF-16, little-endian");
    choice(ui, Encoding::Utf16Be, "UTF-16, big-endian");
    ui.separator();
    for name in Encoding::OFFERED {
        if let Some(encoding) = Encoding::from_name(name) {
            choice(ui, encoding, name);
        }
    }
    ui.separator();
    let every = ui.checkbox(&mut options.every_script, "Every script in UTF-16");
    every.on_hover_text("Chinese, Arabic and others too; finds much in any bytes that is no text");
}

/// How many there are, and how far the search is.
fn status(
    ui: &mut Ui,
    open: &OpenDocument,
    strings: Option<&Strings>,
    options: &StringsOptions,
    cx: &ViewCx<'_>,
    commands: &mut Vec<Command>,
) {
    let work = &open.explored.strings;
    ui.horizontal_wrapped(|ui| {
        ui.set_min_height(ROW);
        let dim = |text: String| RichText::new(text).color(cx.theme.text_dim);
        if let Some(strings) = strings {
            let shown = strings.strings.len() as u64;
            let such = if options.filter.is_empty() { "" } else { " that the filter lets through" };
            let all = if shown < strings.total { format!(", the first {} are listed", group(shown)) } else { String::new() };
            ui.label(dim(format!("{}{such}{all}", count(strings.total, "string"))));
            if strings.unreadable > 0 {
                let problem = strings.problem.as_deref().unwrap_or("the file cannot be read");
                let text = format!("{} passed over: {problem}", count(strings.unreadable, "byte"));
                ui.label(RichText::new(text).color(cx.theme.error));
            }
        } else if work.running().is_none() && !work.is_given_up() {
            ui.label(dim("The strings of a text stream are looked for up to a million characters".to_owned()));
        }
        match work.running() {
            Some((job, _)) => {
                let so_far = if strings.is_some() { "so far; looking…" } else { "Looking…" };
                ui.label(dim(so_far.to_owned()));
                if ui.small_button("Stop").clicked() {
                    commands.push(Command::CancelJob(job));
                }
                ui.ctx().request_repaint_after(Duration::from_millis(200));
            }
            None if work.is_given_up() => {
                ui.label(RichText::new("Stopped").color(cx.theme.warning));
                if ui.small_button("Go on").clicked() {
                    commands.push(Command::ExploreAgain);
                }
            }
            None => {}
        }
    });
}

impl StringsPane {
    /// The bytes that the list is of: while the strings of a changed document are being looked for, those of before.
    fn content(&mut self, open: &OpenDocument) -> Buffer {
        let (document, work) = (&open.document, &open.explored.strings);
        let revision = document.revision();
        let of_now = match (work.running(), work.done()) {
            (Some((_, key)), _) if work.is_partial() => key.revision == revision,
            (_, Some((key, _))) => key.revision == revision,
            _ => true,
        };
        match &self.content {
            Some((id, made, content)) if *id == document.id() && (*made == revision || !of_now) => content.clone(),
            _ => {
                let content = document.snapshot();
                self.content = Some((document.id(), revision, content.clone()));
                self.list = None;
                content
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "what every list of this kind needs")]
    fn list(
        &mut self,
        ui: &mut Ui,
        open: &OpenDocument,
        content: &Buffer,
        strings: &Arc<Strings>,
        options: &mut StringsOptions,
        cx: &ViewCx<'_>,
        commands: &mut Vec<Command>,
    ) {
        let theme = cx.theme;
        let columns = Columns::new(ui, content.len().get());
        header(ui, &columns, options, theme);
        let area = ui.available_rect_before_wrap();
        ui.advance_cursor_after_rect(area);
        if area.height() < ROW {
            return;
        }
        let body = Rect::from_min_max(area.min, pos2(area.max.x - BAR, area.max.y));
        let total = strings.strings.len() as u64;
        let rows = Rows { total, row_height: ROW, view_height: body.height() };
        let id = Id::unique(("strings", open.document.id().get()));
        let response = ui.interact(body, id, Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Grid, true, format!("Strings, {}", count(total, "row"))));
        let (mut scroll, _) = rows.wheel(ui, &response, rows.clamp(options.scroll));
        let bar = Rect::from_min_max(pos2(body.max.x, area.min.y), area.max);
        scroll = rows.bar(ui, bar, id.with("bar"), "Scroll strings", scroll, theme);
        let mut chosen = None;
        if response.clicked() {
            response.request_focus();
            let y = response.interact_pointer_pos().map(|at| at.y - body.top());
            chosen = y.and_then(|y| rows.row_at(scroll, y));
        }
        if response.has_focus() {
            chosen = keys(ui, &response, &rows, options.row).or(chosen);
        }
        if let Some(row) = chosen
            && let Some(found) = at(strings, row)
        {
            options.row = Some(row);
            scroll = rows.reveal(scroll, row, 0);
            commands.push(Command::SelectBytes { from: found.offset.get(), to: found.offset.get() + found.len.get() });
        }
        options.scroll = scroll;
        let seen = rows.visible(scroll);
        self.read(content, strings, seen.clone());
        let painter = ui.painter_at(body);
        painter.rect_filled(body, 0.0, theme.ground);
        let hovered = response.hover_pos().and_then(|pos| rows.row_at(scroll, pos.y - body.top()));
        let speaks = ui.ctx().accesskit_node_builder(response.id, |node| node.set_row_count(total as usize)).is_some();
        let mut child = ui.new_child(UiBuilder::new().max_rect(body).accessibility_parent(response.id));
        child.set_clip_rect(body.intersect(ui.clip_rect()));
        for row in seen {
            let (Some(found), Some(y)) = (at(strings, row), rows.y(scroll, row)) else { continue };
            let line = Rect::from_min_size(pos2(body.left(), body.top() + y), vec2(body.width(), ROW));
            let ground = if options.row == Some(row) {
                Some(theme.selection)
            } else if hovered == Some(row) {
                Some(theme.hover)
            } else {
                None
            };
            if let Some(ground) = ground {
                painter.rect_filled(line, 0.0, ground);
            }
            let text = self.texts.get((row - self.first) as usize);
            paint_row(&child, &columns, line, found, text, theme);
            if speaks {
                let node = id.with(("row", row));
                child.interact(line.intersect(body), node, Sense::hover());
                let said = text.and_then(|text| text.as_deref().ok()).unwrap_or_default();
                child.ctx().accesskit_node_builder(node, |node| {
                    node.set_role(Role::Row);
                    let (offset, encoding) = (hex(found.offset.get()), found.encoding.name());
                    node.set_label(format!("{offset}, {encoding}, {}: {said}", count(found.chars, "character")));
                });
            }
        }
        if total == 0 && open.explored.strings.running().is_none() {
            painter.text(body.center_top() + vec2(0.0, ROW), Align2::CENTER_CENTER, "No strings", words(SMALL), theme.text_dim);
        }
        if response.has_focus() {
            rows::focus_ring(ui, body, theme);
        }
        if hovered.is_some() {
            ui.set_cursor_icon(CursorIcon::PointingHand);
        }
        if let Some(row) = hovered
            && let (Some(found), Some(Ok(text))) = (at(strings, row), self.texts.get((row.saturating_sub(self.first)) as usize))
            && text.chars().count() > 40
        {
            response.on_hover_ui_at_pointer(|ui| {
                let more = if found.chars > SHOWN as u64 { "…" } else { "" };
                ui.add(Label::new(RichText::new(format!("{text}{more}")).monospace()).wrap());
            });
        }
    }

    /// The text of the rows in sight.
    fn read(&mut self, content: &Buffer, strings: &Arc<Strings>, seen: std::ops::Range<u64>) {
        let same = self.list.as_ref().is_some_and(|list| Arc::ptr_eq(list, strings));
        if same && self.first == seen.start && self.texts.len() as u64 == seen.end - seen.start {
            return;
        }
        (self.list, self.first) = (Some(Arc::clone(strings)), seen.start);
        let text = |found: &Found| {
            let text = strings::text(content, found, SHOWN).map_err(|error| error.to_string())?;
            Ok(strings::escaped(&text))
        };
        self.texts = seen.filter_map(|row| at(strings, row)).map(text).collect();
    }
}

fn at(strings: &Strings, row: u64) -> Option<&Found> {
    strings.strings.get(usize::try_from(row).ok()?)
}

/// Where the columns begin, in points from the left.
struct Columns {
    encoding: f32,
    length: f32,
    text: f32,
}

impl Columns {
    fn new(ui: &Ui, size: u64) -> Self {
        let wide = |text: &str, font| ui.painter().layout_no_wrap(text.to_owned(), font, ui.visuals().text_color()).size().x;
        let encoding = UNIT + wide(&hex(size.max(0xFFFF_FFFF)), mono()).max(wide("Offset ▲", words(SMALL))) + 3.0 * UNIT;
        let length = encoding + wide("ISO8859-15", words(SMALL)) + 3.0 * UNIT;
        Self { encoding, length, text: length + wide("99,999", mono()).max(wide("Length ▲", words(SMALL))) + 3.0 * UNIT }
    }
}

/// The headings, which also order the list.
fn header(ui: &mut Ui, columns: &Columns, options: &mut StringsOptions, theme: &Theme) {
    let (line, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let heads = [
        (Sort::Offset, "Offset", 0.0, columns.encoding),
        (Sort::Encoding, "Encoding", columns.encoding, columns.length),
        (Sort::Length, "Length", columns.length, columns.text),
        (Sort::Text, "Text", columns.text, line.width()),
    ];
    for (sort, name, from, to) in heads {
        let cell =
            Rect::from_min_max(pos2(line.left() + from, line.top()), pos2(line.left() + to.max(from + 1.0), line.bottom()));
        let chosen = options.sort == sort;
        // The longest come first.
        let up = options.descending == (sort == Sort::Length);
        let arrow = if !chosen {
            ""
        } else if up {
            " ▲"
        } else {
            " ▼"
        };
        let right = sort == Sort::Length;
        let cell = if right { cell.with_max_x(cell.right() - 3.0 * UNIT) } else { cell };
        let layout = if right { Layout::right_to_left(Align::Center) } else { Layout::left_to_right(Align::Center) };
        let mut child = ui.new_child(UiBuilder::new().max_rect(cell).layout(layout));
        let color = if chosen { theme.text } else { theme.text_dim };
        let button = Button::new(RichText::new(format!("{name}{arrow}")).size(SMALL).color(color)).frame(false);
        let response = child.add(button).accessible_name(format!("Order by {}", name.to_lowercase()));
        if response.on_hover_text("Put the list in this order; again: the other way round").clicked() {
            (options.descending, options.sort) = (chosen && !options.descending, sort);
            (options.row, options.scroll) = (None, RowScroll::default());
        }
    }
}

fn paint_row(ui: &Ui, columns: &Columns, line: Rect, found: &Found, text: Option<&Result<String, String>>, theme: &Theme) {
    let painter = ui.painter();
    let middle = line.center().y;
    let put = |x: f32, align, text: &str, font, color| {
        painter.text(pos2(line.left() + x, middle), align, text, font, color);
    };
    put(UNIT, Align2::LEFT_CENTER, &hex(found.offset.get()), mono(), theme.text_dim);
    put(columns.encoding, Align2::LEFT_CENTER, found.encoding.name(), words(SMALL), theme.text_dim);
    put(columns.text - 3.0 * UNIT, Align2::RIGHT_CENTER, &group(found.chars), mono(), theme.text_dim);
    match text {
        Some(Ok(text)) => {
            // No more than the width can show is laid out.
            let room = ((line.width() - columns.text) / (MONO * 0.5)).max(0.0) as usize + 1;
            let short: String = text.chars().take(room).collect();
            put(columns.text, Align2::LEFT_CENTER, &short, mono(), theme.text);
        }
        Some(Err(error)) => put(columns.text, Align2::LEFT_CENTER, error, words(SMALL), theme.error),
        None => {}
    }
}

/// The row that a key goes to.
fn keys(ui: &Ui, response: &Response, rows: &Rows, row: Option<u64>) -> Option<u64> {
    let filter = EventFilter { vertical_arrows: true, ..Default::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let last = rows.total.checked_sub(1)?;
    let pressed = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key)) as u64;
    let now = row.unwrap_or(0);
    let down = pressed(Key::ArrowDown) + rows.page() * pressed(Key::PageDown);
    let up = pressed(Key::ArrowUp) + rows.page() * pressed(Key::PageUp);
    if pressed(Key::Home) > 0 {
        return Some(0);
    }
    if pressed(Key::End) > 0 {
        return Some(last);
    }
    let first = row.is_none() && down + up > 0;
    let to = if first { 0 } else { now.saturating_add(down).saturating_sub(up).min(last) };
    (down + up > 0).then_some(to)
}
