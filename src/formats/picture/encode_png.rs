//! PNG: in bands of rows on all cores where it is packed by zlib, else row by row.

use std::io::Write;

use image::DynamicImage;
use png::{BitDepth, ColorType, DeflateCompression, EncodingError, Filter};

use super::encode_few::Few;
use super::guard::Watched;
use super::png_bands::{self, Source};
use crate::formats::{Format, FormatError};
use crate::tasks::Progress;

/// One way of packing.
pub(super) type Way = (DeflateCompression, Filter);

/// What a level tries. The codec's own levels are uneven (its 1 is slower and larger than the fast packer, its
/// 9 at times larger than its 6), so low levels take the fast packer, middle ones zlib's 6, and high ones try more
/// and keep the smallest.
pub(super) fn ways(level: u8) -> &'static [Way] {
    const BALANCED: Way = (DeflateCompression::Level(6), Filter::Adaptive);
    const BEST: Way = (DeflateCompression::Level(9), Filter::Adaptive);
    match level {
        0 => &[(DeflateCompression::FdeflateUltraFast, Filter::Up)],
        1..=2 => &[(DeflateCompression::FdeflateUltraFast, Filter::Adaptive)],
        3..=7 => &[BALANCED],
        8 => &[BALANCED, BEST],
        _ => &[
            BALANCED,
            BEST,
            (DeflateCompression::Level(9), Filter::NoFilter),
            (DeflateCompression::Level(9), Filter::MinEntropy),
        ],
    }
}

/// Rows as they stand in the file before they are packed.
struct Rows<'a> {
    width: u32,
    height: u32,
    color: ColorType,
    depth: BitDepth,
    /// Red, green, blue of each entry, and the alphas of the first ones.
    table: Option<(Vec<u8>, Vec<u8>)>,
    stride: usize,
    bytes: &'a [u8],
}

/// Writes `image`, which must not be of floats. Rows are packed and written as they come, some bands at a time; only the levels
/// that try several ways hold their results in memory.
pub(super) fn encode(image: &DynamicImage, level: u8, out: &mut dyn Write, progress: &Progress) -> Result<(), FormatError> {
    let color = image.color();
    let kind = match (color.has_color(), color.has_alpha()) {
        (false, false) => ColorType::Grayscale,
        (false, true) => ColorType::GrayscaleAlpha,
        (true, false) => ColorType::Rgb,
        (true, true) => ColorType::Rgba,
    };
    let deep = color.bytes_per_pixel() / color.channel_count() == 2;
    let rows = Rows {
        width: image.width(),
        height: image.height(),
        color: kind,
        depth: if deep { BitDepth::Sixteen } else { BitDepth::Eight },
        table: None,
        stride: image.width() as usize * usize::from(color.bytes_per_pixel()),
        bytes: image.as_bytes(),
    };
    smallest(&rows, level, out, progress)
}

/// Writes a picture of few colours with 1, 2, 4 or 8 bits a pixel.
pub(super) fn encode_few(few: &Few, level: u8, out: &mut dyn Write, progress: &Progress) -> Result<(), FormatError> {
    let bits = few.bits();
    let packed = few.packed(bits)?;
    let alphas = few.table.iter().map(|color| color[3]).take_while(|alpha| *alpha < 255).collect();
    let rows = Rows {
        width: few.width,
        height: few.height,
        color: if few.is_bilevel() { ColorType::Grayscale } else { ColorType::Indexed },
        depth: match bits {
            1 => BitDepth::One,
            2 => BitDepth::Two,
            4 => BitDepth::Four,
            _ => BitDepth::Eight,
        },
        table: (!few.is_bilevel()).then(|| (few.table.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect(), alphas)),
        stride: few.row_bytes(bits),
        bytes: &packed,
    };
    smallest(&rows, level, out, progress)
}

fn smallest(rows: &Rows<'_>, level: u8, out: &mut dyn Write, progress: &Progress) -> Result<(), FormatError> {
    let ways = ways(level);
    progress.set_total(u64::from(rows.height) * ways.len() as u64);
    progress.set_done(0);
    if let [way] = ways {
        return pack(rows, *way, &mut *out, progress);
    }
    let mut smallest: Option<Vec<u8>> = None;
    for way in ways {
        let mut bytes = Vec::new();
        pack(rows, *way, &mut bytes, progress)?;
        if smallest.as_ref().is_none_or(|found| bytes.len() < found.len()) {
            smallest = Some(bytes);
        }
    }
    super::encode::write_all(&smallest.unwrap_or_default(), out, progress)
}

fn pack(rows: &Rows<'_>, (compression, filter): Way, out: &mut dyn Write, progress: &Progress) -> Result<(), FormatError> {
    let format = Format::Png;
    let failed = |error| match error {
        EncodingError::IoError(error) => super::encode::writing(error),
        other => FormatError::Unsupported { format, what: other.to_string() },
    };
    let mut encoder = png::Encoder::new(Watched::new(out, progress), rows.width, rows.height);
    encoder.set_color(rows.color);
    encoder.set_depth(rows.depth);
    encoder.set_deflate_compression(compression);
    // Neighbours in a table are no neighbours as colours: filters only make such rows larger.
    let flat = matches!(rows.depth, BitDepth::One | BitDepth::Two | BitDepth::Four) || rows.table.is_some();
    encoder.set_filter(if flat { Filter::NoFilter } else { filter });
    if let Some((colors, alphas)) = &rows.table {
        encoder.set_palette(colors.as_slice());
        if !alphas.is_empty() {
            encoder.set_trns(alphas.as_slice());
        }
    }
    let mut writer = encoder.write_header().map_err(failed)?;
    let filter = if flat { Filter::NoFilter } else { filter };
    if let (DeflateCompression::Level(level), Filter::Adaptive | Filter::NoFilter) = (compression, filter)
        && rows.stride * rows.height as usize > png_bands::BAND
    {
        let deep = rows.depth == BitDepth::Sixteen;
        let pixel = if flat { 1 } else { rows.color.samples() * if deep { 2 } else { 1 } };
        let (adaptive, level) = (filter == Filter::Adaptive, level.into());
        let source = Source { stride: rows.stride, pixel, deep, bytes: rows.bytes, adaptive, level };
        let mut put = |piece: &[u8]| writer.write_chunk(png::chunk::IDAT, piece).map_err(failed);
        png_bands::pack(&source, &mut put, progress)?;
        return writer.finish().map_err(failed);
    }
    let mut stream = writer.stream_writer_with_size(64 * 1024).map_err(failed)?;
    let mut swapped = Vec::new();
    for row in rows.bytes.chunks(rows.stride) {
        progress.check()?;
        let row = if rows.depth == BitDepth::Sixteen {
            swapped.clear();
            swapped.extend(row.as_chunks::<2>().0.iter().flat_map(|pair| u16::from_ne_bytes(*pair).to_be_bytes()));
            &swapped
        } else {
            row
        };
        stream.write_all(row).map_err(super::encode::writing)?;
        progress.advance(1);
    }
    stream.finish().map_err(failed)?;
    writer.finish().map_err(failed)
}
