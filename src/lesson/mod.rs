//! Lessons: a few statements, a question about what they will do, and the reason.
//!
//! A lesson is a plain text (`assets/lessons/*.lesson`; the format is described in the `README.md` beside them and in [`parse()`]).
//! Those of the program are in [`all`]; [`parse()`](parse()) reads anybody's own. Nothing here touches files or paints.
//!
//! A step goes like this: the learner reads [`Step::question`], makes a [`Guess`], the statements of [`Step::run`] are run (or done
//! by hand, as [`Step::by_hand`] says), [`Step::judge`] tells whether the guess was right, [`Step::checked`] whether the streams are
//! where the lesson wants them, and [`Step::why`] gives the reason. [`Progress`] remembers what was done.
//!
//! [`Lesson::run_headless`] does all of it without a window, in a console of its own: a lesson whose right guess does not come
//! true, or whose wrong guess does, is found by a test.
//!
//! ```
//! use seektell::lesson::{self, Guess};
//!
//! let lesson = lesson::all().iter().find(|lesson| lesson.id == "read-after-write").expect("it is among ours");
//! let step = &lesson.steps[0];
//! assert!(step.judge(&Guess::Choice(step.right_choice().expect("it has choices"))));
//! ```

mod headless;
mod list;
pub mod parse;
mod progress;

pub use headless::{HeadlessError, StepReport};
pub use list::SOURCES;
pub use parse::{LessonError, parse};
pub use progress::{Done, Progress};

use std::sync::OnceLock;

use crate::console::session::Printed;

/// A lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// Names it: the file's name without its ending.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it is about, in a sentence.
    pub about: String,
    /// The name of the stream that is to be looked at while it goes on.
    pub watch: Option<String>,
    /// Statements that make the streams.
    pub start: String,
    /// What is asked, one after the other; never empty.
    pub steps: Vec<Step>,
}

/// One question of a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What the learner is asked to predict.
    pub question: String,
    /// What is to be known first; often nothing.
    pub say: String,
    /// What can be guessed, and what is right.
    pub prediction: Prediction,
    /// What to do by hand in the window instead of running the statements, where that can be done.
    pub by_hand: Option<String>,
    /// The statements that show it.
    pub run: String,
    /// An expression that must be true afterwards.
    pub check: Option<String>,
    /// The reason, shown afterwards; paragraphs are apart by an empty line.
    pub why: String,
}

/// What can be guessed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prediction {
    /// One of two to four answers.
    Choices {
        /// The answers, in the order in which they are shown.
        choices: Vec<Choice>,
        /// The number of the right one.
        right: usize,
    },
    /// Anything that can be typed.
    Free {
        /// All that is right, the usual one first.
        answers: Vec<String>,
    },
}

/// An answer to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its text. Without a test it is what the console prints last.
    pub text: String,
    /// An expression that is true after the statements exactly where this answer is right.
    pub test: Option<String>,
}

/// What a learner guessed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guess {
    /// The number of a choice.
    Choice(usize),
    /// What was typed.
    Text(String),
}

/// Whether the streams are where the lesson wants them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckResult {
    /// They are.
    Passed,
    /// They are not: what was asked and what came.
    Failed {
        /// The expression.
        check: String,
        /// What the console said to it.
        got: String,
    },
}

impl Lesson {
    /// All statements up to the step with this number, without its own: what makes its start state.
    pub fn statements_before(&self, step: usize) -> String {
        let mut out = self.start.clone();
        for earlier in self.steps.iter().take(step) {
            out.push_str(&earlier.run);
        }
        out
    }
}

impl Step {
    /// Whether a guess is right. What was typed may differ in white space at its ends, and in the kind of its quotes.
    pub fn judge(&self, guess: &Guess) -> bool {
        match (&self.prediction, guess) {
            (Prediction::Choices { right, .. }, Guess::Choice(chosen)) => right == chosen,
            (Prediction::Choices { choices, right }, Guess::Text(text)) => {
                choices.get(*right).is_some_and(|choice| same_answer(&choice.text, text))
            }
            (Prediction::Free { answers }, Guess::Text(text)) => answers.iter().any(|answer| same_answer(answer, text)),
            (Prediction::Free { .. }, Guess::Choice(_)) => false,
        }
    }

    /// The number of the right choice, where there are choices.
    pub fn right_choice(&self) -> Option<usize> {
        match self.prediction {
            Prediction::Choices { right, .. } => Some(right),
            Prediction::Free { .. } => None,
        }
    }

    /// The right answer in words.
    pub fn right_answer(&self) -> &str {
        let right = match &self.prediction {
            Prediction::Choices { choices, right } => choices.get(*right).map(|choice| choice.text.as_str()),
            Prediction::Free { answers } => answers.first().map(String::as_str),
        };
        right.unwrap_or_default()
    }

    /// What became of the check, by what the console printed when [`Step::check`] was run. A step without a check has passed.
    pub fn checked(&self, printed: &[Printed]) -> CheckResult {
        let Some(check) = &self.check else { return CheckResult::Passed };
        match printed.last().map(shown) {
            Some("True") => CheckResult::Passed,
            got => CheckResult::Failed { check: check.clone(), got: got.unwrap_or("nothing").to_owned() },
        }
    }
}

/// The text of what was printed, without the line end.
fn shown(printed: &Printed) -> &str {
    match printed {
        Printed::Output(text) | Printed::Error(text) | Printed::Value(text) | Printed::Exception(text) => {
            text.strip_suffix('\n').unwrap_or(text)
        }
    }
}

fn same_answer(answer: &str, text: &str) -> bool {
    let plain = |text: &str| text.trim().replace('"', "'");
    plain(answer) == plain(text)
}

/// The lessons of the program, in the order in which they are best taken.
pub fn all() -> &'static [Lesson] {
    static LESSONS: OnceLock<Vec<Lesson>> = OnceLock::new();
    LESSONS.get_or_init(|| {
        // That each of them can be read is tested; one that cannot would be left out.
        SOURCES.iter().filter_map(|(file, text)| parse(file, text).ok()).collect()
    })
}
