//! Floats in digits, as `e`, `f`, `g` and `%` show them.

use crate::stream::float_repr;

/// No float has more decimals than that; all further ones are zeros.
const MAX_EXACT: usize = 1100;

/// `number`, which is not negative, by a format's letter; `None` is the form that a `float` has by itself.
pub(super) fn float_text(number: f64, kind: Option<char>, precision: Option<usize>, alternate: bool) -> String {
    let percent = if kind == Some('%') { "%" } else { "" };
    if !number.is_finite() {
        let word = if number.is_nan() { "nan" } else { "inf" };
        let upper = matches!(kind, Some('E' | 'F' | 'G'));
        return if upper { word.to_uppercase() } else { format!("{word}{percent}") };
    }
    match kind {
        None => match precision {
            None => {
                let text = float_repr(number);
                if alternate && !text.contains('.') { with_point(&text) } else { text }
            }
            Some(precision) => general(number, precision.max(1), alternate, true),
        },
        Some('e' | 'E') => {
            let text = scientific(number, precision.unwrap_or(6), alternate);
            if kind == Some('E') { text.to_uppercase() } else { text }
        }
        Some('g' | 'G') => {
            let text = general(number, precision.unwrap_or(6).max(1), alternate, false);
            if kind == Some('G') { text.to_uppercase() } else { text }
        }
        _ => {
            let precision = precision.unwrap_or(6);
            let point = if alternate && precision == 0 { "." } else { "" };
            format!("{}{point}{percent}", fixed(number, precision))
        }
    }
}

/// A decimal point for `1e+16`, where there is none.
fn with_point(text: &str) -> String {
    match text.split_once('e') {
        Some((digits, exponent)) => format!("{digits}.e{exponent}"),
        None => format!("{text}."),
    }
}

fn fixed(number: f64, precision: usize) -> String {
    let exact = precision.min(MAX_EXACT);
    let mut text = format!("{number:.exact$}");
    text.extend(std::iter::repeat_n('0', precision - exact));
    text
}

/// Digits, and the exponent of ten of the first one.
fn digits(number: f64, precision: usize) -> (String, i32) {
    let exact = precision.min(MAX_EXACT);
    let text = format!("{number:.exact$e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let mut digits = digits.to_owned();
    if precision > exact {
        digits.extend(std::iter::repeat_n('0', precision - exact));
    }
    (digits, exponent.parse().unwrap_or(0))
}

fn with_exponent(digits: &str, exponent: i32) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
}

fn scientific(number: f64, precision: usize, alternate: bool) -> String {
    let (mut digits, exponent) = digits(number, precision);
    if alternate && !digits.contains('.') {
        digits.push('.');
    }
    with_exponent(&digits, exponent)
}

/// The shorter of both forms with `precision` digits; `as_float` keeps a decimal as `repr` does.
fn general(number: f64, precision: usize, alternate: bool, as_float: bool) -> String {
    let (found, exponent) = digits(number, precision - 1);
    let most = precision as i64 - i64::from(as_float);
    if exponent < -4 || i64::from(exponent) >= most {
        let mut found = trimmed(found, alternate);
        if alternate && !found.contains('.') {
            found.push('.');
        }
        return with_exponent(&found, exponent);
    }
    let decimals = (precision as i64 - 1 - i64::from(exponent)).max(0) as usize;
    let mut text = trimmed(fixed(number, decimals), alternate);
    if !text.contains('.') {
        if as_float {
            text.push_str(".0");
        } else if alternate {
            text.push('.');
        }
    }
    text
}

/// Without zeros at the end, unless they are wanted.
fn trimmed(mut text: String, keep: bool) -> String {
    if !keep && text.contains('.') {
        let len = text.trim_end_matches('0').trim_end_matches('.').len();
        text.truncate(len);
    }
    text
}

/// Whole digits in groups, with zeros in front up to `least` characters.
pub(super) fn group_digits(digits: &str, group: usize, separator: char, least: usize) -> String {
    let (mut rest, mut least) = (digits.len(), least);
    let mut out: Vec<char> = Vec::new();
    let mut source = digits.chars().rev();
    loop {
        let len = group.min(rest.max(least).max(1));
        let taken = rest.min(len);
        out.extend(source.by_ref().take(taken));
        out.extend(std::iter::repeat_n('0', len - taken));
        rest -= taken;
        least = least.saturating_sub(len);
        if rest == 0 && least == 0 {
            break;
        }
        least = least.saturating_sub(1);
        out.push(separator);
    }
    out.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_and_filled_up() {
        for (digits, least, shown) in [
            ("1234567", 0, "1,234,567"),
            ("1234", 10, "00,001,234"),
            ("1234", 9, "0,001,234"),
            ("1234", 8, "0,001,234"),
            ("1", 0, "1"),
        ] {
            assert_eq!(group_digits(digits, 3, ',', least), shown);
        }
    }
}
