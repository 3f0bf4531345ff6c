//! What is marked among the bytes: layers of ranges, merged into one ground for each byte.
//!
//! Whoever knows something about bytes (a search, a comparison, the structure of the format) pushes ranges of a [`MarkKind`];
//! the order of the kinds says which ground wins where several cover a byte. Lines and frames are painted over the grounds and
//! hide nothing. Only what touches the bytes in sight is kept, so a frame costs what is seen, not what is known.
//!
//! ```
//! use seektell::ui::hex_view::{MarkKind, Marks};
//!
//! let mut marks = Marks::new(0..16);
//! marks.push(MarkKind::Match(0), 4..9);
//! marks.push(MarkKind::Structure(2), 0..6);
//! marks.push(MarkKind::Match(0), 1000..1004); // Out of sight: left out.
//! assert_eq!(marks.ground(3), Some(MarkKind::Structure(2)));
//! assert_eq!(marks.ground(4), Some(MarkKind::Match(0)));
//! assert_eq!(marks.ground(9), None);
//! ```

use std::ops::Range;

use egui::Color32;

use crate::ui::theme::Theme;

/// Why bytes are marked. Where grounds overlap, the kind that stands later here wins; within one kind the range that was
/// pushed later does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    /// A part of the format's structure, by its number in the palette [`Theme::structure`]; numbers past its end begin anew.
    Structure(u8),
    /// A bookmark, by its number in the palette [`Theme::bookmarks`]; numbers past its end begin anew.
    Bookmark(u8),
    /// Differs from what was saved last.
    Changed,
    /// In a comparison: differs from the byte beside it.
    Differs,
    /// In a comparison: is not in the other document.
    Added,
    /// In a comparison: stands beside bytes that are not in this document.
    Missing,
    /// The last call read it.
    Read,
    /// The last call wrote it, or a wrapper will.
    Written,
    /// A match of a search, by its needle's number; [`Theme::found_of`] says the ground.
    Match(u16),
    /// The match that the search stands at; it has a frame too.
    CurrentMatch,
    /// Selected.
    Selection,
    /// A line under the bytes: held by a wrapper that read ahead.
    Ahead,
    /// A frame around the bytes and no ground: what the pointer is on in another view.
    Linked,
}

impl MarkKind {
    /// The ground, where it has one.
    pub fn ground(self, theme: &Theme) -> Option<Color32> {
        let of = |palette: &[Color32; 8], number: u8| palette[usize::from(number) % palette.len()];
        Some(match self {
            Self::Structure(number) => of(&theme.structure, number),
            Self::Bookmark(number) => of(&theme.bookmarks, number),
            Self::Changed => theme.changed,
            Self::Differs => theme.differs,
            Self::Added => theme.added,
            Self::Missing => theme.missing,
            Self::Read => theme.read,
            Self::Written => theme.written,
            Self::Match(needle) => theme.found_of(needle),
            Self::CurrentMatch => theme.found,
            Self::Selection => theme.selection,
            Self::Ahead | Self::Linked => return None,
        })
    }

    /// The line under the bytes, where it has one.
    pub fn line(self, theme: &Theme) -> Option<Color32> {
        (self == Self::Ahead).then_some(theme.byte_high)
    }

    /// The frame around the bytes, where it has one.
    pub fn frame(self, theme: &Theme) -> Option<Color32> {
        match self {
            Self::CurrentMatch => Some(theme.accent),
            Self::Linked => Some(theme.text),
            _ => None,
        }
    }

    const fn has_ground(self) -> bool {
        !matches!(self, Self::Ahead | Self::Linked)
    }

    const fn is_drawn_over(self) -> bool {
        matches!(self, Self::Ahead | Self::Linked | Self::CurrentMatch)
    }
}

/// The marks of one frame of a hex view.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// The bytes in sight, and the place behind them, where a cursor or the end may be.
    seen: Range<u64>,
    grounds: Vec<(MarkKind, Range<u64>)>,
    over: Vec<(MarkKind, Range<u64>)>,
    /// The ground of each byte in sight, once [`Marks::merge`] made them.
    merged: Vec<Option<MarkKind>>,
    is_merged: bool,
}

impl Marks {
    /// No marks, for a view that shows the bytes `seen`.
    pub fn new(seen: Range<u64>) -> Self {
        Self { seen, ..Self::default() }
    }

    /// Takes all marks away, for the next frame; memory is kept.
    pub fn clear(&mut self, seen: Range<u64>) {
        self.seen = seen;
        self.grounds.clear();
        self.over.clear();
        self.is_merged = false;
    }

    /// The bytes in sight: who knows millions of ranges looks for those that touch these, and pushes no others.
    pub fn seen(&self) -> Range<u64> {
        self.seen.clone()
    }

    /// Marks a range of bytes. What is not in sight, and what is empty, is left out.
    pub fn push(&mut self, kind: MarkKind, range: Range<u64>) {
        if range.start >= range.end || range.end <= self.seen.start || range.start >= self.seen.end {
            return;
        }
        self.is_merged = false;
        if kind.is_drawn_over() {
            self.over.push((kind, range.clone()));
        }
        if kind.has_ground() {
            self.grounds.push((kind, range));
        }
    }

    /// Marks ranges of one kind.
    pub fn extend(&mut self, kind: MarkKind, ranges: impl IntoIterator<Item = Range<u64>>) {
        for range in ranges {
            self.push(kind, range);
        }
    }

    /// Marks the parts of a structure: ranges in the order of their starts that do not overlap, each with its number in the
    /// palette. Costs what is in sight and a search for the first of it.
    pub fn structure(&mut self, tints: &[(Range<u64>, u8)]) {
        let first = tints.partition_point(|(range, _)| range.end <= self.seen.start);
        let end = self.seen.end;
        for (range, number) in tints[first..].iter().take_while(|(range, _)| range.start < end) {
            self.push(MarkKind::Structure(*number), range.clone());
        }
    }

    /// The kind whose ground a byte in sight has.
    pub fn ground(&mut self, offset: u64) -> Option<MarkKind> {
        self.merge();
        self.at(offset)
    }

    /// The same after [`Marks::merge`].
    pub(super) fn at(&self, offset: u64) -> Option<MarkKind> {
        let index = usize::try_from(offset.checked_sub(self.seen.start)?).ok()?;
        self.merged.get(index).copied().flatten()
    }

    /// The grounds of the bytes from `start` on; shorter where there are fewer in sight.
    pub(super) fn slice(&self, start: u64, len: usize) -> &[Option<MarkKind>] {
        let index = usize::try_from(start.saturating_sub(self.seen.start)).unwrap_or(usize::MAX).min(self.merged.len());
        &self.merged[index..(index + len).min(self.merged.len())]
    }

    /// Lays all grounds over each other.
    pub(super) fn merge(&mut self) {
        if std::mem::replace(&mut self.is_merged, true) {
            return;
        }
        self.merged.clear();
        if self.grounds.is_empty() {
            return;
        }
        self.merged.resize(usize::try_from(self.seen.end - self.seen.start).unwrap_or(0), None);
        self.grounds.sort_by_key(|(kind, _)| match kind {
            // Within these the order of pushing counts, not the number in the palette.
            MarkKind::Structure(_) => MarkKind::Structure(0),
            MarkKind::Bookmark(_) => MarkKind::Bookmark(0),
            MarkKind::Match(_) => MarkKind::Match(0),
            other => *other,
        });
        for (kind, range) in &self.grounds {
            let (start, end) = (range.start.max(self.seen.start), range.end.min(self.seen.end));
            let index = |offset: u64| (offset - self.seen.start) as usize;
            self.merged[index(start)..index(end)].fill(Some(*kind));
        }
    }

    /// Lines and frames, in the order that they were pushed.
    pub(super) fn over(&self) -> &[(MarkKind, Range<u64>)] {
        &self.over
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_later_kind_wins_and_within_one_the_later_range() {
        let mut marks = Marks::new(100..120);
        marks.push(MarkKind::Selection, 104..106);
        marks.push(MarkKind::Structure(5), 100..110);
        marks.push(MarkKind::Structure(1), 108..112);
        marks.push(MarkKind::Match(0), 105..109);
        marks.push(MarkKind::Ahead, 0..500);
        let all: Vec<_> = (99..122).map(|offset| marks.ground(offset)).collect();
        let (s5, s1, m, sel) =
            (Some(MarkKind::Structure(5)), Some(MarkKind::Structure(1)), Some(MarkKind::Match(0)), Some(MarkKind::Selection));
        let mut wanted = vec![None, s5, s5, s5, s5, sel, sel, m, m, m, s1, s1, s1];
        wanted.resize(23, None);
        assert_eq!(all, wanted);
        assert_eq!(marks.over(), [(MarkKind::Ahead, 0..500)]);
        assert_eq!(marks.slice(106, 4), [m, m, m, s1]);
        assert_eq!(marks.slice(119, 4).len(), 1);
        marks.clear(0..4);
        assert_eq!(marks.ground(0), None);
        assert!(marks.over().is_empty() && marks.slice(0, 4).is_empty());
    }

    #[test]
    fn a_structure_of_a_million_parts_costs_those_in_sight() {
        let tints: Vec<_> = (0..1_000_000_u64).map(|i| (i * 10..i * 10 + 9, (i % 256) as u8)).collect();
        let mut marks = Marks::new(5_000_003..5_000_025);
        marks.structure(&tints);
        assert_eq!(marks.grounds.len(), 3);
        assert_eq!(marks.ground(5_000_009), None);
        assert_eq!(marks.ground(5_000_010), Some(MarkKind::Structure((500_001 % 256) as u8)));
    }

    #[test]
    fn numbers_past_the_palette_begin_anew() {
        let theme = Theme::dark();
        assert_eq!(MarkKind::Structure(9).ground(&theme), MarkKind::Structure(1).ground(&theme));
        assert_eq!(MarkKind::Bookmark(255).ground(&theme), Some(theme.bookmarks[7]));
        assert_eq!(MarkKind::Linked.ground(&theme), None);
    }
}
