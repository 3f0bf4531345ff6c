//! Why bytes could not be understood, or not be written as something else.

use std::io;

use super::Format;
use crate::buffer::{Offset, ReadError};
use crate::tasks::{Cancelled, Left};

/// A conversion or a preview failed, by cause.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// The bytes are not what the format demands. `at` is where, when the codec says it.
    #[error("this is not a valid {}: {what}{}", format.info().name, place(*at))]
    Malformed {
        /// The format that was expected.
        format: Format,
        /// What is wrong, in the codec's words.
        what: String,
        /// The byte where it went wrong.
        at: Option<Offset>,
    },
    /// The format knows this, we do not.
    #[error("{what} is not supported in {}", format.info().name)]
    Unsupported {
        /// The format.
        format: Format,
        /// The feature.
        what: String,
    },
    /// An archive's list of members cannot be read; a sentence.
    #[error("{0}")]
    Archive(String),
    /// No way leads from one format to the other.
    #[error("{} cannot be converted to {}", from.info().name, to.info().name)]
    NoConversion {
        /// What there is.
        from: Format,
        /// What was wanted.
        to: Format,
    },
    /// The input is of a format that is known by name only.
    #[error("{label} is not read here, so it cannot become {}; only its bytes can be written", to.info().name)]
    Unread {
        /// What the input is.
        label: String,
        /// What was wanted.
        to: Format,
    },
    /// The input asks for more than the limits allow.
    #[error("{what}, more than the limit of {limit}")]
    Limit {
        /// What was asked for, with its number.
        what: String,
        /// The limit, with its unit.
        limit: String,
    },
    /// An option has a value that the format cannot take.
    #[error("{0}")]
    Option(String),
    /// The input could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The output could not be written.
    #[error("the result cannot be written ({0})")]
    Write(#[source] io::Error),
    /// The user cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// A decoder broke on this input; nothing else was harmed.
    #[error("the {} decoder failed on this input ({message})", format.info().name)]
    Panicked {
        /// The format whose decoder it was.
        format: Format,
        /// The panic's message.
        message: String,
    },
}

impl From<Left> for FormatError {
    fn from(left: Left) -> Self {
        match left {
            Left::Cancelled(cancelled) => cancelled.into(),
            Left::Write(error) => Self::Write(error),
        }
    }
}

fn place(at: Option<Offset>) -> String {
    at.map(|offset| format!(", at offset {offset}")).unwrap_or_default()
}
