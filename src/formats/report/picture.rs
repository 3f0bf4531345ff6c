//! Pictures on their way into a page, a sheet or an address of their own.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::Picture;
use super::decimal::Decimal;
use crate::formats::picture::{self, ColorModel, Limits, PictureInfo, rgba8_row};
use crate::formats::{Format, FormatError, Loss, PictureOptions, guarded};
use crate::tasks::Progress;

/// A file that goes into the report as it is may have so many bytes.
const MAX_FILE: u64 = 256 << 20;
/// Rows between two looks at whether somebody wants to stop.
const ROWS: u32 = 64;

/// A picture that a browser shows, or a spreadsheet.
pub(super) struct Shown {
    pub(super) bytes: Vec<u8>,
    pub(super) mime: &'static str,
    /// In pixels, upright.
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) losses: Vec<Loss>,
}

/// A picture as PDF stores it.
pub(super) struct Packed {
    pub(super) bytes: Vec<u8>,
    /// The bytes are a JPEG, else deflated samples of 8 bits.
    pub(super) jpeg: bool,
    pub(super) grey: bool,
    /// Deflated opacities, where a pixel is not opaque.
    pub(super) mask: Option<Vec<u8>>,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) losses: Vec<Loss>,
}

/// Whether a cell is a number for the eye: it stands at the right. Signs of money and percent do not matter; what begins with
/// zeros is an identifier.
pub(super) fn is_numeric(text: &str) -> bool {
    if text.len() > 40 || !text.contains(|character: char| character.is_ascii_digit()) {
        return false;
    }
    let sign = |character: char| matches!(character, '$' | '€' | '£' | '¥' | '%' | ' ' | '\u{a0}');
    let bare = text.trim_matches(sign);
    let bare = bare.strip_prefix('-').map_or(bare, |rest| rest.trim_start_matches(sign));
    let digits = bare.trim_start_matches(['-', '+']).as_bytes();
    if digits.len() > 1 && digits[0] == b'0' && digits[1].is_ascii_digit() {
        return false;
    }
    match bare.contains(',') {
        false => Decimal::parse(bare).is_some(),
        true => {
            let whole = bare.split('.').next().unwrap_or_default();
            let mut groups = whole.split(',');
            let first = groups.next().unwrap_or_default().trim_start_matches('-');
            (1..=3).contains(&first.len())
                && groups.all(|group| group.len() == 3)
                && Decimal::parse(&bare.replace(',', "")).is_some()
        }
    }
}

/// Its header, so that its place on a page is known before it is decoded.
pub(super) fn info(picture: &Picture) -> Result<PictureInfo, FormatError> {
    guarded(picture.format, || picture::probe(&picture.bytes, picture.format))
}

/// For HTML: what browsers show goes in as it is, everything else as PNG.
pub(super) fn for_web(picture: &Picture, progress: &Progress) -> Result<Shown, FormatError> {
    let info = info(picture)?;
    if matches!(picture.format, Format::Png | Format::Jpeg | Format::Gif | Format::WebP) && info.model != ColorModel::Cmyk {
        return as_it_is(picture, &info);
    }
    as_png(picture, progress)
}

/// For XLSX: the formats that every spreadsheet shows upright, everything else as PNG.
pub(super) fn for_sheet(picture: &Picture, progress: &Progress) -> Result<Shown, FormatError> {
    let info = info(picture)?;
    if matches!(picture.format, Format::Png | Format::Jpeg) && info.orientation == 1 && info.model != ColorModel::Cmyk {
        return as_it_is(picture, &info);
    }
    as_png(picture, progress)
}

fn as_it_is(picture: &Picture, info: &PictureInfo) -> Result<Shown, FormatError> {
    let bytes = file(picture)?;
    let mime = picture.format.info().mime;
    Ok(Shown { bytes, mime, width: info.width, height: info.height, losses: kept(picture, info) })
}

fn file(picture: &Picture) -> Result<Vec<u8>, FormatError> {
    let len = picture.bytes.len().get();
    if len > MAX_FILE {
        let what = format!("the picture {} has {len} bytes", picture.name);
        return Err(FormatError::Limit { what, limit: format!("{} MiB", MAX_FILE >> 20) });
    }
    Ok(picture.bytes.to_vec_all()?)
}

/// What goes along without being seen is told, because it may say where a photograph was taken.
fn kept(picture: &Picture, info: &PictureInfo) -> Vec<Loss> {
    if info.metadata.is_empty() {
        return Vec::new();
    }
    vec![Loss::new(format!("{} goes into the report with its {}", picture.name, info.metadata.join(", ")))]
}

fn decoded(picture: &Picture, progress: &Progress) -> Result<(picture::Picture, Vec<Loss>), FormatError> {
    let decoded = guarded(picture.format, || picture::decode(&picture.bytes, picture.format, Limits::default(), progress))?;
    let mut losses = Vec::new();
    if let Some(why) = &decoded.truncated {
        losses.push(Loss::new(format!("A part of {} is missing: {why}", picture.name)));
    }
    if decoded.info.frames.is_some_and(|frames| frames > 1) {
        losses.push(Loss::new(format!("Only one frame of {} is in the report", picture.name)));
    }
    if decoded.info.bits > 8 {
        losses.push(Loss::new(format!("{} has 8 of its {} bits a channel in the report", picture.name, decoded.info.bits)));
    }
    Ok((decoded, losses))
}

fn as_png(picture: &Picture, progress: &Progress) -> Result<Shown, FormatError> {
    let (mut decoded, losses) = decoded(picture, progress)?;
    if decoded.info.bits > 8 {
        decoded.image = if decoded.info.alpha { decoded.image.to_rgba8().into() } else { decoded.image.to_rgb8().into() };
    }
    let mut bytes = Vec::new();
    picture::encode(&decoded, Format::Png, &PictureOptions::default(), &mut bytes, progress)?;
    Ok(Shown { bytes, mime: "image/png", width: decoded.image.width(), height: decoded.image.height(), losses })
}

/// For PDF: a whole, upright JPEG of grey or red, green and blue goes in as it is, everything else as deflated samples.
pub(super) fn for_pdf(picture: &Picture, progress: &Progress) -> Result<Packed, FormatError> {
    // Decoded in any case: what a viewer of the report would stumble over is found here.
    let (decoded, mut losses) = decoded(picture, progress)?;
    let info = &decoded.info;
    let (width, height) = (decoded.image.width(), decoded.image.height());
    let plain = info.orientation == 1 && info.bits == 8 && matches!(info.model, ColorModel::Grey | ColorModel::Rgb);
    if picture.format == Format::Jpeg && plain && decoded.truncated.is_none() {
        losses.extend(kept(picture, info));
        let grey = info.model == ColorModel::Grey;
        return Ok(Packed { bytes: file(picture)?, jpeg: true, grey, mask: None, width, height, losses });
    }
    let grey = !decoded.image.color().has_color();
    let mut colors = ZlibEncoder::new(Vec::new(), Compression::default());
    let mut alphas = ZlibEncoder::new(Vec::new(), Compression::default());
    let (mut row, mut bytes) = (Vec::new(), Vec::new());
    let mut opaque = true;
    for y in 0..height {
        if y.is_multiple_of(ROWS) {
            progress.check()?;
        }
        rgba8_row(&decoded.image, y, &mut row);
        bytes.clear();
        match grey {
            true => bytes.extend(row.iter().map(|pixel| pixel[0])),
            false => bytes.extend(row.iter().flat_map(|pixel| [pixel[0], pixel[1], pixel[2]])),
        }
        colors.write_all(&bytes).map_err(FormatError::Write)?;
        bytes.clear();
        bytes.extend(row.iter().map(|pixel| pixel[3]));
        opaque &= bytes.iter().all(|alpha| *alpha == 255);
        alphas.write_all(&bytes).map_err(FormatError::Write)?;
    }
    let bytes = colors.finish().map_err(FormatError::Write)?;
    let mask = alphas.finish().map_err(FormatError::Write)?;
    Ok(Packed { bytes, jpeg: false, grey, mask: (!opaque).then_some(mask), width, height, losses })
}

#[cfg(test)]
mod tests {
    use super::is_numeric;

    #[test]
    fn numbers_for_the_eye() {
        for text in ["0", "$150.00", "-12", "-$5.00", "12 %", "1,234,567.89", "€ 3", "1e5"] {
            assert!(is_numeric(text), "{text}");
        }
        for text in ["", "ORD-001", "2026-04-25", "1,2,3", "12a", "$", "1.2.3", ",123", "007"] {
            assert!(!is_numeric(text), "{text}");
        }
    }
}
