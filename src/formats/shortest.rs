//! Numbers that are written as their shortest text, and come back from it the same.

/// The finite number that is written as `text` in its shortest form without an exponent, as Rust and Python's `repr` write it,
/// but for whole ones, which have no `.0`.
pub(super) fn float(text: &[u8]) -> Option<f64> {
    if let Some(known) = short(text) {
        return known;
    }
    let text = std::str::from_utf8(text).ok()?;
    text.parse::<f64>().ok().filter(|value| value.is_finite() && value.to_string() == text)
}

/// The same for up to fifteen digits, which no other number of so many shares its `f64` with: there the form decides alone.
/// `None` where that cannot be said.
fn short(text: &[u8]) -> Option<Option<f64>> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > 16 {
        return None;
    }
    let (mut mantissa, mut point) = (0_u64, None);
    for (at, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => mantissa = mantissa * 10 + u64::from(byte - b'0'),
            b'.' if point.is_none() => point = Some(at),
            _ => return Some(None),
        }
    }
    if mantissa >= 1_000_000_000_000_000 {
        return None;
    }
    let whole = point.unwrap_or(digits.len());
    let behind = digits.len() - whole;
    let wrong = whole == 0 || behind == 1 || (whole > 1 && digits[0] == b'0') || (behind > 0 && digits.ends_with(b"0"));
    if wrong {
        return Some(None);
    }
    // Both are exact, so that the quotient is the nearest there is.
    const POWERS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    let value = mantissa as f64 / POWERS[behind.saturating_sub(1)];
    Some(Some(if negative { -value } else { value }))
}

#[cfg(test)]
pub(in crate::formats) mod tests {
    use super::*;

    /// A text that looks like a number, and often is one.
    pub(in crate::formats) fn random_number(random: &mut fastrand::Rng) -> String {
        let alphabet = if random.u8(..8) == 0 { "0123456789.-e" } else { "0019." };
        (0..random.usize(1..20)).map(|_| char::from(alphabet.as_bytes()[random.usize(..alphabet.len())])).collect()
    }

    #[test]
    fn only_what_comes_back_is_a_number() {
        for text in ["", "-", ".", "1.", ".5", "1.0", "01", "00.5", "+1", "1e3", "inf", "NaN", " 1", "1_0", "0x1", "0.10", "--1"]
        {
            assert_eq!(float(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn the_short_way_says_what_the_long_one_does() {
        let mut random = fastrand::Rng::with_seed(5);
        for _ in 0..200_000 {
            let text = random_number(&mut random);
            let slow = text.parse::<f64>().ok().filter(|value| value.is_finite() && value.to_string() == text);
            assert_eq!(float(text.as_bytes()).map(f64::to_bits), slow.map(f64::to_bits), "{text}");
        }
    }
}
