//! The newline modes of text streams.

use super::text::Width;
use super::{Exception, Text, Value};
use crate::buffer::Buffer;

/// The `newline` argument of a text stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Newline {
    /// `None`: universal, translated to `\n`.
    Universal,
    /// `''`: universal, untranslated.
    UniversalUntranslated,
    /// `'\n'`: no translation; `StringIO`'s default.
    #[default]
    Lf,
    /// `'\r'`
    Cr,
    /// `'\r\n'`
    CrLf,
}

/// Which line ends were written to a text stream in a universal mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SeenNewlines {
    /// A lone `\r`.
    pub cr: bool,
    /// A lone `\n`.
    pub lf: bool,
    /// `\r\n`
    pub crlf: bool,
}

impl SeenNewlines {
    /// Python's `newlines` attribute: `None`, a string, or a tuple of strings.
    pub fn to_value(self) -> Value {
        let all = [(self.cr, "\r"), (self.lf, "\n"), (self.crlf, "\r\n")];
        let mut seen = all.into_iter().filter(|(seen, _)| *seen).map(|(_, end)| Value::from(end)).collect::<Vec<_>>();
        if seen.len() > 1 { Value::Tuple(seen) } else { seen.pop().unwrap_or(Value::None) }
    }
}

impl Newline {
    /// Python's value of the argument.
    pub fn to_value(self) -> Value {
        match self {
            Self::Universal => Value::None,
            Self::UniversalUntranslated => Value::from(""),
            Self::Lf => Value::from("\n"),
            Self::Cr => Value::from("\r"),
            Self::CrLf => Value::from("\r\n"),
        }
    }

    /// From Python's argument: `TypeError` for what is neither `str` nor `None`, `ValueError` for another string.
    pub fn from_value(value: &Value) -> Result<Self, Exception> {
        let text = match value {
            Value::None => return Ok(Self::Universal),
            Value::Str(text) => text,
            other => return Err(Exception::type_error(format!("newline must be str or None, not {}", other.type_name()))),
        };
        if let Some(at) = text.code_points().position(|point| (0xD800..0xE000).contains(&point)) {
            return Err(super::codec::not_in_utf8(text, at as u64));
        }
        // CPython looks at it as a C string, which ends at the first NUL.
        let text = text.slice(0, 3).code_points().take_while(|&point| point != 0).collect::<Vec<_>>();
        match text[..] {
            [] => Ok(Self::UniversalUntranslated),
            [10] => Ok(Self::Lf),
            [13] => Ok(Self::Cr),
            [13, 10] => Ok(Self::CrLf),
            _ => Err(Exception::value_error(format!("illegal newline value: {}", value.repr()))),
        }
    }

    /// What a write of `text` puts into the stream, and the line ends it has in a universal mode. Each write stands for itself:
    /// a `\r` at the end of one and a `\n` at the start of the next are two line ends. `None` where nothing changes.
    pub(super) fn translate(self, text: &Text, seen: &mut SeenNewlines) -> Option<Text> {
        let replacement: &[u8] = match self {
            Self::Lf => return None,
            Self::UniversalUntranslated => {
                *seen = note(text, *seen);
                return None;
            }
            Self::Universal => {
                let before = *seen;
                *seen = note(text, before);
                let new = note(text, SeenNewlines::default());
                if !(new.cr || new.crlf) {
                    return None;
                }
                return Some(translate_to_lf(text));
            }
            Self::Cr => b"\r",
            Self::CrLf => b"\r\n",
        };
        let width = text.width();
        let mut units = Vec::new();
        if width == Width::One {
            let bytes = text.units().to_vec_all().unwrap_or_default();
            let mut rest = &bytes[..];
            while let Some(n) = memchr::memchr(b'\n', rest) {
                units.extend_from_slice(&rest[..n]);
                units.extend_from_slice(replacement);
                rest = &rest[n + 1..];
            }
            if units.is_empty() && rest.len() == bytes.len() {
                return None;
            }
            units.extend_from_slice(rest);
        } else {
            for point in text.points() {
                if point == 10 {
                    for &byte in replacement {
                        width.push(&mut units, byte.into());
                    }
                } else {
                    width.push(&mut units, point);
                }
            }
        }
        Some(Text::from_units(width, Buffer::from(units)))
    }
}

fn note(text: &Text, mut seen: SeenNewlines) -> SeenNewlines {
    if text.width() == Width::One && text.len() < 1 << 16 {
        let bytes = text.units().to_vec_all().unwrap_or_default();
        if memchr::memchr2(b'\r', b'\n', &bytes).is_none() {
            return seen;
        }
    }
    let mut after_cr = false;
    for point in text.points() {
        match point {
            10 if after_cr => seen.crlf = true,
            10 => seen.lf = true,
            _ if after_cr => seen.cr = true,
            _ => {}
        }
        after_cr = point == 13;
    }
    seen.cr |= after_cr;
    seen
}

fn translate_to_lf(text: &Text) -> Text {
    let width = text.width();
    let mut units = Vec::new();
    let mut after_cr = false;
    for point in text.points() {
        if !(point == 10 && after_cr) {
            width.push(&mut units, if point == 13 { 10 } else { point });
        }
        after_cr = point == 13;
    }
    Text::from_units(width, Buffer::from(units))
}
