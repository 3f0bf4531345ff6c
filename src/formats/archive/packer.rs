//! A ZIP that is written member by member.

use std::fmt;
use std::io::{self, Write};

use zip::write::{SimpleFileOptions, StreamWriter, ZipWriter};

use crate::buffer::{Buffer, ByteRange, Offset};
use crate::formats::FormatError;
use crate::tasks::Progress;

/// The size from which a member needs wide fields.
const WIDE: u64 = u32::MAX as u64 - (1 << 20);

/// Writes a ZIP into anything that takes bytes. No times are written, so the same members give the same archive.
pub struct Packer<W: Write> {
    zip: ZipWriter<StreamWriter<W>>,
    level: u8,
}

impl<W: Write> fmt::Debug for Packer<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Packer").field("level", &self.level).finish_non_exhaustive()
    }
}

fn failed(error: impl Into<io::Error>) -> FormatError {
    FormatError::Write(error.into())
}

impl<W: Write> Packer<W> {
    /// An empty archive that deflates with `level`, 0 to 9.
    pub fn new(out: W, level: u8) -> Self {
        Self { zip: ZipWriter::new_stream(out), level }
    }

    /// Appends a member. Its name is written as it is: make it safe with [`packed_name`](super::packed_name).
    ///
    /// # Errors
    /// `Read`, `Write` and `Cancelled`; after one, the archive cannot be finished.
    pub fn add(&mut self, name: &str, content: &Buffer, progress: &Progress) -> Result<(), FormatError> {
        let options = SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated)
            .compression_level(Some(self.level.into()))
            .last_modified_time(zip::DateTime::default())
            .large_file(content.len().get() >= WIDE);
        self.zip.start_file(name, options).map_err(failed)?;
        for chunk in content.chunks(ByteRange::new(Offset::ZERO, content.len())) {
            for run in chunk?.chunks(Buffer::CHUNK_LEN) {
                progress.check()?;
                self.zip.write_all(run).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Writes the directory.
    ///
    /// # Errors
    /// `Write`.
    pub fn finish(self) -> Result<(), FormatError> {
        self.zip.finish().map(drop).map_err(failed)
    }
}
