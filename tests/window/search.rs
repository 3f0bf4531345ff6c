//! Searching in the whole window, without a display: keys, jobs, highlights, the list, replacing.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use std::path::PathBuf;

use crate::tester::App;
use egui::{Key, Modifiers};
use egui_kittest::SnapshotOptions;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use seektell::app::{
    Action, Answer, Command, DialogCommand, FindForm, FindKind, NeedleForm, PaneKind, Results, Scope, SearchCommand, SharedFeed,
    Tally, Target, ThemeChoice,
};
use seektell::buffer::{Buffer, Len};
use seektell::document::Language;
use seektell::explore::search::{KEPT_HITS, Pattern};
use seektell::tasks::Progress;
use seektell::ui::hex_view::HexView;

const CTRL: Modifiers = Modifiers::COMMAND;
const NONE: Modifiers = Modifiers::NONE;

impl App {
    fn searching(bytes: &[u8]) -> Self {
        let mut app = Self::new(ThemeChoice::Dark);
        app.open_bytes("data.bin", bytes);
        app
    }

    fn search(&mut self, command: SearchCommand) {
        self.send(Command::Search(command));
    }

    fn find_form(&mut self, change: impl FnOnce(&mut FindForm)) {
        let mut form = self.state().search().form().clone();
        change(&mut form);
        self.search(SearchCommand::Form(Box::new(form)));
    }

    fn total(&self) -> u64 {
        self.state().search().results().iter().map(|results| results.target.feed.0.total()).sum()
    }
}

#[test]
fn the_find_bar_by_keys_alone() {
    let mut app = App::searching(b"one needle, two Needles, three NEEDLEs");
    app.press(CTRL, Key::F);
    app.type_text("needle");
    assert!(app.shows("3 matches"), "found while it is typed");
    app.press(NONE, Key::Enter);
    assert_eq!(app.selected(), Some((4, 10)));
    assert!(app.shows("1 of 3"));
    app.press(NONE, Key::Enter);
    app.press(NONE, Key::F3);
    assert_eq!((app.selected(), app.shows("3 of 3")), (Some((31, 37)), true));
    app.press(NONE, Key::Enter);
    assert!(app.shows("1 of 3 · Went on from the start"));
    app.press(Modifiers::SHIFT, Key::Enter);
    assert_eq!((app.selected(), app.shows("Went on from the end")), (Some((31, 37)), true));
    app.press(Modifiers::SHIFT, Key::F3);
    assert_eq!(app.selected(), Some((16, 22)));
    app.press(NONE, Key::Escape);
    assert!(!app.state().search().is_open());
    assert!(app.0.ctx.memory(|memory| memory.has_focus(HexView::id())), "the bytes have the keyboard again");
    app.press(NONE, Key::F3);
    assert_eq!(app.selected(), Some((31, 37)), "F3 goes on without the bar");
    assert_eq!(app.state().settings().needles, ["needle"]);
    app.press(CTRL, Key::F);
    app.find_form(|form| form.text = "other".into());
    app.press(NONE, Key::ArrowUp);
    assert_eq!(app.state().search().form().text, "needle");
    app.press(NONE, Key::ArrowDown);
    assert_eq!(app.state().search().form().text, "other");
    assert!(app.shows("Not found"));
}

#[test]
fn every_field_says_what_is_wrong_while_it_is_typed() {
    let mut app = App::searching(b"abc");
    app.act(Action::Replace);
    let mut wrong = |kind: FindKind, text: &str, words: &str| {
        app.find_form(|form| (form.kind, form.text) = (kind, text.into()));
        assert!(app.shows(words), "{text}: {:?}", app.state().search().error());
    };
    wrong(FindKind::Hex, "12 3", "one is missing");
    wrong(FindKind::Hex, "zz", "is not a hex digit");
    wrong(FindKind::Regex, "a(", "unclosed group, at character 2");
    wrong(FindKind::Regex, "(?:a{999}){999}", "too large");
    wrong(FindKind::Number, "99999999999", "u32 holds 0 to 4294967295");
    app.find_form(|form| (form.kind, form.text, form.replacement) = (FindKind::Hex, "61".into(), "6".into()));
    assert!(app.shows("one is missing"));
    app.find_form(|form| (form.scope, form.replacement) = (Scope::Selection, String::new()));
    assert!(app.shows("Select something"));
    app.send(Command::Select { anchor: 0, head: 2 });
    app.find_form(|form| form.text = "6?".into());
    assert!(app.shows("2 matches"), "two of three lie in the selection");
}

#[test]
fn replacing_one_and_all_is_one_step_each() {
    let mut app = App::searching(b"a,b,c,d");
    app.act(Action::Replace);
    app.find_form(|form| (form.text, form.replacement) = (",".into(), " - ".into()));
    app.search(SearchCommand::ReplaceOne);
    assert_eq!(app.selected(), Some((1, 2)), "the first press goes there");
    app.search(SearchCommand::ReplaceOne);
    assert_eq!((app.content(), app.selected()), (b"a - b,c,d".to_vec(), Some((5, 6))));
    let entries = app.document().timeline().len();
    app.search(SearchCommand::ReplaceAll);
    assert_eq!(app.content(), b"a - b - c - d");
    assert!(app.shows("Replaced 2 matches"));
    assert_eq!(app.document().timeline().len(), entries + 1, "one call");
    let script = app.document().timeline().script(Language::Python, "data").unwrap();
    assert!(script.contains(" - "), "{script}");
    app.act(Action::Undo);
    assert_eq!(app.content(), b"a - b,c,d");
    app.find_form(|form| (form.kind, form.text, form.replacement) = (FindKind::Regex, "([a-z]),([a-z])".into(), "$2,$1".into()));
    app.search(SearchCommand::ReplaceAll);
    assert_eq!(app.content(), b"a - c,b,d");
    app.search(SearchCommand::ReplaceAll);
    app.find_form(|form| form.text = "zzz".into());
    app.search(SearchCommand::ReplaceAll);
    assert!(app.shows("Not found"));
}

#[test]
fn several_needles_of_different_kinds_at_once() {
    let mut app = App::searching(b"cat \x89PNG dog 42 cat 7");
    app.act(Action::Replace);
    app.press(CTRL, Key::F);
    app.type_text("cat");
    app.0.get_by_label("Add a needle").click();
    app.settle();
    app.type_text("dog");
    assert!(app.shows("3 matches"), "the new line has the keyboard");
    app.0.get_by_label("Add a needle").click();
    app.settle();
    assert!(app.shows("3 matches"), "an empty line asks for nothing");
    app.find_form(|form| (form.more[1].kind, form.more[1].text) = (FindKind::Hex, "89 5".into()));
    assert!(app.shows("Needle 3: A byte has two hex digits"));
    app.find_form(|form| form.more[1].text = "89 50 4E".into());
    app.find_form(|form| {
        form.more.push(NeedleForm { kind: FindKind::Regex, text: "([0-9])([0-9])".into(), ..NeedleForm::default() });
    });
    assert!(app.shows("5 matches"));
    app.act(Action::FindAll);
    app.0.get_by_label_contains("data.bin, match of dog, offset 9,");
    app.0.get_by_label_contains("match of ([0-9])([0-9]), offset D,");
    let needles: Vec<u16> = app.state().search().results()[0].target.feed.0.hits(0..9).iter().map(|hit| hit.needle).collect();
    assert_eq!(needles, [0, 2, 1, 3, 0]);
    assert_eq!(app.state().settings().needles, ["cat", "dog", "89 50 4E", "([0-9])([0-9])"]);
    // The replacement is read beside the needle whose match it replaces: hex digits, and the groups of an expression.
    app.find_form(|form| form.replacement = "41".into());
    app.search(SearchCommand::ReplaceAll);
    assert_eq!(app.content(), b"41 AG 41 41 41 7");
    app.act(Action::Undo);
    app.0.get_by_label("Remove needle 3").click();
    app.settle();
    app.find_form(|form| form.replacement = "<$1>".into());
    app.search(SearchCommand::ReplaceAll);
    assert_eq!(app.content(), b"<$1> \x89PNG <$1> <4> <$1> 7");
    app.act(Action::Undo);
    app.0.get_by_label("Remove needle 1").click();
    app.settle();
    assert_eq!((app.state().search().form().text.as_str(), app.total()), ("dog", 2));
}

#[test]
fn a_text_document_is_searched_and_replaced_by_characters() {
    let mut app = App::new(ThemeChoice::Dark);
    app.act(Action::NewText);
    app.send(Command::TypeText { text: "Été, été und ÉTÉ".into(), now: 1.0 });
    app.act(Action::Replace);
    app.find_form(|form| (form.text, form.replacement) = ("été".into(), "€".into()));
    assert!(app.shows("3 matches"));
    app.search(SearchCommand::ReplaceAll);
    assert_eq!(app.content(), "€, € und €".as_bytes());
    app.find_form(|form| (form.kind, form.text) = (FindKind::Hex, "41".into()));
    assert!(app.shows("A text stream has characters"));
}

#[test]
fn the_list_of_all_documents() {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("list.json");
    let mut app = App::answering(ThemeChoice::Dark, [Answer::Save(path.clone())]);
    app.open_bytes("first.bin", b"xx needle");
    app.open_bytes("second.bin", b"needle needle");
    app.act(Action::FindAll);
    assert!(app.state().settings().panes.contains(&PaneKind::Search));
    app.find_form(|form| form.text = "needle".into());
    assert_eq!((app.total(), app.state().search().form().scope), (3, Scope::All));
    assert!(app.shows("3 matches in 2 documents"));
    app.0.get_by_label_contains("first.bin, offset 3,");
    let target = app.state().search().results()[1].target.clone();
    app.search(SearchCommand::Go { document: target.document, hit: target.feed.0.get(0).unwrap() });
    assert_eq!((app.document().name(), app.selected()), ("first.bin", Some((3, 9))));
    app.search(SearchCommand::Export);
    let list: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let offsets: Vec<_> = list.as_array().unwrap().iter().map(|row| row["offset"].as_u64().unwrap()).collect();
    assert_eq!((offsets, &list[2]["document"]), (vec![0, 7, 3], &"first.bin".into()));
    assert_eq!(list[0]["match"], "6E 65 65 64 6C 65");
    // The list goes by keys.
    app.0.ctx.memory_mut(|memory| memory.request_focus(seektell::ui::search_view::SearchView::id()));
    app.settle();
    app.press(NONE, Key::Home);
    assert_eq!((app.document().name(), app.selected()), ("second.bin", Some((0, 6))));
    app.press(NONE, Key::ArrowDown);
    assert_eq!(app.selected(), Some((7, 13)));
    // An edit is followed while the bar is open, and said when it is closed.
    app.search(SearchCommand::Close);
    app.send(Command::Select { anchor: 0, head: 1 });
    app.act(Action::Delete);
    assert!(app.shows("has changed since"));
}

#[test]
fn replacing_in_all_documents_asks_first_and_is_one_step_in_each() {
    let mut app = App::new(ThemeChoice::Dark);
    app.open_bytes("first.bin", b"xx needle");
    app.act(Action::NewText);
    app.send(Command::TypeText { text: "a needle: ß".into(), now: 1.0 });
    app.open_bytes("none.bin", b"nothing");
    app.open_bytes("last.bin", b"needle needle");
    app.act(Action::Replace);
    app.find_form(|form| (form.text, form.replacement, form.scope) = ("needle".into(), "pin".into(), Scope::All));
    let contents = |app: &App| -> Vec<Vec<u8>> {
        let all = app.state().documents().iter();
        all.map(|open| open.document.snapshot().to_vec_all().unwrap()).collect()
    };
    let before = contents(&app);
    app.search(SearchCommand::ReplaceAll);
    assert!(app.shows("Replace 4 matches in 3 documents?"));
    assert!(app.shows("last.bin: 2 matches"));
    app.send(Command::Dialog(DialogCommand::Cancel));
    assert_eq!(contents(&app), before);
    app.search(SearchCommand::ReplaceAll);
    let lengths: Vec<usize> = app.state().documents().iter().map(|open| open.document.timeline().len()).collect();
    app.send(Command::Dialog(DialogCommand::Accept));
    let after: [&[u8]; 4] = [b"xx pin", "a pin: ß".as_bytes(), b"nothing", b"pin pin"];
    assert_eq!(contents(&app), after);
    assert!(app.shows("Replaced 4 matches in 3 documents"));
    let now: Vec<usize> = app.state().documents().iter().map(|open| open.document.timeline().len()).collect();
    let steps: Vec<usize> = now.iter().zip(&lengths).map(|(now, before)| now - before).collect();
    assert_eq!(steps, [1, 1, 0, 1]);
    app.act(Action::Undo);
    assert_eq!((app.content(), contents(&app)[0].clone()), (b"needle needle".to_vec(), b"xx pin".to_vec()));
}

#[test]
fn a_document_that_changes_while_the_question_waits_is_left_out_and_named() {
    let mut app = App::new(ThemeChoice::Dark);
    app.open_bytes("first.bin", b"a needle");
    app.open_bytes("last.bin", b"needle needle");
    app.act(Action::Replace);
    app.find_form(|form| (form.text, form.replacement, form.scope) = ("needle".into(), "pin".into(), Scope::All));
    app.search(SearchCommand::ReplaceAll);
    app.send(Command::Perform(seektell::document::Operation::Write(seektell::document::Data::Bytes(Buffer::from(b"!")))));
    app.send(Command::Dialog(DialogCommand::Accept));
    assert_eq!(app.content(), b"!eedle needle");
    assert!(app.shows("Replaced 1 match in 1 document. Not in last.bin (2 matches): it changed in the meantime"));
}

#[test]
fn what_was_found_where_and_how_far_is_said_as_it_is() {
    let mut app = App::new(ThemeChoice::Dark);
    app.open_bytes("first.bin", b"nothing");
    app.open_bytes("second.bin", b"nothing");
    app.open_bytes("last.bin", b"needle needle");
    app.act(Action::Find);
    app.act(Action::FindAll);
    app.find_form(|form| (form.text, form.scope) = ("needle".into(), Scope::All));
    assert!(app.shows("2 matches in 1 of 3 documents"));
    app.search(SearchCommand::Step { forward: true });
    assert!(app.shows("1 of 2 here, 2 matches in 1 of 3 documents"));
    app.find_form(|form| form.text = "other".into());
    assert!(app.shows("Not found in 3 documents"));
    // Somebody stops a search.
    app.find_form(|form| (form.text, form.scope) = ("needle".into(), Scope::Document));
    let results = app.state().search().results()[0].clone();
    let progress = Progress::new();
    progress.cancel();
    let target = &results.target;
    Pattern::new(&results.query, &target.content).unwrap().search(&target.content, None, &target.feed.0, &progress).unwrap_err();
    app.0.run_steps(2);
    assert!(app.shows("1 of 2 (stopped after 2 matches)"), "what was found stays");
    let feed = SharedFeed::default();
    Pattern::new(&results.query, &target.content).unwrap().search(&target.content, None, &feed.0, &progress).unwrap_err();
    let none = Results { target: Target { feed, ..results.target.clone() }, ..results };
    assert_eq!(Tally::new(&[none]).trouble(), Some("stopped before a match was found".into()), "which is not: not found");
}

#[test]
fn nothing_below_the_find_bar_moves_with_what_it_says() {
    let mut app = App::searching(b"needle needle");
    app.0.set_size(egui::vec2(1000.0, 640.0));
    app.act(Action::Replace);
    let top = |app: &App| app.0.get_by_role(egui::accesskit::Role::Grid).rect().min.y;
    app.find_form(|form| (form.kind, form.text) = (FindKind::Hex, "6E".into()));
    let before = top(&app);
    for (text, with) in [("6E 65 zz", ""), ("6", ""), ("99", ""), ("", ""), ("6E", "4"), ("65", "65")] {
        app.find_form(|form| (form.text, form.replacement) = (text.into(), with.into()));
        assert_eq!(top(&app), before, "{text}");
    }
}

#[test]
fn a_huge_sparse_document_is_searched_without_waiting() {
    let mut app = App::new(ThemeChoice::Dark);
    app.act(Action::NewBytes);
    let mut buffer = Buffer::filled(0, Len(100 << 30));
    buffer.append(b"needle");
    let data = seektell::document::Data::Bytes(buffer);
    app.send(Command::Perform(seektell::document::Operation::Write(data)));
    app.send(Command::Perform(seektell::document::Operation::seek(0)));
    app.act(Action::Find);
    app.find_form(|form| form.text = "needle".into());
    assert_eq!(app.total(), 0, "nobody has asked yet");
    app.search(SearchCommand::Step { forward: true });
    assert_eq!(app.selected(), Some((100 << 30, (100 << 30) + 6)));
    app.find_form(|form| (form.kind, form.text) = (FindKind::Hex, "00 00".into()));
    app.search(SearchCommand::All);
    assert_eq!(app.total(), 50 << 30);
    assert!(app.shows(&format!("the first {} listed", "1,000,000")));
    assert_eq!(app.state().search().results()[0].target.feed.0.kept(), KEPT_HITS);
}

#[test]
fn the_selection_becomes_the_needle() {
    let mut app = App::searching(b"\x01\x02 ab \x01\x02 ab");
    app.send(Command::Select { anchor: 0, head: 2 });
    app.press(CTRL, Key::E);
    assert_eq!((app.state().search().form().kind, &*app.state().search().form().text), (FindKind::Hex, "01 02"));
    assert!(app.shows("2 matches"));
    app.press(NONE, Key::F3);
    assert_eq!(app.selected(), Some((6, 8)));
}

#[test]
fn it_looks_as_it_should() {
    let row = b"id=0017 name=needle value=\x00\x01\xFF Needle\n";
    let mut app = App::searching(&row.repeat(40));
    app.act(Action::Replace);
    app.act(Action::FindAll);
    app.find_form(|form| (form.text, form.replacement) = ("needle".into(), "pin".into()));
    app.search(SearchCommand::Step { forward: true });
    app.search(SearchCommand::Step { forward: true });
    app.0.snapshot_options("search_dark", &SnapshotOptions::new().threshold(0.6));
    app.find_form(|form| {
        for (kind, text) in [(FindKind::Hex, "00 01 ??"), (FindKind::Regex, "id=[0-9]+")] {
            form.more.push(NeedleForm { kind, text: text.into(), ..NeedleForm::default() });
        }
    });
    app.0.snapshot_options("search_needles_dark", &SnapshotOptions::new().threshold(0.6));
}

/// What the list says of each of its rows, for those who do not see it.
fn rows(app: &App) -> Vec<String> {
    let rows = app.0.query_all_by_role(egui::accesskit::Role::ListBoxOption);
    rows.filter_map(|row| row.accesskit_node().label()).collect()
}

#[test]
fn the_list_reads_what_is_found_in_the_encoding_that_is_searched() {
    let mut app = App::searching("Hauptstraße 1, STRASSE 2, Straße 3".as_bytes());
    app.act(Action::Find);
    app.find_form(|form| form.text = "Straße".into());
    app.act(Action::FindAll);
    assert_eq!(rows(&app).len(), 2);
    assert!(rows(&app).iter().all(|row| row.ends_with("traße")), "{:?}", rows(&app));
    let utf16: Vec<u8> = "eine Straße".encode_utf16().flat_map(u16::to_le_bytes).collect();
    app.open_bytes("wide.bin", &utf16);
    app.find_form(|form| form.encoding = "utf-16-le".into());
    app.act(Action::FindAll);
    assert!(rows(&app).iter().any(|row| row.ends_with(" Straße")), "{:?}", rows(&app));
    app.open_bytes("old.bin", b"\x82t\x82");
    app.find_form(|form| (form.text, form.encoding) = ("été".into(), "cp437".into()));
    app.act(Action::FindAll);
    assert!(rows(&app).iter().any(|row| row.ends_with(" été")), "{:?}", rows(&app));
}

#[test]
fn a_match_that_was_cut_is_marked_in_the_list_and_in_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("matches.csv");
    let mut app = App::answering(ThemeChoice::Dark, [Answer::Save(path.clone())]);
    app.open_bytes("long.bin", &[&b"x".repeat(100_000)[..], b"yx"].concat());
    app.act(Action::Find);
    app.find_form(|form| (form.kind, form.text) = (FindKind::Regex, "x+".into()));
    app.act(Action::FindAll);
    let cut: Vec<bool> = rows(&app).iter().map(|row| row.contains("cut at 64 KiB")).collect();
    assert_eq!(cut, [true, false, false]);
    app.search(SearchCommand::Export);
    let list = std::fs::read_to_string(&path).unwrap();
    let ends: Vec<bool> = list.lines().map(|line| line.ends_with(",at 64 KiB")).collect();
    assert_eq!((list.lines().next(), ends), (Some("document,offset,length,match,cut"), vec![false, true, false, false]));
}
