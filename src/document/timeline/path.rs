//! The way from the start of a timeline to one of its entries.

use super::{Entry, Timeline};

/// The entries from the start to one of them, in order: the calls that lead to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Branches in order from the start, and how many of the first entries of each belong to the path.
    runs: Vec<(usize, usize)>,
    len: usize,
}

impl Path {
    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none: the start itself.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

impl Timeline {
    /// The way from the start to an entry; empty for the start.
    pub fn path_to(&self, number: u64) -> Path {
        let mut runs = Vec::new();
        let mut at = number;
        while let Some(entry) = self.entry(at) {
            let branch = entry.branch();
            let numbers = &self.branches[branch].numbers;
            runs.push((branch, numbers.partition_point(|&n| n <= at)));
            at = self.branches[branch].parent;
        }
        runs.reverse();
        Path { len: runs.iter().map(|(_, count)| count).sum(), runs }
    }

    /// The entries of a path, in order.
    pub fn along<'a>(&'a self, path: &'a Path) -> impl Iterator<Item = &'a Entry> {
        let numbers = path.runs.iter().flat_map(|&(branch, count)| &self.branches[branch].numbers[..count]);
        numbers.filter_map(|&number| self.entry(number))
    }

    /// The entry with this place on a path, from 0.
    pub fn on_path(&self, path: &Path, mut index: usize) -> Option<&Entry> {
        for &(branch, count) in &path.runs {
            if index < count {
                return self.entry(self.branches[branch].numbers[index]);
            }
            index -= count;
        }
        None
    }

    /// The place of an entry on a path, from 0; `None` where it is not on it.
    pub fn place_on(&self, path: &Path, entry: &Entry) -> Option<usize> {
        let mut before = 0;
        for &(branch, count) in &path.runs {
            if branch == entry.branch() {
                let place = self.branches[branch].numbers[..count].binary_search(&entry.number).ok()?;
                return Some(before + place);
            }
            before += count;
        }
        None
    }
}
