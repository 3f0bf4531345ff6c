//! What is known of a document's bytes as a whole: its overview and its strings, and how they are wanted.

use std::sync::Arc;

use super::JobId;
use crate::explore::overview::{Overview, PixelFormat, Pixels};
use crate::explore::strings::{Encoding, Filter, Request, Sort, Strings};
use crate::tasks::Latest;

/// What the strip beside the bytes shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MinimapMode {
    /// How many bytes are of each class.
    #[default]
    Class,
    /// How mixed the bytes are.
    Entropy,
    /// Where the document differs from what was saved.
    Change,
}

impl MinimapMode {
    /// All modes.
    pub const ALL: [Self; 3] = [Self::Class, Self::Entropy, Self::Change];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Class => "Classes of bytes",
            Self::Entropy => "Entropy",
            Self::Change => "Changes",
        }
    }
}

/// How the overview of a document is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OverviewOptions {
    /// The part that is looked at; `None` is the document.
    pub range: Option<(u64, u64)>,
    /// The bars of the histogram grow with the logarithm of the counts.
    pub log: bool,
    /// How bytes become pixels.
    pub pixels: Pixels,
    /// The byte that the picture begins with.
    pub pixels_from: u64,
    /// Points on a side of a pixel, 1 to 16.
    pub pixels_zoom: u8,
}

impl Default for OverviewOptions {
    fn default() -> Self {
        Self {
            range: None,
            log: true,
            pixels: Pixels { format: PixelFormat::Class, width: 128, stride: None },
            pixels_from: 0,
            pixels_zoom: 2,
        }
    }
}

impl OverviewOptions {
    /// The largest [`OverviewOptions::pixels_zoom`].
    pub const MAX_ZOOM: u8 = 16;

    /// Brought into what there is of a document of `size` bytes.
    pub fn checked(mut self, size: u64) -> Self {
        self.range = self.range.map(|(from, to)| (from.min(size), to.min(size))).filter(|(from, to)| from < to);
        self.pixels.width = self.pixels.width.clamp(1, Pixels::WIDEST);
        self.pixels.stride = self.pixels.stride.map(|stride| stride.clamp(1, 1 << 40));
        self.pixels_from = self.pixels_from.min(size.saturating_sub(1));
        self.pixels_zoom = self.pixels_zoom.clamp(1, Self::MAX_ZOOM);
        self
    }
}

/// Which strings of a document are shown, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct StringsOptions {
    /// The fewest characters.
    pub min: u64,
    /// The encodings.
    pub encodings: Vec<Encoding>,
    /// In UTF-16, characters of every script.
    pub every_script: bool,
    /// What is typed in the field.
    pub filter: String,
    /// It is a regular expression.
    pub regex: bool,
    /// The order.
    pub sort: Sort,
    /// The other way round.
    pub descending: bool,
    /// The scroll position.
    pub scroll: super::RowScroll,
    /// The row that was clicked last.
    pub row: Option<u64>,
}

impl Default for StringsOptions {
    fn default() -> Self {
        Self {
            min: Request::MIN,
            encodings: vec![Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be],
            every_script: false,
            filter: String::new(),
            regex: false,
            sort: Sort::Offset,
            descending: false,
            scroll: Default::default(),
            row: None,
        }
    }
}

impl StringsOptions {
    /// The most of [`StringsOptions::min`].
    pub const MOST_MIN: u64 = 10_000;

    /// What the field says; the error is a sentence about it.
    pub fn condition(&self) -> Result<Option<Filter>, String> {
        match self.regex {
            true => Filter::regex(&self.filter).map_err(|error| error.to_string()),
            false => Ok(Filter::text(&self.filter)),
        }
    }
}

/// What an overview was made of.
#[derive(Clone, Debug, PartialEq)]
pub struct OverviewKey {
    /// The content.
    pub revision: u64,
    /// What it was compared with.
    pub saved: Option<u64>,
    /// The part; `None` is everything.
    pub range: Option<(u64, u64)>,
    /// Whether pairs were counted.
    pub pairs: bool,
}

/// What a list of strings was made of.
#[derive(Clone, Debug, PartialEq)]
pub struct StringsKey {
    /// The content.
    pub revision: u64,
    /// The fewest characters.
    pub min: u64,
    /// The encodings.
    pub encodings: Vec<Encoding>,
    /// In UTF-16, characters of every script.
    pub every_script: bool,
    /// Which of them: what was typed, and whether it is a regular expression.
    pub filter: (String, bool),
    /// The order, and whether it goes the other way round.
    pub order: (Sort, bool),
}

impl StringsKey {
    /// Whether the strings of `other` are all that can be among these.
    pub(super) fn is_part_of(&self, other: &Self) -> bool {
        let plain = |key: &Self| Self { filter: Default::default(), order: Default::default(), ..key.clone() };
        other.filter.0.is_empty() && plain(self) == plain(other)
    }
}

/// Something that a job makes of a document: what is there, and what is on its way.
#[derive(Debug)]
pub struct Work<K, T> {
    done: Option<(K, Arc<T>)>,
    running: Option<(JobId, K, Latest<T>)>,
    /// What the user stopped, or what broke: it is not begun again by itself.
    given_up: Option<K>,
}

impl<K, T> Default for Work<K, T> {
    fn default() -> Self {
        Self { done: None, running: None, given_up: None }
    }
}

impl<K: PartialEq, T> Work<K, T> {
    /// The best there is to show: what the running job has so far, or else what the last one made. It may be of an earlier
    /// moment of the document.
    pub fn shown(&self) -> Option<Arc<T>> {
        let so_far = self.running.as_ref().and_then(|(_, _, latest)| latest.get());
        so_far.or_else(|| self.done.as_ref().map(|(_, value)| Arc::clone(value)))
    }

    /// Whether [`Work::shown`] is what the running job has so far.
    pub fn is_partial(&self) -> bool {
        self.running.as_ref().is_some_and(|(_, _, latest)| latest.get().is_some())
    }

    /// What the last finished job made, and of what.
    pub fn done(&self) -> Option<&(K, Arc<T>)> {
        self.done.as_ref()
    }

    /// The job that runs, and what for.
    pub fn running(&self) -> Option<(JobId, &K)> {
        self.running.as_ref().map(|(job, key, _)| (*job, key))
    }

    /// Whether the user stopped the job for this, or it broke.
    pub fn is_given_up(&self) -> bool {
        self.given_up.is_some()
    }

    /// Whether this is neither there, nor on its way, nor given up.
    pub(super) fn needs(&self, key: &K) -> bool {
        let known = self.done.as_ref().is_some_and(|(done, _)| done == key);
        !known && self.given_up.as_ref() != Some(key) && self.running.as_ref().is_none_or(|(_, running, _)| running != key)
    }

    pub(super) fn begin(&mut self, job: JobId, key: K, latest: Latest<T>) {
        self.given_up = None;
        self.running = Some((job, key, latest));
    }

    /// A job ended; nothing is known of one that another has taken the place of.
    pub(super) fn end(&mut self, job: JobId, result: Option<Arc<T>>) {
        let Some((_, key, _)) = self.running.take_if(|(running, _, _)| *running == job) else { return };
        match result {
            Some(value) => self.done = Some((key, value)),
            None => self.given_up = Some(key),
        }
    }

    /// What was there is of no use any more.
    pub(super) fn forget(&mut self) {
        self.done = None;
    }

    /// The job is not waited for any more.
    pub(super) fn stop(&mut self, job: JobId) {
        self.running.take_if(|(running, _, _)| *running == job);
    }

    /// What was given up is tried again.
    pub(super) fn retry(&mut self) {
        self.given_up = None;
    }
}

/// All that jobs make of a document as a whole.
#[derive(Debug, Default)]
pub struct Explored {
    /// The overview of everything.
    pub whole: Work<OverviewKey, Overview>,
    /// The overview of the chosen part.
    pub part: Work<OverviewKey, Overview>,
    /// Its strings.
    pub strings: Work<StringsKey, Strings>,
    /// All of its strings by their offset, so that a filter or another order need not look for them again.
    pub(super) all_strings: Option<(StringsKey, Arc<Strings>)>,
}

impl Explored {
    /// A job is not waited for any more; it may be begun again.
    pub(super) fn stop(&mut self, job: JobId) {
        self.whole.stop(job);
        self.part.stop(job);
        self.strings.stop(job);
    }
}
