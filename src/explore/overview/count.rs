//! Counting bytes and pairs of bytes: the loops that everything else here waits for.

/// How often each byte occurs.
pub type Histogram = [u64; 256];

/// Bytes that are counted at once; small enough that no counter of 32 bits can run over, and to be told apart quickly
/// whether they are all the same.
const RUN: usize = 4096;

/// Most bytes of one call: the counters have 32 bits.
pub(super) const COUNTED: usize = 1 << 30;

/// Four tables side by side, so that equal bytes that follow each other do not wait for one another's counter.
pub(super) struct Counter {
    tables: Box<[[u32; 256]; 4]>,
    /// Runs of one byte, counted apart.
    runs: Box<Histogram>,
    /// Pairs, the first byte in the high half; empty where nobody wants them.
    pairs: Vec<u32>,
    /// Pairs of runs of one byte.
    same: Box<Histogram>,
    counted: usize,
}

impl Counter {
    pub(super) fn new(pairs: bool) -> Self {
        Self {
            tables: Box::new([[0; 256]; 4]),
            runs: Box::new([0; 256]),
            pairs: vec![0; if pairs { 1 << 16 } else { 0 }],
            same: Box::new([0; 256]),
            counted: 0,
        }
    }

    /// Counts `bytes`, and the pairs that end in them; `before` is the byte in front of them.
    pub(super) fn add(&mut self, bytes: &[u8], before: Option<u8>) {
        let mut last = before;
        for run in bytes.chunks(RUN) {
            match uniform(run) {
                Some(byte) => self.runs[usize::from(byte)] += run.len() as u64,
                None => count(&mut self.tables, run),
            }
            if !self.pairs.is_empty() {
                self.add_pairs(run, last);
                last = run.last().copied();
            }
        }
        self.counted += bytes.len();
        debug_assert!(self.counted <= COUNTED);
    }

    /// Counts `len` times `byte`.
    pub(super) fn add_fill(&mut self, byte: u8, len: u64, before: Option<u8>) {
        if len == 0 {
            return;
        }
        self.runs[usize::from(byte)] += len;
        if !self.pairs.is_empty() {
            self.same[usize::from(byte)] += len - 1;
            if let Some(before) = before {
                self.pair(before, byte);
            }
        }
    }

    fn pair(&mut self, a: u8, b: u8) {
        let count = &mut self.pairs[usize::from(a) << 8 | usize::from(b)];
        *count = count.wrapping_add(1);
    }

    fn add_pairs(&mut self, run: &[u8], before: Option<u8>) {
        let Some((&first, rest)) = run.split_first() else { return };
        if let Some(before) = before {
            self.pair(before, first);
        }
        if let Some(byte) = uniform(run) {
            self.same[usize::from(byte)] += rest.len() as u64;
            return;
        }
        let Ok(pairs) = <&mut [u32; 1 << 16]>::try_from(self.pairs.as_mut_slice()) else { return };
        let mut last = usize::from(first);
        for &byte in rest {
            let index = (last << 8 | usize::from(byte)) & 0xFFFF;
            pairs[index] = pairs[index].wrapping_add(1);
            last = usize::from(byte);
        }
    }

    /// Whether [`Counter::flush_pairs`] and [`Counter::take`] must be called before `more` bytes are counted.
    pub(super) fn is_full(&self, more: usize) -> bool {
        self.counted + more > COUNTED
    }

    /// What was counted since the last call, without the pairs.
    pub(super) fn take(&mut self) -> Histogram {
        let mut histogram = std::mem::replace(&mut *self.runs, [0; 256]);
        for table in self.tables.iter_mut() {
            for (sum, count) in histogram.iter_mut().zip(table.iter_mut()) {
                *sum += u64::from(std::mem::take(count));
            }
        }
        histogram
    }

    /// Adds the pairs counted since the last call to `sums`.
    pub(super) fn flush_pairs(&mut self, sums: &mut [u64]) {
        self.counted = 0;
        for (sum, count) in sums.iter_mut().zip(&mut self.pairs) {
            *sum += u64::from(std::mem::take(count));
        }
        for (byte, count) in self.same.iter_mut().enumerate() {
            if let Some(sum) = sums.get_mut(byte << 8 | byte) {
                *sum += std::mem::take(count);
            }
        }
    }
}

/// The byte that all of `run` is.
fn uniform(run: &[u8]) -> Option<u8> {
    let &first = run.first()?;
    let differs = |part: &[u8]| part.iter().fold(0, |all, byte| all | (byte ^ first)) != 0;
    (!run.chunks(64).any(differs)).then_some(first)
}

fn count(tables: &mut [[u32; 256]; 4], bytes: &[u8]) {
    let [a, b, c, d] = tables;
    let mut words = bytes.chunks_exact(8);
    for word in &mut words {
        let word = u64::from_le_bytes([word[0], word[1], word[2], word[3], word[4], word[5], word[6], word[7]]);
        let add = |table: &mut [u32; 256], shift: u32| {
            let count = &mut table[usize::from((word >> shift) as u8)];
            *count = count.wrapping_add(1);
        };
        add(a, 0);
        add(b, 8);
        add(c, 16);
        add(d, 24);
        add(a, 32);
        add(b, 40);
        add(c, 48);
        add(d, 56);
    }
    for &byte in words.remainder() {
        a[usize::from(byte)] += 1;
    }
}

/// Shannon's entropy of what was counted, in bits a byte: 0 where all are the same (or there are none), 8 where all 256
/// values are equally frequent.
///
/// ```
/// use seektell::explore::overview::entropy;
/// let mut counts = [0; 256];
/// (counts[0], counts[255]) = (8, 8);
/// assert_eq!(entropy(&counts), 1.0);
/// ```
pub fn entropy(histogram: &Histogram) -> f32 {
    let total: u64 = histogram.iter().sum();
    if total == 0 {
        return 0.0;
    }
    let all = total as f64;
    let sum: f64 = histogram.iter().filter(|&&count| count > 0).map(|&count| count as f64 * (count as f64).log2()).sum();
    ((all.log2() - sum / all).clamp(0.0, 8.0)) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naive(bytes: &[u8]) -> (Vec<u64>, Vec<u64>) {
        let (mut histogram, mut pairs) = (vec![0; 256], vec![0; 1 << 16]);
        for &byte in bytes {
            histogram[usize::from(byte)] += 1;
        }
        bytes.windows(2).for_each(|pair| pairs[usize::from(pair[0]) << 8 | usize::from(pair[1])] += 1);
        (histogram, pairs)
    }

    #[test]
    fn counts_are_those_of_one_byte_after_the_other() {
        let mut rng = fastrand::Rng::with_seed(3);
        for round in 0..60 {
            let mut bytes: Vec<u8> = (0..rng.usize(0..20_000)).map(|_| rng.u8(..)).collect();
            if round % 3 == 0 {
                let at = rng.usize(0..=bytes.len());
                bytes.splice(at..at, vec![rng.u8(..); rng.usize(0..20_000)]);
            }
            let mut counter = Counter::new(true);
            let (mut at, mut before) = (0, None);
            let mut histogram = [0; 256];
            let mut pairs = vec![0; 1 << 16];
            while at < bytes.len() {
                let end = (at + rng.usize(1..9000)).min(bytes.len());
                counter.add(&bytes[at..end], before);
                (before, at) = (Some(bytes[end - 1]), end);
                if rng.u8(0..4) == 0 {
                    counter.flush_pairs(&mut pairs);
                    histogram.iter_mut().zip(counter.take()).for_each(|(sum, count)| *sum += count);
                }
            }
            counter.flush_pairs(&mut pairs);
            histogram.iter_mut().zip(counter.take()).for_each(|(sum, count)| *sum += count);
            assert_eq!((histogram.to_vec(), pairs), naive(&bytes));
        }
    }

    #[test]
    fn a_fill_counts_like_its_bytes() {
        let mut counter = Counter::new(true);
        counter.add(b"ab", None);
        counter.add_fill(b'c', 5, Some(b'b'));
        counter.add_fill(b'x', 0, Some(b'c'));
        counter.add(b"d", Some(b'c'));
        let mut pairs = vec![0; 1 << 16];
        counter.flush_pairs(&mut pairs);
        assert_eq!((counter.take().to_vec(), pairs), naive(b"abcccccd"));
    }

    #[test]
    fn entropy_has_its_known_values() {
        let mut histogram = [0; 256];
        assert_eq!(entropy(&histogram), 0.0);
        histogram[7] = u64::MAX / 2;
        assert_eq!(entropy(&histogram), 0.0);
        assert_eq!(entropy(&[3; 256]), 8.0);
        let mut histogram = [0; 256];
        (histogram[0], histogram[1], histogram[2]) = (2, 1, 1);
        assert_eq!(entropy(&histogram), 1.5);
    }
}
