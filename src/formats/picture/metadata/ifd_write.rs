//! Directories of tags written anew, low byte first, wherever they came from.

use super::ifd::{self, Part, Tree, size_of};
use crate::formats::FormatError;

/// A tag with its value, low byte first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::formats::picture) struct Out {
    pub(in crate::formats::picture) tag: u16,
    pub(in crate::formats::picture) kind: u16,
    pub(in crate::formats::picture) count: u32,
    pub(in crate::formats::picture) value: Vec<u8>,
}

impl Out {
    pub(in crate::formats::picture) fn short(tag: u16, value: u16) -> Self {
        Self { tag, kind: 3, count: 1, value: value.to_le_bytes().to_vec() }
    }

    pub(in crate::formats::picture) fn long(tag: u16, value: u32) -> Self {
        Self { tag, kind: 4, count: 1, value: value.to_le_bytes().to_vec() }
    }

    pub(in crate::formats::picture) fn bytes(tag: u16, kind: u16, value: &[u8]) -> Self {
        Self { tag, kind, count: u32::try_from(value.len()).unwrap_or(u32::MAX), value: value.to_vec() }
    }

    /// A text with the zero that ends it.
    pub(in crate::formats::picture) fn text(tag: u16, text: &str) -> Self {
        Self::bytes(tag, 2, &[text.as_bytes(), &[0]].concat())
    }
}

/// Tags by what they are about.
pub(in crate::formats::picture) type Parts = Vec<(Part, Vec<Out>)>;

/// The tags of `tree` that `keep` wants, but for links to other directories. Values that are too large are left out.
pub(in crate::formats::picture) fn gather(tree: &Tree, keep: impl Fn(Part, u16) -> bool) -> Result<Parts, FormatError> {
    let mut parts = Parts::new();
    for directory in &tree.directories {
        let mut outs = Vec::new();
        for field in &directory.fields {
            let link = matches!(field.tag, ifd::EXIF | ifd::GPS | ifd::INTEROP) || matches!(field.kind, 13 | 18);
            if link || !keep(directory.part, field.tag) {
                continue;
            }
            let Some(mut value) = tree.value(field)? else { continue };
            let (mut kind, mut size) = (field.kind, size_of(field.kind) as usize);
            if tree.order.big_endian {
                // Fractions are two numbers of four bytes.
                let step = if matches!(kind, 5 | 10) { 4 } else { size };
                value.chunks_exact_mut(step.max(1)).for_each(<[u8]>::reverse);
            }
            if kind == 16 {
                // Numbers of eight bytes are BigTIFF's alone.
                if value.chunks_exact(8).any(|number| number[4..] != [0; 4]) {
                    continue;
                }
                value = value.chunks_exact(8).flat_map(|number| number[..4].to_vec()).collect();
                (kind, size) = (4, 4);
            } else if kind == 17 {
                continue;
            }
            let count = (value.len() / size.max(1)) as u32;
            outs.push(Out { tag: field.tag, kind, count, value });
        }
        parts.push((directory.part, outs));
    }
    Ok(parts)
}

/// One directory with its values behind it, to stand at `at`; `next` is the place of the one that follows.
pub(in crate::formats::picture) fn directory(outs: &[Out], at: u32, next: u32) -> Vec<u8> {
    let mut outs: Vec<&Out> = outs.iter().collect();
    outs.sort_by_key(|out| out.tag);
    let mut bytes = (outs.len() as u16).to_le_bytes().to_vec();
    let values_at = at as usize + 2 + outs.len() * 12 + 4;
    let mut values = Vec::new();
    for out in outs {
        bytes.extend(out.tag.to_le_bytes());
        bytes.extend(out.kind.to_le_bytes());
        bytes.extend(out.count.to_le_bytes());
        let mut value = out.value.clone();
        if value.len() > 4 {
            bytes.extend(((values_at + values.len()) as u32).to_le_bytes());
            value.resize(value.len().next_multiple_of(2), 0);
            values.extend(value);
        } else {
            value.resize(4, 0);
            bytes.extend(value);
        }
    }
    bytes.extend(next.to_le_bytes());
    bytes.extend(values);
    bytes
}

/// The directories of `parts` but the picture's own, to stand from `at` on, and the links to them that belong into the picture's.
pub(in crate::formats::picture) fn inner(parts: &Parts, at: u32) -> (Vec<u8>, Vec<Out>) {
    let find =
        |wanted: Part| parts.iter().find(|(part, outs)| *part == wanted && !outs.is_empty()).map(|(_, outs)| outs.as_slice());
    let (mut bytes, mut links) = (Vec::new(), Vec::new());
    let mut put = |outs: &[Out]| {
        let place = at + bytes.len() as u32;
        bytes.extend(directory(outs, place, 0));
        place
    };
    let interop = find(Part::Interop).map(|outs| Out::long(ifd::INTEROP, put(outs)));
    let exif = find(Part::Exif).map(<[Out]>::to_vec).or_else(|| interop.is_some().then(Vec::new));
    if let Some(mut exif) = exif {
        exif.extend(interop);
        links.push(Out::long(ifd::EXIF, put(&exif)));
    }
    if let Some(gps) = find(Part::Gps) {
        links.push(Out::long(ifd::GPS, put(gps)));
    }
    (bytes, links)
}

/// A block of its own, as EXIF is stored in other files. The small copy is not in it.
pub(in crate::formats::picture) fn standalone(parts: &Parts) -> Vec<u8> {
    let own = parts.iter().find(|(part, _)| *part == Part::Image).map_or(&[][..], |(_, outs)| outs.as_slice());
    let (_, links) = inner(parts, 0);
    // The links have the same length wherever they lead to.
    let len = directory(&[own, &links].concat(), 8, 0).len() as u32;
    let (rest, links) = inner(parts, 8 + len);
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    bytes.extend(directory(&[own, &links].concat(), 8, 0));
    bytes.extend(rest);
    bytes
}
