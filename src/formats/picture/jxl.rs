//! JPEG XL, by the crate `jxl-oxide`: one frame, upright, as sRGB where the file says what its colours are without a profile.

use image::{DynamicImage, ImageBuffer};
use jxl_oxide::image::BitDepth;
use jxl_oxide::{
    AllocTracker, EnumColourEncoding, InitializeResult, JxlImage, JxlThreadPool, PixelFormat, Render, RenderingIntent,
};

use super::decode::Decoded;
use super::guard::zeroed;
use super::probe::JxlHeader;
use super::{ColorModel, Limits};
use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::formats::{Format, FormatError, guarded};
use crate::tasks::Progress;

/// How much of the start is looked at for the header; a large colour profile stands there too.
const HEAD: u64 = 4 << 20;

fn malformed(error: impl std::fmt::Display) -> FormatError {
    FormatError::Malformed { format: Format::Jxl, what: error.to_string(), at: None }
}

/// An image that has seen as much of `input` as `most` bytes; `None` where the header is not whole by then.
fn begun(input: &Buffer, most: u64, memory: u64, progress: &Progress) -> Result<Option<JxlImage>, FormatError> {
    let tracker = AllocTracker::with_limit(usize::try_from(memory).unwrap_or(usize::MAX));
    let mut waiting = Some(JxlImage::builder().pool(JxlThreadPool::none()).alloc_tracker(tracker).build_uninit());
    let mut image: Option<JxlImage> = None;
    let range = ByteRange::new(Offset::ZERO, Len(most.min(input.len().get())));
    for chunk in input.chunks(range) {
        progress.check()?;
        let chunk = chunk?;
        for piece in chunk.chunks(64 * 1024) {
            progress.check()?;
            if let Some(image) = &mut image {
                image.feed_bytes(piece).map_err(malformed)?;
            } else if let Some(mut start) = waiting.take() {
                start.feed_bytes(piece).map_err(malformed)?;
                match start.try_init().map_err(malformed)? {
                    InitializeResult::NeedMoreData(start) => waiting = Some(start),
                    InitializeResult::Initialized(made) => image = Some(made),
                }
            }
            progress.advance(piece.len() as u64);
        }
    }
    Ok(image)
}

/// What the header says.
pub(super) fn header(input: &Buffer) -> Result<JxlHeader, FormatError> {
    guarded(Format::Jxl, || {
        // Only headers are wanted, and the first megabytes may hold the whole picture: a little memory is enough.
        let image = begin_small(input)?;
        let meta = &image.image_header().metadata;
        let format = image.pixel_format();
        let (bits, float) = match meta.bit_depth {
            BitDepth::IntegerSample { bits_per_sample } => (bits_per_sample, false),
            BitDepth::FloatSample { bits_per_sample, .. } => (bits_per_sample, true),
        };
        Ok(JxlHeader {
            width: image.width(),
            height: image.height(),
            model: match format {
                PixelFormat::Gray | PixelFormat::Graya => ColorModel::Grey,
                PixelFormat::Rgb | PixelFormat::Rgba => ColorModel::Rgb,
                PixelFormat::Cmyk | PixelFormat::Cmyka => ColorModel::Cmyk,
            },
            alpha: format.has_alpha(),
            bits: bits.clamp(1, 32) as u8,
            float,
            animated: meta.animation.is_some(),
            profile: image.original_icc().is_some(),
        })
    })
}

/// The colour profile that the pixels of [`decode`] are made for.
pub(super) fn profile(input: &Buffer) -> Result<Option<Vec<u8>>, FormatError> {
    guarded(Format::Jxl, || {
        let image = begin_small(input)?;
        Ok(image.original_icc().is_some().then(|| image.rendered_icc()))
    })
}

fn begin_small(input: &Buffer) -> Result<JxlImage, FormatError> {
    let progress = Progress::new();
    let mut most = 4 * 1024;
    loop {
        // A later part of the file may be damaged; the header's own words count here.
        match begun(input, most, 256 << 20, &progress) {
            Ok(Some(image)) => return Ok(image),
            Ok(None) if most < HEAD && most < input.len().get() => most *= 8,
            Ok(None) => {
                return Err(FormatError::Malformed {
                    format: Format::Jxl,
                    what: "the file ends inside the header".into(),
                    at: Some(input.len().end()),
                });
            }
            Err(error) => return Err(error),
        }
    }
}

/// The first frame. Needs the file and four bytes a channel in memory beside the pixels.
pub(super) fn decode(input: &Buffer, limits: Limits, progress: &Progress) -> Result<Decoded, FormatError> {
    limits.check_file(input)?;
    let memory = limits.max_bytes.saturating_mul(4).saturating_add(64 << 20);
    let mut image = begun(input, u64::MAX, memory, progress)?.ok_or_else(|| malformed("the file ends inside the header"))?;
    limits.check(image.width(), image.height(), image.pixel_format().channels() as u64 * 2)?;
    if image.original_icc().is_none() {
        let intent = RenderingIntent::Relative;
        let grey = image.pixel_format().is_grayscale();
        image.request_color_encoding(if grey { EnumColourEncoding::gray_srgb(intent) } else { EnumColourEncoding::srgb(intent) });
    }
    progress.check()?;
    let (render, truncated) = if image.num_loaded_keyframes() > 0 {
        (image.render_frame(0).map_err(malformed)?, None)
    } else {
        let render = image.render_loading_frame().map_err(malformed)?;
        let what = format!("the file ends early, after {} bytes; the missing part is coarse or empty", input.len().get());
        (render, Some(what))
    };
    progress.check()?;
    let deep = match image.image_header().metadata.bit_depth {
        BitDepth::IntegerSample { bits_per_sample } => bits_per_sample > 8,
        BitDepth::FloatSample { .. } => true,
    };
    let pixels = if deep { words(&render, image.pixel_format())? } else { bytes(&render, image.pixel_format())? };
    pixels.map(|pixels| (pixels, truncated)).ok_or_else(|| FormatError::Unsupported { format: Format::Jxl, what: "CMYK".into() })
}

fn bytes(render: &Render, format: PixelFormat) -> Result<Option<DynamicImage>, FormatError> {
    let mut stream = render.stream();
    let (width, height) = (stream.width(), stream.height());
    let mut pixels = zeroed::<u8>(width as usize * height as usize * stream.channels() as usize)?;
    stream.write_to_buffer(&mut pixels);
    Ok(match format {
        PixelFormat::Gray => ImageBuffer::from_raw(width, height, pixels).map(DynamicImage::ImageLuma8),
        PixelFormat::Graya => ImageBuffer::from_raw(width, height, pixels).map(DynamicImage::ImageLumaA8),
        PixelFormat::Rgb => ImageBuffer::from_raw(width, height, pixels).map(DynamicImage::ImageRgb8),
        PixelFormat::Rgba => ImageBuffer::from_raw(width, height, pixels).map(DynamicImage::ImageRgba8),
        PixelFormat::Cmyk | PixelFormat::Cmyka => None,
    })
}

fn words(render: &Render, format: PixelFormat) -> Result<Option<DynamicImage>, FormatError> {
    let mut stream = render.stream();
    let (width, height) = (stream.width(), stream.height());
    let mut pixels = zeroed::<u16>(width as usize * height as usize * stream.channels() as usize)?;
    stream.write_to_buffer(&mut pixels);
    Ok(match format {
        PixelFormat::Gray => ImageBuffer::from_raw(width, height, pixels).map(DynamicImage::ImageLuma16),
        PixelFormat::Graya => ImageBuffer::from_raw(width, height, pixels).map(DynamicImage::ImageLumaA16),
        PixelFormat::Rgb => ImageBuffer::from_raw(width, height, pixels).map(DynamicImage::ImageRgb16),
        PixelFormat::Rgba => ImageBuffer::from_raw(width, height, pixels).map(DynamicImage::ImageRgba16),
        PixelFormat::Cmyk | PixelFormat::Cmyka => None,
    })
}
