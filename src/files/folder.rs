//! Folders.

use std::path::Path;

use super::FileError;

/// Makes the folder at `path`, and those above it, where they are not there yet.
///
/// # Errors
/// By cause, as a save's: a file is in the way, no permission, a full disk.
pub fn make_folder(path: &Path) -> Result<(), FileError> {
    std::fs::create_dir_all(path).map_err(|error| FileError::new(error.into(), path))
}
