//! What a person can choose about a conversion, and what it will lose.

use super::literal::{Choices, Style};
use super::table::Dialect;
use super::text::{Encoding, NewlineStyle};
use super::{Format, FormatError, Kind};

/// All choices of a conversion; each writer takes its own part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// Writers of pictures.
    pub picture: PictureOptions,
    /// Readers and writers of tables.
    pub table: TableOptions,
    /// Writers of JSON.
    pub json: JsonOptions,
    /// Readers and writers of text.
    pub text: TextOptions,
    /// Writers of hex, dumps, base64 and data URLs.
    pub dump: DumpOptions,
}

impl Options {
    /// Checks what matters for a conversion to `to`. A value out of range is named, never silently moved into it.
    ///
    /// # Errors
    /// [`FormatError::Option`] with the value, the range and the option's name.
    pub fn validate(&self, to: Format) -> Result<(), FormatError> {
        match to.kind() {
            Kind::Picture => self.picture.validate(),
            Kind::Table => self.table.validate(),
            Kind::Json => self.json.validate(),
            Kind::Encoded => self.dump.validate(to),
            Kind::Text | Kind::Bytes => Ok(()),
        }
    }
}

fn within(name: &str, value: u32, range: std::ops::RangeInclusive<u32>) -> Result<(), FormatError> {
    if range.contains(&value) {
        return Ok(());
    }
    let (low, high) = range.into_inner();
    Err(FormatError::Option(format!("{name} must be {low} to {high}, not {value}")))
}

/// How many of a JPEG's pixels share their colour; brightness is always kept for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subsampling {
    /// Every pixel has its own: 4:4:4.
    S444,
    /// Two beside each other share one: 4:2:2.
    S422,
    /// Four share one: 4:2:0.
    S420,
}

impl std::str::FromStr for Subsampling {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        match text.trim() {
            "4:4:4" | "444" => Ok(Self::S444),
            "4:2:2" | "422" => Ok(Self::S422),
            "4:2:0" | "420" => Ok(Self::S420),
            _ => Err(FormatError::Option(format!("the subsampling is one of 4:4:4, 4:2:2, 4:2:0, not {text:?}"))),
        }
    }
}

/// How a TIFF's pixels are packed; all of these give the same pixels back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TiffCompression {
    /// Not at all: every reader takes it.
    #[default]
    None,
    /// LZW with differences: small, and old readers take it.
    Lzw,
    /// Deflate with differences: the smallest.
    Deflate,
    /// Runs: quick, for drawings and black and white.
    PackBits,
}

impl std::str::FromStr for TiffCompression {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        match text.trim().to_ascii_lowercase().as_str() {
            "none" => Ok(Self::None),
            "lzw" => Ok(Self::Lzw),
            "deflate" | "zip" => Ok(Self::Deflate),
            "packbits" => Ok(Self::PackBits),
            _ => Err(FormatError::Option(format!("the TIFF compression is one of none, lzw, deflate, packbits, not {text:?}"))),
        }
    }
}

/// How a picture is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureOptions {
    /// JPEG quality, 1 to 100; 85 by default.
    pub quality: u8,
    /// PNG effort, 0 (fast) to 9 (small); 6 by default.
    pub png_level: u8,
    /// Red, green, blue behind transparent pixels where the target has no alpha; white by default.
    pub background: [u8; 3],
    /// Puts transparent pixels onto the background in Netpbm too, where only PAM knows transparency and many programs read
    /// PPM and PGM only.
    pub flatten: bool,
    /// How much of a JPEG's colour is kept; `None` is 4:2:0 below quality 90 and 4:4:4 from there on.
    pub subsampling: Option<Subsampling>,
    /// A JPEG that appears coarse first and sharpens while it is loaded.
    pub progressive: bool,
    /// A JPEG with tables of its own for its codes: some percent smaller, slower to write.
    pub optimize: bool,
    /// How a TIFF's strips are packed.
    pub tiff_compression: TiffCompression,
    /// The frame of an animation that is written, counted from 1; `None` is the picture that a viewer shows first.
    pub frame: Option<u32>,
    /// What is done to the picture before it is written.
    pub operations: super::picture::Operations,
}

impl Default for PictureOptions {
    fn default() -> Self {
        Self {
            quality: 85,
            png_level: 6,
            background: [255, 255, 255],
            flatten: false,
            subsampling: None,
            progressive: false,
            optimize: false,
            tiff_compression: TiffCompression::default(),
            frame: None,
            operations: super::picture::Operations::default(),
        }
    }
}

impl PictureOptions {
    /// Whether a picture written as `to` into a file called `name` has to do without transparency because of its name: of
    /// the Netpbm names only `.pam` promises PAM.
    pub fn name_flattens(to: Format, name: &std::path::Path) -> bool {
        to == Format::Pnm && name.extension().is_some_and(|extension| !extension.eq_ignore_ascii_case("pam"))
    }
}

impl PictureOptions {
    /// Names a quality or level outside its range.
    pub fn validate(&self) -> Result<(), FormatError> {
        within("the JPEG quality", self.quality.into(), 1..=100)?;
        within("the PNG level", self.png_level.into(), 0..=9)
    }
}

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
    /// Columns of Parquet and Arrow are numbers where the text of every cell comes back; all are text by default.
    pub typed: bool,
    /// The name of the table in SQL (`data` by default), and the title of one in HTML.
    pub table_name: Option<String>,
    /// SQL begins with `CREATE TABLE`.
    pub create_table: bool,
    /// Empty cells are `NULL` in SQL.
    pub empty_is_null: bool,
    /// The name of the sheet that is written; `Sheet1` by default.
    pub sheet_name: Option<String>,
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

fn check_delimiter(byte: u8) -> Result<(), FormatError> {
    match byte {
        b'"' | b'\n' | b'\r' => Err(FormatError::Option("the delimiter cannot be a quote or a line end".into())),
        0x80.. => Err(FormatError::Option("the delimiter must be one ASCII character".into())),
        _ => Ok(()),
    }
}

/// How JSON is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JsonOptions {
    /// Spaces a level; `None` writes it on one line.
    pub indent: Option<u8>,
}

impl JsonOptions {
    /// The deepest indent a level may have; more is surely a mistake.
    pub const MAX_INDENT: u8 = 16;

    /// Names an indent outside its range.
    pub fn validate(&self) -> Result<(), FormatError> {
        within("the indent", self.indent.unwrap_or(0).into(), 0..=Self::MAX_INDENT.into())
    }
}

/// How text is read and written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextOptions {
    /// The encoding of the input, where the user chose one; guessed otherwise.
    pub input: Option<Encoding>,
    /// The encoding of the output; UTF-8 by default.
    pub encoding: Encoding,
    /// Whether a byte order mark is written.
    pub bom: bool,
    /// The line ends of the output; kept as they are by default.
    pub newline: Option<NewlineStyle>,
}

/// How bytes are written as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DumpOptions {
    /// Characters a line for hex text and base64; `None` writes one line.
    pub wrap: Option<u32>,
    /// Upper case hex digits.
    pub upper_case: bool,
    /// `-` and `_` in base64.
    pub url_safe: bool,
    /// Base64 without `=` at its end.
    pub no_padding: bool,
    /// The media type of a data URL; detected by default.
    pub mime: Option<String>,
    /// Bytes a record of Intel HEX and S-record, [`DumpOptions::RECORD`] by default, and a line of a literal.
    pub record: Option<u32>,
    /// The address of the first byte in Intel HEX and S-record, below 2^32.
    pub address: u64,
    /// The address where the program in an Intel HEX or S-record begins.
    pub start: Option<u32>,
    /// What fills the gaps between the addresses of Intel HEX and S-record; FF, as erased memory, by default.
    pub fill: Option<u8>,
    /// What an S-record's header and a gzip header say, and what a literal calls the bytes (`data` by default).
    pub name: Option<String>,
    /// The language or the spelling of a literal: C by default on writing, recognised on reading.
    pub style: Option<Style>,
    /// How hard gzip and zlib try, 0 (not at all) to 9; [`DumpOptions::LEVEL`] by default.
    pub level: Option<u8>,
    /// The time in a gzip header, in seconds since 1970; 0, which is none, by default.
    pub time: Option<u32>,
    /// The most bytes that packed data may stand for; by default 4 GiB, or a hundred times its size where that is more.
    pub limit: Option<u64>,
    /// Keeps what could be read of an input that is cut off, and says so, in place of an error.
    pub partial: bool,
}

impl DumpOptions {
    /// The longest line that may be asked for.
    pub const MAX_WRAP: u32 = 1 << 20;
    /// Bytes a record of Intel HEX and S-record if nothing else is said.
    pub const RECORD: u32 = 16;
    /// The longest record: what an S-record's count leaves beside the widest address and the checksum.
    pub const MAX_RECORD: u32 = 250;
    /// The effort of gzip and zlib if nothing else is said.
    pub const LEVEL: u8 = 6;
    /// The longest header of an S-record, in bytes.
    pub const MAX_HEADER: usize = 250;

    /// The choices of a literal.
    pub fn choices(&self) -> Choices {
        let own = Choices::default();
        Choices {
            name: self.name.clone().unwrap_or(own.name),
            per_line: self.record,
            upper_case: self.upper_case,
            mime: self.mime.clone(),
            ..own
        }
    }

    /// Names a line length that `to` cannot have, and a media type that no data URL can carry.
    pub fn validate(&self, to: Format) -> Result<(), FormatError> {
        if let Some(wrap) = self.wrap {
            within("the line length", wrap, 1..=Self::MAX_WRAP)?;
            if to == Format::HexText && wrap % 2 != 0 {
                let what = format!("the line length of hex text must be even, two digits a byte, not {wrap}");
                return Err(FormatError::Option(what));
            }
        }
        within("bytes a record", self.record.unwrap_or(Self::RECORD), 1..=Self::MAX_RECORD)?;
        within("the level", self.level.unwrap_or(Self::LEVEL).into(), 0..=9)?;
        if to == Format::Literal {
            self.choices().validate(self.style.unwrap_or(Style::C))?;
        }
        if self.address > u64::from(u32::MAX) {
            return Err(FormatError::Option(format!("the address must be at most FFFFFFFF, not {:X}", self.address)));
        }
        if to == Format::SRecord && self.name.as_ref().is_some_and(|name| name.len() > Self::MAX_HEADER) {
            return Err(FormatError::Option(format!("the header of an S-record has at most {} bytes", Self::MAX_HEADER)));
        }
        match &self.mime {
            Some(mime) if mime.parse::<data_url::mime::Mime>().is_err() || !mime.is_ascii() || mime.contains([',', '#']) => {
                Err(FormatError::Option(format!("{mime:?} is not a media type such as image/png")))
            }
            _ => Ok(()),
        }
    }
}

/// A colour as a person writes it: `#RRGGBB`, `#RGB` (the `#` may be left out), or one of a few names.
///
/// # Errors
/// [`FormatError::Option`] that says what is accepted.
///
/// ```
/// use seektell::formats::options::parse_color;
/// assert_eq!(parse_color("#6495ED").unwrap(), [100, 149, 237]);
/// assert_eq!(parse_color("white").unwrap(), [255, 255, 255]);
/// assert!(parse_color("#12").is_err());
/// ```
pub fn parse_color(text: &str) -> Result<[u8; 3], FormatError> {
    let named = match text.trim().to_ascii_lowercase().as_str() {
        "white" => Some([255, 255, 255]),
        "black" => Some([0, 0, 0]),
        "gray" | "grey" => Some([128, 128, 128]),
        "red" => Some([255, 0, 0]),
        "green" => Some([0, 128, 0]),
        "blue" => Some([0, 0, 255]),
        "yellow" => Some([255, 255, 0]),
        "magenta" => Some([255, 0, 255]),
        "cyan" => Some([0, 255, 255]),
        _ => None,
    };
    let digits = text.trim().trim_start_matches('#');
    let long: String = if digits.len() == 3 { digits.chars().flat_map(|digit| [digit, digit]).collect() } else { digits.into() };
    let mut color = [0; 3];
    match named {
        Some(color) => Ok(color),
        None if hex::decode_to_slice(&long, &mut color).is_ok() => Ok(color),
        None => Err(FormatError::Option(format!("{text:?} is not a colour: write #RRGGBB or white, black, gray, red and so on"))),
    }
}

/// A delimiter as a person writes it: one ASCII character, `\t`, or a word (`tab`, `comma`, `semicolon`, `pipe`, `space`).
///
/// # Errors
/// [`FormatError::Option`] for anything longer, and for quotes and line ends.
pub fn parse_delimiter(text: &str) -> Result<u8, FormatError> {
    let byte = match text.to_ascii_lowercase().as_str() {
        "tab" | "\\t" => b'\t',
        "comma" => b',',
        "semicolon" => b';',
        "pipe" => b'|',
        "space" => b' ',
        _ if text.len() == 1 => text.as_bytes()[0],
        _ => {
            let what = format!("{text:?} is not a delimiter: give one character, or tab, comma, semicolon, pipe or space");
            return Err(FormatError::Option(what));
        }
    };
    check_delimiter(byte).map(|()| byte)
}

/// A line end by its name: `lf`, `crlf` or `cr`.
///
/// # Errors
/// [`FormatError::Option`] for any other word.
pub fn parse_newline(text: &str) -> Result<NewlineStyle, FormatError> {
    match text.to_ascii_lowercase().as_str() {
        "lf" | "\\n" | "unix" => Ok(NewlineStyle::Lf),
        "crlf" | "\\r\\n" | "windows" | "dos" => Ok(NewlineStyle::CrLf),
        "cr" | "\\r" => Ok(NewlineStyle::Cr),
        _ => Err(FormatError::Option(format!("{text:?} is not a line end: lf, crlf or cr"))),
    }
}

/// An encoding by its name ("utf-8", "windows-1252", "shift_jis").
///
/// # Errors
/// [`FormatError::Option`] for a name that nobody knows.
pub fn parse_encoding(text: &str) -> Result<Encoding, FormatError> {
    let unknown = || FormatError::Option(format!("{text:?} is not an encoding: utf-8, utf-16le, latin1, windows-1252 and so on"));
    Encoding::from_name(text).ok_or_else(unknown)
}

/// A whole number inside a range, named where it is not one.
///
/// # Errors
/// [`FormatError::Option`] with the range.
pub fn parse_within(name: &str, text: &str, range: std::ops::RangeInclusive<u32>) -> Result<u32, FormatError> {
    let (low, high) = (*range.start(), *range.end());
    match text.parse() {
        Ok(value) => within(name, value, range).map(|()| value),
        Err(_) => Err(FormatError::Option(format!("{name} must be a number from {low} to {high}, not {text:?}"))),
    }
}

/// Something that the result will not have any more. Shown before anything is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// One sentence, with the number ("3 characters cannot be written in windows-1252").
    pub what: String,
}

impl Loss {
    /// A loss in words.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into() }
    }
}
