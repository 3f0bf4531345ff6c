//! The values that stand at a place, and the bytes of a value that is typed there. Pure: bytes in, words out, and back.
//!
//! ```
//! use seektell::explore::inspect::{ByteOrder, Radix, Reading, Value};
//! let word = Value::Unsigned(2);
//! let read = word.read(&[0x01, 0x00, 0x07], ByteOrder::Little, Radix::Decimal);
//! assert_eq!(read, Reading::Value { text: "1".into(), len: 2 });
//! assert_eq!(word.write("0x1234", ByteOrder::Big, Radix::Decimal, &[]), Ok(vec![0x12, 0x34]));
//! assert_eq!(
//!     word.write("65536", ByteOrder::Big, Radix::Decimal, &[]),
//!     Err("65536 does not fit: u16 is from 0 to 65535".into())
//! );
//! ```

mod character;
mod color;
mod number;
mod text;
mod time;

use serde::{Deserialize, Serialize};

pub use character::inspect_char;
pub use text::{DEFAULT_ENCODINGS, ENCODINGS};
pub use time::Time;

/// Bytes from a place on that values are read from, at most.
pub const INSPECTED: usize = 64;

/// Which byte of a number comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ByteOrder {
    /// The lowest.
    Little,
    /// The highest.
    Big,
}

/// How integers are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Radix {
    /// In base 10.
    #[default]
    Decimal,
    /// In base 16, with `0x` in front.
    Hex,
    /// In base 8, with `0o` in front.
    Octal,
    /// In base 2, with `0b` in front.
    Binary,
}

impl Radix {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Decimal, Self::Hex, Self::Octal, Self::Binary];

    /// What a button says.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Decimal => "Dec",
            Self::Hex => "Hex",
            Self::Octal => "Oct",
            Self::Binary => "Bin",
        }
    }
}

/// A number with a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Float {
    F16,
    Bf16,
    F32,
    F64,
}

/// A kind of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// An integer without a sign, of so many bytes.
    Unsigned(u8),
    /// An integer in two's complement, of so many bytes.
    Signed(u8),
    /// A number of IEEE 754, or its upper half.
    Float(Float),
    /// An integer of as many bytes as it needs, seven bits in each (LEB128).
    Uleb,
    /// The same with a sign.
    Sleb,
    /// The bits of one byte.
    Bits,
    /// A truth value in one byte: false is 0, as in C.
    Bool,
    /// An ASCII character.
    Ascii,
    /// A character in UTF-8.
    Utf8,
    /// A character in UTF-16.
    Utf16,
    /// A GUID: with its first three fields turned round, as Windows keeps it, or as it is written (RFC 9562).
    Guid,
    /// A point of time.
    Time(Time),
    /// A colour: red, green, blue and alpha in a byte each.
    Rgba8,
    /// A colour of 16 bits: 5 of red, 6 of green, 5 of blue.
    Rgb565,
    /// The run of text in an encoding, by its place in [`ENCODINGS`].
    Text(u8),
}

/// What rows belong together, in the order in which they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// Integers of whole powers of two.
    Integers,
    /// Integers of 24 and 48 bits.
    OddIntegers,
    /// Numbers with a fraction.
    Floats,
    /// LEB128.
    Leb,
    /// Bits and characters.
    Characters,
    /// Points of time.
    Times,
    /// GUIDs and colours.
    Others,
    /// Text in the chosen encodings.
    Text,
}

impl Group {
    /// All groups.
    pub const ALL: [Self; 8] =
        [Self::Integers, Self::OddIntegers, Self::Floats, Self::Leb, Self::Characters, Self::Times, Self::Others, Self::Text];

    /// What a menu says.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Integers => "Integers",
            Self::OddIntegers => "Integers of 24 and 48 bits",
            Self::Floats => "Floats",
            Self::Leb => "LEB128",
            Self::Characters => "Bits and characters",
            Self::Times => "Times",
            Self::Others => "GUID and colours",
            Self::Text => "Text",
        }
    }

    /// The values of the group; of text those in the encodings with these names.
    pub fn values(self, encodings: &[String]) -> Vec<Value> {
        use Value as V;
        match self {
            Self::Integers => [1, 2, 4, 8, 16].into_iter().flat_map(|n| [V::Unsigned(n), V::Signed(n)]).collect(),
            Self::OddIntegers => [3, 6].into_iter().flat_map(|n| [V::Unsigned(n), V::Signed(n)]).collect(),
            Self::Floats => [Float::F16, Float::Bf16, Float::F32, Float::F64].map(V::Float).to_vec(),
            Self::Leb => vec![V::Uleb, V::Sleb],
            Self::Characters => vec![V::Bits, V::Bool, V::Ascii, V::Utf8, V::Utf16],
            Self::Times => Time::ALL.map(V::Time).to_vec(),
            Self::Others => vec![V::Guid, V::Rgba8, V::Rgb565],
            Self::Text => {
                let chosen = |(_, (name, _)): &(u8, &(&str, &str))| encodings.iter().any(|encoding| encoding == name);
                (0..).zip(&ENCODINGS).filter(chosen).map(|(index, _)| V::Text(index)).collect()
            }
        }
    }
}

/// A value, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The value.
    Value {
        /// As it is shown and copied.
        text: String,
        /// The bytes that it covers.
        len: usize,
    },
    /// The stream ends too early.
    Missing {
        /// How many more bytes are needed.
        more: usize,
    },
    /// The bytes do not stand for such a value; why, in a few words.
    Invalid(String),
}

impl Reading {
    fn of(text: impl ToString, len: usize) -> Self {
        Self::Value { text: text.to_string(), len }
    }

    fn invalid(why: impl Into<String>) -> Self {
        Self::Invalid(why.into())
    }

    /// How many bytes the value covers; 0 where there is none.
    pub fn covered(&self) -> usize {
        if let Self::Value { len, .. } = self { *len } else { 0 }
    }
}

/// `N` bytes of a fixed size, or how many are missing.
fn fixed<const N: usize>(bytes: &[u8]) -> Result<[u8; N], Reading> {
    bytes.first_chunk().copied().ok_or(Reading::Missing { more: N.saturating_sub(bytes.len()) })
}

/// The same in the order of a little-endian number.
fn ordered<const N: usize>(bytes: &[u8], order: ByteOrder) -> Result<[u8; N], Reading> {
    let mut array = fixed::<N>(bytes)?;
    if order == ByteOrder::Big {
        array.reverse();
    }
    Ok(array)
}

impl Value {
    /// The short name of its row.
    pub fn name(self) -> String {
        match self {
            Self::Unsigned(n) => format!("u{}", 8 * u16::from(n)),
            Self::Signed(n) => format!("i{}", 8 * u16::from(n)),
            Self::Float(Float::F16) => "f16".into(),
            Self::Float(Float::Bf16) => "bf16".into(),
            Self::Float(Float::F32) => "f32".into(),
            Self::Float(Float::F64) => "f64".into(),
            Self::Uleb => "ULEB128".into(),
            Self::Sleb => "SLEB128".into(),
            Self::Bits => "Bits".into(),
            Self::Bool => "bool".into(),
            Self::Ascii => "ASCII".into(),
            Self::Utf8 => "UTF-8".into(),
            Self::Utf16 => "UTF-16".into(),
            Self::Guid => "GUID".into(),
            Self::Time(time) => time.name().into(),
            Self::Rgba8 => "RGBA8".into(),
            Self::Rgb565 => "RGB565".into(),
            Self::Text(index) => text::label(index).into(),
        }
    }

    /// Whether the order of its bytes makes a difference.
    pub fn has_order(self) -> bool {
        match self {
            Self::Unsigned(n) | Self::Signed(n) => n > 1,
            Self::Float(_) | Self::Utf16 | Self::Guid | Self::Time(_) | Self::Rgb565 => true,
            _ => false,
        }
    }

    /// Whether another value can be typed over it.
    pub fn can_be_typed(self) -> bool {
        !matches!(self, Self::Ascii | Self::Utf8 | Self::Utf16)
    }

    /// What stands at the beginning of `bytes`, of which at most [`INSPECTED`] are looked at; empty at the end of a stream.
    pub fn read(self, bytes: &[u8], order: ByteOrder, radix: Radix) -> Reading {
        let bytes = &bytes[..bytes.len().min(INSPECTED)];
        let read = || -> Result<Reading, Reading> {
            Ok(match self {
                Self::Unsigned(n) => number::read_integer(bytes, n, false, order, radix)?,
                Self::Signed(n) => number::read_integer(bytes, n, true, order, radix)?,
                Self::Float(float) => number::read_float(float, bytes, order)?,
                Self::Uleb => number::read_leb(bytes, false, radix),
                Self::Sleb => number::read_leb(bytes, true, radix),
                Self::Bits => {
                    let [byte] = fixed(bytes)?;
                    Reading::of(format!("{:04b} {:04b}", byte >> 4, byte & 15), 1)
                }
                Self::Bool => match fixed(bytes)? {
                    [0] => Reading::of("false", 1),
                    [1] => Reading::of("true", 1),
                    [other] => Reading::of(format!("true ({other})"), 1),
                },
                Self::Ascii => character::ascii(bytes),
                Self::Utf8 => character::utf8(bytes),
                Self::Utf16 => match order {
                    ByteOrder::Little => character::utf16(bytes, u16::from_le_bytes),
                    ByteOrder::Big => character::utf16(bytes, u16::from_be_bytes),
                },
                Self::Guid => read_guid(bytes, order)?,
                Self::Time(time) => time.read(bytes, order)?,
                Self::Rgba8 => color::read_rgba8(bytes)?,
                Self::Rgb565 => color::read_rgb565(bytes, order)?,
                Self::Text(index) => text::read(index, bytes),
            })
        };
        read().unwrap_or_else(|none| none)
    }

    /// The bytes of a value that was typed. `now` is what stands there, from the place on. The error says what is wrong with
    /// it: nothing is cut or clipped.
    pub fn write(self, text: &str, order: ByteOrder, radix: Radix, now: &[u8]) -> Result<Vec<u8>, String> {
        if text.trim().is_empty() && !matches!(self, Self::Text(_)) {
            return Err(format!("Type a value for {}", self.name()));
        }
        match self {
            Self::Unsigned(n) => number::write_integer(text, n, false, order, radix),
            Self::Signed(n) => number::write_integer(text, n, true, order, radix),
            Self::Float(float) => number::write_float(float, text, order),
            Self::Uleb => number::write_leb(text, false, radix, now),
            Self::Sleb => number::write_leb(text, true, radix, now),
            Self::Bits => write_bits(text),
            Self::Bool => write_bool(text),
            Self::Ascii | Self::Utf8 | Self::Utf16 => Err("Type it in a row of text".into()),
            Self::Guid => write_guid(text, order),
            Self::Time(time) => time.write(text, order),
            Self::Rgba8 => color::write_rgba8(text, now),
            Self::Rgb565 => color::write_rgb565(text, order),
            Self::Text(index) => text::write(index, text),
        }
    }

    /// The colour that stands there: red, green, blue, alpha.
    pub fn color(self, bytes: &[u8], order: ByteOrder) -> Option<[u8; 4]> {
        match self {
            Self::Rgba8 => bytes.first_chunk().copied(),
            Self::Rgb565 => ordered(bytes, order).ok().map(color::of_565),
            _ => None,
        }
    }
}

fn write_bits(text: &str) -> Result<Vec<u8>, String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '_').collect();
    let digits = digits.strip_prefix("0b").unwrap_or(&digits);
    if digits.len() != 8 || !digits.bytes().all(|digit| matches!(digit, b'0' | b'1')) {
        return Err("A byte has eight bits, each 0 or 1".into());
    }
    Ok(vec![digits.bytes().fold(0, |byte, digit| byte << 1 | digit & 1)])
}

/// `true`, `false`, or the number of the byte, also as it is shown: `true (57)`.
fn write_bool(text: &str) -> Result<Vec<u8>, String> {
    let lower = text.trim().to_ascii_lowercase();
    let number = lower.strip_prefix("true (").and_then(|rest| rest.strip_suffix(')')).unwrap_or(&lower);
    match (lower.as_str(), number.parse()) {
        ("false", _) => Ok(vec![0]),
        ("true", _) => Ok(vec![1]),
        (_, Ok(byte)) => Ok(vec![byte]),
        _ => Err(format!("{} is neither true nor false", text.trim())),
    }
}

/// The first three fields of a GUID are numbers, which Windows keeps with their lowest byte first.
fn turned(mut guid: [u8; 16], order: ByteOrder) -> [u8; 16] {
    if order == ByteOrder::Little {
        guid[..4].reverse();
        guid[4..6].reverse();
        guid[6..8].reverse();
    }
    guid
}

fn read_guid(bytes: &[u8], order: ByteOrder) -> Result<Reading, Reading> {
    let guid = turned(fixed(bytes)?, order);
    let part = |range: std::ops::Range<usize>| hex::encode(&guid[range]);
    Ok(Reading::of(format!("{}-{}-{}-{}-{}", part(0..4), part(4..6), part(6..8), part(8..10), part(10..16)), 16))
}

fn write_guid(text: &str, order: ByteOrder) -> Result<Vec<u8>, String> {
    let text = text.trim().trim_start_matches("urn:uuid:");
    let digits: String = text.chars().filter(|c| !matches!(c, '{' | '}' | '-' | '(' | ')')).collect();
    let mut guid = [0; 16];
    hex::decode_to_slice(&digits, &mut guid)
        .map_err(|_| format!("A GUID is 32 hexadecimal digits, and this has {}", digits.chars().count()))?;
    Ok(turned(guid, order).to_vec())
}

#[cfg(test)]
mod tests;
