//! Reports: documents made of sections (titles, texts, tables, pictures, summaries), written as CSV, PDF, XLSX or HTML.
//!
//! A [`Recipe`] says in a small text what a report consists of; [`Recipe::build`] makes a [`Report`] of it and of the
//! contents that it names; [`write()`] writes that in any of [`FORMATS`]. Tables are read row by row each time they are
//! needed and never kept, so the length of a table costs time and no memory.
//!
//! # What templates can say
//!
//! Texts, cells and totals are templates, as Python's f-strings: `Generated {date}`, `${amount:.2f}`,
//! `{sum(orders.amount where status = "paid"):,.2f}`. Numbers are decimals and exact: no sum of money drifts, and what is
//! rounded rounds halves to the even digit, as Python's `decimal` does. See `expression.rs` for the grammar.
//!
//! # What is never made of content
//!
//! Formulas, links, scripts and tags: a cell with `=1+1`, an address or `<b>` is text in all four formats.

mod build;
mod csv;
mod decimal;
mod expression;
mod html;
mod named;
pub mod pages;
mod pdf;
mod picture;
mod recipe;
mod rows;
mod template;
mod value;
mod xlsx;

use std::io::Write;

pub use build::{BuildError, Source, Sources};
pub use recipe::{
    ColumnRecipe, DocumentRecipe, MAX_RECIPE, MadeColumn, PageRecipe, Paper, PictureRecipe, Recipe, RecipeError, SectionRecipe,
    SourceRecipe, SummaryRecipe, TableRecipe, TextRecipe, TextSource, section_lines,
};
pub use rows::ReportTable;

use super::{Format, FormatError, Loss, Options, guarded};
use crate::buffer::Buffer;
use crate::tasks::Progress;

/// The formats that a report is written in.
pub const FORMATS: [Format; 4] = [Format::Pdf, Format::Html, Format::Xlsx, Format::Csv];

/// A document of sections, ready to be written.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What PDF and XLSX tell about themselves.
    pub document: DocumentRecipe,
    /// How pages look, where there are pages.
    pub page: PageRecipe,
    /// Whether a workbook has a sheet for each table.
    pub sheet_each: bool,
    /// The sections, in order.
    pub sections: Vec<Section>,
    /// Font files that are asked for a character before the faces that come with the program.
    pub fonts: Vec<Buffer>,
    /// What was lost while it was put together.
    pub losses: Vec<Loss>,
}

/// A part of a report.
#[derive(Clone, Debug)]
pub enum Section {
    /// A heading.
    Title(String),
    /// Paragraphs; each line is one.
    Text(String),
    /// Empty lines.
    Blank(u32),
    /// Names and values, under a heading where there is one.
    Summary {
        /// The heading.
        title: Option<String>,
        /// Names and values, in order.
        rows: Vec<(String, String)>,
    },
    /// Rows of columns.
    Table(Box<ReportTable>),
    /// A picture.
    Picture(Picture),
}

/// A picture in a report.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Its bytes.
    pub bytes: Buffer,
    /// What they are.
    pub format: Format,
    /// What stands below it, and where no picture can be seen.
    pub caption: Option<String>,
    /// What it is called where something is said about it.
    pub name: String,
    /// Its width in millimetres; as wide as its pixels are at 96 of them an inch by default, and never wider than the page.
    pub width: Option<u16>,
}

impl Report {
    /// The title of the document: the one given, else the first heading.
    pub fn title(&self) -> Option<&str> {
        let heading = || {
            self.sections.iter().find_map(|section| match section {
                Section::Title(title) => Some(title.as_str()),
                _ => None,
            })
        };
        self.document.title.as_deref().or_else(heading)
    }

    /// Rows of all tables, as far as they are known before they are filtered.
    fn rows(&self) -> u64 {
        let rows = self.sections.iter().map(|section| match section {
            Section::Table(table) => table.source_rows(),
            _ => 1,
        });
        rows.fold(0, u64::saturating_add)
    }
}

/// What writing did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Pages, where the format has them.
    pub pages: Option<u64>,
    /// What the result does not have.
    pub losses: Vec<Loss>,
}

/// Writes `report` as `format`, one of [`FORMATS`]. `options` hold the choices of CSV (delimiter, quoting, newline,
/// encoding) and of HTML (encoding).
///
/// The same report gives the same bytes at any time. Memory is bounded but for pictures, one at a time, and for the finished workbook.
///
/// # Errors
/// `Unsupported` for another format; `Limit` where a sheet or a picture is too large; `Read`, `Write`, `Cancelled`. What was
/// written before an error is no whole result.
pub fn write(
    report: &Report,
    format: Format,
    options: &Options,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<Written, FormatError> {
    let run = |out: &mut dyn Write| match format {
        Format::Csv => csv::write(report, options, out, progress),
        Format::Html => html::write(report, options, out, progress),
        Format::Xlsx => xlsx::write(report, out, progress),
        Format::Pdf => pdf::write(report, out, progress),
        _ => Err(FormatError::Unsupported { format, what: "a report".into() }),
    };
    progress.set_done(0);
    progress.set_total(report.rows());
    let mut written = guarded(format, || run(out))?;
    out.flush().map_err(FormatError::Write)?;
    written.losses.splice(0..0, report.losses.iter().cloned());
    Ok(written)
}

/// Writes a table alone as PDF, under its name where it has one.
pub(in crate::formats) fn table_as_pdf(
    table: &super::table::Table,
    options: &super::TableOptions,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<Vec<Loss>, FormatError> {
    let mut section = ReportTable::whole("the table", table.clone());
    section.title.clone_from(&options.table_name);
    let document = DocumentRecipe { title: options.table_name.clone(), ..DocumentRecipe::default() };
    let report = Report { document, sections: vec![Section::Table(Box::new(section))], ..Report::default() };
    progress.set_done(0);
    progress.set_total(report.rows());
    pdf::write(&report, out, progress).map(|written| written.losses)
}
