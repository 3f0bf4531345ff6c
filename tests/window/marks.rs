//! Bookmarks, and the bar about a changed file, in the whole window without a display.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use std::time::{Duration, Instant};

use crate::tester::App;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use seektell::app::{Action, BookmarkCommand, Command, DiskState, PaneKind, ThemeChoice, WalkCommand};
use seektell::document::{BookmarkColor, Moment, Operation};

fn names(app: &App) -> Vec<(String, u64, u64)> {
    app.open().document.bookmarks().iter().map(|mark| (mark.name().to_owned(), mark.start(), mark.end())).collect()
}

fn with(theme: ThemeChoice, content: &[u8]) -> App {
    let mut app = App::new(theme);
    app.send(Command::OpenBytes { name: "data.bin".into(), bytes: content.to_vec() });
    app
}

#[test]
fn keys_make_bookmarks_and_go_from_one_to_the_next() {
    let mut app = with(ThemeChoice::Dark, &[7; 4096]);
    assert!(!app.state().settings().panes.contains(&PaneKind::Bookmarks));
    app.send(Command::Select { anchor: 16, head: 32 });
    app.press(Modifiers::COMMAND, Key::B);
    assert_eq!(names(&app), [("mark1".to_owned(), 16, 32)]);
    assert!(app.state().settings().panes.contains(&PaneKind::Bookmarks), "the list comes into sight");
    app.send(Command::Perform(Operation::seek(3000)));
    app.press(Modifiers::COMMAND, Key::B);
    assert_eq!(names(&app)[1], ("mark2".to_owned(), 3000, 3001));
    let colors: Vec<_> = app.open().document.bookmarks().iter().map(|mark| mark.color).collect();
    assert_eq!(colors, [BookmarkColor::Yellow, BookmarkColor::Orange]);
    app.press(Modifiers::ALT, Key::PageUp);
    assert_eq!(app.open().document.position(), 16);
    app.press(Modifiers::ALT, Key::PageUp);
    assert_eq!(app.open().document.position(), 3000, "around at the end");
    app.press(Modifiers::ALT, Key::PageDown);
    assert_eq!(app.open().document.position(), 16);
    // A walk stays where it is.
    app.send(Command::Walk(WalkCommand::To(Moment::Start)));
    app.press(Modifiers::ALT, Key::PageDown);
    app.press(Modifiers::ALT, Key::PageDown);
    assert!(app.open().document.is_walking());
    assert_eq!(app.open().view.linked, Some((3000, 3001)));
}

#[test]
fn the_list_changes_bookmarks_where_they_stand() {
    let mut app = with(ThemeChoice::Dark, &[7; 4096]);
    app.send(Command::Select { anchor: 16, head: 32 });
    app.press(Modifiers::COMMAND, Key::B);
    let id = app.open().document.bookmarks().iter().next().unwrap().id();
    let edit = |app: &mut App, label: &str, text: &str| {
        app.0.get_by_label(label).focus();
        app.settle();
        app.press(Modifiers::COMMAND, Key::A);
        app.0.get_by_label(label).type_text(text);
        app.settle();
        app.press(Modifiers::NONE, Key::Enter);
    };
    edit(&mut app, "Name of mark1", "header");
    assert_eq!(names(&app), [("header".to_owned(), 16, 32)]);
    edit(&mut app, "Range of header", "0x20..0x28");
    assert_eq!(names(&app), [("header".to_owned(), 32, 40)]);
    edit(&mut app, "Range of header", "9..8");
    assert_eq!(names(&app), [("header".to_owned(), 32, 40)]);
    assert!(app.0.query_by_label("The second position is before the first").is_some(), "said under the field");
    app.press(Modifiers::NONE, Key::Escape);
    edit(&mut app, "Comment of header", "always the same");
    assert_eq!(app.open().document.bookmarks().get(id).unwrap().comment, "always the same");
    app.send(Command::Bookmark(BookmarkCommand::Color(id, BookmarkColor::Green)));
    app.0.get_by_label("Select").click_accesskit();
    app.settle();
    let selection = app.open().document.selection().unwrap();
    assert_eq!((selection.start(), selection.end()), (32, 40));
    app.0.get_by_label("Find a bookmark by name or comment").focus();
    app.settle();
    app.0.get_by_label("Find a bookmark by name or comment").type_text("nowhere");
    app.settle();
    assert!(app.0.query_by_label("Name of header").is_none());
    app.press(Modifiers::COMMAND, Key::A);
    app.press(Modifiers::NONE, Key::Delete);
    app.0.get_by_label("Remove header").click_accesskit();
    app.settle();
    assert_eq!(names(&app), []);
    assert_eq!(app.open().document.size(), 4096);
    // Ctrl+Z brings it back with everything that was said about it; the timeline tells what was done.
    app.press(Modifiers::NONE, Key::Escape);
    app.press(Modifiers::COMMAND, Key::Z);
    assert_eq!(names(&app), [("header".to_owned(), 32, 40)]);
    let mark = app.open().document.bookmarks().get(id).unwrap();
    assert_eq!((mark.comment.as_str(), mark.color), ("always the same", BookmarkColor::Green));
    assert_eq!(app.open().document.revision(), 0, "the bytes are what they were");
    app.press(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(names(&app), []);
    app.press(Modifiers::COMMAND, Key::Z);
    app.send(Command::Do(Action::RemoveBookmarks));
    assert_eq!(names(&app), []);
    let notes: Vec<&str> = app.open().document.timeline().entries().filter_map(|entry| entry.note()).collect();
    assert_eq!(notes.first(), Some(&"Bookmark 'mark1' added"));
    assert_eq!(notes.last(), Some(&"Bookmark 'header' removed"));
    app.send(Command::Do(Action::Undo));
    assert_eq!(names(&app), [("header".to_owned(), 32, 40)]);
}

#[test]
fn bookmarks_look_as_they_did() {
    let mut results = egui_kittest::SnapshotResults::new();
    for (theme, name) in [(ThemeChoice::Dark, "bookmarks_dark"), (ThemeChoice::Light, "bookmarks_light")] {
        let content: Vec<u8> = (0..2048_u32).map(|n| if n % 37 < 9 { 0 } else { (n * 7 % 251) as u8 }).collect();
        let mut app = with(theme, &content);
        for (n, color) in BookmarkColor::ALL.into_iter().enumerate() {
            let start = 5 + 21 * n as u64;
            app.send(Command::Select { anchor: start, head: start + 12 + n as u64 });
            app.send(Command::Do(Action::AddBookmark));
            let id = app.open().document.bookmarks().named(&format!("mark{}", n + 1)).unwrap().id();
            app.send(Command::Bookmark(BookmarkCommand::Comment(id, format!("what is {}", color.name().to_lowercase()))));
        }
        app.send(Command::Select { anchor: 24, head: 44 });
        app.0.snapshot(name);
        results.extend_harness(&mut app.0);
    }
}

#[test]
fn a_changed_file_is_asked_about_in_a_bar() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    std::fs::write(&path, b"first").unwrap();
    let mut app = App::new(ThemeChoice::Dark);
    app.send(Command::OpenPaths(vec![path.clone()]));
    let focus = app.0.ctx.memory(egui::Memory::focused);
    let changed = |app: &mut App| {
        let end = Instant::now() + Duration::from_secs(20);
        while !matches!(app.open().disk, DiskState::Changed(_)) {
            assert!(Instant::now() < end, "nobody noticed");
            std::thread::sleep(Duration::from_millis(10));
            app.settle();
        }
    };
    std::fs::write(&path, b"second one").unwrap();
    changed(&mut app);
    let mut results = egui_kittest::SnapshotResults::new();
    app.0.snapshot("changed_on_disk");
    results.extend_harness(&mut app.0);
    assert_eq!(app.0.ctx.memory(egui::Memory::focused), focus, "the keyboard stays where it was");
    app.0.get_by_label("Reload").click_accesskit();
    app.settle();
    assert_eq!(app.open().document.snapshot().to_vec_all().unwrap(), b"second one");
    assert!(app.0.query_by_label("Keep what I have").is_none());
    std::fs::write(&path, b"third").unwrap();
    changed(&mut app);
    app.0.get_by_label("Compare").click_accesskit();
    app.settle();
    let theirs = &app.state().documents()[1].document;
    assert_eq!((theirs.name(), theirs.snapshot().to_vec_all().unwrap()), ("notes.txt (on disk)", b"third".to_vec()));
    let compared = app.state().comparison_in_front().map(|open| open.documents);
    assert_eq!(compared, Some([app.state().documents()[0].document.id(), theirs.id()]));
}
