//! Pieces: the leaves' entries, each a run of bytes that has one origin.

use std::sync::{Arc, OnceLock};

use super::{Offset, ReadErrorKind, Source};

/// Bytes that fit into a piece itself: most lines of a text do, and to copy one costs less than to count another reference.
pub(super) const INLINE: usize = 63;

/// Neighbours in memory that are together no longer than this become one piece, so that edits of single
/// bytes cannot leave one piece a byte behind. Also the most that one small edit copies.
pub(super) const SMALL: u64 = 1024;

/// A chunk is moved to a larger place up to this length; behind it the next one begins.
pub(super) const CHUNK_MAX: usize = 1 << 20;

/// The most room a new chunk gets.
const ROOM_MAX: u64 = 8 << 20;

/// How much small appends collect in a place of the buffer's own.
pub(super) const OWN: usize = 512;

/// The smallest chunk, so that the first appends do not move it again and again.
const CHUNK_MIN: usize = 64;

/// Runs of a fill that readers get to see are parts of one shared block of this length.
pub(super) const FILL_RUN: usize = 64 * 1024;

/// A run of bytes that has one origin.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) len: u64,
    pub(super) data: Data,
}

/// Where the bytes of a piece are.
#[derive(Clone, Debug)]
pub(super) enum Data {
    /// In the piece itself, from the start of the array.
    Inline([u8; INLINE]),
    /// In a place that no other buffer sees: a clone copies it. Only the last piece of a buffer is of this kind, and
    /// small appends collect there, because to make sure that a shared chunk is unshared costs more than to write
    /// a few bytes.
    Own(Box<[u8; OWN]>),
    /// In a chunk, from `start` on. The chunk is changed only where nobody else holds it.
    Mem { block: Arc<Vec<u8>>, start: usize },
    /// In a file, from `start` on.
    File { source: Arc<FileSource>, start: u64 },
    /// One byte, repeated.
    Fill(u8),
}

/// One word where `Arc<dyn Source>` is two; keeps the piece small.
#[derive(Debug)]
pub(super) struct FileSource(pub(super) Arc<dyn Source>);

impl Piece {
    /// No bytes; never an entry of a leaf.
    pub(super) const EMPTY: Self = Self { len: 0, data: Data::Inline([0; INLINE]) };

    /// A copy of `bytes`, in the piece itself where they fit.
    pub(super) fn copy_of(bytes: &[u8]) -> Self {
        if bytes.len() <= INLINE { Self::inline(bytes) } else { Self::block(Arc::new(bytes.to_vec())) }
    }

    /// The bytes of a vector, which becomes a chunk without being copied (unless it is tiny).
    pub(super) fn from_vec(bytes: Vec<u8>) -> Self {
        if bytes.len() <= INLINE { Self::inline(&bytes) } else { Self::block(Arc::new(bytes)) }
    }

    /// A chunk with room for more behind `bytes`.
    pub(super) fn with_room(bytes: &[u8], capacity: usize) -> Self {
        let mut vec = Vec::with_capacity(capacity.max(bytes.len()));
        vec.extend_from_slice(bytes);
        Self::block(Arc::new(vec))
    }

    pub(super) fn block(block: Arc<Vec<u8>>) -> Self {
        Self { len: block.len() as u64, data: Data::Mem { block, start: 0 } }
    }

    /// A place for small appends that begins with `bytes`, which must fit.
    pub(super) fn own(bytes: &[u8]) -> Self {
        let mut own = Box::new([0; OWN]);
        own[..bytes.len()].copy_from_slice(bytes);
        Self { len: bytes.len() as u64, data: Data::Own(own) }
    }

    /// As a piece that can be shared.
    pub(super) fn shared(self) -> Self {
        match &self.data {
            Data::Own(_) => Self::copy_of(self.bytes().unwrap_or_default()),
            _ => self,
        }
    }

    pub(super) fn fill(byte: u8, len: u64) -> Self {
        Self { len, data: Data::Fill(byte) }
    }

    /// `bytes` must fit.
    #[inline]
    fn inline(bytes: &[u8]) -> Self {
        let mut array = [0; INLINE];
        array[..bytes.len()].copy_from_slice(bytes);
        Self { len: bytes.len() as u64, data: Data::Inline(array) }
    }

    /// The bytes, where they are in memory one by one.
    #[inline]
    pub(super) fn bytes(&self) -> Option<&[u8]> {
        match &self.data {
            Data::Inline(bytes) => bytes.get(..self.len as usize),
            Data::Own(bytes) => bytes.get(..self.len as usize),
            Data::Mem { block, start } => block.get(*start..*start + self.len as usize),
            Data::File { .. } | Data::Fill(_) => None,
        }
    }

    /// The bytes, where they are in memory and nobody else can see them change.
    #[inline]
    pub(super) fn bytes_mut(&mut self) -> Option<&mut [u8]> {
        match &mut self.data {
            Data::Inline(bytes) => bytes.get_mut(..self.len as usize),
            Data::Own(bytes) => bytes.get_mut(..self.len as usize),
            Data::Mem { block, start } => Arc::get_mut(block)?.get_mut(*start..*start + self.len as usize),
            Data::File { .. } | Data::Fill(_) => None,
        }
    }

    /// The bytes from `from` up to `to` of this piece; a few of them are copied, many are shared.
    #[inline]
    pub(super) fn slice(&self, from: u64, to: u64) -> Self {
        debug_assert!(from <= to && to <= self.len);
        let len = to - from;
        if len <= INLINE as u64
            && let Some(bytes) = self.bytes()
        {
            let bytes = &bytes[from as usize..];
            // A copy of a fixed length, which what follows the range allows nearly always, costs no call.
            return match bytes.first_chunk() {
                Some(array) => Self { len, data: Data::Inline(*array) },
                None => Self::inline(&bytes[..len as usize]),
            };
        }
        let data = match &self.data {
            Data::Inline(bytes) => Data::Inline(*bytes), // longer than itself: cannot be
            Data::Own(bytes) => return Self::copy_of(&bytes[from as usize..to as usize]),
            Data::Mem { block, start } => Data::Mem { block: Arc::clone(block), start: start + from as usize },
            Data::File { source, start } => Data::File { source: Arc::clone(source), start: start + from },
            Data::Fill(byte) => Data::Fill(*byte),
        };
        Self { len, data }
    }

    /// Forgets everything from `len` on; keeps sole ownership of the chunk, unlike [`Piece::slice`].
    pub(super) fn cut_to(&mut self, len: u64) {
        self.len = self.len.min(len);
        if self.len == 0 {
            *self = Self::EMPTY;
        }
    }

    /// Forgets the first `len` bytes; keeps sole ownership of the chunk.
    pub(super) fn drop_first(&mut self, len: u64) {
        if len >= self.len {
            *self = Self::EMPTY;
            return;
        }
        let total = self.len as usize;
        self.len -= len;
        match &mut self.data {
            Data::Inline(bytes) => bytes.copy_within(len as usize..total, 0),
            Data::Own(bytes) => bytes.copy_within(len as usize..total, 0),
            Data::Mem { start, .. } => *start += len as usize,
            Data::File { start, .. } => *start += len,
            Data::Fill(_) => {}
        }
    }

    /// Whether the bytes may be copied without reading a file.
    pub(super) fn is_memory(&self) -> bool {
        !matches!(self.data, Data::File { .. })
    }

    /// Copies the bytes from `from` on into `out`, which must not reach past the end of the piece.
    pub(super) fn read(&self, from: u64, out: &mut [u8]) -> Result<(), ReadErrorKind> {
        match &self.data {
            Data::Fill(byte) => out.fill(*byte),
            Data::File { source, start } => return source.0.read_at(Offset(start + from), out),
            Data::Inline(_) | Data::Own(_) | Data::Mem { .. } => {
                let from = from as usize;
                out.copy_from_slice(&self.bytes().unwrap_or_default()[from..from + out.len()]);
            }
        }
        Ok(())
    }

    /// Puts the bytes behind `out`. Only for short pieces in memory.
    fn push_to(&self, out: &mut Vec<u8>) {
        match (&self.data, self.bytes()) {
            (_, Some(bytes)) => out.extend_from_slice(bytes),
            (Data::Fill(byte), _) => out.resize(out.len() + self.len as usize, *byte),
            _ => {}
        }
    }

    /// Whether the first byte of `next` has its place behind the last one of this piece, in the same origin.
    pub(super) fn continues(&self, next: &Self) -> bool {
        match (&self.data, &next.data) {
            (Data::Fill(a), Data::Fill(b)) => a == b,
            (Data::Mem { block: a, start }, Data::Mem { block: b, start: then }) => {
                Arc::ptr_eq(a, b) && start + self.len as usize == *then
            }
            (Data::File { source: a, start }, Data::File { source: b, start: then }) => {
                (Arc::ptr_eq(a, b) || Arc::ptr_eq(&a.0, &b.0)) && start + self.len == *then
            }
            _ => false,
        }
    }

    /// Makes `next`, which follows, a part of this piece, where that is free or costs one small copy.
    pub(super) fn try_merge(&mut self, next: &Self) -> bool {
        if next.len == 0 {
            return true;
        }
        if self.len == 0 {
            *self = next.clone();
            return true;
        }
        if self.continues(next) {
            self.len += next.len;
            return true;
        }
        if !self.is_memory() || !next.is_memory() || next.len > SMALL {
            return false;
        }
        if let Some(bytes) = next.bytes() {
            return self.try_extend(bytes) || self.try_rebuild(self.len, self.len, next);
        }
        self.try_rebuild(self.len, self.len, next)
    }

    /// Puts `bytes` behind the last one without moving the rest (but for the doubling of a growing chunk).
    pub(super) fn try_extend(&mut self, bytes: &[u8]) -> bool {
        let (len, more) = (self.len as usize, bytes.len());
        match &mut self.data {
            Data::Inline(array) => {
                let Some(room) = array.get_mut(len..len + more) else { return false };
                room.copy_from_slice(bytes);
            }
            Data::Own(array) => {
                let Some(room) = array.get_mut(len..len + more) else { return false };
                room.copy_from_slice(bytes);
            }
            Data::Mem { block, start } => {
                let Some(vec) = Arc::get_mut(block) else { return false };
                let end = *start + len;
                if end + more > vec.capacity() {
                    if end + more > CHUNK_MAX {
                        return false;
                    }
                    vec.truncate(end);
                    let capacity = (vec.capacity() * 2).clamp(CHUNK_MIN, CHUNK_MAX).max(end + more);
                    vec.reserve_exact(capacity - end);
                }
                vec.truncate(end);
                vec.extend_from_slice(bytes);
            }
            Data::File { .. } | Data::Fill(_) => return false,
        }
        self.len += more as u64;
        true
    }

    /// Replaces the bytes from `from` up to `to` by those of `with`, where all of it is small: by one copy.
    pub(super) fn try_rebuild(&mut self, from: u64, to: u64, with: &Self) -> bool {
        let total = self.len - (to - from) + with.len;
        if total > SMALL || !self.is_memory() || !with.is_memory() {
            return false;
        }
        let mut all = Vec::with_capacity((total as usize).next_power_of_two().max(CHUNK_MIN));
        self.slice(0, from).push_to(&mut all);
        with.push_to(&mut all);
        self.slice(to, self.len).push_to(&mut all);
        *self = Self::from_vec(all);
        true
    }

    /// Puts `bytes` in at `at` of a small piece, in place where nobody else sees it.
    pub(super) fn try_insert(&mut self, at: u64, bytes: &Self) -> bool {
        if self.len + bytes.len > SMALL {
            return false;
        }
        if let (Data::Mem { block, start: 0 }, Some(bytes)) = (&mut self.data, bytes.bytes())
            && block.len() as u64 == self.len
            && let Some(vec) = Arc::get_mut(block)
        {
            let (at, more) = (at as usize, bytes.len());
            vec.extend_from_slice(bytes); // grows; the bytes go to their place below
            vec[at..].rotate_right(more);
            self.len += more as u64;
            return true;
        }
        if let (Data::Own(own), Some(bytes)) = (&mut self.data, bytes.bytes())
            && self.len as usize + bytes.len() <= OWN
        {
            let (at, more) = (at as usize, bytes.len());
            own.copy_within(at..self.len as usize, at + more);
            own[at..at + more].copy_from_slice(bytes);
            self.len += more as u64;
            return true;
        }
        self.try_rebuild(at, at, bytes)
    }
}

/// A block of [`FILL_RUN`] times `byte`, made once for the process; at most 16 MiB for all bytes together.
pub(super) fn fill_block(byte: u8) -> &'static Arc<Vec<u8>> {
    static BLOCKS: [OnceLock<Arc<Vec<u8>>>; 256] = [const { OnceLock::new() }; 256];
    BLOCKS[usize::from(byte)].get_or_init(|| Arc::new(vec![byte; FILL_RUN]))
}

/// How much room the next chunk gets, behind a buffer of `len` bytes: memory stays near the content, and the
/// pieces stay few.
pub(super) fn next_capacity(len: u64) -> usize {
    (len / 4).clamp(CHUNK_MIN as u64, ROOM_MAX) as usize
}
