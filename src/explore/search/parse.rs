//! From what a person wrote to bytes, masks and ranges.

use super::needle::{Case, NeedleError, NumberKind};
use super::{MAX_MATCH, fold};
use crate::buffer::Buffer;
use crate::formats::text::{Encoder, Encoding, decode_lossy};
use crate::stream::{Text, codec};

/// Bytes, and which of their bits count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Masked {
    pub(super) values: Vec<u8>,
    pub(super) masks: Vec<u8>,
}

/// Which numbers are meant; both ends belong to a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Numbers {
    Unsigned(u64, u64),
    Signed(i64, i64),
    Float(f64, f64),
    /// Any that is not a number.
    Nan,
    /// One, by its bits.
    Bits(u64),
}

/// Hex digits with wildcards.
pub(super) fn hex(text: &str) -> Result<Masked, NeedleError> {
    let mut digits: Vec<Option<u8>> = Vec::new();
    // A `0x` counts where a byte begins; blanks do not part the two digits of a byte from one another.
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            ' ' | '\t' | '\n' | '\r' | ',' | '_' | '\u{a0}' => {}
            '0' if digits.len().is_multiple_of(2) && matches!(rest.peek(), Some('x' | 'X')) => {
                rest.next();
            }
            '?' => digits.push(None),
            c => match c.to_digit(16) {
                Some(digit) => digits.push(Some(digit as u8)),
                None => return Err(NeedleError::NotHex(c)),
            },
        }
    }
    if digits.is_empty() {
        return Err(NeedleError::Empty);
    }
    let (pairs, odd) = digits.as_chunks::<2>();
    if !odd.is_empty() {
        return Err(NeedleError::OddHex);
    }
    let value = |[high, low]: &[Option<u8>; 2]| high.unwrap_or(0) << 4 | low.unwrap_or(0);
    let mask = |[high, low]: &[Option<u8>; 2]| if high.is_some() { 0xF0 } else { 0 } | if low.is_some() { 0x0F } else { 0 };
    let found = Masked { values: pairs.iter().map(value).collect(), masks: pairs.iter().map(mask).collect() };
    if found.masks.iter().all(|&mask| mask == 0) {
        return Err(NeedleError::OnlyWildcards);
    }
    long_enough(found.values.len())?;
    Ok(found)
}

/// `Err` for a length that no window holds.
pub(super) fn long_enough(len: usize) -> Result<(), NeedleError> {
    match len {
        0 => Err(NeedleError::Empty),
        1..=MAX_MATCH => Ok(()),
        _ => Err(NeedleError::TooLong(len)),
    }
}

/// A way to write characters as bytes.
pub(super) enum Codec {
    /// A codec of the streams, by name.
    Python(String),
    /// One that only the formats know.
    Whatwg(Encoding),
}

impl Codec {
    pub(super) fn find(name: &str) -> Result<Self, NeedleError> {
        let wanted = if name.trim().is_empty() { "utf-8" } else { name.trim() };
        let Ok(found) = codec::Codec::find(wanted, codec::Purpose::Encode) else {
            return Encoding::from_name(wanted).map(Self::Whatwg).ok_or_else(|| NeedleError::Encoding(name.to_owned()));
        };
        // What would put a mark in front of every needle.
        for (marked, plain) in [("utf-8-sig", "utf-8"), ("utf-16", "utf-16-le"), ("utf-32", "utf-32-le")] {
            if codec::Codec::find(marked, codec::Purpose::Encode) == Ok(found) {
                return Ok(Self::Python(plain.to_owned()));
            }
        }
        Ok(Self::Python(wanted.to_owned()))
    }

    /// The characters of bytes; U+FFFD stands for what is none.
    pub(super) fn decode(&self, bytes: &[u8]) -> String {
        match self {
            Self::Python(name) => {
                let decoded = codec::decode(&Buffer::from(bytes), name, "replace");
                decoded.map_or_else(|_| decode_lossy(bytes, Encoding::Latin1), |text| text.to_string_lossy())
            }
            Self::Whatwg(encoding) => decode_lossy(bytes, *encoding),
        }
    }

    /// Bytes that a character of ASCII takes.
    pub(super) fn unit(&self) -> u64 {
        self.encode("a").map_or(1, |bytes| bytes.len().max(1) as u64)
    }

    /// The bytes of a text; `None` where one of its characters has none.
    pub(super) fn encode(&self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Python(name) => codec::encode(&Text::from(text), name, "strict").ok()?.to_vec_all().ok(),
            Self::Whatwg(encoding) => {
                let (mut encoder, mut out) = (Encoder::new(*encoding), Vec::new());
                encoder.encode(text, true, &mut out);
                (encoder.unmappable() == 0).then_some(out)
            }
        }
    }
}

/// For each character of a text the ways it may be written: one where case counts, else one for each character that is the same.
pub(super) fn variants(
    text: &str,
    case: Case,
    encoding: &str,
    mut encode: impl FnMut(char) -> Option<Vec<u8>>,
) -> Result<Vec<Vec<Vec<u8>>>, NeedleError> {
    let ways = |c: char| {
        let mut ways: Vec<Vec<u8>> = fold::same(c, case).into_iter().filter_map(&mut encode).collect();
        ways.dedup();
        if ways.is_empty() { Err(NeedleError::NotInEncoding(c, encoding.to_owned())) } else { Ok(ways) }
    };
    text.chars().map(ways).collect()
}

/// A number or a range of them.
pub(super) fn numbers(kind: NumberKind, text: &str) -> Result<Numbers, NeedleError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(NeedleError::Empty);
    }
    if kind.is_float() {
        return floats(kind, text);
    }
    let (low, high) = limits(kind);
    let number = |part: &str| {
        let wrong = || NeedleError::NotNumber(text.to_owned());
        let number = whole(part).ok_or_else(wrong)?;
        if (low..=high).contains(&number) {
            Ok(number)
        } else {
            Err(NeedleError::OutOfRange(part.trim().to_owned(), kind.name(), low, high))
        }
    };
    let (from, to) = match (text.split_once(".."), distance(text)) {
        (Some((from, to)), _) => (number(from)?, number(to.strip_prefix('=').unwrap_or(to))?),
        (None, Some((middle, by))) => {
            let (middle, by) = (number(middle)?, number(by)?);
            ((middle - by).max(low), (middle + by).min(high))
        }
        _ => (number(text)?, number(text)?),
    };
    if to < from {
        return Err(NeedleError::EmptyRange);
    }
    if from == to {
        return Ok(Numbers::Bits(from as u64));
    }
    Ok(if kind.is_signed() { Numbers::Signed(from as i64, to as i64) } else { Numbers::Unsigned(from as u64, to as u64) })
}

/// What a whole number's type holds.
fn limits(kind: NumberKind) -> (i128, i128) {
    let bits = kind.size() * 8;
    if kind.is_signed() { (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) } else { (0, (1 << bits) - 1) }
}

fn whole(text: &str) -> Option<i128> {
    let plain: String = text.trim().chars().filter(|&c| c != '_').collect();
    let (sign, plain) = match plain.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, plain.strip_prefix('+').unwrap_or(&plain)),
    };
    let bases = [("0x", 16), ("0X", 16), ("0b", 2), ("0B", 2), ("0o", 8), ("0O", 8)];
    let (digits, base) =
        bases.iter().find_map(|&(prefix, base)| Some((plain.strip_prefix(prefix)?, base))).unwrap_or((plain, 10));
    if digits.starts_with(['+', '-']) {
        return None;
    }
    Some(sign * i128::from_str_radix(digits, base).ok()?)
}

/// `middle +- by`, also with a plus-minus sign.
fn distance(text: &str) -> Option<(&str, &str)> {
    text.split_once('±').or_else(|| text.split_once("+-"))
}

fn floats(kind: NumberKind, text: &str) -> Result<Numbers, NeedleError> {
    let wrong = || NeedleError::NotFloat(text.to_owned());
    // A range is of numbers of this format: its ends are rounded to it.
    let number = |part: &str| {
        let value: f64 = part.trim().replace('_', "").parse().map_err(|_| wrong())?;
        Ok(if kind == NumberKind::F32 {
            f64::from(part.trim().replace('_', "").parse::<f32>().map_err(|_| wrong())?)
        } else {
            value
        })
    };
    let plain = |part: &str| part.trim().replace('_', "").parse::<f64>().map_err(|_| wrong());
    let (from, to) = match (text.split_once(".."), distance(text)) {
        (Some((from, to)), _) => (number(from)?, number(to.strip_prefix('=').unwrap_or(to))?),
        (None, Some((middle, by))) => {
            let (middle, by) = (plain(middle)?, plain(by)?);
            (middle - by, middle + by)
        }
        _ => {
            let value = number(text)?;
            if value.is_nan() {
                return Ok(Numbers::Nan);
            }
            let bits = if kind == NumberKind::F32 { u64::from((value as f32).to_bits()) } else { value.to_bits() };
            return Ok(Numbers::Bits(bits));
        }
    };
    if from.is_nan() || to.is_nan() {
        return Err(wrong());
    }
    if to < from {
        return Err(NeedleError::EmptyRange);
    }
    Ok(Numbers::Float(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_digits_with_wildcards() {
        let masked = |values: &[u8], masks: &[u8]| Ok(Masked { values: values.into(), masks: masks.into() });
        assert_eq!(hex("89 50"), masked(&[0x89, 0x50], &[0xFF, 0xFF]));
        assert_eq!(hex("0x89, 0X5f 4? ?F ??"), masked(&[0x89, 0x5F, 0x40, 0x0F, 0], &[0xFF, 0xFF, 0xF0, 0x0F, 0]));
        assert_eq!(hex("8 9"), masked(&[0x89], &[0xFF]));
        assert_eq!(hex("00"), masked(&[0], &[0xFF]));
        assert_eq!(hex(" "), Err(NeedleError::Empty));
        assert_eq!(hex("123"), Err(NeedleError::OddHex));
        assert_eq!(hex("1g"), Err(NeedleError::NotHex('g')));
        assert_eq!(hex("?? ??"), Err(NeedleError::OnlyWildcards));
        assert_eq!(hex(&"00".repeat(MAX_MATCH + 1)), Err(NeedleError::TooLong(MAX_MATCH + 1)));
    }

    #[test]
    fn numbers_and_ranges() {
        use NumberKind::{F32, F64, I8, I24, I64, U8, U24, U64};
        assert_eq!(numbers(U8, "0x2A"), Ok(Numbers::Bits(42)));
        assert_eq!(numbers(I8, "-1"), Ok(Numbers::Bits(u64::MAX)));
        assert_eq!(numbers(U8, "10..20"), Ok(Numbers::Unsigned(10, 20)));
        assert_eq!(numbers(U8, "10 ..= 20"), Ok(Numbers::Unsigned(10, 20)));
        assert_eq!(numbers(I24, "-5..5"), Ok(Numbers::Signed(-5, 5)));
        assert_eq!(numbers(U8, "250 +- 10"), Ok(Numbers::Unsigned(240, 255)));
        assert_eq!(numbers(U64, "0..18446744073709551615"), Ok(Numbers::Unsigned(0, u64::MAX)));
        assert_eq!(numbers(I64, "-9223372036854775808"), Ok(Numbers::Bits(1 << 63)));
        assert_eq!(numbers(F64, "1.5"), Ok(Numbers::Bits(1.5f64.to_bits())));
        assert_eq!(numbers(F32, "-0.0"), Ok(Numbers::Bits(1 << 31)));
        assert_eq!(numbers(F32, "nan"), Ok(Numbers::Nan));
        assert_eq!(numbers(F64, "1..2.5"), Ok(Numbers::Float(1.0, 2.5)));
        assert_eq!(numbers(F64, "3 ± 0.5"), Ok(Numbers::Float(2.5, 3.5)));
        assert_eq!(numbers(U8, "256"), Err(NeedleError::OutOfRange("256".into(), "u8", 0, 255)));
        assert_eq!(numbers(U24, "-1"), Err(NeedleError::OutOfRange("-1".into(), "u24", 0, (1 << 24) - 1)));
        assert_eq!(numbers(U8, "20..10"), Err(NeedleError::EmptyRange));
        assert_eq!(numbers(U8, "1.5"), Err(NeedleError::NotNumber("1.5".into())));
        assert_eq!(numbers(F64, "x"), Err(NeedleError::NotFloat("x".into())));
        assert_eq!(numbers(F64, ""), Err(NeedleError::Empty));
    }

    #[test]
    fn encodings_are_those_of_the_streams_and_of_the_formats() {
        let bytes = |name: &str, text: &str| Codec::find(name).unwrap().encode(text);
        assert_eq!(bytes("utf-16", "aé"), Some(b"a\0\xE9\0".to_vec()));
        assert_eq!(bytes("UTF-16-BE", "a"), Some(b"\0a".to_vec()));
        assert_eq!(bytes("utf-8-sig", "é"), Some(b"\xC3\xA9".to_vec()));
        assert_eq!(bytes("cp1252", "€"), Some(b"\x80".to_vec()));
        assert_eq!(bytes("shift_jis", "日"), Some(b"\x93\xFA".to_vec()));
        assert_eq!(bytes("latin-1", "€"), None);
        assert!(matches!(Codec::find("klingon"), Err(NeedleError::Encoding(name)) if name == "klingon"));
    }
}
