//! Turning and mirroring, on all cores. A quarter turn goes by small squares: a column of a large picture touches as many pages of
//! memory as the picture has rows, and one pixel of each is used before the next column comes to them again.

use image::metadata::Orientation;
use image::{DynamicImage, ImageBuffer, Pixel};
use rayon::prelude::*;

use super::{Flip, Rotation};
use crate::formats::FormatError;
use crate::formats::picture::guard::zeroed;
use crate::tasks::Progress;

/// Pixels of a square's side.
const SIDE: usize = 32;

/// What an EXIF orientation of 1 to 8 asks for: a rotation, and a mirror after it. Other numbers ask for nothing.
pub(in crate::formats) fn upright(
    image: DynamicImage,
    orientation: u8,
    progress: &Progress,
) -> Result<DynamicImage, FormatError> {
    let (rotation, flip) = match Orientation::from_exif(orientation) {
        None | Some(Orientation::NoTransforms) => (Rotation::None, None),
        Some(Orientation::FlipHorizontal) => (Rotation::None, Some(Flip::Horizontal)),
        Some(Orientation::Rotate180) => (Rotation::Half, None),
        Some(Orientation::FlipVertical) => (Rotation::None, Some(Flip::Vertical)),
        Some(Orientation::Rotate90FlipH) => (Rotation::Clockwise90, Some(Flip::Horizontal)),
        Some(Orientation::Rotate90) => (Rotation::Clockwise90, None),
        Some(Orientation::Rotate270FlipH) => (Rotation::Clockwise270, Some(Flip::Horizontal)),
        Some(Orientation::Rotate270) => (Rotation::Clockwise270, None),
    };
    turned(image, rotation, flip, progress)
}

/// `image` rotated and then mirrored. A quarter turn needs its memory once more, the rest happens where the picture is.
///
/// # Errors
/// [`FormatError::Limit`] where the memory is not there, [`FormatError::Cancelled`].
pub(in crate::formats) fn turned(
    image: DynamicImage,
    rotation: Rotation,
    flip: Option<Flip>,
    progress: &Progress,
) -> Result<DynamicImage, FormatError> {
    use DynamicImage as D;
    let turn = Turn { rotation, flip, progress };
    Ok(match image {
        D::ImageLuma8(pixels) => D::ImageLuma8(turn.apply::<_, 1>(pixels)?),
        D::ImageLumaA8(pixels) => D::ImageLumaA8(turn.apply::<_, 2>(pixels)?),
        D::ImageRgb8(pixels) => D::ImageRgb8(turn.apply::<_, 3>(pixels)?),
        D::ImageRgba8(pixels) => D::ImageRgba8(turn.apply::<_, 4>(pixels)?),
        D::ImageLuma16(pixels) => D::ImageLuma16(turn.apply::<_, 1>(pixels)?),
        D::ImageLumaA16(pixels) => D::ImageLumaA16(turn.apply::<_, 2>(pixels)?),
        D::ImageRgb16(pixels) => D::ImageRgb16(turn.apply::<_, 3>(pixels)?),
        D::ImageRgba16(pixels) => D::ImageRgba16(turn.apply::<_, 4>(pixels)?),
        D::ImageRgb32F(pixels) => D::ImageRgb32F(turn.apply::<_, 3>(pixels)?),
        D::ImageRgba32F(pixels) => D::ImageRgba32F(turn.apply::<_, 4>(pixels)?),
        // There are no others now; one that comes gets what its own crate does.
        other => turn.by_the_crate(other),
    })
}

struct Turn<'a> {
    rotation: Rotation,
    flip: Option<Flip>,
    progress: &'a Progress,
}

impl Turn<'_> {
    fn apply<P, const CHANNELS: usize>(
        &self,
        pixels: ImageBuffer<P, Vec<P::Subpixel>>,
    ) -> Result<ImageBuffer<P, Vec<P::Subpixel>>, FormatError>
    where
        P: Pixel,
        P::Subpixel: Default + Send + Sync,
    {
        let (mut width, mut height) = pixels.dimensions();
        let mut raw = pixels.into_raw();
        if width > 0 && height > 0 {
            let clockwise = match self.rotation {
                Rotation::Clockwise90 => Some(true),
                Rotation::Clockwise270 => Some(false),
                _ => None,
            };
            if let Some(clockwise) = clockwise {
                raw = self.quarter::<_, CHANNELS>(&raw, (width as usize, height as usize), clockwise)?;
                std::mem::swap(&mut width, &mut height);
            }
            // Half a turn is both mirrors.
            let half = self.rotation == Rotation::Half;
            if half != (self.flip == Some(Flip::Horizontal)) {
                let row = width as usize * CHANNELS;
                raw.par_chunks_mut(row).with_min_len(64).try_for_each(|row| {
                    self.progress.check()?;
                    row.as_chunks_mut::<CHANNELS>().0.reverse();
                    Ok::<_, FormatError>(())
                })?;
            }
            if half != (self.flip == Some(Flip::Vertical)) {
                let row = width as usize * CHANNELS;
                // The row in the middle of an odd number stays.
                let (upper, lower) = raw.split_at_mut(height as usize / 2 * row);
                let lower = lower.par_chunks_mut(row).rev();
                upper.par_chunks_mut(row).zip(lower).with_min_len(64).try_for_each(|(one, other)| {
                    self.progress.check()?;
                    one.swap_with_slice(other);
                    Ok::<_, FormatError>(())
                })?;
            }
        }
        Ok(ImageBuffer::from_raw(width, height, raw).expect("as many pixels as before"))
    }

    fn quarter<T: Copy + Default + Send + Sync, const CHANNELS: usize>(
        &self,
        raw: &[T],
        (width, height): (usize, usize),
        clockwise: bool,
    ) -> Result<Vec<T>, FormatError> {
        let mut out: Vec<T> = zeroed(raw.len())?;
        let pixels = raw.as_chunks::<CHANNELS>().0;
        // Some rows of the result, each of which was a column.
        out.par_chunks_mut(height * CHANNELS * SIDE).enumerate().try_for_each(|(band, out)| {
            let rows = out.as_chunks_mut::<CHANNELS>().0;
            for from in (0..height).step_by(SIDE) {
                self.progress.check()?;
                let to = height.min(from + SIDE);
                for (row, line) in rows.chunks_mut(height).enumerate() {
                    let column = band * SIDE + row;
                    let column = if clockwise { column } else { width - 1 - column };
                    for (at, pixel) in (from..to).zip(&mut line[from..to]) {
                        let y = if clockwise { height - 1 - at } else { at };
                        *pixel = pixels[y * width + column];
                    }
                }
            }
            Ok::<_, FormatError>(())
        })?;
        Ok(out)
    }

    fn by_the_crate(&self, image: DynamicImage) -> DynamicImage {
        let image = match self.rotation {
            Rotation::None => image,
            Rotation::Clockwise90 => image.rotate90(),
            Rotation::Half => image.rotate180(),
            Rotation::Clockwise270 => image.rotate270(),
        };
        match self.flip {
            None => image,
            Some(Flip::Horizontal) => image.fliph(),
            Some(Flip::Vertical) => image.flipv(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pictures(width: u32, height: u32) -> Vec<DynamicImage> {
        let mut random = fastrand::Rng::with_seed(u64::from(width * 1000 + height));
        let pixels: Vec<u8> = (0..width * height * 4).map(|_| random.u8(..)).collect();
        let rgba = DynamicImage::ImageRgba8(image::RgbaImage::from_raw(width, height, pixels).unwrap());
        vec![
            rgba.to_luma8().into(),
            rgba.to_luma_alpha8().into(),
            rgba.to_rgb8().into(),
            rgba.to_luma16().into(),
            rgba.to_luma_alpha16().into(),
            rgba.to_rgb16().into(),
            rgba.to_rgba16().into(),
            rgba.to_rgb32f().into(),
            rgba.to_rgba32f().into(),
            rgba,
        ]
    }

    #[test]
    fn every_kind_of_pixel_turns_as_the_crate_image_turns_it() {
        let progress = Progress::default();
        for (width, height) in [(1, 1), (1, 7), (5, 1), (31, 33), (64, 32), (70, 131)] {
            for image in pictures(width, height) {
                for rotation in [Rotation::None, Rotation::Clockwise90, Rotation::Half, Rotation::Clockwise270] {
                    for flip in [None, Some(Flip::Horizontal), Some(Flip::Vertical)] {
                        let turn = Turn { rotation, flip, progress: &progress };
                        let wanted = turn.by_the_crate(image.clone());
                        let found = turned(image.clone(), rotation, flip, &progress).unwrap();
                        assert!(found == wanted, "{width} x {height}, {:?}, {rotation:?}, {flip:?}", image.color());
                    }
                }
                for orientation in 0..=9 {
                    let mut wanted = image.clone();
                    if let Some(orientation) = Orientation::from_exif(orientation) {
                        wanted.apply_orientation(orientation);
                    }
                    assert!(upright(image.clone(), orientation, &progress).unwrap() == wanted, "orientation {orientation}");
                }
            }
        }
    }

    #[test]
    fn a_cancel_is_heard() {
        let progress = Progress::default();
        progress.cancel();
        let image = DynamicImage::new_rgb8(100, 100);
        for (rotation, flip) in [(Rotation::Clockwise90, None), (Rotation::Half, None), (Rotation::None, Some(Flip::Vertical))] {
            let error = turned(image.clone(), rotation, flip, &progress).unwrap_err();
            assert!(matches!(error, FormatError::Cancelled(_)), "{error:?}");
        }
    }
}
