//! The East Asian charsets, in which a character takes one to eight bytes and some of which switch between sets of characters.

mod hangul;
mod hz;
mod iso2022;
mod plain;
mod tables;

use super::super::text::Width;
use super::super::{Exception, ExceptionKind, Text};
use super::handler::{Decoding, Encoding, Handler, Replacement};
use super::units::Units;
use super::{Input, units_of};
use crate::buffer::Buffer;
use iso2022::Variant;

/// The charsets by the names of their modules in Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charset {
    Gb2312,
    Gbk,
    Gb18030,
    Hz,
    Big5,
    Cp950,
    ShiftJis,
    Cp932,
    EucJp,
    EucKr,
    Cp949,
    Johab,
    Iso2022(Variant),
}

/// All of them.
const CHARSETS: [(&str, Charset); 17] = [
    ("gb2312", Charset::Gb2312),
    ("gbk", Charset::Gbk),
    ("gb18030", Charset::Gb18030),
    ("hz", Charset::Hz),
    ("big5", Charset::Big5),
    ("cp950", Charset::Cp950),
    ("shift_jis", Charset::ShiftJis),
    ("cp932", Charset::Cp932),
    ("euc_jp", Charset::EucJp),
    ("euc_kr", Charset::EucKr),
    ("cp949", Charset::Cp949),
    ("johab", Charset::Johab),
    ("iso2022_jp", Charset::Iso2022(Variant::Jp)),
    ("iso2022_jp_1", Charset::Iso2022(Variant::Jp1)),
    ("iso2022_jp_2", Charset::Iso2022(Variant::Jp2)),
    ("iso2022_jp_ext", Charset::Iso2022(Variant::JpExt)),
    ("iso2022_kr", Charset::Iso2022(Variant::Kr)),
];

const ILLEGAL: &str = "illegal multibyte sequence";
const INCOMPLETE: &str = "incomplete multibyte sequence";

/// The most bytes that an incremental decoder holds back.
const HELD_MAX: usize = 8;

/// What a decoder or encoder remembers between its calls, laid out as CPython does because `getstate` shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct State([u8; 8]);

impl State {
    pub(super) const fn to_number(self) -> u64 {
        u64::from_le_bytes(self.0)
    }

    pub(super) const fn from_number(number: u64) -> Self {
        Self(number.to_le_bytes())
    }
}

/// Why decoding stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    /// There is no more input.
    End,
    /// The input ends within a sequence.
    TooFew,
    /// So many bytes mean nothing.
    Illegal(usize),
    /// In a state that CPython's decoder has no way on from.
    Lost,
}

impl Charset {
    /// The charset whose module in Python has this name.
    pub(super) fn of(module: &str) -> Option<Self> {
        CHARSETS.iter().find(|(name, _)| *name == module).map(|(_, charset)| *charset)
    }

    /// The name it has in exceptions.
    fn name(self) -> &'static str {
        CHARSETS.iter().find(|(_, charset)| *charset == self).map_or("", |(name, _)| name)
    }

    /// The state of a decoder at the start.
    pub(super) const fn decoder_start(self) -> State {
        match self {
            Self::Iso2022(_) => iso2022::DECODER_START,
            _ => State([0; 8]),
        }
    }

    /// The state of an encoder at the start.
    pub(super) const fn encoder_start(self) -> State {
        match self {
            Self::Iso2022(_) => iso2022::ENCODER_START,
            _ => State([0; 8]),
        }
    }

    /// The state after `reset()`, which is not always the one at the start.
    pub(super) fn reset(self, state: State) -> State {
        match self {
            Self::Iso2022(_) => iso2022::reset(state),
            Self::Hz => State::default(),
            _ => state,
        }
    }

    /// Whether there are no states, and all ASCII is as it is.
    const fn is_plain(self) -> bool {
        !matches!(self, Self::Hz | Self::Iso2022(_))
    }

    /// Whether ASCII is written as it is in this state.
    pub(super) fn keeps_ascii(self, state: State) -> bool {
        match self {
            // `~` is what switches.
            Self::Hz => false,
            Self::Iso2022(_) => iso2022::keeps_ascii(state),
            _ => true,
        }
    }

    /// Decodes from `at` on until something stops it.
    fn run(self, state: &mut State, input: &[u8], at: &mut usize, out: &mut Units) -> Stop {
        match self {
            Self::Iso2022(variant) => iso2022::decode(variant, state, input, at, out),
            Self::Hz => hz::decode(state, input, at, out),
            charset => plain::decode(charset, input, at, out),
        }
    }

    /// Appends the bytes of a character; `false` where there are none.
    fn put(self, state: &mut State, point: u32, out: &mut Vec<u8>) -> bool {
        match self {
            Self::Iso2022(variant) => iso2022::put(variant, state, point, out),
            Self::Hz => hz::put(state, point, out),
            charset => plain::put(charset, point, out),
        }
    }

    /// Appends the bytes of the characters at the front that take no thought; how many they are.
    fn put_run(self, state: &mut State, width: Width, units: &[u8], out: &mut Vec<u8>) -> usize {
        match self {
            Self::Iso2022(variant) => iso2022::put_run(variant, state, width, units, out),
            Self::Hz => 0,
            charset => plain::put_run(charset, width, units, out),
        }
    }

    /// Back to the start's set of characters at the end of an output.
    fn finish(self, state: &mut State, out: &mut Vec<u8>) {
        match self {
            Self::Iso2022(_) => iso2022::finish(state, out),
            Self::Hz => hz::finish(state, out),
            _ => {}
        }
    }
}

/// The exception for [`Stop::Lost`].
#[cold]
fn lost() -> Exception {
    Exception::new(ExceptionKind::Runtime, "internal codec error")
}

/// All of an input.
pub(super) fn decode(charset: Charset, handler: &Handler, input: &Input<'_>) -> Result<Text, Exception> {
    let bytes = input.bytes();
    if charset.is_plain() && bytes.is_ascii() {
        return Ok(input.as_latin1());
    }
    let call = Decoding { handler, encoding: charset.name(), input: bytes };
    let mut state = charset.decoder_start();
    let mut out = Units::default();
    let mut at = 0;
    while at < bytes.len() {
        at = match charset.run(&mut state, bytes, &mut at, &mut out) {
            Stop::End => break,
            Stop::TooFew => call.problem(at, bytes.len(), INCOMPLETE, &mut out)?,
            Stop::Illegal(count) => call.problem(at, at + count, ILLEGAL, &mut out)?,
            Stop::Lost => return Err(lost()),
        };
    }
    Ok(out.into_text())
}

/// One call of an incremental decoder, which holds `held` back from the last one. As in CPython an error that is not at the end of the
/// input loses what was held back, and what remains after an error at the end is held back.
pub(super) fn decode_piece(
    charset: Charset,
    state: &mut State,
    held: &mut Vec<u8>,
    handler: &Handler,
    input: &Input<'_>,
    last: bool,
) -> Result<Text, Exception> {
    if held.is_empty() && charset.is_plain() && input.bytes().is_ascii() {
        return Ok(input.as_latin1());
    }
    let before = std::mem::take(held);
    let joined;
    let bytes = if before.is_empty() {
        input.bytes()
    } else {
        joined = [&before, input.bytes()].concat();
        &joined
    };
    let call = Decoding { handler, encoding: charset.name(), input: bytes };
    let mut out = Units::default();
    let mut at = 0;
    while at < bytes.len() {
        match charset.run(state, bytes, &mut at, &mut out) {
            Stop::End | Stop::TooFew => break,
            Stop::Illegal(count) => at = call.problem(at, at + count, ILLEGAL, &mut out)?,
            Stop::Lost => return Err(lost()),
        }
    }
    if last && at < bytes.len() {
        match call.problem(at, bytes.len(), INCOMPLETE, &mut out) {
            Ok(next) => at = next,
            Err(exception) => {
                *held = before;
                return Err(exception);
            }
        }
    }
    if bytes.len() - at > HELD_MAX {
        return Err(Exception::new(ExceptionKind::Unicode, "pending buffer overflow"));
    }
    held.extend_from_slice(&bytes[at..]);
    Ok(out.into_text())
}

/// All of a text, which is the end of the output where `last` says so.
pub(super) fn encode(
    charset: Charset,
    state: &mut State,
    handler: &Handler,
    text: &Text,
    last: bool,
) -> Result<Buffer, Exception> {
    let units = units_of(text)?;
    if text.width() == Width::One && charset.is_plain() && units.is_ascii() {
        return Ok(text.units().clone());
    }
    let call = Encoding { handler, encoding: charset.name(), reason: ILLEGAL, text };
    let mut out = Vec::with_capacity(units.len() + units.len() / 2);
    let (width, size) = (text.width(), text.width() as usize);
    let mut at = 0;
    loop {
        at += charset.put_run(state, width, &units[at * size..], &mut out);
        let Some(unit) = units.get(at * size..(at + 1) * size) else { break };
        let point = width.read(unit);
        if !charset.put(state, point, &mut out) {
            match call.problem(at, &[point])? {
                Replacement::Bytes(bytes) => out.extend_from_slice(&bytes),
                // ASCII is in all of them.
                Replacement::Text(text) => text.chars().for_each(|c| _ = charset.put(state, c.into(), &mut out)),
            }
        }
        at += 1;
    }
    if last {
        charset.finish(state, &mut out);
    }
    Ok(out.into())
}
