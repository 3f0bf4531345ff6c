//! About how many values differ: HyperLogLog (Flajolet and others, 2007) with Ertl's estimator (2017), which needs no table of
//! corrections.

const BITS: u32 = 14;
const REGISTERS: usize = 1 << BITS;
/// The greatest value of a register.
const MOST: usize = 64 - BITS as usize + 1;

/// A number of values that differ, in 16 KiB.
#[derive(Clone, Debug)]
pub(super) struct Sketch {
    registers: Vec<u8>,
}

impl Sketch {
    pub(super) fn new() -> Self {
        Self { registers: vec![0; REGISTERS] }
    }

    pub(super) fn add(&mut self, hash: u64) {
        let register = (hash >> (64 - BITS)) as usize;
        let zeros = ((hash << BITS) | (1 << (BITS - 1))).leading_zeros() as u8 + 1;
        let old = &mut self.registers[register];
        *old = (*old).max(zeros);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.registers.iter_mut().zip(&other.registers).for_each(|(one, other)| *one = (*one).max(*other));
    }

    pub(super) fn estimate(&self) -> u64 {
        let mut histogram = [0_u32; MOST + 1];
        for &register in &self.registers {
            histogram[usize::from(register).min(MOST)] += 1;
        }
        let m = REGISTERS as f64;
        let mut z = m * tau(1.0 - f64::from(histogram[MOST]) / m);
        for count in histogram[1..MOST].iter().rev() {
            z = 0.5 * (z + f64::from(*count));
        }
        z += m * sigma(f64::from(histogram[0]) / m);
        (m * m / (2.0 * std::f64::consts::LN_2 * z)).round() as u64
    }
}

fn sigma(mut x: f64) -> f64 {
    if x == 1.0 {
        return f64::INFINITY;
    }
    let (mut y, mut z) = (1.0, x);
    loop {
        x *= x;
        let before = z;
        z += x * y;
        y += y;
        if z == before {
            return z;
        }
    }
}

fn tau(mut x: f64) -> f64 {
    if x == 0.0 || x == 1.0 {
        return 0.0;
    }
    let (mut y, mut z) = (1.0, 1.0 - x);
    loop {
        x = x.sqrt();
        let before = z;
        y *= 0.5;
        z -= (1.0 - x).powi(2) * y;
        if z == before {
            return z / 3.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::dictionary::hashed;
    use super::*;

    #[test]
    fn estimates_are_near() {
        let mut sketch = Sketch::new();
        assert_eq!(sketch.estimate(), 0);
        for number in 0..1_000_000_u64 {
            sketch.add(hashed(&number.to_le_bytes()));
            if matches!(number + 1, 100 | 10_000 | 100_000 | 1_000_000) {
                let error = sketch.estimate() as f64 / (number + 1) as f64 - 1.0;
                assert!(error.abs() < 0.03, "{number}: {error}");
            }
        }
    }
}
