//! What tables become: chosen columns, quoting, Markdown, HTML and SQL.

// Helpers of tests may unwrap as the tests themselves may.
#![allow(clippy::unwrap_used)]

use std::process::Command;

use seektell::buffer::Buffer;
use seektell::formats::table;
use seektell::formats::text::NewlineStyle;
use seektell::formats::{Extras, Format, FormatError, Options, Quoting, TableOptions, convert, detect, losses, targets};
use seektell::tasks::Progress;

fn go(input: &str, from: Format, to: Format, options: &Options) -> Result<(String, Vec<String>), FormatError> {
    let mut out = Vec::new();
    let buffer = Buffer::from(input.as_bytes());
    let done = convert(&buffer, from, to, options, &mut out, &Progress::new())?;
    assert_eq!(losses(&buffer, from, to, options, &Progress::new())?, done.losses, "told before as after");
    Ok((String::from_utf8(out).unwrap(), done.losses.into_iter().map(|loss| loss.what).collect()))
}

fn chosen(fields: &[&str], extras: Extras, missing: &str) -> Options {
    let fields = Some(fields.iter().map(|&field| field.to_owned()).collect());
    let missing = Some(missing.to_owned());
    Options { table: TableOptions { fields, extras, missing, ..TableOptions::default() }, ..Options::default() }
}

const RECORDS: &str = "{\"id\":1,\"name\":\"Ada\",\"secret\":\"x\"}\n{\"id\":\"2\",\"price\":1.50}\n";

#[test]
fn fields_are_chosen_and_ordered_as_dict_writer_does() {
    let (csv, told) =
        go(RECORDS, Format::JsonLines, Format::Csv, &chosen(&["price", "name", "id"], Extras::Ignore, "-")).unwrap();
    assert_eq!(csv, "price,name,id\r\n-,Ada,1\r\n1.50,-,2\r\n");
    assert!(told.contains(&"1 column is left out: \"secret\"".to_owned()), "{told:?}");

    let (csv, _) = go(RECORDS, Format::JsonLines, Format::Csv, &chosen(&["name"], Extras::Keep, "")).unwrap();
    assert_eq!(csv, "name,id,secret,price\r\nAda,1,x,\r\n,2,,1.50\r\n");

    let error = go(RECORDS, Format::JsonLines, Format::Csv, &chosen(&["id", "name"], Extras::Raise, "")).unwrap_err();
    assert!(matches!(&error, FormatError::Option(what) if what.contains("\"secret\", \"price\"")), "{error}");

    let (csv, told) = go("a,b\n1,2\n", Format::Csv, Format::Csv, &chosen(&["b", "c", "a"], Extras::Raise, "?")).unwrap();
    assert_eq!(csv, "b,c,a\r\n2,?,1\r\n");
    assert_eq!(told, ["The input has no column \"c\"; its cells are \"?\""]);
}

#[test]
fn short_rows_are_filled_and_long_ones_not_cut_in_silence() {
    let ragged = "a,b\n1\n\n1,2,3\n";
    let input = Some(table::Dialect::default());
    let filled =
        Options { table: TableOptions { input, missing: Some("NA".into()), ..TableOptions::default() }, ..Options::default() };
    let chosen = |fields: &[&str], extras, missing| {
        let mut options = chosen(fields, extras, missing);
        options.table.input = input;
        options
    };
    assert_eq!(go(ragged, Format::Csv, Format::Csv, &filled).unwrap().0, "a,b\r\n1,NA\r\n\r\n1,2,3\r\n");
    assert!(go(ragged, Format::Csv, Format::Csv, &chosen(&["b", "a"], Extras::Raise, "")).is_err());
    let (csv, told) = go(ragged, Format::Csv, Format::Csv, &chosen(&["b", "a"], Extras::Ignore, "NA")).unwrap();
    assert_eq!(csv, "b,a\r\nNA,1\r\n\r\n2,1\r\n");
    assert_eq!(told, ["1 row has more cells than the header; they are left out"]);
    assert_eq!(
        go(ragged, Format::Csv, Format::Csv, &chosen(&["b", "a"], Extras::Keep, "")).unwrap().0,
        "b,a\r\n,1\r\n\r\n2,1,3\r\n"
    );
}

#[test]
fn chosen_fields_reach_every_target_and_no_other_conversion() {
    let options = chosen(&["b"], Extras::Ignore, "");
    assert_eq!(go("a,b\n1,2\n", Format::Csv, Format::JsonLines, &options).unwrap().0, "{\"b\":\"2\"}\n");
    assert_eq!(go("a,b\n1,2\n", Format::Csv, Format::Markdown, &options).unwrap().0, "| b |\n| --- |\n| 2 |\n");
    assert!(matches!(go(RECORDS, Format::JsonLines, Format::Json, &options), Err(FormatError::Option(_))));
}

#[test]
fn cells_keep_their_encoding_on_the_way_through_a_choice() {
    let mut options = chosen(&["b", "ü"], Extras::Raise, "é");
    let latin = seektell::formats::options::parse_encoding("windows-1252").unwrap();
    options.table.input = Some(table::Dialect { encoding: latin, ..table::Dialect::default() });
    let mut out = Vec::new();
    convert(&Buffer::from(&b"\xFC,b\n\xE4\n"[..]), Format::Csv, Format::Csv, &options, &mut out, &Progress::new()).unwrap();
    assert_eq!(String::from_utf8(out).unwrap(), "b,ü\r\né,ä\r\n");
}

#[test]
fn the_header_can_be_left_out() {
    let options = Options { table: TableOptions { without_header: true, ..TableOptions::default() }, ..Options::default() };
    assert_eq!(go("a,b\n1,2\n", Format::Csv, Format::Tsv, &options).unwrap().0, "1\t2\r\n");
    assert_eq!(go("a,b\n1,2\n", Format::Csv, Format::Json, &options).unwrap().0, "[[\"1\",\"2\"]]");
}

#[test]
fn quoting_has_four_styles() {
    let quoted = |quoting, csv: &str| {
        let options = Options { table: TableOptions { quoting, ..TableOptions::default() }, ..Options::default() };
        go(csv, Format::Csv, Format::Csv, &options).map(|done| done.0)
    };
    let csv = "a,b\n1.5,\"x,y\"\n";
    assert_eq!(quoted(Quoting::Minimal, csv).unwrap(), "a,b\r\n1.5,\"x,y\"\r\n");
    assert_eq!(quoted(Quoting::All, csv).unwrap(), "\"a\",\"b\"\r\n\"1.5\",\"x,y\"\r\n");
    assert_eq!(quoted(Quoting::NonNumeric, csv).unwrap(), "\"a\",\"b\"\r\n1.5,\"x,y\"\r\n");
    assert!(matches!(quoted(Quoting::None, csv), Err(FormatError::Option(_))));
    assert_eq!(quoted(Quoting::None, "a,b\n1,2\n").unwrap(), "a,b\r\n1,2\r\n");
}

/// Python's own `csv`, where it is installed.
#[test]
fn python_writes_the_same_bytes() {
    let script = "import csv, io, json, sys\n\
        records = [json.loads(line) for line in sys.argv[1].splitlines()]\n\
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL):\n\
        \tfor end in ('\\r\\n', '\\n'):\n\
        \t\tout = io.StringIO(newline='')\n\
        \t\twriter = csv.DictWriter(out, ['c', 'a', 'x'], restval='-', extrasaction='ignore', quoting=quoting, lineterminator=end)\n\
        \t\twriter.writeheader()\n\
        \t\twriter.writerows(records)\n\
        \t\tsys.stdout.buffer.write(json.dumps(out.getvalue()).encode() + b'\\n')\n";
    let records = "{\"a\":\"1\",\"b\":\"2\",\"c\":\"q\\\"uo,te\"}\n{\"c\":\"line\\nbreak\"}\n{\"a\":\"\",\"b\":\"\"}\n";
    let Ok(python) = Command::new("python3").args(["-c", script, records]).output() else {
        println!("skipped: there is no python3 to compare with");
        return;
    };
    assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
    let mut expected = std::str::from_utf8(&python.stdout).unwrap().lines();
    for quoting in [Quoting::Minimal, Quoting::All] {
        for newline in [NewlineStyle::CrLf, NewlineStyle::Lf] {
            let mut options = chosen(&["c", "a", "x"], Extras::Ignore, "-");
            options.table.quoting = quoting;
            options.table.newline = Some(newline);
            let (csv, _) = go(records, Format::JsonLines, Format::Csv, &options).unwrap();
            assert_eq!(csv, serde_json::from_str::<String>(expected.next().unwrap()).unwrap());
        }
    }
}

#[test]
fn markdown_cells_are_text_and_nothing_else() {
    let csv = "name|x,note\n\"a|b\",*bold* `code` <b> & [l](u) snake_case _it_\n\"two\nlines\",https://example.org www.a.b me@a.b \\\nlong,1,2\n";
    let (markdown, told) = go(csv, Format::Csv, Format::Markdown, &Options::default()).unwrap();
    assert_eq!(
        markdown,
        "| name\\|x | note |  |\n| --- | --- | --- |\n\
         | a\\|b | \\*bold\\* \\`code\\` \\<b\\> \\& \\[l\\](u) snake_case \\_it\\_ |  |\n\
         | two<br>lines | https\\://example.org www\\.a.b me\\@a.b \\\\ |  |\n| long | 1 | 2 |\n"
    );
    assert_eq!(told, ["1 row of another width is filled with empty cells"]);
    assert_eq!(go("plain *text*\n", Format::Text, Format::Markdown, &Options::default()).unwrap().0, "plain *text*\n");
}

#[test]
fn html_is_escaped_and_whole_or_a_fragment() {
    let mut options = Options::default();
    options.table.table_name = Some("</title><script>".into());
    let csv = "a\n<script>alert(\"1\")</script>\n'&amp;\u{1}\n";
    let (page, _) = go(csv, Format::Csv, Format::Html, &options).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">"), "{page}");
    assert!(page.ends_with("</tbody>\n</table>\n</body>\n</html>\n"), "{page}");
    assert!(!page.contains("<script"), "{page}");
    options.table.fragment = true;
    options.table.table_name = None;
    assert_eq!(
        go(csv, Format::Csv, Format::Html, &options).unwrap().0,
        "<table>\n<thead>\n<tr><th>a</th></tr>\n</thead>\n<tbody>\n\
         <tr><td>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;</td></tr>\n<tr><td>&#39;&amp;amp;\u{FFFD}</td></tr>\n</tbody>\n</table>\n"
    );
}

#[test]
fn sql_quotes_names_and_texts() {
    let mut options = Options::default();
    let csv = "id,\"na\"\"me\",id\n007,O'Brien,\n1\n\n1,2,3,4\n";
    let (sql, told) = go(csv, Format::Csv, Format::Sql, &options).unwrap();
    let start = "INSERT INTO \"data\" (\"id\", \"na\"\"me\", \"id_2\", \"column_4\") VALUES ";
    assert_eq!(
        sql,
        format!("{start}('007', 'O''Brien', '', NULL);\n{start}('1', NULL, NULL, NULL);\n{start}('1', '2', '3', '4');\n")
    );
    assert_eq!(told, ["1 blank row is left out", "1 row has fewer cells than the header; the missing ones become NULL"]);
    options.table.create_table = true;
    options.table.empty_is_null = true;
    options.table.table_name = Some("my \"table\"".into());
    let (sql, _) = go("a,b\n1,\n", Format::Csv, Format::Sql, &options).unwrap();
    assert_eq!(
        sql,
        "CREATE TABLE \"my \"\"table\"\"\" (\n  \"a\" TEXT,\n  \"b\" TEXT\n);\n\
         INSERT INTO \"my \"\"table\"\"\" (\"a\", \"b\") VALUES ('1', NULL);\n"
    );
}

/// SQLite, by way of Python, reads what is written for it.
#[test]
fn a_database_reads_the_statements() {
    let mut options = Options::default();
    options.table.create_table = true;
    let table = "a,\"b\"\"c\"\n007,\"it's; DROP TABLE data; --\"\n\"x\ny\",\\\n";
    let (sql, _) = go(table, Format::Csv, Format::Sql, &options).unwrap();
    let script = "import json, sqlite3, sys\nbase = sqlite3.connect(':memory:')\nbase.executescript(sys.argv[1])\n\
                  print(json.dumps(base.execute('SELECT * FROM data').fetchall()))";
    match Command::new("python3").args(["-c", script, &sql]).output() {
        Ok(python) if python.status.success() => {
            let rows: Vec<Vec<String>> = serde_json::from_slice(&python.stdout).unwrap();
            assert_eq!(rows, [["007", "it's; DROP TABLE data; --"], ["x\ny", "\\"]]);
        }
        Ok(python) if String::from_utf8_lossy(&python.stderr).contains("ModuleNotFoundError") => {
            println!("skipped: this python3 has no sqlite3");
        }
        Ok(python) => panic!("{}", String::from_utf8_lossy(&python.stderr)),
        Err(_) => println!("skipped: there is no python3 to compare with"),
    }
}

/// The sections of the sales report: titles, tables, blank rows, in one file.
const SECTIONS: &str =
    "Orders\r\nid,item,total\r\n1,Tea,3.50\r\n\r\nReturns\r\nid,reason\r\n1,broken\r\n\r\nSUMMARY\r\nnet,3.50\r\n";

#[test]
fn a_report_in_sections_stays_as_ragged_as_it_is() {
    let opened = table::read(&SECTIONS.as_bytes().into(), Format::Csv, &TableOptions::default(), &Progress::new()).unwrap();
    assert_eq!(opened.table.width(), 3);
    assert_eq!(opened.table.blank_rows(), 2);
    assert!(opened.table.ragged_rows() > 0);
    assert_eq!(go(SECTIONS, Format::Csv, Format::Csv, &Options::default()).unwrap().0, SECTIONS);
    let mut book = Vec::new();
    convert(&SECTIONS.as_bytes().into(), Format::Csv, Format::Xlsx, &Options::default(), &mut book, &Progress::new()).unwrap();
    let mut back = Vec::new();
    convert(&book.into(), Format::Xlsx, Format::Csv, &Options::default(), &mut back, &Progress::new()).unwrap();
    assert_eq!(String::from_utf8(back).unwrap(), SECTIONS);
}

#[test]
fn dict_readers_rules_hold_in_json() {
    let mut options = Options::default();
    options.table.input = Some(table::Dialect::default());
    let (json, _) = go("a,b\n1\n1,2,3\n", Format::Csv, Format::JsonLines, &options).unwrap();
    assert_eq!(json, "{\"a\":\"1\",\"b\":null}\n{\"a\":\"1\",\"b\":\"2\",\"_extra\":[\"3\"]}\n");
}

#[test]
fn what_is_only_written_is_read_as_text() {
    for (name, text) in [("page.html", "<p>hello</p>\n"), ("a.md", "# Title\n"), ("b.sql", "SELECT 1;\n")] {
        let found = detect(&text.as_bytes().into(), Some(name)).unwrap();
        assert_eq!((found.format, found.mismatch), (Format::Text, None), "{name}");
    }
    for format in [Format::Markdown, Format::Html, Format::Sql] {
        assert!(targets(Format::Csv).contains(&format));
        assert!(!targets(Format::Png).contains(&format));
    }
}
