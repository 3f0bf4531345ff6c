//! Pictures: decode, look, encode. SKELETON.

use std::io::Write;

use super::{Format, FormatError, Loss, PictureOptions};
use crate::buffer::Buffer;
use crate::tasks::Progress;

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
    /// Whether it can have transparent pixels.
    pub alpha: bool,
    /// Bits of one channel as stored.
    pub bits: u8,
    /// Frames or pages, where the format has them and they could be counted.
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
    /// Why the lower part is missing, where the file ends early.
    pub truncated: Option<String>,
}

impl Picture {
    /// A picture that was made here and not read.
    pub fn from_image(format: Format, image: image::DynamicImage) -> Self {
        let info = PictureInfo {
            format,
            width: image.width(),
            height: image.height(),
            color: format!("{:?}", image.color()),
            alpha: image.color().has_alpha(),
            bits: 8,
            frames: None,
            orientation: 1,
            metadata: Vec::new(),
        };
        Self { info, image, truncated: None }
    }
}

/// What is checked before memory is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of decoded pixels.
    pub max_bytes: u64,
    /// Pixels on one side.
    pub max_side: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_bytes: 512 << 20, max_side: 65_535 }
    }
}

/// Reads the header.
pub fn probe(input: &Buffer, format: Format) -> Result<PictureInfo, FormatError> {
    let _ = input;
    Err(FormatError::Unsupported { format, what: "reading".into() })
}

/// Decodes the (first) picture.
pub fn decode(input: &Buffer, format: Format, limits: Limits, progress: &Progress) -> Result<Picture, FormatError> {
    let _ = (input, limits, progress);
    Err(FormatError::Unsupported { format, what: "reading".into() })
}

/// What writing such a picture as `to` loses.
pub fn losses(info: &PictureInfo, to: Format, options: &PictureOptions) -> Vec<Loss> {
    let _ = (info, to, options);
    Vec::new()
}

/// Writes the pixels as `to`.
pub fn encode(
    picture: &Picture,
    to: Format,
    options: &PictureOptions,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<(), FormatError> {
    let _ = (picture, options, out, progress);
    Err(FormatError::Unsupported { format: to, what: "writing".into() })
}
