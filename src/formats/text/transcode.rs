//! Whole texts: decoding for those who need a string, and from one encoding and line end to another in bounded memory.

use std::io::Write;

use super::{Decoder, Encoder, Encoding, NewlineConverter, guess};
use crate::buffer::{Buffer, ByteRange, Offset};
use crate::formats::{FormatError, Limits, Loss, TextOptions};
use crate::tasks::Progress;

/// The most bytes that [`decode`] takes at once.
const DECODE_LIMIT: u64 = 1 << 30;

/// Decodes all of `input` (the mark is left out); what cannot be decoded becomes U+FFFD and is counted in the second value.
///
/// For texts that must be in memory as a whole: more than 1 GiB is refused. Views use [`super::LineIndex`] and
/// [`decode_lossy`], conversions use [`transcode`] or a [`Decoder`].
pub fn decode(input: &Buffer, encoding: Encoding, progress: &Progress) -> Result<(String, u64), FormatError> {
    decode_within(input, encoding, Limits::default(), progress)
}

/// The same with another limit.
///
/// # Errors
/// Those of [`decode`].
pub fn decode_within(
    input: &Buffer,
    encoding: Encoding,
    limits: Limits,
    progress: &Progress,
) -> Result<(String, u64), FormatError> {
    let limit = limits.or(DECODE_LIMIT);
    if input.len().0 > limit {
        return Err(Limits::refuse(format!("a text of {} in memory", input.len().in_words()), limit));
    }
    let start = mark_len(input, encoding)?;
    let mut decoder = Decoder::at(encoding, Offset(start));
    let mut text = String::new();
    progress.set_total(input.len().0);
    for chunk in input.chunks(ByteRange::between(Offset(start), input.len().end())) {
        progress.check()?;
        let chunk = chunk?;
        let room = chunk.len().saturating_mul(3).saturating_add(64);
        text.try_reserve(room).map_err(|_| FormatError::Limit {
            what: format!("a text of {} bytes", input.len()),
            limit: "the memory that is free".into(),
        })?;
        decoder.decode(&chunk, false, &mut text);
        progress.advance(chunk.len() as u64);
    }
    decoder.decode(b"", true, &mut text);
    Ok((text, decoder.malformed()))
}

/// Decodes one run of bytes for display; never fails. What cannot be decoded becomes U+FFFD.
pub fn decode_lossy(bytes: &[u8], encoding: Encoding) -> String {
    let mut text = String::with_capacity(bytes.len());
    Decoder::new(encoding).decode(bytes, true, &mut text);
    text
}

/// Text from one encoding and line end to another, in bounded memory; tells what could not be read or written.
///
/// The encoding of the input is guessed where `options` does not say it. Characters that the output's encoding does not
/// have become `?`, bytes that mean nothing become U+FFFD (or `?` in turn). Where neither encoding nor line ends change,
/// the bytes are copied as they are, broken ones too; only the mark follows `options`.
pub fn transcode(
    input: &Buffer,
    options: &TextOptions,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<Vec<Loss>, FormatError> {
    let from = match options.input {
        Some(encoding) => encoding.canonical(),
        None => guess(input)?.encoding,
    };
    let to = options.encoding.canonical();
    let start = mark_len(input, from)?;
    if options.bom {
        out.write_all(to.mark()).map_err(FormatError::Write)?;
    }
    let mut losses = Vec::new();
    if options.bom && to.mark().is_empty() {
        losses.push(Loss::new(format!("{to} has no byte order mark; none is written")));
    }
    if from == to && start > 0 && !options.bom {
        losses.push(Loss::new("the byte order mark at the start is left out"));
    }
    progress.set_total(input.len().0);
    let body = ByteRange::between(Offset(start), input.len().end());
    if from == to && options.newline.is_none() {
        for chunk in input.chunks(body) {
            progress.check()?;
            let chunk = chunk?;
            out.write_all(&chunk).map_err(FormatError::Write)?;
            progress.advance(chunk.len() as u64);
        }
        return Ok(losses);
    }

    let mut decoder = Decoder::at(from, Offset(start));
    let mut newlines = options.newline.map(NewlineConverter::new);
    let mut encoder = Encoder::new(to);
    let (mut text, mut converted, mut bytes) = (String::new(), String::new(), Vec::new());
    let mut step = |chunk: &[u8], last: bool| -> Result<(), FormatError> {
        text.clear();
        bytes.clear();
        decoder.decode(chunk, last, &mut text);
        let piece = match &mut newlines {
            Some(newlines) => {
                converted.clear();
                newlines.convert(&text, &mut converted);
                &converted
            }
            None => &text,
        };
        encoder.encode(piece, last, &mut bytes);
        out.write_all(&bytes).map_err(FormatError::Write)
    };
    for chunk in input.chunks(body) {
        progress.check()?;
        let chunk = chunk?;
        // Runs may be long where the bytes lie in memory in one piece; what is held at once must not be.
        for piece in chunk.chunks(Buffer::CHUNK_LEN) {
            progress.check()?;
            step(piece, false)?;
            progress.advance(piece.len() as u64);
        }
    }
    step(b"", true)?;
    losses.extend(malformed_loss(&decoder, from));
    losses.extend(encoder.loss().map(Loss::new));
    Ok(losses)
}

/// The bytes of the byte order mark of `encoding` at the start of `input`, if it stands there.
pub(crate) fn mark_len(input: &Buffer, encoding: Encoding) -> Result<u64, FormatError> {
    let mark = encoding.mark();
    let mut start = [0_u8; 3];
    let read = input.read_at(Offset::ZERO, &mut start)?;
    Ok(if !mark.is_empty() && start[..read].starts_with(mark) { mark.len() as u64 } else { 0 })
}

/// What a decoder could not read, in one sentence.
pub(crate) fn malformed_loss(decoder: &Decoder, encoding: Encoding) -> Option<Loss> {
    let first = decoder.first_malformed()?;
    let (noun, verb) = if decoder.malformed() == 1 { ("byte sequence is", "becomes") } else { ("byte sequences are", "become") };
    Some(Loss::new(format!(
        "{} {noun} not valid {encoding} and {verb} U+FFFD; the first is at offset {first}",
        decoder.malformed()
    )))
}
