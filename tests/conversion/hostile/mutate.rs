//! What somebody hostile does to a whole file.

use std::io::{Cursor, Read, Write};

use fastrand::Rng;

use super::seeds::Seed;

/// Numbers that sizes and places are set to.
const NUMBERS: [u64; 14] = [
    0,
    1,
    2,
    0x7F,
    0xFF,
    0x7FFF,
    0xFFFF,
    0x00FF_FFFF,
    0x7FFF_FFFF,
    0x8000_0000,
    0xFFFF_FFFF,
    0x7FFF_FFFF_FFFF_FFFF,
    0x8000_0000_0000_0000,
    u64::MAX,
];

/// Pieces that mean something in texts.
const WORDS: [&str; 34] = [
    "\"",
    "'",
    ",",
    "\t",
    "\r",
    "\n",
    "\r\n",
    "\0",
    "[",
    "{",
    "]",
    "}",
    ":",
    "\\",
    "\\u",
    "\\ud800",
    "%",
    "%G",
    "0x",
    "=",
    "&",
    "<",
    ">",
    "-1",
    "1e400",
    "4294967296",
    "9223372036854775808",
    "99999999999999999999",
    "\u{FEFF}",
    "\u{202E}",
    "é",
    "&#0;",
    "]]>",
    ":00000001FF",
];

/// `from` after one to a few changes.
pub(super) fn mutated(from: &Seed, others: &[Seed], random: &mut Rng) -> Vec<u8> {
    // What stands packed in an archive is reached from inside.
    if from.bytes.starts_with(b"PK\x03\x04")
        && random.bool()
        && let Some(bytes) = inside_zip(&from.bytes, others, random)
    {
        return bytes;
    }
    let mut bytes = from.bytes.clone();
    if random.u8(..8) == 0 {
        bytes.truncate(random.usize(..=bytes.len()));
        return bytes;
    }
    for _ in 0..random.usize(1..6) {
        change(&mut bytes, others, random);
    }
    if bytes.starts_with(b"\x89PNG") && random.bool() {
        sum_again(&mut bytes);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, others: &[Seed], random: &mut Rng) {
    if bytes.is_empty() {
        bytes.push(random.u8(..));
    }
    // Heads hold the numbers that matter.
    let within = if random.bool() { bytes.len().min(256) } else { bytes.len() };
    let mut at = random.usize(..within);
    if random.u8(..4) == 0 {
        at = bytes.len() - 1 - at;
    }
    match random.u8(..12) {
        0 => bytes[at] ^= 1 << random.u8(..8),
        1 => bytes[at] = random.u8(..),
        2..=5 => {
            let number = NUMBERS[random.usize(..NUMBERS.len())].wrapping_add(random.u64(..3)).wrapping_sub(1);
            let width = [1, 2, 4, 8][random.usize(..4)];
            let end = (at + width).min(bytes.len());
            let digits = if random.bool() { number.to_le_bytes() } else { (number << (64 - width * 8)).to_be_bytes() };
            bytes[at..end].copy_from_slice(&digits[..end - at]);
        }
        6 => {
            let end = (at + 1 + random.usize(..64)).min(bytes.len());
            bytes.drain(at..end);
        }
        7 => {
            let end = (at + 1 + random.usize(..200)).min(bytes.len());
            let piece = bytes[at..end].repeat(random.usize(1..40));
            bytes.splice(at..at, piece);
        }
        8 => {
            let other = &others[random.usize(..others.len())].bytes;
            if !other.is_empty() {
                let start = random.usize(..other.len());
                let end = (start + random.usize(..300)).min(other.len());
                bytes.splice(at..at, other[start..end].iter().copied());
            }
        }
        9 => {
            let end = (at + random.usize(..40)).min(bytes.len());
            let byte = [0, 0xFF, 0x20, 0x30, 0x5B][random.usize(..5)];
            bytes[at..end].fill(byte);
        }
        10 => {
            let word = WORDS[random.usize(..WORDS.len())].repeat(if random.u8(..6) == 0 { 5_000 } else { 1 });
            bytes.splice(at..at, word.into_bytes());
        }
        // Digits become another number.
        _ => {
            if let Some(start) = bytes[at..].iter().position(u8::is_ascii_digit).map(|more| at + more) {
                let len = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                let number = NUMBERS[random.usize(..NUMBERS.len())].to_string();
                bytes.splice(start..start + len, number.into_bytes());
            }
        }
    }
    bytes.truncate(1 << 20);
}

/// Sums of a PNG's chunks made right again, so that what they hold is looked at.
fn sum_again(bytes: &mut [u8]) {
    let mut at = 8;
    while let Some(len) = bytes.get(at..at + 4).map(|len| u32::from_be_bytes([len[0], len[1], len[2], len[3]]) as usize) {
        let Some(end) = at.checked_add(8).and_then(|start| start.checked_add(len)).filter(|end| end + 4 <= bytes.len()) else {
            break;
        };
        let sum = crc32fast::hash(&bytes[at + 4..end]).to_be_bytes();
        bytes[end..end + 4].copy_from_slice(&sum);
        at = end + 4;
    }
}

/// The same archive with one member changed.
fn inside_zip(bytes: &[u8], others: &[Seed], random: &mut Rng) -> Option<Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let chosen = random.usize(..archive.len().max(1));
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..archive.len() {
        let mut member = archive.by_index(number).ok()?;
        let mut content = Vec::new();
        member.read_to_end(&mut content).ok()?;
        if number == chosen {
            for _ in 0..random.usize(1..5) {
                change(&mut content, others, random);
            }
        }
        let method = if number == 0 { zip::CompressionMethod::Stored } else { zip::CompressionMethod::Deflated };
        zip.start_file(member.name().ok()?.into_owned(), zip::write::SimpleFileOptions::default().compression_method(method))
            .ok()?;
        zip.write_all(&content).ok()?;
    }
    Some(zip.finish().ok()?.into_inner())
}
