//! Random sessions with the buffered classes: windows of a few bytes, so that every edge comes up, and the raw stream looked at,
//! and sometimes moved, between the calls.

use fastrand::Rng;
use seektell::stream::Value;

use super::random::{bytes, odd, pick};
use super::step::{Arg, Session, Step, var};

const SIZES: &[i64] = &[1, 2, 3, 4, 5, 8, 8, 16, 8192];

const CALLS: &[(&str, u32)] = &[
    ("read", 9),
    ("read1", 4),
    ("peek", 3),
    ("readline", 7),
    ("readlines", 2),
    ("readinto", 4),
    ("readinto1", 3),
    ("__next__", 2),
    ("write", 9),
    ("writelines", 2),
    ("seek", 12),
    ("tell", 3),
    ("flush", 3),
    ("truncate", 3),
    ("isatty", 1),
    ("readable", 1),
    ("writable", 1),
    ("seekable", 1),
    ("fileno", 1),
    ("__enter__", 1),
];

/// What ends, or nearly ends, a session.
const LAST: &[(&str, u32)] = &[("close", 4), ("detach", 3), ("__init__", 2), ("__exit__", 1), ("getvalue", 1)];

/// `count` sessions of about `length` calls; the same seed gives the same ones.
pub(crate) fn sessions(seed: u64, count: usize, length: usize) -> Vec<Session> {
    let mut rng = Rng::with_seed(seed);
    (0..count)
        .map(|_| {
            let mut rows = Vec::new();
            session(&mut rng, length, &mut rows);
            Session { title: "random buffered stream", rows: rows.into_iter().map(|step| (step, "")).collect() }
        })
        .collect()
}

fn call(on: &'static str, method: &'static str, args: Vec<Arg>) -> Step {
    Step::Call(on, method, args, Vec::new())
}

fn size(rng: &mut Rng) -> Arg {
    (*rng.choice(&[0_i64, 1, 1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 17, 30, -1]).unwrap_or(&1)).into()
}

fn session(rng: &mut Rng, length: usize, rows: &mut Vec<Step>) {
    let content = (0..4).flat_map(|_| bytes(rng)).collect::<Vec<_>>();
    rows.push(Step::New("raw", "BytesIO", vec![content.as_slice().into()], Vec::new()));
    if rng.u32(..5) == 0 {
        rows.push(call("raw", "seek", vec![3.into()]));
    }
    let class =
        *rng.choice(&["BufferedReader", "BufferedWriter", "BufferedRandom", "BufferedRandom", "BufferedRWPair"]).unwrap_or(&"");
    let window = *rng.choice(SIZES).unwrap_or(&1);
    let mut args = vec![var("raw"), window.into()];
    if class == "BufferedRWPair" {
        rows.push(Step::New("other", "BytesIO", Vec::new(), Vec::new()));
        args.insert(1, var("other"));
    } else if rng.u32(..6) == 0 {
        // One window over another.
        let under =
            if class == "BufferedRandom" { "BufferedRandom" } else { *rng.choice(&[class, "BufferedRandom"]).unwrap_or(&class) };
        rows.push(Step::New("under", under, vec![var("raw"), (*rng.choice(SIZES).unwrap_or(&1)).into()], Vec::new()));
        args[0] = var("under");
    }
    rows.push(Step::New("f", class, args, Vec::new()));
    rows.push(Step::New("part", "bytearray", vec![rng.i64(0..12).into()], Vec::new()));
    rows.push(Step::New("large", "bytearray", vec![rng.i64(10..40).into()], Vec::new()));
    for _ in 0..rng.usize(3..length) {
        one_call(rng, rows);
        rows.push(call("raw", "tell", Vec::new()));
        if rng.u32(..4) == 0 {
            rows.push(call("raw", "getvalue", Vec::new()));
        }
        if class == "BufferedRWPair" && rng.u32(..4) == 0 {
            rows.push(call("other", "getvalue", Vec::new()));
        }
    }
    if rng.u32(..2) == 0 {
        let method = pick(rng, LAST);
        let mut args = Vec::new();
        if method == "__init__" {
            args = match rng.u32(..4) {
                0 => vec![().into()],
                1 => vec![var("raw"), 0.into()],
                2 => vec![var("raw"), odd(rng)],
                _ => vec![var("raw"), 4.into()],
            };
        }
        rows.push(call("f", method, args));
        for _ in 0..rng.usize(..6) {
            one_call(rng, rows);
        }
        for name in ["closed", "raw", "name", "mode"] {
            rows.push(Step::Attribute("f", name));
        }
    }
    rows.push(Step::Show("f"));
    rows.push(Step::Del("f"));
    rows.push(Step::Attribute("raw", "closed"));
    rows.push(call("raw", "getvalue", Vec::new()));
}

fn one_call(rng: &mut Rng, rows: &mut Vec<Step>) {
    // The raw stream is moved, cut, filled, closed or locked behind the window's back.
    if rng.u32(..16) == 0 {
        rows.push(match rng.u32(..8) {
            0..=3 => call("raw", "seek", vec![rng.i64(0..20).into()]),
            4 => call("raw", "truncate", vec![rng.i64(0..20).into()]),
            5 => call("raw", "write", vec![b"raw\n".into()]),
            6 => Step::Keep("view", "raw", "getbuffer", Vec::new()),
            _ if rng.u32(..4) == 0 => call("raw", "close", Vec::new()),
            _ => Step::SetAttribute("raw", "name", "n".into()),
        });
    }
    let method = pick(rng, CALLS);
    let mut args = match method {
        "read" | "readline" | "readlines" | "read1" | "peek" if rng.u32(..4) > 0 => vec![size(rng)],
        "truncate" if rng.bool() => vec![rng.i64(0..30).into()],
        "readinto" | "readinto1" => vec![var(if rng.bool() { "part" } else { "large" })],
        "write" => vec![(0..rng.usize(..3)).flat_map(|_| bytes(rng)).collect::<Vec<_>>().as_slice().into()],
        "writelines" => vec![Value::List(vec![Value::from(bytes(rng).as_slice()), Value::bytearray(bytes(rng))]).into()],
        "seek" => match rng.u32(..10) {
            0..=4 => vec![rng.i64(0..25).into()],
            5..=7 => vec![rng.i64(-7..8).into(), 1.into()],
            8 => vec![rng.i64(-20..4).into(), 2.into()],
            _ => vec![rng.i64(-3..4).into(), rng.i64(0..7).into()],
        },
        _ => Vec::new(),
    };
    if rng.u32(..25) == 0 {
        // A place far behind the end would make the next write fill a gap of gigabytes.
        let wrong = if method == "seek" {
            rng.choice(&["0".into(), 1.5.into(), ().into(), Value::from(true).into()]).cloned().unwrap_or_else(|| ().into())
        } else {
            odd(rng)
        };
        match args.len() {
            0 => args.push(wrong),
            n => {
                let at = rng.usize(..n);
                args[at] = wrong;
            }
        }
    }
    let readinto = method.starts_with("readinto");
    rows.push(call("f", method, args));
    if readinto {
        rows.push(Step::Show("part"));
        rows.push(Step::Show("large"));
    }
}
