//! Runs of one byte, told without reading them.

use super::piece::Data;
use super::{Buffer, Len, Offset};

impl Buffer {
    /// The byte that stands from `offset` on, and for how long, where that is known without reading. `None` elsewhere, and
    /// at and past the end.
    ///
    /// ```
    /// use seektell::buffer::{Buffer, Len, Offset};
    /// let buffer = Buffer::filled(7, Len(1 << 40));
    /// assert_eq!(buffer.repeated_at(Offset(24)), Some((7, Len((1 << 40) - 24))));
    /// assert_eq!(Buffer::from(b"abc").repeated_at(Offset(0)), None);
    /// ```
    pub fn repeated_at(&self, offset: Offset) -> Option<(u8, Len)> {
        let (piece, at) = self.find(offset.0)?;
        match &piece.data {
            Data::Fill(byte) => Some((*byte, Len(piece.len - at))),
            _ => None,
        }
    }
}
