//! Text: encodings, guesses, line ends and the index of lines.

// Helpers of tests may unwrap as the tests themselves may.
#![allow(clippy::unwrap_used)]

use crate::oracle::python;
use seektell::buffer::{Buffer, ByteRange, Len, Offset};
use seektell::formats::text::{self, Decoder, Encoder, Encoding, LineIndex, NewlineConverter, NewlineStyle, TextRow};
use seektell::formats::{FormatError, TextOptions};
use seektell::tasks::Progress;

fn buffer(bytes: &[u8]) -> Buffer {
    Buffer::from(bytes)
}

fn transcode(bytes: &[u8], options: &TextOptions) -> (Vec<u8>, Vec<String>) {
    let mut out = Vec::new();
    let losses = text::transcode(&buffer(bytes), options, &mut out, &Progress::new()).unwrap();
    (out, losses.into_iter().map(|loss| loss.what).collect())
}

fn encode(text: &str, encoding: Encoding) -> (Vec<u8>, u64) {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(encoding);
    encoder.encode(text, true, &mut bytes);
    (bytes, encoder.unmappable())
}

#[test]
fn names_find_the_encoding_that_people_mean() {
    for (name, expected) in [
        ("UTF-8", "UTF-8"),
        (" utf8 ", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16LE"),
        ("UTF-16BE", "UTF-16BE"),
        ("utf_16_le", "UTF-16LE"),
        ("latin-1", "ISO-8859-1"),
        ("ISO-8859-1", "ISO-8859-1"),
        ("windows-1252", "windows-1252"),
        ("cp1252", "windows-1252"),
        ("ascii", "US-ASCII"),
        ("Shift_JIS", "Shift_JIS"),
        ("cp932", "Shift_JIS"),
        ("koi8_r", "KOI8-R"),
        ("iso8859_15", "ISO-8859-15"),
        ("gb2312", "GBK"),
        ("mac_roman", "macintosh"),
    ] {
        assert_eq!(Encoding::from_name(name).map(Encoding::name), Some(expected), "{name}");
    }
    assert_eq!(Encoding::from_name("replacement"), None);
    assert_eq!(Encoding::from_name("klingon"), None);
}

#[test]
fn the_names_that_python_has_for_east_asian_charsets_are_known() {
    for (expected, names) in [
        ("Big5", "950 big5 big5_tw cp950 csbig5 ms950 x_mac_trad_chinese"),
        ("Shift_JIS", "932 cp932 csshiftjis ms932 ms_kanji mskanji s_jis shift_jis shiftjis sjis x_mac_japanese"),
        ("EUC-KR", "949 cp949 euc_kr euckr korean ks_c_5601 ks_c_5601_1987 ks_x_1001 ksc5601 ksx1001 ms949 uhc x_mac_korean"),
        ("EUC-JP", "euc_jp eucjp u_jis ujis"),
        ("gb18030", "gb18030 gb18030_2000"),
        (
            "GBK",
            "936 chinese cp936 csiso58gb231280 euc_cn euccn eucgb2312_cn gb2312 gb2312_1980 gb2312_80 gbk iso_ir_58 ms936 x_mac_simp_chinese",
        ),
        ("ISO-2022-JP", "csiso2022jp iso2022_jp iso2022jp iso_2022_jp"),
    ] {
        let other = |name: &&str| Encoding::from_name(name).map(Encoding::name) != Some(expected);
        assert_eq!(names.split(' ').filter(other).collect::<Vec<_>>(), [""; 0], "{expected}");
    }
}

#[test]
fn every_encoding_of_the_menu_is_found_by_its_own_name_and_only_once() {
    let all = Encoding::all();
    for (index, encoding) in all.iter().enumerate() {
        assert_eq!(Encoding::from_name(encoding.name()), Some(*encoding), "{encoding}");
        assert!(!all[..index].contains(encoding), "{encoding} twice");
    }
    assert!(all.len() >= 40, "{}", all.len());
}

#[test]
fn every_encoding_reads_what_it_writes_in_pieces_of_any_size() {
    let candidates: Vec<char> = "aZ09 ,;\"'\n\r\t~|\\äöüßéñœ€ŠžĄłőČșБяЖґї₴αΩšאשابجกขฃひカ漢字龍가힣ﾊﾝ😀".chars().collect();
    for encoding in Encoding::all() {
        let text: String = candidates.iter().filter(|c| encode(&c.to_string(), encoding).1 == 0).cycle().take(600).collect();
        assert!(text.contains("aZ09"), "{encoding}");
        let (bytes, unmappable) = encode(&text, encoding);
        assert_eq!(unmappable, 0, "{encoding}");
        // Some characters share their bytes with others (the yen sign of Shift_JIS): what is read once is the measure.
        let whole = text::decode_lossy(&bytes, encoding);
        assert!(!whole.contains('\u{FFFD}'), "{encoding}");
        if !matches!(encoding.name(), "ISO-2022-JP") {
            assert_eq!(whole, text, "{encoding}");
        }
        for size in [1, 2, 3, 7, 64] {
            let mut decoder = Decoder::new(encoding);
            let mut pieces = String::new();
            for piece in bytes.chunks(size) {
                decoder.decode(piece, false, &mut pieces);
            }
            decoder.decode(b"", true, &mut pieces);
            assert_eq!(pieces, whole, "{encoding} in pieces of {size}");
            assert_eq!(decoder.malformed(), 0, "{encoding}");
            // And the encoder, cut at characters.
            let mut encoder = Encoder::new(encoding);
            let mut again = Vec::new();
            for character in text.chars() {
                encoder.encode(character.encode_utf8(&mut [0; 4]), false, &mut again);
            }
            encoder.encode("", true, &mut again);
            assert_eq!(text::decode_lossy(&again, encoding), whole, "{encoding}");
        }
    }
}

#[test]
fn latin1_is_exact_and_windows_1252_is_not_latin1() {
    let all: Vec<u8> = (0..=255).collect();
    let text = text::decode_lossy(&all, Encoding::Latin1);
    assert!(text.chars().map(u32::from).eq(0..256));
    assert_eq!(encode(&text, Encoding::Latin1), (all, 0));
    assert_eq!(text::decode_lossy(b"\x80", Encoding::from_name("cp1252").unwrap()), "€");
    assert_eq!(encode("€", Encoding::Latin1), (b"?".to_vec(), 1));
    assert_eq!(text::decode_lossy(b"a\x80b", Encoding::Ascii), "a\u{FFFD}b");
}

#[test]
fn broken_bytes_are_counted_with_their_place() {
    for (bytes, encoding, text, count, first) in [
        (&b"ab\xFFcd\xC3"[..], Encoding::Utf8, "ab\u{FFFD}cd\u{FFFD}", 2, 2),
        (b"a\0\x00\xD8b\0", Encoding::Utf16Le, "a\u{FFFD}b", 1, 2),
        (b"\0a\0", Encoding::Utf16Be, "a\u{FFFD}", 1, 2),
        (b"abc\x80", Encoding::Ascii, "abc\u{FFFD}", 1, 3),
    ] {
        for size in [1, 2, 100] {
            let mut decoder = Decoder::new(encoding);
            let mut out = String::new();
            for piece in bytes.chunks(size) {
                decoder.decode(piece, false, &mut out);
            }
            decoder.decode(b"", true, &mut out);
            assert_eq!((out.as_str(), decoder.malformed()), (text, count), "{encoding} {bytes:?}");
            assert_eq!(decoder.first_malformed(), Some(Offset(first)), "{encoding} {bytes:?} by {size}");
        }
    }
}

#[test]
fn guesses_go_by_mark_then_zeros_then_utf8_then_statistics() {
    let utf16 = |text: &str, encoding| encode(text, encoding).0;
    let german = "Grüße aus Köln. Übermäßig schöne Bäume wachsen für Müller und Söhne.\r\n".repeat(3);
    for (bytes, expected, bom, reason) in [
        (b"\xEF\xBB\xBFa".to_vec(), "UTF-8", 3, "byte order mark"),
        (b"\xFF\xFEa\0".to_vec(), "UTF-16LE", 2, "byte order mark"),
        (b"\xFE\xFF\0a".to_vec(), "UTF-16BE", 2, "byte order mark"),
        (b"\xFF\xFE\0\0a\0\0\0".to_vec(), "UTF-16LE", 2, "UTF-32"),
        (utf16("name,age\r\nAnna,41\r\n", Encoding::Utf16Le), "UTF-16LE", 0, "zero"),
        (utf16("name,age\r\nAnna,41\r\n", Encoding::Utf16Be), "UTF-16BE", 0, "zero"),
        (b"plain".to_vec(), "UTF-8", 0, "ASCII"),
        (b"".to_vec(), "UTF-8", 0, "empty"),
        ("größer €".into(), "UTF-8", 0, "valid UTF-8"),
        (encode(&german, Encoding::from_name("cp1252").unwrap()).0, "windows-1252", 0, "guess"),
        (
            encode("Съешь же ещё этих мягких французских булок, да выпей чаю.", Encoding::from_name("cp1251").unwrap()).0,
            "windows-1251",
            0,
            "guess",
        ),
        (encode("日本語の文章です。漢字とカタカナ。", Encoding::from_name("sjis").unwrap()).0, "Shift_JIS", 0, "guess"),
        (encode("日本語の文章です。", Encoding::from_name("iso-2022-jp").unwrap()).0, "ISO-2022-JP", 0, "escape"),
    ] {
        let guess = text::guess(&buffer(&bytes)).unwrap();
        assert_eq!((guess.encoding.name(), guess.bom_len), (expected, bom), "{bytes:?} {}", guess.reason);
        assert!(guess.reason.contains(reason), "{}", guess.reason);
    }
}

#[test]
fn one_broken_line_in_a_utf8_log_does_not_change_the_guess() {
    let mut bytes = "Zürich – Genève\n".repeat(100).into_bytes();
    bytes.extend_from_slice(b"broken \xE9 here\n");
    let guess = text::guess(&buffer(&bytes)).unwrap();
    assert_eq!(guess.encoding, Encoding::Utf8);
    assert!(guess.reason.contains("broken"), "{}", guess.reason);
}

#[test]
fn a_character_across_the_edge_of_what_is_looked_at_is_no_error() {
    for shift in 0..4 {
        let mut text = "x".repeat(shift);
        while text.len() < 300_000 {
            text.push('€');
        }
        let guess = text::guess(&buffer(text.as_bytes())).unwrap();
        assert_eq!(guess.encoding, Encoding::Utf8, "{shift}: {}", guess.reason);
        assert!(guess.reason.contains("valid UTF-8"), "{}", guess.reason);
    }
}

#[test]
fn a_text_beyond_memory_is_refused_in_words() {
    let big = Buffer::filled(b'a', Len((1 << 30) + 1));
    let error = text::decode(&big, Encoding::Utf8, &Progress::new()).unwrap_err();
    assert!(matches!(error, FormatError::Limit { .. }), "{error}");
    assert!(error.to_string().contains("1 GiB"), "{error}");
}

#[test]
fn decode_leaves_the_mark_out_and_counts() {
    let (text, broken) = text::decode(&buffer(b"\xEF\xBB\xBFa\xFF"), Encoding::Utf8, &Progress::new()).unwrap();
    assert_eq!((text.as_str(), broken), ("a\u{FFFD}", 1));
    let (text, broken) = text::decode(&buffer(b"\xFE\xFF\0a"), Encoding::Utf16Be, &Progress::new()).unwrap();
    assert_eq!((text.as_str(), broken), ("a", 0));
    // A mark of another encoding is not a mark.
    let (text, _) = text::decode(&buffer(b"\xEF\xBB\xBF"), Encoding::Latin1, &Progress::new()).unwrap();
    assert_eq!(text, "ï»¿");
}

#[test]
fn newlines_are_exact_wherever_the_pieces_are_cut() {
    let text = "a\r\nb\nc\rd\r\r\n\n\n\r\re\r";
    for (style, expected) in [
        (NewlineStyle::Lf, "a\nb\nc\nd\n\n\n\n\n\ne\n"),
        (NewlineStyle::CrLf, "a\r\nb\r\nc\r\nd\r\n\r\n\r\n\r\n\r\n\r\ne\r\n"),
        (NewlineStyle::Cr, "a\rb\rc\rd\r\r\r\r\r\re\r"),
    ] {
        for size in 1..text.len() {
            let mut converter = NewlineConverter::new(style);
            let mut out = String::new();
            let bytes = text.as_bytes();
            for piece in bytes.chunks(size) {
                converter.convert(std::str::from_utf8(piece).unwrap(), &mut out);
                converter.convert("", &mut out);
            }
            assert_eq!(out, expected, "{style:?} in pieces of {size}");
        }
    }
}

#[test]
fn transcoding_changes_encoding_line_ends_and_mark() {
    let from = "Käse\r\nBrot\n";
    let options = |encoding, bom, newline| TextOptions { input: None, encoding, bom, newline };
    assert_eq!(transcode(from.as_bytes(), &options(Encoding::Utf8, false, None)), (from.into(), vec![]));
    assert_eq!(
        transcode(from.as_bytes(), &options(Encoding::Utf8, true, Some(NewlineStyle::Lf))),
        ("\u{FEFF}Käse\nBrot\n".into(), vec![])
    );
    let (bytes, losses) = transcode(from.as_bytes(), &options(Encoding::Utf16Le, true, Some(NewlineStyle::CrLf)));
    assert_eq!((text::decode_lossy(&bytes, Encoding::Utf16Le).as_str(), losses.len()), ("\u{FEFF}Käse\r\nBrot\r\n", 0));
    // And back, guessed.
    assert_eq!(transcode(&bytes, &options(Encoding::Utf8, false, Some(NewlineStyle::Lf))), ("Käse\nBrot\n".into(), vec![]));
    let latin = Encoding::from_name("latin-1").unwrap();
    assert_eq!(transcode(from.as_bytes(), &options(latin, false, None)), (b"K\xE4se\r\nBrot\n".to_vec(), vec![]));
}

#[test]
fn what_cannot_be_written_or_read_is_told_with_number_and_place() {
    let options = TextOptions { encoding: Encoding::from_name("cp1252").unwrap(), ..TextOptions::default() };
    let (bytes, losses) = transcode("ab日本語€".as_bytes(), &options);
    assert_eq!(bytes, b"ab???\x80");
    assert_eq!(
        losses,
        ["3 characters cannot be written in windows-1252 and become \"?\"; the first is 日 (U+65E5), character 3"]
    );
    let options = TextOptions { input: Some(Encoding::Utf8), newline: Some(NewlineStyle::Lf), ..TextOptions::default() };
    let (bytes, losses) = transcode(b"ab\xFFc", &options);
    assert_eq!(bytes, "ab\u{FFFD}c".as_bytes());
    assert_eq!(losses, ["1 byte sequence is not valid UTF-8 and becomes U+FFFD; the first is at offset 00000002"]);
    // The same encoding and line ends: broken bytes go through as they are.
    let options = TextOptions { input: Some(Encoding::Utf8), ..TextOptions::default() };
    assert_eq!(transcode(b"ab\xFFc", &options), (b"ab\xFFc".to_vec(), vec![]));
    let (bytes, losses) = transcode(b"\xEF\xBB\xBFa", &options);
    assert_eq!((bytes.as_slice(), losses.len()), (&b"a"[..], 1));
    // ISO-2022-JP has to leave its two-byte state for the question mark.
    let iso = Encoding::from_name("iso-2022-jp").unwrap();
    let (bytes, losses) = transcode("日😀本".as_bytes(), &TextOptions { encoding: iso, ..TextOptions::default() });
    assert_eq!((text::decode_lossy(&bytes, iso).as_str(), losses.len()), ("日?本", 1));
}

#[test]
fn long_texts_come_out_whole_across_the_edges_of_pieces() {
    let text: String = (0..8_000).map(|n| format!("{n}: äö€😀\r\n")).collect();
    for encoding in [Encoding::Utf16Le, Encoding::Utf16Be, Encoding::from_name("gb18030").unwrap()] {
        let there = TextOptions { input: Some(Encoding::Utf8), encoding, newline: Some(NewlineStyle::Cr), bom: false };
        let (bytes, losses) = transcode(text.as_bytes(), &there);
        assert!(losses.is_empty());
        let back = TextOptions { input: Some(encoding), newline: Some(NewlineStyle::CrLf), ..TextOptions::default() };
        assert_eq!(transcode(&bytes, &back).0, text.as_bytes(), "{encoding}");
    }
}

#[test]
fn cancelling_stops_the_work() {
    let progress = Progress::new();
    progress.cancel();
    let options = TextOptions { newline: Some(NewlineStyle::Lf), ..TextOptions::default() };
    let error = text::transcode(&buffer(b"a\n"), &options, &mut Vec::new(), &progress).unwrap_err();
    assert!(matches!(error, FormatError::Cancelled(_)));
    let long = buffer(&b"abc\n".repeat(1 << 19));
    assert!(matches!(LineIndex::build(&long, Encoding::Utf8, &progress), Err(FormatError::Cancelled(_))));
}

/// Rows the slow way: characters one by one.
fn naive_rows(text: &str, encoding: Encoding) -> Vec<(u64, bool, String, u64)> {
    let width = |c: char| match encoding {
        Encoding::Utf8 => c.len_utf8(),
        Encoding::Utf16Le | Encoding::Utf16Be => c.len_utf16() * 2,
        Encoding::Latin1 => 1,
        _ => 1 + usize::from(!c.is_ascii()),
    };
    let mut rows = Vec::new();
    let (mut line, mut continued, mut content, mut size, mut offset, mut start) = (0, false, String::new(), 0, 0, 0);
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if c == '\n' || c == '\r' {
            offset += width(c) as u64;
            if c == '\r' && characters.next_if_eq(&'\n').is_some() {
                offset += width('\n') as u64;
            }
            rows.push((line, continued, std::mem::take(&mut content), start));
            (line, continued, size, start) = (line + 1, false, 0, offset);
            continue;
        }
        if size + width(c) > LineIndex::SPLIT {
            rows.push((line, continued, std::mem::take(&mut content), start));
            (continued, size, start) = (true, 0, offset);
        }
        size += width(c);
        offset += width(c) as u64;
        content.push(c);
    }
    rows.push((line, continued, content, start));
    rows
}

fn check_index(text: &str, encoding: Encoding) {
    let bytes = encode(text, encoding).0;
    let index = LineIndex::build(&buffer(&bytes), encoding, &Progress::new()).unwrap();
    let naive = naive_rows(text, encoding);
    let context = format!("{encoding}, {} bytes", bytes.len());
    assert_eq!(index.row_count(), naive.len() as u64, "{context}");
    assert_eq!(index.line_count(), naive.last().unwrap().0 + 1, "{context}");
    let rows = index.rows(0, usize::MAX).unwrap();
    let mut expected_start = 0;
    for (number, (row, naive)) in rows.iter().zip(&naive).enumerate() {
        assert_eq!(row.row, number as u64);
        assert_eq!((row.line, row.continued), (naive.0, naive.1), "{context}, row {number}");
        assert_eq!(row.range.start.0, naive.3, "{context}, row {number}");
        assert_eq!(row.range.start.0, expected_start, "{context}: rows leave no byte out");
        expected_start = row.range.end().0;
        assert_eq!(index.text(row).unwrap(), naive.2, "{context}, row {number}");
    }
    assert_eq!(expected_start, bytes.len() as u64);
    // Any row by its number, by its bytes, and by its line.
    for number in (0..rows.len()).step_by((rows.len() / 40).max(1)).chain([rows.len() - 1]) {
        let row = rows[number];
        assert_eq!(index.rows(row.row, 1).unwrap(), [row], "{context}");
        assert_eq!(index.row_at(row.range.start).unwrap(), row, "{context}");
        if !row.range.is_empty() {
            assert_eq!(index.row_at(Offset(row.range.end().0 - 1)).unwrap(), row, "{context}");
        }
        let of_line = index.row_of_line(row.line).unwrap().unwrap();
        assert_eq!((of_line.line, of_line.continued), (row.line, false), "{context}");
        assert!(of_line.row <= row.row);
    }
    assert_eq!(index.row_at(Offset(u64::MAX)).unwrap(), *rows.last().unwrap());
    assert_eq!(index.rows(index.row_count(), 10).unwrap(), []);
    assert_eq!(index.row_of_line(index.line_count()).unwrap(), None);
}

#[test]
fn the_line_index_agrees_with_reading_character_by_character() {
    let mut random = fastrand::Rng::with_seed(5);
    let gbk = Encoding::from_name("gbk").unwrap();
    let sjis = Encoding::from_name("shift_jis").unwrap();
    for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Latin1, gbk, sjis] {
        let alphabet: &[&str] = match encoding {
            Encoding::Latin1 => &["a", "é", "\n", "\r\n", "\r"],
            Encoding::Whatwg(_) => &["a", "日", "本", "\n", "\r\n", "\r"],
            // U+0A0D and U+0D0A have the bytes of line ends in the wrong places.
            Encoding::Utf16Le | Encoding::Utf16Be => &["a", "€", "😀", "\u{0A0D}", "\u{0D0A}", "\u{0A0A}", "\n", "\r\n", "\r"],
            _ => &["a", "é", "€", "😀", "\n", "\r\n", "\r"],
        };
        for text in ["", "a", "\n", "\r", "\r\n", "\n\r", "a\n", "a\r\n\r\nb", "\r\r\n\n"] {
            check_index(text, encoding);
        }
        let mut text = String::new();
        for _ in 0..8_000 {
            text.push_str(alphabet[random.usize(..alphabet.len())]);
        }
        check_index(&text, encoding);
        // Long lines, with line ends right at, before and behind the place where a row is split.
        for around in [-2, -1, 0, 1_isize] {
            let unit = encode("a", encoding).0.len();
            let mut text = String::new();
            for repeat in 1..3 {
                let count = (LineIndex::SPLIT / unit * repeat).saturating_add_signed(around);
                text.push_str(&"a".repeat(count));
                text.push_str(["\n", "\r\n", "\r"][repeat % 3]);
                text.push_str(&alphabet[1].repeat(LineIndex::SPLIT / 2 + repeat));
                text.push_str(if repeat == 1 { "" } else { "\r\n" });
            }
            check_index(&text, encoding);
        }
    }
}

#[test]
fn line_ends_across_the_blocks_that_are_read_stay_whole() {
    for length in 65_533..65_538_usize {
        let mut text = String::new();
        while text.len() < length {
            text.push_str("0123456789abcde\n");
        }
        text.truncate(length);
        text.push_str("\r\nnext\r\n\r\nlast");
        check_index(&text, Encoding::Utf8);
    }
}

#[test]
fn broken_bytes_and_any_prefix_make_no_panic_and_leave_no_byte_out() {
    let mut random = fastrand::Rng::with_seed(11);
    let encodings = Encoding::all();
    for round in 0..300 {
        let mut bytes = vec![0; random.usize(..20_000)];
        random.fill(&mut bytes);
        if round % 3 == 0 {
            for byte in &mut bytes {
                *byte |= 0x80; // no line end: rows are split
            }
        }
        let encoding = encodings[round % encodings.len()];
        let index = LineIndex::build(&buffer(&bytes), encoding, &Progress::new()).unwrap();
        let rows: Vec<TextRow> = index.rows(0, usize::MAX).unwrap();
        assert_eq!(rows.iter().map(|row| row.range.len.0).sum::<u64>(), bytes.len() as u64, "{encoding}");
        assert!(rows.iter().all(|row| row.content().len.0 <= LineIndex::SPLIT as u64), "{encoding}");
        let options = TextOptions {
            input: Some(encoding),
            encoding: encodings[(round * 7) % encodings.len()],
            bom: true,
            newline: Some(NewlineStyle::CrLf),
        };
        text::transcode(&buffer(&bytes), &options, &mut std::io::sink(), &Progress::new()).unwrap();
        text::guess(&buffer(&bytes)).unwrap();
        let range = ByteRange::between(Offset(random.u64(..30_000)), Offset(random.u64(..30_000)));
        text::decode_lossy(&buffer(&bytes).to_vec(range).unwrap(), encoding);
    }
}

#[test]
fn bytes_are_those_of_python_s_codecs() {
    let text = "Grüße, Łódź – €100 ½ Жук αβγ 日本語";
    let names = ["utf-8", "utf-16-le", "utf-16-be", "latin-1", "ascii", "iso8859-15", "cp1252", "cp1250", "koi8-r", "gb18030"];
    let script =
        format!("import sys\nt=sys.stdin.buffer.read().decode()\nfor n in {names:?}: print(t.encode(n,'replace').hex())");
    let Some(output) = python(&script, text.as_bytes()) else { return };
    let lines = String::from_utf8(output).unwrap();
    for (name, line) in names.iter().zip(lines.lines()) {
        let ours: String = encode(text, Encoding::from_name(name).unwrap()).0.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(ours, line, "{name}");
    }
}
