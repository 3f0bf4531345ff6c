//! JPEGs of four channels, turned into RGB here.
//!
//! Whether 255 means full ink or none depends on Adobe's marker, and decoders differ about it; so the decoder is
//! asked for the four channels as they are, and the rule is ours to see: no marker means ink as it is, the
//! marker means turned round, and transform 2 means that the first three are YCbCr of the ink.

use image::{DynamicImage, RgbImage};
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::probe::CmykKind;
use super::{Limits, Profile};
use crate::buffer::Buffer;
use crate::formats::{Format, FormatError};
use crate::tasks::Progress;

/// The pixels as sRGB: by `profile` where there is one that works, else as if inks were filters of red, green and blue.
pub(super) fn decode(
    input: &Buffer,
    kind: CmykKind,
    profile: Option<&Profile>,
    limits: Limits,
    progress: &Progress,
) -> Result<DynamicImage, FormatError> {
    let format = Format::Jpeg;
    let bytes = input.to_vec_all()?;
    let side = usize::try_from(limits.max_side).unwrap_or(usize::MAX);
    let colors = if kind == CmykKind::Ycck { ColorSpace::YCCK } else { ColorSpace::CMYK };
    let options =
        DecoderOptions::default().set_strict_mode(false).set_max_width(side).set_max_height(side).jpeg_set_out_colorspace(colors);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes.as_slice()), options);
    let failed = |error| match error {
        DecodeErrors::Unsupported(what) => FormatError::Unsupported { format, what: format!("{what:?}") },
        other => FormatError::Malformed { format, what: format!("{other:?}"), at: None },
    };
    decoder.decode_headers().map_err(failed)?;
    let (width, height) = decoder.dimensions().unwrap_or_default();
    let (width, height) = (u32::try_from(width).unwrap_or(u32::MAX), u32::try_from(height).unwrap_or(u32::MAX));
    limits.check(width, height, 4)?;
    let mut pixels = decoder.decode().map_err(failed)?;
    drop(bytes);
    progress.check()?;
    if let Some(profile) = profile {
        for four in pixels.as_chunks_mut::<4>().0 {
            let [a, b, c, k] = *four;
            *four = match kind {
                CmykKind::Plain => [a, b, c, k],
                CmykKind::Inverted => [255 - a, 255 - b, 255 - c, 255 - k],
                CmykKind::Ycck => {
                    let [cyan, magenta, yellow] = ycc(a, b, c);
                    [cyan, magenta, yellow, 255 - k]
                }
            };
        }
        profile.inks_to_srgb(&mut pixels, progress)?;
        pixels.truncate(pixels.len() / 4 * 3);
        return whole(width, height, pixels);
    }
    // Three bytes are written where four were read, so one vector serves both.
    let count = pixels.len() / 4;
    for index in 0..count {
        let [a, b, c, k] = std::array::from_fn(|channel| pixels[index * 4 + channel]);
        let rgb = match kind {
            CmykKind::Plain => [a, b, c].map(|ink| scale(255 - ink, 255 - k)),
            CmykKind::Inverted => [a, b, c].map(|paper| scale(paper, k)),
            CmykKind::Ycck => ycc(a, b, c).map(|ink| scale(255 - ink, k)),
        };
        pixels[index * 3..index * 3 + 3].copy_from_slice(&rgb);
    }
    pixels.truncate(count * 3);
    whole(width, height, pixels)
}

fn whole(width: u32, height: u32, pixels: Vec<u8>) -> Result<DynamicImage, FormatError> {
    RgbImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgb8).ok_or_else(|| FormatError::Malformed {
        format: Format::Jpeg,
        what: "the decoded picture is smaller than its header says".into(),
        at: None,
    })
}

/// `a * b / 255`, rounded.
fn scale(a: u8, b: u8) -> u8 {
    ((u32::from(a) * u32::from(b) + 127) / 255) as u8
}

/// JFIF's YCbCr to three channels.
pub(super) fn ycc(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    let (y, cb, cr) = (f32::from(y), f32::from(cb) - 128.0, f32::from(cr) - 128.0);
    [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb].map(|value| value.round().clamp(0.0, 255.0) as u8)
}
