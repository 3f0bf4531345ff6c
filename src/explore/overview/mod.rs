//! A buffer of any size in a few thousand numbers: what its bytes are, how mixed they are, where it was changed.
//!
//! [`scan`] goes once over a range on all cores and keeps a [`Bucket`] for each of at most a few thousand parts of it, a
//! histogram, and the counts of pairs of bytes that follow each other. Of a large range it first looks at a sample of each
//! part, which takes less than a tenth of a second whatever the size, and hands that out; then it reads everything, and
//! hands out from time to time what it has. A part says itself how much of it was read, so that a sample is never taken for
//! the whole. Fills and the holes of sparse files are counted without being read. What cannot be read is counted as such.
//!
//! After an edit, [`scan`] with the overview from before reads only the parts between what both snapshots share.
//!
//! ```
//! use seektell::buffer::Buffer;
//! use seektell::explore::overview::{Class, Request, scan};
//! use seektell::tasks::Progress;
//!
//! let buffer = Buffer::from(b"text\0\0\0\xFF");
//! let overview = scan(&buffer, &Request::whole(&buffer), None, &Progress::new(), &|_| {})?;
//! assert_eq!(overview.class_count(Class::Printable), 4);
//! assert_eq!(overview.histogram[0], 3);
//! assert!(overview.is_exact());
//! # Ok::<(), seektell::tasks::Cancelled>(())
//! ```

mod bucket;
mod count;
mod pixels;
mod read;
mod sample;
mod scan;
mod table;
#[cfg(test)]
mod tests;
mod update;

pub use bucket::{Bucket, Class};
pub use count::{Histogram, entropy};
pub use pixels::{PixelFormat, Pixels};
pub(in crate::explore) use read::SKIPPED;
pub use scan::scan;

use crate::buffer::{Buffer, ByteRange, Len, Offset};

/// What is to be looked at, and how closely.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The part of the buffer.
    pub range: ByteRange,
    /// The most parts it is divided in; at least 1.
    pub buckets: usize,
    /// Whether pairs of bytes are counted, which takes about as long again.
    pub pairs: bool,
    /// What the document was when it was saved: parts that differ from it are marked.
    pub base: Option<Buffer>,
}

impl Request {
    /// Parts that are enough for any screen.
    pub const BUCKETS: usize = 4096;

    /// The whole buffer, with pairs, compared with nothing.
    pub fn whole(buffer: &Buffer) -> Self {
        Self { range: ByteRange::new(Offset::ZERO, buffer.len()), buckets: Self::BUCKETS, pairs: true, base: None }
    }
}

/// What a range of a buffer looks like. Its size does not depend on the buffer's.
#[derive(Clone, Debug, PartialEq)]
pub struct Overview {
    /// The part of the buffer.
    pub range: ByteRange,
    /// Its parts in order, without gaps: all equally long but for those at an edit and the last.
    pub buckets: Vec<Bucket>,
    /// How often each byte occurs, in what was read.
    pub histogram: Box<Histogram>,
    /// How often each pair occurs, `first << 8 | second`, in what was read; empty where pairs were not asked for.
    pub pairs: Vec<u64>,
    /// Why the first part that could not be read could not.
    pub problem: Option<String>,
    /// Whether the parts were compared with the saved document.
    pub compared: bool,
    /// What was looked at, so that the next look reads only what changed.
    content: Buffer,
}

impl Overview {
    /// Bytes that were read (or are known without reading).
    pub fn read(&self) -> Len {
        Len(self.buckets.iter().map(|bucket| bucket.read).sum())
    }

    /// Bytes that the histogram speaks of: while reading goes on, those of the sample.
    pub fn counted(&self) -> u64 {
        self.histogram.iter().sum()
    }

    /// Bytes that cannot be read.
    pub fn unreadable(&self) -> Len {
        Len(self.buckets.iter().map(|bucket| bucket.unreadable).sum())
    }

    /// Whether everything was looked at; otherwise the numbers are those of a sample.
    pub fn is_exact(&self) -> bool {
        self.buckets.iter().all(Bucket::is_exact)
    }

    /// Bytes of a class in what was read.
    pub fn class_count(&self, class: Class) -> u64 {
        self.buckets.iter().map(|bucket| bucket.classes[class as usize]).sum()
    }

    /// The entropy of all that was read, in bits a byte.
    pub fn entropy(&self) -> f32 {
        entropy(&self.histogram)
    }

    /// The part that holds the byte at `offset`.
    pub fn bucket_at(&self, offset: Offset) -> Option<&Bucket> {
        let index = self.buckets.partition_point(|bucket| bucket.range.end() <= offset);
        self.buckets.get(index).filter(|bucket| bucket.range.contains(offset))
    }

    /// How many different byte values occur.
    pub fn distinct(&self) -> usize {
        self.histogram.iter().filter(|&&count| count > 0).count()
    }
}
