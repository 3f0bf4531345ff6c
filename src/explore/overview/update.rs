//! After an edit: the parts that both snapshots share are kept, only those between are read.

use super::scan::{Totals, bucket_len, divided, pass};
use super::{Overview, Request};
use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::tasks::{Cancelled, Progress};

/// Shorter ranges are looked at anew: that is soon done, and leaves no uneven parts.
const WORTH: u64 = if cfg!(test) { 1 << 20 } else { 16 << 20 };

/// The overview of `range`, made from the one before; `None` where everything has to be read anew.
pub(super) fn update(
    before: &Overview,
    buffer: &Buffer,
    range: ByteRange,
    request: &Request,
    progress: &Progress,
) -> Result<Option<Overview>, Cancelled> {
    let (old_len, len) = (before.content.len().0, buffer.len().0);
    let whole = |range: ByteRange, len: u64| range == ByteRange::new(Offset::ZERO, Len(len));
    let usable = whole(before.range, old_len)
        && whole(range, len)
        && len >= WORTH
        && before.is_exact()
        && before.problem.is_none()
        && before.pairs.is_empty() != request.pairs;
    if !usable {
        return Ok(None);
    }
    let part_len = bucket_len(len, request.buckets);
    let (prefix, suffix) = buffer.common_ends(&before.content);
    let kept = before.buckets.partition_point(|bucket| bucket.range.end().0 <= prefix.0);
    let behind = before.buckets.partition_point(|bucket| bucket.range.start.0 < old_len - suffix.0).max(kept);
    let start = kept.checked_sub(1).map_or(0, |last| before.buckets[last].range.end().0);
    let old_end = before.buckets.get(behind).map_or(old_len, |bucket| bucket.range.start.0);
    // The same number of bytes follows in both.
    let end = len - (old_len - old_end);
    let rebuilt = ByteRange::between(Offset(start), Offset(end));
    let parts = kept + (before.buckets.len() - behind) + usize::try_from(rebuilt.len.0 / part_len).unwrap_or(usize::MAX) + 1;
    if rebuilt.len.0 > len / 2 || old_end - start > len / 2 || parts > 2 * request.buckets.max(1) {
        return Ok(None);
    }
    progress.set_total(rebuilt.len.0 + (old_end - start));
    let mut overview = Overview {
        range,
        buckets: before.buckets[..kept].to_vec(),
        histogram: before.histogram.clone(),
        pairs: before.pairs.clone(),
        problem: None,
        compared: false,
        content: buffer.clone(),
    };
    // What stood there is taken out of the sums, what stands there now is added.
    let old = counted(&before.content, ByteRange::between(Offset(start), Offset(old_end)), request.pairs, progress)?;
    let new = counted(buffer, rebuilt, request.pairs, progress)?;
    if old.problem.is_some() || new.problem.is_some() {
        return Ok(None);
    }
    let mut fits = true;
    let mut exchange = |sum: &mut u64, old: u64, new: u64| match sum.checked_sub(old) {
        Some(rest) => *sum = rest + new,
        None => fits = false,
    };
    for ((sum, &old), &new) in overview.histogram.iter_mut().zip(old.histogram.iter()).zip(new.histogram.iter()) {
        exchange(sum, old, new);
    }
    for ((sum, &old), &new) in overview.pairs.iter_mut().zip(&old.pairs).zip(&new.pairs) {
        exchange(sum, old, new);
    }
    if !fits {
        return Ok(None);
    }
    overview.buckets.extend(divided(rebuilt, part_len).zip(&new.buckets).map(|(_, bucket)| *bucket));
    overview.buckets.extend(before.buckets[behind..].iter().map(|bucket| {
        let moved = Offset(end + (bucket.range.start.0 - old_end));
        super::Bucket { range: ByteRange::new(moved, bucket.range.len), ..*bucket }
    }));
    Ok(Some(overview))
}

/// Counts a part, and the pairs that end in it and right behind it.
fn counted(buffer: &Buffer, range: ByteRange, pairs: bool, progress: &Progress) -> Result<Overview, Cancelled> {
    let part_len = bucket_len(buffer.len().0, Request::BUCKETS);
    let totals = Totals::new(pairs);
    let mut overview = Overview {
        // As if it began at the start, so that the pair across its first edge counts.
        range: ByteRange::between(Offset::ZERO, range.end()),
        buckets: divided(range, part_len).collect(),
        histogram: totals.histogram,
        pairs: totals.pairs,
        problem: None,
        compared: false,
        content: buffer.clone(),
    };
    pass(buffer, &mut overview, progress, None)?;
    let end = range.end().0;
    if pairs && end > 0 && end < buffer.len().0 {
        match (buffer.byte_at(Offset(end - 1)), buffer.byte_at(Offset(end))) {
            (Ok(Some(a)), Ok(Some(b))) => overview.pairs[usize::from(a) << 8 | usize::from(b)] += 1,
            _ => overview.problem = Some(String::new()),
        }
    }
    Ok(overview)
}
