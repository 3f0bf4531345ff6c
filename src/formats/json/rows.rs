//! Rows of JSON for views and writers, and the places of their values.

use std::collections::HashMap;
use std::sync::Arc;

use super::plain::{Not, Sink, Taken, Usual};
use super::records::{Kind, Layer, Record, Records};
use super::source::Text;
use super::unescape::unescape;
use crate::buffer::{ByteRange, Offset};
use crate::formats::table::{Cells, RowSource, RowView, Visitor};
use crate::formats::text::Encoding;
use crate::formats::{Format, FormatError};
use crate::tasks::Progress;

/// JSON text, what its columns are, and where some of its records start.
#[derive(Debug)]
pub(super) struct JsonRows {
    pub(super) text: Text,
    pub(super) format: Format,
    pub(super) layer: Layer,
    pub(super) columns: HashMap<String, usize>,
    /// The column of what is no object, where there are objects too or no arrays.
    pub(super) value_column: Option<usize>,
    pub(super) width: usize,
    /// Record number and offset, ascending.
    pub(super) index: Vec<(u64, u64)>,
    pub(super) rows: u64,
    /// Stands where a record has no such key.
    pub(super) missing: String,
    /// The most bytes that a record's cells may take.
    pub(super) limit: u64,
}

impl JsonRows {
    fn visit_asking(
        &self,
        first: u64,
        shown: bool,
        progress: Option<&Progress>,
        visitor: Visitor<'_>,
    ) -> Result<(), FormatError> {
        let entry = self.index[self.index.partition_point(|entry| entry.0 <= first).saturating_sub(1)];
        let begin = |entry| {
            let mut records = self.records(entry);
            if let Some(progress) = progress {
                records.bytes.ask(progress);
            }
            records
        };
        let mut records = begin(entry);
        let mut record = Record::new();
        let mut cells = Cells::new(Encoding::Utf8);
        let mut slots: Vec<Option<usize>> = vec![None; self.width];
        let mut names = vec![""; self.width];
        self.columns.iter().for_each(|(name, column)| names[*column] = name);
        let (mut columns, mut usual): (Vec<usize>, Usual) = Default::default();
        let roomy = records.is_roomy();
        let mut row = entry.0;
        while row < self.rows {
            // Most records have their keys in the order of the one before.
            if let Some(columns) = usual.expected().filter(|_| roomy) {
                let mut straight = Straight { rows: self, names: &names, columns, next: 0, cells: &mut cells };
                if let Some(range) = records.plain(&mut straight)? {
                    row += 1;
                    let range = if self.text.has_ranges { range } else { ByteRange::default() };
                    if row > first && !visitor(RowView { cells: &cells, range })? {
                        break;
                    }
                    continue;
                }
            }
            if records.next(shown, &mut record)?.is_none() {
                break;
            }
            row += 1;
            let mut range = record.range;
            if record.cut {
                let next = self.index[self.index.partition_point(|entry| entry.0 <= row).saturating_sub(1)];
                let end = if next.0 == row { next.1 } else { self.text.buffer.len().0 };
                range = ByteRange::between(range.start, Offset(end));
                records = begin((row, end));
            }
            if row <= first {
                continue;
            }
            if !self.text.has_ranges {
                range = ByteRange::default();
            }
            cells.clear();
            match (record.kind, self.value_column) {
                (Kind::Object, _) => {
                    slots.fill(None);
                    columns.clear();
                    for key in 0..record.keys.len().min(record.values.len()) {
                        if let Some(&column) = self.columns.get(record.keys.text(key).as_ref()) {
                            slots[column] = Some(key);
                            columns.push(column);
                        }
                    }
                    usual.set(&columns, |column| names[column]);
                    for slot in &slots {
                        match slot {
                            Some(value) => record.push_value(*value, &mut cells),
                            None => cells.push(&self.missing),
                        }
                    }
                }
                (_, Some(column)) => {
                    for _ in 0..column {
                        cells.push("");
                    }
                    record.push_whole(&mut cells);
                }
                _ => {
                    for value in 0..record.values.len() {
                        record.push_value(value, &mut cells);
                    }
                }
            }
            if !visitor(RowView { cells: &cells, range })? {
                break;
            }
        }
        Ok(())
    }
}

/// Makes a row of an object that has the keys of the one before it, in the order of their columns.
struct Straight<'a> {
    rows: &'a JsonRows,
    names: &'a [&'a str],
    columns: &'a [usize],
    next: usize,
    cells: &'a mut Cells,
}

impl Straight<'_> {
    fn fill(&mut self, column: usize) {
        while self.cells.len() < column {
            self.cells.push(&self.rows.missing);
        }
    }
}

impl Sink for Straight<'_> {
    fn clear(&mut self) {
        self.next = 0;
        self.cells.clear();
    }

    fn begin(&mut self, kind: Kind) -> Taken<()> {
        if kind == Kind::Object { Ok(()) } else { Err(Not::Plain) }
    }

    fn expected(&self) -> Option<&[u8]> {
        self.columns.get(self.next).map(|column| self.names[*column].as_bytes())
    }

    fn as_expected(&mut self) {
        self.fill(self.columns[self.next]);
        self.next += 1;
    }

    fn key(&mut self, _: &[u8], _: bool) -> Taken<()> {
        Err(Not::Plain)
    }

    fn scalar(&mut self, raw: &[u8], escapes: bool) {
        match raw {
            b"null" => self.cells.push(""),
            [b'"', ..] if escapes => self.cells.push(&unescape(raw).0),
            [b'"', text @ .., b'"'] | text => {
                self.cells.push_bytes(text);
                self.cells.end_cell();
            }
        }
    }

    fn nested(&mut self, read: &mut dyn FnMut(&mut Vec<u8>) -> Taken<()>) -> Taken<()> {
        self.cells.push_with(read)
    }

    fn end(&mut self) -> Taken<()> {
        if self.next < self.columns.len() {
            return Err(Not::Plain);
        }
        self.fill(self.rows.width);
        Ok(())
    }
}

impl RowSource for JsonRows {
    fn visit(&self, first: u64, shown: bool, visitor: Visitor<'_>) -> Result<(), FormatError> {
        self.visit_asking(first, shown, None, visitor)
    }

    fn asking(self: Arc<Self>, progress: &Progress) -> Option<Arc<dyn RowSource>> {
        Some(Arc::new(AskingRows { rows: self, progress: progress.clone() }))
    }

    fn cuts(&self, bytes: u64) -> Vec<u64> {
        let mut next = 0;
        let mut cuts = Vec::new();
        for &(row, offset) in &self.index {
            if offset >= next && row < self.rows {
                cuts.push(row);
                next = offset + bytes;
            }
        }
        // Records before the first entry that has its place belong to the first part.
        if let Some(first) = cuts.first_mut() {
            *first = 0;
        }
        cuts
    }

    fn row_at(&self, offset: Offset) -> Result<Option<u64>, FormatError> {
        if !self.text.has_ranges || self.index[0].1 > offset.0 {
            return Ok(None);
        }
        let entry = self.index[self.index.partition_point(|entry| entry.1 <= offset.0).saturating_sub(1)];
        let mut records = self.records(entry);
        let mut record = Record::new();
        let mut row = entry.0;
        while row < self.rows && records.next(true, &mut record)?.is_some() {
            if record.range.contains(offset) || (record.cut && record.range.start <= offset) {
                return Ok(Some(row));
            }
            if record.range.start > offset {
                break;
            }
            row += 1;
        }
        Ok(None)
    }

    fn cell_range(&self, row: u64, column: usize) -> Result<Option<ByteRange>, FormatError> {
        let Some(record) = self.placed(row)? else { return Ok(None) };
        if record.kind != Kind::Object && self.value_column.is_some() {
            // The whole record is one cell.
            return Ok((self.value_column == Some(column) && !record.cut).then_some(record.range));
        }
        let places = record.places.as_deref().unwrap_or_default();
        // Of a key that comes again the last value counts.
        let found = places.iter().enumerate().rev().find(|(value, _)| self.column_of(&record, *value) == Some(column));
        Ok(found.map(|(_, (_, place))| *place))
    }

    fn cell_at(&self, row: u64, offset: Offset) -> Result<usize, FormatError> {
        let Some(record) = self.placed(row)? else { return Ok(0) };
        let places = record.places.as_deref().unwrap_or_default();
        let value = places.partition_point(|(from, _)| *from <= offset.0).saturating_sub(1);
        Ok(self.column_of(&record, value).unwrap_or(0))
    }
}

impl JsonRows {
    /// A record with the places of its values; as far as views show it.
    fn placed(&self, row: u64) -> Result<Option<Record>, FormatError> {
        if !self.text.has_ranges || row >= self.rows {
            return Ok(None);
        }
        let entry = self.index[self.index.partition_point(|entry| entry.0 <= row).saturating_sub(1)];
        let mut records = self.records(entry);
        let mut record = Record::new();
        for _ in entry.0..row {
            // One that is cut is the last before an entry.
            if records.next(true, &mut record)?.is_none() || record.cut {
                return Ok(None);
            }
        }
        record.places = Some(Vec::new());
        if records.next(true, &mut record)?.is_none() {
            return Ok(None);
        }
        if record.cut
            && let Some(places) = &mut record.places
        {
            // Where the value that was cut ends is not known.
            places.pop();
        }
        Ok(Some(record))
    }

    /// The column of a record's value.
    fn column_of(&self, record: &Record, value: usize) -> Option<usize> {
        match (record.kind, self.value_column) {
            (Kind::Object, _) if value < record.keys.len() => self.columns.get(record.keys.text(value).as_ref()).copied(),
            (Kind::Object, _) => None,
            (_, Some(column)) => Some(column),
            (_, None) => Some(value),
        }
    }

    fn records(&self, entry: (u64, u64)) -> Records<'_> {
        Records::new(&self.text, self.format, self.layer, entry.1, self.limit)
    }
}

/// Rows for one piece of work: one record may be as long as the text.
#[derive(Debug)]
struct AskingRows {
    rows: Arc<JsonRows>,
    progress: Progress,
}

impl RowSource for AskingRows {
    fn visit(&self, first: u64, shown: bool, visitor: Visitor<'_>) -> Result<(), FormatError> {
        self.rows.visit_asking(first, shown, Some(&self.progress), visitor)
    }

    fn row_at(&self, offset: Offset) -> Result<Option<u64>, FormatError> {
        self.rows.row_at(offset)
    }

    fn cuts(&self, bytes: u64) -> Vec<u64> {
        self.rows.cuts(bytes)
    }
}
