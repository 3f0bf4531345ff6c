//! Undo and redo: a stack of earlier streams. Never cut by count, only by the bytes that it alone keeps alive.

use super::{Selection, StreamState};

/// Bytes that a document's history may keep alive by itself before the oldest steps are dropped: 1 GiB.
pub const UNDO_BUDGET: u64 = 1 << 30;

/// One step: the stream on both sides of an edit. Both are snapshots that share what did not change.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// What the menu says after "Undo".
    pub(super) label: &'static str,
    pub(super) before: StreamState,
    pub(super) revision_before: u64,
    pub(super) selection_before: Option<Selection>,
    pub(super) after: StreamState,
    pub(super) revision_after: u64,
    /// Bytes in memory that only this step keeps: what the edit removed or overwrote.
    pub(super) cost: u64,
    /// The run of typing it belongs to, and when its last key came.
    pub(super) run: Option<Run>,
}

/// Steps of one run merge into one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Run {
    pub(super) label: &'static str,
    /// Seconds since some fixed moment.
    pub(super) at: f64,
}

/// A pause of this many seconds ends a run of typing.
const PAUSE: f64 = 2.0;

/// The steps that can be undone and redone.
#[derive(Debug, Default)]
pub struct History {
    undo: Vec<Step>,
    redo: Vec<Step>,
    run_open: bool,
    cost: u64,
}

impl History {
    /// What an undo would take back ("Typing", "Delete"), or `None` where there is nothing.
    pub fn undo_label(&self) -> Option<&'static str> {
        self.undo.last().map(|step| step.label)
    }

    /// What a redo would bring back.
    pub fn redo_label(&self) -> Option<&'static str> {
        self.redo.last().map(|step| step.label)
    }

    /// Steps that can be undone.
    pub fn undo_len(&self) -> usize {
        self.undo.len()
    }

    /// Steps that can be redone.
    pub fn redo_len(&self) -> usize {
        self.redo.len()
    }

    /// The next key begins a new step.
    pub(super) fn end_run(&mut self) {
        self.run_open = false;
    }

    /// Whether an edit of `run`, made where the last one ended, belongs to the last step.
    pub(super) fn continues(&self, run: Option<Run>, before: &StreamState) -> bool {
        let Some((last, (old, new))) = self.undo.last().and_then(|step| Some((step, (step.run?, run?)))) else { return false };
        self.run_open
            && self.redo.is_empty()
            && old.label == new.label
            && new.at - old.at <= PAUSE
            && last.after.position() == before.position()
    }

    pub(super) fn push(&mut self, step: Step, joins: bool) {
        self.redo.clear();
        self.cost += step.cost;
        if joins && let Some(last) = self.undo.last_mut() {
            last.after = step.after;
            last.revision_after = step.revision_after;
            last.cost += step.cost;
            last.run = step.run;
        } else {
            self.undo.push(step);
        }
        self.run_open = true;
        let mut drop = 0;
        while self.cost > UNDO_BUDGET && drop + 1 < self.undo.len() {
            self.cost -= self.undo[drop].cost;
            drop += 1;
        }
        self.undo.drain(..drop);
    }

    pub(super) fn undo(&mut self) -> Option<&Step> {
        self.run_open = false;
        let step = self.undo.pop()?;
        self.redo.push(step);
        self.redo.last()
    }

    pub(super) fn redo(&mut self) -> Option<&Step> {
        self.run_open = false;
        let step = self.redo.pop()?;
        self.undo.push(step);
        self.undo.last()
    }
}
