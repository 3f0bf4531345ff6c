//! Where runs of bytes are, for those who scan a whole buffer and read no more of it than they must.

use super::piece::Data;
use super::{Buffer, Len, Offset};

/// A run of bytes of one origin, from some offset to the end of its piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent<'a> {
    /// In memory: the bytes themselves, all of them.
    Memory(&'a [u8]),
    /// In a file: [`Buffer::read_at`] reads them, past every cache where 1 MiB or more is asked for at once.
    File(Len),
    /// One byte, repeated. May be longer than any memory.
    Fill(u8, Len),
}

impl Extent<'_> {
    /// How many bytes; never none.
    pub fn len(&self) -> Len {
        match self {
            Self::Memory(bytes) => Len(bytes.len() as u64),
            Self::File(len) | Self::Fill(_, len) => *len,
        }
    }

    /// Always false: a piece holds something.
    pub fn is_empty(&self) -> bool {
        self.len().is_zero()
    }
}

impl Buffer {
    /// The run that begins at `offset` and ends with its piece; `None` at and past the end. Reads nothing.
    ///
    /// ```
    /// use seektell::buffer::{Buffer, Extent, Len, Offset};
    /// let mut hole = Buffer::filled(0, Len(1 << 40));
    /// hole.append(b"end");
    /// assert_eq!(hole.extent_at(Offset(1)), Some(Extent::Fill(0, Len((1 << 40) - 1))));
    /// assert_eq!(hole.extent_at(Offset(1 << 40)), Some(Extent::Memory(b"end")));
    /// assert_eq!(hole.extent_at(hole.len().end()), None);
    /// ```
    pub fn extent_at(&self, offset: Offset) -> Option<Extent<'_>> {
        let (piece, at) = self.find(offset.0)?;
        let len = Len(piece.len - at);
        Some(match &piece.data {
            Data::Fill(byte) => Extent::Fill(*byte, len),
            Data::File { .. } => Extent::File(len),
            Data::Inline(_) | Data::Own(_) | Data::Mem { .. } => Extent::Memory(piece.bytes()?.get(at as usize..)?),
        })
    }
}
