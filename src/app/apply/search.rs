//! Searching: the find bar, its jobs, and what they bring back.

use std::path::{Path, PathBuf};

use crate::app::numbers::{count, matches as said};
use crate::app::search::{self, content_of};
use crate::app::state::SavePurpose;
use crate::app::{
    AppState, Effect, FindForm, FindKind, HexColumn, Job, JobId, PaneKind, Results, SEARCHED_AT_ONCE, Scope, SearchCommand,
    SharedFeed, Target,
};
use crate::buffer::{ByteRange, Offset};
use crate::document::{Data, DocumentId, Operation};
use crate::explore::search::{Content, FeedState, Hit, Needle, Pattern, Replaced, ReplacementError, SearchError};
use crate::files::{Existing, FileError, Saved};
use crate::formats::Format;

/// The longest selection that becomes a needle.
const SELECTED: u64 = 1024;

impl AppState {
    pub(in crate::app) fn search_command(&mut self, command: SearchCommand, effects: &mut Vec<Effect>) {
        match command {
            SearchCommand::Form(form) => self.set_form(*form),
            SearchCommand::Step { forward } => self.find_step(forward, effects),
            SearchCommand::All => self.find_all(effects),
            SearchCommand::ReplaceOne => self.replace_one(effects),
            SearchCommand::ReplaceAll => self.replace_all(effects),
            SearchCommand::Stop => {
                if let Some(job) = self.search.job {
                    self.cancel_job(job, effects);
                }
            }
            SearchCommand::Close => self.close_find(effects),
            SearchCommand::Go { document, hit } => {
                let same = self.search.results_of(document).map(|results| results.target.revision);
                if same == self.document(document).map(|open| open.document.revision()) {
                    self.go_to_hit(document, hit, "");
                } else {
                    self.search.note = "The document has changed since it was searched: search again".into();
                }
            }
            SearchCommand::Export => self.ask_save_matches(effects),
        }
    }

    /// Shows the find bar, with the line for the replacement where it is asked for.
    pub(in crate::app) fn open_find(&mut self, replacing: bool) {
        self.search.open = true;
        self.search.replacing = replacing;
        self.search.focus += 1;
        self.search.note.clear();
    }

    fn close_find(&mut self, effects: &mut Vec<Effect>) {
        self.search.open = false;
        self.search.note.clear();
        for job in [self.search.job, self.search.seeking.take()].into_iter().flatten() {
            self.cancel_job(job, effects);
        }
    }

    fn set_form(&mut self, form: FindForm) {
        let id = self.active;
        let known = self.search.selection.as_ref().is_some_and(|(document, _)| Some(*document) == id);
        if form.scope == Scope::Selection && (self.search.form.scope != Scope::Selection || !known) {
            self.search.checked = None;
            let selected = self.active().and_then(|open| {
                let selection = open.document.selection()?;
                Some((open.document.id(), selection.start()..selection.end()))
            });
            self.search.selection = selected;
        }
        self.search.form = form;
        self.search.note.clear();
    }

    /// Makes the needle ready for the document in front where the form or the document changed.
    fn check_form(&mut self) {
        let Some(open) = self.active() else { return };
        let content = content_of(&open.document);
        let unit = match &content {
            Content::Bytes(_) => 0,
            Content::Text(text) => text.byte_len().get().checked_div(text.len()).unwrap_or(1),
        };
        let id = open.document.id();
        let key = (self.search.form.clone(), id, unit);
        if self.search.checked.as_ref() == Some(&key) {
            return;
        }
        let query = self.search.form.query();
        let pattern = Pattern::new(&query, &content);
        let scoped = self.search.form.scope != Scope::Selection || self.search.range(id).is_some();
        let search = &mut self.search;
        search.error = match &pattern {
            Err(error) => search::told(error, &query, &content),
            Ok(_) if !scoped => Some("Select something to search in, and choose this again".into()),
            Ok(_) => None,
        };
        search.error_shown = pattern.as_ref().err().and_then(|error| query.shown(error));
        search.replacement_error = match &pattern {
            Ok(_) => search::replacement(&search.form, &content).err(),
            Err(_) => None,
        };
        search.pattern = pattern.ok().filter(|_| scoped);
        search.checked = Some(key);
    }

    /// Keeps the needle and what it found up to date while the find bar is shown: documents of a usual size are searched at
    /// once, whatever changes.
    pub(in crate::app) fn refresh_search(&mut self, effects: &mut Vec<Effect>) {
        let documents = &self.documents;
        self.search.results.retain(|results| documents.iter().any(|open| open.document.id() == results.target.document));
        if !self.search.open {
            return;
        }
        self.check_form();
        if self.search.pattern.is_none() {
            if let Some(job) = self.search.job.take() {
                self.cancel_job(job, effects);
            }
            self.search.results.clear();
            return;
        }
        if self.is_searched() {
            return;
        }
        let ids = self.scope_ids();
        let len = |id: &DocumentId| self.document(*id).map_or(0, |open| open.document.size());
        if ids.iter().map(len).fold(0, u64::saturating_add) <= SEARCHED_AT_ONCE {
            self.start_search(effects);
        }
    }

    /// The documents that a search goes over, the one in front first.
    pub(super) fn scope_ids(&self) -> Vec<DocumentId> {
        let all = self.search.form.scope == Scope::All;
        let others = self.documents.iter().map(|open| open.document.id()).filter(|id| all && Some(*id) != self.active);
        self.active.into_iter().chain(others).collect()
    }

    /// Whether what the find bar asks for is what was searched, or is being searched.
    fn is_searched(&self) -> bool {
        let query = self.search.form.query();
        let ids = self.scope_ids();
        let searched = |id: &DocumentId| {
            self.search.results_of(*id).zip(self.document(*id)).is_some_and(|(results, open)| {
                results.query == query
                    && results.target.revision == open.document.revision()
                    && results.target.range == self.search.range(*id)
            })
        };
        ids.iter().all(searched)
    }

    fn start_search(&mut self, effects: &mut Vec<Effect>) {
        if let Some(job) = self.search.job.take() {
            self.cancel_job(job, effects);
        }
        let query = self.search.form.query();
        let results = |id: DocumentId| {
            let open = self.document(id).filter(|open| !open.document.is_closed())?;
            let target = Target {
                document: id,
                revision: open.document.revision(),
                content: content_of(&open.document),
                range: self.search.range(id),
                feed: SharedFeed::default(),
            };
            Some(Results { target, name: open.document.name().to_owned(), query: query.clone() })
        };
        let results: Vec<Results> = self.scope_ids().into_iter().filter_map(results).collect();
        let targets = results.iter().map(|results| results.target.clone()).collect();
        self.search.results = results;
        self.search.job = Some(self.start(Job::Search { targets, query }, effects));
    }

    /// The find bar and the list; with several documents open, in all of them.
    pub(in crate::app) fn find_everywhere(&mut self, effects: &mut Vec<Effect>) {
        if self.documents.len() > 1 {
            self.search.form.scope = Scope::All;
        }
        self.search.focus += 1;
        self.find_all(effects);
    }

    /// All matches in the list.
    pub(in crate::app) fn find_all(&mut self, effects: &mut Vec<Effect>) {
        self.search.open = true;
        if !self.settings.panes.contains(&PaneKind::Search) {
            self.settings.panes.push(PaneKind::Search);
            self.keep_settings(effects);
        }
        self.search.front += 1;
        self.check_form();
        if self.search.pattern.is_none() {
            return;
        }
        self.remember_needle(effects);
        if !self.is_searched() || self.search.results.iter().any(|results| results.target.feed.0.state() == FeedState::Stopped) {
            self.start_search(effects);
        }
    }

    pub(super) fn remember_needle(&mut self, effects: &mut Vec<Effect>) {
        let needles: Vec<String> = self.search.form.needles().iter().map(Needle::written).collect();
        if !self.settings.needles.starts_with(&needles) {
            // The first line's comes first.
            needles.iter().rev().for_each(|needle| self.settings.remember_needle(needle));
            self.keep_settings(effects);
        }
    }

    /// The next match from the cursor, or the previous one.
    pub(in crate::app) fn find_step(&mut self, forward: bool, effects: &mut Vec<Effect>) {
        self.check_form();
        if self.search.pattern.is_none() {
            self.open_find(self.search.replacing);
            return;
        }
        self.remember_needle(effects);
        let Some(open) = self.active() else { return };
        let (id, revision) = (open.document.id(), open.document.revision());
        let from = match open.document.selection() {
            Some(selection) if forward => selection.start() + 1,
            Some(selection) => selection.start(),
            None => open.document.position(),
        };
        if let Some((hit, wrapped)) = self.known_step(id, revision, from, forward) {
            self.go_to_hit(id, hit, wrapped_note(wrapped, forward));
            return;
        }
        if let Some(job) = self.search.seeking.take() {
            self.cancel_job(job, effects);
        }
        let Some(open) = self.document(id) else { return };
        let job = Job::FindOne {
            document: id,
            revision,
            content: content_of(&open.document),
            range: self.search.range(id),
            query: self.search.form.query(),
            from,
            forward,
        };
        self.search.seeking = Some(self.start(job, effects));
    }

    /// The match that a step leads to, where the list knows it, and whether it lies at the other end.
    fn known_step(&self, id: DocumentId, revision: u64, from: u64, forward: bool) -> Option<(Hit, bool)> {
        let results = self.search.results_of(id)?;
        let fits = results.target.revision == revision
            && results.query == self.search.form.query()
            && results.target.range == self.search.range(id);
        if !fits {
            return None;
        }
        let feed = &results.target.feed.0;
        let whole = feed.state() == FeedState::Done && feed.total() == feed.kept() as u64;
        let at = feed.at_or_after(from);
        if forward {
            let next = feed.get(at).map(|hit| (hit, false));
            return next.or_else(|| feed.get(0).filter(|_| whole).map(|hit| (hit, true)));
        }
        if at > 0 && feed.is_whole_before(from) {
            return feed.get(at - 1).map(|hit| (hit, false));
        }
        feed.kept().checked_sub(1).filter(|_| whole && at == 0).and_then(|last| Some((feed.get(last)?, true)))
    }

    fn go_to_hit(&mut self, id: DocumentId, hit: Hit, note: &str) {
        self.activate(id);
        let Some(open) = self.document_mut(id) else { return };
        // The cursor stands where the match begins: that is its address.
        open.document.select(hit.end(), hit.offset);
        open.view.reveal += 1;
        let revision = open.document.revision();
        self.search.current = Some((id, revision, hit));
        self.search.note = note.to_owned();
    }

    pub(in crate::app) fn searched(&mut self, id: JobId) {
        if self.search.job == Some(id) {
            self.search.job = None;
        }
    }

    pub(in crate::app) fn found_one(
        &mut self,
        job: JobId,
        (id, revision): (DocumentId, u64),
        forward: bool,
        result: Result<Option<(Hit, bool)>, SearchError>,
    ) {
        if self.search.seeking != Some(job) {
            return;
        }
        self.search.seeking = None;
        let unchanged = self.document(id).is_some_and(|open| open.document.revision() == revision);
        match result {
            Ok(Some(_)) if self.console.is_running() || !unchanged => {}
            Ok(Some((hit, wrapped))) => self.go_to_hit(id, hit, wrapped_note(wrapped, forward)),
            Ok(None) => self.search.note = "Not found".into(),
            Err(SearchError::Cancelled) => {}
            Err(error) => self.error(format!("Not searched to the end: {error}")),
        }
    }

    /// The needle becomes what is selected: text where the caret is in a column of text, else bytes.
    pub(in crate::app) fn find_selection(&mut self) {
        let Some(open) = self.active() else { return };
        let Some(selection) = open.document.selection() else { return };
        if selection.len() > SELECTED {
            self.error(format!("What is searched for may have {}", count(SELECTED, "byte")));
            return;
        }
        let (start, end) = (selection.start(), selection.end());
        let printable = |text: &str| !text.chars().any(char::is_control);
        let (kind, text) = match content_of(&open.document) {
            Content::Text(text) => (FindKind::Text, text.slice(start, end).to_string_lossy()),
            Content::Bytes(bytes) => match bytes.to_vec(ByteRange::between(Offset(start), Offset(end))) {
                Err(error) => {
                    self.error(error.to_string());
                    return;
                }
                Ok(bytes) => match String::from_utf8(bytes) {
                    Ok(text) if open.view.hex_column == HexColumn::Text && printable(&text) => (FindKind::Text, text),
                    Ok(text) => (FindKind::Hex, hex(text.as_bytes())),
                    Err(error) => (FindKind::Hex, hex(error.as_bytes())),
                },
            },
        };
        let mut form = self.search.form.clone();
        if kind == FindKind::Text && self.search.form.encoding != "utf-8" {
            form.encoding = "utf-8".into();
        }
        (form.kind, form.text) = (kind, text);
        form.more.clear();
        if form.scope == Scope::Selection {
            form.scope = Scope::Document;
        }
        self.set_form(form);
        self.search.open = true;
    }

    /// Replaces the match that is selected, and goes on to the next one.
    fn replace_one(&mut self, effects: &mut Vec<Effect>) {
        self.check_form();
        let Some(open) = self.active() else { return };
        let content = content_of(&open.document);
        let id = open.document.id();
        let selection = open.document.selection().map(|selection| (selection.start(), selection.end()));
        let current = self.search.current(&open.document).filter(|hit| selection == Some((hit.offset, hit.end())));
        let (Some(hit), Some(pattern)) = (current, self.search.pattern.clone()) else {
            self.find_step(true, effects);
            return;
        };
        let new = search::replacement(&self.search.form, &content)
            .and_then(|with| pattern.replacement(&content, self.search.range(id), hit, &with).map_err(|error| error.to_string()));
        match new {
            Ok(new) => {
                let len = new.len();
                self.edit(Operation::Replace { start: hit.offset, end: hit.end(), data: data(new) }, None);
                self.resize_scope(id, hit.offset..hit.end(), len);
                self.find_step(true, effects);
            }
            Err(error) => self.search.replacement_error = Some(error),
        }
    }

    /// A selection that is searched in grows or shrinks with what is replaced inside.
    fn resize_scope(&mut self, document: DocumentId, old: std::ops::Range<u64>, new: u64) {
        if let Some((id, range)) = &mut self.search.selection
            && *id == document
            && old.end <= range.end
        {
            range.end = range.end - (old.end - old.start) + new;
        }
    }

    fn replace_all(&mut self, effects: &mut Vec<Effect>) {
        self.check_form();
        let (Some(open), Some(_)) = (self.active(), &self.search.pattern) else { return };
        if self.search.form.scope == Scope::All && self.documents.len() > 1 {
            self.begin_replacing_everywhere(effects);
            return;
        }
        let content = content_of(&open.document);
        let (id, revision) = (open.document.id(), open.document.revision());
        let with = match search::replacement(&self.search.form, &content) {
            Ok(with) => with,
            Err(error) => {
                self.search.replacement_error = Some(error);
                return;
            }
        };
        self.remember_needle(effects);
        let query = self.search.form.query();
        let job = Job::ReplaceAll { document: id, revision, content, range: self.search.range(id), query, with };
        self.start(job, effects);
    }

    pub(in crate::app) fn replaced_all(
        &mut self,
        id: DocumentId,
        revision: u64,
        result: Result<Option<Replaced>, ReplacementError>,
    ) {
        let unchanged = self.document(id).is_some_and(|open| open.document.revision() == revision);
        match result {
            Ok(Some(_)) if !unchanged || self.console.is_running() => {
                self.error("Nothing was replaced: the document changed in the meantime");
            }
            Ok(Some(replaced)) => {
                let Replaced { range, content, count: matches } = replaced;
                let len = content.len();
                let operation = Operation::Replace { start: range.start, end: range.end, data: data(content) };
                if self.locked(id, &operation).is_some() {
                    return;
                }
                let Some(open) = self.document_mut(id) else { return };
                let result = open.document.perform(operation);
                open.view.reveal += 1;
                match result {
                    Ok(_) => {
                        self.resize_scope(id, range, len);
                        self.info(format!("Replaced {}", said(matches)));
                    }
                    Err(exception) => self.error(exception.to_string()),
                }
            }
            Ok(None) => self.search.note = "Not found: nothing was replaced".into(),
            Err(ReplacementError::Search(SearchError::Cancelled)) => self.info("Replacing was cancelled; nothing was replaced"),
            Err(error) => self.error(format!("Nothing was replaced: {error}")),
        }
    }

    fn ask_save_matches(&mut self, effects: &mut Vec<Effect>) {
        let Some(first) = self.search.results.first() else { return };
        let name = format!("{} matches.csv", crate::app::apply::save::stem(&first.name));
        let formats = vec![Format::Csv, Format::Tsv, Format::Json];
        self.ask(SavePurpose::Matches, "Save the list of matches".into(), name, formats, effects);
    }

    pub(in crate::app) fn save_matches(&mut self, path: PathBuf, existing: Existing, effects: &mut Vec<Effect>) {
        let format = list_format(&path).unwrap_or(Format::Csv);
        let results = self
            .search
            .results
            .iter()
            .map(|results| (results.name.clone(), results.query.clone(), results.target.clone()))
            .collect();
        self.start(Job::Matches { results, format, path, existing }, effects);
    }

    pub(in crate::app) fn matches_saved(&mut self, result: Result<(Saved, u64, u64), FileError>, job: Job) {
        match result {
            Ok((saved, kept, total)) => {
                self.tell_saved(&saved, "Saved");
                if kept < total {
                    self.warn(format!("The list has the first {} of {}", said(kept), said(total)));
                }
            }
            Err(error) => self.not_saved(error, job, None),
        }
    }
}

fn wrapped_note(wrapped: bool, forward: bool) -> &'static str {
    match (wrapped, forward) {
        (false, _) => "",
        (true, true) => "Went on from the start",
        (true, false) => "Went on from the end",
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ")
}

pub(super) fn data(content: Content) -> Data {
    match content {
        Content::Bytes(bytes) => Data::Bytes(bytes),
        Content::Text(text) => Data::Text(text),
    }
}

/// What a list of matches is written as, by the path's extension.
pub(in crate::app) fn list_format(path: &Path) -> Option<Format> {
    match path.extension()?.to_string_lossy().to_ascii_lowercase().as_str() {
        "csv" => Some(Format::Csv),
        "tsv" | "tab" => Some(Format::Tsv),
        "json" => Some(Format::Json),
        _ => None,
    }
}
