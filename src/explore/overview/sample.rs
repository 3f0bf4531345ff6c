//! A first answer within a tenth of a second: a little of each part, in an order that any time is enough for.

use std::time::{Duration, Instant};

use super::Overview;
use super::count::Counter;
use crate::buffer::{Buffer, Offset};
use crate::tasks::{Cancelled, Progress};

/// How long it may take.
const TIME: Duration = Duration::from_millis(60);

/// Bytes of a part that are looked at.
const BYTES: u64 = 16 * 1024;

/// Looks at a little of each part. When time runs out, the parts that were not looked at are evenly spread.
pub(super) fn sample(buffer: &Buffer, overview: &mut Overview, progress: &Progress) -> Result<(), Cancelled> {
    let start = Instant::now();
    let count = overview.buckets.len();
    let bits = usize::BITS - count.saturating_sub(1).leading_zeros();
    let mut counter = Counter::new(!overview.pairs.is_empty());
    let mut block = vec![0; BYTES as usize];
    for step in 0..1usize << bits {
        // The bits of the step backwards: first the ends and the middle, then the quarters, and so on.
        let index = if bits == 0 { 0 } else { step.reverse_bits() >> (usize::BITS - bits) };
        let Some(bucket) = overview.buckets.get_mut(index) else { continue };
        progress.check()?;
        if start.elapsed() > TIME {
            break;
        }
        // A place in the middle of the part that begins where blocks of files do.
        let len = bucket.range.len.0;
        let skipped = (len.saturating_sub(BYTES) / 2) & !0xFFFF;
        let at = bucket.range.start.0 + skipped;
        let wanted = BYTES.min(len - skipped);
        match buffer.repeated_at(Offset(at)) {
            Some((byte, run)) => counter.add_fill(byte, run.0.min(len - skipped), None),
            None => {
                let block = &mut block[..wanted as usize];
                // What cannot be read is told by the pass over everything.
                let Ok(got) = buffer.read_at(Offset(at), block) else { continue };
                counter.add(&block[..got], None);
            }
        }
        let histogram = counter.take();
        bucket.set(&histogram, 0);
        overview.histogram.iter_mut().zip(&histogram).for_each(|(sum, count)| *sum += count);
        if counter.is_full(BYTES as usize) {
            counter.flush_pairs(&mut overview.pairs);
        }
    }
    counter.flush_pairs(&mut overview.pairs);
    Ok(())
}
