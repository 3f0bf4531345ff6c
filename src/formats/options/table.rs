//! The choices of tables.

use super::parse::check_delimiter;
use crate::formats::table::{Dialect, TableView};
use crate::formats::text::NewlineStyle;
use crate::formats::{Format, FormatError, Limits};

/// How a table is read (what is `None` is guessed) and written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableOptions {
    /// The dialect of the input, where the user chose one.
    pub input: Option<Dialect>,
    /// Whether the first row of a workbook's sheet names the columns; it does by default. Delimited text has it in its dialect.
    pub input_header: Option<bool>,
    /// The sheet of a workbook that is read: its name, or its number from 1; the first visible one by default.
    pub sheet: Option<String>,
    /// The delimiter of the output; the format's own by default.
    pub delimiter: Option<u8>,
    /// `\n`, or `\r\n` as Python's `csv` writes by default.
    pub newline: Option<NewlineStyle>,
    /// Only these rows and columns of what is read, in this order; all as they stand by default.
    pub view: Option<TableView>,
    /// How cells are quoted in CSV and TSV.
    pub quoting: Quoting,
    /// The columns of the result and their order; all by default.
    pub fields: Option<Vec<String>>,
    /// What becomes of columns and cells that are not among `fields`.
    pub extras: Extras,
    /// Stands where a row, or a record of JSON, has no such cell; empty by default.
    pub missing: Option<String>,
    /// Leaves the header row out of the result.
    pub without_header: bool,
    /// HTML as a table alone, without a page around it.
    pub fragment: bool,
    /// What columns of Parquet and Arrow are.
    pub types: ColumnTypes,
    /// How columns of Parquet and Arrow are packed.
    pub compression: ColumnCompression,
    /// The name of the table in SQL (`data` by default), and the title of one in HTML.
    pub table_name: Option<String>,
    /// SQL begins with `CREATE TABLE`.
    pub create_table: bool,
    /// Empty cells are `NULL` in SQL.
    pub empty_is_null: bool,
    /// The name of the sheet that is written; `Sheet1` by default.
    pub sheet_name: Option<String>,
    /// What reading may take.
    pub limits: Limits,
}

/// Which cells stand in quotes, by the names of Python's `csv`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quoting {
    /// Those with a delimiter, a quote or a line end in them.
    #[default]
    Minimal,
    /// All.
    All,
    /// All but numbers.
    NonNumeric,
    /// None; a cell that needs quotes is refused.
    None,
}

/// What the columns of Parquet and Arrow are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColumnTypes {
    /// Whole numbers of 64 bits, `f64`, decimals with equally many digits behind the point (prices), days or truth values where
    /// the text of every cell comes back the same from them, and text otherwise: `007`, `+1` and `1e3` stay text. Empty cells of
    /// all but text are null, which is read as empty.
    #[default]
    Exact,
    /// All text.
    Text,
}

/// How columns are packed; every one gives the same cells back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColumnCompression {
    /// What most programs of the format do: Snappy in Parquet, not at all in Arrow.
    #[default]
    Usual,
    /// Not at all.
    None,
    /// Snappy, quick; Parquet only.
    Snappy,
    /// LZ4, the quickest to read.
    Lz4,
    /// Zstandard, small and quick.
    Zstd,
    /// Deflate, what old readers take; Parquet only.
    Gzip,
    /// Brotli, the smallest, and slow to write; Parquet only.
    Brotli,
}

impl ColumnCompression {
    /// All of them, with the words of `--compression`.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Usual, "usual"),
        (Self::None, "none"),
        (Self::Snappy, "snappy"),
        (Self::Lz4, "lz4"),
        (Self::Zstd, "zstd"),
        (Self::Gzip, "gzip"),
        (Self::Brotli, "brotli"),
    ];

    /// The word of `--compression`.
    pub fn word(self) -> &'static str {
        Self::ALL.into_iter().find(|(kind, _)| *kind == self).map_or("usual", |(_, word)| word)
    }

    /// Those that `format` can be packed with.
    pub fn of(format: Format) -> impl Iterator<Item = Self> {
        let fits =
            move |kind: &Self| format == Format::Parquet || matches!(kind, Self::Usual | Self::None | Self::Lz4 | Self::Zstd);
        Self::ALL.into_iter().map(|(kind, _)| kind).filter(fits)
    }
}

impl std::str::FromStr for ColumnCompression {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        let text = text.trim().to_ascii_lowercase();
        Self::ALL.into_iter().find(|(_, word)| *word == text).map(|(kind, _)| kind).ok_or_else(|| {
            let words = Self::ALL.map(|(_, word)| word).join(", ");
            FormatError::Option(format!("the compression of columns is one of {words}, not {text:?}"))
        })
    }
}

/// What becomes of columns that were not chosen, as `csv.DictWriter`'s `extrasaction`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extras {
    /// The conversion is refused and they are named.
    #[default]
    Raise,
    /// They are left out.
    Ignore,
    /// They come behind the chosen ones.
    Keep,
}

impl TableOptions {
    /// Refuses a delimiter that cannot work (a quote, a line end, or a byte outside ASCII) and a sheet name that no
    /// workbook can have.
    pub fn validate(&self) -> Result<(), FormatError> {
        let mut chosen = self.delimiter.into_iter().chain(self.input.map(|dialect| dialect.delimiter));
        chosen.try_for_each(check_delimiter)?;
        self.sheet_name.iter().try_for_each(|name| check_sheet_name(name))
    }
}

/// Excel's rules for the names of sheets.
fn check_sheet_name(name: &str) -> Result<(), FormatError> {
    let what = match () {
        () if name.is_empty() => "a sheet's name cannot be empty",
        () if name.encode_utf16().count() > 31 => "a sheet's name has at most 31 characters",
        () if name.contains(['*', '?', ':', '[', ']', '\\', '/']) => "a sheet's name cannot contain * ? : [ ] \\ or /",
        () if name.contains(char::is_control) => "a sheet's name cannot contain control characters",
        () if name.starts_with('\'') || name.ends_with('\'') => "a sheet's name cannot begin or end with an apostrophe",
        () => return Ok(()),
    };
    Err(FormatError::Option(format!("{what}: {name:?}")))
}
