//! What the pages of a Parquet file say about their size, looked at before the decoder believes it.
//!
//! A page's header says how many bytes it unpacks to, up to 2 GiB, and the decoder takes that much memory before it unpacks the
//! first of them. The headers are written in Thrift's compact protocol; of one only the first fields matter here, and where it
//! ends (`PageHeader` in the format's `parquet.thrift`).

use parquet::basic::Compression;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};

use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::formats::{Format, FormatError, Limits};
use crate::tasks::Progress;

/// What a page may take in memory, where nobody chose another limit.
const PAGE: u64 = 512 << 20;
/// Bytes of a header that are read at first; one with statistics of long texts is longer.
const HEAD: u64 = 256;
/// The longest header, and how deep its structures are nested at most.
const LONGEST: u64 = 16 << 20;
const DEPTH: u32 = 16;

/// Goes from page to page of every column.
pub(super) fn check(input: &Buffer, about: &ParquetMetaData, limits: Limits, progress: &Progress) -> Result<(), FormatError> {
    for group in about.row_groups() {
        for column in group.columns() {
            column_is_right(input, column, limits.or(PAGE), progress)?;
        }
    }
    Ok(())
}

fn column_is_right(input: &Buffer, column: &ColumnChunkMetaData, limit: u64, progress: &Progress) -> Result<(), FormatError> {
    // Old writers say 0 for a dictionary that is not there.
    let first = column.dictionary_page_offset().filter(|&at| at > 0).unwrap_or_else(|| column.data_page_offset());
    let (Ok(mut at), Ok(len)) = (u64::try_from(first), u64::try_from(column.compressed_size())) else {
        return Err(wrong("a column begins before the file".into(), 0));
    };
    let end = at.saturating_add(len);
    if end > input.len().0 {
        return Err(wrong("a column ends behind the file".into(), at));
    }
    while at < end {
        progress.check()?;
        // What is no header for us is none for the decoder, which says so.
        let Some(page) = header(input, at, end)? else { return Ok(()) };
        let (Ok(unpacked), Ok(packed)) = (u64::try_from(page.unpacked), u64::try_from(page.packed)) else {
            return Err(wrong("a page has a negative size".into(), at));
        };
        if unpacked > limit {
            let what = format!("a page of {:?} unpacks to {}", column.column_path().string(), Limits::words(unpacked));
            return Err(Limits::refuse(what, limit));
        }
        if most(column.compression()).is_some_and(|most| unpacked > packed.saturating_mul(most)) {
            return Err(wrong(format!("a page of {packed} bytes says that it unpacks to {unpacked}"), at));
        }
        at = at.saturating_add(page.len).saturating_add(packed);
    }
    Ok(())
}

/// The most bytes that become of one: a copy of 64 bytes takes two in Snappy, one more byte makes 255 more in LZ4, Deflate
/// says 258 bytes in two bits. `None` where a few bytes may say anything.
fn most(packing: Compression) -> Option<u64> {
    match packing {
        Compression::SNAPPY => Some(32),
        Compression::LZ4 | Compression::LZ4_RAW => Some(255),
        Compression::GZIP(_) => Some(1032),
        _ => None,
    }
}

fn wrong(what: String, at: u64) -> FormatError {
    FormatError::Malformed { format: Format::Parquet, what, at: Some(Offset(at)) }
}

/// What a page's header says.
struct Page {
    unpacked: i64,
    packed: i64,
    /// Bytes of the header itself.
    len: u64,
}

fn header(input: &Buffer, at: u64, end: u64) -> Result<Option<Page>, FormatError> {
    let mut wanted = HEAD;
    loop {
        let here = wanted.min(end - at);
        let bytes = input.to_vec(ByteRange::new(Offset(at), Len(here)))?;
        let page = Thrift { rest: &bytes, len: bytes.len() }.page();
        if page.is_some() || here < wanted || wanted >= LONGEST {
            return Ok(page);
        }
        wanted *= 16;
    }
}

/// Reads the compact protocol; `None` is the end of the bytes, or what is no such thing.
struct Thrift<'a> {
    rest: &'a [u8],
    len: usize,
}

impl Thrift<'_> {
    fn page(mut self) -> Option<Page> {
        let (mut unpacked, mut packed, mut number) = (None, None, 0);
        while let Some(kind) = self.field(&mut number)? {
            match (number, kind) {
                (2, 5) => unpacked = Some(self.integer()?),
                (3, 5) => packed = Some(self.integer()?),
                _ => self.skip(kind, 0)?,
            }
        }
        Some(Page { unpacked: unpacked?, packed: packed?, len: (self.len - self.rest.len()) as u64 })
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn integer(&mut self) -> Option<i64> {
        let value = self.varint()?;
        Some((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// The kind of the next field, `Some(None)` at the end of its structure.
    fn field(&mut self, number: &mut i64) -> Option<Option<u8>> {
        let head = self.byte()?;
        if head == 0 {
            return Some(None);
        }
        *number = match head >> 4 {
            0 => self.integer()?,
            more => number.saturating_add(more.into()),
        };
        Some(Some(head & 0x0F))
    }

    fn pass(&mut self, bytes: u64) -> Option<()> {
        self.rest = self.rest.get(usize::try_from(bytes).ok()?..)?;
        Some(())
    }

    fn skip(&mut self, kind: u8, depth: u32) -> Option<()> {
        if depth > DEPTH {
            return None;
        }
        match kind {
            // Truth values of fields are in their kind.
            1 | 2 => Some(()),
            3 => self.pass(1),
            4..=6 => self.varint().map(|_| ()),
            7 => self.pass(8),
            8 => {
                let len = self.varint()?;
                self.pass(len)
            }
            9 | 10 => {
                let head = self.byte()?;
                let count = if head >> 4 == 15 { self.varint()? } else { u64::from(head >> 4) };
                self.all(count, head & 0x0F, depth)
            }
            11 => {
                let count = self.varint()?;
                let kinds = if count > 0 { self.byte()? } else { 0 };
                (0..count).try_for_each(|_| {
                    self.all(1, kinds >> 4, depth)?;
                    self.all(1, kinds & 0x0F, depth)
                })
            }
            12 => {
                let mut number = 0;
                while let Some(kind) = self.field(&mut number)? {
                    self.skip(kind, depth + 1)?;
                }
                Some(())
            }
            _ => None,
        }
    }

    /// Elements of a list: a truth value there is a byte.
    fn all(&mut self, count: u64, kind: u8, depth: u32) -> Option<()> {
        (0..count).try_for_each(|_| if matches!(kind, 1 | 2) { self.pass(1) } else { self.skip(kind, depth + 1) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Option<(i64, i64, u64)> {
        Thrift { rest: bytes, len: bytes.len() }.page().map(|page| (page.unpacked, page.packed, page.len))
    }

    #[test]
    fn a_header_is_read_to_its_end() {
        // type 0, unpacked 100, packed 60, a structure with a number, a text and a list, then the end and what follows.
        let bytes = [0x15, 0, 0x15, 0xC8, 1, 0x15, 0x78, 0x2C, 0x15, 8, 0x18, 2, b'a', b'b', 0x19, 0x25, 2, 4, 0, 0, 99];
        assert_eq!(read(&bytes), Some((100, 60, 20)));
        for len in 0..20 {
            assert_eq!(read(&bytes[..len]), None, "{len}");
        }
        // Negative sizes are numbers too.
        assert_eq!(read(&[0x25, 3, 0x15, 1, 0]), Some((-2, -1, 5)));
    }

    #[test]
    fn depth_and_counts_are_bounded() {
        assert_eq!(read(&[&[0x1C; 100][..], &[0; 100]].concat()), None, "structures in structures");
        assert_eq!(read(&[0x19, 0xF8, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]), None, "a list of four thousand million texts");
        assert_eq!(read(&[0x18, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1]), None, "a text of 2^64 bytes");
        assert_eq!(read(&[0x80; 40]), None);
    }
}
