//! GIF: a screen, and images and extensions on it, their data in sub-blocks (GIF89a).

use super::draft::{Draft, bytes};
use super::fields::Fields;
use super::list::{Cursor, list, trailing};
use super::scan::{Order, Scan};
use crate::formats::FormatError;

/// The blocks from a place on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Blocks {
    at: u64,
    done: bool,
    images: u32,
}

pub(super) fn read(scan: &Scan<'_>) -> Result<Vec<Draft>, FormatError> {
    let mut fields = Fields::new(scan, Order::Little, 0, scan.len);
    fields.text("Signature", 3)?;
    fields.text("Version", 3)?;
    let mut parts = fields.done();
    let mut screen = Fields::new(scan, Order::Little, 6, scan.len.min(13));
    let (width, height) = (screen.uint("Width", 2)?, screen.uint("Height", 2)?);
    let packed = screen.shown("Packed fields", 1, |packed| {
        let table =
            if packed & 128 != 0 { format!("a global table of {} colours", 2 << (packed & 7)) } else { "no global table".into() };
        format!("0x{packed:02X}: {table}, {} bits a colour", (packed >> 4 & 7) + 1)
    })?;
    screen.uint("Background color index", 1)?;
    screen.shown(
        "Pixel aspect ratio",
        1,
        |n| if n == 0 { "not given".into() } else { format!("{:.2}", (n + 15) as f64 / 64.0) },
    )?;
    let mut at = screen.at();
    let part = Draft::new("Logical screen descriptor", 6, at.saturating_sub(6)).value(format!("{width} x {height}"));
    parts.push(screen.into(part));
    if packed & 128 != 0 {
        let table = colors(scan, "Global color table", at, packed);
        at = table.end();
        parts.push(table);
    }
    parts.extend(list(scan, Cursor::Gif(Blocks { at, done: false, images: 0 }))?);
    Ok(parts)
}

fn colors(scan: &Scan<'_>, name: &str, at: u64, packed: u64) -> Draft {
    let count = 2u64 << (packed & 7);
    Draft::sized(scan, name, at, 3 * count, scan.len).value(format!("{count} colours"))
}

impl Blocks {
    pub(super) fn next(&mut self, scan: &Scan<'_>) -> Result<Option<Draft>, FormatError> {
        if self.done {
            let rest = trailing(scan, self.at, "Data behind the end");
            self.at = scan.len;
            return Ok(rest);
        }
        let at = self.at;
        let Some([introducer]) = scan.array::<1>(at)? else {
            self.done = true;
            return Ok(Some(Draft::new("Missing trailer", at.min(scan.len), 0).problem("the file ends before the trailer")));
        };
        let mut fields = Fields::new(scan, Order::Little, at, scan.len);
        let (name, value) = match introducer {
            0x3B => {
                self.done = true;
                fields.hex("Trailer", 1)?;
                self.at = at + 1;
                return Ok(Some(Draft::new("Trailer", at, 1).value("end")));
            }
            0x2C => {
                self.images += 1;
                (format!("Image {}", self.images), image(scan, &mut fields)?)
            }
            0x21 => extension(scan, &mut fields)?,
            other => {
                self.done = true;
                self.at = scan.len;
                let len = scan.len - at;
                let rest = Draft::new("No block", at, len).value(bytes(len));
                return Ok(Some(rest.problem(format!("no block begins with {other:02X}"))));
            }
        };
        self.at = fields.at();
        self.done = fields.is_short();
        let part = Draft::new(name, at, self.at - at).value(value);
        Ok(Some(fields.into(part)))
    }
}

fn image(scan: &Scan<'_>, fields: &mut Fields<'_, '_>) -> Result<String, FormatError> {
    fields.hex("Image separator", 1)?;
    let [left, top, width, height] = ["Left", "Top", "Width", "Height"].map(|name| fields.uint(name, 2));
    let (left, top, width, height) = (left?, top?, width?, height?);
    let packed = fields.shown("Packed fields", 1, |packed| {
        let table =
            if packed & 128 != 0 { format!("a local table of {} colours", 2 << (packed & 7)) } else { "no local table".into() };
        format!("0x{packed:02X}: {table}{}", if packed & 64 != 0 { ", interlaced" } else { "" })
    })?;
    if packed & 128 != 0 && !fields.is_short() {
        fields.push(colors(scan, "Local color table", fields.at(), packed));
    }
    fields.uint("LZW minimum code size", 1)?;
    sub_blocks(scan, fields, "Image data")?;
    Ok(format!("{width} x {height} at {left}, {top}"))
}

fn extension(scan: &Scan<'_>, fields: &mut Fields<'_, '_>) -> Result<(String, String), FormatError> {
    fields.hex("Extension introducer", 1)?;
    let label = fields.hex("Label", 1)?;
    let block = fields.at();
    let size = scan.array::<1>(block)?.map_or(0, |[size]| u64::from(size));
    Ok(match label {
        0xF9 if size == 4 => {
            fields.uint("Block size", 1)?;
            let packed = fields.shown("Packed fields", 1, |packed| {
                let dispose = ["unspecified", "keep", "restore background", "restore previous"];
                let dispose = dispose.get((packed >> 2 & 7) as usize).copied().unwrap_or("unknown");
                format!("0x{packed:02X}: dispose {dispose}{}", if packed & 1 != 0 { ", transparent" } else { "" })
            })?;
            let delay = fields.shown("Delay time", 2, |delay| format!("{delay} ({} ms)", delay * 10))?;
            fields.uint("Transparent color index", 1)?;
            sub_blocks(scan, fields, "Terminator")?;
            let clear = if packed & 1 != 0 { ", transparent" } else { "" };
            ("Graphic control extension".into(), format!("{} ms{clear}", delay * 10))
        }
        0xFE => {
            let head = scan.bytes(block + 1, size)?;
            sub_blocks(scan, fields, "Comment data")?;
            ("Comment extension".into(), super::draft::shown(&head))
        }
        0xFF if size == 11 => {
            fields.uint("Block size", 1)?;
            let name = fields.text("Application", 8)?;
            fields.text("Authentication code", 3)?;
            let loops = match (&name[..], scan.array::<4>(fields.at())?) {
                (b"NETSCAPE" | b"ANIMEXTS", Some([3, 1, low, high])) => match u16::from_le_bytes([low, high]) {
                    0 => ", loops for ever".into(),
                    n => format!(", loops {n} times"),
                },
                _ => String::new(),
            };
            sub_blocks(scan, fields, "Application data")?;
            ("Application extension".into(), super::draft::shown(&name) + &loops)
        }
        0x01 => {
            sub_blocks(scan, fields, "Plain text data")?;
            ("Plain text extension".into(), String::new())
        }
        _ => {
            sub_blocks(scan, fields, "Data")?;
            ("Extension".into(), format!("label {label:02X}"))
        }
    })
}

/// Sub-blocks up to the one without bytes.
fn sub_blocks(scan: &Scan<'_>, fields: &mut Fields<'_, '_>, name: &str) -> Result<(), FormatError> {
    let start = fields.at();
    let (mut at, mut total, mut blocks) = (start, 0u64, 0u64);
    let ended = loop {
        let Some([size]) = scan.array::<1>(at)? else { break false };
        at += 1 + u64::from(size);
        if size == 0 {
            break true;
        }
        total += u64::from(size);
        blocks += 1;
        if blocks.is_multiple_of(256) {
            scan.at(at)?;
        }
    };
    let end = at.min(scan.len);
    let value = match blocks {
        0 => String::new(),
        1 => bytes(total),
        _ => format!("{} in {blocks} sub-blocks", bytes(total)),
    };
    let part = Draft::new(name, start, end.saturating_sub(start)).value(value);
    fields.push(part.problem_if(!ended, "cut off: the block without bytes at its end is missing"));
    Ok(())
}
