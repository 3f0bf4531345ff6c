//! Memory with addresses, written as lines of text with checksums: Intel HEX and Motorola S-record.
//!
//! Both say where each run of bytes stands, in any order and with gaps between. What is read is therefore gathered as an
//! [`Image`] first, at most [`MAX_DECODED`](crate::formats::MAX_DECODED); as bytes it starts at the lowest address and its
//! gaps are filled. From one such format to the other addresses, gaps and the start address stay.

mod image;
mod intel;
mod lines;
mod motorola;
mod write;

pub(super) use intel::Decoder as IntelDecoder;
pub(super) use motorola::Decoder as MotorolaDecoder;
pub(super) use write::Encoder;

use super::sink::Sink;
use super::{Decode, Decoded, DumpOptions, Format, FormatError};
use crate::buffer::{Buffer, ByteRange};
use crate::tasks::Progress;

/// Whether a format says where each byte stands and may leave gaps.
pub(in crate::formats) fn has_addresses(format: Format) -> bool {
    matches!(format, Format::IntelHex | Format::SRecord)
}

/// From one format with addresses to another: nothing moves, nothing is filled. `--address` moves the whole to there.
pub(super) fn recode(
    input: &Buffer,
    from: Format,
    to: Format,
    options: &DumpOptions,
    sink: &mut Sink<'_>,
    progress: &Progress,
) -> Result<Decoded, FormatError> {
    let skip = super::mark_len(input)?;
    let text = input.slice(ByteRange::between(crate::buffer::Offset(skip), input.len().end()));
    let mut image = match from {
        Format::IntelHex => {
            let mut decoder = IntelDecoder::new(options);
            super::each_run(&text, progress, |run, at| decoder.feed(run, at + skip, sink))?;
            decoder.into_image()?
        }
        _ => {
            let mut decoder = MotorolaDecoder::new(options);
            super::each_run(&text, progress, |run, at| decoder.feed(run, at + skip, sink))?;
            decoder.into_image()?
        }
    };
    image.settle(from)?;
    image.notes.extend(write::image(&image, to, options, sink, progress)?);
    Ok(Decoded { notes: image.notes, ..Decoded::default() })
}

/// Whether a line has the mark and the length of a record of this format, and whether its checksum is right too.
pub(in crate::formats) fn is_record(line: &str, format: Format) -> (bool, bool) {
    let line = line.trim().as_bytes();
    let parsed = match format {
        Format::IntelHex => intel::parse(line).map(|_| ()),
        _ => motorola::parse(line).map(|_| ()),
    };
    match parsed {
        Ok(()) => (true, true),
        Err((what, _)) => (what.starts_with("the checksum"), false),
    }
}
