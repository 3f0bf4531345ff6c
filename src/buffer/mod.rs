//! Bytes: a persistent, counted tree of pieces.
//!
//! SKELETON: the signatures are the contract, the body is a flat vector until the tree stands.

mod error;
mod position;
mod source;

pub use error::{ReadError, ReadErrorKind};
pub use position::{ByteRange, Len, Offset};
pub use source::Source;

use std::io;
use std::sync::Arc;

/// A sequence of bytes of any size up to 2^63 - 1, cheap to clone (a clone is a snapshot) and to edit.
#[derive(Clone, Default)]
pub struct Buffer {
    bytes: Arc<Vec<u8>>,
}

/// A contiguous run of bytes of a [`Buffer`], shared with it.
#[derive(Clone, Debug)]
pub struct Chunk {
    bytes: Vec<u8>,
}

impl std::ops::Deref for Chunk {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Buffer {
    /// An empty buffer.
    pub fn new() -> Self {
        Self::default()
    }
    /// `len` times `byte`, in constant time and memory.
    pub fn filled(byte: u8, len: Len) -> Self {
        vec![byte; len.0 as usize].into()
    }
    /// The bytes of `source` (a file), read when they are needed.
    pub fn from_source(source: Arc<dyn Source>) -> Self {
        let mut v = vec![0; source.len().0 as usize];
        source.read_at(Offset::ZERO, &mut v).ok();
        v.into()
    }
    /// How many bytes there are.
    pub fn len(&self) -> Len {
        self.bytes.len().into()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
    /// Whether both are the very same snapshot (constant time; equal content in other memory says `false`).
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.bytes, &other.bytes)
    }
    fn range(&self, range: ByteRange) -> std::ops::Range<usize> {
        let r = range.clamp_to(self.len());
        r.start.0 as usize..r.end().0 as usize
    }
    /// Copies bytes from `offset` on into `out`; returns how many there were (less than asked only at the end).
    pub fn read_at(&self, offset: Offset, out: &mut [u8]) -> Result<usize, ReadError> {
        let r = self.range(ByteRange::new(offset, out.len().into()));
        let n = r.len();
        out[..n].copy_from_slice(&self.bytes[r]);
        Ok(n)
    }
    /// The byte at `offset`, or `None` at and past the end.
    pub fn byte_at(&self, offset: Offset) -> Result<Option<u8>, ReadError> {
        Ok(self.bytes.get(offset.0 as usize).copied())
    }
    /// The bytes of `range` (its part inside the buffer) as one vector; fails rather than abort when memory is short.
    pub fn to_vec(&self, range: ByteRange) -> Result<Vec<u8>, ReadError> {
        Ok(self.bytes[self.range(range)].to_vec())
    }
    /// All bytes as one vector.
    pub fn to_vec_all(&self) -> Result<Vec<u8>, ReadError> {
        self.to_vec(ByteRange::new(Offset::ZERO, self.len()))
    }
    /// The bytes of `range` in order, in runs of at most [`Buffer::CHUNK_LEN`] bytes, without copying what is in memory.
    pub fn chunks(&self, range: ByteRange) -> impl Iterator<Item = Result<Chunk, ReadError>> + use<> {
        let bytes = self.bytes[self.range(range)].to_vec();
        (!bytes.is_empty()).then(|| Ok(Chunk { bytes })).into_iter()
    }
    /// The longest run that [`Buffer::chunks`] yields.
    pub const CHUNK_LEN: usize = 64 * 1024;
    /// A reader over this snapshot, at offset 0.
    pub fn reader(&self) -> Reader {
        Reader { buffer: self.clone(), position: 0 }
    }
    /// The bytes of `range` as a buffer of its own; shares memory, copies nothing.
    pub fn slice(&self, range: ByteRange) -> Self {
        self.bytes[self.range(range)].to_vec().into()
    }
    /// Replaces the bytes of `range` by `with`, which may be longer or shorter; the general edit.
    /// A start past the end is an append; ranges are cut to the buffer.
    pub fn replace(&mut self, range: ByteRange, with: &Self) {
        let r = self.range(range);
        Arc::make_mut(&mut self.bytes).splice(r, with.bytes.iter().copied());
    }
    /// Writes `bytes` over what is at `offset`, growing at the end; a gap past the end is filled with zeros.
    pub fn overwrite(&mut self, offset: Offset, bytes: &[u8]) {
        let v = Arc::make_mut(&mut self.bytes);
        let (start, end) = (offset.0 as usize, offset.0 as usize + bytes.len());
        if v.len() < end {
            v.resize(end, 0);
        }
        v[start..end].copy_from_slice(bytes);
    }
    /// Puts `bytes` in at `offset`, moving what follows.
    pub fn insert(&mut self, offset: Offset, bytes: &Self) {
        self.replace(ByteRange::new(offset, Len::ZERO), bytes);
    }
    /// Takes the bytes of `range` out.
    pub fn delete(&mut self, range: ByteRange) {
        self.replace(range, &Self::new());
    }
    /// Cuts everything from `len` on; does nothing where the buffer is shorter.
    pub fn truncate(&mut self, len: Len) {
        Arc::make_mut(&mut self.bytes).truncate(len.0 as usize);
    }
    /// Grows to `len` with copies of `byte`; does nothing where the buffer is longer.
    pub fn extend_to(&mut self, len: Len, byte: u8) {
        if self.len() < len {
            Arc::make_mut(&mut self.bytes).resize(len.0 as usize, byte);
        }
    }
    /// Adds `bytes` behind the last byte.
    pub fn append(&mut self, bytes: &[u8]) {
        Arc::make_mut(&mut self.bytes).extend_from_slice(bytes);
    }
    /// Adds another buffer behind the last byte, sharing its memory.
    pub fn append_buffer(&mut self, other: &Self) {
        Arc::make_mut(&mut self.bytes).extend_from_slice(&other.bytes);
    }
    /// The bytes that this buffer holds in memory (not files, not fills), for the undo and cache budgets.
    pub fn memory(&self) -> Len {
        self.len()
    }
}

impl From<Vec<u8>> for Buffer {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes: Arc::new(bytes) }
    }
}
impl From<&[u8]> for Buffer {
    fn from(bytes: &[u8]) -> Self {
        bytes.to_vec().into()
    }
}
impl<const N: usize> From<&[u8; N]> for Buffer {
    fn from(bytes: &[u8; N]) -> Self {
        bytes.to_vec().into()
    }
}
/// By content; unreadable bytes are equal to nothing. The same snapshot is equal in constant time.
impl PartialEq for Buffer {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other) || self.bytes == other.bytes
    }
}
impl std::fmt::Debug for Buffer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Buffer({} bytes)", self.len())
    }
}

/// `Read`, `Seek` and `BufRead` over a snapshot; what every codec is given.
#[derive(Clone, Debug)]
pub struct Reader {
    buffer: Buffer,
    position: u64,
}

impl io::Read for Reader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.buffer.read_at(Offset(self.position), out)?;
        self.position += n as u64;
        Ok(n)
    }
}
impl io::BufRead for Reader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let start = (self.position as usize).min(self.buffer.bytes.len());
        Ok(&self.buffer.bytes[start..])
    }
    fn consume(&mut self, n: usize) {
        self.position += n as u64;
    }
}
impl io::Seek for Reader {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        let target = match to {
            io::SeekFrom::Start(n) => Some(n),
            io::SeekFrom::Current(d) => self.position.checked_add_signed(d),
            io::SeekFrom::End(d) => self.buffer.len().0.checked_add_signed(d),
        };
        self.position = target.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.position)
    }
}
