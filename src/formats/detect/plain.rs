//! Whether bytes are characters.

use super::Edges;

/// The start of a document as characters.
pub(super) struct Text {
    /// Decoded, without a byte order mark; the character that a cut head splits is left out.
    pub(super) head: String,
    /// Whether there is more than the head.
    pub(super) cut: bool,
    /// Why it is text.
    pub(super) reason: String,
}

/// Text in UTF-8 or UTF-16, told without guessing: everything decodes and there are next to no control characters.
pub(super) fn read(edges: &Edges<'_>) -> Option<Text> {
    let text = |head: String, reason: &str| Text { head, cut: edges.cut(), reason: reason.into() };
    match edges.head {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest, edges.cut()).map(|head| text(head, "starts with the UTF-8 byte order mark")),
        // UTF-32 starts like UTF-16; nobody writes it, but it must not be shown as UTF-16 full of zeros.
        [0xFF, 0xFE, 0, 0, ..] => None,
        [0xFF, 0xFE, rest @ ..] => {
            utf16(rest, false).map(|head| text(head, "starts with the UTF-16 byte order mark, little end first"))
        }
        [0xFE, 0xFF, rest @ ..] => {
            utf16(rest, true).map(|head| text(head, "starts with the UTF-16 byte order mark, big end first"))
        }
        head => utf8(head, edges.cut())
            .map(|decoded| {
                let ascii = decoded.is_ascii();
                let reason = match (ascii, edges.cut()) {
                    (true, false) => "every byte is a printable ASCII character",
                    (true, true) => "every byte of the first 128 KiB is a printable ASCII character",
                    (false, false) => "all of it is valid UTF-8",
                    (false, true) => "the first 128 KiB are valid UTF-8",
                };
                text(decoded, reason)
            })
            .or_else(|| zeros_tell(head).map(|(decoded, reason)| text(decoded, reason))),
    }
}

fn utf8(bytes: &[u8], cut: bool) -> Option<String> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if cut && error.error_len().is_none() => std::str::from_utf8(&bytes[..error.valid_up_to()]).ok()?,
        Err(_) => return None,
    };
    is_readable(text).then(|| text.to_owned())
}

/// No zeros, and no more control characters than a log with colours or a page with form feeds has.
fn is_readable(text: &str) -> bool {
    let odd = text.bytes().filter(|&byte| is_odd(byte)).count();
    odd == 0 || (odd * 200 <= text.len() && !text.contains('\0'))
}

fn is_odd(byte: u8) -> bool {
    (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x08 | 0x0C | 0x1B)) || byte == 0x7F
}

fn utf16(bytes: &[u8], big: bool) -> Option<String> {
    let (pairs, _) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| if big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) });
    let mut text = String::with_capacity(pairs.len());
    let mut decoded = 0;
    for unit in char::decode_utf16(units) {
        match unit {
            Ok(character) => {
                text.push(character);
                decoded += character.len_utf16();
            }
            // Only the very last unit may be half of a pair that the cut took the rest of.
            Err(_) if decoded + 1 == pairs.len() => break,
            Err(_) => return None,
        }
    }
    is_readable(&text).then_some(text)
}

/// UTF-16 without a mark: Latin letters leave a zero in every other byte, and always on the same side.
fn zeros_tell(head: &[u8]) -> Option<(String, &'static str)> {
    let (pairs, _) = head.as_chunks::<2>();
    if pairs.len() < 4 {
        return None;
    }
    let zeros = |side: usize| pairs.iter().filter(|pair| pair[side] == 0).count();
    let (first, second) = (zeros(0), zeros(1));
    let many = pairs.len() * 6 / 10;
    let (big, reason) = match () {
        () if second >= many && first == 0 => (false, "every other byte is zero, as in UTF-16, little end first"),
        () if first >= many && second == 0 => (true, "every other byte is zero, as in UTF-16, big end first"),
        () => return None,
    };
    utf16(head, big).map(|text| (text, reason))
}

/// Whether it may be text in one of the older encodings: no control characters at all, and enough ASCII among the rest
/// (words are parted by spaces in every script that these encodings write with few exceptions).
pub(super) fn could_be_legacy(edges: &Edges<'_>) -> bool {
    let head = edges.head;
    let ascii = head.iter().filter(|byte| byte.is_ascii()).count();
    let share = if head.len() < 64 { 2 } else { 10 };
    !head.iter().any(|&byte| is_odd(byte)) && ascii * share >= head.len() && ascii > 0
}
