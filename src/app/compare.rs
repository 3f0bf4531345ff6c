//! Comparisons that are open: two documents beside each other, each a tab of its own.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{AppState, JobId, RowScroll};
use crate::buffer::{Buffer, ByteRange, Len, Offset};
use crate::document::{Data, Document, DocumentId, Stream};
use crate::explore::compare::{
    self, CompareError, Comparison, Counts, Difference, Method, Options, Places, compare, compare_texts, in_bytes,
};
use crate::tasks::Progress;

/// Names a comparison for as long as the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CompareId(pub u64);

/// One of the two sides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Side {
    /// The first document.
    #[default]
    Left,
    /// The second one.
    Right,
}

impl Side {
    /// Both, from left to right.
    pub const BOTH: [Self; 2] = [Self::Left, Self::Right];

    /// The other one.
    pub const fn other(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }

    /// The place in an array of both.
    pub const fn index(self) -> usize {
        match self {
            Self::Left => 0,
            Self::Right => 1,
        }
    }
}

/// Contents that were compared, and what was found. It holds both as they were, so a view never mixes two moments.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// In bytes; of texts, in bytes of their UTF-8 form, and the counts in characters.
    pub comparison: Comparison,
    /// Both laid beside each other.
    pub places: Places,
    /// The bytes of both sides.
    pub bytes: [Buffer; 2],
    /// Where two texts were compared by characters: the same differences in characters.
    pub characters: Option<Vec<Difference>>,
}

impl Compared {
    /// Compares; both texts by characters, everything else by bytes.
    ///
    /// # Errors
    /// Where one side cannot be read, or the work was cancelled.
    pub fn new(left: &Data, right: &Data, method: Method, progress: &Progress) -> Result<Self, CompareError> {
        let bytes = |data: &Data| match data {
            Data::Bytes(bytes) => bytes.clone(),
            Data::Text(text) => text.to_utf8(),
        };
        let both = [bytes(left), bytes(right)];
        let options = Options::new(method);
        if let (Data::Text(a), Data::Text(b)) = (left, right)
            && a.len().max(b.len()) <= compare::TEXT_LIMIT
        {
            let found = compare_texts(a, b, &options, progress)?;
            let comparison = in_bytes(&found, a, b, progress)?;
            let places = Places::new(&comparison);
            return Ok(Self { comparison, places, bytes: both, characters: Some(found.differences) });
        }
        let comparison = compare(&both[0], &both[1], &options, progress)?;
        Ok(Self { places: Places::new(&comparison), comparison, bytes: both, characters: None })
    }

    /// A difference on one side: where it begins there, and how long it is, in bytes.
    pub fn range(&self, difference: usize, side: Side) -> Option<(u64, u64)> {
        self.comparison.differences.get(difference).map(|difference| of_side(difference, side))
    }

    /// The same after a difference was made equal by giving `to` what the other side has; `bytes` is that side now.
    pub(super) fn without(&self, index: usize, to: Side, bytes: Buffer) -> Self {
        let mut now = self.clone();
        let Some(gone) = self.comparison.differences.get(index).copied() else { return now };
        let ((_, from_len), (_, to_len)) = (of_side(&gone, to.other()), of_side(&gone, to));
        let counts = &mut now.comparison.counts;
        counts.places -= 1;
        counts.changed -= gone.changed();
        counts.only_left -= gone.left_len - gone.changed();
        counts.only_right -= gone.right_len - gone.changed();
        counts.unaligned = counts.unaligned.min(counts.changed * 2 + counts.only_left + counts.only_right);
        now.comparison.differences.remove(index);
        for difference in &mut now.comparison.differences[index..] {
            match to {
                Side::Left => difference.left = difference.left - to_len + from_len,
                Side::Right => difference.right = difference.right - to_len + from_len,
            }
        }
        let len = bytes.len().get();
        match to {
            Side::Left => now.comparison.left_len = len,
            Side::Right => now.comparison.right_len = len,
        }
        now.bytes[to.index()] = bytes;
        now.places = Places::new(&now.comparison);
        now
    }

    /// The same after an edit of a side: what lies before and behind the edit keeps its marks and moves with the bytes, the
    /// edit itself differs as a whole. Reads no file. `None` where that cannot be said: the edit is not one place, or the
    /// other bytes would have to be compared anew because everything behind it moved (by position).
    pub(super) fn followed(&self, side: Side, bytes: Buffer) -> Option<Self> {
        let found = &self.comparison;
        if self.characters.is_some() || found.joined > 0 {
            return None;
        }
        let before = &self.bytes[side.index()];
        let (Len(prefix), Len(suffix)) = before.common_ends(&bytes);
        let (old_len, new_len) = (before.len().get(), bytes.len().get());
        // The edit, in bytes of the side before and after it.
        let (start, end, new_end) = (prefix, old_len - suffix, new_len - suffix);
        let moves = old_len != new_len;
        let whole = start == 0 && suffix == 0 && old_len > 0;
        if whole || (moves && found.method == Method::Position) {
            return None;
        }
        let differences = &found.differences;
        let range = |difference: &Difference| of_side(difference, side);
        let first = differences.partition_point(|d| range(d).0 + range(d).1 < start);
        let behind = differences.partition_point(|d| range(d).0 <= end).max(first);
        // Where the edit's ends are on the other side: equal bytes are as far from the difference before them.
        let other = |offset: u64, index: usize| {
            let Some(last) = index.checked_sub(1).map(|index| &differences[index]) else { return offset };
            let ((at, len), (other, other_len)) = (range(last), of_side(last, side.other()));
            other + other_len + (offset - (at + len))
        };
        let (mut from, mut to) = ((start, other(start, first)), (end, 0));
        if let Some(difference) = differences[first..behind].first()
            && range(difference).0 < start
        {
            from = (range(difference).0, of_side(difference, side.other()).0);
        }
        to.1 = match differences[first..behind].last() {
            Some(last) if range(last).0 + range(last).1 > end => {
                let ((at, len), (other, other_len)) = (range(last), of_side(last, side.other()));
                to.0 = at + len;
                other + other_len
            }
            _ => other(end, behind),
        };
        let here = (from.0, to.0 - end + new_end - from.0);
        let there = (from.1, to.1 - from.1);
        let of = |mine: (u64, u64), others: (u64, u64)| {
            let (left, right) = if side == Side::Left { (mine, others) } else { (others, mine) };
            Difference { left: left.0, left_len: left.1, right: right.0, right_len: right.1 }
        };
        let edit = of(here, there);
        let mut now = self.clone();
        let moved = differences[behind..].iter().map(|difference| {
            let (at, len) = range(difference);
            of((at + new_len - old_len, len), of_side(difference, side.other()))
        });
        now.comparison.differences.truncate(first);
        now.comparison.differences.extend((edit.span() > 0).then_some(edit));
        now.comparison.differences.extend(moved.collect::<Vec<_>>());
        match side {
            Side::Left => now.comparison.left_len = new_len,
            Side::Right => now.comparison.right_len = new_len,
        }
        let list = &now.comparison.differences;
        now.comparison.counts = Counts {
            places: list.len() as u64,
            changed: list.iter().map(Difference::changed).sum(),
            only_left: list.iter().map(|d| d.left_len - d.changed()).sum(),
            only_right: list.iter().map(|d| d.right_len - d.changed()).sum(),
            unaligned: found.counts.unaligned,
        };
        now.bytes[side.index()] = bytes;
        now.places = Places::new(&now.comparison);
        Some(now)
    }

    /// The place of an offset on a side.
    pub fn place(&self, offset: u64, side: Side) -> u64 {
        match side {
            Side::Left => self.places.of_left(&self.comparison, offset),
            Side::Right => self.places.of_right(&self.comparison, offset),
        }
    }

    /// The units of a side's document in front of an offset: of a text, where only `is_text` tells, the characters.
    pub fn units(&self, offset: u64, side: Side, is_text: bool) -> u64 {
        if !is_text {
            return offset;
        }
        let bytes = self.bytes[side.index()].slice(ByteRange::new(Offset(0), Len(offset)));
        let starts = |chunk: &[u8]| chunk.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() as u64;
        bytes.chunks(ByteRange::new(Offset(0), bytes.len())).flatten().map(|chunk| starts(&chunk)).sum()
    }

    /// The offset of a place on a side, or where a byte there would be.
    pub fn offset(&self, place: u64, side: Side) -> u64 {
        let at = self.places.at(&self.comparison, place);
        let here = match side {
            Side::Left => at.left,
            Side::Right => at.right,
        };
        here.unwrap_or_else(|| match at.difference.and_then(|difference| self.range(difference, side)) {
            Some((start, len)) => start + len,
            None => self.bytes[side.index()].len().get(),
        })
    }
}

/// A difference as one side has it: where it begins, and how long it is.
pub(super) fn of_side(difference: &Difference, side: Side) -> (u64, u64) {
    match side {
        Side::Left => (difference.left, difference.left_len),
        Side::Right => (difference.right, difference.right_len),
    }
}

/// How a comparison is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CompareView {
    /// The scroll position of each side, in rows.
    pub scroll: [RowScroll; 2],
    /// The sides are scrolled each for itself.
    pub apart: bool,
    /// Equal rows are all shown.
    pub unfolded: bool,
    /// Places at which folds begin that were opened.
    pub opened: BTreeSet<u64>,
    /// The place of the cursor.
    pub cursor: u64,
    /// The side that has it.
    pub side: Side,
    /// Counts up each time the cursor is to come into sight.
    pub reveal: u64,
}

/// A comparison that is open.
#[derive(Debug)]
pub struct OpenComparison {
    /// Its name.
    pub id: CompareId,
    /// The documents, from left to right.
    pub documents: [DocumentId; 2],
    /// Which byte is compared with which.
    pub method: Method,
    /// What was found, and the revisions of both documents that it is of.
    pub found: Option<(Arc<Compared>, [u64; 2])>,
    /// What was found was carried over edits since: they differ as a whole until it is compared again.
    pub carried: bool,
    /// Why the last attempt found nothing.
    pub failed: Option<String>,
    /// The job that compares, and the revisions it looks at.
    pub job: Option<(JobId, [u64; 2])>,
    /// How it is shown.
    pub view: CompareView,
}

impl OpenComparison {
    /// Whether the documents are not what was compared any more.
    pub fn is_stale(&self, state: &AppState) -> bool {
        match (&self.found, state.revisions(self.documents)) {
            (Some((_, of)), Some(now)) => *of != now,
            _ => false,
        }
    }
}

/// What happens to comparisons.
#[derive(Clone, Debug, PartialEq)]
pub enum CompareCommand {
    /// Two open documents are to be compared; brings the comparison of them to the front where there is one.
    Start {
        /// The left one.
        left: DocumentId,
        /// The right one.
        right: DocumentId,
    },
    /// The tab was clicked.
    Show(CompareId),
    /// Its close button.
    Close(CompareId),
    /// Chosen in the dialog: compare with this document.
    With(DocumentId),
    /// Chosen in the dialog: compare with a file.
    WithFile,
    /// The view scrolled.
    Scroll([RowScroll; 2]),
    /// The cursor went to a place of a side; `reveal` brings it into sight.
    Cursor {
        /// The place.
        place: u64,
        /// The side.
        side: Side,
        /// Whether it has to come into sight.
        reveal: bool,
    },
    /// Bytes of a side were selected, between two places: it is the selection of its document.
    Select {
        /// The side.
        side: Side,
        /// Where it began.
        anchor: u64,
        /// Where it ends, and the cursor stands.
        head: u64,
        /// Whether the cursor has to come into sight.
        reveal: bool,
    },
    /// A fold that begins at this place is opened.
    Open(u64),
    /// The method was chosen.
    Method(Method),
    /// The byte at the cursor is to be shown in its document.
    ShowInDocument,
}

impl AppState {
    /// The open comparisons, in the order of their tabs.
    pub fn comparisons(&self) -> &[OpenComparison] {
        &self.comparisons
    }

    /// The comparison that is shown instead of the document in front.
    pub fn comparison_in_front(&self) -> Option<&OpenComparison> {
        // Whatever brings another document to the front leaves the comparison.
        let (id, active) = self.comparison_front?;
        self.comparisons.iter().find(|open| open.id == id && active == self.active)
    }

    pub(super) fn comparison_in_front_mut(&mut self) -> Option<&mut OpenComparison> {
        let id = self.comparison_in_front()?.id;
        self.comparisons.iter_mut().find(|open| open.id == id)
    }

    /// The revisions that both documents show now.
    pub(super) fn revisions(&self, documents: [DocumentId; 2]) -> Option<[u64; 2]> {
        let [left, right] = documents.map(|id| self.document(id).map(|open| open.document.revision()));
        Some([left?, right?])
    }
}

/// What a document is compared by.
pub(super) fn content(document: &Document) -> Data {
    match document.stream() {
        Stream::Bytes(_) => Data::Bytes(document.snapshot()),
        Stream::Text(_) => Data::Text(document.as_text().cloned().unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::compare::RunKind;

    /// The right side, made of the left one and the runs.
    fn applied(compared: &Compared) -> Vec<u8> {
        let mut out = Vec::new();
        let [left, right] = compared.bytes.each_ref().map(|bytes| bytes.to_vec_all().unwrap());
        let mut left_at = 0;
        for run in compared.comparison.runs() {
            let (l, r, len) = (run.left as usize, run.right as usize, run.len as usize);
            assert_eq!(l, left_at);
            match run.kind {
                RunKind::Equal => out.extend_from_slice(&left[l..l + len]),
                RunKind::Changed | RunKind::OnlyRight => out.extend_from_slice(&right[r..r + len]),
                RunKind::OnlyLeft => {}
            }
            left_at += if run.kind == RunKind::OnlyRight { 0 } else { len };
        }
        out
    }

    fn check(compared: &Compared) {
        assert!(applied(compared) == compared.bytes[1].to_vec_all().unwrap(), "the runs make the right of the left");
        let apart = |pair: &[Difference]| pair[1].left > pair[0].left_end() && pair[1].right > pair[0].right_end();
        assert!(compared.comparison.differences.windows(2).all(apart), "{:?}", compared.comparison.differences);
        assert_eq!(compared.comparison.right_len, compared.bytes[1].len().get());
    }

    fn random(rng: &mut fastrand::Rng, len: usize) -> Buffer {
        Buffer::from((0..len).map(|_| rng.u8(0..3)).collect::<Vec<_>>())
    }

    #[test]
    fn marks_move_with_edits_and_copied_differences_are_gone() {
        let mut rng = fastrand::Rng::with_seed(21);
        let (mut followed, mut copied) = (0, 0);
        for round in 0..600 {
            let method = if round % 2 == 0 { Method::Aligned } else { Method::Position };
            let len = rng.usize(0..400);
            let left = random(&mut rng, len);
            let mut right = left.clone();
            for _ in 0..rng.usize(0..6) {
                let at = rng.u64(0..=right.len().get());
                let len = rng.u64(0..20).min(right.len().get() - at);
                let with = random(&mut rng, 7);
                right.replace(ByteRange::new(Offset(at), Len(len)), &with);
            }
            let (left, right) = (Data::Bytes(left), Data::Bytes(right));
            let mut now = Compared::new(&left, &right, method, &Progress::new()).unwrap();
            check(&now);
            for _ in 0..4 {
                let side = if rng.bool() { Side::Left } else { Side::Right };
                let mut bytes = now.bytes[side.index()].clone();
                let at = rng.u64(0..=bytes.len().get());
                let with = rng.usize(0..9);
                let with = random(&mut rng, with);
                let out = if rng.bool() { with.len().get() } else { rng.u64(0..9) }.min(bytes.len().get() - at);
                bytes.replace(ByteRange::new(Offset(at), Len(out)), &with);
                let Some(next) = now.followed(side, bytes) else { continue };
                check(&next);
                now = next;
                followed += 1;
                let count = now.comparison.differences.len();
                if count > 0 && method == Method::Aligned {
                    let (index, to) = (rng.usize(0..count), if rng.bool() { Side::Left } else { Side::Right });
                    let (from, target) = (now.range(index, to.other()).unwrap(), now.range(index, to).unwrap());
                    let given = now.bytes[to.other().index()].slice(ByteRange::new(Offset(from.0), Len(from.1)));
                    let mut bytes = now.bytes[to.index()].clone();
                    bytes.replace(ByteRange::new(Offset(target.0), Len(target.1)), &given);
                    now = now.without(index, to, bytes);
                    check(&now);
                    assert_eq!(now.comparison.differences.len(), count - 1);
                    copied += 1;
                }
            }
        }
        assert!(followed > 500 && copied > 200, "{followed} {copied}");
    }
}
