//! Copies of unsaved documents for the moments in which something outside can end the program.
//!
//! While a native file dialog is open, the library behind it ends the whole process when the session bus goes away. So
//! what is not saved is copied beforehand, and the copies are removed when the dialog has ended. A copy whose program is
//! gone is found by the next start. Copies lie in the user's state folder, for nobody else to read.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::{Existing, FileError, make_folder, save};
use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::tasks::Progress;

/// Documents larger than this are not copied: the copy would take longer than the dialog.
pub const RESCUE_LIMIT: Len = Len(256 << 20);

const LOCK: &str = "in use";

/// The lock on this process's folder, and the folders of ended programs whose copies were taken over.
static HELD: Mutex<Held> = Mutex::new(Held { lock: None, taken_over: Vec::new() });

struct Held {
    lock: Option<File>,
    taken_over: Vec<PathBuf>,
}

/// Where copies lie.
fn home() -> PathBuf {
    let base = directories::BaseDirs::new()
        .map_or_else(std::env::temp_dir, |dirs| dirs.state_dir().unwrap_or(dirs.data_local_dir()).to_owned());
    base.join("seektell").join("rescue")
}

/// Copies documents, by name and content, in place of what this process copied before. Those over [`RESCUE_LIMIT`] are
/// left out.
///
/// # Errors
/// As a save's; what was copied by then stays.
pub fn keep_copies(documents: &[(String, Buffer)]) -> Result<(), FileError> {
    keep_in(&home(), documents)
}

/// Removes the copies of this process: nothing threatens any more.
pub fn drop_copies() {
    drop_in(&home());
}

/// [`drop_copies`], and removes those taken over by [`find_copies`] too: at a regular end the user has answered for them.
pub fn end_copies() {
    let home = home();
    drop_in(&home);
    let taken_over = std::mem::take(&mut HELD.lock().unwrap_or_else(PoisonError::into_inner).taken_over);
    for folder in taken_over {
        fs::remove_dir_all(folder).ok();
    }
}

/// The copies that ended programs left, by name and content, read into memory. They stay on disk until [`end_copies`].
pub fn find_copies() -> Vec<(String, Vec<u8>)> {
    find_in(&home())
}

fn own(home: &Path) -> PathBuf {
    home.join(std::process::id().to_string())
}

fn keep_in(home: &Path, documents: &[(String, Buffer)]) -> Result<(), FileError> {
    let folder = own(home);
    private_folder(&folder)?;
    let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
    if held.lock.is_none()
        && let Ok(file) = File::create(folder.join(LOCK))
        && file.try_lock().is_ok()
    {
        held.lock = Some(file);
    }
    for (n, (name, content)) in documents.iter().enumerate() {
        if content.len() > RESCUE_LIMIT {
            continue;
        }
        // A number keeps names apart, and no name from outside becomes a path.
        let safe: String =
            name.chars().map(|c| if c.is_alphanumeric() || "._- ".contains(c) { c } else { '_' }).take(80).collect();
        let path = folder.join(format!("{n:04} {safe}"));
        save(&path, &Existing::Replace, &Progress::new(), &mut |out| {
            for chunk in content.chunks(ByteRange::new(Offset::ZERO, content.len())) {
                out.write_all(&chunk?)?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

fn private_folder(folder: &Path) -> Result<(), FileError> {
    make_folder(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).map_err(|error| FileError::new(error.into(), folder))?;
    }
    Ok(())
}

fn drop_in(home: &Path) {
    HELD.lock().unwrap_or_else(PoisonError::into_inner).lock = None;
    fs::remove_dir_all(own(home)).ok();
}

fn find_in(home: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(home).into_iter().flatten().flatten() {
        let folder = entry.path();
        // A lock that can be had belongs to nobody any more.
        let Ok(lock) = File::open(folder.join(LOCK)) else { continue };
        if folder == own(home) || lock.try_lock().is_err() {
            continue;
        }
        let mut copies: Vec<PathBuf> = fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        copies.sort();
        for path in copies {
            let Some((_, name)) = path.file_name().and_then(|name| name.to_str()?.split_once(' ')) else { continue };
            let known = path.metadata().is_ok_and(|file| file.is_file() && file.len() <= RESCUE_LIMIT.0);
            if name != "use"
                && known
                && let Ok(content) = fs::read(&path)
            {
                found.push((name.to_owned(), content));
            }
        }
        HELD.lock().unwrap_or_else(PoisonError::into_inner).taken_over.push(folder);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_found_when_their_program_is_gone() {
        let home = tempfile::tempdir().unwrap();
        let documents = [("a/b.bin".to_owned(), Buffer::from(b"one")), ("two".to_owned(), Buffer::from(b"second"))];
        keep_in(home.path(), &documents).unwrap();
        assert!(find_in(home.path()).is_empty(), "this program lives");
        // Another program's folder, whose lock nobody holds.
        let other = home.path().join("other");
        fs::create_dir(&other).unwrap();
        fs::write(other.join(LOCK), "").unwrap();
        fs::copy(own(home.path()).join("0000 a_b.bin"), other.join("0000 a_b.bin")).unwrap();
        assert_eq!(find_in(home.path()), [("a_b.bin".to_owned(), b"one".to_vec())]);
        drop_in(home.path());
        assert!(!own(home.path()).exists(), "nothing of ours is left behind");
        assert!(other.exists(), "what was taken over stays until the session ends");
    }
}
