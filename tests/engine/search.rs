//! Search and replace, against naive searches and Python's rules.

#![allow(clippy::unwrap_used, reason = "what is broken here fails the test")]

use std::io::{Seek as _, SeekFrom, Write as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use fastrand::Rng;
use seektell::buffer::{Buffer, Len, Offset, ReadErrorKind, Source};
use seektell::explore::search::{
    Case, Content, Feed, FeedState, Hit, KEPT_HITS, MAX_MATCH, Needle, NeedleError, NumberKind, Order, Pattern, Query,
    Replacement, ReplacementError, SearchError,
};
use seektell::stream::Text;
use seektell::tasks::Progress;

/// A file whose bytes are in memory.
#[derive(Debug)]
struct Fake(Vec<u8>);

impl Source for Fake {
    fn len(&self) -> Len {
        Len(self.0.len() as u64)
    }

    fn read_at(&self, offset: Offset, out: &mut [u8]) -> Result<(), ReadErrorKind> {
        out.copy_from_slice(&self.0[offset.0 as usize..][..out.len()]);
        Ok(())
    }
}

/// The bytes in pieces of random lengths and kinds.
fn in_pieces(bytes: &[u8], rng: &mut Rng) -> Buffer {
    let mut buffer = Buffer::new();
    let mut at = 0;
    let longest = [3, 50, 3000][rng.usize(..3)];
    while at < bytes.len() {
        let len = rng.usize(1..=longest).min(bytes.len() - at);
        let part = &bytes[at..at + len];
        let piece = match rng.u8(..4) {
            0 => Buffer::from_source(Arc::new(Fake(part.to_vec()))),
            _ if part.iter().all(|&byte| byte == part[0]) => Buffer::filled(part[0], Len(len as u64)),
            1 => Buffer::from_source(Arc::new(Fake([b"xx", part].concat())))
                .slice(seektell::buffer::ByteRange::new(Offset(2), Len(len as u64))),
            _ => Buffer::from(part),
        };
        buffer.append_buffer(&piece);
        at += len;
    }
    assert_eq!(buffer.to_vec_all().unwrap(), bytes);
    buffer
}

fn query(needles: impl IntoIterator<Item = Needle>) -> Query {
    Query { needles: needles.into_iter().collect(), overlapping: false, align: 1 }
}

fn text(text: &str) -> Needle {
    Needle::Text { text: text.into(), encoding: "utf-8".into(), case: Case::Exact }
}

fn regex(pattern: &str) -> Needle {
    Needle::Regex { pattern: pattern.into(), case: Case::Exact, unicode: false }
}

fn hex(digits: &str) -> Needle {
    Needle::Hex(digits.into())
}

fn number(kind: NumberKind, order: Order, value: &str) -> Needle {
    Needle::Number { kind, order, value: value.into() }
}

#[track_caller]
fn all(content: &Content, query: &Query) -> Vec<Hit> {
    let (feed, progress) = (Feed::new(), Progress::new());
    Pattern::new(query, content).unwrap().search(content, None, &feed, &progress).unwrap();
    assert_eq!(feed.state(), FeedState::Done);
    assert_eq!(feed.total(), feed.kept() as u64);
    assert_eq!((progress.done(), feed.reached()), (progress.total(), if content.is_empty() { 0 } else { content.len() }));
    feed.hits(0..usize::MAX)
}

fn offsets(content: &Content, query: &Query) -> Vec<u64> {
    all(content, query).iter().map(|hit| hit.offset).collect()
}

fn bytes(content: impl Into<Buffer>) -> Content {
    Content::Bytes(content.into())
}

/// Every match by the definition: at each place the first needle that `matches` there, then on behind it.
fn naive(len: usize, query: &Query, matches: &dyn Fn(usize, usize) -> Option<usize>) -> Vec<Hit> {
    let (mut hits, mut at) = (Vec::new(), 0);
    while at < len {
        let aligned = (at as u64).is_multiple_of(u64::from(query.align.max(1)));
        let found = (0..query.needles.len()).filter_map(|needle| Some((needle, matches(needle, at)?)));
        let found: Vec<_> = found.take(if query.overlapping { usize::MAX } else { 1 }).filter(|_| aligned).collect();
        for &(needle, len) in &found {
            hits.push(Hit { offset: at as u64, len: len as u32, needle: needle as u16 });
        }
        at += match found.first() {
            Some(&(_, len)) if !query.overlapping => len,
            _ => 1,
        };
    }
    hits
}

#[test]
fn like_a_naive_search_over_random_pieces() {
    let mut rng = Rng::with_seed(1);
    for round in 0..300 {
        // Few different bytes, so that needles match and overlap.
        let alphabet = &[&b"ab"[..], b"\0\xFF", b"abcdefgh"][rng.usize(..3)];
        let len = [0, 1, 7, 100, 5000][rng.usize(..5)];
        let hay: Vec<u8> = (0..len).map(|_| alphabet[rng.usize(..alphabet.len())]).collect();
        let content = bytes(in_pieces(&hay, &mut rng));
        let needles: Vec<(Vec<u8>, Vec<u8>)> = (0..[1, 1, 1, 2, 5][rng.usize(..5)])
            .map(|_| {
                let len = rng.usize(1..6);
                let values: Vec<u8> = (0..len).map(|_| alphabet[rng.usize(..alphabet.len())]).collect();
                let wild = rng.bool();
                let masks: Vec<u8> =
                    (0..len).map(|i| if wild && i > 0 { [0xFF, 0xF0, 0x0F, 0][rng.usize(..4)] } else { 0xFF }).collect();
                (values, masks)
            })
            .collect();
        let written = |(values, masks): &(Vec<u8>, Vec<u8>)| {
            let digit = |digit: u8, counts: bool| if counts { format!("{digit:X}") } else { "?".into() };
            let byte = |(value, mask): (&u8, &u8)| digit(value >> 4, mask & 0xF0 != 0) + &digit(value & 15, mask & 0x0F != 0);
            hex(&values.iter().zip(masks).map(byte).collect::<String>())
        };
        let query = Query {
            needles: needles.iter().map(written).collect(),
            overlapping: rng.bool(),
            align: [0, 1, 1, 1, 2, 3, 4][rng.usize(..7)],
        };
        let matches = |needle: usize, at: usize| {
            let (values, masks) = &needles[needle];
            let window = hay.get(at..at + values.len())?;
            let same = window.iter().zip(values).zip(masks).all(|((byte, value), mask)| byte & mask == value & mask);
            same.then_some(values.len())
        };
        assert_eq!(all(&content, &query), naive(len, &query, &matches), "round {round}: {query:?}");
    }
}

#[test]
fn needles_straddle_every_edge_of_pieces_and_blocks() {
    let block = 1 << 20;
    let needle = b"\x01needle\x02";
    for edge in [block, 2 * block, 3 * block + 7] {
        for shift in 0..=needle.len() {
            let at = edge - shift;
            let mut hay = vec![0xAA; 4 * block];
            hay[at..at + needle.len()].copy_from_slice(needle);
            let mut cut = Buffer::from(&hay[..edge]);
            cut.append_buffer(&Buffer::from_source(Arc::new(Fake(hay[edge..].to_vec()))));
            for needle in [text("\x01needle\x02"), hex("01 6e ?5 65 ?? 6c 65 02"), regex(r"\x01n[a-z]+\x02")] {
                assert_eq!(offsets(&bytes(cut.clone()), &query([needle])), [at as u64]);
            }
        }
    }
}

#[test]
fn far_away_in_sparse_documents() {
    let marks = [0u64, (1 << 31) - 1, (1 << 31) + 7, (1 << 32) - 5, (1 << 32) + 1, (1 << 40) - 3, (1 << 40) + 9, 1 << 50];
    let needle = b"\0mark\0";
    let mut buffer = Buffer::filled(0, Len((1 << 50) + 1000));
    for &mark in &marks {
        buffer.overwrite(Offset(mark), needle);
    }
    let content = bytes(buffer);
    let began = Instant::now();
    for needle in [hex("00 6d 61 72 6b 00"), hex("00 6d ?? 72 6b 00"), regex(r"\x00mark\x00"), regex(r"\x00m\w+\x00")] {
        assert_eq!(offsets(&content, &query([needle.clone()])), marks, "{needle:?}");
        let pattern = Pattern::new(&query([needle]), &content).unwrap();
        let progress = Progress::new();
        let next = |from| pattern.next(&content, None, from, &progress).unwrap().map(|hit| hit.offset);
        let previous = |before| pattern.previous(&content, None, before, &progress).unwrap().map(|hit| hit.offset);
        assert_eq!((next(1), next(1 << 32), next((1 << 50) + 1)), (Some(marks[1]), Some(marks[4]), None));
        assert_eq!(
            (previous(u64::MAX), previous(1 << 40), previous(1), previous(0)),
            (Some(1 << 50), Some(marks[5]), Some(0), None)
        );
    }
    assert!(began.elapsed() < Duration::from_secs(30), "the holes are looked at byte by byte");
}

/// A file whose holes nobody wrote to: what is not on the disk is not read.
#[test]
fn holes_of_a_sparse_file_are_passed_over() {
    const SIZE: u64 = 100_000_000_000;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sparse");
    let mut file = std::fs::File::create(&path).unwrap();
    if let Err(error) = file.set_len(SIZE) {
        println!("skipped: no sparse files of 100 GB here: {error}");
        return;
    }
    // On both sides of the edges of what a file system keeps as one.
    let marks = [0, 3_000_000, (1 << 32) - 2, 50_000_000_001, SIZE - 5];
    for mark in marks {
        file.seek(SeekFrom::Start(mark)).unwrap();
        file.write_all(b"mark!").unwrap();
    }
    drop(file);
    let content = bytes(seektell::files::open(&path).unwrap().buffer);
    if content_is_dense(&content) {
        println!("skipped: this system does not tell where the holes of a file are");
        return;
    }
    let began = Instant::now();
    let count = |needle: Needle| {
        let feed = Feed::new();
        let pattern = Pattern::new(&query([needle]), &content).unwrap();
        pattern.search(&content, None, &feed, &Progress::new()).unwrap();
        (feed.total(), feed.get(0).map(|hit| hit.offset))
    };
    assert_eq!(offsets(&content, &query([text("mark!")])), marks);
    assert_eq!(offsets(&content, &query([regex(r"mark!\x00")])), marks[..4]);
    assert_eq!(offsets(&content, &query([hex("00 6d 61")])), marks[1..].iter().map(|mark| mark - 1).collect::<Vec<_>>());
    assert_eq!(count(hex("00")), (SIZE - 25, Some(5)));
    assert_eq!(count(number(NumberKind::U32, Order::Big, "1..9")).0, 0);
    let pattern = Pattern::new(&query([text("mark!")]), &content).unwrap();
    let before = pattern.previous(&content, None, SIZE - 5, &Progress::new()).unwrap();
    assert_eq!(before.map(|hit| hit.offset), Some(marks[3]));
    assert!(began.elapsed() < Duration::from_secs(20), "the holes are read: {:?}", began.elapsed());
}

/// Whether nothing is known of what a sparse file does not have.
fn content_is_dense(content: &Content) -> bool {
    let Content::Bytes(buffer) = content else { return true };
    buffer.repeated_at(Offset(1 << 30)).is_none()
}

#[test]
fn holes_are_answered_by_rule_and_counted_exactly() {
    let hole = 100_000_000_000;
    let mut buffer = Buffer::from(b"ab\0");
    buffer.extend_to(Len(3 + hole), 0);
    buffer.append(b"cd");
    let content = bytes(buffer);
    let zeros = hole + 1;
    let count = |needle: Needle, overlapping: bool, align: u32| {
        let feed = Feed::new();
        let query = Query { needles: vec![needle], overlapping, align };
        Pattern::new(&query, &content).unwrap().search(&content, None, &feed, &Progress::new()).unwrap();
        assert_eq!(feed.kept() as u64, feed.total().min(KEPT_HITS as u64));
        (feed.total(), feed.get(0).map(|hit| hit.offset))
    };
    assert_eq!(count(hex("00"), false, 1), (zeros, Some(2)));
    assert_eq!(count(hex("00 00 00"), false, 1), (zeros / 3, Some(2)));
    assert_eq!(count(hex("00 00 00"), true, 1), (zeros - 2, Some(2)));
    assert_eq!(count(hex("0? 00"), false, 4), (hole.div_ceil(4), Some(4)));
    assert_eq!(count(number(NumberKind::U32, Order::Little, "0..5"), true, 8), ((hole + 3 - 4) / 8, Some(8)));
    assert_eq!(count(regex(r"\x00{5}"), false, 1), (zeros / 5, Some(2)));
    assert_eq!(count(regex(r"\x00+c"), false, 1), (1, Some(hole + 3 - (MAX_MATCH as u64 - 1))));
    assert_eq!(count(regex(r"\x00+"), false, 1), (zeros.div_ceil(MAX_MATCH as u64), Some(2)));
    assert_eq!(count(hex("00 00 01"), false, 1), (0, None));
    assert_eq!(count(regex(r"b\x00"), false, 1), (1, Some(1)));
}

#[test]
fn expressions_are_found_as_the_library_finds_them() {
    let mut rng = Rng::with_seed(7);
    let patterns = [
        r"a+b",
        r"(?:ab|a)(?:c|bcd)?",
        r"\ba",
        r"^b",
        r"b$",
        r"(?m)^a.",
        r"(?s)b.{3}",
        r"[^a]{2,5}?c",
        r"\Aa",
        r"c\z",
        r"a*",
        r"a*?b|",
    ];
    for round in 0..200 {
        let len = rng.usize(..400);
        let hay: Vec<u8> = (0..len).map(|_| b"abc\n "[rng.usize(..5)]).collect();
        let content = bytes(in_pieces(&hay, &mut rng));
        let pattern = patterns[rng.usize(..patterns.len())];
        let oracle = regex::bytes::RegexBuilder::new(pattern).unicode(false).build().unwrap();
        // Places where only nothing matches are no matches.
        let (mut expected, mut at) = (Vec::new(), 0);
        while let Some(found) = oracle.find_at(&hay, at) {
            if !found.is_empty() {
                expected.push((found.start() as u64, found.len() as u32));
            }
            at = if found.is_empty() { found.start() + 1 } else { found.end() };
            if at > len {
                break;
            }
        }
        let found: Vec<_> = all(&content, &query([regex(pattern)])).iter().map(|hit| (hit.offset, hit.len)).collect();
        assert_eq!(found, expected, "round {round}: {pattern} in {:?}", String::from_utf8_lossy(&hay));
    }
}

#[test]
fn long_matches_are_cut_at_the_limit_wherever_blocks_end() {
    let mut hay = vec![b'x'; 3 << 20];
    let start = (1 << 20) - 70_000;
    hay[start] = b'<';
    hay[start + MAX_MATCH - 1] = b'>';
    hay[start + MAX_MATCH + 9] = b'>';
    let content = bytes(hay.clone());
    let found =
        |pattern: &str| all(&content, &query([regex(pattern)])).iter().map(|hit| (hit.offset, hit.len)).collect::<Vec<_>>();
    // The greedy end lies beyond the limit: the last one within it counts.
    assert_eq!(found("<.*>"), [(start as u64, MAX_MATCH as u32)]);
    assert_eq!(found("<[^>]*"), [(start as u64, MAX_MATCH as u32 - 1)]);
    hay[start + MAX_MATCH - 1] = b'x';
    let content = bytes(hay);
    assert_eq!(offsets(&content, &query([regex("<.*>")])), [0; 0]);
    assert_eq!(offsets(&content, &query([regex("<x*")])).len(), 1);
}

#[test]
fn what_cannot_be_searched_for_is_said() {
    let content = bytes(Buffer::from(b"abc"));
    let error = |needle: Needle| Pattern::new(&query([needle]), &content).unwrap_err();
    assert_eq!(error(text("")), NeedleError::Empty);
    assert_eq!(error(hex(" ")), NeedleError::Empty);
    assert_eq!(error(regex("")), NeedleError::Empty);
    assert_eq!(error(Needle::Bytes(Vec::new())), NeedleError::Empty);
    assert_eq!(Pattern::new(&query([]), &content).unwrap_err(), NeedleError::Empty);
    assert_eq!(error(Needle::Bytes(vec![0; MAX_MATCH + 1])), NeedleError::TooLong(MAX_MATCH + 1));
    assert!(matches!(error(regex("(?:a{1000}){1000}")), NeedleError::RegexTooLarge(_)));
    assert!(matches!(error(regex(&"(".repeat(1000))), NeedleError::Regex(_)));
    assert_eq!(error(regex("^|$")), NeedleError::RegexEmpty);
    assert_eq!(error(regex("a(")).to_string(), "unclosed group, at character 2");
    assert_eq!(error(number(NumberKind::U8, Order::Little, "300")).to_string(), "u8 holds 0 to 255, not 300");
    let latin = Needle::Text { text: "a€".into(), encoding: "latin-1".into(), case: Case::Exact };
    assert_eq!(error(latin).to_string(), "latin-1 has no '€'");
    let text_content = Content::Text(Text::from("abc"));
    assert_eq!(Pattern::new(&query([hex("61")]), &text_content).unwrap_err(), NeedleError::NotText);
}

#[test]
fn text_in_encodings_and_cases() {
    let found = |hay: &[u8], text: &str, encoding: &str, case: Case| {
        let needle = Needle::Text { text: text.into(), encoding: encoding.into(), case };
        all(&bytes(hay), &query([needle])).iter().map(|hit| (hit.offset, hit.len)).collect::<Vec<_>>()
    };
    let utf16: Vec<u8> = "xHÉllo hélLO".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(found(&utf16, "héllo", "utf-16", Case::Unicode), [(2, 10), (14, 10)]);
    assert_eq!(found(&utf16, "héllo", "utf-16", Case::Ascii), [(14, 10)]);
    assert_eq!(found("Straße STRAẞE".as_bytes(), "straße", "utf-8", Case::Unicode), [(0, 7), (8, 8)]);
    assert_eq!(found("273 \u{212A} k K".as_bytes(), "k", "utf-8", Case::Unicode), [(4, 3), (8, 1), (10, 1)]);
    assert_eq!(found(b"\xC1BC", "abc", "cp500", Case::Unicode), []);
    assert_eq!(found(b"\xC1\x82\xC3", "abc", "cp500", Case::Ascii), [(0, 3)]);
    assert_eq!(found(b"..\x93\xFA\x96\x7B", "日本", "shift_jis", Case::Exact), [(2, 4)]);
    assert_eq!(found(b"aAaA", "AA", "ascii", Case::Ascii), [(0, 2), (2, 2)]);
}

#[test]
fn numbers_by_type_order_and_range() {
    let mut rng = Rng::with_seed(3);
    let hay: Vec<u8> = (0..3000).map(|_| rng.u8(..)).collect();
    let content = bytes(in_pieces(&hay, &mut rng));
    for kind in NumberKind::ALL.into_iter().filter(|kind| !kind.is_float()) {
        let size = kind.size();
        let signed = kind.name().starts_with('i');
        let value = |at: usize, big: bool| {
            let mut all: Vec<u8> = hay[at..at + size].to_vec();
            if big {
                all.reverse();
            }
            let fill = if signed && all[size - 1] >= 0x80 { 0xFF } else { 0 };
            all.resize(16, fill);
            i128::from_le_bytes(all.try_into().unwrap())
        };
        let last = hay.len() - size;
        let (low, high) = (value(17, false).min(value(99, false)), value(17, false).max(value(99, false)));
        for (order, big) in [(Order::Little, false), (Order::Big, true)] {
            let query = Query { needles: vec![number(kind, order, &format!("{low}..{high}"))], overlapping: true, align: 1 };
            let expected: Vec<u64> =
                (0..=last).filter(|&at| (low..=high).contains(&value(at, big))).map(|at| at as u64).collect();
            assert_eq!(offsets(&content, &query), expected, "{kind:?} {order:?}");
            let exact = Query { needles: vec![number(kind, order, &low.to_string())], ..query };
            let expected: Vec<u64> = (0..=last).filter(|&at| value(at, big) == low).map(|at| at as u64).collect();
            assert_eq!(offsets(&content, &exact), expected, "{kind:?} {order:?}");
        }
    }
    let floats = [1.5f32.to_le_bytes(), 1.5f32.to_be_bytes(), f32::NAN.to_le_bytes(), (-0.25f32).to_le_bytes()].concat();
    let found = |order, value: &str| {
        let query = Query { needles: vec![number(NumberKind::F32, order, value)], overlapping: false, align: 4 };
        offsets(&bytes(&floats[..]), &query)
    };
    assert_eq!(found(Order::Little, "1.4 +- 0.2"), [0]);
    assert_eq!(found(Order::Both, "1.5"), [0, 4]);
    assert_eq!(found(Order::Little, "nan"), [8]);
    assert_eq!(found(Order::Little, "-1..-0.1"), [12]);
    let doubles = 2.5f64.to_be_bytes();
    assert_eq!(offsets(&bytes(&doubles[..]), &query([number(NumberKind::F64, Order::Big, "2..3")])), [0]);
}

#[test]
fn text_documents_are_searched_by_characters() {
    let texts = ["plain ASCII with an e", "naïve café, Été", "ein € und noch ein €", "a😀b😀😀c", &"é€😀x".repeat(1000)];
    let mut rng = Rng::with_seed(5);
    for shown in texts {
        let content = Content::Text(Text::from(shown));
        let points: Vec<char> = shown.chars().collect();
        for _ in 0..20 {
            let at = rng.usize(..points.len());
            let len = rng.usize(1..4).min(points.len() - at);
            let needle: Vec<char> = points[at..at + len].to_vec();
            let written: String = needle.iter().collect();
            let query_of = |needle| query([needle]);
            let matches = |_: usize, at: usize| (points.get(at..at + len)? == &needle[..]).then_some(len);
            let expected = naive(points.len(), &query_of(text(&written)), &matches);
            assert_eq!(all(&content, &query_of(text(&written))), expected, "{written:?}");
            assert_eq!(all(&content, &query_of(regex(&regex::escape(&written)))), expected, "{written:?}");
        }
        assert_eq!(all(&content, &query([text("日")])), []);
    }
    let content = Content::Text(Text::from("Été ÉTÉ e\u{301}té"));
    let fold = Needle::Text { text: "été".into(), encoding: String::new(), case: Case::Unicode };
    assert_eq!(offsets(&content, &query([fold])), [0, 4]);
    let class = Needle::Regex { pattern: r"(?i)\bÉ\w+".into(), case: Case::Exact, unicode: true };
    assert_eq!(all(&content, &query([class])).iter().map(|hit| (hit.offset, hit.len)).collect::<Vec<_>>(), [(0, 3), (4, 3)]);
    let wide = Text::from_code_points([0xD83D, 0x61]);
    assert_eq!(offsets(&Content::Text(wide), &query([regex("a")])), [1]);
}

#[test]
fn the_cap_counts_the_rest() {
    let content = bytes(vec![7u8; KEPT_HITS + 500_000]);
    let feed = Feed::new();
    Pattern::new(&query([hex("07")]), &content).unwrap().search(&content, None, &feed, &Progress::new()).unwrap();
    assert_eq!((feed.kept(), feed.total()), (KEPT_HITS, KEPT_HITS as u64 + 500_000));
    assert_eq!(feed.get(KEPT_HITS - 1).unwrap().offset, KEPT_HITS as u64 - 1);
    assert_eq!((feed.at_or_after(10), feed.number_of(10), feed.number_of(1 << 40)), (10, Some(10), None));
    assert!(feed.is_whole_before(KEPT_HITS as u64 - 1) && !feed.is_whole_before(KEPT_HITS as u64 + 1));
}

#[test]
fn ranges_are_all_there_is() {
    let content = bytes(Buffer::from(b"abcabcabc"));
    let found = |needle: Needle, range: std::ops::Range<u64>| {
        let feed = Feed::new();
        let pattern = Pattern::new(&query([needle]), &content).unwrap();
        pattern.search(&content, Some(range), &feed, &Progress::new()).unwrap();
        feed.hits(0..9).iter().map(|hit| hit.offset).collect::<Vec<_>>()
    };
    assert_eq!(found(text("abc"), 1..8), [3]);
    assert_eq!(found(regex("^b"), 1..8), [1]);
    assert_eq!(found(regex("b$"), 1..8), [7]);
    assert_eq!(found(text("abc"), 3..100), [3, 6]);
    assert_eq!(found(text("abc"), 50..60), [0; 0]);
}

#[test]
fn stopping_takes_less_than_50_ms() {
    // What takes long: a terabyte in 16,384 pieces of the same memory, and expressions that look at everything from every place.
    let mut slow = Buffer::from(vec![b'a'; 64 << 20]);
    for _ in 0..14 {
        slow.insert(Offset(0), &slow.clone());
    }
    let slow = bytes(slow);
    let cases = [
        regex("a[^b]*b"),
        regex("(?:a|aa)+b"),
        regex(r"\w{40,900}[^a]"),
        text("aaaaaaaaaaaaaaab"),
        hex("61 ?? 6? 62"),
        number(NumberKind::F64, Order::Both, "1..2"),
        number(NumberKind::U16, Order::Little, "1..2"),
    ];
    for needle in cases {
        let pattern = Pattern::new(&query([needle.clone()]), &slow).unwrap();
        let stopped = || {
            let progress = Progress::new();
            let feed = Feed::new();
            let (result, late) = std::thread::scope(|scope| {
                let running = scope.spawn(|| {
                    let result = pattern.search(&slow, None, &feed, &progress);
                    (result, Instant::now())
                });
                std::thread::sleep(Duration::from_millis(100));
                let asked = Instant::now();
                progress.cancel();
                let (result, ended) = running.join().unwrap();
                (result, ended.saturating_duration_since(asked))
            });
            assert!(matches!(result, Err(SearchError::Cancelled)), "{needle:?}");
            assert_ne!(feed.state(), FeedState::Running);
            late
        };
        // Other programs take their turn on the machine, but not every time.
        let mut late: Vec<Duration> = Vec::new();
        while late.last().is_none_or(|last| *last >= Duration::from_millis(50)) {
            late.push(stopped());
            assert!(late.len() < 40 || late.last() < Some(&Duration::from_millis(50)), "{needle:?}: {late:?}");
        }
        println!("{needle:?}: {late:?}");
    }
}

#[test]
fn an_unreadable_file_keeps_what_was_found_before() {
    #[derive(Debug)]
    struct Broken;
    impl Source for Broken {
        fn len(&self) -> Len {
            Len(8 << 20)
        }
        fn read_at(&self, offset: Offset, out: &mut [u8]) -> Result<(), ReadErrorKind> {
            if offset.0 + out.len() as u64 > 4 << 20 {
                return Err(ReadErrorKind::Shrunk);
            }
            out.fill(0);
            if offset.0 < 1000 && offset.0 + out.len() as u64 > 1002 {
                out[1000 - offset.0 as usize..][..2].copy_from_slice(b"hi");
            }
            Ok(())
        }
    }
    let content = bytes(Buffer::from_source(Arc::new(Broken)));
    let feed = Feed::new();
    let result = Pattern::new(&query([text("hi")]), &content).unwrap().search(&content, None, &feed, &Progress::new());
    assert!(matches!(result, Err(SearchError::Read(_))));
    assert_eq!(feed.hits(0..9).iter().map(|hit| hit.offset).collect::<Vec<_>>(), [1000]);
    assert!(matches!(feed.state(), FeedState::Failed(reason) if reason.contains("shorter")));
}

/// All matches of one needle replaced, as a whole document.
#[track_caller]
fn replaced(content: &Content, needle: &Needle, with: &str) -> (Content, u64) {
    let pattern = Pattern::new(&query([needle.clone()]), content).unwrap();
    let with = Replacement::new(with, needle, content).unwrap();
    let Some(done) = pattern.replace_all(content, None, &with, &Progress::new()).unwrap() else { return (content.clone(), 0) };
    let after = match (content, &done.content) {
        (Content::Bytes(buffer), Content::Bytes(new)) => {
            let mut buffer = buffer.clone();
            buffer.replace(seektell::buffer::ByteRange::between(Offset(done.range.start), Offset(done.range.end)), new);
            Content::Bytes(buffer)
        }
        (Content::Text(text), Content::Text(new)) => {
            let mut text = text.clone();
            text.replace(done.range.start, done.range.end, new);
            Content::Text(text)
        }
        _ => panic!("another kind"),
    };
    (after, done.count)
}

fn as_vec(content: &Content) -> Vec<u8> {
    match content {
        Content::Bytes(buffer) => buffer.to_vec_all().unwrap(),
        Content::Text(text) => text.to_utf8().to_vec_all().unwrap(),
    }
}

#[test]
fn replacing_is_what_the_standard_library_does() {
    let mut rng = Rng::with_seed(9);
    for round in 0..200 {
        let len = [0, 10, 300, 20_000][rng.usize(..4)];
        let hay: String = (0..len).map(|_| ['a', 'b', 'c'][rng.usize(..3)]).collect();
        let needle: String = (0..rng.usize(1..4)).map(|_| ['a', 'b', 'c'][rng.usize(..3)]).collect();
        let with: String = (0..rng.usize(..5)).map(|_| ['a', 'X', 'y'][rng.usize(..3)]).collect();
        let content = bytes(in_pieces(hay.as_bytes(), &mut rng));
        let (after, count) = replaced(&content, &text(&needle), &with);
        assert_eq!(as_vec(&after), hay.replace(&needle, &with).as_bytes(), "round {round}");
        assert_eq!(count, hay.matches(&needle).count() as u64);
        let (after, _) = replaced(&Content::Text(Text::from(hay.as_str())), &text(&needle), &format!("{with}€"));
        assert_eq!(as_vec(&after), hay.replace(&needle, &format!("{with}€")).as_bytes(), "round {round}");
    }
}

#[test]
fn replacing_with_groups_wildcards_and_numbers() {
    let after = |hay: &[u8], needle: Needle, with: &str| as_vec(&replaced(&bytes(hay), &needle, with).0);
    assert_eq!(after(b"k1=v1;k2=v2", regex(r"(?<key>\w+)=(\w+)"), "${2}:$key\\n\\x00$$"), b"v1:k1\n\0$;v2:k2\n\0$");
    assert_eq!(after(b"\x12\x34\x56\x34", hex("?? 34"), "?F 5?"), b"\x1F\x54\x5F\x54");
    let (text_after, count) = replaced(&Content::Text(Text::from("été 1€ 2€")), &regex(r"(\d)€"), "€$1");
    assert_eq!((as_vec(&text_after), count), ("été €1 €2".as_bytes().to_vec(), 2));
    assert_eq!(after(b"\x01\0\x01\0", number(NumberKind::U16, Order::Little, "1"), "0x0203"), b"\x03\x02\x03\x02");
    assert_eq!(after(b"abab", text("b"), ""), b"aa");
    let wrong = |needle: Needle, with: &str| Replacement::new(with, &needle, &bytes(&b""[..])).unwrap_err();
    assert_eq!(wrong(hex("00 ??"), "?1"), ReplacementError::WildcardLength(2));
    assert_eq!(wrong(regex("a"), "\\q"), ReplacementError::Escape("q".into()));
    assert_eq!(wrong(number(NumberKind::U8, Order::Little, "1"), "1..2"), ReplacementError::Range);
}

#[test]
fn replacing_shares_what_lies_between_and_knows_holes() {
    let mut buffer = Buffer::filled(0, Len(100 << 30));
    buffer.overwrite(Offset(5), b"mark");
    buffer.overwrite(Offset(50 << 30), b"mark");
    let content = Content::Bytes(buffer);
    let (after, count) = replaced(&content, &text("mark"), "MARKS");
    assert_eq!((count, after.len()), (2, (100 << 30) + 2));
    let Content::Bytes(after) = after else { panic!("bytes") };
    assert_eq!(after.to_vec(seektell::buffer::ByteRange::new(Offset((50 << 30) + 1), Len(5))).unwrap(), b"MARKS");
    // Zeros of a hole become ones of a hole.
    let (after, count) = replaced(&content, &hex("00"), "01");
    assert_eq!((count, after.len()), ((100 << 30) - 8, 100 << 30));
    let Content::Bytes(after) = after else { panic!("bytes") };
    assert_eq!(after.byte_at(Offset(70 << 30)).unwrap(), Some(1));
}

#[test]
fn replacing_all_is_one_call_that_python_repeats() {
    use seektell::document::{Document, Language, Operation, Origin};
    const HITS: usize = 336_530;
    let hay = b"ab,cdefghij".repeat(HITS);
    let mut document = Document::bytes("table.csv", Origin::New, &hay[..]);
    let content = Content::Bytes(document.as_bytes().unwrap().clone());
    let pattern = Pattern::new(&query([text(",")]), &content).unwrap();
    let with = Replacement::new("; ", &text(","), &content).unwrap();
    let replaced = pattern.replace_all(&content, None, &with, &Progress::new()).unwrap().unwrap();
    assert_eq!((replaced.count, replaced.range), (HITS as u64, 2..hay.len() as u64 - 8));
    let Content::Bytes(new) = replaced.content else { panic!("bytes") };
    let operation = Operation::Replace { start: 2, end: hay.len() as u64 - 8, data: new.into() };
    document.perform(operation).unwrap();
    let expected = b"ab; cdefghij".repeat(HITS);
    assert_eq!(document.as_bytes().unwrap().to_vec_all().unwrap(), expected);
    assert_eq!((document.timeline().len(), document.history().undo_len()), (1, 1));
    let script = document.timeline().script(Language::Python, "table.csv").unwrap();
    document.undo();
    assert_eq!(document.as_bytes().unwrap().to_vec_all().unwrap(), hay);
    let folder = tempfile::tempdir().unwrap();
    let (path, out) = (folder.path().join("script.py"), folder.path().join("out"));
    let end = "\nimport sys\nopen(sys.argv[1], 'wb').write(buf.getvalue())\n";
    std::fs::write(&path, script + end).unwrap();
    match std::process::Command::new("python3").arg(&path).arg(&out).output() {
        Ok(ran) => {
            assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
            assert!(std::fs::read(out).unwrap() == expected, "the script makes the same bytes");
        }
        Err(_) => eprintln!("python3 is not installed: the exported script was not run"),
    }
}

#[test]
fn what_cannot_be_read_is_passed_over_and_named() {
    #[derive(Debug)]
    struct Bad(Vec<u8>, [std::ops::Range<u64>; 2]);
    impl Source for Bad {
        fn len(&self) -> Len {
            Len(self.0.len() as u64)
        }
        fn read_at(&self, offset: Offset, out: &mut [u8]) -> Result<(), ReadErrorKind> {
            let end = offset.0 + out.len() as u64;
            if self.1.iter().any(|bad| bad.start < end && offset.0 < bad.end) {
                return Err(ReadErrorKind::Io(std::io::ErrorKind::Other, "made up".into()));
            }
            out.copy_from_slice(&self.0[offset.0 as usize..end as usize]);
            Ok(())
        }
    }
    const PART: u64 = 64 << 10;
    let mut data = vec![b'.'; 5 << 20];
    // In front, up to the place, across its start, inside, right behind, behind the edge of a block, at the end.
    let places = [100, 22 * PART - 6, 31 * PART - 3, 22 * PART + 7, 23 * PART, 33 * PART, (5 << 20) - 6];
    for at in places {
        data[at as usize..][..6].copy_from_slice(b"needle");
    }
    // One inside of a block, one across the edge of two.
    let bad = [1_500_000..1_500_010, (2 << 20) - 10..(2 << 20) + 10];
    let content = bytes(Buffer::from_source(Arc::new(Bad(data, bad))));
    for needle in [text("needle"), regex("ne+dle"), hex("6E ?? 65 64 6C 65")] {
        let (query, feed, progress) = (query([needle]), Feed::new(), Progress::new());
        let pattern = Pattern::new(&query, &content).unwrap();
        pattern.search(&content, None, &feed, &progress).unwrap();
        let found: Vec<u64> = feed.hits(0..99).iter().map(|hit| hit.offset).collect();
        assert_eq!(found, [100, 22 * PART - 6, 23 * PART, 33 * PART, (5 << 20) - 6]);
        let unreadable = feed.unreadable();
        assert_eq!(unreadable.ranges(), [22 * PART..23 * PART, 31 * PART..33 * PART]);
        assert_eq!((unreadable.count(), unreadable.total(), feed.state()), (2, 3 * PART, FeedState::Done));
        assert!(unreadable.why().unwrap().to_string().contains("made up"));
        let mut told = 0;
        let passed = pattern.each(&content, None, true, &Progress::new(), &mut |_, more| {
            told += more;
            std::ops::ControlFlow::Continue(())
        });
        assert_eq!((told, passed.unwrap()), (5, unreadable));
        let next = pattern.next(&content, None, 22 * PART, &Progress::new()).unwrap();
        assert_eq!(next.map(|hit| hit.offset), Some(23 * PART));
        let before = pattern.previous(&content, None, 23 * PART, &Progress::new()).unwrap();
        assert_eq!(before.map(|hit| hit.offset), Some(22 * PART - 6));
    }
    // Nobody can say that there is none; and nothing is replaced where it cannot be all.
    let none = Pattern::new(&query([text("nowhere")]), &content).unwrap();
    assert!(matches!(none.next(&content, None, 0, &Progress::new()), Err(SearchError::Read(_))));
    let with = Replacement::new("x", &text("needle"), &content).unwrap();
    let needles = Pattern::new(&query([text("needle")]), &content).unwrap();
    let replaced = needles.replace_all(&content, None, &with, &Progress::new());
    assert!(matches!(replaced, Err(ReplacementError::Search(SearchError::Read(_)))));
}
