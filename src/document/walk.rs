//! Walking: showing the document as it was after any call of its timeline.
//!
//! The stream itself goes back: content, cursor, size and whether it is closed are what they were, so everything that shows a
//! document shows the moment without knowing of it, and a call that is made there begins where the user sees it. What a walk
//! leaves is still in the timeline, so nothing is lost by it: [`Document::is_modified`] and [`Document::latest_snapshot`]
//! speak of the latest moment wherever the walk is.

use super::history::Step;
use super::{Data, Document, Moment, Span, Stream, Timeline};
use crate::buffer::{Buffer, Offset};
use crate::stream::{BytesState, StreamState, TextState};

impl Document {
    /// Shows a moment; `false` where it is no longer kept. The selection comes back with the latest moment.
    pub fn walk_to(&mut self, moment: Moment) -> bool {
        let Some(number) = self.timeline.number_of(moment) else { return false };
        if !self.is_walking() && number != self.timeline.latest_number() {
            self.selection_kept = self.selection.take();
        }
        self.history.end_run();
        self.show_moment(number, false);
        if !self.is_walking() {
            self.selection = self.selection.or(self.selection_kept.take());
        }
        true
    }

    /// Whether an earlier moment, or one of another branch, is shown.
    pub fn is_walking(&self) -> bool {
        self.timeline.is_walking()
    }

    /// Goes on from the moment that is shown: the next call follows it, and what came after it stays as a branch. An undo step
    /// leads back.
    pub fn stay(&mut self) {
        if !self.is_walking() || self.is_protected() {
            return;
        }
        let (before, after) = (self.timeline.latest_number(), self.timeline.current_number());
        self.timeline.stand_at(after, true);
        let selection_before = self.selection_kept.take();
        if self.timeline.at(before).0 != self.revision {
            self.history.push(Step { label: "Branch", before, selection_before, after, run: None, bookmarks: None }, false);
            self.history.end_run();
        }
    }

    /// What the call of the moment that is shown read or wrote.
    pub fn touched(&self) -> Option<Span> {
        self.timeline.current().and_then(|entry| entry.span)
    }

    /// What a save takes: the content at the latest moment, of a text document in UTF-8.
    pub fn latest_snapshot(&self) -> Buffer {
        if !self.is_walking() {
            return self.snapshot();
        }
        match self.timeline.content_at(self.timeline.latest_number(), &Data::of(&self.state())) {
            Data::Bytes(bytes) => bytes,
            Data::Text(text) => text.to_utf8(),
        }
    }

    /// The first place at which the content may differ from that named by an earlier revision; `None` where it is not known.
    pub fn differs_from(&self, revision: u64) -> Option<u64> {
        let (from, to, at) = self.change?;
        (from == revision && to == self.revision).then_some(at)
    }

    /// Makes a moment the one that is shown, and the latest where the document goes on from there.
    pub(super) fn show_moment(&mut self, number: u64, latest: bool) {
        let from = self.timeline.current_number();
        if number != from {
            self.bookmarks.walk(&self.timeline, from, number);
            let (revision, scalars) = self.timeline.at(number);
            let shown = Data::of(&self.state());
            let content = self.timeline.content_at(number, &shown);
            if revision != self.revision {
                self.change = self.timeline.first_difference(from, number).map(|at| (self.revision, revision, at));
            }
            drop(shown);
            match (&mut self.stream, content) {
                (Stream::Bytes(stream), Data::Bytes(value)) => {
                    stream.restore(&BytesState { value, position: Offset(scalars.position), closed: scalars.closed });
                }
                (Stream::Text(stream), Data::Text(value)) => stream.restore(&TextState {
                    value,
                    position: scalars.position,
                    closed: scalars.closed,
                    newline: scalars.newline,
                    seen: scalars.seen,
                }),
                _ => debug_assert!(false, "a document's stream never changes its kind"),
            }
            self.revision = revision;
        }
        self.timeline.stand_at(number, latest);
    }

    /// Puts the stream into a state that its calls had elsewhere.
    pub(super) fn restore(&mut self, state: &StreamState) {
        match (&mut self.stream, state) {
            (Stream::Bytes(stream), StreamState::Bytes(state)) => stream.restore(state),
            (Stream::Text(stream), StreamState::Text(state)) => stream.restore(state),
            _ => debug_assert!(false, "a document's stream never changes its kind"),
        }
    }

    /// Forgets the oldest calls where there are too many.
    pub(super) fn forget_old(&mut self) {
        while self.timeline.is_full(super::UNDO_BUDGET) {
            let shown = Data::of(&self.state());
            self.timeline.forget(&shown);
            self.history.forget(&self.timeline);
            self.bookmarks.forget(&self.timeline);
            self.forget_bookmarks();
        }
    }

    /// A timeline that begins with the stream as it is.
    pub(super) fn first_timeline(stream: &Stream) -> Timeline {
        Timeline::new(&match stream {
            Stream::Bytes(stream) => StreamState::Bytes(stream.state()),
            Stream::Text(stream) => StreamState::Text(stream.state()),
        })
    }
}
