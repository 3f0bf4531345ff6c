//! The export dialog: a format, its options, and what the result will not have.

use egui::{ComboBox, Grid, RichText, Slider, Ui};

use super::{buttons, cancel, title};
use crate::app::{Command, DialogCommand, ExportDialog, Losses};
use crate::formats::literal::Style;
use crate::formats::text::{Encoding, NewlineStyle};
use crate::formats::{DumpOptions, Format, Kind, Options};
use crate::ui::ViewCx;
use crate::ui::number_field::NumberField;
use crate::ui::theme::UNIT;

pub(super) fn show(ui: &mut Ui, export: &ExportDialog, cx: &ViewCx<'_>, fresh: bool, commands: &mut Vec<Command>) {
    ui.set_width(460.0);
    let name = cx.state.document(export.document).map_or("document", |open| open.document.name());
    title(ui, &format!("Export {}", crate::ui::shortened(name, 36)));
    let (mut options, mut wrong) = ((*export.options).clone(), false);
    Grid::new("export options").num_columns(2).spacing([16.0, 8.0]).show(ui, |ui| {
        ui.label("From");
        ui.label(export.from.info().name);
        ui.end_row();
        let label = ui.label("Format");
        let combo = ComboBox::from_id_salt("format")
            .selected_text(export.to.info().name)
            .width(220.0)
            .height(420.0)
            .show_ui(ui, |ui| {
                for &target in &export.targets {
                    if ui.selectable_label(target == export.to, target.info().name).clicked() {
                        commands.push(Command::Dialog(DialogCommand::ExportFormat(target)));
                    }
                }
            })
            .response
            .labelled_by(label.id);
        if fresh {
            combo.request_focus();
        }
        ui.end_row();
        wrong = option_rows(ui, export.to, &mut options);
    });
    if options != *export.options {
        commands.push(Command::Dialog(DialogCommand::ExportOptions(Box::new(options))));
    }
    ui.add_space(8.0);
    let possible = losses(ui, export, cx);
    buttons(ui, &[cancel(), ("Save as…", DialogCommand::Accept)], possible && !wrong, false, commands);
}

fn losses(ui: &mut Ui, export: &ExportDialog, cx: &ViewCx<'_>) -> bool {
    match &export.losses {
        Losses::Asking(_) => {
            ui.label(RichText::new("Looking for what will be lost…").weak());
            true
        }
        Losses::Known(losses) if losses.is_empty() => {
            ui.label(RichText::new("Nothing is lost").color(cx.theme.good));
            true
        }
        Losses::Known(losses) => {
            for loss in losses {
                ui.add(egui::Label::new(RichText::new(format!("• {}", loss.what)).color(cx.theme.warning)).wrap());
            }
            true
        }
        Losses::Impossible(why) => {
            ui.add(egui::Label::new(RichText::new(why).color(cx.theme.error)).wrap());
            false
        }
    }
}

/// The choices of a format's writer; whether a number that is typed is none.
fn option_rows(ui: &mut Ui, to: Format, options: &mut Options) -> bool {
    match to.info().kind {
        Kind::Picture => return picture_rows(ui, to, options),
        // Workbooks and files of columns have no characters to choose an encoding for.
        Kind::Table if to.is_binary() => {}
        Kind::Table => {
            delimiter_row(ui, to, options);
            if matches!(to, Format::Csv | Format::Tsv) {
                newline_row(ui, &mut options.table.newline, "CRLF, as Python's csv writes");
            }
            encoding_rows(ui, options);
        }
        Kind::Json => {
            if to == Format::Json {
                indent_row(ui, options);
            }
            ui.label("");
            ui.checkbox(&mut options.json.sort_keys, "Sort keys")
                .on_hover_text("JSON that was no table before: members in the order of their keys");
            ui.end_row();
        }
        Kind::Text => {
            newline_row(ui, &mut options.text.newline, "As they are");
            encoding_rows(ui, options);
        }
        Kind::Encoded => return encoded_rows(ui, to, options),
        Kind::Bytes => {}
    }
    false
}

/// A number with its label; whether what is typed is none.
fn number_row(ui: &mut Ui, name: &str, field: NumberField<'_>, help: &str, value: u64, set: impl FnOnce(u64)) -> bool {
    let label = ui.label(name);
    let wrong = ui.horizontal(|ui| {
        let number = field.show(ui, value);
        number.say(ui);
        if let Some(number) = number.changed {
            set(number);
        }
        number.response.labelled_by(label.id).on_hover_text(help);
        number.error.is_some()
    });
    ui.end_row();
    wrong.inner
}

fn picture_rows(ui: &mut Ui, to: Format, options: &mut Options) -> bool {
    let mut wrong = false;
    if to == Format::Jpeg {
        let (field, quality) = (NumberField::new("Quality", 1..=100).slider(), &mut options.picture.quality);
        let now = u64::from(*quality);
        wrong |= number_row(ui, "Quality", field, "1 is small, 100 looks best", now, |to| *quality = to as u8);
    }
    if to == Format::Png {
        let (field, level) = (NumberField::new("Compression", 0..=9).slider(), &mut options.picture.png_level);
        let now = u64::from(*level);
        wrong |= number_row(ui, "Compression", field, "0 is fast, 9 is small", now, |to| *level = to as u8);
    }
    if matches!(to, Format::Jpeg | Format::Pnm) {
        let label = ui.label("Behind transparency");
        ui.color_edit_button_srgb(&mut options.picture.background).labelled_by(label.id);
        ui.end_row();
    }
    wrong
}

fn delimiter_row(ui: &mut Ui, to: Format, options: &mut Options) {
    if to != Format::Csv {
        return;
    }
    let label = ui.label("Delimiter");
    let name = |byte: Option<u8>| match byte {
        None | Some(b',') => "Comma".to_owned(),
        Some(b';') => "Semicolon".to_owned(),
        Some(b'\t') => "Tab".to_owned(),
        Some(b'|') => "Pipe".to_owned(),
        Some(other) => (other as char).to_string(),
    };
    ComboBox::from_id_salt("delimiter")
        .selected_text(name(options.table.delimiter))
        .show_ui(ui, |ui| {
            for byte in [b',', b';', b'\t', b'|'] {
                ui.selectable_value(&mut options.table.delimiter, Some(byte), name(Some(byte)));
            }
        })
        .response
        .labelled_by(label.id);
    ui.end_row();
}

fn newline_row(ui: &mut Ui, newline: &mut Option<NewlineStyle>, default: &str) {
    let label = ui.label("Line ends");
    let name = |newline: Option<NewlineStyle>| match newline {
        None => default.to_owned(),
        Some(NewlineStyle::Lf) => "LF".to_owned(),
        Some(NewlineStyle::CrLf) => "CRLF".to_owned(),
        Some(NewlineStyle::Cr) => "CR".to_owned(),
    };
    ComboBox::from_id_salt("line ends")
        .selected_text(name(*newline))
        .width(220.0)
        .show_ui(ui, |ui| {
            for choice in [None, Some(NewlineStyle::Lf), Some(NewlineStyle::CrLf), Some(NewlineStyle::Cr)] {
                ui.selectable_value(newline, choice, name(choice));
            }
        })
        .response
        .labelled_by(label.id);
    ui.end_row();
}

fn encoding_rows(ui: &mut Ui, options: &mut Options) {
    let label = ui.label("Encoding");
    ComboBox::from_id_salt("encoding")
        .selected_text(options.text.encoding.name())
        .width(220.0)
        .show_ui(ui, |ui| {
            for encoding in Encoding::all() {
                ui.selectable_value(&mut options.text.encoding, encoding, encoding.name());
            }
        })
        .response
        .labelled_by(label.id);
    ui.end_row();
    ui.label("");
    ui.checkbox(&mut options.text.bom, "Byte order mark");
    ui.end_row();
}

fn indent_row(ui: &mut Ui, options: &mut Options) {
    let label = ui.label("Layout");
    let name = |indent: Option<u8>| indent.map_or("One line".to_owned(), |n| format!("{n} spaces a level"));
    ComboBox::from_id_salt("indent")
        .selected_text(name(options.json.indent))
        .show_ui(ui, |ui| {
            for choice in [None, Some(2), Some(4)] {
                ui.selectable_value(&mut options.json.indent, choice, name(choice));
            }
        })
        .response
        .labelled_by(label.id);
    ui.end_row();
}

fn style_row(ui: &mut Ui, options: &mut Options) {
    let chosen = options.dump.style.unwrap_or(Style::C);
    let label = ui.label("Written as");
    ComboBox::from_id_salt("style")
        .selected_text(chosen.name())
        .width(220.0)
        .show_ui(ui, |ui| {
            let literals = Style::ALL.into_iter().filter(|style| style.has_name());
            for style in literals.chain([Style::Escaped, Style::Percent, Style::Decimal, Style::HexList, Style::Xxd]) {
                ui.selectable_value(&mut options.dump.style, Some(style), style.name());
            }
        })
        .response
        .labelled_by(label.id);
    ui.end_row();
}

/// Records of Intel HEX and S-record; whether a number is wrong.
fn record_rows(ui: &mut Ui, options: &mut Options) -> bool {
    let field = NumberField::new("Address of the first byte", 0..=u64::from(u32::MAX)).hex();
    let address = &mut options.dump.address;
    let now = *address;
    let wrong = number_row(ui, "Address of the first byte", field, "Where the first byte stands", now, |to| *address = to);
    let field = NumberField::new("Bytes a record", 1..=DumpOptions::MAX_RECORD.into());
    let record = &mut options.dump.record;
    let now = record.unwrap_or(DumpOptions::RECORD).into();
    let set = |to| *record = u32::try_from(to).ok();
    number_row(ui, "Bytes a record", field, "At most so many bytes in a line", now, set) || wrong
}

fn encoded_rows(ui: &mut Ui, to: Format, options: &mut Options) -> bool {
    match to {
        Format::HexText => {
            ui.label("");
            ui.checkbox(&mut options.dump.upper_case, "Upper case digits");
            ui.end_row();
        }
        Format::Base64 => {
            ui.label("");
            ui.checkbox(&mut options.dump.url_safe, "Safe in URLs: - and _");
            ui.end_row();
            ui.label("");
            ui.checkbox(&mut options.dump.no_padding, "No = at the end");
            ui.end_row();
        }
        Format::IntelHex | Format::SRecord => return record_rows(ui, options),
        Format::Literal => style_row(ui, options),
        Format::Gzip | Format::Zlib => {
            let mut level = options.dump.level.unwrap_or(DumpOptions::LEVEL);
            let label = ui.label("Compression");
            let slider = ui.add(Slider::new(&mut level, 0..=9)).labelled_by(label.id).on_hover_text("0 is fast, 9 is small");
            if slider.changed() {
                options.dump.level = Some(level);
            }
            ui.end_row();
        }
        _ => {}
    }
    if !matches!(to, Format::HexText | Format::Base64) {
        return false;
    }
    let (field, wrap) =
        (NumberField::new("Characters a line", 0..=1000).width(24.0 * UNIT).empty("one line"), &mut options.dump.wrap);
    let now = wrap.unwrap_or(0).into();
    number_row(ui, "Characters a line", field, "0 or nothing writes one line", now, |to| *wrap = (to > 0).then_some(to as u32))
}
