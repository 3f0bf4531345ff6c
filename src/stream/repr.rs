//! Python's `repr`, letter for letter.

use super::{Text, is_printable};

/// `repr(bytes)`: `b'..'`, with Python's choice of quotes and escapes.
pub fn bytes_repr(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 3);
    out.push('b');
    push_bytes(&mut out, bytes, false);
    out
}

/// The quotes and what is between them. A `bytearray` escapes `'` also between double quotes.
pub(super) fn push_bytes(out: &mut String, bytes: &[u8], is_array: bool) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { b'"' } else { b'\'' };
    out.push(quote.into());
    for &byte in bytes {
        match byte {
            b'\t' => out.push_str("\\t"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\\' => out.push_str("\\\\"),
            b'\'' if is_array || quote == byte => out.push_str("\\'"),
            b' '..=b'~' => out.push(byte.into()),
            _ => out.extend(['\\', 'x', HEX[usize::from(byte >> 4)].into(), HEX[usize::from(byte & 15)].into()]),
        }
    }
    out.push(quote.into());
}

/// `repr(str)`, with Python 3.11's idea of what is printable.
pub fn str_repr(text: &Text) -> String {
    let mut out = String::new();
    push_str(&mut out, text);
    out
}

pub(super) fn push_str(out: &mut String, text: &Text) {
    use std::fmt::Write;
    let has = |quote: char| text.code_points().any(|point| point == u32::from(quote));
    let quote = if has('\'') && !has('"') { '"' } else { '\'' };
    out.push(quote);
    for point in text.code_points() {
        match char::from_u32(point) {
            Some('\t') => out.push_str("\\t"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\\') => out.push_str("\\\\"),
            Some(c) if c == quote => out.extend(['\\', c]),
            Some(c) if is_printable(point) => out.push(c),
            // Writing to a string cannot fail.
            _ if point < 0x100 => _ = write!(out, "\\x{point:02x}"),
            _ if point < 0x1_0000 => _ = write!(out, "\\u{point:04x}"),
            _ => _ = write!(out, "\\U{point:08x}"),
        }
    }
    out.push(quote);
}

/// `repr(float)`: the shortest digits that give the number back; with an exponent below 1e-4 and from 1e16 on.
pub fn float_repr(number: f64) -> String {
    if number.is_nan() {
        return "nan".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.into();
    }
    let scientific = format!("{number:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    match exponent.parse::<i32>() {
        Ok(exponent) if number != 0.0 && !(-4..16).contains(&exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
        }
        _ => format!("{number:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_escapes() {
        assert_eq!(crate::stream::Value::bytearray(*b"it's").repr(), "bytearray(b\"it\\'s\")");
        assert_eq!(bytes_repr(b""), "b''");
        assert_eq!(bytes_repr(b"it's"), "b\"it's\"");
        assert_eq!(bytes_repr(b"\"it's\""), "b'\"it\\'s\"'");
        assert_eq!(bytes_repr(b"\x00\t\n\r\\~\x7f\xff"), r"b'\x00\t\n\r\\~\x7f\xff'");
        let text = |points: &[u32]| str_repr(&Text::from_code_points(points.iter().copied()));
        assert_eq!(text(&[0x27, 0x22, 0x27]), r#"'\'"\''"#);
        assert_eq!(text(&[0x27]), "\"'\"");
        assert_eq!(text(&[0, 0x7f, 0xa0, 0xad, 0xe9]), r"'\x00\x7f\xa0\xadé'");
        assert_eq!(text(&[0x2028, 0xd800, 0x1f600, 0xe0001, 0x10ffff]), "'\\u2028\\ud800😀\\U000e0001\\U0010ffff'");
    }

    #[test]
    fn floats() {
        for (number, shown) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.5, "1.5"),
            (100.0, "100.0"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.25e22, "1.25e+22"),
            (1e-4, "0.0001"),
            (1e-5, "1e-05"),
            (1.5e-300, "1.5e-300"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::NAN, "nan"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(float_repr(number), shown);
        }
    }
}
