//! Pictures: look at the header, decode, tell what a conversion loses, encode.
//!
//! Every size that a file claims is checked against [`Limits`] before memory is taken for it, a decoder that
//! panics is an error of that one picture, and what a file cut short still holds is kept and marked.
//!
//! * [`probe`] walks headers only and never decodes, so it is cheap on a file of any size.
//! * [`decode`] gives the pixels upright and as deep as they were stored.
//! * [`losses`] judges by the header, [`losses_of`] by the pixels: an opaque RGBA picture loses nothing as a JPEG's
//!   background is concerned, and only the pixels can tell.
//! * [`Operations`] change it in between: crop, turn, mirror, size, mode.
//! * [`frames`] gives an animation one frame after the other.
//! * [`encode`] writes any picture as any of the formats that are written.
//!
//! * [`metadata`] lists what stands in the file beside the pixels, with its bytes.
//! * [`profile`] and [`decode_for_display`] know what the numbers mean as colours; [`decode`] gives them as they are stored (those of
//!   CMYK as sRGB, since there is nothing else to show them with).
//! * [`layout()`] tells which bytes of the file a pixel is, where rows are stored as they are.

mod animate;
mod animate_gif;
mod animate_png;
mod color;
mod dds;
mod decode;
mod decode_png;
mod decode_tiff;
mod encode;
mod encode_few;
mod encode_gif;
mod encode_jpeg;
mod encode_png;
mod encode_tiff;
mod export;
mod frames;
mod frames_zip;
mod guard;
mod jpeg_cmyk;
mod jpeg_scaled;
#[cfg(feature = "jxl")]
mod jxl;
pub mod layout;
mod levels;
mod linear;
mod losses;
mod metadata;
mod nearest;
pub mod ops;
mod pixels;
mod png_bands;
mod png_filter;
mod probe;
mod screen;
mod streamed;
#[cfg(feature = "svg")]
mod svg;
mod tiff_samples;
mod timing;

pub use super::Limits;
use super::{Format, FormatError};
use crate::buffer::Len;

pub use animate::{Animation, animate, can_animate};
pub use color::{Assumed, Profile, assume, decode_for_display, for_display, profile};
pub use decode::decode;
pub use encode::{encode, encode_with};
#[cfg(feature = "svg")]
pub use export::draw;
pub use export::{planned, transcode, transcode_losses};
use frames::single;
pub use frames::{Frame, Frames, decode_frame, frames, page, play};
pub use frames_zip::frames_to_zip;
pub use jpeg_scaled::decode_at_least;
pub use layout::{PixelLayout, layout};
pub use levels::{Levels, part};
pub use losses::{losses, losses_of};
pub use metadata::{Carried, Entry, Group, MAX_VALUE_CHARS, Metadata, metadata};
pub use ops::Operations;
pub(in crate::formats) use pixels::rgba8_row;
pub use pixels::{PixelValue, Sample};
pub use probe::probe;
pub use screen::ToScreen;
pub use timing::{NO_DELAY, Timing, timing};

/// How the stored colours are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColorModel {
    /// One channel of brightness.
    Grey,
    /// Red, green and blue (JPEG's YCbCr counts as this).
    Rgb,
    /// Numbers of entries in a table of at most 256 colours.
    Palette,
    /// Cyan, magenta, yellow and black; decoded to red, green and blue.
    Cmyk,
}

/// What a picture's header says, before a pixel is decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureInfo {
    /// The format.
    pub format: Format,
    /// Width in pixels, after the orientation is applied.
    pub width: u32,
    /// Height in pixels, after the orientation is applied.
    pub height: u32,
    /// The stored colours in words ("RGBA, 8 bits a channel").
    pub color: String,
    /// The stored colours as a model.
    pub model: ColorModel,
    /// Whether it can have transparent pixels.
    pub alpha: bool,
    /// Bits of one channel as stored (of one entry number in a palette picture).
    pub bits: u8,
    /// Frames or pages, where the format has them and they could be counted without reading too much.
    pub frames: Option<u32>,
    /// The EXIF orientation, 1 to 8; 1 is upright.
    pub orientation: u8,
    /// Metadata that is there ("EXIF", "ICC profile", "XMP").
    pub metadata: Vec<&'static str>,
}

/// A decoded picture, upright.
#[derive(Clone, Debug)]
pub struct Picture {
    /// What the header said.
    pub info: PictureInfo,
    /// The pixels, as deep as they were stored, orientation applied.
    pub image: image::DynamicImage,
    /// Why a part is missing, where the file ends early or is damaged.
    pub truncated: Option<String>,
}

impl Limits {
    /// Refuses a file that a codec would hold in memory whole and that is larger than what pixels may take.
    fn check_file(self, input: &crate::buffer::Buffer) -> Result<(), FormatError> {
        let len = input.len().get();
        if len <= self.max_bytes {
            return Ok(());
        }
        Err(Limits::refuse(format!("the file, which must be held in memory, has {}", in_units(len)), self.max_bytes))
    }

    /// Refuses a picture of `width` times `height` pixels of `bytes_a_pixel` in words.
    fn check(self, width: u32, height: u32, bytes_a_pixel: u64) -> Result<u64, FormatError> {
        if width.max(height) > self.max_side {
            return Err(FormatError::Limit {
                what: format!("the picture is {width} x {height} pixels"),
                limit: format!("{} pixels on one side", self.max_side),
            });
        }
        let bytes = u64::from(width).saturating_mul(u64::from(height)).saturating_mul(bytes_a_pixel);
        if bytes > self.max_bytes {
            let what = format!("the picture is {width} x {height} pixels, which take {} in memory", in_units(bytes));
            return Err(Limits::refuse(what, self.max_bytes));
        }
        Ok(bytes)
    }
}

/// A size for a sentence: exact below a KiB, else rounded up so that "more than the limit" stays true.
pub(in crate::formats) fn in_units(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    UNITS.iter().find(|(size, _)| bytes >= *size).map_or_else(
        || Len(bytes).in_words(),
        |(size, unit)| {
            let tenths = (u128::from(bytes) * 10).div_ceil(u128::from(*size));
            if tenths.is_multiple_of(10) {
                format!("{} {unit}", tenths / 10)
            } else {
                format!("{}.{} {unit}", tenths / 10, tenths % 10)
            }
        },
    )
}
