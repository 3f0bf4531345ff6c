//! Bytes written as text and back: hex digits, canonical hex dump, base64, data URL.
//!
//! Every writer has an exact inverse, and both ways go through the input once in bounded memory. Readers are strict:
//! what is not understood is an error with its place, never skipped. What they accept beyond what the writers write:
//!
//! | format | accepted on reading |
//! |---|---|
//! | hex text | both cases; white space and `, ; : -` between bytes; `0x` and `\x` prefixes |
//! | hex dump | `hexdump -C`, `xxd` (any `-c`, `-g`), `od -A x -t x1z`; rows squeezed to `*`; gaps between addresses |
//! | Intel HEX, S-record | any order, any length of record, gaps; every checksum must be right |
//! | base64 | both alphabets (not mixed), wrapped or not, with or without padding |
//! | data URL | what the WHATWG standard accepts, base64 or percent-encoded |

mod base64_text;
mod base64_tolerant;
mod bulk;
mod hex_dump;
mod hex_text;
mod paste;
mod records;
pub(in crate::formats) mod sink;
mod url_text;
mod usual_row;

use std::io::Write;

pub use hex_dump::{Row, Squeeze, parse_row, row_text, write_rows};
pub use paste::parse_hex_loose;

use self::sink::Sink;
use super::literal::{self, LiteralError, Style};
use super::{DumpOptions, Format, FormatError, Kind, detect, packed};
use crate::buffer::{Buffer, ByteRange, Offset};
use crate::tasks::Progress;

/// What decoding found besides the bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// Bytes written.
    pub written: u64,
    /// The media type that a data URL names.
    pub mime: Option<String>,
    /// The address of a dump's first row; the result starts with that byte.
    pub base: u64,
    /// Bytes put into gaps between a dump's addresses.
    pub filled: u64,
    /// What they are.
    pub fill: u8,
    /// Whether a data URL had a `#fragment`, which is no part of its bytes.
    pub fragment: bool,
    /// What else the input says and the bytes do not, a sentence each.
    pub notes: Vec<String>,
}

/// Takes bytes and writes text.
pub(in crate::formats) trait Encode {
    fn feed(&mut self, bytes: &[u8], sink: &mut Sink<'_>) -> Result<(), FormatError>;
    fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), FormatError>;
}

/// Takes text and writes bytes. `at` is the place of the run's first byte in the input.
pub(in crate::formats) trait Decode {
    fn feed(&mut self, text: &[u8], at: u64, sink: &mut Sink<'_>) -> Result<(), FormatError>;
    fn finish(&mut self, sink: &mut Sink<'_>, decoded: &mut Decoded) -> Result<(), FormatError>;

    /// What makes bytes of a piece of text wherever it stands, for readers that have such a thing.
    fn codec(&self) -> Option<bulk::Codec> {
        None
    }

    /// Whether `text` at `at` stands for what its codec made of it, after all that was read before. The reader then stands behind it, and
    /// what it held back is in `sink`.
    fn take(&mut self, made: &bulk::Made, text: &[u8], at: u64, sink: &mut Sink<'_>) -> Result<bool, FormatError> {
        let _ = (made, text, at, sink);
        Ok(false)
    }
}

/// `len` is that of all the bytes to come, where it is known.
pub(in crate::formats) fn encoder(
    to: Format,
    options: &DumpOptions,
    mime: &str,
    len: Option<u64>,
) -> Result<Box<dyn Encode>, FormatError> {
    options.validate(to)?;
    Ok(match to {
        Format::HexText => Box::new(hex_text::Encoder::new(options)),
        Format::HexDump => Box::new(hex_dump::Encoder::new(Offset::ZERO, options.upper_case, Squeeze::Repeats)),
        Format::Base64 => Box::new(base64_text::Encoder::new(options)),
        Format::DataUrl => Box::new(url_text::Encoder::new(mime)),
        Format::IntelHex | Format::SRecord => Box::new(records::Encoder::new(to, options, len)),
        Format::Gzip | Format::Zlib => Box::new(packed::Encoder::new(to, options)),
        _ => return Err(FormatError::NoConversion { from: Format::Bytes, to }),
    })
}

pub(in crate::formats) fn decoder(from: Format, options: &DumpOptions) -> Result<Box<dyn Decode>, FormatError> {
    Ok(match from {
        Format::HexText => Box::new(hex_text::Decoder::default()),
        Format::HexDump => Box::new(hex_dump::Decoder::default()),
        Format::Base64 if options.partial => Box::new(base64_tolerant::Tolerant::default()),
        Format::Base64 => Box::new(base64_text::Decoder::strict()),
        Format::DataUrl => Box::new(url_text::Decoder::default()),
        Format::IntelHex => Box::new(records::IntelDecoder::new(options)),
        Format::SRecord => Box::new(records::MotorolaDecoder::new(options)),
        _ => return Err(FormatError::NoConversion { from, to: Format::Bytes }),
    })
}

/// A canonical dump whose first byte stands at `start`, with nothing left out: what a person copies is read by eyes.
pub(in crate::formats) fn canonical(start: Offset, upper_case: bool) -> impl Encode {
    hex_dump::Encoder::new(start, upper_case, Squeeze::Nothing)
}

/// Hands over `input` run by run, keeping `progress` up to date.
pub(in crate::formats) fn each_run(
    input: &Buffer,
    progress: &Progress,
    mut take: impl FnMut(&[u8], u64) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    progress.set_total(input.len().get());
    let mut at = 0;
    for chunk in input.chunks(ByteRange::new(Offset::ZERO, input.len())) {
        for run in chunk?.chunks(Buffer::CHUNK_LEN) {
            progress.check()?;
            take(run, at)?;
            at += run.len() as u64;
            progress.set_done(at);
        }
    }
    Ok(())
}

/// The media type for a data URL of these bytes: the chosen one, or what the content says.
pub(in crate::formats) fn media_type(head: &Buffer, options: &DumpOptions) -> Result<String, FormatError> {
    if let Some(mime) = &options.mime {
        return Ok(mime.clone());
    }
    let format = detect(head, None)?.format;
    Ok(match format.kind() {
        Kind::Picture | Kind::Json => format.info().mime.into(),
        Kind::Encoded if packed::is_packed(format) => format.info().mime.into(),
        Kind::Table | Kind::Text | Kind::Encoded => {
            let encoding = super::text::guess(head)?.encoding;
            let family = if format.kind() == Kind::Table { format.info().mime } else { "text/plain" };
            format!("{family};charset={}", encoding.name().to_ascii_lowercase())
        }
        Kind::Bytes => format.info().mime.into(),
    })
}

/// Writes `input` in any format of [`Kind::Encoded`]; returns the bytes written.
///
/// # Errors
/// `NoConversion` where `to` is none of these, `Option` for options that it cannot take, `Read`, `Write`, `Cancelled`.
pub fn encode(
    input: &Buffer,
    to: Format,
    options: &DumpOptions,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<u64, FormatError> {
    if to == Format::Literal {
        options.validate(to)?;
        return literal::encode(input, options.style.unwrap_or(Style::C), &options.choices(), out, progress);
    }
    let mime = if to == Format::DataUrl { media_type(input, options)? } else { String::new() };
    let mut encoder = encoder(to, options, &mime, Some(input.len().get()))?;
    let mut sink = Sink::new(out, progress);
    each_run(input, progress, |run, _| encoder.feed(run, &mut sink))?;
    encoder.finish(&mut sink)?;
    sink.finish()
}

/// Reads any format of [`Kind::Encoded`] and writes the bytes that it stands for.
///
/// # Errors
/// `Malformed` with the place of what was not understood, `Limit` for a dump whose addresses leave too large a gap,
/// `NoConversion` where `from` is none of these, `Read`, `Write`, `Cancelled`.
pub fn decode(input: &Buffer, from: Format, out: &mut dyn Write, progress: &Progress) -> Result<Decoded, FormatError> {
    decode_with(input, from, &DumpOptions::default(), out, progress)
}

/// [`decode`] with the choices that readers have: what fills gaps, and whether a part is better than nothing.
///
/// # Errors
/// Those of [`decode`].
pub fn decode_with(
    input: &Buffer,
    from: Format,
    options: &DumpOptions,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<Decoded, FormatError> {
    if packed::is_packed(from) {
        return packed::decode(input, from, options, out, progress);
    }
    if from == Format::Literal {
        return decode_literal(input, options, out, progress);
    }
    let mut sink = Sink::new(out, progress);
    let mut decoded = feed_all(input, from, options, &mut sink, progress)?;
    decoded.written = sink.finish()?;
    Ok(decoded)
}

/// A literal in the chosen style, or in the one that its start looks like.
fn decode_literal(
    input: &Buffer,
    options: &DumpOptions,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<Decoded, FormatError> {
    // More than is looked at, so that it shows whether the text goes on.
    const LOOKED_AT: u64 = 80 * 1024;
    let style = match options.style {
        Some(style) => style,
        None => {
            let head = input.to_vec(ByteRange::new(Offset::ZERO, crate::buffer::Len(LOOKED_AT)))?;
            let head = String::from_utf8_lossy(&head);
            let found = literal::recognise(&head).styles;
            let found = found.into_iter().find(|style| *style != Style::Text);
            // An array of nothing stands for no bytes, which is no sign of anything where any text is looked at.
            let reads = |style: &Style| literal::decode_text(&head, *style, &options.choices()).is_ok();
            let mut nothing = Style::READERS.into_iter().filter(|style| style.has_name());
            found.or_else(|| nothing.find(reads)).ok_or_else(|| {
                let what = "it is recognised as no language's bytes; say which style it is";
                malformed(Format::Literal, what, 0)
            })?
        }
    };
    let written = literal::decode(input, style, &options.choices(), out, progress).map_err(|error| match error {
        LiteralError::Malformed { what, at, line, column } => {
            malformed(Format::Literal, format!("{what} (line {line}, column {column})"), at.get())
        }
        LiteralError::Format(error) => error,
    })?;
    Ok(Decoded { written, ..Decoded::default() })
}

fn feed_all(
    input: &Buffer,
    from: Format,
    options: &DumpOptions,
    sink: &mut Sink<'_>,
    progress: &Progress,
) -> Result<Decoded, FormatError> {
    let mut decoder = decoder(from, options)?;
    let mut decoded = Decoded::default();
    let skip = mark_len(input)?;
    let text = input.slice(ByteRange::between(Offset(skip), input.len().end()));
    match decoder.codec() {
        Some(codec) if bulk::is_long(&text) => bulk::feed((&text, skip), codec, decoder.as_mut(), sink, progress)?,
        _ => each_run(&text, progress, |run, at| decoder.feed(run, at + skip, sink))?,
    }
    decoder.finish(sink, &mut decoded)?;
    Ok(decoded)
}

/// Editors put a UTF-8 byte order mark before text; it stands for no bytes.
pub(in crate::formats) fn mark_len(input: &Buffer) -> Result<u64, FormatError> {
    let mut mark = [0; 3];
    let read = input.read_at(Offset::ZERO, &mut mark)?;
    Ok(if mark[..read] == *b"\xEF\xBB\xBF" { 3 } else { 0 })
}

/// The first `max` bytes that an encoded document stands for, without decoding the rest; an error counts only where
/// it comes before them.
///
/// # Errors
/// Those of [`decode`].
pub fn decode_head(input: &Buffer, from: Format, max: usize, progress: &Progress) -> Result<Vec<u8>, FormatError> {
    let mut head = sink::Head::new(max);
    let result = decode(input, from, &mut head, progress);
    match result {
        Err(FormatError::Write(_)) if head.is_full() => Ok(head.into_bytes()),
        other => other.map(|_| head.into_bytes()),
    }
}

/// From one way of writing bytes to another, through the bytes, in bounded memory.
///
/// # Errors
/// Those of [`decode`] and [`encode`].
pub fn recode(
    input: &Buffer,
    from: Format,
    to: Format,
    options: &DumpOptions,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<Decoded, FormatError> {
    let mime = match to {
        Format::DataUrl => media_type(&decode_head(input, from, Buffer::CHUNK_LEN, progress)?.into(), options)?,
        _ => String::new(),
    };
    if records::has_addresses(from) && records::has_addresses(to) {
        options.validate(to)?;
        let mut sink = Sink::new(out, progress);
        let mut decoded = records::recode(input, from, to, options, &mut sink, progress)?;
        decoded.written = sink.finish()?;
        return Ok(decoded);
    }
    if to == Format::Literal {
        // A declaration says how many bytes there are before the first of them.
        let mut bytes = super::convert::Bounded::within(super::Limits::of(options.limit));
        let result = decode_with(input, from, options, &mut bytes, progress);
        let buffer = bytes.whole(from)?;
        let mut decoded = result?;
        decoded.written = encode(&buffer, to, options, out, progress)?;
        return Ok(decoded);
    }
    let mut encoder = encoder(to, options, &mime, None)?;
    let mut end = Sink::new(out, progress);
    let mut decoded = {
        let mut relay = sink::Relay::new(encoder.as_mut(), &mut end);
        let result = decode_with(input, from, options, &mut relay, progress);
        relay.resolve(result)?
    };
    encoder.finish(&mut end)?;
    decoded.written = end.finish()?;
    Ok(decoded)
}

pub(in crate::formats) fn malformed(format: Format, what: impl Into<String>, at: u64) -> FormatError {
    FormatError::Malformed { format, what: what.into(), at: Some(Offset(at)) }
}

/// Whether a line looks like a record of Intel HEX or S-record, and whether its checksum is right too.
pub(super) fn is_record(line: &str, format: Format) -> (bool, bool) {
    records::is_record(line, format)
}

/// What a data URL says before its comma.
pub(super) fn parse_url_head(text: &str) -> Option<url_text::Head> {
    url_text::Head::parse(text)
}

/// How a byte of text is named in an error: its character where that is visible, its number otherwise.
pub(in crate::formats) fn named(byte: u8) -> String {
    match byte {
        0x21..=0x7E => format!("'{}'", char::from(byte)),
        b' ' => "a space".into(),
        _ => format!("byte {byte:02X}"),
    }
}

/// Whether `input` is worth reading as `format` by its first bytes; cheap, for the detector.
pub(super) fn head_decodes(head: &[u8], cut: bool, format: Format) -> bool {
    // A cut end may fall inside a byte's digits, so only whole lines (or a shorter run) are judged there.
    let head = match (cut, head.iter().rposition(|&byte| byte == b'\n')) {
        (true, Some(end)) if end > 0 => &head[..end],
        (true, _) => &head[..head.len() / 64 * 64],
        _ => head,
    };
    let decoded = decode(&head.into(), format, &mut std::io::sink(), &Progress::new());
    decoded.is_ok_and(|decoded| decoded.written > 0)
}
