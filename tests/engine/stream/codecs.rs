//! The codecs, at once and in pieces, against CPython.

use fastrand::Rng;
use seektell::buffer::Buffer;
use seektell::stream::codec::{Codec, Decoder, Encoder, NewlineDecoder, Purpose, decode, encode};
use seektell::stream::{Exception, Text, bytes_repr, str_repr};

use super::python;

const UNICODE: &[&str] =
    &["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "latin-1", "ascii", "cp1252"];

const SINGLE: &[&str] = &[
    "cp037",
    "cp1006",
    "cp1026",
    "cp1125",
    "cp1140",
    "cp1250",
    "cp1251",
    "cp1252",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp1257",
    "cp1258",
    "cp273",
    "cp424",
    "cp437",
    "cp500",
    "cp720",
    "cp737",
    "cp775",
    "cp850",
    "cp852",
    "cp855",
    "cp856",
    "cp857",
    "cp858",
    "cp860",
    "cp861",
    "cp862",
    "cp863",
    "cp864",
    "cp865",
    "cp866",
    "cp869",
    "cp874",
    "cp875",
    "hp_roman8",
    "iso8859_10",
    "iso8859_11",
    "iso8859_13",
    "iso8859_14",
    "iso8859_15",
    "iso8859_16",
    "iso8859_2",
    "iso8859_3",
    "iso8859_4",
    "iso8859_5",
    "iso8859_6",
    "iso8859_7",
    "iso8859_8",
    "iso8859_9",
    "koi8_r",
    "koi8_t",
    "koi8_u",
    "kz1048",
    "mac_arabic",
    "mac_croatian",
    "mac_cyrillic",
    "mac_farsi",
    "mac_greek",
    "mac_iceland",
    "mac_latin2",
    "mac_roman",
    "mac_romanian",
    "mac_turkish",
    "palmos",
    "ptcp154",
    "tis_620",
];

pub(crate) const HANDLERS: &[&str] = &[
    "strict",
    "replace",
    "ignore",
    "backslashreplace",
    "surrogateescape",
    "surrogatepass",
    "xmlcharrefreplace",
    "namereplace",
    "nosuch",
];

const DRIVER: &str = r#"
import codecs, io, json
def shown(work):
    try:
        return ascii(work())
    except UnicodeError as e:
        if len(e.args) == 5: return ascii((type(e).__name__, str(e), e.encoding, e.object, e.start, e.end, e.reason))
        return ascii((type(e).__name__, str(e)))
    except Exception as e:
        return ascii((type(e).__name__, str(e)))
def one(kind, encoding, errors, value, cuts):
    if kind == "decode": return shown(lambda: value.decode(encoding, errors))
    if kind == "encode": return shown(lambda: value.encode(encoding, errors))
    if kind.startswith("encode"):
        coder = codecs.getincrementalencoder(encoding)(errors)
    else:
        coder = codecs.getincrementaldecoder(encoding)(errors)
        if kind != "pieces": coder = io.IncrementalNewlineDecoder(coder, kind == "translated")
    out, at = [], 0
    for cut in cuts + [None]:
        piece = value[at:cut]
        if kind == "encode pieces": out.append(shown(lambda: (coder.encode(piece), coder.getstate())))
        elif kind == "encode to the end": out.append(shown(lambda: (coder.encode(piece, cut is None), coder.getstate())))
        else: out.append(shown(lambda: (coder.decode(piece, cut is None), coder.getstate(), getattr(coder, "newlines", None))))
        at = cut
    return " ".join(out)
for case in cases: print(json.dumps(one(*case)))
"#;

pub(crate) struct Case {
    pub(crate) kind: &'static str,
    pub(crate) encoding: &'static str,
    pub(crate) errors: &'static str,
    pub(crate) value: Value,
    pub(crate) cuts: Vec<usize>,
}

pub(crate) enum Value {
    Bytes(Vec<u8>),
    Text(Text),
}

impl Case {
    fn python(&self) -> String {
        let value = match &self.value {
            Value::Bytes(bytes) => bytes_repr(bytes),
            Value::Text(text) => ascii(text),
        };
        format!("({:?}, {:?}, {:?}, {value}, {:?}),\n", self.kind, self.encoding, self.errors, self.cuts)
    }

    fn ours(&self) -> String {
        let codec = Codec::find(self.encoding, Purpose::Open).unwrap();
        match (&self.value, self.kind) {
            (Value::Bytes(bytes), "decode") => {
                shown(decode(&bytes.as_slice().into(), self.encoding, self.errors).map(|text| ascii(&text)))
            }
            (Value::Text(text), "encode") => {
                shown(encode(text, self.encoding, self.errors).map(|bytes| bytes_repr(&bytes.to_vec_all().unwrap())))
            }
            (Value::Text(text), _) => {
                let mut encoder = Encoder::new(codec, self.errors);
                let piece = |start, end, last| {
                    let piece = text.slice(start as u64, end as u64);
                    let at_end = last && self.kind == "encode to the end";
                    let encoded = if at_end { encoder.encode_last(&piece) } else { encoder.encode(&piece) };
                    shown(encoded.map(|b| format!("({}, {})", bytes_repr(&b.to_vec_all().unwrap()), encoder.state())))
                };
                self.pieces(text.len() as usize, piece)
            }
            (Value::Bytes(bytes), "pieces") => {
                let mut decoder = Decoder::new(codec, self.errors);
                let piece = |start: usize, end: usize, last| {
                    let text = decoder.decode(&bytes[start..end].into(), last);
                    let (held, flags) = decoder.state();
                    shown(text.map(|text| format!("({}, ({}, {flags}), None)", ascii(&text), bytes_repr(held))))
                };
                self.pieces(bytes.len(), piece)
            }
            (Value::Bytes(bytes), kind) => {
                let mut decoder = NewlineDecoder::new(Some(Decoder::new(codec, self.errors)), kind == "translated");
                let piece = |start: usize, end: usize, last| {
                    let text = decoder.decode(&bytes[start..end].into(), last);
                    let (held, flags) = decoder.state();
                    let newlines = decoder.seen().to_value().repr();
                    shown(text.map(|text| format!("({}, ({}, {flags}), {newlines})", ascii(&text), bytes_repr(held))))
                };
                self.pieces(bytes.len(), piece)
            }
        }
    }

    fn pieces(&self, len: usize, mut piece: impl FnMut(usize, usize, bool) -> String) -> String {
        let mut at = 0;
        let mut out = Vec::new();
        for (n, &cut) in self.cuts.iter().chain([&len]).enumerate() {
            out.push(piece(at, cut, n == self.cuts.len()));
            at = cut;
        }
        out.join(" ")
    }
}

fn shown(result: Result<String, Exception>) -> String {
    result.unwrap_or_else(|exception| {
        let quoted = |text: &str| ascii(&Text::from(text));
        let (kind, message) = (exception.kind.name(), quoted(&exception.message));
        match exception.unicode {
            None => format!("('{kind}', {message})"),
            Some(problem) => {
                let object = match &problem.object {
                    seektell::stream::Value::Str(text) => ascii(text),
                    other => other.repr(),
                };
                let (encoding, reason) = (quoted(&problem.encoding), quoted(&problem.reason));
                format!("('{kind}', {message}, {encoding}, {object}, {}, {}, {reason})", problem.start, problem.end)
            }
        }
    })
}

/// Python's `ascii()`.
pub(crate) fn ascii(text: &Text) -> String {
    let mut out = String::new();
    for c in str_repr(text).chars() {
        match u32::from(c) {
            ..=0x7F => out.push(c),
            point @ ..=0xFF => out.push_str(&format!("\\x{point:02x}")),
            point @ ..=0xFFFF => out.push_str(&format!("\\u{point:04x}")),
            point => out.push_str(&format!("\\U{point:08x}")),
        }
    }
    out
}

pub(crate) fn compare(cases: &[Case]) {
    let mut script = String::from("cases = [\n");
    for case in cases {
        script.push_str(&case.python());
    }
    script.push_str("]\n");
    script.push_str(DRIVER);
    let Some(lines) = python::output(&script) else { return };
    let theirs = lines.lines().map(|line| serde_json::from_str::<String>(line).unwrap()).collect::<Vec<_>>();
    assert_eq!(theirs.len(), cases.len());
    let mut differences = Vec::new();
    for (case, theirs) in cases.iter().zip(&theirs) {
        let ours = case.ours();
        if ours != *theirs {
            differences.push(format!("{}  ours:    {ours}\n  CPython: {theirs}", case.python()));
        }
    }
    let some = differences.iter().take(12).cloned().collect::<Vec<_>>().join("\n");
    assert!(differences.is_empty(), "{} of {} differ\n{some}", differences.len(), cases.len());
}

/// Bytes that are likely to be nearly right in `encoding`.
fn bytes(rng: &mut Rng, encoding: &'static str) -> Vec<u8> {
    let text = text(rng, false);
    let mut bytes = match rng.u8(0..4) {
        0 => (0..rng.usize(0..8)).map(|_| rng.u8(..)).collect(),
        _ => encode(&text, encoding, "replace").unwrap().to_vec_all().unwrap(),
    };
    for _ in 0..rng.usize(0..3) {
        let at = rng.usize(0..=bytes.len());
        match rng.u8(0..4) {
            0 => bytes.truncate(at),
            1 if at < bytes.len() => bytes[at] = rng.u8(..),
            2 if at < bytes.len() => _ = bytes.remove(at),
            _ => {
                let odd = [0xC0, 0xD8, 0xDC, 0xE2, 0xED, 0xA0, 0xF0, 0xF4, 0x90, 0x80, 0xFF, 0xFE, 0x81, 0x0D];
                bytes.insert(at, rng.choice(odd).unwrap());
            }
        }
    }
    bytes
}

fn text(rng: &mut Rng, surrogates: bool) -> Text {
    let points: &[u32] = &[
        0x61, 0x7A, 0x20, 0x0A, 0x0D, 0x0D, 0x0A, 0xE9, 0xFF, 0x80, 0x20AC, 0x141, 0xFEFF, 0x4E16, 0x1F600, 0x10FFFF, 0xFFFD,
        0x3C,
    ];
    let odd: &[u32] = &[0xD800, 0xDC80, 0xDCFF, 0xDFFF, 0xDC7F];
    let point = |rng: &mut Rng| {
        let from = if surrogates && rng.u8(0..4) == 0 { odd } else { points };
        *rng.choice(from).unwrap()
    };
    let len = rng.usize(0..10);
    Text::from_code_points((0..len).map(|_| point(rng)).collect::<Vec<_>>())
}

pub(crate) fn cuts(rng: &mut Rng, len: usize) -> Vec<usize> {
    let mut cuts = (0..rng.usize(0..4)).map(|_| rng.usize(0..=len)).collect::<Vec<_>>();
    cuts.sort_unstable();
    cuts
}

#[test]
fn random_bytes_and_texts_are_what_they_are_in_python() {
    let mut rng = Rng::with_seed(0xC0DEC);
    let mut cases = Vec::new();
    for &encoding in UNICODE {
        for &errors in HANDLERS {
            for _ in 0..40 {
                let value = bytes(&mut rng, encoding);
                let cuts_of = cuts(&mut rng, value.len());
                let kind = rng.choice(["decode", "decode", "pieces", "translated", "noted"]).unwrap();
                let cuts_of = if kind == "decode" { Vec::new() } else { cuts_of };
                cases.push(Case { kind, encoding, errors, value: Value::Bytes(value), cuts: cuts_of });
            }
            for _ in 0..30 {
                let value = text(&mut rng, true);
                let kind = rng.choice(["encode", "encode pieces"]).unwrap();
                let cuts = if kind == "encode" { Vec::new() } else { cuts(&mut rng, value.len() as usize) };
                cases.push(Case { kind, encoding, errors, value: Value::Text(value), cuts });
            }
        }
    }
    compare(&cases);
}

#[test]
fn every_byte_of_every_charset_means_what_it_means_in_python() {
    let mut cases = Vec::new();
    let all = (0..=255).collect::<Vec<u8>>();
    for &encoding in SINGLE {
        for errors in ["backslashreplace", "replace", "strict"] {
            cases.push(Case { kind: "decode", encoding, errors, value: Value::Bytes(all.clone()), cuts: Vec::new() });
        }
        let decoded = decode(&Buffer::from(all.clone()), encoding, "replace").unwrap();
        for errors in ["replace", "xmlcharrefreplace", "strict"] {
            cases.push(Case { kind: "encode", encoding, errors, value: Value::Text(decoded.clone()), cuts: Vec::new() });
        }
        let text = Text::from_code_points((0..0x500).chain(0x2000..0x2600));
        for errors in ["ignore", "surrogateescape"] {
            cases.push(Case { kind: "encode", encoding, errors, value: Value::Text(text.clone()), cuts: Vec::new() });
        }
    }
    compare(&cases);
}

#[test]
fn long_inputs_take_the_fast_ways_to_the_same_end() {
    let mut rng = Rng::with_seed(7);
    let pieces = ["plain ascii text, rather long, line after line\n", "é", "ÿ", "€", "😀", "\r\n", "x\r", "日本語", "\u{80}"];
    let mut cases = Vec::new();
    for &encoding in UNICODE {
        for allowed in [2, 4, 6, pieces.len()] {
            let text = (0..200).map(|_| *rng.choice(&pieces[..allowed]).unwrap()).collect::<String>();
            let text = Text::from(text);
            let bytes = encode(&text, encoding, "replace").unwrap().to_vec_all().unwrap();
            cases.push(Case { kind: "encode", encoding, errors: "replace", value: Value::Text(text), cuts: Vec::new() });
            for kind in ["decode", "pieces", "translated", "noted"] {
                let mut cuts = (0..3).map(|_| rng.usize(0..=bytes.len())).collect::<Vec<_>>();
                cuts.sort_unstable();
                let cuts = if kind == "decode" { Vec::new() } else { cuts };
                cases.push(Case { kind, encoding, errors: "strict", value: Value::Bytes(bytes.clone()), cuts });
            }
        }
    }
    compare(&cases);
}

#[test]
fn the_start_of_a_surrogate_waits_for_its_end() {
    let pieces = |errors: &str, pieces: &[&[u8]]| {
        let mut decoder = Decoder::new(Codec::UTF8, errors);
        let texts = pieces.iter().map(|piece| shown(decoder.decode(&Buffer::from(*piece), false).map(|text| ascii(&text))));
        texts.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(pieces("surrogatepass", &[b"a\xED\xA0", b"\x80"]), "'a' '\\ud800'");
    assert_eq!(pieces("replace", &[b"\xED", b"\xBF", b"b"]), "'' '' '\\ufffd\\ufffdb'");
    assert_eq!(pieces("replace", &[b"\xED\xA0b", b"\xF4\x90"]), "'\\ufffd\\ufffdb' '\\ufffd\\ufffd'");
}

#[test]
fn characters_have_the_same_names() {
    let script = "print(''.join(chr(p).encode('ascii', 'namereplace').decode() + '\\n' \
                  for p in range(128, 0x110000) if not 0xD800 <= p < 0xE000))";
    let Some(theirs) = python::output(script) else { return };
    let points = (128..0x11_0000).filter(|point| !(0xD800..0xE000).contains(point));
    // CPython keeps other names of characters in a private area, and tells them as if they were names of that area.
    let differences = points
        .zip(theirs.lines())
        .filter(|(point, _)| !(0xF_0000..0xF_0400).contains(point))
        .filter_map(|(point, theirs)| {
            let text = Text::from_code_points([point]);
            let ours = encode(&text, "ascii", "namereplace").unwrap().to_vec_all().unwrap();
            (ours != theirs.as_bytes()).then(|| format!("{point:x}: {} {theirs}", String::from_utf8_lossy(&ours)))
        })
        .collect::<Vec<_>>();
    assert!(differences.is_empty(), "{}: {:?}", differences.len(), &differences[..differences.len().min(40)]);
}
