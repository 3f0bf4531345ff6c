//! Reports as one CSV: a row for a heading or a line of text, blank rows, tables one below the other, as Python's
//! `csv.writer` writes them.

use std::io::Write;

use super::{Report, Section, Written};
use crate::formats::table::{Cells, Dialect, Sink, counted};
use crate::formats::text::{Encoding, NewlineStyle};
use crate::formats::{FormatError, Loss, Options};
use crate::tasks::Progress;

pub(super) fn write(
    report: &Report,
    options: &Options,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<Written, FormatError> {
    options.table.validate()?;
    let delimiter = options.table.delimiter.unwrap_or(b',');
    Dialect { delimiter, ..Dialect::default() }.check()?;
    let encoding = options.text.encoding.canonical();
    if options.text.bom {
        out.write_all(encoding.mark()).map_err(FormatError::Write)?;
    }
    let newline = options.table.newline.unwrap_or(NewlineStyle::CrLf);
    let mut rows =
        Rows { sink: Sink::new(delimiter, newline, encoding, options.table.quoting, out), cells: Cells::new(Encoding::Utf8) };
    let mut losses = Vec::new();
    let mut pictures = Vec::new();
    for section in &report.sections {
        progress.check()?;
        match section {
            Section::Title(title) => rows.write([title])?,
            Section::Text(text) => {
                text.lines().try_for_each(|line| if line.is_empty() { rows.blank() } else { rows.write([line]) })?;
            }
            Section::Blank(lines) => (0..*lines).try_for_each(|_| rows.blank())?,
            Section::Summary { title, rows: pairs } => {
                title.iter().try_for_each(|title| rows.write([title]))?;
                pairs.iter().try_for_each(|(name, value)| rows.write([name, value]))?;
            }
            Section::Table(table) => {
                table.title.iter().try_for_each(|title| rows.write([title]))?;
                table.header.iter().try_for_each(|header| rows.write(header))?;
                let pass = table.visit(progress, &mut |cells| rows.sink.row(cells).map(|()| true))?;
                losses.extend(pass.losses(&table.name));
                table.totals.iter().try_for_each(|row| rows.write(row))?;
            }
            Section::Picture(picture) => {
                pictures.push(picture.name.as_str());
                picture.caption.iter().try_for_each(|caption| rows.write([caption]))?;
            }
        }
    }
    losses.extend(rows.sink.finish()?);
    if !pictures.is_empty() {
        let count = counted(pictures.len() as u64, "picture is", "pictures are");
        losses.push(Loss::new(format!("{count} left out, because CSV has none: {}", pictures.join(", "))));
    }
    Ok(Written { pages: None, losses })
}

struct Rows<'a> {
    sink: Sink<'a>,
    cells: Cells,
}

impl Rows<'_> {
    fn write<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) -> Result<(), FormatError> {
        self.cells.clear();
        cells.into_iter().for_each(|cell| self.cells.push(cell.as_ref()));
        self.sink.row(&self.cells)
    }

    fn blank(&mut self) -> Result<(), FormatError> {
        self.cells.clear();
        self.sink.row(&self.cells)
    }
}
