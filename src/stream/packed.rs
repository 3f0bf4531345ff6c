//! Long texts that stay the UTF-8 they came as.
//!
//! A text takes 1, 2 or 4 bytes a code point, so that each is found at once. Of a hundred megabytes that are read and handed on,
//! searched or written again that would be up to three hundred more, filled before anybody asked for a code point. So a
//! long text that is decoded from UTF-8 in memory shares it, with an index that finds any code point in a few microseconds, and the
//! units are made when something works on all of them.

use std::sync::{Arc, OnceLock};

use super::Text;
use super::codec::utf8_text;
use super::text::Width;
use crate::buffer::{Buffer, Offset};

/// Shorter texts are decoded: an index is not worth its while.
const LONG: usize = 1 << 18;

/// Bytes from one entry of the index to the next, but for what a character reaches beyond it.
const BLOCK: usize = 1 << 14;

/// Slices up to this many code points are decoded from their own bytes.
const SHORT_SLICE: u64 = 1 << 14;

/// UTF-8 without surrogates, in one run of memory, that holds a code point above U+00FF.
pub(super) struct Packed {
    utf8: Buffer,
    width: Width,
    len: u64,
    /// For each block, its first byte and the number of its first code point.
    blocks: Vec<(usize, u64)>,
    units: OnceLock<Buffer>,
}

impl Packed {
    /// Of `bytes`, which are those of `utf8`; with it, whether there is a `\r`. `None` where it would not pay, and where the bytes are
    /// no UTF-8.
    pub(super) fn of(utf8: &Buffer, bytes: &[u8]) -> Option<(Self, bool)> {
        if bytes.len() < LONG {
            return None;
        }
        let (mut at, mut len, mut highest, mut has_cr) = (0, 0, 0, false);
        let mut blocks = Vec::with_capacity(bytes.len() / BLOCK + 1);
        // Each block is looked at four times while it is in the cache.
        while at < bytes.len() {
            let mut end = bytes.len().min(at + BLOCK);
            while end > at && bytes.get(end).is_some_and(|&byte| is_inside(byte)) {
                end -= 1;
            }
            let block = &bytes[at..end];
            let text = simdutf8::basic::from_utf8(block).ok().filter(|text| !text.is_empty())?;
            blocks.push((at, len));
            len += text.chars().count() as u64;
            highest = block.iter().fold(highest, |highest, &byte| highest.max(byte));
            has_cr = has_cr || memchr::memchr(b'\r', block).is_some();
            at = end;
        }
        let width = match highest {
            ..0xC4 => return None,
            0xC4..0xF0 => Width::Two,
            _ => Width::Four,
        };
        Some((Self { utf8: utf8.clone(), width, len, blocks, units: OnceLock::new() }, has_cr))
    }

    pub(super) fn utf8(&self) -> &Buffer {
        &self.utf8
    }

    pub(super) fn width(&self) -> Width {
        self.width
    }

    /// How many code points.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    fn bytes(&self) -> &[u8] {
        self.utf8.contiguous(Offset::ZERO).unwrap_or_default()
    }

    /// All code points in units of their width; made by the first who asks.
    pub(super) fn units(&self) -> &Buffer {
        self.units.get_or_init(|| {
            let text = utf8_text(self.bytes());
            debug_assert_eq!(text.width(), self.width);
            text.units().clone()
        })
    }

    /// The first byte of a code point, or the end.
    fn byte_of(&self, index: u64) -> usize {
        if index >= self.len {
            return self.bytes().len();
        }
        let block = self.blocks.partition_point(|&(_, first)| first <= index).saturating_sub(1);
        let (at, first) = self.blocks.get(block).copied().unwrap_or_default();
        let starts = self.bytes()[at..].iter().enumerate().filter(|(_, byte)| !is_inside(**byte));
        starts.skip((index - first) as usize).map(|(byte, _)| at + byte).next().unwrap_or_default()
    }

    pub(super) fn get(&self, index: u64) -> Option<u32> {
        if index >= self.len {
            return None;
        }
        if let Some(units) = self.units.get() {
            return Text::from_units(self.width, units.clone()).get(index);
        }
        let at = self.byte_of(index);
        chars(&self.bytes()[at..self.bytes().len().min(at + 4)]).next().map(u32::from)
    }

    /// The code points from `start` up to `end`, which are not past the end; `None` where all units are the better way.
    pub(super) fn slice(&self, start: u64, end: u64) -> Option<Text> {
        if end <= start {
            return Some(Text::default());
        }
        if self.units.get().is_some() || end - start > SHORT_SLICE {
            return None;
        }
        let bytes = &self.bytes()[self.byte_of(start)..self.byte_of(end)];
        Some(Text::from_code_points(chars(bytes).map(u32::from)))
    }

    /// The bytes of a code point, which is below U+0080, are in the text.
    pub(super) fn has_ascii(&self, point: u8) -> bool {
        memchr::memchr(point, self.bytes()).is_some()
    }
}

/// Whether a byte of UTF-8 is not the first one of a character.
#[inline]
const fn is_inside(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

/// The characters of bytes that are UTF-8 up to where, at most, the last one is cut.
fn chars(bytes: &[u8]) -> std::str::Chars<'_> {
    let whole = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
    };
    whole.chars()
}

/// The code points in order, a block at a time.
pub(super) struct PackedPoints {
    packed: Arc<Packed>,
    block: usize,
    points: std::vec::IntoIter<u32>,
}

impl PackedPoints {
    pub(super) fn new(packed: Arc<Packed>) -> Self {
        Self { packed, block: 0, points: Vec::new().into_iter() }
    }
}

impl Iterator for PackedPoints {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        if let Some(point) = self.points.next() {
            return Some(point);
        }
        let (start, _) = *self.packed.blocks.get(self.block)?;
        self.block += 1;
        let bytes = self.packed.bytes();
        let end = self.packed.blocks.get(self.block).map_or(bytes.len(), |(end, _)| *end);
        self.points = chars(&bytes[start..end]).map(u32::from).collect::<Vec<_>>().into_iter();
        self.points.next()
    }
}

impl PartialEq for Packed {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.utf8 == other.utf8
    }
}
