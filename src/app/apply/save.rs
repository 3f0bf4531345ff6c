//! Saving and exporting.

use std::path::PathBuf;

use crate::app::numbers::count;
use crate::app::state::{Asking, SavePurpose};
use crate::app::{AppState, Dialog, Effect, ExportDialog, Job, Losses, Preview, PreviewState};
use crate::buffer::Buffer;
use crate::convert::{Recipe, Source, result_name};
use crate::document::{DocumentId, StreamKind};
use crate::files::Existing;
use crate::formats::literal::Style;
use crate::formats::{self, Format, Options, PictureOptions};

impl AppState {
    /// To the document's own file where it has one, else by the dialog.
    pub(in crate::app) fn save(&mut self, id: DocumentId, effects: &mut Vec<Effect>) {
        self.end_walk(id);
        let Some(open) = self.document(id) else { return };
        let Some(file) = open.file.clone() else {
            self.ask_save(id, effects);
            return;
        };
        let job = Job::Save {
            document: id,
            revision: open.document.revision(),
            content: open.document.snapshot(),
            path: file.path,
            existing: Existing::ReplaceIf(file.identity),
            backup: self.settings.backup,
        };
        self.start(job, effects);
    }

    pub(in crate::app) fn ask_save(&mut self, id: DocumentId, effects: &mut Vec<Effect>) {
        self.end_walk(id);
        let Some(open) = self.document(id) else { return };
        let kind = open.document.kind();
        let fallback = if kind == StreamKind::Text { Format::Text } else { Format::Bytes };
        let format = if open.detection.format == Format::Bytes { fallback } else { open.detection.format };
        let name = match open.document.name() {
            name if name.contains('.') => name.to_owned(),
            name => format!("{name}.{}", format.info().extensions[0]),
        };
        let title = format!("Save {}", open.document.name());
        self.ask(SavePurpose::Document(id), title, name, vec![format], effects);
    }

    /// The selection as it is now: bytes, or the UTF-8 of characters.
    pub(in crate::app) fn ask_save_selection(&mut self, effects: &mut Vec<Effect>) {
        let Some((input, name, _)) = self.to_copy() else { return };
        let Some(open) = self.active() else { return };
        let Some(selection) = open.document.selection() else { return };
        let format = if open.document.kind() == StreamKind::Text { Format::Text } else { Format::Bytes };
        let places = match open.document.kind() {
            StreamKind::Text => format!("{}-{}", selection.start(), selection.end()),
            StreamKind::Bytes => format!("{:X}-{:X}", selection.start(), selection.end()),
        };
        let suggested = format!("{} {places}.{}", stem(&name), format.info().extensions[0]);
        let title = format!("Save the selection of {name}");
        self.ask(SavePurpose::Selection(input), title, suggested, vec![format], effects);
    }

    pub(in crate::app) fn ask_save_view(&mut self, png: Vec<u8>, effects: &mut Vec<Effect>) {
        let name = self.active().map_or("seektell".to_owned(), |open| format!("{} view", stem(open.document.name())));
        let title = "Save a picture of the view".into();
        self.ask(SavePurpose::View(png), title, format!("{name}.png"), vec![Format::Png], effects);
    }

    pub(in crate::app) fn ask(
        &mut self,
        purpose: SavePurpose,
        title: String,
        name: String,
        formats: Vec<Format>,
        effects: &mut Vec<Effect>,
    ) {
        if self.asking.is_some() {
            return;
        }
        self.keep_copies(effects);
        self.asked_name = (title.clone(), name.clone());
        self.asking = Some(Asking::Save(purpose));
        effects.push(Effect::AskSave { title, folder: self.settings.folder.clone(), name, formats });
    }

    /// Goes on with what was waiting for a path. `asked` says that the user has confirmed that a file of this very name
    /// may be replaced; where it is not so, a file that is there makes the dialog about it.
    pub(in crate::app) fn save_to(&mut self, purpose: SavePurpose, path: PathBuf, asked: bool, effects: &mut Vec<Effect>) {
        let (path, same) = match &purpose {
            SavePurpose::Export { to: Format::Literal, options, .. } => literal_extension(path, options.dump.style),
            SavePurpose::Export { to, .. } => with_extension(path, *to),
            SavePurpose::View(_) => with_extension(path, Format::Png),
            SavePurpose::Matches => match crate::app::apply::search::list_format(&path) {
                Some(_) => (path, true),
                None => with_extension(path, Format::Csv),
            },
            SavePurpose::Document(_) | SavePurpose::Bookmarks(_) | SavePurpose::Selection(_) => (path, true),
            SavePurpose::Script { language, .. } => script_extension(path, *language),
            SavePurpose::Differences(_) => super::compare::report_extension(path),
            SavePurpose::Literal { style, .. } if path.extension().is_none() => (path.with_extension(style.extension()), false),
            SavePurpose::Literal { .. } => (path, true),
            SavePurpose::Strings { format, .. } => with_extension(path, format.format()),
            SavePurpose::Report(to) => with_extension(path, *to),
            SavePurpose::Recipe => with_extension(path, Format::Json),
            SavePurpose::Pack { kind, .. } => super::source::archive_extension(path, *kind),
            SavePurpose::Frames { .. } if path.extension().is_none() => (path.with_extension("zip"), false),
            SavePurpose::Frames { .. } => (path, true),
        };
        let existing = if asked && same { Existing::Replace } else { Existing::Refuse };
        self.folder_before = self.settings.folder.clone();
        match &purpose {
            SavePurpose::Bookmarks(_) => self.settings.remember_folder(&path),
            _ => self.settings.remember(&path),
        }
        self.keep_settings(effects);
        match purpose {
            SavePurpose::Bookmarks(id) => {
                let Some(open) = self.document(id) else { return };
                let input = Buffer::from(open.document.bookmarks().to_json(open.document.kind()).into_bytes());
                let (from, to) = (Format::Bytes, Format::Bytes);
                self.start(Job::Export { input, from, to, options: Box::default(), path, existing }, effects);
            }
            SavePurpose::Document(id) => {
                let Some(open) = self.document(id) else { return };
                let revision = open.document.latest_revision();
                let content = open.document.latest_snapshot();
                let backup = self.settings.backup;
                self.start(Job::Save { document: id, revision, content, path, existing, backup }, effects);
            }
            SavePurpose::Export { document, from, to, mut options } => {
                options.picture.flatten = PictureOptions::name_flattens(to, &path);
                let Some(open) = self.document(document) else { return };
                let input = open.document.latest_snapshot();
                self.start(Job::Export { input, from, to, options, path, existing }, effects);
            }
            SavePurpose::Script { document, language } => self.start_script(document, language, Some((path, existing)), effects),
            SavePurpose::Matches => self.save_matches(path, existing, effects),
            SavePurpose::Differences(id) => self.start_report(id, path, existing, effects),
            SavePurpose::Literal { input, style, choices } => {
                self.start(Job::SaveText { input, style, choices, path, existing }, effects);
            }
            SavePurpose::Strings { input, strings, format } => {
                self.start(Job::SaveStrings { input, strings, format, path, existing }, effects);
            }
            SavePurpose::Report(to) => self.start_report_job(to, path, existing, effects),
            SavePurpose::Recipe => self.save_recipe(path, existing, effects),
            SavePurpose::Pack { kind, documents } => self.pack_to(kind, documents, path, existing, effects),
            SavePurpose::Frames { input, format, stem, limits } => {
                self.start(Job::ExportFrames { input, format, stem, limits, path, existing }, effects);
            }
            SavePurpose::Selection(input) => {
                let (from, to) = (Format::Bytes, Format::Bytes);
                self.start(Job::Export { input, from, to, options: Box::default(), path, existing }, effects);
            }
            SavePurpose::View(png) => {
                let (from, to) = (Format::Bytes, Format::Bytes);
                let job = Job::Export { input: Buffer::from(png), from, to, options: Box::default(), path, existing };
                self.start(job, effects);
            }
        }
    }

    /// The export dialog for the document in front.
    pub(in crate::app) fn open_export(&mut self, to: Option<Format>, effects: &mut Vec<Effect>) {
        if matches!(self.dialog, Some(Dialog::Palette { .. })) {
            self.dialog = None;
        }
        if self.dialog.is_some() || self.asking.is_some() {
            return;
        }
        if let Some(id) = self.active {
            self.end_walk(id);
        }
        let Some(open) = self.active().filter(|open| !open.document.is_closed()) else { return };
        let from = export_format(open);
        let targets = formats::targets(from);
        let Some(to) = to.or_else(|| targets.iter().copied().find(|&to| to != from)) else {
            self.error(format!("{} cannot be written as anything else", from.info().name));
            return;
        };
        let mut options = Options::default();
        options.table.input = open.view.dialect;
        options.text.input = open.view.encoding;
        options.dump.limit = open.limit;
        let dialog = ExportDialog {
            document: open.document.id(),
            from,
            targets,
            to,
            options: Box::new(options),
            view: open.table_view(),
            losses: Losses::Known(Vec::new()),
        };
        self.dialog = Some(Dialog::Export(dialog));
        self.ask_losses(effects);
    }

    /// What the export dialog's choice would lose is found out by a job; an older one is stopped.
    pub(in crate::app) fn ask_losses(&mut self, effects: &mut Vec<Effect>) {
        let Some(Dialog::Export(export)) = &self.dialog else { return };
        let (from, to, options, old) = (export.from, export.to, export.options.clone(), export.losses.clone());
        let Some(open) = self.document(export.document) else { return };
        let input = open.document.snapshot();
        let mut options = options;
        // The suggested name is no PAM.
        options.picture.flatten = to == Format::Pnm;
        if let Losses::Asking(id) = old {
            self.cancel_job(id, effects);
        }
        let id = self.start(Job::Losses { input, from, to, options }, effects);
        if let Some(Dialog::Export(export)) = &mut self.dialog {
            export.losses = Losses::Asking(id);
        }
    }

    pub(in crate::app) fn dialog_text(&mut self, new: String) {
        let extends = matches!(self.dialog, Some(Dialog::GoTo { extend: true, .. }));
        let go_to = self.check_go_to(&new, extends);
        let row = self.parse_row(&new).err();
        let base = self.parse_base(&new).err();
        let hush = new.trim().is_empty();
        match &mut self.dialog {
            Some(Dialog::GoTo { text, error, preview, .. }) => {
                *text = new;
                (*error, *preview) = match go_to {
                    Ok(where_to) => (None, where_to),
                    Err(wrong) => (Some(wrong).filter(|_| !hush), String::new()),
                };
            }
            Some(Dialog::GoToRow { text, error }) => {
                (*text, *error) = (new, row.filter(|_| !hush));
            }
            Some(Dialog::Columns { text, error, .. }) => {
                let wrong = crate::app::bytes_view::parse_columns(&new).err();
                (*text, *error) = (new, wrong.filter(|_| !hush));
            }
            Some(Dialog::BaseAddress { text, error }) => (*text, *error) = (new, base.filter(|_| !hush)),
            Some(Dialog::TypedPath { text, error, .. }) => (*text, *error) = (new, None),
            Some(Dialog::Palette { query } | Dialog::Charset { query } | Dialog::CompareWith { query, .. }) => *query = new,
            _ => {}
        }
    }

    pub(in crate::app) fn accept_dialog(&mut self, effects: &mut Vec<Effect>) {
        let Some(dialog) = self.dialog.take() else { return };
        match dialog {
            Dialog::GoTo { text, extend, .. } => self.accept_go_to(text, extend, effects),
            Dialog::SelectRange(range) => self.accept_range(range),
            Dialog::CopyAs(copy) => self.accept_copy_as(copy, false, effects),
            Dialog::PasteAs(paste) => self.accept_paste_as(paste, effects),
            Dialog::Bytes(bytes) => self.accept_bytes(bytes, effects),
            Dialog::Resize(resize) => self.accept_resize(resize),
            Dialog::GoToRow { text, .. } => self.go_to_row(text),
            Dialog::Columns { side, text, .. } => match crate::app::bytes_view::parse_columns(&text) {
                Ok(columns) => self.choose(side, crate::app::HexChoice::Columns(Some(columns)), effects),
                Err(error) => self.dialog = Some(Dialog::Columns { side, text, error: Some(error) }),
            },
            Dialog::BaseAddress { text, .. } => match self.parse_base(&text) {
                Ok(base) => self.choose(self.hex_front(), crate::app::HexChoice::Base(base), effects),
                Err(error) => self.dialog = Some(Dialog::BaseAddress { text, error: Some(error) }),
            },
            Dialog::Unsaved { documents, then } => {
                self.closing = Some(crate::app::state::Closing { queue: documents, then });
                self.go_on_closing(effects);
            }
            Dialog::Export(export) => self.accept_export(export, effects),
            Dialog::Convert => {
                self.dialog = Some(Dialog::Convert);
                self.convert_command(crate::app::ConvertCommand::Start, effects);
            }
            Dialog::TypedPath { purpose, text, reason, .. } => self.accept_path(purpose, &text, reason, effects),
            Dialog::Overwrite { job, .. } => {
                self.start(replacing(*job), effects);
            }
            Dialog::ChangedOnDisk { document, path } => {
                if let Some(open) = self.document(document) {
                    let revision = open.document.latest_revision();
                    let content = open.document.latest_snapshot();
                    let (existing, backup) = (Existing::Replace, self.settings.backup);
                    self.start(Job::Save { document, revision, content, path, existing, backup }, effects);
                }
            }
            Dialog::Source(dialog) => self.accept_source(*dialog, effects),
            Dialog::ReplaceEverywhere(what) => self.replace_everywhere(what),
            Dialog::OfferLesson(path) => self.open_lesson(Some(path), effects),
            Dialog::CompareWith { .. }
            | Dialog::Charset { .. }
            | Dialog::Palette { .. }
            | Dialog::Report
            | Dialog::Notices
            | Dialog::Shortcuts(_)
            | Dialog::About => {}
        }
    }

    fn accept_export(&mut self, export: ExportDialog, effects: &mut Vec<Effect>) {
        if let Losses::Impossible(_) = export.losses {
            self.dialog = Some(Dialog::Export(export));
            return;
        }
        if let Losses::Asking(id) = export.losses {
            self.cancel_job(id, effects);
        }
        let Some(open) = self.document(export.document) else { return };
        let info = export.to.info();
        // The same name as in the convert panel.
        let recipe = Recipe { options: (*export.options).clone(), ..Recipe::new(export.to) };
        let source = Source::document(open.document.name(), Buffer::default(), None);
        let name = result_name(&source, 1, &recipe).to_string_lossy().into_owned();
        // A language's files are of no kind that a dialog could show alone.
        let formats = if export.to == Format::Literal { Vec::new() } else { vec![export.to] };
        let purpose =
            SavePurpose::Export { document: export.document, from: export.from, to: export.to, options: export.options };
        self.ask(purpose, format!("Export as {}", info.name), name, formats, effects);
    }

    fn go_to_row(&mut self, text: String) {
        match self.parse_row(&text) {
            Ok(row) => {
                // A row is asked for by its number in the file; the view may be in another order.
                let place = self
                    .active()
                    .and_then(crate::app::OpenDocument::table_rows)
                    .map_or(Some(row - 1), |rows| rows.place(row - 1));
                match (place, self.active_mut()) {
                    (Some(place), Some(open)) => {
                        open.view.table_scroll = crate::app::RowScroll { top_row: place, sub_px: 0.0 };
                        open.view.table_cell = Some((place, open.view.table_cell.map_or(0, |(_, column)| column)));
                        open.view.table.anchor = None;
                    }
                    _ => {
                        let error = Some(format!("Row {row} is left out by the filters"));
                        self.dialog = Some(Dialog::GoToRow { text, error });
                    }
                }
            }
            Err(error) => self.dialog = Some(Dialog::GoToRow { text, error: Some(error) }),
        }
    }

    /// A row of the table in front, from 1; what is not there is said.
    fn parse_row(&self, text: &str) -> Result<u64, String> {
        let row = text.trim().replace(['_', ',', ' '], "").parse::<u64>().ok().filter(|&row| row > 0);
        let row = row.ok_or("Type a row number, from 1")?;
        let rows = self.active().and_then(|open| match &open.preview {
            PreviewState::Ready { preview, .. } => match preview.as_ref() {
                Preview::Table { table, .. } => Some(table.row_count()),
                Preview::Picture(_) | Preview::Archive(_) => None,
            },
            _ => None,
        });
        match rows {
            Some(rows) if row > rows => Err(format!("The table has {}", count(rows, "row"))),
            _ => Ok(row),
        }
    }

    pub(in crate::app) fn cancel_dialog(&mut self, effects: &mut Vec<Effect>) {
        if let Some(Dialog::Export(ExportDialog { losses: Losses::Asking(id), .. })) = self.dialog {
            self.cancel_job(id, effects);
        }
        let panel = matches!(self.dialog, Some(Dialog::Convert));
        self.dialog = None;
        if panel {
            self.end_converting(effects);
        } else if self.converting.is_some() {
            self.dialog = Some(Dialog::Convert);
        }
        self.waiting_path = None;
        self.closing = None;
    }
}

/// What the content of a document is for an export: a text document that looks like a table is one.
pub(in crate::app) fn export_format(open: &crate::app::OpenDocument) -> Format {
    match (open.document.kind(), open.detection.format) {
        (StreamKind::Text, Format::Bytes) => Format::Text,
        (_, format) => format,
    }
}

pub(in crate::app) fn stem(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    }
}

/// The path with the format's extension, where it has another or none, and whether it is the one that was given: a dialog
/// has asked about the given one only.
fn with_extension(path: PathBuf, format: Format) -> (PathBuf, bool) {
    let info = format.info();
    let has = path.extension().is_some_and(|extension| {
        let extension = extension.to_string_lossy().to_ascii_lowercase();
        format == Format::Bytes || info.extensions.contains(&extension.as_str())
    });
    if has || format == Format::Bytes {
        return (path, true);
    }
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".");
    name.push(info.extensions[0]);
    (path.with_file_name(name), false)
}

/// The same for source code: the extension is the language's own, and that of another language is what somebody typed.
fn literal_extension(path: PathBuf, style: Option<Style>) -> (PathBuf, bool) {
    let known = |extension: &str| {
        let own = Style::ALL.iter().any(|style| style.extension().eq_ignore_ascii_case(extension));
        own || extension.eq_ignore_ascii_case("h") || Format::from_id(extension) == Some(Format::Literal)
    };
    if path.extension().and_then(|extension| extension.to_str()).is_some_and(known) {
        return (path, true);
    }
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".");
    name.push(style.unwrap_or(Style::C).extension());
    (path.with_file_name(name), false)
}

/// The same for a script, which keeps any extension that was typed.
fn script_extension(path: PathBuf, language: crate::document::Language) -> (PathBuf, bool) {
    if path.extension().is_some() {
        return (path, true);
    }
    (path.with_extension(language.extension()), false)
}

/// The same job, allowed to replace what is there.
fn replacing(job: Job) -> Job {
    match job {
        Job::Save { document, revision, content, path, backup, .. } => {
            Job::Save { document, revision, content, path, existing: Existing::Replace, backup }
        }
        Job::Export { input, from, to, options, path, .. } => {
            Job::Export { input, from, to, options, path, existing: Existing::Replace }
        }
        Job::ReportDifferences { compared, names, path, .. } => {
            Job::ReportDifferences { compared, names, path, existing: Existing::Replace }
        }
        Job::SaveText { input, style, choices, path, .. } => {
            Job::SaveText { input, style, choices, path, existing: Existing::Replace }
        }
        Job::SaveStrings { input, strings, format, path, .. } => {
            Job::SaveStrings { input, strings, format, path, existing: Existing::Replace }
        }
        Job::Script { timeline, language, name, to } => {
            Job::Script { timeline, language, name, to: to.map(|(path, _)| (path, Existing::Replace)) }
        }
        Job::Report { recipe, sources, to, path, .. } => Job::Report { recipe, sources, to, path, existing: Existing::Replace },
        Job::ExportFrames { input, format, stem, limits, path, .. } => {
            Job::ExportFrames { input, format, stem, limits, path, existing: Existing::Replace }
        }
        Job::Source(job) => Job::Source(Box::new(job.replacing())),
        Job::Matches { results, format, path, .. } => Job::Matches { results, format, path, existing: Existing::Replace },
        other => other,
    }
}
