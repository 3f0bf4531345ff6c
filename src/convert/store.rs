//! Where results are written. The disk, but for tests that break what is written.

use std::io::{self, Write};
use std::path::Path;

use crate::buffer::Buffer;
use crate::files::{self, Existing, FileError, Saved};
use crate::tasks::Progress;

/// Gives the content to a writer.
pub type Produce<'a> = &'a mut dyn FnMut(&mut dyn Write) -> io::Result<()>;
/// Looks at what was written, before it takes the place of anything.
pub type Check<'a> = &'a mut dyn FnMut(&Buffer) -> io::Result<()>;

/// Writes files whole or not at all, each looked at before it has its name.
pub trait Store {
    /// As [`files::save_checked`].
    ///
    /// # Errors
    /// As there.
    fn save(
        &self,
        path: &Path,
        existing: &Existing,
        at_least: u64,
        progress: &Progress,
        write: Produce<'_>,
        check: Check<'_>,
    ) -> Result<Saved, FileError>;

    /// As [`files::save_buffer_checked`].
    ///
    /// # Errors
    /// As there.
    fn copy(
        &self,
        path: &Path,
        existing: &Existing,
        progress: &Progress,
        content: &Buffer,
        check: Check<'_>,
    ) -> Result<Saved, FileError>;
}

/// The disk.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Store for Disk {
    fn save(
        &self,
        path: &Path,
        existing: &Existing,
        at_least: u64,
        progress: &Progress,
        write: Produce<'_>,
        check: Check<'_>,
    ) -> Result<Saved, FileError> {
        files::save_checked(path, existing, at_least, progress, write, check)
    }

    fn copy(
        &self,
        path: &Path,
        existing: &Existing,
        progress: &Progress,
        content: &Buffer,
        check: Check<'_>,
    ) -> Result<Saved, FileError> {
        files::save_buffer_checked(path, existing, progress, content, check)
    }
}
