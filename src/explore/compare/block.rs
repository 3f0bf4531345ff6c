//! Two blocks of bytes of the same length: where they differ.

/// Bytes that are compared at once; those that are equal are not looked at further.
const STRIDE: usize = 1024;

/// What differs in a block, from its start.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// First byte and one behind the last, after joining.
    pub(super) runs: Vec<FoundRun>,
}

/// A run of differing bytes, joined where little lies between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FoundRun {
    pub(super) start: u32,
    pub(super) end: u32,
    /// Runs that it was made of.
    pub(super) places: u32,
    /// Bytes in those.
    pub(super) changed: u32,
}

/// Where `a` and `b`, of one length, differ, in units of `unit` bytes (1 or 4). Runs with at most `join` equal bytes between
/// them are one.
pub(super) fn differing(a: &[u8], b: &[u8], unit: usize, join: u64) -> Found {
    let mut found = Found::default();
    for (number, (a, b)) in a.chunks(STRIDE).zip(b.chunks(STRIDE)).enumerate() {
        if a == b {
            continue;
        }
        let base = number * STRIDE;
        let (mut words_a, mut words_b) = (a.chunks_exact(8), b.chunks_exact(8));
        let mut at = base;
        for (x, y) in (&mut words_a).zip(&mut words_b) {
            if x != y {
                units(x, y, unit, at, join, &mut found.runs);
            }
            at += 8;
        }
        units(words_a.remainder(), words_b.remainder(), unit, at, join, &mut found.runs);
    }
    found
}

fn units(a: &[u8], b: &[u8], unit: usize, base: usize, join: u64, runs: &mut Vec<FoundRun>) {
    for (number, (x, y)) in a.chunks(unit).zip(b.chunks(unit)).enumerate() {
        if x != y {
            add(runs, base + number * unit, unit, join);
        }
    }
}

fn add(runs: &mut Vec<FoundRun>, at: usize, unit: usize, join: u64) {
    let (start, unit) = (at as u32, unit as u32);
    match runs.last_mut() {
        Some(last) if u64::from(start - last.end) <= join => {
            last.places += u32::from(last.end != start);
            last.end = start + unit;
            last.changed += unit;
        }
        _ => runs.push(FoundRun { start, end: start + unit, places: 1, changed: unit }),
    }
}

/// The first byte that differs.
pub(super) fn first_difference(a: &[u8], b: &[u8]) -> Option<usize> {
    let block = a.chunks(STRIDE).zip(b.chunks(STRIDE)).position(|(a, b)| a != b)?;
    let from = block * STRIDE;
    a[from..].iter().zip(&b[from..]).position(|(a, b)| a != b).map(|at| from + at)
}

/// How many bytes at the end are equal.
pub(super) fn equal_at_end(a: &[u8], b: &[u8]) -> usize {
    let blocks = a.rchunks(STRIDE).zip(b.rchunks(STRIDE)).take_while(|(a, b)| a == b).count();
    let equal = (blocks * STRIDE).min(a.len());
    let (a, b) = (&a[..a.len() - equal], &b[..b.len() - equal]);
    equal + a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_those_that_byte_by_byte_comparison_finds() {
        let mut rng = fastrand::Rng::with_seed(7);
        for _ in 0..300 {
            let len = rng.usize(0..5000);
            let a: Vec<u8> = (0..len).map(|_| rng.u8(..)).collect();
            let mut b = a.clone();
            for _ in 0..rng.usize(0..20).min(len) {
                let at = rng.usize(0..len);
                let n = rng.usize(1..30).min(len - at);
                b[at..at + n].iter_mut().for_each(|byte| *byte = byte.wrapping_add(rng.u8(0..3)));
            }
            let mut naive: Vec<(u32, u32)> = Vec::new();
            for at in (0..len).filter(|&at| a[at] != b[at]) {
                match naive.last_mut() {
                    Some(last) if last.1 == at as u32 => last.1 += 1,
                    _ => naive.push((at as u32, at as u32 + 1)),
                }
            }
            let runs: Vec<_> = differing(&a, &b, 1, 0).runs.iter().map(|run| (run.start, run.end)).collect();
            assert_eq!(runs, naive);
            let joined = differing(&a, &b, 1, 16).runs;
            assert_eq!(joined.iter().map(|run| run.places as usize).sum::<usize>(), naive.len());
            let changed: u32 = naive.iter().map(|(start, end)| end - start).sum();
            assert_eq!(joined.iter().map(|run| run.changed).sum::<u32>(), changed);
            assert!(joined.windows(2).all(|pair| pair[1].start - pair[0].end > 16));
            assert_eq!(first_difference(&a, &b), naive.first().map(|run| run.0 as usize));
            assert_eq!(equal_at_end(&a, &b), naive.last().map_or(len, |run| len - run.1 as usize));
        }
    }

    #[test]
    fn a_unit_differs_as_a_whole() {
        let runs = differing(&[1, 0, 0, 0, 2, 0, 0, 0], &[1, 0, 0, 0, 2, 1, 0, 0], 4, 0).runs;
        assert_eq!(runs, [FoundRun { start: 4, end: 8, places: 1, changed: 4 }]);
    }
}
