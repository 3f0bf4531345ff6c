//! The choices of bytes written as text, of records, literals and packed bytes.

use egui::{ComboBox, Ui};

use super::{Rows, Subject};
use crate::convert::Recipe;
use crate::convert::words::parse_byte;
use crate::formats::literal::Style;
use crate::formats::{DumpOptions, Format};
use crate::ui::number_field::NumberField;

pub(super) fn usual(ui: &mut Ui, rows: &mut Rows, recipe: &mut Recipe) {
    let to = recipe.to;
    let dump = &mut recipe.options.dump;
    match to {
        Format::HexText => rows.tick(ui, "upper", "A to F instead of a to f", &mut dump.upper_case),
        Format::Base64 => {
            rows.tick(ui, "url-safe", "Instead of + and /", &mut dump.url_safe);
            rows.tick(ui, "no-padding", "Some readers refuse it without", &mut dump.no_padding);
        }
        Format::DataUrl => rows.text(ui, "mime", "Such as image/png", "what the content says", &mut dump.mime),
        Format::IntelHex | Format::SRecord => {
            let address = &mut dump.address;
            let field = |name| NumberField::new(name, 0..=u64::from(u32::MAX)).hex();
            rows.number(ui, "address", "Where the first byte stands", field, *address, |new| *address = new);
            record(ui, rows, dump);
        }
        Format::Literal => {
            style(ui, rows, dump, &[]);
            let named = dump.style.unwrap_or(Style::C).has_name();
            if named {
                rows.text(ui, "name", "What the bytes are called", "data", &mut dump.name);
            }
        }
        Format::Gzip | Format::Zlib => {
            let level = &mut dump.level;
            let field = |name| NumberField::new(name, 0..=9).slider();
            rows.number(ui, "level", "0 is fast, 9 is small", field, level.unwrap_or(DumpOptions::LEVEL).into(), |new| {
                *level = u8::try_from(new).ok();
            });
        }
        _ => {}
    }
    if matches!(to, Format::HexText | Format::Base64) {
        let wrap = &mut dump.wrap;
        let field = |name| NumberField::new(name, 0..=DumpOptions::MAX_WRAP.into()).width(96.0).empty("one line");
        rows.number(ui, "wrap", "0 or nothing writes one line", field, wrap.unwrap_or(0).into(), |new| {
            *wrap = u32::try_from(new).ok().filter(|&new| new > 0);
        });
    }
}

fn record(ui: &mut Ui, rows: &mut Rows, dump: &mut DumpOptions) {
    let record = &mut dump.record;
    let field = |name| NumberField::new(name, 0..=DumpOptions::MAX_RECORD.into()).width(96.0).empty("the usual");
    rows.number(ui, "record", "At most so many bytes in a line", field, record.unwrap_or(0).into(), |new| {
        *record = u32::try_from(new).ok().filter(|&new| new > 0);
    });
}

fn style(ui: &mut Ui, rows: &mut Rows, dump: &mut DumpOptions, before: &[(Option<Style>, &str)]) {
    let usual = if before.is_empty() { Some(Style::C) } else { None };
    let now = dump.style.or(usual);
    rows.row(ui, "style", "The language, or the spelling", |ui| {
        let name = match now {
            Some(style) => style.name(),
            None => before.first().map_or("", |(_, name)| *name),
        };
        let combo = ComboBox::from_id_salt("style").selected_text(name).width(200.0);
        combo
            .show_ui(ui, |ui| {
                for (value, name) in before {
                    ui.selectable_value(&mut dump.style, *value, *name);
                }
                let literals = Style::ALL.into_iter().filter(|style| style.has_name());
                for style in literals.chain([Style::Escaped, Style::Percent, Style::Decimal, Style::HexList, Style::Xxd]) {
                    ui.selectable_value(&mut dump.style, Some(style), style.name());
                }
            })
            .response
    });
}

pub(super) fn more(ui: &mut Ui, rows: &mut Rows, recipe: &mut Recipe) {
    let to = recipe.to;
    let dump = &mut recipe.options.dump;
    match to {
        Format::IntelHex | Format::SRecord => {
            let write = |start: &Option<u32>| start.map(|start| format!("0x{start:X}")).unwrap_or_default();
            let parse = |text: &str| match text.trim().is_empty() {
                true => Ok(None),
                false => crate::convert::numbers::parse_address(text).map(Some),
            };
            rows.read(ui, ("start", "Where the program begins", "not said"), &mut dump.start, write, parse);
            if to == Format::SRecord {
                rows.text(ui, "name", "What its header says", "nothing", &mut dump.name);
            }
        }
        Format::Literal => record(ui, rows, dump),
        Format::Gzip => {
            rows.text(ui, "name", "The name in its header", "none", &mut dump.name);
            let time = &mut dump.time;
            let field = |name| NumberField::new(name, 0..=u64::from(u32::MAX)).empty("none");
            rows.number(
                ui,
                "time",
                "Since 1970; without, the same bytes give the same file",
                field,
                time.unwrap_or(0).into(),
                |new| {
                    *time = u32::try_from(new).ok().filter(|&new| new > 0);
                },
            );
        }
        _ => {}
    }
}

/// How encoded sources are read.
pub(super) fn reading(ui: &mut Ui, rows: &mut Rows, subject: Subject<'_>, recipe: &mut Recipe) {
    let from = |formats: &[Format]| subject.from.is_none_or(|from| formats.contains(&from));
    let to = recipe.to;
    let dump = &mut recipe.options.dump;
    if from(&[Format::Literal]) && to != Format::Literal {
        style(ui, rows, dump, &[(None, "Read as what it looks like")]);
    }
    if from(&[Format::IntelHex, Format::SRecord]) {
        let write = |fill: &Option<u8>| fill.map(|byte| format!("0x{byte:02X}")).unwrap_or_default();
        let parse = |text: &str| match text.trim().is_empty() {
            true => Ok(None),
            false => parse_byte(text).map(Some).map_err(|error| error.to_string()),
        };
        rows.read(ui, ("gap", "The byte between addresses that are not said", "0xFF"), &mut dump.fill, write, parse);
    }
    if from(&[Format::Gzip, Format::Zlib, Format::Zstd]) {
        let write = |limit: &Option<u64>| limit.map(|limit| limit.to_string()).unwrap_or_default();
        let parse = |text: &str| match text.trim().is_empty() {
            true => Ok(None),
            false => crate::convert::numbers::parse_len(text).map(Some),
        };
        let help = "The most bytes that packed data may stand for: 10G, 512M; what claims more is refused";
        rows.read(ui, ("limit", help, "4 GiB, or 100 times its size"), &mut dump.limit, write, parse);
    }
    rows.tick(ui, "partial", "Of a source that is cut off, the part in front of that is better than nothing", &mut dump.partial);
}
