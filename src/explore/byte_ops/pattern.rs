//! Content that is made of nothing: a pattern over and over, random bytes.

use super::{ByteOpError, Mersenne};
use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::tasks::Progress;

/// A short pattern is written out to about so many bytes before references repeat it.
pub(super) const BLOCK: u64 = 64 * 1024;

/// `pattern` over and over, from its first byte, `len` bytes in all. Takes memory for about 64 KiB and time that grows with
/// the logarithm of the length: the copies are references. An empty pattern gives zeros.
pub fn repeated(pattern: &[u8], len: Len) -> Buffer {
    let (Some(&first), Some(total)) = (pattern.first(), Some(len.min(Buffer::MAX_LEN).get())) else {
        return Buffer::filled(0, len);
    };
    if pattern.iter().all(|&byte| byte == first) {
        return Buffer::filled(first, len);
    }
    let period = pattern.len() as u64;
    let times = (BLOCK / period).max(1).min(total.div_ceil(period).max(1));
    let mut block = Buffer::from(pattern.repeat(times as usize));
    // Double what there is until the next doubling would be more than enough; then cut it to the length.
    while block.len().get() < total {
        let copy = block.slice(ByteRange::new(Offset::ZERO, Len(total - block.len().get())));
        block.append_buffer(&copy);
    }
    block.truncate(Len(total));
    block
}

/// What `random.Random(seed).randbytes(len)` of Python gives.
pub(super) fn random(seed: u64, len: Len, progress: &Progress) -> Result<Buffer, ByteOpError> {
    let mut source = Mersenne::seeded(seed);
    let mut out = Buffer::new();
    let mut block = vec![0; Buffer::CHUNK_LEN];
    while out.len() < len {
        progress.check()?;
        let part = ((len.get() - out.len().get()) as usize).min(block.len());
        source.fill(&mut block[..part]);
        out.append(&block[..part]);
        progress.set_done(out.len().get());
    }
    Ok(out)
}
