//! How long the window takes to appear, what it holds in memory, and what it does while nobody touches it.
//!
//! `cargo bench --bench startup` starts the real program on an X server of its own and prints one JSON line a case. It
//! needs `Xvfb` and `xdotool`; without them it says so. The picture is painted in software, so a graphics card is faster.

#[cfg(target_os = "linux")]
#[path = "../tests/window_kit/mod.rs"]
mod window_kit;

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("skipped: this benchmark needs an X server");
}

#[cfg(target_os = "linux")]
fn main() {
    let missing = window_kit::missing();
    if missing.is_empty() {
        cases::run();
    } else {
        eprintln!("skipped: {} not installed", missing.join(" and "));
    }
}

#[cfg(target_os = "linux")]
mod cases {
    use std::fs;
    use std::path::Path;
    use std::time::{Duration, Instant};

    use super::window_kit::{DEADLINE, Display, POLL, Process, program, rest, wait_for};

    const RUNS: usize = 9;
    const SPARSE: u64 = 10 << 30;
    const IDLE: Duration = Duration::from_secs(10);

    /// Fewer colours than any frame with text has.
    const BLANK: usize = 16;

    pub(super) fn run() {
        let folder = tempfile::tempdir().expect("a folder for the files");
        let display = Display::start(folder.path());
        let sparse = folder.path().join("sparse.bin");
        fs::File::create(&sparse).and_then(|file| file.set_len(SPARSE)).expect("a sparse file");
        let mut empty = Vec::new();
        let mut full = Vec::new();
        // In turns, so that a busy moment of the machine meets both.
        for turn in 0..=RUNS {
            let without = start(&display, folder.path(), None);
            let with = start(&display, folder.path(), Some(&sparse));
            // The first turn reads the program from the disk.
            if turn > 0 {
                empty.push(without);
                full.push(with);
            }
        }
        let times = |starts: &[Start]| starts.iter().map(|start| start.first_frame.as_secs_f64() * 1e3).collect();
        let memory = |starts: &[Start]| starts.iter().map(|start| start.memory as f64 / 1024.0).collect();
        report("start to first frame, empty window", "ms", times(&empty));
        report("start to first frame, 10 GiB sparse file", "ms", times(&full));
        report("memory at rest, empty window", "MiB", memory(&empty));
        report("memory at rest, 10 GiB sparse file", "MiB", memory(&full));
        report("processor time while idle for 10 s", "ticks", vec![idle(&display, folder.path(), &sparse)]);
    }

    struct Start {
        first_frame: Duration,
        /// Resident, in KiB.
        memory: u64,
    }

    fn start(display: &Display, home: &Path, file: Option<&Path>) -> Start {
        let (program, first_frame) = open(display, home, file);
        rest(&program, display);
        let status = fs::read_to_string(format!("/proc/{}/status", program.id())).expect("the process lives");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("it has memory");
        let memory = line.trim().trim_end_matches(" kB").parse().expect("a number of KiB");
        drop(program);
        wait_for("the screen is empty again", || (display.colors(BLANK) < BLANK).then_some(()));
        Start { first_frame, memory }
    }

    /// Starts the program; the time until its content is on the screen under its name.
    fn open(display: &Display, home: &Path, file: Option<&Path>) -> (Process, Duration) {
        let title = match file.and_then(Path::file_name) {
            Some(name) => format!("^{} - Seektell$", name.to_string_lossy()),
            None => "^Seektell$".to_owned(),
        };
        let began = Instant::now();
        let program = program(display, home).args(file).spawn().map(Process).expect("the program starts");
        while display.colors(BLANK) < BLANK || display.xdotool(&["search", "--onlyvisible", "--name", &title]).is_none() {
            assert!(began.elapsed() < DEADLINE, "no window within {} s", DEADLINE.as_secs());
            std::thread::sleep(POLL / 10);
        }
        (program, began.elapsed())
    }

    fn idle(display: &Display, home: &Path, file: &Path) -> f64 {
        let (program, _) = open(display, home, Some(file));
        rest(&program, display);
        let before = ticks(&program);
        std::thread::sleep(IDLE);
        (ticks(&program) - before) as f64
    }

    /// Processor time that the process has used, in the system's ticks.
    fn ticks(program: &Process) -> u64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", program.id())).expect("the process lives");
        let (_, fields) = stat.rsplit_once(") ").expect("the name stands in brackets");
        fields.split(' ').skip(11).take(2).map(|field| field.parse::<u64>().expect("a number of ticks")).sum()
    }

    fn report(case: &str, unit: &str, mut values: Vec<f64>) {
        values.sort_by(f64::total_cmp);
        let (min, max) = (values[0], values[values.len() - 1]);
        let (median, runs) = (values[values.len() / 2], values.len());
        println!(
            r#"{{"case": "{case}", "unit": "{unit}", "median": {median:.1}, "min": {min:.1}, "max": {max:.1}, "runs": {runs}}}"#
        );
    }
}
