//! JPEGs decoded at an eighth, a quarter or half of their size: of each block of pixels only the frequencies that are left are
//! worked out, which is several times quicker than decoding all of it and making that small.

use std::io::BufReader;

use image::{DynamicImage, GrayImage, RgbImage};
use jpeg_decoder::{Decoder, PixelFormat};

use super::ops::upright;
use super::probe::{cmyk_kind, jpeg_ends_early};
use super::{Limits, Picture, decode, guard, probe};
use crate::buffer::Buffer;
use crate::formats::{Format, FormatError, guarded};
use crate::tasks::Progress;

/// As [`decode`](super::decode()), but in an eighth, a quarter or half of its size where that is still at least `width` times
/// `height`, if `input` is a JPEG that can be had that way. [`Picture::info`] says the whole size, [`Picture::image`] has the
/// pixels that were made.
///
/// # Errors
/// Those of [`decode`](super::decode()).
pub fn decode_at_least(
    input: &Buffer,
    format: Format,
    (width, height): (u32, u32),
    limits: Limits,
    progress: &Progress,
) -> Result<Picture, FormatError> {
    if format == Format::Jpeg
        && let Some(picture) = scaled(input, (width, height), limits, progress)?
    {
        return Ok(picture);
    }
    decode(input, format, limits, progress)
}

/// `None` where it is not worth it or cannot be had: the whole decoder knows more kinds, and what to make of damage.
fn scaled(input: &Buffer, least: (u32, u32), limits: Limits, progress: &Progress) -> Result<Option<Picture>, FormatError> {
    progress.check()?;
    let info = probe(input, Format::Jpeg)?;
    limits.check_file(input)?;
    // The decoder works in stored rows.
    let turned = info.orientation >= 5;
    let (width, height) = if turned { (info.height, info.width) } else { (info.width, info.height) };
    let least = if turned { (least.1, least.0) } else { least };
    let small = |side: u32, eighths: u32| (u64::from(side) * u64::from(eighths)).div_ceil(8) as u32;
    let fits = |eighths: &u32| small(width, *eighths) >= least.0.max(1) && small(height, *eighths) >= least.1.max(1);
    let Some(eighths) = [1, 2, 4].into_iter().find(fits) else { return Ok(None) };
    let (wanted_width, wanted_height) = (small(width, eighths), small(height, eighths));
    limits.check(wanted_width, wanted_height, 3)?;
    let (Ok(w), Ok(h)) = (u16::try_from(wanted_width), u16::try_from(wanted_height)) else { return Ok(None) };
    if cmyk_kind(input)?.is_some() || jpeg_ends_early(input, progress)? {
        return Ok(None);
    }
    progress.set_total(input.len().get());
    progress.set_done(0);
    let image = guarded(Format::Jpeg, || {
        let image = decoded(input, Some((w, h)), limits, progress).ok();
        progress.check()?;
        Ok(image.filter(|image| (image.width(), image.height()) == (wanted_width, wanted_height)))
    });
    // A cancel may come back in the decoder's words.
    progress.check()?;
    let Ok(Some(image)) = image else { return Ok(None) };
    let image = upright(image, info.orientation, progress)?;
    Ok(Some(Picture { info, image, truncated: None }))
}

/// All of a JPEG of one or three components, or about as many of its pixels as `size` says, in stored rows.
fn decoded(
    input: &Buffer,
    size: Option<(u16, u16)>,
    limits: Limits,
    progress: &Progress,
) -> Result<DynamicImage, jpeg_decoder::Error> {
    // The decoder asks for one byte at a time.
    let mut decoder = Decoder::new(BufReader::with_capacity(64 * 1024, guard::reader(input, progress)));
    decoder.set_max_decoding_buffer_size(usize::try_from(limits.max_bytes).unwrap_or(usize::MAX));
    if let Some((width, height)) = size {
        decoder.scale(width, height)?;
    }
    let pixels = decoder.decode()?;
    let image = decoder.info().and_then(|info| {
        let (width, height) = (info.width.into(), info.height.into());
        match info.pixel_format {
            PixelFormat::L8 => GrayImage::from_raw(width, height, pixels).map(DynamicImage::ImageLuma8),
            PixelFormat::RGB24 => RgbImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgb8),
            _ => None,
        }
    });
    image.ok_or_else(|| jpeg_decoder::Error::Format("this kind of pixels".into()))
}

/// A JPEG whose components stand in scans of their own, which the usual decoder cannot read.
pub(super) fn decode_parts(input: &Buffer, limits: Limits, progress: &Progress) -> Result<DynamicImage, FormatError> {
    let format = Format::Jpeg;
    decoded(input, None, limits, progress).map_err(|error| match error {
        jpeg_decoder::Error::Io(error) => guard::reading(error, input, format),
        jpeg_decoder::Error::Unsupported(what) => FormatError::Unsupported { format, what: format!("{what:?}") },
        jpeg_decoder::Error::Format(what) => FormatError::Malformed { format, what, at: None },
        other => FormatError::Malformed { format, what: other.to_string(), at: None },
    })
}
