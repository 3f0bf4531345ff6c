//! Positions as people type them.

/// Reads a position: `500`, `0x1F0`, `1F0h`, `+16` and `-4` from the cursor, `end`, `end-8`, `50%`, with `_` or `,`
/// between digits and `k`, `M`, `G` (1024 each) behind them. The error says what is wrong.
pub fn parse_position(text: &str, cursor: u64, size: u64) -> Result<u64, String> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace() && *c != '_' && *c != ',').collect();
    if compact.is_empty() {
        return Err("Type a position, for example 0x1F0, +16 or end-8".into());
    }
    let outside = || format!("{text} is outside of what a stream can address");
    if let Some(percent) = compact.strip_suffix('%') {
        let percent: f64 = percent.parse().map_err(|_| format!("{percent} is not a percentage"))?;
        if !(0.0..=100.0).contains(&percent) {
            return Err("A percentage is between 0 and 100".into());
        }
        return Ok((size as f64 * percent / 100.0) as u64);
    }
    let lower = compact.to_ascii_lowercase();
    let (base, rest) = match lower.strip_prefix("end") {
        Some("") => return Ok(size),
        Some(rest) if rest.starts_with(['+', '-']) => (size, rest),
        Some(_) => return Err("After \"end\" comes + or -, for example end-8".into()),
        None if lower.starts_with(['+', '-']) => (cursor, lower.as_str()),
        None => return number(&lower),
    };
    let (sign, digits) = rest.split_at(1);
    let distance = number(digits)?;
    match sign {
        "+" => base.checked_add(distance).filter(|&to| i64::try_from(to).is_ok()).ok_or_else(outside),
        _ => base.checked_sub(distance).ok_or_else(|| format!("{text} is before the start")),
    }
}

fn number(text: &str) -> Result<u64, String> {
    let wrong = || format!("{text} is not a number");
    let value = if let Some(hex) = text.strip_prefix("0x") {
        u64::from_str_radix(hex, 16).ok()
    } else if let Some(octal) = text.strip_prefix("0o") {
        u64::from_str_radix(octal, 8).ok()
    } else if let Some(binary) = text.strip_prefix("0b").filter(|b| !b.is_empty() && b.bytes().all(|b| b == b'0' || b == b'1')) {
        u64::from_str_radix(binary, 2).ok()
    } else if let Some(hex) = text.strip_suffix('h') {
        u64::from_str_radix(hex, 16).ok()
    } else {
        let (digits, unit) = match text.as_bytes().last() {
            Some(b'k') => (&text[..text.len() - 1], 1 << 10),
            Some(b'm') => (&text[..text.len() - 1], 1 << 20),
            Some(b'g') => (&text[..text.len() - 1], 1 << 30),
            _ => (text, 1),
        };
        match digits.parse::<u64>() {
            Ok(n) => n.checked_mul(unit),
            Err(_) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit()) => {
                return Err(format!("Write 0x{digits} for a hexadecimal number"));
            }
            Err(_) => None,
        }
    };
    value.filter(|&n| i64::try_from(n).is_ok()).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::parse_position;

    #[test]
    fn positions_as_people_type_them() {
        let read = |text| parse_position(text, 100, 1000);
        for (text, position) in [
            ("500", 500),
            ("0x1F0", 0x1F0),
            ("1F0h", 0x1F0),
            ("0b101", 5),
            ("+16", 116),
            ("-4", 96),
            ("- 0x10", 84),
            ("end", 1000),
            ("END-8", 992),
            ("end+8", 1008),
            ("50%", 500),
            ("1_000,000", 1_000_000),
            ("4k", 4096),
            ("2G", 2 << 30),
        ] {
            assert_eq!(read(text), Ok(position), "{text}");
        }
        for text in [
            "",
            "  ",
            "x",
            "1F0",
            "-101",
            "end-1001",
            "end8",
            "101%",
            "0x",
            "0b2",
            "99999999999999999999",
            "+9223372036854775807",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
