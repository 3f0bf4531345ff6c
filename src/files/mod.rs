//! The only module that touches the file system: lazy opening and the save that loses nothing.
//!
//! - [`open`] gives a [`Buffer`](crate::buffer::Buffer) over a file of any size within microseconds; its bytes come through a
//!   block cache of 16 MiB that all files share, and never mix what the file was with what it became. No file is mapped
//!   into memory: one that somebody cuts short gives an error, not a signal.
//! - [`save`] leaves the old content or the new one at every instant, follows links, keeps owner, mode and extended
//!   attributes, and leaves nothing behind. [`Existing`] says what it may do with a file that is there.
//! - [`Identity`] tells a file from its later self; [`unchanged`] is asked before a file is overwritten, and again inside the save.
//! - [`FileWatcher`] tells when a file that is open became another one.
//! - [`display_path`], [`suggest_name`] and [`free_name`] are about names.
//!
//! Names are bytes to the file system and are kept as such; only what a person reads is escaped.

mod cache;
mod error;
mod folder;
mod identity;
mod inside;
mod key;
mod names;
mod open;
mod rescue;
mod scratch;
mod source;
mod stat;
mod watch;

#[cfg(unix)]
mod backup;
#[cfg(unix)]
mod elsewhere;
#[cfg(unix)]
mod in_place;
#[cfg(unix)]
pub mod io;
#[cfg(unix)]
mod metadata;
#[cfg(unix)]
mod place;
#[cfg(unix)]
mod repair;
#[cfg(unix)]
mod save;
#[cfg(unix)]
mod temporary;
#[cfg(unix)]
mod writer;

#[cfg(not(unix))]
#[path = "repair_plain.rs"]
mod repair;
#[cfg(not(unix))]
#[path = "save_plain.rs"]
mod save;

use std::path::PathBuf;

pub use error::{FileError, FileErrorKind};
pub use folder::{make_folder, make_folder_within};
pub use identity::Identity;
pub use inside::{Outside, inside};
pub use key::{FileKey, size};
pub use names::{display_path, free_name, is_taken, numbered_name, path_of_address, suggest_name};
pub use open::{Opened, UNSIZED_LIMIT, identity, open, open_source, read_stream, unchanged};
pub use repair::{Repair, Repaired, repair_in, repair_interrupted};
pub use rescue::{RESCUE_LIMIT, drop_copies, end_copies, find_copies, keep_copies};
pub use save::{save, save_buffer, save_buffer_checked, save_checked, save_sized, save_with_backup};
#[cfg(unix)]
pub use save::{save_buffer_with, save_with};
pub use scratch::Scratch;
pub use source::FileSource;
pub use stat::{Kind, Stat};
pub use watch::{FileWatcher, Stamp, WatchedFile};

/// What a save may do with a file that is already there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Existing {
    /// Refuse: the terminal without `--overwrite`.
    Refuse,
    /// Replace it: the user has confirmed this very path.
    Replace,
    /// Replace it only if it still is what was opened; otherwise, also where it is gone, fail with
    /// [`FileErrorKind::ChangedOnDisk`].
    ReplaceIf(Identity),
}

/// A save that went through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The path as it was given.
    pub path: PathBuf,
    /// What the file is now.
    pub identity: Identity,
    /// What the user should know, a sentence each ("Written in place: it has hard links").
    pub notes: Vec<String>,
}
