//! Edits of JSON and JSON Lines: values of records that are rows.

use std::ops::Range;

use serde::de::IgnoredAny;

use super::places::read;
use super::{CellChange, Change, EditError, Patches};
use crate::buffer::{Buffer, ByteRange, Offset};
use crate::formats::Format;
use crate::formats::table::Table;

pub(super) fn change(
    input: &Buffer,
    table: &Table,
    format: Format,
    change: &Change,
    patches: &mut Patches<'_>,
) -> Result<(), EditError> {
    let refused = |what: &str| {
        Err(EditError::Unwritable(format!(
            "{what} cannot be done in a table that is {}; change it in the text, or export it as CSV",
            format.info().name
        )))
    };
    match change {
        Change::Cells(cells) => {
            let mut sorted: Vec<_> = cells.iter().collect();
            sorted.sort_by_key(|change| change.row);
            for run in sorted.chunk_by(|a, b| a.row == b.row) {
                let Some(row) = run[0].row else { return refused("renaming a column, which is a key of every record,") };
                record(input, table, row, run, patches)?;
            }
            Ok(())
        }
        Change::DeleteRows(rows) => delete(table, rows, patches),
        Change::InsertRows { .. } => refused("inserting rows"),
        Change::InsertColumn { .. } => refused("inserting a column, which is a key of every record,"),
        Change::DeleteColumns(_) => refused("taking a column out, which is a key of every record,"),
    }
}

/// The bytes of a record.
fn range(table: &Table, row: u64) -> Result<ByteRange, EditError> {
    let found = table.row_range(row)?;
    found.ok_or_else(|| EditError::Unwritable(format!("row {} has no bytes of its own", row + 1)))
}

/// A record goes with what parts it from the next one, or the last one from the one before.
fn delete(table: &Table, rows: &[Range<u64>], patches: &mut Patches<'_>) -> Result<(), EditError> {
    for run in rows.iter().filter(|run| !run.is_empty()) {
        let first = range(table, run.start)?;
        let gone = if run.end < table.row_count() {
            ByteRange::between(first.start, range(table, run.end)?.start)
        } else {
            let last = range(table, run.end - 1)?;
            let start = if run.start > 0 { range(table, run.start - 1)?.end() } else { first.start };
            ByteRange::between(start, last.end())
        };
        patches.replace(gone, b"");
    }
    Ok(())
}

/// Cells of one record.
fn record(input: &Buffer, table: &Table, row: u64, changes: &[&CellChange], patches: &mut Patches<'_>) -> Result<(), EditError> {
    let place = range(table, row)?;
    let bytes = read(input, place)?;
    let unreadable = || EditError::Unwritable(format!("row {} is no record that can be changed here", row + 1));
    let parts = parts(&bytes).ok_or_else(unreadable)?;
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let mut added = String::new();
    for change in changes {
        let name = table.header().and_then(|header| header.get(change.column));
        match (&parts, name) {
            (Parts::Object { members, open, gap, colon }, Some(name)) => {
                // Of a key that comes twice the last one counts.
                match members.iter().rev().find(|member| member.key == *name) {
                    Some(member) => {
                        edits.push((member.value.clone(), value(&change.text, Some(&bytes[member.value.clone()]))?));
                    }
                    None if change.text.is_empty() => {}
                    None => {
                        if !members.is_empty() || !added.is_empty() {
                            added.push(',');
                            added += if members.is_empty() { "" } else { gap };
                        }
                        let key = serde_json::to_string(name).map_err(|_| unreadable())?;
                        added += &format!("{key}:{colon}{}", value(&change.text, None)?);
                        let at = members.last().map_or(*open, |member| member.value.end);
                        edits.retain(|(range, _)| *range != (at..at));
                        edits.push((at..at, added.clone()));
                    }
                }
            }
            (Parts::Array(items), None) => match items.get(change.column) {
                Some(item) => edits.push((item.clone(), value(&change.text, Some(&bytes[item.clone()]))?)),
                None if change.text.is_empty() => {}
                None => return Err(EditError::Unwritable("this row has no such value: nothing was changed".into())),
            },
            (Parts::Value(range), _) => edits.push((range.clone(), value(&change.text, Some(&bytes[range.clone()]))?)),
            _ => return Err(unreadable()),
        }
    }
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    for (range, text) in edits {
        let at = |offset: usize| Offset(place.start.0 + offset as u64);
        patches.replace(ByteRange::between(at(range.start), at(range.end)), text.as_bytes());
    }
    Ok(())
}

/// What is written for a text. What was a string stays one; what was a number, `true`, `false` or `null` stays one of them
/// where the text is one, and becomes a string otherwise; what was nested has to be JSON again.
fn value(text: &str, old: Option<&[u8]>) -> Result<String, EditError> {
    let string = || serde_json::to_string(text).map_err(|error| EditError::Unwritable(error.to_string()));
    match old.and_then(|old| old.first()) {
        Some(b'"') => string(),
        Some(b'{' | b'[') if serde_json::from_str::<IgnoredAny>(text).is_ok() => Ok(text.to_owned()),
        Some(b'{' | b'[') => Err(EditError::Unwritable(
            "this cell is an array or an object, and what was typed is no JSON: nothing was changed".into(),
        )),
        Some(_) if text.is_empty() => Ok("null".into()),
        _ if matches!(text, "true" | "false") => Ok(text.into()),
        _ if serde_json::from_str::<serde_json::Number>(text).is_ok() && text.trim() == text => Ok(text.into()),
        _ => string(),
    }
}

/// What a record consists of, in places of its bytes.
#[derive(Debug, PartialEq)]
enum Parts {
    Object {
        members: Vec<Member>,
        /// Behind the opening bracket.
        open: usize,
        /// The space behind a comma.
        gap: String,
        /// The space behind a colon.
        colon: String,
    },
    Array(Vec<Range<usize>>),
    Value(Range<usize>),
}

#[derive(Debug, PartialEq)]
struct Member {
    key: String,
    value: Range<usize>,
}

/// The parts of one record, which the reader of the table has found to be JSON.
fn parts(bytes: &[u8]) -> Option<Parts> {
    let start = space(bytes, 0);
    match *bytes.get(start)? {
        b'{' => {
            let (mut members, mut at) = (Vec::new(), space(bytes, start + 1));
            let lead = text(bytes, start + 1..at)?;
            let (mut gap, mut colon) = (None, None);
            while *bytes.get(at)? != b'}' {
                if !members.is_empty() {
                    let after = at + 1;
                    at = space(bytes, after);
                    gap.get_or_insert(text(bytes, after..at)?);
                }
                let end = skip(bytes, at)?;
                let key = serde_json::from_slice(&bytes[at..end]).ok()?;
                let after = space(bytes, end) + 1;
                at = space(bytes, after);
                colon.get_or_insert(text(bytes, after..at)?);
                let end = skip(bytes, at)?;
                members.push(Member { key, value: at..end });
                at = space(bytes, end);
            }
            let gap = gap.unwrap_or(if lead.contains('\n') { lead } else { colon.clone().unwrap_or_default() });
            Some(Parts::Object { members, open: start + 1, gap, colon: colon.unwrap_or_default() })
        }
        b'[' => {
            let (mut items, mut at) = (Vec::new(), space(bytes, start + 1));
            while *bytes.get(at)? != b']' {
                if !items.is_empty() {
                    at = space(bytes, at + 1);
                }
                let end = skip(bytes, at)?;
                items.push(at..end);
                at = space(bytes, end);
            }
            Some(Parts::Array(items))
        }
        _ => Some(Parts::Value(start..skip(bytes, start)?)),
    }
}

fn text(bytes: &[u8], range: Range<usize>) -> Option<String> {
    String::from_utf8(bytes.get(range)?.to_vec()).ok()
}

/// The first place from `at` on that is no space.
fn space(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(rest.len())
}

/// Behind the value that begins at `at`.
fn skip(bytes: &[u8], at: usize) -> Option<usize> {
    let (mut depth, mut index) = (0_u32, at);
    loop {
        match *bytes.get(index)? {
            b'"' => {
                index += 1;
                while *bytes.get(index)? != b'"' {
                    index += if bytes[index] == b'\\' { 2 } else { 1 };
                }
                index += 1;
            }
            b'{' | b'[' => {
                depth += 1;
                index += 1;
            }
            b'}' | b']' if depth > 0 => {
                depth -= 1;
                index += 1;
            }
            b',' | b'}' | b']' | b':' if depth == 0 => return None,
            _ if depth > 0 => {
                index += 1;
                continue;
            }
            _ => {
                let rest = &bytes[index..];
                let end = rest.iter().position(|byte| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace());
                return Some(index + end.unwrap_or(rest.len()));
            }
        }
        if depth == 0 {
            return Some(index);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_record_are_found() {
        let bytes = br#" {"a": 1, "b\"":[1,"]"], "c":{}, "d": "x\\"} "#;
        let Some(Parts::Object { members, gap, colon, .. }) = parts(bytes) else { panic!("an object") };
        let found: Vec<_> =
            members.iter().map(|m| (m.key.as_str(), std::str::from_utf8(&bytes[m.value.clone()]).unwrap())).collect();
        assert_eq!(found, [("a", "1"), ("b\"", "[1,\"]\"]"), ("c", "{}"), ("d", "\"x\\\\\"")]);
        assert_eq!((gap.as_str(), colon.as_str()), (" ", " "));
        assert_eq!(parts(b"[1, \"a\",null]"), Some(Parts::Array(vec![1..2, 4..7, 8..12])));
        assert_eq!(parts(b"12.5"), Some(Parts::Value(0..4)));
        for broken in [&b"{"[..], b"[1", b"{\"a\"", b"", b"\"a", b"{\"a\":", b"{\"a\":1,"] {
            assert_eq!(parts(broken), None, "{broken:?}");
        }
    }

    #[test]
    fn values_keep_their_kind_where_they_can() {
        let made = |text: &str, old: &str| value(text, (!old.is_empty()).then_some(old.as_bytes())).unwrap();
        assert_eq!(made("12", "\"a\""), "\"12\"");
        assert_eq!(made("12", "3"), "12");
        assert_eq!(made("007", "3"), "\"007\"");
        assert_eq!(made("", "3"), "null");
        assert_eq!(made("true", "null"), "true");
        assert_eq!(made("1.50", ""), "1.50");
        assert_eq!(made("[2]", "[1]"), "[2]");
        assert!(value("x", Some(b"[1]")).is_err());
    }
}
