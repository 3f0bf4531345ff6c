//! Bytes as people copy them into other places, and back: hex digits, lists of numbers, arrays of source code, strings with
//! escapes, base64, URLs, dumps.
//!
//! Every way of writing is a [`Style`]. [`encode`] writes it, [`decode`] reads it back: what was written comes back byte for
//! byte. Both go through their input once, in bounded memory. Readers take more than the writers write (other spacing,
//! comments, casts, other number bases), and name what they do not understand with its line and column.
//!
//! ```
//! use seektell::buffer::Buffer;
//! use seektell::formats::literal::{Choices, Style, decode_text, encode_text};
//! let bytes = Buffer::from(b"\x89PNG");
//! let text = encode_text(&bytes, Style::Python, &Choices::default()).unwrap();
//! assert_eq!(text, "data = b'\\x89PNG'\n");
//! assert_eq!(decode_text(&text, Style::Python, &Choices::default()).unwrap(), b"\x89PNG");
//! ```

mod list;
mod list_read;
mod number;
mod plain;
mod quoted;
mod recognise;
mod style;

use std::io::Write;

pub use recognise::{Recognised, recognise};
pub use style::{Choices, Group, Style};

use super::dump::{self, Decode, Decoded, Encode, sink::Sink};
use super::{DumpOptions, Format, FormatError, TextOptions, text};
use crate::buffer::{Buffer, ByteRange, Offset};
use crate::tasks::Progress;

/// Why text was not understood as a [`Style`].
#[derive(Debug, thiserror::Error)]
pub enum LiteralError {
    /// The text is not what the style demands.
    #[error("{what} (line {line}, column {column})")]
    Malformed {
        /// What is wrong.
        what: String,
        /// The byte of the text where it went wrong.
        at: Offset,
        /// The same place as a line, from 1.
        line: u64,
        /// And as a character of that line, from 1.
        column: u64,
    },
    /// A choice has a value that does not work, the text could not be read, the result not be written, or it was cancelled.
    #[error(transparent)]
    Format(#[from] FormatError),
}

/// Writes `input` in a style; returns the bytes of text written.
///
/// # Errors
/// `Option` for choices that do not work, `Read`, `Write`, `Cancelled`.
pub fn encode(
    input: &Buffer,
    style: Style,
    choices: &Choices,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<u64, FormatError> {
    choices.validate(style)?;
    if style == Style::Text {
        return encode_characters(input, choices, out, progress);
    }
    let mut encoder = encoder(input, style, choices)?;
    let mut sink = Sink::new(out, progress);
    dump::each_run(input, progress, |run, _| encoder.feed(run, &mut sink))?;
    encoder.finish(&mut sink)?;
    sink.finish()
}

fn encoder(input: &Buffer, style: Style, choices: &Choices) -> Result<Box<dyn Encode>, FormatError> {
    let wrap = DumpOptions { upper_case: choices.upper_case, ..DumpOptions::default() };
    Ok(match style {
        Style::HexPacked => dump::encoder(Format::HexText, &wrap, "", None)?,
        Style::HexDump => Box::new(dump::canonical(Offset(choices.address), choices.upper_case)),
        Style::Base64 => dump::encoder(Format::Base64, &wrap, "", None)?,
        Style::Base64Url => dump::encoder(Format::Base64, &DumpOptions { url_safe: true, ..wrap }, "", None)?,
        Style::DataUrl => {
            let options = DumpOptions { mime: choices.mime.clone(), ..DumpOptions::default() };
            dump::encoder(Format::DataUrl, &options, &dump::media_type(input, &options)?, None)?
        }
        Style::HexSpaced => Box::new(plain::Spaced::new(choices)),
        Style::ViewRows | Style::Xxd => Box::new(plain::Rows::new(style, choices)),
        Style::Percent => Box::new(plain::Percent),
        Style::Python | Style::Escaped => Box::new(quoted::Encoder::new(style, choices, input.len().get())),
        _ => Box::new(list::Encoder::new(style, choices, input.len().get())),
    })
}

/// Reads text in a style and writes the bytes that it stands for; returns how many.
///
/// # Errors
/// [`LiteralError::Malformed`] with the place of what was not understood; `Read`, `Write`, `Limit`, `Cancelled`.
pub fn decode(
    input: &Buffer,
    style: Style,
    choices: &Choices,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<u64, LiteralError> {
    if style == Style::Text {
        return Ok(decode_characters(input, choices, out, progress)?);
    }
    decode_with(input, style, out, progress).map_err(|error| placed(error, input))
}

fn decode_with(input: &Buffer, style: Style, out: &mut dyn Write, progress: &Progress) -> Result<u64, FormatError> {
    let mut decoder = decoder(style)?;
    let mut decoded = Decoded::default();
    let mut sink = Sink::new(out, progress);
    let skip = dump::mark_len(input)?;
    let text = input.slice(ByteRange::between(Offset(skip), input.len().end()));
    dump::each_run(&text, progress, |run, at| decoder.feed(run, at + skip, &mut sink))?;
    decoder.finish(&mut sink, &mut decoded)?;
    sink.finish()
}

fn decoder(style: Style) -> Result<Box<dyn Decode>, FormatError> {
    Ok(match style {
        Style::HexSpaced | Style::HexPacked | Style::HexList => dump::decoder(Format::HexText, &DumpOptions::default())?,
        Style::HexDump | Style::ViewRows | Style::Xxd => dump::decoder(Format::HexDump, &DumpOptions::default())?,
        Style::Base64 | Style::Base64Url => dump::decoder(Format::Base64, &DumpOptions::default())?,
        Style::DataUrl => dump::decoder(Format::DataUrl, &DumpOptions::default())?,
        Style::Percent => Box::<plain::PercentDecoder>::default(),
        Style::Python | Style::Escaped => Box::new(quoted::Decoder::new(style)),
        _ => Box::new(list_read::Decoder::new(style)),
    })
}

/// An offset in the text is no place for a person who looks at lines.
fn placed(error: FormatError, input: &Buffer) -> LiteralError {
    let FormatError::Malformed { what, at: Some(at), .. } = error else { return error.into() };
    let (mut line, mut column) = (1, 1);
    for chunk in input.chunks(ByteRange::between(Offset::ZERO, at)).map_while(Result::ok) {
        for &byte in chunk.iter() {
            match byte {
                b'\n' => (line, column) = (line + 1, 1),
                0x80..0xC0 => {}
                _ => column += 1,
            }
        }
    }
    LiteralError::Malformed { what, at, line, column }
}

fn encode_characters(input: &Buffer, choices: &Choices, out: &mut dyn Write, progress: &Progress) -> Result<u64, FormatError> {
    progress.set_total(input.len().get());
    let mut decoder = text::Decoder::new(choices.encoding.canonical());
    let (mut characters, mut written) = (String::new(), 0);
    for chunk in input.chunks(ByteRange::new(Offset::ZERO, input.len())) {
        progress.check()?;
        let chunk = chunk?;
        characters.clear();
        decoder.decode(&chunk, false, &mut characters);
        out.write_all(characters.as_bytes()).map_err(FormatError::Write)?;
        written += characters.len() as u64;
        progress.advance(chunk.len() as u64);
    }
    characters.clear();
    decoder.decode(b"", true, &mut characters);
    out.write_all(characters.as_bytes()).map_err(FormatError::Write)?;
    Ok(written + characters.len() as u64)
}

/// Characters as the bytes of the encoding. One that the encoding does not have is an error: nothing is lost unsaid.
fn decode_characters(input: &Buffer, choices: &Choices, out: &mut dyn Write, progress: &Progress) -> Result<u64, FormatError> {
    let encoding = choices.encoding.canonical();
    if encoding == text::Encoding::Utf8 {
        let mut sink = Sink::new(out, progress);
        dump::each_run(input, progress, |run, _| sink.push(run))?;
        return sink.finish();
    }
    let options = TextOptions { encoding, input: Some(text::Encoding::Utf8), ..TextOptions::default() };
    let mut counted = Counted { out, written: 0 };
    let losses = text::transcode(input, &options, &mut counted, progress)?;
    match losses.into_iter().next() {
        Some(loss) => Err(FormatError::Option(loss.what)),
        None => Ok(counted.written),
    }
}

struct Counted<'a> {
    out: &'a mut dyn Write,
    written: u64,
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

/// [`encode`] for what fits in memory.
///
/// # Errors
/// Those of [`encode`].
pub fn encode_text(input: &Buffer, style: Style, choices: &Choices) -> Result<String, FormatError> {
    let mut text = Vec::new();
    encode(input, style, choices, &mut text, &Progress::new())?;
    Ok(into_text(text))
}

/// The first bytes of the text that `input` becomes, at most `max`.
///
/// # Errors
/// Those of [`encode`] that come before them.
pub fn encode_head(input: &Buffer, style: Style, choices: &Choices, max: usize) -> Result<Vec<u8>, FormatError> {
    let mut head = dump::sink::Head::new(max);
    match encode(input, style, choices, &mut head, &Progress::new()) {
        Err(FormatError::Write(_)) if head.is_full() => Ok(head.into_bytes()),
        other => other.map(|_| head.into_bytes()),
    }
}

/// What an encoder wrote, as a string: all of them write UTF-8.
pub fn into_text(written: Vec<u8>) -> String {
    String::from_utf8(written).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// [`decode`] for what fits in memory.
///
/// # Errors
/// Those of [`decode`].
pub fn decode_text(text: &str, style: Style, choices: &Choices) -> Result<Vec<u8>, LiteralError> {
    let mut bytes = Vec::new();
    decode(&Buffer::from(text.as_bytes()), style, choices, &mut bytes, &Progress::new())?;
    Ok(bytes)
}

/// The first bytes that a long text stands for, at most `max`; an error counts only where it comes before them.
///
/// # Errors
/// Those of [`decode`].
pub fn decode_head(text: &Buffer, style: Style, choices: &Choices, max: usize) -> Result<Vec<u8>, LiteralError> {
    let mut head = dump::sink::Head::new(max);
    match decode(text, style, choices, &mut head, &Progress::new()) {
        Err(LiteralError::Format(FormatError::Write(_))) if head.is_full() => Ok(head.into_bytes()),
        other => other.map(|_| head.into_bytes()),
    }
}
