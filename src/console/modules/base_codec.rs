//! Bytes as text and back, as `binascii` and `base64` do it: nothing here knows the interpreter.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Base64 with padding and without line ends.
pub(super) fn encode64(bytes: &[u8]) -> Vec<u8> {
    STANDARD.encode(bytes).into_bytes()
}

const fn value64(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

/// Base64 as CPython reads it. Unless `strict`, foreign characters are passed over, and so is padding where no quartet can end.
pub(super) fn decode64(ascii: &[u8], strict: bool) -> Result<Vec<u8>, String> {
    if strict && ascii.first() == Some(&b'=') {
        return Err("Leading padding not allowed".into());
    }
    let mut out = Vec::with_capacity(ascii.len() / 4 * 3 + 3);
    let (mut place, mut pads, mut left, mut padding) = (0, 0, 0_u8, false);
    for (at, &byte) in ascii.iter().enumerate() {
        if byte == b'=' {
            padding = true;
            if place >= 2 {
                pads += 1;
                if place + pads >= 4 {
                    if strict && at + 1 < ascii.len() {
                        return Err("Excess data after padding".into());
                    }
                    return Ok(out);
                }
            }
            continue;
        }
        let Some(value) = value64(byte) else {
            if strict {
                return Err("Only base64 data is allowed".into());
            }
            continue;
        };
        if strict && padding {
            return Err("Discontinuous padding not allowed".into());
        }
        pads = 0;
        match place {
            0 => left = value,
            1 => {
                out.push(left << 2 | value >> 4);
                left = value & 0x0F;
            }
            2 => {
                out.push(left << 4 | value >> 2);
                left = value & 0x03;
            }
            _ => out.push(left << 6 | value),
        }
        place = (place + 1) % 4;
    }
    match place {
        0 => Ok(out),
        1 => Err(format!(
            "Invalid base64-encoded string: number of data characters ({}) cannot be 1 more than a multiple of 4",
            out.len() / 3 * 4 + 1
        )),
        _ => Err("Incorrect padding".into()),
    }
}

/// The alphabet of `b32encode`.
pub(super) const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// The alphabet of `b32hexencode`.
pub(super) const BASE32_HEX: &[u8; 32] = b"0123456789ABCDEFGHIJKLMNOPQRSTUV";

/// Base32 with padding.
pub(super) fn encode32(alphabet: &[u8; 32], bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len().div_ceil(5) * 8);
    for five in bytes.chunks(5) {
        let bits = five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte)) << (8 * (5 - five.len()));
        let digits = (five.len() * 8).div_ceil(5);
        out.extend((0..8).map(|n| if n < digits { alphabet[(bits >> (35 - 5 * n)) as usize & 31] } else { b'=' }));
    }
    out
}

/// Base32; `ascii` already has the case and the digits of the alphabet.
pub(super) fn decode32(alphabet: &[u8; 32], ascii: &[u8]) -> Result<Vec<u8>, String> {
    if !ascii.len().is_multiple_of(8) {
        return Err("Incorrect padding".into());
    }
    let digits = ascii.iter().rposition(|byte| *byte != b'=').map_or(0, |last| last + 1);
    let pads = ascii.len() - digits;
    let mut out = Vec::with_capacity(digits / 8 * 5 + 5);
    for eight in ascii[..digits].chunks(8) {
        let mut bits = 0_u64;
        for byte in eight {
            let value = alphabet.iter().position(|digit| digit == byte).ok_or("Non-base32 digit found")?;
            bits = bits << 5 | value as u64;
        }
        bits <<= 5 * (8 - eight.len());
        out.extend_from_slice(&bits.to_be_bytes()[3..]);
    }
    match pads {
        0 | 1 | 3 | 4 | 6 => {}
        _ => return Err("Incorrect padding".into()),
    }
    if pads > 0 && !out.is_empty() {
        out.truncate(out.len() - 5 + (43 - 5 * pads) / 8);
    }
    Ok(out)
}

/// Hexadecimal digits, with `separator` between groups of `group` bytes, counted from the end, or from the start where `group` is
/// negative.
pub(super) fn hexlify(bytes: &[u8], separator: Option<u8>, group: i64) -> Vec<u8> {
    let digits = hex::encode(bytes).into_bytes();
    let size = usize::try_from(group.unsigned_abs()).unwrap_or(usize::MAX);
    let Some(separator) = separator.filter(|_| size > 0 && size < bytes.len()) else { return digits };
    let mut out = Vec::with_capacity(digits.len() + bytes.len() / size);
    for (n, pair) in digits.chunks(2).enumerate() {
        let border = if group > 0 { bytes.len() - n } else { n };
        if n > 0 && border.is_multiple_of(size) {
            out.push(separator);
        }
        out.extend_from_slice(pair);
    }
    out
}

/// Hexadecimal digits as bytes.
pub(super) fn unhexlify(ascii: &[u8]) -> Result<Vec<u8>, String> {
    hex::decode(ascii).map_err(|error| match error {
        hex::FromHexError::OddLength => "Odd-length string".into(),
        _ => "Non-hexadecimal digit found".into(),
    })
}

/// The alphabet of `b85encode`.
const BASE85: &[u8; 85] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";

/// Base85 as git writes it.
pub(super) fn encode85(bytes: &[u8], pad: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len().div_ceil(4) * 5);
    for four in bytes.chunks(4) {
        let mut word = four.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (4 - four.len()));
        let mut digits = [0; 5];
        for digit in digits.iter_mut().rev() {
            *digit = BASE85[(word % 85) as usize];
            word /= 85;
        }
        out.extend_from_slice(if pad { &digits } else { &digits[..=four.len()] });
    }
    out
}

/// Base85 as git writes it.
pub(super) fn decode85(ascii: &[u8]) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(ascii.len().div_ceil(5) * 4);
    for (n, five) in ascii.chunks(5).enumerate() {
        let mut word = 0_u64;
        for at in 0..5 {
            let byte = five.get(at).copied().unwrap_or(b'~');
            let Some(value) = BASE85.iter().position(|digit| *digit == byte) else {
                return Err(format!("bad base85 character at position {}", n * 5 + at));
            };
            word = word * 85 + value as u64;
        }
        let Ok(word) = u32::try_from(word) else {
            return Err(format!("base85 overflow in hunk starting at byte {}", n * 5));
        };
        out.extend_from_slice(&word.to_be_bytes()[..five.len().saturating_sub(1)]);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_as_leniently_as_cpython_reads_it() {
        let lenient = |text: &str| decode64(text.as_bytes(), false);
        assert_eq!(lenient("aGVs\nbG8="), Ok(b"hello".to_vec()));
        assert_eq!(lenient("=a=G=V=s"), Ok(b"he".to_vec()));
        assert_eq!(lenient("YQ==YQ=="), Ok(b"a".to_vec()));
        assert_eq!(
            lenient("Y"),
            Err("Invalid base64-encoded string: number of data characters (1) cannot be 1 more than a multiple of 4".into())
        );
        assert_eq!(lenient("YWJjZ*").unwrap_err().matches("(5)").count(), 1);
        assert_eq!(lenient("YQ"), Err("Incorrect padding".into()));
        let strict = |text: &str| decode64(text.as_bytes(), true).unwrap_err();
        assert_eq!(strict("=YQ="), "Leading padding not allowed");
        assert_eq!(strict("YQ==YQ=="), "Excess data after padding");
        assert_eq!(strict("YW=Jj"), "Discontinuous padding not allowed");
        assert_eq!(strict("YW\nJj"), "Only base64 data is allowed");
    }

    #[test]
    fn base32_and_base85_and_digits_come_back() {
        for len in 0..40_u8 {
            let bytes: Vec<u8> = (0..len).map(|n| n.wrapping_mul(37)).collect();
            for alphabet in [BASE32, BASE32_HEX] {
                assert_eq!(decode32(alphabet, &encode32(alphabet, &bytes)), Ok(bytes.clone()));
            }
            assert_eq!(decode85(&encode85(&bytes, false)), Ok(bytes.clone()));
            assert_eq!(unhexlify(&hexlify(&bytes, None, 1)), Ok(bytes));
        }
        assert_eq!(encode32(BASE32, b"ab"), b"MFRA====");
        assert_eq!(encode85(b"hello", false), b"Xk~0{Zv");
        assert_eq!(decode32(BASE32, b"mfra===="), Err("Non-base32 digit found".into()));
    }

    #[test]
    fn groups_of_digits_are_counted_from_the_end() {
        assert_eq!(hexlify(b"abcd", Some(b':'), 3), b"61:626364");
        assert_eq!(hexlify(b"abcdefg", Some(b'-'), -3), b"616263-646566-67");
        assert_eq!(hexlify(b"abcd", Some(b':'), 0), b"61626364");
        assert_eq!(hexlify(b"abcd", Some(b':'), i64::MIN), b"61626364");
    }
}
