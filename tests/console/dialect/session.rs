//! A console on its thread: requests, answers, stop, documents.

use std::sync::Arc;
use std::time::{Duration, Instant};

use seektell::console::session::{Answer, Binding, Completeness, Console, INTERACTIVE, Printed, Request};
use seektell::stream::{BytesIO, StreamState};

fn start() -> Console {
    Console::start(INTERACTIVE, Arc::new(|| ()))
}

fn wait(console: &Console) -> Answer {
    let begin = Instant::now();
    loop {
        if let Some(answer) = console.try_answer() {
            return answer;
        }
        assert!(begin.elapsed() < Duration::from_secs(60), "no answer");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn ask(console: &Console, source: &str, documents: Vec<Binding>) -> Answer {
    console.run(Request { source: source.to_owned(), documents });
    wait(console)
}

fn document(bytes: &[u8]) -> Binding {
    Binding {
        key: 7,
        names: vec!["doc".to_owned(), "b".to_owned()],
        state: StreamState::Bytes(BytesIO::new(bytes).state()),
        protected: false,
    }
}

fn values(answer: &Answer) -> Vec<&str> {
    let text = |printed: &Printed| match printed {
        Printed::Output(_) => None,
        Printed::Value(text) | Printed::Exception(text) | Printed::Error(text) => Some(text.clone()),
    };
    let shown: Vec<Option<String>> = answer.printed.iter().map(text).collect();
    shown.into_iter().flatten().map(|text| &*text.leak()).collect()
}

#[test]
fn a_namespace_lives_from_request_to_request() {
    let console = start();
    assert!(values(&ask(&console, "x = 20\ndef f(): return x + 1", Vec::new())).is_empty());
    let answer = ask(&console, "f()\nprint('a', end='')\nprint('b')\nx", Vec::new());
    let expected = [Printed::Value("21".into()), Printed::Output("ab\n".into()), Printed::Value("20".into())];
    assert_eq!(answer.printed, expected);
    let names: Vec<(&str, &str)> = answer.names.iter().map(|name| (&*name.name, &*name.class)).collect();
    assert_eq!(names, [("f", "function"), ("x", "int")]);
    assert!(answer.steps > 0);
    console.reset();
    assert_eq!(values(&ask(&console, "x", Vec::new())), ["NameError: name 'x' is not defined"]);
}

#[test]
fn a_problem_says_where_it_is() {
    let console = start();
    let answer = ask(&console, "a = 1\nif a:\n    b = a + nosuch + 1\nprint('on')", Vec::new());
    let problem = answer.problem.unwrap();
    assert_eq!((problem.message.as_str(), problem.line, problem.column), ("NameError: name 'nosuch' is not defined", 3, 13));
    assert_eq!((problem.range, problem.syntax), ((24, 30), false));
    let problem = ask(&console, "x = 1\ny = )", Vec::new()).problem.unwrap();
    assert_eq!((problem.message.as_str(), problem.line, problem.column), ("SyntaxError: unmatched ')'", 2, 5));
    assert!(problem.syntax);
    // What a function of an earlier request raises is told where it was called.
    ask(&console, "def f():\n    return 1 / 0", Vec::new());
    let problem = ask(&console, "1\nf()", Vec::new()).problem.unwrap();
    assert_eq!((problem.message.as_str(), problem.range), ("ZeroDivisionError: division by zero", (2, 5)));
}

#[test]
fn stop_ends_what_runs_within_a_moment_and_the_namespace_stays() {
    let console = start();
    ask(&console, "kept = 5", Vec::new());
    for source in [
        "while True: pass",
        "sum(range(10**15))",
        "def g():\n    while True: yield\nfor i in g(): pass",
        "'a' in (x for x in iter(int, 1))",
        "import io, json, csv, base64, hashlib\nbig = b'x' * 1_000_000\nwhile True: base64.b64encode(big)",
        "while True: hashlib.sha256(big)",
        "while True: big.decode('cp1252')",
        "while True: big.split(b'y')",
        "while True: sorted(range(400_000), reverse=True)",
        "while True: json.dumps(list(range(100_000)))",
    ] {
        console.run(Request { source: source.to_owned(), documents: Vec::new() });
        std::thread::sleep(Duration::from_millis(30));
        assert!(console.is_busy(), "{source}");
        let pressed = Instant::now();
        console.stop();
        let answer = wait(&console);
        let took = pressed.elapsed();
        println!("{took:>12.1?} {source:?}");
        assert_eq!(values(&answer), ["Stopped"], "{source}");
        // 50 milliseconds on a machine that does nothing else.
        assert!(took < Duration::from_millis(1000), "{source}: {took:?}");
    }
    assert_eq!(values(&ask(&console, "kept", Vec::new())), ["5"]);
}

#[test]
fn stop_does_not_wait_for_a_call_that_works_on_a_large_value() {
    let console = start();
    let setup =
        "import io, base64, binascii\nbig = b'Some words, and more.\\n' * 1_000_000\nencoded = base64.b64encode(big)\ndone = 0";
    assert_eq!(values(&ask(&console, setup, Vec::new())), [""; 0]);
    for call in [
        "base64.b64encode(big)",
        "base64.b64decode(encoded)",
        "binascii.hexlify(big)",
        "big.decode('cp1252')",
        "big.decode('utf-16-le', 'replace')",
        "big.split(b'words')",
        "big.splitlines()",
        "big.replace(b'more', b'or less')",
        "io.BytesIO(big).readlines()",
        "io.TextIOWrapper(io.BytesIO(big)).readlines()",
    ] {
        let begin = Instant::now();
        assert_eq!(values(&ask(&console, &format!("kept = {call}\ndel kept"), Vec::new())), [""; 0], "{call}");
        let whole = begin.elapsed();
        // The machine may have been busy with what an earlier stop left: where this is over before anybody presses, that is sooner.
        let mut soon = (whole / 10).min(Duration::from_millis(20));
        let (answer, took) = loop {
            assert_eq!(values(&ask(&console, "done = 0", Vec::new())), [""; 0]);
            console.run(Request { source: format!("kept = {call}\ndone = 1\ndel kept"), documents: Vec::new() });
            std::thread::sleep(soon);
            let pressed = Instant::now();
            console.stop();
            let answer = wait(&console);
            if !values(&answer).is_empty() || soon < Duration::from_micros(100) {
                break (answer, pressed.elapsed());
            }
            soon /= 2;
        };
        println!("{took:>12.1?} of {whole:.1?} {call}");
        // What takes no time may be over before anybody presses anything.
        if values(&answer).is_empty() && whole < Duration::from_millis(100) {
            continue;
        }
        assert_eq!(values(&answer), ["Stopped"], "{call}");
        // 50 milliseconds on a machine that does nothing else.
        assert!(took < Duration::from_millis(1000).max(whole / 2), "{call}: {took:?} of {whole:?}");
        assert_eq!(values(&ask(&console, "done", Vec::new())), ["0"], "{call}");
    }
}

#[test]
fn a_document_is_one_object_and_what_happens_to_it_is_told() {
    let console = start();
    let answer = ask(&console, "doc is b\ndoc.read(2)\ndoc.write(b'XY')", vec![document(b"abcdef")]);
    assert_eq!(values(&answer), ["True", "b'ab'", "2"]);
    let [touched] = answer.documents.as_slice() else { panic!("one document: {answer:?}") };
    let calls: Vec<(usize, Option<&str>)> = touched.calls.iter().map(|(n, call)| (*n, call.method.as_deref())).collect();
    assert_eq!((touched.key, calls), (7, vec![(1, Some("read")), (2, Some("write"))]));
    let StreamState::Bytes(state) = &touched.state else { panic!("bytes") };
    assert_eq!((state.value.to_vec_all().unwrap(), state.position.get()), (b"abXYef".to_vec(), 4));
    let now = Binding { state: touched.state.clone(), ..document(b"") };
    // Nothing happens to it: nothing is told.
    assert!(ask(&console, "1", vec![now.clone()]).documents.is_empty());
    // A wrapper goes on working, and is shown with its name.
    let answer = ask(&console, "import io\nt = io.TextIOWrapper(b)\nb.seek(0)\nt.read(2)", vec![now]);
    let links = &answer.documents[0].links;
    assert_eq!((links.len(), links[0].class, links[0].name.as_deref()), (1, "TextIOWrapper", Some("t")));
    // Changed from outside.
    let answer = ask(&console, "b.getvalue()", vec![document(b"new")]);
    assert_eq!(values(&answer), ["b'new'"]);
    // The name may mean something else.
    assert_eq!(values(&ask(&console, "b = 5", vec![document(b"new")])), [""; 0]);
    assert_eq!(values(&ask(&console, "b, doc.getvalue()", vec![document(b"new")])), ["(5, b'new')"]);
    console.forget(7);
    assert_eq!(values(&ask(&console, "doc", Vec::new())), ["NameError: name 'doc' is not defined"]);
}

#[test]
fn a_stream_of_the_console_becomes_a_document() {
    let console = start();
    let answer = ask(&console, "import io\nmine = io.BytesIO(b'123')", Vec::new());
    let name = answer.names.iter().find(|name| name.name == "mine").unwrap();
    let state = name.stream.clone().unwrap();
    console.adopt("mine", 3);
    let binding = Binding { key: 3, names: vec!["mine".to_owned()], state, protected: false };
    let answer = ask(&console, "mine.read()", vec![binding]);
    assert_eq!((values(&answer), answer.documents[0].key), (vec!["b'123'"], 3));
    assert_eq!(answer.names.iter().find(|name| name.name == "mine").unwrap().document, Some(3));
}

#[test]
fn enter_knows_whether_a_statement_is_whole() {
    use Completeness::{Complete, Incomplete, Invalid};
    let cases = [
        ("x = 1", Complete),
        ("", Complete),
        ("x = (1,", Incomplete),
        ("x = '''abc", Incomplete),
        ("if x:", Incomplete),
        ("if x:\n    y", Incomplete),
        ("if x:\n    y\n", Complete),
        ("if x: y", Incomplete),
        ("if x: y\n", Complete),
        ("def f():\n    return 1\n\n", Complete),
        ("def f(a,", Incomplete),
        ("try:\n    x\n", Incomplete),
        ("@deco", Incomplete),
        ("x = \\", Incomplete),
        ("x = 1 +", Invalid),
        ("x = )", Invalid),
        ("x = 'abc", Invalid),
        ("x y", Invalid),
        ("for i in x:\n    print(i)\nelse:", Incomplete),
    ];
    for (source, expected) in cases {
        assert_eq!(Console::completeness(source), expected, "{source:?}");
    }
}

#[test]
fn completion_knows_names_modules_and_attributes() {
    let console = start();
    ask(&console, "import io\nbuffer = io.BytesIO()\nvalue = 'text'", Vec::new());
    let texts = |source: &str| -> Vec<String> {
        console.complete(source, source.len()).into_iter().map(|completion| completion.text).collect()
    };
    assert_eq!(texts("buf"), ["buffer"]);
    assert!(texts("whi").contains(&"while".to_owned()));
    assert!(texts("pri").contains(&"print".to_owned()));
    assert!(texts("x = io.Byt").contains(&"BytesIO".to_owned()));
    let methods = texts("buffer.");
    assert!(methods.contains(&"read".to_owned()) && methods.contains(&"getvalue".to_owned()), "{methods:?}");
    assert!(texts("buffer.readl").contains(&"readline".to_owned()));
    assert!(texts("value.up").contains(&"upper".to_owned()));
    assert!(texts("import i").contains(&"io".to_owned()));
    assert!(texts("nosuch.").is_empty() && texts("").is_empty());
}
