//! Codecs that take their input in pieces: Python's incremental decoders and encoders.

use super::super::{Exception, ExceptionKind, Text};
use super::handler::Handler;
use super::multibyte::State;
use super::wide::Order;
use super::{Codec, Decoded, Input, Kind, UTF8_MARK, decode_marked, multibyte};
use crate::buffer::Buffer;

/// `codecs.getincrementaldecoder(encoding)(errors)`
#[derive(Clone, Debug)]
pub struct Decoder {
    codec: Codec,
    errors: Handler,
    /// The start of something whose end has not come yet.
    held: Vec<u8>,
    order: Mark,
    /// Which set of characters comes next, in the charsets that switch between several.
    state: State,
    /// Whether it is known that the last text had no `\r`.
    pub(super) no_cr: bool,
}

/// What is known of a byte order mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// It would have to come next.
    Expected,
    /// It is past, or there is none in this encoding.
    Past(Order),
}

impl Decoder {
    /// A decoder at the start of its input.
    pub fn new(codec: Codec, errors: &str) -> Self {
        let state = match codec.0 {
            Kind::Multibyte(charset) => charset.decoder_start(),
            _ => State::default(),
        };
        Self { codec, errors: Handler::of(errors), held: Vec::new(), order: Mark::Expected, state, no_cr: false }
    }

    /// Whether a byte can be held back: whether the state is more than nothing.
    const fn is_marked(&self) -> bool {
        matches!(self.codec.0, Kind::Utf8Sig | Kind::Wide(_, None))
    }

    /// `decode(input, final)`: the text of what is whole. Where it fails, nothing has changed, but the East Asian charsets lose what they
    /// have held back, if it is not the end of the input that is wrong.
    pub fn decode(&mut self, input: &Buffer, last: bool) -> Result<Text, Exception> {
        if let Kind::Multibyte(charset) = self.codec.0 {
            self.no_cr = false;
            let input = Input::of(input)?;
            return multibyte::decode_piece(charset, &mut self.state, &mut self.held, &self.errors, &input, last);
        }
        if self.held.is_empty() && !self.is_marked() {
            // What nearly every call is.
            let input = Input::of(input)?;
            let decoded = self.codec.decode(&self.errors, &input, last)?;
            self.no_cr = decoded.no_cr;
            if decoded.consumed < input.bytes().len() {
                self.held = input.bytes()[decoded.consumed..].to_vec();
            }
            return Ok(decoded.text);
        }
        if self.held.is_empty() {
            let input = Input::of(input)?;
            return self.decode_held(&input, last);
        }
        let mut joined = self.held.clone();
        joined.extend_from_slice(Input::of(input)?.bytes());
        self.decode_held(&joined.into(), last)
    }

    fn decode_held(&mut self, input: &Input<'_>, last: bool) -> Result<Text, Exception> {
        let decoded = self.decode_marked(input, last)?;
        self.no_cr = decoded.no_cr;
        self.held.clear();
        self.held.extend_from_slice(&input.bytes()[decoded.consumed..]);
        Ok(decoded.text)
    }

    fn decode_marked(&mut self, input: &Input<'_>, last: bool) -> Result<Decoded, Exception> {
        let bytes = input.bytes();
        match (self.codec.0, self.order) {
            (Kind::Utf8Sig, Mark::Expected) => {
                if bytes.len() < UTF8_MARK.len() && UTF8_MARK.starts_with(bytes) {
                    return Ok(Decoded::new(Text::default(), 0));
                }
                self.order = Mark::Past(Order::Little);
                let Some(rest) = bytes.strip_prefix(UTF8_MARK) else {
                    return self.codec.decode(&self.errors, input, last);
                };
                let decoded = self.codec.decode(&self.errors, &rest.to_vec().into(), last)?;
                Ok(Decoded { consumed: decoded.consumed + UTF8_MARK.len(), ..decoded })
            }
            (Kind::Wide(unit, None), Mark::Expected) => {
                let (decoded, mark) = decode_marked(&self.errors, input, unit, last)?;
                match mark {
                    Some(order) => self.order = Mark::Past(order),
                    None if decoded.consumed >= unit => {
                        let message = format!("UTF-{} stream does not start with BOM", unit * 8);
                        return Err(Exception::new(ExceptionKind::Unicode, message));
                    }
                    None => {}
                }
                Ok(decoded)
            }
            (Kind::Wide(unit, None), Mark::Past(order)) => Codec(Kind::Wide(unit, Some(order))).decode(&self.errors, input, last),
            _ => self.codec.decode(&self.errors, input, last),
        }
    }

    /// `getstate()`: the bytes held back, and a number.
    pub fn state(&self) -> (&[u8], u64) {
        let flags = match (self.codec.0, self.order) {
            (Kind::Utf8Sig, Mark::Expected) => 1,
            (Kind::Wide(_, None), Mark::Expected) => 2,
            (Kind::Wide(_, None), Mark::Past(Order::Big)) => 1,
            (Kind::Multibyte(_), _) => self.state.to_number(),
            _ => 0,
        };
        (&self.held, flags)
    }

    /// `setstate((held, flags))`
    pub fn set_state(&mut self, held: &[u8], flags: u64) {
        if self.codec.keeps_bytes() {
            self.held.clear();
            self.held.extend_from_slice(held);
        }
        self.state = State::from_number(flags);
        self.order = match (self.codec.0, flags) {
            (Kind::Wide(_, None), 0) => Mark::Past(Order::Little),
            (Kind::Wide(_, None), 1) => Mark::Past(Order::Big),
            (Kind::Utf8Sig, 0) => Mark::Past(Order::Little),
            _ => Mark::Expected,
        };
    }

    /// `reset()`: as at the start of the input, except for sets of characters beside the first that ISO 2022 has named.
    pub fn reset(&mut self) {
        self.held.clear();
        self.order = Mark::Expected;
        if let Kind::Multibyte(charset) = self.codec.0 {
            self.state = charset.reset(self.state);
        }
    }
}

/// `codecs.getincrementalencoder(encoding)(errors)`
#[derive(Clone, Debug)]
pub struct Encoder {
    codec: Codec,
    errors: Handler,
    /// Whether a byte order mark would come next.
    at_start: bool,
    /// Which set of characters is in use, in the charsets that switch between several.
    state: State,
}

impl Encoder {
    /// An encoder at the start of its output.
    pub fn new(codec: Codec, errors: &str) -> Self {
        let state = match codec.0 {
            Kind::Multibyte(charset) => charset.encoder_start(),
            _ => State::default(),
        };
        Self { codec, errors: Handler::of(errors), at_start: true, state }
    }

    /// `encode(text)`. A failure leaves the start of the output behind in UTF-8 with a mark, but not in UTF-16 and UTF-32. In ISO 2022 and
    /// HZ the set of characters stays what it was before the failure.
    pub fn encode(&mut self, text: &Text) -> Result<Buffer, Exception> {
        self.encode_piece(text, false)
    }

    /// `encode(text, True)`: the end of the output, where ISO 2022 and HZ go back to ASCII.
    pub fn encode_last(&mut self, text: &Text) -> Result<Buffer, Exception> {
        self.encode_piece(text, true)
    }

    fn encode_piece(&mut self, text: &Text, last: bool) -> Result<Buffer, Exception> {
        if let Kind::Multibyte(charset) = self.codec.0 {
            return multibyte::encode(charset, &mut self.state, &self.errors, text, last);
        }
        let encoded = self.codec.encode(&self.errors, text, self.at_start);
        if encoded.is_ok() || self.codec.0 == Kind::Utf8Sig {
            self.at_start = false;
        }
        encoded
    }

    /// `getstate()`
    pub fn state(&self) -> u64 {
        match self.codec.0 {
            Kind::Utf8Sig => self.at_start.into(),
            Kind::Wide(_, None) => u64::from(self.at_start) * 2,
            // The lowest byte counts what is held back, which is nothing.
            Kind::Multibyte(_) => self.state.to_number() << 8,
            _ => 0,
        }
    }

    /// `setstate(state)`
    pub fn set_state(&mut self, state: u64) {
        self.at_start = state != 0;
        self.state = State::from_number(state >> 8);
    }

    /// `reset()`
    pub fn reset(&mut self) {
        self.at_start = true;
        if let Kind::Multibyte(charset) = self.codec.0 {
            self.state = charset.reset(self.state);
        }
    }

    /// Whether ASCII is encoded as it is, at this place of the output.
    pub(in super::super) fn keeps_ascii(&self) -> bool {
        match self.codec.0 {
            Kind::Utf8 | Kind::Latin1 | Kind::Ascii => true,
            Kind::Utf8Sig => !self.at_start,
            Kind::Multibyte(charset) => charset.keeps_ascii(self.state),
            _ => false,
        }
    }
}
