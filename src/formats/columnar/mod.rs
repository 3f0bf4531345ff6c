//! Parquet and Arrow IPC files as tables, and tables as such files.
//!
//! Cells are text here too: numbers in their shortest form, dates and moments in ISO 8601, bytes as hex digits, and nothing
//! where a value is null. A file is read group by group when rows are asked for; none of it stays in memory. Nested columns
//! are refused by name. What is written has columns of text, or with the option of numbers where every text comes back.

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
    FormatError::Malformed { format: Format::Parquet, what: error.to_string(), at: None }
}
