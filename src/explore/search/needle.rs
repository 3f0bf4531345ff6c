//! What is searched for, as a person writes it.

use super::MAX_MATCH;
use super::parse::Codec;
use crate::explore::RegexError;

/// One thing to search for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Needle {
    /// Text, as it is written in an encoding.
    Text {
        /// The characters.
        text: String,
        /// Python's name of the encoding, or one of the WHATWG list. Of one that begins with a byte order mark the mark is left
        /// out: `utf-16` and `utf-32` are the little end first. A text document has characters and needs none.
        encoding: String,
        /// Which characters are the same.
        case: Case,
    },
    /// Bytes in hex digits: `89 50 4E 47`. `?` stands for any digit: `4?`, `?F`, `??`. Blanks, commas and `0x` in front of
    /// a byte are passed over.
    Hex(String),
    /// Bytes as they are: a selection.
    Bytes(Vec<u8>),
    /// A number, or a range of numbers.
    Number {
        /// How it is stored.
        kind: NumberKind,
        /// Which byte comes first.
        order: Order,
        /// `42`, `-1`, `0x2A`, `1.5e3`; a range with both its ends, `10..20`; a distance, `3.14 +- 0.01`; of a float also
        /// `nan` and `inf`. A single float is searched by the bits it has in that format.
        value: String,
    },
    /// A regular expression on bytes, in the syntax of Rust's `regex`. It sees at most [`MAX_MATCH`] bytes from where a match begins.
    Regex {
        /// The expression.
        pattern: String,
        /// [`Case::Ascii`] and [`Case::Unicode`] both ignore case, the latter only where `unicode` is set.
        case: Case,
        /// `.` and classes mean characters of UTF-8, and not bytes. In a text document they always do.
        unicode: bool,
    },
}

impl Needle {
    /// The needle as somebody typed it; of bytes their hex digits.
    pub fn written(&self) -> String {
        match self {
            Self::Text { text, .. } => text.clone(),
            Self::Hex(digits) => digits.clone(),
            Self::Bytes(bytes) => bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" "),
            Self::Number { value, .. } => value.clone(),
            Self::Regex { pattern, .. } => pattern.clone(),
        }
    }
}

/// Which characters are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Case {
    /// Only a character and itself.
    #[default]
    Exact,
    /// The 26 letters of ASCII in both cases.
    Ascii,
    /// Characters whose simple case foldings are the same (Unicode's `CaseFolding.txt`, status C and S): `K`, `k` and the
    /// Kelvin sign; `Σ`, `σ` and `ς`. One character is never the same as two: `ß` is not `ss`.
    Unicode,
}

/// How a number is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it: unsigned, signed or floating, and how many bits")]
pub enum NumberKind {
    U8,
    U16,
    U24,
    #[default]
    U32,
    U48,
    U64,
    I8,
    I16,
    I24,
    I32,
    I48,
    I64,
    F32,
    F64,
}

impl NumberKind {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::U8,
        Self::U16,
        Self::U24,
        Self::U32,
        Self::U48,
        Self::U64,
        Self::I8,
        Self::I16,
        Self::I24,
        Self::I32,
        Self::I48,
        Self::I64,
        Self::F32,
        Self::F64,
    ];

    /// `u8` … `f64`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::U24 => "u24",
            Self::U32 => "u32",
            Self::U48 => "u48",
            Self::U64 => "u64",
            Self::I8 => "i8",
            Self::I16 => "i16",
            Self::I24 => "i24",
            Self::I32 => "i32",
            Self::I48 => "i48",
            Self::I64 => "i64",
            Self::F32 => "f32",
            Self::F64 => "f64",
        }
    }

    /// By its name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }

    /// How many bytes.
    pub const fn size(self) -> usize {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::U16 | Self::I16 => 2,
            Self::U24 | Self::I24 => 3,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U48 | Self::I48 => 6,
            Self::U64 | Self::I64 | Self::F64 => 8,
        }
    }

    /// Whether it has a sign bit that counts down.
    pub(super) const fn is_signed(self) -> bool {
        matches!(self, Self::I8 | Self::I16 | Self::I24 | Self::I32 | Self::I48 | Self::I64)
    }

    /// Whether it is a floating number.
    pub const fn is_float(self) -> bool {
        matches!(self, Self::F32 | Self::F64)
    }
}

/// Which byte of a number comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// The least.
    #[default]
    Little,
    /// The greatest.
    Big,
    /// Either.
    Both,
}

/// What is searched for, and how matches are counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Query {
    /// The needles. Where two match at one place, the earlier one of the list has it.
    pub needles: Vec<Needle>,
    /// Matches that overlap are all found: every place where a needle matches. Otherwise the search goes on behind each match,
    /// as `str.count` and a replacement do.
    pub overlapping: bool,
    /// Only matches at multiples of this offset (of the document) count; 0 and 1 are any.
    pub align: u32,
}

impl Query {
    /// One needle, matches that do not overlap, anywhere.
    pub fn of(needle: Needle) -> Self {
        Self { needles: vec![needle], overlapping: false, align: 1 }
    }
}

impl Needle {
    /// The encoding that it is searched in, where it is one of characters: what is around a match is read in it.
    pub fn encoding(&self) -> Option<&str> {
        match self {
            Self::Text { encoding, .. } => Some(encoding),
            Self::Regex { .. } => Some("utf-8"),
            Self::Hex(_) | Self::Bytes(_) | Self::Number { .. } => None,
        }
    }

    /// The bytes that a character of ASCII takes in that encoding; 1 where there is none.
    pub fn unit(&self) -> u64 {
        self.encoding().and_then(|encoding| Codec::find(encoding).ok()).map_or(1, |codec| codec.unit())
    }

    /// Bytes from around a match as the characters they are in that encoding, of ASCII where there is none. What is no character
    /// is U+FFFD.
    pub fn read(&self, bytes: &[u8]) -> String {
        let codec = self.encoding().and_then(|encoding| Codec::find(encoding).ok());
        let ascii = |byte: &u8| if byte.is_ascii() { char::from(*byte) } else { char::REPLACEMENT_CHARACTER };
        codec.map_or_else(|| bytes.iter().map(ascii).collect(), |codec| codec.decode(bytes))
    }
}

impl Query {
    /// The expression that is not one, and a caret under the place, as two lines: where `error` is about an expression.
    pub fn shown(&self, error: &NeedleError) -> Option<[String; 2]> {
        let NeedleError::Regex(wrong) = error else { return None };
        let patterns = self.needles.iter().filter_map(|needle| match needle {
            Needle::Regex { pattern, .. } => Some(pattern),
            _ => None,
        });
        // Of several it is the first that is wrong in this way.
        let is_it = |pattern: &&String| regex_automata::util::syntax::parse(pattern).is_err();
        wrong.shown(patterns.into_iter().find(is_it)?)
    }
}

/// Why a needle cannot be searched for; a sentence for whoever typed it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NeedleError {
    /// There is nothing.
    #[error("Type what to search for")]
    Empty,
    /// Longer than [`MAX_MATCH`].
    #[error("{0} bytes are too many to search for: at most {max}", max = MAX_MATCH)]
    TooLong(usize),
    /// Not hex digits.
    #[error("{0:?} is not a hex digit; ? stands for any")]
    NotHex(char),
    /// Half a byte.
    #[error("A byte has two hex digits: one is missing")]
    OddHex,
    /// Nothing but `??`.
    #[error("?? alone matches everything: type a digit too")]
    OnlyWildcards,
    /// The encoding's name means nothing.
    #[error("No encoding is called {0:?}")]
    Encoding(String),
    /// The encoding cannot write a character.
    #[error("{1} has no {0:?}")]
    NotInEncoding(char, String),
    /// Not a number.
    #[error("{0:?} is not a number such as 42, -1, 0x2A, 10..20")]
    NotNumber(String),
    /// Not a floating number.
    #[error("{0:?} is not a number such as 1.5, -1e3, 1..2, 3.14 +- 0.01, nan")]
    NotFloat(String),
    /// Too large or small for the type.
    #[error("{1} holds {2} to {3}, not {0}")]
    OutOfRange(String, &'static str, i128, i128),
    /// No number is in a range.
    #[error("The range is empty: its end is below its start")]
    EmptyRange,
    /// Not a regular expression; what is wrong with it, and where.
    #[error(transparent)]
    Regex(RegexError),
    /// A regular expression that would take too much memory.
    #[error("The expression is too large: its repetitions multiply to more than {0} MiB")]
    RegexTooLarge(usize),
    /// A regular expression that matches nothing but places between bytes.
    #[error("The expression matches only the empty string")]
    RegexEmpty,
    /// Hex digits or numbers in a text document.
    #[error("A text stream has characters: search for text or by a regular expression")]
    NotText,
    /// More needles than can be told apart.
    #[error("At most {0} needles are searched for at once")]
    TooMany(usize),
}
