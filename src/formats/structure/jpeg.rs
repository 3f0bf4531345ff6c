//! JPEG: markers and their segments, and the scan data between them (ITU-T T.81; JFIF, EXIF and ICC in their segments).

use super::draft::{Draft, bytes};
use super::fields::Fields;
use super::list::{Cursor, list, trailing};
use super::scan::{Order, Scan};
use super::tiff;
use crate::buffer::{ByteRange, Offset};
use crate::formats::FormatError;

/// The segments from a place on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Segments {
    at: u64,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Markers,
    /// Behind a start of scan.
    Data,
    /// Behind the end of the image.
    End,
}

pub(super) fn read(scan: &Scan<'_>) -> Result<Vec<Draft>, FormatError> {
    list(scan, Cursor::Jpeg(Segments { at: 0, state: State::Markers }))
}

impl Segments {
    pub(super) fn next(&mut self, scan: &Scan<'_>) -> Result<Option<Draft>, FormatError> {
        match self.state {
            State::Markers => self.segment(scan),
            State::Data => self.scan_data(scan),
            State::End => {
                let rest = trailing(scan, self.at, "Data behind the end");
                self.at = scan.len;
                Ok(rest)
            }
        }
    }

    fn broken(&mut self, scan: &Scan<'_>, what: &str) -> Option<Draft> {
        let (at, len) = (self.at.min(scan.len), scan.len.saturating_sub(self.at));
        (self.at, self.state) = (scan.len, State::End);
        let part = Draft::new("No marker", at, len).problem(what);
        Some(if len > 0 { part.value(bytes(len)) } else { part })
    }

    fn segment(&mut self, scan: &Scan<'_>) -> Result<Option<Draft>, FormatError> {
        let at = self.at;
        let head = scan.bytes(at, 64)?;
        if head.is_empty() {
            return Ok(self.broken(scan, "the file ends before the end of the image"));
        }
        // Any number of FF may stand before a marker.
        let fill = head.iter().take_while(|&&byte| byte == 0xFF).count();
        let Some(&code) = head.get(fill).filter(|_| fill > 0) else {
            return Ok(self.broken(scan, "no marker stands here"));
        };
        if code == 0 {
            return Ok(self.broken(scan, "no marker stands here"));
        }
        let marker = at + fill as u64 - 1;
        let name = marker_name(code);
        if matches!(code, 0x01 | 0xD0..=0xD9) {
            self.at = marker + 2;
            if code == 0xD9 {
                self.state = State::End;
            }
            return Ok(Some(Draft::new(name, at, marker + 2 - at).value(format!("marker FF{code:02X}"))));
        }
        let Some(len) = scan.number::<2>(marker + 2, Order::Big)? else {
            return Ok(self.broken(scan, "cut off: the length of this segment is missing"));
        };
        let end = marker + 2 + len.max(2);
        let part = Draft::sized(scan, name, at, end - at, scan.len).problem_if(len < 2, "a segment is at least 2 bytes long");
        let mut fields = Fields::new(scan, Order::Big, at, end);
        fields.raw("Fill", marker - at)?;
        fields.shown("Marker", 2, |marker| format!("{marker:04X}"))?;
        fields.uint("Length", 2)?;
        let value = content(scan, code, &mut fields, end)?;
        fields.rest("Data")?;
        self.at = end.min(scan.len);
        self.state = if code == 0xDA { State::Data } else { State::Markers };
        Ok(Some(fields.into(part).value(value)))
    }

    /// Up to the next marker that is no restart.
    fn scan_data(&mut self, scan: &Scan<'_>) -> Result<Option<Draft>, FormatError> {
        let start = self.at;
        let (mut at, mut restarts, mut after_ff) = (start, 0u64, false);
        let mut end = None;
        'chunks: for chunk in scan.buffer.chunks(ByteRange::between(Offset(start), Offset(scan.len))) {
            let chunk = chunk?;
            scan.at(at)?;
            let mut from = 0;
            if std::mem::take(&mut after_ff) {
                match chunk.first() {
                    Some(0xD0..=0xD7) => restarts += 1,
                    Some(0) => {}
                    Some(0xFF) => after_ff = chunk.len() == 1,
                    _ => {
                        end = Some(at - 1);
                        break 'chunks;
                    }
                }
            }
            while let Some(n) = memchr::memchr(0xFF, &chunk[from..]) {
                let place = from + n;
                match chunk.get(place + 1) {
                    Some(0xD0..=0xD7) => restarts += 1,
                    Some(0 | 0xFF) => {}
                    Some(_) => {
                        end = Some(at + place as u64);
                        break 'chunks;
                    }
                    None => after_ff = true,
                }
                from = place + 1;
            }
            at += chunk.len() as u64;
        }
        self.state = State::Markers;
        self.at = end.unwrap_or(scan.len);
        let len = self.at - start;
        let mut value = bytes(len);
        if restarts > 0 {
            value += &format!(", {restarts} restart markers");
        }
        Ok(Some(Draft::new("Scan data", start, len).value(value)))
    }
}

fn marker_name(code: u8) -> String {
    match code {
        0xD8 => "SOI".into(),
        0xD9 => "EOI".into(),
        0xC4 => "DHT".into(),
        0xC8 => "JPG".into(),
        0xCC => "DAC".into(),
        0xC0..=0xCF => format!("SOF{}", code - 0xC0),
        0xD0..=0xD7 => format!("RST{}", code - 0xD0),
        0xDA => "SOS".into(),
        0xDB => "DQT".into(),
        0xDC => "DNL".into(),
        0xDD => "DRI".into(),
        0xDE => "DHP".into(),
        0xDF => "EXP".into(),
        0xE0..=0xEF => format!("APP{}", code - 0xE0),
        0xFE => "COM".into(),
        0x01 => "TEM".into(),
        _ => format!("Marker {code:02X}"),
    }
}

/// The parts of a segment's content, and what it is.
fn content(scan: &Scan<'_>, code: u8, fields: &mut Fields<'_, '_>, end: u64) -> Result<String, FormatError> {
    let at = fields.at();
    let head = scan.bytes(at, fields.left().min(32))?;
    Ok(match code {
        0xE0 if head.starts_with(b"JFIF\0") => {
            fields.text("Identifier", 5)?;
            fields.shown("Version", 2, |version| format!("{}.{:02}", version >> 8, version & 255))?;
            fields.named("Density unit", 1, |unit| ["none", "per inch", "per centimetre"].get(unit as usize).copied())?;
            fields.uint("X density", 2)?;
            fields.uint("Y density", 2)?;
            let (x, y) = (fields.uint("Thumbnail width", 1)?, fields.uint("Thumbnail height", 1)?);
            let thumbnail = (3 * x * y).min(fields.left());
            fields.raw("Thumbnail", thumbnail)?;
            "JFIF".into()
        }
        0xE0 if head.starts_with(b"JFXX\0") => {
            fields.text("Identifier", 5)?;
            "JFIF extension".into()
        }
        0xE1 if head.starts_with(b"Exif\0") => {
            fields.text("Identifier", 6)?;
            let tiff = fields.at();
            let parts = tiff::embedded(scan, tiff, end)?;
            let part = Draft::new("EXIF", tiff, end.min(scan.len) - tiff.min(end.min(scan.len)));
            fields.push(part.parts(parts));
            "EXIF".into()
        }
        0xE1 if head.starts_with(b"http://ns.adobe.com/xap/1.0/\0") => {
            fields.text_to_zero("Identifier")?;
            fields.rest_text("Packet")?;
            "XMP".into()
        }
        0xE2 if head.starts_with(b"ICC_PROFILE\0") => {
            fields.text("Identifier", 12)?;
            let (n, of) = (fields.uint("Chunk", 1)?, fields.uint("Chunks", 1)?);
            fields.rest("Profile data")?;
            format!("ICC profile, part {n} of {of}")
        }
        0xE2 if head.starts_with(b"MPF\0") => {
            fields.text("Identifier", 4)?;
            let tiff = fields.at();
            for part in tiff::embedded(scan, tiff, end)? {
                fields.beside(part);
            }
            return Ok("several pictures".into());
        }
        0xED if head.starts_with(b"Photoshop 3.0\0") => {
            fields.text_to_zero("Identifier")?;
            fields.rest("Resources")?;
            "Photoshop resources".into()
        }
        0xEE if head.starts_with(b"Adobe") => {
            fields.text("Identifier", 5)?;
            fields.uint("Version", 2)?;
            fields.hex("Flags 0", 2)?;
            fields.hex("Flags 1", 2)?;
            fields.named("Transform", 1, |kind| ["none", "YCbCr", "YCCK"].get(kind as usize).copied())?;
            "Adobe".into()
        }
        0xFE => {
            fields.rest_text("Comment")?;
            "comment".into()
        }
        0xDB => quantization(fields)?,
        0xC4 => huffman(fields)?,
        0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => frame(code, fields)?,
        0xDA => {
            let n = fields.uint("Components", 1)?;
            for component in 0..n.min(4) {
                let start = fields.at();
                fields.uint(&format!("Component {component} selector"), 1)?;
                fields.shown(&format!("Component {component} tables"), 1, |t| format!("DC {}, AC {}", t >> 4, t & 15))?;
                if fields.at() == start {
                    break;
                }
            }
            fields.uint("Spectral start", 1)?;
            fields.uint("Spectral end", 1)?;
            fields.shown("Approximation", 1, |bits| format!("high {}, low {}", bits >> 4, bits & 15))?;
            "start of scan".into()
        }
        0xDD => format!("restart every {} units", fields.uint("Restart interval", 2)?),
        0xDC => format!("{} lines", fields.uint("Lines", 2)?),
        0xE0..=0xEF => "application data".into(),
        _ => String::new(),
    })
}

fn frame(code: u8, fields: &mut Fields<'_, '_>) -> Result<String, FormatError> {
    let kind = match code {
        0xC0 => "baseline",
        0xC1 => "extended sequential",
        0xC2 => "progressive",
        0xC3 => "lossless",
        0xC9 => "extended sequential, arithmetic coding",
        0xCA => "progressive, arithmetic coding",
        0xCB => "lossless, arithmetic coding",
        _ => "differential",
    };
    fields.uint("Precision", 1)?;
    let height = fields.uint("Height", 2)?;
    let width = fields.uint("Width", 2)?;
    if width == 0 {
        fields.problem("a width is at least 1");
    }
    let n = fields.uint("Components", 1)?;
    for component in 0..n {
        if fields.left() < 3 {
            fields.problem("cut off: components are missing");
            break;
        }
        fields.uint(&format!("Component {component} identifier"), 1)?;
        fields.shown(&format!("Component {component} sampling"), 1, |s| format!("{} x {}", s >> 4, s & 15))?;
        fields.uint(&format!("Component {component} quantization table"), 1)?;
    }
    Ok(format!("{kind}, {width} x {height}"))
}

fn quantization(fields: &mut Fields<'_, '_>) -> Result<String, FormatError> {
    let mut tables = Vec::new();
    while fields.left() > 0 {
        let head = fields.shown("Table", 1, |head| format!("{}, {} bits", head & 15, if head >> 4 == 0 { 8 } else { 16 }))?;
        let len = if head >> 4 == 0 { 64 } else { 128 };
        fields.raw("Values in zigzag order", len)?;
        tables.push((head & 15).to_string());
        if fields.is_short() {
            break;
        }
    }
    Ok(format!("quantization, table {}", tables.join(" and ")))
}

fn huffman(fields: &mut Fields<'_, '_>) -> Result<String, FormatError> {
    let mut tables = Vec::new();
    while fields.left() > 0 {
        let name = |head: u64| format!("{} {}", if head >> 4 == 0 { "DC" } else { "AC" }, head & 15);
        let head = fields.shown("Table", 1, name)?;
        let mut symbols = 0;
        let at = fields.at();
        fields.raw("Codes of each length", 16)?;
        if !fields.is_short() {
            symbols = fields.read(at, 16)?.iter().map(|&n| u64::from(n)).sum();
        }
        if symbols > 256 {
            fields.problem(format!("{symbols} codes are more than there can be"));
        }
        fields.raw("Symbols", symbols)?;
        tables.push(name(head));
        if fields.is_short() {
            break;
        }
    }
    Ok(format!("Huffman, table {}", tables.join(" and ")))
}
