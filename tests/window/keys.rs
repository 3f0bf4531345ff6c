//! Giving commands other keys, in the whole window without a display.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use crate::tester::App;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use seektell::app::{Action, Command, Dialog, KeysDialog, Offer, PaneKind, Said, Settings, Shortcut, ThemeChoice};

const CTRL: Modifiers = Modifiers::COMMAND;
const NONE: Modifiers = Modifiers::NONE;

fn dialog(app: &App) -> &KeysDialog {
    match app.state().dialog() {
        Some(Dialog::Shortcuts(dialog)) => dialog,
        other => panic!("the dialog of keys is open, not {other:?}"),
    }
}

fn click(app: &mut App, label: &str) {
    app.0.get_by_label(label).click();
    app.settle();
}

/// Types into what has the keyboard.
fn write(app: &mut App, text: &str) {
    app.0.event(Event::Text(text.to_owned()));
    app.settle();
}

fn opened(theme: ThemeChoice) -> App {
    let mut app = App::new(theme);
    app.send(Command::OpenBytes { name: "data.bin".into(), bytes: (0..=255).collect() });
    app
}

/// The dialog, with one command found.
fn finding(app: &mut App, query: &str) {
    app.press(NONE, Key::F1);
    write(app, query);
    assert_eq!(dialog(app).query, query, "the field to search in has the keyboard");
}

fn shows(app: &App, pane: PaneKind) -> bool {
    app.state().settings().panes.contains(&pane)
}

#[test]
fn a_command_is_found_given_keys_and_answers_to_them() {
    let mut app = opened(ThemeChoice::Dark);
    finding(&mut app, "hashes");
    click(&mut app, "Change the keys of Hashes");
    assert!(app.0.query_by_label("Press the keys for Hashes, or Escape").is_some());
    // Modifiers arrive as keys, too, and often in the same frame.
    for (key, modifiers) in [(Key::ControlLeft, NONE), (Key::ShiftLeft, CTRL)] {
        app.0.event(Event::Key { key, physical_key: Some(key), pressed: true, repeat: false, modifiers });
    }
    app.press(CTRL | Modifiers::SHIFT, Key::K);
    assert_eq!(dialog(&app).recording, None);
    assert_eq!(dialog(&app).said, Said::Done("Hashes has Ctrl+Shift+K".into()));
    app.press(NONE, Key::Escape);
    assert!(app.state().dialog().is_none());
    assert!(!shows(&app, PaneKind::Hashes));
    app.press(CTRL | Modifiers::SHIFT, Key::K);
    assert!(shows(&app, PaneKind::Hashes), "the new keys work");
    // Menus and the palette show them.
    click(&mut app, "View");
    click(&mut app, "Panes");
    let item = app.0.get_by_role_and_label(egui::accesskit::Role::CheckBox, "Hashes");
    assert_eq!(item.accesskit_node().data().keyboard_shortcut(), Some("Ctrl+Shift+K"));
    app.press(NONE, Key::Escape);
    app.press(CTRL | Modifiers::SHIFT, Key::P);
    write(&mut app, "hashes");
    assert!(app.0.query_by_label_contains("Ctrl+Shift+K").is_some());
    app.press(NONE, Key::Escape);
    // They are kept, and nothing but them.
    let kept = Settings::from_json(&app.state().settings().to_json());
    assert_eq!(kept.keys.changed().collect::<Vec<_>>(), [Action::ToggleHashes]);
}

#[test]
fn keys_of_others_are_offered_and_taken_over() {
    let mut app = opened(ThemeChoice::Dark);
    finding(&mut app, "hashes");
    click(&mut app, "Change the keys of Hashes");
    app.press(CTRL, Key::B);
    let ctrl_b = Shortcut::command(seektell::app::Key::B);
    let offer =
        Offer::TakeOver { action: Action::ToggleHashes, shortcuts: vec![ctrl_b], from: vec![(ctrl_b, Action::AddBookmark)] };
    assert_eq!(dialog(&app).offer, Some(offer));
    assert!(app.0.query_by_label_contains("Ctrl+B is “Add a bookmark”").is_some());
    click(&mut app, "Leave it");
    assert_eq!(app.state().settings().keys.changed().count(), 0);
    click(&mut app, "Change the keys of Hashes");
    app.press(CTRL, Key::B);
    // The answer has the keyboard.
    app.press(NONE, Key::Enter);
    assert_eq!(app.state().settings().keys.action(ctrl_b), Some(Action::ToggleHashes));
    assert_eq!(dialog(&app).said, Said::Done("Hashes has Ctrl+B; Add a bookmark has no keys".into()));
    app.press(NONE, Key::Escape);
    app.press(CTRL, Key::B);
    assert!(shows(&app, PaneKind::Hashes) && app.open().document.bookmarks().is_empty());
    // Whoever wants it back is asked the same.
    finding(&mut app, "add a bookmark");
    click(&mut app, "Reset the keys of Add a bookmark");
    assert!(dialog(&app).offer.is_some());
    click(&mut app, "Take it over");
    assert_eq!(app.state().settings().keys.changed().count(), 0);
}

#[test]
fn keys_of_the_views_are_refused_and_escape_ends_it() {
    let mut app = opened(ThemeChoice::Dark);
    finding(&mut app, "hashes");
    click(&mut app, "Change the keys of Hashes");
    for (modifiers, key, why) in [
        (NONE, Key::A, "A types into the document"),
        (NONE, Key::Tab, "Tab belongs to the views"),
        (NONE, Key::Enter, "Enter belongs to the views"),
        (Modifiers::SHIFT, Key::ArrowLeft, "Shift+Left moves the cursor"),
        (NONE, Key::Plus, "Plus types into the document"),
    ] {
        app.press(modifiers, key);
        let said = &dialog(&app).said;
        assert!(matches!(said, Said::Refused(text) if text.starts_with(why)), "{key:?}: {said:?}");
        assert!(dialog(&app).recording.is_some(), "it goes on waiting");
    }
    app.0.event(Event::Copy);
    app.settle();
    assert!(matches!(&dialog(&app).said, Said::Refused(text) if text.starts_with("Ctrl+C is the system's")));
    assert_eq!(app.0.ctx.zoom_factor(), 1.0, "no key goes anywhere else");
    app.press(NONE, Key::Escape);
    assert_eq!((dialog(&app).recording, &dialog(&app).said), (None, &Said::Nothing));
    assert_eq!(app.state().settings().keys.changed().count(), 0);
    // The mouse ends it too, where it goes elsewhere.
    click(&mut app, "Change the keys of Hashes");
    app.0.get_by_label("Find commands").click();
    app.settle();
    assert_eq!(dialog(&app).recording, None);
    app.press(NONE, Key::Escape);
    assert!(app.state().dialog().is_none(), "and the next Escape is the dialog's");
}

#[test]
fn keys_are_added_removed_and_reset() {
    let mut app = opened(ThemeChoice::Dark);
    let texts = |app: &App, action| -> Vec<String> {
        app.state().settings().keys.shortcuts(action).iter().map(|shortcut| shortcut.spelled(false)).collect()
    };
    finding(&mut app, "edit redo");
    assert!(app.0.query_by_label("Reset the keys of Redo").is_none());
    click(&mut app, "Remove Ctrl+Shift+Z from Redo");
    assert_eq!(texts(&app, Action::Redo), ["Ctrl+Y"]);
    click(&mut app, "Add keys to Redo");
    app.press(Modifiers::ALT, Key::Y);
    assert_eq!(texts(&app, Action::Redo), ["Ctrl+Y", "Alt+Y"]);
    click(&mut app, "Change Alt+Y of Redo");
    app.press(NONE, Key::F9);
    assert_eq!(texts(&app, Action::Redo), ["Ctrl+Y", "F9"]);
    click(&mut app, "Add keys to Redo");
    app.press(NONE, Key::F9);
    assert_eq!(dialog(&app).said, Said::Done("Redo has F9 already".into()));
    click(&mut app, "Reset the keys of Redo");
    assert_eq!(texts(&app, Action::Redo), ["Ctrl+Shift+Z", "Ctrl+Y"]);
    // The clipboard's keys cannot be taken away, and others can be added.
    app.press(NONE, Key::Escape);
    finding(&mut app, "cut");
    assert!(app.0.query_by_label("Remove Ctrl+X from Cut").is_none());
    click(&mut app, "Add keys to Cut");
    app.press(NONE, Key::F9);
    click(&mut app, "Changed only");
    assert!(app.0.query_by_label("Change Ctrl+X of Cut").is_some());
    click(&mut app, "Reset all…");
    click(&mut app, "Keep them");
    assert_eq!(texts(&app, Action::Cut), ["Ctrl+X", "F9"]);
    click(&mut app, "Reset all…");
    click(&mut app, "Reset all keys");
    assert_eq!(app.state().settings().keys.changed().count(), 0);
    assert!(app.0.query_by_label("No command has other keys").is_some());
}

#[test]
fn a_field_goes_on_typing() {
    let keys = |text| Shortcut::parse(text, false).unwrap();
    let mut settings = Settings::default();
    settings.keys.set(Action::ToggleHashes, vec![keys("Ctrl+Left"), keys("F9"), keys("Insert")]);
    assert_eq!(settings.keys.shortcuts(Action::ToggleHashes), [keys("F9"), keys("Insert")], "Ctrl+Left is the cursor's");
    let mut app = App::with(settings);
    app.send(Command::OpenBytes { name: "data.bin".into(), bytes: vec![0; 64] });
    app.press(CTRL, Key::F);
    app.press(NONE, Key::Insert);
    assert!(!shows(&app, PaneKind::Hashes), "a field has the keyboard, and Insert is its own");
    app.press(NONE, Key::F9);
    assert!(shows(&app, PaneKind::Hashes));
    app.press(NONE, Key::Escape);
    app.press(NONE, Key::Insert);
    assert!(!shows(&app, PaneKind::Hashes), "now it is not");
}

#[test]
fn a_broken_file_is_told_of() {
    let settings = Settings::from_json(r#"{ "theme": "dark", "keys": { "find": ["Ctrl+Foo"], "fly": [] } }"#);
    let app = App::with(settings);
    let notices = app.state().notices().all();
    assert_eq!(notices.len(), 1);
    assert!(notices[0].text.contains("no key is called Foo") && notices[0].text.contains("no command is called fly"));
}

fn looks(theme: ThemeChoice, name: &str) {
    let mut app = opened(theme);
    finding(&mut app, "find");
    click(&mut app, "Change the keys of Find all");
    app.press(NONE, Key::F9);
    click(&mut app, "Add keys to Replace");
    if theme == ThemeChoice::Dark {
        app.press(CTRL, Key::B);
    }
    app.0.snapshot(name);
}

#[test]
fn an_offer_looks_as_it_should() {
    looks(ThemeChoice::Dark, "keys_dark");
}

#[test]
fn recording_looks_as_it_should() {
    looks(ThemeChoice::Light, "keys_light");
}

#[test]
fn the_list_fits_a_small_window() {
    let mut app = opened(ThemeChoice::Dark);
    app.0.set_size(egui::vec2(520.0, 360.0));
    app.settle();
    app.press(NONE, Key::F1);
    app.0.snapshot("keys_small");
    let left = app.0.get_by_label("Find commands").rect().min.x;
    assert!(left > 0.0, "{left}");
    let close = app.0.query_all_by_label("Close").map(|node| node.rect()).max_by(|a, b| a.max.y.total_cmp(&b.max.y)).unwrap();
    let all = app.0.get_by_label("Reset all…").rect();
    assert!(close.max.y <= 360.0 && all.max.x <= 520.0, "{close} {all}");
}
