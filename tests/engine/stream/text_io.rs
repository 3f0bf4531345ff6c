//! `TextIOWrapper` over `BytesIO`: random statements, in all encodings, newline modes and chunk sizes.

use fastrand::Rng;
use seektell::stream::{Text, Value};

use super::step::{Arg, Session, Step, var};

const ENCODINGS: &[&str] = &[
    "utf-8",
    "utf-8",
    "utf-8",
    "utf-16",
    "latin-1",
    "ascii",
    "cp1252",
    "utf-8-sig",
    "utf-16-be",
    "utf-16-le",
    "utf-32",
    "utf-32-be",
    "cp437",
    "gbk",
    "gb18030",
    "hz",
    "shift_jis",
    "euc_jp",
    "euc_kr",
    "big5",
];
const ERRORS: &[&str] = &["strict", "strict", "replace", "ignore", "backslashreplace", "surrogateescape", "nosuch"];
const NEWLINES: &[Option<&str>] = &[None, Some(""), Some("\n"), Some("\r"), Some("\r\n")];
const CHUNKS: &[i64] = &[1, 2, 3, 7, 16, 8192, 8192];
const PIECES: &[&str] = &["a", "b", "\n", "\r", "\r\n", "é", "€", "😀", "xyz ", "世", "文字", "가각", "ｶ", "hello\n"];
const CALLS: &[(&str, u32)] = &[
    ("read", 30),
    ("readline", 25),
    ("readlines", 3),
    ("tell", 20),
    ("seek", 25),
    ("seek 0", 6),
    ("seek end", 5),
    ("seek here", 5),
    ("write", 20),
    ("writelines", 3),
    ("next", 8),
    ("truncate", 6),
    ("flush", 6),
    ("newlines", 8),
    ("reconfigure", 6),
    ("attribute", 3),
    ("close", 1),
    ("detach", 1),
    ("raw", 2),
];

/// `count` sessions of about `length` statements; the same seed gives the same ones.
pub(crate) fn sessions(seed: u64, count: usize, length: usize, pieces: usize) -> Vec<Session> {
    let mut rng = Rng::with_seed(seed);
    (0..count)
        .map(|_| {
            let rows = session(&mut rng, length, pieces).into_iter().map(|step| (step, "")).collect();
            Session { title: "random TextIOWrapper", rows }
        })
        .collect()
}

fn text(rng: &mut Rng, pieces: usize) -> Text {
    let mut points = Vec::new();
    for _ in 0..rng.usize(0..=pieces) {
        points.extend(rng.choice(PIECES).unwrap().chars().map(u32::from));
        if rng.u8(0..60) == 0 {
            points.push(0xD800);
        }
    }
    Text::from_code_points(points)
}

fn data(rng: &mut Rng, encoding: &str, pieces: usize) -> Value {
    let text = text(rng, pieces);
    let mut bytes = seektell::stream::codec::encode(&text, encoding, "replace").unwrap().to_vec_all().unwrap();
    if rng.u8(0..10) < 3 {
        for _ in 0..rng.usize(1..4) {
            let at = rng.usize(0..=bytes.len());
            bytes.insert(at, rng.u8(128..));
        }
    }
    Value::from(bytes.as_slice())
}

fn session(rng: &mut Rng, length: usize, pieces: usize) -> Vec<Step> {
    let encoding = *rng.choice(ENCODINGS).unwrap();
    let errors = *rng.choice(ERRORS).unwrap();
    let newline = rng.choice(NEWLINES).unwrap().map_or(Value::None, Value::from);
    let options = vec![
        var("raw"),
        Arg::from(encoding),
        Arg::from(errors),
        Arg::from(newline.clone()),
        Arg::from(rng.u8(0..8) == 0),
        Arg::from(rng.u8(0..8) == 0),
    ];
    let start = *rng.choice([0, 0, 0, 3].iter()).unwrap();
    let mut steps = vec![
        Step::New("raw", "BytesIO", vec![Arg::from(data(rng, encoding, pieces))], Vec::new()),
        Step::Keep("p0", "raw", "tell", Vec::new()),
        Step::Keep("p1", "raw", "tell", Vec::new()),
        Step::Keep("p2", "raw", "tell", Vec::new()),
        Step::Call("raw", "seek", vec![Arg::from(start)], Vec::new()),
        Step::New("t", "TextIOWrapper", options, Vec::new()),
        Step::SetAttribute("t", "_CHUNK_SIZE", Arg::from(*rng.choice(CHUNKS).unwrap())),
    ];
    let call = |method, args: Vec<Arg>| Step::Call("t", method, args, Vec::new());
    // After `seek`, `next` and then `tell` CPython reads what is not there.
    let (mut sought, mut stale) = (false, false);
    for _ in 0..length {
        let size = *rng.choice([0, 1, 1, 2, 3, 5, 9, 40, 300].iter()).unwrap();
        let mut pick = rng.u32(0..CALLS.iter().map(|(_, weight)| weight).sum());
        let mut calls = CALLS.iter();
        let method = loop {
            let (method, weight) = calls.next().unwrap();
            match pick.checked_sub(*weight) {
                Some(rest) => pick = rest,
                None => break *method,
            }
        };
        match method {
            "read" if rng.u8(0..10) == 0 => steps.push(call("read", Vec::new())),
            "read" => steps.push(call("read", vec![Arg::from(size)])),
            "readline" if rng.bool() => steps.push(call("readline", Vec::new())),
            "readline" => steps.push(call("readline", vec![Arg::from(size)])),
            "readlines" => {
                stale |= sought;
                steps.push(call("readlines", vec![Arg::from(size)]));
            }
            "tell" | "seek here" if stale => {}
            "tell" => steps.push(Step::Keep(["p0", "p1", "p2"][rng.usize(0..3)], "t", "tell", Vec::new())),
            "seek" => {
                (sought, stale) = (true, false);
                steps.push(call("seek", vec![var(["p0", "p1", "p2"][rng.usize(0..3)])]));
            }
            "seek 0" => {
                (sought, stale) = (true, false);
                steps.push(call("seek", vec![Arg::from(0)]));
            }
            "seek end" => steps.push(call("seek", vec![Arg::from(0), Arg::from(2)])),
            "seek here" => {
                sought = true;
                steps.push(call("seek", vec![Arg::from(0), Arg::from(1)]));
            }
            "write" => {
                let text = text(rng, 6);
                steps.push(call("write", vec![Arg::from(Value::Str(text))]));
            }
            "writelines" => {
                let lines = Value::List(vec![Value::Str(text(rng, 3)), Value::Str(text(rng, 3))]);
                steps.push(call("writelines", vec![Arg::from(lines)]));
            }
            "next" => {
                stale |= sought;
                steps.push(call("__next__", Vec::new()));
            }
            "truncate" if rng.bool() => steps.push(call("truncate", Vec::new())),
            "truncate" => steps.push(call("truncate", vec![Arg::from(size)])),
            "newlines" => steps.push(Step::Attribute("t", "newlines")),
            "attribute" => {
                let names = ["encoding", "errors", "line_buffering", "write_through", "closed", "_CHUNK_SIZE"];
                steps.push(Step::Attribute("t", names[rng.usize(0..names.len())]));
            }
            "reconfigure" => {
                let keywords = match rng.u8(0..6) {
                    0 => vec![("newline", Arg::from(newline.clone()))],
                    1 => vec![("errors", Arg::from("replace"))],
                    2 => vec![("encoding", Arg::from(encoding))],
                    3 => vec![("write_through", Arg::from(true))],
                    4 => vec![("line_buffering", Arg::from(false))],
                    _ => Vec::new(),
                };
                steps.push(Step::Call("t", "reconfigure", Vec::new(), keywords));
            }
            "raw" => {
                let method = ["tell", "getvalue"][rng.usize(0..2)];
                steps.push(Step::Call("raw", method, Vec::new(), Vec::new()));
            }
            "close" | "detach" if rng.u8(0..3) != 0 => {}
            method => steps.push(call(method, Vec::new())),
        }
        steps.push(Step::Call("raw", "tell", Vec::new(), Vec::new()));
        if rng.u8(0..4) == 0 {
            steps.push(Step::Call("raw", "getvalue", Vec::new(), Vec::new()));
        }
    }
    steps.push(Step::Del("t"));
    steps.push(Step::Attribute("raw", "closed"));
    steps
}
