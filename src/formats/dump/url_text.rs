//! `data:` URLs by the WHATWG Fetch standard. The crate `data-url` judges the head (scheme, media type, base64 or not); the
//! body, which may be gigabytes, is decoded here as it comes.

use data_url::DataUrl;

use super::sink::Sink;
use super::{Decode, Decoded, DumpOptions, Encode, Format, FormatError, base64_text, malformed};

pub(super) struct Encoder {
    head: Option<String>,
    body: base64_text::Encoder,
}

impl Encoder {
    pub(super) fn new(mime: &str) -> Self {
        Self { head: Some(format!("data:{mime};base64,")), body: base64_text::Encoder::new(&DumpOptions::default()) }
    }

    fn head(&mut self, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        self.head.take().map_or(Ok(()), |head| sink.push(head.as_bytes()))
    }
}

impl Encode for Encoder {
    fn feed(&mut self, bytes: &[u8], sink: &mut Sink<'_>) -> Result<(), FormatError> {
        self.head(sink)?;
        self.body.feed(bytes, sink)
    }

    fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        self.head(sink)?;
        self.body.finish(sink)
    }
}

/// What a data URL says before its comma.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::formats) struct Head {
    pub(in crate::formats) mime: String,
    pub(in crate::formats) base64: bool,
}

impl Head {
    /// From the text before the comma, `data:` included.
    pub(in crate::formats) fn parse(text: &str) -> Option<Self> {
        // The crate keeps it to itself whether the body is base64, but decodes "QQ" to "A" only if it is.
        let probe = format!("{text},QQ");
        let url = DataUrl::process(&probe).ok()?;
        let (body, _) = url.decode_to_vec().ok()?;
        Some(Self { mime: url.mime_type().to_string(), base64: body == b"A" })
    }
}

enum State {
    Head(Vec<u8>),
    Body,
    /// Behind `%`, with the first digit and its text where that is read.
    Percent(Option<u8>),
    Fragment,
}

pub(super) struct Decoder {
    state: State,
    mime: Option<String>,
    base64: Option<base64_text::Decoder>,
    /// Spaces and control characters that are only part of the body if something follows.
    held: Vec<u8>,
    end: u64,
}

impl Default for Decoder {
    fn default() -> Self {
        Self { state: State::Head(Vec::new()), mime: None, base64: None, held: Vec::new(), end: 0 }
    }
}

impl Decoder {
    /// Longer heads, and longer runs of spaces, are no data URLs that anybody wrote.
    const MAX_HEAD: usize = 64 * 1024;

    fn emit(&mut self, byte: u8, at: u64, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        match &mut self.base64 {
            Some(decoder) => decoder.push(byte, at, sink),
            None => sink.push(&[byte]),
        }
    }

    fn open_body(&mut self, at: u64) -> Result<(), FormatError> {
        let State::Head(bytes) = std::mem::replace(&mut self.state, State::Body) else { return Ok(()) };
        let head = std::str::from_utf8(&bytes).ok().and_then(Head::parse);
        let head = head.ok_or_else(|| malformed(Format::DataUrl, "it does not start with data: and a media type", at))?;
        self.base64 = head.base64.then(|| base64_text::Decoder::forgiving(Format::DataUrl));
        self.mime = Some(head.mime);
        Ok(())
    }

    fn step(&mut self, byte: u8, at: u64, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        if let State::Head(bytes) = &mut self.state {
            return match byte {
                b',' => self.open_body(at),
                b'#' => Err(malformed(Format::DataUrl, "there is no comma before the fragment", at)),
                _ if bytes.len() == Self::MAX_HEAD => Err(malformed(Format::DataUrl, "there is no comma", at)),
                _ => {
                    bytes.push(byte);
                    Ok(())
                }
            };
        }
        if matches!(self.state, State::Fragment) || matches!(byte, b'\t' | b'\n' | b'\r') {
            return Ok(());
        }
        if byte <= b' ' {
            if self.held.len() == Self::MAX_HEAD {
                return Err(malformed(Format::DataUrl, "there are too many spaces in a row", at));
            }
            self.held.push(byte);
            return Ok(());
        }
        if !self.held.is_empty() {
            self.percent_was_text(at, sink)?;
            let held = std::mem::take(&mut self.held);
            held.iter().try_for_each(|&byte| self.emit(byte, at, sink))?;
        }
        let digit = char::from(byte).to_digit(16).map(|digit| digit as u8);
        match (&self.state, digit) {
            (State::Percent(None), Some(_)) => self.state = State::Percent(Some(byte)),
            (State::Percent(Some(high)), Some(low)) => {
                let high = char::from(*high).to_digit(16).unwrap_or(0) as u8;
                self.state = State::Body;
                self.emit(high << 4 | low, at, sink)?;
            }
            _ => {
                self.percent_was_text(at, sink)?;
                match byte {
                    b'%' => self.state = State::Percent(None),
                    b'#' => self.state = State::Fragment,
                    _ => self.emit(byte, at, sink)?,
                }
            }
        }
        Ok(())
    }

    /// A percent sign without two digits stands for itself.
    fn percent_was_text(&mut self, at: u64, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        if let State::Percent(digit) = self.state {
            self.state = State::Body;
            self.emit(b'%', at, sink)?;
            digit.map_or(Ok(()), |digit| self.emit(digit, at, sink))?;
        }
        Ok(())
    }
}

impl Decode for Decoder {
    fn feed(&mut self, text: &[u8], at: u64, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        self.end = at + text.len() as u64;
        text.iter().zip(at..).try_for_each(|(&byte, at)| self.step(byte, at, sink))
    }

    fn finish(&mut self, sink: &mut Sink<'_>, decoded: &mut Decoded) -> Result<(), FormatError> {
        if matches!(self.state, State::Head(_)) {
            return Err(malformed(Format::DataUrl, "there is no comma", self.end));
        }
        self.percent_was_text(self.end, sink)?;
        decoded.mime = self.mime.take();
        decoded.fragment = matches!(self.state, State::Fragment);
        self.base64.as_mut().map_or(Ok(()), |decoder| decoder.end(sink))
    }
}
