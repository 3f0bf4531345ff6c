//! Snapshots of the content at some entries, so that a jump is short.

use std::collections::HashMap;

use crate::document::Data;

/// A jump over at most this many entries goes from one to the next; a longer one looks for a snapshot.
pub(super) const NEAR: usize = 4096;

/// Changes between two snapshots, at first.
const SPACING: usize = 2048;

/// Bytes of tree nodes that the snapshots may keep. Past this every second one goes.
const BUDGET: u64 = 2 << 20;

/// The snapshots, by the number of their entry.
#[derive(Clone, Debug)]
pub(super) struct Checkpoints {
    kept: HashMap<u64, (Data, u64)>,
    last: u64,
    since: usize,
    spacing: usize,
    cost: u64,
}

impl Default for Checkpoints {
    fn default() -> Self {
        Self { kept: HashMap::new(), last: 0, since: 0, spacing: SPACING, cost: 0 }
    }
}

impl Checkpoints {
    pub(super) fn get(&self, number: u64) -> Option<&Data> {
        self.kept.get(&number).map(|(content, _)| content)
    }

    /// An entry was added that changed the content; `start` is the content before the first entry.
    pub(super) fn changed(&mut self, number: u64, content: &Data, start: &Data) {
        self.since += 1;
        if self.since < self.spacing {
            return;
        }
        self.since = 0;
        let cost = content.nodes_since(self.get(self.last).unwrap_or(start));
        self.kept.insert(number, (content.clone(), cost));
        self.last = number;
        self.cost += cost;
        while self.cost > BUDGET && self.kept.len() > 1 {
            self.thin();
        }
    }

    /// Every second one goes. What they shared with their neighbours is counted to the next one.
    fn thin(&mut self) {
        let mut numbers: Vec<u64> = self.kept.keys().copied().collect();
        numbers.sort_unstable();
        for number in numbers.iter().step_by(2) {
            self.kept.remove(number);
        }
        let mut before: Option<u64> = None;
        self.cost = 0;
        for number in numbers.iter().skip(1).step_by(2) {
            let earlier = before.and_then(|before| self.kept.get(&before)).map(|(content, _)| content.clone());
            if let (Some((content, cost)), Some(earlier)) = (self.kept.get_mut(number), earlier) {
                *cost = content.nodes_since(&earlier);
            }
            self.cost += self.kept.get(number).map_or(0, |(_, cost)| *cost);
            before = Some(*number);
        }
        self.spacing *= 2;
    }

    /// The entry is no longer what it was.
    pub(super) fn drop_at(&mut self, number: u64) {
        if let Some((_, cost)) = self.kept.remove(&number) {
            self.cost -= cost;
        }
    }

    pub(super) fn retain(&mut self, keep: impl Fn(u64) -> bool) {
        self.kept.retain(|number, _| keep(*number));
        self.cost = self.kept.values().map(|(_, cost)| cost).sum();
    }
}

impl Data {
    /// Bytes of the nodes that this snapshot keeps and `other` does not.
    fn nodes_since(&self, other: &Self) -> u64 {
        match (self, other) {
            (Self::Bytes(a), Self::Bytes(b)) => a.unique_nodes_since(b).get(),
            (Self::Text(a), Self::Text(b)) => a.unique_nodes_since(b).get(),
            _ => 0,
        }
    }
}
