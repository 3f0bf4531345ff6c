//! Animated GIF: of each frame the part that changed.
//!
//! A frame can only add pixels. Where something becomes transparent that was not, the frame before says that its part is cleared
//! after it was seen; so that one has to reach as far as what vanishes, and the one at hand draws again what is still there.
//! How the pixels of one become numbers of its table is the matter of [`encode_gif`](super::encode_gif).

use std::io::Write;
use std::time::Duration;

use image::RgbaImage;

use super::Frame;
use super::animate::{Animation, Part, changed, cut, where_they};
use super::encode::{one_bit_alpha, write_all};
use super::encode_gif::Numbered;
use crate::formats::{FormatError, PictureOptions};
use crate::tasks::{Cancelled, Progress};

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
            let (part, after) = part(before.as_ref(), &now, following, progress)?;
            // Without an entry that is not drawn some readers clear the frame with a colour and not with nothing.
            let numbered = Numbered::of(&cut(&now, part), after == After::Cleared, progress)?;
            write_all(&frame_head(&numbered, part, after, delay), out, progress)?;
            numbered.pack(out, progress)?;
            before = Some(if after == After::Cleared { cleared(now, part) } else { now });
        }
        waiting = next;
    }
    write_all(b";", out, progress)
}

/// The part of `now` that has to be written, and what becomes of it.
fn part(
    before: Option<&RgbaImage>,
    now: &RgbaImage,
    following: Option<&RgbaImage>,
    progress: &Progress,
) -> Result<(Part, After), Cancelled> {
    let new = changed(before, now, 1, progress)?;
    let vanish = |now: &[u8; 4], then: &[u8; 4]| now[3] > 0 && then[3] == 0;
    let vanishing = following.map(|following| where_they(now, following, vanish, progress)).transpose()?.flatten();
    let Some(gone) = vanishing else { return Ok((new, After::Stays)) };
    let (x, y) = (new.x.min(gone.x), new.y.min(gone.y));
    let (right, bottom) = ((new.x + new.width).max(gone.x + gone.width), (new.y + new.height).max(gone.y + gone.height));
    Ok((Part { x, y, width: right - x, height: bottom - y }, After::Cleared))
}

fn cleared(mut image: RgbaImage, part: Part) -> RgbaImage {
    let stride = image.width() as usize * 4;
    for row in image.chunks_exact_mut(stride).skip(part.y as usize).take(part.height as usize) {
        row[part.x as usize * 4..][..part.width as usize * 4].fill(0);
    }
    image
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

/// What stands before the packed pixels of a frame in a file of several: when it goes, where it is, and its table.
fn frame_head(numbered: &Numbered, part: Part, after: After, delay: Duration) -> Vec<u8> {
    let hundredths = u16::try_from((delay.as_millis() + 5) / 10).unwrap_or(u16::MAX);
    let mut head = vec![b'!', 0xF9, 4, (after as u8) << 2 | u8::from(numbered.see_through.is_some())];
    head.extend(hundredths.to_le_bytes());
    head.extend([numbered.see_through.unwrap_or(0), 0, b',']);
    for number in [part.x, part.y, part.width, part.height] {
        head.extend((number as u16).to_le_bytes());
    }
    head.push(0x80 | numbered.size_flag());
    numbered.table_to(&mut head);
    head
}
