//! Which file a path leads to, whatever the path.

use std::path::Path;

/// What two paths have in common that lead to one file: through links, by another case, under a second name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileKey(Key);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    #[cfg(unix)]
    Number(u64, u64),
    #[cfg(not(unix))]
    Path(String),
}

impl FileKey {
    /// The file at `path`; `None` where there is none, or none that may be looked at.
    #[cfg(unix)]
    pub fn of(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        let metadata = std::fs::metadata(path).ok()?;
        Some(Self(Key::Number(metadata.dev(), metadata.ino())))
    }

    /// The file at `path`; `None` where there is none, or none that may be looked at.
    #[cfg(not(unix))]
    pub fn of(path: &Path) -> Option<Self> {
        let path = std::fs::canonicalize(path).ok()?;
        Some(Self(Key::Path(path.to_string_lossy().to_lowercase())))
    }
}

/// The bytes of the file at `path`, as the system says, without opening it; `None` where that cannot be told.
pub fn size(path: &Path) -> Option<u64> {
    std::fs::metadata(path).ok().map(|metadata| metadata.len())
}
