//! Search beside `memchr::memmem` on the same bytes, and beside `grep` and `rg` where they are installed: one JSON line a case.
//!
//! `cargo bench --bench search [-- --quick --only PART --runs N]`. Ours and its peer take turns in one run, so that what else the
//! machine does falls on both. `ratio` is how many times faster than the peer we are, of the medians; the clock counts, since we work
//! on several cores.

use std::hint::black_box;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::process::{Command, Stdio};
use std::time::Instant;

use memchr::memmem;
use seektell::buffer::Buffer;
use seektell::explore::search::{Case, Content, Feed, Needle, NumberKind, Order, Pattern, Query, Replacement};
use seektell::tasks::Progress;

const NEEDLE: &str = "seektell needle";

struct Bench {
    runs: usize,
    only: Option<String>,
}

/// A peer: its name, and its work, which gives the number of matches or lines.
type Peer<'a> = (&'a str, Box<dyn Fn() -> u64 + 'a>);

impl Bench {
    /// Ours and its peers by turns; `bytes` of work each.
    fn case(&self, name: &str, bytes: u64, goal: Option<f64>, ours: &dyn Fn() -> u64, peers: &[Peer<'_>]) {
        if self.only.as_ref().is_some_and(|only| !name.contains(only.as_str())) {
            return;
        }
        let mut times = vec![Vec::new(); peers.len() + 1];
        let mut found = vec![0; peers.len() + 1];
        for _ in 0..self.runs {
            for (i, (times, found)) in times.iter_mut().zip(&mut found).enumerate() {
                let began = Instant::now();
                *found = black_box(if i == 0 { ours() } else { peers[i - 1].1() });
                times.push(began.elapsed().as_secs_f64());
            }
        }
        let median = |times: &mut Vec<f64>| {
            times.sort_by(f64::total_cmp);
            times[times.len() / 2]
        };
        let medians: Vec<f64> = times.iter_mut().map(median).collect();
        for (i, (time, found)) in medians.iter().zip(&found).enumerate() {
            let by = if i == 0 { concat!("seektell ", env!("CARGO_PKG_VERSION")) } else { peers[i - 1].0 };
            let mut line = serde_json::json!({
                "case": name, "unit": "GB/s", "median": short(bytes as f64 / time / 1e9), "seconds": short(*time),
                "found": found, "runs": self.runs, "impl": by, "load1": load1(),
            });
            if i > 0 {
                line["ratio"] = short(time / medians[0]).into();
                line["goal"] = if i == 1 { goal.into() } else { serde_json::Value::Null };
            }
            println!("{line}");
        }
    }
}

fn short(x: f64) -> f64 {
    format!("{x:.3e}").parse().unwrap_or(x)
}

fn load1() -> Option<f64> {
    std::fs::read_to_string("/proc/loadavg").ok()?.split_whitespace().next()?.parse().ok()
}

/// What is in files: text, zeros, tables of small numbers, and what is compressed; the needle once, near the end.
fn mixed(len: usize) -> Vec<u8> {
    let mut rng = fastrand::Rng::with_seed(4);
    let mut bytes = Vec::with_capacity(len + (1 << 16));
    let words = ["the ", "stream ", "of ", "bytes ", "reads ", "and ", "seeks ", "number ", "needle\n", "search "];
    while bytes.len() < len {
        match rng.u8(..4) {
            0 => bytes.extend(std::iter::repeat_with(|| words[rng.usize(..words.len())]).take(6000).flat_map(str::bytes)),
            1 => bytes.resize(bytes.len() + 32_768, 0),
            2 => bytes.extend(std::iter::repeat_with(|| rng.u32(..300).to_le_bytes()).take(8192).flatten()),
            _ => bytes.extend(std::iter::repeat_with(|| rng.u8(..)).take(32_768)),
        }
    }
    bytes.truncate(len);
    let at = len - 1000;
    bytes[at..at + NEEDLE.len()].copy_from_slice(NEEDLE.as_bytes());
    bytes
}

fn total(content: &Content, query: &Query) -> u64 {
    let (feed, progress) = (Feed::new(), Progress::new());
    let pattern = Pattern::new(query, content).expect("the query is right");
    pattern.search(content, None, &feed, &progress).expect("it is readable");
    feed.total()
}

fn text(case: Case) -> Needle {
    Needle::Text { text: NEEDLE.into(), encoding: "utf-8".into(), case }
}

fn main() {
    let mut bench = Bench { runs: 5, only: None };
    let mut quick = false;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--runs" => bench.runs = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(bench.runs).max(1),
            "--only" => bench.only = arguments.next(),
            "--quick" => quick = true,
            _ => {}
        }
    }
    let block = mixed(if quick { 64 << 20 } else { 256 << 20 });
    in_memory(&bench, &block);
    in_a_file(&bench, &block);
    replacing(&bench);
}

fn in_memory(bench: &Bench, block: &[u8]) {
    let content = Content::Bytes(Buffer::from(block));
    let finder = memmem::Finder::new(NEEDLE);
    let raw = || -> Peer<'_> { ("memchr::memmem, one core", Box::new(|| finder.find_iter(block).count() as u64)) };
    let bytes = block.len() as u64;
    let ours = |needle: Needle| {
        let content = content.clone();
        move || total(&content, &Query::of(needle.clone()))
    };
    bench.case("memory_literal", bytes, Some(0.8), &ours(text(Case::Exact)), &[raw()]);
    let wild: String =
        NEEDLE.bytes().enumerate().map(|(i, byte)| if i == 4 { "??".into() } else { format!("{byte:02X}") }).collect();
    bench.case("memory_wildcard", bytes, Some(0.4), &ours(Needle::Hex(wild)), &[raw()]);
    bench.case("memory_ascii_case", bytes, Some(0.4), &ours(text(Case::Ascii)), &[raw()]);
    bench.case("memory_unicode_case", bytes, Some(0.4), &ours(text(Case::Unicode)), &[raw()]);
    bench.case("memory_nibbles", bytes, None, &ours(Needle::Hex("7? ?3 6? ?9 F?".into())), &[raw()]);
    let regex = Needle::Regex { pattern: r"seek[a-z]+ n\w+e\b".into(), case: Case::Exact, unicode: false };
    bench.case("memory_regex", bytes, None, &ours(regex), &[raw()]);
    let number = Needle::Number { kind: NumberKind::F64, order: Order::Little, value: "3.14 +- 0.0001".into() };
    bench.case("memory_number_range", bytes, None, &ours(number), &[raw()]);
    let zeros = content.clone();
    let count = move || total(&zeros, &Query::of(Needle::Hex("00".into())));
    let peer: Peer<'_> = ("memchr::memchr_iter().count()", Box::new(|| memchr::memchr_iter(0, block).count() as u64));
    bench.case("memory_every_zero", bytes, None, &count, &[peer]);
    let needles: Vec<Needle> = ["seektell needle", "absent one", "another absent", "\u{1}\u{2}third"]
        .map(|text| Needle::Text { text: text.into(), encoding: "utf-8".into(), case: Case::Exact })
        .to_vec();
    let several = move || total(&content, &Query { needles: needles.clone(), overlapping: false, align: 1 });
    bench.case("memory_four_needles", bytes, None, &several, &[raw()]);
}

fn in_a_file(bench: &Bench, block: &[u8]) {
    if bench.only.as_ref().is_some_and(|only| !"file_literal file_ascii_case".contains(only.as_str())) {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("two gigabytes");
    let mut file = std::fs::File::create(&path).expect("a file");
    // The needle once, in the last block only.
    let mut first = block.to_vec();
    let at = first.len() - 1000;
    first[at..at + NEEDLE.len()].fill(b'x');
    for _ in 0..7 {
        file.write_all(&first).expect("room for 2 GB");
    }
    drop(first);
    file.write_all(block).expect("room for 2 GB");
    drop(file);
    let file = std::fs::File::open(&path).expect("the file");
    let len = file.metadata().expect("its size").len();
    let content = Content::Bytes(seektell::files::open(&path).expect("the file").buffer);
    let finder = memmem::Finder::new(NEEDLE);
    let raw = || -> Peer<'_> {
        let work = || {
            let (mut buffer, mut at, mut found) = (vec![0; (1 << 20) + NEEDLE.len() - 1], 0, 0);
            while at < len {
                let want = buffer.len().min((len - at) as usize);
                file.read_exact_at(&mut buffer[..want], at).expect("it is readable");
                found += finder.find_iter(&buffer[..want]).count() as u64;
                at += 1 << 20;
            }
            found
        };
        ("memchr::memmem over reads of 1 MiB, one core", Box::new(work))
    };
    let program = |name: &'static str, arguments: &'static [&'static str]| -> Option<Peer<'_>> {
        Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().ok()?;
        let path = path.clone();
        let work = move || {
            let out = Command::new(name).args(arguments).arg(NEEDLE).arg(&path).output().expect("it runs");
            String::from_utf8_lossy(&out.stdout).trim().parse().unwrap_or(0)
        };
        Some((name, Box::new(work)))
    };
    let mut peers = vec![raw()];
    peers.extend(program("grep", &["-c", "-a", "-F"]));
    peers.extend(program("rg", &["-c", "-a", "-F", "--no-mmap"]));
    let literal = content.clone();
    bench.case("file_literal", len, Some(0.8), &move || total(&literal, &Query::of(text(Case::Exact))), &peers);
    bench.case("file_ascii_case", len, Some(0.4), &move || total(&content, &Query::of(text(Case::Ascii))), &peers[..1]);
}

/// 336,530 matches in 3.7 MB.
fn replacing(bench: &Bench) {
    const HITS: usize = 336_530;
    let hay: Vec<u8> = b"ab,cdefghij".repeat(HITS);
    let content = Content::Bytes(Buffer::from(hay.clone()));
    let needle = Needle::Text { text: ",".into(), encoding: "utf-8".into(), case: Case::Exact };
    let pattern = Pattern::new(&Query::of(needle.clone()), &content).expect("the query is right");
    let with = Replacement::new("; ", &needle, &content).expect("the replacement is right");
    let ours = || {
        let replaced = pattern.replace_all(&content, None, &with, &Progress::new()).expect("it fits");
        replaced.map_or(0, |replaced| replaced.count)
    };
    let text = String::from_utf8(hay.clone()).expect("it is ASCII");
    let std: Peer<'_> = ("str::replace", Box::new(|| black_box(text.replace(',', "; ")).len() as u64));
    bench.case("replace_336530_of_3.7MB", hay.len() as u64, None, &ours, &[std]);
}
