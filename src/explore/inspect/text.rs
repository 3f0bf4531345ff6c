//! Runs of text in an encoding.

use super::{INSPECTED, Reading};
use crate::buffer::Buffer;
use crate::stream::Text;
use crate::stream::codec::{self, Codec, Decoder, Purpose};

/// Characters of a run.
const RUN: usize = 32;

/// The encodings that are offered: the codec's name, and what people call it.
pub const ENCODINGS: [(&str, &str); 20] = [
    ("utf-8", "UTF-8 text"),
    ("utf-16-le", "UTF-16 LE"),
    ("utf-16-be", "UTF-16 BE"),
    ("utf-32-le", "UTF-32 LE"),
    ("latin-1", "Latin-1"),
    ("cp1252", "CP1252"),
    ("cp437", "CP437"),
    ("cp850", "CP850"),
    ("cp866", "CP866"),
    ("koi8-r", "KOI8-R"),
    ("cp1251", "CP1251"),
    ("mac-roman", "Mac Roman"),
    ("cp037", "EBCDIC"),
    ("cp500", "EBCDIC 500"),
    ("shift_jis", "Shift-JIS"),
    ("euc_jp", "EUC-JP"),
    ("gbk", "GBK"),
    ("gb18030", "GB18030"),
    ("big5", "Big5"),
    ("euc_kr", "EUC-KR"),
];

/// Those that are shown until others are chosen.
pub const DEFAULT_ENCODINGS: [&str; 2] = ["utf-8", "latin-1"];

pub(super) fn label(index: u8) -> &'static str {
    ENCODINGS.get(usize::from(index)).map_or("Text", |(_, label)| label)
}

fn name(index: u8) -> &'static str {
    ENCODINGS.get(usize::from(index)).map_or("utf-8", |(name, _)| name)
}

/// Up to what is no text any more: a control character, or bytes that stand for nothing.
pub(super) fn read(index: u8, bytes: &[u8]) -> Reading {
    if bytes.is_empty() {
        return Reading::Missing { more: 1 };
    }
    let Ok(codec) = Codec::find(name(index), Purpose::Decode) else {
        return Reading::invalid("an encoding that is not known here");
    };
    let mut decoder = Decoder::new(codec, "strict");
    let (mut text, mut len) = (String::new(), 0);
    // A byte at a time tells which bytes each character has.
    for (at, byte) in bytes.iter().enumerate().take(INSPECTED) {
        let Ok(piece) = decoder.decode(&Buffer::from(&[*byte]), false) else { break };
        let Some(piece) = piece.to_str() else { break };
        if piece.chars().any(|c| c.is_control() || c == '\u{FFFD}') {
            break;
        }
        if !piece.is_empty() {
            len = at + 1;
            text.push_str(&piece);
        }
        if text.chars().count() >= RUN {
            break;
        }
    }
    if text.is_empty() { Reading::invalid("no text here") } else { Reading::Value { text, len } }
}

/// The bytes of a text; how many there are is for its writer to say.
pub(super) fn write(index: u8, text: &str) -> Result<Vec<u8>, String> {
    if text.is_empty() {
        return Err("Type the text that is to stand here".into());
    }
    let encoded = codec::encode(&Text::from(text), name(index), "strict").map_err(|_| {
        let missing = text.chars().find(|c| codec::encode(&Text::from(c.to_string().as_str()), name(index), "strict").is_err());
        let which = missing.map_or_else(|| "this".to_owned(), |c| format!("{c} (U+{:04X})", u32::from(c)));
        format!("{} has no {which}", label(index))
    })?;
    encoded.to_vec_all().map_err(|error| error.to_string())
}
