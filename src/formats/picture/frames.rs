//! The frames of an animation, one at a time: GIF, animated PNG and WebP.

use std::time::Duration;

use image::codecs::gif::GifDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::{AnimationDecoder, DynamicImage, ImageDecoder, ImageError};

use super::{Limits, NO_DELAY, Picture, PictureInfo, decode, guard, probe};
use crate::buffer::Buffer;
use crate::formats::{Format, FormatError, guarded};
use crate::tasks::Progress;

/// One frame of an animation: the whole canvas as it is seen then.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The pixels.
    pub image: DynamicImage,
    /// How long it is seen; a delay of nothing counts as 100 ms.
    pub delay: Duration,
}

/// The frames of an animation in order. Each is decoded when it is asked for, so the memory is that of a few canvases however
/// many frames there are. After an error there are no more.
pub struct Frames<'a> {
    inner: Option<image::Frames<'a>>,
    input: &'a Buffer,
    format: Format,
    progress: &'a Progress,
}

impl std::fmt::Debug for Frames<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Frames").field("format", &self.format).finish_non_exhaustive()
    }
}

/// The frames of `input`, which is a `format`. A picture that is no animation has none here: [`decode`](super::decode()) reads it.
///
/// # Errors
/// Those of [`decode`](super::decode()); [`FormatError::Limit`] where one canvas takes more than `limits` allow.
pub fn frames<'a>(input: &'a Buffer, format: Format, limits: Limits, progress: &'a Progress) -> Result<Frames<'a>, FormatError> {
    let info = probe(input, format)?;
    // Canvases are held as RGBA: the one that is shown, the one before, and the part that is drawn.
    limits.check(info.width, info.height, 4)?;
    let inner = guarded(format, || {
        let failed = |error: ImageError| guard::decoding(error, input, format);
        let mut codec = image::Limits::default();
        codec.max_image_width = Some(limits.max_side);
        codec.max_image_height = Some(limits.max_side);
        codec.max_alloc = Some(limits.max_bytes.saturating_mul(2));
        let reader = guard::reader(input, progress);
        Ok(match format {
            Format::Gif => {
                let mut decoder = GifDecoder::new(reader).map_err(failed)?;
                decoder.set_limits(codec).map_err(failed)?;
                Some(decoder.into_frames())
            }
            Format::WebP => {
                let mut decoder = WebPDecoder::new(reader).map_err(failed)?;
                decoder.set_limits(codec).map_err(failed)?;
                decoder.has_animation().then(|| decoder.into_frames())
            }
            Format::Png => {
                let decoder = PngDecoder::with_limits(reader, codec).map_err(failed)?;
                if decoder.is_apng().map_err(failed)? { Some(decoder.apng().map_err(failed)?.into_frames()) } else { None }
            }
            _ => None,
        })
    })?;
    Ok(Frames { inner, input, format, progress })
}

impl Iterator for Frames<'_> {
    type Item = Result<Frame, FormatError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut inner = self.inner.take()?;
        let next = guarded(self.format, || {
            self.progress.check()?;
            let next = inner.next().transpose();
            self.progress.check()?;
            next.map_err(|error| guard::decoding(error, self.input, self.format))
        });
        let frame = match next.transpose()? {
            Ok(frame) => frame,
            Err(error) => return Some(Err(error)),
        };
        self.inner = Some(inner);
        let delay = Some(Duration::from(frame.delay())).filter(|delay| !delay.is_zero()).unwrap_or(NO_DELAY);
        Some(Ok(Frame { image: DynamicImage::ImageRgba8(frame.into_buffer()), delay }))
    }
}

/// Decodes frame `number` of `input`, counted from 1, as a picture of its own. The frames before it are gone through without
/// being kept.
///
/// # Errors
/// Those of [`decode`](super::decode()), and [`FormatError::Option`] where there is no such frame.
pub fn decode_frame(
    input: &Buffer,
    format: Format,
    number: u32,
    limits: Limits,
    progress: &Progress,
) -> Result<Picture, FormatError> {
    let mut seen = 0;
    let none = |seen: u32| {
        let what = match seen {
            0 | 1 => "one frame".to_owned(),
            seen => format!("{seen} frames"),
        };
        FormatError::Option(format!("the picture has {what} that can be read, so there is no frame {number}"))
    };
    if number == 0 {
        return Err(FormatError::Option("frames are counted from 1".into()));
    }
    for frame in frames(input, format, limits, progress)? {
        seen += 1;
        let frame = frame?;
        if seen == number {
            let info = single(probe(input, format)?);
            return Ok(Picture { info, image: frame.image, truncated: None });
        }
    }
    if seen > 0 || number > 1 {
        return Err(none(seen));
    }
    let mut picture = decode(input, format, limits, progress)?;
    picture.info = single(picture.info);
    Ok(picture)
}

/// A header that says of itself that it is one frame: the others were not asked for.
pub(in crate::formats) fn single(info: PictureInfo) -> PictureInfo {
    PictureInfo { frames: Some(1), ..info }
}
