//! Archives that are packed as a whole: tar in gzip, zlib or Zstandard.

use std::io::{self, Write};

use super::{ArchiveError, kind_of};
use crate::buffer::Buffer;
use crate::formats::{DumpOptions, Format, FormatError, detect, dump, guarded};
use crate::tasks::Progress;

/// The bytes of an archive: the input itself, or what it unpacks to where it is gzip, zlib or Zstandard. Up to `limit` bytes
/// are unpacked into memory.
///
/// # Errors
/// Those of reading and unpacking; `Budget` where it unpacks to more.
pub fn unpacked(input: &Buffer, limit: u64, progress: &Progress) -> Result<Buffer, ArchiveError> {
    if kind_of(input)?.is_some() {
        return Ok(input.clone());
    }
    let format = detect(input, None)?.format;
    if !matches!(format, Format::Gzip | Format::Zlib | Format::Zstd) {
        return Ok(input.clone());
    }
    let mut out = Bounded { bytes: Buffer::default(), limit, over: false };
    let options = DumpOptions { limit: Some(limit), ..DumpOptions::default() };
    let unpack = || dump::decode_with(input, format, &options, &mut out, progress);
    let result = guarded(format, unpack).map_err(ArchiveError::from);
    match result {
        Err(_) if out.over => Err(over(format, limit)),
        Err(ArchiveError::Format(FormatError::Limit { .. })) => Err(over(format, limit)),
        Err(error) => Err(error),
        Ok(_) => Ok(out.bytes),
    }
}

fn over(format: Format, limit: u64) -> ArchiveError {
    ArchiveError::Budget { name: format!("the content of the {}", format.info().name), limit, says: 0 }
}

struct Bounded {
    bytes: Buffer,
    limit: u64,
    over: bool,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.over = self.bytes.len().get() + bytes.len() as u64 > self.limit;
        if self.over {
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        self.bytes.append(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
