//! Digests and checksums of a snapshot or a part of it: any number of functions in one pass, on all cores.
//!
//! Every block is read once and given to all functions, while the next one is read; what is in memory is not copied. A function
//! takes a block as a whole, so the pass is as fast as the slowest function where there are cores for the others.
//!
//! ```
//! use seektell::buffer::{Buffer, ByteRange, Len, Offset};
//! use seektell::explore::hash::{Algorithm, digests};
//! use seektell::tasks::Progress;
//!
//! let snapshot = Buffer::from(&b"123456789"[..]);
//! let all = ByteRange::new(Offset::ZERO, snapshot.len());
//! let digests = digests(&snapshot, all, &[Algorithm::CRC32, Algorithm::Md5], &Progress::new())?;
//! assert_eq!(digests[0].hex, "cbf43926");
//! assert_eq!(digests[1].hex, "25f9e794323b453885f5181f1b624d0b");
//! # Ok::<(), seektell::explore::hash::HashError>(())
//! ```

mod algorithm;

mod expected;
mod parameters;
mod presets;

use rayon::iter::{IndexedParallelIterator as _, IntoParallelRefMutIterator as _, ParallelIterator as _};

use crate::buffer::{Buffer, ByteRange, Chunk, Len, Offset, ReadError};
use crate::tasks::{Cancelled, Progress};
pub use algorithm::Algorithm;
use algorithm::Hasher;
pub use expected::{Verdict, compare};
pub use parameters::Crc;
pub use presets::{PRESETS, Preset, preset};

/// What is given to all functions at a time, in bytes: little enough to stay in a cache and to answer a cancel at once.
const BLOCK: u64 = 512 << 10;

/// Bytes between two looks at whether to stop.
const PART: usize = 64 << 10;

/// What a function made of the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// The function.
    pub algorithm: Algorithm,
    /// Its result in lower case hexadecimal digits.
    pub hex: String,
}

/// Why there are no digests.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// Bytes could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The user stopped it.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// What each of `algorithms` makes of the part of `snapshot` inside `range`, in their order.
///
/// # Errors
/// Where bytes cannot be read, and where `progress` is cancelled, which is noticed within a part of a block.
pub fn digests(
    snapshot: &Buffer,
    range: ByteRange,
    algorithms: &[Algorithm],
    progress: &Progress,
) -> Result<Vec<Digest>, HashError> {
    let range = range.clamp_to(snapshot.len());
    progress.set_total(range.len.get());
    let mut hashers: Vec<(usize, Box<dyn Hasher>)> =
        algorithms.iter().enumerate().map(|(index, algorithm)| (index, algorithm.start())).collect();
    hashers.sort_by_key(|(index, _)| std::cmp::Reverse(algorithms[*index].cost()));
    let mut at = range.start;
    let mut block = Block::read(snapshot, at, range.end())?;
    while block.len > 0 {
        progress.check()?;
        let next = at.saturating_add(Len(block.len));
        let mut hash = || match hashers.as_mut_slice() {
            // One function alone needs no other thread to be told.
            [(_, hasher)] => block.feed(hasher.as_mut(), progress),
            hashers => {
                hashers.par_iter_mut().with_max_len(1).for_each(|(_, hasher)| block.feed(hasher.as_mut(), progress));
            }
        };
        let ((), following) = match range.len.get() > BLOCK {
            true => rayon::join(hash, || Block::read(snapshot, next, range.end())),
            false => (hash(), Ok(Block::default())),
        };
        // A block that was left in its middle is no part of a digest.
        progress.check()?;
        progress.advance(block.len);
        at = next;
        block = following?;
    }
    hashers.sort_by_key(|(index, _)| *index);
    let digests = hashers.into_iter().map(|(index, hasher)| Digest { algorithm: algorithms[index], hex: hasher.finish() });
    Ok(digests.collect())
}

/// A run of bytes in the pieces that the buffer holds it in.
#[derive(Default)]
struct Block {
    chunks: Vec<Chunk>,
    len: u64,
}

impl Block {
    fn read(snapshot: &Buffer, start: Offset, end: Offset) -> Result<Self, ReadError> {
        let end = start.saturating_add(Len(BLOCK)).min(end);
        let mut block = Self::default();
        for chunk in snapshot.chunks(ByteRange::between(start, end)) {
            let chunk = chunk?;
            block.len += chunk.len() as u64;
            block.chunks.push(chunk);
        }
        Ok(block)
    }

    /// Leaves off where `progress` is cancelled.
    fn feed(&self, hasher: &mut dyn Hasher, progress: &Progress) {
        let parts = self.chunks.iter().flat_map(|chunk| chunk.chunks(PART));
        parts.take_while(|_| !progress.is_cancelled()).for_each(|part| hasher.update(part));
    }
}

#[cfg(test)]
mod tests;
