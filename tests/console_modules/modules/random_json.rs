//! json on random values and on texts that are almost right.

use super::python::{Random, compare, literal};

fn string(random: &mut Random) -> String {
    let parts = ["a", "é", "\"", "\\", "/", "\n", "\t", "\u{7f}", "\u{0}", "\u{2028}", "😀", " ", "\u{1f}"];
    let text: String = (0..random.below(5)).map(|_| random.one_of(&parts)).collect();
    let lone = if random.chance(12) { " + '\\ud83d'" } else { "" };
    format!("{}{lone}", literal(&text))
}

/// An expression of Python.
fn value(random: &mut Random, depth: usize) -> String {
    let scalars = 7;
    match random.below(if depth == 0 { scalars } else { scalars + 4 }) {
        0 => random.one_of(&["None", "True", "False"]).to_owned(),
        1 => format!("{}", random.next() as i32),
        2 => format!("{}**{}", random.below(20), random.below(40)),
        3 => {
            random.one_of(&["0.1", "-0.0", "1e16", "1e-7", "123456789.125", "5e-324", "float('inf')", "float('nan')"]).to_owned()
        }
        4..=6 => string(random),
        7 | 8 => {
            let items: Vec<String> = (0..random.below(4)).map(|_| value(random, depth - 1)).collect();
            if random.chance(4) { format!("tuple([{}])", items.join(", ")) } else { format!("[{}]", items.join(", ")) }
        }
        9 if random.chance(8) => random.one_of(&["b'x'", "{1, 2}", "range(2)", "(1, 2)", "{(1,): 2}", "{b'k': 1}"]).to_owned(),
        _ => {
            let keys = ["1", "None", "True", "1.5", "-3", "10**20"];
            let items: Vec<String> = (0..random.below(4))
                .map(|_| {
                    let key = if random.chance(5) { random.one_of(&keys).to_owned() } else { string(random) };
                    format!("{key}: {}", value(random, depth - 1))
                })
                .collect();
            format!("{{{}}}", items.join(", "))
        }
    }
}

fn options(random: &mut Random) -> String {
    let all = [
        "indent=2",
        "indent=0",
        "indent='\\t'",
        "ensure_ascii=False",
        "sort_keys=True",
        "separators=(',', ':')",
        "allow_nan=False",
        "skipkeys=True",
        "default=repr",
        "default=list",
        "check_circular=False",
    ];
    let mut chosen: Vec<&str> = Vec::new();
    for _ in 0..random.below(4) {
        let one = random.one_of(&all);
        let name = |option: &str| option.split('=').next().unwrap().to_owned();
        if chosen.iter().all(|known| name(known) != name(one)) {
            chosen.push(one);
        }
    }
    chosen.iter().map(|option| format!(", {option}")).collect()
}

#[test]
fn values_are_written_as_cpython_writes_them() {
    let mut random = Random(0x5eed_0011);
    let mut statements = Vec::new();
    for _ in 0..1500 {
        let (value, options) = (value(&mut random, 3), options(&mut random));
        let how = random.one_of(&["json.dumps", "json.dumps", "pieces", "back"]);
        statements.push(format!("ascii({how}({value}{options}))"));
    }
    let setup = "\
import json, io
def pieces(value, **options):
    out = io.StringIO()
    try:
        json.dump(value, out, **options)
        return out.getvalue()
    except (TypeError, ValueError) as e:
        return out.getvalue(), str(e)
def back(value, **options):
    return json.loads(json.dumps(value, **options))
";
    compare(setup, &statements);
}

/// A text of JSON.
fn text(random: &mut Random, depth: usize) -> String {
    let space = |random: &mut Random| random.one_of(&["", "", "", " ", "\n", "\t \r"]);
    let before = space(random);
    let inner = match random.below(if depth == 0 { 6 } else { 10 }) {
        0 => random.one_of(&["null", "true", "false", "NaN", "Infinity", "-Infinity"]).to_owned(),
        1 => random.one_of(&["0", "-0", "1", "-12", "123456789012345678901234567890", "01", "-", "1.", ".5", "1_0"]).to_owned(),
        2 => random.one_of(&["1.5", "-0.0", "1e5", "1E-3", "2.5e+300", "1e999", "1e", "1.5e+", "0.1e1"]).to_owned(),
        3..=5 => {
            let parts = [
                "a",
                "é",
                "\\n",
                "\\\"",
                "\\\\",
                "\\/",
                "\\u00e9",
                "\\ud83d\\ude00",
                "\\ud83d",
                "\\ude00x",
                "\\ud83d\\u0041",
                "😀",
            ];
            let mut text: String = (0..random.below(4)).map(|_| random.one_of(&parts)).collect();
            if random.chance(10) {
                text.push_str(random.one_of(&["\n", "\\x", "\\u12", "\\uzzzz", "\\", "\t"]));
            }
            format!("\"{text}\"")
        }
        6 | 7 => {
            let items: Vec<String> = (0..random.below(4)).map(|_| text(random, depth - 1)).collect();
            format!("[{}{}]", space(random), items.join(","))
        }
        _ => {
            let items: Vec<String> = (0..random.below(4))
                .map(|_| {
                    format!(
                        "{}\"{}\"{}:{}",
                        space(random),
                        random.one_of(&["a", "b", "\\u0061", ""]),
                        space(random),
                        text(random, depth - 1)
                    )
                })
                .collect();
            format!("{{{}{}}}", items.join(","), space(random))
        }
    };
    format!("{before}{inner}{}", space(random))
}

/// Takes something out, puts something in, or cuts it off.
fn spoiled(random: &mut Random, text: &str) -> String {
    let mut points: Vec<char> = text.chars().collect();
    let at = random.below(points.len() + 1);
    match random.below(4) {
        0 => points.truncate(at),
        1 if at < points.len() => drop(points.remove(at)),
        _ => points
            .insert(at, random.one_of(&[",", "]", "}", "\"", "\\", "1", ":", "\n", "x", "\u{feff}"]).chars().next().unwrap()),
    }
    points.into_iter().collect()
}

#[test]
fn texts_are_read_as_cpython_reads_them() {
    let mut random = Random(0x5eed_0012);
    let mut statements = Vec::new();
    for _ in 0..2500 {
        let mut text = text(&mut random, 3);
        if random.chance(2) {
            text = spoiled(&mut random, &text);
        }
        let options = random.one_of(&[
            "",
            "",
            "",
            "",
            ", parse_float=str",
            ", parse_int=str",
            ", parse_constant=str",
            ", object_pairs_hook=list",
            ", object_hook=len",
            ", strict=False",
        ]);
        let source = literal(&text);
        let source = match random.below(8) {
            0 => format!("{source}.encode('utf-16')"),
            1 => format!("bytearray({source}.encode())"),
            2 => format!("{source}.encode('utf-32-le')"),
            _ => source,
        };
        statements.push(format!("ascii(json.loads({source}{options}))"));
    }
    compare("import json", &statements);
}
