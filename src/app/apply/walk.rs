//! Walking the timeline.

use std::path::PathBuf;

use super::save::stem;
use crate::app::state::SavePurpose;
use crate::app::walk::{Playing, SPEEDS, WalkCommand};
use crate::app::{Action, AppState, Effect, Job, OpenDocument};
use crate::document::{DocumentId, Language, Moment};
use crate::files::Existing;

impl AppState {
    /// A step of the walk through the document in front.
    pub(in crate::app) fn walk(&mut self, command: WalkCommand) {
        match command {
            WalkCommand::To(moment) => self.show_moment(moment),
            WalkCommand::ToStep(step) => {
                let Some(open) = self.active() else { return };
                let moment = moment_of(open, step);
                self.show_moment(moment);
            }
            WalkCommand::Tick { now } => self.tick(now),
            WalkCommand::Speed(speed) => {
                if let Some(open) = self.active_mut() {
                    open.view.walk_speed = Some(speed.clamp(SPEEDS[0], SPEEDS[SPEEDS.len() - 1]));
                    // The next call comes after the new pause.
                    if let Some(playing) = &mut open.view.playing {
                        *playing = Playing::default();
                    }
                }
            }
        }
    }

    /// What the menu and the keys ask for.
    pub(in crate::app) fn walk_action(&mut self, action: Action) {
        let Some(open) = self.active_mut() else { return };
        let (step, steps) = open.document.timeline().step();
        if action == Action::WalkPlay {
            open.view.playing = match open.view.playing {
                Some(_) => None,
                None => Some(Playing::default()),
            };
            // At the end it begins again.
            if open.view.playing.is_some() && step == steps {
                open.document.walk_to(Moment::Start);
                open.view.reveal += 1;
            }
            return;
        }
        open.view.playing = None;
        let moment = match action {
            Action::WalkFirst => Moment::Start,
            Action::WalkBack => moment_of(open, step.saturating_sub(1)),
            Action::WalkOn => moment_of(open, step + 1),
            Action::WalkStay => {
                open.document.stay();
                return;
            }
            _ => Moment::Latest,
        };
        self.show_moment(moment);
    }

    /// What is saved is what the document is now, not what it was: a walk ends before, and it is said.
    pub(in crate::app) fn end_walk(&mut self, id: DocumentId) {
        let Some(open) = self.document_mut(id).filter(|open| open.document.is_walking()) else { return };
        open.document.walk_to(Moment::Latest);
        open.view.playing = None;
        open.view.reveal += 1;
        self.info("Back at the latest step: that is what is saved");
    }

    /// Asks where the timeline of the document in front goes as a program.
    pub(in crate::app) fn ask_script(&mut self, language: Language, effects: &mut Vec<Effect>) {
        let Some(open) = self.active() else { return };
        let document = open.document.id();
        let name = format!("{}.{}", stem(open.document.name()), language.extension());
        let title = format!("Export the timeline as {}", language.name());
        self.ask(SavePurpose::Script { document, language }, title, name, Vec::new(), effects);
    }

    /// Says the calls up to the shown step as a program: into a file, or for the clipboard.
    pub(in crate::app) fn start_script(
        &mut self,
        document: DocumentId,
        language: Language,
        to: Option<(PathBuf, Existing)>,
        effects: &mut Vec<Effect>,
    ) {
        let Some(open) = self.document(document) else { return };
        let (timeline, name) = (open.document.timeline().clone(), open.document.name().to_owned());
        self.start(Job::Script { timeline, language, name, to }, effects);
    }

    fn show_moment(&mut self, moment: Moment) {
        let Some(open) = self.active_mut() else { return };
        if open.document.walk_to(moment) {
            open.view.reveal += 1;
        }
    }

    fn tick(&mut self, now: f64) {
        let Some(open) = self.active_mut() else { return };
        let speed = open.view.walk_speed();
        let Some(playing) = &mut open.view.playing else { return };
        let by = playing.tick(now, speed);
        if by == 0 {
            return;
        }
        let (step, steps) = open.document.timeline().step();
        if step + by >= steps {
            open.view.playing = None;
        }
        let moment = moment_of(open, step + by);
        self.show_moment(moment);
    }
}

/// The moment after so many calls of the way; its end is the latest moment where the way leads there.
fn moment_of(open: &OpenDocument, step: usize) -> Moment {
    open.document.timeline().moment(step)
}
