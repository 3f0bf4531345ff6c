//! A ZIP that is written member by member.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use zip::write::{SimpleFileOptions, StreamWriter, ZipWriter};

use crate::buffer::{Buffer, ByteRange, Offset};
use crate::formats::FormatError;
use crate::tasks::Progress;

/// The size from which a member needs wide fields.
const WIDE: u64 = u32::MAX as u64 - (1 << 20);

/// Writes a ZIP into anything that takes bytes. No times are written, so the same members give the same archive.
pub struct Packer<W: Write> {
    /// None once it is finished.
    zip: Option<ZipWriter<StreamWriter<Left<W>>>>,
    /// Nothing more is written: a member failed, or nobody wants the archive.
    left: Arc<AtomicBool>,
    level: u8,
}

/// Takes what comes after the archive was left and does nothing with it: the library finishes what is dropped, and complains to the
/// terminal where that fails.
struct Left<W> {
    out: W,
    left: Arc<AtomicBool>,
}

impl<W: Write> Write for Left<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.left.load(Ordering::Relaxed) { Ok(bytes.len()) } else { self.out.write(bytes) }
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.left.load(Ordering::Relaxed) { Ok(()) } else { self.out.flush() }
    }
}

impl<W: Write> Drop for Packer<W> {
    fn drop(&mut self) {
        self.left.store(true, Ordering::Relaxed);
    }
}

impl<W: Write> fmt::Debug for Packer<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Packer").field("level", &self.level).finish_non_exhaustive()
    }
}

fn failed(error: impl Into<io::Error>) -> FormatError {
    FormatError::Write(error.into())
}

fn unfinished() -> FormatError {
    failed(io::Error::other("a member of the archive was not written"))
}

impl<W: Write> Packer<W> {
    /// An empty archive that deflates with `level`, 0 to 9.
    pub fn new(out: W, level: u8) -> Self {
        let left = Arc::new(AtomicBool::new(false));
        Self { zip: Some(ZipWriter::new_stream(Left { out, left: Arc::clone(&left) })), left, level }
    }

    /// Appends a member. Its name is written as it is: make it safe with [`packed_name`](super::packed_name).
    ///
    /// # Errors
    /// `Read`, `Write` and `Cancelled`; after one, the archive cannot be finished.
    pub fn add(&mut self, name: &str, content: &Buffer, progress: &Progress) -> Result<(), FormatError> {
        let added = self.append(name, content, progress);
        if added.is_err() {
            self.left.store(true, Ordering::Relaxed);
        }
        added
    }

    fn append(&mut self, name: &str, content: &Buffer, progress: &Progress) -> Result<(), FormatError> {
        let zip = self.zip.as_mut().filter(|_| !self.left.load(Ordering::Relaxed)).ok_or_else(unfinished)?;
        let options = SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated)
            .compression_level(Some(self.level.into()))
            .last_modified_time(zip::DateTime::default())
            .large_file(content.len().get() >= WIDE);
        zip.start_file(name, options).map_err(failed)?;
        for chunk in content.chunks(ByteRange::new(Offset::ZERO, content.len())) {
            for run in chunk?.chunks(Buffer::CHUNK_LEN) {
                progress.check()?;
                zip.write_all(run).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Writes the directory.
    ///
    /// # Errors
    /// `Write`, also where a member failed.
    pub fn finish(mut self) -> Result<(), FormatError> {
        let zip = self.zip.take().filter(|_| !self.left.load(Ordering::Relaxed)).ok_or_else(unfinished)?;
        zip.finish().map(drop).map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_that_was_left_is_not_written_to_and_cannot_be_finished() {
        let (mut out, progress) = (Vec::new(), Progress::new());
        let mut packer = Packer::new(&mut out, 6);
        packer.add("a", &Buffer::from(&b"first"[..]), &progress).unwrap();
        progress.cancel();
        assert!(matches!(packer.add("b", &Buffer::from(&b"second"[..]), &progress), Err(FormatError::Cancelled(_))));
        assert!(matches!(packer.add("c", &Buffer::default(), &Progress::new()), Err(FormatError::Write(_))));
        assert!(matches!(packer.finish(), Err(FormatError::Write(_))));
        assert!(memchr::memmem::find(&out, b"PK\x05\x06").is_none(), "no directory");
        let mut packer = Packer::new(&mut out, 6);
        packer.add("a", &Buffer::from(&b"first"[..]), &Progress::new()).unwrap();
        packer.finish().unwrap();
        assert!(memchr::memmem::find(&out, b"PK\x05\x06").is_some());
    }
}
