//! Decisions: commands in, state and effects out, with no window, no thread and no disk.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use std::collections::HashMap;
use std::path::PathBuf;

use seektell::app::{
    Action, AfterUnsaved, Answer, AppState, Command, Dialog, DialogCommand, Effect, Form, HexColumn, Job, JobOutcome, Level,
    Menu, PasteInto, Reserved, Shortcut, ViewCommand, WalkCommand,
};
use seektell::buffer::Buffer;
use seektell::document::{Document, Language, Moment, Operation, StreamKind};
use seektell::files::{Existing, FileError, FileErrorKind};
use seektell::formats::Format;
use seektell::formats::literal::Style;

fn state() -> AppState {
    AppState::new(Default::default())
}

/// A state with one bytes document of this content in front.
fn with(bytes: &[u8]) -> AppState {
    let mut state = state();
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
    without_upkeep(state.apply(Command::Do(action)))
}

/// Looks at a document are asked for after every edit, and copies around every dialog; most tests are about something else.
fn without_upkeep(effects: Vec<Effect>) -> Vec<Effect> {
    let upkeep = |effect: &Effect| matches!(effect, Effect::Run(_, Job::Preview { .. } | Job::KeepCopies(_) | Job::DropCopies));
    effects.into_iter().filter(|effect| !upkeep(effect)).collect()
}

fn digits(state: &mut AppState, digits: &[u8]) {
    for &digit in digits {
        state.apply(Command::TypeNibble { digit, now: 0.0 });
    }
}

#[test]
fn two_digits_are_one_write() {
    let mut state = with(b"hello");
    state.apply(Command::MoveCursor { to: 1, extend: false });
    digits(&mut state, &[4]);
    assert_eq!(content(&state), b"hello", "the first digit waits");
    assert_eq!(state.active().unwrap().view.nibble, Some(4));
    digits(&mut state, &[1]);
    assert_eq!(content(&state), b"hAllo");
    assert_eq!(document(&state).position(), 2);
    assert_eq!(document(&state).timeline().current().unwrap().call(), "buf.write(b'A')");
    act(&mut state, Action::Undo);
    assert_eq!((content(&state).as_slice(), document(&state).position()), (&b"hello"[..], 1));
}

#[test]
fn a_single_digit_is_no_byte_and_forgotten_by_whatever_comes_before_the_second() {
    let mut state = with(b"hello");
    digits(&mut state, &[7]);
    state.apply(Command::MoveCursor { to: 3, extend: false });
    assert_eq!((content(&state).as_slice(), document(&state).position()), (&b"hello"[..], 3));
    // A dialog at the end writes no byte, and the digit typed after it is a first one again.
    state.apply(Command::MoveCursor { to: 5, extend: false });
    digits(&mut state, &[7]);
    act(&mut state, Action::GoTo);
    state.apply(Command::Dialog(DialogCommand::Cancel));
    assert_eq!((content(&state).as_slice(), state.active().unwrap().view.nibble), (&b"hello"[..], None));
}

#[test]
fn backspace_takes_a_waiting_digit_back() {
    let mut state = with(b"hello");
    digits(&mut state, &[7]);
    state.apply(Command::Backspace { now: 0.0 });
    state.apply(Command::MoveCursor { to: 3, extend: false });
    assert_eq!(content(&state), b"hello");
}

#[test]
fn a_run_of_typing_is_one_step_and_a_pause_ends_it() {
    let mut state = with(b"");
    state.apply(Command::View(ViewCommand::HexColumn(HexColumn::Text)));
    for (i, key) in ["a", "b", "c"].iter().enumerate() {
        state.apply(Command::TypeText { text: (*key).into(), now: i as f64 });
    }
    state.apply(Command::TypeText { text: "d".into(), now: 10.0 });
    assert_eq!(content(&state), b"abcd");
    act(&mut state, Action::Undo);
    assert_eq!(content(&state), b"abc");
    act(&mut state, Action::Undo);
    assert_eq!(content(&state), b"");
    act(&mut state, Action::Redo);
    act(&mut state, Action::Redo);
    assert_eq!(content(&state), b"abcd");
    assert!(!Action::Redo.enabled(&state));
}

#[test]
fn overwriting_and_inserting() {
    let mut state = with(b"hello");
    state.apply(Command::View(ViewCommand::HexColumn(HexColumn::Text)));
    state.apply(Command::TypeText { text: "J".into(), now: 0.0 });
    assert_eq!(content(&state), b"Jello");
    act(&mut state, Action::ToggleInsert);
    state.apply(Command::TypeText { text: "u".into(), now: 0.0 });
    assert_eq!(content(&state), b"Juello");
    state.apply(Command::Backspace { now: 0.0 });
    assert_eq!(content(&state), b"Jello");
    act(&mut state, Action::Delete);
    assert_eq!(content(&state), b"Jllo");
}

#[test]
fn selecting_copying_pasting() {
    let mut state = with(b"\x00\x01\x02\x03");
    state.apply(Command::Select { anchor: 1, head: 3 });
    assert_eq!(act(&mut state, Action::Copy), [Effect::CopyText("0102".into())]);
    state.apply(Command::MoveCursor { to: 4, extend: false });
    state.apply(Command::Paste("0102".into()));
    assert_eq!(content(&state), b"\x00\x01\x02\x03\x01\x02");
    state.apply(Command::Select { anchor: 0, head: 4 });
    assert!(matches!(act(&mut state, Action::Cut).as_slice(), [Effect::CopyText(text)] if text == "00010203"));
    assert_eq!(content(&state), b"\x01\x02");
    // Text from elsewhere: digits are bytes in the hex column, characters are themselves.
    act(&mut state, Action::SeekEnd);
    state.apply(Command::Paste("ff FE".into()));
    assert_eq!(content(&state), b"\x01\x02\xff\xfe");
    state.apply(Command::Paste("no digits".into()));
    assert!(content(&state).ends_with(b"no digits"));
}

#[test]
fn shift_extends_from_where_the_selection_began() {
    let mut state = with(b"0123456789");
    state.apply(Command::MoveCursor { to: 4, extend: false });
    state.apply(Command::MoveCursor { to: 6, extend: true });
    state.apply(Command::MoveCursor { to: 2, extend: true });
    let selection = document(&state).selection().unwrap();
    assert_eq!((selection.anchor, selection.head, selection.len()), (4, 2, 2));
    act(&mut state, Action::SwapSelectionEnds);
    assert_eq!(document(&state).position(), 4);
    state.apply(Command::MoveCursor { to: 0, extend: false });
    assert_eq!(document(&state).selection(), None);
}

#[test]
fn pasting_with_nothing_open_makes_a_document() {
    let mut state = state();
    assert_eq!(act(&mut state, Action::Paste), [Effect::RequestPaste { into: PasteInto::Cursor }]);
    state.apply(Command::Paste("hello".into()));
    assert_eq!(content(&state), b"hello");
    assert!(document(&state).is_modified(), "what was pasted is not on disk");
}

#[test]
fn stream_calls_show_what_python_shows() {
    let mut state = with(b"abc");
    state.apply(Command::Perform(Operation::Read(Some(2))));
    let last = |state: &AppState| state.active().unwrap().last_call.clone().unwrap();
    assert_eq!(last(&state), ("buf.read(2)".into(), Ok("b'ab'".into())));
    state.apply(Command::Perform(Operation::Seek { offset: -1, whence: Default::default() }));
    assert_eq!(last(&state).1, Err("ValueError: negative seek value -1".into()));
    state.apply(Command::Perform(Operation::Close));
    state.apply(Command::Perform(Operation::Tell));
    assert_eq!(last(&state).1, Err("ValueError: I/O operation on closed file.".into()));
    act(&mut state, Action::Undo);
    assert_eq!(content(&state), b"abc", "undo opens a closed stream again");
}

#[test]
fn going_to_a_position() {
    let mut state = with(&[0; 100]);
    act(&mut state, Action::GoTo);
    state.apply(Command::Dialog(DialogCommand::Text("0x2h".into())));
    assert!(matches!(state.dialog(), Some(Dialog::GoTo { error: Some(_), .. })), "said while it is typed");
    state.apply(Command::Dialog(DialogCommand::Accept));
    assert!(state.dialog().is_some(), "a wrong position keeps the dialog");
    state.apply(Command::Dialog(DialogCommand::Text("end-0x10".into())));
    state.apply(Command::Dialog(DialogCommand::Accept));
    assert_eq!((state.dialog(), document(&state).position()), (None, 84));
    act(&mut state, Action::SelectRange);
    state.apply(Command::Dialog(DialogCommand::Form(Form::Range("10".into(), "+10".into()))));
    state.apply(Command::Dialog(DialogCommand::Accept));
    assert_eq!(document(&state).selection().map(|selection| (selection.start(), selection.end())), Some((10, 20)));
}

fn save_job(effects: &[Effect]) -> (seektell::app::JobId, Job) {
    effects
        .iter()
        .find_map(|effect| match effect {
            Effect::Run(id, job @ (Job::Save { .. } | Job::Export { .. })) => Some((*id, job.clone())),
            _ => None,
        })
        .unwrap_or_else(|| panic!("a save is asked for in {effects:?}"))
}

/// Ends a job with what it really does.
fn finish(state: &mut AppState, id: seektell::app::JobId, job: &Job) -> Vec<Effect> {
    let outcome = job.run(&Default::default());
    without_upkeep(state.apply(Command::Finished(id, Box::new(outcome))))
}

#[test]
fn a_new_document_asks_where_and_a_saved_one_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.bin");
    let mut state = state();
    act(&mut state, Action::NewBytes);
    state.apply(Command::Perform(Operation::Write("abc".into())));
    let effects = act(&mut state, Action::Save);
    assert!(matches!(effects.as_slice(), [Effect::AskSave { name, .. }] if name == "untitled-1.bin"), "{effects:?}");
    assert!(state.is_asking());
    let effects = state.apply(Command::Answered(Answer::Save(path.clone())));
    let (id, job) = save_job(&effects);
    assert!(matches!(&job, Job::Save { existing: Existing::Replace, .. }), "the dialog has asked");
    finish(&mut state, id, &job);
    assert_eq!(std::fs::read(&path).unwrap(), b"abc");
    assert!(!document(&state).is_modified());
    assert_eq!(document(&state).name(), "new.bin");
    state.apply(Command::Perform(Operation::Write("d".into())));
    assert!(document(&state).is_modified());
    let (id, job) = save_job(&act(&mut state, Action::Save));
    assert!(matches!(&job, Job::Save { existing: Existing::ReplaceIf(_), .. }), "only over what was read");
    // An edit during the save stays modified.
    state.apply(Command::Perform(Operation::Write("e".into())));
    finish(&mut state, id, &job);
    assert_eq!(std::fs::read(&path).unwrap(), b"abcd");
    assert!(document(&state).is_modified());
    act(&mut state, Action::Undo);
    assert!(!document(&state).is_modified(), "undo leads back to what is saved");
    act(&mut state, Action::Undo);
    assert_eq!(content(&state), b"abc", "undo survives a save");
}

#[test]
fn unsaved_changes_ask() {
    let mut state = with(b"x");
    let id = document(&state).id();
    state.apply(Command::Close(id));
    assert_eq!(state.dialog(), Some(&Dialog::Unsaved { documents: vec![id], then: AfterUnsaved::Close(id) }));
    state.apply(Command::Dialog(DialogCommand::Cancel));
    assert_eq!(state.documents().len(), 1);
    assert!(without_upkeep(state.apply(Command::CloseRequested)).is_empty(), "the window waits for the answer");
    assert_eq!(without_upkeep(state.apply(Command::Dialog(DialogCommand::Discard))), [Effect::CloseWindow]);
}

#[test]
fn saving_before_closing_closes_only_after_the_save() {
    let folder = tempfile::tempdir().unwrap();
    let mut state = with(b"x");
    state.apply(Command::CloseRequested);
    let effects = without_upkeep(state.apply(Command::Dialog(DialogCommand::Accept)));
    assert!(matches!(effects.as_slice(), [Effect::AskSave { .. }]));
    let effects = state.apply(Command::Answered(Answer::Save(folder.path().join("x.bin"))));
    let (id, job) = save_job(&effects);
    let effects = finish(&mut state, id, &job);
    assert!(effects.contains(&Effect::CloseWindow), "{effects:?}");
    // A cancelled dialog cancels the closing too.
    let mut state = with(b"x");
    state.apply(Command::CloseRequested);
    state.apply(Command::Dialog(DialogCommand::Accept));
    assert!(without_upkeep(state.apply(Command::Answered(Answer::Cancelled))).is_empty());
    assert_eq!(state.documents().len(), 1);
}

#[test]
fn a_file_that_exists_is_asked_about() {
    let mut state = with(b"x");
    act(&mut state, Action::SaveAs);
    state.apply(Command::Answered(Answer::Unavailable("no dialogs here".into())));
    assert!(matches!(state.dialog(), Some(Dialog::TypedPath { reason, .. }) if reason == "no dialogs here"));
    state.apply(Command::Dialog(DialogCommand::Text("/tmp/there.bin".into())));
    let effects = state.apply(Command::Dialog(DialogCommand::Accept));
    let (id, job) = save_job(&effects);
    assert!(matches!(&job, Job::Save { existing: Existing::Refuse, .. }), "a typed path has not been asked about");
    let error = FileError { kind: FileErrorKind::Exists, path: PathBuf::from("/tmp/there.bin") };
    state.apply(Command::Finished(id, Box::new(JobOutcome::Saved(Err(error)))));
    assert!(matches!(state.dialog(), Some(Dialog::Overwrite { .. })));
    let effects = state.apply(Command::Dialog(DialogCommand::Accept));
    assert!(matches!(save_job(&effects).1, Job::Save { existing: Existing::Replace, .. }));
}

#[test]
fn a_failed_save_keeps_everything_and_says_why() {
    let mut state = with(b"x");
    act(&mut state, Action::Save);
    let effects = state.apply(Command::Answered(Answer::Save("/nowhere/x.bin".into())));
    let (id, _) = save_job(&effects);
    let error = FileError { kind: FileErrorKind::NotFound, path: PathBuf::from("/nowhere/x.bin") };
    state.apply(Command::Finished(id, Box::new(JobOutcome::Saved(Err(error)))));
    assert!(document(&state).is_modified());
    let last = state.notices().all().last().unwrap();
    assert_eq!(last.level, Level::Error);
    assert!(last.text.ends_with("/nowhere/x.bin"), "{}", last.text);
}

#[test]
fn exporting_appends_the_extension_and_then_asks_again() {
    let mut state = with(b"hello");
    let effects = state.apply(Command::ExportAs(Format::HexText));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Run(_, Job::Losses { to: Format::HexText, .. }))));
    let effects = without_upkeep(state.apply(Command::Dialog(DialogCommand::Accept)));
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::AskSave { name, formats, .. } if name == "data.hex" && formats[0] == Format::HexText)),
        "{effects:?}"
    );
    let effects = state.apply(Command::Answered(Answer::Save("/tmp/result".into())));
    let (_, job) = save_job(&effects);
    let Job::Export { path, existing, .. } = job else { panic!("an export") };
    assert_eq!((path, existing), (PathBuf::from("/tmp/result.hex"), Existing::Refuse), "the dialog asked about another name");
}

/// A state whose export dialog was accepted for source code, and what it asked for.
fn exported_as_code(style: Option<Style>) -> (AppState, Vec<Effect>) {
    let mut state = with(b"hello");
    state.apply(Command::ExportAs(Format::Literal));
    let Some(Dialog::Export(export)) = state.dialog() else { panic!("{:?}", state.dialog()) };
    let mut options = export.options.clone();
    options.dump.style = style;
    state.apply(Command::Dialog(DialogCommand::ExportOptions(options)));
    let effects = state.apply(Command::Dialog(DialogCommand::Accept));
    (state, effects)
}

#[test]
fn source_code_is_proposed_with_the_extension_of_its_language() {
    for (style, extension) in [(None, "c"), (Some(Style::Rust), "rs"), (Some(Style::JavaScript), "js")] {
        let (_, effects) = exported_as_code(style);
        let proposed = format!("data.{extension}");
        assert!(effects.iter().any(|effect| matches!(effect, Effect::AskSave { name, .. } if *name == proposed)), "{effects:?}");
        // What was typed without an extension gets it, and a file of that name is asked about; a header stays one.
        let added = format!("/tmp/r.{extension}");
        for (typed, path, existing) in [("/tmp/r", added.as_str(), Existing::Refuse), ("/tmp/r.h", "/tmp/r.h", Existing::Replace)]
        {
            let (mut state, _) = exported_as_code(style);
            let (_, job) = save_job(&state.apply(Command::Answered(Answer::Save(typed.into()))));
            let Job::Export { path: to, existing: may, .. } = job else { panic!("an export") };
            assert_eq!((to, may), (PathBuf::from(path), existing));
        }
    }
}

#[test]
fn text_documents_count_characters() {
    let mut state = state();
    act(&mut state, Action::NewText);
    state.apply(Command::TypeText { text: "é€".into(), now: 0.0 });
    assert_eq!(document(&state).kind(), StreamKind::Text);
    assert_eq!((document(&state).position(), document(&state).size()), (2, 2));
    assert_eq!(content(&state), "é€".as_bytes());
    act(&mut state, Action::EncodeToBytes);
    assert_eq!(document(&state).kind(), StreamKind::Bytes);
    assert_eq!(document(&state).size(), 5);
}

#[test]
fn a_look_that_broke_is_not_repeated() {
    let mut state = with(b"x");
    let running = state.jobs().iter().find(|running| matches!(running.job, Job::Preview { .. })).unwrap().id;
    let effects = state.apply(Command::Finished(running, Box::new(JobOutcome::Panicked("broken".into()))));
    assert!(effects.is_empty(), "{effects:?}");
    assert_eq!(state.notices().all().last().unwrap().level, Level::Error);
}

#[test]
fn files_that_are_open_come_to_the_front() {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = ["a.bin", "b.bin"].iter().map(|name| folder.path().join(name)).collect();
    for path in &paths {
        std::fs::write(path, "x").unwrap();
    }
    let mut state = state();
    let effects = state.apply(Command::OpenPaths(paths.clone()));
    let [Effect::Run(id, job)] = effects.as_slice() else { panic!("{effects:?}") };
    let outcome = job.run(&Default::default());
    state.apply(Command::Finished(*id, Box::new(outcome)));
    assert_eq!((state.documents().len(), document(&state).name()), (2, "a.bin"), "the first one is in front");
    let effects = without_upkeep(state.apply(Command::OpenPaths(vec![paths[1].clone()])));
    assert!(effects.is_empty());
    assert_eq!((state.documents().len(), document(&state).name()), (2, "b.bin"));
    act(&mut state, Action::NextDocument);
    assert_eq!(document(&state).name(), "a.bin");
}

#[test]
fn closing_brings_the_neighbour_to_the_front() {
    let mut state = state();
    for _ in 0..3 {
        act(&mut state, Action::NewBytes);
    }
    let ids: Vec<_> = state.documents().iter().map(|open| open.document.id()).collect();
    state.apply(Command::Activate(ids[1]));
    state.apply(Command::Close(ids[1]));
    assert_eq!(document(&state).id(), ids[2]);
    state.apply(Command::Close(ids[2]));
    assert_eq!(document(&state).id(), ids[0]);
    state.apply(Command::Close(ids[0]));
    assert!(state.active().is_none());
}

#[test]
fn unsaved_documents_are_copied_while_a_native_dialog_is_open() {
    let mut state = with(b"precious");
    let effects = state.apply(Command::Do(Action::Open));
    let [Effect::Run(_, Job::KeepCopies(copies)), Effect::AskOpen { .. }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(copies, &[("data.bin".to_owned(), Buffer::from(b"precious"))]);
    let effects = state.apply(Command::Answered(Answer::Cancelled));
    assert!(matches!(effects.as_slice(), [Effect::Run(_, Job::DropCopies)]), "{effects:?}");
}

#[test]
fn a_closed_document_comes_back_with_its_edits() {
    let mut state = with(b"hello");
    state.apply(Command::MoveCursor { to: 1, extend: false });
    digits(&mut state, &[4, 1]);
    let id = document(&state).id();
    state.apply(Command::Close(id));
    state.apply(Command::Dialog(DialogCommand::Discard));
    assert!(state.active().is_none());
    act(&mut state, Action::Reopen);
    assert_eq!(content(&state), b"hAllo", "also what was not to be saved");
    act(&mut state, Action::Undo);
    assert_eq!(content(&state), b"hello");
    assert!(!Action::Reopen.enabled(&state));
}

#[test]
fn huge_documents_are_edited_and_undone_at_once() {
    let mut state = state();
    act(&mut state, Action::NewBytes);
    let huge = Buffer::filled(0, seektell::buffer::Len(1 << 60));
    state.apply(Command::Perform(Operation::Write(huge.into())));
    act(&mut state, Action::SelectAll);
    act(&mut state, Action::Delete);
    assert_eq!(document(&state).size(), 0);
    act(&mut state, Action::Undo);
    assert_eq!(document(&state).size(), 1 << 60);
}

#[test]
fn every_action_has_words_a_menu_and_keys_of_its_own() {
    let mut used: HashMap<Shortcut, Action> = HashMap::new();
    let mut labels = HashMap::new();
    for action in Action::all() {
        assert!(!action.label().is_empty() && !action.label().ends_with('.'), "{action:?}");
        assert!(
            action.label().chars().next().unwrap().is_uppercase() || action.label().starts_with(char::is_numeric),
            "{action:?}"
        );
        assert!(!action.help().is_empty() && !action.help().ends_with('.'), "{action:?}");
        assert!(Menu::ALL.contains(&action.menu()));
        assert_eq!(labels.insert(action.label(), action), None, "two actions are called {}", action.label());
        for shortcut in action.default_shortcuts() {
            // The clipboard's keys are copying, cutting and pasting, and nobody else's.
            let clipboard = [Action::Copy, Action::Cut, Action::Paste].contains(&action).then_some(Reserved::Clipboard);
            assert_eq!(shortcut.check().err(), clipboard.filter(|_| shortcut.command), "{action:?} uses {shortcut:?}");
            // `command` is Ctrl on Windows and Linux and the command key on a Mac, so one table serves all three.
            assert_eq!(used.insert(*shortcut, action), None, "{action:?} shares {shortcut:?}");
        }
    }
    for menu in Menu::ALL {
        assert!(Action::all().any(|action| action.menu() == menu), "{menu:?} is empty");
    }
}

#[test]
fn nothing_in_the_state_breaks_when_nothing_is_open() {
    for action in Action::all() {
        let mut state = state();
        state.apply(Command::Do(action));
        state.apply(Command::Dialog(DialogCommand::Accept));
        state.apply(Command::Dialog(DialogCommand::Cancel));
    }
    let mut state = state();
    for command in [
        Command::TypeNibble { digit: 1, now: 0.0 },
        Command::TypeText { text: "x".into(), now: 0.0 },
        Command::Backspace { now: 0.0 },
        Command::MoveCursor { to: u64::MAX, extend: true },
        Command::Select { anchor: 0, head: u64::MAX },
        Command::Perform(Operation::Tell),
        Command::View(ViewCommand::TableCell(0, 0)),
        Command::Answered(Answer::Cancelled),
        Command::ExportAs(Format::Png),
    ] {
        state.apply(command);
    }
    assert!(state.documents().is_empty());
}

/// Random keys on small documents: nothing panics, and undoing everything leads back to the beginning.
#[test]
fn random_keys_never_break_and_can_all_be_undone() {
    let mut random = fastrand::Rng::with_seed(7);
    for round in 0..200 {
        let start: Vec<u8> = (0..random.usize(0..4)).map(|_| random.u8(..)).collect();
        let mut state = with(&start);
        for _ in 0..60 {
            let size = document(&state).size();
            let command = match random.u8(0..12) {
                0 => Command::TypeNibble { digit: random.u8(0..16), now: random.f64() * 10.0 },
                1 => Command::TypeText { text: "xy".into(), now: random.f64() * 10.0 },
                2 => Command::Backspace { now: 0.0 },
                3 => Command::Do(Action::Delete),
                4 => Command::MoveCursor { to: random.u64(0..size + 4), extend: random.bool() },
                5 => Command::Do(Action::ToggleInsert),
                6 => Command::Perform(Operation::Truncate(None)),
                7 => Command::Do(Action::Undo),
                8 => Command::Do(Action::Redo),
                9 => Command::Paste("4142".into()),
                10 => Command::Do(Action::Cut),
                _ => Command::Perform(Operation::Write("w".into())),
            };
            state.apply(command);
            assert!(document(&state).position() <= document(&state).size() + 70);
        }
        state.apply(Command::MoveCursor { to: 0, extend: false });
        while Action::Undo.enabled(&state) {
            act(&mut state, Action::Undo);
        }
        assert_eq!(content(&state), start, "round {round}");
        while Action::Redo.enabled(&state) {
            act(&mut state, Action::Redo);
        }
    }
}

/// Three writes, and a file that the document lives in.
fn walked(folder: &std::path::Path) -> AppState {
    let path = folder.join("walked.bin");
    std::fs::write(&path, b"......").unwrap();
    let mut state = state();
    let effects = state.apply(Command::OpenPaths(vec![path]));
    let (id, job) = effects
        .iter()
        .find_map(|effect| if let Effect::Run(id, job) = effect { Some((*id, job.clone())) } else { None })
        .unwrap();
    finish(&mut state, id, &job);
    for word in ["ab", "cd", "ef"] {
        state.apply(Command::Perform(Operation::Write(word.into())));
    }
    state
}

#[test]
fn a_walk_shows_earlier_steps_and_a_save_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut state = walked(folder.path());
    assert!(!Action::WalkOn.enabled(&state) && !Action::WalkLatest.enabled(&state) && Action::WalkBack.enabled(&state));
    act(&mut state, Action::WalkBack);
    assert_eq!((content(&state).as_slice(), document(&state).position()), (&b"abcd.."[..], 4));
    act(&mut state, Action::WalkFirst);
    assert_eq!(content(&state), b"......");
    assert!(!Action::WalkBack.enabled(&state));
    assert!(document(&state).is_modified(), "what is latest is not saved");
    act(&mut state, Action::WalkOn);
    assert_eq!(content(&state), b"ab....");
    let (id, job) = save_job(&act(&mut state, Action::Save));
    assert!(!document(&state).is_walking());
    assert!(state.notices().all().last().unwrap().text.contains("latest step"), "{:?}", state.notices().all());
    // Whoever walks on during the save does not change what is saved.
    state.apply(Command::Walk(WalkCommand::To(Moment::After(1))));
    finish(&mut state, id, &job);
    assert_eq!(std::fs::read(folder.path().join("walked.bin")).unwrap(), b"abcdef");
    assert_eq!(content(&state), b"ab....");
    assert!(!document(&state).is_modified());
    act(&mut state, Action::WalkLatest);
    assert_eq!(content(&state), b"abcdef");
}

#[test]
fn undo_ends_a_walk_and_an_edit_branches() {
    let folder = tempfile::tempdir().unwrap();
    let mut state = walked(folder.path());
    act(&mut state, Action::WalkFirst);
    act(&mut state, Action::Undo);
    assert_eq!(content(&state), b"abcd..");
    act(&mut state, Action::Redo);
    state.apply(Command::Walk(WalkCommand::ToStep(1)));
    state.apply(Command::TypeText { text: "!".into(), now: 0.0 });
    assert_eq!(content(&state), b"ab!...");
    assert_eq!(document(&state).timeline().branches(), 2);
    act(&mut state, Action::Undo);
    act(&mut state, Action::Undo);
    assert_eq!(content(&state), b"abcdef");
}

#[test]
fn the_timeline_is_exported_and_copied() {
    let folder = tempfile::tempdir().unwrap();
    let mut state = walked(folder.path());
    for (action, language, end) in [
        (Action::TimelineToPython, Language::Python, "assert len(buf.getvalue()) == 6\n"),
        (Action::TimelineToRust, Language::Rust, "    Ok(())\n}\n"),
    ] {
        let effects = act(&mut state, action);
        let name = format!("walked.{}", language.extension());
        assert!(matches!(effects.as_slice(), [Effect::AskSave { name: asked, .. }] if *asked == name), "{effects:?}");
        // The extension is added where none was typed, and then a file that is there is asked about.
        let path = folder.path().join("walked");
        std::fs::write(path.with_extension(language.extension()), "old").unwrap();
        let effects = without_upkeep(state.apply(Command::Answered(Answer::Save(path.clone()))));
        let [Effect::KeepSettings(_), Effect::Run(id, job)] = effects.as_slice() else { panic!("{effects:?}") };
        finish(&mut state, *id, job);
        assert!(matches!(state.dialog(), Some(Dialog::Overwrite { .. })), "{:?}", state.dialog());
        let effects = without_upkeep(state.apply(Command::Dialog(DialogCommand::Accept)));
        let [Effect::Run(id, job)] = effects.as_slice() else { panic!("{effects:?}") };
        finish(&mut state, *id, job);
        let script = std::fs::read_to_string(path.with_extension(language.extension())).unwrap();
        assert!(script.ends_with(end), "{script}");
    }
    state.apply(Command::Walk(WalkCommand::ToStep(1)));
    let effects = act(&mut state, Action::CopyTimelineAsPython);
    let [Effect::Run(id, job)] = effects.as_slice() else { panic!("{effects:?}") };
    let effects = finish(&mut state, *id, job);
    let [Effect::CopyText(script)] = effects.as_slice() else { panic!("{effects:?}") };
    assert!(script.contains("buf.write(b'ab')  # 2\n\nassert buf.tell() == 2\n"), "{script}");
    assert!(document(&state).is_walking(), "the walk goes on");
}

#[test]
fn the_selection_is_saved_as_it_was_when_it_was_asked_for() {
    let mut state = with(b"hello, world");
    assert!(!Action::SaveSelection.enabled(&state));
    state.apply(Command::Select { anchor: 11, head: 1 });
    let effects = act(&mut state, Action::SaveSelection);
    assert!(
        matches!(effects.as_slice(), [Effect::AskSave { name, title, formats, .. }]
            if name == "data 1-B.bin" && title == "Save the selection of data.bin" && formats == &[Format::Bytes]),
        "{effects:?}"
    );
    let effects = without_upkeep(state.apply(Command::Answered(Answer::Save("/tmp/part".into()))));
    let job = effects.iter().find_map(|effect| match effect {
        Effect::Run(_, Job::Export { input, from: Format::Bytes, to: Format::Bytes, path, existing, .. }) => {
            Some((input.to_vec_all().unwrap(), path.clone(), existing.clone()))
        }
        _ => None,
    });
    assert_eq!(job, Some((b"ello, worl".to_vec(), "/tmp/part".into(), Existing::Replace)), "a name is kept as it was chosen");

    let mut state = self::state();
    act(&mut state, Action::NewText);
    state.apply(Command::TypeText { text: "grün".into(), now: 0.0 });
    state.apply(Command::Select { anchor: 2, head: 4 });
    let effects = act(&mut state, Action::SaveSelection);
    assert!(matches!(effects.as_slice(), [Effect::AskSave { name, .. }] if name == "untitled-1 2-4.txt"), "{effects:?}");
    let effects = without_upkeep(state.apply(Command::Answered(Answer::Save("/tmp/part.txt".into()))));
    let saved = effects.iter().any(
        |effect| matches!(effect, Effect::Run(_, Job::Export { input, .. }) if input.to_vec_all().unwrap() == "ün".as_bytes()),
    );
    assert!(saved, "{effects:?}");
}

#[test]
fn a_backup_is_made_where_it_is_wanted() {
    let mut state = with(b"hello");
    assert_eq!(Action::ToggleBackup.checked(&state), Some(false), "off until it is asked for");
    let effects = act(&mut state, Action::ToggleBackup);
    assert!(matches!(effects.as_slice(), [Effect::KeepSettings(settings)] if settings.backup));
    act(&mut state, Action::SaveAs);
    let effects = state.apply(Command::Answered(Answer::Save("/tmp/x.bin".into())));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Run(_, Job::Save { backup: true, .. }))), "{effects:?}");
}

#[test]
fn the_window_is_zoomed_in_tenths_and_that_is_remembered() {
    let mut state = state();
    let zoomed = |effects: &[Effect]| match effects {
        [Effect::Zoom(zoom), Effect::KeepSettings(settings)] if settings.zoom == *zoom => *zoom,
        other => panic!("{other:?}"),
    };
    assert_eq!(zoomed(&act(&mut state, Action::ZoomIn)), 1.1);
    assert_eq!(zoomed(&act(&mut state, Action::ZoomIn)), 1.2);
    assert_eq!(zoomed(&act(&mut state, Action::ZoomReset)), 1.0);
    assert_eq!((0..20).map(|_| zoomed(&act(&mut state, Action::ZoomOut))).last(), Some(0.5));
    assert_eq!((0..60).map(|_| zoomed(&act(&mut state, Action::ZoomIn))).last(), Some(4.0));
}

#[test]
fn a_search_that_was_stopped_before_it_began_is_over() {
    let mut state = with(b"one two");
    act(&mut state, Action::Find);
    let form = seektell::app::FindForm { text: "two".into(), ..Default::default() };
    let effects = state.apply(Command::Search(seektell::app::SearchCommand::Form(Box::new(form))));
    let id = effects.iter().find_map(|effect| match effect {
        Effect::Run(id, Job::Search { .. }) => Some(*id),
        _ => None,
    });
    let id = id.unwrap_or_else(|| panic!("{effects:?}"));
    assert_eq!(state.search().job(), Some(id));
    let effects = state.apply(Command::Finished(id, Box::new(JobOutcome::Cancelled)));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Run(_, Job::Search { .. }))), "not begun again: {effects:?}");
    assert_eq!(state.search().job(), None);
    let feed = &state.search().results()[0].target.feed.0;
    assert_eq!(feed.state(), seektell::explore::search::FeedState::Stopped, "the list does not wait for it");
    assert!(state.notices().all().is_empty(), "no save was cancelled");
}
