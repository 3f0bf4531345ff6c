//! Rows as text, made on all cores and written in their order.

use std::io::Write;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use super::{Record, Table};
use crate::formats::FormatError;
use crate::tasks::Progress;

/// Bytes of rows that are made into text at once by one core.
const PART: u64 = 256 * 1024;

/// Text gathered before it is written, where rows come one after the other.
const BATCH: usize = 64 * 1024;

/// Appends the text of a row. `first` says whether nothing was appended before in this part.
pub(in crate::formats) type Encode<'a> = &'a (dyn Fn(&Record<'_>, &mut Vec<u8>) -> Result<(), FormatError> + Sync);

/// Writes every row as `encode` puts it, with `between` between what two rows gave, where both gave something.
///
/// Memory: for each core two parts of the rows and their text; of sources that cannot be read at several places at once one row.
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
    let at_once = rayon::current_num_threads() + 1;
    // What is being made, and what was made before and is being written meanwhile.
    let mut made: Vec<Slot> = (0..at_once).map(|_| Slot::default()).collect();
    let mut ready: Vec<Slot> = (0..at_once).map(|_| Slot::default()).collect();
    let mut groups = parts.chunks(at_once);
    let mut count = 0;
    loop {
        let group = groups.next().unwrap_or_default();
        let mut written = Ok(());
        rayon::in_place_scope(|scope| {
            for (part, slot) in group.iter().zip(&made) {
                scope.spawn(move |_| slot.make(table, part.clone(), between, encode, progress));
            }
            written = ready[..count].iter().try_for_each(|slot| put(&slot.lock().text, out));
        });
        written?;
        count = group.len();
        if count == 0 {
            break;
        }
        for slot in &made[..count] {
            std::mem::replace(&mut slot.lock().result, Ok(()))?;
        }
        std::mem::swap(&mut made, &mut ready);
        progress.set_done(group.last().map_or(0, |part| part.end));
    }
    Ok(())
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

/// The text of one part.
#[derive(Default)]
struct Slot(Mutex<Made>);

struct Made {
    text: Vec<u8>,
    result: Result<(), FormatError>,
}

impl Default for Made {
    fn default() -> Self {
        Self { text: Vec::new(), result: Ok(()) }
    }
}

impl Slot {
    fn lock(&self) -> std::sync::MutexGuard<'_, Made> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn make(&self, table: &Table, rows: Range<u64>, between: &[u8], encode: Encode<'_>, progress: &Progress) {
        let mut made = self.lock();
        let Made { text, result } = &mut *made;
        text.clear();
        *result = progress.check().map_err(FormatError::from).and_then(|()| {
            table.scan_whole(rows, &mut |record| {
                append(record, between, encode, text)?;
                Ok(true)
            })
        });
    }
}
