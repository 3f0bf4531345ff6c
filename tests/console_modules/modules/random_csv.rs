//! csv on random dialects.

use super::python::{Random, compare, literal};

const CHARACTERS: &[&str] =
    &[",", ";", "\"", "'", "\\", "\n", "\r", "\r\n", " ", "\t", "a", "b", "1", "-2.5", "1e5", "é", "😀", "\0", "|", ""];

/// Settings by name, most of them such that the reader or writer can be made.
fn settings(random: &mut Random) -> String {
    let mut out = String::new();
    let character =
        |random: &mut Random| literal(random.one_of(&[",", ";", "\"", "'", "\\", "|", " ", "\t", "a", "\n", "é", "\0"]));
    if random.chance(3) {
        out.push_str(&format!(", delimiter={}", character(random)));
    }
    if random.chance(3) {
        let quote = if random.chance(4) { "None".to_owned() } else { character(random) };
        out.push_str(&format!(", quotechar={quote}"));
    }
    if random.chance(3) {
        let escape = if random.chance(4) { "None".to_owned() } else { character(random) };
        out.push_str(&format!(", escapechar={escape}"));
    }
    if random.chance(3) {
        out.push_str(&format!(", quoting={}", random.below(4)));
    }
    if random.chance(4) {
        out.push_str(&format!(", lineterminator={}", literal(random.one_of(&["\n", "\r", "|", "", "ab", "\r\n"]))));
    }
    for name in ["doublequote", "skipinitialspace", "strict"] {
        if random.chance(3) {
            out.push_str(&format!(", {name}={}", random.one_of(&["True", "False"])));
        }
    }
    if random.chance(6) {
        out.push_str(&format!(
            ", dialect={}",
            random.one_of(&["'excel'", "'excel-tab'", "'unix'", "csv.excel_tab", "csv.unix_dialect()"])
        ));
    }
    out
}

fn text(random: &mut Random, length: usize) -> String {
    (0..random.below(length)).map(|_| random.one_of(CHARACTERS)).collect()
}

#[test]
fn readers_read_what_cpython_reads() {
    let mut random = Random(0x5eed_0001);
    let statements: Vec<String> = (0..2000)
        .map(|_| {
            let text = literal(&text(&mut random, 24));
            let lines = match random.below(3) {
                0 => format!("io.StringIO({text}, newline='')"),
                1 => format!("io.StringIO({text})"),
                _ => format!("{text}.split('b')"),
            };
            format!("ascii(list(csv.reader({lines}{})))", settings(&mut random))
        })
        .collect();
    compare("import csv, io", &statements);
}

#[test]
fn writers_write_what_cpython_writes() {
    let mut random = Random(0x5eed_0002);
    let statements: Vec<String> = (0..2000)
        .map(|_| {
            let rows: Vec<String> = (0..1 + random.below(2))
                .map(|_| {
                    let fields: Vec<String> = (0..random.below(4))
                        .map(|_| match random.below(8) {
                            0 => random
                                .one_of(&["None", "True", "5", "-2.5", "1e300", "float('nan')", "b'x,y'", "['a', 1]"])
                                .to_owned(),
                            _ => literal(&text(&mut random, 6)),
                        })
                        .collect();
                    format!("[{}]", fields.join(", "))
                })
                .collect();
            format!("written([{}]{})", rows.join(", "), settings(&mut random))
        })
        .collect();
    let setup = "import csv, io\ndef written(rows, **settings):\n    out = io.StringIO(newline='')\n    try:\n        results = [csv.writer(out, **settings).writerow(row) for row in rows]\n    except csv.Error as e:\n        results = str(e)\n    return ascii((results, out.getvalue()))\n";
    compare(setup, &statements);
}

#[test]
fn dictionaries_are_read_and_written_as_cpython_does() {
    let mut random = Random(0x5eed_0003);
    let mut statements = Vec::new();
    for _ in 0..600 {
        let names: Vec<String> = (0..random.below(4)).map(|_| literal(random.one_of(&["a", "b", "c", "", "a"]))).collect();
        let names = match random.below(5) {
            0 => "None".to_owned(),
            1 => format!("({})", names.iter().map(|name| format!("{name}, ")).collect::<String>()),
            _ => format!("[{}]", names.join(", ")),
        };
        let more = random.one_of(&["", ", restkey='more'", ", restval=0", ", restkey='a', restval='v'"]);
        let lines = literal(&text(&mut random, 16));
        statements.push(format!("ascii(list(csv.DictReader(io.StringIO({lines}), {names}{more})))"));
        let items: Vec<String> =
            (0..random.below(3)).map(|n| format!("{}: {n}", literal(random.one_of(&["a", "b", "c", "d"])))).collect();
        let more = random.one_of(&["", ", restval='-'", ", extrasaction='ignore'", ", restval=None, extrasaction='IGNORE'"]);
        let names = if names == "None" { "['a', 'b', 'c', 'd']".to_owned() } else { names };
        // With more than one field too many the order of their names is not fixed.
        let item = items.first().cloned().unwrap_or_default();
        statements.push(format!("written({names}, {{{item}}}{more})"));
    }
    let setup = "import csv, io\ndef written(names, row, **settings):\n    out = io.StringIO()\n    w = csv.DictWriter(out, names, **settings)\n    w.writeheader()\n    w.writerows([row, row])\n    return ascii(out.getvalue())\n";
    compare(setup, &statements);
}
