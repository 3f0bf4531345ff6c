//! Reading ISO 8601 as `fromisoformat` reads it. `None` is a text of another form; ranges are checked by the caller.

use super::calendar::{Date, SECOND};

/// Hour, minute, second, microsecond, and the offset from UTC in microseconds.
pub(super) type Clock = ([i64; 4], Option<i128>);

fn number(text: &[u8]) -> Option<i64> {
    let digits = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    digits.then(|| text.iter().fold(0, |n, digit| n * 10 + i64::from(digit - b'0')))
}

/// A date; its numbers may be out of range, which the inner result tells.
pub(super) fn date(text: &[u8]) -> Option<Result<Date, String>> {
    let year = number(text.get(..4)?)?;
    let rest = &text[4..];
    let extended = rest.first() == Some(&b'-');
    let rest = if extended { &rest[1..] } else { rest };
    if let Some(week) = rest.strip_prefix(b"W") {
        let number_of_week = number(week.get(..2)?)?;
        let day = match (extended, &week[2..]) {
            (_, []) => 1,
            (true, [b'-', day]) | (false, [day]) => number(&[*day])?,
            _ => return None,
        };
        return Some(Date::from_iso_week(year, number_of_week, day));
    }
    let (month, day) = match (extended, rest) {
        (true, [a, b, b'-', c, d]) | (false, [a, b, c, d]) => (number(&[*a, *b])?, number(&[*c, *d])?),
        _ => return None,
    };
    Some(Date::new(year, month, day))
}

/// Where the character between date and time stands.
pub(super) fn separator(text: &[u8]) -> usize {
    match text {
        [_, _, _, _, b'-', b'W', _, _, b'-', ..] => 10,
        [_, _, _, _, b'-', b'W', ..] => 8,
        [_, _, _, _, b'-', ..] => 10,
        [_, _, _, _, b'W', ..] => {
            let digits = 5 + text[5..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            match digits {
                ..9 => digits.max(7),
                _ if digits.is_multiple_of(2) => 7,
                _ => 8,
            }
        }
        _ => 8,
    }
}

/// `HH[:MM[:SS[.ffffff]]]`, with the colons or without.
fn clock(text: &[u8]) -> Option<[i64; 4]> {
    let mut parts = [0; 4];
    let mut rest = text;
    let mut colons = None;
    for (n, part) in parts[..3].iter_mut().enumerate() {
        if n > 0 {
            match rest.first() {
                None => break,
                Some(b'.' | b',') => return None,
                Some(byte) => {
                    let colon = *byte == b':';
                    if *colons.get_or_insert(colon) != colon {
                        return None;
                    }
                    rest = if colon { &rest[1..] } else { rest };
                }
            }
        }
        *part = number(rest.get(..2)?)?;
        rest = &rest[2..];
        if n == 2 && !rest.is_empty() {
            let [b'.' | b',', digits @ ..] = rest else { return None };
            number(&digits[..digits.len().min(19)])?;
            if !digits.iter().all(u8::is_ascii_digit) {
                return None;
            }
            let shown = &digits[..digits.len().min(6)];
            parts[3] = number(shown)? * 10_i64.pow(6 - shown.len() as u32);
            return Some(parts);
        }
    }
    Some(parts)
}

/// A time with or without an offset.
pub(super) fn time(text: &[u8]) -> Option<Clock> {
    let sign = text.iter().position(|byte| matches!(byte, b'+' | b'-' | b'Z'));
    let Some(at) = sign else { return Some((clock(text)?, None)) };
    let parts = clock(&text[..at])?;
    let offset = match (text[at], &text[at + 1..]) {
        (b'Z', []) => 0,
        (b'Z', _) => return None,
        (sign, rest) => {
            let [hour, minute, second, micro] = clock(rest)?;
            let offset = i128::from((hour * 60 + minute) * 60 + second) * SECOND + i128::from(micro);
            if sign == b'-' { -offset } else { offset }
        }
    };
    Some((parts, Some(offset)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_iso_8601() {
        let day = Date { year: 2026, month: 4, day: 25 };
        assert_eq!(date(b"2026-04-25"), Some(Ok(day)));
        assert_eq!(date(b"20260425"), Some(Ok(day)));
        assert_eq!(date(b"2026-W17-6"), Some(Ok(day)));
        assert_eq!(date(b"2026W176"), Some(Ok(day)));
        assert_eq!(date(b"2026-0425"), None);
        assert_eq!(date(b"2026-04-2"), None);
        assert_eq!(time(b"10:30"), Some(([10, 30, 0, 0], None)));
        assert_eq!(time(b"103005.5Z"), Some(([10, 30, 5, 500_000], Some(0))));
        assert_eq!(time(b"10:30-02:30"), Some(([10, 30, 0, 0], Some(-9000 * SECOND))));
        assert_eq!(time(b"10:3005"), None);
        assert_eq!(time(b"1"), None);
        assert_eq!(separator(b"2026-04-25T10"), 10);
        assert_eq!(separator(b"20260425T10"), 8);
    }
}
