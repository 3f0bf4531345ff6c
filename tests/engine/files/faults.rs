//! Every call of a save fails in turn, with every error that it may have.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use rustix::io::Errno;
use seektell::buffer::{Buffer, Len, Offset};
use seektell::files::io::{How, Io, System};
use seektell::files::{Existing, FileErrorKind, FileSource, Stat, identity, open_source, save_buffer_with, save_with};
use seektell::tasks::Progress;

use super::{bytes, is_root, names, read_all};

/// The operating system, but the n-th call fails: once, or from there on.
struct Faulty {
    calls: AtomicUsize,
    fail_at: usize,
    for_good: bool,
    error: Errno,
    /// Takes and gives at most this much at a time.
    portion: usize,
}

impl Faulty {
    fn new(fail_at: usize, for_good: bool, error: Errno) -> Self {
        Self { calls: AtomicUsize::new(0), fail_at, for_good, error, portion: usize::MAX }
    }

    fn hit(&self) -> io::Result<()> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed) + 1;
        let fails = call == self.fail_at || (self.for_good && call > self.fail_at);
        if fails { Err(self.error.into()) } else { Ok(()) }
    }
}

impl Io for Faulty {
    fn open(&self, folder: Option<&File>, name: &Path, how: How) -> io::Result<File> {
        self.hit().and_then(|()| System.open(folder, name, how))
    }
    fn read_link(&self, folder: &File, name: &OsStr) -> io::Result<PathBuf> {
        self.hit().and_then(|()| System.read_link(folder, name))
    }
    fn stat_at(&self, folder: &File, name: &OsStr) -> io::Result<Stat> {
        self.hit().and_then(|()| System.stat_at(folder, name))
    }
    fn stat(&self, file: &File) -> io::Result<Stat> {
        self.hit().and_then(|()| System.stat(file))
    }
    fn is_system(&self, file: &File) -> io::Result<bool> {
        self.hit().and_then(|()| System.is_system(file))
    }
    fn free_space(&self, file: &File) -> io::Result<Option<u64>> {
        self.hit().and_then(|()| System.free_space(file))
    }
    fn read_at(&self, file: &File, out: &mut [u8], at: u64) -> io::Result<usize> {
        let size = out.len().min(self.portion);
        self.hit().and_then(|()| System.read_at(file, &mut out[..size], at))
    }
    fn write_at(&self, file: &File, bytes: &[u8], at: u64) -> io::Result<usize> {
        let size = bytes.len().min(self.portion);
        self.hit().and_then(|()| System.write_at(file, &bytes[..size], at))
    }
    fn set_len(&self, file: &File, len: u64) -> io::Result<()> {
        self.hit().and_then(|()| System.set_len(file, len))
    }
    // Syncing for real would only make the test slow.
    fn sync_data(&self, _: &File) -> io::Result<()> {
        self.hit()
    }
    fn sync_all(&self, _: &File) -> io::Result<()> {
        self.hit()
    }
    fn set_mode(&self, file: &File, mode: u32) -> io::Result<()> {
        self.hit().and_then(|()| System.set_mode(file, mode))
    }
    fn set_owner(&self, file: &File, uid: u32, gid: u32) -> io::Result<()> {
        self.hit().and_then(|()| System.set_owner(file, uid, gid))
    }
    fn attributes(&self, file: &File) -> io::Result<Vec<OsString>> {
        self.hit().and_then(|()| System.attributes(file))
    }
    fn attribute(&self, file: &File, name: &OsStr) -> io::Result<Vec<u8>> {
        self.hit().and_then(|()| System.attribute(file, name))
    }
    fn set_attribute(&self, file: &File, name: &OsStr, value: &[u8]) -> io::Result<()> {
        self.hit().and_then(|()| System.set_attribute(file, name, value))
    }
    fn remove_attribute(&self, file: &File, name: &OsStr) -> io::Result<()> {
        self.hit().and_then(|()| System.remove_attribute(file, name))
    }
    fn rename(&self, folder: &File, from: &OsStr, to: &OsStr, replace: bool) -> io::Result<()> {
        self.hit().and_then(|()| System.rename(folder, from, to, replace))
    }
    fn link(&self, folder: &File, from: &OsStr, to: &OsStr) -> io::Result<()> {
        self.hit().and_then(|()| System.link(folder, from, to))
    }
    fn set_modified(&self, file: &File, mtime_ns: i128) -> io::Result<()> {
        self.hit().and_then(|()| System.set_modified(file, mtime_ns))
    }
    fn unlink(&self, folder: &File, name: &OsStr) -> io::Result<()> {
        self.hit().and_then(|()| System.unlink(folder, name))
    }
    fn list(&self, folder: &File) -> io::Result<Vec<OsString>> {
        self.hit().and_then(|()| System.list(folder))
    }
    fn lock(&self, file: &File) -> io::Result<()> {
        self.hit().and_then(|()| System.lock(file))
    }
}

const ERRORS: [Errno; 7] = [Errno::NOSPC, Errno::IO, Errno::ACCESS, Errno::INTR, Errno::DQUOT, Errno::XDEV, Errno::ROFS];

/// The ways a save may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Case {
    New,
    Replace,
    Link,
    HardLink,
    HardLinkGrows,
}

const CASES: [Case; 5] = [Case::New, Case::Replace, Case::Link, Case::HardLink, Case::HardLinkGrows];

struct Setting {
    folder: tempfile::TempDir,
    /// What is saved to.
    path: PathBuf,
    /// Where the bytes are.
    file: PathBuf,
    old: Option<Vec<u8>>,
    new: Vec<u8>,
    existing: Existing,
    source: Option<std::sync::Arc<FileSource>>,
    names: usize,
}

fn prepare(case: Case) -> Setting {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    let mut path = file.clone();
    let (old_len, new_len) = if case == Case::HardLinkGrows { (1000, 200_000) } else { (70_000, 50_000) };
    let new = bytes(new_len, 2);
    if case == Case::New {
        return Setting { folder, path, file, old: None, new, existing: Existing::Refuse, source: None, names: 0 };
    }
    let old = bytes(old_len, 1);
    fs::write(&file, &old).unwrap();
    if is_root() {
        // Somebody else's, so that giving it away is one of the calls.
        std::os::unix::fs::chown(&file, Some(1234), Some(4321)).unwrap();
    }
    // A file this young would be opened slowly, see there.
    let an_hour_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    File::options().write(true).open(&file).unwrap().set_modified(an_hour_ago).unwrap();
    // Without them there are fewer calls to fail.
    rustix::fs::setxattr(&file, "user.colour", b"green", rustix::fs::XattrFlags::empty()).ok();
    let mut names = 1;
    if case != Case::Replace {
        names = 2;
        let other = folder.path().join("other");
        match case {
            Case::Link => {
                std::os::unix::fs::symlink("file", &other).unwrap();
                path = other;
            }
            _ => fs::hard_link(&file, other).unwrap(),
        }
    }
    let source = open_source(&file).unwrap();
    let existing = Existing::ReplaceIf(identity(&file).unwrap());
    Setting { folder, path, file, old: Some(old), new, existing, source: Some(source), names }
}

fn run(setting: &Setting, io: &Faulty) -> Result<Vec<String>, FileErrorKind> {
    let saved = save_with(io, &setting.path, &setting.existing, &Progress::new(), &mut |out| {
        setting.new.chunks(30_000).try_for_each(|part| out.write_all(part))
    });
    saved.map(|saved| saved.notes).map_err(|error| error.kind)
}

fn check(setting: &Setting, result: &Result<Vec<String>, FileErrorKind>, what: &str) {
    let now = fs::read(&setting.file).ok();
    let is_new = now.as_ref() == Some(&setting.new);
    assert!(is_new || now == setting.old, "{what}: neither old nor new: {result:?}");
    assert!(is_new || result.is_err(), "{what}: success without the new content");
    if let (Some(source), Some(old)) = (&setting.source, &setting.old) {
        assert!(read_all(&**source).as_ref() == Ok(old), "{what}: the open source lost its bytes: {result:?}");
    }
}

fn every_call_fails_once(case: Case) {
    for error in ERRORS {
        for nth in 1.. {
            let setting = prepare(case);
            let io = Faulty::new(nth, false, error);
            let result = run(&setting, &io);
            let what = format!("{case:?}, {error:?} at call {nth}");
            check(&setting, &result, &what);
            let there = names(setting.folder.path());
            let expected = setting.names + usize::from(setting.old.is_none() && setting.file.exists());
            assert_eq!(there.len(), expected, "{what}: {there:?}");
            if error == Errno::INTR {
                assert!(result.is_ok(), "{what}: an interruption shows: {result:?}");
            }
            if io.calls.load(Ordering::Relaxed) < nth {
                assert!(result.is_ok(), "{what}: nothing failed, and yet {result:?}");
                assert!(nth > 12, "{what}: so few calls cannot be");
                break;
            }
        }
    }
}

#[test]
fn every_call_fails_once_for_a_new_file() {
    every_call_fails_once(Case::New);
}

#[test]
fn every_call_fails_once_for_a_replaced_file() {
    every_call_fails_once(Case::Replace);
}

#[test]
fn every_call_fails_once_for_a_link() {
    every_call_fails_once(Case::Link);
}

#[test]
fn every_call_fails_once_in_place() {
    every_call_fails_once(Case::HardLink);
}

#[test]
fn every_call_fails_once_in_place_while_it_grows() {
    every_call_fails_once(Case::HardLinkGrows);
}

#[test]
fn every_call_fails_for_good() {
    for case in CASES {
        for error in [Errno::NOSPC, Errno::IO] {
            for nth in 1.. {
                let setting = prepare(case);
                let io = Faulty::new(nth, true, error);
                let result = run(&setting, &io);
                let what = format!("{case:?}, {error:?} from call {nth} on");
                if let Err(FileErrorKind::Torn { old, new, .. }) = &result {
                    // The one case in which the file itself may be torn: both contents are kept, and it is said where.
                    assert_eq!(fs::read(old).ok(), setting.old, "{what}");
                    assert!(fs::read(new).is_ok_and(|new| new == setting.new), "{what}");
                    assert!(matches!(case, Case::HardLink | Case::HardLinkGrows), "{what}");
                } else {
                    check(&setting, &result, &what);
                }
                if io.calls.load(Ordering::Relaxed) < nth {
                    assert!(result.is_ok());
                    break;
                }
            }
        }
    }
}

/// Saves a content with holes in its middle and at its end.
fn run_with_holes(setting: &mut Setting, io: &Faulty) -> Result<Vec<String>, FileErrorKind> {
    let mut content = Buffer::from(&setting.new[..]);
    content.insert(Offset(40_000), &Buffer::filled(0, Len(200_000)));
    content.extend_to(Len(content.len().0 + 100_000), 0);
    setting.new = content.to_vec_all().unwrap();
    let saved = save_buffer_with(io, &setting.path, &setting.existing, &Progress::new(), &content, false);
    saved.map(|saved| saved.notes).map_err(|error| error.kind)
}

#[test]
fn every_call_fails_once_for_a_content_with_holes() {
    for case in CASES {
        for error in [Errno::NOSPC, Errno::IO, Errno::INTR] {
            for nth in 1.. {
                let mut setting = prepare(case);
                let io = Faulty::new(nth, false, error);
                let result = run_with_holes(&mut setting, &io);
                let what = format!("{case:?} with holes, {error:?} at call {nth}");
                check(&setting, &result, &what);
                assert!(error != Errno::INTR || result.is_ok(), "{what}: an interruption shows: {result:?}");
                if io.calls.load(Ordering::Relaxed) < nth {
                    assert!(result.is_ok(), "{what}: nothing failed, and yet {result:?}");
                    break;
                }
            }
        }
    }
}

#[test]
fn short_reads_and_writes_are_invisible() {
    for case in CASES {
        let setting = prepare(case);
        let io = Faulty { portion: 997, ..Faulty::new(0, false, Errno::IO) };
        let result = run(&setting, &io);
        check(&setting, &result, &format!("{case:?}"));
        assert!(result.is_ok(), "{result:?}");
    }
}

#[test]
fn the_reason_is_told_in_words() {
    // The first write of the content fails.
    let nth_write = |error| {
        for nth in 1.. {
            let setting = prepare(Case::New);
            let io = Faulty::new(nth, false, error);
            if let Err(kind) = run(&setting, &io)
                && nth > 5
            {
                return kind.to_string();
            }
        }
        unreachable!()
    };
    assert_eq!(nth_write(Errno::NOSPC), "there is no space left on the disk; free some or choose another place");
    assert_eq!(nth_write(Errno::DQUOT), "the disk quota is used up; free some space or choose another place");
    assert_eq!(nth_write(Errno::ROFS), "the disk is read-only; choose another place");
    assert!(nth_write(Errno::IO).starts_with("Input/output error"));
}

#[test]
fn what_fails_after_the_file_is_written_gives_no_advice_of_a_refusal() {
    for case in [Case::New, Case::Replace] {
        for error in [Errno::EXIST, Errno::ROFS, Errno::NOSPC, Errno::IO] {
            let mut unconfirmed = 0;
            for nth in 1.. {
                let setting = prepare(case);
                let io = Faulty::new(nth, false, error);
                let result = run(&setting, &io);
                if let Err(kind) = &result
                    && fs::read(&setting.path).is_ok_and(|now| now == setting.new)
                {
                    assert!(matches!(kind, FileErrorKind::Unconfirmed(_)), "{case:?}, {error:?} in call {nth}: {kind}");
                    unconfirmed += 1;
                }
                if io.calls.load(Ordering::Relaxed) < nth {
                    break;
                }
            }
            assert!(unconfirmed >= 3, "{case:?}, {error:?}: the folder's sync and two looks at the result, not {unconfirmed}");
        }
    }
}

#[test]
fn a_file_system_that_cannot_sync_is_noted() {
    let setting = prepare(Case::Replace);
    let plain = Faulty::new(0, false, Errno::IO);
    run(&setting, &plain).unwrap();
    let mut noted = 0;
    for nth in 1..=plain.calls.load(Ordering::Relaxed) {
        let setting = prepare(Case::Replace);
        let io = Faulty::new(nth, false, Errno::NOTSUP);
        let notes = run(&setting, &io).unwrap_or_default();
        noted += usize::from(notes.iter().any(|note| note.starts_with("Saved, not synced")));
    }
    assert_eq!(noted, 3, "the data, the file and the folder are synced");
}

#[test]
fn every_call_fails_once_for_a_snapshot_with_holes() {
    snapshot_with_holes(false);
}

#[test]
fn every_call_fails_once_for_a_snapshot_with_a_backup() {
    snapshot_with_holes(true);
}

fn snapshot_with_holes(backup: bool) {
    let mut content = Buffer::filled(0, Len(1 << 21));
    content.append(&bytes(50_000, 7));
    content.append_buffer(&Buffer::filled(0, Len(1 << 20)));
    let new = content.to_vec_all().unwrap();
    for error in [Errno::NOSPC, Errno::IO, Errno::INTR] {
        for nth in 1.. {
            let setting = Setting { new: new.clone(), ..prepare(Case::Replace) };
            let io = Faulty::new(nth, false, error);
            let saved = save_buffer_with(&io, &setting.path, &setting.existing, &Progress::new(), &content, backup);
            let result = saved.map(|saved| saved.notes).map_err(|error| error.kind);
            let what = format!("{error:?} at call {nth}");
            check(&setting, &result, &what);
            let kept = setting.folder.path().join("file.bak");
            assert_eq!(names(setting.folder.path()).len(), 1 + usize::from(backup && kept.exists()), "{what}");
            if backup && result.is_ok() {
                assert!(fs::read(&kept).ok() == setting.old, "{what}: saved without a backup");
            }
            assert!(error != Errno::INTR || result.is_ok(), "{what}: an interruption shows: {result:?}");
            if io.calls.load(Ordering::Relaxed) < nth {
                assert!(result.is_ok() && nth > 12, "{what}: {result:?}");
                break;
            }
        }
    }
}
