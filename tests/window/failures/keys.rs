//! Any keys in any order, in the whole window, on documents where every position is an edge.

use egui::{Event, Key, Modifiers};
use fastrand::Rng;
use seektell::app::{Action, Command, Dialog, ThemeChoice};
use seektell::document::{Operation, StreamKind};

use super::content;
use crate::tester::App;

/// Keys that do something somewhere; letters and digits come as text, too.
const KEYS: [Key; 37] = [
    Key::Backspace,
    Key::Delete,
    Key::Enter,
    Key::Escape,
    Key::Tab,
    Key::Insert,
    Key::Home,
    Key::End,
    Key::PageUp,
    Key::PageDown,
    Key::ArrowLeft,
    Key::ArrowRight,
    Key::ArrowUp,
    Key::ArrowDown,
    Key::Space,
    Key::A,
    Key::B,
    Key::C,
    Key::D,
    Key::E,
    Key::F,
    Key::G,
    Key::H,
    Key::L,
    Key::R,
    Key::T,
    Key::V,
    Key::X,
    Key::Z,
    Key::F3,
    Key::F5,
    Key::F6,
    Key::OpenBracket,
    Key::CloseBracket,
    Key::Num1,
    Key::Num7,
    Key::Minus,
];

const MODIFIERS: [Modifiers; 6] =
    [Modifiers::NONE, Modifiers::NONE, Modifiers::SHIFT, Modifiers::COMMAND, Modifiers::ALT, Modifiers::NONE];

fn random_event(app: &mut App, random: &mut Rng) {
    match random.u8(..10) {
        0..=5 => {
            let mut modifiers = MODIFIERS[random.usize(..MODIFIERS.len())];
            if modifiers.command && random.u8(..4) == 0 {
                modifiers |= Modifiers::SHIFT;
            }
            let key = KEYS[random.usize(..KEYS.len())];
            app.0.key_press_modifiers(modifiers, key);
            if modifiers.is_none() && key.name().len() == 1 {
                app.0.event(Event::Text(key.name().to_lowercase()));
            }
        }
        6 | 7 => app.0.event(Event::Text(["4", "f", "x", "00", "é", "(", " "][random.usize(..7)].into())),
        8 => app.0.event(Event::Paste(["41 42", "text", "€", "", "0x", "end-1"][random.usize(..6)].into())),
        _ => app.0.event([Event::Copy, Event::Cut][random.usize(..2)].clone()),
    }
}

/// What must be true whatever was pressed.
fn check(app: &App, what: &str) {
    for open in app.state().documents() {
        let document = &open.document;
        let size = document.size();
        assert!(document.selection().is_none_or(|one| one.end() <= size), "{what}: {:?} of {size}", document.selection());
        assert!(size < 1 << 20, "{what}: {size}");
        if document.kind() == StreamKind::Bytes {
            assert_eq!(document.snapshot().to_vec_all().unwrap().len() as u64, size, "{what}");
        }
    }
}

#[test]
fn random_keys_on_nothing_one_byte_and_one_character_break_nothing() {
    for (kind, start) in [("bytes", ""), ("bytes", "x"), ("text", ""), ("text", "é")] {
        for seed in 0..2 {
            let mut random = Rng::with_seed(seed);
            let mut app = App::new(ThemeChoice::Dark);
            if kind == "text" {
                app.send(Command::Do(Action::NewText));
                app.send(Command::Perform(Operation::Write(start.into())));
                app.send(Command::Perform(Operation::seek(0)));
            } else {
                app.send(Command::OpenBytes { name: "data.bin".into(), bytes: start.into() });
            }
            let id = app.open().document.id();
            for n in 0..45 {
                random_event(&mut app, &mut random);
                app.0.step();
                check(&app, &format!("{kind} {start:?}, seed {seed}, event {n}"));
            }
            app.settle();
            // Whatever is open is left, and everything is taken back.
            let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
            while app.state().dialog().is_some() || app.state().is_asking() {
                assert!(std::time::Instant::now() < end, "nobody gets out of {:?}", app.state().dialog());
                app.press(Modifiers::NONE, Key::Escape);
            }
            if app.state().document(id).is_none() {
                continue;
            }
            app.send(Command::Activate(id));
            while Action::Undo.enabled(app.state()) {
                app.decide(Command::Do(Action::Undo));
            }
            // A new text was empty before its character was written.
            let first = if kind == "text" { "" } else { start };
            assert_eq!(content(&app), first.as_bytes(), "{kind} {start:?}, seed {seed}");
            app.settle();
        }
    }
}

#[test]
fn the_smallest_edits_at_the_edges_do_nothing_or_what_they_say() {
    for start in [&b""[..], b"x"] {
        let mut app = App::new(ThemeChoice::Dark);
        app.send(Command::OpenBytes { name: "data.bin".into(), bytes: start.to_vec() });
        let size = start.len() as u64;
        // Backspace in front of everything, Delete behind it.
        app.press(Modifiers::COMMAND, Key::Home);
        app.press(Modifiers::NONE, Key::Backspace);
        app.press(Modifiers::COMMAND, Key::End);
        app.press(Modifiers::NONE, Key::Delete);
        assert_eq!((content(&app).as_slice(), app.open().document.position()), (start, size));
        for key in [Key::ArrowLeft, Key::ArrowRight, Key::ArrowUp, Key::ArrowDown, Key::PageUp, Key::PageDown, Key::Home] {
            for modifiers in [Modifiers::NONE, Modifiers::SHIFT, Modifiers::COMMAND] {
                app.0.key_press_modifiers(modifiers, key);
                app.0.step();
                assert!(app.open().document.position() <= size, "{key:?}");
            }
        }
        // Enter in an empty find bar, and in one whose needle is longer than everything.
        app.press(Modifiers::COMMAND, Key::F);
        for _ in 0..2 {
            app.press(Modifiers::NONE, Key::Enter);
            app.press(Modifiers::SHIFT, Key::Enter);
            app.0.event(Event::Text("longer than the document".into()));
            app.settle();
        }
        app.press(Modifiers::NONE, Key::Escape);
        app.press(Modifiers::NONE, Key::F3);
        app.press(Modifiers::SHIFT, Key::F3);
        assert_eq!(content(&app), start);
        // Every action there is, without an answer to what it asks.
        for action in Action::all().filter(|action| !matches!(action, Action::Quit | Action::CloseDocument)) {
            if action.enabled(app.state()) {
                app.decide(Command::Do(action));
                app.0.step();
                if !matches!(app.state().dialog(), None | Some(Dialog::Unsaved { .. })) {
                    app.0.key_press(Key::Enter);
                    app.0.step();
                }
                app.decide(Command::Dialog(seektell::app::DialogCommand::Cancel));
                check(&app, &format!("{action:?} on {size} bytes"));
            }
        }
        app.settle();
    }
}
