//! PNG, row by row: what came before an error stays, and cancelling is answered between two rows.
//!
//! Text and colour profiles are stepped over instead of inflated, so a bomb in them costs nothing.

use image::{DynamicImage, ImageBuffer};
use png::{BitDepth, ColorType, DecodingError, InterlaceInfo, Transformations};

use super::decode::Decoded;
use super::guard::{self, zeroed};
use super::{Limits, in_units};
use crate::buffer::Buffer;
use crate::formats::{Format, FormatError};
use crate::tasks::Progress;

/// What the codec may hold beside two rows: chunks that are kept whole, such as EXIF.
const SIDE_BYTES: usize = 64 << 20;

/// The first picture. `format` is the format that errors name: PNG, or the icon around it.
pub(super) fn decode(input: &Buffer, format: Format, limits: Limits, progress: &Progress) -> Result<Decoded, FormatError> {
    let failed = |error| self::error(error, input, format);
    let reader = guard::reader(input, progress);
    let mut decoder = png::Decoder::new_with_limits(reader, png::Limits { bytes: SIDE_BYTES });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::EXPAND);
    let header = decoder.read_header_info().map_err(failed)?;
    let (width, height, interlaced) = (header.width, header.height, header.interlaced);
    limits.check(width, height, 1)?;
    let mut reader = decoder.read_info().map_err(failed)?;
    let (color, depth) = reader.output_color_type();
    let channels = color.samples();
    let deep = depth == BitDepth::Sixteen;
    let pixel = channels * if deep { 2 } else { 1 };
    let total = limits.check(width, height, pixel as u64)?;
    let too_big = || FormatError::Limit {
        what: format!("the pixels take {}", in_units(total)),
        limit: "what this machine can address".into(),
    };
    let total = usize::try_from(total).map_err(|_| too_big())?;
    let stride = reader.output_line_size(width).ok_or_else(too_big)?;

    let mut row: Vec<u8> = zeroed(stride)?;
    let mut store = if deep && !interlaced { Store::Words(zeroed(total / 2)?) } else { Store::Bytes(zeroed(total)?) };
    let mut rows = 0;
    let mut broken = None;
    loop {
        progress.check()?;
        match reader.read_row(&mut row) {
            Ok(Some(InterlaceInfo::Null(_))) => {
                store.put(rows as usize, &row);
                rows += 1;
                if rows == height {
                    break;
                }
            }
            Ok(Some(InterlaceInfo::Adam7(place))) => {
                rows += 1;
                let Store::Bytes(pixels) = &mut store else { break };
                png::expand_interlaced_row(pixels, stride, &row, &place, (pixel * 8) as u8);
            }
            Ok(None) => break,
            Err(error) => {
                broken = Some(error);
                break;
            }
        }
    }
    progress.check()?;
    let truncated = match broken {
        None => None,
        Some(error) if rows == 0 => return Err(failed(error)),
        Some(error) => {
            let why = match failed(error) {
                error @ (FormatError::Cancelled(_) | FormatError::Read(_)) => return Err(error),
                error if guard::is_short(&error, input) => {
                    format!("the file ends early, after {} bytes", input.len().get())
                }
                FormatError::Malformed { what, .. } => format!("the file is damaged ({what})"),
                other => other.to_string(),
            };
            // In an interlaced picture every part is there, but coarse.
            Some(if interlaced {
                format!("{why}: only a coarse version of the picture came")
            } else {
                format!("{why}: rows {} to {height} of {height} are missing", rows + 1)
            })
        }
    };
    let image = store
        .into_image(width, height, color, deep)
        .ok_or_else(|| FormatError::Unsupported { format, what: format!("the colour type {color:?}") })?;
    Ok((image, truncated))
}

/// The pixels; those of 16 bits are made native row by row rather than in a second copy.
enum Store {
    Bytes(Vec<u8>),
    Words(Vec<u16>),
}

impl Store {
    fn put(&mut self, line: usize, row: &[u8]) {
        match self {
            Self::Bytes(bytes) => bytes[line * row.len()..][..row.len()].copy_from_slice(row),
            Self::Words(words) => {
                let samples = row.len() / 2;
                let (pairs, _) = row.as_chunks::<2>();
                for (word, pair) in words[line * samples..][..samples].iter_mut().zip(pairs) {
                    *word = u16::from_be_bytes(*pair);
                }
            }
        }
    }

    fn into_image(self, width: u32, height: u32, color: ColorType, deep: bool) -> Option<DynamicImage> {
        match self {
            Self::Bytes(bytes) if deep => {
                let words = bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
                Self::Words(words).into_image(width, height, color, deep)
            }
            Self::Bytes(bytes) => match color {
                ColorType::Grayscale => ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageLuma8),
                ColorType::GrayscaleAlpha => ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageLumaA8),
                ColorType::Rgb => ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageRgb8),
                ColorType::Rgba => ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageRgba8),
                ColorType::Indexed => None,
            },
            Self::Words(words) => match color {
                ColorType::Grayscale => ImageBuffer::from_raw(width, height, words).map(DynamicImage::ImageLuma16),
                ColorType::GrayscaleAlpha => ImageBuffer::from_raw(width, height, words).map(DynamicImage::ImageLumaA16),
                ColorType::Rgb => ImageBuffer::from_raw(width, height, words).map(DynamicImage::ImageRgb16),
                ColorType::Rgba => ImageBuffer::from_raw(width, height, words).map(DynamicImage::ImageRgba16),
                ColorType::Indexed => None,
            },
        }
    }
}

fn error(error: DecodingError, input: &Buffer, format: Format) -> FormatError {
    match error {
        DecodingError::IoError(error) => guard::reading(error, input, format),
        DecodingError::LimitsExceeded => FormatError::Limit {
            what: "the data beside the pixels takes too much memory".into(),
            limit: in_units(SIDE_BYTES as u64),
        },
        other => FormatError::Malformed { format, what: other.to_string(), at: None },
    }
}
