//! What jobs brought back.

use crate::app::apply::edit::unknown;
use crate::app::state::PreviewState;
use crate::app::{AppState, Dialog, Effect, ExportError, Job, JobId, JobOutcome, Losses, OpenFile, StructureRead};
use crate::document::{Document, Origin};
use crate::files::{FileError, FileErrorKind, Repair, Repaired, Saved, display_path};
use crate::formats::FormatError;
use crate::stream::Newline;
use std::path::Path;
use std::sync::Arc;

impl AppState {
    pub(in crate::app) fn finished(&mut self, id: JobId, outcome: JobOutcome, effects: &mut Vec<Effect>) {
        let Some(at) = self.jobs.iter().position(|running| running.id == id) else { return };
        let job = self.jobs.remove(at).job;
        match (outcome, job) {
            (JobOutcome::Repaired(found, copies), _) => {
                self.repaired(&found);
                for (name, content) in copies {
                    self.warn(format!("Seektell ended before {name} was saved; here it is again"));
                    self.add(Document::bytes(name, Origin::Clipboard, content), None, unknown());
                }
            }
            (JobOutcome::LookedAtPaths(wrong), Job::LookAtPaths { paths, .. }) => self.typed_path_known(&paths, wrong),
            (JobOutcome::LookedAtFile(found), Job::LookAtFile { document, path, .. }) => self.disk_known(document, &path, found),
            (JobOutcome::OpenedBeside(result), Job::OpenBeside { document, .. }) => self.opened_beside(document, result, effects),
            (JobOutcome::LookedAtFile(_) | JobOutcome::LookedAtPaths(_) | JobOutcome::OpenedBeside(_), _) => {}
            (JobOutcome::ReadBookmarks(text), Job::ReadBookmarks { document, .. }) => self.bookmarks_read(document, text),
            (JobOutcome::Copied | JobOutcome::ReadBookmarks(_), _) => {}
            (JobOutcome::Opened(results), _) => self.opened(results, effects),
            (JobOutcome::ReadScript(Ok((name, source))), _) => self.run_script(name, source, effects),
            (JobOutcome::ReadScript(Err(error)), _) => self.error(format!("Not run: {error}")),
            (JobOutcome::ReadLesson(Ok(lesson)), _) => self.lesson_read(lesson, effects),
            (JobOutcome::ReadLesson(Err(error)), _) => self.error(format!("The lesson was not opened: {error}")),
            (JobOutcome::StandardInput(Ok((buffer, detection))), _) => {
                self.add(Document::bytes("standard input", Origin::StandardInput, buffer), None, detection);
            }
            (JobOutcome::StandardInput(Err(error)), _) => self.error(error),
            (JobOutcome::Saved(result), job) => self.saved(result, job, effects),
            (JobOutcome::Exported(result), job) => self.exported(result, job),
            (JobOutcome::Script(Ok(script)), _) => effects.push(Effect::CopyText(script)),
            (JobOutcome::Script(Err(error)), _) => self.error(format!("Not copied: {error}")),
            (JobOutcome::Losses(result), _) => self.losses_known(id, result),
            (JobOutcome::Converted(result), _) => self.converted(id, result),
            (JobOutcome::ConvertPreviewed(result), _) => self.preview_known(id, *result),
            (JobOutcome::ConvertSurveyed(survey), _) => self.survey_known(id, survey),
            (JobOutcome::Preview(looked), Job::Preview { document, revision, .. }) => {
                let Some(open) = self.document_mut(document) else { return };
                if let Some(detection) = looked.detection {
                    open.detection = detection;
                }
                open.preview = match looked.preview {
                    Ok(Some(preview)) => PreviewState::Ready { preview: Arc::new(preview), revision },
                    Ok(None) => PreviewState::None { revision },
                    Err(error) => PreviewState::Failed { reason: error.to_string(), revision, needs: looked.needs },
                };
                self.table_arrived(document, effects);
            }
            (JobOutcome::Decoded(Ok((text, broken, encoding))), Job::Decode { name, origin, .. }) => {
                if broken > 0 {
                    self.warn(format!("{broken} places are not {}; they read as \u{FFFD}", encoding.name()));
                }
                self.add(Document::text(name, Origin::Derived(origin), text.as_str(), Newline::Lf), None, unknown());
            }
            (JobOutcome::Source(outcome), Job::Source(job)) => self.source_done(outcome, *job),
            (JobOutcome::CopyCells(result), job) => self.cells_copied(result, &job, effects),
            (JobOutcome::ChangeTable(made), Job::ChangeTable { document, revision, change, .. }) => {
                self.table_changed(document, revision, made, &change);
            }
            (JobOutcome::ChangeTable(_), _) => {}
            (JobOutcome::ArrangeTable(result), job) => self.table_arranged(id, &job, result),
            (JobOutcome::SearchTable(result), job) => self.table_searched(id, &job, result),
            (JobOutcome::SeekInTable(result), job) => self.found_in_table(&job, result),
            (JobOutcome::ColumnFacts(result), job) => self.facts_known(id, &job, result),
            (JobOutcome::CopyText(result), job) => self.copied(result, &job, effects),
            (JobOutcome::PasteText(read), Job::PasteText { document, style, .. }) => self.pasted(document, style, read),
            (JobOutcome::Bytes(result), job) => self.operated(result, &job),
            (JobOutcome::InsertFile(result), job) => self.inserted(result, &job),
            (JobOutcome::FoundLine(result), job) => self.found_line(result, &job),
            (JobOutcome::Encoded(Ok(png)), _) => {
                let name = format!("{}.png", self.untitled_name());
                self.add(Document::bytes(name, Origin::Clipboard, png), None, unknown());
            }
            (JobOutcome::Decoded(Err(FormatError::Cancelled(_))) | JobOutcome::Encoded(Err(FormatError::Cancelled(_))), _) => {}
            (JobOutcome::Compared(result), _) => self.compared(id, result),
            (JobOutcome::OtherUnit(result), Job::OtherUnit { document, revision, at, direction, .. }) => {
                self.other_unit((document, revision, at), direction, result);
            }
            (JobOutcome::OtherUnit(_), _) => {}
            (JobOutcome::Decoded(Err(error)), _) => self.error(format!("Not decoded: {error}")),
            (JobOutcome::Encoded(Err(error)), _) => self.error(format!("Not pasted: {error}")),
            (JobOutcome::Searched, _) => self.searched(id),
            (JobOutcome::Found(result), Job::FindOne { document, revision, forward, .. }) => {
                self.found_one(id, (document, revision), forward, result);
            }
            (JobOutcome::Replaced(result), Job::ReplaceAll { document, revision, .. }) => {
                self.replaced_all(document, revision, result);
            }
            (JobOutcome::ReplacedEverywhere(results), Job::ReplaceEverywhere { targets, .. }) => {
                self.ask_replace_everywhere(&targets, results);
            }
            (JobOutcome::ReplacedEverywhere(_), _) => {}
            (JobOutcome::MatchesSaved(result), job) => self.matches_saved(result, job),
            (JobOutcome::Found(_) | JobOutcome::Replaced(_), _) => {}
            (JobOutcome::Structure(result), Job::Structure { document, revision, more, .. }) => {
                self.structure_known(document, revision, more.is_some(), result);
            }
            (JobOutcome::Hashed(result), Job::Hash { document, key, .. }) => self.hashed(document, key, result),
            (JobOutcome::ReportPreview(look), job) => self.report_known(&job, *look),
            (JobOutcome::ReadRecipe(read), _) => self.recipe_read(read),
            (JobOutcome::Overview(overview), job) => self.overview_known(id, &job, overview),
            (JobOutcome::Strings(strings), job) => self.strings_known(id, &job, strings),
            (JobOutcome::PictureDetails(details), job) => self.picture_details_known(id, &job, details),
            (JobOutcome::PictureNumbers(numbers), job) => self.picture_numbers_known(id, &job, numbers),
            (JobOutcome::CopyPicture(copy), _) => self.picture_copied(copy, effects),
            (JobOutcome::Panicked(message), job) => {
                self.convert_broke(id, &message);
                self.job_broke(&message, &job);
                self.never_explored(id, &job);
            }
            (JobOutcome::Cancelled, job) => {
                self.convert_broke(id, "It was stopped before it began");
                if matches!(job, Job::ConvertPreview { .. } | Job::ConvertSurvey { .. }) {
                    return;
                }
                self.never_explored(id, &job);
                self.never_began(job);
            }
            (
                JobOutcome::Preview(_)
                | JobOutcome::Decoded(_)
                | JobOutcome::Hashed(_)
                | JobOutcome::Source(_)
                | JobOutcome::PasteText(_)
                | JobOutcome::Structure(_),
                _,
            ) => {}
        }
    }

    /// What broke, or was stopped before it began, is not begun again by itself.
    fn never_explored(&mut self, id: JobId, job: &Job) {
        self.overview_known(id, job, None);
        self.strings_known(id, job, None);
        self.report_known(job, Default::default());
        self.picture_details_known(id, job, None);
        self.table_job_never_ended(id, job);
        self.picture_numbers_known(id, job, None);
        if let Job::Search { targets, .. } = job {
            // The list says of each document that it was not searched to the end.
            for target in targets {
                target.feed.0.stop();
            }
            self.searched(id);
        }
        if self.search.seeking == Some(id) {
            self.search.seeking = None;
        }
    }

    /// A document that was saved under another name has another name in the console too.
    fn rename(&mut self, document: crate::document::DocumentId, file: String) {
        if self.document(document).is_none_or(|open| open.document.name() == file) {
            return;
        }
        let others = |name: &str| self.documents().iter().any(|open| open.name == name && open.document.id() != document);
        let name = crate::app::name_for(&file, others);
        if let Some(open) = self.document_mut(document) {
            open.document.set_name(file);
            open.name = name;
        }
    }

    fn repaired(&mut self, found: &[Repaired]) {
        for Repaired { path, repair, old, new } in found {
            let path = display_path(path);
            match repair {
                Repair::Whole => {}
                Repair::Finished => self.info(format!("A save that was interrupted is finished now: {path}")),
                Repair::Undecided => self.error(format!(
                    "A save was interrupted, and the file is something else by now; the old content is in {}, the new in {}: {path}",
                    display_path(old),
                    display_path(new)
                )),
            }
        }
    }

    /// A save that was cancelled while it waited for its turn is told like any other that was cancelled.
    fn never_began(&mut self, job: Job) {
        self.comparison_stopped(None);
        let looks =
            matches!(job, Job::ArrangeTable { .. } | Job::SearchTable { .. } | Job::SeekInTable { .. } | Job::ColumnFacts { .. });
        if looks
            || matches!(
                job,
                Job::Overview { .. } | Job::Strings { .. } | Job::Search { .. } | Job::FindOne { .. } | Job::ReportPreview { .. }
            )
        {
            return;
        }
        self.closing = None;
        if matches!(
            job,
            Job::Save { .. }
                | Job::Export { .. }
                | Job::SaveText { .. }
                | Job::ExportFrames { .. }
                | Job::Script { .. }
                | Job::SaveStrings { .. }
                | Job::Report { .. }
        ) {
            self.info("The save was cancelled; the file is as it was");
        }
    }

    fn job_broke(&mut self, message: &str, job: &Job) {
        self.closing = None;
        self.error(format!("{} failed: {message}", job.title()));
        self.comparison_stopped(Some(message));
        // What broke once breaks again: the content is not looked at a second time.
        if let Job::Preview { document, revision, .. } = job
            && let Some(open) = self.document_mut(*document)
        {
            open.preview = PreviewState::Failed { reason: message.to_owned(), revision: *revision, needs: None };
        }
        if let Job::Structure { document, revision, more: None, .. } = job
            && let Some(open) = self.document_mut(*document)
        {
            open.structure.read = Some((*revision, StructureRead::Failed(message.to_owned())));
        }
        if let Job::Hash { document, key, .. } = job
            && let Some(open) = self.document_mut(*document)
        {
            open.hashes.stopped = Some(key.clone());
        }
        if let Some(Dialog::Export(export)) = &mut self.dialog
            && matches!(job, Job::Losses { .. })
        {
            export.losses = Losses::Impossible(message.to_owned());
        }
    }

    fn saved(&mut self, result: Result<Saved, FileError>, job: Job, effects: &mut Vec<Effect>) {
        let Job::Save { document, revision, content, .. } = &job else { return };
        let (document, revision, content) = (*document, *revision, content.clone());
        match result {
            Ok(saved) => {
                self.settings.remember(&saved.path);
                self.keep_settings(effects);
                self.tell_saved(&saved, "Saved");
                if let Some(file) = saved.path.file_name().map(|file| file.to_string_lossy().into_owned()) {
                    self.rename(document, file);
                }
                if let Some(open) = self.document_mut(document) {
                    // What was protected because of its file is not any more.
                    if open.file.as_ref().is_some_and(|file| !file.writable) {
                        open.document.set_protected(false);
                    }
                    open.document.mark_saved(revision);
                    open.document.set_saved_content(content);
                    open.document.set_origin(Origin::File(saved.path.clone()));
                    open.file = Some(OpenFile { path: saved.path, identity: saved.identity, writable: true });
                    open.disk = crate::app::DiskState::Same;
                }
                self.go_on_closing(effects);
            }
            Err(error) => {
                self.closing = None;
                self.not_saved(error, job, Some(document));
            }
        }
    }

    fn exported(&mut self, result: Result<(Saved, crate::formats::Conversion), ExportError>, job: Job) {
        match result {
            Ok((saved, conversion)) => {
                self.tell_saved(&saved, "Exported");
                for loss in conversion.losses {
                    self.warn(loss.what);
                }
            }
            Err(ExportError::File(error)) => self.not_saved(error, job, None),
            Err(ExportError::Format(FormatError::Cancelled(_))) => self.info("The export was cancelled; nothing was written"),
            Err(ExportError::Format(error)) => self.error(format!("Not exported: {error}")),
            Err(ExportError::Verify(error)) => self.error(format!("Not exported: {error}")),
        }
    }

    pub(in crate::app) fn not_saved(&mut self, error: FileError, job: Job, document: Option<crate::document::DocumentId>) {
        if let Some(folder) = self.folder_before.take() {
            // The next dialog does not begin where nothing could be saved.
            self.settings.forget(&error.path, folder);
        }
        match (&error.kind, document) {
            (FileErrorKind::Exists, _) => self.dialog = Some(Dialog::Overwrite { path: error.path, job: Box::new(job) }),
            (FileErrorKind::ChangedOnDisk, Some(document)) => {
                self.dialog = Some(Dialog::ChangedOnDisk { document, path: error.path });
            }
            (FileErrorKind::Cancelled, _) => self.info("The save was cancelled; the file is as it was"),
            _ => self.error(format!("Not saved: {error}")),
        }
    }

    pub(in crate::app) fn tell_saved(&mut self, saved: &Saved, verb: &str) {
        self.info(format!("{verb} {}", name(&saved.path)));
        for note in &saved.notes {
            self.warn(note.clone());
        }
    }

    fn losses_known(&mut self, id: JobId, result: Result<Vec<crate::formats::Loss>, FormatError>) {
        let Some(Dialog::Export(export)) = &mut self.dialog else { return };
        if export.losses != Losses::Asking(id) {
            return;
        }
        match result {
            Ok(losses) => export.losses = Losses::Known(losses),
            Err(FormatError::Cancelled(_)) => {}
            Err(error) => export.losses = Losses::Impossible(error.to_string()),
        }
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
