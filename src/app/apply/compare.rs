//! Comparisons: opening and closing them, keeping them up with their documents, going through the differences.

use std::path::PathBuf;
use std::sync::Arc;

use super::save::stem;
use crate::app::compare::{content, of_side};
use crate::app::numbers::place;
use crate::app::state::{Asking, SavePurpose};
use crate::app::{
    Action, AppState, CompareCommand, CompareId, CompareView, Compared, Dialog, Effect, Job, JobId, Menu, OpenComparison, Side,
};
use crate::buffer::{ByteRange, Len, Offset};
use crate::document::{Data, DocumentId, Operation};
use crate::explore::compare::{CompareError, Direction, Method};
use crate::files::Existing;

/// Contents up to this size together are compared again by themselves after an edit, by position and aligned.
const CHEAP: [u64; 2] = [256 << 20, 16 << 20];

impl AppState {
    /// What an action is worth while a comparison is shown, or where it needs one; `None` where that does not matter.
    pub(in crate::app) fn comparison_allows(&self, action: Action) -> Option<bool> {
        use Action as A;
        let front = self.comparison_in_front();
        let found = front.and_then(|open| open.found.as_ref()).map(|(found, _)| found);
        let differs = found.is_some_and(|found| !found.comparison.is_same());
        match action {
            A::CompareWith => Some(self.active().is_some()),
            A::AlignComparison | A::FoldEqual | A::ScrollTogether | A::SwapSides | A::CompareAgain => Some(front.is_some()),
            A::NextDifference | A::PreviousDifference => Some(differs),
            A::ExportDifferences => Some(found.is_some()),
            A::GoTo | A::RepeatGoTo if front.is_some() => {
                let bytes = self.active().is_some_and(|open| open.document.as_bytes().is_some());
                Some(bytes && found.is_some() && (action == A::GoTo || self.last_go_to.is_some()))
            }
            A::CopyToLeft | A::CopyToRight => Some(front.is_some_and(|open| !open.is_stale(self)) && self.difference().is_some()),
            _ if front.is_some() => hidden_document(action),
            _ => None,
        }
    }

    pub(in crate::app) fn compare_action(&mut self, action: Action, effects: &mut Vec<Effect>) {
        match action {
            Action::CompareWith => {
                if let Some(document) = self.active {
                    self.dialog = Some(Dialog::CompareWith { document, query: String::new() });
                }
            }
            Action::NextDifference => self.step_difference(true),
            Action::PreviousDifference => self.step_difference(false),
            Action::CopyToRight => self.copy_difference(Side::Right),
            Action::CopyToLeft => self.copy_difference(Side::Left),
            Action::ExportDifferences => self.ask_report(effects),
            Action::NextOtherByte => self.find_other_unit(Direction::Forward, effects),
            Action::PreviousOtherByte => self.find_other_unit(Direction::Backward, effects),
            _ => {
                let Some(open) = self.comparison_in_front_mut() else { return };
                match action {
                    Action::AlignComparison => {
                        let other = if open.method == Method::Aligned { Method::Position } else { Method::Aligned };
                        self.choose_method(other, effects);
                    }
                    Action::FoldEqual => {
                        open.view.unfolded = !open.view.unfolded;
                        open.view.opened.clear();
                        open.view.reveal += 1;
                    }
                    Action::ScrollTogether => {
                        open.view.apart = !open.view.apart;
                        open.view.scroll = [open.view.scroll[open.view.side.index()]; 2];
                    }
                    Action::SwapSides => {
                        open.documents.reverse();
                        open.view.side = open.view.side.other();
                        open.found = None;
                        self.compare_in_front(effects);
                    }
                    _ => self.compare_in_front(effects),
                }
            }
        }
    }

    pub(in crate::app) fn compare_command(&mut self, command: CompareCommand, effects: &mut Vec<Effect>) {
        match command {
            CompareCommand::Start { left, right } => self.start_comparison(left, right, effects),
            CompareCommand::Show(id) => self.show_comparison(id),
            CompareCommand::Close(id) => {
                self.stop_comparing(id, effects);
                self.comparisons.retain(|open| open.id != id);
            }
            CompareCommand::With(other) => {
                if let Some(Dialog::CompareWith { document, .. }) = self.dialog {
                    self.dialog = None;
                    self.start_comparison(document, other, effects);
                } else if let Some(document) = self.active {
                    self.dialog = None;
                    self.start_comparison(document, other, effects);
                }
            }
            CompareCommand::WithFile => {
                if let Some(Dialog::CompareWith { document, .. }) = self.dialog {
                    self.dialog = None;
                    self.keep_copies(effects);
                    self.asking = Some(Asking::Compare(document));
                    effects.push(Effect::AskOpen { folder: self.settings.folder.clone() });
                }
            }
            CompareCommand::Method(method) => self.choose_method(method, effects),
            CompareCommand::ShowInDocument => self.show_in_document(),
            CompareCommand::Scroll(scroll) => {
                if let Some(open) = self.comparison_in_front_mut() {
                    open.view.scroll = scroll;
                }
            }
            CompareCommand::Open(place) => {
                if let Some(open) = self.comparison_in_front_mut() {
                    open.view.opened.insert(place);
                }
            }
            CompareCommand::Cursor { place, side, reveal } => {
                if let Some(open) = self.comparison_in_front_mut() {
                    open.view.cursor = place;
                    open.view.side = side;
                    open.view.reveal += u64::from(reveal);
                    let id = open.id;
                    self.show_comparison(id);
                    self.select_in_document(None, place);
                }
            }
            CompareCommand::Select { side, anchor, head, reveal } => {
                if let Some(open) = self.comparison_in_front_mut() {
                    open.view.cursor = open.found.as_ref().map_or(head, |(found, _)| head.min(found.places.total()));
                    open.view.side = side;
                    open.view.reveal += u64::from(reveal);
                    let id = open.id;
                    self.show_comparison(id);
                    self.select_in_document(Some(anchor), head);
                }
            }
        }
    }

    pub(in crate::app) fn start_comparison(&mut self, left: DocumentId, right: DocumentId, effects: &mut Vec<Effect>) {
        if left == right || self.document(left).is_none() || self.document(right).is_none() {
            return;
        }
        let both = [left, right];
        if let Some(open) = self.comparisons.iter().find(|open| open.documents == both || open.documents == [right, left]) {
            let id = open.id;
            self.show_comparison(id);
            return;
        }
        let id = CompareId(self.next_comparison);
        self.next_comparison += 1;
        let texts = both.iter().all(|id| self.document(*id).is_some_and(|open| open.document.as_text().is_some()));
        // People put words in and take them out; bytes of a file more often stay where they are.
        let method = if texts { Method::Aligned } else { Method::Position };
        let view = CompareView::default();
        self.comparisons.push(OpenComparison {
            id,
            documents: both,
            method,
            found: None,
            carried: false,
            failed: None,
            job: None,
            view,
        });
        self.show_comparison(id);
        self.compare_in_front(effects);
    }

    /// Brings a comparison to the front. The document of the side that has the cursor is the one that is saved, undone and
    /// described meanwhile.
    fn show_comparison(&mut self, id: CompareId) {
        let Some(open) = self.comparisons.iter().find(|open| open.id == id) else { return };
        self.active = Some(open.documents[open.view.side.index()]);
        self.comparison_front = Some((id, self.active));
    }

    pub(in crate::app) fn close_comparison_in_front(&mut self) {
        if let Some(id) = self.comparison_in_front().map(|open| open.id) {
            self.comparisons.retain(|open| open.id != id);
        }
    }

    fn choose_method(&mut self, method: Method, effects: &mut Vec<Effect>) {
        if let Some(open) = self.comparison_in_front_mut()
            && open.method != method
        {
            open.method = method;
            self.compare_in_front(effects);
        }
    }

    /// Compares the documents of the comparison in front as they are now; an older attempt is stopped.
    fn compare_in_front(&mut self, effects: &mut Vec<Effect>) {
        let Some(open) = self.comparison_in_front() else { return };
        let (id, documents, method) = (open.id, open.documents, open.method);
        let Some(revisions) = self.revisions(documents) else { return };
        let both = documents.map(|id| self.document(id).map(|open| (content(&open.document), open.document.name().to_owned())));
        let [Some((left, left_name)), Some((right, right_name))] = both else { return };
        self.stop_comparing(id, effects);
        let job = Job::Compare { contents: Box::new([left, right]), names: [left_name, right_name], method };
        let job = self.start(job, effects);
        if let Some(open) = self.comparison_in_front_mut() {
            open.job = Some((job, revisions));
            open.failed = None;
        }
    }

    fn stop_comparing(&mut self, id: CompareId, effects: &mut Vec<Effect>) {
        let job = self.comparisons.iter_mut().find(|open| open.id == id).and_then(|open| open.job.take());
        if let Some((job, _)) = job {
            self.cancel_job(job, effects);
        }
    }

    /// After an edit: compares again where that is cheap, one attempt at a time.
    pub(in crate::app) fn refresh_comparison(&mut self, effects: &mut Vec<Effect>) {
        let Some(open) = self.comparison_in_front() else { return };
        if open.job.is_some() || !open.is_stale(self) {
            return;
        }
        let sizes = open.documents.map(|id| self.document(id).map_or(0, |open| open.document.size()));
        if sizes[0].saturating_add(sizes[1]) <= CHEAP[usize::from(open.method == Method::Aligned)] && open.failed.is_none() {
            self.compare_in_front(effects);
        } else {
            self.carry_over_edits();
        }
    }

    /// The marks of large documents move with their edits; what was edited is not looked at.
    fn carry_over_edits(&mut self) {
        let Some(open) = self.comparison_in_front() else { return };
        let (Some((found, of)), Some(now)) = (&open.found, self.revisions(open.documents)) else { return };
        let mut carried = Arc::clone(found);
        for side in Side::BOTH.into_iter().filter(|side| of[side.index()] != now[side.index()]) {
            let document = self.document(open.documents[side.index()]).and_then(|open| open.document.as_bytes().cloned());
            match document.and_then(|bytes| carried.followed(side, bytes)) {
                Some(followed) => carried = Arc::new(followed),
                None => return,
            }
        }
        if let Some(open) = self.comparison_in_front_mut() {
            open.view.cursor = open.view.cursor.min(carried.places.total());
            open.found = Some((carried, now));
            open.carried = true;
        }
    }

    /// A comparison ended.
    pub(in crate::app) fn compared(&mut self, job: JobId, result: Result<Arc<Compared>, CompareError>) {
        let Some(open) = self.comparisons.iter_mut().find(|open| open.job.is_some_and(|(running, _)| running == job)) else {
            return;
        };
        let Some((_, revisions)) = open.job.take() else { return };
        match result {
            Ok(compared) => {
                // What the cursor stands on stays under it, where it is still there.
                let (side, cursor) = (open.view.side, open.view.cursor);
                let first = open.found.is_none();
                let offset = open.found.as_ref().map(|(before, _)| before.offset(cursor, side));
                let on_difference = open
                    .found
                    .as_ref()
                    .is_some_and(|(before, _)| before.places.difference_at(&before.comparison, cursor).is_some());
                let mut cursor =
                    offset.map_or_else(|| compared.places.start(0).unwrap_or(0), |offset| compared.place(offset, side));
                // Another method finds the difference that it stood on elsewhere: it goes to the one nearby.
                if on_difference && compared.places.difference_at(&compared.comparison, cursor).is_none() {
                    let next = compared.places.first_from(cursor);
                    let near = compared.places.start(next).or_else(|| compared.places.start(next.checked_sub(1)?));
                    cursor = near.unwrap_or(cursor);
                }
                open.view.cursor = cursor.min(compared.places.total());
                open.view.opened.clear();
                open.view.reveal += u64::from(first);
                open.found = Some((compared, revisions));
                open.carried = false;
            }
            Err(CompareError::Cancelled) => open.failed = Some("The comparison was stopped".into()),
            Err(error) => open.failed = Some(error.to_string()),
        }
    }

    /// Jobs that are gone without a result.
    pub(in crate::app) fn comparison_stopped(&mut self, why: Option<&str>) {
        let running: Vec<JobId> = self.jobs.iter().map(|running| running.id).collect();
        for open in &mut self.comparisons {
            if open.job.is_some_and(|(job, _)| !running.contains(&job)) {
                open.job = None;
                open.failed = Some(why.unwrap_or("The comparison was stopped").to_owned());
            }
        }
    }

    /// The difference that the cursor of the comparison in front is in.
    fn difference(&self) -> Option<usize> {
        let open = self.comparison_in_front()?;
        let (found, _) = open.found.as_ref()?;
        found.places.difference_at(&found.comparison, open.view.cursor)
    }

    fn step_difference(&mut self, forward: bool) {
        let here = self.difference();
        let Some(open) = self.comparison_in_front_mut() else { return };
        let Some((found, _)) = &open.found else { return };
        let next = found.places.first_from(open.view.cursor.saturating_add(u64::from(forward)));
        let target = match (forward, here) {
            (true, _) => Some(next),
            (false, Some(here)) => here.checked_sub(1),
            (false, None) => next.checked_sub(1),
        };
        match target.and_then(|target| found.places.start(target)) {
            Some(place) => {
                open.view.cursor = place;
                open.view.reveal += 1;
                self.select_in_document(None, place);
            }
            None if forward => self.info("There is no difference after this"),
            None => self.info("There is no difference before this"),
        }
    }

    /// Gives a side what the other one has in the difference at the cursor, as one undo step.
    fn copy_difference(&mut self, to: Side) {
        let Some(index) = self.difference() else { return };
        let Some(open) = self.comparison_in_front() else { return };
        let documents = open.documents;
        let Some((found, _)) = open.found.clone() else { return };
        let from = to.other();
        let kinds = documents.map(|id| self.document(id).map(|open| open.document.kind()));
        let (data, target) = match &found.characters {
            Some(characters) => {
                let Some(difference) = characters.get(index) else { return };
                let source = self.document(documents[from.index()]).and_then(|open| open.document.as_text());
                let Some(source) = source else { return };
                let (start, len) = of_side(difference, from);
                (Data::Text(source.slice(start, start + len)), of_side(difference, to))
            }
            None if kinds[0] == kinds[1] => {
                let (Some((start, len)), Some(target)) = (found.range(index, from), found.range(index, to)) else { return };
                let range = ByteRange::new(Offset(start), Len(len));
                (Data::Bytes(found.bytes[from.index()].slice(range)), target)
            }
            None => {
                self.error("Bytes cannot be copied into a text, nor text into bytes; decode or encode one of them first");
                return;
            }
        };
        let id = documents[to.index()];
        let operation = Operation::Replace { start: target.0, end: target.0 + target.1, data };
        if self.locked(id, &operation).is_some() {
            return;
        }
        let Some(open) = self.document_mut(id) else { return };
        let result = open.document.perform(operation);
        open.view.reveal += 1;
        if let Err(exception) = result {
            self.error(exception.to_string());
            return;
        }
        // What was copied is equal now, without looking at anything again.
        let revisions = self.revisions(documents);
        let content = self.document(id).map(|open| content(&open.document));
        let Some(open) = self.comparison_in_front_mut() else { return };
        open.view.side = to;
        if let (Some(revisions), Some(Data::Bytes(bytes)), 0) = (revisions, content, found.comparison.joined) {
            let now = found.without(index, to, bytes);
            open.view.cursor = open.view.cursor.min(now.places.total());
            open.found = Some((Arc::new(now), revisions));
        }
        let id = open.id;
        self.show_comparison(id);
    }

    /// The comparison in front shows where the cursor of its document was sent to.
    pub(in crate::app) fn show_in_comparison(&mut self) {
        let Some(at) = self.active().map(|open| open.document.position()) else { return };
        let Some(open) = self.comparison_in_front_mut() else { return };
        let Some((found, _)) = &open.found else { return };
        open.view.cursor = found.place(at, open.view.side).min(found.places.total());
        open.view.reveal += 1;
    }

    fn show_in_document(&mut self) {
        let Some(open) = self.comparison_in_front() else { return };
        let (id, side, cursor) = (open.documents[open.view.side.index()], open.view.side, open.view.cursor);
        let Some((found, _)) = &open.found else { return };
        let Some(document) = self.document(id).map(|open| &open.document) else { return };
        let offset = found.units(found.offset(cursor, side), side, document.as_text().is_some());
        let selects = document.selection().is_some_and(|selection| selection.head == offset);
        self.activate(id);
        if !selects {
            return self.perform(Operation::seek(offset));
        }
        // What is selected stays so, and comes into sight.
        if let Some(open) = self.active_mut() {
            open.view.reveal += 1;
        }
    }

    /// The document of the side with the cursor selects what is between two places, or has its cursor at the second one, as long as
    /// it is what was compared.
    fn select_in_document(&mut self, anchor: Option<u64>, head: u64) {
        let Some(open) = self.comparison_in_front() else { return };
        let (side, id) = (open.view.side, open.documents[open.view.side.index()]);
        let Some((found, of)) = &open.found else { return };
        let Some(document) = self.document(id).map(|open| &open.document) else { return };
        if document.revision() != of[side.index()] || self.console().is_running() {
            return;
        }
        let units = |place: u64| found.units(found.offset(place, side), side, document.as_text().is_some());
        let (anchor, head) = (anchor.map(units), units(head));
        let Some(open) = self.document_mut(id) else { return };
        match anchor {
            Some(anchor) => open.document.select(anchor, head),
            // A walk is not left by looking at something.
            None if open.document.is_walking() => open.document.clear_selection(),
            None => _ = open.document.perform(Operation::seek(head)),
        }
    }

    // ---- files ----

    /// A file that is to be compared with a document: it is opened first, where it is not open already.
    pub(in crate::app) fn compare_with_file(&mut self, id: DocumentId, path: Option<PathBuf>, effects: &mut Vec<Effect>) {
        let Some(path) = path else { return };
        let open = self.documents.iter().find(|open| open.file.as_ref().is_some_and(|file| file.path == path));
        if let Some(other) = open.map(|open| open.document.id()) {
            if other == id {
                self.info("That is the same document");
            }
            self.start_comparison(id, other, effects);
            return;
        }
        self.to_compare = Some((id, path.clone()));
        self.open_paths(vec![path], effects);
    }

    /// Files were opened: one of them may be waited for.
    pub(in crate::app) fn compare_opened(&mut self, effects: &mut Vec<Effect>) {
        let Some((id, path)) = self.to_compare.take() else { return };
        let open = self.documents.iter().find(|open| open.file.as_ref().is_some_and(|file| file.path == path));
        match open.map(|open| open.document.id()) {
            Some(other) => self.start_comparison(id, other, effects),
            None if self.jobs.iter().any(|running| matches!(&running.job, Job::Open(paths) if paths.contains(&path))) => {
                self.to_compare = Some((id, path));
            }
            None => {}
        }
    }

    fn names(&self, documents: [DocumentId; 2]) -> [String; 2] {
        documents.map(|id| self.document(id).map(|open| open.document.name().to_owned()).unwrap_or_default())
    }

    fn ask_report(&mut self, effects: &mut Vec<Effect>) {
        let Some(open) = self.comparison_in_front() else { return };
        let (id, [left, right]) = (open.id, self.names(open.documents));
        let name = format!("{} and {}.csv", stem(&left), stem(&right));
        self.ask(SavePurpose::Differences(id), "Export the differences as CSV or JSON".into(), name, Vec::new(), effects);
    }

    pub(in crate::app) fn start_report(&mut self, id: CompareId, path: PathBuf, existing: Existing, effects: &mut Vec<Effect>) {
        let Some(open) = self.comparisons.iter().find(|open| open.id == id) else { return };
        let Some((compared, _)) = open.found.clone() else { return };
        let names = self.names(open.documents);
        self.start(Job::ReportDifferences { compared, names, path, existing }, effects);
    }

    // ---- the next different byte of one document ----

    fn find_other_unit(&mut self, direction: Direction, effects: &mut Vec<Effect>) {
        let Some(open) = self.active() else { return };
        let document = &open.document;
        let (id, revision, at) = (document.id(), document.revision(), document.position());
        let content = content(document);
        self.start(Job::OtherUnit { document: id, revision, content, at, direction }, effects);
    }

    pub(in crate::app) fn other_unit(
        &mut self,
        (document, revision, asked): (DocumentId, u64, u64),
        direction: Direction,
        result: Result<Option<u64>, CompareError>,
    ) {
        let here = self.active().is_some_and(|open| open.document.id() == document && open.document.revision() == revision);
        let stands = self.active().is_some_and(|open| open.document.position() == asked);
        match result {
            Ok(Some(at)) if here && stands => self.perform(Operation::seek(at)),
            // Whoever went elsewhere meanwhile is not taken away from there.
            Ok(Some(at)) if here => {
                self.info(format!("A different byte was found at {}; you went elsewhere meanwhile", place(at)));
            }
            Ok(None) if here => {
                let end = if direction == Direction::Forward { "end" } else { "start" };
                self.info(format!("Up to the {end} everything is the same"));
            }
            Ok(_) | Err(CompareError::Cancelled) => {}
            Err(error) => self.error(error.to_string()),
        }
    }
}

/// What would change a document that nobody sees, or go to another place in it, is not to be had in a comparison. Undo, and what
/// is about a selection, is of the side that has the cursor.
fn hidden_document(action: Action) -> Option<bool> {
    use Action as A;
    let allowed = match action.menu() {
        Menu::Edit => matches!(
            action,
            A::Undo | A::Redo | A::PasteAsNew | A::Copy | A::CopyAs | A::CopyRows | A::CopyOffset | A::SelectAll | A::AddBookmark
        ),
        Menu::Stream => matches!(
            action,
            A::DecodeToText | A::EncodeToBytes | A::TimelineToPython | A::TimelineToRust | A::CopyTimelineAsPython
        ),
        Menu::View => {
            let picture = matches!(action, A::PictureFit | A::PictureActualSize | A::PictureZoomIn | A::PictureZoomOut);
            let place = action.group() == 0 && !matches!(action, A::NextDocument | A::PreviousDocument);
            !picture && !place
        }
        Menu::Bytes | Menu::Table => false,
        Menu::File | Menu::Convert | Menu::Tools | Menu::Help => true,
    };
    (!allowed).then_some(false)
}

/// A report goes to a CSV file unless its name says otherwise.
pub(in crate::app) fn report_extension(path: PathBuf) -> (PathBuf, bool) {
    if path.extension().is_some() { (path, true) } else { (path.with_extension("csv"), false) }
}
