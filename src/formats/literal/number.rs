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

#[cfg(test)]
mod tests {
    use super::byte;

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
