//! The bar above the panes: what is searched for, how, and how many there are.

use egui::{Button, ComboBox, Id, Key, Label, Modifiers, RichText, TextEdit, Ui};

use super::ViewCx;
use super::theme::UNIT;
use crate::app::numbers::{group, matches, percent};
use crate::app::{Action, Command, FindForm, FindKind, NeedleForm, Scope, SearchCommand, Tally};
use crate::document::StreamKind;
use crate::explore::search::{NumberKind, Order};
use crate::formats::text::Encoding;

/// Width of a field, in points: at least, and at most.
const FIELD: (f32, f32) = (160.0, 420.0);

/// The most lines behind the first: more than one looks for by hand; the terminal takes a thousand needles.
const LINES: usize = 15;

/// What a person who types an expression must know; see [`MAX_MATCH`](crate::explore::search::MAX_MATCH).
const LIMIT: &str = "A match is at most 64 KiB long: what would be longer is cut there, and marked in the list of matches";

/// The find bar. Holds caches only.
#[derive(Default)]
pub(super) struct FindBar {
    /// The count of wishes for its field that was followed.
    focused: u64,
    /// The line that goes through the needles of the past with the arrow keys, where in them it is, and what was typed before.
    past: Option<(usize, usize, String)>,
    /// Whether something in the bar had the keyboard in the last frame, and whether a list was open.
    has_focus: bool,
    popup: bool,
}

/// The fields.
#[derive(Clone, Copy)]
enum Field {
    /// By the number of the line.
    Needle(usize),
    Replacement,
}

impl Field {
    fn id(self) -> Id {
        match self {
            Self::Needle(0) => Id::unique("seektell find field"),
            Self::Needle(line) => Id::unique(("seektell find field", line)),
            Self::Replacement => Id::unique("seektell replace field"),
        }
    }
}

/// How far the job that searches is, where one does.
pub(super) type Running = Option<Option<f32>>;

impl FindBar {
    pub(super) fn show(&mut self, ui: &mut Ui, running: Running, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let search = cx.state.search();
        let mut form = search.form().clone();
        let field = (ui.available_width() * 0.3).clamp(FIELD.0, FIELD.1);
        ui.horizontal_wrapped(|ui| {
            let mut first = form.first();
            self.needle(ui, 0, &mut first, (field, &form), cx, commands);
            form.set_first(first);
            alignment(ui, &mut form);
            if !form.more.is_empty() {
                if removes(ui, 0) {
                    form.remove(0);
                }
            } else if adds(ui) {
                add(ui, &mut form);
            }
            scope(ui, &mut form, cx);
            if form != *search.form() {
                commands.push(Command::Search(SearchCommand::Form(Box::new(form.clone()))));
            }
            let can = search.error().is_none() && !form.is_empty();
            let mut button = |ui: &mut Ui, label: &str, action: Action, command: SearchCommand| {
                let response = ui.add_enabled(can, Button::new(label));
                let response = response.on_hover_text(crate::ui::shortcuts::help_of(ui.ctx(), action, cx));
                if response.clicked() {
                    commands.push(Command::Search(command));
                }
            };
            button(ui, "Previous", Action::FindPrevious, SearchCommand::Step { forward: false });
            button(ui, "Next", Action::FindNext, SearchCommand::Step { forward: true });
            button(ui, "Find all", Action::FindAll, SearchCommand::All);
            if ui.button("Close").on_hover_text("Esc").clicked() {
                commands.push(Command::Search(SearchCommand::Close));
            }
        });
        self.more(ui, field, cx, commands);
        if search.is_replacing() {
            self.replace(ui, field, cx, commands);
        }
        message(ui, running, cx, commands);
        // egui takes the focus away with Esc before the bar sees the key.
        let bar = ui.min_rect();
        let focused = ui.memory(egui::Memory::focused).and_then(|id| ui.ctx().read_response(id));
        let had = std::mem::replace(&mut self.has_focus, focused.is_some_and(|focused| bar.contains_rect(focused.rect)));
        let popup = std::mem::replace(&mut self.popup, egui::Popup::is_any_open(ui.ctx()));
        if had && !popup && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
            commands.push(Command::Search(SearchCommand::Close));
        }
    }

    /// A line's name, field and choices.
    fn needle(
        &mut self,
        ui: &mut Ui,
        line: usize,
        needle: &mut NeedleForm,
        (field, form): (f32, &FindForm),
        cx: &ViewCx<'_>,
        commands: &mut Vec<Command>,
    ) {
        let search = cx.state.search();
        let id = Field::Needle(line).id();
        let label = if line == 0 { "Find".to_owned() } else { format!("or {}", line + 1) };
        let number = form.needle_of(line).filter(|_| !form.more.is_empty());
        let label = name(ui, &label, number, cx);
        if ui.memory(|memory| memory.has_focus(id)) {
            self.keys(ui, line, &mut needle.text, cx, commands);
        }
        let (hint, kind) = (hint(needle), needle.kind);
        let edit = TextEdit::singleline(&mut needle.text).id(id).desired_width(field).hint_text(hint);
        let edit = if kind == FindKind::Text { edit } else { edit.font(egui::TextStyle::Monospace) };
        let wrong = search.error().is_some();
        let response = ui.add(if wrong { edit.text_color(cx.theme.error) } else { edit }).labelled_by(label);
        let response = if kind == FindKind::Regex { response.on_hover_text(LIMIT) } else { response };
        if line == 0 && std::mem::replace(&mut self.focused, search.focus()) != search.focus() {
            response.request_focus();
            select_all(ui, &needle.text);
        }
        if response.changed() {
            self.past = None;
        }
        options(ui, line, needle, cx);
    }

    /// The lines of what is searched for at the same time.
    fn more(&mut self, ui: &mut Ui, field: f32, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let search = cx.state.search();
        let mut form = search.form().clone();
        let (mut removed, mut added) = (None, false);
        for at in 0..form.more.len() {
            ui.horizontal_wrapped(|ui| {
                let mut needle = form.more[at].clone();
                self.needle(ui, at + 1, &mut needle, (field, &form), cx, commands);
                form.more[at] = needle;
                if removes(ui, at + 1) {
                    removed = Some(at + 1);
                }
                added = at + 1 == form.more.len() && form.more.len() < LINES && adds(ui);
            });
        }
        if let Some(line) = removed {
            form.remove(line);
        }
        if added {
            add(ui, &mut form);
        }
        if form != *search.form() {
            commands.push(Command::Search(SearchCommand::Form(Box::new(form))));
        }
    }

    fn replace(&mut self, ui: &mut Ui, field: f32, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let search = cx.state.search();
        let mut form = search.form().clone();
        ui.horizontal_wrapped(|ui| {
            let id = name(ui, "Replace", None, cx);
            if ui.memory(|memory| memory.has_focus(Field::Replacement.id()))
                && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter))
            {
                commands.push(Command::Search(SearchCommand::ReplaceOne));
            }
            let kind = form.kind;
            let hint = if kind == FindKind::Regex { "$1, ${name}, \\n, \\xFF" } else { "Nothing takes matches out" };
            let edit =
                TextEdit::singleline(&mut form.replacement).id(Field::Replacement.id()).desired_width(field).hint_text(hint);
            let edit = if kind == FindKind::Text { edit } else { edit.font(egui::TextStyle::Monospace) };
            let wrong = search.replacement_error().is_some();
            let response = ui.add(if wrong { edit.text_color(cx.theme.error) } else { edit }).labelled_by(id);
            if response.changed() {
                commands.push(Command::Search(SearchCommand::Form(Box::new(form.clone()))));
            }
            let can = search.error().is_none() && !wrong && !form.is_empty();
            let one = ui.add_enabled(can, Button::new("Replace")).on_hover_text("This match, and on to the next (Enter)");
            if one.clicked() {
                commands.push(Command::Search(SearchCommand::ReplaceOne));
            }
            let what = match form.scope {
                Scope::Selection => "All matches in the selection, in one step",
                Scope::All => "All matches in all documents, in one step in each; asks first",
                _ => "All matches in the document in front, in one step",
            };
            if ui.add_enabled(can, Button::new("Replace all")).on_hover_text(what).clicked() {
                commands.push(Command::Search(SearchCommand::ReplaceAll));
            }
        });
    }

    /// Enter and Shift+Enter step, the arrows go through the past.
    fn keys(&mut self, ui: &Ui, line: usize, text: &mut String, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
        if pressed(Modifiers::SHIFT, Key::Enter) {
            commands.push(Command::Search(SearchCommand::Step { forward: false }));
        } else if pressed(Modifiers::NONE, Key::Enter) {
            commands.push(Command::Search(SearchCommand::Step { forward: true }));
        }
        let needles = &cx.settings.needles;
        let past = self.past.take().filter(|(of, ..)| *of == line);
        if pressed(Modifiers::NONE, Key::ArrowUp) {
            let next = past.as_ref().map_or(0, |(_, at, _)| at + 1);
            // What was searched for last may stand in the field already.
            let next = if needles.get(next) == Some(text) { next + 1 } else { next };
            match needles.get(next) {
                Some(needle) => {
                    let typed = past.map_or_else(|| text.clone(), |(_, _, typed)| typed);
                    (*text, self.past) = (needle.clone(), Some((line, next, typed)));
                }
                None => self.past = past,
            }
        } else if pressed(Modifiers::NONE, Key::ArrowDown) {
            let Some((_, at, typed)) = past else { return };
            match at.checked_sub(1).and_then(|at| Some((at, needles.get(at)?))) {
                Some((at, needle)) => (*text, self.past) = (needle.clone(), Some((line, at, typed))),
                None => *text = typed,
            }
        } else {
            self.past = past;
        }
    }
}

/// The last line says what was found, or what is wrong: it is there always, and as high as the buttons, so that nothing below
/// moves. What is longer than the line is in the hover.
fn message(ui: &mut Ui, running: Running, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let search = cx.state.search();
    let replacement = search.replacement_error().filter(|_| search.is_replacing());
    let (text, color) = match (search.error(), replacement) {
        (Some(error), _) => (error.to_owned(), cx.theme.error),
        (None, Some(error)) => (format!("{} · Replacement: {error}", found(cx, running)), cx.theme.error),
        (None, None) => (found(cx, running), cx.theme.text_dim),
    };
    let size = egui::vec2(ui.available_width(), ui.spacing().interact_size.y);
    ui.allocate_ui_with_layout(size, egui::Layout::left_to_right(egui::Align::Center), |ui| {
        ui.set_min_height(size.y);
        if running.is_some() && ui.button("Stop").clicked() {
            commands.push(Command::Search(SearchCommand::Stop));
        }
        let response = ui.add(Label::new(RichText::new(&text).color(color)).truncate());
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(egui::accesskit::Live::Polite));
        if !text.is_empty() {
            response.on_hover_ui(|ui| {
                ui.label(&text);
                if let Some(shown) = search.error_shown() {
                    ui.label(RichText::new(shown.join("\n")).monospace());
                }
            });
        }
    });
}

/// A further line; it gets the keyboard.
fn add(ui: &Ui, form: &mut FindForm) {
    // What the line before is written as is the likeliest.
    let before = form.more.last().cloned().unwrap_or_else(|| form.first());
    form.more.push(NeedleForm { text: String::new(), ..before });
    ui.memory_mut(|memory| memory.request_focus(Field::Needle(form.more.len()).id()));
}

fn adds(ui: &mut Ui) -> bool {
    let response = ui.button("+").on_hover_text("Search for something else at the same time");
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label("Add a needle"));
    response.clicked()
}

fn removes(ui: &mut Ui, line: usize) -> bool {
    let response = ui.button("×").on_hover_text("Search no more for this");
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(format!("Remove needle {}", line + 1)));
    response.clicked()
}

/// A field's name; the fields stand under each other.
/// Where there are several needles it has the ground of the needle's matches.
fn name(ui: &mut Ui, text: &str, needle: Option<u16>, cx: &ViewCx<'_>) -> Id {
    let size = egui::vec2(14.0 * UNIT, ui.spacing().interact_size.y);
    let (rect, _) = ui.allocate_exact_size(size, egui::Sense::hover());
    let layout = egui::Layout::left_to_right(egui::Align::Center);
    let mut ui = ui.new_child(egui::UiBuilder::new().max_rect(rect).layout(layout));
    let text = RichText::new(text);
    ui.label(match needle {
        Some(needle) => text.color(cx.theme.text).background_color(cx.theme.found_of(needle)),
        None => text.color(cx.theme.text_dim),
    })
    .id
}

fn hint(form: &NeedleForm) -> &'static str {
    match form.kind {
        FindKind::Text => "Text",
        FindKind::Hex => "89 50 4? ??",
        FindKind::Number if form.number.is_float() => "1.5, 1..2, 3.14 +- 0.01",
        FindKind::Number => "42, 0x2A, 10..20",
        FindKind::Regex => "id=[0-9]+ (up to 64 KiB)",
    }
}

/// The whole needle is selected: what is typed next replaces it.
fn select_all(ui: &Ui, text: &str) {
    use egui::text::{CCursor, CCursorRange};
    let mut state = TextEdit::load_state(ui.ctx(), Field::Needle(0).id()).unwrap_or_default();
    let all = CCursorRange::two(CCursor::new(0), CCursor::new(text.chars().count()));
    state.cursor.set_char_range(Some(all));
    state.store(ui.ctx(), Field::Needle(0).id());
}

/// A choice of one of several.
fn choice<T: PartialEq + Copy>(
    ui: &mut Ui,
    (line, name): (usize, &str),
    width: f32,
    value: &mut T,
    all: impl IntoIterator<Item = T>,
    label: impl Fn(T) -> String,
) {
    let combo = ComboBox::from_id_salt(("find", line, name)).selected_text(label(*value)).width(width).height(80.0 * UNIT);
    let response = combo.show_ui(ui, |ui| {
        for each in all {
            ui.selectable_value(value, each, label(each));
        }
    });
    ui.ctx().accesskit_node_builder(response.response.id, |node| {
        node.set_label(of_line(name, line));
        node.set_value(label(*value));
    });
}

/// The name of a line's choice for those who do not see where it stands.
fn of_line(name: &str, line: usize) -> String {
    if line == 0 { name.to_owned() } else { format!("{name} {}", line + 1) }
}

fn options(ui: &mut Ui, line: usize, form: &mut NeedleForm, cx: &ViewCx<'_>) {
    let is_text = cx.state.active().is_some_and(|open| open.document.kind() == StreamKind::Text);
    choice(ui, (line, "Kind of needle"), 18.0 * UNIT, &mut form.kind, FindKind::ALL, |kind| kind.label().to_owned());
    match form.kind {
        FindKind::Text if !is_text => encoding(ui, line, form),
        FindKind::Number => {
            let name = |kind: NumberKind| kind.name().to_owned();
            choice(ui, (line, "Type of number"), 14.0 * UNIT, &mut form.number, NumberKind::ALL, name);
            let order = |order| match order {
                Order::Little => "Little-endian".to_owned(),
                Order::Big => "Big-endian".to_owned(),
                Order::Both => "Both orders".to_owned(),
            };
            choice(ui, (line, "Byte order"), 24.0 * UNIT, &mut form.order, [Order::Little, Order::Big, Order::Both], order);
        }
        FindKind::Text | FindKind::Hex | FindKind::Regex => {}
    }
    if matches!(form.kind, FindKind::Text | FindKind::Regex) {
        ui.checkbox(&mut form.match_case, "Match case").on_hover_text("Upper and lower case letters differ");
    }
}

/// Of all needles, where one is of bytes.
fn alignment(ui: &mut Ui, form: &mut FindForm) {
    let kinds = std::iter::once(form.kind).chain(form.more.iter().map(|line| line.kind));
    if kinds.into_iter().any(|kind| matches!(kind, FindKind::Hex | FindKind::Number)) {
        let label = |align: u32| if align == 1 { "Any offset".to_owned() } else { format!("Multiples of {align}") };
        choice(ui, (0, "Alignment"), 24.0 * UNIT, &mut form.align, [1, 2, 4, 8, 16, 512, 4096], label);
    }
}

fn encoding(ui: &mut Ui, line: usize, form: &mut NeedleForm) {
    let names = ["utf-8", "utf-16-le", "utf-16-be", "latin-1", "cp1252", "cp437", "cp500"];
    let combo =
        ComboBox::from_id_salt(("find encoding", line)).selected_text(&form.encoding).width(26.0 * UNIT).height(80.0 * UNIT);
    let response = combo.show_ui(ui, |ui| {
        let rest = Encoding::all().into_iter().map(|encoding| encoding.name().to_ascii_lowercase());
        let known = ["utf-8", "utf-16le", "utf-16be", "iso-8859-1", "windows-1252"];
        for name in names.into_iter().map(str::to_owned).chain(rest.filter(|name| !known.contains(&name.as_str()))) {
            let chosen = form.encoding == name;
            if ui.selectable_label(chosen, &name).clicked() {
                form.encoding = name;
            }
        }
    });
    ui.ctx().accesskit_node_builder(response.response.id, |node| {
        node.set_label(of_line("Encoding of the needle", line));
        node.set_value(form.encoding.as_str());
    });
}

fn scope(ui: &mut Ui, form: &mut FindForm, cx: &ViewCx<'_>) {
    let before = form.scope;
    let all = Scope::ALL.into_iter().filter(|scope| *scope != Scope::All || cx.state.documents().len() > 1 || before == *scope);
    choice(ui, (0, "Where to search"), 26.0 * UNIT, &mut form.scope, all, |scope| format!("In: {}", scope.label()));
}

/// "12 of 3,456", or how far it is.
fn found(cx: &ViewCx<'_>, running: Running) -> String {
    let search = cx.state.search();
    let Some(open) = cx.state.active().filter(|_| !search.form().is_empty()) else { return String::new() };
    let document = &open.document;
    let note = if search.note().is_empty() { String::new() } else { format!(" · {}", search.note()) };
    let query = search.form().query();
    let results = search.results_of(document.id()).filter(|results| results.query == query);
    let Some(results) = results else {
        return format!("Enter goes to the next match; Find all counts them{note}");
    };
    let feed = &results.target.feed.0;
    let tally = Tally::new(search.results());
    let total = tally.matches;
    let going = match running {
        Some(Some(fraction)) if total == 0 => return format!("Searching: {}{note}", percent(fraction)),
        Some(None) if total == 0 => return format!("Searching…{note}"),
        Some(_) => "…",
        None => "",
    };
    let stale = if results.target.revision == document.revision() { "" } else { " before the last change" };
    let among = tally.among();
    let current = search.current(document).and_then(|hit| feed.number_of(hit.offset)).filter(|_| stale.is_empty());
    let trouble = tally.trouble();
    let words = match (current, total) {
        // Nobody knows yet, or ever, whether there is one.
        (_, 0) if trouble.is_some() => String::new(),
        (_, 0) => format!("Not found{among}"),
        (None, _) if tally.stopped && tally.failed.is_none() => String::new(),
        // What is counted is in the document in front, and the others have more.
        (Some(number), _) if tally.documents.1 > 1 => {
            format!("{} of {} here, {}{going}{among}", group(number as u64 + 1), group(feed.total()), matches(total))
        }
        (Some(number), _) => format!("{} of {}{going}", group(number as u64 + 1), group(total)),
        (None, _) => format!("{}{going}{among}", matches(total)),
    };
    let trouble = trouble.map_or_else(String::new, |trouble| match words.as_str() {
        "" => capital(&trouble),
        _ => format!(" ({trouble})"),
    });
    let note = if total == 0 && search.note().starts_with("Not found") { String::new() } else { note };
    format!("{words}{stale}{trouble}{note}")
}

/// A sentence begins with it.
fn capital(words: &str) -> String {
    let mut rest = words.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}
