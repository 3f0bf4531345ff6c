//! Values out of text, where the text comes back from them the same: what [`super::value`] writes. Fractions are those of
//! [`shortest`](crate::formats::shortest).

/// The whole number that is written as `text`: no sign but `-`, no zero in front, within 64 bits.
pub(super) fn whole(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    match digits {
        [] | [b'0', _, ..] => return None,
        [b'0'] => return (!negative).then_some(0),
        _ if digits.len() > 19 => return None,
        _ => {}
    }
    let mut number = 0_u64;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        // Nineteen digits fit.
        number = number * 10 + u64::from(digit);
    }
    if negative { 0_i64.checked_sub_unsigned(number) } else { i64::try_from(number).ok() }
}

/// The most digits of a decimal number in columns.
pub(super) const DIGITS: usize = 38;

/// The decimal number that is written as `text`, with all its digits: its value without the point, how many digits it has, and how
/// many of them stand behind the point, at least one. `0.50` is one, `.5`, `00.5`, `-0.0` and whole numbers are none.
pub(super) fn decimal(text: &[u8]) -> Option<(i128, usize, usize)> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    let whole = memchr::memchr(b'.', digits)?;
    let behind = digits.len() - whole - 1;
    let padded = whole > 1 && digits[0] == b'0';
    if whole == 0 || behind == 0 || padded || digits.len() > DIGITS {
        return None;
    }
    // Nearly all of them fit in 64 bits, which is several times quicker.
    let (short, rest) = digits.split_at(digits.len().min(19));
    let mut number = 0_u64;
    for (at, byte) in short.iter().enumerate() {
        match byte {
            b'0'..=b'9' => number = number.wrapping_mul(10).wrapping_add(u64::from(byte.wrapping_sub(b'0'))),
            b'.' if at == whole => {}
            _ => return None,
        }
    }
    let mut number = i128::from(number);
    for (at, byte) in (short.len()..).zip(rest) {
        match byte {
            b'0'..=b'9' => number = number * 10 + i128::from(byte - b'0'),
            b'.' if at == whole => {}
            _ => return None,
        }
    }
    // There is no negative zero.
    (number != 0 || !negative).then_some((if negative { -number } else { number }, digits.len() - 1, behind))
}

/// The day that is written as `text` by ISO 8601, `2026-11-21`, in days since 1970.
pub(super) fn date(text: &[u8]) -> Option<i32> {
    let &[a, b, c, d, b'-', e, f, b'-', g, h] = text else { return None };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_i16, |number, byte| byte.is_ascii_digit().then(|| number * 10 + i16::from(byte - b'0')))
    };
    let (month, day) = (i8::try_from(number(&[e, f])?).ok()?, i8::try_from(number(&[g, h])?).ok()?);
    let date = jiff::civil::Date::new(number(&[a, b, c, d])?, month, day).ok()?;
    i32::try_from(date.duration_since(jiff::civil::date(1970, 1, 1)).as_hours() / 24).ok()
}

/// `true` and `false`.
pub(super) fn boolean(text: &[u8]) -> Option<bool> {
    match text {
        b"true" => Some(true),
        b"false" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::shortest::tests::random_number;

    #[test]
    fn only_what_comes_back_is_a_number() {
        for text in ["0", "-1", "10", "9223372036854775807", "-9223372036854775808"] {
            assert_eq!(whole(text.as_bytes()).map(|number| number.to_string()).as_deref(), Some(text));
        }
        for text in ["", "-", "-0", "01", "+1", " 1", "1 ", "1.0", "1e3", "9223372036854775808", "-9223372036854775809", "x"] {
            assert_eq!(whole(text.as_bytes()), None, "{text}");
        }
        assert_eq!(
            ["true", "false", "True", "", "1"].map(|text| boolean(text.as_bytes())),
            [Some(true), Some(false), None, None, None]
        );
    }

    #[test]
    fn decimals_keep_their_digits_and_days_are_counted() {
        for (text, wanted) in [
            ("0.50", Some((50, 3, 2))),
            ("-12.340", Some((-12_340, 5, 3))),
            ("0.0", Some((0, 2, 1))),
            ("-0.01", Some((-1, 3, 2))),
            ("1234567890123456789012345678901234567.8", None),
            ("123456789012345678901234567890123456.7", Some((1_234_567_890_123_456_789_012_345_678_901_234_567, 37, 1))),
        ] {
            assert_eq!(decimal(text.as_bytes()), wanted, "{text}");
        }
        for text in ["", "-", ".", "1.", ".5", "00.5", "-0.00", "1", "1.2.3", "1,5", "+1.5", "1.5 ", "1e5.0"] {
            assert_eq!(decimal(text.as_bytes()), None, "{text}");
        }
        let days =
            [("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("0000-01-01", -719_528), ("9999-12-31", 2_932_896)];
        for (text, wanted) in days {
            assert_eq!(date(text.as_bytes()), Some(wanted), "{text}");
        }
        for text in
            ["", "2000-02-30", "2001-02-29", "2000-13-01", "2000-00-01", "2000-1-01", "20000-1-1", "2000/01/01", "-100-01-01"]
        {
            assert_eq!(date(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn the_short_way_says_what_the_long_one_does() {
        let mut random = fastrand::Rng::with_seed(5);
        for _ in 0..200_000 {
            let text = random_number(&mut random);
            let slow = text.parse::<i64>().ok().filter(|value| value.to_string() == text);
            assert_eq!(whole(text.as_bytes()), slow, "{text}");
        }
    }
}
