//! Taking a lesson: its streams are made in a session of its own, its statements run in the console, and the views move.

use std::path::PathBuf;
use std::sync::Arc;

use crate::app::console::{LineKind, RunPurpose};
use crate::app::lesson::{LessonCommand, Stage, TakenLesson};
use crate::app::{AppState, ConsoleRequest, Dialog, Effect, Job, PaneKind};
use crate::console::session::Printed;
use crate::document::DocumentId;
use crate::lesson::{self, CheckResult, Guess, Lesson};

impl AppState {
    pub(in crate::app) fn lesson_command(&mut self, command: LessonCommand, effects: &mut Vec<Effect>) {
        if self.console_is_busy() {
            return;
        }
        match command {
            LessonCommand::Take(number) => self.take_lesson(number, effects),
            LessonCommand::Open(path) => self.open_lesson(Some(path), effects),
            LessonCommand::Offer(path) => self.dialog = Some(Dialog::OfferLesson(path)),
            LessonCommand::Guess(guess) => self.guess(guess, effects),
            LessonCommand::DoneByHand(guess) => self.check_step(guess, effects),
            LessonCommand::Next => self.go_to_step(1, effects),
            LessonCommand::Back => self.go_to_step(-1, effects),
            LessonCommand::Again => self.prepare(effects),
            LessonCommand::Leave => self.leave_lesson(),
            LessonCommand::Forget(number) => {
                let id = self.lessons().nth(number).map(|lesson| lesson.id.clone());
                if let Some(id) = id {
                    self.settings.lessons.forget(&id);
                    self.keep_settings(effects);
                }
            }
        }
    }

    /// Shows or hides the lessons.
    pub(in crate::app) fn toggle_lessons(&mut self, effects: &mut Vec<Effect>) {
        let panes = &mut self.settings.panes;
        match panes.iter().position(|&pane| pane == PaneKind::Lesson) {
            Some(at) => {
                panes.remove(at);
            }
            None => {
                panes.push(PaneKind::Lesson);
                self.lesson_front += 1;
            }
        }
        self.keep_settings(effects);
    }

    fn take_lesson(&mut self, number: usize, effects: &mut Vec<Effect>) {
        let Some(lesson) = self.lessons().nth(number).cloned() else { return };
        self.leave_lesson();
        // A lesson that was done begins anew.
        let step = self.settings.lessons.next_step(&lesson).unwrap_or(0);
        self.lesson = Some(TakenLesson { number, lesson: lesson.into(), step, stage: Stage::Preparing, document: None });
        for pane in [PaneKind::Lesson, PaneKind::Console] {
            if !self.settings.panes.contains(&pane) {
                self.settings.panes.push(pane);
            }
        }
        self.keep_settings(effects);
        self.prepare(effects);
    }

    /// Every lesson that can be taken: the program's, then those that the user opened in this session.
    pub fn lessons(&self) -> impl Iterator<Item = &Lesson> {
        lesson::all().iter().chain(self.own_lessons.iter())
    }

    /// A lesson of the user's own is wanted: its file is read.
    pub(in crate::app) fn open_lesson(&mut self, path: Option<PathBuf>, effects: &mut Vec<Effect>) {
        if let Some(path) = path {
            self.settings.remember_folder(&path);
            self.start(Job::ReadLesson(path), effects);
        }
    }

    /// A lesson was read. One that was read before is replaced: its author reads it again and again.
    pub(in crate::app) fn lesson_read(&mut self, lesson: Lesson, effects: &mut Vec<Effect>) {
        let own = match self.own_lessons.iter().position(|own| own.id == lesson.id) {
            Some(at) => {
                self.own_lessons[at] = lesson;
                at
            }
            None => {
                self.own_lessons.push(lesson);
                self.own_lessons.len() - 1
            }
        };
        if !self.console_is_busy() {
            self.take_lesson(lesson::all().len() + own, effects);
        }
    }

    /// Makes the streams as they are before the step, in a new session.
    fn prepare(&mut self, effects: &mut Vec<Effect>) {
        let Some(taken) = &mut self.lesson else { return };
        taken.stage = Stage::Preparing;
        let lesson = Arc::clone(&taken.lesson);
        let (source, step, steps) = (lesson.statements_before(taken.step), taken.step, lesson.steps.len());
        self.drop_lesson_document();
        self.forget_names();
        effects.push(Effect::Console(ConsoleRequest::Reset));
        let note = format!("{}, question {} of {steps}: a new session", lesson.title, step + 1);
        self.console.transcript.push_lines(LineKind::Note, &note);
        if step == 0 {
            self.console.transcript.push_input(&source);
        }
        self.run_in_console(source, RunPurpose::LessonState, effects);
        self.lesson_front += 1;
    }

    /// The lesson's document goes, unless the learner made something of it; it can be opened again.
    fn drop_lesson_document(&mut self) {
        let Some(id) = self.lesson.as_mut().and_then(|taken| taken.document.take()) else { return };
        if self.document(id).is_some_and(|open| !open.document.is_modified()) {
            self.remove(id);
        }
    }

    fn leave_lesson(&mut self) {
        self.drop_lesson_document();
        self.lesson = None;
    }

    fn go_to_step(&mut self, by: isize, effects: &mut Vec<Effect>) {
        let Some(taken) = &mut self.lesson else { return };
        let steps = taken.lesson.steps.len();
        let done = matches!(taken.stage, Stage::Done { check: CheckResult::Passed, .. });
        match taken.step.checked_add_signed(by) {
            Some(next) if next >= steps => self.leave_lesson(),
            // The streams stand where the next step begins.
            Some(next) if by > 0 && done => {
                taken.step = next;
                taken.stage = Stage::Asking;
            }
            Some(next) => {
                taken.step = next;
                self.prepare(effects);
            }
            None => {}
        }
    }

    fn guess(&mut self, guess: Guess, effects: &mut Vec<Effect>) {
        let Some((run, document)) = self.lesson.as_ref().and_then(|taken| Some((taken.step()?.run.clone(), taken.document)))
        else {
            return;
        };
        if !matches!(self.lesson.as_ref().map(|taken| &taken.stage), Some(Stage::Asking)) {
            return;
        }
        if let Some(document) = document {
            if self.document(document).is_none() {
                self.warn("The lesson's document was closed: this question begins anew");
                self.prepare(effects);
                return;
            }
            self.end_lesson_walk(document);
        }
        if let Some(taken) = &mut self.lesson {
            taken.stage = Stage::Running(guess);
        }
        self.console.transcript.push_input(&run);
        self.run_in_console(run, RunPurpose::LessonStep, effects);
    }

    /// The statements are about the stream as it is now, and `buf` is the document in front.
    fn end_lesson_walk(&mut self, document: DocumentId) {
        self.activate(document);
        if let Some(open) = self.document_mut(document)
            && open.document.is_walking()
        {
            open.document.walk_to(crate::document::Moment::Latest);
        }
    }

    fn check_step(&mut self, guess: Guess, effects: &mut Vec<Effect>) {
        let Some(check) = self.lesson.as_ref().and_then(TakenLesson::step).map(|step| step.check.clone()) else { return };
        if let Some(check) = check {
            if let Some(taken) = &mut self.lesson {
                taken.stage = Stage::Checking(guess);
            }
            self.run_in_console(check, RunPurpose::LessonCheck, effects);
        } else {
            self.end_step(guess, &[], effects);
        }
    }

    fn end_step(&mut self, guess: Guess, printed: &[Printed], effects: &mut Vec<Effect>) {
        let Some(taken) = &mut self.lesson else { return };
        let lesson = Arc::clone(&taken.lesson);
        let Some(step) = lesson.steps.get(taken.step) else { return };
        let (right, check) = (step.judge(&guess), step.checked(printed));
        if check == CheckResult::Passed {
            self.settings.lessons.mark(&lesson.id, taken.step, right);
        }
        taken.stage = Stage::Done { guess, right, check };
        self.keep_settings(effects);
    }

    /// Statements of the lesson ended.
    pub(in crate::app) fn lesson_answered(
        &mut self,
        purpose: &RunPurpose,
        printed: &[Printed],
        failed: Option<String>,
        effects: &mut Vec<Effect>,
    ) {
        if !matches!(purpose, RunPurpose::LessonState | RunPurpose::LessonStep | RunPurpose::LessonCheck) {
            return;
        }
        self.watch_stream(effects);
        let Some(taken) = &mut self.lesson else { return };
        match (purpose, taken.stage.clone()) {
            (RunPurpose::LessonState, Stage::Preparing) => {
                taken.stage = failed.map_or(Stage::Asking, Stage::Broken);
            }
            (RunPurpose::LessonStep, Stage::Running(guess)) => self.check_step(guess, effects),
            (RunPurpose::LessonCheck, Stage::Checking(guess)) => self.end_step(guess, printed, effects),
            _ => {}
        }
    }

    /// The stream that the lesson looks at becomes a document. What the lesson does to it is nothing to save.
    fn watch_stream(&mut self, effects: &mut Vec<Effect>) {
        let Some((lesson, document)) = self.lesson.as_ref().map(|taken| (Arc::clone(&taken.lesson), taken.document)) else {
            return;
        };
        if let Some(open) = document.and_then(|id| self.document_mut(id)) {
            let revision = open.document.latest_revision();
            open.document.mark_saved(revision);
            return;
        }
        if let Some(name) = &lesson.watch
            && let Some(id) = self.adopt_name(name, effects)
        {
            if let Some(open) = self.document_mut(id) {
                let revision = open.document.revision();
                open.document.mark_saved(revision);
            }
            if let Some(taken) = &mut self.lesson {
                taken.document = Some(id);
            }
        }
    }
}
