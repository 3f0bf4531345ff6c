//! Where a path leads: an open folder and a name in it, with every link on the way followed by hand.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use super::FileErrorKind;
use super::io::{How, Io, again};
use super::stat::{Kind, Stat};

/// As many links as Linux follows.
const LINKS_MAX: usize = 40;

/// Where a path leads. The folder stays the same one, whatever is renamed above it meanwhile.
pub(super) struct Place {
    pub(super) folder: File,
    /// The folder's path, for messages and for knowing special places.
    pub(super) folder_path: PathBuf,
    pub(super) name: OsString,
    /// What is there; not a link.
    pub(super) stat: Option<Stat>,
}

impl Place {
    pub(super) fn find(io: &dyn Io, path: &Path) -> Result<Self, FileErrorKind> {
        let mut from: Option<File> = None;
        let mut folder_path = PathBuf::new();
        let mut rest = path.to_owned();
        for _ in 0..=LINKS_MAX {
            let (parent, name) = split(&rest)?;
            let folder = again(|| io.open(from.as_ref(), &parent, How::Folder)).map_err(|error| match error.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => FileErrorKind::NoFolder,
                _ => error.into(),
            })?;
            folder_path.push(&parent);
            let stat = match again(|| io.stat_at(&folder, &name)) {
                Ok(stat) => Some(stat),
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(error) => return Err(error.into()),
            };
            if stat.as_ref().is_some_and(|stat| stat.kind == Kind::Link) {
                rest = again(|| io.read_link(&folder, &name))?;
                from = Some(folder);
                continue;
            }
            return Ok(Self { folder, folder_path, name, stat });
        }
        Err(FileErrorKind::LinkLoop)
    }

    /// Whether this is the document portal of a sandbox, which loses files that are renamed over.
    pub(super) fn is_portal(&self) -> bool {
        let mut parts = self.folder_path.components().map(std::path::Component::as_os_str);
        let start = [parts.next(), parts.next(), parts.next()].map(Option::unwrap_or_default);
        start == ["/", "run", "user"] && parts.nth(1) == Some(OsStr::new("doc"))
    }
}

/// The folder part and the name of a path, without looking at the disk.
fn split(path: &Path) -> Result<(PathBuf, OsString), FileErrorKind> {
    let bytes = path.as_os_str().as_bytes();
    if bytes.is_empty() || bytes.contains(&0) {
        return Err(FileErrorKind::InvalidName);
    }
    let cut = bytes.iter().rposition(|&byte| byte == b'/').map_or(0, |slash| slash + 1);
    let (parent, name) = bytes.split_at(cut);
    if matches!(name, b"" | b"." | b"..") {
        return Err(FileErrorKind::Folder);
    }
    let parent = if parent.is_empty() { b"." } else { parent };
    Ok((OsString::from_vec(parent.to_vec()).into(), OsString::from_vec(name.to_vec())))
}
