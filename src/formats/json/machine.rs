//! A strict JSON recogniser that takes one byte at a time: a state and a stack of brackets, no recursion, no tree.

use std::fmt;

use super::plain::Lead;
use super::write::plain_ascii_len;

/// How deep brackets may be nested. Python's `json` gives up at about the same depth.
pub(super) const MAX_DEPTH: usize = 1024;

/// What a byte is in the JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Between the tokens.
    Space,
    /// `[` or `{`
    Open,
    /// `]` or `}`
    Close,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// The quote that begins a string.
    StringStart,
    /// Inside a string.
    StringByte,
    /// The quote that ends a string.
    StringEnd,
    /// The first byte of a number, `true`, `false` or `null`.
    ScalarStart,
    /// Another byte of it.
    ScalarByte,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// A value must come.
    Value,
    /// Somewhere between two values of an array: a comma, a value or the end.
    Between,
    /// Behind `[`: a value or the end.
    FirstValue,
    /// Behind `{`: a key or the end.
    FirstKey,
    /// Behind a comma in an object.
    Key,
    /// Behind a key.
    Colon,
    /// Behind a value.
    After,
    /// In a string.
    String,
    /// Behind a backslash.
    Escape,
    /// In `\u`, so many digits to come.
    Hex(u8),
    /// In `true`, `false` or `null`: what is still to come.
    Literal(&'static [u8]),
    /// Behind the minus.
    Minus,
    /// Behind a leading zero.
    Zero,
    /// In the digits before the point.
    Integer,
    /// Behind the point.
    Point,
    /// In the digits behind the point.
    Fraction,
    /// Behind `e`.
    Exponent,
    /// Behind the sign of the exponent.
    ExponentSign,
    /// In the digits of the exponent.
    ExponentDigits,
}

/// Why a byte cannot stand where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Unexpected { byte: u8, wanted: &'static str },
    TooDeep,
    Control(u8),
    NotUtf8,
    NotClosed(&'static str),
    Empty,
    TooMuch,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unexpected { byte, wanted } => write!(f, "{wanted} is expected here, not {}", shown(*byte)),
            Self::TooDeep => write!(f, "brackets are nested more than {MAX_DEPTH} deep"),
            Self::Control(byte) => write!(f, "the control character {byte:02X} must be escaped in a string"),
            Self::NotUtf8 => f.write_str("the text is not UTF-8 here"),
            Self::NotClosed(what) => write!(f, "the text ends, but {what}"),
            Self::Empty => f.write_str("there is no value"),
            Self::TooMuch => f.write_str("there is more behind the end of the value (one value a line would be JSON Lines)"),
        }
    }
}

fn shown(byte: u8) -> String {
    if byte.is_ascii_graphic() { format!("\"{}\"", char::from(byte)) } else { format!("the byte {byte:02X}") }
}

/// The recogniser.
#[derive(Clone, Debug)]
pub(super) struct Machine {
    /// One entry a bracket: whether it is an object's.
    stack: Vec<bool>,
    state: State,
    /// Whether the string being read is a key.
    key: bool,
    /// Continuation bytes still to come, and the range of the next.
    utf8: (u8, u8, u8),
}

impl Machine {
    /// Before a value.
    pub(super) fn new() -> Self {
        Self { stack: Vec::new(), state: State::Value, key: false, utf8: (0, 0x80, 0xBF) }
    }

    /// Inside a top-level array, between two of its values; whether the comma is still to come does not matter.
    pub(super) fn in_array() -> Self {
        Self { stack: vec![false], state: State::Between, ..Self::new() }
    }

    /// How many brackets are open.
    pub(super) fn depth(&self) -> usize {
        self.stack.len()
    }

    /// Whether a value has ended and none has begun since.
    pub(super) fn is_after_value(&self) -> bool {
        self.state == State::After
    }

    /// Whether nothing but space has come.
    pub(super) fn is_before_value(&self) -> bool {
        self.state == State::Value && self.stack.is_empty()
    }

    /// What stands before a value of the top-level array, where the machine is between two of them or before the first.
    pub(super) fn lead_in_array(&self) -> Option<Lead> {
        match (self.depth(), self.state) {
            (1, State::After) => Some(Lead::Comma),
            (1, State::Between) => Some(Lead::MaybeComma),
            (1, State::FirstValue) => Some(Lead::Nothing),
            _ => None,
        }
    }

    /// A value of the top-level array was read by somebody else.
    pub(super) fn passed_value(&mut self) {
        self.state = State::After;
    }

    /// Whether the string being read, or just ended, is a key.
    pub(super) fn is_key(&self) -> bool {
        self.key
    }

    /// How many of the next bytes go on with what is being read and leave the machine as it is, so that they need no
    /// [`Machine::step`], and what they are: plain ASCII inside a string, more digits of a number, blanks between tokens.
    pub(super) fn run(&self, bytes: &[u8]) -> (usize, Part) {
        let count = |goes_on: fn(&u8) -> bool| bytes.iter().take_while(|byte| goes_on(byte)).count();
        match self.state {
            State::String if self.utf8.0 == 0 => (plain_ascii_len(bytes), Part::StringByte),
            State::Integer | State::Fraction | State::ExponentDigits => (count(u8::is_ascii_digit), Part::ScalarByte),
            State::Value | State::Between | State::FirstValue | State::FirstKey | State::Key | State::Colon | State::After => {
                (count(|byte| matches!(byte, b' ' | b'\t' | b'\r')), Part::Space)
            }
            _ => (0, Part::Space),
        }
    }

    /// Takes the next byte.
    pub(super) fn step(&mut self, byte: u8) -> Result<Part, Fault> {
        match self.state {
            State::String => return self.string(byte),
            State::Escape => {
                self.state = match byte {
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => State::String,
                    b'u' => State::Hex(4),
                    _ => return Err(Fault::Unexpected { byte, wanted: "one of \" \\ / b f n r t u" }),
                };
                return Ok(Part::StringByte);
            }
            State::Hex(left) => {
                if !byte.is_ascii_hexdigit() {
                    return Err(Fault::Unexpected { byte, wanted: "a hexadecimal digit" });
                }
                self.state = if left == 1 { State::String } else { State::Hex(left - 1) };
                return Ok(Part::StringByte);
            }
            State::Literal(rest) => {
                if rest.first() != Some(&byte) {
                    return Err(Fault::Unexpected { byte, wanted: "the rest of true, false or null" });
                }
                self.state = if rest.len() == 1 { State::After } else { State::Literal(&rest[1..]) };
                return Ok(Part::ScalarByte);
            }
            _ => {}
        }
        if let Some(part) = self.number(byte)? {
            return Ok(part);
        }
        if matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
            return Ok(Part::Space);
        }
        match (self.state, byte) {
            (State::FirstValue, b']') | (State::FirstKey, b'}') => self.close(byte),
            (State::Between, b',') => {
                self.state = State::Value;
                Ok(Part::Comma)
            }
            (State::Between, b']') => self.close(byte),
            (State::Value | State::FirstValue | State::Between, _) => self.value(byte),
            (State::FirstKey | State::Key, b'"') => {
                self.key = true;
                self.state = State::String;
                Ok(Part::StringStart)
            }
            (State::FirstKey, _) => Err(Fault::Unexpected { byte, wanted: "a key in double quotes or }" }),
            (State::Key, _) => Err(Fault::Unexpected { byte, wanted: "a key in double quotes" }),
            (State::Colon, b':') => {
                self.state = State::Value;
                Ok(Part::Colon)
            }
            (State::Colon, _) => Err(Fault::Unexpected { byte, wanted: "a colon" }),
            (_, b']' | b'}') => self.close(byte),
            (_, b',') if !self.stack.is_empty() => {
                self.state = if self.stack.last() == Some(&true) { State::Key } else { State::Value };
                Ok(Part::Comma)
            }
            _ => Err(match self.stack.last() {
                None => Fault::TooMuch,
                Some(true) => Fault::Unexpected { byte, wanted: "a comma or }" },
                Some(false) => Fault::Unexpected { byte, wanted: "a comma or ]" },
            }),
        }
    }

    /// Nothing follows: is the text whole?
    pub(super) fn finish(&mut self) -> Result<(), Fault> {
        // A number ends with the text; a space ends it too.
        self.number(b' ')?;
        match self.state {
            State::After if self.stack.is_empty() => Ok(()),
            State::Value if self.stack.is_empty() => Err(Fault::Empty),
            State::String | State::Escape | State::Hex(_) => Err(Fault::NotClosed("a string is not closed")),
            State::Literal(_) => Err(Fault::NotClosed("true, false or null is not whole")),
            _ if self.stack.last() == Some(&true) => Err(Fault::NotClosed("an object is not closed")),
            _ => Err(Fault::NotClosed("an array is not closed")),
        }
    }

    fn value(&mut self, byte: u8) -> Result<Part, Fault> {
        self.state = match byte {
            b'{' | b'[' => {
                if self.stack.len() >= MAX_DEPTH {
                    return Err(Fault::TooDeep);
                }
                self.stack.push(byte == b'{');
                self.state = if byte == b'{' { State::FirstKey } else { State::FirstValue };
                return Ok(Part::Open);
            }
            b'"' => {
                self.key = false;
                self.state = State::String;
                return Ok(Part::StringStart);
            }
            b't' => State::Literal(b"rue"),
            b'f' => State::Literal(b"alse"),
            b'n' => State::Literal(b"ull"),
            b'-' => State::Minus,
            b'0' => State::Zero,
            b'1'..=b'9' => State::Integer,
            _ => return Err(Fault::Unexpected { byte, wanted: "a value" }),
        };
        Ok(Part::ScalarStart)
    }

    fn close(&mut self, byte: u8) -> Result<Part, Fault> {
        match (self.stack.last(), byte) {
            (Some(true), b'}') | (Some(false), b']') => {
                self.stack.pop();
                self.state = State::After;
                Ok(Part::Close)
            }
            (Some(true), _) => Err(Fault::Unexpected { byte, wanted: "a comma or }" }),
            (Some(false), _) => Err(Fault::Unexpected { byte, wanted: "a comma or ]" }),
            (None, _) => Err(Fault::TooMuch),
        }
    }

    fn string(&mut self, byte: u8) -> Result<Part, Fault> {
        let (left, low, high) = self.utf8;
        if left > 0 {
            if !(low..=high).contains(&byte) {
                return Err(Fault::NotUtf8);
            }
            self.utf8 = (left - 1, 0x80, 0xBF);
            return Ok(Part::StringByte);
        }
        match byte {
            b'"' => {
                self.state = if self.key { State::Colon } else { State::After };
                return Ok(Part::StringEnd);
            }
            b'\\' => self.state = State::Escape,
            0..=0x1F => return Err(Fault::Control(byte)),
            0x20..=0x7F => {}
            // No overlong forms, no surrogates, nothing past U+10FFFF.
            0xC2..=0xDF => self.utf8 = (1, 0x80, 0xBF),
            0xE0 => self.utf8 = (2, 0xA0, 0xBF),
            0xED => self.utf8 = (2, 0x80, 0x9F),
            0xE1..=0xEF => self.utf8 = (2, 0x80, 0xBF),
            0xF0 => self.utf8 = (3, 0x90, 0xBF),
            0xF1..=0xF3 => self.utf8 = (3, 0x80, 0xBF),
            0xF4 => self.utf8 = (3, 0x80, 0x8F),
            _ => return Err(Fault::NotUtf8),
        }
        Ok(Part::StringByte)
    }

    /// Takes a byte of a number. `None` where none is being read; one that ends here puts the state behind a value.
    fn number(&mut self, byte: u8) -> Result<Option<Part>, Fault> {
        let digit = byte.is_ascii_digit();
        self.state = match (self.state, byte) {
            (State::Minus, b'0') => State::Zero,
            (State::Minus, b'1'..=b'9') => State::Integer,
            (State::Integer, _) if digit => State::Integer,
            (State::Zero | State::Integer, b'.') => State::Point,
            (State::Point | State::Fraction, _) if digit => State::Fraction,
            (State::Zero | State::Integer | State::Fraction, b'e' | b'E') => State::Exponent,
            (State::Exponent, b'+' | b'-') => State::ExponentSign,
            (State::Exponent | State::ExponentSign | State::ExponentDigits, _) if digit => State::ExponentDigits,
            (State::Minus | State::Point | State::Exponent | State::ExponentSign, _) => {
                return Err(Fault::Unexpected { byte, wanted: "a digit of a number" });
            }
            (State::Zero, _) if digit => {
                return Err(Fault::Unexpected { byte, wanted: "the end of a number that begins with 0" });
            }
            (State::Zero | State::Integer | State::Fraction | State::ExponentDigits, _) => {
                self.state = State::After;
                return Ok(None);
            }
            _ => return Ok(None),
        };
        Ok(Some(Part::ScalarByte))
    }
}
