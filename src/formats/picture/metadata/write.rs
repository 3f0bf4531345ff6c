//! Metadata in the form of each container, put between what a codec writes.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::carry::Prepared;
use super::collect::{PHOTOSHOP_NAME, XMP_KEYWORD, XMP_NAME};
use super::xmp;
use crate::formats::Format;

/// What a codec writes, with `bytes` put in after the first `at` of its own.
pub(in crate::formats::picture) struct Inserting<'a> {
    out: &'a mut dyn Write,
    at: usize,
    bytes: Vec<u8>,
}

impl<'a> Inserting<'a> {
    /// For a PNG the place is behind the header's chunk, for a JPEG behind the first segment; nothing is put into others.
    pub(in crate::formats::picture) fn new(prepared: &Prepared, to: Format, out: &'a mut dyn Write) -> Self {
        let (at, bytes) = match to {
            Format::Png => (33, chunks(prepared)),
            Format::Jpeg => (20, segments(prepared)),
            _ => (0, Vec::new()),
        };
        Self { out, at, bytes }
    }
}

impl Write for Inserting<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.at > 0 {
            let written = self.out.write(&bytes[..bytes.len().min(self.at)])?;
            self.at -= written;
            return Ok(written);
        }
        if !self.bytes.is_empty() {
            self.out.write_all(&std::mem::take(&mut self.bytes))?;
        }
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Appends a chunk of a PNG; one of more than 4 GiB, which cannot be, is left out.
pub(in crate::formats::picture) fn png_chunk(kind: &[u8; 4], data: &[u8], bytes: &mut Vec<u8>) {
    let Ok(len) = u32::try_from(data.len()) else { return };
    let mut crc = crc32fast::Hasher::new();
    crc.update(kind);
    crc.update(data);
    bytes.extend(len.to_be_bytes());
    bytes.extend(kind);
    bytes.extend(data);
    bytes.extend(crc.finalize().to_be_bytes());
}

/// The chunks of a PNG that stand before its palette.
fn chunks(prepared: &Prepared) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut put = |kind: &[u8; 4], data: &[u8]| png_chunk(kind, data, &mut bytes);
    for (kind, data) in &prepared.chunks {
        put(kind, data);
    }
    if let Some((profile, name)) = &prepared.profile {
        let name: Vec<u8> = name.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').take(79).map(|c| c as u8).collect();
        let name = if name.trim_ascii().is_empty() { b"ICC profile".to_vec() } else { name.trim_ascii().to_vec() };
        put(b"iCCP", &[name, vec![0, 0], packed(profile)].concat());
    }
    if let Some(density) = prepared.density {
        let meter = |inch: f64| ((inch / 0.0254).round().clamp(0.0, f64::from(u32::MAX)) as u32).to_be_bytes();
        put(b"pHYs", &[&meter(density.x)[..], &meter(density.y), &[1]].concat());
    }
    if let Some(exif) = &prepared.exif {
        put(b"eXIf", exif);
    }
    if let Some(xmp) = &prepared.xmp {
        put(b"iTXt", &[XMP_KEYWORD.as_bytes(), &[0, 0, 0, 0, 0], xmp].concat());
    }
    for (keyword, text) in &prepared.texts {
        let latin = |text: &str| {
            text.chars().map(|c| u8::try_from(u32::from(c)).ok().filter(|byte| *byte != 0)).collect::<Option<Vec<u8>>>()
        };
        let Some(keyword) = latin(keyword).filter(|keyword| (1..80).contains(&keyword.len())) else { continue };
        match latin(text) {
            Some(text) => put(b"tEXt", &[keyword, vec![0], text].concat()),
            None => put(b"iTXt", &[keyword, vec![0; 5], text.clone().into_bytes()].concat()),
        }
    }
    bytes
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // Memory takes whatever is written.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

/// The segments of a JPEG that stand behind its first one.
fn segments(prepared: &Prepared) -> Vec<u8> {
    const MOST: usize = 65_533;
    let mut bytes = Vec::new();
    let mut put = |marker: u8, data: &[u8]| {
        if let Ok(len) = u16::try_from(data.len() + 2) {
            bytes.extend([0xFF, marker]);
            bytes.extend(len.to_be_bytes());
            bytes.extend(data);
        }
    };
    if let Some(exif) = &prepared.exif {
        put(0xE1, &[&b"Exif\0\0"[..], exif].concat());
    }
    if let Some(packet) = &prepared.xmp {
        put(0xE1, &[&XMP_NAME[..], packet].concat());
        prepared.more_xmp.iter().flat_map(xmp::segments).for_each(|segment| put(0xE1, &segment));
    }
    if let Some(iptc) = &prepared.iptc {
        let len = iptc.len() as u32;
        let mut resource = [&PHOTOSHOP_NAME[..], b"8BIM\x04\x04\0\0", &len.to_be_bytes(), iptc].concat();
        resource.resize(resource.len() + iptc.len() % 2, 0);
        put(0xED, &resource);
    }
    if let Some((profile, _)) = &prepared.profile {
        const NAME: &[u8] = b"ICC_PROFILE\0";
        let parts: Vec<&[u8]> = profile.chunks(MOST - NAME.len() - 2).collect();
        if let Ok(count) = u8::try_from(parts.len()) {
            for (number, part) in (1..=count).zip(parts) {
                put(0xE2, &[NAME, &[number, count], part].concat());
            }
        }
    }
    for (keyword, text) in &prepared.texts {
        let text = if keyword == "Comment" { text.clone() } else { format!("{keyword}: {text}") };
        let mut end = text.len().min(MOST);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        put(0xFE, &text.as_bytes()[..end]);
    }
    bytes
}

/// A WebP with metadata around its picture, or around the chunks of its frames.
///
/// `picture` is the chunks of the pictures, `head` what stands before them (of an animation, how it is played).
pub(in crate::formats::picture) fn webp(
    prepared: &Prepared,
    size: (u32, u32),
    alpha: bool,
    head: &[u8],
    picture: &[u8],
) -> Vec<u8> {
    let mut flags = 0_u8;
    let mut body = Vec::new();
    let put = |body: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]| {
        body.extend(kind);
        body.extend((data.len() as u32).to_le_bytes());
        body.extend(data);
        body.resize(body.len().next_multiple_of(2), 0);
    };
    if let Some((profile, _)) = &prepared.profile {
        flags |= 0x20;
        put(&mut body, b"ICCP", profile);
    }
    body.extend(head);
    body.extend(picture);
    if let Some(exif) = &prepared.exif {
        flags |= 0x08;
        put(&mut body, b"EXIF", exif);
    }
    if let Some(xmp) = &prepared.xmp {
        flags |= 0x04;
        put(&mut body, b"XMP ", xmp);
    }
    flags |= if alpha { 0x10 } else { 0 } | if head.is_empty() { 0 } else { 0x02 };
    let side = |side: u32| side.saturating_sub(1).to_le_bytes();
    let ([w0, w1, w2, _], [h0, h1, h2, _]) = (side(size.0), side(size.1));
    let mut file = b"RIFF\0\0\0\0WEBP".to_vec();
    put(&mut file, b"VP8X", &[flags, 0, 0, 0, w0, w1, w2, h0, h1, h2]);
    file.extend(body);
    let len = (file.len() - 8) as u32;
    file[4..8].copy_from_slice(&len.to_le_bytes());
    file
}
