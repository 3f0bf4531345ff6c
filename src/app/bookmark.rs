//! What is asked for of the bookmarks of the document in front.

use crate::document::{BookmarkColor, BookmarkId};

/// A change of a bookmark, or a way to it. All are about the document in front.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BookmarkCommand {
    /// Another name.
    Rename(BookmarkId, String),
    /// Another comment.
    Comment(BookmarkId, String),
    /// Another colour.
    Color(BookmarkId, BookmarkColor),
    /// Another range, as it is typed: `0x10..0x20`, `cursor..end`.
    Place(BookmarkId, String),
    /// The cursor goes to its start; while the timeline is walked only the view does.
    Go(BookmarkId),
    /// Its range is selected.
    Select(BookmarkId),
    /// It is removed; an undo brings it back.
    Remove(BookmarkId),
    /// All of them are.
    RemoveAll,
}
