//! Work that takes time: plain data in, plain data out. The one place where files and formats meet.

mod picture;
mod run;
mod search;
mod table;

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use super::table::{ColumnFacts, CopyStyle, SearchKey, StatisticsKey, TableRef, TableRows, ViewKey};
use super::{Channel, Compared, DiskChange, HashKey, PictureDetails, PictureNumbers, SharedPicture, Target};
use crate::buffer::{Buffer, Len};
use crate::document::{Data, DocumentId, Language, Timeline};
use crate::explore::byte_ops::{ByteOp, ByteOpError};
use crate::explore::compare::{CompareError, Direction, Method};
use crate::explore::hash::{Digest, HashError};
use crate::explore::search::{Content, Hit, Query, Replaced, Replacement, ReplacementError, SearchError};
use crate::explore::table::{Found, Place as CellPlace, RowOrder};
use crate::explore::{overview, strings};
use crate::files::{self, Existing, FileError, Opened, Saved};
use crate::formats::archive::Archive;
use crate::formats::literal::{Choices, Style};
use crate::formats::picture::ops::Crop;
use crate::formats::picture::{Limits, Picture};
use crate::formats::structure::{NodeId, Structure};
use crate::formats::table::edit::{Change, EditError, Splice};
use crate::formats::table::{Dialect, Table};
use crate::formats::text::Encoding;
use crate::formats::{Conversion, Detection, Format, FormatError, Loss, Options};
use crate::lesson::Lesson;
use crate::tasks::Latest;

pub(super) use run::script_text;

/// Names a job for as long as the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct JobId(pub u64);

/// Files up to this size are read whole when they are opened, so that ten thousand small documents need no ten thousand
/// open files, and a change on disk cannot touch them.
pub const SMALL_FILE: Len = Len(1 << 20);

/// Standard input is read into memory up to this many bytes.
const STANDARD_INPUT_LIMIT: u64 = 4 << 30;

/// Bytes of an encoded document (base64 and the like) that are decoded for its preview.
const ENCODED_PREVIEW_LIMIT: u64 = 64 << 20;

/// Work that takes time.
#[derive(Clone, Debug, PartialEq)]
pub enum Job {
    /// Make files whole that an earlier session was killed while saving; asked for once, at the start.
    Repair,
    /// Copy unsaved documents, by name and content, while something outside may end the program.
    KeepCopies(Vec<(String, Buffer)>),
    /// Remove those copies.
    DropCopies,
    /// Open files; each becomes a document.
    Open(Vec<PathBuf>),
    /// Read a file of Python statements.
    ReadScript(PathBuf),
    /// See whether paths that are typed lead somewhere.
    LookAtPaths {
        /// The paths.
        paths: Vec<PathBuf>,
        /// They are to be written, not read.
        saves: bool,
    },
    /// Look what became of a document's file.
    LookAtFile {
        /// The document.
        document: DocumentId,
        /// Its file.
        path: PathBuf,
        /// What that was when it was read or written last.
        identity: files::Identity,
    },
    /// Open what is on the disk beside a document that was read from there before.
    OpenBeside {
        /// The document.
        document: DocumentId,
        /// The file.
        path: PathBuf,
    },
    /// Read a file with bookmarks.
    ReadBookmarks {
        /// Whose they are to be.
        document: DocumentId,
        /// The file.
        path: PathBuf,
    },
    /// Read a lesson of the user's own.
    ReadLesson(PathBuf),
    /// Read standard input to its end.
    ReadStandardInput,
    /// Write a document to a file.
    Save {
        /// The document.
        document: DocumentId,
        /// The revision that `content` is.
        revision: u64,
        /// The snapshot.
        content: Buffer,
        /// Where it goes.
        path: PathBuf,
        /// What may happen to a file that is there.
        existing: Existing,
        /// What the file held is kept under another name.
        backup: bool,
    },
    /// Write a snapshot in another format.
    Export {
        /// The snapshot.
        input: Buffer,
        /// What it is.
        from: Format,
        /// What it becomes.
        to: Format,
        /// The choices.
        options: Box<Options>,
        /// Where it goes.
        path: PathBuf,
        /// What may happen to a file that is there.
        existing: Existing,
    },
    /// Say a timeline as a program, and write it to a file or hand it back.
    Script {
        /// The calls.
        timeline: Arc<Timeline>,
        /// The language.
        language: Language,
        /// The document's name.
        name: String,
        /// Where it goes, and what may happen to a file that is there; `None` hands the text back.
        to: Option<(PathBuf, Existing)>,
    },
    /// Find out what an export would lose.
    Losses {
        /// The snapshot.
        input: Buffer,
        /// What it is.
        from: Format,
        /// What it would become.
        to: Format,
        /// The choices.
        options: Box<Options>,
    },
    /// Look at a snapshot: what it is, and its picture or table.
    Preview {
        /// The document.
        document: DocumentId,
        /// The revision that `input` is.
        revision: u64,
        /// The snapshot.
        input: Buffer,
        /// The document's name, which helps to tell what it is.
        name: String,
        /// The table's dialect, where the user chose one.
        dialect: Option<Dialect>,
        /// Bytes that it may take, where the user chose them.
        limit: Option<u64>,
        /// The rows of a table that are known while the job runs.
        growing: Latest<Preview>,
    },
    /// Decode a snapshot to text, for a text document.
    Decode {
        /// The name of the new document.
        name: String,
        /// The name of the document it came from.
        origin: String,
        /// The snapshot.
        input: Buffer,
        /// The encoding, where the user chose one.
        encoding: Option<Encoding>,
    },
    /// Search documents, one after the other; the matches go to each target's feed while it runs.
    Search {
        /// Where, and where the matches go.
        targets: Vec<Target>,
        /// What for.
        query: Query,
    },
    /// Find the next or the previous match, going on at the other end.
    FindOne {
        /// The document.
        document: DocumentId,
        /// The revision that `content` is.
        revision: u64,
        /// The snapshot.
        content: Content,
        /// The part of it that is searched.
        range: Option<Range<u64>>,
        /// What for.
        query: Query,
        /// Matches begin here or behind it; backwards, in front of it.
        from: u64,
        /// Towards the end.
        forward: bool,
    },
    /// Make the content that comes of replacing all matches.
    ReplaceAll {
        /// The document.
        document: DocumentId,
        /// The revision that `content` is.
        revision: u64,
        /// The snapshot.
        content: Content,
        /// The part of it in which matches are replaced.
        range: Option<Range<u64>>,
        /// What for.
        query: Query,
        /// What stands there then.
        with: Replacement,
    },
    /// The same in several documents, one after the other.
    ReplaceEverywhere {
        /// The documents, each with its name and with what stands in the place of its matches.
        targets: Vec<(String, Target, Replacement)>,
        /// What for.
        query: Query,
    },
    /// Write a list of matches to a file.
    Matches {
        /// The documents, by name, and what was searched for.
        results: Vec<(String, Query, Target)>,
        /// Tables or JSON.
        format: Format,
        /// Where it goes.
        path: PathBuf,
        /// What may happen to a file that is there.
        existing: Existing,
    },
    /// Read the parts of a container.
    Structure {
        /// The document.
        document: DocumentId,
        /// The revision that `input` is.
        revision: u64,
        /// The document's name.
        name: String,
        /// The snapshot.
        input: Buffer,
        /// A tree, and the node whose next parts are to be read; `None` reads all of it anew.
        more: Option<(Arc<Structure>, NodeId)>,
    },
    /// Calculate digests.
    Hash {
        /// The document.
        document: DocumentId,
        /// Its name.
        name: String,
        /// What `input` is, and the functions.
        key: HashKey,
        /// What the digests are of.
        input: Data,
    },
    /// Compare two contents.
    Compare {
        /// Both, from left to right.
        contents: Box<[Data; 2]>,
        /// Their names.
        names: [String; 2],
        /// Which byte is compared with which.
        method: Method,
    },
    /// Write the list of differences to a file.
    ReportDifferences {
        /// What was found.
        compared: Arc<Compared>,
        /// The names of both sides.
        names: [String; 2],
        /// Where it goes; JSON where the name says so, else CSV.
        path: PathBuf,
        /// What may happen to a file that is there.
        existing: Existing,
    },
    /// Write bytes as text for the clipboard.
    CopyText {
        /// The snapshot.
        input: Buffer,
        /// How.
        style: Style,
        /// The choices.
        choices: Box<Choices>,
    },
    /// Write bytes as text to a file.
    SaveText {
        /// The snapshot.
        input: Buffer,
        /// How.
        style: Style,
        /// The choices.
        choices: Box<Choices>,
        /// Where it goes.
        path: PathBuf,
        /// What may happen to a file that is there.
        existing: Existing,
    },
    /// Find the nearest unit of a document that is not the one at a position.
    OtherUnit {
        /// The document.
        document: DocumentId,
        /// The revision that `content` is.
        revision: u64,
        /// The content.
        content: Data,
        /// The position.
        at: u64,
        /// Which way to look.
        direction: Direction,
    },
    /// Read a long text as bytes, for a document.
    PasteText {
        /// The document.
        document: DocumentId,
        /// The text.
        text: Buffer,
        /// How.
        style: Style,
        /// The choices.
        choices: Box<Choices>,
    },
    /// Change the bytes of a document, or make new ones for it.
    Bytes {
        /// The document.
        document: DocumentId,
        /// Its revision: what changed meanwhile is not overwritten.
        revision: u64,
        /// The first byte, and the place behind the last one, that the result replaces.
        range: (u64, u64),
        /// The bytes that the operation takes.
        input: Buffer,
        /// The operation.
        op: ByteOp,
    },
    /// Open a file whose bytes go into a document.
    InsertFile {
        /// The document.
        document: DocumentId,
        /// The file.
        path: PathBuf,
    },
    /// Find where a line begins.
    FindLine {
        /// The document.
        document: DocumentId,
        /// Its bytes, or its text in UTF-8.
        input: Buffer,
        /// Positions count characters, not bytes.
        characters: bool,
        /// Which line, from 1.
        line: u64,
        /// The selection grows up to there.
        extend: bool,
    },
    /// Look at all of a snapshot: what its bytes are, how mixed they are, where it was changed.
    Overview {
        /// The document.
        document: DocumentId,
        /// Its name.
        name: String,
        /// The snapshot.
        input: Buffer,
        /// What is looked at.
        request: overview::Request,
        /// The overview of an earlier moment: what both share is not read again.
        before: Option<Arc<overview::Overview>>,
        /// What there is while the job runs.
        latest: Latest<overview::Overview>,
    },
    /// Find the strings of a snapshot.
    Strings {
        /// The document.
        document: DocumentId,
        /// Its name.
        name: String,
        /// The snapshot.
        input: Buffer,
        /// What is looked for.
        request: strings::Request,
        /// The order, and whether it goes the other way round.
        order: (strings::Sort, bool),
        /// All strings of the snapshot, where they are known: only the filter and the order are left to do.
        all: Option<Arc<strings::Strings>>,
        /// What there is while the job runs.
        latest: Latest<strings::Strings>,
    },
    /// Write a list of strings to a file.
    SaveStrings {
        /// The snapshot that they are in.
        input: Buffer,
        /// They.
        strings: Arc<strings::Strings>,
        /// How they are written.
        format: ListFormat,
        /// Where to.
        path: PathBuf,
        /// What may happen to a file that is there.
        existing: Existing,
    },
    /// What archives and other sources need.
    Source(Box<super::SourceJob>),
    /// Write cells as text for the clipboard.
    CopyCells {
        /// The rows.
        rows: TableRows,
        /// Places of those that are copied.
        places: Range<u64>,
        /// The columns, in their order.
        columns: Vec<usize>,
        /// How.
        style: CopyStyle,
    },
    /// Find the bytes that a change of a table replaces.
    ChangeTable {
        /// The document.
        document: DocumentId,
        /// The revision that `input` is.
        revision: u64,
        /// The snapshot.
        input: Buffer,
        /// The table that it is.
        table: TableRef,
        /// What it is.
        format: Format,
        /// How it was read, where it is delimited.
        dialect: Option<Dialect>,
        /// The change.
        change: Change,
    },
    /// Sort and filter the rows of a table.
    ArrangeTable {
        /// The document.
        document: DocumentId,
        /// The table, the order, the filters.
        key: ViewKey,
        /// What is known while the job runs.
        latest: Latest<RowOrder>,
    },
    /// Find every cell of a table that holds something.
    SearchTable {
        /// The document.
        document: DocumentId,
        /// The rows, and what for.
        key: SearchKey,
        /// What is known while the job runs.
        latest: Latest<Found>,
    },
    /// Find the next cell of a table that holds something.
    SeekInTable {
        /// The document.
        document: DocumentId,
        /// The rows, and what for.
        key: SearchKey,
        /// The place and the column that it is next to.
        from: Option<(u64, usize)>,
        /// Towards the end.
        forward: bool,
    },
    /// Find out what the cells of a column are like.
    ColumnFacts {
        /// The document.
        document: DocumentId,
        /// The rows, and the column.
        key: StatisticsKey,
        /// The most points of its plot.
        points: usize,
        /// What is known while the job runs.
        latest: Latest<ColumnFacts>,
    },
    /// Make a PNG image of pixels, for a document.
    EncodePicture {
        /// Pixels a row.
        width: u32,
        /// Rows.
        height: u32,
        /// Four bytes a pixel.
        rgba: Arc<Vec<u8>>,
    },
    /// Find out what there is of a picture beside its pixels.
    PictureDetails {
        /// The document.
        document: DocumentId,
        /// Its name.
        name: String,
        /// The content; `None` where the picture stands in it as text.
        input: Option<Buffer>,
        /// The picture.
        picture: SharedPicture,
    },
    /// Count the pixels of a picture.
    PictureNumbers {
        /// The document.
        document: DocumentId,
        /// Its name.
        name: String,
        /// The picture.
        picture: SharedPicture,
        /// The part of it; `None` is all.
        area: Option<Crop>,
    },
    /// Write all frames of an animation as PNG images into a ZIP.
    ExportFrames {
        /// The snapshot.
        input: Buffer,
        /// What it is.
        format: Format,
        /// What the members are called, before their numbers.
        stem: String,
        /// What a frame may take.
        limits: Limits,
        /// Where it goes.
        path: PathBuf,
        /// What may happen to a file that is there.
        existing: Existing,
    },
    /// Make a copy of a picture for the clipboard.
    CopyPicture {
        /// The picture.
        picture: SharedPicture,
        /// The part of it; `None` is all.
        area: Option<Crop>,
        /// The channels that are seen.
        channel: Channel,
    },
}

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListFormat {
    /// A table with a heading.
    Csv,
    /// An array of objects.
    Json,
    /// A line each.
    Text,
}

impl ListFormat {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Json, Self::Text];

    /// The format of the file.
    pub const fn format(self) -> Format {
        match self {
            Self::Csv => Format::Csv,
            Self::Json => Format::Json,
            Self::Text => Format::Text,
        }
    }

    /// The extension of the file's name.
    pub fn extension(self) -> &'static str {
        self.format().info().extensions[0]
    }
}

/// A file that was opened and looked at.
#[derive(Clone, Debug)]
pub struct OpenedDocument {
    /// The file.
    pub file: Opened,
    /// What it is.
    pub detection: Detection,
}

/// What a document's content looks like.
#[derive(Clone, Debug)]
pub enum Preview {
    /// Pixels.
    Picture(Arc<Picture>),
    /// Rows and columns, and for a delimited file its dialect and why.
    Table {
        /// The table.
        table: Arc<Table>,
        /// How a delimited file was read, and why; `None` for JSON.
        dialect: Option<(Dialect, String)>,
    },
    /// The members of an archive.
    Archive(Arc<Archive>),
}

/// What a look at a document's content found.
#[derive(Debug)]
pub struct Looked {
    /// What it is; `None` where it could not be read at all.
    pub detection: Option<Detection>,
    /// Its picture or table; `None` for what looks like nothing.
    pub preview: Result<Option<Preview>, FormatError>,
    /// The limit with which it might go well, where it failed at one.
    pub needs: Option<u64>,
}

/// An export failed, on one of its two sides.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The content could not be converted.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The file could not be written.
    #[error(transparent)]
    File(#[from] FileError),
}

/// What came of a job. Errors are in it: they are handled where the outcome is applied.
#[derive(Debug)]
pub enum JobOutcome {
    /// Of [`Job::Repair`]: what was found, and copies of documents that an ended program had not saved.
    Repaired(Vec<files::Repaired>, Vec<(String, Vec<u8>)>),
    /// Of [`Job::KeepCopies`] and [`Job::DropCopies`]. A copy that could not be made is no reason to bother anybody: it
    /// is a second net.
    Copied,
    /// Of [`Job::Open`]: a result for each path, in order.
    Opened(Vec<Result<OpenedDocument, FileError>>),
    /// Of [`Job::ReadScript`]: the file's name and the statements.
    ReadScript(Result<(String, String), String>),
    /// Of [`Job::LookAtFile`]: how it changed, where it did.
    LookedAtFile(Option<DiskChange>),
    /// Of [`Job::LookAtPaths`]: what is wrong with them.
    LookedAtPaths(Option<String>),
    /// Of [`Job::OpenBeside`].
    OpenedBeside(Result<Box<OpenedDocument>, FileError>),
    /// Of [`Job::ReadBookmarks`]: the file's name and its text.
    ReadBookmarks(Result<(String, String), String>),
    /// Of [`Job::ReadLesson`].
    ReadLesson(Result<Lesson, String>),
    /// Of [`Job::ReadStandardInput`].
    StandardInput(Result<(Buffer, Detection), String>),
    /// Of [`Job::Save`].
    Saved(Result<Saved, FileError>),
    /// Of [`Job::Export`].
    Exported(Result<(Saved, Conversion), ExportError>),
    /// Of a [`Job::Script`] that goes to no file.
    Script(Result<String, String>),
    /// Of [`Job::Losses`].
    Losses(Result<Vec<Loss>, FormatError>),
    /// Of [`Job::Preview`].
    Preview(Looked),
    /// Of [`Job::Decode`]: text, what could not be decoded, and the encoding.
    Decoded(Result<(String, u64, Encoding), FormatError>),
    /// Of [`Job::Compare`].
    Compared(Result<Arc<Compared>, CompareError>),
    /// Of [`Job::OtherUnit`]: where it is, if there is one.
    OtherUnit(Result<Option<u64>, CompareError>),
    /// Of [`Job::Source`].
    Source(super::SourceOutcome),
    /// Of [`Job::EncodePicture`].
    Encoded(Result<Vec<u8>, FormatError>),
    /// Of [`Job::Search`]: what came of it is in the feeds.
    Searched,
    /// Of [`Job::FindOne`]: the match, and whether the search went on at the other end.
    Found(Result<Option<(Hit, bool)>, SearchError>),
    /// Of [`Job::ReplaceAll`]; `None` where there was no match.
    Replaced(Result<Option<Replaced>, ReplacementError>),
    /// Of [`Job::ReplaceEverywhere`], in the order of its documents.
    ReplacedEverywhere(Vec<Result<Option<Replaced>, ReplacementError>>),
    /// Of [`Job::Matches`]: how many were written of how many there are.
    MatchesSaved(Result<(Saved, u64, u64), FileError>),
    /// Of [`Job::Structure`].
    Structure(Result<Option<Structure>, FormatError>),
    /// Of [`Job::Hash`].
    Hashed(Result<Vec<Digest>, HashError>),
    /// Of [`Job::CopyText`].
    CopyText(Result<String, FormatError>),
    /// Of [`Job::PasteText`].
    PasteText(Result<Buffer, String>),
    /// Of [`Job::Bytes`].
    Bytes(Result<Buffer, ByteOpError>),
    /// Of [`Job::InsertFile`].
    InsertFile(Result<Buffer, FileError>),
    /// Of [`Job::FindLine`]: where it begins, or how many lines there are.
    FoundLine(Result<Result<u64, u64>, String>),
    /// Of [`Job::Overview`]; `None` where it was stopped.
    Overview(Option<Arc<overview::Overview>>),
    /// Of [`Job::Strings`]; `None` where it was stopped.
    Strings(Option<Arc<strings::Strings>>),
    /// Of [`Job::PictureDetails`]; `None` where it was stopped.
    PictureDetails(Option<Arc<PictureDetails>>),
    /// Of [`Job::PictureNumbers`]; `None` where it was stopped.
    PictureNumbers(Option<Arc<PictureNumbers>>),
    /// Of [`Job::CopyPicture`]: width, height and four bytes a pixel.
    CopyPicture(Result<(u32, u32, Vec<u8>), FormatError>),
    /// Of [`Job::CopyCells`].
    CopyCells(Result<String, FormatError>),
    /// Of [`Job::ChangeTable`]; `None` where nothing changes.
    ChangeTable(Result<Option<Splice>, EditError>),
    /// Of [`Job::ArrangeTable`].
    ArrangeTable(Result<Arc<RowOrder>, FormatError>),
    /// Of [`Job::SearchTable`].
    SearchTable(Result<Arc<Found>, FormatError>),
    /// Of [`Job::SeekInTable`]: the place and the cell.
    SeekInTable(Result<Option<(u64, CellPlace)>, FormatError>),
    /// Of [`Job::ColumnFacts`].
    ColumnFacts(Result<Arc<ColumnFacts>, FormatError>),
    /// The job broke; nothing else was harmed.
    Panicked(String),
    /// The job was cancelled before it began.
    Cancelled,
}
