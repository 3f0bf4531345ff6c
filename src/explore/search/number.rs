//! Numbers in a range: many places are looked at in one step.

use std::ops::Range;

use super::finder::Pattern;
use super::needle::NumberKind;
use super::parse::{Masked, Numbers};
use super::rank::Binary;

/// Places that are looked at one by one before whole blocks are: where matches are many, the next one is near.
const NEAR: usize = 32;

/// Places that are looked at together. Small enough for the fastest cache, and for a step back to cost little.
const BLOCK: usize = 1024;

/// Finds numbers of one type and byte order that lie in a range.
#[derive(Debug)]
pub(super) struct NumberFinder {
    kind: NumberKind,
    big: bool,
    numbers: Numbers,
    /// The bits that all numbers of the range share, where they are enough to search for.
    shared: Option<Box<Pattern>>,
}

impl NumberFinder {
    pub(super) fn new(kind: NumberKind, big: bool, numbers: Numbers) -> Self {
        let shared = shared_bits(kind, big, numbers).map(|masked| Box::new(Pattern::new(masked)));
        Self { kind, big, numbers, shared }
    }

    /// How many bytes a number has.
    pub(super) fn size(&self) -> usize {
        self.kind.size()
    }

    /// The first number that begins in `starts`.
    pub(super) fn find(&self, window: &[u8], starts: Range<usize>) -> Option<usize> {
        let end = (starts.end + self.size() - 1).min(window.len());
        let Some(shared) = &self.shared else {
            return Some(starts.start + self.first(window.get(starts.start..end)?)?);
        };
        let mut at = starts.start;
        while at < starts.end {
            let found = shared.find(window, at..starts.end)?;
            if self.first(&window[found.clone()]).is_some() {
                return Some(found.start);
            }
            at = found.start + 1;
        }
        None
    }

    /// The first place in all of these bytes.
    fn first(&self, bytes: &[u8]) -> Option<usize> {
        match self.kind.size() {
            1 => self.first_of::<1, u8>(bytes, |[byte]| byte),
            2 => self.first_of::<2, u16>(bytes, if self.big { u16::from_be_bytes } else { u16::from_le_bytes }),
            // Three bytes are the upper ones of four, six those of eight: the sign stays where it is.
            3 if self.big => self.first_of::<3, u32>(bytes, |[a, b, c]| u32::from_be_bytes([a, b, c, 0])),
            3 => self.first_of::<3, u32>(bytes, |[a, b, c]| u32::from_le_bytes([0, a, b, c])),
            4 => self.first_of::<4, u32>(bytes, if self.big { u32::from_be_bytes } else { u32::from_le_bytes }),
            6 if self.big => self.first_of::<6, u64>(bytes, |[a, b, c, d, e, f]| u64::from_be_bytes([a, b, c, d, e, f, 0, 0])),
            6 => self.first_of::<6, u64>(bytes, |[a, b, c, d, e, f]| u64::from_le_bytes([0, 0, a, b, c, d, e, f])),
            _ => self.first_of::<8, u64>(bytes, if self.big { u64::from_be_bytes } else { u64::from_le_bytes }),
        }
    }

    #[inline]
    fn first_of<const N: usize, W: Word>(&self, bytes: &[u8], word: impl Fn([u8; N]) -> W + Copy) -> Option<usize> {
        match self.numbers {
            Numbers::Unsigned(low, high) => {
                let (low, high) = (W::of(low, N), W::of(high, N));
                first_where(bytes, |bytes| word(bytes).lies(low, high))
            }
            // Counted from the lowest number on, signed numbers are as unsigned ones.
            Numbers::Signed(low, high) => {
                let (low, high) = (W::of(low as u64, N), W::of(high as u64, N));
                first_where(bytes, |bytes| word(bytes).lies(low, high))
            }
            Numbers::Float(low, high) if self.kind == NumberKind::F32 => {
                // The ends are moved inwards to numbers of four bytes: the same ones lie between them.
                let (mut from, mut to) = (low as f32, high as f32);
                if f64::from(from) < low {
                    from = from.next_up();
                }
                if f64::from(to) > high {
                    to = to.next_down();
                }
                first_where(bytes, |bytes| {
                    let value = f32::from_bits(word(bytes).wide() as u32);
                    (from <= value) & (value <= to)
                })
            }
            Numbers::Float(low, high) => first_where(bytes, |bytes| {
                let value = f64::from_bits(word(bytes).wide());
                (low <= value) & (value <= high)
            }),
            Numbers::Nan if self.kind == NumberKind::F32 => {
                first_where(bytes, |bytes| f32::from_bits(word(bytes).wide() as u32).is_nan())
            }
            Numbers::Nan => first_where(bytes, |bytes| f64::from_bits(word(bytes).wide()).is_nan()),
            Numbers::Bits(bits) => {
                let only = W::of(bits, N);
                first_where(bytes, |bytes| word(bytes).lies(only, only))
            }
        }
    }
}

/// A number as one word of the machine.
trait Word: Copy {
    /// The low `size` bytes of a number, in the upper part of the word.
    fn of(bits: u64, size: usize) -> Self;
    /// Whether it is one of those from `low` on up to `high`, counted around the end of all numbers.
    fn lies(self, low: Self, high: Self) -> bool;
    fn wide(self) -> u64;
}

macro_rules! words {
    ($($word:ty),*) => {$(
        impl Word for $word {
            #[inline]
            fn of(bits: u64, size: usize) -> Self {
                (bits as Self) << (Self::BITS as usize - 8 * size)
            }
            #[inline]
            fn lies(self, low: Self, high: Self) -> bool {
                self.wrapping_sub(low) <= high.wrapping_sub(low)
            }
            #[inline]
            fn wide(self) -> u64 {
                self.into()
            }
        }
    )*};
}
words!(u8, u16, u32, u64);

/// The first place whose bytes are meant. In blocks each place is asked, found or not, and those whose numbers lie one behind
/// the other in turn: so the compiler asks several in one instruction.
#[inline]
fn first_where<const N: usize>(bytes: &[u8], holds: impl Fn([u8; N]) -> bool + Copy) -> Option<usize> {
    let one_by_one = |from: usize, to: usize| {
        let found = bytes.get(from..(to + N - 1).min(bytes.len()))?.array_windows::<N>().position(|bytes| holds(*bytes));
        found.map(|found| from + found)
    };
    let count = (bytes.len() + 1).checked_sub(N)?;
    let mut at = NEAR.min(count);
    if let Some(found) = one_by_one(0, at) {
        return Some(found);
    }
    // Rounded up: every place of a block is in one of the turns.
    let turn = BLOCK.div_ceil(N);
    while at + turn * N <= count {
        let mut any = false;
        for phase in 0..N {
            let (numbers, _) = bytes[at + phase..][..turn * N].as_chunks::<N>();
            any |= numbers.iter().fold(false, |any, number| any | holds(*number));
        }
        if any {
            return one_by_one(at, at + turn * N);
        }
        at += turn * N;
    }
    one_by_one(at, count)
}

/// The bytes in front that all numbers of a range have in common, where there are two whole ones at least and they are not the
/// most common bytes of all.
fn shared_bits(kind: NumberKind, big: bool, numbers: Numbers) -> Option<Masked> {
    let size = kind.size();
    let (low, high) = match numbers {
        Numbers::Unsigned(low, high) => (low, high),
        Numbers::Signed(low, high) if (low < 0) == (high < 0) => (low as u64, high as u64),
        // Floats of one sign are in the order of their bits.
        Numbers::Float(low, high) if low > 0.0 || high < 0.0 => {
            if kind == NumberKind::F32 {
                (u64::from((low as f32).to_bits()), u64::from((high as f32).to_bits()))
            } else {
                (low.to_bits(), high.to_bits())
            }
        }
        _ => return None,
    };
    let unused = 64 - 8 * size as u32;
    let (low, high) = (low << unused, high << unused);
    let same = (low ^ high).leading_zeros();
    let mask = if same >= 64 { u64::MAX } else { !(u64::MAX >> same) };
    let (mut values, mut masks) = ((low & mask).to_be_bytes()[..size].to_vec(), mask.to_be_bytes()[..size].to_vec());
    let whole = values.iter().zip(&masks).filter(|(_, mask)| **mask == 0xFF);
    let (whole, rarest) = whole.fold((0, 255), |(n, rank), (byte, _)| (n + 1, rank.min(Binary::of(*byte))));
    if whole < 2 || rarest > 200 {
        return None;
    }
    if !big {
        values.reverse();
        masks.reverse();
    }
    Some(Masked { values, masks })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the rule says of one place.
    fn holds(kind: NumberKind, big: bool, numbers: Numbers, bytes: &[u8]) -> bool {
        let mut all = [0; 8];
        all[..bytes.len()].copy_from_slice(bytes);
        if big {
            all[..bytes.len()].reverse();
        }
        let raw = u64::from_le_bytes(all);
        let unused = 64 - 8 * bytes.len();
        match numbers {
            Numbers::Unsigned(low, high) => (low..=high).contains(&raw),
            Numbers::Signed(low, high) => (low..=high).contains(&(((raw << unused) as i64) >> unused)),
            Numbers::Float(low, high) if kind == NumberKind::F32 => (low..=high).contains(&f64::from(f32::from_bits(raw as u32))),
            Numbers::Float(low, high) => (low..=high).contains(&f64::from_bits(raw)),
            Numbers::Nan if kind == NumberKind::F32 => f32::from_bits(raw as u32).is_nan(),
            Numbers::Nan => f64::from_bits(raw).is_nan(),
            Numbers::Bits(bits) => raw == bits & (u64::MAX >> unused),
        }
    }

    /// Ranges whose ends stand somewhere in the bytes, so that there is something to find.
    fn some_range(rng: &mut fastrand::Rng, kind: NumberKind, wide: bool) -> Numbers {
        let by = if wide { rng.u64(..) >> rng.u32(..64) } else { rng.u64(..300) };
        if kind.is_float() {
            let low = (rng.f64() - 0.5) * 10f64.powi(rng.i32(-6..6));
            return if rng.u8(..8) == 0 { Numbers::Nan } else { Numbers::Float(low, low + rng.f64() * low.abs()) };
        }
        let (most, low) = (u64::MAX >> (64 - 8 * kind.size()), rng.u64(..));
        if kind.is_signed() {
            let (least, most) = (-((most >> 1) as i64) - 1, (most >> 1) as i64);
            let low = (low as i64) >> (64 - 8 * kind.size());
            return Numbers::Signed(low.max(least), low.saturating_add_unsigned(by).min(most));
        }
        let low = low & most;
        Numbers::Unsigned(low, low.saturating_add(by).min(most))
    }

    #[test]
    fn blocks_find_what_the_rule_says_place_by_place() {
        let mut rng = fastrand::Rng::with_seed(9);
        for turn in 0..600 {
            let kind = NumberKind::ALL[turn % NumberKind::ALL.len()];
            let (size, big) = (kind.size(), rng.bool());
            let numbers = some_range(&mut rng, kind, turn % 3 == 0);
            let finder = NumberFinder::new(kind, big, numbers);
            let mut bytes: Vec<u8> = (0..rng.usize(0..6000)).map(|_| rng.u8(..)).collect();
            // Numbers at and beside the ends of the range, so that something is found in wide types.
            for _ in 0..rng.usize(..4) {
                let (Numbers::Unsigned(low, high), true) = (numbers, bytes.len() > size) else { continue };
                let number = [low, high, low.wrapping_sub(1), high.wrapping_add(1)][rng.usize(..4)];
                let mut number = number.to_le_bytes()[..size].to_vec();
                if big {
                    number.reverse();
                }
                let at = rng.usize(..bytes.len() - size);
                bytes[at..at + size].copy_from_slice(&number);
            }
            let starts = rng.usize(..=bytes.len())..bytes.len();
            let mut at = starts.start;
            let mut found = Vec::new();
            while let Some(next) = finder.find(&bytes, at..starts.end) {
                found.push(next);
                at = next + 1;
            }
            let windows = bytes.windows(size).enumerate().skip(starts.start);
            let expected: Vec<usize> = windows.filter(|(_, it)| holds(kind, big, numbers, it)).map(|(at, _)| at).collect();
            assert_eq!(found, expected, "{kind:?} {big} {numbers:?} of {} bytes", bytes.len());
        }
    }

    #[test]
    fn ranges_with_bytes_in_common_are_searched_for_by_them() {
        let shared = |kind, numbers| shared_bits(kind, false, numbers).map(|masked| (masked.values, masked.masks));
        assert_eq!(shared(NumberKind::F32, Numbers::Float(1.4, 1.45)), None, "one whole byte is not enough");
        assert_eq!(
            shared(NumberKind::U32, Numbers::Unsigned(0x8950_0000, 0x8950_00FF)),
            Some((vec![0, 0, 0x50, 0x89], vec![0, 0xFF, 0xFF, 0xFF]))
        );
        assert_eq!(shared(NumberKind::U32, Numbers::Unsigned(10, 20)), None, "zeros are everywhere");
        assert_eq!(shared(NumberKind::I32, Numbers::Signed(-1, 1)), None);
        assert_eq!(shared(NumberKind::F64, Numbers::Float(-1.0, 1.0)), None);
        assert!(shared(NumberKind::F64, Numbers::Float(3.1399, 3.1401)).is_some());
        assert!(shared(NumberKind::F64, Numbers::Float(-3.1401, -3.1399)).is_some());
    }
}
