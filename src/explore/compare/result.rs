//! What a comparison found.

use super::Method;

/// A place where the two sides differ. Its first bytes, as many as both have there, are changed; the rest is only on the
/// side that has more. The bytes in front of it, back to the difference before, are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where it begins on the left, in bytes.
    pub left: u64,
    /// How many bytes of the left it covers.
    pub left_len: u64,
    /// Where it begins on the right, in bytes.
    pub right: u64,
    /// How many bytes of the right it covers.
    pub right_len: u64,
}

impl Difference {
    /// Bytes that both sides have there, and not the same.
    pub fn changed(&self) -> u64 {
        self.left_len.min(self.right_len)
    }

    /// How many places side by side it takes: the longer of its two lengths.
    pub fn span(&self) -> u64 {
        self.left_len.max(self.right_len)
    }

    /// Behind its last byte on the left.
    pub fn left_end(&self) -> u64 {
        self.left + self.left_len
    }

    /// Behind its last byte on the right.
    pub fn right_end(&self) -> u64 {
        self.right + self.right_len
    }
}

/// What a run of bytes is on the two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RunKind {
    /// Both sides have the same bytes.
    Equal,
    /// Both sides have as many bytes, and not the same.
    Changed,
    /// Only the left side has these.
    OnlyLeft,
    /// Only the right side has these.
    OnlyRight,
}

impl RunKind {
    /// One word for lists and files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Changed => "changed",
            Self::OnlyLeft => "only-left",
            Self::OnlyRight => "only-right",
        }
    }
}

/// A run with its range on both sides, in bytes. A side that does not have it has the place where it would be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// What it is.
    pub kind: RunKind,
    /// Where it begins on the left.
    pub left: u64,
    /// Where it begins on the right.
    pub right: u64,
    /// How many bytes long it is, on the sides that have it.
    pub len: u64,
}

/// How much differs, in bytes, or in characters where texts were compared. Exact, also where differences were joined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Places that differ.
    pub places: u64,
    /// What both sides have, but not the same.
    pub changed: u64,
    /// What only the left side has.
    pub only_left: u64,
    /// What only the right side has.
    pub only_right: u64,
    /// Aligned: of the above, how much of both sides together lies in places where nothing was tied to anything, because
    /// nothing is alike or the time was over.
    pub unaligned: u64,
}

impl Counts {
    /// Whether both sides are the same.
    pub fn is_same(&self) -> bool {
        self.places == 0
    }
}

/// The result of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// How it was compared.
    pub method: Method,
    /// Bytes on the left.
    pub left_len: u64,
    /// Bytes on the right.
    pub right_len: u64,
    /// The places that differ, in order, no two of them touching.
    pub differences: Vec<Difference>,
    /// How much differs.
    pub counts: Counts,
    /// Differences with at most so many equal bytes between them were joined, because there are so many; 0 where every
    /// difference stands for itself.
    pub joined: u64,
    /// Places that differ, behind those in the list, that were only counted.
    pub left_out: u64,
}

impl Comparison {
    /// Whether both sides are the same.
    pub fn is_same(&self) -> bool {
        self.counts.is_same()
    }

    /// All runs in order, the equal ones too; none of them is empty. Where differences were left out
    /// ([`Comparison::left_out`]) they end behind the last difference in the list.
    pub fn runs(&self) -> Runs<'_> {
        Runs { of: self, next: 0, at: (0, 0), waiting: [None; 2] }
    }
}

/// The runs of a comparison in order; see [`Comparison::runs`].
#[derive(Clone, Debug)]
pub struct Runs<'a> {
    of: &'a Comparison,
    next: usize,
    at: (u64, u64),
    waiting: [Option<Run>; 2],
}

impl Iterator for Runs<'_> {
    type Item = Run;

    fn next(&mut self) -> Option<Run> {
        if let Some(run) = self.waiting.iter_mut().find_map(Option::take) {
            return Some(run);
        }
        let (left, right) = self.at;
        let Some(difference) = self.of.differences.get(self.next).copied() else {
            if self.of.left_out > 0 {
                return None;
            }
            self.at = (self.of.left_len, self.of.right_len);
            let len = self.of.left_len - left;
            return (len > 0).then_some(Run { kind: RunKind::Equal, left, right, len });
        };
        self.next += 1;
        self.at = (difference.left_end(), difference.right_end());
        let changed = difference.changed();
        let rest = difference.span() - changed;
        let kind = if difference.left_len > changed { RunKind::OnlyLeft } else { RunKind::OnlyRight };
        let run = |kind, skip, len| {
            (len > 0).then_some(Run { kind, left: difference.left + skip, right: difference.right + skip, len })
        };
        self.waiting = [run(RunKind::Changed, 0, changed), run(kind, changed, rest)];
        let len = difference.left - left;
        if len > 0 {
            return Some(Run { kind: RunKind::Equal, left, right, len });
        }
        self.next()
    }
}
