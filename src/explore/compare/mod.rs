//! What is different in two contents, by position or across what was put in and taken out.
//!
//! [`compare`] takes two snapshots and gives a [`Comparison`]: the places that differ, in order, each with its range on
//! the left and on the right; what lies between two of them is equal. By position ([`Method::Position`]) the byte at an
//! offset is compared with the byte at the same offset; aligned ([`Method::Aligned`]), bytes that are only on one side
//! move what follows them. Either way the result is exact: taking the equal runs from the left and everything else from
//! the right gives the right.
//!
//! # How
//!
//! By position, blocks are compared on all cores, and only blocks that differ are looked at byte by byte. What both
//! sides share (the same memory, the same place of the same file, one byte repeated) is never looked at.
//!
//! Aligned, both sides are cut into chunks where their *content* says so, so that the same content is cut at the same
//! places wherever it stands; chunks that each side has exactly once are tied to each other, as many as can be in one
//! order, and verified byte by byte. Between them lie gaps, which are done the same way with smaller chunks, and small
//! ones with Myers' algorithm, for a limited time. Content that has nothing in common is said to be replaced, and how
//! many bytes that were ([`Counts::unaligned`]). Chunks grow with the content, so memory does not.
//!
//! ```
//! use seektell::buffer::Buffer;
//! use seektell::explore::compare::{Method, Options, RunKind, compare};
//! use seektell::tasks::Progress;
//!
//! let (left, right) = (Buffer::from(b"the quick fox"), Buffer::from(b"the very quick fax"));
//! let found = compare(&left, &right, &Options::new(Method::Aligned), &Progress::new())?;
//! let kinds: Vec<_> = found.runs().map(|run| run.kind).collect();
//! assert_eq!(kinds, [RunKind::Equal, RunKind::OnlyRight, RunKind::Equal, RunKind::Changed, RunKind::Equal]);
//! assert_eq!((found.counts.changed, found.counts.only_right), (1, 5));
//! # Ok::<(), seektell::explore::compare::CompareError>(())
//! ```

mod align;
mod block;
mod chunk;
mod collect;
mod gap;
mod places;
mod position;
mod report;
mod result;
mod rows;
mod step;
mod text;

use std::time::Duration;

pub use places::{Place, Places};
pub use position::is_same;
pub use report::{ReportFormat, write_report};
pub use result::{Comparison, Counts, Difference, Run, RunKind, Runs};
pub use rows::{CompareRows, RowKind};
pub use step::{Direction, different_byte, different_character};
pub use text::{TEXT_LIMIT, compare_texts, in_bytes};

use crate::buffer::{Buffer, ReadError};
use crate::tasks::{Cancelled, Progress};
use align::Aligner;
use collect::Collector;
use position::Scanner;

/// Which byte is compared with which.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Method {
    /// The bytes at the same offset; where one side is longer, its rest is only there.
    #[default]
    Position,
    /// What belongs together, wherever it stands: finds what was put in and taken out.
    Aligned,
}

/// What happens to differences when there are more than are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surplus {
    /// Neighbours become one, those with the fewest equal bytes between them first, so that the list always covers
    /// everything. The counts stay exact.
    Join,
    /// The first ones are kept as they are; the others are only counted.
    Count,
}

/// How to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Which byte is compared with which.
    pub method: Method,
    /// The most differences that are kept; 32 bytes of memory each. At least 2 are.
    pub limit: usize,
    /// What happens to more.
    pub surplus: Surplus,
    /// Aligned: how long gaps between the first ties may be looked into altogether. When it is over, what is left differs as
    /// a whole. `None` sets no limit.
    pub time: Option<Duration>,
    /// The most characters of a text that is compared by characters; each takes four bytes while it is.
    pub text_limit: u64,
}

impl Options {
    /// The most differences that are kept unless said otherwise; they take 8 MiB.
    pub const LIMIT: usize = 1 << 18;

    /// The usual limits.
    pub const fn new(method: Method) -> Self {
        Self { method, limit: Self::LIMIT, surplus: Surplus::Join, time: Some(Duration::from_secs(60)), text_limit: TEXT_LIMIT }
    }
}

/// Why a comparison has no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompareError {
    /// The left side could not be read.
    #[error("the left side cannot be compared: {0}")]
    Left(ReadError),
    /// The right side could not be read.
    #[error("the right side cannot be compared: {0}")]
    Right(ReadError),
    /// A text is longer than can be compared by characters.
    #[error("a text of {0} characters is too long to be compared by characters; compare its bytes, or set a higher limit")]
    TooLong(u64),
    /// The user stopped it.
    #[error("cancelled")]
    Cancelled,
}

impl From<Cancelled> for CompareError {
    fn from(Cancelled: Cancelled) -> Self {
        Self::Cancelled
    }
}

/// Compares two contents, byte by byte.
///
/// `progress` counts bytes. A cancel is answered within a few milliseconds.
///
/// # Errors
/// Where a file under one of them cannot be read, or the work was cancelled.
pub fn compare(left: &Buffer, right: &Buffer, options: &Options, progress: &Progress) -> Result<Comparison, CompareError> {
    compare_units(left, right, 1, options, progress)
}

/// Compares in units of `unit` bytes, 1 or 4; both lengths are multiples of it.
fn compare_units(
    left: &Buffer,
    right: &Buffer,
    unit: u64,
    options: &Options,
    progress: &Progress,
) -> Result<Comparison, CompareError> {
    let (left_len, right_len) = (left.len().get(), right.len().get());
    let mut collector = Collector::new(options.limit.max(2), options.surplus, unit);
    let scanner = Scanner::new(left, right, unit, progress);
    match options.method {
        Method::Position => {
            let both = left_len.min(right_len);
            progress.set_total(both);
            scanner.scan(0, 0, both, &mut collector)?;
            collector.push(Difference { left: both, left_len: left_len - both, right: both, right_len: right_len - both });
        }
        Method::Aligned => {
            progress.set_total(left_len.saturating_add(right_len));
            Aligner::new(&scanner, options.time).align(left_len, right_len, &mut collector)?;
        }
    }
    progress.set_done(progress.total());
    Ok(collector.finish(options.method, left_len, right_len))
}
