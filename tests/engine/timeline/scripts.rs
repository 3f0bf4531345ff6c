//! Timelines as programs: what CPython and this library make of them.

use std::fmt::Write as _;
use std::process::{Command, Stdio};

use seektell::document::{Data, Document, Language, Moment, Operation, Origin, ScriptError};
use seektell::stream::{BytesIO, CallRecord, Newline, StreamObject, StreamState, StringIO, Text, Value, View, Whence, str_repr};

use super::sessions::{operation, start};

/// The programs that the test below exports, kept so that they are compiled and run with the tests.
#[rustfmt::skip]
#[path = "exported.rs"]
#[allow(dead_code, unreachable_pub, clippy::all, reason = "a program of its own, made by a program, of which the test runs a part")]
mod exported;
#[rustfmt::skip]
#[path = "exported_text.rs"]
#[allow(dead_code, unreachable_pub, clippy::all, reason = "a program of its own, made by a program, of which the test runs a part")]
mod exported_text;

/// Runs each script in a namespace of its own, and prints what it ends with.
const DRIVER: &str = r#"
for number, script in enumerate(scripts):
    space = {}
    try:
        exec(compile(script, f"<script {number}>", "exec"), space)
    except BaseException as error:
        print("failed:", repr(error))
        continue
    buf = space["buf"]
    if buf.closed:
        print("closed")
    else:
        value = buf.getvalue()
        if isinstance(value, str):
            value = value.encode("utf-8", "surrogatepass")
        print(buf.tell(), value.hex())
"#;

/// What CPython ends each script with, or `None` with a printed reason.
fn run(scripts: &[String]) -> Option<Vec<String>> {
    let ask = "import platform as p; print(p.python_implementation(), p.python_version())";
    let version = Command::new("python3").args(["-c", ask]).stderr(Stdio::null()).output().ok();
    let version = version.map(|out| String::from_utf8_lossy(&out.stdout).trim().to_owned());
    if !version.as_deref().is_some_and(|version| version.starts_with("CPython 3.11.")) {
        println!("skipped: python3 here is {version:?}, and the comparison needs CPython 3.11");
        return None;
    }
    let mut driver = String::from("scripts = [\n");
    for script in scripts {
        writeln!(driver, "{},", str_repr(&Text::from(script.as_str()))).unwrap();
    }
    driver += "]\n";
    driver += DRIVER;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("driver.py");
    std::fs::write(&path, driver).unwrap();
    let out = Command::new("python3").args(["-I", "-X", "utf8"]).arg(&path).current_dir(folder.path()).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    Some(String::from_utf8(out.stdout).unwrap().lines().map(str::to_owned).collect())
}

/// What a script must end with.
fn expected(document: &Document) -> String {
    if document.is_closed() {
        return "closed".into();
    }
    format!("{} {}", document.position(), hex::encode(document.snapshot().to_vec_all().unwrap()))
}

fn check(documents: &[(Document, String)]) {
    let scripts: Vec<String> = documents.iter().map(|(document, _)| document.timeline().python("a\nname").unwrap()).collect();
    let Some(found) = run(&scripts) else { return };
    for (((document, what), script), found) in documents.iter().zip(&scripts).zip(&found) {
        let expected = expected(document);
        assert_eq!(found.trim_end(), expected.trim_end(), "{what}:\n{}", &script[..script.len().min(6000)]);
    }
    assert_eq!(found.len(), documents.len());
}

#[test]
fn python_runs_what_a_person_did() {
    let mut documents = Vec::new();
    for seed in 0..150 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut document = start(&mut random);
        for _ in 0..random.usize(0..60) {
            match random.u8(0..16) {
                0 => _ = document.undo(),
                1 => {
                    let step = random.usize(..document.timeline().len() + 1);
                    let moment = document.timeline().moment(step);
                    document.walk_to(moment);
                }
                _ => {
                    let operation = operation(&mut random, &document);
                    document.perform(operation).ok();
                }
            }
        }
        documents.push((document, format!("seed {seed}")));
    }
    check(&documents);
}

/// A stream that is called as the console calls it, and what is recorded of it.
struct Watched {
    stream: StreamObject,
    views: Vec<View>,
    calls: Vec<CallRecord>,
}

impl Watched {
    fn state(&self) -> StreamState {
        let bytes = self.stream.with_bytes(|stream| StreamState::Bytes(stream.state()));
        bytes.or_else(|| self.stream.with_text(|stream| StreamState::Text(stream.state()))).unwrap()
    }

    fn call(&mut self, method: &str, args: &[Value]) {
        let before = self.state();
        let result = self.stream.call(method, args, &[]);
        if let Ok(Value::View(view)) = &result {
            self.views.push(view.clone());
        }
        let after = self.state();
        self.calls.push(CallRecord { method: Some(method.into()), args: args.to_vec(), result, before, after });
    }

    fn view(&mut self, random: &mut fastrand::Rng) {
        let Some(view) = self.views.last() else { return };
        let before = self.state();
        let Ok(length) = view.length() else { return };
        let (start, end) = (random.u64(0..=length), random.u64(0..=length));
        let (start, end) = (start.min(end) as i64, start.max(end) as i64);
        view.set_slice(Some(start), Some(end), &vec![random.u8(..); (end - start) as usize]).unwrap();
        let after = self.state();
        self.calls.push(CallRecord { method: None, args: vec![], result: Ok(Value::None), before, after });
    }

    fn something(&mut self, random: &mut fastrand::Rng, text: bool) {
        let short = |random: &mut fastrand::Rng| {
            let some = ["", "a\r\nb", "\n", "long line é", "\r"][random.usize(..5)];
            if text { Value::from(some) } else { Value::from(some.as_bytes()) }
        };
        let number = Value::from(random.i64(-3..40));
        match random.u8(0..24) {
            0..4 => self.call("read", &[number]),
            4 => self.call("readlines", &[number]),
            5..8 => self.call("write", &[short(random)]),
            8 => self.call("writelines", &[Value::List(vec![short(random), short(random)])]),
            9 => self.call("writelines", &[Value::List(vec![short(random), Value::from(3)])]),
            10 => self.call("readinto", &[Value::bytearray([0; 5])]),
            11 => self.call("write", &[Value::bytearray(*b"array")]),
            12 => self.call("getbuffer", &[]),
            13..15 => self.view(random),
            15 => self.views.clear(),
            16 => self.call("seek", &[number, Value::from(random.i64(-1..4))]),
            17 => self.call("seek", &[Value::from(2.5)]),
            18 => self.call("truncate", &[number]),
            19 => self.call("__next__", &[]),
            20 if self.views.is_empty() => self.call("__init__", &[short(random)]),
            21 => self.call("flush", &[]),
            22 if random.u8(0..5) == 0 => self.call("close", &[]),
            22 => self.call("fileno", &[]),
            _ => {
                self.call("seek", &[Value::from(1_i64 << 62)]);
                self.call("read", &[]);
                self.call("seek", &[Value::from(2)]);
            }
        }
    }
}

#[test]
fn python_runs_what_the_console_did() {
    let mut documents = Vec::new();
    for seed in 0..200 {
        let mut random = fastrand::Rng::with_seed(1000 + seed);
        let text = random.bool();
        let modes = [Newline::Lf, Newline::Universal, Newline::UniversalUntranslated, Newline::CrLf];
        let mode = modes[random.usize(..4)];
        let (mut document, stream) = if text {
            let document = Document::text("buf", Origin::New, "one\ntwo\nthree", mode);
            (document, StreamObject::from(StringIO::new("one\ntwo\nthree", mode)))
        } else {
            (Document::bytes("buf", Origin::New, &b"one\ntwo\nthree"[..]), StreamObject::from(BytesIO::new(b"one\ntwo\nthree")))
        };
        let mut watched = Watched { stream, views: Vec::new(), calls: Vec::new() };
        for _ in 0..random.usize(1..6) {
            for _ in 0..random.usize(0..8) {
                watched.something(&mut random, text);
            }
            let calls = std::mem::take(&mut watched.calls);
            // Some that were not recorded.
            let more = if random.u8(0..6) == 0 {
                watched.something(&mut random, text);
                std::mem::take(&mut watched.calls).len() as u64
            } else {
                0
            };
            let now = watched.state();
            document.adopt_calls(calls, more, &now, "work(buf)");
            assert_eq!(document.state(), now);
        }
        documents.push((document, format!("seed {seed}")));
    }
    check(&documents);
}

#[test]
fn large_and_odd_data_is_spelled_out() {
    let noise: Vec<u8> = (0..40_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let mut large = Document::bytes("large", Origin::New, noise.clone());
    large.perform(Operation::Insert { at: 100, data: Data::Bytes(noise.into()) }).unwrap();
    large.perform(Operation::Write(Data::Bytes(vec![0; 300_000].into()))).unwrap();
    large.perform(Operation::Write(Data::Bytes((b'\0'..=255).collect::<Vec<u8>>().into()))).unwrap();
    let words: Vec<u32> = (0..9_000).map(|n| [0x61, 0x20AC, 0x1F600, 0xDC80, 10][n % 5]).collect();
    let mut text = Document::text("text", Origin::New, Text::from_code_points(words.clone()), Newline::Lf);
    text.perform(Operation::Replace { start: 3, end: 5, data: Data::Text(Text::from_code_points(words)) }).unwrap();
    text.perform(Operation::Write(Data::Text("it's \"quoted\" \\ é\u{2028}".into()))).unwrap();
    let gap = Document::bytes("gap", Origin::New, &b""[..]);
    let mut gap = gap;
    gap.perform(Operation::seek(100_000)).unwrap();
    gap.perform(Operation::Write("end".into())).unwrap();
    check(&[(large, "large".into()), (text, "text".into()), (gap, "gap".into())]);

    let noise: Vec<u8> = (0..17_u32 << 20).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let mut huge = Document::bytes("disk.img", Origin::New, noise.clone());
    let script = huge.timeline().python("disk.img").unwrap();
    assert!(script.len() < 1000 && script.contains("open('disk.img', 'rb')"), "{script}");
    let program = huge.timeline().rust("disk.img").unwrap();
    assert!(program.len() < 2000 && program.contains("std::fs::read(\"disk.img\")"), "{program}");
    huge.perform(Operation::Write(Data::Bytes(noise.into()))).unwrap();
    assert_eq!(huge.timeline().python("disk.img"), Err(ScriptError::Data(17 << 20)));
}

/// A session with a bit of everything.
fn session() -> Document {
    let mut document = Document::bytes("notes.txt", Origin::New, &b"one\ntwo\nthree\n"[..]);
    let whence = Whence::End;
    for operation in [
        Operation::ReadLine(None),
        Operation::Write("TWO".into()),
        Operation::Seek { offset: -1, whence: Whence::Start },
        Operation::Seek { offset: -3, whence },
        Operation::Insert { at: 4, data: "1½\n\"quoted\" \\ ".into() },
        Operation::Delete { start: 0, end: 2 },
        Operation::Replace { start: 3, end: 5, data: Data::Bytes((0..=255).collect::<Vec<u8>>().into()) },
        Operation::Read(Some(4)),
        Operation::Tell,
        Operation::Write(Data::Bytes(vec![7; 500].into())),
        Operation::Truncate(Some(600)),
        Operation::GetValue,
    ] {
        document.perform(operation).ok();
    }
    let mut stream = BytesIO::default();
    if let StreamState::Bytes(state) = document.state() {
        stream.restore(&state);
    }
    let mut watched = Watched { stream: stream.into(), views: Vec::new(), calls: Vec::new() };
    watched.call("getbuffer", &[]);
    watched.view(&mut fastrand::Rng::with_seed(3));
    watched.call("write", &[Value::from(b"no")]);
    watched.views.clear();
    watched.call("writelines", &[Value::List(vec![Value::from(b"a"), Value::bytearray(*b"b")])]);
    watched.call("readinto", &[Value::bytearray([0; 5])]);
    watched.call("seek", &[Value::from(20), Value::from(true)]);
    watched.call("readlines", &[Value::from(1)]);
    let (calls, now) = (std::mem::take(&mut watched.calls), watched.state());
    document.adopt_calls(calls, 0, &now, "work(buf)");
    document
}

/// The same with text, in a mode that translates.
fn text_session() -> Document {
    let mut document = Document::text("poem.txt", Origin::New, Text::from("one\ntwo €\n"), Newline::CrLf);
    for operation in [
        Operation::ReadLine(Some(3)),
        Operation::Read(Some(1)),
        Operation::Write(Data::Text("zwei\n\u{1F600}\"\\".into())),
        Operation::Seek { offset: 1, whence: Whence::Current },
        Operation::Insert { at: 2, data: Data::Text(Text::from_code_points([0x61, 0xD800, 10])) },
        Operation::Replace { start: 0, end: 1, data: Data::Text(Text::from_code_points([0xE9; 100])) },
        Operation::Write(Data::Text(Text::from_code_points([0xDC80]))),
        Operation::Write("bytes".into()),
        Operation::Truncate(Some(110)),
        Operation::Delete { start: 90, end: 95 },
    ] {
        document.perform(operation).ok();
    }
    let mut stream = StringIO::default();
    if let StreamState::Text(state) = document.state() {
        stream.restore(&state);
    }
    let mut watched = Watched { stream: stream.into(), views: Vec::new(), calls: Vec::new() };
    watched.call("__init__", &[Value::from("new\nlines\r\n"), Value::None]);
    watched.call("readlines", &[Value::from(1)]);
    watched.call("writelines", &[Value::Tuple(vec![Value::from("a\r"), Value::from(f64::NAN)])]);
    watched.call("close", &[]);
    watched.call("read", &[]);
    let (calls, now) = (std::mem::take(&mut watched.calls), watched.state());
    document.adopt_calls(calls, 0, &now, "work(buf)");
    let closed = document.timeline().len() as u64 - 2;
    document.walk_to(Moment::After(closed));
    document
}

/// The exported programs are compiled with the tests; `UPDATE_SNAPSHOTS=1` renews them.
#[test]
fn the_same_calls_in_rust_end_with_the_same() {
    let kept = |document: &Document, name: &str| {
        let program = document.timeline().script(Language::Rust, document.name()).unwrap();
        let path = format!("{}/tests/engine/timeline/{name}.rs", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            std::fs::write(&path, &program).unwrap();
        }
        assert_eq!(std::fs::read_to_string(path).unwrap(), program, "the program that is exported now");
    };
    let (document, text) = (session(), text_session());
    kept(&document, "exported");
    kept(&text, "exported_text");
    let buf = exported::run().unwrap();
    assert_eq!(buf.position().get(), document.position());
    assert_eq!(buf.value(), document.as_bytes().unwrap());
    let buf = exported_text::run().unwrap();
    assert_eq!(StreamState::Text(buf.state()), text.state());
    check(&[(document, "the same in Python".into()), (text, "text in Python".into())]);
}

#[test]
fn a_script_ends_with_what_is_shown() {
    let mut document = session();
    document.walk_to(Moment::After(2));
    let script = document.timeline().python("notes.txt").unwrap();
    let expected = "# The calls that were made on 'notes.txt', exported by Seektell.\n\
        # Python runs them to the same content and the same position.\n\
        import io\n\n\
        buf = io.BytesIO(b'one\\ntwo\\nthree\\n')\n\n\
        buf.readline()  # b'one\\n'\n\
        buf.write(b'TWO')  # 3\n\n\
        assert buf.tell() == 7\n\
        assert len(buf.getvalue()) == 14\n";
    assert_eq!(script, expected);
    check(&[(document, "walked".into())]);
}
