//! Tables as Excel workbooks.
//!
//! Text stays text: no cell ever becomes a formula, a link or a date. A cell is a number only where nothing of its text is
//! lost ([`number`]); leading zeros, long identifiers and `1e5` stay as they are.
//!
//! A sheet with more than [`IN_MEMORY`] bytes of cells is gathered in an unnamed temporary file that the system removes by
//! itself (the crate `rust_xlsxwriter` makes it), because a million rows would take gigabytes otherwise; a smaller one stays
//! in memory. The finished, compressed workbook is in memory either way, since its length is that of the result.

use std::io::Write;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format as Look, Workbook, Worksheet, XlsxError};

use super::xlsx_failure::Failure;
use super::{Cells, Table, counted, losses};
use crate::formats::{FormatError, Loss, TableOptions};
use crate::tasks::Progress;

/// Rows of a sheet, the header's included.
const MAX_ROWS: u64 = 1_048_576;
/// Columns of a sheet.
const MAX_COLUMNS: usize = 16_384;
/// Characters of a cell, as UTF-16 counts them.
const MAX_CELL: usize = 32_767;
/// Cells up to so many bytes are kept in memory until the workbook is written.
const IN_MEMORY: u64 = 1 << 20;
/// A column is made at most so many characters wide.
const MAX_WIDTH: usize = 60;

/// Writes `table` as the only sheet of a workbook; without `out` it only looks whether that goes, and what it loses.
///
/// # Errors
/// `Limit` before anything is written where a sheet cannot hold that many rows, columns or characters.
pub(super) fn write(
    table: &Table,
    options: &TableOptions,
    out: Option<&mut dyn Write>,
    progress: &Progress,
) -> Result<Vec<Loss>, FormatError> {
    let facts = look(table, progress)?;
    let mut losses: Vec<Loss> = losses::malformed(facts.malformed).into_iter().collect();
    if facts.short > 0 {
        let rows = counted(facts.short, "row ends", "rows end");
        losses.push(Loss::new(format!(
            "{rows} before others or with empty cells; a sheet does not tell a missing cell from an empty one"
        )));
    }
    if let Some(out) = out {
        let bytes = assemble(table, options, &facts, progress)?;
        out.write_all(&bytes).map_err(FormatError::Write)?;
    }
    Ok(losses)
}

/// The number that `text` is, if a spreadsheet shows and gives back exactly that text: the shortest way to write it, with no
/// more than eleven digits before the point, because the twelfth makes Excel show `1.23E+11`.
pub(in crate::formats) fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plausible = digits.len() <= 20 && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if !plausible || !digits.starts_with(|first: char| first.is_ascii_digit()) || text == "-0" {
        return None;
    }
    let whole = digits.split('.').next().unwrap_or_default();
    let number: f64 = text.parse().ok()?;
    (whole.len() <= 11 && number.to_string() == text).then_some(number)
}

/// What one pass over the rows tells.
struct Facts {
    /// Characters of the longest cell of each column, up to [`MAX_WIDTH`].
    widths: Vec<usize>,
    bytes: u64,
    malformed: u64,
    /// Rows whose last cell is not the table's last, or is empty.
    short: u64,
}

fn look(table: &Table, progress: &Progress) -> Result<Facts, FormatError> {
    let header = u64::from(table.header().is_some());
    let rows = table.row_count() + header;
    if rows > MAX_ROWS {
        return Err(limit(format!("the table has {rows} rows"), format!("{MAX_ROWS} rows a sheet")));
    }
    if table.width() > MAX_COLUMNS {
        return Err(limit(format!("the table has {} columns", table.width()), format!("{MAX_COLUMNS} columns a sheet")));
    }
    let mut facts = Facts { widths: vec![0; table.width()], bytes: 0, malformed: 0, short: 0 };
    for (column, name) in table.header().into_iter().flatten().enumerate() {
        facts.cell(name, 1, column)?;
    }
    let mut row_number = header;
    table.source.visit(0, false, &mut |row| {
        row_number += 1;
        facts.bytes += row.cells.byte_len() as u64;
        for column in 0..row.cells.len() {
            facts.malformed += row.cells.malformed(column);
            facts.cell(&row.cells.text(column), row_number, column)?;
        }
        let last = row.cells.len().checked_sub(1);
        let usual = table.header().map_or(0, <[String]>::len);
        facts.short += u64::from(last.is_some_and(|last| last + 1 < usual || last + 1 > usual && row.cells.raw(last).is_empty()));
        if row_number.is_multiple_of(1000) {
            progress.check()?;
        }
        Ok(true)
    })?;
    Ok(facts)
}

impl Facts {
    fn cell(&mut self, text: &str, row: u64, column: usize) -> Result<(), FormatError> {
        // UTF-16 never has more units than UTF-8 has bytes.
        if text.len() > MAX_CELL {
            let units = text.encode_utf16().count();
            if units > MAX_CELL {
                let what = format!("the cell in row {row}, column {} has {units} characters", column + 1);
                return Err(limit(what, format!("{MAX_CELL} characters a cell")));
            }
        }
        let line = text.lines().next().unwrap_or_default();
        let width: usize = line.chars().take(MAX_WIDTH).map(|character| if character < '\u{1100}' { 1 } else { 2 }).sum();
        self.widths[column] = self.widths[column].max(width.min(MAX_WIDTH));
        Ok(())
    }
}

fn limit(what: String, limit: String) -> FormatError {
    FormatError::Limit { what, limit }
}

fn assemble(table: &Table, options: &TableOptions, facts: &Facts, progress: &Progress) -> Result<Vec<u8>, Failure> {
    let mut workbook = Workbook::new();
    // The same table gives the same bytes at any time.
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    let sheet = if facts.bytes > IN_MEMORY { workbook.add_worksheet_with_constant_memory()? } else { workbook.add_worksheet() };
    if let Some(name) = &options.sheet_name {
        sheet.set_name(name)?;
    }
    for (column, &width) in (0_u16..).zip(&facts.widths) {
        // A little room beside the text, as Excel leaves it.
        sheet.set_column_width(column, (width + 2).max(8) as f64)?;
    }
    progress.set_done(0);
    progress.set_total(table.row_count());
    let mut row_number = 0_u32;
    if let Some(header) = table.header() {
        let bold = Look::new().set_bold();
        for (column, name) in (0_u16..).zip(header) {
            if !name.is_empty() {
                sheet.write_string_with_format(0, column, name, &bold)?;
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        row_number = 1;
    }
    let mut failure = None;
    let mut done = 0_u64;
    table.source.visit(0, false, &mut |row| {
        if let Err(error) = write_row(sheet, row_number, row.cells) {
            failure = Some(error);
            return Ok(false);
        }
        row_number += 1;
        done += 1;
        if done.is_multiple_of(1000) {
            progress.set_done(done);
            progress.check()?;
        }
        Ok(true)
    })?;
    if let Some(error) = failure {
        return Err(error.into());
    }
    progress.check().map_err(FormatError::from)?;
    let bytes = workbook.save_to_buffer()?;
    progress.set_done(done);
    Ok(bytes)
}

fn write_row(sheet: &mut Worksheet, row: u32, cells: &Cells) -> Result<(), XlsxError> {
    for (column, index) in (0_u16..).zip(0..cells.len()) {
        let text = cells.text(index);
        if text.is_empty() {
            continue;
        }
        match number(&text) {
            Some(number) => sheet.write_number(row, column, number)?,
            None => sheet.write_string(row, column, text)?,
        };
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_that_comes_back_is_a_number() {
        for text in ["0", "1", "-1", "12.5", "0.1", "-0.25", "12345678901", "0.30000000000000004", "123456.789"] {
            assert!(number(text).is_some(), "{text}");
        }
        for text in [
            "",
            "-",
            "007",
            "+1",
            "1.0",
            "1.",
            ".5",
            "-0",
            "1e5",
            "1E+05",
            " 1",
            "1 ",
            "1,000",
            "NaN",
            "inf",
            "0x10",
            "1_000",
            "123456789012",
            "159001810629457000",
            "0.1000",
            "12345.123456789012345678",
            "=1+1",
            "TRUE",
            "2026-04-25",
            "١",
        ] {
            assert!(number(text).is_none(), "{text}");
        }
    }
}
