//! The `TextIOWrapper` cases of a CPython baseline, the same work in Rust: one JSON line a case, so that the two can be joined by `case`.
//!
//! ```text
//! cargo bench --bench text_io -- [--runs N] [--only PART_OF_A_NAME] [--quick]
//! ```
//!
//! Fields as in the benchmark `io`.

use std::hint::black_box;
use std::time::Instant;

use seektell::stream::codec::encode;
use seektell::stream::{BytesIO, Newline, StreamObject, Text, TextIOWrapper, TextOptions, Value};

const MB: usize = 1 << 20;
const LINE: &str = "The quick brown fox jumps over the lazy dog, 0123456789 abc\n";
const MIXED: &str = "Der schnelle braune Fuchs springt über den faulen Hund €5\n";
const OURS: &str = concat!("seektell ", env!("CARGO_PKG_VERSION"));

struct Bench {
    runs: usize,
    only: Option<String>,
    quick: bool,
}

/// Seconds of processor time of this thread, where `/proc` tells it.
fn cpu_seconds() -> Option<f64> {
    std::thread::yield_now();
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(text.split_whitespace().next()?.parse::<f64>().ok()? / 1e9)
}

/// Five significant digits.
fn short(x: f64) -> f64 {
    format!("{x:.4e}").parse().unwrap_or(x)
}

impl Bench {
    fn from_arguments() -> Self {
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
    fn n(&self, n: usize) -> usize {
        if self.quick { n / 20 } else { n }
    }

    /// `n` is bytes where the unit is `GB/s`, else operations.
    fn run<X, R>(&self, case: &str, unit: &str, n: usize, setup: impl Fn() -> X, work: impl Fn(&mut X) -> R) {
        if self.only.as_ref().is_some_and(|only| !case.contains(only.as_str())) {
            return;
        }
        let rate = |seconds: f64| n as f64 / seconds / if unit == "GB/s" { 1e9 } else { 1.0 };
        let (mut wall, mut cpu) = (Vec::new(), Vec::new());
        for _ in 0..self.runs {
            let mut x = setup();
            let (before, clock) = (cpu_seconds(), Instant::now());
            let result = black_box(work(&mut x));
            let seconds = clock.elapsed().as_secs_f64();
            if seconds > 2e-3
                && let (Some(before), Some(after)) = (before, cpu_seconds())
            {
                cpu.push(rate((after - before).max(1e-9)));
            }
            wall.push(rate(seconds));
            drop((x, result));
        }
        wall.sort_by(f64::total_cmp);
        cpu.sort_by(f64::total_cmp);
        let mut line = serde_json::json!({
            "case": case,
            "unit": unit,
            "median": short(wall[wall.len() / 2]),
            "min": short(wall[0]),
            "max": short(wall[wall.len() - 1]),
            "n": n,
            "runs": self.runs,
            "impl": OURS,
        });
        if cpu.len() == self.runs {
            line["cpu_median"] = short(cpu[cpu.len() / 2]).into();
        }
        println!("{line}");
    }
}

fn wrapper(bytes: &[u8], encoding: &str, errors: &str, newline: Newline) -> TextIOWrapper {
    let options = TextOptions { encoding: Some(encoding.into()), errors: errors.into(), newline, ..TextOptions::default() };
    TextIOWrapper::new(StreamObject::from(BytesIO::new(bytes)), &options).expect("a known encoding")
}

fn main() {
    let bench = Bench::from_arguments();
    reads(&bench);
    lines(&bench);
    writes(&bench);
}

fn reads(bench: &Bench) {
    let read = |case: &str, bytes: &[u8], encoding: &str, errors: &str, newline: Newline| {
        let stream = || wrapper(bytes, encoding, errors, newline);
        bench.run(case, "GB/s", bytes.len(), stream, |text| text.read(None).expect("readable"));
    };
    let size = bench.n(100 * MB);
    let ascii = LINE.repeat(size / LINE.len());
    read("textio_utf8_ascii_read_100MB", ascii.as_bytes(), "utf-8", "strict", Newline::Universal);
    read("textio_utf8_ascii_read_nl_100MB", ascii.as_bytes(), "utf-8", "strict", Newline::Lf);
    let crlf = ascii.replace('\n', "\r\n");
    drop(ascii);
    read("textio_crlf_translate_100MB", crlf.as_bytes(), "utf-8", "strict", Newline::Universal);
    drop(crlf);
    let mixed = MIXED.repeat(size / MIXED.len());
    read("textio_utf8_mixed_read_100MB", mixed.as_bytes(), "utf-8", "strict", Newline::Universal);
    // The same with work on all code points behind it, for which they must be found by number: a slice of nearly all of them.
    let stream = || wrapper(mixed.as_bytes(), "utf-8", "strict", Newline::Universal);
    bench.run("textio_utf8_mixed_read_and_slice_100MB", "GB/s", mixed.len(), stream, |text| {
        let all = text.read(None).expect("readable");
        all.slice(1, all.len())
    });
    drop(mixed);
    let all = (32..=255).collect::<Vec<u8>>().repeat(size / 224);
    read("textio_latin1_read_100MB", &all, "latin-1", "strict", Newline::Lf);
    read("textio_cp1252_replace_read_25MB", &all[..size / 4], "cp1252", "replace", Newline::Lf);
    let wide = Text::from(MIXED.repeat(size / 2 / MIXED.chars().count() / 2));
    let wide = encode(&wide, "utf-16", "strict").expect("no surrogates").to_vec_all().expect("memory");
    read("textio_utf16_read_50MB", &wide, "utf-16", "strict", Newline::Lf);
}

fn lines(bench: &Bench) {
    let ascii = LINE.repeat(bench.n(100 * MB) / LINE.len());
    let stream = || wrapper(ascii.as_bytes(), "utf-8", "strict", Newline::Universal);
    bench.run("textio_utf8_iterate_100MB", "GB/s", ascii.len(), stream, |text| {
        for line in text.iter_lines() {
            black_box(&line);
        }
    });
    let mixed = MIXED.repeat(bench.n(100 * MB) / MIXED.len());
    let stream = || wrapper(mixed.as_bytes(), "utf-8", "strict", Newline::Universal);
    bench.run("textio_utf8_mixed_iterate_100MB", "GB/s", mixed.len(), stream, |text| {
        for line in text.iter_lines() {
            black_box(&line);
        }
    });
    let object = || StreamObject::from(wrapper(ascii.as_bytes(), "utf-8", "strict", Newline::Universal));
    bench.run("textio_utf8_iterate_100MB (as the console calls it)", "GB/s", ascii.len(), object, |text| {
        while black_box(&text.call("__next__", &[], &[])).is_ok() {}
    });
    let n = bench.n(100_000);
    let stream = || wrapper(ascii.as_bytes(), "utf-8", "strict", Newline::Universal);
    bench.run("textio_tell_after_readline", "ops/s", n, stream, |text| {
        for _ in 0..n {
            black_box(text.read_line(None).expect("readable"));
            black_box(text.tell().expect("seekable"));
        }
    });
}

fn writes(bench: &Bench) {
    let (n, hello) = (bench.n(1_000_000), Text::from("Hello World\n"));
    let stream = || wrapper(b"", "utf-8", "strict", Newline::Universal);
    bench.run("textio_write_12ch", "ops/s", n, stream, |text| {
        for _ in 0..n {
            text.write(black_box(&hello)).expect("writable");
        }
        text.flush().expect("writable");
    });
    let object = || StreamObject::from(wrapper(b"", "utf-8", "strict", Newline::Universal));
    bench.run("textio_write_12ch (as the console calls it)", "ops/s", n, object, |text| {
        for _ in 0..n {
            text.call("write", black_box(&[Value::Str(hello.clone())]), &[]).expect("writable");
        }
        text.call("flush", &[], &[]).expect("writable");
    });
    let (n, block) = (bench.n(800), Text::from("abcdefghijklmno\n".repeat(4096)));
    let stream = || wrapper(b"", "utf-8", "strict", Newline::CrLf);
    bench.run("textio_write_64Kch_crlf_52M", "GB/s", n * 65536, stream, |text| {
        for _ in 0..n {
            text.write(black_box(&block)).expect("writable");
        }
        text.flush().expect("writable");
    });
}
