//! Copying and pasting, selecting, changing bytes and going places, decided without a window.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use std::time::Instant;

use seektell::app::{
    Action, Answer, AppState, BytesForm, Command, Dialog, DialogCommand, Effect, Form, HexColumn, Job, JobId, OpKind, PasteInto,
    ViewCommand, Written,
};
use seektell::buffer::{Buffer, Len};
use seektell::document::{Document, Operation};
use seektell::explore::byte_ops::Scope;
use seektell::formats::literal::{Choices, Style};

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

fn upkeep(effect: &Effect) -> bool {
    matches!(effect, Effect::Run(_, Job::Preview { .. } | Job::KeepCopies(_) | Job::DropCopies))
}

fn apply(state: &mut AppState, command: Command) -> Vec<Effect> {
    state.apply(command).into_iter().filter(|effect| !upkeep(effect)).collect()
}

/// Applies a command and all the work that it asks for; returns what else must happen.
fn run(state: &mut AppState, command: Command) -> Vec<Effect> {
    let mut left = Vec::new();
    let mut effects = apply(state, command);
    while !effects.is_empty() {
        for effect in std::mem::take(&mut effects) {
            match effect {
                Effect::Run(id, job) => {
                    let outcome = job.run(&Default::default());
                    effects.extend(apply(state, Command::Finished(id, Box::new(outcome))));
                }
                effect => left.push(effect),
            }
        }
    }
    left
}

fn act(state: &mut AppState, action: Action) -> Vec<Effect> {
    run(state, Command::Do(action))
}

fn form(state: &mut AppState, form: Form) {
    apply(state, Command::Dialog(DialogCommand::Form(form)));
}

fn accept(state: &mut AppState) -> Vec<Effect> {
    run(state, Command::Dialog(DialogCommand::Accept))
}

fn select(state: &mut AppState, anchor: u64, head: u64) {
    apply(state, Command::Select { anchor, head });
}

fn last_notice(state: &AppState) -> String {
    state.notices().all().last().map(|notice| notice.text.clone()).unwrap_or_default()
}

#[test]
fn gigabytes_between_documents_are_references() {
    let mut state = AppState::new(Default::default());
    act(&mut state, Action::NewBytes);
    let data = Buffer::filled(0x5A, Len(4 << 30)).into();
    apply(&mut state, Command::Perform(Operation::Write(data)));
    act(&mut state, Action::SelectAll);
    let begun = Instant::now();
    let effects = act(&mut state, Action::Copy);
    let [Effect::CopyText(token)] = effects.as_slice() else { panic!("{effects:?}") };
    assert!(token.contains("4,294,967,296 bytes"), "{token}");
    act(&mut state, Action::NewBytes);
    run(&mut state, Command::Paste(token.clone()));
    let took = begun.elapsed();
    assert_eq!(document(&state).size(), 4 << 30);
    assert_eq!(document(&state).as_bytes().unwrap().memory(), Len(0), "no byte was copied");
    assert!(took.as_millis() < 100, "{took:?}");
    println!("4 GiB copied and pasted in {took:?}");
    // A second copy has another token, so that the first one means nothing any more.
    act(&mut state, Action::SelectAll);
    let effects = act(&mut state, Action::Copy);
    assert!(matches!(effects.as_slice(), [Effect::CopyText(other)] if other != token));
    act(&mut state, Action::NewBytes);
    run(&mut state, Command::Paste(token.clone()));
    assert_eq!(document(&state).size(), token.len() as u64, "what stands on the clipboard is text then");
}

#[test]
fn a_selection_is_copied_as_source_code() {
    let mut state = with(b"\x89PNG\r\n");
    select(&mut state, 0, 4);
    let effects = run(&mut state, Command::CopyAs(Style::Rust));
    assert_eq!(effects, [Effect::CopyText("const DATA: [u8; 4] = [\n    0x89, 0x50, 0x4E, 0x47,\n];\n".into())]);
    assert!(last_notice(&state).contains("4 bytes copied as Rust array"));
    // The dialog begins with the style that was used last, and its preview follows the choices.
    act(&mut state, Action::CopyAs);
    let Some(Dialog::CopyAs(copy)) = state.dialog() else { panic!() };
    assert_eq!(copy.style, Style::Rust);
    let choices = Choices { name: "0no".into(), ..Choices::default() };
    form(&mut state, Form::CopyAs(Style::Go, Box::new(choices)));
    let Some(Dialog::CopyAs(copy)) = state.dialog() else { panic!() };
    assert!(copy.error.as_deref().unwrap().contains("not begin with a digit"));
    assert_eq!(accept(&mut state), [], "nothing wrong is copied");
    form(&mut state, Form::CopyAs(Style::Go, Box::new(Choices { name: "sign".into(), ..Choices::default() })));
    let effects = accept(&mut state);
    assert!(matches!(effects.as_slice(), [Effect::CopyText(text)] if text.starts_with("var sign = []byte{")), "{effects:?}");
    // The text is what was asked for: pasted in the text column it stays text, in the hex column it is read back.
    let Effect::CopyText(text) = &effects[0] else { panic!() };
    act(&mut state, Action::NewBytes);
    run(&mut state, Command::Paste(text.clone()));
    assert_eq!(content(&state), b"\x89PNG");
    assert!(last_notice(&state).contains("read as Go slice"), "{}", last_notice(&state));
}

#[test]
fn too_much_text_is_offered_as_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut state = AppState::new(Default::default());
    act(&mut state, Action::NewBytes);
    apply(&mut state, Command::Perform(Operation::Write(Buffer::filled(0, Len(20 << 20)).into())));
    act(&mut state, Action::SelectAll);
    assert_eq!(run(&mut state, Command::CopyAs(Style::C)), []);
    let Some(Dialog::CopyAs(copy)) = state.dialog() else { panic!("the dialog says why") };
    assert!(copy.too_long.as_deref().unwrap().contains("Save it to a file"), "{:?}", copy.too_long);
    assert_eq!(accept(&mut state), []);
    form(&mut state, Form::CopyAs(Style::Base64, Box::default()));
    let effects = run(&mut state, Command::Dialog(DialogCommand::SaveAsInstead));
    assert!(matches!(effects.as_slice(), [Effect::AskSave { name, .. }] if name.ends_with(".b64")), "{effects:?}");
    let path = folder.path().join("zeros.b64");
    run(&mut state, Command::Answered(Answer::Save(path.clone())));
    assert_eq!(std::fs::metadata(&path).unwrap().len(), (20_u64 << 20).div_ceil(3) * 4);
}

#[test]
fn paste_as_shows_what_it_understood_and_what_is_wrong() {
    let mut state = with(b"....");
    assert_eq!(act(&mut state, Action::PasteAs), [Effect::RequestPaste { into: PasteInto::Dialog }]);
    run(&mut state, Command::PasteAs("byte[] x = {1, 2,\n  300};".into()));
    let Some(Dialog::PasteAs(paste)) = state.dialog() else { panic!() };
    assert_eq!(paste.style, Style::Text, "nothing else reads it");
    form(&mut state, Form::PasteAs("byte[] x = {1, 2,\n  300};".into(), Style::Java));
    let Some(Dialog::PasteAs(paste)) = state.dialog() else { panic!() };
    let error = paste.result.as_ref().unwrap_err();
    assert!(error.contains("300") && error.contains("line 2, column 3"), "{error}");
    assert_eq!(accept(&mut state), []);
    assert!(state.dialog().is_some(), "what is wrong is not pasted");
    form(&mut state, Form::PasteAs("byte[] x = {1, 2,\n  30};".into(), Style::Java));
    let Some(Dialog::PasteAs(paste)) = state.dialog() else { panic!() };
    assert_eq!(paste.recognised.styles[0], Style::Java);
    assert_eq!(paste.result.as_ref().unwrap().head, [1, 2, 30]);
    accept(&mut state);
    assert_eq!(content(&state), b"\x01\x02\x1e.");
    // A long text is read by a job.
    let long = "0x41, ".repeat(400_000);
    run(&mut state, Command::PasteAs(long));
    let Some(Dialog::PasteAs(paste)) = state.dialog() else { panic!() };
    assert_eq!((paste.style, paste.result.as_ref().unwrap().len), (Style::HexSpaced, None));
    accept(&mut state);
    assert_eq!(document(&state).size(), 400_003);
}

#[test]
fn a_paste_in_the_hex_column_says_how_it_was_read() {
    for (text, bytes, said) in [
        ("48 69", &b"Hi"[..], "Hex digits"),
        ("{0x48, 0x69}", b"Hi", "C array"),
        ("00000000  48 69  |Hi|", b"Hi", "Hex dump"),
        ("b'\\x48i'", b"Hi", "Python bytes"),
        ("\"\\x48i\"", b"Hi", "Escaped string"),
        ("hello", b"hello", "as text"),
        ("\"hello\"", b"\"hello\"", "as text"),
        ("SGVsbG8=", b"SGVsbG8=", "as text"),
        ("10, 20", &[0x10, 0x20], "Hex digits"),
    ] {
        let mut state = with(b"");
        run(&mut state, Command::Paste(text.into()));
        assert_eq!(content(&state), bytes, "{text}");
        assert!(last_notice(&state).contains(said), "{text}: {}", last_notice(&state));
    }
    let mut state = with(b"");
    apply(&mut state, Command::View(ViewCommand::HexColumn(HexColumn::Text)));
    run(&mut state, Command::Paste("48 69".into()));
    assert_eq!(content(&state), b"48 69", "characters are themselves in the text column");
}

fn bytes_form(kind: OpKind) -> BytesForm {
    BytesForm {
        kind,
        operand: String::new(),
        written: Written::Hex,
        seed: "1".into(),
        start: "0".into(),
        step: "1".into(),
        bits: "1".into(),
        scope: Scope::EachByte,
        insert: None,
    }
}

#[test]
fn an_operation_is_about_the_selection_or_says_that_it_is_about_everything() {
    let mut state = with(b"hello world");
    select(&mut state, 0, 5);
    act(&mut state, Action::UpperCase);
    assert_eq!(content(&state), b"HELLO world");
    assert_eq!(document(&state).selection().map(|s| (s.start(), s.end())), Some((0, 5)), "ready for the next one");
    assert_eq!(document(&state).history().undo_label(), Some("Upper case"));
    act(&mut state, Action::ReverseBytes);
    assert_eq!(content(&state), b"OLLEH world");
    act(&mut state, Action::Undo);
    act(&mut state, Action::Undo);
    assert_eq!(content(&state), b"hello world");
    apply(&mut state, Command::MoveCursor { to: 3, extend: false });
    act(&mut state, Action::InvertBytes);
    assert!(last_notice(&state).contains("the whole document, 11 bytes"), "{}", last_notice(&state));
    assert_eq!(document(&state).position(), 3);
    act(&mut state, Action::Undo);
    act(&mut state, Action::XorBytes);
    let Some(Dialog::Bytes(dialog)) = state.dialog() else { panic!() };
    assert!(dialog.whole && dialog.about().contains("nothing is selected"), "{}", dialog.about());
    assert!(dialog.error.as_deref().unwrap().contains("Type the key"));
}

#[test]
fn every_field_of_an_operation_says_what_is_wrong() {
    let mut state = with(b"hello");
    act(&mut state, Action::ChangeBytes);
    let mut wrong = |form_: BytesForm, said: &str| {
        form(&mut state, Form::Bytes(Box::new(form_)));
        let Some(Dialog::Bytes(dialog)) = state.dialog() else { panic!() };
        let error = dialog.error.clone().unwrap_or_default();
        assert!(error.contains(said), "{said}: {error}");
        assert_eq!(accept(&mut state), []);
        assert!(state.dialog().is_some(), "{said}");
    };
    wrong(BytesForm { operand: "2".into(), ..bytes_form(OpKind::Xor) }, "half a byte");
    wrong(BytesForm { operand: "zz".into(), ..bytes_form(OpKind::Xor) }, "not a hexadecimal digit");
    wrong(BytesForm { operand: "300".into(), written: Written::Decimal, ..bytes_form(OpKind::Add) }, "0 to 255");
    wrong(BytesForm { operand: "\\q".into(), written: Written::Text, ..bytes_form(OpKind::Fill) }, "no escape");
    wrong(BytesForm { seed: "x".into(), ..bytes_form(OpKind::Random) }, "seed");
    wrong(BytesForm { start: "256".into(), ..bytes_form(OpKind::Count) }, "0 to 255");
    wrong(BytesForm { bits: "9".into(), ..bytes_form(OpKind::ShiftLeft) }, "8 bits");
    wrong(BytesForm { bits: "-1".into(), ..bytes_form(OpKind::RotateLeft) }, "not negative");
    wrong(BytesForm { insert: Some("0".into()), ..bytes_form(OpKind::Random) }, "how many");
    wrong(BytesForm { insert: Some("x".into()), ..bytes_form(OpKind::Count) }, "no name");
    form(&mut state, Form::Bytes(Box::new(BytesForm { operand: "20".into(), ..bytes_form(OpKind::Xor) })));
    let Some(Dialog::Bytes(dialog)) = state.dialog() else { panic!() };
    assert_eq!(dialog.preview, (b"hello".to_vec(), b"HELLO".to_vec()));
    accept(&mut state);
    assert_eq!(content(&state), b"HELLO");
}

#[test]
fn a_pattern_is_put_in_at_the_cursor() {
    let mut state = with(b"abcd");
    apply(&mut state, Command::MoveCursor { to: 2, extend: false });
    act(&mut state, Action::InsertBytes);
    let filled =
        BytesForm { operand: "xyz".into(), written: Written::Text, insert: Some("7".into()), ..bytes_form(OpKind::Fill) };
    form(&mut state, Form::Bytes(Box::new(filled)));
    accept(&mut state);
    assert_eq!(content(&state), b"abxyzxyzxcd");
    assert_eq!(document(&state).position(), 9);
    assert!(document(&state).timeline().python("d").unwrap().contains("[:7]"), "the rule, not the bytes");
    // Gigabytes of a pattern are no gigabytes of memory.
    act(&mut state, Action::InsertBytes);
    form(
        &mut state,
        Form::Bytes(Box::new(BytesForm { operand: "01 02".into(), insert: Some("8 GiB".into()), ..bytes_form(OpKind::Fill) })),
    );
    accept(&mut state);
    assert_eq!(document(&state).size(), (8 << 30) + 11);
    assert!(document(&state).as_bytes().unwrap().memory() < Len(1 << 20));
    // Past the end the gap is filled, as a write does.
    let mut state = with(b"ab");
    apply(&mut state, Command::Perform(Operation::seek(4)));
    act(&mut state, Action::InsertBytes);
    form(
        &mut state,
        Form::Bytes(Box::new(BytesForm { operand: "07".into(), insert: Some("2".into()), ..bytes_form(OpKind::Fill) })),
    );
    accept(&mut state);
    assert_eq!(content(&state), b"ab\0\0\x07\x07");
}

#[test]
fn more_memory_than_the_limit_is_refused_before_anything_begins() {
    let mut state = with(b"");
    apply(&mut state, Command::Perform(Operation::Write(Buffer::filled(1, Len(5 << 30)).into())));
    act(&mut state, Action::FillBytes);
    form(&mut state, Form::Bytes(Box::new(bytes_form(OpKind::Random))));
    let Some(Dialog::Bytes(dialog)) = state.dialog() else { panic!() };
    assert!(dialog.error.as_deref().unwrap().contains("5.0 GiB of memory, more than the limit of 4.0 GiB"), "{:?}", dialog.error);
    assert_eq!(accept(&mut state), []);
}

#[test]
fn what_changed_meanwhile_is_not_overwritten() {
    let mut state = with(b"hello");
    let effects = apply(&mut state, Command::Do(Action::InvertBytes));
    let Some(Effect::Run(id, job)) = effects.first() else { panic!("{effects:?}") };
    let (id, job): (JobId, Job) = (*id, job.clone());
    apply(&mut state, Command::Perform(Operation::Write("J".into())));
    apply(&mut state, Command::Finished(id, Box::new(job.run(&Default::default()))));
    assert_eq!(content(&state), b"Jello");
    assert!(last_notice(&state).contains("changed meanwhile"));
}

#[test]
fn a_file_goes_in_without_its_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.bin");
    let file = std::fs::File::create(&path).unwrap();
    file.set_len(6 << 30).unwrap();
    let mut state = with(b"abcd");
    apply(&mut state, Command::MoveCursor { to: 2, extend: false });
    assert!(matches!(act(&mut state, Action::InsertFile).as_slice(), [Effect::AskOpen { .. }]));
    run(&mut state, Command::Answered(Answer::Open(vec![path.clone()])));
    assert_eq!(document(&state).size(), (6 << 30) + 4);
    assert!(document(&state).as_bytes().unwrap().memory() < Len(1 << 16));
    assert!(document(&state).timeline().python("d").unwrap().contains("large.bin', 'rb').read()"));
    act(&mut state, Action::Undo);
    assert_eq!(content(&state), b"abcd");
}

#[test]
fn a_document_gets_another_size() {
    let mut state = with(b"abcd");
    act(&mut state, Action::Resize);
    form(&mut state, Form::Resize("-1".into(), "00".into()));
    let Some(Dialog::Resize(resize)) = state.dialog() else { panic!() };
    assert_eq!(resize.preview, "The last 1 byte go");
    form(&mut state, Form::Resize("6".into(), "zz".into()));
    let Some(Dialog::Resize(resize)) = state.dialog() else { panic!() };
    assert!(resize.error.as_deref().unwrap().contains("two hexadecimal digits"));
    assert_eq!(accept(&mut state), []);
    form(&mut state, Form::Resize("6".into(), "2E".into()));
    accept(&mut state);
    assert_eq!(content(&state), b"abcd..");
    act(&mut state, Action::Resize);
    form(&mut state, Form::Resize("2".into(), "00".into()));
    accept(&mut state);
    assert_eq!(content(&state), b"ab");
    act(&mut state, Action::Undo);
    act(&mut state, Action::Undo);
    assert_eq!(content(&state), b"abcd");
}

#[test]
fn ranges_are_named_and_never_clipped() {
    let mut state = with(&[0; 100]);
    act(&mut state, Action::SelectRange);
    for (from, to, said) in [
        ("50", "10", "before the first"),
        ("50", "end+1", "ends at"),
        ("50", "+51", "ends at"),
        ("x", "", "no name"),
        ("-1", "", "1 byte before the start"),
    ] {
        form(&mut state, Form::Range(from.into(), to.into()));
        let Some(Dialog::SelectRange(range)) = state.dialog() else { panic!() };
        assert!(range.error.as_deref().is_some_and(|error| error.contains(said)), "{from} {to}: {:?}", range.error);
        assert_eq!(accept(&mut state), []);
    }
    form(&mut state, Form::Range("0x10".into(), "+ 2*8".into()));
    let Some(Dialog::SelectRange(range)) = state.dialog() else { panic!() };
    assert!(range.preview.contains("16 bytes from 0x10 (16)"), "{}", range.preview);
    accept(&mut state);
    assert_eq!(document(&state).selection().map(|s| (s.anchor, s.head)), Some((16, 32)));
    act(&mut state, Action::ExtendSelection);
    apply(&mut state, Command::Dialog(DialogCommand::Text("end+1".into())));
    assert!(matches!(state.dialog(), Some(Dialog::GoTo { error: Some(error), .. }) if error.contains("ends at")));
    apply(&mut state, Command::Dialog(DialogCommand::Text("selend + 8".into())));
    assert!(matches!(state.dialog(), Some(Dialog::GoTo { error: None, preview, .. }) if preview.contains("24 bytes selected")));
    accept(&mut state);
    assert_eq!(document(&state).selection().map(|s| (s.anchor, s.head)), Some((16, 40)));
}

fn go(state: &mut AppState, text: &str) {
    act(state, Action::GoTo);
    apply(state, Command::Dialog(DialogCommand::Text(text.into())));
    accept(state);
    assert_eq!(state.dialog(), None, "{text}");
}

#[test]
fn going_there_and_back_again() {
    let mut state = with(&[0; 10_000]);
    assert!(!Action::RepeatGoTo.enabled(&state) && !Action::JumpBack.enabled(&state));
    act(&mut state, Action::GoTo);
    apply(&mut state, Command::Dialog(DialogCommand::Text("end + 20".into())));
    assert!(
        matches!(state.dialog(), Some(Dialog::GoTo { preview, error: None, .. }) if preview.contains("20 bytes past the end"))
    );
    apply(&mut state, Command::Dialog(DialogCommand::Cancel));
    go(&mut state, "1000");
    go(&mut state, "+500");
    act(&mut state, Action::RepeatGoTo);
    assert_eq!(document(&state).position(), 2000);
    // Steps are no jumps.
    for to in 2001..2040 {
        apply(&mut state, Command::MoveCursor { to, extend: false });
    }
    let mut seen = Vec::new();
    while Action::JumpBack.enabled(&state) {
        act(&mut state, Action::JumpBack);
        seen.push(document(&state).position());
    }
    assert_eq!(seen, [1500, 1000, 0]);
    act(&mut state, Action::JumpForward);
    assert_eq!(document(&state).position(), 1000);
    apply(&mut state, Command::MoveCursor { to: 10_000, extend: false });
    act(&mut state, Action::JumpBack);
    assert_eq!(document(&state).position(), 1000, "the end of the file is a jump");
    // An edit is none, and a read neither.
    let before = state.active().unwrap().view.jumps.clone();
    apply(&mut state, Command::TypeText { text: "x".repeat(200), now: 0.0 });
    apply(&mut state, Command::Perform(Operation::Read(Some(2000))));
    assert_eq!(state.active().unwrap().view.jumps, before);
}

#[test]
fn lines_are_found_at_any_size() {
    let mut state = with(b"one\ntwo\r\n\nfour");
    for (line, at) in [(1, 0), (2, 4), (3, 9), (4, 10)] {
        go(&mut state, &format!("line {line}"));
        assert_eq!(document(&state).position(), at, "line {line}");
    }
    go(&mut state, "line 5");
    assert!(last_notice(&state).contains("has 4 lines"), "{}", last_notice(&state));
    act(&mut state, Action::GoTo);
    apply(&mut state, Command::Dialog(DialogCommand::Text("line 0".into())));
    assert!(matches!(state.dialog(), Some(Dialog::GoTo { error: Some(error), .. }) if error.contains("from 1")));
    let mut state = AppState::new(Default::default());
    act(&mut state, Action::NewText);
    apply(&mut state, Command::TypeText { text: "é€\nzwei".into(), now: 0.0 });
    go(&mut state, "line 2");
    assert_eq!(document(&state).position(), 3, "characters are counted, not bytes");
    go(&mut state, "start");
}

#[test]
fn a_value_is_followed_as_an_offset() {
    let mut bytes = vec![0; 512];
    bytes[..8].copy_from_slice(&[0x00, 0x01, 0, 0, 0, 0, 0, 0]);
    bytes[8..16].copy_from_slice(&0x40_u64.to_be_bytes());
    let mut state = with(&bytes);
    act(&mut state, Action::FollowU32Le);
    assert_eq!(document(&state).position(), 0x100);
    act(&mut state, Action::JumpBack);
    assert_eq!(document(&state).position(), 0);
    act(&mut state, Action::FollowU32Be);
    assert_eq!(document(&state).position(), 0);
    assert!(last_notice(&state).contains("past the end"));
    apply(&mut state, Command::MoveCursor { to: 8, extend: false });
    act(&mut state, Action::FollowU64Be);
    assert_eq!(document(&state).position(), 0x40);
    apply(&mut state, Command::MoveCursor { to: 510, extend: false });
    assert!(!Action::FollowU32Le.enabled(&state));
}
