//! The error handlers: what becomes of bytes and characters that a codec cannot take.

use super::super::{Exception, Text, UnicodeProblem, Value};
use super::units::Units;
use crate::buffer::Buffer;

/// The `errors` of a codec. An unknown name is an error only when the handler is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Handler {
    Strict,
    Ignore,
    Replace,
    BackslashReplace,
    XmlCharRefReplace,
    NameReplace,
    SurrogateEscape,
    SurrogatePass,
    Unknown(String),
}

impl Handler {
    pub(super) fn of(name: &str) -> Self {
        match name {
            "strict" => Self::Strict,
            "ignore" => Self::Ignore,
            "replace" => Self::Replace,
            "backslashreplace" => Self::BackslashReplace,
            "xmlcharrefreplace" => Self::XmlCharRefReplace,
            "namereplace" => Self::NameReplace,
            "surrogateescape" => Self::SurrogateEscape,
            "surrogatepass" => Self::SurrogatePass,
            other => Self::Unknown(other.to_owned()),
        }
    }

    fn unknown(name: &str) -> Exception {
        Exception::lookup(format!("unknown error handler name '{name}'"))
    }
}

/// One call of a decoder.
pub(super) struct Decoding<'a> {
    pub(super) handler: &'a Handler,
    /// The codec's name for itself.
    pub(super) encoding: &'static str,
    /// All of its input.
    pub(super) input: &'a [u8],
}

impl Decoding<'_> {
    /// The handler's answer to `input[start..end]`: what to put in its place goes to `out`; decoding goes on at the result.
    #[cold]
    pub(super) fn problem(&self, start: usize, end: usize, reason: &str, out: &mut Units) -> Result<usize, Exception> {
        let bytes = &self.input[start..end];
        match self.handler {
            Handler::Ignore => Ok(end),
            Handler::Replace => {
                out.push(0xFFFD);
                Ok(end)
            }
            Handler::BackslashReplace => {
                for byte in bytes {
                    out.push_latin1(format!("\\x{byte:02x}").as_bytes());
                }
                Ok(end)
            }
            Handler::SurrogateEscape => {
                let escaped = bytes.iter().take(4).take_while(|&&byte| byte >= 0x80).count();
                if escaped == 0 {
                    return Err(self.error(start, end, reason));
                }
                for &byte in &bytes[..escaped] {
                    out.push(0xDC00 + u32::from(byte));
                }
                Ok(start + escaped)
            }
            Handler::SurrogatePass => match passed_surrogate(self.encoding, &self.input[start..]) {
                Some((point, len)) => {
                    out.push(point);
                    Ok(start + len)
                }
                None => Err(self.error(start, end, reason)),
            },
            Handler::XmlCharRefReplace | Handler::NameReplace => {
                Err(Exception::type_error("don't know how to handle UnicodeDecodeError in error callback"))
            }
            Handler::Unknown(name) => Err(Handler::unknown(name)),
            Handler::Strict => Err(self.error(start, end, reason)),
        }
    }

    fn error(&self, start: usize, end: usize, reason: &str) -> Exception {
        Exception::from_unicode(UnicodeProblem {
            encoding: self.encoding.to_owned(),
            object: Value::Bytes(Buffer::from(self.input)),
            start: start as u64,
            end: end as u64,
            reason: reason.to_owned(),
        })
    }
}

/// How many bytes a unit has in the encodings that can carry surrogates, and whether the first byte is the most significant.
fn unit_of(encoding: &str) -> Option<(usize, bool)> {
    match encoding {
        "utf-8" => Some((3, false)),
        "utf-16" | "utf-16-le" => Some((2, false)),
        "utf-16-be" => Some((2, true)),
        "utf-32" | "utf-32-le" => Some((4, false)),
        "utf-32-be" => Some((4, true)),
        _ => None,
    }
}

fn passed_surrogate(encoding: &str, bytes: &[u8]) -> Option<(u32, usize)> {
    let (len, big) = unit_of(encoding)?;
    let point = match (bytes.get(..len)?, big) {
        (&[a, b, c], _) if a & 0xF0 == 0xE0 && b & 0xC0 == 0x80 && c & 0xC0 == 0x80 => {
            u32::from(a & 0x0F) << 12 | u32::from(b & 0x3F) << 6 | u32::from(c & 0x3F)
        }
        (&[a, b], false) => u16::from_le_bytes([a, b]).into(),
        (&[a, b], true) => u16::from_be_bytes([a, b]).into(),
        (&[a, b, c, d], false) => u32::from_le_bytes([a, b, c, d]),
        (&[a, b, c, d], true) => u32::from_be_bytes([a, b, c, d]),
        _ => return None,
    };
    is_surrogate(point).then_some((point, len))
}

pub(super) const fn is_surrogate(point: u32) -> bool {
    matches!(point, 0xD800..=0xDFFF)
}

/// What a handler puts in the place of characters.
pub(super) enum Replacement {
    /// ASCII, which the codec encodes.
    Text(String),
    /// Bytes as they are.
    Bytes(Vec<u8>),
}

/// One call of an encoder.
pub(super) struct Encoding<'a> {
    pub(super) handler: &'a Handler,
    /// The codec's name for itself.
    pub(super) encoding: &'static str,
    /// What it says of characters that it has not.
    pub(super) reason: &'static str,
    /// All of its input.
    pub(super) text: &'a Text,
}

impl Encoding<'_> {
    /// The handler's answer to the characters `points`, which begin at `start`. Encoding goes on behind them.
    #[cold]
    pub(super) fn problem(&self, start: usize, points: &[u32]) -> Result<Replacement, Exception> {
        let error = || self.error(start, start + points.len());
        match self.handler {
            Handler::Ignore => Ok(Replacement::Text(String::new())),
            Handler::Replace => Ok(Replacement::Text("?".repeat(points.len()))),
            Handler::BackslashReplace => Ok(Replacement::Text(points.iter().map(|&point| escaped(point)).collect())),
            Handler::XmlCharRefReplace => Ok(Replacement::Text(points.iter().map(|point| format!("&#{point};")).collect())),
            Handler::NameReplace => Ok(Replacement::Text(points.iter().map(|&point| named(point)).collect())),
            Handler::SurrogateEscape => {
                let escape = |&point: &u32| matches!(point, 0xDC80..=0xDCFF).then_some(point as u8);
                points.iter().map(escape).collect::<Option<_>>().map(Replacement::Bytes).ok_or_else(error)
            }
            Handler::SurrogatePass => {
                let (len, big) = unit_of(self.encoding).ok_or_else(error)?;
                let mut bytes = Vec::with_capacity(points.len() * len);
                for &point in points {
                    match len {
                        _ if !is_surrogate(point) => return Err(error()),
                        3 => super::super::text::push_utf8(&mut bytes, point),
                        len if big => bytes.extend_from_slice(&point.to_be_bytes()[4 - len..]),
                        len => bytes.extend_from_slice(&point.to_le_bytes()[..len]),
                    }
                }
                Ok(Replacement::Bytes(bytes))
            }
            Handler::Unknown(name) => Err(Handler::unknown(name)),
            Handler::Strict => Err(error()),
        }
    }

    /// The exception for the characters from `start` up to `end`.
    #[cold]
    pub(super) fn error(&self, start: usize, end: usize) -> Exception {
        Exception::from_unicode(UnicodeProblem {
            encoding: self.encoding.to_owned(),
            object: Value::Str(self.text.clone()),
            start: start as u64,
            end: end as u64,
            reason: self.reason.to_owned(),
        })
    }
}

fn escaped(point: u32) -> String {
    match point {
        ..=0xFF => format!("\\x{point:02x}"),
        0x100..=0xFFFF => format!("\\u{point:04x}"),
        _ => format!("\\U{point:08x}"),
    }
}

/// The characters of Unicode 14 that have a name and yet are not printable: spaces and what steers the others. The names come from a
/// newer Unicode, whose new characters have none in Python 3.11.
const INVISIBLE: [std::ops::RangeInclusive<u32>; 24] = [
    0xA0..=0xA0,
    0xAD..=0xAD,
    0x600..=0x605,
    0x61C..=0x61C,
    0x6DD..=0x6DD,
    0x70F..=0x70F,
    0x890..=0x891,
    0x8E2..=0x8E2,
    0x1680..=0x1680,
    0x180E..=0x180E,
    0x2000..=0x200F,
    0x2028..=0x202F,
    0x205F..=0x2064,
    0x2066..=0x206F,
    0x3000..=0x3000,
    0xFEFF..=0xFEFF,
    0xFFF9..=0xFFFB,
    0x110BD..=0x110BD,
    0x110CD..=0x110CD,
    0x13430..=0x13438,
    0x1BCA0..=0x1BCA3,
    0x1D173..=0x1D17A,
    0xE0001..=0xE0001,
    0xE0020..=0xE007F,
];

/// The name that Unicode gives a character, which an escape can stand for.
fn named(point: u32) -> String {
    let assigned = super::super::is_printable(point) || INVISIBLE.iter().any(|range| range.contains(&point));
    let name = char::from_u32(point).filter(|_| assigned).and_then(unicode_names2::name);
    name.map_or_else(|| escaped(point), |name| format!("\\N{{{name}}}"))
}
