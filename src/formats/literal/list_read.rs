//! Lists of numbers, read: those of [`super::list`], and what people write by hand around them.

use super::{Style, number};
use crate::formats::dump::sink::Sink;
use crate::formats::dump::{Decode, Decoded, malformed, named};
use crate::formats::{Format, FormatError};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Phase {
    /// Before the bracket that opens the values.
    Head,
    /// Behind a `[` that may be that of a type.
    Bracket,
    /// Inside the brackets of a type.
    Type,
    Body,
    Tail,
}

/// A comment that the reader is in, or may be.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Comment {
    None,
    /// Behind a `/`.
    Slash,
    Line,
    Block,
    /// Behind a `*` inside a block.
    Star,
}

/// Longer numbers, and longer names in casts, are none.
const LONGEST: usize = 80;

/// A longer declaration is some other text.
const HEAD: u64 = 64 * 1024;

pub(super) struct Decoder {
    style: Style,
    phase: Phase,
    comment: Comment,
    token: Vec<u8>,
    token_at: u64,
    /// The token is complete: a comma must follow.
    ended: bool,
    /// A comma stands before what comes.
    comma: bool,
    /// Numbers read.
    count: u64,
    /// Inside a cast, or a character between quotes.
    cast: bool,
    quote: Option<u8>,
    head: u64,
    last: u8,
    end: u64,
}

impl Decoder {
    pub(super) fn new(style: Style) -> Self {
        let bare = style == Style::Decimal;
        Self {
            style,
            phase: if bare { Phase::Body } else { Phase::Head },
            comment: Comment::None,
            token: Vec::new(),
            token_at: 0,
            ended: false,
            comma: true,
            count: 0,
            cast: false,
            quote: None,
            head: 0,
            last: 0,
            end: 0,
        }
    }

    fn opener(&self) -> u8 {
        if matches!(self.style, Style::Rust | Style::JavaScript | Style::Swift | Style::Json) { b'[' } else { b'{' }
    }

    fn bare(&self) -> bool {
        self.style == Style::Decimal
    }

    fn wrong(what: impl Into<String>, at: u64) -> FormatError {
        malformed(Format::Text, what, at)
    }

    fn step(&mut self, byte: u8, at: u64, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        if self.style == Style::Lua && self.dashes(byte) {
            return Ok(());
        }
        if self.quote.is_none() && !self.bare() && !matches!(self.style, Style::Lua | Style::Json) {
            match (self.comment, byte) {
                (Comment::None, b'/') => {
                    self.comment = Comment::Slash;
                    return Ok(());
                }
                (Comment::Slash, b'/') => {
                    self.comment = Comment::Line;
                    return Ok(());
                }
                (Comment::Slash, b'*') => {
                    self.comment = Comment::Block;
                    return Ok(());
                }
                (Comment::Slash, _) => {
                    self.comment = Comment::None;
                    if self.phase == Phase::Body {
                        return Err(Self::wrong("'/' does not belong into a list of numbers", at - 1));
                    }
                }
                (Comment::Line, b'\n') => self.comment = Comment::None,
                (Comment::Line, _) => return Ok(()),
                (Comment::Star, b'/') => {
                    self.comment = Comment::None;
                    return Ok(());
                }
                (Comment::Block | Comment::Star, _) => {
                    self.comment = if byte == b'*' { Comment::Star } else { Comment::Block };
                    return Ok(());
                }
                (Comment::None, _) => {}
            }
        }
        match self.phase {
            Phase::Head => self.head(byte, at),
            Phase::Bracket => self.bracket(byte, at, sink),
            Phase::Type => {
                if byte == b']' {
                    self.phase = Phase::Head;
                }
                Ok(())
            }
            Phase::Body => self.body(byte, at, sink),
            Phase::Tail if byte == self.opener() => Err(Self::wrong("a second list begins here: paste one at a time", at)),
            Phase::Tail => Ok(()),
        }
    }

    /// A comment of Lua goes from two dashes to the end of the line.
    fn dashes(&mut self, byte: u8) -> bool {
        match (self.comment, byte) {
            (Comment::Line, b'\n') => self.comment = Comment::None,
            (Comment::Line, _) => return true,
            (Comment::None, b'-') if self.phase != Phase::Body || self.token == b"-" => {
                let second = self.phase == Phase::Body || self.last == b'-';
                self.last = if second { 0 } else { b'-' };
                if second {
                    self.token.clear();
                    self.comment = Comment::Line;
                }
                return second;
            }
            _ if self.last == b'-' => self.last = 0,
            _ => {}
        }
        false
    }

    fn head(&mut self, byte: u8, at: u64) -> Result<(), FormatError> {
        self.head += 1;
        if byte == self.opener() {
            self.phase = if byte == b'[' { Phase::Bracket } else { Phase::Body };
        } else if self.head > HEAD || matches!(byte, b'"' | b'\'' | b'}') {
            let what = format!("no {} opens the values before this", char::from(self.opener()));
            return Err(Self::wrong(what, at));
        }
        Ok(())
    }

    /// `[u8; 3]` is a type, `[1, 2, 3]` and `[b'a']` are values.
    fn bracket(&mut self, byte: u8, at: u64, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        match (self.last, byte) {
            (_, b' ' | b'\t' | b'\r' | b'\n') => Ok(()),
            (b'b', b'\'') => {
                self.phase = Phase::Body;
                self.last = 0;
                (self.token_at, self.quote) = (at - 1, Some(byte));
                Ok(())
            }
            (b'b', _) => {
                self.last = 0;
                self.phase = Phase::Type;
                Ok(())
            }
            (_, b'b') => {
                self.last = b'b';
                Ok(())
            }
            (_, b'a'..=b'z' | b'A'..=b'Z') => {
                self.phase = Phase::Type;
                Ok(())
            }
            _ => {
                self.phase = Phase::Body;
                self.body(byte, at, sink)
            }
        }
    }

    fn body(&mut self, byte: u8, at: u64, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        if self.cast {
            return match byte {
                b')' => {
                    self.cast = false;
                    Ok(())
                }
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b' ' | b':' => Ok(()),
                _ => Err(Self::wrong(format!("{} does not belong into a cast", named(byte)), at)),
            };
        }
        if self.quote.is_some() {
            return self.character(byte, at, sink);
        }
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' | 0x0B | 0x0C => {
                self.end_token(sink)?;
                self.comma |= self.bare();
                Ok(())
            }
            b',' | b';' if byte == b',' || self.bare() => {
                self.end_token(sink)?;
                if !self.ended {
                    return Err(Self::wrong("a value is missing before this comma", at));
                }
                (self.ended, self.comma) = (false, true);
                Ok(())
            }
            b'(' if !self.bare() && !matches!(self.style, Style::Lua | Style::Json) && self.token.is_empty() && !self.ended => {
                self.cast = true;
                Ok(())
            }
            b'\''
                if !self.bare()
                    && !matches!(self.style, Style::Lua | Style::Json)
                    && (self.token.is_empty() || self.token == b"b")
                    && !self.ended =>
            {
                self.token.clear();
                (self.token_at, self.quote) = (at, Some(byte));
                Ok(())
            }
            // Two braces open and close an array of C++.
            b'{' if self.style == Style::Cpp && self.count == 0 && self.token.is_empty() => Ok(()),
            b'}' | b']' if !self.bare() => {
                let wanted = if self.opener() == b'{' { b'}' } else { b']' };
                if byte != wanted {
                    return Err(Self::wrong(format!("{} closes what {} opened", named(byte), char::from(self.opener())), at));
                }
                self.end_token(sink)?;
                if self.style == Style::Json && self.comma && self.count > 0 {
                    return Err(Self::wrong("a value is missing behind the last comma", at));
                }
                self.phase = Phase::Tail;
                Ok(())
            }
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'-' | b'+' | b'.' => {
                if self.token.is_empty() {
                    if self.ended && !self.comma {
                        return Err(Self::wrong("a comma is missing before this value", at));
                    }
                    self.token_at = at;
                }
                if self.token.len() == LONGEST {
                    return Err(Self::wrong("this is too long to be a number", self.token_at));
                }
                self.token.push(byte);
                Ok(())
            }
            _ => Err(Self::wrong(format!("{} does not belong into a list of numbers", named(byte)), at)),
        }
    }

    /// A number that is read at once, where one may begin here; everything else goes step by step.
    fn usual(&self, text: &[u8]) -> Option<(u8, usize)> {
        let within = self.phase == Phase::Body && self.comment == Comment::None && self.quote.is_none() && !self.cast;
        let begins = self.token.is_empty() && (!self.ended || self.comma) && self.last == 0;
        (within && begins).then(|| number::usual(text, self.style != Style::Json))?
    }

    /// Between quotes: one character, or an escape.
    fn character(&mut self, byte: u8, at: u64, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        let complete = byte == b'\'' && !self.token.is_empty() && self.token != b"\\";
        if !complete {
            if self.token.len() > 4 || byte == b'\n' {
                return Err(Self::wrong("a character between quotes is one byte", at));
            }
            self.token.push(byte);
            return Ok(());
        }
        let value = match self.token.as_slice() {
            [one] if *one != b'\\' => Some(*one),
            [b'\\', b'x', rest @ ..] => std::str::from_utf8(rest).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok()),
            [b'\\', code] => match code {
                b'n' => Some(b'\n'),
                b'r' => Some(b'\r'),
                b't' => Some(b'\t'),
                b'0' => Some(0),
                b'a' => Some(7),
                b'b' => Some(8),
                b'f' => Some(12),
                b'v' => Some(11),
                b'\\' | b'\'' | b'"' => Some(*code),
                _ => None,
            },
            _ => None,
        };
        let Some(value) = value else { return Err(Self::wrong("a character between quotes is one byte", self.token_at)) };
        self.quote = None;
        self.token.clear();
        self.emit(value, sink)
    }

    fn emit(&mut self, value: u8, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        self.count += 1;
        (self.ended, self.comma) = (true, false);
        sink.push(&[value])
    }

    fn end_token(&mut self, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        if self.token.is_empty() {
            return Ok(());
        }
        let token = String::from_utf8_lossy(&self.token).into_owned();
        if self.style == Style::Json && !(token.bytes().all(|b| b.is_ascii_digit()) && (token == "0" || !token.starts_with('0')))
        {
            return Err(Self::wrong(format!("{token} is no number of JSON from 0 to 255"), self.token_at));
        }
        let octal = matches!(self.style, Style::C | Style::Cpp | Style::Go | Style::Java);
        let signed = matches!(self.style, Style::Java | Style::C | Style::Cpp);
        let value = number::byte(&token, octal, signed).map_err(|what| Self::wrong(what, self.token_at))?;
        self.token.clear();
        self.emit(value, sink)
    }
}

impl Decode for Decoder {
    fn feed(&mut self, text: &[u8], at: u64, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        self.end = at + text.len() as u64;
        let mut done = 0;
        while let Some(&byte) = text.get(done) {
            if let Some((value, len)) = self.usual(&text[done..]) {
                self.emit(value, sink)?;
                done += len;
                // What most often stands between two of them.
                if text[done] == b',' {
                    (self.ended, self.comma) = (false, true);
                    done += 1;
                }
                continue;
            }
            self.step(byte, at + done as u64, sink)?;
            done += 1;
        }
        Ok(())
    }

    fn finish(&mut self, sink: &mut Sink<'_>, _: &mut Decoded) -> Result<(), FormatError> {
        match self.phase {
            Phase::Tail => Ok(()),
            Phase::Body if self.bare() => self.end_token(sink),
            Phase::Body => {
                let closes = if self.opener() == b'{' { '}' } else { ']' };
                Err(Self::wrong(format!("the closing {closes} is missing"), self.end))
            }
            _ => Err(Self::wrong(format!("no {} opens the values", char::from(self.opener())), self.end)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::Progress;

    /// What a text stands for, given in pieces of so many bytes, or where it is wrong.
    fn read(style: Style, text: &[u8], piece: usize) -> Result<Vec<u8>, String> {
        let (mut out, progress) = (Vec::new(), Progress::new());
        let mut sink = Sink::new(&mut out, &progress);
        let mut decoder = Decoder::new(style);
        let mut at = 0;
        let mut all = || {
            for piece in text.chunks(piece) {
                decoder.feed(piece, at, &mut sink)?;
                at += piece.len() as u64;
            }
            decoder.finish(&mut sink, &mut Decoded::default())
        };
        all().map_err(|error| error.to_string())?;
        sink.finish().map_err(|error| error.to_string())?;
        Ok(out)
    }

    #[test]
    fn numbers_read_at_once_are_those_read_byte_by_byte() {
        let mut random = fastrand::Rng::with_seed(4);
        let parts: [&[u8]; 22] = [
            b"0x41",
            b"7",
            b"255",
            b"256",
            b"010",
            b"0",
            b"0xFFu8",
            b",",
            b", ",
            b" ",
            b"\n",
            b"/* 1, 2 */",
            b"// 3,\n",
            b"-- 4\n",
            b"-",
            b"'a'",
            b"(byte) ",
            b"}",
            b"]",
            b";",
            b"1_2",
            b"x",
        ];
        let (mut right, mut wrong) = (0, 0);
        for _ in 0..20_000 {
            let style =
                [Style::C, Style::Rust, Style::Json, Style::Lua, Style::Java, Style::Decimal, Style::Cpp][random.usize(..7)];
            let mut text: Vec<u8> = match style {
                Style::Decimal => Vec::new(),
                Style::Rust | Style::Json => b"[".to_vec(),
                _ => b"{".to_vec(),
            };
            for _ in 0..random.usize(..9) {
                // Mostly a list that is right.
                let part = if random.u8(..4) > 0 { parts[random.usize(..3)] } else { parts[random.usize(..parts.len())] };
                text.extend_from_slice(part);
                text.extend_from_slice(if random.u8(..6) > 0 { b", " } else { b"" });
            }
            text.extend_from_slice(match style {
                Style::Decimal => b"",
                Style::Rust | Style::Json => b"]",
                _ => b"}",
            });
            let found = read(style, &text, usize::MAX);
            // In pieces of one byte no number is whole.
            assert_eq!(found, read(style, &text, 1), "{style:?}: {}", String::from_utf8_lossy(&text));
            assert_eq!(found, read(style, &text, 3));
            *(if found.is_ok() { &mut right } else { &mut wrong }) += 1;
        }
        assert!(right > 1_000 && wrong > 1_000, "{right} {wrong}");
    }
}
