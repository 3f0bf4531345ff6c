//! What pixels are made of: colour, grey, alpha, few colours.

use image::{DynamicImage, GrayAlphaImage, GrayImage, ImageBuffer, Luma, LumaA};

use super::quantise;
use crate::formats::FormatError;
use crate::formats::picture::encode::flattened;
use crate::formats::picture::guard::zeroed;
use crate::formats::picture::pixels::rgba8_row;
use crate::formats::picture::{ColorModel, PictureInfo};
use crate::tasks::Progress;

/// What the pixels of the result are. Depth stays (8 bits, 16, floats) but for the last two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue and alpha.
    Rgba,
    /// Brightness, by the weights of ITU-R 601 as Pillow has them.
    Grey,
    /// Brightness and alpha.
    GreyAlpha,
    /// Black or white.
    Bilevel,
    /// A table of colours.
    Palette {
        /// The most colours, 2 to 256; a transparent one counts.
        colors: u16,
    },
}

impl Mode {
    /// Writes into a header what this mode makes of it.
    pub(super) fn describe(self, info: &mut PictureInfo) {
        let depth = match info.bits {
            _ if matches!(self, Self::Bilevel | Self::Palette { .. }) => 8,
            0..=8 => 8,
            9..=16 => 16,
            _ if matches!(self, Self::Grey | Self::GreyAlpha) => 16,
            bits => bits,
        };
        let (model, alpha, bits, color) = match self {
            Self::Rgb => (ColorModel::Rgb, false, depth, format!("RGB, {depth} bits a channel")),
            Self::Rgba => (ColorModel::Rgb, true, depth, format!("RGBA, {depth} bits a channel")),
            Self::Grey => (ColorModel::Grey, false, depth, format!("grey, {depth} bits")),
            Self::GreyAlpha => (ColorModel::Grey, true, depth, format!("grey with alpha, {depth} bits a channel")),
            Self::Bilevel => (ColorModel::Grey, false, 1, "grey, 1 bit".into()),
            Self::Palette { colors } => (ColorModel::Palette, info.alpha, 8, format!("palette of at most {colors} colours")),
        };
        (info.model, info.alpha, info.bits, info.color) = (model, alpha, bits, color);
    }

    pub(super) fn apply(
        self,
        image: DynamicImage,
        background: [u8; 3],
        dither: bool,
        progress: &Progress,
    ) -> Result<DynamicImage, FormatError> {
        let opaque = |image: DynamicImage| {
            if image.color().has_alpha() { flattened(&image, background, progress) } else { Ok(image) }
        };
        match self {
            Self::Rgb => Ok(rgb(opaque(image)?)),
            Self::Rgba => Ok(rgba(image)),
            Self::Grey => grey(&opaque(image)?, progress),
            Self::GreyAlpha => grey_alpha(&image, progress),
            Self::Bilevel => {
                let mut pixels = grey(&opaque(image)?, progress)?.to_luma8();
                quantise::bilevel(&mut pixels, dither, progress)?;
                Ok(DynamicImage::ImageLuma8(pixels))
            }
            Self::Palette { colors } => quantise::palette(&image, colors, dither, progress),
        }
    }
}

fn rgb(image: DynamicImage) -> DynamicImage {
    match image {
        DynamicImage::ImageLuma8(_) => DynamicImage::ImageRgb8(image.to_rgb8()),
        DynamicImage::ImageLuma16(_) => DynamicImage::ImageRgb16(image.to_rgb16()),
        other => other,
    }
}

fn rgba(image: DynamicImage) -> DynamicImage {
    use DynamicImage as D;
    match image {
        D::ImageLuma8(_) | D::ImageLumaA8(_) | D::ImageRgb8(_) => D::ImageRgba8(image.to_rgba8()),
        D::ImageLuma16(_) | D::ImageLumaA16(_) | D::ImageRgb16(_) => D::ImageRgba16(image.to_rgba16()),
        D::ImageRgb32F(_) => D::ImageRgba32F(image.to_rgba32f()),
        other => other,
    }
}

/// Brightness as Pillow computes it, in numbers of 16 bits behind the point.
fn brightness(r: u16, g: u16, b: u16) -> u16 {
    let sum = 19_595 * u64::from(r) + 38_470 * u64::from(g) + 7_471 * u64::from(b) + 0x8000;
    (sum >> 16) as u16
}

fn is_deep(image: &DynamicImage) -> bool {
    image.color().bytes_per_pixel() / image.color().channel_count() > 1
}

fn grey(image: &DynamicImage, progress: &Progress) -> Result<DynamicImage, FormatError> {
    if !image.color().has_color() {
        return Ok(image.clone());
    }
    progress.check()?;
    if is_deep(image) {
        let pixels = image.to_rgb16();
        progress.check()?;
        return Ok(DynamicImage::ImageLuma16(ImageBuffer::from_fn(image.width(), image.height(), |x, y| {
            let [r, g, b] = pixels.get_pixel(x, y).0;
            Luma([brightness(r, g, b)])
        })));
    }
    let mut pixels = zeroed::<u8>(image.width() as usize * image.height() as usize)?;
    let mut row = Vec::new();
    for (y, line) in (0..).zip(pixels.chunks_mut(image.width().max(1) as usize)) {
        progress.check()?;
        rgba8_row(image, y, &mut row);
        for (grey, [r, g, b, _]) in line.iter_mut().zip(row.iter().copied()) {
            *grey = brightness(r.into(), g.into(), b.into()) as u8;
        }
    }
    Ok(GrayImage::from_raw(image.width(), image.height(), pixels).expect("a byte was made for each pixel").into())
}

fn grey_alpha(image: &DynamicImage, progress: &Progress) -> Result<DynamicImage, FormatError> {
    progress.check()?;
    let (width, height) = (image.width(), image.height());
    if is_deep(image) {
        let pixels = image.to_rgba16();
        progress.check()?;
        return Ok(DynamicImage::ImageLumaA16(ImageBuffer::from_fn(width, height, |x, y| {
            let [r, g, b, a] = pixels.get_pixel(x, y).0;
            LumaA([brightness(r, g, b), a])
        })));
    }
    let mut pixels = zeroed::<u8>(width as usize * height as usize * 2)?;
    let mut row = Vec::new();
    for (y, line) in (0..).zip(pixels.chunks_mut(width.max(1) as usize * 2)) {
        progress.check()?;
        rgba8_row(image, y, &mut row);
        for (pair, [r, g, b, a]) in line.as_chunks_mut::<2>().0.iter_mut().zip(row.iter().copied()) {
            *pair = [brightness(r.into(), g.into(), b.into()) as u8, a];
        }
    }
    Ok(GrayAlphaImage::from_raw(width, height, pixels).expect("two bytes were made for each pixel").into())
}
