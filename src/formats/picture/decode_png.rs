//! PNG, row by row: what came before an error stays, and cancelling is answered between two rows.
//!
//! Text and colour profiles are stepped over instead of inflated, so a bomb in them costs nothing.

use image::{DynamicImage, ImageBuffer};
use png::{BitDepth, ColorType, DecodingError, InterlaceInfo, Transformations};

use super::decode::Decoded;
use super::guard::{self, Watched, zeroed};
use super::{Limits, in_units};
use crate::buffer::{Buffer, Reader};
use crate::formats::{Format, FormatError};
use crate::tasks::Progress;

/// What the codec may hold beside two rows: chunks that are kept whole, such as EXIF.
const SIDE_BYTES: usize = 64 << 20;

/// The first picture. `format` is the format that errors name: PNG, or the icon around it.
pub(super) fn decode(input: &Buffer, format: Format, limits: Limits, progress: &Progress) -> Result<Decoded, FormatError> {
    let mut png = Rows::open(input, format, limits, progress)?;
    let total = limits.check(png.width, png.height, png.pixel() as u64)?;
    let total = usize::try_from(total).map_err(|_| too_big(total))?;
    let (deep, stride) = (png.deep, png.stride);
    let mut store = if deep && !png.interlaced { Store::Words(zeroed(total / 2)?) } else { Store::Bytes(zeroed(total)?) };
    let bits = (png.pixel() * 8) as u8;
    let mut line = 0;
    while let Some((place, row)) = png.next()? {
        match (place, &mut store) {
            (InterlaceInfo::Null(_), store) => store.put(line, row),
            (InterlaceInfo::Adam7(place), Store::Bytes(pixels)) => {
                png::expand_interlaced_row(pixels, stride, row, &place, bits);
            }
            (InterlaceInfo::Adam7(_), Store::Words(_)) => break,
        }
        line += 1;
    }
    let (width, height, color) = (png.width, png.height, png.color);
    let image = store
        .into_image(width, height, color, deep)
        .ok_or_else(|| FormatError::Unsupported { format, what: format!("the colour type {color:?}") })?;
    Ok((image, png.truncated))
}

/// What says that so many bytes of pixels are more than a pointer reaches.
fn too_big(total: u64) -> FormatError {
    FormatError::Limit { what: format!("the pixels take {}", in_units(total)), limit: "what this machine can address".into() }
}

/// A picture while its rows come out of the file.
pub(super) struct Rows<'a> {
    reader: png::Reader<Watched<'a, Reader>>,
    input: &'a Buffer,
    format: Format,
    progress: &'a Progress,
    /// The size in pixels.
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) interlaced: bool,
    /// What the pixels are, after palettes and few bits became whole bytes.
    pub(super) color: ColorType,
    /// 16 bits a channel, the high byte first.
    pub(super) deep: bool,
    /// Bytes of a row.
    pub(super) stride: usize,
    row: Vec<u8>,
    /// Rows that came.
    rows: u32,
    over: bool,
    /// Why rows are missing, where some are.
    pub(super) truncated: Option<String>,
}

impl<'a> Rows<'a> {
    /// Reads what stands before the pixels. Their number is checked against `limits`, and memory taken for one row.
    pub(super) fn open(input: &'a Buffer, format: Format, limits: Limits, progress: &'a Progress) -> Result<Self, FormatError> {
        let failed = |error| self::error(error, input, format);
        let reader = guard::reader(input, progress);
        let mut decoder = png::Decoder::new_with_limits(reader, png::Limits { bytes: SIDE_BYTES });
        decoder.set_ignore_text_chunk(true);
        decoder.set_ignore_iccp_chunk(true);
        decoder.set_transformations(Transformations::EXPAND);
        let header = decoder.read_header_info().map_err(failed)?;
        let (width, height, interlaced) = (header.width, header.height, header.interlaced);
        limits.check(width, height, 1)?;
        let reader = decoder.read_info().map_err(failed)?;
        let (color, depth) = reader.output_color_type();
        let deep = depth == BitDepth::Sixteen;
        let stride = reader.output_line_size(width).ok_or_else(|| too_big(u64::from(width)))?;
        let row = zeroed(stride)?;
        let (rows, over, truncated) = (0, false, None);
        Ok(Self { reader, input, format, progress, width, height, interlaced, color, deep, stride, row, rows, over, truncated })
    }

    /// Bytes of a pixel.
    pub(super) fn pixel(&self) -> usize {
        self.color.samples() * if self.deep { 2 } else { 1 }
    }

    /// The next row and where it belongs; `None` after the last one that can be read. What is wrong with a file of which some rows
    /// came is told by [`truncated`](Self::truncated).
    pub(super) fn next(&mut self) -> Result<Option<(InterlaceInfo, &[u8])>, FormatError> {
        if self.over {
            return Ok(None);
        }
        self.progress.check()?;
        match self.reader.read_row(&mut self.row) {
            Ok(Some(place)) => {
                self.rows += 1;
                self.over = !self.interlaced && self.rows == self.height;
                return Ok(Some((place, &self.row)));
            }
            Ok(None) => {}
            Err(error) => {
                self.progress.check()?;
                self.truncated = Some(self.missing(error)?);
            }
        }
        self.over = true;
        Ok(None)
    }

    /// The sentence for rows that are missing, or the error where it is no such matter, or none came.
    fn missing(&self, error: DecodingError) -> Result<String, FormatError> {
        let error = self::error(error, self.input, self.format);
        let why = match error {
            error if self.rows == 0 => return Err(error),
            error @ (FormatError::Cancelled(_) | FormatError::Read(_)) => return Err(error),
            error if guard::is_short(&error, self.input) => {
                format!("the file ends early, after {} bytes", self.input.len().get())
            }
            FormatError::Malformed { what, .. } => format!("the file is damaged ({what})"),
            other => other.to_string(),
        };
        // In an interlaced picture every part is there, but coarse.
        Ok(if self.interlaced {
            format!("{why}: only a coarse version of the picture came")
        } else {
            let height = self.height;
            format!("{why}: rows {} to {height} of {height} are missing", self.rows + 1)
        })
    }
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
