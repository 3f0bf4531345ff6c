//! The frames of an animation, one at a time: GIF, animated PNG and WebP; and the pages of a TIFF.

use std::collections::HashSet;
use std::time::Duration;

use image::codecs::gif::GifDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::{AnimationDecoder, DynamicImage, ImageDecoder, ImageError};

use super::probe::Order;
use super::{Limits, NO_DELAY, Picture, PictureInfo, decode, guard, metadata, probe};
use crate::buffer::{Buffer, Offset};
use crate::formats::{Format, FormatError, guarded};
use crate::tasks::Progress;

/// One frame of an animation, the whole canvas as it is seen then; or a page.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The pixels.
    pub image: DynamicImage,
    /// How long it is seen; a delay of nothing counts as 100 ms. Pages have none: zero.
    pub delay: Duration,
}

enum Inner<'a> {
    Animation(image::Frames<'a>),
    Pages(Pages),
}

/// The frames of an animation in order. Each is decoded when it is asked for, so the memory is that of a few canvases however
/// many frames there are. After an error there are no more.
pub struct Frames<'a> {
    inner: Option<Inner<'a>>,
    input: &'a Buffer,
    format: Format,
    limits: Limits,
    progress: &'a Progress,
}

impl std::fmt::Debug for Frames<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Frames").field("format", &self.format).finish_non_exhaustive()
    }
}

/// The frames of `input`, which is a `format`; the pages of a TIFF, each upright and as deep as it is stored. Another picture that is
/// no animation has none here: [`decode`](super::decode()) reads it.
///
/// # Errors
/// Those of [`decode`](super::decode()); [`FormatError::Limit`] where one canvas takes more than `limits` allow.
pub fn frames<'a>(input: &'a Buffer, format: Format, limits: Limits, progress: &'a Progress) -> Result<Frames<'a>, FormatError> {
    if format == Format::Tiff {
        let inner = Pages::of(input)?.map(Inner::Pages);
        return Ok(Frames { inner, input, format, limits, progress });
    }
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
    Ok(Frames { inner: inner.map(Inner::Animation), input, format, limits, progress })
}

impl Iterator for Frames<'_> {
    type Item = Result<Frame, FormatError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut inner = match self.inner.take()? {
            Inner::Animation(frames) => frames,
            Inner::Pages(mut pages) => {
                let page = pages.next(self.input).transpose()?;
                let page = page.and_then(|page| decode(&page, self.format, self.limits, self.progress));
                if page.is_ok() {
                    self.inner = Some(Inner::Pages(pages));
                }
                return Some(page.map(|page| Frame { image: page.image, delay: Duration::ZERO }));
            }
        };
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
        self.inner = Some(Inner::Animation(inner));
        let delay = Some(Duration::from(frame.delay())).filter(|delay| !delay.is_zero()).unwrap_or(NO_DELAY);
        Some(Ok(Frame { image: DynamicImage::ImageRgba8(frame.into_buffer()), delay }))
    }
}

/// The directories of a TIFF, one after the other.
struct Pages {
    order: Order,
    next: u64,
    seen: HashSet<u64>,
}

impl Pages {
    fn of(input: &Buffer) -> Result<Option<Self>, FormatError> {
        Ok(Order::start(input)?.map(|(order, next)| Self { order, next, seen: HashSet::new() }))
    }

    /// The file with the next page as its first one, or `None` behind the last. A chain that comes back to where it was has ended.
    fn next(&mut self, input: &Buffer) -> Result<Option<Buffer>, FormatError> {
        let at = self.next;
        if at == 0 || !self.seen.insert(at) {
            return Ok(None);
        }
        let (count_len, entry_len, offset_len) = self.order.sizes();
        let mut bytes = [0; 8];
        if (input.read_at(Offset(at), &mut bytes[..count_len as usize])? as u64) < count_len {
            return Ok(None);
        }
        let count = if self.order.big_tiff { self.order.u64(&bytes) } else { u64::from(self.order.u16(&bytes)) };
        let link = at.saturating_add(count_len).saturating_add(count.saturating_mul(entry_len));
        let read = input.read_at(Offset(link), &mut bytes[..offset_len as usize])? as u64;
        self.next = if read == offset_len { self.order.offset(&bytes) } else { 0 };
        let mut page = input.clone();
        let place = match (self.order.big_tiff, self.order.big_endian) {
            (true, true) => at.to_be_bytes().to_vec(),
            (true, false) => at.to_le_bytes().to_vec(),
            (false, true) => (at as u32).to_be_bytes().to_vec(),
            (false, false) => (at as u32).to_le_bytes().to_vec(),
        };
        page.overwrite(Offset(if self.order.big_tiff { 8 } else { 4 }), &place);
        Ok(Some(page))
    }
}

/// A TIFF with page `number`, counted from 1, as its first one: everything that looks at the first page looks at that one.
///
/// # Errors
/// [`FormatError::Option`] where there is no such page, [`FormatError::Read`].
pub fn page(input: &Buffer, number: u32) -> Result<Buffer, FormatError> {
    if number == 0 {
        return Err(FormatError::Option("pages are counted from 1".into()));
    }
    let mut seen = 0;
    if let Some(mut pages) = Pages::of(input)? {
        while let Some(page) = pages.next(input)? {
            seen += 1;
            if seen == number {
                return Ok(page);
            }
        }
    }
    let pages = if seen == 1 { "one page".into() } else { format!("{seen} pages") };
    Err(FormatError::Option(format!("the picture has {pages}, so there is no page {number}")))
}

/// How often the animation in `input` is played, 0 being forever; `None` where the file does not say.
///
/// # Errors
/// [`FormatError::Read`].
pub fn play(input: &Buffer, format: Format) -> Result<Option<u32>, FormatError> {
    Ok(metadata::collect(input, format)?.loops)
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
    if format == Format::Tiff {
        let mut picture = decode(&page(input, number)?, format, limits, progress)?;
        picture.info = single(picture.info);
        return Ok(picture);
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
pub(super) fn single(info: PictureInfo) -> PictureInfo {
    PictureInfo { frames: Some(1), ..info }
}
