//! Differences as they are found: in order, within a limit of memory.

use super::{Comparison, Counts, Difference, Method, Surplus};

/// Takes differences in order; keeps at most so many.
pub(super) struct Collector {
    list: Vec<Difference>,
    counts: Counts,
    limit: usize,
    surplus: Surplus,
    /// Differences with at most this many equal bytes between them become one.
    join: u64,
    left_out: u64,
    unit: u64,
    /// Behind the last difference, wherever that went: one that begins here continues it.
    end: Option<(u64, u64)>,
}

impl Collector {
    pub(super) fn new(limit: usize, surplus: Surplus, unit: u64) -> Self {
        Self { list: Vec::new(), counts: Counts::default(), limit, surplus, join: 0, left_out: 0, unit, end: None }
    }

    /// What finders may join already: the equal bytes between two differences.
    pub(super) fn join(&self) -> u64 {
        self.join
    }

    /// One difference, behind all that were pushed; nothing where it is empty.
    pub(super) fn push(&mut self, difference: Difference) {
        if difference.span() == 0 {
            return;
        }
        let changed = difference.changed();
        self.count(1, changed, &difference);
        self.counts.only_left += (difference.left_len - changed) / self.unit;
        self.counts.only_right += (difference.right_len - changed) / self.unit;
        self.keep(difference);
    }

    /// One difference that stands for `places` with `changed` bytes, because what is between them is short.
    pub(super) fn push_joined(&mut self, difference: Difference, places: u64, changed: u64) {
        self.count(places, changed, &difference);
        self.keep(difference);
    }

    /// Bytes of both sides together that nothing was tied to.
    pub(super) fn unaligned(&mut self, bytes: u64) {
        self.counts.unaligned += bytes / self.unit;
    }

    fn count(&mut self, places: u64, changed: u64, difference: &Difference) {
        let continues = self.end == Some((difference.left, difference.right));
        self.counts.places += places - u64::from(continues);
        self.counts.changed += changed / self.unit;
    }

    fn keep(&mut self, difference: Difference) {
        let continues = self.end == Some((difference.left, difference.right));
        self.end = Some((difference.left_end(), difference.right_end()));
        if self.left_out > 0 {
            self.left_out += u64::from(!continues);
            return;
        }
        if let Some(last) = self.list.last_mut()
            && difference.left - last.left_end() <= self.join
        {
            unite(last, &difference);
            return;
        }
        if self.list.len() >= self.limit {
            match self.surplus {
                Surplus::Count => {
                    self.left_out = 1;
                    return;
                }
                Surplus::Join => self.thin_out(),
            }
            // What was joined may reach up to here now.
            if let Some(last) = self.list.last_mut()
                && difference.left - last.left_end() <= self.join
            {
                unite(last, &difference);
                return;
            }
        }
        self.list.push(difference);
    }

    /// Joins neighbours until at most half as many are left as may be.
    fn thin_out(&mut self) {
        while self.list.len() > self.limit / 2 {
            self.join = (self.join * 2).max(self.unit * 8);
            let join = self.join;
            self.list.dedup_by(|next, last| {
                let near = next.left - last.left_end() <= join;
                if near {
                    unite(last, next);
                }
                near
            });
        }
    }

    pub(super) fn finish(self, method: Method, left_len: u64, right_len: u64) -> Comparison {
        let Self { mut list, counts, join, left_out, .. } = self;
        list.shrink_to_fit();
        Comparison { method, left_len, right_len, differences: list, counts, joined: join, left_out }
    }
}

fn unite(last: &mut Difference, next: &Difference) {
    last.left_len = next.left_end() - last.left;
    last.right_len = next.right_end() - last.right;
}
