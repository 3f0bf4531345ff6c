//! An X server of its own for the tests and benchmarks of the real window, and processes that never outlive them.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// After this long something is wrong.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);

/// Between two looks at the same thing, after the first few.
pub(crate) const POLL: Duration = Duration::from_millis(20);

/// Looks in a row at which nothing ran, before the window counts as resting.
const RESTING_LOOKS: u32 = 12;

/// Calls `look` until it has an answer.
pub(crate) fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < DEADLINE, "{what}: not within {} s", DEADLINE.as_secs());
        std::thread::sleep(pause);
        pause = POLL.min(pause * 2);
    }
}

/// A process that does not outlive the test, however the test ends.
pub(crate) struct Process(pub(crate) Child);

impl Process {
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
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

/// The tools that are not there, or nothing.
pub(crate) fn missing() -> Vec<&'static str> {
    ["Xvfb", "xdotool"].into_iter().filter(|program| !installed(program)).collect()
}

/// An X server whose screen is a file.
pub(crate) struct Display {
    server: Process,
    name: String,
    screen: PathBuf,
}

impl Display {
    /// Starts a server that picks a free number itself.
    pub(crate) fn start(folder: &Path) -> Self {
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
    pub(crate) fn xdotool(&self, args: &[&str]) -> Option<String> {
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

    /// How many different colours are on the screen, counted up to `enough` at every fifth pixel: an X window dump in 32
    /// bits a pixel, which Xvfb keeps up to date.
    pub(crate) fn colors(&self, enough: usize) -> usize {
        let dump = fs::read(&self.screen).expect("the screen's file can be read");
        let field = |n: usize| u32::from_be_bytes([dump[4 * n], dump[4 * n + 1], dump[4 * n + 2], dump[4 * n + 3]]) as usize;
        let (header, width, height, bits, row_bytes, colormap) = (field(0), field(4), field(5), field(11), field(12), field(19));
        assert_eq!((width, height, bits, row_bytes), (1280, 800, 32, 5120), "the screen that was asked for");
        let mut colors: Vec<&[u8]> = Vec::new();
        for pixel in dump[header + 12 * colormap..].chunks_exact(4).take(width * height).step_by(5) {
            if !colors.contains(&pixel) {
                colors.push(pixel);
                if colors.len() >= enough {
                    break;
                }
            }
        }
        colors.len()
    }
}

/// The program on a display, with a home of its own, no message bus and nothing of the user's session.
pub(crate) fn program(display: &Display, home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seektell"));
    command.env("DISPLAY", &display.name).env("HOME", home).stdin(Stdio::null()).stdout(Stdio::null());
    for name in ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"] {
        command.env(name, home);
    }
    for name in ["WAYLAND_DISPLAY", "WAYLAND_SOCKET", "DBUS_SESSION_BUS_ADDRESS"] {
        command.env_remove(name);
    }
    command
}

/// Waits until neither the program nor the server has anything left to do.
pub(crate) fn rest(program: &Process, display: &Display) {
    let mut resting = 0;
    wait_for("the window rests", || {
        let busy = [program.id(), display.server.id()].into_iter().any(runs);
        resting = if busy { 0 } else { resting + 1 };
        (resting >= RESTING_LOOKS).then_some(())
    });
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
