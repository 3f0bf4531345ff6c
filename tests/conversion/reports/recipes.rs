//! What recipes can say, and what is answered to those that say something else.

use seektell::buffer::Buffer;
use seektell::formats::report::BuildError;
use seektell::formats::{Format, Options, convert};
use seektell::tasks::Progress;

use super::{build, csv, try_build, write};

const ORDERS: &[u8] =
    b"id,amount,city,Full Name\r\n1,0.10,Oslo,Ann A\r\n2,0.20,Paris,Bob B\r\n3,,Oslo,\r\n4,n/a,Oslo,\"C, D\"\r\n";

fn orders(sections: &str) -> String {
    csv(&build(sections, &[("orders", "orders.csv", ORDERS)]))
}

#[test]
fn columns_filters_and_totals() {
    assert_eq!(
        orders(
            r#"{"table": {"source": "orders", "where": "city = 'Oslo' and amount != ''", "columns":
                ["Full Name", {"name": "Twice", "value": "{amount * 2:.1f}"}, {"name": "Who", "value": "{who}: {upper(orders.city)}"}],
                "totals": [["{count()} rows", "{sum(amount)}", "{sum(orders.amount)}"]]}}"#
        ),
        "Full Name,Twice,Who\r\nAnn A,0.2,Zoë: OSLO\r\n\"C, D\",,Zoë: OSLO\r\n2 rows,0.10,0.30\r\n"
    );
    assert_eq!(
        orders(
            r#"{"summary": {"rows": {"n": "{count(orders)}", "filled": "{count(orders.amount)}", "oslo": "{count(orders where city = 'Oslo')}",
            "mean": "{mean(orders.amount):.3f}", "least": "{min(orders.amount)}", "most": "{max(orders.amount)}",
            "named": "{count(orders.`Full Name`)}", "rest": "{sum(orders.amount) - 0.3}", "none": "{mean(orders.amount where id > 100)}"}}}"#
        ),
        "n,4\r\nfilled,3\r\noslo,3\r\nmean,0.150\r\nleast,0.10\r\nmost,0.20\r\nnamed,3\r\nrest,0.00\r\nnone,\r\n"
    );
    assert_eq!(
        orders(
            r#"{"table": {"source": "orders", "first": 2, "without_header": true, "columns": ["id"], "totals": [["{sum(id)}"]]}}"#
        ),
        "1\r\n2\r\n3\r\n",
        "the totals are of the rows that are shown"
    );
    assert_eq!(
        orders(r#"{"text": "a{{b}}\n\nc \"d\", e"}, {"blank": 2}, {"title": ""}"#),
        "a{b}\r\n\r\n\"c \"\"d\"\", e\"\r\n\r\n\r\n\"\"\r\n"
    );
}

#[test]
fn what_is_no_number_is_counted() {
    let report = build(r#"{"text": "{sum(orders.amount)}"}"#, &[("orders", "orders.csv", ORDERS)]);
    let losses: Vec<_> = report.losses.iter().map(|loss| loss.what.as_str()).collect();
    assert_eq!(losses, ["1 value of orders should be a number and is none; sums leave it out, texts keep it as it is"]);
}

#[test]
fn errors_say_what_there_is() {
    for (sections, part) in [
        (r#"{"title": "x"}, {"title": "{date}"}"#, "section 2: there is no value \"date\" (there are who)"),
        (
            r#"{"table": {"source": "orders", "columns": ["Id"]}}"#,
            "\"orders\" has no column \"Id\"; there are \"id\", \"amount\"",
        ),
        (r#"{"text": "{orders.amount}"}"#, "stands for many cells; write sum(orders.amount)"),
        (r#"{"text": "{sum(amount)}"}"#, "say of which source"),
        (r#"{"text": "{sum(sum(orders.amount))}"}"#, "say of which source"),
        (r#"{"text": "{sum(orders.amount * other.x)}"}"#, "of one source"),
        (r#"{"text": "{1 +}"}"#, "ends too early"),
        (r#"{"text": "{1"}"#, "is not closed"),
        (r#"{"picture": {"source": "orders"}}"#, "is no picture but CSV table"),
    ] {
        let error = try_build(sections, &[("orders", "orders.csv", ORDERS)]).unwrap_err();
        assert!(matches!(error, BuildError::Section { .. }), "{error:?}");
        assert!(error.to_string().contains(part), "{sections}: {error}");
    }
    let broken = try_build(r#"{"table": {"source": "book"}}"#, &[("book", "book.xlsx", b"PK\x03\x04 no workbook")]).unwrap_err();
    assert!(broken.to_string().ends_with(": book.xlsx"), "{broken}");
}

#[test]
fn sources_of_every_kind_of_table() {
    let json = br#"[{"a": 1.50, "b": "x"}, {"a": 2, "b": "y"}]"#;
    let list = b"one\ntwo\n";
    let report = build(
        r#"{"table": {"source": "j", "columns": ["b", "a"], "totals": [["", "{sum(a)}"]]}}, {"table": {"source": "t", "without_header": true}}, {"text": {"source": "t"}}"#,
        &[("j", "j.json", json), ("t", "t.txt", list)],
    );
    assert_eq!(csv(&report), "b,a\r\nx,1.50\r\ny,2\r\n,3.50\r\ntwo\r\none\r\ntwo\r\n");
}

const HOSTILE: &[u8] =
    b"name,note\n<script>alert(1)</script>,\"a & b\"\"'\"\n=HYPERLINK(\"http://x\"),</td></table><img src=x onerror=y>\n\x00\x1b[31m,{who}\n";

#[test]
fn nothing_in_a_cell_becomes_html() {
    let report = build(
        r#"{"title": "<b>{who} & \"co\"</b>"}, {"text": "</p><script>"}, {"summary": {"rows": {"<i>": "<u>"}}}, {"table": {"source": "h", "title": "</h2>"}}"#,
        &[("h", "h.csv", HOSTILE)],
    );
    let html = String::from_utf8(write(&report, Format::Html).0).unwrap();
    for tag in ["<script", "<b>", "<img", "<i>", "<u>", "onerror=y>", "href", "http-equiv", "\u{1b}", "\0"] {
        assert!(!html.contains(tag), "{tag}: {html}");
    }
    for text in
        ["&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;b&gt;Zoë &amp; &quot;co&quot;&lt;/b&gt;", "a &amp; b&quot;&#39;", "{who}"]
    {
        assert!(html.contains(text), "{text}: {html}");
    }
    assert_eq!(html.matches("<table>").count(), html.matches("</table>").count());
    assert!(html.starts_with("<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">"));
}

#[test]
fn a_picture_stands_in_html_as_data() {
    let mut png = Vec::new();
    image::RgbaImage::from_fn(7, 5, |x, y| image::Rgba([x as u8, y as u8, 0, 200]))
        .write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png)
        .unwrap();
    let mut bmp = Vec::new();
    image::RgbImage::new(4, 4).write_to(&mut std::io::Cursor::new(&mut bmp), image::ImageFormat::Bmp).unwrap();
    let report = build(
        r#"{"picture": {"source": "p", "caption": "<p>"}}, {"picture": {"source": "b"}}"#,
        &[("p", "p.png", &png), ("b", "b.bmp", &bmp)],
    );
    let html = String::from_utf8(write(&report, Format::Html).0).unwrap();
    let urls: Vec<&str> = html.split("src=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(urls.len(), 2);
    let back = |url: &str, to| {
        let mut out = Vec::new();
        let input = Buffer::from(url.as_bytes().to_vec());
        convert(&input, Format::DataUrl, to, &Options::default(), &mut out, &Progress::new()).unwrap();
        out
    };
    assert_eq!(back(urls[0], Format::Bytes), png, "a PNG goes in as it is");
    assert!(back(urls[1], Format::Bytes).starts_with(b"\x89PNG"), "what browsers do not show becomes one");
    let (text, written) = write(&report, Format::Csv);
    assert_eq!(text, b"<p>\r\n");
    assert_eq!(written.losses[0].what, "2 pictures are left out, because CSV has none: p.png, b.bmp");
    write(&report, Format::Xlsx);
}

fn sheet(bytes: &[u8], name: &str) -> String {
    let mut options = Options::default();
    options.table.sheet = Some(name.to_owned());
    options.table.input_header = Some(false);
    let mut out = Vec::new();
    convert(&Buffer::from(bytes.to_vec()), Format::Xlsx, Format::Csv, &options, &mut out, &Progress::new()).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn workbooks_are_read_back() {
    let sections = r#"{"title": "T"}, {"blank": 1}, {"table": {"source": "orders", "columns": ["id", "amount", "Full Name"]}}, {"summary": {"rows": {"f": "=1+1"}}}"#;
    let report = build(sections, &[("orders", "orders.csv", ORDERS)]);
    let (bytes, _) = write(&report, Format::Xlsx);
    let read = sheet(&bytes, "Report");
    let rows: Vec<&str> = read.lines().map(|row| row.trim_end_matches(',')).collect();
    assert_eq!(rows, ["T", "", "id,amount,Full Name", "1,0.10,Ann A", "2,0.20,Bob B", "3", "4,n/a,\"C, D\"", "f,=1+1"]);
}

#[test]
fn a_sheet_for_each_table() {
    let text = r#"{"sheet_each": true, "sources": {"orders": "orders.csv"}, "sections": [{"title": "One"}, {"table": {"source": "orders", "columns": ["id"]}},
        {"table": {"source": "orders", "title": "a/b", "columns": ["city"]}}, {"text": "end"}]}"#;
    let recipe = seektell::formats::report::Recipe::parse(text).unwrap();
    let contents = super::sources(&[("orders", "orders.csv", ORDERS)]);
    let report = recipe.build(&contents, &indexmap::IndexMap::new(), &Progress::new()).unwrap();
    let (bytes, _) = write(&report, Format::Xlsx);
    assert_eq!(sheet(&bytes, "orders").replace("\r\n", "|"), "One|id|1|2|3|4|");
    assert!(sheet(&bytes, "a b").starts_with("a/b\r\ncity\r\nOslo"));
    assert_eq!(sheet(&bytes, "Report"), "end\r\n");
}
