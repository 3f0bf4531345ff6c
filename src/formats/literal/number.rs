//! One number of a list, as source code writes it.

/// The byte that a number of source code is. `octal` says that a leading zero means base eight; `signed` that bytes go from
/// -128 to 127 too.
pub(super) fn byte(token: &str, octal: bool, signed: bool) -> Result<u8, String> {
    let (negative, digits) = match token.strip_prefix('-') {
        Some(rest) if signed => (true, rest),
        Some(_) => return Err(format!("{token} is negative: a byte is 0 to 255")),
        None => (false, token.strip_prefix('+').unwrap_or(token)),
    };
    let lower = digits.to_ascii_lowercase();
    let (radix, digits) = if let Some(rest) = lower.strip_prefix("0x") {
        (16, rest)
    } else if let Some(rest) = lower.strip_prefix("0b") {
        (2, rest)
    } else if let Some(rest) = lower.strip_prefix("0o") {
        (8, rest)
    } else if octal && lower.len() > 1 && lower.starts_with('0') {
        (8, &lower[1..])
    } else {
        (10, lower.as_str())
    };
    // 0xFFu8 of Rust, 255U of C: no suffix is a hexadecimal digit, but for the d of nothing.
    let digits =
        ["_u8", "u8", "ull", "ul", "lu", "u", "l"].iter().find_map(|suffix| digits.strip_suffix(suffix)).unwrap_or(digits);
    let digits = digits.replace(['_', '\''], "");
    let value = u32::from_str_radix(&digits, radix).map_err(|_| {
        let sure = radix == 10 && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit());
        if sure { format!("{token} is no decimal number: write 0x{token}") } else { format!("{token} is not a number") }
    })?;
    match (negative, value) {
        (false, 0..=255) => Ok(value as u8),
        (true, 0..=128) => Ok((value as u8).wrapping_neg()),
        _ => Err(format!("{token} is no byte: a byte is {} to 255", if signed { "-128" } else { "0" })),
    }
}

/// The byte and the length of a number at the start of `text`, where it is written as nearly all are: `0x` with two digits, which
/// `hex` allows, or up to three decimal ones without a zero in front, and something behind it that ends it. [`byte`] says the same of
/// these.
pub(super) fn usual(text: &[u8], hex: bool) -> Option<(u8, usize)> {
    let ends = |len: usize| {
        let byte = text.get(len)?;
        matches!(byte, b',' | b' ' | b'\n' | b'\r' | b'\t' | b'}' | b']').then_some(())
    };
    let decimal = |byte: u8| byte.is_ascii_digit().then(|| u16::from(byte - b'0'));
    if let [b'0', b'x', high, low, ..] = text {
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let value = digit(*high)? << 4 | digit(*low)?;
        ends(4).filter(|()| hex)?;
        return Some((value as u8, 4));
    }
    let mut value = decimal(*text.first()?)?;
    let mut len = 1;
    while len < 3
        && value > 0
        && let Some(digit) = text.get(len).and_then(|byte| decimal(*byte))
    {
        value = value * 10 + digit;
        len += 1;
    }
    ends(len)?;
    Some((u8::try_from(value).ok()?, len))
}

#[cfg(test)]
mod tests {
    use super::{byte, usual};

    #[test]
    fn what_is_usual_says_what_the_long_way_does() {
        let mut random = fastrand::Rng::with_seed(9);
        let mut taken = 0;
        for _ in 0..100_000 {
            let alphabet = b"0123456789xXafFu_-+. ,}";
            let text: Vec<u8> = (0..random.usize(1..6)).map(|_| alphabet[random.usize(..alphabet.len())]).collect();
            let text = if random.bool() { [b"0x".to_vec(), text].concat() } else { text };
            for octal in [false, true] {
                if let Some((value, len)) = usual(&text, true) {
                    let token = std::str::from_utf8(&text[..len]).unwrap();
                    assert_eq!(byte(token, octal, octal), Ok(value), "{token}");
                    assert!(!text[len].is_ascii_alphanumeric() && text[len] != b'_');
                    taken += 1;
                }
            }
        }
        assert!(taken > 5_000, "{taken}");
    }

    #[test]
    fn numbers_as_languages_write_them() {
        for (token, value) in [
            ("0", 0),
            ("255", 255),
            ("0x89", 0x89),
            ("0XfF", 255),
            ("0b101", 5),
            ("0o17", 15),
            ("0xFFu8", 255),
            ("1_2", 12),
            ("7U", 7),
        ] {
            assert_eq!(byte(token, false, false), Ok(value), "{token}");
        }
        assert_eq!(byte("0377", true, false), Ok(255));
        assert_eq!(byte("010", false, false), Ok(10));
        assert_eq!(byte("-128", true, true), Ok(128));
        assert_eq!(byte("-1", true, true), Ok(255));
        for token in ["256", "-1", "0x", "0x100", "x", "", "1.5", "0b2", "-129", "89f"] {
            assert!(byte(token, false, token == "-129").is_err(), "{token}");
        }
    }
}
