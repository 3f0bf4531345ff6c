//! The table of styles, and what a person can choose about them.

use crate::formats::FormatError;
use crate::formats::text::Encoding;

/// A way of writing bytes as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "name() and help() say what each one is")]
pub enum Style {
    HexSpaced,
    HexPacked,
    HexList,
    Decimal,
    Text,
    Escaped,
    C,
    Cpp,
    Rust,
    Python,
    Go,
    Java,
    JavaScript,
    CSharp,
    Swift,
    Lua,
    Json,
    Base64,
    Base64Url,
    DataUrl,
    Percent,
    ViewRows,
    HexDump,
    Xxd,
}

/// Styles that stand together in menus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Digits and characters.
    Plain,
    /// Source code.
    Code,
    /// Made for being sent.
    Transport,
    /// Rows with addresses.
    Rows,
}

impl Style {
    /// All, in the order of menus.
    pub const ALL: [Self; 24] = [
        Self::HexSpaced,
        Self::HexPacked,
        Self::HexList,
        Self::Decimal,
        Self::Text,
        Self::Escaped,
        Self::C,
        Self::Cpp,
        Self::Rust,
        Self::Python,
        Self::Go,
        Self::Java,
        Self::JavaScript,
        Self::CSharp,
        Self::Swift,
        Self::Lua,
        Self::Json,
        Self::Base64,
        Self::Base64Url,
        Self::DataUrl,
        Self::Percent,
        Self::ViewRows,
        Self::HexDump,
        Self::Xxd,
    ];

    /// The styles whose readers differ, in the order of menus: one reader takes all hex digits, one all dumps, and one both
    /// alphabets of base64.
    pub const READERS: [Self; 19] = [
        Self::HexSpaced,
        Self::Decimal,
        Self::Text,
        Self::Escaped,
        Self::C,
        Self::Cpp,
        Self::Rust,
        Self::Python,
        Self::Go,
        Self::Java,
        Self::JavaScript,
        Self::CSharp,
        Self::Swift,
        Self::Lua,
        Self::Json,
        Self::Base64,
        Self::DataUrl,
        Self::Percent,
        Self::HexDump,
    ];

    /// What menus call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::HexSpaced => "Hex, spaced",
            Self::HexPacked => "Hex, packed",
            Self::HexList => "Hex with 0x and commas",
            Self::Decimal => "Decimal list",
            Self::Text => "Text",
            Self::Escaped => "Escaped string",
            Self::C => "C array",
            Self::Cpp => "C++ array",
            Self::Rust => "Rust array",
            Self::Python => "Python bytes",
            Self::Go => "Go slice",
            Self::Java => "Java array",
            Self::JavaScript => "JavaScript array",
            Self::CSharp => "C# array",
            Self::Swift => "Swift array",
            Self::Lua => "Lua table",
            Self::Json => "JSON array",
            Self::Base64 => "Base64",
            Self::Base64Url => "Base64 for URLs",
            Self::DataUrl => "Data URL",
            Self::Percent => "Percent encoding",
            Self::ViewRows => "Rows of the view",
            Self::HexDump => "Hex dump (hexdump -C)",
            Self::Xxd => "Hex dump (xxd)",
        }
    }

    /// The word after `--style`; lower case, stable.
    pub const fn id(self) -> &'static str {
        match self {
            Self::HexSpaced => "spaced",
            Self::HexPacked => "packed",
            Self::HexList => "hexlist",
            Self::Decimal => "decimal",
            Self::Text => "text",
            Self::Escaped => "escaped",
            Self::C => "c",
            Self::Cpp => "cpp",
            Self::Rust => "rust",
            Self::Python => "python",
            Self::Go => "go",
            Self::Java => "java",
            Self::JavaScript => "javascript",
            Self::CSharp => "csharp",
            Self::Swift => "swift",
            Self::Lua => "lua",
            Self::Json => "json",
            Self::Base64 => "base64",
            Self::Base64Url => "base64url",
            Self::DataUrl => "dataurl",
            Self::Percent => "percent",
            Self::ViewRows => "rows",
            Self::HexDump => "hexdump",
            Self::Xxd => "xxd",
        }
    }

    /// The style of a `--style` word, or of the extension of a language's files.
    pub fn from_id(word: &str) -> Option<Self> {
        let word = word.to_ascii_lowercase();
        let code = |style: &Self| style.has_name() && style.extension() == word;
        let find = |test: &dyn Fn(&Self) -> bool| Self::ALL.into_iter().find(|style| test(style));
        find(&|style| style.id() == word).or_else(|| find(&code))
    }

    /// What its reader is called where one reader takes several styles.
    pub const fn reader_name(self) -> &'static str {
        match self {
            Self::HexSpaced | Self::HexPacked | Self::HexList => "Hex digits",
            Self::HexDump | Self::ViewRows | Self::Xxd => "Hex dump",
            Self::Base64 | Self::Base64Url => "Base64",
            other => other.name(),
        }
    }

    /// One sentence with an example.
    pub const fn help(self) -> &'static str {
        match self {
            Self::HexSpaced => "48 69 0A",
            Self::HexPacked => "48690A",
            Self::HexList => "0x48, 0x69, 0x0A",
            Self::Decimal => "72, 105, 10",
            Self::Text => "The characters that the bytes are in the text view's encoding",
            Self::Escaped => "\"Hi\\n\", as C, Rust, Java and JavaScript write strings",
            Self::C => "const unsigned char data[3] = {0x48, 0x69, 0x0A};",
            Self::Cpp => "constexpr std::array<std::uint8_t, 3> data = {0x48, 0x69, 0x0A};",
            Self::Rust => "const DATA: [u8; 3] = [0x48, 0x69, 0x0A];",
            Self::Python => "data = b'Hi\\n'",
            Self::Go => "var data = []byte{0x48, 0x69, 0x0A}",
            Self::Java => "byte[] data = {0x48, 0x69, 0x0A};",
            Self::JavaScript => "const data = new Uint8Array([0x48, 0x69, 0x0A]);",
            Self::CSharp => "byte[] data = new byte[] {0x48, 0x69, 0x0A};",
            Self::Swift => "let data: [UInt8] = [0x48, 0x69, 0x0A]",
            Self::Lua => "local data = {0x48, 0x69, 0x0A}",
            Self::Json => "[72, 105, 10]",
            Self::Base64 => "SGkK",
            Self::Base64Url => "SGkK, with - and _ for + and /",
            Self::DataUrl => "data:text/plain;base64,SGkK",
            Self::Percent => "Hi%0A, as in an address",
            Self::ViewRows => "Address, digits and characters of the hex view",
            Self::HexDump => "As hexdump -C prints it",
            Self::Xxd => "As xxd prints it",
        }
    }

    /// Its place in menus.
    pub const fn group(self) -> Group {
        match self {
            Self::HexSpaced | Self::HexPacked | Self::HexList | Self::Decimal | Self::Text | Self::Escaped => Group::Plain,
            Self::C
            | Self::Cpp
            | Self::Rust
            | Self::Python
            | Self::Go
            | Self::Java
            | Self::JavaScript
            | Self::CSharp
            | Self::Swift
            | Self::Lua
            | Self::Json => Group::Code,
            Self::Base64 | Self::Base64Url | Self::DataUrl | Self::Percent => Group::Transport,
            Self::ViewRows | Self::HexDump | Self::Xxd => Group::Rows,
        }
    }

    /// The extension of a file that holds it, without a dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::C => "c",
            Self::Cpp => "cpp",
            Self::Rust => "rs",
            Self::Python => "py",
            Self::Go => "go",
            Self::Java => "java",
            Self::JavaScript => "js",
            Self::CSharp => "cs",
            Self::Swift => "swift",
            Self::Lua => "lua",
            Self::Json => "json",
            Self::Base64 | Self::Base64Url => "b64",
            Self::HexSpaced | Self::HexPacked => "hex",
            Self::HexDump | Self::Xxd | Self::ViewRows => "hexdump",
            _ => "txt",
        }
    }

    /// Whether the text names what it declares.
    pub const fn has_name(self) -> bool {
        matches!(self.group(), Group::Code) && !matches!(self, Self::Json)
    }

    /// Whether the bytes a line can be chosen.
    pub const fn has_lines(self) -> bool {
        matches!(self.group(), Group::Code) || matches!(self, Self::HexSpaced | Self::HexList | Self::Decimal | Self::ViewRows)
    }

    /// Whether its hex digits can be upper or lower case.
    pub const fn has_case(self) -> bool {
        !matches!(
            self,
            Self::Decimal
                | Self::Json
                | Self::Text
                | Self::Base64
                | Self::Base64Url
                | Self::DataUrl
                | Self::Percent
                | Self::Escaped
                | Self::Python
        )
    }

    /// At most how many bytes of text `len` bytes become, short declarations not counted.
    pub const fn most_text(self, len: u64) -> u64 {
        let each = match self {
            Self::HexPacked => 2,
            Self::HexSpaced | Self::Text | Self::Percent => 3,
            Self::Base64 | Self::Base64Url | Self::DataUrl => return (len / 3 + 1).saturating_mul(4).saturating_add(128),
            Self::Decimal | Self::Escaped | Self::HexDump | Self::Xxd => 5,
            Self::Java => 13,
            _ => 7,
        };
        len.saturating_mul(each).saturating_add(256)
    }
}

/// What a person can choose about a style; each takes its own part.
#[derive(Clone, Debug, PartialEq)]
pub struct Choices {
    /// What a declaration calls the bytes: letters, digits and `_`, no digit first. Rust gets it in capitals.
    pub name: String,
    /// Bytes a line, 1 to 256; `None` is the style's own.
    pub per_line: Option<u32>,
    /// Upper case hex digits.
    pub upper_case: bool,
    /// The address of the first row of a dump.
    pub address: u64,
    /// The encoding of text.
    pub encoding: Encoding,
    /// The media type of a data URL; detected by default.
    pub mime: Option<String>,
}

impl Default for Choices {
    fn default() -> Self {
        Self { name: "data".into(), per_line: None, upper_case: true, address: 0, encoding: Encoding::Utf8, mime: None }
    }
}

impl Choices {
    /// The most bytes a line.
    pub const MOST_A_LINE: u32 = 256;

    /// Names what does not work.
    ///
    /// # Errors
    /// [`FormatError::Option`].
    pub fn validate(&self, style: Style) -> Result<(), FormatError> {
        let mut letters = self.name.chars();
        let first = letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
        if style.has_name() && !(first && letters.all(|c| c.is_ascii_alphanumeric() || c == '_')) {
            let what = "the name must be letters, digits and _, and not begin with a digit";
            return Err(FormatError::Option(what.into()));
        }
        let most = Self::MOST_A_LINE;
        match self.per_line {
            Some(n) if n == 0 || n > most => Err(FormatError::Option(format!("bytes a line must be 1 to {most}, not {n}"))),
            _ => Ok(()),
        }
    }

    /// Bytes on a line of this style.
    pub fn line(&self, style: Style) -> u64 {
        let own = match style {
            Style::HexSpaced => u32::MAX,
            Style::C
            | Style::Cpp
            | Style::Rust
            | Style::Go
            | Style::Java
            | Style::JavaScript
            | Style::CSharp
            | Style::Swift
            | Style::Lua => 12,
            _ => 16,
        };
        u64::from(self.per_line.unwrap_or(own))
    }
}
