//! Random literals.

use fastrand::Rng;

/// Pieces of content that streams find interesting.
const TEXTS: &[&str] = &[
    "",
    "a",
    "x",
    "ab",
    "abc",
    "hello",
    "line",
    "data",
    "PNG",
    "0123456789",
    "a,b,c",
    "key=value",
    "Hello World",
    "\\n",
    "\\n\\n",
    "\\r\\n",
    "\\r",
    "\\r\\n\\n",
    "a\\nb\\r\\nc\\rd",
    "\\t",
    " ",
    "é",
    "ñ",
    "ü",
    "€",
    "世界",
    "文字",
    "가",
    "ｶ",
    "😀",
    "Ω",
    "ß",
    "\\xa0",
    "\\u2028",
    "\\ufeff",
    "\\x00",
    "'",
    "\\\"",
    "\\\\",
    "\\x7f",
    "\\x1c",
    "\\v\\f",
];

/// The same in bytes, with pieces that are no text in one encoding or another.
const BYTES: &[&str] = &[
    "",
    "a",
    "x",
    "ab",
    "abc",
    "hello",
    "line",
    "data",
    "PNG",
    "0123456789",
    "a,b,c",
    "key=value",
    "Hello World",
    "\\n",
    "\\n\\n",
    "\\r\\n",
    "\\r",
    "\\r\\n\\n",
    "a\\nb\\r\\nc\\rd",
    "\\t",
    " ",
    "\\xc3\\xa9",
    "\\xe2\\x82\\xac",
    "\\xf0\\x9f\\x98\\x80",
    "\\xff",
    "\\x80",
    "\\xc3",
    "\\xe2\\x82",
    "\\xff\\xfe",
    "\\xfe\\xff",
    "\\xca\\xc0",
    "\\x90\\xa2",
    "\\x81\\x30\\x81",
    "\\x8f\\xb0",
    "~{JP~}",
    "\\x1b$BJ8",
    "\\x1b(B",
    "\\xef\\xbb\\xbf",
    "\\x00",
    "a\\x00",
    "\\x81",
    "'",
    "\\\"",
    "\\\\",
    "\\xed\\xa0\\x80",
    "\\x7f",
];

fn quoted(rng: &mut Rng, pieces: &[&str], most: usize) -> String {
    let body: String = (0..rng.usize(0..=most)).map(|_| *rng.choice(pieces).unwrap()).collect();
    if rng.bool() { format!("\"{body}\"") } else { format!("'{}'", body.replace('\'', "\\'")) }
}

/// A `str` literal.
pub(crate) fn text(rng: &mut Rng) -> String {
    quoted(rng, TEXTS, 5)
}

/// A `bytes` literal.
pub(crate) fn bytes(rng: &mut Rng) -> String {
    format!("b{}", quoted(rng, BYTES, 5))
}

/// A size or an offset, mostly small.
pub(crate) fn size(rng: &mut Rng) -> String {
    match rng.u32(0..24) {
        0 => "None".into(),
        1 => "-1".into(),
        2 => format!("-{}", rng.u32(1..9)),
        3 => "0".into(),
        4 => "True".into(),
        5 => format!("{} + {}", rng.u32(0..5), rng.u32(0..5)),
        6 => format!("{}", rng.u32(20..60)),
        _ => format!("{}", rng.u32(0..14)),
    }
}

/// Something of the wrong type or out of range.
pub(crate) fn wrong(rng: &mut Rng) -> String {
    let fixed = [
        "'x'",
        "b'x'",
        "1.5",
        "None",
        "[]",
        "[1]",
        "()",
        "2**63",
        "-2**63 - 1",
        "2**70",
        "'3'",
        "True",
        "bytearray(b'q')",
        "{}",
        "len",
        "io",
    ];
    (*rng.choice(fixed).unwrap()).into()
}

/// A newline mode.
pub(crate) fn newline(rng: &mut Rng) -> &'static str {
    rng.choice(["None", "''", "'\\n'", "'\\r'", "'\\r\\n'"]).unwrap()
}

/// A codec's name. CPython crashes when a `TextIOWrapper` in ISO 2022 is put to a place of its own choosing: `charset` has those.
pub(crate) fn encoding(rng: &mut Rng) -> &'static str {
    rng.choice([
        "utf-8",
        "utf-8",
        "utf-8",
        "UTF-8",
        "latin-1",
        "iso-8859-1",
        "ascii",
        "cp1252",
        "utf-16",
        "utf-8-sig",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "gbk",
        "gb18030",
        "hz",
        "shift_jis",
        "cp932",
        "euc_jp",
        "euc_kr",
        "big5",
    ])
    .unwrap()
}

/// The name of an East Asian charset.
pub(crate) fn charset(rng: &mut Rng) -> &'static str {
    rng.choice([
        "GBK",
        "gb18030-2000",
        "euc-cn",
        "hz",
        "sjis",
        "ms932",
        "ujis",
        "korean",
        "uhc",
        "johab",
        "Big5",
        "cp950",
        "iso-2022-jp",
        "iso2022_jp_2",
        "iso2022_kr",
    ])
    .unwrap()
}

/// An error handler's name.
pub(crate) fn errors(rng: &mut Rng) -> &'static str {
    rng.choice(["strict", "strict", "replace", "ignore", "backslashreplace", "surrogateescape", "xmlcharrefreplace"]).unwrap()
}
