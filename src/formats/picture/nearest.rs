//! The nearest colour of a table, for every pixel of a picture.
//!
//! The colours are divided into cubes of eight by eight by eight. Which entries can be the nearest of a colour in a cube is found out
//! when the first one is asked for: all that are not farther from the cube's near side than another entry is from its far side. They
//! are a few of the 256, and the answer is that of a look at all of them.

use std::sync::OnceLock;

/// Bits of a channel that tell the cube.
const BITS: u32 = 5;
/// Values of a channel in a cube.
const SIDE: u8 = 1 << (8 - BITS);

/// A table of at least one and at most 256 colours, shared by all threads that ask.
pub(super) struct Nearest {
    table: Vec<[u8; 3]>,
    cubes: Vec<OnceLock<Box<[u8]>>>,
}

impl Nearest {
    pub(super) fn new(table: Vec<[u8; 3]>) -> Self {
        debug_assert!((1..=256).contains(&table.len()), "an entry has a byte");
        Self { table, cubes: (0..1 << (3 * BITS)).map(|_| OnceLock::new()).collect() }
    }

    pub(super) fn table(&self) -> &[[u8; 3]] {
        &self.table
    }

    /// The number of the entry nearest to `color`, the first one of several.
    pub(super) fn of(&self, color: [u8; 3]) -> u8 {
        let cube = color.iter().fold(0, |cube, value| cube << BITS | usize::from(value >> (8 - BITS)));
        let near = self.cubes[cube].get_or_init(|| self.near(color.map(|value| value / SIDE * SIDE)));
        match **near {
            [only] => only,
            _ => near.iter().copied().min_by_key(|entry| distance(color, self.table[usize::from(*entry)])).unwrap_or_default(),
        }
    }

    /// The entries that can be the nearest to a colour of the cube that begins with `low`.
    fn near(&self, low: [u8; 3]) -> Box<[u8]> {
        let high = low.map(|value| value + (SIDE - 1));
        let nearest = |entry: &[u8; 3]| distance(std::array::from_fn(|i| entry[i].clamp(low[i], high[i])), *entry);
        let farthest = |entry: &[u8; 3]| {
            let far = |i: usize| if entry[i].abs_diff(low[i]) > entry[i].abs_diff(high[i]) { low[i] } else { high[i] };
            distance(std::array::from_fn(far), *entry)
        };
        let bound = self.table.iter().map(farthest).min().unwrap_or_default();
        (0..=u8::MAX).zip(&self.table).filter(|(_, entry)| nearest(entry) <= bound).map(|(number, _)| number).collect()
    }
}

/// Green counts most and red least, as for the eye.
fn distance(one: [u8; 3], other: [u8; 3]) -> u32 {
    let [r, g, b] = std::array::from_fn(|i| u32::from(one[i].abs_diff(other[i])).pow(2));
    2 * r + 4 * g + 3 * b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_one_that_a_look_at_all_finds() {
        let mut random = fastrand::Rng::with_seed(4);
        for entries in [1, 2, 3, 17, 256] {
            for spread in [256, 30, 2] {
                let table: Vec<[u8; 3]> = (0..entries).map(|_| [0; 3].map(|_| random.u16(..spread) as u8)).collect();
                let nearest = Nearest::new(table.clone());
                for _ in 0..3_000 {
                    let color = [random.u8(..), random.u8(..), random.u8(..)];
                    let all = (0..=255).zip(&table).min_by_key(|(_, entry)| distance(color, **entry)).unwrap();
                    assert_eq!(nearest.of(color), all.0, "{color:?}");
                }
            }
        }
    }
}
