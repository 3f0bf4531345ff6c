//! Fields that are typed in: what is wrong is said while it is typed, nothing is clipped, nothing typed is thrown away.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use seektell::app::{Action, Answer, Command, Dialog, DialogCommand, Level, Notice, PaneKind, Settings};

const CTRL: Modifiers = Modifiers::COMMAND;
const NONE: Modifiers = Modifiers::NONE;

/// The window of all tests, and what is done to fields.
struct App(crate::tester::App);

impl std::ops::Deref for App {
    type Target = crate::tester::App;

    fn deref(&self) -> &crate::tester::App {
        &self.0
    }
}

impl std::ops::DerefMut for App {
    fn deref_mut(&mut self) -> &mut crate::tester::App {
        &mut self.0
    }
}

impl App {
    /// A window with a document of these bytes, these panes, and these answers of the native dialogs.
    fn open(bytes: &[u8], panes: &[PaneKind], answers: Vec<Answer>) -> Self {
        let settings = Settings { panes: panes.to_vec(), ..Settings::default() };
        let mut app = Self(crate::tester::App::asking(settings, answers));
        app.send(Command::OpenBytes { name: "data.bin".into(), bytes: bytes.to_vec() });
        app
    }

    /// Gives a field the keyboard by a click, which selects what is in it, and types.
    fn fill(&mut self, field: &str, text: &str) {
        self.0.0.get_by_label(field).click();
        self.settle();
        self.press(CTRL, Key::A);
        self.type_text(text);
    }

    /// What a field holds, and what screen readers say is wrong with it.
    fn field(&self, field: &str) -> (String, Option<String>) {
        let node = self.0.0.get_by_label(field);
        let node = node.accesskit_node();
        (
            node.value().unwrap_or_default(),
            node.data().description().filter(|_| node.data().invalid().is_some()).map(str::to_owned),
        )
    }

    fn shows(&self, label: &str) -> bool {
        self.0.0.query_all_by_label_contains(label).next().is_some()
    }

    fn is_disabled(&self, label: &str) -> bool {
        self.0.is_disabled(label)
    }
}

#[test]
fn numbers_out_of_range_are_named_and_the_last_good_one_stays() {
    let mut app = App::open(&[7; 4096], &[PaneKind::Strings, PaneKind::Overview], Vec::new());
    // The choices of a copy.
    app.press(CTRL, Key::A);
    app.act(Action::CopyAs);
    app.fill("Bytes a line", "12");
    let line = |app: &App| match app.state().dialog() {
        Some(Dialog::CopyAs(copy)) => copy.choices.per_line,
        _ => None,
    };
    assert_eq!(line(&app), Some(12));
    app.type_text("345");
    assert!(app.shows("12345 is not in 0 to 256"));
    let wrong = Some("12345 is not in 0 to 256".to_owned());
    assert_eq!((line(&app), app.field("Bytes a line")), (Some(123), ("12345".into(), wrong)), "it is kept, nothing is clipped");
    assert!(app.is_disabled("Copy") && app.is_disabled("Save to file…"));
    app.press(NONE, Key::Backspace);
    app.press(NONE, Key::Backspace);
    app.press(NONE, Key::Backspace);
    assert!(!app.shows("is not in") && !app.is_disabled("Copy"));
    app.press(NONE, Key::ArrowUp);
    assert_eq!((line(&app), app.field("Bytes a line")), (Some(13), ("13".into(), None)), "keys step");
    app.press(NONE, Key::Escape);
    // A pane's.
    app.fill("Fewest characters", "0");
    assert!(app.shows("0 is not in 1 to 10000"));
    app.press(NONE, Key::Enter);
    assert_eq!(app.field("Fewest characters").0, "0", "Enter throws nothing away");
    let least = app.state().active().unwrap().view.strings.min;
    assert!(least > 1, "{least}");
    app.fill("Fewest characters", "x");
    assert!(app.shows("x is not a whole number"));
    app.press(NONE, Key::Escape);
    assert_eq!(app.field("Fewest characters"), (least.to_string(), None), "Escape shows what is in force");
}

#[test]
fn an_export_is_not_begun_with_a_number_that_is_none() {
    let mut app = App::open(&[7; 64], &[], Vec::new());
    app.act(Action::Export);
    app.send(Command::Dialog(DialogCommand::ExportFormat(seektell::formats::Format::Base64)));
    app.fill("Characters a line", "5000000");
    assert!(app.shows("5000000 is not in 0 to 1,048,576") && app.is_disabled("Save as…"));
    app.fill("Characters a line", "64");
    assert!(!app.is_disabled("Save as…"));
    assert!(matches!(app.state().dialog(), Some(Dialog::Export(export)) if export.options.dump.wrap == Some(64)));
}

#[test]
fn a_bookmarks_range_says_what_is_wrong_and_keeps_it() {
    let mut app = App::open(&[7; 4096], &[PaneKind::Bookmarks], Vec::new());
    app.act(Action::AddBookmark);
    let mark = app.document().bookmarks().iter().next().unwrap().name().to_owned();
    let field = format!("Range of {mark}");
    for (typed, said) in [
        ("5..zz", "zz is no name here"),
        ("100..50", "The second position is before the first"),
        ("5..99999999", "is past the end, which is at 0x1000 (4,096)"),
        ("5", "Type two positions, for example 0x10..0x20"),
    ] {
        app.fill(&field, typed);
        assert!(app.shows(said), "{typed}: {said}");
        app.press(NONE, Key::Enter);
        assert_eq!(app.field(&field).0, typed, "Enter throws nothing away");
        assert!(app.shows(said), "{typed} after Enter");
    }
    let range = |app: &App| app.document().bookmarks().iter().map(|mark| (mark.start(), mark.end())).next();
    assert_eq!(range(&app), Some((0, 1)));
    app.fill(&field, "0x10..32");
    app.press(NONE, Key::Enter);
    assert_eq!((range(&app), app.field(&field).0), (Some((16, 32)), "0x10..0x20".into()));
    app.fill(&field, "zz");
    app.press(NONE, Key::Escape);
    assert_eq!((app.field(&field).0, app.shows("Type two positions")), ("0x10..0x20".into(), false));
}

#[test]
fn a_copy_under_a_name_that_is_none_can_neither_be_copied_nor_saved() {
    let mut app = App::open(&[7; 64], &[], Vec::new());
    app.press(CTRL, Key::A);
    app.send(Command::CopyAs(seektell::formats::literal::Style::C));
    app.act(Action::CopyAs);
    app.fill("Name", "not a name");
    assert!(app.is_disabled("Copy") && app.is_disabled("Save to file…"));
    assert!(app.shows("Nothing can be made of these choices"));
    app.fill("Name", "good");
    assert!(!app.is_disabled("Copy") && !app.is_disabled("Save to file…") && !app.shows("Nothing can be made"));
}

#[test]
fn an_operation_that_waits_for_its_key_shows_the_bytes_and_no_error() {
    let mut app = App::open(b"\xDE\xAD", &[], Vec::new());
    app.act(Action::ChangeBytes);
    app.0.0.get_by_label("Operation").click();
    app.settle();
    app.0.0.get_by_label("Xor with a key").click();
    app.settle();
    match app.state().dialog() {
        Some(Dialog::Bytes(bytes)) => {
            assert!(bytes.is_waiting() && bytes.error.is_some(), "nothing can be done yet");
            assert_eq!(bytes.preview, (vec![0xDE, 0xAD], Vec::new()));
        }
        other => panic!("{other:?}"),
    }
    assert!(app.shows("DE AD") && app.is_disabled("Change"));
}

#[test]
fn an_empty_clipboard_is_said_and_what_is_typed_next_stays_in_the_dialog() {
    let mut app = App::open(b"", &[], Vec::new());
    app.act(Action::PasteAs);
    app.0.0.run_steps(10);
    assert!(app.shows("The clipboard holds no text: type or paste it here"));
    app.type_text("41");
    assert_eq!(app.content(), b"");
    assert!(matches!(app.state().dialog(), Some(Dialog::PasteAs(paste)) if paste.text == "41"));
}

#[test]
fn escape_forgets_half_a_byte_and_closes_errors() {
    let mut app = App::open(b"hello", &[PaneKind::Hex], Vec::new());
    let nibble = |app: &App| app.state().active().unwrap().view.nibble;
    let cell = app.0.0.state().window.hex_geometry().unwrap().cell(1).unwrap().center();
    app.0.0.event(Event::PointerMoved(cell));
    for pressed in [true, false] {
        let button = egui::PointerButton::Primary;
        app.0.0.event(Event::PointerButton { pos: cell, button, pressed, modifiers: NONE });
        app.0.0.run_steps(1);
    }
    app.type_text("7");
    assert_eq!(nibble(&app), Some(7));
    app.press(NONE, Key::Escape);
    assert_eq!((nibble(&app), app.content().as_slice()), (None, &b"hello"[..]));
    app.send(Command::Notice(Notice { level: Level::Error, text: "It did not go".into() }));
    assert!(app.shows("It did not go"));
    app.press(NONE, Key::Escape);
    assert!(!app.shows("It did not go"));
    app.send(Command::Notice(Notice { level: Level::Error, text: "Nor did this".into() }));
    app.press(CTRL, Key::G);
    app.press(NONE, Key::Escape);
    assert!(app.state().dialog().is_none() && app.shows("Nor did this"), "the dialog took the key");
}
