//! Native file dialogs: one at a time, never on the window's thread, with a way out where there is no dialog service.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::time::{Duration, Instant};

use crate::app::Answer;
use crate::formats::Format;
use crate::tasks::Waker;

/// What a dialog for saving shows.
#[derive(Clone, Debug, PartialEq)]
pub struct SaveAsk {
    /// Its title.
    pub title: String,
    /// The folder it begins in.
    pub folder: Option<PathBuf>,
    /// The suggested file name.
    pub name: String,
    /// The formats it filters by, the chosen one first.
    pub formats: Vec<Format>,
}

/// Shows file dialogs. At most one is open at a time.
pub trait FileDialogs {
    /// Shows the dialog for opening files.
    fn ask_open(&mut self, folder: Option<PathBuf>);
    /// Shows the dialog for a folder; its answer is [`Answer::Save`].
    fn ask_folder(&mut self, title: &str, folder: Option<PathBuf>);
    /// Shows the dialog for saving a file.
    fn ask_save(&mut self, ask: SaveAsk);
    /// Shows a folder in the desktop's file manager. Only a failure is answered, by [`Answer::NotShown`].
    fn show_folder(&mut self, folder: PathBuf);
    /// The answer, once the dialog has ended.
    fn poll(&mut self) -> Option<Answer>;
    /// The user does not want to wait for the dialog any longer; a late answer is dropped.
    fn give_up(&mut self);
}

/// A dialog that ends this quickly without an answer was never shown.
const NEVER_SHOWN: Duration = Duration::from_millis(150);

const NO_SERVICE: &str = "No file dialog could be opened: install xdg-desktop-portal or zenity, or type the path here";

/// The desktop's own dialogs, through `rfd`.
pub struct NativeDialogs {
    waker: Waker,
    /// Knows the window, so that dialogs stand in front of it and not somewhere behind.
    template: rfd::AsyncFileDialog,
    waiting: Option<Waiting>,
    unavailable: bool,
    /// Why a folder was not shown, from the threads that show them.
    not_shown: (SyncSender<String>, Receiver<String>),
}

/// A dialog that is open.
struct Waiting {
    answer: Receiver<Option<Vec<PathBuf>>>,
    /// It is for opening; otherwise for saving.
    open: bool,
    since: Instant,
}

impl NativeDialogs {
    /// Dialogs that call `waker` when they end. `template` is what each begins as: it may name the window they belong to.
    pub fn new(waker: Waker, template: rfd::AsyncFileDialog) -> Self {
        Self { waker, template, waiting: None, unavailable: false, not_shown: sync_channel(4) }
    }

    /// Waits for a dialog on a thread of its own. The dialog must be made on the window's thread: macOS wants it so.
    fn wait(&mut self, open: bool, dialog: impl Future<Output = Option<Vec<rfd::FileHandle>>> + Send + 'static) {
        let (sender, receiver) = sync_channel(1);
        let waker = self.waker.clone();
        let wait = move || {
            let paths = pollster::block_on(dialog).map(|files| files.iter().map(|file| file.path().to_path_buf()).collect());
            sender.send(paths).ok();
            waker();
        };
        match std::thread::Builder::new().name("file dialog".into()).spawn(wait) {
            Ok(_) => self.waiting = Some(Waiting { answer: receiver, open, since: Instant::now() }),
            Err(_) => self.unavailable = true,
        }
    }
}

impl FileDialogs for NativeDialogs {
    fn ask_open(&mut self, folder: Option<PathBuf>) {
        if !can_exist() {
            self.unavailable = true;
            return;
        }
        let mut dialog = self.template.clone().set_title("Open");
        if let Some(folder) = folder {
            dialog = dialog.set_directory(folder);
        }
        let extensions: Vec<&str> = crate::formats::FORMATS.iter().flat_map(|info| info.extensions).copied().collect();
        dialog = dialog.add_filter("All files", &["*"]).add_filter("Known formats", &extensions);
        self.wait(true, dialog.pick_files());
    }

    fn ask_folder(&mut self, title: &str, folder: Option<PathBuf>) {
        if !can_exist() {
            self.unavailable = true;
            return;
        }
        let mut dialog = self.template.clone().set_title(title);
        if let Some(folder) = folder {
            dialog = dialog.set_directory(folder);
        }
        let answer = dialog.pick_folder();
        self.wait(false, async move { answer.await.map(|folder| vec![folder]) });
    }

    fn ask_save(&mut self, ask: SaveAsk) {
        if !can_exist() {
            self.unavailable = true;
            return;
        }
        let mut dialog = self.template.clone().set_title(&ask.title).set_file_name(&ask.name);
        if let Some(folder) = &ask.folder {
            dialog = dialog.set_directory(folder);
        }
        for format in &ask.formats {
            dialog = dialog.add_filter(format.info().name, format.info().extensions);
        }
        dialog = dialog.add_filter("All files", &["*"]);
        let answer = dialog.save_file();
        self.wait(false, async move { answer.await.map(|file| vec![file]) });
    }

    fn show_folder(&mut self, folder: PathBuf) {
        let (sender, waker) = (self.not_shown.0.clone(), self.waker.clone());
        let show = move || {
            if let Err(error) = crate::process::show_folder(&folder) {
                sender.try_send(error.to_string()).ok();
                waker();
            }
        };
        if let Err(error) = std::thread::Builder::new().name("show folder".into()).spawn(show) {
            self.not_shown.0.try_send(error.to_string()).ok();
            (self.waker)();
        }
    }

    fn poll(&mut self) -> Option<Answer> {
        if let Ok(why) = self.not_shown.1.try_recv() {
            return Some(Answer::NotShown(why));
        }
        if std::mem::take(&mut self.unavailable) {
            return Some(Answer::Unavailable(NO_SERVICE.into()));
        }
        let Waiting { answer, open, since } = self.waiting.as_ref()?;
        let answer = match answer.try_recv() {
            Err(TryRecvError::Empty) => return None,
            // The thread broke: to the user that is a dialog that could not be shown.
            Err(TryRecvError::Disconnected) => Answer::Unavailable(NO_SERVICE.into()),
            Ok(Some(paths)) if *open => Answer::Open(paths),
            Ok(Some(paths)) => paths.into_iter().next().map_or(Answer::Cancelled, Answer::Save),
            Ok(None) if cfg!(target_os = "linux") && since.elapsed() < NEVER_SHOWN => Answer::Unavailable(NO_SERVICE.into()),
            Ok(None) => Answer::Cancelled,
        };
        self.waiting = None;
        Some(answer)
    }

    fn give_up(&mut self) {
        self.waiting = None;
        self.unavailable = false;
    }
}

/// Whether any dialog service can be there. On Linux that takes a session bus for the portal, or zenity.
fn can_exist() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let bus = std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some_and(|address| !address.is_empty())
        || std::env::var_os("XDG_RUNTIME_DIR").is_some_and(|folder| PathBuf::from(folder).join("bus").exists());
    let zenity =
        std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join("zenity").is_file()));
    bus || zenity
}

/// Dialogs whose answers are written beforehand, for tests.
#[derive(Debug, Default)]
pub struct ScriptedDialogs {
    answers: std::collections::VecDeque<Answer>,
    /// What was asked, in order: `None` for opening.
    pub asked: Vec<Option<SaveAsk>>,
    /// The folders that were to be shown.
    pub shown: Vec<PathBuf>,
    pending: bool,
}

impl ScriptedDialogs {
    /// Dialogs that give these answers, one after the other, and "cancelled" after them.
    pub fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self { answers: answers.into_iter().collect(), ..Self::default() }
    }
}

impl FileDialogs for ScriptedDialogs {
    fn ask_open(&mut self, _folder: Option<PathBuf>) {
        self.asked.push(None);
        self.pending = true;
    }

    fn ask_folder(&mut self, _title: &str, _folder: Option<PathBuf>) {
        self.asked.push(None);
        self.pending = true;
    }

    fn ask_save(&mut self, ask: SaveAsk) {
        self.asked.push(Some(ask));
        self.pending = true;
    }

    fn show_folder(&mut self, folder: PathBuf) {
        self.shown.push(folder);
    }

    fn poll(&mut self) -> Option<Answer> {
        std::mem::take(&mut self.pending).then(|| self.answers.pop_front().unwrap_or(Answer::Cancelled))
    }

    fn give_up(&mut self) {
        self.pending = false;
    }
}
