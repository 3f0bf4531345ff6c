//! Lists of numbers: with commas only, or as an array of source code with its declaration.

use super::plain::digits;
use super::{Choices, Group, Style, number};
use crate::formats::dump::sink::Sink;
use crate::formats::dump::{Decode, Decoded, Encode, malformed, named};
use crate::formats::{Format, FormatError};

pub(super) struct Encoder {
    style: Style,
    upper_case: bool,
    line: u64,
    len: u64,
    name: String,
    done: u64,
}

impl Encoder {
    pub(super) fn new(style: Style, choices: &Choices, len: u64) -> Self {
        let (upper_case, line, name) = (choices.upper_case, choices.line(style), choices.name.clone());
        Self { style, upper_case, line, len, name, done: 0 }
    }

    /// What stands before the first number.
    fn open(&self) -> String {
        let (name, len) = (&self.name, self.len);
        match self.style {
            // C has no arrays of nothing; compilers take this one as an extension.
            Style::C if len == 0 => format!("const unsigned char {name}[] = {{"),
            Style::C => format!("const unsigned char {name}[{len}] = {{"),
            Style::Cpp => format!("constexpr std::array<std::uint8_t, {len}> {name} = {{"),
            Style::Rust => format!("const {}: [u8; {len}] = [", name.to_ascii_uppercase()),
            Style::Go => format!("var {name} = []byte{{"),
            Style::Java => format!("byte[] {name} = {{"),
            Style::JavaScript => format!("const {name} = new Uint8Array(["),
            Style::CSharp => format!("byte[] {name} = new byte[] {{"),
            Style::Swift => format!("let {name}: [UInt8] = ["),
            Style::Lua => format!("local {name} = {{"),
            Style::Json => "[".into(),
            _ => String::new(),
        }
    }

    fn close(&self) -> &'static str {
        match self.style {
            Style::C | Style::Cpp | Style::Java | Style::CSharp => "};\n",
            Style::Rust => "];\n",
            Style::Go | Style::Lua => "}\n",
            Style::Swift | Style::Json => "]\n",
            Style::JavaScript => "]);\n",
            _ => "",
        }
    }

    fn is_code(&self) -> bool {
        self.style.group() == Group::Code
    }

    fn indent(&self) -> &'static str {
        match self.style {
            Style::Go => "\t",
            _ if self.is_code() => "    ",
            _ => "",
        }
    }
}

impl Encode for Encoder {
    fn feed(&mut self, bytes: &[u8], sink: &mut Sink<'_>) -> Result<(), FormatError> {
        for &byte in bytes {
            if self.done == 0 {
                sink.push(self.open().as_bytes())?;
            }
            let (code, indent) = (self.is_code(), self.indent());
            let out = sink.block();
            if self.done.is_multiple_of(self.line) {
                if code || self.done > 0 {
                    out.push(b'\n');
                }
                out.extend_from_slice(indent.as_bytes());
            } else {
                out.push(b' ');
            }
            if matches!(self.style, Style::Decimal | Style::Json) {
                out.extend_from_slice(byte.to_string().as_bytes());
            } else {
                // A byte of Java goes to 127 without a cast.
                if self.style == Style::Java && byte > 127 {
                    out.extend_from_slice(b"(byte) ");
                }
                out.extend_from_slice(b"0x");
                out.extend_from_slice(&digits(byte, self.upper_case));
            }
            self.done += 1;
            // JSON has no comma behind the last value.
            if (code && self.style != Style::Json) || self.done < self.len {
                out.push(b',');
            }
            sink.settle()?;
        }
        Ok(())
    }

    fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        if self.done == 0 {
            sink.push(self.open().as_bytes())?;
        } else if self.is_code() {
            sink.push(b"\n")?;
        }
        sink.push(self.close().as_bytes())
    }
}

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
        text.iter().zip(at..).try_for_each(|(&byte, at)| self.step(byte, at, sink))
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
