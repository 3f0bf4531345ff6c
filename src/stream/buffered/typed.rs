//! The buffered classes: the typed interface.

use super::super::{Exception, Whence, WindowLink};
use super::raw::RawIo;
use super::read::Rest;
use super::window::Window;
use crate::buffer::Buffer;

/// A buffered stream over a raw one: Python's `BufferedReader`, `BufferedWriter` or `BufferedRandom`.
///
/// When it is dropped it is closed, and the raw stream with it, as in Python; [`Buffered::detach`] gives the raw stream back instead.
///
/// ```
/// use seektell::stream::{Buffered, BytesIO, RawIo, Whence};
///
/// let mut stream = Buffered::random(BytesIO::new(b"0123456789abcdef"), 8)?;
/// assert_eq!(stream.read(Some(3))?.unwrap().to_vec_all().unwrap(), b"012");
/// stream.write(b"AB")?;
/// // Only the window knows of it yet.
/// assert_eq!((stream.tell()?, stream.raw().position().get()), (5, 8));
/// stream.flush()?;
/// assert_eq!(stream.detach()?.getvalue()?.to_vec_all().unwrap(), b"012AB56789abcdef");
/// # Ok::<(), seektell::stream::Exception>(())
/// ```
#[derive(Debug)]
pub struct Buffered<R: RawIo> {
    window: Window,
    /// `None` only once it is detached.
    raw: Option<R>,
}

fn missing() -> Exception {
    Exception::value_error("raw stream has been detached")
}

/// What a raw stream must be able to do.
fn check(can: bool, what: &str) -> Result<(), Exception> {
    if can { Ok(()) } else { Err(Exception::unsupported(&format!("File or stream is not {what}."))) }
}

impl<R: RawIo> Buffered<R> {
    fn new(mut raw: R, readable: bool, writable: bool, size: u64) -> Result<Self, Exception> {
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        Ok(Self { window: Window::new(&mut raw, readable, writable, size)?, raw: Some(raw) })
    }

    /// `BufferedReader(raw, size)`
    pub fn reader(raw: R, size: u64) -> Result<Self, Exception> {
        check(raw.readable(), "readable")?;
        Self::new(raw, true, false, size)
    }

    /// `BufferedWriter(raw, size)`
    pub fn writer(raw: R, size: u64) -> Result<Self, Exception> {
        check(raw.writable(), "writable")?;
        Self::new(raw, false, true, size)
    }

    /// `BufferedRandom(raw, size)`
    pub fn random(raw: R, size: u64) -> Result<Self, Exception> {
        check(raw.seekable(), "seekable")?;
        check(raw.readable(), "readable")?;
        check(raw.writable(), "writable")?;
        Self::new(raw, true, true, size)
    }

    /// The raw stream.
    ///
    /// # Panics
    ///
    /// Never: there is one until [`Buffered::detach`], which takes this away.
    #[inline]
    pub fn raw(&self) -> &R {
        self.raw.as_ref().expect("detaching takes the buffered stream")
    }

    /// The raw stream. What is done to it is not known here, as in Python.
    ///
    /// # Panics
    ///
    /// Never: see [`Buffered::raw`].
    #[inline]
    pub fn raw_mut(&mut self) -> &mut R {
        self.raw.as_mut().expect("detaching takes the buffered stream")
    }

    #[inline]
    fn parts(&mut self) -> Result<(&mut Window, &mut R), Exception> {
        Ok((&mut self.window, self.raw.as_mut().ok_or_else(missing)?))
    }

    #[inline]
    fn reading(&mut self, method: &str) -> Result<(&mut Window, &mut R), Exception> {
        if self.window.readable { self.parts() } else { Err(Exception::unsupported(method)) }
    }

    #[inline]
    fn writing(&mut self) -> Result<(&mut Window, &mut R), Exception> {
        if self.window.writable { self.parts() } else { Err(Exception::unsupported("write")) }
    }

    /// `read(size)`; `None` reads to the end. Gives `None` where nothing is there and the raw stream would block.
    #[inline]
    pub fn read(&mut self, size: Option<u64>) -> Result<Option<Buffer>, Exception> {
        let (window, raw) = self.reading("read")?;
        window.read(raw, size)
    }

    /// `read1(size)`: at most one read of the raw stream; `None` asks for as much as the window holds.
    #[inline]
    pub fn read1(&mut self, size: Option<u64>) -> Result<Buffer, Exception> {
        let (window, raw) = self.reading("read1")?;
        window.read1(raw, size)
    }

    /// `peek()`: what is read ahead, without moving the cursor; reads the raw stream once if there is nothing.
    pub fn peek(&mut self) -> Result<Buffer, Exception> {
        let (window, raw) = self.reading("peek")?;
        window.peek(raw)
    }

    /// `readinto(out)`; `None` where nothing is there and the raw stream would block.
    pub fn read_into(&mut self, out: &mut [u8]) -> Result<Option<usize>, Exception> {
        let (window, raw) = self.reading("read")?;
        let len = out.len();
        window.read_to(raw, &mut Rest(out), len, false)
    }

    /// `readinto1(out)`: with at most one read of the raw stream.
    pub fn read_into1(&mut self, out: &mut [u8]) -> Result<Option<usize>, Exception> {
        let (window, raw) = self.reading("read1")?;
        let len = out.len();
        window.read_to(raw, &mut Rest(out), len, true)
    }

    /// `readline(size)`; `None` has no limit. Empty only at the end or for a limit of 0.
    #[inline]
    pub fn read_line(&mut self, size: Option<u64>) -> Result<Buffer, Exception> {
        let (window, raw) = self.reading("read")?;
        window.read_line(raw, size)
    }

    /// `readlines(hint)`: the lines up to and with the one that makes their total exceed `hint`; `None` or 0 reads all.
    pub fn read_lines(&mut self, hint: Option<u64>) -> Result<Vec<Buffer>, Exception> {
        if self.closed() {
            return Err(Exception::value_error("I/O operation on closed file."));
        }
        let len = |line: &Buffer| line.len().get();
        super::super::base::lines(hint, len, || self.read_line(None).map(|line| (!line.is_empty()).then_some(line)))
    }

    /// `write(bytes)`: all of them, or an exception. After a `BlockingIOError` as many are kept as the window has room for.
    #[inline]
    pub fn write(&mut self, bytes: &[u8]) -> Result<usize, Exception> {
        let (window, raw) = self.writing()?;
        window.write(raw, bytes).map(|n| n as usize)
    }

    /// `write` of a buffer, which may share its memory with the raw stream.
    #[inline]
    pub fn write_buffer(&mut self, bytes: &Buffer) -> Result<u64, Exception> {
        let (window, raw) = self.writing()?;
        window.write(raw, bytes)
    }

    /// `flush()`
    pub fn flush(&mut self) -> Result<(), Exception> {
        let writable = self.window.writable;
        let (window, raw) = self.parts()?;
        if writable { window.flush(raw) } else { raw.flush() }
    }

    /// `tell()`; negative where the raw stream was moved back by others.
    pub fn tell(&mut self) -> Result<i64, Exception> {
        let (window, raw) = self.parts()?;
        window.tell(raw)
    }

    /// `seek(offset, whence)`: within what is read ahead the raw stream does not move.
    pub fn seek(&mut self, offset: i64, whence: Whence) -> Result<i64, Exception> {
        let (window, raw) = self.parts()?;
        window.check_open(raw, "seek")?;
        check(raw.seekable(), "seekable")?;
        match window.seek_inside(offset, whence) {
            Some(place) => Ok(place),
            None => window.seek(raw, offset, whence),
        }
    }

    /// `truncate(size)`; `None` cuts at the cursor.
    pub fn truncate(&mut self, size: Option<i64>) -> Result<u64, Exception> {
        let (window, raw) = self.parts()?;
        window.before_truncate(raw)?;
        let size = raw.truncate(size)?;
        window.after_truncate(raw);
        Ok(size)
    }

    /// `closed`: whether the raw stream is.
    pub fn closed(&self) -> bool {
        self.raw.as_ref().is_none_or(|raw| raw.closed().unwrap_or(true))
    }

    /// `close()`: flushes, and closes the raw stream even where that failed.
    pub fn close(&mut self) -> Result<(), Exception> {
        let (window, raw) = self.parts()?;
        window.close(raw)
    }

    /// `detach()`: flushes and gives the raw stream back. Where flushing fails this stream is closed.
    pub fn detach(mut self) -> Result<R, Exception> {
        self.flush()?;
        self.raw.take().ok_or_else(missing)
    }

    /// What the window holds, and where the cursors are.
    pub fn window(&self) -> WindowLink {
        self.window.link()
    }
}

/// Closes it; there is nobody to tell of a failure.
impl<R: RawIo> Drop for Buffered<R> {
    fn drop(&mut self) {
        if !self.closed() {
            let _ = self.close();
        }
    }
}
