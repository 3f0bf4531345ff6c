//! PDF: every object is where the table says, every stream opens, and the text comes back.

use std::collections::HashMap;
use std::io::Read as _;

use flate2::read::ZlibDecoder;

use seektell::formats::Format;

use super::{build, write};
use crate::oracle::oracle;

/// A file taken apart by its own tables.
struct Parsed {
    /// The bytes of each object behind `obj`, by number.
    objects: HashMap<u32, Vec<u8>>,
    trailer: String,
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// The number behind a key of a dictionary.
fn number(dictionary: &str, key: &str) -> Option<u32> {
    let rest = dictionary.split(&format!("/{key} ")).nth(1)?;
    rest.split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
}

impl Parsed {
    fn new(bytes: &[u8]) -> Self {
        assert!(bytes.starts_with(b"%PDF-1.7\n"));
        assert!(bytes.ends_with(b"%%EOF\n"));
        let tail = String::from_utf8_lossy(&bytes[bytes.len() - 200..]).into_owned();
        let start: usize = tail.split("startxref\n").nth(1).unwrap().lines().next().unwrap().parse().unwrap();
        let table = String::from_utf8(bytes[start..].to_vec()).unwrap();
        let mut lines = table.lines();
        assert_eq!(lines.next(), Some("xref"));
        let count: usize = lines.next().unwrap().strip_prefix("0 ").unwrap().parse().unwrap();
        let entries: Vec<&str> = lines.by_ref().take(count).collect();
        assert!(entries.iter().all(|entry| entry.len() == 19), "an entry and its line end are 20 bytes");
        let mut objects = HashMap::new();
        for (id, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.contains(" n")) {
            let at: usize = entry[..10].parse().unwrap();
            let head = format!("{id} 0 obj\n");
            assert!(bytes[at..].starts_with(head.as_bytes()), "object {id} is at {at}");
            let body = &bytes[at + head.len()..];
            // Streams may hold anything, so their length says where they end.
            let dictionary_end = find(body, b"endobj").unwrap();
            let end = match find(&body[..dictionary_end], b"stream\n") {
                Some(stream) => {
                    let length = number(&String::from_utf8_lossy(&body[..stream]), "Length").unwrap() as usize;
                    assert!(body[stream + 7 + length..].starts_with(b"\nendstream"), "object {id}");
                    stream + 7 + length + find(&body[stream + 7 + length..], b"endobj").unwrap()
                }
                None => dictionary_end,
            };
            objects.insert(id as u32, body[..end].to_vec());
        }
        let trailer = table.split("trailer").nth(1).unwrap().to_owned();
        assert_eq!(number(&trailer, "Size"), Some(count as u32));
        Self { objects, trailer }
    }

    fn text(&self, id: u32) -> String {
        let body = &self.objects[&id];
        let end = find(body, b"stream\n").unwrap_or(body.len());
        String::from_utf8_lossy(&body[..end]).into_owned()
    }

    /// The content of a stream, unpacked where it is packed.
    fn stream(&self, id: u32) -> Vec<u8> {
        let body = &self.objects[&id];
        let start = find(body, b"stream\n").unwrap() + 7;
        let dictionary = self.text(id);
        let raw = &body[start..start + number(&dictionary, "Length").unwrap() as usize];
        if !dictionary.contains("/FlateDecode") {
            return raw.to_vec();
        }
        let mut unpacked = Vec::new();
        ZlibDecoder::new(raw).read_to_end(&mut unpacked).unwrap_or_else(|error| panic!("object {id}: {error}"));
        unpacked
    }

    fn with(&self, what: &str) -> Vec<u32> {
        let mut found: Vec<u32> = self.objects.keys().copied().filter(|id| self.text(*id).contains(what)).collect();
        found.sort_unstable();
        found
    }

    /// The pages, in the order of the tree.
    fn pages(&self) -> Vec<u32> {
        let root = number(&self.text(number(&self.trailer, "Root").unwrap()), "Pages").unwrap();
        let mut pages = Vec::new();
        let mut waiting = vec![root];
        while let Some(id) = waiting.pop() {
            let text = self.text(id);
            match text.split("/Kids [").nth(1) {
                None => pages.push(id),
                Some(kids) => {
                    let kids: Vec<u32> =
                        kids.split(']').next().unwrap().split(" 0 R").filter_map(|kid| kid.trim().parse().ok()).collect();
                    for kid in &kids {
                        assert_eq!(number(&self.text(*kid), "Parent"), Some(id));
                    }
                    waiting.extend(kids.into_iter().rev());
                }
            }
        }
        let count = number(&self.text(root), "Count").unwrap() as usize;
        assert_eq!(count, pages.len());
        pages
    }

    /// What each font's glyphs mean, by the font's object.
    fn unicode(&self, font: u32) -> HashMap<u16, String> {
        let map = self.stream(number(&self.text(font), "ToUnicode").unwrap());
        let map = String::from_utf8(map).unwrap();
        let mut meanings = HashMap::new();
        for block in map.split("beginbfchar\n").skip(1) {
            for line in block.split("endbfchar").next().unwrap().lines() {
                let hex: Vec<&str> = line.split(['<', '>']).filter(|part| !part.trim().is_empty()).collect();
                let units: Vec<u16> = hex[1]
                    .as_bytes()
                    .chunks(4)
                    .map(|unit| u16::from_str_radix(std::str::from_utf8(unit).unwrap(), 16).unwrap())
                    .collect();
                meanings.insert(u16::from_str_radix(hex[0], 16).unwrap(), String::from_utf16(&units).unwrap());
            }
        }
        meanings
    }

    /// The lines of text on a page: what is between `BT` and `ET`.
    fn lines(&self, page: u32) -> Vec<String> {
        let dictionary = self.text(page);
        let fonts = dictionary.split("/Font <<").nth(1).unwrap().split(">>").next().unwrap();
        let fonts: HashMap<String, HashMap<u16, String>> = fonts
            .split('/')
            .filter_map(|font| {
                let (name, id) = font.trim().split_once(' ')?;
                Some((name.to_owned(), self.unicode(id.split(' ').next()?.parse().ok()?)))
            })
            .collect();
        let content = self.stream(number(&dictionary, "Contents").unwrap());
        let mut lines = Vec::new();
        let mut font = None;
        let mut rest = &content[..];
        let mut last = None;
        while let Some(first) = rest.first() {
            match first {
                b'(' | b'<' => {
                    let (bytes, after) = string(rest);
                    let meanings: &HashMap<u16, String> = &fonts[font.as_ref().unwrap()];
                    let text: String =
                        bytes.chunks(2).map(|glyph| meanings[&u16::from_be_bytes([glyph[0], glyph[1]])].as_str()).collect();
                    lines.last_mut().map(|line: &mut String| line.push_str(&text)).unwrap();
                    rest = after;
                }
                b'/' => {
                    let end = rest.iter().position(u8::is_ascii_whitespace).unwrap();
                    last = Some(String::from_utf8(rest[1..end].to_vec()).unwrap());
                    rest = &rest[end..];
                }
                _ => {
                    if rest.starts_with(b"BT") {
                        lines.push(String::new());
                    }
                    if rest.starts_with(b"Tf") {
                        font = last.take();
                    }
                    rest = &rest[1..];
                }
            }
        }
        lines
    }
}

/// A string of a content stream, and what stands behind it.
fn string(text: &[u8]) -> (Vec<u8>, &[u8]) {
    if text[0] == b'<' {
        let end = find(text, b">").unwrap();
        let digits = std::str::from_utf8(&text[1..end]).unwrap();
        let bytes = (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap());
        return (bytes.collect(), &text[end + 1..]);
    }
    let (mut bytes, mut at, mut depth) = (Vec::new(), 1, 0);
    loop {
        match text[at] {
            b'\\' => {
                at += 1;
                bytes.push(match text[at] {
                    b'0'..=b'7' => {
                        at += 2;
                        u8::from_str_radix(std::str::from_utf8(&text[at - 2..=at]).unwrap(), 8).unwrap()
                    }
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'b' => 8,
                    b'f' => 12,
                    other => other,
                });
            }
            b')' if depth == 0 => return (bytes, &text[at + 1..]),
            byte => {
                depth += i32::from(byte == b'(') - i32::from(byte == b')');
                bytes.push(byte);
            }
        }
        at += 1;
    }
}

#[test]
fn the_text_comes_back_through_the_fonts() {
    let table = "name,amount\nŁukasz Ångström,1.50\nΕλένη,2\nОльга,-3\nc → d,4\n";
    let report = build(
        r#"{"title": "Zoë’s “report” (1)"}, {"text": "One line of text.\nAnother\twith a tab."}, {"table": {"source": "t", "totals": [["Sum", "{sum(amount)}"]]}}"#,
        &[("t", "t.csv", table.as_bytes())],
    );
    let (bytes, written) = write(&report, Format::Pdf);
    assert!(written.losses.is_empty(), "{:?}", written.losses);
    let parsed = Parsed::new(&bytes);
    let pages = parsed.pages();
    assert_eq!(pages.len(), 1);
    let lines = parsed.lines(pages[0]);
    for expected in [
        "Zoë’s “report” (1)",
        "One line of text.",
        "Another    with a tab.",
        "name",
        "Łukasz Ångström",
        "1.50",
        "Ελένη",
        "Ольга",
        "c → d",
        "Sum",
        "4.50",
        "Page 1",
    ] {
        assert!(lines.iter().any(|line| line == expected), "{expected}: {lines:?}");
    }
    // The faces: some with curves of one kind, some of the other, and nothing but what was used.
    assert!(
        parsed.with("/CIDFontType0C").len() == 1 && parsed.with("/FontFile2").len() == 1,
        "Latin is in the first face, Greek in another"
    );
    assert!(bytes.len() < 60_000, "{} bytes", bytes.len());
    for id in parsed.with("/Filter") {
        parsed.stream(id);
    }
    // Nothing but text: no links, scripts, forms or files.
    for key in ["/URI", "/JavaScript", "/JS", "/Launch", "/AcroForm", "/EmbeddedFile", "/OpenAction", "/Annots"] {
        assert!(parsed.with(key).is_empty(), "{key}");
    }
}

#[test]
fn long_tables_repeat_their_header_and_every_page_is_in_the_tree() {
    let mut table = String::from("number,word\n");
    (0..9_000).for_each(|row| table.push_str(&format!("{row},w{row}\n")));
    let report = build(r#"{"table": {"source": "t"}}"#, &[("t", "t.csv", table.as_bytes())]);
    let (bytes, written) = write(&report, Format::Pdf);
    let parsed = Parsed::new(&bytes);
    let pages = parsed.pages();
    assert_eq!(pages.len() as u64, written.pages.unwrap());
    assert!(pages.len() > 130, "more than one level of the tree: {}", pages.len());
    let mut rows = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        let lines = parsed.lines(*page);
        assert_eq!(lines[..2], ["number", "word"], "page {index}");
        assert_eq!(lines.last().unwrap(), &format!("Page {}", index + 1));
        rows.extend(lines.iter().filter(|line| line.starts_with('w') && *line != "word").cloned());
    }
    assert_eq!(rows.len(), 9_000);
    assert!(rows.iter().enumerate().all(|(row, word)| *word == format!("w{row}")), "each row once, in order");
}

#[test]
fn pictures_keep_their_pixels() {
    let picture =
        image::RgbaImage::from_fn(20, 10, |x, y| image::Rgba([x as u8 * 10, y as u8 * 20, 7, if x < 10 { 255 } else { 100 }]));
    let (mut png, mut jpeg) = (Vec::new(), Vec::new());
    picture.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
    image::DynamicImage::from(picture.clone())
        .to_rgb8()
        .write_to(&mut std::io::Cursor::new(&mut jpeg), image::ImageFormat::Jpeg)
        .unwrap();
    let report = build(
        r#"{"picture": {"source": "p", "caption": "Below"}}, {"picture": {"source": "j", "width": 400}}"#,
        &[("p", "p.png", &png), ("j", "j.jpg", &jpeg)],
    );
    let (bytes, _) = write(&report, Format::Pdf);
    let parsed = Parsed::new(&bytes);
    let images = parsed.with("/Subtype /Image");
    assert_eq!(images.len(), 3, "two pictures and one mask");
    let one = |what: &str| parsed.stream(*images.iter().find(|id| parsed.text(**id).contains(what)).unwrap());
    assert_eq!(one("/DCTDecode"), jpeg, "a JPEG goes in as it is");
    assert_eq!(one("/SMask"), image::DynamicImage::from(picture.clone()).to_rgb8().into_raw());
    let alphas: Vec<u8> = picture.pixels().map(|pixel| pixel.0[3]).collect();
    assert_eq!(one("/DeviceGray"), alphas);
    // No wider than the page.
    let page = parsed.pages()[0];
    let content = String::from_utf8_lossy(&parsed.stream(number(&parsed.text(page), "Contents").unwrap())).into_owned();
    let widths: Vec<f32> =
        content.split(" cm").filter_map(|part| part.split('\n').next_back()?.split(' ').next()?.parse().ok()).collect();
    assert!(widths.iter().all(|width| *width < 595.3 - 2.0 * 51.0), "{widths:?}");
}

#[test]
fn what_has_no_glyph_is_told() {
    let report = build(r#"{"title": "漢字 and more"}"#, &[]);
    let (bytes, written) = write(&report, Format::Pdf);
    Parsed::new(&bytes);
    assert_eq!(written.losses.len(), 1);
    assert!(
        written.losses[0].what.starts_with("4 characters have no glyph") || written.losses[0].what.starts_with("2 characters"),
        "{:?}",
        written.losses
    );
}

#[test]
fn odd_sections_make_pages() {
    let long = format!("h\n\"{}\"\n", "word\n".repeat(3_000));
    for (sections, at_least) in [
        ("", 1),
        (r#"{"text": ""}, {"blank": 900}, {"title": ""}"#, 1),
        (r#"{"table": {"source": "t"}}"#, 30),
        (r#"{"summary": {"rows": {}}}, {"summary": {"title": "x", "rows": {"a": "{who}"}}}"#, 1),
        (r#"{"table": {"source": "t", "where": "h = 'never'"}}"#, 1),
    ] {
        let report = build(sections, &[("t", "t.csv", long.as_bytes())]);
        let (bytes, written) = write(&report, Format::Pdf);
        assert!(written.pages.unwrap() >= at_least, "{sections}: {:?}", written.pages);
        assert_eq!(Parsed::new(&bytes).pages().len() as u64, written.pages.unwrap());
    }
}

#[test]
fn qpdf_finds_nothing_wrong() {
    let report = build(r#"{"title": "T"}, {"text": "Łódź"}, {"table": {"source": "t"}}"#, &[("t", "t.csv", b"a,b\n1,2\n")]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.pdf");
    std::fs::write(&path, write(&report, Format::Pdf).0).unwrap();
    // A failure of the program fails the test.
    oracle("qpdf", &["--check", path.to_str().unwrap()], b"");
}
