//! The timeline of a document: walking, branches, undo among them, and what it costs.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

mod scripts;
mod sessions;

use seektell::buffer::Buffer;
use seektell::document::{Call, Data, Document, KEPT, Moment, Operation, Origin, SpanKind, StreamKind};
use seektell::stream::{BytesIO, CallRecord, Newline, SeenNewlines, StreamState, StringIO, Text, TextState, Value, Whence};
use sessions::{operation, start};

fn bytes(content: &[u8]) -> Document {
    Document::bytes("buf", Origin::New, content)
}

/// The state, text by its code points.
fn shown(document: &Document) -> (Vec<u8>, u64, bool, u64) {
    (document.snapshot().to_vec_all().unwrap(), document.position(), document.is_closed(), document.revision())
}

fn content(document: &Document) -> Vec<u8> {
    document.snapshot().to_vec_all().unwrap()
}

fn last(document: &Document) -> u64 {
    document.timeline().current().unwrap().number()
}

#[test]
fn every_moment_is_as_it_was() {
    for seed in 0..60 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut document = start(&mut random);
        let mut moments = vec![(0, shown(&document))];
        for _ in 0..120 {
            match random.u8(0..20) {
                0 => {
                    let (number, _) = moments[random.usize(..moments.len())];
                    let moment = if number == 0 { Moment::Start } else { Moment::After(number) };
                    assert!(document.walk_to(moment));
                }
                1 => _ = document.undo(),
                2 => _ = document.redo(),
                _ => {
                    let operation = operation(&mut random, &document);
                    document.perform(operation).ok();
                    let number = last(&document);
                    // Movements of the cursor that follow each other are one entry.
                    moments.retain(|(kept, _)| *kept != number);
                    moments.push((number, shown(&document)));
                }
            }
        }
        random.shuffle(&mut moments);
        for (number, moment) in &moments {
            assert!(document.walk_to(if *number == 0 { Moment::Start } else { Moment::After(*number) }));
            assert_eq!(shown(&document), *moment, "seed {seed}, entry {number}");
            if let Some(entry) = document.timeline().entry(*number) {
                assert_eq!((entry.position_after(), entry.size_after()), (document.position(), document.size()));
            }
        }
    }
}

#[test]
fn an_edit_from_an_earlier_moment_starts_a_branch_and_loses_nothing() {
    let mut document = bytes(b"hello world");
    for word in ["HELLO", "-", "WORLD"] {
        document.perform(Operation::Write(word.into())).unwrap();
    }
    let latest = last(&document);
    assert!(document.walk_to(Moment::After(1)));
    assert!(document.is_walking() && document.is_modified());
    assert_eq!((content(&document).as_slice(), document.position()), (&b"HELLO world"[..], 5));
    assert_eq!(document.touched().map(|span| (span.kind, span.start, span.end)), Some((SpanKind::Written, 0, 5)));
    assert_eq!(document.timeline().step(), (1, 3));
    assert_eq!(document.latest_snapshot().to_vec_all().unwrap(), b"HELLO-WORLD");

    document.perform(Operation::Write("!".into())).unwrap();
    assert!(!document.is_walking());
    assert_eq!(content(&document), b"HELLO!world");
    assert_eq!((document.timeline().branches(), document.timeline().len()), (2, 4));
    assert_eq!(document.timeline().current().unwrap().parent(), 1);

    // The branch that was left can be walked to, and its whole way.
    assert!(document.walk_to(Moment::After(latest)));
    assert_eq!(content(&document), b"HELLO-WORLD");
    assert_eq!(document.timeline().step(), (3, 3));
    assert_eq!(document.timeline().moment(2), Moment::After(2));
    assert!(document.walk_to(Moment::Latest));
    assert_eq!(content(&document), b"HELLO!world");
    assert_eq!(document.timeline().step(), (2, 2));

    // Undo takes the edit back, then the step aside, then the edits of the branch that was left.
    for expected in [&b"HELLO world"[..], b"HELLO-WORLD", b"HELLO-world", b"HELLO world", b"hello world"] {
        assert!(document.undo());
        assert_eq!(content(&document), expected);
    }
    assert!(!document.undo());
    while document.redo() {}
    assert_eq!(content(&document), b"HELLO!world");
}

#[test]
fn undo_while_walking_is_about_the_latest_moment() {
    let mut document = bytes(b"");
    document.perform(Operation::Write("one".into())).unwrap();
    document.perform(Operation::Write("two".into())).unwrap();
    document.select(1, 4);
    document.walk_to(Moment::After(1));
    assert_eq!(document.selection(), None);
    document.walk_to(Moment::Latest);
    assert_eq!(document.selection().map(|selection| (selection.start(), selection.end())), Some((1, 4)));
    document.walk_to(Moment::Start);
    assert!(document.undo());
    assert!(!document.is_walking());
    assert_eq!(content(&document), b"one");
    assert!(document.redo());
    assert_eq!(content(&document), b"onetwo");
    assert!(!document.walk_to(Moment::After(99)), "there is no such moment");
}

#[test]
fn a_walk_saves_what_is_latest() {
    let mut document = bytes(b"saved");
    document.perform(Operation::Write("S".into())).unwrap();
    document.walk_to(Moment::Start);
    assert_eq!(content(&document), b"saved");
    assert!(document.is_modified(), "the latest moment is not saved, whatever is shown");
    let revision = document.latest_revision();
    document.mark_saved(revision);
    assert!(!document.is_modified());
    document.walk_to(Moment::Latest);
    assert!(!document.is_modified());
    document.stay();
    assert_eq!(document.history().undo_len(), 1, "there is nothing to stay at");
}

#[test]
fn staying_makes_the_shown_moment_the_latest() {
    let mut document = bytes(b"");
    for letter in ["a", "b", "c"] {
        document.perform(Operation::Write(letter.into())).unwrap();
    }
    document.walk_to(Moment::After(2));
    document.stay();
    assert!(!document.is_walking());
    assert_eq!(document.latest_snapshot().to_vec_all().unwrap(), b"ab");
    assert_eq!(document.timeline().step(), (2, 2));
    assert_eq!(document.history().undo_label(), Some("Branch"));
    assert!(document.undo());
    assert_eq!(content(&document), b"abc");
}

fn record(stream: &mut BytesIO, method: &str, args: &[Value]) -> CallRecord {
    let before = StreamState::Bytes(stream.state());
    let result = stream.call(method, args);
    CallRecord { method: Some(method.into()), args: args.to_vec(), result, before, after: StreamState::Bytes(stream.state()) }
}

#[test]
fn a_statements_calls_are_entries_and_one_undo_step() {
    let mut document = bytes(b"one\ntwo\nthree");
    let mut stream = BytesIO::new(b"one\ntwo\nthree");
    let target = Value::bytearray([0; 5]);
    let mut calls = vec![
        record(&mut stream, "readline", &[]),
        record(&mut stream, "readlines", &[Value::from(1)]),
        record(&mut stream, "readinto", std::slice::from_ref(&target)),
        record(&mut stream, "writelines", &[Value::List(vec![Value::from(b"x"), Value::from(b"yz")])]),
        record(&mut stream, "seek", &[Value::from(-1), Value::from(9)]),
        record(&mut stream, "truncate", &[Value::from(14)]),
    ];
    // A view wrote something, and no call tells of it.
    let before = StreamState::Bytes(stream.state());
    stream.getbuffer().unwrap().set_slice(Some(4), Some(7), b"TWO").unwrap();
    let after = StreamState::Bytes(stream.state());
    calls.push(CallRecord { method: None, args: vec![], result: Ok(Value::None), before, after: after.clone() });
    stream.seek(0, Whence::Start).unwrap();
    stream.write(b"ONE").unwrap();
    let now = StreamState::Bytes(stream.state());
    document.adopt_calls(calls, 2, &now, "work(buf)");
    assert_eq!(content(&document), b"ONE\nTWO\nthreex");
    assert_eq!(document.position(), 3);
    let calls: Vec<_> = document
        .timeline()
        .entries()
        .map(|entry| (entry.call(), entry.span.map(|span| (span.kind, span.start, span.end))))
        .collect();
    let read = |start, end| Some((SpanKind::Read, start, end));
    let written = |start, end| Some((SpanKind::Written, start, end));
    let expected = [
        ("buf.readline()", read(0, 4)),
        ("buf.readlines(1)", read(4, 8)),
        ("buf.readinto(bytearray(b'three'))", read(8, 13)),
        ("buf.writelines([b'x', b'yz'])", written(13, 16)),
        ("buf.seek(-1, 9)", None),
        ("buf.truncate(14)", None),
        ("buf.getbuffer()[4:7] = b'TWO'", written(4, 7)),
        ("# 2 more calls", written(0, 3)),
    ];
    assert_eq!(calls, expected.map(|(call, span)| (call.to_owned(), span)));
    let raised: Vec<bool> = document.timeline().entries().map(|entry| entry.raised).collect();
    assert_eq!(raised, [false, false, false, false, true, false, false, false]);
    assert!(document.timeline().entries().all(|entry| entry.statement.as_deref() == Some("work(buf)")));
    assert_eq!(document.history().undo_len(), 1);
    document.walk_to(Moment::After(4));
    assert_eq!(content(&document), b"one\ntwo\nthreexyz");
    document.undo();
    assert_eq!((content(&document).as_slice(), document.position()), (&b"one\ntwo\nthree"[..], 0));
    document.redo();
    assert_eq!(content(&document), b"ONE\nTWO\nthreex");
}

#[test]
fn what_the_stream_held_elsewhere_becomes_an_entry() {
    let mut document = bytes(b"here");
    let mut stream = BytesIO::new(b"there");
    let calls = vec![record(&mut stream, "read", &[Value::from(2)])];
    document.adopt_calls(calls, 0, &StreamState::Bytes(stream.state()), "buf.read(2)");
    assert_eq!((content(&document).as_slice(), document.position()), (&b"there"[..], 2));
    assert_eq!(document.timeline().len(), 2);
    document.undo();
    assert_eq!(content(&document), b"here");
    // Nothing happened: nothing is entered.
    let now = document.timeline().len();
    let state = StreamState::Bytes(BytesIO::new(b"here").state());
    document.adopt_calls(Vec::new(), 0, &state, "None");
    assert_eq!(document.timeline().len(), now);
}

#[test]
fn a_text_streams_newlines_are_part_of_a_moment() {
    let mut document = Document::text("buf", Origin::New, "", Newline::Universal);
    document.perform(Operation::Write(Data::Text(Text::from("a\r\nb")))).unwrap();
    document.perform(Operation::Write(Data::Text(Text::from("\r😀")))).unwrap();
    let seen = |document: &Document| match document.state() {
        StreamState::Text(TextState { seen, .. }) => seen,
        StreamState::Bytes(_) => SeenNewlines::default(),
    };
    assert_eq!(seen(&document), SeenNewlines { cr: true, lf: false, crlf: true });
    document.walk_to(Moment::After(1));
    assert_eq!(seen(&document), SeenNewlines { cr: false, lf: false, crlf: true });
    assert_eq!(document.as_text().unwrap(), &Text::from("a\nb"));
    document.walk_to(Moment::Latest);
    assert_eq!(document.as_text().unwrap(), &Text::from("a\nb\n😀"));
    let mut stream = StringIO::new("", Newline::Universal);
    stream.write_str("a\r\nb").unwrap();
    assert_eq!(document.kind(), StreamKind::Text);
}

/// Old calls are forgotten, the way to what is shown stays whole, and undo ends where the timeline does.
#[test]
fn what_is_too_old_is_forgotten_and_counted() {
    let mut document = bytes(&[0; 64]);
    let mut random = fastrand::Rng::with_seed(7);
    let mut left = None;
    for i in 0..KEPT as u64 + 100 {
        if i == 50 {
            // A branch from the very beginning goes with its beginning.
            left = Some(last(&document));
            document.walk_to(Moment::After(2));
        }
        document.perform(Operation::seek(random.u64(0..64))).unwrap();
        document.perform(Operation::Write(Data::Bytes((&[random.u8(..)]).into()))).unwrap();
        if document.timeline().forgotten() > 0 {
            break;
        }
    }
    let timeline = document.timeline();
    let made = last(&document);
    assert!(timeline.forgotten() >= (KEPT / 10) as u64);
    assert_eq!(timeline.len() as u64 + timeline.forgotten(), made);
    assert_eq!(timeline.branches(), 1);
    assert!(!document.walk_to(Moment::After(left.unwrap())));
    let latest = content(&document);
    document.walk_to(Moment::Start);
    let start = shown(&document);
    assert_eq!(document.timeline().step(), (0, document.timeline().len()));
    document.walk_to(Moment::Latest);
    assert_eq!(content(&document), latest);
    while document.undo() {}
    assert_eq!(content(&document), start.0);
}

#[test]
fn a_call_by_name_is_an_operation_too() {
    let mut document = bytes(b"a\nb\n");
    let call = Call { method: Some("readlines".into()), args: Box::default(), cut: false, more: None };
    let lines = document.perform(Operation::Call(Box::new(call))).unwrap();
    assert_eq!(lines.repr(), r"[b'a\n', b'b\n']");
    assert_eq!(document.timeline().current().unwrap().call(), "buf.readlines()");
}

/// Jumps over many changes go another way than steps: everything is put together anew from what is kept of its parts.
#[test]
fn a_jump_over_thousands_of_changes_and_branches_ends_with_the_right_content() {
    let text = |units: String| Data::Text(Text::from(units));
    let bytes = |units: String| Data::Bytes(Buffer::from(units.into_bytes()));
    let documents = [
        (Document::bytes("buf", Origin::New, vec![b'.'; 40_000]), &bytes as &dyn Fn(String) -> Data),
        (Document::text("buf", Origin::New, ".".repeat(20_000).as_str(), Newline::Lf), &text),
    ];
    for (mut document, data) in documents {
        let mut random = fastrand::Rng::with_seed(11);
        let mut marks = vec![(Moment::Start, document.position(), document.snapshot())];
        for n in 0..14_000_u64 {
            let size = document.size();
            let at = random.u64(..=size);
            let wide = if random.u8(..) < 8 { "€😀" } else { "é" };
            let operation = match random.u8(..8) {
                0 => Operation::Insert { at, data: data(format!("<{n}{wide}>")) },
                1 => Operation::Delete { start: at, end: (at + random.u64(..30)).min(size) },
                2 => Operation::Replace { start: at, end: (at + 3).min(size), data: data("long ".repeat(random.usize(..120))) },
                3 => Operation::Read(Some(5)),
                4 => Operation::seek(at),
                5 if random.u8(..) == 0 => Operation::Truncate(None),
                _ => Operation::Write(data(format!("{n}"))),
            };
            document.perform_typing(operation, n as f64).ok();
            if n % 397 == 0 {
                let number = document.timeline().current().unwrap().number();
                marks.push((Moment::After(number), document.position(), document.snapshot()));
                // From here on the entry does not change any more.
                document.perform(Operation::Tell).unwrap();
            }
            if n % 3001 == 3000 {
                let (moment, ..) = marks[random.usize(..marks.len())];
                assert!(document.walk_to(moment));
                document.stay();
            }
        }
        assert!(document.timeline().branches() > 3);
        for _ in 0..120 {
            let (moment, position, content) = &marks[random.usize(..marks.len())];
            assert!(document.walk_to(*moment));
            assert_eq!(document.position(), *position);
            assert!(document.snapshot() == *content, "{moment:?}");
        }
    }
}
