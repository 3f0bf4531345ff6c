//! Radiance HDR, farbfeld and DDS.

use super::{Header, Stored, u32_be, u32_le};
use crate::formats::FormatError;
use crate::formats::picture::ColorModel;
use crate::formats::picture::dds::Uncompressed;

/// The longest text before an HDR's pixels: real ones have some hundred bytes, and a decoder keeps all of it.
const LONGEST: u64 = 64 * 1024;

/// Radiance HDR: lines of text, an empty one, then the size.
pub(super) fn hdr(header: &Header<'_>) -> Result<Stored, FormatError> {
    let text = header.input.to_vec(header.range(0, LONGEST))?;
    if !text.starts_with(b"#?RADIANCE") && !text.starts_with(b"#?RGBE") {
        return Err(header.malformed("it does not start with #?RADIANCE", Some(0)));
    }
    let ended = || header.malformed("the size does not follow the header", Some(text.len() as u64));
    let end = text.windows(2).position(|pair| pair == b"\n\n").ok_or_else(ended)? + 2;
    let rest = &text[end..];
    let line = &rest[..rest.iter().position(|byte| *byte == b'\n').ok_or_else(ended)?];
    let line = String::from_utf8_lossy(line);
    let words: Vec<&str> = line.split_whitespace().collect();
    let side = |word: &str| word.parse::<u32>().ok();
    match words.as_slice() {
        [first, one, second, other] => {
            let (one, other) =
                side(one).zip(side(other)).ok_or_else(|| header.malformed("the size is no number", Some(end as u64)))?;
            // Columns first: the picture lies on its side.
            let upright = first.ends_with('Y') && second.ends_with('X');
            let (width, height) = if upright { (other, one) } else { (one, other) };
            let mut stored = Stored::new(width, height, ColorModel::Rgb, false, 32);
            stored.float = true;
            stored.frames = Some(1);
            Ok(stored)
        }
        _ => Err(header.malformed("the size makes no sense", Some(end as u64))),
    }
}

/// Farbfeld: a word, two sides, and 16-bit RGBA.
pub(super) fn farbfeld(header: &Header<'_>) -> Result<Stored, FormatError> {
    let head = header.need::<16>(0)?;
    if head[..8] != *b"farbfeld" {
        return Err(header.malformed("it does not start with farbfeld", Some(0)));
    }
    let mut stored = Stored::new(u32_be(&head[8..]), u32_be(&head[12..]), ColorModel::Rgb, true, 16);
    stored.frames = Some(1);
    Ok(stored)
}

/// DirectDraw surface: the largest picture of it.
pub(super) fn dds(header: &Header<'_>) -> Result<Stored, FormatError> {
    let head = header.need::<128>(0)?;
    if head[..4] != *b"DDS " || u32_le(&head[4..]) != 124 {
        return Err(header.malformed("it does not start with DDS and a header of 124 bytes", Some(0)));
    }
    let plain = Uncompressed::of(&head);
    let opaque = match &head[84..88] {
        _ if plain.is_some() => plain.as_ref().is_some_and(|plain| !plain.has_alpha()),
        b"DXT1" => true,
        b"DX10" => matches!(u32_le(&header.need::<4>(128)?), 70..=72),
        _ => false,
    };
    let model = if plain.is_some_and(|plain| plain.is_grey()) { ColorModel::Grey } else { ColorModel::Rgb };
    let mut stored = Stored::new(u32_le(&head[16..]), u32_le(&head[12..]), model, !opaque, 8);
    // Smaller copies of the same picture follow; the first bit of the flags says whether their number counts.
    let copies = u32_le(&head[28..]);
    let counted = u32_le(&head[8..]) & 0x2_0000 != 0;
    stored.frames = Some(if counted { copies.clamp(1, 32) } else { 1 });
    Ok(stored)
}
