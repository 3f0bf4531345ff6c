//! What the content was at some entries, so that a jump is short: how it is put together, not the content itself.

use std::collections::BTreeMap;

use super::delta::{Delta, Packed};

/// Changes between two checkpoints of one branch, at first. So many are made to a [`Delta`] in a fraction of a frame.
const SPACING: usize = 4096;

/// Bytes that the checkpoints may take. Past this every second one goes.
const BUDGET: usize = 16 << 20;

/// The checkpoints, by the number of their entry.
#[derive(Clone, Debug)]
pub(super) struct Checkpoints {
    kept: BTreeMap<u64, Packed>,
    /// The entry that was added last, and how many changes it is behind the checkpoint before it.
    last: (u64, usize),
    spacing: usize,
    cost: usize,
}

impl Default for Checkpoints {
    fn default() -> Self {
        Self { kept: BTreeMap::new(), last: (0, 0), spacing: SPACING, cost: 0 }
    }
}

impl Checkpoints {
    pub(super) fn get(&self, number: u64) -> Option<&Packed> {
        self.kept.get(&number)
    }

    /// An entry is about to be added behind `parent`, which stays as it is from now on. Says whether a checkpoint is wanted
    /// there; `count` counts the changes since the one before it where that is not known.
    pub(super) fn wants(&self, parent: u64, count: impl FnOnce() -> usize) -> (bool, usize) {
        let since = if self.last.0 == parent { self.last.1 } else { count() };
        (since >= self.spacing, since)
    }

    /// Keeps what the content was put together of at an entry.
    pub(super) fn keep(&mut self, number: u64, delta: &Delta) {
        let packed = delta.pack();
        self.cost += packed.cost();
        self.kept.insert(number, packed);
        while self.cost > BUDGET && self.kept.len() > 1 {
            self.thin();
        }
    }

    /// An entry was added, so many changes behind the checkpoint before it.
    pub(super) fn added(&mut self, number: u64, since: usize) {
        self.last = (number, since);
    }

    /// Every second one goes, and new ones come half as often.
    fn thin(&mut self) {
        let mut nth = 0;
        self.kept.retain(|_, _| {
            nth += 1;
            nth % 2 == 0
        });
        self.cost = self.kept.values().map(Packed::cost).sum();
        self.spacing *= 2;
    }
}
