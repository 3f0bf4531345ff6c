//! Reading back what was written: a conversion is done when its result decodes to what it was to be.
//!
//! Every result is read from where it was written and compared byte for byte (by a digest) with what its writer gave. Then it is
//! decoded: a picture's size and its pixels to the last row, a table's rows, a text's characters, the tokens of JSON, the bytes that
//! encoded text stands for. Markdown, HTML and SQL have no reader; they are compared as bytes only.

use std::hash::Hasher;
use std::io::{self, Write};

use twox_hash::XxHash3_64;

use super::{ConvertError, Input};
use crate::buffer::{Buffer, ByteRange, Len, Offset, ReadError};
use crate::files::Scratch;
use crate::formats::picture;
use crate::formats::table::{self, Dialect};
use crate::formats::text::{self, Encoding};
use crate::formats::{
    Conversion, DumpOptions, Format, FormatError, Kind, Options, TableOptions, TextOptions, convert, detect, filled_rows,
    guarded, json,
};
use crate::tasks::Progress;

/// What was given to a writer: how many bytes, and a digest of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    /// Bytes.
    pub len: u64,
    digest: u64,
}

impl Sum {
    /// Of all bytes of `buffer`.
    pub(super) fn of(buffer: &Buffer, progress: &Progress) -> Result<Self, FormatError> {
        let mut sink = io::sink();
        let mut summing = Summing::new(&mut sink);
        copy(buffer, &mut summing, progress)?;
        Ok(summing.sum())
    }
}

/// Passes bytes on and keeps their [`Sum`].
pub(super) struct Summing<'a> {
    out: &'a mut dyn Write,
    len: u64,
    digest: XxHash3_64,
}

impl<'a> Summing<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Self {
        Self { out, len: 0, digest: XxHash3_64::with_seed(0) }
    }

    pub(super) fn sum(&self) -> Sum {
        Sum { len: self.len, digest: self.digest.finish() }
    }
}

impl Write for Summing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.digest.write(&bytes[..written]);
        self.len += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn copy(buffer: &Buffer, out: &mut dyn Write, progress: &Progress) -> Result<(), FormatError> {
    for chunk in buffer.chunks(ByteRange::new(Offset::ZERO, buffer.len())) {
        progress.check()?;
        out.write_all(&chunk?).map_err(FormatError::Write)?;
    }
    Ok(())
}

/// Checks that `written`, read back, is the `to` that `input` was to become. `sum` is what its writer was given.
///
/// # Errors
/// [`ConvertError::NotVerified`] says what is different; `Format` only for what has nothing to do with the result: a cancel, a source
/// that cannot be read any more.
pub fn verify(
    input: &Input,
    to: Format,
    conversion: &Conversion,
    sum: Sum,
    written: &Buffer,
    progress: &Progress,
) -> Result<(), ConvertError> {
    let differs = |what: String| ConvertError::NotVerified { format: to, what };
    if Sum::of(written, progress)? != sum {
        return Err(differs("its bytes are not those that were written".into()));
    }
    // A progress of its own: the reader's units are not the writer's, and the bar does not run twice.
    match guarded(to, || means(input, to, conversion, written, &progress.part(0))) {
        Ok(None) => Ok(()),
        Ok(Some(what)) => Err(differs(what)),
        Err(FormatError::Cancelled(error)) => Err(FormatError::Cancelled(error).into()),
        Err(FormatError::Read(error)) => Err(FormatError::Read(error).into()),
        Err(error) => Err(differs(error.to_string())),
    }
}

/// Checks a plain copy.
pub(super) fn verify_copy(input: &Buffer, written: &Buffer, progress: &Progress) -> Result<(), ConvertError> {
    let differs = |at: u64| ConvertError::NotVerified { format: Format::Bytes, what: format!("the byte at {at} is another one") };
    if input.len() != written.len() {
        return Err(differs(input.len().0.min(written.len().0)));
    }
    let mut at = 0;
    while at < input.len().0 {
        progress.check().map_err(FormatError::from)?;
        let zeros = input.zeros_at(Offset(at)).0;
        if zeros >= Buffer::CHUNK_LEN as u64 {
            // Holes stay holes: there is nothing to read on either side.
            at += zeros;
            continue;
        }
        let range = ByteRange::new(Offset(at), Len(1 << 20));
        let read =
            |buffer: &Buffer| buffer.to_vec(range).map_err(|error: ReadError| ConvertError::from(FormatError::from(error)));
        let (ours, theirs) = (read(input)?, read(written)?);
        if ours != theirs {
            let same = ours.iter().zip(&theirs).take_while(|(one, other)| one == other).count();
            return Err(differs(at + same as u64));
        }
        at += ours.len().max(1) as u64;
    }
    Ok(())
}

/// What is different, in words; `None` where nothing is.
fn means(
    input: &Input,
    to: Format,
    conversion: &Conversion,
    written: &Buffer,
    progress: &Progress,
) -> Result<Option<String>, FormatError> {
    match (input.from.kind(), to.kind()) {
        (_, Kind::Bytes) => Ok(None),
        (_, Kind::Encoded) => encoded(input, to, written, progress),
        (Kind::Encoded, _) => means(&inner(input, to, progress)?, to, conversion, written, progress),
        (Kind::Picture, Kind::Text) => characters(input, conversion, written, progress),
        (Kind::Picture, _) => pixels(input, to, written, progress),
        (Kind::Table | Kind::Json | Kind::Text, Kind::Text) => characters(input, conversion, written, progress),
        (Kind::Json, Kind::Json) => tokens(input, to, written, progress),
        (Kind::Text, _) => characters(input, conversion, written, progress),
        _ => rows(input, to, written, progress),
    }
}

/// What encoded text stands for, as the conversion saw it.
fn inner(input: &Input, to: Format, progress: &Progress) -> Result<Input, FormatError> {
    let mut bytes = Scratch::new(&std::env::temp_dir());
    convert(&input.buffer, input.from, Format::Bytes, &input.options, &mut bytes, progress)?;
    let buffer = bytes.into_buffer().map_err(FormatError::Write)?;
    let found = detect(&buffer, None)?.format;
    let from = match (found.kind(), to.kind()) {
        (Kind::Encoded, Kind::Text) => Format::Text,
        (Kind::Text, Kind::Table) => to,
        _ => found,
    };
    Ok(Input { buffer, from, detection: None, options: input.options.clone() })
}

fn pixels(input: &Input, to: Format, written: &Buffer, progress: &Progress) -> Result<Option<String>, FormatError> {
    let planned = picture::planned(&input.buffer, input.from, to, &input.options)?;
    // All of a JPEG is read at an eighth, too, and a large one does not take its pixels' memory.
    let back = picture::decode_at_least(written, to, (1, 1), input.options.limits(), progress)?;
    let size = (back.info.width, back.info.height);
    if size != (planned.width, planned.height) {
        let what = format!("it is {} x {} pixels, not {} x {}", size.0, size.1, planned.width, planned.height);
        return Ok(Some(what));
    }
    Ok(back.truncated.map(|why| format!("it ends early ({why})")))
}

fn rows(input: &Input, to: Format, written: &Buffer, progress: &Progress) -> Result<Option<String>, FormatError> {
    if !to.info().reads {
        return Ok(None);
    }
    let options = &input.options;
    let table = table::read(&input.buffer, input.from, &options.table_within(), progress)?.table;
    if to == Format::Xlsx {
        // A sheet has no rows without a cell, and a long table has several sheets.
        let (expected, found) = (table::filled_rows(&table, &options.table, progress)?, filled_rows(written, to, progress)?);
        return Ok((expected != found).then(|| format!("it has {found} rows that are not blank, not {expected}")));
    }
    let header = table.header().is_some() && !options.table.without_header;
    let delimiter = options.table.delimiter.unwrap_or(if to == Format::Tsv { b'\t' } else { b',' });
    let dialect = Dialect { delimiter, quote: Some(b'"'), header, encoding: options.text.encoding };
    let back =
        TableOptions { input: Some(dialect), input_header: Some(header), limits: options.limits(), ..TableOptions::default() };
    let back = table::read(written, to, &back, progress)?.table;
    let (expected, found) = (table.row_count(), back.row_count());
    // Delimited text that begins with blank rows is the same text with fewer of them in front; records have none, as in Python's
    // `csv.DictReader`.
    let blank = if header && to.kind() == Kind::Table { 0 } else { table.blank_rows() };
    if (expected.saturating_sub(blank)..=expected).contains(&found) {
        return Ok(None);
    }
    Ok(Some(format!("it has {found} rows, not {expected}")))
}

/// Digests of the tokens of both.
fn tokens(input: &Input, to: Format, written: &Buffer, progress: &Progress) -> Result<Option<String>, FormatError> {
    let plain = |buffer: &Buffer, from: Format| -> Result<Sum, FormatError> {
        let mut sink = io::sink();
        let mut summing = Summing::new(&mut sink);
        json::reformat(buffer, from, Format::JsonLines, &Default::default(), &mut summing, progress)?;
        Ok(summing.sum())
    };
    let same = plain(&input.buffer, input.from)? == plain(written, to)?;
    Ok((!same).then(|| "its values are others".into()))
}

/// Digests of the characters of both, as UTF-8.
fn characters(
    input: &Input,
    conversion: &Conversion,
    written: &Buffer,
    progress: &Progress,
) -> Result<Option<String>, FormatError> {
    let options = &input.options.text;
    let plain = |buffer: &Buffer, encoding: Encoding| -> Result<Sum, FormatError> {
        let mut sink = io::sink();
        let mut summing = Summing::new(&mut sink);
        let to = TextOptions { input: Some(encoding), encoding: Encoding::Utf8, bom: false, newline: options.newline };
        text::transcode(buffer, &to, &mut summing, progress)?;
        Ok(summing.sum())
    };
    let read_as = match options.input.or(input.options.table.input.map(|dialect| dialect.encoding)) {
        Some(encoding) => encoding,
        None => text::guess(&input.buffer)?.encoding,
    };
    let same = plain(&input.buffer, read_as)? == plain(written, options.encoding)?;
    // What the encoding does not have was told as a loss; then the texts differ, and only that it can be read is known.
    Ok((!same && conversion.losses.is_empty()).then(|| "its characters are others".into()))
}

/// Decodes the result and compares what it stands for.
fn encoded(input: &Input, to: Format, written: &Buffer, progress: &Progress) -> Result<Option<String>, FormatError> {
    let dump = DumpOptions { limit: Some(u64::MAX), partial: false, ..input.options.dump.clone() };
    // A literal of no language reads as it was written.
    let style = (to == Format::Literal).then(|| dump.style.unwrap_or(crate::formats::literal::Style::C));
    let options = Options { dump: DumpOptions { style, ..dump }, ..Options::default() };
    if input.from.kind() != Kind::Encoded {
        let mut comparing = Comparing { expected: &input.buffer, at: 0, differs: None };
        let decoded = convert(written, to, Format::Bytes, &options, &mut comparing, progress);
        if let Some(at) = comparing.differs {
            return Ok(Some(format!("the byte at {at} is another one")));
        }
        decoded?;
        let (len, all) = (comparing.at, input.buffer.len().0);
        return Ok((len != all).then(|| format!("it stands for {}, not {all}", Len(len).in_words())));
    }
    let sum = |buffer: &Buffer, from: Format, options: &Options| -> Result<Sum, FormatError> {
        let mut sink = io::sink();
        let mut summing = Summing::new(&mut sink);
        convert(buffer, from, Format::Bytes, options, &mut summing, progress)?;
        Ok(summing.sum())
    };
    let same = sum(&input.buffer, input.from, &input.options)? == sum(written, to, &options)?;
    Ok((!same).then(|| "the bytes that it stands for are others".into()))
}

/// A writer that keeps nothing and compares what it is given with what is expected.
struct Comparing<'a> {
    expected: &'a Buffer,
    at: u64,
    differs: Option<u64>,
}

impl Write for Comparing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut done = 0;
        while done < bytes.len() {
            let chunk = match self.expected.chunk_at(Offset(self.at)) {
                Ok(Some(chunk)) => chunk,
                Ok(None) => {
                    self.differs = Some(self.at);
                    return Err(io::Error::other("there is more than was expected"));
                }
                Err(error) => return Err(io::Error::other(error)),
            };
            let len = chunk.len().min(bytes.len() - done);
            let (ours, theirs) = (&chunk[..len], &bytes[done..done + len]);
            if ours != theirs {
                let same = ours.iter().zip(theirs).take_while(|(one, other)| one == other).count();
                self.differs = Some(self.at + same as u64);
                return Err(io::Error::other("another byte was expected"));
            }
            done += len;
            self.at += len as u64;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
