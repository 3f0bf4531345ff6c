//! Undo and redo: a stack of steps, each from one moment of the timeline to another.

use super::bookmarks::Change;
use super::{Selection, Timeline};

/// Bytes that a document's past may keep alive by itself before the oldest calls are forgotten: 1 GiB.
pub const UNDO_BUDGET: u64 = 1 << 30;

/// One step: the moments on both sides of an edit, by the numbers of their entries.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// What the menu says after "Undo".
    pub(super) label: &'static str,
    pub(super) before: u64,
    pub(super) selection_before: Option<Selection>,
    pub(super) after: u64,
    /// The run of typing it belongs to, and when its last key came.
    pub(super) run: Option<Run>,
    /// What it does to bookmarks; then it changes nothing else.
    pub(super) bookmarks: Option<Change>,
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

/// The steps that can be undone and redone: as many as the timeline keeps calls for.
#[derive(Debug, Default)]
pub struct History {
    undo: Vec<Step>,
    redo: Vec<Step>,
    run_open: bool,
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

    /// Whether an edit of `run`, made at the moment `now`, belongs to the last step.
    pub(super) fn continues(&self, run: Option<Run>, now: u64) -> bool {
        let Some((last, (old, new))) = self.undo.last().and_then(|step| Some((step, (step.run?, run?)))) else { return false };
        self.run_open && self.redo.is_empty() && old.label == new.label && new.at - old.at <= PAUSE && last.after == now
    }

    pub(super) fn push(&mut self, step: Step, joins: bool) {
        self.redo.clear();
        self.run_open = true;
        if joins && let Some(last) = self.undo.last_mut() {
            last.after = step.after;
            last.run = step.run;
        } else {
            self.undo.push(step);
        }
    }

    /// Drops the steps whose moments were forgotten.
    pub(super) fn forget(&mut self, timeline: &Timeline) {
        let holds = |step: &Step| timeline.holds(step.before) && timeline.holds(step.after);
        self.undo.retain(holds);
        self.redo.retain(holds);
    }

    /// What its steps do to bookmarks.
    pub(super) fn changes(&self) -> impl Iterator<Item = &Change> {
        self.undo.iter().chain(&self.redo).filter_map(|step| step.bookmarks.as_ref())
    }

    /// Drops the steps about bookmarks that would do nothing any more.
    pub(super) fn forget_changes(&mut self, known: impl Fn(&Change) -> bool) {
        let does = |step: &Step| step.bookmarks.as_ref().is_none_or(&known);
        self.undo.retain(does);
        self.redo.retain(does);
    }

    pub(super) fn undo(&mut self) -> Option<&mut Step> {
        self.run_open = false;
        let step = self.undo.pop()?;
        self.redo.push(step);
        self.redo.last_mut()
    }

    pub(super) fn redo(&mut self) -> Option<&mut Step> {
        self.run_open = false;
        let step = self.redo.pop()?;
        self.undo.push(step);
        self.undo.last_mut()
    }
}
