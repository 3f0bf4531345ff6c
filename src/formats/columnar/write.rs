//! Columns out of rows: groups of rows are encoded on all cores and written in their order.
//!
//! What the columns are is guessed from a sample, and what is written so is kept as a draft; where a cell does not fit, all cells are
//! looked at, and it is written anew. Both ways give the same.
//!
//! Memory: of two more groups than there are cores what they became, and of each core a batch of rows. Groups are the same
//! whatever the number of cores is.

use std::io::{self, Write};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::builder::{BinaryBuilder, BooleanBuilder, Date32Builder, Decimal128Builder, Float64Builder, Int64Builder};
use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions, StringArray};
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;

use super::exact;
use super::kinds::{self, Kinds};
use crate::formats::draft::Draft;
use crate::formats::options::ColumnTypes;
use crate::formats::table::{Record, Table, counted};
use crate::formats::{ColumnCompression, Format, FormatError, Loss, TableOptions, in_order, json, shortest};
use crate::tasks::Progress;

/// Rows, and bytes of text, that are gathered for one batch.
const BATCH: (u64, usize) = (8192, 4 << 20);
/// Rows, and about how many bytes of text, of a group: what a reader has to decode to see one of them.
const GROUP: (u64, usize) = (256 * 1024, 16 << 20);
/// A draft of more bytes is a temporary file.
const IN_MEMORY: usize = 4 << 20;
/// Bytes of the parts that groups are made of.
const PART: u64 = 1 << 20;

/// Writes `table` in columns and tells what is lost; without `out` it only tells.
pub(in crate::formats) fn write(
    table: &Table,
    format: Format,
    options: &TableOptions,
    out: Option<&mut dyn Write>,
    progress: &Progress,
) -> Result<Vec<Loss>, FormatError> {
    let header = table.header().unwrap_or_default();
    let named = |index: usize| header.get(index).cloned().unwrap_or_else(|| format!("column_{}", index + 1));
    let names = json::unique_names(&(0..table.width()).map(named).collect::<Vec<_>>());
    let compression = options.compression;
    if !ColumnCompression::of(format).any(|kind| kind == compression) {
        let words = ColumnCompression::of(format).map(ColumnCompression::word).collect::<Vec<_>>().join(", ");
        return Err(FormatError::Option(format!("{format}: the compression is one of {words}, not {}", compression.word())));
    }
    let malformed = match out {
        Some(out) => Job { table, format, names: &names, compression, progress }.run(options.types, out)?,
        None => kinds::look(table, options.types, progress)?.malformed,
    };
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

/// What is written, and how.
struct Job<'a> {
    table: &'a Table,
    format: Format,
    names: &'a [String],
    compression: ColumnCompression,
    progress: &'a Progress,
}

impl Job<'_> {
    /// Writes it; how many byte sequences mean nothing comes back.
    fn run(&self, types: ColumnTypes, out: &mut dyn Write) -> Result<u64, FormatError> {
        let Self { table, progress, .. } = *self;
        let groups = groups(table.parts(PART));
        if groups.len() > 1 {
            let kinds = kinds::guess(table, types, progress)?;
            if types == ColumnTypes::Text {
                // Everything fits.
                let (_, malformed) = self.write(&groups, &kinds, out)?;
                return Ok(malformed);
            }
            let mut draft = Draft::new(IN_MEMORY);
            match self.write(&groups, &kinds, &mut draft) {
                Ok((true, malformed)) => return draft.hand_over(out, progress).map(|()| malformed),
                // Where there is no room for a draft there may be some for the result.
                Ok((false, _)) | Err(FormatError::Write(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let kinds = kinds::look(table, types, progress)?;
        self.write(&groups, &kinds, out)?;
        Ok(kinds.malformed)
    }

    /// Writes columns of these kinds, up to a cell that does not fit; whether there was none, and how many byte sequences mean nothing.
    fn write(&self, groups: &[Range<u64>], kinds: &Kinds, out: &mut dyn Write) -> Result<(bool, u64), FormatError> {
        let Self { table, format, names, compression, progress } = *self;
        let fields: Vec<_> = names.iter().zip(&kinds.types).map(|(name, kind)| Field::new(name, kind.clone(), true)).collect();
        let schema = Arc::new(Schema::new(fields));
        let (mut target, columns) = match format {
            Format::Arrow => (Target::arrow(&schema, compression, out)?, None),
            _ => Target::parquet(&schema, kinds, compression, out)?,
        };
        let encoder = Encoder { schema, open: &kinds.open, columns, progress, misfit: AtomicBool::new(false) };
        progress.set_done(0);
        progress.set_total(table.row_count());
        let mut malformed = 0;
        if groups.len() > 1 {
            let make = |number: usize, made: &mut Made| {
                let mut group = Group::new(&encoder)?;
                let rows = groups[number].clone();
                table.scan_whole(rows, &mut |record| group.push(record))?;
                *made = group.finish()?;
                Ok(())
            };
            let mut ends = groups.iter().map(|rows| rows.end);
            let done = in_order(groups.len(), make, |made| {
                encoder.goes_on()?;
                malformed += made.malformed;
                target.put(made)?;
                progress.set_done(ends.next().unwrap_or_default());
                Ok(())
            });
            if encoder.misfit.load(Ordering::Relaxed) {
                return Ok((false, 0));
            }
            done?;
        } else {
            let mut group = Group::new(&encoder)?;
            table.scan_whole(0..u64::MAX, &mut |record| {
                if group.is_full() {
                    let full = std::mem::replace(&mut group, Group::new(&encoder)?);
                    target.put(&mut full.finish()?)?;
                    progress.set_done(record.row);
                }
                group.push(record)
            })?;
            if group.rows > 0 {
                target.put(&mut group.finish()?)?;
            }
        }
        progress.set_done(table.row_count());
        target.close()?;
        Ok((true, malformed))
    }
}

/// Parts put together to groups, and those of very many rows divided. A part of all rows stays one: it cannot be read at places.
fn groups(parts: Vec<Range<u64>>) -> Vec<Range<u64>> {
    if parts.len() < 2 {
        return parts;
    }
    let together = GROUP.1 / PART as usize;
    let mut groups: Vec<Range<u64>> = Vec::new();
    let mut open = 0;
    for part in parts {
        match groups.last_mut() {
            Some(group) if open < together && part.end - group.start <= GROUP.0 => {
                group.end = part.end;
                open += 1;
            }
            _ => {
                let last = part.end.max(part.start + 1);
                groups.extend((part.start..last).step_by(GROUP.0 as usize).map(|start| start..last.min(start + GROUP.0)));
                open = 1;
            }
        }
    }
    groups
}

/// What groups have in common.
struct Encoder<'a> {
    schema: SchemaRef,
    /// Makes the columns of Parquet; none for Arrow.
    columns: Option<ArrowRowGroupWriterFactory>,
    /// Which columns are text only because nothing was seen in them.
    open: &'a [bool],
    progress: &'a Progress,
    /// A cell was met that its column cannot hold.
    misfit: AtomicBool,
}

impl Encoder<'_> {
    /// An error, which nobody sees, where the work is in vain.
    fn goes_on(&self) -> Result<(), FormatError> {
        let misfit = self.misfit.load(Ordering::Relaxed);
        if misfit { Err(FormatError::Option("a cell is not what its column was taken for".into())) } else { Ok(()) }
    }
}

/// What a group of rows became.
#[derive(Default)]
struct Made {
    chunks: Vec<ArrowColumnChunk>,
    batches: Vec<RecordBatch>,
    malformed: u64,
}

/// A group of rows while it is gathered.
struct Group<'a> {
    encoder: &'a Encoder<'a>,
    batch: Batch,
    columns: Vec<ArrowColumnWriter>,
    batches: Vec<RecordBatch>,
    rows: u64,
    text: usize,
    malformed: u64,
}

impl<'a> Group<'a> {
    fn new(encoder: &'a Encoder<'a>) -> Result<Self, FormatError> {
        let columns = encoder.columns.as_ref().map_or_else(|| Ok(Vec::new()), |columns| columns.create_column_writers(0));
        let batch = Batch::new(encoder);
        Ok(Self { encoder, batch, columns: columns.map_err(parquet)?, batches: Vec::new(), rows: 0, text: 0, malformed: 0 })
    }

    fn is_full(&self) -> bool {
        self.rows >= GROUP.0 || self.text >= GROUP.1
    }

    fn push(&mut self, record: &Record<'_>) -> Result<bool, FormatError> {
        if self.rows.is_multiple_of(256) {
            self.encoder.progress.check()?;
            self.encoder.goes_on()?;
        }
        self.rows += 1;
        self.text += record.byte_len();
        self.malformed += record.malformed();
        if !self.batch.push(record) {
            self.encoder.misfit.store(true, Ordering::Relaxed);
            self.encoder.goes_on()?;
        }
        if self.batch.rows >= BATCH.0 || self.batch.text >= BATCH.1 {
            self.encode()?;
        }
        Ok(true)
    }

    fn encode(&mut self) -> Result<(), FormatError> {
        let Encoder { schema, columns, progress, .. } = self.encoder;
        let rows = self.batch.rows as usize;
        let arrays = self.batch.finish()?;
        if columns.is_none() {
            let options = RecordBatchOptions::new().with_row_count(Some(rows));
            let batch = RecordBatch::try_new_with_options(Arc::clone(schema), arrays, &options).map_err(arrow)?;
            self.batches.push(batch);
            return Ok(());
        }
        for ((column, field), array) in self.columns.iter_mut().zip(schema.fields()).zip(&arrays) {
            progress.check()?;
            for leaf in compute_leaves(field, array).map_err(parquet)? {
                column.write(&leaf).map_err(parquet)?;
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Made, FormatError> {
        if self.batch.rows > 0 {
            self.encode()?;
        }
        let mut chunks = Vec::with_capacity(self.columns.len());
        for column in self.columns {
            self.encoder.progress.check()?;
            chunks.push(column.close().map_err(parquet)?);
        }
        Ok(Made { chunks, batches: self.batches, malformed: self.malformed })
    }
}

enum Column {
    Text(BinaryBuilder),
    /// As far as is known there is nothing in it.
    Empty(BinaryBuilder),
    Whole(Int64Builder),
    Float(Float64Builder),
    Boolean(BooleanBuilder),
    Date(Date32Builder),
    /// With so many digits, and so many of them behind the point.
    Decimal(Decimal128Builder, (usize, usize)),
}

/// Rows that become arrays at once.
struct Batch {
    columns: Vec<Column>,
    rows: u64,
    text: usize,
}

impl Batch {
    fn new(encoder: &Encoder<'_>) -> Self {
        let column = |(field, open): (&Arc<Field>, &bool)| match *field.data_type() {
            DataType::Int64 => Column::Whole(Int64Builder::new()),
            DataType::Float64 => Column::Float(Float64Builder::new()),
            DataType::Boolean => Column::Boolean(BooleanBuilder::new()),
            DataType::Date32 => Column::Date(Date32Builder::new()),
            DataType::Decimal128(digits, behind) => {
                let builder = Decimal128Builder::new().with_data_type(field.data_type().clone());
                Column::Decimal(builder, (digits.into(), usize::try_from(behind).unwrap_or_default()))
            }
            _ if *open => Column::Empty(BinaryBuilder::new()),
            _ => Column::Text(BinaryBuilder::new()),
        };
        Self { columns: encoder.schema.fields().iter().zip(encoder.open).map(column).collect(), rows: 0, text: 0 }
    }

    /// Adds a row; `false` where a cell does not fit into its column.
    fn push(&mut self, record: &Record<'_>) -> bool {
        self.rows += 1;
        self.text += record.byte_len();
        let cells = record.len();
        let mut fits = true;
        for (index, column) in self.columns.iter_mut().enumerate() {
            let cell = (index < cells).then(|| record.utf8(index));
            // Where a column is of numbers, an empty cell has none.
            let filled = cell.as_ref().is_some_and(|cell| !cell.is_empty());
            macro_rules! value {
                ($column:expr, $read:expr) => {{
                    let value = if filled { cell.and_then(|cell| $read(&cell)) } else { None };
                    fits &= value.is_some() || !filled;
                    $column.append_option(value)
                }};
            }
            match column {
                Column::Text(column) | Column::Empty(column) if cell.is_none() => column.append_null(),
                Column::Text(column) if record.is_valid() => column.append_value(&cell.unwrap_or_default()),
                Column::Text(column) => column.append_value(record.text(index).as_bytes()),
                Column::Empty(column) => {
                    fits &= !filled;
                    column.append_value(b"");
                }
                Column::Whole(column) => value!(column, exact::whole),
                Column::Float(column) => value!(column, shortest::float),
                Column::Boolean(column) => value!(column, exact::boolean),
                Column::Date(column) => value!(column, exact::date),
                Column::Decimal(column, (most, behind)) => value!(column, |cell: &[u8]| {
                    let known = exact::decimal(cell).filter(|&(_, digits, places)| digits <= *most && places == *behind);
                    known.map(|(number, ..)| number)
                }),
            }
        }
        fits
    }

    fn finish(&mut self) -> Result<Vec<ArrayRef>, FormatError> {
        (self.rows, self.text) = (0, 0);
        let array = |column: &mut Column| -> Result<ArrayRef, ArrowError> {
            Ok(match column {
                // Looked at as a whole, which is less work than cell by cell.
                Column::Text(column) | Column::Empty(column) => Arc::new(StringArray::try_from_binary(column.finish())?),
                Column::Whole(column) => Arc::new(column.finish()),
                Column::Float(column) => Arc::new(column.finish()),
                Column::Boolean(column) => Arc::new(column.finish()),
                Column::Date(column) => Arc::new(column.finish()),
                Column::Decimal(column, _) => Arc::new(column.finish()),
            })
        };
        self.columns.iter_mut().map(array).collect::<Result<_, _>>().map_err(arrow)
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
    Parquet { file: Box<SerializedFileWriter<Gathered>>, gathered: Gathered, out: &'a mut dyn Write },
    Arrow(Box<FileWriter<&'a mut dyn Write>>),
}

impl<'a> Target<'a> {
    fn arrow(schema: &SchemaRef, compression: ColumnCompression, out: &'a mut dyn Write) -> Result<Self, FormatError> {
        let packing = match compression {
            ColumnCompression::Lz4 => Some(CompressionType::LZ4_FRAME),
            ColumnCompression::Zstd => Some(CompressionType::ZSTD),
            _ => None,
        };
        let how = IpcWriteOptions::default().try_with_compression(packing).map_err(arrow)?;
        Ok(Self::Arrow(Box::new(FileWriter::try_new_with_options(out, schema, how).map_err(arrow)?)))
    }

    fn parquet(
        schema: &SchemaRef,
        kinds: &Kinds,
        compression: ColumnCompression,
        out: &'a mut dyn Write,
    ) -> Result<(Self, Option<ArrowRowGroupWriterFactory>), FormatError> {
        let packing = match compression {
            ColumnCompression::Usual | ColumnCompression::Snappy => Compression::SNAPPY,
            ColumnCompression::None => Compression::UNCOMPRESSED,
            // Not the old frame of the name LZ4, which each program understood in another way.
            ColumnCompression::Lz4 => Compression::LZ4_RAW,
            ColumnCompression::Zstd => Compression::ZSTD(ZstdLevel::try_new(3).map_err(parquet)?),
            ColumnCompression::Gzip => Compression::GZIP(GzipLevel::default()),
            ColumnCompression::Brotli => Compression::BROTLI(BrotliLevel::try_new(5).map_err(parquet)?),
        };
        let mut properties = WriterProperties::builder().set_compression(packing);
        for (field, _) in schema.fields().iter().zip(&kinds.repeats).filter(|(_, repeats)| !**repeats) {
            properties = properties.set_column_dictionary_enabled(ColumnPath::from(vec![field.name().clone()]), false);
        }
        let gathered = Gathered::default();
        let writer = ArrowWriter::try_new(gathered.clone(), Arc::clone(schema), Some(properties.build())).map_err(parquet)?;
        let (file, columns) = writer.into_serialized_writer().map_err(parquet)?;
        Ok((Self::Parquet { file: Box::new(file), gathered, out }, Some(columns)))
    }

    fn put(&mut self, made: &mut Made) -> Result<(), FormatError> {
        match self {
            Self::Arrow(writer) => made.batches.drain(..).try_for_each(|batch| writer.write(&batch)).map_err(arrow),
            Self::Parquet { file, gathered, out } => {
                let mut group = file.next_row_group().map_err(parquet)?;
                for chunk in made.chunks.drain(..) {
                    chunk.append_to_row_group(&mut group).map_err(parquet)?;
                    gathered.empty_into(*out)?;
                }
                group.close().map_err(parquet)?;
                gathered.empty_into(*out)
            }
        }
    }

    fn close(self) -> Result<(), FormatError> {
        match self {
            Self::Arrow(mut writer) => writer.finish().map_err(arrow),
            Self::Parquet { file, gathered, out } => {
                file.close().map_err(parquet)?;
                gathered.empty_into(out)
            }
        }
    }
}
