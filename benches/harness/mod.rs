//! What the benchmarks of streams share: a case is run some times over, and told as one JSON line.

use std::hint::black_box;
use std::time::Instant;

pub(crate) const OURS: &str = concat!("seektell ", env!("CARGO_PKG_VERSION"));
pub(crate) const LIMIT: &str = "std::io::Cursor<Vec<u8>>";

pub(crate) struct Bench {
    pub(crate) runs: usize,
    pub(crate) only: Option<String>,
    pub(crate) quick: bool,
}

pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) n: usize,
    pub(crate) note: &'static str,
    pub(crate) by: &'static str,
}

impl Case {
    pub(crate) fn ops(name: &'static str, n: usize) -> Self {
        Self { name, unit: "ops/s", n, note: "", by: OURS }
    }
    pub(crate) fn bytes(name: &'static str, n: usize) -> Self {
        Self { name, unit: "GB/s", n, note: "", by: OURS }
    }
    #[allow(dead_code, reason = "not every benchmark has such a case")]
    pub(crate) fn seconds(name: &'static str) -> Self {
        Self { name, unit: "s", n: 1, note: "", by: OURS }
    }
    pub(crate) fn note(self, note: &'static str) -> Self {
        Self { note, ..self }
    }
    pub(crate) fn by(self, by: &'static str) -> Self {
        Self { by, ..self }
    }
    /// The same work on plain memory.
    pub(crate) fn limit(self) -> Self {
        self.by(LIMIT)
    }
}

/// Seconds of processor time of this process, where `/proc` tells it.
pub(crate) fn cpu_seconds() -> Option<f64> {
    // Nanoseconds spent running, by this thread, which does all the work; yielding brings them up to date.
    std::thread::yield_now();
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(text.split_whitespace().next()?.parse::<f64>().ok()? / 1e9)
}

pub(crate) fn load1() -> Option<f64> {
    std::fs::read_to_string("/proc/loadavg").ok()?.split_whitespace().next()?.parse().ok()
}

/// Five significant digits.
pub(crate) fn short(x: f64) -> f64 {
    format!("{x:.4e}").parse().unwrap_or(x)
}

pub(crate) fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

impl Bench {
    pub(crate) fn from_arguments() -> Self {
        let mut bench = Self { runs: 5, only: None, quick: false };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--runs" => bench.runs = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(bench.runs).max(1),
                "--only" => bench.only = arguments.next(),
                "--quick" => (bench.quick, bench.runs) = (true, 1),
                // What cargo adds, and the filters of a test harness.
                _ => {}
            }
        }
        bench
    }

    /// Fewer operations for a quick look.
    pub(crate) fn n(&self, n: usize) -> usize {
        if self.quick { n / 20 } else { n }
    }

    pub(crate) fn run<X, R>(&self, case: Case, setup: impl Fn() -> X, work: impl Fn(&mut X) -> R) {
        if self.only.as_ref().is_some_and(|only| !case.name.contains(only.as_str())) {
            return;
        }
        let rate = |seconds: f64| match case.unit {
            "s" => seconds,
            "GB/s" => case.n as f64 / seconds / 1e9,
            _ => case.n as f64 / seconds,
        };
        let (mut wall, mut cpu) = (Vec::new(), Vec::new());
        for _ in 0..self.runs {
            let mut x = setup();
            let (c, t) = (cpu_seconds(), Instant::now());
            let result = black_box(work(&mut x));
            let seconds = t.elapsed().as_secs_f64();
            // Asking for the processor time takes some of it; what is shorter than this is told by the clock alone.
            if seconds > 2e-3
                && let (Some(before), Some(after)) = (c, cpu_seconds())
            {
                cpu.push(rate((after - before).max(1e-9)));
            }
            wall.push(rate(seconds));
            drop((x, result));
        }
        let wall = sorted(wall);
        let mut line = serde_json::json!({
            "case": case.name,
            "unit": case.unit,
            "median": short(wall[wall.len() / 2]),
            "min": short(wall[0]),
            "max": short(wall[wall.len() - 1]),
            "spread": short(wall[wall.len() - 1] / wall[0]),
            "n": case.n,
            "runs": self.runs,
            "note": case.note,
            "impl": case.by,
        });
        if cpu.len() == self.runs {
            let cpu = sorted(cpu);
            line["cpu_median"] = short(cpu[cpu.len() / 2]).into();
            line["cpu_spread"] = short(cpu[cpu.len() - 1] / cpu[0]).into();
        }
        line["load1"] = load1().into();
        println!("{line}");
    }
}
