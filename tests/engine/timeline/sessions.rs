//! Random work on a document.

use seektell::document::{Call, Data, Document, Operation, Origin, StreamKind};
use seektell::stream::{Newline, Text, Value, Whence};

/// A document to work on.
pub(crate) fn start(random: &mut fastrand::Rng) -> Document {
    if random.bool() {
        let content: Vec<u8> = (0..random.usize(0..400)).map(|_| random.u8(..)).collect();
        Document::bytes("buf", Origin::New, content)
    } else {
        let modes = [Newline::Lf, Newline::Universal, Newline::UniversalUntranslated, Newline::Cr, Newline::CrLf];
        let mode = modes[random.usize(..modes.len())];
        let content = text(random, 40);
        Document::text("buf", Origin::New, content, mode)
    }
}

fn text(random: &mut fastrand::Rng, most: usize) -> Text {
    const POINTS: [u32; 12] = [0x61, 0x62, 10, 13, 10, 0x27, 0x22, 0x5C, 0xE9, 0x20AC, 0x1F600, 0xD800];
    let wide = random.usize(4..=POINTS.len());
    Text::from_code_points((0..random.usize(0..most)).map(|_| POINTS[random.usize(..wide)]).collect::<Vec<_>>())
}

fn data(random: &mut fastrand::Rng, kind: StreamKind) -> Data {
    let most = if random.u8(0..8) == 0 { 600 } else { 6 };
    match kind {
        StreamKind::Bytes => Data::Bytes((0..random.usize(0..most)).map(|_| random.u8(..)).collect::<Vec<u8>>().into()),
        StreamKind::Text => Data::Text(text(random, most)),
    }
}

/// Something to do: mostly what works, at times what raises.
pub(crate) fn operation(random: &mut fastrand::Rng, document: &Document) -> Operation {
    let (size, kind) = (document.size(), document.kind());
    let place = |random: &mut fastrand::Rng| random.u64(0..=size);
    let any = random.u64(0..=size + 4);
    match random.u8(0..32) {
        0..4 => Operation::seek(any),
        4 => Operation::Seek { offset: random.i64(-5..5), whence: Whence::Current },
        5 => Operation::Seek { offset: random.i64(-5..3), whence: Whence::End },
        6 => Operation::Seek { offset: -1, whence: Whence::Start },
        7 => Operation::Tell,
        8..11 => Operation::Read(random.bool().then_some(any)),
        11 => Operation::ReadLine(random.bool().then_some(any)),
        12..18 => Operation::Write(data(random, kind)),
        18 => Operation::Truncate(random.bool().then(|| random.i64(-2..40))),
        19 => Operation::GetValue,
        20 if random.u8(0..6) == 0 => Operation::Close,
        20..23 => Operation::Insert { at: place(random), data: data(random, kind) },
        23..26 => {
            let (a, b) = (place(random), place(random));
            Operation::Delete { start: a.min(b), end: (a.min(b) + 6).min(a.max(b)) }
        }
        26 | 27 => {
            let (a, b) = (place(random), place(random));
            Operation::Replace { start: a.min(b), end: (a.min(b) + 9).min(a.max(b)), data: data(random, kind) }
        }
        28 => call("readlines", [Value::from(random.i64(0..20))]),
        29 => call("writelines", [Value::List((0..3).map(|_| value(data(random, kind))).collect())]),
        30 => call("write", [Value::from(1.5)]),
        _ => call("__next__", []),
    }
}

fn value(data: Data) -> Value {
    match data {
        Data::Bytes(bytes) => Value::Bytes(bytes),
        Data::Text(text) => Value::Str(text),
    }
}

fn call<const N: usize>(method: &str, args: [Value; N]) -> Operation {
    Operation::Call(Box::new(Call { method: Some(method.into()), args: args.into(), cut: false, more: None }))
}
