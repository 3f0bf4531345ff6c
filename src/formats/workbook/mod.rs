//! Workbooks as tables: XLSX and XLSB, XLS, and ODS, read by the crate `calamine`.
//!
//! # What a sheet is as a table
//!
//! The first row that is not blank names the columns. A row reaches to its last filled cell, and at least as far as
//! the header; a row without a filled cell is a blank row. Cells are text: numbers in their shortest form, dates and times
//! in ISO 8601 ([`value`]), `TRUE` and `FALSE`, errors such as `#DIV/0!`, and of a formula the value that was saved with it.
//!
//! # What a hostile workbook can do
//!
//! Its parts are inflated and counted before `calamine` sees them ([`parts`]); a sheet's cells are streamed and kept only
//! where they hold something, so that two cells at the far corners are two cells, up to [`MAX_MEMORY`]. The readers for XLS
//! and ODS make a grid of each sheet, so how large it would be is found out before ([`biff`], [`ods`]).

mod biff;
mod cells;
pub(super) mod compound;
mod ods;
mod parts;
mod value;

use calamine::{Reader as _, Sheet, SheetType, SheetVisible};

use super::table::Table;
use super::{Format, FormatError, Limits, Loss, TableOptions, guarded};
use crate::buffer::{Buffer, Reader};
use crate::tasks::Progress;
use cells::Collector;

/// Bytes that the cells of one sheet may take.
pub(super) const MAX_MEMORY: u64 = 512 << 20;

/// Reads the sheet that `options` name (the first visible one by default) as a table.
///
/// # Errors
/// `Option` for a sheet that is not there, `Limit` where the workbook asks for too much, `Malformed`, `Panicked`.
pub(super) fn open(input: &Buffer, format: Format, options: &TableOptions, progress: &Progress) -> Result<Table, FormatError> {
    guarded(format, || {
        let mut book = Book::open(input, format, options.limits, progress)?;
        let sheets = book.sheets();
        let chosen = choose(&sheets, options.sheet.as_deref())?;
        let name = sheets[chosen].name.clone();
        let mut collector = Collector::new(options.limits.or(MAX_MEMORY));
        let formulas = book.cells(&name, format, progress, &mut |place, text| collector.push(place, text))?;
        let mut losses = others(&sheets, chosen);
        losses.extend(without_formulas(formulas));
        Ok(collector.into_table(options.input_header.unwrap_or(true), losses))
    })
}

/// The names of the worksheets, in their order.
pub fn sheet_names(input: &Buffer, format: Format, progress: &Progress) -> Result<Vec<String>, FormatError> {
    guarded(format, || {
        Ok(Book::open(input, format, Limits::default(), progress)?.sheets().into_iter().map(|sheet| sheet.name).collect())
    })
}

/// How many rows of all sheets have a cell that is not empty. Cells are counted and not kept.
///
/// # Errors
/// `Malformed`, `Panicked`.
pub(crate) fn filled_rows(input: &Buffer, format: Format, progress: &Progress) -> Result<u64, FormatError> {
    guarded(format, || {
        let limits = Limits { max_bytes: u64::MAX, ..Limits::default() };
        let mut book = Book::open(input, format, limits, progress)?;
        let mut filled = 0_u64;
        for sheet in book.sheets() {
            let mut last = None;
            book.cells(&sheet.name, format, progress, &mut |(row, _), text| {
                if !text.is_empty() && last != Some(row) {
                    (last, filled) = (Some(row), filled + 1);
                }
                Ok(())
            })?;
        }
        Ok(filled)
    })
}

/// Takes a cell's row and column, and its text.
type Taker<'a> = &'a mut dyn FnMut((u32, u32), &str) -> Result<(), FormatError>;

enum Book {
    Xlsx(Box<calamine::Xlsx<Reader>>),
    Xlsb(Box<calamine::Xlsb<Reader>>),
    Xls(Box<calamine::Xls<Reader>>),
    Ods(Box<calamine::Ods<Reader>>),
}

impl Book {
    fn open(input: &Buffer, format: Format, limits: Limits, progress: &Progress) -> Result<Self, FormatError> {
        let bad = |what: String| FormatError::Malformed { format, what, at: None };
        Ok(match format {
            Format::Xlsx => {
                parts::check(input, format, limits, progress)?;
                Self::Xlsx(Box::new(calamine::Xlsx::new(input.reader()).map_err(|error| bad(error.to_string()))?))
            }
            Format::Xlsb => {
                parts::check(input, format, limits, progress)?;
                Self::Xlsb(Box::new(calamine::Xlsb::new(input.reader()).map_err(|error| bad(error.to_string()))?))
            }
            Format::Xls => {
                biff::check(input, limits.or(MAX_MEMORY), progress)?;
                Self::Xls(Box::new(calamine::Xls::new(input.reader()).map_err(|error| bad(error.to_string()))?))
            }
            Format::Ods => {
                parts::check(input, format, limits, progress)?;
                ods::check(input, limits.or(MAX_MEMORY), progress)?;
                Self::Ods(Box::new(calamine::Ods::new(input.reader()).map_err(|error| bad(error.to_string()))?))
            }
            _ => return Err(FormatError::Unsupported { format, what: "reading as a workbook".into() }),
        })
    }

    /// The worksheets; charts and macros have no cells.
    fn sheets(&self) -> Vec<Sheet> {
        let all = match self {
            Self::Xlsx(book) => book.sheets_metadata(),
            Self::Xlsb(book) => book.sheets_metadata(),
            Self::Xls(book) => book.sheets_metadata(),
            Self::Ods(book) => book.sheets_metadata(),
        };
        all.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).cloned().collect()
    }

    /// Gives the filled cells of a sheet; how many of them are formulas comes back.
    fn cells(&mut self, name: &str, format: Format, progress: &Progress, into: Taker<'_>) -> Result<u64, FormatError> {
        let bad = |what: String| FormatError::Malformed { format, what, at: None };
        let (mut read, mut formulas) = (0_u64, 0);
        let mut tick = || {
            read += 1;
            if read.is_multiple_of(1000) { progress.check() } else { Ok(()) }
        };
        match self {
            Self::Xlsx(book) => {
                let mut cells = book.worksheet_cells_reader(name).map_err(|error| bad(error.to_string()))?;
                // Shared formulas are not spelled out for each cell: their numbers are sizes that a file claims.
                while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|error| bad(error.to_string()))? {
                    tick()?;
                    formulas += u64::from(cell.formula.is_some());
                    into(cell.pos, &value::text_of(&cell.value))?;
                }
            }
            Self::Xlsb(book) => {
                let book = book.as_mut();
                let mut cells = book.worksheet_cells_reader(name).map_err(|error| bad(error.to_string()))?;
                while let Some(cell) = cells.next_cell().map_err(|error| bad(error.to_string()))? {
                    tick()?;
                    into(cell.get_position(), &value::text_of(cell.get_value()))?;
                }
                drop(cells);
                // They are told of in a pass of their own; one that cannot be spelled ends the count, not the reading.
                let counted = guarded(format, || {
                    let mut cells = book.worksheet_cells_reader(name).map_err(|error| bad(error.to_string()))?;
                    let mut count = 0_u64;
                    while let Ok(Some(_)) = cells.next_formula() {
                        count += 1;
                        if count.is_multiple_of(1000) {
                            progress.check()?;
                        }
                    }
                    Ok(count)
                });
                formulas = match counted {
                    Err(FormatError::Cancelled(stop)) => return Err(stop.into()),
                    counted => counted.unwrap_or_default(),
                };
            }
            // These have their grids in memory already; the checks before know how large they are.
            Self::Xls(_) | Self::Ods(_) => {
                let range = match self {
                    Self::Xls(book) => book.worksheet_range(name).map_err(|error| bad(error.to_string()))?,
                    Self::Ods(book) => book.worksheet_range(name).map_err(|error| bad(error.to_string()))?,
                    _ => return Ok(0),
                };
                let spelled = match self {
                    Self::Xls(book) => book.worksheet_formula(name).ok(),
                    Self::Ods(book) => book.worksheet_formula(name).ok(),
                    _ => None,
                };
                formulas = spelled.map_or(0, |spelled| spelled.used_cells().count() as u64);
                let (top, left) = range.start().unwrap_or_default();
                for (row, column, data) in range.used_cells() {
                    tick()?;
                    let at = (top.saturating_add(row as u32), left.saturating_add(column as u32));
                    into(at, &value::text_of(&value::borrowed(data)))?;
                }
            }
        }
        Ok(formulas)
    }
}

/// The sheet's place: by its name, or by its number, which begins at 1.
fn choose(sheets: &[Sheet], wanted: Option<&str>) -> Result<usize, FormatError> {
    if sheets.is_empty() {
        return Err(FormatError::Option("the workbook has no worksheet".into()));
    }
    let Some(wanted) = wanted else {
        return Ok(sheets.iter().position(|sheet| sheet.visible == SheetVisible::Visible).unwrap_or(0));
    };
    let by_name = |same: &dyn Fn(&str) -> bool| sheets.iter().position(|sheet| same(&sheet.name));
    by_name(&|name| name == wanted)
        .or_else(|| by_name(&|name| name.to_lowercase() == wanted.to_lowercase()))
        .or_else(|| wanted.parse::<usize>().ok()?.checked_sub(1).filter(|&number| number < sheets.len()))
        .ok_or_else(|| {
            let names = listed(sheets.iter());
            FormatError::Option(format!("there is no sheet {wanted:?}; the workbook has {names}, or say a number from 1"))
        })
}

fn others(sheets: &[Sheet], chosen: usize) -> Vec<Loss> {
    if sheets.len() < 2 {
        return Vec::new();
    }
    let rest = listed(sheets.iter().enumerate().filter(|(number, _)| *number != chosen).map(|(_, sheet)| sheet));
    let what = format!("Only the sheet {:?} of {} is read, not {rest}", sheets[chosen].name, sheets.len());
    vec![Loss::new(what)]
}

/// A table has the values that were saved with formulas.
fn without_formulas(count: u64) -> Option<Loss> {
    let formulas = super::table::counted(count, "formula becomes the value", "formulas become the values");
    (count > 0).then(|| Loss::new(format!("{formulas} that {} saved with", if count == 1 { "it was" } else { "they were" })))
}

/// Names in quotes; of many the first ones.
fn listed<'a>(sheets: impl Iterator<Item = &'a Sheet>) -> String {
    const SHOWN: usize = 8;
    let names: Vec<_> = sheets.map(|sheet| format!("{:?}", sheet.name)).collect();
    match names.len().checked_sub(SHOWN) {
        None | Some(0) => names.join(", "),
        Some(more) => format!("{} and {more} more", names[..SHOWN].join(", ")),
    }
}
