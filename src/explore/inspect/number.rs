//! Integers, numbers with a fraction, and LEB128.

use half::{bf16, f16};

use super::{ByteOrder, Float, Radix, Reading, ordered};
use crate::buffer::Len;

/// The longest LEB128 of a number of 128 bits.
const LONGEST_LEB: usize = 19;

/// An integer of up to 128 bits and its sign.
#[derive(Clone, Copy, PartialEq)]
struct Integer {
    negative: bool,
    magnitude: u128,
}

fn written(integer: Integer, radix: Radix) -> String {
    let sign = if integer.negative { "-" } else { "" };
    let n = integer.magnitude;
    match radix {
        Radix::Decimal => format!("{sign}{n}"),
        Radix::Hex => format!("{sign}0x{n:X}"),
        Radix::Octal => format!("{sign}0o{n:o}"),
        Radix::Binary => format!("{sign}0b{n:b}"),
    }
}

/// Reads an integer as people write it: with `0x`, `0o` and `0b`, or in `radix` without those; `_`, `,` and spaces part digits.
fn typed(text: &str, radix: Radix) -> Result<Integer, String> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '_' | ',')).collect();
    let (negative, digits) = match compact.strip_prefix(['-', '\u{2212}']) {
        Some(digits) => (true, digits),
        None => (false, compact.strip_prefix('+').unwrap_or(&compact)),
    };
    let lower = digits.to_ascii_lowercase();
    let (base, digits) = if let Some(digits) = lower.strip_prefix("0x") {
        (16, digits)
    } else if let Some(digits) = lower.strip_prefix("0o") {
        (8, digits)
    } else if let Some(digits) = lower.strip_prefix("0b").filter(|_| radix != Radix::Hex) {
        (2, digits)
    } else {
        let base = match radix {
            Radix::Decimal => 10,
            Radix::Hex => 16,
            Radix::Octal => 8,
            Radix::Binary => 2,
        };
        (base, lower.as_str())
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(base)) {
        let hint = if digits.chars().all(|c| c.is_ascii_hexdigit()) && !digits.is_empty() && base == 10 {
            format!(": write 0x{} for a hexadecimal one", digits.to_uppercase())
        } else {
            String::new()
        };
        return Err(format!("{} is no whole number{hint}", text.trim()));
    }
    let magnitude = u128::from_str_radix(digits, base).map_err(|_| format!("{} has more than 128 bits", text.trim()))?;
    Ok(Integer { negative: negative && magnitude > 0, magnitude })
}

/// The largest number without a sign of so many bytes.
const fn largest(bytes: u8) -> u128 {
    u128::MAX >> (128 - 8 * bytes as u32)
}

pub(super) fn read_integer(bytes: &[u8], n: u8, signed: bool, order: ByteOrder, radix: Radix) -> Result<Reading, Reading> {
    let len = usize::from(n);
    let run = bytes.get(..len).ok_or(Reading::Missing { more: len - bytes.len().min(len) })?;
    let join = |number: u128, byte: &u8| number << 8 | u128::from(*byte);
    let number = match order {
        ByteOrder::Little => run.iter().rev().fold(0, join),
        ByteOrder::Big => run.iter().fold(0, join),
    };
    let negative = signed && number > largest(n) >> 1;
    let magnitude = if negative { (largest(n) - number) + 1 } else { number };
    Ok(Reading::of(written(Integer { negative, magnitude }, radix), len))
}

pub(super) fn write_integer(text: &str, n: u8, signed: bool, order: ByteOrder, radix: Radix) -> Result<Vec<u8>, String> {
    let integer = typed(text, radix)?;
    let half = largest(n) >> 1;
    let fits = match (signed, integer.negative) {
        (false, negative) => !negative && integer.magnitude <= largest(n),
        (true, true) => integer.magnitude <= half + 1,
        (true, false) => integer.magnitude <= half,
    };
    if !fits {
        let bits = 8 * u16::from(n);
        let range = match signed {
            true => format!("i{bits} is from -{} to {half}", half + 1),
            false => format!("u{bits} is from 0 to {}", largest(n)),
        };
        return Err(format!("{} does not fit: {range}", text.trim()));
    }
    let number = if integer.negative { integer.magnitude.wrapping_neg() } else { integer.magnitude };
    let mut bytes = number.to_le_bytes()[..usize::from(n)].to_vec();
    if order == ByteOrder::Big {
        bytes.reverse();
    }
    Ok(bytes)
}

/// With the shortest digits that read back, and an exponent where digits would be many.
pub(super) fn read_float(float: Float, bytes: &[u8], order: ByteOrder) -> Result<Reading, Reading> {
    Ok(match float {
        Float::F16 => Reading::of(format!("{:?}", f16::from_le_bytes(ordered(bytes, order)?).to_f32()), 2),
        Float::Bf16 => Reading::of(format!("{:?}", bf16::from_le_bytes(ordered(bytes, order)?).to_f32()), 2),
        Float::F32 => Reading::of(format!("{:?}", f32::from_le_bytes(ordered(bytes, order)?)), 4),
        Float::F64 => Reading::of(format!("{:?}", f64::from_le_bytes(ordered(bytes, order)?)), 8),
    })
}

pub(super) fn write_float(float: Float, text: &str, order: ByteOrder) -> Result<Vec<u8>, String> {
    let compact = text.trim().replace('_', "").replace('\u{2212}', "-");
    let wrong = || format!("{} is no number such as 1.5, -2e10, inf or nan", text.trim());
    let number: f64 = compact.parse().map_err(|_| wrong())?;
    let named_infinity = compact.trim_start_matches(['+', '-']).to_ascii_lowercase().starts_with("inf");
    let (mut bytes, infinite, most) = match float {
        Float::F16 => {
            let value = f16::from_f64(number);
            (value.to_le_bytes().to_vec(), value.is_infinite(), "65504")
        }
        Float::Bf16 => {
            let value = bf16::from_f64(number);
            (value.to_le_bytes().to_vec(), value.is_infinite(), "3.3895314e38")
        }
        Float::F32 => {
            // Read as what it is to be: twice rounded is another number at times.
            let value: f32 = compact.parse().map_err(|_| wrong())?;
            (value.to_le_bytes().to_vec(), value.is_infinite(), "3.4028235e38")
        }
        Float::F64 => (number.to_le_bytes().to_vec(), number.is_infinite(), "1.7976931348623157e308"),
    };
    if infinite && !named_infinity {
        return Err(format!("{} does not fit: the largest number is {most}", text.trim()));
    }
    if order == ByteOrder::Big {
        bytes.reverse();
    }
    Ok(bytes)
}

pub(super) fn read_leb(bytes: &[u8], signed: bool, radix: Radix) -> Reading {
    let Some(last) = bytes.iter().position(|byte| byte & 0x80 == 0) else {
        return if bytes.len() < LONGEST_LEB { Reading::Missing { more: 1 } } else { Reading::invalid("longer than 128 bits") };
    };
    let len = last + 1;
    let mut number = 0u128;
    for (index, byte) in bytes[..len].iter().enumerate() {
        let bits = u128::from(byte & 0x7F);
        let shift = 7 * index as u32;
        let filler = if signed && bytes[last] & 0x40 != 0 { 0x7F } else { 0 };
        match shift {
            0..=120 => number |= bits << shift,
            126 => {
                // Two bits are left of the number; the others say its sign once more.
                let rest = bits >> 2;
                if rest != filler >> 2 {
                    return Reading::invalid("longer than 128 bits");
                }
                number |= bits << shift;
            }
            _ if bits == filler => {}
            _ => return Reading::invalid("longer than 128 bits"),
        }
    }
    let negative = signed && bytes[last] & 0x40 != 0;
    if negative && 7 * (len as u32) < 128 {
        number |= u128::MAX << (7 * len as u32);
    }
    let magnitude = if negative { number.wrapping_neg() } else { number };
    Reading::of(written(Integer { negative, magnitude }, radix), len)
}

/// A shorter number is filled up to the length of the one that stands there, so that what follows keeps its meaning; a longer one
/// is refused there.
pub(super) fn write_leb(text: &str, signed: bool, radix: Radix, now: &[u8]) -> Result<Vec<u8>, String> {
    let integer = typed(text, radix)?;
    if integer.negative && !signed {
        return Err(format!("{} does not fit: ULEB128 has no sign", text.trim()));
    }
    if signed && integer.magnitude > (u128::MAX >> 1) + u128::from(integer.negative) {
        return Err(format!("{} has more than 128 bits", text.trim()));
    }
    let number = if integer.negative { integer.magnitude.wrapping_neg() } else { integer.magnitude };
    let room = match read_leb(now, signed, radix) {
        Reading::Value { len, .. } => Some(len),
        _ => None,
    };
    let (mut bytes, mut rest) = (Vec::new(), number);
    loop {
        let low = (rest & 0x7F) as u8;
        let shifted = if signed { ((rest as i128) >> 7) as u128 } else { rest >> 7 };
        rest = shifted;
        let done = match signed {
            true => (rest == 0 && low & 0x40 == 0) || (rest == u128::MAX && low & 0x40 != 0),
            false => rest == 0,
        };
        if done && room.is_none_or(|room| bytes.len() + 1 >= room) {
            bytes.push(low);
            break;
        }
        bytes.push(low | 0x80);
        if bytes.len() > LONGEST_LEB + super::INSPECTED {
            break;
        }
    }
    match room {
        Some(room) if bytes.len() > room => Err(format!(
            "{} takes {}, and the value here has {room}: the bytes behind it would change",
            text.trim(),
            Len(bytes.len() as u64).in_words()
        )),
        _ => Ok(bytes),
    }
}
