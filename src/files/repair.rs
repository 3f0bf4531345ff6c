//! Making whole what a killed save in place left.
//!
//! While a file is written in place, a record in the user's state folder says which file that is, and where its old and
//! its new content are. A record that nobody holds a lock on belongs to a program that was killed.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use super::elsewhere::Elsewhere;
use super::in_place::copy;
use super::io::{How, Io, System, again};
use super::place::Place;
use super::save::read_full;
use super::stat::Stat;
use super::temporary::Temporary;
use super::writer::write_full;

const TAIL: &str = ".job";
const MAGIC: &[u8] = b"seektell saving 1";
/// Two paths of 4096 bytes each, two names and some numbers; more is not ours.
const RECORD_MAX: usize = 16 * 1024;
const STEP: usize = 256 * 1024;

/// What became of a save in place that was interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repair {
    /// The file was whole, old or new; only the traces were removed.
    Whole,
    /// The file was a mixture of old and new; now it is the new one.
    Finished,
    /// The file is something else by now, or cannot be read or written: nothing was touched, both contents stay where
    /// they are.
    Undecided,
}

/// A save in place that was interrupted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repaired {
    /// The file.
    pub path: PathBuf,
    /// What was done.
    pub repair: Repair,
    /// Where its old content is, if [`Repair::Undecided`].
    pub old: PathBuf,
    /// Where its new content is, if [`Repair::Undecided`].
    pub new: PathBuf,
}

/// Makes whole every file that a killed save in place left as a mixture of old and new. To be called once when the program
/// starts. A file that was written to by anybody since is left alone and reported once.
pub fn repair_interrupted() -> Vec<Repaired> {
    repair_in(&Elsewhere::path())
}

/// [`repair_interrupted`] with the records of another folder.
pub fn repair_in(folder: &Path) -> Vec<Repaired> {
    let io = &System;
    let Ok(open) = io.open(None, folder, How::Folder) else { return Vec::new() };
    let mut all = Vec::new();
    for name in io.list(&open).unwrap_or_default() {
        if !name.as_bytes().ends_with(TAIL.as_bytes()) {
            continue;
        }
        let Ok(file) = io.open(Some(&open), Path::new(&name), How::Read) else { continue };
        // A record that is being written has no end yet; one that is locked is in use.
        if io.lock(&file).is_err() {
            continue;
        }
        if let Some(job) = Job::read(io, &file) {
            let repair = job.repair(io).unwrap_or(Repair::Undecided);
            if repair != Repair::Undecided {
                std::fs::remove_file(&job.old).ok();
                std::fs::remove_file(&job.new).ok();
            }
            let Job { target, old, new, .. } = job;
            all.push(Repaired { path: target, repair, old, new });
        }
        io.unlink(&open, &name).ok();
    }
    all
}

/// The record of a save in place; it goes when this is dropped.
pub(super) struct Record<'a> {
    io: &'a dyn Io,
    folder: File,
    name: OsString,
    /// Holds the lock.
    _file: File,
    keep: bool,
}

impl<'a> Record<'a> {
    /// Notes what is about to happen. `None` where there is no place for it: the save goes on all the same, and after a kill
    /// the two contents lie beside the file, where only a person can find them.
    pub(super) fn write(io: &'a dyn Io, place: &Place, stat: &Stat, new: &Temporary<'_>, len: u64) -> Option<Self> {
        let target = std::path::absolute(place.folder_path.join(&place.name)).ok()?;
        let old = std::path::absolute(new.path_of(&new.name_with(".old"))).ok()?;
        let new_path = std::path::absolute(new.path_of(&new.name_with(".new"))).ok()?;
        let job = Job { dev: stat.dev, ino: stat.ino, old_len: stat.len, new_len: len, target, old, new: new_path };
        let Elsewhere { folder, .. } = Elsewhere::open(io).ok()?;
        let name = new.name_with(TAIL);
        let file = again(|| io.open(Some(&folder), Path::new(&name), How::Create(0o600))).ok()?;
        again(|| io.lock(&file)).ok();
        let record = Self { io, folder, name, _file: file, keep: false };
        write_full(io, &record._file, &job.to_bytes(), 0).ok()?;
        again(|| io.sync_all(&record._file)).ok();
        again(|| io.sync_all(&record.folder)).ok();
        Some(record)
    }

    /// Leaves it for the next start.
    pub(super) fn keep(&mut self) {
        self.keep = true;
    }
}

impl Drop for Record<'_> {
    fn drop(&mut self) {
        for _ in 0..3 {
            if self.keep || again(|| self.io.unlink(&self.folder, &self.name)).is_ok() {
                return;
            }
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Job {
    dev: u64,
    ino: u64,
    old_len: u64,
    new_len: u64,
    target: PathBuf,
    old: PathBuf,
    new: PathBuf,
}

impl Job {
    /// Fields with a zero byte behind each: no path has one.
    fn to_bytes(&self) -> Vec<u8> {
        let numbers = [self.dev, self.ino, self.old_len, self.new_len].map(|number| number.to_string().into_bytes());
        let paths = [&self.target, &self.old, &self.new].map(|path| path.as_os_str().as_bytes().to_vec());
        let fields = [MAGIC.to_vec()].into_iter().chain(numbers).chain(paths);
        fields.flat_map(|field| field.into_iter().chain([0])).collect()
    }

    fn read(io: &dyn Io, file: &File) -> Option<Self> {
        let mut bytes = vec![0; RECORD_MAX];
        let len = read_full(io, file, 0, &mut bytes).ok()?;
        Self::parse(&bytes[..len])
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let fields: Vec<_> = bytes.strip_suffix(&[0])?.split(|&byte| byte == 0).collect();
        let [magic, dev, ino, old_len, new_len, target, old, new] = fields[..] else { return None };
        let number = |field: &[u8]| str::from_utf8(field).ok()?.parse::<u64>().ok();
        let path = |field: &[u8]| {
            let path = PathBuf::from(OsString::from_vec(field.to_vec()));
            path.is_absolute().then_some(path)
        };
        let job = Self {
            dev: number(dev)?,
            ino: number(ino)?,
            old_len: number(old_len)?,
            new_len: number(new_len)?,
            target: path(target)?,
            old: path(old)?,
            new: path(new)?,
        };
        let ends = |path: &Path, tail: &str| path.file_name().is_some_and(|name| is_copy(name, tail));
        (magic == MAGIC && ends(&job.old, ".old") && ends(&job.new, ".new")).then_some(job)
    }

    fn repair(&self, io: &dyn Io) -> io::Result<Repair> {
        let copy_of = |path: &Path, len: u64| -> io::Result<Option<File>> {
            match io.open(None, path, How::Read) {
                Ok(file) if io.stat(&file)?.len == len => Ok(Some(file)),
                Ok(_) => Ok(None),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error),
            }
        };
        // Not a byte of the target is written before both copies are whole.
        let (Some(old), Some(new)) = (copy_of(&self.old, self.old_len)?, copy_of(&self.new, self.new_len)?) else {
            return Ok(Repair::Whole);
        };
        let target = io.open(None, &self.target, How::Write)?;
        let stat = io.stat(&target)?;
        if (stat.dev, stat.ino) != (self.dev, self.ino) {
            return Ok(Repair::Undecided);
        }
        let found = self.compare(io, &target, stat.len, &old, &new)?;
        if found.is_old || found.is_new {
            return Ok(Repair::Whole);
        }
        if !found.is_mixture {
            return Ok(Repair::Undecided);
        }
        copy(io, &new, &target, 0, self.new_len, &mut || Ok(()))?;
        io.set_len(&target, self.new_len)?;
        io.sync_all(&target)?;
        Ok(Repair::Finished)
    }

    /// Whether every byte of the target comes from one of the two contents, or is the zero of a hole that the disk has not
    /// filled yet. If not, somebody else has written to it since.
    fn compare(&self, io: &dyn Io, target: &File, len: u64, old: &File, new: &File) -> io::Result<Found> {
        let mut found = Found { is_old: len == self.old_len, is_new: len == self.new_len, is_mixture: true };
        if len < self.old_len.min(self.new_len) || len > self.old_len.max(self.new_len) {
            return Ok(Found { is_old: false, is_new: false, is_mixture: false });
        }
        let mut blocks = [vec![0; STEP], vec![0; STEP], vec![0; STEP]];
        let mut at = 0;
        while at < len && (found.is_old || found.is_new || found.is_mixture) {
            let [ours, olds, news] = &mut blocks;
            let got = read_full(io, target, at, ours)?;
            if got == 0 {
                break;
            }
            let old_got = read_full(io, old, at, &mut olds[..got])?;
            let new_got = read_full(io, new, at, &mut news[..got])?;
            for (n, byte) in ours[..got].iter().enumerate() {
                let like_old = n < old_got && *byte == olds[n];
                let like_new = n < new_got && *byte == news[n];
                found.is_old &= like_old;
                found.is_new &= like_new;
                found.is_mixture &= like_old || like_new || (n >= old_got && *byte == 0);
            }
            at += got as u64;
        }
        Ok(found)
    }
}

struct Found {
    is_old: bool,
    is_new: bool,
    is_mixture: bool,
}

/// Whether a record may name such a file as one that can be removed.
fn is_copy(name: &OsStr, tail: &str) -> bool {
    let bytes = name.as_bytes();
    bytes.starts_with(b".~") && bytes.ends_with(tail.as_bytes()) && bytes.len() == 10 + tail.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(folder: &Path, target: &[u8], old: &[u8], new: &[u8]) -> Job {
        let path = |name: &str| folder.join(name);
        std::fs::write(path("target"), target).unwrap();
        std::fs::write(path(".~abcdefgh.old"), old).unwrap();
        std::fs::write(path(".~abcdefgh.new"), new).unwrap();
        let stat = Stat::of(&File::open(path("target")).unwrap()).unwrap();
        Job {
            dev: stat.dev,
            ino: stat.ino,
            old_len: old.len() as u64,
            new_len: new.len() as u64,
            target: path("target"),
            old: path(".~abcdefgh.old"),
            new: path(".~abcdefgh.new"),
        }
    }

    fn repaired(target: &[u8], old: &[u8], new: &[u8]) -> (Repair, Vec<u8>, usize) {
        let folder = tempfile::tempdir().unwrap();
        let job = job(folder.path(), target, old, new);
        assert_eq!(Job::parse(&job.to_bytes()).as_ref(), Some(&job));
        std::fs::write(folder.path().join(".~abcdefgh.job"), job.to_bytes()).unwrap();
        let all = repair_in(folder.path());
        assert_eq!(all.len(), 1);
        let left = std::fs::read_dir(folder.path()).unwrap().count();
        (all[0].repair, std::fs::read(folder.path().join("target")).unwrap(), left)
    }

    #[test]
    fn mixtures_become_new_and_whole_files_stay() {
        for (target, old, new, repair) in [
            ("old bytes", "old bytes", "NEW BYTES!", Repair::Whole),
            ("NEW BYTES!", "old bytes", "NEW BYTES!", Repair::Whole),
            ("NEW bytes", "old bytes", "NEW BYTES!", Repair::Finished),
            ("NEW bytes!", "old bytes", "NEW BYTES!", Repair::Finished),
            ("old bytes\0", "old bytes", "NEW BYTES!", Repair::Finished),
            ("NEWo", "oldold", "NEW", Repair::Finished),
            ("", "", "NEW", Repair::Whole),
        ] {
            let (done, now, left) = repaired(target.as_bytes(), old.as_bytes(), new.as_bytes());
            assert_eq!((done, left), (repair, 1), "{target}");
            let expected = if repair == Repair::Finished { new } else { target };
            assert_eq!(String::from_utf8(now).unwrap(), expected);
        }
    }

    #[test]
    fn what_somebody_else_wrote_is_left_alone() {
        for target in ["new bytes, by hand", "olx bytes", "o"] {
            let (done, now, left) = repaired(target.as_bytes(), b"old bytes", b"NEW BYTES!");
            assert_eq!((done, now, left), (Repair::Undecided, target.as_bytes().to_vec(), 3));
        }
    }

    #[test]
    fn a_copy_that_is_not_whole_means_that_nothing_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let job = job(folder.path(), b"old bytes", b"old", b"NEW");
        let job = Job { old_len: 9, ..job };
        assert_eq!(job.repair(&System).unwrap(), Repair::Whole);
    }

    #[test]
    fn foreign_records_are_no_records() {
        let fine = job(tempfile::tempdir().unwrap().path(), b"", b"", b"");
        let bytes = fine.to_bytes();
        for cut in 0..bytes.len() {
            assert_eq!(Job::parse(&bytes[..cut]), None, "{cut}");
        }
        let evil = Job { old: "/etc/passwd".into(), ..fine };
        assert_eq!(Job::parse(&evil.to_bytes()), None);
        assert_eq!(Job::parse(b"\0\0\0\0\0\0\0\0"), None);
    }
}
