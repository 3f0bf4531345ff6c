//! Why no workbook came to be.

use rust_xlsxwriter::XlsxError;

use crate::formats::{Format, FormatError};
use crate::tasks::Cancelled;

/// An error of ours, or of the library that writes workbooks.
pub(in crate::formats) enum Failure {
    Ours(FormatError),
    Writer(XlsxError),
}

impl From<XlsxError> for Failure {
    fn from(error: XlsxError) -> Self {
        Self::Writer(error)
    }
}

impl From<FormatError> for Failure {
    fn from(error: FormatError) -> Self {
        Self::Ours(error)
    }
}

impl From<Cancelled> for Failure {
    fn from(cancelled: Cancelled) -> Self {
        Self::Ours(cancelled.into())
    }
}

impl From<Failure> for FormatError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Ours(error) => error,
            Failure::Writer(XlsxError::IoError(error)) => Self::Write(error),
            Failure::Writer(error) => Self::Unsupported { format: Format::Xlsx, what: error.to_string() },
        }
    }
}
