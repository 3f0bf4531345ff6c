//! JPEGs decoded at an eighth, a quarter or half of their size: of each block of pixels only the frequencies that are left are
//! worked out, which is several times quicker than decoding all of it and making that small.

use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, RgbImage};
use jpeg_decoder::{Decoder, PixelFormat};

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
    let pixels = guarded(Format::Jpeg, || {
        let mut decoder = Decoder::new(guard::reader(input, progress));
        decoder.set_max_decoding_buffer_size(usize::try_from(limits.max_bytes).unwrap_or(usize::MAX));
        let made = decoder.scale(w, h).and_then(|made| decoder.decode().map(|pixels| (made, pixels)));
        progress.check()?;
        let Ok(((w, h), pixels)) = made else { return Ok(None) };
        if (w.into(), h.into()) != (wanted_width, wanted_height) {
            return Ok(None);
        }
        Ok(match decoder.info().map(|info| info.pixel_format) {
            Some(PixelFormat::L8) => GrayImage::from_raw(w.into(), h.into(), pixels).map(DynamicImage::ImageLuma8),
            Some(PixelFormat::RGB24) => RgbImage::from_raw(w.into(), h.into(), pixels).map(DynamicImage::ImageRgb8),
            _ => None,
        })
    });
    // A cancel may come back in the decoder's words.
    progress.check()?;
    let Ok(Some(mut image)) = pixels else { return Ok(None) };
    if let Some(orientation) = Orientation::from_exif(info.orientation) {
        image.apply_orientation(orientation);
    }
    Ok(Some(Picture { info, image, truncated: None }))
}
