//! Digests of 1 GiB in memory: all functions in one pass, each one alone, and their sum; one JSON line a case.
//!
//! `cargo bench --bench hash`; `-- --mib 64` takes less.

use std::time::Instant;

use seektell::buffer::{Buffer, ByteRange, Offset};
use seektell::explore::hash::{Algorithm, digests};
use seektell::tasks::Progress;

fn timed(name: &str, snapshot: &Buffer, algorithms: &[Algorithm]) -> f64 {
    let all = ByteRange::new(Offset::ZERO, snapshot.len());
    let start = Instant::now();
    let found = digests(snapshot, all, algorithms, &Progress::new());
    let seconds = start.elapsed().as_secs_f64();
    assert_eq!(found.map(|found| found.len()).ok(), Some(algorithms.len()), "{name}");
    let rate = snapshot.len().get() as f64 / seconds / 1e9;
    println!("{{\"case\":\"{name}\",\"unit\":\"s\",\"median\":{seconds:.3},\"gb_per_s\":{rate:.3}}}");
    seconds
}

fn main() {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--mib").skip(1);
    let mib: usize = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(1024);
    // Bytes that no function finds easy; pages that are there before the clock runs.
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut bytes = vec![0u8; mib << 20];
    for word in bytes.as_chunks_mut::<8>().0 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        *word = state.to_le_bytes();
    }
    let snapshot = Buffer::from(bytes);
    let mut sum = 0.0;
    for algorithm in Algorithm::COMMON {
        sum += timed(&format!("hash_{}", algorithm.id()), &snapshot, &[algorithm]);
    }
    println!("{{\"case\":\"hash_separate_passes\",\"unit\":\"s\",\"median\":{sum:.3}}}");
    let together = timed("hash_all_in_one_pass", &snapshot, &Algorithm::COMMON);
    println!("{{\"case\":\"hash_one_pass_of_separate\",\"unit\":\"ratio\",\"median\":{:.3}}}", together / sum);
}
