//! Documents that are protected against changes: what is refused, what stays possible, and how they are unlocked.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use seektell::app::{
    Action, AppState, Command, ConsoleCommand, ConsoleRequest, Effect, Job, JobOutcome, OpenedDocument, SearchCommand,
    WalkCommand,
};
use seektell::buffer::Buffer;
use seektell::console::session::{Answer, Console, INTERACTIVE, Printed};
use seektell::document::{Document, Moment, Operation, Origin};
use seektell::files;
use seektell::formats;
use seektell::stream::{ExceptionKind, Newline, Whence};

fn with(bytes: &[u8]) -> AppState {
    let mut state = AppState::new(Default::default());
    state.apply(Command::OpenBytes { name: "data.bin".into(), bytes: bytes.to_vec() });
    state
}

fn document(state: &AppState) -> &Document {
    &state.active().unwrap().document
}

fn content(state: &AppState) -> Vec<u8> {
    document(state).snapshot().to_vec_all().unwrap()
}

fn act(state: &mut AppState, action: Action) -> Vec<Effect> {
    state.apply(Command::Do(action))
}

#[test]
fn every_change_of_a_protected_document_is_refused_and_reading_is_not() {
    let mut document = Document::bytes("a", Origin::New, &b"hello"[..]);
    document.perform(Operation::seek(1)).unwrap();
    document.perform(Operation::Write("E".into())).unwrap();
    document.set_protected(true);
    let calls = document.timeline().len();
    let data = || Buffer::from(b"x").into();
    for change in [
        Operation::Write(data()),
        Operation::Insert { at: 0, data: data() },
        Operation::Delete { start: 0, end: 2 },
        Operation::Replace { start: 0, end: 2, data: data() },
        Operation::Truncate(Some(0)),
        Operation::Close,
    ] {
        let exception = document.perform(change.clone()).unwrap_err();
        assert_eq!(exception.kind, ExceptionKind::UnsupportedOperation, "{change:?}");
        assert!(
            exception.to_string().starts_with("io.UnsupportedOperation: not writable: the document is protected"),
            "{exception}"
        );
    }
    assert!(!document.undo() && !document.redo());
    assert_eq!(document.snapshot().to_vec_all().unwrap(), b"hEllo");
    assert_eq!(document.timeline().len(), calls, "what is refused is no call of the document");
    document.perform(Operation::Seek { offset: 0, whence: Whence::Start }).unwrap();
    document.perform(Operation::Read(Some(2))).unwrap();
    assert_eq!(document.position(), 2);
    document.select(1, 4);
    assert!(document.selection().is_some());
    document.set_protected(false);
    assert!(document.undo());
    assert_eq!(document.snapshot().to_vec_all().unwrap(), b"hello");
}

#[test]
fn text_is_protected_too() {
    let mut document = Document::text("a", Origin::New, "grün", Newline::Lf);
    document.set_protected(true);
    for change in [Operation::Write(seektell::stream::Text::from("x").into()), Operation::Truncate(None), Operation::Close] {
        assert_eq!(document.perform(change).unwrap_err().kind, ExceptionKind::UnsupportedOperation);
    }
    assert_eq!(document.snapshot().to_vec_all().unwrap(), "grün".as_bytes());
}

#[test]
fn a_walk_through_a_protected_document_never_makes_another_moment_the_latest() {
    let mut document = Document::bytes("a", Origin::New, &b""[..]);
    document.perform(Operation::Write("one".into())).unwrap();
    document.perform(Operation::Write("two".into())).unwrap();
    document.set_protected(true);
    assert!(document.walk_to(Moment::Start));
    document.perform(Operation::seek(0)).unwrap();
    document.select(0, 0);
    document.stay();
    assert!(document.is_walking(), "looking around at an earlier moment changes nothing");
    assert!(document.walk_to(Moment::Latest));
    assert_eq!(document.snapshot().to_vec_all().unwrap(), b"onetwo");
}

#[test]
fn the_switch_refuses_what_the_user_does_and_says_how_to_unlock() {
    let mut state = with(b"hello");
    state.apply(Command::MoveCursor { to: 0, extend: false });
    state.apply(Command::TypeText { text: "J".into(), now: 0.0 });
    act(&mut state, Action::Protect);
    assert_eq!(Action::Protect.checked(&state), Some(true));
    state.apply(Command::TypeNibble { digit: 4, now: 1.0 });
    assert_eq!(state.active().unwrap().view.nibble, None, "not even a first digit waits");
    assert!(state.notices().all().last().unwrap().text.contains("switch “Protect against changes” off in the Edit menu"));
    let told = state.notices().all().len();
    state.apply(Command::TypeText { text: "x".into(), now: 1.0 });
    state.apply(Command::TypeInBytes { text: "x".into(), now: 1.0 });
    state.apply(Command::Backspace { now: 1.0 });
    state.apply(Command::Paste("x".into()));
    state.apply(Command::WriteHere(vec![1]));
    state.apply(Command::Search(SearchCommand::ReplaceAll));
    state.apply(Command::Perform(Operation::Truncate(Some(0))));
    for action in [Action::Undo, Action::Delete, Action::Resize, Action::FillBytes, Action::XorBytes, Action::InvertBytes] {
        assert!(act(&mut state, action).is_empty(), "{action:?} starts nothing");
        assert!(state.dialog().is_none(), "{action:?} asks nothing");
    }
    assert_eq!(state.notices().all().len(), told, "it is said once, not at every key");
    assert_eq!(content(&state), b"Jello");
    state.apply(Command::MoveCursor { to: 3, extend: false });
    act(&mut state, Action::SelectAll);
    act(&mut state, Action::AddBookmark);
    act(&mut state, Action::ReadRest);
    assert_eq!(document(&state).bookmarks().len(), 1);
    state.apply(Command::Walk(WalkCommand::To(Moment::Start)));
    assert_eq!(content(&state), b"hello");
    act(&mut state, Action::WalkStay);
    assert!(document(&state).is_walking());
    act(&mut state, Action::Protect);
    act(&mut state, Action::WalkLatest);
    // The bookmark goes first: it was made last.
    act(&mut state, Action::Undo);
    assert_eq!((document(&state).bookmarks().len(), content(&state)), (0, b"Jello".to_vec()));
    act(&mut state, Action::Undo);
    assert_eq!(content(&state), b"hello");
}

#[test]
fn a_file_that_may_not_be_written_is_protected_until_it_is_saved_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.bin");
    std::fs::write(&path, b"abc").unwrap();
    let open = |state: &mut AppState, writable: bool| {
        let id = match state.apply(Command::OpenPaths(vec![path.clone()])).as_slice() {
            [.., Effect::Run(id, Job::Open(_))] => *id,
            other => panic!("{other:?}"),
        };
        let mut file = files::open(&path).unwrap();
        file.writable = writable;
        let detection = formats::detect(&file.buffer, Some("a.bin")).unwrap();
        state.apply(Command::Finished(id, Box::new(JobOutcome::Opened(vec![Ok(OpenedDocument { file, detection })]))));
    };
    let mut state = AppState::new(Default::default());
    open(&mut state, false);
    assert!(document(&state).is_protected());
    state.apply(Command::TypeText { text: "x".into(), now: 0.0 });
    assert!(state.notices().all().last().unwrap().text.contains("because its file may not be written"));
    // Reading the file again is not a change of the user's.
    std::fs::write(&path, b"abcdef").unwrap();
    let reload = act(&mut state, Action::Reload);
    let Some(Effect::Run(id, Job::Open(_))) = reload.first() else { panic!("{reload:?}") };
    let mut file = files::open(&path).unwrap();
    file.writable = false;
    let detection = formats::detect(&file.buffer, Some("a.bin")).unwrap();
    state.apply(Command::Finished(*id, Box::new(JobOutcome::Opened(vec![Ok(OpenedDocument { file, detection })]))));
    assert_eq!(content(&state), b"abcdef");
    assert!(document(&state).is_protected());
    act(&mut state, Action::Protect);
    state.apply(Command::TypeText { text: "X".into(), now: 0.0 });
    assert_eq!(content(&state)[0], b'X', "the user may change what is in memory");

    let mut state = AppState::new(Default::default());
    open(&mut state, true);
    assert!(!document(&state).is_protected());
}

fn ask(console: &Console, state: &mut AppState, source: &str) -> Answer {
    let effects = state.apply(Command::Console(ConsoleCommand::Run(source.into())));
    let request = effects.into_iter().find_map(|effect| match effect {
        Effect::Console(ConsoleRequest::Run(request)) => Some(request),
        _ => None,
    });
    console.run(request.unwrap());
    let begin = Instant::now();
    loop {
        if let Some(answer) = console.try_answer() {
            state.apply(Command::Console(ConsoleCommand::Answered(Box::new(answer.clone()))));
            return answer;
        }
        assert!(begin.elapsed() < Duration::from_secs(60), "no answer");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn shown(answer: &Answer) -> Vec<String> {
    let text = |printed: &Printed| match printed {
        Printed::Output(text) | Printed::Value(text) | Printed::Exception(text) | Printed::Error(text) => text.clone(),
    };
    answer.printed.iter().map(text).collect()
}

#[test]
fn the_console_cannot_change_a_protected_document_either() {
    let console = Console::start(INTERACTIVE, Arc::new(|| ()));
    let mut state = with(b"hello");
    act(&mut state, Action::Protect);
    let refused =
        "io.UnsupportedOperation: not writable: the document is protected against changes (Edit, Protect against changes)";
    for change in ["buf.write(b'x')", "buf.writelines([b'x'])", "buf.truncate(0)", "buf.close()", "buf.__init__(b'y')"] {
        let answer = ask(&console, &mut state, change);
        assert_eq!(shown(&answer).last().map(String::as_str), Some(refused), "{change}");
    }
    // A wrapper asks first whether it may write.
    let answer = ask(&console, &mut state, "import io\nt = io.TextIOWrapper(buf)\nt.read(2)\nt.write('x')");
    assert_eq!(shown(&answer), ["'he'", "io.UnsupportedOperation: not writable"]);
    ask(&console, &mut state, "del t");
    let answer = ask(&console, &mut state, "buf.getbuffer()[0] = 1");
    assert!(shown(&answer).last().unwrap().contains("cannot modify read-only memory"), "{:?}", shown(&answer));
    let answer = ask(&console, &mut state, "buf.seek(1)\nbuf.read(2)\nbuf.writable()\nbuf.closed\nbytes(buf.getbuffer())");
    assert_eq!(shown(&answer), ["1", "b'el'", "False", "False", "b'hello'"]);
    assert_eq!(content(&state), b"hello");
    assert_eq!(document(&state).position(), 3, "the cursor moves");
    act(&mut state, Action::Protect);
    let answer = ask(&console, &mut state, "buf.write(b'LO')\nbuf.writable()");
    assert_eq!(shown(&answer), ["2", "True"]);
    assert_eq!(content(&state), b"helLO");
    // A stream of its own was never a document.
    let answer = ask(&console, &mut state, "io.BytesIO(b'a').write(b'b')");
    assert_eq!(shown(&answer), ["1"]);
}
