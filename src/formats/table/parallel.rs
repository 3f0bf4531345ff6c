//! Rows as text, made on all cores and written in their order.

use std::io::Write;

use super::{Record, Table};
use crate::formats::FormatError;
use crate::formats::in_order;
use crate::tasks::Progress;

/// Bytes of rows that are made into text at once by one core.
const PART: u64 = 256 * 1024;

/// Text gathered before it is written, where rows come one after the other.
const BATCH: usize = 64 * 1024;

/// Appends the text of a row. `first` says whether nothing was appended before in this part.
pub(in crate::formats) type Encode<'a> = &'a (dyn Fn(&Record<'_>, &mut Vec<u8>) -> Result<(), FormatError> + Sync);

/// Writes every row as `encode` puts it, with `between` between what two rows gave, where both gave something.
///
/// Memory: the text of two more parts than there are cores; of sources that cannot be read at several places at once one row.
pub(in crate::formats) fn write_rows(
    table: &Table,
    between: &[u8],
    encode: Encode<'_>,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<(), FormatError> {
    progress.set_done(0);
    progress.set_total(table.row_count());
    let parts = table.parts(PART);
    let mut any = false;
    let mut put = |text: &[u8], out: &mut dyn Write| {
        if text.is_empty() {
            return Ok(());
        }
        if std::mem::replace(&mut any, true) && !between.is_empty() {
            out.write_all(between).map_err(FormatError::Write)?;
        }
        out.write_all(text).map_err(FormatError::Write)
    };
    if parts.len() < 2 {
        let mut text = Vec::new();
        let mut next = 0;
        table.scan_whole(0..u64::MAX, &mut |record| {
            if record.row >= next {
                next = record.row + 1000;
                progress.set_done(record.row);
                progress.check()?;
            }
            append(record, between, encode, &mut text)?;
            if text.len() >= BATCH {
                put(&text, out)?;
                text.clear();
            }
            Ok(true)
        })?;
        put(&text, out)?;
        progress.set_done(table.row_count());
        return Ok(());
    }
    let mut ends = parts.iter().map(|part| part.end);
    let make = |number: usize, text: &mut Vec<u8>| {
        text.clear();
        let part = parts[number].clone();
        let mut next = part.start;
        table.scan_whole(part, &mut |record| {
            if record.row >= next {
                next = record.row + 1000;
                progress.check()?;
            }
            append(record, between, encode, text)?;
            Ok(true)
        })
    };
    in_order(parts.len(), make, |text| {
        put(text, out)?;
        progress.set_done(ends.next().unwrap_or_default());
        Ok(())
    })
}

fn append(record: &Record<'_>, between: &[u8], encode: Encode<'_>, text: &mut Vec<u8>) -> Result<(), FormatError> {
    let start = text.len();
    if start > 0 {
        text.extend_from_slice(between);
    }
    let first = text.len();
    encode(record, text)?;
    if text.len() == first {
        text.truncate(start);
    }
    Ok(())
}
