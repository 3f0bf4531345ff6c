//! Streams as shared objects: what is recorded of them, who holds whom, and what happens when the last reference goes.

use seektell::buffer::Buffer;
use seektell::stream::{BytesIO, CallRecord, Foreign, Newline, StreamClass, StreamObject, StreamState, StringIO, Value, View};

fn bytes(content: &[u8]) -> StreamObject {
    BytesIO::new(content).into()
}

fn over(class: StreamClass, raw: &StreamObject, size: i64) -> StreamObject {
    StreamObject::construct(class, &[Value::Stream(raw.clone()), size.into()], &[]).unwrap()
}

fn reader(raw: &StreamObject) -> StreamObject {
    over(StreamClass::BufferedReader, raw, 4)
}

fn call(stream: &StreamObject, method: &str, args: &[Value]) -> String {
    stream.call(method, args, &[]).map_or_else(|exception| exception.to_string(), |value| value.repr())
}

fn content(stream: &StreamObject) -> Vec<u8> {
    stream.with_bytes(|stream| stream.value().to_vec_all().unwrap()).unwrap()
}

fn shown(record: &CallRecord) -> String {
    let args = record.args.iter().map(Value::repr).collect::<Vec<_>>().join(", ");
    let result = record.result.as_ref().map_or_else(ToString::to_string, Value::repr);
    let method = record.method.as_deref().unwrap_or("-");
    let place = |state: &StreamState| format!("{}/{}", state.position(), state.size());
    format!("{method}({args}) = {result} {} {}", place(&record.before), place(&record.after))
}

fn records(stream: &StreamObject) -> Vec<String> {
    let (records, more) = stream.take_records();
    assert_eq!(more, 0);
    records.iter().map(shown).collect()
}

#[test]
fn every_call_is_recorded_with_the_states_around_it() {
    let stream = bytes(b"hello");
    assert!(!stream.is_recorded());
    call(&stream, "read", &[1.into()]);
    stream.record(100);
    call(&stream, "read", &[2.into()]);
    call(&stream, "write", &[Value::bytearray(*b"XYZ")]);
    call(&stream, "seek", &["x".into()]);
    call(&stream, "truncate", &[2.into()]);
    let expected = [
        "read(2) = b'el' 1/5 3/5",
        "write(bytearray(b'XYZ')) = 3 3/5 6/6",
        "seek('x') = TypeError: 'str' object cannot be interpreted as an integer 6/6 6/6",
        "truncate(2) = 2 6/6 6/2",
    ];
    assert_eq!(records(&stream), expected);
    call(&stream, "read", &[]);
    assert!(records(&stream).is_empty());
}

#[test]
fn calls_of_wrappers_are_recorded_as_cpython_makes_them() {
    let stream = bytes(b"0123456789");
    stream.record(100);
    let f = over(StreamClass::BufferedRandom, &stream, 4);
    call(&f, "read", &[1.into()]);
    call(&f, "write", &[b"AB".into()]);
    call(&f, "seek", &[0.into()]);
    drop(f);
    // As a subclass of `BytesIO` that prints its calls sees them in CPython.
    let expected = [
        "seekable() = True 0/10 0/10",
        "readable() = True 0/10 0/10",
        "writable() = True 0/10 0/10",
        "tell() = 0 0/10 0/10",
        "seek(0, 1) = 0 0/10 0/10",
        "readinto(<memory of 4 bytes>) = 4 0/10 4/10",
        "seekable() = True 4/10 4/10",
        "seek(-3, 1) = 1 4/10 1/10",
        "write(b'AB') = 2 1/10 3/10",
        "seek(-3, 1) = 0 3/10 0/10",
        "close() = None 0/10 0/0",
    ];
    assert_eq!(records(&stream), expected);
}

#[test]
fn a_change_through_a_view_is_a_record_without_a_method() {
    let stream = bytes(b"hello");
    stream.record(100);
    let view = match stream.call("getbuffer", &[], &[]).unwrap() {
        Value::View(view) => view,
        other => panic!("{other:?}"),
    };
    view.set_slice(Some(0), Some(2), b"HE").unwrap();
    call(&stream, "tell", &[]);
    view.set_slice(Some(2), Some(3), b"L").unwrap();
    // The record of `getbuffer` must not lock the stream any longer than the view itself does.
    drop(view);
    assert!(!stream.is_exported());
    let (records, _) = stream.take_records();
    let methods = records.iter().map(|record| record.method.as_deref()).collect::<Vec<_>>();
    assert_eq!(methods, [Some("getbuffer"), None, Some("tell"), None]);
    let StreamState::Bytes(last) = &records[3].after else { panic!("{records:?}") };
    assert_eq!(last.value.to_vec_all().unwrap(), b"HELlo");
}

#[test]
fn records_hold_on_to_nothing_whose_end_can_be_noticed() {
    let stream = bytes(b"");
    stream.record(100);
    let array = seektell::stream::ByteArray::new(*b"abc");
    let view = View::of(&Value::ByteArray(array.clone())).unwrap();
    call(&stream, "write", &[Value::View(view)]);
    assert!(!array.is_exported());
    let other = bytes(b"line\n");
    let wrapper = reader(&other);
    call(&stream, "writelines", &[Value::Stream(wrapper.clone())]);
    let gone = wrapper.downgrade();
    drop(wrapper);
    assert!(gone.upgrade().is_none());
    assert_eq!(call(&other, "read", &[]), "ValueError: I/O operation on closed file.");
    array.with_bytes(|bytes| bytes[0] = b'X');
    let (records, _) = stream.take_records();
    assert_eq!(records[0].args[0], Value::View(View::of(&Value::from(b"abc")).unwrap()));
    assert_eq!(records[1].args[0].type_name(), "_io.BufferedReader");
    assert_eq!(content(&stream), b"abcline\n");
}

#[test]
fn what_does_not_fit_the_record_is_counted() {
    let stream = bytes(b"");
    stream.record(3);
    for n in 0..100_000_i64 {
        stream.call("write", &[b"0123456789".into()], &[]).unwrap();
        assert!(n < 3 || stream.is_recorded());
    }
    let (records, more) = stream.take_records();
    assert_eq!((records.len(), more), (3, 99_997));
    // Large contents are bounded by memory, not by number.
    let stream = bytes(b"");
    stream.record(10_000);
    let large = Value::Bytes(Buffer::from(vec![1; 8 << 20]));
    for _ in 0..100 {
        stream.call("seek", &[0.into()], &[]).unwrap();
        stream.call("write", std::slice::from_ref(&large), &[]).unwrap();
    }
    let (records, more) = stream.take_records();
    assert!(records.len() < 100 && records.len() as u64 + more == 200, "{} {more}", records.len());
}

#[test]
fn states_come_and_go() {
    let stream = bytes(b"abc");
    let before = stream.state().unwrap();
    stream.record(10);
    call(&stream, "write", &[b"XY".into()]);
    assert!(stream.restore(&before));
    assert_eq!(call(&stream, "getvalue", &[]), "b'abc'");
    let methods = stream.take_records().0.into_iter().map(|record| record.method.unwrap()).collect::<Vec<_>>();
    assert_eq!(methods, ["write", "getvalue"]);
    let text = StreamObject::from(StringIO::new("abc", Newline::Lf));
    assert!(!text.restore(&before));
    let wrapper = reader(&stream);
    assert!(wrapper.state().is_none() && !wrapper.restore(&before));
}

#[test]
fn wrappers_know_what_is_under_and_over_them() {
    let raw = bytes(b"0123456789");
    assert!(raw.wrappers().is_empty() && raw.link().is_none());
    let f = over(StreamClass::BufferedRandom, &raw, 8);
    let g = reader(&f);
    assert_eq!(raw.wrappers(), std::slice::from_ref(&f));
    assert_eq!(f.wrappers(), std::slice::from_ref(&g));
    assert_eq!(g.under(), std::slice::from_ref(&f));
    call(&f, "read", &[3.into()]);
    call(&f, "write", &[b"AB".into()]);
    let link = f.link().unwrap();
    assert_eq!((link.class, link.id), ("BufferedRandom", f.id()));
    let window = link.window.unwrap();
    assert_eq!((window.start, window.position, window.raw_position, window.capacity), (0, 5, 8, 8));
    assert_eq!((&window.bytes[..], window.dirty), (b"012AB567".as_slice(), Some((3, 5))));
    call(&f, "detach", &[]);
    assert!(raw.wrappers().is_empty());
    assert_eq!(content(&raw), b"012AB56789");
    let weak = g.downgrade();
    assert_eq!(weak.id(), g.id());
    assert!(weak.upgrade().is_some());
    drop(g);
    assert!(weak.upgrade().is_none());
}

#[test]
fn a_stream_inside_itself_is_refused_not_waited_for() {
    let raw = bytes(b"abc");
    let f = reader(&raw);
    assert_eq!(call(&f, "__init__", &[Value::Stream(f.clone())]), "ValueError: I/O operation on uninitialized object");
    assert_eq!(call(&f, "read", &[]), "ValueError: I/O operation on uninitialized object");
    let a = bytes(b"abc");
    let pair = StreamObject::construct(StreamClass::BufferedRWPair, &[Value::Stream(a.clone()), Value::Stream(a)], &[]).unwrap();
    let inner = reader(&pair);
    let text = call(&pair, "__init__", &[Value::Stream(inner), Value::Stream(bytes(b""))]);
    assert!(text.starts_with("ValueError") || text.starts_with("RuntimeError"), "{text}");
    // Written to itself, a line at a time.
    let f = over(StreamClass::BufferedRandom, &bytes(b"one\ntwo\n"), 16);
    assert_eq!(call(&f, "writelines", &[Value::List(vec![b"1\n".into()])]), "None");
    assert_eq!(call(&f, "writelines", &[Value::from(Foreign::new("dict", None))]), "TypeError: 'dict' object is not iterable");
}

#[test]
fn deep_towers_end_in_an_exception_and_come_down() {
    let raw = bytes(b"abc");
    let mut tower = vec![reader(&raw)];
    let refused = loop {
        let top = Value::Stream(tower.last().unwrap().clone());
        match StreamObject::construct(StreamClass::BufferedReader, &[top], &[]) {
            Ok(stream) => tower.push(stream),
            Err(exception) => break exception,
        }
    };
    assert_eq!(refused.to_string(), "RecursionError: maximum recursion depth exceeded while calling a Python object");
    assert!(tower.len() > 50);
    assert_eq!(call(tower.last().unwrap(), "read", &[]), "b'abc'");
    let top = tower.pop();
    drop(tower);
    assert_eq!(call(&raw, "tell", &[]), "3");
    drop(top);
    assert_eq!(call(&raw, "tell", &[]), "ValueError: I/O operation on closed file.");
    // A chain of attributes, much longer than the stack is deep.
    let mut last = bytes(b"");
    for _ in 0..100_000 {
        let next = bytes(b"");
        next.set_attribute("last", last.into()).unwrap();
        last = next;
    }
}

#[test]
fn the_last_reference_closes() {
    let raw = bytes(b"");
    let f = over(StreamClass::BufferedWriter, &raw, 4);
    let also = f.clone();
    call(&f, "write", &[b"abc".into()]);
    drop(f);
    assert_eq!((content(&raw), call(&raw, "tell", &[])), (Vec::new(), "0".into()));
    raw.record(10);
    drop(also);
    assert_eq!(records(&raw), ["write(b'abc') = 3 0/0 3/3", "close() = None 3/3 0/0"]);
    assert_eq!(call(&raw, "getvalue", &[]), "ValueError: I/O operation on closed file.");
    // A wrapper that holds the last reference to another one.
    let raw = bytes(b"");
    let outer = over(StreamClass::BufferedWriter, &over(StreamClass::BufferedWriter, &raw, 4), 4);
    call(&outer, "write", &[b"abc".into()]);
    let attached = bytes(b"");
    attached.set_attribute("stream", outer.into()).unwrap();
    attached.delete_attribute("stream").unwrap();
    assert_eq!(call(&raw, "read", &[]), "ValueError: I/O operation on closed file.");
}

#[test]
fn a_wrapper_is_shared_between_threads() {
    let raw = bytes(&b"line\n".repeat(2000));
    let f = over(StreamClass::BufferedReader, &raw, 16);
    let lines = std::thread::scope(|scope| {
        let threads = (0..4).map(|_| {
            let f = f.clone();
            scope.spawn(move || {
                std::iter::from_fn(|| f.call("__next__", &[], &[]).ok())
                    .inspect(|line| assert_eq!(line.repr(), "b'line\\n'"))
                    .count()
            })
        });
        threads.collect::<Vec<_>>().into_iter().map(|thread| thread.join().unwrap()).sum::<usize>()
    });
    assert_eq!(lines, 2000);
}

#[test]
fn classes_are_described() {
    for class in StreamClass::ALL {
        assert_eq!(StreamClass::from_name(class.name()), Some(class));
        assert_eq!(class.type_name(), format!("_io.{class}"));
        let mut names = class.methods().to_vec();
        names.extend(class.attributes());
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "{class}");
    }
    assert_eq!(StreamClass::BufferedRWPair.base(), "_BufferedIOBase");
    assert_eq!(StreamClass::TextIOWrapper.base(), "_TextIOBase");
    assert!(StreamClass::from_name("FileIO").is_none());
}
