//! What the content of a save is written to.

use std::fs::File;
use std::io::{self, Write};

use super::io::{Io, again};
use crate::buffer::{Buffer, ByteRange, Offset};
use crate::tasks::Progress;

/// Zeros known without reading become a hole from this many on.
const HOLE: u64 = 1024 * 1024;
/// Holes begin and end at multiples of this: the largest block that file systems have on common machines.
const ALIGN: u64 = 64 * 1024;

/// The hole in `content` that begins at `at` or at most a block behind it: its start and end.
fn hole_at(content: &Buffer, at: u64) -> Option<(u64, u64)> {
    let known = content.zeros_at(Offset(at)).0;
    let (start, end) = (at.next_multiple_of(ALIGN), at + known);
    // At the end of the file there is no block left to fill.
    let end = if end == content.len().0 { end } else { end - end % ALIGN };
    (end.saturating_sub(start) >= HOLE).then_some((start, end))
}

/// How many bytes of `content` are written: all that is in none of its holes. Nothing is read.
pub(super) fn written_of(content: &Buffer, progress: &Progress) -> io::Result<u64> {
    let (mut at, mut written) = (0, 0);
    while at < content.len().0 {
        progress.check().map_err(io::Error::other)?;
        match hole_at(content, at) {
            Some((start, end)) => {
                written += start - at;
                at = end;
            }
            None => {
                let len = run_at(content, at);
                written += len;
                at += len;
            }
        }
    }
    Ok(written)
}

/// How many bytes from `at` on, where no hole begins, are written at once.
fn run_at(content: &Buffer, at: u64) -> u64 {
    let run = content.repeated_at(Offset(at)).map_or_else(|| content.unknown_at(Offset(at)), |(_, len)| len);
    run.0.max(1)
}

/// Bytes gathered before they are written.
const GATHER: usize = 1024 * 1024;

/// Counts, gathers, and asks at every write whether to stop. The first failure is final.
pub(super) struct Counted<'a> {
    io: &'a dyn Io,
    file: &'a File,
    progress: &'a Progress,
    gathered: Vec<u8>,
    written: u64,
    ends_in_hole: bool,
    pub(super) failure: Option<io::Error>,
    failed: bool,
}

impl<'a> Counted<'a> {
    pub(super) fn new(io: &'a dyn Io, file: &'a File, progress: &'a Progress) -> Self {
        let gathered = Vec::with_capacity(GATHER);
        Self { io, file, progress, gathered, written: 0, ends_in_hole: false, failure: None, failed: false }
    }

    /// How many bytes were taken so far.
    pub(super) fn len(&self) -> u64 {
        self.written + self.gathered.len() as u64
    }

    /// Takes a snapshot, run by run, and leaves its holes unwritten. Every byte counts as progress.
    pub(super) fn buffer(&mut self, content: &Buffer) -> io::Result<()> {
        let mut at = 0;
        while at < content.len().0 {
            let hole = hole_at(content, at);
            let end = hole.map_or_else(|| at + run_at(content, at), |(start, _)| start);
            for chunk in content.chunks(ByteRange::between(Offset(at), Offset(end))) {
                let chunk = chunk?;
                self.write_all(&chunk)?;
                self.progress.advance(chunk.len() as u64);
            }
            at = end;
            if let Some((start, end)) = hole {
                self.zeros(end - start)?;
                self.progress.advance(end - start);
                at = end;
            }
        }
        Ok(())
    }

    /// Takes `len` zeros, which are not written: nothing was ever written to that place.
    fn zeros(&mut self, len: u64) -> io::Result<()> {
        self.progress.check().map_err(io::Error::other)?;
        self.put(None)?;
        self.written += len;
        self.ends_in_hole = true;
        Ok(())
    }

    /// Writes what was gathered; a hole at the end becomes part of the file.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.put(None)?;
        if self.ends_in_hole
            && let Err(error) = again(|| self.io.set_len(self.file, self.written))
        {
            return Err(self.fail(error));
        }
        Ok(())
    }

    fn fail(&mut self, error: io::Error) -> io::Error {
        self.failed = true;
        // The caller gets one like it, and this side keeps the one that names the cause.
        let copy = error.raw_os_error().map_or_else(|| error.kind().into(), io::Error::from_raw_os_error);
        self.failure = Some(error);
        copy
    }

    fn put(&mut self, direct: Option<&[u8]>) -> io::Result<()> {
        if self.failed {
            return Err(io::Error::other("the file could not be written"));
        }
        let bytes = direct.unwrap_or(&self.gathered);
        let size = bytes.len();
        if let Err(error) = write_full(self.io, self.file, bytes, self.written) {
            return Err(self.fail(error));
        }
        self.written += size as u64;
        self.ends_in_hole &= size == 0;
        if direct.is_none() {
            self.gathered.clear();
        }
        Ok(())
    }
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.progress.check().map_err(io::Error::other)?;
        if self.gathered.len() + bytes.len() > GATHER {
            self.put(None)?;
        }
        if bytes.len() >= GATHER {
            self.put(Some(bytes))?;
        } else {
            self.gathered.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.put(None)
    }
}

/// Writes all of `bytes` at `at`, however little the system takes at a time.
pub(super) fn write_full(io: &dyn Io, file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    let mut done = 0;
    while done < bytes.len() {
        match again(|| io.write_at(file, &bytes[done..], at + done as u64))? {
            0 => return Err(io::ErrorKind::WriteZero.into()),
            taken => done += taken,
        }
    }
    Ok(())
}
