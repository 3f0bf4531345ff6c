//! Overviews and strings: when they are asked for, and what becomes of them.

use std::sync::Arc;

use super::PREVIEWED_TEXT;
use crate::app::explored::{OverviewKey, StringsKey};
use crate::app::state::SavePurpose;
use crate::app::{Action, AppState, Effect, Job, JobId, ListFormat, MinimapMode, PaneKind};
use crate::buffer::{Buffer, ByteRange, Offset};
use crate::document::StreamKind;
use crate::explore::overview;
use crate::explore::strings::{Request, Strings};
use crate::formats::Format;
use crate::tasks::Latest;

impl AppState {
    /// Begins the work that the panes in sight want and that is not done yet. An edit while a job runs is looked at after
    /// it: an edit a second would otherwise keep a large document from ever being looked at. Another choice of the user
    /// stops the job at once.
    pub(super) fn refresh_explored(&mut self, effects: &mut Vec<Effect>) {
        let shows = |pane| self.settings.panes.contains(&pane);
        let (overview, strings, minimap) = (shows(PaneKind::Overview), shows(PaneKind::Strings), self.settings.minimap.is_some());
        self.stop_exploring(overview, strings, minimap, effects);
        if !(overview || strings || minimap) || !self.active().is_some_and(is_explored) {
            return;
        }
        if overview || minimap {
            self.refresh_overview(None, overview, effects);
        }
        let range = self.active().and_then(|open| open.view.overview.range);
        if overview && range.is_some() {
            self.refresh_overview(range, true, effects);
        }
        if strings {
            self.refresh_strings(effects);
        }
    }

    /// Nobody waits for the work of panes that were hidden and documents that were closed.
    fn stop_exploring(&mut self, overview: bool, strings: bool, minimap: bool, effects: &mut Vec<Effect>) {
        let useless = |job: &Job| match job {
            Job::Overview { document, request, .. } => {
                let wanted = overview || (minimap && !request.pairs);
                (!wanted || self.document(*document).is_none()).then_some(*document)
            }
            Job::Strings { document, .. } => (!strings || self.document(*document).is_none()).then_some(*document),
            _ => None,
        };
        let running = self.jobs.iter().filter(|running| !running.cancelling);
        let stopped: Vec<_> = running.filter_map(|running| Some((running.id, useless(&running.job)?))).collect();
        for (job, document) in stopped {
            if let Some(open) = self.document_mut(document) {
                open.explored.stop(job);
            }
            self.cancel_job(job, effects);
        }
    }

    fn refresh_overview(&mut self, range: Option<(u64, u64)>, pairs: bool, effects: &mut Vec<Effect>) {
        let Some(open) = self.active() else { return };
        let document = &open.document;
        let saved = document.saved_content().map(|_| document.saved_revision().unwrap_or(u64::MAX));
        let key = OverviewKey { revision: document.revision(), saved, range, pairs };
        let work = if range.is_none() { &open.explored.whole } else { &open.explored.part };
        if !work.needs(&key) {
            return;
        }
        // What was counted with pairs serves those who need none.
        if !pairs && !work.needs(&OverviewKey { pairs: true, ..key.clone() }) {
            return;
        }
        if let Some((job, running)) = work.running() {
            if running.range != key.range || (key.pairs && !running.pairs) {
                self.cancel_job(job, effects);
            } else {
                return;
            }
        }
        let Some(open) = self.active() else { return };
        let document = &open.document;
        let work = if range.is_none() { &open.explored.whole } else { &open.explored.part };
        let input = document.snapshot();
        let whole = ByteRange::new(Offset::ZERO, input.len());
        let request = overview::Request {
            range: range.map_or(whole, |(from, to)| ByteRange::between(Offset(from), Offset(to))),
            buckets: overview::Request::BUCKETS,
            pairs,
            base: document.saved_content().cloned(),
        };
        let latest = Latest::new();
        let job = Job::Overview {
            document: document.id(),
            name: document.name().to_owned(),
            input,
            request,
            before: work.done().filter(|(done, _)| done.range == range).map(|(_, value)| Arc::clone(value)),
            latest: latest.clone(),
        };
        let id = self.start(job, effects);
        let Some(open) = self.active_mut() else { return };
        let work = if range.is_none() { &mut open.explored.whole } else { &mut open.explored.part };
        if work.done().is_some_and(|(done, _)| done.range != range) {
            work.forget();
        }
        work.begin(id, key, latest);
    }

    fn refresh_strings(&mut self, effects: &mut Vec<Effect>) {
        let Some(open) = self.active() else { return };
        let (document, options) = (&open.document, &open.view.strings);
        let key = StringsKey {
            revision: document.revision(),
            min: options.min,
            encodings: options.encodings.clone(),
            every_script: options.every_script,
            filter: (options.filter.clone(), options.regex),
            order: (options.sort, options.descending),
        };
        let work = &open.explored.strings;
        if !work.needs(&key) {
            return;
        }
        // While the field holds no condition, what there is stays.
        let Ok(filter) = options.condition() else { return };
        if let Some((job, running)) = work.running() {
            if (StringsKey { revision: key.revision, ..running.clone() }) == key {
                return;
            }
            self.cancel_job(job, effects);
        }
        let Some(open) = self.active() else { return };
        let document = &open.document;
        let input = document.snapshot();
        let request = Request {
            min: key.min,
            encodings: key.encodings.clone(),
            every_script: key.every_script,
            filter,
            ..Request::of(&input)
        };
        let all = open.explored.all_strings.as_ref().filter(|(all, _)| key.is_part_of(all)).map(|(_, all)| Arc::clone(all));
        let latest = Latest::new();
        let job = Job::Strings {
            document: document.id(),
            name: document.name().to_owned(),
            input,
            request,
            order: key.order,
            all,
            latest: latest.clone(),
        };
        let id = self.start(job, effects);
        if let Some(open) = self.active_mut() {
            open.explored.strings.begin(id, key, latest);
        }
    }

    /// An overview is there; `None` where it was stopped.
    pub(super) fn overview_known(&mut self, id: JobId, job: &Job, result: Option<Arc<overview::Overview>>) {
        let Job::Overview { document, .. } = job else { return };
        if let Some(open) = self.document_mut(*document) {
            open.explored.whole.end(id, result.clone());
            open.explored.part.end(id, result);
        }
    }

    /// Strings are there; `None` where it was stopped.
    pub(super) fn strings_known(&mut self, id: JobId, job: &Job, result: Option<Arc<Strings>>) {
        let Job::Strings { document, .. } = job else { return };
        let Some(open) = self.document_mut(*document) else { return };
        let explored = &mut open.explored;
        // All of them, in the order they stand in, are what filters and orders are made of.
        if let (Some(strings), Some((running, key))) = (&result, explored.strings.running())
            && running == id
            && key.filter.0.is_empty()
            && key.order == Default::default()
            && strings.total == strings.strings.len() as u64
        {
            explored.all_strings = Some((key.clone(), Arc::clone(strings)));
        }
        explored.strings.end(id, result);
    }

    /// The user wants what was stopped after all.
    pub(super) fn explore_again(&mut self) {
        if let Some(open) = self.active_mut() {
            open.explored.whole.retry();
            open.explored.part.retry();
            open.explored.strings.retry();
        }
    }

    pub(super) fn minimap_action(&mut self, action: Action, effects: &mut Vec<Effect>) {
        self.settings.minimap = match (action, self.settings.minimap) {
            (Action::MinimapClass, _) => Some(MinimapMode::Class),
            (Action::MinimapEntropy, _) => Some(MinimapMode::Entropy),
            (Action::MinimapChange, _) => Some(MinimapMode::Change),
            (_, None) => Some(MinimapMode::default()),
            (_, Some(_)) => None,
        };
        self.keep_settings(effects);
    }

    /// A picture that the window painted is to be written to a file.
    pub(super) fn ask_save_picture(&mut self, name: &str, png: Vec<u8>, effects: &mut Vec<Effect>) {
        let stem = self.active().map(|open| super::save::stem(open.document.name()).to_owned()).unwrap_or_default();
        let file = format!("{stem} {name}.png");
        self.ask(SavePurpose::View(png), format!("Save the {name}"), file, vec![Format::Png], effects);
    }

    /// The strings that are shown are to be written to a file.
    pub(super) fn ask_save_strings(&mut self, format: ListFormat, effects: &mut Vec<Effect>) {
        let Some(open) = self.active() else { return };
        // Only what is finished, and of the content that is shown: its places would not be those of the bytes.
        let Some((key, strings)) = open.explored.strings.done() else { return };
        if key.revision != open.document.revision() || open.explored.strings.running().is_some() {
            self.info("The strings are still being looked for");
            return;
        }
        let purpose = SavePurpose::Strings { input: open.document.snapshot(), strings: Arc::clone(strings), format };
        let file = format!("{} strings.{}", super::save::stem(open.document.name()), format.extension());
        self.ask(purpose, "Save the strings".into(), file, vec![format.format()], effects);
    }

    /// Goes to bytes of the document in front and selects them.
    pub(super) fn select_bytes(&mut self, from: u64, to: u64) {
        let Some(open) = self.active() else { return };
        let (from, to) = match open.document.kind() {
            StreamKind::Bytes => (from, to),
            StreamKind::Text => {
                let bytes = open.document.snapshot();
                (characters(&bytes, from), characters(&bytes, to))
            }
        };
        self.move_cursor(from, false);
        if from < to {
            // The head at the start leaves the cursor on the first byte.
            self.select(to, from);
        }
        if let Some(open) = self.active_mut() {
            open.view.reveal += 1;
        }
    }
}

/// Whether a document's bytes are looked at: a text stream's have to be made on the window's thread first, which is for
/// small ones.
fn is_explored(open: &crate::app::OpenDocument) -> bool {
    let document = &open.document;
    !document.is_closed() && (document.kind() == StreamKind::Bytes || document.size() <= PREVIEWED_TEXT)
}

/// How many characters of UTF-8 begin before a byte.
pub(super) fn characters(bytes: &Buffer, at: u64) -> u64 {
    let mut starts = 0;
    for chunk in bytes.chunks(ByteRange::between(Offset::ZERO, Offset(at))) {
        let Ok(chunk) = chunk else { break };
        starts += chunk.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() as u64;
    }
    starts
}
