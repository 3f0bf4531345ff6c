//! What a buffered stream works on.

use super::super::{BytesIO, Exception, ExceptionKind, Whence};
use crate::buffer::Buffer;

/// A raw stream: one that a buffered stream reads and writes in portions.
///
/// What it cannot do keeps the provided method, which fails as `io.RawIOBase` does. A read or write may be shorter than asked, and
/// `None` stands for "would block": nothing can be read or written now, but later it may.
///
/// ```
/// use seektell::stream::{Buffered, Exception, RawIo};
///
/// /// Gives the alphabet, three letters at a time.
/// struct Letters(u8);
///
/// impl RawIo for Letters {
///     fn readable(&self) -> bool {
///         true
///     }
///     fn read_into(&mut self, out: &mut [u8]) -> Result<Option<usize>, Exception> {
///         let n = out.len().min(3).min(usize::from(b'z' + 1 - self.0));
///         for byte in &mut out[..n] {
///             *byte = self.0;
///             self.0 += 1;
///         }
///         Ok(Some(n))
///     }
/// }
///
/// let mut stream = Buffered::reader(Letters(b'a'), 8)?;
/// assert_eq!(stream.read(Some(5))?.unwrap().to_vec_all().unwrap(), b"abcde");
/// assert_eq!(stream.peek()?.to_vec_all().unwrap(), b"f");
/// # Ok::<(), Exception>(())
/// ```
pub trait RawIo {
    /// Fills the front of `out` and returns how many bytes it gave: 0 only at the end (or for an empty `out`).
    fn read_into(&mut self, out: &mut [u8]) -> Result<Option<usize>, Exception> {
        let _ = out;
        Err(Exception::unsupported("readinto"))
    }

    /// Writes the front of `bytes` and returns how many were taken.
    fn write(&mut self, bytes: &[u8]) -> Result<Option<usize>, Exception> {
        let _ = bytes;
        Err(Exception::unsupported("write"))
    }

    /// Moves the cursor and returns where it is.
    fn seek(&mut self, offset: i64, whence: Whence) -> Result<u64, Exception> {
        let _ = (offset, whence);
        Err(Exception::unsupported("seek"))
    }

    /// Where the cursor is.
    fn tell(&mut self) -> Result<u64, Exception> {
        self.seek(0, Whence::Current)
    }

    /// Cuts at `size`, or at the cursor.
    fn truncate(&mut self, size: Option<i64>) -> Result<u64, Exception> {
        let _ = size;
        Err(Exception::unsupported("truncate"))
    }

    /// Whether it can be read.
    fn readable(&self) -> bool {
        false
    }

    /// Whether it can be written.
    fn writable(&self) -> bool {
        false
    }

    /// Whether its cursor can be moved.
    fn seekable(&self) -> bool {
        false
    }

    /// Whether it is closed. A failure counts as closed.
    fn closed(&self) -> Result<bool, Exception> {
        Ok(false)
    }

    /// Hands on what it holds back itself.
    fn flush(&mut self) -> Result<(), Exception> {
        Ok(())
    }

    /// Closes it.
    fn close(&mut self) -> Result<(), Exception> {
        Ok(())
    }

    /// [`RawIo::read_into`] of `len` bytes, put behind what is in `out`.
    fn read_onto(&mut self, out: &mut Vec<u8>, len: usize) -> Result<Option<usize>, Exception> {
        let start = out.len();
        if out.try_reserve(len).is_err() {
            return Err(Exception::new(ExceptionKind::Memory, ""));
        }
        out.resize(start + len, 0);
        let result = self.read_into(&mut out[start..]);
        let n = match result {
            Ok(Some(n)) => n.min(len),
            _ => 0,
        };
        out.truncate(start + n);
        match result {
            Ok(Some(n)) => checked("readinto", n, len).map(Some),
            other => other,
        }
    }

    /// [`RawIo::read_into`] of `len` bytes, as a buffer.
    fn read_buffer(&mut self, len: usize) -> Result<Option<Buffer>, Exception> {
        let mut bytes = Vec::new();
        Ok(self.read_onto(&mut bytes, len)?.map(|_| bytes.into()))
    }

    /// Everything up to the end, or to where it would block; `None` if it blocks at once.
    fn read_all(&mut self) -> Result<Option<Buffer>, Exception> {
        /// `io.DEFAULT_BUFFER_SIZE`
        const PORTION: usize = 8192;
        let mut bytes = Vec::new();
        loop {
            match self.read_onto(&mut bytes, PORTION)? {
                Some(0) => break,
                Some(_) => {}
                None if bytes.is_empty() => return Ok(None),
                None => break,
            }
        }
        Ok(Some(bytes.into()))
    }

    /// [`RawIo::write`] of a buffer's bytes from `from` on, or of a part of them.
    fn write_buffer(&mut self, bytes: &Buffer, from: u64) -> Result<Option<u64>, Exception> {
        let run = match bytes.contiguous(crate::buffer::Offset(from)) {
            Some(run) => run,
            None => {
                &bytes.to_vec(crate::buffer::ByteRange::new(crate::buffer::Offset(from), bytes.len()).clamp_to(bytes.len()))?
            }
        };
        let len = run.len();
        match self.write(run)? {
            Some(n) => checked("write", n, len).map(|n| Some(n as u64)),
            None => Ok(None),
        }
    }
}

/// A number of bytes that a raw stream says it read or wrote.
pub(super) fn checked(method: &str, n: usize, len: usize) -> Result<usize, Exception> {
    if n <= len {
        return Ok(n);
    }
    let message = format!("raw {method}() returned invalid length {n} (should have been between 0 and {len})");
    Err(Exception::new(ExceptionKind::Os, message))
}

impl RawIo for BytesIO {
    fn read_into(&mut self, out: &mut [u8]) -> Result<Option<usize>, Exception> {
        BytesIO::read_into(self, out).map(Some)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<Option<usize>, Exception> {
        BytesIO::write(self, bytes).map(Some)
    }

    fn seek(&mut self, offset: i64, whence: Whence) -> Result<u64, Exception> {
        BytesIO::seek(self, offset, whence)
    }

    fn tell(&mut self) -> Result<u64, Exception> {
        BytesIO::tell(self)
    }

    fn truncate(&mut self, size: Option<i64>) -> Result<u64, Exception> {
        BytesIO::truncate(self, size)
    }

    fn readable(&self) -> bool {
        true
    }

    fn writable(&self) -> bool {
        true
    }

    fn seekable(&self) -> bool {
        true
    }

    #[inline]
    fn closed(&self) -> Result<bool, Exception> {
        Ok(BytesIO::closed(self))
    }

    fn close(&mut self) -> Result<(), Exception> {
        BytesIO::close(self)
    }

    fn read_onto(&mut self, out: &mut Vec<u8>, len: usize) -> Result<Option<usize>, Exception> {
        self.check_open()?;
        let left = self.len().get().saturating_sub(self.position().get());
        let n = len.min(usize::try_from(left).unwrap_or(usize::MAX));
        if out.try_reserve(n).is_err() {
            return Err(Exception::new(ExceptionKind::Memory, ""));
        }
        let start = out.len();
        out.resize(start + n, 0);
        let result = BytesIO::read_into(self, &mut out[start..]);
        out.truncate(start + *result.as_ref().unwrap_or(&0));
        result.map(Some)
    }

    fn read_buffer(&mut self, len: usize) -> Result<Option<Buffer>, Exception> {
        self.read(Some(len as u64)).map(Some)
    }

    fn read_all(&mut self) -> Result<Option<Buffer>, Exception> {
        self.read(None).map(Some)
    }

    fn write_buffer(&mut self, bytes: &Buffer, from: u64) -> Result<Option<u64>, Exception> {
        let rest = bytes.slice(crate::buffer::ByteRange::new(crate::buffer::Offset(from), bytes.len()));
        BytesIO::write_buffer(self, &rest).map(Some)
    }
}
