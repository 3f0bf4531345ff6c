//! The standard library's reading traits over a snapshot.

use std::io;

use super::{Buffer, Chunk, Offset};

/// `Read`, `Seek` and `BufRead` over a snapshot; what every codec is given.
///
/// Reads of a file that fail give an [`io::Error`] that wraps the [`ReadError`](super::ReadError) with its offset.
/// The position may stand past the end; nothing is read there.
#[derive(Clone, Debug)]
pub struct Reader {
    buffer: Buffer,
    position: u64,
    /// The run last looked at, and where it starts.
    chunk: Option<(u64, Chunk)>,
}

impl Buffer {
    /// A reader over this snapshot, at offset 0.
    pub fn reader(&self) -> Reader {
        Reader { buffer: self.clone(), position: 0, chunk: None }
    }
}

impl Reader {
    /// The snapshot it reads.
    pub fn buffer(&self) -> &Buffer {
        &self.buffer
    }

    /// Where the next byte is read.
    pub fn position(&self) -> Offset {
        Offset(self.position)
    }

    /// What is left of the run last looked at, where the position is in it.
    #[inline]
    fn cached(&self) -> &[u8] {
        let rest = self.chunk.as_ref().and_then(|(start, chunk)| {
            let at = usize::try_from(self.position.checked_sub(*start)?).ok()?;
            chunk.get(at..)
        });
        rest.unwrap_or_default()
    }
}

impl io::Read for Reader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        let cached = self.cached();
        let done = if cached.len() >= out.len() || (!cached.is_empty() && out.len() < Buffer::CHUNK_LEN) {
            let done = cached.len().min(out.len());
            out[..done].copy_from_slice(&cached[..done]);
            done
        } else if out.len() >= Buffer::CHUNK_LEN {
            self.buffer.read_at(Offset(self.position), out)?
        } else {
            let run = io::BufRead::fill_buf(self)?;
            let done = run.len().min(out.len());
            out[..done].copy_from_slice(&run[..done]);
            done
        };
        self.position += done as u64;
        Ok(done)
    }
}

impl io::BufRead for Reader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.cached().is_empty() {
            self.chunk = self.buffer.chunk_at(Offset(self.position))?.map(|chunk| (self.position, chunk));
        }
        Ok(self.cached())
    }

    fn consume(&mut self, n: usize) {
        self.position = self.position.saturating_add(n as u64);
    }
}

impl io::Seek for Reader {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        let target = match to {
            io::SeekFrom::Start(n) => Some(n),
            io::SeekFrom::Current(d) => self.position.checked_add_signed(d),
            io::SeekFrom::End(d) => self.buffer.len().0.checked_add_signed(d),
        };
        self.position = target
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "invalid seek to a negative or overflowing position"))?;
        Ok(self.position)
    }

    fn stream_position(&mut self) -> io::Result<u64> {
        Ok(self.position)
    }
}
