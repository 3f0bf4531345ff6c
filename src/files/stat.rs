//! What the operating system says about a file, in one shape for every system.

use std::fs::{File, Metadata};
use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::FileErrorKind;

/// The kinds of things that have a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link (only seen where links are not followed).
    Link,
    /// A named pipe.
    Fifo,
    /// A socket.
    Socket,
    /// A character or block device, or something that is none of all these.
    Device,
}

/// What the operating system says about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stat {
    /// What it is.
    pub kind: Kind,
    /// Size in bytes.
    pub len: u64,
    /// Device number.
    pub dev: u64,
    /// Inode number.
    pub ino: u64,
    /// Permission bits, with set-user-id and its kin (the lower 12 bits of the mode).
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// How many names it has.
    pub links: u64,
    /// Last change of the content, nanoseconds since 1970.
    pub mtime_ns: i128,
    /// Last change of anything, nanoseconds since 1970.
    pub ctime_ns: i128,
}

impl Stat {
    /// Asks about an open file.
    pub(super) fn of(file: &File) -> io::Result<Self> {
        Ok(Self::from_metadata(&file.metadata()?))
    }

    #[cfg(unix)]
    pub(super) fn from_metadata(metadata: &Metadata) -> Self {
        use std::os::unix::fs::{FileTypeExt, MetadataExt};
        let kind = metadata.file_type();
        let kind = if kind.is_file() {
            Kind::File
        } else if kind.is_dir() {
            Kind::Folder
        } else if kind.is_symlink() {
            Kind::Link
        } else if kind.is_fifo() {
            Kind::Fifo
        } else if kind.is_socket() {
            Kind::Socket
        } else {
            Kind::Device
        };
        Self {
            kind,
            len: metadata.len(),
            dev: metadata.dev(),
            ino: metadata.ino(),
            mode: metadata.mode() & 0o7777,
            uid: metadata.uid(),
            gid: metadata.gid(),
            links: metadata.nlink(),
            mtime_ns: nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
            ctime_ns: nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    #[cfg(not(unix))]
    pub(super) fn from_metadata(metadata: &Metadata) -> Self {
        let kind = if metadata.is_dir() { Kind::Folder } else { Kind::File };
        let since = |time: SystemTime| time.duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos() as i128);
        let mtime_ns = metadata.modified().map_or(0, since);
        let mode = if metadata.permissions().readonly() { 0o444 } else { 0o644 };
        Self { kind, len: metadata.len(), dev: 0, ino: 0, mode, uid: 0, gid: 0, links: 1, mtime_ns, ctime_ns: 0 }
    }

    /// What changes the time of the last touch, but not the content, in one number.
    pub(super) fn outside(&self) -> u64 {
        let mix = |number: u64, part: u64| number.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ part;
        [self.uid.into(), self.gid.into(), self.links].into_iter().fold(self.mode.into(), mix)
    }

    /// Whether `now`, a later look at the same open file, shows no sign of another content.
    pub(super) fn same_content(&self, now: &Self) -> bool {
        (self.len, self.mtime_ns) == (now.len, now.mtime_ns)
    }

    /// `Ok` for a regular file, for everything else the reason to refuse it.
    pub(super) fn regular(&self) -> Result<(), FileErrorKind> {
        match self.kind {
            Kind::File => Ok(()),
            Kind::Folder => Err(FileErrorKind::Folder),
            Kind::Fifo => Err(FileErrorKind::Fifo),
            Kind::Socket => Err(FileErrorKind::Socket),
            Kind::Device | Kind::Link => Err(FileErrorKind::Device),
        }
    }

    /// How long ago the content was written; zero for times in the future.
    pub(super) fn age(&self) -> Duration {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        let age = i128::try_from(now).unwrap_or(i128::MAX).saturating_sub(self.mtime_ns).max(0);
        Duration::from_nanos(u64::try_from(age).unwrap_or(u64::MAX))
    }
}

#[cfg(unix)]
pub(super) fn nanoseconds(seconds: i64, rest: i64) -> i128 {
    i128::from(seconds) * 1_000_000_000 + i128::from(rest)
}
