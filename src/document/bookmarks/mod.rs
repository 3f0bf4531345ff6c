//! Bookmarks: named, coloured ranges of a document with a comment, that move with its units.
//!
//! # How they are found at every moment
//!
//! A bookmark has a range at the moment that is shown. A step over a call, in either direction, moves it by what the call changed
//! ([`Shift`]). Where that forgets something (the units of a bookmark were taken out: where were they?) the range on the other side
//! is kept with the call, so that a step back brings it back. So the range at a moment is the same whichever way leads there: by
//! undo, by redo, by a walk, over branches.
//!
//! Bookmarks are the user's notes on a document, not its content: which there are does not depend on the moment that is shown, and
//! nothing of them is written to a disk unless the user asks for it ([`Bookmarks::to_json`]). But what is done to them is done to the
//! document: each change is a step of undo and a line of the timeline (`edit`). Those that were taken away, by a removal or by
//! an undo, go on following the content out of sight, so that they come back where their units are by then.

mod edit;
mod file;
mod shift;

use std::collections::{BTreeMap, HashMap};

pub(super) use edit::Change;
pub use file::BookmarkFileError;
pub use shift::{Range, Shift};

use super::Timeline;

/// The most bookmarks of a document.
pub const MOST: usize = 4096;

/// The most bytes of a name; of a comment it is sixteen times as many.
pub const NAME_MAX: usize = 256;

/// Ranges that are kept because a step would forget them; past this many all of them go, and steps back are less exact.
const LOST_MAX: usize = 200_000;

/// Changes between two moments whose ranges are kept, so that jumps need not go over all calls.
const SPACING: usize = 4096;

/// Names a bookmark as long as its document is open; never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BookmarkId(u32);

impl BookmarkId {
    /// The plain number, for identifiers of widgets.
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// Names a range that follows the content: that of a bookmark, until it is put elsewhere by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Track(u32);

/// The colours that a bookmark can have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "they are colours")]
pub enum BookmarkColor {
    #[default]
    Yellow,
    Orange,
    Red,
    Purple,
    Blue,
    Green,
}

impl BookmarkColor {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 6] = [Self::Yellow, Self::Orange, Self::Red, Self::Purple, Self::Blue, Self::Green];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yellow => "Yellow",
            Self::Orange => "Orange",
            Self::Red => "Red",
            Self::Purple => "Purple",
            Self::Blue => "Blue",
            Self::Green => "Green",
        }
    }
}

/// A named range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bookmark {
    id: BookmarkId,
    track: Track,
    name: String,
    /// What the user wrote about it; may have several lines.
    pub comment: String,
    /// How it is marked.
    pub color: BookmarkColor,
    range: Range,
}

impl Bookmark {
    /// Its name for the program.
    pub fn id(&self) -> BookmarkId {
        self.id
    }

    /// Its name for the user: no other bookmark of the document has it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its first unit at the moment that is shown: bytes, or code points.
    pub fn start(&self) -> u64 {
        self.range.0
    }

    /// The place behind its last unit. The same as [`Bookmark::start`] where it stands between two units, or where its units were
    /// taken out.
    pub fn end(&self) -> u64 {
        self.range.1
    }

    /// How many units.
    pub fn len(&self) -> u64 {
        self.range.1 - self.range.0
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Why a bookmark was not made or changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BookmarkError {
    /// Another one has the name.
    #[error("there is a bookmark named {0:?} already")]
    NameTaken(String),
    /// The name is empty.
    #[error("a bookmark needs a name")]
    NoName,
    /// The name or the comment is too long; the most bytes.
    #[error("it may have at most {0} bytes")]
    TooLong(usize),
    /// The range is not inside of the document, whose size is given.
    #[error("the range must be inside of the document, which ends at {0}")]
    Outside(u64),
    /// The document has as many as it can.
    #[error("a document has at most {MOST} bookmarks")]
    TooMany,
    /// It was removed.
    #[error("there is no such bookmark any more")]
    Gone,
}

/// The bookmarks of a document.
#[derive(Clone, Debug, Default)]
pub struct Bookmarks {
    /// By where they stand; those at one place by their end and by when they were made.
    list: Vec<Bookmark>,
    /// Those that an undo or a redo can bring back. One that was put elsewhere is here with its old place.
    gone: Vec<Bookmark>,
    next: u32,
    /// Counts the changes, for caches.
    version: u64,
    /// Ranges on the two sides of a call, where the other side does not tell them.
    lost: HashMap<(u64, Track), Sides>,
    /// All ranges at some moments.
    known: BTreeMap<u64, Ranges>,
    /// Changes since the last of them.
    since: usize,
    /// The ranges before the current call.
    before: Ranges,
}

/// The range of each bookmark at a moment.
type Ranges = Vec<(Track, Range)>;

#[derive(Clone, Copy, Debug, Default)]
struct Sides {
    before: Option<Range>,
    after: Option<Range>,
}

impl Bookmarks {
    /// All of them, by where they stand.
    pub fn iter(&self) -> std::slice::Iter<'_, Bookmark> {
        self.list.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// A number that is another one after each change of any of them.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The bookmark of a name.
    pub fn named(&self, name: &str) -> Option<&Bookmark> {
        self.list.iter().find(|mark| mark.name == name)
    }

    /// Where the bookmark of a name begins: what an expression means by the name.
    pub fn offset(&self, name: &str) -> Option<u64> {
        self.named(name).map(Bookmark::start)
    }

    /// The bookmark with this identifier.
    pub fn get(&self, id: BookmarkId) -> Option<&Bookmark> {
        self.list.iter().find(|mark| mark.id == id)
    }

    /// Those that share a unit with a range, or stand in it.
    pub fn within(&self, start: u64, end: u64) -> impl Iterator<Item = &Bookmark> {
        self.list
            .iter()
            .take_while(move |mark| mark.start() < end)
            .filter(move |mark| mark.end() > start || mark.start() >= start)
    }

    /// The first one that begins behind a place.
    pub fn after(&self, place: u64) -> Option<&Bookmark> {
        self.list.iter().find(|mark| mark.start() > place)
    }

    /// The last one that begins before a place.
    pub fn before(&self, place: u64) -> Option<&Bookmark> {
        self.list.iter().rev().find(|mark| mark.start() < place)
    }

    /// A name that no bookmark has: `mark1`, `mark2`, …
    pub fn free_name(&self) -> String {
        self.free_name_like("mark", 1)
    }

    fn free_name_like(&self, name: &str, first: usize) -> String {
        (first..).map(|n| format!("{name}{n}")).find(|name| self.named(name).is_none()).unwrap_or_default()
    }

    fn changed(&mut self) {
        self.version += 1;
        self.list.sort_by_key(|mark| (mark.range, mark.id));
    }

    fn ranges(&self) -> Ranges {
        self.list.iter().chain(&self.gone).map(|mark| (mark.track, mark.range)).collect()
    }

    /// Whether nothing has to follow the content.
    fn is_idle(&self) -> bool {
        self.list.is_empty() && self.gone.is_empty()
    }

    /// Goes over a call in one direction.
    fn step(&mut self, entry: u64, shift: Shift, forth: bool) {
        let way = if forth { shift } else { shift.back() };
        for mark in self.list.iter_mut().chain(&mut self.gone) {
            let from = mark.range;
            let sides = self.lost.get(&(entry, mark.track)).copied().unwrap_or_default();
            let kept = if forth { sides.after } else { sides.before };
            mark.range = kept.unwrap_or_else(|| way.of(from));
            if kept.is_none() && way.back().of(mark.range) != from {
                let sides = self.lost.entry((entry, mark.track)).or_default();
                *(if forth { &mut sides.before } else { &mut sides.after }) = Some(from);
            }
        }
        if self.lost.len() > LOST_MAX {
            self.lost.clear();
        }
    }

    /// A call was made.
    pub(super) fn entered(&mut self, entry: u64, shift: Shift) {
        if self.is_idle() {
            return;
        }
        self.before = self.ranges();
        self.step(entry, shift, true);
        self.changed();
        self.pass(entry);
    }

    /// A further part of the current call was made: `part` is what it changed, `whole` what the call changed altogether.
    pub(super) fn went_on(&mut self, entry: u64, part: Shift, whole: Shift) {
        if self.is_idle() {
            return;
        }
        self.known.remove(&entry);
        for mark in self.list.iter_mut().chain(&mut self.gone) {
            mark.range = part.of(mark.range);
            let before = self.before.iter().find(|(track, _)| *track == mark.track).map(|(_, range)| *range);
            // Nobody knows better where one was that was made since.
            let before = before.unwrap_or_else(|| whole.back().of(mark.range));
            self.lost.insert((entry, mark.track), Sides { before: Some(before), after: Some(mark.range) });
        }
        self.changed();
    }

    /// Keeps the ranges at a moment now and then.
    fn pass(&mut self, entry: u64) {
        self.since += 1;
        if self.since >= SPACING {
            self.since = 0;
            self.known.insert(entry, self.ranges());
        }
    }

    /// The document goes from one moment to another.
    pub(super) fn walk(&mut self, timeline: &Timeline, from: u64, to: u64) {
        if self.is_idle() || from == to {
            return;
        }
        self.before.clear();
        let mut steps = timeline.steps_between(from, to);
        let count = steps.0.len() + steps.1.len();
        if count > SPACING
            && let Some((known, forth)) = self.nearest_known(timeline, to)
            && forth.len() < count
        {
            for mark in self.list.iter_mut().chain(&mut self.gone) {
                if let Some((_, range)) = known.iter().find(|(track, _)| *track == mark.track) {
                    mark.range = *range;
                }
            }
            steps = (Vec::new(), forth);
        }
        let (back, forth) = steps;
        for number in back {
            if let Some(shift) = timeline.shift(number) {
                self.step(number, shift, false);
                if let Some(entry) = timeline.entry(number) {
                    self.pass(entry.parent());
                }
            }
        }
        for number in forth.into_iter().rev() {
            if let Some(shift) = timeline.shift(number) {
                self.step(number, shift, true);
                self.pass(number);
            }
        }
        self.changed();
    }

    /// The ranges at the last moment on the way to one at which they are known, and the calls since then, last first.
    fn nearest_known(&self, timeline: &Timeline, to: u64) -> Option<(Ranges, Vec<u64>)> {
        let (mut at, mut forth) = (to, Vec::new());
        loop {
            if let Some(known) = self.known.get(&at) {
                return Some((known.clone(), forth));
            }
            let entry = timeline.entry(at)?;
            if entry.changed() {
                forth.push(at);
            }
            at = entry.parent();
        }
    }

    /// The oldest calls were forgotten.
    pub(super) fn forget(&mut self, timeline: &Timeline) {
        self.lost.retain(|(entry, _), _| timeline.entry(*entry).is_some());
        self.known.retain(|entry, _| timeline.entry(*entry).is_some());
    }
}
