//! Zstandard (RFC 8878): frames one behind the other, and such as are to be skipped.

use std::io::{self, Read};

use ruzstd::decoding::StreamingDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};

use super::super::dump::sink::Sink;
use super::{FormatError, Unpack};
use crate::buffer::{ByteRange, Len, Offset, Reader};

/// The widest window that is given memory: what `zstd --long` makes, and what its own reader takes unasked.
const WINDOW: u64 = 128 << 20;

pub(super) fn read(unpack: &mut Unpack<'_>, sink: &mut Sink<'_>) -> Result<(), FormatError> {
    let len = unpack.input.len().get();
    let mut at = 0;
    let mut frames = 0_u64;
    let mut block = vec![0; 64 * 1024];
    while at < len {
        let reader = unpack.input.slice(ByteRange::between(Offset(at), unpack.input.len().end())).reader();
        let mut decoder = match StreamingDecoder::new_with_max_window_size(reader, WINDOW) {
            Ok(decoder) => decoder,
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                at += 8 + u64::from(length);
                if at > len {
                    return unpack.broken("it is cut off", len);
                }
                continue;
            }
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::BadMagicNumber(_))) if frames > 0 => {
                return unpack.trailing(at);
            }
            Err(error) => return unpack.broken(&words(&error), at),
        };
        loop {
            unpack.progress.check()?;
            unpack.progress.set_done(at + decoder.get_ref().position().get());
            match decoder.read(&mut block) {
                Ok(0) => break,
                Ok(read) => unpack.put(&block[..read], sink)?,
                Err(error) => {
                    let place = at + decoder.get_ref().position().get();
                    return unpack.broken(&read_error(&error, place, len), place);
                }
            }
        }
        let (reader, frame): (Reader, _) = decoder.into_parts();
        at += reader.position().get();
        if let (Some(said), Some(found)) = (frame.get_checksum_from_data(), frame.get_calculated_checksum())
            && said != found
        {
            return unpack.broken(&format!("the checksum is {said:08X}, the data has {found:08X}"), at);
        }
        frames += 1;
    }
    if frames == 0 && len > 0 {
        let head = unpack.input.to_vec(ByteRange::new(Offset::ZERO, Len(4)))?;
        if head.len() < 4 {
            return unpack.broken("it is cut off", len);
        }
    }
    Ok(())
}

fn read_error(error: &io::Error, place: u64, len: u64) -> String {
    if place >= len { "it is cut off".into() } else { words(error) }
}

/// The codec's words without its line ends.
fn words(error: &dyn std::fmt::Display) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches('.').to_owned()
}
