//! A timeline as a program that makes the same calls: in Python for CPython's `io`, in Rust for this library's streams.
//!
//! Both begin with the content before the first call and end with the bytes and the position of the moment that is shown. What
//! Python's streams cannot do in one call (an insert in the middle) is said in several. A call that raised is made again, and
//! is expected to raise; one that would not do the same again (its arguments were too large to keep, memory was short) is
//! told in a comment, and what it changed is put in place.

mod plan;
mod python;
mod rust;

use super::{Data, Timeline};
pub(super) use plan::{Line, plan};
pub(super) use rust::read_file as read_file_in_rust;

/// Units of data that a script spells out for one call.
const DATA: u64 = 16 << 20;

/// Bytes of a script.
const LENGTH: usize = 256 << 20;

/// Runs of one byte from this length on are said as such.
const RUN: u64 = 64;

/// Why there is no script.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScriptError {
    /// A call put more in than a script can spell out.
    #[error("a call holds {0} units of data, and a script spells out at most {DATA}")]
    Data(u64),
    /// All calls together are too long.
    #[error("the calls would make a script of more than {} MiB", LENGTH >> 20)]
    Long,
    /// The content lies in a file that cannot be read any more.
    #[error("the data cannot be read: {0}")]
    Unreadable(String),
}

/// Where a script ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// For CPython.
    Python,
    /// For this library.
    Rust,
}

impl Language {
    /// What menus call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Python => "Python",
            Self::Rust => "Rust",
        }
    }

    /// The extension of its files.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Python => "py",
            Self::Rust => "rs",
        }
    }
}

impl Timeline {
    /// The calls up to the moment that is shown, as a program. `name` is the document's.
    pub fn script(&self, language: Language, name: &str) -> Result<String, ScriptError> {
        match language {
            Language::Python => self.python(name),
            Language::Rust => self.rust(name),
        }
    }

    /// The calls up to the moment that is shown, as a script that CPython runs to the same bytes and position.
    pub fn python(&self, name: &str) -> Result<String, ScriptError> {
        python::write(self, name)
    }

    /// The same calls as a program over [`crate::stream::BytesIO`] or [`crate::stream::StringIO`].
    pub fn rust(&self, name: &str) -> Result<String, ScriptError> {
        rust::write(self, name)
    }
}

/// A name for a comment: on one line, nothing hidden.
fn quoted(name: &str) -> String {
    crate::stream::str_repr(&crate::stream::Text::from(name))
}

/// A file that the initial content is read from where it is too large to be spelled out.
fn file_name(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_alphanumeric() || "._- ".contains(c) { c } else { '_' }).collect();
    if plain.contains('.') { plain } else { format!("{plain}.bin") }
}

/// The byte or code point that all of the data is, where it is long.
fn run_of(data: &Data) -> Option<u32> {
    if data.len() < RUN {
        return None;
    }
    let mut units: Box<dyn Iterator<Item = u32>> = match data {
        // A long run of one byte is told by its first pieces, without reading it all.
        Data::Bytes(bytes) => {
            let first = bytes.byte_at(crate::buffer::Offset::ZERO).ok()??;
            let filled = crate::buffer::Buffer::filled(first, bytes.len());
            return (bytes.len().get() <= DATA && *bytes == filled || bytes.is_same(&filled)).then_some(first.into());
        }
        Data::Text(text) => Box::new(text.code_points()),
    };
    let first = units.next()?;
    units.all(|unit| unit == first).then_some(first)
}

/// The bytes of data that is to be spelled out.
fn bytes_of(data: &Data) -> Result<Vec<u8>, ScriptError> {
    if data.len() > DATA {
        return Err(ScriptError::Data(data.len()));
    }
    let all = match data {
        Data::Bytes(bytes) => bytes.to_vec_all(),
        Data::Text(text) => text.to_utf8().to_vec_all(),
    };
    all.map_err(|error| ScriptError::Unreadable(error.to_string()))
}
