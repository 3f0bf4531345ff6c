//! Those who are told what a scan finds: the first match, the last one, all of a screen; and those who count in other units.

use std::ops::{ControlFlow, Range};

use super::scan::{Run, Sink};
use super::{Hit, Unreadable, points_in};
use crate::buffer::{Buffer, ReadError};
use crate::tasks::Progress;

/// Says how far a search is.
pub(super) struct Steps<'a> {
    progress: &'a Progress,
    at: u64,
}

impl<'a> Steps<'a> {
    /// A search that begins at `at`.
    pub(super) fn new(progress: &'a Progress, at: u64) -> Self {
        Self { progress, at }
    }

    /// Everything in front of `at` has been looked at.
    pub(super) fn to(&mut self, at: u64) {
        self.progress.advance(at.saturating_sub(self.at));
        self.at = self.at.max(at);
    }
}

/// Keeps the first match.
pub(super) struct First<'a> {
    pub(super) steps: Steps<'a>,
    pub(super) found: Option<Hit>,
    /// What was passed over on the way.
    pub(super) unreadable: Unreadable,
}

impl Sink for First<'_> {
    fn room(&self) -> usize {
        1
    }

    fn hits(&mut self, hits: &[Hit]) {
        self.found = self.found.or_else(|| hits.first().copied());
    }

    fn counted(&mut self, _count: u64, _last: Hit) {}

    fn run(&mut self, run: &Run) {
        self.found = self.found.or_else(|| run.hits().next());
    }

    fn unreadable(&mut self, range: Range<u64>, why: &ReadError) {
        self.unreadable.push(range, why);
    }

    fn reached(&mut self, at: u64) -> ControlFlow<()> {
        self.steps.to(at);
        if self.found.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Keeps the last match.
#[derive(Default)]
pub(super) struct Last {
    pub(super) found: Option<Hit>,
    /// What was passed over on the way.
    pub(super) unreadable: Unreadable,
}

impl Sink for Last {
    fn room(&self) -> usize {
        0
    }

    fn hits(&mut self, hits: &[Hit]) {
        self.found = hits.last().copied().or(self.found);
    }

    fn counted(&mut self, _count: u64, last: Hit) {
        self.found = Some(last);
    }

    fn run(&mut self, run: &Run) {
        self.found = run.last().or(self.found);
    }

    fn unreadable(&mut self, range: Range<u64>, why: &ReadError) {
        self.unreadable.push(range, why);
    }

    fn reached(&mut self, _at: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// Keeps the matches that lie partly in a range.
pub(super) struct Collect {
    pub(super) range: Range<u64>,
    pub(super) hits: Vec<Hit>,
}

impl Sink for Collect {
    fn room(&self) -> usize {
        usize::MAX
    }

    fn hits(&mut self, hits: &[Hit]) {
        let inside = hits.iter().filter(|hit| hit.end() > self.range.start && hit.offset < self.range.end);
        self.hits.extend(inside);
    }

    fn counted(&mut self, _count: u64, _last: Hit) {}

    fn unreadable(&mut self, _range: Range<u64>, _why: &ReadError) {}

    fn run(&mut self, run: &Run) {
        self.hits
            .extend(run.hits().skip_while(|hit| hit.end() <= self.range.start).take_while(|hit| hit.offset < self.range.end));
    }

    fn reached(&mut self, at: u64) -> ControlFlow<()> {
        if at >= self.range.end { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Hands matches on.
pub(super) struct Each<'a> {
    pub(super) only_count: bool,
    pub(super) tell: &'a mut dyn FnMut(&[Hit], u64) -> ControlFlow<()>,
    pub(super) over: bool,
    pub(super) unreadable: Unreadable,
}

impl Sink for Each<'_> {
    fn room(&self) -> usize {
        if self.only_count { 0 } else { usize::MAX }
    }

    fn hits(&mut self, hits: &[Hit]) {
        self.over = self.over || (!hits.is_empty() && (self.tell)(hits, 0).is_break());
    }

    fn counted(&mut self, count: u64, _last: Hit) {
        self.over = self.over || (self.tell)(&[], count).is_break();
    }

    fn run(&mut self, run: &Run) {
        if self.only_count {
            self.over = self.over || (self.tell)(&[], run.total()).is_break();
            return;
        }
        let mut hits = run.hits().peekable();
        while !self.over && hits.peek().is_some() {
            let portion: Vec<Hit> = hits.by_ref().take(4096).collect();
            self.hits(&portion);
        }
    }

    fn unreadable(&mut self, range: Range<u64>, why: &ReadError) {
        self.unreadable.push(range, why);
    }

    fn reached(&mut self, _at: u64) -> ControlFlow<()> {
        if self.over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Counts in units of several bytes.
pub(super) struct ToUnits<'a> {
    pub(super) sink: &'a mut dyn Sink,
    pub(super) unit: u64,
}

impl ToUnits<'_> {
    fn hit(&self, hit: Hit) -> Hit {
        Hit { offset: hit.offset / self.unit, len: hit.len / self.unit as u32, needle: hit.needle }
    }
}

impl Sink for ToUnits<'_> {
    fn room(&self) -> usize {
        self.sink.room()
    }

    fn hits(&mut self, hits: &[Hit]) {
        if self.unit == 1 {
            return self.sink.hits(hits);
        }
        let hits: Vec<Hit> = hits.iter().map(|&hit| self.hit(hit)).collect();
        self.sink.hits(&hits);
    }

    fn counted(&mut self, count: u64, last: Hit) {
        self.sink.counted(count, self.hit(last));
    }

    fn run(&mut self, run: &Run) {
        let shapes = run.shapes.iter().map(|&(len, needle)| (len / self.unit as u32, needle)).collect();
        self.sink.run(&Run { first: run.first / self.unit, step: run.step / self.unit, shapes, ..run.clone() });
    }

    fn unreadable(&mut self, range: Range<u64>, why: &ReadError) {
        self.sink.unreadable(range.start / self.unit..range.end.div_ceil(self.unit), why);
    }

    fn reached(&mut self, at: u64) -> ControlFlow<()> {
        self.sink.reached(at / self.unit)
    }
}

/// Counts in code points of UTF-8.
pub(super) struct ToPoints<'a> {
    pub(super) sink: &'a mut dyn Sink,
    pub(super) utf8: &'a Buffer,
    /// Code points of the document in front of the first byte.
    pub(super) start: u64,
    /// A byte, and the code points in front of it.
    pub(super) byte: u64,
    pub(super) point: u64,
}

impl ToPoints<'_> {
    /// The code points in front of a byte; bytes are asked for in order.
    fn point(&mut self, byte: u64) -> u64 {
        if byte > self.byte {
            self.point += points_in(self.utf8, self.byte, byte);
            self.byte = byte;
        }
        self.start + self.point
    }

    fn hit(&mut self, hit: Hit) -> Hit {
        let offset = self.point(hit.offset);
        // Not asked for in order: the next match may begin inside of this one.
        let len = points_in(self.utf8, hit.offset, hit.end()) as u32;
        Hit { offset, len, needle: hit.needle }
    }
}

impl Sink for ToPoints<'_> {
    fn room(&self) -> usize {
        self.sink.room()
    }

    fn hits(&mut self, hits: &[Hit]) {
        let hits: Vec<Hit> = hits.iter().map(|&hit| self.hit(hit)).collect();
        self.sink.hits(&hits);
    }

    fn counted(&mut self, count: u64, last: Hit) {
        let last = self.hit(last);
        self.sink.counted(count, last);
    }

    fn run(&mut self, run: &Run) {
        // A run of one byte of UTF-8 is of ASCII.
        let first = self.point(run.first);
        self.sink.run(&Run { first, ..run.clone() });
    }

    fn unreadable(&mut self, range: Range<u64>, why: &ReadError) {
        let range = self.point(range.start)..self.point(range.end);
        self.sink.unreadable(range, why);
    }

    fn reached(&mut self, at: u64) -> ControlFlow<()> {
        let at = self.point(at);
        self.sink.reached(at)
    }
}
