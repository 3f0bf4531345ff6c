//! TIFF and BigTIFF, of both byte orders, and EXIF, which is a TIFF inside of something: directories of tagged values, each with
//! a reference to the next one.

use super::DEPTH;
use super::draft::{Draft, bytes, shown};
use super::fields::Fields;
use super::list::{Cursor, list};
use super::scan::{Order, Scan};
use super::tiff_tags::{Family, tag_name};
use crate::formats::FormatError;

/// Entries of a directory that are looked through for where the picture's data are.
const LOOKED: u64 = 1024;

/// Where a TIFF is, and how its numbers are written.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Frame {
    /// What places count from.
    base: u64,
    end: u64,
    order: Order,
    big: bool,
    /// Directories above this one.
    depth: u8,
    family: Family,
}

impl Frame {
    /// Bytes of a place.
    const fn word(self) -> u64 {
        if self.big { 8 } else { 4 }
    }

    const fn entry(self) -> u64 {
        if self.big { 20 } else { 12 }
    }

    fn number(self, scan: &Scan<'_>, at: u64, width: u64) -> Result<Option<u64>, FormatError> {
        if at.saturating_add(width) > self.end {
            return Ok(None);
        }
        let read = scan.bytes(at, width)?;
        Ok((read.len() as u64 == width).then(|| self.order.number(&read)))
    }
}

/// A chain of directories.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Directories {
    frame: Frame,
    /// The next one; 0 where there is none.
    at: u64,
    index: u32,
}

/// The entries of a directory.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entries {
    frame: Frame,
    at: u64,
    pub(super) left: u64,
    last: u64,
}

/// The strips or tiles of a picture.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Strips {
    frame: Frame,
    offsets: Array,
    lengths: Array,
    index: u64,
    name: &'static str,
}

/// Numbers that an entry has.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Array {
    at: u64,
    width: u64,
    count: u64,
}

pub(super) fn read(scan: &Scan<'_>) -> Result<Vec<Draft>, FormatError> {
    embedded(scan, 0, scan.len)
}

/// A TIFF between two places.
pub(super) fn embedded(scan: &Scan<'_>, base: u64, end: u64) -> Result<Vec<Draft>, FormatError> {
    let end = end.min(scan.len);
    let order = match scan.array::<2>(base)? {
        Some([b'I', b'I']) => Order::Little,
        Some([b'M', b'M']) => Order::Big,
        _ => {
            let rest = Draft::new("No TIFF header", base, end.saturating_sub(base));
            return Ok(vec![rest.problem("a TIFF begins with II or MM")]);
        }
    };
    let mut fields = Fields::new(scan, order, base, end);
    fields.shown("Byte order", 2, |_| if order == Order::Little { "little-endian" } else { "big-endian" }.into())?;
    let version = fields.named("Version", 2, |version| match version {
        42 => Some("TIFF"),
        43 => Some("BigTIFF"),
        _ => None,
    })?;
    let big = version == 43;
    if !matches!(version, 42 | 43) {
        fields.problem("the version is 42, or 43 of a BigTIFF");
    }
    if big {
        if fields.uint("Bytes of an offset", 2)? != 8 {
            fields.problem("offsets have 8 bytes");
        }
        fields.uint("Reserved", 2)?;
    }
    let frame = Frame { base, end, order, big, depth: 0, family: Family::Tiff };
    let first = fields.uint("First directory", frame.word())?;
    let mut parts = fields.done();
    parts.extend(list(scan, Cursor::Directories(Directories { frame, at: first, index: 0 }))?);
    Ok(parts)
}

impl Directories {
    pub(super) fn next(&mut self, scan: &Scan<'_>) -> Result<Option<Draft>, FormatError> {
        if self.at == 0 {
            return Ok(None);
        }
        let (frame, index) = (self.frame, self.index);
        let reference = std::mem::take(&mut self.at);
        self.index += 1;
        let name = match frame.family {
            Family::Tiff => format!("Directory {index}"),
            Family::Exif => "EXIF directory".into(),
            Family::Gps => "GPS directory".into(),
            Family::Interop => "Interoperability directory".into(),
        };
        let at = frame.base.saturating_add(reference);
        let counted = if frame.big { 8 } else { 2 };
        let Some(count) = frame.number(scan, at, counted)? else {
            let part = Draft::new(name, at.min(frame.end), 0);
            return Ok(Some(part.problem(format!("it lies outside: at {reference} of {}", bytes(frame.end - frame.base)))));
        };
        if !scan.visit(at) {
            return Ok(Some(Draft::new(name, at, 0).problem("it was there before: the directories form a loop")));
        }
        let entries = count.saturating_mul(frame.entry());
        let len = counted.saturating_add(entries).saturating_add(frame.word());
        let mut part = Draft::sized(scan, name, at, len, frame.end).value(format!("{count} entries"));
        let mut fields = Fields::new(scan, frame.order, at, frame.end);
        fields.uint("Number of entries", counted)?;
        let there = count.min(fields.left() / frame.entry());
        let first = fields.at();
        part = part.parts(fields.done());
        let entries = Entries { frame, at: first, left: there, last: 0 };
        part = part.parts(list(scan, Cursor::Entries(entries))?);
        if there == count {
            let mut fields = Fields::new(scan, frame.order, first + there * frame.entry(), frame.end);
            self.at = fields.uint("Next directory", frame.word())?;
            part = fields.into(part);
        }
        part = part.parts(picture_data(scan, frame, first, there)?);
        Ok(Some(part))
    }
}

impl Entries {
    pub(super) fn next(&mut self, scan: &Scan<'_>) -> Result<Option<Draft>, FormatError> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        let (frame, at) = (self.frame, self.at);
        self.at += frame.entry();
        let mut fields = Fields::new(scan, frame.order, at, at + frame.entry());
        let tag = fields.shown("Tag", 2, |tag| tag.to_string())?;
        if tag < self.last {
            fields.problem("tags are in ascending order");
        }
        self.last = tag;
        let kind = fields.named("Type", 2, |kind| Type::of(kind).map(|kind| kind.name))?;
        let count = fields.uint("Count", frame.word())?;
        let name = tag_name(frame.family, tag).map_or_else(|| format!("Tag {tag}"), str::to_owned);
        let part = Draft::new(name, at, frame.entry());
        let Some(kind) = Type::of(kind) else {
            fields.problem(format!("{kind} is no type"));
            fields.raw("Value or offset", frame.word())?;
            return Ok(Some(fields.into(part)));
        };
        let len = count.saturating_mul(kind.width);
        let inline = len <= frame.word();
        let mut place = fields.at();
        if inline {
            let value = said(scan, frame, kind, place, count)?;
            let unused = frame.word() - len;
            if len > 0 {
                fields.push(Draft::new("Value", place, len).value(value));
            }
            fields.raw("Unused", unused)?;
        } else {
            let reference = fields.uint("Offset", frame.word())?;
            place = frame.base.saturating_add(reference);
            let data = Draft::sized(scan, "Value", place, len, frame.end);
            if data.len == len {
                fields.beside(data.value(said(scan, frame, kind, place, count)?));
            } else {
                fields.problem(format!("its {} lie outside", bytes(len)));
            }
        }
        let value = said(scan, frame, kind, place, count)?;
        let family = match tag {
            34665 => Some(Family::Exif),
            34853 => Some(Family::Gps),
            40965 => Some(Family::Interop),
            330 => Some(Family::Tiff),
            _ => None,
        };
        let mut part = fields.into(part).value(value);
        if let Some(family) = family.filter(|_| kind.is_place) {
            part = self.inner(scan, part, family, Array { at: place, width: kind.width, count })?;
        }
        Ok(Some(part))
    }

    /// The directories that an entry refers to.
    fn inner(&self, scan: &Scan<'_>, part: Draft, family: Family, places: Array) -> Result<Draft, FormatError> {
        const MOST: u64 = 64;
        if self.frame.depth >= DEPTH {
            return Ok(part.problem("directories inside of directories are not followed any further"));
        }
        let frame = Frame { depth: self.frame.depth + 1, family, ..self.frame };
        let mut inner = Vec::new();
        for index in 0..places.count.min(MOST) {
            let place = places.at.saturating_add(index * places.width);
            let Some(at) = frame.number(scan, place, places.width)? else { break };
            inner.extend(list(scan, Cursor::Directories(Directories { frame, at, index: index as u32 }))?);
        }
        let cut = places.count > MOST;
        Ok(part.parts(inner).problem_if(cut, format!("only the first {MOST} of its {} directories are followed", places.count)))
    }
}

/// A type of values.
#[derive(Clone, Copy)]
struct Type {
    name: &'static str,
    width: u64,
    show: Show,
    /// Whether it can refer to a place.
    is_place: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Show {
    Unsigned,
    Signed,
    Text,
    Bytes,
    Rational,
    SignedRational,
    Float,
}

impl Type {
    fn of(number: u64) -> Option<Self> {
        let (name, width, show) = match number {
            1 => ("BYTE", 1, Show::Unsigned),
            2 => ("ASCII", 1, Show::Text),
            3 => ("SHORT", 2, Show::Unsigned),
            4 => ("LONG", 4, Show::Unsigned),
            5 => ("RATIONAL", 8, Show::Rational),
            6 => ("SBYTE", 1, Show::Signed),
            7 => ("UNDEFINED", 1, Show::Bytes),
            8 => ("SSHORT", 2, Show::Signed),
            9 => ("SLONG", 4, Show::Signed),
            10 => ("SRATIONAL", 8, Show::SignedRational),
            11 => ("FLOAT", 4, Show::Float),
            12 => ("DOUBLE", 8, Show::Float),
            13 => ("IFD", 4, Show::Unsigned),
            16 => ("LONG8", 8, Show::Unsigned),
            17 => ("SLONG8", 8, Show::Signed),
            18 => ("IFD8", 8, Show::Unsigned),
            _ => return None,
        };
        Some(Self { name, width, show, is_place: matches!(number, 4 | 13 | 16 | 18) })
    }
}

/// The first values in words.
fn said(scan: &Scan<'_>, frame: Frame, kind: Type, at: u64, count: u64) -> Result<String, FormatError> {
    const SHOWN: u64 = 8;
    let len = count.saturating_mul(kind.width);
    let read = scan.bytes(at, len.min(if kind.show == Show::Text { 256 } else { SHOWN * kind.width }))?;
    if matches!(kind.show, Show::Text) {
        return Ok(shown(read.strip_suffix(&[0]).unwrap_or(&read)));
    }
    if matches!(kind.show, Show::Bytes) {
        return Ok(match len {
            0..=8 => super::draft::digits(&read),
            _ => bytes(len),
        });
    }
    let number = |part: &[u8]| frame.order.number(part);
    let signed = |part: &[u8]| {
        let shift = 64 - 8 * part.len() as u32;
        ((number(part) << shift) as i64) >> shift
    };
    let value = |part: &[u8]| match kind.show {
        Show::Unsigned => number(part).to_string(),
        Show::Signed => signed(part).to_string(),
        Show::Rational => format!("{}/{}", number(&part[..4]), number(&part[4..])),
        Show::SignedRational => format!("{}/{}", signed(&part[..4]), signed(&part[4..])),
        Show::Float if part.len() == 4 => f32::from_bits(number(part) as u32).to_string(),
        Show::Float => f64::from_bits(number(part)).to_string(),
        Show::Text | Show::Bytes => String::new(),
    };
    let mut words = read.chunks_exact(kind.width as usize).map(value).collect::<Vec<_>>().join(", ");
    if count > SHOWN {
        words += &format!(", … ({count} values)");
    }
    Ok(words)
}

/// Where the strips or tiles of a directory are.
fn picture_data(scan: &Scan<'_>, frame: Frame, first: u64, count: u64) -> Result<Vec<Draft>, FormatError> {
    const TAGS: [(u64, u64, &str); 3] = [(273, 279, "Strip"), (324, 325, "Tile"), (513, 514, "Thumbnail")];
    if scan.counting.get() {
        return Ok(Vec::new());
    }
    let entries = scan.bytes(first, count.min(LOOKED) * frame.entry())?;
    let array = |wanted: u64| {
        let mut all = entries.chunks_exact(frame.entry() as usize).enumerate();
        let (index, entry) = all.find(|(_, entry)| frame.order.number(&entry[..2]) == wanted)?;
        let kind = Type::of(frame.order.number(&entry[2..4]))?;
        let word = frame.word() as usize;
        let count = frame.order.number(&entry[4..4 + word]);
        let at = match count.saturating_mul(kind.width) <= frame.word() {
            true => first + index as u64 * frame.entry() + 4 + frame.word(),
            false => frame.base.saturating_add(frame.order.number(&entry[4 + word..4 + 2 * word])),
        };
        Some(Array { at, width: kind.width, count })
    };
    let found = TAGS.into_iter().find_map(|(offsets, lengths, name)| Some((array(offsets)?, array(lengths)?, name)));
    match found {
        Some((offsets, lengths, name)) => list(scan, Cursor::Strips(Strips { frame, offsets, lengths, index: 0, name })),
        None => Ok(Vec::new()),
    }
}

impl Strips {
    pub(super) fn left(&self) -> u64 {
        self.offsets.count.min(self.lengths.count) - self.index
    }

    pub(super) fn next(&mut self, scan: &Scan<'_>) -> Result<Option<Draft>, FormatError> {
        if self.left() == 0 {
            return Ok(None);
        }
        let read = |array: Array| {
            let at = array.at.saturating_add(self.index.saturating_mul(array.width));
            self.frame.number(scan, at, array.width)
        };
        let (offset, len) = (read(self.offsets)?, read(self.lengths)?);
        let (Some(offset), Some(len)) = (offset, len) else {
            self.index += self.left();
            return Ok(None);
        };
        let name = if self.offsets.count == 1 { self.name.to_owned() } else { format!("{} {}", self.name, self.index) };
        self.index += 1;
        let part = Draft::sized(scan, name, self.frame.base.saturating_add(offset), len, self.frame.end);
        Ok(Some(part.value(bytes(len))))
    }
}
