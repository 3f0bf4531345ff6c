//! TIFF and BigTIFF: the first directory, and how many follow.

use super::{Header, Stored, u16_be, u16_le, u32_be, u32_le};
use crate::buffer::{Buffer, Offset};
use crate::formats::FormatError;
use crate::formats::picture::ColorModel;
use crate::formats::picture::metadata::{Part, Tree};

/// Pages counted before the answer is "many", that is `None`.
const MAX_PAGES: u32 = 4_096;
/// Entries of one directory; writers stay below a hundred.
const MAX_ENTRIES: u64 = 1_024;

const WIDTH: u16 = 256;
const HEIGHT: u16 = 257;
const BITS: u16 = 258;
const PHOTOMETRIC: u16 = 262;
const ORIENTATION: u16 = 274;
const SAMPLES: u16 = 277;
const EXTRA_SAMPLES: u16 = 338;
const SAMPLE_FORMAT: u16 = 339;
const XMP: u16 = 700;
const IPTC: u16 = 33_723;
const EXIF: u16 = 34_665;
const ICC: u16 = 34_675;

/// Byte order, and whether offsets have eight bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::formats::picture) struct Order {
    pub(in crate::formats::picture) big_endian: bool,
    pub(in crate::formats::picture) big_tiff: bool,
}

impl Order {
    pub(in crate::formats::picture) fn u16(self, bytes: &[u8]) -> u16 {
        if self.big_endian { u16_be(bytes) } else { u16_le(bytes) }
    }

    pub(in crate::formats::picture) fn u32(self, bytes: &[u8]) -> u32 {
        if self.big_endian { u32_be(bytes) } else { u32_le(bytes) }
    }

    pub(in crate::formats::picture) fn u64(self, bytes: &[u8]) -> u64 {
        let (first, second) = (u64::from(self.u32(bytes)), u64::from(self.u32(&bytes[4..])));
        if self.big_endian { first << 32 | second } else { second << 32 | first }
    }

    pub(in crate::formats::picture) fn offset(self, bytes: &[u8]) -> u64 {
        if self.big_tiff { self.u64(bytes) } else { u64::from(self.u32(bytes)) }
    }

    /// Byte order and offset of the first directory, or `None` where it is no TIFF.
    pub(in crate::formats::picture) fn start(input: &Buffer) -> Result<Option<(Self, u64)>, FormatError> {
        let mut head = [0; 16];
        let read = input.read_at(Offset::ZERO, &mut head)?;
        let (big_endian, big_tiff) = match &head[..4] {
            b"II*\0" => (false, false),
            b"MM\0*" => (true, false),
            b"II+\0" => (false, true),
            b"MM\0+" => (true, true),
            _ => return Ok(None),
        };
        let order = Self { big_endian, big_tiff };
        let first = if big_tiff { &head[8..] } else { &head[4..8] };
        let needed = if big_tiff { 16 } else { 8 };
        Ok((read >= needed).then(|| (order, order.offset(first))))
    }

    /// Bytes of the entry count, of one entry, and of an offset.
    pub(in crate::formats::picture) fn sizes(self) -> (u64, u64, u64) {
        if self.big_tiff { (8, 20, 8) } else { (2, 12, 4) }
    }
}

/// The tags of one directory with their first value; values of other types than SHORT and LONG count as 0.
pub(super) struct Directory {
    tags: Vec<(u16, u64)>,
    next: u64,
}

impl Directory {
    /// The directory at `at`, or `None` where the file ends inside it.
    pub(super) fn read(input: &Buffer, order: Order, at: u64) -> Result<Option<Self>, FormatError> {
        let (count_len, entry_len, offset_len) = order.sizes();
        let mut bytes = [0; 20];
        let mut get = |at: u64, len: u64| -> Result<Option<[u8; 20]>, FormatError> {
            let out = &mut bytes[..len as usize];
            let read = input.read_at(Offset(at), out)?;
            Ok((read as u64 == len).then_some(bytes))
        };
        let Some(count) = get(at, count_len)? else { return Ok(None) };
        let count = if order.big_tiff { order.u64(&count) } else { u64::from(order.u16(&count)) };
        let mut tags = Vec::new();
        for index in 0..count.min(MAX_ENTRIES) {
            let entry_at = at.saturating_add(count_len + index * entry_len);
            let Some(entry) = get(entry_at, entry_len)? else { return Ok(None) };
            let (tag, kind) = (order.u16(&entry), order.u16(&entry[2..]));
            let values = if order.big_tiff { order.u64(&entry[4..]) } else { u64::from(order.u32(&entry[4..])) };
            let inline = &entry[entry_len as usize - offset_len as usize..];
            let size = match kind {
                3 => 2,
                4 => 4,
                _ => 0,
            };
            let value = if size == 0 {
                0
            } else if values.saturating_mul(size) <= offset_len {
                scalar(order, kind, inline)
            } else {
                get(order.offset(inline), size)?.map_or(0, |outside| scalar(order, kind, &outside))
            };
            tags.push((tag, value));
        }
        let next_at = at.saturating_add(count_len).saturating_add(count.saturating_mul(entry_len));
        let next = get(next_at, offset_len)?.map_or(0, |next| order.offset(&next));
        Ok(Some(Self { tags, next }))
    }

    fn tag(&self, tag: u16) -> Option<u64> {
        self.tags.iter().find(|(found, _)| *found == tag).map(|(_, value)| *value)
    }

    pub(super) fn orientation(&self) -> u8 {
        self.tag(ORIENTATION).and_then(|value| u8::try_from(value).ok()).filter(|value| (1..=8).contains(value)).unwrap_or(1)
    }
}

fn scalar(order: Order, kind: u16, bytes: &[u8]) -> u64 {
    if kind == 3 { u64::from(order.u16(bytes)) } else { u64::from(order.u32(bytes)) }
}

pub(super) fn probe(header: &Header<'_>) -> Result<Stored, FormatError> {
    let (order, first) = Order::start(header.input)?
        .ok_or_else(|| header.malformed("it does not start with a TIFF byte order mark and version", Some(0)))?;
    let directory = Directory::read(header.input, order, first)?
        .ok_or_else(|| header.malformed("the first directory lies outside the file", Some(first)))?;
    let side = |tag, name: &str| {
        directory
            .tag(tag)
            .and_then(|value| u32::try_from(value).ok())
            .ok_or_else(|| header.malformed(format!("the {name} is missing"), Some(first)))
    };
    let (width, height) = (side(WIDTH, "width")?, side(HEIGHT, "height")?);
    let model = match directory.tag(PHOTOMETRIC) {
        Some(0 | 1 | 4) => ColorModel::Grey,
        Some(3) => ColorModel::Palette,
        Some(5) => ColorModel::Cmyk,
        _ => ColorModel::Rgb,
    };
    let colors = match model {
        ColorModel::Grey | ColorModel::Palette => 1,
        ColorModel::Rgb => 3,
        ColorModel::Cmyk => 4,
    };
    let samples = directory.tag(SAMPLES).unwrap_or(1);
    // Writers often leave out what the further channel is; readers take it for alpha. That of CMYK is dropped.
    let said = match directory.tag(EXTRA_SAMPLES) {
        Some(0) if samples > colors + 1 => {
            let tree = Tree::read(header.input, false)?;
            let listed = |tree: &Tree| tree.field(Part::Image, EXTRA_SAMPLES).map(|field| tree.numbers(field, 64)).transpose();
            tree.as_ref().map(listed).transpose()?.flatten().is_some_and(|kinds| kinds.iter().any(|kind| matches!(kind, 1 | 2)))
        }
        Some(0) => false,
        _ => true,
    };
    let alpha = samples > colors && model != ColorModel::Cmyk && said;
    let bits = directory.tag(BITS).map_or(1, |bits| u8::try_from(bits).unwrap_or(u8::MAX));
    let mut stored = Stored::new(width, height, model, alpha, bits);
    stored.float = directory.tag(SAMPLE_FORMAT) == Some(3);
    stored.orientation = directory.orientation();
    for (tag, name) in [(EXIF, "EXIF"), (ICC, "ICC profile"), (XMP, "XMP"), (IPTC, "IPTC")] {
        if directory.tag(tag).is_some() {
            stored.note(name);
        }
    }
    stored.frames = pages(header.input, order, directory.next)?;
    Ok(stored)
}

/// Follows the chain of directories; a chain that never ends (it may point back) is not counted.
fn pages(input: &Buffer, order: Order, mut next: u64) -> Result<Option<u32>, FormatError> {
    let (count_len, entry_len, offset_len) = order.sizes();
    let mut pages = 1;
    while next != 0 {
        pages += 1;
        if pages > MAX_PAGES {
            return Ok(None);
        }
        let mut bytes = [0; 8];
        if input.read_at(Offset(next), &mut bytes[..count_len as usize])? as u64 != count_len {
            return Ok(Some(pages - 1));
        }
        let count = if order.big_tiff { order.u64(&bytes) } else { u64::from(order.u16(&bytes)) };
        let link = next.saturating_add(count_len).saturating_add(count.saturating_mul(entry_len));
        let read = input.read_at(Offset(link), &mut bytes[..offset_len as usize])?;
        next = if read as u64 == offset_len { order.offset(&bytes) } else { 0 };
    }
    Ok(Some(pages))
}
