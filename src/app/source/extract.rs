//! Members of an archive as files of a folder: the engine of the window and of the terminal.
//!
//! Nothing is written under a name that is not safe, nothing through a link, and each file whole or not at all.

use std::io;
use std::path::{Path, PathBuf};

use crate::files::{self, Existing, FileError, FileErrorKind};
use crate::formats::FormatError;
use crate::formats::archive::{Archive, ArchiveError, Member, Risk, What, safe_path};
use crate::tasks::Progress;

/// What happens where a file of that name is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Present {
    /// The member fails, and is told of.
    Refuse,
    /// The member is passed over.
    #[default]
    Skip,
    /// The member gets another name: "a (2).txt".
    Rename,
    /// The file is replaced.
    Replace,
}

impl Present {
    /// What a person can choose.
    pub const ALL: [Self; 3] = [Self::Skip, Self::Rename, Self::Replace];

    /// In words, behind "Files that are there".
    pub const fn words(self) -> &'static str {
        match self {
            Self::Refuse => "Refuse",
            Self::Skip => "Skip",
            Self::Rename => "Keep both",
            Self::Replace => "Replace",
        }
    }
}

/// What became of one member.
#[derive(Debug)]
pub enum Told<'a> {
    /// It is a file now, of so many bytes.
    Written(&'a Path, u64),
    /// A file of that name is there.
    Skipped(&'a Path),
    /// It was not written, and why; its name in the archive.
    LeftOut(&'a str, String),
    /// Writing it failed; where.
    Failed(&'a Path, String),
}

/// How many members became what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extracted {
    /// Files that were written.
    pub written: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files that were there already.
    pub skipped: u64,
    /// Members that have no safe name, or are no files.
    pub left_out: u64,
    /// Members that failed.
    pub failed: u64,
    /// It was stopped on the way.
    pub cancelled: bool,
}

/// Writes `members` of an archive into `folder`, which is made if it is not there; `tell` hears of each. All together may make
/// `budget` bytes.
///
/// # Errors
/// The folder cannot be made. What is wrong with a member is told, and the others go on.
pub fn extract(
    archive: &Archive,
    members: &[&Member],
    folder: &Path,
    present: Present,
    budget: u64,
    progress: &Progress,
    tell: &mut dyn FnMut(&Told<'_>),
) -> Result<Extracted, FileError> {
    files::make_folder(folder)?;
    progress.set_total(members.iter().map(|member| member.size).fold(0, u64::saturating_add));
    let mut done = Extracted::default();
    let mut left = budget;
    for member in members {
        if progress.check().is_err() {
            done.cancelled = true;
            break;
        }
        let target = member.risk.is_none().then(|| safe_path(&member.name)).flatten();
        let Some(target) = target else {
            done.left_out += 1;
            tell(&Told::LeftOut(&member.name, member.risk.map_or("its name stands for no file", Risk::words).into()));
            continue;
        };
        let parent = if member.what == What::Folder { Some(target.as_path()) } else { target.parent() };
        let made = parent.map_or(Ok(()), |parent| files::make_folder_within(folder, parent));
        let path = folder.join(&target);
        if let Err(error) = made {
            done.failed += 1;
            tell(&Told::Failed(&path, error.kind.to_string()));
            continue;
        }
        if member.what == What::Folder {
            continue;
        }
        match one(archive, member, path, present, left, progress) {
            Ok((Some(bytes), path)) => {
                left -= bytes;
                done.written += 1;
                done.bytes += bytes;
                tell(&Told::Written(&path, bytes));
            }
            Ok((None, path)) => {
                done.skipped += 1;
                tell(&Told::Skipped(&path));
            }
            Err((_, Failure::Cancelled)) => {
                done.cancelled = true;
                break;
            }
            Err((path, Failure::What(what))) => {
                done.failed += 1;
                tell(&Told::Failed(&path, what));
            }
        }
    }
    Ok(done)
}

enum Failure {
    Cancelled,
    What(String),
}

/// The bytes that were written, or `None` where the file was there, and where that is.
fn one(
    archive: &Archive,
    member: &Member,
    path: PathBuf,
    present: Present,
    budget: u64,
    progress: &Progress,
) -> Result<(Option<u64>, PathBuf), (PathBuf, Failure)> {
    let taken = path.symlink_metadata().is_ok();
    if taken && path.is_symlink() && present != Present::Rename {
        return Err((path, Failure::What("left out, a link in the folder leads elsewhere".into())));
    }
    let (path, existing) = match (taken, present) {
        (true, Present::Skip) => return Ok((None, path)),
        (true, Present::Rename) => match (path.parent(), path.file_name()) {
            (Some(folder), Some(name)) => (files::free_name(folder, name), Existing::Refuse),
            _ => (path, Existing::Refuse),
        },
        (true, Present::Replace) => (path, Existing::Replace),
        _ => (path, Existing::Refuse),
    };
    let mut outcome = Ok(0);
    let saved = files::save(&path, &existing, progress, &mut |out| {
        outcome = archive.write(member, budget, out, progress);
        match &outcome {
            Ok(_) => Ok(()),
            Err(_) => Err(io::Error::other("the member failed")),
        }
    });
    match (outcome, saved) {
        (Err(ArchiveError::Format(FormatError::Cancelled(_))), _) => Err((path, Failure::Cancelled)),
        (Err(error), _) => Err((path, Failure::What(error.to_string()))),
        (Ok(_), Err(error)) if matches!(error.kind, FileErrorKind::Cancelled) => Err((path, Failure::Cancelled)),
        (Ok(_), Err(error)) => Err((path, Failure::What(error.kind.to_string()))),
        (Ok(written), Ok(_)) => Ok((Some(written), path)),
    }
}
