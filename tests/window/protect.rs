//! The lock of a protected document in the whole window, without a display.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use crate::tester::App;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use seektell::app::{Action, Command, ThemeChoice};

#[test]
fn a_lock_in_the_tab_and_a_word_in_the_status_bar_tell_of_protection() {
    let mut app = App::new(ThemeChoice::Dark);
    app.send(Command::OpenBytes { name: "other.bin".into(), bytes: b"open to changes".to_vec() });
    app.send(Command::OpenBytes { name: "firmware.bin".into(), bytes: (0..=255).collect() });
    app.send(Command::MoveCursor { to: 0, extend: false });
    app.send(Command::Do(Action::Protect));
    app.0.get_by_label("firmware.bin, modified, protected against changes");
    app.0.get_by_label("protected");
    app.press(Modifiers::NONE, Key::Delete);
    assert_eq!(app.open().document.size(), 256);
    app.0.snapshot("protected_dark");
    app.send(Command::Do(Action::Protect));
    assert!(app.0.query_by_label("protected").is_none());
    app.press(Modifiers::NONE, Key::Delete);
    assert_eq!(app.open().document.size(), 255);
}
