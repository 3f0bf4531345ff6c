//! How a range moves when the units around it change.

/// Units of a document, first and behind the last.
pub type Range = (u64, u64);

/// A change as ranges see it: at one place so many units became so many others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Where.
    pub at: u64,
    /// Units that went.
    pub removed: u64,
    /// Units that came.
    pub inserted: u64,
}

impl Shift {
    /// The change that takes this one back.
    pub fn back(self) -> Self {
        Self { removed: self.inserted, inserted: self.removed, ..self }
    }

    /// Where a range of the content before is after the change. What is put in before it moves it, also right before it; what is put
    /// in inside makes it longer; units that go from it make it shorter, down to an empty range at their place. Units that become as
    /// many others stay where they are.
    pub fn of(self, (start, end): Range) -> Range {
        if self.removed == self.inserted {
            return (start, end);
        }
        let behind = self.at + self.removed;
        let inside = |place: u64| self.at + (place - self.at).min(self.inserted);
        let moved = |place: u64| place - self.removed + self.inserted;
        let new_start = if start >= behind {
            moved(start)
        } else if start > self.at {
            inside(start)
        } else {
            start
        };
        let new_end = if end <= self.at {
            end
        } else if end >= behind {
            moved(end)
        } else {
            inside(end)
        };
        (new_start, new_end.max(new_start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_follow_their_units() {
        let shift = |at, removed, inserted| Shift { at, removed, inserted };
        for (change, range, wanted, why) in [
            (shift(0, 0, 3), (5, 9), (8, 12), "put in before"),
            (shift(5, 0, 3), (5, 9), (8, 12), "put in right before"),
            (shift(7, 0, 3), (5, 9), (5, 12), "put in inside"),
            (shift(9, 0, 3), (5, 9), (5, 9), "put in right behind"),
            (shift(5, 0, 3), (5, 5), (8, 8), "put in at an empty range"),
            (shift(0, 3, 0), (5, 9), (2, 6), "taken out before"),
            (shift(6, 2, 0), (5, 9), (5, 7), "taken out inside"),
            (shift(3, 4, 0), (5, 9), (3, 5), "taken out over its start"),
            (shift(7, 9, 0), (5, 9), (5, 7), "taken out over its end"),
            (shift(5, 4, 0), (5, 9), (5, 5), "taken out whole"),
            (shift(2, 20, 0), (5, 9), (2, 2), "taken out with what is around"),
            (shift(3, 4, 4), (5, 9), (5, 9), "overwritten"),
            (shift(3, 4, 9), (5, 9), (5, 14), "replaced by more over its start"),
            (shift(3, 10, 1), (5, 9), (4, 4), "replaced whole by less"),
            (shift(9, 5, 0), (5, 9), (5, 9), "taken out behind"),
        ] {
            assert_eq!(change.of(range), wanted, "{why}");
            assert_eq!(change.back().back(), change);
        }
    }
}
