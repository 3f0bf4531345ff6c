//! Cells as text for other programs.

use super::TableRows;
use crate::formats::table::{Table, write_telling};
use crate::formats::{Format, FormatError, Options};
use crate::tasks::Progress;

/// More cells are not copied as text; an export writes them to a file.
pub const COPY_CELLS: u64 = 4_000_000;

/// Bytes of text that the clipboard gets at most.
const COPY_BYTES: usize = 256 << 20;

/// How cells are copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CopyStyle {
    /// With tabs between them, as spreadsheets paste them; a single cell as it is.
    Cells,
    /// The same below the names of the columns.
    CellsWithHeader,
    /// CSV with a header.
    Csv,
    /// A table in Markdown.
    Markdown,
    /// A table in HTML.
    Html,
    /// An array of objects.
    Json,
}

impl CopyStyle {
    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cells => "cells",
            Self::CellsWithHeader => "cells with their header",
            Self::Csv => "CSV",
            Self::Markdown => "Markdown",
            Self::Html => "HTML",
            Self::Json => "JSON",
        }
    }

    const fn format(self) -> Format {
        match self {
            Self::Cells | Self::CellsWithHeader => Format::Tsv,
            Self::Csv => Format::Csv,
            Self::Markdown => Format::Markdown,
            Self::Html => Format::Html,
            Self::Json => Format::Json,
        }
    }
}

/// The cells of `columns` in the rows at `places` as text.
///
/// # Errors
/// Those of reading the rows, and `Limit` where it is more text than a clipboard takes.
pub fn copy_cells(
    rows: &TableRows,
    places: std::ops::Range<u64>,
    columns: &[usize],
    style: CopyStyle,
    progress: &Progress,
) -> Result<String, FormatError> {
    const BLOCK: u64 = 1000;
    let mut cells = Vec::new();
    let mut bytes = 0;
    progress.set_total(places.end - places.start);
    let mut at = places.start;
    while at < places.end {
        let end = places.end.min(at + BLOCK);
        for (_, row) in rows.read(at..end)? {
            let cut: Vec<String> = columns.iter().map(|&column| row.cells.get(column).cloned().unwrap_or_default()).collect();
            bytes += cut.iter().map(|cell| cell.len() + 1).sum::<usize>();
            cells.push(cut);
        }
        if bytes > COPY_BYTES {
            return Err(FormatError::Limit {
                what: "more than 256 MiB of text".into(),
                limit: "what a clipboard takes; export the table instead".into(),
            });
        }
        at = end;
        progress.set_done(at - places.start);
        progress.check()?;
    }
    let single = cells.len() == 1 && columns.len() == 1;
    if single && style == CopyStyle::Cells {
        return Ok(cells.swap_remove(0).swap_remove(0));
    }
    let name = |&column: &usize| rows.table().header().and_then(|header| header.get(column)).cloned();
    let header = (style != CopyStyle::Cells && rows.table().header().is_some())
        .then(|| columns.iter().map(|column| name(column).unwrap_or_default()).collect());
    let table = Table::from_rows(header, cells);
    let mut options = Options::default();
    options.table.newline = Some(crate::formats::text::NewlineStyle::Lf);
    let mut out = Vec::new();
    write_telling(&table, style.format(), &options, &mut out, progress)?;
    let text = String::from_utf8_lossy(&out).into_owned();
    // Cells that are pasted end where they end.
    Ok(match style {
        CopyStyle::Cells | CopyStyle::CellsWithHeader => text.strip_suffix('\n').map(str::to_owned).unwrap_or(text),
        _ => text,
    })
}
