//! What a cell's text is: a number, and which; a date; something else.

use std::cmp::Ordering;

use super::decimal::Decimal;

/// Digits up to which a number is told apart from every other by its nearest `f64`.
const TOLD_APART: u32 = 15;

/// A cell that is a number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number<'a> {
    /// The nearest `f64`; infinite beyond them all.
    pub(super) value: f64,
    /// Its digits as an integer, and how many of them stand behind the point, where both fit and there is no exponent.
    pub(super) scaled: Option<(i64, u8)>,
    /// Whether another number may have the same `value`.
    pub(super) long: bool,
    /// Whether it is written without a point and an exponent.
    pub(super) integer: bool,
    /// Its text without spaces around it.
    pub(super) text: &'a [u8],
}

const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21,
    1e22,
];

impl<'a> Number<'a> {
    /// The number that `cell` is.
    pub(super) fn parse(cell: &'a [u8]) -> Option<Self> {
        let text = cell.trim_ascii();
        let (negative, digits) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, text),
        };
        let (mut mantissa, mut point, mut count) = (0_u64, None, 0_usize);
        for (at, &byte) in digits.iter().enumerate() {
            match byte {
                b'0'..=b'9' => {
                    mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
                    count += 1;
                }
                b'.' if point.is_none() => point = Some(at),
                _ => return Self::slow(text, digits),
            }
        }
        if count == 0 {
            return None;
        }
        let scale = point.map_or(0, |at| digits.len() - at - 1);
        if count > 18 {
            return Self::slow(text, digits);
        }
        let integer = point.is_none();
        // Both are exact in f64, so that the quotient is the nearest one.
        let value =
            if mantissa < 1 << 53 { mantissa as f64 / POWERS[scale] } else { std::str::from_utf8(digits).ok()?.parse().ok()? };
        let signed = if negative { -(mantissa as i64) } else { mantissa as i64 };
        let long = mantissa >= 10_u64.pow(TOLD_APART);
        Some(Self { value: if negative { -value } else { value }, scaled: Some((signed, scale as u8)), long, integer, text })
    }

    /// Exponents, many digits, infinity and NaN.
    fn slow(text: &'a [u8], digits: &[u8]) -> Option<Self> {
        let named = |names: &[&str]| names.iter().any(|name| digits.eq_ignore_ascii_case(name.as_bytes()));
        if !digits.first()?.is_ascii_digit() && digits.first() != Some(&b'.') && !named(&["inf", "infinity", "nan"]) {
            return None;
        }
        let value: f64 = std::str::from_utf8(text).ok()?.parse().ok()?;
        let integer = digits.iter().all(u8::is_ascii_digit);
        let significant = digits.iter().take_while(|byte| !matches!(byte, b'e' | b'E'));
        let significant = significant.filter(|byte| byte.is_ascii_digit()).skip_while(|byte| **byte == b'0').count();
        let finite = digits.first().is_some_and(|byte| byte.is_ascii_digit() || *byte == b'.');
        let usual = value.is_finite() && (value == 0.0 || value.abs() > 1e-290);
        // A zero may be what is left of a number that is too small.
        let long = finite && (significant > TOLD_APART as usize || !usual || (value == 0.0 && significant > 0));
        Some(Self { value, scaled: None, long, integer, text })
    }

    /// Less, equal or greater, exactly; `None` for NaN.
    pub(super) fn compare(&self, other: &Number<'_>) -> Option<Ordering> {
        let order = self.value.partial_cmp(&other.value)?;
        if order == Ordering::Equal && (self.long || other.long) {
            return Some(Decimal::parse(self.text).cmp(&Decimal::parse(other.text)));
        }
        Some(order)
    }
}

/// What a cell's text looks like. Nothing is ever changed because of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CellType {
    /// No text, or a cell that the row does not have.
    Empty,
    /// A number without point and exponent.
    Integer,
    /// Any other number; infinity and NaN too.
    Decimal,
    /// A day of the calendar as ISO 8601 writes it, `2026-04-25` (or with `/`), with or without a time behind it.
    Date,
    /// `true`, `false`, `yes` or `no` in any case.
    Boolean,
    /// Anything else.
    Text,
}

impl CellType {
    /// All of them, in the order of [`ColumnStatistics::types`](super::ColumnStatistics::types).
    pub const ALL: [Self; 6] = [Self::Empty, Self::Integer, Self::Decimal, Self::Date, Self::Boolean, Self::Text];

    /// Its name for people, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Date => "date",
            Self::Boolean => "boolean",
            Self::Text => "text",
        }
    }
}

/// What a cell's text looks like.
///
/// ```
/// use seektell::explore::table::{CellType, cell_type};
/// assert_eq!(cell_type("007"), CellType::Integer);
/// assert_eq!(cell_type("2024-02-29T12:00:00Z"), CellType::Date);
/// assert_eq!(cell_type("2023-02-29"), CellType::Text, "there was no such day");
/// ```
pub fn cell_type(text: &str) -> CellType {
    match Number::parse(text.as_bytes()) {
        Some(number) => number_type(&number),
        None => other_type(text.as_bytes()),
    }
}

pub(super) fn number_type(number: &Number<'_>) -> CellType {
    if number.integer { CellType::Integer } else { CellType::Decimal }
}

/// The type of a cell that is no number.
pub(super) fn other_type(cell: &[u8]) -> CellType {
    if cell.is_empty() {
        return CellType::Empty;
    }
    let text = cell.trim_ascii();
    match text.len() {
        2..=5 if ["true", "false", "yes", "no"].iter().any(|word| text.eq_ignore_ascii_case(word.as_bytes())) => {
            CellType::Boolean
        }
        10..=40 if is_date(text) => CellType::Date,
        _ => CellType::Text,
    }
}

fn is_date(text: &[u8]) -> bool {
    let (day, rest) = text.split_at(10);
    let separator = day[4];
    if day[7] != separator || !matches!(separator, b'-' | b'/') {
        return false;
    }
    let (Some(year), Some(month), Some(date)) = (digits(&day[..4]), digits(&day[5..7]), digits(&day[8..])) else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&date)
        && match rest {
            [] => true,
            [b'T' | b't' | b' ', time @ ..] => is_time(time),
            _ => false,
        }
}

/// `12:30`, `12:30:59`, `12:30:59.123`, each with `Z`, `+02`, `+0200` or `+02:00` behind it or not.
fn is_time(text: &[u8]) -> bool {
    let (time, zone) = match text {
        [time @ .., b'Z' | b'z'] => (time, &[][..]),
        _ => text.split_at(text.iter().position(|byte| matches!(byte, b'+' | b'-')).unwrap_or(text.len())),
    };
    let zone_is_good = match zone {
        [] => true,
        [_, hours @ ..] => {
            let hours: Vec<u8> = hours.iter().copied().filter(|byte| *byte != b':').collect();
            matches!(hours.len(), 2 | 4) && hours.iter().all(u8::is_ascii_digit)
        }
    };
    let part = |from: usize, most: u32| time.get(from..from + 2).and_then(digits).is_some_and(|value| value <= most);
    let seconds = match time.get(5..) {
        Some([]) => true,
        Some([b':', rest @ ..]) => {
            part(6, 60)
                && match rest.get(2..) {
                    Some([]) => true,
                    Some([b'.' | b',', fraction @ ..]) => !fraction.is_empty() && fraction.iter().all(u8::is_ascii_digit),
                    _ => false,
                }
        }
        _ => false,
    };
    zone_is_good && time.get(2) == Some(&b':') && part(0, 24) && part(3, 59) && seconds
}

fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_rules() {
        for text in ["0", "-0", "+1", " 12 ", "007", "1.5", ".5", "5.", "1e5", "-1.5E-300", "inf", "-Infinity", "NaN", "1e999"] {
            let number = Number::parse(text.as_bytes()).unwrap_or_else(|| panic!("{text}"));
            let value: f64 = text.trim().parse().unwrap();
            assert!(number.value == value || value.is_nan() && number.value.is_nan(), "{text}");
        }
        for text in ["", "-", ".", "e5", "1,000", "0x10", "1_000", "12 3", "٣", "1e", "--1", "infin", "1.2.3"] {
            assert!(Number::parse(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn numbers_are_compared_exactly() {
        let compare = |a: &str, b: &str| Number::parse(a.as_bytes()).unwrap().compare(&Number::parse(b.as_bytes()).unwrap());
        for (less, greater) in [
            ("9007199254740992", "9007199254740993"),
            ("-9007199254740993", "-9007199254740992"),
            ("0.1", "0.1000000000000000055511151231257827"),
            ("1e400", "1e401"),
            ("-1e401", "-1e400"),
            ("0", "1e-400"),
            ("1e-401", "1e-400"),
            ("99999999999999999999", "100000000000000000000"),
            ("1e400", "inf"),
        ] {
            assert_eq!(compare(less, greater), Some(Ordering::Less), "{less} {greater}");
            assert_eq!(compare(greater, less), Some(Ordering::Greater), "{less} {greater}");
        }
        for (one, other) in [("1", "1.0"), ("1e2", "100"), ("-0", "0"), ("123456789012345678901.50", "123456789012345678901.5")] {
            assert_eq!(compare(one, other), Some(Ordering::Equal), "{one} {other}");
        }
        assert_eq!(compare("nan", "1"), None);
    }

    #[test]
    fn types_are_told_by_the_text() {
        for (text, kind) in [
            ("", CellType::Empty),
            ("1", CellType::Integer),
            ("1.0", CellType::Decimal),
            ("nan", CellType::Decimal),
            ("2026-04-25", CellType::Date),
            ("2026/04/25 23:59", CellType::Date),
            ("2026-04-25T23:59:60.5+02:00", CellType::Date),
            ("2026-04-31", CellType::Text),
            ("2026-13-01", CellType::Text),
            ("2026-04-25Tx", CellType::Text),
            ("Yes", CellType::Boolean),
            ("yes!", CellType::Text),
            ("éééé-éé-éé", CellType::Text),
        ] {
            assert_eq!(cell_type(text), kind, "{text}");
        }
    }
}
