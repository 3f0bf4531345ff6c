//! What comes of jobs.

use std::sync::Arc;

#[cfg(doc)]
use super::Job;
use super::ReadRecipe;
use crate::app::table::ColumnFacts;
use crate::app::{Compared, ConvertPreview, Converted, DiskChange, PictureDetails, PictureNumbers, SourceOutcome};
use crate::buffer::Buffer;
use crate::convert::{ConvertError, Survey};
use crate::explore::byte_ops::ByteOpError;
use crate::explore::compare::CompareError;
use crate::explore::hash::{Digest, HashError};
use crate::explore::search::{Hit, Replaced, ReplacementError, SearchError};
use crate::explore::table::{Found, Place as CellPlace, RowOrder};
use crate::explore::{overview, strings};
use crate::files::{self, FileError, Opened, Saved};
use crate::formats::archive::Archive;
use crate::formats::picture::Picture;
use crate::formats::structure::Structure;
use crate::formats::table::edit::{EditError, Splice};
use crate::formats::table::{Dialect, Table};
use crate::formats::text::Encoding;
use crate::formats::{Conversion, Detection, Format, FormatError, Loss};
use crate::lesson::Lesson;

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListFormat {
    /// A table with a heading.
    Csv,
    /// An array of objects.
    Json,
    /// A line each.
    Text,
}

impl ListFormat {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Json, Self::Text];

    /// The format of the file.
    pub const fn format(self) -> Format {
        match self {
            Self::Csv => Format::Csv,
            Self::Json => Format::Json,
            Self::Text => Format::Text,
        }
    }

    /// The extension of the file's name.
    pub fn extension(self) -> &'static str {
        self.format().info().extensions[0]
    }
}

/// A file that was opened and looked at.
#[derive(Clone, Debug)]
pub struct OpenedDocument {
    /// The file.
    pub file: Opened,
    /// What it is.
    pub detection: Detection,
}

/// What a document's content looks like.
#[derive(Clone, Debug)]
pub enum Preview {
    /// Pixels.
    Picture(Arc<Picture>),
    /// Rows and columns, and for a delimited file its dialect and why.
    Table {
        /// The table.
        table: Arc<Table>,
        /// How a delimited file was read, and why; `None` for JSON.
        dialect: Option<(Dialect, String)>,
    },
    /// The members of an archive.
    Archive(Arc<Archive>),
}

/// What a look at a document's content found.
#[derive(Debug)]
pub struct Looked {
    /// What it is; `None` where it could not be read at all.
    pub detection: Option<Detection>,
    /// Its picture or table; `None` for what looks like nothing.
    pub preview: Result<Option<Preview>, FormatError>,
    /// The limit with which it might go well, where it failed at one.
    pub needs: Option<u64>,
}

/// An export failed, on one of its two sides.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The content could not be converted.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The file could not be written.
    #[error(transparent)]
    File(#[from] FileError),
    /// What was written is not what it was to be.
    #[error(transparent)]
    Verify(ConvertError),
}

impl From<ConvertError> for ExportError {
    fn from(error: ConvertError) -> Self {
        match error {
            ConvertError::Format(error) => Self::Format(error),
            ConvertError::Save(error) | ConvertError::Open(error) => Self::File(error),
            error => Self::Verify(error),
        }
    }
}

/// What came of a job. Errors are in it: they are handled where the outcome is applied.
#[derive(Debug)]
pub enum JobOutcome {
    /// Of [`Job::Repair`]: what was found, and copies of documents that an ended program had not saved.
    Repaired(Vec<files::Repaired>, Vec<(String, Vec<u8>)>),
    /// Of [`Job::KeepCopies`] and [`Job::DropCopies`]. A copy that could not be made is no reason to bother anybody: it
    /// is a second net.
    Copied,
    /// Of [`Job::Open`]: a result for each path, in order.
    Opened(Vec<Result<OpenedDocument, FileError>>),
    /// Of [`Job::ReadScript`]: the file's name and the statements.
    ReadScript(Result<(String, String), String>),
    /// Of [`Job::LookAtFile`]: how it changed, where it did.
    LookedAtFile(Option<DiskChange>),
    /// Of [`Job::LookAtPaths`]: what is wrong with them.
    LookedAtPaths(Option<String>),
    /// Of [`Job::OpenBeside`].
    OpenedBeside(Result<Box<OpenedDocument>, FileError>),
    /// Of [`Job::ReadBookmarks`]: the file's name and its text.
    ReadBookmarks(Result<(String, String), String>),
    /// Of [`Job::ReadLesson`].
    ReadLesson(Result<Lesson, String>),
    /// Of [`Job::ReadStandardInput`].
    StandardInput(Result<(Buffer, Detection), String>),
    /// Of [`Job::Save`].
    Saved(Result<Saved, FileError>),
    /// Of [`Job::Export`].
    Exported(Result<(Saved, Conversion), ExportError>),
    /// Of a [`Job::Script`] that goes to no file.
    Script(Result<String, String>),
    /// Of [`Job::Losses`].
    Losses(Result<Vec<Loss>, FormatError>),
    /// Of [`Job::ConvertMany`].
    Converted(Converted),
    /// Of [`Job::ConvertPreview`].
    ConvertPreviewed(Box<Result<ConvertPreview, ConvertError>>),
    /// Of [`Job::ConvertSurvey`]; `None` where it was stopped.
    ConvertSurveyed(Option<Arc<Survey>>),
    /// Of [`Job::Preview`].
    Preview(Looked),
    /// Of [`Job::Decode`]: text, what could not be decoded, and the encoding.
    Decoded(Result<(String, u64, Encoding), FormatError>),
    /// Of [`Job::Compare`].
    Compared(Result<Arc<Compared>, CompareError>),
    /// Of [`Job::OtherUnit`]: where it is, if there is one.
    OtherUnit(Result<Option<u64>, CompareError>),
    /// Of [`Job::Source`].
    Source(SourceOutcome),
    /// Of [`Job::EncodePicture`].
    Encoded(Result<Vec<u8>, FormatError>),
    /// Of [`Job::Search`]: what came of it is in the feeds.
    Searched,
    /// Of [`Job::FindOne`]: the match, and whether the search went on at the other end.
    Found(Result<Option<(Hit, bool)>, SearchError>),
    /// Of [`Job::ReplaceAll`]; `None` where there was no match.
    Replaced(Result<Option<Replaced>, ReplacementError>),
    /// Of [`Job::ReplaceEverywhere`], in the order of its documents.
    ReplacedEverywhere(Vec<Result<Option<Replaced>, ReplacementError>>),
    /// Of [`Job::Matches`]: how many were written of how many there are.
    MatchesSaved(Result<(Saved, u64, u64), FileError>),
    /// Of [`Job::Structure`].
    Structure(Result<Option<Structure>, FormatError>),
    /// Of [`Job::Hash`].
    Hashed(Result<Vec<Digest>, HashError>),
    /// Of [`Job::CopyText`].
    CopyText(Result<String, FormatError>),
    /// Of [`Job::PasteText`].
    PasteText(Result<Buffer, String>),
    /// Of [`Job::Bytes`].
    Bytes(Result<Buffer, ByteOpError>),
    /// Of [`Job::InsertFile`].
    InsertFile(Result<Buffer, FileError>),
    /// Of [`Job::FindLine`]: where it begins, or how many lines there are.
    FoundLine(Result<Result<u64, u64>, String>),
    /// Of [`Job::Overview`]; `None` where it was stopped.
    Overview(Option<Arc<overview::Overview>>),
    /// Of [`Job::Strings`]; `None` where it was stopped.
    Strings(Option<Arc<strings::Strings>>),
    /// Of [`Job::ReportPreview`].
    ReportPreview(Box<crate::app::ReportLook>),
    /// Of [`Job::ReadRecipe`].
    ReadRecipe(Result<ReadRecipe, String>),
    /// Of [`Job::PictureDetails`]; `None` where it was stopped.
    PictureDetails(Option<Arc<PictureDetails>>),
    /// Of [`Job::PictureNumbers`]; `None` where it was stopped.
    PictureNumbers(Option<Arc<PictureNumbers>>),
    /// Of [`Job::CopyPicture`]: width, height and four bytes a pixel.
    CopyPicture(Result<(u32, u32, Vec<u8>), FormatError>),
    /// Of [`Job::CopyCells`].
    CopyCells(Result<String, FormatError>),
    /// Of [`Job::ChangeTable`]; `None` where nothing changes.
    ChangeTable(Result<Option<Splice>, EditError>),
    /// Of [`Job::ArrangeTable`].
    ArrangeTable(Result<Arc<RowOrder>, FormatError>),
    /// Of [`Job::SearchTable`].
    SearchTable(Result<Arc<Found>, FormatError>),
    /// Of [`Job::SeekInTable`]: the place and the cell.
    SeekInTable(Result<Option<(u64, CellPlace)>, FormatError>),
    /// Of [`Job::ColumnFacts`].
    ColumnFacts(Result<Arc<ColumnFacts>, FormatError>),
    /// The job broke; nothing else was harmed.
    Panicked(String),
    /// The job was cancelled before it began.
    Cancelled,
}
