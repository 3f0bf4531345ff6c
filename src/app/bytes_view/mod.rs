//! How bytes are written down: the choices of the hex view, and the texts that follow from them. Nothing here paints.

mod cell;
mod row;

use serde::{Deserialize, Serialize};

pub use cell::{CellError, CellFormat};
pub use row::{RowText, shown};

use super::numbers::whole_number;
use crate::stream::codec::Charset;

/// The most bytes a row.
pub const MAX_COLUMNS: u16 = 512;
/// The sizes of text that the views can have, in points.
pub const FONT_SIZES: std::ops::RangeInclusive<u8> = 8..=32;
/// The size of text where none was chosen, in points.
pub const FONT_SIZE: u8 = 14;
/// Rows that a notch of the wheel may scroll.
pub const WHEEL_ROWS: std::ops::RangeInclusive<u8> = 1..=20;

/// Which of the two views of a document's bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HexSide {
    /// The one that is always there.
    #[default]
    Main,
    /// The second view.
    Second,
}

/// The base that addresses are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Radix {
    #[default]
    Hex,
    Decimal,
    Octal,
}

impl Radix {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Hex, Self::Decimal, Self::Octal];

    /// What a choice says.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Hex => "Hexadecimal",
            Self::Decimal => "Decimal",
            Self::Octal => "Octal",
        }
    }

    /// How many digits the addresses up to `last` are written with: an even number in hex, at least eight.
    pub fn digits(self, last: u128) -> usize {
        let count = |bits: u32| (128 - last.leading_zeros()).div_ceil(bits) as usize;
        match self {
            Self::Hex => count(4).next_multiple_of(2).max(8),
            Self::Octal => count(3).max(8),
            Self::Decimal => last.checked_ilog10().map_or(1, |log| log as usize + 1).max(8),
        }
    }

    /// Writes `n` into `out`, from the right; what is left of it is `0`.
    pub fn write(self, mut n: u128, out: &mut [u8], upper: bool) {
        let digits: &[u8; 16] = if upper { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
        let bits = match self {
            Self::Hex => 4,
            Self::Octal => 3,
            Self::Decimal => {
                // Divisions of 128 bits are slow, and only sums past 64 bits need one.
                const HALF: u128 = 10_000_000_000_000_000_000;
                let (high, mut low) = if n < HALF { (0, n as u64) } else { ((n / HALF) as u64, (n % HALF) as u64) };
                let middle = out.len().saturating_sub(19);
                let (front, back) = out.split_at_mut(middle);
                for slot in back.iter_mut().rev() {
                    *slot = digits[(low % 10) as usize];
                    low /= 10;
                }
                let mut high = high;
                for slot in front.iter_mut().rev() {
                    *slot = digits[(high % 10) as usize];
                    high /= 10;
                }
                return;
            }
        };
        for slot in out.iter_mut().rev() {
            *slot = digits[(n & ((1 << bits) - 1)) as usize];
            n >>= bits;
        }
    }

    /// As one says it: `0x1F0`, `496`, `0o760`.
    pub fn say(self, n: u128, upper: bool) -> String {
        match self {
            Self::Hex if upper => format!("0x{n:X}"),
            Self::Hex => format!("0x{n:x}"),
            Self::Decimal => n.to_string(),
            Self::Octal => format!("0o{n:o}"),
        }
    }
}

/// What the colours of bytes tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ByteColors {
    /// Zero, printable, white space, control, high, FF.
    #[default]
    Class,
    /// A gradient from 00 to FF.
    Value,
    /// The parts of the format's structure, as grounds; the bytes themselves are plain.
    Structure,
    /// Nothing.
    Plain,
}

impl ByteColors {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Class, Self::Value, Self::Structure, Self::Plain];

    /// What a choice says.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Class => "By class",
            Self::Value => "By value",
            Self::Structure => "By structure",
            Self::Plain => "None",
        }
    }
}

/// How the bytes of one view are put into cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cells {
    /// What a cell shows.
    pub format: CellFormat,
    /// Cells of several bytes begin with the highest one.
    pub big_endian: bool,
    /// Bytes between two wider gaps: 1, 2, 4, 8 or 16. 1 makes no wider gaps.
    pub group: u8,
}

impl Default for Cells {
    fn default() -> Self {
        Self { format: CellFormat::Hex, big_endian: false, group: 8 }
    }
}

impl Cells {
    /// The groups that there are.
    pub const GROUPS: [u8; 5] = [1, 2, 4, 8, 16];

    /// Bytes a cell.
    pub const fn unit(self) -> u64 {
        self.format.unit()
    }

    /// Bytes between two wider gaps as they are painted: whole cells.
    pub const fn group(self) -> u64 {
        let (group, unit) = (self.group as u64, self.unit());
        if group > unit { group } else { unit }
    }

    /// The bytes a row that come nearest to those wanted: whole cells.
    pub const fn columns(self, wanted: u64) -> u64 {
        let most = MAX_COLUMNS as u64;
        let wanted = if wanted < 1 {
            1
        } else if wanted > most {
            most
        } else {
            wanted
        };
        wanted.next_multiple_of(self.unit())
    }

    fn checked(self) -> Self {
        if Self::GROUPS.contains(&self.group) { self } else { Self { group: 8, ..self } }
    }
}

/// The choices of the hex views that are remembered from one start to the next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct HexSettings {
    /// The cells of the first view.
    pub main: Cells,
    /// The cells of the second view.
    pub second: Cells,
    /// Bytes a row of the second view in documents that are opened; `None` fits the width.
    pub second_columns: Option<u16>,
    /// Hex digits above 9 are capitals.
    pub upper: bool,
    /// The base of addresses.
    pub radix: Radix,
    /// The encoding of the text column in documents that are opened.
    pub charset: Charset,
    /// What colours tell.
    pub colors: ByteColors,
    /// Zeros are grey.
    pub grey_zeros: bool,
    /// What differs from the file is marked.
    pub mark_changed: bool,
    /// Rows that a notch of the wheel scrolls.
    pub wheel_rows: u8,
    /// Size of the text in points.
    pub font_size: u8,
}

impl Default for HexSettings {
    fn default() -> Self {
        Self {
            main: Cells::default(),
            second: Cells::default(),
            second_columns: Some(16),
            upper: true,
            radix: Radix::Hex,
            charset: Charset::UTF8,
            colors: ByteColors::Class,
            grey_zeros: true,
            mark_changed: true,
            wheel_rows: 3,
            font_size: FONT_SIZE,
        }
    }
}

impl HexSettings {
    /// Whether the bytes are coloured by the parts of the format that they belong to.
    pub fn by_structure(&self) -> bool {
        self.colors == ByteColors::Structure
    }

    /// The cells of a view.
    pub fn cells(&self, side: HexSide) -> Cells {
        match side {
            HexSide::Main => self.main,
            HexSide::Second => self.second,
        }
    }

    pub(super) fn cells_mut(&mut self, side: HexSide) -> &mut Cells {
        match side {
            HexSide::Main => &mut self.main,
            HexSide::Second => &mut self.second,
        }
    }

    pub(super) fn checked(mut self) -> Self {
        self.main = self.main.checked();
        self.second = self.second.checked();
        self.second_columns = self.second_columns.map(|n| n.clamp(1, MAX_COLUMNS));
        self.wheel_rows = self.wheel_rows.clamp(*WHEEL_ROWS.start(), *WHEEL_ROWS.end());
        self.font_size = self.font_size.clamp(*FONT_SIZES.start(), *FONT_SIZES.end());
        self
    }
}

/// Bytes a row as people type them. The error says what is wrong.
pub fn parse_columns(text: &str) -> Result<u16, String> {
    whole_number(text, 1..=u64::from(MAX_COLUMNS)).map(|n| n as u16)
}

/// A base address as people type it: hex digits with or without a sign of it, decimal digits where there are no others, or
/// what [`parse_position`](super::parse_position) reads. The error says what is wrong.
pub fn parse_base(text: &str, cursor: u64, size: u64) -> Result<u64, String> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace() && *c != '_').collect();
    if compact.is_empty() {
        return Err("Type an address, for example 0x8000 or end-16".into());
    }
    let lower = compact.to_ascii_lowercase();
    let marked = lower.strip_prefix("0x").or_else(|| lower.strip_suffix('h'));
    // Letters that are digits and no prefix: nothing else can be meant.
    let bare = lower.bytes().any(|byte| byte.is_ascii_alphabetic()).then_some(lower.as_str());
    for digits in marked.into_iter().chain(bare) {
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            continue;
        }
        return u64::from_str_radix(digits, 16).map_err(|_| format!("{text} is more than 64 bits"));
    }
    if lower.bytes().all(|byte| byte.is_ascii_digit()) {
        return lower.parse().map_err(|_| format!("{text} is more than 64 bits"));
    }
    super::parse_position(text, cursor, size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_columns_as_people_type_them() {
        assert_eq!((parse_columns("1"), parse_columns(" 512 "), parse_columns("24")), (Ok(1), Ok(512), Ok(24)));
        assert_eq!(parse_columns("513"), Err("513 is not in 1 to 512".into()));
        assert_eq!(parse_columns("0"), Err("0 is not in 1 to 512".into()));
        assert_eq!(parse_columns("x"), Err("x is not a whole number".into()));
        assert!(parse_columns("").is_err() && parse_columns("99999999999999999999999").unwrap_err().contains("not in 1"));
    }

    #[test]
    fn base_addresses_as_people_type_them() {
        let read = |text| parse_base(text, 100, 1000);
        for (text, base) in [
            ("0x8000", 0x8000),
            ("8000h", 0x8000),
            ("FFFF_FFFF_8000_0000", 0xFFFF_FFFF_8000_0000),
            ("dead", 0xDEAD),
            ("4096", 4096),
            ("end-8", 992),
            ("+4", 104),
            ("0", 0),
        ] {
            assert_eq!(read(text), Ok(base), "{text}");
        }
        for text in ["", "x", "0x", "0x1FFFFFFFFFFFFFFFF", "99999999999999999999999", "0xZ"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn addresses_have_the_digits_they_need() {
        let say = |radix: Radix, n: u128, last: u128| {
            let mut out = vec![0; radix.digits(last)];
            radix.write(n, &mut out, false);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(say(Radix::Hex, 0x1F0, 0x1F0), "000001f0");
        assert_eq!(say(Radix::Hex, 0x1_0000_0000, 0x1_0000_0000), "0100000000");
        assert_eq!(say(Radix::Decimal, 496, 496), "00000496");
        assert_eq!(say(Radix::Octal, 8, 1 << 60), "000000000000000000010");
        let most = u128::from(u64::MAX) + u128::from(u64::MAX);
        assert_eq!(say(Radix::Hex, most, most), "01fffffffffffffffe");
        assert_eq!(say(Radix::Decimal, most, most), most.to_string());
        assert_eq!((Radix::Octal.say(496, true), Radix::Hex.say(0x1F0, true)), ("0o760".into(), "0x1F0".into()));
    }

    #[test]
    fn rows_are_whole_cells() {
        let cells = |format| Cells { format, ..Cells::default() };
        assert_eq!((cells(CellFormat::Hex).columns(10), cells(CellFormat::F64).columns(10)), (10, 16));
        assert_eq!((cells(CellFormat::U32).columns(0), cells(CellFormat::U16).columns(9999)), (4, 512));
        assert_eq!((cells(CellFormat::U64).group(), Cells { group: 2, ..cells(CellFormat::U32) }.group()), (8, 4));
    }
}
