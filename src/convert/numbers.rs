//! Offsets, lengths and ranges as people write them.

use std::ops::Range;

/// A number of bytes: decimal or `0x`, with `k`, `M`, `G` or `T` for powers of 1024 (`KiB` and so on too); `_` parts digits.
pub(crate) fn parse_len(text: &str) -> Result<u64, String> {
    let wrong = || format!("{text:?} is not a number of bytes such as 512, 0x200, 64k or 1M");
    let plain: String = text.trim().chars().filter(|&c| c != '_').collect();
    if let Some(digits) = plain.strip_prefix("0x").or_else(|| plain.strip_prefix("0X")) {
        return u64::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+')).ok_or_else(wrong);
    }
    let digits = plain.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let power = match plain[digits.len()..].to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kib" => 10,
        "m" | "mib" => 20,
        "g" | "gib" => 30,
        "t" | "tib" => 40,
        _ => return Err(wrong()),
    };
    let number: u64 = digits.parse().ok().filter(|_| !digits.starts_with('+')).ok_or_else(wrong)?;
    number.checked_mul(1 << power).ok_or_else(|| format!("{text:?} is more than any file has"))
}

/// A number of 32 bits that says a place in memory, as [`parse_len`] reads it.
pub(crate) fn parse_address(text: &str) -> Result<u32, String> {
    let wrong = || format!("{text:?} is not an address from 0 to 0xFFFFFFFF");
    parse_len(text).ok().and_then(|number| u32::try_from(number).ok()).ok_or_else(wrong)
}

/// A place in a file: from its start, or from its end where it is negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Bytes from the start.
    Start(u64),
    /// Bytes before the end.
    End(u64),
}

/// A place as [`parse_len`] reads it, with `-` in front to count from the end.
pub(crate) fn parse_place(text: &str) -> Result<Place, String> {
    match text.trim().strip_prefix('-') {
        Some(back) => parse_len(back).map(Place::End),
        None => parse_len(text).map(Place::Start),
    }
}

impl Place {
    /// The offset in a file of `len` bytes, if it has such a place; its end is one.
    pub(crate) fn offset(self, len: u64) -> Option<u64> {
        match self {
            Self::Start(offset) => (offset <= len).then_some(offset),
            Self::End(back) => len.checked_sub(back),
        }
    }
}

/// A part of a file: `START..END` with either end left out, or `START+LENGTH`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    from: Place,
    to: To,
}

/// Where a part ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum To {
    Place(Place),
    Length(u64),
    End,
}

/// A part as it is written, its places as [`parse_place`] reads them.
pub(crate) fn parse_part(text: &str) -> Result<Part, String> {
    if let Some((from, to)) = text.split_once("..") {
        let from = if from.trim().is_empty() { Place::Start(0) } else { parse_place(from)? };
        let to = if to.trim().is_empty() { To::End } else { To::Place(parse_place(to)?) };
        return Ok(Part { from, to });
    }
    match text.split_once('+') {
        Some((from, length)) => Ok(Part { from: parse_place(from)?, to: To::Length(parse_len(length)?) }),
        None => Err(format!("{text:?} is not a range such as 0x100..0x200, 4k+512 or -1M..")),
    }
}

impl Part {
    /// The offsets in a file of `len` bytes.
    ///
    /// # Errors
    /// Where it is not inside of the file, or ends in front of its start.
    pub(crate) fn within(self, len: u64) -> Result<Range<u64>, String> {
        let outside =
            || format!("the range lies outside of the {} byte{}", crate::convert::grouped(len), if len == 1 { "" } else { "s" });
        let from = self.from.offset(len).ok_or_else(outside)?;
        let to = match self.to {
            To::End => len,
            To::Length(length) => from.checked_add(length).filter(|&to| to <= len).ok_or_else(outside)?,
            To::Place(place) => place.offset(len).ok_or_else(outside)?,
        };
        if to < from { Err("the range ends before it starts".into()) } else { Ok(from..to) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_units() {
        let cases = [("0", 0), ("512", 512), ("0x1F", 31), ("64k", 65_536), ("1M", 1 << 20), ("2GiB", 2 << 30), ("1_000", 1000)];
        for (text, number) in cases {
            assert_eq!(parse_len(text), Ok(number), "{text}");
        }
        for text in ["", "k", "1q", "0x", "+1", "0x+1", "1.5M", "99999999999T", "-1"] {
            assert!(parse_len(text).is_err(), "{text}");
        }
        assert_eq!(parse_place("-0x10").map(|place| place.offset(20)), Ok(Some(4)));
        assert_eq!(parse_place("-21").map(|place| place.offset(20)), Ok(None));
    }

    #[test]
    fn parts_of_a_file() {
        let within = |text: &str| parse_part(text).and_then(|part| part.within(100));
        for (text, range) in
            [("0x10..0x20", 16..32), ("10+5", 10..15), ("90..", 90..100), ("..7", 0..7), ("-8..", 92..100), ("-8..-2", 92..98)]
        {
            assert_eq!(within(text), Ok(range), "{text}");
        }
        for text in ["0..101", "99+2", "-101..", "1k.."] {
            assert_eq!(within(text), Err("the range lies outside of the 100 bytes".into()), "{text}");
        }
        for text in ["", "7", "20..10", "x..y", "+5"] {
            assert!(within(text).is_err(), "{text}");
        }
    }
}
