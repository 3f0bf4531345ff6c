//! From one format to another: which ways there are, what they lose, and going them.
//!
//! A way leads through what the content means: pictures through pixels, tables and JSON through rows, text through
//! characters. Anything has bytes, so anything becomes hex text, a dump, base64 or a data URL; and those stand for bytes,
//! so a data URL that holds a PNG becomes a JPEG in one step.

use std::io::{self, Write};

use super::picture;
use super::{Format, FormatError, Kind, Limits, Loss, Options, detect, dump, guarded, json, table, text};
use crate::buffer::{Buffer, ByteRange, Offset};
use crate::tasks::{Progress, apart};

/// What a conversion did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conversion {
    /// Bytes written.
    pub written: u64,
    /// What the result does not have any more.
    pub losses: Vec<Loss>,
}

/// The most bytes that encoded text may stand for when what they mean is wanted (a data URL to a JPEG). To write the bytes
/// themselves there is no limit, because they stream.
pub const MAX_DECODED: u64 = 512 << 20;

/// The formats that `from` can be written as, in the registry's order, itself included. Encoded text can become
/// whatever its bytes can become, which only its content tells, so all are listed.
///
/// ```
/// use seektell::formats::{Format, targets};
/// assert!(targets(Format::Csv).contains(&Format::JsonLines));
/// assert!(!targets(Format::Csv).contains(&Format::Png));
/// ```
pub fn targets(from: Format) -> Vec<Format> {
    Format::all().filter(|to| to.info().writes && leads(from, *to)).collect()
}

fn leads(from: Format, to: Format) -> bool {
    if from.is_binary() && to.kind() == Kind::Text {
        return false;
    }
    matches!(
        (from.kind(), to.kind()),
        (Kind::Encoded, _)
            | (_, Kind::Encoded | Kind::Bytes)
            | (Kind::Picture, Kind::Picture)
            | (Kind::Table | Kind::Json, Kind::Table | Kind::Json | Kind::Text)
            | (Kind::Text, Kind::Text)
    ) || is_markdown(from, to)
        || (from == Format::Svg && to.kind() == Kind::Text)
}

/// Plain text is Markdown as it is.
fn is_markdown(from: Format, to: Format) -> bool {
    from.kind() == Kind::Text && to == Format::Markdown
}

/// What writing `input` as `to` would lose; reads as much of it as that needs.
///
/// # Errors
/// Those of [`convert`], except that nothing is written.
pub fn losses(
    input: &Buffer,
    from: Format,
    to: Format,
    options: &Options,
    progress: &Progress,
) -> Result<Vec<Loss>, FormatError> {
    check(from, to, options)?;
    match (from.kind(), to.kind()) {
        (Kind::Picture, Kind::Picture) => picture::transcode_losses(input, from, to, options),
        (Kind::Encoded, Kind::Picture) => {
            let (bytes, inner, mut found) = decoded(input, from, to, options, progress)?;
            found.extend(losses(&bytes, inner, to, options, progress)?);
            Ok(found)
        }
        // What a decoder or an encoding cannot carry shows only on the way, so the way is gone without keeping the result.
        (_, Kind::Text)
        | (Kind::Table, Kind::Table | Kind::Json)
        | (Kind::Text | Kind::Json, Kind::Table)
        | (Kind::Encoded, _) => Ok(convert(input, from, to, options, &mut io::sink(), progress)?.losses),
        _ => Ok(Vec::new()),
    }
}

/// Bytes that writing `input` as `to` takes at least, as far as its length alone tells; 0 where that is nothing.
///
/// ```
/// use seektell::buffer::{Buffer, Len};
/// use seektell::formats::{Format, least_size};
/// let hole = Buffer::filled(0, Len(1 << 40));
/// assert_eq!(least_size(&hole, Format::Bytes, Format::HexText), 2 << 40);
/// assert_eq!(least_size(&hole, Format::Bytes, Format::HexDump), 0, "rows that repeat are left out");
/// ```
pub fn least_size(input: &Buffer, from: Format, to: Format) -> u64 {
    let len = input.len().get();
    match to {
        _ if from.kind() == Kind::Encoded => 0,
        Format::HexText | Format::IntelHex | Format::SRecord => len.saturating_mul(2),
        Format::Base64 => len.div_ceil(3).saturating_mul(4),
        Format::DataUrl | Format::Bytes => len,
        _ => 0,
    }
}

fn check(from: Format, to: Format, options: &Options) -> Result<(), FormatError> {
    if !leads(from, to) || !to.info().writes {
        return Err(FormatError::NoConversion { from, to });
    }
    let rows = matches!(
        (from.kind(), to.kind()),
        (Kind::Encoded, _) | (Kind::Table, Kind::Table | Kind::Json) | (Kind::Json, Kind::Table)
    );
    if options.table.fields.is_some() && !rows {
        let what = format!("no columns can be chosen on the way from {} to {}", from.info().name, to.info().name);
        return Err(FormatError::Option(what));
    }
    if options.table.view.is_some() && !takes_view(from, to) {
        let what = format!("no rows can be chosen on the way from {} to {}", from.info().name, to.info().name);
        return Err(FormatError::Option(what));
    }
    options.validate(to)
}

/// Whether a conversion reads a table's rows, so that it can take those that a view shows ([`TableOptions::view`](super::TableOptions::view)).
pub fn takes_view(from: Format, to: Format) -> bool {
    matches!((from.kind(), to.kind()), (Kind::Table, Kind::Table | Kind::Json) | (Kind::Json, Kind::Table))
}

/// Writes `input`, which is a `from`, as a `to`.
///
/// Memory is bounded except where a format's meaning is a whole (a picture's pixels, within [`Limits`]; encoded text
/// that must be understood, within [`MAX_DECODED`]). After an error, what was written is no whole result.
///
/// # Errors
/// `NoConversion`, `Option` before anything is read; `Malformed`, `Unsupported`, `Limit`, `Panicked` for the input; `Read`,
/// `Write`, `Cancelled`.
pub fn convert(
    input: &Buffer,
    from: Format,
    to: Format,
    options: &Options,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<Conversion, FormatError> {
    check(from, to, options)?;
    let mut out = Counting { out, written: 0 };
    let losses = if streams(to) {
        guarded(from, || go(input, from, to, options, &mut out, progress))?
    } else {
        let (input, options) = (input.clone(), options.clone());
        apart(progress, &mut out, move |out, progress| guarded(from, || go(&input, from, to, &options, out, progress)))??
    };
    out.flush().map_err(FormatError::Write)?;
    Ok(Conversion { written: out.written, losses })
}

/// Whether what becomes a `to` is looked at in small pieces only, so that a cancel is heard soon. A picture goes through codecs that
/// take it in one call, and a table may be one cell as long as the file.
fn streams(to: Format) -> bool {
    matches!(to.kind(), Kind::Bytes | Kind::Encoded | Kind::Text)
}

/// Whether writing `from` as `to` gives the very bytes of the input.
pub fn is_copy(from: Format, to: Format) -> bool {
    from.kind() != Kind::Encoded && to.kind() == Kind::Bytes && check(from, to, &Options::default()).is_ok()
}

fn go(
    input: &Buffer,
    from: Format,
    to: Format,
    options: &Options,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<Vec<Loss>, FormatError> {
    match (from.kind(), to.kind()) {
        (Kind::Encoded, Kind::Bytes) => Ok(decoding_losses(&dump::decode_with(input, from, &options.dump, out, progress)?)),
        (Kind::Encoded, Kind::Encoded) => Ok(decoding_losses(&dump::recode(input, from, to, &options.dump, out, progress)?)),
        (Kind::Encoded, _) => {
            let (bytes, inner, mut losses) = decoded(input, from, to, options, progress)?;
            losses.extend(go(&bytes, inner, to, options, out, progress)?);
            Ok(losses)
        }
        (_, Kind::Encoded) => dump::encode(input, to, &options.dump, out, progress).map(|_| Vec::new()),
        (_, Kind::Bytes) => copy(input, out, progress).map(|()| Vec::new()),
        (Kind::Picture, Kind::Text) => text::transcode(input, &options.text, out, progress),
        (Kind::Picture, _) => picture::transcode(input, from, to, options, out, progress),
        (Kind::Table, Kind::Text) => {
            let encoding = options.text.input.or(options.table.input.map(|dialect| dialect.encoding));
            text::transcode(input, &super::TextOptions { input: encoding, ..options.text.clone() }, out, progress)
        }
        _ if is_markdown(from, to) => text::transcode(input, &options.text, out, progress),
        (_, Kind::Text) => text::transcode(input, &options.text, out, progress),
        (Kind::Table, _) | (Kind::Json, Kind::Table) => {
            let opened = table::read(input, from, &options.table_within(), progress)?;
            table::write_telling(&opened.table, to, options, out, progress)
        }
        _ => json::reformat(input, from, to, options, out, progress).map(|()| Vec::new()),
    }
}

/// The bytes that encoded text stands for, what they are, and what they do not tell any more.
fn decoded(
    input: &Buffer,
    from: Format,
    to: Format,
    options: &Options,
    progress: &Progress,
) -> Result<(Buffer, Format, Vec<Loss>), FormatError> {
    let mut bytes = Bounded::within(options.limits());
    let result = dump::decode_with(input, from, &options.dump, &mut bytes, progress);
    let bytes = bytes.whole(from)?;
    let losses = decoding_losses(&result?);
    let inner = detect(&bytes, None)?.format;
    // One step only: encoded text inside encoded text is text.
    let inner = match (inner.kind(), to.kind()) {
        (Kind::Encoded, Kind::Text) => Format::Text,
        // A table of one column, or of one row, is only known by its name, which decoded bytes do not have.
        (Kind::Text, Kind::Table) => to,
        _ => inner,
    };
    if inner.kind() == Kind::Encoded || !leads(inner, to) {
        return Err(FormatError::NoConversion { from: inner, to });
    }
    Ok((bytes, inner, losses))
}

fn decoding_losses(decoded: &dump::Decoded) -> Vec<Loss> {
    let mut losses = Vec::new();
    if decoded.base > 0 {
        losses.push(Loss::new(format!("The dump starts at address {:08x}; that byte is the first of the result", decoded.base)));
    }
    if decoded.filled > 0 {
        let missing = table::counted(decoded.filled, "byte is", "bytes are");
        let are = match (decoded.filled, decoded.fill) {
            (1, 0) => "it is zero".into(),
            (1, byte) => format!("it is {byte:02X}"),
            (_, 0) => "they are zeros".into(),
            (_, byte) => format!("they are {byte:02X}"),
        };
        losses.push(Loss::new(format!("{missing} missing between the addresses; {are} now")));
    }
    if decoded.fragment {
        losses.push(Loss::new("The part of the data URL behind # is not part of its bytes"));
    }
    losses.extend(decoded.notes.iter().map(Loss::new));
    losses
}

fn copy(input: &Buffer, out: &mut dyn Write, progress: &Progress) -> Result<(), FormatError> {
    progress.set_total(input.len().get());
    for chunk in input.chunks(ByteRange::new(Offset::ZERO, input.len())) {
        progress.check()?;
        let chunk = chunk?;
        out.write_all(&chunk).map_err(FormatError::Write)?;
        progress.advance(chunk.len() as u64);
    }
    Ok(())
}

struct Counting<'a> {
    out: &'a mut dyn Write,
    written: u64,
}

impl Write for Counting<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Memory for decoded bytes, up to [`MAX_DECODED`] or what a person chose.
pub(in crate::formats) struct Bounded {
    buffer: Buffer,
    full: bool,
    limit: u64,
}

impl Bounded {
    pub(in crate::formats) fn within(limits: Limits) -> Self {
        Self { buffer: Buffer::default(), full: false, limit: limits.or(MAX_DECODED) }
    }

    /// What was gathered, unless there was more.
    pub(in crate::formats) fn whole(self, from: Format) -> Result<Buffer, FormatError> {
        if self.full {
            let what = format!("the {} stands for more bytes than can be understood at once", from.info().name);
            return Err(Limits::refuse(what, self.limit));
        }
        Ok(self.buffer)
    }
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.full = self.buffer.len().get() + bytes.len() as u64 > self.limit;
        if self.full {
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        self.buffer.append(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
