//! The East Asian charsets: what CPython shows, written down.

use seektell::buffer::Buffer;
use seektell::stream::codec::{Codec, Decoder, Encoder, Purpose, decode, encode};
use seektell::stream::{BytesIO, Exception, StreamObject, Text, TextIOWrapper, TextOptions, Whence, bytes_repr};

use super::charsets::CHARSETS;
use super::codecs::ascii;

/// What CPython makes of bytes.
const DECODED: &[(&[u8], &str, &str, &str)] = &[
    (b"\xC4\xE3\xBA\xC3", "gbk", "strict", "'\\u4f60\\u597d'"),
    (
        b"a\x81",
        "gbk",
        "strict",
        "UnicodeDecodeError: 'gbk' codec can't decode byte 0x81 in position 1: incomplete multibyte sequence",
    ),
    (
        b"a\x81 b",
        "gbk",
        "strict",
        "UnicodeDecodeError: 'gbk' codec can't decode byte 0x81 in position 1: illegal multibyte sequence",
    ),
    (b"a\x81 b", "gbk", "replace", "'a\\ufffd b'"),
    (b"\x810\x810\xE32\x9A5\xA8\xBC", "gb18030", "strict", "'\\x80\\U0010ffff\\ue7c7'"),
    (
        b"\x810\x81",
        "gb18030",
        "strict",
        "UnicodeDecodeError: 'gb18030' codec can't decode bytes in position 0-2: incomplete multibyte sequence",
    ),
    (b"\x810\x81", "gb18030", "surrogateescape", "'\\udc810\\udc81'"),
    (b"\xA1\xA4\xA1\xAA", "gb2312", "strict", "'\\u30fb\\u2015'"),
    (b"\xA1\xA4\xA1\xAA", "gbk", "strict", "'\\xb7\\u2014'"),
    (b"~{VPND~}~~\n", "hz", "strict", "'\\u4e2d\\u6587~\\n'"),
    (b"~{VP", "hz", "strict", "'\\u4e2d'"),
    (b"\x83e\xB1\\\x81_", "shift_jis", "strict", "'\\u30c6\\uff71\\\\\\uff3c'"),
    (b"\x87@", "shift_jis", "backslashreplace", "'\\\\x87@'"),
    (b"\x87@\x80\xA0\xFD", "cp932", "strict", "'\\u2460\\x80\\uf8f0\\uf8f1'"),
    (b"\x8E\xB1\x8F\xB0\xA1\xA1\xC1", "euc_jp", "strict", "'\\uff71\\u4e02\\u301c'"),
    (
        b"\xAD\xA1",
        "euc_jp",
        "strict",
        "UnicodeDecodeError: 'euc_jp' codec can't decode byte 0xad in position 0: illegal multibyte sequence",
    ),
    (b"\xA4\xD4\xA4\xA1\xA4\xBF\xA4\xD4\xB0\xA1", "euc_kr", "strict", "'\\uac00\\uac00'"),
    (
        b"\xA4\xD4\xA4",
        "euc_kr",
        "strict",
        "UnicodeDecodeError: 'euc_kr' codec can't decode bytes in position 0-2: incomplete multibyte sequence",
    ),
    (b"\x81A", "euc_kr", "ignore", "'A'"),
    (b"\x81A", "cp949", "strict", "'\\uac02'"),
    (b"\x88a\xD3\xBD", "johab", "strict", "'\\uac00\\ud7a3'"),
    (b"\xA1E\xC6\xA1\xF9\xD6", "big5", "replace", "'\\u2022\\u30fe\\ufffd\\ufffd'"),
    (b"\xA1E\xC6\xA1\xF9\xD6", "cp950", "strict", "'\\u2027\\u30fe\\u7881'"),
    (b"\x1B$BF|K\\\x1B(B!", "iso2022_jp", "strict", "'\\u65e5\\u672c!'"),
    (
        b"\x1B$BF|K",
        "iso2022_jp",
        "strict",
        "UnicodeDecodeError: 'iso2022_jp' codec can't decode byte 0x4b in position 5: incomplete multibyte sequence",
    ),
    (
        b"\x1B(Iq",
        "iso2022_jp",
        "strict",
        "UnicodeDecodeError: 'iso2022_jp' codec can't decode bytes in position 0-2: illegal multibyte sequence",
    ),
    (b"\x1B(I1", "iso2022_jp_ext", "strict", "'\\uff71'"),
    (b"\x1B.A\x1BNi", "iso2022_jp_2", "strict", "'\\xe9'"),
    (
        b"\x1B.J\x1BNi",
        "iso2022_jp_2",
        "strict",
        "RuntimeError: decoding with 'iso2022_jp_2' codec failed (RuntimeError: internal codec error)",
    ),
    (b"\x1B$)C\x0E0!\nA", "iso2022_kr", "strict", "'\\uac00\\nA'"),
];

/// What CPython makes of code points.
const ENCODED: &[(&[u32], &str, &str, &str)] = &[
    (
        &[0x4F60, 0x597D, 0xF1],
        "gbk",
        "strict",
        "UnicodeEncodeError: 'gbk' codec can't encode character '\\xf1' in position 2: illegal multibyte sequence",
    ),
    (&[0x4F60, 0xF1, 0x597D], "gbk", "replace", "b'\\xc4\\xe3?\\xba\\xc3'"),
    (&[0xE9, 0x1F600], "gb18030", "strict", "b'\\xa8\\xa6\\x949\\xfc6'"),
    (&[0xB7, 0x2014], "gb2312", "xmlcharrefreplace", "b'&#183;&#8212;'"),
    (&[0x4E2D, 0x7E, 0x61], "hz", "strict", "b'~{VP~}~~a'"),
    (&[0xA5, 0x203E, 0xFF71, 0x8868], "shift_jis", "strict", "b'\\\\~\\xb1\\x95\\\\'"),
    (&[0x301C, 0x2460, 0x80], "cp932", "strict", "b'\\x81`\\x87@\\x80'"),
    (&[0x301C, 0x2460], "euc_jp", "namereplace", "b'\\xa1\\xc1\\\\N{CIRCLED DIGIT ONE}'"),
    (&[0x4E02, 0xFF71], "euc_jp", "strict", "b'\\x8f\\xb0\\xa1\\x8e\\xb1'"),
    (&[0xAC02, 0x3130], "euc_kr", "backslashreplace", "b'\\xa4\\xd4\\xa4\\xa1\\xa4\\xbf\\xa4\\xa2\\\\u3130'"),
    (&[0xAC02], "johab", "strict", "b'\\x88c'"),
    (&[0x2022, 0x5341], "big5", "strict", "b'\\xa1E\\xa4Q'"),
    (&[0x65E5, 0x672C], "iso2022_jp", "strict", "b'\\x1b$BF|K\\\\\\x1b(B'"),
    (&[0xFF41, 0xA5, 0xE9], "iso2022_jp", "replace", "b'\\x1b$B#a\\x1b(J\\\\\\x1b(B?'"),
    (&[0xD55C, 0x20, 0xAE00], "iso2022_kr", "strict", "b'\\x1b$)C\\x0eGQ\\x0f \\x0e1[\\x0f'"),
    (&[0x4E2D, 0xDC81, 0xDCFF], "gbk", "surrogateescape", "b'\\xd6\\xd0\\x81\\xff'"),
    (
        &[0xD800],
        "big5",
        "surrogatepass",
        "UnicodeEncodeError: 'big5' codec can't encode character '\\ud800' in position 0: illegal multibyte sequence",
    ),
];

#[test]
fn fixed_bytes_and_texts_are_what_they_are_in_python() {
    let shown = |result: Result<String, Exception>| result.unwrap_or_else(|exception| exception.to_string());
    for &(bytes, encoding, errors, expected) in DECODED {
        let text = decode(&Buffer::from(bytes), encoding, errors).map(|text| ascii(&text));
        assert_eq!(shown(text), expected, "{bytes:02x?} {encoding}");
    }
    for &(points, encoding, errors, expected) in ENCODED {
        let bytes = encode(&Text::from_code_points(points.iter().copied()), encoding, errors);
        assert_eq!(shown(bytes.map(|bytes| bytes_repr(&bytes.to_vec_all().unwrap()))), expected, "{points:x?} {encoding}");
    }
}

#[test]
fn a_sequence_that_comes_in_pieces_is_held_back() {
    let codec = Codec::find("iso-2022-jp", Purpose::Open).unwrap();
    let mut decoder = Decoder::new(codec, "strict");
    let mut states = Vec::new();
    let text = b"\x1B$BF|\x1B(Ba".map(|byte| {
        let text = decoder.decode(&Buffer::from(&[byte]), false).unwrap();
        let (held, flags) = decoder.state();
        states.push((held.to_vec(), flags));
        text.to_string_lossy()
    });
    assert_eq!(text.concat(), "日a");
    let [start, pairs] = [0x42_4242, 0x42_42C2];
    let expected: [(&[u8], u64); 9] = [
        (b"\x1B", start),
        (b"\x1B$", start),
        (b"", pairs),
        (b"F", pairs),
        (b"", pairs),
        (b"\x1B", pairs),
        (b"\x1B(", pairs),
        (b"", start),
        (b"", start),
    ];
    assert_eq!(states, expected.map(|(held, flags)| (held.to_vec(), flags)));

    // What is wrong in the middle loses what was held back, and what is wrong at the end does not.
    let mut decoder = Decoder::new(Codec::find("euc_jp", Purpose::Open).unwrap(), "strict");
    assert!(decoder.decode(&Buffer::from(&[0x8F]), false).unwrap().is_empty());
    assert!(decoder.decode(&Buffer::new(), true).is_err());
    assert_eq!(decoder.state().0, [0x8F]);
    assert!(decoder.decode(&Buffer::from(&[0x20, 0x20]), false).is_err());
    assert_eq!(decoder.state().0, b"");

    let mut encoder = Encoder::new(codec, "strict");
    let encoded = |bytes: Result<Buffer, Exception>| bytes.unwrap().to_vec_all().unwrap();
    assert_eq!(encoded(encoder.encode(&"日".into())), b"\x1B$BF|");
    assert_eq!(encoder.state(), 0x42_C200);
    assert_eq!(encoded(encoder.encode_last(&"".into())), b"\x1B(B");
    assert_eq!(encoder.state(), 0x42_4200);
    // After `setstate(0)` no set is in use, not even ASCII.
    encoder.set_state(0);
    assert_eq!(encoded(encoder.encode(&"a".into())), b"\x1B(Ba");
}

#[test]
fn every_pair_comes_back_as_one_that_means_the_same() {
    for name in &CHARSETS[..12] {
        let mut pairs = 0;
        for first in 0x80..=0xFF_u8 {
            for second in (0x30..=0xFF_u8).step_by(3) {
                let Ok(text) = decode(&Buffer::from(&[first, second]), name, "strict") else { continue };
                let again = encode(&text, name, "strict").unwrap();
                assert_eq!(decode(&again, name, "strict").unwrap(), text, "{name}: {first:02X}{second:02X}");
                pairs += u32::from(text.len() == 1);
            }
        }
        let least = if *name == "hz" { 0 } else { 2000 };
        assert!(pairs >= least, "{name}: {pairs}");
    }
}

#[test]
fn places_of_text_with_states() {
    let bytes = encode(&"abc日本語漢字\ndef日本".into(), "iso2022_jp", "strict").unwrap().to_vec_all().unwrap();
    let options = TextOptions { encoding: Some("iso2022_jp".into()), ..TextOptions::default() };
    let raw = StreamObject::from(BytesIO::new(bytes.as_slice()));
    let mut text = TextIOWrapper::new(raw.clone(), &options).unwrap();
    text.set_chunk_size(3).unwrap();
    assert_eq!(text.read(Some(2)).unwrap(), *"ab");
    assert_eq!(text.tell().unwrap().to_string(), "160203995535087573890236418");
    assert_eq!(text.read(Some(3)).unwrap(), *"c日本");
    let place = text.tell().unwrap();
    assert_eq!(place.to_string(), "160208717901570443535450122");
    for _ in 0..2 {
        assert_eq!(text.read(None).unwrap(), *"語漢字\ndef日本");
        text.seek(&place, Whence::Start).unwrap();
    }
    text.seek(&0.into(), Whence::End).unwrap();
    text.write_str("x日").unwrap();
    text.flush().unwrap();
    let all = raw.with_bytes(|bytes| bytes.getvalue()).unwrap().unwrap().to_vec_all().unwrap();
    assert_eq!(all[bytes.len()..], *b"\x1B(Bx\x1B$BF|");
}
