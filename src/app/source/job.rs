//! The work of these things.

use std::path::PathBuf;
use std::sync::Arc;

use super::extract::{Extracted, Present, Told, extract};
use crate::buffer::Buffer;
use crate::files::{self, Existing, FileError, Saved};
use crate::formats::archive::{self, Archive, ArchiveError, Kind};
use crate::formats::{self, Detection};
use crate::net::{self, Address, Fetched, NetError};
use crate::process::{self, CaptureError, Captured, CommandLine};
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
    /// Read what an address gives.
    Fetch {
        /// The address.
        address: Address,
        /// What it may take.
        limits: net::Limits,
    },
    /// Run a command and capture what it writes.
    Capture {
        /// The program and its arguments.
        command: CommandLine,
        /// What it may take.
        limits: process::Limits,
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
    /// Of [`SourceJob::Fetch`], with what the body is.
    Fetched(Result<(Fetched, String, Detection), NetError>),
    /// Of [`SourceJob::Capture`].
    Captured(Result<Captured, CaptureError>),
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
            Self::Fetch { address, .. } => format!("Asking {}", address.host()),
            Self::Capture { command, .. } => format!("Running {}", command.name()),
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
            Self::Fetch { address, limits } => SourceOutcome::Fetched(fetch(address, limits, progress)),
            Self::Capture { command, limits } => SourceOutcome::Captured(process::capture(command, limits, progress)),
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

/// What an address gives, with a name that a file can have, and what it is.
fn fetch(address: &Address, limits: &net::Limits, progress: &Progress) -> Result<(Fetched, String, Detection), NetError> {
    let fetched = net::fetch(address, limits, progress)?;
    let name = document_name(&fetched.name, fetched.media_type.as_deref());
    let detection = formats::detect(&fetched.body, Some(&name)).map_err(|error| NetError::Failed(error.to_string()))?;
    Ok((fetched, name, detection))
}

/// Characters of a name that a server proposes.
const LONGEST_NAME: usize = 120;

/// What a body is called: the last part of what was proposed, without what no file's name has. Where it has no extension, the
/// media type gives it one: both are hints for whoever looks at the bytes.
pub(crate) fn document_name(proposed: &str, media_type: Option<&str>) -> String {
    let last = proposed.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or("page");
    let short: String = last.chars().take(LONGEST_NAME).collect();
    let name = archive::packed_name(&short, &mut Default::default());
    let known = media_type.and_then(|kind| formats::FORMATS.iter().find(|info| info.mime == kind));
    match known.and_then(|info| info.extensions.first()) {
        Some(extension) if !name.contains('.') => format!("{name}.{extension}"),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_called_by_a_name_that_a_file_can_have() {
        for (proposed, media_type, name) in [
            ("report.csv", None, "report.csv"),
            ("../../etc/passwd", None, "passwd"),
            ("C:\\x\\nul", None, "_nul"),
            ("download", Some("image/png"), "download.png"),
            ("download", Some("x/unknown"), "download"),
            ("", Some("text/csv"), "page.csv"),
            ("a\u{202e}gnp.exe", None, "a_gnp.exe"),
        ] {
            assert_eq!(document_name(proposed, media_type), name, "{proposed:?}");
        }
        assert!(document_name(&"x".repeat(10_000), None).len() <= LONGEST_NAME);
    }
}
