//! The part of a raw stream that a buffered stream holds, and where its cursors are.

use super::super::{Exception, ExceptionKind, Whence, WindowLink};
use super::raw::{RawIo, checked};

/// What is read ahead, what is to be written, and the places of all cursors.
///
/// One piece of memory serves both directions. Places count from its first byte.
#[derive(Debug)]
pub(in crate::stream) struct Window {
    pub(super) readable: bool,
    pub(super) writable: bool,
    /// How many bytes it may hold.
    pub(super) size: usize,
    pub(super) bytes: Vec<u8>,
    /// The cursor of the buffered stream.
    pub(super) position: usize,
    /// The cursor of the raw stream; `None` where it has no place here, after a seek.
    pub(super) raw_position: Option<i64>,
    /// The place behind what was read; `None` while nothing that was read is here.
    pub(super) read_end: Option<usize>,
    /// What is to be written.
    pub(super) dirty: Option<(usize, usize)>,
    /// The cursor of the raw stream as it was last seen.
    pub(super) raw_tell: i64,
    /// Closed: there is no memory any more.
    pub(super) gone: bool,
}

/// The largest window; more memory than CPython could get for one.
const SIZE_MAX: u64 = 1 << 34;

/// Bytes of a window that are shown to those who look at it.
const LINK_MAX: usize = 1 << 20;

pub(super) fn out_of_memory() -> Exception {
    Exception::new(ExceptionKind::Memory, "")
}

impl Window {
    /// Makes a window of `size` bytes over `raw`.
    pub(super) fn new<R: RawIo + ?Sized>(raw: &mut R, readable: bool, writable: bool, size: i64) -> Result<Self, Exception> {
        let size = u64::try_from(size).unwrap_or(0);
        if size == 0 {
            return Err(Exception::value_error("buffer size must be strictly positive"));
        }
        let size = usize::try_from(size).ok().filter(|_| size <= SIZE_MAX).ok_or_else(out_of_memory)?;
        Ok(Self {
            readable,
            writable,
            size,
            bytes: Vec::new(),
            position: 0,
            raw_position: Some(0),
            read_end: None,
            dirty: None,
            // A stream that cannot tell is none that can be sought.
            raw_tell: raw.tell().map_or(0, |place| place as i64),
            gone: false,
        })
    }

    /// How many bytes are read ahead of the cursor.
    #[inline]
    pub(super) fn ahead(&self) -> usize {
        self.read_end.map_or(0, |end| end.saturating_sub(self.position))
    }

    /// How far the cursor of the raw stream is ahead of the own one.
    pub(super) fn raw_offset(&self) -> i64 {
        match self.raw_position {
            Some(raw) if raw >= 0 && (self.read_end.is_some() || self.dirty.is_some()) => raw - self.position as i64,
            _ => 0,
        }
    }

    pub(super) fn is_closed<R: RawIo + ?Sized>(&self, raw: &R) -> bool {
        self.gone || raw.closed().unwrap_or(true)
    }

    /// What was read ahead can still be had from a closed stream.
    #[inline]
    pub(super) fn check_open<R: RawIo + ?Sized>(&self, raw: &R, what: &str) -> Result<(), Exception> {
        if self.ahead() == 0 && self.is_closed(raw) { Err(closed(what)) } else { Ok(()) }
    }

    /// Moves the cursor within the window.
    pub(super) fn move_to(&mut self, position: usize) {
        self.position = position;
        if let Some(end) = &mut self.read_end {
            *end = (*end).max(position);
        }
    }

    fn moved(&mut self, n: usize) {
        self.raw_tell = self.raw_tell.wrapping_add(n as i64);
    }

    pub(super) fn moved_by(&mut self, n: Option<usize>) -> Option<usize> {
        self.moved(n.unwrap_or(0));
        n
    }

    pub(super) fn raw_seek<R: RawIo + ?Sized>(&mut self, raw: &mut R, offset: i64, whence: Whence) -> Result<i64, Exception> {
        self.raw_tell = place(raw.seek(offset, whence)?)?;
        Ok(self.raw_tell)
    }

    /// Reads as much as fits behind what is read already.
    pub(super) fn fill<R: RawIo + ?Sized>(&mut self, raw: &mut R) -> Result<Option<usize>, Exception> {
        let start = self.read_end.unwrap_or(0);
        self.bytes.resize(start, 0);
        let n = raw.read_onto(&mut self.bytes, self.size.saturating_sub(start))?;
        self.moved(n.unwrap_or(0));
        if let Some(n) = n.filter(|&n| n > 0) {
            self.read_end = Some(start + n);
            self.raw_position = Some((start + n) as i64);
        }
        Ok(n)
    }

    /// Hands everything that is to be written to `raw`.
    pub(super) fn flush_writes<R: RawIo + ?Sized>(&mut self, raw: &mut R) -> Result<(), Exception> {
        if let Some((start, end)) = self.dirty
            && start < end
        {
            let back = self.raw_offset() + (self.position as i64 - start as i64);
            if back != 0 {
                self.raw_seek(raw, -back, Whence::Current)?;
                self.raw_position = self.raw_position.map(|place| place - back);
            }
            let mut at = start;
            while at < end {
                let bytes = self.bytes.get(at..end).unwrap_or_default();
                let n = match raw.write(bytes)? {
                    Some(n) => checked("write", n, bytes.len())?,
                    None => return Err(would_block()),
                };
                if n == 0 {
                    return Err(wrote_nothing());
                }
                self.moved(n);
                at += n;
                self.dirty = Some((at, end));
                self.raw_position = Some(at as i64);
            }
        }
        self.dirty = None;
        Ok(())
    }

    /// Writes what is to be written, and puts the cursor of the raw stream where the own one is.
    pub(super) fn settle<R: RawIo + ?Sized>(&mut self, raw: &mut R) -> Result<(), Exception> {
        self.flush_writes(raw)?;
        if self.readable {
            let result = self.raw_seek(raw, -self.raw_offset(), Whence::Current);
            self.read_end = None;
            result?;
        }
        Ok(())
    }

    /// `flush()` of a stream that can be written.
    pub(super) fn flush<R: RawIo + ?Sized>(&mut self, raw: &mut R) -> Result<(), Exception> {
        self.check_open(raw, "flush")?;
        self.settle(raw)
    }

    /// `tell()`; negative where the raw stream was moved back behind this one's back.
    pub(super) fn tell<R: RawIo + ?Sized>(&mut self, raw: &mut R) -> Result<i64, Exception> {
        self.raw_tell = place(raw.tell()?)?;
        Ok(self.raw_tell.wrapping_sub(self.raw_offset()))
    }

    /// `seek(target, whence)` within what is read ahead: where that is, without a call of the raw stream.
    pub(super) fn seek_inside(&mut self, target: i64, whence: Whence) -> Option<i64> {
        let ahead = self.ahead();
        if !self.readable || ahead == 0 || whence == Whence::End {
            return None;
        }
        let offset = match whence {
            Whence::Start => target.checked_sub(self.raw_tell.wrapping_sub(self.raw_offset()))?,
            _ => target,
        };
        if offset > ahead as i64 {
            return None;
        }
        let position = usize::try_from(self.position as i64 + offset).ok()?;
        self.position = position;
        Some(self.raw_tell.wrapping_sub(ahead as i64).wrapping_add(offset))
    }

    /// `seek(target, whence)` that moves the raw stream.
    pub(super) fn seek<R: RawIo + ?Sized>(&mut self, raw: &mut R, target: i64, whence: Whence) -> Result<i64, Exception> {
        self.before_seek(raw)?;
        let target = if whence == Whence::Current { target.wrapping_sub(self.raw_offset()) } else { target };
        let place = self.raw_seek(raw, target, whence)?;
        self.raw_position = None;
        self.read_end = None;
        Ok(place)
    }

    /// What a seek does before it moves the raw stream.
    pub(super) fn before_seek<R: RawIo + ?Sized>(&mut self, raw: &mut R) -> Result<(), Exception> {
        if self.writable { self.flush_writes(raw) } else { Ok(()) }
    }

    /// What `truncate` does before the raw stream is cut.
    pub(super) fn before_truncate<R: RawIo + ?Sized>(&mut self, raw: &mut R) -> Result<(), Exception> {
        self.check_open(raw, "truncate")?;
        if self.writable { self.settle(raw) } else { Err(Exception::unsupported("truncate")) }
    }

    /// Looks again where the raw stream stands.
    pub(super) fn after_truncate<R: RawIo + ?Sized>(&mut self, raw: &mut R) {
        if let Ok(place) = raw.tell() {
            self.raw_tell = place as i64;
        }
    }

    /// What it holds, for those who look at it.
    pub(super) fn link(&self) -> WindowLink {
        let end = self.read_end.into_iter().chain(self.dirty.map(|(_, last)| last)).max().unwrap_or(0);
        let base = match self.raw_position {
            Some(place) if end > 0 => self.raw_tell.wrapping_sub(place),
            _ => self.raw_tell.wrapping_sub(self.position as i64),
        };
        let at = |place: usize| u64::try_from(base.wrapping_add(place as i64)).unwrap_or(0);
        let shown = end.min(self.bytes.len()).min(LINK_MAX);
        WindowLink {
            start: if end > 0 { at(0) } else { at(self.position) },
            bytes: self.bytes.get(..shown).unwrap_or_default().into(),
            capacity: self.size as u64,
            position: at(self.position),
            raw_position: u64::try_from(self.raw_tell).unwrap_or(0),
            dirty: self.dirty.filter(|(first, last)| first < last).map(|(first, last)| (at(first), at(last))),
        }
    }

    /// Gives the memory back.
    pub(super) fn free(&mut self) {
        self.gone = true;
        self.bytes = Vec::new();
        self.position = 0;
        self.read_end = self.readable.then_some(0);
    }
}

pub(super) fn closed(what: &str) -> Exception {
    let of = if what.ends_with(" to") { "" } else { " of" };
    Exception::value_error(format!("{what}{of} closed file"))
}

pub(super) fn would_block() -> Exception {
    Exception::new(ExceptionKind::BlockingIo, "[Errno 0] write could not complete without blocking")
}

/// CPython would ask such a stream for ever.
pub(super) fn wrote_nothing() -> Exception {
    Exception::new(ExceptionKind::Os, "raw write() wrote nothing")
}

/// A place in the raw stream.
fn place(place: u64) -> Result<i64, Exception> {
    i64::try_from(place).map_err(|_| Exception::value_error("cannot fit 'int' into an offset-sized integer"))
}
