//! Bytes: a persistent, counted tree of pieces. Every byte of every document lives in a [`Buffer`].
//!
//! # The structure
//!
//! A buffer is a row of *pieces*, each a run of bytes with one origin: a part of a chunk in memory, a part of
//! a file that is read when it is looked at, or one byte repeated. The pieces are the leaves' entries of a
//! B+tree whose nodes carry the number of bytes below each child, so a place is found, and an edit is made,
//! in time that grows with the logarithm of the number of pieces. Nodes and chunks are counted references:
//! a clone shares all of them and is therefore a snapshot taken in constant time, and an edit copies only the
//! path from the root to its leaf, or nothing where no snapshot sees that path.
//!
//! The last piece stands outside of the tree. A buffer of one piece (what was read from a vector, most
//! slices, a file just opened) then needs no tree at all, and appending, which is what streams do most,
//! finds its place at once. Small appends collect there in 512 bytes that are the buffer's alone (a clone copies
//! them), and go on to the last chunk together.
//!
//! # What always holds
//!
//! - No piece is empty, except that the last one of an empty buffer is. A buffer with a tree has a last piece.
//! - All leaves are equally deep; a node other than the root has 10 to 32 entries; counts are exact.
//! - A chunk is changed only while exactly one piece of one buffer refers to it. So nobody ever sees a
//!   snapshot change, and no lock is needed to read one on another thread.
//! - Two neighbours in one leaf that are both in memory are together longer than 1024 bytes. However many
//!   single bytes are edited, there are never more pieces than the content explains.
//! - The length is at most [`Buffer::MAX_LEN`]. Ranges that reach further are cut; nothing overflows.
//!
//! Only pieces of a file can fail to be read, so edits never fail: they move references.
//!
//! ```
//! use seektell::buffer::{Buffer, ByteRange, Len, Offset};
//!
//! let mut buffer = Buffer::from(b"Hello, World!");
//! let before = buffer.clone(); // a snapshot, in constant time
//! buffer.insert(Offset(5), &Buffer::from(b" there"));
//! buffer.overwrite(Offset(0), b"h");
//! assert_eq!(buffer.to_vec_all()?, b"hello there, World!");
//! assert_eq!(before.to_vec_all()?, b"Hello, World!");
//!
//! // A document of an exbibyte, with one byte put in at its start.
//! let mut huge = Buffer::filled(0, Len(1 << 60));
//! huge.insert(Offset::ZERO, &Buffer::from(b"\x89"));
//! assert_eq!(huge.slice(ByteRange::new(Offset::ZERO, Len(3))), Buffer::from(b"\x89\0\0"));
//! # Ok::<(), seektell::buffer::ReadError>(())
//! ```

mod build;
mod check;
mod chunks;
mod compare;
mod edit;
mod error;
mod extent;
mod finger;
mod measure;
mod piece;
mod position;
mod reader;
mod source;
mod span;
mod tree;

pub use build::Builder;
pub use chunks::{Chunk, Chunks};
pub use compare::Likeness;
pub(crate) use compare::Origin;
pub use error::{ReadError, ReadErrorKind};
pub use extent::Extent;
pub use finger::Finger;
pub use position::{ByteRange, Len, Offset};
pub use reader::Reader;
pub use source::Source;

use std::sync::Arc;

use piece::{Data, FileSource, Piece};
use tree::Tree;

/// A sequence of bytes of any size up to 2^63 - 1, cheap to clone (a clone is a snapshot) and to edit.
///
/// See the [module](self) for how and why.
pub struct Buffer {
    /// All pieces but the last.
    head: Option<Tree>,
    /// The last piece; empty only where the buffer is.
    tail: Piece,
}

impl Clone for Buffer {
    /// Constant time, but for what small appends have collected.
    #[inline]
    fn clone(&self) -> Self {
        // One chunk, as read from a vector or a slice: made in place, not moved here in parts.
        if let (None, Data::Mem { block, start }) = (&self.head, &self.tail.data) {
            return Self::of(Piece { len: self.tail.len, data: Data::Mem { block: Arc::clone(block), start: *start } });
        }
        Self { head: self.head.clone(), tail: self.tail.clone() }
    }
}

impl Default for Buffer {
    fn default() -> Self {
        Self::new()
    }
}

impl Buffer {
    /// The longest run that [`Buffer::chunks`] yields.
    pub const CHUNK_LEN: usize = 64 * 1024;

    /// The most bytes a buffer can have, 2^63 - 1: the largest position that files and Python's streams know.
    /// What an edit would push past it is cut off.
    pub const MAX_LEN: Len = Len(i64::MAX as u64);

    /// An empty buffer.
    pub const fn new() -> Self {
        Self { head: None, tail: Piece::EMPTY }
    }

    const fn of(tail: Piece) -> Self {
        Self { head: None, tail }
    }

    /// The most bytes that [`Buffer::from_front`] takes.
    pub const SHORT: usize = piece::INLINE;

    /// The first `len` bytes of `run`: what a short read gives, without a call or an allocation.
    ///
    /// # Panics
    /// For a `len` above [`Buffer::SHORT`].
    #[inline(always)]
    pub const fn from_front(run: &[u8; Self::SHORT], len: usize) -> Self {
        assert!(len <= Self::SHORT);
        Self::of(Piece { len: len as u64, data: Data::Inline(*run) })
    }

    /// `len` times `byte`, in constant time and memory.
    pub fn filled(byte: u8, len: Len) -> Self {
        if len.is_zero() { Self::new() } else { Self::of(Piece::fill(byte, len.min(Self::MAX_LEN).0)) }
    }

    /// The bytes of `source` (a file), read when they are needed.
    pub fn from_source(source: Arc<dyn Source>) -> Self {
        let len = source.len().min(Self::MAX_LEN).0;
        if len == 0 {
            return Self::new();
        }
        Self::of(Piece { len, data: Data::File { source: Arc::new(FileSource(source)), start: 0 } })
    }

    #[inline]
    fn head_len(&self) -> u64 {
        self.head.as_ref().map_or(0, |tree| tree.len)
    }

    /// How many bytes there are.
    #[inline]
    pub fn len(&self) -> Len {
        Len(self.head_len() + self.tail.len)
    }

    /// Whether there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.tail.len == 0
    }

    /// Whether both are the very same snapshot (constant time). Equal content in other memory says `false`,
    /// except for a few bytes and for fills, which have no memory of their own.
    pub fn is_same(&self, other: &Self) -> bool {
        let heads = match (&self.head, &other.head) {
            (None, None) => true,
            (Some(a), Some(b)) => Arc::ptr_eq(&a.node, &b.node),
            _ => false,
        };
        heads && self.tail.len == other.tail.len && compare::same_data(&self.tail, 0, &other.tail, 0, self.tail.len)
    }

    /// The piece that holds the byte at `at`, and the place of that byte in the piece.
    #[inline]
    fn find(&self, at: u64) -> Option<(&Piece, u64)> {
        match &self.head {
            Some(tree) if at < tree.len => tree.find(at),
            head => {
                let at = at - head.as_ref().map_or(0, |tree| tree.len);
                (at < self.tail.len).then_some((&self.tail, at))
            }
        }
    }

    /// The bytes from `offset` to the end of the run in memory that holds it; a view, nothing is copied.
    ///
    /// `None` where the byte at `offset` is not in memory as such (a file, a fill: use [`Buffer::chunk_at`])
    /// and at and past the end.
    #[inline]
    pub fn contiguous(&self, offset: Offset) -> Option<&[u8]> {
        let (piece, at) = self.find(offset.0)?;
        piece.bytes()?.get(at as usize..)
    }

    /// Copies bytes from `offset` on into `out`; returns how many there were (less than asked only at the end).
    ///
    /// # Errors
    /// Where a file cannot be read; what `out` then holds is not said.
    #[inline]
    pub fn read_at(&self, offset: Offset, out: &mut [u8]) -> Result<usize, ReadError> {
        match self.contiguous(offset).and_then(|run| run.get(..out.len())) {
            Some(run) => {
                out.copy_from_slice(run);
                Ok(out.len())
            }
            None => self.read_pieces(offset, out),
        }
    }

    fn read_pieces(&self, offset: Offset, out: &mut [u8]) -> Result<usize, ReadError> {
        let mut done = 0;
        while done < out.len() {
            let here = offset.saturating_add(done.into());
            let Some((piece, at)) = self.find(here.0) else { break };
            let run = usize::try_from(piece.len - at).unwrap_or(usize::MAX).min(out.len() - done);
            piece.read(at, &mut out[done..done + run]).map_err(|kind| ReadError { kind, offset: here })?;
            done += run;
        }
        Ok(done)
    }

    /// The byte at `offset`, or `None` at and past the end.
    ///
    /// # Errors
    /// Where a file cannot be read.
    #[inline]
    pub fn byte_at(&self, offset: Offset) -> Result<Option<u8>, ReadError> {
        let Some((piece, at)) = self.find(offset.0) else { return Ok(None) };
        if let Some(byte) = piece.bytes().and_then(|bytes| bytes.get(at as usize)) {
            return Ok(Some(*byte));
        }
        let mut byte = [0];
        piece.read(at, &mut byte).map_err(|kind| ReadError { kind, offset })?;
        Ok(Some(byte[0]))
    }

    /// The bytes of `range` (its part inside the buffer) as one vector.
    ///
    /// # Errors
    /// [`ReadErrorKind::OutOfMemory`] rather than an abort where memory is short; where a file cannot be read.
    pub fn to_vec(&self, range: ByteRange) -> Result<Vec<u8>, ReadError> {
        let range = range.clamp_to(self.len());
        let short = || ReadError { kind: ReadErrorKind::OutOfMemory(range.len), offset: range.start };
        let len = range.len.to_usize().ok_or_else(short)?;
        let mut all = Vec::new();
        all.try_reserve_exact(len).map_err(|_| short())?;
        while all.len() < len {
            let here = range.start.saturating_add(all.len().into());
            let Some((piece, at)) = self.find(here.0) else { break };
            let run = usize::try_from(piece.len - at).unwrap_or(usize::MAX).min(len - all.len());
            if let Some(bytes) = piece.bytes() {
                all.extend_from_slice(&bytes[at as usize..at as usize + run]);
            } else {
                let end = all.len();
                all.resize(end + run, 0);
                piece.read(at, &mut all[end..]).map_err(|kind| ReadError { kind, offset: here })?;
            }
        }
        Ok(all)
    }

    /// All bytes as one vector; the same errors as [`Buffer::to_vec`].
    pub fn to_vec_all(&self) -> Result<Vec<u8>, ReadError> {
        self.to_vec(ByteRange::new(Offset::ZERO, self.len()))
    }

    /// The bytes of `range` as a buffer of its own; shares memory, copies at most a few bytes.
    #[inline]
    pub fn slice(&self, range: ByteRange) -> Self {
        let len = self.len().0;
        let start = range.start.0.min(len);
        let end = range.end().0.min(len);
        let head = self.head_len();
        if start >= end {
            Self::new()
        } else if start >= head {
            Self::of(self.tail.slice(start - head, end - head))
        } else {
            self.slice_head(start, end)
        }
    }

    /// A range that starts in the tree, is inside the buffer and not empty.
    fn slice_head(&self, start: u64, end: u64) -> Self {
        let Some(tree) = &self.head else { return Self::new() };
        if let Some((piece, at)) = tree.find(start)
            && end - start <= piece.len - at
        {
            return Self::of(piece.slice(at, at + (end - start)));
        }
        if start == 0 && end > tree.len {
            return Self { head: self.head.clone(), tail: self.tail.slice(0, end - tree.len) };
        }
        let (_, tree_part) = tree.clone().split(start);
        if end > tree.len {
            return Self { head: tree_part, tail: self.tail.slice(0, end - tree.len) };
        }
        Self::from_tree(tree_part.and_then(|part| part.split(end - start).0))
    }

    /// With the last piece taken out of the tree.
    fn from_tree(tree: Option<Tree>) -> Self {
        let mut buffer = Self { head: tree, tail: Piece::EMPTY };
        buffer.ensure_tail();
        buffer
    }
}

impl From<Vec<u8>> for Buffer {
    /// Takes the vector over as one chunk, without copying it.
    fn from(bytes: Vec<u8>) -> Self {
        Self::of(Piece::from_vec(bytes))
    }
}

impl From<&[u8]> for Buffer {
    #[inline]
    fn from(bytes: &[u8]) -> Self {
        Self::of(Piece::copy_of(bytes))
    }
}

impl<const N: usize> From<&[u8; N]> for Buffer {
    #[inline]
    fn from(bytes: &[u8; N]) -> Self {
        Self::of(Piece::copy_of(bytes))
    }
}

impl std::fmt::Debug for Buffer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Buffer({} bytes)", self.len())
    }
}
