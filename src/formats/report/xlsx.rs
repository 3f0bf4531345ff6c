//! Reports as workbooks: the sections below each other on one sheet, or a sheet for each table. Text stays text, as in the
//! converter's workbooks: no cell becomes a formula or a link, and a number is one only if its text comes back.

use std::io::Write;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format as Look, Image, Workbook, Worksheet, XlsxError};

use super::picture::{self, Shown};
use super::{Picture, Report, ReportTable, Section, Written, pdf};
use crate::formats::table::{Cells, WorkbookFailure as Failure, number, pack_workbook};
use crate::formats::{FormatError, Loss};
use crate::tasks::Progress;

/// Rows of a sheet.
const MAX_ROWS: u32 = 1_048_576;
/// Columns of a sheet.
const MAX_COLUMNS: usize = 16_384;
/// Characters of a cell, as UTF-16 counts them.
const MAX_CELL: usize = 32_767;
/// Reports with more rows than this gather their cells in a file without a name, which the system removes.
const IN_MEMORY: u64 = 20_000;
/// A column is made at most so many characters wide.
const MAX_WIDTH: usize = 60;
/// Pixels of a row of usual height.
const ROW_HEIGHT: u32 = 20;

pub(super) fn write(report: &Report, out: &mut dyn Write, progress: &Progress) -> Result<Written, FormatError> {
    let mut losses = Vec::new();
    assemble(report, &mut losses, out, progress)?;
    Ok(Written { pages: None, losses })
}

fn assemble(report: &Report, losses: &mut Vec<Loss>, out: &mut dyn Write, progress: &Progress) -> Result<(), Failure> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(report)?);
    let streamed = report.rows() > IN_MEMORY;
    let looks = Looks { heading: Look::new().set_bold().set_font_size(14), bold: Look::new().set_bold() };
    let mut names = Vec::new();
    // With a sheet for each table, what stands between two tables is on the sheet of the one after it.
    let mut groups: Vec<Vec<&Section>> = vec![Vec::new()];
    for section in &report.sections {
        let group = groups.last_mut().expect("there is one from the start");
        group.push(section);
        if report.sheet_each && matches!(section, Section::Table(_)) {
            groups.push(Vec::new());
        }
    }
    if groups.len() > 1 && groups.last().is_some_and(Vec::is_empty) {
        groups.pop();
    }
    for group in groups {
        let name = group.iter().rev().find_map(|section| match section {
            Section::Table(table) => Some(table.title.as_deref().unwrap_or(&table.name)),
            _ => None,
        });
        let name = match report.sheet_each {
            true => sheet_name(name.unwrap_or("Report"), &names),
            false => sheet_name("Report", &names),
        };
        names.push(name.to_lowercase());
        // The streaming sheet wants widths before rows, so the rows are looked through first.
        let widths = widths(&group, progress)?;
        let sheet = if streamed { workbook.add_worksheet_with_constant_memory()? } else { workbook.add_worksheet() };
        sheet.set_name(&name)?;
        for (column, width) in (0_u16..).zip(&widths) {
            sheet.set_column_width(column, (width + 2).max(8) as f64)?;
        }
        let mut writer = Writer { sheet, row: 0, looks: &looks, losses, progress };
        for section in group {
            progress.check()?;
            writer.section(section)?;
        }
    }
    pack_workbook(&mut workbook, out, progress)
}

fn properties(report: &Report) -> Result<DocProperties, XlsxError> {
    let mut properties = DocProperties::new();
    if let Some(title) = report.title() {
        properties = properties.set_title(title);
    }
    if let Some(author) = &report.document.author {
        properties = properties.set_author(author);
    }
    if let Some(subject) = &report.document.subject {
        properties = properties.set_subject(subject);
    }
    // The same report gives the same bytes at any time.
    let [year, month, day, hour, minute, second] =
        report.document.created.as_deref().and_then(pdf::date).unwrap_or([2000, 1, 1, 0, 0, 0]);
    let date = ExcelDateTime::from_ymd(year, month as u8, day as u8)?.and_hms(hour, minute as u8, f64::from(second))?;
    Ok(properties.set_creation_datetime(&date))
}

/// A name that a sheet can have and that no other has.
fn sheet_name(wanted: &str, taken: &[String]) -> String {
    let clean: String = wanted
        .chars()
        .map(|character| if "*?:[]\\/".contains(character) || character.is_control() { ' ' } else { character })
        .collect();
    let clean = clean.trim().trim_matches('\'').trim();
    let clean = if clean.is_empty() { "Sheet" } else { clean };
    let cut = |limit: usize| {
        let mut units = 0;
        let part: String = clean
            .chars()
            .take_while(|character| {
                units += character.len_utf16();
                units <= limit
            })
            .collect();
        part.trim_end_matches(['\'', ' ']).to_owned()
    };
    let free = |name: &String| !taken.contains(&name.to_lowercase());
    std::iter::once(cut(31))
        .chain((2..).map(|number| format!("{} {number}", cut(24))))
        .find(free)
        .expect("the numbers do not end")
}

fn widths(group: &[&Section], progress: &Progress) -> Result<Vec<usize>, FormatError> {
    let mut widths = Vec::new();
    let mut see = |column: usize, text: &str| {
        if column >= widths.len() {
            widths.resize((column + 1).min(MAX_COLUMNS), 0);
        }
        let line = text.lines().next().unwrap_or_default();
        let width: usize = line.chars().take(MAX_WIDTH).map(|character| if character < '\u{1100}' { 1 } else { 2 }).sum();
        if let Some(known) = widths.get_mut(column) {
            *known = (*known).max(width.min(MAX_WIDTH));
        }
    };
    for section in group {
        match section {
            Section::Summary { rows, .. } => rows.iter().for_each(|(name, value)| {
                see(0, name);
                see(1, value);
            }),
            Section::Table(table) => {
                table.header.iter().flatten().enumerate().for_each(|(column, name)| see(column, name));
                table.totals.iter().for_each(|row| row.iter().enumerate().for_each(|(column, cell)| see(column, cell)));
                // Progress counts the rows that are written.
                let aside = progress.done();
                table.visit(progress, &mut |cells| {
                    (0..cells.len()).for_each(|column| see(column, &cells.text(column)));
                    Ok(true)
                })?;
                progress.set_done(aside);
            }
            _ => {}
        }
    }
    Ok(widths)
}

struct Looks {
    heading: Look,
    bold: Look,
}

struct Writer<'a> {
    sheet: &'a mut Worksheet,
    row: u32,
    looks: &'a Looks,
    losses: &'a mut Vec<Loss>,
    progress: &'a Progress,
}

impl Writer<'_> {
    fn section(&mut self, section: &Section) -> Result<(), Failure> {
        let looks = self.looks;
        match section {
            Section::Title(title) => self.line([title], Some(&looks.heading)),
            Section::Text(text) => text.lines().try_for_each(|line| self.line([line], None)),
            Section::Blank(lines) => self.skip(*lines),
            Section::Summary { title, rows } => {
                title.iter().try_for_each(|title| self.line([title], Some(&looks.heading)))?;
                rows.iter().try_for_each(|(name, value)| self.line([name, value], None))
            }
            Section::Table(table) => self.table(table),
            Section::Picture(picture) => self.picture(picture),
        }
    }

    fn table(&mut self, table: &ReportTable) -> Result<(), Failure> {
        let looks = self.looks;
        table.title.iter().try_for_each(|title| self.line([title], Some(&looks.heading)))?;
        table.header.iter().try_for_each(|header| self.line(header, Some(&looks.bold)))?;
        let mut failure = None;
        let progress = self.progress;
        let pass = table.visit(progress, &mut |cells: &Cells| {
            failure = self.line(cells.iter(), None).err();
            Ok(failure.is_none())
        })?;
        if let Some(failure) = failure {
            return Err(failure);
        }
        self.losses.extend(pass.losses(&table.name));
        table.totals.iter().try_for_each(|row| self.line(row, Some(&looks.bold)))
    }

    fn skip(&mut self, rows: u32) -> Result<(), Failure> {
        self.row = self.row.saturating_add(rows);
        if self.row > MAX_ROWS {
            let what = "the report has more rows".to_owned();
            let limit = format!("{MAX_ROWS} rows a sheet; filter the tables, or give each a sheet of its own");
            return Err(FormatError::Limit { what, limit }.into());
        }
        Ok(())
    }

    fn line<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>, look: Option<&Look>) -> Result<(), Failure> {
        let row = self.row;
        self.skip(1)?;
        for (column, cell) in cells.into_iter().enumerate() {
            let text = cell.as_ref();
            if text.is_empty() {
                continue;
            }
            let Some(place) = u16::try_from(column).ok().filter(|_| column < MAX_COLUMNS) else {
                let what = "a table has more columns".to_owned();
                return Err(FormatError::Limit { what, limit: format!("{MAX_COLUMNS} columns a sheet") }.into());
            };
            // UTF-16 never has more units than UTF-8 has bytes.
            if text.len() > MAX_CELL && text.encode_utf16().count() > MAX_CELL {
                let what = format!("the cell in row {}, column {} of the sheet is longer", row + 1, column + 1);
                return Err(FormatError::Limit { what, limit: format!("{MAX_CELL} characters a cell") }.into());
            }
            match (number(text), look) {
                (Some(number), None) => self.sheet.write_number(row, place, number)?,
                (Some(number), Some(look)) => self.sheet.write_number_with_format(row, place, number, look)?,
                (None, None) => self.sheet.write_string(row, place, text)?,
                (None, Some(look)) => self.sheet.write_string_with_format(row, place, text, look)?,
            };
        }
        Ok(())
    }

    fn picture(&mut self, picture: &Picture) -> Result<(), Failure> {
        let Shown { bytes, width, height, losses, .. } = picture::for_sheet(picture, self.progress)?;
        self.losses.extend(losses);
        let wide = picture.width.map_or_else(|| f64::from(width).min(640.0), |wanted| f64::from(wanted) * 96.0 / 25.4);
        let tall = f64::from(height) * wide / f64::from(width.max(1));
        let pixels = |side: f64| side.round().clamp(1.0, 20_000.0) as u32;
        // At most 255 characters, as UTF-16 counts them.
        let words: String = picture.caption.as_ref().unwrap_or(&picture.name).chars().take(120).collect();
        let image = Image::new_from_buffer(&bytes)?.set_width(pixels(wide)).set_height(pixels(tall)).set_alt_text(words);
        self.sheet.insert_image(self.row, 0, &image)?;
        let rows = (tall / f64::from(ROW_HEIGHT)).ceil() as u32;
        self.skip(rows.saturating_add(1))?;
        picture.caption.iter().try_for_each(|caption| self.line([caption], None))
    }
}

#[cfg(test)]
mod tests {
    use super::sheet_name;

    #[test]
    fn names_that_a_sheet_can_have() {
        let taken = ["orders".to_owned(), "orders 2".to_owned()];
        assert_eq!(sheet_name("Orders", &taken), "Orders 3");
        assert_eq!(sheet_name("'a/b?'", &[]), "a b");
        assert_eq!(sheet_name("", &[]), "Sheet");
        assert_eq!(sheet_name(&"x".repeat(99), &[]).len(), 31);
        assert_eq!(sheet_name(&format!("{}'", "😀".repeat(99)), &[]).encode_utf16().count(), 30);
    }
}
