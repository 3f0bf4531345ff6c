//! Other sizes. Colours are weighed by their alpha while pixels are mixed, so no dark rim appears at transparent edges.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::{ColorType, DynamicImage, ImageBuffer};

use crate::formats::picture::Limits;
use crate::formats::{Format, FormatError};

/// How pixels of another size are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// Sharp and clean: the best for photographs made smaller.
    #[default]
    Lanczos3,
    /// Sharp with less ringing; what Pillow calls bicubic is close to it.
    CatmullRom,
    /// Soft and quick.
    Bilinear,
    /// No mixing: the colours stay the very same, edges stay hard.
    Nearest,
}

/// What size a picture gets, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resize {
    /// This very size, whatever becomes of the shape.
    Exact {
        /// Width of the result.
        width: u32,
        /// Height of the result.
        height: u32,
    },
    /// The largest of its own shape that lies in this box; smaller pictures become larger.
    Fit {
        /// Width of the box.
        width: u32,
        /// Height of the box.
        height: u32,
    },
    /// This very size with its own shape kept: what stands out is cut off on both sides alike.
    Fill {
        /// Width of the result.
        width: u32,
        /// Height of the result.
        height: u32,
    },
    /// As `Fit`, but a picture that is small enough stays as it is.
    Thumbnail {
        /// Width of the box.
        width: u32,
        /// Height of the box.
        height: u32,
    },
}

impl Resize {
    /// The size that a picture of `width` times `height` gets.
    pub(in crate::formats::picture) fn size(self, width: u32, height: u32) -> Result<(u32, u32), FormatError> {
        let (Self::Exact { width: w, height: h }
        | Self::Fit { width: w, height: h }
        | Self::Fill { width: w, height: h }
        | Self::Thumbnail { width: w, height: h }) = self;
        if w == 0 || h == 0 {
            return Err(FormatError::Option(format!("a picture of {w} x {h} pixels has none")));
        }
        Ok(match self {
            Self::Exact { .. } | Self::Fill { .. } => (w, h),
            Self::Fit { .. } => fitted((width, height), (w, h)),
            Self::Thumbnail { .. } => thumbnail_size((width, height), (w.into(), h.into())).unwrap_or((width, height)),
        })
    }

    pub(super) fn apply(self, image: DynamicImage, filter: Filter, limits: Limits) -> Result<DynamicImage, FormatError> {
        let (width, height) = self.size(image.width(), image.height())?;
        if (width, height) == (image.width(), image.height()) {
            return Ok(image);
        }
        let color = image.color();
        limits.check(width, height, color.bytes_per_pixel().into())?;
        let pixel = match color {
            ColorType::L8 => PixelType::U8,
            ColorType::La8 => PixelType::U8x2,
            ColorType::Rgb8 => PixelType::U8x3,
            ColorType::Rgba8 => PixelType::U8x4,
            ColorType::L16 => PixelType::U16,
            ColorType::La16 => PixelType::U16x2,
            ColorType::Rgb16 => PixelType::U16x3,
            ColorType::Rgba16 => PixelType::U16x4,
            ColorType::Rgb32F => PixelType::F32x3,
            ColorType::Rgba32F => PixelType::F32x4,
            other => return Err(failed(format!("the colour type {other:?}"))),
        };
        let algorithm = match filter {
            Filter::Lanczos3 => ResizeAlg::Convolution(FilterType::Lanczos3),
            Filter::CatmullRom => ResizeAlg::Convolution(FilterType::CatmullRom),
            Filter::Bilinear => ResizeAlg::Convolution(FilterType::Bilinear),
            Filter::Nearest => ResizeAlg::Nearest,
        };
        let mut options = ResizeOptions::new().resize_alg(algorithm).use_alpha(filter != Filter::Nearest);
        if matches!(self, Self::Fill { .. }) {
            options = options.fit_into_destination(None);
        }
        let source = ImageRef::new(image.width(), image.height(), image.as_bytes(), pixel).map_err(failed)?;
        let mut result = Image::new(width, height, pixel);
        Resizer::new().resize(&source, &mut result, &options).map_err(failed)?;
        from_bytes(color, width, height, result.into_vec()).ok_or_else(|| failed(format!("the colour type {color:?}")))
    }
}

fn failed(what: impl ToString) -> FormatError {
    FormatError::Unsupported { format: Format::Bytes, what: format!("resizing this picture ({})", what.to_string()) }
}

/// Pixels of their bytes in this machine's order.
fn from_bytes(color: ColorType, width: u32, height: u32, bytes: Vec<u8>) -> Option<DynamicImage> {
    let words = |bytes: &[u8]| bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_ne_bytes(*pair)).collect::<Vec<_>>();
    let floats = |bytes: &[u8]| bytes.as_chunks::<4>().0.iter().map(|four| f32::from_ne_bytes(*four)).collect::<Vec<_>>();
    match color {
        ColorType::L8 => ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageLuma8),
        ColorType::La8 => ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageLumaA8),
        ColorType::Rgb8 => ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageRgb8),
        ColorType::Rgba8 => ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageRgba8),
        ColorType::L16 => ImageBuffer::from_raw(width, height, words(&bytes)).map(DynamicImage::ImageLuma16),
        ColorType::La16 => ImageBuffer::from_raw(width, height, words(&bytes)).map(DynamicImage::ImageLumaA16),
        ColorType::Rgb16 => ImageBuffer::from_raw(width, height, words(&bytes)).map(DynamicImage::ImageRgb16),
        ColorType::Rgba16 => ImageBuffer::from_raw(width, height, words(&bytes)).map(DynamicImage::ImageRgba16),
        ColorType::Rgb32F => ImageBuffer::from_raw(width, height, floats(&bytes)).map(DynamicImage::ImageRgb32F),
        ColorType::Rgba32F => ImageBuffer::from_raw(width, height, floats(&bytes)).map(DynamicImage::ImageRgba32F),
        _ => None,
    }
}

/// The size of the same shape in a box: one side is the box's, the other is rounded, halves to the even number.
fn fitted((width, height): (u32, u32), (w, h): (u32, u32)) -> (u32, u32) {
    let side = |other: u32, side: u32, given: u32| {
        let exact = f64::from(other) / f64::from(side) * f64::from(given);
        exact.round_ties_even().clamp(1.0, f64::from(u32::MAX)) as u32
    };
    if u64::from(width) * u64::from(h) > u64::from(w) * u64::from(height) {
        (w, side(height, width, w).min(h))
    } else {
        (side(width, height, h).min(w), h)
    }
}

/// The size of a thumbnail that keeps the shape, as Pillow rounds it: of the two whole numbers around the exact side the one
/// whose shape is nearer. `None` where the picture is small enough already.
///
/// ```
/// use seektell::formats::picture::ops::thumbnail_size;
/// assert_eq!(thumbnail_size((800, 600), (200, 150)), Some((200, 150)));
/// assert_eq!(thumbnail_size((1000, 333), (100, 100)), Some((100, 33)));
/// assert_eq!(thumbnail_size((64, 64), (200, 150)), None);
/// ```
pub fn thumbnail_size((width, height): (u32, u32), (x, y): (i64, i64)) -> Option<(u32, u32)> {
    if x >= width.into() && y >= height.into() {
        return None;
    }
    let aspect = f64::from(width) / f64::from(height);
    let rounded = |number: f64, off: &dyn Fn(f64) -> f64| {
        let (low, high) = (number.floor(), number.ceil());
        (if off(high) < off(low) { high } else { low }).max(1.0)
    };
    let (mut w, mut h) = (x as f64, y as f64);
    if w / h >= aspect {
        w = rounded(h * aspect, &|n| (aspect - n / h).abs());
    } else {
        h = rounded(w / aspect, &|n| if n == 0.0 { 0.0 } else { (aspect - w / n).abs() });
    }
    Some((w as u32, h as u32))
}
