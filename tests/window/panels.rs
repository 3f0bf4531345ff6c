//! The panes beside the hex view, driven as a person drives them: by names, keys and the pointer.
#![allow(clippy::unwrap_used, reason = "a test that finds nothing there fails")]

use std::sync::Arc;

use crate::support::SoftwareRenderer;
use egui::accesskit::{Role, Toggled};
use egui::{Event, Key, Modifiers, Pos2, Vec2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, Node};
use seektell::app::{
    Action, AppState, Command, Effect, JobId, JobOutcome, Looked, OpenDocument, Preview, PreviewState, StructureCommand,
    ViewCommand, WalkCommand, Zoom,
};
use seektell::document::{Data, Moment, Operation};
use seektell::formats::picture::Picture;
use seektell::formats::table::Table;
use seektell::formats::{Detection, Format};
use seektell::stream::{Text, Whence};
use seektell::tasks::Progress;
use seektell::ui::hash_pane::HashPane;
use seektell::ui::inspector::Inspector;
use seektell::ui::preview::PreviewView;
use seektell::ui::status_bar::{JobLine, StatusBar};
use seektell::ui::stream_panel::StreamPanel;
use seektell::ui::structure_pane::StructurePane;
use seektell::ui::theme::{self, Theme};
use seektell::ui::timeline_view::TimelineView;
use seektell::ui::{View, ViewCx};

/// A document in a state, a view, and what the view reported.
struct Bench {
    state: AppState,
    view: Pane,
    commands: Vec<String>,
    /// Reports are carried out, as the window does.
    live: bool,
}

enum Pane {
    View(Box<dyn View>),
    Status(Vec<JobLine>),
}

impl Bench {
    fn ui(ui: &mut egui::Ui, bench: &mut Self) {
        let theme = Theme::of(ui.ctx());
        let mut commands = Vec::new();
        let cx = ViewCx { theme: &theme, settings: bench.state.settings(), state: &bench.state, now: 0.0 };
        egui::Frame::new().fill(theme.panel).inner_margin(8.0).show(ui, |ui| match &mut bench.view {
            Pane::View(view) => {
                if let Some(open) = bench.state.active() {
                    view.show(ui, open, &cx, &mut commands);
                }
            }
            Pane::Status(jobs) => StatusBar.show(ui, bench.state.active(), jobs, &cx, &mut commands),
        });
        for command in commands {
            bench.commands.push(format!("{command:?}"));
            if bench.live {
                apply(&mut bench.state, command);
            }
        }
    }
}

/// Applies a command and runs the jobs that come of it, on this thread.
fn apply(state: &mut AppState, command: Command) {
    let mut effects = state.apply(command);
    while let Some(effect) = effects.pop() {
        if let Effect::Run(id, job) = effect {
            let outcome = job.run(&Progress::new());
            effects.extend(state.apply(Command::Finished(id, Box::new(outcome))));
        }
    }
}

/// A state with one document of these bytes.
fn bytes(name: &str, content: &[u8]) -> AppState {
    let mut state = AppState::new(Default::default());
    apply(&mut state, Command::OpenBytes { name: name.into(), bytes: content.to_vec() });
    state
}

/// A state with one text document.
fn text(content: &str) -> AppState {
    let mut state = AppState::new(Default::default());
    apply(&mut state, Command::Do(Action::NewText));
    apply(&mut state, Command::Perform(Operation::Write(Data::Text(Text::from(content)))));
    apply(&mut state, Command::Perform(Operation::seek(0)));
    state
}

/// A state whose document shows this preview, whatever its bytes are.
fn with_preview(content: &[u8], format: Format, preview: Preview) -> AppState {
    let mut state = AppState::new(Default::default());
    let mut effects = state.apply(Command::OpenBytes { name: "given".into(), bytes: content.to_vec() });
    while let Some(effect) = effects.pop() {
        if let Effect::Run(id, _) = effect {
            let detection = Detection { format, label: format.info().name.into(), reason: "by the test".into(), mismatch: None };
            let outcome =
                JobOutcome::Preview(Looked { detection: Some(detection), preview: Ok(Some(preview.clone())), needs: None });
            effects.extend(state.apply(Command::Finished(id, Box::new(outcome))));
        }
    }
    assert!(matches!(state.active().unwrap().preview, PreviewState::Ready { .. }));
    state
}

fn harness(state: AppState, view: impl View + 'static, size: Vec2) -> Harness<'static, Bench> {
    build(state, Pane::View(Box::new(view)), size, egui::Theme::Dark, true)
}

fn build(state: AppState, view: Pane, size: Vec2, theme: egui::Theme, live: bool) -> Harness<'static, Bench> {
    let bench = Bench { state, view, commands: Vec::new(), live };
    let mut harness = Harness::builder()
        .with_size(size)
        .with_theme(theme)
        .with_max_steps(20)
        .with_context_setup(theme::install)
        .allow_missing_glyphs()
        .renderer(SoftwareRenderer::default())
        .build_ui_state(Bench::ui, bench);
    harness.run();
    harness
}

fn open<'a>(harness: &'a Harness<'_, Bench>) -> &'a OpenDocument {
    harness.state().state.active().unwrap()
}

/// The reports since the last call.
fn reports(harness: &mut Harness<'_, Bench>) -> Vec<String> {
    std::mem::take(&mut harness.state_mut().commands)
}

fn click(harness: &mut Harness<'_, Bench>, role: Role, name: &str) {
    harness.get_by_role_and_label(role, name).click();
    harness.run();
}

fn type_into(harness: &mut Harness<'_, Bench>, name: &str, text: &str) {
    field(harness, name).focus();
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.run();
    if text.is_empty() {
        harness.key_press(Key::Backspace);
    } else {
        field(harness, name).type_text(text);
    }
    harness.run();
}

fn field<'a>(harness: &'a Harness<'_, Bench>, name: &'a str) -> Node<'a> {
    harness.get_by_role_and_label(Role::TextInput, name)
}

fn press(harness: &mut Harness<'_, Bench>, key: Key) {
    harness.key_press(key);
    harness.run();
}

/// Whether any text on screen has this in it.
fn says(harness: &Harness<'_, Bench>, part: &str) -> bool {
    harness.root().children_recursive().any(|node| {
        let node = node.accesskit_node();
        node.label().is_some_and(|label| label.contains(part)) || node.value().is_some_and(|value| value.contains(part))
    })
}

fn performed(operation: &Operation) -> String {
    format!("{:?}", Command::Perform(operation.clone()))
}

const PANE: Vec2 = Vec2::new(320.0, 480.0);

#[test]
fn the_stream_pane_makes_each_call() {
    let mut harness = harness(bytes("a.bin", b"one\ntwo\nthree"), StreamPanel::default(), PANE);
    type_into(&mut harness, "seek offset", "4");
    click(&mut harness, Role::Button, "seek");
    assert_eq!(reports(&mut harness), [performed(&Operation::seek(4))]);
    assert_eq!(open(&harness).document.position(), 4);
    assert!(says(&harness, ">>> buf.seek(4)"));

    type_into(&mut harness, "read size", "2");
    click(&mut harness, Role::Button, "read");
    assert_eq!(reports(&mut harness), [performed(&Operation::Read(Some(2)))]);
    assert!(says(&harness, ">>> buf.read(2)") && says(&harness, "b'tw'"));

    type_into(&mut harness, "read size", "");
    click(&mut harness, Role::Button, "readline");
    assert_eq!(reports(&mut harness), [performed(&Operation::ReadLine(None))]);
    assert!(says(&harness, "b'o\\n'"));

    type_into(&mut harness, "write data", "X");
    click(&mut harness, Role::Button, "write");
    assert_eq!(reports(&mut harness), [performed(&Operation::Write("X".into()))]);
    assert_eq!(open(&harness).document.as_bytes().unwrap().to_vec_all().unwrap(), b"one\ntwo\nXhree");

    click(&mut harness, Role::Button, "truncate");
    assert_eq!(reports(&mut harness), [performed(&Operation::Truncate(None))]);
    assert_eq!(open(&harness).document.size(), 9);

    for (button, operation) in [("tell", Operation::Tell), ("getvalue", Operation::GetValue), ("close", Operation::Close)] {
        click(&mut harness, Role::Button, button);
        assert_eq!(reports(&mut harness), [performed(&operation)]);
    }
    assert!(open(&harness).document.is_closed() && says(&harness, "closed"));
    click(&mut harness, Role::Button, "read");
    assert!(says(&harness, "ValueError: I/O operation on closed file."));
}

#[test]
fn fields_answer_enter_and_say_what_is_wrong() {
    let mut harness = harness(bytes("a.bin", b"0123456789"), StreamPanel::default(), PANE);
    type_into(&mut harness, "seek offset", "-3");
    press(&mut harness, Key::Enter);
    assert_eq!(reports(&mut harness), [performed(&Operation::Seek { offset: -3, whence: Whence::Start })]);
    assert!(says(&harness, "ValueError: negative seek value -3"));
    assert!(field(&harness, "seek offset").is_focused(), "Enter keeps the field");

    type_into(&mut harness, "seek offset", "three");
    assert!(says(&harness, "three is not a whole number"));
    press(&mut harness, Key::Enter);
    click(&mut harness, Role::Button, "seek");
    assert!(reports(&mut harness).is_empty(), "a field that is wrong calls nothing");

    click(&mut harness, Role::ComboBox, "seek whence");
    harness.get_by_role_and_label(Role::Button, "SEEK_END").click();
    harness.run();
    type_into(&mut harness, "seek offset", "-0x4");
    press(&mut harness, Key::Enter);
    assert_eq!(open(&harness).document.position(), 6);

    type_into(&mut harness, "truncate size", "3");
    press(&mut harness, Key::Enter);
    assert_eq!(open(&harness).document.size(), 3);
    assert!(says(&harness, "past the end"));
}

#[test]
fn data_is_typed_as_text_literal_or_hex() {
    let mut harness = harness(bytes("a.bin", b""), StreamPanel::default(), PANE);
    for (mode, typed) in [("Python", r"b'\x89P'"), ("Hex", "4e 47")] {
        click(&mut harness, Role::ComboBox, "write mode");
        harness.get_by_role_and_label(Role::Button, mode).click();
        harness.run();
        type_into(&mut harness, "write data", typed);
        press(&mut harness, Key::Enter);
    }
    assert_eq!(open(&harness).document.as_bytes().unwrap().to_vec_all().unwrap(), b"\x89PNG");
    type_into(&mut harness, "write data", "4e 4");
    assert!(says(&harness, "half a byte"));
}

#[test]
fn a_text_stream_raises_what_python_raises() {
    let mut harness = harness(text("héllo"), StreamPanel::default(), PANE);
    assert!(says(&harness, "StringIO") && says(&harness, "5 characters"));
    click(&mut harness, Role::ComboBox, "seek whence");
    harness.get_by_role_and_label(Role::Button, "SEEK_CUR").click();
    harness.run();
    type_into(&mut harness, "seek offset", "1");
    press(&mut harness, Key::Enter);
    assert!(says(&harness, "OSError: Can't do nonzero cur-relative seeks"));
}

#[test]
fn the_inspector_reads_the_bytes_at_the_cursor() {
    let content = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    let mut harness = harness(bytes("a.bin", content), Inspector::default(), vec2(420.0, 1000.0));
    for value in [
        "u8: 137",
        "i8: -119",
        "u16 little-endian: 20617",
        "u16 big-endian: 35152",
        "i32 little-endian: 1196314761",
        "u32 big-endian: 2303741511",
        "u24 big-endian: 8998990",
        "GUID big-endian: 89504e47-0d0a-1a0a-0000-000d49484452",
        "RGBA8: #89504E47",
    ] {
        assert!(harness.query_by_role_and_label(Role::Button, value).is_some(), "{value}");
    }
    // A kind that cannot be typed is copied by a click.
    harness.get_by_label("UTF-16 little-endian: \u{5089}  U+5089").click();
    let copied = (0..4).any(|_| {
        harness.step();
        let copy = egui::OutputCommand::CopyText("\u{5089}  U+5089".into());
        harness.output().platform_output.commands.contains(&copy)
    });
    assert!(copied, "a click copies the value");
    // The pointer shows the bytes in the other views.
    harness.get_by_label("u32 big-endian: 2303741511").hover();
    harness.run();
    assert_eq!(open(&harness).view.linked, Some((0, 4)));
}

#[test]
fn a_value_is_typed_where_it_stands() {
    let mut harness = harness(bytes("a.bin", b"\x01\x02\x03\x04"), Inspector::default(), vec2(420.0, 1000.0));
    let content = |harness: &Harness<'_, Bench>| open(harness).document.as_bytes().unwrap().to_vec_all().unwrap();
    harness.get_by_label("u16 big-endian: 258").click();
    harness.run();
    harness.get_by_label("New value of u16 big-endian").type_text("70000");
    harness.run();
    assert!(says(&harness, "70000 does not fit: u16 is from 0 to 65535"));
    press(&mut harness, Key::Enter);
    assert_eq!(content(&harness), b"\x01\x02\x03\x04", "what does not fit is not written");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.run();
    harness.get_by_label("New value of u16 big-endian").type_text("0xABCD");
    harness.run();
    assert!(says(&harness, "Enter writes 2 bytes: AB CD"));
    press(&mut harness, Key::Enter);
    assert_eq!(content(&harness), b"\xAB\xCD\x03\x04");
    assert_eq!(open(&harness).document.position(), 0, "the cursor stays");
    assert!(open(&harness).document.timeline().python("x").unwrap().contains(r"write(b'\xab\xcd')"));
    harness.get_by_role_and_label(Role::CheckBox, "Bit 0 of the byte at the cursor").click();
    harness.run();
    assert_eq!(content(&harness), b"\xAA\xCD\x03\x04");
    // Escape leaves all as it was.
    harness.get_by_label("u8: 170").click();
    harness.run();
    harness.get_by_label("New value of u8").type_text("1");
    harness.run();
    press(&mut harness, Key::Escape);
    assert!(harness.query_by_label("New value of u8").is_none() && content(&harness)[0] == 0xAA);
    // Two undos bring everything back.
    apply(&mut harness.state_mut().state, Command::Do(Action::Undo));
    apply(&mut harness.state_mut().state, Command::Do(Action::Undo));
    assert_eq!(content(&harness), b"\x01\x02\x03\x04");
}

#[test]
fn the_inspector_says_what_is_missing_at_the_end() {
    let mut state = bytes("a.bin", b"ab");
    apply(&mut state, Command::Perform(Operation::seek(1)));
    let mut harness = harness(state, Inspector::default(), vec2(420.0, 1000.0));
    assert!(says(&harness, "1 more needed") && says(&harness, "15 more needed") && says(&harness, "u8: 98"));
    apply(&mut harness.state_mut().state, Command::Perform(Operation::seek(7)));
    harness.run();
    assert!(says(&harness, "5 bytes past the end") && says(&harness, "u16 little-endian: 2 more needed"));
    // A value can be written there; the gap is filled with zeros.
    harness.get_by_label("u8: 1 more needed").click();
    harness.run();
    harness.get_by_label("New value of u8").type_text("9");
    harness.run();
    press(&mut harness, Key::Enter);
    assert_eq!(open(&harness).document.as_bytes().unwrap().to_vec_all().unwrap(), b"ab\0\0\0\0\0\x09");
}

#[test]
fn the_inspector_shows_what_was_chosen() {
    let mut harness = harness(bytes("a.bin", b"\x12\x34"), Inspector::default(), vec2(420.0, 1000.0));
    harness.get_by_label("BE").click();
    harness.run();
    harness.get_by_role_and_label(Role::Button, "Hex").click();
    harness.run();
    assert!(says(&harness, "u16 big-endian: 0x1234") && !says(&harness, "u16 little-endian"));
}

#[test]
fn digests_follow_the_selection() {
    let mut harness = harness(bytes("a.bin", b"123456789abc"), HashPane::default(), vec2(520.0, 560.0));
    harness.run_steps(4);
    assert!(says(&harness, "Up to date"));
    apply(&mut harness.state_mut().state, Command::Select { anchor: 0, head: 9 });
    harness.step();
    assert!(says(&harness, "Out of date"), "a moment passes before anything is calculated");
    for _ in 0..40 {
        harness.step();
    }
    assert!(says(&harness, "CRC-32: cbf43926") && says(&harness, "MD5: 25f9e794323b453885f5181f1b624d0b"));
    type_into(&mut harness, "Expected digest", "CBF43926");
    assert!(says(&harness, "It matches: this is the CRC-32 of these bytes"));
    type_into(&mut harness, "Expected digest", "CBF43927");
    assert!(says(&harness, "It differs: not the CRC-32 of these bytes"));
    type_into(&mut harness, "CRC parameters", "width=8 poly=0x106");
    assert!(says(&harness, "poly has more than 8 bits"));
    type_into(&mut harness, "CRC parameters", "width=16 poly=0x1021");
    press(&mut harness, Key::Enter);
    for _ in 0..40 {
        harness.step();
    }
    assert!(says(&harness, "CRC-16/XMODEM: 31c3"));
    click(&mut harness, Role::CheckBox, "CRC-32");
    assert!(!says(&harness, "CRC-32: cbf43926"));
}

#[test]
fn digests_of_much_are_calculated_when_asked() {
    let mut state = bytes("a.bin", b"");
    let much = seektell::buffer::Buffer::filled(0, seektell::buffer::Len(33 << 20));
    apply(&mut state, Command::Perform(Operation::Write(Data::Bytes(much))));
    let mut harness = harness(state, HashPane::default(), vec2(520.0, 560.0));
    harness.run_steps(60);
    assert!(says(&harness, "Not calculated for what is shown"));
    click(&mut harness, Role::Button, "Calculate");
    assert!(says(&harness, "Up to date"));
}

fn with_structure(content: &[u8]) -> AppState {
    let mut state = bytes("a.png", content);
    apply(&mut state, Command::Do(Action::ToggleStructure));
    state
}

const PHOTO: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/samples/photo.png"));

#[test]
fn parts_and_bytes_are_linked_both_ways() {
    let mut harness = harness(with_structure(PHOTO), StructurePane::default(), vec2(460.0, 480.0));
    assert!(says(&harness, "No problems"));
    let row = |harness: &Harness<'_, Bench>, part: &str| {
        let nodes = harness.root().children_recursive();
        let found = nodes.into_iter().find(|node| {
            let node = node.accesskit_node();
            node.role() == Role::TreeItem && node.label().is_some_and(|label| label.starts_with(part))
        });
        found.map(|node| (node.rect(), node.accesskit_node().is_selected()))
    };
    assert!(row(&harness, "Width").is_none(), "parts of parts are hidden at first");
    let id = structure_node(&harness, "IHDR");
    apply(&mut harness.state_mut().state, Command::Structure(StructureCommand::Toggle(id)));
    harness.run();
    let (rect, _) = row(&harness, "Width").unwrap();
    harness.hover_at(rect.center());
    harness.run();
    assert_eq!(open(&harness).view.linked, Some((16, 20)));
    harness.drag_at(rect.center());
    harness.run();
    harness.drop_at(rect.center());
    harness.run();
    let selection = open(&harness).document.selection().unwrap();
    assert_eq!((selection.start(), selection.end(), open(&harness).document.position()), (16, 20, 16));
    // The other way: the cursor goes to the height.
    apply(&mut harness.state_mut().state, Command::Perform(Operation::seek(22)));
    harness.run();
    assert_eq!(row(&harness, "Height").unwrap().1, Some(true));
    assert_eq!(row(&harness, "Width").unwrap().1, Some(false));
    // What is hidden stands for what is in it.
    apply(&mut harness.state_mut().state, Command::Structure(StructureCommand::Toggle(id)));
    harness.run();
    assert_eq!(row(&harness, "IHDR").unwrap().1, Some(true));
}

fn structure_node(harness: &Harness<'_, Bench>, name: &str) -> u32 {
    let tree = open(harness).structure.tree().unwrap();
    tree.nodes().iter().position(|node| node.name == name).unwrap() as u32
}

#[test]
fn parts_follow_edits_and_long_lists_go_on() {
    let mut content = b"GIF89a\x01\0\x01\0\0\0\0".to_vec();
    (0..600).for_each(|_| content.extend(b"\x21\xFE\x01x\0"));
    content.push(b';');
    let mut harness = harness(with_structure(&content), StructurePane::default(), vec2(460.0, 480.0));
    let before = open(&harness).structure.tree().unwrap().nodes()[0].children.len();
    let more = structure_node(&harness, "More");
    apply(&mut harness.state_mut().state, Command::Structure(StructureCommand::More(more)));
    harness.run();
    assert!(open(&harness).structure.tree().unwrap().nodes()[0].children.len() > before);
    apply(&mut harness.state_mut().state, Command::Perform(Operation::Write("no".into())));
    harness.run();
    assert!(says(&harness, "This is no container that is known here"));
}

#[test]
fn the_inspector_names_the_character_of_a_text() {
    let harness = harness(text("éa"), Inspector::default(), vec2(420.0, 560.0));
    for value in ["U+00E9", "lower case letter", "C3 A9", "E9 00", "00 E9"] {
        assert!(says(&harness, value), "{value}");
    }
}

const PEOPLE: &str = "name,age,town\nAda,36,London\nGrace,85\nLinus,54,Portland,extra\nEve,,\"two\nlines\"\n";

#[test]
fn a_table_shows_its_cells_and_marks_ragged_rows() {
    let harness = harness(bytes("people.csv", PEOPLE.as_bytes()), PreviewView::default(), vec2(900.0, 480.0));
    assert!(says(&harness, "4 rows × 4 columns, 2 ragged"));
    for name in ["row 1 of 4, name, Ada", "row 2 of 4, town, missing", "row 3 of 4, column 4, extra", "row 4 of 4, age, empty"] {
        assert!(harness.query_by_role_and_label(Role::Cell, name).is_some(), "{name}");
    }
    assert!(harness.query_by_role_and_label(Role::ColumnHeader, "town").is_some());
    assert!(harness.query_by_role_and_label(Role::RowHeader, "row 2 of 4, 2 cells, ragged").is_some());
}

#[test]
fn a_cell_leads_to_its_bytes() {
    let mut harness = harness(bytes("people.csv", PEOPLE.as_bytes()), PreviewView::default(), vec2(900.0, 480.0));
    click(&mut harness, Role::Cell, "row 2 of 4, name, Grace");
    assert_eq!(open(&harness).view.table_cell, Some((1, 0)));
    assert!(says(&harness, "Row 2, name"));
    reports(&mut harness);
    click(&mut harness, Role::Button, "Go to bytes");
    let start = PEOPLE.find("Grace").unwrap() as u64;
    let selection = open(&harness).document.selection().unwrap();
    assert_eq!((selection.start(), open(&harness).document.position()), (start, start));
    assert!(selection.end() >= start + "Grace,85".len() as u64 && selection.end() <= start + "Grace,85\n".len() as u64);
    // An edit makes the offsets old: the way is closed until the table is read again.
    harness.state_mut().live = false;
    harness.state_mut().state.apply(Command::Perform(Operation::Write("G".into())));
    harness.run();
    assert!(harness.query_by_label("Go to bytes").is_none());
    harness.run_steps(4);
    assert!(says(&harness, "An earlier content"));
}

#[test]
fn keys_move_the_cell() {
    let mut harness = harness(bytes("people.csv", PEOPLE.as_bytes()), PreviewView::default(), vec2(900.0, 480.0));
    click(&mut harness, Role::Cell, "row 1 of 4, name, Ada");
    for (key, modifiers, cell) in [
        (Key::ArrowRight, Modifiers::NONE, (0, 1)),
        (Key::ArrowDown, Modifiers::NONE, (1, 1)),
        (Key::End, Modifiers::NONE, (1, 3)),
        (Key::Home, Modifiers::NONE, (1, 0)),
        (Key::End, Modifiers::COMMAND, (3, 3)),
        (Key::ArrowDown, Modifiers::NONE, (3, 3)),
        (Key::Home, Modifiers::COMMAND, (0, 0)),
        (Key::ArrowUp, Modifiers::NONE, (0, 0)),
        (Key::PageDown, Modifiers::NONE, (3, 0)),
    ] {
        harness.key_press_modifiers(modifiers, key);
        harness.run();
        assert_eq!(open(&harness).view.table_cell, Some(cell), "{key:?}");
    }
}

#[test]
fn a_long_table_is_exact_at_its_end() {
    let mut content = String::from("n,square\n");
    for n in 0..200_000u64 {
        content += &format!("{n},{}\n", n * n);
    }
    let mut harness = harness(bytes("squares.csv", content.as_bytes()), PreviewView::default(), vec2(600.0, 420.0));
    click(&mut harness, Role::Cell, "row 1 of 200000, n, 0");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::End);
    harness.run();
    harness.run();
    let last = harness.get_by_role_and_label(Role::Cell, "row 200000 of 200000, n, 199999");
    let grid = harness.get_by_role(Role::Grid).rect();
    assert!((last.rect().bottom() - grid.bottom()).abs() < 1.0, "{:?} in {grid:?}", last.rect());
}

#[test]
fn a_tables_dialect_can_be_chosen_and_guessed_again() {
    let mut harness = harness(bytes("people.csv", PEOPLE.as_bytes()), PreviewView::default(), vec2(900.0, 480.0));
    click(&mut harness, Role::ComboBox, "Delimiter");
    harness.get_by_role_and_label(Role::Button, "Tab").click();
    harness.run();
    assert_eq!(open(&harness).view.dialect.unwrap().delimiter, b'\t');
    assert!(says(&harness, "× 1 column"));
    click(&mut harness, Role::Button, "Guess");
    assert_eq!(open(&harness).view.dialect, None);
    assert!(says(&harness, "4 rows × 4 columns"));
    click(&mut harness, Role::CheckBox, "Header");
    assert!(!open(&harness).view.dialect.unwrap().header);
    assert!(says(&harness, "5 rows"));
}

#[test]
fn a_column_is_made_wider_and_fitted() {
    let mut harness = harness(bytes("people.csv", PEOPLE.as_bytes()), PreviewView::default(), vec2(900.0, 480.0));
    let grip = harness.get_by_label("Width of name").rect();
    harness.drag_at(grip.center());
    harness.run();
    harness.hover_at(grip.center() + vec2(60.0, 0.0));
    harness.run();
    harness.drop_at(grip.center() + vec2(60.0, 0.0));
    harness.run();
    let width = open(&harness).view.column_widths[0].unwrap();
    let moved = harness.get_by_label("Width of name").rect();
    assert!((moved.center().x - grip.center().x - 60.0).abs() < GRAB, "{grip:?} to {moved:?}, width {width}");
}

/// How far from an edge a drag may take hold of it.
const GRAB: f32 = 5.0;

fn squares() -> AppState {
    let image = image::RgbaImage::from_fn(640, 480, |x, y| {
        image::Rgba([(x * 255 / 639) as u8, (y * 255 / 479) as u8, 128, if (x / 80 + y / 80) % 2 == 0 { 255 } else { 96 }])
    });
    let mut picture = Picture::from_rgba8(Format::Png, image);
    picture.info.frames = Some(3);
    picture.truncated = Some("the file ends after 470 of 480 rows".into());
    with_preview(b"pixels", Format::Png, Preview::Picture(Arc::new(picture)))
}

fn zoom(harness: &Harness<'_, Bench>) -> Zoom {
    open(harness).view.zoom
}

#[test]
fn a_picture_is_zoomed_by_buttons_and_keys() {
    let mut harness = harness(squares(), PreviewView::default(), vec2(500.0, 460.0));
    let name = "Picture, PNG image, 640 by 480";
    assert!(harness.query_by_role_and_label(Role::Image, name).is_some());
    assert!(says(&harness, "Incomplete: the file ends after 470 of 480 rows") && says(&harness, "3 frames"));
    click(&mut harness, Role::Button, "Actual size");
    assert_eq!(zoom(&harness), Zoom::Scale(1.0));
    click(&mut harness, Role::Button, "Zoom in");
    assert_eq!(zoom(&harness), Zoom::Scale(2.0));
    click(&mut harness, Role::Button, "Fit the picture");
    assert_eq!((zoom(&harness), open(&harness).view.picture_center), (Zoom::Fit, None));
    harness.get_by_role_and_label(Role::Image, name).click();
    harness.run();
    press(&mut harness, Key::Num1);
    assert_eq!(zoom(&harness), Zoom::Scale(1.0));
    press(&mut harness, Key::Minus);
    assert_eq!(zoom(&harness), Zoom::Scale(0.5));
    press(&mut harness, Key::Plus);
    press(&mut harness, Key::Plus);
    assert_eq!(zoom(&harness), Zoom::Scale(2.0));
    let before = open(&harness).view.picture_center.unwrap();
    press(&mut harness, Key::ArrowRight);
    assert_eq!(open(&harness).view.picture_center, Some([before[0] + 24.0, before[1]]));
    press(&mut harness, Key::Num0);
    assert_eq!(zoom(&harness), Zoom::Fit);
}

#[test]
fn a_picture_is_zoomed_at_the_pointer_and_pushed() {
    let mut harness = harness(squares(), PreviewView::default(), vec2(500.0, 460.0));
    let pane = harness.get_by_role(Role::Image).rect();
    click(&mut harness, Role::Button, "Actual size");
    let at = pane.center() + vec2(100.0, 50.0);
    let under = |harness: &Harness<'_, Bench>, at: Pos2| {
        let (Zoom::Scale(scale), Some([x, y])) = (zoom(harness), open(harness).view.picture_center) else { panic!("no scale") };
        Pos2::new(x, y) + (at - pane.center()) / scale
    };
    let before = under(&harness, at);
    harness.hover_at(at);
    harness.event(Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, 200.0),
        phase: egui::TouchPhase::Move,
        modifiers: Modifiers::NONE,
        source: egui::MouseWheelSource::Unknown,
    });
    harness.run_steps(20);
    assert!(matches!(zoom(&harness), Zoom::Scale(scale) if scale > 1.5), "{:?}", zoom(&harness));
    assert!((under(&harness, at) - before).length() < 1.0, "{:?} was {before:?}", under(&harness, at));
    assert!(says(&harness, "#"), "the pixel under the pointer has a value");

    let before = under(&harness, at);
    harness.drag_at(at);
    harness.run_steps(2);
    harness.hover_at(at - vec2(40.0, 30.0));
    harness.run_steps(2);
    harness.drop_at(at - vec2(40.0, 30.0));
    harness.run_steps(2);
    assert!((under(&harness, at - vec2(40.0, 30.0)) - before).length() < 1.0);
}

#[test]
fn a_picture_larger_than_a_texture_is_sharp() {
    let columns = image::RgbaImage::from_fn(3000, 60, |x, _| image::Rgba([(x % 2) as u8 * 255, 0, 0, 255]));
    let preview = Preview::Picture(Arc::new(Picture::from_rgba8(Format::Png, columns)));
    let mut state = with_preview(b"pixels", Format::Png, preview);
    state.apply(Command::View(ViewCommand::Picture(Zoom::Scale(1.0), Some([1500.0, 30.0]))));
    let mut harness = harness(state, PreviewView::default(), vec2(500.0, 300.0));
    assert!(harness.input().max_texture_side.unwrap_or(2048) < 3000, "the picture is to be cut into tiles");
    harness.run();
    let middle = harness.get_by_role(Role::Image).rect().center();
    let picture = harness.render().unwrap();
    let reds: Vec<u8> = (0..200).map(|x| picture.get_pixel(middle.x as u32 - 100 + x, middle.y as u32).0[0]).collect();
    assert!(reds.windows(2).all(|pair| pair[0].abs_diff(pair[1]) == 255), "columns of one pixel stay apart: {reds:?}");
}

#[test]
fn a_wide_table_scrolls_sideways() {
    let line = |row: u32| (0..60).map(|column| format!("r{row}c{column}")).collect::<Vec<_>>().join(",") + "\n";
    let content: String = (0..8).map(line).collect();
    let mut harness = harness(bytes("wide.csv", content.as_bytes()), PreviewView::default(), vec2(500.0, 360.0));
    let grid = harness.get_by_role(Role::Grid).rect();
    click_at(&mut harness, grid.left_top() + vec2(120.0, 60.0));
    press(&mut harness, Key::End);
    harness.run();
    let (row, column) = open(&harness).view.table_cell.unwrap();
    assert_eq!(column, 59);
    assert!(open(&harness).view.table_scroll_x > 1000.0);
    let PreviewState::Ready { preview, .. } = &open(&harness).preview else { panic!("no preview") };
    let Preview::Table { table, .. } = preview.as_ref() else { panic!("no table") };
    let cell = table.rows(row, 1).unwrap()[0].cells[59].clone();
    let shown = harness.root().children_recursive().find_map(|node| {
        let node = node.accesskit_node();
        let bounds = node.raw_bounds()?;
        (node.role() == Role::Cell && node.label()?.ends_with(&cell)).then_some(bounds)
    });
    let shown = shown.expect("the last cell is in sight");
    assert!(shown.x1 <= f64::from(grid.right()) && shown.x0 >= f64::from(grid.left()), "{shown:?} in {grid:?}");
}

fn click_at(harness: &mut Harness<'_, Bench>, at: Pos2) {
    harness.hover_at(at);
    harness.drag_at(at);
    harness.drop_at(at);
    harness.run();
}

#[test]
fn what_cannot_be_shown_says_why() {
    let harness = harness(bytes("broken.png", b"\x89PNG\r\n\x1a\nbroken"), PreviewView::default(), vec2(400.0, 300.0));
    assert!(matches!(open(&harness).preview, PreviewState::Failed { .. }));
    assert!(says(&harness, "This PNG image cannot be shown"));
    let harness = self::harness(bytes("a.bin", &[0, 1, 2, 255, 254]), PreviewView::default(), vec2(400.0, 300.0));
    assert!(says(&harness, "Bytes have no preview"));
}

#[test]
fn the_timeline_lists_calls_and_their_details() {
    let mut harness = harness(bytes("a.bin", b"hello world"), TimelineView::default(), vec2(600.0, 240.0));
    assert!(says(&harness, "No calls yet"));
    for operation in
        [Operation::Read(Some(5)), Operation::Write("XY".into()), Operation::Seek { offset: -1, whence: Whence::Start }]
    {
        apply(&mut harness.state_mut().state, Command::Perform(operation));
    }
    harness.run();
    assert!(harness.query_by_label("call 1, buf.read(5), returned b'hello', position 0 to 5").is_some());
    assert!(says(&harness, "call 2, buf.write(b'XY'), returned 2"));
    assert!(says(&harness, "raised ValueError: negative seek value -1"));
    harness.get_by_label("call 1, buf.read(5), returned b'hello', position 0 to 5").click();
    harness.run();
    assert!(says(&harness, ">>> buf.read(5)") && says(&harness, "Copy this call"));
    let document = &open(&harness).document;
    assert!(document.is_walking());
    assert_eq!((document.position(), document.snapshot().to_vec_all().unwrap()), (5, b"hello world".to_vec()));
}

/// Every text that is painted, and the rectangle that it is cut to.
fn painted(harness: &Harness<'_, Bench>) -> Vec<(String, egui::Rect, egui::Rect)> {
    let shapes = harness.output().shapes.iter();
    let texts = shapes.filter_map(|clipped| match &clipped.shape {
        egui::Shape::Text(text) => Some((text, clipped.clip_rect)),
        _ => None,
    });
    texts
        .map(|(text, clip)| (text.galley.rows.iter().map(|row| row.text()).collect(), text.visual_bounding_rect(), clip))
        .collect()
}

#[test]
fn what_does_not_fit_the_timeline_ends_in_an_ellipsis() {
    let mut state = bytes("a.bin", &[b'x'; 16384]);
    for operation in [
        Operation::seek(15327),
        Operation::Write("a run of words that is long".into()),
        Operation::Read(Some(40)),
        Operation::Seek { offset: -1, whence: Whence::Start },
    ] {
        apply(&mut state, Command::Perform(operation));
    }
    let mut harness = harness(state, TimelineView::default(), vec2(200.0, 300.0));
    for width in [120.0, 160.0, 200.0, 230.0, 260.0, 300.0, 360.0, 420.0, 500.0, 600.0, 900.0] {
        harness.set_size(vec2(width, 300.0));
        harness.run();
        let painted = painted(&harness);
        for (text, rect, clip) in &painted {
            assert!(rect.max.x <= clip.max.x + 0.5, "{width}: {text:?} at {rect:?} is cut at {clip:?}");
        }
        let calls: Vec<_> = painted.iter().filter(|(text, ..)| text.starts_with("buf.")).collect();
        for (text, rect, _) in &calls {
            assert!(text.ends_with([')', '…']), "{width}: {text}");
            let beside = painted.iter().filter(|(_, other, _)| other.center().y == rect.center().y && other.min.x > rect.min.x);
            beside.for_each(|(other, at, _)| assert!(at.min.x >= rect.max.x - 0.5, "{width}: {text} runs into {other}"));
        }
        let position = painted.iter().find(|(text, ..)| text.starts_with("153") && !text.contains(','));
        if let Some((text, ..)) = position {
            assert!(text == "15327" || text.ends_with('…'), "{width}: {text}");
        }
    }
    harness.set_size(vec2(260.0, 300.0));
    harness.run();
    assert!(painted(&harness).iter().any(|(text, ..)| text == "15327"), "a short result is whole where a call is not");
    assert!(harness.query_by_label("call 1, buf.seek(15327), returned 15327, position 0 to 15327").is_some());
    harness.get_by_label_contains("call 3, ").hover();
    harness.run_steps(60);
    let result = "x".repeat(40);
    assert!(says(&harness, &format!("buf.read(40)  → b'{result}'")), "all of it under the pointer");
}

#[test]
fn clicks_are_calls_of_the_stream() {
    let mut state = AppState::new(Default::default());
    apply(&mut state, Command::OpenBytes { name: "a.bin".into(), bytes: vec![0; 1024] });
    apply(&mut state, Command::Perform(Operation::seek(107_374_182_400)));
    apply(&mut state, Command::Perform(Operation::seek(700)));
    apply(&mut state, Command::MoveCursor { to: 1024, extend: false });
    let mut harness = harness(state, StreamPanel::default(), vec2(320.0, 420.0));
    assert!(says(&harness, ">>> buf.seek(1024)"), "a click is a seek");
    apply(&mut harness.state_mut().state, Command::Select { anchor: 3, head: 8 });
    harness.run();
    assert!(says(&harness, ">>> buf.seek(8)"));
}

/// A document with some calls, to be walked.
fn walked() -> AppState {
    let mut state = bytes("a.bin", b"hello world");
    for operation in [
        Operation::Read(Some(5)),
        Operation::Write("-".into()),
        Operation::Write("W".into()),
        Operation::Seek { offset: -1, whence: Whence::Start },
        Operation::seek(2),
        Operation::Truncate(Some(7)),
    ] {
        apply(&mut state, Command::Perform(operation));
    }
    state
}

#[test]
fn the_timeline_is_walked_by_buttons_keys_and_the_slider() {
    let mut harness = harness(walked(), TimelineView::default(), vec2(600.0, 320.0));
    let content = |harness: &Harness<'_, Bench>| open(harness).document.snapshot().to_vec_all().unwrap();
    assert!(says(&harness, "6 of 6 steps"));
    click(&mut harness, Role::Button, "Step back");
    assert_eq!(content(&harness), b"hello-World");
    assert!(says(&harness, "5 of 6 steps"));
    for _ in 0..3 {
        click(&mut harness, Role::Button, "Step back");
    }
    assert_eq!((content(&harness).as_slice(), open(&harness).document.position()), (&b"hello-world"[..], 6));
    assert!(harness.query_by_label("call 2, buf.write(b'-'), returned 1, position 5 to 6").is_some());
    click(&mut harness, Role::Button, "Go to the first step");
    assert_eq!((content(&harness).as_slice(), open(&harness).document.position()), (&b"hello world"[..], 0));
    harness.get_by_role_and_label(Role::Slider, "Step of the timeline").focus();
    harness.run();
    press(&mut harness, Key::ArrowRight);
    press(&mut harness, Key::ArrowRight);
    assert_eq!(content(&harness), b"hello-world");
    click(&mut harness, Role::Button, "Step forward");
    assert_eq!(content(&harness), b"hello-World");
    // A call that is made here begins a branch; the others are still in the list.
    apply(&mut harness.state_mut().state, Command::Perform(Operation::Write("!".into())));
    harness.run();
    assert_eq!(content(&harness), b"hello-W!rld");
    assert!(says(&harness, "4 of 4 steps") && says(&harness, "7 calls on 2 branches"));
    reports(&mut harness);
    harness.get_by_label("call 6, buf.truncate(7), returned 7, position 2 to 2, on branch 1").click();
    harness.run();
    assert_eq!(reports(&mut harness), [format!("{:?}", Command::Walk(WalkCommand::To(Moment::After(6))))]);
    assert_eq!(content(&harness), b"hello-W");
    click(&mut harness, Role::Button, "Go on from here");
    assert!(!open(&harness).document.is_walking());
    assert_eq!(content(&harness), b"hello-W");
    apply(&mut harness.state_mut().state, Command::Do(Action::Undo));
    assert_eq!(content(&harness), b"hello-W!rld", "staying is taken back as any step is");
}

#[test]
fn the_timeline_plays_at_its_speed() {
    let mut harness = harness(walked(), TimelineView::default(), vec2(600.0, 320.0));
    click(&mut harness, Role::ComboBox, "Speed");
    harness.get_by_role_and_label(Role::Button, "10 / s").click();
    harness.run();
    assert_eq!(open(&harness).view.walk_speed, Some(10.0));
    click(&mut harness, Role::Button, "Play");
    assert_eq!(open(&harness).document.timeline().step(), (0, 6), "it begins again at the end");
    let state = &mut harness.state_mut().state;
    for (now, step) in [(5.0, 0), (5.05, 0), (5.1, 1), (5.15, 1), (5.2, 2), (5.45, 4), (5.5, 5), (5.6, 6)] {
        apply(state, Command::Walk(WalkCommand::Tick { now }));
        assert_eq!(state.active().unwrap().document.timeline().step().0, step, "at {now}");
    }
    assert_eq!(state.active().unwrap().view.playing, None, "the end stops it");
    assert!(!state.active().unwrap().document.is_walking());
    harness.run();
    click(&mut harness, Role::Button, "Play");
    click(&mut harness, Role::Button, "Pause");
    assert_eq!(open(&harness).view.playing, None);
}

#[test]
fn a_long_timeline_shows_the_walked_call() {
    let mut state = bytes("a.bin", b"");
    for n in 0..20_000_u32 {
        // Nobody looks at what is written.
        state.apply(Command::Perform(Operation::Write(n.to_string().as_str().into())));
    }
    let mut harness = harness(state, TimelineView::default(), vec2(500.0, 320.0));
    for step in [1, 9_999, 10_000, 3, 19_998, 19_999] {
        harness.state_mut().state.apply(Command::Walk(WalkCommand::ToStep(step)));
        harness.run();
        let name = format!("call {step}, ");
        let row = harness.root().children_recursive().find(|node| {
            let node = node.accesskit_node();
            node.role() == Role::ListBoxOption && node.label().is_some_and(|label| label.starts_with(&name))
        });
        assert_eq!(row.map(|row| row.accesskit_node().toggled()), Some(Some(Toggled::True)), "call {step} is in sight");
    }
}

fn status_state() -> AppState {
    let mut state = bytes("people.csv", PEOPLE.as_bytes());
    apply(&mut state, Command::Select { anchor: 16, head: 20 });
    state
}

fn status(width: f32, jobs: Vec<JobLine>) -> Harness<'static, Bench> {
    build(status_state(), Pane::Status(jobs), vec2(width, 40.0), egui::Theme::Dark, false)
}

fn job(title: &str, fraction: Option<f32>) -> JobLine {
    (JobId(7), title.into(), fraction, false)
}

#[test]
fn the_status_bar_fits_every_width() {
    let jobs = || vec![job("Exporting a picture with quite a long name.png", Some(0.41)), job("Opening b.csv", None)];
    for (width, all) in [(1600.0, true), (800.0, false), (480.0, false)] {
        let harness = status(width, jobs());
        assert!(says(&harness, "tell() 0x14 (20)"), "the cursor stays at {width}");
        assert!(says(&harness, "41 %") && says(&harness, "1 more"));
        for node in harness.root().children_recursive() {
            let node = node.accesskit_node();
            let right = node.raw_bounds().map_or(0.0, |bounds| bounds.x1);
            assert!(right <= f64::from(width) + 0.5, "{:?} ends at {right} of {width}", node.value());
        }
        if all {
            for part in ["BytesIO", "selection 4 bytes", "overwrite", "CSV table", "UTF-8"] {
                assert!(says(&harness, part), "{part} at {width}");
            }
        }
    }
    let harness = status(800.0, Vec::new());
    assert!(says(&harness, "CSV table") && says(&harness, "selection 4 bytes"));
}

#[test]
fn a_job_is_cancelled_in_the_status_bar() {
    let mut harness = status(1000.0, vec![job("Saving a.bin", Some(0.5))]);
    click(&mut harness, Role::Button, "Cancel Saving a.bin");
    assert_eq!(reports(&mut harness), [format!("{:?}", Command::CancelJob(JobId(7)))]);
}

#[test]
fn a_view_that_nobody_touches_reports_nothing() {
    for state in [bytes("people.csv", PEOPLE.as_bytes()), squares()] {
        let mut harness = harness(state, PreviewView::default(), vec2(500.0, 400.0));
        harness.run();
        assert!(reports(&mut harness).is_empty());
    }
    let rows = (0..5).map(|n| vec![n.to_string(); 3]).collect();
    let table = Preview::Table { table: Arc::new(Table::from_rows(None, rows)), dialect: None };
    let mut harness = harness(with_preview(b"[]", Format::Json, table), PreviewView::default(), vec2(500.0, 400.0));
    assert!(says(&harness, "5 rows × 3 columns") && harness.query_by_label("Delimiter").is_none());
    click(&mut harness, Role::Cell, "row 2 of 5, column 3, 1");
    assert_eq!(reports(&mut harness), [format!("{:?}", Command::View(ViewCommand::TableCell(1, 2)))]);
    assert!(harness.query_by_label("Go to bytes").is_none(), "rows of JSON have no bytes");
}

/// Each pane in both themes, painted in software; with `PANEL_PICTURES=FOLDER` the pictures are kept for the eye.
#[test]
fn the_panes_are_painted_in_both_themes() {
    let folder = std::env::var_os("PANEL_PICTURES").map(std::path::PathBuf::from);
    for theme in [egui::Theme::Dark, egui::Theme::Light] {
        for (name, size, make) in PANES {
            let (state, view) = make();
            let mut harness = build(state, view, *size, theme, true);
            if let Some(call) = harness.query_by_label_contains("call 2, buf.write(b'a") {
                call.click();
            }
            if let Some(picture) = harness.query_by_role(Role::Image) {
                picture.hover();
            }
            harness.run();
            let picture = harness.render().expect("painted in software");
            let colors: std::collections::HashSet<_> = picture.pixels().map(|pixel| pixel.0).collect();
            assert!(colors.len() > 12, "{name} has {} colours", colors.len());
            if let Some(folder) = &folder {
                picture.save(folder.join(format!("{name}-{theme:?}.png"))).unwrap();
            }
        }
    }
}

type Make = fn() -> (AppState, Pane);

const PANES: &[(&str, Vec2, Make)] = &[
    ("stream", Vec2::new(320.0, 420.0), || {
        let mut state = bytes("photo.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
        apply(&mut state, Command::Perform(Operation::Read(Some(8))));
        (state, view(StreamPanel::default()))
    }),
    ("stream-narrow", Vec2::new(240.0, 420.0), || {
        let mut state = bytes("photo.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
        apply(&mut state, Command::Perform(Operation::Seek { offset: -1, whence: Whence::Start }));
        (state, view(StreamPanel::default()))
    }),
    ("stream-tiny", Vec2::new(170.0, 460.0), || (bytes("a.bin", b"abc"), view(StreamPanel::default()))),
    ("hashes", Vec2::new(420.0, 640.0), || {
        let mut state = bytes("a.bin", b"123456789abc");
        apply(&mut state, Command::Select { anchor: 0, head: 9 });
        apply(&mut state, Command::Hash(seektell::app::HashCommand::Calculate));
        (state, view(HashPane::default()))
    }),
    ("structure", Vec2::new(460.0, 420.0), || {
        let mut broken = PHOTO.to_vec();
        broken[30] ^= 1;
        let mut state = with_structure(&broken);
        apply(&mut state, Command::Structure(StructureCommand::Colors(true)));
        apply(&mut state, Command::Structure(StructureCommand::OpenAll(true)));
        apply(&mut state, Command::Perform(Operation::seek(24)));
        (state, view(StructurePane::default()))
    }),
    ("inspector", Vec2::new(340.0, 960.0), || {
        let mut state = bytes("photo.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDRabc");
        apply(&mut state, Command::Perform(Operation::seek(12)));
        (state, view(Inspector::default()))
    }),
    ("inspector-text", Vec2::new(340.0, 260.0), || (text("\u{e9}t\u{e9}"), view(Inspector::default()))),
    ("table", Vec2::new(760.0, 360.0), || {
        let mut state = bytes("people.csv", PEOPLE.as_bytes());
        apply(&mut state, Command::View(ViewCommand::TableCell(3, 2)));
        (state, view(PreviewView::default()))
    }),
    ("table-narrow", Vec2::new(360.0, 360.0), || (bytes("people.csv", PEOPLE.as_bytes()), view(PreviewView::default()))),
    ("picture", Vec2::new(480.0, 440.0), || (squares(), view(PreviewView::default()))),
    ("picture-pixels", Vec2::new(480.0, 440.0), || {
        let mut state = squares();
        apply(&mut state, Command::View(ViewCommand::Picture(Zoom::Scale(16.0), Some([80.0, 80.0]))));
        (state, view(PreviewView::default()))
    }),
    ("broken", Vec2::new(400.0, 240.0), || (bytes("broken.png", b"\x89PNG\r\n\x1a\nbroken"), view(PreviewView::default()))),
    ("timeline", Vec2::new(640.0, 240.0), || {
        let mut state = bytes("a.bin", b"hello world");
        for operation in [
            Operation::Read(Some(5)),
            Operation::Write("XY".into()),
            Operation::Seek { offset: -1, whence: Whence::Start },
            Operation::Truncate(Some(4)),
            Operation::GetValue,
            Operation::seek(400),
        ] {
            apply(&mut state, Command::Perform(operation));
        }
        (state, view(TimelineView::default()))
    }),
    ("timeline-open", Vec2::new(420.0, 260.0), || {
        let mut state = bytes("a.bin", b"hello world");
        for operation in [Operation::Read(Some(5)), Operation::Write("a longer run of words".into()), Operation::Truncate(None)] {
            apply(&mut state, Command::Perform(operation));
        }
        (state, view(TimelineView::default()))
    }),
    ("timeline-walked", Vec2::new(640.0, 320.0), || {
        let mut state = walked();
        apply(&mut state, Command::Walk(WalkCommand::ToStep(2)));
        apply(&mut state, Command::Perform(Operation::Read(Some(2))));
        apply(&mut state, Command::Perform(Operation::Write("!".into())));
        apply(&mut state, Command::Walk(WalkCommand::ToStep(3)));
        (state, view(TimelineView::default()))
    }),
    ("timeline-narrow", Vec2::new(250.0, 300.0), || (walked(), view(TimelineView::default()))),
    ("status", Vec2::new(1200.0, 40.0), || (status_state(), Pane::Status(vec![job("Exporting photo.jpg", Some(0.41))]))),
    ("status-narrow", Vec2::new(800.0, 40.0), || {
        (status_state(), Pane::Status(vec![job("Exporting photo.jpg", Some(0.41)), job("Opening b", None)]))
    }),
];

fn view(view: impl View + 'static) -> Pane {
    Pane::View(Box::new(view))
}

#[test]
fn each_value_of_the_stream_stands_on_one_line() {
    for (end, width) in [(107_374_182_400_u64, 190.0), (107_374_182_400, 400.0), (1024, 190.0), (1 << 31, 120.0)] {
        let mut state = bytes("data", b"x");
        state.apply(Command::Perform(Operation::seek(end - 1)));
        state.apply(Command::Perform(Operation::Write(Data::Bytes(b"y".into()))));
        let mut harness = harness(state, StreamPanel::default(), vec2(width, 500.0));
        harness.run();
        let mut seen = 0;
        for part in ["at the end", "iB", "bytes", "Position", "Size"] {
            let has = |node: &Node<'_>| {
                let node = node.accesskit_node();
                let has = |text: Option<String>| text.is_some_and(|text| text.contains(part));
                has(node.label()) || has(node.value())
            };
            for node in harness.root().children_recursive().filter(has) {
                let rect = node.rect();
                if rect.max.y > 120.0 {
                    continue;
                }
                seen += 1;
                assert!(rect.height() < 24.0, "{part:?} at width {width} takes more than a line: {rect:?}");
                assert!(rect.max.x <= width, "{part:?} at width {width} goes out of the pane: {rect:?}");
            }
        }
        assert!(seen >= 3, "{seen} at width {width}");
    }
}
