//! The strings that were found: their text, their order, and all of them as a file.

use std::io::{self, Write};

use rayon::iter::{IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _};
use rayon::slice::ParallelSliceMut as _;

use super::{Encoding, Filter, Found, Strings};
use crate::buffer::{Buffer, ByteRange, Len, ReadError};
use crate::tasks::{Cancelled, Progress};

/// What a list is ordered by; ties by offset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Where they are.
    #[default]
    Offset,
    /// What they are written in.
    Encoding,
    /// How many characters they have, the longest first.
    Length,
    /// Their text, by its first characters.
    Text,
}

/// The text of a string, at most its first `most` characters.
///
/// # Errors
/// Where its bytes cannot be read any more.
pub fn text(buffer: &Buffer, found: &Found, most: usize) -> Result<String, ReadError> {
    let unit = match found.encoding {
        Encoding::Ascii | Encoding::Single(_) => 1,
        Encoding::Utf8 | Encoding::Utf16Le | Encoding::Utf16Be => 4,
    };
    let len = found.len.min(Len::from(most.saturating_mul(unit)));
    let bytes = buffer.to_vec(ByteRange::new(found.offset, len))?;
    Ok(decoded(&bytes, found.encoding).chars().take(most).collect())
}

pub(super) fn decoded(bytes: &[u8], encoding: Encoding) -> String {
    let wide = |unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|two| unit([two[0], two[1]]));
        char::decode_utf16(units).filter_map(Result::ok).collect()
    };
    match encoding {
        Encoding::Ascii | Encoding::Utf8 => bytes.utf8_chunks().map(|chunk| chunk.valid()).collect(),
        Encoding::Utf16Le => wide(u16::from_le_bytes),
        Encoding::Utf16Be => wide(u16::from_be_bytes),
        Encoding::Single(charset) => bytes.iter().filter_map(|&byte| charset.char(byte)).collect(),
    }
}

/// A text in which nothing is hidden: control characters, and those that turn the direction of writing, as escapes.
///
/// ```
/// assert_eq!(seektell::explore::strings::escaped("a\tb\u{202E}c"), "a\\tb\\u{202e}c");
/// ```
pub fn escaped(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
    };
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if hidden(c) { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out
}

/// Of all strings of a buffer those that a filter lets through, in the same order.
///
/// # Errors
/// Only [`Cancelled`]; what cannot be read any more is left out.
pub fn refine(buffer: &Buffer, all: &Strings, filter: Option<&Filter>, progress: &Progress) -> Result<Strings, Cancelled> {
    let Some(filter) = filter else { return Ok(all.clone()) };
    progress.set_total(all.strings.len() as u64);
    let kept: Vec<Option<Found>> = all
        .strings
        .par_iter()
        .with_min_len(1024)
        .map(|found| {
            progress.advance(1);
            let passes =
                !progress.is_cancelled() && text(buffer, found, Filter::LOOKED_AT).is_ok_and(|text| filter.accepts(&text));
            passes.then_some(*found)
        })
        .collect();
    progress.check()?;
    let strings: Vec<Found> = kept.into_iter().flatten().collect();
    let (total, problem) = (strings.len() as u64, all.problem.clone());
    Ok(Strings { strings, total, unreadable: all.unreadable, problem })
}

/// Characters that texts are compared by.
const COMPARED: usize = 64;

/// Puts strings in order, the other way round with `descending`.
///
/// # Errors
/// Only [`Cancelled`]; what cannot be read any more counts as empty.
pub fn order(buffer: &Buffer, strings: &mut [Found], sort: Sort, descending: bool, progress: &Progress) -> Result<(), Cancelled> {
    progress.check()?;
    match sort {
        Sort::Offset => strings.par_sort_by_key(|found| (found.offset, found.encoding.rank())),
        Sort::Encoding => strings.par_sort_by_key(|found| (found.encoding.rank(), found.offset)),
        Sort::Length => strings.par_sort_by_key(|found| (std::cmp::Reverse(found.chars), found.offset)),
        Sort::Text => {
            let mut keyed: Vec<(String, Found)> = Vec::with_capacity(strings.len());
            for (index, found) in strings.iter().enumerate() {
                if index % 1024 == 0 {
                    progress.check()?;
                }
                keyed.push((text(buffer, found, COMPARED).unwrap_or_default().to_lowercase(), *found));
            }
            keyed.par_sort_by(|a, b| a.0.cmp(&b.0).then(a.1.offset.cmp(&b.1.offset)));
            strings.iter_mut().zip(keyed).for_each(|(place, (_, found))| *place = found);
        }
    }
    if descending {
        strings.reverse();
    }
    progress.check()
}

/// Characters of one string that a file gets; longer ones end in an ellipsis.
const WRITTEN: usize = 1 << 20;

fn each(
    buffer: &Buffer,
    strings: &Strings,
    progress: &Progress,
    out: &mut dyn Write,
    line: &mut dyn FnMut(&mut dyn Write, &Found, &str) -> io::Result<()>,
) -> io::Result<()> {
    progress.set_total(strings.strings.len() as u64);
    for (index, found) in strings.strings.iter().enumerate() {
        if index % 256 == 0 {
            progress.check().map_err(io::Error::other)?;
            progress.set_done(index as u64);
        }
        let mut text = text(buffer, found, WRITTEN)?;
        if found.chars > WRITTEN as u64 {
            text.push('…');
        }
        line(out, found, &text)?;
    }
    Ok(())
}

/// As a table: `offset,encoding,bytes,characters,text` with a heading.
///
/// # Errors
/// Where `out` fails, or the strings cannot be read any more, or the work was cancelled.
pub fn to_csv(buffer: &Buffer, strings: &Strings, out: &mut dyn Write, progress: &Progress) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(["offset", "encoding", "bytes", "characters", "text"])?;
    let mut nowhere = io::sink();
    each(buffer, strings, progress, &mut nowhere, &mut |_, found, text| {
        let (offset, bytes, chars) = (found.offset.0.to_string(), found.len.0.to_string(), found.chars.to_string());
        table.write_record([offset.as_str(), found.encoding.name(), &bytes, &chars, text])?;
        Ok(())
    })?;
    table.flush()
}

/// As an array of objects with the same fields.
///
/// # Errors
/// As [`to_csv`].
pub fn to_json(buffer: &Buffer, strings: &Strings, out: &mut dyn Write, progress: &Progress) -> io::Result<()> {
    out.write_all(b"[")?;
    let mut first = true;
    each(buffer, strings, progress, out, &mut |out, found, text| {
        out.write_all(if std::mem::take(&mut first) { b"\n  " } else { b",\n  " })?;
        let object = serde_json::json!({
            "offset": found.offset.0,
            "encoding": found.encoding.name(),
            "bytes": found.len.0,
            "characters": found.chars,
            "text": text,
        });
        out.write_all(object.to_string().as_bytes())
    })?;
    out.write_all(if first { b"]\n" } else { b"\n]\n" })
}

/// As lines of text, one a string, with what is hidden escaped.
///
/// # Errors
/// As [`to_csv`].
pub fn to_text(buffer: &Buffer, strings: &Strings, out: &mut dyn Write, progress: &Progress) -> io::Result<()> {
    each(buffer, strings, progress, out, &mut |out, _, text| writeln!(out, "{}", escaped(text)))
}
