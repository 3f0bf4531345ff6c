//! A private folder of the user, for what a save cannot put beside the file.

use std::fs::File;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

use super::FileErrorKind;
use super::io::{How, Io, again};

/// The folder, open.
pub(super) struct Elsewhere {
    pub(super) folder: File,
    pub(super) path: PathBuf,
}

impl Elsewhere {
    /// Where it is: below the user's state folder, which outlives a restart; for a user without a home, with the
    /// temporary files.
    pub(super) fn path() -> PathBuf {
        let base = directories::BaseDirs::new()
            .map_or_else(std::env::temp_dir, |dirs| dirs.state_dir().unwrap_or(dirs.data_local_dir()).to_owned());
        base.join("seektell").join("saving")
    }

    /// Opens it, and makes it where it is not there: nobody else may look in.
    pub(super) fn open(io: &dyn Io) -> Result<Self, FileErrorKind> {
        let path = Self::path();
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&path);
        match made.and_then(|()| again(|| io.open(None, &path, How::Folder))) {
            Ok(folder) => Ok(Self { folder, path }),
            // The file could be written to: its own permissions must not be blamed.
            Err(error) => Err(FileErrorKind::Io(std::io::Error::new(
                error.kind(),
                format!(
                    "its folder takes no new files, and a copy cannot be kept in {} either ({error}); save it elsewhere",
                    super::display_path(&path)
                ),
            ))),
        }
    }
}
