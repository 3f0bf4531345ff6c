//! What a table loses on its way into another format.

use std::io::{self, Write};

use super::{Table, markup, select, sql, write, xlsx};
use crate::formats::{Format, FormatError, Loss, Options, in_order, json, report};
use crate::tasks::Progress;

/// Bytes of rows that one core looks at before it takes others.
const PART: u64 = 1 << 20;

/// What writing `table` as `to` would lose, in sentences: what it has lost already on being read, what `to` cannot hold,
/// and what the output's encoding cannot write. Cost: a pass over the table where characters have to be looked at.
pub fn losses_of_table(table: &Table, to: Format, options: &Options, progress: &Progress) -> Result<Vec<Loss>, FormatError> {
    telling(table, to, options, None, progress)
}

/// Writes `table` as `to` and tells what [`losses_of_table`] would, in one pass where one does both.
pub fn write_telling(
    table: &Table,
    to: Format,
    options: &Options,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<Vec<Loss>, FormatError> {
    telling(table, to, options, Some(out), progress)
}

fn telling(
    table: &Table,
    to: Format,
    options: &Options,
    out: Option<&mut dyn Write>,
    progress: &Progress,
) -> Result<Vec<Loss>, FormatError> {
    let table = &select::apply(&table.asking(progress), &options.table)?;
    let mut losses = table.losses().to_vec();
    if table.preamble().len.0 > table.shape.mark {
        losses.push(Loss::new("what stands before the header (a sep= line, blank lines) is left out"));
    }
    match to {
        Format::Csv | Format::Tsv => losses.extend(write::write(table, to, options, out.unwrap_or(&mut io::sink()), progress)?),
        Format::Json | Format::JsonLines => {
            losses.extend(json::losses_of_write(table));
            let count = match out {
                Some(out) => json::write_counting(table, to, &options.json, out, progress)?,
                None => count_malformed(table, progress)?,
            };
            losses.extend(malformed(count));
        }
        Format::Markdown | Format::Html => {
            losses.extend(markup::write(table, to, options, out.unwrap_or(&mut io::sink()), progress)?);
        }
        #[cfg(feature = "columnar")]
        Format::Parquet | Format::Arrow => {
            losses.extend(crate::formats::columnar::write(table, to, &options.table, out, progress)?);
        }
        Format::Pdf => losses.extend(report::table_as_pdf(table, &options.table, out.unwrap_or(&mut io::sink()), progress)?),
        Format::Sql => losses.extend(sql::write(table, options, out.unwrap_or(&mut io::sink()), progress)?),
        Format::Xlsx => losses.extend(xlsx::write(table, &options.table, out, progress)?),
        _ => return Err(FormatError::Unsupported { format: to, what: "writing a table".into() }),
    }
    Ok(losses)
}

/// Byte sequences that mean nothing, counted on all cores.
fn count_malformed(table: &Table, progress: &Progress) -> Result<u64, FormatError> {
    let parts = table.parts(PART);
    let mut all = 0_u64;
    let make = |number: usize, malformed: &mut u64| {
        *malformed = 0;
        let mut next = 0;
        table.scan_whole(parts[number].clone(), &mut |record| {
            *malformed += record.malformed();
            if record.row >= next {
                next = record.row + 1000;
                progress.check()?;
            }
            Ok(true)
        })
    };
    in_order(parts.len(), make, |malformed| {
        all += *malformed;
        Ok(())
    })?;
    Ok(all)
}

/// Bytes of cells that meant nothing in the table's encoding.
pub(super) fn malformed(count: u64) -> Option<Loss> {
    match count {
        0 => None,
        1 => Some(Loss::new("1 byte sequence cannot be decoded and becomes U+FFFD")),
        _ => Some(Loss::new(format!("{count} byte sequences cannot be decoded and become U+FFFD"))),
    }
}

/// A number and its noun: "1 row", "3 rows".
pub(crate) fn counted(count: u64, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}
