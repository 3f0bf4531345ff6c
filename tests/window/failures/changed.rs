//! A file that somebody else changes while it is open, with most of it not read yet.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, Instant};

use egui::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use seektell::app::{Action, Command, DiskState, FindForm, RowScroll, SearchCommand, ThemeChoice, ViewCommand};
use seektell::buffer::{ByteRange, Len, Offset};
use seektell::document::Operation;

use super::{content, names};
use crate::tester::App;

/// More than is read when a file is opened, by far.
const SIZE: u64 = 3 << 20;

/// A window with a file of nothing but "o" that was looked at only at its start.
fn opened(folder: &Path) -> (App, std::path::PathBuf) {
    let path = folder.join("data.bin");
    fs::write(&path, vec![b'o'; SIZE as usize]).unwrap();
    // A file this young would be looked at more closely.
    let an_hour_ago = std::time::SystemTime::now() - Duration::from_secs(3600);
    File::options().write(true).open(&path).unwrap().set_modified(an_hour_ago).unwrap();
    let mut app = App::new(ThemeChoice::Dark);
    app.send(Command::OpenPaths(vec![path.clone()]));
    (app, path)
}

fn read(app: &App, at: u64, len: u64) -> Option<Vec<u8>> {
    app.open().document.snapshot().to_vec(ByteRange::new(Offset(at), Len(len))).ok()
}

/// Whether a row of the bytes that are in sight has this text.
fn row_with(app: &App, text: &str) -> bool {
    let rows = app.0.get_all_by_role(Role::Row).filter_map(|node| node.accesskit_node().label());
    rows.into_iter().any(|name| name.contains(text))
}

/// Waits until the window has noticed.
fn noticed(app: &mut App) {
    let end = Instant::now() + Duration::from_secs(30);
    while !matches!(app.open().disk, DiskState::Changed(_)) {
        assert!(Instant::now() < end, "nobody noticed: {:?}", app.open().disk);
        std::thread::sleep(Duration::from_millis(5));
        app.settle();
    }
}

fn scroll(app: &mut App, row: u64) {
    app.send(Command::View(ViewCommand::HexScroll(RowScroll { top_row: row, sub_px: 0.0 })));
}

#[test]
fn a_file_cut_short_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (mut app, path) = opened(folder.path());
    assert!(row_with(&app, ": 6F 6F 6F"));
    File::options().write(true).open(&path).unwrap().set_len(1000).unwrap();
    // Every row is painted, as unreadable where it is not known any more, never as something else.
    for row in [0, 60, SIZE / 32, SIZE / 16 - 3] {
        scroll(&mut app, row);
        let rows = app.0.get_all_by_role(Role::Row).filter_map(|node| node.accesskit_node().label());
        let bytes = rows.into_iter().filter(|name| name.starts_with("row at")).collect::<Vec<_>>();
        assert!(bytes.len() > 1, "row {row}: {bytes:?}");
        for name in bytes {
            let cells = name.split_once(':').unwrap().1;
            assert!(cells.split_whitespace().all(|cell| cell == "6F" || cell == "??"), "{name}");
        }
    }
    // All that reads the whole of it ends, and says so.
    app.send(Command::Do(Action::Find));
    let form = FindForm { text: "not there".into(), ..FindForm::default() };
    app.send(Command::Search(SearchCommand::Form(Box::new(form))));
    app.send(Command::Search(SearchCommand::All));
    app.send(Command::Search(SearchCommand::Close));
    app.send(Command::Do(Action::SelectAll));
    app.send(Command::Do(Action::InvertBytes));
    app.send(Command::Do(Action::Copy));
    app.send(Command::Perform(Operation::Read(None)));
    app.send(Command::Do(Action::DecodeToText));
    for action in [Action::ToggleOverview, Action::ToggleStrings, Action::ToggleHashes, Action::ToggleStructure] {
        app.decide(Command::Do(action));
    }
    app.settle();
    // Nor does a save make a file of what is left.
    app.send(Command::Activate(app.state().documents()[0].document.id()));
    app.send(Command::Perform(Operation::seek(0)));
    app.send(Command::Perform(Operation::Write("x".into())));
    app.send(Command::Do(Action::Save));
    assert_eq!(fs::read(&path).unwrap(), [b'o'; 1000]);
    assert!(app.open().document.is_modified());
    assert_eq!(names(folder.path()), ["data.bin"]);
}

#[test]
fn reading_again_gives_what_is_there_and_nothing_of_before() {
    type Change = fn(&Path);
    let rename: Change = |path| {
        let other = path.with_extension("new");
        fs::write(&other, vec![b'n'; SIZE as usize]).unwrap();
        fs::rename(other, path).unwrap();
    };
    let shrink: Change = |path| File::options().write(true).open(path).unwrap().set_len(SIZE / 2 + 1).unwrap();
    let grow: Change = |path| {
        use std::io::Write as _;
        File::options().append(true).open(path).unwrap().write_all(&[b'g'; 1_500_000]).unwrap();
    };
    let rewrite: Change = |path| {
        use std::os::unix::fs::FileExt as _;
        File::options().write(true).open(path).unwrap().write_all_at(&[b'w'; 100_000], SIZE / 2).unwrap();
    };
    let small: Change = |path| fs::write(path, b"small").unwrap();
    for (what, change) in
        [("renamed over", rename), ("shrunk", shrink), ("grown", grow), ("rewritten", rewrite), ("made small", small)]
    {
        let folder = tempfile::tempdir().unwrap();
        let (mut app, path) = opened(folder.path());
        change(&path);
        // Before it is read again: what it was, or nothing.
        for at in [0, SIZE / 2, SIZE - 100] {
            assert!(read(&app, at, 100).is_none_or(|bytes| bytes.iter().all(|&byte| byte == b'o')), "{what}, {at}");
        }
        noticed(&mut app);
        app.send(Command::Do(Action::Reload));
        let now = fs::read(&path).unwrap();
        assert_eq!(app.open().document.size(), now.len() as u64, "{what}");
        assert!(content(&app) == now, "{what}");
        assert_eq!((app.open().document.is_modified(), &app.open().disk), (false, &DiskState::Same), "{what}");
        let last = (now.len() - 1) / 16 * 16;
        scroll(&mut app, last as u64 / 16);
        let shown: String = now[last..].iter().map(|byte| format!(" {byte:02X}")).collect();
        assert!(row_with(&app, &format!("{last:08X}:{shown}")), "{what}: {last:08X}:{shown}");
        // A second change of the file that was read again is as good as the first.
        change(&path);
        app.send(Command::Do(Action::Reload));
        assert!(content(&app) == fs::read(&path).unwrap(), "{what}, twice");
        // The past of the document: what it was, or that it cannot be read, never a mixture.
        app.send(Command::Do(Action::Undo));
        app.send(Command::Do(Action::Undo));
        assert_eq!(app.open().document.size(), SIZE, "{what}");
        for at in [0, SIZE / 2, SIZE - 100] {
            assert!(read(&app, at, 100).is_none_or(|bytes| bytes.iter().all(|&byte| byte == b'o')), "{what}, {at}, undone");
        }
    }
}
