//! Putting a report together: what becomes of its sections, when its pages are laid out, where it goes.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::save::{export_format, stem};
use crate::app::report::ReportSource;
use crate::app::state::{Asking, SavePurpose};
use crate::app::{AppState, Dialog, Effect, Job, JobId, NewSection, ReadRecipe, ReportCommand, ReportForm, ReportLook};
use crate::buffer::Buffer;
use crate::files::Existing;
use crate::formats::report::{PictureRecipe, SectionRecipe, SourceRecipe, SummaryRecipe, TableRecipe, TextRecipe, TextSource};
use crate::formats::{Format, Kind, Options};

impl AppState {
    /// Shows the report that is being put together, or begins one with the document in front.
    pub(in crate::app) fn open_report(&mut self) {
        if matches!(self.dialog, Some(Dialog::Palette { .. })) {
            self.dialog = None;
        }
        if self.dialog.is_some() || self.asking.is_some() {
            return;
        }
        if self.report.is_none() {
            self.begin_report();
        }
        self.dialog = Some(Dialog::Report);
    }

    fn begin_report(&mut self) {
        let mut form = ReportForm::default();
        form.recipe.sections.push(SectionRecipe::Title("Report".into()));
        form.selected = Some(0);
        self.report = Some(Box::new(form));
        let front = self.active().filter(|open| !open.document.is_closed() && open.document.size() > 0);
        if let Some(id) = front.map(|open| open.document.id()) {
            self.add_section(NewSection::Document(id));
            if let Some(form) = &mut self.report {
                form.selected = Some(0);
            }
        }
    }

    pub(in crate::app) fn report_command(&mut self, command: ReportCommand, effects: &mut Vec<Effect>) {
        match command {
            ReportCommand::Add(section) => return self.add_section(section),
            ReportCommand::Export => return self.ask_where_report_goes(effects),
            ReportCommand::SaveRecipe => return self.ask_save_recipe(effects),
            ReportCommand::OpenRecipe => return self.ask_open_recipe(effects),
            ReportCommand::Clear => {
                self.report = None;
                return self.begin_report();
            }
            _ => {}
        }
        let Some(form) = self.report.as_deref_mut() else { return };
        let sections = &mut form.recipe.sections;
        match command {
            ReportCommand::Change(recipe) => form.recipe = *recipe,
            ReportCommand::Select(index) if index < sections.len() => form.selected = Some(index),
            ReportCommand::Remove(index) if index < sections.len() => {
                sections.remove(index);
                form.selected = form.selected.map(|selected| if selected > index { selected - 1 } else { selected });
                form.selected = form.selected.map(|selected| selected.min(sections.len().saturating_sub(1)));
                if sections.is_empty() {
                    form.selected = None;
                }
                drop_sources(form);
            }
            ReportCommand::Move(from, to) if from < sections.len() && to < sections.len() => {
                let section = sections.remove(from);
                sections.insert(to, section);
                form.selected = Some(to);
            }
            ReportCommand::Page(page) => form.page = page.max(1),
            ReportCommand::Format(to) => form.to = to,
            _ => {}
        }
    }

    fn add_section(&mut self, section: NewSection) {
        let made = match section {
            NewSection::Title => SectionRecipe::Title("Heading".into()),
            NewSection::Text => SectionRecipe::Text(TextRecipe::Here("Text".into())),
            NewSection::Blank => SectionRecipe::Blank(1),
            NewSection::Summary => {
                SectionRecipe::Summary(SummaryRecipe { title: Some("Summary".into()), ..SummaryRecipe::default() })
            }
            NewSection::Document(id) => {
                let Some(open) = self.document(id) else { return };
                let (kind, name) = (export_format(open).kind(), open.document.name().to_owned());
                let file = open.file.as_ref().map_or(name.clone(), |file| file.path.to_string_lossy().into_owned());
                let Some(form) = self.report.as_deref_mut() else { return };
                let source = source_for(form, id, &name, file);
                match kind {
                    Kind::Picture => SectionRecipe::Picture(PictureRecipe { source, ..PictureRecipe::default() }),
                    Kind::Table | Kind::Json => {
                        let title = Some(stem(&name).replace('{', "{{").replace('}', "}}"));
                        SectionRecipe::Table(TableRecipe { source, title, ..TableRecipe::default() })
                    }
                    _ => SectionRecipe::Text(TextRecipe::Source(TextSource { source })),
                }
            }
        };
        let Some(form) = self.report.as_deref_mut() else { return };
        let at = form.selected.map_or(form.recipe.sections.len(), |selected| selected + 1).min(form.recipe.sections.len());
        form.recipe.sections.insert(at, made);
        form.selected = Some(at);
    }

    /// The contents of the report as they are now, or what is missing.
    fn report_sources(&self) -> Result<Vec<ReportSource>, String> {
        let Some(form) = self.report() else { return Ok(Vec::new()) };
        let mut sources = Vec::new();
        for (key, recipe) in &form.recipe.sources {
            let open = form.document(key).and_then(|id| self.document(id)).filter(|open| !open.document.is_closed());
            let open =
                open.ok_or_else(|| format!("{} is not open: open it, or take out the sections that show it", recipe.file))?;
            sources.push(ReportSource {
                key: key.clone(),
                name: open.document.name().to_owned(),
                bytes: open.document.snapshot(),
                format: export_format(open),
                dialect: open.view.dialect,
                encoding: open.view.encoding,
            });
        }
        Ok(sources)
    }

    /// Lays the report out anew where it is shown and something of it changed.
    pub(in crate::app) fn refresh_report(&mut self, effects: &mut Vec<Effect>) {
        if self.dialog != Some(Dialog::Report) {
            return;
        }
        let Some(form) = self.report() else { return };
        let key = self.report_key(form);
        if form.look.key.as_ref() == Some(&key) {
            return;
        }
        let running: Vec<JobId> = self
            .jobs
            .iter()
            .filter(|running| matches!(running.job, Job::ReportPreview { .. }) && !running.cancelling)
            .map(|running| running.id)
            .collect();
        for job in running {
            self.cancel_job(job, effects);
        }
        let sources = self.report_sources();
        let Some(form) = self.report.as_deref_mut() else { return };
        form.look.key = Some(key.clone());
        match sources {
            Ok(sources) => {
                self.start(Job::ReportPreview { key: Box::new(key), sources }, effects);
            }
            Err(missing) => form.look.pages = Some(Arc::new(Err(missing))),
        }
    }

    pub(in crate::app) fn report_known(&mut self, job: &Job, look: ReportLook) {
        let (Job::ReportPreview { key, .. }, Some(form)) = (job, self.report.as_deref_mut()) else { return };
        if form.look.key.as_ref() != Some(key) {
            return;
        }
        let cancelled = look.pages.is_none();
        if cancelled {
            form.look.pages = Some(Arc::new(Err("The layout was stopped".into())));
            return;
        }
        if let Some(Ok(preview)) = look.pages.as_deref() {
            form.page = form.page.clamp(1, preview.total.max(1));
        }
        form.look.pages = look.pages;
        // What was found out stays while the recipe cannot be understood.
        for (source, columns) in look.columns {
            form.look.columns.retain(|(known, _)| *known != source);
            form.look.columns.push((source, columns));
        }
    }

    fn ask_where_report_goes(&mut self, effects: &mut Vec<Effect>) {
        let Some(form) = self.report() else { return };
        let to = form.to;
        if let Err(missing) = self.report_sources() {
            return self.error(missing);
        }
        let title = form.recipe.sections.iter().find_map(|section| match section {
            SectionRecipe::Title(title) => Some(title.as_str()),
            _ => None,
        });
        let name = crate::files::suggest_name(title.unwrap_or("report"), to.default_extension());
        self.dialog = None;
        self.ask(SavePurpose::Report(to), format!("Export the report as {}", to.info().name), name, vec![to], effects);
    }

    pub(in crate::app) fn start_report_job(&mut self, to: Format, path: PathBuf, existing: Existing, effects: &mut Vec<Effect>) {
        match (self.report_sources(), self.report()) {
            (Ok(sources), Some(form)) => {
                let recipe = Box::new(form.recipe.clone());
                self.start(Job::Report { recipe, sources, to, path, existing }, effects);
            }
            (Err(missing), _) => self.error(missing),
            (Ok(_), None) => {}
        }
    }

    fn ask_save_recipe(&mut self, effects: &mut Vec<Effect>) {
        self.dialog = None;
        let folder = self.report_folder();
        if let Some(folder) = folder {
            // A recipe reads the files of its own folder, so that is where it belongs.
            self.settings.folder = Some(folder);
        }
        self.ask(SavePurpose::Recipe, "Save the recipe of the report".into(), "report.json".into(), vec![Format::Json], effects);
    }

    /// The folder of the first document that the report takes from a file.
    fn report_folder(&self) -> Option<PathBuf> {
        let form = self.report()?;
        let path = form.documents.iter().find_map(|(_, id)| self.document(*id)?.file.as_ref().map(|file| file.path.clone()))?;
        path.parent().filter(|folder| !folder.as_os_str().is_empty()).map(Path::to_path_buf)
    }

    pub(in crate::app) fn save_recipe(&mut self, path: PathBuf, existing: Existing, effects: &mut Vec<Effect>) {
        let Some(form) = self.report() else { return };
        let mut recipe = form.recipe.clone();
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        let mut outside = Vec::new();
        for (key, source) in &mut recipe.sources {
            let file = form.document(key).and_then(|id| self.document(id)).and_then(|open| open.file.as_ref());
            match file.map(|file| file.path.strip_prefix(&folder).map(Path::to_path_buf)) {
                Some(Ok(relative)) => source.file = relative.to_string_lossy().into_owned(),
                _ => outside.push(source.file.clone()),
            }
        }
        if !outside.is_empty() {
            self.warn(format!(
                "The recipe names what is not a file of its folder, and will not find it by itself: {}",
                outside.join(", ")
            ));
        }
        let input = Buffer::from(recipe.to_text().into_bytes());
        let (from, to) = (Format::Bytes, Format::Bytes);
        self.start(Job::Export { input, from, to, options: Box::<Options>::default(), path, existing }, effects);
    }

    fn ask_open_recipe(&mut self, effects: &mut Vec<Effect>) {
        if self.asking.is_some() {
            return;
        }
        self.dialog = None;
        self.keep_copies(effects);
        self.asking = Some(Asking::Recipe);
        effects.push(Effect::AskOpen { folder: self.settings.folder.clone() });
    }

    pub(in crate::app) fn read_recipe(&mut self, path: Option<PathBuf>, effects: &mut Vec<Effect>) {
        if let Some(path) = path {
            self.start(Job::ReadRecipe(path), effects);
        }
    }

    pub(in crate::app) fn recipe_read(&mut self, read: Result<ReadRecipe, String>) {
        let ReadRecipe { recipe, files } = match read {
            Ok(read) => read,
            Err(error) => return self.error(format!("The recipe was not opened: {error}")),
        };
        let front = self.active;
        let mut documents = Vec::new();
        for (key, file) in files {
            match file {
                Ok(file) => documents.push((key, self.take_in(*file))),
                Err(error) => self.warn(error),
            }
        }
        self.active = front.or(self.active);
        let selected = (!recipe.sections.is_empty()).then_some(0);
        self.report = Some(Box::new(ReportForm { recipe, documents, selected, ..ReportForm::default() }));
        if self.dialog.is_none() {
            self.dialog = Some(Dialog::Report);
        }
    }
}

/// The name of the source that a document is, which is made where it has none.
fn source_for(form: &mut ReportForm, id: crate::document::DocumentId, name: &str, file: String) -> String {
    if let Some((known, _)) = form.documents.iter().find(|(_, known)| *known == id) {
        return known.clone();
    }
    let clean: String = stem(name).chars().map(|character| if character.is_alphanumeric() { character } else { '_' }).collect();
    let clean = if clean.starts_with(|first: char| first.is_alphabetic()) { clean } else { format!("s{clean}") };
    let names = std::iter::once(clean.clone()).chain((2..).map(|number| format!("{clean}_{number}")));
    let source = names.into_iter().find(|name| !form.recipe.sources.contains_key(name)).expect("the numbers do not end");
    form.recipe.sources.insert(source.clone(), SourceRecipe::file(file));
    form.documents.push((source.clone(), id));
    source
}

/// Sources that no section and no font needs are no part of the recipe any more, unless a text calculates with them.
fn drop_sources(form: &mut ReportForm) {
    let text = form.recipe.to_text();
    let named: Vec<String> = form.recipe.sections.iter().filter_map(ReportForm::source_of).map(str::to_owned).collect();
    let fonts = form.recipe.fonts.clone();
    form.recipe.sources.retain(|name, _| {
        let calculated =
            text.contains(&format!("({name}.")) || text.contains(&format!("({name})")) || text.contains(&format!("({name} "));
        named.contains(name) || fonts.contains(name) || calculated
    });
    let sources = &form.recipe.sources;
    form.documents.retain(|(name, _)| sources.contains_key(name));
}
