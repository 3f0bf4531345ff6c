//! Bytes as text and back, packed and unpacked, from a file to nowhere; beside the usual programs where they are installed.
//!
//! `cargo bench --bench convert`; `-- --quick` takes a sixteenth of the bytes, `-- --mib 1024` the size of the anchors.
//! One JSON line a case. A program reads the same file and writes to nowhere; its processor time is that of its process.

#[allow(dead_code, reason = "not every benchmark has every kind of case")]
mod harness;

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use harness::{Bench, OURS, short, sorted};
use seektell::buffer::Buffer;
use seektell::files;
use seektell::formats::{DumpOptions, Format, Options, convert};
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

fn report(case: &str, by: &str, mib: f64, seconds: Vec<f64>) {
    let runs = seconds.len();
    let times = sorted(seconds);
    let median = times[runs / 2];
    let line = serde_json::json!({
        "case": case, "impl": by, "unit": "s", "median": short(median), "min": short(times[0]),
        "mib_per_s": short(mib / median), "runs": runs, "load1": harness::load1(),
    });
    println!("{line}");
}

/// One task: ours, and the program that does the same.
struct Task<'a> {
    case: &'static str,
    input: &'a Path,
    /// Mebibytes of the bytes themselves, whichever side they are on.
    mib: f64,
    from: Format,
    to: Format,
    options: DumpOptions,
    peers: &'a [&'a [&'a str]],
}

fn run(bench: &Bench, task: &Task<'_>) {
    if bench.only.as_ref().is_some_and(|only| !task.case.contains(only.as_str())) {
        return;
    }
    let options = Options { dump: task.options.clone(), ..Options::default() };
    let ours = (0..bench.runs).map(|_| {
        let buffer: Buffer = files::open(task.input).expect("the input was just written").buffer;
        let start = Instant::now();
        convert(&buffer, task.from, task.to, &options, &mut std::io::sink(), &Progress::new()).expect("it converts");
        start.elapsed().as_secs_f64()
    });
    report(task.case, OURS, task.mib, ours.collect());
    for peer in task.peers {
        let program = peer[0];
        let once = || {
            let input = File::open(task.input).ok()?;
            let start = Instant::now();
            let status = Command::new(program).args(&peer[1..]).stdin(input).stdout(Stdio::null()).status().ok()?;
            status.success().then(|| start.elapsed().as_secs_f64())
        };
        match (0..bench.runs).map(|_| once()).collect::<Option<Vec<f64>>>() {
            Some(seconds) => report(task.case, &peer.join(" "), task.mib, seconds),
            None => println!("{{\"case\":\"{}\",\"skipped\":\"{program} is not installed or failed\"}}", task.case),
        }
    }
}

/// Names of writing and reading, the format with its options, and the command lines of the peers that write and that read.
type Both<'a> = (&'a str, &'a str, Format, DumpOptions, &'a [&'a [&'a str]], &'a [&'a [&'a str]]);

fn main() {
    let bench = Bench::from_arguments();
    let chosen = std::env::args().skip_while(|argument| argument != "--mib").nth(1).and_then(|text| text.parse().ok());
    let mib = chosen.unwrap_or(if bench.quick { 16 } else { 256 });
    let folder = tempfile::tempdir().expect("a folder for the inputs");
    let plain = folder.path().join("plain");
    std::fs::write(&plain, content(mib << 20)).expect("the input fits on the disk");
    let buffer = files::open(&plain).expect("the input was just written").buffer;
    let wrap = |wrap| DumpOptions { wrap: Some(wrap), ..DumpOptions::default() };
    let none = DumpOptions::default;
    let both: &[Both<'_>] = &[
        ("base64 encode", "base64 decode", Format::Base64, none(), &[&["base64", "-w0"]], &[&["base64", "-d"]]),
        ("base64 encode, 76 a line", "base64 decode, 76 a line", Format::Base64, wrap(76), &[&["base64"]], &[&["base64", "-d"]]),
        (
            "hex encode",
            "hex decode",
            Format::HexText,
            none(),
            &[&["basenc", "--base16", "-w0"], &["xxd", "-p", "-c0"]],
            &[&["xxd", "-r", "-p"]],
        ),
        ("hex encode, 60 a line", "hex decode, 60 a line", Format::HexText, wrap(60), &[&["xxd", "-p"]], &[&["xxd", "-r", "-p"]]),
        ("hex dump", "hex dump reversed", Format::HexDump, none(), &[&["hexdump", "-C"], &["xxd"]], &[]),
        ("Intel HEX", "Intel HEX read", Format::IntelHex, none(), &[], &[]),
        ("S-record", "S-record read", Format::SRecord, none(), &[], &[]),
    ];
    for (there, back, format, options, encoders, decoders) in both {
        let task =
            |case, input, from, to, peers| Task { case, input, mib: mib as f64, from, to, options: options.clone(), peers };
        run(&bench, &task(there, &plain, Format::Bytes, *format, encoders));
        let text = folder.path().join("text");
        let mut out = std::io::BufWriter::new(File::create(&text).expect("a file for the text"));
        let chosen = Options { dump: options.clone(), ..Options::default() };
        convert(&buffer, Format::Bytes, *format, &chosen, &mut out, &Progress::new()).expect("it converts");
        drop(out);
        run(&bench, &task(back, &text, *format, Format::Bytes, decoders));
    }
}
