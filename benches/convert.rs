//! Bytes as text and back, packed and unpacked, from a file to nowhere; beside the usual programs where they are installed.
//!
//! `cargo bench --bench convert`; `-- --quick` takes a sixteenth of the bytes, `-- --mib 1024` the size of the anchors.
//! One JSON line a case. A program reads the same file and writes to nowhere; its processor time is that of its process.

#[allow(dead_code, reason = "not every benchmark has every kind of case")]
mod harness;
#[allow(dead_code, reason = "not every benchmark has every kind of case")]
#[path = "harness/memory.rs"]
mod memory;

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use harness::{Bench, OURS, short, sorted};
use memory::cpu;
use seektell::buffer::Buffer;
use seektell::files;
use seektell::formats::text::{Encoding, NewlineStyle};
use seektell::formats::{DumpOptions, Format, Options, TextOptions, convert};
use seektell::tasks::Progress;

/// Bytes as a program has them: no run of them repeats, and not all are equally frequent.
fn content(len: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut bytes = vec![0_u8; len];
    for word in bytes.as_chunks_mut::<8>().0 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        *word = (state & 0x7F7F_FF7F_FFFF_7F7F).to_le_bytes();
    }
    bytes
}

/// What the runs of a case took: by the clock and of the processor, in seconds, and memory at most, in bytes.
#[derive(Default)]
struct Runs {
    wall: Vec<f64>,
    cpu: Vec<f64>,
    memory: Option<u64>,
}

impl Runs {
    fn add(&mut self, wall: f64, cpu: Option<f64>) {
        self.wall.push(wall);
        self.cpu.extend(cpu);
    }

    fn report(self, case: &str, by: &str, mib: f64) {
        let runs = self.wall.len();
        let (wall, cpu) = (sorted(self.wall), sorted(self.cpu));
        let median = wall[runs / 2];
        let line = serde_json::json!({
            "case": case, "impl": by, "unit": "s", "median": short(median), "min": short(wall[0]),
            "cpu_median": cpu.get(cpu.len() / 2).map(|&seconds| short(seconds)), "cpu_min": cpu.first().map(|&seconds| short(seconds)),
            "mib_per_s": short(mib / median), "runs": runs, "load1": harness::load1(),
            "extra_mib": self.memory.map(|bytes| short(bytes as f64 / (1 << 20) as f64)),
        });
        println!("{line}");
    }
}

/// One task: ours, and the program that does the same.
struct Task<'a> {
    case: &'static str,
    input: &'a Path,
    /// Mebibytes of the bytes themselves, whichever side they are on.
    mib: f64,
    from: Format,
    to: Format,
    options: Options,
    peers: &'a [&'a [&'a str]],
}

fn run(bench: &Bench, task: &Task<'_>) {
    if bench.only.as_ref().is_some_and(|only| !task.case.contains(only.as_str())) {
        return;
    }
    let mut ours = Runs::default();
    for _ in 0..bench.runs {
        let buffer: Buffer = files::open(task.input).expect("the input was just written").buffer;
        let before = cpu::own();
        let (_, wall, memory) = memory::measured(|| {
            convert(&buffer, task.from, task.to, &task.options, &mut std::io::sink(), &Progress::new()).expect("it converts")
        });
        ours.add(wall, cpu::own().zip(before).map(|(after, before)| after - before));
        ours.memory = ours.memory.max(Some(memory));
    }
    ours.report(task.case, OURS, task.mib);
    for peer in task.peers {
        let (program, mut runs) = (peer[0], Runs::default());
        let mut once = || {
            let input = File::open(task.input).ok()?;
            let (start, before) = (Instant::now(), cpu::programs());
            let status = Command::new(program).args(&peer[1..]).stdin(input).stdout(Stdio::null()).status().ok()?;
            let (wall, after) = (start.elapsed().as_secs_f64(), cpu::programs());
            status.success().then(|| runs.add(wall, after.zip(before).map(|(after, before)| after - before)))
        };
        match (0..bench.runs).map(|_| once()).collect::<Option<Vec<()>>>() {
            Some(_) => runs.report(task.case, &peer.join(" "), task.mib),
            None => println!("{{\"case\":\"{}\",\"skipped\":\"{program} is not installed or failed\"}}", task.case),
        }
    }
}

/// Names of writing and reading, the format with its options, and the command lines of the peers that write and that read.
type Both<'a> = (&'static str, &'static str, Format, DumpOptions, &'a [&'a [&'a str]], &'a [&'a [&'a str]]);

/// Lines of a table, as a log or an export has them: `len` bytes at least.
fn rows(len: usize) -> Vec<u8> {
    let mut text = Vec::with_capacity(len + 128);
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut id = 0;
    while text.len() < len {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        id += 1;
        let (city, price) = (["Zürich", "Köln", "Oslo", "Praha", "Łódź"][(state % 5) as usize], state % 1_000_000);
        let day = state >> 8 & 15;
        let line = format!(
            "{id},2026-04-{:02},{city},{}.{:02},\"order {:x}, shipped\"\n",
            day + 1,
            price / 100,
            price % 100,
            state >> 40
        );
        text.extend_from_slice(line.as_bytes());
    }
    text
}

fn main() {
    let bench = Bench::from_arguments();
    let chosen = std::env::args().skip_while(|argument| argument != "--mib").nth(1).and_then(|text| text.parse().ok());
    let mib = chosen.unwrap_or(if bench.quick { 16 } else { 256 });
    let folder = tempfile::tempdir().expect("a folder for the inputs");
    as_text(&bench, mib, folder.path());
    text(&bench, mib / 2, folder.path());
}

/// Bytes as text and back.
fn as_text(bench: &Bench, mib: usize, folder: &Path) {
    let plain = folder.join("plain");
    std::fs::write(&plain, content(mib << 20)).expect("the input fits on the disk");
    let buffer = files::open(&plain).expect("the input was just written").buffer;
    let wrap = |wrap| DumpOptions { wrap: Some(wrap), ..DumpOptions::default() };
    let to_hex: &[&str] = &["python3", "-c", "import sys; sys.stdout.write(sys.stdin.buffer.read().hex())"];
    let from_hex: &[&str] = &["python3", "-c", "import sys; sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read()))"];
    let none = DumpOptions::default;
    let both: &[Both<'_>] = &[
        ("base64 encode", "base64 decode", Format::Base64, none(), &[&["base64", "-w0"]], &[&["base64", "-d"]]),
        ("base64 encode, 76 a line", "base64 decode, 76 a line", Format::Base64, wrap(76), &[&["base64"]], &[&["base64", "-d"]]),
        (
            "hex encode",
            "hex decode",
            Format::HexText,
            none(),
            &[&["basenc", "--base16", "-w0"], to_hex, &["xxd", "-p", "-c0"]],
            &[from_hex, &["xxd", "-r", "-p"]],
        ),
        (
            "hex encode, 60 a line",
            "hex decode, 60 a line",
            Format::HexText,
            wrap(60),
            &[&["xxd", "-p"]],
            &[from_hex, &["xxd", "-r", "-p"]],
        ),
        ("hex dump", "hex dump reversed", Format::HexDump, none(), &[&["hexdump", "-C"], &["xxd"]], &[]),
        ("C array", "C array read", Format::Literal, none(), &[&["xxd", "-i"]], &[]),
        (
            "Intel HEX",
            "Intel HEX read",
            Format::IntelHex,
            none(),
            &[&["srec_cat", "-", "-binary", "-o", "-", "-intel"]],
            &[&["srec_cat", "-", "-intel", "-o", "/dev/null", "-binary"]],
        ),
        (
            "S-record",
            "S-record read",
            Format::SRecord,
            none(),
            &[&["srec_cat", "-", "-binary", "-o", "-", "-motorola"]],
            &[&["srec_cat", "-", "-motorola", "-o", "/dev/null", "-binary"]],
        ),
    ];
    for (there, back, format, dump, encoders, decoders) in both {
        let options = Options { dump: dump.clone(), ..Options::default() };
        let task =
            |case, input, from, to, peers| Task { case, input, mib: mib as f64, from, to, options: options.clone(), peers };
        run(bench, &task(there, &plain, Format::Bytes, *format, encoders));
        if bench.only.as_ref().is_some_and(|only| !back.contains(only.as_str())) {
            continue;
        }
        let text = folder.join("text");
        let mut out = std::io::BufWriter::new(File::create(&text).expect("a file for the text"));
        convert(&buffer, Format::Bytes, *format, &options, &mut out, &Progress::new()).expect("it converts");
        drop(out);
        run(bench, &task(back, &text, *format, Format::Bytes, decoders));
        std::fs::remove_file(&text).expect("the text was just written");
    }
    std::fs::remove_file(&plain).expect("the input was just written");
}

/// A name, from what to what and how, and the command lines of the peers.
type Way<'a> = (&'static str, Format, Format, Options, &'a [&'a [&'a str]]);

/// Text packed, unpacked, in another encoding, and with other line ends.
fn text(bench: &Bench, mib: usize, folder: &Path) {
    let plain = folder.join("rows");
    std::fs::write(&plain, rows(mib << 20)).expect("the input fits on the disk");
    let mut tasks: Vec<Way<'_>> = Vec::new();
    let level = |level| Options { dump: DumpOptions { level: Some(level), ..DumpOptions::default() }, ..Options::default() };
    tasks.push(("gzip -6", Format::Bytes, Format::Gzip, level(6), &[&["gzip", "-6c"]]));
    tasks.push(("gzip -1", Format::Bytes, Format::Gzip, level(1), &[&["gzip", "-1c"]]));
    let utf16 = TextOptions { encoding: Encoding::Utf16Le, ..TextOptions::default() };
    let utf16 = Options { text: utf16, ..Options::default() };
    tasks.push(("UTF-8 to UTF-16LE", Format::Text, Format::Text, utf16, &[&["iconv", "-f", "UTF-8", "-t", "UTF-16LE"]]));
    let crlf = TextOptions { newline: Some(NewlineStyle::CrLf), ..TextOptions::default() };
    let crlf = Options { text: crlf, ..Options::default() };
    tasks.push(("LF to CRLF", Format::Text, Format::Text, crlf, &[&["sed", "s/$/\r/"]]));
    for (case, from, to, options, peers) in tasks {
        run(bench, &Task { case, input: &plain, mib: mib as f64, from, to, options, peers });
    }
    for (case, format, peer) in
        [("gunzip", Format::Gzip, &["gzip", "-dc"] as &[&str]), ("zlib read", Format::Zlib, &["zlib-flate", "-uncompress"])]
    {
        let packed = folder.join("packed");
        let mut out = std::io::BufWriter::new(File::create(&packed).expect("a file for the packed text"));
        let buffer = files::open(&plain).expect("the input was just written").buffer;
        convert(&buffer, Format::Bytes, format, &Options::default(), &mut out, &Progress::new()).expect("it converts");
        drop(out);
        let options = Options::default();
        run(bench, &Task { case, input: &packed, mib: mib as f64, from: format, to: Format::Bytes, options, peers: &[peer] });
    }
}
