//! What becomes a document without being a file of its own: members of archives, addresses, what a program writes, the clipboard;
//! and documents as one archive.

mod archive;
mod extract;
mod job;
mod web;

use std::path::PathBuf;
use std::sync::Arc;

use crate::formats::archive::{Archive, Kind};

pub use archive::{ArchiveSort, ArchiveView};
pub use extract::{Extracted, Present, Told, extract};
pub(crate) use job::document_name;
pub use job::{ExtractReport, OpenedMember, SourceJob, SourceOutcome};
pub use web::{AddressDialog, LimitFields, RunDialog, shown_command};

/// Something of this kind was asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum SourceCommand {
    /// Members of the archive in front are to become documents, by their numbers.
    OpenMembers(Vec<usize>),
    /// Members of the archive in front are to become files of a folder; none is all.
    ExtractMembers(Vec<usize>),
    /// The content of the document in front may take so many bytes to be looked at.
    OpenAnyway(u64),
    /// What is typed for an address.
    Address(AddressDialog),
    /// What is typed for a command.
    Run(RunDialog),
    /// An address is to be opened: the program was asked to at its start.
    Fetch(String),
    /// A command is to be run and captured: the program asked for it at its start.
    Capture(crate::process::CommandLine, crate::process::Limits),
    /// What happens to files that are there already, in the dialog about it.
    Present(Present),
}

/// The dialogs of these things.
#[derive(Clone, Debug, PartialEq)]
pub enum SourceDialog {
    /// A job needs more than it may take: shall it?
    Anyway {
        /// What is too large: "big.bin".
        what: String,
        /// Bytes that it is known, or claimed, to take.
        needs: Option<u64>,
        /// What it may take now.
        limit: u64,
        /// The job, allowed to.
        job: Box<SourceJob>,
    },
    /// Open an address on the web.
    Address(AddressDialog),
    /// Run a command and capture what it writes.
    Run(RunDialog),
    /// The clipboard holds a data URL: its content, or the text?
    DataUrl {
        /// The text.
        text: String,
        /// Its content.
        bytes: Vec<u8>,
        /// What that is: "PNG image".
        label: String,
    },
    /// The clipboard names files: they, or the text?
    Files {
        /// The text.
        text: String,
        /// The files.
        paths: Vec<PathBuf>,
    },
    /// Write members into a folder: what happens to files that are there?
    Extract(ExtractDialog),
}

/// The dialog before members are written.
#[derive(Clone, Debug, PartialEq)]
pub struct ExtractDialog {
    /// The archive.
    pub archive: Arc<Archive>,
    /// Members by their numbers.
    pub members: Vec<usize>,
    /// Where they go.
    pub folder: PathBuf,
    /// What happens to files that are there.
    pub present: Present,
}

impl ExtractDialog {
    /// Members that can be written, their bytes as the archive says them, and members that are left out.
    pub fn sums(&self) -> (u64, u64, u64) {
        let members = self.members.iter().filter_map(|&index| self.archive.members().get(index));
        members.fold((0, 0, 0), |(files, bytes, out), member| match member.can_open() && member.risk.is_none() {
            true => (files + 1, bytes.saturating_add(member.size), out),
            false if member.what == crate::formats::archive::What::Folder && member.risk.is_none() => (files, bytes, out),
            false => (files, bytes, out + 1),
        })
    }
}

/// The name that is proposed for an archive of documents.
pub(super) fn archive_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Zip => "documents.zip",
        Kind::Tar => "documents.tar",
    }
}
