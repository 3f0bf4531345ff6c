//! The one dialog that may be open inside the window.

use std::path::PathBuf;

use super::bytes_view::HexSide;
use super::{BytesDialog, CopyAsDialog, Job, JobId, KeysDialog, PasteAsDialog, RangeDialog, ResizeDialog};
use crate::document::DocumentId;
use crate::explore::search::Replaced;
use crate::formats::table::TableView;
use crate::formats::{self, Format, Loss, Options};

/// A dialog inside the window. There is at most one.
#[derive(Clone, Debug, PartialEq)]
pub enum Dialog {
    /// Go to a position, or select up to it.
    GoTo {
        /// What is typed.
        text: String,
        /// What is wrong with it, while it is typed.
        error: Option<String>,
        /// Where it leads.
        preview: String,
        /// The selection grows up to there.
        extend: bool,
    },
    /// Go to a row of the table.
    GoToRow {
        /// What is typed.
        text: String,
        /// What is wrong with it.
        error: Option<String>,
    },
    /// Bytes a row.
    Columns {
        /// The view that they are for.
        side: HexSide,
        /// What is typed.
        text: String,
        /// What is wrong with it.
        error: Option<String>,
    },
    /// What is added to the addresses that are shown.
    BaseAddress {
        /// What is typed.
        text: String,
        /// What is wrong with it.
        error: Option<String>,
    },
    /// Select between two positions.
    SelectRange(RangeDialog),
    /// Copy as text for another program.
    CopyAs(Box<CopyAsDialog>),
    /// Read text as bytes.
    PasteAs(Box<PasteAsDialog>),
    /// Change or insert bytes.
    Bytes(Box<BytesDialog>),
    /// Give the document another size.
    Resize(ResizeDialog),
    /// Save / Don't save / Cancel.
    Unsaved {
        /// The documents with unsaved changes.
        documents: Vec<DocumentId>,
        /// What happens after the answer.
        then: AfterUnsaved,
    },
    /// Put a report together: [`AppState::report`](super::AppState::report).
    Report,
    /// Choose a format and its options, see what will be lost.
    Export(ExportDialog),
    /// Convert many sources: [`AppState::converting`](super::AppState::converting) says what.
    Convert,
    /// Type a path, on machines with no dialog service.
    TypedPath {
        /// What the path is for.
        purpose: PathPurpose,
        /// What is asked for: "Insert a file".
        title: String,
        /// What is typed.
        text: String,
        /// Why there is no native dialog.
        reason: String,
        /// What is wrong with what is typed.
        error: Option<String>,
    },
    /// The file exists: replace it?
    Overwrite {
        /// The file.
        path: PathBuf,
        /// The job to run when the answer is yes.
        job: Box<Job>,
    },
    /// The file changed on disk since it was opened: replace it, save under another name, or leave it?
    ChangedOnDisk {
        /// The document.
        document: DocumentId,
        /// The file.
        path: PathBuf,
    },
    /// A lesson's file was dropped: take it, or open it as a document?
    OfferLesson(PathBuf),
    /// Choose what the document in front is compared with.
    CompareWith {
        /// The document.
        document: DocumentId,
        /// What is typed, to find a document by its name.
        query: String,
    },
    /// Choose the encoding of the text column.
    Charset {
        /// What is typed, to find one by a name.
        query: String,
    },
    /// All matches in all documents are about to be replaced: shall they?
    ReplaceEverywhere(ReplaceEverywhere),
    /// About archives and other sources.
    Source(Box<super::SourceDialog>),
    /// Find a command by name.
    Palette {
        /// What is typed.
        query: String,
    },
    /// All messages of the session.
    Notices,
    /// All commands with their keys, which can be given others.
    Shortcuts(Box<KeysDialog>),
    /// Version and licences.
    About,
}

/// What comes of replacing the matches in several documents, before it happens.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplaceEverywhere {
    /// The documents that have matches: their names and revisions, and what they become.
    pub documents: Vec<(DocumentId, u64, String, Replaced)>,
    /// What does not take part, each in a sentence.
    pub left_out: Vec<String>,
}

impl ReplaceEverywhere {
    /// How many matches.
    pub fn count(&self) -> u64 {
        self.documents.iter().map(|(.., replaced)| replaced.count).fold(0, u64::saturating_add)
    }
}

/// What happens after the question about unsaved changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterUnsaved {
    /// This document is closed.
    Close(DocumentId),
    /// The window is closed.
    Quit,
    /// The file of this document is read again.
    Reload(DocumentId),
}

/// What a typed path is for.
#[derive(Clone, Debug, PartialEq)]
pub enum PathPurpose {
    /// Files to open, one a line.
    Open,
    /// Where what is waiting to be saved goes.
    Save,
    /// A folder to write into; it is made if it is not there.
    Folder,
}

/// The export dialog.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportDialog {
    /// The document.
    pub document: DocumentId,
    /// What its content is.
    pub from: Format,
    /// What it can be written as.
    pub targets: Vec<Format>,
    /// What was chosen.
    pub to: Format,
    /// The choices of the writers.
    pub options: Box<Options>,
    /// The table as it is shown, where that is not all of it as it stands.
    pub view: Option<TableView>,
    /// What the result will not have.
    pub losses: Losses,
}

impl ExportDialog {
    /// The view that can be exported instead of the whole table: there is one, and the format takes rows.
    pub fn offered_view(&self) -> Option<&TableView> {
        self.view.as_ref().filter(|_| formats::takes_view(self.from, self.to))
    }
}

/// What is known about the losses of an export.
#[derive(Clone, Debug, PartialEq)]
pub enum Losses {
    /// A job is finding out.
    Asking(JobId),
    /// These.
    Known(Vec<Loss>),
    /// The conversion cannot be done; why.
    Impossible(String),
}
