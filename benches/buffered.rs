//! Buffered streams over a `BytesIO`, as typed streams, as the objects that a console calls by name, and in the `python3` of this
//! machine: one JSON line a case and implementation, in one run.
//!
//! ```text
//! cargo bench --bench buffered -- [--runs N] [--only PART_OF_A_NAME] [--quick]
//! ```
//!
//! The fields are those of the benchmark `io`. The limit is `std::io::BufReader` or `BufWriter` over `Cursor<Vec<u8>>`.

mod harness;

use std::hint::black_box;
use std::io::{BufRead, BufReader, BufWriter, Cursor, Read, Write};

use harness::{Bench, Case};
use seektell::stream::{Buffered, BytesIO, DEFAULT_BUFFER_SIZE, StreamClass, StreamObject, Value};

const MB: usize = 1 << 20;
const K64: usize = 64 * 1024;
const LINE: &[u8] = b"The quick brown fox jumps over the lazy dog, 0123456789 abc\n";
const OBJECT: &str = "as the console calls it";

/// The cases in Python: the loops that a script would write.
const PYTHON: &str = r#"
import gc, io, json, os, sys, time
runs, only, quick = int(sys.argv[1]), sys.argv[2], sys.argv[3] == "quick"
part = 20 if quick else 1
LINE = b"The quick brown fox jumps over the lazy dog, 0123456789 abc\n"
TEXT = LINE * ((100 << 20) // part // len(LINE))
NOISE = os.urandom(65536) * ((2 << 20) // 65536)
def loop(method, *size):
    while method(*size): pass
def iterate(f):
    for line in f: pass
def writes(w):
    f = w.write
    for i in range(1000000 // part): f(b"Hello World")
    w.flush()
def run(case, unit, n, make, work):
    if only not in case: return
    wall, cpu = [], []
    for _ in range(runs):
        x = make()
        gc.collect(); gc.disable()
        c, t = time.process_time(), time.perf_counter()
        work(x)
        t, c = time.perf_counter() - t, time.process_time() - c
        gc.enable()
        scale = n / (1e9 if unit == "GB/s" else 1)
        wall.append(scale / t); cpu.append(scale / max(c, 1e-9))
        del x
    wall.sort(); cpu.sort()
    short = lambda x: float("%.5g" % x)
    print(json.dumps(dict(case=case, unit=unit, median=short(wall[runs // 2]), min=short(wall[0]), max=short(wall[-1]),
        spread=short(wall[-1] / wall[0]), n=n, runs=runs, note="", impl="CPython " + sys.version.split()[0],
        cpu_median=short(cpu[runs // 2]), cpu_spread=short(cpu[-1] / cpu[0]), load1=os.getloadavg()[0])), flush=True)
reader = lambda content: lambda: io.BufferedReader(io.BytesIO(content))
run("buffered_readline_100MB", "GB/s", len(TEXT), reader(TEXT), lambda f: loop(f.readline))
run("buffered_iterate_100MB", "GB/s", len(TEXT), reader(TEXT), iterate)
run("buffered_read_64KiB_100MB", "GB/s", len(TEXT), reader(TEXT), lambda f: loop(f.read, 65536))
run("buffered_read_1B_loop_2MB", "ops/s", len(NOISE), reader(NOISE), lambda f: loop(f.read, 1))
run("bufferedwriter_write_11B", "ops/s", 1000000 // part, lambda: io.BufferedWriter(io.BytesIO()), writes)
"#;

fn main() {
    let bench = Bench::from_arguments();
    let text = LINE.repeat(bench.n(100 * MB) / LINE.len());
    lines(&bench, &text);
    portions(&bench, &text);
    single(&bench);
    writes(&bench);
    python(&bench);
}

fn python(bench: &Bench) {
    let (runs, only) = (bench.runs.to_string(), bench.only.clone().unwrap_or_default());
    let arguments = ["-I", "-c", PYTHON, &runs, &only, if bench.quick { "quick" } else { "" }];
    if let Err(error) = std::process::Command::new("python3").args(arguments).status() {
        eprintln!("no python3 to compare with: {error}");
    }
}

fn typed(content: &[u8]) -> Buffered<BytesIO> {
    Buffered::reader(BytesIO::new(content), DEFAULT_BUFFER_SIZE).expect("readable")
}

fn object(class: StreamClass, content: &[u8]) -> StreamObject {
    let raw = StreamObject::from(BytesIO::new(content));
    StreamObject::construct(class, &[raw.into()], &[]).expect("readable and writable")
}

/// Calls a reading method until it gives nothing.
fn drain(stream: &StreamObject, method: &str, args: &[Value]) {
    while stream.call(method, black_box(args), &[]).is_ok_and(|read| matches!(&read, Value::Bytes(bytes) if !bytes.is_empty())) {}
}

fn lines(bench: &Bench, text: &[u8]) {
    let case = |name| Case::bytes(name, text.len());
    bench.run(
        case("buffered_readline_100MB"),
        || typed(text),
        |stream| while black_box(&stream.read_line(None)).as_ref().is_ok_and(|line| !line.is_empty()) {},
    );
    let reader = || object(StreamClass::BufferedReader, text);
    bench.run(case("buffered_readline_100MB").note(OBJECT), reader, |stream| drain(stream, "readline", &[]));
    bench.run(case("buffered_iterate_100MB").note(OBJECT), reader, |stream| drain(stream, "__next__", &[]));
    bench.run(
        case("buffered_readline_100MB").limit(),
        || BufReader::new(Cursor::new(text.to_vec())),
        |stream| {
            loop {
                let mut line = Vec::new();
                if stream.read_until(b'\n', &mut line).expect("memory") == 0 {
                    break;
                }
                black_box(line);
            }
        },
    );
}

fn portions(bench: &Bench, text: &[u8]) {
    let case = || Case::bytes("buffered_read_64KiB_100MB", text.len());
    bench.run(
        case(),
        || typed(text),
        |stream| {
            let full = |read: &Option<seektell::buffer::Buffer>| read.as_ref().is_some_and(|read| !read.is_empty());
            while black_box(&stream.read(Some(K64 as u64))).as_ref().is_ok_and(full) {}
        },
    );
    let size = [Value::from(K64)];
    let reader = || object(StreamClass::BufferedReader, text);
    bench.run(case().note(OBJECT), reader, |stream| drain(stream, "read", &size));
    bench.run(
        case().limit(),
        || BufReader::new(Cursor::new(text.to_vec())),
        |stream| {
            let mut out = vec![0; K64];
            while stream.read(black_box(&mut out)).expect("memory") > 0 {}
        },
    );
}

fn single(bench: &Bench) {
    let n = bench.n(2 * MB);
    let mut rng = fastrand::Rng::with_seed(1);
    let noise = std::iter::repeat_with(|| rng.u8(..)).take(n).collect::<Vec<_>>();
    let case = || Case::ops("buffered_read_1B_loop_2MB", n);
    bench.run(
        case(),
        || typed(&noise),
        |stream| {
            let full = |read: &Option<seektell::buffer::Buffer>| read.as_ref().is_some_and(|read| !read.is_empty());
            while black_box(&stream.read(Some(1))).as_ref().is_ok_and(full) {}
        },
    );
    let size = [Value::from(1)];
    let reader = || object(StreamClass::BufferedReader, &noise);
    bench.run(case().note(OBJECT), reader, |stream| drain(stream, "read", &size));
    bench.run(
        case().limit(),
        || BufReader::new(Cursor::new(noise.clone())),
        |stream| {
            let mut byte = [0];
            while stream.read(black_box(&mut byte)).expect("memory") > 0 {}
        },
    );
}

fn writes(bench: &Bench) {
    let n = bench.n(1_000_000);
    let case = || Case::ops("bufferedwriter_write_11B", n);
    bench.run(
        case(),
        || Buffered::writer(BytesIO::default(), DEFAULT_BUFFER_SIZE).expect("writable"),
        |stream| {
            for _ in 0..n {
                stream.write(black_box(b"Hello World")).expect("open");
            }
            stream.flush().expect("open");
        },
    );
    let hello = [Value::from(b"Hello World")];
    let writer = || object(StreamClass::BufferedWriter, b"");
    bench.run(case().note(OBJECT), writer, |stream| {
        for _ in 0..n {
            stream.call("write", black_box(&hello), &[]).expect("open");
        }
        stream.call("flush", &[], &[]).expect("open");
    });
    bench.run(
        case().limit(),
        || BufWriter::new(Cursor::new(Vec::new())),
        |stream| {
            for _ in 0..n {
                stream.write_all(black_box(b"Hello World")).expect("memory");
            }
            stream.flush().expect("memory");
        },
    );
}
