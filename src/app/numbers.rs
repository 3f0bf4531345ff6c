//! How numbers, sizes and places are written, in one place so that every pane says them alike.

use std::ops::RangeInclusive;

pub use crate::convert::grouped as group;

/// "1 byte", "2,048 bytes".
pub fn count(n: u64, unit: &str) -> String {
    format!("{} {unit}{}", group(n), if n == 1 { "" } else { "s" })
}

/// "1 match", "3,456 matches".
pub fn matches(n: u64) -> String {
    if n == 1 { "1 match".into() } else { format!("{} matches", group(n)) }
}

/// `0x1F0`: upper case digits, no padding.
pub fn hex(n: u64) -> String {
    format!("0x{n:X}")
}

/// A place in both bases: `0x1F0 (496)`. Below ten both are the same digit, and one is enough.
pub fn place(n: u64) -> String {
    if n < 10 { n.to_string() } else { format!("{} ({})", hex(n), group(n)) }
}

/// The places from `start` up to, not including, `end`, the last one named: `0x10 to 0x13`.
pub fn places(start: u64, end: u64) -> String {
    match end.saturating_sub(start) {
        0 => format!("none at {}", hex(start)),
        1 => hex(start),
        _ => format!("{} to {}", hex(start), hex(end - 1)),
    }
}

/// A whole number in `range` as people type it: decimal, or hexadecimal behind `0x`, with `,`, `_` and spaces between digits.
///
/// # Errors
/// What is wrong: nothing is typed, it is no whole number, or `900 is not in 1 to 512`. Nothing is clipped.
pub fn whole_number(text: &str, range: RangeInclusive<u64>) -> Result<u64, String> {
    let (from, to) = (*range.start(), *range.end());
    let ends = if to >= 1 << 20 { format!("{from} to {}", group(to)) } else { format!("{from} to {to}") };
    let text = text.trim();
    if text.is_empty() {
        return Err(format!("Type a number from {ends}"));
    }
    let shown = shorten(text, 24);
    let plain: String = text.chars().filter(|c| !matches!(c, ',' | '_' | ' ')).collect();
    let (digits, radix) = match plain.strip_prefix("0x").or_else(|| plain.strip_prefix("0X")) {
        Some(digits) => (digits, 16),
        None => (plain.as_str(), 10),
    };
    let unsigned = digits.strip_prefix('-').unwrap_or(digits);
    if unsigned.is_empty() || !unsigned.chars().all(|c| c.is_digit(radix)) {
        return Err(format!("{shown} is not a whole number"));
    }
    let number = u64::from_str_radix(digits, radix).ok().filter(|number| range.contains(number));
    number.ok_or_else(|| format!("{shown} is not in {ends}"))
}

/// Bytes in the largest unit of 1,024 that leaves at least one: `4.0 KiB`; `None` below one KiB.
pub fn binary_size(bytes: u64) -> Option<String> {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let power = (bytes.checked_ilog2()? / 10) as usize;
    let unit = UNITS.get(power.checked_sub(1)?)?;
    Some(format!("{:.1} {unit}", bytes as f64 / (1u64 << (10 * power)) as f64))
}

/// `41 %`. What is there is not `0 %`, and what is not all is not `100 %`: `< 1 %`, `> 99 %`.
pub fn percent(fraction: f32) -> String {
    let percent = fraction.clamp(0.0, 1.0) * 100.0;
    match percent.round() as u8 {
        0 if percent > 0.0 => "< 1 %".to_owned(),
        100 if percent < 100.0 => "> 99 %".to_owned(),
        whole => format!("{whole} %"),
    }
}

/// The scale of a picture: `100 %`, `12.5 %`, `3,200 %`.
pub fn scale(scale: f32) -> String {
    let percent = f64::from(scale) * 100.0;
    if percent >= 99.95 || (percent - percent.round()).abs() < 0.05 {
        format!("{} %", group(percent.round() as u64))
    } else {
        format!("{percent:.1} %")
    }
}

/// A value on one line, cut behind `limit` characters with an ellipsis.
pub fn shorten(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_three() {
        for (n, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(group(n), text);
        }
        assert_eq!(group(u64::MAX), "18,446,744,073,709,551,615");
        assert_eq!((count(1, "byte"), count(4096, "byte")), ("1 byte".into(), "4,096 bytes".into()));
    }

    #[test]
    fn places_and_sizes() {
        assert_eq!((place(9), place(16), hex(4096)), ("9".into(), "0x10 (16)".into(), "0x1000".into()));
        assert_eq!((places(16, 20), places(16, 17)), ("0x10 to 0x13".into(), "0x10".into()));
        assert_eq!((binary_size(0), binary_size(1023)), (None, None));
        assert_eq!((binary_size(1024).unwrap(), binary_size(1536 << 20).unwrap()), ("1.0 KiB".into(), "1.5 GiB".into()));
        assert_eq!(binary_size(u64::MAX).unwrap(), "16.0 EiB");
        assert_eq!((scale(1.0), scale(0.125), scale(32.0)), ("100 %".into(), "12.5 %".into(), "3,200 %".into()));
        assert_eq!((percent(0.414), percent(7.0)), ("41 %".into(), "100 %".into()));
        assert_eq!((percent(0.0), percent(0.001), percent(0.999)), ("0 %".into(), "< 1 %".into(), "> 99 %".into()));
    }

    #[test]
    fn numbers_out_of_range_are_named() {
        for (text, number) in [("1", 1), (" 512 ", 512), ("0x1F", 31), ("0X1_00", 256), ("5,12", 512)] {
            assert_eq!(whole_number(text, 1..=512), Ok(number), "{text}");
        }
        for (text, wrong) in [
            ("", "Type a number from 1 to 512"),
            ("0", "0 is not in 1 to 512"),
            ("900", "900 is not in 1 to 512"),
            ("-5", "-5 is not in 1 to 512"),
            ("99999999999999999999", "99999999999999999999 is not in 1 to 512"),
            ("abc", "abc is not a whole number"),
            ("0x", "0x is not a whole number"),
            ("1.5", "1.5 is not a whole number"),
            ("-", "- is not a whole number"),
        ] {
            assert_eq!(whole_number(text, 1..=512), Err(wrong.to_owned()), "{text}");
        }
        assert_eq!(whole_number("18446744073709551615", 0..=u64::MAX), Ok(u64::MAX), "no digit is lost");
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        assert_eq!((shorten("añb", 2), shorten("añb", 3)), ("añ…".into(), "añb".into()));
    }
}
