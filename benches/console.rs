//! Python loops over streams in the console, beside the same script in `python3` where that is installed: one JSON line a case.
//!
//! ```text
//! cargo bench --bench console -- [--runs N] [--only PART_OF_A_NAME] [--quick]
//! ```
//!
//! Fields: `case`, `seconds` (the median of `runs` runs), `python` (the same of `python3`, without the time that it takes to start),
//! `ratio` (ours by theirs; below 1 the console is faster).

use std::process::{Command, Stdio};
use std::time::Instant;

use seektell::console::session::{SCRIPT, run_script};
use seektell::console::vm::Limits;

const SETUP: &str = "import io\nK64 = bytes(range(256)) * 256\nLINE = b'The quick brown fox jumps over the lazy dog, 0123456789 \
                     abc\\n'\nTEXT = LINE * N\nSK64 = 'abcdefghijklmno\\n' * 4096\n";

/// Name, how many rounds, statements; `N` is the number of rounds.
const CASES: &[(&str, u32, &str)] = &[
    ("empty_loop", 1_000_000, "for i in range(N): pass"),
    ("sum_of_numbers", 1_000_000, "t = 0\nfor i in range(N): t += i * 2"),
    ("function_calls", 300_000, "def f(a, b=1): return a + b\nfor i in range(N): f(i)"),
    ("comprehension", 1_000_000, "x = [i * i for i in range(N) if i % 2]"),
    ("generator", 300_000, "def g():\n    for i in range(N): yield i\nfor i in g(): pass"),
    ("concat", 50_000, "buffer = b''\nfor i in range(N): buffer += b'Hello World'"),
    ("bytesio_write_11B", 300_000, "b = io.BytesIO()\nw = b.write\nfor i in range(N): w(b'Hello World')"),
    ("bytesio_write_by_name", 300_000, "b = io.BytesIO()\nfor i in range(N): b.write(b'Hello World')"),
    ("stringio_write_11ch", 300_000, "b = io.StringIO()\nw = b.write\nfor i in range(N): w('Hello World')"),
    ("bytesio_write_64KiB", 2000, "b = io.BytesIO()\nfor i in range(N): b.write(K64)"),
    ("bytesio_read_1B_loop", 300_000, "b = io.BytesIO(bytes(N))\nr = b.read\nwhile r(1): pass"),
    ("bytesio_readline", 300_000, "b = io.BytesIO(TEXT)\nr = b.readline\nwhile r(): pass"),
    ("bytesio_iterate", 300_000, "for line in io.BytesIO(TEXT): pass"),
    ("stringio_iterate", 300_000, "for line in io.StringIO(TEXT.decode()): pass"),
    ("buffered_readline", 300_000, "r = io.BufferedReader(io.BytesIO(TEXT)).readline\nwhile r(): pass"),
    (
        "bufferedwriter_write_11B",
        300_000,
        "w = io.BufferedWriter(io.BytesIO())\nf = w.write\nfor i in range(N): f(b'Hello World')",
    ),
    ("textio_read", 300_000, "t = io.TextIOWrapper(io.BytesIO(TEXT), encoding='utf-8').read()"),
    ("textio_iterate", 300_000, "for line in io.TextIOWrapper(io.BytesIO(TEXT), encoding='utf-8'): pass"),
    (
        "textio_write_12ch",
        300_000,
        "t = io.TextIOWrapper(io.BytesIO(), encoding='utf-8')\nw = t.write\nfor i in range(N): w('Hello World\\n')",
    ),
    (
        "bytesio_write_truncate",
        100_000,
        "b = io.BytesIO()\nfor i in range(N):\n    b.seek(0); b.write(b'0123456789'); b.truncate(5)",
    ),
    ("bytesio_seek_tell", 300_000, "b = io.BytesIO(b'0123456789')\ns, t = b.seek, b.tell\nfor i in range(N):\n    s(5); t()"),
    ("getbuffer_slice_assign", 200_000, "v = io.BytesIO(K64).getbuffer()\nfor i in range(N): v[5:21] = b'0123456789abcdef'"),
];

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Seconds that `python3` takes for a script, from start to end.
fn python(script: &str) -> Option<f64> {
    let begin = Instant::now();
    let status = Command::new("python3").args(["-c", script]).stdout(Stdio::null()).stderr(Stdio::null()).status().ok()?;
    status.success().then(|| begin.elapsed().as_secs_f64())
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name: &str| arguments.iter().position(|argument| argument == name).and_then(|at| arguments.get(at + 1));
    let runs: usize = value("--runs").and_then(|runs| runs.parse().ok()).unwrap_or(3);
    let only = value("--only").cloned().unwrap_or_default();
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let start = (0..runs).filter_map(|_| python("pass")).collect::<Vec<_>>();
    for (name, rounds, statements) in CASES.iter().filter(|(name, ..)| name.contains(&only)) {
        let rounds = if quick { rounds / 20 } else { *rounds };
        let limits = Limits { steps: u64::MAX, memory: 8 << 30, ..SCRIPT };
        // What is made before the loop is timed alone, and taken off.
        let setup = format!("N = {rounds}\n{SETUP}");
        let script = format!("{setup}{statements}\n");
        let time = |source: &str| {
            let begin = Instant::now();
            let outcome = run_script(source.to_owned(), limits, |_| true);
            assert!(outcome.is_ok(), "{name}: {outcome:?}");
            begin.elapsed().as_secs_f64()
        };
        let ours = median((0..runs).map(|_| time(&script)).collect()) - median((0..runs).map(|_| time(&setup)).collect());
        let theirs: Option<Vec<f64>> = (0..runs).map(|_| Some(python(&script)? - python(&setup)?)).collect();
        let theirs = theirs.filter(|_| !start.is_empty()).map(median);
        let line = serde_json::json!({
            "case": name, "rounds": rounds, "seconds": ours, "python": theirs, "ratio": theirs.map(|theirs| ours / theirs), "runs": runs,
        });
        println!("{line}");
    }
}
