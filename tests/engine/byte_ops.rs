//! Operations on bytes: each against the plainest way of doing it, over buffers of every make, and against Python.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use seektell::buffer::{Buffer, ByteRange, Len, Offset};
use seektell::document::{Data, Document, Operation, Origin, Rule};
use seektell::explore::byte_ops::{ByteOp, Scope, apply, repeated};
use seektell::tasks::Progress;

fn run(input: &Buffer, op: &ByteOp) -> Buffer {
    apply(input, op, &Progress::new()).unwrap()
}

fn ops(random: &mut fastrand::Rng) -> Vec<ByteOp> {
    let mut key = || -> Vec<u8> { (0..random.usize(1..=5)).map(|_| random.u8(..)).collect() };
    let mut ops = vec![
        ByteOp::Fill(key()),
        ByteOp::Fill(vec![7]),
        ByteOp::Xor(vec![0x20]),
        ByteOp::Xor(key()),
        ByteOp::And(key()),
        ByteOp::Or(key()),
        ByteOp::Add(key()),
        ByteOp::Sub(key()),
        ByteOp::Count { start: 250, step: 3 },
        ByteOp::Random(9),
        ByteOp::Not,
        ByteOp::ReverseBytes,
        ByteOp::ReverseBits,
        ByteOp::Swap(2),
        ByteOp::Swap(4),
        ByteOp::Swap(8),
        ByteOp::UpperCase,
        ByteOp::LowerCase,
    ];
    for scope in [Scope::EachByte, Scope::Whole] {
        for bits in [0, 1, 3, 7, 8, 9, 16, 21, 4096, 1 << 40] {
            ops.push(ByteOp::ShiftLeft(bits, scope));
            ops.push(ByteOp::ShiftRight(bits, scope));
            ops.push(ByteOp::RotateLeft(bits, scope));
            ops.push(ByteOp::RotateRight(bits, scope));
        }
    }
    ops
}

/// The plainest way: bit by bit where bits move.
fn model(old: &[u8], op: &ByteOp) -> Option<Vec<u8>> {
    let keyed =
        |key: &[u8], rule: &dyn Fn(u8, u8) -> u8| Some(old.iter().zip(key.iter().cycle()).map(|(&b, &k)| rule(b, k)).collect());
    let bits =
        |bytes: &[u8]| -> Vec<bool> { bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1)).collect() };
    let bytes = |bits: &[bool]| -> Vec<u8> {
        bits.chunks(8).map(|bits| bits.iter().fold(0, |byte, &bit| byte << 1 | u8::from(bit))).collect()
    };
    let shifted = |old: &[u8], n: u64, left: bool, round: bool| -> Vec<u8> {
        let old = bits(old);
        let len = old.len() as i128;
        let at = |i: i128| {
            let from = if left { i + i128::from(n) } else { i - i128::from(n) };
            if round { old[from.rem_euclid(len) as usize] } else { (0..len).contains(&from) && old[from as usize] }
        };
        bytes(&(0..len).map(at).collect::<Vec<_>>())
    };
    let scoped = |scope: Scope, n: u64, left: bool, round: bool| -> Option<Vec<u8>> {
        Some(match scope {
            Scope::EachByte => old.iter().flat_map(|byte| shifted(&[*byte], n, left, round)).collect(),
            Scope::Whole => shifted(old, n, left, round),
        })
    };
    match op {
        ByteOp::Fill(pattern) => Some(pattern.iter().copied().cycle().take(old.len()).collect()),
        ByteOp::Count { start, step } => {
            Some((0..old.len()).map(|i| start.wrapping_add((i as u8).wrapping_mul(*step))).collect())
        }
        ByteOp::Random(_) => None,
        ByteOp::Xor(key) => keyed(key, &|b, k| b ^ k),
        ByteOp::And(key) => keyed(key, &|b, k| b & k),
        ByteOp::Or(key) => keyed(key, &|b, k| b | k),
        ByteOp::Add(key) => keyed(key, &u8::wrapping_add),
        ByteOp::Sub(key) => keyed(key, &u8::wrapping_sub),
        ByteOp::Not => keyed(&[0xFF], &|b, k| b ^ k),
        ByteOp::ShiftLeft(n, scope) => scoped(*scope, *n, true, false),
        ByteOp::ShiftRight(n, scope) => scoped(*scope, *n, false, false),
        ByteOp::RotateLeft(n, scope) => scoped(*scope, *n, true, true),
        ByteOp::RotateRight(n, scope) => scoped(*scope, *n, false, true),
        ByteOp::ReverseBytes => Some(old.iter().rev().copied().collect()),
        ByteOp::ReverseBits => Some(old.iter().map(|byte| byte.reverse_bits()).collect()),
        ByteOp::Swap(group) => {
            let mut new = old.to_vec();
            new.chunks_exact_mut(usize::from(*group)).for_each(<[u8]>::reverse);
            Some(new)
        }
        ByteOp::UpperCase => Some(old.to_ascii_uppercase()),
        ByteOp::LowerCase => Some(old.to_ascii_lowercase()),
    }
}

/// Content in many pieces: memory, fills of all lengths, single bytes.
fn content(random: &mut fastrand::Rng) -> Buffer {
    let mut content = Buffer::new();
    for _ in 0..random.usize(0..7) {
        if random.bool() {
            let len = random.usize(..300);
            let bytes: Vec<u8> = (0..len).map(|_| random.u8(..)).collect();
            content.append_buffer(&Buffer::from(bytes));
        } else {
            content.append_buffer(&Buffer::filled(random.u8(..), Len(random.u64(..300))));
        }
    }
    content
}

#[test]
fn every_operation_does_what_the_plainest_way_does() {
    let mut random = fastrand::Rng::with_seed(11);
    for round in 0..25 {
        let input = content(&mut random);
        let old = input.to_vec_all().unwrap();
        for op in ops(&mut random) {
            let new = run(&input, &op);
            assert_eq!(new.len(), input.len(), "round {round}, {op:?}");
            if let Some(wanted) = model(&old, &op) {
                assert!(new.to_vec_all().unwrap() == wanted, "round {round}, {op:?} of {} bytes", old.len());
            }
        }
    }
    // Across the blocks that are read at once.
    let long: Vec<u8> = (0..70_003_u64).map(|i| ((i * i) >> 3) as u8).collect();
    let input = Buffer::from(&long[..]);
    let shifts = |op: &ByteOp| match op {
        ByteOp::ShiftLeft(n, s) | ByteOp::ShiftRight(n, s) | ByteOp::RotateLeft(n, s) | ByteOp::RotateRight(n, s) => {
            *s == Scope::Whole && *n == 21
        }
        op => !matches!(op, ByteOp::Random(_)),
    };
    for op in ops(&mut random).into_iter().filter(shifts) {
        assert!(run(&input, &op).to_vec_all().unwrap() == model(&long, &op).unwrap(), "{op:?}");
    }
}

#[test]
fn what_is_repeated_takes_no_memory_and_no_time() {
    let mut huge = Buffer::filled(0x61, Len(100 << 30));
    huge.insert(Offset(1 << 30), &Buffer::from(b"some bytes"));
    let mut random = fastrand::Rng::with_seed(12);
    for op in ops(&mut random).into_iter().filter(|op| !matches!(op, ByteOp::Random(_))) {
        let start = Instant::now();
        let new = run(&huge, &op);
        assert_eq!(new.len(), huge.len());
        assert!(new.memory() <= Len(1 << 20), "{op:?} holds {}", new.memory());
        assert!(op.memory(&huge) <= Len(1 << 17), "{op:?} asks for {}", op.memory(&huge));
        assert!(start.elapsed().as_secs() < 5, "{op:?} took {:?}", start.elapsed());
    }
    let upper = run(&huge, &ByteOp::UpperCase);
    assert_eq!(upper.slice(ByteRange::new(Offset((1 << 30) - 1), Len(12))), Buffer::from(b"ASOME BYTESA"));
}

#[test]
fn patterns_repeat_from_their_first_byte() {
    for len in [0, 1, 2, 3, 4, 65_535, 65_536, 65_537, 1_000_000] {
        let made = repeated(b"abc", Len(len)).to_vec_all().unwrap();
        assert!(made.iter().enumerate().all(|(i, &byte)| byte == b"abc"[i % 3]) && made.len() as u64 == len, "{len}");
    }
    let far = repeated(b"abcde", Len(1 << 50));
    let at = (1_u64 << 50) - 7;
    assert_eq!(far.byte_at(Offset(at)).unwrap(), Some(b"abcde"[(at % 5) as usize]));
}

#[test]
fn a_cancelled_operation_gives_nothing() {
    let progress = Progress::new();
    progress.cancel();
    let input = Buffer::from(vec![1; 100_000]);
    for op in [ByteOp::Not, ByteOp::ReverseBytes, ByteOp::Random(1), ByteOp::Swap(4), ByteOp::ShiftLeft(1, Scope::Whole)] {
        assert!(apply(&input, &op, &progress).is_err(), "{op:?}");
    }
}

fn transform(document: &mut Document, start: u64, end: u64, op: &ByteOp) {
    let old = document.as_bytes().unwrap().slice(ByteRange::between(Offset(start), Offset(end)));
    let rule =
        Rule { label: op.name(), python: op.python(end - start), modules: op.python_modules(), rust: op.rust(end - start) };
    let data = Data::Bytes(run(&old, op));
    document.perform(Operation::Transform { start, end, data, rule: Arc::new(rule) }).unwrap();
}

#[test]
fn an_operation_is_one_step_that_keeps_cursor_and_selection() {
    let mut document = Document::bytes("d", Origin::New, &b"Hello, World"[..]);
    document.select(9, 3);
    let (cursor, selection, steps) = (document.position(), document.selection(), document.timeline().step().1);
    transform(&mut document, 3, 9, &ByteOp::UpperCase);
    assert_eq!(document.as_bytes().unwrap(), &Buffer::from(b"HelLO, WOrld"));
    assert_eq!((document.position(), document.selection()), (cursor, selection));
    assert_eq!(document.timeline().step().1, steps + 1);
    assert_eq!(document.history().undo_label(), Some("Upper case"));
    assert_eq!(
        document.timeline().current().unwrap().call(),
        "buf.seek(3); old = buf.read(6); buf.seek(3); buf.write(old.upper())"
    );
    document.undo();
    assert_eq!(document.as_bytes().unwrap(), &Buffer::from(b"Hello, World"));
    document.redo();
    assert_eq!(document.as_bytes().unwrap(), &Buffer::from(b"HelLO, WOrld"));
}

/// The exported timeline of every operation, run by Python, ends with the same bytes; a gigabyte is one short line.
#[test]
fn python_makes_the_same_bytes() {
    let mut random = fastrand::Rng::with_seed(13);
    let mut script = String::new();
    let mut count = 0;
    for len in [0_usize, 1, 2, 7, 8, 64, 1000] {
        let bytes: Vec<u8> = (0..len).map(|_| random.u8(..)).collect();
        for op in ops(&mut random) {
            // Python's own numbers do not go that far in memory.
            if matches!(op, ByteOp::RotateLeft(n, Scope::Whole) | ByteOp::RotateRight(n, Scope::Whole) if n > 1 << 20 && len == 0)
            {
                continue;
            }
            let mut document = Document::bytes("d", Origin::New, &bytes[..]);
            let (start, end) = if len > 4 { (1, len as u64 - 2) } else { (0, len as u64) };
            transform(&mut document, start, end, &op);
            let exported = document.timeline().python("d").unwrap();
            let hex: String =
                document.as_bytes().unwrap().to_vec_all().unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
            script += &format!(
                "space = {{}}\nexec({exported:?}, space)\nassert space['buf'].getvalue().hex() == '{hex}', {:?}\n",
                format!("{op:?}")
            );
            count += 1;
        }
    }
    // An insertion of a pattern, and its undo in the script's own words.
    let mut document = Document::bytes("d", Origin::New, &b"abc"[..]);
    let rule = Rule { label: "Insert", python: "b'xy' * 3".into(), modules: &[], rust: None };
    let data = Data::Bytes(repeated(b"xy", Len(6)));
    document.perform(Operation::Transform { start: 1, end: 1, data, rule: Arc::new(rule) }).unwrap();
    assert_eq!(document.position(), 7);
    script += &format!(
        "space = {{}}\nexec({:?}, space)\nassert space['buf'].getvalue() == b'axyxyxybc'\n",
        document.timeline().python("d").unwrap()
    );
    script += "print('agreed')\n";
    let python = Command::new("python3").arg("-").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut python) = python else {
        println!("skipped: python3 does not run here");
        return;
    };
    python.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "agreed", "{count} scripts: {said}");

    let mut large = Document::bytes("d", Origin::New, Buffer::filled(0, Len(1 << 30)));
    transform(&mut large, 0, 1 << 30, &ByteOp::Xor(vec![1, 2, 3]));
    assert!(large.timeline().python("d").unwrap().len() < 600, "the rule, and not a gigabyte");
    assert!(large.timeline().rust("d").unwrap().len() < 1500);
}
