//! The save that loses nothing.
//!
//! Whatever happens, a kill or a power cut included, the old content or the new one is whole. The way there:
//!
//! 1. Find where the path leads ([`Place`]), refuse what is not a regular file, and open what is there for writing, which proves
//!    that the user may. Compare it with what was opened, if asked to.
//! 2. Write everything to a temporary file beside it and sync that. Nothing the user has was touched so far.
//! 3. Give it the old file's owner, extended attributes (access lists are some of them) and mode, sync it, rename it over the
//!    old file and sync the folder.
//! 4. Where renaming would lose something (hard links, an owner or attribute that cannot be given, a folder that takes no
//!    new files, a document portal), write in place instead: see [`in_place`](super::in_place).
//!
//! `std` has no way to see an error of `close`; every descriptor that is written to is synced before it is closed, after
//! which closing has nothing left to report, and what the name leads to is looked at once more at the end.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use super::backup;
use super::elsewhere::Elsewhere;
use super::identity::Identity;
use super::in_place;
use super::io::{How, Io, System, again};
use super::metadata::{self, Kept};
use super::place::Place;
use super::source::FileSource;
use super::stat::Stat;
use super::temporary::{Temporary, remove_stale};
use super::writer::{Counted, written_of};
use super::{Existing, FileError, FileErrorKind, Saved};
use crate::buffer::{Buffer, Len};
use crate::tasks::Progress;

/// Permission bits of a new file, before the umask.
const NEW_MODE: u32 = 0o666;
/// Permission bits of a file that is to take the place of another one, until it has that one's.
const PRIVATE_MODE: u32 = 0o600;
/// Bytes that take long to sync: slow disks write a hundred megabytes a second.
const MUCH: u64 = 4 << 20;

/// The file that is there before the save, open for writing.
pub(super) struct Old {
    pub(super) file: File,
    pub(super) stat: Stat,
    /// It runs as a program right now: it can be replaced, but not written to.
    running: bool,
}

/// Notes of a save, whether anything was written that could not be synced, and whether a backup is wanted.
#[derive(Default)]
pub(super) struct Notes {
    pub(super) lines: Vec<String>,
    pub(super) unsynced: bool,
    /// The old content is to be kept under another name.
    backup: bool,
}

/// Looks at what was written, before it takes the place of anything.
type Check<'a> = Option<&'a mut dyn FnMut(&Buffer) -> io::Result<()>>;

/// What a save writes, and who looks at it then.
pub(super) enum Content<'a> {
    /// What somebody produces, and how many bytes it is at least.
    Made(&'a mut dyn FnMut(&mut dyn Write) -> io::Result<()>, u64, Check<'a>),
    /// A snapshot.
    Buffer(&'a Buffer, Check<'a>),
}

/// Writes a file by the recipe: old or new at every instant, metadata kept, no debris. `write` is called once with
/// the destination and produces the content in bounded memory; whatever error it returns ends the save.
///
/// `write` may read the very file that is saved, through buffers that were opened from it: they keep the old bytes, also
/// where the file has to be written in place. `progress` is only asked whether to stop; counting is `write`'s affair.
pub fn save(
    path: &Path,
    existing: &Existing,
    progress: &Progress,
    write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> Result<Saved, FileError> {
    save_with(&System, path, existing, progress, write)
}

/// [`save`] over another operating system: for tests that let calls fail.
pub fn save_with(
    io: &dyn Io,
    path: &Path,
    existing: &Existing,
    progress: &Progress,
    write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> Result<Saved, FileError> {
    run(io, path, existing, progress, Content::Made(write, 0, None), false)
}

/// [`save`] of content that is known to have `at_least` so many bytes: where the disk certainly has no room for them, nothing is
/// written.
pub fn save_sized(
    path: &Path,
    existing: &Existing,
    at_least: u64,
    progress: &Progress,
    write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> Result<Saved, FileError> {
    run(&System, path, existing, progress, Content::Made(write, at_least, None), false)
}

/// [`save_sized`], but `check` sees what was written, read back from the disk, before it takes the place of anything: where it
/// errs, nothing has changed.
pub fn save_checked(
    path: &Path,
    existing: &Existing,
    at_least: u64,
    progress: &Progress,
    write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    check: &mut dyn FnMut(&Buffer) -> io::Result<()>,
) -> Result<Saved, FileError> {
    run(&System, path, existing, progress, Content::Made(write, at_least, Some(check)), false)
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
    run(&System, path, existing, progress, Content::Buffer(content, Some(check)), false)
}

/// Saves a snapshot by the same recipe. What is known to be zeros without reading it, as the holes of a sparse file are, stays
/// a hole in the new file and takes neither time nor space. Where the file system certainly has too little space for the rest,
/// nothing is written. Every byte of the snapshot counts as progress.
pub fn save_buffer(path: &Path, existing: &Existing, progress: &Progress, content: &Buffer) -> Result<Saved, FileError> {
    save_buffer_with(&System, path, existing, progress, content, false)
}

/// [`save_buffer`], but a file that is replaced is kept beside it as `name.bak`, which replaces an older backup. Where that
/// cannot be done, nothing is saved.
pub fn save_with_backup(path: &Path, existing: &Existing, progress: &Progress, content: &Buffer) -> Result<Saved, FileError> {
    save_buffer_with(&System, path, existing, progress, content, true)
}

/// [`save_buffer`], or [`save_with_backup`], over another operating system.
pub fn save_buffer_with(
    io: &dyn Io,
    path: &Path,
    existing: &Existing,
    progress: &Progress,
    content: &Buffer,
    backup: bool,
) -> Result<Saved, FileError> {
    progress.set_total(content.len().0);
    run(io, path, existing, progress, Content::Buffer(content, None), backup)
}

fn run(
    io: &dyn Io,
    path: &Path,
    existing: &Existing,
    progress: &Progress,
    content: Content<'_>,
    backup: bool,
) -> Result<Saved, FileError> {
    let mut notes = Notes { backup, ..Notes::default() };
    let identity = attempt(io, path, existing, progress, content, &mut notes).map_err(|kind| FileError::new(kind, path))?;
    if notes.unsynced {
        notes.lines.push("Saved, not synced: this file system cannot tell when the content is safe on the disk".to_owned());
    }
    Ok(Saved { path: path.to_owned(), identity, notes: notes.lines })
}

fn attempt(
    io: &dyn Io,
    path: &Path,
    existing: &Existing,
    progress: &Progress,
    content: Content<'_>,
    notes: &mut Notes,
) -> Result<Identity, FileErrorKind> {
    let place = Place::find(io, path)?;
    let old = examine(io, &place, existing)?;
    remove_stale(io, &place.folder);

    let mut reason = match &old {
        Some(old) if old.running => None,
        Some(old) if old.stat.links > 1 => Some("it has hard links"),
        Some(_) if place.is_portal() => Some("it is lent to this program by the document portal"),
        _ => None,
    };
    let elsewhere;
    let mode = if old.is_some() { PRIVATE_MODE } else { NEW_MODE };
    let beside = if place.is_portal() && old.is_some() {
        Err(io::ErrorKind::PermissionDenied.into())
    } else {
        Temporary::create(io, &place.folder, &place.folder_path, "", mode)
    };
    let mut new = match beside {
        Ok(new) => new,
        Err(error) if can_write_in_place(old.as_ref()) && is_refusal(&error) => {
            reason.get_or_insert("its folder takes no new files");
            elsewhere = Elsewhere::open(io)?;
            remove_stale(io, &elsewhere.folder);
            Temporary::create(io, &elsewhere.folder, &elsewhere.path, "", PRIVATE_MODE)?
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(FileErrorKind::NoFolder),
        Err(error) => return Err(error.into()),
    };
    let len = fill(io, &new, progress, content, notes)?;

    let Some(old) = old else {
        rename(io, &place, &mut new, false, notes)?;
        return look_again(io, &place, &new.file, len);
    };
    if reason.is_none() {
        match replace(io, &place, &old, existing, &mut new, progress, notes)? {
            None => return look_again(io, &place, &new.file, len),
            Some(why) => reason = Some(why),
        }
    }
    progress.check().map_err(|_| FileErrorKind::Cancelled)?;
    check_again(io, &place, &old, existing)?;
    if notes.backup {
        backup::keep(io, &place, &old, &new, false, progress, notes)?;
    }
    in_place::overwrite(io, &place, &old, &mut new, len, progress, notes)?;
    notes.lines.push(format!("Written in place: {}", reason.unwrap_or("it cannot be replaced")));
    look_again(io, &place, &old.file, len)
}

/// Refuses what must not be written, and opens what is there.
fn examine(io: &dyn Io, place: &Place, existing: &Existing) -> Result<Option<Old>, FileErrorKind> {
    let Some(seen) = &place.stat else {
        return match existing {
            Existing::ReplaceIf(_) => Err(FileErrorKind::ChangedOnDisk),
            _ => Ok(None),
        };
    };
    seen.regular()?;
    if *existing == Existing::Refuse {
        return Err(FileErrorKind::Exists);
    }
    let name = Path::new(&place.name);
    let (file, running) = match again(|| io.open(Some(&place.folder), name, How::Write)) {
        Ok(file) => (file, false),
        Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy => {
            (again(|| io.open(Some(&place.folder), name, How::Read))?, true)
        }
        Err(error) => return Err(error.into()),
    };
    let stat = again(|| io.stat(&file))?;
    stat.regular()?;
    if (stat.dev, stat.ino) != (seen.dev, seen.ino) {
        return Err(FileErrorKind::ChangedOnDisk);
    }
    if again(|| io.is_system(&file))? {
        return Err(FileErrorKind::System);
    }
    if let Existing::ReplaceIf(opened) = existing {
        let now = Identity::of(&stat, &mut |at, out| read_full(io, &file, at, out))?;
        if !opened.is_still(&now) {
            return Err(FileErrorKind::ChangedOnDisk);
        }
    }
    Ok(Some(Old { file, stat, running }))
}

/// Refuses what certainly does not fit, before any of it is written.
fn check_space(io: &dyn Io, new: &Temporary<'_>, content: &Content<'_>, progress: &Progress) -> Result<(), FileErrorKind> {
    let least = match content {
        Content::Made(_, least, _) => *least,
        Content::Buffer(content, _) => content.len().0,
    };
    // Who cannot tell may have the space.
    let Ok(Some(free)) = again(|| io.free_space(&new.file)) else { return Ok(()) };
    if least <= free {
        return Ok(());
    }
    let needed = match content {
        Content::Made(..) => least,
        Content::Buffer(content, _) => written_of(content, progress).map_err(FileErrorKind::from_content)?,
    };
    match needed.checked_sub(free) {
        Some(missing) if missing > 0 => Err(FileErrorKind::TooLittleSpace { missing: Len(missing), free: Len(free) }),
        _ => Ok(()),
    }
}

/// Writes the content into the temporary file and syncs it; returns how many bytes there are.
fn fill(
    io: &dyn Io,
    new: &Temporary<'_>,
    progress: &Progress,
    content: Content<'_>,
    notes: &mut Notes,
) -> Result<u64, FileErrorKind> {
    check_space(io, new, &content, progress)?;
    let mut out = Counted::new(io, &new.file, progress);
    let (result, check) = match content {
        Content::Made(write, _, check) => (write(&mut out), check),
        Content::Buffer(content, check) => (out.buffer(content), check),
    };
    let result = result.and_then(|()| out.finish());
    if let Some(failure) = out.failure.take() {
        // Also when `write` has swallowed it.
        return Err(failure.into());
    }
    progress.check().map_err(|_| FileErrorKind::Cancelled)?;
    result.map_err(FileErrorKind::from_content)?;
    let len = out.len();
    if again(|| io.stat(&new.file))?.len != len {
        return Err(FileErrorKind::NotVerified);
    }
    sync_written(io, &new.file, len, progress, notes)?;
    if let Some(check) = check {
        let written = FileSource::reread(&new.file)?;
        check(&written).map_err(FileErrorKind::from_content)?;
        progress.check().map_err(|_| FileErrorKind::Cancelled)?;
    }
    Ok(len)
}

/// Puts the temporary file in the place of the old one, or says why that would lose something.
fn replace(
    io: &dyn Io,
    place: &Place,
    old: &Old,
    existing: &Existing,
    new: &mut Temporary<'_>,
    progress: &Progress,
    notes: &mut Notes,
) -> Result<Option<&'static str>, FileErrorKind> {
    if let Kept::Not(why) = metadata::copy(io, old, &new.file)? {
        if can_write_in_place(Some(old)) {
            return Ok(Some(why));
        }
        notes.lines.push(format!("Replaced by a new file, but {why}"));
    }
    sync(&mut || io.sync_all(&new.file), notes)?;
    check_again(io, place, old, existing)?;
    if notes.backup {
        backup::keep(io, place, old, new, true, progress, notes)?;
    }
    match rename(io, place, new, true, notes) {
        Ok(()) => Ok(None),
        Err(FileErrorKind::PermissionDenied | FileErrorKind::Busy) if can_write_in_place(Some(old)) => {
            Ok(Some("its folder does not let it be replaced"))
        }
        Err(FileErrorKind::Io(error)) if error.kind() == io::ErrorKind::CrossesDevices && can_write_in_place(Some(old)) => {
            Ok(Some("it is a mount of its own"))
        }
        Err(kind) => Err(kind),
    }
}

fn rename(io: &dyn Io, place: &Place, new: &mut Temporary<'_>, replace: bool, notes: &mut Notes) -> Result<(), FileErrorKind> {
    if !replace {
        sync(&mut || io.sync_all(&new.file), notes)?;
    }
    again(|| io.rename(&place.folder, &new.name, &place.name, replace))?;
    new.keep();
    // From here on the new content is there: what fails now must not be taken for a refusal, nor give a refusal's advice.
    let folder_synced = again(|| io.sync_all(&place.folder));
    match folder_synced {
        Err(error) if is_unsyncable(&error) || is_denial(&error) => notes.unsynced = true,
        done => done.map_err(FileErrorKind::Unconfirmed)?,
    }
    Ok(())
}

/// The last look before the old content goes: is it still what was examined?
fn check_again(io: &dyn Io, place: &Place, old: &Old, existing: &Existing) -> Result<(), FileErrorKind> {
    if matches!(existing, Existing::ReplaceIf(_)) {
        let now = again(|| io.stat_at(&place.folder, &place.name)).ok();
        let same = |now: &Stat| (now.dev, now.ino) == (old.stat.dev, old.stat.ino) && old.stat.same_content(now);
        if !now.as_ref().is_some_and(same) {
            return Err(FileErrorKind::ChangedOnDisk);
        }
    }
    Ok(())
}

/// Makes sure that the name leads to what was written, and says what it is.
fn look_again(io: &dyn Io, place: &Place, written: &File, len: u64) -> Result<Identity, FileErrorKind> {
    let stat = again(|| io.stat(written)).map_err(FileErrorKind::Unconfirmed)?;
    let named = again(|| io.stat_at(&place.folder, &place.name)).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => FileErrorKind::NotVerified,
        _ => FileErrorKind::Unconfirmed(error),
    })?;
    if (named.dev, named.ino, named.len, stat.len) != (stat.dev, stat.ino, len, len) {
        return Err(FileErrorKind::NotVerified);
    }
    Identity::of(&stat, &mut |at, out| read_full(io, written, at, out)).map_err(FileErrorKind::Unconfirmed)
}

fn can_write_in_place(old: Option<&Old>) -> bool {
    old.is_some_and(|old| !old.running)
}

/// Whether a folder said "no" rather than "not now".
fn is_refusal(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

/// Syncs; a file system that cannot is noted, a sync that fails is an error and is not tried again, for the system may
/// have thrown the bytes away and would call the second try a success.
pub(super) fn sync(call: &mut dyn FnMut() -> io::Result<()>, notes: &mut Notes) -> Result<(), FileErrorKind> {
    match again(call) {
        Err(error) if is_unsyncable(&error) => {
            notes.unsynced = true;
            Ok(())
        }
        done => Ok(done?),
    }
}

/// Syncs `len` bytes of a file that has not taken its place yet. Until then a cancel is heard, and of many bytes at once.
pub(super) fn sync_written(
    io: &dyn Io,
    file: &File,
    len: u64,
    progress: &Progress,
    notes: &mut Notes,
) -> Result<(), FileErrorKind> {
    if len < MUCH {
        return sync(&mut || io.sync_data(file), notes);
    }
    sync(&mut || io.sync_much(file, progress), notes)
}

/// Whether a file system says that it cannot sync at all.
fn is_unsyncable(error: &io::Error) -> bool {
    use rustix::io::Errno;
    matches!(Errno::from_io_error(error), Some(Errno::INVAL | Errno::NOTSUP | Errno::NOSYS | Errno::BADF))
}

/// Whether a folder may be changed, but not synced by this user.
fn is_denial(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ResourceBusy | io::ErrorKind::ExecutableFileBusy)
}

/// Fills `out` from `at` on; less only at the end.
pub(super) fn read_full(io: &dyn Io, file: &File, at: u64, out: &mut [u8]) -> io::Result<usize> {
    let mut done = 0;
    while done < out.len() {
        match again(|| io.read_at(file, &mut out[done..], at + done as u64))? {
            0 => break,
            got => done += got,
        }
    }
    Ok(done)
}
