//! A row as it stands in its bytes: nothing is copied or decoded before somebody asks for a cell.

use std::borrow::Cow;

use memchr::memchr;

use super::Cells;
use crate::buffer::{ByteRange, Len, Offset};
use crate::formats::text::{Decoder, Encoding};

/// Where a cell stands in its row's bytes, its quotes included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// One row while it is passed over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record<'a> {
    /// Its number.
    pub(crate) row: u64,
    /// Its bytes in the input, the line end included; empty where it did not come from bytes.
    pub(crate) range: ByteRange,
    /// Whether the row goes on behind what is here.
    pub(crate) cut: bool,
    /// What the places of cells count in.
    pub(super) bytes: &'a [u8],
    /// Where in it the row stands, without its line end.
    pub(super) line: Span,
    pub(super) spans: &'a [Span],
    /// The byte around cells that are written in quotes; `None` where cells stand as they are.
    pub(super) quote: Option<u8>,
    /// Whether there may be a quote in it.
    pub(super) quoted: bool,
    pub(super) encoding: Encoding,
    /// The byte between the cells; `None` where they do not come from delimited text.
    pub(super) delimiter: Option<u8>,
    /// Whether the bytes are known to be UTF-8.
    pub(super) valid: bool,
}

impl<'a> Record<'a> {
    /// A row whose cells are in memory already.
    pub(super) fn of(row: u64, range: ByteRange, cells: &'a Cells, spans: &'a [Span]) -> Self {
        Self {
            row,
            range,
            cut: false,
            bytes: &cells.bytes,
            line: Span { start: 0, end: cells.bytes.len() },
            spans,
            quote: None,
            quoted: false,
            encoding: cells.encoding,
            delimiter: None,
            valid: false,
        }
    }

    /// How many cells there are.
    pub(crate) fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether all cells are bytes of UTF-8 (or what was meant to be).
    pub(crate) fn is_utf8(&self) -> bool {
        self.encoding == Encoding::Utf8
    }

    /// The bytes in which all cells stand as they are: those of a row in UTF-8 without quotes.
    pub(crate) fn plain(&self) -> Option<&'a [u8]> {
        (self.is_utf8() && !self.quoted).then(|| &self.bytes[self.line.start..self.line.end])
    }

    /// The bytes of a row without any quotes, of text that is quoted with `quote`: what stands between delimiters is a cell.
    pub(super) fn bare(&self, quote: u8) -> Option<&'a [u8]> {
        let is_bare = !self.quoted && self.quote == Some(quote) && self.delimiter.is_some();
        is_bare.then(|| &self.bytes[self.line.start..self.line.end])
    }

    /// How many bytes the row has where it stands, without its line end.
    #[cfg(feature = "columnar")]
    pub(in crate::formats) fn byte_len(&self) -> usize {
        self.line.end - self.line.start
    }

    /// The byte between the cells, where they come from delimited text.
    pub(in crate::formats) fn delimiter(&self) -> Option<u8> {
        self.delimiter
    }

    /// Where the delimiters stand in these bytes.
    pub(super) fn delimiters(&self) -> impl Iterator<Item = usize> {
        self.spans.iter().skip(1).map(|span| span.start - 1 - self.line.start)
    }

    /// How many byte sequences of the cells mean nothing in their encoding.
    pub(crate) fn malformed(&self) -> u64 {
        if self.valid {
            return 0;
        }
        let count = |cell: usize| {
            let mut decoder = Decoder::new(self.encoding);
            let raw = self.raw(cell);
            let cell = if self.encoding.unit() == 2 { raw.into() } else { unquoted(raw, self.quote) };
            decoder.decode(&cell, true, &mut String::new());
            decoder.malformed()
        };
        (0..self.len()).map(count).sum()
    }

    /// Where the cells stand in the input, their quotes included.
    pub(super) fn cell_ranges(&self) -> Vec<ByteRange> {
        let range = |span: &Span| {
            let start = self.range.start.0 + (span.start - self.line.start) as u64;
            ByteRange::new(Offset(start), Len((span.end - span.start) as u64))
        };
        self.spans.iter().map(range).collect()
    }

    /// Whether [`Record::utf8`] gives UTF-8 and nothing else.
    pub(crate) fn is_valid(&self) -> bool {
        self.valid || !self.is_utf8()
    }

    /// A cell as it stands, with its quotes, in the table's encoding.
    pub(crate) fn raw(&self, cell: usize) -> &'a [u8] {
        let span = self.spans[cell];
        &self.bytes[span.start..span.end]
    }

    /// A cell without its quotes as bytes of UTF-8. Of a table in UTF-8 broken sequences stay what they are, in others
    /// they are U+FFFD.
    #[inline]
    pub(crate) fn utf8(&self, cell: usize) -> Cow<'a, [u8]> {
        let raw = self.raw(cell);
        if self.encoding == Encoding::Utf8 && !self.quoted {
            return Cow::Borrowed(raw);
        }
        self.utf8_of(raw)
    }

    /// The same of a cell that may have quotes, or is in another encoding.
    fn utf8_of(&self, raw: &'a [u8]) -> Cow<'a, [u8]> {
        match self.encoding {
            Encoding::Utf8 => unquoted(raw, self.quote),
            encoding if encoding.unit() == 2 => {
                let text = decoded(raw, encoding);
                match unquoted(text.as_bytes(), self.quote) {
                    Cow::Borrowed(same) if same.len() == text.len() => Cow::Owned(text.into_bytes()),
                    other => Cow::Owned(other.into_owned()),
                }
            }
            encoding => match unquoted(raw, self.quote) {
                Cow::Borrowed(bytes) if bytes.is_ascii() => Cow::Borrowed(bytes),
                bytes => Cow::Owned(decoded(&bytes, encoding).into_bytes()),
            },
        }
    }

    /// The text of a cell; what means nothing is U+FFFD.
    pub(crate) fn text(&self, cell: usize) -> Cow<'a, str> {
        match self.utf8(cell) {
            Cow::Borrowed(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => Cow::Borrowed(text),
                Err(_) => Cow::Owned(decoded(bytes, Encoding::Utf8)),
            },
            Cow::Owned(bytes) => Cow::Owned(match String::from_utf8(bytes) {
                Ok(text) => text,
                Err(error) => decoded(error.as_bytes(), Encoding::Utf8),
            }),
        }
    }
}

/// What a cell stands for: without the quotes around it, doubled ones inside once. What follows a closing quote belongs
/// to the cell as it stands, as for the crate `csv` and Python.
pub(super) fn unquoted(raw: &[u8], quote: Option<u8>) -> Cow<'_, [u8]> {
    let Some(quote) = quote.filter(|quote| raw.first() == Some(quote)) else { return Cow::Borrowed(raw) };
    let inner = &raw[1..];
    match memchr(quote, inner) {
        None => Cow::Borrowed(inner),
        Some(at) if at + 1 == inner.len() => Cow::Borrowed(&inner[..at]),
        Some(_) => {
            let mut cell = Vec::with_capacity(inner.len());
            let mut rest = inner;
            while let Some(at) = memchr(quote, rest) {
                cell.extend_from_slice(&rest[..at]);
                rest = &rest[at + 1..];
                if rest.first() != Some(&quote) {
                    break;
                }
                cell.push(quote);
                rest = &rest[1..];
            }
            cell.extend_from_slice(rest);
            Cow::Owned(cell)
        }
    }
}

fn decoded(bytes: &[u8], encoding: Encoding) -> String {
    let mut text = String::with_capacity(bytes.len());
    Decoder::new(encoding).decode(bytes, true, &mut text);
    text
}

/// The places of a row's cells, from the row as other sources give it.
pub(super) fn spans_of(cells: &Cells, spans: &mut Vec<Span>) {
    spans.clear();
    let mut start = 0;
    spans.extend(cells.ends.iter().map(|&end| {
        let span = Span { start, end };
        start = end;
        span
    }));
}

/// The cells of a row as writers take them: without quotes, in the table's encoding or, of UTF-16, in UTF-8.
pub(super) fn cells_of(record: &Record<'_>, cells: &mut Cells) {
    let wide = record.encoding.unit() == 2;
    cells.clear();
    cells.encoding = if wide { Encoding::Utf8 } else { record.encoding };
    for cell in 0..record.len() {
        if wide {
            cells.push_bytes(&record.utf8(cell));
        } else {
            cells.push_bytes(&unquoted(record.raw(cell), record.quote));
        }
        cells.end_cell();
    }
}
