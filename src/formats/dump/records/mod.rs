//! Memory with addresses, written as lines of text with checksums: Intel HEX and Motorola S-record.
//!
//! Both say where each run of bytes stands, in any order and with gaps between. What is read is therefore gathered as an
//! [`Image`] first, at most [`MAX_DECODED`](crate::formats::MAX_DECODED); as bytes it starts at the lowest address and its
//! gaps are filled. From one such format to the other addresses, gaps and the start address stay.

mod decode;
mod image;
mod intel;
mod lines;
mod motorola;
mod write;

/// Reads Intel HEX.
pub(super) type IntelDecoder = decode::Decoder<intel::Intel>;
/// Reads S-records.
pub(super) type MotorolaDecoder = decode::Decoder<motorola::Motorola>;

pub(super) use write::Encoder;

use decode::Records;

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
    fn image<R: Records>(
        text: &Buffer,
        skip: u64,
        options: &DumpOptions,
        sink: &mut Sink<'_>,
        progress: &Progress,
    ) -> Result<image::Image, FormatError> {
        let mut decoder = decode::Decoder::<R>::new(options);
        super::each_run(text, progress, |run, at| decoder.feed(run, at + skip, sink))?;
        decoder.into_image()
    }
    let mut image = match from {
        Format::IntelHex => image::<intel::Intel>(&text, skip, options, sink, progress)?,
        _ => image::<motorola::Motorola>(&text, skip, options, sink, progress)?,
    };
    image.settle(from)?;
    image.notes.extend(write::image(&image, to, options, sink, progress)?);
    Ok(Decoded { notes: image.notes, ..Decoded::default() })
}

/// Whether a line has the mark and the length of a record of this format, and whether its checksum is right too.
pub(in crate::formats) fn is_record(line: &str, format: Format) -> (bool, bool) {
    let line = line.trim().as_bytes();
    let parsed = match format {
        Format::IntelHex => intel::Intel::parse(line).map(|_| ()),
        _ => motorola::Motorola::parse(line).map(|_| ()),
    };
    match parsed {
        Ok(()) => (true, true),
        Err((what, _)) => (what.starts_with("the checksum"), false),
    }
}
