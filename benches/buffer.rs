//! The buffer beside `Vec<u8>` and `std::io::Cursor`: one JSON line a case.
//!
//! `cargo bench --bench buffer --no-default-features [-- PART-OF-A-NAME]`. The fields are those of the project's
//! other benches: the median of `runs` runs, its unit (`s` for the whole case; `ops/s` and `GB/s` are rates), the
//! fastest and the slowest run, the same from processor time (`null` where that is too coarse), and what ran.

use std::hint::black_box;
use std::io::{Cursor, Read, Seek, SeekFrom, Write};
use std::time::Instant;

use seektell::buffer::{Buffer, ByteRange, Finger, Len, Offset};

const RUNS: usize = 7;
const MIB: usize = 1 << 20;

/// What one run of a case is counted in.
#[derive(Clone, Copy)]
enum Unit {
    Seconds,
    Operations(u64),
    Bytes(u64),
}

impl Unit {
    fn value(self, seconds: f64) -> f64 {
        let seconds = seconds.max(1e-9);
        match self {
            Self::Seconds => seconds,
            Self::Operations(n) => n as f64 / seconds,
            Self::Bytes(n) => n as f64 / seconds / 1e9,
        }
    }
}

/// The time this thread had a processor, where the system tells: steadier than the clock on a shared machine, but
/// too coarse for cases of microseconds.
fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(stat.split(' ').next()?.parse::<u64>().ok()? as f64 / 1e9)
}

struct Bench {
    only: Option<String>,
}

impl Bench {
    /// Times `work` on what `setup` makes, which is neither made nor dropped on the clock.
    fn case<T, R>(&self, name: &str, what: &str, unit: Unit, setup: impl Fn() -> T, work: impl Fn(&mut T) -> R) {
        if self.only.as_ref().is_some_and(|part| !name.contains(part.as_str())) {
            return;
        }
        let (mut wall, mut cpu) = (Vec::new(), Vec::new());
        for _ in 0..RUNS {
            let mut on = setup();
            let (started, start) = (cpu_seconds(), Instant::now());
            let result = black_box(work(black_box(&mut on)));
            wall.push(unit.value(start.elapsed().as_secs_f64()));
            cpu.extend(started.zip(cpu_seconds()).filter(|(from, to)| to > from).map(|(from, to)| unit.value(to - from)));
            drop((result, on));
        }
        wall.sort_by(f64::total_cmp);
        cpu.sort_by(f64::total_cmp);
        let (name_of_unit, n) = match unit {
            Unit::Seconds => ("s", 1),
            Unit::Operations(n) => ("ops/s", n),
            Unit::Bytes(n) => ("GB/s", n),
        };
        let cpu = if cpu.len() == RUNS { format!("{:.4e}", cpu[RUNS / 2]) } else { "null".into() };
        println!(
            r#"{{"case":"{name}","unit":"{name_of_unit}","median":{:.4e},"min":{:.4e},"max":{:.4e},"cpu_median":{cpu},"n":{n},"runs":{RUNS},"impl":"{what}"}}"#,
            wall[RUNS / 2],
            wall[0],
            wall[RUNS - 1]
        );
    }
}

/// 64 KiB that no compression would shorten.
fn block() -> Vec<u8> {
    let mut rng = fastrand::Rng::with_seed(1);
    (0..Buffer::CHUNK_LEN).map(|_| rng.u8(..)).collect()
}

/// `len` bytes in a tree, as appends leave them.
fn appended(len: usize) -> Buffer {
    let (block, mut buffer) = (block(), Buffer::new());
    while buffer.len() < len.into() {
        buffer.append(&block);
    }
    buffer
}

fn places(count: usize, below: usize) -> Vec<u64> {
    let mut rng = fastrand::Rng::with_seed(2);
    (0..count).map(|_| rng.u64(..below as u64)).collect()
}

fn main() {
    let only = std::env::args().skip(1).find(|arg| !arg.starts_with('-'));
    let bench = Bench { only };
    edits(&bench);
    appends(&bench);
    overwrites(&bench);
    reads(&bench);
}

fn edits(bench: &Bench) {
    let one = Buffer::from(b"!");
    let four_gib = || Buffer::filled(0, Len(4 << 30));
    bench.case("insert_1B_at_0_of_4GiB_fill", "Buffer", Unit::Seconds, four_gib, |b| b.insert(Offset::ZERO, &one));
    // The same with all of it in pieces, and a snapshot that sees every node.
    let piece = Buffer::from(vec![1; 64 * 1024]);
    let mut pieces = Buffer::new();
    while pieces.len() < Len(4 << 30) {
        pieces.append_buffer(&piece);
    }
    bench.case(
        "insert_1B_at_0_of_4GiB_65536_pieces",
        "Buffer",
        Unit::Seconds,
        || pieces.clone(),
        |b| b.insert(Offset::ZERO, &one),
    );
    bench.case(
        "delete_4GiB_and_undo",
        "Buffer",
        Unit::Seconds,
        || pieces.clone(),
        |b| {
            let before = b.clone();
            b.delete(ByteRange::new(Offset::ZERO, Len(u64::MAX)));
            *b = before;
        },
    );
    let at = places(100_000, 64 * MIB);
    bench.case(
        "insert_1B_random_64MB",
        "Buffer",
        Unit::Operations(100_000),
        || appended(64 * MIB),
        |b| at.iter().for_each(|&at| b.insert(Offset(at), &one)),
    );
    bench.case(
        "insert_1B_random_64MB_each_with_snapshot",
        "Buffer",
        Unit::Operations(100_000),
        || (appended(64 * MIB), Buffer::new()),
        |(b, before)| {
            for &at in &at {
                *before = b.clone();
                b.insert(Offset(at), &one);
            }
        },
    );
    bench.case(
        "insert_1B_random_64MB",
        "Vec<u8>",
        Unit::Operations(20),
        || vec![1_u8; 64 * MIB],
        |v| at.iter().take(20).for_each(|&at| v.insert(at as usize, b'!')),
    );
}

fn appends(bench: &Bench) {
    const N: u64 = 1_000_000;
    let unit = Unit::Operations(N);
    bench.case("append_11B", "Buffer", unit, Buffer::new, |b| {
        for _ in 0..N {
            b.append(black_box(b"Hello World"));
        }
    });
    bench.case("append_11B", "Vec<u8>", unit, Vec::<u8>::new, |v| {
        for _ in 0..N {
            v.extend_from_slice(black_box(b"Hello World"));
        }
    });
    bench.case(
        "append_11B",
        "Cursor<Vec<u8>>",
        unit,
        || Cursor::new(Vec::new()),
        |c| (0..N).try_for_each(|_| c.write_all(black_box(b"Hello World"))),
    );
    bench.case("append_11B_each_with_snapshot", "Buffer", unit, Default::default, |(b, before): &mut (Buffer, Buffer)| {
        for _ in 0..N {
            *before = b.clone();
            b.append(black_box(b"Hello World"));
        }
    });
    let (block, bulk) = (block(), Unit::Bytes(256 * MIB as u64));
    bench.case("append_64KiB_256MB", "Buffer", bulk, Buffer::new, |b| (0..4096).for_each(|_| b.append(&block)));
    bench.case("append_64KiB_256MB", "Vec<u8>", bulk, Vec::new, |v| (0..4096).for_each(|_| v.extend_from_slice(&block)));
}

fn overwrites(bench: &Bench) {
    const N: usize = 1_000_000;
    let unit = Unit::Operations(N as u64);
    let at = places(N, 64 * MIB - 16);
    let write = |b: &mut Buffer| {
        for &at in &at {
            b.overwrite(Offset(at), black_box(b"0123456789abcdef"));
        }
    };
    bench.case("overwrite_16B_random_64MB_one_piece", "Buffer", unit, || Buffer::from(vec![1; 64 * MIB]), write);
    bench.case("overwrite_16B_random_64MB_tree", "Buffer", unit, || appended(64 * MIB), write);
    bench.case(
        "overwrite_16B_random_64MB_shared",
        "Buffer",
        unit,
        || {
            let buffer = Buffer::from(vec![1; 64 * MIB]);
            (buffer.clone(), buffer)
        },
        |(b, _)| write(b),
    );
    bench.case(
        "overwrite_16B_random_64MB",
        "Vec<u8>",
        unit,
        || vec![1_u8; 64 * MIB],
        |v| {
            for &at in &at {
                v[at as usize..][..16].copy_from_slice(black_box(b"0123456789abcdef"));
            }
        },
    );
    bench.case(
        "overwrite_16B_random_64MB",
        "Cursor<Vec<u8>>",
        unit,
        || Cursor::new(vec![1_u8; 64 * MIB]),
        |c| {
            at.iter().try_for_each(|&at| {
                c.seek(SeekFrom::Start(at))?;
                c.write_all(black_box(b"0123456789abcdef"))
            })
        },
    );
    bench.case(
        "overwrite_11B_in_order_over_fill",
        "Buffer",
        unit,
        || Buffer::filled(0, Len(11 * N as u64)),
        |b| (0..N as u64).for_each(|n| b.overwrite(Offset(n * 11), black_box(b"Hello World"))),
    );
}

fn reads(bench: &Bench) {
    let (bulk, small) = (Unit::Bytes(256 * MIB as u64), Unit::Operations(2 * MIB as u64));
    let copied = |b: &mut Buffer| {
        let (mut out, mut at) = (vec![0; Buffer::CHUNK_LEN], 0);
        while let Ok(n @ 1..) = b.read_at(Offset(at), black_box(&mut out)) {
            at += n as u64;
        }
        at
    };
    bench.case("read_at_64KiB_256MB", "Buffer", bulk, || appended(256 * MIB), copied);
    bench.case(
        "read_64KiB_256MB",
        "Cursor<Vec<u8>>",
        bulk,
        || Cursor::new(vec![1_u8; 256 * MIB]),
        |c| {
            let mut out = vec![0; Buffer::CHUNK_LEN];
            while let Ok(1..) = c.read(black_box(&mut out)) {}
        },
    );
    bench.case(
        "chunks_xor_256MB",
        "Buffer",
        bulk,
        || appended(256 * MIB),
        |b| {
            let all = ByteRange::new(Offset::ZERO, b.len());
            b.chunks(all).flatten().map(|chunk| chunk.iter().fold(0, |all, byte| all ^ byte)).fold(0, |all: u8, one| all ^ one)
        },
    );
    let slices = |b: &mut Buffer| (0..2 * MIB as u64).map(|at| b.slice(ByteRange::new(Offset(at), Len(1))).len().0).sum::<u64>();
    bench.case("slice_1B_in_order_one_piece", "Buffer", small, || Buffer::from(vec![1; 2 * MIB]), slices);
    bench.case("slice_1B_in_order_tree", "Buffer", small, || appended(64 * MIB), slices);
    bench.case(
        "slice_near_1B_in_order_tree",
        "Buffer",
        small,
        || appended(64 * MIB),
        |b| {
            let mut finger = Finger::new();
            (0..2 * MIB as u64).map(|at| b.slice_near(&mut finger, ByteRange::new(Offset(at), Len(1))).len().0).sum::<u64>()
        },
    );
    bench.case(
        "slice_near_60B_in_order_tree",
        "Buffer",
        Unit::Operations(MIB as u64),
        || appended(64 * MIB),
        |b| {
            let mut finger = Finger::new();
            (0..MIB as u64).map(|n| b.slice_near(&mut finger, ByteRange::new(Offset(n * 60), Len(60))).len().0).sum::<u64>()
        },
    );
    bench.case(
        "read_1B_in_order",
        "Reader",
        small,
        || appended(2 * MIB).reader(),
        |r| {
            let mut byte = [0];
            while let Ok(1) = r.read(&mut byte) {
                black_box(byte);
            }
        },
    );
    bench.case(
        "read_1B_in_order",
        "Cursor<Vec<u8>>",
        small,
        || Cursor::new(vec![1_u8; 2 * MIB]),
        |c| {
            let mut byte = [0];
            while let Ok(1) = c.read(&mut byte) {
                black_box(byte);
            }
        },
    );
    let (a, b) = (appended(256 * MIB), appended(256 * MIB));
    bench.case("compare_256MB", "Buffer", bulk, || (), |()| a == b);
}
