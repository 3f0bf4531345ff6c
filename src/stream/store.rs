//! What a stream holds: a buffer, and behind it the end that is still being written.
//!
//! Streams are mostly written at their end in small portions and read from front to back in small portions. Both go through
//! plain memory here: appended bytes collect in `tail` before they become part of the tree, and reading remembers the run of the
//! tree it last touched.

use std::sync::OnceLock;

use crate::buffer::{Buffer, ByteRange, Finger, Len, Offset, ReadError};

/// The tail moves into the tree when it would grow past this; a multiple of every character width.
const TAIL_MAX: usize = 64 * 1024;

/// Writes from this length on go to the tree at once: they need no collecting, and `getvalue` then finds nothing to join.
const LARGE: usize = TAIL_MAX / 4;

/// The content of a stream, in bytes.
#[derive(Debug, Default)]
pub(super) struct Store {
    base: Buffer,
    base_len: u64,
    tail: Vec<u8>,
    /// `base` and `tail` as one buffer, made when it is asked for; dropped or adopted by the next change.
    joined: OnceLock<Buffer>,
    /// The run of `base` that was read last; cleared before `base` changes.
    finger: Finger,
}

/// What ends a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineEnd {
    /// The unit 10.
    Lf,
    /// The unit 13.
    Cr,
    /// Either.
    Any,
}

impl LineEnd {
    fn find(self, bytes: &[u8]) -> Option<usize> {
        match self {
            Self::Lf => memchr::memchr(b'\n', bytes),
            Self::Cr => memchr::memchr(b'\r', bytes),
            Self::Any => memchr::memchr2(b'\n', b'\r', bytes),
        }
    }
}

fn range(start: u64, end: u64) -> ByteRange {
    ByteRange::between(Offset(start), Offset(end))
}

impl Store {
    pub(super) fn new(base: Buffer) -> Self {
        Self { base_len: base.len().get(), base, ..Self::default() }
    }

    #[inline]
    pub(super) fn len(&self) -> u64 {
        self.base_len + self.tail.len() as u64
    }

    /// Everything, as one buffer.
    #[inline]
    pub(super) fn as_buffer(&self) -> &Buffer {
        if self.tail.is_empty() { &self.base } else { self.joined() }
    }

    fn joined(&self) -> &Buffer {
        self.joined.get_or_init(|| {
            let mut joined = self.base.clone();
            joined.append(&self.tail);
            joined
        })
    }

    /// Takes everything out as one buffer, leaving nothing.
    pub(super) fn take(&mut self) -> Buffer {
        self.settle();
        std::mem::take(self).base
    }

    /// Must come before every change: what others may have asked for becomes the base, which shares its memory with them.
    fn adopt_joined(&mut self) {
        if let Some(joined) = self.joined.take() {
            self.base_len = joined.len().get();
            self.base = joined;
            self.tail.clear();
        }
    }

    /// Makes the base hold everything.
    fn settle(&mut self) {
        self.finger.clear();
        self.adopt_joined();
        if !self.tail.is_empty() {
            if self.tail.len() < LARGE {
                self.base.append(&self.tail);
                self.tail.clear();
            } else {
                let tail = std::mem::replace(&mut self.tail, Vec::with_capacity(TAIL_MAX));
                self.base.append_buffer(&Buffer::from(tail));
            }
            self.base_len = self.base.len().get();
        }
    }

    /// Changes the whole as one buffer.
    pub(super) fn edit<R>(&mut self, change: impl FnOnce(&mut Buffer) -> R) -> R {
        self.settle();
        let result = change(&mut self.base);
        self.base_len = self.base.len().get();
        result
    }

    /// Writes over what is at `at`, growing at the end; a gap is filled with zeros. The end must fit in an `i64`.
    #[inline]
    pub(super) fn write(&mut self, at: u64, bytes: &[u8]) {
        if self.joined.get().is_some() {
            self.adopt_joined();
        }
        if at == self.len() && bytes.len() < LARGE && self.tail.len() + bytes.len() <= TAIL_MAX {
            self.tail.extend_from_slice(bytes);
        } else {
            self.write_elsewhere(at, bytes);
        }
    }

    fn write_elsewhere(&mut self, at: u64, bytes: &[u8]) {
        if let Some(start) = at.checked_sub(self.base_len) {
            let inside = start < self.tail.len() as u64 || bytes.len() < LARGE;
            if inside && start.saturating_add(bytes.len() as u64) <= TAIL_MAX as u64 {
                let start = start as usize;
                if self.tail.len() < start {
                    self.tail.resize(start, 0);
                }
                let over = bytes.len().min(self.tail.len() - start);
                self.tail[start..start + over].copy_from_slice(&bytes[..over]);
                self.tail.extend_from_slice(&bytes[over..]);
                return;
            }
            self.settle();
            if at == self.base_len && bytes.len() < LARGE {
                self.tail.extend_from_slice(bytes);
                return;
            }
        } else if !self.tail.is_empty() && at + bytes.len() as u64 > self.base_len {
            self.settle();
        }
        self.finger.clear();
        if at == self.base_len {
            self.base.append(bytes);
        } else {
            self.base.overwrite(Offset(at), bytes);
        }
        self.base_len = self.base.len().get();
    }

    /// Like [`Store::write`], sharing the memory of `bytes`.
    pub(super) fn write_buffer(&mut self, at: u64, bytes: &Buffer) {
        let len = self.len();
        self.edit(|base| {
            if at > len {
                base.extend_to(Len(at), 0);
            }
            if at >= len {
                base.append_buffer(bytes);
            } else {
                base.replace(ByteRange::new(Offset(at), bytes.len()), bytes);
            }
        });
    }

    /// Cuts at `len`; does nothing where there is less.
    pub(super) fn truncate(&mut self, len: u64) {
        if self.joined.get().is_some() {
            self.adopt_joined();
        }
        match len.checked_sub(self.base_len) {
            Some(rest) => {
                if rest < self.tail.len() as u64 {
                    self.tail.truncate(rest as usize);
                }
            }
            None => {
                self.tail.clear();
                self.finger.clear();
                self.base.truncate(Len(len));
                self.base_len = self.base.len().get();
            }
        }
    }

    /// The bytes from `start` up to `end`, which is not past the end; shares the memory of the tree.
    #[inline]
    pub(super) fn read(&mut self, start: u64, end: u64) -> Buffer {
        if end <= self.base_len { self.base.slice_near(&mut self.finger, range(start, end)) } else { self.read_tail(start, end) }
    }

    /// The run at `start` where it can be copied as a whole for a read up to `end`, a short one.
    #[inline]
    pub(super) fn front(&mut self, start: u64, end: u64) -> Option<&[u8; Buffer::SHORT]> {
        if end - start <= Buffer::SHORT as u64 { self.run_at(start).ok()?.first_chunk() } else { None }
    }

    /// The line of single bytes that begins at `start`, where it ends before `limit` and is short: its run and its length.
    #[inline]
    pub(super) fn short_line(&mut self, start: u64, limit: u64) -> Result<Option<(&[u8; Buffer::SHORT], usize)>, ReadError> {
        let run = self.run_at(start)?;
        let Some(front) = run.first_chunk() else { return Ok(None) };
        let len = memchr::memchr(b'\n', front).map(|at| at + 1).filter(|&len| len as u64 <= limit - start);
        Ok(len.map(|len| (front, len)))
    }

    fn read_tail(&mut self, start: u64, end: u64) -> Buffer {
        match start.checked_sub(self.base_len) {
            Some(from) => Buffer::from(&self.tail[from as usize..(end - self.base_len) as usize]),
            None => self.as_buffer().slice(range(start, end)),
        }
    }

    /// Copies bytes from `at` on into `out`; returns how many there were.
    #[inline]
    pub(super) fn read_into(&mut self, at: u64, out: &mut [u8]) -> Result<usize, ReadError> {
        match self.run_at(at)?.get(..out.len()) {
            Some(run) => {
                out.copy_from_slice(run);
                Ok(out.len())
            }
            None => self.read_runs(at, out),
        }
    }

    fn read_runs(&mut self, at: u64, out: &mut [u8]) -> Result<usize, ReadError> {
        let mut done = 0;
        while done < out.len() {
            let run = self.run_at(at + done as u64)?;
            let n = run.len().min(out.len() - done);
            if n == 0 {
                break;
            }
            out[done..done + n].copy_from_slice(&run[..n]);
            done += n;
        }
        Ok(done)
    }

    /// The longest run of memory that begins at `at`; empty only at the end.
    #[inline]
    pub(super) fn run_at(&mut self, at: u64) -> Result<&[u8], ReadError> {
        match at.checked_sub(self.base_len) {
            Some(start) => Ok(usize::try_from(start).ok().and_then(|start| self.tail.get(start..)).unwrap_or_default()),
            None => self.base.run_at(&mut self.finger, Offset(at)),
        }
    }

    /// Where the first unit of `width` bytes that is `what` begins, from `start` on and before `end`. Units begin at multiples
    /// of their width and are little-endian.
    #[inline]
    pub(super) fn find(&mut self, what: LineEnd, width: u64, start: u64, end: u64) -> Result<Option<u64>, ReadError> {
        let mut at = start;
        while at < end {
            let run = self.run_at(at)?;
            let run = &run[..run.len().min(usize::try_from(end - at).unwrap_or(usize::MAX))];
            if run.is_empty() {
                return Ok(None);
            }
            let len = run.len() as u64;
            match what.find(run) {
                None => at += len,
                Some(n) => {
                    at += n as u64;
                    if width == 1 || (at.is_multiple_of(width) && self.is_low(at, width)?) {
                        return Ok(Some(at));
                    }
                    at += 1;
                }
            }
        }
        Ok(None)
    }

    /// Whether all bytes of the unit at `at` but the lowest are zero.
    fn is_low(&mut self, at: u64, width: u64) -> Result<bool, ReadError> {
        let mut high = [1; 3];
        let high = &mut high[..width as usize - 1];
        let run = self.run_at(at + 1)?;
        if run.len() >= high.len() {
            return Ok(run[..high.len()].iter().all(|&b| b == 0));
        }
        Ok(self.read_into(at + 1, high)? == high.len() && high.iter().all(|&b| b == 0))
    }
}
