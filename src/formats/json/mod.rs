//! JSON and JSON Lines, to and from tables; numbers and key order untouched. SKELETON.

use std::io::Write;

use super::table::Table;
use super::{Format, FormatError, JsonOptions, Options};
use crate::buffer::Buffer;
use crate::tasks::Progress;

/// Reads JSON (`format` is `Json` or `JsonLines`) as a table: the header is the union of the keys over all records,
/// in the order they first appear; nested values are JSON text in their cell.
pub fn read_table(input: &Buffer, format: Format, progress: &Progress) -> Result<Table, FormatError> {
    let _ = (input, progress);
    Err(FormatError::Unsupported { format, what: "reading".into() })
}

/// Writes a table as JSON: an array of objects (or one object a line), every value a string; cells past the header
/// and doubled column names follow the rule that the module's docs state.
pub fn write_table(
    table: &Table,
    format: Format,
    options: &Options,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<(), FormatError> {
    let _ = (table, options, out, progress);
    Err(FormatError::Unsupported { format, what: "writing".into() })
}

/// JSON to JSON, JSON Lines to JSON and so on: reformatted, every number and key as it stood.
pub fn reformat(
    input: &Buffer,
    from: Format,
    to: Format,
    options: &JsonOptions,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<(), FormatError> {
    let _ = (input, from, options, out, progress);
    Err(FormatError::Unsupported { format: to, what: "writing".into() })
}
