//! Writing over a file that must not be replaced.
//!
//! When it begins, the new content is whole in a synced temporary file. The old content is copied to a second one, which is
//! synced, too, before the first byte is written: a kill in between leaves both whole, under names ending in `.new` and `.old`
//! that no later save takes away, and a [`Record`] by which [`repair_interrupted`](super::repair_interrupted) finds them at the
//! next start. Only when the target is synced do they go. Errors put the old content back.

use std::fs::File;
use std::io;

use super::FileErrorKind;
use super::io::{Io, again};
use super::place::Place;
use super::repair::Record;
use super::save::{Notes, Old, read_full, sync, sync_written};
use super::source::rebase;
use super::temporary::Temporary;
use super::writer::write_full;
use crate::tasks::Progress;

const STEP: usize = 1024 * 1024;

/// How often putting the old content back is tried.
const TRIES: usize = 3;

/// Writes the `len` bytes of `new` over `old`. It can be cancelled until the first byte is written.
pub(super) fn overwrite(
    io: &dyn Io,
    place: &Place,
    old: &Old,
    new: &mut Temporary<'_>,
    len: u64,
    progress: &Progress,
    notes: &mut Notes,
) -> Result<(), FileErrorKind> {
    // As long as there are files to find, there is the record of them: a kill between the two would leave a file for good.
    let mut record = Record::write(io, place, &old.stat, new, len);
    let result = with_backup(io, old, new, len, progress, notes);
    if let (Err(FileErrorKind::Torn { .. }), Some(record)) = (&result, &mut record) {
        record.keep();
    }
    new.remove();
    drop(record);
    result
}

fn with_backup(
    io: &dyn Io,
    old: &Old,
    new: &mut Temporary<'_>,
    len: u64,
    progress: &Progress,
    notes: &mut Notes,
) -> Result<(), FileErrorKind> {
    let folder = new.folder;
    let mut backup = new.sibling(".old", 0o600)?;
    let old_len = old.stat.len;
    copy(io, &old.file, &backup.file, 0, old_len, &mut || progress.check().map_err(io::Error::other))?;
    again(|| io.set_len(&backup.file, old_len))?;
    if !old.stat.same_content(&again(|| io.stat(&old.file))?) {
        return Err(FileErrorKind::ChangedOnDisk);
    }
    sync_written(io, &backup.file, old_len, progress, notes)?;
    sync(&mut || io.sync_all(&backup.file), notes)?;
    new.protect(".new")?;
    sync(&mut || io.sync_all(folder), notes)?;
    // Whoever reads the old file reads the copy from here on.
    rebase(&old.stat, &backup.file)?;

    let Err(error) = write_over(io, old, &new.file, len, notes) else {
        // Writing takes set-user-id and its kin away.
        let mode = again(|| io.stat(&old.file)).map_or(0, |stat| stat.mode);
        if mode != old.stat.mode && again(|| io.set_mode(&old.file, old.stat.mode)).is_err() {
            notes.lines.push("Its permissions changed by being written to".to_owned());
        }
        return Ok(());
    };
    let put_back = || -> io::Result<()> {
        copy(io, &backup.file, &old.file, 0, old_len, &mut || Ok(()))?;
        again(|| io.set_len(&old.file, old_len))?;
        again(|| io.sync_all(&old.file))
    };
    if (0..TRIES).any(|_| put_back().is_ok()) {
        return Err(error.into());
    }
    backup.keep();
    new.keep();
    Err(FileErrorKind::Torn { error, old: backup.path(), new: new.path() })
}

fn write_over(io: &dyn Io, old: &Old, new: &File, len: u64, notes: &mut Notes) -> io::Result<()> {
    let go_on = &mut || Ok(());
    // What is new behind the old end comes first: a full disk shows there, while the old bytes are untouched.
    let shared = len.min(old.stat.len);
    copy(io, new, &old.file, shared, len, go_on)?;
    copy(io, new, &old.file, 0, shared, go_on)?;
    again(|| io.set_len(&old.file, len))?;
    sync(&mut || io.sync_all(&old.file), notes).map_err(|kind| match kind {
        FileErrorKind::Io(error) => error,
        kind => io::Error::other(kind.to_string()),
    })
}

/// Copies the bytes from `start` to `end` to the same place of another file; `go_on` is asked between steps. Zeros are not
/// written where the other file has none but zeros, or ends: its length is the caller's to set, and its holes stay holes.
pub(super) fn copy(
    io: &dyn Io,
    from: &File,
    to: &File,
    start: u64,
    end: u64,
    go_on: &mut dyn FnMut() -> io::Result<()>,
) -> io::Result<()> {
    let mut block = vec![0; STEP.min(usize::try_from(end.saturating_sub(start)).unwrap_or(STEP))];
    let mut there = vec![0; block.len()];
    let mut at = start;
    while at < end {
        go_on()?;
        let size = block.len().min(usize::try_from(end - at).unwrap_or(STEP));
        let got = read_full(io, from, at, &mut block[..size])?;
        if got == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if !is_zero(&block[..got]) || !has_zeros(io, to, at, &mut there[..got]) {
            write_full(io, to, &block[..got], at)?;
        }
        at += got as u64;
    }
    Ok(())
}

fn is_zero(bytes: &[u8]) -> bool {
    bytes.iter().all(|&byte| byte == 0)
}

/// Whether a file has nothing but zeros at a place, as far as it goes. One that may not be read has something.
fn has_zeros(io: &dyn Io, file: &File, at: u64, out: &mut [u8]) -> bool {
    read_full(io, file, at, out).is_ok_and(|got| is_zero(&out[..got]))
}
