//! Guessing how a file is delimited. A guess only chooses how to show it: no byte is left out because of it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use csv_nose::{SampleSize, Sniffer};
use memchr::{memchr, memchr_iter};

use super::delimited::sep_line;
use super::scan::{RowReader, Want};
use super::{Cells, Dialect};
use crate::buffer::{Buffer, ByteRange, Offset};
use crate::formats::text::{self, Encoding, decode_lossy};
use crate::formats::{Format, FormatError};

/// Bytes looked at.
const SAMPLE: usize = 256 * 1024;

/// Rows looked at.
const SAMPLE_ROWS: usize = 500;

/// Guesses the dialect from the first 256 KiB; the second value says why, a sentence for each part.
///
/// The delimiter is what a `sep=` line names, a tab in a file that is [`Format::Tsv`], else what the table uniformity
/// method (crate `csv-nose`) finds, if it makes more than one column of most rows; else the comma, and the file has one
/// column. The first row is taken for a header if it is as wide as most rows, has no number in it, and its cells do not
/// come again below.
pub fn sniff(input: &Buffer, format: Format) -> Result<(Dialect, String), FormatError> {
    let guess = text::guess(input)?;
    let encoding = guess.encoding;
    let encoding_reason = format!("Encoding {encoding}: {}", guess.reason);
    let mark = u64::from(guess.bom_len);
    let mut sample = input.to_vec(ByteRange::new(Offset(mark), SAMPLE.into()))?;
    let whole = mark + sample.len() as u64 >= input.len().0;
    let named = sep_line(&sample, encoding);
    if let Some((_, len)) = named {
        sample.drain(..usize::try_from(len).unwrap_or(0).min(sample.len()));
    }
    let mut text = decode_lossy(&sample, encoding);
    if !whole && let Some(end) = text.rfind(['\n', '\r']) {
        // The last row is cut; it would look ragged.
        text.truncate(end + 1);
    }
    drop(sample);
    if text.trim().is_empty() {
        let delimiter = named.map_or(if format == Format::Tsv { b'\t' } else { b',' }, |(delimiter, _)| delimiter);
        let dialect = Dialect { delimiter, header: false, encoding, ..Dialect::default() };
        return Ok((dialect, format!("There are no rows; {} is assumed. {encoding_reason}.", name(delimiter))));
    }
    let sample = Sample { buffer: Buffer::from(text.as_bytes()) };

    let forced = named.map(|(delimiter, _)| delimiter).or((format == Format::Tsv).then_some(b'\t'));
    let found = ask(first_lines(text.as_bytes()), forced);
    let (delimiter, delimiter_reason) = match (named, forced, &found) {
        (Some((delimiter, _)), ..) => (delimiter, format!("Delimiter {}: the first line names it with sep=", name(delimiter))),
        (_, Some(delimiter), _) => (delimiter, format!("Delimiter {}: the file is {}", name(delimiter), format.info().name)),
        (_, _, Some(found)) if sample.accepts(found.delimiter, found.quote) => {
            let shape = sample.shape(found.delimiter, found.quote);
            let reason = format!(
                "Delimiter {}: it makes {} columns in {} of {} rows",
                name(found.delimiter),
                shape.usual,
                shape.with_usual,
                shape.rows
            );
            (found.delimiter, reason)
        }
        _ => sample.common_delimiter(),
    };
    let (quote, quote_reason) = sample.quote(delimiter, found.as_ref().and_then(|found| found.quote));
    let says_header = found.is_some_and(|found| found.header);
    let (header, header_reason) = sample.header(delimiter, quote, says_header);
    let dialect = Dialect { delimiter, quote, header, encoding };
    Ok((dialect, format!("{delimiter_reason}. {quote_reason}. {header_reason}. {encoding_reason}.")))
}

fn name(byte: u8) -> String {
    match byte {
        b',' => "comma".into(),
        b';' => "semicolon".into(),
        b'\t' => "tab".into(),
        b'|' => "bar".into(),
        b' ' => "space".into(),
        b':' => "colon".into(),
        b'"' => "double quote".into(),
        b'\'' => "single quote".into(),
        other => format!("\"{}\"", other.escape_ascii()),
    }
}

/// What the sniffer said.
struct Found {
    delimiter: u8,
    quote: Option<u8>,
    header: bool,
}

/// As many lines as there are rows to look at. The sniffer goes over everything that it is given for each of many dialects.
fn first_lines(text: &[u8]) -> &[u8] {
    let line_end = if memchr(b'\n', text).is_some() { b'\n' } else { b'\r' };
    let end = memchr_iter(line_end, text).nth(SAMPLE_ROWS);
    &text[..end.map_or(text.len(), |end| end + 1)]
}

/// Asks `csv-nose`. It gets text from anywhere, so a panic in it counts as no answer.
fn ask(text: &[u8], delimiter: Option<u8>) -> Option<Found> {
    let answer = catch_unwind(AssertUnwindSafe(|| {
        let mut sniffer = Sniffer::new();
        sniffer.sample_size(SampleSize::Records(SAMPLE_ROWS));
        if let Some(delimiter) = delimiter {
            sniffer.delimiter(delimiter);
        }
        sniffer.sniff_bytes(text).ok()
    }));
    let dialect = answer.ok().flatten()?.dialect;
    let found = Found { delimiter: dialect.delimiter, quote: dialect.quote.char(), header: dialect.header.has_header_row };
    let usable = Dialect { delimiter: found.delimiter, quote: found.quote, ..Dialect::default() }.check().is_ok();
    usable.then_some(found)
}

/// The start of the file as UTF-8.
struct Sample {
    buffer: Buffer,
}

/// How rows come out under a dialect.
#[derive(Default)]
struct Shape {
    rows: usize,
    /// The number of cells that most rows have, and how many rows that is.
    usual: usize,
    with_usual: usize,
}

impl Shape {
    fn share(&self) -> f64 {
        if self.rows == 0 { 0.0 } else { self.with_usual as f64 / self.rows as f64 }
    }
}

impl Sample {
    /// The rows that are not blank, each as its cells, cut to what a guess needs.
    fn rows(&self, delimiter: u8, quote: Option<u8>, visit: &mut dyn FnMut(&Cells)) {
        let dialect = Dialect { delimiter, quote, header: false, encoding: Encoding::Utf8 };
        if dialect.check().is_err() {
            return;
        }
        let mut reader = RowReader::new(&self.buffer, &dialect, 0);
        let mut cells = Cells::new(Encoding::Utf8);
        let mut seen = 0;
        // The sample is in memory, so reading it does not fail.
        while let Ok(Some(row)) = reader.next(Want::Shown, &mut cells) {
            if row.cells > 0 {
                visit(&cells);
                seen += 1;
            }
            if seen == SAMPLE_ROWS || row.cut {
                break;
            }
        }
    }

    fn shape(&self, delimiter: u8, quote: Option<u8>) -> Shape {
        let mut counts = std::collections::BTreeMap::<usize, usize>::new();
        self.rows(delimiter, quote, &mut |cells| *counts.entry(cells.len()).or_default() += 1);
        let rows = counts.values().sum();
        // Of widths equally often the wider one: titles are narrow.
        let (usual, with_usual) = counts.into_iter().max_by_key(|&(cells, count)| (count, cells)).unwrap_or_default();
        Shape { rows, usual, with_usual }
    }

    /// Whether a delimiter makes a table. Characters that prose is full of have to do better than the usual ones.
    fn accepts(&self, delimiter: u8, quote: Option<u8>) -> bool {
        let shape = self.shape(delimiter, quote);
        match delimiter {
            b',' | b';' | b'\t' | b'|' | 0x1F => self.columns(delimiter, quote) >= 2,
            b' ' => shape.usual >= 3 && shape.rows >= 3 && shape.share() > 0.9,
            delimiter if delimiter.is_ascii_alphanumeric() || b"._-'\"".contains(&delimiter) => false,
            _ => shape.usual >= 2 && shape.share() > 0.9,
        }
    }

    /// Cells of the widest row.
    fn columns(&self, delimiter: u8, quote: Option<u8>) -> usize {
        let mut widest = 0;
        self.rows(delimiter, quote, &mut |cells| widest = widest.max(cells.len()));
        widest
    }

    /// Among the four usual delimiters the one that makes the most uniform table of two or more columns.
    fn common_delimiter(&self) -> (u8, String) {
        let mut best: Option<(u8, Shape)> = None;
        for delimiter in [b',', b';', b'\t', b'|'] {
            let shape = self.shape(delimiter, Some(b'"'));
            if shape.usual >= 2 && best.as_ref().is_none_or(|(_, other)| shape.share() > other.share()) {
                best = Some((delimiter, shape));
            }
        }
        match best {
            Some((delimiter, shape)) => {
                let reason = format!("Delimiter {}: it makes {} columns in most rows", name(delimiter), shape.usual);
                (delimiter, reason)
            }
            None => (b',', "Delimiter comma: assumed, there seems to be one column".into()),
        }
    }

    /// The quote. Without a reason against it the double quote is right: the rows behind the sample may need it.
    fn quote(&self, delimiter: u8, found: Option<u8>) -> (Option<u8>, String) {
        let double = self.shape(delimiter, Some(b'"'));
        let opens = |quote: u8| {
            let mut both = 0;
            self.rows(delimiter, None, &mut |cells| {
                both += (0..cells.len())
                    .filter(|&i| matches!(cells.raw(i), [first, .., last] if *first == quote && *last == quote))
                    .count();
            });
            both
        };
        let single_cells = opens(b'\'');
        if delimiter != b'\'' && single_cells > 0 && opens(b'"') == 0 {
            let single = self.shape(delimiter, Some(b'\''));
            if found == Some(b'\'') && single.share() >= double.share() || single.share() > double.share() {
                return (Some(b'\''), format!("Quote single quote: {single_cells} cells stand in it"));
            }
        }
        let plain = self.shape(delimiter, None);
        if plain.usual >= 2 && plain.share() > double.share() && plain.rows > double.rows {
            return (None, "Quote none: with quotes the rows would be less uniform".into());
        }
        (Some(b'"'), "Quote double quote: the usual one".into())
    }

    fn header(&self, delimiter: u8, quote: Option<u8>, found: bool) -> (bool, String) {
        let usual = self.shape(delimiter, quote).usual;
        let mut first: Option<Vec<String>> = None;
        let mut below: Vec<Column> = Vec::new();
        let mut rows = 0_usize;
        self.rows(delimiter, quote, &mut |cells| {
            let cells = cells.iter().take(256);
            match &first {
                None => first = Some(cells.map(std::borrow::Cow::into_owned).collect()),
                Some(names) => {
                    rows += 1;
                    below.resize_with(below.len().max(names.len()), Column::default);
                    for ((cell, column), name) in cells.zip(&mut below).zip(names) {
                        column.filled += usize::from(!cell.trim().is_empty());
                        column.values += usize::from(is_value(&cell));
                        column.repeats |= cell == name.as_str() && !cell.is_empty();
                    }
                }
            }
        });
        let names = first.unwrap_or_default();
        if rows == 0 {
            return (false, "Header no: there is one row only".into());
        }
        if names.len() < usual.min(256) {
            return (false, "Header no: the first row has fewer cells than most".into());
        }
        if let Some(cell) = names.iter().find(|cell| is_value(cell)) {
            let cell: String = cell.chars().take(20).collect();
            return (false, format!("Header no: the first row holds the value \"{}\"", cell.escape_debug()));
        }
        if names.iter().skip(1).any(|cell| cell.trim().is_empty()) || (names.len() == 1 && names[0].trim().is_empty()) {
            return (false, "Header no: the first row has empty cells".into());
        }
        if below.iter().any(|column| column.filled > 0 && column.values * 5 >= column.filled * 4) {
            return (true, "Header yes: words stand above numbers or dates".into());
        }
        if below.iter().any(|column| column.repeats) {
            return (false, "Header no: a cell of the first row comes again below it".into());
        }
        let sure = if found { "the first row looks like names" } else { "assumed, nothing speaks against it" };
        (true, format!("Header yes: {sure}"))
    }
}

#[derive(Default)]
struct Column {
    filled: usize,
    values: usize,
    repeats: bool,
}

/// Whether a cell is a number, an amount, a date or a time rather than a name.
fn is_value(cell: &str) -> bool {
    let cell = cell.trim();
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    digits > 0
        && cell.len() <= 40
        && cell.chars().all(|c| c.is_ascii_digit() || "+-.,:/ eETZ%$€£()_".contains(c))
        && digits * 2 >= cell.chars().count()
}
