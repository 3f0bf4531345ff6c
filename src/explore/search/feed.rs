//! What a search has found so far, shared with whoever looks at it while it runs.

use std::ops::{ControlFlow, Range};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::scan::{Run, Sink};
use super::sinks::Steps;
use super::{Hit, Unreadable};
use crate::buffer::ReadError;

/// Hits that are kept in memory; the others are counted. 16 bytes each.
pub const KEPT_HITS: usize = 1_000_000;

/// The hits of a search in one document, sorted by offset: filled by the search, read by views at the same time.
///
/// At most [`KEPT_HITS`] are kept, those with the lowest offsets; [`Feed::total`] counts all.
#[derive(Debug, Default)]
pub struct Feed {
    inside: Mutex<Inside>,
}

#[derive(Debug, Default)]
struct Inside {
    hits: Vec<Hit>,
    total: u64,
    reached: u64,
    state: FeedState,
    unreadable: Unreadable,
}

/// How far a search is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum FeedState {
    /// It goes on.
    #[default]
    Running,
    /// It has seen everything.
    Done,
    /// Somebody stopped it: what is behind [`Feed::reached`] was not looked at.
    Stopped,
    /// It could not read on; why.
    Failed(String),
}

impl Feed {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many hits are kept.
    pub fn kept(&self) -> usize {
        self.lock().hits.len()
    }

    /// How many were found, kept or not.
    pub fn total(&self) -> u64 {
        self.lock().total
    }

    /// All hits in front of this place have been found.
    pub fn reached(&self) -> u64 {
        self.lock().reached
    }

    /// How far the search is.
    pub fn state(&self) -> FeedState {
        self.lock().state.clone()
    }

    /// What was passed over so far, since it cannot be read.
    pub fn unreadable(&self) -> Unreadable {
        self.lock().unreadable.clone()
    }

    /// Kept hits by their numbers; what is not there is left out.
    pub fn hits(&self, range: Range<usize>) -> Vec<Hit> {
        let inside = self.lock();
        let end = range.end.min(inside.hits.len());
        inside.hits.get(range.start..end).unwrap_or_default().to_vec()
    }

    /// A kept hit.
    pub fn get(&self, number: usize) -> Option<Hit> {
        self.lock().hits.get(number).copied()
    }

    /// The number of the first kept hit that begins at `offset` or behind it; [`Feed::kept`] where there is none.
    pub fn at_or_after(&self, offset: u64) -> usize {
        self.lock().hits.partition_point(|hit| hit.offset < offset)
    }

    /// The number of the kept hit that begins at `offset`.
    pub fn number_of(&self, offset: u64) -> Option<usize> {
        let inside = self.lock();
        let number = inside.hits.partition_point(|hit| hit.offset < offset);
        inside.hits.get(number).is_some_and(|hit| hit.offset == offset).then_some(number)
    }

    /// Whether every hit in front of `offset` is kept.
    pub fn is_whole_before(&self, offset: u64) -> bool {
        let inside = self.lock();
        let all_kept = inside.hits.len() as u64 == inside.total;
        (all_kept && (inside.reached >= offset || inside.state == FeedState::Done))
            || inside.hits.last().is_some_and(|last| last.offset >= offset)
    }

    /// Says that nothing will be found: the document has nothing that fits the query.
    pub fn finish(&self) {
        self.end(FeedState::Done);
    }

    /// Says that nobody searches any more, where the search did not say so itself: it was stopped before it began, or broke.
    pub fn stop(&self) {
        let mut inside = self.lock();
        if inside.state == FeedState::Running {
            inside.state = FeedState::Stopped;
        }
    }

    pub(super) fn end(&self, state: FeedState) {
        self.lock().state = state;
    }
}

/// Fills a feed.
pub(super) struct Filler<'a> {
    pub(super) feed: &'a Feed,
    pub(super) steps: Steps<'a>,
}

impl Sink for Filler<'_> {
    fn room(&self) -> usize {
        KEPT_HITS - self.feed.lock().hits.len().min(KEPT_HITS)
    }

    fn hits(&mut self, hits: &[Hit]) {
        let mut inside = self.feed.lock();
        inside.total = inside.total.saturating_add(hits.len() as u64);
        inside.hits.extend_from_slice(hits);
    }

    fn counted(&mut self, count: u64, _last: Hit) {
        let mut inside = self.feed.lock();
        inside.total = inside.total.saturating_add(count);
    }

    fn run(&mut self, run: &Run) {
        let room = self.room();
        let mut inside = self.feed.lock();
        inside.total = inside.total.saturating_add(run.total());
        inside.hits.extend(run.hits().take(room));
    }

    fn unreadable(&mut self, range: Range<u64>, why: &ReadError) {
        self.feed.lock().unreadable.push(range, why);
    }

    fn reached(&mut self, at: u64) -> ControlFlow<()> {
        self.feed.lock().reached = at;
        self.steps.to(at);
        ControlFlow::Continue(())
    }
}
