//! Parquet and Arrow IPC files as tables, and tables as such files.
//!
//! Cells are text here too: numbers in their shortest form, dates and moments in ISO 8601, bytes as hex digits, and nothing
//! where a value is null; lists, structures and maps are JSON in a cell. A file is read group by group when rows are asked for;
//! none of it stays in memory. What is written has columns of numbers, days and truth values where the text of every cell comes back
//! from them, and of text otherwise, or all of text if that is chosen.

mod blocks;
mod exact;
mod footer;
mod kinds;
mod pages;
mod read;
mod value;
mod write;

pub(super) use read::open;
pub(super) use write::write;

use arrow_schema::ArrowError;
use parquet::errors::ParquetError;

use super::{Format, FormatError};

fn bad_arrow(error: &ArrowError) -> FormatError {
    FormatError::Malformed { format: Format::Arrow, what: error.to_string(), at: None }
}

fn bad_parquet(error: &ParquetError) -> FormatError {
    match error {
        // A packing or an encoding that the reader does not know is no fault of the file.
        ParquetError::NYI(what) => FormatError::Unsupported { format: Format::Parquet, what: what.clone() },
        _ => FormatError::Malformed { format: Format::Parquet, what: error.to_string(), at: None },
    }
}
