//! Where encoders and decoders write: small pieces in, large writes out.

use std::io::{self, Write};

use super::{Encode, FormatError};
use crate::tasks::Progress;

/// Gathers small pieces into blocks and counts them.
pub(in crate::formats) struct Sink<'a> {
    out: &'a mut dyn Write,
    progress: &'a Progress,
    block: Vec<u8>,
    written: u64,
}

impl<'a> Sink<'a> {
    const BLOCK: usize = 64 * 1024;

    pub(in crate::formats) fn new(out: &'a mut dyn Write, progress: &'a Progress) -> Self {
        Self { out, progress, block: Vec::with_capacity(Self::BLOCK + 256), written: 0 }
    }

    pub(in crate::formats) fn push(&mut self, bytes: &[u8]) -> Result<(), FormatError> {
        if bytes.len() >= Self::BLOCK {
            self.flush()?;
            return self.put(bytes);
        }
        self.block.extend_from_slice(bytes);
        if self.block.len() >= Self::BLOCK { self.flush() } else { Ok(()) }
    }

    /// `len` bytes: `pattern` over and over, from its start.
    pub(in crate::formats) fn push_cycle(&mut self, pattern: &[u8], len: u64) -> Result<(), FormatError> {
        let times = (Self::BLOCK / 2 / pattern.len()).max(1);
        let run = pattern.repeat(times);
        let mut left = len;
        while left > 0 {
            self.progress.check()?;
            let part = left.min(run.len() as u64);
            self.push(&run[..part as usize])?;
            left -= part;
        }
        Ok(())
    }

    /// Room for text that is made in place: `fill` gets `len` zeroed bytes.
    pub(in crate::formats) fn fill(&mut self, len: usize, fill: impl FnOnce(&mut [u8])) -> Result<(), FormatError> {
        let start = self.block.len();
        self.block.resize(start + len, 0);
        fill(&mut self.block[start..]);
        if self.block.len() >= Self::BLOCK { self.flush() } else { Ok(()) }
    }

    /// The block that is being gathered; call [`Sink::settle`] after adding to it.
    pub(in crate::formats) fn block(&mut self) -> &mut Vec<u8> {
        &mut self.block
    }

    pub(in crate::formats) fn settle(&mut self) -> Result<(), FormatError> {
        if self.block.len() >= Self::BLOCK { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), FormatError> {
        let block = std::mem::take(&mut self.block);
        self.put(&block)?;
        self.block = block;
        self.block.clear();
        Ok(())
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), FormatError> {
        self.out.write_all(bytes).map_err(FormatError::Write)?;
        self.written += bytes.len() as u64;
        Ok(())
    }

    /// Writes what is left; returns all that was written.
    pub(in crate::formats) fn finish(mut self) -> Result<u64, FormatError> {
        self.flush()?;
        Ok(self.written)
    }
}

/// Keeps the first bytes and then refuses.
pub(in crate::formats) struct Head {
    bytes: Vec<u8>,
    max: usize,
}

impl Head {
    pub(in crate::formats) fn new(max: usize) -> Self {
        Self { bytes: Vec::new(), max }
    }

    pub(in crate::formats) fn is_full(&self) -> bool {
        self.bytes.len() == self.max
    }

    pub(in crate::formats) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

impl Write for Head {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let part = bytes.len().min(self.max - self.bytes.len());
        self.bytes.extend_from_slice(&bytes[..part]);
        Ok(part)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Decoded bytes on their way into an encoder.
pub(super) struct Relay<'a, 'b> {
    encoder: &'a mut dyn Encode,
    sink: &'a mut Sink<'b>,
    error: Option<FormatError>,
}

impl<'a, 'b> Relay<'a, 'b> {
    pub(super) fn new(encoder: &'a mut dyn Encode, sink: &'a mut Sink<'b>) -> Self {
        Self { encoder, sink, error: None }
    }

    /// The encoder's own error in place of the one that stood for it.
    pub(super) fn resolve<T>(self, result: Result<T, FormatError>) -> Result<T, FormatError> {
        match self.error {
            Some(error) => Err(error),
            None => result,
        }
    }
}

impl Write for Relay<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.encoder.feed(bytes, self.sink).map_err(|error| {
            self.error = Some(error);
            io::Error::other("the encoder failed")
        })?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Text broken into lines of a given length; the last one ends with a line feed too. Without a length, one line and no line feed.
#[derive(Debug)]
pub(super) struct Wrap {
    len: Option<usize>,
    column: usize,
}

impl Wrap {
    pub(super) fn new(len: Option<u32>) -> Self {
        Self { len: len.map(|len| len as usize), column: 0 }
    }

    /// Whether everything stands on one line.
    pub(super) fn is_none(&self) -> bool {
        self.len.is_none()
    }

    pub(super) fn push(&mut self, mut text: &[u8], sink: &mut Sink<'_>) -> Result<(), FormatError> {
        let Some(len) = self.len else { return sink.push(text) };
        while !text.is_empty() {
            let (line, rest) = text.split_at(text.len().min(len - self.column));
            sink.push(line)?;
            self.column += line.len();
            text = rest;
            if self.column == len {
                sink.push(b"\n")?;
                self.column = 0;
            }
        }
        Ok(())
    }

    pub(super) fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        if self.column > 0 { sink.push(b"\n") } else { Ok(()) }
    }
}
