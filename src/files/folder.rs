//! Folders.

use std::io;
use std::path::{Component, Path};

use super::FileError;

/// Makes the folder at `path`, and those above it, where they are not there yet.
///
/// # Errors
/// By cause, as a save's: a file is in the way, no permission, a full disk.
pub fn make_folder(path: &Path) -> Result<(), FileError> {
    std::fs::create_dir_all(path).map_err(|error| FileError::new(error.into(), path))
}

/// Makes the folders of `relative` in `folder`, one after the other, and follows no link on the way: what is written there
/// stays inside.
///
/// # Errors
/// By cause, as [`make_folder`]'s; and where `relative` is no path downwards, or a part of it is a link or a file.
pub fn make_folder_within(folder: &Path, relative: &Path) -> Result<(), FileError> {
    let mut path = folder.to_path_buf();
    for part in relative.components() {
        let Component::Normal(part) = part else {
            return Err(FileError::new(io::Error::other("the path leads out of the folder").into(), relative));
        };
        path.push(part);
        match std::fs::symlink_metadata(&path) {
            Ok(found) if found.is_dir() => {}
            Ok(found) if found.is_symlink() => {
                return Err(FileError::new(io::Error::other("a link in the folder leads elsewhere").into(), &path));
            }
            Ok(_) => return Err(FileError::new(io::Error::other("there is a file where a folder is needed").into(), &path)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => match std::fs::create_dir(&path) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(FileError::new(error.into(), &path)),
                _ => {}
            },
            Err(error) => return Err(FileError::new(error.into(), &path)),
        }
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn folders_are_made_inside_and_links_are_not_followed() {
        let place = tempfile::tempdir().unwrap();
        let (inside, outside) = (place.path().join("inside"), place.path().join("outside"));
        make_folder(&inside).unwrap();
        make_folder(&outside).unwrap();
        make_folder_within(&inside, Path::new("a/b")).unwrap();
        make_folder_within(&inside, Path::new("a/b")).unwrap();
        assert!(inside.join("a/b").is_dir());
        std::os::unix::fs::symlink(&outside, inside.join("link")).unwrap();
        let error = make_folder_within(&inside, Path::new("link/new")).unwrap_err().to_string();
        assert!(error.contains("a link in the folder leads elsewhere"), "{error}");
        assert!(!outside.join("new").exists());
        assert!(make_folder_within(&inside, Path::new("../up")).is_err());
        std::fs::write(inside.join("file"), "x").unwrap();
        assert!(make_folder_within(&inside, Path::new("file/x")).is_err());
    }
}
