//! Random sessions: any method with likely, odd and wrong arguments.

use fastrand::Rng;
use seektell::stream::{Text, Value};

use super::step::{Arg, Session, Step, big, var};

const BYTES_CALLS: &[(&str, u32)] = &[
    ("read", 4),
    ("read1", 1),
    ("readline", 4),
    ("readlines", 2),
    ("readinto", 2),
    ("readinto1", 1),
    ("write", 8),
    ("writelines", 3),
    ("seek", 8),
    ("tell", 2),
    ("truncate", 3),
    ("getvalue", 4),
    ("close", 1),
    ("flush", 1),
    ("isatty", 1),
    ("readable", 1),
    ("fileno", 1),
    ("detach", 1),
    ("__next__", 2),
    ("peek", 1),
    ("__init__", 1),
];
const TEXT_CALLS: &[(&str, u32)] = &[
    ("read", 4),
    ("readline", 6),
    ("readlines", 2),
    ("write", 10),
    ("writelines", 3),
    ("seek", 8),
    ("tell", 2),
    ("truncate", 3),
    ("getvalue", 5),
    ("close", 1),
    ("flush", 1),
    ("isatty", 1),
    ("readable", 1),
    ("fileno", 1),
    ("detach", 1),
    ("__next__", 2),
    ("read1", 1),
    ("__init__", 1),
];

/// `count` sessions of about `length` statements; the same seed gives the same ones.
pub(crate) fn sessions(seed: u64, count: usize, length: usize) -> Vec<Session> {
    let mut rng = Rng::with_seed(seed);
    (0..count)
        .map(|n| {
            let rows = if n % 2 == 0 { bytes_session(&mut rng, length) } else { text_session(&mut rng, length) };
            let title: &'static str = if n % 2 == 0 { "random BytesIO" } else { "random StringIO" };
            Session { title, rows: rows.into_iter().map(|step| (step, "")).collect() }
        })
        .collect()
}

pub(crate) fn pick<'a>(rng: &mut Rng, calls: &[(&'a str, u32)]) -> &'a str {
    let mut at = rng.u32(..calls.iter().map(|(_, weight)| weight).sum::<u32>());
    for (name, weight) in calls {
        if at < *weight {
            return name;
        }
        at -= weight;
    }
    unreachable!()
}

pub(crate) fn bytes(rng: &mut Rng) -> Vec<u8> {
    let pool: &[&[u8]] = &[b"\n", b"a", b"line\n", b"\r\n", b"\x00", b"\xff\xfe", b"'", b"\"", b"0123456789", b"\\", b"\r"];
    (0..rng.usize(..5)).flat_map(|_| rng.choice(pool).copied().unwrap_or_default().to_vec()).collect()
}

fn text(rng: &mut Rng) -> Value {
    let pool: &[&[u32]] = &[
        &[10],
        &[13],
        &[13, 10],
        &[0x61, 0x62],
        &[0x6c, 0x0a],
        &[0xe9],
        &[0x20ac],
        &[0x1F600],
        &[0xD800],
        &[0x27],
        &[0x22],
        &[0x2028],
        &[0x0a0a],
        &[0x0d00],
        &[0x10FFFF],
        &[0],
        &[0x0d, 0x0d],
        &[0xad],
    ];
    // The wide ones come seldom, so that streams of each width live for a while.
    let width = *rng.choice(&[4_usize, 5, 6, 12, 18]).unwrap_or(&18);
    let points = (0..rng.usize(..6)).flat_map(|_| pool[rng.usize(..width)].iter().copied()).collect::<Vec<_>>();
    Value::Str(Text::from_code_points(points))
}

/// Something of a wrong type or out of range.
pub(crate) fn odd(rng: &mut Rng) -> Arg {
    match rng.u32(..13) {
        0 => ().into(),
        1 => true.into(),
        2 => 1.5.into(),
        3 => "2".into(),
        4 => b"2".into(),
        5 => big("9223372036854775808").into(),
        6 => big("-9223372036854775809").into(),
        7 => Value::List(vec![Value::from(1)]).into(),
        8 => Value::Tuple(Vec::new()).into(),
        9 => big("9223372036854775807").into(),
        10 => big("2147483648").into(),
        11 => Value::bytearray(*b"xyz").into(),
        _ => (-1).into(),
    }
}

fn number(rng: &mut Rng) -> Arg {
    if rng.u32(..8) == 0 { odd(rng) } else { rng.i32(-3..40).into() }
}

/// A place; never so far that CPython would really fill the gap before it.
fn place(rng: &mut Rng) -> Arg {
    match rng.u32(..12) {
        0 => ().into(),
        1 => 2.5.into(),
        2 => big("9223372036854775808").into(),
        3 => "1".into(),
        4 => false.into(),
        _ => rng.i32(-3..40).into(),
    }
}

fn optional(rng: &mut Rng, arg: fn(&mut Rng) -> Arg) -> Vec<Arg> {
    match rng.u32(..12) {
        0..4 => Vec::new(),
        4 => vec![arg(rng), arg(rng)],
        _ => vec![arg(rng)],
    }
}

fn wrong_count(rng: &mut Rng, args: Vec<Arg>) -> Vec<Arg> {
    match rng.u32(..40) {
        0 => Vec::new(),
        1 => [args, vec![1.into()]].concat(),
        _ => args,
    }
}

fn seek(rng: &mut Rng) -> Vec<Arg> {
    let whence = match rng.u32(..12) {
        0 => odd(rng),
        1 => 3.into(),
        n => (n as i32 % 3).into(),
    };
    match rng.u32(..10) {
        0..5 => vec![place(rng)],
        5..9 => vec![place(rng), whence],
        _ => wrong_count(rng, vec![]),
    }
}

fn bytes_session(rng: &mut Rng, length: usize) -> Vec<Step> {
    let mut steps = vec![
        Step::New("b", "BytesIO", vec![Value::from(&bytes(rng)[..]).into()], vec![]),
        Step::New("c", "BytesIO", vec![Value::from(&bytes(rng)[..]).into()], vec![]),
        Step::New("a", "bytearray", vec![rng.i32(0..6).into()], vec![]),
        Step::New("m", "memoryview", vec![Value::from(&bytes(rng)[..]).into()], vec![]),
    ];
    let mut views = vec!["m"];
    if rng.u32(..3) == 0 {
        steps.push(Step::Keep("v", "b", "getbuffer", vec![]));
        views.push("v");
    }
    let like = |rng: &mut Rng, views: &[&'static str]| -> Arg {
        match rng.u32(..14) {
            0 => odd(rng),
            1 => var("a"),
            2 => Value::bytearray(bytes(rng)).into(),
            3 => var(rng.choice(views).unwrap_or(&"m")),
            4 => var("c"),
            _ => Value::from(&bytes(rng)[..]).into(),
        }
    };
    while steps.len() < length {
        let on = if rng.u32(..5) == 0 { "c" } else { "b" };
        if rng.u32(..6) == 0 {
            let view = *rng.choice(&views).unwrap_or(&"m");
            let [start, stop, step] = [(); 3].map(|()| rng.i32(-4..8));
            let key = match rng.u32(..6) {
                0 => odd(rng),
                1 | 2 => start.into(),
                3 => Value::slice(Some(start.into()), None, Some(step.into())).into(),
                _ => Value::slice(Some(start.into()), Some(stop.into()), None).into(),
            };
            match rng.u32(..10) {
                0..3 => steps.push(Step::GetItem(view, key)),
                3 | 4 => steps.push(Step::SetItem(view, key, if rng.bool() { number(rng) } else { like(rng, &views) })),
                5 => {
                    let target: &'static str = "w";
                    let key = Value::slice(Some(start.into()), Some(stop.into()), Some([1, 1, 2, -1][rng.usize(..4)]));
                    steps.push(Step::KeepItem(target, "m", key.into()));
                    if !views.contains(&target) && is_there(&steps) {
                        views.push(target);
                    }
                }
                6 => steps.push(Step::Call(view, "tobytes", vec![], vec![])),
                7 => steps.push(Step::Equals(view, like(rng, &views))),
                8 if view != "m" => steps.push(Step::Call(view, "release", vec![], vec![])),
                _ => steps.push(Step::Call(view, "hex", vec!["-".into(), rng.i32(-3..4).into()], vec![])),
            }
            continue;
        }
        let method = pick(rng, BYTES_CALLS);
        let args = match method {
            "read" | "read1" | "readline" | "readlines" | "truncate" => optional(rng, number),
            "seek" => seek(rng),
            "write" => {
                let arg = like(rng, &views);
                wrong_count(rng, vec![arg])
            }
            "readinto" | "readinto1" => {
                let arg = if rng.bool() { var("a") } else { like(rng, &views) };
                wrong_count(rng, vec![arg])
            }
            "writelines" => match rng.u32(..8) {
                0 => vec![odd(rng)],
                1 => vec![var("c")],
                2 => vec![var("b")],
                3 => vec![Value::from(&bytes(rng)[..]).into()],
                _ => {
                    let items = [
                        Value::from(&bytes(rng)[..]),
                        Value::bytearray(bytes(rng)),
                        Value::from("no"),
                        Value::from(&bytes(rng)[..]),
                    ];
                    let skip = if rng.u32(..4) == 0 { 0 } else { 2 };
                    let items = items.into_iter().enumerate().filter(|(n, _)| *n != skip).map(|(_, item)| item).collect();
                    vec![Value::List(items).into()]
                }
            },
            // An `__init__` that fails under a view leaves CPython's stream in a state of its own.
            "__init__" if steps.iter().any(|step| matches!(step, Step::Keep(..))) => continue,
            "__init__" => vec![like(rng, &views)],
            _ => wrong_count(rng, vec![]),
        };
        steps.push(Step::Call(on, method, args, vec![]));
        match rng.u32(..6) {
            0 => steps.push(Step::Call(on, "getvalue", vec![], vec![])),
            1 => steps.push(Step::Show("a")),
            2 => steps.push(Step::Call(on, "tell", vec![], vec![])),
            3 => steps.push(Step::Attribute(on, if rng.bool() { "closed" } else { "newlines" })),
            4 if rng.u32(..3) == 0 => steps.push(Step::List(on)),
            _ => {}
        }
    }
    steps
}

/// Whether the view that the last step makes of a slice of `m` is surely made: `m` is never released.
fn is_there(steps: &[Step]) -> bool {
    !matches!(steps.last(), Some(Step::KeepItem(_, _, Arg::Value(Value::Slice(slice)))) if slice.step == Value::from(0))
}

fn text_session(rng: &mut Rng, length: usize) -> Vec<Step> {
    let newline = |rng: &mut Rng| -> Arg {
        match rng.u32(..5) {
            0 => ().into(),
            n => ["", "\n", "\r", "\r\n"][n as usize - 1].into(),
        }
    };
    let mut steps = vec![
        Step::New("s", "StringIO", vec![text(rng).into(), newline(rng)], vec![]),
        Step::New("t", "StringIO", vec![text(rng).into()], vec![("newline", newline(rng))]),
    ];
    while steps.len() < length {
        let on = if rng.u32(..5) == 0 { "t" } else { "s" };
        let method = pick(rng, TEXT_CALLS);
        let args = match method {
            "read" | "readline" | "readlines" | "truncate" => optional(rng, number),
            "seek" => seek(rng),
            "write" => {
                let arg = if rng.u32(..12) == 0 { odd(rng) } else { text(rng).into() };
                wrong_count(rng, vec![arg])
            }
            "writelines" => match rng.u32(..8) {
                0 => vec![odd(rng)],
                1 => vec![var("t")],
                2 => vec![text(rng).into()],
                3 => vec![var("s")],
                _ => {
                    let bad = if rng.u32(..4) == 0 { Value::from(b"no") } else { text(rng) };
                    vec![Value::List(vec![text(rng), bad, text(rng)]).into()]
                }
            },
            "__init__" => {
                let newline = if rng.u32(..4) == 0 { odd(rng) } else { newline(rng) };
                let arg = if rng.u32(..4) == 0 { odd(rng) } else { text(rng).into() };
                vec![arg, newline]
            }
            _ => wrong_count(rng, vec![]),
        };
        steps.push(Step::Call(on, method, args, vec![]));
        match rng.u32(..6) {
            0 => steps.push(Step::Call(on, "getvalue", vec![], vec![])),
            1 => steps.push(Step::Attribute(on, "newlines")),
            2 => steps.push(Step::Call(on, "tell", vec![], vec![])),
            3 => steps.push(Step::Attribute(on, ["closed", "line_buffering", "encoding", "name"][rng.usize(..4)])),
            4 if rng.u32(..3) == 0 => steps.push(Step::List(on)),
            _ => {}
        }
    }
    steps
}
