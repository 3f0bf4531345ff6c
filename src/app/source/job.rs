//! The work of these things.

use std::path::PathBuf;
use std::sync::Arc;

use super::extract::{Extracted, Present, Told, extract};
use crate::buffer::Buffer;
use crate::files::{self, Existing, FileError, Saved};
use crate::formats::archive::{self, Archive, ArchiveError, Kind};
use crate::formats::{self, Detection};
use crate::tasks::Progress;

/// Problems of an extraction that are told; the rest is counted.
const TOLD: usize = 20;

/// How hard a ZIP tries, of 9.
const LEVEL: u8 = 6;

/// Work that makes documents of something, or something of documents.
#[derive(Clone, Debug, PartialEq)]
pub enum SourceJob {
    /// Unpack a member of an archive.
    Member {
        /// The archive.
        archive: Arc<Archive>,
        /// The document that it is in, by name.
        origin: String,
        /// The member's number.
        index: usize,
        /// Bytes that it may make; `None` is what honest data make.
        budget: Option<u64>,
    },
    /// Write members into a folder.
    Extract {
        /// The archive.
        archive: Arc<Archive>,
        /// Their numbers.
        members: Vec<usize>,
        /// The folder.
        folder: PathBuf,
        /// What happens to files that are there.
        present: Present,
        /// Bytes that all of them may make.
        budget: u64,
    },
    /// Write documents as one archive.
    Pack {
        /// Their names and bytes.
        documents: Vec<(String, Buffer)>,
        /// What is written.
        kind: Kind,
        /// Where it goes.
        path: PathBuf,
        /// What may happen to a file that is there.
        existing: Existing,
    },
}

/// A member that was unpacked.
#[derive(Clone, Debug)]
pub struct OpenedMember {
    /// The last part of its name.
    pub name: String,
    /// Its bytes.
    pub content: Buffer,
    /// What they are.
    pub detection: Detection,
}

/// What came of an extraction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExtractReport {
    /// How many members became what.
    pub done: Extracted,
    /// What was wrong, a sentence each; the first ones.
    pub told: Vec<String>,
}

/// What came of a [`SourceJob`].
#[derive(Debug)]
pub enum SourceOutcome {
    /// Of [`SourceJob::Member`].
    Member(Result<OpenedMember, ArchiveError>),
    /// Of [`SourceJob::Extract`].
    Extracted(Result<ExtractReport, FileError>),
    /// Of [`SourceJob::Pack`]: the file, and how many members it has.
    Packed(Result<(Saved, usize), FileError>),
}

impl SourceJob {
    /// What the status bar calls it.
    pub fn title(&self) -> String {
        match self {
            Self::Member { archive, index, .. } => {
                let name = archive.members().get(*index).map_or("a member", |member| member.file_name());
                format!("Unpacking {name}")
            }
            Self::Extract { members, .. } => {
                format!("Extracting {}", crate::app::numbers::count(members.len() as u64, "member"))
            }
            Self::Pack { path, .. } => {
                format!("Packing {}", path.file_name().unwrap_or(path.as_os_str()).to_string_lossy())
            }
        }
    }

    /// Whether it writes files.
    pub fn writes_files(&self) -> bool {
        matches!(self, Self::Extract { .. } | Self::Pack { .. })
    }

    /// The same, allowed to replace the file that is there.
    pub(in crate::app) fn replacing(self) -> Self {
        match self {
            Self::Pack { documents, kind, path, .. } => Self::Pack { documents, kind, path, existing: Existing::Replace },
            other => other,
        }
    }

    /// Does the work on the calling thread.
    pub fn run(&self, progress: &Progress) -> SourceOutcome {
        match self {
            Self::Member { archive, index, budget, .. } => SourceOutcome::Member(member(archive, *index, *budget, progress)),
            Self::Extract { archive, members, folder, present, budget } => {
                let members: Vec<_> = members.iter().filter_map(|&index| archive.members().get(index)).collect();
                let mut told = Vec::new();
                let done = extract(archive, &members, folder, *present, *budget, progress, &mut |what| {
                    let sentence = match what {
                        Told::LeftOut(name, why) => format!("{name:?} was left out: {why}"),
                        Told::Failed(path, what) => format!("{}: {what}", files::display_path(path)),
                        Told::Written(..) | Told::Skipped(_) => return,
                    };
                    if told.len() < TOLD {
                        told.push(sentence);
                    }
                });
                SourceOutcome::Extracted(done.map(|done| ExtractReport { done, told }))
            }
            Self::Pack { documents, kind, path, existing } => {
                let mut packed = 0;
                let mut pack = |out: &mut dyn std::io::Write| match archive::pack(documents, *kind, LEVEL, out, progress) {
                    Ok(members) => {
                        packed = members.len();
                        Ok(())
                    }
                    Err(ArchiveError::Format(formats::FormatError::Write(error))) => Err(error),
                    Err(ArchiveError::Format(formats::FormatError::Cancelled(error))) => Err(std::io::Error::other(error)),
                    Err(error) => Err(std::io::Error::other(error.to_string())),
                };
                let saved = files::save(path, existing, progress, &mut pack);
                SourceOutcome::Packed(saved.map(|saved| (saved, packed)))
            }
        }
    }
}

fn member(archive: &Archive, index: usize, budget: Option<u64>, progress: &Progress) -> Result<OpenedMember, ArchiveError> {
    let member = archive.members().get(index).ok_or_else(|| ArchiveError::NoMember(format!("number {index}")))?;
    progress.set_total(member.size);
    let content = archive.read(member, budget.unwrap_or_else(|| member.usual_budget()), progress)?;
    let name = member.file_name().to_owned();
    let detection = formats::detect(&content, Some(&name))?;
    Ok(OpenedMember { name, content, detection })
}
