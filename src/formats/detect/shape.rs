//! What kind of text it is. Each test says no in doubt: plain text is never a wrong answer.

use serde::de::IgnoredAny;

use super::plain::Text;
use super::{Detection, Edges};
use crate::formats::{Format, Kind, dump};

pub(super) fn find(edges: &Edges<'_>, text: &Text) -> Option<Detection> {
    let claim = edges.claim.filter(|claim| matches!(claim.kind(), Kind::Table | Kind::Json | Kind::Encoded));
    data_url(text)
        .or_else(|| records(text))
        .or_else(|| hex_dump(text))
        .or_else(|| json(text, claim))
        .or_else(|| claim.and_then(|claim| encoded_by_name(edges, text, claim)))
        .or_else(|| hex_text(text))
        .or_else(|| base64(text))
        .or_else(|| table(edges, text, claim))
}

fn data_url(text: &Text) -> Option<Detection> {
    let (head, body) = text.head.trim_start().split_once(',')?;
    let rest = head.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("data:")).map(|_| &head[5..])?;
    // "data: 1, 2, 3" in a note is no URL.
    let plausible = rest.is_empty() || rest.starts_with(';') || rest.split(';').next().is_some_and(|kind| kind.contains('/'));
    let closed = !rest.contains(char::is_whitespace)
        && !body.trim_end().contains(|c: char| c == ' ' || c.is_control() && !c.is_whitespace());
    let parsed = dump::parse_url_head(head)?;
    let how = if parsed.base64 { ", base64" } else { "" };
    (plausible && closed).then(|| Detection::new(Format::DataUrl, format!("starts with data: and names {}{how}", parsed.mime)))
}

/// Lines with their mark and their length; the checksum of one has to be right.
fn records(text: &Text) -> Option<Detection> {
    let lines = || whole_lines(text).filter(|line| !line.trim().is_empty()).take(4);
    [Format::IntelHex, Format::SRecord].into_iter().find_map(|format| {
        let fits = lines().all(|line| dump::is_record(line, format).0) && lines().any(|line| dump::is_record(line, format).1);
        fits.then(|| Detection::new(format, "the first lines are records, their lengths and checksums right"))
    })
}

/// Rows whose addresses count up by what the row before held.
fn hex_dump(text: &Text) -> Option<Detection> {
    let mut next: Option<u64> = None;
    let mut rows = 0;
    let mut certain_rows = 0;
    for line in whole_lines(text).take(16) {
        match dump::parse_row(line.as_bytes()).ok()? {
            dump::Row::Empty => {}
            dump::Row::Repeat => next = None,
            dump::Row::Bytes { address, bytes, certain } => {
                if next.is_some_and(|next| next != address) {
                    return None;
                }
                rows += 1;
                certain_rows += usize::from(certain);
                // No file reaches past the last address there is.
                next = Some(address.checked_add(bytes.len() as u64)?);
            }
        }
    }
    (certain_rows > 0 && certain_rows + 1 >= rows)
        .then(|| Detection::new(Format::HexDump, format!("the first {rows} lines are addresses and hexadecimal bytes")))
}

/// The lines that are whole: the last one of a cut head is not.
fn whole_lines(text: &Text) -> impl Iterator<Item = &str> {
    let end = if text.cut { text.head.rfind('\n').unwrap_or(text.head.len()) } else { text.head.len() };
    text.head[..end].lines()
}

fn json(text: &Text, claim: Option<Format>) -> Option<Detection> {
    let start = text.head.trim_start();
    if let Some(found) = json_lines(text, claim) {
        return Some(found);
    }
    let opener = start.chars().next()?;
    let said = claim == Some(Format::Json);
    if !matches!(opener, '{' | '[') && !said {
        return None;
    }
    let mut values = serde_json::Deserializer::from_str(start).into_iter::<IgnoredAny>();
    let whole = match values.next()? {
        Ok(_) if start[values.byte_offset()..].trim().is_empty() => true,
        Err(error) if error.is_eof() && text.cut => false,
        // Deeper than the parser goes, but nothing else than brackets gets there.
        Err(error) if error.to_string().starts_with("recursion limit") => false,
        _ => return None,
    };
    let what = if opener == '[' { "array" } else { "object" };
    Some(Detection::new(
        Format::Json,
        match (opener, whole) {
            ('{' | '[', true) => format!("the whole content is a JSON {what}"),
            ('{' | '[', false) => format!("starts as a JSON {what}, correct as far as it was read"),
            _ => "the whole content is a JSON value, and the name says so".into(),
        },
    ))
}

fn json_lines(text: &Text, claim: Option<Format>) -> Option<Detection> {
    let mut count = 0;
    for line in whole_lines(text).map(str::trim).filter(|line| !line.is_empty()).take(32) {
        if !line.starts_with(['{', '[']) || serde_json::from_str::<IgnoredAny>(line).is_err() {
            return None;
        }
        count += 1;
    }
    let enough = count >= 2 || (count == 1 && claim == Some(Format::JsonLines));
    enough.then(|| match count {
        1 => Detection::new(Format::JsonLines, "its one line is a JSON value, and the name says so"),
        _ => Detection::new(Format::JsonLines, format!("each of the first {count} lines is a JSON value of its own")),
    })
}

/// Encoded text that is too short or too plain to be told by itself, but decodes and has the name.
fn encoded_by_name(edges: &Edges<'_>, text: &Text, claim: Format) -> Option<Detection> {
    let fits =
        claim.kind() == Kind::Encoded && edges.head.is_ascii() && dump::head_decodes(text.head.as_bytes(), text.cut, claim);
    fits.then(|| Detection::new(claim, format!("the name says {}, and it decodes", claim.info().name)))
}

/// Nothing but bytes in hexadecimal: at least eight, with letters and with digits, in runs of one length.
fn hex_text(text: &Text) -> Option<Detection> {
    let head = text.head.trim();
    let prefixed = head.starts_with("0x") || head.starts_with("0X") || head.starts_with("\\x");
    let digits = head.bytes().filter(u8::is_ascii_hexdigit).count();
    let has = |test: fn(&u8) -> bool| head.bytes().any(|byte| test(&byte));
    let mixed = has(u8::is_ascii_digit) && has(|byte| matches!(byte, b'a'..=b'f' | b'A'..=b'F'));
    if !head.is_ascii() || digits < if prefixed { 4 } else { 16 } || !(mixed || prefixed) {
        return None;
    }
    let separator = |c: char| c.is_ascii_whitespace() || matches!(c, ',' | ';' | ':' | '-');
    let mut runs = whole_lines(text).flat_map(|line| line.split(separator)).filter(|run| !run.is_empty());
    let first = runs.next()?.len();
    // The last run of a document may be shorter; a second short one means words, not bytes.
    let uneven = runs.filter(|run| run.len() != first).count();
    let fits = uneven <= 1 && dump::head_decodes(text.head.as_bytes(), text.cut, Format::HexText);
    fits.then(|| Detection::new(Format::HexText, "nothing but hexadecimal digits, two a byte"))
}

/// Nothing but base64 characters, in even lines, that change between cases and digits as encoded bytes do and words do not.
fn base64(text: &Text) -> Option<Detection> {
    let head = text.head.trim();
    let mut lines = whole_lines(text).map(str::trim_end).filter(|line| !line.is_empty());
    let first = lines.next()?;
    let rest: Vec<&str> = lines.collect();
    let even = rest.split_last().is_none_or(|(last, middle)| {
        first.len() >= 32 && last.len() <= first.len() && middle.iter().all(|line| line.len() == first.len())
    });
    let symbols = head.bytes().filter(|byte| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte)).count();
    let padded = head.ends_with('=');
    if !even || symbols < if padded { 14 } else { 24 } {
        return None;
    }
    let class = |byte: u8| match byte {
        b'a'..=b'z' => 0,
        b'A'..=b'Z' => 1,
        b'0'..=b'9' => 2,
        _ => 3,
    };
    let sample: Vec<u8> = head.bytes().filter(|byte| !byte.is_ascii_whitespace()).take(4096).collect();
    let changes = sample.windows(2).filter(|pair| class(pair[0]) != class(pair[1])).count();
    let classes = (0..3).filter(|&wanted| sample.iter().any(|&byte| class(byte) == wanted)).count();
    let aligned = text.cut || head.bytes().filter(|byte| !byte.is_ascii_whitespace()).count() % 4 == 0;
    let likely = aligned && classes >= 2 && changes * 100 >= sample.len() * 45;
    (likely && dump::head_decodes(text.head.as_bytes(), text.cut, Format::Base64))
        .then(|| Detection::new(Format::Base64, "nothing but base64 characters, as mixed as encoded bytes are"))
}

/// Names whose files are tables as often as not; under any other name (source code, prose, logs) only text is seen.
const TABLE_NAMES: [&str; 8] = ["", "csv", "tsv", "tab", "txt", "text", "dat", "psv"];

fn table(edges: &Edges<'_>, text: &Text, claim: Option<Format>) -> Option<Detection> {
    let claim = claim.filter(|claim| claim.kind() == Kind::Table);
    let extension = edges.extension();
    if claim.is_none() && edges.name.is_some() && !TABLE_NAMES.contains(&extension.as_str()) && extension != "data" {
        return None;
    }
    let best =
        [b'\t', b',', b';', b'|'].into_iter().filter_map(|delimiter| columns(text, delimiter)).max_by_key(|found| found.score);
    match (best, claim) {
        (Some(found), _) => {
            let format = if found.delimiter == b'\t' { Format::Tsv } else { Format::Csv };
            let name = match found.delimiter {
                b'\t' => "tabs",
                b',' => "commas",
                b';' => "semicolons",
                _ => "bars",
            };
            // A .csv with tabs is still what people call CSV, and the CSV reader takes any delimiter.
            let format = if claim == Some(Format::Csv) { Format::Csv } else { format };
            let share = if found.agreeing == found.rows { "all".into() } else { found.agreeing.to_string() };
            let reason = format!("{share} of the first {} rows have {} cells parted by {name}", found.rows, found.cells);
            Some(Detection::new(format, reason))
        }
        (None, Some(claim)) => Some(Detection::new(claim, "it is text, and the name says so")),
        (None, None) => None,
    }
}

struct Columns {
    delimiter: u8,
    cells: usize,
    rows: usize,
    agreeing: usize,
    score: usize,
}

/// Whether the first rows agree on a number of cells, and are not sentences or code that happen to have as many commas.
fn columns(text: &Text, delimiter: u8) -> Option<Columns> {
    let sample: &str = {
        let mut end = text.head.len().min(32 * 1024);
        while !text.head.is_char_boundary(end) {
            end -= 1;
        }
        &text.head[..end]
    };
    let cut = text.cut || sample.len() < text.head.len();
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(sample.as_bytes());
    let mut rows: Vec<csv::StringRecord> = reader.records().take(100).map_while(Result::ok).collect();
    if cut && rows.len() < 100 {
        rows.pop();
    }
    if rows.len() < 2 {
        return None;
    }
    let cells = most_common(rows.iter().map(csv::StringRecord::len))?;
    let agreeing: Vec<_> = rows.iter().filter(|row| row.len() == cells).collect();
    if cells < 2 || agreeing.len() * 10 < rows.len() * 8 {
        return None;
    }
    let all_empty = |column: usize| agreeing.iter().all(|row| row[column].trim().is_empty());
    // Lines that all begin with a tab are indented, lines that all end in a semicolon are code, bars on both sides are Markdown.
    if all_empty(0) || (all_empty(cells - 1) && (cells == 2 || delimiter == b';')) {
        return None;
    }
    if delimiter != b'\t' && is_prose(&agreeing) {
        return None;
    }
    let score = agreeing.len() * 100 / rows.len() * 10 + cells.min(50);
    Some(Columns { delimiter, cells, rows: rows.len(), agreeing: agreeing.len(), score })
}

fn most_common(counts: impl Iterator<Item = usize>) -> Option<usize> {
    let mut seen = std::collections::BTreeMap::new();
    counts.for_each(|count| *seen.entry(count).or_insert(0_usize) += 1);
    seen.into_iter().max_by_key(|&(count, times)| (times, count)).map(|(count, _)| count)
}

/// Sentences: a space behind most delimiters and several words a cell, or rows that end like sentences and code do.
fn is_prose(rows: &[&csv::StringRecord]) -> bool {
    let inner = || rows.iter().flat_map(|row| row.iter().skip(1)).filter(|cell| !cell.is_empty());
    let spaced = inner().filter(|cell| cell.starts_with(' ')).count() * 2 > inner().count();
    let cells: usize = rows.iter().map(|row| row.len()).sum();
    let words: usize = rows.iter().flat_map(|row| row.iter()).map(|cell| cell.split_whitespace().count()).sum();
    let ends = |row: &&&csv::StringRecord| {
        row.iter().next_back().is_some_and(|cell| cell.trim_end().ends_with(['.', '!', '?', '{', '(', ',']))
    };
    let stopped = rows.iter().filter(ends).count() * 2 > rows.len();
    let wordy = words * 10 > cells * 18;
    // Two greetings have a comma each; two rows of a table written with spaces have a number somewhere.
    let few = rows.len() < 4 && !rows.iter().any(|row| row.as_slice().contains(|c: char| c.is_ascii_digit()));
    (spaced && (wordy || few)) || (stopped && wordy)
}
