//! What the mission names, each as a check of its own; with CPython beside it where it is installed.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use std::io::Write;
use std::process::{Command, Stdio};

use seektell::buffer::Buffer;
use seektell::document::{Document, Operation, Origin};
use seektell::formats::archive::{Archive, Kind, pack};
use seektell::formats::picture::ops::Resize;
use seektell::formats::picture::{self, Operations, Picture};
use seektell::formats::text::{Encoding, NewlineStyle};
use seektell::formats::{
    Extras, Format, JsonOptions, Limits, Options, PictureOptions, TableOptions, TextOptions, convert, detect, losses, table,
};
use seektell::tasks::Progress;

/// What Python prints for a script that reads `input`; `None`, with the reason printed, where something is not installed.
fn python(needs: &str, script: &str, input: &[u8]) -> Option<Vec<u8>> {
    let there = Command::new("python3").args(["-c", &format!("import {needs}")]).stderr(Stdio::null()).status();
    if !there.is_ok_and(|status| status.success()) {
        println!("skipped: python3 with {needs} is not installed");
        return None;
    }
    let mut child = Command::new("python3").args(["-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::Builder::new().name("oracle".into()).spawn(move || stdin.write_all(&input)).unwrap();
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().ok();
    assert!(output.status.success(), "{script}");
    Some(output.stdout)
}

fn go(input: &[u8], from: Format, to: Format, options: &Options) -> Vec<u8> {
    let mut out = Vec::new();
    convert(&input.into(), from, to, options, &mut out, &Progress::new()).unwrap();
    out
}

#[test]
fn csv_reader_over_a_text_stream_is_a_table() {
    let text = b"id,name,city\r\n1,Ann,\"Berlin, DE\"\r\n2,Bob\r\n3,Cy,Rome,extra\r\n";
    let opened = table::read(&text[..].into(), Format::Csv, &TableOptions::default(), &Progress::new()).unwrap();
    let table = opened.table;
    assert_eq!(table.header().unwrap(), ["id", "name", "city"]);
    let rows: Vec<Vec<String>> = table.rows(0, 9).unwrap().into_iter().map(|row| row.cells).collect();
    assert_eq!(rows[0], ["1", "Ann", "Berlin, DE"]);
    assert_eq!(rows[1], ["2", "Bob"], "a short row stays short; as records the cell is null");
    assert_eq!(rows[2], ["3", "Cy", "Rome", "extra"], "extra cells are kept");
    let json = go(text, Format::Csv, Format::Json, &Options::default());
    let script = "import csv,io,json,sys\ntext=sys.stdin.buffer.read().decode()\n\
                  rows=list(csv.DictReader(io.StringIO(text,newline=''),restkey='_extra'))\n\
                  sys.stdout.write(json.dumps(rows,separators=(',',':')))";
    if let Some(expected) = python("csv", script, text) {
        assert_eq!(String::from_utf8(json).unwrap(), String::from_utf8(expected).unwrap());
    }
}

#[test]
fn dict_writer_chooses_fields_and_their_order() {
    let records = br#"[{"id":"1","name":"Ann","secret":"x"},{"name":"B, b","id":"2"}]"#;
    let table = TableOptions {
        fields: Some(vec!["name".into(), "id".into(), "note".into()]),
        extras: Extras::Ignore,
        missing: Some("-".into()),
        ..TableOptions::default()
    };
    let options = Options { table, ..Options::default() };
    let written = go(records, Format::Json, Format::Csv, &options);
    assert_eq!(String::from_utf8_lossy(&written), "name,id,note\r\nAnn,1,-\r\n\"B, b\",2,-\r\n");
    let script = "import csv,io,json,sys\nout=io.StringIO()\n\
                  w=csv.DictWriter(out,fieldnames=['name','id','note'],extrasaction='ignore',restval='-')\n\
                  w.writeheader()\nw.writerows(json.load(sys.stdin))\nsys.stdout.buffer.write(out.getvalue().encode())";
    if let Some(expected) = python("csv", script, records) {
        assert_eq!(written, expected);
    }
    // Unknown keys are dropped only on request.
    let strict = Options { table: TableOptions { extras: Extras::Raise, ..options.table.clone() }, ..Options::default() };
    let mut out = Vec::new();
    let refused = convert(&records[..].into(), Format::Json, Format::Csv, &strict, &mut out, &Progress::new());
    assert!(refused.unwrap_err().to_string().contains("secret"));
}

#[test]
fn getvalue_encode_gives_pythons_bytes() {
    let text = "name,city\r\nZoë,Köln\r\nØrsted,Århus\r\n";
    for (encoding, bom, name) in [
        (Encoding::Utf8, false, "utf-8"),
        (Encoding::Utf8, true, "utf-8-sig"),
        (Encoding::Latin1, false, "latin-1"),
        (Encoding::Utf16Le, true, "utf-16"),
        (Encoding::Utf16Le, false, "utf-16-le"),
        (Encoding::Utf16Be, false, "utf-16-be"),
    ] {
        let options = Options { text: TextOptions { encoding, bom, ..TextOptions::default() }, ..Options::default() };
        let written = go(text.as_bytes(), Format::Csv, Format::Csv, &options);
        let script = format!("import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read().decode().encode('{name}'))");
        if let Some(expected) = python("sys", &script, text.as_bytes()) {
            assert_eq!(written, expected, "{name}");
        }
    }
}

fn cornflower() -> Picture {
    Picture::from_rgba8(Format::Png, image::RgbaImage::from_pixel(800, 600, image::Rgba([100, 149, 237, 255])))
}

fn encoded(picture: &Picture, format: Format, options: &PictureOptions) -> Vec<u8> {
    let mut out = Vec::new();
    picture::encode(picture, format, options, &mut out, &Progress::new()).unwrap();
    out
}

fn resized(resize: Resize) -> Options {
    let operations = Operations { resize: Some(resize), ..Operations::default() };
    Options { picture: PictureOptions { operations, quality: 85, ..PictureOptions::default() }, ..Options::default() }
}

#[test]
fn a_thumbnail_in_memory_is_200_by_150() {
    let png = encoded(&cornflower(), Format::Png, &PictureOptions::default());
    let thumbnail = resized(Resize::Thumbnail { width: 200, height: 150 });
    let jpeg = go(&png, Format::Png, Format::Jpeg, &thumbnail);
    let info = picture::probe(&jpeg.as_slice().into(), Format::Jpeg).unwrap();
    assert_eq!((info.width, info.height), (200, 150));
    let again = picture::decode(&jpeg.as_slice().into(), Format::Jpeg, Limits::default(), &Progress::new()).unwrap();
    let [r, g, b] = again.image.to_rgb8().get_pixel(100, 75).0;
    assert!(r.abs_diff(100) < 4 && g.abs_diff(149) < 4 && b.abs_diff(237) < 4, "{r} {g} {b}");
    assert!(jpeg.len() < 4231, "one colour takes little: {}", jpeg.len());
    // A thumbnail never enlarges.
    let small = go(&jpeg, Format::Jpeg, Format::Png, &resized(Resize::Thumbnail { width: 900, height: 900 }));
    let info = picture::probe(&small.into(), Format::Png).unwrap();
    assert_eq!((info.width, info.height), (200, 150));
    let script = "import io,sys\nfrom PIL import Image\nim=Image.open(io.BytesIO(sys.stdin.buffer.read()))\n\
                  im.load()\nprint(im.format,im.size,im.mode)";
    if let Some(said) = python("PIL", script, &jpeg) {
        assert_eq!(String::from_utf8(said).unwrap().trim(), "JPEG (200, 150) RGB");
    }
}

#[test]
fn a_picture_is_resized_to_a_stream_of_either_format() {
    let png = encoded(&cornflower(), Format::Png, &PictureOptions::default());
    for (width, height, to) in [(300, 200, Format::Jpeg), (150, 100, Format::Png), (300, 200, Format::Png)] {
        let made = go(&png, Format::Png, to, &resized(Resize::Exact { width, height }));
        let info = picture::probe(&made.as_slice().into(), to).unwrap();
        assert_eq!((info.width, info.height), (width, height));
        let script = "import io,sys\nfrom PIL import Image\nprint(*Image.open(io.BytesIO(sys.stdin.buffer.read())).size)";
        if let Some(said) = python("PIL", script, &made) {
            assert_eq!(String::from_utf8(said).unwrap().trim(), format!("{width} {height}"));
        }
    }
}

#[test]
fn grey_goes_through_a_data_url_and_stays_grey() {
    let mut grey = Picture::from_rgba8(Format::Png, image::RgbaImage::new(1, 1));
    grey.image = image::GrayImage::from_fn(64, 64, |x, y| image::Luma([(x * 4 + y) as u8])).into();
    let png = encoded(&grey, Format::Png, &PictureOptions::default());
    let url = go(&png, Format::Png, Format::DataUrl, &Options::default());
    assert!(url.starts_with(b"data:image/png;base64,"));
    let back = go(&url, Format::DataUrl, Format::Bytes, &Options::default());
    assert_eq!(back, png);
    let again = picture::decode(&back.as_slice().into(), Format::Png, Limits::default(), &Progress::new()).unwrap();
    assert_eq!(again.image.color(), image::ColorType::L8);
    assert_eq!(again.image.to_luma8(), grey.image.to_luma8());
    let script = "import base64,io,sys\nfrom PIL import Image\nurl=sys.stdin.read()\n\
                  im=Image.open(io.BytesIO(base64.b64decode(url.split(',',1)[1])))\nprint(im.mode,im.size)";
    if let Some(said) = python("PIL", script, &url) {
        assert_eq!(String::from_utf8(said).unwrap().trim(), "L (64, 64)");
    }
}

#[test]
fn a_report_of_sections_is_a_table_with_rows_of_every_length() {
    let report = "Sales Report,2026-04-25\r\n\r\nOrders\r\nOrder ID,Customer,Amount\r\n1,Ann,10.50\r\n2,\"Bob, Inc\",7\r\n\r\n\
                  Returns\r\nOrder ID,Reason\r\n1,broken\r\n\r\nSUMMARY\r\nTotal orders,2\r\n";
    let options = TableOptions {
        input: Some(table::Dialect { header: false, ..table::sniff(&report.as_bytes().into(), Format::Csv).unwrap().0 }),
        ..TableOptions::default()
    };
    let opened = table::read(&report.as_bytes().into(), Format::Csv, &options, &Progress::new()).unwrap().table;
    assert_eq!((opened.row_count(), opened.width(), opened.blank_rows()), (13, 3, 3));
    let rows = opened.rows(0, 20).unwrap();
    assert_eq!(rows[5].cells, ["2", "Bob, Inc", "7"]);
    let written = go(report.as_bytes(), Format::Csv, Format::Csv, &Options { table: options, ..Options::default() });
    assert_eq!(String::from_utf8(written).unwrap(), report, "nothing of it is lost on the way through");
    let script = "import csv,io,sys\nout=io.StringIO()\n\
                  csv.writer(out).writerows(csv.reader(io.StringIO(sys.stdin.buffer.read().decode(),newline='')))\n\
                  sys.stdout.buffer.write(out.getvalue().encode())";
    if let Some(expected) = python("csv", script, report.as_bytes()) {
        assert_eq!(expected, report.as_bytes());
    }
}

#[test]
fn many_streams_become_one_zip_in_memory() {
    let documents =
        [("report.csv".to_owned(), Buffer::from(b"a,b\r\n1,2\r\n")), ("summary.json".to_owned(), Buffer::from(br#"{"n": 1}"#))];
    let mut zip = Vec::new();
    pack(&documents, Kind::Zip, 6, &mut zip, &Progress::new()).unwrap();
    let archive = Archive::open(&zip.as_slice().into(), &Progress::new()).unwrap();
    for (member, (name, content)) in archive.members().iter().zip(&documents) {
        assert_eq!(&member.name, name);
        let read = archive.read(member, 1 << 20, &Progress::new()).unwrap();
        assert_eq!(read.to_vec_all().unwrap(), content.to_vec_all().unwrap());
    }
    let script = "import io,sys,zipfile\nz=zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read()))\nassert z.testzip() is None\n\
                  print([(i.filename,i.compress_type==zipfile.ZIP_DEFLATED,z.read(i)) for i in z.infolist()])";
    if let Some(said) = python("zipfile", script, &zip) {
        let expected = r#"[('report.csv', True, b'a,b\r\n1,2\r\n'), ('summary.json', True, b'{"n": 1}')]"#;
        assert_eq!(String::from_utf8(said).unwrap().trim(), expected);
    }
}

#[test]
fn json_is_indented_and_minified_with_its_numbers_untouched() {
    let text = br#"{"b":1.10,"a":[1e400,-0,"\u00e9"],"when":"2026-04-25"}"#;
    let options = Options { json: JsonOptions { indent: Some(2), ..JsonOptions::default() }, ..Options::default() };
    let pretty = go(text, Format::Json, Format::Json, &options);
    let back = go(&pretty, Format::Json, Format::Json, &Options::default());
    assert_eq!(String::from_utf8(back).unwrap(), String::from_utf8_lossy(text));
    // Where Python keeps the numbers, too, the layouts are the same.
    let plain = br#"{"b": 1, "a": [1, 2, {"x": null}], "e": {}, "f": []}"#;
    let pretty = go(plain, Format::Json, Format::Json, &options);
    let script = "import json,sys\nsys.stdout.write(json.dumps(json.load(sys.stdin),indent=2))";
    if let Some(expected) = python("json", script, plain) {
        assert_eq!(String::from_utf8(pretty).unwrap().trim_end(), String::from_utf8(expected).unwrap());
    }
}

#[test]
fn csv_becomes_a_workbook_and_comes_back_with_no_file_on_the_way() {
    let text = b"id,code,amount\r\n1,007,10.50\r\n2,159001810629457000,-3\r\n";
    let book = go(text, Format::Csv, Format::Xlsx, &Options::default());
    let back = go(&book, Format::Xlsx, Format::Csv, &Options::default());
    assert_eq!(back, text, "codes and long numbers are as they were");
    let script = "import io,sys,openpyxl\nws=openpyxl.load_workbook(io.BytesIO(sys.stdin.buffer.read())).active\n\
                  print([[str(c) for c in r] for r in ws.iter_rows(values_only=True)])";
    if let Some(said) = python("openpyxl", script, &book) {
        let said = String::from_utf8(said).unwrap();
        assert!(said.contains("'007'") && said.contains("'159001810629457000'") && said.contains("'10.50'"), "{said}");
    }
}

#[cfg(feature = "columnar")]
#[test]
fn tables_go_through_columns_in_memory() {
    let text = b"id,name\r\n1,Ann\r\n2,\"B, b\"\r\n";
    for to in [Format::Parquet, Format::Arrow] {
        let columns = go(text, Format::Csv, to, &Options::default());
        assert_eq!(go(&columns, to, Format::Csv, &Options::default()), text, "{to}");
        let read = if to == Format::Parquet {
            "import pyarrow.parquet as p\nt=p.read_table(b)"
        } else {
            "import pyarrow.ipc as p\nt=p.open_file(b).read_all()"
        };
        let script = format!("import sys,pyarrow\nb=pyarrow.BufferReader(sys.stdin.buffer.read())\n{read}\nprint(t.to_pydict())");
        if let Some(said) = python("pyarrow", &script, &columns) {
            let said = String::from_utf8(said).unwrap();
            assert_eq!(said.trim(), "{'id': ['1', '2'], 'name': ['Ann', 'B, b']}", "{to}");
        }
    }
}

#[test]
fn bytes_and_text_go_into_each_other_with_encoding_and_line_ends() {
    let bytes = "Grüße\r\nzwei\rdrei\n".as_bytes();
    for (newline, name) in [(NewlineStyle::Lf, "\\n"), (NewlineStyle::CrLf, "\\r\\n"), (NewlineStyle::Cr, "\\r")] {
        let text = TextOptions { encoding: Encoding::Latin1, newline: Some(newline), input: Some(Encoding::Utf8), bom: false };
        let written = go(bytes, Format::Text, Format::Text, &Options { text, ..Options::default() });
        let script = format!(
            "import io,sys\nt=io.TextIOWrapper(io.BytesIO(sys.stdin.buffer.read()),encoding='utf-8',newline=None).read()\n\
             out=io.BytesIO()\nw=io.TextIOWrapper(out,encoding='latin-1',newline='{name}')\nw.write(t)\nw.flush()\n\
             sys.stdout.buffer.write(out.getvalue())"
        );
        if let Some(expected) = python("io", &script, bytes) {
            assert_eq!(written, expected, "{name}");
        }
    }
}

#[test]
fn conversions_of_large_streams_go_chunk_by_chunk() {
    // 4 GiB of zeros, of which no more than chunks are ever in memory: a hole costs nothing, and the result is only counted.
    struct Counted(u64, usize);
    impl Write for Counted {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len() as u64;
            self.1 = self.1.max(bytes.len());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let len = if cfg!(debug_assertions) { 64 << 20 } else { 4_u64 << 30 };
    let hole = Buffer::filled(0, seektell::buffer::Len(len));
    for (to, size) in [(Format::Bytes, len), (Format::HexText, 2 * len), (Format::Base64, len.div_ceil(3) * 4)] {
        let mut out = Counted(0, 0);
        convert(&hole, Format::Bytes, to, &Options::default(), &mut out, &Progress::new()).unwrap();
        assert_eq!(out.0, size, "{to}");
        assert!(out.1 <= 4 << 20, "{to}: pieces of {} bytes", out.1);
    }
}

#[test]
fn previews_and_exports_never_move_the_cursor() {
    let mut document = Document::bytes("a", Origin::New, b"id,name\r\n1,Ann\r\n".to_vec());
    document.perform(Operation::seek(5)).unwrap();
    let snapshot = document.snapshot();
    assert_eq!(detect(&snapshot, Some("a.csv")).unwrap().format, Format::Csv);
    table::read(&snapshot, Format::Csv, &TableOptions::default(), &Progress::new()).unwrap();
    let mut out = Vec::new();
    convert(&snapshot, Format::Csv, Format::Json, &Options::default(), &mut out, &Progress::new()).unwrap();
    document.perform(Operation::GetValue).unwrap();
    assert_eq!(document.position(), 5);
    // What was written is behind the cursor: reading gives nothing until it is moved back.
    let mut fresh = Document::bytes("b", Origin::New, Vec::new());
    fresh.perform(Operation::Write(Buffer::from(b"data").into())).unwrap();
    assert_eq!(fresh.perform(Operation::Read(None)).unwrap().repr(), "b''");
    fresh.perform(Operation::seek(0)).unwrap();
    assert_eq!(fresh.perform(Operation::Read(None)).unwrap().repr(), "b'data'");
}

#[test]
fn hex_and_literals_stand_for_bytes() {
    let hello = b"Hello\xff\n";
    for (text, from) in [
        (&b"48656c6c6fff0a"[..], Format::HexText),
        (b"48 65 6C 6C 6F FF 0A", Format::HexText),
        (br"b'\x48\x65\x6c\x6c\x6f\xff\n'", Format::Literal),
    ] {
        let dump = seektell::formats::DumpOptions {
            style: (from == Format::Literal).then_some(seektell::formats::literal::Style::Python),
            ..Default::default()
        };
        assert_eq!(go(text, from, Format::Bytes, &Options { dump, ..Options::default() }), hello, "{text:?}");
    }
    let written = go(hello, Format::Bytes, Format::HexText, &Options::default());
    if let Some(expected) = python("sys", "import sys\nsys.stdout.write(sys.stdin.buffer.read().hex())", hello) {
        assert_eq!(written.trim_ascii_end(), expected);
    }
}

#[test]
fn data_goes_to_standard_output_and_words_to_standard_error() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.csv"), "id\r\n1\r\n").unwrap();
    let seektell = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_seektell")).args(arguments).current_dir(folder.path()).output().unwrap()
    };
    let done = seektell(&["convert", "a.csv", "--to", "json", "-o", "-"]);
    assert_eq!((done.stdout.as_slice(), done.stderr.as_slice()), (br#"[{"id":"1"}]"#.as_slice(), b"".as_slice()));
    let done = seektell(&["convert", "missing.csv", "--to", "json", "-o", "-"]);
    assert!(done.stdout.is_empty() && done.stderr.starts_with(b"seektell: "));
    if cfg!(unix) {
        let done = seektell(&["capture", "--to", "json", "--", "printf", "a,b\\r\\n1,2\\r\\n"]);
        assert_eq!(String::from_utf8_lossy(&done.stdout), r#"[{"a":"1","b":"2"}]"#);
        let done = seektell(&["capture", "--", "/bin/sh", "-c", "echo out; echo err >&2; exit 3"]);
        assert_eq!((done.stdout.as_slice(), done.status.code()), (b"out\n".as_slice(), Some(1)));
        assert_eq!(String::from_utf8_lossy(&done.stderr), "err\nseektell: sh: exit status 3\n");
    }
}

#[test]
fn every_encoding_counts_what_it_cannot_write_before_anything_is_written() {
    // Letters of many scripts, one of each; an emoji stands twice.
    let text = "aé€ñßøžĞЖЩאبกあ漢한Ω\u{1F600}\u{1F600}";
    for encoding in Encoding::all() {
        let options = Options { text: TextOptions { encoding, ..TextOptions::default() }, ..Options::default() };
        let input: Buffer = text.as_bytes().into();
        let told = losses(&input, Format::Text, Format::Text, &options, &Progress::new()).unwrap();
        let mut out = Vec::new();
        let done = convert(&input, Format::Text, Format::Text, &options, &mut out, &Progress::new()).unwrap();
        assert_eq!(told, done.losses, "{encoding}: what was told before is what happened");
        // What comes back with a question mark could not be written.
        let back = seektell::formats::text::decode_lossy(&out, encoding);
        let lost = back.chars().filter(|&character| character == '?').count();
        match told.as_slice() {
            [] => assert_eq!((lost, back.as_str()), (0, text), "{encoding}"),
            [loss] => {
                let number: usize = loss.what.split_whitespace().next().unwrap().replace(',', "").parse().unwrap();
                assert_eq!(number, lost, "{encoding}: {}", loss.what);
                assert!(loss.what.contains(encoding.name()), "{encoding}: {}", loss.what);
            }
            more => panic!("{encoding}: {more:?}"),
        }
    }
}

#[test]
fn base64_is_read_strictly_with_the_place_of_an_error_or_forgivingly_with_a_count() {
    let read = |text: &str, partial: bool| {
        let dump = seektell::formats::DumpOptions { partial, ..Default::default() };
        let mut out = Vec::new();
        let options = Options { dump, ..Options::default() };
        let done = convert(&text.as_bytes().into(), Format::Base64, Format::Bytes, &options, &mut out, &Progress::new());
        done.map(|done| (out, done.losses.into_iter().map(|loss| loss.what).collect::<Vec<_>>()))
            .map_err(|error| error.to_string())
    };
    for text in ["aGVsbG8gd29ybGQ=", "aGVsbG8gd29ybGQ", "aGVs\r\nbG8g\r\nd29y\nbGQ=\n", "aGVs bG8gd29y\tbGQ"] {
        for partial in [false, true] {
            assert_eq!(read(text, partial).unwrap(), (b"hello world".to_vec(), vec![]), "{text:?}");
        }
    }
    assert_eq!(read("_-8", false).unwrap().0, read("/+8=", false).unwrap().0);
    for (text, at) in [("aGVs!bG8", "00000004"), ("aGVsbG8==", "00000008"), ("aGVsbG9", "00000006"), ("aGVsb", "00000004")] {
        let error = read(text, false).unwrap_err();
        assert!(error.contains(at), "{text}: {error}");
    }
    let (bytes, told) = read("> aGVs\n> bG8=\n", true).unwrap();
    assert_eq!(bytes, b"hello");
    assert_eq!(told, ["2 characters are no base64 and were passed over; the first is at offset 0"]);
    assert_eq!(
        read("aGVsb", true).unwrap(),
        (b"hel".to_vec(), vec!["The last character is half a byte and was left out".to_owned()])
    );
    assert_eq!(read("aGk=aGk=", true).unwrap().0, b"hihi", "a text behind a text");
    let script = "import base64,sys\nsys.stdout.buffer.write(base64.b64decode(sys.stdin.buffer.read()))";
    let text = "aG!Vs#bG8=";
    if let Some(expected) = python("base64", script, text.as_bytes()) {
        assert_eq!(read(text, true).unwrap().0, expected, "as Python's default does");
    }
}
