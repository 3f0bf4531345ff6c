//! RIFF: chunks with a name and a size, some of them lists of chunks. WAV and WebP are of this kind, and what they hold is told.

use super::draft::{Draft, bytes, shown};
use super::fields::Fields;
use super::list::{Cursor, list, trailing};
use super::scan::{Order, Scan};
use super::{DEPTH, tiff};
use crate::formats::FormatError;

/// The chunks between two places.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Chunks {
    at: u64,
    end: u64,
    order: Order,
    form: [u8; 4],
    depth: u8,
    /// Bytes a second of sound, known from its format chunk.
    rate: u64,
}

pub(super) fn read(scan: &Scan<'_>) -> Result<Vec<Draft>, FormatError> {
    let name = scan.array::<4>(0)?.unwrap_or_default();
    let order = if &name == b"RIFX" { Order::Big } else { Order::Little };
    let mut fields = Fields::new(scan, order, 0, 12);
    fields.text("Identifier", 4)?;
    let size = fields.uint("Size", 4)?;
    let end = if size == u64::from(u32::MAX) && &name == b"RF64" { scan.len } else { 8 + size };
    if end > scan.len {
        fields.problem(format!("the file is cut off: {} are missing", bytes(end - scan.len)));
    }
    let form = fields.text("Form", 4)?;
    let form = form.try_into().unwrap_or_default();
    let mut parts = fields.done();
    let chunks = Chunks { at: 12, end: end.min(scan.len), order, form, depth: 0, rate: 0 };
    parts.extend(list(scan, Cursor::Riff(chunks))?);
    parts.extend(trailing(scan, end.max(12), "Data behind the end"));
    Ok(parts)
}

impl Chunks {
    pub(super) fn next(&mut self, scan: &Scan<'_>) -> Result<Option<Draft>, FormatError> {
        let at = self.at;
        if at >= self.end {
            return Ok(None);
        }
        let (Some(id), Some(size), true) = (scan.array::<4>(at)?, scan.number::<4>(at + 4, self.order)?, self.end - at >= 8)
        else {
            self.at = self.end;
            return Ok(Some(Draft::new("No chunk", at, self.end - at).problem("cut off: a chunk has at least 8 bytes")));
        };
        let large = size == u64::from(u32::MAX) && &id == b"data";
        let size = if large { self.end - at - 8 } else { size };
        let content = at + 8;
        let end = content + size;
        let part = Draft::sized(scan, shown(&id), at, 8 + size + (size & 1).min(self.end.saturating_sub(end)), self.end);
        let inside = end.min(self.end);
        let mut fields = Fields::new(scan, self.order, at, inside);
        fields.text("Identifier", 4)?;
        fields.uint("Size", 4)?;
        let value = self.content(scan, id, &mut fields, content, inside)?;
        fields.rest("Data")?;
        let mut part = fields.into(part).value(value);
        if part.end() > inside {
            part = part.parts(vec![Draft::new("Padding", inside, 1).value("0")]);
        }
        self.at = part.end().max(at + 8);
        Ok(Some(part))
    }

    fn content(
        &mut self,
        scan: &Scan<'_>,
        id: [u8; 4],
        fields: &mut Fields<'_, '_>,
        at: u64,
        end: u64,
    ) -> Result<String, FormatError> {
        Ok(match (&self.form, &id) {
            (_, b"LIST") => {
                let form: [u8; 4] = fields.text("List type", 4)?.try_into().unwrap_or_default();
                self.inner(scan, fields, form, end)?;
                shown(&form)
            }
            (b"WAVE", b"fmt ") => return self.wave_format(fields),
            (b"WAVE", b"data") => {
                let len = end - at;
                fields.rest("Samples")?;
                match len.checked_div(self.rate) {
                    Some(_) => format!("{}, {:.3} seconds", bytes(len), len as f64 / self.rate as f64),
                    None => bytes(len),
                }
            }
            (b"WAVE", b"fact") => format!("{} samples", fields.uint("Samples", 4)?),
            (b"WAVE", b"ds64") => {
                for name in ["RIFF size", "Data size", "Samples"] {
                    fields.uint(name, 8)?;
                }
                fields.uint("Table entries", 4)?;
                "sizes of 64 bits".into()
            }
            (b"INFO", _) => {
                let text = scan.bytes(at, (end - at).min(256))?;
                fields.rest_text("Text")?;
                shown(text.strip_suffix(&[0]).unwrap_or(&text))
            }
            (b"WEBP", b"VP8X") => {
                let flags = fields.shown("Flags", 1, |flags| {
                    let names = [(32, "ICC"), (16, "alpha"), (8, "EXIF"), (4, "XMP"), (2, "animation")];
                    let set: Vec<&str> = names.iter().filter(|(bit, _)| flags & bit != 0).map(|(_, name)| *name).collect();
                    format!("0x{flags:02X}: {}", if set.is_empty() { "none".into() } else { set.join(", ") })
                })?;
                fields.raw("Reserved", 3)?;
                let width = fields.shown("Canvas width minus one", 3, |n| n.to_string())? + 1;
                let height = fields.uint("Canvas height minus one", 3)? + 1;
                format!("{width} x {height}{}", if flags & 2 != 0 { ", animated" } else { "" })
            }
            (b"WEBP", b"VP8 ") => {
                fields.hex("Frame tag", 3)?;
                fields.hex("Start code", 3)?;
                let width = fields.shown("Width", 2, |n| (n & 0x3FFF).to_string())? & 0x3FFF;
                let height = fields.shown("Height", 2, |n| (n & 0x3FFF).to_string())? & 0x3FFF;
                fields.rest("Compressed data")?;
                format!("lossy, {width} x {height}")
            }
            (b"WEBP", b"VP8L") => {
                fields.hex("Signature", 1)?;
                let bits = fields.shown("Size and flags", 4, |bits| {
                    format!("{} x {}, alpha {}", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bits >> 28 & 1)
                })?;
                fields.rest("Compressed data")?;
                format!("lossless, {} x {}", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
            }
            (b"WEBP", b"ANIM") => {
                fields.hex("Background color", 4)?;
                match fields.uint("Loop count", 2)? {
                    0 => "loops for ever".into(),
                    n => format!("loops {n} times"),
                }
            }
            (b"WEBP", b"ANMF") => {
                let names = ["X / 2", "Y / 2", "Width minus one", "Height minus one"];
                let [_, _, width, height] = names.map(|name| fields.uint(name, 3));
                let duration = fields.uint("Duration", 3)?;
                fields.hex("Flags", 1)?;
                self.inner(scan, fields, self.form, end)?;
                format!("{} x {}, {duration} ms", width? + 1, height? + 1)
            }
            (b"WEBP", b"ALPH") => {
                fields.hex("Flags", 1)?;
                fields.rest("Alpha data")?;
                "alpha".into()
            }
            (b"WEBP", b"EXIF") => {
                // Some writers put the header of JPEG's segment in front.
                if scan.array::<6>(at)?.is_some_and(|head| &head == b"Exif\0\0") {
                    fields.text("Identifier", 6)?;
                }
                let tiff = fields.at();
                let part = Draft::new("EXIF", tiff, end - tiff).parts(tiff::embedded(scan, tiff, end)?);
                fields.push(part);
                "EXIF".into()
            }
            (b"WEBP", b"XMP ") => {
                fields.rest_text("Packet")?;
                "XMP".into()
            }
            (b"WEBP", b"ICCP") => {
                fields.rest("Profile data")?;
                "ICC profile".into()
            }
            _ => bytes(end - at),
        })
    }

    /// Chunks inside of a chunk.
    fn inner(&self, scan: &Scan<'_>, fields: &mut Fields<'_, '_>, form: [u8; 4], end: u64) -> Result<(), FormatError> {
        if self.depth >= DEPTH {
            fields.problem("lists inside of lists are not followed any further");
            return Ok(());
        }
        let chunks = Self { at: fields.at(), end, form, depth: self.depth + 1, ..self.clone() };
        for part in list(scan, Cursor::Riff(chunks))? {
            fields.push(part);
        }
        Ok(())
    }

    fn wave_format(&mut self, fields: &mut Fields<'_, '_>) -> Result<String, FormatError> {
        let name = |tag| match tag {
            1 => Some("PCM"),
            2 => Some("Microsoft ADPCM"),
            3 => Some("IEEE float"),
            6 => Some("A-law"),
            7 => Some("mu-law"),
            0x11 => Some("IMA ADPCM"),
            0x55 => Some("MP3"),
            0xFFFE => Some("extensible"),
            _ => None,
        };
        let tag = fields.named("Format tag", 2, name)?;
        let channels = fields.uint("Channels", 2)?;
        if channels == 0 {
            fields.problem("there is at least one channel");
        }
        let rate = fields.uint("Sample rate", 4)?;
        self.rate = fields.uint("Bytes per second", 4)?;
        let align = fields.uint("Block align", 2)?;
        let bits = fields.uint("Bits per sample", 2)?;
        if matches!(tag, 1 | 3) && self.rate != rate.saturating_mul(align) {
            fields.problem(format!("bytes per second are {} by the other fields", rate.saturating_mul(align)));
        }
        if fields.left() >= 2 {
            let extra = fields.uint("Extension size", 2)?;
            if tag == 0xFFFE && extra >= 22 {
                fields.uint("Valid bits per sample", 2)?;
                fields.hex("Channel mask", 4)?;
                fields.raw("Subformat", 16)?;
            }
        }
        let name = name(tag).map_or_else(|| format!("format {tag}"), str::to_owned);
        Ok(format!("{name}, {channels} channel{}, {rate} Hz, {bits} bits", if channels == 1 { "" } else { "s" }))
    }
}
