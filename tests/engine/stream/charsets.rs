//! The East Asian charsets against CPython: every pair of bytes, every character of the basic plane, and random input in pieces.

use std::fmt::Write as _;

use fastrand::Rng;
use seektell::stream::codec::{decode, encode};
use seektell::stream::{Text, Value as StreamValue, str_repr};

use super::codecs::{Case, HANDLERS, Value, compare, cuts};
use super::python;
use super::step::{Arg, Session, Step, var};

pub(crate) const CHARSETS: [&str; 17] = [
    "gb2312",
    "gbk",
    "gb18030",
    "hz",
    "big5",
    "cp950",
    "shift_jis",
    "cp932",
    "euc_jp",
    "euc_kr",
    "cp949",
    "johab",
    "iso2022_jp",
    "iso2022_jp_1",
    "iso2022_jp_2",
    "iso2022_jp_ext",
    "iso2022_kr",
];

/// What the ISO 2022 charsets and HZ begin a set of characters with, and what they end it with.
const SETS: [(&str, &str, &str); 12] = [
    ("hz", "~{", "~}"),
    ("iso2022_jp", "\x1B$B", "\x1B(B"),
    ("iso2022_jp", "\x1B(J", "\x1B(B"),
    ("iso2022_jp_1", "\x1B$@", "\x1B(B"),
    ("iso2022_jp_1", "\x1B$(D", "\x1B(B"),
    ("iso2022_jp_2", "\x1B$(C", "\x1B(B"),
    ("iso2022_jp_2", "\x1B$A", "\x1B(B"),
    ("iso2022_jp_2", "\x1B.A\x1BN", ""),
    ("iso2022_jp_2", "\x1B.F\x1BN", ""),
    ("iso2022_jp_ext", "\x1B(I", "\x1B(B"),
    ("iso2022_kr", "\x1B$)C\x0E", "\x0F"),
    ("iso2022_kr", "\x1B$)C", "\x0E\x0F"),
];

/// What is decoded: a name, and rows of bytes. Line ends keep one sequence from the next.
fn rows() -> Vec<(&'static str, Vec<u8>)> {
    let mut rows = Vec::new();
    for name in CHARSETS {
        // In seven bits there is nothing above; and what is below is ASCII, but for what switches.
        let last = if name == "hz" || name.starts_with("iso2022") { 0x82 } else { 0xFF };
        for first in [0x09, 0x0E, 0x0F, 0x1B, 0x41, 0x7E].into_iter().chain(0x80..=last) {
            rows.push((name, (0..=0xFF).flat_map(|second| [first, second, 10, 10, 10, 10, 10, 10]).collect()));
        }
    }
    for first in 0x80..=0xFF_u8 {
        rows.push(("euc_jp", (0..=0xFF).flat_map(|second| [0x8F, first, second, 10, 10]).collect()));
    }
    for first in [0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x8F, 0x90, 0x9A, 0xE3, 0xE4, 0xFF_u8] {
        for second in 0x30..=0x39_u8 {
            let step = if (0x81..=0x84).contains(&first) { 1 } else { 9 };
            let thirds = (0x7F..=0xFF_u8).step_by(step);
            rows.push((
                "gb18030",
                thirds.flat_map(|third| (0x2F..=0x3A).flat_map(move |fourth| [first, second, third, fourth])).collect(),
            ));
        }
    }
    for (name, begin, end) in SETS {
        for first in 0x20..0x80_u8 {
            let pair = |second: u8| [begin.as_bytes(), &[first, second], end.as_bytes(), b"\n"].concat();
            rows.push((name, (0..=0xFF).flat_map(pair).collect()));
        }
    }
    rows
}

/// The same rows in Python, and a number for each of their texts.
const DECODE: &str = r#"
import zlib
def rows():
    for name in charsets:
        last = 0x82 if name == "hz" or name.startswith("iso2022") else 0xFF
        for a in [0x09, 0x0E, 0x0F, 0x1B, 0x41, 0x7E, *range(0x80, last + 1)]: yield name, b"".join(bytes((a, b)) + b"\n" * 6 for b in range(256))
    for a in range(128, 256): yield "euc_jp", b"".join(bytes((0x8F, a, b, 10, 10)) for b in range(256))
    for a in (0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x8F, 0x90, 0x9A, 0xE3, 0xE4, 0xFF):
        for b in range(0x30, 0x3A):
            step = 1 if 0x81 <= a <= 0x84 else 9
            yield "gb18030", b"".join(bytes((a, b, c, d)) for c in range(0x7F, 256, step) for d in range(0x2F, 0x3B))
    for name, begin, end in sets:
        for a in range(0x20, 0x80):
            yield name, b"".join(begin.encode() + bytes((a, b)) + end.encode() + b"\n" for b in range(256))
for name, row in rows(): print(zlib.crc32(row.decode(name, "replace").encode("utf-32-le")))
"#;

fn number(bytes: &[u8]) -> String {
    crc32fast::hash(bytes).to_string()
}

fn python_list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

fn quoted(text: &str) -> String {
    str_repr(&Text::from(text))
}

#[test]
fn every_sequence_means_what_it_means_in_python() {
    let charsets = python_list(CHARSETS.iter().map(|name| quoted(name)));
    let set = |(name, begin, end): &(&str, &str, &str)| format!("({}, {}, {})", quoted(name), quoted(begin), quoted(end));
    let sets = python_list(SETS.iter().map(set));
    let Some(theirs) = python::output(&format!("charsets = {charsets}\nsets = {sets}\n{DECODE}")) else { return };
    let rows = rows();
    assert_eq!(theirs.lines().count(), rows.len());
    let mut wrong = String::new();
    for ((name, row), theirs) in rows.iter().zip(theirs.lines()) {
        let text = decode(&row.as_slice().into(), name, "replace").unwrap();
        let points = text.code_points().flat_map(u32::to_le_bytes).collect::<Vec<_>>();
        if number(&points) != theirs {
            writeln!(wrong, "{name}: {:02x?}", &row[..12]).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

const ENCODE: &str = r#"
import zlib
for name in charsets:
    for start in range(0, 0x11000, 256):
        text = "".join(chr(point) + "\n" for point in range(start, start + 256))
        print(zlib.crc32(text.encode(name, "replace")))
"#;

#[test]
fn every_character_is_written_as_in_python() {
    let charsets = python_list(CHARSETS.iter().map(|name| quoted(name)));
    let Some(theirs) = python::output(&format!("charsets = {charsets}\n{ENCODE}")) else { return };
    let mut theirs = theirs.lines();
    let mut wrong = String::new();
    for name in CHARSETS {
        for start in (0..0x1_1000).step_by(256) {
            let text = Text::from_code_points((start..start + 256).flat_map(|point| [point, 10]));
            let ours = encode(&text, name, "replace").unwrap().to_vec_all().unwrap();
            if Some(&*number(&ours)) != theirs.next() {
                writeln!(wrong, "{name}: U+{start:04X}").unwrap();
            }
        }
    }
    assert!(wrong.is_empty() && theirs.next().is_none(), "{wrong}");
}

/// Characters of which each charset has some.
const POINTS: &[u32] = &[
    0x61, 0x7A, 0x20, 0x0A, 0x0D, 0x0D, 0x0A, 0x7E, 0x5C, 0x7B, 0xA5, 0xA7, 0xB7, 0xE9, 0x3A9, 0x414, 0x2014, 0x203E, 0x20AC,
    0x2500, 0x3000, 0x3042, 0x30AB, 0x30FB, 0x3131, 0x3164, 0x4E00, 0x4E16, 0x6587, 0x5B57, 0x9F98, 0xAC00, 0xAC02, 0xD7A3,
    0xE000, 0xE7C7, 0xF8F1, 0xFF3C, 0xFF5E, 0xFF76, 0xFFE3, 0x1E3F, 0x4E02, 0x1F600, 0x10FFFF, 0x20000,
];

fn text(rng: &mut Rng, surrogates: bool) -> Text {
    let odd: &[u32] = &[0xD800, 0xDC80, 0xDCFF, 0xDFFF, 0xDC7F];
    let point = |rng: &mut Rng| {
        let from = if surrogates && rng.u8(0..6) == 0 { odd } else { POINTS };
        *rng.choice(from).unwrap()
    };
    let len = rng.usize(0..9);
    Text::from_code_points((0..len).map(|_| point(rng)).collect::<Vec<_>>())
}

/// Parts that are right, or nearly, in some of them.
const PARTS: &[&[u8]] = &[
    b"a",
    b"\n",
    b"\r",
    b"\r\n",
    b"~",
    b"~{",
    b"~}",
    b"~~",
    b"~\n",
    b"!!",
    b"0!",
    b"VP",
    b"\x1B",
    b"\x1B$B",
    b"\x1B$@",
    b"\x1B(B",
    b"\x1B(J",
    b"\x1B(I",
    b"\x1B$(D",
    b"\x1B$A",
    b"\x1B$(C",
    b"\x1B$)C",
    b"\x1B$)B",
    b"\x1B.A",
    b"\x1B.F",
    b"\x1B.J",
    b"\x1BN",
    b"\x1B&@\x1B$B",
    b"\x1B[1m",
    b"\x1B((((((((",
    b"\x1B$$$$$$$$$$$$$$$$",
    b"\x0E",
    b"\x0F",
    b"\x80",
    b"\x81",
    b"\x8E\xB1",
    b"\x8F\xB0\xA1",
    b"\x8F",
    b"\xA0",
    b"\xA1\xA1",
    b"\xA4\xD4\xA4\xA1\xA4\xBF\xA4\xD4",
    b"\xA4\xD4\xA4",
    b"\xB0\xA1",
    b"\xC4",
    b"\x810\x810",
    b"\x810",
    b"\x901\x81",
    b"\xE32\x9A5",
    b"\xFD",
    b"\xFF",
];

fn bytes(rng: &mut Rng, encoding: &'static str) -> Vec<u8> {
    let mut bytes = match rng.u8(0..4) {
        0 => (0..rng.usize(0..8)).map(|_| rng.u8(..)).collect(),
        1 => (0..rng.usize(0..5)).flat_map(|_| *rng.choice(PARTS).unwrap()).copied().collect(),
        _ => encode(&text(rng, false), encoding, "replace").unwrap().to_vec_all().unwrap(),
    };
    for _ in 0..rng.usize(0..3) {
        let at = rng.usize(0..=bytes.len());
        match rng.u8(0..4) {
            0 => bytes.truncate(at),
            1 if at < bytes.len() => bytes[at] = rng.u8(..),
            2 if at < bytes.len() => _ = bytes.remove(at),
            _ => {
                let part = *rng.choice(PARTS).unwrap();
                bytes.splice(at..at, part.iter().copied());
            }
        }
    }
    bytes
}

#[test]
fn random_bytes_and_texts_are_what_they_are_in_python() {
    let mut rng = Rng::with_seed(0xC3A5);
    let mut cases = Vec::new();
    for encoding in CHARSETS {
        for &errors in HANDLERS {
            for _ in 0..24 {
                let value = bytes(&mut rng, encoding);
                let cuts = match rng.u8(0..3) {
                    // At every byte.
                    0 => (1..value.len()).collect(),
                    _ => cuts(&mut rng, value.len()),
                };
                let kind = rng.choice(["decode", "decode", "pieces", "pieces", "translated", "noted"]).unwrap();
                let cuts = if kind == "decode" { Vec::new() } else { cuts };
                cases.push(Case { kind, encoding, errors, value: Value::Bytes(value), cuts });
            }
            for _ in 0..16 {
                let value = text(&mut rng, true);
                let kind = rng.choice(["encode", "encode pieces", "encode to the end"]).unwrap();
                let cuts = if kind == "encode" { Vec::new() } else { cuts(&mut rng, value.len() as usize) };
                cases.push(Case { kind, encoding, errors, value: Value::Text(value), cuts });
            }
        }
    }
    compare(&cases);
}

/// Sessions with a `TextIOWrapper` in ISO 2022, where a place is more than an offset. CPython crashes where one that only reads goes to an
/// offset, so these go to places they have been told; and those that write do not read.
fn sessions(rng: &mut Rng, count: usize) -> Vec<Session> {
    let call = |method, args: Vec<Arg>| Step::Call("t", method, args, Vec::new());
    let session = |rng: &mut Rng| {
        let encoding = *rng.choice(&CHARSETS[12..]).unwrap();
        let reads = rng.bool();
        // After an exception while it reads CPython tells an offset.
        let errors = if reads { &["replace", "ignore", "backslashreplace"] } else { HANDLERS };
        let errors = *rng.choice(errors).unwrap();
        let newline =
            rng.choice([None, Some(""), Some("\n"), Some("\r\n")]).unwrap().map_or(StreamValue::None, StreamValue::from);
        let raising: [&[u8]; 3] = [b"(((", b"$$$", b".J"];
        let harmless = |bytes: &Vec<u8>| !raising.iter().any(|part| bytes.windows(part.len()).any(|window| window == *part));
        let data = (0..if reads { 6 } else { 0 }).map(|_| bytes(rng, encoding)).filter(harmless).flatten().collect::<Vec<u8>>();
        let mut steps = vec![
            Step::New("raw", "BytesIO", vec![Arg::from(StreamValue::from(data.as_slice()))], Vec::new()),
            Step::New(
                "t",
                "TextIOWrapper",
                vec![var("raw"), Arg::from(encoding), Arg::from(errors), Arg::from(newline)],
                Vec::new(),
            ),
            Step::SetAttribute("t", "_CHUNK_SIZE", Arg::from(*rng.choice([1, 2, 3, 5, 8192].iter()).unwrap())),
        ];
        let kept = ["p0", "p1", "p2"];
        steps.extend(kept.map(|name| Step::Keep(name, "t", "tell", Vec::new())));
        for _ in 0..20 {
            let size = *rng.choice([1, 1, 2, 3, 7].iter()).unwrap();
            let place = *rng.choice(&kept).unwrap();
            steps.push(match (reads, rng.u8(0..10)) {
                (true, 0..3) => call("read", vec![Arg::from(size)]),
                (true, 3..5) => call("readline", Vec::new()),
                (true, 5..8) => Step::Keep(place, "t", "tell", Vec::new()),
                (true, _) => call("seek", vec![var(place)]),
                (false, 0) => call("seek", vec![Arg::from(0)]),
                (false, 1) => call("seek", vec![Arg::from(0), Arg::from(2)]),
                (false, 2) => call("flush", Vec::new()),
                (false, 3) => call("tell", Vec::new()),
                _ => call("write", vec![Arg::from(StreamValue::Str(text(rng, true)))]),
            });
            steps.push(Step::Call("raw", if reads { "tell" } else { "getvalue" }, Vec::new(), Vec::new()));
        }
        steps.push(Step::Del("t"));
        Session { title: "random TextIOWrapper in ISO 2022", rows: steps.into_iter().map(|step| (step, "")).collect() }
    };
    (0..count).map(|_| session(rng)).collect()
}

#[test]
fn random_statements_on_text_with_states_show_what_python_shows() {
    let sessions = sessions(&mut Rng::with_seed(0x2022), 150);
    let Some(shown) = python::run(&sessions) else { return };
    let mut shown = shown.into_iter();
    super::compare(&sessions, |_| shown.next().expect("one result a row"));
}
