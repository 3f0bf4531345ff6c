//! The bar above a delimited table: how large it is, and how it was read.

use egui::{Button, Checkbox, ComboBox, RichText, TextEdit, Ui};

use crate::app::numbers::{count, group};
use crate::app::table::TableRows;
use crate::app::{Command, OpenDocument, ViewCommand};
use crate::formats::table::{Dialect, Table};
use crate::formats::text::Encoding;
use crate::ui::ViewCx;
use crate::ui::theme::{ROW, UNIT};

/// Delimiters with a name.
const DELIMITERS: [(u8, &str); 6] =
    [(b',', "Comma"), (b';', "Semicolon"), (b'\t', "Tab"), (b'|', "Pipe"), (b' ', "Space"), (b':', "Colon")];

const QUOTES: [(Option<u8>, &str); 3] = [(Some(b'"'), "\" double"), (Some(b'\''), "' single"), (None, "None")];

/// Encodings that tables come in, by their names.
const ENCODINGS: [&str; 14] = [
    "UTF-8",
    "UTF-16LE",
    "UTF-16BE",
    "ISO-8859-1",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "ISO-8859-2",
    "macintosh",
    "Shift_JIS",
    "EUC-JP",
    "GB18030",
    "Big5",
    "EUC-KR",
];

/// "12 rows × 5 columns, 1 ragged".
pub(super) fn summary(table: &Table) -> String {
    let size = format!("{} × {}", count(table.row_count(), "row"), count(table.width() as u64, "column"));
    let counts = [(table.ragged_rows(), "ragged"), (table.blank_rows(), "blank")];
    let counts = counts.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!(", {} {what}", group(n)));
    size + &counts.collect::<String>()
}

/// The controls. `other` is what stands in the field of a delimiter without a name, while it is used.
pub(super) fn bar(
    ui: &mut Ui,
    open: &OpenDocument,
    rows: &TableRows,
    dialect: Option<&(Dialect, String)>,
    other: &mut Option<String>,
    cx: &ViewCx<'_>,
    commands: &mut Vec<Command>,
) {
    let table: &Table = rows.table();
    ui.horizontal_wrapped(|ui| {
        ui.set_min_height(ROW + 2.0 * UNIT);
        let mut hover = Vec::new();
        if table.ragged_rows() > 0 {
            hover.push("Ragged rows have another number of cells than the header, or than the first row".to_owned());
        }
        let before = table.preamble();
        if !before.is_empty() {
            hover.push(format!("{} before the header belong to no cell", count(before.len.0, "byte")));
        }
        hover.extend(table.losses().iter().map(|loss| loss.what.clone()));
        let summary = ui.label(summary(table));
        if !hover.is_empty() {
            summary.on_hover_text(hover.join("\n"));
        }
        super::bars::tools(ui, open, rows, cx, commands);
        let Some((read, reason)) = dialect else { return };
        let mut chosen = *read;
        delimiter(ui, &mut chosen, other, cx);
        let shown = QUOTES.iter().find(|(quote, _)| *quote == chosen.quote).map_or("Other", |(_, name)| name);
        let quote = ComboBox::from_id_salt("quote").width(18.0 * UNIT).selected_text(shown).show_ui(ui, |ui| {
            for (quote, name) in QUOTES {
                ui.selectable_value(&mut chosen.quote, quote, name);
            }
        });
        quote.response.accessible_name("Quote").on_hover_text("What stands around cells that need it");
        let header = ui.add(Checkbox::new(&mut chosen.header, "Header"));
        header.on_hover_text("The first row names the columns");
        let encoding = ComboBox::from_id_salt("encoding").width(22.0 * UNIT).selected_text(chosen.encoding.name());
        let encoding = encoding.show_ui(ui, |ui| {
            for name in ENCODINGS {
                if let Some(encoding) = Encoding::from_name(name) {
                    ui.selectable_value(&mut chosen.encoding, encoding, name);
                }
            }
        });
        encoding.response.accessible_name("Encoding").on_hover_text("How the bytes of the file stand for characters");
        let by_hand = open.view.dialect.is_some();
        let guess = ui.add_enabled(by_hand, Button::new("Guess"));
        let why = if by_hand { "Guess again how this table is written".into() } else { format!("Guessed: {reason}") };
        if guess.on_hover_text(&why).on_disabled_hover_text(&why).clicked() {
            *other = None;
            commands.push(Command::View(ViewCommand::Dialect(None)));
        } else if chosen != *read {
            commands.push(Command::View(ViewCommand::Dialect(Some(chosen))));
        }
    });
}

fn delimiter(ui: &mut Ui, chosen: &mut Dialect, other: &mut Option<String>, cx: &ViewCx<'_>) {
    let named = DELIMITERS.iter().find(|(byte, _)| *byte == chosen.delimiter).map(|(_, name)| *name);
    if named.is_none() && other.is_none() {
        *other = Some(char::from(chosen.delimiter).to_string());
    }
    let shown = if other.is_some() { "Other" } else { named.unwrap_or("Other") };
    let combo = ComboBox::from_id_salt("delimiter").width(20.0 * UNIT).selected_text(shown).show_ui(ui, |ui| {
        for (byte, name) in DELIMITERS {
            if ui.selectable_label(other.is_none() && chosen.delimiter == byte, name).clicked() {
                chosen.delimiter = byte;
                *other = None;
            }
        }
        if ui.selectable_label(other.is_some(), "Other").clicked() && other.is_none() {
            *other = Some(String::new());
        }
    });
    combo.response.accessible_name("Delimiter").on_hover_text("What stands between cells");
    if let Some(text) = other {
        let edit = TextEdit::singleline(text).char_limit(1).desired_width(5.0 * UNIT).font(egui::TextStyle::Monospace);
        let response = ui.add(edit).accessible_name("Other delimiter");
        match *text.as_bytes() {
            [byte @ (b' '..=b'~' | b'\t' | 1..=8)] if response.changed() => chosen.delimiter = byte,
            [] | [b' '..=b'~' | b'\t' | 1..=8] => {}
            _ => {
                ui.label(RichText::new("Type one ASCII character").color(cx.theme.error));
            }
        }
    }
}
