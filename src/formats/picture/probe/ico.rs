//! Windows icons: the directory, and the picture that will be shown.

use super::{Header, Stored, png, simple, u16_le, u32_le};
use crate::buffer::Buffer;
use crate::formats::{Format, FormatError};

/// Where one picture of an icon lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::formats::picture) struct Entry {
    /// Its first byte.
    pub(in crate::formats::picture) offset: u64,
    /// Its bytes.
    pub(in crate::formats::picture) len: u64,
    /// Whether it is a PNG file rather than a bitmap.
    pub(in crate::formats::picture) png: bool,
}

/// The deepest, then largest picture (the `image` crate's choice for bitmaps, so both name the same one), and how many there are.
pub(in crate::formats::picture) fn best_entry(input: &Buffer) -> Result<(Entry, u32), FormatError> {
    let header = Header { input, format: Format::Ico };
    let head = header.need::<6>(0)?;
    let (kind, count) = (u16_le(&head[2..]), u16_le(&head[4..]));
    if head[..2] != [0, 0] || !matches!(kind, 1 | 2) {
        return Err(header.malformed("it does not start with an icon directory", Some(0)));
    }
    let read = |index: u16| {
        header.need::<16>(6 + 16 * u64::from(index)).map(|entry| {
            let side = |byte: u8| if byte == 0 { 256 } else { u32::from(byte) };
            let score = (u16_le(&entry[6..]), side(entry[0]) * side(entry[1]));
            (score, u64::from(u32_le(&entry[12..])), u64::from(u32_le(&entry[8..])))
        })
    };
    let Some(last) = count.checked_sub(1) else { return Err(header.malformed("the icon holds no picture", Some(4))) };
    let mut best = read(last)?;
    for index in 0..last {
        let entry = read(index)?;
        if entry.0 > best.0 {
            best = entry;
        }
    }
    let (_, offset, len) = best;
    let png = header.need::<8>(offset)? == *b"\x89PNG\r\n\x1a\n";
    Ok((Entry { offset, len, png }, count.into()))
}

pub(super) fn probe(header: &Header<'_>) -> Result<Stored, FormatError> {
    let (entry, count) = best_entry(header.input)?;
    let inner = header.slice(entry.offset, entry.len);
    let inner = Header { input: &inner, format: Format::Ico };
    let mut stored = if entry.png {
        png::probe(&inner)?
    } else {
        let mut stored = simple::bmp(&inner, 0)?;
        // The bitmap is followed by a mask of the same size.
        stored.height /= 2;
        stored.alpha = true;
        stored
    };
    stored.frames = Some(count);
    Ok(stored)
}
