//! Unsaved work: the question about it, and everything that comes into the window while it is there.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use seektell::app::{Action, Answer, AppState, Command, Dialog, Effect, Job, JobId, ThemeChoice};
use seektell::document::Operation;
use seektell::formats::Format;

use super::content;
use crate::tester::App;

/// A window with a file whose first byte was changed.
fn unsaved(folder: &Path) -> (App, PathBuf) {
    let path = folder.join("notes.bin");
    fs::write(&path, b"original").unwrap();
    let mut app = App::answering(ThemeChoice::Dark, [Answer::Open(vec![folder.join("inserted.bin")])]);
    app.send(Command::OpenPaths(vec![path.clone()]));
    app.send(Command::Perform(Operation::Write("O".into())));
    assert!(app.open().document.is_modified());
    (app, path)
}

fn button(app: &mut App, name: &str) {
    app.0.get_by_role_and_label(Role::Button, name).click();
    app.settle();
}

/// The answers that the open dialog offers, in the order in which a reader hears them.
fn choices(app: &App) -> Vec<String> {
    let answers = ["Cancel", "Don't save", "Save", "OK", "Yes", "No", "Discard"];
    let names = app.0.get_all_by_role(Role::Button).filter_map(|node| node.accesskit_node().label());
    names.filter(|name| answers.contains(&name.as_str())).collect()
}

#[test]
fn save_dont_save_and_cancel_do_what_they_say() {
    // What is asked about: a tab that closes, and the whole window.
    for quitting in [false, true] {
        let ask = |app: &mut App| {
            app.send(if quitting { Command::CloseRequested } else { Command::Do(Action::CloseDocument) });
            assert!(matches!(app.state().dialog(), Some(Dialog::Unsaved { .. })), "{quitting}");
        };
        let closes = |app: &App| {
            let asked = app.0.output().viewport_output.values().flat_map(|view| &view.commands);
            let closes = asked.into_iter().any(|command| matches!(command, egui::ViewportCommand::Close));
            closes || app.state().documents().is_empty()
        };
        let folder = tempfile::tempdir().unwrap();
        let (mut app, path) = unsaved(folder.path());
        // It names the document, says one thing, and offers three answers and no yes and no.
        ask(&mut app);
        app.0.get_by_label("Save notes.bin?");
        app.0.get_by_label("It has changes that are not saved");
        assert_eq!(choices(&app), ["Save", "Don't save", "Cancel"]);
        // Cancel: nothing is written, nothing closes, nothing is lost.
        button(&mut app, "Cancel");
        assert!(app.state().dialog().is_none() && !closes(&app));
        assert_eq!((fs::read(&path).unwrap(), content(&app)), (b"original".to_vec(), b"Original".to_vec()));
        assert!(app.open().document.is_modified());
        // Don't save: nothing is written, and it closes.
        ask(&mut app);
        button(&mut app, "Don't save");
        assert_eq!(fs::read(&path).unwrap(), b"original", "quitting: {quitting}");
        if !quitting {
            assert!(closes(&app));
            // Whoever meant the other button has it back.
            app.send(Command::Do(Action::Reopen));
            assert_eq!(content(&app), b"Original");
        }
        // Save: it is written, and then it closes.
        let (mut app, path) = unsaved(folder.path());
        ask(&mut app);
        button(&mut app, "Save");
        assert_eq!(fs::read(&path).unwrap(), b"Original", "quitting: {quitting}");
        assert!(app.state().dialog().is_none());
        assert!(if quitting { app.state().modified().is_empty() } else { closes(&app) });
    }
}

#[test]
fn a_save_that_fails_closes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (mut app, path) = unsaved(folder.path());
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    app.send(Command::Do(Action::CloseDocument));
    button(&mut app, "Save");
    assert_eq!(app.state().documents().len(), 1, "the only copy of the work stays");
    assert_eq!(content(&app), b"Original");
    assert!(app.open().document.is_modified());
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Ok(b"bytes without a path".to_vec())
    }
}

#[test]
fn whatever_comes_in_leaves_unsaved_work_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let (other, dump) = (file("other.bin", b"another"), file("dump.hex", b"00 01 02 03 04 05 06 07 08 09 0a 0b"));
    file("inserted.bin", b"inserted ");
    let (mut app, path) = unsaved(folder.path());
    let work = app.open().document.id();
    let link = folder.path().join("link.bin");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let (revision, steps) = (app.open().document.revision(), app.open().document.timeline().len());
    let text = "clipboard".to_owned();
    let drop_in = |app: &mut App, path: &Path| app.0.input_mut().dropped_files.push(Arc::new(Dropped(path.to_owned())));
    type Way<'a> = (&'a str, usize, Box<dyn Fn(&mut App) + 'a>);
    let ways: [Way<'_>; 9] = [
        ("the file again", 0, Box::new(|app| app.send(Command::OpenPaths(vec![path.clone()])))),
        ("the file dropped", 0, Box::new(|app| drop_in(app, &path))),
        ("the file by another name", 1, Box::new(|app| app.send(Command::OpenPaths(vec![link.clone()])))),
        ("another file dropped", 1, Box::new(|app| drop_in(app, &other))),
        ("an encoded file dropped", 1, Box::new(|app| drop_in(app, &dump))),
        ("bytes of the same name dropped", 1, Box::new(|app| drop_in(app, Path::new("notes.bin")))),
        ("the clipboard as a document", 1, Box::new(|app| app.send(Command::PasteAsNew(text.clone())))),
        ("decoded to text", 1, Box::new(|app| app.send(Command::Do(Action::DecodeToText)))),
        ("a new document", 1, Box::new(|app| app.send(Command::Do(Action::NewBytes)))),
    ];
    for (what, more, come) in ways {
        let before = app.state().documents().len();
        come(&mut app);
        app.settle();
        let mine = app.state().document(work).unwrap();
        assert_eq!(app.state().documents().len(), before + more, "{what}: {:?}", app.state().notices().all());
        assert_eq!(mine.document.snapshot().to_vec_all().unwrap(), b"Original", "{what}");
        assert!(mine.document.is_modified(), "{what}: it still counts as unsaved");
        let now = (mine.document.revision(), mine.document.timeline().len());
        assert_eq!(now, (revision, steps), "{what}: nothing was done to it");
        assert_eq!(mine.file.as_ref().map(|file| file.path.clone()), Some(path.clone()), "{what}: it still is that file's");
        app.send(Command::Activate(work));
    }
    // What is read from a file into the document is an edit like any other.
    app.send(Command::Do(Action::InsertFile));
    assert_eq!(content(&app), b"Oinserted riginal");
    app.send(Command::Do(Action::Undo));
    assert_eq!(content(&app), b"Original");
    // To read it again asks first.
    app.send(Command::Do(Action::Reload));
    assert!(matches!(app.state().dialog(), Some(Dialog::Unsaved { .. })));
    button(&mut app, "Cancel");
    assert_eq!(content(&app), b"Original");
    // And what is written elsewhere is not what makes it saved.
    app.send(Command::ExportAs(Format::HexText));
    assert!(app.open().document.is_modified());
    assert_eq!(fs::read(&path).unwrap(), b"original");
}

/// The jobs that open files, of what must happen next.
fn opening(effects: Vec<Effect>) -> Vec<(JobId, Job)> {
    let open = |effect| match effect {
        Effect::Run(id, job @ Job::Open(_)) => Some((id, job)),
        _ => None,
    };
    effects.into_iter().filter_map(open).collect()
}

#[test]
fn a_file_that_comes_twice_replaces_nothing_that_was_done_between() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.bin");
    fs::write(&path, b"original").unwrap();
    let mut state = AppState::new(Default::default());
    // A double click that is a triple one: the second job begins before the first one has ended.
    let mut jobs = opening(state.apply(Command::OpenPaths(vec![path.clone()])));
    jobs.extend(opening(state.apply(Command::OpenPaths(vec![path.clone()]))));
    assert_eq!(jobs.len(), 2);
    let end = |state: &mut AppState, (id, job): (JobId, Job)| {
        let outcome = job.run(&Default::default());
        state.apply(Command::Finished(id, Box::new(outcome)));
    };
    let late = jobs.pop().unwrap();
    end(&mut state, jobs.pop().unwrap());
    state.apply(Command::Perform(Operation::Write("O".into())));
    end(&mut state, late);
    let bytes = |state: &AppState| state.active().unwrap().document.snapshot().to_vec_all().unwrap();
    assert_eq!((state.documents().len(), bytes(&state).as_slice()), (1, &b"Original"[..]));
    assert!(state.active().unwrap().document.is_modified());
    // To read it again was asked for, but it was edited before the answer came.
    state.apply(Command::Do(Action::Undo));
    fs::write(&path, b"of the disk").unwrap();
    let mut jobs = opening(state.apply(Command::Do(Action::Reload)));
    state.apply(Command::Perform(Operation::Insert { at: 0, data: "mine ".into() }));
    end(&mut state, jobs.pop().unwrap());
    assert_eq!(bytes(&state), b"mine original");
    assert!(state.active().unwrap().document.is_modified());
    assert!(state.notices().all().last().unwrap().text.contains("stays as it is"));
    // Unedited it is read.
    state.apply(Command::Do(Action::Undo));
    let mut jobs = opening(state.apply(Command::Do(Action::Reload)));
    end(&mut state, jobs.pop().unwrap());
    assert_eq!(bytes(&state), b"of the disk");
    assert!(!state.active().unwrap().document.is_modified());
}
