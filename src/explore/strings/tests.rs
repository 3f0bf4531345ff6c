//! Strings, beside what their definition says character by character.

use std::sync::Mutex;

use super::encoding::is_printable;
use super::*;
use crate::tasks::{Cancelled, Progress};

fn all(buffer: &Buffer, request: &Request) -> Strings {
    find(buffer, request, &Progress::new(), &|_| {}).unwrap()
}

fn request(buffer: &Buffer, min: u64, names: &[&str]) -> Request {
    let encodings = names.iter().map(|name| Encoding::from_name(name).unwrap()).collect();
    Request { min, encodings, ..Request::of(buffer) }
}

fn texts(bytes: &[u8], min: u64, names: &[&str]) -> Vec<(u64, String, String)> {
    let buffer = Buffer::from(bytes);
    let found = all(&buffer, &request(&buffer, min, names));
    assert_eq!(found.total, found.strings.len() as u64);
    let line = |s: &Found| (s.offset.0, s.encoding.name().to_owned(), text(&buffer, s, 1000).unwrap());
    found.strings.iter().map(line).collect()
}

fn line(offset: u64, encoding: &str, text: &str) -> (u64, String, String) {
    (offset, encoding.to_owned(), text.to_owned())
}

#[test]
fn strings_of_every_encoding_are_found_and_named() {
    let mut bytes = b"\x01\x02plain\ttext\nnext\x00abc\x01".to_vec();
    assert_eq!(texts(&bytes, 4, &["ascii"]), [line(2, "ASCII", "plain\ttext"), line(13, "ASCII", "next")]);
    bytes.extend("größer als €\0".bytes());
    assert_eq!(texts(&bytes, 5, &["utf-8"]), [line(2, "ASCII", "plain\ttext"), line(22, "UTF-8", "größer als €")]);
    let wide: Vec<u8> = [0, 0].into_iter().chain("Пример é".encode_utf16().flat_map(u16::to_le_bytes)).chain([0, 0, 0]).collect();
    assert_eq!(texts(&wide, 4, &["utf-8", "utf-16le", "utf-16be"]), [line(2, "UTF-16LE", "Пример é")]);
    let wide: Vec<u8> = [0, 0].into_iter().chain("hello".encode_utf16().flat_map(u16::to_be_bytes)).chain([0, 0]).collect();
    assert_eq!(texts(&wide, 4, &["utf-16le", "utf-16be"]), [line(2, "UTF-16BE", "hello")]);
    // With a character of two units.
    let pair: Vec<u8> = "ab😀cd".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let buffer = Buffer::from(pair);
    let every = Request { every_script: true, ..request(&buffer, 5, &["utf-16le"]) };
    assert_eq!(text(&buffer, &all(&buffer, &every).strings[0], 9).unwrap(), "ab😀cd");
    assert_eq!(texts(b"\x00caf\xE9 cr\xE8me\x00plain\x00", 4, &["latin-1"])[0], line(1, "latin-1", "café crème"));
    assert_eq!(texts(b"\x00caf\xE9 cr\xE8me\x00plain\x00", 4, &["ascii", "latin-1"]).len(), 3);
    assert_eq!(texts(b"\x00\xC8\x85\x93\x93\x96\x00", 4, &["ascii", "cp037"]), [line(1, "cp037", "Hello")]);
}

#[test]
fn text_in_ascii_is_not_taken_for_another_script() {
    let text = b"The quick brown fox jumps over the lazy dog. ".repeat(20);
    let buffer = Buffer::from(text);
    let every = Request { every_script: true, ..Request::of(&buffer) };
    assert_eq!(all(&buffer, &every).strings.len(), 1);
    let chinese: Vec<u8> = "天地玄黄宇宙洪荒日月盈昃".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let buffer = Buffer::from(chinese);
    let found = all(&buffer, &Request { every_script: true, encodings: vec![Encoding::Utf16Le], ..Request::of(&buffer) });
    assert!(found.strings.iter().any(|found| (found.offset.0, found.chars) == (0, 12)), "{found:?}");
}

/// The runs of one encoding, one character after the other.
fn naive(bytes: &[u8], min: u64, encoding: Encoding) -> Vec<(u64, u64, u64)> {
    let char_at = |at: usize| -> Option<usize> {
        match encoding {
            Encoding::Ascii => matches!(bytes[at], 0x20..=0x7E | 9).then_some(1),
            Encoding::Single(charset) => charset.char(bytes[at]).filter(|&c| is_printable(c)).map(|_| 1),
            Encoding::Utf8 => (1..=4.min(bytes.len() - at)).find(|&len| {
                std::str::from_utf8(&bytes[at..at + len])
                    .is_ok_and(|text| text.chars().count() == 1 && text.chars().all(is_printable))
            }),
            _ => None,
        }
    };
    let (mut runs, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let (start, mut chars) = (at, 0);
        while at < bytes.len()
            && let Some(len) = char_at(at)
        {
            (at, chars) = (at + len, chars + 1);
        }
        if chars >= min {
            runs.push((start as u64, (at - start) as u64, chars));
        }
        at += usize::from(at == start);
    }
    runs
}

/// Bytes with runs of every length, across every edge of the blocks, which are short in tests.
fn mixture(rng: &mut fastrand::Rng, len: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while bytes.len() < len {
        let most = if rng.u8(0..6) == 0 { 900 } else { 12 };
        let n = rng.usize(0..most);
        match rng.u8(0..6) {
            0 => bytes.extend((0..n).map(|_| rng.u8(..))),
            1 => bytes.extend((0..n).map(|_| rng.u8(0x20..0x7F))),
            2 => bytes.extend("aé€😀ßZ".chars().cycle().skip(rng.usize(0..6)).take(n).collect::<String>().bytes()),
            3 => bytes.extend("wide€".encode_utf16().cycle().take(n).flat_map(u16::to_le_bytes)),
            4 => bytes.extend((0..n).map(|_| rng.u8(0xA0..))),
            _ => bytes.push(rng.u8(..)),
        }
    }
    bytes
}

#[test]
fn runs_are_those_of_the_definition_across_every_edge() {
    let mut rng = fastrand::Rng::with_seed(8);
    for round in 0..150 {
        let len = rng.usize(0..4000);
        let bytes = mixture(&mut rng, len);
        let mut buffer = Buffer::new();
        // In pieces, which must not matter.
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let (piece, more) = rest.split_at(rng.usize(1..=rest.len()));
            buffer.append_buffer(&Buffer::from(piece));
            rest = more;
        }
        let min = [1, 2, 4, 5, 9, 70, 300][round % 7];
        for name in ["ascii", "utf-8", "latin-1", "cp437"] {
            let request = request(&buffer, min, &[name]);
            let runs: Vec<_> = all(&buffer, &request).strings.iter().map(|s| (s.offset.0, s.len.0, s.chars)).collect();
            assert_eq!(runs, naive(&bytes, min, request.encodings[0]), "{name}, at least {min}, round {round}");
        }
    }
}

#[test]
fn utf16_runs_are_whole_across_every_edge() {
    for before in 0..600 {
        let mut bytes = vec![7; before];
        bytes.extend(
            "The wide string, ümlaut and all, longer than a block is: ".repeat(8).encode_utf16().flat_map(u16::to_le_bytes),
        );
        let len = bytes.len() - before;
        bytes.extend([7; 50]);
        let buffer = Buffer::from(bytes);
        let found = all(&buffer, &Request::of(&buffer));
        let places: Vec<_> = found.strings.iter().map(|s| (s.offset.0, s.len.0, s.encoding)).collect();
        assert_eq!(places, [(before as u64, len as u64, Encoding::Utf16Le)]);
    }
}

#[test]
fn a_range_cuts_strings_and_a_cap_counts_the_rest() {
    let buffer = Buffer::from(b"one two\0three four\0five six seven\0".repeat(100));
    let whole = all(&buffer, &Request::of(&buffer));
    assert_eq!((whole.total, whole.strings.len()), (300, 300));
    let capped = all(&buffer, &Request { most: 7, ..Request::of(&buffer) });
    assert_eq!((capped.total, &capped.strings[..]), (300, &whole.strings[..7]));
    let range = ByteRange::new(Offset(2), Len(10));
    let part = all(&buffer, &Request { range, ..request(&buffer, 4, &["ascii"]) });
    assert_eq!(part.strings.iter().map(|s| (s.offset.0, s.len.0)).collect::<Vec<_>>(), [(2, 5), (8, 4)]);
    assert_eq!(all(&Buffer::new(), &Request::of(&Buffer::new())), Strings::default());
}

#[test]
fn a_filter_keeps_what_contains_something() {
    let buffer = Buffer::from(b"apple pie\0Banana\0cherry 12\0\0\0w\0i\0d\0e\0A\0p\0p\0l\0e\0\0".to_vec());
    let texts = |filter: Option<Filter>| -> Vec<String> {
        let found = all(&buffer, &Request { filter, ..Request::of(&buffer) });
        found.strings.iter().map(|s| text(&buffer, s, 99).unwrap()).collect()
    };
    assert_eq!(texts(Filter::text("APPLE")), ["apple pie", "wideApple"]);
    assert_eq!(texts(Filter::regex(r"\d+$").unwrap()), ["cherry 12"]);
    assert_eq!(texts(Filter::text("")).len(), 4);
    let error = Filter::regex("a(b").unwrap_err();
    assert!(error.to_string().contains("unclosed group"), "{error}");
    assert_eq!(Filter::regex("(a{1000}){1000}{1000}").unwrap_err(), FilterError::TooLarge);
    // In a run that goes over edges of blocks.
    let long = Buffer::from([&b"x".repeat(1000)[..], b"needle", &b"y".repeat(1000)].concat());
    assert_eq!(all(&long, &Request { filter: Filter::text("needle"), ..Request::of(&long) }).total, 1);
    assert_eq!(all(&long, &Request { filter: Filter::text("needles"), ..Request::of(&long) }).total, 0);
}

#[test]
fn lists_are_ordered_and_written() {
    let buffer = Buffer::from(b"bbbb\0aaaaaa\0C,\"c\"\xC3\xA9\xE2\x80\xAE\0".to_vec());
    let mut found = all(&buffer, &Request::of(&buffer));
    let mut offsets = |sort, descending| {
        order(&buffer, &mut found.strings, sort, descending, &Progress::new()).unwrap();
        found.strings.iter().map(|s| s.offset.0).collect::<Vec<_>>()
    };
    assert_eq!(offsets(Sort::Text, false), [5, 0, 12]);
    assert_eq!(offsets(Sort::Length, false), [12, 5, 0]);
    assert_eq!(offsets(Sort::Encoding, true), [12, 5, 0]);
    assert_eq!(offsets(Sort::Offset, false), [0, 5, 12]);
    let write = |write: &dyn Fn(&mut Vec<u8>)| {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    };
    let progress = Progress::new();
    let csv = write(&|out| to_csv(&buffer, &found, out, &progress).unwrap());
    assert_eq!(csv.lines().nth(3), Some("12,UTF-8,10,7,\"C,\"\"c\"\"é\u{202E}\""));
    let json = write(&|out| to_json(&buffer, &found, out, &progress).unwrap());
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((json[0]["text"].as_str(), json[2]["characters"].as_u64()), (Some("bbbb"), Some(7)));
    assert_eq!(write(&|out| to_text(&buffer, &found, out, &progress).unwrap()), "bbbb\naaaaaa\nC,\"c\"é\\u{202e}\n");
    assert_eq!(write(&|out| to_json(&buffer, &Strings::default(), out, &progress).unwrap()), "[]\n");
}

#[test]
fn fills_are_passed_over_and_whoever_wants_it_to_stop_does_not_wait() {
    let mut huge = Buffer::filled(0, Len(40 << 20));
    huge.append(b"end of it");
    let found = all(&huge, &Request::of(&huge));
    assert_eq!(found.strings.iter().map(|s| s.offset.0).collect::<Vec<_>>(), [40 << 20]);
    let progress = Progress::new();
    let calls = Mutex::new(0);
    let endless = Buffer::filled(b'a', Len(1 << 50));
    let result = find(&endless, &Request::of(&endless), &progress, &|_| {
        *calls.lock().unwrap() += 1;
        progress.cancel();
    });
    assert_eq!(result, Err(Cancelled));
}
