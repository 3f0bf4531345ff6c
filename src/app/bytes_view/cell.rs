//! What a cell of the hex view shows of its bytes, and the bytes that a typed text means.

use std::fmt::Write as _;

use half::f16;
use serde::{Deserialize, Serialize};

/// How a cell is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "label() says what each one is")]
pub enum CellFormat {
    #[default]
    Hex,
    Hex16,
    Hex32,
    Hex64,
    Decimal,
    Signed,
    Octal,
    Binary,
    U16,
    I16,
    U32,
    I32,
    U64,
    I64,
    F16,
    F32,
    F64,
}

/// Why a typed text is no value of a cell.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CellError {
    /// It is no number at all.
    #[error("{text} is not a number in this base")]
    NotANumber {
        /// What was typed.
        text: String,
    },
    /// It is a number, and does not fit.
    #[error("{text} is not in {least} to {most}")]
    OutOfRange {
        /// What was typed.
        text: String,
        /// The least that fits.
        least: String,
        /// The most that fits.
        most: String,
    },
}

/// What a format is, for the arithmetic below.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Unsigned(u32),
    Signed,
    Float,
}

impl CellFormat {
    /// All of them, in the order of menus.
    pub const ALL: [Self; 17] = [
        Self::Hex,
        Self::Decimal,
        Self::Signed,
        Self::Octal,
        Self::Binary,
        Self::Hex16,
        Self::U16,
        Self::I16,
        Self::Hex32,
        Self::U32,
        Self::I32,
        Self::Hex64,
        Self::U64,
        Self::I64,
        Self::F16,
        Self::F32,
        Self::F64,
    ];

    /// What a choice says.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Hex => "Hex",
            Self::Hex16 => "16-bit hex",
            Self::Hex32 => "32-bit hex",
            Self::Hex64 => "64-bit hex",
            Self::Decimal => "Decimal",
            Self::Signed => "Signed decimal",
            Self::Octal => "Octal",
            Self::Binary => "Binary",
            Self::U16 => "16-bit unsigned",
            Self::I16 => "16-bit signed",
            Self::U32 => "32-bit unsigned",
            Self::I32 => "32-bit signed",
            Self::U64 => "64-bit unsigned",
            Self::I64 => "64-bit signed",
            Self::F16 => "16-bit float",
            Self::F32 => "32-bit float",
            Self::F64 => "64-bit float",
        }
    }

    /// Bytes a cell: 1, 2, 4 or 8.
    pub const fn unit(self) -> u64 {
        match self {
            Self::Hex | Self::Decimal | Self::Signed | Self::Octal | Self::Binary => 1,
            Self::Hex16 | Self::U16 | Self::I16 | Self::F16 => 2,
            Self::Hex32 | Self::U32 | Self::I32 | Self::F32 => 4,
            Self::Hex64 | Self::U64 | Self::I64 | Self::F64 => 8,
        }
    }

    /// Characters a cell has room for: as many as its longest value.
    pub const fn chars(self) -> usize {
        match self {
            Self::Hex => 2,
            Self::Decimal | Self::Octal => 3,
            Self::Signed | Self::Hex16 => 4,
            Self::U16 => 5,
            Self::I16 => 6,
            Self::Binary | Self::Hex32 => 8,
            Self::U32 | Self::F16 => 10,
            Self::I32 => 11,
            Self::F32 => 15,
            Self::Hex64 => 16,
            Self::U64 | Self::I64 => 20,
            Self::F64 => 24,
        }
    }

    const fn kind(self) -> Kind {
        match self {
            Self::Hex | Self::Hex16 | Self::Hex32 | Self::Hex64 => Kind::Unsigned(16),
            Self::Octal => Kind::Unsigned(8),
            Self::Binary => Kind::Unsigned(2),
            Self::Decimal | Self::U16 | Self::U32 | Self::U64 => Kind::Unsigned(10),
            Self::Signed | Self::I16 | Self::I32 | Self::I64 => Kind::Signed,
            Self::F16 | Self::F32 | Self::F64 => Kind::Float,
        }
    }

    /// Whether a character can be part of a value.
    pub fn accepts(self, c: char) -> bool {
        match self.kind() {
            Kind::Unsigned(base) => c.is_digit(base),
            Kind::Signed => c.is_ascii_digit() || matches!(c, '-' | '+'),
            Kind::Float => c.is_ascii_digit() || matches!(c.to_ascii_lowercase(), '-' | '+' | '.' | 'e' | 'i' | 'n' | 'f' | 'a'),
        }
    }

    /// The value of a whole cell as text, appended to `out`. Fewer bytes than a cell has are written one by one in hex.
    pub fn write(self, bytes: &[u8], big_endian: bool, upper: bool, out: &mut String) {
        let unit = self.unit() as usize;
        if bytes.len() < unit || unit > 8 {
            for byte in bytes {
                _ = if upper { write!(out, "{byte:02X}") } else { write!(out, "{byte:02x}") };
            }
            return;
        }
        let value = load(&bytes[..unit], big_endian);
        let bits = 8 * unit as u32;
        let signed = ((value << (64 - bits)) as i64) >> (64 - bits);
        _ = match self {
            Self::Hex | Self::Hex16 | Self::Hex32 | Self::Hex64 if upper => write!(out, "{value:0width$X}", width = 2 * unit),
            Self::Hex | Self::Hex16 | Self::Hex32 | Self::Hex64 => write!(out, "{value:0width$x}", width = 2 * unit),
            Self::Octal => write!(out, "{value:03o}"),
            Self::Binary => write!(out, "{value:08b}"),
            Self::Decimal | Self::U16 | Self::U32 | Self::U64 => write!(out, "{value}"),
            Self::Signed | Self::I16 | Self::I32 | Self::I64 => write!(out, "{signed}"),
            Self::F16 => half_text(f16::from_bits(value as u16), out),
            Self::F32 => {
                let value = f32::from_bits(value as u32);
                let plain = value == 0.0 || (1e-4..1e7).contains(&value.abs()) || !value.is_finite();
                if plain { write!(out, "{value:?}") } else { write!(out, "{value:e}") }
            }
            Self::F64 => {
                let value = f64::from_bits(value);
                let plain = value == 0.0 || (1e-4..1e16).contains(&value.abs()) || !value.is_finite();
                if plain { write!(out, "{value:?}") } else { write!(out, "{value:e}") }
            }
        };
    }

    /// The value of a cell as text.
    pub fn text(self, bytes: &[u8], big_endian: bool, upper: bool) -> String {
        let mut out = String::new();
        self.write(bytes, big_endian, upper, &mut out);
        out
    }

    /// The bytes of a value as it is typed. A number that does not fit is an error, never cut.
    pub fn parse(self, text: &str, big_endian: bool) -> Result<Vec<u8>, CellError> {
        let text = text.trim();
        let unit = self.unit() as usize;
        let bits = 8 * unit as u32;
        let wrong = || CellError::NotANumber { text: text.to_owned() };
        let outside = |least: String, most: String| CellError::OutOfRange { text: text.to_owned(), least, most };
        let value: u64 = match self.kind() {
            Kind::Unsigned(base) => {
                if text.is_empty() || !text.chars().all(|c| c.is_digit(base)) {
                    return Err(wrong());
                }
                let most = u64::MAX >> (64 - bits);
                let mut shown = String::new();
                self.write(&store(most, unit, big_endian), big_endian, true, &mut shown);
                u64::from_str_radix(text, base).ok().filter(|&n| n <= most).ok_or_else(|| outside("0".into(), shown))?
            }
            Kind::Signed => {
                let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
                if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(wrong());
                }
                let (least, most) = (i64::MIN >> (64 - bits), i64::MAX >> (64 - bits));
                let value = text.parse::<i64>().ok().filter(|n| (least..=most).contains(n));
                (value.ok_or_else(|| outside(least.to_string(), most.to_string()))?) as u64
            }
            Kind::Float => {
                let value: f64 = text.parse().map_err(|_| wrong())?;
                let (stored, fits, most) = match self {
                    Self::F16 => {
                        let half = f16::from_f64(value);
                        (u64::from(half.to_bits()), half.is_finite(), "65504".to_owned())
                    }
                    Self::F32 => {
                        let single: f32 = text.parse().map_err(|_| wrong())?;
                        (u64::from(single.to_bits()), single.is_finite(), format!("{:e}", f32::MAX))
                    }
                    _ => (value.to_bits(), value.is_finite(), format!("{:e}", f64::MAX)),
                };
                // "inf" and "nan" are values; digits that make one are too large.
                let named = text.to_ascii_lowercase().contains(['n', 'i']);
                if !fits && !named {
                    return Err(outside(format!("-{most}"), most));
                }
                stored
            }
        };
        Ok(store(value, unit, big_endian))
    }
}

/// The shortest digits that are this number again.
fn half_text(value: f16, out: &mut String) -> std::fmt::Result {
    let wide = value.to_f64();
    if !wide.is_finite() || wide == 0.0 {
        return write!(out, "{wide:?}");
    }
    let mut text = String::new();
    for digits in 0..=5 {
        text.clear();
        write!(text, "{wide:.digits$e}")?;
        if text.parse::<f64>().is_ok_and(|back| f16::from_f64(back) == value) {
            break;
        }
    }
    match text.parse::<f64>() {
        Ok(short) if (1e-3..1e5).contains(&short.abs()) => write!(out, "{short:?}"),
        _ => write!(out, "{text}"),
    }
}

fn load(bytes: &[u8], big_endian: bool) -> u64 {
    let join = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
    if big_endian { bytes.iter().fold(0, join) } else { bytes.iter().rev().fold(0, join) }
}

fn store(value: u64, unit: usize, big_endian: bool) -> Vec<u8> {
    if big_endian { value.to_be_bytes()[8 - unit..].to_vec() } else { value.to_le_bytes()[..unit].to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(format: CellFormat, bytes: &[u8]) -> String {
        format.text(bytes, false, true)
    }

    #[test]
    fn values_as_they_are_shown() {
        use CellFormat as C;
        for (format, bytes, shown) in [
            (C::Hex, &b"\xAB"[..], "AB"),
            (C::Decimal, b"\xAB", "171"),
            (C::Signed, b"\xAB", "-85"),
            (C::Octal, b"\x07", "007"),
            (C::Binary, b"\x05", "00000101"),
            (C::Hex16, b"\x34\x12", "1234"),
            (C::U16, b"\xFF\xFF", "65535"),
            (C::I16, b"\xFF\x7F", "32767"),
            (C::I32, b"\x00\x00\x00\x80", "-2147483648"),
            (C::U64, b"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", "18446744073709551615"),
            (C::I64, b"\x00\x00\x00\x00\x00\x00\x00\x80", "-9223372036854775808"),
            (C::F16, b"\x00\x3C", "1.0"),
            (C::F16, b"\x01\x00", "6e-8"),
            (C::F16, b"\xFF\xFB", "-65500.0"),
            (C::F16, b"\x00\xFC", "-inf"),
            (C::F32, b"\x00\x00\x80\x3F", "1.0"),
            (C::F32, b"\xCD\xCC\xCC\x3D", "0.1"),
            (C::F32, b"\xFF\xFF\x7F\xFF", "-3.4028235e38"),
            (C::F32, b"\x00\x00\xC0\x7F", "NaN"),
            (C::F64, b"\x01\x00\x00\x00\x00\x00\x00\x80", "-5e-324"),
            (C::U32, b"\x01\x02\x03", "010203"),
        ] {
            assert_eq!(text(format, bytes), shown, "{format:?}");
        }
        assert_eq!(C::Hex32.text(b"\xDE\xAD\xBE\xEF", true, false), "deadbeef");
    }

    #[test]
    fn every_value_fits_its_cell_and_comes_back() {
        let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
        for round in 0..60_000_u64 {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            let bytes = if round < 65_536 / 2 { (round * 2 + 1) << 48 | round } else { seed }.to_le_bytes();
            for format in CellFormat::ALL {
                let big = round % 2 == 0;
                let cell = &bytes[..format.unit() as usize];
                let shown = format.text(cell, big, true);
                assert!(shown.len() <= format.chars(), "{shown} in {format:?}");
                assert!(shown.chars().all(|c| format.accepts(c)), "{shown} in {format:?}");
                let back = format.parse(&shown, big).unwrap();
                // Of the many values that are no number one is written.
                assert!(back == cell || shown == "NaN", "{shown} in {format:?}: {back:?} of {cell:?}");
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_named_and_not_cut() {
        use CellFormat as C;
        let wrong = |format: C, text: &str| format.parse(text, false).unwrap_err().to_string();
        assert_eq!(wrong(C::Decimal, "256"), "256 is not in 0 to 255");
        assert_eq!(wrong(C::Signed, "-129"), "-129 is not in -128 to 127");
        assert_eq!(wrong(C::Binary, "100000000"), "100000000 is not in 0 to 11111111");
        assert_eq!(wrong(C::Octal, "400"), "400 is not in 0 to 377");
        assert_eq!(wrong(C::U64, "99999999999999999999"), "99999999999999999999 is not in 0 to 18446744073709551615");
        assert_eq!(wrong(C::F16, "65520"), "65520 is not in -65504 to 65504");
        assert_eq!(wrong(C::F32, "1e39"), "1e39 is not in -3.4028235e38 to 3.4028235e38");
        assert_eq!(wrong(C::U16, "-"), "- is not a number in this base");
        assert_eq!(wrong(C::I16, "--1"), "--1 is not a number in this base");
        assert_eq!(wrong(C::F64, "1e"), "1e is not a number in this base");
        assert_eq!(C::F16.parse("inf", false).unwrap(), [0, 0x7C]);
        assert_eq!(C::I32.parse("-1", true).unwrap(), [255; 4]);
        assert_eq!(C::U32.parse("1", true).unwrap(), [0, 0, 0, 1]);
    }
}
