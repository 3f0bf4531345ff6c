//! A document is a named stream: `BytesIO` or `StringIO` with undo, a selection and a timeline.
//!
//! Everything a person does to a document is an [`Operation`], performed by [`Document::perform`], and becomes an entry
//! of its [`Timeline`]: the call in Python syntax, position and size before and after, and the result as Python shows it.
//! A document knows neither what its bytes mean nor where files are.
//!
//! ```
//! use seektell::document::{Document, Operation, Origin};
//! let mut document = Document::bytes("greeting", Origin::New, &b"hello"[..]);
//! document.perform(Operation::Write("J".into()));
//! assert_eq!(document.timeline().current().unwrap().call(), "buf.write(b'J')");
//! document.undo();
//! assert_eq!(document.position(), 0);
//! ```

mod assign;
mod bookmarks;
mod calls;
mod edit;
mod history;
mod operation;
mod script;
mod timeline;
mod walk;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::buffer::{Buffer, Origins};
use crate::stream::{BytesIO, Newline, StringIO, Text, TextState};

pub use crate::stream::StreamState;

pub use bookmarks::{
    Bookmark, BookmarkColor, BookmarkError, BookmarkFileError, BookmarkId, Bookmarks, MOST as MOST_BOOKMARKS, NAME_MAX, Range,
    Shift,
};
pub use history::{History, UNDO_BUDGET};
pub use operation::{Call, Data, Operation, Rule};
pub use script::{Language, ScriptError};
pub use timeline::{Entry, KEPT, Moment, Path, Span, SpanKind, Timeline, Wrappers};

/// Names a document for as long as the program runs; never used again after it is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentId(u64);

impl DocumentId {
    fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    /// The plain number, for identifiers of widgets.
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// Where a document came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Made empty by the user.
    New,
    /// Read from a file.
    File(PathBuf),
    /// Pasted from the clipboard.
    Clipboard,
    /// Read from standard input.
    StandardInput,
    /// Read from an address on the web.
    Address(String),
    /// Written by a program that was run; the command.
    Command(String),
    /// Made from another document; its name.
    Derived(String),
}

/// Which of Python's streams a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StreamKind {
    /// `io.BytesIO`: positions count bytes.
    Bytes,
    /// `io.StringIO`: positions count code points.
    Text,
}

impl StreamKind {
    /// The class's name.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Bytes => "BytesIO",
            Self::Text => "StringIO",
        }
    }

    /// What one unit is called, in the singular.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Bytes => "byte",
            Self::Text => "character",
        }
    }
}

/// The stream itself.
#[derive(Debug)]
pub enum Stream {
    /// A stream of bytes.
    Bytes(BytesIO),
    /// A stream of code points.
    Text(StringIO),
}

/// A run of the stream that is selected: from where it began to where the cursor is, in either direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Where it began.
    pub anchor: u64,
    /// Where it ends now; the cursor stands here.
    pub head: u64,
}

impl Selection {
    /// The first selected unit.
    pub fn start(self) -> u64 {
        self.anchor.min(self.head)
    }

    /// The place behind the last selected unit.
    pub fn end(self) -> u64 {
        self.anchor.max(self.head)
    }

    /// How many units.
    pub fn len(self) -> u64 {
        self.end() - self.start()
    }

    /// Whether nothing is selected.
    pub fn is_empty(self) -> bool {
        self.anchor == self.head
    }
}

/// A named stream. See the [module](self).
#[derive(Debug)]
pub struct Document {
    id: DocumentId,
    name: String,
    origin: Origin,
    stream: Stream,
    selection: Option<Selection>,
    /// What was selected at the latest moment, while another one is shown.
    selection_kept: Option<Selection>,
    history: History,
    timeline: Timeline,
    bookmarks: Bookmarks,
    /// The last change of the content: the revisions on both sides, and the first place that may differ.
    change: Option<(u64, u64, u64)>,
    /// Names the content: an undo brings an earlier number back, an edit takes a number never used before.
    revision: u64,
    last_revision: u64,
    saved_revision: Option<u64>,
    /// What is on disk, of a stream of bytes that was opened, made or saved.
    saved_content: Option<Buffer>,
    /// Where its pieces are; made when somebody asks what has changed.
    saved_origins: std::sync::OnceLock<Origins>,
}

impl Document {
    /// A document over bytes. It counts as saved unless it was pasted or derived.
    pub fn bytes(name: impl Into<String>, origin: Origin, value: impl Into<Buffer>) -> Self {
        Self::with_stream(name.into(), origin, Stream::Bytes(BytesIO::new(value)))
    }

    /// A document over text. The value is not translated, whatever the newline mode.
    pub fn text(name: impl Into<String>, origin: Origin, value: impl Into<Text>, newline: Newline) -> Self {
        let mut stream = StringIO::new("", newline);
        stream.restore(&TextState { value: value.into(), newline, ..TextState::default() });
        Self::with_stream(name.into(), origin, Stream::Text(stream))
    }

    fn with_stream(name: String, origin: Origin, stream: Stream) -> Self {
        let saved_revision = match origin {
            Origin::New | Origin::File(_) => Some(0),
            Origin::Clipboard | Origin::StandardInput | Origin::Address(_) | Origin::Command(_) | Origin::Derived(_) => None,
        };
        let saved_content = match &stream {
            Stream::Bytes(stream) if saved_revision.is_some() => Some(stream.value().clone()),
            _ => None,
        };
        Self {
            id: DocumentId::next(),
            name,
            origin,
            timeline: Self::first_timeline(&stream),
            stream,
            selection: None,
            selection_kept: None,
            history: History::default(),
            bookmarks: Bookmarks::default(),
            change: None,
            revision: 0,
            last_revision: 0,
            saved_revision,
            saved_content,
            saved_origins: std::sync::OnceLock::new(),
        }
    }

    /// Its name for the rest of the session.
    pub fn id(&self) -> DocumentId {
        self.id
    }

    /// What its tab says.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Gives it another name.
    pub fn set_name(&mut self, name: impl Into<String>) {
        self.name = name.into();
    }

    /// Where it came from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Says that it lives in a file now (after a save).
    pub fn set_origin(&mut self, origin: Origin) {
        self.origin = origin;
    }

    /// The stream.
    pub fn stream(&self) -> &Stream {
        &self.stream
    }

    /// Which stream it is.
    pub fn kind(&self) -> StreamKind {
        match self.stream {
            Stream::Bytes(_) => StreamKind::Bytes,
            Stream::Text(_) => StreamKind::Text,
        }
    }

    /// The bytes of a bytes document.
    pub fn as_bytes(&self) -> Option<&Buffer> {
        match &self.stream {
            Stream::Bytes(stream) => Some(stream.value()),
            Stream::Text(_) => None,
        }
    }

    /// The text of a text document.
    pub fn as_text(&self) -> Option<&Text> {
        match &self.stream {
            Stream::Text(stream) => Some(stream.value()),
            Stream::Bytes(_) => None,
        }
    }

    /// What a save or a preview takes: the bytes of a bytes document as they are, of a text document in UTF-8.
    /// Constant time for bytes.
    pub fn snapshot(&self) -> Buffer {
        match &self.stream {
            Stream::Bytes(stream) => stream.value().clone(),
            Stream::Text(stream) => stream.value().to_utf8(),
        }
    }

    /// The cursor, in units of the stream; may stand past the end.
    pub fn position(&self) -> u64 {
        match &self.stream {
            Stream::Bytes(stream) => stream.position().0,
            Stream::Text(stream) => stream.position(),
        }
    }

    /// The size, in units of the stream.
    pub fn size(&self) -> u64 {
        match &self.stream {
            Stream::Bytes(stream) => stream.value().len().0,
            Stream::Text(stream) => stream.value().len(),
        }
    }

    /// Whether the stream was closed.
    pub fn is_closed(&self) -> bool {
        match &self.stream {
            Stream::Bytes(stream) => stream.closed(),
            Stream::Text(stream) => stream.closed(),
        }
    }

    /// Says whether changes are refused: then [`Document::perform`] raises `io.UnsupportedOperation` for them, and nothing is
    /// undone, redone or gone on with from an earlier moment. The cursor, the selection, walks and bookmarks stay free.
    pub fn set_protected(&mut self, protected: bool) {
        match &mut self.stream {
            Stream::Bytes(stream) => stream.set_protected(protected),
            Stream::Text(stream) => stream.set_protected(protected),
        }
    }

    /// Whether changes are refused.
    pub fn is_protected(&self) -> bool {
        match &self.stream {
            Stream::Bytes(stream) => stream.is_protected(),
            Stream::Text(stream) => stream.is_protected(),
        }
    }

    /// The stream at this moment.
    pub fn state(&self) -> StreamState {
        match &self.stream {
            Stream::Bytes(stream) => StreamState::Bytes(stream.state()),
            Stream::Text(stream) => StreamState::Text(stream.state()),
        }
    }

    /// What is selected; never empty.
    pub fn selection(&self) -> Option<Selection> {
        self.selection.filter(|selection| !selection.is_empty())
    }

    /// What was done to it.
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// The steps that can be undone and redone.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Names the content: equal numbers mean equal content. Cursor and selection do not count.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Names the content at the latest moment, which is what a save writes.
    pub fn latest_revision(&self) -> u64 {
        self.timeline.at(self.timeline.latest_number()).0
    }

    /// Whether it differs, at its latest moment, from what was last saved (or opened, or made).
    pub fn is_modified(&self) -> bool {
        self.saved_revision != Some(self.latest_revision())
    }

    /// Says that the content named `revision` is on disk now. Edits made during the save stay modified.
    pub fn mark_saved(&mut self, revision: u64) {
        self.saved_revision = Some(revision);
        self.history.end_run();
    }

    /// The parts of `range`, in order, that differ from what the file holds; empty for a text document and where there is
    /// no file. Bytes that were moved by an insertion or a deletion before them do not differ. Costs what the range
    /// costs, whatever the size of the document.
    pub fn changed(&self, range: std::ops::Range<u64>) -> Vec<std::ops::Range<u64>> {
        let (Some(saved), Some(bytes)) = (&self.saved_content, self.as_bytes()) else { return Vec::new() };
        if !matches!(self.origin, Origin::File(_)) || self.saved_revision == Some(self.revision) {
            return Vec::new();
        }
        bytes.changed(self.saved_origins.get_or_init(|| Origins::of(saved)), range)
    }

    /// The revision that was saved (or opened, or made) last.
    pub fn saved_revision(&self) -> Option<u64> {
        self.saved_revision
    }

    /// The bytes that were saved (or opened, or made) last, of a stream of bytes: what differs from them is a change.
    pub fn saved_content(&self) -> Option<&Buffer> {
        self.saved_content.as_ref()
    }

    /// Says what the bytes are that [`Document::mark_saved`] spoke of.
    pub fn set_saved_content(&mut self, content: Buffer) {
        if self.kind() == StreamKind::Bytes {
            self.saved_content = Some(content);
            self.saved_origins = std::sync::OnceLock::new();
        }
    }

    fn next_revision(&mut self) {
        self.last_revision += 1;
        self.revision = self.last_revision;
    }
}

/// What a document needs of a test: a shorter way to a stream of bytes.
impl From<&[u8]> for Document {
    fn from(bytes: &[u8]) -> Self {
        Self::bytes("untitled", Origin::New, bytes)
    }
}
