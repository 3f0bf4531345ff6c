//! Both sides laid beside each other: a place holds a byte of the left, a byte of the right, or of both.

use super::{Comparison, Difference};

/// The places of a comparison, from 0 on. What is equal or changed takes one place a byte; what only one side has takes
/// places that are gaps on the other one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The place that each difference begins at.
    starts: Vec<u64>,
    total: u64,
}

/// What is at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The offset on the left, where that side has a byte here.
    pub left: Option<u64>,
    /// The offset on the right.
    pub right: Option<u64>,
    /// The difference that the place is part of, by its number.
    pub difference: Option<usize>,
}

impl Places {
    /// Lays the sides of a comparison beside each other; takes time with the number of differences. Everything behind the
    /// last difference in the list is equal here, so it is for comparisons that left nothing out.
    pub fn new(comparison: &Comparison) -> Self {
        let mut gaps = 0;
        let place = |difference: &Difference| {
            let start = difference.left + gaps;
            gaps += difference.span() - difference.left_len;
            start
        };
        let starts = comparison.differences.iter().map(place).collect();
        Self { starts, total: comparison.left_len.saturating_add(gaps) }
    }

    /// How many places there are.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Where a difference begins.
    pub fn start(&self, difference: usize) -> Option<u64> {
        self.starts.get(difference).copied()
    }

    /// The first difference that begins at `place` or behind it: its number, or how many there are.
    pub fn first_from(&self, place: u64) -> usize {
        self.starts.partition_point(|&start| start < place)
    }

    /// The difference that a place is part of.
    pub fn difference_at(&self, comparison: &Comparison, place: u64) -> Option<usize> {
        let index = self.starts.partition_point(|&start| start <= place).checked_sub(1)?;
        (place - self.starts[index] < comparison.differences[index].span()).then_some(index)
    }

    /// What is at a place; past the last one neither side has anything.
    pub fn at(&self, comparison: &Comparison, place: u64) -> Place {
        if place >= self.total {
            return Place { left: None, right: None, difference: None };
        }
        let Some(index) = self.starts.partition_point(|&start| start <= place).checked_sub(1) else {
            return Place { left: Some(place), right: Some(place), difference: None };
        };
        let (difference, skip) = (comparison.differences[index], place - self.starts[index]);
        if let Some(behind) = skip.checked_sub(difference.span()) {
            let (left, right) = (difference.left_end() + behind, difference.right_end() + behind);
            return Place { left: Some(left), right: Some(right), difference: None };
        }
        let side = |start: u64, len: u64| (skip < len).then_some(start + skip);
        Place {
            left: side(difference.left, difference.left_len),
            right: side(difference.right, difference.right_len),
            difference: Some(index),
        }
    }

    /// The place of an offset on the left; the end has the place behind the last one.
    pub fn of_left(&self, comparison: &Comparison, offset: u64) -> u64 {
        self.of(comparison, offset, |difference| (difference.left, difference.left_len))
    }

    /// The place of an offset on the right.
    pub fn of_right(&self, comparison: &Comparison, offset: u64) -> u64 {
        self.of(comparison, offset, |difference| (difference.right, difference.right_len))
    }

    fn of(&self, comparison: &Comparison, offset: u64, side: impl Fn(&Difference) -> (u64, u64)) -> u64 {
        let Some(index) = comparison.differences.partition_point(|difference| side(difference).0 <= offset).checked_sub(1) else {
            return offset;
        };
        let difference = &comparison.differences[index];
        let (start, len) = side(difference);
        let skip = offset - start;
        self.starts[index] + if skip < len { skip } else { difference.span() + (skip - len) }
    }
}
