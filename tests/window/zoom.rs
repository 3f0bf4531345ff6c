//! The zoom of the whole window by its keys, without a display.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use crate::tester::App;
use egui::{Key, Modifiers};
use seektell::app::{Command, ThemeChoice};

#[test]
fn the_keys_zoom_the_window_once_each_and_leave_the_bytes_size_alone() {
    let mut app = App::new(ThemeChoice::Dark);
    app.send(Command::OpenBytes { name: "data.bin".into(), bytes: vec![7; 100] });
    let font = app.state().settings().hex.clone();
    for (key, zoom) in
        [(Key::Plus, 1.1), (Key::Equals, 1.2), (Key::Minus, 1.1), (Key::Plus, 1.2), (Key::Num0, 1.0), (Key::Minus, 0.9)]
    {
        app.press(Modifiers::COMMAND, key);
        assert_eq!((app.0.ctx.zoom_factor(), app.state().settings().zoom), (zoom, zoom), "{key:?}");
    }
    assert_eq!((app.state().settings().hex.clone(), app.open().document.size()), (font, 100));
}
