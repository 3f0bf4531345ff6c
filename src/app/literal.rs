//! What people type into fields: Python's `b'..'` and `'..'`, hexadecimal digits, and integers.

use crate::stream::Text;

/// A literal of Python, read.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `b'..'`
    Bytes(Vec<u8>),
    /// `'..'`
    Text(Text),
}

/// What is wrong with what was typed. The message is a phrase that says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct LiteralError {
    message: String,
    /// The character of the input where it went wrong, counted from 0.
    pub at: usize,
}

impl LiteralError {
    fn new(at: usize, message: impl Into<String>) -> Self {
        Self { message: message.into(), at }
    }
}

/// Reads one Python string or bytes literal: prefixes `b`, `r`, `u` in any case, single, double and triple quotes, and
/// every escape but `\N{..}`. As in Python an unknown escape stands for itself, backslash included.
///
/// ```
/// use seektell::app::{Literal, parse_literal};
/// assert_eq!(parse_literal(r"b'\x89PNG\r\n'"), Ok(Literal::Bytes(b"\x89PNG\r\n".to_vec())));
/// assert!(parse_literal("hello").is_err());
/// ```
pub fn parse_literal(input: &str) -> Result<Literal, LiteralError> {
    let chars: Vec<char> = input.chars().collect();
    let mut at = chars.iter().take_while(|c| c.is_whitespace()).count();
    let end = chars.len() - chars.iter().rev().take_while(|c| c.is_whitespace()).count();
    if at >= end {
        return Err(LiteralError::new(0, "type a literal, for example b'abc' or 'abc'"));
    }
    let (mut bytes, mut raw, mut unicode) = (false, false, false);
    while at < end && !matches!(chars[at], '\'' | '"') {
        let flag = match chars[at].to_ascii_lowercase() {
            'b' => &mut bytes,
            'r' => &mut raw,
            'u' => &mut unicode,
            _ => return Err(LiteralError::new(at, "a literal needs quotes, for example b'abc' or 'abc'")),
        };
        if std::mem::replace(flag, true) {
            return Err(LiteralError::new(at, "a literal needs quotes, for example b'abc' or 'abc'"));
        }
        at += 1;
    }
    if at >= end {
        return Err(LiteralError::new(at, "a literal needs quotes, for example b'abc' or 'abc'"));
    }
    if unicode && (bytes || raw) {
        return Err(LiteralError::new(0, "Python does not know this prefix"));
    }
    let quote = chars[at];
    let triple = end - at >= 6 && chars[at + 1] == quote && chars[at + 2] == quote;
    let width = if triple { 3 } else { 1 };
    let mut reader = Reader { chars: &chars[..end], at: at + width, quote, width, bytes, raw, out: Vec::new() };
    reader.read()?;
    if reader.at < end {
        return Err(LiteralError::new(reader.at, "there is more behind the closing quote"));
    }
    Ok(if bytes {
        Literal::Bytes(reader.out.into_iter().map(|value| value as u8).collect())
    } else {
        Literal::Text(Text::from_code_points(reader.out))
    })
}

struct Reader<'a> {
    chars: &'a [char],
    at: usize,
    quote: char,
    width: usize,
    bytes: bool,
    raw: bool,
    /// Bytes or code points.
    out: Vec<u32>,
}

impl Reader<'_> {
    fn read(&mut self) -> Result<(), LiteralError> {
        loop {
            let start = self.at;
            let Some(&c) = self.chars.get(start) else {
                return Err(LiteralError::new(start, format!("the closing {} is missing", self.quote)));
            };
            let closes = self.chars[start..].len() >= self.width
                && self.chars[start..start + self.width].iter().all(|&next| next == self.quote);
            if closes {
                self.at += self.width;
                return Ok(());
            }
            self.at += 1;
            if c != '\\' {
                self.push(c, start)?;
            } else if self.raw {
                // In a raw literal a backslash stays, and so does the quote that it guards.
                self.push('\\', start)?;
                if let Some(&next) = self.chars.get(self.at) {
                    self.at += 1;
                    self.push(next, start)?;
                }
            } else {
                self.escape(start)?;
            }
        }
    }

    fn push(&mut self, c: char, at: usize) -> Result<(), LiteralError> {
        if self.bytes && !c.is_ascii() {
            return Err(LiteralError::new(at, format!("bytes can only hold ASCII characters: write {c} as \\x escapes")));
        }
        self.out.push(c.into());
        Ok(())
    }

    /// What follows a backslash at `start`.
    fn escape(&mut self, start: usize) -> Result<(), LiteralError> {
        let Some(&c) = self.chars.get(self.at) else {
            return Err(LiteralError::new(start, "a backslash stands at the end: write \\\\ for one"));
        };
        self.at += 1;
        let value = match c {
            '\n' => return Ok(()),
            '\\' | '\'' | '"' => c.into(),
            'a' => 7,
            'b' => 8,
            't' => 9,
            'n' => 10,
            'v' => 11,
            'f' => 12,
            'r' => 13,
            '0'..='7' => {
                let mut value = c.to_digit(8).unwrap_or(0);
                for _ in 0..2 {
                    let Some(digit) = self.chars.get(self.at).and_then(|c| c.to_digit(8)) else { break };
                    value = value * 8 + digit;
                    self.at += 1;
                }
                // CPython keeps the low eight bits of an octal escape in bytes.
                if self.bytes { value & 0xFF } else { value }
            }
            'x' => self.digits(start, 2)?,
            'u' if !self.bytes => self.digits(start, 4)?,
            'U' if !self.bytes => {
                let value = self.digits(start, 8)?;
                if value > 0x10_FFFF {
                    return Err(LiteralError::new(start, "there is no code point above \\U0010FFFF"));
                }
                value
            }
            'N' if !self.bytes => {
                return Err(LiteralError::new(start, "names of characters are not known here: write \\uXXXX"));
            }
            other => {
                self.out.push('\\'.into());
                return self.push(other, start);
            }
        };
        self.out.push(value);
        Ok(())
    }

    fn digits(&mut self, start: usize, count: usize) -> Result<u32, LiteralError> {
        let mut value = 0;
        for _ in 0..count {
            let digit = self.chars.get(self.at).and_then(|c| c.to_digit(16));
            let Some(digit) = digit else {
                let escape = self.chars[start + 1];
                return Err(LiteralError::new(start, format!("\\{escape} needs {count} hexadecimal digits")));
            };
            value = value * 16 + digit;
            self.at += 1;
        }
        Ok(value)
    }
}

/// Reads bytes written as pairs of hexadecimal digits, with any white space, commas and `0x` between them.
pub fn parse_hex_bytes(input: &str) -> Result<Vec<u8>, LiteralError> {
    let mut bytes = Vec::new();
    let mut at = 0;
    for word in input.split(|c: char| c.is_whitespace() || c == ',') {
        let digits = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")).unwrap_or(word);
        if let Some((wrong, c)) = digits.chars().enumerate().find(|(_, c)| !c.is_ascii_hexdigit()) {
            return Err(LiteralError::new(at + wrong, format!("{c} is not a hexadecimal digit")));
        }
        match hex::decode(digits) {
            Ok(run) => bytes.extend(run),
            Err(_) => return Err(LiteralError::new(at, format!("{word} has half a byte: write two digits for each byte"))),
        }
        at += word.chars().count() + 1;
    }
    Ok(bytes)
}

/// Reads an integer as Python does: a sign, `_` between digits, `0x`, `0o`, `0b`.
pub fn parse_integer(input: &str) -> Result<i64, LiteralError> {
    let text = input.trim();
    let wrong = || LiteralError::new(0, format!("{text} is not a whole number"));
    let (negative, digits) = match text.as_bytes().first() {
        None => return Err(LiteralError::new(0, "type a number")),
        Some(b'-') => (true, text[1..].trim_start()),
        Some(b'+') => (false, text[1..].trim_start()),
        Some(_) => (false, text),
    };
    let lower = digits.to_ascii_lowercase();
    let (radix, digits) = match lower.get(..2) {
        Some("0x") => (16, &lower[2..]),
        Some("0o") => (8, &lower[2..]),
        Some("0b") => (2, &lower[2..]),
        _ => (10, lower.as_str()),
    };
    let digits = if radix == 10 { digits } else { digits.strip_prefix('_').unwrap_or(digits) };
    let single = digits.split('_').all(|run| !run.is_empty() && run.chars().all(|c| c.is_digit(radix)));
    if !single {
        if radix == 10 && lower.chars().all(|c| c.is_ascii_hexdigit()) {
            return Err(LiteralError::new(0, format!("write 0x{text} for a hexadecimal number")));
        }
        return Err(wrong());
    }
    let magnitude = i128::from_str_radix(&digits.replace('_', ""), radix).ok();
    let value = magnitude.map(|n| if negative { -n } else { n }).and_then(|n| i64::try_from(n).ok());
    value.ok_or_else(|| LiteralError::new(0, format!("{text} is outside of what a stream can address")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(literal: &str) -> Vec<u8> {
        match parse_literal(literal) {
            Ok(Literal::Bytes(bytes)) => bytes,
            other => panic!("{literal}: {other:?}"),
        }
    }

    fn points(literal: &str) -> Vec<u32> {
        match parse_literal(literal) {
            Ok(Literal::Text(text)) => text.code_points().collect(),
            other => panic!("{literal}: {other:?}"),
        }
    }

    /// Each result is what Python 3.11 evaluates the literal to.
    #[test]
    fn literals_mean_what_python_means() {
        assert_eq!(bytes(r"b'abc'"), b"abc");
        assert_eq!(bytes(r#"  B"a'b"  "#), b"a'b");
        assert_eq!(bytes(r"b'\\\'\n\r\t\a\b\f\v'"), b"\\'\n\r\t\x07\x08\x0c\x0b");
        assert_eq!(bytes(r"b'\x00\xff\101\7\08\777'"), [0, 0xFF, b'A', 7, 0, b'8', 0xFF]);
        assert_eq!(bytes(r"b'\u0041\q'"), br"\u0041\q");
        assert_eq!(bytes(r"rb'\n\''"), br"\n\'");
        assert_eq!(bytes("b'''a'b'''"), b"a'b");
        assert_eq!(bytes("b''"), b"");
        assert_eq!(points(r"'é\xe9\u00e9\U0001F600\ud800\777'"), [0xE9, 0xE9, 0xE9, 0x1F600, 0xD800, 0o777]);
        assert_eq!(points("u'a\\\nb'"), [97, 98]);
    }

    #[test]
    fn what_is_no_literal_says_what_to_do() {
        for (literal, at, message) in [
            ("", 0, "type a literal"),
            ("hello", 0, "needs quotes"),
            ("b", 1, "needs quotes"),
            ("bb'a'", 1, "needs quotes"),
            ("ub'a'", 0, "prefix"),
            ("b'abc", 5, "closing ' is missing"),
            ("b'''abc'", 8, "closing ' is missing"),
            ("b'a' + b'b'", 4, "more behind"),
            ("b'é'", 2, "ASCII"),
            (r"b'\x4'", 2, "2 hexadecimal"),
            (r"'\u12'", 1, "4 hexadecimal"),
            (r"'\U00110000'", 1, "no code point"),
            (r"'\N{BULLET}'", 1, "names"),
            (r"b'\'", 4, "closing ' is missing"),
        ] {
            let error = parse_literal(literal).expect_err(literal);
            assert!(error.to_string().contains(message), "{literal}: {error}");
            assert_eq!(error.at, at, "{literal}: {error}");
        }
    }

    #[test]
    fn hex_in_every_usual_form() {
        for text in ["89504E47", "89 50 4e 47", "0x89, 0x50,0x4E 0x47", " 8950\n4E47 "] {
            assert_eq!(parse_hex_bytes(text).as_deref(), Ok(&b"\x89PNG"[..]), "{text}");
        }
        assert_eq!(parse_hex_bytes(""), Ok(Vec::new()));
        assert_eq!(parse_hex_bytes("89 5").unwrap_err().at, 3);
        assert!(parse_hex_bytes("89 zz").unwrap_err().to_string().contains("z is not a hexadecimal digit"));
    }

    #[test]
    fn integers_as_python_writes_them() {
        for (text, value) in [
            ("0", 0),
            (" 42 ", 42),
            ("-1", -1),
            ("+7", 7),
            ("1_000", 1000),
            ("0x1F0", 0x1F0),
            ("-0x10", -16),
            ("0b101", 5),
            ("0o17", 15),
            ("0x_ff", 255),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
        ] {
            assert_eq!(parse_integer(text), Ok(value), "{text}");
        }
        for text in ["", "x", "1__0", "_1", "1_", "1.5", "0x", "9223372036854775808", "1F0", "--1", "é"] {
            assert!(parse_integer(text).is_err(), "{text}");
        }
        assert!(parse_integer("1F0").unwrap_err().to_string().contains("0x1F0"));
    }
}
