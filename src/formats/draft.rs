//! A result that is kept until it is known to be whole.

use std::io::{self, Read as _, Seek as _, Write};

use tempfile::SpooledTempFile;

use super::FormatError;
use crate::tasks::Progress;

/// Takes a result that nobody may see yet: in memory up to a size, beyond it in an unnamed temporary file, which the system removes by
/// itself.
#[derive(Debug)]
pub(in crate::formats) struct Draft(SpooledTempFile);

impl Draft {
    /// One of which up to `in_memory` bytes are kept in memory.
    pub(in crate::formats) fn new(in_memory: usize) -> Self {
        Self(SpooledTempFile::new(in_memory))
    }

    /// Writes all of it to `out`.
    pub(in crate::formats) fn hand_over(mut self, out: &mut dyn Write, progress: &Progress) -> Result<(), FormatError> {
        self.0.rewind().map_err(FormatError::Write)?;
        let mut chunk = vec![0; 1 << 20];
        loop {
            progress.check()?;
            let len = self.0.read(&mut chunk).map_err(FormatError::Write)?;
            if len == 0 {
                return Ok(());
            }
            out.write_all(&chunk[..len]).map_err(FormatError::Write)?;
        }
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
