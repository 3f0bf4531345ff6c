//! The file under a document, when somebody else changed it.

use crate::document::DocumentId;
use crate::files::Stamp;

/// What became of a document's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiskState {
    /// It is what was read or written last, as far as is known.
    Same,
    /// Something happened to it, and a job looks what.
    Looking,
    /// It has another content: the user is asked.
    Changed(DiskChange),
    /// The user keeps what is here; another change than this one is asked about again.
    Kept(Stamp),
}

impl super::OpenDocument {
    /// Whether closing loses something: changes that were not saved, or bytes that were kept when the file under them got
    /// others or went away, and that are nowhere else now.
    pub fn is_unsaved(&self) -> bool {
        self.document.is_modified() || matches!(self.disk, DiskState::Kept(_))
    }
}

/// How a file changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiskChange {
    /// What is there now.
    pub stamp: Stamp,
    /// What happened.
    pub what: DiskEvent,
}

/// What happened to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiskEvent {
    /// Its content was changed, or another file is in its place; the sizes before and now, in bytes.
    Content {
        /// When it was read or written last.
        before: u64,
        /// Now.
        now: u64,
    },
    /// There is no such file any more.
    Gone,
    /// It cannot be read, and why.
    Unreadable(String),
}

/// What the user does about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskAnswer {
    /// Read it again; undo brings back what is here.
    Reload,
    /// Leave everything as it is.
    Keep,
    /// Open what is on the disk as a document of its own, to compare.
    Compare,
}

/// What is told of files on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiskCommand {
    /// Something happened to a file.
    Happened(std::path::PathBuf),
    /// The user answered for a document.
    Answer(DocumentId, DiskAnswer),
}
