//! What the mission names, each as a check of its own; with CPython beside it where it is installed.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use std::io::Write;
use std::process::{Command, Stdio};

use seektell::buffer::Buffer;
use seektell::document::{Document, Operation, Origin};
use seektell::formats::archive::{Archive, Kind, pack};
use seektell::formats::picture::{self, Operations, Picture};
use seektell::formats::text::{Encoding, NewlineStyle};
use seektell::formats::{
    Extras, Format, JsonOptions, Limits, Options, PictureOptions, TableOptions, TextOptions, convert, detect, table,
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
    let rows: Vec<Vec<String>> = table.rows(0, 9).unwrap().into_iter().map(|row| row.cells.to_vec()).collect();
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

#[test]
fn a_thumbnail_in_memory_is_200_by_150() {
    let png = encoded(&cornflower(), Format::Png, &PictureOptions::default());
    let operations = Operations::parse(&["thumbnail=200x200"]).unwrap_or_else(|_| thumbnail(200, 200));
    let picture = PictureOptions { operations, quality: 85, ..PictureOptions::default() };
    let jpeg = go(&png, Format::Png, Format::Jpeg, &Options { picture, ..Options::default() });
    let info = picture::probe(&jpeg.as_slice().into(), Format::Jpeg).unwrap();
    assert_eq!((info.width, info.height), (200, 150));
    let again = picture::decode(&jpeg.as_slice().into(), Format::Jpeg, Limits::default(), &Progress::new()).unwrap();
    let [r, g, b] = again.image.to_rgb8().get_pixel(100, 75).0;
    assert!(r.abs_diff(100) < 4 && g.abs_diff(149) < 4 && b.abs_diff(237) < 4, "{r} {g} {b}");
    let script = "import io,sys\nfrom PIL import Image\nim=Image.open(io.BytesIO(sys.stdin.buffer.read()))\n\
                  im.load()\nprint(im.format,im.size,im.mode)";
    if let Some(said) = python("PIL", script, &jpeg) {
        assert_eq!(String::from_utf8(said).unwrap().trim(), "JPEG (200, 150) RGB");
    }
}
