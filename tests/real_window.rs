//! The real program in a real window, driven by real key presses, on an X server of its own that needs no screen.
//!
//! Needs `Xvfb` and `xdotool` and the libraries of a window (OpenGL in software is enough). Where something is missing the
//! test says what, and passes. Nothing here depends on how fast the machine is: every wait polls until the deadline.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]
#![cfg(target_os = "linux")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use window_kit::{DEADLINE, Display, POLL, Process, missing, program, rest, wait_for};

mod window_kit;

/// The program with its window on a display.
struct Session<'a> {
    display: &'a Display,
    program: Process,
    window: String,
}

impl<'a> Session<'a> {
    /// Starts the program with files and waits for its window. `Err` says why this machine cannot show one.
    fn start(display: &'a Display, home: &Path, files: &[&Path]) -> Result<Self, String> {
        let log = home.join("standard error");
        let errors = fs::File::create(&log).expect("the folder can be written");
        let program = program(display, home).args(files).stderr(errors).spawn();
        let mut program = program.map(Process).expect("the program starts");
        let window = wait_for("a window", || {
            if let Some(status) = program.ended() {
                let said = fs::read_to_string(&log).unwrap_or_default();
                // Without libraries the program describes its files instead, which is a success.
                assert!(status.success(), "the program ended with {status}: {said}");
                return Some(Err(said));
            }
            display.xdotool(&["search", "--onlyvisible", "--name", "Seektell$"]).filter(|id| !id.is_empty()).map(Ok)
        })?;
        let session = Self { display, program, window };
        session.rest();
        display.xdotool(&["windowfocus", "--sync", &session.window]).expect("the window takes the focus");
        session.rest();
        Ok(session)
    }

    fn rest(&self) {
        rest(&self.program, self.display);
    }

    /// Presses a key, in the words of `xdotool`, and waits for what it does.
    fn press(&self, key: &str) {
        self.display.xdotool(&["key", key]).expect("a key is pressed");
        self.rest();
    }

    fn write(&self, text: &str) {
        self.display.xdotool(&["type", text]).expect("text is typed");
        self.rest();
    }

    fn wait_for_title(&self, title: &str) {
        let mut last = None;
        let start = Instant::now();
        while last.as_deref() != Some(title) {
            assert!(start.elapsed() < DEADLINE, "the title is {last:?}, not {title:?}");
            std::thread::sleep(POLL);
            last = self.display.xdotool(&["getwindowname", &self.window]);
        }
    }

    fn assert_is_open(&mut self) {
        assert_eq!(self.program.ended(), None, "the window is still open");
    }

    fn wait_for_end(mut self) {
        let status = wait_for("the window closes", || self.program.ended());
        assert_eq!(status.code(), Some(0), "a window that was closed is a success");
    }
}

fn sample(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/samples").join(name), &path).expect("the sample is there");
    path
}

#[test]
fn keys_edit_save_and_close_in_a_real_window() {
    if !missing().is_empty() {
        eprintln!("skipped: {} not installed", missing().join(" and "));
        return;
    }
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (picture, table) = (sample(folder.path(), "photo.png"), sample(folder.path(), "people.csv"));
    let (picture_before, table_before) = (fs::read(&picture).unwrap(), fs::read(&table).unwrap());
    let display = Display::start(folder.path());
    let mut session = match Session::start(&display, folder.path(), &[&picture, &table]) {
        Ok(session) => session,
        Err(why) => {
            eprintln!("skipped, no window can be shown: {}", why.lines().next().unwrap_or_default());
            return;
        }
    };
    session.wait_for_title("photo.png - Seektell");
    assert_eq!(display.colors(100), 100, "a window with a picture has at least a hundred colours");

    // Go to a byte and write over it; undo is not a change; write again and save.
    assert_ne!(picture_before[0x10], 0xA7);
    session.press("ctrl+g");
    session.write("0x10");
    session.press("Return");
    session.write("a7");
    session.wait_for_title("• photo.png - Seektell");
    session.press("ctrl+z");
    session.wait_for_title("photo.png - Seektell");
    assert_eq!(fs::read(&picture).unwrap(), picture_before, "nothing is written before it is saved");
    session.write("a7");
    session.wait_for_title("• photo.png - Seektell");
    session.press("ctrl+s");
    let mut saved = picture_before.clone();
    saved[0x10] = 0xA7;
    wait_for("the saved byte", || (fs::read(&picture).ok()? == saved).then_some(()));
    session.wait_for_title("photo.png - Seektell");

    // The other document; its unsaved change asks before the window closes, and Escape is no answer.
    session.press("ctrl+Next");
    session.wait_for_title("people.csv - Seektell");
    session.write("4d");
    session.wait_for_title("• people.csv - Seektell");
    session.press("ctrl+q");
    session.assert_is_open();
    session.press("Escape");
    session.press("ctrl+z");
    session.wait_for_title("people.csv - Seektell");
    session.assert_is_open();

    // Enter in the question saves, then closes.
    session.write("4d");
    session.wait_for_title("• people.csv - Seektell");
    session.press("ctrl+q");
    session.assert_is_open();
    session.press("Return");
    session.wait_for_end();
    let mut expected = table_before;
    expected[0] = 0x4D;
    assert_eq!(fs::read(&table).unwrap(), expected);

    // With nothing unsaved it closes at once.
    let session = Session::start(&display, folder.path(), &[&table]).expect("there was a window before");
    session.wait_for_title("people.csv - Seektell");
    session.press("ctrl+q");
    session.wait_for_end();
}

#[test]
fn statements_run_and_stop_in_a_real_window() {
    if !missing().is_empty() {
        eprintln!("skipped: {} not installed", missing().join(" and "));
        return;
    }
    let folder = tempfile::tempdir().expect("a folder for the test");
    let file = folder.path().join("data.bin");
    fs::write(&file, b"one\ntwo\n").unwrap();
    let display = Display::start(folder.path());
    let session = match Session::start(&display, folder.path(), &[&file]) {
        Ok(session) => session,
        Err(why) => {
            eprintln!("skipped, no window can be shown: {}", why.lines().next().unwrap_or_default());
            return;
        }
    };
    session.wait_for_title("data.bin - Seektell");
    // From the bytes over the text to the console.
    session.press("F6");
    session.press("F6");
    session.write("lines = 0");
    session.press("Return");
    session.write("for line in buf:");
    session.press("Return");
    session.write("lines += 1");
    session.press("Return");
    session.press("Return");
    // The cursor stands at the end now, and two lines were seen.
    session.write("buf.write(b'%d' % lines)");
    session.press("Return");
    session.wait_for_title("• data.bin - Seektell");
    // An endless loop ends with Stop, and the console goes on.
    session.write("while True: pass");
    session.press("Return");
    // While it runs the program does not rest.
    display.xdotool(&["key", "Return"]).expect("a key is pressed");
    session.press("shift+F5");
    session.write("buf.write(b'!')");
    session.press("Return");
    session.press("ctrl+s");
    wait_for("the saved statements", || (fs::read(&file).ok()? == b"one\ntwo\n2!").then_some(()));
    session.wait_for_title("data.bin - Seektell");
    session.press("ctrl+q");
    session.wait_for_end();
}
