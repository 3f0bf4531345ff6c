//! Work that takes time: plain data in, plain data out. The one place where files and formats meet.

mod outcome;
mod picture;
mod report;
mod run;
mod search;
mod table;

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use super::table::{ColumnFacts, CopyStyle, SearchKey, StatisticsKey, TableRef, TableRows, ViewKey};
use super::{Channel, Compared, HashKey, Outcomes, SharedPicture, Target};
use crate::buffer::{Buffer, Len};
use crate::convert::{Recipe, Source, Survey};
use crate::document::{Data, DocumentId, Language, Timeline};
use crate::explore::byte_ops::ByteOp;
use crate::explore::compare::{Direction, Method};
use crate::explore::search::{Content, Query, Replacement};
use crate::explore::table::{Found, RowOrder};
use crate::explore::{overview, strings};
use crate::files::{self, Existing};
use crate::formats::literal::{Choices, Style};
use crate::formats::picture::Limits;
use crate::formats::picture::ops::Crop;
use crate::formats::structure::{NodeId, Structure};
use crate::formats::table::Dialect;
use crate::formats::table::edit::Change;
use crate::formats::text::Encoding;
use crate::formats::{Format, Options};
use crate::tasks::Latest;

pub use outcome::{ExportError, JobOutcome, ListFormat, Looked, OpenedDocument, Preview};
pub use report::ReadRecipe;
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
    /// Convert sources into files, and tell of each while it runs.
    ConvertMany {
        /// The sources.
        sources: Vec<Source>,
        /// How.
        recipe: Box<Recipe>,
        /// What became of each so far.
        feed: Latest<Outcomes>,
    },
    /// Convert a source into memory and look at the result.
    ConvertPreview {
        /// The source.
        source: Box<Source>,
        /// How.
        recipe: Box<Recipe>,
    },
    /// Find out what converting all of the sources would lose.
    ConvertSurvey {
        /// The sources.
        sources: Vec<Source>,
        /// How.
        recipe: Box<Recipe>,
        /// What is known so far.
        feed: Latest<Survey>,
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
    /// Lay a report out, to look at some of its pages.
    ReportPreview {
        /// What is laid out, and the first page.
        key: Box<super::ReportKey>,
        /// The contents.
        sources: Vec<super::ReportSource>,
    },
    /// Write a report to a file.
    Report {
        /// What it consists of.
        recipe: Box<crate::formats::report::Recipe>,
        /// The contents.
        sources: Vec<super::ReportSource>,
        /// What it becomes.
        to: Format,
        /// Where it goes.
        path: PathBuf,
        /// What may happen to a file that is there.
        existing: Existing,
    },
    /// Read the recipe of a report, and the files of its folder that it names.
    ReadRecipe(PathBuf),
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
