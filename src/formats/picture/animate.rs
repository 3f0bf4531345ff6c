//! Animations, written one frame after the other: GIF, animated PNG, and WebP without loss.
//!
//! Pixels of one frame are in memory at a time, and of the one before, since only the part that changed is written; for a GIF also of
//! the one that comes next ([`animate_gif`]). A WebP is put together from packed frames in memory.

use std::io::Write;

use image::{DynamicImage, RgbaImage};

use super::encode::{webp_chunk, write_all};
use super::metadata::{Carried, Prepared, with_webp_chunks};
use super::{Frame, animate_gif, animate_png};
use crate::formats::{Format, FormatError, PictureOptions};
use crate::tasks::{Cancelled, Progress};

/// Whether files of this format can hold frames that are played.
pub fn can_animate(to: Format) -> bool {
    matches!(to, Format::Gif | Format::Png | Format::WebP)
}

/// What an animation is before its first frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Animation {
    /// How many frames there will be; only a PNG must know before.
    pub frames: u32,
    /// How often it is played; 0 is forever.
    pub loops: u32,
}

/// Writes `frames`, which must all have the size of the first, as an animated `to`.
///
/// A GIF's colours are reduced to 256 a frame where there are more, and its pixels are opaque or transparent; PNG and WebP lose
/// nothing. Delays become hundredths of a second in a GIF and thousandths elsewhere.
///
/// # Errors
/// [`FormatError::Option`] where there is no frame, frames differ in size, or a PNG gets another number of frames than
/// [`Animation::frames`]; [`FormatError::Unsupported`] where `to` has no animations; the errors of `frames`; [`FormatError::Write`],
/// [`FormatError::Cancelled`].
pub fn animate(
    frames: impl Iterator<Item = Result<Frame, FormatError>>,
    animation: Animation,
    to: Format,
    options: &PictureOptions,
    along: &Carried,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<(), FormatError> {
    let mut frames = frames.peekable();
    let size = match frames.peek() {
        None => return Err(FormatError::Option("an animation needs a frame".into())),
        Some(Ok(frame)) => (frame.image.width(), frame.image.height()),
        Some(Err(_)) => (0, 0),
    };
    // An error that came instead of the first frame is given back by the first step below.
    let frames = frames.map(|frame| {
        let frame = frame?;
        let this = (frame.image.width(), frame.image.height());
        if this == size {
            return Ok(frame);
        }
        Err(FormatError::Option(format!(
            "the frames of an animation have one size: one has {} x {} pixels, the first one {} x {}",
            this.0, this.1, size.0, size.1
        )))
    });
    let most = match to {
        Format::WebP => 16_383,
        _ => 65_535,
    };
    if size.0.max(size.1) > most {
        let name = to.info().name;
        return Err(FormatError::Option(format!("an animated {name} has at most {most} pixels a side")));
    }
    let prepared = along.prepare(to, size.0, size.1)?;
    match to {
        Format::Gif => animate_gif::write(frames, animation, size, options, out, progress),
        Format::Png => animate_png::write(frames, animation, options, &prepared, out, progress),
        Format::WebP => webp(frames, animation, size, &prepared, out, progress),
        format => Err(FormatError::Unsupported { format, what: "an animation".into() }),
    }
}

/// A part of the canvas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// The smallest part that holds every pixel in which the two differ, on columns and rows that are a multiple of `step`; one pixel
/// where they are alike.
pub(super) fn changed(before: Option<&RgbaImage>, now: &RgbaImage, step: u32, progress: &Progress) -> Result<Part, Cancelled> {
    let (width, height) = now.dimensions();
    let Some(before) = before else { return Ok(Part { x: 0, y: 0, width, height }) };
    let differing = where_they(before, now, |one, other| one != other, progress)?;
    let Part { x: left, y: top, width, height } = differing.unwrap_or(Part { x: 0, y: 0, width: 1, height: 1 });
    let (x, y) = (left / step * step, top / step * step);
    Ok(Part { x, y, width: left + width - x, height: top + height - y })
}

/// The smallest part that holds every pixel of which `differ` is true.
pub(super) fn where_they(
    before: &RgbaImage,
    now: &RgbaImage,
    differ: impl Fn(&[u8; 4], &[u8; 4]) -> bool,
    progress: &Progress,
) -> Result<Option<Part>, Cancelled> {
    let stride = now.width() as usize * 4;
    let (mut left, mut right, mut top, mut bottom) = (u32::MAX, 0, u32::MAX, 0);
    for (y, (one, other)) in (0..).zip(before.as_raw().chunks(stride).zip(now.as_raw().chunks(stride))) {
        progress.check()?;
        if one == other {
            continue;
        }
        let differ = |(one, other): (&[u8; 4], &[u8; 4])| differ(one, other);
        let (one, other) = (one.as_chunks::<4>().0, other.as_chunks::<4>().0);
        let Some(first) = one.iter().zip(other).position(differ) else { continue };
        let last = one.iter().zip(other).rposition(differ).unwrap_or(first);
        left = left.min(first as u32);
        right = right.max(last as u32);
        top = top.min(y);
        bottom = y;
    }
    Ok((top != u32::MAX).then(|| Part { x: left, y: top, width: right + 1 - left, height: bottom + 1 - top }))
}

pub(super) fn cut(image: &RgbaImage, part: Part) -> RgbaImage {
    image::imageops::crop_imm(image, part.x, part.y, part.width, part.height).to_image()
}

fn webp(
    frames: impl Iterator<Item = Result<Frame, FormatError>>,
    animation: Animation,
    size: (u32, u32),
    prepared: &Prepared,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<(), FormatError> {
    let mut chunks = Vec::new();
    let mut alpha = false;
    let mut before: Option<RgbaImage> = None;
    for frame in frames {
        progress.check()?;
        let Frame { image, delay } = frame?;
        let now = image.into_rgba8();
        alpha |= now.pixels().any(|pixel| pixel.0[3] < 255);
        // Places are stored halved.
        let part = changed(before.as_ref(), &now, 2, progress)?;
        let picture = webp_chunk(&DynamicImage::ImageRgba8(cut(&now, part)), progress)?;
        let three = |number: u32| {
            let [a, b, c, _] = number.to_le_bytes();
            [a, b, c]
        };
        let thousandths = u32::try_from(delay.as_millis()).unwrap_or(u32::MAX).min(0xFF_FFFF);
        let mut head = Vec::with_capacity(16);
        for number in [part.x / 2, part.y / 2, part.width - 1, part.height - 1, thousandths] {
            head.extend(three(number));
        }
        // Put over what was there, not mixed with it; and left there.
        head.push(0x02);
        chunks.extend(b"ANMF");
        chunks.extend(((head.len() + picture.len()) as u32).to_le_bytes());
        chunks.extend(head);
        chunks.extend(picture);
        if chunks.len() > u32::MAX as usize / 2 {
            return Err(FormatError::Limit {
                what: "the animation takes more than 2 GiB".into(),
                limit: "2 GiB, which a WebP can have".into(),
            });
        }
        before = Some(now);
    }
    let loops = u16::try_from(animation.loops).unwrap_or(u16::MAX);
    let mut head = b"ANIM\x06\0\0\0\0\0\0\0".to_vec();
    head.extend(loops.to_le_bytes());
    write_all(&with_webp_chunks(prepared, size, alpha, &head, &chunks), out, progress)
}
