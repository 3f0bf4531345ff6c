//! Bookmarks as a small JSON text, for a file beside the document's.
//!
//! ```json
//! {
//!   "format": "seektell bookmarks",
//!   "version": 1,
//!   "unit": "byte",
//!   "bookmarks": [
//!     { "name": "header", "start": 0, "length": 8, "color": "yellow", "comment": "always the same" }
//!   ]
//! }
//! ```
//!
//! `unit` is `byte` or `character`, as the document counts. `start` and `length` are in that unit; `color` is one of yellow, orange,
//! red, purple, blue and green. `length`, `color` and `comment` may be left out. Nothing else may stand in it: a word that is not
//! known is rather a mistake than a wish.

use serde::{Deserialize, Serialize};

use super::edit::checked_name;
use super::{Bookmark, BookmarkColor, BookmarkError, Bookmarks, NAME_MAX, Range, Track};
use crate::document::{Document, StreamKind};

const FORMAT: &str = "seektell bookmarks";
const VERSION: u32 = 1;

/// The longest text that is read.
const MAX_LEN: usize = 8 << 20;

/// Why bookmarks were not read. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum BookmarkFileError {
    /// It is no JSON of this kind; what is wrong, and in which line and column.
    #[error("line {line}, column {column}: {what}")]
    Text {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What is wrong there.
        what: String,
    },
    /// A bookmark does not fit the document.
    #[error("bookmark {number} ({name:?}): {error}")]
    Bookmark {
        /// Its place in the list, from 1.
        number: usize,
        /// Its name.
        name: String,
        /// Why.
        error: BookmarkError,
    },
    /// They count in units that the document does not.
    #[error("the bookmarks count in {theirs}s, the document in {ours}s")]
    Unit {
        /// What they count in.
        theirs: &'static str,
        /// What the document counts in.
        ours: &'static str,
    },
    /// It is longer than any that this program writes.
    #[error("the file is longer than {} MiB", MAX_LEN >> 20)]
    TooLong,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: Format,
    version: Version,
    unit: Unit,
    bookmarks: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[derive(Clone)]
struct Format;

impl TryFrom<String> for Format {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        if name == FORMAT { Ok(Self) } else { Err(format!("`format` must be {FORMAT:?}, not {name:?}")) }
    }
}

impl From<Format> for String {
    fn from(_: Format) -> Self {
        FORMAT.to_owned()
    }
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
struct Version;

impl TryFrom<u32> for Version {
    type Error = String;

    fn try_from(version: u32) -> Result<Self, String> {
        if version == VERSION { Ok(Self) } else { Err(format!("`version` is {version}; this program reads {VERSION}")) }
    }
}

impl From<Version> for u32 {
    fn from(_: Version) -> Self {
        VERSION
    }
}

#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Unit {
    Byte,
    Character,
}

impl Unit {
    fn of(kind: StreamKind) -> Self {
        match kind {
            StreamKind::Bytes => Self::Byte,
            StreamKind::Text => Self::Character,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Byte => "byte",
            Self::Character => "character",
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    start: u64,
    #[serde(default)]
    length: u64,
    #[serde(default)]
    color: BookmarkColor,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    comment: String,
}

impl Bookmarks {
    /// All of them as text, for a file.
    pub fn to_json(&self, kind: StreamKind) -> String {
        let entry = |mark: &Bookmark| Entry {
            name: mark.name.clone(),
            start: mark.start(),
            length: mark.len(),
            color: mark.color,
            comment: mark.comment.clone(),
        };
        let file = File { format: Format, version: Version, unit: Unit::of(kind), bookmarks: self.iter().map(entry).collect() };
        serde_json::to_string_pretty(&file).map_or_else(|_| String::new(), |text| text + "\n")
    }
}

impl Document {
    /// Adds the bookmarks of a text that [`Bookmarks::to_json`] made, or a person. Those that the document has already, with the
    /// same name and range, are left out; one whose name is taken by another range gets a number behind its name. Returns how many
    /// were added.
    ///
    /// # Errors
    /// Where the text, or one bookmark, is not right: then none is added.
    pub fn import_bookmarks(&mut self, text: &str) -> Result<usize, BookmarkFileError> {
        if text.len() > MAX_LEN {
            return Err(BookmarkFileError::TooLong);
        }
        let file: File = serde_json::from_str(text.trim_start_matches('\u{FEFF}')).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let what = error.to_string();
            let what = what.strip_suffix(&format!(" at line {line} column {column}")).map(str::to_owned).unwrap_or(what);
            BookmarkFileError::Text { line, column, what }
        })?;
        let unit = Unit::of(self.kind());
        if file.unit != unit {
            return Err(BookmarkFileError::Unit { theirs: file.unit.name(), ours: unit.name() });
        }
        let before = self.bookmarks.clone();
        let mut added = Vec::new();
        for (index, entry) in file.bookmarks.into_iter().enumerate() {
            match self.import_one(&entry) {
                Ok(new) => added.extend(new),
                Err(error) => {
                    self.bookmarks = before;
                    return Err(BookmarkFileError::Bookmark { number: index + 1, name: entry.name, error });
                }
            }
        }
        let count = added.len();
        self.bookmarks_added(added);
        Ok(count)
    }

    fn import_one(&mut self, entry: &Entry) -> Result<Option<Track>, BookmarkError> {
        let end = entry.start.checked_add(entry.length).ok_or(BookmarkError::Outside(self.size()))?;
        let range: Range = (entry.start, end);
        let name = checked_name(&entry.name)?;
        let name = match self.bookmarks.named(&name) {
            Some(mark) if mark.range == range => return Ok(None),
            Some(_) if name.len() + 6 > NAME_MAX => return Err(BookmarkError::NameTaken(name)),
            Some(_) => self.bookmarks.free_name_like(&name, 2),
            None => name,
        };
        self.put_bookmark(&name, range, entry.color, &entry.comment).map(|(_, track)| Some(track))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_what_is_wrong_is_named() {
        let mut document = Document::from(&b"0123456789"[..]);
        document.add_bookmark("head", (0, 4), BookmarkColor::Blue, "two\nlines").unwrap();
        document.add_bookmark("point", (10, 10), BookmarkColor::Yellow, "").unwrap();
        let text = document.bookmarks().to_json(StreamKind::Bytes);
        let mut other = Document::from(&b"abcdefghij"[..]);
        assert_eq!(other.import_bookmarks(&text).unwrap(), 2);
        let plain = |document: &Document| {
            document.bookmarks().iter().map(|m| (m.name.clone(), m.range, m.color, m.comment.clone())).collect::<Vec<_>>()
        };
        assert_eq!(plain(&document), plain(&other));
        assert_eq!(other.import_bookmarks(&text).unwrap(), 0, "the same again");
        other.place_bookmark(other.bookmarks().named("head").unwrap().id(), (1, 2)).unwrap();
        assert_eq!(other.import_bookmarks(&text).unwrap(), 1);
        assert_eq!(other.bookmarks().offset("head2"), Some(0));
        for (find, put, wanted) in [
            ("\"blue\"", "\"mauve\"", "line 10, column 22: unknown variant `mauve`"),
            (
                "\"start\": 10",
                "\"start\": 11",
                "bookmark 2 (\"point\"): the range must be inside of the document, which ends at 10",
            ),
            ("\"start\": 0", "\"begin\": 0", "line 8, column 13: unknown field `begin`"),
            ("\"start\": 0", "\"start\": -1", "line 8, column 17: invalid value: integer `-1`"),
            ("\"version\": 1", "\"version\": 2", "line 3, column 14: `version` is 2; this program reads 1"),
            ("\"byte\"", "\"character\"", "the bookmarks count in characters, the document in bytes"),
            ("\"seektell bookmarks\"", "\"other\"", "line 2, column 19: `format` must be"),
            ("]", "", "line "),
            ("\"name\": \"head\"", "\"name\": \"  \"", "bookmark 1 (\"  \"): a bookmark needs a name"),
        ] {
            let before = plain(&other);
            let wrong = text.replacen(find, put, 1);
            assert_ne!(wrong, text);
            let error = other.import_bookmarks(&wrong).unwrap_err().to_string();
            assert!(error.starts_with(wanted), "{error}");
            assert_eq!(plain(&other), before);
        }
        let deep = "[".repeat(100_000);
        assert!(other.import_bookmarks(&deep).unwrap_err().to_string().starts_with("line 1"));
    }
}
