//! Base64 (RFC 4648), both alphabets.

use base64::Engine;
use base64::alphabet;
use base64::engine::general_purpose::{
    GeneralPurpose, GeneralPurposeConfig, STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD,
};

use super::bulk::{Codec, Made};
use super::sink::{Sink, Wrap};
use super::{Decode, Decoded, DumpOptions, Encode, Format, FormatError, malformed, named};

/// As browsers read it: bits of the last character that no byte uses are not looked at.
const FORGIVING: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(base64::engine::DecodePaddingMode::RequireNone),
);

pub(super) struct Encoder {
    wrap: Wrap,
    engine: &'static GeneralPurpose,
    /// The bytes that do not fill a group of three yet.
    rest: Vec<u8>,
    text: Vec<u8>,
}

impl Encoder {
    pub(super) fn new(options: &DumpOptions) -> Self {
        let engine = match (options.url_safe, options.no_padding) {
            (false, false) => &STANDARD,
            (false, true) => &STANDARD_NO_PAD,
            (true, false) => &URL_SAFE,
            (true, true) => &URL_SAFE_NO_PAD,
        };
        Self { wrap: Wrap::new(options.wrap), engine, rest: Vec::with_capacity(3), text: Vec::new() }
    }

    fn put(&mut self, bytes: &[u8], sink: &mut Sink<'_>) -> Result<(), FormatError> {
        if self.wrap.is_none() && bytes.len().is_multiple_of(3) {
            let engine = self.engine;
            return sink.fill(bytes.len() / 3 * 4, |text| {
                engine.encode_slice(bytes, text).expect("four characters for three bytes");
            });
        }
        self.text.resize(bytes.len().div_ceil(3) * 4, 0);
        let len = self.engine.encode_slice(bytes, &mut self.text).expect("four characters for three bytes");
        self.wrap.push(&self.text[..len], sink)
    }
}

impl Encode for Encoder {
    fn feed(&mut self, mut bytes: &[u8], sink: &mut Sink<'_>) -> Result<(), FormatError> {
        if !self.rest.is_empty() {
            let missing = (3 - self.rest.len()).min(bytes.len());
            self.rest.extend_from_slice(&bytes[..missing]);
            bytes = &bytes[missing..];
            if self.rest.len() < 3 {
                return Ok(());
            }
            let group = std::mem::take(&mut self.rest);
            self.put(&group, sink)?;
        }
        let (groups, rest) = bytes.split_at(bytes.len() / 3 * 3);
        self.rest.extend_from_slice(rest);
        self.put(groups, sink)
    }

    fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        let group = std::mem::take(&mut self.rest);
        self.put(&group, sink)?;
        self.wrap.finish(sink)
    }
}

const SPACE: u8 = 0xFE;
const PADDING: u8 = 0xFD;
const BAD: u8 = 0xFF;

/// For each byte of text: the character of the standard alphabet that it stands for, or what else it is.
const CLASSES: [u8; 256] = {
    let mut table = [BAD; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            symbol @ (b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/') => symbol,
            b'-' => b'+',
            b'_' => b'/',
            b'=' => PADDING,
            b' ' | b'\t' | b'\n' | b'\r' | 0x0C => SPACE,
            _ => BAD,
        };
        byte += 1;
    }
    table
};

/// What a character of either alphabet stands for, 0 to 63.
pub(super) fn symbol(byte: u8) -> Option<u8> {
    match CLASSES[usize::from(byte)] {
        letter @ b'A'..=b'Z' => Some(letter - b'A'),
        letter @ b'a'..=b'z' => Some(letter - b'a' + 26),
        digit @ b'0'..=b'9' => Some(digit - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

/// Characters into bytes. Everything wrong is found while the characters are gathered, so each has its place.
pub(super) struct Decoder {
    format: Format,
    engine: &'static GeneralPurpose,
    symbols: Vec<u8>,
    count: u64,
    padding: u8,
    last: u64,
    last_symbol: u64,
    /// The first character that only one alphabet has: whether it was the URL-safe one.
    url_safe: Option<bool>,
}

impl Decoder {
    const GATHER: usize = 32 * 1024;
    /// Characters that are decoded in one go.
    const RUN: usize = 8192;
    /// Fewer are not worth it.
    const SHORT: usize = 16;

    pub(super) fn strict() -> Self {
        Self::new(Format::Base64, &STANDARD_NO_PAD)
    }

    pub(super) fn forgiving(format: Format) -> Self {
        Self::new(format, &FORGIVING)
    }

    fn new(format: Format, engine: &'static GeneralPurpose) -> Self {
        Self {
            format,
            engine,
            symbols: Vec::with_capacity(Self::GATHER),
            count: 0,
            padding: 0,
            last: 0,
            last_symbol: 0,
            url_safe: None,
        }
    }

    fn flush(&mut self, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        let start = sink.block().len();
        let room = self.symbols.len().div_ceil(4) * 3;
        sink.block().resize(start + room, 0);
        let decoded = self.engine.decode_slice(&self.symbols, &mut sink.block()[start..]);
        sink.block().truncate(start + decoded.as_ref().copied().unwrap_or(0));
        self.symbols.clear();
        match decoded {
            Ok(_) => sink.settle(),
            Err(_) => Err(malformed(self.format, "the last character has bits that no byte uses", self.last_symbol)),
        }
    }

    /// Decodes as much of a line as the engine takes at once, whole groups of four; 0 where it must be looked at closely.
    fn run(&mut self, line: &[u8], at: u64, sink: &mut Sink<'_>) -> Result<usize, FormatError> {
        let aligned = self.count.is_multiple_of(4);
        let run = &line[..line.len() / 4 * 4];
        if run.len() < Self::SHORT || !aligned || self.padding > 0 {
            return Ok(0);
        }
        let url_safe = self.url_safe.or_else(|| is_url_safe(run));
        self.flush(sink)?;
        let start = sink.block().len();
        let len = run.len() / 4 * 3;
        sink.block().resize(start + len, 0);
        let decoded = engine(url_safe).decode_slice(run, &mut sink.block()[start..]);
        if decoded != Ok(len) {
            sink.block().truncate(start);
            return Ok(0);
        }
        self.url_safe = url_safe;
        self.count += run.len() as u64;
        self.last = at + run.len() as u64 - 1;
        self.last_symbol = self.last;
        sink.settle()?;
        Ok(run.len())
    }

    pub(super) fn push(&mut self, byte: u8, at: u64, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        let class = CLASSES[usize::from(byte)];
        match class {
            SPACE => return Ok(()),
            BAD => return Err(malformed(self.format, format!("{} is not a base64 character", named(byte)), at)),
            PADDING => {
                self.padding += 1;
                self.last = at;
                let wanted = (4 - self.count % 4) % 4;
                let what = match () {
                    () if wanted == 0 || wanted == 3 => "padding where none belongs",
                    () if u64::from(self.padding) > wanted => "too much padding",
                    () => return Ok(()),
                };
                return Err(malformed(self.format, what, at));
            }
            _ if self.padding > 0 => return Err(malformed(self.format, "there is more behind the padding", at)),
            _ => {}
        }
        if matches!(class, b'+' | b'/') {
            let url_safe = byte != class;
            if *self.url_safe.get_or_insert(url_safe) != url_safe {
                let what = format!("{} mixes the standard and the URL-safe alphabet", named(byte));
                return Err(malformed(self.format, what, at));
            }
        }
        self.symbols.push(class);
        self.count += 1;
        self.last = at;
        self.last_symbol = at;
        if self.symbols.len() == Self::GATHER { self.flush(sink) } else { Ok(()) }
    }

    pub(super) fn end(&mut self, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        let wanted = (4 - self.count % 4) % 4;
        if wanted == 3 {
            return Err(malformed(self.format, "the last character is half a byte", self.last));
        }
        if self.padding > 0 && u64::from(self.padding) < wanted {
            return Err(malformed(self.format, "the padding is incomplete", self.last));
        }
        self.flush(sink)
    }
}

impl Decode for Decoder {
    fn feed(&mut self, text: &[u8], at: u64, sink: &mut Sink<'_>) -> Result<(), FormatError> {
        let mut index = 0;
        while index < text.len() {
            let window = &text[index..text.len().min(index + Self::RUN)];
            let end = memchr::memchr2(b'\n', b'\r', window);
            let line = &window[..end.unwrap_or(window.len())];
            let run = self.run(line, at + index as u64, sink)?;
            index += run;
            let started = self.count % 4;
            let left = match run {
                // The engine takes whole groups: the one that was begun is completed first.
                0 if line.len() >= Self::SHORT && started > 0 && self.padding == 0 => 4 - started as usize,
                // Everything that is wrong is in here, and gets its place.
                _ => line.len() - run + usize::from(end.is_some()),
            };
            for &byte in &text[index..index + left] {
                self.push(byte, at + index as u64, sink)?;
                index += 1;
            }
        }
        Ok(())
    }

    fn finish(&mut self, sink: &mut Sink<'_>, _: &mut Decoded) -> Result<(), FormatError> {
        self.end(sink)
    }

    fn codec(&self) -> Option<Codec> {
        Some(Codec { group: 1, decode })
    }

    fn take(&mut self, made: &Made, _: &[u8], at: u64, sink: &mut Sink<'_>) -> Result<bool, FormatError> {
        let mixed = self.url_safe.zip(made.url_safe).is_some_and(|(before, here)| before != here);
        if mixed || self.padding > 0 || !self.count.is_multiple_of(4) {
            return Ok(false);
        }
        self.flush(sink)?;
        self.url_safe = self.url_safe.or(made.url_safe);
        self.count += made.symbols;
        self.last = at + made.last as u64;
        self.last_symbol = self.last;
        Ok(true)
    }
}

/// Which alphabet a text is of; `None` where it is of both.
fn is_url_safe(text: &[u8]) -> Option<bool> {
    let has = |one, other, url_safe| memchr::memchr2(one, other, text).map(|_| url_safe);
    has(b'+', b'/', false).or_else(|| has(b'-', b'_', true))
}

/// The engine for whole groups of an alphabet.
fn engine(url_safe: Option<bool>) -> &'static GeneralPurpose {
    if url_safe == Some(true) { &URL_SAFE_NO_PAD } else { &STANDARD_NO_PAD }
}

/// Makes bytes of whole groups.
fn decode(symbols: &[u8], made: &mut Made) -> bool {
    made.url_safe = is_url_safe(symbols);
    made.bytes.resize(symbols.len() / 4 * 3, 0);
    let decoded = engine(made.url_safe).decode_slice(symbols, &mut made.bytes);
    symbols.len().is_multiple_of(4) && decoded == Ok(made.bytes.len())
}
