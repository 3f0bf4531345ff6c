//! Where saves never write in place, none can be left half done.

use std::path::{Path, PathBuf};

/// What became of a save in place that was interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repair {
    /// The file was whole.
    Whole,
    /// The file was made whole.
    Finished,
    /// Nothing was touched.
    Undecided,
}

/// A save in place that was interrupted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repaired {
    /// The file.
    pub path: PathBuf,
    /// What was done.
    pub repair: Repair,
    /// Where its old content is.
    pub old: PathBuf,
    /// Where its new content is.
    pub new: PathBuf,
}

/// Nothing to do on this system.
pub fn repair_interrupted() -> Vec<Repaired> {
    Vec::new()
}

/// Nothing to do on this system.
pub fn repair_in(_folder: &Path) -> Vec<Repaired> {
    Vec::new()
}
