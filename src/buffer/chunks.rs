//! Runs of bytes, shared with the buffer.

use std::iter::FusedIterator;
use std::ops::Deref;
use std::sync::Arc;

use super::piece::{Data, FILL_RUN, Piece, fill_block};
use super::{Buffer, ByteRange, Len, Offset, ReadError, ReadErrorKind};

/// A contiguous run of bytes of a [`Buffer`], shared with it.
///
/// It keeps the bytes as they were when it was taken, whatever happens to the buffer: while it lives, a write
/// to its memory goes to a copy of that place.
#[derive(Clone)]
pub struct Chunk {
    /// In memory.
    piece: Piece,
}

impl Chunk {
    pub(super) fn into_piece(self) -> Piece {
        self.piece
    }
}

impl Deref for Chunk {
    type Target = [u8];
    #[inline]
    fn deref(&self) -> &[u8] {
        self.piece.bytes().unwrap_or_default()
    }
}

impl AsRef<[u8]> for Chunk {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl std::fmt::Debug for Chunk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Chunk({} bytes)", self.len())
    }
}

/// Shares the memory.
impl From<Chunk> for Buffer {
    fn from(chunk: Chunk) -> Self {
        Self::of(chunk.piece)
    }
}

/// The runs of a range in order; see [`Buffer::chunks`].
#[derive(Clone, Debug)]
pub struct Chunks {
    buffer: Buffer,
    next: u64,
    end: u64,
    /// What was read of a file at once, and where it begins.
    ahead: Option<(u64, Piece)>,
}

/// Bytes of a file that are read at once by who wants all of a long range: fewer calls, and [`Source`](super::Source)s keep
/// requests of this size out of their caches, where they would take the place of what is looked at.
const AHEAD: u64 = 1 << 20;

impl Chunks {
    /// The next run out of what was read ahead. `None` where nothing is, or where it cannot be: [`Buffer::run`] then finds out
    /// how far the bytes can be read.
    fn read_ahead(&mut self) -> Option<Chunk> {
        let at = self.next;
        if self.ahead.as_ref().is_none_or(|(start, piece)| at >= start + piece.len) {
            // The memory of the last run serves again where nobody kept a part of it: fresh pages cost more than the reading.
            let last = self.ahead.take().and_then(|(_, piece)| match piece.data {
                Data::Mem { block, .. } => Arc::try_unwrap(block).ok(),
                _ => None,
            });
            let (piece, inner) = self.buffer.find(at)?;
            if !matches!(piece.data, Data::File { .. }) || (piece.len - inner).min(self.end - at) < AHEAD {
                return None;
            }
            let mut bytes = last.unwrap_or_default();
            bytes.try_reserve_exact((AHEAD as usize).saturating_sub(bytes.len())).ok()?;
            bytes.resize(AHEAD as usize, 0);
            piece.read(inner, &mut bytes).ok()?;
            self.ahead = Some((at, Piece::from_vec(bytes)));
        }
        let (start, piece) = self.ahead.as_ref()?;
        let from = at - start;
        Some(Chunk { piece: piece.slice(from, (from + Buffer::CHUNK_LEN as u64).min(piece.len)) })
    }
}

impl Iterator for Chunks {
    type Item = Result<Chunk, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.end {
            return None;
        }
        let result = match self.read_ahead() {
            Some(chunk) => Some(Ok(chunk)),
            None => self.buffer.run(self.next, self.end).transpose(),
        };
        match &result {
            Some(Ok(chunk)) => self.next += chunk.len() as u64,
            // What follows an unreadable place would look like what is there.
            _ => self.next = self.end,
        }
        result
    }
}

impl FusedIterator for Chunks {}

impl Buffer {
    /// The bytes of `range` in order, in runs of at most [`Buffer::CHUNK_LEN`] bytes, without copying what is in memory.
    ///
    /// The iterator holds a snapshot. A file that cannot be read yields one error, with the place in the
    /// buffer, and ends the iteration.
    pub fn chunks(&self, range: ByteRange) -> Chunks {
        let range = range.clamp_to(self.len());
        Chunks { buffer: self.clone(), next: range.start.0, end: range.end().0, ahead: None }
    }

    /// The run that begins at `offset`, at most [`Buffer::CHUNK_LEN`] bytes; `None` at and past the end.
    ///
    /// # Errors
    /// Where a file cannot be read, or its bytes do not fit into memory.
    pub fn chunk_at(&self, offset: Offset) -> Result<Option<Chunk>, ReadError> {
        self.run(offset.0, self.len().0)
    }

    fn run(&self, start: u64, end: u64) -> Result<Option<Chunk>, ReadError> {
        let Some((piece, at)) = self.find(start) else { return Ok(None) };
        let len = (piece.len - at).min(end - start).min(Self::CHUNK_LEN as u64);
        let piece = match &piece.data {
            Data::Inline(_) | Data::Own(_) | Data::Mem { .. } => piece.slice(at, at + len),
            Data::Fill(byte) => {
                let block = fill_block(*byte);
                debug_assert!(len <= FILL_RUN as u64);
                Piece { len, data: Data::Mem { block: Arc::clone(block), start: 0 } }
            }
            Data::File { .. } => {
                let fail = |kind| ReadError { kind, offset: Offset(start) };
                let mut bytes = Vec::new();
                bytes.try_reserve_exact(len as usize).map_err(|_| fail(ReadErrorKind::OutOfMemory(Len(len))))?;
                bytes.resize(len as usize, 0);
                piece.read(at, &mut bytes).map_err(fail)?;
                Piece::from_vec(bytes)
            }
        };
        Ok(Some(Chunk { piece }))
    }
}
