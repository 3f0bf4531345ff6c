//! An open file as a source of bytes.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, RwLock, Weak};

use super::cache::BlockCache;
use super::identity::hash_edges;
use super::stat::Stat;
use crate::buffer::{Buffer, Len, Offset, ReadErrorKind, Source};

/// Requests of this length and longer bypass the cache, which they would only sweep clean.
const CACHED_REQUEST: usize = 1024 * 1024;

/// An open file, read at any place through the block cache that all files share. Made by [`open`](super::open).
///
/// What is read is always the file as it was when it was opened, or an error; old and new bytes are never mixed:
///
/// - Every byte that enters the cache was read while the open file had the size and the time of its opening, checked
///   *after* the read. So the cache holds bytes of one version only, the one that was opened.
/// - When a read finds another size or time, the source is *stale* from then on: bytes that are in the cache are still
///   served, every other read fails with [`ReadErrorKind::Changed`] or [`ReadErrorKind::Shrunk`], also if the file is put back.
/// - A file that was touched but, so it says, not written to is looked at again at both ends: that finds a rewrite there which
///   put the old time back.
/// - A file that is renamed, deleted, or replaced by renaming another one over it is not a change: the open descriptor keeps
///   the old one.
/// - When Seektell itself must write into an open file ([`save`](super::save) in place), it first lays a copy of the old bytes
///   under every source that reads it.
#[derive(Debug)]
pub struct FileSource {
    number: u64,
    len: Len,
    /// Hash of both ends at opening.
    edges: u64,
    /// 0 while fresh, else why not.
    stale: AtomicU8,
    backing: RwLock<Backing>,
    cache: Arc<BlockCache>,
}

#[derive(Debug)]
struct Backing {
    file: File,
    stat: Stat,
}

const CHANGED: u8 = 1;
const SHRUNK: u8 = 2;

/// The sources that read a file, by device and inode.
type Registry = Mutex<HashMap<(u64, u64), Vec<Weak<FileSource>>>>;

static REGISTRY: LazyLock<Registry> = LazyLock::new(Registry::default);

impl FileSource {
    /// `stat` is what `file` was when `edges` were hashed.
    pub(super) fn new(file: File, stat: Stat, edges: u64, cache: Arc<BlockCache>) -> Arc<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let key = (stat.dev, stat.ino);
        let len = Len(stat.len);
        let backing = RwLock::new(Backing { file, stat });
        let source = Arc::new(Self { number, len, edges, stale: AtomicU8::new(0), backing, cache });
        let mut registry = REGISTRY.lock().unwrap_or_else(PoisonError::into_inner);
        registry.retain(|_, sources| {
            sources.retain(|source| source.strong_count() > 0);
            !sources.is_empty()
        });
        registry.entry(key).or_default().push(Arc::downgrade(&source));
        source
    }

    /// The content of a file that this program has just written, from the disk's point of view: through a source of its own.
    pub(super) fn reread(file: &File) -> io::Result<Buffer> {
        let stat = Stat::of(file)?;
        if stat.len == 0 {
            return Ok(Buffer::default());
        }
        let edges = hash_edges(stat.len, &mut |at, out| read_full(file, at, out))?;
        Ok(Buffer::from_source(Self::new(file.try_clone()?, stat, edges.hash, BlockCache::shared())))
    }

    /// Whether the file was found changed; what is not in the cache cannot be read any more.
    pub fn is_stale(&self) -> bool {
        self.stale.load(Ordering::Acquire) != 0
    }

    /// Looks whether the open file still is what was opened. Reads do it themselves; a window may ask now and then, so
    /// that it can tell before somebody scrolls.
    pub fn check(&self) -> Result<(), ReadErrorKind> {
        self.fresh()?;
        let backing = self.backing.read().unwrap_or_else(PoisonError::into_inner);
        self.verify(&backing)
    }

    fn fresh(&self) -> Result<(), ReadErrorKind> {
        match self.stale.load(Ordering::Acquire) {
            0 => Ok(()),
            SHRUNK => Err(ReadErrorKind::Shrunk),
            _ => Err(ReadErrorKind::Changed),
        }
    }

    fn spoil(&self, why: u8) -> Result<(), ReadErrorKind> {
        // The first reason stays.
        self.stale.compare_exchange(0, why, Ordering::AcqRel, Ordering::Acquire).ok();
        self.fresh()
    }

    fn verify(&self, backing: &Backing) -> Result<(), ReadErrorKind> {
        let now = Stat::of(&backing.file).map_err(|error| words(&error))?;
        let then = &backing.stat;
        if now.len < then.len {
            return self.spoil(SHRUNK);
        }
        if !then.same_content(&now) {
            return self.spoil(CHANGED);
        }
        // Touched, but not (it says) written: renamed, linked, new permissions, or written with the time put back.
        if now.ctime_ns != then.ctime_ns && now.outside() == then.outside() {
            let edges = hash_edges(now.len, &mut |at, out| read_full(&backing.file, at, out));
            if edges.ok().map(|edges| edges.hash) != Some(self.edges) {
                return self.spoil(CHANGED);
            }
        }
        Ok(())
    }

    /// Reads past the cache; the bytes are of the version that was opened, or there is an error.
    fn load(&self, at: u64, out: &mut [u8]) -> Result<(), ReadErrorKind> {
        self.fresh()?;
        let backing = self.backing.read().unwrap_or_else(PoisonError::into_inner);
        let got = read_full(&backing.file, at, out).map_err(|error| words(&error))?;
        self.verify(&backing)?;
        if got < out.len() {
            return self.spoil(SHRUNK);
        }
        Ok(())
    }

    fn block(&self, number: u64) -> Result<Arc<Vec<u8>>, ReadErrorKind> {
        let key = (self.number, number);
        if let Some(block) = self.cache.get(key) {
            return Ok(block);
        }
        let start = number * BlockCache::BLOCK as u64;
        let size = (self.len.0 - start).min(BlockCache::BLOCK as u64) as usize;
        let mut bytes = vec![0; size];
        self.load(start, &mut bytes)?;
        let block = Arc::new(bytes);
        self.cache.put(key, Arc::clone(&block));
        Ok(block)
    }
}

impl Source for FileSource {
    fn len(&self) -> Len {
        self.len
    }

    fn zeros_at(&self, offset: Offset) -> Len {
        let backing = self.backing.read().unwrap_or_else(PoisonError::into_inner);
        let data = self.fresh().ok().and_then(|()| next_data(&backing.file, offset.0, self.len.0));
        // What was a hole is one of the file that was opened only if that is what it still is.
        match data.filter(|&data| data > offset.0) {
            Some(data) if self.verify(&backing).is_ok() => Len(data.min(self.len.0).saturating_sub(offset.0)),
            _ => Len::ZERO,
        }
    }

    fn data_at(&self, offset: Offset) -> Len {
        let backing = self.backing.read().unwrap_or_else(PoisonError::into_inner);
        let hole = next_hole(&backing.file, offset.0).unwrap_or(self.len.0).min(self.len.0);
        Len(hole.saturating_sub(offset.0))
    }

    fn read_at(&self, offset: Offset, out: &mut [u8]) -> Result<(), ReadErrorKind> {
        let end = offset.0.checked_add(out.len() as u64);
        if end.is_none_or(|end| end > self.len.0) {
            return Err(ReadErrorKind::Io(io::ErrorKind::InvalidInput, "asked for bytes past the end".to_owned()));
        }
        if out.len() >= CACHED_REQUEST {
            return self.load(offset.0, out);
        }
        let (mut at, mut rest) = (offset.0, out);
        while !rest.is_empty() {
            let block = self.block(at / BlockCache::BLOCK as u64)?;
            let start = (at % BlockCache::BLOCK as u64) as usize;
            let part = rest.len().min(block.len() - start);
            let (now, later) = rest.split_at_mut(part);
            now.copy_from_slice(&block[start..start + part]);
            (at, rest) = (at + part as u64, later);
        }
        Ok(())
    }
}

impl Drop for FileSource {
    fn drop(&mut self) {
        self.cache.forget(self.number);
    }
}

/// Lays `copy`, which holds the bytes of the file that `stat` describes at its very beginning, under every source that
/// reads that file. A source that already differs from `stat` becomes stale instead. Returns how many were moved.
///
/// No read of the file itself is under way when this returns.
#[cfg(unix)]
pub(super) fn rebase(stat: &Stat, copy: &File) -> io::Result<usize> {
    let copied = Stat::of(copy)?;
    let mut registry = REGISTRY.lock().unwrap_or_else(PoisonError::into_inner);
    let sources: Vec<_> = registry.get(&(stat.dev, stat.ino)).into_iter().flatten().filter_map(Weak::upgrade).collect();
    let mut files = Vec::with_capacity(sources.len());
    for _ in &sources {
        files.push(copy.try_clone()?);
    }
    for (source, file) in sources.iter().zip(files) {
        let mut backing = source.backing.write().unwrap_or_else(PoisonError::into_inner);
        if source.verify(&backing).is_ok() && backing.stat.same_content(stat) {
            // The copy may carry a trailer; its own size is what must not change from now on.
            *backing = Backing { file, stat: copied.clone() };
        } else {
            source.spoil(CHANGED).ok();
        }
    }
    // They read another file now, which nobody else will ever write.
    registry.remove(&(stat.dev, stat.ino));
    Ok(sources.len())
}

/// Fills `out` from `at` on; returns less only at the end of the file.
pub(super) fn read_full(file: &File, at: u64, out: &mut [u8]) -> io::Result<usize> {
    let mut done = 0;
    while done < out.len() {
        match read_once(file, at + done as u64, &mut out[done..]) {
            Ok(0) => break,
            Ok(got) => done += got,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

#[cfg(unix)]
fn read_once(file: &File, at: u64, out: &mut [u8]) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, out, at)
}

#[cfg(windows)]
fn read_once(file: &File, at: u64, out: &mut [u8]) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, out, at)
}

/// Where the next byte is that was ever written, at or after `at`; the end where there is none, `None` where the system
/// does not tell.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "macos", target_os = "freebsd"))]
fn next_data(file: &File, at: u64, len: u64) -> Option<u64> {
    // Nothing reads at the descriptor's own place, so that it moves harms nobody.
    match rustix::fs::seek(file, rustix::fs::SeekFrom::Data(at)) {
        Ok(data) => Some(data),
        Err(rustix::io::Errno::NXIO) => Some(len),
        Err(_) => None,
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "macos", target_os = "freebsd")))]
fn next_data(_: &File, _: u64, _: u64) -> Option<u64> {
    None
}

/// Where the next hole begins, at or after `at`; the end is one. `None` where the system does not tell.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "macos", target_os = "freebsd"))]
fn next_hole(file: &File, at: u64) -> Option<u64> {
    rustix::fs::seek(file, rustix::fs::SeekFrom::Hole(at)).ok()
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "macos", target_os = "freebsd")))]
fn next_hole(_: &File, _: u64) -> Option<u64> {
    None
}

fn words(error: &io::Error) -> ReadErrorKind {
    ReadErrorKind::Io(error.kind(), error.to_string())
}
