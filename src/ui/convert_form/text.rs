//! The choices of text and of JSON.

use egui::{ComboBox, Ui};

use super::Rows;
use crate::convert::Recipe;
use crate::formats::Format;
use crate::formats::JsonOptions;
use crate::formats::text::{Encoding, NewlineStyle};
use crate::ui::number_field::NumberField;

pub(super) fn usual(ui: &mut Ui, rows: &mut Rows, recipe: &mut Recipe) {
    newline(ui, rows, &mut recipe.options.text.newline, "As they are");
    encoding(ui, rows, recipe);
}

pub(super) fn newline(ui: &mut Ui, rows: &mut Rows, now: &mut Option<NewlineStyle>, default: &str) {
    let ends =
        [(None, default), (Some(NewlineStyle::Lf), "LF"), (Some(NewlineStyle::CrLf), "CRLF"), (Some(NewlineStyle::Cr), "CR")];
    rows.pick(ui, "newline", "What ends a line", now, &ends);
}

pub(super) fn encoding(ui: &mut Ui, rows: &mut Rows, recipe: &mut Recipe) {
    let text = &mut recipe.options.text;
    rows.row(ui, "encoding", "How characters become bytes; what it does not have is counted below", |ui| {
        encodings(ui, "encoding", text.encoding.name(), |ui| {
            for encoding in Encoding::all() {
                ui.selectable_value(&mut text.encoding, encoding, encoding.name());
            }
        })
    });
    rows.tick(ui, "bom", "Says the encoding at the start of the file", &mut text.bom);
}

fn encodings(ui: &mut Ui, salt: &str, name: &str, add: impl FnOnce(&mut Ui)) -> egui::Response {
    ComboBox::from_id_salt(salt).selected_text(name).width(200.0).show_ui(ui, add).response
}

/// How the characters of the sources are read.
pub(super) fn reading(ui: &mut Ui, rows: &mut Rows, recipe: &mut Recipe) {
    let input = &mut recipe.options.text.input;
    rows.row(ui, "input-encoding", "How bytes of the source become characters", |ui| {
        encodings(ui, "input encoding", input.map_or("What it looks like", Encoding::name), |ui| {
            ui.selectable_value(input, None, "What it looks like");
            for encoding in Encoding::all() {
                ui.selectable_value(input, Some(encoding), encoding.name());
            }
        })
    });
}

/// How JSON is laid out.
pub(super) fn layout(ui: &mut Ui, rows: &mut Rows, recipe: &mut Recipe) {
    rows.tick(ui, "sort-keys", "Members by their names; numbers and texts stay as they are", &mut recipe.options.json.sort_keys);
    if recipe.to != Format::Json {
        return;
    }
    let indent = &mut recipe.options.json.indent;
    let field = |name| NumberField::new(name, 0..=JsonOptions::MAX_INDENT.into()).empty("one line").width(72.0);
    rows.number(ui, "indent", "Spaces a level; nothing writes one line", field, indent.unwrap_or(0).into(), |new| {
        *indent = u8::try_from(new).ok().filter(|&new| new > 0);
    });
}
