//! Smaller copies of a large picture, each half as wide and half as high as the one before, so that every zoom is painted from
//! about as many pixels as there are on the screen.
//!
//! Level 0 is the picture itself and level 1 is made of it where it is looked at; from level 2 on the copies are kept, as 8-bit
//! RGBA. All of them together take a third of a byte for each pixel of the picture.

use image::{DynamicImage, RgbaImage};
use rayon::prelude::*;

use super::guard::zeroed;
use super::pixels::rgba8_row;
use crate::formats::FormatError;
use crate::tasks::Progress;

/// The first level that is kept.
const FIRST: u32 = 2;

/// The last level is the first one with no longer side than this.
const SMALLEST: u32 = 512;

/// The smaller copies.
#[derive(Clone, Debug, PartialEq)]
pub struct Levels {
    width: u32,
    height: u32,
    kept: Vec<RgbaImage>,
}

impl Levels {
    /// Makes them, on all cores.
    ///
    /// # Errors
    /// [`FormatError::Cancelled`], and [`FormatError::Limit`] where memory is short.
    pub fn new(image: &DynamicImage, progress: &Progress) -> Result<Self, FormatError> {
        let (width, height) = (image.width(), image.height());
        let mut levels = Self { width, height, kept: Vec::new() };
        while levels.count() <= FIRST || levels.size(levels.count() - 1).0.max(levels.size(levels.count() - 1).1) > SMALLEST {
            let next = match levels.kept.last() {
                None => shrunk(&Source::Picture(image), 1 << FIRST, progress)?,
                Some(last) => shrunk(&Source::Copy(last), 2, progress)?,
            };
            levels.kept.push(next);
        }
        Ok(levels)
    }

    /// How many there are, with the picture itself.
    pub fn count(&self) -> u32 {
        FIRST + self.kept.len() as u32
    }

    /// Bytes that are kept.
    pub fn bytes(&self) -> u64 {
        self.kept.iter().map(|copy| copy.len() as u64).sum()
    }

    /// Width and height of a level.
    pub fn size(&self, level: u32) -> (u32, u32) {
        let side = |side: u32| u64::from(side).div_ceil(1 << level.min(63)).max(1) as u32;
        (side(self.width), side(self.height))
    }

    /// Pixels of a level, as 8-bit RGBA: `width` times `height` of them from column `x` and row `y`, all of which must be in it.
    pub fn tile(&self, image: &DynamicImage, level: u32, (x, y): (u32, u32), (width, height): (u32, u32)) -> RgbaImage {
        match level.checked_sub(FIRST).and_then(|kept| self.kept.get(kept as usize)) {
            Some(copy) => image::imageops::crop_imm(copy, x, y, width, height).to_image(),
            None => part(image, level.min(FIRST - 1), (x, y), (width, height)),
        }
    }
}

/// Pixels of level 0 or 1, made of the picture.
pub fn part(image: &DynamicImage, level: u32, (x, y): (u32, u32), (width, height): (u32, u32)) -> RgbaImage {
    let step = 1 << level;
    let (wide, high) = ((width * step).min(image.width() - x * step), (height * step).min(image.height() - y * step));
    let view = image.crop_imm(x * step, y * step, wide, high);
    if step == 1 {
        return view.into_rgba8();
    }
    // A tile is small: whoever asks waits for it.
    shrunk(&Source::Picture(&view), step, &Progress::new()).unwrap_or_else(|_| RgbaImage::new(width, height))
}

enum Source<'a> {
    Picture(&'a DynamicImage),
    Copy(&'a RgbaImage),
}

impl Source<'_> {
    fn size(&self) -> (u32, u32) {
        match self {
            Self::Picture(image) => (image.width(), image.height()),
            Self::Copy(image) => image.dimensions(),
        }
    }

    fn row<'a>(&'a self, y: u32, own: &'a mut Vec<[u8; 4]>) -> &'a [[u8; 4]] {
        match self {
            Self::Picture(image) => {
                rgba8_row(image, y, own);
                own
            }
            Self::Copy(image) => {
                let width = image.width() as usize;
                &image.as_raw().as_chunks().0[y as usize * width..][..width]
            }
        }
    }
}

/// Each pixel is the mean of a square of `step` pixels a side, colours weighed by their alpha; squares at the edges are smaller.
fn shrunk(source: &Source<'_>, step: u32, progress: &Progress) -> Result<RgbaImage, FormatError> {
    let (from_width, from_height) = source.size();
    let (width, height) = (from_width.div_ceil(step), from_height.div_ceil(step));
    let mut pixels = zeroed::<u8>(width as usize * height as usize * 4)?;
    let line = width as usize * 4;
    pixels.par_chunks_mut(line * 16).enumerate().try_for_each(|(band, rows)| {
        progress.check()?;
        let mut own = Vec::new();
        // Red, green and blue times alpha, and alpha.
        let mut sums = vec![[0_u32; 4]; width as usize];
        for (index, out) in rows.chunks_mut(line).enumerate() {
            let top = (band as u32 * 16 + index as u32) * step;
            let bottom = (top + step).min(from_height);
            sums.fill([0; 4]);
            for y in top..bottom {
                for (sum, square) in sums.iter_mut().zip(source.row(y, &mut own).chunks(step as usize)) {
                    for &[r, g, b, a] in square {
                        let alpha = u32::from(a);
                        sum[0] += u32::from(r) * alpha;
                        sum[1] += u32::from(g) * alpha;
                        sum[2] += u32::from(b) * alpha;
                        sum[3] += alpha;
                    }
                }
            }
            for (column, (sum, out)) in sums.iter().zip(out.as_chunks_mut::<4>().0).enumerate() {
                let left = column as u32 * step;
                let count = ((left + step).min(from_width) - left) * (bottom - top);
                let alpha = sum[3];
                let color = |sum: u32| (sum + alpha / 2).checked_div(alpha).unwrap_or(0) as u8;
                *out = [color(sum[0]), color(sum[1]), color(sum[2]), ((alpha + count / 2) / count) as u8];
            }
        }
        Ok::<(), FormatError>(())
    })?;
    let wrong = || FormatError::Option("the copy has the wrong number of pixels".into());
    RgbaImage::from_raw(width, height, pixels).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage, Rgba};

    use super::*;

    #[test]
    fn each_level_is_half_as_large() {
        let image = DynamicImage::from(RgbImage::from_fn(2050, 1025, |x, _| Rgb([if x < 2048 { 200 } else { 40 }, 0, 0])));
        let levels = Levels::new(&image, &Progress::new()).unwrap();
        assert_eq!(levels.count(), 4);
        let sizes = [0, 1, 2, 3].map(|level| levels.size(level));
        assert_eq!(sizes, [(2050, 1025), (1025, 513), (513, 257), (257, 129)]);
        assert!(levels.bytes() <= 2050 * 1025 / 2, "{}", levels.bytes());
        for level in 0..4 {
            let (width, height) = levels.size(level);
            let all = levels.tile(&image, level, (0, 0), (width, height));
            assert_eq!(all.dimensions(), (width, height), "level {level}");
            assert_eq!(all.get_pixel(0, height - 1).0, [200, 0, 0, 255], "level {level}");
            assert_eq!(all.get_pixel(width - 1, 0).0[0], 40, "the odd edge of level {level}");
        }
        let tile = levels.tile(&image, 1, (1000, 500), (25, 13));
        assert_eq!((tile.dimensions(), tile.get_pixel(24, 12).0), ((25, 13), [40, 0, 0, 255]));
    }

    #[test]
    fn what_is_transparent_gives_no_colour() {
        let image = RgbaImage::from_fn(8, 8, |x, _| if x % 2 == 0 { Rgba([255, 255, 255, 255]) } else { Rgba([0, 0, 0, 0]) });
        let levels = Levels::new(&image.into(), &Progress::new()).unwrap();
        let small = levels.tile(&DynamicImage::new_rgba8(8, 8), 2, (0, 0), (2, 2));
        assert!(small.pixels().all(|pixel| pixel.0 == [255, 255, 255, 128]), "{small:?}");
    }

    #[test]
    fn a_small_picture_has_its_levels_too() {
        for size in [(1, 1), (3, 700), (512, 1)] {
            let image = DynamicImage::new_luma8(size.0, size.1);
            let levels = Levels::new(&image, &Progress::new()).unwrap();
            let last = levels.size(levels.count() - 1);
            assert!(last.0.max(last.1) <= SMALLEST && last.0 > 0 && last.1 > 0, "{size:?}: {last:?}");
        }
    }
}
