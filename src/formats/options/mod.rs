//! What a person can choose about a conversion, and what it will lose.

mod bytes;
mod parse;
mod picture;
mod table;
mod text;

pub use bytes::DumpOptions;
pub use parse::{parse_color, parse_delimiter, parse_encoding, parse_newline, parse_within};
pub use picture::{ColorPolicy, MetadataPolicy, PictureOptions, Subsampling, TiffCompression};
pub use table::{ColumnCompression, ColumnTypes, Extras, Quoting, TableOptions};
pub use text::{JsonOptions, TextOptions};

use super::{Format, FormatError, Kind, Limits};

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
    /// What reading the input may take: [`DumpOptions::limit`], which is the one limit that a person can set.
    pub fn limits(&self) -> Limits {
        Limits::of(self.dump.limit)
    }

    /// The choices of tables, with the limit.
    pub fn table_within(&self) -> TableOptions {
        TableOptions { limits: self.limits(), ..self.table.clone() }
    }

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

pub(super) fn within(name: &str, value: u32, range: std::ops::RangeInclusive<u32>) -> Result<(), FormatError> {
    if range.contains(&value) {
        return Ok(());
    }
    let (low, high) = range.into_inner();
    Err(FormatError::Option(format!("{name} must be {low} to {high}, not {value}")))
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
