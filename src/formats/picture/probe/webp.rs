//! WebP: the RIFF chunks.

use super::{Header, Stored, exif, u16_le, u32_le};
use crate::formats::FormatError;
use crate::formats::picture::ColorModel;

/// Chunks looked at; an animation with more frames than this stays uncounted.
const MAX_CHUNKS: u32 = 16_384;

pub(super) fn probe(header: &Header<'_>) -> Result<Stored, FormatError> {
    let head = header.need::<12>(0)?;
    if head[..4] != *b"RIFF" || head[8..] != *b"WEBP" {
        return Err(header.malformed("it does not start with RIFF and WEBP", Some(0)));
    }
    let chunk = header.need::<8>(12)?;
    let mut stored = Stored::new(0, 0, ColorModel::Rgb, false, 8);
    match &chunk[..4] {
        b"VP8 " => {
            let frame = header.need::<10>(20)?;
            if frame[3..6] != [0x9D, 0x01, 0x2A] {
                return Err(header.malformed("the VP8 frame has no start code", Some(23)));
            }
            stored.width = u32::from(u16_le(&frame[6..]) & 0x3FFF);
            stored.height = u32::from(u16_le(&frame[8..]) & 0x3FFF);
        }
        b"VP8L" => {
            let frame = header.need::<5>(20)?;
            if frame[0] != 0x2F {
                return Err(header.malformed("the VP8L frame has no signature", Some(20)));
            }
            let packed = u32_le(&frame[1..]);
            stored.width = (packed & 0x3FFF) + 1;
            stored.height = (packed >> 14 & 0x3FFF) + 1;
            stored.alpha = packed >> 28 & 1 != 0;
        }
        b"VP8X" => {
            let [flags, _, _, _, w0, w1, w2, h0, h1, h2] = header.need::<10>(20)?;
            stored.width = u32_le(&[w0, w1, w2, 0]) + 1;
            stored.height = u32_le(&[h0, h1, h2, 0]) + 1;
            stored.alpha = flags & 0x10 != 0;
        }
        _ => return Err(header.malformed("the first chunk is not VP8, VP8L or VP8X", Some(12))),
    }
    stored.frames = Some(1);
    walk(header, &mut stored)?;
    Ok(stored)
}

fn walk(header: &Header<'_>, stored: &mut Stored) -> Result<(), FormatError> {
    let (mut at, mut frames) = (12_u64, 0);
    for index in 0..=MAX_CHUNKS {
        if index == MAX_CHUNKS {
            stored.frames = None;
            return Ok(());
        }
        let Some(chunk) = header.get::<8>(at)? else { break };
        let (len, data) = (u64::from(u32_le(&chunk[4..])), at + 8);
        match &chunk[..4] {
            b"ANMF" => frames += 1,
            b"ICCP" => stored.note("ICC profile"),
            b"XMP " => stored.note("XMP"),
            b"EXIF" => {
                stored.note("EXIF");
                // Some writers keep JPEG's prefix.
                let prefix = if header.get::<6>(data)? == Some(*b"Exif\0\0") { 6 } else { 0 };
                stored.orientation = exif::orientation(&header.slice(data + prefix, len.saturating_sub(prefix)))?;
            }
            _ => {}
        }
        at = data + len + len % 2;
    }
    stored.frames = Some(frames.max(1));
    Ok(())
}
