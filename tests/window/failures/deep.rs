//! What nests deeply, or has very many parts: refused or cut in words, on a stack that is small.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use seektell::app::{Command, Places, PreviewState, ThemeChoice, parse_literal, parse_place};
use seektell::buffer::Buffer;
use seektell::console::session::{SCRIPT, run_script};
use seektell::explore::search::{Case, Content, Needle, Pattern, Query};
use seektell::formats::literal::{Choices, Style, decode_text, recognise};
use seektell::formats::structure::{self, MOST};
use seektell::formats::{Format, Options, convert, detect, losses};
use seektell::tasks::Progress;

use crate::tester::App;

/// More than any limit.
const DEEP: usize = 200_000;

/// Does it on a thread with little stack, so that nothing that goes down step by step gets far; within some time.
fn on_a_small_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let begun = Instant::now();
    let done = std::thread::Builder::new().stack_size(512 << 10).spawn(work).unwrap().join().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    done
}

fn nested(open: &str, close: &str) -> String {
    format!("{}1{}", open.repeat(DEEP), close.repeat(DEEP))
}

#[test]
fn deep_json_is_refused_in_words() {
    on_a_small_stack(|| {
        for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":[", "]}]")] {
            let deep = Buffer::from(nested(open, close).into_bytes());
            // Whole, and cut off in the middle.
            for input in [deep.clone(), Buffer::from(open.repeat(DEEP).into_bytes())] {
                let detected = detect(&input, Some("deep.json")).unwrap().format;
                for from in [Format::Json, Format::JsonLines, detected] {
                    for to in [Format::Json, Format::Csv, Format::Text] {
                        let mut out = Vec::new();
                        let result = convert(&input, from, to, &Options::default(), &mut out, &Progress::new());
                        let words = result.as_ref().map_or_else(ToString::to_string, |_| String::new());
                        let said = to == Format::Text || from.kind() == seektell::formats::Kind::Text;
                        assert!(said || words.contains("deep"), "{from:?} to {to:?}: {words}");
                        losses(&input, from, to, &Options::default(), &Progress::new()).ok();
                    }
                }
            }
        }
    });
    // In the window it is bytes that are not shown as a table.
    let mut app = App::new(ThemeChoice::Dark);
    app.send(Command::OpenBytes { name: "deep.json".into(), bytes: nested("[", "]").into_bytes() });
    let preview = &app.open().preview;
    assert!(matches!(preview, PreviewState::Failed { .. } | PreviewState::None { .. }), "{preview:?}");
}

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    [name, &(data.len() as u32).to_le_bytes()[..], data].concat()
}

#[test]
fn deep_and_wide_containers_make_trees_of_bounded_size() {
    // Lists in lists, from the inside out.
    let mut lists = Vec::new();
    for _ in 0..3000 {
        let body = [&b"INFO"[..], &lists].concat();
        lists = chunk(b"LIST", &body);
    }
    let deep = chunk(b"RIFF", &[&b"WAVE"[..], &lists].concat());
    // A directory of a TIFF that has itself as its child, and as its successor.
    let entry = |tag: u16, kind: u16, value: u32| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &1_u32.to_le_bytes(), &value.to_le_bytes()].concat()
    };
    let entries = [entry(0x014A, 4, 8), entry(0x8769, 4, 8), entry(0x8825, 4, 8)].concat();
    let ring = [&b"II*\0\x08\0\0\0\x03\0"[..], &entries, &8_u32.to_le_bytes()].concat();
    // More chunks and blocks than anybody reads.
    let mut many = b"\x89PNG\r\n\x1a\n".to_vec();
    for _ in 0..300_000 {
        many.extend(b"\0\0\0\0tEXt\0\0\0\0");
    }
    let wide = chunk(b"RIFF", &[&b"WAVE"[..], &chunk(b"note", b"").repeat(300_000)].concat());
    let gif = [&b"GIF89a\x01\0\x01\0\0\0\0"[..], &b"\x21\xFE\x01x\0".repeat(300_000), b";"].concat();
    for (what, bytes) in [("lists", deep), ("a ring", ring), ("chunks", many), ("sounds", wide), ("blocks", gif)] {
        on_a_small_stack(move || {
            let tree = structure::read(&Buffer::from(bytes), &Progress::new()).unwrap().expect(what);
            assert!(tree.nodes().len() > 1 && tree.nodes().len() <= MOST, "{what}: {} nodes", tree.nodes().len());
            assert!(tree.nodes().iter().all(|node| node.depth <= 64), "{what}");
        });
    }
}

#[test]
fn deep_expressions_are_refused_wherever_they_are_typed() {
    let many = DEEP;
    on_a_small_stack(move || {
        // Where a position is asked for.
        let deep = format!("{}1{}", "(".repeat(many), ")".repeat(many));
        let minus = format!("{}1", "-".repeat(many));
        for text in [&deep, &minus, &format!("{}1", "(-".repeat(many)), &"1+".repeat(many)] {
            parse_place(text, &Places::plain(0, 100)).unwrap_err();
        }
        assert!(parse_place(&deep, &Places::plain(0, 100)).unwrap_err().contains("too deep"));
        assert_eq!(parse_place(&format!("{}1", "1+".repeat(1000)), &Places::plain(0, 2000)), Ok(1001));
        // Where bytes are typed or pasted.
        for text in ["[", "{", "(", "b'", "\\", "0x", "[0,", "\"\"\""].map(|part| part.repeat(many)) {
            parse_literal(&text).ok();
            recognise(&text);
            for style in Style::ALL {
                decode_text(&text, style, &Choices::default()).ok();
            }
        }
        // Where an expression is searched for: refused while it is typed, by what it would take.
        let content = Content::Bytes(Buffer::from(b"x"));
        for pattern in [
            format!("{}a{}", "(".repeat(many), ")".repeat(many)),
            "(?:".repeat(many) + "a",
            "[[".repeat(many),
            format!("{}a", "(?i)".repeat(many)),
            "((((a{100}){100}){100}){100})".into(),
            "a|".repeat(many),
        ] {
            let needle = Needle::Regex { pattern, case: Case::Exact, unicode: true };
            let query = Query { needles: vec![needle], overlapping: false, align: 1 };
            if let Err(error) = Pattern::new(&query, &content) {
                assert!(error.to_string().len() < 1000, "an error is read by people: {} characters", error.to_string().len());
            }
        }
    });
}

#[test]
fn deep_statements_are_an_error_of_the_console() {
    let mut sources: Vec<String> =
        ["(", "[", "{1: ", "-", "not ", "lambda: ", "1 if 1 else ", "f(", "x[", "*"].map(|part| part.repeat(DEEP) + "1").into();
    let mut blocks = String::new();
    for depth in 0..2000 {
        writeln!(blocks, "{}if 1:", " ".repeat(depth)).unwrap();
    }
    sources.push(blocks);
    sources.push("def f(n): return f(n + 1)\nf(0)".into());
    sources.push("x = []\nfor i in range(100000): x = [x]\nrepr(x)".into());
    for source in sources {
        let start: String = source.chars().take(20).collect();
        let begun = Instant::now();
        let problem = run_script(source, SCRIPT, |_| true).unwrap();
        assert!(problem.is_some() || start.starts_with("x = []"), "{start}");
        assert!(begun.elapsed() < Duration::from_secs(20), "{start}: {:?}", begun.elapsed());
    }
}
