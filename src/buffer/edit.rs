//! Edits: each moves references to pieces, and copies bytes only where that is cheaper than a piece of its own.

use std::sync::Arc;

use super::piece::{CHUNK_MAX, Data, OWN, Piece, next_capacity};
use super::tree::Tree;
use super::{Buffer, ByteRange, Len, Offset};

/// How much of a shared chunk is copied when a few of its bytes are overwritten: from this much ...
const TILE_MIN: usize = 1024;
/// ... for chunks of up to 1024 times that, to this much for the largest.
const TILE_MAX: usize = 64 * 1024;

impl Buffer {
    /// Replaces the bytes of `range` by `with`, which may be longer or shorter; the general edit.
    /// A start past the end is an append; ranges are cut to the buffer.
    pub fn replace(&mut self, range: ByteRange, with: &Self) {
        let range = range.clamp_to(self.len());
        let (start, end) = (range.start.0, range.end().0);
        let room = Self::MAX_LEN.0 - (self.len().0 - range.len.0);
        if with.len().0 > room {
            return self.replace(range, &with.slice(ByteRange::new(Offset::ZERO, Len(room))));
        }
        if with.head.is_none() {
            self.splice(start, end, with.tail.clone());
        } else if start == self.len().0 {
            self.head = Tree::concat(std::mem::take(self).into_tree(), with.head.clone());
            self.tail = with.tail.clone();
        } else {
            let (left, rest) = split(std::mem::take(self).into_tree(), start);
            let (_, right) = split(rest, end - start);
            let left = Tree::concat(left, with.clone().into_tree());
            *self = Self::from_tree(Tree::concat(left, right));
        }
    }

    /// Puts `bytes` in at `offset`, moving what follows; at the end where `offset` is past it.
    pub fn insert(&mut self, offset: Offset, bytes: &Self) {
        self.replace(ByteRange::new(offset, Len::ZERO), bytes);
    }

    /// Takes the bytes of `range` out.
    pub fn delete(&mut self, range: ByteRange) {
        let range = range.clamp_to(self.len());
        self.splice(range.start.0, range.end().0, Piece::EMPTY);
    }

    /// Cuts everything from `len` on; does nothing where the buffer is shorter.
    pub fn truncate(&mut self, len: Len) {
        let head = self.head_len();
        if len.0 > head {
            self.tail.cut_to(len.0 - head);
        } else {
            self.delete(ByteRange::between(len.end(), self.len().end()));
        }
    }

    /// Grows to `len` with copies of `byte`, in constant memory; does nothing where the buffer is longer.
    pub fn extend_to(&mut self, len: Len, byte: u8) {
        let more = len.min(Self::MAX_LEN).0.saturating_sub(self.len().0);
        if more > 0 {
            self.push_piece(Piece::fill(byte, more));
        }
    }

    /// Adds `bytes` behind the last byte.
    #[inline]
    pub fn append(&mut self, bytes: &[u8]) {
        let len = self.tail.len as usize;
        if self.head_len() <= Self::MAX_LEN.0 - 2 * OWN as u64
            && let Data::Own(own) = &mut self.tail.data
            && let Some(room) = own.get_mut(len..).and_then(|room| room.get_mut(..bytes.len()))
        {
            room.copy_from_slice(bytes);
            self.tail.len += bytes.len() as u64;
            return;
        }
        self.append_slowly(bytes);
    }

    fn append_slowly(&mut self, bytes: &[u8]) {
        let len = self.len().0;
        let room = usize::try_from(Self::MAX_LEN.0 - len).unwrap_or(usize::MAX);
        let bytes = &bytes[..bytes.len().min(room)];
        if bytes.len() <= OWN / 2 {
            self.append_small(bytes);
        } else {
            self.append_large(bytes, len);
        }
    }

    /// Begins a place of the buffer's own, behind what there was.
    fn append_small(&mut self, bytes: &[u8]) {
        if bytes.is_empty() || (!matches!(self.tail.data, Data::Mem { .. }) && self.tail.try_extend(bytes)) {
            return;
        }
        if let Data::Inline(_) = self.tail.data {
            self.tail = Piece::own(self.tail.bytes().unwrap_or_default());
            self.append(bytes);
            return;
        }
        let full = std::mem::replace(&mut self.tail, Piece::EMPTY);
        let (full, own) = match full.data {
            // The place is used again where its bytes found room behind the last chunk.
            Data::Own(mut own) if self.extend_head(&own[..full.len as usize]) => {
                own[..bytes.len()].copy_from_slice(bytes);
                (Piece::EMPTY, Piece { len: bytes.len() as u64, data: Data::Own(own) })
            }
            _ => (full, Piece::own(bytes)),
        };
        self.tail = own;
        self.push_head(full);
    }

    /// Goes into a chunk at once.
    fn append_large(&mut self, bytes: &[u8], len: u64) {
        if let Data::Own(_) = self.tail.data {
            let own = std::mem::replace(&mut self.tail, Piece::EMPTY);
            self.push_head(own);
            self.ensure_tail();
        }
        if self.tail.try_extend(bytes) {
            return;
        }
        let at = self.tail.len;
        if self.tail.try_rebuild(at, at, &Piece::copy_of(bytes)) {
            return;
        }
        // A chunk of our own that is full is followed by one with room, a chunk that a snapshot shares by one
        // without: snapshots come often then, and each of them keeps what was begun.
        let next = if self.tail.bytes_mut().is_some() && bytes.len() < CHUNK_MAX {
            Piece::with_room(bytes, next_capacity(len))
        } else {
            Piece::copy_of(bytes)
        };
        self.push_piece(next);
    }

    /// Adds another buffer behind the last byte, sharing its memory.
    pub fn append_buffer(&mut self, other: &Self) {
        self.insert(self.len().end(), other);
    }

    /// Writes `bytes` over what is at `offset`, growing at the end; a gap past the end is filled with zeros.
    /// Writing nothing changes nothing.
    #[inline]
    pub fn overwrite(&mut self, offset: Offset, bytes: &[u8]) {
        if offset == self.len().end() {
            return self.append(bytes);
        }
        match self.run_mut(offset.0) {
            Some(run) if bytes.len() <= run.len() => run[..bytes.len()].copy_from_slice(bytes),
            _ => self.overwrite_slowly(offset.0, bytes),
        }
    }

    /// The bytes from `at` to the end of their piece, where nobody else sees them.
    #[inline]
    fn run_mut(&mut self, at: u64) -> Option<&mut [u8]> {
        let head = self.head_len();
        if at < head {
            return self.head.as_mut()?.bytes_mut(at);
        }
        let at = usize::try_from(at - head).ok()?;
        self.tail.bytes_mut()?.get_mut(at..).filter(|run| !run.is_empty())
    }

    fn overwrite_slowly(&mut self, mut offset: u64, mut bytes: &[u8]) {
        if bytes.is_empty() || offset >= Self::MAX_LEN.0 {
            return;
        }
        self.extend_to(Len(offset), 0);
        while !bytes.is_empty() {
            let len = self.len().0;
            if offset >= len {
                return self.append(bytes);
            }
            let done = match self.run_mut(offset) {
                Some(run) => {
                    let done = run.len().min(bytes.len());
                    run[..done].copy_from_slice(&bytes[..done]);
                    done
                }
                None => self.overwrite_shared(offset, bytes),
            };
            offset += done as u64;
            bytes = &bytes[done..];
        }
    }

    /// Overwrites what cannot be changed in place; returns how many bytes were written, at least one.
    fn overwrite_shared(&mut self, offset: u64, bytes: &[u8]) -> usize {
        let inside = usize::try_from(self.len().0 - offset).unwrap_or(usize::MAX).min(bytes.len());
        if let Some((from, tile)) = self.tile(offset, &bytes[..inside]) {
            let to = from + tile.len() as u64;
            self.splice(from, to, Piece::from_vec(tile));
        } else {
            self.splice(offset, offset + inside as u64, Piece::copy_of(&bytes[..inside]));
        }
        inside
    }

    /// The surroundings of `bytes` in a chunk that somebody else holds too, copied and written to, and where
    /// they start. Tiles stand at multiples of their size in the chunk: writes all over it end with each tile
    /// copied once, not with a piece for each write.
    fn tile(&self, offset: u64, bytes: &[u8]) -> Option<(u64, Vec<u8>)> {
        let (piece, at) = self.find(offset)?;
        let Data::Mem { block, start } = &piece.data else { return None };
        let size = (block.len() / 1024).next_power_of_two().clamp(TILE_MIN, TILE_MAX);
        let (first, behind) = (start + at as usize, start + piece.len as usize);
        if bytes.len() >= size || first + bytes.len() > behind {
            return None;
        }
        let from = (first / size * size).max(*start);
        let to = (first + bytes.len()).next_multiple_of(size).min(behind);
        let mut tile = block.get(from..to)?.to_vec();
        tile[first - from..][..bytes.len()].copy_from_slice(bytes);
        Some((offset - (first - from) as u64, tile))
    }

    /// Replaces the bytes from `start` up to `end`, which are inside, by one piece (or nothing).
    fn splice(&mut self, start: u64, end: u64, new: Piece) {
        if start == end && new.len == 0 {
            return;
        }
        let head = self.head_len();
        if start >= head {
            self.splice_tail(start - head, end - head, new);
        } else if end <= head {
            if let Err(new) = Tree::edit(&mut self.head, start, end, new.shared()) {
                let (left, rest) = split(self.head.take(), start);
                let (_, right) = split(rest, end - start);
                let left = Tree::concat(left, Tree::leaf((new.len > 0).then_some(new).into_iter().collect()));
                self.head = Tree::concat(left, right);
            }
        } else {
            let mut tail = std::mem::replace(&mut self.tail, Piece::EMPTY);
            tail.drop_first(end - head);
            self.head = split(self.head.take(), start).0;
            self.push_piece(new);
            self.push_piece(tail);
            self.ensure_tail();
        }
    }

    /// The same with places in the last piece.
    fn splice_tail(&mut self, start: u64, end: u64, new: Piece) {
        if start == end && start < self.tail.len && self.tail.try_insert(start, &new) {
            return;
        }
        if end == self.tail.len {
            self.tail.cut_to(start);
            self.push_piece(new);
        } else {
            let mut right = self.tail.clone();
            right.drop_first(end);
            self.tail.cut_to(start);
            self.push_piece(new);
            self.push_piece(right);
        }
        self.ensure_tail();
    }

    /// Adds a piece at the end.
    fn push_piece(&mut self, piece: Piece) {
        if self.tail.try_merge(&piece) {
            return;
        }
        let full = std::mem::replace(&mut self.tail, piece);
        self.push_head(full);
    }

    /// Puts bytes behind those of the tree's last piece, in place.
    fn extend_head(&mut self, bytes: &[u8]) -> bool {
        self.head.as_mut().is_some_and(|tree| tree.extend_last(bytes))
    }

    /// Adds a piece at the end of the tree.
    fn push_head(&mut self, piece: Piece) {
        let piece = match &piece.data {
            Data::Own(own) => {
                let bytes = &own[..piece.len as usize];
                if self.extend_head(bytes) {
                    return;
                }
                // Room for what will follow, but not while every append meets a snapshot.
                match &self.head {
                    Some(tree) if Arc::strong_count(&tree.node) == 1 => Piece::with_room(bytes, next_capacity(tree.len)),
                    _ => piece.shared(),
                }
            }
            _ => piece,
        };
        if piece.len == 0 {
            return;
        }
        let at = self.head_len();
        // An insertion at the very end always finds one leaf.
        let refused = Tree::edit(&mut self.head, at, at, piece);
        debug_assert!(refused.is_ok());
    }

    /// Takes the last piece out of the tree where there is none outside.
    pub(super) fn ensure_tail(&mut self) {
        if self.tail.len > 0 {
            return;
        }
        let Some(tree) = &self.head else { return };
        let Some(last) = tree.last().cloned() else { return };
        let (start, end) = (tree.len - last.len, tree.len);
        let refused = Tree::edit(&mut self.head, start, end, Piece::EMPTY);
        debug_assert!(refused.is_ok());
        self.tail = last;
    }

    /// All pieces as a tree.
    fn into_tree(mut self) -> Option<Tree> {
        let tail = std::mem::replace(&mut self.tail, Piece::EMPTY);
        self.push_head(tail);
        self.head
    }
}

/// [`Tree::split`] of what may be nothing.
fn split(tree: Option<Tree>, at: u64) -> (Option<Tree>, Option<Tree>) {
    tree.map_or((None, None), |tree| tree.split(at))
}
