//! Reading through the window.

use super::super::Exception;
use super::raw::{RawIo, checked};
use super::window::{Window, out_of_memory};
use crate::buffer::Buffer;

/// The longest `bytes` object of CPython.
const BYTES_MAX: u64 = i64::MAX as u64 - 33;

/// Results from this length on are more than CPython could get memory for.
const RESULT_MAX: u64 = 1 << 34;

/// A result of up to `n` bytes, which CPython makes room for before it reads.
fn check_room(n: u64) -> Result<usize, Exception> {
    if n > BYTES_MAX {
        return Err(Exception::overflow("byte string is too large"));
    }
    usize::try_from(n).ok().filter(|_| n <= RESULT_MAX).ok_or_else(out_of_memory)
}

/// Where `readinto` puts what it reads.
pub(super) trait Sink {
    fn put(&mut self, bytes: &[u8]);
    /// Reads up to `len` bytes from `raw`, behind what was put already.
    fn read<R: RawIo + ?Sized>(&mut self, raw: &mut R, len: usize) -> Result<Option<usize>, Exception>;
}

impl Sink for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }

    fn read<R: RawIo + ?Sized>(&mut self, raw: &mut R, len: usize) -> Result<Option<usize>, Exception> {
        raw.read_onto(self, len)
    }
}

/// The part of a slice that is still to be filled.
pub(super) struct Rest<'a>(pub(super) &'a mut [u8]);

impl Rest<'_> {
    fn skip(&mut self, n: usize) {
        self.0 = std::mem::take(&mut self.0).split_at_mut(n).1;
    }
}

impl Sink for Rest<'_> {
    fn put(&mut self, bytes: &[u8]) {
        self.0[..bytes.len()].copy_from_slice(bytes);
        self.skip(bytes.len());
    }

    fn read<R: RawIo + ?Sized>(&mut self, raw: &mut R, len: usize) -> Result<Option<usize>, Exception> {
        let Some(n) = raw.read_into(&mut self.0[..len])? else { return Ok(None) };
        let n = checked("readinto", n, len)?;
        self.skip(n);
        Ok(Some(n))
    }
}

impl Window {
    /// The bytes from the cursor on, as far as they are here.
    #[inline]
    fn here(&self, n: usize) -> &[u8] {
        self.bytes.get(self.position..self.position + n).unwrap_or_default()
    }

    /// Takes `n` bytes that are read ahead.
    #[inline]
    fn take(&mut self, n: usize) -> Buffer {
        let taken = Buffer::from(self.here(n));
        self.position += n;
        taken
    }

    /// `read(size)`; `None` reads to the end. `None` where nothing is there and the raw stream would block.
    #[inline]
    pub(super) fn read<R: RawIo + ?Sized>(&mut self, raw: &mut R, size: Option<u64>) -> Result<Option<Buffer>, Exception> {
        self.check_open(raw, "read")?;
        match size {
            None => self.read_all(raw),
            Some(n) if n <= self.ahead() as u64 => Ok(Some(self.take(n as usize))),
            Some(n) => self.read_more(raw, check_room(n)?),
        }
    }

    fn read_all<R: RawIo + ?Sized>(&mut self, raw: &mut R) -> Result<Option<Buffer>, Exception> {
        let mut out = self.take(self.ahead());
        if self.writable {
            self.settle(raw)?;
        }
        self.read_end = None;
        let rest = raw.read_all()?;
        let len = rest.as_ref().map_or(0, |rest| rest.len().get());
        self.moved_by(usize::try_from(len).ok());
        match rest {
            _ if out.is_empty() => Ok(rest),
            None => Ok(Some(out)),
            Some(rest) => {
                out.append_buffer(&rest);
                Ok(Some(out))
            }
        }
    }

    fn read_more<R: RawIo + ?Sized>(&mut self, raw: &mut R, n: usize) -> Result<Option<Buffer>, Exception> {
        let mut out = self.take(self.ahead());
        let mut missing = n - out.len().get() as usize;
        if self.writable {
            self.settle(raw)?;
        }
        self.read_end = None;
        // Whole windows go past the window.
        while missing >= self.size {
            let part = raw.read_buffer(missing / self.size * self.size)?;
            let got = part.as_ref().map(|part| part.len().get() as usize);
            self.moved_by(got);
            match (part, got) {
                (Some(part), Some(got)) if got > 0 => {
                    missing = missing.saturating_sub(got);
                    if out.is_empty() {
                        out = part;
                    } else {
                        out.append_buffer(&part);
                    }
                }
                (part, _) => return Ok((part.is_some() || !out.is_empty()).then_some(out)),
            }
        }
        (self.position, self.raw_position, self.read_end) = (0, Some(0), Some(0));
        while missing > 0 && self.read_end.unwrap_or(0) < self.size {
            match self.fill(raw)? {
                Some(got) if got > 0 => {
                    let taken = got.min(missing);
                    if out.is_empty() {
                        out = self.take(taken);
                    } else {
                        out.append(self.here(taken));
                        self.position += taken;
                    }
                    missing -= taken;
                }
                end => return Ok((end.is_some() || !out.is_empty()).then_some(out)),
            }
        }
        Ok(Some(out))
    }

    /// `read1(size)`; `None` is the size of the window. What is to be written is neither written nor skipped before.
    pub(super) fn read1<R: RawIo + ?Sized>(&mut self, raw: &mut R, size: Option<u64>) -> Result<Buffer, Exception> {
        let n = size.unwrap_or(self.size as u64);
        self.check_open(raw, "read")?;
        if n == 0 {
            return Ok(Buffer::new());
        }
        match self.ahead() {
            0 => {}
            ahead => return Ok(self.take(usize::try_from(n).unwrap_or(usize::MAX).min(ahead))),
        }
        let n = check_room(n)?;
        self.read_end = None;
        let part = raw.read_buffer(n)?.unwrap_or_default();
        self.moved_by(Some(part.len().get() as usize));
        Ok(part)
    }

    /// `peek()`
    pub(super) fn peek<R: RawIo + ?Sized>(&mut self, raw: &mut R) -> Result<Buffer, Exception> {
        self.check_open(raw, "peek")?;
        if self.writable {
            self.settle(raw)?;
        }
        match self.ahead() {
            0 => {}
            ahead => return Ok(Buffer::from(self.here(ahead))),
        }
        self.read_end = None;
        let n = self.fill(raw)?.unwrap_or(0);
        self.position = 0;
        Ok(Buffer::from(self.here(n)))
    }

    /// `readinto` of `len` bytes, with at most one read of the raw stream if `one`. `None` where nothing is there and the raw
    /// stream would block.
    pub(super) fn read_to<R: RawIo + ?Sized>(
        &mut self,
        raw: &mut R,
        sink: &mut impl Sink,
        len: usize,
        one: bool,
    ) -> Result<Option<usize>, Exception> {
        self.check_open(raw, "readinto")?;
        let mut done = self.ahead().min(len);
        if done > 0 {
            sink.put(self.here(done));
            self.position += done;
        }
        if done == len && self.ahead() + done > 0 {
            return Ok(Some(len));
        }
        if self.writable {
            self.settle(raw)?;
        }
        self.read_end = None;
        self.position = 0;
        while done < len {
            let missing = len - done;
            let n = if missing > self.size {
                let n = sink.read(raw, missing)?;
                self.moved_by(n)
            } else if one && done > 0 {
                Some(0)
            } else {
                let n = self.fill(raw)?.map(|n| n.min(missing));
                if let Some(n) = n.filter(|&n| n > 0) {
                    sink.put(self.here(n));
                    self.position += n;
                    done += n;
                    continue;
                }
                n
            };
            match n {
                Some(0) => break,
                None if done > 0 => break,
                None => return Ok(None),
                Some(n) => done += n,
            }
            if one {
                break;
            }
        }
        Ok(Some(done))
    }

    /// `readline(size)`; `None` has no limit.
    #[inline]
    pub(super) fn read_line<R: RawIo + ?Sized>(&mut self, raw: &mut R, size: Option<u64>) -> Result<Buffer, Exception> {
        self.check_open(raw, "readline")?;
        let limit = size.and_then(|size| usize::try_from(size).ok()).unwrap_or(usize::MAX);
        let n = self.ahead().min(limit);
        match memchr::memchr(b'\n', self.here(n)) {
            Some(at) => Ok(self.take(at + 1)),
            None if n == limit => Ok(self.take(n)),
            None => self.read_long_line(raw, n, limit - n),
        }
    }

    /// The line that begins with the `n` bytes at the cursor and goes on for up to `limit` bytes.
    fn read_long_line<R: RawIo + ?Sized>(&mut self, raw: &mut R, n: usize, mut limit: usize) -> Result<Buffer, Exception> {
        let mut line = self.take(n);
        if self.writable {
            self.settle(raw)?;
        }
        loop {
            self.read_end = None;
            let Some(n) = self.fill(raw)?.filter(|&n| n > 0) else { break };
            self.position = 0;
            let n = n.min(limit);
            let found = memchr::memchr(b'\n', self.here(n)).map(|at| at + 1);
            let taken = found.unwrap_or(n);
            if line.is_empty() {
                line = self.take(taken);
            } else {
                line.append(self.here(taken));
                self.position = taken;
            }
            if found.is_some() || taken == limit {
                break;
            }
            limit -= taken;
        }
        Ok(line)
    }
}
