//! How common each byte is in what hex editors are used for.

use memchr::arch::all::packedpair::HeuristicFrequencyRank;

/// Ranks bytes by how common they are in programs, images, tables and text: `memchr`'s own ranks are of text and code, where
/// the most common byte of all, zero, is rare.
#[derive(Clone, Copy, Debug)]
pub(super) struct Binary;

impl Binary {
    /// 255 for the most common.
    pub(super) const fn of(byte: u8) -> u8 {
        RANKS[byte as usize]
    }
}

impl HeuristicFrequencyRank for Binary {
    fn rank(&self, byte: u8) -> u8 {
        Self::of(byte)
    }
}

static RANKS: [u8; 256] = ranks();

const fn ranks() -> [u8; 256] {
    let mut ranks = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        ranks[byte] = match byte as u8 {
            0x00 => 255,
            0xFF => 250,
            b' ' => 245,
            b'e' | b't' | b'a' | b'o' | b'i' | b'n' | b's' | b'r' => 235,
            b'\n' => 230,
            // Small numbers and the prefixes of machine code.
            0x01 | 0x02 | 0x03 | 0x04 | 0x08 | 0x0F | 0x10 | 0x24 | 0x48 | 0x80 | 0x83 | 0x89 | 0x8B | 0xFE => 225,
            b'l' | b'c' | b'd' | b'u' | b'm' | b'p' | b'h' | b'g' | b'f' => 215,
            b'0'..=b'9' => 205,
            b'.' | b',' | b'_' | b'-' | b'/' | b'"' | b'=' | b':' => 190,
            0x05..=0x07 | 0x09 | 0x0B..=0x0E | 0x11..=0x1F => 180,
            b'b' | b'y' | b'v' | b'w' | b'k' => 175,
            b'A'..=b'I' | b'L'..=b'P' | b'R'..=b'U' => 160,
            0x40 | 0x60 | 0xC0 | 0xE0 | 0xF0 | 0xE8 | 0xC3 => 150,
            b'x' | b'j' | b'q' | b'z' | b'J' | b'K' | b'Q' | b'V'..=b'Z' => 110,
            other => {
                if other < 0x80 {
                    130
                } else {
                    90
                }
            }
        };
        byte += 1;
    }
    ranks
}
