//! Everything selected and copied, at any size: at once, and never more text than a clipboard takes.

use std::time::{Duration, Instant};

use seektell::app::{Action, AppState, Command, Dialog, Effect, ThemeChoice};
use seektell::buffer::{Buffer, ByteRange, Len, Offset};
use seektell::document::Operation;
use seektell::formats::literal::Style;

use super::noise;
use crate::tester::App;

/// A state with one document of this content, all of it selected.
fn all_selected(content: Buffer) -> AppState {
    let mut state = AppState::new(Default::default());
    state.apply(Command::Do(Action::NewBytes));
    state.apply(Command::Perform(Operation::Write(content.into())));
    state.apply(Command::Do(Action::SelectAll));
    state
}

/// The text for the clipboard.
fn text(effects: Vec<Effect>) -> Option<String> {
    effects.into_iter().find_map(|effect| if let Effect::CopyText(text) = effect { Some(text) } else { None })
}

/// What a person does with everything of a large document while the window waits; the best of a few tries.
fn quickest(mut work: impl FnMut()) -> Duration {
    let time = |work: &mut dyn FnMut()| {
        let begun = Instant::now();
        work();
        begun.elapsed()
    };
    (0..3).map(|_| time(&mut work)).min().unwrap()
}

#[test]
fn three_megabytes_are_copied_as_text_at_once() {
    let bytes = noise(3_000_000, 1);
    let mut state = all_selected(Buffer::from(&bytes[..]));
    let mut copied = String::new();
    let took = quickest(|| copied = text(state.apply(Command::Do(Action::Copy))).unwrap());
    println!("3 MB copied as {} bytes of text in {took:?}", copied.len());
    assert!(took < Duration::from_secs(1), "{took:?}");
    assert_eq!(copied.len(), 2 * bytes.len(), "two digits a byte");
    assert!(hex::decode(&copied).unwrap() == bytes);
    // Pasted elsewhere it is the same bytes.
    state.apply(Command::Do(Action::NewBytes));
    let took = quickest(|| {
        state.apply(Command::Do(Action::SelectAll));
        state.apply(Command::Paste(copied.clone()));
    });
    assert!(took < Duration::from_secs(1), "{took:?}");
    assert!(state.active().unwrap().document.snapshot().to_vec_all().unwrap() == bytes);
}

#[test]
fn a_gigabyte_is_copied_without_a_byte_of_it() {
    const SIZE: u64 = 1 << 30;
    // One of nothing but one byte, and one with something in its middle.
    let mut mixed = Buffer::filled(0x5A, Len(SIZE));
    mixed.overwrite(Offset(SIZE / 2), &noise(100_000, 2));
    for content in [Buffer::filled(0, Len(SIZE)), mixed] {
        let mut state = all_selected(content.clone());
        let memory = |state: &AppState| state.active().unwrap().document.as_bytes().unwrap().memory();
        let before = memory(&state);
        let mut copied = None;
        let took = quickest(|| copied = text(state.apply(Command::Do(Action::Copy))));
        assert!(took < Duration::from_millis(500), "{took:?}");
        // The system's clipboard gets a word about it, and the user is told what can be done with it.
        let copied = copied.unwrap();
        assert_eq!(copied, "[1,073,741,824 bytes copied in Seektell, number 3: paste there]");
        let told = &state.notices().all().last().unwrap().text;
        assert!(told.contains("paste them here") && told.contains("Copy as"), "{told}");
        // A paste shares the bytes.
        state.apply(Command::Do(Action::NewBytes));
        let took = quickest(|| {
            state.apply(Command::Do(Action::SelectAll));
            state.apply(Command::Paste(copied.clone()));
        });
        assert!(took < Duration::from_millis(500), "{took:?}");
        assert_eq!(memory(&state), before);
        let pasted = state.active().unwrap().document.snapshot();
        assert_eq!(pasted.len(), Len(SIZE));
        let middle = ByteRange::new(Offset(SIZE / 2), Len(100_000));
        assert!(pasted.to_vec(middle).unwrap() == content.to_vec(middle).unwrap());
        // As text for other programs it is offered as a file instead, in every way that bytes are written as text.
        state.apply(Command::Do(Action::SelectAll));
        for style in Style::ALL {
            let effects = state.apply(Command::CopyAs(style));
            assert!(text(effects).is_none(), "{style:?}");
            let Some(Dialog::CopyAs(dialog)) = state.dialog() else { panic!("{style:?}: {:?}", state.dialog()) };
            assert!(dialog.too_long.as_deref().is_some_and(|why| why.contains("Save it to a file")), "{style:?}");
            state.apply(Command::Dialog(seektell::app::DialogCommand::Cancel));
        }
    }
}

#[test]
fn the_window_goes_on_while_everything_is_selected_and_copied() {
    let mut app = App::new(ThemeChoice::Dark);
    app.send(Command::Do(Action::NewBytes));
    app.send(Command::Perform(Operation::Write(Buffer::filled(0x41, Len(1 << 30)).into())));
    app.0.run_steps(3);
    for action in [Action::SelectAll, Action::Copy, Action::Cut, Action::Undo, Action::SelectAll, Action::Copy] {
        let begun = Instant::now();
        app.decide(Command::Do(action));
        app.0.step();
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(2), "{action:?} and the frame after it took {took:?}");
        app.settle();
    }
    assert_eq!(app.open().document.size(), 1 << 30);
}
