//! Bytes that are written once and read back, in memory while they are few and in a file without a name beyond that.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::source::FileSource;
use crate::buffer::Buffer;

/// So many bytes stay in memory.
const IN_MEMORY: usize = 8 << 20;

/// A place for an intermediate result. What is on the disk has no name there, so nothing is left behind however the program ends.
#[derive(Debug)]
pub struct Scratch {
    memory: Vec<u8>,
    file: Option<BufWriter<File>>,
    folder: PathBuf,
}

impl Scratch {
    /// An empty one, whose bytes go to the disk that `folder` is on when they become many.
    pub fn new(folder: &Path) -> Self {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        Self { memory: Vec::new(), file: None, folder: folder.to_owned() }
    }

    /// What was written.
    ///
    /// # Errors
    /// Those of writing the last of it, and of reading it back.
    pub fn into_buffer(mut self) -> io::Result<Buffer> {
        match self.file.take() {
            None => Ok(self.memory.into()),
            Some(mut file) => {
                file.flush()?;
                FileSource::reread(file.get_ref())
            }
        }
    }
}

impl Write for Scratch {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(file) = &mut self.file {
            return file.write(bytes);
        }
        if self.memory.len() + bytes.len() <= IN_MEMORY {
            self.memory.extend_from_slice(bytes);
            return Ok(bytes.len());
        }
        let mut file = BufWriter::with_capacity(1 << 20, tempfile::tempfile_in(&self.folder)?);
        file.write_all(&std::mem::take(&mut self.memory))?;
        self.file.insert(file).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_comes_back_from_memory_and_from_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        for len in [0, 100, IN_MEMORY, IN_MEMORY + 1, 3 * IN_MEMORY] {
            let bytes: Vec<u8> = (0..len).map(|i| (i % 251) as u8).collect();
            let mut scratch = Scratch::new(folder.path());
            bytes.chunks(70_000).for_each(|chunk| scratch.write_all(chunk).unwrap());
            assert_eq!(scratch.into_buffer().unwrap().to_vec_all().unwrap(), bytes, "{len} bytes");
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "no name is left");
        }
    }
}
