//! The choices of bytes written as text, of records and of packed data.

use super::within;
use crate::formats::literal::{Choices, Style};
use crate::formats::{Format, FormatError};

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
