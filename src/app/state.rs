//! What the program holds.

use std::path::PathBuf;
use std::sync::Arc;

use super::{AfterUnsaved, ConsoleState, Dialog, Effect, Job, JobId, ListFormat, Notices, Preview, Settings, ViewState};
use crate::buffer::Buffer;
use crate::document::{Document, DocumentId, Language};
use crate::explore::strings::Strings;
use crate::files::Identity;
use crate::formats::literal::{Choices, Style};
use crate::formats::{Detection, Format, Options};

/// Everything but pixels. Changed by [`AppState::apply`] only.
#[derive(Debug)]
pub struct AppState {
    pub(super) documents: Vec<OpenDocument>,
    pub(super) active: Option<DocumentId>,
    /// What was closed last, the latest at the end, at most [`REOPENABLE`].
    pub(super) closed: Vec<OpenDocument>,
    pub(super) notices: Notices,
    pub(super) dialog: Option<Dialog>,
    pub(super) jobs: Vec<RunningJob>,
    pub(super) next_job: u64,
    pub(super) untitled: u64,
    /// What the native file dialog that is open is for. At most one is.
    pub(super) asking: Option<Asking>,
    /// What waits for a path that is typed in the dialog, because there is no native one.
    pub(super) waiting_path: Option<Asking>,
    /// Title and proposed name of the save dialog that was asked for last.
    pub(super) asked_name: (String, String),
    /// The folder of the dialogs before the save that is under way, which may fail.
    pub(super) folder_before: Option<PathBuf>,
    /// Documents that are saved one after the other before something is closed.
    pub(super) closing: Option<Closing>,
    /// What was copied last, with the text that stands for it on the system's clipboard, so that a paste inside the
    /// program shares the bytes and nothing is lost in the text.
    pub(super) clip: Option<Clip>,
    /// Counts copies that are too large for the system's clipboard, so that each has a text of its own there.
    pub(super) clips: u64,
    /// How bytes were copied as text last.
    pub(super) copy_style: Style,
    /// What was typed last to go somewhere.
    pub(super) last_go_to: Option<String>,
    pub(super) settings: Settings,
    pub(super) console: ConsoleState,
    /// The console was asked for: it is shown where no document is open too.
    pub(super) console_wanted: bool,
    /// Counts how often the console was asked for: it takes the keyboard then.
    pub(super) console_focus: u64,
    pub(super) search: super::SearchState,
    /// The report that is being put together.
    pub(super) report: Option<Box<super::ReportForm>>,
    pub(super) lesson: Option<super::TakenLesson>,
    /// Counts the bookmarks that were made: their pane comes to the front then.
    pub(super) bookmarks_front: u64,
    /// The files that are watched.
    pub(super) watched_files: Vec<crate::files::WatchedFile>,
    /// Lessons that the user opened from files.
    pub(super) own_lessons: Vec<crate::lesson::Lesson>,
    /// Counts how often the lessons were asked for: their pane comes to the front then.
    pub(super) lesson_front: u64,
    /// The comparisons that are open.
    pub(super) comparisons: Vec<super::OpenComparison>,
    /// The one that is shown, and the document that was in front when it came there.
    pub(super) comparison_front: Option<(super::CompareId, Option<DocumentId>)>,
    pub(super) next_comparison: u64,
    /// A document that waits for a file to be opened, to be compared with it.
    pub(super) to_compare: Option<(DocumentId, PathBuf)>,
    /// The convert panel, while it is open.
    pub(super) converting: Option<super::ConvertPanel>,
    /// Documents whose files are being read again, and the revision that is to be replaced.
    pub(super) reloading: Vec<(DocumentId, u64)>,
    /// The animation whose frames were asked for last.
    pub(super) film: Option<super::FilmKey>,
}

/// A document that is open, with what surrounds it.
#[derive(Debug)]
pub struct OpenDocument {
    /// The stream.
    pub document: Document,
    /// The name that stands for it in the console; no other open document has it.
    pub name: String,
    /// The file it is saved to, where there is one.
    pub file: Option<OpenFile>,
    /// What became of that file since.
    pub disk: super::DiskState,
    /// What its content is.
    pub detection: Detection,
    /// Its picture or table.
    pub preview: PreviewState,
    /// How it is shown.
    pub view: ViewState,
    /// Its parts.
    pub structure: super::StructureState,
    /// Its digests.
    pub hashes: super::HashState,
    /// The call made last, and what it returned or raised, as Python shows it.
    pub last_call: Option<(String, Result<String, String>)>,
    /// Bytes that looking at its content may take, where the user chose them for this document.
    pub limit: Option<u64>,
    /// What jobs made of all of its bytes.
    pub explored: super::Explored,
    /// What is known of its picture.
    pub picture: super::PictureState,
    /// What jobs made of its table.
    pub table: super::table::TableWork,
}

impl OpenDocument {
    /// What was entered in the timeline last is what the stream panel shows: clicks and typing are calls as well.
    pub(super) fn show_last_entry(&mut self) {
        let Some(entry) = self.document.timeline().current() else { return };
        let result = entry.result.to_string();
        self.last_call = Some((entry.call_within(200), if entry.raised { Err(result) } else { Ok(result) }));
    }
}

/// The file that a document lives in.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenFile {
    /// Its path.
    pub path: PathBuf,
    /// What it was when it was last read or written.
    pub identity: Identity,
    /// Whether the user may write it.
    pub writable: bool,
}

/// How far the preview of a document is.
#[derive(Clone, Debug, Default)]
pub enum PreviewState {
    /// Nobody has looked yet, or there is nothing to show.
    #[default]
    Nothing,
    /// There is one. `revision` is the content that it shows.
    Ready {
        /// It.
        preview: Arc<Preview>,
        /// What it shows.
        revision: u64,
    },
    /// The content cannot be shown, and why.
    Failed {
        /// A sentence.
        reason: String,
        /// What failed.
        revision: u64,
        /// The limit with which it might not fail, where it failed at one.
        needs: Option<u64>,
    },
    /// There is nothing to show for this content.
    None {
        /// The content.
        revision: u64,
    },
}

impl PreviewState {
    pub(super) fn revision(&self) -> Option<u64> {
        match self {
            Self::Nothing => None,
            Self::Ready { revision, .. } | Self::Failed { revision, .. } | Self::None { revision } => Some(*revision),
        }
    }
}

/// A job that runs.
#[derive(Clone, Debug)]
pub struct RunningJob {
    /// Its name.
    pub id: JobId,
    /// What it does.
    pub job: Job,
    /// The user asked it to stop.
    pub cancelling: bool,
}

/// What a native file dialog is for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Asking {
    Open,
    /// Files for the convert panel.
    Sources,
    /// The folder, or the ZIP, that the results of the convert panel go to.
    Results,
    Script,
    /// A file to compare this document with.
    Compare(DocumentId),
    /// A file whose bytes go into this document.
    Insert(DocumentId),
    Save(SavePurpose),
    /// A lesson to take.
    Lesson,
    /// Bookmarks to add to this document.
    Bookmarks(DocumentId),
    /// The recipe of a report.
    Recipe,
    /// A folder for members of an archive, by their numbers.
    Extract(Arc<crate::formats::archive::Archive>, Vec<usize>),
}

/// What is waiting for a path.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum SavePurpose {
    Document(DocumentId),
    Export {
        document: DocumentId,
        from: Format,
        to: Format,
        options: Box<Options>,
    },
    View(Vec<u8>),
    /// What is selected, as bytes.
    Selection(Buffer),
    Matches,
    Script {
        document: DocumentId,
        language: Language,
    },
    Bookmarks(DocumentId),
    /// The report that is being put together, as this.
    Report(Format),
    /// Its recipe.
    Recipe,
    Differences(super::CompareId),
    /// All frames of an animation, as a ZIP.
    Frames {
        input: Buffer,
        format: Format,
        stem: String,
        limits: crate::formats::picture::Limits,
    },
    Literal {
        input: Buffer,
        style: Style,
        choices: Box<Choices>,
    },
    Strings {
        input: Buffer,
        strings: Arc<Strings>,
        format: ListFormat,
    },
    /// Documents as one archive.
    Pack {
        kind: crate::formats::archive::Kind,
        documents: Vec<(String, Buffer)>,
    },
}

/// A closing that waits for saves.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Closing {
    pub(super) queue: Vec<DocumentId>,
    pub(super) then: AfterUnsaved,
}

/// What was copied.
#[derive(Clone, Debug)]
pub(super) struct Clip {
    pub(super) text: String,
    pub(super) data: crate::document::Data,
}

/// Closed documents that can be brought back, with their edits.
pub(super) const REOPENABLE: usize = 10;

impl AppState {
    /// Nothing open.
    pub fn new(mut settings: Settings) -> Self {
        let mut notices = Notices::default();
        for complaint in settings.complaints.drain(..) {
            notices.push(super::Level::Warning, complaint);
        }
        Self {
            documents: Vec::new(),
            active: None,
            closed: Vec::new(),
            notices,
            dialog: None,
            jobs: Vec::new(),
            next_job: 1,
            untitled: 0,
            asking: None,
            waiting_path: None,
            asked_name: Default::default(),
            folder_before: None,
            closing: None,
            clip: None,
            clips: 0,
            copy_style: Style::C,
            last_go_to: None,
            settings,
            console: ConsoleState::default(),
            console_wanted: false,
            console_focus: 0,
            search: super::SearchState::default(),
            lesson: None,
            bookmarks_front: 0,
            watched_files: Vec::new(),
            own_lessons: Vec::new(),
            lesson_front: 0,
            comparisons: Vec::new(),
            comparison_front: None,
            next_comparison: 1,
            to_compare: None,
            converting: None,
            reloading: Vec::new(),
            report: None,
            film: None,
        }
    }

    /// The open documents, in the order of their tabs.
    pub fn documents(&self) -> &[OpenDocument] {
        &self.documents
    }

    /// The document in front.
    pub fn active(&self) -> Option<&OpenDocument> {
        self.document(self.active?)
    }

    /// A document by its name.
    pub fn document(&self, id: DocumentId) -> Option<&OpenDocument> {
        self.documents.iter().find(|open| open.document.id() == id)
    }

    pub(super) fn active_mut(&mut self) -> Option<&mut OpenDocument> {
        self.document_mut(self.active?)
    }

    pub(super) fn document_mut(&mut self, id: DocumentId) -> Option<&mut OpenDocument> {
        self.documents.iter_mut().find(|open| open.document.id() == id)
    }

    /// Whether a document that was closed can be brought back.
    pub fn can_reopen(&self) -> bool {
        !self.closed.is_empty()
    }

    /// The dialog that is open inside the window.
    pub fn dialog(&self) -> Option<&Dialog> {
        self.dialog.as_ref()
    }

    /// Whether a native file dialog is open: the window is dimmed then.
    pub fn is_asking(&self) -> bool {
        self.asking.is_some()
    }

    /// The messages of this session.
    pub fn notices(&self) -> &Notices {
        &self.notices
    }

    /// The jobs that run.
    pub fn jobs(&self) -> &[RunningJob] {
        &self.jobs
    }

    /// The console.
    pub fn console(&self) -> &ConsoleState {
        &self.console
    }

    /// Whether the console is shown where no document is open.
    pub fn is_console_wanted(&self) -> bool {
        self.console_wanted
    }

    /// How often the console was asked for: it takes the keyboard each time.
    pub fn console_focus(&self) -> u64 {
        self.console_focus
    }

    /// The find bar and what was found.
    pub fn search(&self) -> &super::SearchState {
        &self.search
    }

    /// The lesson that is taken.
    pub fn lesson(&self) -> Option<&super::TakenLesson> {
        self.lesson.as_ref()
    }

    /// How often bookmarks were made: their pane comes to the front each time.
    pub fn bookmarks_front(&self) -> u64 {
        self.bookmarks_front
    }

    /// How often the lessons were asked for: their pane comes to the front each time.
    pub fn lesson_front(&self) -> u64 {
        self.lesson_front
    }

    /// Remembered choices.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Whether a job reads the preview of this document.
    pub fn is_previewing(&self, id: DocumentId) -> bool {
        self.jobs.iter().any(|running| matches!(running.job, Job::Preview { document, .. } if document == id))
    }

    /// Whether more rows are known of a table that is being read than are shown.
    pub fn has_grown(&self, open: &OpenDocument) -> bool {
        let id = open.document.id();
        let latest = self.jobs.iter().find_map(|running| match &running.job {
            Job::Preview { document, growing, .. } if *document == id => growing.get(),
            _ => None,
        });
        match (latest, &open.preview) {
            (Some(latest), PreviewState::Ready { preview, .. }) => !Arc::ptr_eq(&latest, preview),
            (Some(_), _) => true,
            (None, _) => false,
        }
    }

    /// Documents with unsaved changes.
    pub fn modified(&self) -> Vec<DocumentId> {
        self.documents.iter().filter(|open| open.is_unsaved()).map(|open| open.document.id()).collect()
    }

    /// What is not saved is copied while a native dialog is open: its library may take the program down with it.
    pub(super) fn keep_copies(&mut self, effects: &mut Vec<Effect>) {
        let copies: Vec<_> = self
            .documents
            .iter()
            .filter(|open| open.is_unsaved())
            .map(|open| (open.document.name().to_owned(), open.document.latest_snapshot()))
            .filter(|(_, content)| !content.is_empty() && content.len() <= crate::files::RESCUE_LIMIT)
            .collect();
        if !copies.is_empty() {
            self.start(Job::KeepCopies(copies), effects);
        }
    }

    pub(super) fn start(&mut self, job: Job, effects: &mut Vec<Effect>) -> JobId {
        let id = JobId(self.next_job);
        self.next_job += 1;
        self.jobs.push(RunningJob { id, job: job.clone(), cancelling: false });
        effects.push(Effect::Run(id, job));
        id
    }
}
