//! Selecting, copying, changing bytes and going places in the whole window, without a display: keys, mouse, menus, dialogs.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use std::time::Duration;

use crate::tester::App;
use egui::{Event, Key, Modifiers, OutputCommand, PointerButton, Pos2};
use egui_kittest::SnapshotResults;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use seektell::app::{Action, Command, Dialog, Form, OpKind, PreviewState, ThemeChoice};
use seektell::app::{BytesForm, DialogCommand, Written};
use seektell::document::Operation;
use seektell::formats::literal::{Choices, Style};
use seektell::stream::codec::Charset;

const CTRL: Modifiers = Modifiers::COMMAND;
const NONE: Modifiers = Modifiers::NONE;

impl App {
    /// A window with a document of these bytes.
    fn holding(name: &str, bytes: &[u8], theme: ThemeChoice) -> Self {
        let mut app = Self::new(theme);
        app.open_bytes(name, bytes);
        app
    }

    fn form(&mut self, form: Form) {
        self.send(Command::Dialog(DialogCommand::Form(form)));
    }

    fn button(&mut self, pos: Pos2, button: PointerButton, modifiers: Modifiers) {
        self.0.event(Event::ModifiersChanged(modifiers));
        self.0.event(Event::PointerMoved(pos));
        for pressed in [true, false] {
            self.0.event(Event::PointerButton { pos, button, pressed, modifiers });
            self.0.run_steps(1);
        }
        self.0.event(Event::ModifiersChanged(NONE));
        self.settle();
    }

    fn cell(&self, offset: u64) -> Pos2 {
        self.0.state().window.hex_geometry().unwrap().cell(offset).unwrap().center()
    }

    fn right_click(&mut self, offset: u64) {
        let pos = self.cell(offset);
        self.button(pos, PointerButton::Secondary, NONE);
    }

    fn click_label(&mut self, label: &str) {
        // A button of a pane may have the same name as a line of a menu.
        let all = self.0.get_all_by_label(label).collect::<Vec<_>>();
        let node = all.iter().rfind(|node| !node.accesskit_node().is_disabled());
        node.unwrap_or_else(|| panic!("{label} is not there")).click();
        self.settle();
        self.0.event(Event::PointerGone);
        self.settle();
    }

    /// What the last frames put on the clipboard.
    fn copied(&self) -> Option<String> {
        self.0.output().platform_output.commands.iter().find_map(|command| match command {
            OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        })
    }
}

fn bytes() -> Vec<u8> {
    (0..=255).chain(*b"The quick brown fox jumps over the lazy dog. ").cycle().take(4096).collect()
}

#[test]
fn a_range_is_selected_by_keys_and_its_length_is_told() {
    let mut app = App::holding("data.bin", &bytes(), ThemeChoice::Dark);
    app.press(CTRL | Modifiers::SHIFT, Key::A);
    app.type_text("0x10");
    app.press(NONE, Key::Tab);
    app.type_text("+4");
    assert!(app.shows("4 bytes from 0x10 (16) up to 0x14 (20)"));
    app.press(NONE, Key::Enter);
    assert_eq!((app.state().dialog(), app.selected()), (None, Some((16, 20))));
    assert!(app.shows("selection 4 bytes") && app.shows("LE"), "the status bar tells length and value");
    app.press(CTRL | Modifiers::SHIFT, Key::A);
    app.type_text("5000");
    assert!(app.shows("The second position is before the first") || app.shows("The document ends at"));
    app.press(NONE, Key::Enter);
    assert!(app.state().dialog().is_some(), "Enter does not accept what is wrong");
    app.press(NONE, Key::Escape);
    // Shift and a click, Shift and keys.
    let (from, to) = (app.cell(32), app.cell(40));
    app.button(from, PointerButton::Primary, NONE);
    app.button(to, PointerButton::Primary, Modifiers::SHIFT);
    assert_eq!(app.selected(), Some((32, 41)));
    app.press(Modifiers::SHIFT, Key::PageDown);
    assert!(app.selected().unwrap().1 > 100);
    app.press(CTRL | Modifiers::SHIFT, Key::Home);
    assert_eq!(app.selected(), Some((0, 32)));
}

#[test]
fn go_to_says_where_it_leads_and_the_way_back_is_on_keys_and_the_mouse() {
    let mut app = App::holding("data.bin", &bytes(), ThemeChoice::Dark);
    app.press(CTRL, Key::G);
    app.type_text("end / 2 + 0x");
    assert!(app.shows("0x is not a number"));
    app.type_text("10");
    assert!(app.shows("0x810 (2,064), 2,032 bytes before the end"));
    app.press(NONE, Key::Enter);
    assert_eq!(app.document().position(), 2064);
    app.press(CTRL, Key::G);
    app.type_text("-64");
    app.press(NONE, Key::Enter);
    app.press(Modifiers::ALT, Key::G);
    assert_eq!(app.document().position(), 2064 - 128, "once more from there");
    app.press(CTRL | Modifiers::ALT, Key::ArrowLeft);
    assert_eq!(app.document().position(), 0);
    let pos = app.cell(0);
    app.button(pos, PointerButton::Extra2, NONE);
    assert_eq!(app.document().position(), 2064 - 128);
    app.button(pos, PointerButton::Extra1, NONE);
    assert_eq!(app.document().position(), 0);
}

#[test]
fn the_right_button_opens_a_menu_about_what_is_under_it() {
    let mut app = App::holding("data.bin", &bytes(), ThemeChoice::Dark);
    app.send(Command::Select { anchor: 16, head: 24 });
    app.right_click(18);
    assert_eq!(app.selected(), Some((16, 24)), "the selection stays where it is pressed on it");
    for label in ["Cut", "Paste as…", "Fill…", "Change bytes", "Select range…", "Go to…", "Follow the value at the cursor"]
    {
        assert!(app.shows(label), "{label}");
    }
    app.click_label("Copy position");
    assert!(!app.shows("Insert a file…"), "the menu is gone");
    app.right_click(40);
    assert_eq!((app.selected(), app.document().position()), (None, 40), "elsewhere the cursor goes there");
    app.press(NONE, Key::Escape);
    assert!(!app.shows("Insert a file…"));
    // The keyboard opens it at the cursor, and gets back to the bytes.
    app.press(Modifiers::SHIFT, Key::F10);
    assert!(app.shows("Insert a file…"));
    app.press(NONE, Key::Escape);
    assert!(!app.shows("Insert a file…"));
    app.type_text("4142");
    assert_eq!(&app.content()[40..42], b"AB");
    app.press(Modifiers::SHIFT, Key::F10);
    app.press(NONE, Key::Enter);
    assert!(!app.shows("Insert a file…"), "Enter chose the first line that makes sense");
    // The text view, a tab.
    let text = seektell::ui::text_view::TextView::id();
    let rect = app.0.ctx.read_response(text).unwrap().rect;
    app.button(rect.center(), PointerButton::Secondary, NONE);
    assert!(app.shows("Select range…") && !app.shows("Fill…"));
    app.press(NONE, Key::Escape);
    let tab = app.0.get_by_role_and_label(egui::accesskit::Role::Tab, "data.bin, modified").rect().center();
    app.button(tab, PointerButton::Secondary, NONE);
    assert!(app.shows("Close document") && app.shows("Export…"));
    app.press(NONE, Key::Escape);
    assert!(!app.shows("Close document"));
}

#[test]
fn a_cell_of_a_table_has_a_menu() {
    let mut app = App::holding("people.csv", b"name,age\nAda,36\nAlan,41\n", ThemeChoice::Dark);
    assert!(matches!(app.state().active().unwrap().preview, PreviewState::Ready { .. }));
    let grid = app.0.get_by_label_contains("Table, ").rect();
    let cell = grid.left_top() + egui::vec2(80.0, 2.5 * seektell::ui::theme::ROW);
    app.button(cell, PointerButton::Secondary, NONE);
    assert!(app.shows("Edit the cell") && app.shows("Copy cells") && app.shows("Only rows with this cell"));
    app.click_label("Go to the bytes of the cell");
    assert_eq!(app.selected(), Some((16, 20)), "the bytes of the cell");
}

#[test]
fn bytes_are_changed_by_keys_alone() {
    let mut app = App::holding("data.bin", b"hello world", ThemeChoice::Dark);
    app.send(Command::Select { anchor: 0, head: 5 });
    app.press(CTRL | Modifiers::ALT, Key::C);
    assert!(app.shows("The selection, 5 bytes"));
    app.type_text("2");
    assert!(app.shows("half a byte"));
    app.type_text("0");
    assert!(app.shows("48 45 4C 4C 4F"), "the preview shows HELLO");
    app.press(NONE, Key::Enter);
    assert_eq!(app.content(), b"HELLO world");
    app.press(CTRL, Key::Z);
    assert_eq!(app.content(), b"hello world");
}

#[test]
fn copy_as_and_paste_as_are_each_others_inverse() {
    let mut app = App::holding("data.bin", &bytes(), ThemeChoice::Dark);
    app.send(Command::Select { anchor: 0, head: 20 });
    app.press(CTRL | Modifiers::SHIFT, Key::C);
    assert!(app.shows("20 bytes selected"));
    app.form(Form::CopyAs(Style::Java, Box::default()));
    assert!(app.shows("byte[] data = {"), "the preview shows the text");
    // The button is pressed in one frame, and the text comes with the job.
    app.0.get_all_by_label("Copy").last().unwrap().click();
    let mut copied = None;
    for _ in 0..400 {
        app.0.step();
        copied = copied.or_else(|| app.copied());
        std::thread::sleep(Duration::from_millis(1));
    }
    let copied = copied.expect("the text is on the clipboard");
    assert!(copied.starts_with("byte[] data = {\n    0x00, 0x01"), "{copied}");
    app.send(Command::Do(Action::NewBytes));
    app.send(Command::PasteAs(copied));
    let Some(Dialog::PasteAs(paste)) = app.state().dialog() else { panic!() };
    assert_eq!((paste.style, paste.recognised.styles[0]), (Style::Java, Style::Java));
    assert!(app.shows("20 bytes will be put in"));
    app.press(NONE, Key::Enter);
    assert_eq!((app.state().dialog(), app.content()), (None, bytes()[..20].to_vec()));
    assert!(app.shows("20 bytes pasted, read as Java array"));
}

/// Every new dialog and menu in both themes, to be looked at.
#[test]
fn nothing_under_the_pointer_is_told_over_a_dialog() {
    let mut app = App::holding("note.bin", &bytes(), ThemeChoice::Dark);
    for (modifiers, key) in [(CTRL | Modifiers::SHIFT, Key::P), (NONE, Key::F1), (CTRL | Modifiers::SHIFT, Key::A)] {
        let pos = app.cell(35);
        app.0.event(Event::PointerMoved(pos));
        app.0.run_steps(60);
        let told = |app: &App| app.0.query_all_by_role(egui::Role::Tooltip).next().is_some();
        assert!(told(&app), "a byte is told of under the pointer");
        app.press(modifiers, key);
        assert!(app.state().dialog().is_some());
        app.0.run_steps(3);
        assert!(!told(&app), "{key:?}");
        app.press(NONE, Key::Escape);
        assert!(app.state().dialog().is_none());
        app.0.event(Event::PointerMoved(pos + egui::vec2(30.0, 40.0)));
        app.settle();
    }
}

#[test]
fn bytes_copied_as_characters_are_pasted_as_they_were() {
    let mut app = App::holding("note.bin", b"ab\xFF\xFE\x89cd", ThemeChoice::Dark);
    app.send(Command::View(seektell::app::ViewCommand::HexColumn(seektell::app::HexColumn::Text)));
    app.press(CTRL, Key::A);
    app.0.event(Event::Copy);
    app.0.run_steps(1);
    let text = app.copied().unwrap();
    assert!(text.contains('\u{FFFD}'), "the characters do not tell the bytes: {text}");
    app.send(Command::Do(Action::NewBytes));
    app.send(Command::PasteAs(text.clone()));
    assert!(app.shows("7 bytes will be put in, as they were copied in Seektell"));
    app.send(Command::Dialog(DialogCommand::Accept));
    assert_eq!(app.content(), b"ab\xFF\xFE\x89cd");
    // Text that was changed is text.
    app.send(Command::PasteAs(text));
    app.form(Form::PasteAs("ab".into(), Style::Text));
    app.send(Command::Dialog(DialogCommand::Accept));
    assert_eq!(app.content(), b"ab\xFF\xFE\x89cdab");
}

#[test]
fn the_encoding_of_the_text_column_is_found_by_its_name() {
    let mut app = App::holding("note.bin", &[0xC8, 0x85, 0x93, 0x93, 0x96, 0x6F], ThemeChoice::Dark);
    app.press(Modifiers::COMMAND | Modifiers::SHIFT, Key::P);
    app.type_text("another enc");
    app.press(NONE, Key::Enter);
    assert!(matches!(app.state().dialog(), Some(Dialog::Charset { .. })));
    app.type_text("ebcdic");
    app.press(NONE, Key::ArrowDown);
    app.press(NONE, Key::ArrowUp);
    app.press(NONE, Key::Enter);
    assert!(app.state().dialog().is_none());
    assert_eq!(app.state().active().unwrap().view.charset, Charset::CP037);
    app.send(Command::Do(Action::ChooseCharset));
    app.click_label("EBCDIC CP500");
    assert_eq!(app.state().active().unwrap().view.charset.name(), "cp500");
}

#[test]
fn the_dialogs_look_as_they_did() {
    let mut results = SnapshotResults::new();
    let key = BytesForm {
        kind: OpKind::Xor,
        operand: "DE AD BE EF".into(),
        written: Written::Hex,
        seed: "1".into(),
        start: "0".into(),
        step: "1".into(),
        bits: "1".into(),
        scope: Default::default(),
        insert: None,
    };
    for (theme, name) in [(ThemeChoice::Dark, "dark"), (ThemeChoice::Light, "light")] {
        let mut app = App::holding("data.bin", &bytes(), theme);
        app.send(Command::Select { anchor: 40, head: 300 });
        let shot = |app: &mut App, what: &str| app.0.snapshot(format!("{what}_{name}"));
        app.send(Command::Do(Action::CopyAs));
        app.form(Form::CopyAs(Style::C, Box::new(Choices { name: "sign".into(), ..Choices::default() })));
        shot(&mut app, "copy_as");
        app.press(NONE, Key::Escape);
        app.send(Command::PasteAs("const data = [\n    0x48, 0x65, 0x6C,\n    0x6C, 0x6F, 300\n];".into()));
        app.form(Form::PasteAs("const data = [\n    0x48, 0x65, 0x6C,\n    0x6C, 0x6F, 300\n];".into(), Style::JavaScript));
        shot(&mut app, "paste_as");
        app.press(NONE, Key::Escape);
        app.send(Command::Do(Action::ChangeBytes));
        app.form(Form::Bytes(Box::new(key.clone())));
        shot(&mut app, "change_bytes");
        app.press(NONE, Key::Escape);
        app.send(Command::Do(Action::SelectRange));
        shot(&mut app, "select_range");
        app.press(NONE, Key::Escape);
        app.press(CTRL, Key::G);
        app.type_text("end + 0x10");
        shot(&mut app, "go_to");
        app.press(NONE, Key::Escape);
        app.send(Command::Perform(Operation::seek(0)));
        app.right_click(42);
        shot(&mut app, "menu_of_bytes");
        assert!(!matches!(app.state().dialog(), Some(Dialog::GoTo { .. })));
        results.extend_harness(&mut app.0);
    }
}
