//! BMP, TGA and QOI: headers of fixed size.

use super::{Header, Stored, u16_le, u32_be, u32_le};
use crate::formats::FormatError;
use crate::formats::picture::ColorModel;

/// A bitmap whose information header starts at `at` (14 in a file, 0 inside an icon).
pub(super) fn bmp(header: &Header<'_>, at: u64) -> Result<Stored, FormatError> {
    if at > 0 && header.need::<2>(0)? != *b"BM" {
        return Err(header.malformed("it does not start with BM", Some(0)));
    }
    let size = u32_le(&header.need::<4>(at)?);
    let (width, height, bits, compression) = if size == 12 {
        let core = header.need::<12>(at)?;
        (u32::from(u16_le(&core[4..])), u32::from(u16_le(&core[6..])), u16_le(&core[10..]), 0)
    } else if size >= 16 {
        let info = header.need::<20>(at)?;
        // A negative height is a picture stored from the top down.
        let signed = |bytes: &[u8]| u32_le(bytes).cast_signed();
        let width = u32::try_from(signed(&info[4..])).map_err(|_| header.malformed("the width is negative", Some(at + 4)))?;
        (width, signed(&info[8..]).unsigned_abs(), u16_le(&info[14..]), u32_le(&info[16..]))
    } else {
        return Err(header.malformed(format!("a header of {size} bytes does not exist"), Some(at)));
    };
    let (model, channel_bits) = match bits {
        1 | 2 | 4 | 8 => (ColorModel::Palette, bits as u8),
        16 => (ColorModel::Rgb, 5),
        24 | 32 => (ColorModel::Rgb, 8),
        other => return Err(header.malformed(format!("{other} bits a pixel do not exist"), Some(at + 14))),
    };
    // Bit fields may name an alpha mask; it is there from the fourth header version on.
    let masks = bits >= 16 && matches!(compression, 3 | 6);
    let alpha = masks && size >= 56 && header.get::<4>(at + 52)?.is_some_and(|mask| mask != [0; 4]);
    let mut stored = Stored::new(width, height, model, alpha, channel_bits);
    stored.frames = Some(1);
    Ok(stored)
}

/// Truevision TGA, which has no signature: the fields must make sense together.
pub(super) fn tga(header: &Header<'_>) -> Result<Stored, FormatError> {
    let head = header.need::<18>(0)?;
    let (has_map, kind, depth) = (head[1], head[2], head[16]);
    let alpha_bits = head[17] & 0x0F;
    let model = match kind {
        1 | 9 => ColorModel::Palette,
        2 | 10 => ColorModel::Rgb,
        3 | 11 => ColorModel::Grey,
        other => return Err(header.malformed(format!("picture type {other} does not exist"), Some(2))),
    };
    if has_map > 1 || !matches!(depth, 8 | 15 | 16 | 24 | 32) {
        return Err(header.malformed("the header makes no sense", Some(1)));
    }
    let bits = if matches!(depth, 15 | 16) && model == ColorModel::Rgb { 5 } else { 8 };
    let (width, height) = (u16_le(&head[12..]), u16_le(&head[14..]));
    let mut stored = Stored::new(width.into(), height.into(), model, alpha_bits > 0, bits);
    stored.frames = Some(1);
    Ok(stored)
}

/// Quite OK Image.
pub(super) fn qoi(header: &Header<'_>) -> Result<Stored, FormatError> {
    let head = header.need::<14>(0)?;
    if head[..4] != *b"qoif" {
        return Err(header.malformed("it does not start with qoif", Some(0)));
    }
    let alpha = match head[12] {
        3 => false,
        4 => true,
        other => return Err(header.malformed(format!("{other} channels do not exist"), Some(12))),
    };
    let mut stored = Stored::new(u32_be(&head[4..]), u32_be(&head[8..]), ColorModel::Rgb, alpha, 8);
    stored.frames = Some(1);
    Ok(stored)
}
