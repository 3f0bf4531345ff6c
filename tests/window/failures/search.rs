//! Searching: nothing is missed at an edge, nothing is listed without an end, and whoever says stop is heard.

use std::fs::{self, File};
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui_kittest::kittest::Queryable as _;
use fastrand::Rng;
use seektell::app::{
    Action, Command, FindForm, FindKind, HashKey, Job, JobOutcome, SearchCommand, SharedFeed, Target, ThemeChoice,
};
use seektell::buffer::{Buffer, ByteRange, Len, Offset, ReadErrorKind, Source};
use seektell::document::{Document, Origin};
use seektell::explore::byte_ops::ByteOp;
use seektell::explore::compare::Method;
use seektell::explore::hash::Algorithm;
use seektell::explore::search::{Case, Content, Feed, KEPT_HITS, Needle, NumberKind, Order, Pattern, Query, Replacement};
use seektell::explore::{overview, strings};
use seektell::files::{Existing, open};
use seektell::formats::Format;
use seektell::formats::literal::Style;
use seektell::tasks::Progress;

use super::noise;
use crate::tester::App;

/// Unit of the cache of files; every other block that is read or searched is a multiple of it.
const BLOCK: usize = 64 * 1024;

fn query(needle: Needle) -> Query {
    Query { needles: vec![needle], overlapping: false, align: 1 }
}

fn offsets(content: &Content, needle: Needle) -> Vec<u64> {
    let feed = Feed::new();
    Pattern::new(&query(needle), content).unwrap().search(content, None, &feed, &Progress::new()).unwrap();
    assert_eq!(feed.total(), feed.kept() as u64);
    feed.hits(0..usize::MAX).iter().map(|hit| hit.offset).collect()
}

#[test]
fn a_needle_across_any_edge_is_found_where_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.bin");
    let needle = b"<Needle>";
    // Each edge of a block has one, each cut at another place; beside them begin ones that are none.
    let mut bytes = vec![b'.'; 72 * BLOCK + 1234];
    let mut expected: Vec<u64> = Vec::new();
    for (n, edge) in (BLOCK..bytes.len()).step_by(BLOCK).enumerate() {
        let at = edge - n % (needle.len() + 1);
        bytes[at..at + needle.len()].copy_from_slice(needle);
        bytes[at - 7..at].copy_from_slice(&needle[..7]);
        bytes[at + 8..at + 15].copy_from_slice(&needle[..7]);
        expected.push(at as u64);
    }
    fs::write(&path, &bytes).unwrap();
    let text = |text: &str, case| Needle::Text { text: text.into(), encoding: "utf-8".into(), case };
    let needles = [
        text("<Needle>", Case::Exact),
        text("<nEEDLE>", Case::Ascii),
        text("<needle>", Case::Unicode),
        Needle::Hex("3C 4E 65 65 64 6C 65 3E".into()),
        Needle::Hex("3C ?? 6? 65 ?4 6C 65 3E".into()),
        Needle::Regex { pattern: "<N[a-z]+>".into(), case: Case::Exact, unicode: false },
        Needle::Number { kind: NumberKind::U64, order: Order::Little, value: u64::from_le_bytes(*needle).to_string() },
    ];
    // As it lies on the disk, moved by an odd number of bytes, and cut into pieces where the edges were.
    let file = open(&path).unwrap().buffer;
    let mut moved = file.clone();
    moved.insert(Offset(0), &Buffer::from(b"odd"));
    let mut pieces = file.clone();
    for edge in (BLOCK..bytes.len()).step_by(BLOCK) {
        pieces.overwrite(Offset(edge as u64), &bytes[edge..=edge]);
        pieces.overwrite(Offset(edge as u64 - 1), &bytes[edge - 1..edge]);
    }
    for (what, buffer, by) in [("as it lies", file, 0), ("moved", moved, 3), ("in pieces", pieces, 0)] {
        let content = Content::Bytes(buffer);
        let here: Vec<u64> = expected.iter().map(|at| at + by).collect();
        for needle in &needles {
            assert_eq!(offsets(&content, needle.clone()), here, "{what}: {needle:?}");
        }
        // One by one, and backwards, from the middle of each.
        let pattern = Pattern::new(&query(needles[4].clone()), &content).unwrap();
        for pair in here.windows(2) {
            let next = pattern.next(&content, None, pair[0] + 1, &Progress::new()).unwrap().map(|hit| hit.offset);
            let previous = pattern.previous(&content, None, pair[1], &Progress::new()).unwrap().map(|hit| hit.offset);
            assert_eq!((next, previous), (Some(pair[1]), Some(pair[0])), "{what}");
        }
    }
}

#[test]
fn bytes_read_and_written_across_any_edge_are_those_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.bin");
    let mut bytes = noise(4 * BLOCK + 77, 5);
    fs::write(&path, &bytes).unwrap();
    let mut buffer = open(&path).unwrap().buffer;
    for edge in (0..bytes.len()).step_by(4096).chain([bytes.len()]) {
        for start in edge.saturating_sub(9)..=edge {
            let mut out = [0; 9];
            let got = buffer.read_at(Offset(start as u64), &mut out).unwrap();
            assert_eq!(out[..got], bytes[start..(start + 9).min(bytes.len())], "from {start}");
        }
    }
    let mut random = Rng::with_seed(6);
    for edge in (BLOCK..bytes.len()).step_by(BLOCK) {
        let at = edge - random.usize(1..9);
        bytes[at..at + 9].copy_from_slice(b"overwrite");
        buffer.overwrite(Offset(at as u64), b"overwrite");
        bytes.splice(edge..edge, *b"in");
        buffer.insert(Offset(edge as u64), &Buffer::from(b"in"));
    }
    assert!(buffer.to_vec_all().unwrap() == bytes);
}

#[test]
fn the_window_finds_all_that_a_naive_search_finds_and_says_how_many() {
    let mut random = Rng::with_seed(7);
    let bytes: Vec<u8> = (0..200_000).map(|_| b"abc"[random.usize(..3)]).collect();
    let mut app = App::new(ThemeChoice::Dark);
    app.send(Command::OpenBytes { name: "data.bin".into(), bytes: bytes.clone() });
    app.send(Command::Do(Action::Find));
    for needle in ["abca", "cc", "aaaaaaa", "bbbbbbbbbbbbbbbbbbbb"] {
        let form = FindForm { text: needle.into(), ..FindForm::default() };
        app.send(Command::Search(SearchCommand::Form(Box::new(form))));
        app.send(Command::Search(SearchCommand::All));
        let mut expected = Vec::new();
        let mut at = 0;
        while let Some(found) = bytes.get(at..).and_then(|rest| rest.windows(needle.len()).position(|w| w == needle.as_bytes())) {
            expected.push((at + found) as u64);
            at += found + needle.len();
        }
        let feed = app.state().search().results()[0].target.feed.0.clone();
        assert_eq!(feed.hits(0..usize::MAX).iter().map(|hit| hit.offset).collect::<Vec<_>>(), expected, "{needle}");
        let words = match expected.len() {
            0 => "Not found".to_owned(),
            few @ ..1000 => format!("{few} matches"),
            many => format!("{},{:03} matches", many / 1000, many % 1000),
        };
        assert!(app.0.query_all_by_label_contains(&words).next().is_some(), "{needle}: nobody says {words}");
    }
}

#[test]
fn a_byte_that_is_everywhere_is_counted_and_not_all_kept() {
    const LEN: u64 = 1 << 30;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("zeros.bin");
    File::create(&path).unwrap().set_len(LEN).unwrap();
    let mut app = App::new(ThemeChoice::Dark);
    app.send(Command::OpenPaths(vec![path]));
    let begun = Instant::now();
    app.send(Command::Do(Action::FindAll));
    let form = FindForm { kind: FindKind::Hex, text: "00".into(), ..FindForm::default() };
    app.send(Command::Search(SearchCommand::Form(Box::new(form))));
    app.send(Command::Search(SearchCommand::All));
    let feed = app.state().search().results()[0].target.feed.0.clone();
    assert_eq!((feed.total(), feed.kept()), (LEN, KEPT_HITS), "{:?}", feed.state());
    // Kept are the first ones, and the list is there to go through.
    assert_eq!(feed.get(KEPT_HITS - 1).map(|hit| hit.offset), Some(KEPT_HITS as u64 - 1));
    app.0.run_steps(3);
    println!("1 GiB of zeros searched for one byte, listed and painted in {:?}", begun.elapsed());
    // Bytes that no rule answers for are counted as well.
    let plain = Content::Bytes(Buffer::from(vec![0; 3 * KEPT_HITS]));
    let feed = Feed::new();
    Pattern::new(&query(Needle::Hex("00".into())), &plain).unwrap().search(&plain, None, &feed, &Progress::new()).unwrap();
    assert_eq!((feed.total(), feed.kept()), (3 * KEPT_HITS as u64, KEPT_HITS));
}

/// Bytes without an end, of which nothing is known beforehand, so that all of them must be looked at.
#[derive(Debug)]
struct Endless(u8);

impl Source for Endless {
    fn len(&self) -> Len {
        Len(1 << 50)
    }

    fn read_at(&self, offset: Offset, out: &mut [u8]) -> Result<(), ReadErrorKind> {
        out.fill(b'a');
        // A line now and then, and something that no two blocks share.
        for (n, byte) in out.iter_mut().enumerate().step_by(1 << 12) {
            *byte = ((offset.0 as usize + n) >> 12) as u8 | self.0;
        }
        Ok(())
    }
}

#[test]
fn stop_is_heard_by_everything_that_takes_long() {
    let folder = tempfile::tempdir().unwrap();
    let endless = || Buffer::from_source(Arc::new(Endless(0x80)));
    let other = || Buffer::from_source(Arc::new(Endless(0x90)));
    // What may be held in memory as text, and no more.
    let memory_full = || endless().slice(ByteRange::new(Offset::ZERO, Len(900 << 20)));
    let document = Document::bytes("data.bin", Origin::New, b"").id();
    let content = || Content::Bytes(endless());
    let name = || "data.bin".to_owned();
    let text = |text: &str| Needle::Text { text: text.into(), encoding: "utf-8".into(), case: Case::Unicode };
    let regex = Needle::Regex { pattern: "a[^c]*c".into(), case: Case::Exact, unicode: false };
    let search = |needle: Needle| Job::Search {
        targets: vec![Target { document, revision: 0, content: content(), range: None, feed: SharedFeed(Arc::new(Feed::new())) }],
        query: query(needle),
    };
    let compare =
        |method| Job::Compare { contents: Box::new([endless().into(), other().into()]), names: [name(), name()], method };
    let export = |to| Job::Losses { input: endless(), from: Format::Text, to, options: Box::default() };
    let needle = text("aaaaaaab");
    let with = Replacement::new("x", &needle, &content()).unwrap();
    let key = HashKey { revision: 0, range: (0, 1 << 50), algorithms: Algorithm::COMMON.to_vec() };
    let (path, existing) = (folder.path().join("out"), Existing::Replace);
    let jobs = [
        ("text", search(needle.clone())),
        ("an expression", search(regex)),
        ("a number", search(Needle::Number { kind: NumberKind::F64, order: Order::Both, value: "1..2".into() })),
        (
            "the next match",
            Job::FindOne {
                document,
                revision: 0,
                content: content(),
                range: None,
                query: query(needle.clone()),
                from: 0,
                forward: true,
            },
        ),
        (
            "the previous match",
            Job::FindOne {
                document,
                revision: 0,
                content: content(),
                range: None,
                query: query(needle.clone()),
                from: 1 << 50,
                forward: false,
            },
        ),
        ("replace all", Job::ReplaceAll { document, revision: 0, content: content(), range: None, query: query(needle), with }),
        ("compare by position", compare(Method::Position)),
        ("compare aligned", compare(Method::Aligned)),
        ("digests", Job::Hash { document, name: name(), key, input: endless().into() }),
        (
            "overview",
            Job::Overview {
                document,
                name: name(),
                input: endless(),
                request: overview::Request { buckets: 1 << 16, ..overview::Request::whole(&endless()) },
                before: None,
                latest: Default::default(),
            },
        ),
        (
            "strings",
            Job::Strings {
                document,
                name: name(),
                input: endless(),
                request: strings::Request::of(&endless()),
                order: (strings::Sort::Offset, false),
                all: None,
                latest: Default::default(),
            },
        ),
        (
            "an operation on bytes",
            Job::Bytes { document, revision: 0, range: (0, 1 << 50), input: endless(), op: ByteOp::Xor(b"key".to_vec()) },
        ),
        ("losses of text", export(Format::Text)),
        ("decode to text", Job::Decode { name: name(), origin: name(), input: memory_full(), encoding: None }),
        ("copy as", Job::CopyText { input: endless(), style: Style::C, choices: Box::default() }),
        ("a line", Job::FindLine { document, input: endless(), characters: false, line: 1 << 40, extend: false }),
        (
            "save as text",
            Job::Export {
                input: endless(),
                from: Format::Text,
                to: Format::Text,
                options: Box::default(),
                path: path.clone(),
                existing: existing.clone(),
            },
        ),
        (
            "export as dump",
            Job::Export { input: endless(), from: Format::Bytes, to: Format::HexDump, options: Box::default(), path, existing },
        ),
    ];
    // An unoptimised build takes several times as long between two looks, and the tests beside this one take their turn.
    let limit = Duration::from_millis(if cfg!(debug_assertions) { 500 } else { 50 });
    for (what, job) in jobs {
        let mut best = Duration::MAX;
        let mut ended = None;
        // A machine may be busy, but it is not busy every time.
        for _ in 0..30 {
            let progress = Progress::new();
            let outcome = std::thread::scope(|scope| {
                let running = scope.spawn(|| {
                    let outcome = job.run(&progress);
                    (outcome, Instant::now())
                });
                let begun = Instant::now();
                let moves = || progress.done() > 0 || progress.total() == 0;
                while begun.elapsed() < Duration::from_millis(30) || (!moves() && begun.elapsed() < Duration::from_secs(10)) {
                    std::thread::sleep(Duration::from_millis(1));
                }
                assert!(moves(), "{what}: a bar that stands still, of {}", progress.total());
                assert!(!running.is_finished(), "{what}: it ended by itself");
                let asked = Instant::now();
                progress.cancel();
                let (outcome, end) = running.join().unwrap();
                best = best.min(end.saturating_duration_since(asked));
                outcome
            });
            ended = Some(outcome);
            if best < limit {
                break;
            }
        }
        println!("{what}: {best:?}");
        assert!(best < limit, "{what}: stopped after {best:?}");
        assert!(!matches!(ended, None | Some(JobOutcome::Panicked(_))), "{what}: {ended:?}");
    }
    assert_eq!(super::names(folder.path()), [""; 0], "what was stopped leaves nothing on the disk");
}
