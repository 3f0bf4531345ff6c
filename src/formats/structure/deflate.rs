//! Where deflated data end (RFC 1951). Nothing says it but the data themselves: their codes are read, and nothing is unpacked.

use super::draft::Draft;
use super::scan::Scan;
use crate::buffer::{Chunk, Offset};
use crate::formats::FormatError;

/// Blocks that are told one by one.
const TOLD: usize = 64;

/// The longest code.
const BITS: u32 = 15;

/// What was found out about deflated data.
pub(super) struct Walk {
    /// The place behind the last byte; `None` where it was not reached.
    pub(super) end: Option<u64>,
    /// Bytes that they stand for.
    pub(super) unpacked: u64,
    /// The first blocks.
    pub(super) blocks: Vec<Draft>,
    /// How many blocks there are.
    pub(super) count: u64,
    /// What is wrong with them.
    pub(super) problem: Option<String>,
}

/// Reads the codes from `start` on, up to `limit` bytes of them.
pub(super) fn walk(scan: &Scan<'_>, start: u64, limit: u64) -> Result<Walk, FormatError> {
    let mut walk = Walk { end: None, unpacked: 0, blocks: Vec::new(), count: 0, problem: None };
    let mut bits = Bits { scan, at: start, chunk: None, held: 0, count: 0, missing: 0, read: 0 };
    loop {
        let from = bits.place();
        scan.at(from)?;
        if from - start > limit {
            return Ok(walk);
        }
        let before = walk.unpacked;
        let last = bits.take(1)? == 1;
        let kind = bits.take(2)?;
        let result = match kind {
            0 => stored(&mut bits, &mut walk.unpacked)?,
            1 => compressed(&mut bits, &fixed(), start.saturating_add(limit), &mut walk.unpacked)?,
            2 => match tables(&mut bits)? {
                Ok(tables) => compressed(&mut bits, &tables, start.saturating_add(limit), &mut walk.unpacked)?,
                Err(problem) => Err(problem),
            },
            _ => Err("a block of a kind that there is not"),
        };
        let over = bits.missing > 0;
        walk.count += 1;
        if walk.blocks.len() < TOLD {
            let name = ["Stored block", "Block with fixed codes", "Block with codes of its own", "No block"];
            let end = bits.end().clamp(from, scan.len);
            let block = Draft::new(name[kind as usize], from, end - from);
            walk.blocks.push(block.value(format!(
                "{} unpacked{}",
                super::draft::bytes(walk.unpacked - before),
                if last { ", the last one" } else { "" }
            )));
        }
        match result {
            Err("") => return Ok(walk),
            _ if over => {
                walk.problem = Some("cut off: the file ends inside of them".into());
                return Ok(walk);
            }
            Err(problem) => {
                walk.problem = Some(format!("broken at 0x{:X}: {problem}", bits.place()));
                return Ok(walk);
            }
            Ok(()) if last => {
                walk.end = Some(bits.end());
                return Ok(walk);
            }
            Ok(()) => {}
        }
    }
}

/// Bits, the lowest of a byte first.
struct Bits<'s, 'a> {
    scan: &'s Scan<'a>,
    /// The next byte.
    at: u64,
    chunk: Option<(u64, Chunk)>,
    held: u64,
    count: u32,
    /// Bits that were asked for behind the end.
    missing: u32,
    read: u64,
}

impl Bits<'_, '_> {
    /// Has at least `n` bits in `held`, up to 32; behind the end they are zeros.
    fn fill(&mut self, n: u32) -> Result<(), FormatError> {
        while self.count < n {
            let byte = match &self.chunk {
                Some((start, chunk)) => chunk.get((self.at - start) as usize).copied(),
                None => None,
            };
            let byte = match byte {
                Some(byte) => byte,
                None => {
                    self.scan.at(self.at)?;
                    self.chunk = self.scan.buffer.chunk_at(Offset(self.at))?.map(|chunk| (self.at, chunk));
                    match &self.chunk {
                        Some((_, chunk)) => chunk[0],
                        None => {
                            // A code may be looked up with bits that it does not have.
                            self.count += 8;
                            self.read += 1;
                            continue;
                        }
                    }
                }
            };
            self.at += 1;
            self.held |= u64::from(byte) << self.count;
            self.count += 8;
        }
        Ok(())
    }

    fn drop(&mut self, n: u32) {
        self.held >>= n;
        self.count -= n;
        // Zeros that stand behind the end are the last that are held.
        if self.read * 8 > u64::from(self.count) {
            self.missing = 1;
        }
    }

    fn take(&mut self, n: u32) -> Result<u64, FormatError> {
        self.fill(n)?;
        let value = self.held & ((1 << n) - 1);
        self.drop(n);
        Ok(value)
    }

    /// The byte that the next bit is in.
    fn place(&self) -> u64 {
        self.end_of(self.count.div_ceil(8))
    }

    /// The place behind the byte that the last bit was in.
    fn end(&self) -> u64 {
        self.end_of(self.count / 8)
    }

    fn end_of(&self, held: u32) -> u64 {
        (self.at + self.read).saturating_sub(u64::from(held))
    }

    fn symbol(&mut self, codes: &Codes) -> Result<Option<u16>, FormatError> {
        self.fill(BITS)?;
        let entry = codes.table[(self.held & ((1 << BITS) - 1)) as usize];
        let len = u32::from(entry & 15);
        if len == 0 {
            return Ok(None);
        }
        self.drop(len);
        Ok(Some(entry >> 4))
    }
}

/// For every 15 bits the symbol that they begin with, and the length of its code; 0 where there is none.
struct Codes {
    table: Vec<u16>,
}

impl Codes {
    fn new(lengths: &[u8]) -> Result<Self, &'static str> {
        let mut counts = [0u32; 16];
        for &len in lengths {
            counts[usize::from(len & 15)] += 1;
        }
        counts[0] = 0;
        let (mut next, mut code, mut free) = ([0u32; 16], 0, 1u32);
        for len in 1..16 {
            code = (code + counts[len - 1]) << 1;
            next[len] = code;
            free = (free << 1).checked_sub(counts[len]).ok_or("more codes than there can be")?;
        }
        let mut table = vec![0; 1 << BITS];
        for (symbol, &len) in lengths.iter().enumerate().filter(|(_, len)| **len > 0) {
            let len = u32::from(len);
            let code = next[len as usize];
            next[len as usize] += 1;
            let first = (code.reverse_bits() >> (32 - len)) as usize;
            for slot in (first..1 << BITS).step_by(1 << len) {
                table[slot] = (symbol as u16) << 4 | len as u16;
            }
        }
        Ok(Self { table })
    }
}

fn fixed() -> (Codes, Codes) {
    let mut lengths = [8u8; 288];
    lengths[144..256].fill(9);
    lengths[256..280].fill(7);
    let none = || Codes { table: vec![0; 1 << BITS] };
    (Codes::new(&lengths).unwrap_or_else(|_| none()), Codes::new(&[5; 30]).unwrap_or_else(|_| none()))
}

/// The codes of a block that brings its own.
fn tables(bits: &mut Bits<'_, '_>) -> Result<Result<(Codes, Codes), &'static str>, FormatError> {
    const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
    let literals = bits.take(5)? as usize + 257;
    let distances = bits.take(5)? as usize + 1;
    let count = bits.take(4)? as usize + 4;
    let mut short = [0; 19];
    for &place in &ORDER[..count] {
        short[place] = bits.take(3)? as u8;
    }
    let codes = match Codes::new(&short) {
        Ok(codes) => codes,
        Err(problem) => return Ok(Err(problem)),
    };
    let mut lengths = Vec::with_capacity(320);
    while lengths.len() < literals + distances {
        let Some(symbol) = bits.symbol(&codes)? else { return Ok(Err("a code length that has no code")) };
        let (value, times) = match symbol {
            0..=15 => (symbol as u8, 1),
            16 => match lengths.last() {
                Some(&last) => (last, bits.take(2)? + 3),
                None => return Ok(Err("a length is repeated before there is one")),
            },
            17 => (0, bits.take(3)? + 3),
            _ => (0, bits.take(7)? + 11),
        };
        lengths.extend(std::iter::repeat_n(value, times as usize));
    }
    if lengths.len() > literals + distances {
        return Ok(Err("more code lengths than codes"));
    }
    let (literals, distances) = lengths.split_at(literals);
    if literals[256] == 0 {
        return Ok(Err("the end of the block has no code"));
    }
    Ok(Codes::new(literals).and_then(|literals| Ok((literals, Codes::new(distances)?))))
}

fn stored(bits: &mut Bits<'_, '_>, unpacked: &mut u64) -> Result<Result<(), &'static str>, FormatError> {
    bits.drop(bits.count % 8);
    let len = bits.take(16)?;
    let complement = bits.take(16)?;
    if len != complement ^ 0xFFFF {
        return Ok(Err("the length of a stored block and its complement differ"));
    }
    // What is held are whole bytes.
    let at = bits.place() + len;
    (bits.held, bits.count, bits.at, bits.chunk, bits.read) = (0, 0, at, None, 0);
    if at > bits.scan.len {
        bits.missing = 1;
    }
    *unpacked += len;
    Ok(Ok(()))
}

/// An empty problem where the data go on past `limit`.
fn compressed(
    bits: &mut Bits<'_, '_>,
    (literals, distances): &(Codes, Codes),
    limit: u64,
    unpacked: &mut u64,
) -> Result<Result<(), &'static str>, FormatError> {
    const EXTRA: [u32; 29] = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
    const BASE: [u64; 29] =
        [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
    loop {
        match bits.symbol(literals)? {
            Some(0..=255) => *unpacked += 1,
            Some(256) => return Ok(Ok(())),
            Some(symbol @ 257..=285) => {
                let index = usize::from(symbol - 257);
                *unpacked += BASE[index] + bits.take(EXTRA[index])?;
                match bits.symbol(distances)? {
                    Some(symbol @ 0..=29) => {
                        let extra = u32::from(symbol / 2).saturating_sub(1);
                        bits.take(extra)?;
                    }
                    _ => return Ok(Err("a distance that there is not")),
                }
            }
            _ => return Ok(Err("a symbol that has no code")),
        }
        if bits.missing > 0 {
            return Ok(Ok(()));
        }
        if bits.at > limit {
            return Ok(Err(""));
        }
    }
}
