//! A lesson without a window: every statement runs in a console of its own, and every answer is tried.

use std::sync::{Arc, Mutex, PoisonError};

use super::{CheckResult, Choice, Lesson, Prediction, Step, shown};
use crate::console::session::{Printed, ScriptError, run_script};
use crate::console::vm::Limits;

/// What a lesson may use up.
const LIMITS: Limits = Limits { steps: 10_000_000, memory: 256 << 20, recursion: 200, output: 1 << 20 };

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepReport {
    /// The step's number, from 0.
    pub step: usize,
    /// What its statements printed last: what an answer without a test is compared with. Empty where they printed nothing.
    pub shown: String,
    /// What became of its check.
    pub check: CheckResult,
    /// Which of its choices came true, in their order; empty for one that is typed.
    pub came_true: Vec<bool>,
    /// Whether what came is what the lesson says is right, and nothing else.
    pub as_predicted: bool,
}

/// Why a lesson could not be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeadlessError {
    /// The console ended it.
    #[error("{lesson}: {error}")]
    Script {
        /// The lesson's id.
        lesson: String,
        /// Its reason.
        error: ScriptError,
    },
    /// The statements that make the streams raised.
    #[error("{lesson}: the start state cannot be made: {message}")]
    Start {
        /// The lesson's id.
        lesson: String,
        /// The exception.
        message: String,
    },
}

impl Lesson {
    /// Runs the lesson from its start to its end, and tries every answer of every step.
    ///
    /// # Errors
    /// [`HeadlessError`] where the start state cannot be made or the console stops.
    pub fn run_headless(&self) -> Result<Vec<StepReport>, HeadlessError> {
        let start = self.printed(&self.start)?;
        if let Some(Printed::Exception(message)) = start.iter().find(|printed| matches!(printed, Printed::Exception(_))) {
            return Err(HeadlessError::Start { lesson: self.id.clone(), message: message.clone() });
        }
        (0..self.steps.len()).map(|step| self.report(step)).collect()
    }

    /// Whether everything comes as the lesson says.
    ///
    /// # Errors
    /// As [`Lesson::run_headless`].
    pub fn holds(&self) -> Result<bool, HeadlessError> {
        Ok(self.run_headless()?.iter().all(|report| report.as_predicted && report.check == CheckResult::Passed))
    }

    fn report(&self, number: usize) -> Result<StepReport, HeadlessError> {
        let step = &self.steps[number];
        let before = self.statements_before(number);
        let earlier = self.printed(&before)?.len();
        let until = before + &step.run;
        let printed = self.printed(&until)?;
        let last = printed.get(earlier..).and_then(<[Printed]>::last);
        let shown_last = last.map(shown).unwrap_or_default().to_owned();
        let check = match &step.check {
            None => CheckResult::Passed,
            Some(check) => step.checked(&self.asked(&until, check)?),
        };
        let mut came_true = Vec::new();
        if let Prediction::Choices { choices, .. } = &step.prediction {
            for choice in choices {
                came_true.push(self.is_true(choice, &until, &shown_last)?);
            }
        }
        let as_predicted = is_as_predicted(step, &came_true, &shown_last);
        Ok(StepReport { step: number, shown: shown_last, check, came_true, as_predicted })
    }

    fn is_true(&self, choice: &Choice, until: &str, shown_last: &str) -> Result<bool, HeadlessError> {
        match &choice.test {
            None => Ok(super::same_answer(&choice.text, shown_last)),
            Some(test) => Ok(self.asked(until, test)?.last().map(shown) == Some("True")),
        }
    }

    /// What is printed by an expression behind these statements, and by nothing else.
    fn asked(&self, until: &str, expression: &str) -> Result<Vec<Printed>, HeadlessError> {
        let before = self.printed(until)?.len();
        let mut printed = self.printed(&format!("{until}{expression}\n"))?;
        Ok(printed.split_off(before.min(printed.len())))
    }

    fn printed(&self, source: &str) -> Result<Vec<Printed>, HeadlessError> {
        let printed = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&printed);
        let show = move |one: Printed| {
            sink.lock().unwrap_or_else(PoisonError::into_inner).push(one);
            true
        };
        run_script(source.to_owned(), LIMITS, show).map_err(|error| HeadlessError::Script { lesson: self.id.clone(), error })?;
        let printed = std::mem::take(&mut *printed.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(printed)
    }
}

fn is_as_predicted(step: &Step, came_true: &[bool], shown_last: &str) -> bool {
    match &step.prediction {
        Prediction::Choices { right, .. } => came_true.iter().enumerate().all(|(n, came)| *came == (n == *right)),
        Prediction::Free { answers } => answers.iter().any(|answer| super::same_answer(answer, shown_last)),
    }
}
