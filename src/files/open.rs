//! Opening: what may be opened, and what it is.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::cache::BlockCache;
use super::identity::{Identity, hash_edges};
use super::source::{FileSource, read_full};
use super::stat::Stat;
use super::{FileError, FileErrorKind};
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
    /// The open file under `buffer`, to [`check`](FileSource::check) now and then; `None` where the content is in memory
    /// (an empty file, or one that the kernel makes up).
    pub source: Option<Arc<FileSource>>,
}

/// Files that claim a size of zero and are not empty (`/proc`) are read into memory up to this many bytes.
pub const UNSIZED_LIMIT: Len = Len(64 * 1024 * 1024);

/// File systems stamp changes with a clock that ticks this seldom (a hundredth of a second), so a file written within the
/// last tick could be written again without its time showing it.
const TICK: Duration = Duration::from_millis(12);

/// Opens a regular file without reading more than its edges. Folders, devices, FIFOs and sockets are refused.
///
/// It takes microseconds whatever the size, and holds one descriptor until the last clone of the buffer is gone. How the
/// buffer behaves when the file changes under it is told at [`FileSource`].
pub fn open(path: &Path) -> Result<Opened, FileError> {
    let fail = |kind| FileError::new(kind, path);
    let (file, stat) = open_regular(path).map_err(fail)?;
    let (stat, edges) = settled(&file, stat).map_err(fail)?;
    let identity = Identity::with_edges(&stat, edges.hash);
    let writable = is_writable(path, &file);
    let path = path.to_owned();
    if stat.len == 0 || edges.short {
        // Nothing, or nothing that the size says anything about.
        let mut from_start = ReadAt { file: &file, at: 0 };
        let buffer = read_stream(&mut from_start, UNSIZED_LIMIT, &Progress::new()).map_err(|kind| FileError::new(kind, &path))?;
        return Ok(Opened { path, buffer, identity, writable, source: None });
    }
    let source = FileSource::new(file, stat, edges.hash, BlockCache::shared());
    Ok(Opened { path, buffer: Buffer::from_source(source.clone()), identity, writable, source: Some(source) })
}

/// Opens a file as [`open`] does, but as a bare source; fails with [`FileErrorKind::Io`] on files whose size says nothing
/// about their content.
pub fn open_source(path: &Path) -> Result<Arc<FileSource>, FileError> {
    let fail = |kind| FileError::new(kind, path);
    let (file, stat) = open_regular(path).map_err(fail)?;
    let (stat, edges) = settled(&file, stat).map_err(fail)?;
    if edges.short {
        return Err(fail(FileErrorKind::Io(io::ErrorKind::UnexpectedEof.into())));
    }
    Ok(FileSource::new(file, stat, edges.hash, BlockCache::shared()))
}

/// What the file at `path` is now. Files that the kernel makes up have the size that they claim.
pub fn identity(path: &Path) -> Result<Identity, FileError> {
    let fail = |kind| FileError::new(kind, path);
    let (file, stat) = open_regular(path).map_err(fail)?;
    let edges = hash_edges(stat.len, &mut |at, out| read_full(&file, at, out));
    let edges = edges.map_err(|error| fail(error.into()))?;
    Ok(Identity::with_edges(&stat, edges.hash))
}

/// Whether the file at `path` still is what `identity` says: the same file, the same size, the same time, the same bytes at
/// both ends, and not touched in a way that only a hidden rewrite explains. `false` where there is none, or none readable.
pub fn unchanged(path: &Path, identity: &Identity) -> bool {
    super::identity(path).is_ok_and(|now| identity.is_still(&now))
}

/// Reads everything that `reader` gives (standard input, a pipe) into memory, at most `limit` bytes; more is
/// [`FileErrorKind::TooLarge`]. Bytes read are counted in `progress`, which can also end it between two reads.
pub fn read_stream(reader: &mut dyn Read, limit: Len, progress: &Progress) -> Result<Buffer, FileErrorKind> {
    const STEP: usize = 64 * 1024;
    let mut bytes: Vec<u8> = Vec::new();
    loop {
        progress.check().map_err(|_| FileErrorKind::Cancelled)?;
        let start = bytes.len();
        if bytes.capacity() - start < STEP {
            bytes.try_reserve(STEP).map_err(|_| FileErrorKind::TooLarge(Len::from(start)))?;
        }
        bytes.resize(start + STEP, 0);
        let got = match reader.read(&mut bytes[start..]) {
            Ok(got) => got,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                bytes.truncate(start);
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        bytes.truncate(start + got);
        if got == 0 {
            bytes.shrink_to_fit();
            return Ok(bytes.into());
        }
        if bytes.len() as u64 > limit.0 {
            return Err(FileErrorKind::TooLarge(limit));
        }
        progress.advance(got as u64);
    }
}

struct ReadAt<'a> {
    file: &'a File,
    at: u64,
}

impl Read for ReadAt<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let got = read_full(self.file, self.at, out)?;
        self.at += got as u64;
        Ok(got)
    }
}

/// Opens `path` for reading if it is a regular file, and does not so much as touch it if it is not: opening alone makes a
/// tape rewind, and waits at a named pipe.
fn open_regular(path: &Path) -> Result<(File, Stat), FileErrorKind> {
    let metadata = std::fs::metadata(path).map_err(|error| input_kind(error, path))?;
    Stat::from_metadata(&metadata).regular()?;
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
        options.custom_flags(flags.bits() as i32);
    }
    let file = options.open(path).map_err(|error| input_kind(error, path))?;
    let stat = Stat::of(&file)?;
    // It may have been exchanged between the two calls.
    stat.regular()?;
    Ok((file, stat))
}

fn input_kind(error: io::Error, path: &Path) -> FileErrorKind {
    match error.kind() {
        io::ErrorKind::InvalidInput => FileErrorKind::InvalidName,
        io::ErrorKind::NotFound if path.as_os_str().is_empty() => FileErrorKind::InvalidName,
        io::ErrorKind::NotADirectory => FileErrorKind::NotFound,
        _ => error.into(),
    }
}

/// What the file is while nobody writes it: its size and time, and the bytes at its ends that belong to them.
fn settled(file: &File, mut stat: Stat) -> Result<(Stat, super::identity::Edges), FileErrorKind> {
    if let Some(wait) = TICK.checked_sub(stat.age()) {
        std::thread::sleep(wait);
        stat = Stat::of(file)?;
    }
    for _ in 0..5 {
        let edges = hash_edges(stat.len, &mut |at, out| read_full(file, at, out))?;
        let now = Stat::of(file)?;
        if stat.same_content(&now) || stat.len == 0 {
            return Ok((now, edges));
        }
        std::thread::sleep(TICK);
        stat = Stat::of(file)?;
    }
    Err(FileErrorKind::Busy)
}

#[cfg(unix)]
fn is_writable(path: &Path, _: &File) -> bool {
    use rustix::fs::{Access, AtFlags, CWD, accessat};
    accessat(CWD, path, Access::WRITE_OK, AtFlags::EACCESS).is_ok()
}

#[cfg(not(unix))]
fn is_writable(_: &Path, file: &File) -> bool {
    file.metadata().is_ok_and(|metadata| !metadata.permissions().readonly())
}
