//! [`AppState::apply`]: one entry, and a file for each subject.

mod action;
mod bookmark;
mod bytes;
mod bytes_view;
mod clipboard;
mod close;
mod compare;
mod console;
mod converting;
mod disk;
mod edit;
mod everywhere;
mod explored;
mod go;
mod keys;
mod lesson;
mod open;
mod outcome;
mod picture;
mod protect;
mod report;
mod save;
mod search;
mod source;
mod table;
mod typed_path;
mod walk;

pub(super) use table::make_table_change;

use super::state::{Asking, SavePurpose};
use super::{
    AppState, Command, ConsoleCommand, ConsoleRequest, Dialog, DialogCommand, Effect, Form, Job, Level, PaneKind, ViewCommand,
};
use crate::document::{DocumentId, StreamKind};
use crate::formats::Kind;

/// Characters of a text stream up to which its content is looked at after every change.
const PREVIEWED_TEXT: u64 = 1 << 20;

impl AppState {
    /// Changes the state by what happened, and says what must happen next. Never blocks and never fails.
    pub fn apply(&mut self, command: Command) -> Vec<Effect> {
        let mut effects = Vec::new();
        let Some(command) = self.waits_for_console(command, &mut effects) else { return effects };
        if self.begins_a_refused_change(&command) {
            return effects;
        }
        if drops_nibble(&command) {
            self.drop_nibble();
            self.commit_cell();
        }
        let stood = self.stands(&command);
        match command {
            Command::Do(action) => self.act(action, &mut effects),
            Command::OpenPaths(paths) => self.open_paths(paths, &mut effects),
            Command::OpenBytes { name, bytes } => self.open_bytes(name, bytes),
            Command::Started => {
                self.start(Job::Repair, &mut effects);
            }
            Command::OpenStandardInput => {
                self.start(Job::ReadStandardInput, &mut effects);
            }
            Command::Activate(id) => self.activate(id),
            Command::Close(id) => self.close(id),
            Command::MoveTab(id, to) => self.move_tab(id, to),
            Command::Perform(operation) => self.perform(operation),
            Command::Select { anchor, head } => self.select(anchor, head),
            Command::MoveCursor { to, extend } => self.move_cursor(to, extend),
            Command::TypeNibble { digit, now } => self.type_nibble(digit, now),
            Command::TypeText { text, now } => self.type_text(&text, now),
            Command::TypeInBytes { text, now } => self.type_in_bytes(&text, now),
            Command::Cell(command) => self.cell(command),
            Command::Hex(side, choice) => self.choose(side, choice, &mut effects),
            Command::Backspace { now } => self.backspace(now),
            // Where a comparison is shown, nobody sees where a paste would go.
            Command::Paste(_) if self.comparison_in_front().is_some() => {
                self.info("Nothing is pasted into a comparison; go to the document first");
            }
            Command::Paste(text) => self.paste(&text),
            Command::PasteAs(text) => self.open_paste_as(text),
            Command::CopyAs(style) => self.copy_as(style, &mut effects),
            Command::PasteAsNew(text) => self.paste_as_new(text),
            Command::PastePicture { width, height, rgba } => {
                self.start(Job::EncodePicture { width, height, rgba: rgba.into() }, &mut effects);
            }
            Command::View(ViewCommand::TableCell(row, column)) => self.choose_cell(row, column),
            Command::View(change) => self.change_view(change),
            Command::Walk(step) => self.walk(step),
            Command::ExportAs(format) => self.open_export(Some(format), &mut effects),
            Command::Dialog(command) => self.answer_dialog(command, &mut effects),
            Command::Answered(answer) => self.answered(answer, &mut effects),
            Command::Captured(png) => self.ask_save_view(png, &mut effects),
            Command::Finished(id, outcome) => self.finished(id, *outcome, &mut effects),
            Command::CancelJob(id) => self.cancel_job(id, &mut effects),
            Command::CloseRequested => self.quit(&mut effects),
            Command::Window { size, zoom } => {
                self.settings.window = Some(size);
                self.settings.zoom = zoom;
                effects.push(Effect::KeepSettings(self.settings.clone()));
            }
            Command::Notice(notice) => self.notices.push(notice.level, notice.text),
            Command::Disk(command) => self.disk(command, &mut effects),
            Command::Bookmark(command) => self.bookmark(command),
            Command::Console(command) => self.console_command(command, &mut effects),
            Command::Keys(command) => self.keys_command(command, &mut effects),
            Command::Search(command) => self.search_command(command, &mut effects),
            Command::WriteHere(bytes) => self.write_here(bytes),
            Command::Inspector(settings) => {
                self.settings.inspector = settings;
                self.keep_settings(&mut effects);
            }
            Command::Structure(command) => self.structure_command(command, &mut effects),
            Command::Hash(command) => self.hash_command(command, &mut effects),
            Command::Lesson(command) => self.lesson_command(command, &mut effects),
            Command::Convert(command) => self.convert_command(command, &mut effects),
            Command::Compare(command) => self.compare_command(command, &mut effects),
            Command::Source(command) => self.source_command(command, &mut effects),
            Command::Table(command) => self.table_command(command, &mut effects),
            Command::SavePicture { name, png } => self.ask_save_picture(&name, png, &mut effects),
            Command::SaveStrings(format) => self.ask_save_strings(format, &mut effects),
            Command::SelectBytes { from, to } => self.select_bytes(from, to),
            Command::ExploreAgain => self.explore_again(),
            Command::Report(command) => self.report_command(command, &mut effects),
            Command::Picture(command) => self.picture_command(command),
        }
        // A question that came before the panel is answered: there it is again.
        if self.converting.is_some() && self.dialog.is_none() && self.asking.is_none() {
            self.dialog = Some(Dialog::Convert);
        }
        self.note_jump(stood);
        let closed = std::mem::take(&mut self.console.closed);
        effects.extend(closed.into_iter().map(|id| Effect::Console(ConsoleRequest::Forget(id.get()))));
        self.refresh_search(&mut effects);
        self.refresh_preview(&mut effects);
        self.watch_files(&mut effects);
        self.refresh_structure(&mut effects);
        self.refresh_comparison(&mut effects);
        self.refresh_explored(&mut effects);
        self.refresh_report(&mut effects);
        self.refresh_picture(&mut effects);
        self.refresh_table(&mut effects);
        effects
    }

    pub(super) fn info(&mut self, text: impl Into<String>) {
        self.notices.push(Level::Info, text);
    }

    pub(super) fn warn(&mut self, text: impl Into<String>) {
        self.notices.push(Level::Warning, text);
    }

    pub(super) fn error(&mut self, text: impl Into<String>) {
        self.notices.push(Level::Error, text);
    }

    pub(super) fn activate(&mut self, id: DocumentId) {
        if self.document(id).is_some() {
            self.comparison_front = None;
            self.active = Some(id);
        }
    }

    fn move_tab(&mut self, id: DocumentId, to: usize) {
        if let Some(from) = self.documents.iter().position(|open| open.document.id() == id) {
            let open = self.documents.remove(from);
            self.documents.insert(to.min(self.documents.len()), open);
        }
    }

    pub(super) fn cancel_job(&mut self, id: super::JobId, effects: &mut Vec<Effect>) {
        if let Some(running) = self.jobs.iter_mut().find(|running| running.id == id) {
            running.cancelling = true;
            effects.push(Effect::CancelJob(id));
        }
    }

    fn change_view(&mut self, change: ViewCommand) {
        let Some(open) = self.active_mut() else { return };
        let view = &mut open.view;
        match change {
            ViewCommand::HexScroll(scroll) => view.hex_scroll = scroll,
            ViewCommand::SecondHexScroll(scroll) => view.second.scroll = scroll,
            ViewCommand::HexFront(side) => view.hex_front = side,
            ViewCommand::HexColumn(column) => view.hex_column = column,
            ViewCommand::TextScroll(scroll, x) => (view.text_scroll, view.text_scroll_x) = (scroll, x),
            ViewCommand::Encoding(encoding) => view.encoding = encoding,
            ViewCommand::Picture(zoom, center) => (view.zoom, view.picture_center) = (zoom, center),
            ViewCommand::TableScroll(scroll, x) => (view.table_scroll, view.table_scroll_x) = (scroll, x),
            ViewCommand::ColumnWidth(column, width) => {
                if view.column_widths.len() <= column {
                    view.column_widths.resize(column + 1, None);
                }
                view.column_widths[column] = Some(width.clamp(24.0, 4000.0));
            }
            ViewCommand::Dialect(dialect) => {
                view.dialect = dialect;
                open.preview = super::PreviewState::Nothing;
            }
            // Bytes are linked with it: that is more than a view.
            ViewCommand::TableCell(row, column) => view.table_cell = Some((row, column)),
            ViewCommand::Overview(options) => view.overview = options.checked(open.document.size()),
            ViewCommand::Strings(options) => view.strings = *options,
            ViewCommand::Archive(archive) => view.archive = *archive,
            ViewCommand::Linked(range) => view.linked = range,
            ViewCommand::ShowLinked(range) => {
                view.linked = Some(range);
                view.shown = (range.0, view.shown.1 + 1);
            }
        }
    }

    /// Looks at the document in front where nobody has looked at its content yet. One look at a time for a document:
    /// an edit during a look is looked at after it.
    fn refresh_preview(&mut self, effects: &mut Vec<Effect>) {
        if !self.settings.panes.contains(&PaneKind::Preview) {
            return;
        }
        let Some(open) = self.active() else { return };
        let document = &open.document;
        if open.preview.revision() == Some(document.revision()) || self.is_previewing(document.id()) {
            return;
        }
        // The text of a text stream has to be encoded first, on the window's thread: that is for small ones.
        if document.kind() == StreamKind::Text && document.size() > PREVIEWED_TEXT {
            let revision = document.revision();
            if let Some(open) = self.active_mut() {
                open.preview = super::PreviewState::None { revision };
            }
            return;
        }
        let job = Job::Preview {
            document: document.id(),
            revision: document.revision(),
            input: document.snapshot(),
            name: document.name().to_owned(),
            dialect: open.view.dialect,
            limit: open.limit,
            growing: crate::tasks::Latest::new(),
        };
        self.start(job, effects);
    }

    /// Whether the document in front is shown as a table.
    pub fn shows_table(&self) -> bool {
        self.active().is_some_and(|open| matches!(open.detection.format.info().kind, Kind::Table | Kind::Json))
    }

    fn answered(&mut self, answer: super::Answer, effects: &mut Vec<Effect>) {
        use super::Answer;
        if let Answer::NotShown(why) = answer {
            return self.folder_not_shown(&why);
        }
        let Some(asking) = self.asking.take() else { return };
        if !self.modified().is_empty() {
            self.start(Job::DropCopies, effects);
        }
        match (answer, asking) {
            (Answer::Open(paths), Asking::Insert(document)) => self.insert_file(document, paths.into_iter().next(), effects),
            (Answer::Open(paths), Asking::Script) => self.read_script(paths.into_iter().next(), effects),
            (Answer::Open(paths), Asking::Lesson) => self.open_lesson(paths.into_iter().next(), effects),
            (Answer::Open(paths), Asking::Bookmarks(id)) => self.read_bookmarks(id, paths.into_iter().next(), effects),
            (Answer::Open(paths), Asking::Compare(id)) => self.compare_with_file(id, paths.into_iter().next(), effects),
            (Answer::Open(paths), Asking::Recipe) => self.read_recipe(paths.into_iter().next(), effects),
            // Who changes their mind goes on with the report.
            (Answer::Cancelled, Asking::Recipe | Asking::Save(SavePurpose::Report(_) | SavePurpose::Recipe)) => {
                self.open_report();
            }
            (Answer::Save(folder), Asking::Extract(archive, members)) => self.ask_extract(archive, members, folder),
            (Answer::Save(place), Asking::Results) => self.results_go_to(place, effects),
            (Answer::Open(paths), Asking::Sources) => self.sources_named(paths, effects),
            (Answer::Open(paths), Asking::Open) => self.open_paths(paths, effects),
            (Answer::Save(path), Asking::Save(purpose)) => self.save_to(purpose, path, true, effects),
            (Answer::Unavailable(reason), asking) => {
                self.ask_for_path(asking, reason);
            }
            _ => self.closing = None,
        }
    }

    fn change_form(&mut self, form: Form) {
        match (form, &mut self.dialog) {
            (Form::CopyAs(style, choices), Some(Dialog::CopyAs(copy))) => copy.change(style, choices),
            (Form::PasteAs(text, style), Some(Dialog::PasteAs(paste))) => paste.change(text, style),
            (Form::Range(from, to), Some(Dialog::SelectRange(_))) => {
                self.change_range(super::RangeDialog { from, to, ..Default::default() });
            }
            (Form::Bytes(form), Some(Dialog::Bytes(_))) => self.change_bytes_form(*form),
            (Form::Resize(size, fill), Some(Dialog::Resize(_))) => self.change_resize(size, fill),
            _ => {}
        }
    }

    fn answer_dialog(&mut self, command: DialogCommand, effects: &mut Vec<Effect>) {
        let Some(dialog) = &mut self.dialog else { return };
        match (command, dialog) {
            (DialogCommand::Cancel, _) => self.cancel_dialog(effects),
            (DialogCommand::Text(new), _) => {
                self.dialog_text(new);
                self.check_typed_path(effects);
            }
            (DialogCommand::Accept, _) => self.accept_dialog(effects),
            (DialogCommand::Discard, Dialog::Unsaved { then, .. }) => {
                let then = *then;
                self.dialog = None;
                self.close_for_good(then, effects);
            }
            (DialogCommand::Discard, Dialog::Source(_)) => self.discard_source(),
            (DialogCommand::Discard, Dialog::OfferLesson(path)) => {
                let path = std::mem::take(path);
                self.dialog = None;
                self.open_paths(vec![path], effects);
            }
            (DialogCommand::ExportFormat(format), Dialog::Export(export)) => {
                export.to = format;
                if export.offered_view().is_none() {
                    export.options.table.view = None;
                }
                self.ask_losses(effects);
            }
            (DialogCommand::ExportView(shown), Dialog::Export(export)) => {
                export.options.table.view = export.offered_view().filter(|_| shown).cloned();
                self.ask_losses(effects);
            }
            (DialogCommand::ExportOptions(options), Dialog::Export(export)) if export.options != options => {
                export.options = options;
                self.ask_losses(effects);
            }
            (DialogCommand::Form(form), _) => self.change_form(form),
            (DialogCommand::SaveAsInstead, Dialog::CopyAs(_)) => {
                if let Some(Dialog::CopyAs(copy)) = self.dialog.take() {
                    self.accept_copy_as(copy, true, effects);
                }
            }
            (DialogCommand::SaveAsInstead, Dialog::ChangedOnDisk { document, .. }) => {
                let document = *document;
                self.dialog = None;
                self.ask_save(document, effects);
            }
            _ => {}
        }
    }
}

/// Whether a first hex digit that waits for its second is forgotten by this.
fn drops_nibble(command: &Command) -> bool {
    !matches!(
        command,
        Command::TypeNibble { .. }
            | Command::Cell(_)
            | Command::Finished(..)
            | Command::View(
                ViewCommand::HexScroll(_)
                    | ViewCommand::SecondHexScroll(_)
                    | ViewCommand::TextScroll(..)
                    | ViewCommand::TableScroll(..)
                    | ViewCommand::Linked(_)
                    | ViewCommand::Overview(_)
                    | ViewCommand::Strings(_)
                    | ViewCommand::Archive(_)
            )
            | Command::Table(super::table::TableCommand::Grown)
            | Command::Hash(_)
            | Command::Structure(_)
            | Command::Window { .. }
            | Command::Notice(_)
            | Command::Disk(_)
            | Command::Console(ConsoleCommand::Complete { .. } | ConsoleCommand::Completed(_) | ConsoleCommand::EndCompletion)
            | Command::Walk(super::WalkCommand::Tick { .. } | super::WalkCommand::Speed(_))
            | Command::Picture(super::PictureCommand::Tick { .. } | super::PictureCommand::Film(_))
            | Command::Backspace { .. }
    )
}
