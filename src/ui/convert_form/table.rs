//! The choices of tables.

use egui::Ui;

use super::{Rows, Subject, text};
use crate::convert::Recipe;
use crate::convert::words::parse_fields;
use crate::formats::{ColumnCompression, ColumnTypes, Extras, Format, Quoting};

const DELIMITERS: [(Option<u8>, &str); 5] =
    [(Some(b','), "Comma"), (Some(b';'), "Semicolon"), (Some(b'\t'), "Tab"), (Some(b'|'), "Pipe"), (Some(b' '), "Space")];

pub(super) fn usual(ui: &mut Ui, rows: &mut Rows, recipe: &mut Recipe) {
    let to = recipe.to;
    let table = &mut recipe.options.table;
    match to {
        Format::Csv | Format::Tsv => {
            let mut delimiters = vec![(None, if to == Format::Csv { "The usual: comma" } else { "The usual: tab" })];
            delimiters.extend(DELIMITERS);
            rows.pick(ui, "delimiter", "Between two cells", &mut table.delimiter, &delimiters);
            let quotes = [
                (Quoting::Minimal, "Where they are needed"),
                (Quoting::All, "Around all cells"),
                (Quoting::NonNumeric, "Around all but numbers"),
                (Quoting::None, "Never; refused if needed"),
            ];
            rows.pick(ui, "quoting", "Which cells stand in quotes", &mut table.quoting, &quotes);
            text::newline(ui, rows, &mut table.newline, "CRLF, as Python's csv");
        }
        Format::Sql => {
            rows.text(ui, "table-name", "The table that rows go into", "data", &mut table.table_name);
            rows.tick(ui, "create-table", "Makes the table too; all its columns are texts", &mut table.create_table);
            rows.tick(ui, "empty-null", "Instead of empty texts", &mut table.empty_is_null);
        }
        Format::Html => {
            rows.text(ui, "table-name", "The title of the table", "none", &mut table.table_name);
            rows.tick(ui, "fragment", "For a page that there is already", &mut table.fragment);
        }
        Format::Xlsx => rows.text(ui, "sheet-name", "At most 31 characters", "Sheet1", &mut table.sheet_name),
        Format::Parquet | Format::Arrow => {
            let kinds = [(ColumnTypes::Exact, "Numbers where exact"), (ColumnTypes::Text, "All texts")];
            rows.pick(ui, "types", "01 and 1e3 stay texts; empty cells of all but texts become null", &mut table.types, &kinds);
            let usual = if to == Format::Parquet { "Snappy (usual)" } else { "Not packed (usual)" };
            let name = |kind| match kind {
                ColumnCompression::Usual => usual,
                ColumnCompression::None => "Not packed",
                ColumnCompression::Snappy => "Snappy",
                ColumnCompression::Lz4 => "LZ4",
                ColumnCompression::Zstd => "Zstandard",
                ColumnCompression::Gzip => "gzip",
                ColumnCompression::Brotli => "Brotli",
            };
            // What was chosen for Parquet may be nothing for Arrow.
            if !ColumnCompression::of(to).any(|kind| kind == table.compression) {
                table.compression = ColumnCompression::Usual;
            }
            let ways: Vec<_> = ColumnCompression::of(to).map(|kind| (kind, name(kind))).collect();
            rows.pick(ui, "compression", "The cells are the same in all of them", &mut table.compression, &ways);
        }
        _ => {}
    }
    // Workbooks and files of columns have no characters to choose an encoding for.
    if !to.is_binary() {
        text::encoding(ui, rows, recipe);
    }
}

/// Which columns, in which order; what is missing.
pub(super) fn columns(ui: &mut Ui, rows: &mut Rows, subject: Subject<'_>, recipe: &mut Recipe) {
    let table = &mut recipe.options.table;
    let write = |fields: &Option<Vec<String>>| fields.as_deref().map(quoted).unwrap_or_default();
    let parse = |text: &str| match text.is_empty() {
        true => Ok(None),
        false => parse_fields(text).map(Some).map_err(|error| error.to_string()),
    };
    let help = "Names in the order that they are to have, with commas between; quotes around a name with a comma";
    rows.read(ui, ("fields", help, "all, as they are"), &mut table.fields, write, parse);
    super::columns::show(ui, subject.columns, table);
    if table.fields.is_some() {
        let actions =
            [(Extras::Raise, "Refuse, and name them"), (Extras::Ignore, "Leave them out"), (Extras::Keep, "Keep them behind")];
        rows.pick(ui, "extras", "What becomes of columns that are not named", &mut table.extras, &actions);
    }
    rows.text(ui, "missing", "Stands where a row has no such cell", "empty", &mut table.missing);
    rows.tick(ui, "without-header", "The names of the columns are left out", &mut table.without_header);
}

/// Names as one row of CSV.
fn quoted(fields: &[String]) -> String {
    let cell = |name: &String| match name.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", name.replace('"', "\"\"")),
        false => name.clone(),
    };
    fields.iter().map(cell).collect::<Vec<_>>().join(",")
}

/// How the sources are read.
pub(super) fn reading(ui: &mut Ui, rows: &mut Rows, subject: Subject<'_>, recipe: &mut Recipe) {
    let book = subject.from.is_none_or(Format::is_workbook);
    let delimited = subject.from.is_none_or(|from| matches!(from, Format::Csv | Format::Tsv));
    if delimited {
        let mut delimiters = vec![(None, "What it looks like")];
        delimiters.extend(DELIMITERS);
        rows.pick(ui, "input-delimiter", "Between two cells of the source", &mut recipe.dialect.delimiter, &delimiters);
    }
    if delimited || book {
        rows.has("no-header");
        let headers = [(None, "What it looks like"), (Some(true), "Names the columns"), (Some(false), "Is a row like others")];
        rows.pick(ui, "header", "What the first row of the source is", &mut recipe.dialect.header, &headers);
    }
    if book {
        let help = "The sheet of a workbook: its name, or its number from 1";
        rows.text(ui, "sheet", help, "the first one", &mut recipe.options.table.sheet);
    }
}
