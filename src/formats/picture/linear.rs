//! Radiance HDR holds light, not the numbers that screens are sent: between both lies the curve of sRGB (IEC 61966-2-1).

use std::io::Write;

use image::codecs::hdr::HdrEncoder;
use image::{DynamicImage, ImageEncoder, Rgb32FImage};

use super::encode::{flattened, write_all};
use super::guard::zeroed;
use crate::formats::{Format, FormatError};
use crate::tasks::Progress;

/// Light as the number that a screen is sent; 1 is white, and more than that goes on along the curve.
fn encoded(light: f32) -> f32 {
    if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 }
}

/// The other way.
fn light(encoded: f32) -> f32 {
    if encoded <= 0.040_45 { encoded / 12.92 } else { ((encoded + 0.055) / 1.055).powf(2.4) }
}

/// The light of a decoded picture as numbers for a screen.
pub(super) fn to_screen(image: DynamicImage, progress: &Progress) -> Result<DynamicImage, FormatError> {
    let mut pixels = image.into_rgb32f();
    for row in pixels.chunks_mut(64 * 1024) {
        progress.check()?;
        for value in row {
            *value = encoded(*value);
        }
    }
    Ok(DynamicImage::ImageRgb32F(pixels))
}

/// Writes `image` as a Radiance HDR; what is transparent is put onto `background`.
pub(super) fn write_hdr(
    image: &DynamicImage,
    background: [u8; 3],
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<(), FormatError> {
    let opaque;
    let image = if image.color().has_alpha() {
        opaque = flattened(image, background, progress)?;
        &opaque
    } else {
        image
    };
    progress.check()?;
    let mut pixels: Rgb32FImage = image.to_rgb32f();
    for row in pixels.chunks_mut(64 * 1024) {
        progress.check()?;
        for value in row {
            *value = light(*value);
        }
    }
    let (width, height) = pixels.dimensions();
    let image = DynamicImage::ImageRgb32F(pixels);
    let mut bytes = Vec::new();
    HdrEncoder::new(&mut bytes)
        .write_image(image.as_bytes(), width, height, image::ExtendedColorType::Rgb32F)
        .map_err(|error| FormatError::Unsupported { format: Format::Hdr, what: error.to_string() })?;
    progress.check()?;
    write_all(&bytes, out, progress)
}

/// Writes `image` as farbfeld: 16 bits of red, green, blue and alpha, the high byte first.
pub(super) fn write_farbfeld(image: &DynamicImage, out: &mut dyn Write, progress: &Progress) -> Result<(), FormatError> {
    let pixels = image.to_rgba16();
    let mut head = b"farbfeld".to_vec();
    head.extend(pixels.width().to_be_bytes());
    head.extend(pixels.height().to_be_bytes());
    write_all(&head, out, progress)?;
    let mut bytes = zeroed::<u8>(256 * 1024)?;
    for piece in pixels.as_raw().chunks(128 * 1024) {
        progress.check()?;
        for (pair, value) in bytes.as_chunks_mut::<2>().0.iter_mut().zip(piece) {
            *pair = value.to_be_bytes();
        }
        out.write_all(&bytes[..piece.len() * 2]).map_err(FormatError::Write)?;
    }
    out.flush().map_err(FormatError::Write)
}
