//! Comparisons in the window, without a display: opened, looked through, changed, exported as a person does it.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use crate::tester::App;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, PointerButton, Pos2, pos2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{SnapshotOptions, SnapshotResults};
use seektell::app::{Action, Answer, Command, CompareCommand, Dialog, DialogCommand, OpenComparison, Side, ThemeChoice};
use seektell::document::{DocumentId, Operation};
use seektell::explore::compare::Method;

impl App {
    /// Two documents, compared.
    fn comparing(theme: ThemeChoice, left: &[u8], right: &[u8], method: Method) -> Self {
        let mut app = Self::brisk(theme, []);
        app.open_bytes("firmware-1.0.bin", left);
        app.open_bytes("firmware-1.1.bin", right);
        let [left, right] = app.ids();
        app.send(Command::Compare(CompareCommand::Start { left, right }));
        app.send(Command::Compare(CompareCommand::Method(method)));
        app
    }

    fn ids(&self) -> [DocumentId; 2] {
        [0, 1].map(|i| self.state().documents()[i].document.id())
    }

    fn front(&self) -> &OpenComparison {
        self.state().comparison_in_front().unwrap()
    }

    fn content_of(&self, side: usize) -> Vec<u8> {
        self.state().documents()[side].document.snapshot().to_vec_all().unwrap()
    }

    fn picture(&mut self, name: &str) {
        self.0.snapshot_options(name, &SnapshotOptions::new().threshold(0.6));
    }
}

/// Content that looks like something, and the same with a change, an insertion and a deletion.
fn firmware() -> (Vec<u8>, Vec<u8>) {
    let mut rng = fastrand::Rng::with_seed(5);
    let mut left: Vec<u8> = b"\x7FELF firmware image v1.0, built for board A\0\0\0\0".to_vec();
    left.extend((0..6000).map(|i| if i % 7 < 3 { 0 } else { rng.u8(..) }));
    left.extend_from_slice(b"CONFIG baud=9600 parity=none stop=1\0");
    left.extend((0..3000).map(|_| rng.u8(..)));
    let mut right = left.clone();
    right[25] = b'1';
    let at = 48 + 6000;
    drop(right.splice(at + 12..at + 16, *b"115200"));
    drop(right.splice(3000..3000, *b"(a patch that was put in)"));
    drop(right.drain(1500..1532));
    (left, right)
}

#[test]
fn a_comparison_looks_right_in_both_themes() {
    let (left, right) = firmware();
    let mut results = SnapshotResults::new();
    for (theme, name) in [(ThemeChoice::Dark, "compare_aligned_dark"), (ThemeChoice::Light, "compare_aligned_light")] {
        let mut app = App::comparing(theme, &left, &right, Method::Aligned);
        assert_eq!(app.front().found.as_ref().unwrap().0.comparison.differences.len(), 4);
        app.press(Modifiers::NONE, Key::F7);
        app.picture(name);
        results.extend(app.0.take_snapshot_results());
    }
    let mut app = App::comparing(ThemeChoice::Dark, &left[..2000], &right[..1900], Method::Position);
    app.act(Action::FoldEqual);
    app.picture("compare_position_dark");
    results.extend(app.0.take_snapshot_results());
}

#[test]
fn keys_go_through_the_differences_and_copy_them() {
    let (left, right) = firmware();
    let mut app = App::comparing(ThemeChoice::Dark, &left, &right, Method::Aligned);
    let cursor = |app: &App| app.front().view.cursor;
    assert_eq!(cursor(&app), 25, "the first difference is shown");
    app.press(Modifiers::NONE, Key::F7);
    assert_eq!(cursor(&app), 1500);
    app.press(Modifiers::SHIFT, Key::F7);
    app.press(Modifiers::SHIFT, Key::F7);
    assert_eq!(cursor(&app), 25, "there is none before it");
    // The version of the left goes to the right: one step of that document's undo.
    app.press(Modifiers::NONE, Key::F8);
    assert_eq!(app.content_of(1)[25], left[25]);
    assert_eq!(app.front().found.as_ref().unwrap().0.comparison.counts.places, 3);
    assert!(!app.front().is_stale(app.state()));
    app.act(Action::Undo);
    assert!(app.content_of(1) == right, "the side that was changed is the one that undo is about");
    assert_eq!(app.front().found.as_ref().unwrap().0.comparison.counts.places, 4, "compared again by itself");
    for _ in 0..4 {
        app.press(Modifiers::SHIFT, Key::F8);
        app.press(Modifiers::NONE, Key::F7);
    }
    assert!(app.content_of(0) == right, "every difference was copied to the left");
    assert!(app.front().found.as_ref().unwrap().0.comparison.is_same());
    app.0.get_by_label_contains("Both are the same");
}

#[test]
fn an_edit_makes_the_result_stale_and_it_is_compared_again() {
    let mut app = App::comparing(ThemeChoice::Dark, &[0; 500], &[0; 500], Method::Position);
    let [left, _] = app.ids();
    app.send(Command::Activate(left));
    assert!(app.state().comparison_in_front().is_none(), "a document's tab leaves the comparison");
    app.send(Command::Perform(Operation::seek(100)));
    app.send(Command::Perform(Operation::Write("changed".into())));
    let id = app.state().comparisons()[0].id;
    app.send(Command::Compare(CompareCommand::Show(id)));
    let found = &app.front().found.as_ref().unwrap().0;
    assert_eq!((found.comparison.differences[0].left, found.comparison.counts.changed), (100, 7));
}

#[test]
fn the_dialog_offers_the_other_documents_and_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("third.bin");
    std::fs::write(&path, b"one twenty").unwrap();
    let mut app = App::brisk(ThemeChoice::Dark, vec![Answer::Open(vec![path])]);
    app.open_bytes("a.bin", b"one two");
    app.open_bytes("b.bin", b"one too");
    app.press(Modifiers::COMMAND | Modifiers::SHIFT, Key::D);
    app.0.get_by_label_contains("Compare b.bin with");
    app.press(Modifiers::NONE, Key::Enter);
    let documents = app.front().documents;
    let ids = app.ids();
    assert_eq!(documents, [ids[1], ids[0]]);
    app.act(Action::CloseDocument);
    assert!(app.state().comparisons().is_empty() && app.state().documents().len() == 2, "Ctrl+W closes the comparison");
    app.act(Action::CompareWith);
    app.0.get_by_label("Choose a file…").click();
    app.settle();
    assert_eq!(app.state().documents().len(), 3);
    assert_eq!(app.front().documents[0], ids[1]);
    // The same two again: the comparison that is open comes to the front.
    let third = app.state().documents()[2].document.id();
    app.send(Command::Activate(third));
    app.send(Command::Compare(CompareCommand::Start { left: third, right: ids[1] }));
    assert_eq!(app.state().comparisons().len(), 1);
    app.send(Command::Close(third));
    assert!(app.state().comparisons().is_empty(), "a comparison goes with its documents");
}

#[test]
fn folds_open_with_a_click_and_bytes_are_shown_in_their_document() {
    let mut left = vec![0; 100_000];
    let right = left.clone();
    left[50_000] = 1;
    let mut app = App::comparing(ThemeChoice::Dark, &left, &right, Method::Position);
    let geometry = |app: &App| *app.0.state().window.compare_geometry().unwrap();
    let before = geometry(&app);
    assert_eq!(before.rows, 7, "a fold, five rows, a fold");
    app.click(before.bodies[1].min + egui::vec2(200.0, 10.0));
    assert!(geometry(&app).rows > 1000);
    app.click(pos2(geometry(&app).strip.center().x, geometry(&app).strip.max.y - 1.0));
    assert!(app.front().view.cursor > 99_000, "a click in the overview goes there");
    app.press(Modifiers::SHIFT, Key::F7);
    assert_eq!(app.front().view.cursor, 50_000);
    app.press(Modifiers::NONE, Key::ArrowRight);
    app.press(Modifiers::NONE, Key::ArrowDown);
    let columns = geometry(&app).columns;
    assert_eq!(app.front().view.cursor, 50_001 + columns);
    app.press(Modifiers::NONE, Key::Enter);
    assert!(app.state().comparison_in_front().is_none());
    let open = app.state().active().unwrap();
    assert_eq!((open.document.name(), open.document.position()), ("firmware-1.1.bin", 50_001 + columns));
}

#[test]
fn both_sides_speak() {
    let app = App::comparing(ThemeChoice::Dark, b"same A same", b"same B same more", Method::Position);
    let value = |name: &str| app.0.get_by_role_and_label(Role::Grid, name).accesskit_node().value().unwrap();
    assert_eq!(value("Bytes of the left side"), "offset 5, byte 41, the other side has byte 42");
    assert_eq!(value("Bytes of the right side"), "offset 5, byte 42, the other side has byte 41");
    let rows: Vec<_> = app.0.get_all_by_role(Role::Row).filter_map(|row| row.accesskit_node().label()).collect();
    assert!(rows.iter().any(|row| row.starts_with("row at 00000000, 1 differ: 73 61 6D 65 20 41")), "{rows:?}");
    assert!(rows.iter().any(|row| row.contains("6 differ") && row.ends_with("6D 6F 72 65")), "{rows:?}");
}

#[test]
fn sides_scroll_together_or_each_for_itself() {
    let mut rng = fastrand::Rng::with_seed(1);
    let left: Vec<u8> = (0..40_000).map(|_| rng.u8(..)).collect();
    let mut app = App::comparing(ThemeChoice::Dark, &left, &left[..39_000], Method::Position);
    app.act(Action::FoldEqual);
    let wheel = |app: &mut App| {
        let pos = app.0.state().window.compare_geometry().unwrap().bodies[0].center();
        app.0.event(Event::PointerMoved(pos));
        let delta = egui::vec2(0.0, -200.0);
        let unit = egui::MouseWheelUnit::Point;
        app.0.event(Event::MouseWheel {
            unit,
            delta,
            modifiers: Modifiers::NONE,
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Wheel,
        });
        app.settle();
    };
    wheel(&mut app);
    let tops = |app: &App| app.front().view.scroll.map(|scroll| scroll.top_row);
    assert!(tops(&app)[0] > 0 && tops(&app)[0] == tops(&app)[1]);
    app.act(Action::ScrollTogether);
    let before = tops(&app);
    wheel(&mut app);
    assert!(tops(&app)[0] > before[0] && tops(&app)[1] == before[1], "{:?} {before:?}", tops(&app));
    assert_eq!(app.front().view.side, Side::Left);
}

#[test]
fn keys_of_edits_do_not_reach_the_document_behind() {
    let mut app = App::comparing(ThemeChoice::Dark, b"left", b"right", Method::Position);
    app.press(Modifiers::NONE, Key::Delete);
    app.0.event(Event::Text("4".into()));
    app.0.event(Event::Paste("text".into()));
    app.settle();
    assert_eq!((app.content_of(0), app.content_of(1)), (b"left".to_vec(), b"right".to_vec()));
    // Ctrl+] and Ctrl+[ are of a document.
    let [left, _] = app.ids();
    app.send(Command::Activate(left));
    app.send(Command::Perform(Operation::Insert { at: 0, data: "\0\0\0\0".into() }));
    app.send(Command::Perform(Operation::seek(0)));
    app.press(Modifiers::COMMAND, Key::CloseBracket);
    assert_eq!(app.state().active().unwrap().document.position(), 4);
    app.press(Modifiers::COMMAND, Key::OpenBracket);
    assert_eq!(app.state().active().unwrap().document.position(), 3);
}

#[test]
fn go_to_works_on_the_side_with_the_cursor_and_what_does_not_work_says_so() {
    let (left, right) = firmware();
    let mut app = App::comparing(ThemeChoice::Dark, &left, &right, Method::Aligned);
    for offset in [0x900, 3] {
        app.press(Modifiers::COMMAND, Key::G);
        assert!(matches!(app.state().dialog(), Some(Dialog::GoTo { .. })));
        app.send(Command::Dialog(DialogCommand::Text(offset.to_string())));
        app.send(Command::Dialog(DialogCommand::Accept));
        let open = app.front();
        let (found, _) = open.found.as_ref().unwrap();
        assert_eq!(found.offset(open.view.cursor, open.view.side), offset);
        assert_eq!(app.state().active().unwrap().document.position(), offset);
    }
    app.press(Modifiers::COMMAND, Key::H);
    let notice = app.state().notices().all().last().map(|notice| notice.text.clone()).unwrap_or_default();
    assert!(notice.contains("not in a comparison"), "{notice}");
}

#[test]
fn a_terabyte_is_compared_and_its_marks_move_with_edits() {
    let mut app = App::brisk(ThemeChoice::Dark, Vec::new());
    for name in ["a", "b"] {
        app.open_bytes(name, b"start");
        app.send(Command::Perform(Operation::Truncate(Some(1 << 40))));
        app.send(Command::Perform(Operation::seek((1 << 40) + 16)));
        app.send(Command::Perform(Operation::Write(if name == "a" { "end a" } else { "end b" }.into())));
    }
    let [left, right] = app.ids();
    app.send(Command::Compare(CompareCommand::Start { left, right }));
    app.send(Command::Compare(CompareCommand::Method(Method::Aligned)));
    let differences = |app: &App| {
        let found = &app.front().found.as_ref().unwrap().0.comparison;
        found.differences.iter().map(|d| (d.left, d.left_len, d.right, d.right_len)).collect::<Vec<_>>()
    };
    let end = (1 << 40) + 20;
    assert_eq!(differences(&app), [(end, 1, end, 1)]);
    // Something is put into the left one: too large to be compared again by itself, so the marks move.
    app.send(Command::Activate(left));
    app.send(Command::Perform(Operation::Insert { at: 1 << 39, data: "put in".into() }));
    let id = app.state().comparisons()[0].id;
    app.send(Command::Compare(CompareCommand::Show(id)));
    assert_eq!(differences(&app), [(1 << 39, 6, 1 << 39, 0), (end + 6, 1, end, 1)]);
    app.0.get_by_label_contains("What was edited since is marked as a whole");
    app.press(Modifiers::SHIFT, Key::F7);
    assert_eq!(app.front().view.cursor, 1 << 39);
    app.press(Modifiers::NONE, Key::F8);
    assert_eq!(differences(&app), [(end + 6, 1, end + 6, 1)], "the other one has it too now");
    app.act(Action::CompareAgain);
    assert_eq!(differences(&app), [(end + 6, 1, end + 6, 1)]);
    app.act(Action::FoldEqual);
    app.press(Modifiers::NONE, Key::F7);
    assert_eq!(app.front().view.cursor, end + 6);
    let geometry = app.0.state().window.compare_geometry().unwrap();
    assert_eq!(geometry.rows, (end + 7).div_ceil(geometry.columns));
}

impl App {
    fn selected_on(&self, side: usize) -> Option<(u64, u64)> {
        let open = self.state().document(self.front().documents[side]).unwrap();
        open.document.selection().map(|selection| (selection.anchor, selection.head))
    }

    /// The middle of a cell, of rows that are not scrolled; `text` is the column of characters.
    fn cell_of(&self, side: usize, row: u64, column: u64) -> Pos2 {
        let geometry = self.0.state().window.compare_geometry().unwrap();
        geometry.cells(side, row, column)[0].center()
    }

    fn pointer(&mut self, pos: Pos2, pressed: bool, button: PointerButton, modifiers: Modifiers) {
        self.0.event(Event::PointerMoved(pos));
        self.0.event_modifiers(Event::PointerButton { pos, button, pressed, modifiers }, modifiers);
        self.0.step();
    }

    fn drag(&mut self, from: Pos2, to: Pos2) {
        self.pointer(from, true, PointerButton::Primary, Modifiers::NONE);
        self.0.event(Event::PointerMoved(to));
        self.0.step();
        self.pointer(to, false, PointerButton::Primary, Modifiers::NONE);
        self.settle();
    }
}

#[test]
fn bytes_of_either_side_are_selected_with_the_mouse() {
    let left: Vec<u8> = (0..=255).collect();
    let mut right = left.clone();
    right.splice(40..48, *b"hello to everybody");
    let mut app = App::comparing(ThemeChoice::Dark, &left, &right, Method::Aligned);
    app.act(Action::FoldEqual);
    let columns = app.0.state().window.compare_geometry().unwrap().columns;
    let (from, to) = (app.cell_of(0, 0, 2), app.cell_of(0, 1, 3));
    app.drag(from, to);
    assert_eq!(app.selected_on(0), Some((2, columns + 4)), "both cells are taken in");
    assert_eq!((app.selected_on(1), app.front().view.side), (None, Side::Left));
    // Shift and a click take the other end elsewhere.
    let to = app.cell_of(0, 0, 5);
    app.pointer(to, true, PointerButton::Primary, Modifiers::SHIFT);
    app.pointer(to, false, PointerButton::Primary, Modifiers::SHIFT);
    app.settle();
    assert_eq!(app.selected_on(0), Some((2, 6)));
    // Each side has its own; copying is of the side with the cursor.
    let (from, to) = (app.cell_of(1, 1, 7), app.cell_of(1, 0, 1));
    app.drag(from, to);
    assert_eq!((app.selected_on(0), app.selected_on(1)), (Some((2, 6)), Some((columns + 8, 1))));
    app.0.event(Event::Copy);
    app.0.step();
    let copied = app.0.output().platform_output.commands.iter().find_map(|command| match command {
        egui::OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    });
    let wanted: String = right[1..columns as usize + 8].iter().map(|byte| format!("{byte:02X}")).collect();
    assert_eq!(copied, Some(wanted));
    let value = app.0.get_by_role_and_label(Role::Grid, "Bytes of the right side").accesskit_node().value().unwrap();
    assert!(value.ends_with(&format!("; {} bytes selected from 1", columns + 7)), "{value}");
    // A bookmark of it is one of the document.
    app.act(Action::AddBookmark);
    let marks: Vec<_> = app.state().active().unwrap().document.bookmarks().iter().map(|m| (m.start(), m.end())).collect();
    assert_eq!(marks, [(1, columns + 8)]);
    // A double click selects the word under the pointer, and a click nothing.
    let word = app.front().found.as_ref().unwrap().0.place(42, Side::Right);
    let pos = app.cell_of(1, word / columns, word % columns);
    app.click(pos);
    assert_eq!(app.selected_on(1), None);
    assert_eq!(app.state().active().unwrap().document.position(), 42);
    // Far enough from the click to be none of three.
    app.0.run_steps(60);
    for pressed in [true, false, true, false] {
        app.0.event(Event::PointerMoved(pos));
        app.0.event(Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE });
    }
    app.settle();
    assert_eq!(app.selected_on(1), Some((40, 45)), "hello");
    // Enter goes to the document, with what is selected.
    app.press(Modifiers::NONE, Key::Enter);
    assert!(app.state().comparison_in_front().is_none());
    let document = &app.state().active().unwrap().document;
    assert_eq!(document.selection().map(|s| (s.start(), s.end())), Some((40, 45)));
}

#[test]
fn shift_and_keys_select_in_a_comparison_up_to_the_last_byte() {
    let mut app = App::comparing(ThemeChoice::Dark, b"0123456789", b"01x3456789", Method::Position);
    assert_eq!(app.front().view.cursor, 2);
    app.press(Modifiers::SHIFT, Key::ArrowRight);
    app.press(Modifiers::SHIFT, Key::ArrowRight);
    assert_eq!(app.selected_on(0), Some((2, 4)));
    app.press(Modifiers::SHIFT, Key::ArrowLeft);
    assert_eq!(app.selected_on(0), Some((2, 3)));
    app.press(Modifiers::SHIFT, Key::End);
    assert_eq!(app.selected_on(0), Some((2, 10)));
    app.press(Modifiers::SHIFT | Modifiers::COMMAND, Key::Home);
    assert_eq!(app.selected_on(0), Some((2, 0)));
    app.press(Modifiers::NONE, Key::ArrowRight);
    assert_eq!((app.selected_on(0), app.front().view.cursor), (None, 1));
    app.press(Modifiers::COMMAND, Key::A);
    assert_eq!(app.selected_on(0), Some((0, 10)));
    // The other side keeps what is its own when the keyboard goes there and back.
    app.press(Modifiers::NONE, Key::F6);
    assert_eq!((app.front().view.side, app.selected_on(0)), (Side::Right, Some((0, 10))));
    app.press(Modifiers::NONE, Key::F6);
    assert_eq!((app.front().view.side, app.selected_on(0)), (Side::Left, Some((0, 10))));
    // Of an edited document nothing is selected by places of what it was.
    let [left, _] = app.ids();
    app.send(Command::Compare(CompareCommand::Select { side: Side::Left, anchor: 1, head: 3, reveal: false }));
    assert_eq!((app.selected_on(0), app.state().active().map(|open| open.document.id())), (Some((1, 3)), Some(left)));
}

#[test]
fn characters_of_texts_are_selected_by_their_bytes() {
    let mut app = App::brisk(ThemeChoice::Dark, Vec::new());
    for text in ["ä wort und öfter", "ä wirt und öfter"] {
        app.open_bytes("words.txt", text.as_bytes());
        app.act(Action::DecodeToText);
        app.settle();
    }
    let texts: Vec<_> =
        app.state().documents().iter().filter(|open| open.document.as_text().is_some()).map(|open| open.document.id()).collect();
    assert_eq!(texts.len(), 2);
    app.send(Command::Compare(CompareCommand::Start { left: texts[0], right: texts[1] }));
    app.send(Command::Compare(CompareCommand::Select { side: Side::Right, anchor: 3, head: 7, reveal: true }));
    assert_eq!(app.selected_on(1), Some((2, 6)), "behind a letter of two bytes");
    let value = app.0.get_by_role_and_label(Role::Grid, "Bytes of the right side").accesskit_node().value().unwrap();
    assert!(value.ends_with("; 4 bytes selected from 3"), "{value}");
}

#[test]
fn a_drag_past_the_edge_scrolls_both_sides_and_the_menu_is_about_the_selection() {
    let left = vec![7; 60_000];
    let mut app = App::comparing(ThemeChoice::Dark, &left, &left, Method::Position);
    app.act(Action::FoldEqual);
    let geometry = *app.0.state().window.compare_geometry().unwrap();
    let from = app.cell_of(1, 2, 3);
    app.pointer(from, true, PointerButton::Primary, Modifiers::NONE);
    let below = pos2(from.x, geometry.bodies[1].max.y + 60.0);
    app.0.event(Event::PointerMoved(below));
    for _ in 0..30 {
        app.0.step();
    }
    let scroll = app.front().view.scroll;
    assert!(scroll[0].top_row > 10 && scroll[0] == scroll[1], "{scroll:?}");
    app.pointer(below, false, PointerButton::Primary, Modifiers::NONE);
    app.settle();
    let (anchor, head) = app.selected_on(1).unwrap();
    assert_eq!(anchor, 2 * geometry.columns + 3);
    assert!(head > 20 * geometry.columns);
    let inside = geometry.bodies[1].min + egui::vec2(200.0, 45.0);
    app.pointer(inside, true, PointerButton::Secondary, Modifiers::NONE);
    app.pointer(inside, false, PointerButton::Secondary, Modifiers::NONE);
    app.settle();
    assert_eq!(app.selected_on(1), Some((anchor, head)), "the menu is about what is selected");
    app.0.get_by_label("Show in the document").click_accesskit();
    app.settle();
    assert!(app.state().comparison_in_front().is_none());
    assert_eq!(app.state().active().unwrap().document.selection().map(|s| s.head), Some(head));
}

#[test]
fn a_selection_in_a_comparison_looks_right() {
    let (left, right) = firmware();
    let mut app = App::comparing(ThemeChoice::Dark, &left, &right, Method::Aligned);
    let (from, to) = (app.cell_of(0, 1, 5), app.cell_of(0, 3, 2));
    app.drag(from, to);
    let (from, to) = (app.cell_of(1, 3, 1), app.cell_of(1, 2, 9));
    app.drag(from, to);
    app.0.event(Event::PointerGone);
    app.settle();
    app.picture("compare_selected");
}
