//! The text of a JSON string.

/// The text of `raw`, a string with its quotes that the recogniser has let through (or the start of one). The second
/// value counts halves of surrogate pairs, which are no characters and become U+FFFD.
pub(super) fn unescape(raw: &[u8]) -> (String, u64) {
    let inner = raw.strip_prefix(b"\"").unwrap_or(raw);
    let mut text = String::with_capacity(inner.len());
    let mut lone = 0_u64;
    let mut rest = inner;
    while let Some(at) = memchr::memchr2(b'\\', b'"', rest) {
        text.push_str(&String::from_utf8_lossy(&rest[..at]));
        if rest[at] == b'"' {
            return (text, lone);
        }
        let escape = rest.get(at + 1).copied();
        rest = rest.get(at + 2..).unwrap_or(b"");
        match escape {
            Some(b'u') => {
                let mut unit = hex(rest);
                rest = rest.get(4..).unwrap_or(b"");
                if let Some(0xD800..=0xDBFF) = unit
                    && let Some(low @ 0xDC00..=0xDFFF) = rest.strip_prefix(b"\\u").and_then(hex)
                {
                    unit = unit.map(|high| 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00));
                    rest = rest.get(6..).unwrap_or(b"");
                }
                let character = unit.and_then(char::from_u32);
                lone += u64::from(character.is_none());
                text.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            Some(b'b') => text.push('\u{8}'),
            Some(b'f') => text.push('\u{C}'),
            Some(b'n') => text.push('\n'),
            Some(b'r') => text.push('\r'),
            Some(b't') => text.push('\t'),
            Some(other) => text.push(char::from(other)),
            None => {}
        }
    }
    text.push_str(&String::from_utf8_lossy(rest));
    (text, lone)
}

fn hex(digits: &[u8]) -> Option<u32> {
    u32::from_str_radix(std::str::from_utf8(digits.get(..4)?).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn every_escape_is_the_character_that_serde_json_reads() {
        for raw in [r#""""#, r#""a""#, r#""\"\\\/\b\f\n\r\t""#, r#""\u0041\u00e9\u20AC\ud83d\ude00x""#, "\"grün \u{1F600}\""] {
            assert_eq!(unescape(raw.as_bytes()), (serde_json::from_str::<String>(raw).unwrap(), 0), "{raw}");
        }
    }

    #[test]
    fn half_a_surrogate_pair_is_replaced_and_counted() {
        assert_eq!(unescape(br#""a\ud800b""#), ("a\u{FFFD}b".into(), 1));
        assert_eq!(unescape(br#""\ud800\ud83d\ude00\udc00""#), ("\u{FFFD}\u{1F600}\u{FFFD}".into(), 2));
    }

    #[test]
    fn a_cut_string_gives_what_is_there() {
        for raw in [&b"\"ab\\"[..], b"\"ab\\u12", b"\"ab\\ud800\\u", b"\"ab", b"\"ab\xC3"] {
            assert!(unescape(raw).0.starts_with("ab"), "{raw:?}");
        }
    }
}
