//! EXIF in words. What a value means, kamadak-exif knows; where it stands, our own walk.

use exif::{Context, In, Tag};

use super::Metadata;
use super::ifd::{Field, Part, Tree};
use super::ifd_write::{gather, standalone};
use crate::buffer::{ByteRange, Len, Offset};
use crate::formats::FormatError;

/// Characters of one value of EXIF; lists of numbers can be long and tell nobody anything.
const MAX_CHARS: usize = 1_000;

/// Tags that say where the pixels stand in a TIFF, or hold what is listed elsewhere.
pub(super) fn is_structure(tag: u16) -> bool {
    matches!(
        tag,
        254..=259 | 262 | 263..=266 | 273 | 277..=281 | 284 | 288..=293 | 317..=319 | 320..=325 | 330 | 332..=339 | 340..=347 | 512..=521 | 529..=532
            | 700 | 33_723 | 34_377 | 34_675 | 37_724
    )
}

/// Tags that name a single camera, lens or owner.
pub(super) fn is_serial(part: Part, tag: u16) -> bool {
    match part {
        // CameraSerialNumber of DNG; RawDataUniqueID.
        Part::Image => matches!(tag, 0xC62F | 0xC65D),
        // CameraOwnerName, BodySerialNumber, LensSerialNumber, ImageUniqueID.
        Part::Exif => matches!(tag, 0xA420 | 0xA430 | 0xA431 | 0xA435),
        _ => false,
    }
}

/// What the camera's maker notes in a way of his own.
pub(super) const MAKER_NOTE: u16 = 0x927C;

pub(super) fn list(tree: &Tree, at: u64, is_tiff: bool, found: &mut Metadata) -> Result<(), FormatError> {
    // A file may be large, its tags are not: they are put together anew for the reader.
    let parts = gather(tree, |part, tag| !(is_tiff && part == Part::Image && is_structure(tag)))?;
    let block = standalone(&parts);
    let mut reader = exif::Reader::new();
    reader.continue_on_error(true);
    let exif = match reader.read_raw(block) {
        Ok(exif) => Some(exif),
        Err(error) => error
            .distill_partial_result(|errors| {
                found
                    .notices
                    .extend(errors.iter().take(3).map(|error| format!("a part of the EXIF block cannot be read: {error}")));
            })
            .map_err(|error| found.notices.push(format!("the EXIF block cannot be read: {error}")))
            .ok(),
    };
    let Some(exif) = exif else { return Ok(()) };
    for directory in &tree.directories {
        let context = match directory.part {
            Part::Image => Context::Tiff,
            Part::Exif => Context::Exif,
            Part::Gps => Context::Gps,
            Part::Interop => Context::Interop,
            Part::Thumbnail => {
                thumbnail(tree, at, found)?;
                continue;
            }
        };
        let group = if directory.part == Part::Gps { "GPS" } else { "EXIF" };
        for field in &directory.fields {
            let tag = Tag(context, field.tag);
            let range = Some(ByteRange::new(Offset(at + field.at), Len(field.len)));
            if is_serial(directory.part, field.tag) {
                found.personal("a serial number");
            }
            if field.tag == MAKER_NOTE && directory.part == Part::Exif {
                found.push(group, "Maker note", Len(field.len).in_words(), range);
                continue;
            }
            let Some(read) = exif.get_field(tag, In::PRIMARY) else { continue };
            let label = tag.description().map_or_else(|| format!("Tag 0x{:04X}", field.tag), str::to_owned);
            let mut value = read.display_value().with_unit(&exif).to_string();
            if let Some((end, _)) = value.char_indices().nth(MAX_CHARS) {
                value.truncate(end);
                value.push('…');
            }
            found.push(group, label, value.trim_matches('"').trim_end().to_owned(), range);
        }
    }
    position(tree, at, found)
}

fn thumbnail(tree: &Tree, at: u64, found: &mut Metadata) -> Result<(), FormatError> {
    let number = |tag: u16| tree.field(Part::Thumbnail, tag).map_or(Ok(None), |field| tree.number(field));
    if let (Some(start), Some(len)) = (number(0x201)?, number(0x202)?) {
        let range = ByteRange::new(Offset(at.saturating_add(start)), Len(len));
        found.push("EXIF", "Small copy of the picture", format!("{len} bytes"), Some(range));
        found.personal("a small copy of the picture");
    }
    Ok(())
}

/// Degrees, minutes and seconds as degrees.
fn degrees(tree: &Tree, field: &Field) -> Result<Option<f64>, FormatError> {
    let Some(bytes) = tree.value(field)?.filter(|bytes| field.kind == 5 && bytes.len() >= 24) else { return Ok(None) };
    let mut sum = 0.0;
    for (three, scale) in bytes.chunks(8).zip([1.0, 60.0, 3_600.0]) {
        let (above, below) = (tree.order.u32(three), tree.order.u32(&three[4..]));
        if above != 0 && below == 0 {
            return Ok(None);
        }
        sum += f64::from(above) / f64::from(below.max(1)) / scale;
    }
    Ok(Some(sum))
}

fn position(tree: &Tree, at: u64, found: &mut Metadata) -> Result<(), FormatError> {
    let side = |value: u16, reference: u16, negative: u8| -> Result<Option<f64>, FormatError> {
        let Some(field) = tree.field(Part::Gps, value) else { return Ok(None) };
        let Some(degrees) = degrees(tree, field)? else { return Ok(None) };
        let reference = tree.field(Part::Gps, reference).map_or(Ok(None), |field| tree.value(field))?;
        let turned = reference.is_some_and(|letter| letter.first().is_some_and(|letter| letter.eq_ignore_ascii_case(&negative)));
        Ok(Some(if turned { -degrees } else { degrees }))
    };
    if let (Some(north), Some(east)) = (side(2, 1, b'S')?, side(4, 3, b'W')?) {
        let words = format!(
            "{:.6}° {}, {:.6}° {}",
            north.abs(),
            if north < 0.0 { "south" } else { "north" },
            east.abs(),
            if east < 0.0 { "west" } else { "east" }
        );
        let range = tree.field(Part::Gps, 2).map(|field| ByteRange::new(Offset(at + field.at), Len(field.len)));
        found.position = Some((north, east));
        found.push("GPS", "Position", words, range);
    }
    if tree.part(Part::Gps).is_some_and(|gps| !gps.fields.is_empty()) {
        found.personal("the place where it was taken");
    }
    Ok(())
}
