//! A lesson that is taken: which one, how far, and what was guessed.

use crate::document::DocumentId;
use crate::lesson::{self, CheckResult, Guess, Lesson, Step};

/// What the lesson's pane asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LessonCommand {
    /// Take a lesson, by its number; it goes on where it was left.
    Take(usize),
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
    pub fn lesson(&self) -> Option<&'static Lesson> {
        lesson::all().get(self.number)
    }

    /// The number of the step, from 0.
    pub fn step_number(&self) -> usize {
        self.step
    }

    /// The step.
    pub fn step(&self) -> Option<&'static Step> {
        self.lesson()?.steps.get(self.step)
    }

    /// Where the step stands.
    pub fn stage(&self) -> &Stage {
        &self.stage
    }
}
