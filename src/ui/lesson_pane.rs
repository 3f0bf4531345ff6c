//! The lessons: the list of them, or the one that is taken, question by question.

use egui::text::{LayoutJob, TextFormat};
use egui::{Button, Frame, Key, Label, RichText, ScrollArea, TextEdit, TextStyle, TextWrapMode, Ui};

use super::theme::{self, Theme, UNIT};
use super::{View, ViewCx};
use crate::app::{Action, Command, LessonCommand, OpenDocument, Stage, TakenLesson};
use crate::lesson::{self, CheckResult, Choice, Guess, Prediction, Step};

/// The pane of the lessons. Holds what was picked or typed and not answered yet.
#[derive(Default)]
pub struct LessonPane {
    /// The lesson and the step that the rest belongs to.
    of: Option<(usize, usize)>,
    typed: String,
    picked: Option<usize>,
    /// The verdict was brought into sight.
    told: bool,
}

impl View for LessonPane {
    fn show(&mut self, ui: &mut Ui, _open: &OpenDocument, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        self.show_lessons(ui, cx, commands);
    }
}

impl LessonPane {
    /// Paints the pane; it needs no document.
    pub(super) fn show_lessons(&mut self, ui: &mut Ui, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let of = cx.state.lesson().map(|taken| (taken.number(), taken.step_number()));
        if self.of != of {
            *self = Self { of, ..Self::default() };
        }
        // What leads on stays in sight, however long the reason is.
        let below = if of.is_some() { 10.0 * UNIT } else { 0.0 };
        let height = (ui.available_height() - below).max(20.0 * UNIT);
        let area = ScrollArea::vertical().id_salt(("lesson", of)).max_height(height).min_scrolled_height(height);
        area.auto_shrink([false, false]).show(ui, |ui| match cx.state.lesson() {
            Some(taken) => self.taken(ui, taken, cx, commands),
            None => list(ui, cx, commands),
        });
        if let Some(taken) = cx.state.lesson() {
            let last = taken.step_number() + 1 == taken.lesson().steps.len();
            navigation(ui, taken, last, &mut |command| commands.push(Command::Lesson(command)));
        }
    }

    fn taken(&mut self, ui: &mut Ui, taken: &TakenLesson, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let lesson = taken.lesson();
        let Some(step) = taken.step() else { return };
        let mut ask = |command: LessonCommand| commands.push(Command::Lesson(command));
        ui.horizontal_wrapped(|ui| {
            if ui.button("All lessons").clicked() {
                ask(LessonCommand::Leave);
            }
            let place = format!("Question {} of {}", taken.step_number() + 1, lesson.steps.len());
            ui.label(RichText::new(place).color(cx.theme.text_dim));
        });
        ui.label(RichText::new(&lesson.title).size(theme::HEADING));
        if taken.step_number() == 0 {
            paragraphs(ui, &lesson.about, cx.theme.text_dim, cx.theme);
        }
        ui.add_space(UNIT);
        paragraphs(ui, &step.say, cx.theme.text, cx.theme);
        paragraphs(ui, &step.question, cx.theme.text, cx.theme);
        code(ui, &step.run, cx.theme);
        match taken.stage() {
            Stage::Preparing => quiet(ui, "The streams are being made…", cx.theme),
            Stage::Broken(why) => {
                ui.label(RichText::new(format!("The streams could not be made: {why}")).color(cx.theme.error));
            }
            Stage::Asking => {
                self.told = false;
                self.question(ui, step, cx.theme, &mut ask);
            }
            Stage::Running(guess) | Stage::Checking(guess) => {
                answers(ui, step, guess, false, cx.theme);
                quiet(ui, "The statements run…", cx.theme);
            }
            Stage::Done { guess, right, check } => {
                answers(ui, step, guess, true, cx.theme);
                let response = verdict(ui, step, *right, cx.theme);
                // The verdict comes into sight once, with the reason under it.
                if !std::mem::replace(&mut self.told, true) {
                    response.scroll_to_me(Some(egui::Align::TOP));
                }
                if let CheckResult::Failed { check, got } = check {
                    let text = format!(
                        "The streams are not where this question leads: {check} is {got}. Begin it again to go on from there."
                    );
                    ui.label(RichText::new(text).color(cx.theme.warning));
                }
                ui.add_space(UNIT);
                paragraphs(ui, &step.why, cx.theme.text, cx.theme);
            }
        }
    }

    /// The answers to choose from, or the field to type one in.
    fn question(&mut self, ui: &mut Ui, step: &Step, theme: &Theme, ask: &mut impl FnMut(LessonCommand)) {
        quiet(ui, "What do you expect? Your answer runs the statements", theme);
        let mut guess = None;
        match &step.prediction {
            Prediction::Choices { choices, .. } => {
                for (number, choice) in choices.iter().enumerate() {
                    let mut job = LayoutJob::default();
                    append_choice(&mut job, choice, theme.text, theme);
                    let button = Button::new(job)
                        .wrap()
                        .min_size(egui::vec2(ui.available_width(), 0.0))
                        .selected(self.picked == Some(number));
                    if ui.add(button).clicked() {
                        self.picked = Some(number);
                        guess = Some(Guess::Choice(number));
                    }
                }
            }
            Prediction::Free { .. } => {
                ui.horizontal(|ui| {
                    let width = (ui.available_width() - 20.0 * UNIT).max(10.0 * UNIT);
                    let field = TextEdit::singleline(&mut self.typed).font(TextStyle::Monospace).desired_width(width);
                    let response = ui.add(field).accessible_name("Your answer");
                    let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
                    let pressed = ui.add_enabled(!self.typed.trim().is_empty(), Button::new("Answer")).clicked();
                    if (entered || pressed) && !self.typed.trim().is_empty() {
                        guess = Some(Guess::Text(self.typed.clone()));
                    }
                });
            }
        }
        let Some(by_hand) = &step.by_hand else {
            if let Some(guess) = guess {
                ask(LessonCommand::Guess(guess));
            }
            return;
        };
        // Where it can be done by hand, an answer is only picked at first.
        let picked = match &step.prediction {
            Prediction::Choices { .. } => self.picked.map(Guess::Choice),
            Prediction::Free { .. } => (!self.typed.trim().is_empty()).then(|| Guess::Text(self.typed.clone())),
        };
        paragraphs(ui, by_hand, theme.text_dim, theme);
        ui.horizontal_wrapped(|ui| {
            let done = ui.add_enabled(picked.is_some(), Button::new("I did it by hand"));
            let run = ui.add_enabled(picked.is_some(), Button::new("Run the statements"));
            if let Some(picked) = picked {
                if done.clicked() {
                    ask(LessonCommand::DoneByHand(picked));
                } else if run.clicked() {
                    ask(LessonCommand::Guess(picked));
                }
            }
        });
    }
}

fn navigation(ui: &mut Ui, taken: &TakenLesson, last: bool, ask: &mut impl FnMut(LessonCommand)) {
    let busy = matches!(taken.stage(), Stage::Preparing | Stage::Running(_) | Stage::Checking(_));
    let done = matches!(taken.stage(), Stage::Done { .. });
    ui.horizontal_wrapped(|ui| {
        if ui.add_enabled(!busy && taken.step_number() > 0, Button::new("Back")).clicked() {
            ask(LessonCommand::Back);
        }
        if ui.add_enabled(!busy, Button::new("Begin again")).on_hover_text("Make the streams of this question anew").clicked() {
            ask(LessonCommand::Again);
        }
        let label = match (done, last) {
            (true, true) => "Finish",
            (true, false) => "Next",
            (false, _) => "Skip",
        };
        if ui.add_enabled(!busy, Button::new(label)).clicked() {
            ask(LessonCommand::Next);
        }
    });
}

fn list(ui: &mut Ui, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let (lessons, progress) = (lesson::all(), &cx.settings.lessons);
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new("Lessons").size(theme::HEADING));
        let open = Button::new(Action::OpenLesson.label());
        if ui.add_enabled(Action::OpenLesson.enabled(cx.state), open).on_hover_text(Action::OpenLesson.help()).clicked() {
            commands.push(Command::Do(Action::OpenLesson));
        }
    });
    quiet(ui, &format!("{} of {} done. Each takes a few minutes", progress.count_done(lessons), lessons.len()), cx.theme);
    ui.add_space(UNIT);
    for (number, lesson) in cx.state.lessons().enumerate() {
        if number == lessons.len() {
            ui.add_space(UNIT);
            quiet(ui, "Opened from files", cx.theme);
        }
        let done = (0..lesson.steps.len()).filter(|&step| progress.is_step_done(&lesson.id, step)).count();
        let state = match done {
            0 => String::new(),
            done if done == lesson.steps.len() => "  ✓".into(),
            done => format!("  {done} of {}", lesson.steps.len()),
        };
        let mut job = LayoutJob::default();
        job.append(&format!("{}. {}", number + 1, lesson.title), 0.0, plain(cx.theme.text));
        job.append(&state, 0.0, plain(cx.theme.good));
        job.append("\n", 0.0, plain(cx.theme.text));
        append_words(&mut job, &lesson.about, cx.theme.text_dim, cx.theme);
        let button = Button::new(job).wrap().min_size(egui::vec2(ui.available_width(), 0.0));
        let response = ui.add(button);
        if response.clicked() {
            commands.push(Command::Lesson(LessonCommand::Take(number)));
        }
        response.context_menu(|ui| {
            if ui.button("Forget my answers").clicked() {
                commands.push(Command::Lesson(LessonCommand::Forget(number)));
                ui.close();
            }
        });
    }
}

/// The answers after one was given: the right one and a wrong guess are marked once it is done.
fn answers(ui: &mut Ui, step: &Step, guess: &Guess, done: bool, theme: &Theme) {
    let Prediction::Choices { choices, right } = &step.prediction else {
        if let Guess::Text(text) = guess {
            quiet(ui, &format!("Your answer: {text}"), theme);
        }
        return;
    };
    for (number, choice) in choices.iter().enumerate() {
        let (mark, color) = match (done, number == *right, *guess == Guess::Choice(number)) {
            (true, true, _) => ("✓ ", theme.good),
            (true, false, true) => ("× ", theme.error),
            (false, _, true) => ("> ", theme.accent),
            _ => ("   ", theme.text_dim),
        };
        let mut job = LayoutJob::default();
        job.append(mark, 0.0, plain(color));
        append_choice(&mut job, choice, color, theme);
        ui.add(Label::new(job).wrap());
    }
}

fn verdict(ui: &mut Ui, step: &Step, right: bool, theme: &Theme) -> egui::Response {
    let mut job = LayoutJob::default();
    let (text, color) = if right { ("That is right", theme.good) } else { ("Not so. It is ", theme.warning) };
    job.append(text, 0.0, plain(color));
    match &step.prediction {
        _ if right => {}
        Prediction::Choices { choices, right } => {
            if let Some(choice) = choices.get(*right) {
                append_choice(&mut job, choice, color, theme);
            }
        }
        Prediction::Free { .. } => job.append(step.right_answer(), 0.0, TextFormat::simple(theme::mono(), color)),
    }
    ui.add_space(UNIT);
    ui.add(Label::new(job).wrap())
}

fn quiet(ui: &mut Ui, text: &str, theme: &Theme) {
    ui.add(Label::new(RichText::new(text).color(theme.text_dim)).wrap());
}

/// Statements, as they will run.
fn code(ui: &mut Ui, source: &str, theme: &Theme) {
    Frame::new().fill(theme.ground).inner_margin(2.0 * UNIT).corner_radius(UNIT).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        let text = RichText::new(source.trim_end()).monospace().color(theme.text);
        ui.add(Label::new(text).wrap_mode(TextWrapMode::Wrap).selectable(true));
    });
}

fn paragraphs(ui: &mut Ui, text: &str, color: egui::Color32, theme: &Theme) {
    for paragraph in text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
        // Lines of one paragraph flow together.
        let paragraph = paragraph.lines().map(str::trim).collect::<Vec<_>>().join(" ");
        ui.add(Label::new(words(&paragraph, color, theme)).wrap().selectable(true));
    }
}

fn plain(color: egui::Color32) -> TextFormat {
    TextFormat::simple(theme::words(theme::TEXT), color)
}

fn words(text: &str, color: egui::Color32, theme: &Theme) -> LayoutJob {
    let mut job = LayoutJob::default();
    append_words(&mut job, text, color, theme);
    job
}

/// An answer: a sentence, or what the console prints, where every quote is to be told from two others.
fn append_choice(job: &mut LayoutJob, choice: &Choice, color: egui::Color32, theme: &Theme) {
    match choice.test {
        Some(_) => append_words(job, &choice.text, color, theme),
        None => job.append(&choice.text, 0.0, TextFormat::simple(theme::mono(), color)),
    }
}

/// What stands between backticks is code.
fn append_words(job: &mut LayoutJob, text: &str, color: egui::Color32, theme: &Theme) {
    for (n, part) in text.split('`').enumerate() {
        let format = match n % 2 {
            0 => plain(color),
            _ => TextFormat { background: theme.control, ..TextFormat::simple(theme::mono(), color) },
        };
        job.append(part, 0.0, format);
    }
}
