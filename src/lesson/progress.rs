//! What of the lessons was done.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Lesson;

/// What of the lessons was done: plain data, for whoever keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// For each lesson, by its id, the steps that were done and those of them that were guessed right.
    pub lessons: BTreeMap<String, Done>,
}

/// What of one lesson was done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Done {
    /// The numbers of the steps that were done.
    pub steps: BTreeSet<usize>,
    /// The numbers of the steps whose first guess was right.
    pub right: BTreeSet<usize>,
}

impl Progress {
    /// Notes that a step was done. Whether the guess was right counts the first time only.
    pub fn mark(&mut self, lesson: &str, step: usize, right: bool) {
        let done = self.lessons.entry(lesson.to_owned()).or_default();
        if done.steps.insert(step) && right {
            done.right.insert(step);
        }
    }

    /// Whether a step was done.
    pub fn is_step_done(&self, lesson: &str, step: usize) -> bool {
        self.lessons.get(lesson).is_some_and(|done| done.steps.contains(&step))
    }

    /// Whether all steps of a lesson were done.
    pub fn is_done(&self, lesson: &Lesson) -> bool {
        (0..lesson.steps.len()).all(|step| self.is_step_done(&lesson.id, step))
    }

    /// The first step of a lesson that was not done.
    pub fn next_step(&self, lesson: &Lesson) -> Option<usize> {
        (0..lesson.steps.len()).find(|step| !self.is_step_done(&lesson.id, *step))
    }

    /// How many of the lessons were done.
    pub fn count_done(&self, lessons: &[Lesson]) -> usize {
        lessons.iter().filter(|lesson| self.is_done(lesson)).count()
    }

    /// Forgets a lesson, to take it again.
    pub fn forget(&mut self, lesson: &str) {
        self.lessons.remove(lesson);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_kept() {
        let text = "title: T\nabout: A\nstart: x = 1\nstep: Q\nanswer: 1\nrun: x\nwhy: y\nstep: R\nanswer: 1\nrun: x\nwhy: y\n";
        let lesson = super::super::parse("a.lesson", text).unwrap();
        let mut progress = Progress::default();
        assert_eq!(progress.next_step(&lesson), Some(0));
        progress.mark("a", 0, false);
        progress.mark("a", 0, true);
        assert_eq!(progress.next_step(&lesson), Some(1));
        assert!(progress.lessons["a"].right.is_empty(), "the first guess counts");
        progress.mark("a", 1, true);
        assert!(progress.is_done(&lesson));
        assert_eq!(progress.count_done(std::slice::from_ref(&lesson)), 1);
        let kept = serde_json::to_string(&progress).unwrap();
        assert_eq!(serde_json::from_str::<Progress>(&kept).unwrap(), progress);
        assert_eq!(serde_json::from_str::<Progress>("{}").unwrap(), Progress::default());
        progress.forget("a");
        assert_eq!(progress.next_step(&lesson), Some(0));
    }
}
