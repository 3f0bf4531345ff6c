//! Saves keep holes, and ask for space before they write.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use seektell::buffer::{Buffer, ByteRange, Len, Offset};
use seektell::files::io::{How, Io, System};
use seektell::files::{self, Existing, FileErrorKind, Stat, save_buffer, save_buffer_with};
use seektell::tasks::Progress;

use super::{bytes, names};

const MIB: u64 = 1 << 20;

/// Bytes on the disk.
fn taken(path: &Path) -> u64 {
    fs::metadata(path).unwrap().blocks() * 512
}

/// A file of this size with these bytes here and there; `None` where the file system keeps no holes.
fn sparse(path: &Path, len: u64, parts: &[(u64, Vec<u8>)]) -> Option<()> {
    let file = File::create(path).unwrap();
    file.set_len(len).unwrap();
    for (at, part) in parts {
        file.write_all_at(part, *at).unwrap();
    }
    file.sync_all().unwrap();
    drop(file);
    let written: u64 = parts.iter().map(|(_, part)| part.len() as u64).sum();
    if taken(path) > written + MIB {
        eprintln!("skipped: this file system keeps no holes");
        return None;
    }
    Some(())
}

#[test]
fn a_hundred_gigabytes_with_one_changed_byte_are_saved_in_a_moment_and_stay_sparse() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("huge");
    let len = 100_000_000_000;
    let tail = bytes(5000, 3);
    let parts = [(0, bytes(70_000, 1)), (50_000_000_001, bytes(200_000, 2)), (len - 5000, tail.clone())];
    let Some(()) = sparse(&path, len, &parts) else { return };
    let opened = files::open(&path).unwrap();
    let mut content = opened.buffer.clone();
    content.overwrite(Offset(70_000_000_123), b"X");
    let progress = Progress::new();
    let saved = save_buffer(&path, &Existing::ReplaceIf(opened.identity), &progress, &content).unwrap();
    assert_eq!(saved.identity.len, Len(len));
    assert_eq!(progress.done(), len, "what is skipped is done, too");
    assert!(taken(&path) < 4 * MIB, "{} bytes on the disk", taken(&path));
    let again = files::open(&path).unwrap().buffer;
    let read = |at: u64, len: u64| again.to_vec(ByteRange::new(Offset(at), Len(len))).unwrap();
    for (at, part) in &parts {
        assert_eq!(&read(*at, part.len() as u64), part);
    }
    assert_eq!(read(70_000_000_120, 7), b"\0\0\0X\0\0\0");
    assert_eq!(read(70_000, 100_000), vec![0; 100_000]);
    // The document that was saved still reads the old file.
    assert_eq!(content.to_vec(ByteRange::new(Offset(len - 5000), Len(5000))).unwrap(), tail);
    assert_eq!(names(folder.path()), ["huge"]);
}

#[test]
fn whatever_the_holes_the_content_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let source = folder.path().join("source");
    let parts = [(3 * MIB + 17, bytes(100, 4)), (5 * MIB, bytes(3 * MIB as usize, 5)), (12 * MIB + 1, bytes(1, 6))];
    sparse(&source, 16 * MIB + 333, &parts);
    let sparse = files::open(&source).unwrap().buffer;
    let zeros = |len: u64| Buffer::filled(0, Len(len));
    let mut mixed = Buffer::from(b"abc");
    for part in [zeros(2 * MIB), sparse.clone(), zeros(700_000), zeros(700_000), Buffer::filled(9, Len(2 * MIB)), sparse.clone()]
    {
        mixed.append_buffer(&part);
    }
    let mut ends_full = mixed.clone();
    ends_full.append(b"end");
    for content in [Buffer::new(), zeros(1), zeros(MIB), zeros(MIB + 1), zeros(40 * MIB), sparse, mixed, ends_full] {
        save_buffer(&path, &Existing::Replace, &Progress::new(), &content).unwrap();
        assert!(fs::read(&path).unwrap() == content.to_vec_all().unwrap(), "{} bytes", content.len());
    }
}

/// The operating system with a disk that is nearly full.
#[derive(Default)]
struct Full {
    free: u64,
    written: AtomicU64,
}

impl Io for Full {
    fn free_space(&self, _: &File) -> io::Result<Option<u64>> {
        Ok(Some(self.free))
    }
    fn write_at(&self, file: &File, bytes: &[u8], at: u64) -> io::Result<usize> {
        self.written.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        System.write_at(file, bytes, at)
    }
    fn open(&self, folder: Option<&File>, name: &Path, how: How) -> io::Result<File> {
        System.open(folder, name, how)
    }
    fn read_link(&self, folder: &File, name: &OsStr) -> io::Result<PathBuf> {
        System.read_link(folder, name)
    }
    fn stat_at(&self, folder: &File, name: &OsStr) -> io::Result<Stat> {
        System.stat_at(folder, name)
    }
    fn stat(&self, file: &File) -> io::Result<Stat> {
        System.stat(file)
    }
    fn is_system(&self, file: &File) -> io::Result<bool> {
        System.is_system(file)
    }
    fn read_at(&self, file: &File, out: &mut [u8], at: u64) -> io::Result<usize> {
        System.read_at(file, out, at)
    }
    fn set_len(&self, file: &File, len: u64) -> io::Result<()> {
        System.set_len(file, len)
    }
    fn sync_data(&self, _: &File) -> io::Result<()> {
        Ok(())
    }
    fn sync_all(&self, _: &File) -> io::Result<()> {
        Ok(())
    }
    fn set_mode(&self, file: &File, mode: u32) -> io::Result<()> {
        System.set_mode(file, mode)
    }
    fn set_owner(&self, file: &File, uid: u32, gid: u32) -> io::Result<()> {
        System.set_owner(file, uid, gid)
    }
    fn attributes(&self, file: &File) -> io::Result<Vec<OsString>> {
        System.attributes(file)
    }
    fn attribute(&self, file: &File, name: &OsStr) -> io::Result<Vec<u8>> {
        System.attribute(file, name)
    }
    fn set_attribute(&self, file: &File, name: &OsStr, value: &[u8]) -> io::Result<()> {
        System.set_attribute(file, name, value)
    }
    fn remove_attribute(&self, file: &File, name: &OsStr) -> io::Result<()> {
        System.remove_attribute(file, name)
    }
    fn rename(&self, folder: &File, from: &OsStr, to: &OsStr, replace: bool) -> io::Result<()> {
        System.rename(folder, from, to, replace)
    }
    fn link(&self, folder: &File, from: &OsStr, to: &OsStr) -> io::Result<()> {
        System.link(folder, from, to)
    }
    fn set_modified(&self, file: &File, mtime_ns: i128) -> io::Result<()> {
        System.set_modified(file, mtime_ns)
    }
    fn unlink(&self, folder: &File, name: &OsStr) -> io::Result<()> {
        System.unlink(folder, name)
    }
    fn list(&self, folder: &File) -> io::Result<Vec<OsString>> {
        System.list(folder)
    }
    fn lock(&self, file: &File) -> io::Result<()> {
        System.lock(file)
    }
}

#[test]
fn what_cannot_fit_is_refused_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, "old").unwrap();
    let io = Full { free: 30 * MIB, ..Full::default() };
    let mut content = Buffer::filled(1, Len(50 * MIB));
    let save = |io: &Full, content: &Buffer| save_buffer_with(io, &path, &Existing::Replace, &Progress::new(), content, false);
    let error = save(&io, &content).unwrap_err();
    assert!(matches!(error.kind, FileErrorKind::TooLittleSpace { missing, .. } if missing == Len(20 * MIB)), "{error}");
    assert!(
        error
            .to_string()
            .starts_with("the disk has 32 MB free, and 21 MB more are needed; free some space or choose another place"),
        "{error}"
    );
    assert_eq!(io.written.load(Ordering::Relaxed), 0);
    assert_eq!((fs::read(&path).unwrap(), names(folder.path()).len()), (b"old".to_vec(), 1));
    // Zeros that are not written need no space.
    content = Buffer::filled(0, Len(1 << 40));
    content.append(b"end");
    if save(&io, &content).is_ok() {
        assert_eq!(io.written.load(Ordering::Relaxed), 3);
        assert_eq!(fs::metadata(&path).unwrap().len(), (1 << 40) + 3);
    }
    // What fits to the byte fits.
    let exact = Full { free: 1000, ..Full::default() };
    save(&exact, &Buffer::filled(1, Len(1000))).unwrap();
    let missing = save(&Full { free: 999, ..Full::default() }, &Buffer::filled(1, Len(1000))).unwrap_err();
    assert!(matches!(missing.kind, FileErrorKind::TooLittleSpace { missing: Len(1), free: Len(999) }), "{missing}");
}
