//! PNG, row by row.

use std::io::Write;

use image::DynamicImage;
use png::{BitDepth, ColorType, DeflateCompression, EncodingError, Filter};

use super::guard::Watched;
use crate::formats::{Format, FormatError};
use crate::tasks::Progress;

/// One way of packing.
type Way = (DeflateCompression, Filter);

/// What a level tries. The codec's own levels are uneven (its 1 is slower and larger than the fast packer, its
/// 9 at times larger than its 6), so low levels take the fast packer, middle ones zlib's 6, and high ones try more
/// and keep the smallest.
fn ways(level: u8) -> &'static [Way] {
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

/// Writes `image`, which must not be of floats. Rows are packed and written as they come; only the levels that
/// try several ways hold their results in memory.
pub(super) fn encode(image: &DynamicImage, level: u8, out: &mut dyn Write, progress: &Progress) -> Result<(), FormatError> {
    let ways = ways(level);
    progress.set_total(u64::from(image.height()) * ways.len() as u64);
    progress.set_done(0);
    if let [way] = ways {
        return pack(image, *way, &mut *out, progress);
    }
    let mut smallest: Option<Vec<u8>> = None;
    for way in ways {
        let mut bytes = Vec::new();
        pack(image, *way, &mut bytes, progress)?;
        if smallest.as_ref().is_none_or(|found| bytes.len() < found.len()) {
            smallest = Some(bytes);
        }
    }
    super::encode::write_all(&smallest.unwrap_or_default(), out, progress)
}

fn pack(image: &DynamicImage, (compression, filter): Way, out: &mut dyn Write, progress: &Progress) -> Result<(), FormatError> {
    let format = Format::Png;
    let failed = |error| match error {
        EncodingError::IoError(error) => super::encode::writing(error),
        other => FormatError::Unsupported { format, what: other.to_string() },
    };
    let color = image.color();
    let (kind, deep) = (
        match (color.has_color(), color.has_alpha()) {
            (false, false) => ColorType::Grayscale,
            (false, true) => ColorType::GrayscaleAlpha,
            (true, false) => ColorType::Rgb,
            (true, true) => ColorType::Rgba,
        },
        color.bytes_per_pixel() / color.channel_count() == 2,
    );
    let mut encoder = png::Encoder::new(Watched::new(out, progress), image.width(), image.height());
    encoder.set_color(kind);
    encoder.set_depth(if deep { BitDepth::Sixteen } else { BitDepth::Eight });
    encoder.set_deflate_compression(compression);
    encoder.set_filter(filter);
    let mut writer = encoder.write_header().map_err(failed)?;
    let mut rows = writer.stream_writer_with_size(64 * 1024).map_err(failed)?;
    let mut swapped = Vec::new();
    for row in image.as_bytes().chunks(image.width() as usize * usize::from(color.bytes_per_pixel())) {
        progress.check()?;
        let row = if deep {
            swapped.clear();
            swapped.extend(row.as_chunks::<2>().0.iter().flat_map(|pair| u16::from_ne_bytes(*pair).to_be_bytes()));
            &swapped
        } else {
            row
        };
        rows.write_all(row).map_err(super::encode::writing)?;
        progress.advance(1);
    }
    rows.finish().map_err(failed)?;
    writer.finish().map_err(failed)
}
