//! Radiance HDR holds light, not the numbers that screens are sent: between both lies the curve of sRGB (IEC 61966-2-1).

use std::io::Write;

use image::codecs::hdr::HdrEncoder;
use image::{DynamicImage, ExtendedColorType, ImageEncoder};

use super::encode::{flattened, write_all};
use super::guard::zeroed;
use crate::formats::{Format, FormatError, in_order};
use crate::tasks::Progress;

/// Pixels that are encoded at a time, about.
const BAND: u32 = 1 << 17;

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
    let (width, height) = (image.width(), image.height());
    let head = format!("#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y {height} +X {width}\n");
    out.write_all(head.as_bytes()).map_err(FormatError::Write)?;
    progress.set_total(height.into());
    progress.set_done(0);
    // Rows know nothing of each other, so that each band of them is a picture of its own up to its head.
    let a_band = (BAND / width.max(1)).clamp(1, height.max(1));
    let make = |band: usize, bytes: &mut Vec<u8>| {
        let first = band as u32 * a_band;
        let rows = a_band.min(height - first);
        let mut pixels = image.crop_imm(0, first, width, rows).into_rgb32f();
        for row in pixels.chunks_mut(width as usize * 3) {
            progress.check()?;
            for value in row {
                *value = light(*value);
            }
        }
        bytes.clear();
        HdrEncoder::new(bytes)
            .write_image(DynamicImage::ImageRgb32F(pixels).as_bytes(), width, rows, ExtendedColorType::Rgb32F)
            .map_err(|error| FormatError::Unsupported { format: Format::Hdr, what: error.to_string() })?;
        progress.advance(rows.into());
        Ok(())
    };
    in_order(height.div_ceil(a_band) as usize, make, |bytes| {
        // An empty line, and the one that says the size.
        let size = memchr::memmem::find(bytes, b"\n\n").map_or(0, |place| place + 2);
        let rows = memchr::memchr(b'\n', &bytes[size..]).map_or(bytes.len(), |place| size + place + 1);
        out.write_all(&bytes[rows..]).map_err(FormatError::Write)
    })?;
    out.flush().map_err(FormatError::Write)
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
