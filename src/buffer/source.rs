//! Where bytes come from that are not in memory.

use super::{Len, Offset, ReadErrorKind};

/// Something with a fixed length that can be read at any place: an open file, behind its block cache.
///
/// The length is what it was when the source was opened. An implementation checks that what it reads
/// still is what was opened, and fails with [`ReadErrorKind::Changed`] or [`ReadErrorKind::Shrunk`]
/// rather than mix old bytes with new ones.
pub trait Source: Send + Sync + std::fmt::Debug {
    /// How many bytes there were when it was opened.
    fn len(&self) -> Len;

    /// Whether there were none.
    fn is_empty(&self) -> bool {
        self.len().is_zero()
    }

    /// How many bytes from `offset` on are known to be zero without reading them, as in a hole of a sparse file; zero
    /// where nothing is known.
    fn zeros_at(&self, offset: Offset) -> Len {
        let _ = offset;
        Len::ZERO
    }

    /// How many bytes from `offset` on come before the next place of which [`Source::zeros_at`] may know something.
    fn data_at(&self, offset: Offset) -> Len {
        Len(self.len().0.saturating_sub(offset.0))
    }

    /// Fills `out` from `offset` on, whole or not at all; never asked past [`Source::len`].
    fn read_at(&self, offset: Offset, out: &mut [u8]) -> Result<(), ReadErrorKind>;
}
