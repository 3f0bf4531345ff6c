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

/// A pane that is narrower than this has one menu instead of a control for each choice, in points.
const NARROW: f32 = 460.0;

const HEADER: &str = "The first row names the columns";

/// "12 rows × 5 columns, 1 ragged".
pub(super) fn summary(table: &Table) -> String {
    let size = format!("{} × {}", count(table.row_count(), "row"), count(table.width() as u64, "column"));
    let counts = [(table.ragged_rows(), "ragged"), (table.blank_rows(), "blank")];
    let counts = counts.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!(", {} {what}", group(n)));
    // While the others are being read.
    let so_far = if table.is_complete() { "" } else { " so far" };
    size + &counts.collect::<String>() + so_far
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
    // In a narrow pane the rows of controls would leave none for the table.
    let narrow = ui.available_width() < NARROW;
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
        let by_hand = open.view.dialect.is_some();
        let mut guess = false;
        if narrow {
            let name = named(chosen.delimiter).filter(|_| other.is_none()).unwrap_or("Other");
            let menu = ui.menu_button(format!("{name}, {}", chosen.encoding.name()), |ui| {
                ui.menu_button("Delimiter", |ui| delimiters(ui, &mut chosen, other));
                ui.menu_button("Quote", |ui| quotes(ui, &mut chosen));
                ui.menu_button("Encoding", |ui| encodings(ui, &mut chosen));
                ui.checkbox(&mut chosen.header, "Header").on_hover_text(HEADER);
                guess = guess_button(ui, by_hand, reason);
            });
            menu.response.accessible_name("How it is read").on_hover_text("Delimiter, quote, header and encoding");
            other_delimiter(ui, &mut chosen, other, cx);
        } else {
            delimiter(ui, &mut chosen, other, cx);
            let shown = QUOTES.iter().find(|(quote, _)| *quote == chosen.quote).map_or("Other", |(_, name)| name);
            let combo = ComboBox::from_id_salt("quote").width(18.0 * UNIT).selected_text(shown);
            let quote = combo.show_ui(ui, |ui| quotes(ui, &mut chosen));
            quote.response.accessible_name("Quote").on_hover_text("What stands around cells that need it");
            ui.add(Checkbox::new(&mut chosen.header, "Header")).on_hover_text(HEADER);
            let combo = ComboBox::from_id_salt("encoding").width(22.0 * UNIT).selected_text(chosen.encoding.name());
            let encoding = combo.show_ui(ui, |ui| encodings(ui, &mut chosen));
            encoding.response.accessible_name("Encoding").on_hover_text("How the bytes of the file stand for characters");
            guess = guess_button(ui, by_hand, reason);
        }
        if guess {
            *other = None;
            commands.push(Command::View(ViewCommand::Dialect(None)));
        } else if chosen != *read {
            commands.push(Command::View(ViewCommand::Dialect(Some(chosen))));
        }
    });
}

/// Whether it was pressed.
fn guess_button(ui: &mut Ui, by_hand: bool, reason: &str) -> bool {
    let why = if by_hand { "Guess again how this table is written".into() } else { format!("Guessed: {reason}") };
    ui.add_enabled(by_hand, Button::new("Guess")).on_hover_text(&why).on_disabled_hover_text(&why).clicked()
}

fn quotes(ui: &mut Ui, chosen: &mut Dialect) {
    for (quote, name) in QUOTES {
        ui.selectable_value(&mut chosen.quote, quote, name);
    }
}

fn encodings(ui: &mut Ui, chosen: &mut Dialect) {
    for name in ENCODINGS {
        if let Some(encoding) = Encoding::from_name(name) {
            ui.selectable_value(&mut chosen.encoding, encoding, name);
        }
    }
}

fn named(delimiter: u8) -> Option<&'static str> {
    DELIMITERS.iter().find(|(byte, _)| *byte == delimiter).map(|(_, name)| *name)
}

fn delimiters(ui: &mut Ui, chosen: &mut Dialect, other: &mut Option<String>) {
    for (byte, name) in DELIMITERS {
        if ui.selectable_label(other.is_none() && chosen.delimiter == byte, name).clicked() {
            chosen.delimiter = byte;
            *other = None;
        }
    }
    if ui.selectable_label(other.is_some(), "Other").clicked() && other.is_none() {
        *other = Some(String::new());
    }
}

fn delimiter(ui: &mut Ui, chosen: &mut Dialect, other: &mut Option<String>, cx: &ViewCx<'_>) {
    let shown = if other.is_some() { "Other" } else { named(chosen.delimiter).unwrap_or("Other") };
    let combo = ComboBox::from_id_salt("delimiter").width(20.0 * UNIT).selected_text(shown);
    let combo = combo.show_ui(ui, |ui| delimiters(ui, chosen, other));
    combo.response.accessible_name("Delimiter").on_hover_text("What stands between cells");
    other_delimiter(ui, chosen, other, cx);
}

/// The field of a delimiter that has no name.
fn other_delimiter(ui: &mut Ui, chosen: &mut Dialect, other: &mut Option<String>, cx: &ViewCx<'_>) {
    if named(chosen.delimiter).is_none() && other.is_none() {
        *other = Some(char::from(chosen.delimiter).to_string());
    }
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
