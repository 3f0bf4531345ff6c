//! The short data that calls put in, one behind the other: it is read where it stands, without a visit to each entry.

use std::sync::Arc;

/// Bytes of data that go into the log; longer data stays with its entry alone.
pub(super) const SHORT: u64 = 255;

/// Bytes of the log; what comes when it is full stays with its entry.
const FULL: usize = 6 << 20;

/// The data. A clone shares it until one of the two grows.
#[derive(Clone, Debug, Default)]
pub(super) struct Log {
    bytes: Arc<Vec<u8>>,
}

impl Log {
    /// Takes data in, where there is room; returns its place.
    pub(super) fn push(&mut self, data: &[u8]) -> Option<u32> {
        let start = self.bytes.len();
        if start + data.len() > FULL {
            return None;
        }
        Arc::make_mut(&mut self.bytes).extend_from_slice(data);
        u32::try_from(start).ok()
    }

    /// The bytes between two places.
    pub(super) fn get(&self, start: u64, end: u64) -> &[u8] {
        self.bytes.get(start as usize..end as usize).unwrap_or_default()
    }
}
