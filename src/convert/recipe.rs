//! What is to be done: the plain data that the panel, the terminal and the settings share.

use std::path::PathBuf;

use super::numbers::Part;
use crate::buffer::Buffer;
use crate::formats::table::Dialect;
use crate::formats::text::Encoding;
use crate::formats::{Format, Options};

/// Something that is to be converted: a file, or the content of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// What a person calls it: the file's name, or the document's.
    pub name: String,
    /// The file that it is, or that the document came from: nothing is ever written over it.
    pub path: Option<PathBuf>,
    /// The content of a document; a file is opened when its turn comes.
    pub content: Option<Buffer>,
    /// What it is, where that is known better than its bytes and its name tell.
    pub from: Option<Format>,
    /// How a delimited document is read, where the user chose that.
    pub dialect: Option<Dialect>,
    /// The encoding that a document is read in, where the user chose one.
    pub encoding: Option<Encoding>,
    /// What `{number}` stands for in its name: its place in the run, from 1, where this is `None`. A part of a list that is
    /// converted again keeps the numbers of the list.
    pub number: Option<usize>,
}

impl Source {
    /// A file.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Self { name, path: Some(path), content: None, from: None, dialect: None, encoding: None, number: None }
    }

    /// What tells it from others: its path where it is a file, safe to show.
    pub fn label(&self) -> String {
        match (&self.path, &self.content) {
            (Some(path), None) => crate::files::display_path(path),
            _ => crate::files::display_path(self.name.as_ref()),
        }
    }

    /// A document, and the file that it came from, if any.
    pub fn document(name: impl Into<String>, content: Buffer, path: Option<PathBuf>) -> Self {
        Self { name: name.into(), path, content: Some(content), from: None, dialect: None, encoding: None, number: None }
    }
}

/// Where results go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Destination {
    /// Beside each source.
    #[default]
    Beside,
    /// Destination a folder, which is made where it is not there.
    Folder(PathBuf),
    /// Destination one ZIP.
    Zip(PathBuf),
    /// To this very file, for a single source.
    File(PathBuf),
}

/// What becomes of a result whose name is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OnExisting {
    /// It is an error.
    #[default]
    Refuse,
    /// It is left out, and nothing is wrong.
    Skip,
    /// It gets a number: "a (2).png".
    Rename,
    /// It replaces what is there; never a source, and never another result of the same run.
    Overwrite,
}

impl OnExisting {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Refuse => "refuse",
            Self::Skip => "skip",
            Self::Rename => "rename",
            Self::Overwrite => "overwrite",
        }
    }

    /// What a word means.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Refuse, Self::Skip, Self::Rename, Self::Overwrite].into_iter().find(|choice| choice.word() == word)
    }
}

/// Parts of a table's dialect; `None` is guessed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DialectChoice {
    /// The byte between cells.
    pub delimiter: Option<u8>,
    /// Whether the first row names the columns.
    pub header: Option<bool>,
}

/// How sources become results.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// What the sources are; detected where it is `None`.
    pub from: Option<Format>,
    /// What they become.
    pub to: Format,
    /// The choices.
    pub options: Options,
    /// Parts of the sources' dialect that the user chose; the rest is guessed.
    pub dialect: DialectChoice,
    /// Only this member of the sources, which are ZIP or tar archives.
    pub member: Option<String>,
    /// Only these bytes of each source, or of the member.
    pub range: Option<Part>,
    /// Where results go.
    pub into: Destination,
    /// What results are called, without an extension: `{name}` stands for the source's name without its own, `{number}` for its
    /// place among the sources, from 1.
    pub names: String,
    /// What becomes of a result whose name is taken.
    pub existing: OnExisting,
}

impl Recipe {
    /// Results are called like their sources.
    pub const NAMES: &'static str = "{name}";

    /// To `to`, beside each source, with nothing else said.
    pub fn new(to: Format) -> Self {
        Self {
            from: None,
            to,
            options: Options::default(),
            dialect: DialectChoice::default(),
            member: None,
            range: None,
            into: Destination::default(),
            names: Self::NAMES.into(),
            existing: OnExisting::default(),
        }
    }
}
