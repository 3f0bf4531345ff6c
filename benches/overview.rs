//! The overview of 1 GiB in memory and from a file in the page cache, and the strings of 256 MiB, beside the plainest way to do the
//! same on one core: one JSON line a case.
//!
//! ```text
//! cargo bench --bench overview -- [--runs N] [--only PART_OF_A_NAME] [--quick]
//! ```
//!
//! `GB/s` are bytes of the document by the clock. The file is written to the folder of temporary files and removed at the end. Where
//! binutils are installed, their `strings` runs on the same file; otherwise the line is left out and standard error says so.

use std::hint::black_box;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

#[allow(dead_code, reason = "not every benchmark has every kind of case")]
mod harness;

use harness::{Bench, Case};
use seektell::buffer::{Buffer, ByteRange, Offset};
use seektell::explore::overview::{Overview, Request, scan};
use seektell::explore::strings;
use seektell::files;
use seektell::tasks::Progress;

const MIB: usize = 1 << 20;

/// A quarter each of noise, text, zeros and something like a program.
fn content(len: usize) -> Vec<u8> {
    let mut rng = fastrand::Rng::with_seed(7);
    let mut bytes = vec![0; len];
    for (index, part) in bytes.chunks_mut(MIB).enumerate() {
        match index % 4 {
            0 => rng.fill(part),
            1 => part
                .iter_mut()
                .zip(b"The quick brown fox jumps over the lazy dog.\n".iter().cycle())
                .for_each(|(to, &from)| *to = from),
            2 => {}
            _ => part
                .iter_mut()
                .enumerate()
                .for_each(|(i, byte)| *byte = if rng.u8(..) < 120 { 0 } else { (i as u8).wrapping_mul(17) ^ rng.u8(0..48) }),
        }
    }
    bytes
}

fn whole(buffer: &Buffer, pairs: bool) -> Overview {
    let request = Request { pairs, ..Request::whole(buffer) };
    scan(buffer, &request, None, &Progress::new(), &|_| {}).expect("nobody cancels")
}

fn naive(buffer: &Buffer) -> [u64; 256] {
    let mut histogram = [0; 256];
    for chunk in buffer.chunks(ByteRange::new(Offset::ZERO, buffer.len())) {
        for &byte in chunk.expect("it can be read").iter() {
            histogram[usize::from(byte)] += 1;
        }
    }
    histogram
}

fn main() {
    let bench = Bench::from_arguments();
    let len = bench.n(1024 * MIB).next_multiple_of(MIB);
    let bytes = content(len);
    let folder = std::env::temp_dir().join(format!("seektell-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for temporary files");
    let path = folder.join("bytes");
    std::fs::File::create(&path).and_then(|mut file| file.write_all(&bytes)).expect("a file");
    let memory = Buffer::from(bytes);
    let file = files::open(&path).expect("it was just written").buffer;

    let bytes = |name, note| Case::bytes(name, len).note(note);
    for (buffer, minimap, all, histogram, memchr) in [
        (&memory, "memory_minimap", "memory_overview", "memory_naive_histogram", "memory_memchr"),
        (&file, "file_minimap", "file_overview", "file_naive_histogram", "file_memchr"),
    ] {
        bench.run(bytes(minimap, "4,096 parts: classes, entropy, histogram"), || (), |_| whole(buffer, false));
        bench.run(bytes(all, "the same and all pairs"), || (), |_| whole(buffer, true));
        bench.run(bytes(histogram, "one table, one core").by("a plain loop"), || (), |_| naive(buffer));
        bench.run(
            bytes(memchr, "a byte that does not occur, one core").by("memchr"),
            || (),
            |_| {
                let chunks = buffer.chunks(ByteRange::new(Offset::ZERO, buffer.len()));
                chunks
                    .filter(|chunk| {
                        memchr::memmem::find(chunk.as_ref().expect("it can be read"), b"\xFE\xFD\xFC\xFB\xFA\xF9").is_some()
                    })
                    .count()
            },
        );
    }
    let before = whole(&memory, true);
    bench.run(
        Case::seconds("memory_after_an_edit").note("one byte put in at a third of it; everything is exact again"),
        || {
            let mut edited = memory.clone();
            edited.insert(Offset(len as u64 / 3), &Buffer::from(b"!"));
            edited
        },
        |edited| scan(edited, &Request::whole(edited), Some(&before), &Progress::new(), &|_| {}),
    );
    first_answer(&bench, &file);
    strings_of(&bench, &path, &memory);
    std::fs::remove_dir_all(&folder).ok();
}

/// The sample that comes before everything is read.
fn first_answer(bench: &Bench, file: &Buffer) {
    let case = Case::seconds("file_first_answer").note("a sample of each part is there");
    bench.run(
        case,
        || (),
        |_| {
            let progress = Progress::new();
            scan(file, &Request::whole(file), None, &progress, &|_| progress.cancel()).ok();
        },
    );
}

fn strings_of(bench: &Bench, path: &Path, memory: &Buffer) {
    let len = bench.n(256 * MIB).next_multiple_of(MIB);
    let part = memory.slice(ByteRange::new(Offset::ZERO, len.into()));
    let find = |names: &[&str]| {
        let encodings = names.iter().filter_map(|name| strings::Encoding::from_name(name)).collect();
        strings::Request { encodings, ..strings::Request::of(&part) }
    };
    let ascii = find(&["ascii"]);
    let usual = find(&["utf-8", "utf-16le", "utf-16be"]);
    let run = |request: &strings::Request| strings::find(&part, request, &Progress::new(), &|_| {}).map(|found| found.total);
    bench.run(Case::bytes("strings_ascii", len).note("at least 4 characters, in memory"), || (), |_| run(&ascii));
    bench.run(Case::bytes("strings_usual", len).note("UTF-8, UTF-16 in both orders"), || (), |_| run(&usual));
    let short = path.with_extension("part");
    std::fs::write(&short, part.to_vec_all().expect("memory")).expect("a file");
    if Command::new("strings").arg("--version").stdout(Stdio::null()).status().is_err() {
        eprintln!("no strings program is installed: left out");
        return;
    }
    let theirs = || Command::new("strings").args(["-a", "-n", "4", "-t", "x"]).arg(&short).stdout(Stdio::null()).status();
    let case = Case::bytes("strings_ascii", len).note("its own process, output thrown away").by("strings of binutils");
    bench.run(case, || (), |_| black_box(theirs()).is_ok());
    let ours = || {
        Command::new(env!("CARGO_BIN_EXE_seektell"))
            .args(["strings", "--offsets", "--encoding", "ascii"])
            .arg(&short)
            .stdout(Stdio::null())
            .status()
    };
    let case = Case::bytes("strings_ascii_process", len).note("seektell strings, output thrown away");
    bench.run(case, || (), |_| black_box(ours()).is_ok());
}
