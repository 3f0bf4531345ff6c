//! Why a source was not converted.

use std::path::{Path, PathBuf};

use crate::files::{FileError, FileErrorKind};
use crate::formats::{Format, FormatError};

/// A source was not converted; what its result would have replaced is what it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConvertError {
    /// The source could not be opened.
    #[error("{}", .0.kind)]
    Open(FileError),
    /// The range or the member is not in the source, or cannot be had.
    #[error("{0}")]
    Part(String),
    /// The content could not be converted.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The result could not be saved.
    #[error("{}", .0.kind)]
    Save(FileError),
    /// The result would replace a source.
    #[error("the output is the input; choose another folder or another name")]
    OverSource(PathBuf),
    /// Another source of the same run was written there.
    #[error("another input of this run was written there already, so {other} is left out; say rename to keep both")]
    Twin {
        /// The place.
        path: PathBuf,
        /// The source that is left out.
        other: String,
    },
    /// A document that never was a file has no folder that a result could stand in.
    #[error("it has no folder; choose one for the results")]
    NoFolder,
    /// What was written does not read back as what it was to be; it was thrown away.
    #[error("the {} that was written does not read back: {what}; nothing was kept", format.info().name)]
    NotVerified {
        /// What was written.
        format: Format,
        /// What is different.
        what: String,
    },
    /// The archive that it was to be packed into could not be written.
    #[error("the ZIP could not be written: {0}")]
    Zip(String),
}

impl ConvertError {
    /// Whether the user stopped it.
    pub fn is_cancelled(&self) -> bool {
        match self {
            Self::Format(error) => matches!(error, FormatError::Cancelled(_)),
            Self::Save(error) | Self::Open(error) => matches!(error.kind, FileErrorKind::Cancelled),
            _ => false,
        }
    }

    /// The path that the error is about, where it is not about the source.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Save(error) => Some(&error.path),
            Self::OverSource(path) | Self::Twin { path, .. } => Some(path),
            _ => None,
        }
    }
}
