//! `io.TextIOWrapper`: text over a stream of bytes.

mod call;
mod link;
mod read;
mod tell;
mod under;
mod write;

use super::codec::{Codec, Decoder, Encoder, NewlineDecoder, Purpose};
use super::{Exception, Newline, SeenNewlines, StreamObject, Text, Value};
use crate::buffer::Buffer;
pub use read::WrapperLines;
use under::Under;

/// How many bytes are asked for at a time.
const CHUNK_SIZE: u64 = 8192;

/// Python's `io.TextIOWrapper`: decodes what it reads from a stream of bytes, and encodes what is written to it.
///
/// It reads ahead in chunks, and keeps small writes to itself until it is flushed. It owns the stream under it: when it is dropped it
/// flushes and closes it.
///
/// ```
/// use seektell::stream::{BytesIO, StreamObject, Text, TextIOWrapper, TextOptions};
///
/// let raw = StreamObject::from(BytesIO::new("naïve\r\ncafé".as_bytes()));
/// let mut text = TextIOWrapper::new(raw.clone(), &TextOptions::default())?;
/// assert_eq!(text.read_line(None)?, Text::from("naïve\n"));
/// assert_eq!(text.tell()?, 8.into());
/// drop(text);
/// assert!(raw.with_bytes(|bytes| bytes.closed()).unwrap());
/// # Ok::<(), seektell::stream::Exception>(())
/// ```
#[derive(Debug)]
pub struct TextIOWrapper {
    buffer: Option<StreamObject>,
    life: Life,
    encoding: String,
    errors: String,
    newline: Newline,
    line_buffering: bool,
    write_through: bool,
    decoder: Option<TextDecoder>,
    encoder: Option<Encoder>,
    codec: Codec,
    seekable: bool,
    /// Whether chunks are remembered, which `tell` needs.
    telling: bool,
    has_read1: bool,
    chunk_size: u64,
    /// Encoded bytes that are not written yet.
    pending: Option<Vec<u8>>,
    /// Memory for the next ones.
    spare: Vec<u8>,
    /// The characters of the chunk that was read last.
    decoded: Option<Text>,
    /// How many of them were returned.
    used: u64,
    snapshot: Option<Snapshot>,
    /// Bytes a character had in the last chunk.
    ratio: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    /// Not set up, or setting it up again has failed.
    Uninitialised,
    Attached,
    Detached,
}

/// What the decoder was given last.
#[derive(Clone, Debug)]
struct Snapshot {
    /// The decoder's state before it.
    flags: u64,
    /// The bytes it held back then, and those it was given.
    input: Buffer,
}

/// The arguments of `io.TextIOWrapper` beside the stream.
#[derive(Clone, Debug)]
pub struct TextOptions {
    /// The encoding; `None` is UTF-8.
    pub encoding: Option<String>,
    /// The error handler.
    pub errors: String,
    /// The newline mode.
    pub newline: Newline,
    /// Whether a line end flushes.
    pub line_buffering: bool,
    /// Whether every write is passed on at once.
    pub write_through: bool,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self { encoding: None, errors: "strict".into(), newline: Newline::Universal, line_buffering: false, write_through: false }
    }
}

/// The decoder, with universal newlines around it where they are asked for.
#[derive(Clone, Debug)]
enum TextDecoder {
    Plain(Decoder),
    Universal(NewlineDecoder),
}

impl TextDecoder {
    fn new(codec: Codec, errors: &str, newline: Newline) -> Self {
        let decoder = Decoder::new(codec, errors);
        match newline {
            Newline::Universal => Self::Universal(NewlineDecoder::new(Some(decoder), true)),
            Newline::UniversalUntranslated => Self::Universal(NewlineDecoder::new(Some(decoder), false)),
            Newline::Lf | Newline::Cr | Newline::CrLf => Self::Plain(decoder),
        }
    }

    fn decode(&mut self, input: &Buffer, last: bool) -> Result<Text, Exception> {
        match self {
            Self::Plain(decoder) => decoder.decode(input, last),
            Self::Universal(decoder) => decoder.decode(input, last),
        }
    }

    fn state(&self) -> (&[u8], u64) {
        match self {
            Self::Plain(decoder) => decoder.state(),
            Self::Universal(decoder) => decoder.state(),
        }
    }

    fn set_state(&mut self, held: &[u8], flags: u64) {
        match self {
            Self::Plain(decoder) => decoder.set_state(held, flags),
            Self::Universal(decoder) => decoder.set_state(held, flags),
        }
    }

    fn reset(&mut self) {
        match self {
            Self::Plain(decoder) => decoder.reset(),
            Self::Universal(decoder) => decoder.reset(),
        }
    }
}

fn detached() -> Exception {
    Exception::value_error("underlying buffer has been detached")
}

fn closed() -> Exception {
    Exception::value_error("I/O operation on closed file.")
}

/// What `io.text_encoding(encoding)` gives for `None`: the encoding that is used where none is named.
pub const DEFAULT_ENCODING: &str = "utf-8";

/// `encoding="locale"`
fn encoding_of(name: Option<&str>) -> &str {
    match name {
        None => DEFAULT_ENCODING,
        Some("locale") => "UTF-8",
        Some(name) => name,
    }
}

impl TextIOWrapper {
    /// Text over `buffer`, which it owns from now on.
    pub fn new(buffer: StreamObject, options: &TextOptions) -> Result<Self, Exception> {
        let mut wrapper = Self::unset();
        wrapper.set_up(&Value::Stream(buffer), options)?;
        Ok(wrapper)
    }

    /// Nothing yet.
    fn unset() -> Self {
        Self {
            buffer: None,
            life: Life::Uninitialised,
            encoding: DEFAULT_ENCODING.into(),
            errors: "strict".into(),
            newline: Newline::Universal,
            line_buffering: false,
            write_through: false,
            decoder: None,
            encoder: None,
            codec: Codec::UTF8,
            seekable: false,
            telling: false,
            has_read1: false,
            chunk_size: CHUNK_SIZE,
            pending: None,
            spare: Vec::new(),
            decoded: None,
            used: 0,
            snapshot: None,
            ratio: 0.0,
        }
    }

    /// Sets it up, first or again; where that fails it can be used no more.
    fn set_up(&mut self, buffer: &Value, options: &TextOptions) -> Result<(), Exception> {
        // What was under it before goes as soon as nothing is in the middle of a change.
        let _before = self.buffer.take();
        *self = Self::unset();
        encoding_of(options.encoding.as_deref()).clone_into(&mut self.encoding);
        let codec = Codec::find(&self.encoding, Purpose::Open)?;
        self.errors.clone_from(&options.errors);
        self.newline = options.newline;
        self.line_buffering = options.line_buffering;
        self.write_through = options.write_through;
        let Value::Stream(buffer) = buffer else {
            return Err(buffer.no_attribute("readable"));
        };
        let under = Under(buffer);
        self.set_codec(under, codec)?;
        self.seekable = under.answer("seekable")?;
        self.telling = self.seekable;
        self.has_read1 = buffer.has_method("read1");
        self.fix_encoder(under)?;
        self.buffer = Some(buffer.clone());
        self.life = Life::Attached;
        Ok(())
    }

    /// Makes the decoder and the encoder, as far as the stream can be read and written.
    fn set_codec(&mut self, under: Under<'_>, codec: Codec) -> Result<(), Exception> {
        let can_read = under.answer("readable")?;
        self.decoder = can_read.then(|| TextDecoder::new(codec, &self.errors, self.newline));
        let can_write = under.answer("writable")?;
        self.encoder = can_write.then(|| Encoder::new(codec, &self.errors));
        self.codec = codec;
        Ok(())
    }

    /// No byte order mark in the middle of a stream.
    fn fix_encoder(&mut self, under: Under<'_>) -> Result<(), Exception> {
        let Some(encoder) = &mut self.encoder else { return Ok(()) };
        if self.seekable {
            if under.tell()? != 0 {
                encoder.set_state(0);
            }
        } else if self.codec.is_marked_wide() {
            encoder.set_state(0);
        }
        Ok(())
    }

    fn attached(&self) -> Result<&StreamObject, Exception> {
        match (&self.buffer, self.life) {
            (Some(buffer), Life::Attached) => Ok(buffer),
            (_, Life::Uninitialised) => Err(Exception::value_error("I/O operation on uninitialized object")),
            _ => Err(detached()),
        }
    }

    fn under(&self) -> Result<Under<'_>, Exception> {
        self.attached().map(Under)
    }

    /// The stream under it, if it can be worked with.
    #[inline]
    fn open(&self) -> Result<Under<'_>, Exception> {
        let under = self.under()?;
        if under.is_closed()? { Err(closed()) } else { Ok(under) }
    }

    /// The stream under it; `None` once detached.
    pub fn buffer(&self) -> Option<&StreamObject> {
        self.buffer.as_ref()
    }

    /// The encoding, spelled as it was given.
    pub fn encoding(&self) -> &str {
        &self.encoding
    }

    /// The error handler.
    pub fn errors(&self) -> &str {
        &self.errors
    }

    /// The newline mode.
    pub fn newline(&self) -> Newline {
        self.newline
    }

    /// Python's `closed`: that of the stream under it.
    pub fn closed(&self) -> Result<bool, Exception> {
        self.under()?.is_closed()
    }

    /// The line ends that were read so far, in the universal modes: Python's `newlines`.
    pub fn seen_newlines(&self) -> SeenNewlines {
        match &self.decoder {
            Some(TextDecoder::Universal(decoder)) => decoder.seen(),
            _ => SeenNewlines::default(),
        }
    }

    /// How many bytes it asks for at a time: Python's `_CHUNK_SIZE`.
    pub fn chunk_size(&self) -> u64 {
        self.chunk_size
    }

    /// Sets [`TextIOWrapper::chunk_size`]; 0 is a `ValueError`.
    pub fn set_chunk_size(&mut self, size: u64) -> Result<(), Exception> {
        if size == 0 {
            return Err(Exception::value_error("a strictly positive integer is required"));
        }
        self.chunk_size = size;
        Ok(())
    }

    /// Forgets the characters that were read ahead.
    fn forget_decoded(&mut self) {
        self.decoded = None;
        self.used = 0;
    }

    /// `flush()`: passes on what is pending, and flushes the stream under it.
    pub fn flush(&mut self) -> Result<(), Exception> {
        self.open()?;
        self.telling = self.seekable;
        self.write_pending()?;
        self.under()?.call("flush", &[]).map(|_| ())
    }

    /// `close()`: flushes, and closes the stream under it even where that fails.
    pub fn close(&mut self) -> Result<(), Exception> {
        if self.under()?.is_closed()? {
            return Ok(());
        }
        let flushed = self.flush();
        self.under()?.call("close", &[])?;
        flushed
    }

    /// `detach()`: flushes and gives the stream back; nothing but this then works on the wrapper.
    pub fn detach(&mut self) -> Result<StreamObject, Exception> {
        self.attached()?;
        self.flush()?;
        self.life = Life::Detached;
        self.buffer.take().ok_or_else(detached)
    }

    /// `truncate(size)`; `None` cuts at the cursor of the stream under it, which has run ahead of [`TextIOWrapper::tell`].
    pub fn truncate(&mut self, size: Option<i64>) -> Result<Value, Exception> {
        self.truncate_value(&size.map_or(Value::None, Value::from))
    }

    fn truncate_value(&mut self, size: &Value) -> Result<Value, Exception> {
        self.attached()?;
        self.flush()?;
        self.under()?.call("truncate", std::slice::from_ref(size))
    }

    /// `reconfigure(...)`: what is `None` stays, except that another encoding comes with `strict`.
    pub fn reconfigure(&mut self, change: &Reconfigure) -> Result<(), Exception> {
        let changes = change.encoding.is_some() || change.errors.is_some() || change.newline.is_some();
        if self.decoded.is_some() && changes {
            let message = "It is not possible to set the encoding or newline of stream after the first read";
            return Err(Exception::unsupported(message));
        }
        self.attached()?;
        self.flush()?;
        self.ratio = 0.0;
        if let Some(newline) = change.newline {
            self.newline = newline;
        }
        if changes {
            let encoding = change.encoding.as_deref().map_or(&*self.encoding, |name| encoding_of(Some(name))).to_owned();
            let errors = match (&change.errors, &change.encoding) {
                (Some(errors), _) => errors.clone(),
                (None, Some(_)) => "strict".into(),
                (None, None) => self.errors.clone(),
            };
            let codec = Codec::find(&encoding, Purpose::Open)?;
            let buffer = self.attached()?.clone();
            (self.encoding, self.errors) = (encoding, errors);
            self.set_codec(Under(&buffer), codec)?;
            self.fix_encoder(Under(&buffer))?;
        }
        self.line_buffering = change.line_buffering.unwrap_or(self.line_buffering);
        self.write_through = change.write_through.unwrap_or(self.write_through);
        Ok(())
    }
}

/// The arguments of `reconfigure`.
#[derive(Clone, Debug, Default)]
pub struct Reconfigure {
    /// Another encoding.
    pub encoding: Option<String>,
    /// Another error handler.
    pub errors: Option<String>,
    /// Another newline mode.
    pub newline: Option<Newline>,
    /// Whether a line end flushes.
    pub line_buffering: Option<bool>,
    /// Whether every write is passed on at once.
    pub write_through: Option<bool>,
}

/// The end of the wrapper is the end of the stream under it; an error has nowhere to go.
impl Drop for TextIOWrapper {
    fn drop(&mut self) {
        if matches!(self.closed(), Ok(false)) {
            let _ = self.close();
        }
    }
}
