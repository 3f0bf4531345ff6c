//! Hexadecimal digits, two a byte.

use super::bulk::{Codec, Made};
use super::sink::{Sink, Wrap};
use super::{Decode, Decoded, DumpOptions, Encode, Format, FormatError, malformed, named};

pub(super) struct Encoder {
    wrap: Wrap,
    upper_case: bool,
    digits: Vec<u8>,
}

impl Encoder {
    pub(super) fn new(options: &DumpOptions) -> Self {
        Self { wrap: Wrap::new(options.wrap), upper_case: options.upper_case, digits: Vec::new() }
    }
}

impl Encode for Encoder {
    fn feed(&mut self, bytes: &[u8], sink: &mut Sink<'_>) -> Result<(), FormatError> {
        if self.wrap.is_none() {
            return sink.fill(bytes.len() * 2, |digits| encode(bytes, self.upper_case, digits));
        }
        self.digits.resize(bytes.len() * 2, 0);
        encode(bytes, self.upper_case, &mut self.digits);
        self.wrap.push(&self.digits, sink)
    }

    fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        self.wrap.finish(sink)
    }
}

/// Two digits for each byte.
fn encode(bytes: &[u8], upper_case: bool, digits: &mut [u8]) {
    let written = if upper_case { faster_hex::hex_encode_upper(bytes, digits) } else { faster_hex::hex_encode(bytes, digits) };
    written.expect("two digits a byte");
}

/// Where the reader stands inside one number.
#[derive(Clone, Copy, Debug, Default)]
enum State {
    /// Between numbers.
    #[default]
    Between,
    /// Inside a run of digits, after a whole byte.
    Whole,
    /// One digit of a byte is read: its value, its place, whether it is the first of its run.
    Half { value: u8, at: u64, first: bool },
    /// Behind a backslash.
    Backslash,
    /// Behind `0x` or `\x`.
    Prefix,
    /// One digit behind a prefix.
    PrefixHalf { value: u8 },
}

#[derive(Default)]
pub(super) struct Decoder {
    state: State,
    end: u64,
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|value| value as u8)
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0B | 0x0C | b',' | b';' | b':' | b'-')
}

fn lonely(at: u64) -> FormatError {
    malformed(Format::HexText, "a digit has no second one to make a byte", at)
}

/// Digits that are decoded in one go.
const RUN: usize = 4096;

/// How many whole bytes begin `text`: all of its line if nothing else is in it, at most [`RUN`] digits.
fn run_of_digits(text: &[u8]) -> usize {
    const LOOK: usize = 32;
    let short = text.iter().take(LOOK).take_while(|byte| byte.is_ascii_hexdigit()).count();
    if short < LOOK {
        return short / 2;
    }
    let window = &text[..text.len().min(RUN)];
    let line = &window[..memchr::memchr2(b'\n', b'\r', window).unwrap_or(window.len())];
    let digits = match faster_hex::hex_check(line) {
        true => line.len(),
        false => line.iter().take_while(|byte| byte.is_ascii_hexdigit()).count(),
    };
    digits / 2
}

impl Decoder {
    fn step(&mut self, byte: u8, at: u64, sink: &mut Sink<'_>) -> Result<State, FormatError> {
        let value = digit(byte);
        Ok(match (self.state, value) {
            (State::Between, Some(value)) => State::Half { value, at, first: true },
            (State::Whole, Some(value)) => State::Half { value, at, first: false },
            (State::Half { value: high, .. } | State::PrefixHalf { value: high }, Some(low)) => {
                sink.push(&[high << 4 | low])?;
                State::Whole
            }
            (State::Prefix, Some(value)) => State::PrefixHalf { value },
            (State::Half { value: 0, first: true, .. }, None) if matches!(byte, b'x' | b'X') => State::Prefix,
            (State::Backslash, None) if byte == b'x' => State::Prefix,
            (State::Between | State::Whole, None) if byte == b'\\' => State::Backslash,
            (State::Between | State::Whole, None) if is_separator(byte) => State::Between,
            (State::PrefixHalf { value }, None) if is_separator(byte) => {
                // "0x5" in a list of numbers is the byte 5.
                sink.push(&[value])?;
                State::Between
            }
            (State::Half { at, .. }, None) if is_separator(byte) => return Err(lonely(at)),
            (State::Backslash, _) => return Err(malformed(Format::HexText, format!("{} follows a backslash", named(byte)), at)),
            _ => return Err(malformed(Format::HexText, format!("{} is not a hexadecimal digit", named(byte)), at)),
        })
    }
}

impl Decode for Decoder {
    fn feed(&mut self, text: &[u8], at: u64, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        let mut index = 0;
        while index < text.len() {
            if matches!(self.state, State::Whole) {
                // The bulk: whole bytes without a prefix, which the codec does at once.
                let run = run_of_digits(&text[index..]);
                let digits = &text[index..index + run * 2];
                sink.fill(run, |bytes| {
                    faster_hex::hex_decode(digits, bytes).expect("only digits, two a byte");
                })?;
                index += run * 2;
                if run * 2 == RUN {
                    continue;
                }
                if index == text.len() {
                    break;
                }
            }
            self.state = self.step(text[index], at + index as u64, sink)?;
            index += 1;
        }
        self.end = at + text.len() as u64;
        Ok(())
    }

    fn finish(&mut self, sink: &mut Sink<'_>, _: &mut Decoded) -> Result<(), FormatError> {
        match self.state {
            State::Between | State::Whole => Ok(()),
            State::PrefixHalf { value } => sink.push(&[value]),
            State::Half { at, .. } => Err(lonely(at)),
            State::Backslash | State::Prefix => Err(malformed(Format::HexText, "it ends behind a prefix", self.end)),
        }
    }

    fn codec(&self) -> Option<Codec> {
        Some(Codec { group: 2, decode })
    }

    fn take(&mut self, _: &Made, text: &[u8], at: u64, _: &mut Sink<'_>) -> Result<bool, FormatError> {
        if !matches!(self.state, State::Between | State::Whole) {
            return Ok(false);
        }
        self.state = if matches!(text.last(), Some(b'\n' | b'\r')) { State::Between } else { State::Whole };
        self.end = at + text.len() as u64;
        Ok(true)
    }
}

/// Makes bytes of pairs of digits.
fn decode(digits: &[u8], made: &mut Made) -> bool {
    made.bytes.resize(digits.len() / 2, 0);
    digits.len().is_multiple_of(2) && faster_hex::hex_decode(digits, &mut made.bytes).is_ok()
}
