//! What a text is, found by trying.

use super::{Choices, LiteralError, Style, decode_head};
use crate::buffer::Buffer;
use crate::formats::dump::{Row, parse_row};

/// Bytes of text that are looked at.
const LOOKED_AT: usize = 64 * 1024;

/// Bytes of the result that are asked for.
const HEAD: usize = 4096;

/// What a text can be read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recognised {
    /// The likeliest reader first; characters, which everything is, last.
    pub styles: Vec<Style>,
    /// Whether the first one can hardly be anything but bytes: hex digits, an array, a dump, a literal. Base64 and numbers
    /// look like words and lists too.
    pub certain: bool,
}

/// What a text can be read as, by its first 64 KiB.
///
/// ```
/// use seektell::formats::literal::{Style, recognise};
/// assert_eq!(recognise("byte[] data = {(byte) 0x89, 0x50};").styles[0], Style::Java);
/// assert!(!recognise("hello").certain);
/// ```
pub fn recognise(text: &str) -> Recognised {
    let text = text.trim();
    let mut end = text.len().min(LOOKED_AT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = &text[..end];
    let whole = end == text.len();
    let buffer = Buffer::from(head.as_bytes());
    let choices = Choices::default();
    let reads = |style: Style| match decode_head(&buffer, style, &choices, HEAD) {
        Ok(bytes) => !bytes.is_empty(),
        // A text that was cut ends in the middle of something.
        Err(LiteralError::Malformed { at, .. }) => !whole && at.get() + 256 > head.len() as u64,
        Err(LiteralError::Format(_)) => false,
    };
    let mut styles: Vec<Style> =
        CANDIDATES.iter().filter(|(style, looks)| looks(head) && reads(*style)).map(|(s, _)| *s).collect();
    let certain = styles.first().is_some_and(|style| !matches!(style, Style::Base64 | Style::Decimal | Style::Percent));
    let escaped = styles.first() == Some(&Style::Escaped) && !head.starts_with('"');
    styles.push(Style::Text);
    Recognised { certain: certain && !escaped, styles }
}

type Looks = fn(&str) -> bool;

/// Every reader but that of characters, the most particular first, with a look that costs little.
const CANDIDATES: [(Style, Looks); 18] = [
    (Style::DataUrl, |text| text.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))),
    (Style::HexDump, is_dump),
    (Style::Python, is_python),
    (Style::Cpp, |text| text.contains("std::") && text.contains('{')),
    (Style::Go, |text| text.contains("byte{") || text.contains("uint8{")),
    (Style::CSharp, |text| text.contains("new byte[") && !text.contains("(byte)")),
    (Style::Java, |text| (text.contains("byte[]") || text.contains("(byte)")) && text.contains('{')),
    (Style::JavaScript, |text| text.contains("Uint8Array") || text.contains("Buffer.from([")),
    (Style::Swift, |text| text.contains("[UInt8]")),
    (Style::Json, |text| text.starts_with('[')),
    (Style::Rust, |text| text.contains('[') && !text.contains('{')),
    (Style::Lua, |text| text.contains("local ") && text.contains('{')),
    (Style::C, |text| text.contains('{')),
    (Style::HexSpaced, |text| !text.starts_with('\\') || text.starts_with("\\x")),
    (Style::Escaped, |text| text.starts_with('"') || (text.contains('\\') && !text.contains('\n'))),
    (Style::Decimal, |text| text.starts_with(|c: char| c.is_ascii_digit())),
    (Style::Percent, |text| text.contains('%') && !text.contains(char::is_whitespace)),
    (Style::Base64, |text| text.len() >= 8),
];

/// An address and bytes in the first line are a dump only with its bars or its colon: "1234 56 78" is digits.
fn is_dump(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    matches!(parse_row(first.as_bytes()), Ok(Row::Bytes { certain: true, .. }))
}

/// A literal with its `b`, and not the characters of an array of Rust.
fn is_python(text: &str) -> bool {
    let Some(quote) = text.find(['\'', '"']) else { return false };
    let before = &text[..quote];
    !before.contains(['[', '{']) && before.to_ascii_lowercase().trim_end_matches('r').ends_with('b')
}
