//! Files that change under their documents: told of once, asked about, never mixed, never fatal. With real files.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use seektell::app::{
    Action, AppState, Command, Dialog, DialogCommand, DiskAnswer, DiskCommand, DiskEvent, DiskState, Effect, OpenDocument,
};
use seektell::buffer::{ByteRange, Len, Offset};
use seektell::document::Operation;
use seektell::files::{FileWatcher, Stamp, WatchedFile};

/// A program without a window: its jobs run at once, its watcher is real.
struct App {
    state: AppState,
    watcher: FileWatcher,
    woken: Arc<AtomicU64>,
    folder: tempfile::TempDir,
}

impl App {
    fn new() -> Self {
        let woken = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&woken);
        let wake = Arc::new(move || {
            count.fetch_add(1, Ordering::SeqCst);
        });
        let folder = tempfile::tempdir().unwrap();
        Self { state: AppState::new(Default::default()), watcher: FileWatcher::new(wake), woken, folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("data.bin")
    }

    /// A document of a file with this content.
    fn with(content: &[u8]) -> Self {
        let mut app = Self::new();
        fs::write(app.path(), content).unwrap();
        let path = app.path();
        app.send(Command::OpenPaths(vec![path]));
        app
    }

    fn send(&mut self, command: Command) {
        let mut effects = self.state.apply(command);
        while !effects.is_empty() {
            for effect in std::mem::take(&mut effects) {
                match effect {
                    Effect::Run(id, job) => {
                        let outcome = job.run(&Default::default());
                        effects.extend(self.state.apply(Command::Finished(id, Box::new(outcome))));
                    }
                    Effect::Watch(files) => self.watcher.set(&files),
                    _ => {}
                }
            }
        }
    }

    fn document(&self) -> &OpenDocument {
        self.state.documents().first().unwrap()
    }

    fn content(&self) -> Result<Vec<u8>, String> {
        self.document().document.snapshot().to_vec_all().map_err(|error| error.to_string())
    }

    /// Waits until the watcher tells of something; `false` where it is silent for `patience`.
    fn told(&mut self, patience: Duration) -> bool {
        let begin = Instant::now();
        while begin.elapsed() < patience {
            let changed = self.watcher.take();
            if !changed.is_empty() {
                for path in changed {
                    self.send(Command::Disk(DiskCommand::Happened(path)));
                }
                return true;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        false
    }

    fn asked(&mut self) -> DiskEvent {
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(20) {
            self.told(Duration::from_millis(200));
            if let DiskState::Changed(change) = &self.document().disk {
                return change.what.clone();
            }
        }
        panic!("nobody asked: {:?}", self.document().disk);
    }

    fn answer(&mut self, answer: DiskAnswer) {
        let id = self.document().document.id();
        self.send(Command::Disk(DiskCommand::Answer(id, answer)));
    }
}

/// Long enough that a change is told of, short enough for a test that nothing is.
const SILENCE: Duration = Duration::from_millis(400);

#[test]
fn a_change_is_asked_about_once_and_reload_reads_it() {
    let mut app = App::with(b"old content");
    fs::write(app.path(), b"new").unwrap();
    assert_eq!(app.asked(), DiskEvent::Content { before: 11, now: 3 });
    assert_eq!(app.state.dialog(), None, "the focus is not taken");
    let woken = app.woken.load(Ordering::SeqCst);
    fs::write(app.path(), b"newer").unwrap();
    assert!(!app.told(SILENCE), "it was asked already");
    assert_eq!(app.woken.load(Ordering::SeqCst), woken, "no frame is painted for it");
    app.answer(DiskAnswer::Reload);
    assert_eq!(app.content().unwrap(), b"newer");
    assert_eq!(app.document().disk, DiskState::Same);
    assert!(!app.document().document.is_modified());
    // It is watched again.
    fs::write(app.path(), b"and again").unwrap();
    app.asked();
    app.send(Command::Do(Action::Undo));
    assert!(app.content().is_err() || app.content().unwrap() == b"old content", "never a mix");
}

#[test]
fn what_is_kept_is_not_asked_about_again_until_it_changes_again() {
    let mut app = App::with(b"old content");
    app.send(Command::Perform(Operation::Insert { at: 0, data: "mine ".into() }));
    fs::write(app.path(), b"theirs").unwrap();
    app.asked();
    app.answer(DiskAnswer::Keep);
    assert!(matches!(app.document().disk, DiskState::Kept(_)));
    assert!(!app.told(SILENCE));
    fs::write(app.path(), b"theirs, longer").unwrap();
    assert!(matches!(app.asked(), DiskEvent::Content { now: 14, .. }));
    // Unsaved work is asked about before it is replaced.
    app.answer(DiskAnswer::Reload);
    assert!(matches!(app.state.dialog(), Some(Dialog::Unsaved { .. })));
    app.send(Command::Dialog(DialogCommand::Discard));
    assert_eq!(app.content().unwrap(), b"theirs, longer");
}

/// What is kept is nowhere else any more: it counts as unsaved until it is saved, and a save puts it back.
#[test]
fn what_is_kept_is_not_lost_by_closing_and_can_be_saved() {
    type Change = fn(&Path);
    let changes: [Change; 3] = [
        |path| fs::write(path, b"theirs").unwrap(),
        |path| fs::remove_file(path).unwrap(),
        |path| {
            fs::rename(path, path.with_extension("old")).unwrap();
        },
    ];
    for change in changes {
        let mut app = App::with(b"old content");
        assert!(!app.document().is_unsaved() && !Action::Save.enabled(&app.state));
        change(&app.path());
        app.asked();
        assert!(Action::Save.enabled(&app.state), "what is shown is not what is on the disk");
        app.answer(DiskAnswer::Keep);
        assert!(app.document().is_unsaved() && !app.document().document.is_modified());
        app.send(Command::Do(Action::CloseDocument));
        assert!(matches!(app.state.dialog(), Some(Dialog::Unsaved { .. })));
        app.send(Command::Dialog(DialogCommand::Cancel));
        app.send(Command::Do(Action::Save));
        assert!(matches!(app.state.dialog(), Some(Dialog::ChangedOnDisk { .. })));
        app.send(Command::Dialog(DialogCommand::Accept));
        assert_eq!(fs::read(app.path()).unwrap(), b"old content");
        assert!(!app.document().is_unsaved(), "{:?}", app.document().disk);
        app.send(Command::Do(Action::CloseDocument));
        assert_eq!(app.state.dialog(), None);
        assert!(app.state.documents().is_empty());
    }
}

#[test]
fn compare_opens_what_is_on_the_disk_beside() {
    let mut app = App::with(b"old content");
    app.content().unwrap();
    fs::write(app.path(), b"new content").unwrap();
    assert_eq!(app.asked(), DiskEvent::Content { before: 11, now: 11 });
    app.answer(DiskAnswer::Compare);
    assert_eq!(app.state.documents().len(), 2);
    let theirs = &app.state.documents()[1];
    assert_eq!(theirs.document.name(), "data.bin (on disk)");
    assert_eq!(theirs.document.snapshot().to_vec_all().unwrap(), b"new content");
    assert!(theirs.file.is_none() && !theirs.document.is_modified());
    assert!(app.content().is_err() || app.content().unwrap() == b"old content");
    assert!(matches!(app.document().disk, DiskState::Kept(_)));
}

#[test]
fn every_way_to_change_a_file_leaves_a_document_that_can_be_used() {
    type Change = fn(&Path);
    let replace: Change = |path| {
        let other = path.with_extension("new");
        fs::write(&other, vec![b'n'; 300_000]).unwrap();
        fs::rename(other, path).unwrap();
    };
    let cut: Change = |path| fs::OpenOptions::new().write(true).open(path).unwrap().set_len(1000).unwrap();
    let grow: Change = |path| fs::OpenOptions::new().write(true).open(path).unwrap().set_len(900_000).unwrap();
    let empty: Change = |path| fs::write(path, b"").unwrap();
    let delete: Change = |path| fs::remove_file(path).unwrap();
    let move_away: Change = |path| fs::rename(path, path.with_extension("moved")).unwrap();
    let rewrite: Change = |path| fs::write(path, vec![b'w'; 300_000]).unwrap();
    for (what, change) in [
        ("replaced", replace),
        ("cut", cut),
        ("grown", grow),
        ("emptied", empty),
        ("deleted", delete),
        ("moved", move_away),
        ("rewritten", rewrite),
    ] {
        let mut app = App::with(&vec![b'o'; 300_000]);
        // A part of it was looked at before.
        let read = |app: &App, at: u64| {
            let mut out = [0; 16];
            app.document().document.snapshot().read_at(Offset(at), &mut out).map(|n| out[..n].to_vec())
        };
        assert_eq!(read(&app, 0).unwrap(), [b'o'; 16]);
        change(&app.path());
        let event = app.asked();
        assert_eq!(matches!(event, DiskEvent::Gone), ["deleted", "moved"].contains(&what), "{what}: {event:?}");
        for at in [0, 500, 150_000, 299_990] {
            // What it was, or an error; never what it became.
            if let Ok(bytes) = read(&app, at) {
                assert!(bytes.iter().all(|&byte| byte == b'o'), "{what}: {bytes:?} at {at}");
            }
        }
        // What the file no longer has is taken out like anything else, and typing goes on.
        app.send(Command::Perform(Operation::Insert { at: 0, data: "typed".into() }));
        app.send(Command::Perform(Operation::Delete { start: 5, end: 300_005 }));
        assert_eq!(app.content().unwrap(), b"typed", "{what}");
        app.send(Command::Do(Action::Undo));
        app.send(Command::Do(Action::Undo));
        assert_eq!(app.document().document.size(), 300_000);
        app.answer(DiskAnswer::Reload);
        app.answer(DiskAnswer::Keep);
        assert!(!matches!(app.document().disk, DiskState::Looking), "{what}");
        let _ = app.document().document.snapshot().chunks(ByteRange::new(Offset::ZERO, Len(1000))).count();
    }
}

#[test]
fn permissions_that_are_lost_and_times_that_are_touched_change_nothing() {
    let mut app = App::with(b"content");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(app.path(), fs::Permissions::from_mode(0o000)).unwrap();
        assert!(!app.told(SILENCE));
        assert_eq!(app.content().unwrap(), b"content");
        fs::set_permissions(app.path(), fs::Permissions::from_mode(0o644)).unwrap();
    }
    // Other files of the folder, and reading this one, wake nobody.
    fs::write(app.path().with_extension("other"), b"x").unwrap();
    fs::read(app.path()).unwrap();
    assert!(!app.told(SILENCE));
    assert_eq!(app.woken.load(Ordering::SeqCst), 0);
    assert_eq!(app.document().disk, DiskState::Same);
}

#[test]
fn what_this_program_saves_is_not_asked_about() {
    let mut app = App::with(b"content");
    app.send(Command::Perform(Operation::Insert { at: 0, data: "more ".into() }));
    app.send(Command::Do(Action::Save));
    assert_eq!(fs::read(app.path()).unwrap(), b"more content");
    app.told(SILENCE);
    assert_eq!(app.document().disk, DiskState::Same);
    // Still watched, in its new shape.
    fs::write(app.path(), b"theirs").unwrap();
    app.asked();
    // A save does not replace it without a question.
    app.answer(DiskAnswer::Keep);
    app.send(Command::Perform(Operation::Insert { at: 0, data: "x".into() }));
    app.send(Command::Do(Action::Save));
    assert!(matches!(app.state.dialog(), Some(Dialog::ChangedOnDisk { .. })));
    assert_eq!(fs::read(app.path()).unwrap(), b"theirs");
}

#[test]
fn a_link_and_what_it_leads_to_are_both_watched() {
    #[cfg(unix)]
    {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("sub").join("real"), folder.path().join("link"));
        fs::create_dir(folder.path().join("sub")).unwrap();
        fs::write(&real, b"one").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let mut watcher = FileWatcher::new(Arc::new(|| ()));
        let wait = |watcher: &mut FileWatcher| {
            let begin = Instant::now();
            loop {
                let changed = watcher.take();
                if !changed.is_empty() || begin.elapsed() > Duration::from_secs(20) {
                    return changed;
                }
                std::thread::sleep(Duration::from_millis(5));
            }
        };
        let watched = || WatchedFile { path: link.clone(), stamp: Stamp::now(&link) };
        watcher.set(&[watched()]);
        fs::write(&real, b"other").unwrap();
        assert_eq!(wait(&mut watcher), std::slice::from_ref(&link));
        watcher.set(&[watched()]);
        fs::remove_file(&link).unwrap();
        assert_eq!(wait(&mut watcher), std::slice::from_ref(&link));
        assert!(Stamp::now(&link).is_gone());
        // A change before it is watched is told of too.
        watcher.set(&[WatchedFile { path: real.clone(), stamp: Stamp::now(&link) }]);
        assert_eq!(wait(&mut watcher), [real]);
        // A folder that is not there is polled, and nothing fails.
        watcher.set(&[WatchedFile { path: "/no/such/folder/file".into(), stamp: Stamp::now(Path::new("/no/such")) }]);
    }
}
