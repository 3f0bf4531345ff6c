//! The headers, read for where the pixels stand.

use super::{ChannelPlace, Palette, PixelLayout, Place, Rows};
use crate::buffer::{Buffer, Offset};
use crate::formats::picture::metadata::{Part, Tree};
use crate::formats::picture::probe::{u16_le, u32_be, u32_le};
use crate::formats::{Format, FormatError};

/// Strips whose places are kept.
const MAX_STRIPS: u64 = 1 << 20;

/// Where the pixels of `input`, a picture of `format`, stand; `None` where they are compressed, in tiles or in planes, or where the
/// header makes no sense.
///
/// A file that ends early has the layout that its header promises.
///
/// # Errors
/// [`FormatError::Read`].
///
/// ```
/// use seektell::{buffer::{Buffer, Offset}, formats::{Format, picture}};
/// let file = Buffer::from(b"P6 2 1 255\n\x01\x02\x03\x0A\x0B\x0C");
/// let layout = picture::layout(&file, Format::Pnm)?.unwrap();
/// assert_eq!(layout.place_of(1, 0).unwrap().0.start, Offset(14));
/// assert_eq!(layout.pixel_at(15), Some((1, 0)));
/// assert_eq!(layout.read(&file, 1, 0)?, Some(vec![10, 11, 12]));
/// # Ok::<(), seektell::formats::FormatError>(())
/// ```
pub fn layout(input: &Buffer, format: Format) -> Result<Option<PixelLayout>, FormatError> {
    let layout = match format {
        Format::Bmp => bmp(input)?,
        Format::Pnm => pnm(input)?,
        Format::Tga => tga(input)?,
        Format::Farbfeld => farbfeld(input)?,
        Format::Tiff => tiff(input)?,
        Format::Dds => dds(input)?,
        _ => None,
    };
    Ok(layout.filter(|layout| layout.width > 0 && layout.height > 0))
}

fn head<const N: usize>(input: &Buffer, at: u64) -> Result<Option<[u8; N]>, FormatError> {
    let mut bytes = [0; N];
    let read = input.read_at(Offset(at), &mut bytes)?;
    Ok((read == N).then_some(bytes))
}

/// Channels of `len` bytes each, one after the other.
fn in_bytes(letters: &str, len: u8, big_endian: bool, float: bool) -> Vec<ChannelPlace> {
    let place = |(index, letter)| {
        let offset = index as u8 * len;
        ChannelPlace { letter, place: Place::Bytes { offset, len, big_endian, float } }
    };
    letters.chars().enumerate().map(place).collect()
}

/// Channels by their masks; those of nothing are left out.
fn by_masks(masks: &[(char, u32)]) -> Vec<ChannelPlace> {
    let place = |(letter, mask): &(char, u32)| {
        let (shift, bits) = (mask.trailing_zeros() as u8, mask.count_ones() as u8);
        (*mask != 0).then_some(ChannelPlace { letter: *letter, place: Place::Bits { shift, bits } })
    };
    masks.iter().filter_map(place).collect()
}

/// A layout that is stored upright from `first` on, each row on bytes of its own.
fn upright(width: u32, height: u32, first: u64, bits: u32, channels: Vec<ChannelPlace>) -> PixelLayout {
    PixelLayout {
        width,
        height,
        orientation: 1,
        rows: Rows::Even { first },
        stride: (u64::from(width) * u64::from(bits)).div_ceil(8),
        bits,
        channels,
        palette: None,
        most: None,
        inverted: false,
    }
}

fn bmp(input: &Buffer) -> Result<Option<PixelLayout>, FormatError> {
    let Some(start) = head::<18>(input, 0)? else { return Ok(None) };
    if start[..2] != *b"BM" {
        return Ok(None);
    }
    let (first, size) = (u64::from(u32_le(&start[10..])), u32_le(&start[14..]));
    let (width, height, bits, compression, used) = if size == 12 {
        let Some(core) = head::<8>(input, 18)? else { return Ok(None) };
        (u32::from(u16_le(&core)), i64::from(u16_le(&core[2..])), u16_le(&core[6..]), 0, 0)
    } else {
        let Some(info) = head::<36>(input, 18)? else { return Ok(None) };
        let height = i64::from(u32_le(&info[4..]).cast_signed());
        (u32_le(&info), height, u16_le(&info[10..]), u32_le(&info[12..]), u32_le(&info[28..]))
    };
    let masks = || -> Result<Option<Vec<ChannelPlace>>, FormatError> {
        let Some(masks) = head::<16>(input, 54)? else { return Ok(None) };
        let mask = |at: usize| u32_le(&masks[at * 4..]);
        let alpha = if size >= 56 || compression == 6 { mask(3) } else { 0 };
        Ok(Some(by_masks(&[('R', mask(0)), ('G', mask(1)), ('B', mask(2)), ('A', alpha)])))
    };
    let mut palette = None;
    let channels = match (bits, compression) {
        (1 | 2 | 4 | 8, 0) => {
            let most = 1_u32 << bits;
            let (entry, count) = if size == 12 { (3, most) } else { (4, if used == 0 { most } else { used.min(most) }) };
            palette = Some(Palette { at: 14 + u64::from(size), entry, count, first: 0 });
            let place =
                if bits == 8 { Place::Bytes { offset: 0, len: 1, big_endian: false, float: false } } else { Place::Packed };
            Some(vec![ChannelPlace { letter: 'I', place }])
        }
        (16, 0) => Some(by_masks(&[('R', 0x7C00), ('G', 0x3E0), ('B', 0x1F)])),
        (24 | 32, 0) => Some(by_masks(&[('R', 0xFF_0000), ('G', 0xFF00), ('B', 0xFF)])),
        (16 | 32, 3 | 6) => masks()?,
        _ => None,
    };
    let Some(channels) = channels else { return Ok(None) };
    let rows = u32::try_from(height.unsigned_abs()).unwrap_or(0);
    let mut layout = upright(width, rows, first, bits.into(), channels);
    layout.stride = layout.stride.next_multiple_of(4);
    layout.orientation = if height < 0 { 1 } else { 4 };
    layout.palette = palette;
    Ok(Some(layout))
}

fn pnm(input: &Buffer) -> Result<Option<PixelLayout>, FormatError> {
    const LONGEST: usize = 64 * 1024;
    let mut text = vec![0; LONGEST.min(usize::try_from(input.len().get()).unwrap_or(LONGEST))];
    let read = input.read_at(Offset::ZERO, &mut text)?;
    text.truncate(read);
    let layout = match text.get(..2) {
        Some(b"P4") => numbers(&text, 2).map(|(found, at)| {
            let mut layout = upright(found[0], found[1], at, 1, vec![ChannelPlace { letter: 'L', place: Place::Packed }]);
            layout.inverted = true;
            layout
        }),
        Some(b"P5") => numbers(&text, 3).map(|(found, at)| samples(&found, at, "L")),
        Some(b"P6") => numbers(&text, 3).map(|(found, at)| samples(&found, at, "RGB")),
        Some(b"P7") => pam(&text),
        _ => None,
    };
    Ok(layout)
}

/// Numbers of a header of words, and where the pixels begin.
fn numbers(text: &[u8], count: usize) -> Option<(Vec<u32>, u64)> {
    let mut at = 2;
    let mut found = Vec::new();
    while found.len() < count {
        match text.get(at)? {
            b'#' => at += text[at..].iter().position(|byte| matches!(byte, b'\n' | b'\r'))?,
            byte if byte.is_ascii_whitespace() => at += 1,
            _ => {
                let digits = text[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                found.push(std::str::from_utf8(&text[at..at + digits]).ok()?.parse().ok()?);
                at += digits;
            }
        }
    }
    // One byte of white space ends the header.
    text.get(at).filter(|byte| byte.is_ascii_whitespace())?;
    Some((found, at as u64 + 1))
}

/// Netpbm's samples: `found` is width, height and the greatest value.
fn samples(found: &[u32], at: u64, letters: &str) -> PixelLayout {
    let most = found[2];
    let len = if most > 255 { 2 } else { 1 };
    let bits = letters.len() as u32 * u32::from(len) * 8;
    PixelLayout { most: Some(most), ..upright(found[0], found[1], at, bits, in_bytes(letters, len, true, false)) }
}

fn pam(text: &[u8]) -> Option<PixelLayout> {
    let end = text.windows(7).position(|word| word == b"ENDHDR\n")?;
    let head = std::str::from_utf8(&text[..end]).ok()?;
    let number = |name: &str| head.lines().find_map(|line| line.strip_prefix(name))?.trim().parse::<u32>().ok();
    let letters = match number("DEPTH")? {
        1 => "L",
        2 => "LA",
        3 => "RGB",
        4 => "RGBA",
        _ => return None,
    };
    let found = [number("WIDTH")?, number("HEIGHT")?, number("MAXVAL")?];
    (found[2] <= 65_535).then(|| samples(&found, end as u64 + 7, letters))
}

fn tga(input: &Buffer) -> Result<Option<PixelLayout>, FormatError> {
    let Some(head) = head::<18>(input, 0)? else { return Ok(None) };
    let (id, has_map, kind) = (head[0], head[1], head[2]);
    let (map_first, map_count, map_bits) = (u16_le(&head[3..]), u16_le(&head[5..]), head[7]);
    let (width, height, depth, flags) = (u16_le(&head[12..]), u16_le(&head[14..]), head[16], head[17]);
    let map_at = 18 + u64::from(id);
    let map_entry = map_bits.div_ceil(8);
    let map_len = if has_map == 1 { u64::from(map_count) * u64::from(map_entry) } else { 0 };
    let alpha = flags & 0x0F > 0;
    let mut palette = None;
    let channels = match (kind, depth) {
        (1, 8) if matches!(map_entry, 3 | 4) => {
            palette = Some(Palette { at: map_at, entry: map_entry, count: map_count.into(), first: map_first.into() });
            in_bytes("I", 1, false, false)
        }
        (2, 15 | 16) => by_masks(&[('R', 0x7C00), ('G', 0x3E0), ('B', 0x1F), ('A', if alpha { 0x8000 } else { 0 })]),
        (2, 24) => by_masks(&[('R', 0xFF_0000), ('G', 0xFF00), ('B', 0xFF)]),
        (2, 32) => by_masks(&[('R', 0xFF_0000), ('G', 0xFF00), ('B', 0xFF), ('A', if alpha { 0xFF00_0000 } else { 0 })]),
        (3, 8) => in_bytes("L", 1, false, false),
        (3, 16) => in_bytes("LA", 1, false, false),
        _ => return Ok(None),
    };
    let bits = if depth == 15 { 16 } else { u32::from(depth) };
    let mut layout = upright(width.into(), height.into(), map_at + map_len, bits, channels);
    layout.orientation = match flags >> 4 & 3 {
        0 => 4,
        1 => 3,
        2 => 1,
        _ => 2,
    };
    layout.palette = palette;
    Ok(Some(layout))
}

fn farbfeld(input: &Buffer) -> Result<Option<PixelLayout>, FormatError> {
    let head = head::<16>(input, 0)?.filter(|head| head[..8] == *b"farbfeld");
    Ok(head.map(|head| upright(u32_be(&head[8..]), u32_be(&head[12..]), 16, 64, in_bytes("RGBA", 2, true, false))))
}

fn tiff(input: &Buffer) -> Result<Option<PixelLayout>, FormatError> {
    let Some(tree) = Tree::read(input, false)? else { return Ok(None) };
    let number = |tag: u16, default: u64| tree.image_number(tag).map(|value| value.unwrap_or(default));
    let (width, height) = (number(256, 0)?, number(257, 0)?);
    let (Ok(width), Ok(height)) = (u32::try_from(width), u32::try_from(height)) else { return Ok(None) };
    let (samples, photometric) = (number(277, 1)?, number(262, 1)?);
    // Not compressed, pixel by pixel, high bits first, in strips.
    let plain = number(259, 1)? == 1 && (samples == 1 || number(284, 1)? == 1) && number(266, 1)? == 1;
    let Some(strips) = tree.field(Part::Image, 273).filter(|strips| plain && strips.count <= MAX_STRIPS) else { return Ok(None) };
    let letters = match (photometric, samples) {
        (0 | 1, 1) => "L",
        (0 | 1, 2) => "LA",
        (2, 3) => "RGB",
        (2, 4) => "RGBA",
        (3, 1) => "I",
        (5, 4) => "CMYK",
        _ => return Ok(None),
    };
    let depths = tree.field(Part::Image, 258).map_or(Ok(vec![1]), |field| tree.numbers(field, 8))?;
    let depth = depths.first().copied().unwrap_or(1);
    if depths.iter().any(|other| *other != depth) {
        return Ok(None);
    }
    let float = number(339, 1)? == 3;
    let channels = match (depth, samples, float) {
        (1 | 2 | 4, 1, false) => letters.chars().map(|letter| ChannelPlace { letter, place: Place::Packed }).collect(),
        (8 | 16 | 32, _, false) | (32, _, true) => in_bytes(letters, (depth / 8) as u8, tree.order.big_endian, float),
        _ => return Ok(None),
    };
    let starts = tree.numbers(strips, MAX_STRIPS)?;
    let rows = u32::try_from(number(278, u64::from(u32::MAX))?).unwrap_or(u32::MAX).clamp(1, height.max(1));
    let mut layout = upright(width, height, 0, (depth * samples) as u32, channels);
    layout.rows = Rows::Strips { starts, rows };
    layout.orientation = u8::try_from(number(274, 1)?).ok().filter(|turn| (1..=8).contains(turn)).unwrap_or(1);
    if layout.orientation >= 5 {
        (layout.width, layout.height) = (height, width);
    }
    layout.inverted = photometric == 0;
    Ok(Some(layout))
}

fn dds(input: &Buffer) -> Result<Option<PixelLayout>, FormatError> {
    let Some(head) = head::<128>(input, 0)?.filter(|head| head[..4] == *b"DDS ") else { return Ok(None) };
    let Some(kind) = super::super::dds::Uncompressed::of(&head) else { return Ok(None) };
    let channels = by_masks(&kind.masks);
    Ok(Some(upright(u32_le(&head[16..]), u32_le(&head[12..]), 128, kind.bits, channels)))
}
