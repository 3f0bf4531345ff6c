//! The pass, the sample and the update, beside counting one byte after the other.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use super::*;
use crate::buffer::{ReadErrorKind, Source};
use crate::tasks::{Cancelled, Progress};

/// A file that is made up, with a hole and a place that cannot be read.
#[derive(Debug)]
struct Made {
    bytes: Vec<u8>,
    hole: std::ops::Range<usize>,
    broken: std::ops::Range<usize>,
    read: AtomicU64,
}

impl Source for Made {
    fn len(&self) -> Len {
        Len::from(self.bytes.len())
    }

    fn zeros_at(&self, offset: Offset) -> Len {
        let at = offset.0 as usize;
        if self.hole.contains(&at) { Len::from(self.hole.end - at) } else { Len::ZERO }
    }

    fn read_at(&self, offset: Offset, out: &mut [u8]) -> Result<(), ReadErrorKind> {
        let range = offset.0 as usize..offset.0 as usize + out.len();
        if range.start < self.broken.end && self.broken.start < range.end {
            return Err(ReadErrorKind::Io(std::io::ErrorKind::Other, "made up".into()));
        }
        self.read.fetch_add(out.len() as u64, Ordering::Relaxed);
        out.copy_from_slice(&self.bytes[range]);
        Ok(())
    }
}

fn made(bytes: Vec<u8>, hole: std::ops::Range<usize>, broken: std::ops::Range<usize>) -> (Arc<Made>, Buffer) {
    let made = Arc::new(Made { bytes, hole, broken, read: AtomicU64::new(0) });
    (Arc::clone(&made), Buffer::from_source(made))
}

fn whole(buffer: &Buffer, request: &Request) -> Overview {
    scan(buffer, request, None, &Progress::new(), &|_| {}).unwrap()
}

/// Pieces of every kind in a random order.
fn pieces(rng: &mut fastrand::Rng, most: usize) -> Buffer {
    let mut buffer = Buffer::new();
    for _ in 0..rng.usize(1..12) {
        let len = rng.usize(0..most);
        let piece = match rng.u8(0..4) {
            0 => Buffer::filled(rng.u8(..), Len::from(len)),
            1 => made((0..len).map(|i| (i * 7 % 253) as u8).collect(), 0..0, 0..0).1,
            2 => Buffer::from(b"The quick brown fox\r\n".repeat(len / 21)),
            _ => Buffer::from(std::iter::repeat_with(|| rng.u8(..)).take(len).collect::<Vec<_>>()),
        };
        let at = Offset(rng.u64(0..=buffer.len().0));
        buffer.insert(at, &piece);
    }
    buffer
}

/// Compares everything with counting one byte after the other.
fn check(overview: &Overview, buffer: &Buffer, range: ByteRange) {
    let bytes = buffer.to_vec(range).unwrap();
    let mut histogram = [0u64; 256];
    for &byte in &bytes {
        histogram[usize::from(byte)] += 1;
    }
    assert_eq!(*overview.histogram, histogram);
    if !overview.pairs.is_empty() {
        let mut pairs = vec![0u64; 1 << 16];
        bytes.windows(2).for_each(|pair| pairs[usize::from(pair[0]) << 8 | usize::from(pair[1])] += 1);
        assert_eq!(overview.pairs, pairs);
    }
    let mut at = range.start;
    for bucket in &overview.buckets {
        assert_eq!(bucket.range.start, at);
        assert!(!bucket.range.is_empty() && bucket.is_exact());
        let own = buffer.to_vec(bucket.range).unwrap();
        let mut classes = [0; 6];
        for &byte in &own {
            classes[Class::of(byte) as usize] += 1;
        }
        assert_eq!((bucket.read, bucket.unreadable, bucket.classes), (own.len() as u64, 0, classes));
        assert_eq!((Some(bucket.min), Some(bucket.max)), (own.iter().min().copied(), own.iter().max().copied()));
        if own.len() >= 256 {
            let mut histogram = [0; 256];
            for &byte in &own {
                histogram[usize::from(byte)] += 1;
            }
            assert_eq!(bucket.entropy, entropy(&histogram));
        }
        at = bucket.range.end();
    }
    assert_eq!(at, range.end().max(range.start));
}

#[test]
fn numbers_are_exact_whatever_the_pieces() {
    let mut rng = fastrand::Rng::with_seed(11);
    for round in 0..40 {
        let buffer = pieces(&mut rng, if round % 8 == 0 { 400_000 } else { 20_000 });
        let start = rng.u64(0..=buffer.len().0);
        let range = if round % 2 == 0 {
            ByteRange::new(Offset::ZERO, buffer.len())
        } else {
            ByteRange::new(Offset(start), Len(rng.u64(0..=buffer.len().0)))
        };
        let request = Request { range, buckets: rng.usize(1..5000), pairs: rng.bool(), base: None };
        let overview = whole(&buffer, &request);
        check(&overview, &buffer, range.clamp_to(buffer.len()));
        assert!(overview.buckets.len() <= request.buckets, "{} of {}", overview.buckets.len(), request.buckets);
    }
}

#[test]
fn nothing_and_one_byte() {
    let empty = whole(&Buffer::new(), &Request::whole(&Buffer::new()));
    assert_eq!((empty.buckets.len(), empty.read(), empty.entropy()), (0, Len::ZERO, 0.0));
    assert!(empty.is_exact() && empty.bucket_at(Offset::ZERO).is_none());
    let one = Buffer::from(b"\xFF");
    let overview = whole(&one, &Request::whole(&one));
    assert_eq!(overview.buckets.len(), 1);
    assert_eq!(overview.buckets[0].main_class(), Some(Class::Ones));
    assert_eq!(overview.bucket_at(Offset::ZERO), Some(&overview.buckets[0]));
}

#[test]
fn short_parts_have_the_entropy_of_their_surroundings() {
    let mut bytes = vec![0; 4096];
    bytes.extend((0..4096u32).map(|i| (i % 256) as u8));
    let buffer = Buffer::from(bytes);
    let overview = whole(&buffer, &Request::whole(&buffer));
    assert_eq!(overview.buckets[0].range.len, Len(16));
    assert_eq!(overview.bucket_at(Offset(2000)).unwrap().entropy, 0.0);
    assert_eq!(overview.bucket_at(Offset(6000)).unwrap().entropy, 8.0);
}

#[test]
fn a_fill_and_the_hole_of_a_sparse_file_are_not_read() {
    let mut huge = Buffer::filled(0, Len(1 << 50));
    huge.insert(Offset(1 << 49), &Buffer::from(b"needle"));
    let overview = whole(&huge, &Request::whole(&huge));
    assert_eq!(overview.histogram[0], 1 << 50);
    assert_eq!(overview.pairs[0], (1 << 50) - 2);
    assert_eq!(overview.pairs[usize::from(b'e') << 8], 1);
    assert_eq!(overview.bucket_at(Offset((1 << 49) + 1)).unwrap().classes[Class::Printable as usize], 6);

    let mut bytes = vec![0; 10 << 20];
    bytes[..5000].fill(1);
    let (file, buffer) = made(bytes, 5000..10 << 20, 0..0);
    let overview = whole(&buffer, &Request::whole(&buffer));
    assert!(overview.is_exact());
    assert_eq!(overview.histogram[..2], [(10 << 20) - 5000, 5000]);
    assert!(file.read.load(Ordering::Relaxed) < 1 << 20, "a hole was read");
}

#[test]
fn what_cannot_be_read_is_counted_and_the_rest_is_exact() {
    let len = 2 << 20;
    let (_, buffer) = made(vec![b'a'; len], 0..0, 1_000_000..1_000_010);
    let overview = whole(&buffer, &Request::whole(&buffer));
    let unreadable = overview.unreadable().0;
    assert!((10..=2 * 64 * 1024).contains(&unreadable), "{unreadable}");
    assert_eq!(overview.histogram[usize::from(b'a')] + unreadable, len as u64);
    assert!(overview.is_exact() && overview.problem.as_ref().unwrap().contains("made up"));
    assert!(overview.bucket_at(Offset(1_000_005)).unwrap().unreadable > 0);
    assert_eq!(overview.bucket_at(Offset(5)).unwrap().unreadable, 0);
    // All of it.
    let (_, buffer) = made(vec![b'a'; len], 0..0, 0..len);
    let overview = whole(&buffer, &Request::whole(&buffer));
    assert_eq!((overview.unreadable().0, overview.read().0), (len as u64, 0));
}

#[test]
fn a_sample_comes_first_and_says_that_it_is_one() {
    let mut bytes = vec![0; 6 << 20];
    bytes[3 << 20..].fill(b'x');
    let buffer = Buffer::from(bytes);
    let parts = Mutex::new(Vec::new());
    let overview = scan(&buffer, &Request::whole(&buffer), None, &Progress::new(), &|part| parts.lock().unwrap().push(part));
    let parts = parts.into_inner().unwrap();
    let first = &parts[0];
    assert!(!first.is_exact());
    assert_eq!(first.bucket_at(Offset(0)).unwrap().main_class(), Some(Class::Null));
    // As far as the time sufficed, but a part of each half at least.
    assert!(first.buckets.iter().any(|bucket| bucket.main_class() == Some(Class::Printable)));
    assert_eq!(first.counted(), first.read().0);
    assert_eq!(overview.unwrap().histogram[0], 3 << 20);
}

#[test]
fn an_update_gives_what_a_new_look_gives() {
    let mut rng = fastrand::Rng::with_seed(2);
    let mut buffer = Buffer::from((0..5u32 << 18).map(|i| (i >> 9 ^ i) as u8).collect::<Vec<_>>());
    let base = buffer.clone();
    let request = |buffer: &Buffer, pairs| Request { pairs, base: Some(base.clone()), ..Request::whole(buffer) };
    for pairs in [false, true] {
        let mut overview = whole(&buffer, &request(&buffer, pairs));
        for round in 0..12 {
            let at = match round {
                0 => 0,
                1 => buffer.len().0,
                _ => rng.u64(0..=buffer.len().0),
            };
            match rng.u8(0..3) {
                0 => buffer.insert(Offset(at), &Buffer::from(vec![rng.u8(..); rng.usize(1..30_000)])),
                1 => buffer.delete(ByteRange::new(Offset(at), Len(rng.u64(1..30_000)))),
                _ => buffer.overwrite(Offset(at), &vec![rng.u8(..); rng.usize(1..30_000)]),
            }
            let progress = Progress::new();
            overview = scan(&buffer, &request(&buffer, pairs), Some(&overview), &progress, &|_| {}).unwrap();
            assert!(progress.total() < 1 << 18, "only what changed is read: {}", progress.total());
            check(&overview, &buffer, ByteRange::new(Offset::ZERO, buffer.len()));
            let changed: u64 = overview.buckets.iter().map(|bucket| bucket.changed).sum();
            assert_eq!(changed, buffer.changes_from(&base).iter().map(|range| range.len.0).sum::<u64>());
        }
    }
}

#[test]
fn many_edits_end_in_even_parts_again() {
    let mut buffer = Buffer::from(vec![1; 2 << 20]);
    let mut overview = whole(&buffer, &Request::whole(&buffer));
    for round in 0..300u64 {
        buffer.insert(Offset(round * 6000), &Buffer::from(b"xyz"));
        if round % 10 == 9 {
            overview = scan(&buffer, &Request::whole(&buffer), Some(&overview), &Progress::new(), &|_| {}).unwrap();
        }
    }
    assert!(overview.buckets.len() <= 2 * Request::BUCKETS);
    check(&overview, &buffer, ByteRange::new(Offset::ZERO, buffer.len()));
}

#[test]
fn whoever_wants_it_to_stop_does_not_wait() {
    let buffer = Buffer::from(vec![3; 16 << 20]);
    let progress = Progress::new();
    progress.cancel();
    assert_eq!(scan(&buffer, &Request::whole(&buffer), None, &progress, &|_| {}), Err(Cancelled));
    // In the middle of the work: asked for at the first partial result.
    let (progress, asked) = (Progress::new(), Mutex::new(None));
    let calls = AtomicUsize::new(0);
    let result = scan(&buffer, &Request::whole(&buffer), None, &progress, &|_| {
        calls.fetch_add(1, Ordering::Relaxed);
        progress.cancel();
        *asked.lock().unwrap() = Some(Instant::now());
    });
    assert_eq!(result, Err(Cancelled));
    assert_eq!(calls.load(Ordering::Relaxed), 1);
    assert!(progress.done() <= 8 << 20, "work went on for {} bytes", progress.done());
}

#[test]
fn tables_say_what_there_is() {
    let buffer = Buffer::from(b"aab");
    let overview = whole(&buffer, &Request::whole(&buffer));
    assert_eq!(overview.pairs_csv(), "first,second,count\n0x61,0x61,1\n0x61,0x62,1\n");
    let histogram = overview.histogram_csv();
    assert_eq!(histogram.lines().count(), 257);
    assert_eq!(histogram.lines().nth(0x61 + 1), Some("0x61,2,0.666667"));
    let buckets = overview.buckets_csv();
    assert!(buckets.starts_with("offset,length,read,unreadable,changed,entropy,min,mean,max,null,printable,"));
    assert_eq!(buckets.lines().nth(1), Some("0,3,3,0,0,0.9183,97,97.33,98,0,3,0,0,0,0"));
}
