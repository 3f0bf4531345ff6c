//! Decimal numbers as they are written: sums of money come out to the cent, whatever the number of rows.

use std::cmp::Ordering;
use std::fmt;

use num_bigint::BigInt;
use num_traits::{Signed as _, Zero as _};

/// Texts longer than this are no numbers: nobody's sums have as many digits, and hostile ones would cost time.
const MAX_TEXT: usize = 64;
/// The greatest power of ten in `1e5`.
const MAX_EXPONENT: i64 = 64;
/// Digits behind the point of a quotient that does not end.
const QUOTIENT_DIGITS: u32 = 28;

/// A whole number of tenths, hundredths, thousandths …: `mantissa / 10^scale`. Nothing is ever rounded but by a division and
/// by [`Decimal::rounded`].
#[derive(Clone, Debug, Default)]
pub(super) struct Decimal {
    mantissa: BigInt,
    scale: u32,
}

impl Decimal {
    /// The number that a text is: a sign, ASCII digits with at most one point, an exponent; spaces around it do not count.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > MAX_TEXT {
            return None;
        }
        let (number, exponent) = match text.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i64>().ok().filter(|power| power.abs() <= MAX_EXPONENT)?),
            None => (text, 0),
        };
        let digits = number.strip_prefix(['-', '+']).unwrap_or(number);
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() + part.len() == 0 || !all_digits(whole) || !all_digits(part) {
            return None;
        }
        let mut mantissa: BigInt = format!("{whole}{part}").parse().ok()?;
        if number.starts_with('-') {
            mantissa = -mantissa;
        }
        let scale = part.len() as i64 - exponent;
        if scale < 0 {
            mantissa *= power(u32::try_from(-scale).ok()?);
        }
        Some(Self { mantissa, scale: u32::try_from(scale.max(0)).ok()? })
    }

    pub(super) fn from_count(count: u64) -> Self {
        Self { mantissa: count.into(), scale: 0 }
    }

    fn aligned(&self, scale: u32) -> BigInt {
        &self.mantissa * power(scale - self.scale)
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        let scale = self.scale.max(other.scale);
        Self { mantissa: self.aligned(scale) + other.aligned(scale), scale }
    }

    pub(super) fn minus(&self, other: &Self) -> Self {
        self.plus(&other.negated())
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        Self { mantissa: &self.mantissa * &other.mantissa, scale: self.scale + other.scale }
    }

    /// The quotient, rounded half to even at the 28th digit behind the point; `None` for a division by zero.
    pub(super) fn over(&self, other: &Self) -> Option<Self> {
        if other.mantissa.is_zero() {
            return None;
        }
        let scale = QUOTIENT_DIGITS.max(self.scale);
        let above = &self.mantissa * power(scale - self.scale + other.scale);
        let mut quotient = Self { mantissa: rounded_quotient(&above, &other.mantissa), scale };
        let ten = BigInt::from(10);
        while quotient.scale > 0 && (&quotient.mantissa % &ten).is_zero() {
            quotient.mantissa /= &ten;
            quotient.scale -= 1;
        }
        Some(quotient)
    }

    pub(super) fn negated(&self) -> Self {
        Self { mantissa: -&self.mantissa, scale: self.scale }
    }

    pub(super) fn magnitude(&self) -> Self {
        Self { mantissa: self.mantissa.abs(), scale: self.scale }
    }

    /// With exactly `digits` behind the point; what is cut off rounds to the nearest, a half to the even digit, as Python's
    /// `decimal` does it.
    pub(super) fn rounded(&self, digits: u32) -> Self {
        let mantissa = match digits.cmp(&self.scale) {
            Ordering::Less => rounded_quotient(&self.mantissa, &power(self.scale - digits)),
            _ => self.aligned(digits),
        };
        Self { mantissa, scale: digits }
    }

    /// A whole number from 0 to `limit`, for counts of digits.
    pub(super) fn small(&self, limit: u32) -> Option<u32> {
        let whole = (self.rounded(0) == *self).then(|| self.rounded(0).mantissa)?;
        u32::try_from(whole).ok().filter(|number| *number <= limit)
    }

    /// The digits, with commas between thousands where `commas` says so.
    pub(super) fn text(&self, commas: bool) -> String {
        let digits = self.mantissa.abs().to_string();
        let scale = self.scale as usize;
        let digits = format!("{digits:0>width$}", width = scale + 1);
        let (whole, part) = digits.split_at(digits.len() - scale);
        let mut text = String::new();
        if self.mantissa.is_negative() {
            text.push('-');
        }
        for (index, digit) in whole.chars().enumerate() {
            if commas && index > 0 && (whole.len() - index).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        if scale > 0 {
            text.push('.');
            text.push_str(part);
        }
        text
    }
}

fn power(exponent: u32) -> BigInt {
    BigInt::from(10).pow(exponent)
}

/// The nearest whole number to `above / below`, halves to the even one.
fn rounded_quotient(above: &BigInt, below: &BigInt) -> BigInt {
    let quotient = above / below;
    let rest: BigInt = (above % below).abs() * 2;
    let away = match rest.cmp(&below.abs()) {
        Ordering::Greater => true,
        Ordering::Equal => !(&quotient % 2_i32).is_zero(),
        Ordering::Less => false,
    };
    if !away {
        return quotient;
    }
    if above.is_negative() == below.is_negative() { quotient + 1_i32 } else { quotient - 1_i32 }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let scale = self.scale.max(other.scale);
        self.aligned(scale).cmp(&other.aligned(scale))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn sums_do_not_drift() {
        let dime = number("0.1");
        let sum = (0..1_000_000).fold(Decimal::default(), |sum, _| sum.plus(&dime));
        assert_eq!(sum.to_string(), "100000.0");
        assert_eq!(number("0.1").plus(&number("0.2")), number("0.3"));
        assert_eq!(number("150.00").plus(&number("89.99")).plus(&number("210.50")).minus(&number("45")).to_string(), "405.49");
    }

    #[test]
    fn halves_round_to_the_even_digit_and_quotients_end() {
        let rounded = |text, digits| number(text).rounded(digits).to_string();
        assert_eq!(rounded("2.675", 2), "2.68");
        assert_eq!(rounded("2.665", 2), "2.66");
        assert_eq!(rounded("-2.675", 2), "-2.68");
        assert_eq!(rounded("-0.004", 2), "0.00");
        assert_eq!(rounded("7", 3), "7.000");
        assert_eq!(number("1").over(&number("8")).unwrap().to_string(), "0.125");
        assert_eq!(number("2").over(&number("3")).unwrap().to_string(), "0.6666666666666666666666666667");
        assert_eq!(number("-6").over(&number("0.03")).unwrap().to_string(), "-200");
        assert!(number("1").over(&number("0.00")).is_none());
    }

    #[test]
    fn what_is_a_number() {
        for (text, expected) in
            [("7", "7"), (" -7.50 ", "-7.50"), ("+.5", "0.5"), ("1e3", "1000"), ("12E-3", "0.012"), ("007", "7")]
        {
            assert_eq!(number(text).to_string(), expected);
        }
        let long = "1".repeat(65);
        for text in ["", "-", ".", "1,000", "$5", "0x10", "1e999999999", "NaN", "inf", "1.2.3", "١", &long] {
            assert!(Decimal::parse(text).is_none(), "{text}");
        }
        assert_eq!(number("-1234567.5").text(true), "-1,234,567.5");
        assert_eq!(number("123").text(true), "123");
    }
}
