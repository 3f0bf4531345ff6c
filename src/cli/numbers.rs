//! Offsets and lengths as people write them.

/// A number of bytes: decimal or `0x`, with `k`, `M`, `G` or `T` for powers of 1024 (`KiB` and so on too); `_` parts digits.
pub(super) fn parse_len(text: &str) -> Result<u64, String> {
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

/// A place in a file: from its start, or from its end where it is negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Bytes from the start.
    Start(u64),
    /// Bytes before the end.
    End(u64),
}

/// A place as [`parse_len`] reads it, with `-` in front to count from the end.
pub(super) fn parse_place(text: &str) -> Result<Place, String> {
    match text.trim().strip_prefix('-') {
        Some(back) => parse_len(back).map(Place::End),
        None => parse_len(text).map(Place::Start),
    }
}

impl Place {
    /// The offset in a file of `len` bytes, if it has such a place; its end is one.
    pub(super) fn offset(self, len: u64) -> Option<u64> {
        match self {
            Self::Start(offset) => (offset <= len).then_some(offset),
            Self::End(back) => len.checked_sub(back),
        }
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
}
