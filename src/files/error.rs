//! Why a file could not be opened or saved.

use std::io;
use std::path::{Path, PathBuf};

use super::display_path;
use crate::buffer::Len;
use crate::tasks::Cancelled;

/// A file could not be opened or saved. Its words end with the path.
#[derive(Debug, thiserror::Error)]
#[error("{kind}: {}", display_path(path))]
pub struct FileError {
    /// The cause.
    pub kind: FileErrorKind,
    /// The file.
    pub path: PathBuf,
}

impl FileError {
    /// `kind` about `path`.
    pub fn new(kind: FileErrorKind, path: &Path) -> Self {
        Self { kind, path: path.to_owned() }
    }
}

/// The causes of a [`FileError`], in words that say what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileErrorKind {
    /// There is nothing at the path.
    #[error("there is no such file")]
    NotFound,
    /// The folder to save into is not there.
    #[error("the folder does not exist; create it or choose another one")]
    NoFolder,
    /// A folder.
    #[error("this is a folder; choose a file in it")]
    Folder,
    /// A character or block device.
    #[error("this is a device, not a file; copy what it gives to a file or pipe it in with \"-\"")]
    Device,
    /// A named pipe.
    #[error("this is a named pipe, not a file; pipe its content in with \"-\"")]
    Fifo,
    /// A socket.
    #[error("this is a socket, not a file; choose a regular file")]
    Socket,
    /// A file that the kernel makes up (`/proc`, `/sys`): it cannot be replaced.
    #[error("this file belongs to the system and cannot be replaced; save under another name")]
    System,
    /// The user may not read or write it.
    #[error("permission denied; change the permissions or choose another place")]
    PermissionDenied,
    /// The file system is mounted read-only.
    #[error("the disk is read-only; choose another place")]
    ReadOnly,
    /// The disk is full.
    #[error("there is no space left on the disk; free some or choose another place")]
    NoSpace,
    /// There is too little space for what is to be written, and nothing was written.
    #[error("the disk has {} free, and {} more are needed; free some space or choose another place", space(*free), space(*missing))]
    TooLittleSpace {
        /// What is missing.
        missing: Len,
        /// What is there.
        free: Len,
    },
    /// The backup copy that was asked for cannot be made; nothing was saved.
    #[error("nothing was saved, because the backup copy could not be made: {0}; choose another place, or save without one")]
    NoBackup(String),
    /// The user's share of the disk is used up.
    #[error("the disk quota is used up; free some space or choose another place")]
    Quota,
    /// The file system takes no file this large.
    #[error("the file system does not take a file this large; choose another place")]
    FileTooLarge,
    /// The content does not fit into what may be held in memory.
    #[error("there are more than {0} bytes, too many to hold in memory; save them to a file and open that")]
    TooLarge(Len),
    /// The name has more bytes than the file system allows.
    #[error("the name is too long; choose a shorter one")]
    NameTooLong,
    /// The path is no path: it is empty or holds a zero byte.
    #[error("this is not the name of a file; choose another one")]
    InvalidName,
    /// Symbolic links that lead in a circle, or more than 40 of them.
    #[error("the symbolic links lead in a circle; choose the file itself")]
    LinkLoop,
    /// Another program holds the file.
    #[error("another program is using the file; close it there or save under another name")]
    Busy,
    /// Too many files are open.
    #[error("too many files are open; close some and try again")]
    TooManyOpen,
    /// It exists and may not be replaced.
    #[error("the file exists already; say --overwrite to replace it")]
    Exists,
    /// It is not what was opened.
    #[error("the file changed on disk since it was opened; reload it or save under another name")]
    ChangedOnDisk,
    /// What was written is not there when it is looked for.
    #[error("the file was written, but is not there when read again; save it under another name")]
    NotVerified,
    /// The new content is in its place, but the disk would not confirm it.
    #[error("the file was written, but the disk does not confirm it ({0}); save it again or under another name")]
    Unconfirmed(io::Error),
    /// Writing in place failed midway, and the old content could not be put back; both are kept.
    #[error("writing failed ({error}); the old content is kept in {}, the new one in {}", display_path(old), display_path(new))]
    Torn {
        /// What went wrong.
        error: io::Error,
        /// Where the old content is.
        old: PathBuf,
        /// Where the new content is.
        new: PathBuf,
    },
    /// The user cancelled.
    #[error("cancelled")]
    Cancelled,
    /// Anything else, in the operating system's (or the encoder's) words.
    #[error("{0}")]
    Io(io::Error),
}

/// A size as people say it: whole megabytes, as disks are sold, where there are several.
fn space(len: Len) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB")];
    match UNITS.iter().find(|(unit, _)| len.0 >= 10 * unit) {
        Some((unit, name)) => format!("{} {name}", len.0.div_ceil(*unit)),
        None => len.in_words(),
    }
}

impl From<io::Error> for FileErrorKind {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind as Kind;
        if is_cancel(&error) {
            return Self::Cancelled;
        }
        match error.kind() {
            Kind::NotFound => Self::NotFound,
            Kind::PermissionDenied => Self::PermissionDenied,
            Kind::AlreadyExists => Self::Exists,
            Kind::IsADirectory => Self::Folder,
            Kind::NotADirectory => Self::NoFolder,
            Kind::ReadOnlyFilesystem => Self::ReadOnly,
            Kind::StorageFull => Self::NoSpace,
            Kind::QuotaExceeded => Self::Quota,
            Kind::FileTooLarge => Self::FileTooLarge,
            Kind::InvalidFilename => Self::NameTooLong,
            Kind::ResourceBusy | Kind::ExecutableFileBusy => Self::Busy,
            _ => Self::from_code(error),
        }
    }
}

impl FileErrorKind {
    /// What the code that produced the content says: only a cancel has a meaning of its own, for a "not found" in there is
    /// not about this file.
    #[cfg(unix)]
    pub(super) fn from_content(error: io::Error) -> Self {
        if is_cancel(&error) { Self::Cancelled } else { Self::Io(error) }
    }

    /// The causes for which `std` has no stable name.
    fn from_code(error: io::Error) -> Self {
        #[cfg(unix)]
        if let Some(code) = rustix::io::Errno::from_io_error(&error) {
            use rustix::io::Errno;
            if code == Errno::LOOP {
                return Self::LinkLoop;
            } else if code == Errno::MFILE || code == Errno::NFILE {
                return Self::TooManyOpen;
            } else if code == Errno::NXIO {
                return Self::Device;
            }
        }
        Self::Io(error)
    }
}

fn is_cancel(error: &io::Error) -> bool {
    if let Some(inner) = error.get_ref() { inner.is::<Cancelled>() } else { false }
}
