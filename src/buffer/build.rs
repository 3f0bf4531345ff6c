//! A buffer that is put together from many parts in order, at once.

use super::Buffer;
use super::piece::{Data, Piece};
use super::tree::{MAX, Tree};

/// Runs in memory of at most this many bytes are copied together; a longer one is a piece of its own.
const COPIED: u64 = 4096;

/// What is copied together becomes chunks of this many bytes.
const BLOCK: usize = 64 * 1024;

/// Entries of the nodes that are built: neither full nor nearly empty, so that edits find room.
const ENTRIES: usize = MAX * 3 / 4;

/// Puts a buffer together from front to end in time in the order of its parts. To append the parts one by one would go down
/// the tree for each, and leave a chunk for each that is short.
///
/// ```
/// use seektell::buffer::{Buffer, Builder};
///
/// let base = Buffer::from(b"one two three");
/// let mut builder = Builder::new();
/// builder.push_range(&base, 8, 13);
/// builder.push(b", two");
/// assert_eq!(builder.finish(), Buffer::from(b"three, two"));
/// ```
#[derive(Debug, Default)]
pub struct Builder {
    pieces: Vec<Piece>,
    block: Vec<u8>,
    /// Bytes so far, in pieces and in the block.
    len: u64,
}

impl Builder {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts bytes behind the last one. What would go past [`Buffer::MAX_LEN`] is cut off.
    pub fn push(&mut self, bytes: &[u8]) {
        let mut bytes = &bytes[..usize::try_from(self.room()).unwrap_or(usize::MAX).min(bytes.len())];
        self.len += bytes.len() as u64;
        while !bytes.is_empty() {
            if self.block.capacity() == 0 {
                self.block.reserve_exact(BLOCK);
            }
            let run = bytes.len().min(BLOCK - self.block.len());
            self.block.extend_from_slice(&bytes[..run]);
            bytes = &bytes[run..];
            if self.block.len() == BLOCK {
                self.end_block();
            }
        }
    }

    /// Puts the bytes of `from` from `start` up to `end` (both cut to it) behind the last one: short runs in memory are copied,
    /// all others shared.
    pub fn push_range(&mut self, from: &Buffer, start: u64, end: u64) {
        let end = end.min(from.len().get());
        let end = end.min(start.saturating_add(self.room()));
        let mut at = start;
        while at < end {
            let Some((piece, inside)) = from.find(at) else { return };
            let run = (piece.len - inside).min(end - at);
            match piece.bytes() {
                Some(bytes) if run <= COPIED => self.push(&bytes[inside as usize..(inside + run) as usize]),
                _ => self.push_piece(piece, inside, run),
            }
            at += run;
        }
    }

    fn push_piece(&mut self, piece: &Piece, inside: u64, run: u64) {
        if let (Data::Fill(byte), true) = (&piece.data, run <= COPIED) {
            let run = run as usize;
            let fill = super::piece::fill_block(*byte);
            return self.push(&fill[..run]);
        }
        self.end_block();
        self.len += run;
        let next = piece.slice(inside, inside + run).shared();
        match self.pieces.last_mut() {
            Some(last) if last.continues(&next) => last.len += next.len,
            _ => self.pieces.push(next),
        }
    }

    fn room(&self) -> u64 {
        Buffer::MAX_LEN.0 - self.len
    }

    fn end_block(&mut self) {
        if self.block.is_empty() {
            return;
        }
        let mut block = std::mem::take(&mut self.block);
        block.shrink_to_fit();
        self.pieces.push(Piece::from_vec(block));
    }

    /// The buffer.
    pub fn finish(mut self) -> Buffer {
        self.end_block();
        let Some(tail) = self.pieces.pop() else { return Buffer::new() };
        Buffer { head: Tree::of_pieces(self.pieces, ENTRIES), tail }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::buffer::{Len, Offset};

    #[test]
    fn any_mixture_of_parts_gives_their_bytes_in_order() {
        let mut random = fastrand::Rng::with_seed(5);
        let mut base = Buffer::from((0..200_000_u32).map(|n| (n % 251) as u8).collect::<Vec<_>>());
        for _ in 0..300 {
            base.insert(Offset(random.u64(..base.len().get())), &Buffer::filled(7, Len(random.u64(1..9000))));
        }
        let plain = base.to_vec_all().unwrap();
        for parts in [0, 1, 2, 3, 20, 800] {
            let (mut builder, mut wanted) = (Builder::new(), Vec::new());
            for _ in 0..parts {
                let start = random.usize(..plain.len());
                let end = (start + random.usize(..20_000) / random.usize(1..2000)).min(plain.len());
                if random.bool() {
                    builder.push(&plain[start..end]);
                } else {
                    builder.push_range(&base, start as u64, end as u64);
                }
                wanted.extend_from_slice(&plain[start..end]);
            }
            let built = builder.finish();
            built.check_invariants();
            assert!(built.to_vec_all().unwrap() == wanted, "{parts} parts");
        }
    }

    #[test]
    fn every_number_of_pieces_makes_a_good_tree() {
        let long = Buffer::from(vec![1; 5000]);
        for count in (0..200).chain([1000, 5000, 20_000]) {
            let mut builder = Builder::new();
            for n in 0..count {
                builder.push_range(&long, n % 7, 4990 + n % 7);
            }
            let built = builder.finish();
            built.check_invariants();
            assert_eq!(built.len().get(), count * 4990);
        }
    }

    #[test]
    fn a_range_past_the_end_is_cut() {
        let base = Buffer::from(b"abc");
        let mut builder = Builder::new();
        builder.push_range(&base, 2, 99);
        builder.push_range(&base, 50, 60);
        assert_eq!(builder.finish(), Buffer::from(b"c"));
        let mut builder = Builder::new();
        builder.push_range(&Buffer::filled(0, Buffer::MAX_LEN), 0, u64::MAX);
        builder.push(b"more");
        assert_eq!(builder.finish().len(), Buffer::MAX_LEN);
    }
}
