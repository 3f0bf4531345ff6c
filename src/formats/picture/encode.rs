//! From pixels to bytes.

use std::io::{self, BufWriter, Write};

use image::codecs::bmp::BmpEncoder;
use image::codecs::qoi::QoiEncoder;
use image::codecs::tga::TgaEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ImageEncoder, ImageError};

use super::encode_few::Few;
use super::guard::Watched;
use super::metadata::{Carried, Inserting, Prepared, with_webp_chunks};
use super::pixels::{over, rgba8_row, shrink};
use super::{Picture, encode_gif, encode_jpeg, encode_png, encode_tiff, linear};
use crate::formats::{Format, FormatError, PictureOptions, guarded};
use crate::tasks::{Cancelled, Progress, apart};

/// Pixels on an icon's longest side.
pub(super) const ICON_SIDE: u32 = 256;

/// Writes the pixels of `picture` as `to`. No metadata is written; see [`encode_with`]. The picture is upright already.
///
/// Colours and depth stay where the format has room for them: grey stays grey (PNG, JPEG, TIFF, PNM, BMP, TGA), 16 bits stay in
/// PNG, TIFF and PNM, floats in TIFF. What does not fit is cut as [`losses_of`](super::losses_of) says; a JPEG's
/// transparent pixels are put onto [`PictureOptions::background`], an icon larger than 256 pixels is made smaller.
///
/// PNM is written row by row, PNG and JPEG of more than a megabyte or a megapixel in bands on all cores, with the same bytes on every
/// machine, GIF and HDR in bands too, and smaller ones row by row; all answer a cancel there. WebP is packed on a thread that is left
/// when it is cancelled. A JPEG that is progressive, or whose tables are made for it, is looked at whole before it listens.
///
/// # Errors
/// [`FormatError::Option`] where an option is out of its range or the picture is too large for the format,
/// [`FormatError::Unsupported`] where `to` is no picture, [`FormatError::Write`], [`FormatError::Cancelled`].
pub fn encode(
    picture: &Picture,
    to: Format,
    options: &PictureOptions,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<(), FormatError> {
    encode_with(picture, to, options, &Carried::default(), out, progress)
}

/// As [`encode`], with what `along` carries where `to` has a place for it: PNG, JPEG, WebP and TIFF.
///
/// # Errors
/// Those of [`encode`].
pub fn encode_with(
    picture: &Picture,
    to: Format,
    options: &PictureOptions,
    along: &Carried,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<(), FormatError> {
    progress.check()?;
    let image = &picture.image;
    allowed((image.width(), image.height()), to, options)?;
    let prepared = along.prepare(to, image.width(), image.height())?;
    let out = &mut Inserting::new(&prepared, to, out);
    let few = match to {
        Format::Png | Format::Tiff | Format::Pnm | Format::Bmp => Few::of(image, options, progress)?,
        _ => None,
    };
    match to {
        Format::Png => match few {
            Some(few) => encode_png::encode_few(&few, options.png_level, out, progress),
            None => encode_png::encode(&no_floats(image), options.png_level, out, progress),
        },
        Format::Tiff => encode_tiff::encode(image, few.as_ref(), options, &prepared, out, progress),
        Format::Pnm if few.as_ref().is_some_and(Few::is_bilevel) => pbm(few.as_ref(), out, progress),
        Format::Bmp if few.as_ref().is_some_and(|few| !few.is_bilevel() && !few.has_alpha()) => {
            bmp_with_table(few.as_ref(), out, progress)
        }
        Format::Jpeg => encode_jpeg::encode(image, options, &prepared, out, progress),
        Format::WebP => webp(image, &prepared, out, progress),
        Format::Pnm if options.flatten && image.color().has_alpha() => {
            pnm(&flattened(&no_floats(image), options.background, progress)?, out, progress)
        }
        Format::Pnm => pnm(&no_floats(image), out, progress),
        Format::Gif => encode_gif::encode(image, options.background, out, progress),
        Format::Ico => icon(image, out, progress),
        Format::Hdr => linear::write_hdr(image, options.background, out, progress),
        Format::Farbfeld => linear::write_farbfeld(image, out, progress),
        _ => {
            let bytes = in_memory(image, to, progress)?;
            write_all(&bytes, out, progress)
        }
    }
}

pub(super) fn allowed((width, height): (u32, u32), to: Format, options: &PictureOptions) -> Result<(), FormatError> {
    if !(1..=100).contains(&options.quality) {
        return Err(FormatError::Option(format!("the JPEG quality is {}; it goes from 1 to 100", options.quality)));
    }
    if options.png_level > 9 {
        return Err(FormatError::Option(format!("the PNG level is {}; it goes from 0 to 9", options.png_level)));
    }
    if width == 0 || height == 0 {
        return Err(FormatError::Option(format!("the picture is {width} x {height} pixels; there is nothing to write")));
    }
    let most = match to {
        Format::Jpeg | Format::Gif | Format::Tga => 65_535,
        Format::WebP => 16_383,
        _ => u32::MAX,
    };
    if width.max(height) > most {
        return Err(FormatError::Option(format!(
            "the picture is {width} x {height} pixels; a {} has at most {most} on a side. Choose another format",
            to.info().name
        )));
    }
    Ok(())
}

/// Formats of integers take floats as 16 bits.
fn no_floats(image: &DynamicImage) -> std::borrow::Cow<'_, DynamicImage> {
    use std::borrow::Cow;
    match image {
        DynamicImage::ImageRgb32F(_) => Cow::Owned(DynamicImage::ImageRgb16(image.to_rgb16())),
        DynamicImage::ImageRgba32F(_) => Cow::Owned(DynamicImage::ImageRgba16(image.to_rgba16())),
        _ => Cow::Borrowed(image),
    }
}

/// The picture with 8 bits a channel, grey and alpha as they are.
fn eight_bits(image: &DynamicImage) -> DynamicImage {
    match (image.color().has_color(), image.color().has_alpha()) {
        (false, false) => DynamicImage::ImageLuma8(image.to_luma8()),
        (false, true) => DynamicImage::ImageLumaA8(image.to_luma_alpha8()),
        (true, false) => DynamicImage::ImageRgb8(image.to_rgb8()),
        (true, true) => DynamicImage::ImageRgba8(image.to_rgba8()),
    }
}

/// RGB or RGBA with 8 bits, for formats without grey.
fn eight_bits_color(image: &DynamicImage) -> DynamicImage {
    if image.color().has_alpha() { DynamicImage::ImageRgba8(image.to_rgba8()) } else { DynamicImage::ImageRgb8(image.to_rgb8()) }
}

fn in_memory(image: &DynamicImage, to: Format, progress: &Progress) -> Result<Vec<u8>, FormatError> {
    // Codecs that ask nobody write a row at a time at least: a cancel is heard there.
    let mut bytes = Watched::new(Vec::new(), progress);
    let failed = |error: ImageError| match error {
        ImageError::IoError(error) => writing(error),
        other => FormatError::Unsupported { format: to, what: other.to_string() },
    };
    let write = |image: &DynamicImage, encoder: &mut dyn FnMut(&DynamicImage) -> Result<(), ImageError>| {
        progress.check()?;
        encoder(image).map_err(failed)?;
        progress.check()?;
        Ok::<(), FormatError>(())
    };
    match to {
        Format::Bmp => {
            let grey = !image.color().has_color() && !image.color().has_alpha();
            let image = if grey { eight_bits(image) } else { eight_bits_color(image) };
            write(&image, &mut |image| {
                BmpEncoder::new(&mut bytes).encode(image.as_bytes(), image.width(), image.height(), image.color().into())
            })?;
        }
        // The encoder's runs go on from one row into the next, which the format forbids and strict readers refuse.
        Format::Tga => write(&eight_bits(image), &mut |image| put(TgaEncoder::new(&mut bytes).disable_rle(), image))?,
        Format::Qoi => write(&eight_bits_color(image), &mut |image| put(QoiEncoder::new(&mut bytes), image))?,
        format => return Err(FormatError::Unsupported { format, what: "writing as a picture".into() }),
    }
    Ok(bytes.into_inner())
}

fn put(encoder: impl ImageEncoder, image: &DynamicImage) -> Result<(), ImageError> {
    encoder.write_image(image.as_bytes(), image.width(), image.height(), image.color().into())
}

/// GIF's transparency: below the half it is gone, from there on it is seen, over the background.
pub(super) fn one_bit_alpha(
    image: &DynamicImage,
    background: [u8; 3],
    progress: &Progress,
) -> Result<image::RgbaImage, FormatError> {
    let mut pixels = super::guard::zeroed::<u8>(image.width() as usize * image.height() as usize * 4)?;
    let mut row = Vec::new();
    for (y, line) in (0..).zip(pixels.chunks_mut(image.width() as usize * 4)) {
        progress.check()?;
        rgba8_row(image, y, &mut row);
        for (pixel, [r, g, b, a]) in line.as_chunks_mut::<4>().0.iter_mut().zip(row.iter().copied()) {
            if a >= 128 {
                let [r, g, b] = over([r, g, b], a, background);
                *pixel = [r, g, b, 255];
            }
        }
    }
    Ok(image::RgbaImage::from_raw(image.width(), image.height(), pixels).expect("four bytes were made for each pixel"))
}

/// What an icon of a picture this large will measure.
pub(super) fn icon_size(width: u32, height: u32) -> (u32, u32) {
    let longer = width.max(height).max(1);
    if longer <= ICON_SIDE {
        return (width, height);
    }
    let side = |side: u32| {
        let scaled = (u64::from(side) * u64::from(ICON_SIDE) + u64::from(longer) / 2) / u64::from(longer);
        u32::try_from(scaled).unwrap_or(ICON_SIDE).clamp(1, ICON_SIDE)
    };
    (side(width), side(height))
}

/// One PNG of 32 bits in an icon's directory: the only kind that every reader takes.
fn icon(image: &DynamicImage, out: &mut dyn Write, progress: &Progress) -> Result<(), FormatError> {
    let (width, height) = icon_size(image.width(), image.height());
    let fits = (width, height) == (image.width(), image.height());
    let pixels = if fits { image.to_rgba8() } else { shrink(image, width, height) };
    let mut bytes = vec![0, 0, 1, 0, 1, 0];
    // 256 is written as 0.
    bytes.extend([width as u8, height as u8, 0, 0, 1, 0, 32, 0]);
    let mut png = Vec::new();
    encode_png::encode(&DynamicImage::ImageRgba8(pixels), 6, &mut png, progress)?;
    let len = u32::try_from(png.len()).map_err(|_| FormatError::Option("the icon is too large".into()))?;
    bytes.extend(len.to_le_bytes());
    bytes.extend(22_u32.to_le_bytes());
    bytes.extend(png);
    write_all(&bytes, out, progress)
}

/// Without alpha, over the background; 16 bits stay, and grey over grey stays grey.
pub(super) fn flattened(image: &DynamicImage, background: [u8; 3], progress: &Progress) -> Result<DynamicImage, FormatError> {
    let [r, g, b] = background;
    let grey = !image.color().has_color() && r == g && g == b;
    let deep = image.color().bytes_per_pixel() / image.color().channel_count() == 2;
    progress.check()?;
    let flat = if deep {
        let mut pixels = image.to_rgba16();
        for pixel in pixels.pixels_mut() {
            let alpha = u64::from(pixel.0[3]);
            for (value, behind) in pixel.0.iter_mut().zip(background) {
                let behind = u64::from(behind) * 257;
                *value = ((u64::from(*value) * alpha + behind * (65_535 - alpha) + 32_767) / 65_535) as u16;
            }
            pixel.0[3] = 65_535;
        }
        DynamicImage::ImageRgba16(pixels)
    } else {
        let mut pixels = image.to_rgba8();
        for pixel in pixels.pixels_mut() {
            let [r, g, b, a] = pixel.0;
            let [r, g, b] = over([r, g, b], a, background);
            pixel.0 = [r, g, b, 255];
        }
        DynamicImage::ImageRgba8(pixels)
    };
    progress.check()?;
    Ok(match (grey, deep) {
        // Grey values have three equal channels: the first one is the grey.
        (true, true) => DynamicImage::ImageLuma16(first_channel(&flat.to_rgb16())),
        (true, false) => DynamicImage::ImageLuma8(first_channel(&flat.to_rgb8())),
        (false, true) => DynamicImage::ImageRgb16(flat.to_rgb16()),
        (false, false) => DynamicImage::ImageRgb8(flat.to_rgb8()),
    })
}

/// The red of every pixel as a grey picture.
fn first_channel<T: image::Primitive + 'static>(
    pixels: &image::ImageBuffer<image::Rgb<T>, Vec<T>>,
) -> image::ImageBuffer<image::Luma<T>, Vec<T>>
where
    image::Rgb<T>: image::Pixel<Subpixel = T>,
    image::Luma<T>: image::Pixel<Subpixel = T>,
{
    image::ImageBuffer::from_fn(pixels.width(), pixels.height(), |x, y| image::Luma([pixels.get_pixel(x, y).0[0]]))
}

/// PGM, PPM, or PAM where there is alpha; 16 bits stay, with the high byte first as the format demands.
fn pnm(image: &DynamicImage, out: &mut dyn Write, progress: &Progress) -> Result<(), FormatError> {
    let color = image.color();
    let (width, height, channels) = (image.width(), image.height(), color.channel_count());
    let deep = color.bytes_per_pixel() / channels == 2;
    let most = if deep { 65_535 } else { 255 };
    let header = match channels {
        1 => format!("P5\n{width} {height}\n{most}\n"),
        3 => format!("P6\n{width} {height}\n{most}\n"),
        _ => {
            let kind = if channels == 2 { "GRAYSCALE_ALPHA" } else { "RGB_ALPHA" };
            format!("P7\nWIDTH {width}\nHEIGHT {height}\nDEPTH {channels}\nMAXVAL {most}\nTUPLTYPE {kind}\nENDHDR\n")
        }
    };
    progress.set_total(u64::from(height));
    progress.set_done(0);
    let mut out = BufWriter::with_capacity(64 * 1024, Watched::new(out, progress));
    out.write_all(header.as_bytes()).map_err(writing)?;
    for row in image.as_bytes().chunks(width as usize * usize::from(color.bytes_per_pixel())) {
        progress.check()?;
        if deep {
            for pair in row.as_chunks::<2>().0 {
                out.write_all(&u16::from_ne_bytes(*pair).to_be_bytes()).map_err(writing)?;
            }
        } else {
            out.write_all(row).map_err(writing)?;
        }
        progress.advance(1);
    }
    out.flush().map_err(writing)
}

/// PBM: one bit a pixel, and 1 is black.
fn pbm(few: Option<&Few>, out: &mut dyn Write, progress: &Progress) -> Result<(), FormatError> {
    let Some(few) = few else { return Ok(()) };
    let mut bytes = format!("P4\n{} {}\n", few.width, few.height).into_bytes();
    bytes.extend(few.packed(1)?.iter().map(|byte| !byte));
    write_all(&bytes, out, progress)
}

/// A bitmap of numbers of a table.
fn bmp_with_table(few: Option<&Few>, out: &mut dyn Write, progress: &Progress) -> Result<(), FormatError> {
    let Some(few) = few else { return Ok(()) };
    let table: Vec<[u8; 3]> = few.table.iter().map(|[r, g, b, _]| [*r, *g, *b]).collect();
    let mut bytes = Watched::new(Vec::new(), progress);
    BmpEncoder::new(&mut bytes)
        .encode_with_palette(&few.pixels, few.width, few.height, image::ExtendedColorType::L8, Some(&table))
        .map_err(|error| match error {
            ImageError::IoError(error) => writing(error),
            other => FormatError::Unsupported { format: Format::Bmp, what: other.to_string() },
        })?;
    write_all(&bytes.into_inner(), out, progress)
}

/// The chunk of one picture without loss, with its kind and its length before it.
pub(super) fn webp_chunk(image: &DynamicImage, progress: &Progress) -> Result<Vec<u8>, FormatError> {
    progress.check()?;
    // The codec looks at all pixels before it writes, and asks nobody.
    let (image, mut bytes) = (eight_bits(image), Vec::new());
    apart(progress, &mut bytes, move |out, progress| {
        guarded(Format::WebP, || {
            put(WebPEncoder::new_lossless(Watched::new(out, progress)), &image).map_err(|error| match error {
                ImageError::IoError(error) => writing(error),
                other => FormatError::Unsupported { format: Format::WebP, what: other.to_string() },
            })
        })
    })??;
    // Before it stand RIFF, a length and WEBP.
    bytes.drain(..bytes.len().min(12));
    Ok(bytes)
}

fn webp(image: &DynamicImage, prepared: &Prepared, out: &mut dyn Write, progress: &Progress) -> Result<(), FormatError> {
    let chunk = webp_chunk(image, progress)?;
    let plain = prepared.exif.is_none() && prepared.xmp.is_none() && prepared.profile.is_none();
    if plain {
        let len = (chunk.len() as u32 + 4).to_le_bytes();
        write_all(&[b"RIFF", &len[..], b"WEBP"].concat(), out, progress)?;
        return write_all(&chunk, out, progress);
    }
    let size = (image.width(), image.height());
    write_all(&with_webp_chunks(prepared, size, image.color().has_alpha(), &[], &chunk), out, progress)
}

/// Writes what was made in memory, asking for a cancel between pieces.
pub(super) fn write_all(bytes: &[u8], out: &mut dyn Write, progress: &Progress) -> Result<(), FormatError> {
    for piece in bytes.chunks(256 * 1024) {
        progress.check()?;
        out.write_all(piece).map_err(FormatError::Write)?;
    }
    out.flush().map_err(FormatError::Write)
}

/// An error of the output, or the cancel that the watched writer answered with.
pub(super) fn writing(error: io::Error) -> FormatError {
    let cancelled = error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<Cancelled>);
    if cancelled { Cancelled.into() } else { FormatError::Write(error) }
}
