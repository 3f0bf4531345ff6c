//! Bytes written as text and back: hex digits, canonical hex dump, base64, data URL. SKELETON.

/// Bytes of a text that is nothing but hex digits in pairs, with white space, commas, `0x` and `\\x` between them;
/// `None` where anything else is in it.
pub fn parse_hex_loose(text: &str) -> Option<Vec<u8>> {
    hex::decode(text.split_whitespace().collect::<String>()).ok()
}
