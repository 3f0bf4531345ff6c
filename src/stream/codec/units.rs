//! Decoded code points as they come, in the narrowest units that hold them all.

use encoding_rs::mem;

use super::super::Text;
use super::super::text::{Width, widen};

/// A text that grows at its end.
#[derive(Debug, Default)]
pub(super) struct Units {
    width: Width,
    bytes: Vec<u8>,
}

impl Units {
    /// With room for `points` code points of one byte.
    pub(super) fn with_room(points: usize) -> Self {
        Self { width: Width::One, bytes: Vec::with_capacity(points) }
    }

    pub(super) fn into_text(self) -> Text {
        Text::from_units(self.width, self.bytes.into())
    }

    fn need(&mut self, width: Width) {
        if width > self.width {
            self.bytes = widen(&self.bytes, self.width, width);
            self.width = width;
        }
    }

    pub(super) fn push(&mut self, point: u32) {
        self.need(Width::of(point));
        self.width.push(&mut self.bytes, point);
    }

    /// Code points below U+0100.
    pub(super) fn push_latin1(&mut self, bytes: &[u8]) {
        match self.width {
            Width::One => self.bytes.extend_from_slice(bytes),
            width => self.extend_wide(width as usize, bytes.len(), |out| match width {
                Width::Two => spread::<2>(out, bytes),
                _ => spread::<4>(out, bytes),
            }),
        }
    }

    /// Room for `count` units behind the end, given to `fill`.
    fn extend_wide(&mut self, unit: usize, count: usize, fill: impl FnOnce(&mut [u8])) {
        let start = self.bytes.len();
        self.bytes.resize(start + count * unit, 0);
        fill(&mut self.bytes[start..]);
    }

    /// Text without surrogates.
    pub(super) fn push_str(&mut self, text: &str) {
        let bytes = text.as_bytes();
        // The lead bytes of everything from U+0100 and from U+10000 on are the largest there are.
        let highest = bytes.iter().fold(0, |highest, &byte| highest.max(byte));
        let needed = match highest {
            ..=0x7F => return self.push_latin1(bytes),
            0x80..=0xC3 => Width::One,
            0xC4..=0xEF => Width::Two,
            _ => Width::Four,
        };
        self.need(needed);
        match self.width {
            Width::One => {
                let start = self.bytes.len();
                self.bytes.resize(start + bytes.len(), 0);
                let written = mem::convert_utf8_to_latin1_lossy(bytes, &mut self.bytes[start..]);
                self.bytes.truncate(start + written);
            }
            Width::Two => self.push_str_as_utf16(text),
            Width::Four => self.push_str_as_utf32(text),
        }
    }

    /// Text without code points above U+FFFF.
    fn push_str_as_utf16(&mut self, text: &str) {
        const BLOCK: usize = 4096;
        let mut units = [0_u16; BLOCK];
        self.bytes.reserve(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            // A unit takes at least a byte of the text, so a block never overflows.
            let cut = rest.floor_char_boundary(BLOCK - 1);
            let (now, later) = rest.split_at(cut);
            let count = mem::convert_str_to_utf16(now, &mut units);
            self.push_u16(&units[..count]);
            rest = later;
        }
    }

    fn push_u16(&mut self, units: &[u16]) {
        let start = self.bytes.len();
        self.bytes.resize(start + units.len() * 2, 0);
        for (out, unit) in self.bytes[start..].as_chunks_mut::<2>().0.iter_mut().zip(units) {
            *out = unit.to_le_bytes();
        }
    }

    fn push_str_as_utf32(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let ascii = encoding_rs::Encoding::ascii_valid_up_to(rest.as_bytes());
            let (plain, later) = rest.split_at(ascii);
            self.push_latin1(plain.as_bytes());
            let mut chars = later.chars();
            for c in chars.by_ref() {
                self.bytes.extend_from_slice(&u32::from(c).to_le_bytes());
                if c == ' ' || c == '\n' {
                    break;
                }
            }
            rest = chars.as_str();
        }
    }

    /// UTF-16 in units of two bytes, without surrogates.
    pub(super) fn push_utf16<const BIG: bool>(&mut self, bytes: &[u8]) {
        let units = bytes.as_chunks::<2>().0;
        let unit = |unit: &[u8; 2]| if BIG { u16::from_be_bytes(*unit) } else { u16::from_le_bytes(*unit) };
        if self.width == Width::One {
            let all = units.iter().fold(0, |all, one| all | unit(one));
            if all <= 0xFF {
                self.bytes.extend(units.iter().map(|one| unit(one) as u8));
                return;
            }
            self.need(Width::Two);
        }
        match self.width {
            Width::Two if !BIG => self.bytes.extend_from_slice(bytes),
            Width::Two => self.extend_wide(2, units.len(), |out| {
                for (out, one) in out.as_chunks_mut::<2>().0.iter_mut().zip(units) {
                    *out = unit(one).to_le_bytes();
                }
            }),
            _ => self.extend_wide(4, units.len(), |out| {
                for (out, one) in out.as_chunks_mut::<4>().0.iter_mut().zip(units) {
                    *out = u32::from(unit(one)).to_le_bytes();
                }
            }),
        }
    }

    /// Each byte through a table.
    pub(super) fn push_mapped(&mut self, bytes: &[u8], table: &[u16; 256]) {
        if self.width == Width::One {
            let all = bytes.iter().fold(0, |all, &byte| all | table[usize::from(byte)]);
            if all <= 0xFF {
                self.bytes.extend(bytes.iter().map(|&byte| table[usize::from(byte)] as u8));
                return;
            }
            self.need(Width::Two);
        }
        if self.width == Width::Two {
            self.extend_wide(2, bytes.len(), |out| {
                for (out, &byte) in out.as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
                    *out = table[usize::from(byte)].to_le_bytes();
                }
            });
        } else {
            self.extend_wide(4, bytes.len(), |out| {
                for (out, &byte) in out.as_chunks_mut::<4>().0.iter_mut().zip(bytes) {
                    *out = u32::from(table[usize::from(byte)]).to_le_bytes();
                }
            });
        }
    }
}

/// Each byte as a unit of `N` bytes.
fn spread<const N: usize>(out: &mut [u8], bytes: &[u8]) {
    for (out, &byte) in out.as_chunks_mut::<N>().0.iter_mut().zip(bytes) {
        out[0] = byte;
    }
}
