//! Comparing two contents of a gibibyte by position, as files and in memory, beside `cmp` on the same files; and 256 MiB
//! aligned across a hundred insertions. One JSON line a case: time, and the most memory beyond what was held before.
//!
//! `cargo bench --bench compare`; `-- --quick` takes a sixteenth of the sizes.

use std::hint::black_box;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use seektell::buffer::Buffer;
use seektell::explore::compare::{Comparison, Method, Options, compare};
use seektell::files;
use seektell::tasks::Progress;

fn resident() -> u64 {
    memory_stats::memory_stats().map_or(0, |stats| stats.physical_mem as u64)
}

/// The most memory beyond that before, looked at every millisecond, and the seconds.
fn measured<R>(work: impl FnOnce() -> R) -> (R, f64, u64) {
    let before = resident();
    let (most, over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let watcher = std::thread::Builder::new().name("watcher".into()).spawn({
        let (most, over) = (Arc::clone(&most), Arc::clone(&over));
        move || {
            while !over.load(Ordering::Relaxed) {
                most.fetch_max(resident().saturating_sub(before), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(1));
            }
        }
    });
    let watcher = watcher.expect("a thread can be started");
    let start = Instant::now();
    let result = black_box(work());
    let seconds = start.elapsed().as_secs_f64();
    most.fetch_max(resident().saturating_sub(before), Ordering::Relaxed);
    over.store(true, Ordering::Relaxed);
    watcher.join().expect("the watcher only sleeps and looks");
    (result, seconds, most.load(Ordering::Relaxed))
}

struct Bench {
    runs: usize,
}

impl Bench {
    fn case(&self, name: &str, by: &str, bytes: u64, mut work: impl FnMut() -> String) {
        let (mut times, mut memory, mut note) = (Vec::new(), 0, String::new());
        for _ in 0..self.runs {
            let (result, seconds, more) = measured(&mut work);
            times.push(seconds);
            memory = memory.max(more);
            note = result;
        }
        times.sort_by(f64::total_cmp);
        let load: Option<f64> =
            std::fs::read_to_string("/proc/loadavg").ok().and_then(|text| text.split(' ').next()?.parse().ok());
        let line = serde_json::json!({
            "case": name, "impl": by, "unit": "s", "median": times[times.len() / 2], "min": times[0],
            "max": times[times.len() - 1], "gb_per_s_each": bytes as f64 / times[0] / 1e9, "extra_mib": memory as f64 / (1 << 20) as f64,
            "runs": self.runs, "note": note, "load1": load,
        });
        println!("{line}");
    }
}

fn told(found: &Comparison) -> String {
    let counts = &found.counts;
    format!(
        "{} places, {} changed, {} only right, {} unaligned",
        counts.places, counts.changed, counts.only_right, counts.unaligned
    )
}

fn random(rng: &mut fastrand::Rng, len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len];
    rng.fill(&mut bytes);
    bytes
}

fn write(path: &Path, bytes: &[u8]) {
    std::fs::File::create(path).and_then(|mut file| file.write_all(bytes)).expect("the temporary folder has room");
}

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let bench = Bench { runs: if quick { 1 } else { 5 } };
    let scale = if quick { 16 } else { 1 };
    let (gib, part) = ((1 << 30) / scale, (256 << 20) / scale);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (left_path, right_path) = (folder.path().join("left"), folder.path().join("right"));
    let mut rng = fastrand::Rng::with_seed(1);

    let left = random(&mut rng, gib);
    let mut right = left.clone();
    for _ in 0..1000 {
        let at = rng.usize(..right.len());
        right[at] ^= 0x55;
    }
    write(&left_path, &left);
    write(&right_path, &right);
    let position = |left: &Buffer, right: &Buffer| {
        told(&compare(left, right, &Options::new(Method::Position), &Progress::new()).expect("both can be read"))
    };
    {
        let (left, right) = (Buffer::from(left), Buffer::from(right));
        bench.case("position_2x1GiB_memory", "seektell", gib as u64, || position(&left, &right));
    }
    let open = |path: &Path| files::open(path).expect("it was just written").buffer;
    bench.case("position_2x1GiB_files", "seektell", gib as u64, || position(&open(&left_path), &open(&right_path)));
    for (name, arguments) in [("position_2x1GiB_files", &["-l"][..]), ("same_2x1GiB_files", &["-s"])] {
        let right = if name.starts_with("same") { &left_path } else { &right_path };
        let other = folder.path().join("other");
        if name.starts_with("same") {
            std::fs::copy(right, &other).expect("the temporary folder has room");
            bench.case(name, "seektell", gib as u64, || position(&open(&left_path), &open(&other)));
        }
        let right = if name.starts_with("same") { &other } else { right };
        let mut command = std::process::Command::new("cmp");
        // Through a pipe: into /dev/null it stops at the first difference.
        command.args(arguments).arg(&left_path).arg(right);
        if command.output().is_err() {
            eprintln!("cmp is not installed: nothing to stand beside");
            continue;
        }
        let lines = |out: Vec<u8>| out.iter().filter(|&&byte| byte == b'\n').count();
        bench.case(name, "cmp", gib as u64, || {
            command.output().map(|ran| format!("{} lines", lines(ran.stdout))).unwrap_or_default()
        });
    }

    let left = random(&mut rng, part);
    let mut right = Vec::with_capacity(part + (1 << 20));
    let mut cuts: Vec<usize> = (0..100).map(|_| rng.usize(..part)).collect();
    cuts.sort_unstable();
    let mut at = 0;
    for cut in cuts {
        right.extend_from_slice(&left[at..cut]);
        let len = rng.usize(1..4096);
        right.extend(random(&mut rng, len));
        at = cut;
    }
    right.extend_from_slice(&left[at..]);
    write(&left_path, &left);
    write(&right_path, &right);
    let aligned = |left: &Buffer, right: &Buffer| {
        told(&compare(left, right, &Options::new(Method::Aligned), &Progress::new()).expect("both can be read"))
    };
    {
        let (left, right) = (Buffer::from(left), Buffer::from(right));
        bench.case("aligned_100_insertions_256MiB_memory", "seektell", part as u64, || aligned(&left, &right));
    }
    bench.case("aligned_100_insertions_256MiB_files", "seektell", part as u64, || aligned(&open(&left_path), &open(&right_path)));
}
