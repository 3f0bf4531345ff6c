//! Tables as Excel workbooks.
//!
//! Text stays text: no cell ever becomes a formula, a link or a date. A cell is a number only where nothing of its text is
//! lost ([`number`]); leading zeros, long identifiers and `1e5` stay as they are.
//!
//! A table with more rows than a sheet holds is split over several, each with the header, which is told before it is written.
//!
//! A table with more than [`IN_MEMORY`] bytes of cells is gathered in unnamed temporary files that the system removes by
//! itself (the crate `rust_xlsxwriter` makes them), because a million rows would take gigabytes otherwise; a smaller one stays
//! in memory. How the packed workbook is kept is told in [`pack`](super::xlsx_pack::pack).

use std::io::Write;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format as Look, Workbook, Worksheet, XlsxError};

use super::xlsx_failure::Failure;
use super::xlsx_pack::pack;
use super::{Cells, Table, counted, losses, select};
use crate::formats::{FormatError, Loss, TableOptions, shortest};
use crate::tasks::Progress;

/// Rows of a sheet, the header's included.
const MAX_ROWS: u64 = 1_048_576;
/// Sheets that one table may be split over: each of them is a file while it is gathered.
const MAX_SHEETS: u64 = 255;
/// Columns of a sheet.
const MAX_COLUMNS: usize = 16_384;
/// Characters of a sheet's name, as UTF-16 counts them.
const MAX_NAME: usize = 31;
/// Characters of a cell, as UTF-16 counts them.
const MAX_CELL: usize = 32_767;
/// Cells up to so many bytes are kept in memory until the workbook is written.
const IN_MEMORY: u64 = 1 << 20;
/// How hard cells are packed, of 9: a file is 2 % larger than with the usual 6, and ready after three quarters of the time.
const PACKING: u8 = 4;
/// A column is made at most so many characters wide.
const MAX_WIDTH: usize = 60;

/// Writes `table` as the sheets of a workbook, one if it has room there; without `out` it only looks whether that goes, and what
/// it loses.
///
/// # Errors
/// `Limit` before anything is written where sheets cannot hold that many rows, columns or characters.
pub(super) fn write(
    table: &Table,
    options: &TableOptions,
    out: Option<&mut dyn Write>,
    progress: &Progress,
) -> Result<Vec<Loss>, FormatError> {
    write_split(table, options, MAX_ROWS, out, progress)
}

/// The same with sheets of `most` rows, at least two.
fn write_split(
    table: &Table,
    options: &TableOptions,
    most: u64,
    out: Option<&mut dyn Write>,
    progress: &Progress,
) -> Result<Vec<Loss>, FormatError> {
    let plan = Plan::of(table, options, most)?;
    let facts = look(table, progress)?;
    let mut losses: Vec<Loss> = losses::malformed(facts.malformed).into_iter().collect();
    losses.extend(plan.told(table));
    if facts.short > 0 {
        let rows = counted(facts.short, "row ends", "rows end");
        losses.push(Loss::new(format!(
            "{rows} before others or with empty cells; a sheet does not tell a missing cell from an empty one"
        )));
    }
    if let Some(out) = out {
        assemble(table, &plan, &facts, out, progress)?;
    }
    Ok(losses)
}

/// How many rows in all sheets of a workbook that [`write`] made have a cell that is not empty, headers included: what a reader
/// must find there, which knows no rows without one.
///
/// # Errors
/// As for [`write`].
pub(crate) fn filled_rows(table: &Table, options: &TableOptions, progress: &Progress) -> Result<u64, FormatError> {
    let table = &select::apply(table, options)?;
    let headers = match table.header() {
        Some(header) if header.iter().any(|name| !name.is_empty()) => Plan::of(table, options, MAX_ROWS)?.sheets,
        _ => 0,
    };
    let (mut row_number, mut filled) = (0_u64, 0_u64);
    table.source.visit(0, false, &mut |row| {
        row_number += 1;
        filled += u64::from((0..row.cells.len()).any(|column| !row.cells.text(column).is_empty()));
        if row_number.is_multiple_of(1000) {
            progress.check()?;
        }
        Ok(true)
    })?;
    Ok(headers + filled)
}

/// Which rows are on which sheet.
struct Plan {
    /// Rows of the table on each sheet but the last, which may have fewer.
    rows: u64,
    sheets: u64,
    /// The name that was chosen.
    name: Option<String>,
}

impl Plan {
    fn of(table: &Table, options: &TableOptions, most: u64) -> Result<Self, FormatError> {
        if table.width() > MAX_COLUMNS {
            return Err(limit(format!("the table has {} columns", table.width()), format!("{MAX_COLUMNS} columns a sheet")));
        }
        let rows = most - u64::from(table.header().is_some());
        let sheets = table.row_count().div_ceil(rows).max(1);
        if sheets > MAX_SHEETS {
            let what = format!("the table has {} rows", table.row_count());
            return Err(limit(what, format!("{MAX_SHEETS} sheets of {most} rows")));
        }
        Ok(Self { rows, sheets, name: options.sheet_name.clone() })
    }

    /// The name of a sheet, from 0; none leaves it to the library.
    fn sheet_name(&self, number: u64) -> Option<String> {
        match &self.name {
            None if self.sheets == 1 => None,
            None => Some(format!("Rows {}", number + 1)),
            Some(name) if number == 0 => Some(name.clone()),
            Some(name) => {
                let suffix = format!(" ({})", number + 1);
                // Cut so that the number has room too.
                let mut units = suffix.len();
                let fits = |character: &char| {
                    units += character.len_utf16();
                    units <= MAX_NAME
                };
                let cut: String = name.chars().take_while(fits).collect();
                Some(cut.trim_end().to_owned() + &suffix)
            }
        }
    }

    fn told(&self, table: &Table) -> Option<Loss> {
        let last = self.sheets.checked_sub(1).filter(|&last| last > 0)?;
        let names = [0, last].map(|number| self.sheet_name(number).unwrap_or_default());
        let header = if table.header().is_some() { ", each with the header" } else { "" };
        Some(Loss::new(format!(
            "the table has {} rows, more than a sheet holds: they are split over {} sheets, {:?} to {:?}{header}",
            table.row_count(),
            self.sheets,
            names[0],
            names[1],
        )))
    }
}

/// The number that `text` is, if a spreadsheet shows and gives back exactly that text: the shortest way to write it, with no
/// more than eleven digits before the point, because the twelfth makes Excel show `1.23E+11`.
pub(in crate::formats) fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let whole = digits.find('.').unwrap_or(digits.len());
    let plausible = digits.len() <= 20 && whole <= 11 && text != "-0";
    plausible.then(|| shortest::float(text.as_bytes())).flatten()
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
    let mut facts = Facts { widths: vec![0; table.width()], bytes: 0, malformed: 0, short: 0 };
    for (column, name) in table.header().into_iter().flatten().enumerate() {
        facts.cell(name, 1, column)?;
    }
    let mut row_number = u64::from(table.header().is_some());
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
        let known = &mut self.widths[column];
        // No text is wider than it has bytes.
        if text.len().min(MAX_WIDTH) > *known {
            let line = text.lines().next().unwrap_or_default();
            let width: usize = line.chars().take(MAX_WIDTH).map(|character| if character < '\u{1100}' { 1 } else { 2 }).sum();
            *known = (*known).max(width.min(MAX_WIDTH));
        }
        Ok(())
    }
}

fn limit(what: String, limit: String) -> FormatError {
    FormatError::Limit { what, limit }
}

fn assemble(table: &Table, plan: &Plan, facts: &Facts, out: &mut dyn Write, progress: &Progress) -> Result<(), Failure> {
    let mut workbook = Workbook::new();
    // The same table gives the same bytes at any time.
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    workbook.set_zip_compression_level(PACKING);
    for number in 0..plan.sheets {
        let sheet =
            if facts.bytes > IN_MEMORY { workbook.add_worksheet_with_constant_memory()? } else { workbook.add_worksheet() };
        if let Some(name) = plan.sheet_name(number) {
            sheet.set_name(name)?;
        }
        for (column, &width) in (0_u16..).zip(&facts.widths) {
            // A little room beside the text, as Excel leaves it.
            sheet.set_column_width(column, (width + 2).max(8) as f64)?;
        }
        if let Some(header) = table.header() {
            let bold = Look::new().set_bold();
            for (column, name) in (0_u16..).zip(header) {
                if !name.is_empty() {
                    sheet.write_string_with_format(0, column, name, &bold)?;
                }
            }
            sheet.set_freeze_panes(1, 0)?;
        }
    }
    progress.set_done(0);
    progress.set_total(table.row_count());
    let first = u32::from(table.header().is_some());
    let mut sheets = workbook.worksheets_mut().iter_mut();
    let mut sheet = sheets.next();
    let mut failure = None;
    let (mut done, mut on_sheet) = (0_u64, 0_u64);
    table.source.visit(0, false, &mut |row| {
        if on_sheet == plan.rows {
            (sheet, on_sheet) = (sheets.next(), 0);
        }
        // Rows that the table did not say it has have no sheet.
        let Some(sheet) = &mut sheet else { return Ok(false) };
        // Fewer than a sheet's rows, which 32 bits count.
        if let Err(error) = write_row(sheet, first + on_sheet as u32, row.cells) {
            failure = Some(error);
            return Ok(false);
        }
        on_sheet += 1;
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
    pack(&mut workbook, out, progress)?;
    progress.set_done(done);
    Ok(())
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
    use std::io::Cursor;

    use calamine::{Data, Reader as _, Xlsx};

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

    fn split(header: bool, rows: u64, most: u64, name: Option<&str>) -> (Vec<u8>, Vec<String>) {
        let rows = (0..rows).map(|row| vec![row.to_string(), format!("text {row}")]).collect();
        let table = Table::from_rows(header.then(|| vec!["n".into(), "words".into()]), rows);
        let options = TableOptions { sheet_name: name.map(str::to_owned), ..TableOptions::default() };
        let mut out = Vec::new();
        let told = write_split(&table, &options, most, None, &Progress::new()).unwrap();
        assert_eq!(write_split(&table, &options, most, Some(&mut out), &Progress::new()).unwrap(), told, "it is told before");
        (out, told.into_iter().map(|loss| loss.what).collect())
    }

    fn sheets(book: Vec<u8>) -> Vec<(String, Vec<Vec<String>>)> {
        let mut book = Xlsx::new(Cursor::new(book)).unwrap();
        let cell = |cell: &Data| cell.to_string();
        let rows = |rows: calamine::Range<Data>| rows.rows().map(|row| row.iter().map(cell).collect()).collect();
        book.worksheets().into_iter().map(|(name, range)| (name, rows(range))).collect()
    }

    #[test]
    fn more_rows_than_a_sheet_holds_are_split_with_the_header_on_each() {
        let (book, told) = split(true, 10, 5, None);
        let what = "the table has 10 rows, more than a sheet holds: they are split over 3 sheets, \"Rows 1\" to \"Rows 3\", each with the header";
        assert_eq!(told, [what]);
        let sheets = sheets(book);
        assert_eq!(sheets.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["Rows 1", "Rows 2", "Rows 3"]);
        let mut next = 0;
        for (name, rows) in &sheets {
            assert_eq!(rows[0], ["n", "words"], "{name}");
            for row in &rows[1..] {
                assert_eq!(*row, [next.to_string(), format!("text {next}")], "{name}");
                next += 1;
            }
        }
        assert_eq!((next, lens(&sheets)), (10, vec![5, 5, 3]));
    }

    #[test]
    fn what_just_fits_is_one_sheet_and_names_are_numbered() {
        let (book, told) = split(true, 4, 5, None);
        assert_eq!((told.len(), lens(&sheets(book))), (0, vec![5]));
        let (book, told) = split(false, 5, 5, Some("Orders"));
        assert_eq!((told.len(), sheets(book)[0].0.as_str()), (0, "Orders"));
        let (book, told) = split(false, 6, 5, Some("Orders"));
        assert!(told[0].ends_with("over 2 sheets, \"Orders\" to \"Orders (2)\""), "{told:?}");
        assert_eq!(lens(&sheets(book)), [5, 1]);
        // A name of the greatest length is cut for the number.
        let long = "Orders of the year 2026 in full";
        let (book, _) = split(false, 6, 5, Some(long));
        assert_eq!(sheets(book)[1].0, "Orders of the year 2026 in (2)");
    }

    #[test]
    fn rows_for_too_many_sheets_are_refused_in_words() {
        let table = Table::from_rows(None, vec![vec!["x".into()]; 511]);
        let error = write_split(&table, &TableOptions::default(), 2, None, &Progress::new()).unwrap_err();
        assert_eq!(error.to_string(), "the table has 511 rows, more than the limit of 255 sheets of 2 rows");
    }

    fn lens(sheets: &[(String, Vec<Vec<String>>)]) -> Vec<usize> {
        sheets.iter().map(|(_, rows)| rows.len()).collect()
    }
}
