//! JSON: as a table, from a table, and reformatted.

// Helpers of tests may unwrap as the tests themselves may.
#![allow(clippy::unwrap_used)]

use crate::kit::*;
use crate::oracle::python;
use seektell::buffer::Offset;
use seektell::formats::table::{Dialect, Table};
use seektell::formats::text::Encoding;
use seektell::formats::{Format, FormatError, JsonOptions, Options, json};
use seektell::tasks::Progress;

#[test]
fn tables_become_json_objects_of_strings() {
    let table = open("id,name\n007,\"An\"\"na\"\n8\n9,Cleo,x,y\n\n10,\n", Dialect::default());
    let expected = r#"[{"id":"007","name":"An\"na"},{"id":"8","name":null},{"id":"9","name":"Cleo","_extra":["x","y"]},{"id":"10","name":""}]"#;
    assert_eq!(text(&table, Format::Json), expected);
    assert_eq!(text(&table, Format::JsonLines), expected[1..expected.len() - 1].replace("},{", "}\n{") + "\n");
    let told = losses(&table, Format::Json, &Options::default());
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].contains("1 row has more") && told[0].contains("_extra"), "{told:?}");
    assert!(told[1].contains("1 row has fewer") && told[2].contains("1 blank row is"), "{told:?}");
    // Doubled names, one of them taken already, and the key for the rest taken too.
    let table = open("a,a,a_2,,,_extra\n1,2,3,4,5,6,7\n", Dialect::default());
    let expected = r#"[{"a":"1","a_3":"2","a_2":"3","":"4","_2":"5","_extra":"6","_extra_2":["7"]}]"#;
    assert_eq!(text(&table, Format::Json), expected);
    let told = losses(&table, Format::Json, &Options::default());
    assert!(told.iter().any(|what| what.contains("2 columns have") && what.contains("\"a_3\"")), "{told:?}");
    // No header: lists.
    assert_eq!(text(&plain("a,b\n\nc\n"), Format::Json), r#"[["a","b"],[],["c"]]"#);
    assert_eq!(text(&plain(""), Format::Json), "[]");
    // Pretty, as Python's json.dumps(indent=2).
    let options = Options { json: JsonOptions { indent: Some(2), ..JsonOptions::default() }, ..Options::default() };
    let pretty = String::from_utf8(written(&plain("a,b\n\n"), Format::Json, &options)).unwrap();
    assert_eq!(pretty, "[\n  [\n    \"a\",\n    \"b\"\n  ],\n  []\n]\n");
}

fn json_table(text: impl AsRef<[u8]>, format: Format) -> Table {
    json::read_table(&buffer(text), format, &Progress::new()).unwrap()
}

#[test]
fn json_becomes_a_table() {
    let strings =
        |rows: &[&[&str]]| rows.iter().map(|row| row.iter().map(ToString::to_string).collect()).collect::<Vec<Vec<String>>>();
    for (input, header, rows) in [
        ("[]", None, &[][..]),
        (" [ ] ", None, &[]),
        (r#"[{"a":1,"b":"x"},{"b":"y","c":true}]"#, Some(&["a", "b", "c"][..]), &[&["1", "x", ""][..], &["", "y", "true"]]),
        (
            r#" [ { "a" : 1.0 , "b" : [ 1, {"c": "x y"} ] } ,{ } , {"a":-0,"b":{"k" : null}}]"#,
            Some(&["a", "b"]),
            &[&["1.0", r#"[1,{"c":"x y"}]"#], &["", ""], &["-0", r#"{"k":null}"#]],
        ),
        (
            r#"[{"n":123456789012345678901234567890,"e":1e400},{"n":0.10,"e":null}]"#,
            Some(&["n", "e"]),
            &[&["123456789012345678901234567890", "1e400"], &["0.10", ""]],
        ),
        (r#"[["a",1],["b"],[]]"#, None, &[&["a", "1"], &["b"], &[]]),
        (r#"["a",2,null,false]"#, Some(&["value"]), &[&["a"], &["2"], &[""], &["false"]]),
        (r#"[1 , 22,333]"#, Some(&["value"]), &[&["1"], &["22"], &["333"]]),
        (r#"[{"a":1},2,[3,"x"]]"#, Some(&["a", "value"]), &[&["1"], &["", "2"], &["", r#"[3,"x"]"#]]),
        (r#"[{"value":1},2]"#, Some(&["value", "value_2"]), &[&["1", ""], &["", "2"]]),
        (r#"{"a":"x","b":[1,2]}"#, Some(&["a", "b"]), &[&["x", "[1,2]"]]),
        ("42", Some(&["value"]), &[&["42"]]),
        ("\"x\" ", Some(&["value"]), &[&["x"]]),
        (r#"[{"a":1,"a":2}]"#, Some(&["a"]), &[&["2"]]),
        (r#"[{"\u0061":"\ud83d\ude00\n\"","ä":""}]"#, Some(&["a", "ä"]), &[&["😀\n\"", ""]]),
        ("\u{FEFF}[{\"a\":1}]", Some(&["a"]), &[&["1"]]),
        (r#"[{"":"x"}]"#, Some(&[""]), &[&["x"]]),
    ] {
        let table = json_table(input, Format::Json);
        let names = table.header().map(|names| names.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(names.as_deref(), header, "{input}");
        let mut expected = strings(rows);
        if let Some(header) = header {
            for row in &mut expected {
                row.resize(header.len(), String::new());
            }
        }
        let mut found = cells(&table);
        if let Some(header) = header {
            for row in &mut found {
                row.resize(header.len(), String::new());
            }
        }
        assert_eq!(found, expected, "{input}");
        // Each row alone, and the bytes it came from.
        for (number, row) in table.rows(0, 100).unwrap().iter().enumerate() {
            assert_eq!(table.rows(number as u64, 1).unwrap(), std::slice::from_ref(row), "{input}");
            let source = &input.as_bytes()[row.range.start.0 as usize..row.range.end().0 as usize];
            assert!(serde_json::from_slice::<serde_json::Value>(source).is_ok(), "{input}: {}", String::from_utf8_lossy(source));
            assert_eq!(table.row_at(row.range.start).unwrap(), Some(number as u64), "{input}");
        }
        // The same records one a line, and in UTF-16.
        if input.trim().starts_with('[') && !input.contains('\u{FEFF}') {
            let mut lines = Vec::new();
            json::reformat(&buffer(input), Format::Json, Format::JsonLines, &Options::default(), &mut lines, &Progress::new())
                .unwrap();
            let table = json_table(&lines, Format::JsonLines);
            assert_eq!(table.row_count() as usize, expected.len(), "{input}");
            let wide = json_table(encoded(&format!("\u{FEFF}{input}"), Encoding::Utf16Le), Format::Json);
            assert_eq!(cells(&wide), cells(&json_table(input, Format::Json)), "{input}");
            assert_eq!(cells(&table), cells(&wide), "{input}");
        }
    }
}

#[test]
fn json_lines_may_have_blank_lines_and_no_last_line_end() {
    for text in ["{\"a\":1}\n\n  \r\n{\"a\":2}", "{\"a\":1}\r\n{\"a\":2}\r\n", "\n\n{\"a\":1} \n {\"a\":2}\n\n"] {
        assert_eq!(cells(&json_table(text, Format::JsonLines)), [["1"], ["2"]], "{text:?}");
    }
    assert_eq!(json_table("", Format::JsonLines).row_count(), 0);
    assert_eq!(cells(&json_table("1\n2\n3", Format::JsonLines)), [["1"], ["2"], ["3"]]);
}

#[test]
fn what_json_loses_as_a_table_is_told() {
    let table = json_table(r#"[{"a":null,"b":[1]},{"a":"x","a":1},{"c":"\ud800"}]"#, Format::Json);
    let told: Vec<&str> = table.losses().iter().map(|loss| loss.what.as_str()).collect();
    for part in ["1 number", "1 null", "1 array or object", "5 cells are", "1 key comes", "1 half"] {
        assert!(told.iter().any(|what| what.contains(part)), "{part}: {told:?}");
    }
    assert!(json_table(r#"[{"a":"x"}]"#, Format::Json).losses().is_empty());
}

#[test]
fn broken_json_is_named_with_line_and_column() {
    for (text, format, what, at) in [
        ("", Format::Json, "no value", 0),
        ("[1,2", Format::Json, "array is not closed", 4),
        ("[1,]", Format::Json, "line 1, column 4", 3),
        ("{\"a\":1,}", Format::Json, "a key", 7),
        ("[1]\n[2]", Format::Json, "JSON Lines", 4),
        ("{\n  \"ä\": x}", Format::Json, "line 2, column 8", 10),
        ("[01]", Format::Json, "begins with 0", 2),
        ("[+1]", Format::Json, "a value", 1),
        ("[.5]", Format::Json, "a value", 1),
        ("[1.]", Format::Json, "digit", 3),
        ("[tru]", Format::Json, "true, false or null", 4),
        ("[NaN]", Format::Json, "a value", 1),
        ("[\"a\nb\"]", Format::Json, "control character 0A", 3),
        ("[\"\\x\"]", Format::Json, "one of", 3),
        ("[\"\\u12g4\"]", Format::Json, "hexadecimal", 6),
        ("{'a':1}", Format::Json, "double quotes", 1),
        ("{\"a\" 1}", Format::Json, "colon", 5),
        ("[1}", Format::Json, "comma or ]", 2),
        ("]", Format::Json, "a value", 0),
        ("{\"a\":1}\n{\"a\":\n2}\n", Format::JsonLines, "line 2 does not end", 13),
        ("{\"a\":1}\n{\"a\" 2}\n", Format::JsonLines, "line 2, column 6", 13),
        ("1 2\n", Format::JsonLines, "behind the end", 2),
        ("{\"a\":1", Format::JsonLines, "not closed", 6),
    ] {
        for reads in [true, false] {
            let error = if reads {
                json::read_table(&buffer(text), format, &Progress::new()).unwrap_err()
            } else {
                json::reformat(&buffer(text), format, Format::Json, &Options::default(), &mut Vec::new(), &Progress::new())
                    .unwrap_err()
            };
            assert!(error.to_string().contains(what), "{text:?}: {error}");
            let FormatError::Malformed { at: place, .. } = error else { panic!("{text:?}: {error}") };
            assert_eq!(place, Some(Offset(at)), "{text:?}");
        }
    }
    let error = json::read_table(&buffer(b"[\"a\xFFb\"]"), Format::Json, &Progress::new()).unwrap_err();
    assert!(error.to_string().contains("UTF-8"), "{error}");
}

#[test]
fn the_recogniser_accepts_what_serde_json_accepts() {
    let mut random = fastrand::Rng::with_seed(9);
    let seeds = [
        r#"{"a":[1,2.5e-3,-0,true,false,null,"x\u00e9\ud83d\ude00\\"],"b":{"c":{}},"":[[]]}"#,
        r#"[{"id":"007","n":1E+2},[],"ä€😀",0.10]"#,
    ];
    let alphabet = b"{}[]:,\"\\ue0123456789.-+Etrfalsn x\n\t\xC3\xA4\xFF";
    let (mut good, mut bad) = (0, 0);
    for round in 0..4_000 {
        let mut text = seeds[round % 2].as_bytes().to_vec();
        for _ in 0..random.usize(..3) {
            let at = random.usize(..text.len());
            match random.u8(..3) {
                0 => text[at] = alphabet[random.usize(..alphabet.len())],
                1 => drop(text.remove(at)),
                _ => text.insert(at, alphabet[random.usize(..alphabet.len())]),
            }
        }
        let theirs = serde_json::from_slice::<serde_json::Value>(&text);
        let mut out = Vec::new();
        let ours = json::reformat(&buffer(&text), Format::Json, Format::Json, &Options::default(), &mut out, &Progress::new());
        // Half a surrogate pair is well-formed by the grammar and refused by serde_json.
        let lone = theirs
            .as_ref()
            .err()
            .is_some_and(|error| error.to_string().contains("surrogate") || error.to_string().contains("hex escape"));
        if !lone {
            assert_eq!(theirs.is_ok(), ours.is_ok(), "{} {theirs:?} {ours:?}", String::from_utf8_lossy(&text));
        }
        if let Ok(value) = theirs {
            assert_eq!(serde_json::from_slice::<serde_json::Value>(&out).unwrap(), value);
            good += 1;
        } else {
            bad += 1;
        }
        for format in [Format::Json, Format::JsonLines] {
            if let Ok(table) = json::read_table(&buffer(&text), format, &Progress::new()) {
                table.rows(0, 100).unwrap();
                written(&table, Format::Csv, &Options::default());
            }
        }
    }
    assert!(good > 200 && bad > 1000, "{good} {bad}");
}

#[test]
fn depth_is_limited_in_words() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let nested = |depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
        assert!(json::read_table(&buffer(nested(100)), Format::Json, &Progress::new()).is_ok());
        for format in [Format::Json, Format::JsonLines] {
            let error = json::read_table(&buffer(nested(100_000)), format, &Progress::new()).unwrap_err();
            assert!(error.to_string().contains("1024 deep"), "{error}");
        }
    }
}

fn reformatted(text: &str, from: Format, to: Format, indent: Option<u8>) -> String {
    let mut out = Vec::new();
    let options = Options { json: JsonOptions { indent, ..JsonOptions::default() }, ..Options::default() };
    json::reformat(&buffer(text), from, to, &options, &mut out, &Progress::new()).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn reformatting_changes_spaces_only() {
    let text = r#" {"b" : 1.0,"a":[1e400, -0 ,123456789012345678901234567890,1E5] , "a":"\u00e9\/é\ud800 , : x","e":{},"f":[ ],"g":null}"#;
    let small =
        r#"{"b":1.0,"a":[1e400,-0,123456789012345678901234567890,1E5],"a":"\u00e9\/é\ud800 , : x","e":{},"f":[],"g":null}"#;
    assert_eq!(reformatted(text, Format::Json, Format::Json, None), small);
    let pretty = "{\n  \"b\": 1.0,\n  \"a\": [\n    1e400,\n    -0,\n    123456789012345678901234567890,\n    1E5\n  ],\n  \"a\": \"\\u00e9\\/é\\ud800 , : x\",\n  \"e\": {},\n  \"f\": [],\n  \"g\": null\n}\n";
    assert_eq!(reformatted(text, Format::Json, Format::Json, Some(2)), pretty);
    assert_eq!(reformatted(pretty, Format::Json, Format::Json, None), small);
    assert_eq!(reformatted("[1,[2]]", Format::Json, Format::Json, Some(0)), "[\n1,\n[\n2\n]\n]\n");
    assert_eq!(reformatted("7", Format::Json, Format::Json, None), "7");
}

#[test]
fn json_and_json_lines_become_each_other() {
    for (text, lines) in [
        ("[1,\"a\",[2, 3],{\"b\":{}},null]", "1\n\"a\"\n[2,3]\n{\"b\":{}}\nnull\n"),
        ("[]", ""),
        ("[[],{}]", "[]\n{}\n"),
        ("{\"a\": [1, 2]}", "{\"a\":[1,2]}\n"),
        ("12", "12\n"),
    ] {
        assert_eq!(reformatted(text, Format::Json, Format::JsonLines, Some(4)), lines, "{text}");
        if text.starts_with('[') {
            assert_eq!(reformatted(lines, Format::JsonLines, Format::Json, None), text.replace(", ", ","), "{text}");
            assert_eq!(reformatted(lines, Format::JsonLines, Format::JsonLines, None), lines, "{text}");
        }
    }
    assert_eq!(reformatted(" 1 \n\n{\"a\" :2}", Format::JsonLines, Format::Json, Some(1)), "[\n 1,\n {\n  \"a\": 2\n }\n]\n");
    assert_eq!(reformatted("1\r\n[ 2 ]", Format::JsonLines, Format::JsonLines, None), "1\n[2]\n");
}

#[test]
fn a_big_json_table_is_found_again_anywhere() {
    let mut random = fastrand::Rng::with_seed(4);
    let mut lines = String::new();
    for n in 0..12_000 {
        lines.push_str(&format!("{{\"id\": {n}, \"name\": \"n, {n}\", \"k{}\": [1, {{\"x\": \"]\"}}]}}\n", n % 3));
    }
    let array = reformatted(&lines, Format::JsonLines, Format::Json, Some(1));
    for (text, format) in [(&lines, Format::JsonLines), (&array, Format::Json)] {
        let table = json_table(text, format);
        assert_eq!((table.row_count(), table.width()), (12_000, 5));
        for _ in 0..100 {
            let at = random.u64(..12_000);
            let row = &table.rows(at, 1).unwrap()[0];
            assert_eq!(row.cells[..2], [at.to_string(), format!("n, {at}")], "{format:?}");
            let source: serde_json::Value =
                serde_json::from_slice(&text.as_bytes()[row.range.start.0 as usize..row.range.end().0 as usize]).unwrap();
            assert_eq!(source["id"].to_string(), at.to_string());
            assert_eq!(table.row_at(Offset(row.range.start.0 + 5)).unwrap(), Some(at));
        }
    }
    // A record too long for a view, with others behind it.
    let long = format!("[{{\"a\":1}},{{\"a\":\"{}\",\"b\":2}},{{\"a\":3}}]", "y".repeat(3 << 20));
    let table = json_table(&long, Format::Json);
    let rows = table.rows(0, 5).unwrap();
    assert_eq!(rows.len(), 3);
    assert!(rows[1].is_cut() && rows[1].cells[0].starts_with("yyy") && rows[1].cells[0].len() < 2 << 20);
    assert_eq!(rows[2].cells, ["3", ""]);
    assert_eq!(written(&table, Format::Csv, &Options::default()).len(), "a,b\r\n1,\r\n,2\r\n3,\r\n".len() + (3 << 20));
}

#[test]
fn round_trips_keep_every_cell() {
    let csv = "id,name,note\r\n007,\"An,na\",\"two\r\nlines\"\r\n1e5,,\"say \"\"hi\"\"\"\r\n-0,ä€😀,\" x \"\r\n";
    let table = open(csv, Dialect::default());
    let tsv = text(&table, Format::Tsv);
    assert_eq!(cells(&open(&tsv, dialect(b'\t', true))), cells(&table));
    for format in [Format::Json, Format::JsonLines] {
        let back = json_table(text(&table, format), format);
        assert_eq!((back.header(), cells(&back)), (table.header(), cells(&table)));
        assert!(back.losses().is_empty());
        assert_eq!(text(&back, Format::Csv), csv.replace("\" x \"", " x "));
    }
    let lines = "{\"a\":\"1\",\"b\":\"x,y\"}\n{\"a\":\"\",\"b\":\"\\n\"}\n";
    let csv = text(&json_table(lines, Format::JsonLines), Format::Csv);
    assert_eq!(text(&open(&csv, Dialect::default()), Format::JsonLines), lines);
}

#[test]
fn dict_rows_are_those_of_python_s_dict_reader() {
    let file = "id,name,town\n1,Anna,Rome\n2,Ben\n\n3,Cleo,Oslo,x,y\n\"\"\n";
    let script = "
import sys, json, csv, io
rows = csv.DictReader(io.StringIO(sys.stdin.read(), newline=''), restkey='_extra')
print(json.dumps(list(rows), indent=4))
";
    let Some(output) = python(script, file.as_bytes()) else { return };
    let options = Options { json: JsonOptions { indent: Some(4), ..JsonOptions::default() }, ..Options::default() };
    assert_eq!(
        String::from_utf8_lossy(&written(&open(file, Dialect::default()), Format::Json, &options)),
        String::from_utf8_lossy(&output)
    );
}

#[test]
fn the_keys_of_tables_are_sorted_where_that_is_asked_for() {
    let table = open("b,a,z\n1,2\n3,\"4\ty\",5,6\n7,8,9\n", dialect(b',', true));
    let options = |indent| Options { json: JsonOptions { indent, sort_keys: true }, ..Options::default() };
    let lines = String::from_utf8(written(&table, Format::JsonLines, &options(None))).unwrap();
    let rows = [r#"{"_extra":["6"],"a":"4\ty","b":"3","z":"5"}"#, r#"{"a":"8","b":"7","z":"9"}"#];
    assert_eq!(lines, format!("{}\n{}\n{}\n", r#"{"a":"2","b":"1","z":null}"#, rows[0], rows[1]));
    let indented = String::from_utf8(written(&table, Format::Json, &options(Some(1)))).unwrap();
    let compact: String = indented.lines().map(str::trim_start).collect();
    let array = format!("[{}]", lines.trim_end().replace('\n', ","));
    assert_eq!(compact.replace(": ", ":"), array);
    // Tabs between the cells are no part of them, tabs in them are written as escapes.
    let table = open("b\ta\n1\t2\n\"3\t\"\t4\n", dialect(b'\t', true));
    let lines = String::from_utf8(written(&table, Format::JsonLines, &options(None))).unwrap();
    assert_eq!(lines, "{\"a\":\"2\",\"b\":\"1\"}\n{\"a\":\"4\",\"b\":\"3\\t\"}\n");
}

/// What the bytes of a cell are, and that each of them leads back to it.
fn cell_bytes(table: &Table, text: &str, row: u64, column: usize) -> Option<String> {
    let range = table.cell_range(row, column).unwrap()?;
    for at in range.start.0..range.end().0 {
        assert_eq!(table.cell_at(Offset(at)).unwrap(), Some((row, column)), "byte {at}");
    }
    Some(text[range.start.0 as usize..range.end().0 as usize].to_owned())
}

#[test]
fn a_cell_of_json_is_the_bytes_of_its_value() {
    let text =
        "[ {\"a\": 1.50 , \"b\" : [1, {\"a\": \"x\"}],\"c\":\"\\u00e9\\\"\"},\n {\"c\":null,\"a\":true, \"a\" : \"last\"} , {} ]";
    let table = json_table(text, Format::Json);
    let cells = |row| (0..3).map(|column| cell_bytes(&table, text, row, column)).collect::<Vec<_>>();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(cells(0), [some("1.50"), some("[1, {\"a\": \"x\"}]"), some("\"\\u00e9\\\"\"")]);
    assert_eq!(cells(1), [some("\"last\""), None, some("null")]);
    assert_eq!(cells(2), [None, None, None]);
    assert_eq!(table.cell_range(3, 0).unwrap(), None);
    // A key belongs to its value, and so does the comma behind it.
    let at = |words: &str| table.cell_at(Offset(text.find(words).unwrap() as u64)).unwrap();
    assert_eq!((at("\"b\" :"), at(",\"c\":\"\\u")), (Some((0, 1)), Some((0, 1))));

    let lines = "{\"n\":1}\n\n[2, 3]\n \"four\" \n";
    let table = json_table(lines, Format::JsonLines);
    assert_eq!(cell_bytes(&table, lines, 0, 0), some("1"));
    assert_eq!((cell_bytes(&table, lines, 1, 1), table.cell_range(1, 0).unwrap()), (some("[2, 3]"), None));
    assert_eq!(cell_bytes(&table, lines, 2, 1), some("\"four\""));

    let rows = "[[1,\"two\"],[ 3 ]]";
    let table = json_table(rows, Format::Json);
    assert_eq!(
        [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(row, column)| cell_bytes(&table, rows, row, column)),
        [some("1"), some("\"two\""), some("3"), None]
    );
}

#[test]
fn cells_of_many_and_of_long_records_of_json_are_found() {
    let mut text = String::new();
    for row in 0..20_000 {
        text += &format!("{{\"id\":{row},\"name\":\"name {row}\"}}\n");
    }
    // A record that views cut: what stands before its long value has its place, the rest of it has none.
    text += &format!("{{\"id\":20000,\"name\":\"{}\",\"z\":1}}\n{{\"id\":20001}}\n", "x".repeat(3 << 20));
    let table = json_table(&text, Format::JsonLines);
    for row in [0, 1, 9_999, 19_999] {
        assert_eq!(cell_bytes(&table, &text, row, 1), Some(format!("\"name {row}\"")));
    }
    assert_eq!(cell_bytes(&table, &text, 20_000, 0).as_deref(), Some("20000"));
    assert_eq!((table.cell_range(20_000, 1).unwrap(), table.cell_range(20_000, 2).unwrap()), (None, None));
    assert_eq!(cell_bytes(&table, &text, 20_001, 0).as_deref(), Some("20001"));
}
