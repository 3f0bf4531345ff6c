//! What is edited and not saved.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::MetadataExt as _;
use std::process::{Command as Process, Stdio};

use seektell::app::{Action, Command, FindForm, FindKind, SearchCommand, ThemeChoice};
use seektell::buffer::{Buffer, Len};
use seektell::document::Operation;

use super::{edit, names, noise};
use crate::tester::App;

const TARGET: &str = "SEEKTELL_TEST_EDITED_FILE";
const THIS: &str = "failures::before_save::child_that_edits_until_it_is_killed";

/// Run by the test below in a process of its own; without its variable it has nothing to do.
#[test]
fn child_that_edits_until_it_is_killed() {
    let Some(target) = std::env::var_os(TARGET) else { return };
    let mut app = App::new(ThemeChoice::Dark);
    app.send(Command::OpenPaths(vec![target.into()]));
    edit(&mut app);
    for operation in [
        Operation::Delete { start: 100, end: 1_000_000 },
        Operation::Truncate(Some(2_000_000)),
        Operation::Insert { at: 0, data: Buffer::filled(7, Len(5_000_000)).into() },
    ] {
        app.send(Command::Perform(operation));
    }
    app.send(Command::Do(Action::SelectAll));
    app.send(Command::Do(Action::InvertBytes));
    app.send(Command::Do(Action::Replace));
    let form = FindForm { text: "f8".into(), kind: FindKind::Hex, replacement: "f9".into(), ..FindForm::default() };
    app.send(Command::Search(SearchCommand::Form(Box::new(form))));
    app.send(Command::Search(SearchCommand::ReplaceAll));
    app.send(Command::Do(Action::Undo));
    app.send(Command::Do(Action::WalkFirst));
    app.send(Command::Do(Action::WalkLatest));
    app.send(Command::Do(Action::SelectAll));
    app.send(Command::Do(Action::Cut));
    assert!(app.open().document.is_modified());
    assert_eq!(app.open().document.size(), 0);
    println!("everything is cut");
    std::thread::sleep(std::time::Duration::from_secs(60));
}

#[test]
fn edits_that_are_not_saved_touch_no_file_and_a_kill_leaves_nothing() {
    let (folder, state) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = folder.path().join("data.bin");
    fs::write(&file, noise(3_000_000, 1)).unwrap();
    let look = || {
        let there = fs::metadata(&file).unwrap();
        (blake3::hash(&fs::read(&file).unwrap()), there.ino(), there.mtime(), there.mtime_nsec())
    };
    let before = look();
    let mut child = Process::new(std::env::current_exe().unwrap())
        .args(["--exact", THIS, "--nocapture"])
        .env(TARGET, &file)
        .envs(["HOME", "TMPDIR", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"].map(|name| (name, state.path())))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let edited = lines.map_while(Result::ok).any(|line| line.contains("everything is cut"));
    let alive = look();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(edited, "the child did not come to its end");
    assert_eq!(alive, before, "while the edits were there");
    assert_eq!(look(), before, "after the kill");
    assert_eq!(names(folder.path()), ["data.bin"]);
    assert_eq!(names(state.path()), [""; 0], "no copy of what is edited, nowhere");
}
