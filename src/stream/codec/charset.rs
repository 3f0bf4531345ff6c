//! Bytes out of their context: which characters they are, and which bytes each of them takes.
//!
//! A view of bytes shows the middle of something. A [`Charset`] reads a window from a place where a character can begin,
//! as far as its encoding tells, and says for every byte what it belongs to.

use std::sync::OnceLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::aliases::ALIASES;
use super::charmap_tables::TABLES;
use super::wide::Order;
use super::{Codec, Decoder, Kind, Purpose, name};
use crate::buffer::Buffer;
use crate::stream::Text;

/// A codec for bytes anywhere, by its name in Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Charset(&'static str);

/// A character and the bytes that it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Character {
    /// Where it begins, in bytes from the start of the window.
    pub start: usize,
    /// How many bytes it takes, at least one.
    pub len: usize,
    /// What it is; `None` for bytes that mean nothing in this encoding.
    pub char: Option<char>,
}

/// Shown first, with words of their own.
const USUAL: [(&str, &str); 17] = [
    ("utf_8", "UTF-8"),
    ("utf_16_le", "UTF-16 little-endian"),
    ("utf_16_be", "UTF-16 big-endian"),
    ("ascii", "ASCII"),
    ("latin_1", "Latin-1 (ISO 8859-1)"),
    ("cp1252", "Windows-1252"),
    ("cp437", "CP437 (DOS)"),
    ("cp037", "EBCDIC CP037"),
    ("cp500", "EBCDIC CP500"),
    ("cp1140", "EBCDIC CP1140"),
    ("mac_roman", "Mac Roman"),
    ("koi8_r", "KOI8-R"),
    ("shift_jis", "Shift JIS"),
    ("gbk", "GBK"),
    ("euc_kr", "EUC-KR"),
    ("big5", "Big5"),
    ("utf_32_le", "UTF-32 little-endian"),
];

/// Modules that are other names of one above, or that mean nothing without the start of their text.
const LEFT_OUT: [&str; 6] = ["utf_8_sig", "utf_16", "utf_32", "utf_7", "iso8859_1", "tactis"];

/// Bytes before a window that a codec with several bytes a character is read from.
const MARGIN: u64 = 256;

impl Charset {
    /// UTF-8.
    pub const UTF8: Self = Self("utf_8");
    /// UTF-16, the low byte first.
    pub const UTF16_LE: Self = Self("utf_16_le");
    /// UTF-16, the high byte first.
    pub const UTF16_BE: Self = Self("utf_16_be");
    /// ASCII.
    pub const ASCII: Self = Self("ascii");
    /// Latin-1.
    pub const LATIN1: Self = Self("latin_1");
    /// Windows' code page of western Europe.
    pub const WINDOWS_1252: Self = Self("cp1252");
    /// The first code page of DOS.
    pub const CP437: Self = Self("cp437");
    /// EBCDIC of the United States.
    pub const CP037: Self = Self("cp037");

    /// Every charset that there is a codec for, the usual ones first.
    pub fn all() -> &'static [Self] {
        static ALL: OnceLock<Vec<Charset>> = OnceLock::new();
        ALL.get_or_init(|| {
            let mut rest: Vec<&'static str> = TABLES.iter().map(|(module, _)| *module).collect();
            rest.extend(ALIASES.iter().map(|(_, module)| *module));
            rest.sort_unstable();
            rest.dedup();
            let mut all: Vec<Self> = USUAL.iter().map(|(module, _)| Self(module)).collect();
            all.extend(
                rest.into_iter()
                    .filter(|module| !LEFT_OUT.contains(module))
                    .map(Self)
                    .filter(|each| !all.contains(each))
                    .collect::<Vec<_>>(),
            );
            all.retain(|each| name::find(each.0, Purpose::Decode).is_ok());
            all
        })
    }

    /// By any name that Python knows it by.
    pub fn find(name: &str) -> Option<Self> {
        let codec = Codec::find(name, Purpose::Decode).ok()?;
        Self::all().iter().copied().find(|each| each.codec() == Some(codec))
    }

    /// Python's name.
    pub const fn name(self) -> &'static str {
        self.0
    }

    /// What a menu says.
    pub fn label(self) -> String {
        if let Some((_, label)) = USUAL.iter().find(|(module, _)| *module == self.0) {
            return (*label).to_owned();
        }
        let name = self.0;
        match name.strip_prefix("iso8859_") {
            Some(part) => format!("ISO 8859-{part}"),
            None if name.starts_with("cp125") => format!("Windows-{}", &name[2..]),
            None => name.replace('_', "-").to_uppercase(),
        }
    }

    fn codec(self) -> Option<Codec> {
        name::find(self.0, Purpose::Decode).ok()
    }

    /// Where a window that shows the bytes from `start` on is to be read from, so that its first characters are known.
    pub fn window_start(self, start: u64) -> u64 {
        match self.codec().map(|codec| codec.0) {
            Some(Kind::Utf8) => start.saturating_sub(3),
            Some(Kind::Wide(2, _)) => (start & !1).saturating_sub(2),
            Some(Kind::Wide(..)) => start & !3,
            Some(Kind::Latin1 | Kind::Ascii | Kind::Charmap(_)) | None => start,
            Some(_) => start.saturating_sub(MARGIN),
        }
    }

    /// The characters of a window whose first byte is at the offset `at` of the whole; every byte is in one of them.
    /// What is begun at the end of the window is told as broken: a window is read a few bytes further than it is shown.
    pub fn characters(self, bytes: &[u8], at: u64, out: &mut Vec<Character>) {
        out.clear();
        let Some(codec) = self.codec() else { return };
        match codec.0 {
            Kind::Ascii => singles(bytes, |byte| byte.is_ascii().then(|| char::from(byte)), out),
            Kind::Latin1 => singles(bytes, |byte| Some(char::from(byte)), out),
            Kind::Charmap(_) => {
                let all: Vec<u8> = (0..=255).collect();
                let text = super::decode(&Buffer::from(all), self.0, "replace").unwrap_or_default();
                let point = |byte: u8| text.get(byte.into()).and_then(char::from_u32).filter(|&c| c != '\u{FFFD}');
                let table: Vec<Option<char>> = (0..=255).map(point).collect();
                singles(bytes, |byte| table[usize::from(byte)], out);
            }
            Kind::Utf8 => utf8(bytes, out),
            Kind::Wide(2, order) => utf16(bytes, at, order == Some(Order::Big), out),
            _ => several(codec, bytes, at, out),
        }
    }

    /// The bytes of a text. The error is the first character that has none.
    pub fn encode(self, text: &str) -> Result<Vec<u8>, char> {
        let whole = super::encode(&Text::from(text), self.0, "strict").ok().and_then(|bytes| bytes.to_vec_all().ok());
        whole.ok_or_else(|| {
            let has_none = |c: &char| super::encode(&Text::from(c.to_string().as_str()), self.0, "strict").is_err();
            text.chars().find(has_none).unwrap_or('\u{FFFD}')
        })
    }

    /// The text of some bytes; what means nothing becomes U+FFFD.
    pub fn decode_lossy(self, bytes: &[u8]) -> String {
        super::decode(&Buffer::from(bytes), self.0, "replace").map(|text| text.to_string_lossy()).unwrap_or_default()
    }
}

impl Default for Charset {
    fn default() -> Self {
        Self::UTF8
    }
}

impl Serialize for Charset {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

/// A name that means nothing here, from other settings, is UTF-8.
impl<'de> Deserialize<'de> for Charset {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::find(&String::deserialize(deserializer)?).unwrap_or_default())
    }
}

fn singles(bytes: &[u8], char_of: impl Fn(u8) -> Option<char>, out: &mut Vec<Character>) {
    out.extend(bytes.iter().enumerate().map(|(start, &byte)| Character { start, len: 1, char: char_of(byte) }));
}

/// Broken sequences are taken byte by byte.
fn utf8(bytes: &[u8], out: &mut Vec<Character>) {
    let mut at = 0;
    while let Some(&first) = bytes.get(at) {
        let len = match first {
            0..0x80 => {
                out.push(Character { start: at, len: 1, char: Some(char::from(first)) });
                at += 1;
                continue;
            }
            0xC2..0xE0 => 2,
            0xE0..0xF0 => 3,
            0xF0..0xF5 => 4,
            _ => 1,
        };
        let char = bytes.get(at..at + len).filter(|_| len > 1).and_then(utf8_char);
        let len = if char.is_some() { len } else { 1 };
        out.push(Character { start: at, len, char });
        at += len;
    }
}

/// The character that two, three or four bytes are.
fn utf8_char(bytes: &[u8]) -> Option<char> {
    let low = |i: usize| bytes.get(i).filter(|&byte| byte & 0xC0 == 0x80).map(|&byte| u32::from(byte & 0x3F));
    let (least, point) = match bytes {
        [a, _] => (0x80, u32::from(a & 0x1F) << 6 | low(1)?),
        [a, _, _] => (0x800, u32::from(a & 0x0F) << 12 | low(1)? << 6 | low(2)?),
        [a, ..] => (0x1_0000, u32::from(a & 7) << 18 | low(1)? << 12 | low(2)? << 6 | low(3)?),
        [] => return None,
    };
    char::from_u32(point).filter(|_| point >= least)
}

/// Units stand at even offsets of the whole.
fn utf16(bytes: &[u8], offset: u64, big: bool, out: &mut Vec<Character>) {
    let unit = |at: usize| {
        let pair = [*bytes.get(at)?, *bytes.get(at + 1)?];
        Some(if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) })
    };
    let mut at = (offset & 1) as usize;
    if at == 1 && !bytes.is_empty() {
        out.push(Character { start: 0, len: 1, char: None });
    }
    while at < bytes.len() {
        let (len, char) = match unit(at) {
            None => (1, None),
            Some(high @ 0xD800..0xDC00) => {
                let pair = unit(at + 2).and_then(|low| char::decode_utf16([high, low]).next()?.ok());
                (if pair.is_some() { 4 } else { 2 }, pair)
            }
            Some(unit) => (2, char::from_u32(unit.into())),
        };
        out.push(Character { start: at, len, char });
        at += len;
    }
}

/// Any other codec: byte by byte, and what it holds back belongs to the next character.
fn several(codec: Codec, bytes: &[u8], offset: u64, out: &mut Vec<Character>) {
    // A byte below the digits is never the second of a character: behind the first of them one begins.
    let margin = bytes.len().min(MARGIN as usize / 2);
    let first = match codec.0 {
        Kind::Wide(unit, _) => (unit - (offset % unit as u64) as usize) % unit,
        _ if offset == 0 => 0,
        _ => bytes[..margin].iter().position(|&byte| byte < 0x30).map_or(0, |at| at + 1),
    };
    out.extend((0..first.min(bytes.len())).map(|start| Character { start, len: 1, char: None }));
    let mut decoder = Decoder::new(codec, "replace");
    let mut begun = first;
    for at in first..bytes.len() {
        let text = decoder.decode(&Buffer::from(&bytes[at..=at]), false).unwrap_or_default();
        let held = decoder.state().0.len().min(at + 1 - begun);
        let end = at + 1 - held;
        let count = usize::try_from(text.len()).unwrap_or(0).min(end - begun);
        for i in 0..count {
            // Of several characters at once those before the last were broken bytes, one each.
            let (start, end) = (begun + i, if i + 1 == count { end } else { begun + i + 1 });
            let char = text.get(i as u64).and_then(char::from_u32).filter(|&c| c != '\u{FFFD}');
            out.push(Character { start, len: end - start, char });
        }
        if count > 0 {
            begun = end;
        }
    }
    out.extend((begun..bytes.len()).map(|start| Character { start, len: 1, char: None }));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, bytes: &[u8], at: u64) -> Vec<(usize, usize, Option<char>)> {
        let mut out = Vec::new();
        Charset::find(name).unwrap().characters(bytes, at, &mut out);
        assert_eq!(out.iter().map(|c| c.len).sum::<usize>(), bytes.len(), "every byte is in one character");
        out.into_iter().map(|c| (c.start, c.len, c.char)).collect()
    }

    #[test]
    fn characters_know_their_bytes() {
        let euro = "a€\u{1F600}".as_bytes();
        assert_eq!(read("utf-8", euro, 0), [(0, 1, Some('a')), (1, 3, Some('€')), (4, 4, Some('\u{1F600}'))]);
        assert_eq!(read("utf-8", b"\xACa\xE2\x82", 5), [(0, 1, None), (1, 1, Some('a')), (2, 1, None), (3, 1, None)]);
        assert_eq!(read("utf-16-le", b"a\0\x3D\xD8\x00\xDEb", 0), [(0, 2, Some('a')), (2, 4, Some('\u{1F600}')), (6, 1, None)]);
        assert_eq!(read("utf-16-be", b"x\0a\xD8\x00", 1), [(0, 1, None), (1, 2, Some('a')), (3, 2, None)]);
        assert_eq!(read("utf-32-le", b"a\0\0\0b\0\0\0", 0), [(0, 4, Some('a')), (4, 4, Some('b'))]);
        assert_eq!(read("cp437", b"\x80A", 0), [(0, 1, Some('Ç')), (1, 1, Some('A'))]);
        assert_eq!(read("cp037", b"\xC1\xF1", 0), [(0, 1, Some('A')), (1, 1, Some('1'))]);
        assert_eq!(read("ascii", b"a\x80", 0), [(0, 1, Some('a')), (1, 1, None)]);
        assert_eq!(read("cp1252", b"\x81\x80", 0), [(0, 1, None), (1, 1, Some('€'))]);
    }

    #[test]
    fn utf_8_is_what_the_standard_library_says() {
        for point in (0..0x3000).chain(0xD700..0xE100).chain(0xFF00..0x1_0100).chain(0x10_FF00..0x11_0000) {
            let Some(c) = char::from_u32(point) else { continue };
            let text = c.to_string();
            let mut out = Vec::new();
            utf8(text.as_bytes(), &mut out);
            assert_eq!(out, [Character { start: 0, len: text.len(), char: Some(c) }]);
        }
        for broken in [&b"\xC0\x80"[..], b"\xE0\x80\x80", b"\xED\xA0\x80", b"\xF4\x90\x80\x80", b"\xF0\x80\x80\x80", b"\xC3"] {
            let mut out = Vec::new();
            utf8(broken, &mut out);
            assert!(out.iter().all(|c| c.len == 1 && c.char.is_none()), "{broken:?}");
        }
    }

    #[test]
    fn the_way_for_every_codec_reads_utf_8_too() {
        let mixed = b"ab\xC3\xA9 \xE2\x82\xAC\xFF\xE2\x41\xF0\x9F\x98\x80.\xE2\x82";
        let (mut fast, mut slow) = (Vec::new(), Vec::new());
        utf8(mixed, &mut fast);
        several(Codec::UTF8, mixed, 0, &mut slow);
        assert_eq!(fast, slow);
    }

    #[test]
    fn the_list_is_that_of_the_codecs() {
        let all = Charset::all();
        assert_eq!(all[0], Charset::UTF8);
        assert!(all.len() > 70, "{}", all.len());
        for each in all {
            assert_eq!(Charset::find(each.name()), Some(*each), "{each:?} is there once");
            assert!(!each.label().is_empty());
        }
        for name in ["cp1140", "mac-roman", "koi8-r", "windows-1252", "latin-1", "ebcdic-cp-be"] {
            assert!(Charset::find(name).is_some(), "{name}");
        }
        assert_eq!(Charset::find("nothing"), None);
    }

    #[test]
    fn what_has_no_bytes_is_named() {
        assert_eq!(Charset::find("cp437").unwrap().encode("Ça"), Ok(vec![0x80, b'a']));
        assert_eq!(Charset::find("ascii").unwrap().encode("aé€"), Err('é'));
        assert_eq!(Charset::find("utf-16-be").unwrap().encode("a"), Ok(vec![0, b'a']));
    }
}
