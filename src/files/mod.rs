//! The only module that touches the file system: lazy opening and the save that loses nothing.
//!
//! SKELETON: the signatures are the contract; bodies are naive until this layer is written.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::buffer::{Buffer, Len};
use crate::tasks::Progress;

/// A file that was opened: its bytes (read when needed), and what it was at that moment.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The path as it was given.
    pub path: PathBuf,
    /// The bytes.
    pub buffer: Buffer,
    /// What the file was when it was opened; a save compares it.
    pub identity: Identity,
    /// Whether the user may write it.
    pub writable: bool,
}

/// What tells a file from its later self: device, inode, size, times, and a hash of its first and last 64 KiB.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    /// Size in bytes.
    pub len: Len,
}

/// What a save may do with a file that is already there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Existing {
    /// Refuse: the terminal without `--overwrite`.
    Refuse,
    /// Replace it: the user has confirmed this very path.
    Replace,
    /// Replace it only if it still is what was opened; otherwise fail with [`FileErrorKind::ChangedOnDisk`].
    ReplaceIf(Identity),
}

/// A save that went through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The path as it was given.
    pub path: PathBuf,
    /// What the file is now.
    pub identity: Identity,
    /// What the user should know, a sentence each ("The owner could not be kept", "Written in place: the file has hard links").
    pub notes: Vec<String>,
}

/// A file could not be opened or saved.
#[derive(Debug, thiserror::Error)]
#[error("{kind}: {}", path.display())]
pub struct FileError {
    /// The cause.
    pub kind: FileErrorKind,
    /// The file.
    pub path: PathBuf,
}

/// The causes of a [`FileError`], in words that say what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileErrorKind {
    /// There is nothing at the path.
    #[error("there is no such file")]
    NotFound,
    /// A folder.
    #[error("this is a folder; choose a file in it")]
    Folder,
    /// The operating system's words.
    #[error("{0}")]
    Io(io::Error),
    /// It exists and may not be replaced.
    #[error("the file exists already; say --overwrite to replace it")]
    Exists,
    /// It is not what was opened.
    #[error("the file changed on disk since it was opened; reload it or save under another name")]
    ChangedOnDisk,
    /// The user cancelled.
    #[error("cancelled")]
    Cancelled,
}

/// Opens a regular file without reading more than its edges. Folders, devices, FIFOs and sockets are refused.
pub fn open(path: &Path) -> Result<Opened, FileError> {
    let bytes = std::fs::read(path).map_err(|e| FileError { kind: FileErrorKind::Io(e), path: path.into() })?;
    let identity = Identity { len: bytes.len().into() };
    Ok(Opened { path: path.into(), buffer: bytes.into(), identity, writable: true })
}

/// Writes a file by the recipe: old or new at every instant, metadata kept, no debris. `write` is called once with
/// the destination and produces the content in bounded memory; whatever error it returns ends the save.
pub fn save(
    path: &Path,
    existing: &Existing,
    progress: &Progress,
    write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> Result<Saved, FileError> {
    let _ = (existing, progress);
    let fail = |e| FileError { kind: FileErrorKind::Io(e), path: path.into() };
    let mut bytes = Vec::new();
    write(&mut bytes).map_err(fail)?;
    std::fs::write(path, &bytes).map_err(fail)?;
    Ok(Saved { path: path.into(), identity: Identity { len: bytes.len().into() }, notes: Vec::new() })
}

/// interim
pub fn create_folder(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)
}
