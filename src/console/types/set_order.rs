//! The order in which CPython goes through a set.
//!
//! A set of CPython is a table of slots by hash, so `{3, 1, 2}` shows as `{1, 2, 3}`. Numbers hash to the same in every run, and
//! scripts show such sets; the table is laid out here as CPython would have done it by adding the items one by one.

use indexmap::IndexSet;

use crate::console::object::Key;

const LINEAR_PROBES: usize = 9;
const PERTURB_SHIFT: u32 = 5;

/// The places of the items in `items`, in CPython's order.
pub(super) fn order(items: &IndexSet<Key>) -> Vec<usize> {
    let mut table = Table { slots: vec![None; 8], fill: 0 };
    for (n, key) in items.iter().enumerate() {
        table.add(n, super::hash::key_hash(key) as u64);
    }
    table.slots.into_iter().flatten().map(|(n, _)| n).collect()
}

struct Table {
    slots: Vec<Option<(usize, u64)>>,
    fill: usize,
}

impl Table {
    fn add(&mut self, n: usize, hash: u64) {
        self.place(n, hash);
        self.fill += 1;
        let mask = self.slots.len() - 1;
        if self.fill * 5 >= mask * 3 {
            self.grow();
        }
    }

    fn grow(&mut self) {
        let least = if self.fill > 50_000 { self.fill * 2 } else { self.fill * 4 };
        let mut size = 8;
        while size <= least {
            size *= 2;
        }
        let old = std::mem::replace(&mut self.slots, vec![None; size]);
        for (n, hash) in old.into_iter().flatten() {
            self.place(n, hash);
        }
    }

    fn place(&mut self, n: usize, hash: u64) {
        let mask = self.slots.len() - 1;
        let mut perturb = hash;
        let mut at = hash as usize & mask;
        loop {
            let probes = if at + LINEAR_PROBES <= mask { LINEAR_PROBES } else { 0 };
            if let Some(free) = (at..=at + probes).find(|&slot| self.slots[slot].is_none()) {
                self.slots[free] = Some((n, hash));
                return;
            }
            perturb >>= PERTURB_SHIFT;
            at = (at.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb as usize)) & mask;
        }
    }
}
