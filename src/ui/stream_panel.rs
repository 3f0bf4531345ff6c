//! The stream's calls: position and size, and a row of fields for each method; the result stands below as Python shows it.

use std::collections::HashMap;

use egui::{Align, Button, ComboBox, Frame, Key, Label, Layout, RichText, ScrollArea, TextEdit, Ui, vec2};

use super::format::{binary_size, count, group, place};
use super::theme::{ROW, UNIT};
use super::{View, ViewCx};
use crate::app::{Command, Literal, OpenDocument, parse_hex_bytes, parse_integer, parse_literal};
use crate::buffer::Buffer;
use crate::document::{Data, DocumentId, Operation, StreamKind};
use crate::stream::{Text, Whence};

/// Width of the buttons in points.
const BUTTONS: f32 = 20.0 * UNIT;

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
        if document.is_closed() {
            ui.label(RichText::new("closed").color(cx.theme.warning))
                .on_hover_text("Every call raises ValueError now; Undo opens the stream again");
        }
    });
    let fact = |ui: &mut Ui, name: &str, value: String, note: Option<String>| {
        ui.horizontal_wrapped(|ui| {
            ui.allocate_ui_with_layout(vec2(BUTTONS, ROW), Layout::left_to_right(Align::Center), |ui| {
                ui.set_min_width(BUTTONS);
                ui.label(RichText::new(name).color(cx.theme.text_dim));
            });
            ui.label(RichText::new(value).monospace());
            if let Some(note) = note {
                ui.label(RichText::new(note).color(cx.theme.text_dim));
            }
        });
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
        let seek = match parse_integer(if self.seek.trim().is_empty() { "0" } else { &self.seek }) {
            Ok(offset) => Row::Ready(Operation::Seek { offset, whence: self.whence }),
            Err(error) => Row::Wrong(error.to_string()),
        };
        row(ui, "seek", "Move the cursor: seek(offset, whence)", seek, cx, commands, |ui| {
            let combo = 27.0 * UNIT;
            let width = (ui.available_width() - combo - 2.0 * UNIT).max(12.0 * UNIT);
            let entered = field(ui, &mut self.seek, "seek offset", "0", width);
            let shown = whence_name(self.whence);
            let response = ComboBox::from_id_salt("whence").width(combo).selected_text(shown).show_ui(ui, |ui| {
                for whence in [Whence::Start, Whence::Current, Whence::End] {
                    ui.selectable_value(&mut self.whence, whence, whence_name(whence));
                }
            });
            response.response.accessible_name("seek whence").on_hover_text("What the offset counts from: start, cursor or end");
            entered
        });
        let read = size(&self.read).map(Operation::Read);
        let mut line = false;
        row(ui, "read", "Read up to n, or to the end: read(n)", ready(read), cx, commands, |ui| {
            let button = 18.0 * UNIT;
            let width = (ui.available_width() - button - 2.0 * UNIT).max(12.0 * UNIT);
            let entered = field(ui, &mut self.read, "read size", "all", width);
            let ready = size(&self.read).is_ok();
            let button = Button::new("readline").min_size(vec2(button, ROW + UNIT));
            line = ui.add_enabled(ready, button).on_hover_text("Read one line, at most n: readline(n)").clicked();
            entered
        });
        if line && let Ok(size) = size(&self.read) {
            commands.push(Command::Perform(Operation::ReadLine(size)));
        }
        let write = self.data(kind).map(Operation::Write);
        row(ui, "write", "Overwrite at the cursor: write(data)", ready(write), cx, commands, |ui| {
            let combo = 18.0 * UNIT;
            let width = (ui.available_width() - combo - 2.0 * UNIT).max(12.0 * UNIT);
            let entered = field(ui, &mut self.write, "write data", self.mode.hint(kind), width);
            let response = ComboBox::from_id_salt("mode").width(combo).selected_text(self.mode.name()).show_ui(ui, |ui| {
                let modes: &[WriteMode] = match kind {
                    StreamKind::Bytes => &[WriteMode::Text, WriteMode::Literal, WriteMode::Hex],
                    StreamKind::Text => &[WriteMode::Text, WriteMode::Literal],
                };
                for &mode in modes {
                    ui.selectable_value(&mut self.mode, mode, mode.name());
                }
            });
            response.response.accessible_name("write mode").on_hover_text("How the field is read");
            entered
        });
        let truncate = match self.truncate.trim() {
            "" => Ok(None),
            text => parse_integer(text).map(Some).map_err(|error| error.to_string()),
        };
        let hover = "Cut everything from there on: truncate(size)";
        row(ui, "truncate", hover, ready(truncate.map(Operation::Truncate)), cx, commands, |ui| {
            let width = ui.available_width();
            field(ui, &mut self.truncate, "truncate size", "at the cursor", width)
        });
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

/// The method's button, its fields, and below them what is wrong with them. Enter in the field presses the button.
fn row(
    ui: &mut Ui,
    name: &str,
    hover: &str,
    row: Row,
    cx: &ViewCx<'_>,
    commands: &mut Vec<Command>,
    fields: impl FnOnce(&mut Ui) -> bool,
) {
    let (operation, error) = match row {
        Row::Ready(operation) => (Some(operation), None),
        Row::Wrong(error) => (None, Some(error)),
    };
    let pressed = ui.horizontal(|ui| {
        let button = Button::new(name).min_size(vec2(BUTTONS, ROW + UNIT));
        let clicked = ui.add_enabled(operation.is_some(), button).on_hover_text(hover).clicked();
        fields(ui) || clicked
    });
    if let Some(error) = error {
        ui.horizontal(|ui| {
            ui.add_space(BUTTONS + ui.spacing().item_spacing.x);
            ui.add(Label::new(RichText::new(error).small().color(cx.theme.error)).wrap());
        });
    }
    if pressed.inner
        && let Some(operation) = operation
    {
        commands.push(Command::Perform(operation));
    }
}

/// One line to type in. Tells whether Enter was pressed in it; the field keeps the keyboard then.
fn field(ui: &mut Ui, text: &mut String, name: &str, hint: &str, width: f32) -> bool {
    let edit = TextEdit::singleline(text)
        .id_salt(name)
        .font(egui::TextStyle::Monospace)
        .hint_text(RichText::new(hint).monospace())
        .desired_width(width - 2.0 * UNIT)
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
