//! Tables: what is read, what is written, what is lost, and that hostile input does no harm.

// Helpers of tests may unwrap as the tests themselves may.
#![allow(clippy::unwrap_used)]

use crate::kit::*;
use crate::oracle::python;
use seektell::buffer::{ByteRange, Offset};
use seektell::formats::table::{Dialect, Row, Table, sniff};
use seektell::formats::text::{Encoding, NewlineStyle};
use seektell::formats::{Format, FormatError, Options, json};
use seektell::tasks::Progress;

/// Bytes of the preamble, the header and all rows follow each other and leave nothing out.
fn check_ranges(table: &Table, len: usize) {
    let mut at = table.preamble().end();
    assert_eq!(table.preamble().start, Offset::ZERO);
    if table.header().is_some() {
        assert_eq!(table.header_range().start, at);
        at = table.header_range().end();
    }
    for (number, row) in table.rows(0, usize::MAX).unwrap().iter().enumerate() {
        assert_eq!(row.range.start, at, "row {number}");
        assert!(!row.range.is_empty());
        at = row.range.end();
    }
    assert_eq!(at.0, len as u64);
}

#[test]
fn rows_are_those_of_the_rules() {
    for (input, expected) in [
        ("", &[][..]),
        ("a", &[&["a"][..]]),
        ("a\n", &[&["a"]]),
        ("a,b\nc,d\n", &[&["a", "b"], &["c", "d"]]),
        ("a,b\r\nc,d\r\n", &[&["a", "b"], &["c", "d"]]),
        ("a,b\rc,d\r", &[&["a", "b"], &["c", "d"]]),
        // Blank lines are rows without cells.
        ("a\n\nb\n", &[&["a"], &[], &["b"]]),
        ("\n", &[&[]]),
        ("\r\n\r\n", &[&[], &[]]),
        ("a\n\r\n\rb", &[&["a"], &[], &[], &["b"]]),
        ("\n\na", &[&[], &[], &["a"]]),
        // An empty cell is not a blank line.
        ("\"\"\n", &[&[""]]),
        (",\n", &[&["", ""]]),
        (" \n", &[&[" "]]),
        // Quotes.
        ("\"a,b\",c", &[&["a,b", "c"]]),
        ("\"a\"\"b\"", &[&["a\"b"]]),
        ("\"a\nb\",c\nd", &[&["a\nb", "c"], &["d"]]),
        ("\"a\r\nb\"\r\nc", &[&["a\r\nb"], &["c"]]),
        ("a\"b\",c", &[&["a\"b\"", "c"]]),
        ("5\" pipe,x", &[&["5\" pipe", "x"]]),
        ("\"a\"b,c", &[&["ab", "c"]]),
        ("\"a\"b\"c\",d", &[&["ab\"c\"", "d"]]),
        (" \"a\",b", &[&[" \"a\"", "b"]]),
        // A quote that is never closed.
        ("\"a,b\nc", &[&["a,b\nc"]]),
        ("x,\"", &[&["x", ""]]),
        ("\"", &[&[""]]),
        // Ragged, empty, NUL, spaces, leading zeros, a mark in the middle.
        ("a\nb,c,d\ne,f", &[&["a"], &["b", "c", "d"], &["e", "f"]]),
        ("a,\n,b\n", &[&["a", ""], &["", "b"]]),
        ("a\0b,\0\n", &[&["a\0b", "\0"]]),
        ("007, 1.50 ,1e5\n", &[&["007", " 1.50 ", "1e5"]]),
        ("a\n\u{FEFF}b\n", &[&["a"], &["\u{FEFF}b"]]),
        ("äö,日本\n😀\n", &[&["äö", "日本"], &["😀"]]),
    ] {
        let table = plain(input);
        assert_eq!(cells(&table), expected, "{input:?}");
        assert_eq!(table.row_count(), expected.len() as u64, "{input:?}");
        assert_eq!(table.width(), expected.iter().map(|row| row.len()).max().unwrap_or(0), "{input:?}");
        check_ranges(&table, input.len());
        for encoding in [Encoding::Utf16Le, Encoding::Utf16Be] {
            let bytes = encoded(input, encoding);
            let wide = open(&bytes, Dialect { encoding, ..dialect(b',', false) });
            assert_eq!(cells(&wide), expected, "{encoding} {input:?}");
            check_ranges(&wide, bytes.len());
        }
    }
}

#[test]
fn a_byte_order_mark_at_the_start_is_no_text() {
    let table = open(b"\xEF\xBB\xBFa,b\n1,2\n", Dialect::default());
    assert_eq!(table.header().unwrap(), ["a", "b"]);
    assert_eq!(table.preamble().len.0, 3);
    check_ranges(&table, 11);
    // Even before a quote, where the crate alone would not see the quote as the first byte.
    let table = plain(b"\xEF\xBB\xBF\"a,b\"\n");
    assert_eq!(cells(&table), [["a,b"]]);
    let mut bytes = b"\xFF\xFE".to_vec();
    bytes.extend(encoded("ä;b\r\n\"x\r\ny\";😀\r\n", Encoding::Utf16Le));
    let (dialect, reason) = sniff(&buffer(&bytes), Format::Csv).unwrap();
    assert_eq!((dialect.encoding, dialect.delimiter), (Encoding::Utf16Le, b';'), "{reason}");
    let table = open(&bytes, dialect);
    assert_eq!(table.header().unwrap(), ["ä", "b"]);
    assert_eq!(cells(&table), [["x\r\ny", "😀"]]);
    check_ranges(&table, bytes.len());
}

#[test]
fn header_ragged_and_blank_rows_are_counted() {
    let table = open("name,age\n\nAnna,41\nBen\nCleo,3,x\n,\n", Dialect::default());
    assert_eq!(table.header().unwrap(), ["name", "age"]);
    assert_eq!((table.row_count(), table.ragged_rows(), table.blank_rows(), table.width()), (5, 2, 1, 3));
    let table = open("\n\r\nname\nx\n", Dialect::default());
    assert_eq!(table.header().unwrap(), ["name"]);
    assert_eq!((table.row_count(), table.preamble().len.0), (1, 3));
    check_ranges(&table, 10);
    let table = open("\n\n", Dialect::default());
    assert_eq!((table.header(), table.row_count()), (None, 0));
    check_ranges(&table, 2);
    // Without a header the first row that has cells is the measure.
    let table = plain("\na,b\nc\n");
    assert_eq!((table.ragged_rows(), table.blank_rows()), (1, 1));
    let table = Table::from_rows(Some(vec!["a".into()]), vec![vec![], vec!["1".into()], vec!["1".into(), "2".into()]]);
    assert_eq!((table.ragged_rows(), table.blank_rows(), table.width(), table.row_count()), (1, 1, 2, 3));
    assert_eq!(table.rows(2, 5).unwrap(), [Row { cells: vec!["1".into(), "2".into()], range: ByteRange::default() }]);
}

#[test]
fn text_of_other_encodings_is_decoded_cell_by_cell() {
    for (name, sample) in [
        ("cp1252", "Käse;€"),
        ("latin-1", "Käse;ß"),
        ("cp1251", "Жук;Як"),
        ("shift_jis", "表;ソ"),
        ("gb18030", "汉;字"),
        ("euc-kr", "가;힣"),
    ] {
        let encoding = Encoding::from_name(name).unwrap();
        let bytes = encoded(&format!("{sample}\r\n1;2\r\n"), encoding);
        let table = open(&bytes, Dialect { encoding, ..dialect(b';', false) });
        let expected: Vec<&str> = sample.split(';').collect();
        assert_eq!(table.rows(0, 1).unwrap()[0].cells, expected, "{name}");
        check_ranges(&table, bytes.len());
    }
    // 表 is 95 5C and ポ is 83 7C in Shift_JIS: the second byte of ポ is the bar.
    let encoding = Encoding::from_name("shift_jis").unwrap();
    let table = open(encoded("ポ|表\n", encoding), Dialect { encoding, ..dialect(b'|', false) });
    assert_eq!(cells(&table), [["ポ", "表"]]);
    let encoding = Encoding::from_name("iso-2022-jp").unwrap();
    let table = open(encoded("日本,語\nx,本\n", encoding), Dialect { encoding, ..dialect(b',', false) });
    assert_eq!(cells(&table), [["日本", "語"], ["x", "本"]]);
    // Bytes of two cells that would make a character together do not.
    assert_eq!(cells(&plain(b"\xC3,\xA9\n")), [["\u{FFFD}", "\u{FFFD}"]]);
}

#[test]
fn sniffing_finds_the_usual_dialects_and_says_why() {
    let people = |delimiter: &str, quote: &str| {
        let row = |cells: [&str; 3]| cells.map(|cell| format!("{quote}{cell}{quote}")).join(delimiter) + "\r\n";
        let mut text = row(["name", "age", "town"]);
        for (name, age, town) in [("Anna", "41", "Rome"), ("Ben", "7", "Bonn"), ("Cleo", "33", "Oslo"), ("Dan", "9", "Bern")] {
            text += &row([name, age, town]);
        }
        text
    };
    for (delimiter, name) in [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar")] {
        for quote in ["", "\"", "'"] {
            let (dialect, reason) = sniff(&buffer(people(delimiter, quote)), Format::Csv).unwrap();
            assert_eq!(dialect.delimiter, delimiter.as_bytes()[0], "{quote} {reason}");
            assert!(reason.contains(name) && reason.contains("Encoding UTF-8"), "{reason}");
            assert!(dialect.header, "{delimiter} {quote} {reason}");
            let expected = if quote == "'" { b'\'' } else { b'"' };
            assert_eq!(dialect.quote, Some(expected), "{delimiter} {quote} {reason}");
        }
    }
}

#[test]
fn sniffing_copes_with_odd_files() {
    let case = |text: &str, format| sniff(&buffer(text), format).unwrap();
    // Nothing, one column, words.
    for text in ["", "\n\n", " "] {
        let (dialect, reason) = case(text, Format::Csv);
        assert_eq!((dialect.delimiter, dialect.header), (b',', false), "{reason}");
    }
    for text in ["name\nAnna\nBen\n", "1\n2\n3\n", "just some words in a line\nand another line of words\n"] {
        let (dialect, reason) = case(text, Format::Csv);
        assert_eq!(dialect.delimiter, b',', "{text:?} {reason}");
    }
    // Named by the first line, or by the format.
    let (dialect, reason) = case("sep=;\r\na,x;b\r\n1,5;2\r\n", Format::Csv);
    assert_eq!(dialect.delimiter, b';');
    assert!(reason.contains("sep="), "{reason}");
    let table = open("sep=;\r\na,x;b\r\n1,5;2\r\n", dialect);
    assert_eq!(
        (table.header().unwrap(), cells(&table)),
        (&["a,x".to_string(), "b".into()][..], vec![vec!["1,5".to_string(), "2".into()]])
    );
    assert_eq!(table.preamble().len.0, 7);
    assert_eq!(losses(&table, Format::Csv, &Options::default()).len(), 1);
    let (dialect, _) = case("a,b,c\td\n1,2,3\t4\n", Format::Tsv);
    assert_eq!(dialect.delimiter, b'\t');
    // No header: numbers in the first row, or the same words again.
    assert!(!case("1,2\n3,4\n5,6\n", Format::Csv).0.header);
    assert!(!case("Report\nname,age,town\nAnna,41,Rome\nBen,7,Bonn\nCleo,33,Oslo\n", Format::Csv).0.header);
    assert!(!case("yes,a\nno,b\nyes,c\nno,d\n", Format::Csv).0.header);
    assert!(!case("only,one,row\n", Format::Csv).0.header);
    // An apostrophe in text is not a quote, an inch sign does not swallow the rest.
    let (dialect, reason) = case("name,note\nO'Neil,it's\nD'Arc,isn't\n", Format::Csv);
    assert_eq!(dialect.quote, Some(b'"'), "{reason}");
    let inches = "item,size,price\npipe,5\",3\nrod,\"7,4\nbar,8,5\nnut,9,6\nlid,9,6\n";
    let (dialect, reason) = case(inches, Format::Csv);
    assert_eq!((dialect.quote, dialect.delimiter), (None, b','), "{reason}");
    assert_eq!(open(inches, dialect).row_count(), 5);
    // windows-1252
    let mut bytes = b"Name;Stra\xDFe\r\n".to_vec();
    for _ in 0..5 {
        bytes.extend_from_slice(b"M\xFCller;K\xF6nigsstra\xDFe f\xFCr Gr\xFC\xDFe\r\n");
    }
    let (dialect, reason) = sniff(&buffer(&bytes), Format::Csv).unwrap();
    assert_eq!((dialect.encoding.name(), dialect.delimiter), ("windows-1252", b';'), "{reason}");
    assert_eq!(open(&bytes, dialect).header().unwrap()[1], "Straße");
}

#[test]
fn the_report_of_several_sections_is_read_whole() {
    let report = "Daily Report,2026-04-25\r\n\r\nORDERS\r\nid,customer,total\r\n1,Anna,10.00\r\n2,Ben,20.50\r\n\r\nRETURNS\r\nid,reason\r\n1,broken\r\n\r\nSUMMARY\r\nOrders,2\r\n";
    let (dialect, reason) = sniff(&buffer(report), Format::Csv).unwrap();
    assert_eq!(dialect.delimiter, b',', "{reason}");
    let table = open(report, Dialect { header: false, ..dialect });
    assert_eq!((table.row_count(), table.blank_rows(), table.width()), (13, 3, 3));
    check_ranges(&table, report.len());
    assert_eq!(text(&table, Format::Csv), report, "blank rows and all come out as they went in");
}

#[test]
fn rows_anywhere_in_a_big_table_are_those_of_a_plain_parse() {
    let mut random = fastrand::Rng::with_seed(3);
    let mut data = String::from("id,name,note\n");
    for n in 0..200_000 {
        match n % 1000 {
            7 => data.push_str(&format!("{n},\"a \"\"name\"\"\",\"two\nlines, {n}\"\n")),
            8 => data.push_str(&format!("{n}\r\n")),
            9 => data.push_str(&format!("{n},ä,€,extra\r")),
            _ => data.push_str(&format!("{n:06},name {n},x\n")),
        }
    }
    let table = open(&data, Dialect::default());
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(data.as_bytes());
    let mut positions = Vec::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).unwrap() {
        positions.push(record.iter().map(String::from).collect::<Vec<_>>());
    }
    assert_eq!(table.row_count(), positions.len() as u64);
    assert_eq!((table.ragged_rows(), table.width()), (400, 4));
    for _ in 0..60 {
        let at = random.usize(..positions.len());
        let count = random.usize(1..50);
        let rows = table.rows(at as u64, count).unwrap();
        let end = (at + count).min(positions.len());
        assert!(rows.iter().map(|row| &row.cells).eq(&positions[at..end]), "rows from {at}");
        for (number, row) in rows.iter().enumerate() {
            let inside = Offset(row.range.start.0 + random.u64(..row.range.len.0));
            assert_eq!(table.row_at(inside).unwrap(), Some((at + number) as u64));
        }
    }
    assert_eq!(table.row_at(Offset(3)).unwrap(), None, "in the header");
    assert_eq!(table.row_at(Offset(data.len() as u64)).unwrap(), None);
    assert_eq!(table.rows(table.row_count(), 1).unwrap(), []);
    assert_eq!(table.rows(table.row_count() - 1, 10).unwrap().len(), 1);
}

#[test]
fn line_ends_and_quotes_across_the_blocks_that_are_read_stay_whole() {
    for tail in ["\r\nlast", "\r\n\r\nlast", "\"\"x\",y\r\nlast", "\r\rlast"] {
        for start in 65_530..65_540_usize {
            let mut data = if tail.starts_with('"') { "\"".to_string() } else { String::new() };
            data.push_str(&"x".repeat(start));
            data.push_str(tail);
            for encoding in [Encoding::Utf8, Encoding::Utf16Le] {
                let bytes = encoded(&data, encoding);
                let table = open(&bytes, Dialect { encoding, ..dialect(b',', false) });
                let blank = usize::from(tail.starts_with("\r\n\r") || tail.starts_with("\r\r"));
                assert_eq!(table.row_count(), 2 + blank as u64, "{tail:?} at {start}");
                assert_eq!(cells(&table).last().unwrap(), &["last"]);
                check_ranges(&table, bytes.len());
            }
        }
    }
}

#[test]
fn bombs_stay_small() {
    // One very wide row, then very many narrow ones: an index a row would be gigabytes.
    let mut data = "c,".repeat(99_999);
    data.push_str("c\n");
    data.push_str(&"1\n".repeat(100_000));
    let table = open(&data, dialect(b',', false));
    assert_eq!((table.row_count(), table.width(), table.ragged_rows()), (100_001, 100_000, 100_000));
    let rows = table.rows(0, 3).unwrap();
    assert_eq!((rows[0].cells.len(), rows[1].cells.len()), (Table::SHOWN_COLUMNS, 1));
    assert!(rows[0].is_cut() && !rows[1].is_cut());
    assert_eq!(table.rows(100_000, 1).unwrap()[0].cells, ["1"]);

    // One field of 10 MB between small rows: cut for a view, whole when written.
    let mut data = b"a,b\n1,\"".to_vec();
    data.resize(10_000_000, b'x');
    data.extend_from_slice(b"\"\n2,y\n");
    let table = open(&data, Dialect::default());
    let rows = table.rows(0, 10).unwrap();
    assert_eq!(rows.len(), 2);
    assert!(rows[0].is_cut());
    assert!(rows[0].cells[1].len() as u64 <= Table::SHOWN_ROW_BYTES + 65_536, "{}", rows[0].cells[1].len());
    assert_eq!(rows[1].cells, ["2", "y"]);
    assert_eq!(rows[0].range.end(), rows[1].range.start);
    assert_eq!(table.row_at(Offset(9_000_000)).unwrap(), Some(0));
    assert_eq!(table.row_at(Offset(10_000_003)).unwrap(), Some(1));
    let out = written(&table, Format::Tsv, &Options::default());
    assert_eq!(out.len(), "a\tb\r\n1\t\r\n2\ty\r\n".len() + 10_000_000 - 7);

    // A quote that is never closed.
    let mut data = b"a,b\n\"".to_vec();
    data.resize(5_000_000, b'\n');
    let table = open(&data, Dialect::default());
    assert_eq!(table.row_count(), 1);
    assert!(table.rows(0, 1).unwrap()[0].is_cut());
}

#[test]
fn csv_is_written_as_python_s_writer_does() {
    let rows: Vec<Vec<String>> = [
        &["plain", "with,comma", "with \"quote\"", "two\nlines", "cr\rhere"][..],
        &[""],
        &["", ""],
        &[],
        &[" space ", "'", "007", "=1+1", "tab\there", "ä€😀"],
        &["#x"],
    ]
    .iter()
    .map(|row| row.iter().map(ToString::to_string).collect())
    .collect();
    let table = Table::from_rows(Some(vec!["h1".into(), "h,2".into()]), rows.clone());
    let expected = "h1,\"h,2\"\r\nplain,\"with,comma\",\"with \"\"quote\"\"\",\"two\nlines\",\"cr\rhere\"\r\n\"\"\r\n,\r\n\r\n space ,',007,=1+1,tab\there,ä€😀\r\n#x\r\n";
    assert_eq!(text(&table, Format::Csv), expected);
    assert_eq!(cells(&open(expected, Dialect::default())), rows, "and read again");
    let mut options = Options::default();
    options.table.newline = Some(NewlineStyle::Lf);
    options.table.delimiter = Some(b';');
    let out = String::from_utf8(written(&table, Format::Csv, &options)).unwrap();
    assert!(out.starts_with("h1;h,2\nplain;with,comma;"), "{out}");
    assert_eq!(text(&Table::from_rows(None, vec![vec!["a\tb".into(), "c,d".into()]]), Format::Tsv), "\"a\tb\"\tc,d\r\n");
    for bad in [b'"', b'\n', 0xFF] {
        options.table.delimiter = Some(bad);
        let error = table.write(Format::Csv, &options, &mut Vec::new(), &Progress::new()).unwrap_err();
        assert!(matches!(error, FormatError::Option(_)), "{error}");
    }
    assert!(table.write(Format::Png, &Options::default(), &mut Vec::new(), &Progress::new()).is_err());
}

#[test]
fn written_encodings_are_right_and_losses_are_told() {
    let table = Table::from_rows(None, vec![vec!["Käse".into(), "日本".into()], vec![]]);
    let mut options = Options::default();
    options.text.encoding = Encoding::from_name("cp1252").unwrap();
    assert_eq!(written(&table, Format::Csv, &options), b"K\xE4se,??\r\n\r\n");
    let told = losses(&table, Format::Csv, &options);
    assert_eq!(told, ["2 characters cannot be written in windows-1252 and become \"?\"; the first is 日 (U+65E5), character 6"]);
    options.text.encoding = Encoding::Utf16Le;
    options.text.bom = true;
    assert_eq!(written(&table, Format::Tsv, &options), encoded("\u{FEFF}Käse\t日本\r\n\r\n", Encoding::Utf16Le));
    // The same encoding: bytes that mean nothing go through as they are, header included.
    let table = open(b"h\xFF,x\n\xFE,\"a\"\n", Dialect::default());
    assert_eq!(written(&table, Format::Csv, &Options::default()), b"h\xFF,x\r\n\xFE,a\r\n");
    assert!(losses(&table, Format::Csv, &Options::default()).is_empty());
    assert_eq!(losses(&table, Format::Json, &Options::default()), ["1 byte sequence cannot be decoded and becomes U+FFFD"]);
    let table = open(b"K\xE4se\n", Dialect { encoding: Encoding::Latin1, ..dialect(b',', false) });
    assert_eq!(text(&table, Format::Csv), "Käse\r\n");
}

#[test]
fn damaged_and_cut_input_makes_no_panic_and_loses_no_byte() {
    let mut random = fastrand::Rng::with_seed(21);
    let seed = b"\xEF\xBB\xBFsep=;\r\nid;name\r\n1;\"a;\"\"b\"\"\r\nc\"\r\n\r\n2;\xE4\xF6;x\n'q';\0\r3";
    let encodings = Encoding::all();
    for round in 0..1500 {
        let mut bytes = seed[..random.usize(..=seed.len())].to_vec();
        for _ in 0..random.usize(..6) {
            if !bytes.is_empty() {
                let at = random.usize(..bytes.len());
                bytes[at] = if random.bool() { random.u8(..) } else { b"\",;\r\n\0"[random.usize(..6)] };
            }
        }
        if round % 10 == 0 {
            let (guess, _) = sniff(&buffer(&bytes), if round % 20 == 0 { Format::Csv } else { Format::Tsv }).unwrap();
            check_ranges(&open(&bytes, guess), bytes.len());
        }
        let encoding = encodings[round % encodings.len()];
        let quote = [Some(b'"'), Some(b'\''), None][round % 3];
        let table = open(&bytes, Dialect { delimiter: b';', quote, header: round % 2 == 0, encoding });
        if encoding.name() != "ISO-2022-JP" {
            check_ranges(&table, bytes.len());
        }
        assert_eq!(table.rows(0, usize::MAX).unwrap().len() as u64, table.row_count());
        for format in [Format::Csv, Format::Json, Format::JsonLines] {
            let out = written(&table, format, &Options::default());
            if format == Format::Json {
                assert!(serde_json::from_slice::<serde_json::Value>(&out).is_ok());
            }
        }
    }
}

#[test]
fn cancelling_stops_every_pass() {
    let data = "a,b\n".repeat(5000);
    let table = plain(&data);
    let progress = Progress::new();
    progress.cancel();
    let cancelled = |result: Result<(), FormatError>| assert!(matches!(result, Err(FormatError::Cancelled(_))), "{result:?}");
    cancelled(Table::open(&buffer(&data), Dialect::default(), &progress).map(drop));
    cancelled(table.write(Format::Csv, &Options::default(), &mut Vec::new(), &progress));
    cancelled(json::write_table(&table, Format::Json, &Options::default(), &mut Vec::new(), &progress));
    let lines = "[1]\n".repeat(100_000);
    cancelled(json::read_table(&buffer(&lines), Format::JsonLines, &progress).map(drop));
    cancelled(json::reformat(&buffer(&lines), Format::JsonLines, Format::Json, &Options::default(), &mut Vec::new(), &progress));
}

#[test]
fn an_output_that_fails_is_a_write_error() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let table = plain("a,b\n");
    let failed = |result: Result<(), FormatError>| assert!(matches!(result, Err(FormatError::Write(_))), "{result:?}");
    failed(table.write(Format::Csv, &Options::default(), &mut Full, &Progress::new()));
    failed(json::write_table(&table, Format::Json, &Options::default(), &mut Full, &Progress::new()));
    failed(json::reformat(&buffer("[1]"), Format::Json, Format::Json, &Options::default(), &mut Full, &Progress::new()));
}

#[test]
fn a_cell_larger_than_every_buffer_is_quoted_whole() {
    let quoted = format!("\"{}\"", "x,\"\"y\"\"\n".repeat(900_000));
    let table = open(format!("a,b\n1,{quoted}\n"), dialect(b',', true));
    assert!(text(&table, Format::Tsv) == format!("a\tb\r\n1\t{quoted}\r\n"));
}

#[test]
fn rows_and_written_files_are_those_of_python_s_csv() {
    let mut random = fastrand::Rng::with_seed(33);
    let pieces = ["a", "ä", "\"", "\"\"", ",", "\n", "\r\n", "\r", " ", "x,y", "1", "'", "\t", ";"];
    let mut files: Vec<String> = Vec::new();
    for _ in 0..1500 {
        let mut file = String::new();
        for _ in 0..random.usize(..14) {
            file.push_str(pieces[random.usize(..pieces.len())]);
        }
        files.push(file);
    }
    let script = "
import sys, json, csv, io
for line in sys.stdin:
    rows = list(csv.reader(io.StringIO(json.loads(line), newline='')))
    out = io.StringIO(newline='')
    csv.writer(out).writerows(rows)
    print(json.dumps([rows, out.getvalue()]))
";
    let input: String = files.iter().map(|file| serde_json::to_string(file).unwrap() + "\n").collect();
    let Some(output) = python(script, input.as_bytes()) else { return };
    let output = String::from_utf8(output).unwrap();
    assert_eq!(output.lines().count(), files.len());
    for (file, line) in files.iter().zip(output.lines()) {
        let (rows, out): (Vec<Vec<String>>, String) = serde_json::from_str(line).unwrap();
        let table = plain(file);
        assert_eq!(cells(&table), rows, "{file:?}");
        assert_eq!(text(&table, Format::Csv), out, "{file:?}");
        check_ranges(&table, file.len());
    }
}
