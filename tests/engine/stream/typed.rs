//! The typed interface: what the tables, which go through calls by name, do not show.

use seektell::buffer::{Buffer, ByteRange, Len, Offset};
use seektell::stream::{
    BytesIO, ExceptionKind, Newline, StreamObject, StringIO, Text, TextIOWrapper, TextOptions, Value, Whence, codec,
};

fn bytes(buffer: &Buffer) -> Vec<u8> {
    buffer.to_vec_all().unwrap()
}

#[test]
fn a_value_that_was_taken_does_not_change() {
    let mut stream = BytesIO::default();
    let mut taken = Vec::new();
    for n in 0..200_u32 {
        stream.write(&n.to_le_bytes()).unwrap();
        if n % 3 == 0 {
            stream.seek(i64::from(n), Whence::Start).unwrap();
        } else {
            stream.seek(0, Whence::End).unwrap();
        }
        let value = stream.getvalue().unwrap();
        taken.push((bytes(&value), value, stream.state()));
    }
    for (content, value, state) in taken {
        assert_eq!(bytes(&value), content);
        stream.restore(&state);
        assert_eq!(bytes(stream.value()), content);
        assert_eq!(stream.position(), state.position);
    }
}

#[test]
fn writes_agree_with_a_plain_vector() {
    let mut rng = fastrand::Rng::with_seed(7);
    let mut stream = BytesIO::default();
    let mut model = Vec::new();
    let mut at = 0_usize;
    let block = (0..100_000_u32).map(|n| (n * 7 % 251) as u8).collect::<Vec<_>>();
    for _ in 0..3000 {
        match rng.u32(..10) {
            0..5 => {
                let len = *rng.choice(&[1, 5, 11, 200, 5000, 70_000]).unwrap();
                let from = rng.usize(..block.len() - len);
                let part = &block[from..from + len];
                if rng.bool() {
                    assert_eq!(stream.write(part).unwrap(), len);
                } else {
                    assert_eq!(stream.write_buffer(&Buffer::from(part)).unwrap(), len as u64);
                }
                if model.len() < at + len {
                    model.resize(at + len, 0);
                }
                model[at..at + len].copy_from_slice(part);
                at += len;
            }
            5 | 6 => {
                at = rng.usize(..=model.len() + 10);
                stream.seek(at as i64, Whence::Start).unwrap();
            }
            7 => {
                let size = rng.usize(..=model.len());
                stream.truncate(Some(size as i64)).unwrap();
                model.truncate(size);
            }
            8 => {
                let size = rng.usize(..300);
                let read = bytes(&stream.read(Some(size as u64)).unwrap());
                let start = at.min(model.len());
                let end = (at + size).min(model.len()).max(start);
                assert_eq!(read, &model[start..end]);
                at = at.max(end);
            }
            _ => {
                let mut out = vec![0; rng.usize(..3000)];
                let n = stream.read_into(&mut out).unwrap();
                let start = at.min(model.len());
                assert_eq!(&out[..n], &model[start..(at + out.len()).min(model.len()).max(start)]);
                at += n;
            }
        }
        assert_eq!(stream.len().get(), model.len() as u64);
        assert_eq!(stream.position().get(), at as u64);
        if model.len() > 400_000 {
            model.truncate(1000);
            stream.truncate(Some(1000)).unwrap();
        }
    }
    assert_eq!(bytes(stream.value()), model);
}

#[test]
fn a_value_seen_through_a_shared_reference_follows_the_view() {
    let mut stream = BytesIO::new(b"abc");
    let view = stream.getbuffer().unwrap();
    let (shared, before) = (&stream, stream.value());
    view.set_item(&Value::from(0), &Value::from(0x58)).unwrap();
    assert_eq!(bytes(shared.value()), b"Xbc");
    assert_eq!(bytes(before), b"abc");
    assert!(stream.is_exported());
    drop(view);
    assert!(!stream.is_exported());
    stream.write(b"12").unwrap();
    assert_eq!(bytes(stream.value()), b"12c");
}

#[test]
fn restoring_lets_go_of_views() {
    let mut stream = BytesIO::new(b"abc");
    let state = stream.state();
    let view = stream.getbuffer().unwrap();
    stream.restore(&state);
    stream.write(b"X").unwrap();
    assert_eq!(view.to_vec().unwrap(), b"abc");
    assert_eq!(bytes(stream.value()), b"Xbc");
}

#[test]
fn edits_move_what_follows_and_set_the_cursor() {
    let mut stream = BytesIO::new(b"0123456789");
    stream.edit(ByteRange::new(Offset(2), Len(3)), &Buffer::from(b"ab"), Offset(4)).unwrap();
    assert_eq!((bytes(stream.value()), stream.tell().unwrap()), (b"01ab56789".to_vec(), 4));
    stream.edit(ByteRange::new(Offset(100), Len(5)), &Buffer::from(b"!"), Offset(0)).unwrap();
    assert_eq!(bytes(stream.value()), b"01ab56789!");
    let view = stream.getbuffer().unwrap();
    let refused = stream.edit(ByteRange::default(), &Buffer::from(b"x"), Offset(0)).unwrap_err();
    assert_eq!(refused.kind, ExceptionKind::Buffer);
    view.release();
    stream.close().unwrap();
    assert_eq!(stream.edit(ByteRange::default(), &Buffer::new(), Offset(0)).unwrap_err().kind, ExceptionKind::Value);

    let mut text = StringIO::new("naïve", Newline::Universal);
    text.edit(2, 3, &Text::from("\r\n😀"), 5).unwrap();
    assert_eq!((text.value(), text.tell().unwrap()), (&Text::from("na\r\n😀ve"), 5));
    text.edit(50, 60, &Text::from("!"), 0).unwrap();
    assert_eq!(text.getvalue().unwrap(), Text::from("na\r\n😀ve!"));
}

#[test]
fn a_gap_costs_nothing() {
    let mut stream = BytesIO::new(b"abc");
    stream.seek(1 << 60, Whence::Start).unwrap();
    stream.write(b"x").unwrap();
    assert_eq!(stream.getvalue().unwrap().len(), Len((1 << 60) + 1));
    assert!(stream.value().memory().get() < 1 << 20);
    stream.seek(3, Whence::Start).unwrap();
    assert_eq!(bytes(&stream.read(Some(2)).unwrap()), [0, 0]);
    assert!(stream.call("getvalue", &[]).unwrap().repr_within(8).starts_with("b'abc\\x00"));

    let mut text = StringIO::new("abc", Newline::Lf);
    text.seek(1 << 28, Whence::Start).unwrap();
    text.write(&Text::from("x")).unwrap();
    assert!(text.value().byte_len().get() == (1 << 28) + 1);
}

#[test]
fn ascii_text_takes_a_byte_a_character_until_a_wider_one_comes() {
    let mut stream = StringIO::default();
    for _ in 0..10_000 {
        stream.write_str("Hello World").unwrap();
    }
    assert_eq!(stream.value().byte_len(), Len(110_000));
    let before = stream.state();
    stream.write_str("€").unwrap();
    assert_eq!(stream.value().byte_len(), Len(220_002));
    stream.write(&Text::from("😀")).unwrap();
    assert_eq!(stream.value().byte_len(), Len(440_008));
    assert_eq!(stream.value().get(110_000), Some(0x20AC));
    stream.seek(0, Whence::Start).unwrap();
    // A narrow text of a wide stream is written as narrow as it is.
    let narrow = stream.read(Some(5)).unwrap();
    stream.restore(&before);
    stream.write(&narrow).unwrap();
    assert_eq!(stream.value().byte_len(), Len(110_005));
    assert_eq!(stream.value().slice(110_000, 110_005), Text::from("Hello"));
}

#[test]
fn lines_are_an_iterator() {
    let mut stream = BytesIO::new(b"one\ntwo\n\nlast");
    let lines = stream.iter_lines().map(|line| bytes(&line.unwrap())).collect::<Vec<_>>();
    assert_eq!(lines, [&b"one\n"[..], b"two\n", b"\n", b"last"]);
    stream.write_lines(["\n", "x"]).unwrap();
    assert_eq!(stream.tell().unwrap(), 15);
    let mut text = StringIO::new("one\r\ntwo", Newline::UniversalUntranslated);
    let lines = text.iter_lines().collect::<Result<Vec<_>, _>>().unwrap();
    assert_eq!(lines, [Text::from("one\r\n"), Text::from("two")]);
    stream.close().unwrap();
    assert!(stream.iter_lines().next().unwrap().is_err());
}

#[test]
fn lines_longer_than_any_run_are_found() {
    let mut content = vec![b'x'; 300_000];
    content.push(b'\n');
    content.extend_from_slice(b"short");
    let mut stream = BytesIO::new(content.clone());
    assert_eq!(bytes(&stream.read_line(None).unwrap()).len(), 300_001);
    assert_eq!(bytes(&stream.read_line(None).unwrap()), b"short");
    for wide in ["", "€", "😀"] {
        let text = format!("{wide}{}\nshort", "y".repeat(100_000));
        let mut stream = StringIO::new(text.as_str(), Newline::Lf);
        assert_eq!(stream.read_line(None).unwrap().len(), text.chars().count() as u64 - 5);
        assert_eq!(stream.read_line(None).unwrap(), Text::from("short"));
    }
}

fn text_over(bytes: &[u8], options: &TextOptions) -> (StreamObject, TextIOWrapper) {
    let raw = StreamObject::from(BytesIO::new(bytes));
    (raw.clone(), TextIOWrapper::new(raw, options).unwrap())
}

#[test]
fn a_wrapper_tells_where_its_characters_come_from() {
    let (raw, mut text) = text_over("aé€\r\n😀z".as_bytes(), &TextOptions::default());
    assert_eq!(text.read(Some(2)).unwrap(), Text::from("aé"));
    let link = text.link();
    assert_eq!((link.chunk, link.used), (Some((0, 13)), 2));
    assert_eq!(link.decoded, Text::from("aé€\n😀z"));
    assert_eq!(link.starts[..], [0, 1, 3, 6, 8, 12, 13]);
    assert_eq!(link.tell, Some(3.into()));
    assert!(link.pending.is_empty());
    // Looking changes nothing.
    assert_eq!(text.link(), link);
    assert_eq!(raw.with_bytes(|raw| raw.position().get()), Some(13));
    text.write_str("né").unwrap();
    let link = text.link();
    assert_eq!((&link.pending[..], link.pending_at, link.chunk), ("né".as_bytes(), 13, None));
    assert_eq!(link.tell, Some(16.into()));
    assert_eq!(raw.with_bytes(|raw| raw.len().get()), Some(13));
}

#[test]
fn a_link_traces_escapes_marks_and_waiting_line_ends() {
    let starts = |bytes: &[u8], encoding: &str, errors: &str, newline| {
        let options = TextOptions { encoding: Some(encoding.into()), errors: errors.into(), newline, ..TextOptions::default() };
        let (_raw, mut text) = text_over(bytes, &options);
        text.read(Some(1)).unwrap();
        text.link().starts
    };
    assert_eq!(starts(b"\xFF\xFEa\0b\0", "utf-16", "strict", Newline::Lf)[..], [2, 4, 6]);
    assert_eq!(starts(b"a\xFFb", "utf-8", "backslashreplace", Newline::Lf)[..], [0, 1, 1, 1, 1, 2, 3]);
    assert_eq!(starts(b"a\rb\r\nc", "utf-8", "strict", Newline::Universal)[..], [0, 1, 2, 3, 5, 6]);
    assert_eq!(starts(b"abc", "latin-1", "strict", Newline::Lf)[..], [0, 1, 2, 3]);
}

#[test]
fn wrong_bytes_cost_no_more_than_their_number() {
    // Had each of them looked at all that follows, this would take hours.
    let mut bytes = "€".repeat(1000).into_bytes();
    bytes.extend(b"\xFF\xE2(".repeat(300_000));
    let decoded = codec::decode(&bytes.into(), "utf-8", "replace").unwrap();
    assert_eq!(decoded.len(), 1000 + 900_000);
    let mut wide = "😀".repeat(10).into_bytes();
    wide.extend(b"\xFFx".repeat(300_000));
    assert_eq!(codec::decode(&wide.into(), "utf-8", "ignore").unwrap().len(), 10 + 300_000);
}

#[test]
fn a_typed_wrapper_closes_what_it_is_over() {
    let (raw, mut text) = text_over(b"", &TextOptions { newline: Newline::CrLf, ..TextOptions::default() });
    assert_eq!(text.write_str("a\nb").unwrap(), 3);
    assert_eq!(text.detach().unwrap(), raw);
    drop(text);
    assert_eq!(raw.with_bytes(|raw| raw.getvalue().unwrap().to_vec_all().unwrap()), Some(b"a\r\nb".to_vec()));
    let text = TextIOWrapper::new(raw.clone(), &TextOptions::default()).unwrap();
    drop(text);
    assert_eq!(raw.with_bytes(|raw| raw.closed()), Some(true));
    assert!(TextIOWrapper::new(raw, &TextOptions::default()).is_err());
}
