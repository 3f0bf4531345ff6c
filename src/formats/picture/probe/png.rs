//! PNG: the chunks, by their headers.

use super::{Header, Stored, exif, u32_be};
use crate::formats::FormatError;
use crate::formats::picture::ColorModel;

/// Chunks looked at before the walk stops; a picture of 128 MiB in the usual 8 KiB chunks stays below.
const MAX_CHUNKS: u32 = 16_384;

pub(super) fn probe(header: &Header<'_>) -> Result<Stored, FormatError> {
    if header.need::<8>(0)? != *b"\x89PNG\r\n\x1a\n" {
        return Err(header.malformed("it does not start with the PNG signature", Some(0)));
    }
    let start = header.need::<21>(8)?;
    if start[4..8] != *b"IHDR" {
        return Err(header.malformed("the first chunk is not IHDR", Some(12)));
    }
    let (bits, color) = (start[16], start[17]);
    let (model, alpha) = match color {
        0 => (ColorModel::Grey, false),
        2 => (ColorModel::Rgb, false),
        3 => (ColorModel::Palette, false),
        4 => (ColorModel::Grey, true),
        6 => (ColorModel::Rgb, true),
        other => return Err(header.malformed(format!("colour type {other} does not exist"), Some(25))),
    };
    let valid = match color {
        0 => matches!(bits, 1 | 2 | 4 | 8 | 16),
        3 => matches!(bits, 1 | 2 | 4 | 8),
        _ => matches!(bits, 8 | 16),
    };
    if !valid {
        return Err(header.malformed(format!("{bits} bits do not go with colour type {color}"), Some(24)));
    }
    let mut stored = Stored::new(u32_be(&start[8..]), u32_be(&start[12..]), model, alpha, bits);
    stored.frames = Some(1);
    walk(header, &mut stored)?;
    Ok(stored)
}

/// A file that ends in the middle of a chunk is no error here: the header was whole.
fn walk(header: &Header<'_>, stored: &mut Stored) -> Result<(), FormatError> {
    let mut at = 8;
    for _ in 0..MAX_CHUNKS {
        let Some(chunk) = header.get::<8>(at)? else { break };
        let (len, data) = (u64::from(u32_be(&chunk)), at + 8);
        match &chunk[4..] {
            b"IEND" => break,
            b"tRNS" => stored.alpha = true,
            b"acTL" => stored.frames = header.get::<4>(data)?.map(|count| u32_be(&count)).filter(|count| *count > 0),
            b"iCCP" => stored.note("ICC profile"),
            b"eXIf" => {
                stored.note("EXIF");
                stored.orientation = exif::orientation(&header.slice(data, len))?;
            }
            b"iTXt" => {
                stored.note(if header.get::<17>(data)? == Some(*b"XML:com.adobe.xmp") { "XMP" } else { "text" });
            }
            b"tEXt" | b"zTXt" => stored.note("text"),
            _ => {}
        }
        at = data + len + 4;
    }
    Ok(())
}
