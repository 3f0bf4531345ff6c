//! What was done to a document, call by call: a tree of entries that can be walked.
//!
//! # How a moment is found again
//!
//! The content after an entry is not kept; what the entry changed is (see `Patch`), in both directions. The document always
//! shows the moment of one entry, the *current* one, and goes to another that is near by undoing and doing the changes on the
//! way between the two. For one that is far, every few thousand changes it is kept of which parts the content consisted (see
//! `Delta`): the changes since then are made to that, which is quick, and then the content is put together at once.
//!
//! # What always holds
//!
//! - The document's stream is what it was right after the current entry: content, cursor, closed or not.
//! - An entry's number is larger than its parent's, so the way to any entry is found by going to parents.
//! - Entries of a branch follow each other: each is the parent of the next. A branch begins where something was done at a
//!   moment that had a future already.
//! - The *latest* entry is where the next call goes to; where it is not the current one, the document is being walked.

mod checkpoint;
mod delta;
mod entry;
mod log;
mod patch;
mod path;
mod segments;
mod wrappers;

use super::{Data, Operation, Shift, StreamKind, StreamState};
use crate::stream::Link;
use checkpoint::Checkpoints;
use delta::Delta;
pub(super) use entry::Scalars;
pub use entry::{Entry, Span, SpanKind};
use log::Log;
pub(super) use patch::Patch;
pub use path::Path;
use segments::Segments;
pub use wrappers::Wrappers;
use wrappers::{NONE, WrapperStates};

/// Entries kept; the oldest are forgotten (and counted) past this many.
pub const KEPT: usize = 100_000;

/// Entries forgotten at once.
const FORGOTTEN_AT_ONCE: usize = KEPT / 10;

/// A jump over at most this many changes makes them one by one to the content that is shown.
const NEAR: usize = 512;

/// A jump over more entries than this is not near, whatever they changed.
const NEAR_ENTRIES: usize = 4096;

/// The changes to take back and those to make between two moments, last first.
pub(super) type Way = (Vec<u64>, Vec<u64>);

/// A moment of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moment {
    /// Before the first call that is kept.
    Start,
    /// Right after an entry, by its number.
    After(u64),
    /// After the last call: where the next one will be made.
    Latest,
}

/// Entries that follow each other.
#[derive(Clone, Debug)]
struct Branch {
    /// The entry it goes on from.
    parent: u64,
    numbers: Vec<u64>,
}

/// The calls and their branches.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// By number.
    entries: Segments<Entry>,
    branches: Vec<Branch>,
    root: Root,
    current: u64,
    latest: u64,
    next: u64,
    forgotten: u64,
    checkpoints: Checkpoints,
    log: Log,
    wrappers: WrapperStates,
    /// Bytes of memory that the entries keep of what was removed.
    cost: u64,
    /// Whether the next call may become a part of the current entry: not after any other movement in the tree.
    joins: bool,
}

/// By where they stand: two of one document that stand at the same places have the same calls.
impl PartialEq for Timeline {
    fn eq(&self, other: &Self) -> bool {
        let places = |timeline: &Self| (timeline.current, timeline.latest, timeline.next, timeline.forgotten, timeline.len());
        let last = |timeline: &Self| timeline.entries.get(timeline.len().saturating_sub(1)).map(|entry| entry.revision);
        places(self) == places(other) && last(self) == last(other) && self.root.content == other.root.content
    }
}

/// The document before the first entry.
#[derive(Clone, Debug)]
pub(super) struct Root {
    number: u64,
    pub(super) content: Data,
    pub(super) scalars: Scalars,
    revision: u64,
    wrappers: u32,
}

impl Timeline {
    pub(super) fn new(start: &StreamState) -> Self {
        Self {
            entries: Segments::default(),
            branches: Vec::new(),
            root: Root { number: 0, content: Data::of(start), scalars: Scalars::of(start), revision: 0, wrappers: NONE },
            current: 0,
            latest: 0,
            next: 1,
            forgotten: 0,
            checkpoints: Checkpoints::default(),
            log: Log::default(),
            wrappers: WrapperStates::default(),
            cost: 0,
            joins: false,
        }
    }

    /// How many calls are kept, in all branches.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.len() == 0
    }

    /// The calls that are kept, oldest first, whatever branch they are on.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter()
    }

    /// The call in this place of the list of those that are kept.
    pub fn get(&self, index: usize) -> Option<&Entry> {
        self.entries.get(index)
    }

    /// The place in that list of the call with this number.
    pub fn index_of(&self, number: u64) -> Option<usize> {
        let first = self.entries.get(0)?.number;
        let at = usize::try_from(number.checked_sub(first)?).ok()?;
        // Where no branch was forgotten the numbers have no gaps.
        if self.entries.get(at).is_some_and(|entry| entry.number == number) {
            return Some(at);
        }
        place_among(&self.entries, number)
    }

    /// The call with this number.
    pub fn entry(&self, number: u64) -> Option<&Entry> {
        self.entries.get(self.index_of(number)?)
    }

    /// The call whose moment the document shows; `None` at the start.
    pub fn current(&self) -> Option<&Entry> {
        self.entry(self.current)
    }

    /// The last call that the document does not have taken back; `None` at the start.
    pub fn latest(&self) -> Option<&Entry> {
        self.entry(self.latest)
    }

    /// Whether an earlier moment, or one of another branch, is shown.
    pub fn is_walking(&self) -> bool {
        self.current != self.latest
    }

    /// How many older calls are no longer kept.
    pub fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// How many branches there are.
    pub fn branches(&self) -> usize {
        self.branches.len()
    }

    /// The way that is walked: to the latest entry where the shown one is on that way, else to the end of its branch.
    pub fn way(&self) -> Path {
        let latest = self.path_to(self.latest);
        match self.current() {
            Some(entry) if self.place_on(&latest, entry).is_none() => {
                let numbers = &self.branches[entry.branch()].numbers;
                self.path_to(numbers.last().copied().unwrap_or(entry.number))
            }
            _ => latest,
        }
    }

    /// How many calls of the [`Timeline::way`] were made at the shown moment, and how many it has.
    pub fn step(&self) -> (usize, usize) {
        let way = self.way();
        let done = self.current().and_then(|entry| self.place_on(&way, entry)).map_or(0, |place| place + 1);
        (done, way.len())
    }

    /// The moment after so many calls of the [`Timeline::way`].
    pub fn moment(&self, step: usize) -> Moment {
        let Some(before) = step.checked_sub(1) else { return Moment::Start };
        let way = self.way();
        self.on_path(&way, before.min(way.len().saturating_sub(1))).map_or(Moment::Start, |entry| Moment::After(entry.number))
    }

    pub(super) fn root(&self) -> &Root {
        &self.root
    }

    pub(super) fn current_number(&self) -> u64 {
        self.current
    }

    pub(super) fn latest_number(&self) -> u64 {
        self.latest
    }

    /// The number of a moment, where it is kept.
    pub(super) fn number_of(&self, moment: Moment) -> Option<u64> {
        match moment {
            Moment::Start => Some(self.root.number),
            Moment::Latest => Some(self.latest),
            Moment::After(number) => self.holds(number).then_some(number),
        }
    }

    /// Whether a moment is kept.
    pub(super) fn holds(&self, number: u64) -> bool {
        number == self.root.number || self.index_of(number).is_some()
    }

    /// The revision and what else the stream holds at a moment that is kept.
    pub(super) fn at(&self, number: u64) -> (u64, Scalars) {
        self.entry(number).map_or((self.root.revision, self.root.scalars), |entry| (entry.revision, entry.after))
    }

    /// Makes a moment the current one, and the latest as well where the document goes on from there.
    pub(super) fn stand_at(&mut self, number: u64, latest: bool) {
        self.current = number;
        self.joins = false;
        if latest {
            self.latest = number;
        }
    }

    /// Adds a call behind the current entry, which becomes the latest: movements of the cursor that follow each other become
    /// one entry, and so do calls of one `run` of typing. `before` and `after` are the content on both sides.
    pub(super) fn push(&mut self, mut entry: Entry, run: bool, before: &Data, after: &Data) {
        let at = self.index_of(self.current);
        if self.joins
            && let Some(last) = at.and_then(|at| self.entries.get_mut(at))
        {
            let cost = last.cost();
            if run && last.join_run(&entry, before, after) {
                self.cost += last.cost().saturating_sub(cost);
                if let Some(patch) = &mut last.patch {
                    patch.log(&mut self.log);
                }
                return;
            }
            if matches!(entry.operation, Operation::Seek { .. }) && last.join_seek(entry.clone()) {
                return;
            }
        }
        if let Some(patch) = &mut entry.patch {
            patch.log(&mut self.log);
        }
        self.add(entry);
        self.joins = true;
    }

    /// What the wrappers over the document held at the current moment.
    pub fn wrappers(&self) -> Wrappers<'_> {
        self.wrappers.get(self.wrappers_at(self.current))
    }

    fn wrappers_at(&self, number: u64) -> u32 {
        self.entry(number).map_or(self.root.wrappers, |entry| entry.wrappers)
    }

    /// Says what the wrappers hold at the current moment; `None` where that is what was said last.
    pub(super) fn set_wrappers(&mut self, links: Option<&[Link]>) {
        let state = self.wrappers.put(links);
        match self.index_of(self.current).and_then(|at| self.entries.get_mut(at)) {
            Some(entry) => entry.wrappers = state,
            None => self.root.wrappers = state,
        }
    }

    /// Adds an entry of something that is not done to the stream, behind the latest one. A walk stays where it is.
    pub(super) fn note(&mut self, kind: StreamKind, operation: Operation) {
        let walked = (self.current != self.latest).then_some(self.current);
        self.current = self.latest;
        let (revision, after) = self.at(self.latest);
        self.add(Entry {
            operation,
            kind,
            result: Box::default(),
            raised: false,
            span: None,
            position_before: after.position,
            size_before: after.size,
            revision,
            statement: None,
            after,
            patch: None,
            number: 0,
            parent: 0,
            branch: 0,
            wrappers: NONE,
        });
        self.joins = false;
        self.current = walked.unwrap_or(self.current);
    }

    /// Adds an entry behind the current one.
    fn add(&mut self, mut entry: Entry) {
        let since = self.checkpoint(self.current) + usize::from(entry.changed());
        if entry.statement.is_none() {
            // Only statements change what wrappers hold.
            entry.wrappers = self.wrappers_at(self.current);
        }
        entry.number = self.next;
        entry.parent = self.current;
        entry.branch = self.branch_for(self.current);
        self.branches[entry.branch as usize].numbers.push(entry.number);
        self.cost += entry.cost();
        let number = entry.number;
        self.entries.push(entry);
        self.next += 1;
        self.current = number;
        self.latest = number;
        self.checkpoints.added(number, since);
    }

    /// Keeps a checkpoint at an entry that will not change any more, where the last one is far; returns how many changes it is
    /// behind the last one then.
    fn checkpoint(&mut self, number: u64) -> usize {
        let (wanted, since) = self.checkpoints.wants(number, || self.to_checkpoint(number).1.len());
        if !wanted {
            return since;
        }
        let delta = self.delta(number);
        self.checkpoints.keep(number, &delta);
        0
    }

    /// The checkpoint at or before a moment, or the start, and the changes since then, last first.
    fn to_checkpoint(&self, number: u64) -> (Option<&delta::Packed>, Vec<u64>) {
        let (mut at, mut changes) = (number, Vec::new());
        loop {
            if let Some(packed) = self.checkpoints.get(at) {
                return (Some(packed), changes);
            }
            let Some(entry) = self.entry(at) else { return (None, changes) };
            if entry.patch.is_some() {
                changes.push(at);
            }
            at = entry.parent;
        }
    }

    /// What the content consists of at a moment.
    fn delta(&self, number: u64) -> Delta {
        let (packed, changes) = self.to_checkpoint(number);
        let mut delta = packed.map_or_else(|| Delta::new(self.root.content.len()), delta::Packed::unpack);
        for number in changes.into_iter().rev() {
            if let Some(patch) = self.patch(number) {
                delta.replace(patch.at(), patch.removed_end() - patch.at(), patch.run(number));
            }
        }
        delta
    }

    fn patch(&self, number: u64) -> Option<&Patch> {
        self.entry(number)?.patch.as_deref()
    }

    /// The branch that an entry behind `parent` belongs to.
    fn branch_for(&mut self, parent: u64) -> u32 {
        let goes_on = self.entry(parent).map(|entry| entry.branch).filter(|&branch| {
            let numbers = &self.branches[branch as usize].numbers;
            numbers.last() == Some(&parent)
        });
        goes_on.unwrap_or_else(|| {
            self.branches.push(Branch { parent, numbers: Vec::new() });
            (self.branches.len() - 1) as u32
        })
    }

    /// Whether there is more than is to be kept.
    pub(super) fn is_full(&self, budget: u64) -> bool {
        self.entries.len() > KEPT || (self.cost > budget && self.entries.len() > 1)
    }

    /// Forgets the oldest entries; `shown` is the content at the current moment. What led to the latest entry is kept as long
    /// as possible, and branches that lose their beginning go with it.
    pub(super) fn forget(&mut self, shown: &Data) {
        let drop = FORGOTTEN_AT_ONCE.min(self.entries.len() / 2).max(1);
        let Some(last_dropped) = self.entries.get(drop - 1).map(|entry| entry.number) else { return };
        let mut root = self.latest;
        while root > last_dropped {
            root = self.entry(root).map_or(self.root.number, |entry| entry.parent);
        }
        let (revision, scalars) = self.at(root);
        let (content, wrappers) = (self.content_at(root, shown), self.wrappers_at(root));
        self.root = Root { number: root, content, scalars, revision, wrappers };
        let old = std::mem::take(&mut self.entries);
        let count = old.len();
        let mut branches = Vec::new();
        let mut renamed = vec![None; self.branches.len()];
        self.cost = 0;
        let mut entries = Segments::default();
        for entry in old.iter().filter(|entry| entry.number > last_dropped) {
            // Its branch is kept already, or begins at the new start, or goes on from an entry that is kept.
            let branch = renamed[entry.branch()].or_else(|| {
                let kept = entry.parent == root || place_among(&entries, entry.parent).is_some();
                kept.then(|| {
                    branches.push(Branch { parent: entry.parent, numbers: Vec::new() });
                    let branch = (branches.len() - 1) as u32;
                    renamed[entry.branch()] = Some(branch);
                    branch
                })
            });
            let Some(branch) = branch else { continue };
            branches[branch as usize].numbers.push(entry.number);
            self.cost += entry.cost();
            entries.push(Entry { branch, ..entry.clone() });
        }
        self.forgotten += (count - entries.len()) as u64;
        (self.entries, self.branches) = (entries, branches);
        self.keep_again();
    }

    /// Makes the log and the checkpoints anew, from another start.
    fn keep_again(&mut self) {
        (self.log, self.checkpoints) = (Log::default(), Checkpoints::default());
        for index in 0..self.entries.len() {
            let Some(entry) = self.entries.get_mut(index) else { return };
            let (number, parent) = (entry.number, entry.parent);
            if let Some(patch) = &mut entry.patch {
                patch.log(&mut self.log);
            }
            let changed = usize::from(entry.changed());
            let since = self.checkpoint(parent) + changed;
            self.checkpoints.added(number, since);
        }
    }

    /// The content at a moment that is kept: made from that at the current one where it is near, else from its parts.
    pub(super) fn content_at(&self, number: u64, shown: &Data) -> Data {
        let Some((back, forth)) = self.between(self.current, number) else {
            let entry = |number| self.patch(number).map(|patch| patch.inserted(shown.kind()));
            return self.delta(number).content(&self.root.content, &self.log, entry);
        };
        let mut content = shown.clone();
        let patch = |number: &u64| self.patch(*number);
        back.iter().filter_map(patch).for_each(|patch| patch.revert(&mut content));
        forth.iter().rev().filter_map(patch).for_each(|patch| patch.apply(&mut content));
        content
    }

    /// The way between two moments; `None` where they are not near.
    fn between(&self, mut from: u64, mut to: u64) -> Option<Way> {
        let (mut back, mut forth) = (Vec::new(), Vec::new());
        for _ in 0..NEAR_ENTRIES {
            if from == to {
                return Some((back, forth));
            }
            let (at, changes) = if from > to { (&mut from, &mut back) } else { (&mut to, &mut forth) };
            let entry = self.entry(*at)?;
            if entry.patch.is_some() {
                changes.push(*at);
                if back.len() + forth.len() > NEAR {
                    return None;
                }
            }
            *at = entry.parent;
        }
        None
    }

    /// The calls between two moments: those to take back and those to make, last first, those that changed nothing left out.
    pub(super) fn steps_between(&self, mut from: u64, mut to: u64) -> Way {
        let (mut back, mut forth) = (Vec::new(), Vec::new());
        while from != to {
            let (at, steps) = if from > to { (&mut from, &mut back) } else { (&mut to, &mut forth) };
            let Some(entry) = self.entry(*at) else { break };
            if entry.changed() {
                steps.push(*at);
            }
            *at = entry.parent;
        }
        (back, forth)
    }

    /// What a call did to places.
    pub(super) fn shift(&self, number: u64) -> Option<Shift> {
        self.patch(number).map(Patch::shift)
    }

    /// The first place that may differ between two moments; `None` where nothing does, or where they are too far apart.
    pub(super) fn first_difference(&self, from: u64, to: u64) -> Option<u64> {
        let (back, forth) = self.between(from, to)?;
        let at = |number: &u64| Some(self.patch(*number)?.at());
        back.iter().chain(&forth).filter_map(at).min()
    }
}

/// The place of an entry among those of a list, which are in order of their numbers.
fn place_among(entries: &Segments<Entry>, number: u64) -> Option<usize> {
    let (mut low, mut high) = (0, entries.len());
    while low < high {
        let middle = low.midpoint(high);
        match entries.get(middle)?.number.cmp(&number) {
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
            std::cmp::Ordering::Equal => return Some(middle),
        }
    }
    None
}
