//! The whole window without a display: real files, real jobs, scripted file dialogs.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::tester::App;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use egui_kittest::{SnapshotOptions, SnapshotResults};
use seektell::app::{Action, Answer, Command, Dialog, DialogCommand, PreviewState, ThemeChoice, ViewCommand, WalkCommand};
use seektell::document::Operation;

const CTRL: Modifiers = Modifiers::COMMAND;

impl App {
    fn click_byte(&mut self, offset: u64) {
        let cell = self.window().hex_geometry().unwrap().cell(offset).unwrap();
        self.click(cell.center());
    }

    fn click_first(&mut self, label: &str) {
        // A menu and a pane may have the same name; the menu comes first.
        self.0.get_all_by_label(label).next().unwrap().click();
        self.settle();
        self.0.event(Event::PointerGone);
        self.settle();
    }

    fn drop_files(&mut self, paths: &[PathBuf]) {
        for path in paths {
            self.0.input_mut().dropped_files.push(Arc::new(Dropped(path.clone())));
        }
        self.settle();
    }
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("the path is enough".into())
    }
}

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/samples").join(name)
}

/// Samples in a folder of their own, since tests write beside them.
fn copies(names: &[&str]) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let copy = |name: &&str| {
        let path = folder.path().join(name);
        std::fs::copy(sample(name), &path).unwrap();
        path
    };
    let paths = names.iter().map(copy).collect();
    (folder, paths)
}

fn is_ready(app: &App) -> bool {
    matches!(app.state().active().unwrap().preview, PreviewState::Ready { .. })
}

#[test]
fn the_main_job_by_mouse() {
    let (folder, paths) = copies(&["photo.png", "people.csv"]);
    let (jpeg, json) = (folder.path().join("result.jpg"), folder.path().join("result.json"));
    let answers = [Answer::Save(jpeg.clone()), Answer::Save(json.clone())];
    let mut app = App::answering(ThemeChoice::Dark, answers);
    app.drop_files(&paths);
    assert_eq!(app.state().documents().len(), 2);
    assert_eq!(app.document().name(), "photo.png");
    assert!(is_ready(&app), "the picture is shown");
    let original = app.content();

    app.click_byte(16);
    assert_eq!(app.document().position(), 16, "a click is a seek");
    assert_eq!(app.document().timeline().current().unwrap().call(), "buf.seek(16)");
    app.type_text("fF");
    assert_eq!((app.content()[16], app.document().position()), (0xFF, 17), "two digits are a write");
    app.press(CTRL, Key::Z);
    assert_eq!(app.content(), original);
    app.press(CTRL | Modifiers::SHIFT, Key::Delete);
    assert_eq!(app.document().size(), 16, "truncate cuts at the cursor");
    app.press(CTRL, Key::Z);
    assert_eq!(app.content(), original);

    app.click_first("Convert");
    app.click_first("JPEG image…");
    assert!(matches!(app.state().dialog(), Some(Dialog::Export(_))));
    app.click_first("Save as…");
    let picture = image::open(&jpeg).unwrap();
    assert_eq!((picture.width(), picture.height()), (320, 200));

    app.click_first("people.csv");
    assert!(is_ready(&app), "the table is shown");
    app.click_first("Convert");
    app.click_first("JSON…");
    app.click_first("Save as…");
    let json: serde_json::Value = serde_json::from_slice(&std::fs::read(&json).unwrap()).unwrap();
    assert_eq!(json[0]["id"], "0001", "text is never retyped");
    assert!(app.state().modified().is_empty());
}

#[test]
fn the_main_job_by_keyboard() {
    let (folder, paths) = copies(&["photo.png", "people.csv"]);
    let json = folder.path().join("by-keys");
    let answers = [Answer::Open(paths.clone()), Answer::Save(json.clone())];
    let mut app = App::answering(ThemeChoice::Dark, answers);
    app.press(CTRL, Key::O);
    assert_eq!(app.state().documents().len(), 2);
    app.press(CTRL, Key::PageDown);
    assert_eq!(app.document().name(), "people.csv");
    let original = app.content();
    app.press(CTRL, Key::G);
    app.type_text("0x10");
    app.press(Modifiers::NONE, Key::Enter);
    assert_eq!(app.document().position(), 16);
    app.type_text("41");
    assert_eq!(app.content()[16], 0x41);
    app.press(Modifiers::NONE, Key::Tab);
    app.type_text("zz");
    assert_eq!(&app.content()[16..19], b"Azz");
    app.press(Modifiers::SHIFT, Key::ArrowLeft);
    assert_eq!(app.document().selection().unwrap().len(), 1);
    app.press(Modifiers::NONE, Key::Delete);
    assert_eq!(app.document().size() as usize, original.len() - 1);
    for _ in 0..3 {
        app.press(CTRL, Key::Z);
    }
    assert_eq!(app.content(), original);
    assert!(!app.document().is_modified());
    // The palette finds the export, Enter opens its dialog, Tab and Enter go through it.
    app.press(CTRL | Modifiers::SHIFT, Key::P);
    app.type_text("json lin");
    app.press(Modifiers::NONE, Key::Enter);
    assert!(matches!(app.state().dialog(), Some(Dialog::Export(_))), "{:?}", app.state().dialog());
    for _ in 0..30 {
        if app.0.get_by_label("Save as…").is_focused() {
            break;
        }
        app.press(Modifiers::NONE, Key::Tab);
    }
    app.press(Modifiers::NONE, Key::Enter);
    let lines = std::fs::read_to_string(json.with_extension("jsonl")).unwrap();
    assert!(lines.starts_with("{\"id\":\"0001\"") || lines.starts_with("{\"id\": \"0001\""), "{lines}");
}

#[test]
fn unsaved_changes_ask_and_all_three_answers_work() {
    let (_folder, paths) = copies(&["notes.txt"]);
    let mut app = App::answering(ThemeChoice::Dark, []);
    app.send(Command::OpenPaths(paths.clone()));
    let original = app.content();
    app.type_text("41");
    app.press(CTRL, Key::W);
    assert!(matches!(app.state().dialog(), Some(Dialog::Unsaved { .. })));
    app.click_first("Cancel");
    assert_eq!(app.state().documents().len(), 1);
    app.press(CTRL, Key::W);
    app.press(Modifiers::NONE, Key::Escape);
    assert!(app.state().dialog().is_none(), "Escape is Cancel");
    app.press(CTRL, Key::W);
    app.press(Modifiers::NONE, Key::Enter);
    assert!(app.state().documents().is_empty(), "Enter saves, and then it closes");
    assert_eq!(std::fs::read(&paths[0]).unwrap()[0], b'A');
    app.send(Command::OpenPaths(paths.clone()));
    app.type_text("42");
    app.press(CTRL, Key::W);
    app.click_first("Don't save");
    assert!(app.state().documents().is_empty());
    assert_eq!(std::fs::read(&paths[0]).unwrap()[1..], original[1..]);
}

#[test]
fn a_file_that_changed_on_disk_is_not_overwritten_unasked() {
    let (_folder, paths) = copies(&["notes.txt"]);
    let mut app = App::answering(ThemeChoice::Dark, []);
    app.send(Command::OpenPaths(paths.clone()));
    app.type_text("41");
    std::fs::write(&paths[0], "somebody else was here").unwrap();
    app.press(CTRL, Key::S);
    assert!(matches!(app.state().dialog(), Some(Dialog::ChangedOnDisk { .. })), "{:?}", app.state().notices().all());
    assert_eq!(std::fs::read(&paths[0]).unwrap(), b"somebody else was here");
    app.click_first("Replace it");
    assert_eq!(std::fs::read(&paths[0]).unwrap(), app.content());
    assert!(!app.document().is_modified());
}

#[test]
fn with_no_dialog_service_paths_are_typed_and_existing_files_asked_about() {
    let (folder, paths) = copies(&["notes.txt"]);
    let mut app = App::answering(
        ThemeChoice::Dark,
        [Answer::Unavailable("No dialogs here".into()), Answer::Unavailable("No dialogs here".into())],
    );
    app.press(CTRL, Key::O);
    assert!(matches!(app.state().dialog(), Some(Dialog::TypedPath { .. })));
    app.type_text(&paths[0].display().to_string());
    app.click_first("Open");
    assert_eq!(app.document().name(), "notes.txt");
    let other = folder.path().join("other.txt");
    std::fs::write(&other, "old").unwrap();
    app.press(CTRL | Modifiers::SHIFT, Key::S);
    // The dialog begins in the folder of the last file.
    app.type_text("other.txt");
    app.click_first("Save");
    assert!(matches!(app.state().dialog(), Some(Dialog::Overwrite { .. })), "{:?}", app.state().dialog());
    assert_eq!(std::fs::read(&other).unwrap(), b"old");
    app.click_first("Replace");
    assert_eq!(std::fs::read(&other).unwrap(), app.content());
}

#[test]
fn a_path_that_leads_nowhere_is_named_while_it_is_typed() {
    let (folder, paths) = copies(&["notes.txt"]);
    let unavailable = || Answer::Unavailable("No dialogs here".into());
    let mut app = App::answering(ThemeChoice::Dark, [unavailable(), unavailable(), unavailable()]);
    app.press(CTRL, Key::O);
    app.type_text(&folder.path().join("nothing.txt").display().to_string());
    assert!(
        matches!(app.state().dialog(), Some(Dialog::TypedPath { error: Some(error), .. }) if error.contains("There is no file"))
    );
    app.press(Modifiers::NONE, Key::Enter);
    assert!(app.state().dialog().is_some(), "nothing is opened that is not there");
    app.send(Command::Dialog(DialogCommand::Text(paths[0].display().to_string())));
    app.click_first("Open");
    app.press(CTRL | Modifiers::SHIFT, Key::S);
    let Some(Dialog::TypedPath { text, title, .. }) = app.state().dialog() else { panic!() };
    assert_eq!((text.as_str(), title.as_str()), (&*paths[0].display().to_string(), "Save notes.txt"));
    // The name is selected; a whole path behind the folder counts for itself.
    app.type_text(&folder.path().join("no/where.txt").display().to_string());
    assert!(
        matches!(app.state().dialog(), Some(Dialog::TypedPath { error: Some(error), .. }) if error.contains("There is no folder"))
    );
    app.send(Command::Dialog(DialogCommand::Cancel));
    app.press(CTRL | Modifiers::SHIFT, Key::S);
    let other = folder.path().join("other.txt");
    app.type_text(&other.display().to_string());
    app.click_first("Save");
    assert_eq!(std::fs::read(&other).unwrap(), app.content());
    assert_eq!(app.state().settings().folder.as_deref(), Some(folder.path()));
}

#[test]
fn pasting_makes_a_document_and_then_goes_into_it() {
    let mut app = App::answering(ThemeChoice::Dark, []);
    app.0.event(Event::Paste("hello".into()));
    app.settle();
    assert_eq!(app.content(), b"hello");
    app.press(CTRL, Key::A);
    app.0.event(Event::Copy);
    app.settle();
    app.press(CTRL, Key::End);
    app.0.event(Event::Paste("68656C6C6F".into()));
    app.settle();
    assert_eq!(app.content(), b"hellohello");
    let image = egui::ColorImage::filled([3, 2], egui::Color32::TRANSPARENT);
    app.0.event(Event::PasteImage(Arc::new(image)));
    app.settle();
    assert!(app.document().name().ends_with(".png"));
    assert!(app.content().starts_with(b"\x89PNG"));
}

#[test]
fn a_window_at_rest_draws_nothing() {
    let mut app = App::answering(ThemeChoice::Dark, []);
    app.send(Command::OpenPaths(vec![sample("photo.png"), sample("people.csv")]));
    app.type_text("41");
    app.settle();
    app.0.run_steps(4);
    let delay = app.0.output().viewport_output.values().map(|viewport| viewport.repaint_delay).min().unwrap();
    assert!(delay > Duration::from_secs(60), "a window at rest asks for a frame in {delay:?}");
}

#[test]
fn hovering_files_say_what_will_happen() {
    let mut app = App::answering(ThemeChoice::Dark, []);
    for name in ["photo.png", "people.csv"] {
        app.0.input_mut().hovered_files.push(egui::HoveredFile { path: Some(sample(name)), ..Default::default() });
    }
    app.0.run_steps(2);
    let image = app.0.render().unwrap();
    app.0.input_mut().hovered_files.clear();
    app.0.run_steps(2);
    assert_ne!(image, app.0.render().unwrap(), "the overlay comes and goes");
}

#[test]
fn thousands_of_documents_stay_quick() {
    let mut app = App::answering(ThemeChoice::Dark, []);
    let ctx = app.0.ctx.clone();
    let window = &mut app.0.state_mut().window;
    for i in 0..2_000 {
        window.send(&ctx, [Command::OpenBytes { name: format!("document {i}"), bytes: vec![0; 16] }]);
    }
    app.settle();
    let begin = Instant::now();
    app.0.run_steps(5);
    // Five frames in a debug build; with a widget a document it would be a hundred times that.
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
    app.act(Action::NextDocument);
    assert_eq!(app.document().name(), "document 0", "from the last on to the first");
}

#[test]
fn tiny_windows_and_odd_scales_do_not_break() {
    let mut app = App::answering(ThemeChoice::Dark, []);
    app.send(Command::OpenPaths(vec![sample("photo.png"), sample("people.csv")]));
    for size in [[1.0, 1.0], [0.0, 0.0], [60.0, 900.0], [900.0, 60.0], [480.0, 320.0]] {
        app.0.set_size(size.into());
        app.0.run_steps(2);
    }
    for scale in [0.7, 1.5, 2.0] {
        app.0.set_pixels_per_point(scale);
        app.0.run_steps(2);
    }
}

#[test]
fn f6_visits_every_pane() {
    let mut app = App::answering(ThemeChoice::Dark, []);
    app.send(Command::OpenPaths(vec![sample("people.csv")]));
    app.press(Modifiers::NONE, Key::F6);
    app.press(Modifiers::NONE, Key::F6);
    assert!(app.0.get_by_label("Statement").is_focused());
    for pane in ["Timeline", "Stream", "Preview", "Wrappers", "Inspector"] {
        app.press(Modifiers::NONE, Key::F6);
        assert!(app.0.get_by_label(&format!("{pane} pane")).is_focused(), "{pane}");
    }
    app.press(Modifiers::NONE, Key::F6);
    app.type_text("41");
    assert_eq!(app.content()[0], 0x41, "the bytes have the keyboard again");
}

#[test]
fn every_dialog_opens_and_escape_closes_it() {
    let mut app = App::answering(ThemeChoice::Dark, []);
    app.send(Command::OpenPaths(vec![sample("people.csv")]));
    for action in [
        Action::GoTo,
        Action::GoToRow,
        Action::SelectRange,
        Action::ExtendSelection,
        Action::FillBytes,
        Action::InsertBytes,
        Action::ChangeBytes,
        Action::Resize,
        Action::Export,
        Action::Palette,
        Action::Notices,
        Action::Shortcuts,
        Action::About,
    ] {
        app.act(action);
        assert!(app.state().dialog().is_some(), "{action:?}");
        app.press(Modifiers::NONE, Key::Escape);
        assert!(app.state().dialog().is_none(), "{action:?}");
    }
}

#[test]
fn every_menu_opens_and_lists_its_actions() {
    // High enough for the longest menu: what is scrolled out cannot be clicked.
    let mut app = App::sized(ThemeChoice::Dark, [1280.0, 1400.0]);
    let mut missing: Vec<Action> = Action::all().collect();
    // A menu within a menu is greyed out where nothing in it makes sense: a table has no zoom, a picture no rows, and not
    // each is transparent or moves.
    for file in ["people.csv", "photo.png", "alpha.png", "animation.gif"] {
        app.send(Command::OpenPaths(vec![sample(file)]));
        app.send(Command::Select { anchor: 0, head: 8 });
        if file == "people.csv" {
            app.send(Command::View(ViewCommand::TableCell(0, 0)));
        }
        for menu in seektell::app::Menu::ALL {
            if let Some(parent) = menu.parent() {
                app.click_first(parent.label());
            }
            app.click_first(menu.label());
            let mut opened = None;
            for action in Action::all().filter(|action| action.menu() == menu) {
                // Some groups stand in a menu of their own, and so do the ways of copying.
                let inner = if action == Action::CopyAs { Some("Copy as") } else { Action::submenu(menu, action.group()) };
                let group = Action::all().filter(|other| (other.menu(), other.group()) == (menu, action.group()));
                let greyed = action != Action::CopyAs && !group.into_iter().any(|other| other.enabled(app.window().state()));
                if let Some(inner) = inner.filter(|inner| !greyed && opened.replace(*inner) != Some(inner)) {
                    app.click_first(inner);
                }
                if app.0.query_all_by_label_contains(action.label()).next().is_some() {
                    missing.retain(|other| *other != action);
                }
            }
            app.press(Modifiers::NONE, Key::Escape);
        }
    }
    assert!(missing.is_empty(), "in no menu: {:?}", missing.iter().map(|action| action.label()).collect::<Vec<_>>());
}

#[test]
fn the_programs_own_words_are_in_the_bundled_fonts() {
    let mut app = App::strict(ThemeChoice::Dark);
    for menu in seektell::app::Menu::ALL {
        if let Some(parent) = menu.parent() {
            app.click_first(parent.label());
        }
        app.click_first(menu.label());
        if let Some(group) = Action::submenu(menu, 2) {
            app.click_first(group);
        }
        app.press(Modifiers::NONE, Key::Escape);
    }
    for action in [Action::Palette, Action::Notices, Action::Shortcuts, Action::About] {
        app.act(action);
        app.press(Modifiers::NONE, Key::Escape);
    }
    app.act(Action::NewBytes);
    for action in [Action::GoTo, Action::SelectRange, Action::InsertBytes, Action::Resize, Action::Export] {
        app.act(action);
        app.press(Modifiers::NONE, Key::Escape);
    }
    app.act(Action::NewText);
}

#[test]
fn streams_past_their_end_show_the_gap() {
    let mut app = App::answering(ThemeChoice::Dark, []);
    app.send(Command::OpenBytes { name: "short.bin".into(), bytes: b"0123456789".to_vec() });
    app.send(Command::Perform(Operation::seek(40)));
    assert_eq!((app.document().position(), app.document().size()), (40, 10));
    app.type_text("41");
    assert_eq!(app.document().size(), 41);
    assert!(app.content()[10..40].iter().all(|&byte| byte == 0), "as in Python, the gap is zeros");
}

#[test]
fn a_walk_is_told_in_the_views_and_ends_there() {
    let mut app = App::answering(ThemeChoice::Dark, []);
    app.send(Command::OpenBytes { name: "a.txt".into(), bytes: b"one two three".to_vec() });
    for operation in [Operation::Read(Some(4)), Operation::Write("TWO".into()), Operation::Truncate(Some(9))] {
        app.send(Command::Perform(operation));
    }
    assert_eq!(app.0.query_all_by_label("Return to the latest").count(), 0);
    app.press(Modifiers::ALT, Key::ArrowLeft);
    app.press(Modifiers::ALT, Key::ArrowLeft);
    assert_eq!((app.content().as_slice(), app.document().position()), (&b"one two three"[..], 4));
    assert_eq!(app.0.get_all_by_label("Showing step 1 of 3").count(), 2, "over the bytes and over the text");
    app.press(Modifiers::ALT, Key::ArrowRight);
    assert_eq!(app.content(), b"one TWO three");
    app.press(Modifiers::ALT | Modifiers::SHIFT, Key::ArrowLeft);
    assert_eq!(app.document().timeline().step(), (0, 3));
    app.click_first("Return to the latest");
    assert!(!app.document().is_walking());
    assert_eq!(app.content(), b"one TWO t");
    // A click on a byte of an earlier step goes on from there.
    app.press(Modifiers::ALT, Key::ArrowLeft);
    app.click_byte(12);
    assert!(!app.document().is_walking());
    assert_eq!((app.content().as_slice(), app.document().position()), (&b"one TWO three"[..], 12));
    app.press(CTRL, Key::Z);
    assert_eq!(app.content(), b"one TWO t", "and undo leads back");
}

#[test]
fn a_walk_that_plays_wakes_the_window_for_its_steps_only() {
    let mut app = App::answering(ThemeChoice::Dark, []);
    app.send(Command::OpenBytes { name: "a.txt".into(), bytes: b"one two three".to_vec() });
    for n in 0..40 {
        app.send(Command::Perform(Operation::Read(Some(n % 3))));
    }
    app.send(Command::Walk(WalkCommand::Speed(0.5)));
    app.act(Action::WalkPlay);
    let delay = |app: &App| app.0.output().viewport_output.values().map(|viewport| viewport.repaint_delay).min().unwrap();
    // Once everything else has settled the window sleeps until the next step.
    let sleeps: Vec<Duration> = (0..20)
        .map(|_| {
            app.0.run_steps(1);
            delay(&app)
        })
        .collect();
    let limits = Duration::from_millis(1)..=Duration::from_secs(2);
    assert!(sleeps[8..].iter().all(|sleep| limits.contains(sleep)), "{sleeps:?}");
    app.0.run_steps(80);
    let (step, _) = app.document().timeline().step();
    assert!((5..40).contains(&step), "{step}");
    app.press(Modifiers::ALT, Key::P);
    app.0.run_steps(4);
    assert!(delay(&app) > Duration::from_secs(60), "nothing is drawn once it stands");
}

/// Pictures of the whole window, painted in software: the same pixels on every machine. `UPDATE_SNAPSHOTS=1` renews them.
#[test]
fn the_window_looks_as_it_did() {
    let mut results = SnapshotResults::new();
    for (theme, name) in [(ThemeChoice::Dark, "window_dark"), (ThemeChoice::Light, "window_light")] {
        let mut app = App::new(theme);
        app.send(Command::OpenPaths(vec![sample("photo.png"), sample("people.csv")]));
        app.send(Command::Perform(Operation::seek(1)));
        app.send(Command::Perform(Operation::Read(Some(3))));
        if theme == ThemeChoice::Light {
            app.press(CTRL, Key::PageDown);
        }
        app.0.snapshot(name);
        results.extend_harness(&mut app.0);
    }
    let mut app = App::sized(ThemeChoice::Dark, [900.0, 600.0]);
    app.0.snapshot("start_page");
    app.act(Action::NewText);
    app.type_text("two words");
    app.0.snapshot("text_document");
    results.extend_harness(&mut app.0);
    for (theme, name) in [(ThemeChoice::Dark, "walking_dark"), (ThemeChoice::Light, "walking_light")] {
        let mut app = App::new(theme);
        app.send(Command::OpenBytes { name: "notes.txt".into(), bytes: b"one two three\nfour five six\n".to_vec() });
        for operation in [Operation::ReadLine(None), Operation::Write("FOUR".into()), Operation::Truncate(Some(22))] {
            app.send(Command::Perform(operation));
        }
        app.press(Modifiers::ALT | Modifiers::SHIFT, Key::ArrowLeft);
        app.press(Modifiers::ALT, Key::ArrowRight);
        app.send(Command::Perform(Operation::Insert { at: 4, data: "and ".into() }));
        app.send(Command::Perform(Operation::Read(Some(6))));
        app.press(Modifiers::ALT, Key::ArrowLeft);
        app.0.snapshot(name);
        results.extend_harness(&mut app.0);
    }
}

/// The README's picture is made here too, so that it shows what the program shows.
#[test]
fn the_picture_in_the_readme_is_true() {
    let mut app = App::new(ThemeChoice::Dark);
    app.send(Command::OpenPaths(vec![sample("photo.png"), sample("people.csv")]));
    app.send(Command::Perform(Operation::seek(1)));
    app.send(Command::Perform(Operation::Read(Some(3))));
    app.send(Command::Perform(Operation::seek(16)));
    app.send(Command::Perform(Operation::Read(Some(8))));
    app.0.snapshot_options("screenshot", &SnapshotOptions::new().output_path("assets"));
}

#[test]
fn alt_with_a_letter_is_a_command_in_a_text_field_too() {
    let mut app = App::answering(ThemeChoice::Dark, []);
    app.send(Command::OpenBytes { name: "a.bin".into(), bytes: b"0123456789".to_vec() });
    app.act(Action::Find);
    app.type_text("23");
    let field = |app: &App| app.0.query_all_by_value("23").count();
    let shown = field(&app);
    assert!(shown > 0);
    let before = app.state().settings().panes.len();
    app.0.key_press_modifiers(Modifiers::ALT, Key::O);
    app.0.event_modifiers(Event::Text("o".into()), Modifiers::ALT);
    app.settle();
    assert_eq!((app.state().settings().panes.len(), field(&app)), (before + 1, shown), "the overview, and no letter");
}
