//! Replacing in all documents: what comes of it is made first, then there is a question, then it happens.

use super::search::data;
use crate::app::numbers::{count, matches as said};
use crate::app::search::{self, content_of};
use crate::app::{AppState, Dialog, Effect, Job, ReplaceEverywhere, SharedFeed, Target};
use crate::document::{DocumentId, Operation};
use crate::explore::search::{Pattern, Replaced, Replacement, ReplacementError, SearchError};

impl AppState {
    pub(super) fn begin_replacing_everywhere(&mut self, effects: &mut Vec<Effect>) {
        let (form, query) = (self.search.form.clone(), self.search.form.query());
        let mut targets = Vec::new();
        for id in self.scope_ids() {
            let Some(open) = self.document(id).filter(|open| !open.document.is_closed()) else { continue };
            let content = content_of(&open.document);
            // A document of another kind has nothing that fits.
            if Pattern::new(&query, &content).is_err() {
                continue;
            }
            let with = match search::replacement(&form, &content) {
                Ok(with) => with,
                Err(error) => {
                    self.search.replacement_error = Some(error);
                    return;
                }
            };
            let revision = open.document.revision();
            let target = Target { document: id, revision, content, range: None, feed: SharedFeed::default() };
            targets.push((open.document.name().to_owned(), target, with));
        }
        self.remember_needle(effects);
        self.start(Job::ReplaceEverywhere { targets, query }, effects);
    }

    pub(super) fn ask_replace_everywhere(
        &mut self,
        targets: &[(String, Target, Replacement)],
        results: Vec<Result<Option<Replaced>, ReplacementError>>,
    ) {
        let cancelled = Err(ReplacementError::Search(SearchError::Cancelled));
        if results.contains(&cancelled) {
            self.info("Replacing was cancelled; nothing was replaced");
            return;
        }
        let mut question = ReplaceEverywhere { documents: Vec::new(), left_out: Vec::new() };
        for ((name, target, _), result) in targets.iter().zip(results) {
            match result {
                Ok(Some(replaced)) if self.is_locked(target.document) => {
                    question.left_out.push(format!("{}: the console holds a view of it", left_out(name, replaced.count)));
                }
                Ok(Some(replaced)) => question.documents.push((target.document, target.revision, name.clone(), replaced)),
                Ok(None) => {}
                Err(error) => question.left_out.push(format!("Not in {name}: {error}")),
            }
        }
        if !question.documents.is_empty() {
            if self.dialog.is_none() {
                self.dialog = Some(Dialog::ReplaceEverywhere(question));
            } else {
                self.info("Nothing was replaced: another question is open");
            }
        } else if question.left_out.is_empty() {
            self.search.note = "Not found: nothing was replaced".into();
        } else {
            self.error(format!("Nothing was replaced. {}", question.left_out.join(". ")));
        }
    }

    /// The answer was yes.
    pub(super) fn replace_everywhere(&mut self, ReplaceEverywhere { documents, mut left_out }: ReplaceEverywhere) {
        let (mut total, mut changed) = (0_u64, 0);
        for (id, revision, name, Replaced { range, content, count }) in documents {
            match self.replace_in(id, revision, Operation::Replace { start: range.start, end: range.end, data: data(content) }) {
                Ok(()) => (total, changed) = (total.saturating_add(count), changed + 1),
                Err(why) => left_out.push(format!("{}: {why}", self::left_out(&name, count))),
            }
        }
        let words = format!("Replaced {} in {}", said(total), count(changed, "document"));
        match left_out.is_empty() {
            true => self.info(words),
            false => self.warn(format!("{words}. {}", left_out.join(". "))),
        }
    }

    fn replace_in(&mut self, id: DocumentId, revision: u64, operation: Operation) -> Result<(), String> {
        let (running, locked) = (self.console.is_running(), self.is_locked(id));
        let open = self.document_mut(id).ok_or("it was closed in the meantime")?;
        if running || open.document.revision() != revision {
            return Err("it changed in the meantime".into());
        }
        if locked {
            return Err("the console holds a view of it".into());
        }
        open.document.perform(operation).map_err(|exception| exception.to_string())?;
        open.view.reveal += 1;
        Ok(())
    }
}

fn left_out(name: &str, matches: u64) -> String {
    format!("Not in {name} ({})", said(matches))
}
