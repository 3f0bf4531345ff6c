//! Packed bytes: gzip and zlib both ways, Zstandard on reading. They stream, in the memory of their windows.
//!
//! What packed data says about its size is not believed: what comes out is counted, and stops at a limit. It is
//! [`DumpOptions::limit`], or else 4 GiB, or a hundred times the packed size where that is more, which honest data does not
//! reach and a bomb does.

mod gzip;
mod inflate;
mod write;
mod zstd;

pub(super) use inflate::looks_like_zlib;
pub(super) use write::Encoder;

use std::io::Write;

use super::dump::sink::Sink;
use super::dump::{Decoded, malformed};
use super::{DumpOptions, Format, FormatError};
use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::tasks::Progress;

/// The least that the limit is if nobody set one.
const LIMIT: u64 = 4 << 30;

/// How many times its own size data may stand for beyond that.
const RATIO: u64 = 100;

/// Whether a format packs bytes, so that it is neither text nor readable by itself.
pub(super) fn is_packed(format: Format) -> bool {
    matches!(format, Format::Gzip | Format::Zlib | Format::Zstd)
}

/// Unpacks all of `input`.
pub(super) fn decode(
    input: &Buffer,
    from: Format,
    options: &DumpOptions,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<Decoded, FormatError> {
    progress.set_total(input.len().get());
    let size = input.len().get();
    let limit = options.limit.unwrap_or(LIMIT.max(size.saturating_mul(RATIO)));
    let mut unpack = Unpack { input, from, partial: options.partial, limit, done: 0, notes: Vec::new(), progress };
    let mut sink = Sink::new(out, progress);
    match from {
        Format::Gzip => gzip::read(&mut unpack, &mut sink)?,
        Format::Zlib => inflate::read_zlib(&mut unpack, &mut sink)?,
        _ => zstd::read(&mut unpack, &mut sink)?,
    }
    let notes = unpack.notes;
    Ok(Decoded { written: sink.finish()?, notes, ..Decoded::default() })
}

/// One run of unpacking.
struct Unpack<'a> {
    input: &'a Buffer,
    from: Format,
    partial: bool,
    limit: u64,
    done: u64,
    notes: Vec<String>,
    progress: &'a Progress,
}

impl Unpack<'_> {
    /// Passes unpacked bytes on, and counts them.
    fn put(&mut self, bytes: &[u8], sink: &mut Sink<'_>) -> Result<(), FormatError> {
        self.done += bytes.len() as u64;
        if self.done > self.limit {
            let what = format!("the {} data stands for more bytes than can be trusted", self.from.info().id);
            return Err(FormatError::Limit { what, limit: format!("{}; a higher one can be set", Len(self.limit).in_words()) });
        }
        sink.push(bytes)
    }

    /// Something is wrong at a byte of the input: an error, or a note where a part is better than nothing.
    fn broken(&mut self, what: &str, at: u64) -> Result<(), FormatError> {
        if self.partial {
            self.notes
                .push(format!("{what}, at offset {at}; the result holds the {} that came before", Len(self.done).in_words()));
            return Ok(());
        }
        let what = format!("{what}; {} can be unpacked before that", Len(self.done).in_words());
        Err(malformed(self.from, what, at))
    }

    /// What stands behind the end.
    fn trailing(&mut self, at: u64) -> Result<(), FormatError> {
        let left = self.input.len().get() - at;
        if left > 0 {
            const LOOKED_AT: u64 = 64 * 1024;
            let head = self.input.to_vec(ByteRange::new(Offset(at), Len(LOOKED_AT)))?;
            let zeros = left <= LOOKED_AT && head.iter().all(|&byte| byte == 0);
            let what = if zeros { "zeros" } else { "bytes" };
            let name = self.from.info().id;
            self.notes.push(format!("{left} {what} behind the end are no {name} data and are left out, from offset {at} on"));
        }
        Ok(())
    }
}
