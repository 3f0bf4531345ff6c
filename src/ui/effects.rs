//! Carries effects out: jobs on their threads, dialogs, the clipboard, the settings file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use egui::{Context, ViewportCommand};

use super::console_host::ConsoleHost;
use super::film_host::FilmHost;
use super::native::{FileDialogs, SaveAsk};
use super::status_bar::JobLine;
use crate::app::{Command, DiskCommand, Effect, Job, JobId, JobOutcome, PasteInto, PictureCommand, Settings};
use crate::files::{self, Existing, FileWatcher};
use crate::tasks::{Lane, Progress, TaskError, TaskId, TaskStatus, Tasks, Waker};

/// Frames after which a clipboard that was asked for is empty.
const PASTE_FRAMES: u8 = 4;

/// Where the settings are kept; `None` keeps none (tests, screenshots).
pub fn settings_path() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "seektell").map(|dirs| dirs.config_dir().join("settings.json"))
}

/// The settings of the last session, or the defaults. A file that somebody broke by hand is kept beside its place, since
/// the settings are written there again.
pub fn load_settings() -> Settings {
    settings_path().map(|path| load_settings_from(&path)).unwrap_or_default()
}

fn load_settings_from(path: &Path) -> Settings {
    let Some(bytes) = files::open(path).ok().and_then(|opened| opened.buffer.to_vec_all().ok()) else {
        return Settings::default();
    };
    let mut settings = Settings::from_json(&String::from_utf8_lossy(&bytes));
    // Keys that were not understood stay in the file.
    let kept = settings.keys.complaint();
    if settings.complaints.iter().any(|complaint| kept.as_ref() != Some(complaint)) {
        let copy = path.with_extension("broken.json");
        if files::save(&copy, &Existing::Replace, &Progress::new(), &mut |out| out.write_all(&bytes)).is_ok() {
            settings.complaints.push(format!("The settings file as it was is {}", files::display_path(&copy)));
        }
    }
    settings
}

/// Runs what [`crate::app::AppState::apply`] asks for.
pub struct Runner {
    tasks: Tasks<JobOutcome>,
    console: ConsoleHost,
    film: FilmHost,
    watcher: FileWatcher,
    jobs: HashMap<TaskId, JobId>,
    /// The dialogs.
    pub dialogs: Box<dyn FileDialogs>,
    settings: Option<PathBuf>,
    paste_into: PasteInto,
    /// Frames for which a paste that was asked for has not come.
    paste_awaited: Option<u8>,
    /// Settings that are not on disk yet.
    unsaved_settings: Option<Settings>,
    /// The view is to be captured after this frame.
    pub(super) capture: bool,
    /// The panes are to be put back.
    pub(super) reset_layout: bool,
    /// The window closes without further questions.
    pub(super) closing: bool,
}

impl Runner {
    /// A runner whose jobs and dialogs wake the window by `waker`, and that keeps the settings in `settings`.
    pub fn new(waker: Waker, dialogs: Box<dyn FileDialogs>, settings: Option<PathBuf>) -> Self {
        Self {
            console: ConsoleHost::new(waker.clone()),
            film: FilmHost::new(waker.clone()),
            watcher: FileWatcher::new(waker.clone()),
            tasks: Tasks::new(waker),
            jobs: HashMap::new(),
            dialogs,
            settings,
            paste_into: PasteInto::Cursor,
            paste_awaited: None,
            unsaved_settings: None,
            capture: false,
            reset_layout: false,
            closing: false,
        }
    }

    /// Carries one effect out.
    pub(super) fn carry_out(&mut self, effect: Effect, ctx: &Context) {
        self.carry_out_quietly(effect, ctx);
        ctx.request_repaint();
    }

    /// The same before a frame is painted, which shows what came of it.
    pub(super) fn carry_out_quietly(&mut self, effect: Effect, ctx: &Context) {
        match effect {
            Effect::AskOpen { folder } => self.dialogs.ask_open(folder),
            Effect::AskFolder { title, folder } => self.dialogs.ask_folder(&title, folder),
            Effect::AskSave { title, folder, name, formats } => {
                self.dialogs.ask_save(SaveAsk { title, folder, name, formats });
            }
            Effect::ShowFolder(folder) => self.dialogs.show_folder(folder),
            Effect::Run(id, job) => self.run(id, job),
            Effect::CancelJob(id) => {
                if let Some((task, _)) = self.jobs.iter().find(|(_, job)| **job == id) {
                    self.tasks.cancel(*task);
                }
            }
            Effect::Console(request) => self.console.ask(request),
            Effect::Film(request) => self.film.ask(request),
            Effect::CopyPicture { width, height, rgba } => {
                ctx.copy_image(egui::ColorImage::from_rgba_unmultiplied([width as usize, height as usize], &rgba));
            }
            Effect::Watch(files) => self.watcher.set(&files),
            Effect::CopyText(text) => ctx.copy_text(text),
            Effect::RequestPaste { into } => {
                self.paste_into = into;
                self.paste_awaited = Some(0);
                ctx.request_repaint();
                ctx.send_viewport_cmd(ViewportCommand::RequestPaste);
            }
            Effect::KeepSettings(settings) => self.unsaved_settings = Some(settings),
            Effect::ResetLayout => self.reset_layout = true,
            Effect::ToggleFullScreen => {
                let full = ctx.input(|input| input.viewport().fullscreen.unwrap_or(false));
                ctx.send_viewport_cmd(ViewportCommand::Fullscreen(!full));
            }
            Effect::Zoom(zoom) => ctx.set_zoom_factor(zoom),
            Effect::CaptureView => self.capture = true,
            Effect::CloseWindow => {
                // Whoever closes has answered for what is not saved.
                files::end_copies();
                self.closing = true;
                ctx.send_viewport_cmd(ViewportCommand::Close);
            }
        }
    }

    fn run(&mut self, id: JobId, job: Job) {
        let lane = match &job {
            job if job.writes_files() => Lane::File,
            Job::Losses { .. }
            | Job::ConvertPreview { .. }
            | Job::ConvertSurvey { .. }
            | Job::Search { .. }
            | Job::ReplaceAll { .. }
            | Job::ReplaceEverywhere { .. }
            | Job::Hash { .. }
            | Job::Compare { .. }
            | Job::OtherUnit { .. }
            | Job::Source(_)
            | Job::Overview { .. }
            | Job::PictureDetails { .. }
            | Job::Strings { .. }
            | Job::ReportPreview { .. }
            | Job::ArrangeTable { .. }
            | Job::SearchTable { .. }
            | Job::ColumnFacts { .. }
            | Job::ChangeTable { .. } => Lane::Background,
            _ => Lane::Interactive,
        };
        let task = self.tasks.spawn(lane, job.title(), move |progress| job.run(progress));
        self.jobs.insert(task, id);
    }

    /// What came in since the last call: jobs that ended, and the dialog's answer.
    pub(super) fn collect(&mut self) -> Vec<Command> {
        let mut commands = Vec::new();
        for finished in self.tasks.poll() {
            let Some(id) = self.jobs.remove(&finished.id) else { continue };
            let outcome = match finished.result {
                Ok(outcome) => outcome,
                Err(TaskError::Cancelled) => JobOutcome::Cancelled,
                Err(error) => JobOutcome::Panicked(error.to_string()),
            };
            commands.push(Command::Finished(id, Box::new(outcome)));
        }
        commands.extend(self.console.poll().into_iter().map(Command::Console));
        commands.extend(self.film.poll().into_iter().map(|event| Command::Picture(PictureCommand::Film(event))));
        commands.extend(self.watcher.take().into_iter().map(|path| Command::Disk(DiskCommand::Happened(path))));
        commands.extend(self.dialogs.poll().map(Command::Answered));
        commands
    }

    /// What becomes of a paste that arrives now.
    pub(super) fn take_paste_into(&mut self) -> PasteInto {
        self.paste_awaited = None;
        std::mem::take(&mut self.paste_into)
    }

    /// Told of a frame without a paste. What was asked for comes in the frame after; once it can be said that it never will,
    /// because the clipboard is empty, this is where it would have gone.
    pub(super) fn missed_paste(&mut self, ctx: &Context) -> Option<PasteInto> {
        let frames = self.paste_awaited.as_mut()?;
        *frames += 1;
        if *frames > PASTE_FRAMES {
            return Some(self.take_paste_into());
        }
        ctx.request_repaint();
        None
    }

    /// The jobs for the status bar.
    pub fn jobs(&self) -> Vec<JobLine> {
        let line = |status: TaskStatus| {
            let id = *self.jobs.get(&status.id)?;
            Some((id, status.title, status.fraction, status.cancelling))
        };
        self.tasks.running().into_iter().filter_map(line).collect()
    }

    /// Whether nothing runs; tests wait for it.
    pub fn is_idle(&self) -> bool {
        self.tasks.is_idle() && self.console.is_idle() && self.film.is_idle()
    }

    /// Writes the settings to disk where they changed. Small, and done when the window rests or closes; a failure is no
    /// reason to bother anybody: the settings are the defaults next time.
    pub(super) fn keep_settings(&mut self) {
        let (Some(settings), Some(path)) = (self.unsaved_settings.take(), &self.settings) else { return };
        let Some(folder) = path.parent() else { return };
        if files::make_folder(folder).is_err() {
            return;
        }
        let json = settings.to_json();
        files::save(path, &Existing::Replace, &Progress::new(), &mut |out| out.write_all(json.as_bytes())).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Action, Key, Shortcut};

    #[test]
    fn a_settings_file_that_somebody_broke_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        assert_eq!(load_settings_from(&path), Settings::default(), "a first start");
        let json = r#"{ "theme": "dark", "keys": { "quit": ["Ctrl+J"], } }"#;
        std::fs::write(&path, json).unwrap();
        let settings = load_settings_from(&path);
        assert_eq!(settings.complaints.len(), 2, "{:?}", settings.complaints);
        assert_eq!(std::fs::read_to_string(folder.path().join("settings.broken.json")).unwrap(), json);
        std::fs::write(&path, json.replace("], }", "] }")).unwrap();
        let settings = load_settings_from(&path);
        assert!(settings.complaints.is_empty());
        assert_eq!(settings.keys.action(Shortcut::command(Key::J)), Some(Action::Quit));
    }
}
