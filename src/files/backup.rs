//! The backup copy of a save: the old content, under a name of its own, before the new one takes its place.

use std::ffi::OsString;
use std::io;

use super::io::{Io, again};
use super::metadata;
use super::place::Place;
use super::save::{Notes, Old, sync, sync_written};
use super::stat::Kind;
use super::temporary::Temporary;
use super::{FileErrorKind, in_place};
use crate::tasks::{Cancelled, Progress};

/// Names that are tried: `a.txt.bak`, then `a.txt.1.bak` and so on.
const NAMES: u32 = 100;

/// Permission bits of a copy until it has those of the file.
const PRIVATE_MODE: u32 = 0o600;

/// Keeps what `old` holds. Where it is going to be replaced by another file (`replaced`), a second name for it is enough; where
/// it is going to be written over, or the file system knows no second names, it is copied.
///
/// An older backup is replaced. What has its name and is newer than the file that is saved is no backup of it: it stays, the
/// copy gets another name, and that is noted.
pub(super) fn keep(
    io: &dyn Io,
    place: &Place,
    old: &Old,
    new: &Temporary<'_>,
    replaced: bool,
    progress: &Progress,
    notes: &mut Notes,
) -> Result<(), FileErrorKind> {
    let made = name(io, place, old).and_then(|(name, first)| {
        if !(replaced && link(io, place, new, &name)?) {
            copy(io, place, old, &name, progress, notes)?;
        }
        Ok((name, first))
    });
    let (name, first) = made.map_err(|error| match FileErrorKind::from(error) {
        FileErrorKind::Cancelled => FileErrorKind::Cancelled,
        kind => FileErrorKind::NoBackup(kind.to_string()),
    })?;
    if !first {
        let line = format!("The old content is kept as {}: another backup is newer than the file", name.to_string_lossy());
        notes.lines.push(line);
    }
    Ok(())
}

/// The name that the backup gets, and whether it is the first that was tried.
fn name(io: &dyn Io, place: &Place, old: &Old) -> io::Result<(OsString, bool)> {
    for number in 0..NAMES {
        let mut name = place.name.clone();
        name.push(if number == 0 { ".bak".to_owned() } else { format!(".{number}.bak") });
        match again(|| io.stat_at(&place.folder, &name)) {
            Ok(stat) if stat.kind == Kind::File && stat.mtime_ns <= old.stat.mtime_ns => return Ok((name, number == 0)),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((name, number == 0)),
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("every name for it is taken"))
}

/// Gives the file a second name; `false` where the file system has none to give.
fn link(io: &dyn Io, place: &Place, new: &Temporary<'_>, name: &OsString) -> io::Result<bool> {
    let between = new.name_with(".bak");
    if again(|| io.link(&place.folder, &place.name, &between)).is_err() {
        return Ok(false);
    }
    let renamed = again(|| io.rename(&place.folder, &between, name, true));
    // Where both are names of one file already, renaming leaves them both.
    again(|| io.unlink(&place.folder, &between)).ok();
    renamed.map(|()| true)
}

fn copy(io: &dyn Io, place: &Place, old: &Old, name: &OsString, progress: &Progress, notes: &mut Notes) -> io::Result<()> {
    let mut copy = Temporary::create(io, &place.folder, &place.folder_path, "", PRIVATE_MODE)?;
    in_place::copy(io, &old.file, &copy.file, 0, old.stat.len, &mut || progress.check().map_err(io::Error::other))?;
    let told = |kind: FileErrorKind| match kind {
        FileErrorKind::Cancelled => io::Error::other(Cancelled),
        kind => io::Error::other(kind.to_string()),
    };
    metadata::copy(io, old, &copy.file).map_err(told)?;
    // So that it is as old as what it holds: see `keep`.
    again(|| io.set_modified(&copy.file, old.stat.mtime_ns))?;
    sync_written(io, &copy.file, old.stat.len, progress, notes).map_err(told)?;
    sync(&mut || io.sync_all(&copy.file), notes).map_err(told)?;
    again(|| io.rename(&place.folder, &copy.name, name, true))?;
    copy.keep();
    Ok(())
}
