//! Content cut into chunks where the content says so.
//!
//! A hash of the last bytes rolls over the content ("gear hash": shift, add a random number for the byte; a bit of it
//! depends on as many of the last bytes as there are bits below it); where the uppermost bits of those that depend on a
//! window of 64 bytes, or of 16 for small chunks, are all zero, a chunk ends. So the same content is cut at the same places wherever it stands. The chunk's
//! key is its CRC-32 and its length: enough to find what may be equal; whether it is, the bytes say.

use rayon::prelude::*;

use super::CompareError;
use super::position::BLOCK;
use crate::buffer::{Buffer, Offset, ReadError};
use crate::tasks::Progress;

/// The chunk that ends a side begins at its end and has no bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chunk {
    /// Equal content has equal keys; the other way round it is likely.
    pub(super) key: u64,
    /// Where it begins.
    pub(super) start: u64,
}

/// A fill that is at least this long is one chunk, and is not looked at.
const LONG_FILL: u64 = 1 << 20;

/// Bytes that the rolling hash remembers.
const WINDOW: u64 = 64;

/// Chunks up to this size are cut by what stands in 16 bytes.
const SMALL_BITS: u32 = 8;

/// A number for each byte, from the generator "splitmix64".
const GEAR: [u64; 256] = {
    let mut table = [0; 256];
    let mut state = 0x5EE4_7E11_u64;
    let mut i = 0;
    while i < 256 {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        table[i] = z ^ (z >> 31);
        i += 1;
    }
    table
};

/// Cuts `from..to` into chunks of about `1 << bits` bytes on all cores. The last one in the list begins at `to` and is empty.
pub(super) fn chunks(
    side: &Buffer,
    from: u64,
    to: u64,
    bits: u32,
    unit: u64,
    progress: &Progress,
    wrong: fn(ReadError) -> CompareError,
) -> Result<Vec<Chunk>, CompareError> {
    let mut all = Vec::new();
    let mut at = from;
    // The chunk that goes on over the edges of blocks.
    let mut open = Open { start: from, crc: crc32fast::Hasher::new(), longest: 1 << (bits + 4) };
    while at < to {
        progress.check()?;
        if let Some((byte, run)) = side.repeated_at(Offset(at))
            && run.get().min(to - at) >= LONG_FILL
        {
            let end = at + (run.get().min(to - at) / unit * unit);
            open.close(at, &mut all);
            all.push(Chunk { key: u64::MAX - u64::from(byte), start: at });
            open.start = end;
            progress.advance(end - at);
            at = end;
            continue;
        }
        let wave = (rayon::current_num_threads() as u64 * 4).min(32);
        let mut blocks = Vec::new();
        while at < to && (blocks.len() as u64) < wave {
            if !blocks.is_empty() && side.repeated_at(Offset(at)).is_some_and(|(_, run)| run.get() >= LONG_FILL) {
                break;
            }
            let end = (at + BLOCK).min(to);
            blocks.push((at, end));
            at = end;
        }
        let cut: Vec<Result<Block, CompareError>> = blocks
            .par_iter()
            .map(|&(start, end)| {
                progress.check()?;
                let block = Block::cut(side, from, start, end, bits, unit).map_err(wrong)?;
                progress.advance(end - start);
                Ok(block)
            })
            .collect();
        for (cut, &(_, end)) in cut.into_iter().zip(&blocks) {
            open.add(&cut?, end, &mut all);
        }
    }
    open.close(to, &mut all);
    all.push(Chunk { key: 0, start: to });
    Ok(all)
}

/// A block that was looked at: where it is cut, and the CRC of what lies before each cut and behind the last one.
struct Block {
    cuts: Vec<(u64, crc32fast::Hasher)>,
    rest: crc32fast::Hasher,
}

impl Block {
    fn cut(side: &Buffer, from: u64, start: u64, end: u64, bits: u32, unit: u64) -> Result<Self, ReadError> {
        let before = WINDOW.min(start - from);
        let len = (end - start + before) as usize;
        let mut own = Vec::new();
        let bytes = match side.contiguous(Offset(start - before)).and_then(|run| run.get(..len)) {
            Some(bytes) => bytes,
            None => {
                own.resize(len, 0);
                side.read_at(Offset(start - before), &mut own)?;
                &own
            }
        };
        let (warm, bytes) = bytes.split_at(before as usize);
        let mut hash = warm.iter().fold(0_u64, |hash, &byte| (hash << 1).wrapping_add(GEAR[usize::from(byte)]));
        // Every fourth place of a text counts, so four times as many of those do.
        let wanted = if unit == 1 { bits } else { bits.saturating_sub(2) };
        let (window, shift) = if bits > SMALL_BITS { (64, 64 - wanted) } else { (16, 16 - wanted) };
        let mask = (u64::MAX >> (64 - window)) >> shift << shift;
        let shortest = (1_usize << bits) / 8;
        let (mut last, mut cuts) = (0, Vec::new());
        for (index, &byte) in bytes.iter().enumerate() {
            hash = (hash << 1).wrapping_add(GEAR[usize::from(byte)]);
            if hash & mask == 0 {
                let at = index + 1;
                if at - last >= shortest && (start + at as u64 - from).is_multiple_of(unit) {
                    cuts.push((start + at as u64, crc(&bytes[last..at])));
                    last = at;
                }
            }
        }
        Ok(Self { cuts, rest: crc(&bytes[last..]) })
    }
}

fn crc(bytes: &[u8]) -> crc32fast::Hasher {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(bytes);
    hasher
}

struct Open {
    start: u64,
    crc: crc32fast::Hasher,
    longest: u64,
}

impl Open {
    fn add(&mut self, block: &Block, end: u64, all: &mut Vec<Chunk>) {
        for (at, crc) in &block.cuts {
            self.crc.combine(crc);
            self.close(*at, all);
        }
        self.crc.combine(&block.rest);
        // Content that cuts nothing, zeros for one, is cut at the edges of blocks.
        if end - self.start >= self.longest {
            self.close(end, all);
        }
    }

    fn close(&mut self, end: u64, all: &mut Vec<Chunk>) {
        if end > self.start {
            let crc = std::mem::replace(&mut self.crc, crc32fast::Hasher::new()).finalize();
            // A CRC in the upper half never is the key of a fill: lengths stay below 2^31 there.
            let len = (end - self.start) & 0x7FFF_FFFF;
            all.push(Chunk { key: u64::from(crc) << 31 | len, start: self.start });
        }
        self.crc = crc32fast::Hasher::new();
        self.start = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(bytes: &Buffer, from: u64) -> Vec<Chunk> {
        chunks(bytes, from, bytes.len().get(), 8, 1, &Progress::new(), CompareError::Left).unwrap()
    }

    #[test]
    fn the_same_content_is_cut_at_the_same_places_wherever_it_stands() {
        let mut rng = fastrand::Rng::with_seed(3);
        let content: Vec<u8> = (0..3 << 20).map(|_| rng.u8(..)).collect();
        let moved: Vec<u8> = (0..12345).map(|_| rng.u8(..)).chain(content.iter().copied()).collect();
        let a = cut(&Buffer::from(content), 0);
        let b = cut(&Buffer::from(moved), 0);
        let keys: std::collections::HashSet<u64> = b.iter().map(|chunk| chunk.key).collect();
        let found = a.iter().filter(|chunk| keys.contains(&chunk.key)).count();
        assert!(a.len() > 5000 && found * 1000 > a.len() * 995, "{found} of {} chunks", a.len());
    }

    #[test]
    fn a_long_fill_is_one_chunk_and_takes_no_time() {
        let mut bytes = Buffer::from(b"head");
        bytes.insert(Offset(4), &Buffer::filled(0, crate::buffer::Len(1 << 60)));
        let all = cut(&bytes, 0);
        let starts: Vec<_> = all.iter().map(|chunk| chunk.start).collect();
        assert_eq!((starts.first(), starts.last()), (Some(&0), Some(&((1 << 60) + 4))));
        assert!(all.iter().any(|chunk| chunk.key == u64::MAX), "the fill is a chunk of its own");
    }
}
