//! Comparing two contents: exact whatever the method, within bounds of memory, at any size.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use seektell::buffer::{Buffer, ByteRange, Len, Offset, ReadErrorKind, Source};
use seektell::explore::compare::{
    CompareError, Comparison, Difference, Direction, Method, Options, ReportFormat, RunKind, Surplus, compare, compare_texts,
    different_byte, different_character, in_bytes, write_report,
};
use seektell::stream::Text;
use seektell::tasks::Progress;

const METHODS: [Method; 2] = [Method::Position, Method::Aligned];

fn run(left: &Buffer, right: &Buffer, method: Method) -> Comparison {
    compare(left, right, &Options::new(method), &Progress::new()).unwrap()
}

/// The right side, made of the left one and the runs.
fn applied(found: &Comparison, left: &[u8], right: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = (0, 0);
    for run in found.runs() {
        assert_eq!((run.left, run.right), at, "runs follow one another on both sides");
        assert!(run.len > 0);
        let len = run.len as usize;
        let (l, r) = (run.left as usize, run.right as usize);
        match run.kind {
            RunKind::Equal => out.extend_from_slice(&left[l..l + len]),
            RunKind::Changed | RunKind::OnlyRight => out.extend_from_slice(&right[r..r + len]),
            RunKind::OnlyLeft => {}
        }
        at.0 += if run.kind == RunKind::OnlyRight { 0 } else { run.len };
        at.1 += if run.kind == RunKind::OnlyLeft { 0 } else { run.len };
    }
    assert_eq!(at, (left.len() as u64, right.len() as u64), "runs cover both sides");
    out
}

fn check(left: &[u8], right: &[u8]) {
    for method in METHODS {
        let found = run(&Buffer::from(left), &Buffer::from(right), method);
        assert_eq!(applied(&found, left, right), right, "{method:?}");
        assert_eq!(found.is_same(), left == right);
        let sum = |f: fn(&Difference) -> u64| found.differences.iter().map(f).sum::<u64>();
        if found.joined == 0 {
            assert_eq!(found.counts.changed, sum(Difference::changed));
            assert_eq!(found.counts.only_left, sum(|d| d.left_len - d.changed()));
            assert_eq!(found.counts.only_right, sum(|d| d.right_len - d.changed()));
            assert_eq!(found.counts.places, found.differences.len() as u64);
        }
        assert!(
            found.differences.windows(2).all(|pair| pair[1].left > pair[0].left_end() && pair[1].right > pair[0].right_end())
        );
    }
}

fn random(rng: &mut fastrand::Rng, len: usize, alphabet: u8) -> Vec<u8> {
    (0..len).map(|_| rng.u8(0..alphabet)).collect()
}

/// Random edits: what is put in, taken out, changed, moved.
fn edited(rng: &mut fastrand::Rng, bytes: &[u8], edits: usize, longest: usize, alphabet: u8) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for _ in 0..edits {
        let at = rng.usize(0..=out.len());
        let len = rng.usize(0..=longest);
        let end = (at + len).min(out.len());
        match rng.u8(0..4) {
            0 => drop(out.splice(at..at, random(rng, len, alphabet))),
            1 => drop(out.drain(at..end)),
            2 => drop(out.splice(at..end, random(rng, end - at, alphabet))),
            _ => {
                let moved: Vec<u8> = out.drain(at..end).collect();
                let to = rng.usize(0..=out.len());
                drop(out.splice(to..to, moved));
            }
        }
    }
    out
}

#[test]
fn applying_the_runs_to_the_left_gives_the_right() {
    let mut rng = fastrand::Rng::with_seed(4);
    for round in 0..200 {
        let alphabet = [1, 2, 4, 255][round % 4];
        let len = rng.usize(0..6000);
        let left = random(&mut rng, len, alphabet);
        let edits = rng.usize(0..8);
        let right = edited(&mut rng, &left, edits, 300, alphabet);
        check(&left, &right);
    }
}

#[test]
fn the_same_for_megabytes_with_large_edits() {
    let mut rng = fastrand::Rng::with_seed(5);
    for alphabet in [2, 255] {
        let left = random(&mut rng, 2 << 20, alphabet);
        let right = edited(&mut rng, &left, 8, 200_000, alphabet);
        check(&left, &right);
    }
}

#[test]
fn the_same_for_contents_that_share_nothing_or_only_their_ends() {
    let mut rng = fastrand::Rng::with_seed(6);
    let (a, b) = (random(&mut rng, 300_000, 255), random(&mut rng, 200_000, 255));
    check(&a, &b);
    check(&a, &[]);
    check(&[], &b);
    check(&[], &[]);
    check(&[b"same", &a[..], b"end"].concat(), &[b"same", &b[..], b"end"].concat());
    // Blocks that repeat: nothing is there once.
    let block = random(&mut rng, 5000, 255);
    let many: Vec<u8> = block.iter().copied().cycle().take(1_000_000).collect();
    check(&many, &edited(&mut rng, &many, 5, 3000, 255));
    let zeros = vec![0; 3_000_000];
    check(&zeros, &edited(&mut rng, &zeros, 3, 100_000, 255));
}

#[test]
fn insertions_and_deletions_are_found_as_such() {
    let mut rng = fastrand::Rng::with_seed(8);
    let left = random(&mut rng, 2 << 20, 255);
    let mut right = left.clone();
    let mut added = 0;
    for i in 0..50 {
        let len = rng.usize(1..40);
        added += len as u64;
        let at = rng.usize(i * 40_000..i * 40_000 + 30_000);
        drop(right.splice(at..at, random(&mut rng, len, 255)));
    }
    let found = run(&Buffer::from(left.as_slice()), &Buffer::from(right.as_slice()), Method::Aligned);
    assert_eq!((found.counts.places, found.counts.only_right, found.counts.changed), (50, added, 0));
    assert_eq!((found.counts.only_left, found.counts.unaligned), (0, 0));
    let back = run(&Buffer::from(right.as_slice()), &Buffer::from(left.as_slice()), Method::Aligned);
    assert_eq!((back.counts.places, back.counts.only_left, back.counts.changed), (50, added, 0));
}

#[test]
fn what_has_nothing_in_common_is_said_to_be_replaced() {
    let mut rng = fastrand::Rng::with_seed(9);
    let (head, tail) = (random(&mut rng, 200_000, 255), random(&mut rng, 200_000, 255));
    let (a, b) = (random(&mut rng, 100_000, 255), random(&mut rng, 150_000, 255));
    let join = |middle: &[u8]| Buffer::from([&head, middle, &tail].concat());
    let found = run(&join(&a), &join(&b), Method::Aligned);
    assert!(found.differences.len() < 20, "{:?}", found.differences);
    assert!(found.counts.unaligned > 240_000, "{:?}", found.counts);
}

#[test]
fn positions_give_the_runs_that_a_naive_comparison_finds() {
    let mut rng = fastrand::Rng::with_seed(10);
    let left = random(&mut rng, 3 << 20, 255);
    let mut right = left.clone();
    for _ in 0..2000 {
        let at = rng.usize(0..right.len());
        right[at] ^= 1 << rng.u8(0..8);
    }
    // On the edges of blocks too.
    for at in [(1 << 20) + 4095, (1 << 20) + 4096, 2 * ((1 << 20) + 4096)] {
        right[at] = !left[at];
    }
    let mut naive: Vec<(u64, u64)> = Vec::new();
    for at in (0..left.len()).filter(|&at| left[at] != right[at]) {
        match naive.last_mut() {
            Some(last) if last.0 + last.1 == at as u64 => last.1 += 1,
            _ => naive.push((at as u64, 1)),
        }
    }
    let found = run(&Buffer::from(left), &Buffer::from(right), Method::Position);
    let runs: Vec<_> = found.differences.iter().map(|d| (d.left, d.left_len)).collect();
    assert_eq!(runs, naive);
    assert_eq!(found.counts.changed, naive.iter().map(|run| run.1).sum::<u64>());
}

#[test]
fn more_differences_than_are_kept_are_joined_or_counted_and_the_counts_stay_exact() {
    let left = vec![0_u8; 200_000];
    let right: Vec<u8> = (0..200_000).map(|at| u8::from(at % 20 == 0)).collect();
    for method in METHODS {
        let options = Options { limit: 100, ..Options::new(method) };
        let (a, b) = (Buffer::from(left.as_slice()), Buffer::from(right.as_slice()));
        let joined = compare(&a, &b, &options, &Progress::new()).unwrap();
        assert_eq!((joined.counts.places, joined.counts.changed), (10_000, 10_000));
        assert!(joined.joined > 0 && joined.differences.len() <= 100);
        assert_eq!(applied(&joined, &left, &right), right);
        let counted = compare(&a, &b, &Options { surplus: Surplus::Count, ..options }, &Progress::new()).unwrap();
        assert_eq!((counted.differences.len(), counted.left_out, counted.counts.places), (100, 9_900, 10_000));
        assert_eq!(counted.differences[99].left, 99 * 20);
    }
}

/// A huge file that may not be read, or whose reads are counted.
#[derive(Debug, Default)]
struct Counted {
    len: u64,
    reads: AtomicU64,
    slow: bool,
    bad_from: Option<u64>,
}

impl Source for Counted {
    fn len(&self) -> Len {
        Len(self.len)
    }

    fn read_at(&self, offset: Offset, out: &mut [u8]) -> Result<(), ReadErrorKind> {
        self.reads.fetch_add(out.len() as u64, Ordering::Relaxed);
        if self.slow {
            std::thread::sleep(Duration::from_millis(1));
        }
        if self.bad_from.is_some_and(|bad| offset.get() + out.len() as u64 > bad) {
            return Err(ReadErrorKind::Shrunk);
        }
        out.fill(7);
        Ok(())
    }
}

#[test]
fn what_both_share_is_not_read_at_any_size() {
    for method in METHODS {
        let source = Arc::new(Counted { len: 1 << 40, ..Counted::default() });
        let left = Buffer::from_source(source.clone());
        let mut right = left.clone();
        right.overwrite(Offset(1 << 39), b"changed");
        right.insert(Offset(1 << 40), &Buffer::filled(0, Len(1 << 50)));
        let found = run(&left, &right, method);
        let at = 1 << 39;
        let expected = [
            Difference { left: at, left_len: 7, right: at, right_len: 7 },
            Difference { left: 1 << 40, left_len: 0, right: 1 << 40, right_len: 1 << 50 },
        ];
        assert_eq!(found.differences, expected, "{method:?}");
        let read = source.reads.load(Ordering::Relaxed);
        assert!(read < 1 << 20, "read {read} bytes");
    }
}

#[test]
fn an_insertion_in_a_huge_file_is_found_without_reading_it() {
    let source = Arc::new(Counted { len: 1 << 40, ..Counted::default() });
    let left = Buffer::from_source(source.clone());
    let mut right = left.clone();
    right.insert(Offset(1 << 39), &Buffer::from(b"put in"));
    let found = run(&left, &right, Method::Aligned);
    assert_eq!(found.differences, [Difference { left: 1 << 39, left_len: 0, right: 1 << 39, right_len: 6 }]);
    assert!(source.reads.load(Ordering::Relaxed) < 1 << 20);
}

#[test]
fn fills_are_compared_by_rule() {
    let zeros = Buffer::filled(0, Len(1 << 60));
    let mut other = zeros.clone();
    other.overwrite(Offset(1 << 59), b"x");
    for method in METHODS {
        let found = run(&zeros, &other, method);
        assert_eq!(found.differences, [Difference { left: 1 << 59, left_len: 1, right: 1 << 59, right_len: 1 }]);
    }
    let found = run(&zeros, &Buffer::filled(1, Len(1 << 60)), Method::Position);
    assert_eq!(found.counts.changed, 1 << 60);
}

#[test]
fn a_cancel_is_answered_within_50_ms() {
    for method in METHODS {
        let stopped = || {
            let slow = || Buffer::from_source(Arc::new(Counted { len: 1 << 40, slow: true, ..Counted::default() }));
            let (left, right) = (slow(), slow());
            let progress = Progress::new();
            let handle = progress.clone();
            let work = move || (compare(&left, &right, &Options::new(method), &handle), Instant::now());
            let worker = std::thread::Builder::new().name("compares".into()).spawn(work).unwrap();
            std::thread::sleep(Duration::from_millis(50));
            let asked = Instant::now();
            progress.cancel();
            let (result, ended) = worker.join().unwrap();
            assert_eq!(result, Err(CompareError::Cancelled));
            assert!(progress.done() > 0, "progress is told");
            ended.saturating_duration_since(asked)
        };
        // Other programs take their turn on the machine, but not every time.
        let late = (0..8).map(|_| stopped()).find(|late| *late < Duration::from_millis(50));
        assert!(late.is_some(), "{method:?}");
    }
}

#[test]
fn a_file_that_cannot_be_read_half_way_says_so() {
    let good = Buffer::from_source(Arc::new(Counted { len: 10 << 20, ..Counted::default() }));
    let bad = Buffer::from_source(Arc::new(Counted { len: 10 << 20, bad_from: Some(5 << 20), ..Counted::default() }));
    for method in METHODS {
        let options = Options::new(method);
        let error = compare(&good, &bad, &options, &Progress::new()).unwrap_err();
        assert!(matches!(&error, CompareError::Right(read) if read.kind == ReadErrorKind::Shrunk), "{error:?}");
        let error = compare(&bad, &good, &options, &Progress::new()).unwrap_err();
        assert!(matches!(error, CompareError::Left(_)), "{error:?}");
    }
}

#[test]
fn buffers_in_many_pieces_are_compared_as_one() {
    let mut rng = fastrand::Rng::with_seed(11);
    let bytes = random(&mut rng, 300_000, 255);
    let mut left = Buffer::from(bytes.as_slice());
    let mut right = Buffer::from(bytes.as_slice());
    let (mut flat_left, mut flat_right) = (bytes.clone(), bytes);
    for _ in 0..400 {
        let at = rng.usize(0..250_000);
        let new = random(&mut rng, 30, 255);
        let (side, flat) = if rng.bool() { (&mut left, &mut flat_left) } else { (&mut right, &mut flat_right) };
        side.overwrite(Offset(at as u64), &new);
        flat[at..at + 30].copy_from_slice(&new);
    }
    for method in METHODS {
        let found = run(&left, &right, method);
        assert_eq!(applied(&found, &flat_left, &flat_right), flat_right);
        assert_eq!(found.counts, run(&Buffer::from(flat_left.as_slice()), &Buffer::from(flat_right.as_slice()), method).counts);
    }
}

#[test]
fn texts_are_compared_by_characters() {
    let text = |words: &str| Text::from(words);
    let (a, b) = (text("na\u{EF}ve caf\u{E9}"), text("naive caf\u{E9}s"));
    let options = Options::new(Method::Position);
    let found = compare_texts(&a, &b, &options, &Progress::new()).unwrap();
    assert_eq!((found.counts.places, found.counts.changed, found.counts.only_right), (2, 1, 1));
    assert_eq!(found.differences[0], Difference { left: 2, left_len: 1, right: 2, right_len: 1 });
    // In bytes the character is two on the left and one on the right, and all behind it is still equal.
    let found = in_bytes(&found, &a, &b, &Progress::new()).unwrap();
    assert_eq!(found.differences[0], Difference { left: 2, left_len: 2, right: 2, right_len: 1 });
    let (left, right) = ("na\u{EF}ve caf\u{E9}", "naive caf\u{E9}s");
    assert_eq!(applied(&found, left.as_bytes(), right.as_bytes()), right.as_bytes());
    let aligned = Options::new(Method::Aligned);
    let long = "Bl\u{E5}b\u{E6}rgr\u{F8}d \u{1F600} og fl\u{F8}de. ".repeat(4000);
    let (head, tail) = long.split_at("Bl\u{E5}b\u{E6}rgr\u{F8}d \u{1F600} og fl\u{F8}de. ".len() * 2000);
    let changed = format!("{head}\u{1F680}{tail}");
    let (a, b) = (text(&long), text(&changed));
    let found = compare_texts(&a, &b, &aligned, &Progress::new()).unwrap();
    let found = in_bytes(&found, &a, &b, &Progress::new()).unwrap();
    assert_eq!(applied(&found, long.as_bytes(), changed.as_bytes()), changed.as_bytes());
    assert_eq!((found.counts.only_right, found.counts.changed), (1, 0));
}

#[test]
fn the_next_different_byte_is_found_at_any_size() {
    let step = |bytes: &Buffer, at, direction| different_byte(bytes, at, direction, &Progress::new()).unwrap();
    let mut bytes = Buffer::filled(0, Len(1 << 60));
    bytes.overwrite(Offset(1 << 50), b"ab");
    assert_eq!(step(&bytes, 5, Direction::Forward), Some(1 << 50));
    assert_eq!(step(&bytes, 1 << 50, Direction::Forward), Some((1 << 50) + 1));
    assert_eq!(step(&bytes, (1 << 60) + 9, Direction::Backward), Some((1 << 50) + 1));
    assert_eq!(step(&bytes, 1 << 55, Direction::Forward), None);
    assert_eq!(step(&bytes, 1 << 49, Direction::Backward), None);
    assert_eq!(step(&Buffer::new(), 0, Direction::Forward), None);
    let mut rng = fastrand::Rng::with_seed(12);
    let flat = random(&mut rng, 5000, 2);
    let bytes = Buffer::from(flat.as_slice());
    for at in 0..flat.len() {
        let next = (at..flat.len()).find(|&i| flat[i] != flat[at]).map(|i| i as u64);
        assert_eq!(step(&bytes, at as u64, Direction::Forward), next);
        let before = (0..at).rev().find(|&i| flat[i] != flat[at]).map(|i| i as u64);
        assert_eq!(step(&bytes, at as u64, Direction::Backward), before);
    }
}

#[test]
fn the_next_different_character_is_found() {
    let words = format!("{}\u{E9}{}", "a".repeat(100_000), "b".repeat(100_000));
    let text = Text::from(words.as_str());
    let step = |at, direction| different_character(&text, at, direction, &Progress::new()).unwrap();
    assert_eq!(step(0, Direction::Forward), Some(100_000));
    assert_eq!(step(100_000, Direction::Forward), Some(100_001));
    assert_eq!(step(100_001, Direction::Forward), None);
    assert_eq!(step(300_000, Direction::Backward), Some(100_000));
    assert_eq!(step(100_000, Direction::Backward), Some(99_999));
    assert_eq!(step(99_999, Direction::Backward), None);
}

#[test]
fn reports_hold_every_run_that_differs() {
    let found = run(&Buffer::from(b"one two"), &Buffer::from(b"one twenty"), Method::Position);
    let report = |format, limit| {
        let mut out = Vec::new();
        write_report(&found, ["a \"b\".bin", "c"], format, limit, &mut out, &Progress::new()).unwrap();
        String::from_utf8(out).unwrap()
    };
    let csv = "kind,left_offset,left_length,right_offset,right_length\nchanged,6,1,6,1\nonly-right,7,0,7,3\n";
    assert_eq!(report(ReportFormat::Csv, u64::MAX), csv);
    let json: serde_json::Value = serde_json::from_str(&report(ReportFormat::Json, 1)).unwrap();
    assert_eq!(json["left"]["name"], "a \"b\".bin");
    assert_eq!((json["listed"].as_u64(), json["runs"].as_array().unwrap().len()), (Some(1), 1));
    assert_eq!((json["changed"].as_u64(), json["only_right"].as_u64(), json["same"].as_bool()), (Some(1), Some(3), Some(false)));
    let same = run(&Buffer::from(b"x"), &Buffer::from(b"x"), Method::Aligned);
    let mut out = Vec::new();
    write_report(&same, ["a", "b"], ReportFormat::Json, 9, &mut out, &Progress::new()).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!((json["same"].as_bool(), json["runs"].as_array().map(Vec::len)), (Some(true), Some(0)));
}

#[test]
fn likeness_and_equality_agree() {
    let bytes = Buffer::from(vec![1; 5000]);
    let mut other = bytes.clone();
    other.overwrite(Offset(10), b"\x01\x01");
    assert_eq!(bytes, other);
    assert!(run(&bytes, &other, Method::Position).is_same());
    let part = bytes.slice(ByteRange::new(Offset(100), Len(1000)));
    assert_eq!(part.likeness(Offset(0), &bytes, Offset(100)).map(|(len, _)| len), Some(Len(1000)));
}
