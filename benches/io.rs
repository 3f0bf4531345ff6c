//! The stream cases of a CPython baseline, the same work in Rust: one JSON line a case, so that the two can be joined by `case`.
//!
//! ```text
//! cargo bench --bench io -- [--runs N] [--only PART_OF_A_NAME] [--quick]
//! ```
//!
//! Fields: `case`, `unit` (`s`: seconds for the whole case; `ops/s` and `GB/s`: rates), `median`, `min`, `max`, `spread` (max/min) of
//! `runs` runs, `n` (operations, or bytes for GB/s), `note`, `impl`, `cpu_median` and `cpu_spread` (by the processor time of this
//! process, where the system tells it and the run is longer than 2 ms), `load1`. A line with `impl` `std::io::Cursor<Vec<u8>>` is
//! the limit: the same work on plain memory, with no rules, no snapshots and no shared values.
//!
//! The cases `rss_…` give the peak of resident memory above that at the start, in MiB, of a process of its own.

use std::any::Any;
use std::hint::black_box;
use std::io::{BufRead, Cursor, Read, Seek, SeekFrom, Write};

mod harness;

use harness::{Bench, Case, OURS, load1, short, sorted};
use seektell::buffer::Buffer;
use seektell::stream::{BytesIO, Newline, StringIO, Text, Value, Whence};

const MB: usize = 1 << 20;
const K64: usize = 64 * 1024;
const LINE: &[u8] = b"The quick brown fox jumps over the lazy dog, 0123456789 abc\n";

/// Bytes without a pattern, the same each time.
fn noise(len: usize) -> Vec<u8> {
    let mut rng = fastrand::Rng::with_seed(1);
    std::iter::repeat_with(|| rng.u8(..)).take(len).collect()
}

fn main() {
    let arguments = std::env::args().skip(1).collect::<Vec<_>>();
    if let [flag, name] = arguments.as_slice()
        && flag == "--peak-of"
    {
        return print_peak_of(name);
    }
    let bench = Bench::from_arguments();
    headline(&bench);
    writes(&bench);
    reads(&bench);
    lines(&bench);
    values(&bench);
    places(&bench);
    memory(&bench);
}

fn headline(bench: &Bench) {
    let case = || Case::seconds("seed_bytesio_50000");
    bench.run(case().note("50,000 writes of b\"Hello World\""), BytesIO::default, |stream| {
        for _ in 0..50_000 {
            stream.write(black_box(b"Hello World")).expect("open");
        }
    });
    bench.run(case().limit(), Cursor::<Vec<u8>>::default, |stream| {
        for _ in 0..50_000 {
            stream.write_all(black_box(b"Hello World")).expect("memory");
        }
    });
    let concat =
        Case::seconds("seed_concat_50000").note("a new vector for each of 50,000 concatenations, as `bytes + bytes` makes");
    bench.run(
        concat,
        || (),
        |()| {
            let mut buffer = Vec::new();
            for _ in 0..50_000 {
                buffer = black_box([&buffer[..], b"Hello World"].concat());
            }
            buffer
        },
    );
}

fn writes(bench: &Bench) {
    let n = bench.n(1_000_000);
    bench.run(Case::ops("bytesio_write_11B", n), BytesIO::default, |stream| {
        for _ in 0..n {
            stream.write(black_box(b"Hello World")).expect("open");
        }
    });
    bench.run(Case::ops("bytesio_write_11B", n).limit(), Cursor::<Vec<u8>>::default, |stream| {
        for _ in 0..n {
            stream.write_all(black_box(b"Hello World")).expect("memory");
        }
    });
    let hello = Text::from("Hello World");
    bench.run(Case::ops("stringio_write_11ch", n), StringIO::default, |stream| {
        for _ in 0..n {
            stream.write(black_box(&hello)).expect("open");
        }
    });
    let block = noise(K64);
    let n = bench.n(4096);
    bench.run(Case::bytes("bytesio_write_64KiB_256MB", n * K64), BytesIO::default, |stream| {
        for _ in 0..n {
            stream.write(black_box(&block)).expect("open");
        }
    });
    bench.run(Case::bytes("bytesio_write_64KiB_256MB", n * K64).limit(), Cursor::<Vec<u8>>::default, |stream| {
        for _ in 0..n {
            stream.write_all(black_box(&block)).expect("memory");
        }
    });
    let text = Text::from("abcdefghijklmno\n".repeat(4096));
    let n = bench.n(800);
    let case = Case::bytes("stringio_write_64Kch_52M", n * K64);
    bench.run(case.note("incl. the final getvalue(); a text that is written shares its memory"), StringIO::default, |stream| {
        for _ in 0..n {
            stream.write(black_box(&text)).expect("open");
        }
        stream.getvalue()
    });
    let text = "abcdefghijklmno\n".repeat(4096);
    let case = Case::bytes("stringio_write_64Kch_52M", n * K64);
    bench.run(case.note("incl. the final getvalue(); from a Rust string, copied"), StringIO::default, |stream| {
        for _ in 0..n {
            stream.write_str(black_box(&text)).expect("open");
        }
        stream.getvalue()
    });
}

fn reads(bench: &Bench) {
    let block = noise(K64);
    let n = bench.n(2 * MB) / K64 * K64;
    bench.run(
        Case::ops("bytesio_read_1B_loop_2MB", n),
        || BytesIO::new(block.repeat(n / K64)),
        |stream| {
            while black_box(&stream.read(Some(1))).as_ref().is_ok_and(|read| !read.is_empty()) {}
        },
    );
    bench.run(
        Case::ops("bytesio_read_1B_loop_2MB", n).limit(),
        || Cursor::new(block.repeat(n / K64)),
        |stream| {
            let mut byte = [0];
            while stream.read(black_box(&mut byte)).expect("memory") > 0 {}
        },
    );
    let text = "abcdefghijklmno\n".repeat(n / 16);
    bench.run(
        Case::ops("stringio_read_1ch_loop_2M", n),
        || StringIO::new(text.as_str(), Newline::Lf),
        |stream| {
            while black_box(&stream.read(Some(1))).as_ref().is_ok_and(|read| !read.is_empty()) {}
        },
    );
    let n = bench.n(4096);
    let case = || Case::bytes("bytesio_read_64KiB_256MB", n * K64);
    bench.run(
        case().note("shares the stream's memory"),
        || BytesIO::new(block.repeat(n)),
        |stream| {
            while black_box(&stream.read(Some(K64 as u64))).as_ref().is_ok_and(|read| !read.is_empty()) {}
        },
    );
    bench.run(
        case().limit(),
        || Cursor::new(block.repeat(n)),
        |stream| loop {
            let mut out = Vec::with_capacity(K64);
            Read::by_ref(stream).take(K64 as u64).read_to_end(&mut out).expect("memory");
            if black_box(out).is_empty() {
                break;
            }
        },
    );
    let text = "abcdefghijklmno\n".repeat(4096 * bench.n(800));
    let case = Case::bytes("stringio_read_64Kch_52M", text.len());
    bench.run(
        case.note("shares the stream's memory"),
        || StringIO::new(text.as_str(), Newline::Lf),
        |stream| {
            while black_box(&stream.read(Some(K64 as u64))).as_ref().is_ok_and(|read| !read.is_empty()) {}
        },
    );
    let case = || Case::bytes("bytesio_readinto_64KiB_256MB", n * K64);
    bench.run(
        case(),
        || (BytesIO::new(block.repeat(n)), vec![0; K64]),
        |(stream, out)| {
            while stream.read_into(black_box(out)).expect("open") > 0 {}
        },
    );
    bench.run(
        case().limit(),
        || (Cursor::new(block.repeat(n)), vec![0; K64]),
        |(stream, out)| {
            while stream.read(black_box(out)).expect("memory") > 0 {}
        },
    );
}

fn lines(bench: &Bench) {
    let bytes = LINE.repeat(bench.n(100 * MB) / LINE.len());
    let n = bytes.len();
    let stream = || BytesIO::new(&bytes[..]);
    bench.run(Case::bytes("bytesio_readline_100MB", n).note("60-byte lines"), stream, |stream| {
        while black_box(&stream.read_line(None)).as_ref().is_ok_and(|line| !line.is_empty()) {}
    });
    bench.run(
        Case::bytes("bytesio_readline_100MB", n).limit(),
        || Cursor::new(&bytes[..]),
        |stream| loop {
            let mut line = Vec::new();
            if stream.read_until(b'\n', &mut line).expect("memory") == 0 {
                break;
            }
            black_box(line);
        },
    );
    bench.run(Case::bytes("bytesio_iterate_100MB", n), stream, |stream| {
        for line in stream.iter_lines() {
            black_box(&line);
        }
    });
    bench.run(Case::bytes("bytesio_readlines_100MB", n), stream, |stream| stream.read_lines(None).expect("open"));
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let stream = |newline| {
        let text = &text;
        move || StringIO::new(text.as_str(), newline)
    };
    bench.run(Case::bytes("stringio_readline_100M", n), stream(Newline::Lf), |stream| {
        while black_box(&stream.read_line(None)).as_ref().is_ok_and(|line| !line.is_empty()) {}
    });
    let iterate = |stream: &mut StringIO| {
        for line in stream.iter_lines() {
            black_box(&line);
        }
    };
    bench.run(Case::bytes("stringio_iterate_100M", n), stream(Newline::Lf), iterate);
    bench.run(Case::bytes("stringio_universal_iterate_100M", n), stream(Newline::UniversalUntranslated), iterate);
}

fn values(bench: &Bench) {
    let block = noise(K64);
    let blocks = bench.n(1024);
    let filled = || BytesIO::new(block.repeat(blocks));
    let n = bench.n(100_000);
    bench.run(
        Case::ops("bytesio_getvalue_64MB_shared", n).note("no copy: the value shares the stream's memory"),
        filled,
        |stream| {
            for _ in 0..n {
                black_box(stream.getvalue().expect("open"));
            }
        },
    );
    let grown = || {
        let mut stream = BytesIO::default();
        for _ in 0..blocks {
            stream.write(&block).expect("open");
        }
        stream
    };
    bench.run(Case::seconds("bytesio_getvalue_64MB_first_after_writes").note("no copy"), grown, |stream| stream.getvalue());
    let case = Case::bytes("bytesio_getvalue_then_write_64MB_x20", 20 * blocks * K64);
    bench.run(case.note("each write copies one chunk, not the value"), filled, |stream| {
        for _ in 0..20 {
            let value = stream.getvalue().expect("open");
            stream.seek(0, Whence::Start).expect("open");
            stream.write(b"x").expect("open");
            black_box(value);
        }
    });
    let text = "abcdefghijklmno\n".repeat(4096 * 128);
    let case = Case::bytes("stringio_getvalue_8M", 10 * text.len()).note("no copy: the value shares the stream's memory");
    bench.run(
        case,
        || StringIO::new(text.as_str(), Newline::Lf),
        |stream| {
            for _ in 0..10 {
                black_box(stream.getvalue().expect("open"));
            }
        },
    );
}

fn places(bench: &Bench) {
    let n = bench.n(200_000);
    let case = || Case::ops("bytesio_write_truncate", n).note("seek(0)+write(10)+truncate(5) counted as one");
    bench.run(case(), BytesIO::default, |stream| {
        for _ in 0..n {
            stream.seek(0, Whence::Start).expect("open");
            stream.write(black_box(b"0123456789")).expect("open");
            stream.truncate(Some(5)).expect("open");
        }
    });
    bench.run(case().limit(), Cursor::<Vec<u8>>::default, |stream| {
        for _ in 0..n {
            stream.seek(SeekFrom::Start(0)).expect("memory");
            stream.write_all(black_box(b"0123456789")).expect("memory");
            stream.get_mut().truncate(black_box(5));
        }
    });
    let block = noise(K64);
    let blocks = bench.n(1024);
    let mut rng = fastrand::Rng::with_seed(1);
    let count = bench.n(500_000);
    let offsets = (0..count).map(|_| rng.u64(..(blocks * K64 - 16) as u64)).collect::<Vec<_>>();
    let case = || Case::ops("bytesio_seek_overwrite_16B_random_64MB", count).note("seek+write counted as one");
    let unshared = || {
        let mut stream = BytesIO::new(block.repeat(blocks));
        stream.write(b"x").expect("open");
        stream
    };
    bench.run(case(), unshared, |stream| {
        for &offset in &offsets {
            stream.seek(offset as i64, Whence::Start).expect("open");
            stream.write(black_box(b"0123456789abcdef")).expect("open");
        }
    });
    bench.run(
        case().limit(),
        || Cursor::new(block.repeat(blocks)),
        |stream| {
            for &offset in &offsets {
                stream.seek(SeekFrom::Start(offset)).expect("memory");
                stream.write_all(black_box(b"0123456789abcdef")).expect("memory");
            }
        },
    );
    let n = bench.n(1_000_000);
    let case = || Case::ops("bytesio_seek_tell", n).note("seek+tell counted as one");
    bench.run(
        case(),
        || BytesIO::new(b"0123456789"),
        |stream| {
            for _ in 0..n {
                stream.seek(black_box(5), Whence::Start).expect("open");
                black_box(stream.tell().expect("open"));
            }
        },
    );
    bench.run(
        case().limit(),
        || Cursor::new(b"0123456789".to_vec()),
        |stream| {
            for _ in 0..n {
                stream.seek(SeekFrom::Start(black_box(5))).expect("memory");
                black_box(stream.position());
            }
        },
    );
    let count = count * 2 / 5;
    let case = || Case::ops("getbuffer_slice_assign_16B", count);
    bench.run(case(), unshared, |stream| {
        let view = stream.getbuffer().expect("open");
        for &at in &offsets[..count] {
            view.set_slice(Some(at as i64), Some(at as i64 + 16), black_box(b"0123456789abcdef")).expect("inside");
        }
    });
    let keys = offsets[..count].iter().map(|&at| Value::slice(Some(at as i64), Some(at as i64 + 16), None)).collect::<Vec<_>>();
    let value = Value::from(b"0123456789abcdef");
    bench.run(case().note("as a call of the console: slice and bytes are Python values"), unshared, |stream| {
        let view = stream.getbuffer().expect("open");
        for key in &keys {
            view.set_item(key, &value).expect("inside");
        }
    });
}

/// What is measured in a process of its own: what it makes of a block of 64 KiB stays alive until the peak is read.
type Made = Box<dyn Any>;
type Make = fn(&[u8]) -> Made;

const MEMORY: &[(&str, Make)] = &[
    ("rss_baseline_bytes_200MB", |block| Box::new(black_box(block.repeat(3200)))),
    ("rss_bytesio_writes_200MB", |block| Box::new(written(block))),
    ("rss_bytesio_writes_then_getvalue", |block| {
        let stream = written(block);
        Box::new((stream.getvalue().expect("open"), stream))
    }),
    ("rss_bytesio_writes_then_seek0_read", |block| {
        let mut stream = written(block);
        stream.seek(0, Whence::Start).expect("open");
        Box::new((stream.read(None).expect("open"), stream))
    }),
    ("rss_bytesio_writes_then_getbuffer", |block| {
        let mut stream = written(block);
        Box::new((stream.getbuffer().expect("open"), stream))
    }),
    ("rss_bytesio_writes_then_getvalue_then_write", |block| {
        let mut stream = written(block);
        let value = stream.getvalue().expect("open");
        stream.write(b"x").expect("open");
        Box::new((value, stream))
    }),
    ("rss_bytesio_init_200MB", |block| {
        let data = Buffer::from(block.repeat(3200));
        Box::new((BytesIO::new(data.clone()), data))
    }),
    ("rss_bytesio_init_then_read", |block| {
        let data = Buffer::from(block.repeat(3200));
        let mut stream = BytesIO::new(data.clone());
        Box::new((stream.read(None).expect("open"), stream, data))
    }),
    ("rss_bytesio_init_then_write1", |block| {
        let data = Buffer::from(block.repeat(3200));
        let mut stream = BytesIO::new(data.clone());
        stream.write(b"x").expect("open");
        Box::new((stream, data))
    }),
    ("rss_bytesio_init_bytearray", |block| {
        let data = block.repeat(3200);
        Box::new((BytesIO::new(&data[..]), data))
    }),
    ("rss_bytesio_readinto_chunks", |block| {
        let data = Buffer::from(block.repeat(3200));
        let (mut stream, mut out) = (BytesIO::new(data.clone()), vec![0; K64]);
        while stream.read_into(&mut out).expect("open") > 0 {}
        Box::new((stream, data))
    }),
    ("rss_join_list_of_chunks", |block| {
        let list = (0..3200).map(|_| block.to_vec()).collect::<Vec<_>>();
        Box::new((list.concat(), list))
    }),
    ("rss_stringio_writes_50M", |_| Box::new(written_text())),
    ("rss_stringio_writes_50M_then_read1", |_| {
        let mut stream = written_text();
        stream.seek(0, Whence::Start).expect("open");
        stream.read(Some(1)).expect("open");
        Box::new(stream)
    }),
    ("rss_stringio_init_50M", |_| {
        let text = Text::from("abcdefghijklmno\n".repeat(4096 * 800));
        Box::new((StringIO::new(text.clone(), Newline::Lf), text))
    }),
];

fn written(block: &[u8]) -> BytesIO {
    let mut stream = BytesIO::default();
    for _ in 0..3200 {
        stream.write(block).expect("open");
    }
    stream
}

fn written_text() -> StringIO {
    let (mut stream, text) = (StringIO::default(), "abcdefghijklmno\n".repeat(4096));
    for _ in 0..800 {
        stream.write_str(&text).expect("open");
    }
    stream
}

/// The most memory this process ever had, in KiB.
fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn print_peak_of(name: &str) {
    let Some((_, make)) = MEMORY.iter().find(|(case, _)| *case == name) else { return };
    let block = noise(K64);
    let before = peak();
    let made = make(black_box(&block));
    if let Some((before, after)) = before.zip(peak()) {
        println!("{}", (after - before) / 1024.0);
    }
    drop(made);
}

fn memory(bench: &Bench) {
    let Ok(program) = std::env::current_exe() else { return };
    for (name, _) in MEMORY {
        if bench.only.as_ref().is_some_and(|only| !name.contains(only.as_str())) {
            continue;
        }
        let measure = || {
            let output = std::process::Command::new(&program).args(["--peak-of", name]).output().ok()?;
            String::from_utf8(output.stdout).ok()?.trim().parse::<f64>().ok()
        };
        // Nothing where the system does not tell.
        let Some(peaks) = (0..3).map(|_| measure()).collect::<Option<Vec<_>>>() else { continue };
        let peaks = sorted(peaks);
        let (unit, n) = ("MiB peak RSS", if name.contains("50M") { 50 } else { 200 });
        let line = serde_json::json!({
            "case": name, "unit": unit, "median": short(peaks[1]), "min": short(peaks[0]), "max": short(peaks[2]), "n": n, "runs": 3,
            "impl": OURS, "load1": load1(),
        });
        println!("{line}");
    }
}
