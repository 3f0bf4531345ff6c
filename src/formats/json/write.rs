//! A table as JSON.

use std::collections::{HashMap, HashSet};
use std::io::Write;

use super::layout::Layout;
use super::records::unused_name;
use crate::formats::table::{Table, counted};
use crate::formats::{Format, FormatError, JsonOptions, Loss};
use crate::tasks::Progress;

/// The key of the list of cells past the header.
const EXTRA: &str = "_extra";

/// What writing `table` as JSON changes, in sentences: cells past the header and missing ones, blank rows, column names
/// that come again. No pass over the rows is needed for it.
pub fn losses_of_write(table: &Table) -> Vec<Loss> {
    let mut losses = Vec::new();
    let Some(header) = table.header() else { return losses };
    let (names, extra) = keys(header);
    let (long, short) = (table.shape.long, table.shape.ragged.saturating_sub(table.shape.long));
    if long > 0 {
        let rows = counted(long, "row has", "rows have");
        losses.push(Loss::new(format!("{rows} more cells than the header; they become a list under the key \"{extra}\"")));
    }
    if short > 0 {
        let rows = counted(short, "row has", "rows have");
        losses.push(Loss::new(format!("{rows} fewer cells than the header; the missing ones become null")));
    }
    if table.blank_rows() > 0 {
        let (rows, verb) =
            (counted(table.blank_rows(), "blank row", "blank rows"), if table.blank_rows() == 1 { "is" } else { "are" });
        losses.push(Loss::new(format!("{rows} {verb} left out")));
    }
    let mut renamed = header.iter().zip(&names).filter(|(old, new)| old != new);
    if let Some((old, new)) = renamed.next() {
        let count = renamed.count() as u64 + 1;
        let columns = counted(count, "column has a name that comes", "columns have names that come");
        losses.push(Loss::new(format!("{columns} before; the first, \"{old}\", becomes \"{new}\"")));
    }
    losses
}

/// The names, those that come again with a number behind them.
pub(in crate::formats) fn unique_names(names: &[String]) -> Vec<String> {
    keys(names).0
}

/// The keys of the columns, each only once, and the key for cells past them.
fn keys(header: &[String]) -> (Vec<String>, String) {
    let originals: HashSet<&str> = header.iter().map(String::as_str).collect();
    let mut used: HashSet<String> = HashSet::new();
    // Where to go on counting, so that a thousand equal names do not take a million tries.
    let mut next: HashMap<&str, u64> = HashMap::new();
    let mut names = Vec::with_capacity(header.len());
    for name in header {
        let mut key = name.clone();
        if used.contains(&key) {
            let number = next.entry(name).or_insert(2);
            loop {
                key = format!("{name}_{number}");
                *number += 1;
                if !used.contains(&key) && !originals.contains(key.as_str()) {
                    break;
                }
            }
        }
        used.insert(key.clone());
        names.push(key);
    }
    let extra = unused_name(EXTRA, |name| used.contains(name));
    (names, extra)
}

pub(super) fn write(
    table: &Table,
    format: Format,
    options: &JsonOptions,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<(), FormatError> {
    let lines = match format {
        Format::Json => false,
        Format::JsonLines => true,
        _ => return Err(FormatError::Unsupported { format, what: "writing as JSON".into() }),
    };
    let keys = table.header().map(keys);
    let indent = if lines { None } else { options.indent };
    let mut layout = Layout::new(indent, out);
    progress.set_done(0);
    progress.set_total(table.row_count());
    let (mut written, mut done) = (0_u64, 0_u64);
    if !lines {
        layout.open(b'[');
    }
    table.source.visit(0, false, &mut |row| {
        done += 1;
        if done.is_multiple_of(1000) {
            progress.set_done(done);
            progress.check()?;
        }
        let cells = row.cells;
        if cells.len() == 0 && keys.is_some() {
            return Ok(true);
        }
        if written > 0 && !lines {
            layout.comma();
        }
        written += 1;
        match &keys {
            None => list(&mut layout, cells.iter())?,
            Some((names, extra)) => {
                layout.open(b'{');
                for (index, name) in names.iter().enumerate() {
                    if index > 0 {
                        layout.comma();
                    }
                    layout.string(name)?;
                    layout.colon();
                    if index < cells.len() {
                        layout.string(&cells.text(index))?;
                    } else {
                        layout.bytes(b"null");
                    }
                    layout.drain()?;
                }
                if cells.len() > names.len() {
                    if !names.is_empty() {
                        layout.comma();
                    }
                    layout.string(extra)?;
                    layout.colon();
                    list(&mut layout, cells.iter().skip(names.len()))?;
                }
                layout.close(b'}');
            }
        }
        if lines {
            layout.byte(b'\n');
        }
        layout.drain()?;
        Ok(true)
    })?;
    if !lines {
        layout.close(b']');
        if indent.is_some() {
            layout.byte(b'\n');
        }
    }
    progress.set_done(done);
    layout.flush()
}

fn list<T: AsRef<str>>(layout: &mut Layout<'_>, cells: impl Iterator<Item = T>) -> Result<(), FormatError> {
    layout.open(b'[');
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            layout.comma();
        }
        layout.string(cell.as_ref())?;
        layout.drain()?;
    }
    layout.close(b']');
    Ok(())
}
