//! Decisions: what the program holds, what each report of the window changes, and what must happen next.
//!
//! [`AppState::apply`] is the only mutator. It never blocks, never fails, and does no I/O: what must happen next it
//! returns as [`Effect`]s, plain data that a window, the terminal or a test carries out. A [`Job`] is plain data too;
//! [`Job::run`] is the one place where files and formats meet.
//!
//! ```
//! use seektell::app::{Action, AppState, Command, Effect, Job};
//! let mut state = AppState::new(Default::default());
//! let effects = state.apply(Command::Do(Action::NewBytes));
//! assert_eq!(state.active().unwrap().document.name(), "untitled-1");
//! assert!(matches!(effects.as_slice(), [Effect::Run(_, Job::Preview { .. })]), "somebody looks at the new content");
//! ```

mod action;
mod action_id;
mod apply;
mod bookmark;
pub mod bytes_view;
mod command;
mod compare;
mod console;
mod converting;
mod dialog;
mod disk;
mod explored;
mod film;
mod forms;
mod hashes;
mod inspector;
mod job;
mod jumps;
mod keymap;
mod lesson;
mod literal;
mod names;
mod notice;
pub mod numbers;
mod picture;
mod position;
mod rebind;
mod report;
mod search;
mod settings;
mod shortcut;
mod source;
mod state;
mod structure;
pub mod table;
mod view;
mod walk;

pub use action::{Action, Menu};
pub use bookmark::BookmarkCommand;
pub use command::{Answer, CellCommand, Command, DialogCommand, Effect, HexChoice, PasteInto};
pub use compare::{CompareCommand, CompareId, CompareView, Compared, OpenComparison, Side};
pub use console::{
    Completions, ConsoleCommand, ConsoleRequest, ConsoleState, LastRun, LineKind, RunPurpose, RunningConsole, TYPED_AHEAD,
    Transcript, TranscriptLine, Watched,
};
pub use converting::{
    ConvertCommand, ConvertPanel, ConvertPreview, ConvertSettings, Converted, KeptRecipe, Outcomes, Previewed, Sample, Surveyed,
};
pub use dialog::{AfterUnsaved, Dialog, ExportDialog, Losses, PathPurpose, ReplaceEverywhere};
pub use disk::{DiskAnswer, DiskChange, DiskCommand, DiskEvent, DiskState};
pub use explored::{Explored, MinimapMode, OverviewKey, OverviewOptions, StringsKey, StringsOptions, Work};
pub use film::{FILM_BYTES, FILM_SPEEDS, Film, FilmEvent, FilmKey, FilmRequest};
pub use forms::{
    BytesDialog, BytesForm, COPY_LIMIT, CopyAsDialog, Form, MOST_MEMORY, OpKind, PASTE_SHOWN, PasteAsDialog, RangeDialog,
    ResizeDialog, Understood, Written,
};
pub use hashes::{HashCommand, HashKey, HashResult, HashState, LIVE_UNITS, parse_algorithm};
pub use inspector::{ByteOrders, InspectorSettings};

pub use job::{ExportError, Job, JobId, JobOutcome, ListFormat, Looked, OpenedDocument, Preview, ReadRecipe, SMALL_FILE};
pub use jumps::Jumps;
pub use keymap::Keymap;
pub use lesson::{LessonCommand, Stage, TakenLesson};
pub use literal::{Literal, LiteralError, parse_hex_bytes, parse_integer, parse_literal};
pub use names::name_for;
pub use notice::{Level, Notice, Notices};
pub use picture::{
    Board, CLIPBOARD_PIXELS, Channel, LARGE_PICTURE, NumbersKey, PictureChoice, PictureCommand, PictureDetails, PictureLook,
    PictureNumbers, PictureState, SharedPicture,
};
pub use position::{Places, parse_length, parse_place, parse_position, unnamed};
pub use rebind::{KeysCommand, KeysDialog, Offer, Recording, Said};
pub use report::{NewSection, ReportCommand, ReportForm, ReportKey, ReportLook, ReportSource};
pub use search::{
    FindForm, FindKind, NeedleForm, Results, SEARCHED_AT_ONCE, Scope, SearchCommand, SearchState, SharedFeed, Tally, Target,
    content_of,
};
pub use settings::{PaneKind, Settings, ThemeChoice};
pub use shortcut::{Key, Press, Reserved, Shortcut, SpellingError};
pub(crate) use source::document_name;
pub use source::{
    AddressDialog, ArchiveSort, ArchiveView, ExtractDialog, ExtractReport, Extracted, LimitFields, OpenedMember, Present,
    RunDialog, SourceCommand, SourceDialog, SourceJob, SourceOutcome, Told, extract, shown_command,
};
pub use state::{AppState, OpenDocument, OpenFile, PreviewState, RunningJob};
pub use structure::{StructureCommand, StructureRead, StructureState};
pub use view::{CellEdit, HexColumn, RowScroll, SecondHex, ViewCommand, ViewState, Zoom};
pub use walk::{Playing, SPEED, SPEEDS, WalkCommand};
