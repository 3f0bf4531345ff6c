//! Which path a result gets: never a source's, never that of another result.

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::names::folded;
use super::{ConvertError, OnExisting, Source};
use crate::files::{self, Existing, FileKey};

/// What a result may do with its path.
#[derive(Debug)]
pub(super) enum Place {
    /// Write there.
    At(PathBuf, Existing),
    /// Nothing: there is a file.
    Taken(PathBuf),
}

/// The paths of one run.
#[derive(Debug, Default)]
pub(super) struct Places {
    sources: HashSet<FileKey>,
    /// The paths of sources, for those that cannot be looked at.
    paths: HashSet<PathBuf>,
    /// The paths of results, without case.
    results: HashSet<OsString>,
}

/// Numbers that are tried before a name counts as refused.
const TRIES: u64 = 1 << 20;

impl Places {
    pub(super) fn new(sources: &[Source]) -> Self {
        let paths = || sources.iter().filter_map(|source| source.path.as_deref());
        Self {
            sources: paths().filter_map(FileKey::of).collect(),
            paths: paths().map(Path::to_owned).collect(),
            results: HashSet::new(),
        }
    }

    pub(super) fn is_source(&self, path: &Path) -> bool {
        self.paths.contains(path) || FileKey::of(path).is_some_and(|key| self.sources.contains(&key))
    }

    /// Finds the place of a result that wants to be at `wanted`, and keeps it from others. `from` is the first number that is
    /// tried where it must have one: 1 is none.
    pub(super) fn claim(&mut self, wanted: &Path, policy: OnExisting, source: &str, from: u64) -> Result<Place, ConvertError> {
        for number in from..TRIES {
            let path = match (number, wanted.file_name()) {
                (1, _) | (_, None) => wanted.to_owned(),
                (_, Some(name)) => wanted.with_file_name(files::numbered_name(name, number)),
            };
            let rename = policy == OnExisting::Rename;
            if self.is_source(&path) {
                if rename {
                    continue;
                }
                return Err(ConvertError::OverSource(path));
            }
            let key = folded(path.as_os_str());
            if self.results.contains(&key) {
                if rename {
                    continue;
                }
                return Err(ConvertError::Twin { path, other: source.to_owned() });
            }
            let existing = match policy {
                OnExisting::Overwrite => Existing::Replace,
                OnExisting::Rename if files::is_taken(&path) => continue,
                OnExisting::Skip if files::is_taken(&path) => return Ok(Place::Taken(path)),
                _ => Existing::Refuse,
            };
            self.results.insert(key);
            return Ok(Place::At(path, existing));
        }
        Ok(Place::Taken(wanted.to_owned()))
    }

    /// A result was not written after all: its path is free for others.
    pub(super) fn release(&mut self, path: &Path) {
        self.results.remove(&folded(path.as_os_str()));
    }
}
