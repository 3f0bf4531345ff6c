//! Small gaps: what lies between two ties and fits into memory.

use std::hash::Hash;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::Difference;
use super::block;

/// Equal units between two differences that move something are only kept from this many on: fewer are there by chance.
const CHANCE: u64 = 4;

/// Of a gap with both sides of one length, at most this part differs where it is compared by position.
const MOSTLY_EQUAL: u64 = 4;

/// What was found in a gap.
#[derive(Debug, Default)]
pub(super) struct Filled {
    /// From the starts of the gap.
    pub(super) differences: Vec<Difference>,
    /// Nothing is alike: the gap is one difference.
    pub(super) hopeless: bool,
}

/// Where two short contents differ, aligned. Takes time with the product of their lengths at worst.
pub(super) fn fill(left: &[u8], right: &[u8], unit: usize) -> Filled {
    let floor = |at: usize| at - at % unit;
    let both = left.len().min(right.len());
    let prefix = floor(block::first_difference(&left[..both], &right[..both]).unwrap_or(both));
    let both = both - prefix;
    let suffix = floor(block::equal_at_end(&left[left.len() - both..], &right[right.len() - both..]));
    let (a, b) = (&left[prefix..left.len() - suffix], &right[prefix..right.len() - suffix]);
    let mut filled = if a.is_empty() || b.is_empty() {
        Filled { differences: whole(a, b), hopeless: false }
    } else {
        by_position(a, b, unit).unwrap_or_else(|| match unit {
            1 => myers(a, b, 1, a.len() + b.len()),
            _ => myers(&words(a), &words(b), 4, a.len() + b.len()),
        })
    };
    for difference in &mut filled.differences {
        difference.left += prefix as u64;
        difference.right += prefix as u64;
    }
    filled.differences.retain(|difference| difference.span() > 0);
    filled
}

fn whole(a: &[u8], b: &[u8]) -> Vec<Difference> {
    vec![Difference { left: 0, left_len: a.len() as u64, right: 0, right_len: b.len() as u64 }]
}

/// Sides of one length that hardly differ where they are have only been overwritten.
fn by_position(a: &[u8], b: &[u8], unit: usize) -> Option<Filled> {
    if a.len() != b.len() {
        return None;
    }
    let found = block::differing(a, b, unit, 0).runs;
    let changed: u64 = found.iter().map(|run| u64::from(run.changed)).sum();
    let difference = |run: &block::FoundRun| {
        let (start, len) = (u64::from(run.start), u64::from(run.end - run.start));
        Difference { left: start, left_len: len, right: start, right_len: len }
    };
    (changed * MOSTLY_EQUAL <= a.len() as u64 || a.len() == unit)
        .then(|| Filled { differences: found.iter().map(difference).collect(), hopeless: false })
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.as_chunks().0.iter().map(|word| u32::from_le_bytes(*word)).collect()
}

fn myers<T: Eq + Hash>(a: &[T], b: &[T], unit: u64, bytes: usize) -> Filled {
    let mut differences: Vec<Difference> = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, a, b) {
        let (_, left, right) = op.as_tag_tuple();
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let next = Difference {
            left: left.start as u64 * unit,
            left_len: left.len() as u64 * unit,
            right: right.start as u64 * unit,
            right_len: right.len() as u64 * unit,
        };
        match differences.last_mut() {
            Some(last) if by_chance(last, &next, unit) => {
                last.left_len = next.left_end() - last.left;
                last.right_len = next.right_end() - last.right;
            }
            _ => differences.push(next),
        }
    }
    let differing: u64 = differences.iter().map(|difference| difference.left_len + difference.right_len).sum();
    // Sides that have hardly anything in common are replaced, not edited.
    if differing * 8 > bytes as u64 * 7 && bytes as u64 > 256 * unit {
        let [left_len, right_len] = [a.len(), b.len()].map(|len| len as u64 * unit);
        return Filled { differences: vec![Difference { left: 0, left_len, right: 0, right_len }], hopeless: true };
    }
    Filled { differences, hopeless: false }
}

/// Whether what is equal between two differences is so by chance.
fn by_chance(last: &Difference, next: &Difference, unit: u64) -> bool {
    let between = next.left - last.left_end();
    between == 0 || (between < CHANCE * unit && (last.left_len != last.right_len || next.left_len != next.right_len))
}
