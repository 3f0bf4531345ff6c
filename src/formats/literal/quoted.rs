//! Strings with escapes: bytes literals of Python, and strings as most languages write them.

use super::plain::digits;
use super::{Choices, Style};
use crate::formats::dump::sink::Sink;
use crate::formats::dump::{Decode, Decoded, Encode, malformed, named};
use crate::formats::{Format, FormatError};

pub(super) struct Encoder {
    python: bool,
    name: String,
    line: u64,
    len: u64,
    done: u64,
    /// The last byte was written with hex digits: C reads a digit behind them as one more.
    hex: bool,
}

impl Encoder {
    pub(super) fn new(style: Style, choices: &Choices, len: u64) -> Self {
        let python = style == Style::Python;
        Self { python, name: choices.name.clone(), line: choices.line(style), len, done: 0, hex: false }
    }

    fn open(&self, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        match self.python {
            false => sink.push(b"\""),
            true if self.len > self.line => sink.push(format!("{} = (", self.name).as_bytes()),
            true => sink.push(format!("{} = b'", self.name).as_bytes()),
        }
    }

    fn put(&mut self, byte: u8, out: &mut Vec<u8>) {
        let quote = if self.python { b'\'' } else { b'"' };
        let after_hex = std::mem::replace(&mut self.hex, false) && !self.python;
        match byte {
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\\' => out.extend_from_slice(b"\\\\"),
            _ if byte == quote => out.extend_from_slice(&[b'\\', quote]),
            0x20..=0x7E if !(after_hex && byte.is_ascii_hexdigit()) => out.push(byte),
            _ => {
                let [high, low] = digits(byte, !self.python);
                out.extend_from_slice(&[b'\\', b'x', high, low]);
                self.hex = true;
            }
        }
    }
}

impl Encode for Encoder {
    fn feed(&mut self, bytes: &[u8], sink: &mut Sink<'_>) -> Result<(), FormatError> {
        let wraps = self.python && self.len > self.line;
        for &byte in bytes {
            if self.done == 0 {
                self.open(sink)?;
            }
            if wraps && self.done.is_multiple_of(self.line) {
                sink.push(if self.done == 0 { b"\n    b'" } else { b"'\n    b'" })?;
            }
            self.done += 1;
            self.put(byte, sink.block());
            sink.settle()?;
        }
        Ok(())
    }

    fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        if self.done == 0 {
            self.open(sink)?;
        }
        match self.python {
            false => sink.push(b"\""),
            true if self.len > self.line => sink.push(b"'\n)\n"),
            true => sink.push(b"'\n"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    /// Between literals.
    Outside,
    Comment,
    /// Behind a first quote, and behind a second one.
    Opening(u8),
    Twice(u8),
    Inside,
    /// Behind one or two of the three closing quotes.
    Closing(u8),
    Backslash,
    /// Behind `\x`, `\u`, `\U`: digits that are missing, and their value.
    Digits {
        left: u8,
        value: u32,
        unicode: bool,
    },
    /// Behind `\u{`.
    Braces {
        value: u32,
    },
    /// Behind `\` and octal digits.
    Octal {
        left: u8,
        value: u32,
    },
}

pub(super) struct Decoder {
    python: bool,
    state: State,
    quote: u8,
    triple: bool,
    raw: bool,
    /// The text has no quotes: all of it is the string.
    bare: bool,
    /// Letters before a quote.
    prefix: Vec<u8>,
    literals: u64,
    /// Where the escape or the literal begins.
    start: u64,
    /// Line ends at the end of a string without quotes.
    held: Vec<u8>,
    /// Whether something that is no literal came after one.
    fresh: bool,
    end: u64,
}

impl Decoder {
    pub(super) fn new(style: Style) -> Self {
        Self {
            python: style == Style::Python,
            state: State::Outside,
            quote: b'"',
            triple: false,
            raw: false,
            bare: false,
            prefix: Vec::new(),
            literals: 0,
            start: 0,
            held: Vec::new(),
            fresh: true,
            end: 0,
        }
    }

    fn wrong(what: impl Into<String>, at: u64) -> FormatError {
        malformed(Format::Text, what, at)
    }

    fn step(&mut self, byte: u8, at: u64, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        match self.state {
            State::Outside => self.outside(byte, at, sink),
            State::Comment => {
                if byte == b'\n' {
                    self.state = State::Outside;
                }
                Ok(())
            }
            State::Opening(quote) if byte == quote && self.python => {
                self.state = State::Twice(quote);
                Ok(())
            }
            State::Opening(_) => {
                self.state = State::Inside;
                self.inside(byte, at, sink)
            }
            State::Twice(quote) if byte == quote => {
                (self.triple, self.state) = (true, State::Inside);
                Ok(())
            }
            State::Twice(_) => {
                self.state = State::Outside;
                self.outside(byte, at, sink)
            }
            State::Inside => self.inside(byte, at, sink),
            State::Closing(seen) if byte == self.quote => {
                self.state = if seen == 2 { State::Outside } else { State::Closing(seen + 1) };
                Ok(())
            }
            State::Closing(seen) => {
                for _ in 0..seen {
                    sink.push(&[self.quote])?;
                }
                self.state = State::Inside;
                self.inside(byte, at, sink)
            }
            State::Backslash => self.escape(byte, at, sink),
            State::Digits { left, value, unicode } => {
                if unicode && byte == b'{' && left == 4 && value == 0 && !self.python {
                    self.state = State::Braces { value: 0 };
                    return Ok(());
                }
                let Some(digit) = char::from(byte).to_digit(16) else {
                    let needs = if unicode { "\\u needs 4 hexadecimal digits" } else { "\\x needs 2 hexadecimal digits" };
                    return Err(Self::wrong(needs, self.start));
                };
                let value = value * 16 + digit;
                if left > 1 {
                    self.state = State::Digits { left: left - 1, value, unicode };
                    return Ok(());
                }
                self.state = State::Inside;
                if unicode { self.unicode(value, sink) } else { sink.push(&[value as u8]) }
            }
            State::Braces { value } => match char::from(byte).to_digit(16) {
                Some(digit) if value <= 0x10_FFFF => {
                    self.state = State::Braces { value: value * 16 + digit };
                    Ok(())
                }
                None if byte == b'}' => {
                    self.state = State::Inside;
                    self.unicode(value, sink)
                }
                _ => Err(Self::wrong("\\u{ needs hexadecimal digits and a }", self.start)),
            },
            State::Octal { left, value } => match char::from(byte).to_digit(8) {
                Some(digit) if left > 0 => {
                    self.state = State::Octal { left: left - 1, value: value * 8 + digit };
                    Ok(())
                }
                _ => {
                    sink.push(&[value as u8])?;
                    self.state = State::Inside;
                    self.inside(byte, at, sink)
                }
            },
        }
    }

    fn unicode(&self, value: u32, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        let c = char::from_u32(value).ok_or_else(|| Self::wrong(format!("there is no character {value:04X}"), self.start))?;
        sink.push(c.encode_utf8(&mut [0; 4]).as_bytes())
    }

    fn outside(&mut self, byte: u8, at: u64, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' if self.prefix.is_empty() || self.literals == 0 => {
                // A name stands before the "=" of an assignment.
                self.fresh |= !self.prefix.is_empty();
                self.prefix.clear();
                Ok(())
            }
            b'"' | b'\'' if byte == b'"' || self.python || self.literals == 0 => self.open(byte, at),
            b'#' if self.python && self.prefix.is_empty() => {
                self.state = State::Comment;
                Ok(())
            }
            b'(' | b')' | b'\\' | b';' | b'+' if self.prefix.is_empty() && (self.python || self.literals > 0) => Ok(()),
            // bytes(b'...'), data: bytes = b'...'
            b'(' | b'=' | b':' if self.literals == 0 && self.python => {
                self.prefix.clear();
                Ok(())
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'0'..=b'9' | b'.' if self.python => {
                if self.prefix.len() > 200 {
                    return Err(Self::wrong("no literal begins here: write b'...'", at));
                }
                if self.prefix.is_empty() {
                    self.start = at;
                }
                self.prefix.push(byte);
                Ok(())
            }
            _ if !self.python && self.literals == 0 && self.prefix.is_empty() => {
                self.bare = true;
                self.state = State::Inside;
                self.inside(byte, at, sink)
            }
            _ if self.literals > 0 => Err(Self::wrong(format!("{} stands behind the literal", named(byte)), at)),
            _ => Err(Self::wrong(format!("{} begins no bytes literal: write b'...'", named(byte)), at)),
        }
    }

    fn open(&mut self, quote: u8, at: u64) -> Result<(), FormatError> {
        let prefix = std::mem::take(&mut self.prefix).to_ascii_lowercase();
        if self.python {
            self.raw = match prefix.as_slice() {
                b"b" => false,
                b"rb" | b"br" => true,
                b"" | b"r" | b"u" | b"f" => return Err(Self::wrong("this is text: a bytes literal begins with b", at)),
                _ => return Err(Self::wrong("Python does not know this prefix", self.start)),
            };
        }
        self.literals += 1;
        (self.quote, self.triple, self.start) = (quote, false, at);
        self.state = State::Opening(quote);
        Ok(())
    }

    fn inside(&mut self, byte: u8, at: u64, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        if byte == self.quote && !self.bare {
            self.state = if self.triple { State::Closing(1) } else { State::Outside };
            return Ok(());
        }
        if self.bare && matches!(byte, b'\r' | b'\n') {
            self.held.push(byte);
            return Ok(());
        }
        if !self.held.is_empty() {
            sink.push(&self.held)?;
            self.held.clear();
        }
        match byte {
            b'\\' => {
                self.start = at;
                self.state = State::Backslash;
                Ok(())
            }
            b'\n' if !self.triple => {
                Err(Self::wrong(format!("the closing {} is missing on this line", char::from(self.quote)), at))
            }
            0x80.. if self.python => Err(Self::wrong("bytes can only hold ASCII characters: write \\x escapes", at)),
            _ => sink.push(&[byte]),
        }
    }

    fn escape(&mut self, byte: u8, at: u64, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        self.state = State::Inside;
        if self.raw {
            return sink.push(&[b'\\', byte]);
        }
        let value = match byte {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'a' => 7,
            b'b' => 8,
            b'f' => 12,
            b'v' => 11,
            b'e' if !self.python => 0x1B,
            b'\\' | b'\'' | b'"' => byte,
            b'?' if !self.python => byte,
            b'\n' => return Ok(()),
            b'x' => {
                self.state = State::Digits { left: 2, value: 0, unicode: false };
                return Ok(());
            }
            b'u' if !self.python => {
                self.state = State::Digits { left: 4, value: 0, unicode: true };
                return Ok(());
            }
            b'U' if !self.python => {
                self.state = State::Digits { left: 8, value: 0, unicode: true };
                return Ok(());
            }
            b'0'..=b'7' => {
                self.state = State::Octal { left: 2, value: u32::from(byte - b'0') };
                return Ok(());
            }
            // Python leaves what it does not know as it is.
            _ if self.python => return sink.push(&[b'\\', byte]),
            _ => return Err(Self::wrong(format!("{} is no escape: write \\\\ for a backslash", named(byte)), at)),
        };
        sink.push(&[value])
    }
}

impl Decode for Decoder {
    fn feed(&mut self, text: &[u8], at: u64, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        self.end = at + text.len() as u64;
        text.iter().zip(at..).try_for_each(|(&byte, at)| self.step(byte, at, sink))
    }

    fn finish(&mut self, sink: &mut Sink<'_>, _: &mut Decoded) -> Result<(), FormatError> {
        let missing = format!("the closing {} is missing", char::from(self.quote));
        match self.state {
            State::Octal { value, .. } if self.bare => sink.push(&[value as u8]),
            State::Inside if self.bare => Ok(()),
            State::Outside | State::Comment | State::Twice(_) if !self.prefix.is_empty() => {
                Err(Self::wrong("no literal begins here: write b'...'", self.start))
            }
            State::Outside | State::Comment if self.literals == 0 && self.python => {
                Err(Self::wrong("there is no bytes literal: write b'...'", self.end))
            }
            State::Outside | State::Comment | State::Twice(_) => Ok(()),
            State::Backslash | State::Digits { .. } | State::Braces { .. } => {
                Err(Self::wrong("the escape is not complete", self.start))
            }
            State::Opening(_) | State::Inside | State::Closing(_) | State::Octal { .. } => Err(Self::wrong(missing, self.end)),
        }
    }
}
