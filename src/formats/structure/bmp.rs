//! BMP: a file header, an information header of one of several sizes, a palette, and pixels.

use super::draft::{Draft, bytes};
use super::fields::Fields;
use super::list::trailing;
use super::scan::{Order, Scan};
use crate::formats::FormatError;

/// Whether a file that begins with `BM` is a bitmap: its header has a size that there is.
pub(super) fn is_bmp(head: &[u8]) -> bool {
    head.len() < 16 || matches!(head[14], 12 | 16 | 40 | 52 | 56 | 64 | 108 | 124)
}

pub(super) fn read(scan: &Scan<'_>) -> Result<Vec<Draft>, FormatError> {
    let mut fields = Fields::new(scan, Order::Little, 0, 14);
    fields.text("Signature", 2)?;
    let size = fields.uint("File size", 4)?;
    if size != scan.len && size != 0 {
        fields.problem(format!("the file has {}", bytes(scan.len)));
    }
    fields.uint("Reserved 1", 2)?;
    fields.uint("Reserved 2", 2)?;
    let pixels = fields.uint("Pixel offset", 4)?;
    let mut parts = vec![fields.into(Draft::new("File header", 0, scan.len.min(14)))];
    let (header, info) = information(scan, 14)?;
    let at = header.end();
    parts.push(header);
    if pixels > at && info.palette > 0 {
        let len = (info.palette * info.entry).min(pixels - at);
        parts.push(Draft::sized(scan, "Palette", at, len, scan.len).value(format!("{} colours", len / info.entry)));
    }
    let end = parts.last().map_or(at, Draft::end);
    if pixels > end && pixels <= scan.len {
        parts.push(Draft::new("Gap", end, pixels - end).value(bytes(pixels - end)));
    }
    let data = Draft::sized(scan, "Pixels", pixels.max(end), info.pixels.unwrap_or(scan.len.saturating_sub(pixels)), scan.len);
    let data = data.problem_if(pixels < end, "they overlap what is before them");
    let value = bytes(data.len);
    let end = data.end();
    parts.push(data.value(value));
    parts.extend(trailing(scan, end, "Data behind the end"));
    Ok(parts)
}

/// What the information header says about what follows it.
pub(super) struct Information {
    /// Colours of the palette.
    pub(super) palette: u64,
    /// Bytes of a colour.
    pub(super) entry: u64,
    /// Bytes of the pixels, where they are known.
    pub(super) pixels: Option<u64>,
}

/// The information header at a place; in an icon it has twice the height.
pub(super) fn information(scan: &Scan<'_>, at: u64) -> Result<(Draft, Information), FormatError> {
    let size = scan.number::<4>(at, Order::Little)?.unwrap_or(0);
    let known = matches!(size, 12 | 16 | 40 | 52 | 56 | 64 | 108 | 124);
    let part = Draft::sized(scan, "Information header", at, size.max(4), scan.len);
    let mut fields = Fields::new(scan, Order::Little, at, part.end());
    fields.uint("Header size", 4)?;
    if !known {
        fields.problem(format!("there is no header of {}", bytes(size)));
    }
    let old = size == 12;
    let width = if old { fields.uint("Width", 2)? as i64 } else { fields.int("Width", 4)? };
    let height = if old { fields.uint("Height", 2)? as i64 } else { fields.int("Height", 4)? };
    fields.uint("Planes", 2)?;
    let bits = fields.uint("Bits per pixel", 2)?;
    let (mut compression, mut stored, mut used) = (0, 0, 0);
    if size >= 40 {
        compression = fields.named("Compression", 4, |kind| {
            ["none", "RLE8", "RLE4", "bit fields", "JPEG", "PNG", "bit fields with alpha"].get(kind as usize).copied()
        })?;
        stored = fields.uint("Image size", 4)?;
        fields.int("Pixels per metre, x", 4)?;
        fields.int("Pixels per metre, y", 4)?;
        used = fields.uint("Colors used", 4)?;
        fields.uint("Important colors", 4)?;
    }
    if size >= 52 {
        for name in ["Red mask", "Green mask", "Blue mask"] {
            fields.hex(name, 4)?;
        }
    }
    if size >= 56 {
        fields.hex("Alpha mask", 4)?;
    }
    if size >= 108 {
        fields.hex("Color space", 4)?;
        fields.raw("Endpoints", 36)?;
        for name in ["Red gamma", "Green gamma", "Blue gamma"] {
            fields.hex(name, 4)?;
        }
    }
    if size >= 124 {
        for name in ["Intent", "Profile offset", "Profile size", "Reserved"] {
            fields.uint(name, 4)?;
        }
    }
    fields.rest("Rest")?;
    // Whoever multiplies what a file says counts wide.
    let row = (u128::from(width.unsigned_abs()) * u128::from(bits)).div_ceil(32) * 4;
    let plain = u64::try_from(row * u128::from(height.unsigned_abs())).ok();
    let palette = match (used, bits) {
        (0, 1..=8) => 1 << bits,
        (used, _) => used,
    };
    let masks = u64::from(size == 40 && compression == 3) * 12;
    let info = Information {
        palette: palette + masks / 4,
        entry: if old { 3 } else { 4 },
        pixels: match compression {
            0 | 3 | 6 => plain,
            _ => Some(stored).filter(|&stored| stored > 0),
        },
    };
    let value = format!("{width} x {}, {bits} bits{}", height.unsigned_abs(), if height < 0 { ", top down" } else { "" });
    Ok((fields.into(part).value(value), info))
}
