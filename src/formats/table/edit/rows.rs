//! Edits of delimited files.

use std::ops::Range;

use super::places::{Places, places, read, units};
use super::{CellChange, Change, EditError, Patches, encode};
use crate::buffer::{Buffer, ByteRange, Offset};
use crate::formats::table::{Dialect, Table};
use crate::formats::text::Encoding;
use crate::tasks::Progress;

/// A delimited file that is changed.
pub(super) struct Rows<'a> {
    input: &'a Buffer,
    table: &'a Table,
    dialect: Dialect,
    encoding: Encoding,
    progress: &'a Progress,
}

impl<'a> Rows<'a> {
    pub(super) fn new(input: &'a Buffer, table: &'a Table, dialect: &Dialect, progress: &'a Progress) -> Self {
        let encoding = dialect.encoding.canonical();
        Self { input, table, dialect: Dialect { encoding, ..*dialect }, encoding, progress }
    }

    pub(super) fn change(&self, change: &Change, patches: &mut Patches<'_>) -> Result<(), EditError> {
        match change {
            Change::Cells(cells) => self.cells(cells, patches),
            Change::InsertRows { at, rows } => self.insert_rows(*at, rows, patches),
            Change::DeleteRows(rows) => self.delete_rows(rows, patches),
            Change::InsertColumn { at, name } => self.insert_column(*at, name, patches),
            Change::DeleteColumns(columns) => self.delete_columns(columns, patches),
        }
    }

    /// Each of the rows `first..` with its bytes' range, until `take` wants no more.
    fn visit(&self, first: u64, mut take: impl FnMut(u64, ByteRange) -> Result<bool, EditError>) -> Result<(), EditError> {
        let (mut row, mut failed) = (first, None);
        self.table.source.visit(first, true, &mut |view| {
            if row.is_multiple_of(1000) {
                self.progress.set_done(row);
                self.progress.check()?;
            }
            match take(row, view.range) {
                Ok(more) => {
                    row += 1;
                    Ok(more)
                }
                Err(error) => {
                    failed = Some(error);
                    Ok(false)
                }
            }
        })?;
        failed.map_or(Ok(()), Err)
    }

    /// The bytes of one row.
    fn row(&self, row: Option<u64>) -> Result<ByteRange, EditError> {
        let Some(number) = row else { return Ok(self.table.header_range()) };
        let mut found = None;
        self.visit(number, |_, range| {
            found = Some(range);
            Ok(false)
        })?;
        found.ok_or_else(|| EditError::Unwritable(format!("there is no row {}", number + 1)))
    }

    fn cells(&self, changes: &[CellChange], patches: &mut Patches<'_>) -> Result<(), EditError> {
        let mut sorted: Vec<_> = changes.iter().collect();
        // The header stands before all rows. Of two texts for one cell the later one counts.
        sorted.sort_by_key(|change| (change.row, change.column));
        let count = self.table.row_count();
        let known = sorted.partition_point(|change| change.row.is_none_or(|row| row < count));
        let (sorted, beyond) = sorted.split_at(known);
        let mut runs = sorted.chunk_by(|a, b| a.row == b.row).peekable();
        while let Some(run) = runs.next() {
            let Some(row) = run[0].row else {
                self.cells_of(self.table.header_range(), run, patches)?;
                continue;
            };
            // Rows that follow one another are found in one go.
            let mut run = run;
            self.visit(row, |_, range| {
                self.cells_of(range, run, patches)?;
                let next = runs.next_if(|next| next[0].row == run[0].row.map(|row| row + 1));
                Ok(next.inspect(|next| run = next).is_some())
            })?;
        }
        // Rows past the last one are new ones.
        let mut rows = Vec::new();
        for run in beyond.chunk_by(|a, b| a.row == b.row) {
            let last = run.iter().map(|change| change.column).max().unwrap_or(0);
            let mut cells = vec![String::new(); (last + 1).max(self.table.usual_width())];
            for change in run {
                cells[change.column].clone_from(&change.text);
            }
            rows.push(cells);
        }
        if rows.is_empty() { Ok(()) } else { self.insert_rows(count, &rows, patches) }
    }

    /// Cells of one row, by their columns.
    fn cells_of(&self, range: ByteRange, changes: &[&CellChange], patches: &mut Patches<'_>) -> Result<(), EditError> {
        let bytes = read(self.input, range)?;
        let Places { cells, end } = places(&bytes, &self.dialect);
        let at = |offset: usize| Offset(range.start.0 + offset as u64);
        let mut behind = Vec::new();
        let mut width = cells.len();
        for (index, change) in changes.iter().enumerate() {
            if changes.get(index + 1).is_some_and(|next| next.column == change.column) {
                continue;
            }
            let mut new = Vec::new();
            match cells.get(change.column) {
                Some(cell) => {
                    self.cell(&change.text, cell.quoted, cells.len() == 1, &mut new)?;
                    patches.replace(ByteRange::between(at(cell.start), at(cell.end)), &new);
                }
                None if change.text.is_empty() => {}
                None => {
                    // The cells between are empty ones.
                    let missing = change.column - width + usize::from(width > 0);
                    for _ in 0..missing {
                        self.delimiter(&mut behind)?;
                    }
                    self.cell(&change.text, false, false, &mut behind)?;
                    width = change.column + 1;
                }
            }
        }
        if !behind.is_empty() {
            patches.replace(ByteRange::between(at(end), at(end)), &behind);
        }
        Ok(())
    }

    /// A cell as it is written: between quotes where it stood between quotes, and where it could not be read back without.
    fn cell(&self, text: &str, quoted: bool, alone: bool, out: &mut Vec<u8>) -> Result<(), EditError> {
        let delimiter = char::from(self.dialect.delimiter);
        let quote = self.dialect.quote.map(char::from);
        let needs = text.contains([delimiter, '\n', '\r'])
            || quote.is_some_and(|quote| text.starts_with(quote))
            || (alone && text.is_empty());
        match quote {
            Some(quote) if needs || quoted || text.contains(quote) => {
                let doubled = text.replace(quote, &format!("{quote}{quote}"));
                encode(&format!("{quote}{doubled}{quote}"), self.encoding, out)
            }
            None if needs && !(alone && text.is_empty()) => Err(EditError::Unwritable(
                "this table is read without quotes, so no cell of it can hold its delimiter or a line end: nothing was changed"
                    .into(),
            )),
            _ => encode(text, self.encoding, out),
        }
    }

    fn delimiter(&self, out: &mut Vec<u8>) -> Result<(), EditError> {
        encode(char::from(self.dialect.delimiter).encode_utf8(&mut [0; 4]), self.encoding, out)
    }

    /// The line end of the row whose bytes are `range`; `None` where it has none.
    fn line_end(&self, range: ByteRange) -> Result<Option<&'static str>, EditError> {
        let unit = self.encoding.unit() as u64;
        let start = range.end().0.saturating_sub(2 * unit).max(range.start.0);
        let bytes = self.input.to_vec(ByteRange::between(Offset(start), range.end()))?;
        let last: Vec<u16> = units(&bytes, self.encoding).collect();
        Ok(match last.as_slice() {
            [.., 13, 10] => Some("\r\n"),
            [.., 10] => Some("\n"),
            [.., 13] => Some("\r"),
            _ => None,
        })
    }

    fn insert_rows(&self, at: u64, rows: &[Vec<String>], patches: &mut Patches<'_>) -> Result<(), EditError> {
        let count = self.table.row_count();
        let before = match at.min(count).checked_sub(1) {
            Some(row) => Some(self.row(Some(row))?),
            None => Some(self.table.header_range()).filter(|range| !range.is_empty()),
        };
        let place = match before {
            Some(range) => range.end(),
            None if count > 0 => self.row(Some(0))?.start,
            None => Offset(self.input.len().0),
        };
        let ends = before.map(|range| self.line_end(range)).transpose()?.flatten();
        // The last row may have no line end; then the rows before it, or the header, say what one is here.
        let newline = match ends {
            Some(newline) => newline,
            None if !self.table.header_range().is_empty() => self.line_end(self.table.header_range())?.unwrap_or("\n"),
            None if count > 0 => self.line_end(self.row(Some(0))?)?.unwrap_or("\n"),
            None => "\n",
        };
        let open_end = before.is_some() && ends.is_none();
        let mut new = Vec::new();
        for cells in rows {
            if open_end {
                encode(newline, self.encoding, &mut new)?;
            }
            for (index, text) in cells.iter().enumerate() {
                if index > 0 {
                    self.delimiter(&mut new)?;
                }
                self.cell(text, false, cells.len() == 1, &mut new)?;
            }
            if !open_end {
                encode(newline, self.encoding, &mut new)?;
            }
        }
        if !new.is_empty() {
            patches.replace(ByteRange::between(place, place), &new);
        }
        Ok(())
    }

    fn delete_rows(&self, rows: &[Range<u64>], patches: &mut Patches<'_>) -> Result<(), EditError> {
        for run in rows.iter().filter(|run| !run.is_empty()) {
            self.progress.check()?;
            let (first, last) = (self.row(Some(run.start))?, self.row(Some(run.end - 1))?);
            patches.replace(ByteRange::between(first.start, last.end()), b"");
        }
        Ok(())
    }

    /// Every row, the header first; blank ones are left out.
    fn all(&self, mut take: impl FnMut(Option<u64>, ByteRange, &[u8], Places) -> Result<(), EditError>) -> Result<(), EditError> {
        self.progress.set_done(0);
        self.progress.set_total(self.table.row_count());
        let mut one = |row, range| {
            let bytes = read(self.input, range)?;
            let found = places(&bytes, &self.dialect);
            if found.cells.is_empty() { Ok(()) } else { take(row, range, &bytes, found) }
        };
        if !self.table.header_range().is_empty() {
            one(None, self.table.header_range())?;
        }
        self.visit(0, |row, range| one(Some(row), range).map(|()| true))
    }

    fn insert_column(&self, column: usize, name: &str, patches: &mut Patches<'_>) -> Result<(), EditError> {
        let mut delimiter = Vec::new();
        self.delimiter(&mut delimiter)?;
        self.all(|row, range, _, found| {
            let mut new = Vec::new();
            let text = if row.is_none() { name } else { "" };
            let offset = match found.cells.get(column) {
                Some(cell) => {
                    self.cell(text, false, false, &mut new)?;
                    new.extend_from_slice(&delimiter);
                    cell.start
                }
                None if found.cells.len() == column => {
                    new.extend_from_slice(&delimiter);
                    self.cell(text, false, false, &mut new)?;
                    found.end
                }
                // A short row has no cell there, neither before nor then.
                None => return Ok(()),
            };
            let at = Offset(range.start.0 + offset as u64);
            patches.replace(ByteRange::between(at, at), &new);
            Ok(())
        })
    }

    fn delete_columns(&self, columns: &[usize], patches: &mut Patches<'_>) -> Result<(), EditError> {
        if (0..self.table.width()).all(|column| columns.contains(&column)) {
            return Err(EditError::Unwritable("a table keeps at least one column: nothing was changed".into()));
        }
        let mut delimiter = Vec::new();
        self.delimiter(&mut delimiter)?;
        self.all(|_, range, bytes, found| {
            let kept: Vec<_> =
                found.cells.iter().enumerate().filter(|(index, _)| !columns.contains(index)).map(|(_, cell)| cell).collect();
            if kept.len() == found.cells.len() {
                return Ok(());
            }
            let mut new = Vec::new();
            for (index, cell) in kept.iter().enumerate() {
                if index > 0 {
                    new.extend_from_slice(&delimiter);
                }
                // A row with one empty cell is not a blank row.
                if kept.len() == 1 && cell.start == cell.end {
                    self.cell("", false, true, &mut new)?;
                }
                new.extend_from_slice(&bytes[cell.start..cell.end]);
            }
            let at = |offset: usize| Offset(range.start.0 + offset as u64);
            patches.replace(ByteRange::between(at(0), at(found.end)), &new);
            Ok(())
        })
    }
}
