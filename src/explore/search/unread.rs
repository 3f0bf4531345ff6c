//! What could not be searched: places of a file that cannot be read are passed over, and named.

use std::ops::Range;

use crate::buffer::{ReadError, ReadErrorKind};

/// Ranges that are kept one by one; the others are counted.
pub const KEPT_UNREADABLE: usize = 1000;

/// The parts of a document that a search passed over, since they cannot be read. In units of the document, as matches are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unreadable {
    ranges: Vec<Range<u64>>,
    total: u64,
    count: u64,
    why: Option<ReadError>,
}

impl Unreadable {
    /// Whether everything could be read.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// The first [`KEPT_UNREADABLE`] ranges, in order; those that touch are one.
    pub fn ranges(&self) -> &[Range<u64>] {
        &self.ranges
    }

    /// How many ranges there are, those that are not kept too.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// How many units.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Why the first of them cannot be read.
    pub fn why(&self) -> Option<&ReadError> {
        self.why.as_ref()
    }

    /// A further range; they come in order.
    pub(super) fn push(&mut self, range: Range<u64>, why: &ReadError) {
        self.total = self.total.saturating_add(range.end - range.start);
        self.why.get_or_insert_with(|| why.clone());
        match self.ranges.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => {
                self.count += 1;
                if self.ranges.len() < KEPT_UNREADABLE {
                    self.ranges.push(range);
                }
            }
        }
    }
}

/// Whether only a place cannot be read, and what is behind it may be. Of a file that became another one nothing can be read.
pub(super) fn is_local(error: &ReadError) -> bool {
    matches!(error.kind, ReadErrorKind::Io(..))
}
