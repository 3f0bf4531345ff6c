//! Telling formats apart, bytes as text and back, and every way from one format to another.

#![allow(clippy::unwrap_used, reason = "what is broken here fails the test")]

use std::collections::BTreeSet;

use crate::oracle::oracle;
use seektell::buffer::{Buffer, Len, Offset};
use seektell::formats::dump::{self, Squeeze, parse_hex_loose, row_text};
use seektell::formats::{
    Conversion, DumpOptions, FORMATS, Format, FormatError, Kind, Options, convert, detect, losses, registry, targets,
};
use seektell::tasks::Progress;

const DUMPS: [Format; 6] = [Format::HexText, Format::HexDump, Format::IntelHex, Format::SRecord, Format::Base64, Format::DataUrl];

fn go(input: &[u8], from: Format, to: Format, options: &Options) -> Result<(Vec<u8>, Conversion), FormatError> {
    let mut out = Vec::new();
    let done = convert(&input.into(), from, to, options, &mut out, &Progress::new())?;
    assert_eq!(done.written, out.len() as u64, "{from} to {to} counts what it writes");
    Ok((out, done))
}

fn encode(input: &[u8], to: Format, options: &DumpOptions) -> Vec<u8> {
    let mut out = Vec::new();
    dump::encode(&input.into(), to, options, &mut out, &Progress::new()).unwrap();
    out
}

fn decode(text: &[u8], from: Format) -> Result<Vec<u8>, FormatError> {
    let mut out = Vec::new();
    dump::decode(&text.into(), from, &mut out, &Progress::new()).map(|_| out)
}

/// Bytes of every kind: runs, all values, noise.
fn bytes(len: usize, seed: u64) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut bytes = Vec::with_capacity(len + 64);
    while bytes.len() < len {
        match random.u8(..4) {
            0 => bytes.extend(std::iter::repeat_n(random.u8(..), random.usize(..100))),
            1 => bytes.extend(0..=255),
            _ => bytes.extend((0..random.usize(..64)).map(|_| random.u8(..))),
        }
    }
    bytes.truncate(len);
    bytes
}

#[test]
fn the_registry_is_one_table_without_doubles() {
    let mut seen = BTreeSet::new();
    for info in FORMATS {
        assert!(seen.insert(info.id), "{} comes twice", info.id);
        assert_eq!(Format::from_id(info.id), Some(info.format));
        assert!(info.mime.contains('/') && !info.name.ends_with('.'), "{}", info.id);
        assert_eq!(info.format.default_extension(), info.extensions[0]);
        for extension in info.extensions {
            assert_eq!(Format::from_name(&format!("x.{}", extension.to_uppercase())), Some(info.format), "{extension}");
            assert!(seen.insert(extension) || *extension == info.id, "{extension} comes twice");
        }
    }
    assert_eq!(Format::all().count(), FORMATS.len());
    let filters = registry::filters(&targets(Format::Csv));
    assert_eq!(filters[0].name, "CSV table");
    assert!(filters.iter().all(|filter| !filter.extensions.is_empty()));
}

#[test]
fn the_readme_shows_the_registry() {
    let Ok(readme) = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")) else {
        println!("skipped: there is no README.md");
        return;
    };
    let table = readme.split_once("<!-- formats -->").and_then(|(_, rest)| rest.split_once("<!-- /formats -->"));
    let (table, _) = table.expect("README.md has the markers <!-- formats --> and <!-- /formats -->");
    assert_eq!(table.trim(), registry::markdown().trim(), "put registry::markdown() between the markers");
}

fn utf16(text: &str, big: bool, mark: bool) -> Vec<u8> {
    let mark = if mark { "\u{feff}" } else { "" };
    let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
    mark.encode_utf16().chain(text.encode_utf16()).flat_map(bytes).collect()
}

#[test]
fn content_is_told_by_its_signs() {
    let bmp = [&b"BM\x3A\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"[..], &[1, 0, 0, 0].repeat(9)].concat();
    let icon = |kind: u8| [&[0, 0, kind, 0, 1, 0, 1, 1, 0, 0, 1, 0, 32, 0, 48, 0, 0, 0, 22, 0, 0, 0][..], &[0; 60]].concat();
    let mut tga = vec![0; 60];
    (tga[2], tga[12], tga[14], tga[16]) = (2, 4, 2, 24);
    let signed_tga = [&tga[..], &[0; 8], b"TRUEVISION-XFILE.\0"].concat();
    let cases: Vec<(Vec<u8>, Option<&str>, Format, &str)> = vec![
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), None, Format::Png, "PNG image"),
        (
            [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &[0; 17], b"\0\0\0\x08acTL"].concat(),
            None,
            Format::Png,
            "Animated PNG image",
        ),
        (b"\xFF\xD8\xFF\xE0\0\x10JFIF".to_vec(), None, Format::Jpeg, "JPEG image"),
        (b"GIF89a\x01\0\x01\0".to_vec(), None, Format::Gif, "GIF image"),
        (bmp, None, Format::Bmp, "BMP image"),
        (b"BM\x20\0\0\0\0\0\0\0\x1A\0\0\0\x0C\0\0\0\x01\0\x01\0\x01\0\x18\0\0\0\0\0".to_vec(), None, Format::Bmp, "BMP image"),
        (b"RIFF\x10\0\0\0WEBPVP8L".to_vec(), None, Format::WebP, "WebP image"),
        (b"RIFF\x10\0\0\0WAVEfmt ".to_vec(), None, Format::Bytes, "Waveform Audio (WAV)"),
        (b"II*\0\x08\0\0\0".to_vec(), None, Format::Tiff, "TIFF image"),
        (b"MM\0*\0\0\0\x08".to_vec(), None, Format::Tiff, "TIFF image"),
        (b"II+\0\x08\0\0\0".to_vec(), None, Format::Tiff, "BigTIFF image"),
        (icon(1), None, Format::Ico, "Windows icon"),
        (icon(2), None, Format::Ico, "Windows cursor"),
        (tga.clone(), Some("x.tga"), Format::Tga, "TGA image"),
        (signed_tga, None, Format::Tga, "TGA image"),
        (b"P1\n# a comment\n2 2\n0 1\n1 0\n".to_vec(), None, Format::Pnm, "PBM image"),
        (b"P6 3 2 255\n\x01\x02\x03".to_vec(), None, Format::Pnm, "PPM image"),
        (b"P7\nWIDTH 2\nHEIGHT 2\n".to_vec(), None, Format::Pnm, "PAM image"),
        (b"qoif\0\0\0\x02\0\0\0\x02\x04\0".to_vec(), None, Format::Qoi, "QOI image"),
        (b"PK\x03\x04\x14\0\0\0\x08\0".to_vec(), None, Format::Bytes, "ZIP archive"),
        (b"\x1F\x8B\x08\0\0\0\0\0".to_vec(), None, Format::Gzip, "gzip"),
        (b"%PDF-1.7\n1 0 obj\n".to_vec(), None, Format::Bytes, "PDF document"),
        (b"{\"a\": [1, 2.50]}".to_vec(), None, Format::Json, "JSON"),
        (b"  [\n]\n".to_vec(), None, Format::Json, "JSON"),
        (b"{\"a\":1}\n{\"a\":2}\n".to_vec(), None, Format::JsonLines, "JSON Lines"),
        (b"{\"a\":1}\n".to_vec(), Some("x.jsonl"), Format::JsonLines, "JSON Lines"),
        (b"id,name\n1,Ann\n2,Bob\n".to_vec(), None, Format::Csv, "CSV table"),
        (b"id;name\n1;\"An;n\nx\"\n2;Bob\n".to_vec(), None, Format::Csv, "CSV table"),
        (b"id\tname\n1\tAnn\n".to_vec(), None, Format::Tsv, "TSV table"),
        (b"one column\nonly\n".to_vec(), Some("x.csv"), Format::Csv, "CSV table"),
        (b"data:image/png;base64,iVBORw0KGgo=".to_vec(), None, Format::DataUrl, "Data URL"),
        (b"data:,Hello%20World".to_vec(), None, Format::DataUrl, "Data URL"),
        (
            b"00000000  48 69                                             |Hi|\n00000002\n".to_vec(),
            None,
            Format::HexDump,
            "Hex dump",
        ),
        (b"00000000: 4865 6c6c 6f0a                           Hello.\n".to_vec(), None, Format::HexDump, "Hex dump"),
        (b"89 50 4E 47 0D 0A 1A 0A 00 00 00 0D\n".to_vec(), None, Format::HexText, "Hex text"),
        (b"0x48, 0x65, 0x6c, 0x6c, 0x6f".to_vec(), None, Format::HexText, "Hex text"),
        (b"4869".to_vec(), Some("x.hex"), Format::HexText, "Hex text"),
        (
            encode(&bytes(90, 1), Format::Base64, &DumpOptions { wrap: Some(76), ..Default::default() }),
            None,
            Format::Base64,
            "Base64",
        ),
        (b"SGk=".to_vec(), Some("x.b64"), Format::Base64, "Base64"),
        ("Plain text, naïve.\n".as_bytes().to_vec(), None, Format::Text, "Plain text"),
        (utf16("Hello\n", false, true), None, Format::Text, "Plain text"),
        (utf16("Hello there\n", true, false), None, Format::Text, "Plain text"),
        (b"caf\xE9 au lait, s'il vous pla\xEEt\n".to_vec(), None, Format::Text, "Plain text"),
        (vec![0; 100], None, Format::Bytes, "Bytes"),
        (vec![], Some("x.csv"), Format::Csv, "Empty"),
        (vec![], Some("x.png"), Format::Bytes, "Empty"),
    ];
    for (content, name, format, label) in cases {
        let found = detect(&content.as_slice().into(), name).unwrap();
        let shown = String::from_utf8_lossy(&content[..content.len().min(40)]).into_owned();
        assert_eq!((found.format, found.label.as_str()), (format, label), "{shown:?}: {}", found.reason);
        assert!(!found.reason.is_empty() && found.mismatch.is_none(), "{shown:?}: {:?}", found.mismatch);
    }
}

#[test]
fn what_only_looks_like_it_is_text() {
    let traps: &[(&str, Option<&str>)] = &[
        ("hello", None),
        ("Password", None),
        ("deadbeef", None),
        ("internationalization1234", None),
        ("thisIsACamelCaseIdentifierWithManyWords0", None),
        ("550e8400-e29b-41d4-a716-446655440000", None),
        ("12345678 90123456 78901234", None),
        ("2026-11-20\n2026-11-21\n", None),
        ("1,2", None),
        ("Hello, world\nDear all, goodbye\n", None),
        ("It rained, and we stayed.\nIt stopped, so we went.\nWe ran, and then we fell.\n", None),
        ("int a, b;\nint c, d;\n", Some("x.c")),
        ("x = 1;\ny = 2;\n", None),
        ("\tindented\n\ttoo\n", None),
        ("| a | b |\n|---|---|\n", Some("x.md")),
        ("2026-01-01 12:00:00,123 INFO started\n2026-01-01 12:00:01,456 INFO done\n", Some("x.log")),
        ("data: 1, 2, 3", None),
        ("data:in, a short note", None),
        ("BM is a short word", None),
        ("P1 is what the printer is called", None),
        ("[section]\nkey=value\n", None),
        ("{ not json }", None),
        ("{\"a\": 1", None),
        ("GIF87 was the first", None),
    ];
    for (text, name) in traps {
        let found = detect(&text.as_bytes().into(), *name).unwrap();
        assert_eq!(found.format, Format::Text, "{text:?} was taken for {}: {}", found.label, found.reason);
    }
    // A TGA header is no cursor, and noise is neither text nor a table.
    let tga: Vec<u8> = [&[0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 2, 0, 24, 0][..], &[9; 24]].concat();
    assert_ne!(detect(&tga.as_slice().into(), None).unwrap().format, Format::Ico);
    for seed in 0..200 {
        let mut random = fastrand::Rng::with_seed(seed);
        let noise: Vec<u8> = (0..500).map(|_| random.u8(..)).collect();
        assert_eq!(detect(&noise.as_slice().into(), None).unwrap().format, Format::Bytes, "seed {seed}");
    }
}

#[test]
fn a_name_that_lies_is_said() {
    let said = |content: &[u8], name| detect(&content.into(), Some(name)).unwrap().mismatch;
    assert_eq!(said(b"GIF89a\x01\0", "a.png").as_deref(), Some("The name says PNG image, the content is GIF image"));
    assert_eq!(said(b"PK\x03\x04\x14\0\0\0", "a.csv").as_deref(), Some("The name says CSV table, the content is ZIP archive"));
    assert_eq!(said(&[0; 64], "a.jpg").as_deref(), Some("The name says JPEG image, the content is something else"));
    assert_eq!(said(b"just words", "a.json").as_deref(), Some("The name says JSON, the content is Plain text"));
    for (content, name) in
        [("a,b\n1,2\n", "a.txt"), ("{}", "a.log"), ("words", "a.bin"), ("words", "a.rs"), ("a;b\n1;2\n", "a.csv")]
    {
        assert_eq!(said(content.as_bytes(), name), None, "{name}");
    }
}

#[test]
fn a_cut_head_is_judged_by_what_is_whole() {
    let rows = |row: &str| row.repeat(200_000 / row.len());
    let json = format!("[{}1]", rows("{\"ä\": \"ö\"},\n"));
    assert_eq!(detect(&json.as_bytes().into(), None).unwrap().format, Format::Json);
    assert_eq!(detect(&rows("{\"ä\": 1}\n").as_bytes().into(), None).unwrap().format, Format::JsonLines);
    assert_eq!(detect(&rows("äöü,b,c\n").as_bytes().into(), None).unwrap().format, Format::Csv);
    assert_eq!(detect(&rows("€").as_bytes().into(), None).unwrap().format, Format::Text);
    for to in DUMPS {
        let text = encode(&bytes(200_000, 7), to, &DumpOptions::default());
        assert_eq!(detect(&text.as_slice().into(), None).unwrap().format, to);
    }
}

#[test]
fn every_dump_has_an_exact_inverse() {
    let choices = [
        DumpOptions::default(),
        DumpOptions { wrap: Some(2), upper_case: true, url_safe: true, ..Default::default() },
        DumpOptions {
            wrap: Some(76),
            upper_case: true,
            url_safe: true,
            no_padding: true,
            mime: Some("text/x; a=b".into()),
            ..Default::default()
        },
    ];
    for len in [0, 1, 2, 3, 4, 15, 16, 17, 31, 32, 33, 255, 1000, 65_535, 65_536, 65_537, 200_000] {
        let bytes = bytes(len, len as u64);
        for to in DUMPS {
            for options in &choices {
                let text = encode(&bytes, to, options);
                assert!(text.is_ascii());
                assert!(decode(&text, to).unwrap() == bytes, "{to} of {len} bytes");
            }
        }
    }
}

#[test]
fn dumps_are_those_of_the_usual_programs() {
    for len in [0, 1, 16, 47, 48, 5000, 100_000] {
        let bytes = [bytes(len, 3), vec![0; len]].concat();
        let plain = DumpOptions::default();
        if let Some(expected) = oracle("hexdump", &["-C"], &bytes) {
            assert!(encode(&bytes, Format::HexDump, &plain) == expected, "hexdump -C of {len}");
        }
        for arguments in [&[][..], &["-a"], &["-g1"], &["-u", "-c32"], &["-g4", "-c", "12"]] {
            if let Some(text) = oracle("xxd", arguments, &bytes) {
                assert!(decode(&text, Format::HexDump).unwrap() == bytes, "xxd {arguments:?} of {len}");
            }
        }
        if let Some(text) = oracle("od", &["-A", "x", "-t", "x1z"], &bytes) {
            assert!(decode(&text, Format::HexDump).unwrap() == bytes, "od of {len}");
        }
        if let Some(text) = oracle("xxd", &["-p"], &bytes) {
            assert!(decode(&text, Format::HexText).unwrap() == bytes, "xxd -p of {len}");
        }
        if let Some(expected) = oracle("base64", &["-w", "76"], &bytes) {
            assert!(encode(&bytes, Format::Base64, &DumpOptions { wrap: Some(76), ..plain }) == expected, "base64 of {len}");
        }
    }
}

#[test]
fn readers_take_what_people_write() {
    let hi: &[(Format, &[&str])] = &[
        (
            Format::HexText,
            &["4869", "48 69", "0x48,0x69", "0X48 0x69", "\\x48\\x69", "48:69", "48-69", "\u{feff}48\r\n69\r\n", "0x4869"],
        ),
        (
            Format::HexDump,
            &[
                "0000: 4869  Hi",
                "0x00001000  48 69  |Hi|",
                "00000000  48\n00000001  69\n",
                "0000   48 69    Hi",
                "00000000 48-69",
            ],
        ),
        (Format::Base64, &["SGk=", "SGk", " S G\nk= \n"]),
        (
            Format::DataUrl,
            &[
                "data:,Hi",
                "DATA:text/plain;base64,SGk=",
                "data:;base64,SGk",
                "data:,%48%69#part",
                " data:,H\ni ",
                "data:;base64,S%47k%3D",
            ],
        ),
    ];
    for (format, texts) in hi {
        for text in *texts {
            assert_eq!(decode(text.as_bytes(), *format).unwrap(), b"Hi", "{text:?}");
        }
    }
    assert_eq!(decode(b"0x5, 0x6", Format::HexText).unwrap(), [5, 6]);
    assert_eq!(decode(b"data:,100%25 %zz%4", Format::DataUrl).unwrap(), b"100% %zz%4");
    assert_eq!(decode(b"data:,a  \n", Format::DataUrl).unwrap(), b"a");
    assert_eq!(parse_hex_loose("b'\\x48\\x69'"), Some(b"Hi".to_vec()));
    assert_eq!(parse_hex_loose("[0x48, 0x69]"), Some(b"Hi".to_vec()));
    assert_eq!(parse_hex_loose("be ef"), Some(vec![0xBE, 0xEF]));
    assert_eq!(parse_hex_loose("1234 56 78"), Some(vec![0x12, 0x34, 0x56, 0x78]));
    for text in ["", "  ", "xyz", "abc", "[]"] {
        assert_eq!(parse_hex_loose(text), None, "{text:?}");
    }
}

#[test]
fn readers_name_the_place_of_what_is_wrong() {
    let cases: &[(Format, &str, u64)] = &[
        (Format::HexText, "48 6g", 4),
        (Format::HexText, "48 6", 3),
        (Format::HexText, "4 8", 0),
        (Format::HexText, "hello", 0),
        (Format::HexText, "\u{feff}zz", 3),
        (Format::HexDump, "00000000  48 6g", 14),
        (Format::HexDump, "00000000  48\n00000000  69\n", 13),
        (Format::HexDump, "*\n00000010\n", 0),
        (Format::HexDump, "00000000  48\n*\n", 13),
        (Format::HexDump, "just words", 0),
        (Format::Base64, "SGk=x", 4),
        (Format::Base64, "SG*k", 2),
        (Format::Base64, "S", 0),
        (Format::Base64, "SGl=", 2),
        (Format::Base64, "SGk==", 4),
        (Format::Base64, "SG=", 2),
        (Format::Base64, "ab+/ab-_", 6),
        (Format::DataUrl, "data:;base64,S*", 14),
        (Format::DataUrl, "data:#,", 5),
        (Format::DataUrl, "http://x,y", 8),
        (Format::DataUrl, "data:image/png", 14),
    ];
    for (format, text, place) in cases {
        match decode(text.as_bytes(), *format) {
            Err(FormatError::Malformed { at: Some(at), .. }) => assert_eq!(at, Offset(*place), "{text:?}"),
            other => panic!("{text:?}: {other:?}"),
        }
    }
}

#[test]
fn addresses_make_gaps_and_squeezed_rows_within_limits() {
    assert_eq!(decode(b"00000000  01\n00000004  02\n", Format::HexDump).unwrap(), [1, 0, 0, 0, 2]);
    let mut out = Vec::new();
    let text: Buffer = b"00001000  01\n00001002  02\n".into();
    let decoded = dump::decode(&text, Format::HexDump, &mut out, &Progress::new()).unwrap();
    assert_eq!((decoded.base, decoded.filled, decoded.written), (0x1000, 1, 3));
    for text in ["00000000  01\nffffffffffff  02\n", "00000000  01\n*\nffffffffffffffff\n"] {
        assert!(matches!(decode(text.as_bytes(), Format::HexDump), Err(FormatError::Limit { .. })), "{text:?}");
    }
    let zeros = Buffer::filled(0, Len(64 << 20));
    let mut text = Vec::new();
    dump::encode(&zeros, Format::HexDump, &DumpOptions::default(), &mut text, &Progress::new()).unwrap();
    assert_eq!(text.iter().filter(|&&byte| byte == b'\n').count(), 3);
    let decoded = dump::decode(&text.as_slice().into(), Format::HexDump, &mut std::io::sink(), &Progress::new()).unwrap();
    assert_eq!(decoded.written, 64 << 20);
}

#[test]
fn rows_are_lines_of_the_dump() {
    let bytes = bytes(100, 5);
    let mut whole = Vec::new();
    let run = std::iter::once(Ok::<_, seektell::buffer::ReadError>(bytes.clone()));
    dump::write_rows(Offset(0x1_0000_0000), run, Squeeze::Nothing, false, &mut whole, &Progress::new()).unwrap();
    let lines: String =
        bytes.chunks(16).zip((0x1_0000_0000..).step_by(16)).map(|(row, at)| row_text(Offset(at), row, false) + "\n").collect();
    assert_eq!(String::from_utf8(whole).unwrap(), lines + "100000064\n");
}

/// One small input for each format: the samples where they are, made ones otherwise.
fn samples() -> Vec<(Format, String, Vec<u8>)> {
    let mut found: Vec<(Format, String, Vec<u8>)> = Vec::new();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/samples");
    match std::fs::read_dir(folder) {
        Ok(entries) => {
            for path in entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                let bytes = std::fs::read(&path).unwrap();
                let format = detect(&bytes.as_slice().into(), Some(&name)).unwrap().format;
                found.push((format, name, bytes));
            }
        }
        Err(error) => println!("skipped: the samples cannot be read ({error})"),
    }
    for to in DUMPS {
        found.push((to, format!("made {to}"), encode(b"id,name\n1,Ann\n2,Bob\n", to, &DumpOptions::default())));
    }
    found.push((Format::Bytes, "made bytes".into(), bytes(3000, 11)));
    found.sort_by(|one, other| one.1.cmp(&other.1));
    found
}

#[test]
fn every_sample_is_what_its_name_says() {
    for (format, name, bytes) in samples() {
        let found = detect(&bytes.as_slice().into(), Some(&name)).unwrap();
        assert_eq!(found.mismatch, None, "{name}");
        if let Some(claim) = Format::from_name(&name) {
            assert_eq!(format, claim, "{name}: {}", found.reason);
        }
    }
}

#[test]
fn every_way_of_the_registry_can_be_gone() {
    let mut gone = BTreeSet::new();
    for (from, name, bytes) in samples() {
        if matches!(name.as_str(), "photo.png" | "photo.jpg") {
            continue; // the larger ones; others of the same format are here
        }
        for to in targets(from) {
            let result = go(&bytes, from, to, &Options::default());
            let (out, done) = match result {
                Ok(done) => done,
                // What encoded text holds decides what it can become.
                Err(FormatError::NoConversion { .. }) if from.kind() == Kind::Encoded => continue,
                Err(FormatError::Limit { .. }) if to == Format::Ico => continue,
                Err(error) => panic!("{name} to {to}: {error}"),
            };
            gone.insert((from.info().id, to.info().id));
            if to.kind() == Kind::Picture {
                let found = detect(&out.as_slice().into(), Some(&format!("x.{}", to.default_extension()))).unwrap();
                assert_eq!(found.format, to, "{name} to {to}");
            }
            if to.kind() == Kind::Encoded && from.kind() != Kind::Encoded {
                assert!(decode(&out, to).unwrap() == bytes, "{name} to {to} and back");
            }
            if to == Format::Bytes && from.kind() != Kind::Encoded {
                assert!(out == bytes, "{name} as bytes");
            }
            if to.kind() != Kind::Picture {
                let told = losses(&bytes.as_slice().into(), from, to, &Options::default(), &Progress::new()).unwrap();
                assert_eq!(told, done.losses, "{name} to {to}");
            }
        }
    }
    for from in ["csv", "tsv", "json", "jsonl"] {
        for to in ["csv", "tsv", "json", "jsonl", "text", "hex", "hexdump", "base64", "dataurl", "bytes"] {
            assert!(gone.contains(&(from, to)), "{from} to {to} was not tried");
        }
    }
}

#[test]
fn a_data_url_that_holds_a_picture_becomes_another_one() {
    let ppm = b"P6 2 1 255\n\xFF\0\0\0\xFF\0";
    let (url, _) = go(ppm, Format::Pnm, Format::DataUrl, &Options::default()).unwrap();
    assert!(url.starts_with(b"data:image/x-portable-anymap;base64,"), "{}", String::from_utf8_lossy(&url));
    let (png, _) = go(&url, Format::DataUrl, Format::Png, &Options::default()).unwrap();
    let (back, _) = go(&png, Format::Png, Format::Pnm, &Options::default()).unwrap();
    assert!(back.ends_with(b"\xFF\0\0\0\xFF\0"));
    let (hex, _) = go(&url, Format::DataUrl, Format::HexText, &Options::default()).unwrap();
    assert_eq!(decode(&hex, Format::HexText).unwrap(), ppm);
    let (json, _) = go(b"aWQsbmFtZQoxLEFubgoyLEJvYgo=", Format::Base64, Format::Json, &Options::default()).unwrap();
    assert_eq!(json.iter().filter(|&&byte| byte == b'{').count(), 2, "{}", String::from_utf8_lossy(&json));
}

#[test]
fn ways_that_are_none_are_refused_before_anything_is_read() {
    for (from, to) in
        [(Format::Text, Format::Png), (Format::Csv, Format::Jpeg), (Format::Bytes, Format::Text), (Format::Png, Format::Csv)]
    {
        assert!(!targets(from).contains(&to));
        assert!(matches!(go(b"", from, to, &Options::default()), Err(FormatError::NoConversion { .. })));
    }
    let mut options = Options::default();
    options.picture.quality = 0;
    let error = go(b"", Format::Png, Format::Jpeg, &options).unwrap_err();
    assert_eq!(error.to_string(), "the JPEG quality must be 1 to 100, not 0");
    options.dump.wrap = Some(3);
    assert!(go(b"", Format::Bytes, Format::HexText, &options).is_err());
    options.dump.mime = Some("no type".into());
    assert!(go(b"", Format::Bytes, Format::DataUrl, &options).is_err());
}

#[test]
fn cancelled_is_cancelled() {
    let progress = Progress::new();
    progress.cancel();
    for to in [Format::HexText, Format::HexDump, Format::Base64, Format::DataUrl, Format::Bytes] {
        let result = convert(&b"some bytes".into(), Format::Bytes, to, &Options::default(), &mut std::io::sink(), &progress);
        assert!(matches!(result, Err(FormatError::Cancelled(_))), "{to}");
    }
}

#[test]
fn addresses_at_the_end_of_all_numbers_are_no_dump() {
    for text in [
        "ffffffffffffffff  41 42  |AB|\n",
        "fffffffffffffff0  41 42 43 44 45 46 47 48  41 42 43 44 45 46 47 48  |ABCDEFGHABCDEFGH|\n",
    ] {
        let found = detect(&text.as_bytes().to_vec().into(), None).unwrap();
        assert_eq!(found.format, Format::Text, "{text:?}: {}", found.reason);
        assert!(decode(text.as_bytes(), Format::HexDump).is_err(), "{text:?}");
    }
}

#[test]
fn broken_input_is_an_error_and_no_panic() {
    let mut random = fastrand::Rng::with_seed(42);
    for (from, name, bytes) in samples() {
        if bytes.len() > 40_000 {
            continue;
        }
        let to = if from.kind() == Kind::Picture { Format::Qoi } else { Format::Bytes };
        let to = if matches!(from.kind(), Kind::Table | Kind::Json) { Format::JsonLines } else { to };
        for round in 0..24 {
            let mut broken = bytes.clone();
            if round % 2 == 0 {
                broken.truncate(random.usize(..=bytes.len()));
            }
            for _ in 0..random.usize(..4) {
                if let Some(byte) = random.choice(&mut broken) {
                    *byte = random.u8(..);
                }
            }
            detect(&broken.as_slice().into(), Some(&name)).unwrap();
            if let Err(error) = go(&broken, from, to, &Options::default()) {
                let words = error.to_string();
                assert!(!words.is_empty() && !words.contains('\n'), "{name}: {words:?}");
            }
        }
    }
}

/// What a conversion tells, sentence by sentence.
fn told(done: &Conversion) -> Vec<&str> {
    done.losses.iter().map(|loss| loss.what.as_str()).collect()
}

#[test]
fn records_keep_addresses_gaps_and_the_start() {
    // Two runs in the wrong order with a gap of eight bytes, above 64 KiB, and a start address.
    let ihex = ":020000040800F2\n:04001000AABBCCDDDE\r\n:0400040001020304EE\n\n:0400000508000005EA\n:00000001FF\n";
    let (bytes, done) = go(ihex.as_bytes(), Format::IntelHex, Format::Bytes, &Options::default()).unwrap();
    assert_eq!(bytes, [&[1, 2, 3, 4][..], &[0xFF; 8], &[0xAA, 0xBB, 0xCC, 0xDD]].concat());
    assert_eq!(
        told(&done),
        [
            "The dump starts at address 08000004; that byte is the first of the result",
            "8 bytes are missing between the addresses; they are FF now",
            "The start address 08000005 is no part of the bytes",
        ]
    );
    let filled = Options { dump: DumpOptions { fill: Some(0), ..Default::default() }, ..Options::default() };
    assert_eq!(go(ihex.as_bytes(), Format::IntelHex, Format::Bytes, &filled).unwrap().0[4..12], [0; 8]);

    let (srec, done) = go(ihex.as_bytes(), Format::IntelHex, Format::SRecord, &Options::default()).unwrap();
    let lines = "S0030000FC\nS3090800000401020304E0\nS30908000010AABBCCDDD0\nS5030002FA\nS70508000005ED\n";
    assert_eq!(String::from_utf8(srec.clone()).unwrap(), lines);
    assert!(done.losses.is_empty());
    let (back, _) = go(&srec, Format::SRecord, Format::IntelHex, &Options::default()).unwrap();
    let sorted = ":020000040800F2\n:0400040001020304EE\n:04001000AABBCCDDDE\n:0400000508000005EA\n:00000001FF\n";
    assert_eq!(String::from_utf8(back).unwrap(), sorted);

    // In a segment of an 8086 offsets wrap.
    let wraps = ":020000021000EC\n:04FFFE0001020304F5\n:0400000312345678E5\n:00000001FF\n";
    let (srec, done) = go(wraps.as_bytes(), Format::IntelHex, Format::SRecord, &Options::default()).unwrap();
    assert!(String::from_utf8(srec).unwrap().contains("S206010000"), "the wrapped bytes stand at the segment's start");
    assert_eq!(told(&done), ["The start address 1234:5678 is written as 000179B8"]);
}

#[test]
fn records_are_written_at_the_chosen_place_and_length() {
    let at = |address, record| DumpOptions { address, record: Some(record), ..Default::default() };
    let text = |to, options: &DumpOptions| String::from_utf8(encode(b"0123456789", to, options)).unwrap();
    // Full records stand at multiples of their length, and none passes 64 KiB.
    let ihex = ":04FFFC00303132333B\n:020000040001F9\n:040000003435363726\n:02000400383989\n:00000001FF\n";
    assert_eq!(text(Format::IntelHex, &at(0xFFFC, 4)), ihex);
    let srec = text(Format::SRecord, &DumpOptions { name: Some("HDR".into()), ..at(0, 16) });
    assert_eq!(srec, "S00600004844521B\nS10D000030313233343536373839E5\nS5030001FB\nS9030000FC\n");
    assert!(text(Format::SRecord, &at(0x1_0000, 16)).contains("\nS20E010000"));
    assert!(text(Format::SRecord, &at(0x100_0000, 16)).contains("\nS30F01000000"));
    let too_far = dump::encode(&b"12"[..].into(), Format::IntelHex, &at(0xFFFF_FFFF, 16), &mut Vec::new(), &Progress::new());
    assert!(matches!(too_far, Err(FormatError::Limit { .. })), "{too_far:?}");
    let long = dump::encode(&b"12"[..].into(), Format::IntelHex, &at(0, 251), &mut Vec::new(), &Progress::new());
    assert_eq!(long.unwrap_err().to_string(), "bytes a record must be 1 to 250, not 251");
    for record in [1, 3, 16, 32, 250] {
        for to in [Format::IntelHex, Format::SRecord] {
            let bytes = bytes(70_000, record.into());
            assert!(decode(&encode(&bytes, to, &at(0xFFF0, record)), to).unwrap() == bytes, "{to}, {record} a record");
        }
    }
}

#[test]
fn records_that_are_wrong_are_named_with_their_line() {
    let cases = [
        (
            Format::IntelHex,
            ":0100000055AA\n:0100010055AA\n:00000001FF\n",
            "the checksum is AA, but the record adds up to A9 (line 2)",
        ),
        (Format::IntelHex, ":0100000055AA\n", "the end record is missing"),
        (Format::IntelHex, "\n\r\n:00000001FF\r\n:00000001FF\r\n", "there is more behind the end record (line 4)"),
        (Format::IntelHex, ":0200000055A9\n", "the record says 2 bytes of data and has 1 (line 1)"),
        (Format::IntelHex, ":0100000655A4\n", "there is no record of type 06 (line 1)"),
        (Format::IntelHex, ":01000000g5AA\n", "'g' is not a hexadecimal digit (line 1)"),
        (Format::IntelHex, "; comment\n", "a record must start with a colon (line 1)"),
        (
            Format::IntelHex,
            ":0100000055AA\n:0100000056A9\n:00000001FF\n",
            "the records from line 2 on write address 00000000 again, which those from line 1 on wrote",
        ),
        (Format::SRecord, "S1040000550000\n", "the record says 4 bytes and has 5 (line 1)"),
        (Format::SRecord, "S4030000FC\n", "there is no record of type '4' (line 1)"),
        (Format::SRecord, "S104000055A6\nS5030002FA\nS9030000FC\n", "the count says 2 records of data, there are 1 (line 2)"),
        (Format::SRecord, "S104000055A6\n", "the record S7, S8 or S9 that ends it is missing"),
    ];
    for (from, text, wanted) in cases {
        let error = decode(text.as_bytes(), from).unwrap_err().to_string();
        assert!(error.contains(wanted), "{text:?}: {error}");
    }
    let partial = Options { dump: DumpOptions { partial: true, ..Default::default() }, ..Options::default() };
    let (bytes, done) = go(b":0100000055AA\n", Format::IntelHex, Format::Bytes, &partial).unwrap();
    assert_eq!(bytes, b"U");
    assert_eq!(told(&done), ["The input is cut off (the end record is missing); the result holds what came before"]);
}

#[test]
fn records_are_told_by_their_checksums() {
    let found = detect(&b":0100000055AA\n:00000001FF\n"[..].into(), Some("blink.hex")).unwrap();
    assert_eq!((found.format, found.mismatch), (Format::IntelHex, None));
    let found = detect(&b"S0030000FC\nS9030000FC\n"[..].into(), Some("rom.s19")).unwrap();
    assert_eq!((found.format, found.mismatch), (Format::SRecord, None));
    assert_eq!(detect(&b":01 is the time\n"[..].into(), None).unwrap().format, Format::Text);
    let wrong = detect(&b":0100000055AB\n:00000001FF\n"[..].into(), None).unwrap();
    assert_eq!(wrong.format, Format::IntelHex, "one wrong checksum makes it no other format");
    let wrong = detect(&b"S0030000FB\n"[..].into(), None).unwrap();
    assert_eq!(wrong.format, Format::Text, "none that is right is no sign");
}

#[test]
fn records_are_those_of_objcopy() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let bytes = bytes(150_000, 11);
    std::fs::write(path("in.bin"), &bytes).unwrap();
    let copy = |from: &str, input: &str, to: &str| {
        let output = path("out");
        oracle("objcopy", &["-I", from, "-O", to, &path(input), &output], b"").map(|_| std::fs::read(output).unwrap())
    };
    for (format, name) in [(Format::IntelHex, "ihex"), (Format::SRecord, "srec")] {
        let Some(text) = copy("binary", "in.bin", name) else { return };
        assert!(decode(&text, format).unwrap() == bytes, "what objcopy wrote as {name}");
        std::fs::write(path("in.txt"), encode(&bytes, format, &DumpOptions { address: 0x40, ..Default::default() })).unwrap();
        assert!(copy(name, "in.txt", "binary").unwrap() == bytes, "what objcopy reads as {name}");
    }
}

#[test]
fn the_quick_way_and_the_close_look_agree() {
    let mut random = fastrand::Rng::with_seed(5);
    for round in 0..300 {
        let bytes = bytes(random.usize(..20_000), round);
        let to = if round % 2 == 0 { Format::Base64 } else { Format::HexText };
        let wrap = random.bool().then(|| 2 * random.u32(1..60));
        let options = DumpOptions { wrap, url_safe: random.bool(), no_padding: random.bool(), ..Default::default() };
        let mut text = encode(&bytes, to, &options);
        // Spaces anywhere between whole bytes change nothing.
        if to == Format::Base64 && !text.is_empty() {
            text.insert(random.usize(..text.len()), b' ');
        }
        assert!(decode(&text, to).unwrap() == bytes, "{to}, {options:?}");
        // A wrong character is found at its place, however long the run around it.
        if text.len() > 40 {
            let place = random.usize(1..text.len() - 8);
            text[place] = b'!';
            let Err(FormatError::Malformed { at, .. }) = decode(&text, to) else { panic!("{to} takes a wrong character") };
            assert_eq!(at, Some(Offset(place as u64)), "{to}, {options:?}");
        }
    }
    assert_eq!(encode(b"a", Format::Base64, &DumpOptions { no_padding: true, ..Default::default() }), b"YQ");
}
