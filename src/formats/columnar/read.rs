//! Rows out of columns.

use std::sync::Arc;

use arrow_array::{Array, RecordBatch};
use arrow_ipc::reader::FileReader;
use arrow_schema::Schema;
use parquet::DecodeResult;
use parquet::arrow::parquet_to_arrow_schema;
use parquet::arrow::push_decoder::ParquetPushDecoderBuilder;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataPushDecoder};

use super::{bad_arrow, bad_parquet, blocks, footer, pages, value};
use crate::buffer::{Buffer, ByteRange, Offset};
use crate::formats::table::{Cells, RowSource, RowView, Shape, Table, Visitor};
use crate::formats::text::Encoding;
use crate::formats::{Format, FormatError, Limits, guarded};
use crate::tasks::Progress;

/// Rows that are decoded at once.
const BATCH: usize = 1024;

/// Opens a file of columns; what it holds is read when rows are asked for.
pub(in crate::formats) fn open(
    input: &Buffer,
    format: Format,
    limits: Limits,
    progress: &Progress,
) -> Result<Table, FormatError> {
    guarded(format, || {
        let (schema, rows) = match format {
            Format::Parquet => ColumnarRows::parquet(input, limits, progress)?,
            _ => ColumnarRows::arrow(input, limits, progress)?,
        };
        if let Some(field) = schema.fields().iter().find(|field| !value::is_known(field.data_type())) {
            let what = format!("the column \"{}\" of type {}", field.name(), field.data_type());
            return Err(FormatError::Unsupported { format, what });
        }
        let header: Vec<_> = schema.fields().iter().map(|field| field.name().clone()).collect();
        let count = *rows.starts.last().unwrap_or(&0);
        let shape = Shape { width: header.len(), header: Some(header), rows: count, ..Shape::default() };
        Ok(Table { source: Arc::new(rows), shape: Arc::new(shape) })
    })
}

#[derive(Debug)]
struct ColumnarRows {
    input: Buffer,
    /// What a Parquet file says about itself; `None` for Arrow.
    about: Option<Arc<ParquetMetaData>>,
    /// The first row of each group, and the number of all rows at the end.
    starts: Vec<u64>,
}

impl ColumnarRows {
    fn parquet(input: &Buffer, limits: Limits, progress: &Progress) -> Result<(Schema, Self), FormatError> {
        footer::check(input, progress)?;
        let mut decoder = ParquetMetaDataPushDecoder::try_new(input.len().0).map_err(|error| bad_parquet(&error))?;
        let about = loop {
            match decoder.try_decode().map_err(|error| bad_parquet(&error))? {
                DecodeResult::NeedsData(ranges) => {
                    for range in ranges {
                        let bytes = bytes_of(input, &range)?;
                        decoder.push_range(range, bytes.into()).map_err(|error| bad_parquet(&error))?;
                    }
                }
                DecodeResult::Data(about) => break Arc::new(about),
                DecodeResult::Finished => {
                    return Err(FormatError::Malformed { format: Format::Parquet, what: "it has no footer".into(), at: None });
                }
            }
        };
        pages::check(input, &about, limits, progress)?;
        let file = about.file_metadata();
        let schema =
            parquet_to_arrow_schema(file.schema_descr(), file.key_value_metadata()).map_err(|error| bad_parquet(&error))?;
        let mut starts = vec![0_u64];
        for group in about.row_groups() {
            let rows = u64::try_from(group.num_rows()).unwrap_or_default();
            starts.push(starts.last().copied().unwrap_or_default().saturating_add(rows));
        }
        Ok((schema, Self { input: input.clone(), about: Some(about), starts }))
    }

    fn arrow(input: &Buffer, limits: Limits, progress: &Progress) -> Result<(Schema, Self), FormatError> {
        blocks::check(input, limits, progress)?;
        let mut reader = FileReader::try_new(input.reader(), None).map_err(|error| bad_arrow(&error))?;
        let schema = (*reader.schema()).clone();
        let mut starts = vec![0_u64];
        for batch in &mut reader {
            progress.check()?;
            let rows = batch.map_err(|error| bad_arrow(&error))?.num_rows() as u64;
            starts.push(starts.last().copied().unwrap_or_default() + rows);
        }
        Ok((schema, Self { input: input.clone(), about: None, starts }))
    }

    /// Gives the batches of `group` and those behind it, until `take` wants no more.
    fn batches(&self, group: usize, take: &mut dyn FnMut(&RecordBatch) -> Result<bool, FormatError>) -> Result<(), FormatError> {
        let Some(about) = &self.about else {
            let mut reader = FileReader::try_new(self.input.reader(), None).map_err(|error| bad_arrow(&error))?;
            reader.set_index(group).map_err(|error| bad_arrow(&error))?;
            for batch in reader {
                if !take(&batch.map_err(|error| bad_arrow(&error))?)? {
                    break;
                }
            }
            return Ok(());
        };
        let builder = ParquetPushDecoderBuilder::try_new_decoder(Arc::clone(about)).map_err(|error| bad_parquet(&error))?;
        let groups = (group..about.num_row_groups()).collect();
        let mut decoder = builder.with_batch_size(BATCH).with_row_groups(groups).build().map_err(|error| bad_parquet(&error))?;
        loop {
            match decoder.try_decode().map_err(|error| bad_parquet(&error))? {
                DecodeResult::NeedsData(ranges) => {
                    for range in ranges {
                        let bytes = bytes_of(&self.input, &range)?;
                        decoder.push_range(range, bytes.into()).map_err(|error| bad_parquet(&error))?;
                    }
                }
                DecodeResult::Data(batch) if !take(&batch)? => return Ok(()),
                DecodeResult::Data(_) => {}
                DecodeResult::Finished => return Ok(()),
            }
        }
    }
}

/// The bytes that a decoder asks for; one that asks for what the file does not have read a lie in it.
fn bytes_of(input: &Buffer, range: &std::ops::Range<u64>) -> Result<Vec<u8>, FormatError> {
    if range.start > range.end || range.end > input.len().0 {
        let what = "it points to bytes behind its end".into();
        return Err(FormatError::Malformed { format: Format::Parquet, what, at: Some(Offset(range.start)) });
    }
    Ok(input.to_vec(ByteRange::between(Offset(range.start), Offset(range.end)))?)
}

impl RowSource for ColumnarRows {
    fn visit(&self, first: u64, _shown: bool, visitor: Visitor<'_>) -> Result<(), FormatError> {
        let format = if self.about.is_some() { Format::Parquet } else { Format::Arrow };
        let rows = *self.starts.last().unwrap_or(&0);
        if first >= rows {
            return Ok(());
        }
        let group = self.starts.partition_point(|&start| start <= first).saturating_sub(1);
        let (mut skip, mut left) = (first - self.starts[group], rows - first);
        let mut cells = Cells::new(Encoding::Utf8);
        let mut text = String::new();
        // Views ask for rows too, where nobody else would catch a decoder's panic.
        guarded(format, || {
            self.batches(group, &mut |batch| {
                let here = batch.num_rows() as u64;
                let start = skip.min(here);
                skip -= start;
                for row in start as usize..batch.num_rows() {
                    cells.clear();
                    for column in batch.columns() {
                        text.clear();
                        value::push(column.as_ref() as &dyn Array, row, &mut text);
                        cells.push(&text);
                    }
                    left = left.saturating_sub(1);
                    if !visitor(RowView { cells: &cells, range: ByteRange::default() })? || left == 0 {
                        return Ok(false);
                    }
                }
                Ok(true)
            })
        })
    }
}
