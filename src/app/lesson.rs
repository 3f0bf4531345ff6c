//! A lesson that is taken: which one, how far, and what was guessed.

use std::path::PathBuf;
use std::sync::Arc;

use crate::document::DocumentId;
use crate::lesson::{CheckResult, Guess, Lesson, Step};

/// What the lesson's pane asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LessonCommand {
    /// Take a lesson, by its number in the list; it goes on where it was left.
    Take(usize),
    /// Read a lesson of the user's own from a file, and take it.
    Open(PathBuf),
    /// Ask whether a file is to be taken as a lesson, or opened as a document.
    Offer(PathBuf),
    /// Answer the question: the statements run then.
    Guess(Guess),
    /// What the step asks for was done by hand.
    DoneByHand(Guess),
    /// The next step, or the list behind the last one.
    Next,
    /// The step before.
    Back,
    /// Make the state of this step again.
    Again,
    /// Go back to the list.
    Leave,
    /// Forget what was done of a lesson.
    Forget(usize),
}

/// Where a step stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The streams are being made.
    Preparing,
    /// The question is open.
    Asking,
    /// The statements run.
    Running(Guess),
    /// They ran, and the check runs.
    Checking(Guess),
    /// Everything is shown.
    Done {
        /// What was guessed.
        guess: Guess,
        /// Whether that was right.
        right: bool,
        /// Whether the streams are where the lesson wants them.
        check: CheckResult,
    },
    /// The streams could not be made, and why.
    Broken(String),
}

/// The lesson that is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenLesson {
    pub(super) number: usize,
    pub(super) lesson: Arc<Lesson>,
    pub(super) step: usize,
    pub(super) stage: Stage,
    /// The document of the stream that is looked at.
    pub(super) document: Option<DocumentId>,
}

impl TakenLesson {
    /// Its number among all lessons.
    pub fn number(&self) -> usize {
        self.number
    }

    /// The lesson.
    pub fn lesson(&self) -> &Lesson {
        &self.lesson
    }

    /// The number of the step, from 0.
    pub fn step_number(&self) -> usize {
        self.step
    }

    /// The step.
    pub fn step(&self) -> Option<&Step> {
        self.lesson.steps.get(self.step)
    }

    /// Where the step stands.
    pub fn stage(&self) -> &Stage {
        &self.stage
    }
}
