//! The pixels of a PNG packed on all cores: bands of rows are filtered and deflated each for itself, with the 32 KiB before them as
//! dictionary and ended on a whole byte, so that one after the other they are one zlib stream (as `pigz` does with files). Where bands
//! end follows from the picture alone, so the bytes are the same on every machine.

use flate2::{Compress, Compression, FlushCompress, Status};

use super::png_filter::Filtering;
use crate::formats::{Format, FormatError, in_order};
use crate::tasks::{Cancelled, Progress};

/// Filtered bytes of a band, about: what it costs to begin anew is not seen in the size, and one takes well below a tenth of a second.
pub(super) const BAND: usize = 1 << 20;
/// How far back deflate looks.
const WINDOW: usize = 32 * 1024;
/// Bytes that are packed between two questions whether to stop.
const STEP: usize = 64 * 1024;

/// Rows as they stand in the file before they are filtered.
pub(super) struct Source<'a> {
    /// Bytes of a row, at least one.
    pub(super) stride: usize,
    /// Bytes of a pixel; 1 where it has fewer bits than a byte.
    pub(super) pixel: usize,
    /// Pairs of bytes are to be turned round: numbers of 16 bits in the order of this machine.
    pub(super) deep: bool,
    /// All rows.
    pub(super) bytes: &'a [u8],
    /// Whether each row gets the filter that suits it, or none.
    pub(super) adaptive: bool,
    /// zlib's level, 1 to 9.
    pub(super) level: u32,
}

/// A band.
#[derive(Default)]
struct Packed {
    /// The filtered rows.
    rows: Vec<u8>,
    /// What they became.
    bytes: Vec<u8>,
    adler: u32,
    /// Filtered bytes that it holds.
    len: usize,
}

/// Packs all rows and gives what stands in the file's chunks, a piece after the other, to `put`.
///
/// Memory: two more bands than there are cores, and what they became.
pub(super) fn pack(
    source: &Source<'_>,
    put: &mut dyn FnMut(&[u8]) -> Result<(), FormatError>,
    progress: &Progress,
) -> Result<(), FormatError> {
    let rows = source.bytes.len() / source.stride;
    let a_band = (BAND / (source.stride + 1)).max(1);
    let bands = rows.div_ceil(a_band).max(1);
    let (mut adler, mut band) = (1, 0);
    let make = |band: usize, packed: &mut Packed| {
        let end = rows.min((band + 1) * a_band);
        source.band(band * a_band, end, band + 1 == bands, packed, progress)
    };
    in_order(bands, make, |packed| {
        adler = joined(adler, packed.adler, packed.len);
        if band == 0 {
            packed.bytes.splice(..0, header(source.level));
        }
        band += 1;
        if band == bands {
            packed.bytes.extend(adler.to_be_bytes());
        }
        put(&packed.bytes)
    })
}

impl Source<'_> {
    /// Appends the filtered rows from `first` up to `end`.
    fn filter(&self, first: usize, end: usize, out: &mut Vec<u8>, progress: &Progress) -> Result<(), Cancelled> {
        let mut filtering = Filtering::new(self.stride, self.pixel, self.adaptive);
        let (mut now, mut above) = (Vec::new(), Vec::new());
        let row = |row: usize| &self.bytes[row * self.stride..][..self.stride];
        for line in first..end {
            progress.check()?;
            let before = line.checked_sub(1).filter(|_| self.adaptive);
            if self.deep {
                if line == first
                    && let Some(before) = before
                {
                    turned(row(before), &mut above);
                }
                turned(row(line), &mut now);
                filtering.row(&now, before.map(|_| &above[..]), out);
                std::mem::swap(&mut now, &mut above);
            } else {
                filtering.row(row(line), before.map(row), out);
            }
        }
        Ok(())
    }

    fn band(&self, first: usize, end: usize, last: bool, packed: &mut Packed, progress: &Progress) -> Result<(), FormatError> {
        // What the band before ends with is filtered once more instead of waiting for it.
        let known = first - first.min(WINDOW.div_ceil(self.stride + 1));
        let Packed { rows, bytes, adler: of_all, len } = packed;
        rows.clear();
        bytes.clear();
        let size = (end - known) * (self.stride + 1);
        rows.try_reserve_exact(size).map_err(|_| FormatError::Limit {
            what: format!("a part of the rows takes {}", super::in_units(size as u64)),
            limit: "the memory that is free".into(),
        })?;
        self.filter(known, end, rows, progress)?;
        let (known, rows) = rows.split_at((first - known) * (self.stride + 1));
        let failed = |error: &dyn std::fmt::Display| FormatError::Unsupported { format: Format::Png, what: error.to_string() };
        let mut deflate = Compress::new(Compression::new(self.level), false);
        if !known.is_empty() {
            let known = &known[known.len().saturating_sub(WINDOW)..];
            deflate.set_dictionary(known).map_err(|error| failed(&error))?;
        }
        bytes.reserve(rows.len() / 2 + 1024);
        let mut adler = adler2::Adler32::new();
        let mut steps = rows.chunks(STEP).peekable();
        while let Some(mut step) = steps.next() {
            progress.check()?;
            adler.write_slice(step);
            let flush = match (steps.peek(), last) {
                (Some(_), _) => FlushCompress::None,
                (None, false) => FlushCompress::Sync,
                (None, true) => FlushCompress::Finish,
            };
            loop {
                if bytes.capacity() - bytes.len() < STEP {
                    bytes.reserve(STEP.max(bytes.len() / 2));
                }
                let before = deflate.total_in();
                let status = deflate.compress_vec(step, bytes, flush).map_err(|error| failed(&error))?;
                step = &step[(deflate.total_in() - before) as usize..];
                // Room that is left says that nothing is kept back.
                if status == Status::StreamEnd || (step.is_empty() && bytes.len() < bytes.capacity()) {
                    break;
                }
            }
        }
        progress.advance((end - first) as u64);
        (*of_all, *len) = (adler.checksum(), rows.len());
        Ok(())
    }
}

/// With the high byte of each pair first.
fn turned(row: &[u8], out: &mut Vec<u8>) {
    out.clear();
    out.extend(row.as_chunks::<2>().0.iter().flat_map(|pair| u16::from_ne_bytes(*pair).to_be_bytes()));
}

/// zlib's two bytes before the data: deflate with 32 KiB, and how hard was tried, such that as a number they are a multiple of 31.
fn header(level: u32) -> [u8; 2] {
    match level {
        0..=1 => [0x78, 0x01],
        2..=5 => [0x78, 0x5E],
        6 => [0x78, 0x9C],
        _ => [0x78, 0xDA],
    }
}

/// Adler-32 of two parts, of which the second has `len` bytes: two sums, of the bytes and of the first sum after each byte.
fn joined(one: u32, other: u32, len: usize) -> u32 {
    const MODULUS: u64 = 65_521;
    let halves = |sum: u32| (u64::from(sum & 0xFFFF), u64::from(sum >> 16));
    let ((a, b), (more_a, more_b)) = (halves(one), halves(other));
    // Each of them begins at one.
    let before = (a + MODULUS - 1) % MODULUS;
    let low = (before + more_a) % MODULUS;
    let high = (b + more_b + len as u64 % MODULUS * before) % MODULUS;
    (high << 16 | low) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_parts_are_joined() {
        let bytes: Vec<u8> = (0..200_000_u64).map(|number| ((number * number) >> 7) as u8 | 0xC0).collect();
        let sum = |bytes: &[u8]| adler2::adler32_slice(bytes);
        for at in [0, 1, 5_552, 65_521, 70_000, 199_999, 200_000] {
            let (one, other) = bytes.split_at(at);
            assert_eq!(joined(sum(one), sum(other), other.len()), sum(&bytes), "at {at}");
        }
        for level in 1..=9 {
            let [first, second] = header(level);
            assert_eq!(u16::from_be_bytes([first, second]) % 31, 0);
        }
    }
}
