//! Characters: what a code point is, and which one stands at a place.

use super::Reading;

const CONTROL: [&str; 33] = [
    "NUL (null)",
    "SOH (start of heading)",
    "STX (start of text)",
    "ETX (end of text)",
    "EOT (end of transmission)",
    "ENQ (enquiry)",
    "ACK (acknowledge)",
    "BEL (bell)",
    "BS (backspace)",
    "TAB (horizontal tab)",
    "LF (line feed)",
    "VT (vertical tab)",
    "FF (form feed)",
    "CR (carriage return)",
    "SO (shift out)",
    "SI (shift in)",
    "DLE (data link escape)",
    "DC1 (device control 1)",
    "DC2 (device control 2)",
    "DC3 (device control 3)",
    "DC4 (device control 4)",
    "NAK (negative acknowledge)",
    "SYN (synchronous idle)",
    "ETB (end of block)",
    "CAN (cancel)",
    "EM (end of medium)",
    "SUB (substitute)",
    "ESC (escape)",
    "FS (file separator)",
    "GS (group separator)",
    "RS (record separator)",
    "US (unit separator)",
    "space",
];

/// A character as one can see it: controls by name, everything else as it is.
fn visible(c: char) -> String {
    match u32::from(c) {
        n @ 0..=32 => CONTROL[n as usize].into(),
        127 => "DEL (delete)".into(),
        0xA0 => "no-break space".into(),
        0xFEFF => "byte order mark".into(),
        n if c.is_control() => format!("control U+{n:04X}"),
        _ => c.to_string(),
    }
}

pub(super) fn ascii(bytes: &[u8]) -> Reading {
    match bytes.first() {
        Some(byte) if byte.is_ascii() => Reading::of(visible(char::from(*byte)), 1),
        Some(_) => Reading::invalid("not ASCII"),
        None => Reading::Missing { more: 1 },
    }
}

pub(super) fn utf8(bytes: &[u8]) -> Reading {
    let len = match bytes.first() {
        None => return Reading::Missing { more: 1 },
        Some(0..=0x7F) => 1,
        Some(0xC2..=0xDF) => 2,
        Some(0xE0..=0xEF) => 3,
        Some(0xF0..=0xF4) => 4,
        Some(0x80..=0xBF) => return Reading::invalid("inside a sequence"),
        Some(_) => return Reading::invalid("not UTF-8"),
    };
    match std::str::from_utf8(&bytes[..len.min(bytes.len())]) {
        Ok(text) => text.chars().next().map_or(Reading::invalid("not UTF-8"), |c| Reading::of(point(c), len)),
        Err(error) if error.error_len().is_none() && bytes.len() < len => Reading::Missing { more: len - bytes.len() },
        Err(_) => Reading::invalid("not UTF-8"),
    }
}

pub(super) fn utf16(bytes: &[u8], read: fn([u8; 2]) -> u16) -> Reading {
    let unit = |at: usize| bytes.get(at..).and_then(|rest| rest.first_chunk::<2>()).map(|&chunk| read(chunk));
    match unit(0) {
        None => Reading::Missing { more: 2 - bytes.len() },
        Some(high @ 0xD800..=0xDBFF) => match unit(2) {
            None => Reading::Missing { more: 4 - bytes.len() },
            Some(low) => match char::decode_utf16([high, low]).next() {
                Some(Ok(c)) => Reading::of(point(c), 4),
                _ => Reading::invalid("lone surrogate"),
            },
        },
        Some(unit) => match char::from_u32(unit.into()) {
            Some(c) => Reading::of(point(c), 2),
            None => Reading::invalid("lone surrogate"),
        },
    }
}

/// A character with its code point.
fn point(c: char) -> String {
    format!("{}  U+{:04X}", visible(c), u32::from(c))
}

/// What a code point is, line by line: name and value. Takes lone surrogates too.
pub fn inspect_char(code: u32) -> Vec<(&'static str, String)> {
    let c = char::from_u32(code);
    let character = c.map_or_else(|| "lone surrogate".into(), visible);
    let spaced = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02X}")).collect::<Vec<_>>().join(" ");
    // Python's `surrogatepass` writes a surrogate as UTF-8 writes any code point of three bytes.
    let utf8 = match c {
        Some(c) => spaced(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None => spaced(&[0xE0 | (code >> 12) as u8, 0x80 | (code >> 6 & 63) as u8, 0x80 | (code & 63) as u8]),
    };
    let units: Vec<u16> = match c {
        Some(c) => c.encode_utf16(&mut [0; 2]).to_vec(),
        None => vec![code as u16],
    };
    let order = |bytes: fn(u16) -> [u8; 2]| spaced(&units.iter().flat_map(|&unit| bytes(unit)).collect::<Vec<u8>>());
    let escape = match code {
        0..=0xFF => format!("\\x{code:02x}"),
        0x100..=0xFFFF => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    };
    vec![
        ("Character", character),
        ("Code point", format!("U+{code:04X}")),
        ("Decimal", code.to_string()),
        ("Class", class(code).into()),
        ("UTF-8", utf8),
        ("UTF-16 LE", order(u16::to_le_bytes)),
        ("UTF-16 BE", order(u16::to_be_bytes)),
        ("Python", format!("'{escape}'")),
    ]
}

/// What a code point is, in plain words.
fn class(code: u32) -> &'static str {
    let Some(c) = char::from_u32(code) else {
        return if code < 0xDC00 { "high surrogate" } else { "low surrogate" };
    };
    match c {
        '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => "line break",
        _ if c.is_control() => "control character",
        _ if c.is_whitespace() => "white space",
        _ if c.is_uppercase() => "upper case letter",
        _ if c.is_lowercase() => "lower case letter",
        _ if c.is_alphabetic() => "letter",
        _ if c.is_numeric() => "number",
        _ if c.is_ascii_punctuation() => "punctuation",
        '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{20D0}'..='\u{20FF}' => "combining mark",
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' => "invisible format character",
        '\u{FFFD}' => "replacement character",
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'.. => "private use",
        '\u{1F300}'..='\u{1FAFF}' => "pictograph",
        _ if code & 0xFFFE == 0xFFFE || matches!(code, 0xFDD0..=0xFDEF) => "noncharacter",
        _ => "symbol",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points() {
        let lines = inspect_char(0x1F600);
        let line = |name: &str| lines.iter().find(|line| line.0 == name).unwrap().1.as_str();
        assert_eq!((line("Code point"), line("UTF-8")), ("U+1F600", "F0 9F 98 80"));
        assert_eq!((line("UTF-16 LE"), line("UTF-16 BE")), ("3D D8 00 DE", "D8 3D DE 00"));
        assert_eq!((line("Python"), line("Class")), ("'\\U0001f600'", "pictograph"));
        let surrogate = inspect_char(0xD800);
        assert!(surrogate.contains(&("UTF-8", "ED A0 80".into())) && surrogate.contains(&("Class", "high surrogate".into())));
        for (code, name) in [(0x41, "upper case letter"), (0x0A, "line break"), (0x2B, "punctuation"), (0x39, "number")] {
            assert_eq!(class(code), name);
        }
    }
}
