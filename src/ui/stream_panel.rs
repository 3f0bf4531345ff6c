//! The stream's calls: position and size, and a row of fields for each method; the result stands below as Python shows it.

use std::collections::HashMap;

use egui::{
    Align, Button, ComboBox, Frame, Key, Label, Layout, RichText, ScrollArea, TextEdit, TextStyle, TextWrapMode, Ui, vec2,
};

use super::theme::{ROW, UNIT};
use super::{View, ViewCx};
use crate::app::numbers::{binary_size, count, group, place};
use crate::app::{Command, Literal, OpenDocument, parse_hex_bytes, parse_integer, parse_literal};
use crate::buffer::Buffer;
use crate::document::{Data, DocumentId, Operation, StreamKind};
use crate::stream::{Text, Whence};

/// Width of the buttons in points.
const BUTTONS: f32 = 18.0 * UNIT;

/// Width of what stands behind the fields: the choice of `write`, the button of `readline`.
const BEHIND: f32 = 17.0 * UNIT;

/// Panes narrower than this write the short names of `whence`.
const NARROW: f32 = 75.0 * UNIT;

/// Panes narrower than this give each field a line of its own.
const TINY: f32 = 50.0 * UNIT;

/// The stream pane. Holds what stands in the fields of each document.
#[derive(Default)]
pub struct StreamPanel {
    fields: HashMap<DocumentId, Fields>,
}

#[derive(Default)]
struct Fields {
    seek: String,
    whence: Whence,
    read: String,
    write: String,
    mode: WriteMode,
    truncate: String,
}

/// How the field of `write` is read.
#[derive(Clone, Copy, Default, PartialEq)]
enum WriteMode {
    /// As the characters themselves; into bytes as UTF-8.
    #[default]
    Text,
    /// As a literal of Python.
    Literal,
    /// As hexadecimal digits.
    Hex,
}

impl WriteMode {
    fn name(self) -> &'static str {
        match self {
            Self::Text => "Text",
            Self::Literal => "Python",
            Self::Hex => "Hex",
        }
    }

    fn hint(self, kind: StreamKind) -> &'static str {
        match (self, kind) {
            (Self::Text, _) => "hello",
            (Self::Literal, StreamKind::Bytes) => r"b'\x89PNG'",
            (Self::Literal, StreamKind::Text) => r"'caf\xe9\n'",
            (Self::Hex, _) => "89 50 4E 47",
        }
    }
}

impl View for StreamPanel {
    fn show(&mut self, ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let id = open.document.id();
        self.fields.retain(|kept, _| *kept == id || cx.state.document(*kept).is_some());
        let fields = self.fields.entry(id).or_default();
        ScrollArea::vertical().id_salt(("stream", id.get())).auto_shrink([false, false]).show(ui, |ui| {
            ui.push_id(id.get(), |ui| {
                facts(ui, open, cx);
                ui.add_space(UNIT);
                fields.rows(ui, open.document.kind(), cx, commands);
                ui.add_space(UNIT);
                result(ui, open, cx);
            });
        });
    }
}

fn facts(ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>) {
    let document = &open.document;
    let (position, size, unit) = (document.position(), document.size(), document.kind().unit());
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(document.kind().class()).monospace().strong());
        ui.label(RichText::new(&open.name).monospace().color(cx.theme.text_dim))
            .on_hover_text("Its name in the console; buf is the document in front");
        if cx.state.console().watched(document.id()).is_some_and(|watched| watched.exported) {
            ui.label(RichText::new("a view holds it").color(cx.theme.warning))
                .on_hover_text("The console holds a view of it: nothing may change its size until the view is released");
        }
        if document.is_closed() {
            ui.label(RichText::new("closed").color(cx.theme.warning))
                .on_hover_text("Every call raises ValueError now; Undo opens the stream again");
        }
    });
    let fact = |ui: &mut Ui, name: &str, value: String, note: Option<String>| {
        let text = RichText::new(value).monospace();
        let note = note.map(|note| RichText::new(note).color(cx.theme.text_dim));
        let width = |text: &RichText| {
            let text = egui::WidgetText::from(text.clone());
            text.into_galley(ui, Some(TextWrapMode::Extend), f32::INFINITY, TextStyle::Body).size().x
        };
        let gap = ui.spacing().item_spacing.x;
        let both = BUTTONS + gap + width(&text) + note.as_ref().map_or(0.0, |note| gap + width(note));
        // What does not fit beside the value stands below it; what is longer than a line is cut off, and whole in the hover.
        let (beside, below) = if both <= ui.available_width() { (note, None) } else { (None, note) };
        let line = |ui: &mut Ui, name: &str, texts: [Option<RichText>; 2]| {
            ui.horizontal(|ui| {
                ui.allocate_ui_with_layout(vec2(BUTTONS, ROW), Layout::left_to_right(Align::Center), |ui| {
                    ui.set_min_width(BUTTONS);
                    ui.label(RichText::new(name).color(cx.theme.text_dim));
                });
                for text in texts.into_iter().flatten() {
                    ui.add(Label::new(text).truncate());
                }
            });
        };
        line(ui, name, [Some(text), beside]);
        if below.is_some() {
            line(ui, "", [below, None]);
        }
    };
    let past = (position > size).then(|| format!("{} past the end", count(position - size, unit)));
    let shown = match document.kind() {
        StreamKind::Bytes => place(position),
        StreamKind::Text => group(position),
    };
    fact(ui, "Position", shown, past.or_else(|| (position == size).then(|| "at the end".into())));
    let binary = binary_size(size).filter(|_| document.kind() == StreamKind::Bytes);
    fact(ui, "Size", count(size, unit), binary);
}

/// What a row of fields came to.
enum Row {
    /// The call is ready.
    Ready(Operation),
    /// The field cannot be read, and why.
    Wrong(String),
}

impl Fields {
    fn rows(&mut self, ui: &mut Ui, kind: StreamKind, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let narrow = ui.available_width() < NARROW;
        let seek = match parse_integer(if self.seek.trim().is_empty() { "0" } else { &self.seek }) {
            Ok(offset) => Row::Ready(Operation::Seek { offset, whence: self.whence }),
            Err(error) => Row::Wrong(error.to_string()),
        };
        let combo = if narrow { BEHIND } else { 26.0 * UNIT };
        let input = Input { text: &mut self.seek, name: "seek offset", hint: "0", behind: combo };
        row(ui, ("seek", "Move the cursor: seek(offset, whence)"), seek, cx, commands, input, |ui| {
            let shown = whence_name(self.whence);
            let shown = if narrow { shown.trim_start_matches("SEEK_") } else { shown };
            let response = ComboBox::from_id_salt("whence").width(combo).selected_text(shown).show_ui(ui, |ui| {
                for whence in [Whence::Start, Whence::Current, Whence::End] {
                    ui.selectable_value(&mut self.whence, whence, whence_name(whence));
                }
            });
            response.response.accessible_name("seek whence").on_hover_text("What the offset counts from: start, cursor or end");
        });
        let limit = size(&self.read);
        let mut line = false;
        let input = Input { text: &mut self.read, name: "read size", hint: "all", behind: BEHIND };
        let read = ready(limit.clone().map(Operation::Read));
        row(ui, ("read", "Read up to n, or to the end: read(n)"), read, cx, commands, input, |ui| {
            let button = Button::new("readline").min_size(vec2(BEHIND, ROW + UNIT));
            line = ui.add_enabled(limit.is_ok(), button).on_hover_text("Read one line, at most n: readline(n)").clicked();
        });
        if line && let Ok(limit) = limit {
            commands.push(Command::Perform(Operation::ReadLine(limit)));
        }
        let write = ready(self.data(kind).map(Operation::Write));
        let hint = self.mode.hint(kind);
        let input = Input { text: &mut self.write, name: "write data", hint, behind: BEHIND };
        row(ui, ("write", "Overwrite at the cursor: write(data)"), write, cx, commands, input, |ui| {
            let response = ComboBox::from_id_salt("mode").width(BEHIND).selected_text(self.mode.name()).show_ui(ui, |ui| {
                let modes: &[WriteMode] = match kind {
                    StreamKind::Bytes => &[WriteMode::Text, WriteMode::Literal, WriteMode::Hex],
                    StreamKind::Text => &[WriteMode::Text, WriteMode::Literal],
                };
                for &mode in modes {
                    ui.selectable_value(&mut self.mode, mode, mode.name());
                }
            });
            response.response.accessible_name("write mode").on_hover_text("How the field is read");
        });
        let truncate = match self.truncate.trim() {
            "" => Ok(None),
            text => parse_integer(text).map(Some).map_err(|error| error.to_string()),
        };
        let truncate = ready(truncate.map(Operation::Truncate));
        let input = Input { text: &mut self.truncate, name: "truncate size", hint: "at the cursor", behind: 0.0 };
        row(ui, ("truncate", "Cut everything from there on: truncate(size)"), truncate, cx, commands, input, |_| {});
        ui.horizontal_wrapped(|ui| {
            for (name, hover, operation) in [
                ("tell", "The cursor: tell()", Operation::Tell),
                ("getvalue", "All of the content: getvalue()", Operation::GetValue),
                ("close", "Close the stream and drop its content: close(). Undo brings it back", Operation::Close),
            ] {
                let button = Button::new(name).min_size(vec2(BUTTONS, ROW + UNIT));
                if ui.add(button).on_hover_text(hover).clicked() {
                    commands.push(Command::Perform(operation));
                }
            }
        });
    }

    fn data(&self, kind: StreamKind) -> Result<Data, String> {
        let text = &self.write;
        match (self.mode, kind) {
            (WriteMode::Text, StreamKind::Bytes) => Ok(Data::Bytes(Buffer::from(text.as_bytes()))),
            (WriteMode::Text | WriteMode::Hex, StreamKind::Text) => Ok(Data::Text(Text::from(text.as_str()))),
            (WriteMode::Hex, StreamKind::Bytes) => {
                parse_hex_bytes(text).map(|bytes| Data::Bytes(bytes.into())).map_err(|error| error.to_string())
            }
            // A literal of the other kind is passed on: the stream raises Python's TypeError.
            (WriteMode::Literal, _) => match parse_literal(text) {
                Ok(Literal::Bytes(bytes)) => Ok(Data::Bytes(bytes.into())),
                Ok(Literal::Text(text)) => Ok(Data::Text(text)),
                Err(error) => Err(error.to_string()),
            },
        }
    }
}

fn ready(operation: Result<Operation, String>) -> Row {
    match operation {
        Ok(operation) => Row::Ready(operation),
        Err(error) => Row::Wrong(error),
    }
}

/// The size of a read: nothing and negative numbers mean everything, as in Python.
fn size(text: &str) -> Result<Option<u64>, String> {
    match text.trim() {
        "" => Ok(None),
        text => parse_integer(text).map(|n| u64::try_from(n).ok()).map_err(|error| error.to_string()),
    }
}

fn whence_name(whence: Whence) -> &'static str {
    match whence {
        Whence::Start => "SEEK_SET",
        Whence::Current => "SEEK_CUR",
        Whence::End => "SEEK_END",
    }
}

/// A field to type in.
struct Input<'a> {
    text: &'a mut String,
    name: &'static str,
    hint: &'static str,
    /// Room that it leaves for what comes behind it, in points.
    behind: f32,
}

/// The method's button, its field and what stands behind it, and below them what is wrong with the field. Enter in the
/// field presses the button. Where three do not fit beside each other the field takes a line of its own.
fn row(
    ui: &mut Ui,
    (name, hover): (&str, &str),
    row: Row,
    cx: &ViewCx<'_>,
    commands: &mut Vec<Command>,
    input: Input<'_>,
    behind: impl FnOnce(&mut Ui),
) {
    let (operation, error) = match row {
        Row::Ready(operation) => (Some(operation), None),
        Row::Wrong(error) => (None, Some(error)),
    };
    let button = |ui: &mut Ui| {
        let button = Button::new(name).min_size(vec2(BUTTONS, ROW + UNIT));
        ui.add_enabled(operation.is_some(), button).on_hover_text(hover).clicked()
    };
    let pressed = if ui.available_width() < TINY && input.behind > 0.0 {
        let pressed = ui.horizontal(|ui| {
            let pressed = button(ui);
            behind(ui);
            pressed
        });
        field(ui, Input { behind: 0.0, ..input }) || pressed.inner
    } else {
        let pressed = ui.horizontal(|ui| {
            let pressed = button(ui);
            let entered = field(ui, input);
            behind(ui);
            pressed || entered
        });
        pressed.inner
    };
    if let Some(error) = error {
        ui.horizontal(|ui| {
            ui.add_space(BUTTONS + ui.spacing().item_spacing.x);
            ui.add(Label::new(RichText::new(error).small().color(cx.theme.error)).wrap());
        });
    }
    if pressed && let Some(operation) = operation {
        commands.push(Command::Perform(operation));
    }
}

/// Shows a field. Tells whether Enter was pressed in it; the field keeps the keyboard then.
fn field(ui: &mut Ui, input: Input<'_>) -> bool {
    let Input { text, name, hint, behind } = input;
    let gap = if behind > 0.0 { ui.spacing().item_spacing.x } else { 0.0 };
    let width = (ui.available_width() - behind - gap).max(8.0 * UNIT);
    let edit = TextEdit::singleline(text)
        .id_salt(name)
        .font(TextStyle::Monospace)
        .hint_text(RichText::new(hint).monospace())
        .desired_width(width)
        .min_size(vec2(0.0, ROW + UNIT));
    let response = ui.add(edit).accessible_name(name);
    let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    if entered {
        response.request_focus();
    }
    entered
}

fn result(ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>) {
    let Some((call, result)) = &open.last_call else {
        ui.label(RichText::new("The result of a call is shown here").color(cx.theme.text_dim));
        return;
    };
    Frame::new().fill(cx.theme.ground).inner_margin(2.0 * UNIT).corner_radius(UNIT).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        let line = |ui: &mut Ui, text: String, color| {
            ui.add(Label::new(RichText::new(text).monospace().color(color)).wrap().selectable(true));
        };
        line(ui, format!(">>> {call}"), cx.theme.text_dim);
        match result {
            Ok(value) if value.is_empty() => {}
            Ok(value) => line(ui, value.clone(), cx.theme.text),
            Err(exception) => line(ui, exception.clone(), cx.theme.error),
        }
    });
}
