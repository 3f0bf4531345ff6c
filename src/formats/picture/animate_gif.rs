//! Animated GIF: of each frame the part that changed.
//!
//! A frame can only add pixels. Where something becomes transparent that was not, the frame before says that its part is cleared
//! after it was seen; so that one has to reach as far as what vanishes, and the one at hand draws again what is still there.
//! The codec packs a frame as a GIF of its own ([`Packed`]); how they follow each other is written here.

use std::collections::HashSet;
use std::io::Write;
use std::time::Duration;

use image::codecs::gif::GifEncoder;
use image::{Delay, RgbaImage};

use super::animate::{Animation, Part, changed, cut, where_they};
use super::encode::{one_bit_alpha, write_all};
use super::{Frame, guard};
use crate::formats::{Format, FormatError, PictureOptions};
use crate::tasks::Progress;

/// What becomes of a frame's part after it was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    Stays = 1,
    Cleared = 2,
}

/// Writes `frames` of `size`; the delays become hundredths of a second.
pub(super) fn write(
    frames: impl Iterator<Item = Result<Frame, FormatError>>,
    animation: Animation,
    size: (u32, u32),
    options: &PictureOptions,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<(), FormatError> {
    let mut started = false;
    // What is seen when the frame at hand comes, and what comes after it.
    let mut before: Option<RgbaImage> = None;
    let mut waiting: Option<(RgbaImage, Duration)> = None;
    let mut first: Option<RgbaImage> = None;
    for frame in frames.map(Some).chain([None]) {
        progress.check()?;
        let next = match frame.transpose()? {
            Some(Frame { image, delay }) => Some((one_bit_alpha(&image, options.background, progress)?, delay)),
            None => None,
        };
        if !std::mem::replace(&mut started, true) {
            write_all(&head(size, animation.loops), out, progress)?;
            // Shown again, it begins with nothing; not everybody clears what is left of the last frame.
            let see_through = |image: &&RgbaImage| animation.loops != 1 && image.pixels().any(|pixel| pixel.0[3] == 0);
            first = next.as_ref().map(|(image, _)| image).filter(see_through).cloned();
        }
        if let Some((now, delay)) = waiting.take() {
            let following = next.as_ref().map(|(image, _)| image).or(first.as_ref());
            let (part, after) = part(before.as_ref(), &now, following);
            let pixels = cut(&now, part);
            let colors = if after == After::Cleared { count_colors(&pixels) } else { None };
            let mut packed = Packed::of(pixels, progress)?;
            if let Some(colors) = colors {
                packed.make_hole(colors);
            }
            write_all(&packed.frame(part, after, delay), out, progress)?;
            before = Some(if after == After::Cleared { cleared(now, part) } else { now });
        }
        waiting = next;
    }
    write_all(b";", out, progress)
}

/// The part of `now` that has to be written, and what becomes of it.
fn part(before: Option<&RgbaImage>, now: &RgbaImage, following: Option<&RgbaImage>) -> (Part, After) {
    let new = changed(before, now, 1);
    let vanishing = following.and_then(|following| where_they(now, following, |now, then| now[3] > 0 && then[3] == 0));
    let Some(gone) = vanishing else { return (new, After::Stays) };
    let (x, y) = (new.x.min(gone.x), new.y.min(gone.y));
    let (right, bottom) = ((new.x + new.width).max(gone.x + gone.width), (new.y + new.height).max(gone.y + gone.height));
    (Part { x, y, width: right - x, height: bottom - y }, After::Cleared)
}

fn cleared(mut image: RgbaImage, part: Part) -> RgbaImage {
    let stride = image.width() as usize * 4;
    for row in image.chunks_exact_mut(stride).skip(part.y as usize).take(part.height as usize) {
        row[part.x as usize * 4..][..part.width as usize * 4].fill(0);
    }
    image
}

/// How many colours there are, where a table can hold them.
fn count_colors(image: &RgbaImage) -> Option<usize> {
    let mut colors = HashSet::new();
    for pixel in image.pixels() {
        colors.insert(pixel.0);
        if colors.len() > 256 {
            return None;
        }
    }
    Some(colors.len())
}

/// The head of the file: its size, no table for all frames, and how often it is shown.
fn head((width, height): (u32, u32), loops: u32) -> Vec<u8> {
    let mut head = b"GIF89a".to_vec();
    head.extend((width as u16).to_le_bytes());
    head.extend((height as u16).to_le_bytes());
    head.extend([0x70, 0, 0]);
    // The number says how often it starts again; a single time is said by saying nothing.
    if loops != 1 {
        let again = u16::try_from(loops.saturating_sub(1)).unwrap_or(u16::MAX);
        head.extend(b"!\xFF\x0BNETSCAPE2.0\x03\x01");
        head.extend(if loops == 0 { 0 } else { again }.to_le_bytes());
        head.push(0);
    }
    head
}

/// One frame as the codec packs it.
struct Packed {
    /// The entry that is not drawn, where there is one.
    see_through: Option<u8>,
    /// The flags of the table, behind which everything else stands: the table, and the packed entries.
    flags: u8,
    rest: Vec<u8>,
}

impl Packed {
    fn of(pixels: RgbaImage, progress: &Progress) -> Result<Self, FormatError> {
        let odd = || FormatError::Unsupported { format: Format::Gif, what: "a frame as its codec writes it".into() };
        let failed = |error: image::ImageError| match error {
            image::ImageError::IoError(error) => super::encode::writing(error),
            other => FormatError::Unsupported { format: Format::Gif, what: other.to_string() },
        };
        let mut bytes = Vec::new();
        let mut encoder = GifEncoder::new_with_speed(guard::Watched::new(&mut bytes, progress), 5);
        let delay = Delay::from_numer_denom_ms(0, 1);
        encoder.encode_frame(image::Frame::from_parts(pixels, 0, 0, delay)).map_err(failed)?;
        drop(encoder);
        let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
        let mut at = 13 + table(*bytes.get(10).ok_or_else(odd)?);
        let mut see_through = None;
        loop {
            match bytes.get(at..) {
                Some([b'!', 0xF9, 4, flags, _, _, entry, 0, ..]) => {
                    see_through = (flags & 1 == 1).then_some(*entry);
                    at += 8;
                }
                Some([b',', place @ ..]) if place.len() > 10 => {
                    let flags = place[8];
                    let rest = place[9..].strip_suffix(b";").unwrap_or(&place[9..]).to_vec();
                    return Ok(Self { see_through, flags, rest });
                }
                _ => return Err(odd()),
            }
        }
    }

    /// Makes an entry that is not drawn, where all of the `colors` are seen and there is room for one more. Without such an entry
    /// some readers clear the frame with a colour and not with nothing.
    fn make_hole(&mut self, colors: usize) {
        if self.see_through.is_some() || self.flags & 0x80 == 0 {
            return;
        }
        let entries = 2 << (self.flags & 7);
        if colors == entries && entries < 256 {
            // A table of twice the size; the packed entries do not know how large it is.
            let empty = vec![0; entries * 3];
            let at = (entries * 3).min(self.rest.len());
            self.rest.splice(at..at, empty);
            self.flags += 1;
        }
        self.see_through = u8::try_from(colors).ok().filter(|entry| usize::from(*entry) < 2 << (self.flags & 7));
    }

    /// The frame for a file of several.
    fn frame(&self, part: Part, after: After, delay: Duration) -> Vec<u8> {
        let hundredths = u16::try_from((delay.as_millis() + 5) / 10).unwrap_or(u16::MAX);
        let mut frame = vec![b'!', 0xF9, 4, (after as u8) << 2 | u8::from(self.see_through.is_some())];
        frame.extend(hundredths.to_le_bytes());
        frame.extend([self.see_through.unwrap_or(0), 0, b',']);
        for number in [part.x, part.y, part.width, part.height] {
            frame.extend((number as u16).to_le_bytes());
        }
        frame.push(self.flags);
        frame.extend(&self.rest);
        frame
    }
}
