//! The real program in a real window, driven by real key presses, on an X server of its own that needs no screen.
//!
//! Needs `Xvfb` and `xdotool` and the libraries of a window (OpenGL in software is enough). Where something is missing the
//! test says what, and passes. Nothing here depends on how fast the machine is: every wait polls until the deadline.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// After this long something is wrong.
const DEADLINE: Duration = Duration::from_secs(60);

/// Between two looks at the same thing.
const POLL: Duration = Duration::from_millis(20);

/// Looks in a row at which nothing ran, before the window counts as resting.
const RESTING_LOOKS: u32 = 12;

/// Calls `look` until it has an answer.
fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < DEADLINE, "{what}: not within {} s", DEADLINE.as_secs());
        std::thread::sleep(POLL);
    }
}

/// A process that does not outlive the test, however the test ends.
struct Process(Child);

impl Process {
    fn id(&self) -> u32 {
        self.0.id()
    }

    fn ended(&mut self) -> Option<ExitStatus> {
        self.0.try_wait().expect("the process can be asked")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Whether a program is in one of the folders of PATH.
fn installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// An X server whose screen is a file.
struct Display {
    server: Process,
    name: String,
    screen: PathBuf,
}

impl Display {
    /// Starts a server that picks a free number itself.
    fn start(folder: &Path) -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset", "-fbdir"])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map(Process)
            .expect("Xvfb starts");
        let answer = server.0.stdout.take().expect("its output is a pipe");
        let mut number = String::new();
        BufReader::new(answer).read_line(&mut number).expect("Xvfb names its display");
        assert!(!number.trim().is_empty(), "Xvfb ended without a display");
        Self { server, name: format!(":{}", number.trim()), screen: folder.join("Xvfb_screen0") }
    }

    /// One call of `xdotool`; `None` where it found nothing.
    fn xdotool(&self, args: &[&str]) -> Option<String> {
        let mut call = Command::new("xdotool")
            .args(args)
            .env("DISPLAY", &self.name)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map(Process)
            .expect("xdotool starts");
        let status = wait_for(&format!("xdotool {args:?}"), || call.ended());
        let mut line = String::new();
        BufReader::new(call.0.stdout.take().expect("its output is a pipe")).read_line(&mut line).expect("xdotool writes text");
        status.success().then(|| line.trim_end().to_owned())
    }

    /// How many different colours are on the screen: an X window dump in 32 bits a pixel, which Xvfb keeps up to date.
    fn colors(&self) -> usize {
        let dump = fs::read(&self.screen).expect("the screen's file can be read");
        let field = |n: usize| u32::from_be_bytes(dump[4 * n..4 * n + 4].try_into().unwrap()) as usize;
        let (header, width, height, bits, row_bytes, colormap) = (field(0), field(4), field(5), field(11), field(12), field(19));
        assert_eq!((width, height, bits), (1280, 800, 32), "the screen that was asked for");
        let pixels = &dump[header + 12 * colormap..];
        let rows = pixels.chunks_exact(row_bytes).take(height);
        let colors: std::collections::HashSet<&[u8]> = rows.flat_map(|row| row.chunks_exact(4).take(width)).collect();
        colors.len()
    }
}

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
        let mut command = Command::new(env!("CARGO_BIN_EXE_seektell"));
        command.args(files).env("DISPLAY", &display.name).env("HOME", home);
        for name in ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"] {
            command.env(name, home);
        }
        for name in ["WAYLAND_DISPLAY", "WAYLAND_SOCKET", "DBUS_SESSION_BUS_ADDRESS"] {
            command.env_remove(name);
        }
        let errors = fs::File::create(&log).expect("the folder can be written");
        let program = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(errors).spawn().expect("the program starts");
        let mut program = Process(program);
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

    /// Waits until neither the program nor the server has anything left to do.
    fn rest(&self) {
        let mut resting = 0;
        wait_for("the window rests", || {
            let busy = [self.program.id(), self.display.server.id()].into_iter().any(runs);
            resting = if busy { 0 } else { resting + 1 };
            (resting >= RESTING_LOOKS).then_some(())
        });
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

/// Whether a thread of a process runs or waits for the disk.
fn runs(process: u32) -> bool {
    let Ok(threads) = fs::read_dir(format!("/proc/{process}/task")) else { return false };
    threads.flatten().any(|thread| {
        let stat = fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
        // The state stands after the name, which may itself hold brackets.
        stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with(['R', 'D']))
    })
}

fn sample(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/samples").join(name), &path).expect("the sample is there");
    path
}

#[test]
fn keys_edit_save_and_close_in_a_real_window() {
    for program in ["Xvfb", "xdotool"] {
        if !installed(program) {
            eprintln!("skipped: {program} is not installed");
            return;
        }
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
    assert!(display.colors() > 100, "a picture of a window has many colours, this has {}", display.colors());

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
