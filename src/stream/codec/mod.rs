//! Python's text encodings: from bytes to text and back, at once or piece by piece.
//!
//! The charsets of one byte a character, those of East Asia, UTF-8, UTF-16 and UTF-32 are CPython's, with its names, error handlers and
//! exceptions.
//!
//! ```
//! use seektell::stream::{Text, codec};
//!
//! let bytes = codec::encode(&Text::from("naïve €"), "cp1252", "strict")?;
//! assert_eq!(bytes.to_vec_all().unwrap(), b"na\xEFve \x80");
//! assert_eq!(codec::decode(&bytes, "windows-1252", "strict")?, Text::from("naïve €"));
//! let error = codec::decode(&bytes, "utf-8", "strict").unwrap_err();
//! assert_eq!(error.to_string(), "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xef in position 2: invalid continuation byte");
//! # Ok::<(), seektell::stream::Exception>(())
//! ```

mod aliases;
mod charmap_tables;
mod charset;
mod families;
mod handler;
mod incremental;
mod multibyte;
mod name;
mod newline_decoder;
mod single;
mod units;
mod utf8;
mod wide;

use std::borrow::Cow;

pub use charset::{Character, Charset};
pub use incremental::{Decoder, Encoder};
pub use name::Purpose;
pub use newline_decoder::NewlineDecoder;
pub(super) use newline_decoder::find_unit;
pub(super) use utf8::not_in_utf8;

use super::text::Width;
use super::{Exception, ExceptionKind, Text};
use crate::buffer::{Buffer, ByteRange, Offset};
use handler::{Decoding, Encoding, Handler};
use multibyte::Charset as Multibyte;
use single::Charmap;
use wide::Order;

/// A codec for text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Codec(Kind);

#[derive(Clone, Copy, Debug)]
enum Kind {
    Utf8,
    /// Begins with a byte order mark.
    Utf8Sig,
    /// UTF-16 and UTF-32 by the bytes of a unit; without an order a byte order mark says it.
    Wide(usize, Option<Order>),
    Latin1,
    Ascii,
    Charmap(&'static Charmap),
    Multibyte(Multibyte),
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Utf8, Self::Utf8) | (Self::Utf8Sig, Self::Utf8Sig) => true,
            (Self::Latin1, Self::Latin1) | (Self::Ascii, Self::Ascii) => true,
            (Self::Wide(a, b), Self::Wide(c, d)) => (a, b) == (c, d),
            (Self::Charmap(a), Self::Charmap(b)) => std::ptr::eq(*a, *b),
            (Self::Multibyte(a), Self::Multibyte(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Kind {}

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// What a decoder made of its input.
struct Decoded {
    text: Text,
    /// How many bytes it is done with; the others are the start of something.
    consumed: usize,
    /// Whether it is known that there is no `\r` in the text, so that nobody need look for one.
    no_cr: bool,
}

impl Decoded {
    fn new(text: Text, consumed: usize) -> Self {
        Self { text, consumed, no_cr: false }
    }

    fn all(text: Text, input: &[u8]) -> Self {
        Self::new(text, input.len())
    }
}

/// Of bytes that are all ASCII, whether there is a `\r` among them; in portions that stay in the cache from one look to the next.
fn ascii_with_cr(bytes: &[u8]) -> Option<bool> {
    let mut has_cr = false;
    for block in bytes.chunks(1 << 14) {
        if !block.is_ascii() {
            return None;
        }
        has_cr = has_cr || memchr::memchr(b'\r', block).is_some();
    }
    Some(has_cr)
}

impl Codec {
    /// UTF-8.
    pub const UTF8: Self = Self(Kind::Utf8);

    /// Whether it is UTF-16 or UTF-32 with a byte order mark.
    pub(super) const fn is_marked_wide(self) -> bool {
        matches!(self.0, Kind::Wide(_, None))
    }

    /// Whether it has sequences of several bytes, whose start a decoder keeps until the end comes.
    pub(super) const fn keeps_bytes(self) -> bool {
        !matches!(self.0, Kind::Latin1 | Kind::Ascii | Kind::Charmap(_))
    }

    /// Whether its decoder joins what it keeps with what it is given as Python code does, which shows in its exceptions.
    pub(super) const fn joins_bytes(self) -> bool {
        self.keeps_bytes() && !matches!(self.0, Kind::Multibyte(_))
    }

    /// The codec with this name. `LookupError` for a name that means nothing or not a codec for text.
    pub fn find(name: &str, purpose: Purpose) -> Result<Self, Exception> {
        name::find(name, purpose)
    }

    /// Decodes without a state of its own; of a byte order mark that may stand in front the order is the caller's business.
    fn decode(self, handler: &Handler, input: &Input<'_>, last: bool) -> Result<Decoded, Exception> {
        let bytes = input.bytes();
        let call = |encoding| Decoding { handler, encoding, input: bytes };
        match self.0 {
            Kind::Latin1 => Ok(Decoded::all(input.as_latin1(), bytes)),
            Kind::Utf8 | Kind::Utf8Sig | Kind::Ascii => match ascii_with_cr(bytes) {
                // What is in memory already is shared.
                Some(has_cr) => Ok(Decoded { no_cr: !has_cr, ..Decoded::all(input.as_latin1(), bytes) }),
                None if self.0 == Kind::Ascii => single::decode_ascii(&call("ascii")).map(|text| Decoded::all(text, bytes)),
                None => match input.shared.and_then(|shared| Text::share_utf8(shared, bytes)) {
                    Some((text, has_cr)) => Ok(Decoded { no_cr: !has_cr, ..Decoded::all(text, bytes) }),
                    None => utf8::decode(&call("utf-8"), last),
                },
            },
            Kind::Charmap(map) => single::decode_charmap(&call("charmap"), map).map(|text| Decoded::all(text, bytes)),
            Kind::Wide(unit, order) => decode_wide(handler, input, unit, 0, order.unwrap_or(Order::Little), last),
            Kind::Multibyte(charset) => multibyte::decode(charset, handler, input).map(|text| Decoded::all(text, bytes)),
        }
    }

    /// All of a text; `marked` for a byte order mark in front where the encoding has one.
    fn encode(self, handler: &Handler, text: &Text, marked: bool) -> Result<Buffer, Exception> {
        match self.0 {
            Kind::Latin1 => single::encode_below(handler, text, 0x100),
            Kind::Ascii => single::encode_below(handler, text, 0x80),
            Kind::Charmap(map) => single::encode_charmap(handler, text, map),
            Kind::Multibyte(charset) => multibyte::encode(charset, &mut charset.encoder_start(), handler, text, true),
            Kind::Wide(unit, None) if !marked => wide::encode(handler, text, unit, Some(Order::Little)),
            Kind::Wide(unit, order) => wide::encode(handler, text, unit, order),
            Kind::Utf8 | Kind::Utf8Sig => {
                let encoded = utf8::encode(&Encoding { handler, encoding: "utf-8", reason: utf8::REASON, text })?;
                if self.0 == Kind::Utf8 || !marked {
                    return Ok(encoded);
                }
                let mut out = Buffer::from(UTF8_MARK);
                out.append_buffer(&encoded);
                Ok(out)
            }
        }
    }
}

/// Python's `str.encode(encoding, errors)`.
pub fn encode(text: &Text, encoding: &str, errors: &str) -> Result<Buffer, Exception> {
    let encoded = Codec::find(encoding, Purpose::Encode)?.encode(&Handler::of(errors), text, true);
    encoded.map_err(|exception| failed(exception, "encoding", encoding))
}

/// What an exception becomes that a codec raises for other reasons than its input.
#[cold]
fn failed(exception: Exception, doing: &str, encoding: &str) -> Exception {
    let wrapped = matches!(exception.kind, ExceptionKind::Type | ExceptionKind::Lookup | ExceptionKind::Runtime);
    if !wrapped || name::is_built_in(encoding) {
        return exception;
    }
    Exception::new(exception.kind, format!("{doing} with '{encoding}' codec failed ({exception})"))
}

/// Python's `bytes.decode(encoding, errors)` and `str(bytes, encoding, errors)`.
pub fn decode(bytes: &Buffer, encoding: &str, errors: &str) -> Result<Text, Exception> {
    // Nothing is not even looked at: the encoding may be anything.
    if bytes.is_empty() {
        return Ok(Text::default());
    }
    let codec = Codec::find(encoding, Purpose::Decode)?;
    let handler = Handler::of(errors);
    let input = Input::of(bytes)?;
    match codec.0 {
        Kind::Utf8Sig if input.bytes().starts_with(UTF8_MARK) => {
            let rest = bytes.slice(ByteRange::between(Offset(3), Offset(u64::MAX)));
            codec.decode(&handler, &Input::of(&rest)?, true)
        }
        Kind::Wide(unit, None) => decode_marked(&handler, &input, unit, true).map(|(decoded, _)| decoded),
        _ => codec.decode(&handler, &input, true),
    }
    .map(|decoded| decoded.text)
    .map_err(|exception| failed(exception, "decoding", encoding))
}

/// UTF-16 or UTF-32 with a byte order mark, which is told, or without one in this machine's order.
fn decode_marked(handler: &Handler, input: &Input<'_>, unit: usize, last: bool) -> Result<(Decoded, Option<Order>), Exception> {
    let mark = wide::byte_order_mark(unit, input.bytes());
    let (order, at) = (mark.unwrap_or(Order::Little), if mark.is_some() { unit } else { 0 });
    let decoded = decode_wide(handler, input, unit, at, order, last)?;
    Ok((decoded, mark))
}

/// UTF-16 or UTF-32 from `at` on.
fn decode_wide(
    handler: &Handler,
    input: &Input<'_>,
    unit: usize,
    at: usize,
    order: Order,
    last: bool,
) -> Result<Decoded, Exception> {
    let bytes = input.bytes();
    if unit == 4 {
        return wide::decode_32(handler, bytes, at, order, last);
    }
    // The units of a text are what the bytes are already.
    if let (Some(shared), Order::Little) = (input.shared, order)
        && wide::is_text_of_two(&bytes[at..])
    {
        let units = shared.slice(ByteRange::between(Offset(at as u64), Offset(u64::MAX)));
        return Ok(Decoded::all(Text::from_units(Width::Two, units), bytes));
    }
    wide::decode_16(handler, bytes, at, order, last)
}

/// Bytes to decode, in one run.
struct Input<'a> {
    run: Cow<'a, [u8]>,
    /// The same bytes where they are in memory for others too.
    shared: Option<&'a Buffer>,
}

impl<'a> Input<'a> {
    fn of(bytes: &'a Buffer) -> Result<Self, Exception> {
        match bytes.contiguous(Offset::ZERO) {
            Some(run) if run.len() as u64 == bytes.len().get() => Ok(Self { run: Cow::Borrowed(run), shared: Some(bytes) }),
            _ => Ok(Self { run: Cow::Owned(bytes.to_vec_all()?), shared: None }),
        }
    }

    fn bytes(&self) -> &[u8] {
        &self.run
    }

    /// Every byte as the code point of the same number.
    fn as_latin1(&self) -> Text {
        Text::from_latin1(self.shared.cloned().unwrap_or_else(|| Buffer::from(&*self.run)))
    }
}

impl From<Vec<u8>> for Input<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self { run: Cow::Owned(bytes), shared: None }
    }
}

/// The text of bytes that are UTF-8, in units.
pub(super) fn utf8_text(bytes: &[u8]) -> Text {
    let mut units = units::Units::default();
    units.push_utf8(bytes);
    units.into_text()
}

/// The units of a text in one run.
fn units_of(text: &Text) -> Result<Cow<'_, [u8]>, Exception> {
    match text.units().contiguous(Offset::ZERO) {
        Some(run) if run.len() as u64 == text.units().len().get() => Ok(Cow::Borrowed(run)),
        _ => Ok(Cow::Owned(text.units().to_vec_all()?)),
    }
}

/// Each code point of `units`, until one fails.
#[inline]
fn each_point(width: Width, units: &[u8], mut work: impl FnMut(u32) -> Result<(), Exception>) -> Result<(), Exception> {
    match width {
        Width::One => units.iter().try_for_each(|&unit| work(unit.into())),
        Width::Two => units.as_chunks().0.iter().try_for_each(|unit| work(u16::from_le_bytes(*unit).into())),
        Width::Four => units.as_chunks().0.iter().try_for_each(|unit| work(u32::from_le_bytes(*unit))),
    }
}
