//! How the list of an archive's members is shown: which ones, in which order, which are chosen.

use std::collections::BTreeSet;

use crate::app::RowScroll;
use crate::formats::archive::Archive;

/// What the list is ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ArchiveSort {
    /// As the archive has them.
    #[default]
    Place,
    /// By name, without regard to case.
    Name,
    /// By size.
    Size,
    /// By what they take in the archive.
    Packed,
    /// By date.
    Modified,
    /// By what they are.
    Kind,
}

/// How the members are listed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ArchiveView {
    /// What a name must contain, without regard to case.
    pub query: String,
    /// The order.
    pub sort: ArchiveSort,
    /// The order goes the other way round.
    pub descending: bool,
    /// The row that has the keyboard, among those that are shown.
    pub row: Option<u64>,
    /// Members that are chosen, by their numbers.
    pub chosen: BTreeSet<usize>,
    /// The scroll position, in rows.
    pub scroll: RowScroll,
    /// Points scrolled out to the left.
    pub scroll_x: f32,
}

impl ArchiveView {
    /// The numbers of the members that are shown, in order.
    pub fn shown(&self, archive: &Archive) -> Vec<usize> {
        let members = archive.members();
        let query = self.query.trim().to_lowercase();
        let fits = |index: &usize| query.is_empty() || members[*index].name.to_lowercase().contains(&query);
        let mut shown: Vec<usize> = (0..members.len()).filter(fits).collect();
        match self.sort {
            ArchiveSort::Place => {}
            ArchiveSort::Name => shown.sort_by_cached_key(|&index| members[index].name.to_lowercase()),
            ArchiveSort::Size => shown.sort_by_key(|&index| members[index].size),
            ArchiveSort::Packed => shown.sort_by_key(|&index| members[index].packed),
            ArchiveSort::Modified => shown.sort_by(|&one, &other| members[one].modified.cmp(&members[other].modified)),
            ArchiveSort::Kind => shown.sort_by_key(|&index| members[index].what.name()),
        }
        if self.descending {
            shown.reverse();
        }
        shown
    }
}
