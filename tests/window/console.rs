//! The console in the whole window, without a display: keys, focus, the transcript, suggestions, documents that move.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use std::time::{Duration, Instant};

use crate::tester::App;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use seektell::app::{Action, Command, ConsoleCommand, LessonCommand, LineKind, Settings, Stage, ThemeChoice};
use seektell::lesson::{CheckResult, Guess};

const NONE: Modifiers = Modifiers::NONE;

impl App {
    /// A window with a document of these bytes, the keyboard in the console.
    fn at_the_console(name: &str, bytes: &[u8]) -> Self {
        let mut app = Self::new(ThemeChoice::Dark);
        app.open_bytes(name, bytes);
        app.focus_console();
        app
    }

    fn focus_console(&mut self) {
        for _ in 0..12 {
            if self.console_has_focus() {
                return;
            }
            self.press(NONE, Key::F6);
        }
        panic!("F6 does not reach the console");
    }

    fn console_has_focus(&self) -> bool {
        self.0.ctx.memory(|memory| memory.has_focus(seektell::ui::console_pane::ConsolePane::id()))
    }

    /// Types a line and presses Enter.
    fn enter(&mut self, line: &str) {
        self.type_text(line);
        self.press(NONE, Key::Enter);
    }

    fn typed(&self) -> String {
        self.0.get_by_label("Statement").accesskit_node().value().unwrap_or_default()
    }

    fn lines(&self) -> Vec<(LineKind, String)> {
        self.state().console().transcript().lines().iter().map(|line| (line.kind, line.text.clone())).collect()
    }

    fn last_line(&self) -> (LineKind, String) {
        self.lines().pop().unwrap()
    }
}

#[test]
fn typing_in_the_console_never_edits_the_document() {
    let mut app = App::at_the_console("data.bin", b"hello world");
    app.type_text("41x = 'a'");
    app.press(NONE, Key::Backspace);
    app.press(NONE, Key::Delete);
    app.press(Modifiers::COMMAND, Key::Z);
    app.press(NONE, Key::Home);
    app.press(NONE, Key::Delete);
    app.press(Modifiers::COMMAND, Key::A);
    assert_eq!((app.content().as_slice(), app.document().position()), (&b"hello world"[..], 0));
    assert!(app.document().timeline().is_empty());
    assert!(app.console_has_focus());
}

#[test]
fn letters_and_enter_of_one_frame_are_taken_in_order() {
    let mut app = App::at_the_console("data.bin", b"hello world");
    let key = |pressed| Event::Key { key: Key::Enter, physical_key: None, pressed, repeat: false, modifiers: NONE };
    let text = |text: &str| Event::Text(text.to_owned());
    app.0.input_mut().events.extend([text("buf.se"), text("ek(3)"), key(true), key(false), text("x")]);
    app.0.step();
    app.settle();
    assert_eq!(app.last_line(), (LineKind::Value, "3".into()));
    assert_eq!((app.document().position(), app.typed().as_str()), (3, "x"));
}

#[test]
fn enter_goes_on_in_a_block_and_shift_enter_anywhere() {
    let mut app = App::at_the_console("data.bin", b"a\nb\n");
    app.enter("for line in buf:");
    assert_eq!(app.typed(), "for line in buf:\n    ");
    app.enter("x = line");
    assert_eq!(app.typed(), "for line in buf:\n    x = line\n    ");
    app.press(NONE, Key::Backspace);
    app.press(Modifiers::SHIFT, Key::Enter);
    assert_eq!(app.typed(), "for line in buf:\n    x = line\n\n");
    assert!(app.lines().is_empty(), "nothing ran");
}

#[test]
fn the_history_is_walked_at_the_edges_and_keeps_what_was_being_typed() {
    let statements = vec!["first".to_owned(), "if x:\n    second".to_owned()];
    let mut app = App::with(Settings { theme: ThemeChoice::Dark, statements, ..Settings::default() });
    app.send(Command::OpenBytes { name: "data.bin".into(), bytes: b"x".to_vec() });
    app.focus_console();
    app.type_text("draft");
    app.press(NONE, Key::ArrowUp);
    assert_eq!(app.typed(), "if x:\n    second");
    app.press(NONE, Key::ArrowUp);
    assert_eq!(app.typed(), "if x:\n    second", "the cursor moves within the statement first");
    app.press(NONE, Key::ArrowUp);
    assert_eq!(app.typed(), "first");
    app.press(NONE, Key::ArrowUp);
    assert_eq!(app.typed(), "first");
    app.press(NONE, Key::ArrowDown);
    app.press(NONE, Key::ArrowDown);
    assert_eq!(app.typed(), "draft");
}

#[test]
fn the_console_stands_alone_under_the_start_page() {
    let mut app = App::new(ThemeChoice::Dark);
    app.send(Command::Do(Action::ToggleConsole));
    assert!(app.console_has_focus());
    app.enter("import io");
    app.enter("out = io.BytesIO(b'abc')");
    let names: Vec<_> = app.state().console().names().iter().map(|info| info.name.as_str()).collect();
    assert_eq!(names, ["io", "out"]);
    app.0.get_by_label("Open out as a document").click();
    app.settle();
    assert_eq!((app.content().as_slice(), app.state().active().unwrap().name.as_str()), (&b"abc"[..], "out"));
    app.focus_console();
    app.enter("out.write(b'J')");
    assert_eq!(app.content(), b"Jbc", "the name is the document");
}

#[test]
fn statements_move_the_cursor_and_are_calls_of_the_timeline() {
    let mut app = App::at_the_console("data.bin", b"hello world\nsecond\n");
    app.enter("buf.seek(3)");
    assert_eq!(app.last_line(), (LineKind::Value, "3".to_owned()));
    assert_eq!(app.document().position(), 3);
    app.enter("buf.read(4)");
    assert_eq!(app.last_line(), (LineKind::Value, "b'lo w'".to_owned()));
    let calls: Vec<String> = app.document().timeline().entries().map(seektell::document::Entry::call).collect();
    assert_eq!(calls, ["buf.seek(3)", "buf.read(4)"]);
    app.enter("buf.seek(0); [line for line in data]");
    assert_eq!(app.last_line(), (LineKind::Value, "[b'hello world\\n', b'second\\n']".to_owned()));
    app.enter("buf.write(b'!')");
    assert!(app.content().ends_with(b"second\n!"));
    assert!(app.typed().is_empty());
    app.send(Command::Do(Action::Undo));
    assert_eq!(app.content(), b"hello world\nsecond\n");
    // What the console holds follows the window.
    app.enter("buf.getvalue()[-3:]");
    assert_eq!(app.last_line(), (LineKind::Value, "b'nd\\n'".to_owned()));
}

#[test]
fn a_loop_prints_and_an_error_is_marked() {
    let mut app = App::at_the_console("data.bin", b"one\ntwo\n");
    app.enter("for line in buf:");
    app.enter("print(line)");
    app.press(NONE, Key::Enter);
    let printed: Vec<String> =
        app.lines().into_iter().filter(|(kind, _)| *kind == LineKind::Output).map(|(_, text)| text).collect();
    assert_eq!(printed, ["b'one\\n'", "b'two\\n'"]);
    app.enter("x = missing + 1");
    assert_eq!(app.last_line(), (LineKind::Exception, "NameError: name 'missing' is not defined".to_owned()));
    let transcript = app.state().console().transcript();
    let place = &transcript.lines()[transcript.lines().len() - 2];
    assert_eq!((place.kind, place.text.as_str(), place.mark), (LineKind::Place, "x = missing + 1", Some((4, 11))));
}

#[test]
fn an_endless_loop_is_stopped_and_the_document_is_free_again() {
    let mut app = App::at_the_console("data.bin", b"hello");
    app.enter("while True: pass");
    app.0.key_press_modifiers(NONE, Key::Enter);
    app.0.run_steps(2);
    assert!(app.state().console().is_running());
    let ctx = app.0.ctx.clone();
    app.0.state_mut().window.send(&ctx, [Command::MoveCursor { to: 2, extend: false }]);
    assert_eq!(app.document().position(), 0, "the document waits");
    app.0.get_by_label("Stop").click();
    app.settle();
    assert_eq!(app.last_line(), (LineKind::Exception, "Stopped".to_owned()));
    app.send(Command::MoveCursor { to: 2, extend: false });
    assert_eq!(app.document().position(), 2);
    app.focus_console();
    app.enter("1 + 1");
    assert_eq!(app.last_line(), (LineKind::Value, "2".to_owned()));
}

#[test]
fn suggestions_come_after_a_dot_and_are_taken_with_enter() {
    let mut app = App::at_the_console("data.bin", b"hello");
    app.type_text("buf.");
    assert!(app.0.query_by_label("close, method").is_some(), "nothing has run, and the document's methods are known");
    app.type_text("getv");
    assert!(app.0.query_by_label("close, method").is_none());
    app.press(NONE, Key::Enter);
    assert_eq!(app.typed(), "buf.getvalue");
    app.enter("()");
    assert_eq!(app.last_line(), (LineKind::Value, "b'hello'".to_owned()));
    // Tab completes names; Escape closes the list and leaves the text alone.
    app.type_text("dat");
    app.press(NONE, Key::Tab);
    assert_eq!(app.typed(), "data");
    app.type_text(".re");
    app.press(NONE, Key::ArrowDown);
    app.press(NONE, Key::Escape);
    assert_eq!(app.typed(), "data.re");
    assert!(app.console_has_focus());
    app.press(NONE, Key::ArrowUp);
    assert_eq!(app.typed(), "buf.getvalue()");
}

#[test]
fn a_great_output_is_shown_at_once_and_bounded() {
    let mut app = App::at_the_console("data.bin", b"hello");
    app.enter("print('x' * 30 + '\\n', end='') if False else print('y\\n' * 200000)");
    let transcript = app.state().console().transcript();
    assert_eq!(transcript.lines().len(), 20_000);
    assert!(transcript.dropped() >= 180_000);
    assert!(app.0.query_by_label_contains("older lines are no longer kept").is_some());
    // Only what is in sight is laid out: a frame is quick even in a build for tests.
    let begin = Instant::now();
    app.0.run_steps(10);
    assert!(begin.elapsed() < Duration::from_secs(10));
    app.send(Command::Do(Action::ClearConsole));
    assert!(app.lines().is_empty());
}

#[test]
fn a_view_of_the_console_locks_the_document_until_it_goes() {
    let mut app = App::at_the_console("data.bin", b"hello");
    app.enter("v = buf.getbuffer()");
    app.send(Command::TypeText { text: "x".into(), now: 0.0 });
    assert_eq!(app.content(), b"hello");
    app.enter("x = 1");
    app.send(Command::Do(Action::Delete));
    assert_eq!(app.content(), b"hello", "still locked, though the last statement did not touch it");
    app.enter("v[0] = 74");
    assert_eq!(app.content(), b"Jello", "a write through the view");
    app.enter("v.release()");
    app.send(Command::Do(Action::Delete));
    assert_eq!(app.content(), b"ello");
}

#[test]
fn a_text_wrapper_shows_its_characters_beside_the_bytes() {
    let mut app = App::at_the_console("data.txt", "aé€\nb".as_bytes());
    app.enter("import io");
    app.enter("f = io.TextIOWrapper(buf, encoding='utf-8')");
    app.enter("f.read(2)");
    assert_eq!(app.last_line(), (LineKind::Value, "'aé'".to_owned()));
    let watched = app.state().console().watched(app.document().id()).unwrap();
    assert_eq!((watched.links[0].class, watched.links[0].name.as_deref()), ("TextIOWrapper", Some("f")));
    assert!(app.0.query_by_label("é, bytes 1 to 3, returned").is_some());
    assert!(app.0.query_by_label("€, bytes 3 to 6, read ahead").is_some());
    app.enter("f.detach()");
    assert!(app.state().console().watched(app.document().id()).is_none());
}

#[test]
fn a_buffered_writer_shows_what_it_has_not_written() {
    let mut app = App::at_the_console("data.bin", b"");
    app.enter("import io; w = io.BufferedWriter(buf)");
    app.enter("w.write(b'abc')");
    assert_eq!(app.content(), b"");
    assert!(app.0.query_by_label("b, bytes 1 to 2, not written yet").is_some());
    app.enter("w.flush()");
    assert_eq!(app.content(), b"abc");
    assert!(app.0.query_by_label("b, bytes 1 to 2, not written yet").is_none());
}

#[test]
fn the_transcript_hands_typing_on_to_the_editor() {
    let mut app = App::at_the_console("data.bin", b"hello");
    app.send(Command::Console(ConsoleCommand::Run("print('a line')".into())));
    app.0.get_by_label("Transcript of the console").click();
    app.settle();
    assert!(!app.console_has_focus());
    app.press(NONE, Key::Delete);
    app.type_text("x");
    assert!(app.console_has_focus());
    assert_eq!(app.typed(), "x");
    assert_eq!(app.content(), b"hello");
}

#[test]
fn a_window_with_a_console_at_rest_draws_nothing() {
    let mut app = App::at_the_console("data.bin", b"hello");
    app.enter("buf.read()");
    app.0.run_steps(5);
    let output = app.0.output();
    let delay = output.viewport_output.values().map(|viewport| viewport.repaint_delay).min().unwrap();
    assert!(delay > Duration::from_secs(1), "another frame is wanted after {delay:?}");
}

#[test]
fn every_lesson_can_be_taken_in_the_window() {
    let mut app = App::new(ThemeChoice::Dark);
    app.send(Command::Do(Action::Lessons));
    let lessons = seektell::lesson::all();
    for (number, lesson) in lessons.iter().enumerate() {
        app.send(Command::Lesson(LessonCommand::Take(number)));
        for (n, step) in lesson.steps.iter().enumerate() {
            let taken = app.state().lesson().unwrap();
            assert_eq!((taken.step_number(), taken.stage()), (n, &Stage::Asking), "{}: {:?}", lesson.id, taken.stage());
            let guess = match step.right_choice() {
                Some(right) => Guess::Choice(right),
                None => Guess::Text(step.right_answer().to_owned()),
            };
            app.send(Command::Lesson(LessonCommand::Guess(guess)));
            let stage = app.state().lesson().unwrap().stage().clone();
            assert!(
                matches!(stage, Stage::Done { right: true, check: CheckResult::Passed, .. }),
                "{}, step {}: {stage:?}\n{}",
                lesson.id,
                n + 1,
                app.state().console().transcript().text()
            );
            app.send(Command::Lesson(LessonCommand::Next));
        }
        assert!(app.state().lesson().is_none(), "back at the list");
    }
    assert_eq!(app.state().settings().lessons.count_done(lessons), lessons.len());
    assert!(app.state().documents().is_empty(), "the lessons' documents went with them");
    assert!(app.state().notices().all().is_empty(), "{:?}", app.state().notices().all());
}

#[test]
fn a_lesson_is_taken_with_the_mouse_and_goes_wrong_and_begins_again() {
    let mut app = App::new(ThemeChoice::Dark);
    app.0.get_by_label_contains("Start a lesson").click_accesskit();
    app.settle();
    let lessons = seektell::lesson::all();
    let number = lessons.iter().position(|lesson| lesson.id == "cookies").unwrap();
    app.0.get_by_label_contains(&lessons[number].title).click_accesskit();
    app.settle();
    assert_eq!(app.state().active().unwrap().document.name(), "raw", "the stream that is looked at is a document");
    let step = &lessons[number].steps[0];
    let (wrong, right) = (usize::from(step.right_choice() == Some(0)), step.right_answer());
    let seektell::lesson::Prediction::Choices { choices, .. } = &step.prediction else { panic!("it has choices") };
    // Something else was done to the streams before the question is answered.
    app.send(Command::Console(ConsoleCommand::Run("t.read()".into())));
    app.0.get_by_role_and_label(egui::accesskit::Role::Button, &choices[wrong].text).click_accesskit();
    app.settle();
    assert!(matches!(app.state().lesson().unwrap().stage(), Stage::Done { right: false, check: CheckResult::Failed { .. }, .. }));
    assert!(app.0.query_by_label_contains(&format!("Not so. It is {right}")).is_some());
    assert!(!app.state().settings().lessons.is_step_done("cookies", 0));
    app.0.get_by_label("Begin again").click_accesskit();
    app.settle();
    assert_eq!(app.state().lesson().unwrap().stage(), &Stage::Asking);
    app.0.get_by_role_and_label(egui::accesskit::Role::Button, right).click_accesskit();
    app.settle();
    assert!(matches!(app.state().lesson().unwrap().stage(), Stage::Done { right: true, check: CheckResult::Passed, .. }));
    assert!(app.state().settings().lessons.is_step_done("cookies", 0));
    // The wrapper's characters stand beside the bytes.
    assert!(app.0.query_by_label("é, bytes 0 to 2, returned").is_some());
    // The document is closed under the lesson: the question begins anew, with another document.
    app.0.get_by_label("Next").click_accesskit();
    app.settle();
    app.send(Command::Do(Action::CloseDocument));
    assert!(app.state().active().is_none());
    app.send(Command::Lesson(LessonCommand::Guess(Guess::Choice(0))));
    assert_eq!(app.state().lesson().unwrap().stage(), &Stage::Asking);
    assert_eq!(app.state().active().unwrap().document.name(), "raw");
    app.0.get_by_label("Back").click_accesskit();
    app.settle();
    assert_eq!(app.state().lesson().unwrap().step_number(), 0);
    app.0.get_by_label("All lessons").click_accesskit();
    app.settle();
    assert!(app.state().lesson().is_none());
}

/// A session as a learner has it: a wrapper over a wrapper, and an error.
fn session(theme: ThemeChoice) -> App {
    // Documents hold any character, and the inspector reads any pair of bytes as one.
    let mut app = App::with(Settings { theme, ..Settings::default() });
    app.send(Command::OpenBytes { name: "greeting.txt".into(), bytes: "Grüße, Welt €\nzweite Zeile\n".as_bytes().to_vec() });
    app.focus_console();
    app.enter("import io");
    app.enter("f = io.TextIOWrapper(io.BufferedReader(buf), 'utf-8')");
    app.enter("f.read(4)");
    app.enter("print('a line')");
    app.enter("f.seek(missing, 1)");
    app
}

#[test]
fn the_console_looks_as_it_did() {
    let mut results = egui_kittest::SnapshotResults::new();
    for (theme, name) in [(ThemeChoice::Dark, "console_dark"), (ThemeChoice::Light, "console_light")] {
        let mut app = session(theme);
        app.0.snapshot(name);
        results.extend_harness(&mut app.0);
    }
}

#[test]
fn the_lessons_look_as_they_did() {
    let mut results = egui_kittest::SnapshotResults::new();
    let mut app = App::strict(ThemeChoice::Dark);
    app.send(Command::Do(Action::Lessons));
    app.0.snapshot("lessons");
    app.send(Command::Lesson(LessonCommand::Take(0)));
    app.send(Command::Lesson(LessonCommand::Guess(Guess::Choice(0))));
    app.0.snapshot("lesson");
    results.extend_harness(&mut app.0);
}

#[test]
fn a_cell_of_a_wrapper_and_its_bytes_point_at_each_other() {
    let mut app = App::at_the_console("data.txt", "aé€\nb".as_bytes());
    app.enter("import io; f = io.TextIOWrapper(buf, encoding='utf-8')");
    app.enter("f.read(1)");
    let linked = |app: &App| app.state().active().unwrap().view.linked;
    app.0.get_by_label("€, bytes 3 to 6, read ahead").hover();
    app.settle();
    assert_eq!(linked(&app), Some((3, 6)));
    let byte = app.window().hex_geometry().unwrap().cell(4).unwrap().center();
    app.0.event(Event::PointerMoved(byte));
    app.settle();
    assert_eq!(linked(&app), Some((4, 5)));
    app.0.event(Event::PointerGone);
    app.settle();
    assert_eq!(linked(&app), None, "nobody points at anything");
    assert_eq!(app.document().position(), 8, "pointing moves no cursor");
}

#[test]
fn documents_of_one_name_are_named_quickly() {
    let mut app = App::new(ThemeChoice::Dark);
    let ctx = app.0.ctx.clone();
    let many = (0..3000).map(|_| Command::OpenBytes { name: "data.csv".into(), bytes: b"a,b\n".to_vec() });
    app.0.state_mut().window.send(&ctx, many);
    app.settle();
    assert_eq!(app.state().active().unwrap().name, "data_3000");
    app.focus_console();
    app.enter("(data_2.read(1), data_3000 is buf)");
    assert_eq!(app.last_line(), (LineKind::Value, "(b'a', True)".to_owned()));
}
