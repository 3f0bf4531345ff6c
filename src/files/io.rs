//! The calls that a save makes, one by one, so that a test can let each of them fail.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use rustix::fs::{self, AtFlags, CWD, FlockOperation, Gid, Mode, OFlags, Uid, XattrFlags};

use super::stat::{Kind, Stat, nanoseconds};
use crate::tasks::{Progress, apart_while};

/// How [`Io::open`] opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// A folder, to name files in it.
    Folder,
    /// A file that exists, to read; a link is not followed.
    Read,
    /// A file that exists, to read and write without cutting it; a link is not followed.
    Write,
    /// A file that must not exist yet, to read and write, with these permission bits (less the umask).
    Create(u32),
}

/// What a save asks of the operating system. [`System`] is the real one.
///
/// `folder` is an open folder that `name` is seen from; `None` is the current one. An error of the kind
/// [`io::ErrorKind::Interrupted`] makes the caller ask again.
#[expect(missing_docs, reason = "each is the call of the same name")]
pub trait Io: Sync {
    fn open(&self, folder: Option<&File>, name: &Path, how: How) -> io::Result<File>;
    fn read_link(&self, folder: &File, name: &OsStr) -> io::Result<PathBuf>;
    /// Does not follow a link.
    fn stat_at(&self, folder: &File, name: &OsStr) -> io::Result<Stat>;
    fn stat(&self, file: &File) -> io::Result<Stat>;
    /// Whether the file is made up by the kernel.
    fn is_system(&self, file: &File) -> io::Result<bool>;
    /// Bytes that can still be written to the file system of `file`; `None` where that cannot be told for certain, as where
    /// it compresses what it holds.
    fn free_space(&self, file: &File) -> io::Result<Option<u64>>;
    fn read_at(&self, file: &File, out: &mut [u8], at: u64) -> io::Result<usize>;
    fn write_at(&self, file: &File, bytes: &[u8], at: u64) -> io::Result<usize>;
    fn set_len(&self, file: &File, len: u64) -> io::Result<()>;
    fn sync_data(&self, file: &File) -> io::Result<()>;
    fn sync_all(&self, file: &File) -> io::Result<()>;
    /// As `sync_data`, of so much that it may take long: once `progress` is cancelled this ends with that, and the bytes may be synced
    /// or not.
    fn sync_much(&self, file: &File, progress: &Progress) -> io::Result<()> {
        progress.check().map_err(io::Error::other)?;
        self.sync_data(file)
    }
    fn set_mode(&self, file: &File, mode: u32) -> io::Result<()>;
    fn set_owner(&self, file: &File, uid: u32, gid: u32) -> io::Result<()>;
    fn attributes(&self, file: &File) -> io::Result<Vec<OsString>>;
    fn attribute(&self, file: &File, name: &OsStr) -> io::Result<Vec<u8>>;
    fn set_attribute(&self, file: &File, name: &OsStr, value: &[u8]) -> io::Result<()>;
    fn remove_attribute(&self, file: &File, name: &OsStr) -> io::Result<()>;
    /// Renames within a folder; `replace` says whether something may be there already.
    fn rename(&self, folder: &File, from: &OsStr, to: &OsStr, replace: bool) -> io::Result<()>;
    /// Gives a file of a folder a second name in it.
    fn link(&self, folder: &File, from: &OsStr, to: &OsStr) -> io::Result<()>;
    /// Sets the time of the last change of the content, in nanoseconds since 1970.
    fn set_modified(&self, file: &File, mtime_ns: i128) -> io::Result<()>;
    fn unlink(&self, folder: &File, name: &OsStr) -> io::Result<()>;
    fn list(&self, folder: &File) -> io::Result<Vec<OsString>>;
    /// Takes a lock that ends with the descriptor; fails where another process has it.
    fn lock(&self, file: &File) -> io::Result<()>;
}

/// The operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct System;

/// The longest list or value of extended attributes that Linux has.
const ATTRIBUTE_MAX: usize = 64 * 1024;

impl Io for System {
    fn open(&self, folder: Option<&File>, name: &Path, how: How) -> io::Result<File> {
        let common = OFlags::CLOEXEC | OFlags::NOCTTY | OFlags::NONBLOCK;
        let (flags, mode) = match how {
            How::Folder => (OFlags::DIRECTORY | OFlags::CLOEXEC, 0),
            How::Read => (common | OFlags::NOFOLLOW, 0),
            How::Write => (common | OFlags::NOFOLLOW | OFlags::RDWR, 0),
            How::Create(mode) => (common | OFlags::RDWR | OFlags::CREATE | OFlags::EXCL, mode),
        };
        let mode = Mode::from_raw_mode(mode as _);
        let opened = match folder {
            Some(folder) => fs::openat(folder, name, flags, mode),
            None => fs::openat(CWD, name, flags, mode),
        };
        match opened {
            // A file one may write but not read.
            Err(rustix::io::Errno::ACCESS) if how == How::Write => {
                let flags = flags.difference(OFlags::RDWR) | OFlags::WRONLY;
                match folder {
                    Some(folder) => Ok(fs::openat(folder, name, flags, mode)?.into()),
                    None => Ok(fs::openat(CWD, name, flags, mode)?.into()),
                }
            }
            // A folder one may put files into, but not look into.
            #[cfg(target_os = "linux")]
            Err(rustix::io::Errno::ACCESS) if how == How::Folder => {
                let flags = flags | OFlags::PATH;
                match folder {
                    Some(folder) => Ok(fs::openat(folder, name, flags, mode)?.into()),
                    None => Ok(fs::openat(CWD, name, flags, mode)?.into()),
                }
            }
            opened => Ok(opened?.into()),
        }
    }

    fn read_link(&self, folder: &File, name: &OsStr) -> io::Result<PathBuf> {
        let target = fs::readlinkat(folder, name, Vec::new())?;
        Ok(OsString::from_vec(target.into_bytes()).into())
    }

    #[allow(clippy::unnecessary_cast, clippy::useless_conversion, reason = "the fields differ between systems")]
    fn stat_at(&self, folder: &File, name: &OsStr) -> io::Result<Stat> {
        let stat = fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)?;
        let kind = match fs::FileType::from_raw_mode(stat.st_mode) {
            fs::FileType::RegularFile => Kind::File,
            fs::FileType::Directory => Kind::Folder,
            fs::FileType::Symlink => Kind::Link,
            fs::FileType::Fifo => Kind::Fifo,
            fs::FileType::Socket => Kind::Socket,
            _ => Kind::Device,
        };
        Ok(Stat {
            kind,
            len: u64::try_from(stat.st_size).unwrap_or(0),
            dev: stat.st_dev as u64,
            ino: stat.st_ino as u64,
            mode: stat.st_mode as u32 & 0o7777,
            uid: stat.st_uid,
            gid: stat.st_gid,
            links: stat.st_nlink as u64,
            mtime_ns: nanoseconds(stat.st_mtime as i64, stat.st_mtime_nsec as i64),
            ctime_ns: nanoseconds(stat.st_ctime as i64, stat.st_ctime_nsec as i64),
        })
    }

    fn stat(&self, file: &File) -> io::Result<Stat> {
        Stat::of(file)
    }

    #[cfg(target_os = "linux")]
    #[allow(clippy::unnecessary_cast, reason = "the field differs between machines")]
    fn is_system(&self, file: &File) -> io::Result<bool> {
        const SYSFS: i64 = 0x6265_6572;
        let kind = fs::fstatfs(file)?.f_type;
        Ok(kind == fs::PROC_SUPER_MAGIC || kind as i64 == SYSFS)
    }

    #[cfg(not(target_os = "linux"))]
    fn is_system(&self, _: &File) -> io::Result<bool> {
        Ok(false)
    }

    fn free_space(&self, file: &File) -> io::Result<Option<u64>> {
        #[cfg(target_os = "linux")]
        {
            // btrfs, ZFS, bcachefs, F2FS, and what the kernel shows of a FUSE server.
            const UNCERTAIN: [i64; 5] = [0x9123_683E, 0x2FC1_2FC1, 0xCA45_1A4E, 0xF2F5_2010, 0x6573_5546];
            #[allow(clippy::unnecessary_cast, reason = "the field differs between machines")]
            let kind = fs::fstatfs(file)?.f_type as i64 & 0xFFFF_FFFF;
            if UNCERTAIN.contains(&kind) {
                return Ok(None);
            }
        }
        let stat = fs::fstatvfs(file)?;
        // The administrator may use what is set aside.
        let blocks = if rustix::process::geteuid().is_root() { stat.f_bfree } else { stat.f_bavail };
        Ok((stat.f_blocks > 0).then(|| blocks.saturating_mul(stat.f_frsize)))
    }

    fn read_at(&self, file: &File, out: &mut [u8], at: u64) -> io::Result<usize> {
        FileExt::read_at(file, out, at)
    }

    fn write_at(&self, file: &File, bytes: &[u8], at: u64) -> io::Result<usize> {
        FileExt::write_at(file, bytes, at)
    }

    fn set_len(&self, file: &File, len: u64) -> io::Result<()> {
        file.set_len(len)
    }

    fn sync_data(&self, file: &File) -> io::Result<()> {
        file.sync_data()
    }

    fn sync_all(&self, file: &File) -> io::Result<()> {
        file.sync_all()
    }

    fn sync_much(&self, file: &File, progress: &Progress) -> io::Result<()> {
        let Ok(same) = file.try_clone() else { return file.sync_data() };
        apart_while(&mut || progress.check().map_err(io::Error::other), move || same.sync_data())?
    }

    fn set_mode(&self, file: &File, mode: u32) -> io::Result<()> {
        Ok(fs::fchmod(file, Mode::from_raw_mode(mode as _))?)
    }

    fn set_owner(&self, file: &File, uid: u32, gid: u32) -> io::Result<()> {
        Ok(fs::fchown(file, Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid)))?)
    }

    fn attributes(&self, file: &File) -> io::Result<Vec<OsString>> {
        let mut list = vec![0; ATTRIBUTE_MAX];
        let len = fs::flistxattr(file, &mut list[..])?;
        let names = list[..len].split(|&byte| byte == 0).filter(|name| !name.is_empty());
        Ok(names.map(|name| OsStr::from_bytes(name).to_owned()).collect())
    }

    fn attribute(&self, file: &File, name: &OsStr) -> io::Result<Vec<u8>> {
        let mut value = vec![0; ATTRIBUTE_MAX];
        let len = fs::fgetxattr(file, name, &mut value[..])?;
        value.truncate(len);
        Ok(value)
    }

    fn set_attribute(&self, file: &File, name: &OsStr, value: &[u8]) -> io::Result<()> {
        Ok(fs::fsetxattr(file, name, value, XattrFlags::empty())?)
    }

    fn remove_attribute(&self, file: &File, name: &OsStr) -> io::Result<()> {
        Ok(fs::fremovexattr(file, name)?)
    }

    fn rename(&self, folder: &File, from: &OsStr, to: &OsStr, replace: bool) -> io::Result<()> {
        if replace {
            return Ok(fs::renameat(folder, from, folder, to)?);
        }
        #[cfg(any(target_os = "linux", target_vendor = "apple"))]
        {
            use rustix::io::Errno;
            match fs::renameat_with(folder, from, folder, to, fs::RenameFlags::NOREPLACE) {
                Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
                done => return Ok(done?),
            }
        }
        // A second name and then none of the first: also never replaces anything.
        match fs::linkat(folder, from, folder, to, AtFlags::empty()) {
            Ok(()) => Ok(fs::unlinkat(folder, from, AtFlags::empty())?),
            Err(rustix::io::Errno::PERM | rustix::io::Errno::NOTSUP | rustix::io::Errno::NOSYS) => {
                // A file system with neither (FAT): look, then rename. Between the two another program may come.
                match fs::statat(folder, to, AtFlags::SYMLINK_NOFOLLOW) {
                    Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
                    Err(_) => Ok(fs::renameat(folder, from, folder, to)?),
                }
            }
            Err(error) => Err(error.into()),
        }
    }

    fn link(&self, folder: &File, from: &OsStr, to: &OsStr) -> io::Result<()> {
        Ok(fs::linkat(folder, from, folder, to, AtFlags::empty())?)
    }

    fn set_modified(&self, file: &File, mtime_ns: i128) -> io::Result<()> {
        let since = std::time::Duration::from_nanos(u64::try_from(mtime_ns).unwrap_or(0));
        file.set_modified(std::time::UNIX_EPOCH + since)
    }

    fn unlink(&self, folder: &File, name: &OsStr) -> io::Result<()> {
        Ok(fs::unlinkat(folder, name, AtFlags::empty())?)
    }

    fn list(&self, folder: &File) -> io::Result<Vec<OsString>> {
        let mut names = Vec::new();
        for entry in fs::Dir::read_from(folder)? {
            names.push(OsStr::from_bytes(entry?.file_name().to_bytes()).to_owned());
        }
        Ok(names)
    }

    fn lock(&self, file: &File) -> io::Result<()> {
        Ok(fs::flock(file, FlockOperation::NonBlockingLockExclusive)?)
    }
}

/// Asks until the answer is not "interrupted".
pub(super) fn again<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            answer => return answer,
        }
    }
}
