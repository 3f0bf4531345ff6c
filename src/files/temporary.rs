//! Files that live only while a save does.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::io::{How, Io, again};
use super::stat::Kind;

/// Older ones than this, that nobody has locked, are left over from a program that was killed.
const STALE: Duration = Duration::from_secs(24 * 60 * 60);

/// Bytes whose memory takes more than a few milliseconds to give back.
const LARGE: u64 = 64 << 20;

const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// A file beside the one that is saved. It is gone when this is dropped, on every way out, a panic too.
pub(super) struct Temporary<'a> {
    io: &'a dyn Io,
    pub(super) folder: &'a File,
    folder_path: &'a Path,
    pub(super) name: OsString,
    pub(super) file: File,
    keep: bool,
}

impl<'a> Temporary<'a> {
    /// Makes one whose name (short, and of one length, so that it fits wherever the other name does) nobody has; `tail`
    /// marks what must survive a kill.
    pub(super) fn create(io: &'a dyn Io, folder: &'a File, folder_path: &'a Path, tail: &str, mode: u32) -> io::Result<Self> {
        loop {
            let name = new_name(tail);
            match again(|| io.open(Some(folder), Path::new(&name), How::Create(mode))) {
                Ok(file) => {
                    let new = Self { io, folder, folder_path, name, file, keep: false };
                    // Where there are no locks, age alone has to tell that it is in use.
                    again(|| io.lock(&new.file)).ok();
                    return Ok(new);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Its name with something behind it.
    pub(super) fn name_with(&self, tail: &str) -> OsString {
        let mut name = self.name.clone();
        name.push(tail);
        name
    }

    /// A new file in the same folder, named like this one with something behind.
    pub(super) fn sibling(&self, tail: &str, mode: u32) -> io::Result<Self> {
        let Self { io, folder, folder_path, .. } = *self;
        let name = self.name_with(tail);
        let file = again(|| io.open(Some(folder), Path::new(&name), How::Create(mode)))?;
        Ok(Self { io, folder, folder_path, name, file, keep: false })
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder_path.join(&self.name)
    }

    /// The path of a file beside it.
    pub(super) fn path_of(&self, name: &OsStr) -> PathBuf {
        self.folder_path.join(name)
    }

    /// Leaves the file where it is: it got another name, or is the last copy of something.
    pub(super) fn keep(&mut self) {
        self.keep = true;
    }

    /// Marks it as something that must survive a kill.
    pub(super) fn protect(&mut self, tail: &str) -> io::Result<()> {
        let name = self.name_with(tail);
        again(|| self.io.rename(self.folder, &self.name, &name, true))?;
        self.name = name;
        Ok(())
    }
}

impl Temporary<'_> {
    /// Takes the file away now, for a caller that has to do something after it is gone; one that is kept stays.
    pub(super) fn remove(&mut self) {
        if std::mem::replace(&mut self.keep, true) {
            return;
        }
        // Nobody is left to tell an error to; what fails once may go well at the next try.
        for _ in 0..3 {
            match again(|| self.io.unlink(self.folder, &self.name)) {
                Ok(()) => return,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return,
                Err(_) => {}
            }
        }
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        self.remove();
        // Closing the last way to a file without a name gives its memory back, which takes long for gigabytes: not while somebody
        // waits for the answer to a cancel. Nobody asks for the file any more; in its place stands what is open anyway.
        let is_large = |file: &File| file.metadata().is_ok_and(|file| file.nlink() == 0 && file.len() >= LARGE);
        if is_large(&self.file)
            && let Ok(folder) = self.folder.try_clone()
        {
            let file = std::mem::replace(&mut self.file, folder);
            std::thread::Builder::new().name("close".into()).spawn(move || drop(file)).ok();
        }
    }
}

/// `.~`, six random letters, and two that follow from them, by which ours are known again.
fn new_name(tail: &str) -> OsString {
    // Every RandomState has new keys; the process number keeps two processes apart even without.
    let mut number = RandomState::new().hash_one(std::process::id());
    let mut letters = [0; 6];
    for letter in &mut letters {
        *letter = LETTERS[(number % 32) as usize];
        number /= 32;
    }
    let check = check_letters(&letters);
    let all: String = letters.into_iter().chain(check).map(char::from).collect();
    format!(".~{all}{tail}").into()
}

fn check_letters(letters: &[u8]) -> [u8; 2] {
    let sum = letters.iter().fold(0x5ee7_e11b_u32, |sum, &letter| sum.wrapping_mul(0x0100_0193) ^ u32::from(letter));
    [LETTERS[(sum >> 10 & 31) as usize], LETTERS[(sum >> 20 & 31) as usize]]
}

/// Whether a name is one that [`Temporary::create`] gives to what may be thrown away.
fn is_ours(name: &OsStr) -> bool {
    let Some(letters) = name.as_bytes().strip_prefix(b".~") else { return false };
    letters.len() == 8 && letters[6..] == check_letters(&letters[..6])
}

/// Takes away what killed saves left in a folder. Only what is surely ours: the name, the owner, one link, older than
/// a day, and locked by nobody. It never fails; what cannot be taken away stays.
pub(super) fn remove_stale(io: &dyn Io, folder: &File) {
    let me = rustix::process::geteuid().as_raw();
    for name in again(|| io.list(folder)).unwrap_or_default() {
        if !is_ours(&name) {
            continue;
        }
        let Ok(stat) = again(|| io.stat_at(folder, &name)) else { continue };
        if stat.kind != Kind::File || stat.uid != me || stat.links != 1 || stat.age() < STALE {
            continue;
        }
        let Ok(file) = again(|| io.open(Some(folder), Path::new(&name), How::Read)) else { continue };
        if again(|| io.lock(&file)).is_ok() {
            again(|| io.unlink(folder, &name)).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_one_length_and_are_known_again() {
        let names: std::collections::HashSet<_> = (0..1000).map(|_| new_name("")).collect();
        assert!(names.len() > 990, "only {} different names", names.len());
        assert!(names.iter().all(|name| name.len() == 10 && is_ours(name)));
        for other in [".~", ".~lock", ".~abcdefgh.old", "~abcdefgh", ".~ABCDEFGH", ".~aaaaaa??"] {
            assert!(!is_ours(OsStr::new(other)), "{other}");
        }
        assert!(!is_ours(&new_name(".old")), "what must survive is not thrown away");
    }
}
