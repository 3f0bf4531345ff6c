//! What the window reports, and what must happen next: the two languages around [`AppState::apply`](super::AppState::apply).

use std::path::PathBuf;

use super::bytes_view::{ByteColors, CellFormat, HexSide, Radix};
use super::{Action, ConsoleCommand, ConsoleRequest, Form, Job, JobId, JobOutcome, Settings, ViewCommand, WalkCommand};
use crate::document::{DocumentId, Operation};
use crate::files::WatchedFile;
use crate::formats::literal::Style;
use crate::formats::{Format, Options};
use crate::stream::codec::Charset;

/// What happened: the user did something, or a job ended.
#[derive(Debug)]
pub enum Command {
    /// A menu, a key, the palette.
    Do(Action),
    /// Files named on the command line, dropped, or chosen; each becomes a document.
    OpenPaths(Vec<PathBuf>),
    /// Something dropped that has bytes and no path.
    OpenBytes {
        /// Its name.
        name: String,
        /// Its content.
        bytes: Vec<u8>,
    },
    /// The program has started: saves that an earlier session could not finish are made whole.
    Started,
    /// Standard input is to be read as a document.
    OpenStandardInput,
    /// A tab was clicked.
    Activate(DocumentId),
    /// A tab's close button.
    Close(DocumentId),
    /// A tab was dragged to another place.
    MoveTab(DocumentId, usize),
    /// One operation on the document in front; its result goes to the stream panel and the timeline.
    Perform(Operation),
    /// Select from an anchor to a head where the cursor goes, in units of the stream.
    Select {
        /// Where it began.
        anchor: u64,
        /// Where the cursor is.
        head: u64,
    },
    /// Move the cursor, extending the selection or dropping it; arrow keys and clicks.
    MoveCursor {
        /// The new position; may be the end.
        to: u64,
        /// Shift is held.
        extend: bool,
    },
    /// A hex digit, 0 to 15, typed in the hex column. `now` is in seconds, for runs of typing.
    TypeNibble {
        /// The digit.
        digit: u8,
        /// Seconds since some fixed moment.
        now: f64,
    },
    /// Characters typed in a text column or the text view.
    TypeText {
        /// The characters.
        text: String,
        /// Seconds since some fixed moment.
        now: f64,
    },
    /// Characters typed in the text column of the bytes: they are written in its encoding.
    TypeInBytes {
        /// The characters.
        text: String,
        /// Seconds since some fixed moment.
        now: f64,
    },
    /// A value is typed into a cell of a hex view.
    Cell(CellCommand),
    /// A choice of how a hex view shows bytes.
    Hex(HexSide, HexChoice),
    /// The key before the cursor's unit is taken out.
    Backspace {
        /// Seconds since some fixed moment.
        now: f64,
    },
    /// The clipboard's text arrived after a paste.
    Paste(String),
    /// The clipboard's text is to be read as bytes: opens the dialog for that.
    PasteAs(String),
    /// The selection is to be copied as text for another program.
    CopyAs(Style),
    /// The clipboard's text is to become a document.
    PasteAsNew(String),
    /// The clipboard held a picture: width, height, RGBA.
    PastePicture {
        /// Pixels a row.
        width: u32,
        /// Rows.
        height: u32,
        /// Four bytes a pixel.
        rgba: Vec<u8>,
    },
    /// The view changed.
    View(ViewCommand),
    /// A step of a walk through the timeline of the document in front.
    Walk(WalkCommand),
    /// The document in front is to be written as a format: opens the export dialog there.
    ExportAs(Format),
    /// Something in the open dialog changed or was pressed.
    Dialog(DialogCommand),
    /// The native file dialog ended.
    Answered(Answer),
    /// The view was painted to a PNG image, after [`Effect::CaptureView`].
    Captured(Vec<u8>),
    /// A job ended.
    Finished(JobId, Box<JobOutcome>),
    /// The user wants a job to stop.
    CancelJob(JobId),
    /// The window is about to close (its close button): ask about unsaved documents.
    CloseRequested,
    /// The window's size or zoom changed.
    Window {
        /// Inner size in points.
        size: [f32; 2],
        /// Zoom of the whole window.
        zoom: f32,
    },
    /// A message from the window itself, for the history.
    Notice(super::Notice),
    /// A file on the disk changed, or the user answered what to do about it.
    Disk(super::DiskCommand),
    /// A bookmark of the document in front.
    Bookmark(super::BookmarkCommand),
    /// Something in the console, or from it.
    Console(ConsoleCommand),
    /// Something in the dialog of keys.
    Keys(super::KeysCommand),
    /// Something in the find bar or the list of results.
    Search(super::SearchCommand),
    /// Bytes to write at the cursor, which stays where it is: a value that was typed.
    WriteHere(Vec<u8>),
    /// What the inspector shows was chosen.
    Inspector(super::InspectorSettings),
    /// Something in the pane of parts.
    Structure(super::StructureCommand),
    /// Something in the pane of digests.
    Hash(super::HashCommand),
    /// A picture that the window made of the document's bytes is to be saved: what it is called, and it as PNG.
    SavePicture {
        /// What it is called: "histogram".
        name: String,
        /// The file.
        png: Vec<u8>,
    },
    /// The strings that are shown are to be saved.
    SaveStrings(super::ListFormat),
    /// Bytes were clicked in an overview or a list: the cursor goes there, and they are selected. Of a text stream these
    /// are bytes of its UTF-8.
    SelectBytes {
        /// The first one.
        from: u64,
        /// Behind the last one; where it is the first one nothing is selected.
        to: u64,
    },
    /// What was stopped of the overview and the strings is wanted after all.
    ExploreAgain,
    /// Something in the lessons.
    Lesson(super::LessonCommand),
    /// Something in the convert panel.
    Convert(super::ConvertCommand),
    /// Something about comparisons.
    Compare(super::CompareCommand),
    /// Something in the report that is being put together.
    Report(super::ReportCommand),
    /// Something in the view of a picture.
    Picture(super::PictureCommand),
    /// Something about archives and other sources.
    Source(super::SourceCommand),
    /// Something about the table of the document in front.
    Table(super::table::TableCommand),
}

/// What happens to the value that is typed into a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum CellCommand {
    /// Characters were typed in the cell at the cursor.
    Type(HexSide, String),
    /// The value is to be written, and the cursor goes to the next cell.
    Commit {
        /// Seconds since some fixed moment.
        now: f64,
    },
    /// What was typed is forgotten.
    Cancel,
}

/// How bytes are shown. Choices of cells are those of one view; bytes a row, base and encoding are the document's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HexChoice {
    /// Bytes a row, 1 to [`MAX_COLUMNS`](super::bytes_view::MAX_COLUMNS); `None` fits the width.
    Columns(Option<u16>),
    /// Bytes between two wider gaps: 1, 2, 4, 8 or 16.
    Group(u8),
    /// What a cell shows.
    Format(CellFormat),
    /// Cells of several bytes begin with the highest one.
    BigEndian(bool),
    /// The other order of bytes.
    ToggleByteOrder,
    /// Hex digits are capitals.
    Upper(bool),
    /// The other case of hex digits.
    ToggleUpper,
    /// The base of addresses.
    Radix(Radix),
    /// What is added to addresses.
    Base(u64),
    /// The encoding of the text column.
    Charset(Charset),
    /// The encoding of the text column is that of documents opened from now on.
    KeepCharset,
    /// What colours tell.
    Colors(ByteColors),
    /// Zeros are grey, or not.
    ToggleGreyZeros,
    /// What differs from the file is marked, or not.
    ToggleChanged,
    /// Rows that a notch of the wheel scrolls.
    WheelRows(u8),
    /// Size of the text in points.
    FontSize(u8),
    /// Size of the text in steps of a point.
    Enlarge(i8),
}

/// What happens in the one dialog that is open.
#[derive(Clone, Debug, PartialEq)]
pub enum DialogCommand {
    /// Escape, Cancel, or a click outside.
    Cancel,
    /// The text of the dialog's field changed.
    Text(String),
    /// Enter or the main button.
    Accept,
    /// Don't save, in the dialog about unsaved changes.
    Discard,
    /// The export dialog's format was changed.
    ExportFormat(Format),
    /// The export dialog's options were changed.
    ExportOptions(Box<Options>),
    /// The export dialog writes the table as it is shown, or all of it.
    ExportView(bool),
    /// Save under another name, in the dialog about a file that changed on disk; to a file, in the one about copying.
    SaveAsInstead,
    /// The fields of a dialog with several changed.
    Form(Form),
}

/// What becomes of the clipboard's content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PasteInto {
    /// It goes in at the cursor: [`Command::Paste`].
    #[default]
    Cursor,
    /// It becomes a document: [`Command::PasteAsNew`].
    Document,
    /// It is looked at in a dialog: [`Command::PasteAs`].
    Dialog,
    /// It goes into the cells of a table: [`TableCommand::Paste`](super::table::TableCommand::Paste).
    Cells,
}

/// How the native file dialog ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Files to open.
    Open(Vec<PathBuf>),
    /// A place to save.
    Save(PathBuf),
    /// The user cancelled.
    Cancelled,
    /// There is no dialog service: ask for a typed path.
    Unavailable(String),
    /// A folder was not shown after [`Effect::ShowFolder`], and why; no dialog was open.
    NotShown(String),
}

/// What must happen next; carried out by the window (or a test) in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Show the native dialog for opening; answer with [`Command::Answered`].
    AskOpen {
        /// Where it begins.
        folder: Option<PathBuf>,
    },
    /// Show the native dialog for a folder; answer with [`Command::Answered`], a folder as [`Answer::Save`].
    AskFolder {
        /// The dialog's title.
        title: String,
        /// Where it begins.
        folder: Option<PathBuf>,
    },
    /// Show the native dialog for saving; answer with [`Command::Answered`].
    AskSave {
        /// The dialog's title.
        title: String,
        /// Where it begins.
        folder: Option<PathBuf>,
        /// The suggested file name.
        name: String,
        /// The formats whose filters it shows, the chosen one first.
        formats: Vec<Format>,
    },
    /// Show a folder in the desktop's file manager; answer with [`Command::Answered`] where that is not possible.
    ShowFolder(PathBuf),
    /// Run a job and answer with [`Command::Finished`].
    Run(JobId, Job),
    /// Ask a running job to stop.
    CancelJob(JobId),
    /// Ask the thread that decodes frames for something; it answers with [`Command::Picture`].
    Film(super::FilmRequest),
    /// Put a picture on the clipboard.
    CopyPicture {
        /// Pixels a row.
        width: u32,
        /// Rows.
        height: u32,
        /// Four bytes a pixel.
        rgba: std::sync::Arc<Vec<u8>>,
    },
    /// Ask the console for something; it answers with [`Command::Console`].
    Console(ConsoleRequest),
    /// Watch these files and no others; a change is told by [`Command::Disk`].
    Watch(Vec<WatchedFile>),
    /// Put text on the clipboard.
    CopyText(String),
    /// Ask the system for the clipboard's content; answer with the command that [`PasteInto`] names.
    RequestPaste {
        /// What becomes of it.
        into: PasteInto,
    },
    /// The settings changed and are to be kept.
    KeepSettings(Settings),
    /// Put every pane back in its place.
    ResetLayout,
    /// Fill the screen, or leave it.
    ToggleFullScreen,
    /// Show the whole window at this zoom.
    Zoom(f32),
    /// Paint the view to a PNG, then ask where it goes.
    CaptureView,
    /// Close the window for good.
    CloseWindow,
}
