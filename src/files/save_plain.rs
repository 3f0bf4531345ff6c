//! The save where there are no descriptors of folders: a temporary file beside the target, synced and renamed.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::source::FileSource;
use super::{Existing, FileError, FileErrorKind, Saved, identity, unchanged};
use crate::buffer::{Buffer, ByteRange, Offset};
use crate::tasks::Progress;

/// Writes a file: old or new at every instant, no debris. `write` is called once with the destination and produces
/// the content in bounded memory; whatever error it returns ends the save.
pub fn save(
    path: &Path,
    existing: &Existing,
    progress: &Progress,
    write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> Result<Saved, FileError> {
    save_checked(path, existing, 0, progress, write, &mut |_| Ok(()))
}

/// [`save`], but `check` sees what was written before it takes the place of anything.
pub fn save_checked(
    path: &Path,
    existing: &Existing,
    _at_least: u64,
    progress: &Progress,
    write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    check: &mut dyn FnMut(&Buffer) -> io::Result<()>,
) -> Result<Saved, FileError> {
    let fail = |kind| FileError::new(kind, path);
    let failed = |error: io::Error| fail(FileErrorKind::from(error));
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let there = std::fs::metadata(&target).ok();
    match (&there, existing) {
        (Some(metadata), _) if metadata.is_dir() => return Err(fail(FileErrorKind::Folder)),
        (Some(_), Existing::Refuse) => return Err(fail(FileErrorKind::Exists)),
        (Some(metadata), _) if metadata.permissions().readonly() => return Err(fail(FileErrorKind::PermissionDenied)),
        (_, Existing::ReplaceIf(opened)) if !unchanged(&target, opened) => {
            return Err(fail(FileErrorKind::ChangedOnDisk));
        }
        _ => {}
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let temporary = tempfile::Builder::new().prefix(".~").rand_bytes(8).tempfile_in(folder).map_err(failed)?;
    let mut out = Checked { inner: BufWriter::with_capacity(1024 * 1024, temporary.as_file()), progress };
    let written = write(&mut out).and_then(|()| out.flush());
    drop(out);
    progress.check().map_err(|_| fail(FileErrorKind::Cancelled))?;
    written.map_err(failed)?;
    temporary.as_file().sync_all().map_err(failed)?;
    let reread = FileSource::reread(temporary.as_file()).map_err(failed)?;
    check(&reread).map_err(failed)?;
    drop(reread);
    let done = if there.is_some() { temporary.persist(&target) } else { temporary.persist_noclobber(&target) };
    // The error owns the file: taking only its cause lets the file go.
    done.map_err(|error| failed(error.error))?;
    Ok(Saved { path: path.to_owned(), identity: identity(&target)?, notes: Vec::new() })
}

/// [`save`]: how much room there is, is not asked here.
pub fn save_sized(
    path: &Path,
    existing: &Existing,
    _at_least: u64,
    progress: &Progress,
    write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> Result<Saved, FileError> {
    save(path, existing, progress, write)
}

/// Saves a snapshot by the same recipe. Every byte counts as progress.
pub fn save_buffer(path: &Path, existing: &Existing, progress: &Progress, content: &Buffer) -> Result<Saved, FileError> {
    progress.set_total(content.len().0);
    save(path, existing, progress, &mut |out| {
        for chunk in content.chunks(ByteRange::new(Offset::ZERO, content.len())) {
            let chunk = chunk?;
            out.write_all(&chunk)?;
            progress.advance(chunk.len() as u64);
        }
        Ok(())
    })
}

/// [`save_buffer`] with the `check` of [`save_checked`].
pub fn save_buffer_checked(
    path: &Path,
    existing: &Existing,
    progress: &Progress,
    content: &Buffer,
    check: &mut dyn FnMut(&Buffer) -> io::Result<()>,
) -> Result<Saved, FileError> {
    progress.set_total(content.len().0);
    let mut write = |out: &mut dyn Write| {
        for chunk in content.chunks(ByteRange::new(Offset::ZERO, content.len())) {
            let chunk = chunk?;
            out.write_all(&chunk)?;
            progress.advance(chunk.len() as u64);
        }
        Ok(())
    };
    save_checked(path, existing, content.len().0, progress, &mut write, check)
}

/// [`save_buffer`], but a file that is replaced is kept beside it as `name.bak`. Where that cannot be done, nothing is saved.
pub fn save_with_backup(path: &Path, existing: &Existing, progress: &Progress, content: &Buffer) -> Result<Saved, FileError> {
    if path.exists() && *existing != Existing::Refuse {
        let fail = |error: io::Error| FileError::new(FileErrorKind::NoBackup(error.to_string()), path);
        let mut name = path.file_name().unwrap_or_default().to_os_string();
        name.push(".bak");
        let backup = path.with_file_name(name);
        let time = |path: &Path| std::fs::metadata(path).and_then(|metadata| metadata.modified());
        if let (Ok(theirs), Ok(ours)) = (time(&backup), time(path))
            && theirs > ours
        {
            return Err(fail(io::Error::other("the one that is there is newer than the file")));
        }
        std::fs::copy(path, &backup).map_err(fail)?;
    }
    save_buffer(path, existing, progress, content)
}

struct Checked<'a, W> {
    inner: W,
    progress: &'a Progress,
}

impl<W: Write> Write for Checked<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.progress.check().map_err(io::Error::other)?;
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
