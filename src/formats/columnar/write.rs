//! Columns out of rows.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::builder::{Float64Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_ipc::writer::FileWriter;
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use crate::formats::table::{Cells, Table, counted};
use crate::formats::{Format, FormatError, Loss, TableOptions, json};
use crate::tasks::Progress;

/// Rows, and bytes of text, that are gathered for one batch.
const BATCH: (u64, usize) = (8192, 4 << 20);
/// Rows, and encoded bytes, of a group in Parquet: what a reader has to decode to see one of them.
const GROUP: (usize, usize) = (128 * 1024, 32 << 20);

/// Writes `table` in columns and tells what is lost.
pub(in crate::formats) fn write(
    table: &Table,
    format: Format,
    options: &TableOptions,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<Vec<Loss>, FormatError> {
    let header = table.header().unwrap_or_default();
    let named = |index: usize| header.get(index).cloned().unwrap_or_else(|| format!("column_{}", index + 1));
    let names = json::unique_names(&(0..table.width()).map(named).collect::<Vec<_>>());
    let (kinds, malformed) = look(table, options.typed, progress)?;
    let fields: Vec<_> = names.iter().zip(&kinds).map(|(name, kind)| Field::new(name, kind.clone(), true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let mut target = Target::open(format, &schema, out)?;
    let mut batch = Batch::new(&kinds);
    progress.set_done(0);
    progress.set_total(table.row_count());
    let mut done = 0_u64;
    table.source.visit(0, false, &mut |row| {
        done += 1;
        if done.is_multiple_of(1000) {
            progress.set_done(done);
            progress.check()?;
        }
        batch.push(row.cells);
        if batch.rows >= BATCH.0 || batch.text >= BATCH.1 {
            target.write(&batch.finish(&schema)?)?;
        }
        Ok(true)
    })?;
    if batch.rows > 0 {
        target.write(&batch.finish(&schema)?)?;
    }
    target.close()?;
    progress.set_done(done);
    let mut losses = Vec::new();
    if malformed > 0 {
        losses.push(Loss::new(format!(
            "{} cannot be decoded and become U+FFFD",
            counted(malformed, "byte sequence", "byte sequences")
        )));
    }
    let short = table.ragged_rows().saturating_add(table.blank_rows());
    if short > 0 {
        losses.push(Loss::new(format!("{} another width; missing cells become null", counted(short, "row has", "rows have"))));
    }
    let renamed = header.iter().zip(&names).filter(|(old, new)| old != new).count() as u64;
    if renamed > 0 {
        losses.push(Loss::new(format!(
            "{} named anew, because names come only once",
            counted(renamed, "column is", "columns are")
        )));
    }
    Ok(losses)
}

/// The type of each column, and how many byte sequences mean nothing.
fn look(table: &Table, typed: bool, progress: &Progress) -> Result<(Vec<DataType>, u64), FormatError> {
    // Whether all texts so far are whole numbers, numbers; and whether there is any.
    let mut seen = vec![(typed, typed, false); table.width()];
    let (mut malformed, mut rows) = (0, 0_u64);
    table.source.visit(0, false, &mut |row| {
        rows += 1;
        if rows.is_multiple_of(1000) {
            progress.check()?;
        }
        for (index, (whole, number, any)) in (0..row.cells.len()).zip(&mut seen) {
            malformed += row.cells.malformed(index);
            if *number && !row.cells.raw(index).is_empty() {
                let text = row.cells.text(index);
                *any = true;
                *whole = *whole && text.parse::<i64>().is_ok_and(|value| value.to_string() == text);
                *number = *whole || as_float(&text).is_some();
            }
        }
        Ok(true)
    })?;
    // A whole number before the first fraction must come back from a fraction's type too.
    let mut mixed: Vec<bool> = seen.iter().map(|(whole, number, any)| *any && *number && !*whole).collect();
    if mixed.contains(&true) {
        table.source.visit(0, false, &mut |row| {
            for (index, mixed) in (0..row.cells.len()).zip(&mut mixed) {
                *mixed = *mixed && (row.cells.raw(index).is_empty() || as_float(&row.cells.text(index)).is_some());
            }
            progress.check()?;
            Ok(true)
        })?;
    }
    let kind = |((whole, _, any), float): ((bool, bool, bool), bool)| match () {
        () if any && whole => DataType::Int64,
        () if float => DataType::Float64,
        () => DataType::Utf8,
    };
    Ok((seen.into_iter().zip(mixed).map(kind).collect(), malformed))
}

fn as_float(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|value| value.is_finite() && value.to_string() == text)
}

enum Column {
    Text(StringBuilder),
    Whole(Int64Builder),
    Float(Float64Builder),
}

struct Batch {
    columns: Vec<Column>,
    rows: u64,
    text: usize,
}

impl Batch {
    fn new(kinds: &[DataType]) -> Self {
        let column = |kind: &DataType| match kind {
            DataType::Int64 => Column::Whole(Int64Builder::new()),
            DataType::Float64 => Column::Float(Float64Builder::new()),
            _ => Column::Text(StringBuilder::new()),
        };
        Self { columns: kinds.iter().map(column).collect(), rows: 0, text: 0 }
    }

    fn push(&mut self, cells: &Cells) {
        self.rows += 1;
        self.text += cells.byte_len();
        for (index, column) in self.columns.iter_mut().enumerate() {
            let text = (index < cells.len()).then(|| cells.text(index));
            match column {
                Column::Text(column) => column.append_option(text),
                Column::Whole(column) => column.append_option(text.and_then(|text| text.parse().ok())),
                Column::Float(column) => column.append_option(text.and_then(|text| text.parse().ok())),
            }
        }
    }

    fn finish(&mut self, schema: &SchemaRef) -> Result<RecordBatch, FormatError> {
        let array = |column: &mut Column| -> ArrayRef {
            match column {
                Column::Text(column) => Arc::new(column.finish()),
                Column::Whole(column) => Arc::new(column.finish()),
                Column::Float(column) => Arc::new(column.finish()),
            }
        };
        let columns = self.columns.iter_mut().map(array).collect();
        let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(self.rows as usize));
        (self.rows, self.text) = (0, 0);
        RecordBatch::try_new_with_options(Arc::clone(schema), columns, &options).map_err(arrow)
    }
}

fn arrow(error: ArrowError) -> FormatError {
    match error {
        ArrowError::IoError(_, error) => FormatError::Write(error),
        error => FormatError::Unsupported { format: Format::Arrow, what: error.to_string() },
    }
}

fn parquet(error: ParquetError) -> FormatError {
    FormatError::Unsupported { format: Format::Parquet, what: error.to_string() }
}

/// Memory between the Parquet writer, which wants an output that may go to another thread, and ours.
#[derive(Clone, Default)]
struct Gathered(Arc<Mutex<Vec<u8>>>);

impl Gathered {
    fn empty_into(&self, out: &mut dyn Write) -> Result<(), FormatError> {
        let mut bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        out.write_all(&bytes).map_err(FormatError::Write)?;
        bytes.clear();
        Ok(())
    }
}

impl Write for Gathered {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

enum Target<'a> {
    Parquet { writer: Box<ArrowWriter<Gathered>>, gathered: Gathered, out: &'a mut dyn Write },
    Arrow(Box<FileWriter<&'a mut dyn Write>>),
}

impl<'a> Target<'a> {
    fn open(format: Format, schema: &SchemaRef, out: &'a mut dyn Write) -> Result<Self, FormatError> {
        if format == Format::Arrow {
            return Ok(Self::Arrow(Box::new(FileWriter::try_new(out, schema).map_err(arrow)?)));
        }
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(GROUP.0))
            .set_max_row_group_bytes(Some(GROUP.1))
            .build();
        let gathered = Gathered::default();
        let writer = ArrowWriter::try_new(gathered.clone(), Arc::clone(schema), Some(properties)).map_err(parquet)?;
        Ok(Self::Parquet { writer: Box::new(writer), gathered, out })
    }

    fn write(&mut self, batch: &RecordBatch) -> Result<(), FormatError> {
        match self {
            Self::Arrow(writer) => writer.write(batch).map_err(arrow),
            Self::Parquet { writer, gathered, out } => {
                writer.write(batch).map_err(parquet)?;
                gathered.empty_into(*out)
            }
        }
    }

    fn close(self) -> Result<(), FormatError> {
        match self {
            Self::Arrow(mut writer) => writer.finish().map_err(arrow),
            Self::Parquet { writer, gathered, out } => {
                writer.close().map_err(parquet)?;
                gathered.empty_into(out)
            }
        }
    }
}
