//! Decoded code points as they come, in the narrowest units that hold them all.

use encoding_rs::mem;

use super::super::Text;
use super::super::text::{Width, widen};

/// Room behind what is written, for units that are written at once and taken back.
const SLACK: usize = 64;

/// A text that grows at its end.
#[derive(Debug, Default)]
pub(super) struct Units {
    width: Width,
    bytes: Vec<u8>,
    /// Whether a `\r` may be among them.
    pub(super) has_cr: bool,
}

impl Units {
    /// With room for `points` code points of one byte.
    pub(super) fn with_room(points: usize) -> Self {
        Self { bytes: Vec::with_capacity(points), ..Self::default() }
    }

    pub(super) fn into_text(mut self) -> Text {
        // Room for what did not come is given back where it is much.
        if self.bytes.capacity() - self.bytes.len() > 1 << 16 {
            self.bytes.shrink_to_fit();
        }
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

    /// UTF-8, up to the first place that is none; how many bytes that is.
    pub(super) fn push_utf8(&mut self, bytes: &[u8]) -> usize {
        if self.width == Width::One {
            // Most bytes at a time where all are ASCII, or Latin-1 at least.
            let latin1 = mem::utf8_latin1_up_to(bytes);
            let start = self.bytes.len();
            self.bytes.resize(start + latin1, 0);
            let written = mem::convert_utf8_to_latin1_lossy(&bytes[..latin1], &mut self.bytes[start..]);
            self.bytes.truncate(start + written);
            self.has_cr = self.has_cr || memchr::memchr(b'\r', &bytes[..latin1]).is_some();
            if latin1 == bytes.len() {
                return latin1;
            }
            let rest = &bytes[latin1..];
            return match rest[0] {
                0xC4..=0xEF => {
                    self.need_room(Width::Two, rest.len());
                    latin1 + self.push_utf8(rest)
                }
                0xF0..=0xF4 => {
                    self.need(Width::Four);
                    latin1 + self.push_utf8(rest)
                }
                _ => latin1,
            };
        }
        if self.width == Width::Two {
            let (done, has_cr) = self.push_utf8_in_windows(bytes);
            self.has_cr |= has_cr;
            if !matches!(bytes.get(done), Some(0xF0..=0xF4)) {
                return done;
            }
            self.need(Width::Four);
            return done + self.push_utf8(&bytes[done..]);
        }
        let valid = encoding_rs::Encoding::utf8_valid_up_to(bytes);
        self.has_cr = self.has_cr || memchr::memchr(b'\r', &bytes[..valid]).is_some();
        self.push_str_as_utf32(std::str::from_utf8(&bytes[..valid]).unwrap_or_default());
        valid
    }

    /// Like [`Units::need`], with memory for as many more units.
    fn need_room(&mut self, width: Width, units: usize) {
        let size = width as usize;
        let mut bytes = Vec::with_capacity((self.bytes.len() / self.width as usize + units) * size + SLACK);
        if self.width == Width::One && width == Width::Two {
            bytes.resize(self.bytes.len() * 2, 0);
            spread::<2>(&mut bytes, &self.bytes);
        } else {
            bytes = widen(&self.bytes, self.width, width);
        }
        self.bytes = bytes;
        self.width = width;
    }

    /// UTF-8 up to the first place that is none or that has a code point above U+FFFF, in steps that stay in the cache and that are
    /// no larger than what was good before, so that much wrong input costs no more than its length.
    fn push_utf8_in_windows(&mut self, bytes: &[u8]) -> (usize, bool) {
        const LARGEST: usize = 1 << 15;
        let (mut at, mut size, mut has_cr) = (0, 256, false);
        while at < bytes.len() {
            let window = &bytes[at..bytes.len().min(at + size)];
            has_cr = has_cr || memchr::memchr(b'\r', window).is_some();
            let done = self.push_utf8_as_utf16(window);
            at += done;
            // The end of a window can lie inside a character.
            if done + 4 <= window.len() || done == 0 {
                break;
            }
            size = LARGEST.min(size * 2);
        }
        (at, has_cr)
    }

    fn push_utf8_as_utf16(&mut self, bytes: &[u8]) -> usize {
        self.bytes.reserve(bytes.len() * 2 + SLACK);
        utf8_as_utf16(bytes, &mut self.bytes)
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

    /// Code points up to U+FFFF.
    pub(super) fn push_units(&mut self, units: &[u16]) {
        if self.width == Width::One {
            let all = units.iter().fold(0, |all, unit| all | unit);
            if all <= 0xFF {
                self.bytes.extend(units.iter().map(|&unit| unit as u8));
                return;
            }
            self.need(Width::Two);
        }
        match self.width {
            Width::Two => self.extend_wide(2, units.len(), |out| {
                for (out, unit) in out.as_chunks_mut::<2>().0.iter_mut().zip(units) {
                    *out = unit.to_le_bytes();
                }
            }),
            _ => self.extend_wide(4, units.len(), |out| {
                for (out, unit) in out.as_chunks_mut::<4>().0.iter_mut().zip(units) {
                    *out = u32::from(*unit).to_le_bytes();
                }
            }),
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

/// Appends UTF-8 as UTF-16, up to the first place that is none or that needs two units; how many bytes that is.
#[inline(never)]
fn utf8_as_utf16(bytes: &[u8], out: &mut Vec<u8>) -> usize {
    const HIGH: u64 = u64::from_le_bytes([0x80; 8]);
    let mut at = 0;
    loop {
        while let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
            // All eight as if they were ASCII; those that are not are taken back.
            let word = u64::from_le_bytes(*word);
            let len = out.len();
            out.extend_from_slice(&widened(word));
            let high = word & HIGH;
            let plain = (high.trailing_zeros() / 8) as usize;
            at += plain;
            if high != 0 {
                out.truncate(len + 2 * plain);
                break;
            }
        }
        let (unit, len) = match bytes[at..] {
            [a @ ..0x80, ..] => (u16::from(a), 1),
            [a @ 0xC2..=0xDF, b @ 0x80..=0xBF, ..] => (u16::from(a & 0x1F) << 6 | u16::from(b & 0x3F), 2),
            [a @ 0xE0..=0xEF, b @ 0x80..=0xBF, c @ 0x80..=0xBF, ..] => {
                let unit = u16::from(a & 0x0F) << 12 | u16::from(b & 0x3F) << 6 | u16::from(c & 0x3F);
                if unit < 0x800 || unit & 0xF800 == 0xD800 {
                    return at;
                }
                (unit, 3)
            }
            _ => return at,
        };
        out.extend_from_slice(&unit.to_le_bytes());
        at += len;
    }
}

/// The eight bytes of a word as eight units of two bytes, by moving the halves of each part apart: faster than byte by byte.
#[inline]
fn widened(word: u64) -> [u8; 16] {
    let apart = |four: u64| {
        let two = (four | four << 16) & 0x0000_FFFF_0000_FFFF;
        (two | two << 8) & 0x00FF_00FF_00FF_00FF
    };
    (u128::from(apart(word & 0xFFFF_FFFF)) | u128::from(apart(word >> 32)) << 64).to_le_bytes()
}

/// Each byte as a unit of `N` bytes.
fn spread<const N: usize>(out: &mut [u8], bytes: &[u8]) {
    for (out, &byte) in out.as_chunks_mut::<N>().0.iter_mut().zip(bytes) {
        out[0] = byte;
    }
}
