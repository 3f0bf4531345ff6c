//! Literals from their source text: the parser's own values cannot hold lone surrogates or integers beyond 64 bits.

use num_bigint::BigInt;
use rustpython_ruff_python_parser::parse_expression;

/// The most decimal digits of an integer literal.
const DIGITS: usize = 4300;

/// An integer literal.
pub(super) fn integer(text: &str) -> Result<BigInt, String> {
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b'_').collect();
    let (digits, radix) = match digits.get(..2) {
        Some(b"0x" | b"0X") => (&digits[2..], 16),
        Some(b"0o" | b"0O") => (&digits[2..], 8),
        Some(b"0b" | b"0B") => (&digits[2..], 2),
        _ => (&digits[..], 10),
    };
    if radix == 10 && digits.len() > DIGITS {
        return Err(format!(
            "Exceeds the limit ({DIGITS} digits) for integer string conversion: value has {} digits; use \
             sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer literals to avoid \
             decimal conversion limits.",
            digits.len()
        ));
    }
    BigInt::parse_bytes(digits, radix).ok_or_else(|| "invalid decimal literal".to_owned())
}

/// What is between the quotes of a string token, and whether it is raw.
pub(super) fn inner(token: &str) -> (&str, bool) {
    let quote = token.find(['"', '\'']).unwrap_or(0);
    let raw = token[..quote].contains(['r', 'R']);
    let body = &token[quote..];
    let mark = if body.len() >= 6 && (body.starts_with("\"\"\"") || body.starts_with("'''")) { 3 } else { 1 };
    (body.get(mark..body.len().saturating_sub(mark)).unwrap_or_default(), raw)
}

/// Whether the text is not what stands there.
pub(super) fn needs_decoding(source: &str, raw: bool) -> bool {
    source.bytes().any(|byte| byte == b'\r' || byte == b'\\' && !raw)
}

/// The code points of a string literal's inside. In an f-string, doubled braces are one.
pub(super) fn text(source: &str, raw: bool, format: bool) -> Result<Vec<u32>, String> {
    let mut points = Vec::with_capacity(source.len());
    let mut rest = source.chars();
    // The position that CPython's decoder tells: it sees what is not ASCII as an escape of ten bytes.
    let mut position = 0;
    while let Some(c) = rest.next() {
        match c {
            '\r' => {
                if rest.as_str().starts_with('\n') {
                    rest.next();
                }
                points.push(u32::from('\n'));
                position += 1;
            }
            '{' | '}' if format => {
                if rest.as_str().starts_with(c) {
                    rest.next();
                }
                points.push(u32::from(c));
                position += 1;
            }
            '\\' if !raw => {
                let before = rest.as_str().len();
                escape(&mut rest, &mut points, position)?;
                position += 1 + before - rest.as_str().len();
            }
            _ => {
                points.push(u32::from(c));
                position += if c.is_ascii() { 1 } else { 10 };
            }
        }
    }
    Ok(points)
}

fn escape(rest: &mut std::str::Chars<'_>, points: &mut Vec<u32>, position: usize) -> Result<(), String> {
    let Some(c) = rest.next() else {
        points.push(u32::from('\\'));
        return Ok(());
    };
    let simple = match c {
        '\n' => return Ok(()),
        '\r' => {
            if rest.as_str().starts_with('\n') {
                rest.next();
            }
            return Ok(());
        }
        '\\' | '\'' | '"' => c,
        'a' => '\x07',
        'b' => '\x08',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        '0'..='7' => {
            let mut value = u32::from(c) - u32::from('0');
            for _ in 0..2 {
                let Some(digit) = rest.as_str().chars().next().and_then(|digit| digit.to_digit(8)) else { break };
                rest.next();
                value = value * 8 + digit;
            }
            points.push(value);
            return Ok(());
        }
        'x' => return hex(rest, points, position, 2, "truncated \\xXX escape"),
        'u' => return hex(rest, points, position, 4, "truncated \\uXXXX escape"),
        'U' => return hex(rest, points, position, 8, "truncated \\UXXXXXXXX escape"),
        'N' => return named(rest, points, position),
        other => {
            points.push(u32::from('\\'));
            points.push(u32::from(other));
            return Ok(());
        }
    };
    points.push(u32::from(simple));
    Ok(())
}

fn undecodable(from: usize, to: usize, what: &str) -> String {
    let at = if to > from { format!("bytes in position {from}-{to}") } else { format!("byte 0x5c in position {from}") };
    format!("(unicode error) 'unicodeescape' codec can't decode {at}: {what}")
}

fn hex(
    rest: &mut std::str::Chars<'_>,
    points: &mut Vec<u32>,
    position: usize,
    digits: usize,
    truncated: &str,
) -> Result<(), String> {
    let mut value: u32 = 0;
    for n in 0..digits {
        let Some(digit) = rest.as_str().chars().next().and_then(|digit| digit.to_digit(16)) else {
            return Err(undecodable(position, position + 1 + n, truncated));
        };
        rest.next();
        value = value << 4 | digit;
    }
    if value > 0x10_FFFF {
        return Err(undecodable(position, position + 1 + digits, "illegal Unicode character"));
    }
    points.push(value);
    Ok(())
}

/// The parser has the names of the characters.
fn named(rest: &mut std::str::Chars<'_>, points: &mut Vec<u32>, position: usize) -> Result<(), String> {
    let text = rest.as_str();
    let malformed = "malformed \\N character escape";
    if !text.starts_with('{') {
        return Err(undecodable(position, position + 1, malformed));
    }
    let Some(end) = text.find('}') else {
        return Err(undecodable(position, position + 1 + text.len(), malformed));
    };
    let name = &text[1..end];
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'(' | b')');
    let parsed = name.bytes().all(plain).then(|| parse_expression(&format!("'\\N{{{name}}}'")).ok()).flatten();
    let found = parsed.and_then(|parsed| match parsed.expr() {
        rustpython_ruff_python_ast::Expr::StringLiteral(node) => node.value.to_str().chars().next(),
        _ => None,
    });
    let Some(found) = found else {
        let what = if name.is_empty() { malformed } else { "unknown Unicode character name" };
        return Err(undecodable(position, position + 2 + end, what));
    };
    points.push(u32::from(found));
    *rest = text[end + 1..].chars();
    Ok(())
}

/// The bytes of a bytes literal's inside.
pub(super) fn bytes(source: &str, raw: bool) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(source.len());
    let mut at = 0;
    let source = source.as_bytes();
    let digit = |at: usize, radix: u32| source.get(at).and_then(|byte| char::from(*byte).to_digit(radix));
    while let Some(&byte) = source.get(at) {
        at += 1;
        if byte == b'\r' {
            at += usize::from(source.get(at) == Some(&b'\n'));
            out.push(b'\n');
            continue;
        }
        if byte != b'\\' || raw || at >= source.len() {
            if !byte.is_ascii() {
                return Err("bytes can only contain ASCII literal characters".to_owned());
            }
            out.push(byte);
            continue;
        }
        let escape = source[at];
        at += 1;
        match escape {
            b'\n' => {}
            b'\r' => at += usize::from(source.get(at) == Some(&b'\n')),
            b'\\' | b'\'' | b'"' => out.push(escape),
            b'a' => out.push(7),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'v' => out.push(11),
            b'0'..=b'7' => {
                let mut value = u32::from(escape - b'0');
                for _ in 0..2 {
                    let Some(next) = digit(at, 8) else { break };
                    at += 1;
                    value = value * 8 + next;
                }
                out.push((value & 0xFF) as u8);
            }
            b'x' => match (digit(at, 16), digit(at + 1, 16)) {
                (Some(high), Some(low)) => {
                    at += 2;
                    out.push((high << 4 | low) as u8);
                }
                _ => return Err(format!("(value error) invalid \\x escape at position {}", at - 2)),
            },
            other if other.is_ascii() => out.extend([b'\\', other]),
            _ => return Err("bytes can only contain ASCII literal characters".to_owned()),
        }
    }
    Ok(out)
}
