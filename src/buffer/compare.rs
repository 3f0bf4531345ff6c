//! Equality by content, without making either side whole.

use std::sync::Arc;

use super::piece::{Data, Piece};
use super::{Buffer, Offset};

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
