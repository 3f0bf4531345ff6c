//! Equality by content, without making either side whole.

use std::sync::Arc;

use super::piece::{Data, Piece};
use super::{Buffer, Len, Offset};

/// By content; unreadable bytes are equal to nothing. The same snapshot, and what both share, is equal in constant
/// time and without reading files; so are fills, however long.
impl PartialEq for Buffer {
    fn eq(&self, other: &Self) -> bool {
        if self.is_same(other) {
            return true;
        }
        let len = self.len();
        if len != other.len() {
            return false;
        }
        let mut done = 0;
        while done < len.0 {
            let (Some((a, at_a)), Some((b, at_b))) = (self.find(done), other.find(done)) else { return false };
            let run = (a.len - at_a).min(b.len - at_b);
            let equal = same_data(a, at_a, b, at_b, run)
                || match (&a.data, &b.data) {
                    (Data::Fill(_), Data::Fill(_)) => false,
                    _ => same_bytes(self, other, done, run),
                };
            if !equal {
                return false;
            }
            done += run;
        }
        true
    }
}

/// Bytes of memory that [`Buffer::common_ends`] looks at from each end; what both share it does not look at.
const LOOKED_AT: u64 = 4 << 20;

impl Buffer {
    /// How many bytes at the start and how many at the end are equal, as far as that is told without reading files and
    /// without looking at more than a few megabytes: perhaps less than there are, never more. The two do not overlap.
    pub fn common_ends(&self, other: &Self) -> (Len, Len) {
        let shorter = self.len().0.min(other.len().0);
        let (mut prefix, mut looked) = (0, 0);
        while prefix < shorter && looked < LOOKED_AT {
            let (Some((a, at_a)), Some((b, at_b))) = (self.find(prefix), other.find(prefix)) else { break };
            let run = (a.len - at_a).min(b.len - at_b);
            let equal = common(a, at_a, b, at_b, run, &mut looked, false);
            prefix += equal;
            if equal < run {
                break;
            }
        }
        let (mut suffix, mut looked) = (0, 0);
        while suffix < shorter - prefix && looked < LOOKED_AT {
            let (end_a, end_b) = (self.len().0 - suffix, other.len().0 - suffix);
            let (Some((a, last_a)), Some((b, last_b))) = (self.find(end_a - 1), other.find(end_b - 1)) else { break };
            let run = (last_a + 1).min(last_b + 1).min(shorter - prefix - suffix);
            let equal = common(a, last_a + 1 - run, b, last_b + 1 - run, run, &mut looked, true);
            suffix += equal;
            if equal < run {
                break;
            }
        }
        (Len(prefix), Len(suffix))
    }
}

/// How many of `run` bytes of two pieces are equal, counted from the start or from the end.
fn common(a: &Piece, at_a: u64, b: &Piece, at_b: u64, run: u64, looked: &mut u64, from_end: bool) -> u64 {
    if same_data(a, at_a, b, at_b, run) {
        return run;
    }
    let (Some(a), Some(b)) = (a.bytes(), b.bytes()) else { return 0 };
    let (a, b) = (&a[at_a as usize..(at_a + run) as usize], &b[at_b as usize..(at_b + run) as usize]);
    *looked += run;
    let pairs = a.iter().zip(b);
    let equal = |(a, b): &(&u8, &u8)| a == b;
    (if from_end { pairs.rev().take_while(equal).count() } else { pairs.take_while(equal).count() }) as u64
}

/// Whether the `len` bytes of both pieces have one origin; constant time.
pub(super) fn same_data(a: &Piece, at_a: u64, b: &Piece, at_b: u64, len: u64) -> bool {
    match (&a.data, &b.data) {
        (Data::Mem { block: a, start: start_a }, Data::Mem { block: b, start: start_b }) => {
            Arc::ptr_eq(a, b) && *start_a as u64 + at_a == *start_b as u64 + at_b
        }
        (Data::File { source: a, start: start_a }, Data::File { source: b, start: start_b }) => {
            (Arc::ptr_eq(a, b) || Arc::ptr_eq(&a.0, &b.0)) && start_a + at_a == start_b + at_b
        }
        (Data::Fill(a), Data::Fill(b)) => a == b,
        (Data::Inline(a), Data::Inline(b)) => a[at_a as usize..(at_a + len) as usize] == b[at_b as usize..(at_b + len) as usize],
        _ => false,
    }
}

/// Compares run by run what lies in one piece of each.
fn same_bytes(a: &Buffer, b: &Buffer, mut at: u64, mut len: u64) -> bool {
    while len > 0 {
        // Whole pieces at once where both are in memory.
        if let (Some(a), Some(b)) = (a.contiguous(Offset(at)), b.contiguous(Offset(at))) {
            let run = a.len().min(b.len()).min(usize::try_from(len).unwrap_or(usize::MAX));
            if a[..run] != b[..run] {
                return false;
            }
            at += run as u64;
            len -= run as u64;
            continue;
        }
        let (Ok(Some(a)), Ok(Some(b))) = (a.chunk_at(Offset(at)), b.chunk_at(Offset(at))) else { return false };
        let run = a.len().min(b.len()).min(usize::try_from(len).unwrap_or(usize::MAX));
        if run == 0 || a[..run] != b[..run] {
            return false;
        }
        at += run as u64;
        len -= run as u64;
    }
    true
}
