//! The directories of TIFF and EXIF: which tags there are, and where their values stand. Values are read when they are asked for.

use std::collections::{HashSet, VecDeque};

use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::formats::FormatError;
use crate::formats::picture::probe::Order;

/// Tags of one directory that are looked at; writers stay below a hundred.
const MAX_FIELDS: u64 = 1_024;

/// The most bytes of one value that are read.
pub(in crate::formats::picture) const MAX_VALUE: u64 = 1 << 20;

/// What a directory is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::formats::picture) enum Part {
    /// The picture itself.
    Image,
    /// How it was taken.
    Exif,
    /// Where.
    Gps,
    /// Interoperability.
    Interop,
    /// The small copy of the picture.
    Thumbnail,
}

/// One tag.
#[derive(Clone, Copy, Debug)]
pub(in crate::formats::picture) struct Field {
    pub(in crate::formats::picture) tag: u16,
    pub(in crate::formats::picture) kind: u16,
    pub(in crate::formats::picture) count: u64,
    /// Where the value stands in the block, and its bytes.
    pub(in crate::formats::picture) at: u64,
    pub(in crate::formats::picture) len: u64,
}

/// One directory.
#[derive(Clone, Debug)]
pub(in crate::formats::picture) struct Directory {
    pub(in crate::formats::picture) part: Part,
    pub(in crate::formats::picture) fields: Vec<Field>,
}

/// The directories of a block.
#[derive(Clone, Debug)]
pub(in crate::formats::picture) struct Tree {
    pub(in crate::formats::picture) block: Buffer,
    pub(in crate::formats::picture) order: Order,
    pub(in crate::formats::picture) directories: Vec<Directory>,
    /// Where the link to the directory after the first one stands.
    pub(in crate::formats::picture) next_link: Option<u64>,
}

pub(in crate::formats::picture) const ORIENTATION: u16 = 0x112;
pub(in crate::formats::picture) const EXIF: u16 = 0x8769;
pub(in crate::formats::picture) const GPS: u16 = 0x8825;
pub(in crate::formats::picture) const INTEROP: u16 = 0xA005;

/// Bytes of one value of a type; 0 where there is no such type.
pub(in crate::formats::picture) fn size_of(kind: u16) -> u64 {
    match kind {
        1 | 2 | 6 | 7 => 1,
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16..=18 => 8,
        _ => 0,
    }
}

impl Tree {
    /// The directories of `block`, which starts with the byte order mark; `None` where it does not.
    ///
    /// `thumbnail` says whether the second directory is that of a small copy, as in EXIF, or of a further page.
    pub(in crate::formats::picture) fn read(block: &Buffer, thumbnail: bool) -> Result<Option<Self>, FormatError> {
        let Some((order, first)) = Order::start(block)? else { return Ok(None) };
        let mut tree = Self { block: block.clone(), order, directories: Vec::new(), next_link: None };
        let mut seen = HashSet::new();
        let mut waiting = VecDeque::from([(Part::Image, first)]);
        while let Some((part, at)) = waiting.pop_front() {
            // A directory is read once, whoever names it.
            if at == 0 || !seen.insert(at) {
                continue;
            }
            let Some((directory, next)) = tree.directory(part, at)? else { continue };
            for field in &directory.fields {
                let inner = match (part, field.tag) {
                    (Part::Image, EXIF) => Part::Exif,
                    (Part::Image, GPS) => Part::Gps,
                    (Part::Exif, INTEROP) => Part::Interop,
                    _ => continue,
                };
                if let Some(at) = tree.number(field)? {
                    waiting.push_back((inner, at));
                }
            }
            if part == Part::Image {
                tree.next_link = next.map(|(link, _)| link);
                if let Some((_, next)) = next.filter(|_| thumbnail) {
                    waiting.push_back((Part::Thumbnail, next));
                }
            }
            tree.directories.push(directory);
        }
        Ok(Some(tree))
    }

    /// The directory at `at`, with where its link stands and what it says; `None` where the block ends before its fields.
    #[expect(clippy::type_complexity, reason = "a link is a place and what stands there")]
    fn directory(&self, part: Part, at: u64) -> Result<Option<(Directory, Option<(u64, u64)>)>, FormatError> {
        let (count_len, entry_len, offset_len) = self.order.sizes();
        let Some(count) = self.bytes::<8>(at, count_len)? else { return Ok(None) };
        let count = if self.order.big_tiff { self.order.u64(&count) } else { u64::from(self.order.u16(&count)) };
        let mut fields = Vec::new();
        for index in 0..count.min(MAX_FIELDS) {
            let entry_at = at.saturating_add(count_len + index * entry_len);
            let Some(entry) = self.bytes::<20>(entry_at, entry_len)? else { break };
            let (tag, kind) = (self.order.u16(&entry), self.order.u16(&entry[2..]));
            let count = if self.order.big_tiff { self.order.u64(&entry[4..]) } else { u64::from(self.order.u32(&entry[4..])) };
            let len = count.saturating_mul(size_of(kind));
            let inline_at = entry_at + entry_len - offset_len;
            let at = if len <= offset_len { inline_at } else { self.order.offset(&entry[(entry_len - offset_len) as usize..]) };
            let inside = at.checked_add(len).is_some_and(|end| end <= self.block.len().get());
            if len > 0 && inside {
                fields.push(Field { tag, kind, count, at, len });
            }
        }
        let link = at.saturating_add(count_len).saturating_add(count.saturating_mul(entry_len));
        let next = self.bytes::<8>(link, offset_len)?.map(|next| (link, self.order.offset(&next)));
        Ok(Some((Directory { part, fields }, next)))
    }

    /// `len` of at most `N` bytes at `at`, the rest zeros.
    fn bytes<const N: usize>(&self, at: u64, len: u64) -> Result<Option<[u8; N]>, FormatError> {
        let mut bytes = [0; N];
        let read = self.block.read_at(Offset(at), &mut bytes[..len as usize])?;
        Ok((read as u64 == len).then_some(bytes))
    }

    /// The directory about `part`.
    pub(in crate::formats::picture) fn part(&self, part: Part) -> Option<&Directory> {
        self.directories.iter().find(|directory| directory.part == part)
    }

    /// The field of `part` with this tag.
    pub(in crate::formats::picture) fn field(&self, part: Part, tag: u16) -> Option<&Field> {
        self.part(part)?.fields.iter().find(|field| field.tag == tag)
    }

    /// The bytes of a value in the block's order; `None` where it is larger than [`MAX_VALUE`].
    pub(in crate::formats::picture) fn value(&self, field: &Field) -> Result<Option<Vec<u8>>, FormatError> {
        if field.len > MAX_VALUE {
            return Ok(None);
        }
        Ok(Some(self.block.to_vec(ByteRange::new(Offset(field.at), Len(field.len)))?))
    }

    /// The first number of a value of whole numbers.
    pub(in crate::formats::picture) fn number(&self, field: &Field) -> Result<Option<u64>, FormatError> {
        Ok(self.numbers(field, 1)?.first().copied())
    }

    /// The first numbers, at most `most`, of a value of whole numbers.
    pub(in crate::formats::picture) fn numbers(&self, field: &Field, most: u64) -> Result<Vec<u64>, FormatError> {
        let size = size_of(field.kind);
        if !matches!(field.kind, 1 | 3 | 4 | 13 | 16 | 18) {
            return Ok(Vec::new());
        }
        let count = field.count.min(most);
        let bytes = self.block.to_vec(ByteRange::new(Offset(field.at), Len(count * size)))?;
        let number = |bytes: &[u8]| match size {
            1 => u64::from(bytes[0]),
            2 => self.order.u16(bytes).into(),
            4 => self.order.u32(bytes).into(),
            _ => self.order.u64(bytes),
        };
        Ok(bytes.chunks_exact(size as usize).map(number).collect())
    }

    /// The value of a tag of the picture's directory, where it is a whole number.
    pub(in crate::formats::picture) fn image_number(&self, tag: u16) -> Result<Option<u64>, FormatError> {
        self.field(Part::Image, tag).map_or(Ok(None), |field| self.number(field))
    }

    /// The first fraction of a value of fractions.
    pub(in crate::formats::picture) fn fraction(&self, field: &Field) -> Result<Option<f64>, FormatError> {
        if !matches!(field.kind, 5 | 10) {
            return Ok(self.number(field)?.map(|number| number as f64));
        }
        Ok(self.bytes::<8>(field.at, 8)?.and_then(|bytes| {
            let (above, below) = (self.order.u32(&bytes), self.order.u32(&bytes[4..]));
            if below == 0 {
                None
            } else if field.kind == 5 {
                Some(f64::from(above) / f64::from(below))
            } else {
                Some(f64::from(above.cast_signed()) / f64::from(below.cast_signed()))
            }
        }))
    }
}
