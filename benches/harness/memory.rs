//! Cases of which the memory counts: time by the clock, and the most that the process held beyond what it held before.

#[path = "cpu.rs"]
#[allow(dead_code, reason = "not every benchmark starts programs")]
pub(crate) mod cpu;

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

fn resident() -> u64 {
    memory_stats::memory_stats().map_or(0, |stats| stats.physical_mem as u64)
}

/// Bytes that a field of `/proc/self/status` tells, which is in KiB there.
fn status(field: &str) -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}

/// What the process holds, after Linux was told to begin anew with the most that it held.
fn begun() -> Option<u64> {
    std::fs::write("/proc/self/clear_refs", "5").ok()?;
    status("VmRSS")
}

/// What the work gives, the seconds it took, and the most memory beyond that before. Linux counts that itself; elsewhere a thread
/// looks now and then, which takes a little of the time (on Linux it would take the lock that fresh memory needs, and a tenth of it).
pub(crate) fn measured<R>(work: impl FnOnce() -> R) -> (R, f64, u64) {
    if let Some(before) = begun() {
        let start = Instant::now();
        let result = black_box(work());
        let seconds = start.elapsed().as_secs_f64();
        return (result, seconds, status("VmHWM").unwrap_or_default().saturating_sub(before));
    }
    watched(work)
}

fn watched<R>(work: impl FnOnce() -> R) -> (R, f64, u64) {
    let before = resident();
    let (most, over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let watcher = std::thread::Builder::new().name("watcher".into()).spawn({
        let (most, over) = (Arc::clone(&most), Arc::clone(&over));
        move || {
            while !over.load(Ordering::Relaxed) {
                most.fetch_max(resident().saturating_sub(before), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(10));
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

/// Runs a case `runs` times and tells it as one JSON line; `work` gives a note on what it found.
pub(crate) fn case(runs: usize, name: &str, by: &str, bytes: u64, mut work: impl FnMut() -> String) {
    let (mut times, mut memory, mut note) = (Vec::new(), 0, String::new());
    let mut cpu: Vec<f64> = Vec::new();
    for _ in 0..runs {
        let before = cpu::own();
        let (result, seconds, more) = measured(&mut work);
        cpu.extend(before.zip(cpu::own()).map(|(before, after)| after - before));
        times.push(seconds);
        memory = memory.max(more);
        note = result;
    }
    times.sort_by(f64::total_cmp);
    let load: Option<f64> = std::fs::read_to_string("/proc/loadavg").ok().and_then(|text| text.split(' ').next()?.parse().ok());
    let line = serde_json::json!({
        "case": name, "impl": by, "unit": "s", "median": times[times.len() / 2], "min": times[0],
        "max": times[times.len() - 1], "gb_per_s_each": bytes as f64 / times[0] / 1e9, "extra_mib": memory as f64 / (1 << 20) as f64,
        "cpu": cpu.into_iter().min_by(f64::total_cmp), "runs": runs, "note": note, "load1": load,
    });
    println!("{line}");
}
