//! DirectDraw surfaces that are not compressed: pixels as numbers, with a mask for each channel.

use image::{DynamicImage, RgbaImage};

use super::Limits;
use super::decode::Decoded;
use super::guard::zeroed;
use super::probe::u32_le;
use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::formats::FormatError;
use crate::tasks::Progress;

/// How such pixels are stored.
pub(super) struct Uncompressed {
    /// Bits of a pixel.
    pub(super) bits: u32,
    /// The channels with their masks.
    pub(super) masks: Vec<(char, u32)>,
}

impl Uncompressed {
    /// By the header; `None` where the pixels are compressed, or of a kind that is not read.
    pub(super) fn of(head: &[u8; 128]) -> Option<Self> {
        let (flags, bits) = (u32_le(&head[80..]), u32_le(&head[88..]));
        let mask = |index: usize| u32_le(&head[92 + index * 4..]);
        let alpha = if flags & 1 != 0 { mask(3) } else { 0 };
        let mut masks = match flags & (4 | 0x40 | 0x2_0000 | 2) {
            0x40 => vec![('R', mask(0)), ('G', mask(1)), ('B', mask(2))],
            0x2_0000 => vec![('L', mask(0))],
            2 => vec![('A', mask(3))],
            _ => return None,
        };
        if alpha != 0 && flags & 2 == 0 {
            masks.push(('A', alpha));
        }
        let whole =
            |mask: u32| mask == 0 || (mask >> mask.trailing_zeros()).wrapping_add(1).is_power_of_two() || mask == u32::MAX;
        let fits = masks.iter().all(|(_, mask)| whole(*mask) && mask.checked_shr(bits).is_none_or(|above| above == 0));
        let some = masks.iter().any(|(_, mask)| *mask != 0);
        (matches!(bits, 8 | 16 | 24 | 32) && fits && some).then_some(Self { bits, masks })
    }

    pub(super) fn has_alpha(&self) -> bool {
        self.masks.iter().any(|(letter, mask)| *letter == 'A' && *mask != 0)
    }

    pub(super) fn is_grey(&self) -> bool {
        self.masks.iter().any(|(letter, _)| *letter == 'L')
    }
}

/// The largest surface, as 8-bit RGBA.
pub(super) fn decode(
    input: &Buffer,
    head: &[u8; 128],
    kind: &Uncompressed,
    limits: Limits,
    progress: &Progress,
) -> Result<Decoded, FormatError> {
    let (width, height) = (u32_le(&head[16..]), u32_le(&head[12..]));
    limits.check(width, height, 4)?;
    let (columns, each) = (width as usize, (kind.bits / 8) as usize);
    let mut pixels = zeroed::<u8>(columns * height as usize * 4)?;
    let mut missing = None;
    for (y, line) in pixels.chunks_mut(columns * 4).enumerate() {
        progress.check()?;
        let range = ByteRange::new(Offset(128 + (y * columns * each) as u64), Len((columns * each) as u64));
        let row = input.to_vec(range.clamp_to(input.len()))?;
        if row.len() < columns * each && missing.is_none() {
            missing = Some(y + 1);
        }
        for (pixel, stored) in line.as_chunks_mut::<4>().0.iter_mut().zip(row.chunks_exact(each)) {
            let number = u32_le(stored);
            *pixel = [0, 0, 0, 255];
            for (letter, mask) in &kind.masks {
                let value = scaled(number, *mask);
                match letter {
                    'R' => pixel[0] = value,
                    'G' => pixel[1] = value,
                    'B' => pixel[2] = value,
                    'L' => pixel[..3].fill(value),
                    _ if *mask != 0 => pixel[3] = value,
                    _ => {}
                }
            }
        }
    }
    let truncated = missing.map(|row| {
        format!("the file ends early, after {} bytes: rows {row} to {height} of {height} are missing", input.len().get())
    });
    let image = RgbaImage::from_raw(width, height, pixels).expect("four bytes were made for each pixel");
    let image = DynamicImage::ImageRgba8(image);
    Ok(match (kind.is_grey(), kind.has_alpha()) {
        (false, true) => (image, truncated),
        (false, false) => (DynamicImage::ImageRgb8(image.to_rgb8()), truncated),
        (true, true) => (DynamicImage::ImageLumaA8(image.to_luma_alpha8()), truncated),
        (true, false) => (DynamicImage::ImageLuma8(image.to_luma8()), truncated),
    })
}

/// The bits under a mask as 0 to 255.
fn scaled(number: u32, mask: u32) -> u8 {
    if mask == 0 {
        return 0;
    }
    let most = u64::from(mask >> mask.trailing_zeros());
    let value = u64::from((number & mask) >> mask.trailing_zeros());
    ((value * 255 + most / 2) / most) as u8
}
