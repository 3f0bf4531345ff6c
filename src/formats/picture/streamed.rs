//! From a PNG to a JPEG while it is read: nothing but some bands of rows is in memory, however large the picture is, and reading and
//! writing go on at the same time.

use std::io::Write;

use image::{DynamicImage, GrayImage, RgbImage};
use png::ColorType;

use super::decode_png::Rows;
use super::encode_jpeg;
use super::guard::zeroed;
use super::losses::pixel_losses;
use super::metadata::{Carried, Inserting};
use super::{Limits, PictureInfo, encode};
use crate::buffer::Buffer;
use crate::formats::{Format, FormatError, Loss, PictureOptions, guarded};
use crate::tasks::Progress;

/// Whether [`write`] does it: large pictures of 8 bits without alpha, whose rows come from top to bottom, to which nothing is done.
pub(super) fn suits(info: &PictureInfo, to: Format, options: &PictureOptions) -> bool {
    info.format == Format::Png
        && to == Format::Jpeg
        && options.frame.is_none()
        && options.operations.is_empty()
        && info.orientation == 1
        && info.bits <= 8
        && !info.alpha
        && encode_jpeg::is_divided(info.width, info.height, options)
}

/// Writes the PNG `input`, of which `info` is the header, as a JPEG with `along`, and tells what that loses of the pixels. `None` where
/// the file is another than its header said; nothing is written then.
pub(super) fn write(
    input: &Buffer,
    info: &PictureInfo,
    options: &PictureOptions,
    limits: Limits,
    along: &Carried,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<Option<Vec<Loss>>, FormatError> {
    let mut png = guarded(info.format, || Rows::open(input, info.format, limits, progress))?;
    let grey = png.color == ColorType::Grayscale;
    let size = (png.width, png.height);
    if png.interlaced || png.deep || !(grey || png.color == ColorType::Rgb) || size != (info.width, info.height) {
        return Ok(None);
    }
    // The same picture is refused whichever way it goes.
    limits.check(png.width, png.height, png.pixel() as u64)?;
    encode::allowed(size, Format::Jpeg, options)?;
    let prepared = along.prepare(Format::Jpeg, png.width, png.height)?;
    let out = &mut Inserting::new(&prepared, Format::Jpeg, out);
    // What was read is what counts; the rows that are written as well are few beside it.
    progress.set_total(input.len().get());
    progress.set_done(0);
    let mut next = |rows: u32, used: DynamicImage| -> Result<DynamicImage, FormatError> {
        let len = png.stride * rows as usize;
        let mut bytes = used.into_bytes();
        if bytes.len() < len {
            bytes = zeroed(len)?;
        }
        bytes.truncate(len);
        guarded(Format::Png, || {
            for line in bytes.chunks_mut(png.stride) {
                match png.next()? {
                    Some((_, row)) => line.copy_from_slice(row),
                    // What is missing is black, as it is where the whole picture is read.
                    None => line.fill(0),
                }
            }
            Ok(())
        })?;
        let image = if grey {
            GrayImage::from_raw(size.0, rows, bytes).map(DynamicImage::ImageLuma8)
        } else {
            RgbImage::from_raw(size.0, rows, bytes).map(DynamicImage::ImageRgb8)
        };
        Ok(image.expect("as many bytes as the rows have"))
    };
    encode_jpeg::encode_rows(size, grey, options, &prepared, &mut next, out, progress)?;
    progress.set_done(input.len().get());
    let mut losses = pixel_losses(info, Format::Jpeg, options);
    if let Some(reason) = &png.truncated {
        losses.insert(0, Loss::new(format!("The picture is not complete: {reason}")));
    }
    Ok(Some(losses))
}
