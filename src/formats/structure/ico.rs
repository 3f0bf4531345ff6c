//! ICO and CUR: a directory of pictures, each a PNG or a bitmap without its file header.

use super::bmp;
use super::draft::{Draft, bytes};
use super::fields::Fields;
use super::scan::{Order, Scan};
use crate::formats::FormatError;

/// Pictures that are looked at; the format could name 65,535.
const MOST: u64 = 256;

/// Whether the first entry is one, so that other files that begin with these zeros are none.
pub(super) fn is_ico(head: &[u8]) -> bool {
    head.len() >= 10 && head[4..6] != [0, 0] && head[9] == 0
}

pub(super) fn read(scan: &Scan<'_>) -> Result<Vec<Draft>, FormatError> {
    let mut fields = Fields::new(scan, Order::Little, 0, 6);
    fields.uint("Reserved", 2)?;
    let kind = fields.named("Type", 2, |kind| ["none", "icon", "cursor"].get(kind as usize).copied())?;
    let count = fields.uint("Pictures", 2)?;
    if count > MOST {
        fields.problem(format!("only the first {MOST} are told"));
    }
    let mut parts = vec![fields.into(Draft::new("Header", 0, scan.len.min(6)))];
    let directory = 6 + 16 * count;
    let mut pictures = Vec::new();
    for index in 0..count.min(MOST) {
        let at = 6 + 16 * index;
        let mut fields = Fields::new(scan, Order::Little, at, at + 16);
        let zero = |n: u64| if n == 0 { "0 (256)".into() } else { n.to_string() };
        let side = |n: u64| if n == 0 { 256 } else { n };
        let width = side(fields.shown("Width", 1, zero)?);
        let height = side(fields.shown("Height", 1, zero)?);
        fields.uint("Colors", 1)?;
        fields.uint("Reserved", 1)?;
        fields.uint(if kind == 2 { "Hotspot x" } else { "Planes" }, 2)?;
        fields.uint(if kind == 2 { "Hotspot y" } else { "Bits per pixel" }, 2)?;
        let len = fields.uint("Size", 4)?;
        let offset = fields.uint("Offset", 4)?;
        if fields.is_short() {
            parts.push(fields.into(Draft::new(format!("Entry {index}"), at.min(scan.len), scan.len.saturating_sub(at))));
            break;
        }
        if offset < directory {
            fields.problem("the picture overlaps the directory");
        }
        let entry = Draft::new(format!("Entry {index}"), at, 16).value(format!("{width} x {height}"));
        parts.push(fields.into(entry));
        let picture = Draft::sized(scan, format!("Picture {index}"), offset, len, scan.len);
        let is_png = scan.array::<4>(offset)? == Some([0x89, b'P', b'N', b'G']);
        let words = format!("{}, {}", if is_png { "PNG" } else { "bitmap" }, bytes(len));
        if is_png || picture.len < 40 {
            pictures.push(picture.value(words));
            continue;
        }
        let (header, _) = bmp::information(scan, offset)?;
        let (start, end) = (header.end().min(picture.end()), picture.end());
        let rest = Draft::new("Palette, pixels and mask", start, end - start).value(bytes(end - start));
        pictures.push(picture.value(words).parts(vec![header, rest]));
    }
    parts.extend(pictures);
    Ok(parts)
}
