//! Deflate (RFC 1951) by the library, and zlib (RFC 1950) around it.

use flate2::{Decompress, FlushDecompress, Status};

use super::super::dump::sink::Sink;
use super::{FormatError, Unpack};
use crate::buffer::{ByteRange, Len, Offset};

/// Bytes that are read, and that are unpacked, in one go.
const RUN: usize = 64 * 1024;

/// How a deflated stream ended.
pub(super) enum End {
    /// Behind its last byte: where, the CRC-32 of what came out, and how much that was.
    Whole { at: u64, crc: u32, len: u64 },
    /// It is cut off or wrong; that has been told.
    Broken,
}

/// Unpacks one stream that begins at `at`.
pub(super) fn inflate(unpack: &mut Unpack<'_>, mut at: u64, zlib: bool, sink: &mut Sink<'_>) -> Result<End, FormatError> {
    let mut stream = Decompress::new(zlib);
    let mut crc = crc32fast::Hasher::new();
    let mut block = vec![0; RUN];
    loop {
        unpack.progress.check()?;
        unpack.progress.set_done(at);
        let packed = unpack.input.to_vec(ByteRange::new(Offset(at), Len(RUN as u64)))?;
        let mut taken = 0;
        loop {
            let (read, written) = (stream.total_in(), stream.total_out());
            let status = stream.decompress(&packed[taken..], &mut block, FlushDecompress::None);
            let (read, written) = ((stream.total_in() - read) as usize, (stream.total_out() - written) as usize);
            taken += read;
            crc.update(&block[..written]);
            unpack.put(&block[..written], sink)?;
            match status {
                Ok(Status::StreamEnd) => {
                    return Ok(End::Whole { at: at + taken as u64, crc: crc.finalize(), len: stream.total_out() });
                }
                Ok(_) if written == RUN => unpack.progress.check()?,
                Ok(_) if taken == packed.len() => break,
                Ok(_) if read > 0 || written > 0 => {}
                Ok(_) => {
                    unpack.broken("the packed data leads nowhere", at + taken as u64)?;
                    return Ok(End::Broken);
                }
                Err(error) => {
                    let what = error.message().unwrap_or("the packed data is damaged").to_owned();
                    unpack.broken(&what, at + taken as u64)?;
                    return Ok(End::Broken);
                }
            }
        }
        at += taken as u64;
        if packed.is_empty() {
            unpack.broken("it is cut off", at)?;
            return Ok(End::Broken);
        }
    }
}

pub(super) fn read_zlib(unpack: &mut Unpack<'_>, sink: &mut Sink<'_>) -> Result<(), FormatError> {
    match inflate(unpack, 0, true, sink)? {
        End::Whole { at, .. } => unpack.trailing(at),
        End::Broken => Ok(()),
    }
}

/// Whether this start of a file has the two bytes of zlib, and what follows unpacks as far as it goes.
pub(in crate::formats) fn looks_like_zlib(head: &[u8]) -> bool {
    let [0x78, flags, ..] = head else { return false };
    let mut out = vec![0; 4096];
    let mut unpacks = || Decompress::new(true).decompress(head, &mut out, FlushDecompress::None).is_ok();
    (0x7800 + u32::from(*flags)).is_multiple_of(31) && flags & 0x20 == 0 && head.len() > 8 && unpacks()
}
