//! Bookmarks of documents: they move with their units, and are the same at a moment whichever way leads there.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use std::collections::HashMap;

use seektell::buffer::Buffer;
use seektell::document::{BookmarkColor, BookmarkError, Data, Document, Moment, Operation, Origin};
use seektell::stream::{Newline, Text};

fn document(content: &[u8]) -> Document {
    Document::bytes("data", Origin::New, content)
}

fn add(document: &mut Document, name: &str, start: u64, end: u64) {
    document.add_bookmark(name, (start, end), BookmarkColor::Yellow, "").unwrap();
}

/// The ranges by name.
fn ranges(document: &Document) -> Vec<(String, u64, u64)> {
    let mut all: Vec<_> = document.bookmarks().iter().map(|m| (m.name().to_owned(), m.start(), m.end())).collect();
    all.sort();
    all
}

fn range(document: &Document, name: &str) -> (u64, u64) {
    document.bookmarks().named(name).map(|mark| (mark.start(), mark.end())).unwrap()
}

fn bytes(bytes: &[u8]) -> Data {
    Data::Bytes(Buffer::from(bytes))
}

#[test]
fn a_bookmark_follows_its_bytes_and_undo_brings_it_back() {
    let mut document = document(b"0123456789");
    add(&mut document, "five", 5, 8);
    document.perform(Operation::Insert { at: 0, data: bytes(b"ab") }).unwrap();
    assert_eq!(range(&document, "five"), (7, 10));
    document.perform(Operation::Delete { start: 6, end: 11 }).unwrap();
    assert_eq!(range(&document, "five"), (6, 6), "all of it went");
    document.perform(Operation::Insert { at: 0, data: bytes(b"xyz") }).unwrap();
    assert_eq!(range(&document, "five"), (9, 9));
    document.undo();
    document.undo();
    assert_eq!(range(&document, "five"), (7, 10));
    document.undo();
    assert_eq!(range(&document, "five"), (5, 8));
    for _ in 0..3 {
        document.redo();
    }
    assert_eq!(range(&document, "five"), (9, 9));
    document.walk_to(Moment::Start);
    assert_eq!(range(&document, "five"), (5, 8));
    document.walk_to(Moment::Latest);
    assert_eq!(range(&document, "five"), (9, 9));
    // Writes in place move nothing, and neither does a cut behind it.
    document.undo();
    document.undo();
    document.perform(Operation::seek(6)).unwrap();
    document.perform(Operation::Write(bytes(b"....."))).unwrap();
    assert_eq!(range(&document, "five"), (7, 10));
    document.perform(Operation::Close).unwrap();
    assert_eq!(range(&document, "five"), (0, 0));
    document.undo();
    assert_eq!(range(&document, "five"), (7, 10));
}

#[test]
fn one_that_is_made_late_is_known_at_earlier_moments() {
    let mut document = document(b"0123456789");
    document.perform(Operation::Insert { at: 3, data: bytes(b"new text") }).unwrap();
    let late = Moment::After(document.timeline().current().unwrap().number());
    add(&mut document, "in the new", 4, 7);
    add(&mut document, "behind", 13, 15);
    document.walk_to(Moment::Start);
    assert_eq!((range(&document, "in the new"), range(&document, "behind")), ((3, 3), (5, 7)));
    document.walk_to(late);
    assert_eq!((range(&document, "in the new"), range(&document, "behind")), ((4, 7), (13, 15)));
}

#[test]
fn typing_moves_them_key_by_key_and_one_undo_brings_them_back() {
    let mut document = Document::text("text", Origin::New, "head body tail", Newline::Lf);
    document.add_bookmark("body", (5, 9), BookmarkColor::Red, "").unwrap();
    for (n, letter) in "typed ".chars().enumerate() {
        let data = Data::Text(Text::from(letter.to_string()));
        document.perform_typing(Operation::Insert { at: 5 + n as u64, data }, 1.0 + n as f64 / 10.0).unwrap();
    }
    assert_eq!(range(&document, "body"), (11, 15));
    for n in 0..9 {
        document.perform_typing(Operation::Delete { start: 14 - n, end: 15 - n }, 2.0 + n as f64 / 10.0).unwrap();
    }
    assert_eq!(range(&document, "body"), (6, 6));
    assert_eq!(document.history().undo_len(), 3, "the bookmark, and two runs of typing");
    document.undo();
    assert_eq!(range(&document, "body"), (11, 15));
    document.undo();
    assert_eq!(range(&document, "body"), (5, 9));
    document.redo();
    document.redo();
    assert_eq!(range(&document, "body"), (6, 6));
}

#[test]
fn a_moment_has_the_same_ranges_whichever_way_leads_there() {
    let mut random = fastrand::Rng::with_seed(2);
    let mut document = document(&vec![b'.'; 4000]);
    let mut known: HashMap<u64, Vec<(String, u64, u64)>> = HashMap::new();
    for n in 0..40 {
        let start = random.u64(..4000);
        add(&mut document, &format!("m{n}"), start, (start + random.u64(..60)).min(4000));
    }
    let here = |document: &Document| document.timeline().current().map_or(0, seektell::document::Entry::number);
    known.insert(0, ranges(&document));
    for n in 0..12_000_u64 {
        let size = document.size();
        let at = random.u64(..=size);
        let operation = match random.u8(..5) {
            0 | 1 => Operation::Insert { at, data: bytes(&[7; 40][..random.usize(..40)]) },
            2 => Operation::Delete { start: at, end: (at + random.u64(..60)).min(size) },
            3 => Operation::Replace { start: at, end: (at + 9).min(size), data: bytes(b"abc") },
            _ => Operation::Write(bytes(b"over")),
        };
        document.perform(operation).unwrap();
        if n % 251 == 0 {
            known.insert(here(&document), ranges(&document));
        }
        if n % 2500 == 2499 {
            let numbers: Vec<u64> = known.keys().copied().collect();
            let number = numbers[random.usize(..numbers.len())];
            document.walk_to(if number == 0 { Moment::Start } else { Moment::After(number) });
            assert_eq!(ranges(&document), known[&number]);
            document.stay();
        }
        assert!(document.bookmarks().iter().all(|mark| mark.end() <= document.size()));
    }
    assert!(document.timeline().branches() > 2);
    let numbers: Vec<u64> = known.keys().copied().collect();
    for _ in 0..60 {
        let number = numbers[random.usize(..numbers.len())];
        assert!(document.walk_to(if number == 0 { Moment::Start } else { Moment::After(number) }));
        assert_eq!(ranges(&document), known[&number], "at {number}");
    }
}

#[test]
fn names_are_unique_and_ranges_inside() {
    let mut document = document(b"0123456789");
    add(&mut document, "a", 0, 0);
    let mut new = |name: &str, range| document.add_bookmark(name, range, BookmarkColor::Green, "");
    assert_eq!(new(" a ", (1, 2)), Err(BookmarkError::NameTaken("a".into())));
    assert_eq!(new(" \n", (1, 2)), Err(BookmarkError::NoName));
    assert_eq!(new("b", (1, 11)), Err(BookmarkError::Outside(10)));
    assert_eq!(new("b", (3, 2)), Err(BookmarkError::Outside(10)));
    assert!(matches!(new(&"x".repeat(1000), (1, 2)), Err(BookmarkError::TooLong(_))));
    let b = new("b\u{7}c", (10, 10)).unwrap();
    assert_eq!(document.bookmarks().get(b).unwrap().name(), "b c");
    assert_eq!(document.rename_bookmark(b, "a"), Err(BookmarkError::NameTaken("a".into())));
    document.rename_bookmark(b, "b").unwrap();
    assert_eq!((document.bookmarks().offset("b"), document.bookmarks().offset("c")), (Some(10), None));
    let names = |document: &Document| document.bookmarks().iter().map(|mark| mark.name().to_owned()).collect::<Vec<_>>();
    assert_eq!(names(&document), ["a", "b"]);
    document.place_bookmark(document.bookmarks().named("a").unwrap().id(), (4, 6)).unwrap();
    add(&mut document, "c", 2, 9);
    assert_eq!(names(&document), ["c", "a", "b"], "by place");
    let marks = document.bookmarks();
    assert_eq!((marks.after(4).unwrap().name(), marks.before(4).unwrap().name()), ("b", "c"));
    assert_eq!(marks.within(3, 4).map(seektell::document::Bookmark::name).collect::<Vec<_>>(), ["c"]);
    assert!(document.remove_bookmark(b) && !document.remove_bookmark(b));
    assert_eq!(document.comment_bookmark(b, "x"), Err(BookmarkError::Gone));
    let version = document.bookmarks().version();
    document.perform(Operation::Insert { at: 0, data: bytes(b"x") }).unwrap();
    assert!(document.bookmarks().version() > version);
    document.undo();
    assert!(!document.is_modified(), "bookmarks are no edits of what is saved");
}

/// Everything that a bookmark says, by place.
fn told(document: &Document) -> Vec<(String, u64, u64, BookmarkColor, String)> {
    let told = |m: &seektell::document::Bookmark| (m.name().to_owned(), m.start(), m.end(), m.color, m.comment.clone());
    document.bookmarks().iter().map(told).collect()
}

#[test]
fn what_is_done_to_bookmarks_is_a_step_of_undo() {
    let mut document = document(b"0123456789");
    let mut states = vec![told(&document)];
    let mut labels = Vec::new();
    let mut id = None;
    for step in 0..8 {
        let notes = document.timeline().len();
        match step {
            0 => id = Some(document.add_bookmark("header", (1, 4), BookmarkColor::Red, "").unwrap()),
            1 => document.rename_bookmark(id.unwrap(), "head").unwrap(),
            2 => document.comment_bookmark(id.unwrap(), "what it is").unwrap(),
            3 => document.color_bookmark(id.unwrap(), BookmarkColor::Blue).unwrap(),
            4 => document.place_bookmark(id.unwrap(), (2, 6)).unwrap(),
            5 => assert!(document.remove_bookmark(id.unwrap())),
            6 => {
                let text = r#"{"format":"seektell bookmarks","version":1,"unit":"byte",
                    "bookmarks":[{"name":"a","start":0},{"name":"b","start":3,"length":2}]}"#;
                assert_eq!(document.import_bookmarks(text).unwrap(), 2);
            }
            _ => assert_eq!(document.remove_bookmarks(), 2),
        }
        assert_eq!(document.timeline().len(), notes + 1);
        labels.push(document.timeline().current().unwrap().note().unwrap().to_owned());
        states.push(told(&document));
        assert_eq!(document.history().undo_len(), step + 1);
        assert!(!document.is_modified(), "nothing of it is saved with the bytes");
    }
    assert_eq!(
        labels,
        [
            "Bookmark 'header' added",
            "Bookmark 'header' renamed to 'head'",
            "Bookmark 'head': comment added",
            "Bookmark 'head' made blue",
            "Bookmark 'head' moved to 0x2..0x6",
            "Bookmark 'head' removed",
            "2 bookmarks added",
            "All 2 bookmarks removed",
        ]
    );
    assert_eq!(document.timeline().current().unwrap().call(), "# All 2 bookmarks removed");
    for _ in 0..2 {
        for step in (0..8).rev() {
            assert!(document.undo());
            assert_eq!(told(&document), states[step], "undo to {step}");
        }
        assert!(!document.undo());
        for (step, state) in states.iter().enumerate().skip(1) {
            assert!(document.redo());
            assert_eq!(&told(&document), state, "redo to {step}");
        }
        assert_eq!(document.history().redo_len(), 0);
    }
    assert_eq!(document.revision(), 0);
    assert!(!document.timeline().python("data").unwrap().contains("ookmark"), "a program knows no bookmarks");
}

#[test]
fn nothing_changed_is_no_step() {
    let mut document = document(b"0123456789");
    let id = document.add_bookmark("a", (1, 4), BookmarkColor::Red, "c").unwrap();
    document.rename_bookmark(id, " a ").unwrap();
    document.comment_bookmark(id, "c").unwrap();
    document.color_bookmark(id, BookmarkColor::Red).unwrap();
    document.place_bookmark(id, (1, 4)).unwrap();
    document.add_bookmark("a", (0, 1), BookmarkColor::Red, "").unwrap_err();
    document.place_bookmark(id, (1, 40)).unwrap_err();
    document.import_bookmarks("{}").unwrap_err();
    assert_eq!((document.history().undo_len(), document.timeline().len()), (1, 1));
    document.remove_bookmark(id);
    assert!(!document.remove_bookmark(id));
    assert_eq!(document.rename_bookmark(id, "b"), Err(BookmarkError::Gone));
    assert_eq!(document.remove_bookmarks(), 0);
    assert_eq!((document.history().undo_len(), document.timeline().len()), (2, 2));
}

#[test]
fn one_that_comes_back_is_where_its_bytes_are() {
    let mut document = document(b"0123456789");
    add(&mut document, "five", 5, 8);
    document.perform(Operation::Delete { start: 4, end: 9 }).unwrap();
    assert_eq!(range(&document, "five"), (4, 4));
    let id = document.bookmarks().named("five").unwrap().id();
    document.remove_bookmark(id);
    document.perform(Operation::Insert { at: 0, data: bytes(b"ab") }).unwrap();
    document.undo();
    document.undo();
    assert_eq!(range(&document, "five"), (4, 4), "where it was removed");
    document.undo();
    assert_eq!(range(&document, "five"), (5, 8), "what an undo of the bytes brings back it brings back for it, too");
    document.redo();
    document.redo();
    assert!(document.bookmarks().is_empty());
    document.undo();
    // Moved by hand at one moment: the old range comes back as it was at another.
    document.place_bookmark(id, (0, 2)).unwrap();
    document.perform(Operation::Insert { at: 0, data: bytes(b"ab") }).unwrap();
    assert_eq!(range(&document, "five"), (2, 4));
    for _ in 0..3 {
        document.undo();
    }
    assert_eq!(range(&document, "five"), (5, 8));
}

#[test]
fn a_bookmark_made_on_a_walk_leaves_the_walk_and_is_undone() {
    let mut document = document(b"0123456789");
    document.perform(Operation::Insert { at: 0, data: bytes(b"ab") }).unwrap();
    document.perform(Operation::Insert { at: 0, data: bytes(b"cd") }).unwrap();
    document.walk_to(Moment::Start);
    add(&mut document, "seen", 3, 4);
    let id = document.bookmarks().named("seen").unwrap().id();
    assert!(document.is_walking(), "a note about an earlier moment does not go on from there");
    assert_eq!(document.timeline().branches(), 1);
    document.color_bookmark(id, BookmarkColor::Green).unwrap();
    document.walk_to(Moment::Latest);
    assert_eq!((document.size(), range(&document, "seen")), (14, (7, 8)));
    document.walk_to(Moment::Start);
    document.remove_bookmark(id);
    assert!(document.undo());
    assert!(!document.is_walking());
    assert_eq!((document.size(), range(&document, "seen")), (14, (7, 8)));
    document.undo();
    document.undo();
    assert!(document.bookmarks().is_empty() && document.size() == 14);
    document.undo();
    assert_eq!(document.size(), 12);
}

#[test]
fn typing_around_a_bookmark_is_two_steps_and_the_cursor_is_left_alone() {
    let mut document = document(b"0123456789");
    let key = |document: &mut Document, at| {
        _ = document.perform_typing(Operation::Write(bytes(b"x")), at);
    };
    key(&mut document, 1.0);
    document.select(2, 6);
    let selection = document.selection();
    add(&mut document, "a", 2, 6);
    assert_eq!((document.selection(), document.position()), (selection, 6));
    document.undo();
    assert_eq!((document.selection(), document.position()), (selection, 6));
    document.redo();
    assert_eq!((document.selection(), document.position()), (selection, 6));
    key(&mut document, 1.5);
    assert_eq!(document.history().undo_len(), 3);
    document.undo();
    assert_eq!(document.latest_snapshot().to_vec_all().unwrap(), b"x123456789");
}

#[test]
fn what_undo_keeps_of_bookmarks_is_bounded() {
    let mut document = document(b"0123456789");
    for n in 0..9000 {
        let id = document.add_bookmark("a", (n % 9, n % 9 + 1), BookmarkColor::Red, "").unwrap();
        document.remove_bookmark(id);
    }
    let steps = document.history().undo_len();
    assert!((2 * 4096..=4 * 4096 + 4).contains(&steps), "{steps}");
    document.undo();
    assert_eq!(range(&document, "a"), (8999 % 9, 8999 % 9 + 1));
    for _ in 0..steps {
        document.undo();
    }
    assert!(document.bookmarks().is_empty() && document.history().undo_len() == 0);
}
