//! A table as JSON.

use std::collections::{HashMap, HashSet};
use std::io::Write;

use super::layout::Layout;
use super::records::unused_name;
use crate::formats::table::{Record, Table, counted, write_rows};
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
    if indent.is_none() {
        return compact(table, lines, keys.as_ref(), out, progress);
    }
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

/// Records without spaces, made on all cores.
fn compact(
    table: &Table,
    lines: bool,
    keys: Option<&(Vec<String>, String)>,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<(), FormatError> {
    let name = |name: &String| {
        let mut key = Vec::new();
        escape(name.as_bytes(), &mut key);
        key.push(b':');
        key
    };
    let keys = keys.map(|(names, extra)| (names.iter().map(name).collect::<Vec<_>>(), name(extra)));
    let encode = |record: &Record<'_>, text: &mut Vec<u8>| {
        let cell = |index: usize, text: &mut Vec<u8>| {
            if record.is_valid() {
                escape(&record.utf8(index), text);
            } else {
                escape(record.text(index).as_bytes(), text);
            }
        };
        let list = |cells: std::ops::Range<usize>, text: &mut Vec<u8>| {
            text.push(b'[');
            for index in cells.clone() {
                if index > cells.start {
                    text.push(b',');
                }
                cell(index, text);
            }
            text.push(b']');
        };
        match &keys {
            None => list(0..record.len(), text),
            Some(_) if record.len() == 0 => return Ok(()),
            Some((names, extra)) => {
                text.push(b'{');
                for (index, name) in names.iter().enumerate() {
                    if index > 0 {
                        text.push(b',');
                    }
                    text.extend_from_slice(name);
                    if index < record.len() {
                        cell(index, text);
                    } else {
                        text.extend_from_slice(b"null");
                    }
                }
                if record.len() > names.len() {
                    if !names.is_empty() {
                        text.push(b',');
                    }
                    text.extend_from_slice(extra);
                    list(names.len()..record.len(), text);
                }
                text.push(b'}');
            }
        }
        if lines {
            text.push(b'\n');
        }
        Ok(())
    };
    let bracket = |bracket: &[u8], out: &mut dyn Write| {
        if lines { Ok(()) } else { out.write_all(bracket).map_err(FormatError::Write) }
    };
    bracket(b"[", out)?;
    write_rows(table, if lines { b"" } else { b"," }, &encode, out, progress)?;
    bracket(b"]", out)
}

/// Appends a string in quotes, with the escapes that `serde_json` writes.
fn escape(text: &[u8], out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.push(b'"');
    let mut rest = text;
    loop {
        let plain = plain_len(rest);
        out.extend_from_slice(&rest[..plain]);
        let Some(&byte) = rest.get(plain) else { break };
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0x08 => out.extend_from_slice(b"\\b"),
            0x0C => out.extend_from_slice(b"\\f"),
            _ => {
                out.extend_from_slice(b"\\u00");
                out.extend_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
            }
        }
        rest = &rest[plain + 1..];
    }
    out.push(b'"');
}

/// How many bytes need no escape, eight at a time.
fn plain_len(text: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let (words, rest) = text.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let zero = |word: u64| word.wrapping_sub(ONES) & !word;
        let low = word.wrapping_sub(ONES * 0x20) & !word;
        let marked = (low | zero(word ^ (ONES * 0x22)) | zero(word ^ (ONES * 0x5C))) & HIGH != 0;
        // Borrows may mark a byte too many behind one that is right.
        if marked && let Some(place) = words[at].iter().position(needs_escape) {
            return at * 8 + place;
        }
    }
    text.len() - rest.len() + rest.iter().position(needs_escape).unwrap_or(rest.len())
}

fn needs_escape(byte: &u8) -> bool {
    *byte < 0x20 || matches!(byte, b'"' | b'\\')
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_those_of_the_library() {
        let mut random = fastrand::Rng::with_seed(3);
        for _ in 0..5000 {
            let characters =
                ['a', 'b', '"', '\\', '\n', '\u{1}', '\u{8}', '\u{c}', '\u{1f}', '\u{7f}', '!', '#', 'é', '😀', '\u{80}'];
            let text: String =
                (0..random.usize(..40)).map(|_| if random.bool() { 'x' } else { *random.choice(&characters).unwrap() }).collect();
            let mut ours = Vec::new();
            escape(text.as_bytes(), &mut ours);
            assert_eq!(String::from_utf8(ours).unwrap(), serde_json::to_string(&text).unwrap());
        }
    }
}
