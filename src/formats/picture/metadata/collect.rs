//! The containers: where each keeps its metadata. Every walk is bounded, and stops at a file's end without complaint.

use super::blocks::{Block, Blocks, Density, MAX_BLOCK, MAX_TEXT, guessed, inflated, latin1};
use super::ifd::{Part, Tree};
use super::xmp::{MORE_XMP_NAME, Segments};
use super::{gif, sniff};
use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::formats::picture::probe::{u16_be, u16_le, u32_be, u32_le};
use crate::formats::{Format, FormatError};

/// Parts of a container that are looked at.
const MAX_PARTS: u32 = 16_384;
/// The start of XMP in a JPEG, with the zero behind it.
pub(in crate::formats::picture) const XMP_NAME: &[u8; 29] = b"http://ns.adobe.com/xap/1.0/\0";
/// The start of what Photoshop keeps in a JPEG.
pub(in crate::formats::picture) const PHOTOSHOP_NAME: &[u8; 14] = b"Photoshop 3.0\0";
/// The keyword of XMP in a PNG.
pub(in crate::formats::picture) const XMP_KEYWORD: &str = "XML:com.adobe.xmp";

/// The metadata of `input`, which is a `format`.
pub(in crate::formats::picture) fn collect(input: &Buffer, format: Format) -> Result<Blocks, FormatError> {
    let file = File { input, blocks: Blocks::default() };
    let blocks = match format {
        Format::Png => file.png()?,
        Format::Jpeg => file.jpeg()?,
        Format::WebP => file.webp()?,
        Format::Tiff => file.tiff()?,
        Format::Gif => gif::collect(input)?,
        Format::Bmp => file.bmp()?,
        Format::Jxl => file.jxl()?,
        Format::Qoi => file.qoi()?,
        Format::Pnm | Format::Hdr => file.head_lines(format)?,
        _ => file.blocks,
    };
    Ok(blocks.finish())
}

struct File<'a> {
    input: &'a Buffer,
    blocks: Blocks,
}

impl File<'_> {
    fn get<const N: usize>(&self, at: u64) -> Result<Option<[u8; N]>, FormatError> {
        let mut bytes = [0; N];
        let read = self.input.read_at(Offset(at), &mut bytes)?;
        Ok((read == N).then_some(bytes))
    }

    /// At most `most` of the `len` bytes at `at`.
    fn bytes(&self, at: u64, len: u64, most: u64) -> Result<Vec<u8>, FormatError> {
        let range = ByteRange::new(Offset(at), Len(len.min(most)));
        Ok(self.input.to_vec(range.clamp_to(self.input.len()))?)
    }

    fn png(mut self) -> Result<Blocks, FormatError> {
        let mut at = 8;
        for _ in 0..MAX_PARTS {
            let Some(chunk) = self.get::<8>(at)? else { break };
            let (len, data) = (u64::from(u32_be(&chunk)), at + 8);
            let range = ByteRange::new(Offset(data), Len(len));
            let kind = [chunk[4], chunk[5], chunk[6], chunk[7]];
            if matches!(&kind, b"gAMA" | b"cHRM" | b"sRGB" | b"cICP") && len <= 64 {
                self.blocks.color_chunks.push((kind, self.bytes(data, len, 64)?));
            }
            match &kind {
                b"IEND" => break,
                b"eXIf" => self.blocks.exif(self.input, data, len)?,
                b"iCCP" if self.blocks.icc.is_none() => {
                    if let Some(block) = self.blocks.block(self.input, range, "colour profile")? {
                        self.png_profile(&block);
                    }
                }
                b"tEXt" | b"zTXt" | b"iTXt" => {
                    if len > MAX_TEXT {
                        self.blocks.notice(format!("a text of {len} bytes is not read"));
                    } else {
                        let bytes = self.bytes(data, len, MAX_TEXT)?;
                        match png_text(&kind, &bytes) {
                            Ok((keyword, text)) if keyword == XMP_KEYWORD => {
                                self.blocks.xmp = Some(Block { bytes: text.into_bytes(), range: Some(range) });
                            }
                            Ok((keyword, text)) => self.blocks.text(&keyword, text, range),
                            Err(what) => self.blocks.notice(what),
                        }
                    }
                }
                b"pHYs" => {
                    if let Some(bytes) = self.get::<9>(data)? {
                        let (x, y) = (f64::from(u32_be(&bytes)), f64::from(u32_be(&bytes[4..])));
                        let inch = bytes[8] == 1;
                        let scale = if inch { 0.0254 } else { 1.0 };
                        self.blocks.density = Some(Density { x: x * scale, y: y * scale, inch, range: Some(range) });
                    }
                }
                b"acTL" => {
                    if let Some(bytes) = self.get::<8>(data)? {
                        let loops = u32_be(&bytes[4..]);
                        self.blocks.loops = Some(loops);
                        self.blocks.facts.push(("Loops", loops_in_words(loops), Some(ByteRange::new(Offset(data + 4), Len(4)))));
                    }
                }
                b"gAMA" => {
                    if let Some(bytes) = self.get::<4>(data)? {
                        let gamma = f64::from(u32_be(&bytes)) / 100_000.0;
                        self.blocks.facts.push(("Gamma", format!("{gamma:.5}"), Some(range)));
                    }
                }
                b"sRGB" => {
                    let intents = ["perceptual", "relative colorimetric", "saturation", "absolute colorimetric"];
                    let intent = self.get::<1>(data)?.and_then(|[intent]| intents.get(usize::from(intent))).copied();
                    self.blocks.facts.push(("sRGB", intent.unwrap_or("unknown intent").into(), Some(range)));
                }
                b"cHRM" => {
                    if let Some(bytes) = self.get::<32>(data)? {
                        let values: Vec<f64> = bytes.chunks(4).map(|four| f64::from(u32_be(four)) / 100_000.0).collect();
                        let words = ["white", "red", "green", "blue"].iter().zip(values.chunks(2));
                        let words = words.map(|(name, xy)| format!("{name} {} {}", xy[0], xy[1])).collect::<Vec<_>>();
                        self.blocks.facts.push(("Chromaticities", words.join(", "), Some(range)));
                    }
                }
                b"cICP" => {
                    if let Some([primaries, transfer, matrix, full]) = self.get::<4>(data)? {
                        let full = if full == 0 { "narrow" } else { "full" };
                        let words = format!("primaries {primaries}, transfer {transfer}, matrix {matrix}, {full} range");
                        self.blocks.facts.push(("Coding-independent code points", words, Some(range)));
                    }
                }
                b"tIME" => {
                    if let Some([y0, y1, month, day, hour, minute, second]) = self.get::<7>(data)? {
                        let year = u16_be(&[y0, y1]);
                        let words = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC");
                        self.blocks.facts.push(("Last changed", words, Some(range)));
                    }
                }
                _ => {}
            }
            at = data + len + 4;
        }
        Ok(self.blocks)
    }

    fn png_profile(&mut self, block: &Block) {
        // A name, a zero, the method, and the packed profile.
        let Some(end) = block.bytes.iter().position(|byte| *byte == 0) else { return };
        match inflated(block.bytes.get(end + 2..).unwrap_or_default(), MAX_BLOCK, "the colour profile") {
            Ok(bytes) => self.blocks.icc = Some(Block { bytes, range: block.range }),
            Err(what) => self.blocks.notice(what),
        }
    }

    fn jpeg(mut self) -> Result<Blocks, FormatError> {
        let mut at = 2;
        let mut profile: Vec<(u8, Vec<u8>)> = Vec::new();
        let (mut profile_at, mut profile_len) = (None, 0);
        let mut more_xmp = Segments::default();
        for _ in 0..MAX_PARTS {
            let Some(head) = self.get::<4>(at)? else { break };
            if head[0] != 0xFF || matches!(head[1], 0x00 | 0xFF) {
                at += 1;
                continue;
            }
            if matches!(head[1], 0x01 | 0xD0..=0xD8) {
                at += 2;
                continue;
            }
            if matches!(head[1], 0xDA | 0xD9) {
                break;
            }
            let len = u64::from(u16_be(&head[2..])).saturating_sub(2);
            let data = at + 4;
            let range = ByteRange::new(Offset(data), Len(len));
            match head[1] {
                0xE0 => {
                    if let Some(jfif) = self.get::<14>(data)?.filter(|bytes| bytes.starts_with(b"JFIF\0")) {
                        self.jfif(&jfif, ByteRange::new(Offset(data + 7), Len(5)));
                    }
                }
                0xE1 if sniff(self.input, data, b"Exif\0")? && len > 6 => self.blocks.exif(self.input, data + 6, len - 6)?,
                0xE1 if sniff(self.input, data, XMP_NAME)? && self.blocks.xmp.is_none() => {
                    let skip = XMP_NAME.len() as u64;
                    let range = ByteRange::new(Offset(data + skip), Len(len.saturating_sub(skip)));
                    self.blocks.xmp = self.blocks.block(self.input, range, "XMP")?;
                }
                0xE1 if sniff(self.input, data, MORE_XMP_NAME)? => more_xmp.push(self.input, data, len)?,
                0xE2 if sniff(self.input, data, b"ICC_PROFILE\0")? && len > 14 => {
                    profile_len += len;
                    if profile_len <= MAX_BLOCK {
                        let bytes = self.bytes(data, len, len)?;
                        if let Some([number, _]) = bytes.get(12..14) {
                            profile_at = profile_at.or(Some(range));
                            profile.push((*number, bytes[14..].to_vec()));
                        }
                    }
                }
                0xED if sniff(self.input, data, PHOTOSHOP_NAME)? => {
                    let skip = PHOTOSHOP_NAME.len() as u64;
                    let bytes = self.bytes(data + skip, len.saturating_sub(skip), 64 << 10)?;
                    if let Some((start, iptc)) = iptc_resource(&bytes) {
                        let range = ByteRange::new(Offset(data + skip + start as u64), Len(iptc.len() as u64));
                        self.blocks.iptc = Some(Block { bytes: iptc.to_vec(), range: Some(range) });
                    }
                }
                0xFE => {
                    let bytes = self.bytes(data, len, MAX_TEXT)?;
                    self.blocks.text("", guessed(bytes.strip_suffix(&[0]).unwrap_or(&bytes)), range);
                }
                _ => {}
            }
            at = data + len;
        }
        (self.blocks.more_xmp, self.blocks.lost_xmp) = more_xmp.extension(self.blocks.xmp.as_ref(), self.input)?;
        if !profile.is_empty() {
            profile.sort_by_key(|(number, _)| *number);
            let bytes = profile.into_iter().flat_map(|(_, bytes)| bytes).collect();
            self.blocks.icc = Some(Block { bytes, range: profile_at });
        }
        Ok(self.blocks)
    }

    fn jfif(&mut self, jfif: &[u8; 14], range: ByteRange) {
        let (x, y) = (f64::from(u16_be(&jfif[8..])), f64::from(u16_be(&jfif[10..])));
        let scale = if jfif[7] == 2 { 2.54 } else { 1.0 };
        // One by one of nothing is what is written where nobody knows.
        if x > 0.0 && y > 0.0 && !(jfif[7] == 0 && x == y) {
            self.blocks.density = Some(Density { x: x * scale, y: y * scale, inch: jfif[7] != 0, range: Some(range) });
        }
    }

    fn webp(mut self) -> Result<Blocks, FormatError> {
        let mut at = 12;
        for _ in 0..MAX_PARTS {
            let Some(chunk) = self.get::<8>(at)? else { break };
            let (len, data) = (u64::from(u32_le(&chunk[4..])), at + 8);
            let range = ByteRange::new(Offset(data), Len(len));
            match &chunk[..4] {
                b"ICCP" => self.blocks.icc = self.blocks.block(self.input, range, "colour profile")?,
                b"XMP " => self.blocks.xmp = self.blocks.block(self.input, range, "XMP")?,
                b"EXIF" => {
                    // Some writers keep JPEG's prefix.
                    let prefix = if sniff(self.input, data, b"Exif\0\0")? { 6 } else { 0 };
                    self.blocks.exif(self.input, data + prefix, len.saturating_sub(prefix))?;
                }
                b"ANIM" => {
                    if let Some([b, g, r, a, l0, l1]) = self.get::<6>(data)? {
                        let loops = u16_le(&[l0, l1]);
                        self.blocks.loops = Some(loops.into());
                        self.blocks.facts.push(("Background", format!("#{r:02X}{g:02X}{b:02X}{a:02X}"), Some(range)));
                        self.blocks.facts.push(("Loops", loops_in_words(loops.into()), Some(range)));
                    }
                }
                _ => {}
            }
            at = data + len + len % 2;
        }
        Ok(self.blocks)
    }

    fn tiff(mut self) -> Result<Blocks, FormatError> {
        let Some(tree) = Tree::read(self.input, false)? else { return Ok(self.blocks) };
        let at = |tag: u16| tree.field(Part::Image, tag).map(|field| ByteRange::new(Offset(field.at), Len(field.len)));
        for (tag, name) in [(700, "XMP"), (33_723, "IPTC"), (34_675, "colour profile")] {
            let Some(range) = at(tag) else { continue };
            let block = self.blocks.block(self.input, range, name)?;
            match tag {
                700 => self.blocks.xmp = block,
                33_723 => self.blocks.iptc = block,
                _ => self.blocks.icc = block,
            }
        }
        let side = |tag: u16| tree.field(Part::Image, tag).map_or(Ok(None), |field| tree.fraction(field));
        if let (Some(x), Some(y)) = (side(282)?, side(283)?) {
            let unit = tree.image_number(296)?.unwrap_or(2);
            let scale = if unit == 3 { 2.54 } else { 1.0 };
            if x > 0.0 && y > 0.0 {
                self.blocks.density = Some(Density { x: x * scale, y: y * scale, inch: unit != 1, range: at(282) });
            }
        }
        self.blocks.exif = Some((tree, 0));
        Ok(self.blocks)
    }

    fn bmp(mut self) -> Result<Blocks, FormatError> {
        let Some(info) = self.get::<40>(14)? else { return Ok(self.blocks) };
        let size = u32_le(&info);
        let (x, y) = (u32_le(&info[24..]), u32_le(&info[28..]));
        if size >= 40 && x > 0 && y > 0 {
            let range = Some(ByteRange::new(Offset(38), Len(8)));
            self.blocks.density = Some(Density { x: f64::from(x) * 0.0254, y: f64::from(y) * 0.0254, inch: true, range });
        }
        if size >= 124 && self.get::<4>(14 + 56)? == Some(*b"DEBM") {
            let place = self.get::<8>(14 + 112)?.unwrap_or_default();
            let (at, len) = (14 + u64::from(u32_le(&place)), u64::from(u32_le(&place[4..])));
            if len > 0 {
                self.blocks.icc = self.blocks.block(self.input, ByteRange::new(Offset(at), Len(len)), "colour profile")?;
            }
        }
        Ok(self.blocks)
    }

    /// The boxes of a JPEG XL; one without them has no metadata of this kind.
    fn jxl(mut self) -> Result<Blocks, FormatError> {
        if !sniff(self.input, 0, b"\0\0\0\x0CJXL ")? {
            return Ok(self.blocks);
        }
        let mut at = 0_u64;
        for _ in 0..MAX_PARTS {
            let Some(head) = self.get::<8>(at)? else { break };
            let (data, len) = match u32_be(&head) {
                1 => {
                    let Some(long) = self.get::<8>(at + 8)? else { break };
                    (at + 16, (u64::from(u32_be(&long)) << 32 | u64::from(u32_be(&long[4..]))).saturating_sub(16))
                }
                0 => (at + 8, self.input.len().get().saturating_sub(at + 8)),
                len => (at + 8, u64::from(len).saturating_sub(8)),
            };
            let range = ByteRange::new(Offset(data), Len(len));
            match &head[4..] {
                // Four bytes say how far behind them the block begins.
                b"Exif" => {
                    let skip = self.get::<4>(data)?.map_or(0, |skip| u64::from(u32_be(&skip))) + 4;
                    self.blocks.exif(self.input, data.saturating_add(skip), len.saturating_sub(skip))?;
                }
                b"xml " => self.blocks.xmp = self.blocks.block(self.input, range, "XMP")?,
                b"brob" => self.blocks.notice("metadata packed with Brotli is not read"),
                _ => {}
            }
            let Some(next) = data.checked_add(len) else { break };
            at = next;
        }
        Ok(self.blocks)
    }

    fn qoi(mut self) -> Result<Blocks, FormatError> {
        if let Some([space]) = self.get::<1>(13)? {
            let words = if space == 0 { "sRGB, alpha linear" } else { "all channels linear" };
            self.blocks.facts.push(("Colour space", words.into(), Some(ByteRange::new(Offset(13), Len(1)))));
        }
        Ok(self.blocks)
    }

    /// Comments of Netpbm, and Radiance's lines before the size.
    fn head_lines(mut self, format: Format) -> Result<Blocks, FormatError> {
        let bytes = self.bytes(0, 64 << 10, 64 << 10)?;
        let mut at = 0_u64;
        let mut words = 0;
        for line in bytes.split(|byte| *byte == b'\n') {
            let range = ByteRange::new(Offset(at), Len(line.len() as u64));
            at += line.len() as u64 + 1;
            if format == Format::Hdr {
                match line.split_first() {
                    None => break,
                    Some((b'#', rest)) if !rest.starts_with(b"?") => self.blocks.text("", guessed(rest.trim_ascii()), range),
                    Some(_) => {
                        let text = guessed(line);
                        if let Some((name, value)) = text.split_once('=') {
                            self.blocks.text(name.trim(), value.trim().to_owned(), range);
                        }
                    }
                }
                continue;
            }
            let mut parts = line.splitn(2, |byte| *byte == b'#');
            words += parts.next().unwrap_or_default().split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).count();
            if let Some(comment) = parts.next() {
                self.blocks.text("", guessed(comment.trim_ascii()), range);
            }
            // After the numbers of the header come pixels; in a PAM they come after the line that says so.
            let pam = bytes.starts_with(b"P7");
            if (!pam && words >= if matches!(bytes.get(1), Some(b'1' | b'4')) { 3 } else { 4 }) || (pam && line == b"ENDHDR") {
                break;
            }
        }
        Ok(self.blocks)
    }
}

/// How often an animation is played.
pub(super) fn loops_in_words(loops: u32) -> String {
    match loops {
        0 => "forever".into(),
        1 => "once".into(),
        loops => format!("{loops} times"),
    }
}

/// Keyword and text of a PNG's text chunk.
fn png_text(kind: &[u8; 4], bytes: &[u8]) -> Result<(String, String), String> {
    let end = bytes.iter().position(|byte| *byte == 0).ok_or("a text without a keyword is not read")?;
    let keyword = latin1(&bytes[..end]);
    let rest = &bytes[end + 1..];
    let named = |keyword: &str| format!("the text {keyword:?}");
    match kind {
        b"tEXt" => Ok((keyword, latin1(rest))),
        b"zTXt" => {
            let text = inflated(rest.get(1..).unwrap_or_default(), MAX_TEXT, &named(&keyword))?;
            Ok((keyword, latin1(&text)))
        }
        _ => {
            // Whether it is packed, how, the language, the keyword in it, and the text in UTF-8.
            let packed = rest.first() == Some(&1);
            let mut parts = rest.get(2..).unwrap_or_default().splitn(3, |byte| *byte == 0);
            let text = parts.nth(2).ok_or_else(|| format!("{} is damaged and is not read", named(&keyword)))?;
            let text = if packed { inflated(text, MAX_TEXT, &named(&keyword))? } else { text.to_vec() };
            Ok((keyword, String::from_utf8_lossy(&text).into_owned()))
        }
    }
}

/// IPTC's part of what Photoshop keeps, and where it begins.
fn iptc_resource(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut at = 0;
    while bytes.get(at..at + 4)? == b"8BIM" {
        let number = u16_be(bytes.get(at + 4..at + 6)?);
        // A name with its length before it, on even bytes together.
        let name = (usize::from(*bytes.get(at + 6)?) + 1).next_multiple_of(2);
        let size_at = at + 6 + name;
        let len = u32_be(bytes.get(size_at..size_at + 4)?) as usize;
        let data = size_at + 4;
        if number == 0x0404 {
            return Some((data, bytes.get(data..data.checked_add(len)?)?));
        }
        at = data.checked_add(len)?.next_multiple_of(2);
    }
    None
}
