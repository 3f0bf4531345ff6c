//! PNG: a signature and chunks, each with its length, type and check sum (W3C PNG, third edition; APNG is part of it).

use super::draft::{Draft, bytes, shown};
use super::fields::Fields;
use super::list::{Cursor, list, trailing};
use super::scan::{Order, Scan};
use super::tiff;
use crate::formats::FormatError;

/// The longest chunk that the format allows.
const LONGEST: u64 = (1 << 31) - 1;

/// The chunks from a place on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Chunks {
    at: u64,
    /// Nothing comes any more.
    done: bool,
    first: bool,
}

pub(super) fn read(scan: &Scan<'_>) -> Result<Vec<Draft>, FormatError> {
    let mut parts = vec![Draft::new("Signature", 0, 8).value("\\x89PNG\\r\\n\\x1A\\n")];
    parts.extend(list(scan, Cursor::Png(Chunks { at: 8, done: false, first: true }))?);
    Ok(parts)
}

impl Chunks {
    pub(super) fn next(&mut self, scan: &Scan<'_>) -> Result<Option<Draft>, FormatError> {
        if self.done {
            let rest = trailing(scan, self.at, "Data behind the end");
            self.at = scan.len;
            return Ok(rest);
        }
        let at = self.at;
        let (Some(len), Some(kind)) = (scan.number::<4>(at, Order::Big)?, scan.array::<4>(at + 4)?) else {
            self.done = true;
            self.at = scan.len;
            let missing = Draft::new("Missing chunk", at.min(scan.len), scan.len.saturating_sub(at));
            return Ok(Some(missing.problem("the file ends before IEND")));
        };
        let name = shown(&kind);
        if len > LONGEST || !kind.iter().all(u8::is_ascii_alphabetic) {
            self.done = true;
            self.at = scan.len;
            let rest = Draft::new("No chunk", at, scan.len - at).value(bytes(scan.len - at));
            return Ok(Some(rest.problem(format!("no chunk begins here: type {name:?}, length {len}"))));
        }
        let end = at + 12 + len;
        let mut chunk = Draft::sized(scan, name.clone(), at, 12 + len, scan.len);
        chunk.value = format!("{}{}", meaning(kind), if kind[0] & 32 == 0 { "" } else { ", ancillary" });
        let mut fields = Fields::new(scan, Order::Big, at, end);
        fields.uint("Length", 4)?;
        fields.text("Type", 4)?;
        for part in data(scan, kind, at + 8, at + 8 + len)? {
            fields.push(part);
        }
        if end <= scan.len {
            let stored = fields.hex("CRC", 4)?;
            match scan.crc32(at + 4, at + 8 + len)? {
                Some(sum) if u64::from(sum) == stored => fields.note("correct"),
                Some(sum) => fields.problem(format!("wrong: the CRC of this chunk is 0x{sum:08X}")),
                None => fields.note("not checked: the file is large"),
            }
        }
        let chunk = fields.into(chunk).problem_if(self.first && &kind != b"IHDR", "the first chunk is not IHDR");
        self.first = false;
        self.done = &kind == b"IEND" || end > scan.len;
        self.at = end.min(scan.len);
        Ok(Some(chunk))
    }
}

fn meaning(kind: [u8; 4]) -> &'static str {
    match &kind {
        b"IHDR" => "image header",
        b"PLTE" => "palette",
        b"IDAT" => "image data",
        b"IEND" => "end",
        b"tRNS" => "transparency",
        b"gAMA" => "gamma",
        b"cHRM" => "chromaticities",
        b"sRGB" => "standard colour space",
        b"iCCP" => "colour profile",
        b"cICP" => "code points of the video signal",
        b"sBIT" => "significant bits",
        b"tEXt" | b"zTXt" | b"iTXt" => "text",
        b"bKGD" => "background",
        b"hIST" => "histogram",
        b"pHYs" => "pixel size",
        b"sPLT" => "suggested palette",
        b"tIME" => "time of the last change",
        b"eXIf" => "EXIF",
        b"acTL" => "animation",
        b"fcTL" => "frame",
        b"fdAT" => "frame data",
        _ => "unknown",
    }
}

/// What is in a chunk.
fn data(scan: &Scan<'_>, kind: [u8; 4], start: u64, end: u64) -> Result<Vec<Draft>, FormatError> {
    let mut fields = Fields::new(scan, Order::Big, start, end);
    match &kind {
        b"IHDR" => {
            let width = fields.uint("Width", 4)?;
            if width == 0 {
                fields.problem("a width is at least 1");
            }
            let height = fields.uint("Height", 4)?;
            if height == 0 {
                fields.problem("a height is at least 1");
            }
            let depth = fields.uint("Bit depth", 1)?;
            let color = fields.named("Color type", 1, |color| match color {
                0 => Some("greyscale"),
                2 => Some("truecolour"),
                3 => Some("indexed"),
                4 => Some("greyscale with alpha"),
                6 => Some("truecolour with alpha"),
                _ => None,
            })?;
            let allowed: &[u64] = match color {
                0 => &[1, 2, 4, 8, 16],
                3 => &[1, 2, 4, 8],
                2 | 4 | 6 => &[8, 16],
                _ => &[],
            };
            if !allowed.contains(&depth) && !fields.is_short() {
                fields.problem(format!("there is no colour type {color} with {depth} bits"));
            }
            fields.named("Compression method", 1, |method| (method == 0).then_some("deflate"))?;
            fields.named("Filter method", 1, |method| (method == 0).then_some("adaptive"))?;
            fields.named("Interlace method", 1, |method| ["none", "Adam7"].get(method as usize).copied())?;
        }
        b"PLTE" => {
            let odd = fields.left() % 3;
            let mut colors = Vec::new();
            let palette = scan.bytes(start, fields.left().min(768))?;
            for (n, rgb) in palette.as_chunks::<3>().0.iter().enumerate() {
                let value = format!("#{:02X}{:02X}{:02X}", rgb[0], rgb[1], rgb[2]);
                colors.push(Draft::new(format!("Color {n}"), start + 3 * n as u64, 3).value(value));
            }
            let part = Draft::new("Palette", start, fields.left()).value(format!("{} colours", colors.len()));
            fields.push(part.parts(colors).problem_if(odd != 0, "its length is no multiple of 3"));
        }
        b"gAMA" => _ = fields.shown("Gamma", 4, |gamma| (gamma as f64 / 100_000.0).to_string())?,
        b"cHRM" => {
            for point in ["White x", "White y", "Red x", "Red y", "Green x", "Green y", "Blue x", "Blue y"] {
                fields.shown(point, 4, |value| (value as f64 / 100_000.0).to_string())?;
            }
        }
        b"sRGB" => {
            let names = ["perceptual", "relative colorimetric", "saturation", "absolute colorimetric"];
            fields.named("Rendering intent", 1, |intent| names.get(intent as usize).copied())?;
        }
        b"cICP" => {
            for name in ["Color primaries", "Transfer function", "Matrix coefficients", "Full range"] {
                fields.uint(name, 1)?;
            }
        }
        b"iCCP" => {
            fields.text_to_zero("Profile name")?;
            fields.uint("Compression method", 1)?;
            fields.rest("Compressed profile")?;
        }
        b"tEXt" => {
            fields.text_to_zero("Keyword")?;
            fields.rest_text("Text")?;
        }
        b"zTXt" => {
            fields.text_to_zero("Keyword")?;
            fields.uint("Compression method", 1)?;
            fields.rest("Compressed text")?;
        }
        b"iTXt" => {
            fields.text_to_zero("Keyword")?;
            let packed = fields.uint("Compression flag", 1)?;
            fields.uint("Compression method", 1)?;
            fields.text_to_zero("Language")?;
            fields.text_to_zero("Translated keyword")?;
            if packed == 0 { fields.rest_text("Text")? } else { fields.rest("Compressed text")? }
        }
        b"pHYs" => {
            fields.uint("Pixels per unit, x", 4)?;
            fields.uint("Pixels per unit, y", 4)?;
            fields.named("Unit", 1, |unit| ["unknown", "metre"].get(unit as usize).copied())?;
        }
        b"tIME" => {
            fields.uint("Year", 2)?;
            for name in ["Month", "Day", "Hour", "Minute", "Second"] {
                fields.uint(name, 1)?;
            }
        }
        b"acTL" => {
            fields.uint("Frames", 4)?;
            fields.named("Plays", 4, |plays| (plays == 0).then_some("for ever"))?;
        }
        b"fcTL" => {
            for name in ["Sequence number", "Width", "Height", "X offset", "Y offset"] {
                fields.uint(name, 4)?;
            }
            fields.uint("Delay numerator", 2)?;
            fields.uint("Delay denominator", 2)?;
            fields.named("Dispose", 1, |op| ["none", "background", "previous"].get(op as usize).copied())?;
            fields.named("Blend", 1, |op| ["source", "over"].get(op as usize).copied())?;
        }
        b"fdAT" => {
            fields.uint("Sequence number", 4)?;
            fields.rest("Frame data")?;
        }
        b"eXIf" => {
            for part in tiff::embedded(scan, start, end)? {
                fields.beside(part);
            }
            return Ok(fields.done());
        }
        b"IDAT" => fields.rest("Compressed data")?,
        _ => {}
    }
    fields.rest("Data")?;
    Ok(fields.done())
}
