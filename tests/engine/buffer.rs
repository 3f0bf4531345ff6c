//! The buffer against a plain vector, at its edges, over files that misbehave, and over more bytes than there is memory.

#![expect(clippy::unwrap_used, reason = "also in what the tests share, a failure is a failed test")]

use std::io::{BufRead, ErrorKind, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use fastrand::Rng;
use seektell::buffer::{Buffer, ByteRange, Finger, Len, Offset, ReadError, ReadErrorKind, Source};

fn range(start: u64, len: u64) -> ByteRange {
    ByteRange::new(Offset(start), Len(len))
}

fn all(buffer: &Buffer) -> Vec<u8> {
    buffer.to_vec_all().unwrap()
}

fn random(rng: &mut Rng, len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len];
    rng.fill(&mut bytes);
    bytes
}

/// Bytes behind the `Source` trait whose misbehaviour can be switched on.
#[derive(Debug)]
struct TestFile {
    bytes: Vec<u8>,
    /// What a read past it fails with, and from where on.
    broken_from: AtomicU64,
    kind: ReadErrorKind,
    read: AtomicBool,
}

impl TestFile {
    fn new(bytes: Vec<u8>) -> Arc<Self> {
        Self::failing(bytes, ReadErrorKind::Shrunk)
    }
    fn failing(bytes: Vec<u8>, kind: ReadErrorKind) -> Arc<Self> {
        Arc::new(Self { bytes, broken_from: AtomicU64::new(u64::MAX), kind, read: AtomicBool::new(false) })
    }
    fn break_from(&self, offset: u64) {
        self.broken_from.store(offset, Ordering::Relaxed);
    }
}

impl Source for TestFile {
    fn len(&self) -> Len {
        self.bytes.len().into()
    }
    fn read_at(&self, offset: Offset, out: &mut [u8]) -> Result<(), ReadErrorKind> {
        self.read.store(true, Ordering::Relaxed);
        let end = offset.0 + out.len() as u64;
        assert!(end <= self.bytes.len() as u64, "asked past the end");
        if end > self.broken_from.load(Ordering::Relaxed) {
            out.fill(0xEE); // what a careless implementation leaves behind must never be seen
            return Err(self.kind.clone());
        }
        out.copy_from_slice(&self.bytes[offset.0 as usize..end as usize]);
        Ok(())
    }
}

// ---------------------------------------------------------------------------------------------------------
// The model
// ---------------------------------------------------------------------------------------------------------

/// A buffer and the vector it must equal.
struct Pair {
    buffer: Buffer,
    model: Vec<u8>,
}

impl Pair {
    fn check(&self) {
        self.buffer.check_invariants();
        assert_eq!(self.buffer.len().0, self.model.len() as u64);
        assert!(all(&self.buffer) == self.model, "content differs");
    }
}

/// A place that is often at the edge of something.
fn place(rng: &mut Rng, len: usize) -> usize {
    match rng.u8(..8) {
        0 => 0,
        1 => len,
        2 => len.saturating_sub(rng.usize(..30)),
        3 => len + rng.usize(..100),
        4 => (rng.usize(..=len) / 1024) * 1024,
        _ => rng.usize(..=len),
    }
}

fn length(rng: &mut Rng) -> usize {
    match rng.u8(..20) {
        0..=9 => rng.usize(..4),
        10..=14 => rng.usize(..40),
        15..=17 => rng.usize(..1500),
        18 => [62, 63, 64, 511, 512, 1023, 1024, 1025][rng.usize(..8)],
        _ => rng.usize(..12_000),
    }
}

/// A buffer to put in, of any kind of pieces.
fn ingredient(rng: &mut Rng, kept: &[(Buffer, Vec<u8>)]) -> Pair {
    let len = length(rng);
    match rng.u8(..12) {
        0 | 1 => {
            let byte = rng.u8(..3);
            Pair { buffer: Buffer::filled(byte, len.into()), model: vec![byte; len] }
        }
        2 | 3 => {
            let bytes = random(rng, len);
            Pair { buffer: Buffer::from_source(TestFile::new(bytes.clone())), model: bytes }
        }
        4 | 5 if !kept.is_empty() => {
            let (buffer, model) = &kept[rng.usize(..kept.len())];
            let start = place(rng, model.len()).min(model.len());
            let len = rng.usize(..20_000).min(model.len() - start);
            let part = buffer.slice(range(start as u64, len as u64));
            part.check_invariants();
            Pair { buffer: part, model: model[start..start + len].to_vec() }
        }
        _ => {
            let bytes = random(rng, len);
            let buffer = if rng.bool() { Buffer::from(&bytes[..]) } else { Buffer::from(bytes.clone()) };
            Pair { buffer, model: bytes }
        }
    }
}

fn step(rng: &mut Rng, pair: &mut Pair, kept: &[(Buffer, Vec<u8>)]) {
    let Pair { buffer, model } = pair;
    let at = place(rng, model.len());
    let inside = at.min(model.len());
    match rng.u8(..24) {
        0..=3 => {
            let bytes = {
                let n = length(rng);
                random(rng, n)
            };
            buffer.append(&bytes);
            model.extend_from_slice(&bytes);
        }
        4..=9 => {
            let bytes = {
                let n = length(rng);
                random(rng, n)
            };
            buffer.overwrite(Offset(at as u64), &bytes);
            if !bytes.is_empty() {
                let end = at + bytes.len();
                if model.len() < end {
                    model.resize(end, 0);
                }
                model[at..end].copy_from_slice(&bytes);
            }
        }
        10..=13 => {
            let with = ingredient(rng, kept);
            buffer.insert(Offset(at as u64), &with.buffer);
            model.splice(inside..inside, with.model);
        }
        14..=16 => {
            let len = length(rng);
            buffer.delete(range(at as u64, len as u64));
            model.drain(inside..(inside + len).min(model.len()));
        }
        17..=19 => {
            let (with, len) = (ingredient(rng, kept), length(rng));
            buffer.replace(range(at as u64, len as u64), &with.buffer);
            model.splice(inside..(inside + len).min(model.len()), with.model);
        }
        20 => {
            let with = ingredient(rng, kept);
            buffer.append_buffer(&with.buffer);
            model.extend(with.model);
        }
        21 => {
            let len = model.len().saturating_sub(length(rng));
            buffer.truncate(Len(len as u64));
            model.truncate(len);
        }
        22 => {
            let (len, byte) = (model.len() + length(rng), rng.u8(..3));
            buffer.extend_to(len.into(), byte);
            model.resize(len, byte);
        }
        _ => {
            // A part moves, as one buffer that shares its memory with the rest.
            let len = length(rng).min(model.len() - inside);
            let part = buffer.slice(range(inside as u64, len as u64));
            buffer.delete(range(inside as u64, len as u64));
            let moved: Vec<u8> = model.drain(inside..inside + len).collect();
            let to = rng.usize(..=model.len());
            buffer.insert(Offset(to as u64), &part);
            model.splice(to..to, moved);
        }
    }
}

/// Looks at the same bytes in every way there is.
fn look(rng: &mut Rng, pair: &Pair, finger: &mut Finger) {
    let Pair { buffer, model } = pair;
    let at = place(rng, model.len());
    let expected = &model[at.min(model.len())..(at + length(rng)).clamp(at.min(model.len()), model.len())];
    let (offset, len) = (Offset(at as u64), expected.len());
    let wanted = range(at as u64, len as u64);
    let mut out = vec![0; len];
    assert_eq!(buffer.read_at(offset, &mut out).unwrap(), len);
    assert_eq!(out, expected);
    assert_eq!(buffer.to_vec(wanted).unwrap(), expected);
    assert_eq!(buffer.byte_at(offset).unwrap(), model.get(at).copied());
    let slice = buffer.slice(wanted);
    slice.check_invariants();
    assert_eq!(all(&slice), expected);
    assert!(slice == Buffer::from(expected), "a slice equals the same bytes in other memory");
    assert_eq!(all(&buffer.slice_near(finger, wanted)), expected);
    let run = buffer.run_at(finger, offset).unwrap();
    assert_eq!(run.is_empty(), at >= model.len());
    assert!(at >= model.len() || model[at..].starts_with(run));
    if let Some(run) = buffer.contiguous(offset) {
        assert!(!run.is_empty() && model[at..].starts_with(run));
    }
    let mut joined = Vec::new();
    for chunk in buffer.chunks(wanted) {
        let chunk = chunk.unwrap();
        assert!(!chunk.is_empty() && chunk.len() <= Buffer::CHUNK_LEN);
        joined.extend_from_slice(&chunk);
    }
    assert_eq!(joined, expected);
}

/// `steps` random operations on a document that stays around `size` bytes; snapshots of all ages are looked at again.
fn run_model(seed: u64, steps: usize, size: usize) {
    let mut rng = Rng::with_seed(seed);
    let start = random(&mut rng, size / 2);
    let mut pair = Pair { buffer: Buffer::from(start.clone()), model: start };
    let mut kept: Vec<(Buffer, Vec<u8>)> = Vec::new();
    let mut finger = Finger::new();
    for n in 0..steps {
        if pair.model.len() > size {
            let len = rng.usize(..=size);
            pair.buffer.truncate(len.into());
            pair.model.truncate(len);
        }
        step(&mut rng, &mut pair, &kept);
        assert_eq!(pair.buffer.len().0, pair.model.len() as u64, "step {n}");
        if rng.u8(..8) == 0 {
            look(&mut rng, &pair, &mut finger);
        }
        if rng.u8(..4) == 0 {
            finger.clear();
        }
        if rng.u16(..400) == 0 {
            pair.check();
            kept.push((pair.buffer.clone(), pair.model.clone()));
            if kept.len() > 12 {
                // An old snapshot still is what it was; sometimes the document goes back to it.
                let (buffer, model) = kept.swap_remove(rng.usize(..kept.len()));
                assert!(all(&buffer) == model, "a snapshot changed");
                if rng.bool() {
                    pair = Pair { buffer, model };
                }
            }
        }
    }
    pair.check();
    for (buffer, model) in kept {
        buffer.check_invariants();
        assert!(all(&buffer) == model, "a snapshot changed");
    }
}

#[test]
fn random_edits_equal_a_vector_small() {
    run_model(1, 40_000, 3_000);
}

#[test]
fn random_edits_equal_a_vector_middle() {
    run_model(2, 40_000, 60_000);
}

#[test]
fn random_edits_equal_a_vector_large() {
    run_model(3, 20_000, 2_500_000);
}

/// Long ranges of files are read ahead, which nobody sees: neither in the bytes nor in how far a broken file can be read.
#[test]
fn what_is_read_ahead_is_what_is_there() {
    let bytes: Vec<u8> = (0..3_000_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let file = TestFile::new(bytes.clone());
    let mut buffer = Buffer::from(b"in front");
    buffer.append_buffer(&Buffer::from_source(file.clone()));
    buffer.extend_to(Len(3_100_000), 7);
    let mut expected = [&b"in front"[..], &bytes].concat();
    expected.resize(3_100_000, 7);
    for (start, len) in [(0, u64::MAX), (5, 2_000_000), (8, 1 << 20), (8, (1 << 20) - 1), (1_999_999, 1_050_001)] {
        let mut read = Vec::new();
        for chunk in buffer.chunks(range(start, len)) {
            let chunk = chunk.unwrap();
            assert!(!chunk.is_empty() && chunk.len() <= Buffer::CHUNK_LEN);
            read.extend_from_slice(&chunk);
        }
        let end = (start.saturating_add(len)).min(expected.len() as u64) as usize;
        assert!(read == expected[start as usize..end], "{len} bytes from {start} on");
    }
    file.break_from(1_500_000);
    let mut read = 0;
    let failed = buffer.chunks(range(0, u64::MAX)).find_map(|chunk| match chunk {
        Ok(chunk) => {
            read += chunk.len();
            None
        }
        Err(error) => Some(error),
    });
    // As far as runs go that can be read.
    assert_eq!(failed.map(|error| error.offset), Some(Offset(read as u64)));
    assert!((1_500_008 - Buffer::CHUNK_LEN..=1_500_008).contains(&read), "{read}");
}

#[test]
fn every_length_around_the_edges_of_chunks_and_nodes() {
    // Appended in two halves, overwritten at each end, cut at each end: at every size where something changes.
    let edges = [0, 1, 23, 62, 63, 64, 65, 126, 128, 1023, 1024, 1025, 2048, 65_535, 65_536, 65_537];
    for &a in &edges {
        for &b in &edges {
            let mut rng = Rng::with_seed((a * 7 + b) as u64);
            let (left, right) = (random(&mut rng, a), random(&mut rng, b));
            let mut buffer = Buffer::from(&left[..]);
            let before = buffer.clone();
            buffer.append(&right);
            let mut model = [&left[..], &right[..]].concat();
            assert_eq!(all(&buffer), model, "{a} + {b}");
            assert_eq!(all(&before), left);
            for at in [0, a.saturating_sub(1), a, a + 1, (a + b).saturating_sub(1), a + b] {
                let (head, tail) = (buffer.slice(range(0, at as u64)), buffer.slice(range(at as u64, u64::MAX)));
                let at = at.min(a + b);
                assert_eq!(all(&head), model[..at]);
                assert_eq!(all(&tail), model[at..]);
                let mut whole = head.clone();
                whole.append_buffer(&tail);
                whole.check_invariants();
                assert!(whole == buffer);
                buffer.overwrite(Offset(at as u64), b"xy");
                model.resize(model.len().max(at + 2), 0);
                model[at..at + 2].copy_from_slice(b"xy");
                buffer.check_invariants();
                assert_eq!(all(&buffer), model, "{a} + {b} at {at}");
                buffer.truncate(Len((a + b) as u64));
                model.truncate(a + b);
            }
        }
    }
    // One piece more than a leaf holds, one more than two levels hold, and down again to nothing.
    let piece = Buffer::from(vec![7; 1025]);
    for count in [1, 2, 31, 32, 33, 34, 64, 65, 1023, 1024, 1025, 1056, 1057, 2000] {
        let mut buffer = Buffer::new();
        for _ in 0..count {
            buffer.append_buffer(&piece);
        }
        buffer.check_invariants();
        assert_eq!(buffer.len().0, count * 1025);
        assert_eq!(buffer.piece_count() as u64, count);
        let mut left = count;
        while left > 0 {
            // From the front, the back and the middle, whole pieces.
            let at = [0, left - 1, left / 2][(left % 3) as usize];
            buffer.delete(range(at * 1025, 1025));
            left -= 1;
            if left % 50 < 2 {
                buffer.check_invariants();
            }
            assert_eq!(buffer.len().0, left * 1025);
        }
        assert!(buffer.is_empty() && buffer.is_same(&Buffer::new()));
    }
}

// ---------------------------------------------------------------------------------------------------------
// More bytes than there is memory
// ---------------------------------------------------------------------------------------------------------

#[test]
fn documents_of_two_gigabytes_to_an_exbibyte_are_edited_at_their_edges() {
    for len in [(1 << 31) - 1, 1 << 31, (1 << 31) + 1, (1 << 32) - 1, 1 << 32, (1 << 32) + 1, 1 << 60] {
        let mut buffer = Buffer::filled(b'.', Len(len));
        let before = buffer.clone();
        buffer.insert(Offset::ZERO, &Buffer::from(b"head"));
        buffer.overwrite(Offset(len + 2), b"tail");
        buffer.insert(Offset(len / 2), &Buffer::from(b"middle"));
        buffer.check_invariants();
        assert_eq!(buffer.len(), Len(len + 12));
        assert_eq!(buffer.to_vec(range(0, 6)).unwrap(), b"head..");
        assert_eq!(buffer.to_vec(range(len / 2 - 2, 10)).unwrap(), b"..middle..");
        assert_eq!(buffer.to_vec(range(len + 6, 100)).unwrap(), b"..tail");
        assert_eq!(buffer.byte_at(Offset(len + 11)).unwrap(), Some(b'l'));
        assert_eq!(buffer.byte_at(Offset(len + 12)).unwrap(), None);
        assert!(buffer.memory() < Len(1 << 16), "fills take no memory");
        // Everything away again: the same content in other pieces.
        buffer.truncate(Len(len + 8));
        buffer.delete(range(len / 2, 6));
        buffer.delete(range(0, 4));
        assert_eq!(buffer.len(), Len(len - 2));
        buffer.extend_to(Len(len), b'.');
        assert!(buffer == before);
        buffer.overwrite(Offset(len - 1), b"!");
        assert!(buffer != before);
    }
}

#[test]
fn nothing_overflows_at_the_longest_length() {
    let max = Buffer::MAX_LEN;
    let mut buffer = Buffer::filled(0, Len(u64::MAX));
    assert_eq!(buffer.len(), max);
    buffer.append(b"does not fit");
    buffer.append_buffer(&Buffer::from(b"neither"));
    buffer.insert(Offset(u64::MAX), &Buffer::filled(1, max));
    buffer.overwrite(Offset(u64::MAX), b"x");
    buffer.overwrite(Offset(max.0), b"x");
    buffer.extend_to(Len(u64::MAX), 9);
    assert_eq!(buffer.len(), max);
    buffer.overwrite(Offset(max.0 - 2), b"cut");
    assert_eq!(buffer.len(), max);
    assert_eq!(buffer.to_vec(range(max.0 - 3, u64::MAX)).unwrap(), b"\0cu");
    // An insertion in front keeps the length: what does not fit is what was to be put in.
    buffer.insert(Offset::ZERO, &Buffer::from(b"in front"));
    assert_eq!(buffer.byte_at(Offset::ZERO).unwrap(), Some(0));
    buffer.delete(range(5, 3));
    buffer.insert(Offset::ZERO, &Buffer::from(b"in front"));
    assert_eq!(buffer.len(), max);
    assert_eq!(buffer.to_vec(range(0, 4)).unwrap(), b"in \0");
    buffer.replace(range(0, u64::MAX), &Buffer::from(b"small"));
    assert_eq!(all(&buffer), b"small");
    buffer.overwrite(Offset(max.0 - 1), b"zz");
    assert_eq!(buffer.len(), max);
    buffer.check_invariants();
    assert_eq!(buffer.slice(range(u64::MAX, u64::MAX)).len(), Len::ZERO);
    assert_eq!(buffer.chunks(range(max.0 - 1, u64::MAX)).count(), 1);
}

#[test]
fn more_bytes_than_memory_are_an_error_not_an_abort() {
    let buffer = Buffer::filled(0, Len(1 << 60));
    let error = buffer.to_vec(range(16, 1 << 59)).unwrap_err();
    assert_eq!(error, ReadError { kind: ReadErrorKind::OutOfMemory(Len(1 << 59)), offset: Offset(16) });
}

#[test]
fn fills_are_compared_at_once_and_with_bytes() {
    let mut a = Buffer::filled(0, Len(1 << 59));
    a.append_buffer(&Buffer::filled(0, Len(1 << 59)));
    let b = Buffer::filled(0, Len(1 << 60));
    assert!(a == b);
    assert!(a != Buffer::filled(1, Len(1 << 60)));
    let bytes = vec![5; 200_000];
    assert!(Buffer::filled(5, Len(200_000)) == Buffer::from(bytes.clone()));
    assert!(Buffer::from_source(TestFile::new(bytes)) == Buffer::filled(5, Len(200_000)));
}

// ---------------------------------------------------------------------------------------------------------
// Files
// ---------------------------------------------------------------------------------------------------------

#[test]
fn a_file_is_read_only_when_looked_at() {
    let file = TestFile::new((0..=255).cycle().take(300_000).collect());
    let mut buffer = Buffer::from_source(file.clone());
    let before = buffer.clone();
    buffer.insert(Offset(1000), &Buffer::from(b"inserted"));
    buffer.delete(range(50_000, 100_000));
    let moved = buffer.slice(range(100_000, 60_000));
    buffer.append_buffer(&moved);
    assert!(before == before.clone() && before.is_same(&before.clone()));
    assert!(!file.read.load(Ordering::Relaxed), "edits and snapshots read nothing");
    assert_eq!(buffer.memory(), Len(8));
    assert_eq!(buffer.to_vec(range(998, 12)).unwrap(), b"\xE6\xE7inserted\xE8\xE9");
    // What was taken out and comes back in its place is one piece again.
    let mut back = before.clone();
    let part = back.slice(range(10_000, 5_000));
    back.delete(range(10_000, 5_000));
    back.insert(Offset(10_000), &part);
    assert_eq!(back.piece_count(), 2, "two neighbours at most: one may stand outside of the tree");
    assert!(back == before);
}

#[test]
fn a_file_that_fails_gives_the_place_and_never_other_bytes() {
    let io = ReadErrorKind::Io(ErrorKind::PermissionDenied, "permission denied".into());
    for kind in [ReadErrorKind::Shrunk, ReadErrorKind::Changed, io] {
        let file = TestFile::failing(vec![b'f'; 300_000], kind.clone());
        let mut buffer = Buffer::from(b"0123456789");
        buffer.append_buffer(&Buffer::from_source(file.clone()));
        buffer.append(b"end");
        file.break_from(200_000);
        // Whole runs before the break come, then one error at the run that reaches it, then nothing.
        let (mut good, mut bad) = (0, None);
        for chunk in buffer.chunks(range(5, u64::MAX)) {
            assert!(bad.is_none(), "the iteration ends with the error");
            match chunk {
                Ok(chunk) => {
                    assert!(chunk.iter().all(|b| b"0123456789f".contains(b)));
                    good += chunk.len();
                }
                Err(error) => bad = Some(error),
            }
        }
        let at = 10 + 3 * Buffer::CHUNK_LEN as u64;
        assert_eq!(good as u64, at - 5);
        assert_eq!(bad, Some(ReadError { kind: kind.clone(), offset: Offset(at) }));
        assert_eq!(
            buffer.read_at(Offset(199_000), &mut [0; 5000]),
            Err(ReadError { kind: kind.clone(), offset: Offset(199_000) })
        );
        assert_eq!(buffer.byte_at(Offset(250_000)).unwrap_err().offset, Offset(250_000));
        assert_eq!(buffer.to_vec(range(4, 300_000)).unwrap_err().offset, Offset(10));
        assert_eq!(buffer.chunk_at(Offset(280_000)).unwrap_err().kind, kind);
        assert_eq!(buffer.run_at(&mut Finger::new(), Offset(280_000)).unwrap_err().kind, kind);
        // The rest is there: what is in memory, and the file before the break.
        assert_eq!(buffer.to_vec(range(300_010, 9)).unwrap(), b"end");
        assert_eq!(buffer.to_vec(range(0, 12)).unwrap(), b"0123456789ff");
        // Unreadable bytes are equal to nothing, but the same snapshot is the same.
        assert!(buffer != Buffer::from(all_readable(300_013)));
        assert!(buffer == buffer.clone());
        // A reader says it the way the standard library does.
        let mut reader = buffer.reader();
        reader.seek(SeekFrom::Start(250_000)).unwrap();
        let error = reader.read(&mut [0; 10]).unwrap_err();
        let inner = error.get_ref().and_then(|e| e.downcast_ref::<ReadError>()).unwrap();
        assert_eq!((inner.offset, &inner.kind), (Offset(250_000), &kind));
        assert_eq!(reader.stream_position().unwrap(), 250_000, "a failed read does not move");
        // Edits do not fail; cutting the broken part out makes it whole.
        buffer.delete(range(200_010, 100_000));
        assert_eq!(all(&buffer).len(), 200_013);
    }
}

fn all_readable(len: usize) -> Vec<u8> {
    let mut bytes = b"0123456789".to_vec();
    bytes.resize(len - 3, b'f');
    bytes.extend_from_slice(b"end");
    bytes
}

// ---------------------------------------------------------------------------------------------------------
// Memory and size
// ---------------------------------------------------------------------------------------------------------

#[test]
fn single_byte_edits_stay_compact() {
    let mut rng = Rng::with_seed(4);
    // Typed at one place, at random places, and over every second byte, with and without somebody holding snapshots.
    for snapshots in [false, true] {
        let mut buffer = Buffer::from(random(&mut rng, 100_000));
        let mut held = Buffer::new();
        for n in 0..30_000_u64 {
            if snapshots && n % 7 == 0 {
                held = buffer.clone();
            }
            match n % 3 {
                0 => buffer.insert(Offset(50_000 + n / 3), &Buffer::from(b"t")),
                1 => buffer.insert(Offset(rng.u64(..buffer.len().0)), &Buffer::from(b"r")),
                _ => buffer.overwrite(Offset(2 * n), b"o"),
            }
        }
        buffer.check_invariants();
        assert_eq!(buffer.len().0, 120_000);
        assert!(held.len() <= buffer.len());
        assert!(buffer.piece_count() < 400, "{} pieces", buffer.piece_count());
        assert!(buffer.memory().0 < 500_000, "{} bytes", buffer.memory());
    }
    let mut typed = Buffer::new();
    for n in 0..20_000_u64 {
        typed.insert(Offset(n / 2), &Buffer::from(b"."));
    }
    assert!(typed.piece_count() <= 50, "{} pieces", typed.piece_count());
    // Written over a fill, in order and at random.
    let mut filled = Buffer::filled(0, Len(1 << 20));
    for n in 0..20_000 {
        filled.overwrite(Offset(n * 11), b"Hello World");
        filled.overwrite(Offset(rng.u64(..1 << 20)), b"random");
    }
    filled.check_invariants();
    assert!(filled.piece_count() < 2500, "{} pieces", filled.piece_count());
    assert!(filled.memory().0 < 4 << 20, "{} bytes", filled.memory());
}

#[test]
fn appends_stay_near_the_content_and_snapshots_share() {
    let mut buffer = Buffer::new();
    for _ in 0..400_000 {
        buffer.append(b"Hello World");
    }
    assert_eq!(buffer.memory(), buffer.len());
    assert!(buffer.piece_count() < 30, "{} pieces", buffer.piece_count());
    // With a snapshot before each append, only what was begun is copied.
    let (start, mut history) = (buffer.clone(), Vec::new());
    for _ in 0..2_000 {
        history.push(buffer.clone());
        buffer.append(b"Hello World");
    }
    buffer.check_invariants();
    assert!(buffer.unique_memory_since(&start).0 < 2 * 22_000);
    let all: u64 = history.windows(2).map(|pair| pair[0].unique_memory_since(&pair[1]).0).sum();
    assert!(all < 2_000 * 1100, "{all} bytes");
    for (n, snapshot) in history.iter().enumerate() {
        assert_eq!(snapshot.len().0, 4_400_000 + n as u64 * 11);
    }
}

#[test]
fn what_a_snapshot_alone_keeps_alive() {
    let mut rng = Rng::with_seed(5);
    let mut buffer = Buffer::new();
    for _ in 0..500 {
        buffer.append_buffer(&Buffer::from(random(&mut rng, 10_000)));
    }
    assert_eq!(buffer.memory(), Len(5_000_000));
    let before = buffer.clone();
    assert_eq!(before.unique_memory_since(&buffer), Len::ZERO);
    buffer.delete(range(1_000_000, 500_000));
    assert_eq!(before.unique_memory_since(&buffer), Len(500_000));
    assert_eq!(buffer.unique_memory_since(&before), Len::ZERO);
    buffer.delete(range(0, u64::MAX));
    assert_eq!(before.unique_memory_since(&buffer), Len(5_000_000));
}

#[test]
fn overwriting_a_shared_vector_copies_places_not_all_of_it() {
    let mut rng = Rng::with_seed(6);
    let mut buffer = Buffer::from(random(&mut rng, 8 << 20));
    let before = buffer.clone();
    let mut model = all(&before);
    buffer.overwrite(Offset(4_000_000), b"one place");
    model[4_000_000..4_000_009].copy_from_slice(b"one place");
    assert!(buffer.unique_memory_since(&before) <= Len(64 * 1024));
    for _ in 0..5_000 {
        let at = rng.usize(..model.len() - 16);
        let bytes = random(&mut rng, 16);
        buffer.overwrite(Offset(at as u64), &bytes);
        model[at..at + 16].copy_from_slice(&bytes);
    }
    buffer.check_invariants();
    assert!(all(&buffer) == model);
    assert!(all(&before) != model);
    assert!(buffer.piece_count() < 2100, "{} pieces: tiles do not break into each other", buffer.piece_count());
}

#[test]
fn a_huge_tree_is_dropped_on_a_small_stack() {
    let piece = Buffer::from(vec![1; 1025]);
    std::thread::Builder::new()
        .name("small stack".into())
        .stack_size(64 * 1024)
        .spawn(move || {
            let mut buffer = piece;
            for _ in 0..40 {
                buffer.append_buffer(&buffer.clone()); // 2^40 pieces, shared
            }
            assert_eq!(buffer.len(), Len(1025 << 40));
            let mut flat = Buffer::new();
            for _ in 0..100_000 {
                flat.append_buffer(&buffer.slice(range(0, 1025)));
            }
            assert_eq!(flat.piece_count(), 100_000);
            drop((buffer, flat));
        })
        .unwrap()
        .join()
        .unwrap();
}

// ---------------------------------------------------------------------------------------------------------
// Views
// ---------------------------------------------------------------------------------------------------------

#[test]
fn a_chunk_stays_what_it_was() {
    let mut buffer = Buffer::from(vec![b'a'; 100_000]);
    let chunk = buffer.chunk_at(Offset(10)).unwrap().unwrap();
    let fill = Buffer::filled(b'z', Len(1 << 40)).chunk_at(Offset(1 << 39)).unwrap().unwrap();
    buffer.overwrite(Offset(0), &[b'b'; 100_000]);
    assert!(chunk.len() == Buffer::CHUNK_LEN && chunk.iter().all(|&b| b == b'a'));
    assert!(fill.len() == Buffer::CHUNK_LEN && fill.iter().all(|&b| b == b'z'));
    let mut of_fill = Buffer::from(fill.clone());
    of_fill.overwrite(Offset(0), b"changed");
    of_fill.append(b"more");
    assert!(fill.iter().all(|&b| b == b'z'), "the block that fills share is never written to");
    assert_eq!(buffer.chunk_at(Offset(100_000)).unwrap().map(|chunk| chunk.len()), None);
}

#[test]
fn a_finger_notices_every_edit() {
    let mut buffer = Buffer::new();
    for n in 0..100 {
        buffer.append_buffer(&Buffer::from(vec![n; 2000]));
    }
    let other = Buffer::filled(200, Len(300_000));
    let mut finger = Finger::new();
    assert_eq!(buffer.run_at(&mut finger, Offset(4500)).unwrap(), [2; 1500]);
    assert_eq!(other.run_at(&mut finger, Offset(4500)).unwrap()[0], 200);
    assert_eq!(buffer.run_at(&mut finger, Offset(4500)).unwrap()[0], 2);
    buffer.overwrite(Offset(4500), b"!");
    assert_eq!(buffer.run_at(&mut finger, Offset(4500)).unwrap()[..2], [b'!', 2]);
    buffer.delete(range(0, 2000));
    assert_eq!(buffer.run_at(&mut finger, Offset(4500)).unwrap()[0], 3);
    assert_eq!(all(&buffer.slice_near(&mut finger, range(4500, 3))), [3; 3]);
    assert_eq!(buffer.slice_near(&mut finger, range(4500, 30_000)).len(), Len(30_000));
    assert_eq!(buffer.run_at(&mut finger, Offset(198_000)).unwrap(), b"");
    assert_eq!(buffer.slice_near(&mut finger, range(u64::MAX, 1)).len(), Len::ZERO);
}

#[test]
fn a_reader_reads_seeks_and_buffers() {
    let mut buffer = Buffer::from(b"one\ntwo\n");
    buffer.append_buffer(&Buffer::filled(b'x', Len(200_000)));
    buffer.append_buffer(&Buffer::from_source(TestFile::new(b"\nlast".repeat(3000))));
    let bytes = all(&buffer);
    let mut reader = buffer.reader();
    buffer.delete(range(0, u64::MAX)); // the reader has its snapshot

    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    assert_eq!(line, "one\n");
    assert_eq!(reader.stream_position().unwrap(), 4);
    let mut two = [0; 4];
    reader.read_exact(&mut two).unwrap();
    assert_eq!(&two, b"two\n");
    let mut long = Vec::new();
    assert_eq!(reader.read_until(b'\n', &mut long).unwrap(), 200_001);
    let mut rest = Vec::new();
    reader.read_to_end(&mut rest).unwrap();
    assert_eq!(rest, bytes[200_009..]);
    assert_eq!(reader.read(&mut two).unwrap(), 0);
    assert!(reader.fill_buf().unwrap().is_empty());

    assert_eq!(reader.seek(SeekFrom::End(-4)).unwrap(), bytes.len() as u64 - 4);
    assert_eq!(reader.fill_buf().unwrap(), b"last");
    reader.consume(2);
    assert_eq!(reader.read(&mut two).unwrap(), 2);
    assert_eq!(&two[..2], b"st");
    assert_eq!(reader.seek(SeekFrom::Current(-5)).unwrap(), bytes.len() as u64 - 5);
    assert_eq!(reader.read(&mut []).unwrap(), 0);
    assert_eq!(reader.seek(SeekFrom::End(1000)).unwrap(), bytes.len() as u64 + 1000);
    assert_eq!(reader.read(&mut two).unwrap(), 0, "past the end there is nothing");
    assert_eq!(reader.seek(SeekFrom::Start(u64::MAX)).unwrap(), u64::MAX);
    assert_eq!(reader.read(&mut two).unwrap(), 0);
    for wrong in [SeekFrom::End(i64::MIN), SeekFrom::Current(1), SeekFrom::Current(i64::MAX)] {
        assert_eq!(reader.seek(wrong).unwrap_err().kind(), ErrorKind::InvalidInput);
        assert_eq!(reader.stream_position().unwrap(), u64::MAX, "a refused seek does not move");
    }
    reader.rewind().unwrap();

    // Any mix of sizes reads the same bytes.
    let mut rng = Rng::with_seed(9);
    let mut mixed = Vec::new();
    loop {
        let mut part = vec![0; 1 + rng.usize(..100_000) / rng.usize(1..1000)];
        let done = reader.read(&mut part).unwrap();
        if done == 0 {
            break;
        }
        mixed.extend_from_slice(&part[..done]);
        if rng.bool() {
            let run = reader.fill_buf().unwrap();
            let take = run.len().min(rng.usize(..50));
            mixed.extend_from_slice(&run[..take]);
            reader.consume(take);
        }
    }
    assert!(mixed == bytes);
}

#[test]
fn small_rules() {
    let mut buffer = Buffer::new();
    buffer.overwrite(Offset(5), b"");
    assert!(buffer.is_empty(), "writing nothing makes no gap");
    buffer.overwrite(Offset(3), b"ab");
    assert_eq!(all(&buffer), b"\0\0\0ab");
    buffer.truncate(Len(100));
    buffer.extend_to(Len(2), 1);
    assert_eq!(buffer.len(), Len(5));
    buffer.replace(range(77, 5), &Buffer::from(b"appended"));
    assert_eq!(all(&buffer), b"\0\0\0abappended");
    assert!(!buffer.is_same(&Buffer::new()) && Buffer::new().is_same(&Buffer::default()));
    assert!(buffer != Buffer::from(b"\0\0\0abappendeD"));
    assert_eq!(format!("{buffer:?}"), "Buffer(13 bytes)");
    let own = buffer.clone();
    buffer.insert(Offset(5), &own);
    assert_eq!(all(&buffer), b"\0\0\0ab\0\0\0abappendedappended");
    assert_eq!(buffer.contiguous(Offset(0)).map(<[u8]>::len), Some(26));
    assert_eq!(Buffer::filled(1, Len(9)).contiguous(Offset(0)), None);
    fn sends<T: Send + Sync + 'static>(_: &T) {}
    sends(&buffer.reader());
    sends(&buffer.chunks(range(0, 1)));
}
