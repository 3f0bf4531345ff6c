//! The convert panel.

use std::path::PathBuf;
use std::sync::Arc;

use crate::app::converting::{ConvertCommand, ConvertPanel, Converted, Outcomes, Previewed, Surveyed};
use crate::app::state::Asking;
use crate::app::{AppState, Dialog, Effect, Job, JobId};
use crate::convert::{ConvertError, Destination, Outcome, Source, Survey};
use crate::document::DocumentId;
use crate::formats::{Format, Kind};
use crate::tasks::Latest;

impl AppState {
    /// The convert panel, while it is open.
    pub fn converting(&self) -> Option<&ConvertPanel> {
        self.converting.as_ref()
    }

    pub(in crate::app) fn convert_command(&mut self, command: ConvertCommand, effects: &mut Vec<Effect>) {
        match command {
            ConvertCommand::Files(paths, to) => self.open_convert(paths.into_iter().map(Source::file).collect(), to, effects),
            ConvertCommand::InsteadOfExport => self.convert_instead(effects),
            ConvertCommand::Add(paths) => self.add_sources(paths.into_iter().map(Source::file).collect(), effects),
            ConvertCommand::AskFiles => self.ask_sources(effects),
            ConvertCommand::AddDocuments => {
                let all = self.documents.iter().map(|open| open.document.id()).collect::<Vec<_>>();
                let sources = all.into_iter().filter_map(|id| self.source_of(id)).collect();
                self.add_sources(sources, effects);
            }
            ConvertCommand::Remove(index) => self.remove_source(index, effects),
            ConvertCommand::Choose(index) => {
                if let Some(panel) = self.converting.as_mut().filter(|panel| index < panel.sources.len()) {
                    panel.chosen = index;
                    self.ask_preview(effects);
                }
            }
            ConvertCommand::LookAgain => {
                if self.converting.as_ref().is_some_and(|panel| !panel.is_running()) {
                    self.ask_preview(effects);
                    self.ask_survey(effects);
                }
            }
            ConvertCommand::Recipe(recipe) => {
                let Some(panel) = self.converting.as_mut().filter(|panel| !panel.is_running()) else { return };
                let seen = |recipe: &crate::convert::Recipe| {
                    // Where results go and what they are called is not seen in the preview.
                    let (into, existing) = Default::default();
                    crate::convert::Recipe { into, existing, names: String::new(), ..recipe.clone() }
                };
                let changed = seen(&panel.recipe) != seen(&recipe);
                panel.recipe = *recipe;
                panel.wrong = None;
                panel.told &= !changed;
                if changed {
                    self.ask_preview(effects);
                    self.ask_survey(effects);
                }
            }
            ConvertCommand::Start => self.start_converting(None, effects),
            ConvertCommand::Retry => {
                let panel = self.converting.as_ref();
                // A ZIP is made as a whole: one of the rest alone would take the place of what is good.
                let failed = panel.filter(|panel| !panel.into_zip()).map(ConvertPanel::failed);
                self.start_converting(failed, effects);
            }
            ConvertCommand::Stop => {
                if let Some((id, _)) = self.converting.as_ref().and_then(|panel| panel.running.clone()) {
                    self.cancel_job(id, effects);
                }
            }
            ConvertCommand::OpenResult(index) => {
                let outcome = self.converting.as_ref().and_then(|panel| panel.outcomes.get(index)?.clone());
                if let Some(Outcome::Written(written)) = outcome.as_deref() {
                    self.end_converting(effects);
                    self.open_paths(vec![written.path.clone()], effects);
                }
            }
            ConvertCommand::CopyFolder => {
                if let Some(folder) = self.converting.as_ref().and_then(ConvertPanel::results_folder) {
                    effects.push(Effect::CopyText(folder.display().to_string()));
                    self.info(format!("Copied: {}", crate::files::display_path(&folder)));
                }
            }
            ConvertCommand::ShowFolder => {
                if let Some(folder) = self.converting.as_ref().and_then(ConvertPanel::results_folder) {
                    effects.push(Effect::ShowFolder(folder));
                }
            }
            ConvertCommand::AskPlace => self.ask_place(effects),
        }
    }

    /// The panel with the documents that are open, the one in front first.
    pub(in crate::app) fn open_convert_documents(&mut self, effects: &mut Vec<Effect>) {
        let mut ids: Vec<DocumentId> = self.documents.iter().map(|open| open.document.id()).collect();
        ids.sort_by_key(|id| Some(*id) != self.active);
        // The one in front is what is meant; the others are a button away.
        let sources = ids.first().and_then(|&id| self.source_of(id)).into_iter().collect();
        self.open_convert(sources, None, effects);
    }

    fn convert_instead(&mut self, effects: &mut Vec<Effect>) {
        let Some(Dialog::Export(export)) = self.dialog.clone() else { return };
        self.cancel_dialog(effects);
        let sources = self.source_of(export.document).into_iter().collect();
        self.open_convert(sources, Some(export.to), effects);
        if let Some(panel) = &self.converting {
            let mut recipe = panel.recipe.clone();
            recipe.options = *export.options;
            // Of many sources nobody looks at the rows.
            recipe.options.table.view = None;
            self.convert_command(ConvertCommand::Recipe(recipe.into()), effects);
        }
    }

    fn source_of(&mut self, id: DocumentId) -> Option<Source> {
        self.end_walk(id);
        let open = self.document(id).filter(|open| !open.document.is_closed())?;
        let path = open.file.as_ref().map(|file| file.path.clone());
        let mut source = Source::document(open.document.name(), open.document.latest_snapshot(), path);
        source.from = Some(super::save::export_format(open));
        (source.dialect, source.encoding) = (open.view.dialect, open.view.encoding);
        Some(source)
    }

    fn open_convert(&mut self, sources: Vec<Source>, to: Option<Format>, effects: &mut Vec<Effect>) {
        if matches!(self.dialog, Some(Dialog::Palette { .. })) {
            self.dialog = None;
        }
        if self.converting.is_some() {
            self.add_sources(sources, effects);
            return;
        }
        if self.dialog.is_some() || self.asking.is_some() {
            return;
        }
        let mut panel = ConvertPanel {
            outcomes: vec![None; sources.len()],
            sources,
            recipe: crate::convert::Recipe::new(Format::Bytes),
            chosen: 0,
            preview: Previewed::Nothing,
            survey: Surveyed::Nothing,
            running: None,
            about: Vec::new(),
            told: false,
            wrong: None,
        };
        panel.recipe = self.settings.convert.recipe(panel.from(), &panel.targets(), to);
        self.place_results(&mut panel);
        self.converting = Some(panel);
        self.dialog = Some(Dialog::Convert);
        self.ask_preview(effects);
        self.ask_survey(effects);
    }

    /// Documents that were never files have no folder for their results.
    fn place_results(&self, panel: &mut ConvertPanel) {
        let homeless = panel.sources.iter().any(|source| source.path.is_none());
        if homeless
            && panel.recipe.into == Destination::Beside
            && let Some(folder) = &self.settings.folder
        {
            panel.recipe.into = Destination::Folder(folder.clone());
        }
    }

    fn add_sources(&mut self, sources: Vec<Source>, effects: &mut Vec<Effect>) {
        let Some(mut panel) = self.converting.take() else { return };
        if !panel.is_running() {
            let none = panel.sources.is_empty();
            for source in sources {
                let known = |old: &Source| match (&old.path, &source.path) {
                    (Some(one), Some(other)) => one == other,
                    _ => old.name == source.name && old.content == source.content,
                };
                if !panel.sources.iter().any(known) {
                    panel.sources.push(source);
                    panel.outcomes.push(None);
                }
            }
            if none {
                let to = panel.recipe.to;
                panel.recipe = self.settings.convert.recipe(panel.from(), &panel.targets(), None);
                if panel.sources.is_empty() {
                    panel.recipe.to = to;
                }
            }
            self.place_results(&mut panel);
        }
        self.converting = Some(panel);
        self.dialog = Some(Dialog::Convert);
        self.ask_preview(effects);
        self.ask_survey(effects);
    }

    fn remove_source(&mut self, index: usize, effects: &mut Vec<Effect>) {
        let Some(panel) = self.converting.as_mut().filter(|panel| !panel.is_running() && index < panel.sources.len()) else {
            return;
        };
        panel.sources.remove(index);
        panel.outcomes.remove(index);
        let shown = panel.chosen;
        panel.chosen = if index < shown { shown - 1 } else { shown.min(panel.sources.len().saturating_sub(1)) };
        if index == shown {
            self.ask_preview(effects);
        }
        self.ask_survey(effects);
    }

    fn ask_sources(&mut self, effects: &mut Vec<Effect>) {
        if self.asking.is_some() || self.converting.as_ref().is_none_or(ConvertPanel::is_running) {
            return;
        }
        self.keep_copies(effects);
        self.asking = Some(Asking::Sources);
        effects.push(Effect::AskOpen { folder: self.settings.folder.clone() });
    }

    /// Files that a dialog named.
    pub(in crate::app) fn sources_named(&mut self, paths: Vec<PathBuf>, effects: &mut Vec<Effect>) {
        if let Some(path) = paths.first() {
            self.settings.remember_folder(path);
            self.keep_settings(effects);
        }
        self.add_sources(paths.into_iter().map(Source::file).collect(), effects);
    }

    /// The chosen source is converted into memory and looked at; an older look is stopped.
    fn ask_preview(&mut self, effects: &mut Vec<Effect>) {
        let Some(panel) = &self.converting else { return };
        if let Previewed::Asking(id, _) = panel.preview {
            self.cancel_job(id, effects);
        }
        let Some(panel) = &self.converting else { return };
        let Some(source) = panel.sources.get(panel.chosen).cloned() else {
            if let Some(panel) = &mut self.converting {
                panel.preview = Previewed::Nothing;
            }
            return;
        };
        let (recipe, shown) = (Box::new(panel.recipe.clone()), panel.preview.shown().cloned());
        let id = self.start(Job::ConvertPreview { source: Box::new(source), recipe }, effects);
        if let Some(panel) = &mut self.converting {
            panel.preview = Previewed::Asking(id, shown);
        }
    }

    pub(in crate::app) fn preview_known(
        &mut self,
        id: JobId,
        result: Result<crate::app::converting::ConvertPreview, ConvertError>,
    ) {
        let Some(panel) = &mut self.converting else { return };
        if !matches!(panel.preview, Previewed::Asking(asked, _) if asked == id) {
            return;
        }
        panel.preview = match result {
            Ok(preview) => Previewed::Known(preview.into()),
            // Who stopped the look knows nothing of the source.
            Err(error) if error.is_cancelled() => Previewed::Nothing,
            Err(error) => Previewed::Impossible(error.to_string()),
        };
    }

    /// All sources are looked at for what they will lose; an older look is stopped. One alone shows it with its result, and only its
    /// columns are asked for.
    fn ask_survey(&mut self, effects: &mut Vec<Effect>) {
        self.end_survey(effects);
        let Some(panel) = self.converting.as_mut().filter(|panel| !panel.is_running()) else { return };
        let columns = matches!(panel.recipe.to.kind(), Kind::Table | Kind::Json);
        let before = match std::mem::take(&mut panel.survey) {
            Surveyed::Asking(_, _, before) => before,
            other => other.shown(),
        };
        if panel.sources.len() < if columns { 1 } else { 2 } {
            return;
        }
        // What was known of another number of sources says nothing about these.
        let before = before.filter(|before| before.of == panel.sources.len());
        let feed = Latest::new();
        let (sources, recipe) = (panel.sources.clone(), Box::new(panel.recipe.clone()));
        let id = self.start(Job::ConvertSurvey { sources, recipe, feed: feed.clone() }, effects);
        if let Some(panel) = &mut self.converting {
            panel.survey = Surveyed::Asking(id, feed, before);
        }
    }

    fn end_survey(&mut self, effects: &mut Vec<Effect>) {
        if let Some(Surveyed::Asking(id, ..)) = self.converting.as_ref().map(|panel| &panel.survey) {
            let id = *id;
            self.cancel_job(id, effects);
        }
    }

    pub(in crate::app) fn survey_known(&mut self, id: JobId, survey: Option<Arc<Survey>>) {
        let Some(panel) = &mut self.converting else { return };
        if matches!(&panel.survey, Surveyed::Asking(asked, ..) if *asked == id) {
            panel.survey = survey.map_or(Surveyed::Nothing, Surveyed::Known);
        }
    }

    pub(in crate::app) fn results_in_zip(&self) -> bool {
        self.converting.as_ref().is_some_and(ConvertPanel::into_zip)
    }

    /// The native dialog for the folder or the ZIP that results go to, from where they go now.
    fn ask_place(&mut self, effects: &mut Vec<Effect>) {
        let Some(panel) = self.converting.as_ref().filter(|panel| !panel.is_running()) else { return };
        if self.asking.is_some() {
            return;
        }
        let beside = panel.sources.iter().find_map(|source| source.path.as_ref()?.parent());
        let usual = beside.map(PathBuf::from).or_else(|| self.settings.folder.clone());
        let filled = |path: PathBuf| Some(path).filter(|path| !path.as_os_str().is_empty());
        let ask = match &panel.recipe.into {
            Destination::Zip(zip) => {
                let name = zip.file_name().map(|name| name.to_string_lossy().into_owned());
                let (title, name) = ("Results into a ZIP".to_owned(), name.unwrap_or_else(|| "converted.zip".into()));
                let folder = zip.parent().map(PathBuf::from).and_then(filled).or(usual);
                self.asked_name = (title.clone(), name.clone());
                Effect::AskSave { title, folder, name, formats: Vec::new() }
            }
            Destination::Folder(folder) => {
                Effect::AskFolder { title: "Results into a folder".into(), folder: filled(folder.clone()).or(usual) }
            }
            Destination::Beside | Destination::File(_) => {
                Effect::AskFolder { title: "Results into a folder".into(), folder: usual }
            }
        };
        self.keep_copies(effects);
        self.asking = Some(Asking::Results);
        effects.push(ask);
    }

    /// A folder, or a ZIP, that was named for the results.
    pub(in crate::app) fn results_go_to(&mut self, place: PathBuf, effects: &mut Vec<Effect>) {
        let Some(panel) = self.converting.as_ref() else { return };
        let mut recipe = panel.recipe.clone();
        recipe.into = if panel.into_zip() {
            self.settings.remember_folder(&place);
            Destination::Zip(super::source::archive_extension(place, crate::formats::archive::Kind::Zip).0)
        } else {
            self.settings.folder = Some(place.clone());
            Destination::Folder(place)
        };
        self.keep_settings(effects);
        self.dialog = Some(Dialog::Convert);
        self.convert_command(ConvertCommand::Recipe(recipe.into()), effects);
    }

    /// The panel says why: a message would stand before its buttons.
    pub(in crate::app) fn folder_not_shown(&mut self, why: &str) {
        let words = format!("The folder was not shown: {why}");
        match &mut self.converting {
            Some(panel) => panel.wrong = Some(words),
            None => self.error(words),
        }
    }

    /// All sources, or some of them again.
    fn start_converting(&mut self, only: Option<Vec<usize>>, effects: &mut Vec<Effect>) {
        let Some(panel) = self.converting.as_mut().filter(|panel| !panel.is_running()) else { return };
        let about = only.unwrap_or_else(|| (0..panel.sources.len()).collect());
        if about.is_empty() {
            return;
        }
        // What is said of the results takes the place of what was said before.
        self.end_survey(effects);
        let Some(panel) = &mut self.converting else { return };
        let number = |&index: &usize| Source { number: Some(index + 1), ..panel.sources[index].clone() };
        let sources: Vec<Source> = about.iter().map(number).collect();
        for &index in &about {
            panel.outcomes[index] = None;
        }
        let feed: Latest<Outcomes> = Latest::new();
        (panel.about, panel.wrong, panel.told) = (about, None, true);
        let (from, recipe) = (panel.from(), panel.recipe.clone());
        self.settings.convert.keep(from, &recipe);
        self.keep_settings(effects);
        let job = Job::ConvertMany { sources, recipe: Box::new(recipe), feed: feed.clone() };
        let id = self.start(job, effects);
        if let Some(panel) = &mut self.converting {
            panel.running = Some((id, feed));
        }
    }

    pub(in crate::app) fn converted(&mut self, id: JobId, result: Converted) {
        let shown = self.converting.as_mut().filter(|panel| panel.running.as_ref().is_some_and(|(running, _)| *running == id));
        if let Some(panel) = shown {
            panel.running = None;
            match &result {
                Ok(outcomes) => {
                    for (&place, outcome) in panel.about.iter().zip(outcomes) {
                        if let Some(old) = panel.outcomes.get_mut(place) {
                            *old = Some(outcome.clone());
                        }
                    }
                }
                Err(error) => panel.wrong = Some(error.to_string()),
            }
        }
        match result {
            // The panel says it all, and a message would stand before its buttons.
            _ if self.converting.is_some() => {}
            Ok(outcomes) => self.tell_converted(&outcomes),
            Err(error) => self.error(format!("Nothing was converted: {error}")),
        }
    }

    /// One message about all of them: the rows of the panel tell of each.
    fn tell_converted(&mut self, outcomes: &[Arc<Outcome>]) {
        let count = |of: fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| of(outcome)).count();
        let written = count(|outcome| matches!(outcome, Outcome::Written(_)));
        let failed = count(|outcome| matches!(outcome, Outcome::Failed(_)));
        let skipped = count(|outcome| matches!(outcome, Outcome::Skipped(_)));
        let stopped = count(|outcome| matches!(outcome, Outcome::Cancelled));
        let parts = [(written, "converted"), (skipped, "skipped"), (failed, "failed"), (stopped, "stopped")];
        let words: Vec<_> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
        let words = format!("{} of {} sources", words.join(", "), outcomes.len());
        if failed > 0 { self.warn(words) } else { self.info(words) }
    }

    /// A job of the panel broke, or never began.
    pub(in crate::app) fn convert_broke(&mut self, id: JobId, message: &str) {
        let Some(panel) = &mut self.converting else { return };
        if panel.running.as_ref().is_some_and(|(running, _)| *running == id) {
            panel.outcomes = panel.outcomes();
            panel.running = None;
            panel.wrong = Some(message.to_owned());
        }
        if matches!(panel.preview, Previewed::Asking(asked, _) if asked == id) {
            panel.preview = Previewed::Impossible(message.to_owned());
        }
    }

    /// Closes the panel. A conversion that runs is stopped; what is written whole stays.
    pub(in crate::app) fn end_converting(&mut self, effects: &mut Vec<Effect>) {
        let Some(panel) = self.converting.take() else { return };
        if let Previewed::Asking(id, _) = panel.preview {
            self.cancel_job(id, effects);
        }
        if let Some((id, _)) = panel.running {
            self.cancel_job(id, effects);
        }
        if let Surveyed::Asking(id, ..) = panel.survey {
            self.cancel_job(id, effects);
        }
        if matches!(self.dialog, Some(Dialog::Convert)) {
            self.dialog = None;
        }
    }
}
