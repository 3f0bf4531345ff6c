//! One way to a table from every format that holds one.

use super::{Dialect, Table, sniff};
use crate::buffer::Buffer;
use crate::formats::{Format, FormatError, Kind, TableOptions, json, workbook};
use crate::tasks::Progress;

/// A table, and what was guessed about the text that it came from.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The table.
    pub table: Table,
    /// The dialect of delimited text, and why it was taken for that; `None` for formats that have none.
    pub dialect: Option<(Dialect, String)>,
}

/// Reads `input`, which is a `format`, as a table: delimited text, JSON, workbooks; what [`TableOptions::view`] shows of it.
///
/// # Errors
/// `Unsupported` for a format that holds no table, and those of its reader.
pub fn read(input: &Buffer, format: Format, options: &TableOptions, progress: &Progress) -> Result<Opened, FormatError> {
    let opened = read_growing(input, format, options, progress, &mut |_| {})?;
    match &options.view {
        Some(view) => Ok(Opened { table: view.of(&opened.table, progress)?, ..opened }),
        None => Ok(opened),
    }
}

/// The same with all rows and columns; of delimited text `growing` is given what there is while it is read ([`Table::open_growing`]).
///
/// # Errors
/// Those of [`read`].
pub fn read_growing(
    input: &Buffer,
    format: Format,
    options: &TableOptions,
    progress: &Progress,
    growing: &mut dyn FnMut(Opened),
) -> Result<Opened, FormatError> {
    let plain = |table| Opened { table, dialect: None };
    match format {
        _ if format.is_workbook() => workbook::open(input, format, options, progress).map(plain),
        _ if format.kind() == Kind::Json => {
            let missing = options.missing.as_deref().unwrap_or_default();
            json::read_table_within(input, format, missing, options.limits, progress).map(plain)
        }
        #[cfg(feature = "columnar")]
        Format::Parquet | Format::Arrow => crate::formats::columnar::open(input, format, options.limits, progress).map(plain),
        Format::Csv | Format::Tsv => {
            let (chosen, reason) = match options.input {
                Some(dialect) => (dialect, "chosen by you".into()),
                None => sniff(input, format)?,
            };
            let dialect = Some((chosen, reason));
            let mut growing = |table| growing(Opened { table, dialect: dialect.clone() });
            let table = Table::open_growing(input, chosen, options.limits, progress, &mut growing)?;
            Ok(Opened { table, dialect })
        }
        _ => Err(FormatError::Unsupported { format, what: "reading as a table".into() }),
    }
}
