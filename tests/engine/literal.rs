//! Bytes as text for other programs and back: the readers are exact inverses of the writers, in every style, for any bytes.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use std::io::Write as _;
use std::process::{Command, Stdio};

use seektell::buffer::{Buffer, Len};
use seektell::formats::literal::{self, Choices, LiteralError, Style, decode_text, encode_text, recognise};
use seektell::tasks::Progress;

fn write(bytes: &[u8], style: Style) -> String {
    encode_text(&Buffer::from(bytes), style, &Choices::default()).unwrap()
}

fn read(text: &str, style: Style) -> Result<Vec<u8>, LiteralError> {
    decode_text(text, style, &Choices::default())
}

/// Contents of every kind of trouble: nothing, one byte, line lengths, digits behind escapes, quotes, repeats.
fn contents() -> Vec<Vec<u8>> {
    let mut random = fastrand::Rng::with_seed(4);
    let mut contents: Vec<Vec<u8>> = vec![
        Vec::new(),
        vec![0],
        vec![b'\n'],
        (0..=255).collect(),
        b"\x89PNG\r\n\x1a\n".to_vec(),
        b"\x01234567\xffabcdef\0\x008".to_vec(),
        b"\"quotes' and \\ back\\\\slashes %41 \\x41 */ // # = {[( )]}".to_vec(),
        b"\n\n\r\r\n\n".to_vec(),
        vec![0; 100],
        b"\xEF\xBB\xBFmark".to_vec(),
    ];
    for len in [1, 2, 3, 11, 12, 15, 16, 17, 31, 32, 33, 255, 256, 257, 4095, 70_000] {
        contents.push((0..len).map(|_| random.u8(..)).collect());
        contents.push((0..len).map(|_| random.u8(b'/'..b';')).collect());
    }
    contents
}

#[test]
fn what_was_written_comes_back_byte_for_byte_in_every_style() {
    let mut lines = fastrand::Rng::with_seed(5);
    for style in Style::ALL.into_iter().filter(|&style| style != Style::Text) {
        for bytes in contents() {
            let choices = Choices {
                per_line: lines.bool().then(|| lines.u32(1..=40)),
                upper_case: lines.bool(),
                address: [0, 0x1234, 0xFFFF_FFF0, 1 << 40][lines.usize(..4)],
                ..Choices::default()
            };
            let text = encode_text(&Buffer::from(&bytes[..]), style, &choices).unwrap();
            let back = decode_text(&text, style, &choices).unwrap_or_else(|error| panic!("{style:?}: {error}\n{text}"));
            assert!(back == bytes, "{style:?}: {} bytes\n{}", bytes.len(), &text[..text.len().min(400)]);
            assert!(text.len() as u64 <= style.most_text(bytes.len() as u64) + 64 * choices_lines(&choices, &bytes), "{style:?}");
        }
    }
}

/// Short lines cost more than the estimate, which is for the style's own.
fn choices_lines(choices: &Choices, bytes: &[u8]) -> u64 {
    1 + bytes.len() as u64 / u64::from(choices.per_line.unwrap_or(16).min(16)) * u64::from(choices.per_line.is_some())
        + bytes.len() as u64 / 16
}

#[test]
fn characters_come_back_in_every_encoding_that_has_them() {
    use seektell::formats::text::Encoding;
    for (encoding, bytes) in [
        (Encoding::Utf8, "grüße €".as_bytes().to_vec()),
        (Encoding::Latin1, (0..=255).collect()),
        (Encoding::Utf16Le, vec![65, 0, 0xAC, 0x20]),
    ] {
        let choices = Choices { encoding, ..Choices::default() };
        let text = encode_text(&Buffer::from(&bytes[..]), Style::Text, &choices).unwrap();
        assert_eq!(decode_text(&text, Style::Text, &choices).unwrap(), bytes, "{encoding}");
    }
    let latin = Choices { encoding: Encoding::Latin1, ..Choices::default() };
    assert!(decode_text("€", Style::Text, &latin).is_err(), "nothing is lost unsaid");
}

#[test]
fn declarations_look_as_people_write_them() {
    let bytes = b"Hi\xff\n";
    for (style, text) in [
        (Style::HexSpaced, "48 69 FF 0A"),
        (Style::HexPacked, "4869FF0A"),
        (Style::HexList, "0x48, 0x69, 0xFF, 0x0A"),
        (Style::Decimal, "72, 105, 255, 10"),
        (Style::Escaped, "\"Hi\\xFF\\n\""),
        (Style::C, "const unsigned char data[4] = {\n    0x48, 0x69, 0xFF, 0x0A,\n};\n"),
        (Style::Cpp, "constexpr std::array<std::uint8_t, 4> data = {\n    0x48, 0x69, 0xFF, 0x0A,\n};\n"),
        (Style::Rust, "const DATA: [u8; 4] = [\n    0x48, 0x69, 0xFF, 0x0A,\n];\n"),
        (Style::Python, "data = b'Hi\\xff\\n'\n"),
        (Style::Go, "var data = []byte{\n\t0x48, 0x69, 0xFF, 0x0A,\n}\n"),
        (Style::Java, "byte[] data = {\n    0x48, 0x69, (byte) 0xFF, 0x0A,\n};\n"),
        (Style::JavaScript, "const data = new Uint8Array([\n    0x48, 0x69, 0xFF, 0x0A,\n]);\n"),
        (Style::CSharp, "byte[] data = new byte[] {\n    0x48, 0x69, 0xFF, 0x0A,\n};\n"),
        (Style::Swift, "let data: [UInt8] = [\n    0x48, 0x69, 0xFF, 0x0A,\n]\n"),
        (Style::Lua, "local data = {\n    0x48, 0x69, 0xFF, 0x0A,\n}\n"),
        (Style::Json, "[\n    72, 105, 255, 10\n]\n"),
        (Style::Base64, "SGn/Cg=="),
        (Style::Base64Url, "SGn_Cg=="),
        (Style::Percent, "Hi%FF%0A"),
        (Style::ViewRows, "00000000  48 69 FF 0A                                       |Hi..|\n"),
        (Style::Xxd, "00000000: 4869 FF0A                                Hi..\n"),
    ] {
        assert_eq!(write(bytes, style), text, "{style:?}");
    }
    let choices = Choices { mime: Some("image/png".into()), ..Choices::default() };
    let url = encode_text(&Buffer::from(bytes), Style::DataUrl, &choices).unwrap();
    assert_eq!(url, "data:image/png;base64,SGn/Cg==");
    let bad = Choices { name: "2 data".into(), ..Choices::default() };
    assert!(encode_text(&Buffer::from(bytes), Style::C, &bad).unwrap_err().to_string().contains("name"));
}

#[test]
fn readers_take_what_people_write() {
    for (style, text) in [
        (Style::C, "uint8_t x[] = { 0x48, 'i', 0377, /* line */ 10 };"),
        (Style::C, "#include <a.h>\nstatic const char data[sizeof(int)] = {72, 105, -1, '\\n'}; // end\nunsigned int len = 4;"),
        (Style::C, "{0x48,0x69,0xFF,0x0A}"),
        (Style::Cpp, "std::array<unsigned char, 4> a{{ 0x48, 0x69, 0xffU, 0b1010 }};"),
        (Style::Rust, "let x: &[u8] = &[0x48, 105u8, 0xff, b'\\n'];"),
        (Style::Rust, "[b'H', b'i', 255, 10]"),
        (Style::Go, "x := [...]byte{0x48, 'i', 0xff, 0x0a}"),
        (Style::Java, "private static final byte[] X = new byte[] { 72, 105, -1, 10 };"),
        (Style::JavaScript, "[72, 105, 0o377, 0x0A]"),
        (Style::JavaScript, "let x = Uint8Array.from([72,105,255,10,]);"),
        (Style::CSharp, "static readonly byte[] X = { 72, 0x69, 255, /* end */ 0b1010 };"),
        (Style::Swift, "var x: [UInt8] = [72, 0x69, 0o377, 0b1010] // four"),
        (Style::Lua, "-- {a}\nlocal x = {\n  72, 0x69, -- two {more}\n  255, 10\n}"),
        (Style::Json, "[72,105,255,10]"),
        (Style::Python, "data = (\n    b'Hi'  # two\n    rb\"\" b'''\\xff'''\n    b\"\\n\"\n)"),
        (Style::Python, "x: bytes = bytes(b'Hi\\377\\n')"),
        (Style::Escaped, "Hi\\xFF\\n"),
        (Style::Escaped, "\"Hi\"\n  \"\\377\\n\""),
        (Style::Percent, "Hi%ff%0a\n"),
        (Style::Decimal, "72 105;255, 10"),
        (Style::Base64Url, "SGn_Cg"),
        (Style::HexSpaced, "{0x48}".trim_matches(['{', '}'])),
    ] {
        let wanted: &[u8] = if text == "0x48" { b"H" } else { b"Hi\xff\n" };
        assert_eq!(read(text, style).unwrap_or_else(|error| panic!("{text}: {error}")), wanted, "{text}");
    }
    assert_eq!(read("\"\\u00e9\\u{1F600}\"", Style::Escaped).unwrap(), "é😀".as_bytes());
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_column() {
    for (style, text, line, column, what) in [
        (Style::C, "{\n  0x10, 0x1G }", 2, 9, "0x1G"),
        (Style::C, "{ 300 }", 1, 3, "a byte is -128 to 255"),
        (Style::C, "{ 1 2 }", 1, 5, "comma is missing"),
        (Style::C, "{ 1,, 2 }", 1, 5, "value is missing"),
        (Style::C, "{ 1, 2", 1, 7, "closing }"),
        (Style::C, "no list", 1, 8, "no {"),
        (Style::C, "{1} {2}", 1, 5, "second list"),
        (Style::Rust, "[256]", 1, 2, "0 to 255"),
        (Style::Java, "{ -129 }", 1, 3, "-128"),
        (Style::Json, "[1, 2,]", 1, 7, "last comma"),
        (Style::Json, "[1, 0x2]", 1, 5, "no number of JSON"),
        (Style::Json, "[1, 02]", 1, 5, "no number of JSON"),
        (Style::CSharp, "{ -1 }", 1, 3, "negative"),
        (Style::Python, "b'abc", 1, 6, "closing '"),
        (Style::Python, "'abc'", 1, 1, "begins with b"),
        (Style::Python, "b'é'", 1, 3, "ASCII"),
        (Style::Python, "b'\\x4'", 1, 3, "2 hexadecimal"),
        (Style::Python, "hello", 1, 1, "b'...'"),
        (Style::Escaped, "\"\\q\"", 1, 3, "no escape"),
        (Style::Escaped, "\"a\nb\"", 1, 3, "closing \""),
        (Style::Percent, "a%4", 1, 2, "two hexadecimal"),
        (Style::Percent, "a%zz", 1, 3, "%25"),
        (Style::Decimal, "1, x", 1, 4, "x is not a number"),
        (Style::HexSpaced, "48\n6", 2, 1, "second one"),
        (Style::Base64, "SGkK\nS!", 2, 2, "'!'"),
    ] {
        let error = read(text, style).expect_err(text);
        let LiteralError::Malformed { what: said, line: at_line, column: at_column, .. } = &error else { panic!("{error:?}") };
        assert!(said.contains(what), "{text}: {said}");
        assert_eq!((*at_line, *at_column), (line, column), "{text}: {said}");
    }
}

#[test]
fn any_text_ends_in_bytes_or_an_error() {
    let mut random = fastrand::Rng::with_seed(6);
    let pool = b"0123456789abcdefxXbBuU\\'\"{}[]()<>,;=+-%/*# \n\r\t_.|:\xc3\xa9";
    for _ in 0..20_000 {
        let text: Vec<u8> = (0..random.usize(..40)).map(|_| pool[random.usize(..pool.len())]).collect();
        let text = String::from_utf8_lossy(&text);
        for style in Style::READERS {
            read(&text, style).ok();
        }
        recognise(&text);
    }
}

#[test]
fn texts_are_recognised_by_trying() {
    let bytes = b"\x89PNG\r\n\x1a\n and some more bytes for a second row";
    for (style, wanted) in [
        (Style::HexSpaced, Style::HexSpaced),
        (Style::HexPacked, Style::HexSpaced),
        (Style::HexList, Style::HexSpaced),
        (Style::Decimal, Style::Decimal),
        (Style::Escaped, Style::Escaped),
        (Style::C, Style::C),
        (Style::Cpp, Style::Cpp),
        (Style::Rust, Style::Rust),
        (Style::Python, Style::Python),
        (Style::Go, Style::Go),
        (Style::Java, Style::Java),
        (Style::JavaScript, Style::JavaScript),
        (Style::CSharp, Style::CSharp),
        (Style::Swift, Style::Swift),
        (Style::Lua, Style::Lua),
        (Style::Json, Style::Json),
        (Style::Base64, Style::Base64),
        (Style::DataUrl, Style::DataUrl),
        (Style::Percent, Style::Percent),
        (Style::ViewRows, Style::HexDump),
        (Style::HexDump, Style::HexDump),
        (Style::Xxd, Style::HexDump),
    ] {
        let text = write(bytes, style);
        assert_eq!(recognise(&text).styles[0], wanted, "{text}");
    }
    // A long text is told by its head.
    let long: Vec<u8> = (0..300_000_u32).map(|i| (i * 7) as u8).collect();
    for style in [Style::C, Style::Python, Style::HexSpaced, Style::HexDump, Style::Base64] {
        assert_eq!(recognise(&write(&long, style)).styles[0], style);
    }
    for text in ["hello", "", "a sentence. With {braces}", "x = [y]", "100% of it"] {
        assert!(!recognise(text).certain, "{text}: {:?}", recognise(text));
    }
    assert_eq!(recognise("hello").styles, [Style::Text]);
}

#[test]
fn a_long_conversion_stops_when_it_is_asked_to() {
    let huge = Buffer::filled(0x41, Len(1 << 40));
    let progress = Progress::new();
    progress.cancel();
    for style in Style::ALL {
        let result = literal::encode(
            &huge,
            style,
            &Choices { mime: Some("a/b".into()), ..Choices::default() },
            &mut std::io::sink(),
            &progress,
        );
        assert!(result.is_err(), "{style:?}");
    }
}

/// Python's own reader of literals agrees about what the text means.
#[test]
fn python_reads_its_literals_the_same() {
    let mut script = String::from("import ast\n");
    let contents: Vec<Vec<u8>> = contents().into_iter().filter(|bytes| bytes.len() < 5000).collect();
    for bytes in &contents {
        let text = write(bytes, Style::Python);
        script += &format!("space = {{}}\nexec({:?}, space)\nassert space['data'].hex() == '{}'\n", text, hex(bytes));
        let list = write(bytes, Style::HexList);
        script += &format!("assert bytes([{list}]).hex() == '{}'\n", hex(bytes));
    }
    script += "print('agreed')\n";
    let Some(mut python) = spawn("python3", &["-"]) else { return };
    python.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "agreed", "{}", String::from_utf8_lossy(&output.stderr));
}

/// A C compiler and a JavaScript engine read their arrays, and strings with escapes, the same.
#[test]
fn other_languages_read_their_arrays_the_same() {
    let bytes: Vec<u8> = (0..=255).chain(*b"\x01234\x00abc\xFFdef\"'\\").collect();
    let name = Choices { name: "text".into(), ..Choices::default() };
    if let Some(mut node) = spawn("node", &["-"]) {
        let mut script = write(&bytes, Style::JavaScript);
        script += &format!("const text = {};\n", write(&bytes, Style::Escaped));
        script += "console.log(Buffer.from(data).toString('hex'));\nconsole.log(Buffer.from(text, 'latin1').toString('hex'));\n";
        node.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
        let output = node.wait_with_output().unwrap();
        let lines: Vec<&str> = std::str::from_utf8(&output.stdout).unwrap().lines().collect();
        assert_eq!(lines, [hex(&bytes), hex(&bytes)], "{}", String::from_utf8_lossy(&output.stderr));
    }
    let folder = std::env::temp_dir().join(format!("seektell-literal-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let program = folder.join("array");
    let arguments = ["-x", "c", "-w", "-o", program.to_str().unwrap(), "-"];
    if let Some(mut gcc) = spawn("gcc", &arguments) {
        let array = encode_text(&Buffer::from(&bytes[..]), Style::C, &name).unwrap();
        let script = format!(
            "#include <stdio.h>\n{array}const char escaped[] = {};\nint main(void) {{\n\
             for (unsigned i = 0; i < sizeof text; i++) printf(\"%02x\", text[i]);\nputchar(10);\n\
             for (unsigned i = 0; i + 1 < sizeof escaped; i++) printf(\"%02x\", (unsigned char)escaped[i]);\n}}\n",
            write(&bytes, Style::Escaped)
        );
        gcc.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
        let built = gcc.wait_with_output().unwrap();
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        let output = Command::new(&program).output().unwrap();
        let lines: Vec<&str> = std::str::from_utf8(&output.stdout).unwrap().lines().collect();
        assert_eq!(lines, [hex(&bytes), hex(&bytes)]);
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A program that reads standard input, or `None` with a printed reason.
fn spawn(program: &str, arguments: &[&str]) -> Option<std::process::Child> {
    let child = Command::new(program).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    match child {
        Ok(child) => Some(child),
        Err(error) => {
            println!("skipped: {program} does not run here ({error})");
            None
        }
    }
}
