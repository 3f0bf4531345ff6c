//! Packing with deflate.

use std::io::Write;

use flate2::write::{GzEncoder, ZlibEncoder};
use flate2::{Compression, GzBuilder};

use super::super::dump::{Encode, sink::Sink};
use super::{DumpOptions, Format, FormatError};

enum Stream {
    Gzip(GzEncoder<Vec<u8>>),
    Zlib(ZlibEncoder<Vec<u8>>),
}

/// Bytes into gzip or zlib. The header has the name and the time that were chosen; without them the same bytes always give
/// the same result.
pub(in crate::formats) struct Encoder {
    stream: Stream,
}

impl Encoder {
    pub(in crate::formats) fn new(to: Format, options: &DumpOptions) -> Self {
        let level = Compression::new(options.level.unwrap_or(DumpOptions::LEVEL).into());
        let stream = match to {
            Format::Zlib => Stream::Zlib(ZlibEncoder::new(Vec::new(), level)),
            _ => {
                let mut header = GzBuilder::new().mtime(options.time.unwrap_or(0));
                if let Some(name) = &options.name {
                    // Latin-1 by the standard, and a zero ends it.
                    let latin = name.chars().filter(|&c| c != '\0').map(|c| u8::try_from(u32::from(c)).unwrap_or(b'_'));
                    header = header.filename(latin.collect::<Vec<u8>>());
                }
                Stream::Gzip(header.write(Vec::new(), level))
            }
        };
        Self { stream }
    }

    fn drain(&mut self, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        let made = match &mut self.stream {
            Stream::Gzip(stream) => stream.get_mut(),
            Stream::Zlib(stream) => stream.get_mut(),
        };
        sink.push(made)?;
        made.clear();
        Ok(())
    }
}

impl Encode for Encoder {
    fn feed(&mut self, bytes: &[u8], sink: &mut Sink<'_>) -> Result<(), FormatError> {
        match &mut self.stream {
            Stream::Gzip(stream) => stream.write_all(bytes),
            Stream::Zlib(stream) => stream.write_all(bytes),
        }
        .map_err(FormatError::Write)?;
        self.drain(sink)
    }

    fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        match &mut self.stream {
            Stream::Gzip(stream) => stream.try_finish(),
            Stream::Zlib(stream) => stream.try_finish(),
        }
        .map_err(FormatError::Write)?;
        self.drain(sink)
    }
}
