//! TIFF 6.0 in strips, little end first, packed as the options say.

use std::borrow::Cow;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::DynamicImage;

use super::encode::write_all;
use super::encode_few::Few;
use super::guard::zeroed;
use super::metadata::{Out, Part, Prepared, ifd_inner};
use crate::formats::options::TiffCompression;
use crate::formats::{Format, FormatError, PictureOptions};
use crate::tasks::Progress;

/// About how many bytes of pixels a strip holds, as the specification advises, but more: strips pack better when longer.
const STRIP: usize = 64 * 1024;

/// Rows of samples as they stand in the file before they are packed.
struct Rows<'a> {
    width: u32,
    height: u32,
    bits: u16,
    samples: u16,
    /// 1: black is zero; 2: RGB.
    photometric: u16,
    alpha: bool,
    float: bool,
    stride: usize,
    bytes: Cow<'a, [u8]>,
}

/// Writes `image`; `few` where it is to be black and white. A picture with a table of colours is written as the colours: few
/// programs read such tables in a TIFF.
pub(super) fn encode(
    image: &DynamicImage,
    few: Option<&Few>,
    options: &PictureOptions,
    prepared: &Prepared,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<(), FormatError> {
    // TIFF knows grey with alpha, its readers often do not.
    let wide = match image {
        DynamicImage::ImageLumaA8(_) => Some(DynamicImage::ImageRgba8(image.to_rgba8())),
        DynamicImage::ImageLumaA16(_) => Some(DynamicImage::ImageRgba16(image.to_rgba16())),
        _ => None,
    };
    let image = wide.as_ref().unwrap_or(image);
    let rows = match few {
        Some(few) if few.is_bilevel() => of_bits(few)?,
        _ => of_image(image)?,
    };
    let compression = options.tiff_compression;
    let predict = matches!(compression, TiffCompression::Lzw | TiffCompression::Deflate) && rows.bits >= 8 && !rows.float;
    let a_strip = (STRIP / rows.stride.max(1)).max(1);
    progress.set_total(u64::from(rows.height));
    progress.set_done(0);
    let mut strips = Vec::new();
    for strip in rows.bytes.chunks(rows.stride.max(1) * a_strip) {
        progress.check()?;
        let strip = if predict { Cow::Owned(differences(strip, &rows)) } else { Cow::Borrowed(strip) };
        strips.push(match compression {
            TiffCompression::None => strip,
            TiffCompression::PackBits => Cow::Owned(strip.chunks(rows.stride).flat_map(pack_bits).collect()),
            TiffCompression::Lzw => Cow::Owned(lzw(&strip)),
            TiffCompression::Deflate => Cow::Owned(deflate(&strip)?),
        });
        progress.advance(a_strip as u64);
    }
    let head = directory(&rows, &strips, a_strip as u32, compression, predict, prepared)?;
    write_all(&head, out, progress)?;
    strips.iter().try_for_each(|strip| write_all(strip, out, progress))
}

fn of_bits(few: &Few) -> Result<Rows<'static>, FormatError> {
    Ok(Rows {
        width: few.width,
        height: few.height,
        bits: 1,
        samples: 1,
        photometric: 1,
        alpha: false,
        float: false,
        stride: few.row_bytes(1),
        bytes: Cow::Owned(few.packed(1)?),
    })
}

fn of_image(image: &DynamicImage) -> Result<Rows<'_>, FormatError> {
    let color = image.color();
    let samples = color.channel_count();
    let size = color.bytes_per_pixel() / samples;
    let mut bytes = Cow::Borrowed(image.as_bytes());
    if size > 1 && cfg!(target_endian = "big") {
        let mut swapped = zeroed::<u8>(bytes.len())?;
        for (to, from) in swapped.chunks_mut(size.into()).zip(bytes.chunks(size.into())) {
            to.copy_from_slice(from);
            to.reverse();
        }
        bytes = Cow::Owned(swapped);
    }
    Ok(Rows {
        width: image.width(),
        height: image.height(),
        bits: u16::from(size) * 8,
        samples: samples.into(),
        photometric: if color.has_color() { 2 } else { 1 },
        alpha: color.has_alpha(),
        float: size == 4,
        stride: image.width() as usize * usize::from(color.bytes_per_pixel()),
        bytes,
    })
}

/// The header and the one directory, which stand before the strips.
fn directory(
    rows: &Rows<'_>,
    strips: &[Cow<'_, [u8]>],
    a_strip: u32,
    compression: TiffCompression,
    predict: bool,
    prepared: &Prepared,
) -> Result<Vec<u8>, FormatError> {
    const SHORT: u16 = 3;
    const LONG: u16 = 4;
    const RATIO: u16 = 5;
    let shorts = |values: &[u16]| (SHORT, values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>());
    let longs = |values: &[u32]| (LONG, values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>());
    // Thousandths say enough.
    let dots = |inch: Option<f64>| {
        let dots = inch.map_or([72, 1], |inch| [(inch * 1_000.0).round().clamp(0.0, 4e9) as u32, 1_000]);
        (RATIO, dots.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>())
    };
    let each = vec![rows.bits; rows.samples.into()];
    let number = match compression {
        TiffCompression::None => 1,
        TiffCompression::Lzw => 5,
        TiffCompression::Deflate => 8,
        TiffCompression::PackBits => 32_773,
    };
    let counts: Vec<u32> = strips.iter().map(|strip| strip.len() as u32).collect();
    let mut tags = vec![
        (256, longs(&[rows.width])),
        (257, longs(&[rows.height])),
        (258, shorts(&each)),
        (259, shorts(&[number])),
        (262, shorts(&[rows.photometric])),
        // The places of the strips are known when the directory's own length is.
        (273, longs(&vec![0; strips.len()])),
        (277, shorts(&[rows.samples])),
        (278, longs(&[a_strip.min(rows.height)])),
        (279, longs(&counts)),
        (282, dots(prepared.density.map(|density| density.x))),
        (283, dots(prepared.density.map(|density| density.y))),
        (284, shorts(&[1])),
        (296, shorts(&[2])),
    ];
    if predict {
        tags.push((317, shorts(&[2])));
    }
    if rows.alpha {
        // Not multiplied into the colours.
        tags.push((338, shorts(&[2])));
    }
    if rows.float {
        tags.push((339, shorts(&vec![3; rows.samples.into()])));
    }
    carried(prepared, &mut tags);
    let links = linked(prepared, 0).1;
    tags.extend(links);
    tags.sort_by_key(|(tag, _)| *tag);
    let outside: usize =
        tags.iter().map(|(_, (_, value))| if value.len() > 4 { value.len().next_multiple_of(2) } else { 0 }).sum();
    let head = 8 + 2 + tags.len() * 12 + 4;
    let (inner, links) = linked(prepared, (head + outside) as u32);
    for link in links {
        if let Some((_, value)) = tags.iter_mut().find(|(tag, _)| *tag == link.0) {
            *value = link.1;
        }
    }
    let outside = outside + inner.len();
    let total = (head + outside) as u64 + counts.iter().map(|count| u64::from(*count)).sum::<u64>();
    if total > u32::MAX.into() {
        let (what, limit) = (format!("the file would have {}", super::in_units(total)), "4 GiB, which a TIFF can have".into());
        return Err(FormatError::Limit { what, limit });
    }
    let mut places = Vec::with_capacity(counts.len());
    let mut at = (head + outside) as u32;
    for count in &counts {
        places.push(at);
        at += count;
    }
    if let Some((_, value)) = tags.iter_mut().find(|(tag, _)| *tag == 273) {
        *value = longs(&places);
    }
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    bytes.extend((tags.len() as u16).to_le_bytes());
    let mut values = Vec::new();
    for (tag, (kind, mut value)) in tags {
        let size = match kind {
            1 | 2 | 6 | 7 => 1,
            SHORT | 8 => 2,
            LONG | 9 | 11 => 4,
            _ => 8,
        };
        bytes.extend(u16::to_le_bytes(tag));
        bytes.extend(kind.to_le_bytes());
        bytes.extend(((value.len() / size) as u32).to_le_bytes());
        if value.len() > 4 {
            bytes.extend(((head + values.len()) as u32).to_le_bytes());
            value.resize(value.len().next_multiple_of(2), 0);
            values.extend(value);
        } else {
            value.resize(4, 0);
            bytes.extend(value);
        }
    }
    bytes.extend([0; 4]);
    bytes.extend(values);
    bytes.extend(inner);
    Ok(bytes)
}

/// A tag's number, and its value's type and bytes.
type Tag = (u16, (u16, Vec<u8>));

/// Adds what goes along to the picture's own directory, but for links to others. What the picture says itself counts.
fn carried(prepared: &Prepared, tags: &mut Vec<Tag>) {
    const UNDEFINED: u16 = 7;
    let own = prepared.parts.iter().filter(|(part, _)| *part == Part::Image).flat_map(|(_, outs)| outs);
    let mut more: Vec<Tag> = own.map(|out| (out.tag, (out.kind, out.value.clone()))).collect();
    more.extend(prepared.xmp.as_ref().map(|xmp| (700, (1, xmp.clone()))));
    more.extend(prepared.iptc.as_ref().map(|iptc| (33_723, (UNDEFINED, iptc.clone()))));
    more.extend(prepared.profile.as_ref().map(|(profile, _)| (34_675, (UNDEFINED, profile.clone()))));
    for tag in more {
        if tags.iter().all(|(number, _)| *number != tag.0) {
            tags.push(tag);
        }
    }
}

/// The directories of EXIF and GPS from `at` on, and the tags that lead to them.
fn linked(prepared: &Prepared, at: u32) -> (Vec<u8>, Vec<Tag>) {
    let (bytes, links) = ifd_inner(&prepared.parts, at);
    (bytes, links.into_iter().map(|Out { tag, kind, value, .. }| (tag, (kind, value))).collect())
}

/// Each sample as its difference from the one to its left: predictor 2, which packs better.
fn differences(strip: &[u8], rows: &Rows<'_>) -> Vec<u8> {
    let samples = usize::from(rows.samples);
    let mut out = Vec::with_capacity(strip.len());
    for row in strip.chunks(rows.stride) {
        if rows.bits == 8 {
            out.extend(
                row.iter().enumerate().map(|(at, value)| value.wrapping_sub(if at < samples { 0 } else { row[at - samples] })),
            );
        } else {
            let words = row.as_chunks::<2>().0;
            let word = |at: usize| u16::from_le_bytes(words[at]);
            let less = |at: usize| word(at).wrapping_sub(if at < samples { 0 } else { word(at - samples) });
            out.extend((0..words.len()).flat_map(|at| less(at).to_le_bytes()));
        }
    }
    out
}

fn deflate(bytes: &[u8]) -> Result<Vec<u8>, FormatError> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .map_err(|error| FormatError::Unsupported { format: Format::Tiff, what: format!("packing these pixels ({error})") })
}

/// Runs of 2 to 128 alike as a count and the byte; what lies between as it is, behind its count.
fn pack_bits(row: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let run = |at: usize| row[at..].iter().take(128).take_while(|byte| **byte == row[at]).count();
    let mut at = 0;
    while at < row.len() {
        let alike = run(at);
        if alike >= 3 {
            out.extend([(257 - alike) as u8, row[at]]);
            at += alike;
            continue;
        }
        let start = at;
        while at < row.len() && at - start < 128 && run(at) < 3 {
            at += 1;
        }
        out.push((at - start - 1) as u8);
        out.extend(&row[start..at]);
    }
    out
}

const CLEAR: u32 = 256;
const END: u32 = 257;
/// The code at which the table is thrown away: the readers' codes stay within 12 bits.
const FULL: u32 = 4_094;

/// LZW as TIFF has it: high bits first. The reader's table is one string behind, so its codes grow one string early.
fn lzw(bytes: &[u8]) -> Vec<u8> {
    let mut bits = Bits::default();
    let mut table = Strings::new();
    bits.put(CLEAR, 9);
    let (mut next, mut width) = (END + 1, 9);
    let mut rest = bytes.iter();
    let Some(first) = rest.next() else {
        bits.put(END, width);
        return bits.finish();
    };
    let mut prefix = u32::from(*first);
    for &byte in rest {
        if let Some(known) = table.find(prefix, byte) {
            prefix = known;
            continue;
        }
        bits.put(prefix, width);
        table.add(prefix, byte, next);
        next += 1;
        if next == FULL {
            bits.put(CLEAR, width);
            table.clear();
            (next, width) = (END + 1, 9);
        } else if next == 1 << width {
            width += 1;
        }
        prefix = byte.into();
    }
    bits.put(prefix, width);
    // The reader adds a string for that code too, and its codes may become longer by it.
    if next + 1 == FULL {
        bits.put(CLEAR, width);
        width = 9;
    } else if next + 1 == 1 << width {
        width += 1;
    }
    bits.put(END, width);
    bits.finish()
}

#[derive(Default)]
struct Bits {
    out: Vec<u8>,
    waiting: u32,
    count: u32,
}

impl Bits {
    fn put(&mut self, code: u32, width: u32) {
        self.waiting = self.waiting << width | code;
        self.count += width;
        while self.count >= 8 {
            self.count -= 8;
            self.out.push((self.waiting >> self.count) as u8);
        }
        self.waiting &= (1 << self.count) - 1;
    }

    fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            self.out.push((self.waiting << (8 - self.count)) as u8);
        }
        self.out
    }
}

/// Strings by the code of all but their last byte, and that byte.
struct Strings(Vec<u64>);

impl Strings {
    const SIZE: usize = 1 << 14;

    fn new() -> Self {
        Self(vec![0; Self::SIZE])
    }

    fn clear(&mut self) {
        self.0.fill(0);
    }

    /// Where the key is, or where it would be put. A quarter of the places is taken at most, so there always is one.
    fn place(&self, prefix: u32, byte: u8) -> (usize, u64) {
        // Never 0: that marks a free place.
        let key = u64::from(prefix << 8 | u32::from(byte)) + 1;
        let mut at = (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 50) as usize;
        while self.0[at] != 0 && self.0[at] >> 16 != key {
            at = (at + 1) % Self::SIZE;
        }
        (at, key)
    }

    fn find(&self, prefix: u32, byte: u8) -> Option<u32> {
        let (at, _) = self.place(prefix, byte);
        (self.0[at] != 0).then_some((self.0[at] & 0xFFFF) as u32)
    }

    fn add(&mut self, prefix: u32, byte: u8, code: u32) {
        let (at, key) = self.place(prefix, byte);
        self.0[at] = key << 16 | u64::from(code);
    }
}
