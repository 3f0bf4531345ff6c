//! The console's modules: what their functions answer, written down from CPython 3.11, and csv and json beside `python3` on
//! thousands of random dialects, tables, values and texts.
#![allow(clippy::unwrap_used, reason = "what goes wrong here is a failed test")]

mod python;
mod random_csv;
mod random_json;

use seektell::console::session::SCRIPT;
use seektell::console::vm::Limits;

use crate::kit::{run, without_addresses};

/// A chapter of the file: statements behind `>>>` and `...`, and below them what CPython shows.
struct Chapter {
    title: String,
    script: String,
    expected: String,
}

fn chapters(text: &str) -> Vec<Chapter> {
    let mut chapters: Vec<Chapter> = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("# ") {
            chapters.push(Chapter { title: title.to_owned(), script: String::new(), expected: String::new() });
            continue;
        }
        let Some(chapter) = chapters.last_mut() else { continue };
        match line.strip_prefix(">>> ").or_else(|| line.strip_prefix("... ")) {
            Some(statement) => {
                chapter.script.push_str(statement);
                chapter.script.push('\n');
            }
            None if line.is_empty() => {}
            None => {
                chapter.expected.push_str(line);
                chapter.expected.push('\n');
            }
        }
    }
    chapters
}

#[test]
fn modules_answer_as_written_down() {
    let chapters = chapters(include_str!("modules/answers.txt"));
    assert!(chapters.len() >= 9, "{} chapters", chapters.len());
    let mut differences = Vec::new();
    for Chapter { title, script, expected } in &chapters {
        let (text, outcome) = run(script, SCRIPT);
        assert_eq!(outcome, Ok(()), "{title}\n{text}");
        let ours = without_addresses(&text);
        let ours: Vec<&str> = ours.lines().filter(|line| !line.is_empty()).collect();
        let theirs: Vec<&str> = expected.lines().collect();
        match ours.iter().zip(&theirs).position(|(ours, theirs)| ours != theirs) {
            Some(at) => {
                let before = &theirs[at.saturating_sub(2)..at];
                let (ours, theirs) = (ours[at], theirs[at]);
                differences.push(format!("{title}:\n  after    {before:?}\n  ours:    {ours}\n  CPython: {theirs}"));
            }
            None if ours.len() != theirs.len() => differences.push(format!("{title}: {} and {} lines", ours.len(), theirs.len())),
            None => {}
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn modules_stay_within_their_limits() {
    let small = Limits { steps: 200_000, memory: 64 << 20, recursion: 300, output: 1 << 20 };
    let scripts = [
        // Endless input, endless output, endless recursion.
        ("import csv\ndef lines():\n    yield '\"'\n    while True: yield ''\nnext(csv.reader(lines()))\n", "Steps"),
        ("import csv, io\ndef rows():\n    while True: yield ['a']\ncsv.writer(io.StringIO()).writerows(rows())\n", "Steps"),
        ("import shutil, io\nshutil.copyfileobj(io.StringIO('x' * 500000), io.StringIO(), 1)\n", "Steps"),
        ("import io\ndef lines():\n    while True: yield b''\nio.BytesIO().writelines(lines())\n", "Steps"),
        ("import sys\nwhile True: sys.stdout.write('x' * 1000)\n", "Output"),
        ("import sys\nwhile True: sys.stdout.buffer.write(b'x' * 1000)\n", "Output"),
    ];
    for (script, halt) in scripts {
        let (text, outcome) = run(script, small);
        let shown = format!("{outcome:?}");
        assert!(shown.contains(halt), "{script}\n{shown}\n{text:.300}");
    }
    let raising = [
        ("import json\njson.loads('[' * 100000)\n", "RecursionError"),
        ("import json\nx = 1\nfor _ in range(5000): x = [x]\njson.dumps(x, indent=1)\n", "RecursionError"),
        ("import json\njson.dumps([1], indent=10**12)\n", "MemoryError"),
        ("import json, io\nb = io.BytesIO()\nb.seek(2**40)\nb.write(b'x')\njson.loads(b.getvalue())\n", "MemoryError"),
        (
            "import csv, io\ns = io.StringIO()\ns.seek(2**33)\ns.write('x')\ncsv.writer(io.StringIO()).writerow([s.getvalue()])\n",
            "MemoryError",
        ),
        (
            "import tempfile\nf = tempfile.SpooledTemporaryFile(max_size=1)\nf.write(b'abc')\nf.truncate(2**40)\nf.read(5)\n",
            "b'\\x00\\x00\\x00\\x00\\x00'",
        ),
    ];
    for (script, expected) in raising {
        let (text, _) = run(script, Limits { steps: u64::MAX, ..small });
        assert!(text.contains(expected), "{script}\n{text:.300}");
    }
}

#[test]
fn finalisers_run_when_modules_let_go() {
    let script = "\
import io, csv, contextlib
raw = io.BytesIO()
w = csv.writer(io.TextIOWrapper(raw, newline=''))
w.writerow([1, 2])
raw.closed
w = None
raw.closed
raw = io.BytesIO(b'a,b')
r = csv.reader(io.TextIOWrapper(raw))
next(r)
raw.closed
del r
raw.closed
raw = io.BytesIO()
@contextlib.contextmanager
def wrapped(stream):
    yield stream
with wrapped(io.TextIOWrapper(raw)):
    print(raw.closed)
raw.closed
raw = io.BytesIO()
s = io.BytesIO()
s.kept = [io.TextIOWrapper(raw)]
raw.closed
del s.kept
raw.closed
";
    let (text, outcome) = run(script, SCRIPT);
    assert_eq!(outcome, Ok(()));
    assert_eq!(text, "5\nFalse\nTrue\n['a', 'b']\nFalse\nTrue\nFalse\nTrue\nFalse\nTrue\n");
}
