//! JSON and JSON Lines, to and from tables; numbers and key order untouched.
//!
//! JSON is read strictly (RFC 8259; brackets up to 1024 deep) and never as a tree: a state machine goes over the bytes, so
//! a file of any size takes the memory of one record. Errors name the byte, the line and the column.
//!
//! # JSON as a table
//!
//! | the text is | a row is | the header is |
//! |---|---|---|
//! | an array, or lines, of objects | an object | all keys, in the order in which they first come |
//! | an array, or lines, of arrays | an array, of any length | none |
//! | an array, or lines, of strings, numbers… | one value | `value` |
//! | several of these kinds | one of them; what is no object stands in the last column | the keys, then `value` |
//! | one object | that object | its keys |
//!
//! A cell is the text of a string, a number as it is written in the file, `true`, `false`, an array or object as JSON
//! without spaces, and empty for `null` and for a key that the record does not have. Where a key comes twice in one
//! record the last one counts, as in Python. Each of these is told by [`Table::losses`].
//!
//! # A table as JSON
//!
//! All values are strings: text is never retyped. With a header each row is an object as Python's `csv.DictReader` makes
//! it: missing cells are `null`, cells past the header are a list under the key `_extra` (Python's is `None`, which JSON
//! does not have), blank rows are left out. Column names that come again become `name_2`, `name_3`, because one of them
//! would be lost. Without a header each row is an array of strings, blank rows too. [`losses_of_write`] tells all that.

mod index;
mod layout;
mod machine;
mod plain;
mod records;
mod reformat;
mod rows;
mod sort;
mod source;
mod unescape;
mod write;

use std::io::Write;

use super::table::Table;
use super::{Format, FormatError, JsonOptions, Limits, Options};
use crate::buffer::Buffer;
use crate::tasks::Progress;

pub use write::losses_of_write;
pub(super) use write::{unique_names, write as write_counting};

/// Reads JSON (`format` is `Json` or `JsonLines`) as a table: the header is the union of the keys over all records,
/// in the order they first appear; nested values are JSON text in their cell.
///
/// Cost: one pass over the bytes. The table keeps the places of some records and reads the rest again when it is asked
/// for. More than 65,536 different keys are refused, and text in UTF-16 beyond 256 MiB.
pub fn read_table(input: &Buffer, format: Format, progress: &Progress) -> Result<Table, FormatError> {
    index::open(input, format, "", Limits::default(), progress)
}

/// The same with `missing` in the cells whose record has no such key.
pub fn read_table_filling(input: &Buffer, format: Format, missing: &str, progress: &Progress) -> Result<Table, FormatError> {
    index::open(input, format, missing, Limits::default(), progress)
}

/// The same with another limit for what has to be decoded as a whole.
pub fn read_table_within(
    input: &Buffer,
    format: Format,
    missing: &str,
    limits: Limits,
    progress: &Progress,
) -> Result<Table, FormatError> {
    index::open(input, format, missing, limits, progress)
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
    write::write(table, format, &options.json, out, progress).map(drop)
}

/// JSON to JSON, JSON Lines to JSON and so on: reformatted, every number and key as it stood.
///
/// Only spaces and line ends between the tokens change: the order of keys, doubled keys, the escapes in strings and the
/// digits of numbers go through byte for byte. As JSON Lines, each element of a top-level array is a line (anything else
/// is one line); from JSON Lines, the records are the elements of an array. Memory: some kilobytes; with sorted keys the text
/// and the places of its members, within the limit.
pub fn reformat(
    input: &Buffer,
    from: Format,
    to: Format,
    options: &Options,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<(), FormatError> {
    if !options.json.sort_keys {
        return reformat::reformat(input, from, to, options, out, progress);
    }
    let plain = Options { json: JsonOptions::default(), dump: options.dump.clone(), ..Options::default() };
    let mut compact = sort::Compact::new(options.limits());
    let made = reformat::reformat(input, from, to, &plain, &mut compact, progress);
    if let Some(refusal) = compact.refusal() {
        return Err(refusal);
    }
    made?;
    if to != Format::Json || options.json.indent.is_none() {
        return compact.write_sorted(out, progress);
    }
    let mut sorted = sort::Compact::new(options.limits());
    compact.write_sorted(&mut sorted, progress)?;
    drop(compact);
    let indented = JsonOptions { sort_keys: false, ..options.json.clone() };
    let sorted = Buffer::from(sorted.into_bytes());
    reformat::reformat(&sorted, Format::Json, to, &Options { json: indented, ..plain }, out, progress)
}
