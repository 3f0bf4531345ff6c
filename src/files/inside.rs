//! Files that a text from elsewhere names: they must lie in its own folder.

use std::path::{Component, Path, PathBuf};

/// A name leads out of the folder that it is seen from.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the name leads out of the folder")]
pub struct Outside {
    /// Where it leads.
    pub path: PathBuf,
}

/// The file that `name` means, seen from `folder`. Whoever reads a text from elsewhere does not know what it names, so an
/// absolute path, one with `..`, and one that leads out through a link are refused.
///
/// # Errors
/// [`Outside`]. A file that is not there is no error here.
pub fn inside(folder: &Path, name: &str) -> Result<PathBuf, Outside> {
    let path = folder.join(name);
    let plain = Path::new(name).components().all(|component| matches!(component, Component::Normal(_) | Component::CurDir));
    // A backslash divides names on Windows only, but a recipe travels.
    if !plain || name.contains('\\') || name.contains('\0') {
        return Err(Outside { path });
    }
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    match (folder.canonicalize(), path.canonicalize()) {
        (Ok(folder), Ok(real)) if !real.starts_with(&folder) => Err(Outside { path: real }),
        _ => Ok(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lies_in_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        std::fs::write(folder.path().join("data/a.csv"), "a").unwrap();
        for name in ["data/a.csv", "./data/a.csv", "missing.csv"] {
            assert_eq!(inside(folder.path(), name), Ok(folder.path().join(name)), "{name}");
        }
        let absolute = folder.path().join("data/a.csv").to_string_lossy().into_owned();
        for name in ["../x", "data/../../x", "/etc/passwd", "..\\x", &absolute] {
            assert!(inside(folder.path(), name).is_err(), "{name}");
        }
        #[cfg(unix)]
        {
            let other = tempfile::tempdir().unwrap();
            std::fs::write(other.path().join("secret"), "s").unwrap();
            std::os::unix::fs::symlink(other.path(), folder.path().join("out")).unwrap();
            assert!(inside(folder.path(), "out/secret").is_err());
        }
    }
}
