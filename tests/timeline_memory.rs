//! What a timeline of 100,000 calls holds in memory. A file of its own, so that nothing else runs in the process.
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use seektell::buffer::{Buffer, ByteRange, Offset};
use seektell::document::{Data, Document, KEPT, Moment, Operation, Origin};
use seektell::stream::{Newline, Text};

/// What the issue allows.
const LIMIT: u64 = 100 << 20;

fn resident() -> u64 {
    memory_stats::memory_stats().map_or(0, |stats| stats.physical_mem as u64)
}

/// The content in one number, made chunk by chunk: large blocks that come and go would leave holes in the memory that is measured.
fn sum(document: &Document) -> u32 {
    let content = document.snapshot();
    let mut hasher = crc32fast::Hasher::new();
    for chunk in content.chunks(ByteRange::new(Offset::ZERO, content.len())) {
        hasher.update(&chunk.unwrap());
    }
    hasher.finalize()
}

/// Fills a timeline, checks what it adds to the process, and that its moments can be reached from far away.
fn check(what: &str, mut document: Document, mut call: impl FnMut(&mut Document, u64)) {
    let before = resident();
    let mut marks = Vec::new();
    let mut n = 0;
    while document.timeline().len() < KEPT {
        call(&mut document, n);
        if n % 20_011 == 0 {
            let number = document.timeline().current().unwrap().number();
            marks.push((number, document.position(), document.size(), sum(&document)));
        }
        n += 1;
    }
    let took = resident().saturating_sub(before);
    println!("{what}: {:.1} MB", took as f64 / 1e6);
    assert!(took < LIMIT, "{what}: {:.1} MB for {KEPT} calls", took as f64 / 1e6);
    assert_eq!(document.timeline().forgotten(), 0);
    let last = document.timeline().current().unwrap().number();
    for (number, position, size, content) in &marks {
        // From the far end each time.
        for far in [Moment::Start, Moment::After(last)] {
            assert!(document.walk_to(far) && document.walk_to(Moment::After(*number)));
            assert_eq!((document.position(), document.size()), (*position, *size), "{what}, entry {number}");
            assert_eq!(sum(&document), *content, "{what}, entry {number}");
        }
    }
}

#[test]
fn a_hundred_thousand_calls_stay_small() {
    let mut random = fastrand::Rng::with_seed(1);
    check("appends", Document::bytes("buf", Origin::New, &b""[..]), |document, n| {
        document.perform(Operation::Write(Data::Bytes(format!("{n:019}\n").into_bytes().into()))).unwrap();
    });
    check("writes all over", Document::bytes("buf", Origin::New, vec![0x55; 16 << 20]), |document, n| {
        document.perform(Operation::seek(random.u64(..16 << 20))).unwrap();
        document.perform(Operation::Write(Data::Bytes(Buffer::from(&n.to_le_bytes()[..4])))).unwrap();
    });
    check("text", Document::text("buf", Origin::New, "", Newline::Lf), |document, n| {
        document.perform(Operation::Write(Data::Text(Text::from(format!("line {n} €\n"))))).unwrap();
    });
    check("reads", Document::bytes("buf", Origin::New, vec![0xFF; 4 << 20]), |document, n| {
        document.perform(if n % 1000 == 999 { Operation::seek(0) } else { Operation::Read(Some(64)) }).unwrap();
    });
}
