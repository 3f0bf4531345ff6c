//! What a person may have on the clipboard when they paste bytes.

use super::{Format, decode};
use crate::tasks::Progress;

/// Bytes out of pasted text: hex digits in any of the accepted ways, a hex dump, a list in brackets or braces
/// (`[0x48, 0x65]`, `{0x48}`), or an escaped literal (`"\x48\x65"`, `b'\x48'`). `None` where it is none of these, or nothing.
///
/// ```
/// use seektell::formats::dump::parse_hex_loose;
/// assert_eq!(parse_hex_loose("{ 0x48, 0x69 }"), Some(b"Hi".to_vec()));
/// assert_eq!(parse_hex_loose("00000000  48 69  |Hi|"), Some(b"Hi".to_vec()));
/// assert_eq!(parse_hex_loose("hello"), None);
/// ```
pub fn parse_hex_loose(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    let bare = ["b", "&", ""].iter().find_map(|prefix| {
        let text = text.strip_prefix(prefix)?;
        [('"', '"'), ('\'', '\''), ('[', ']'), ('{', '}'), ('(', ')')]
            .iter()
            .find_map(|&(open, close)| text.strip_prefix(open)?.strip_suffix(close))
    });
    let read = |text: &str, format| {
        let mut bytes = Vec::new();
        let decoded = decode(&text.as_bytes().into(), format, &mut bytes, &Progress::new());
        (decoded.is_ok() && !bytes.is_empty()).then_some(bytes)
    };
    let dump = || is_dump(text).then(|| read(text, Format::HexDump)).flatten();
    dump().or_else(|| read(bare.unwrap_or(text).trim(), Format::HexText))
}

/// An address and bytes in the first line are a dump only with its bars or its colon: "1234 56 78" is digits.
fn is_dump(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    matches!(super::parse_row(first.as_bytes()), Ok(super::Row::Bytes { certain: true, .. }))
}
