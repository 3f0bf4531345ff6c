//! The classes of streams.

use super::buffered::{BufferedPair, Mode};
use super::{BytesIO, StringIO, TextIOWrapper};

/// A class of `io` that streams are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StreamClass {
    /// `io.BytesIO`
    BytesIO,
    /// `io.StringIO`
    StringIO,
    /// `io.TextIOWrapper`
    TextIOWrapper,
    /// `io.BufferedReader`
    BufferedReader,
    /// `io.BufferedWriter`
    BufferedWriter,
    /// `io.BufferedRandom`
    BufferedRandom,
    /// `io.BufferedRWPair`
    BufferedRWPair,
}

impl StreamClass {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::BytesIO,
        Self::StringIO,
        Self::TextIOWrapper,
        Self::BufferedReader,
        Self::BufferedWriter,
        Self::BufferedRandom,
        Self::BufferedRWPair,
    ];

    /// The name in module `io`: `BytesIO`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BytesIO => "BytesIO",
            Self::StringIO => "StringIO",
            Self::TextIOWrapper => "TextIOWrapper",
            Self::BufferedReader => "BufferedReader",
            Self::BufferedWriter => "BufferedWriter",
            Self::BufferedRandom => "BufferedRandom",
            Self::BufferedRWPair => "BufferedRWPair",
        }
    }

    /// The class of that name in module `io`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }

    /// The name that error messages and `repr` use: `_io.BytesIO`.
    pub const fn type_name(self) -> &'static str {
        match self {
            Self::BytesIO => BytesIO::TYPE_NAME,
            Self::StringIO => StringIO::TYPE_NAME,
            Self::TextIOWrapper => TextIOWrapper::TYPE_NAME,
            Self::BufferedReader => "_io.BufferedReader",
            Self::BufferedWriter => "_io.BufferedWriter",
            Self::BufferedRandom => "_io.BufferedRandom",
            Self::BufferedRWPair => BufferedPair::TYPE_NAME,
        }
    }

    /// The class it inherits from, which inherits from `_IOBase`: `_BufferedIOBase` or `_TextIOBase`.
    pub const fn base(self) -> &'static str {
        match self {
            Self::StringIO | Self::TextIOWrapper => "_TextIOBase",
            _ => "_BufferedIOBase",
        }
    }

    /// The public methods, in alphabetical order.
    pub const fn methods(self) -> &'static [&'static str] {
        match self {
            Self::BytesIO => BytesIO::METHODS,
            Self::StringIO => StringIO::METHODS,
            Self::TextIOWrapper => TextIOWrapper::METHODS,
            Self::BufferedReader => Mode::Reader.methods(),
            Self::BufferedWriter => Mode::Writer.methods(),
            Self::BufferedRandom => Mode::Random.methods(),
            Self::BufferedRWPair => BufferedPair::METHODS,
        }
    }

    /// The public attributes that are not methods, in alphabetical order.
    pub const fn attributes(self) -> &'static [&'static str] {
        match self {
            Self::BytesIO => BytesIO::ATTRIBUTES,
            Self::StringIO => StringIO::ATTRIBUTES,
            Self::TextIOWrapper => TextIOWrapper::ATTRIBUTES,
            Self::BufferedReader | Self::BufferedWriter | Self::BufferedRandom => Mode::ATTRIBUTES,
            Self::BufferedRWPair => BufferedPair::ATTRIBUTES,
        }
    }

    /// Whether a stream of this class holds its content itself: a `BytesIO` or a `StringIO`.
    pub const fn holds_content(self) -> bool {
        matches!(self, Self::BytesIO | Self::StringIO)
    }

    /// Whether it is a stream of text: a `StringIO` or a `TextIOWrapper`.
    pub const fn is_text(self) -> bool {
        matches!(self, Self::StringIO | Self::TextIOWrapper)
    }

    /// Why an attribute of the class cannot be set or deleted; `None` for one that is not of the class.
    pub(super) fn not_writable(self, name: &str) -> Option<String> {
        if !self.attributes().contains(&name) {
            return None;
        }
        // Plain fields of the object are refused in other words than computed attributes.
        let field = match self {
            Self::TextIOWrapper => matches!(name, "buffer" | "encoding" | "line_buffering" | "write_through"),
            _ => name == "raw",
        };
        if field {
            return Some("readonly attribute".into());
        }
        let class =
            if self == Self::StringIO && matches!(name, "encoding" | "errors") { "_io._TextIOBase" } else { self.type_name() };
        Some(format!("attribute '{name}' of '{class}' objects is not writable"))
    }
}

impl std::fmt::Display for StreamClass {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
