//! Dialogs with one field: positions, ranges, rows, paths.

use egui::{Key, KeyboardShortcut, Modifiers, TextEdit, Ui};

use super::{buttons, cancel, title};
use crate::app::{Command, Dialog, DialogCommand, PathPurpose};

struct Field<'a> {
    title: &'a str,
    hint: &'a str,
    label: &'a str,
    text: &'a str,
    error: Option<&'a str>,
    /// What would happen.
    preview: &'a str,
    accept: &'a str,
    fresh: bool,
    multiline: bool,
}

/// What begins a line in a field of several; Enter alone accepts, as in every other field.
const NEW_LINE: KeyboardShortcut = KeyboardShortcut::new(Modifiers::SHIFT, Key::Enter);

fn field(ui: &mut Ui, field: &Field<'_>, commands: &mut Vec<Command>) {
    ui.set_width(420.0);
    title(ui, field.title);
    let mut text = field.text.to_owned();
    let label = ui.label(field.label);
    let edit = if field.multiline {
        TextEdit::multiline(&mut text).desired_rows(3).return_key(NEW_LINE)
    } else {
        TextEdit::singleline(&mut text)
    };
    let response = ui.add(edit.hint_text(field.hint).desired_width(f32::INFINITY)).labelled_by(label.id);
    if field.fresh {
        response.request_focus();
        select_name(ui, response.id, &text);
    }
    if response.changed() {
        commands.push(Command::Dialog(DialogCommand::Text(text.clone())));
    }
    // A line of its own height, so that the dialog does not jump while one types.
    match field.error {
        Some(error) => ui.colored_label(ui.visuals().error_fg_color, error),
        None => ui.weak(if field.preview.is_empty() { " " } else { field.preview }),
    };
    let enabled = field.error.is_none() && !text.trim().is_empty();
    let entered = ui.input(|input| input.key_pressed(Key::Enter) && !input.modifiers.shift);
    if entered && enabled && (response.lost_focus() || response.has_focus()) {
        commands.push(Command::Dialog(DialogCommand::Accept));
    } else if entered && response.lost_focus() {
        response.request_focus();
    }
    buttons(ui, &[cancel(), (field.accept, DialogCommand::Accept)], enabled, false, commands);
}

/// Of a path, the name of the file is selected: what is typed takes its place.
fn select_name(ui: &Ui, id: egui::Id, text: &str) {
    let Some(folder) = text.rfind('/') else { return };
    let mut state = egui::text_edit::TextEditState::load(ui.ctx(), id).unwrap_or_default();
    let index = |at: usize| egui::text::CCursor::new(text[..at].chars().count());
    state.cursor.set_char_range(Some(egui::text::CCursorRange::two(index(folder + 1), index(text.len()))));
    state.store(ui.ctx(), id);
}

pub(super) fn go_to(
    ui: &mut Ui,
    text: &str,
    error: Option<&str>,
    preview: &str,
    extend: bool,
    fresh: bool,
    commands: &mut Vec<Command>,
) {
    let spec = Field {
        title: if extend { "Extend the selection" } else { "Go to" },
        hint: "0x1F0, +16, end-8, 50%, 4 KiB, row 3, line 12",
        label: if extend { "The selection grows up to" } else { "Position of the cursor" },
        text,
        error,
        preview,
        accept: if extend { "Extend" } else { "Go" },
        fresh,
        multiline: false,
    };
    field(ui, &spec, commands);
}

pub(super) fn go_to_row(ui: &mut Ui, text: &str, error: Option<&str>, fresh: bool, commands: &mut Vec<Command>) {
    let spec = Field {
        title: "Go to row",
        hint: "from 1",
        label: "Row of the table",
        text,
        error,
        preview: "",
        accept: "Go",
        fresh,
        multiline: false,
    };
    field(ui, &spec, commands);
}

pub(super) fn columns(ui: &mut Ui, text: &str, error: Option<&str>, fresh: bool, commands: &mut Vec<Command>) {
    let spec = Field {
        title: "Bytes a row",
        hint: "1 to 512",
        label: "Bytes that a row of the hex view shows",
        text,
        error,
        preview: "",
        accept: "Show",
        fresh,
        multiline: false,
    };
    field(ui, &spec, commands);
}

pub(super) fn base_address(ui: &mut Ui, text: &str, error: Option<&str>, fresh: bool, commands: &mut Vec<Command>) {
    let spec = Field {
        title: "Base address",
        hint: "0x8000, 8000h, 32k, 0 for none",
        label: "Added to the addresses that are shown; positions stay as they are",
        text,
        error,
        preview: "",
        accept: "Add",
        fresh,
        multiline: false,
    };
    field(ui, &spec, commands);
}

/// Paths on a machine without native dialogs.
pub(super) fn typed_path(ui: &mut Ui, dialog: &Dialog, fresh: bool, commands: &mut Vec<Command>) {
    let Dialog::TypedPath { purpose, title, text, reason, error } = dialog else { return };
    ui.set_width(420.0);
    let open = *purpose == PathPurpose::Open;
    ui.label(egui::RichText::new(reason).weak());
    ui.add_space(8.0);
    let spec = Field {
        title,
        hint: if *purpose == PathPurpose::Folder {
            "/home/me/a folder"
        } else if open {
            "/home/me/file.bin"
        } else {
            "/home/me/name of the file"
        },
        label: match (open, title == "Open files") {
            _ if *purpose == PathPurpose::Folder => "Path of the folder; it is made if it is not there",
            (true, true) => "Paths, one a line: Shift+Enter begins a line, Enter opens them",
            (true, false) => "Path of the file",
            (false, _) => "Path of the file; a whole path may be typed behind the folder",
        },
        text,
        error: error.as_deref(),
        preview: "",
        accept: match (open, title.as_str()) {
            (true, "Insert a file") => "Insert",
            (true, _) => "Open",
            (false, _) if *purpose == PathPurpose::Folder => "Go on",
            (false, _) => "Save",
        },
        fresh,
        multiline: open,
    };
    field(ui, &spec, commands);
}
