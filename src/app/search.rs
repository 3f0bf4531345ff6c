//! What the find bar and the list of results hold.

use std::ops::Range;
use std::sync::Arc;

use super::JobId;
use crate::document::{Document, DocumentId, Stream};
use crate::explore::search::{
    Case, Content, Feed, FeedState, Hit, Needle, NeedleError, NumberKind, Order, Pattern, Query, Replacement,
};

/// Documents up to this many units are searched while the needle is typed; larger ones when somebody asks.
pub const SEARCHED_AT_ONCE: u64 = 64 << 20;

/// What a needle is written as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FindKind {
    /// Text in an encoding.
    #[default]
    Text,
    /// Hex digits with wildcards.
    Hex,
    /// A number or a range of numbers.
    Number,
    /// A regular expression.
    Regex,
}

impl FindKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Text, Self::Hex, Self::Number, Self::Regex];

    /// What the find bar calls it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Text => "Text",
            Self::Hex => "Hex",
            Self::Number => "Number",
            Self::Regex => "Regex",
        }
    }
}

/// Where is searched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scope {
    /// All of the document in front.
    #[default]
    Document,
    /// What was selected when this was chosen.
    Selection,
    /// Every open document.
    All,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Self; 3] = [Self::Document, Self::Selection, Self::All];

    /// What the find bar calls it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Document => "Document",
            Self::Selection => "Selection",
            Self::All => "All documents",
        }
    }
}

/// One of the things that are searched for, as it is typed.
#[derive(Clone, Debug, PartialEq)]
pub struct NeedleForm {
    /// What is typed.
    pub text: String,
    /// What it is written as.
    pub kind: FindKind,
    /// Of text.
    pub encoding: String,
    /// Upper and lower case count.
    pub match_case: bool,
    /// Of a number.
    pub number: NumberKind,
    /// Of a number.
    pub order: Order,
}

impl Default for NeedleForm {
    fn default() -> Self {
        FindForm::default().first()
    }
}

impl NeedleForm {
    /// What is searched for.
    pub fn needle(&self) -> Needle {
        let text = self.text.clone();
        let case = if self.match_case { Case::Exact } else { Case::Unicode };
        match self.kind {
            FindKind::Text => Needle::Text { text, encoding: self.encoding.clone(), case },
            FindKind::Hex => Needle::Hex(text),
            FindKind::Number => Needle::Number { kind: self.number, order: self.order, value: text },
            FindKind::Regex => Needle::Regex { pattern: text, case, unicode: false },
        }
    }
}

/// The fields of the find bar.
#[derive(Clone, Debug, PartialEq)]
pub struct FindForm {
    /// What is typed.
    pub text: String,
    /// What it is written as.
    pub kind: FindKind,
    /// Of text.
    pub encoding: String,
    /// Upper and lower case count.
    pub match_case: bool,
    /// Of a number.
    pub number: NumberKind,
    /// Of a number.
    pub order: Order,
    /// Only matches at multiples of this.
    pub align: u32,
    /// Where is searched.
    pub scope: Scope,
    /// What replaces matches, of whichever needle.
    pub replacement: String,
    /// What is searched for at the same time.
    pub more: Vec<NeedleForm>,
}

impl Default for FindForm {
    fn default() -> Self {
        Self {
            text: String::new(),
            kind: FindKind::Text,
            encoding: "utf-8".into(),
            match_case: false,
            number: NumberKind::U32,
            order: Order::Little,
            align: 1,
            scope: Scope::Document,
            replacement: String::new(),
            more: Vec::new(),
        }
    }
}

impl FindForm {
    /// The first line.
    pub fn first(&self) -> NeedleForm {
        NeedleForm {
            text: self.text.clone(),
            kind: self.kind,
            encoding: self.encoding.clone(),
            match_case: self.match_case,
            number: self.number,
            order: self.order,
        }
    }

    /// Puts another needle in the first line.
    pub fn set_first(&mut self, first: NeedleForm) {
        let NeedleForm { text, kind, encoding, match_case, number, order } = first;
        (self.text, self.kind, self.encoding) = (text, kind, encoding);
        (self.match_case, self.number, self.order) = (match_case, number, order);
    }

    /// Takes a line away, by its number; the first one is taken by the one behind it.
    pub fn remove(&mut self, line: usize) {
        match line.checked_sub(1) {
            Some(at) if at < self.more.len() => drop(self.more.remove(at)),
            None if !self.more.is_empty() => {
                let next = self.more.remove(0);
                self.set_first(next);
            }
            _ => {}
        }
    }

    /// Whether nothing is typed in any line.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty() && self.more.iter().all(|line| line.text.is_empty())
    }

    /// The number of a line's needle in the query; `None` where the line is empty and others are not.
    pub fn needle_of(&self, line: usize) -> Option<u16> {
        let typed = |at: usize| match at.checked_sub(1) {
            None => !self.text.is_empty(),
            Some(at) => self.more.get(at).is_some_and(|line| !line.text.is_empty()),
        };
        (typed(line) || (line == 0 && self.is_empty())).then(|| (0..line).filter(|&at| typed(at)).count() as u16)
    }

    /// What is searched for: the lines that something is typed in. The first one where there is none.
    pub fn needles(&self) -> Vec<Needle> {
        let lines = std::iter::once(self.first()).chain(self.more.iter().cloned());
        let needles: Vec<Needle> = lines.filter(|line| !line.text.is_empty()).map(|line| line.needle()).collect();
        if needles.is_empty() { vec![self.first().needle()] } else { needles }
    }

    /// The needles, and how matches are counted.
    pub fn query(&self) -> Query {
        Query { needles: self.needles(), overlapping: false, align: self.align.max(1) }
    }
}

/// A feed that a job fills while others read it. Equal where it is the very same.
#[derive(Clone, Debug, Default)]
pub struct SharedFeed(pub Arc<Feed>);

impl PartialEq for SharedFeed {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// A document that a job searches.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// The document.
    pub document: DocumentId,
    /// The content that is searched.
    pub revision: u64,
    /// It.
    pub content: Content,
    /// The part of it.
    pub range: Option<Range<u64>>,
    /// Where the matches go.
    pub feed: SharedFeed,
}

/// What a search of one document found, or is finding.
#[derive(Clone, Debug)]
pub struct Results {
    /// The document, its content and its matches.
    pub target: Target,
    /// The document's name then.
    pub name: String,
    /// The query.
    pub query: Query,
}

/// The find bar, the list of results, and what is found.
#[derive(Debug, Default)]
pub struct SearchState {
    pub(super) open: bool,
    pub(super) replacing: bool,
    pub(super) form: FindForm,
    /// What was selected when the scope became that.
    pub(super) selection: Option<(DocumentId, Range<u64>)>,
    pub(super) error: Option<String>,
    /// The expression that is wrong, and a caret under the place.
    pub(super) error_shown: Option<[String; 2]>,
    pub(super) replacement_error: Option<String>,
    /// The form, the document and the bytes of its units that `error` and `pattern` are about.
    pub(super) checked: Option<(FindForm, DocumentId, u64)>,
    pub(super) pattern: Option<Pattern>,
    pub(super) results: Vec<Results>,
    pub(super) job: Option<JobId>,
    /// The job that looks for the next or previous match.
    pub(super) seeking: Option<JobId>,
    /// The match that was gone to last, with the revision it was in.
    pub(super) current: Option<(DocumentId, u64, Hit)>,
    /// What the bar says about the last step: that it went on at the other end, that there is nothing.
    pub(super) note: String,
    /// Counts how often the bar was asked for: its field takes the keyboard each time.
    pub(super) focus: u64,
    /// Counts how often the list was asked for: it comes to the front each time.
    pub(super) front: u64,
}

impl SearchState {
    /// Whether the find bar is shown.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Whether it has the line for the replacement.
    pub fn is_replacing(&self) -> bool {
        self.replacing
    }

    /// The fields of the find bar.
    pub fn form(&self) -> &FindForm {
        &self.form
    }

    /// What is wrong with the needle, or the scope. Nothing while nothing is typed.
    pub fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// The expression that is no expression, and a caret under the place that is wrong.
    pub fn error_shown(&self) -> Option<&[String; 2]> {
        self.error_shown.as_ref()
    }

    /// What is wrong with the replacement.
    pub fn replacement_error(&self) -> Option<&str> {
        self.replacement_error.as_deref()
    }

    /// What the find bar says about the last step.
    pub fn note(&self) -> &str {
        &self.note
    }

    /// What was found, for each document that was searched.
    pub fn results(&self) -> &[Results] {
        &self.results
    }

    /// What was found in a document.
    pub fn results_of(&self, document: DocumentId) -> Option<&Results> {
        self.results.iter().find(|results| results.target.document == document)
    }

    /// The job that searches, where one does.
    pub fn job(&self) -> Option<JobId> {
        self.job
    }

    /// The match that was gone to last in this content.
    pub fn current(&self, document: &Document) -> Option<Hit> {
        let (id, revision, hit) = self.current?;
        ((id, revision) == (document.id(), document.revision())).then_some(hit)
    }

    /// The needle of the form for a document's content, where it is right and the bar is open.
    pub fn pattern(&self, document: DocumentId) -> Option<&Pattern> {
        let (_, id, _) = self.checked.as_ref()?;
        self.pattern.as_ref().filter(|_| self.open && *id == document)
    }

    /// How often the bar was asked for.
    pub fn focus(&self) -> u64 {
        self.focus
    }

    /// How often the list was asked for.
    pub fn front(&self) -> u64 {
        self.front
    }

    /// The range that is searched in a document, where that is not all of it.
    pub(super) fn range(&self, document: DocumentId) -> Option<Range<u64>> {
        let (id, range) = self.selection.as_ref()?;
        (self.form.scope == Scope::Selection && *id == document).then(|| range.clone())
    }
}

/// What all searches together found, for the find bar and the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Matches, those that are not kept too.
    pub matches: u64,
    /// Documents that have matches, and that were searched.
    pub documents: (usize, usize),
    /// Somebody stopped one.
    pub stopped: bool,
    /// The first document that could not be searched to its end, and why.
    pub failed: Option<(String, String)>,
    /// Units that cannot be read, and where the first of them are.
    pub unreadable: Option<(u64, String)>,
}

impl Tally {
    /// Of these searches.
    pub fn new(results: &[Results]) -> Self {
        let mut tally = Self { matches: 0, documents: (0, results.len()), stopped: false, failed: None, unreadable: None };
        for each in results {
            let feed = &each.target.feed.0;
            let total = feed.total();
            tally.matches = tally.matches.saturating_add(total);
            let unreadable = feed.unreadable();
            if let Some(first) = unreadable.ranges().first() {
                let more = if unreadable.count() > 1 || tally.unreadable.is_some() { " and more" } else { "" };
                let place = format!("{} at 0x{:X}..0x{:X}{more}", each.name, first.start, first.end);
                let (total, place) =
                    tally.unreadable.take().map_or((0, place), |(total, _)| (total, each.name.clone() + " and others"));
                tally.unreadable = Some((total + unreadable.total(), place));
            }
            tally.documents.0 += usize::from(total > 0);
            match feed.state() {
                FeedState::Stopped => tally.stopped = true,
                FeedState::Failed(reason) => {
                    tally.failed.get_or_insert_with(|| (each.name.clone(), reason));
                }
                FeedState::Running | FeedState::Done => {}
            }
        }
        tally
    }

    /// " in 2 of 3 documents", " in 3 documents"; nothing where one was searched.
    pub fn among(&self) -> String {
        match self.documents {
            (_, 0 | 1) => String::new(),
            (with, all) if with == all || self.matches == 0 => format!(" in {all} documents"),
            (with, all) => format!(" in {with} of {all} documents"),
        }
    }

    /// Why there may be more than was found: "stopped after 3 matches".
    pub fn trouble(&self) -> Option<String> {
        let after = |what: String| match self.matches {
            0 => format!("{what} before a match was found"),
            matches => format!("{what} after {}", crate::app::numbers::matches(matches)),
        };
        match &self.failed {
            Some((_, reason)) if self.documents.1 < 2 => Some(format!("{}: {reason}", after("broke off".into()))),
            Some((name, reason)) => Some(format!("{name}: {reason}")),
            None if self.stopped => Some(after("stopped".into())),
            None => {
                let (total, place) = self.unreadable.as_ref()?;
                Some(format!("{} cannot be read: {place}", crate::app::numbers::count(*total, "byte")))
            }
        }
    }
}

/// The content of a document as it is searched; constant time.
pub fn content_of(document: &Document) -> Content {
    match document.stream() {
        Stream::Bytes(stream) => Content::Bytes(stream.value().clone()),
        Stream::Text(stream) => Content::Text(stream.value().clone()),
    }
}

/// The sentence that the bar shows: nothing while nothing is typed. Of several needles it names the one that is wrong.
pub(super) fn told(error: &NeedleError, query: &Query, content: &Content) -> Option<String> {
    if *error == NeedleError::Empty {
        return None;
    }
    let wrong = |needle: &Needle| Pattern::new(&Query::of(needle.clone()), content).is_err();
    match query.needles.iter().position(wrong) {
        Some(number) if query.needles.len() > 1 => Some(format!("Needle {}: {error}", number + 1)),
        _ => Some(error.to_string()),
    }
}

/// Whether the replacement of a form is right for a document.
pub(super) fn replacement(form: &FindForm, content: &Content) -> Result<Replacement, String> {
    Replacement::for_all(&form.replacement, &form.query(), content).map_err(|error| error.to_string())
}

/// What the find bar and the list report.
#[derive(Clone, Debug, PartialEq)]
pub enum SearchCommand {
    /// A field of the find bar changed.
    Form(Box<FindForm>),
    /// Enter, or the arrow down; Shift+Enter, or the arrow up.
    Step {
        /// Towards the end.
        forward: bool,
    },
    /// All matches are to be listed.
    All,
    /// This match and on to the next.
    ReplaceOne,
    /// All of them.
    ReplaceAll,
    /// The job that searches is to stop.
    Stop,
    /// The find bar goes away.
    Close,
    /// A match of the list was chosen.
    Go {
        /// Its document.
        document: DocumentId,
        /// The match.
        hit: Hit,
    },
    /// The list is to be written to a file.
    Export,
}
