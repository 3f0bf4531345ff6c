//! The console's decisions: what statements are given, what comes of them, and that nothing is lost while they run.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use seektell::app::{
    Action, AppState, Command, ConsoleCommand, ConsoleRequest, Dialog, DialogCommand, Effect, Job, JobOutcome, LessonCommand,
    LineKind, PaneKind, Settings, WalkCommand,
};
use seektell::buffer::{Buffer, Offset};
use seektell::console::session::{Answer, Console, INTERACTIVE, NameInfo, Printed, Problem, Request, Touched};
use seektell::document::{Document, DocumentId, Moment, Operation, Wrappers};
use seektell::stream::{BytesState, StreamState};

fn state() -> AppState {
    AppState::new(Default::default())
}

fn with(name: &str, bytes: &[u8]) -> AppState {
    let mut state = state();
    state.apply(Command::OpenBytes { name: name.into(), bytes: bytes.to_vec() });
    state
}

fn document(state: &AppState) -> &Document {
    &state.active().unwrap().document
}

fn content(state: &AppState) -> Vec<u8> {
    document(state).snapshot().to_vec_all().unwrap()
}

/// The requests to the console among effects.
fn requests(effects: Vec<Effect>) -> Vec<ConsoleRequest> {
    effects.into_iter().filter_map(|effect| if let Effect::Console(request) = effect { Some(request) } else { None }).collect()
}

fn run(state: &mut AppState, source: &str) -> Request {
    match requests(state.apply(Command::Console(ConsoleCommand::Run(source.into()))).into_iter().collect()).as_slice() {
        [ConsoleRequest::Run(request)] => request.clone(),
        other => panic!("{other:?}"),
    }
}

fn answer(state: &mut AppState, answer: Answer) -> Vec<Effect> {
    state.apply(Command::Console(ConsoleCommand::Answered(Box::new(answer))))
}

fn bytes(value: &[u8], position: u64) -> StreamState {
    StreamState::Bytes(BytesState { value: Buffer::from(value), position: Offset(position), closed: false })
}

fn touched(id: DocumentId, state: StreamState) -> Touched {
    Touched { key: id.get(), calls: Vec::new(), more_calls: 0, state, exported: false, links: Vec::new(), held: Vec::new() }
}

fn transcript(state: &AppState) -> Vec<(LineKind, String)> {
    state.console().transcript().lines().iter().map(|line| (line.kind, line.text.clone())).collect()
}

fn warnings(state: &AppState) -> Vec<&str> {
    state.notices().all().iter().map(|notice| notice.text.as_str()).collect()
}

#[test]
fn statements_know_every_document_by_name_and_the_one_in_front_as_buf() {
    let mut state = with("photo.png", b"one");
    for name in ["photo.jpg", "2024 report.csv", "io.txt"] {
        state.apply(Command::OpenBytes { name: name.into(), bytes: b"two".to_vec() });
    }
    let request = run(&mut state, "buf.read()\n");
    let names: Vec<Vec<String>> = request.documents.iter().map(|binding| binding.names.clone()).collect();
    assert_eq!(names, [vec!["photo"], vec!["photo_2"], vec!["doc_2024_report"], vec!["io_", "buf"]]);
    assert_eq!(request.documents[0].state, bytes(b"one", 0));
    assert_eq!(transcript(&state), [(LineKind::Input, "buf.read()".to_owned())]);
    assert_eq!(state.settings().statements, ["buf.read()"]);
    assert!(state.console().is_running());
}

#[test]
fn what_statements_did_to_a_document_is_one_step_of_it() {
    let mut state = with("data.bin", b"hello");
    let id = document(&state).id();
    let reveal = state.active().unwrap().view.reveal;
    let revision = document(&state).revision();
    run(&mut state, "buf.write(b'J')");
    let printed = vec![Printed::Value("1".into()), Printed::Output("done".into())];
    answer(&mut state, Answer { printed, documents: vec![touched(id, bytes(b"Jello", 1))], ..Answer::default() });
    assert!(!state.console().is_running());
    assert_eq!((content(&state).as_slice(), document(&state).position()), (&b"Jello"[..], 1));
    assert!(document(&state).is_modified());
    assert!(state.active().unwrap().view.reveal > reveal, "the views follow the cursor");
    assert_eq!(transcript(&state)[1..], [(LineKind::Value, "1".to_owned()), (LineKind::Output, "done".to_owned())]);
    state.apply(Command::Do(Action::Undo));
    assert_eq!((content(&state).as_slice(), document(&state).position()), (&b"hello"[..], 0));
    assert_eq!(document(&state).revision(), revision);
    state.apply(Command::Do(Action::Redo));
    assert_eq!(content(&state), b"Jello");
    // A movement of the cursor is no step.
    let steps = document(&state).history().undo_len();
    run(&mut state, "buf.seek(3)");
    answer(&mut state, Answer { documents: vec![touched(id, bytes(b"Jello", 3))], ..Answer::default() });
    assert_eq!(document(&state).position(), 3);
    assert!(document(&state).history().undo_len() <= steps + 1);
}

#[test]
fn documents_wait_while_statements_run() {
    let mut state = with("data.bin", b"hello");
    let id = document(&state).id();
    run(&mut state, "while True: pass");
    for command in [
        Command::TypeNibble { digit: 4, now: 0.0 },
        Command::TypeNibble { digit: 4, now: 0.0 },
        Command::TypeText { text: "x".into(), now: 0.0 },
        Command::Backspace { now: 0.0 },
        Command::Paste("41".into()),
        Command::MoveCursor { to: 3, extend: false },
        Command::Select { anchor: 0, head: 2 },
        Command::Perform(Operation::Read(None)),
        Command::Do(Action::Delete),
        Command::Do(Action::SeekEnd),
        Command::Do(Action::CloseStream),
        Command::Do(Action::CloseDocument),
        Command::Close(id),
    ] {
        state.apply(command);
    }
    assert_eq!((content(&state).as_slice(), document(&state).position()), (&b"hello"[..], 0));
    let told: Vec<_> = warnings(&state).into_iter().filter(|text| text.contains("press Stop")).map(str::to_owned).collect();
    assert_eq!(told.len(), 1, "one notice is enough: {told:?}");
    // What touches no stream goes on.
    state.apply(Command::Do(Action::NewBytes));
    assert_eq!(state.documents().len(), 2);
    // A second statement is refused, and not lost from the history of what runs.
    assert!(requests(state.apply(Command::Console(ConsoleCommand::Run("1".into())))).is_empty());
    assert_eq!(requests(state.apply(Command::Do(Action::StopConsole))), [ConsoleRequest::Stop]);
    assert!(state.console().running().unwrap().stopping);
    answer(&mut state, Answer::default());
    state.apply(Command::Activate(id));
    state.apply(Command::MoveCursor { to: 3, extend: false });
    assert_eq!(document(&state).position(), 3, "everything works again");
}

#[test]
fn closing_the_window_stops_the_statements_and_then_asks_about_what_they_changed() {
    let mut state = with("data.bin", b"hello");
    let id = document(&state).id();
    // Bytes with no file are unsaved from the start; an empty new document is not.
    state.apply(Command::Do(Action::NewBytes));
    let new = document(&state).id();
    run(&mut state, "buf.write(b'J')");
    let effects = state.apply(Command::CloseRequested);
    assert_eq!(requests(effects), [ConsoleRequest::Stop]);
    assert!(state.dialog().is_none());
    answer(&mut state, Answer { documents: vec![touched(new, bytes(b"J", 1))], ..Answer::default() });
    assert!(matches!(state.dialog(), Some(Dialog::Unsaved { documents, .. }) if *documents == [id, new]));
    // Who asks twice is not kept waiting, even where nothing answers.
    let mut state = self::state();
    run(&mut state, "while True: pass");
    assert!(!state.apply(Command::CloseRequested).contains(&Effect::CloseWindow));
    assert!(state.apply(Command::CloseRequested).contains(&Effect::CloseWindow));
}

#[test]
fn a_view_locks_a_document_for_the_window_too() {
    let mut state = with("data.bin", b"hello");
    let id = document(&state).id();
    run(&mut state, "v = buf.getbuffer()");
    let lock = Touched { exported: true, ..touched(id, bytes(b"hello", 0)) };
    answer(&mut state, Answer { documents: vec![lock], ..Answer::default() });
    state.apply(Command::Perform(Operation::Write("J".into())));
    let last = state.active().unwrap().last_call.clone().unwrap();
    assert_eq!(last.1.unwrap_err(), "BufferError: Existing exports of data: object cannot be re-sized");
    assert!(warnings(&state).last().unwrap().contains("release()"), "it says what to do");
    for command in [Command::TypeText { text: "x".into(), now: 0.0 }, Command::Do(Action::Delete), Command::Do(Action::Undo)] {
        state.apply(command);
    }
    assert_eq!(content(&state), b"hello");
    state.apply(Command::Perform(Operation::Read(Some(2))));
    assert_eq!(document(&state).position(), 2, "reading is no change");
    run(&mut state, "v.release()");
    answer(&mut state, Answer { documents: vec![touched(id, bytes(b"hello", 2))], ..Answer::default() });
    state.apply(Command::Perform(Operation::Write("J".into())));
    assert_eq!(content(&state), b"heJlo");
}

#[test]
fn the_place_of_an_error_is_marked() {
    let mut state = state();
    let source = "x = 1\nif x:\n    y = x.foo + 1\n";
    run(&mut state, source);
    let from = source.find("x.foo").unwrap();
    let message = "AttributeError: 'int' object has no attribute 'foo'".to_owned();
    let problem = Problem { message: message.clone(), range: (from, from + 5), line: 3, column: 9, syntax: false };
    let printed = vec![Printed::Output("before\n".into()), Printed::Exception(message.clone())];
    answer(&mut state, Answer { printed, problem: Some(problem), ..Answer::default() });
    let text = state.console().transcript().text();
    let expected =
        "before\nLine 3, column 9\n    y = x.foo + 1\n        ^^^^^\nAttributeError: 'int' object has no attribute 'foo'\n";
    assert!(text.ends_with(expected), "{text}");
    // A syntax error may come with no printed line; it is told once all the same.
    run(&mut state, "1 +");
    let message = "SyntaxError: invalid syntax".to_owned();
    let problem = Problem { message, range: (3, 3), line: 1, column: 4, syntax: true };
    answer(&mut state, Answer { problem: Some(problem), ..Answer::default() });
    let text = state.console().transcript().text();
    assert!(text.ends_with(">>> 1 +\n    1 +\n       ^\nSyntaxError: invalid syntax\n"), "{text}");
    assert!(state.console().last_run().unwrap().raised);
}

#[test]
fn a_stream_of_a_name_becomes_a_document_and_is_forgotten_when_it_closes() {
    let mut state = state();
    run(&mut state, "import io; out = io.BytesIO(b'abc'); out.seek(2)");
    let info = NameInfo {
        name: "out".into(),
        class: "_io.BytesIO".into(),
        repr: "<_io.BytesIO object>".into(),
        stream: Some(bytes(b"abc", 2)),
        document: None,
    };
    answer(&mut state, Answer { names: vec![info], ..Answer::default() });
    let asked = requests(state.apply(Command::Console(ConsoleCommand::Adopt("out".into()))));
    let key = document(&state).id().get();
    assert_eq!(asked, [ConsoleRequest::Adopt { name: "out".into(), key }]);
    assert_eq!((document(&state).name(), state.active().unwrap().name.as_str()), ("out", "out"));
    assert_eq!((content(&state).as_slice(), document(&state).position()), (&b"abc"[..], 2));
    assert_eq!(state.console().names()[0].document, Some(key));
    assert!(requests(state.apply(Command::Console(ConsoleCommand::Adopt("nothing".into())))).is_empty());
    state.apply(Command::Do(Action::CloseDocument));
    let forgotten = requests(state.apply(Command::Dialog(DialogCommand::Discard)));
    assert_eq!(forgotten, [ConsoleRequest::Forget(key)]);
}

#[test]
fn scripts_run_from_a_file_and_from_a_document() {
    let mut state = with("hello.py", b"\xEF\xBB\xBFprint('hi')\n");
    assert!(Action::RunDocument.enabled(&state));
    let asked = requests(state.apply(Command::Do(Action::RunDocument)));
    assert!(matches!(asked.as_slice(), [ConsoleRequest::Run(request)] if request.source == "print('hi')\n"));
    answer(&mut state, Answer { printed: vec![Printed::Output("hi\n".into())], ..Answer::default() });
    assert_eq!(transcript(&state)[0], (LineKind::Note, "Running hello.py".to_owned()));
    assert!(state.settings().statements.is_empty(), "a script is no typed statement");

    let effects = state.apply(Command::Do(Action::RunScript));
    assert!(effects.contains(&Effect::AskOpen { folder: None }));
    let effects = state.apply(Command::Answered(seektell::app::Answer::Open(vec!["/x/other.py".into()])));
    let job = effects.iter().find_map(|effect| match effect {
        Effect::Run(id, Job::ReadScript(path)) => Some((*id, path.clone())),
        _ => None,
    });
    let (id, path) = job.unwrap();
    assert_eq!(path.to_str(), Some("/x/other.py"));
    let script = JobOutcome::ReadScript(Ok(("other.py".into(), "x = 1".into())));
    let asked = requests(state.apply(Command::Finished(id, Box::new(script))));
    assert!(matches!(asked.as_slice(), [ConsoleRequest::Run(request)] if request.source == "x = 1"));
    answer(&mut state, Answer::default());

    let mut state = with("bad.py", b"\xFF");
    state.apply(Command::Do(Action::RunDocument));
    assert_eq!(warnings(&state), ["bad.py is not run: byte 0 is not UTF-8"]);
    assert!(!Action::RunDocument.enabled(&with("data.bin", b"x")));
}

#[test]
fn a_new_session_and_an_empty_transcript() {
    let mut state = with("data.bin", b"x");
    assert!(!Action::ClearConsole.enabled(&state) && !Action::StopConsole.enabled(&state));
    run(&mut state, "x = 1");
    assert!(!Action::ResetConsole.enabled(&state));
    let info = NameInfo { name: "x".into(), class: "int".into(), repr: "1".into(), stream: None, document: None };
    answer(&mut state, Answer { names: vec![info], ..Answer::default() });
    assert_eq!(requests(state.apply(Command::Do(Action::ResetConsole))), [ConsoleRequest::Reset]);
    assert!(state.console().names().is_empty());
    let effects = state.apply(Command::Do(Action::CopyTranscript));
    assert!(
        matches!(&effects[..], [.., Effect::CopyText(text)] | [Effect::CopyText(text), ..] if text.starts_with(">>> x = 1\n"))
    );
    state.apply(Command::Do(Action::ClearConsole));
    assert!(state.console().transcript().lines().is_empty());
}

#[test]
fn the_console_is_to_be_had_with_nothing_open() {
    let mut state = state();
    assert!(!state.is_console_wanted());
    state.apply(Command::Do(Action::ToggleConsole));
    assert!(state.is_console_wanted() && state.settings().panes.contains(&PaneKind::Console));
    state.apply(Command::Do(Action::ToggleConsole));
    assert!(!state.is_console_wanted());
}

#[test]
fn the_history_of_statements_is_bounded_and_kept() {
    let mut settings = Settings::default();
    for n in 0..2 * Settings::STATEMENTS {
        settings.remember_statement(&format!("x = {n}"));
    }
    settings.remember_statement("x = 300\n");
    settings.remember_statement(&"y".repeat(1 << 20));
    assert_eq!(settings.statements.len(), Settings::STATEMENTS);
    assert_eq!(settings.statements.last().unwrap(), "x = 300");
    assert_eq!(Settings::from_json(&settings.to_json()).statements, settings.statements);
    assert!(Settings::from_json("{\"zoom\": 2.0}").statements.is_empty());
}

#[test]
fn output_is_shown_while_statements_run_and_its_problem_is_marked_once() {
    let mut state = with("data.bin", b"hello");
    run(&mut state, "print(1)\n1/0\nprint(2)\n");
    let problem =
        Problem { message: "ZeroDivisionError: division by zero".into(), range: (9, 12), line: 2, column: 1, syntax: false };
    let printed = |state: &mut AppState, printed: Vec<Printed>, problem: Option<Problem>| {
        state.apply(Command::Console(ConsoleCommand::Printed { printed, problem }));
    };
    printed(&mut state, vec![Printed::Output("1\n".into())], None);
    assert_eq!(transcript(&state).last(), Some(&(LineKind::Output, "1".to_owned())));
    assert!(state.console().is_running());
    printed(&mut state, vec![Printed::Exception(problem.message.clone())], Some(problem.clone()));
    printed(&mut state, vec![Printed::Output("2".into())], Some(problem.clone()));
    answer(&mut state, Answer { printed: vec![Printed::Output("3\n".into())], problem: Some(problem), ..Answer::default() });
    let kinds: Vec<_> = transcript(&state)[3..].iter().map(|(kind, text)| (*kind, text.clone())).collect();
    let line = |kind, text: &str| (kind, text.to_owned());
    let wanted = [
        line(LineKind::Output, "1"),
        line(LineKind::Note, "Line 2, column 1"),
        line(LineKind::Place, "1/0"),
        line(LineKind::Exception, "ZeroDivisionError: division by zero"),
        line(LineKind::Output, "23"),
    ];
    assert_eq!(kinds, wanted);
}

#[test]
fn what_is_typed_ahead_runs_in_its_turn_and_stop_drops_it() {
    let mut state = with("data.bin", b"hello");
    run(&mut state, "one()");
    for source in ["two()", "three()"] {
        assert!(requests(state.apply(Command::Console(ConsoleCommand::Run(source.into())))).is_empty());
    }
    assert_eq!(state.console().typed_ahead().collect::<Vec<_>>(), ["two()", "three()"]);
    let effects = answer(&mut state, Answer::default());
    assert!(matches!(&requests(effects)[..], [ConsoleRequest::Run(request)] if request.source == "two()"));
    assert_eq!(transcript(&state).last(), Some(&(LineKind::Input, "two()".to_owned())));
    for n in 0..100 {
        state.apply(Command::Console(ConsoleCommand::Run(format!("f({n})"))));
    }
    assert_eq!(state.console().typed_ahead().len(), seektell::app::TYPED_AHEAD);
    assert!(warnings(&state).iter().any(|warning| warning.contains("wait already")));
    let effects = state.apply(Command::Do(Action::StopConsole));
    assert_eq!(requests(effects), [ConsoleRequest::Stop]);
    assert_eq!(state.console().typed_ahead().len(), 0);
    assert!(requests(answer(&mut state, Answer::default())).is_empty());
    assert!(!state.console().is_running());
}

/// Runs statements in a real console, and gives the state what came of them.
fn run_really(state: &mut AppState, console: &Console, source: &str) {
    console.run(run(state, source));
    let answered = loop {
        match console.try_answer() {
            Some(answered) => break answered,
            None => std::thread::sleep(std::time::Duration::from_millis(1)),
        }
    };
    answer(state, answered);
}

/// What the wrappers over the document are shown to hold: characters returned, and the window's cursor.
fn held(state: &AppState) -> Option<Vec<u64>> {
    match state.console().wrappers(document(state)) {
        Wrappers::Held(links) => Some(links.iter().filter_map(|link| link.text.as_ref()).map(|text| text.used).collect()),
        Wrappers::Within | Wrappers::Forgotten => None,
    }
}

#[test]
fn a_walk_shows_what_the_wrappers_held_then() {
    let content = "0123456789\n".repeat(2000);
    let mut state = with("data.txt", content.as_bytes());
    let console = Console::start(INTERACTIVE, std::sync::Arc::new(|| ()));
    run_really(&mut state, &console, "buf.read(2)");
    let plain = document(&state).timeline().current().unwrap().number();
    run_really(&mut state, &console, "import io\nbuf.seek(0)\nf = io.TextIOWrapper(buf)\nc = f.read(3)");
    let first = document(&state).timeline().current().unwrap().number();
    assert_eq!(held(&state), Some(vec![3]));
    run_really(&mut state, &console, "c = f.read(4)");
    assert_eq!(held(&state), Some(vec![7]), "no call reached the document, and its wrapper holds something else");
    run_really(&mut state, &console, "c = f.read(8190)\nfor n in range(2):\n    f.seek(5)\n    c = f.read(1)\n");
    let last = document(&state).timeline().current().unwrap().number();
    assert_eq!(held(&state), Some(vec![1]));
    let mut at = |moment| {
        state.apply(Command::Walk(WalkCommand::To(moment)));
        held(&state)
    };
    assert_eq!(at(Moment::After(plain)), Some(vec![]), "there was none");
    assert_eq!(at(Moment::Start), Some(vec![]));
    assert_eq!(at(Moment::After(first)), Some(vec![7]), "as they were before the next call");
    assert_eq!(at(Moment::After(last - 1)), None, "the middle of a statement");
    assert_eq!(at(Moment::Latest), Some(vec![1]));
    // What is done in the window changes no wrapper.
    state.apply(Command::Perform(Operation::seek(9)));
    state.apply(Command::Perform(Operation::Read(Some(1))));
    state.apply(Command::Walk(WalkCommand::To(Moment::After(last + 1))));
    assert_eq!(held(&state), Some(vec![1]));
    state.apply(Command::Walk(WalkCommand::To(Moment::Latest)));
    run_really(&mut state, &console, "f = f.detach()\ndel f");
    assert_eq!(held(&state), Some(vec![]));
}

#[test]
fn a_lesson_of_ones_own_is_read_from_its_file_and_taken() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.lesson");
    let good = "title: Mine\nabout: A\nstart: x = 1\nstep: Q\nanswer: 1\nrun: x\nwhy: y\n";
    let open = |state: &mut AppState, text: &str| {
        std::fs::write(&path, text).unwrap();
        let effects = state.apply(Command::Lesson(LessonCommand::Open(path.clone())));
        let job = effects.into_iter().find_map(|effect| match effect {
            Effect::Run(id, job @ Job::ReadLesson(_)) => Some((id, job)),
            _ => None,
        });
        let (id, job) = job.unwrap();
        let outcome = job.run(&Default::default());
        state.apply(Command::Finished(id, Box::new(outcome)))
    };
    let mut state = state();
    let program = state.lessons().count();
    assert!(requests(open(&mut state, &good.replace("about", "abuot"))).is_empty());
    assert!(
        warnings(&state).iter().any(|told| told.contains("mine.lesson:2: there is no key `abuot`")),
        "{:?}",
        warnings(&state)
    );
    let asked = requests(open(&mut state, good));
    assert!(asked.iter().any(|request| matches!(request, ConsoleRequest::Run(run) if run.source == "x = 1\n")), "{asked:?}");
    let taken = state.lesson().unwrap();
    assert_eq!((taken.number(), taken.lesson().title.as_str(), taken.lesson().steps.len()), (program, "Mine", 1));
    answer(&mut state, Answer::default());
    // Its author changes it and opens it again: it is the same one.
    open(&mut state, &good.replace("Mine", "Better"));
    assert_eq!(state.lessons().count(), program + 1);
    assert_eq!(state.lesson().unwrap().lesson().title, "Better");
    answer(&mut state, Answer::default());
    state.apply(Command::Lesson(LessonCommand::Offer(path.clone())));
    assert_eq!(state.dialog(), Some(&Dialog::OfferLesson(path.clone())));
    let effects = state.apply(Command::Dialog(DialogCommand::Accept));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Run(_, Job::ReadLesson(read)) if *read == path)));
    state.apply(Command::Lesson(LessonCommand::Offer(path.clone())));
    let effects = state.apply(Command::Dialog(DialogCommand::Discard));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Run(_, Job::Open(paths)) if *paths == [path.clone()])));
}
