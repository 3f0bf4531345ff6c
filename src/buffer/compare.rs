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
            let Some((Len(run), likeness)) = self.likeness(Offset(done), other, Offset(done)) else { return false };
            // Behind bytes of a file may be a hole, of which more is known.
            let run = if likeness == Likeness::Unknown { run.min(ASKED_ANEW) } else { run };
            let equal = match likeness {
                Likeness::Same => true,
                Likeness::Apart => false,
                Likeness::Unknown => same_bytes(self, other, done, run),
            };
            if !equal {
                return false;
            }
            done += run;
        }
        true
    }
}

/// Bytes that are compared before it is asked again what is known of those behind.
const ASKED_ANEW: u64 = 64 << 20;

/// What two runs are to each other, as far as that is told without looking at their bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// Both have one origin (the same memory, the same place of the same file, the same byte repeated): they are equal.
    Same,
    /// Both repeat a byte, and not the same one: no byte of them is equal.
    Apart,
    /// Only the bytes can tell.
    Unknown,
}

impl Buffer {
    /// What the bytes from `at` on are to the bytes of `other` from `other_at` on, and for how many bytes that holds: as
    /// far as the shorter of the two pieces there, or of two holes of files. Reads nothing; logarithmic time. `None` at and
    /// past either end.
    pub fn likeness(&self, at: Offset, other: &Self, other_at: Offset) -> Option<(Len, Likeness)> {
        let ((a, at_a), (b, at_b)) = (self.find(at.0)?, other.find(other_at.0)?);
        let run = (a.len - at_a).min(b.len - at_b);
        if same_data(a, at_a, b, at_b, run) {
            return Some((Len(run), Likeness::Same));
        }
        Some(match (self.repeated_at(at), other.repeated_at(other_at)) {
            (Some((x, here)), Some((y, there))) => (here.min(there), if x == y { Likeness::Same } else { Likeness::Apart }),
            _ => (Len(run), Likeness::Unknown),
        })
    }

    /// Where the piece begins that holds the byte at `at`. `None` at and past the end.
    pub(crate) fn piece_start(&self, at: Offset) -> Option<Offset> {
        let (_, inside) = self.find(at.0)?;
        Some(Offset(at.0 - inside))
    }
}

/// A run of a buffer whose bytes are those of a place that other buffers may share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// Names the memory or the file, while both buffers live.
    pub(crate) id: usize,
    /// Where in that the run begins.
    pub(crate) start: u64,
    /// Where in the buffer it begins.
    pub(crate) at: u64,
    /// How long it is.
    pub(crate) len: u64,
}

impl Buffer {
    /// The runs of at least `least` bytes between `from` and `to` that are part of memory or of a file that can be shared,
    /// in order. Reads nothing; takes time in the order of the number of pieces there.
    pub(crate) fn origins(&self, from: u64, to: u64, least: u64) -> Vec<Origin> {
        let (mut origins, mut at) = (Vec::new(), from);
        while at < to
            && let Some((piece, inside)) = self.find(at)
        {
            let len = (piece.len - inside).min(to - at);
            let (id, start) = match &piece.data {
                Data::Mem { block, start } => (Arc::as_ptr(block) as usize, *start as u64),
                Data::File { source, start } => (Arc::as_ptr(&source.0).cast::<u8>() as usize, *start),
                Data::Inline(_) | Data::Own(_) | Data::Fill(_) => (0, 0),
            };
            if id != 0 && len >= least {
                origins.push(Origin { id, start: start + inside, at, len });
            }
            at += len;
        }
        origins
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
