//! Tables explored: views, searches and statistics, compared with what they are by definition.

#![allow(clippy::unwrap_used)]

use seektell::buffer::{Buffer, Offset};
use seektell::explore::table::{
    By, Comparison, Conditions, Distinct, Filter, Operand, Place, Query, RowOrder, SortKey, Sum, Test, find_all, find_next,
    histogram, statistics, view,
};
use seektell::formats::table::{Dialect, Table};
use seektell::formats::text::Encoding;
use seektell::formats::{Format, FormatError, Limits, Options, json};
use seektell::tasks::Progress;

fn open(text: &str) -> Table {
    Table::open(&Buffer::from(text.as_bytes()), Dialect::default(), &Progress::new()).unwrap()
}

fn shown(table: &Table, filters: &[&str], keys: &[&str]) -> Vec<u64> {
    let (header, width) = (table.header(), table.width());
    let filters = filters.iter().map(|text| Filter::parse(text, header, width, false).unwrap()).collect();
    let keys: Vec<SortKey> = keys.iter().map(|text| SortKey::parse(text, header, width).unwrap()).collect();
    let order = view(table, &Conditions { filters, any: false }, &keys, &Progress::new(), &|_| {}).unwrap();
    order.rows(0..order.len())
}

#[test]
fn rows_are_sorted() {
    let table = open("n,t\n10,b\n9,a\n,c\nx,A\nNaN,a10\n9.0,a9\n-1e3,\n");
    assert_eq!(shown(&table, &[], &["n:number"]), [6, 1, 5, 0, 4, 3, 2]);
    assert_eq!(shown(&table, &[], &["n:number:desc"]), [0, 1, 5, 6, 4, 3, 2]);
    assert_eq!(shown(&table, &[], &["n:number", "t:desc"]), [6, 5, 1, 0, 4, 3, 2]);
    assert_eq!(shown(&table, &[], &["t"]), [3, 1, 4, 5, 0, 2, 6]);
    assert_eq!(shown(&table, &[], &["t:desc"]), [2, 0, 5, 4, 1, 3, 6]);
    assert_eq!(shown(&table, &[], &["t:natural"]), [1, 3, 5, 4, 0, 2, 6]);
    assert_eq!(shown(&table, &[], &["t:length"]), [0, 1, 2, 3, 5, 4, 6]);
    let long = open("n\n9007199254740993\n9007199254740992\n9007199254740994\n9007199254740993.0\n");
    assert_eq!(shown(&long, &[], &["n:number"]), [1, 0, 3, 2]);
    assert_eq!(shown(&long, &[], &["n:number:desc"]), [2, 0, 3, 1]);
}

#[test]
fn rows_are_filtered() {
    let table = open("qty,city\n50,Oslo\n51,São Paulo\n,oslo\nabc,\n-3,\"New\nYork\"\n60\n");
    for (filters, rows) in [
        (&["qty>50"][..], &[1, 5][..]),
        (&["qty<=50"], &[0, 4]),
        (&["qty!=50"], &[1, 2, 3, 4, 5]),
        (&["city*=oslo"], &[0, 2]),
        (&["city*=SÃO"], &[1]),
        (&["city~^n.*k$"], &[]),
        (&["city~(?s)^n.*k$"], &[4]),
        (&["city:empty"], &[3, 5]),
        (&["city:filled", "qty:filled"], &[0, 1, 4]),
        (&[":ragged"], &[5]),
        (&["*=50"], &[0]),
        (&["city=oslo"], &[0, 2]),
        (&["city!=oslo"], &[1, 3, 4, 5]),
        (&["city^=o", "qty:empty"], &[2]),
    ] {
        assert_eq!(shown(&table, filters, &[]), rows, "{filters:?}");
    }
    let any = Conditions {
        filters: vec![
            Filter { case: true, ..Filter::new(Some(1), Test::Equals("oslo".into())) },
            Filter::new(Some(0), Test::Compare(Comparison::Equal, Operand::Number("-3.0".into()))),
        ],
        any: true,
    };
    let order = view(&table, &any, &[], &Progress::new(), &|_| {}).unwrap();
    assert_eq!(order.rows(0..9), [2, 4]);
    let bad = Conditions { filters: vec![Filter::new(None, Test::Regex("a(".into()))], any: false };
    assert!(bad.check().unwrap_err().to_string().contains("character 2"));
}

#[test]
fn cells_are_found() {
    let table = open("a,b\nxx,y\ny,xx\nz,z\nxx,xx\n");
    let place = |row, column| Place { row, column };
    let query = Query::text("XX");
    let found = find_all(&table, &query, None, 2, &Progress::new(), &|_| {}).unwrap();
    assert_eq!((found.cells, found.rows, found.places), (4, 3, vec![place(0, 0), place(1, 1)]));
    let sorted = RowOrder::from_rows([3, 2, 0]);
    let next = |rows: Option<&RowOrder>, from, forward, around| {
        find_next(&table, &query, rows, from, forward, around, &Progress::new()).unwrap()
    };
    assert_eq!(next(None, None, true, false), Some((0, place(0, 0))));
    assert_eq!(next(None, Some((0, 0)), true, false), Some((1, place(1, 1))));
    assert_eq!(next(None, Some((3, 0)), true, false), Some((3, place(3, 1))));
    assert_eq!(next(None, Some((3, 1)), true, false), None);
    assert_eq!(next(None, Some((3, 1)), true, true), Some((0, place(0, 0))));
    assert_eq!(next(None, None, false, false), Some((3, place(3, 1))));
    assert_eq!(next(None, Some((1, 1)), false, false), Some((0, place(0, 0))));
    assert_eq!(next(Some(&sorted), Some((0, 1)), true, false), Some((2, place(0, 0))));
    assert_eq!(next(Some(&sorted), Some((2, 0)), true, true), Some((0, place(3, 0))));
    assert_eq!(next(Some(&sorted), Some((2, 0)), false, false), Some((0, place(3, 1))));
}

#[test]
fn columns_are_described() {
    let table = open("v,w\n1,a\n2.5,b\n2026-01-02,a\n\n,é\ntrue\n-10,abc\n");
    let found = statistics(&table, &[0, 1], None, &Progress::new(), &|_| {}).unwrap();
    let (v, w) = (&found.columns[0], &found.columns[1]);
    assert_eq!((found.rows, v.count, v.empty, v.missing, w.missing), (7, 5, 2, 1, 2));
    assert_eq!(v.types, [2, 2, 1, 1, 1, 0]);
    let numbers = v.numbers.as_ref().unwrap();
    assert_eq!(numbers.sum, Sum::Exact("-6.5".into()));
    assert_eq!(numbers.range, Some(("-10".into(), "2.5".into())));
    assert_eq!(numbers.quartiles, Some([-4.5, 1.0, 1.75]));
    assert_eq!(w.distinct, Distinct::Exact(4));
    assert_eq!((w.top[0].text.as_str(), w.top[0].count, w.top[0].exact), ("a", 2, true));
    assert_eq!(w.lengths, Some((1, 3)));
    assert_eq!(w.text_range, Some(("a".into(), "é".into())));
    assert_eq!(v.histogram.as_ref().unwrap().bins.iter().sum::<u64>(), 3);
}

/// Random text of cells, quotes and line ends, in an order that is often wrong.
fn random_text(random: &mut fastrand::Rng) -> String {
    let pieces: &[&str] = match random.u32(..3) {
        0 => &["a", "bc", ",", "\"", "\n", "\r\n", "\r", "é", ""],
        1 => &["\"a,b\"", "\"x\"\"y\"", ",", "\n", "plain", "\"l1\nl2\"", ",,"],
        _ => &["\"", "\"\"", ",", "\n", "\r\n", "日本", "z"],
    };
    (0..random.usize(..60)).map(|_| *random.choice(pieces).unwrap()).collect()
}

/// Rows as the crate `csv` reads them, blank lines aside.
fn oracle(text: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
    reader.byte_records().map(|row| row.unwrap().iter().map(|cell| String::from_utf8(cell.to_vec()).unwrap()).collect()).collect()
}

#[test]
fn rows_are_those_of_the_csv_crate() {
    let mut random = fastrand::Rng::with_seed(2026);
    let dialect = Dialect { header: false, ..Dialect::default() };
    for round in 0..3000 {
        let text = random_text(&mut random);
        // The crate leaves out a byte order mark and so do we, of the whole file.
        let table = Table::open(&Buffer::from(text.as_bytes()), dialect, &Progress::new()).unwrap();
        let rows = table.rows(0, usize::MAX).unwrap();
        let ours: Vec<Vec<String>> = rows.iter().filter(|row| !row.cells.is_empty()).map(|row| row.cells.clone()).collect();
        assert_eq!(ours, oracle(text.as_bytes()), "{text:?}");
        assert_eq!(rows.len() as u64, table.row_count(), "{text:?}");
        assert_eq!(rows.iter().filter(|row| row.cells.is_empty()).count() as u64, table.blank_rows(), "{text:?}");
        assert_eq!(rows.iter().map(|row| row.cells.len()).max().unwrap_or(0), table.width(), "{text:?}");
        let usual = rows.iter().find(|row| !row.cells.is_empty()).map_or(0, |row| row.cells.len());
        let ragged = rows.iter().filter(|row| !row.cells.is_empty() && row.cells.len() != usual).count() as u64;
        assert_eq!((table.usual_width(), table.ragged_rows()), (usual, ragged), "{text:?}");

        // Every byte leads to its row, and every cell to bytes that hold it; UTF-16 of the same text has the same rows.
        if round % 10 == 0 {
            for (number, row) in rows.iter().enumerate() {
                for offset in row.range.start.0..row.range.end().0 {
                    assert_eq!(table.row_at(Offset(offset)).unwrap(), Some(number as u64), "{text:?} {offset}");
                }
                for (column, cell) in row.cells.iter().enumerate() {
                    let range = table.cell_range(number as u64, column).unwrap().unwrap();
                    let raw = &text.as_bytes()[range.start.0 as usize..range.end().0 as usize];
                    let alone = oracle(raw).concat().concat();
                    assert!(&alone == cell || raw.is_empty() && cell.is_empty(), "{text:?} {cell:?} {alone:?}");
                    if !range.is_empty() {
                        assert_eq!(table.cell_at(range.start).unwrap(), Some((number as u64, column)), "{text:?}");
                    }
                }
            }
            for little in [true, false] {
                let wide: Vec<u8> =
                    text.encode_utf16().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect();
                let encoding = if little { Encoding::Utf16Le } else { Encoding::Utf16Be };
                let wide = Buffer::from(wide);
                let table = Table::open(&wide, Dialect { encoding, ..dialect }, &Progress::new()).unwrap();
                let found = table.rows(0, usize::MAX).unwrap();
                assert!(found.iter().map(|row| &row.cells).eq(rows.iter().map(|row| &row.cells)), "{text:?}");
                for (number, row) in found.iter().enumerate() {
                    assert_eq!(table.row_at(row.range.start).unwrap(), Some(number as u64));
                    for (column, cell) in row.cells.iter().enumerate() {
                        let range = table.cell_range(number as u64, column).unwrap().unwrap();
                        let units: Vec<u16> = wide
                            .to_vec(range)
                            .unwrap()
                            .chunks(2)
                            .map(|pair| {
                                if little {
                                    u16::from_le_bytes([pair[0], pair[1]])
                                } else {
                                    u16::from_be_bytes([pair[0], pair[1]])
                                }
                            })
                            .collect();
                        let raw = String::from_utf16(&units).unwrap();
                        assert!(oracle(raw.as_bytes()).concat().concat() == *cell || raw.is_empty(), "{text:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn written_rows_are_those_of_the_csv_crate() {
    let mut random = fastrand::Rng::with_seed(77);
    for round in 0..400 {
        let text: String = (0..random.usize(1..40)).map(|_| random_text(&mut random)).collect();
        let table = Table::open(&Buffer::from(text.as_bytes()), Dialect::default(), &Progress::new()).unwrap();
        let rows: Vec<_> = table.rows(0, usize::MAX).unwrap().into_iter().map(|row| row.cells).collect();
        for (format, delimiter) in [(Format::Csv, b','), (Format::Tsv, b'\t')] {
            let mut written = Vec::new();
            table.write(format, &Options::default(), &mut written, &Progress::new()).unwrap();
            let mut expected = Vec::new();
            for row in table.header().map(<[String]>::to_vec).iter().chain(&rows) {
                if row.is_empty() {
                    expected.extend_from_slice(b"\r\n");
                    continue;
                }
                let mut writer =
                    csv::WriterBuilder::new().delimiter(delimiter).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
                writer.write_record(row).unwrap();
                expected.extend(writer.into_inner().unwrap());
            }
            assert_eq!(String::from_utf8(written), String::from_utf8(expected), "round {round}: {text:?}");
        }
        let mut lines = Vec::new();
        table.write_json(&mut lines);
        let Some(header) = table.header() else { continue };
        let full: Vec<_> = rows.iter().filter(|row| !row.is_empty()).collect();
        let read: Vec<serde_json::Value> = lines
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(|line| serde_json::from_slice(line).unwrap())
            .collect();
        assert_eq!(read.len(), full.len());
        for (value, row) in read.iter().zip(full) {
            let values: Vec<&str> = value.as_object().unwrap().values().filter_map(|value| value.as_str()).collect();
            assert!(values.iter().eq(row.iter().take(header.len())), "{value} {row:?}");
        }
    }
}

/// Writes a table as JSON Lines.
trait WriteJson {
    fn write_json(&self, out: &mut Vec<u8>);
}

impl WriteJson for Table {
    fn write_json(&self, out: &mut Vec<u8>) {
        json::write_table(self, Format::JsonLines, &Options::default(), out, &Progress::new()).unwrap();
    }
}

/// A table of many parts, and its cells.
fn large() -> (Table, Vec<Vec<String>>) {
    let mut random = fastrand::Rng::with_seed(5);
    let mut text = String::from("id,number,word\n");
    let mut rows = Vec::new();
    for id in 0..60_000_u32 {
        let number = match random.u32(..12) {
            0 => String::new(),
            1 => format!("{}e{}", random.u32(..99), random.i32(-5..5)),
            2 => format!("90071992547409{:02}", random.u32(..100)),
            3 => "n/a".into(),
            _ => format!("{}.{:02}", random.i32(-5000..5000), random.u32(..100)),
        };
        let word = match random.u32(..8) {
            0 => "two\nlines".to_owned(),
            1 => "a \"quote\", said".to_owned(),
            _ => format!("word{}", random.u32(..300)),
        };
        text.push_str(&format!("{id},{number},\"{}\"\n", word.replace('"', "\"\"")));
        rows.push(vec![id.to_string(), number, word]);
    }
    (open(&text), rows)
}

#[test]
fn large_tables_give_what_simple_models_give() {
    let (table, rows) = large();
    assert_eq!(table.row_count(), rows.len() as u64);
    let all = table.rows_of(&[59_999, 0, 31_234, 31_235, 70_000]).unwrap();
    assert_eq!(all[2].cells, rows[31_234]);
    assert_eq!((all[0].cells.clone(), all[4].cells.len()), (rows[59_999].clone(), 0));

    let number = |row: usize| rows[row][1].parse::<f64>().ok();
    let filtered: Vec<u64> =
        (0..rows.len()).filter(|&row| number(row).is_some_and(|number| number > 4000.0)).map(|row| row as u64).collect();
    assert_eq!(shown(&table, &["number>4000"], &[]), filtered);
    let words: Vec<u64> = (0..rows.len() as u64).filter(|&row| rows[row as usize][2].contains("ines")).collect();
    assert_eq!(shown(&table, &["*~i[n]es"], &[]), words);
    let query = Query { case: true, ..Query::text("quote\", s") };
    let found = find_all(&table, &query, None, 10, &Progress::new(), &|_| {}).unwrap();
    assert_eq!(found.cells, rows.iter().filter(|row| row[2].contains("quote\", s")).count() as u64);
    assert_eq!(found.places.len(), 10);

    // As text with a stable sort of the standard library; empty cells last.
    let mut expected: Vec<u64> = (0..rows.len() as u64).collect();
    expected.sort_by(|a, b| rows[*b as usize][2].cmp(&rows[*a as usize][2]));
    assert_eq!(shown(&table, &[], &["word:desc"]), expected);
    // As numbers; those of 16 digits, of which two may have the same f64, by their digits.
    let key = |row: u64| match (&rows[row as usize][1], number(row as usize)) {
        (_, Some(number)) => (0, number),
        (text, None) if text.is_empty() => (2, 0.0),
        _ => (1, 0.0),
    };
    let mut expected: Vec<u64> = (0..rows.len() as u64).collect();
    let long = |row: u64| Some(&rows[row as usize][1]).filter(|text| text.starts_with("90071992547409"));
    expected.sort_by(|a, b| {
        let near = key(*a).0.cmp(&key(*b).0).then(key(*a).1.total_cmp(&key(*b).1));
        near.then_with(|| long(*a).zip(long(*b)).map_or(std::cmp::Ordering::Equal, |(a, b)| a.cmp(b)))
    });
    assert_eq!(shown(&table, &[], &["number:number"]), expected);

    let found = statistics(&table, &[0, 1, 2], None, &Progress::new(), &|_| {}).unwrap();
    let numbers: Vec<f64> = (0..rows.len()).filter_map(number).collect();
    let total = found.columns[1].numbers.as_ref().unwrap();
    assert_eq!(total.count, numbers.len() as u64);
    let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
    assert!((total.mean / mean - 1.0).abs() < 1e-12);
    let spread = numbers.iter().map(|number| (number - mean) * (number - mean)).sum::<f64>() / (numbers.len() - 1) as f64;
    assert!((total.deviation.unwrap() / spread.sqrt() - 1.0).abs() < 1e-9);
    let mut sorted = numbers.clone();
    sorted.sort_by(f64::total_cmp);
    assert!((total.quartiles.unwrap()[1] - (sorted[(sorted.len() - 1) / 2] + sorted[sorted.len() / 2]) / 2.0).abs() < 0.01);
    assert_eq!(found.columns[0].distinct, Distinct::Exact(60_000));
    assert_eq!(found.columns[0].numbers.as_ref().unwrap().sum, Sum::Exact((0..60_000_u64).sum::<u64>().to_string()));
    let mut counts = std::collections::HashMap::new();
    for row in &rows {
        *counts.entry(row[2].as_str()).or_insert(0_u64) += 1;
    }
    assert_eq!(found.columns[2].distinct, Distinct::Exact(counts.len() as u64));
    let most = counts.iter().max_by_key(|(text, count)| (**count, std::cmp::Reverse(**text))).unwrap();
    assert_eq!((found.columns[2].top[0].text.as_str(), found.columns[2].top[0].count), (*most.0, *most.1));
    let bins = histogram(&table, 1, None, (-5000.0, 5000.0), 20, &Progress::new()).unwrap();
    assert_eq!(
        bins.bins.iter().sum::<u64>(),
        numbers.iter().filter(|number| (-5000.0..=5000.0).contains(*number)).count() as u64
    );

    // A view is a table: it can be written, and its rows lead to their bytes.
    let order = RowOrder::from_rows([31_234, 7, 8, 9, 2]);
    let arranged = table.arranged(std::sync::Arc::new(order), &Progress::new()).unwrap();
    let shown: Vec<_> = arranged.rows(0, 9).unwrap().into_iter().map(|row| row.cells).collect();
    assert_eq!(shown, [31_234, 7, 8, 9, 2].map(|row: usize| rows[row].clone()));
    assert_eq!(arranged.row_range(1).unwrap(), table.row_range(7).unwrap());
    assert_eq!(arranged.cell_range(0, 2).unwrap(), table.cell_range(31_234, 2).unwrap());
}

#[test]
fn work_stops_when_it_is_asked_to() {
    let (table, _) = large();
    let stopped = Progress::new();
    stopped.cancel();
    let keys = [SortKey { column: 1, by: By::Number, descending: false }];
    assert!(matches!(view(&table, &Conditions::default(), &keys, &stopped, &|_| {}), Err(FormatError::Cancelled(_))));
    assert!(matches!(statistics(&table, &[0], None, &stopped, &|_| {}), Err(FormatError::Cancelled(_))));
    let query = Query::text("x");
    assert!(matches!(find_all(&table, &query, None, 1, &stopped, &|_| {}), Err(FormatError::Cancelled(_))));
    let first = std::cell::Cell::new(0);
    let progress = Progress::new();
    let text = format!("a,b\n{}", "1,2\n".repeat(100_000));
    let result =
        Table::open_growing(&Buffer::from(text.into_bytes()), Dialect::default(), Limits::default(), &progress, &mut |table| {
            assert!(!table.is_complete());
            assert_eq!(table.rows(table.row_count() - 1, 9).unwrap().len(), 1);
            first.set(table.row_count());
            progress.cancel();
        });
    assert!(matches!(result, Err(FormatError::Cancelled(_))) && first.get() > 1000);
}

#[test]
fn hostile_tables_do_no_harm() {
    // One row of 20 MB, a million columns, a quote that is never closed, nothing but quotes, nothing but returns.
    let million = ",".repeat(999_999);
    for text in [
        "x".repeat(20_000_000),
        million,
        format!("\"{}", "a,b\n".repeat(2_000_000)),
        "\"".repeat(3_000_001),
        "\r".repeat(500_000),
    ] {
        let dialect = Dialect { header: false, ..Dialect::default() };
        let table = Table::open(&Buffer::from(text.into_bytes()), dialect, &Progress::new()).unwrap();
        let columns: Vec<usize> = (0..table.width().min(3)).collect();
        let found = statistics(&table, &columns, None, &Progress::new(), &|_| {}).unwrap();
        assert_eq!(found.rows, table.row_count());
        let keys = [SortKey { column: 0, by: By::Natural, descending: true }];
        assert_eq!(view(&table, &Conditions::default(), &keys, &Progress::new(), &|_| {}).unwrap().len(), table.row_count());
        find_all(&table, &Query::text("ab"), None, 5, &Progress::new(), &|_| {}).unwrap();
        table.cell_at(Offset(table.row_count() / 2)).unwrap();
    }
    let many: Vec<usize> = (0..20_000).collect();
    assert!(matches!(statistics(&open("a\n1\n"), &many, None, &Progress::new(), &|_| {}), Err(FormatError::Limit { .. })));
}

/// What Python's csv, sorted and statistics say of the same file, or `None` where there is no Python.
fn python(path: &std::path::Path) -> Option<serde_json::Value> {
    let script = r#"
import csv, json, sys
from collections import Counter
from decimal import Decimal
import statistics
with open(sys.argv[1], newline="", encoding="utf-8") as file:
    rows = list(csv.reader(file))[1:]
def number(text):
    try:
        return Decimal(text)
    except ArithmeticError:
        return None
numbers = [number(row[1]) for row in rows if number(row[1]) is not None]
key = lambda n: (rows[n][2] == "", rows[n][2])
order = sorted(range(len(rows)), key=lambda n: (number(rows[n][1]) is None, number(rows[n][1]) or 0, n) if rows[n][1] else (2, 0, n))
print(json.dumps({
    "rows": len(rows),
    "words": sorted(range(len(rows)), key=key),
    "numbers": order,
    "above": [n for n, row in enumerate(rows) if number(row[1]) is not None and number(row[1]) > 4000],
    "deviation": statistics.stdev(map(float, numbers)),
    "quartiles": statistics.quantiles(map(float, numbers), n=4, method="inclusive"),
    "top": Counter(row[2] for row in rows).most_common(1)[0][1],
}))
"#;
    let answer = std::process::Command::new("python3").args(["-c", script]).arg(path).output();
    match answer {
        Ok(answer) if answer.status.success() => serde_json::from_slice(&answer.stdout).ok(),
        answer => {
            println!("skipped: no python3 that answers ({answer:?})");
            None
        }
    }
}

#[test]
fn python_says_the_same() {
    let (table, rows) = large();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.csv");
    let mut file = std::fs::File::create(&path).unwrap();
    table.write(Format::Csv, &Options::default(), &mut file, &Progress::new()).unwrap();
    let Some(answer) = python(&path) else { return };
    let list = |name: &str| answer[name].as_array().unwrap().iter().map(|row| row.as_u64().unwrap()).collect::<Vec<_>>();
    assert_eq!(answer["rows"].as_u64(), Some(rows.len() as u64));
    assert_eq!(shown(&table, &[], &["word"]), list("words"));
    assert_eq!(shown(&table, &["number>4000"], &[]), list("above"));
    assert_eq!(shown(&table, &[], &["number:number"]), list("numbers"));
    let found = statistics(&table, &[1, 2], None, &Progress::new(), &|_| {}).unwrap();
    let numbers = found.columns[0].numbers.as_ref().unwrap();
    let near = |ours: f64, theirs: &serde_json::Value| (ours / theirs.as_f64().unwrap() - 1.0).abs() < 1e-9;
    assert!(near(numbers.deviation.unwrap(), &answer["deviation"]), "{numbers:?} {}", answer["deviation"]);
    for (ours, theirs) in numbers.quartiles.unwrap().iter().zip(answer["quartiles"].as_array().unwrap()) {
        assert!(near(*ours, theirs), "{numbers:?} {}", answer["quartiles"]);
    }
    assert_eq!(found.columns[1].top[0].count, answer["top"].as_u64().unwrap());
}

/// Runs the program on a small file.
fn terminal(arguments: &[&str]) -> (Option<i32>, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let orders = "id,city,price\n1,Oslo,10\n2,\"New\nYork\",9.5\n3,oslo,\n4,Lima,100\n";
    std::fs::write(folder.path().join("orders.csv"), orders).unwrap();
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_seektell"))
        .args(["table", "orders.csv"])
        .args(arguments)
        .current_dir(folder.path())
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    (run.status.code(), String::from_utf8(run.stdout).unwrap(), String::from_utf8(run.stderr).unwrap())
}

#[test]
fn the_terminal_shows_rows() {
    for (arguments, expected) in [
        (&["--count"][..], "4\n"),
        (&["--filter", "city=oslo", "--count"], "2\n"),
        (&["--filter", "price>9", "--sort", "price:number:desc"], "id,city,price\n4,Lima,100\n1,Oslo,10\n2,\"New\nYork\",9.5\n"),
        (&["--sort", "price:number", "--rows", "2..3", "--columns", "id,#2", "--to", "tsv"], "id\tcity\n1\tOslo\n4\tLima\n"),
        (&["--search", "york", "--offsets"], "offset,bytes,id,city,price\n24,17,2,\"New\nYork\",9.5\n"),
        (&["--filter", "id=1", "--to", "jsonl"], "{\"id\":\"1\",\"city\":\"Oslo\",\"price\":\"10\"}\n"),
    ] {
        let (code, out, err) = terminal(arguments);
        assert_eq!((code, out.as_str(), err.as_str()), (Some(0), expected, ""), "{arguments:?}");
    }
    let (code, out, _) = terminal(&["--stats", "--columns", "price"]);
    assert_eq!(code, Some(0));
    assert!(out.starts_with("column,type,cells,empty,distinct,"), "{out}");
    assert!(out.contains("price,\"integer, decimal\",3,1,3,9.5,100,119.5,"), "{out}");
    for (arguments, code, words) in [
        (&["--sort", "nothing"][..], 2, "no column \"nothing\""),
        (&["--filter", "city~("], 2, "the regular expression cannot be used"),
        (&["--filter", "what"], 2, "is no condition"),
        (&["--rows", "9..3"], 2, "is no range of rows"),
        (&["--to", "png"], 2, "rows cannot be written as PNG"),
    ] {
        let (got, _, err) = terminal(arguments);
        assert!(got == Some(code) && err.contains(words), "{arguments:?}: {got:?} {err}");
    }
}
