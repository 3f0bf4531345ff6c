//! Numbers of any length, compared digit by digit. Only asked for where `f64` cannot tell two numbers apart.

use std::cmp::Ordering;

/// A number as its digits say it.
#[derive(Debug)]
pub(super) struct Decimal<'a> {
    negative: bool,
    /// The place of the first digit that is not 0, counted from the point to the left; meaningless for zero.
    magnitude: i64,
    /// Digits and perhaps a point among them, from the first digit that is not 0 to the last; empty for zero.
    digits: &'a [u8],
    infinite: bool,
}

impl<'a> Decimal<'a> {
    /// Of the text of a number, spaces around it left out.
    pub(super) fn parse(text: &'a [u8]) -> Self {
        let negative = text.first() == Some(&b'-');
        let text = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
        let infinite = text.first().is_some_and(u8::is_ascii_alphabetic);
        let e = text.iter().position(|byte| matches!(byte, b'e' | b'E')).unwrap_or(text.len());
        let exponent = exponent(text.get(e + 1..).unwrap_or_default());
        let digits = &text[..e];
        let point = digits.iter().position(|byte| *byte == b'.').unwrap_or(digits.len());
        let counts = |byte: &u8| matches!(byte, b'1'..=b'9');
        let (Some(first), Some(last)) = (digits.iter().position(counts), digits.iter().rposition(counts)) else {
            return Self { negative: negative && infinite, magnitude: 0, digits: &[], infinite };
        };
        let place = point as i64 - first as i64 - i64::from(first < point);
        Self { negative, magnitude: place.saturating_add(exponent), digits: &digits[first..=last], infinite }
    }

    fn is_zero(&self) -> bool {
        self.digits.is_empty() && !self.infinite
    }

    fn compare_size(&self, other: &Self) -> Ordering {
        let digits = |of: &Self| of.digits.iter().copied().filter(|byte| *byte != b'.').collect::<Vec<_>>();
        let class = |of: &Self| (of.infinite, !of.is_zero());
        // Trailing zeros are left out, so that of two with the same start the longer one is the greater.
        class(self).cmp(&class(other)).then(self.magnitude.cmp(&other.magnitude)).then_with(|| digits(self).cmp(&digits(other)))
    }

    pub(super) fn cmp(&self, other: &Self) -> Ordering {
        let sign = |of: &Self| if of.is_zero() { 0 } else { 1 - 2 * i32::from(of.negative) };
        let size = || if self.negative { other.compare_size(self) } else { self.compare_size(other) };
        sign(self).cmp(&sign(other)).then_with(size)
    }
}

fn exponent(text: &[u8]) -> i64 {
    let negative = text.first() == Some(&b'-');
    let digits = text.iter().filter(|byte| byte.is_ascii_digit());
    let number = digits.fold(0_i64, |number, byte| number.saturating_mul(10).saturating_add(i64::from(byte - b'0')));
    // Half of what there is, so that adding a place cannot leave it.
    let number = number.min(i64::MAX / 2);
    if negative { -number } else { number }
}
