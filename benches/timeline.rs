//! What a timeline of 100,000 calls takes: memory, a step, a jump, an export; one JSON line a case. Memory is the process's
//! resident memory, measured before and after.
//!
//! `cargo bench --bench timeline`

use std::time::Instant;

use seektell::buffer::Buffer;
use seektell::document::{Data, Document, KEPT, Moment, Operation, Origin};
use seektell::stream::{Newline, Text};

fn resident() -> u64 {
    memory_stats::memory_stats().map_or(0, |stats| stats.physical_mem as u64)
}

/// A small generator of numbers, the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

/// The longest and the middle of some times, in microseconds.
fn told(mut times: Vec<f64>) -> String {
    times.sort_by(f64::total_cmp);
    let at = |part: usize| times.get((times.len() * part / 1000).min(times.len() - 1)).copied().unwrap_or_default() * 1e6;
    format!("\"median_us\":{:.2},\"p999_us\":{:.2},\"max_us\":{:.2}", at(500), at(999), at(1000))
}

fn timed(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

fn case(name: &str, make: impl FnOnce() -> Document, mut call: impl FnMut(&mut Document, u64)) {
    let before = resident();
    let mut document = make();
    let with_content = resident();
    let start = Instant::now();
    let mut n = 0;
    while document.timeline().len() < KEPT {
        call(&mut document, n);
        n += 1;
    }
    let made = start.elapsed().as_secs_f64();
    let after = resident();
    let mb = |bytes: u64| bytes as f64 / 1e6;
    println!(
        "{{\"case\":\"{name}\",\"calls\":{},\"content_mb\":{:.1},\"timeline_mb\":{:.1},\"call_us\":{:.2}}}",
        document.timeline().len(),
        mb(with_content.saturating_sub(before)),
        mb(after.saturating_sub(with_content)),
        made / n as f64 * 1e6
    );
    let steps = document.timeline().step().1;
    let mut walk = |what: &str, moments: &mut dyn Iterator<Item = usize>| {
        let times: Vec<f64> = moments
            .map(|step| {
                timed(|| {
                    let moment = document.timeline().moment(step);
                    assert!(document.walk_to(moment));
                })
            })
            .collect();
        println!("{{\"case\":\"{name}, {what}\",{}}}", told(times));
    };
    walk("steps back", &mut (0..steps).rev());
    walk("steps on", &mut (0..=steps));
    let mut random = Random(7);
    walk("jumps", &mut (0..500).map(|_| random.below(steps as u64 + 1) as usize));
    walk("end to end", &mut (0..40).map(|n| if n % 2 == 0 { 0 } else { steps }));
    document.walk_to(Moment::Latest);
    let mut length = 0;
    let seconds = timed(|| length = document.timeline().python(name).map_or(0, |script| script.len()));
    println!("{{\"case\":\"{name}, python\",\"bytes\":{length},\"seconds\":{seconds:.3}}}");
    println!("{{\"case\":\"{name}, all\",\"resident_mb\":{:.1}}}", mb(resident().saturating_sub(before)));
}

fn write(document: &mut Document, data: impl Into<Data>) {
    document.perform(Operation::Write(data.into())).ok();
}

fn main() {
    let filter = std::env::args().nth(1).filter(|arg| !arg.starts_with("--"));
    let wanted = |name: &str| filter.as_ref().is_none_or(|filter| name.contains(filter.as_str()));
    if wanted("appends") {
        let make = || Document::bytes("buf", Origin::New, &b""[..]);
        case("appends of 20 bytes", make, |document, n| write(document, Buffer::from(format!("{n:019}\n").into_bytes())));
    }
    if wanted("random") {
        let make = || Document::bytes("buf", Origin::New, vec![0x55; 16 << 20]);
        let mut random = Random(1);
        case("random writes of 4 bytes into 16 MB", make, |document, n| {
            document.perform(Operation::seek(random.below(16 << 20))).ok();
            write(document, Buffer::from(&n.to_le_bytes()[..4]));
        });
    }
    if wanted("inserts") {
        let make = || Document::bytes("buf", Origin::New, vec![0x55; 1 << 20]);
        let mut random = Random(2);
        case("random inserts and deletes", make, |document, n| {
            let at = random.below(document.size());
            let data = Data::Bytes(Buffer::from(&n.to_le_bytes()[..]));
            let operation =
                if n % 2 == 0 { Operation::Insert { at, data } } else { Operation::Delete { start: at, end: at + 8 } };
            document.perform(operation).ok();
        });
    }
    if wanted("reads") {
        let make = || Document::bytes("buf", Origin::New, (0..4_u32 << 20).map(|n| (n >> 5) as u8).collect::<Vec<_>>());
        case("reads of 32 bytes", make, |document, n| {
            document.perform(if n % 1000 == 999 { Operation::seek(0) } else { Operation::Read(Some(32)) }).ok();
        });
    }
    if wanted("text") {
        let make = || Document::text("buf", Origin::New, "", Newline::Lf);
        case("lines of text", make, |document, n| write(document, Text::from(format!("line {n} €\n"))));
    }
}
