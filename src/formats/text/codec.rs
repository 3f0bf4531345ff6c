//! Streams of bytes to streams of characters and back, piece by piece.

use encoding_rs::{DecoderResult, EncoderResult, mem};

use super::{Encoding, NewlineStyle};
use crate::buffer::{Len, Offset};

/// Bytes to text, piece by piece: a character may lie across two pieces.
///
/// A byte order mark is a character like any other here (U+FEFF); leave it out before you feed.
pub struct Decoder {
    encoding: Encoding,
    inner: Option<encoding_rs::Decoder>,
    position: u64,
    malformed: u64,
    first_malformed: Option<Offset>,
}

impl Decoder {
    /// A decoder at the start of a text.
    pub fn new(encoding: Encoding) -> Self {
        Self::at(encoding, Offset::ZERO)
    }

    /// A decoder whose first byte stands at `offset`; only the places it tells depend on it.
    pub fn at(encoding: Encoding, offset: Offset) -> Self {
        let encoding = encoding.canonical();
        Self { encoding, inner: new_decoder(encoding), position: offset.0, malformed: 0, first_malformed: None }
    }

    /// Appends the text of `bytes` to `out`. `last` says that nothing follows, so that a character cut short at the end
    /// is told as malformed; after it the decoder is at the start of a new text.
    pub fn decode(&mut self, bytes: &[u8], last: bool, out: &mut String) {
        match (self.encoding, &mut self.inner) {
            (Encoding::Ascii, _) => {
                for &byte in bytes {
                    if byte.is_ascii() {
                        out.push(char::from(byte));
                    } else {
                        self.malformed += 1;
                        self.first_malformed.get_or_insert(Offset(self.position));
                        out.push(char::REPLACEMENT_CHARACTER);
                    }
                    self.position += 1;
                }
            }
            (_, Some(decoder)) => {
                let mut rest = bytes;
                loop {
                    // Room for the longest answer, so that the loop always moves on.
                    out.reserve(decoder.max_utf8_buffer_length_without_replacement(rest.len()).unwrap_or(rest.len()));
                    let (result, read) = decoder.decode_to_string_without_replacement(rest, out, last);
                    rest = &rest[read..];
                    self.position += read as u64;
                    match result {
                        DecoderResult::InputEmpty => break,
                        DecoderResult::OutputFull => {}
                        DecoderResult::Malformed(len, after) => {
                            self.malformed += 1;
                            let behind = u64::from(len) + u64::from(after);
                            self.first_malformed.get_or_insert(Offset(self.position.saturating_sub(behind)));
                            out.push(char::REPLACEMENT_CHARACTER);
                        }
                    }
                }
                if last {
                    self.inner = new_decoder(self.encoding);
                }
            }
            (_, None) => {
                out.push_str(&mem::decode_latin1(bytes));
                self.position += bytes.len() as u64;
            }
        }
    }

    /// How many byte sequences meant nothing and became U+FFFD.
    pub fn malformed(&self) -> u64 {
        self.malformed
    }

    /// Where the first of them begins.
    pub fn first_malformed(&self) -> Option<Offset> {
        self.first_malformed
    }
}

impl std::fmt::Debug for Decoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoder").field("encoding", &self.encoding).field("position", &Len(self.position)).finish_non_exhaustive()
    }
}

fn new_decoder(encoding: Encoding) -> Option<encoding_rs::Decoder> {
    let encoding = match encoding {
        Encoding::Utf8 => encoding_rs::UTF_8,
        Encoding::Utf16Le => encoding_rs::UTF_16LE,
        Encoding::Utf16Be => encoding_rs::UTF_16BE,
        Encoding::Latin1 | Encoding::Ascii => return None,
        Encoding::Whatwg(encoding) => encoding,
    };
    Some(encoding.new_decoder_without_bom_handling())
}

/// Text to bytes, piece by piece. What the encoding does not have is written as `?` and counted.
pub struct Encoder {
    encoding: Encoding,
    inner: Option<encoding_rs::Encoder>,
    characters: u64,
    unmappable: u64,
    first_unmappable: Option<(char, u64)>,
}

/// Appends the units of `text`, piece by piece, because whole pieces are made several at a time.
fn utf16(text: &str, bytes: impl Fn(u16) -> [u8; 2], out: &mut Vec<u8>) {
    let (mut units, mut rest) = ([0_u16; 4096], text);
    while !rest.is_empty() {
        // One unit more than there are bytes is what the conversion asks for.
        let mut len = rest.len().min(units.len() - 1);
        while !rest.is_char_boundary(len) {
            len -= 1;
        }
        let (piece, behind) = rest.split_at(len);
        let count = mem::convert_str_to_utf16(piece, &mut units);
        let at = out.len();
        out.resize(at + count * 2, 0);
        for (pair, unit) in out[at..].as_chunks_mut::<2>().0.iter_mut().zip(&units[..count]) {
            *pair = bytes(*unit);
        }
        rest = behind;
    }
}

impl Encoder {
    /// An encoder at the start of a text. It writes no byte order mark: put [`Encoding::mark`] first where you want one.
    pub fn new(encoding: Encoding) -> Self {
        let encoding = encoding.canonical();
        Self { encoding, inner: new_encoder(encoding), characters: 0, unmappable: 0, first_unmappable: None }
    }

    /// Appends the bytes of `text` to `out`. `last` says that nothing follows, so that an encoding with states
    /// (ISO-2022-JP) goes back to its first one; after it the encoder is at the start of a new text.
    pub fn encode(&mut self, text: &str, last: bool, out: &mut Vec<u8>) {
        match (self.encoding, &mut self.inner) {
            (Encoding::Utf8, _) => out.extend_from_slice(text.as_bytes()),
            (Encoding::Utf16Le, _) => utf16(text, u16::to_le_bytes, out),
            (Encoding::Utf16Be, _) => utf16(text, u16::to_be_bytes, out),
            (_, None) => {
                let top = if self.encoding == Encoding::Ascii { 0x7F } else { 0xFF };
                for character in text.chars() {
                    match u8::try_from(u32::from(character)) {
                        Ok(byte) if byte <= top => out.push(byte),
                        _ => {
                            self.unmappable += 1;
                            self.first_unmappable.get_or_insert((character, self.characters));
                            out.push(b'?');
                        }
                    }
                    self.characters += 1;
                }
            }
            (_, Some(encoder)) => {
                let mut rest = text;
                loop {
                    let room = encoder.max_buffer_length_from_utf8_without_replacement(rest.len()).unwrap_or(rest.len());
                    out.reserve(room + 8);
                    let (result, read) = encoder.encode_from_utf8_to_vec_without_replacement(rest, out, last);
                    if self.first_unmappable.is_none() {
                        self.characters += rest[..read].chars().count() as u64;
                    }
                    rest = &rest[read..];
                    match result {
                        EncoderResult::InputEmpty => break,
                        EncoderResult::OutputFull => {}
                        EncoderResult::Unmappable(character) => {
                            self.unmappable += 1;
                            self.first_unmappable.get_or_insert((character, self.characters.saturating_sub(1)));
                            // Through the encoder, because one with states has to leave the state it is in.
                            out.reserve(16);
                            let _ = encoder.encode_from_utf8_to_vec_without_replacement("?", out, false);
                        }
                    }
                }
                if last {
                    self.inner = new_encoder(self.encoding);
                }
            }
        }
    }

    /// How many characters the encoding does not have; they were written as `?`.
    pub fn unmappable(&self) -> u64 {
        self.unmappable
    }

    /// The first of them, and how many characters stand before it.
    pub fn first_unmappable(&self) -> Option<(char, u64)> {
        self.first_unmappable
    }

    /// What was lost so far, in one sentence; `None` where nothing was.
    pub fn loss(&self) -> Option<String> {
        let (character, before) = self.first_unmappable?;
        let (verb, become_) = if self.unmappable == 1 { ("character", "becomes") } else { ("characters", "become") };
        Some(format!(
            "{} {verb} cannot be written in {} and {become_} \"?\"; the first is {} (U+{:04X}), character {}",
            self.unmappable,
            self.encoding,
            character.escape_debug(),
            u32::from(character),
            before + 1
        ))
    }
}

impl std::fmt::Debug for Encoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Encoder").field("encoding", &self.encoding).field("unmappable", &self.unmappable).finish_non_exhaustive()
    }
}

fn new_encoder(encoding: Encoding) -> Option<encoding_rs::Encoder> {
    match encoding {
        Encoding::Whatwg(encoding) => Some(encoding.new_encoder()),
        _ => None,
    }
}

/// Line ends of any of the three kinds to one kind, piece by piece: a `\r\n` may lie across two pieces.
#[derive(Clone, Debug)]
pub struct NewlineConverter {
    style: NewlineStyle,
    after_cr: bool,
}

impl NewlineConverter {
    /// A converter to `style`.
    pub fn new(style: NewlineStyle) -> Self {
        Self { style, after_cr: false }
    }

    /// Appends `text` to `out` with each `\r\n`, `\n` and `\r` written in the chosen style.
    pub fn convert(&mut self, text: &str, out: &mut String) {
        let mut rest = text;
        if self.after_cr && !rest.is_empty() {
            // The line end was written when its \r came.
            rest = rest.strip_prefix('\n').unwrap_or(rest);
            self.after_cr = false;
        }
        while let Some(at) = memchr::memchr2(b'\n', b'\r', rest.as_bytes()) {
            out.push_str(&rest[..at]);
            out.push_str(self.style.as_str());
            let is_cr = rest.as_bytes()[at] == b'\r';
            rest = &rest[at + 1..];
            if is_cr {
                if rest.is_empty() {
                    self.after_cr = true;
                }
                rest = rest.strip_prefix('\n').unwrap_or(rest);
            }
        }
        out.push_str(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_long_texts_are_those_of_the_whole() {
        for (part, count) in [("a", 10_000), ("aé", 3_000), ("東京", 2_731), ("x😀", 1_640), ("", 0), ("ab😀é東", 1_201)]
        {
            let text = part.repeat(count);
            for (encoding, bytes) in
                [(Encoding::Utf16Le, u16::to_le_bytes as fn(u16) -> [u8; 2]), (Encoding::Utf16Be, u16::to_be_bytes)]
            {
                let mut out = b"before".to_vec();
                Encoder::new(encoding).encode(&text, true, &mut out);
                let wanted: Vec<u8> = text.encode_utf16().flat_map(bytes).collect();
                assert!(out[6..] == wanted && out.starts_with(b"before"), "{count} of {part}");
            }
        }
    }
}
