//! A table as JSON.

use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};

use super::index::unused_name;
use super::layout::Layout;
use crate::formats::table::{Record, Table, counted, write_rows};
use crate::formats::{Format, FormatError, JsonOptions, Loss};
use crate::tasks::{Cancelled, Progress};

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

/// What an object says of its row, in the order of its members: the column and its key; the cells past the header and theirs.
#[derive(Debug)]
struct Members {
    columns: Vec<(usize, String)>,
    /// The key of the cells past the header, and how many members stand before it.
    extra: (usize, String),
}

impl Members {
    fn new(header: &[String], sorted: bool) -> Self {
        let (names, extra) = keys(header);
        let mut columns: Vec<_> = names.into_iter().enumerate().collect();
        let mut before = columns.len();
        if sorted {
            columns.sort_by(|(_, one), (_, other)| one.cmp(other));
            before = columns.partition_point(|(_, name)| *name < extra);
        }
        Self { columns, extra: (before, extra) }
    }
}

/// Writes the table and returns how many byte sequences meant nothing.
pub(in crate::formats) fn write(
    table: &Table,
    format: Format,
    options: &JsonOptions,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<u64, FormatError> {
    let lines = match format {
        Format::Json => false,
        Format::JsonLines => true,
        _ => return Err(FormatError::Unsupported { format, what: "writing as JSON".into() }),
    };
    let members = table.header().map(|header| Members::new(header, options.sort_keys));
    match options.indent.filter(|_| !lines) {
        None => compact(table, lines, members.as_ref(), out, progress),
        Some(indent) => indented(table, indent, members.as_ref(), out, progress),
    }
}

/// One array over many lines.
fn indented(
    table: &Table,
    indent: u8,
    members: Option<&Members>,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<u64, FormatError> {
    let mut layout = Layout::new(Some(indent), out);
    progress.set_done(0);
    progress.set_total(table.row_count());
    let (mut written, mut done, mut malformed) = (0_u64, 0_u64, 0_u64);
    layout.open(b'[');
    table.source.visit(0, false, &mut |row| {
        done += 1;
        if done.is_multiple_of(1000) {
            progress.set_done(done);
            progress.check()?;
        }
        let cells = row.cells;
        if cells.len() == 0 && members.is_some() {
            return Ok(true);
        }
        malformed += (0..cells.len()).map(|cell| cells.malformed(cell)).sum::<u64>();
        if written > 0 {
            layout.comma();
        }
        written += 1;
        match members {
            None => list(&mut layout, cells.iter())?,
            Some(Members { columns, extra }) => {
                layout.open(b'{');
                let mut any = false;
                let mut key = |layout: &mut Layout<'_>, name: &str| {
                    if std::mem::replace(&mut any, true) {
                        layout.comma();
                    }
                    layout.string(name)?;
                    layout.colon();
                    Ok::<_, FormatError>(())
                };
                for place in 0..=columns.len() {
                    if place == extra.0 && cells.len() > columns.len() {
                        key(&mut layout, &extra.1)?;
                        list(&mut layout, cells.iter().skip(columns.len()))?;
                    }
                    let Some((column, name)) = columns.get(place) else { break };
                    key(&mut layout, name)?;
                    if *column < cells.len() {
                        layout.string(&cells.text(*column))?;
                    } else {
                        layout.bytes(b"null");
                    }
                    layout.drain()?;
                }
                layout.close(b'}');
            }
        }
        layout.drain()?;
        Ok(true)
    })?;
    layout.close(b']');
    layout.byte(b'\n');
    progress.set_done(done);
    layout.flush()?;
    Ok(malformed)
}

/// Records without spaces, made on all cores.
fn compact(
    table: &Table,
    lines: bool,
    members: Option<&Members>,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<u64, FormatError> {
    let records = members.map(Records::new);
    let malformed = AtomicU64::new(0);
    let encode = |record: &Record<'_>, text: &mut Vec<u8>| {
        let broken = record.malformed();
        if broken > 0 {
            malformed.fetch_add(broken, Ordering::Relaxed);
        }
        match &records {
            None => cells(record, 0..record.len(), text, progress)?,
            Some(_) if record.len() == 0 => return Ok(()),
            Some(records) => records.write(record, text, progress)?,
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
    bracket(b"]", out)?;
    Ok(malformed.into_inner())
}

/// How rows become objects on one line.
struct Records {
    /// The column of each member, and what stands before its value: what ends the member before, and the key.
    columns: Vec<(usize, Vec<u8>)>,
    /// How many bytes of keys a record has.
    room: usize,
    extra: (usize, Vec<u8>),
}

impl Records {
    fn new(members: &Members) -> Self {
        let key = |name: &str, start: &[u8]| {
            let mut key = start.to_vec();
            escape(name.as_bytes(), &mut key);
            key.push(b':');
            key
        };
        let start = |place: usize| if place == 0 { &b"{"[..] } else { b"," };
        let columns = members.columns.iter().enumerate();
        let columns: Vec<_> = columns.map(|(place, (column, name))| (*column, key(name, start(place)))).collect();
        let room = columns.iter().map(|(_, key)| key.len() + 2).sum::<usize>() + 2;
        Self { columns, room, extra: (members.extra.0, key(&members.extra.1, b"")) }
    }

    fn write(&self, record: &Record<'_>, text: &mut Vec<u8>, progress: &Progress) -> Result<(), Cancelled> {
        // Most rows have all their cells and nothing in them that is written otherwise.
        if record.len() == self.columns.len()
            && let Some(line) = record.plain().filter(|line| record.is_valid() && is_plain(line, record.delimiter()))
        {
            text.reserve(self.room + line.len());
            for (column, key) in &self.columns {
                text.extend_from_slice(key);
                text.push(b'"');
                text.extend_from_slice(record.raw(*column));
                text.push(b'"');
            }
            text.push(b'}');
            return Ok(());
        }
        let start = text.len();
        for place in 0..=self.columns.len() {
            if place == self.extra.0 && record.len() > self.columns.len() {
                text.push(if text.len() == start { b'{' } else { b',' });
                text.extend_from_slice(&self.extra.1);
                cells(record, self.columns.len()..record.len(), text, progress)?;
            }
            let Some((column, key)) = self.columns.get(place) else { break };
            text.push(if text.len() == start { b'{' } else { b',' });
            text.extend_from_slice(&key[1..]);
            if *column < record.len() {
                cell(record, *column, text, progress)?;
            } else {
                text.extend_from_slice(b"null");
            }
        }
        text.extend_from_slice(if text.len() == start { b"{}" } else { b"}" });
        Ok(())
    }
}

/// Bytes of a cell that are written between two looks at the progress.
const LOOK: usize = 1 << 20;

fn cell(record: &Record<'_>, index: usize, text: &mut Vec<u8>, progress: &Progress) -> Result<(), Cancelled> {
    if record.is_valid() {
        escape_asking(&record.utf8(index), text, progress)
    } else {
        escape_asking(record.text(index).as_bytes(), text, progress)
    }
}

/// As [`escape`]; one cell can be as long as the file.
fn escape_asking(cell: &[u8], text: &mut Vec<u8>, progress: &Progress) -> Result<(), Cancelled> {
    if cell.len() <= LOOK {
        escape(cell, text);
        return Ok(());
    }
    text.push(b'"');
    for part in cell.chunks(LOOK) {
        progress.check()?;
        escape_part(part, text);
    }
    text.push(b'"');
    Ok(())
}

fn cells(record: &Record<'_>, cells: std::ops::Range<usize>, text: &mut Vec<u8>, progress: &Progress) -> Result<(), Cancelled> {
    text.push(b'[');
    for index in cells.clone() {
        if index > cells.start {
            text.push(b',');
        }
        cell(record, index, text, progress)?;
    }
    text.push(b']');
    Ok(())
}

/// Whether no byte of a row needs an escape; its delimiter, which may be a tab, is not written.
fn is_plain(line: &[u8], delimiter: Option<u8>) -> bool {
    let delimiter = delimiter.unwrap_or(b',');
    // Without an early end, so that the compiler takes many bytes at once.
    !line.iter().fold(false, |found, byte| found | needs_escape(byte) & (*byte != delimiter))
}

/// Appends a string in quotes, with the escapes that `serde_json` writes.
fn escape(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    escape_part(text, out);
    out.push(b'"');
}

/// Appends bytes of a string, which stand for themselves or for an escape each.
fn escape_part(text: &[u8], out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
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
}

/// How many bytes need no escape, eight at a time: no quote, no backslash, no control character.
pub(super) fn plain_len(text: &[u8]) -> usize {
    run_len::<false>(text)
}

/// As [`plain_len`], of those that are ASCII.
pub(super) fn plain_ascii_len(text: &[u8]) -> usize {
    run_len::<true>(text)
}

fn run_len<const ASCII: bool>(text: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let ends = |byte: &u8| needs_escape(byte) || (ASCII && !byte.is_ascii());
    let (words, rest) = text.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let zero = |word: u64| word.wrapping_sub(ONES) & !word;
        let low = word.wrapping_sub(ONES * 0x20) & !word;
        let beyond = if ASCII { word } else { 0 };
        let marks = (low | zero(word ^ (ONES * 0x22)) | zero(word ^ (ONES * 0x5C)) | beyond) & HIGH;
        // Borrows may mark a byte too many, but only behind one that is right.
        if marks != 0 {
            return at * 8 + marks.trailing_zeros() as usize / 8;
        }
    }
    text.len() - rest.len() + rest.iter().position(ends).unwrap_or(rest.len())
}

fn needs_escape(byte: &u8) -> bool {
    (*byte < 0x20) | (*byte == b'"') | (*byte == b'\\')
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
