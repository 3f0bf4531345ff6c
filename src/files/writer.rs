//! What the content of a save is written to.

use std::fs::File;
use std::io::{self, Write};

use super::io::{Io, again};
use crate::tasks::Progress;

/// Bytes gathered before they are written.
const GATHER: usize = 1024 * 1024;

/// Counts, gathers, and asks at every write whether to stop. The first failure is final.
pub(super) struct Counted<'a> {
    io: &'a dyn Io,
    file: &'a File,
    progress: &'a Progress,
    gathered: Vec<u8>,
    written: u64,
    /// What came last was left out, so that the file is shorter than what was taken.
    ends_in_hole: bool,
    pub(super) failure: Option<io::Error>,
    failed: bool,
}

impl<'a> Counted<'a> {
    pub(super) fn new(io: &'a dyn Io, file: &'a File, progress: &'a Progress) -> Self {
        Self {
            io,
            file,
            progress,
            gathered: Vec::with_capacity(GATHER),
            written: 0,
            ends_in_hole: false,
            failure: None,
            failed: false,
        }
    }

    /// How many bytes were taken so far.
    pub(super) fn len(&self) -> u64 {
        self.written + self.gathered.len() as u64
    }

    /// Takes `len` zeros without writing them: a hole, where the file system has holes.
    pub(super) fn skip(&mut self, len: u64) -> io::Result<()> {
        self.progress.check().map_err(io::Error::other)?;
        self.put(None)?;
        self.written = self.written.checked_add(len).ok_or(io::ErrorKind::FileTooLarge)?;
        self.ends_in_hole |= len > 0;
        Ok(())
    }

    /// Writes what is gathered, and the length where the last bytes are a hole.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.put(None)?;
        if !self.ends_in_hole {
            return Ok(());
        }
        let done = again(|| self.io.set_len(self.file, self.written));
        done.map_err(|error| self.fail(error))
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

    /// Notes the first failure. The caller gets one like it, and this side keeps the one that names the cause.
    fn fail(&mut self, error: io::Error) -> io::Error {
        self.failed = true;
        let copy = error.raw_os_error().map_or_else(|| error.kind().into(), io::Error::from_raw_os_error);
        self.failure = Some(error);
        copy
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
