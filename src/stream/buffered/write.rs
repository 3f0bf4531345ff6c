//! Writing through the window.

use super::super::{Exception, ExceptionKind, Whence};
use super::raw::{RawIo, checked};
use super::window::{Window, closed, would_block, wrote_nothing};
use crate::buffer::{Buffer, ByteRange, Len, Offset};

/// Bytes to be written.
pub(super) trait Source {
    fn len(&self) -> u64;
    /// Puts `len` bytes from `from` on behind what is in `out`.
    fn push(&self, from: u64, len: usize, out: &mut Vec<u8>) -> Result<(), Exception>;
    /// Copies bytes from `from` on over all of `out`.
    fn copy(&self, from: u64, out: &mut [u8]) -> Result<(), Exception>;
    /// Writes the bytes from `from` on, or a part of them.
    fn write<R: RawIo + ?Sized>(&self, raw: &mut R, from: u64) -> Result<Option<u64>, Exception>;
}

impl Source for [u8] {
    #[inline]
    fn len(&self) -> u64 {
        self.len() as u64
    }

    #[inline]
    fn push(&self, from: u64, len: usize, out: &mut Vec<u8>) -> Result<(), Exception> {
        out.extend_from_slice(&self[from as usize..from as usize + len]);
        Ok(())
    }

    fn copy(&self, from: u64, out: &mut [u8]) -> Result<(), Exception> {
        out.copy_from_slice(&self[from as usize..from as usize + out.len()]);
        Ok(())
    }

    fn write<R: RawIo + ?Sized>(&self, raw: &mut R, from: u64) -> Result<Option<u64>, Exception> {
        let bytes = &self[from as usize..];
        raw.write(bytes)?.map(|n| checked("write", n, bytes.len()).map(|n| n as u64)).transpose()
    }
}

impl Source for Buffer {
    #[inline]
    fn len(&self) -> u64 {
        self.len().get()
    }

    #[inline]
    fn push(&self, from: u64, len: usize, out: &mut Vec<u8>) -> Result<(), Exception> {
        if let Some(run) = self.contiguous(Offset(from)).and_then(|run| run.get(..len)) {
            out.extend_from_slice(run);
            return Ok(());
        }
        for chunk in self.chunks(ByteRange::new(Offset(from), Len(len as u64))) {
            out.extend_from_slice(&chunk?);
        }
        Ok(())
    }

    fn copy(&self, from: u64, out: &mut [u8]) -> Result<(), Exception> {
        self.read_at(Offset(from), out)?;
        Ok(())
    }

    fn write<R: RawIo + ?Sized>(&self, raw: &mut R, from: u64) -> Result<Option<u64>, Exception> {
        raw.write_buffer(self, from)
    }
}

impl Window {
    /// Copies `len` bytes of `source` to the place `at`, over what is there.
    #[inline]
    fn put<S: Source + ?Sized>(&mut self, at: usize, source: &S, from: u64, len: usize) -> Result<(), Exception> {
        if let Some(place) = self.bytes.get_mut(at..at + len) {
            return source.copy(from, place);
        }
        self.bytes.resize(at, 0);
        source.push(from, len, &mut self.bytes)
    }

    /// `write(bytes)`
    #[inline]
    pub(super) fn write<R: RawIo + ?Sized, S: Source + ?Sized>(&mut self, raw: &mut R, source: &S) -> Result<u64, Exception> {
        if self.is_closed(raw) {
            return Err(closed("write to"));
        }
        if self.read_end.is_none() && self.dirty.is_none() {
            self.position = 0;
            self.raw_position = Some(0);
        }
        let room = self.size.saturating_sub(self.position);
        let len = source.len();
        if len > room as u64 {
            return self.write_more(raw, source);
        }
        let start = self.position;
        self.put(start, source, 0, len as usize)?;
        self.move_to(start + len as usize);
        self.dirty = Some(match self.dirty {
            Some((first, last)) => (first.min(start), last.max(self.position)),
            None => (start, self.position),
        });
        Ok(len)
    }

    /// A write that does not fit.
    fn write_more<R: RawIo + ?Sized, S: Source + ?Sized>(&mut self, raw: &mut R, source: &S) -> Result<u64, Exception> {
        let len = source.len();
        if let Err(exception) = self.flush_writes(raw) {
            return self.keep_blocked(exception, source);
        }
        // Where the raw stream was read ahead, it goes back to the place of the write.
        let back = self.raw_offset();
        if back != 0 {
            self.raw_seek(raw, -back, Whence::Current)?;
            self.raw_position = self.raw_position.map(|place| place - back);
        }
        let mut done = 0;
        while len - done > self.size as u64 {
            match source.write(raw, done)? {
                Some(0) => return Err(wrote_nothing()),
                Some(n) => {
                    self.moved_by(usize::try_from(n).ok());
                    done += n;
                }
                None => {
                    // As much as fits is kept; the rest is refused.
                    self.bytes.clear();
                    self.put(0, source, done, self.size)?;
                    self.raw_position = Some(0);
                    self.move_to(self.size);
                    self.dirty = Some((0, self.size));
                    return Err(would_block());
                }
            }
        }
        if self.readable {
            self.read_end = None;
        }
        let rest = (len - done) as usize;
        self.bytes.clear();
        self.put(0, source, done, rest)?;
        self.dirty = Some((0, rest));
        self.move_to(rest);
        self.raw_position = Some(0);
        Ok(len)
    }

    /// A write before which the window could not be emptied: it is kept as far as there is room.
    fn keep_blocked<S: Source + ?Sized>(&mut self, exception: Exception, source: &S) -> Result<u64, Exception> {
        let Some((start, end)) = self.dirty.filter(|_| exception.kind == ExceptionKind::BlockingIo) else {
            return Err(exception);
        };
        if self.readable {
            self.read_end = None;
        }
        self.bytes.truncate(end);
        self.bytes.drain(..start.min(end));
        let held = end - start;
        self.raw_position = self.raw_position.map(|place| place - start as i64);
        self.position = self.position.saturating_sub(start);
        let taken = usize::try_from(source.len()).unwrap_or(usize::MAX).min(self.size.saturating_sub(held));
        self.put(held, source, 0, taken)?;
        self.dirty = Some((0, held + taken));
        self.position += taken;
        if taken as u64 == source.len() { Ok(source.len()) } else { Err(exception) }
    }

    /// `close()`: writes, closes the raw stream in any case, and gives the memory back.
    pub(super) fn close<R: RawIo + ?Sized>(&mut self, raw: &mut R) -> Result<(), Exception> {
        if raw.closed()? {
            return Ok(());
        }
        let flushed = if self.writable { self.flush(raw) } else { raw.flush() };
        let result = raw.close();
        self.free();
        result.and(flushed)
    }
}
