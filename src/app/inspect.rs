//! The values that stand at a place: numbers in both byte orders, characters, text. Pure: bytes in, words out.

/// Bytes that [`inspect`] looks at, at most.
pub const INSPECTED: usize = 64;

/// Characters of the text run.
const RUN: usize = 32;

/// One line of the inspector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspected {
    /// What the value is ("u16", "UTF-8").
    pub name: &'static str,
    /// Its value, or its values in both byte orders.
    pub values: Values,
}

/// The values of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// The byte order does not matter.
    One(Reading),
    /// The byte order matters.
    Both {
        /// The low byte first.
        little: Reading,
        /// The high byte first.
        big: Reading,
    },
}

/// A value, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The value.
    Value {
        /// As it is shown and copied.
        text: String,
        /// The bytes that it covers, from the cursor.
        len: usize,
    },
    /// The stream ends too early.
    Missing {
        /// How many more bytes are needed.
        more: usize,
    },
    /// The bytes do not stand for such a value; why, in a few words.
    Invalid(&'static str),
}

impl Reading {
    fn of(text: impl ToString, len: usize) -> Self {
        Self::Value { text: text.to_string(), len }
    }
}

/// What the bytes from the cursor on can mean. `bytes` is what follows the cursor, of which at most [`INSPECTED`] are
/// looked at; empty at the end of the stream.
///
/// ```
/// use seektell::app::{Reading, Values, inspect};
/// let lines = inspect(&[0x01, 0x00]);
/// let word = lines.iter().find(|line| line.name == "u16").unwrap();
/// let value = |text: &str| Reading::Value { text: text.into(), len: 2 };
/// assert_eq!(word.values, Values::Both { little: value("1"), big: value("256") });
/// ```
pub fn inspect(bytes: &[u8]) -> Vec<Inspected> {
    let bytes = &bytes[..bytes.len().min(INSPECTED)];
    let one = |name, reading| Inspected { name, values: Values::One(reading) };
    // Floats are written with `Debug`: the shortest digits that read back, with an exponent where digits would be many.
    let mut lines = vec![
        one("u8", fixed::<1, _>(bytes, |[byte]| byte)),
        one("i8", fixed::<1, _>(bytes, |[byte]| byte as i8)),
        both("u16", bytes, u16::from_le_bytes, u16::from_be_bytes),
        both("i16", bytes, i16::from_le_bytes, i16::from_be_bytes),
        both("u32", bytes, u32::from_le_bytes, u32::from_be_bytes),
        both("i32", bytes, i32::from_le_bytes, i32::from_be_bytes),
        both("u64", bytes, u64::from_le_bytes, u64::from_be_bytes),
        both("i64", bytes, i64::from_le_bytes, i64::from_be_bytes),
        both("u128", bytes, u128::from_le_bytes, u128::from_be_bytes),
        both("i128", bytes, i128::from_le_bytes, i128::from_be_bytes),
        both("f16", bytes, |b| format!("{:?}", half(u16::from_le_bytes(b))), |b| format!("{:?}", half(u16::from_be_bytes(b)))),
        both("f32", bytes, |b| format!("{:?}", f32::from_le_bytes(b)), |b| format!("{:?}", f32::from_be_bytes(b))),
        both("f64", bytes, |b| format!("{:?}", f64::from_le_bytes(b)), |b| format!("{:?}", f64::from_be_bytes(b))),
    ];
    lines.extend([
        one("Binary", fixed::<1, _>(bytes, |[byte]| format!("{:04b} {:04b}", byte >> 4, byte & 15))),
        one("Octal", fixed::<1, _>(bytes, |[byte]| format!("{byte:03o}"))),
        one("ASCII", ascii(bytes)),
        one("UTF-8", utf8(bytes)),
        Inspected {
            name: "UTF-16",
            values: Values::Both { little: utf16(bytes, u16::from_le_bytes), big: utf16(bytes, u16::from_be_bytes) },
        },
        one("Text", run(bytes)),
    ]);
    lines
}

fn fixed<const N: usize, T: ToString>(bytes: &[u8], read: impl Fn([u8; N]) -> T) -> Reading {
    match bytes.first_chunk::<N>() {
        Some(&chunk) => Reading::of(read(chunk), N),
        None => Reading::Missing { more: N - bytes.len() },
    }
}

fn both<const N: usize, T: ToString>(
    name: &'static str,
    bytes: &[u8],
    little: impl Fn([u8; N]) -> T,
    big: impl Fn([u8; N]) -> T,
) -> Inspected {
    Inspected { name, values: Values::Both { little: fixed(bytes, little), big: fixed(bytes, big) } }
}

/// IEEE 754 half precision; every value of it is exact in `f32`.
fn half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let exponent = i32::from(bits >> 10 & 31);
    let fraction = f32::from(bits & 1023);
    match exponent {
        0 => sign * fraction * 2f32.powi(-24),
        31 if fraction == 0.0 => sign * f32::INFINITY,
        31 => f32::NAN,
        _ => sign * (1024.0 + fraction) * 2f32.powi(exponent - 25),
    }
}

const CONTROL: [&str; 33] = [
    "NUL (null)",
    "SOH (start of heading)",
    "STX (start of text)",
    "ETX (end of text)",
    "EOT (end of transmission)",
    "ENQ (enquiry)",
    "ACK (acknowledge)",
    "BEL (bell)",
    "BS (backspace)",
    "TAB (horizontal tab)",
    "LF (line feed)",
    "VT (vertical tab)",
    "FF (form feed)",
    "CR (carriage return)",
    "SO (shift out)",
    "SI (shift in)",
    "DLE (data link escape)",
    "DC1 (device control 1)",
    "DC2 (device control 2)",
    "DC3 (device control 3)",
    "DC4 (device control 4)",
    "NAK (negative acknowledge)",
    "SYN (synchronous idle)",
    "ETB (end of block)",
    "CAN (cancel)",
    "EM (end of medium)",
    "SUB (substitute)",
    "ESC (escape)",
    "FS (file separator)",
    "GS (group separator)",
    "RS (record separator)",
    "US (unit separator)",
    "space",
];

/// A character as one can see it: controls by name, everything else as it is.
fn visible(c: char) -> String {
    match u32::from(c) {
        n @ 0..=32 => CONTROL[n as usize].into(),
        127 => "DEL (delete)".into(),
        0xA0 => "no-break space".into(),
        0xFEFF => "byte order mark".into(),
        n if c.is_control() => format!("control U+{n:04X}"),
        _ => c.to_string(),
    }
}

fn ascii(bytes: &[u8]) -> Reading {
    match bytes.first() {
        Some(byte) if byte.is_ascii() => Reading::of(visible(char::from(*byte)), 1),
        Some(_) => Reading::Invalid("not ASCII"),
        None => Reading::Missing { more: 1 },
    }
}

fn utf8(bytes: &[u8]) -> Reading {
    let len = match bytes.first() {
        None => return Reading::Missing { more: 1 },
        Some(0..=0x7F) => 1,
        Some(0xC2..=0xDF) => 2,
        Some(0xE0..=0xEF) => 3,
        Some(0xF0..=0xF4) => 4,
        Some(0x80..=0xBF) => return Reading::Invalid("inside a sequence"),
        Some(_) => return Reading::Invalid("not UTF-8"),
    };
    match std::str::from_utf8(&bytes[..len.min(bytes.len())]) {
        Ok(text) => text.chars().next().map_or(Reading::Invalid("not UTF-8"), |c| Reading::of(point(c), len)),
        Err(error) if error.error_len().is_none() && bytes.len() < len => Reading::Missing { more: len - bytes.len() },
        Err(_) => Reading::Invalid("not UTF-8"),
    }
}

fn utf16(bytes: &[u8], read: fn([u8; 2]) -> u16) -> Reading {
    let unit = |at: usize| bytes.get(at..).and_then(|rest| rest.first_chunk::<2>()).map(|&chunk| read(chunk));
    match unit(0) {
        None => Reading::Missing { more: 2 - bytes.len() },
        Some(high @ 0xD800..=0xDBFF) => match unit(2) {
            None => Reading::Missing { more: 4 - bytes.len() },
            Some(low) => match char::decode_utf16([high, low]).next() {
                Some(Ok(c)) => Reading::of(point(c), 4),
                _ => Reading::Invalid("lone surrogate"),
            },
        },
        Some(unit) => match char::from_u32(unit.into()) {
            Some(c) => Reading::of(point(c), 2),
            None => Reading::Invalid("lone surrogate"),
        },
    }
}

/// A character with its code point.
fn point(c: char) -> String {
    format!("{}  U+{:04X}", visible(c), u32::from(c))
}

/// The run of printable UTF-8 from the cursor on.
fn run(bytes: &[u8]) -> Reading {
    if bytes.is_empty() {
        return Reading::Missing { more: 1 };
    }
    let valid = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
    };
    let text: String = valid.chars().take_while(|c| !c.is_control()).take(RUN).collect();
    if text.is_empty() { Reading::Invalid("no text here") } else { Reading::Value { len: text.len(), text } }
}

/// What a code point is, line by line: name and value. Takes lone surrogates too.
pub fn inspect_char(code: u32) -> Vec<(&'static str, String)> {
    let c = char::from_u32(code);
    let character = c.map_or_else(|| "lone surrogate".into(), visible);
    let spaced = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02X}")).collect::<Vec<_>>().join(" ");
    // Python's `surrogatepass` writes a surrogate as UTF-8 writes any code point of three bytes.
    let utf8 = match c {
        Some(c) => spaced(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None => spaced(&[0xE0 | (code >> 12) as u8, 0x80 | (code >> 6 & 63) as u8, 0x80 | (code & 63) as u8]),
    };
    let units: Vec<u16> = match c {
        Some(c) => c.encode_utf16(&mut [0; 2]).to_vec(),
        None => vec![code as u16],
    };
    let order = |bytes: fn(u16) -> [u8; 2]| spaced(&units.iter().flat_map(|&unit| bytes(unit)).collect::<Vec<u8>>());
    let escape = match code {
        0..=0xFF => format!("\\x{code:02x}"),
        0x100..=0xFFFF => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    };
    vec![
        ("Character", character),
        ("Code point", format!("U+{code:04X}")),
        ("Decimal", code.to_string()),
        ("Class", class(code).into()),
        ("UTF-8", utf8),
        ("UTF-16 LE", order(u16::to_le_bytes)),
        ("UTF-16 BE", order(u16::to_be_bytes)),
        ("Python", format!("'{escape}'")),
    ]
}

/// What a code point is, in plain words.
fn class(code: u32) -> &'static str {
    let Some(c) = char::from_u32(code) else {
        return if code < 0xDC00 { "high surrogate" } else { "low surrogate" };
    };
    match c {
        '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => "line break",
        _ if c.is_control() => "control character",
        _ if c.is_whitespace() => "white space",
        _ if c.is_uppercase() => "upper case letter",
        _ if c.is_lowercase() => "lower case letter",
        _ if c.is_alphabetic() => "letter",
        _ if c.is_numeric() => "number",
        _ if c.is_ascii_punctuation() => "punctuation",
        '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{20D0}'..='\u{20FF}' => "combining mark",
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' => "invisible format character",
        '\u{FFFD}' => "replacement character",
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'.. => "private use",
        '\u{1F300}'..='\u{1FAFF}' => "pictograph",
        _ if code & 0xFFFE == 0xFFFE || matches!(code, 0xFDD0..=0xFDEF) => "noncharacter",
        _ => "symbol",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(bytes: &[u8], name: &str) -> Reading {
        match inspect(bytes).into_iter().find(|line| line.name == name).unwrap().values {
            Values::One(reading) => reading,
            Values::Both { .. } => panic!("{name} has two"),
        }
    }

    fn two(bytes: &[u8], name: &str) -> (Reading, Reading) {
        match inspect(bytes).into_iter().find(|line| line.name == name).unwrap().values {
            Values::Both { little, big } => (little, big),
            Values::One(_) => panic!("{name} has one"),
        }
    }

    fn value(text: &str, len: usize) -> Reading {
        Reading::Value { text: text.into(), len }
    }

    #[test]
    fn integers_in_both_orders() {
        let bytes = [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A];
        assert_eq!((one(&bytes, "u8"), one(&bytes, "i8")), (value("137", 1), value("-119", 1)));
        assert_eq!(two(&bytes, "u16"), (value("20617", 2), value("35152", 2)));
        assert_eq!(two(&bytes, "i32"), (value("1196314761", 4), value("-1991225785", 4)));
        assert_eq!(two(&bytes, "u64"), (value("727905341920923785", 8), value("9894494448401390090", 8)));
        assert_eq!(two(&[0xFF; 16], "i128"), (value("-1", 16), value("-1", 16)));
        assert_eq!(one(&bytes, "Binary"), value("1000 1001", 1));
        assert_eq!(one(&bytes, "Octal"), value("211", 1));
    }

    #[test]
    fn floats_read_back() {
        assert_eq!(two(&1.5f32.to_le_bytes(), "f32").0, value("1.5", 4));
        assert_eq!(two(&0.1f64.to_be_bytes(), "f64").1, value("0.1", 8));
        assert_eq!(two(&1e300f64.to_be_bytes(), "f64").1, value("1e300", 8));
        assert_eq!(two(&f64::NAN.to_be_bytes(), "f64").1, value("NaN", 8));
        for (bits, text) in [(0x3C00u16, "1.0"), (0xC000, "-2.0"), (0x7BFF, "65504.0"), (0x7C00, "inf"), (0x0001, "5.9604645e-8")]
        {
            assert_eq!(two(&bits.to_be_bytes(), "f16").1, value(text, 2));
        }
    }

    #[test]
    fn near_the_end_it_says_what_is_missing() {
        assert_eq!(two(&[1, 2, 3], "u32"), (Reading::Missing { more: 1 }, Reading::Missing { more: 1 }));
        assert_eq!(one(&[], "u8"), Reading::Missing { more: 1 });
        assert_eq!(two(&[], "u128").0, Reading::Missing { more: 16 });
        assert_eq!(one(&[0xE2, 0x82], "UTF-8"), Reading::Missing { more: 1 });
        assert_eq!(two(&[0x3D, 0xD8], "UTF-16").0, Reading::Missing { more: 2 });
    }

    #[test]
    fn characters() {
        assert_eq!(one(b"A", "ASCII"), value("A", 1));
        assert_eq!(one(b"\n", "ASCII"), value("LF (line feed)", 1));
        assert_eq!(one(b" ", "ASCII"), value("space", 1));
        assert_eq!(one(b"\x7F", "ASCII"), value("DEL (delete)", 1));
        assert_eq!(one(b"\x80", "ASCII"), Reading::Invalid("not ASCII"));
        assert_eq!(one("€x".as_bytes(), "UTF-8"), value("€  U+20AC", 3));
        assert_eq!(one(b"\x80", "UTF-8"), Reading::Invalid("inside a sequence"));
        assert_eq!(one(b"\xED\xA0\x80", "UTF-8"), Reading::Invalid("not UTF-8"));
        assert_eq!(one(b"\xE2A", "UTF-8"), Reading::Invalid("not UTF-8"));
        assert_eq!(two(&[0x3D, 0xD8, 0x00, 0xDE], "UTF-16").0, value("😀  U+1F600", 4));
        assert_eq!(two(&[0xD8, 0x3D, 0x00, 0x41], "UTF-16").1, Reading::Invalid("lone surrogate"));
        assert_eq!(one("Grüße\n".as_bytes(), "Text"), value("Grüße", 7));
        assert_eq!(one(&[b'a'; 64], "Text"), value(&"a".repeat(32), 32));
    }

    #[test]
    fn code_points() {
        let lines = inspect_char(0x1F600);
        let line = |name: &str| lines.iter().find(|line| line.0 == name).unwrap().1.as_str();
        assert_eq!((line("Code point"), line("UTF-8")), ("U+1F600", "F0 9F 98 80"));
        assert_eq!((line("UTF-16 LE"), line("UTF-16 BE")), ("3D D8 00 DE", "D8 3D DE 00"));
        assert_eq!((line("Python"), line("Class")), ("'\\U0001f600'", "pictograph"));
        let surrogate = inspect_char(0xD800);
        assert!(surrogate.contains(&("UTF-8", "ED A0 80".into())) && surrogate.contains(&("Class", "high surrogate".into())));
        for (code, name) in [(0x41, "upper case letter"), (0x0A, "line break"), (0x2B, "punctuation"), (0x39, "number")] {
            assert_eq!(class(code), name);
        }
    }
}
